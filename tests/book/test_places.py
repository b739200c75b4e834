"""What live charts know of every council: figures as published, sums only where all is there."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from sendreform.book import places
from sendreform.book.delay.place import project_place
from sendreform.book.delay.plans import about
from sendreform.evidence.projection import scores
from sendreform.observations import ENGLAND
from sendreform.report import Report, open_report

KENT, SOUTH_EAST = "886", "E12000008"


@pytest.fixture(scope="module")
def report(in_the_project: None) -> Report:
    del in_the_project
    return open_report("England", 2015, 2026, "2024-25")


def known(report: Report, name: str) -> dict[str, object]:
    return places.for_script(places.SERIES[name](report))


@pytest.mark.parametrize(
    ("series", "area", "period", "published"),
    [
        # The Department's files: caseload.csv, timeliness_20_week.csv, and the Tribunal's table.
        ("plans", KENT, "January 2025", 20_635),
        ("plans", ENGLAND, "January 2026", 718_838),
        ("on_time", KENT, "2024", 33.3),
        ("on_time", ENGLAND, "2025", 46.1),
        ("appeals", KENT, "2025", 1_756),
        ("at_11", ENGLAND, "2024/25", 9),
    ],
)
def test_a_place_has_the_figure_that_is_published(
    report: Report, series: str, area: str, period: str, published: float
) -> None:
    told = known(report, series)
    assert told["values"][area][told["periods"].index(period)] == published


def test_every_series_is_short_and_told_in_words_for_kent(report: Report) -> None:
    for name in places.SERIES:
        told = known(report, name)
        # Plans to come have eleven Januaries more than any count, and a range.
        assert len(json.dumps(told)) < (55_000 if name == "plans_projected" else 20_000), name
        assert len(told["periods"]) == len(told["times"]) == len(told["values"][KENT])
        assert any(value is not None for value in told["values"][KENT]), name
        assert told["title"] and told["unit"]


def test_counts_are_compared_by_growth_and_shares_as_they_are(report: Report) -> None:
    assert {name for name in places.SERIES if known(report, name)["index"]} == {
        "plans", "plans_projected", "new_plans", "autism", "appeals",
    }  # fmt: skip


def test_of_a_small_place_nothing_but_the_number_of_plans_is_told(report: Report) -> None:
    assert [name for name in places.SERIES if known(report, name)["small"]] == ["plans"]


def test_a_region_is_the_sum_of_its_councils_or_nothing(report: Report) -> None:
    published = report.everywhere("tribunal_appeals")
    assert SOUTH_EAST not in set(published["area"])
    inside = published[published["area"].isin(report.areas.councils_in(SOUTH_EAST))]
    total = places.everywhere(report, "tribunal_appeals").query(
        "area == @SOUTH_EAST and period == '2025'"
    )
    assert total["value"].item() == inside.query("period == '2025'")["value"].sum()


def test_a_sum_with_a_missing_council_is_missing(report: Report) -> None:
    sums = places.everywhere(report, "pupils_with_ehc_plan_by_need", "need:ds")
    published = report.everywhere("pupils_with_ehc_plan_by_need", "need:ds")
    region_of = report.areas.table.set_index("area")["region"]
    incomplete = published[published["value"].isna()]["area"].map(region_of).unique()
    assert len(incomplete)
    assert sums[sums["area"].isin(incomplete)]["value"].isna().all()


def test_a_line_is_told_where_it_breaks() -> None:
    series = places.Series(
        title="Plans",
        unit="Plans",
        kind="january",
        figures=pd.DataFrame(
            {
                "area": ["886"] * 3,
                "period": ["2021-01", "2022-01", "2024-01"],
                "value": [1.0, 2.0, float("nan")],
            }
        ),
        breaks=("2022-01",),
    )
    told = places.for_script(series)
    assert told["periods"] == ["January 2021", "January 2022"]
    assert told["breaks"] == [1]


def test_a_page_gets_the_series_of_its_figures_and_no_more(report: Report) -> None:
    page = places.on_page(report, ["twenty-weeks", "causal-map"], ["plans"])
    assert page["figures"] == {"twenty-weeks": "on_time"}
    assert set(page["measures"]) == {"on_time", "plans"}
    assert set(page["comparison"]) == {"wide", "narrow"}
    assert places.on_page(report, ["causal-map"]) is None


def test_a_figure_without_a_series_says_why(report: Report) -> None:
    page = places.on_page(report, ["twenty-weeks", "survey"])
    assert page["without"] == {"survey": places.WITHOUT_SERIES["survey"]}
    assert not set(places.WITHOUT_SERIES) & set(places.BESIDE)


def test_the_picker_knows_every_place_of_today_by_its_old_names_too(report: Report) -> None:
    listed = {place["code"]: place for place in places.area_list(report.store)}
    assert len(listed) == 153 + 9
    assert "Northamptonshire" in listed["940"]["also"]
    assert "Cumbria" in listed["942"]["also"]
    assert "Hull" in listed["810"]["name"]
    assert len(listed[KENT]["near"]) == 10
    assert listed[KENT]["regionName"] == "South East"
    assert listed[SOUTH_EAST]["near"] == []
    assert {place["name"] for place in listed.values() if place["small"]} == {
        "City of London", "Isles of Scilly",
    }  # fmt: skip
    assert "836" not in listed  # Poole is part of Bournemouth, Christchurch and Poole


def test_data_as_a_script_are_the_data() -> None:
    script = places.as_script("sendreformAreas", [{"name": "Kingston upon Hull, City of"}])
    name, _, content = script.partition("=")
    assert name == "window.sendreformAreas"
    assert json.loads(content.strip().rstrip(";")) == [{"name": "Kingston upon Hull, City of"}]


def test_a_chosen_place_is_seen_as_counted_and_then_as_projected(report: Report) -> None:
    """Kent's last count is 20,635 in January 2025; England's projection starts at its count."""
    series = places.SERIES["plans_projected"](report)
    kent = series.figures[series.figures["area"] == KENT].set_index("period")["value"]
    assert kent["2025-01"] == 20_635
    assert kent.index.is_unique
    assert kent.index.max() == "2036-01"
    assert kent["2036-01"] > kent["2030-01"] > 20_635
    england = series.figures[series.figures["area"] == ENGLAND].set_index("period")["value"]
    assert england["2026-01"] == 718_838
    assert series.breaks[-1] == "2026-01"
    assert "then projected" in series.title


def test_what_is_projected_follows_on_the_newest_counts_whatever_the_last_year(
    report: Report,
) -> None:
    earlier = replace(report, latest_year=2024)
    assert known(earlier, "plans_projected") == known(report, "plans_projected")


def test_projected_councils_lie_where_their_region_does(report: Report) -> None:
    """Medians do not add up to the unit; every council has a future, but for the two smallest."""
    series = places.SERIES["plans_projected"](report).figures
    last = series[series["period"] == "2036-01"].set_index("area")["value"]
    councils = last[~last.index.str.startswith("E")]
    assert len(councils) == 151
    assert councils.sum() == pytest.approx(last[ENGLAND], rel=0.02)
    regions = last[last.index.str.startswith("E12")]
    assert regions.sum() == pytest.approx(last[ENGLAND], rel=0.02)


def test_what_is_projected_of_a_place_is_what_its_own_page_projects(report: Report) -> None:
    """The range is that of the page of the place, to the digits that its sentences have."""
    told = known(report, "plans_projected")
    assert told["periods"][told["counted"]] == "January 2025"
    kent = told["ranges"][KENT]
    later = told["periods"][told["counted"] + 1 :]
    assert len(kent["low"]) == len(kent["high"]) == len(later) == len(range(2026, 2037))
    for code in (KENT, SOUTH_EAST):
        own = project_place(replace(report, area=code))
        assert own is not None
        low, high = scores.bounds(own.plans, 80)
        for end, exact in (("low", low), ("high", high)):
            assert f"{told['ranges'][code][end][-1]:,}" == about(float(exact[-1]))
        middle = told["values"][code][-1]
        assert told["ranges"][code]["low"][-1] < middle < told["ranges"][code]["high"][-1]


def test_england_has_no_range_where_it_is_counted_and_a_small_place_has_none(
    report: Report,
) -> None:
    told = known(report, "plans_projected")
    assert told["ranges"][ENGLAND]["low"][0] is None
    assert told["ranges"][ENGLAND]["low"][1] > 718_838
    for code in ("201", "420"):  # City of London, Isles of Scilly
        assert code not in told["ranges"]
        assert set(told["values"][code][told["counted"] + 1 :]) == {None}
