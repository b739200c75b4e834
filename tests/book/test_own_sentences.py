"""A chosen council in every chart and every sentence on the tests, and its words read alone."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from as_tested import tested_project
from conftest import ROOT
from sendreform.book import area_pages, places
from sendreform.book.execution import FINDINGS as FINDINGS_OF_THE_REPORT
from sendreform.book.execution import default_parameters, notebook_path
from sendreform.book.extension import executed_areas
from sendreform.book.own_words import ENGLAND_STAYS, version_of, words_of, write
from sendreform.book.verdict_box import PAGES
from sendreform.claims import by_place
from sendreform.claims.verdicts import read_tests
from sendreform.errors import ReportError
from sendreform.evidence.series import of
from sendreform.report import NEWEST, Report, open_report
from sendreform.store import open_store

KENT, LEEDS, SCILLY, NORTH_EAST = "886", "383", "420", "E12000001"
#: Figures that no series by council bears on: what is said instead is in ``places``.
FIGURES_WITHOUT_SERIES = {"survey", "threshold"}
FINDINGS = {name: f"notebooks/{file}" for name, file in PAGES.items()}
#: What a place's words may not hold: missing figures, slips of templates, wrong singulars.
SLIPS = re.compile(
    r"\bnan\b|None\b(?! of)|  |\{|\}|(?<![\d.,])1 [a-z]+s\b"
    r"|\bone (tests|support|are)\b|\.\.|,\.| ,|\bthe the\b|−0(?![.\d])"
)

Words = Callable[[str], dict[str, Any]]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Words:
    """Return a function that makes the words of a place, of data that tests name figures of."""
    monkeypatch.chdir(tested_project())
    return lambda code: made(code)[1]


@cache
def made(code: str, latest: int | str = 2026) -> tuple[Report, dict[str, Any]]:
    report = open_report(code, 2015, latest, "2024-25")
    return report, words_of(report, by_place.outcomes_of(report))


@pytest.fixture(scope="module")
def scripts() -> dict[str, dict[str, Any]]:
    """The words of every place as the built book has them, by code."""
    folder = ROOT / "_build" / "html" / "_static" / "areas"
    if not folder.is_dir():
        pytest.fail("the book is not built: run make book first")
    return {path.stem: read(path) for path in sorted(folder.glob("*.js"))}


def read(path: Path) -> dict[str, Any]:
    name, _, content = path.read_text("utf-8").partition("=")
    assert name == "window.sendreformOwn"
    own: dict[str, Any] = json.loads(content.strip().rstrip(";"))
    return own


# ---------------------------------------------------------------- the words


def test_figures_of_a_place_are_those_in_the_data(words: Words) -> None:
    tests, store = words(KENT)["tests"], open_store(tested_project() / "data")
    shares = of(store.observations("ehc_plans_in_20_weeks_excluding_exceptions_share", KENT))
    newest = shares.dropna(subset="value").iloc[-1]
    assert tests["plans-on-time"]["words"].startswith(
        f"New plans issued within 20 weeks: {newest['value']:.1f}% of plans (95%"
    )
    assert tests["plans-on-time"]["words"].endswith(f", {newest['period']}.")

    plans = of(store.observations("ehc_plans", KENT)).set_index("period")["value"]
    a_year = 100 * ((plans["2025-01"] / plans["2022-01"]) ** (1 / 3) - 1)
    assert tests["plans-still-growing"]["words"].startswith(
        f"Growth of plans: {a_year:.1f}% a year, January 2022"
    )

    appeals = of(store.observations("tribunal_appeals", KENT)).set_index("period")["value"]
    rates = {year: appeals[year] / plans[f"{year}-01"] for year in ("2015", "2025")}
    rise = 100 * (rates["2025"] / rates["2015"] - 1)
    assert tests["appeals-per-plan"]["words"].startswith(
        f"Change in appeals for every thousand plans: {rise:.0f}% (95% interval"
    )
    assert tests["appeals-per-plan"]["words"].endswith(
        f"; from {appeals['2015']:.0f} to {appeals['2025']:,.0f} appeals."
    )


def test_a_place_has_the_tests_of_every_finding_and_how_many_speak_for_it(words: Words) -> None:
    kent = words(KENT)
    assert list(kent["tests"]) == [test.id for test in read_tests(open_store(ROOT / "data"))]
    assert set(kent["findings"]) == set(PAGES)
    assert kent["findings"]["essential"].startswith("Of six tests of this finding that are asked")
    assert all(told.endswith(ENGLAND_STAYS) for told in kent["findings"].values())


def test_a_test_that_is_not_asked_says_of_which_places_it_is(words: Words) -> None:
    survey = words(KENT)["tests"]["survey"]
    assert survey == {
        "badge": "",
        "words": "Not asked of councils: this is a test of England as a whole.",
    }
    assert words(NORTH_EAST)["tests"]["appeals-per-plan"]["words"] == (
        "Not asked of regions: this is a test of England as a whole and of councils."
    )


def test_where_few_hold_a_plan_no_test_is_asked_and_no_figure_told(words: Words) -> None:
    scilly = words(SCILLY)
    assert all(told.startswith("No test of this finding") for told in scilly["findings"].values())
    assert not any(test["badge"] for test in scilly["tests"].values())
    assert not re.search(r"\d", json.dumps([test["words"] for test in scilly["tests"].values()]))


def test_the_site_has_the_words_of_every_place_of_today(scripts: dict[str, Any]) -> None:
    listed = {place["code"]: place["name"] for place in places.area_list(open_store(ROOT / "data"))}
    assert {code: own["name"] for code, own in scripts.items()} == listed
    assert len(listed) == 162
    assert all(own["code"] == code for code, own in scripts.items())


def test_words_are_the_same_alone_as_in_a_batch(
    monkeypatch: pytest.MonkeyPatch, scripts: dict[str, Any]
) -> None:
    monkeypatch.chdir(ROOT)
    for code in (KENT, NORTH_EAST, "838", SCILLY):
        assert made(code, NEWEST)[1] == scripts[code], code


def test_the_words_of_every_place_read_well(scripts: dict[str, Any]) -> None:
    for code, own in scripts.items():
        told = [*own["findings"].values(), *(test["words"] for test in own["tests"].values())]
        for sentence in told:
            assert not SLIPS.search(sentence), (code, sentence)
            assert sentence.endswith("."), (code, sentence)
            assert sentence[0].isupper() or sentence[0] in "0123456789£−", (code, sentence)
        for test, one in own["tests"].items():
            assert bool(one["badge"]) != one["words"].startswith(("Not asked", "So few")), test
        assert len(json.dumps(own)) < 9_000, code


def test_words_of_places_that_are_gone_leave_the_site(tmp_path: Path) -> None:
    (tmp_path / "000.js").write_text("of a place that is gone", "utf-8")
    executed = [executed_areas(ROOT) / f"{name}.ipynb" for name in ("kent", "isles-of-scilly")]
    write(executed, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{KENT}.js", f"{SCILLY}.js"}
    assert read(tmp_path / f"{KENT}.js")["name"] == "Kent"
    write(executed[:1], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{KENT}.js"]


def test_no_old_words_are_kept_where_others_follow() -> None:
    """A browser asks for them by a version, which follows from all that they follow from."""
    first, same, other = (
        version_of(ROOT, {"area": "Kent", "baseline_year": year}) for year in (2015, 2015, 2018)
    )
    assert first == same != other


def test_a_notebook_without_words_is_named(tmp_path: Path) -> None:
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "kent.ipynb")
    with pytest.raises(ReportError, match=r"kent\.ipynb: no words on the tests"):
        write([tmp_path / "kent.ipynb"], tmp_path / "site")


def test_places_are_told_for_the_years_and_prices_of_the_findings() -> None:
    of_places = default_parameters(notebook_path(ROOT, area_pages.NOTEBOOK))
    for finding in FINDINGS_OF_THE_REPORT:
        years = default_parameters(notebook_path(ROOT, finding))
        assert {name: of_places[name] for name in years if name != "area"} == {
            name: value for name, value in years.items() if name != "area"
        }


# ---------------------------------------------------------------- in the browser


def ids(html: Path, name: str, what: str) -> list[str]:
    parsed = BeautifulSoup((html / name).read_text("utf-8"), "html.parser")
    return [str(element["id"]) for element in parsed.select(what)]


@pytest.mark.browser
@pytest.mark.parametrize("finding", FINDINGS)
def test_every_chart_and_every_sentence_of_a_finding_tells_of_the_chosen_council(
    page: Page, site: str, html: Path, scripts: dict[str, Any], finding: str
) -> None:
    name, own = FINDINGS[finding], scripts[KENT]
    page.goto(f"{site}/{name}?area={KENT}")
    expect(page.locator(".sr-answer .sr-here")).to_have_text(
        f"Kent: {own['findings'][finding]}", timeout=15_000
    )
    tests = ids(html, name, "article.sr-test")
    assert len(tests) >= 8
    for test in tests:
        told = own["tests"][test.removeprefix("test-")]
        here = page.locator(f"#{test} > .sr-here")
        expect(here).to_contain_text("Kent:")
        expect(here).to_contain_text(told["words"])
        expect(here.locator(".sr-badge")).to_have_count(1 if told["badge"] else 0)
    figures = ids(html, name, "figure.sr-figure")
    assert len(figures) >= 5
    for one in figures:
        figure = page.locator(f"figure#{one}")
        figure.scroll_into_view_if_needed()
        beside = figure.locator(".sr-beside")
        expect(beside).to_contain_text("Kent", timeout=15_000)
        if one in FIGURES_WITHOUT_SERIES:
            expect(beside).to_contain_text(places.WITHOUT_SERIES[one])
        else:
            assert one in places.BESIDE, one
            expect(beside.locator("svg")).to_be_visible(timeout=15_000)


@pytest.mark.browser
def test_sentences_survive_navigation_and_reload_and_are_cleared_in_one_action(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/{FINDINGS['essential']}")
    assert page.locator(".sr-here").count() == 0
    field = page.get_by_role("combobox", name="Your council or region")
    field.click()
    field.fill("leeds")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    here = page.locator(".sr-answer .sr-here")
    expect(here).to_contain_text("Leeds:")

    page.goto(f"{site}/{FINDINGS['unavoidable']}")
    expect(here).to_contain_text("Leeds:")
    page.goto(f"{site}/index.html")
    expect(page.locator(".sr-finding > .sr-here")).to_have_count(3)
    page.reload()
    expect(page.locator(".sr-finding > .sr-here").first).to_contain_text("Leeds:")

    page.get_by_role("button", name="Show England only").click()
    expect(page.locator(".sr-here")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("combobox")).to_have_value("")
    assert page.locator(".sr-here").count() == 0


@pytest.mark.browser
def test_nothing_is_loaded_for_sentences_until_a_place_is_chosen(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/{FINDINGS['systemic']}", wait_until="networkidle")
    assert not [url for url in asked if "sentences.js" in url or "/areas/" in url]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("remembered", [True, False])
def test_nothing_moves_when_the_sentences_come(
    browser: Browser, site: str, width: int, remembered: bool
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver((list) => {
          for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    address = f"{site}/{FINDINGS['essential']}?area={KENT}"
    page.goto(address)
    if remembered:
        expect(page.locator(".sr-answer .sr-here")).to_be_visible()
        page.goto(address, wait_until="load")
    expect(page.locator(".sr-answer .sr-here")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("window.moved") < 0.02
    context.close()
