"""A notebook as a PDF with tags and bookmarks, printed by Chromium from one page."""

import tempfile
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from sendreform.book import report_pdf
from sendreform.book.document_article import LANGUAGE, Article, for_paper
from sendreform.book.document_html import style_sheets
from sendreform.book.needed_styles import needed_styles


def write_pdf(article: Article, out: Path, stamp: str, browser: str, seconds: float = 120) -> None:
    """Print an article.

    Parameters
    ----------
    out
        Where to write. What is there stays until the new one is whole.
    stamp
        What it was made from; kept among the PDF's own facts.
    browser
        The path of Chromium.

    Raises
    ------
    ReportError
        If Chromium fails or takes longer than so many seconds.
    """
    facts = {
        "/Title": article.title,
        "/Subject": article.description,
        "/Creator": "sendreform",
        report_pdf.STAMP: stamp,
    }
    page, sections = pdf_page(article)
    with tempfile.TemporaryDirectory(prefix="sendreform-pdf-") as workspace:
        source, printed = Path(workspace) / "document.html", Path(workspace) / "document.pdf"
        source.write_text(page, "utf-8")
        report_pdf.print_to_pdf(browser, source, printed, seconds)
        partial = out.with_name(f"{out.name}.partial")
        report_pdf.finish(printed, partial, sections, facts, LANGUAGE)
        partial.replace(out)


def pdf_page(article: Article) -> tuple[str, list[report_pdf.Chapter]]:
    """Return the page that is printed, and the sections that get bookmarks."""
    paper = for_paper(article)
    for picture in paper.select("img[data-drawing]"):
        picture["src"] = report_pdf.as_picture(article.drawings[int(str(picture["data-drawing"]))])
        picture["class"] = "sr-pdf-drawing"
        del picture["data-drawing"]
    sections = [
        report_pdf.Chapter("", str(section["id"]), heading.get_text(" ", strip=True), (), "")
        for heading in paper.find_all("h2")
        if isinstance(section := heading.parent, Tag) and section.get("id")
    ]
    links = "".join(
        f'<li><a href="#{section.anchor}">{escape(section.title)}</a></li>' for section in sections
    )
    title = paper.find("h1")
    if links and title:
        contents = f'<div class="sr-document-contents"><ul>{links}</ul></div>'
        title.insert_after(BeautifulSoup(contents, "html.parser"))
    foot = "".join(f"<p>{escape(line)}</p>" for line in article.about)
    body = f"""\
<main class="sr-pdf">
<article class="sr-article">
{paper}
<div class="sr-document-foot"><p>To cite this document: {article.citation}</p>{foot}</div>
</article>
</main>
"""
    needed = needed_styles(
        f"{style_sheets()}\n{report_pdf.STYLES.read_text('utf-8')}",
        BeautifulSoup(body, "html.parser"),
    )
    head = (
        f"@page {{ @top-left {{ content: {report_pdf.css_text(article.title)}; "
        "color: #505a5f; font: 9pt Arial, Helvetica, sans-serif } }\n"
        "@page :first { @top-left { content: none } }"
    )
    return (
        f"""\
<!DOCTYPE html>
<html lang="{LANGUAGE}">
<head><meta charset="utf-8"><title>{escape(article.title)}</title>
<style>{needed}
{head}</style>
</head>
<body>
{body}</body>
</html>
""",
        sections,
    )
