"""What every page of the site carries beside its words: addresses, description, policy, card.

The site's own address is not known to the report; it is read from ``SENDREFORM_SITE`` and is
otherwise where ``make preview`` serves it. Nor is that of the project's repository, which is read
from ``SENDREFORM_REPOSITORY``.
"""

import hashlib
import os
import re
from html import unescape
from importlib.metadata import version
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import vl_convert
from docutils import nodes

from sendreform.book.png import packed
from sendreform.charts import theme
from sendreform.charts.frames import text_width, wrapped
from sendreform.store import Store

#: Where ``make preview`` serves the report.
PREVIEW = "http://localhost:8000/"
#: A page asks this site alone, and runs no script that is written into it.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)
#: The longest description that search engines show whole.
LONGEST_DESCRIPTION = 200
CARD_WIDTH, CARD_HEIGHT = 1200, 630
#: The picture that stands for a page, without its texts.
CARD = Template((Path(__file__).parent / "theme" / "card.svg").read_text("utf-8"))
#: Pages that are no part of the report's story, for search engines.
UNLISTED = {"search", "404", "genindex"}


def address() -> str:
    """Return the address under which the site is published, with a slash at its end."""
    return os.environ.get("SENDREFORM_SITE", PREVIEW).rstrip("/") + "/"


def known_address() -> str:
    """Return the address of the published site, or nothing where it is not known.

    What is printed, cited or built on must not name a machine's own address.
    """
    return address() if "SENDREFORM_SITE" in os.environ else ""


def known_repository() -> str:
    """Return the address of the project's repository, or nothing where it is not known."""
    return os.environ.get("SENDREFORM_REPOSITORY", "").rstrip("/")


def root() -> str:
    """Return the part of the address after the host, for the page that may be shown anywhere.

    Examples
    --------
    >>> root()
    '/'
    """
    return urlsplit(address()).path or "/"


def page_address(page: str) -> str:
    """Return the lasting address of a page; the front page has that of the site.

    Examples
    --------
    >>> page_address("book/methods"), page_address("index")
    ('http://localhost:8000/book/methods.html', 'http://localhost:8000/')
    """
    return address() if page == "index" else f"{address()}{page}.html"


def stamp(folders: list[Path]) -> str:
    """Return a short hash of the files that pages load, so that a browser keeps no old one."""
    digest = hashlib.sha256(version("sendreform").encode())
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def newest_publication(store: Store) -> str:
    """Return the day on which the newest of the report's sources was published, in words."""
    days = store.sources["published"].astype("str")
    newest = days[days.str.fullmatch(r"\d{4}-\d{2}-\d{2}")].max()
    year, month, day = newest.split("-")
    names = "January February March April May June July August September October November December"
    return f"{int(day)} {names.split()[int(month) - 1]} {year}"


def description(metatags: str, doctree: nodes.document | None) -> str:
    """Return the description of a page: its own, or its first paragraph to the end of a sentence.

    Parameters
    ----------
    metatags
        The page's own ``meta`` elements, as Sphinx writes them.
    doctree
        The page; ``None`` for one that Sphinx makes itself.
    """
    written = re.search(r'<meta content="([^"]*)" name="description"', metatags)
    if written:
        return unescape(written[1])
    paragraphs = doctree.findall(nodes.paragraph) if doctree else ()
    return next((in_short(paragraph.astext()) for paragraph in paragraphs), "")


def in_short(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    """Cut a text at the last sentence, or else the last word, that leaves it short enough.

    Examples
    --------
    >>> in_short("One sentence. " + "A word " * 50)
    'One sentence.'
    """
    flat = " ".join(text.split())
    if len(flat) <= longest:
        return flat
    head = flat[:longest]
    sentence, stop, _rest = head.rpartition(". ")
    return sentence + stop.strip() if stop else f"{head.rpartition(' ')[0]} …"


def card(title: str, line: str) -> bytes:
    """Draw the picture that stands for a page where someone shares it, as PNG.

    Parameters
    ----------
    title
        The page's title.
    line
        What is written under it: a page's description.
    """
    big, small, left = 64, 32, 80
    room = CARD_WIDTH - 2 * left
    rows = [(text, big, theme.NAVY, "bold") for text in _lines(title, big, room)[:3]]
    rows += [(text, small, theme.INK, "normal") for text in _lines(line, small, room)[:5]]
    height, texts = 150.0, []
    for text, size, colour, weight in rows:
        height += size * 1.3
        texts.append(
            f'<text x="{left}" y="{height:.0f}" font-size="{size}" font-weight="{weight}" '
            f'fill="{colour}">{escape(text)}</text>'
        )
    drawing = CARD.substitute(
        font=escape(theme.FONT), accent=theme.NAVY, quiet=theme.QUIET_INK, texts="".join(texts)
    )
    return packed(vl_convert.svg_to_png(drawing))


def _lines(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines that fit a width."""
    letters = int(len(text) * room / max(text_width(text, size), room))
    return wrapped(text, max(letters, 1))


def write_map(out: Path, pages: list[str]) -> None:
    """Write ``sitemap.xml`` and ``robots.txt`` for search engines."""
    urls = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for page in sorted(set(pages) - UNLISTED):
        place = ElementTree.SubElement(ElementTree.SubElement(urls, "url"), "loc")
        place.text = page_address(page)
    ElementTree.ElementTree(urls).write(out / "sitemap.xml", encoding="utf-8", xml_declaration=True)
    (out / "robots.txt").write_text(
        f"User-agent: *\nAllow: /\nSitemap: {address()}sitemap.xml\n", "utf-8"
    )


def write_card(out: Path, page: str, title: str, line: str) -> str:
    """Write the card of a page into the site and return its address."""
    path = out / "_static" / "cards" / f"{page.replace('/', '-')}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(card(title, line))
    return f"{address()}_static/cards/{path.name}"
