"""The explorer in a real browser: the package's own figures, and its state in the link."""

import functools
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page

from as_tested import tested_project
from book.conftest import About, Quiet
from conftest import ROOT
from sendreform.book import delay
from sendreform.book.delay import accounts
from sendreform.book.delay.place import project_place
from sendreform.book.site import POLICY
from sendreform.evidence.projection.scenarios import EFFECTS, Scenario

ASSETS = ROOT / "src/sendreform/book/assets"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The explorer of England's page by itself, under the policy of the site."""
    folder = tmp_path_factory.mktemp("explorer")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tested_project())
        from sendreform.report import open_report

        report = open_report("England", 2015, 2026, "2024-25")
        made = delay.explorer(report, project_place(report), delay.example(report))
    (folder / "index.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorer</title>'
        '<meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<link rel="stylesheet" href="report.css"></head>'
        f'<body>{made.data}<script src="explorer.js"></script></body></html>',
        "utf-8",
    )
    for name in ("explorer.js", "report.css"):
        (folder / name).write_bytes((ASSETS / name).read_bytes())
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page that fails on any error that it reports."""
    opened = browser.new_page(viewport={"width": 360, "height": 800})
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.goto(served)
    yield opened
    opened.close()
    assert [error for error in errors if "favicon" not in error and "404" not in error] == []


def told(page: Page) -> dict[str, str]:
    return dict(
        page.eval_on_selector_all(
            ".sr-explorer dl > div",
            "rows => rows.map(row => [row.children[0].textContent, row.children[1].textContent])",
        )
    )


def ranges(page: Page) -> dict[str, list[float]]:
    """Both ends of each range with the reform."""
    beside = page.eval_on_selector_all(
        ".sr-explorer dl > div",
        "rows => rows.map(row => [row.children[0].textContent, row.children[2].textContent])",
    )
    return {
        term: [number(end) for end in words.removeprefix("range ").split(";")[0].split(" to ")]
        for term, words in beside
    }


def number(text: str) -> float:
    size = {"bn": 1e9, "m": 1e6}.get(text.lstrip("−£0123456789.,"), 1.0)
    digits = text.replace("£", "").replace(",", "").replace("bn", "").replace("m", "")
    return float(digits.replace("−", "-")) * size


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario("Nothing", 2027, 4),
        Scenario("All", 2027, 4, (12, 12), (20, 20), (12, 12), (0.5, 0.5)),
        Scenario("Late and large", 2032, 1, (50, 50), (60, 60), (60, 60), (3, 3)),
        Scenario("New plans alone", 2026, 10, fewer_new_plans=(30, 30)),
    ],
    ids=lambda scenario: scenario.name,
)
def test_its_figures_are_those_of_the_package(
    page: Page, served: str, about: About, scenario: Scenario
) -> None:
    effects = [
        scenario.fewer_new_plans, scenario.more_in_mainstream, scenario.fewer_independent,
        scenario.slower_unit_costs,
    ]  # fmt: skip
    state = "-".join(f"{one:g}" for one in (scenario.start, scenario.phase_in,
                                            *(low for low, _ in effects)))  # fmt: skip
    page.goto(f"{served}?reform={state}")
    shown = told(page)
    made = project_place(about("England"), scenario)
    none = project_place(about("England"))
    assert made is not None and made.bill is not None
    assert none is not None and none.bill is not None
    plans, spent = np.median(made.plans[:, -1]), np.median(made.bill.cash[:, -1])
    assert number(shown["EHC plans, January 2036"]) == pytest.approx(plans, rel=0.01)
    assert number(shown["Spending in 2035-36, cash"]) == pytest.approx(spent, rel=0.02)
    less = np.median((none.bill.cash - made.bill.cash).sum(axis=1))
    assert number(shown["Less spent, all years together"]) == pytest.approx(
        less, rel=0.06, abs=0.1e9
    )


@pytest.mark.parametrize("area", ["England", "Leeds", "West Berkshire"])
def test_its_ranges_are_those_of_the_package(
    page: Page, served: str, about: About, area: str
) -> None:
    """The ends of eight in ten draws: of plans, spending and a deficit; and of what is saved."""
    report = about(area)
    page.goto(f"{served}?reform=2027-4-12-20-12-0.5")
    page.evaluate(
        "code => { window.sendreformArea = {code};"
        "document.dispatchEvent(new CustomEvent('sendreform:area', {detail: {code}})) }",
        report.area,
    )
    scenario = Scenario("All", 2027, 4, (12, 12), (20, 20), (12, 12), (0.5, 0.5))
    made, none = project_place(report, scenario), project_place(report)
    assert made is not None and made.bill is not None
    assert none is not None and none.bill is not None
    deficit = accounts.deficit_of(made.bill, accounts.deficit_base(report))
    assert deficit is not None
    shown = ranges(page)
    for term, draws in {
        "EHC plans, January 2036": made.plans[:, -1],
        "Spending in 2035-36, cash": made.bill.cash[:, -1],
        "Less spent, all years together": (none.bill.cash - made.bill.cash).sum(axis=1),
        "Deficit at the end of 2035-36": deficit[0][:, -1],
    }.items():
        ends = np.quantile(draws, [0.1, 0.9])
        # As near as an eighth of the range is wide: the script follows one course, not each draw.
        assert shown[term] == pytest.approx(ends, abs=0.125 * (ends[1] - ends[0])), term


def test_it_starts_from_the_example_and_tells_what_a_year_of_waiting_costs(
    page: Page, about: About
) -> None:
    """The first year of delay, as the page's own chart has it for the middle of each effect."""
    report = about("England")
    example = delay.example(report)
    middle = {name: (sum(getattr(example, name)) / 2,) * 2 for name in EFFECTS}
    sooner, later = (
        project_place(report, replace(example, start=example.start + wait, **middle))
        for wait in (0, 1)
    )
    assert sooner is not None and sooner.bill is not None
    assert later is not None and later.bill is not None
    for name, (size, _) in middle.items():
        assert float(page.locator(f"input[name={name}]").input_value()) == size
    shown = told(page)
    term = f"If it began in {example.start + 1}, a year later"
    more = (later.bill.cash - sooner.bill.cash).sum(axis=1)
    assert number(shown[term].removesuffix(" more spent")) == pytest.approx(
        np.median(more), rel=0.05
    )
    ends = np.quantile(more, [0.1, 0.9])
    assert ranges(page)[term] == pytest.approx(ends, abs=0.2 * (ends[1] - ends[0]))
    page.locator("[data-nothing]").click()
    assert page.locator("[data-place]").text_content() == "For England, if nothing changes:"
    assert not any("a year later" in row for row in told(page))


def test_keys_move_a_control_and_the_link_holds_the_state(page: Page) -> None:
    before = told(page)
    slider = page.locator("input[name=fewer_new_plans]")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    after = told(page)
    assert number(after["EHC plans, January 2036"]) < number(before["EHC plans, January 2036"])
    assert "reform=2027-4-" in page.url
    link = page.locator(".sr-explorer a[data-link]").get_attribute("href")
    assert link
    page.goto(link)
    assert told(page) == after


def test_another_place_is_told_once_it_is_chosen(page: Page, about: About) -> None:
    page.evaluate(
        "window.sendreformArea = {code: '383'};"
        "document.dispatchEvent(new CustomEvent('sendreform:area', {detail: {code: '383'}}))"
    )
    page.locator("[data-nothing]").click()
    leeds = project_place(about("Leeds"))
    assert leeds is not None
    assert page.locator("[data-place]").text_content().startswith("For Leeds, ")
    plans = number(told(page)["EHC plans, January 2036"])
    assert plans == pytest.approx(np.median(leeds.plans[:, -1]), rel=0.01)
    deficit = accounts.deficit_of(leeds.bill, accounts.deficit_base(about("Leeds")))
    assert deficit is not None
    shown = number(told(page)["Deficit at the end of 2035-36"])
    assert shown == pytest.approx(np.median(deficit[0][:, -1]), rel=0.03)


def test_where_few_hold_a_plan_nothing_is_worked_out(page: Page) -> None:
    page.evaluate(
        "window.sendreformArea = {code: '201'};"
        "document.dispatchEvent(new CustomEvent('sendreform:area', {detail: {code: '201'}}))"
    )
    assert page.locator("[data-place]").text_content().startswith("In the City of London so few")
    assert told(page) == {}
    assert page.locator(".sr-explorer-now").text_content() == ""
    page.locator("[data-nothing]").click()
    assert "reform=" in page.locator("[data-link]").get_attribute("href")


def test_no_deficit_is_told_where_no_balance_is_published(page: Page) -> None:
    page.evaluate(
        "window.sendreformArea = {code: '825'};"
        "document.dispatchEvent(new CustomEvent('sendreform:area', {detail: {code: '825'}}))"
    )
    assert page.locator("[data-place]").text_content().startswith("For Buckinghamshire, ")
    assert "Spending in 2035-36, cash" in told(page)
    assert not any("Deficit" in term for term in told(page))


@pytest.mark.parametrize(
    "state",
    [
        "",
        "x",
        "1-2-3",
        "9999-99-999-999-999-999",
        "2027-4-NaN-1-1-1",
        "2027.5-4-1-1-1-1",
        "2027--4-1-1-1-1",
        "2027-4-1e9-Infinity-1-1",
        "2027-4-1e9-1e9-1e9-1e9",
        "true-1-1-1-1-1",
        "-----",
    ],
)
def test_nonsense_in_the_link_leaves_a_sound_page(page: Page, served: str, state: str) -> None:
    page.goto(f"{served}?reform={state}")
    assert number(told(page)["EHC plans, January 2036"]) > 0
    assert page.locator("select[name=start]").input_value() in map(str, range(2026, 2033))


def test_it_fits_a_phone(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    sizes = page.eval_on_selector_all(
        ".sr-explorer :is(select, button, input)", "all => all.map(one => one.offsetHeight)"
    )
    assert min(sizes) >= 44


def test_without_scripts_it_says_where_the_example_is(browser: Browser, served: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    quiet = context.new_page()
    quiet.goto(served)
    assert quiet.locator(".sr-explorer-without").is_visible()
    assert not quiet.locator(".sr-explorer form").is_visible()
    context.close()


def test_it_holds_every_council_and_region(about: About) -> None:
    report = about("England")
    made = delay.explorer(report, project_place(report), delay.example(report))
    section = BeautifulSoup(made.data, "html.parser").select_one("section")
    assert section
    held = json.loads(str(section["data-model"]))
    assert len(held["places"]) == 1 + 9 + 153
    assert "parts" not in held["places"]["420"], "the Isles of Scilly tell no settings"
    assert len(made.data) < 120_000


def test_on_a_phone_what_a_slider_changes_is_in_sight(page: Page) -> None:
    """The first slider at the top of the window: the figures below it are out of sight."""
    first = page.locator("input[name=fewer_new_plans]")
    first.evaluate("slider => slider.parentElement.scrollIntoView({block: 'start'})")
    strip = page.locator(".sr-explorer-now")
    before = strip.inner_text()
    first.press("ArrowRight")
    after = strip.inner_text()
    assert after != before
    shown = told(page)
    plans = next(value for name, value in shown.items() if name.startswith("EHC plans"))
    deficit = next(value for name, value in shown.items() if name.startswith("Deficit"))
    assert after.startswith(f"By 2036: {plans} plans, £")
    assert after.endswith(f", {deficit} deficit")
    box = strip.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 800
    assert page.locator(".sr-explorer dl").bounding_box()["y"] > 400  # type: ignore[index]


def test_on_a_wide_screen_the_list_alone_tells_it(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    assert not page.locator(".sr-explorer-now").is_visible()
