"""Pages on paper: every chart in the PDF, whole and with its words; nothing that a screen needs.

Chromium writes a tagged PDF. A chart in it is a tag with the chart's text alternative, and a tag
knows which marks on which page are its own.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count, pairwise
from typing import Any, NamedTuple
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from book.test_built_book import CHARTED

pytestmark = pytest.mark.browser
FINDING, LEDGER = "notebooks/reform_essential.html", "notebooks/claim_ledger.html"
REFORM = "notebooks/what_reform_needs.html"
KENT = "?area=886"
WITH_CHARTS = ["index.html", *CHARTED]
WITH_PANELS = [path for path in WITH_CHARTS if path != REFORM]
#: The width between the margins of a sheet in pixels of CSS: A4 less twice 18 mm.
SHEET = 657


class Mark(NamedTuple):
    """Something drawn on a page: under which tags, in which chart if any, on which page."""

    tags: tuple[str, ...]
    chart: tuple[int, str] | None
    page: int


def marks(pdf: PdfReader) -> list[Mark]:
    """Everything that is drawn and read, in the order of reading."""
    number = {page.indirect_reference.idnum: place for place, page in enumerate(pdf.pages)}
    counted = count()

    def within(
        node: Any, tags: tuple[str, ...], chart: tuple[int, str] | None, page: int
    ) -> Iterator[Mark]:
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            for each in node:
                yield from within(each, tags, chart, page)
        elif isinstance(node, int):
            yield Mark(tags, chart, page)
        else:
            page = number[node.raw_get("/Pg").idnum] if "/Pg" in node else page
            if node.get("/Type") == "/MCR":
                yield Mark(tags, chart, page)
            elif "/K" in node:
                tags = (*tags, str(node["/S"])) if "/S" in node else tags
                chart = (next(counted), str(node["/Alt"])) if "/Alt" in node else chart
                yield from within(node["/K"], tags, chart, page)

    return list(within(pdf.root_object["/StructTreeRoot"], (), None, 0))


class Chart(NamedTuple):
    """A chart in a PDF: its text alternative, and the pages that it is drawn on."""

    alt: str
    pages: set[int]


def charts(pdf: PdfReader) -> list[Chart]:
    """The charts of a PDF, in the order of reading."""
    found: dict[tuple[int, str], set[int]] = defaultdict(set)
    for mark in marks(pdf):
        if mark.chart:
            found[mark.chart].add(mark.page)
    return [Chart(alt, pages) for (_, alt), pages in found.items()]


def printed(page: Page) -> PdfReader:
    return PdfReader(BytesIO(page.pdf(tagged=True, prefer_css_page_size=True)))


def close(text: str) -> str:
    """Words without spaces and ligatures, which a PDF does not keep as they were."""
    return "".join(normalize("NFKC", text).split())


def words(pdf: PdfReader) -> str:
    return close("".join(page.extract_text() for page in pdf.pages))


def alternatives(page: Page) -> list[str]:
    """The text alternatives of a page's charts, those of a chosen council among them."""
    return page.locator("article [role=img][aria-label]").evaluate_all(
        "(charts) => charts.map((chart) => chart.getAttribute('aria-label'))"
    )


def come_alive(page: Page) -> None:
    """See each chart until it is live, and with it the panel of a chosen council below."""
    figures = page.locator("figure.sr-figure")
    for place in range(figures.count()):
        figures.nth(place).scroll_into_view_if_needed()
        expect(figures.nth(place)).to_have_attribute("data-live", "true", timeout=15_000)


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[[str], Page]]:
    """A function that opens a page of the site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})

    def opened(path: str) -> Page:
        page = context.new_page()
        page.goto(f"{site}/{path}", wait_until="load")
        return page

    yield opened
    context.close()


# ---------------------------------------------------------------- every chart


@pytest.mark.parametrize("path", WITH_CHARTS)
def test_a_page_nobody_scrolled_prints_every_chart_whole_with_its_words(
    opened: Callable[[str], Page], path: str
) -> None:
    page = opened(path)
    pdf = printed(page)
    found = charts(pdf)
    assert [chart.alt for chart in found] == alternatives(page) != []
    assert [chart for chart in found if len(chart.pages) > 1] == []

    figures = page.locator("figure.sr-figure").evaluate_all(
        """(figures) => figures.map((figure) => ({
          alt: figure.querySelector(".sr-chart").getAttribute("aria-label"),
          title: figure.querySelector(".sr-title").textContent,
          source: figure.querySelector(".sr-source").textContent,
          labels: [...figure.querySelectorAll(".sr-drawing:not([hidden]) svg text")]
            .map((label) => label.textContent),
        }))"""
    )
    alts = {figure["alt"] for figure in figures}  # the explorer's chart is no figure
    drawn = [chart for chart in found if chart.alt in alts]
    for chart, figure in zip(drawn, figures, strict=True):
        (sheet,) = chart.pages
        text = close(pdf.pages[sheet].extract_text())
        said = [figure["title"], figure["source"], *figure["labels"]]
        assert [words for words in said if close(words) not in text] == []


@pytest.mark.parametrize("path", WITH_CHARTS)
def test_a_page_whose_charts_are_live_prints_each_once_and_whole(
    opened: Callable[[str], Page], path: str
) -> None:
    page = opened(path)
    come_alive(page)
    found = charts(printed(page))
    assert [chart.alt for chart in found] == alternatives(page) != []
    assert [chart for chart in found if len(chart.pages) > 1] == []
    page.emulate_media(media="print")
    expect(page.locator(".sr-live:visible")).to_have_count(0)
    drawn = page.locator("figure.sr-figure").count()
    expect(page.locator(".sr-drawing > svg:visible")).to_have_count(drawn)


@pytest.mark.parametrize("path", WITH_PANELS)
def test_a_chosen_council_is_printed_with_its_charts(
    opened: Callable[[str], Page], path: str
) -> None:
    page = opened(f"{path}{KENT}")
    first = page.locator("figure.sr-figure").first
    first.scroll_into_view_if_needed()  # Vega comes; the other panels have not been seen
    expect(first).to_have_attribute("data-live", "true", timeout=15_000)
    expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    found = charts(printed(page))
    assert [chart.alt for chart in found] == alternatives(page)
    assert len(found) == page.locator(".sr-chart, .sr-beside-chart, .sr-explorer svg").count()
    assert page.locator(".sr-beside-chart").count() >= 3
    assert [chart for chart in found if len(chart.pages) > 1] == []


def test_where_the_chart_of_a_council_cannot_be_drawn_its_table_is_printed(
    opened: Callable[[str], Page], site: str
) -> None:
    page = opened("404.html")
    page.route("**/vega-bundle.js*", lambda route: route.abort())
    page.goto(f"{site}/{FINDING}{KENT}", wait_until="load")
    expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    text = words(printed(page))
    captions = page.locator(".sr-beside caption").all_text_contents()
    assert captions
    assert [caption for caption in captions if close(caption) not in text] == []
    page.emulate_media(media="print")
    expect(page.locator(".sr-beside-chart:visible")).to_have_count(0)


@pytest.mark.parametrize("path", [*WITH_CHARTS, f"{FINDING}{KENT}"])
def test_no_chart_or_table_is_wider_than_the_sheet(
    opened: Callable[[str], Page], path: str
) -> None:
    page = opened(path)
    if KENT in path:
        come_alive(page)
    page.set_viewport_size({"width": SHEET, "height": 900})
    page.emulate_media(media="print")
    cut = page.locator("article :is(svg, svg text, table, p, pre)").evaluate_all(
        f"""(parts) => parts.filter((part) => part.getBoundingClientRect().right > {SHEET} + 4)
          .map((part) => part.textContent.slice(0, 60))"""
    )
    assert cut == []


# ---------------------------------------------------------------- a decent document


@pytest.mark.parametrize("path", [FINDING, f"{FINDING}{KENT}", REFORM, "book/methods.html"])
def test_no_heading_ends_a_sheet(opened: Callable[[str], Page], path: str) -> None:
    page = opened(path)
    read = marks(printed(page))
    ends = [
        (mark.tags[-2:], mark.page + 1)
        for mark, after in pairwise(read)
        if {"/H1", "/H2", "/H3"} & {*mark.tags} and after.page != mark.page
    ]
    assert ends == []


@pytest.mark.parametrize("path", ["index.html", REFORM, "book/methods.html"])
def test_a_sheet_has_its_number_and_no_menu(opened: Callable[[str], Page], path: str) -> None:
    sheets = [sheet.extract_text() for sheet in printed(opened(path)).pages]
    for number, text in enumerate(sheets, start=1):
        assert str(number) in text.split("\n")
        assert len(close(text)) > 150  # no sheet for a few last words
    text = "".join(sheets)
    for button in ("Search", "Contents", "Skip to", "Show code", "CSV", "Data table", "Cite",
                   "Download", "Next", "How to cite", "Type its name"):  # fmt: skip
        assert button not in text


def test_where_a_source_leads_is_written_out(opened: Callable[[str], Page]) -> None:
    page = opened("index.html")
    text = words(printed(page))
    sources = page.locator("figure .sr-source a[href^=http]").evaluate_all(
        "(links) => links.map((link) => link.getAttribute('href'))"
    )
    assert sources
    assert [source for source in sources if close(source) not in text] == []
    assert ".html)" not in text  # an address inside the site says nothing on paper


def test_how_a_claim_is_worked_out_is_printed_unfolded(opened: Callable[[str], Page]) -> None:
    page = opened(LEDGER)
    page.emulate_media(media="print")
    folded, unfolded = page.locator(".sr-claim .sr-workings").evaluate_all(
        """(workings) => [true, false].map((folded) => workings.filter((working) =>
          folded === (working.querySelector("dd").getBoundingClientRect().height === 0)).length)"""
    )
    assert folded == 0
    assert unfolded > 50
