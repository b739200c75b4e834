"""The results behind "Reform is essential": outcomes and prerequisites, place by place."""

import math
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from conftest import ROOT
from sendreform.claims.result import Result
from sendreform.claims.results import RESULTS, outcomes, prerequisites
from sendreform.evidence.outcomes import EHC_PLAN, UNTOLD
from sendreform.evidence.prerequisites import PREREQUISITES
from sendreform.observations import ENGLAND
from sendreform.report import Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")

KENT, CITY, SCILLY, CUMBERLAND, LONDON = "886", "201", "420", "942", "E12000007"
OF_OUTCOMES = (
    outcomes.share_of_outcome_gaps_that_narrowed,
    outcomes.share_of_outcome_levels_that_rose,
)
OF_PREREQUISITES = (
    prerequisites.share_of_councils_in_deficit,
    prerequisites.change_in_real_funding_per_plan,
    prerequisites.spread_of_funding_per_plan,
    prerequisites.spread_left_after_deprivation,
    prerequisites.survey_share_that_disagreed,
)
OF_COUNTRY = (outcomes.median_share_of_councils_whose_gap_narrowed, *OF_PREREQUISITES)


def report_on(area: str, first: int = 2015, last: int = 2026, prices: str = "2024-25") -> Report:
    return open_report(area, first, last, prices)


def table_for(report: Report) -> pd.DataFrame:
    found = {
        name: RESULTS[name](replace(report, area=ENGLAND))
        for name in prerequisites.BEHIND_THE_TABLE
    }
    return prerequisites.prerequisite_table(report, found)


@pytest.fixture
def england() -> Report:
    return report_on("England")


def is_sound(result: Result, report: Report) -> bool:
    """Say whether a result has a figure with its period, or a reason without one."""
    known = set(report.store.measures.index)
    checks = [value for value in result.checks.values() if not math.isnan(value)]
    return (
        set(result.measures) <= known
        and result.is_missing == (result.missing_because != "")
        and (result.is_missing or (result.period != "" and len(checks) >= 1))
    )


def test_every_rule_about_outcomes_and_prerequisites_has_its_result() -> None:
    tests = yaml.safe_load((ROOT / "data/argument/tests.yml").read_text("utf-8"))["tests"]
    ours = {"Better outcomes", "Impact", "All five prerequisites", *PREREQUISITES.values()}
    wanted = {test["result"] for test in tests if test["about"] in ours}
    written = {result.__name__ for result in (*OF_OUTCOMES, *OF_COUNTRY)}
    assert wanted == written


# ---------------------------------------------------------------- outcomes


def test_in_england_the_gap_narrowed_on_one_outcome_of_eight(england: Report) -> None:
    result = outcomes.share_of_outcome_gaps_that_narrowed(england)
    # Progress 8 alone, of the eight whose gap can be followed.
    assert result.value == 100 / 8
    assert len(result.measures) == 8
    assert not {"good_level_of_development", "level_2_at_19"} & set(result.measures)
    # Pupils on SEN support: at 6 and at 11.
    assert result.checks["pupils on SEN support"] == 100 * 2 / 8
    assert result.checks["without figures that end before the pandemic"] == pytest.approx(100 / 6)
    assert not result.has_interval


def test_in_england_levels_rose_on_two_outcomes_of_nine_or_five_by_a_laxer_rule(
    england: Report,
) -> None:
    result = outcomes.share_of_outcome_levels_that_rose(england)
    # At age 11 from 7 to 9 per cent in three years, and Progress 8.
    assert result.value == pytest.approx(100 * 2 / 9)
    # Also phonics (19 to 20 per cent), Attainment 8 (14.0 to 14.8) and the EBacc (1.11 to 1.19).
    assert result.checks["a quarter of a point a year"] == pytest.approx(100 * 5 / 9)
    # Across the pandemic no result of pupils with a plan rose by half a point a year.
    assert result.checks["since 2018/19, across the pandemic"] == 0.0


def test_the_gap_narrowed_in_43_per_cent_of_councils_on_the_middle_outcome(
    england: Report,
) -> None:
    result = outcomes.median_share_of_councils_whose_gap_narrowed(england)
    # Half way between 61 of 152 councils (EBacc) and 66 of 146 (destinations).
    assert result.value == pytest.approx(100 * (61 / 152 + 66 / 146) / 2)
    assert 33 < result.low < result.value < result.high < 67
    assert len(result.checks) == 6
    assert result.checks["without London"] != result.value


def test_a_region_and_a_council_have_results_of_their_own() -> None:
    shares = {
        area: outcomes.share_of_outcome_gaps_that_narrowed(report_on(area))
        for area in (LONDON, KENT)
    }
    # Absence is not published by SEN status below England, so six outcomes are left.
    assert {len(result.measures) for result in shares.values()} == {6}
    # London: Attainment 8 and Progress 8; Kent: these and destinations.
    assert shares[LONDON].value == pytest.approx(100 * 2 / 6)
    assert shares[KENT].value == pytest.approx(100 * 3 / 6)


@pytest.mark.parametrize("area", [CITY, SCILLY])
@pytest.mark.parametrize("result", OF_OUTCOMES, ids=lambda result: result.__name__)
def test_a_place_with_few_children_has_no_result(area: str, result) -> None:
    found = result(report_on(area))
    assert found.is_missing
    assert "a few children" in found.missing_because


def test_a_council_formed_in_2023_is_told_from_its_first_year() -> None:
    report = report_on(CUMBERLAND)
    result = outcomes.share_of_outcome_gaps_that_narrowed(report)
    assert result.period.startswith("between 2022/23 and 2024/25")
    # No check claims a year before it was formed.
    assert not any("2018/19" in words for words in result.checks)


def test_few_years_leave_too_few_outcomes() -> None:
    for area in ("England", KENT):
        for result in OF_OUTCOMES:
            found = result(report_on(area, 2024, 2026))
            assert found.is_missing
            assert "fewer than 3 outcomes" in found.missing_because


def test_the_scorecard_of_a_region_counts_its_own_councils() -> None:
    card = outcomes.scorecard_with_councils(report_on(LONDON))
    told = card[(card["series"] == EHC_PLAN) & (card["gap_direction"] != UNTOLD)]
    assert told["councils"].between(30, 33).all()


# ---------------------------------------------------------------- prerequisites


def test_most_councils_were_in_deficit_however_those_without_a_figure_are_counted(
    england: Report,
) -> None:
    result = prerequisites.share_of_councils_in_deficit(england)
    assert result.value == pytest.approx(100 * 106 / 148)
    assert result.period == "31 March 2024"
    # Five of the 153 councils have no figure.
    assert result.checks["had no council without a figure overspent"] == pytest.approx(
        100 * 106 / 153
    )
    assert result.checks["had every council without a figure overspent"] == pytest.approx(
        100 * 111 / 153
    )
    # Counted in the file: 94 of the 149 councils of the time.
    assert result.checks["at the end of 2019-20"] == pytest.approx(100 * 94 / 149)


def test_before_2024_deficits_are_told_as_shares_of_the_grant() -> None:
    result = prerequisites.share_of_councils_in_deficit(report_on("England", 2015, 2022))
    assert result.period == "2021-22"
    assert result.value == pytest.approx(100 * 103 / 150)


def test_real_funding_per_plan_fell_by_a_third_but_by_less_than_a_tenth_since_2019_20(
    england: Report,
) -> None:
    result = prerequisites.change_in_real_funding_per_plan(england)
    last = 9_954e6 / 576_474 / 96.4158
    assert result.period == "2015-16 to 2023-24"
    assert result.value == pytest.approx(100 * (last / (5_247e6 / 256_315 / 74.8148) - 1))
    since_2019 = 100 * (last / (6_279.1e6 / 390_109 / 81.1470) - 1)
    assert result.checks["from 2019-20"] == pytest.approx(since_2019)
    assert -10 < since_2019 < -9
    # £11.9bn for 718,838 plans: a total on another basis, and told as such.
    across = 11_900e6 / 718_838 / 102.9431 / (5_247e6 / 256_315 / 74.8148)
    assert result.checks["to 2025-26, across a change of basis"] == pytest.approx(
        100 * (across - 1)
    )
    before = (9_954e6 / 517_048 / 96.4158) / (5_247e6 / 240_183 / 74.8148)
    assert result.checks["plans of the January before the year"] == pytest.approx(
        100 * (before - 1)
    )


def test_real_terms_do_not_depend_on_the_prices_of_the_report(england: Report) -> None:
    in_cash = prerequisites.change_in_real_funding_per_plan(report_on("England", prices="cash"))
    result = prerequisites.change_in_real_funding_per_plan(england)
    assert in_cash.value == pytest.approx(result.value)


def test_a_check_needs_two_figures_and_differs_from_the_result() -> None:
    result = prerequisites.change_in_real_funding_per_plan(report_on("England", 2025, 2026))
    assert result.period == "2024-25 to 2025-26"
    assert list(result.checks) == ["plans of the January before the year"]


def test_funding_per_plan_differs_by_half_again(england: Report) -> None:
    result = prerequisites.spread_of_funding_per_plan(england)
    # £22,279 at the ninetieth percentile against £14,249 at the tenth.
    assert result.value == pytest.approx(22_279.22 / 14_249.42, abs=1e-4)
    assert result.period == "2023-24"
    # The first year of the block by council, worked out with the csv module.
    assert result.checks["2019-20"] == pytest.approx(20_945.79 / 12_737.38, abs=1e-4)
    assert {"without London", "without the ten largest councils"} < set(result.checks)


def test_deprivation_leaves_most_differences_in_every_way_of_looking(england: Report) -> None:
    result = prerequisites.spread_left_after_deprivation(england)
    # From the correlations of 151 councils, worked out with the statistics module.
    assert result.value == pytest.approx(96.0429, abs=1e-3)
    assert result.period == "January 2025"
    assert 80 < result.low < result.value < result.high <= 100
    assert len(result.checks) == 7
    assert all(90 < value <= 100 for value in result.checks.values())


def test_the_survey_gives_a_bound_for_the_prerequisites_and_97_in_all(england: Report) -> None:
    result = prerequisites.survey_share_that_disagreed(england)
    assert result.value == 90.0
    assert "lower bound" in result.period
    assert list(result.checks.values()) == [97.0]


def test_each_council_is_set_beside_its_need_and_deprivation(england: Report) -> None:
    compared = prerequisites.councils_compared(england)
    assert set(compared["period"]) == {"2023-24"}
    kent = compared.loc[KENT]
    block = england.store.observations("high_needs_block").query(
        "area == @KENT and period == '2023-24'"
    )["value"]
    plans = england.store.observations("ehc_plans").query(
        "area == @KENT and period == '2024-01' and breakdown == 'all'"
    )["value"]
    assert kent["funding_per_plan"] == pytest.approx(block.item() / plans.item())
    assert (kent["plan_share"], kent["meals_primary"], kent["meals_secondary"]) == (5.4, 25.4, 20.8)
    assert pd.isna(compared.loc[CITY, "meals_secondary"])


def test_the_table_has_two_indicators_for_each_prerequisite(england: Report) -> None:
    table = table_for(england)
    assert table["prerequisite"].tolist() == [
        name for name in PREREQUISITES.values() for _ in range(2)
    ]
    assert set(table["survey_more_than"]) == {90.0}
    assert table["value"].notna().all()
    assert (table["period"] != "").all()
    told = table.set_index("title")["value"]
    assert told["What those councils have overspent"] == pytest.approx(2_141_159_510)
    assert told["High needs funding for each plan, 2024-25 prices"] == pytest.approx(
        9_954e6 / 576_474 / 0.964158
    )
    known = set(england.store.measures.index)
    assert all(set(measures) <= known for measures in table["measures"])


def test_the_table_is_about_england_whatever_the_place() -> None:
    pd.testing.assert_frame_equal(
        table_for(report_on(KENT)),
        table_for(report_on("England")),
    )


# ---------------------------------------------------------------- any place, any years


@pytest.mark.parametrize("years", [(2015, 2026), (2010, 2014), (2019, 2022), (2025, 2026)])
@pytest.mark.parametrize("area", ["England", LONDON, KENT, SCILLY, CUMBERLAND])
def test_a_result_has_a_figure_or_says_why_not(area: str, years: tuple[int, int]) -> None:
    report = report_on(area, *years)
    for result in OF_OUTCOMES:
        assert is_sound(result(report), report), result.__name__


@pytest.mark.parametrize("years", [(2015, 2026), (2010, 2014), (2019, 2022), (2025, 2026)])
def test_a_result_of_the_country_has_a_figure_or_says_why_not(years: tuple[int, int]) -> None:
    report = report_on("England", *years)
    for result in OF_COUNTRY:
        assert is_sound(result(report), report), result.__name__
    assert len(table_for(report)) == 10
