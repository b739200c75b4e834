"""What a document is made of: the article of a notebook, fit to stand without its site.

Nothing in it needs a script or asks another host, and each link leads somewhere: to a place in the
document, to another site, or to ours where its address is known. For paper, :func:`for_paper` also
unfolds it, and sets the tables behind the charts where they can be read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode

from sendreform.book import site
from sendreform.book.figure_files import Publication, read_publication
from sendreform.book.notebook_body import Heading, notebook_body
from sendreform.book.report_pdf import DRAWING, fit_for_paper
from sendreform.store import open_store

LANGUAGE = "en-GB"
#: A table with more rows than this stands at the end of a document on paper.
LONGEST_TABLE = 20
APPENDIX = "The figures behind the charts"
#: What only works with the scripts of the site, and links to copy, which a file has no address for.
_OF_THE_SITE = (
    "script, noscript, template, form, button, select, input, dialog, iframe, "
    ".sr-ledger-controls, .headerlink"
)
#: Where a drawing stands while the article is read; reading drawings takes most of the time.
_HELD_BACK = re.compile(r'<svg data-drawing="(\d+)"></svg>')


@dataclass(frozen=True)
class Imprint:
    """What every document says of the report, and the day of its newest figures, in words."""

    publication: Publication
    newest: str


@dataclass(frozen=True)
class Article:
    """An article that stands for itself.

    ``description``: the answer that it gives, else its first paragraph, cut short. ``html``: its
    inside, each drawing held back. ``drawings``: those, as SVG, in order. ``about``: lines of plain
    words on version, figures and licence. ``citation``: how to cite it, as HTML. ``authors`` and
    ``released``: who made the report, and the day of this version.
    """

    title: str
    description: str
    headings: tuple[Heading, ...]
    html: str
    drawings: tuple[str, ...]
    about: tuple[str, ...]
    citation: str
    authors: str
    released: date

    def soup(self) -> BeautifulSoup:
        """Return the article to be changed, drawings held back."""
        return BeautifulSoup(self.html, "html.parser")


def read_imprint(root: Path) -> Imprint:
    """Read what documents of a project say of it; its site's address is known or left out."""
    return Imprint(
        read_publication(root, site.known_address()),
        site.newest_publication(open_store(root / "data")),
    )


def read_article(notebook: NotebookNode, page: str, imprint: Imprint) -> Article:
    """Return an executed notebook as an article that stands for itself.

    Parameters
    ----------
    notebook
        As it was run.
    page
        The page of the site that it would be, such as ``areas/kent``: links are told from there.
    imprint
        What it says of the report.

    Raises
    ------
    ReportError
        If the notebook has no title, or a cell that failed.
    """
    made = notebook_body(notebook, page)
    drawings: list[str] = []

    def hold_back(drawing: re.Match[str]) -> str:
        drawings.append(drawing[0])
        return f'<svg data-drawing="{len(drawings) - 1}"></svg>'

    soup = BeautifulSoup(DRAWING.sub(hold_back, made.body), "html.parser")
    for element in soup.select(_OF_THE_SITE):
        element.decompose()
    ids = {str(element["id"]) for element in soup.select("[id]")}
    for link in soup.select("a[href]"):
        target = _target(str(link["href"]), page, imprint.publication.address, ids)
        if target:
            link["href"] = target
        elif link.get("aria-label"):
            link.decompose()  # its words alone, such as "Rule", say nothing but that it leads on
        else:
            link.unwrap()
    lead = soup.select_one(".sr-answer > p:not([class])") or soup.select_one("p:not(summary p)")
    return Article(
        title=made.title,
        description=site.in_short(lead.get_text() if lead else made.title),
        headings=made.headings,
        html=str(soup),
        drawings=tuple(drawings),
        about=(
            f"Version {version('sendreform')}. Figures published up to {imprint.newest}.",
            "Contains public sector information licensed under the Open Government Licence v3.0. "
            "Text: CC BY 4.0. Code: MIT.",
        ),
        citation=_citation(made.title, imprint.publication),
        authors=imprint.publication.authors,
        released=imprint.publication.released,
    )


def with_drawings(html: str, drawings: Sequence[str]) -> str:
    """Put the drawings back where they were held back."""
    return _HELD_BACK.sub(lambda place: drawings[int(place[1])], html)


def for_paper(article: Article) -> BeautifulSoup:
    """Return an article without what only a screen needs, its tables where they can be read.

    A table behind a chart stands under it, and a long one in an appendix, with links both ways.
    Of the two drawings of a chart the wide one stays, as an ``img`` that has its text alternative
    and, in ``data-drawing``, its place among the drawings.
    """
    soup = article.soup()
    appendix = soup.new_tag("section", id=_free_id("figures-behind-the-charts", soup))
    appendix["class"] = "sr-document-appendix"
    for figure in soup.select("figure.sr-figure"):
        _set_table(figure, appendix)
    for drawing in soup.select("svg[data-drawing]"):
        number = str(drawing["data-drawing"])
        drawing.replace_with(soup.new_tag("img", attrs={"alt": "", "data-drawing": number}))
    fit_for_paper(soup)
    # In the tags of a PDF a figure is one picture with one text, and so is the chart inside it.
    for caption in soup.select("figcaption"):
        caption.name, caption["class"] = "div", "sr-caption"
    for figure in soup.select("figure"):
        figure.name = "div"
    if appendix.contents:
        heading = soup.new_tag("h2")
        heading.string = APPENDIX
        appendix.insert(0, heading)
        (soup.find("section") or soup).append(appendix)
    return soup


def _set_table(figure: Tag, appendix: Tag) -> None:
    """Take a figure's table out of its fold and set it under the chart, or in the appendix."""
    folded = figure.select_one(".sr-data")
    table = folded.find("table") if folded else None
    title, source = figure.select_one(".sr-title"), figure.select_one(".sr-source")
    if not folded or not isinstance(table, Tag) or not title or not source:
        return
    table.extract()
    subtitle = figure.select_one(".sr-subtitle")
    caption = table.find("caption")
    if len(table.select("tbody tr")) <= LONGEST_TABLE:
        if isinstance(caption, Tag):
            caption.string = "The figures of this chart"
        folded.replace_with(table)
        return
    if isinstance(caption, Tag):
        caption.string = subtitle.get_text() if subtitle else title.get_text()
    name = f"table-{figure['id']}"
    folded.replace_with(
        _words(f'<p class="sr-note"><a href="#{name}">The figures of this chart</a></p>')
    )
    section = _words(
        f'<section id="{name}"><h3>{escape(title.get_text())}</h3>'
        f'<p class="sr-source">{source.decode_contents()}. '
        f'<a href="#{figure["id"]}">Back to the chart</a></p></section>'
    )
    section.append(table)
    appendix.append(section)


def _words(html: str) -> Tag:
    return BeautifulSoup(html, "html.parser").find_all(True, recursive=False)[0]


def _free_id(id: str, soup: BeautifulSoup) -> str:
    return id if not soup.find(id=id) else f"document-{id}"


def _target(href: str, page: str, address: str, ids: set[str]) -> str:
    """Return where a link leads from a document; nothing where it would lead nowhere.

    Examples
    --------
    >>> _target("../book/methods.html", "areas/kent", "https://send.example/", set())
    'https://send.example/book/methods.html'
    >>> _target("../book/methods.html", "areas/kent", "", set())
    ''
    >>> _target("#plans", "areas/kent", "", {"plans"}), _target("#gone", "areas/kent", "", set())
    ('#plans', '')
    """
    parts = urlsplit(href)
    if parts.scheme:
        return href if parts.scheme in ("http", "https", "mailto", "data") else ""
    if not parts.path and not parts.query:
        return href if unquote(parts.fragment) in ids else ""
    return urljoin(f"{address}{page}.html", href) if address else ""


def _citation(title: str, publication: Publication) -> str:
    """Return how to cite the document, as HTML."""
    released = publication.released
    where = f" {escape(publication.address)}" if publication.address else ""
    return (
        f"{escape(publication.authors)} ({released.year}). “{escape(title)}.” In "
        f"<cite>{escape(publication.title)}</cite>, version {escape(publication.version)}, "
        f"{released.day} {released:%B %Y}.{where}"
    )
