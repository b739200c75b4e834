"""What a notebook holds in its hand: parameters that are checked, a place and its years."""

import shutil
from pathlib import Path

import pytest

from conftest import ROOT
from sendreform.book.execution import default_parameters
from sendreform.errors import ReportError
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import FEW_PLANS_NOTE, OWN_SOURCES, Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")


def report_on(
    area: str, baseline_year: int = 2015, latest_year: int | str = 2026, prices: str = "cash"
) -> Report:
    return open_report(area, baseline_year, latest_year, prices)


# ---------------------------------------------------------------- parameters


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        (
            ("Kingston", 2015, 2026, "cash"),
            "area: unknown council 'Kingston'. "
            "Did you mean Kingston upon Thames or Kingston upon Hull, City of?",
        ),
        (
            ("Atlantis-by-the-Sea", 2015, 2026, "cash"),
            "area: unknown council 'Atlantis-by-the-Sea'.",
        ),
        (("", 2015, 2026, "cash"), "area: unknown council ''. Give the name of a council, a"),
        (
            ("Kent", 2009, 2026, "cash"),
            "parameter baseline_year: 2009 is not a year from 2010 to 2026. "
            "Write it like baseline_year=2015.",
        ),
        (
            ("Kent", 2015, 2027, "cash"),
            "parameter latest_year: 2027 is not a year from 2010 to 2026. "
            "Write it like latest_year=2015, or 'newest'.",
        ),
        (("Kent", 2015, "new", "cash"), "parameter latest_year: 'new' is not a year from 2010"),
        (("Kent", "newest", 2026, "cash"), "parameter baseline_year: 'newest' is not a year from"),
        (("Kent", 2026, "newest", "cash"), "parameter baseline_year: 2026 is not before"),
        (("Kent", "2015", 2026, "cash"), "parameter baseline_year: '2015' is not a year from"),
        (("Kent", 2015.0, 2026, "cash"), "parameter baseline_year: 2015.0 is not a year from"),
        (("Kent", None, 2026, "cash"), "parameter baseline_year: None is not a year from"),
        (("Kent", True, 2026, "cash"), "parameter baseline_year: True is not a year from"),
        (
            ("Kent", 2024, 2020, "cash"),
            "parameter baseline_year: 2024 is not before latest_year 2020. "
            "Choose an earlier baseline or a later latest year.",
        ),
        (("Kent", 2020, 2020, "cash"), "parameter baseline_year: 2020 is not before latest_year"),
        (
            ("Kent", 2015, 2026, "2025"),
            "parameter prices: '2025' is not a price base. "
            "Write 'cash', or a financial year like '2024-25'.",
        ),
        (("Kent", 2015, 2026, "2024/25"), "parameter prices: '2024/25' is not a price base."),
        (("Kent", 2015, 2026, "1955-56"), "parameter prices: '1955-56' is not a price base."),
        (("Kent", 2015, 2026, "Cash"), "parameter prices: 'Cash' is not a price base."),
    ],
)
def test_a_bad_parameter_is_one_clear_line(parameters: tuple, line: str) -> None:
    with pytest.raises(ReportError) as error:
        open_report(*parameters)
    assert str(error.value).startswith(line)
    assert len(str(error.value).splitlines()) == 1


def test_the_newest_year_is_that_of_the_newest_january_in_the_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """January 2026 is the newest of the data in git; here comes the next, for England alone."""
    assert report_on("England", latest_year="newest").latest_year == 2026
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    plans = tmp_path / "data/observations/caseload/ehc_plans.csv"
    last = [
        line for line in plans.read_text("utf-8").splitlines() if line.startswith("E92000001,2026-")
    ]
    with plans.open("a", encoding="utf-8") as opened:
        opened.writelines(line.replace("2026-01", "2027-01", 1) + "\n" for line in last)
    monkeypatch.chdir(tmp_path)
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        defaults = default_parameters(notebook)
        if defaults:
            years = {name: defaults[name] for name in ("area", "baseline_year", "latest_year")}
            report = open_report(**years, prices="cash")  # type: ignore[arg-type]
            assert report.latest_year == 2027
            assert f"{report.baseline_year} to 2027" in report.about


@pytest.mark.parametrize("area", ["Kent", "kent", "Kent County Council", "886", 886, "E10000016"])
def test_a_place_may_be_given_by_name_or_code(area: str | int) -> None:
    assert report_on(area).name == "Kent"


# ---------------------------------------------------------------- the place


@pytest.mark.parametrize(
    ("area", "level", "place"),
    [
        ("England", "country", "England"),
        ("North East", "region", "the North East"),
        ("East of England", "region", "the East of England"),
        ("London", "region", "London"),
        ("Kent", "council", "Kent"),
        ("City of London", "council", "the City of London"),
        ("Isles of Scilly", "council", "the Isles of Scilly"),
        ("Isle of Wight", "council", "the Isle of Wight"),
    ],
)
def test_a_place_has_its_article_in_a_sentence(area: str, level: str, place: str) -> None:
    report = report_on(area)
    assert (report.level, report.place) == (level, place)
    assert f"**{place}**, 2015 to 2026" in report.about


def test_every_region_and_every_isle_or_city_with_an_article_is_known() -> None:
    """A name that begins like those with an article needs one too."""
    areas = report_on("England").store.areas
    regions = areas.query("level == 'region'").index
    assert {report_on(code).place for code in regions} == {
        "the North East", "the North West", "Yorkshire and The Humber", "the East Midlands",
        "the West Midlands", "the East of England", "London", "the South East", "the South West",
    }  # fmt: skip
    for name in areas[areas["name"].str.match(r"Isles? of|City of")]["name"]:
        assert report_on(name).place == f"the {name}"


def test_a_council_is_its_own_only_member() -> None:
    assert report_on("Kent").members == ["886"]


def test_a_region_is_made_of_councils_of_today_and_of_the_past() -> None:
    region = report_on("East Midlands")
    names = set(region.store.areas.loc[region.members, "name"])
    assert {"Northamptonshire", "North Northamptonshire", "West Northamptonshire"} <= names
    assert "Kent" not in names
    assert set(region.store.areas.loc[region.members, "level"]) == {"council"}


def test_england_is_made_of_every_council() -> None:
    england = report_on("England")
    assert england.is_england
    assert len(england.councils) == 153
    assert set(england.councils) < set(england.members)
    assert {"909", "928"} <= set(england.members)  # Cumbria, Northamptonshire


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("Kent", ""),
        (
            "Westmorland and Furness",
            "was formed in April 2023 from part of Cumbria; figures before then are for the "
            "whole county and are not shown here.",
        ),
        ("North Northamptonshire", "was formed in April 2021 from part of Northamptonshire"),
        ("Bournemouth, Christchurch and Poole", "was formed in April 2019 from Bournemouth, Poole"),
        ("Cumbria", "was replaced in April 2023 by Cumberland and by Westmorland and Furness"),
        ("Buckinghamshire", "so its figures run on unbroken"),
        ("Somerset", "so its figures run on unbroken"),
    ],
)
def test_a_page_says_what_boundary_changes_mean_for_its_figures(area: str, said: str) -> None:
    report = report_on(area)
    assert said in report.about
    assert bool(report.history) == bool(said)


@pytest.mark.parametrize(
    ("area", "first", "last"),
    [
        ("Cumberland", "2024-01", "2025-01"),
        ("Cumbria", "2015-01", "2023-01"),
        ("838", "2020-01", "2025-01"),
        ("Buckinghamshire", "2015-01", "2025-01"),
    ],
)
def test_a_council_shows_its_own_figures_and_no_predecessors(
    area: str, first: str, last: str
) -> None:
    plans = of(report_on(area).figures("ehc_plans")).dropna(subset="value")
    assert (plans["period"].iloc[0], plans["period"].iloc[-1]) == (first, last)


@pytest.mark.parametrize(
    ("area", "small"), [("Isles of Scilly", True), ("201", True), ("Kent", False)]
)
def test_a_page_about_few_children_says_so(area: str, small: bool) -> None:
    report = report_on(area)
    assert report.is_small is small
    assert (FEW_PLANS_NOTE in report.about) is small


# ---------------------------------------------------------------- its figures


def test_only_the_years_of_the_report_are_shown() -> None:
    report = report_on("Kent", 2018, 2021)
    assert set(of(report.figures("ehc_plans"))["period"]) == {
        "2018-01", "2019-01", "2020-01", "2021-01",
    }  # fmt: skip
    # A school year belongs to the year in which it ends.
    assert set(report.figures("phonics_in_year_1")["period"]) <= {
        "2017/18", "2018/19", "2019/20", "2020/21",
    }  # fmt: skip
    assert set(report.figures("ehc_plans")["area"]) == {"886"}


def test_a_count_published_for_councils_only_is_added_up_to_the_place() -> None:
    report = report_on("North East")
    balances = report.store.observations("dsg_balance")
    added = report.summed("dsg_balance")
    assert added["area"].tolist() == ["E12000001"]
    assert added["value"].tolist() == [
        balances[balances["area"].isin(report.members)]["value"].sum()
    ]
    # Twelve councils' returns for the end of March 2024, added by hand.
    assert added["value"].tolist() == [50_293_243]


def test_a_council_is_its_own_sum() -> None:
    report = report_on("Kent")
    own = report.figures("dsg_balance")["value"].tolist()
    assert report.summed("dsg_balance")["value"].tolist() == own


@pytest.mark.parametrize(
    ("area", "names"),
    [
        ("Kent", ["England", "South East"]),
        ("South East", ["England", "South East"]),
        ("England", ["England"]),
    ],
)
def test_a_council_is_set_beside_england_and_its_region(area: str, names: list[str]) -> None:
    report = report_on(area)
    plans = report.everywhere("ehc_plans").query("period == '2025-01'")
    marks = report.marks(plans)
    assert list(marks) == names
    assert marks["England"] == 638_745


def test_a_mark_that_is_not_published_is_left_out() -> None:
    report = report_on("Kent")
    councils = report.everywhere("ehc_plans").query("period == '2025-01' and area.str.len() == 3")
    assert report.marks(councils) == {}


def test_a_measure_to_the_last_year_keeps_the_years_before_the_first_one() -> None:
    report = report_on("Kent", 2018, 2023)
    assert of(report.to_latest("ehc_plans"))["period"].agg(["min", "max"]).tolist() == [
        "2010-01",
        "2023-01",
    ]
    money = report.to_latest("high_needs_block")["period"]
    assert money.max() == "2022-23"
    assert set(report.to_latest("ehc_plans", "E92000001", "201")["area"]) == {"E92000001", "201"}


def test_money_is_told_in_the_prices_that_are_asked_for() -> None:
    cash, priced = report_on("England"), report_on("England", prices="2024-25")
    block = of(cash.figures("high_needs_block"))
    assert cash.priced(block)["value"].tolist() == block["value"].tolist()
    assert (priced.priced(block)["value"] > block["value"]).all()
    assert (cash.price_words, priced.price_words) == ("cash", "2024-25 prices")


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("Kent", "no figure for Kent is published for these years"),
        ("England", "published for councils, not for England"),
        ("North East", "published for councils, not for regions"),
    ],
)
def test_a_missing_figure_is_explained(area: str, said: str) -> None:
    assert said in report_on(area).no_figure("dsg_balance")


def test_a_record_has_what_a_chart_needs() -> None:
    record = report_on("England").record("ehc_plans")
    assert (record["kind"], record["unit"], record["decimals"]) == ("january", "plans", 0)
    assert all(record["breaks"].values())


def test_a_chart_names_the_publications_behind_it() -> None:
    report = report_on("England")
    plans, appeals = of(report.figures("ehc_plans")), of(report.figures("tribunal_appeals"))
    alone = report.source(plans)
    assert alone["source"].startswith("Department for Education, Education, health and care plans")
    assert alone["source_url"].startswith("https://explore-education-statistics.service.gov.uk/")
    both = report.source(plans, appeals)
    assert both["source"].count(";") >= 1
    assert both["source_url"] == OWN_SOURCES


def test_england_is_not_one_of_its_councils() -> None:
    assert ENGLAND not in report_on("England").members
