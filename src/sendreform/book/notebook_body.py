"""Turn an executed notebook into the body of an article, as a page of the book shows it.

Markdown is read by the book's own parser (MyST), code is coloured by Pygments, and the elements and
classes are those of the built pages, so that ``report.css`` gives both the same look and
:func:`sendreform.book.figure_files.lift_figures` reads both. No Sphinx is needed. The same notebook
gives the same bytes.

What a notebook says in Markdown is text: HTML written into it is shown and not obeyed. Outputs of
the type ``text/html`` are our own code's, which escapes what it is given, and stand as they are.
"""

import html as markup
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from docutils.nodes import make_id
from docutils.utils.smartquotes import educate_tokens
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser
from nbformat import NotebookNode
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import get_lexer_by_name  # type: ignore[import-untyped]
from pygments.util import ClassNotFound  # type: ignore[import-untyped]

from sendreform.errors import ReportError

#: The extensions of Markdown that the book has switched on in ``_config.yml``.
EXTENSIONS = (
    "colon_fence",
    "deflist",
    "dollarmath",
    "linkify",
    "substitution",
    "attrs_block",
    "attrs_inline",
)
#: Pages of the book as its source names them; a reader needs the built page.
_SOURCE_OF_PAGE = re.compile(r"\.(md|ipynb)$")
#: A table that is wider than the page scrolls within a frame that the keyboard reaches.
_TABLE_FRAME = (
    '<div class="pst-scrollable-table-container" role="region" tabindex="0" aria-label="Table">'
)


@dataclass(frozen=True)
class Heading:
    """A heading of an article: its level, from 1, the id of its section, and its words."""

    level: int
    id: str
    text: str


@dataclass(frozen=True)
class NotebookBody:
    """An article made of a notebook.

    ``title``: the words of its first heading. ``body``: its HTML, title included, as the inside of
    ``<article class="sr-article">``. ``headings``: all that Markdown cells have, in order.
    """

    title: str
    body: str
    headings: tuple[Heading, ...]


#: A heading in Markdown: its tag, and its words as a token.
_Title = tuple[str, Token]
#: What follows a heading, as HTML; what follows none goes on where the part before it ended.
_Part = tuple[_Title | None, str]


@dataclass
class _Outline:
    """The headings so far, and the levels of the sections that are open."""

    headings: list[Heading] = field(default_factory=list)
    open: list[int] = field(default_factory=list)

    def enter(self, title: _Title) -> str:
        """Close the sections that a heading ends, and open its own."""
        tag, words = title
        level = int(tag[1:])
        ended = [inner for inner in self.open if inner >= level]
        self.open = [*(outer for outer in self.open if outer < level), level]
        taken = {heading.id for heading in self.headings}
        id = make_id(_plain(words))
        if not id or id in taken:  # as Sphinx names a section whose words name another, or none
            id = next(name for number in range(1, 1000) if (name := f"id{number}") not in taken)
        self.headings.append(Heading(level, id, _plain(words)))
        return (
            "</section>\n" * len(ended) + f'<section id="{id}">\n<{tag}>{_rendered([words])}'
            f'<a class="headerlink" href="#{id}" title="Link to this heading">#</a></{tag}>\n'
        )

    def leave(self) -> str:
        """Return the end tags of all that is open."""
        return "</section>\n" * len(self.open)


def notebook_body(notebook: NotebookNode, name: str) -> NotebookBody:
    """Return an executed notebook as the body of an article.

    A heading in Markdown opens a section, in a cell of words as in an output. What stands before
    the title, such as the parameters, comes after it.

    Parameters
    ----------
    notebook
        As it was run, outputs included.
    name
        What errors call it, such as ``notebooks/local_area.ipynb``.

    Raises
    ------
    ReportError
        If it has no title, or a cell ended with an error.
    """
    outline, pieces = _Outline(), []
    before_title: list[str] = []
    language = _language(notebook)
    for number, cell in enumerate(notebook.cells, start=1):
        for title, html in _parts_of(cell, language, f"{name}, cell {number}"):
            if title:
                pieces.append(outline.enter(title))
                pieces += before_title
                before_title = []
            (pieces if outline.headings else before_title).append(html)
    first = next(iter(outline.headings), None)
    if first is None or first.level != 1:
        raise ReportError(
            "the notebook has no title", where=name, fix="Begin what it shows with '# '."
        )
    return NotebookBody(first.text, "".join(pieces) + outline.leave(), tuple(outline.headings))


def folded_code(notebook: NotebookNode) -> str:
    """Return all code of a notebook in one piece, folded away."""
    language = _language(notebook)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source]
    folded = _folded(_input("\n\n".join(cells), language), "source", "above-input")
    return f'<div class="cell docutils container">\n{folded}</div>\n'


def _language(notebook: NotebookNode) -> str:
    return str(notebook.metadata.get("language_info", {}).get("pygments_lexer", "ipython3"))


def _parts_of(cell: NotebookNode, language: str, where: str) -> list[_Part]:
    tags = {tag.replace("_", "-") for tag in cell.metadata.get("tags", ())}
    if "remove-cell" in tags or cell.cell_type == "raw":
        return []
    if cell.cell_type == "markdown":
        return _split(_parsed(cell.source, "myst"))
    shown = "" if "remove-input" in tags else _input(cell.source, language)
    outputs = [] if "remove-output" in tags else cell.outputs
    parts: list[_Part] = [(None, "")]
    for title, html in (part for output in outputs for part in _output(output, where)):
        if title:
            parts.append((title, html))
        else:
            parts[-1] = (parts[-1][0], parts[-1][1] + html)
    if len(parts) > 1 and not parts[0][1]:
        parts = parts[1:]  # the code stands under the heading that it wrote
    named = "".join(f" tag_{tag.replace(' ', '_')}" for tag in cell.metadata.get("tags", ()))
    return [
        (title, _cell(shown if place == 0 else "", html, tags, named))
        for place, (title, html) in enumerate(parts)
    ]


def _cell(shown: str, outputs: str, tags: set[str], named: str) -> str:
    """Write code and what came of it, folded as the tags say; nothing of both is nothing."""
    if outputs:
        outputs = f'<div class="cell_output docutils container">\n{outputs}</div>\n'
    if shown and "hide-input" in tags:
        shown = _folded(shown, "source", "above-input")
    if outputs and "hide-output" in tags:
        outputs = _folded(outputs, "output", "below-input")
    inside = shown + outputs
    if inside and "hide-cell" in tags:
        inside = _folded(inside, "content", "above-input")
    classes = f"cell{markup.escape(named)} docutils container"
    return inside and f'<div class="{classes}">\n{inside}</div>\n'


def _split(tokens: Sequence[Token]) -> list[_Part]:
    """Write Markdown in parts: what stands before a heading, then each heading with its text."""
    places = [
        place
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0
    ]
    parts: list[_Part] = [(None, _rendered(tokens[: places[0] if places else None]))]
    for place, end in pairwise([*places, len(tokens)]):
        title = tokens[place].tag, tokens[place + 1]
        parts.append((title, _rendered(tokens[place + 3 : end])))
    return parts


def _input(source: str, language: str) -> str:
    return f'<div class="cell_input docutils container">\n{_highlighted(source, language)}</div>\n'


def _folded(inside: str, what: str, where: str) -> str:
    """Fold a part of a cell away under the words that the book has for it."""
    words = "code" if what == "source" else what
    return f"""\
<details class="admonition hide {where}">
<summary aria-label="Toggle hidden content">
<p class="collapsed admonition-title">Show {words}</p>
<p class="expanded admonition-title">Hide {words}</p>
</summary>
{inside}</details>
"""


def _output(output: NotebookNode, where: str) -> list[_Part]:
    """Write the richest form of an output; one that only keeps a value (glue) is nothing."""
    if output.output_type == "error":
        raise ReportError(
            f"the cell ended with {output.ename}: {output.evalue}", where=where, fix="Run it again."
        )
    data: Mapping[str, Any] = output.get("data", {"text/plain": output.get("text", "")})
    if "text/html" in data:
        return [(None, f'<div class="output text_html">{data["text/html"]}</div>\n')]
    if "text/markdown" in data:
        return _split(_parsed(data["text/markdown"], "commonmark"))
    if "image/png" in data:
        picture = "".join(str(data["image/png"]).split())
        told = markup.escape(data.get("text/plain", ""))
        return [(None, f'<img alt="{told}" src="data:image/png;base64,{picture}">\n')]
    if data.get("text/plain"):
        written = (
            '<div class="output text_plain highlight-none notranslate"><div class="highlight">'
            f"<pre>{markup.escape(data['text/plain'])}\n</pre></div></div>\n"
        )
        return [(None, written)]
    return []


def _highlighted(code: str, language: str) -> str:
    """Write code in the classes of Pygments; in a language that it does not know, as it is."""
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound:
        lexer = get_lexer_by_name("text")
    coloured = str(highlight(code, lexer, HtmlFormatter()))
    kind = markup.escape(language or "none")
    return f'<div class="highlight-{kind} notranslate">{coloured}</div>\n'


@cache
def _parser(flavour: str) -> MarkdownIt:
    """Return the book's parser of cells (``myst``) or of outputs (``commonmark``), to HTML."""
    config = (
        MdParserConfig(enable_extensions=set(EXTENSIONS))
        if flavour == "myst"
        else MdParserConfig(commonmark_only=True)
    )
    parser = create_md_parser(config, RendererHTML)
    parser.options["html"] = False
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("table_open", lambda *_: f"{_TABLE_FRAME}\n<table>\n")
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return parser


def _fence(_self: object, tokens: Sequence[Token], place: int, *_: object) -> str:
    return _highlighted(tokens[place].content, tokens[place].info.strip())


def _parsed(source: str, flavour: str) -> list[Token]:
    """Read Markdown; quotation marks and dashes as Sphinx sets them, links to the built pages."""
    tokens = _parser(flavour).parse(source)
    for inline in (token.children for token in tokens if token.children):
        words = [child for child in inline if child.type in ("text", "code_inline")]
        kinds = [("plain" if child.type == "text" else "literal", child.content) for child in words]
        for child, set_well in zip(words, educate_tokens(kinds, "qDe", "en"), strict=True):
            child.content = set_well
        for link in (child for child in inline if child.type == "link_open"):
            link.attrs["href"] = _built_page(str(link.attrs["href"]))
    return tokens


def _rendered(tokens: Sequence[Token]) -> str:
    parser = _parser("myst")
    return str(parser.renderer.render(tokens, parser.options, {}))


def _built_page(href: str) -> str:
    """Return a link to a page's source as one to the page; any other stays.

    Examples
    --------
    >>> _built_page("../book/for_analysts.md#render")
    '../book/for_analysts.html#render'
    >>> _built_page("https://example.org/notes.md")
    'https://example.org/notes.md'
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    return parts._replace(path=_SOURCE_OF_PAGE.sub(".html", parts.path)).geturl()


def _plain(inline: Token) -> str:
    """Return the words of a heading without their markup."""
    words = (
        child.content if child.type in ("text", "code_inline") else " "
        for child in inline.children or ()
        if child.type in ("text", "code_inline", "softbreak")
    )
    return " ".join("".join(words).split())
