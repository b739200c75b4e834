"""A notebook as a Word document: real headings, tables and links, charts as pictures with a text.

pandoc writes it from the article on paper. The same article gives the same bytes: each file in it
bears the day on which the version was released.
"""

import os
import subprocess
import tempfile
from calendar import timegm
from collections.abc import Sequence
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pypandoc  # type: ignore[import-untyped]
import vl_convert
from bs4 import BeautifulSoup, Tag

from sendreform.book.document_article import LANGUAGE, Article, for_paper
from sendreform.book.report_pdf import VIEW_BOX
from sendreform.book.word_styles import TEXT_WIDTH_MM, reference_document
from sendreform.charts import theme
from sendreform.charts.frames import WIDE
from sendreform.errors import ReportError

#: The fact of the document that says what it was made from.
STAMP = "sendreform-made-from"
#: A chart and its title fill a page at most.
_LONGEST_CHART_MM = 215
#: Dots for a pixel of a drawing: 240 to the inch where it is as wide as the text.
_SCALE = 240 * TEXT_WIDTH_MM / 25.4 / WIDE.width
#: Letters of a table's size that fit across the page, and after how many a column breaks its words.
LINE, _LONGEST_COLUMN = 105, 36
#: Our styles for what has a class of its own on a page.
_STYLED = {
    ".sr-title": "Figure title",
    ".sr-subtitle": "Figure subtitle",
    ".sr-chart": "Chart",
    ".sr-note": "Figure note",
    ".sr-source": "Figure note",
    ".sr-headline": "Headline",
    ".sr-statement": "Statement",
    ".sr-answer": "Answer",
}


def write_docx(article: Article, out: Path, stamp: str) -> None:
    """Write an article as a Word document.

    Parameters
    ----------
    out
        Where to write. What is there stays until the new one is whole.
    stamp
        What it was made from; kept among the document's own facts.

    Raises
    ------
    ReportError
        If pandoc fails.
    """
    with tempfile.TemporaryDirectory(prefix="sendreform-docx-") as folder:
        workspace = Path(folder)
        (workspace / "document.html").write_text(_page(article, workspace), "utf-8")
        (workspace / "reference.docx").write_bytes(_reference())
        made = workspace / "document.docx"
        facts = {
            "lang": LANGUAGE,
            "subtitle": article.about[0],
            "author": article.authors,
            "description": article.description,
            STAMP: stamp,
        }
        _pandoc(
            "--from=html",
            "--to=docx",
            # The title is a title, and a section's heading is of the first level.
            "--shift-heading-level-by=-1",
            "--reference-doc=reference.docx",
            *(f"--metadata={name}:{value}" for name, value in facts.items()),
            f"--output={made}",
            "document.html",
            folder=workspace,
            day=str(timegm(article.released.timetuple())),
        )
        partial = out.with_name(f"{out.name}.partial")
        partial.write_bytes(_with_whole_rows(made.read_bytes()))
        partial.replace(out)


def _page(article: Article, folder: Path) -> str:
    """Return the page that pandoc reads; write the charts beside it."""
    paper = for_paper(article)
    for element in paper.select(".sr-unseen"):
        element.decompose()
    for picture in paper.select("img[data-drawing]"):
        number = int(str(picture["data-drawing"]))
        name = f"chart-{number + 1}.png"
        (folder / name).write_bytes(_as_png(article.drawings[number]))
        across = _millimetres_across(article.drawings[number])
        picture.attrs = {"src": name, "alt": picture["alt"], "width": f"{across:.1f}mm"}
    for folded in paper.find_all("details"):
        folded.name = "div"
    for summary in paper.find_all("summary"):
        summary.name = "p"
    for figures in paper.find_all("table"):
        _align(figures)
        _set_widths(figures)
    for badge in paper.select(".sr-badge"):
        badge.name = "strong"
    for selector, style in _STYLED.items():
        for element in paper.select(selector):
            element.wrap(paper.new_tag("div", attrs={"custom-style": style}))
    foot = "".join(f"<p>{escape(line)}</p>" for line in article.about)
    paper.append(
        BeautifulSoup(
            f'<div custom-style="Figure note"><p>To cite this document: {article.citation}</p>'
            f"{foot}</div>",
            "html.parser",
        )
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{escape(article.title)}</title>"
        f"</head><body>{paper}</body></html>"
    )


def _align(table: Tag) -> None:
    """Set figures at the right of their column and words at the left, as the styles do."""
    for cell in table.select("th, td"):
        first = cell.find_previous_sibling(["th", "td"]) is None
        words = first or "sr-text" in (cell.get("class") or ())
        cell["style"] = f"text-align: {'left' if words else 'right'}"


def _set_widths(table: Tag) -> None:
    """Give each column the part of the page that its words need; Word would make all alike."""
    rows = [
        [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]
    letters = column_letters(list(zip(*rows, strict=False)))
    line = max(sum(letters), LINE)
    columns = "".join(f'<col style="width: {100 * each / line:.1f}%">' for each in letters)
    head = table.find("thead")
    if head:
        head.insert_before(BeautifulSoup(f"<colgroup>{columns}</colgroup>", "html.parser"))


def column_letters(columns: Sequence[Sequence[str]]) -> list[int]:
    """Return how many letters wide each column is: none breaks a word, and long ones break lines.

    Examples
    --------
    >>> column_letters([["Area", "Kent"], ["Plans", "20,133"]])
    [8, 10]
    >>> column_letters([["What it says", "word " * 50], ["Plans", "20,133"]])
    [40, 10]
    """
    for longest in range(_LONGEST_COLUMN, 0, -1):
        letters = [
            max(
                min(max(map(len, column)), longest),
                max(len(word) for cell in column for word in cell.split() or [""]),
            )
            + 4
            for column in columns
        ]
        if sum(letters) <= LINE:
            break
    return letters


def _with_whole_rows(made: bytes) -> bytes:
    """Keep each row of a table on one page, which pandoc cannot say."""
    written = BytesIO()
    with ZipFile(BytesIO(made)) as parts, ZipFile(written, "w", ZIP_DEFLATED) as whole:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == "word/document.xml":
                content = content.replace(b"<w:tr>", b"<w:tr><w:trPr></w:trPr>")
                content = content.replace(b"<w:trPr></w:trPr><w:trPr>", b"<w:trPr>")
                content = content.replace(b"<w:trPr>", b"<w:trPr><w:cantSplit/>")
            whole.writestr(part, content)
    return written.getvalue()


def _millimetres_across(drawing: str) -> float:
    """Return how wide a chart is on paper: its letters alike in all, and none longer than a page.

    Examples
    --------
    >>> _millimetres_across('<svg viewBox="0 0 680 400">')
    170.0
    >>> _millimetres_across('<svg viewBox="0 0 340 1720">')
    42.5
    """
    _, _, wide, high = _box(drawing)
    return wide * min(TEXT_WIDTH_MM / max(wide, WIDE.width), _LONGEST_CHART_MM / high)


def _as_png(drawing: str) -> bytes:
    """Draw a chart on white, a little finer than Word itself keeps pictures for print."""
    left, top, wide, high = _box(drawing)
    ground = f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" fill="{theme.WHITE}"/>'
    start = drawing.index(">") + 1
    on_white = drawing[:start] + ground + drawing[start:]
    return bytes(vl_convert.svg_to_png(on_white, scale=_SCALE))


def _box(drawing: str) -> tuple[float, ...]:
    """Return where a drawing begins, how wide it is and how high."""
    box = VIEW_BOX.search(drawing)
    if box is None:
        raise ReportError("a drawing does not say its size", where="Word document")
    return (*map(float, box[1].split()), float(box[2]), float(box[3]))


@cache
def _reference() -> bytes:
    return reference_document(_pandoc("--print-default-data-file=reference.docx"))


def _pandoc(*options: str, folder: Path | None = None, day: str = "") -> bytes:
    """Run pandoc and return what it prints; ``day``: what it takes for now."""
    finished = subprocess.run(
        [pypandoc.get_pandoc_path(), *options],
        cwd=folder,
        env=os.environ | ({"SOURCE_DATE_EPOCH": day} if day else {}),
        capture_output=True,
        check=False,
    )
    if finished.returncode:
        told = finished.stderr.decode("utf-8", "replace").strip().splitlines()[:1]
        raise ReportError(
            "pandoc made no Word document",
            where="pandoc",
            fix=" ".join(f"It said: {line}" for line in told),
        )
    return finished.stdout
