"""Pages as their readers have set their browser: enlarged, without motion, in colours of their own.

Contrast is measured: by axe on pages in the dark, and by arithmetic for what the style sheet says.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from book.test_print import FINDING, KENT, LEDGER, REFORM, come_alive
from charts.test_look import contrast
from conftest import ROOT

MAP = "notebooks/council_map.html"
STYLES = ROOT / "src" / "sendreform" / "book" / "assets" / "report.css"
PAGES = ["index.html", FINDING, REFORM, LEDGER, "book/for_analysts.html", "404.html"]


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of the site with settings of the browser."""
    contexts = []

    def opened(path: str, width: int = 1280, **settings: object) -> Page:
        viewport = {"width": width, "height": 800}
        contexts.append(browser.new_context(viewport=viewport, **settings))
        page = contexts[-1].new_page()
        page.goto(f"{site}/{path}", wait_until="load")
        return page

    yield opened
    for context in contexts:
        context.close()


def cut_off(page: Page) -> list[str]:
    """Words that stand outside the window, or outside of a box that hides what runs over."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          const unseen = ".sr-unseen, .sr-skip, [hidden], .sr-scroll *, svg *, " +
            ".pst-scrollable-table-container *, .sr-table *";
          return [...document.querySelectorAll("body *")]
            .filter((part) => !part.closest(unseen) && part.checkVisibility())
            .filter((part) => {
              const box = part.getBoundingClientRect();
              const hides = getComputedStyle(part).overflowX !== "visible";
              return box.right > wide + 1 || box.left < -1 ||
                (hides && part.matches("p, a, button, label, h1, h2, h3, li, summary") &&
                  part.scrollWidth > part.clientWidth + 1);
            })
            .map((part) => `${part.tagName} ${part.className} ${part.textContent.slice(0, 40)}`);
        }"""
    )


def overlapping(page: Page) -> list[str]:
    """Pairs of things to read or to work that lie over each other."""
    return page.evaluate(
        """() => {
          const parts = [...document.querySelectorAll(
            "header :is(a, button, input, label):not(.sr-skip, .sr-unseen), h1, h2, h3, " +
            "article p, figure .sr-chart, figure summary, .sr-contents a, .sr-way a, footer p")]
            .filter((part) => part.checkVisibility() && part.getBoundingClientRect().width > 1)
            .map((part) => [part, part.getBoundingClientRect()]);
          const found = [];
          parts.forEach(([one, a], place) => {
            for (const [other, b] of parts.slice(place + 1)) {
              const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
              if (over && !one.contains(other) && !other.contains(one))
                found.push(`${one.textContent.slice(0, 40)} | ${other.textContent.slice(0, 40)}`);
            }
          });
          return found;
        }"""
    )


@pytest.mark.browser
@pytest.mark.parametrize("path", [*PAGES, f"{FINDING}{KENT}"])
def test_at_twice_the_size_nothing_is_cut_off_or_covered(
    opened: Callable[..., Page], path: str
) -> None:
    page = opened(path, 640, device_scale_factor=2)  # a window of 1280 pixels, zoomed to 200%
    if KENT in path:
        expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    assert cut_off(page) == []
    assert overlapping(page) == []


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_with_text_of_twice_the_size_nothing_is_cut_off_or_covered(
    opened: Callable[..., Page], path: str
) -> None:
    page = opened(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert cut_off(page) == []
    assert overlapping(page) == []


@pytest.mark.browser
def test_nothing_moves_where_less_motion_is_asked_for(opened: Callable[..., Page]) -> None:
    page = opened(f"{FINDING}{KENT}", reduced_motion="reduce")
    come_alive(page)
    page.locator("details.sr-data > summary").first.click()
    moving = page.evaluate(
        """() => [document.getAnimations().length, ...[...document.querySelectorAll("*")]
          .map((part) => getComputedStyle(part))
          .filter(({ transitionDuration, animationName, scrollBehavior }) =>
            transitionDuration !== "0s" || animationName !== "none" || scrollBehavior === "smooth")
          .map(({ transition }) => transition)]"""
    )
    assert moving == [0]


@pytest.mark.browser
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_charts_and_focus_can_be_seen_in_forced_colours(
    opened: Callable[..., Page], colours: str
) -> None:
    page = opened(f"{FINDING}{KENT}", forced_colors="active", color_scheme=colours)
    first = page.locator("figure.sr-figure").first
    first.scroll_into_view_if_needed()
    expect(first).to_have_attribute("data-live", "true", timeout=15_000)
    panel = first.locator(".sr-beside")
    panel.scroll_into_view_if_needed()
    expect(panel).to_have_attribute("data-live", "true", timeout=15_000)
    shown = first.evaluate(
        """(figure) => {
          const filled = (part, style) => getComputedStyle(part)[style];
          return {
            grounds: [...figure.querySelectorAll(".sr-chart, .sr-beside-chart, .sr-key")]
              .map((part) => filled(part, "backgroundColor")),
            words: [...figure.querySelectorAll(".sr-live svg text, .sr-beside-chart svg text")]
              .map((part) => filled(part, "fill")),
            keys: [...figure.querySelectorAll(".sr-key")]
              .map((part) => filled(part, "borderTopColor")),
          };
        }"""
    )
    assert {*shown["grounds"]} == {"rgb(255, 255, 255)"}
    assert [word for word in shown["words"] if contrast(_hex(word), "#ffffff") < 4.5] == []
    assert len({*shown["keys"]}) == len(shown["keys"]) == 4
    page.keyboard.press("Tab")
    for _ in range(8):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(({ outlineStyle, outlineWidth }) => `${outlineStyle} ${outlineWidth}`)"
            "(getComputedStyle(document.activeElement))"
        )
        assert outline == "solid 3px"


@pytest.mark.browser
@pytest.mark.parametrize("path", ["index.html", f"{MAP}{KENT}"])
def test_words_stand_out_in_the_dark(opened: Callable[..., Page], path: str) -> None:
    page = opened(path, color_scheme="dark")
    if KENT in path:
        expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert [each["nodes"][0]["html"][:200] for each in found] == []


def test_the_contrasts_that_the_style_sheet_tells_are_true() -> None:
    told = re.findall(r"(#[0-9a-f]{3,6}); /\* ([\d.]+) on white", STYLES.read_text("utf-8"))
    assert len(told) > 8
    for colour, ratio in told:
        whole = colour if len(colour) == 7 else "#" + "".join(2 * part for part in colour[1:])
        assert contrast(whole, "#ffffff") == pytest.approx(float(ratio), abs=0.06)


def _hex(colour: str) -> str:
    """Return a computed colour as a style sheet would write it."""
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
