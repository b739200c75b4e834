"""By keyboard alone: a council chosen in a chart, and a whole page gone through with Tab."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from book.conftest import watched
from book.test_in_browser import WCAG, open_page, scroll_through

pytestmark = pytest.mark.browser
ESSENTIAL = "notebooks/reform_essential.html"
SYSTEMIC = "notebooks/systemic_root_causes.html"
UNAVOIDABLE = "notebooks/reform_unavoidable.html"
MAP = "notebooks/council_map.html"
#: A chart of each kind that has a mark for each council.
MAPPED = (MAP, "map-on-time")
PILED = (ESSENTIAL, "appeals-by-council")
FUNNEL = (SYSTEMIC, "on-time-by-size")

#: What the Tab key stops at, as the page is now.
STOPS = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]")].filter((element) =>
  element.tabIndex >= 0 && !element.disabled &&
  element.checkVisibility({visibilityProperty: true}))"""
#: Goes from council to council, at each by the arrow key tried least there, until all were seen.
EXPLORE = """([list, all]) => {
  const keys = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"];
  const tried = {};
  for (let step = 0; step < 20000 && Object.keys(tried).length < all; step++) {
    const here = list.getAttribute("aria-activedescendant");
    tried[here] = (tried[here] ?? -1) + 1;
    const key = keys[tried[here] % keys.length];
    list.dispatchEvent(new KeyboardEvent("keydown", {key, cancelable: true}));
  }
  return Object.keys(tried).length;
}"""


@pytest.fixture(params=[1280, 360])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page, wide and narrow, that fails the test on any error that it reports."""
    with watched(browser, width=request.param, height=800) as page:
        yield page


def councils_of(page: Page, site: str, path: str, name: str) -> Locator:
    """Open a page where a chart is live, and return the chart's list of councils."""
    page.goto(f"{site}/{path}")
    figure = page.locator(f"figure#{name}")
    figure.scroll_into_view_if_needed()
    councils = figure.get_by_role("listbox")
    expect(councils).to_be_attached(timeout=15_000)
    return councils


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until an element has the focus."""
    for _ in range(250):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    pytest.fail("the Tab key does not reach it")


def here(councils: Locator) -> Locator:
    """Return the council that the ring is on."""
    return councils.page.locator(f"#{councils.get_attribute('aria-activedescendant')}")


def middle(councils: Locator) -> tuple[float, float]:
    """Return where in the window the ring has its middle."""
    box = here(councils).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def figure_in(text: str) -> float:
    """Read a figure as a chart writes it."""
    return float(re.sub(r"[^\d.]", "", text.rsplit(":", 1)[1]))


# ---------------------------------------------------------------- the map


def test_a_council_is_chosen_on_the_map(page: Page, site: str) -> None:
    councils = councils_of(page, site, *MAPPED)
    page.evaluate("scrollTo(0, 0)")
    tab_to(page, councils)
    expect(page.locator("#map-on-time-keys")).to_be_visible()
    page.keyboard.type("leice", delay=20)
    expect(here(councils)).to_have_text("Leicester: 51.5%")
    page.keyboard.press("ArrowRight")
    name = here(councils).inner_text().split(":")[0]
    assert name != "Leicester"
    page.keyboard.press("Enter")
    expect(page.locator("#sr-area")).to_have_value(name)
    expect(page).to_have_url(re.compile(r"\?area=\d{3}$"))
    expect(page.locator("#map-on-time .sr-beside")).to_contain_text(name)
    expect(here(councils)).to_have_attribute("aria-selected", "true")
    expect(councils).to_be_focused()
    # What the choice put above the chart has not pushed the ring out of sight.
    expect(here(councils)).to_be_in_viewport(ratio=1)
    expect(page.locator("#map-on-time-keys")).to_be_in_viewport(ratio=1)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    expect(page.locator("#sr-area")).not_to_have_value(name)


def test_arrow_keys_go_where_they_point_and_back(page: Page, site: str) -> None:
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    page.keyboard.type("leice", delay=20)
    start = middle(councils)
    for key, back, across in (
        ("ArrowRight", "ArrowLeft", 1),
        ("ArrowLeft", "ArrowRight", -1),
    ):
        page.keyboard.press(key)
        x, y = middle(councils)
        assert (x - start[0]) * across > 5
        assert abs(y - start[1]) < 1
        page.keyboard.press(back)
        assert middle(councils) == pytest.approx(start, abs=1)
    for key, back, down in (("ArrowUp", "ArrowDown", -1), ("ArrowDown", "ArrowUp", 1)):
        for _ in range(2):
            page.keyboard.press(key)
        x, y = middle(councils)
        assert (y - start[1]) * down > 10
        assert abs(x - start[0]) < 15
        for _ in range(2):
            page.keyboard.press(back)
        assert middle(councils) == pytest.approx(start, abs=1)


def test_arrow_keys_reach_every_council_of_the_map(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/{MAP}")
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    count = councils.get_by_role("option").count()
    assert count == 153
    assert page.evaluate(EXPLORE, [councils.element_handle(), count]) == count
    page.context.close()


def test_letters_go_to_a_name(page: Page, site: str) -> None:
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    found = []
    for _ in range(3):
        page.keyboard.press("k")
        found.append(here(councils).inner_text().split(":")[0])
    assert found == ["Kensington and Chelsea", "Kent", "Kingston upon Hull, City of"]
    page.wait_for_timeout(1100)  # after a pause letters begin another name
    page.keyboard.type("st h", delay=20)
    page.keyboard.press("Shift+e")  # the key for capitals does not end the name
    expect(here(councils)).to_contain_text("St. Helens")
    page.wait_for_timeout(1100)
    before = here(councils).inner_text()
    page.keyboard.press("x")
    expect(here(councils)).to_have_text(before)


def test_home_and_end_go_to_the_first_and_the_last(page: Page, site: str) -> None:
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    page.keyboard.press("End")
    expect(here(councils)).to_contain_text("Isles of Scilly")
    expect(here(councils)).to_be_in_viewport(ratio=1)
    last = middle(councils)
    page.keyboard.press("Home")
    assert middle(councils)[1] < last[1]
    first = councils.get_by_role("option").first.get_attribute("id")
    assert councils.get_attribute("aria-activedescendant") == first


def test_escape_clears_the_mark_and_does_not_hold_the_focus(page: Page, site: str) -> None:
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    chart = page.locator("#map-on-time .sr-chart")
    top = "(chart) => chart.getBoundingClientRect().top"
    stood = chart.evaluate(top)
    page.keyboard.press("Home")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    assert chart.evaluate(top) == pytest.approx(stood, abs=1)
    assert councils.get_attribute("aria-activedescendant") is None
    expect(page.locator("#map-on-time .sr-ringed")).to_have_count(0)
    expect(councils).to_be_focused()
    page.keyboard.press("Tab")
    expect(councils).not_to_be_focused()
    expect(page.locator("#map-on-time .sr-source a")).to_be_focused()
    expect(page.locator("#map-on-time-keys")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    expect(councils).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(councils).not_to_be_focused()


# ---------------------------------------------------------------- dots


@pytest.mark.parametrize(("path", "name"), [PILED, FUNNEL], ids=["distribution", "funnel"])
def test_among_dots_right_and_left_follow_the_figures(
    page: Page, site: str, path: str, name: str
) -> None:
    councils = councils_of(page, site, path, name)
    councils.focus()
    page.keyboard.type("leeds", delay=20)
    figures = [figure_in(here(councils).inner_text())]
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        figures.append(figure_in(here(councils).inner_text()))
    assert figures == sorted(figures)
    assert figures[-1] > figures[0]
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(here(councils)).to_contain_text("Leeds")
    page.keyboard.press("Enter")
    expect(page.locator("#sr-area")).to_have_value("Leeds")
    expect(page.locator(f"#{name} .sr-beside")).to_contain_text("Leeds")
    expect(page.locator(f"#{name} .sr-live svg:visible")).to_contain_text("Leeds")
    expect(councils).to_be_focused()
    page.keyboard.press("Home")
    lowest = figure_in(here(councils).inner_text())
    page.keyboard.press("End")
    assert lowest < figures[0] < figure_in(here(councils).inner_text())


# ---------------------------------------------------------------- as it is shown


@pytest.mark.parametrize(("path", "name"), [MAPPED, PILED, FUNNEL])
def test_a_chart_is_one_stop_and_the_ring_is_on_the_mark(
    page: Page, site: str, path: str, name: str
) -> None:
    councils = councils_of(page, site, path, name)
    expect(councils).to_have_count(1)  # though it is drawn for two widths
    words = page.locator(f"#{name} .sr-chart[role=img]").get_attribute("aria-label")
    assert words  # the text alternative stays
    councils.focus()
    page.keyboard.type("leeds", delay=20)
    page.keyboard.press("Enter")
    # The mark of the chosen council is drawn in this colour, and by then the ring is around it.
    own = page.locator(f'#{name} .sr-live:visible path[fill="#F46A25" i]')
    expect(own).to_have_count(1)
    box = own.bounding_box()
    assert box
    assert middle(councils) == pytest.approx(
        (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), abs=2
    )


def test_the_ring_follows_when_the_window_changes(browser: Browser, site: str) -> None:
    page = open_page(browser, f"{site}/{MAP}")
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        drawing = page.locator(f"#{MAPPED[1]} .sr-drawing:visible")
        expect(drawing).to_have_attribute("data-live", "true", timeout=15_000)
        expect(councils).to_have_count(1)
        expect(here(councils)).to_have_class(re.compile("sr-ringed"))
        page.wait_for_timeout(200)
        box, ring = drawing.bounding_box(), middle(councils)
        assert box
        assert box["x"] < ring[0] < box["x"] + box["width"]
        assert box["y"] < ring[1] < box["y"] + box["height"]
    page.context.close()


@pytest.mark.parametrize("mode", [{}, {"forced_colors": "active", "color_scheme": "dark"}])
def test_the_ring_stands_out_from_every_shade(
    browser: Browser, site: str, mode: dict[str, str]
) -> None:
    page = open_page(browser, f"{site}/{MAP}", **mode)
    councils = councils_of(page, site, *MAPPED)
    councils.focus()
    style = here(councils).evaluate(
        "(ring) => (({borderTopColor, borderTopWidth, outlineColor, outlineWidth, opacity}) =>"
        "[borderTopColor, borderTopWidth, outlineColor, outlineWidth, opacity])"
        "(getComputedStyle(ring))"
    )
    # Black within white: whatever lies behind, one of the two is far from it.
    assert style == ["rgb(11, 12, 12)", "3px", "rgb(255, 255, 255)", "3px", "1"]
    page.context.close()


@pytest.mark.parametrize(("path", "name"), [MAPPED, PILED, FUNNEL])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_chart_in_use_has_no_accessibility_violation(
    browser: Browser, site: str, path: str, name: str, width: int
) -> None:
    page = open_page(browser, f"{site}/{path}", width)
    councils = councils_of(page, site, path, name)
    councils.focus()
    page.keyboard.press("ArrowRight")
    violations = Axe().run(page, options=WCAG).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []
    assert wide <= width


def test_what_is_for_such_charts_comes_with_the_first_of_them(browser: Browser, site: str) -> None:
    asked: list[str] = []
    for path, wanted in ((UNAVOIDABLE, 0), (MAP, 1)):
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{site}/{path}", wait_until="networkidle")
        scroll_through(page)
        page.wait_for_timeout(500)
        page.close()
        assert sum("choose.js" in url for url in asked) == wanted


# ---------------------------------------------------------------- a whole page


def name_of_focus(session: CDPSession) -> str:
    """Return what a screen reader calls the element that has the focus."""
    found = session.send("Runtime.evaluate", {"expression": "document.activeElement"})
    node = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
    tree = session.send("Accessibility.getPartialAXTree", node)
    return str(tree["nodes"][0].get("name", {}).get("value", "")).strip()


@pytest.mark.parametrize("path", [MAP, ESSENTIAL])
def test_the_tab_key_goes_through_a_whole_page(page: Page, site: str, path: str) -> None:
    """Every stop has a name and shows the focus; what is folded is unfolded on the way."""
    page.goto(f"{site}/{path}", wait_until="load")
    for one in page.locator("figure.sr-figure").all():
        one.scroll_into_view_if_needed()
        expect(one).to_have_attribute("data-live", "true", timeout=15_000)
    page.evaluate("scrollTo(0, 0)")
    session = page.context.new_cdp_session(page)
    faults = []
    for number in range(2000):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """(number) => {
              const one = document.activeElement;
              if (one === document.body || one.dataset.walked) return null;
              one.dataset.walked = number;
              const box = one.getBoundingClientRect();
              const { outlineStyle, outlineWidth } = getComputedStyle(one);
              return {
                html: one.outerHTML.slice(0, 150),
                folded: one.matches("details:not([open]) > summary"),
                shown: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 &&
                  box.width > 0 && box.bottom > 0 && box.top < innerHeight,
              };
            }""",
            number,
        )
        if state is None:
            break
        if not state["shown"] or not name_of_focus(session):
            faults.append(state["html"])
        if state["folded"]:
            page.keyboard.press("Enter")
    assert faults == []
    stops = page.evaluate(
        f"({STOPS})().map((one) => [one.dataset.walked ?? '', one.outerHTML.slice(0, 150)])"
    )
    assert [html for walked, html in stops if walked == ""] == []
    assert [int(walked) for walked, _ in stops] == list(range(len(stops)))
    kinds = (
        "#sr-area",
        ".cell summary",
        ".sr-data summary",
        ".sr-scroll[tabindex]",
        ".sr-figure-links a[download], .sr-figure-links a[href$='.csv']",
        ".sr-councils",
        ".sr-foot a",
    )
    for kind in kinds:
        expect(page.locator(f":is({kind})[data-walked]").first).to_be_attached()
