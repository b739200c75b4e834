"""A notebook as one HTML file that holds all it needs and asks no one for anything."""

import base64
import hashlib
from functools import cache
from html import escape
from importlib.metadata import version
from pathlib import Path

from bs4 import BeautifulSoup

from sendreform.book.document_article import LANGUAGE, Article, with_drawings
from sendreform.book.needed_styles import needed_styles

_BOOK = Path(__file__).parent
#: The name under which a document keeps what it was made from.
STAMP = "sendreform-made-from"
#: The width of a page is that of the screen, on a phone as well.
_VIEWPORT = "width=device-width,initial-scale=1"


def html_document(article: Article, stamp: str) -> str:
    """Return an article as a whole page, its styles and drawings inside.

    Parameters
    ----------
    article
        What it says.
    stamp
        What it was made from; kept in the page, for :mod:`.documents` to read.
    """
    foot = "\n".join(f"<p>{escape(line)}</p>" for line in article.about)
    body = f"""\
<a class="sr-skip" href="#content">Skip to the page</a>
<div class="sr-document">
<main id="content" tabindex="-1">
{_on_this_page(article)}<article class="sr-article">
{article.html}</article>
</main>
<footer class="sr-document-foot">
<p>To cite this document: {article.citation}</p>
{foot}
</footer>
</div>
"""
    styles = needed_styles(style_sheets(), BeautifulSoup(body, "html.parser"))
    return f"""\
<!DOCTYPE html>
<html lang="{LANGUAGE}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="{_VIEWPORT}">
<meta http-equiv="Content-Security-Policy" content="{_policy(styles)}">
<title>{escape(article.title)} – SEND in England</title>
<meta name="description" content="{escape(article.description)}">
<meta name="generator" content="sendreform {version("sendreform")}">
<meta name="{STAMP}" content="{stamp}">
<link rel="icon" href="data:,">
<style>{styles}</style>
</head>
<body>
{with_drawings(body, article.drawings)}</body>
</html>
"""


@cache
def style_sheets() -> str:
    """Return the styles of the site's pages, and those of a document."""
    sheets = (_BOOK / "assets" / "report.css", _BOOK / "documents.css")
    return "\n".join(sheet.read_text("utf-8") for sheet in sheets)


def _policy(styles: str) -> str:
    """Allow what is in the page: these styles, and pictures that it holds."""
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _on_this_page(article: Article) -> str:
    """Return links to the sections, in the form of the site's pages."""
    title, *rest = article.headings
    links = "".join(
        f'<li><a href="#{heading.id}">{escape(heading.text)}</a></li>'
        for heading in rest
        if heading.level == 2
    )
    return links and (
        '<details class="sr-on-page"><summary>On this page</summary>'
        f'<nav aria-label="On this page"><ul><li><a href="#{title.id}">{escape(title.text)}</a>'
        f"<ul>{links}</ul></li></ul></nav></details>\n"
    )
