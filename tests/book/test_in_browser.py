"""The built pages in a real browser: what a reader sees, with scripts and without."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from book.test_built_book import FINDINGS, PAGES

pytestmark = pytest.mark.browser
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = {"desktop": 1280, "phone": 360, "narrow": 320}


def open_page(browser: Browser, address: str, width: int = 1280, **context: object) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}, **context).new_page()
    page.goto(address, wait_until="load")
    return page


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_has_no_accessibility_violation(
    browser: Browser, site: str, path: str, width: int
) -> None:
    page = open_page(browser, f"{site}/{path}", width)
    violations = Axe().run(page, options=WCAG).response["violations"]
    page.context.close()
    assert [(item["id"], item["nodes"][0]["html"][:200]) for item in violations] == []


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_no_other_host_and_reports_no_error(
    browser: Browser, site: str, path: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(f"{site}/{path}", wait_until="networkidle")
    scroll_through(page)
    context.close()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []
    assert errors == []


@pytest.mark.parametrize("path", FINDINGS)
def test_every_chart_comes_alive_when_seen(browser: Browser, site: str, path: str) -> None:
    page = open_page(browser, f"{site}/{path}")
    scroll_through(page)
    figures = page.locator("figure.sr-figure")
    for place in range(figures.count()):
        figure = figures.nth(place)
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-live", "true", timeout=15_000)
    page.context.close()


@pytest.mark.parametrize("path", FINDINGS)
def test_every_chart_is_there_without_scripts(browser: Browser, site: str, path: str) -> None:
    page = open_page(browser, f"{site}/{path}", java_script_enabled=False)
    figures = page.locator("figure.sr-figure")
    assert figures.count() >= 5
    for place in range(figures.count()):
        expect(figures.nth(place).locator("svg:visible").first).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_page_does_not_scroll_sideways(
    browser: Browser, site: str, path: str, width: int
) -> None:
    page = open_page(browser, f"{site}/{path}", width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()
    assert wide <= width


def scroll_through(page: Page) -> None:
    """Scroll to the end in steps, as a reader does."""
    height = page.evaluate("document.body.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(40)
