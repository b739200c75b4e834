"""Documents made of a notebook: whole by themselves, with every chart, table and heading."""

import base64
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize
from zipfile import ZipFile

import docx
import nbformat
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from docx.oxml.ns import qn
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import Browser
from pypdf import PdfReader

from charts.samples import CAPTION
from conftest import ROOT
from sendreform.book import documents, report_pdf
from sendreform.book.document_article import (
    APPENDIX,
    LONGEST_TABLE,
    Article,
    Imprint,
    for_paper,
    read_article,
    read_imprint,
)
from sendreform.book.document_html import html_document
from sendreform.book.documents import kept_stamp, write_documents
from sendreform.charts import Figure, bars
from sendreform.errors import ReportError

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGE = "areas/kent"
HOSTILE = "<script>alert(1)</script> & Sons"
TITLE = f"SEND in {HOSTILE}"
FIGURES = {"short-one": 3, "long-one": LONGEST_TABLE + 5}


@cache
def drawn(id: str, rows: int) -> Figure:
    names = [HOSTILE, *(f"Place {number}" for number in range(2, rows + 1))]
    data = pd.DataFrame({"label": names, "value": [1234.0 + place for place in range(rows)]})
    words = {"title": f"{rows} places", "alt": f"Bars for {rows} places, from {HOSTILE}."}
    return bars(data, unit="plans", **{**CAPTION, **words, "id": id})


@cache
def notebook() -> NotebookNode:
    def cell(code: str, **data: str) -> NotebookNode:
        types = {"html": "text/html", "markdown": "text/markdown"}
        shown = {types[kind]: value for kind, value in data.items()}
        return new_code_cell(
            code,
            outputs=[new_output("execute_result", shown)],
            metadata={"tags": ["hide-input"]},
        )

    table = (
        '<div class="sr-scroll" role="region" tabindex="0" aria-label="Table: x"><table>'
        "<caption>Ranks</caption><thead><tr><th scope='col'>Area</th><th scope='col'>Rank</th></tr>"
        "</thead><tbody><tr><th scope='row'>Kent</th><td>7</td></tr></tbody></table></div>"
    )
    return new_notebook(
        cells=[
            new_code_cell("area = 'secret code'", metadata={"tags": ["parameters", "hide-input"]}),
            cell("heading()", markdown=f"# {TITLE}\n\nFirst words of the page. More."),
            cell(
                "answer()",
                html='<div class="sr-answer"><p class="sr-headline">Told</p><p>Short.</p></div>',
            ),
            new_markdown_cell(
                "## Need\n\nSee [methods](../book/methods.md), [the law](https://www.gov.uk/law) "
                "and [Money](#money)."
            ),
            cell("short()", html=drawn("short-one", 3).to_html()),
            new_markdown_cell("## Money\n\n### Funding"),
            cell("long()", html=drawn("long-one", FIGURES["long-one"]).to_html()),
            cell("ranks()", html=table),
        ]
    )


@cache
def imprint() -> Imprint:
    return read_imprint(ROOT)


@cache
def article() -> Article:
    return read_article(notebook(), PAGE, imprint())


def cells_of(table: Any) -> list[list[str]]:
    return [
        [cell.get_text(" ", strip=True) for cell in row.select("th, td")]
        for row in table.select("tr")
    ]


def tables_of(html: str) -> list[list[list[str]]]:
    return sorted(cells_of(table) for table in BeautifulSoup(html, "html.parser").select("table"))


# The article -------------------------------------------------------------------------------------


def test_links_lead_somewhere_or_are_words() -> None:
    links = [str(link["href"]) for link in article().soup().select("a[href]")]
    assert "https://www.gov.uk/law" in links and "#money" in links
    assert not [link for link in links if "methods" in link]
    assert "methods" in article().html and "Onward" not in article().html


def test_links_into_the_site_are_whole_where_its_address_is_known() -> None:
    known = Imprint(read_imprint(ROOT).publication, "today")
    site = "https://send.example/report/"
    publication = type(known.publication)(**{**vars(known.publication), "address": site})
    html = read_article(notebook(), PAGE, Imprint(publication, "today")).html
    assert f'href="{site}book/methods.html"' in html


def test_on_paper_a_short_table_is_under_its_chart_and_a_long_one_at_the_end() -> None:
    paper = for_paper(article())
    assert paper.select_one("#short-one table")
    assert not paper.select_one("#long-one table")
    appendix = paper.select("h2")[-1].parent
    assert appendix and appendix.h2.get_text() == APPENDIX
    assert paper.select_one('#long-one a[href="#table-long-one"]')
    assert appendix.select_one('#table-long-one a[href="#long-one"]')
    assert len(appendix.select("tbody tr")) == FIGURES["long-one"]
    assert not paper.select("details, script, [hidden], .sr-data")
    assert [picture["alt"] for picture in paper.select("img")] == [
        drawn(id, rows).alt for id, rows in FIGURES.items()
    ]


# One HTML file -----------------------------------------------------------------------------------


def test_the_file_asks_for_nothing_and_runs_nothing() -> None:
    page = html_document(article(), "stamp")
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.select("script, iframe, object, embed, [style], [onclick]")
    loaded = [element.get("src") or element["href"] for element in soup.select("[src], link[href]")]
    assert [address for address in loaded if not address.startswith("data:")] == []
    assert "url(" not in soup.style.string and "@import" not in soup.style.string
    policy = soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert policy.startswith("default-src 'none';") and f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy and "script-src" not in policy


def test_the_file_says_what_it_is() -> None:
    soup = BeautifulSoup(html_document(article(), "stamp"), "html.parser")
    assert soup.html["lang"] == "en-GB"
    assert soup.title.string == f"{TITLE} – SEND in England"
    assert soup.select_one("meta[name=description]")["content"] == "Short."
    foot = soup.footer.get_text()
    assert imprint().newest in foot and imprint().publication.version in foot
    assert f"“{TITLE}.”" in foot
    assert [link.get_text() for link in soup.select(".sr-on-page li li a")] == ["Need", "Money"]


def test_the_file_holds_every_figure_table_and_source() -> None:
    page = html_document(article(), "stamp")
    soup = BeautifulSoup(page, "html.parser")
    for id, rows in FIGURES.items():
        figure = soup.find(id=id)
        assert len(figure.select("svg")) == 2
        assert figure.select_one("[role=img]")["aria-label"] == drawn(id, rows).alt
        assert len(figure.select("tbody tr")) == rows
        assert figure.select_one(".sr-source a")["href"] == CAPTION["source_url"]


def test_styles_that_nothing_needs_are_left_out() -> None:
    page = html_document(article(), "stamp")
    style = BeautifulSoup(page, "html.parser").style.string
    assert ".sr-figure" in style and "@container" in style
    assert ".sr-combo" not in style and ".sr-ledger" not in style
    assert len(style) < 20_000


@pytest.mark.browser
def test_the_file_is_accessible_and_quiet_without_a_network(
    browser: Browser, tmp_path: Path
) -> None:
    (path,) = write_documents(notebook(), tmp_path / "kent", ["html"], page=PAGE, imprint=imprint())
    for width in (1280, 320):
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True)
        page = context.new_page()
        told: list[str] = []
        asked: list[str] = []
        page.on("console", lambda line: told.append(line.text))  # noqa: B023
        page.on("pageerror", lambda error: told.append(str(error)))  # noqa: B023
        page.on("request", lambda request: asked.append(request.url))  # noqa: B023
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for id in FIGURES:
            assert page.locator(f"#{id} svg:visible").count() == 1
        assert page.locator("#short-one svg:visible").bounding_box()["width"] > 200
        shown = "wide" if width == 1280 else "narrow"
        assert page.locator(f"#short-one [data-frame={shown}]").is_visible()
        assert told == [] and asked == [path.as_uri()]
        context.close()
        # axe is a script, which the policy of the page would not let run.
        context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
        page = context.new_page()
        page.goto(path.as_uri())
        violations = Axe().run(page, options=WCAG).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
        context.close()


# PDF ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if not report_pdf.find_browser():
        pytest.skip("no chromium here")
    out = tmp_path_factory.mktemp("pdf") / "kent"
    (path,) = write_documents(notebook(), out, ["pdf"], page=PAGE, imprint=imprint())
    yield path


def tags(node: Any) -> Iterator[dict[str, Any]]:
    node = node.get_object()
    if isinstance(node, dict) and "/S" in node:
        yield node
    for child in node if isinstance(node, list) else [node.get("/K", [])]:
        if not isinstance(child, int):
            yield from (
                each
                for one in (child if isinstance(child, list) else [child])
                if not isinstance(one, int)
                for each in tags(one)
            )


@pytest.mark.browser
def test_the_pdf_has_its_words_its_tags_and_its_bookmarks(pdf: Path) -> None:
    reader = PdfReader(pdf)
    text = " ".join(page.extract_text() for page in reader.pages)
    flat = normalize("NFKC", " ".join(text.split()))  # without ligatures
    for words in (
        TITLE,
        "First words of the page",
        "Told",
        APPENDIX,
        f"Place {FIGURES['long-one']}",
    ):
        assert words in flat
    assert "secret code" not in flat and "Download" not in flat
    alternatives = [
        str(tag["/Alt"])
        for tag in tags(reader.trailer["/Root"]["/StructTreeRoot"])
        if tag["/S"] == "/Figure"
    ]
    assert alternatives == [drawn(id, rows).alt for id, rows in FIGURES.items()]
    assert [mark.title for mark in reader.outline] == ["Need", "Money", APPENDIX]
    assert reader.metadata.title == TITLE
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"


def test_without_chromium_there_is_no_pdf_and_the_rest_is_made(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(report_pdf, "find_browser", lambda: None)
    made = write_documents(
        notebook(), tmp_path / "kent", ["html", "pdf"], page=PAGE, imprint=imprint()
    )
    assert [path.name for path in made] == ["kent.html"]


# Word --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("word") / "kent"
    (path,) = write_documents(notebook(), out, ["docx"], page=PAGE, imprint=imprint())
    return path


def test_word_has_every_heading_in_its_style(word: Path) -> None:
    document = docx.Document(str(word))
    headings = [
        (paragraph.style.name, paragraph.text)
        for paragraph in document.paragraphs
        if paragraph.style.name == "Title" or paragraph.style.name.startswith("Heading")
    ]
    assert headings == [
        ("Title", TITLE),
        ("Heading 1", "Need"),
        ("Heading 1", "Money"),
        ("Heading 2", "Funding"),
        ("Heading 1", APPENDIX),
        ("Heading 2", f"{FIGURES['long-one']} places"),
    ]


def test_word_has_every_chart_with_its_text_and_fine_enough_for_print(word: Path) -> None:
    document = docx.Document(str(word))
    told = [each.get("descr") for each in document.element.body.iter(qn("wp:docPr"))]
    assert told == [drawn(id, rows).alt for id, rows in FIGURES.items()]
    for extent, part in zip(
        document.element.body.iter(qn("wp:extent")),
        sorted(name for name in ZipFile(word).namelist() if name.endswith(".png")),
        strict=True,
    ):
        across = int.from_bytes(ZipFile(word).read(part)[16:20]) / (int(extent.get("cx")) / 914_400)
        assert across >= 220  # dots to the inch, what Word keeps for print


def test_word_has_every_table_with_the_same_cells_and_its_head_marked(word: Path) -> None:
    document = docx.Document(str(word))
    ours = sorted(
        [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
        for table in document.tables
    )
    assert ours == tables_of(article().html)
    for table in document.tables:
        rows = [row._tr.find(qn("w:trPr")) for row in table.rows]
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)
        assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [
            True,
            *[False] * (len(rows) - 1),
        ]


def test_word_is_a4_in_english_with_page_numbers_and_links(word: Path) -> None:
    document = docx.Document(str(word))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 'w:instr="PAGE"' in section.footer._element.xml
    assert document.core_properties.title == TITLE
    assert document.core_properties.language == "en-GB"
    assert '<w:lang w:bidi="ar-SA" w:eastAsia="zh-CN" w:val="en-GB"' in document.styles.element.xml
    links = {part.target_ref for part in document.part.rels.values() if part.is_external}
    assert {CAPTION["source_url"], "https://www.gov.uk/law"} <= links
    inside = {link.get(qn("w:anchor")) for link in document.element.iter(qn("w:hyperlink"))}
    marks = {mark.get(qn("w:name")) for mark in document.element.iter(qn("w:bookmarkStart"))}
    assert {"table-long-one", "long-one", "money"} <= inside <= marks | {None}


def test_word_has_no_code_and_nothing_that_is_clicked_on_a_page(word: Path) -> None:
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(word)).paragraphs)
    assert "secret code" not in text
    assert not re.search(r"Show code|Download|Data and download|Link to this", text)
    assert imprint().newest in text and f"“{TITLE}.”" in text


# Making them -------------------------------------------------------------------------------------


def test_the_same_notebook_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_documents(notebook(), tmp_path / name, ["html", "docx"], page=PAGE, imprint=imprint())
        for name in ("one", "two")
    )
    assert [path.suffix for path in first] == [".html", ".docx"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_a_document_up_to_date_is_not_made_again_and_any_other_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "kent"
    made = write_documents(notebook(), out, ["html", "docx"], page=PAGE, imprint=imprint())
    stamps = {kept_stamp(path) for path in made}
    assert len(stamps) == 1 and "" not in stamps
    with monkeypatch.context() as patch:
        patch.setattr(documents, "read_article", lambda *_: pytest.fail("it was made again"))
        assert (
            write_documents(notebook(), out, ["docx", "html"], page=PAGE, imprint=imprint()) == made
        )
        again = nbformat.from_dict({**notebook(), "metadata": {"run under": "another key"}})
        assert write_documents(again, out, ["docx"], page=PAGE, imprint=imprint()) == made[1:]
    made[1].write_bytes(b"broken")
    write_documents(notebook(), out, ["docx"], page=PAGE, imprint=imprint())
    assert docx.Document(BytesIO(made[1].read_bytes())).tables
    newer = Imprint(imprint().publication, "tomorrow")
    write_documents(notebook(), out, ["html"], page=PAGE, imprint=newer)
    assert "tomorrow" in made[0].read_text("utf-8")


def test_an_unknown_format_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"unknown format 'doc'.*docx"):
        write_documents(
            notebook(), tmp_path / "kent", ["html", "doc"], page=PAGE, imprint=imprint()
        )
    assert list(tmp_path.iterdir()) == []
