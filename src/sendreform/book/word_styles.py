"""The look of our Word documents, as the reference document that pandoc takes styles from.

It is pandoc's own, in the report's fonts and colours, on A4, with page numbers, tables that have
lines, and British spelling.
"""

from io import BytesIO
from pathlib import Path
from string import Template

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from sendreform.charts import theme

LANGUAGE = "en-GB"
FONT = "Arial"
#: The width of the text on A4; a chart is as wide.
TEXT_WIDTH_MM = 170
_MARGIN_MM = 20
_LINK = "#1a5f9e"  # 6.6 on white, as on the pages
#: Sizes of headings in points.
_SIZES = {"Title": 24, **{f"Heading {level}": size for level, size in enumerate((16, 13, 11), 1)}}
#: Lines under the title, small and quiet.
_LINES = ("Subtitle", "Author")
#: Styles of ours: size, weight, colour, and whether the next paragraph stays on the page.
_OWN = {
    "Figure title": (11.5, True, theme.INK, True),
    "Figure subtitle": (9.5, False, theme.QUIET_INK, True),
    "Chart": (10, False, theme.INK, True),
    "Figure note": (8.5, False, theme.QUIET_INK, False),
    "Answer": (11.5, False, theme.INK, False),
    "Headline": (16, True, theme.NAVY, True),
    "Statement": (10.5, True, theme.INK, True),
}
#: Those of them that begin something.
_BEGINS = ("Figure title", "Statement")
#: The style of tables: lines between rows, and a head that stands out.
_TABLE = Template(Path(__file__).with_name("word_table.xml").read_text("utf-8"))
#: Lines between rows, and the ground of the head.
_ROW_LINE, _WASH = "#b1b4b6", "#f3f6f9"


def reference_document(pandocs_own: bytes) -> bytes:
    """Return the document whose styles a Word document of ours has.

    Parameters
    ----------
    pandocs_own
        What pandoc prints as its ``reference.docx``: it has every style that pandoc names.
    """
    document = docx.Document(BytesIO(pandocs_own))
    _set_defaults(document)
    for name in (*_SIZES, *_LINES):
        style = _paragraph_style(document, name)
        quiet = name in _LINES
        style.font.size = Pt(10 if quiet else _SIZES[name])
        style.font.bold, style.font.italic = not quiet, False
        style.font.color.rgb = _colour(theme.QUIET_INK if quiet else theme.NAVY)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True
    for name, (points, bold, colour, joined) in _OWN.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Body Text"]
        style.font.size = Pt(points)
        style.font.bold = bold
        style.font.color.rgb = _colour(colour)
        style.paragraph_format.keep_with_next = joined
        style.paragraph_format.space_before = Pt(12 if name in _BEGINS else 2)
        style.paragraph_format.space_after = Pt(4 if name == "Answer" else 2)
    _paragraph_style(document, "Body Text").paragraph_format.space_before = Pt(4)
    _paragraph_style(document, "Body Text").paragraph_format.space_after = Pt(6)
    caption = _paragraph_style(document, "Table Caption")
    caption.font.size, caption.font.italic = Pt(8.5), False
    caption.font.color.rgb = _colour(theme.QUIET_INK)
    table = document.styles["Table"].element
    colours = {"line": theme.NAVY, "quiet": _ROW_LINE, "wash": _WASH}
    ours = _TABLE.substitute({use: colour[1:] for use, colour in colours.items()})
    table.getparent().replace(table, parse_xml(ours))
    _set_page(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_defaults(document: Document) -> None:
    """Set the font, size and language that every style builds on, and the colour of links."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        # A font of pandoc's theme would come before ours.
        for kind in [kind for kind in fonts.attrib if str(kind).endswith("Theme")]:
            del fonts.attrib[kind]
    for spacing in document.styles.element.findall(f".//{qn('w:rPr')}/{qn('w:spacing')}"):
        spacing.getparent().remove(spacing)
    links = document.styles["Hyperlink"].font
    links.color.rgb, links.underline = _colour(_LINK), True
    letters = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    fonts = letters.find(qn("w:rFonts"))
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for size in ("w:sz", "w:szCs"):
        letters.find(qn(size)).set(qn("w:val"), "21")
    letters.find(qn("w:lang")).set(qn("w:val"), LANGUAGE)


def _set_page(document: Document) -> None:
    """Make the pages A4, and number them at the foot."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(TEXT_WIDTH_MM + 2 * _MARGIN_MM), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(_MARGIN_MM)
    section.footer_distance = Mm(10)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>'))


def _paragraph_style(document: Document, name: str) -> ParagraphStyle:
    style = document.styles[name]
    if not isinstance(style, ParagraphStyle):
        raise TypeError(f"{name} is not a style of paragraphs")
    return style


def _colour(name: str) -> RGBColor:
    return RGBColor.from_string(name[1:].upper())
