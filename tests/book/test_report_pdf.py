"""The PDF of the whole report: printed from pages, with their charts, links and words in order."""

import base64
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from book.test_print import charts
from conftest import ROOT
from sendreform.book import report_pdf
from sendreform.book.extension import REPORT_PDF
from sendreform.book.report_pdf import find_browser, pages_of_report, write_pdf
from sendreform.errors import ReportError

PAGES = ["index", "book/methods"]
FRONT = """<!DOCTYPE html><html lang="en-GB"><head><title>Front</title>
<meta name="description" content="What it is about."><link rel="stylesheet" href="_static/a.css">
</head><body><nav>Menu</nav><main><article>
<h1>The answer</h1><button>Choose</button>
<p><a href="book/methods.html#money">Money</a> <a href="map.html">Map</a>
<a href="https://www.gov.uk/">Elsewhere</a></p>
<figure><div role="img" aria-label="Line chart. It rises."><div class="sr-drawing">
<svg viewBox="0 0 4 3" xmlns="http://www.w3.org/2000/svg"><clipPath id="c"><path d="M0 0h9v9z"/>
</clipPath><rect width="4" height="3" clip-path="url(#c)"/></svg></div></div></figure>
</article></main><script>document.title = 1</script></body></html>"""
METHODS = """<!DOCTYPE html><html lang="en-GB"><head><title>Methods</title></head><body><article>
<section id="methods"><h1>Methods<a class="headerlink" href="#methods">#</a></h1>
<section id="money"><h2>How money is counted</h2><p>In prices of one year.</p></section></section>
</article></body></html>"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A built book of two pages."""
    html = tmp_path / "html"
    for name, text in {
        "index.html": FRONT,
        "book/methods.html": METHODS,
        "_static/a.css": "h1 { color: navy }",
    }.items():
        (html / name).parent.mkdir(parents=True, exist_ok=True)
        (html / name).write_text(text, "utf-8")
    return html


@pytest.fixture(scope="session")
def printer() -> str:
    """A Chromium; without one, a skip unless SENDREFORM_BROWSER_REQUIRED is set."""
    browser = find_browser()
    if not browser:
        if os.environ.get("SENDREFORM_BROWSER_REQUIRED"):
            pytest.fail("a browser is required and there is no chromium")
        pytest.skip("no chromium here")
    return browser


def tags(pdf: PdfReader) -> list[dict[str, Any]]:
    """The tags of a PDF in the order of reading."""
    found = []
    waiting = [pdf.root_object["/StructTreeRoot"]]
    while waiting:
        tag = waiting.pop().get_object()
        if isinstance(tag, list):
            waiting += reversed(tag)
        elif hasattr(tag, "get"):
            found += [tag] if "/S" in tag else []
            waiting += [tag["/K"]] if "/K" in tag else []
    return found


def text_alternatives(pdf: Path) -> list[str]:
    return [str(tag["/Alt"]) for tag in tags(PdfReader(pdf)) if tag.get("/Alt")]


def links(pdf: PdfReader) -> set[str]:
    """Where links lead: the name of a place in the PDF, or an address."""
    found = set()
    for page in pdf.pages:
        for annotation in page.get("/Annots") or []:
            link = annotation.get_object()
            to = link["/A"].get("/URI") if "/A" in link else link.get("/Dest")
            found.add(str(to).removeprefix("/"))
    return found


def browser_that(folder: Path, does: str) -> str:
    """Return a program that takes Chromium's place."""
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\n{does}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_the_report_is_printed_without_its_catalogues() -> None:
    pages = pages_of_report(ROOT)
    assert pages[0] == "index"
    assert "notebooks/claim_ledger" in pages
    assert not {"book/measures", "book/data_and_sources", "book/what_changed"} & set(pages)


def test_an_article_loses_what_only_a_screen_needs(book: Path) -> None:
    front = report_pdf.chapter(book, "index", PAGES, "https://send.example/")
    assert "Choose" not in front.html
    assert "<script" not in front.html
    assert 'href="#book-methods--money"' in front.html
    assert 'href="https://send.example/map.html"' in front.html


def test_a_drawing_becomes_a_picture_with_the_text_alternative_of_its_chart(book: Path) -> None:
    html = report_pdf.chapter(book, "index", PAGES, "").html
    (picture,) = BeautifulSoup(html, "html.parser").find_all("img")
    assert picture["alt"] == "Line chart. It rises."
    kind, _, drawing = picture["src"].partition(";base64,")
    assert kind == "data:image/svg+xml"
    assert 'viewBox="0 0 4.32 3"' in base64.b64decode(drawing).decode()  # room for a wide label


def test_a_page_that_is_not_there_is_named(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_pdf, "find_browser", lambda: browser_that(tmp_path, "exit 0"))
    with pytest.raises(ReportError, match=r"lost\.html: no such page"):
        write_pdf(book, [*PAGES, "book/lost"], tmp_path / "a.pdf", title="A")


def test_without_a_browser_nothing_is_made(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert write_pdf(book, PAGES, tmp_path / "a.pdf", title="A") is None
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("echo no display >&2; exit 3", "ended with code 3 .* It said: no display"),
        ("exit 0", "made no PDF"),
        ("exec sleep 20", "did not print the report within 0.3 seconds"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="takes Chromium's place with a shell script")
def test_a_browser_that_fails_or_hangs_is_told_and_the_pdf_of_before_stays(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, told: str
) -> None:
    monkeypatch.setattr(report_pdf, "find_browser", lambda: browser_that(tmp_path, does))
    out = tmp_path / "a.pdf"
    out.write_bytes(b"the PDF of before")
    with pytest.raises(ReportError, match=told):
        write_pdf(book, PAGES, out, title="A", seconds=0.3 if "sleep" in does else 20)
    assert out.read_bytes() == b"the PDF of before"


@pytest.mark.browser
@pytest.mark.usefixtures("printer")
def test_a_pdf_has_title_language_tags_bookmarks_and_links(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    assert write_pdf(book, PAGES, out, title="SEND", site="https://send.example/") == out
    pdf = PdfReader(out)
    assert pdf.metadata and pdf.metadata.title == "SEND"
    assert pdf.metadata.subject == "What it is about."
    assert pdf.root_object["/Lang"] == "en-GB"
    assert pdf.root_object["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.root_object["/MarkInfo"]["/Marked"]
    first, second, below = pdf.outline
    assert (first.title, second.title) == ("The answer", "Methods")
    assert [section.title for section in below] == ["How money is counted"]
    assert links(pdf) >= {
        "book-methods--money", "https://send.example/map.html", "https://www.gov.uk/",
    }  # fmt: skip
    assert text_alternatives(out) == ["Line chart. It rises."]


@pytest.mark.browser
@pytest.mark.usefixtures("printer")
def test_the_contents_tell_the_page_of_each_chapter_and_pages_are_numbered(
    book: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.pdf"
    write_pdf(book, PAGES, out, title="SEND")
    cover, contents, _front, methods = (page.extract_text() for page in PdfReader(out).pages)
    assert "What it is about." in cover
    assert report_pdf.page_numbers(out)["book-methods"] == 4
    assert contents.split("Methods")[1].split()[0] == "4"
    assert methods.splitlines()[:2] == ["Methods", "4"]  # the head of the page and its number
    assert "Menu" not in "".join(page.extract_text() for page in PdfReader(out).pages)


@pytest.mark.browser
@pytest.mark.usefixtures("printer")
def test_a_pdf_is_made_again_only_when_a_page_changed(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    write_pdf(book, PAGES, out, title="SEND")
    made = out.stat().st_mtime_ns
    write_pdf(book, PAGES, out, title="SEND")
    assert out.stat().st_mtime_ns == made
    (book / "index.html").write_text(FRONT.replace("The answer", "Another answer"), "utf-8")
    write_pdf(book, PAGES, out, title="SEND")
    assert PdfReader(out).outline[0].title == "Another answer"
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.usefixtures("printer")
@pytest.mark.book
def test_every_chart_of_the_report_is_in_its_pdf_once_and_whole(html: Path) -> None:
    pages = [BeautifulSoup((html / f"{page}.html").read_text("utf-8"), "html.parser")
             for page in pages_of_report(ROOT)]  # fmt: skip
    expected = [
        chart["aria-label"] for page in pages for chart in page.select("article [role=img]")
    ]
    found = charts(PdfReader(html / REPORT_PDF))
    assert len(expected) > 40
    assert [chart.alt for chart in found] == expected
    assert [chart for chart in found if len(chart.pages) > 1] == []
