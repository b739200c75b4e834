"""The page of each council and region: all of them as files, a sample in the browser."""

import json
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, expect

from book.test_in_browser import WCAG, open_page, scroll_through
from conftest import ROOT
from sendreform.book import area_pages, search_names, site
from sendreform.book.area_pages import AreaPage
from sendreform.book.figure_files import read_publication
from sendreform.store import open_store

EVERY = area_pages.area_pages(open_store(ROOT / "data"))
BY_NAME = {page.name: page for page in EVERY}
#: Two that are told by the number of plans alone, councils that were formed or split, a region.
SAMPLE = [
    BY_NAME[name]
    for name in (
        "Kent", "City of London", "Isles of Scilly", "Cumberland", "Westmorland and Furness",
        "North Northamptonshire", "Dorset", "Bournemouth, Christchurch and Poole",
        "Buckinghamshire", "North East",
    )
]  # fmt: skip
KENT = BY_NAME["Kent"]
INDEX = "areas/index.html"

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


def is_called(page: AreaPage) -> str:
    return page.page.rpartition("/")[2]


@cache
def without_drawings(path: Path) -> str:
    """A page as it is, but for its drawings, which are long and hold no links of pages."""
    return _DRAWING.sub("", path.read_text("utf-8"))


@cache
def ids_of(path: Path) -> set[str]:
    return set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")))


@pytest.fixture(scope="module")
def pages(html: Path) -> dict[str, BeautifulSoup]:
    """The page of every place, read once."""
    return {
        page.name: BeautifulSoup(without_drawings(html / page.address), "html.parser")
        for page in EVERY
    }


# ---------------------------------------------------------------- all of them


def test_there_is_a_page_for_every_council_of_today_and_every_region() -> None:
    assert len(EVERY) == 153 + 9
    assert len({page.address for page in EVERY}) == len(EVERY)
    assert KENT.address == "areas/kent.html"
    assert BY_NAME["North East"].address == "areas/north-east.html"
    assert BY_NAME["St. Helens"].address == "areas/st-helens.html"


def test_each_page_has_a_title_and_a_description_of_its_own(
    pages: dict[str, BeautifulSoup],
) -> None:
    told = {}
    for page in EVERY:
        built = pages[page.name]
        assert [head.get_text() for head in built.select("h1")] == [f"SEND in {page.place}#"]
        assert built.title.get_text().startswith(f"SEND in {page.place} – ")
        told[page.name] = built.select_one("meta[name=description]")["content"]
        assert told[page.name].startswith(f"SEND in {page.place}: ")
        assert re.search(r"EHC plans?, January \d{4}", told[page.name])
        assert len(told[page.name]) <= 160
    assert len({*told.values()}) == len(EVERY)


def test_each_page_has_a_lasting_address_a_card_and_a_line_in_the_map_of_the_site(
    html: Path, pages: dict[str, BeautifulSoup]
) -> None:
    listed = {item.text for item in ElementTree.parse(html / "sitemap.xml").iter() if item.text}
    for page in EVERY:
        head = pages[page.name].head
        canonical = head.select_one("link[rel=canonical]")["href"]
        assert canonical == site.page_address(page.page)
        assert canonical in listed
        card = head.select_one('meta[property="og:image"]')["content"]
        assert (html / card.removeprefix(site.address())).is_file()


def test_every_link_of_every_page_leads_somewhere(
    html: Path, pages: dict[str, BeautifulSoup]
) -> None:
    broken = set()
    for page in EVERY:
        here = html / page.address
        for element in pages[page.name].find_all(["a", "link", "script", "img", "button"]):
            target = element.get("href") or element.get("src") or element.get("data-svg") or ""
            parts = urlsplit(target)
            if not target or parts.scheme:
                continue
            path = here.parent / unquote(parts.path) if parts.path else here
            if not path.is_file() or (
                parts.fragment
                and path.suffix == ".html"
                and unquote(parts.fragment) not in ids_of(path.resolve())
            ):
                broken.add((page.name, target))
    assert broken == set()


def test_ids_are_unique_and_nothing_is_written_into_a_page(html: Path) -> None:
    for page in EVERY:
        whole = (html / page.address).read_text("utf-8")
        ids = re.findall(r'\bid="([^"]+)"', whole)
        assert len(set(ids)) == len(ids), page.name
        assert "<style" not in whole and "unsafe" not in whole
        assert not re.search(r"<script(?![^>]*\bsrc=)", whole), page.name
        assert not re.search(
            r"\{glue|\bnan\b|\bNaN\b|Traceback", without_drawings(html / page.address)
        )


def test_pages_lead_from_one_to_the_next_and_back_to_the_list(
    pages: dict[str, BeautifulSoup],
) -> None:
    councils = [page for page in EVERY if page.level == "council"]
    for page, following in pairwise(councils):
        assert pages[page.name].select_one("a.sr-after")["href"] == f"{is_called(following)}.html"
    assert pages[councils[0].name].select_one("a.sr-before")["href"] == "index.html"
    crumbs = pages["Kent"].select(".sr-crumbs a")
    assert [link["href"] for link in crumbs] == ["index.html", "south-east.html"]
    assert [link["href"] for link in pages["London"].select(".sr-crumbs a")] == ["index.html"]


def test_the_notebook_of_a_page_can_be_downloaded_and_run(
    html: Path, pages: dict[str, BeautifulSoup]
) -> None:
    for page in EVERY:
        behind = pages[page.name].select_one(".sr-notebook")
        assert f"area = {page.name}" in behind.get_text()
        assert "baseline_year = " in behind.get_text()
        notebook = nbformat.read(html / "areas" / behind.a["href"], as_version=4)
        assert f'area = "{page.name}"' in "\n".join(cell.source for cell in notebook.cells)
        assert not any(cell.get("outputs") for cell in notebook.cells)


def test_the_figures_of_a_page_have_their_files_and_a_record(
    html: Path, pages: dict[str, BeautifulSoup]
) -> None:
    records = json.loads((html / "data/area_figures.json").read_text("utf-8"))["figures"]
    shown = {
        figure["id"]: page.page
        for page in EVERY
        for figure in pages[page.name].select("figure.sr-figure:has(.sr-chart)")
    }
    assert {record["id"]: record["page"].removesuffix(".html") for record in records} == shown
    for record in records:
        assert record["id"].startswith(f"{record['page'].removeprefix('areas/')[:-5]}-")
        assert (html / record["csv"]).read_bytes().startswith(b"\xef\xbb\xbf")
        assert (html / record["svg"]).read_text("utf-8").startswith("<svg")
        assert record["code"] and "png" not in record
    assert len(records) > 8 * 150


def test_the_list_has_each_place_once_by_region(html: Path) -> None:
    listed = BeautifulSoup((html / INDEX).read_text("utf-8"), "html.parser")
    names = {link["href"]: link.get_text() for link in listed.select(".sr-place-names a")}
    councils = {f"{is_called(page)}.html": page.name for page in EVERY if page.level == "council"}
    assert names == councils
    assert len(listed.select(".sr-places h2")) == 9
    drawn = [link["href"] for link in listed.select(".sr-place-map svg a")]
    assert sorted(drawn) == sorted(councils)


def test_search_finds_the_page_of_a_place() -> None:
    found = search_names.names(open_store(ROOT / "data"), {KENT.code: KENT.address})
    addresses = {each["name"]: each["address"] for each in found}
    assert addresses["Kent"] == "areas/kent.html"
    assert addresses["Leeds"] == "index.html?area=383"  # as in an edition


def test_one_entry_of_the_contents_leads_to_all_of_them(pages: dict[str, BeautifulSoup]) -> None:
    contents = pages["Kent"].select_one("#contents")
    assert len(contents.select('a[href="index.html"]')) == 1
    assert not contents.select('a[href="kent.html"]')


# ---------------------------------------------------------------- only what changed


def executed_in(folder: Path, page: AreaPage, words: str) -> None:
    cells = [
        new_code_cell("area = 'England'", metadata={"tags": ["parameters"]}),
        new_code_cell(f"area = '{page.name}'", metadata={"tags": ["injected-parameters"]}),
        new_markdown_cell(f"# SEND in {page.name}\n\n{words}"),
    ]
    folder.mkdir(exist_ok=True)
    nbformat.write(new_notebook(cells=cells), page.executed(folder))


def test_a_page_is_made_again_only_where_its_notebook_or_what_all_share_changed(
    tmp_path: Path,
) -> None:
    pages, executed, out = [KENT, BY_NAME["Leeds"]], tmp_path / "executed", tmp_path / "html"
    for page in pages:
        executed_in(executed, page, "Words.")

    def made(*, shared: str = "theme", of: list[AreaPage] = pages) -> list[str]:
        names = []
        for name, context, template in area_pages.make_pages(
            of, executed, tmp_path / "kept", out, shared, read_publication(ROOT)
        ):
            assert template == "page.html"
            (out / f"{name}.html").parent.mkdir(parents=True, exist_ok=True)
            (out / f"{name}.html").write_text(context["body"], "utf-8")
            names.append(name)
        return names

    assert made() == ["areas/kent", "areas/leeds"]
    assert "Make Kent your council" in (out / "areas/kent.html").read_text("utf-8")
    assert made() == []
    executed_in(executed, KENT, "Other words.")
    assert made() == ["areas/kent"]
    (out / "areas/leeds.html").unlink()
    assert made() == ["areas/leeds"]
    assert made(shared="new theme") == ["areas/kent", "areas/leeds"]
    # A place that is no more leaves nothing behind; the one beside it leads elsewhere now.
    assert made(shared="new theme", of=[KENT]) == ["areas/kent"]
    assert not [path for path in out.rglob("*leeds*") if path.is_file()]


def test_a_description_is_the_answer_and_no_longer_than_search_engines_show() -> None:
    answer = (
        '<div class="sr-answer"><p>1 EHC plan, January 2025</p><p>One. Two &amp; three.</p></div>'
    )
    told = area_pages.description("SEND in Rutland", answer)
    assert told == "SEND in Rutland: 1 EHC plan, January 2025. One. Two & three."
    longer = answer.replace("One.", "A word. " * 40)
    assert len(area_pages.description("SEND in Rutland", longer)) <= 160


# ---------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("place", SAMPLE, ids=lambda place: place.name)
def test_a_page_is_for_everyone_fits_the_window_and_asks_no_other_host(
    browser: Browser, site: str, place: AreaPage, width: int
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{site}/{place.address}", wait_until="load")
    violations = Axe().run(page, options=WCAG).response["violations"]
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    scroll_through(page)
    figures = page.locator("figure.sr-figure:has(.sr-chart)")
    for number in range(figures.count()):
        figures.nth(number).scroll_into_view_if_needed()
        expect(figures.nth(number)).to_have_attribute("data-live", "true", timeout=15_000)
    page.context.close()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    assert errors == []


@pytest.mark.browser
def test_without_scripts_charts_tables_and_links_are_there(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/{KENT.address}", java_script_enabled=False)
    figures = page.locator("figure.sr-figure:has(.sr-chart)")
    assert figures.count() >= 8
    for number in range(figures.count()):
        expect(figures.nth(number).locator("svg:visible").first).to_be_visible()
    for hidden in (".sr-make-own", ".sr-drawn-here"):  # they would do nothing
        expect(page.locator(hidden).first).to_be_hidden()
    page.goto(f"{site}/{INDEX}")
    expect(page.locator(".sr-find-place")).to_be_hidden()
    page.get_by_role("link", name="Kent", exact=True).last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SEND in Kent")
    page.context.close()


@pytest.mark.browser
def test_the_list_is_searched_by_keyboard_by_old_names_too(page: Page, site: str) -> None:
    page.goto(f"{site}/{INDEX}")
    field = page.get_by_role("combobox", name="Find a council or region")
    field.focus()
    page.keyboard.type("westmorland")
    expect(page.get_by_role("option").first).to_have_text("Westmorland and Furness")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Westmorland and Furness")
    page.goto(f"{site}/{INDEX}")
    field.fill("cumbria")
    expect(page.get_by_role("option", name="Cumberland")).to_contain_text("for Cumbria")
    # To go to a place is not to choose it as one's own.
    expect(page.get_by_role("combobox", name="Your council or region")).to_have_value("")


@pytest.mark.browser
def test_the_map_leads_to_a_page_by_keyboard_and_by_pointer(page: Page, site: str) -> None:
    page.goto(f"{site}/{INDEX}")
    field = page.get_by_role("combobox", name="Find a council or region")
    field.focus()
    page.keyboard.press("Tab")
    focused = page.locator(".sr-place-map a:focus")
    first = focused.get_attribute("aria-label")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    second = focused.get_attribute("aria-label")
    assert second != first
    expect(page.locator(".sr-place-told")).to_have_text(str(second))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(second))
    page.goto(f"{site}/{INDEX}")
    page.locator('.sr-place-map a[aria-label="Kent"]').click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SEND in Kent")


@pytest.mark.browser
def test_the_picker_leads_to_the_page_of_the_chosen_place(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html")
    link = page.locator(".sr-own-page")
    expect(link).to_be_hidden()
    field = page.get_by_role("combobox", name="Your council or region")
    field.fill("north east")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Enter")
    expect(link).to_be_visible()
    words = link.inner_text()
    link.click()
    place = words.removeprefix("Go to the page of ")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"SEND in {place}")
    expect(page.locator(".sr-make-own button")).to_contain_text("is your")


@pytest.mark.browser
def test_a_visit_chooses_nothing_and_offers_to(page: Page, site: str) -> None:
    page.goto(f"{site}/{KENT.address}")
    button = page.locator(".sr-make-own button")
    expect(button).to_have_text("Make Kent your council")
    expect(page.get_by_role("combobox", name="Your council or region")).to_have_value("")
    before = page.locator(".sr-answer").bounding_box()
    button.click()
    expect(button).to_have_text("Kent is your council")
    expect(page.get_by_role("combobox", name="Your council or region")).to_have_value("Kent")
    page.reload()
    expect(button).to_have_text("Kent is your council")
    # The offer keeps its place, whatever it says; only the bar above has a link more.
    page.get_by_role("button", name="Show England only").click()
    expect(button).to_have_text("Make Kent your council")
    assert page.locator(".sr-answer").bounding_box() == before


@pytest.mark.browser
def test_nothing_jumps_on_the_page_of_a_chosen_place(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 412, "height": 823}).new_page()
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => { for (const entry of "
        "list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    # The longest name there is, beside the picker.
    longest = BY_NAME["Bournemouth, Christchurch and Poole"]
    page.goto(f"{site}/{longest.address}?area={longest.code}", wait_until="load")
    scroll_through(page)
    page.wait_for_timeout(500)
    shifted = page.evaluate("window.shifted")
    page.context.close()
    assert shifted < 0.02


@pytest.mark.browser
def test_a_png_is_drawn_when_it_is_asked_for(page: Page, site: str) -> None:
    page.goto(f"{site}/{KENT.address}")
    button = page.get_by_role("button", name=re.compile("^PNG: ")).first
    with page.expect_download() as waiting:
        button.click()
    download = waiting.value
    assert download.suggested_filename == "kent-plans.png"
    picture = Path(str(download.path())).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) > 1_000  # twice as wide as the drawing
