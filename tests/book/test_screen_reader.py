"""What a screen reader is told: the tree that Chromium makes of a page, walked in its order."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from book.test_print import FINDING, KENT, LEDGER, REFORM, alternatives, come_alive

pytestmark = pytest.mark.browser
#: A page of each kind.
KINDS = [
    "index.html", FINDING, f"{FINDING}{KENT}", REFORM, LEDGER, "notebooks/council_map.html",
    "book/for_analysts.html", "book/measures.html", "book/methods.html",
    "search.html?q=appeals", "404.html", "code/sendreform.areas.html",
]  # fmt: skip
LANDMARKS = {"banner", "main", "contentinfo", "search", "navigation", "complementary", "region",
             "form"}  # fmt: skip
#: What is worked by a key.
WORKED = {"link", "button", "combobox", "searchbox", "textbox", "DisclosureTriangle", "listbox"}


class Heard(NamedTuple):
    """A thing that a screen reader comes to: its role, its name, what else is said of it."""

    role: str
    name: str
    level: int
    url: str
    within: tuple[str, ...]


def heard(page: Page) -> list[Heard]:
    """Everything in a page's accessibility tree, in the order of reading."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {node["nodeId"]: node for node in nodes}

    def within(node: dict[str, Any], above: tuple[str, ...]) -> Iterator[Heard]:
        role = node.get("role", {}).get("value", "")
        if not node["ignored"]:
            said = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
            name = " ".join(str(node.get("name", {}).get("value", "")).split())
            yield Heard(role, name, said.get("level") or 0, said.get("url") or "", above)
            above = (*above, role)
        for child in node.get("childIds", []):
            if child in known:
                yield from within(known[child], above)

    return list(within(nodes[0], ()))


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A function that opens a page of the site in a window of a width."""
    contexts = []

    def opened(path: str, width: int = 1280) -> Page:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(f"{site}/{path}", wait_until="load")
        if "?q=" in path:
            expect(page.locator("#search-results li").first).to_be_visible(timeout=15_000)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("path", KINDS)
def test_a_page_makes_sense_to_a_listener(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    if KENT in path:
        expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    told = heard(page)
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert told[0].role == "RootWebArea"
    assert told[0].name

    headings = [each for each in told if each.role == "heading"]
    levels = [each.level for each in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert [each for each in headings if not each.name or each.name.endswith("#")] == []

    landmarks = [each for each in told if each.role in LANDMARKS]
    roles = Counter(each.role for each in landmarks)
    assert [roles[once] for once in ("banner", "main", "contentinfo")] == [1, 1, 1]
    named = [(each.role, each.name) for each in landmarks if roles[each.role] > 1]
    assert [each for each, times in Counter(named).items() if times > 1 or not each[1]] == []

    assert [each for each in told if each.role in WORKED and not each.name] == []


@pytest.mark.parametrize("path", [FINDING, "notebooks/council_map.html"])
def test_what_can_be_worked_in_a_figure_is_named_with_the_figure(
    opened: Callable[..., Page], path: str
) -> None:
    page = opened(path)
    told = heard(page)
    figures = page.locator("figure.sr-figure").count()
    worked = [each for each in told if "figure" in each.within and each.role in WORKED]
    for words in ("CSV", "SVG", "PNG", "Link to this figure", "Data table", "Cite", "code"):
        names = {each.name for each in worked if each.name.startswith(f"{words}: ")}
        assert len(names) == figures


def test_links_of_one_name_on_the_front_page_lead_to_one_place(opened: Callable[..., Page]) -> None:
    places = defaultdict(set)
    for each in heard(opened("index.html")):
        if each.role == "link":
            places[each.name].add(each.url)
    assert {name: urls for name, urls in places.items() if len(urls) > 1} == {}


@pytest.mark.parametrize("path", [f"{FINDING}{KENT}", "notebooks/council_map.html"])
def test_each_chart_is_heard_once_drawn_or_live(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    if KENT in path:
        expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    before = heard(page)
    come_alive(page)
    after = heard(page)
    expected = alternatives(page)
    assert len(expected) >= page.locator("figure.sr-figure").count()
    for told in (before, after):
        assert [each.name for each in told if each.role == "image"] == expected
        # Nothing inside a drawing is read.
        assert [each for each in told if "image" in each.within] == []
        assert [each for each in told if each.role.startswith(("graphics", "Graphics"))] == []


@pytest.mark.parametrize("path", [f"{FINDING}{KENT}", "book/for_analysts.html"])
def test_a_table_has_a_name_and_heads(opened: Callable[..., Page], path: str) -> None:
    page = opened(path)
    if KENT in path:
        expect(page.locator(".sr-beside").last).to_contain_text("Kent", timeout=15_000)
    page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
    told = heard(page)
    tables = [place for place, each in enumerate(told) if each.role == "table"]
    assert len(tables) == page.locator("article table").count() > 0
    for place in tables:
        depth = len(told[place].within)
        inside = []
        for each in told[place + 1 :]:
            if len(each.within) <= depth:
                break
            inside.append(each.role)
        assert {"columnheader", "cell"} <= {*inside}
        around = told[place - 1]
        assert told[place].name or (around.role == "region" and around.name)


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", ["index.html", FINDING, LEDGER, "search.html", "404.html"])
def test_what_is_read_first_stands_first(
    opened: Callable[..., Page], path: str, width: int
) -> None:
    page = opened(path, width)
    boxes = page.locator("body > header, .sr-shell > nav, main, body > footer").evaluate_all(
        "(parts) => parts.map((part) => part.getBoundingClientRect().toJSON())"
    )
    shown = [box for box in boxes if box["width"]]
    assert len(shown) == (4 if width == 1280 else 3)  # on a phone the contents are behind a button
    for first, then in pairwise(shown):
        assert then["top"] >= first["bottom"] - 1 or then["left"] >= first["right"] - 1
    tops = page.locator(
        "article > section > :is(h1, p, figure, .cell), article > section > section > "
        ":is(h2, h3, p, figure, .cell), main > nav"
    ).evaluate_all("(parts) => parts.map((part) => Math.round(part.getBoundingClientRect().top))")
    assert tops == sorted(tops)
