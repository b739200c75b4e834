"""The whole report as one PDF, printed from the built pages.

The pages are put one after another into a single document, which Chromium prints: so links from
page to page lead to the place in the PDF, and text alternatives and the order of reading come along
in its tags. It is printed twice, the second time with the page numbers of the contents, which only
the first can tell. The PDF carries a stamp of what it was made from, and is made again only when
that changed.
"""

import base64
import hashlib
import html as markup
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urljoin, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import (
    BooleanObject,
    DictionaryObject,
    Fit,
    IndirectObject,
    NameObject,
    TextStringObject,
)

from sendreform.book import site
from sendreform.errors import ReportError
from sendreform.store import open_store

#: The whole report on paper, where a browser is at hand to print it; an edition has none.
REPORT_PDF = "send-report.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
#: What a build says where there is none of them.
NO_BROWSER = "No Chromium here: the PDF of the report is left out."
#: Lists to search and not to read: half as long again as all the rest, and on the site.
CATALOGUES = (
    "book/data_and_sources",
    "book/measures",
    "book/what_changed",
    "book/change_log",
    "areas/index",
)
#: What brings the styles of a page.
STYLED = "link[rel=stylesheet], style"
#: The key of the stamp among the PDF's own facts.
STAMP = "/SendreformMadeFrom"
STYLES = Path(__file__).with_suffix(".css")
#: What only a screen needs: what is clicked, run, folded away or drawn for a small window.
NOT_ON_PAPER = (
    "script, noscript, template, nav, form, button, select, input, dialog, iframe, [hidden], "
    ".headerlink, .cell_input, details.hide, .sr-data, .sr-figure-links, .sr-notebook, "
    ".sr-workings, .sr-ledger-controls"
)
#: A drawing that can stand alone. As a picture it is one thing with a text alternative in the tags
#: of the PDF; drawn in the page, each of its lines and labels would get a tag, and the chart none.
DRAWING = re.compile(r"<svg\b[^>]*\bxmlns=.*?</svg>", re.DOTALL)
#: Room at the right of a picture, as a part of its width: where a machine lacks the font that a
#: drawing was measured with, a label at its edge runs on. The style sheet widens it as much.
SPARE = 0.08
VIEW_BOX = re.compile(r'viewBox="(\S+ \S+) ([\d.]+) ([\d.]+)"')
#: Attributes that name an element by its id; some name several.
NAMING = ("for", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns")


@dataclass(frozen=True)
class Chapter:
    """A page of the report as a part of the document.

    ``page``: its name, such as ``book/methods``. ``anchor``: its id in the document.
    ``sections``: id and words of each heading below its title.
    """

    page: str
    anchor: str
    title: str
    sections: tuple[tuple[str, str], ...]
    html: str


def pages_of_report(root: Path) -> list[str]:
    """Return the pages of a project's table of contents in their order, but for the catalogues."""
    toc = yaml.safe_load((root / "_toc.yml").read_text("utf-8"))
    chapters = [chapter for part in toc.get("parts", [toc]) for chapter in part["chapters"]]
    named = [toc["root"], *(chapter["file"] for chapter in chapters)]
    return [page for page in named if page not in CATALOGUES]


def find_browser() -> str | None:
    """Return the path of a Chromium or Chrome on this machine, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def print_report(root: Path, html: Path) -> Path | None:
    """Print the whole report as a PDF beside the built pages of a project.

    Returns
    -------
    Path or None
        The PDF; or None where there is no Chromium.

    Raises
    ------
    ReportError
        As :func:`write_pdf`.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    newest = site.newest_publication(open_store(root / "data"))
    return write_pdf(
        html,
        pages_of_report(root),
        html / REPORT_PDF,
        title=config["title"],
        site=site.known_address(),
        about=[
            f"Version {version('sendreform')}, figures published up to {newest}.",
            "The lists of every measure and every file are on the site.",
            "Text: CC BY 4.0. Code: MIT. Contains public sector information licensed under the "
            "Open Government Licence v3.0.",
        ],
    )


def write_pdf(
    html: Path,
    pages: Sequence[str],
    out: Path,
    *,
    title: str,
    about: Sequence[str] = (),
    site: str = "",
    seconds: float = 180,
) -> Path | None:
    """Print pages of a built book into one PDF, unless it was made from the same pages before.

    Parameters
    ----------
    html
        The folder of the built book.
    pages
        Names of pages in their order, without ``.html``: ``["index", "book/methods"]``.
    out
        Where to write. What is there stays until the new one is whole.
    title
        Of the document.
    about
        Lines for the title page: the edition, its date, its licence.
    site
        Address of the published site, for links to what is not in the PDF. Without one, such a
        link keeps its words and leads nowhere.
    seconds
        How long Chromium may take for each of two printings.

    Returns
    -------
    Path or None
        ``out``; or None where there is no Chromium, and nothing is touched.

    Raises
    ------
    ReportError
        If a page is missing or has no article, or Chromium fails or takes too long.
    """
    browser = find_browser()
    if not browser:
        return None
    stamp = made_from(html, pages, [title, *about, site])
    if kept_stamp(out) == stamp:
        return out
    front = _head(html, pages[0])
    language = str(front.html.get("lang") or "en-GB") if front.html else "en-GB"
    description = front.select_one("meta[name=description]")
    words = str(description.get("content", "")) if description else ""
    styles = stylesheets(html, pages)
    chapters = [chapter(html, page, pages, site) for page in pages]
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="sendreform-pdf-") as workspace:
        source, printed = Path(workspace) / "report.html", Path(workspace) / "report.pdf"
        numbers: dict[str, int] = {}
        for _ in range(2):
            source.write_text(
                document(chapters, numbers, title, [words, *about], site, language, styles),
                "utf-8",
            )
            print_to_pdf(browser, source, printed, seconds)
            numbers = page_numbers(printed)
        partial = out.with_suffix(".partial")
        facts = {"/Title": title, "/Subject": words, "/Creator": "sendreform", STAMP: stamp}
        finish(printed, partial, chapters, facts, language)
        partial.replace(out)
    return out


def made_from(html: Path, pages: Sequence[str], words: Sequence[str]) -> str:
    """Return a hash of all that the PDF depends on: pages, styles, pictures, and this module."""
    digest = hashlib.sha256("\0".join([*words, *pages]).encode())
    files = [_file(html, page) for page in pages]
    files += sorted(_style_files(html, pages)) + sorted((html / "_images").glob("*"))
    for path in [*files, Path(__file__), STYLES]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def kept_stamp(pdf: Path) -> str:
    """Return what a PDF says that it was made from; nothing where it is missing or broken."""
    try:
        facts = PdfReader(pdf).metadata
    except (OSError, PyPdfError):
        return ""
    return str(facts[STAMP]) if facts and STAMP in facts else ""


def chapter(html: Path, page: str, pages: Sequence[str], site: str) -> Chapter:
    """Return the article of a page, fit for paper, its ids and links fit for the document."""
    soup = _read(html, page)
    article = soup.select_one("main article") or soup.select_one("article")
    heading = article.find("h1") if article else None
    if not article or not heading:
        raise ReportError(
            "the page has no article with a title",
            where=f"{page}.html",
            fix="The PDF is printed from the article of each page.",
        )
    fit_for_paper(article)
    for picture in article.select("img[src]:not([src^='data:'])"):
        picture["src"] = (_file(html, page).parent / unquote(str(picture["src"]))).as_uri()
    for link in article.select("a[href]"):
        target = link_in_document(str(link["href"]), page, pages, site)
        if target:
            link["href"] = target
        else:
            del link["href"]
    anchor = _anchor(page)
    _rename_ids(article, anchor)
    del article["role"]
    article["id"] = anchor
    sections = tuple(
        (named, section.get_text(" ", strip=True))
        for section in article.find_all("h2")
        if (named := _id_of(section))
    )
    return Chapter(page, anchor, heading.get_text(" ", strip=True), sections, str(article))


def fit_for_paper(article: Tag) -> None:
    """Leave out what only a screen needs, unfold, and give each picture of a chart its text."""
    for element in article.select(NOT_ON_PAPER):
        element.decompose()
    for folded in article.find_all("details"):
        folded["open"] = ""
    for chart in article.select("[role=img][aria-label]"):
        for picture in chart.find_all("img"):
            picture["alt"] = chart["aria-label"]
        del chart["role"], chart["aria-label"]


def link_in_document(href: str, page: str, pages: Sequence[str], site: str) -> str:
    """Return where a link of a page leads from inside the PDF; nothing if nowhere.

    Examples
    --------
    >>> pages = ["index", "book/methods", "book/glossary"]
    >>> link_in_document("glossary.html#plan", "book/methods", pages, "")
    '#book-glossary--plan'
    >>> link_in_document("../index.html", "book/methods", pages, "")
    '#index'
    >>> link_in_document("#money", "book/methods", pages, "")
    '#book-methods--money'
    >>> link_in_document("../map.html?area=886", "book/methods", pages, "https://send.example/")
    'https://send.example/map.html?area=886'
    >>> link_in_document("../map.html", "book/methods", pages, "")
    ''
    """
    parts = urlsplit(href)
    if parts.scheme in ("http", "https", "mailto"):
        return href
    if parts.scheme:  # a download that the page carries in itself
        return ""
    path = normpath(PurePosixPath(page).parent / unquote(parts.path)) if parts.path else page
    name = path.removesuffix(".html")
    if name in pages and not parts.query:
        return f"#{_anchor(name, unquote(parts.fragment))}"
    return urljoin(site, path) + href[len(parts.path) :] if site else ""


def document(
    chapters: Sequence[Chapter],
    numbers: Mapping[str, int],
    title: str,
    about: Sequence[str],
    site: str,
    language: str,
    styles: str,
) -> str:
    """Return title page, contents and chapters as one page; ``numbers`` by id of a heading."""
    write = markup.escape
    lead, *lines = (f"<p>{write(line)}</p>" for line in about)
    lead = lead.replace("<p>", '<p class="sr-pdf-about">')
    address = f'<p><a href="{write(site)}">{write(site)}</a></p>' if site else ""

    def entry(anchor: str, words: str) -> str:
        number = numbers.get(anchor, "")
        return f'<a href="#{write(anchor)}"><span>{write(words)}</span><span>{number}</span></a>'

    contents = "".join(
        f"<li>{entry(part.anchor, part.title)}"
        + (
            f"<ul>{''.join(f'<li>{entry(*section)}</li>' for section in part.sections)}</ul>"
            if part.sections
            else ""
        )
        + "</li>"
        for part in chapters
    )
    heads = "\n".join(
        f"#{part.anchor} {{ page: {part.anchor} }}\n"
        f"@page {part.anchor} {{ @top-left {{ content: {css_text(part.title)}; "
        "color: #505a5f; font: 9pt Arial, Helvetica, sans-serif } }"
        for part in chapters
    )
    body = "\n".join(part.html for part in chapters)
    return f"""<!DOCTYPE html>
<html lang="{write(language)}" data-theme="light" data-mode="light">
<head><meta charset="utf-8"><title>{write(title)}</title>
{styles}
<style>{heads}</style>
</head>
<body>
<main class="sr-pdf">
<div class="sr-pdf-cover"><h1>{write(title)}</h1>{lead}{"".join(lines)}{address}</div>
<div class="sr-pdf-contents"><h1>Contents</h1><ul>{contents}</ul></div>
{body}
</main>
</body>
</html>
"""


def stylesheets(html: Path, pages: Sequence[str]) -> str:
    """Return the styles of the pages, each once, then those of the PDF."""
    found: dict[str, None] = {}
    for page in pages:
        for element in _head(html, page).select(STYLED):
            if element.name == "link":
                path = _style_file(html, page, element)
                element.attrs = {"rel": "stylesheet", "href": path.as_uri()}
            found[str(element)] = None
    return "\n".join([*found, f"<style>{STYLES.read_text('utf-8')}</style>"])


def _style_files(html: Path, pages: Sequence[str]) -> set[Path]:
    return {
        _style_file(html, page, element)
        for page in pages
        for element in _head(html, page).select(STYLED)
        if element.name == "link"
    }


def _style_file(html: Path, page: str, link: Tag) -> Path:
    return (_file(html, page).parent / unquote(urlsplit(str(link["href"])).path)).resolve()


def page_numbers(pdf: Path) -> dict[str, int]:
    """Return the page of each place that a link of the PDF leads to, by its id."""
    reader = PdfReader(pdf)
    found = {}
    for name, place in reader.named_destinations.items():
        number = reader.get_destination_page_number(place)
        if number is not None:
            found[name.removeprefix("/")] = number + 1
    return found


def print_to_pdf(browser: str, source: Path, out: Path, seconds: float) -> None:
    """Let Chromium print a file to PDF, with no network and a profile of its own.

    Raises
    ------
    ReportError
        If it fails or takes longer than so many seconds.
    """
    out.unlink(missing_ok=True)
    log = source.with_suffix(".log")
    command = [
        browser,
        "--headless=new",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-extensions",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={source.parent / 'profile'}",
        "--no-pdf-header-footer",
        "--export-tagged-pdf",
        f"--print-to-pdf={out}",
        # Root and many containers have no sandbox, and without this line no PDF. What is printed is
        # our own pages, with no script in them.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        source.as_uri(),
    ]
    told = f"It was {browser}."
    # Into a file: what Chromium leaves running could hold a pipe open for ever.
    with log.open("w", encoding="utf-8") as output:
        try:
            finished = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise ReportError(
                f"Chromium did not print the report within {seconds:g} seconds",
                where="PDF of the report",
                fix=f"{told} The PDF of before stays.",
            ) from None
    if finished.returncode or not out.is_file():
        last = log.read_text("utf-8", errors="replace").strip().splitlines()[-1:]
        raise ReportError(
            f"Chromium ended with code {finished.returncode} and made no PDF",
            where="PDF of the report",
            fix=" ".join([told, *(f"It said: {line}" for line in last)]),
        )


def finish(
    printed: Path, out: Path, chapters: Sequence[Chapter], facts: Mapping[str, str], language: str
) -> None:
    """Write the printed PDF with bookmarks, language and facts about itself.

    A link in the document has to lead to each place that gets a bookmark: Chromium keeps no other.
    """
    reader = PdfReader(printed)
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    places = {name.removeprefix("/"): place for name, place in reader.named_destinations.items()}

    def bookmark(anchor: str, words: str, above: IndirectObject | None = None) -> IndirectObject:
        place = places[anchor]
        page = reader.get_destination_page_number(place)
        return writer.add_outline_item(
            title=words,
            page_number=page,
            parent=above,
            fit=Fit.xyz(top=place.top),
            is_open=False,
        )

    for part in chapters:
        chapter_mark = bookmark(part.anchor, part.title)
        for section in part.sections:
            bookmark(*section, chapter_mark)
    writer.add_metadata(dict(facts))
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(language)
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    writer.write(out)


def _rename_ids(article: Tag, anchor: str) -> None:
    """Put the page's name before every id, and wherever an id is named."""
    for element in article.find_all(True):
        for name, value in list(element.attrs.items()):
            if name == "id":
                element["id"] = f"{anchor}--{value}"
            elif name in NAMING:
                ids = value if isinstance(value, list) else str(value).split()
                element[name] = " ".join(f"{anchor}--{each}" for each in ids)
            elif isinstance(value, str) and "url(#" in value:
                element[name] = value.replace("url(#", f"url(#{anchor}--")
            elif name in ("href", "xlink:href") and element.name == "use":
                element[name] = f"#{anchor}--{str(value).removeprefix('#')}"


def _id_of(heading: Tag) -> str:
    """Return the id of a heading, or of the section that it opens."""
    section = heading.find_parent("section")
    return str(heading.get("id") or (section.get("id", "") if section else ""))


def _anchor(page: str, fragment: str = "") -> str:
    """Return the id of a page, or of a place in it, in the document.

    Examples
    --------
    >>> _anchor("book/methods", "money")
    'book-methods--money'
    """
    name = re.sub(r"[^A-Za-z0-9_-]", "-", page)
    return f"{name}--{fragment}" if fragment else name


def css_text(words: str) -> str:
    """Return words as a text in a style sheet inside a page.

    Examples
    --------
    >>> print(css_text('"Systemic" causes'))
    "\\22 Systemic\\22  causes"
    """
    return '"' + re.sub(r'["\\<\n]', lambda found: f"\\{ord(found[0]):x} ", words) + '"'


def _file(html: Path, page: str) -> Path:
    """Return the file of a page; raise when it is not there."""
    path = (html / f"{page}.html").resolve()
    if not path.is_file():
        raise ReportError("no such page", where=str(path), fix="Build the book first.")
    return path


def _read(html: Path, page: str) -> BeautifulSoup:
    """Return a page, with each drawing in it as a picture."""
    text = DRAWING.sub(_as_picture, _file(html, page).read_text("utf-8"))
    return BeautifulSoup(text, "html.parser")


def _head(html: Path, page: str) -> BeautifulSoup:
    """Return a page without its body, which takes long to read."""
    text, _, _ = _file(html, page).read_text("utf-8").partition("</head>")
    return BeautifulSoup(text, "html.parser")


def as_picture(drawing: str) -> str:
    """Return a drawing as the source of a picture, with room to spare at its right."""
    widened = VIEW_BOX.sub(
        lambda box: f'viewBox="{box[1]} {float(box[2]) * (1 + SPARE):g} {box[3]}"',
        drawing,
        count=1,
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(widened.encode()).decode()}"


def _as_picture(drawing: re.Match[str]) -> str:
    return f'<img alt="" class="sr-pdf-drawing" src="{as_picture(drawing[0])}">'
