"""Reading the site as its readers do: by name of their council, by keyboard, offline."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from book.test_built_book import CHARTED
from conftest import ROOT
from sendreform.book import places

pytestmark = pytest.mark.browser
#: Where pictures of charts are kept, for whoever looks at what a run has built.
PICTURES = ROOT / "_build" / "pictures"
ESSENTIAL, MAP = "notebooks/reform_essential.html", "notebooks/council_map.html"
KENT, LEEDS = "886", "383"


def choose(page: Page, name: str) -> None:
    """Choose a place as a person does by keyboard: type, go down to it, take it."""
    field = page.get_by_role("combobox", name="Your council or region")
    field.click()
    field.fill(name)
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")


def figure(page: Page, name: str) -> object:
    found = page.locator(f"figure#{name}")
    found.scroll_into_view_if_needed()
    return found


# ---------------------------------------------------------------- your council, once


def test_a_council_is_chosen_by_keyboard_and_stands_in_the_address(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}")
    choose(page, "ken")
    expect(page.get_by_role("combobox", name="Your council or region")).to_have_value("Kent")
    assert page.url.endswith(f"?area={KENT}")
    expect(page.locator("[data-picker-status]")).to_have_text(
        "Charts now show Kent beside England."
    )


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("kingston", "Kingston upon Hull, City of"),
        ("hull", "Kingston upon Hull, City of"),
        ("northamptonshire", "North Northamptonshire"),
        ("cumbria", "Cumberland"),
        ("st helens", "St. Helens"),
        ("886", "Kent"),
        ("shefield", "Sheffield"),
        ("london", "London"),
    ],
)
def test_a_council_is_found_by_parts_old_names_codes_and_near_misses(
    page: Page, site: str, typed: str, first: str
) -> None:
    page.goto(f"{site}/index.html")
    field = page.get_by_role("combobox")
    field.click()
    field.fill(typed)
    names = page.get_by_role("option")
    expect(names.filter(has_text=first).first).to_be_visible()


def test_what_is_no_council_is_said(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html")
    field = page.get_by_role("combobox")
    field.fill("xqzw")
    expect(page.locator("[data-picker-status]")).to_have_text(
        "No council or region is called xqzw."
    )
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_link_with_an_area_shows_it_in_every_figure_of_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}?area={KENT}")
    shown = page.locator("figure.sr-figure")
    assert shown.count() >= 5
    for place in range(shown.count()):
        one = shown.nth(place)
        one.scroll_into_view_if_needed()
        beside = one.locator(".sr-beside")
        expect(beside).to_contain_text("Kent", timeout=15_000)
        name = one.get_attribute("id")
        if name in places.BESIDE:
            expect(beside.locator("svg")).to_be_visible(timeout=15_000)
        else:
            expect(beside).to_contain_text("no figures of its own")


def test_a_chosen_council_has_its_published_figure(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}?area={KENT}")
    beside = figure(page, "twenty-weeks").locator(".sr-beside")
    # The Department's timeliness_20_week.csv: 33.3% in Kent, 46.4% in England, in 2024.
    expect(beside).to_contain_text("to 33.3% in 2024")
    expect(beside).to_contain_text("England: 46.4% in 2024")
    expect(beside).to_contain_text("counted differently on the way")


def test_a_choice_survives_the_next_page_and_coming_back(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html")
    choose(page, "leeds")
    expect(page.locator(".sr-own")).to_contain_text("Leeds")
    page.goto(f"{site}/{ESSENTIAL}")
    expect(page.get_by_role("combobox")).to_have_value("Leeds")
    page.reload()
    expect(page.get_by_role("combobox")).to_have_value("Leeds")
    expect(figure(page, "appeals").locator(".sr-beside")).to_contain_text("Leeds")
    assert f"area={LEEDS}" in page.url


def test_one_action_shows_england_again(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}?area={KENT}")
    expect(figure(page, "appeals").locator(".sr-beside")).to_contain_text("Kent")
    page.get_by_role("button", name="Show England only").click()
    expect(page.locator(".sr-beside")).to_have_count(0)
    assert "area=" not in page.url
    page.reload()
    expect(page.get_by_role("combobox")).to_have_value("")


def test_a_link_with_a_code_of_no_place_shows_england(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}?area=999")
    expect(page.locator("[data-picker-status]")).to_contain_text("has the code 999")
    expect(page.locator(".sr-beside")).to_have_count(0)


def test_the_front_page_tells_three_figures_of_a_council(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html?area={KENT}")
    told = page.locator(".sr-own-told li")
    expect(told).to_have_count(3)
    assert re.search(r"EHC plans.*\d{2},\d{3}", told.first.inner_text(), re.DOTALL)
    expect(page.locator(".sr-own-invitation")).to_be_hidden()


def test_where_few_hold_a_plan_no_share_of_them_is_told(page: Page, site: str) -> None:
    page.goto(f"{site}/{ESSENTIAL}?area=420")
    beside = figure(page, "twenty-weeks").locator(".sr-beside")
    expect(beside).to_contain_text("say more of single families than of the system")
    page.goto(f"{site}/index.html?area=420")
    told = page.locator(".sr-own-told li")
    expect(told.nth(1)).to_contain_text("Too few children and young people to tell")


def test_a_hexagon_chooses_its_council(page: Page, site: str) -> None:
    page.goto(f"{site}/{MAP}")
    drawn = figure(page, "map-on-time")
    expect(drawn).to_have_attribute("data-live", "true", timeout=15_000)
    drawn.locator(".sr-live svg .mark-symbol path").nth(60).click()
    expect(page.get_by_role("combobox")).not_to_have_value("")
    chosen = page.get_by_role("combobox").input_value()
    expect(drawn.locator(".sr-beside")).to_contain_text(chosen)
    # The ring and the name are in the map itself.
    expect(drawn.locator(".sr-live svg")).to_contain_text(chosen)


# ---------------------------------------------------------------- without what is not needed


@pytest.mark.parametrize("in_use", [False, True], ids=["just-loaded", "in-use"])
@pytest.mark.parametrize("path", ["index.html", *CHARTED])
def test_a_page_goes_on_when_the_network_is_cut(
    browser: Browser, site: str, path: str, in_use: bool
) -> None:
    context = browser.new_context()
    page = context.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{site}/{path}", wait_until="load")
    figures = page.locator("figure.sr-figure")
    said = page.locator("[data-picker-status]")
    if in_use:  # the first chart is live, and the list of councils has come
        figures.first.scroll_into_view_if_needed()
        expect(figures.first).to_have_attribute("data-live", "true", timeout=15_000)
        page.get_by_role("combobox", name="Your council or region").fill("ken")
        expect(page.get_by_role("option").first).to_be_visible()
    context.set_offline(True)
    if in_use:
        choose(page, "kent")
        expect(page.get_by_role("combobox", name="Your council or region")).to_have_value("Kent")
        for beside in page.locator(".sr-beside").all():
            expect(beside).to_have_text("The figures of your council did not come.")
    else:
        page.get_by_role("combobox", name="Your council or region").fill("kent")
        expect(said).to_have_text("The list of councils did not come. Are you offline?")
    for top in range(0, page.evaluate("document.body.scrollHeight"), 1200):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(30)
    for place in range(figures.count()):
        expect(figures.nth(place).locator(".sr-chart svg:visible").first).to_be_visible()
    table = figures.last.locator(".sr-figure-links details.sr-data")
    table.locator("summary").click()
    expect(table.locator("table")).to_be_visible()
    context.close()
    assert failed == []


@pytest.mark.parametrize("path", CHARTED)
def test_without_scripts_each_chart_has_its_table_and_files(
    browser: Browser, site: str, path: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{path}")
    figures = page.locator("figure.sr-figure")
    for place in range(figures.count()):
        one = figures.nth(place)
        expect(one.locator("svg:visible").first).to_be_visible()
        one.locator("details.sr-data > summary").click()
        expect(one.locator("details.sr-data table")).to_be_visible()
    expect(page.locator(".sr-picker")).to_be_hidden()
    context.close()


# ---------------------------------------------------------------- for everyone


@pytest.mark.parametrize("area", ["", f"?area={KENT}"], ids=["england", "kent"])
@pytest.mark.parametrize("path", ["index.html", *CHARTED])
def test_nothing_jumps_while_a_page_is_read(
    browser: Browser, site: str, path: str, area: str
) -> None:
    context = browser.new_context(viewport={"width": 412, "height": 823})
    page = context.new_page()
    page.add_init_script(
        "window.shifted = 0; new PerformanceObserver((list) => { for (const entry of "
        "list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(f"{site}/{path}{area}", wait_until="load")
    height = page.evaluate("document.body.scrollHeight")
    for top in range(0, height, 500):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(60)
    page.wait_for_timeout(500)
    shifted = page.evaluate("window.shifted")
    context.close()
    assert shifted < 0.02


def test_charts_keep_a_white_ground_in_the_dark_and_in_forced_colours(
    browser: Browser, site: str
) -> None:
    for mode in ({"color_scheme": "dark"}, {"forced_colors": "active"}):
        context = browser.new_context(**mode)
        page = context.new_page()
        page.goto(f"{site}/{ESSENTIAL}")
        ground = page.locator("figure.sr-figure .sr-chart").first.evaluate(
            "(chart) => getComputedStyle(chart).backgroundColor"
        )
        assert ground == "rgb(255, 255, 255)"
        context.close()


def test_the_contents_open_and_close_on_a_phone_by_keyboard(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/index.html")
    contents = page.get_by_role("navigation", name="Contents of the report")
    expect(contents).to_be_hidden()
    button = page.get_by_role("button", name="Contents")
    button.focus()
    page.keyboard.press("Enter")
    expect(contents).to_be_visible()
    page.keyboard.press("Escape")
    expect(contents).to_be_hidden()
    context.close()


def test_a_table_of_words_is_cards_on_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 700})
    page = context.new_page()
    page.goto(f"{site}/notebooks/cost_of_delay.html")
    region = page.locator("#assumptions .sr-scroll")
    assert region.evaluate("(region) => region.scrollWidth <= region.clientWidth")
    source = region.locator("tbody td").nth(1)
    named = source.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    # A browser may add what is said for it, which is nothing: the head of the column is said.
    assert named in {'"Source"', '"Source" / ""'}
    expect(region.get_by_role("row")).to_have_count(region.locator("tr").count())
    context.close()


def test_search_finds_a_council_a_measure_and_words(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html")
    page.get_by_role("searchbox", name="Search this report").fill("Kent")
    page.keyboard.press("Enter")
    link = page.locator("#sr-found-names a", has_text="Kent").first
    expect(link).to_be_visible()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("SEND in Kent")
    page.goto(f"{site}/search.html?q=appeals")
    expect(page.locator("#sr-found-names h2", has_text="Measures")).to_be_visible()
    expect(page.locator("#search-results li").first).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["index.html", *CHARTED])
def test_a_picture_of_each_live_chart_is_kept_and_none_is_blank(
    browser: Browser, site: str, path: str, width: int
) -> None:
    """Nobody is told here what a chart should look like: the pictures are for whoever looks."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/{path}", wait_until="load")
    figures = page.locator("figure.sr-figure")
    for place in range(figures.count()):
        one = figures.nth(place)
        one.scroll_into_view_if_needed()
        expect(one).to_have_attribute("data-live", "true", timeout=15_000)
        name = f"{Path(path).stem}-{one.get_attribute('id')}-{width}.png"
        one.screenshot(path=PICTURES / name)
        drawn = one.locator(".sr-live svg:visible").screenshot()
        assert 0.002 < inked(page, drawn) < 0.9, name
    context.close()


def inked(page: Page, picture: bytes) -> float:
    """The share of a picture that is not white, as the browser counts it."""
    return page.evaluate(
        """async (picture) => {
          const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
          const drawn = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
          const canvas = new OffscreenCanvas(drawn.width, drawn.height).getContext("2d");
          canvas.drawImage(drawn, 0, 0);
          const { data } = canvas.getImageData(0, 0, drawn.width, drawn.height);
          let inked = 0;
          for (let at = 0; at < data.length; at += 4)
            if (Math.min(data[at], data[at + 1], data[at + 2]) < 240) inked += 1;
          return inked / (drawn.width * drawn.height);
        }""",
        base64.b64encode(picture).decode(),
    )
