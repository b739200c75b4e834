"""What the tests about disputes and joined-up support find, in England and in places."""

import math

import pytest

from sendreform.claims.result import Result
from sendreform.claims.results import disputes, joined_up
from sendreform.claims.verdicts import Verdict, judge, read_tests
from sendreform.report import Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")

LONDON, KENT = "E12000007", "886"
CITY, SCILLY, CUMBERLAND, MILTON_KEYNES = "201", "420", "942", "826"

RESULTS = (
    disputes.change_in_appeals_per_thousand_plans,
    disputes.change_in_appeal_rate,
    disputes.share_decided_for_families,
    disputes.share_of_refusals_appealed,
    joined_up.share_of_plans_on_time,
    joined_up.change_in_share_of_plans_on_time,
    joined_up.share_of_councils_with_late_plans,
    joined_up.share_waiting_over_18_weeks,
    joined_up.share_on_time_at_best_neighbour,
    joined_up.share_of_quickest_that_stayed,
)


def report_on(area: str = "England", baseline_year: int = 2015, latest_year: int = 2026) -> Report:
    return open_report(area, baseline_year, latest_year, "cash")


def verdict(report: Report, result: Result, name: str) -> Verdict:
    [test] = [test for test in read_tests(report.store) if test.result == name]
    return judge(test, result)


# ---------------------------------------------------------------- any place, any years


@pytest.mark.parametrize("years", [(2015, 2026), (2010, 2014), (2014, 2015), (2024, 2026)])
@pytest.mark.parametrize(
    "area", ["England", LONDON, KENT, CITY, SCILLY, CUMBERLAND, MILTON_KEYNES, "928"]
)
def test_every_place_and_stretch_of_years_has_a_figure_or_a_reason(
    area: str, years: tuple[int, int]
) -> None:
    report = report_on(area, *years)
    for work_out in RESULTS:
        result = work_out(report)
        assert result.measures
        assert set(result.measures) <= set(report.store.measures.index)
        assert result.is_missing == bool(result.missing_because), work_out.__name__
        assert result.is_missing == (not result.period)
        assert not any(math.isnan(figure) for figure in result.checks.values())
        if result.has_interval:
            assert result.low <= result.value + 0.06
            assert result.high >= result.value - 0.06


# ---------------------------------------------------------------- disputes


def test_appeals_for_every_thousand_plans_more_than_trebled() -> None:
    result = disputes.change_in_appeals_per_thousand_plans(report_on())
    # 3,126 appeals and 240,183 plans in 2015; 26,977 and 638,745 in 2025.
    assert result.value == pytest.approx(100 * ((26_977 / 638_745) / (3_126 / 240_183) - 1))
    assert result.period == (
        "2015 to 2025, across a break in the series in 2023; from 3,126 to 26,977 appeals"
    )
    # 2014 had 4,108 and 237,111; 2018 had 6,023 and 319,819; 2022 had 12,796 and 473,255.
    assert result.checks["from 2014"] == pytest.approx(
        100 * ((26_977 / 638_745) / (4_108 / 237_111) - 1)
    )
    assert result.checks["from 2018"] == pytest.approx(
        100 * ((26_977 / 638_745) / (6_023 / 319_819) - 1)
    )
    assert result.checks["to 2022, before the break"] == pytest.approx(
        100 * ((12_796 / 473_255) / (3_126 / 240_183) - 1)
    )
    assert list(result.checks) == [
        "from 2014", "from 2016", "from 2017", "from 2018", "to 2022, before the break",
    ]  # fmt: skip
    assert not result.has_interval


def test_a_councils_change_has_an_interval_and_one_without_appeals_at_first_has_none() -> None:
    kent = disputes.change_in_appeals_per_thousand_plans(report_on(KENT))
    assert kent.low < kent.value < kent.high
    # 160 appeals and 6,884 plans in 2015; 1,756 and 20,635 in 2025.
    assert kent.value == pytest.approx(100 * ((1_756 / 20_635) / (160 / 6_884) - 1))
    scilly = disputes.change_in_appeals_per_thousand_plans(report_on(SCILLY))
    assert scilly.missing_because.startswith("For the Isles of Scilly, appeals for every thousand")
    cumberland = disputes.change_in_appeals_per_thousand_plans(report_on(CUMBERLAND))
    assert "2015" in cumberland.missing_because
    london = disputes.change_in_appeals_per_thousand_plans(report_on(LONDON))
    assert london.missing_because.endswith("not for regions.")


def test_an_earlier_baseline_moves_the_figure_and_not_the_end() -> None:
    usual = disputes.change_in_appeals_per_thousand_plans(report_on())
    early = disputes.change_in_appeals_per_thousand_plans(report_on(baseline_year=2010))
    assert early.value == pytest.approx(usual.checks["from 2014"])
    assert early.checks["from 2015"] == pytest.approx(usual.value)
    assert early.period == (
        "2014 to 2025, across a break in the series in 2015 and 2023; from 4,108 to 26,977 appeals"
    )


def test_the_appeal_rate_rose_by_two_points_on_the_older_basis_alone() -> None:
    """From 1.2 to 3.2 per cent (published series); 2.5 in 2023 (C067)."""
    result = disputes.change_in_appeal_rate(report_on())
    # Exactly two: the noise of floating point must not move a figure across a line of a rule.
    assert result.value == 2.0
    assert result.period == "2015 to 2024, across a break in the series in 2023"
    assert not any("new_basis" in measure for measure in result.measures)
    assert result.checks == pytest.approx(
        {
            "from 2014": 1.6, "from 2016": 1.9, "from 2017": 1.7, "from 2018": 1.6,
            "to 2022, before the break": 1.1,
            "from rates before rounding": 100 * (22_276 / 689_739 - 3_126 / 269_565),
        }
    )  # fmt: skip
    assert verdict(report_on(), result, "change_in_appeal_rate") is Verdict.SUPPORTED


def test_a_councils_appeal_rate_has_an_interval_from_its_counts() -> None:
    kent = disputes.change_in_appeal_rate(report_on(KENT))
    assert kent.low < kent.checks["from rates before rounding"] < kent.high


def test_the_newest_decisions_are_those_of_2024_25_beside_every_other_figure() -> None:
    result = disputes.share_decided_for_families(report_on())
    # Browne Jacobson (C141); 98.3 in 2022/23 (C143); 2023/24 is in dispute (C142).
    assert (result.value, result.period) == (99.0, "2024/25")
    assert result.checks["2022/23"] == 98.3
    assert result.checks["2023/24 (Schools Week)"] == 95.0
    assert result.checks["2023/24 (Other reports)"] == 99.0
    assert len(result.checks) == 9


def test_in_a_year_in_dispute_the_lower_share_is_the_figure() -> None:
    result = disputes.share_decided_for_families(report_on(latest_year=2024))
    assert (result.value, result.period) == (95.0, "2023/24 (Schools Week)")
    assert result.checks["2023/24 (Other reports)"] == 99.0


def test_one_refusal_in_nine_was_appealed() -> None:
    result = disputes.share_of_refusals_appealed(report_on())
    # 5,065 of 43,289; 3,576 of 33,141 in 2023; 4,655 of 38,889 in 2024. Mediated were 11,151, of
    # whom 1,564 appealed as well; 1,712 of 7,161 refusals to issue a plan were appealed.
    assert result.value == pytest.approx(100 * 5_065 / 43_289)
    assert result.period == "requests of 2025, as recorded by the January after"
    assert result.checks == pytest.approx(
        {
            disputes.APPEALED_OR_MEDIATED: 100 * (5_065 + 11_151 - 1_564) / 43_289,
            "refusals to assess and to issue a plan together": (
                100 * (5_065 + 1_712) / (43_289 + 7_161)
            ),
            "requests of 2023": 100 * 3_576 / 33_141,
            "requests of 2024": 100 * 4_655 / 38_889,
        }
    )


def test_a_region_has_its_own_refusals_and_a_small_council_a_wide_interval() -> None:
    london = disputes.share_of_refusals_appealed(report_on(LONDON))
    # 625 of 5,053 in 2024.
    assert london.value == pytest.approx(100 * 625 / 5_053)
    assert not london.has_interval
    scilly = disputes.share_of_refusals_appealed(report_on(SCILLY))
    assert scilly.value == 0.0
    assert scilly.high > 50


def test_refusals_and_appeals_that_do_not_fit_together_are_told_as_they_are() -> None:
    result = disputes.share_of_refusals_appealed(report_on(MILTON_KEYNES))
    assert result.missing_because == (
        "For Milton Keynes, the number of requests of 2024 recorded as refused is 0 and of those "
        "appealed 24, from which no share can be told."
    )


# ---------------------------------------------------------------- plans on time


def test_fewer_than_half_of_plans_were_on_time_in_2025() -> None:
    result = joined_up.share_of_plans_on_time(report_on())
    # 43,997 of 95,411; with exceptions 46,498 of 102,203. C084: half in 2023.
    assert result.value == pytest.approx(100 * 43_997 / 95_411)
    assert result.period == "2025"
    assert result.checks == pytest.approx(
        {
            "with exceptions": 100 * 46_498 / 102_203,
            "2023": 100 * 38_471 / 76_506,
            "2024": 100 * 39_407 / 84_866,
        }
    )


def test_a_council_has_an_interval_and_its_own_newest_year() -> None:
    kent = joined_up.share_of_plans_on_time(report_on(KENT))
    assert kent.period == "2024"
    assert kent.low < kent.value < kent.high
    # All the plans of the City of London in 2024 were exceptions.
    assert joined_up.share_of_plans_on_time(report_on(CITY)).period == "2023"
    assert not joined_up.share_of_plans_on_time(report_on(LONDON)).has_interval


def test_most_of_the_fall_in_plans_on_time_came_with_the_new_collection() -> None:
    result = joined_up.change_in_share_of_plans_on_time(report_on())
    # 11,675 of 19,712 in 2015, 34,249 of 57,196 in 2021, 30,536 of 62,108 in 2022.
    first, before, since, last = (
        100 * on_time / plans
        for on_time, plans in (
            (11_675, 19_712), (34_249, 57_196), (30_536, 62_108), (43_997, 95_411),
        )
    )  # fmt: skip
    assert result.value == pytest.approx(last - first)
    assert result.period == "2015 to 2025, across a break in the series in 2022"
    assert result.checks["to 2021, before the break"] == pytest.approx(before - first)
    assert result.checks["from 2022, since the break"] == pytest.approx(last - since)
    assert since - before < 0.75 * result.value
    assert result.checks["with exceptions"] == pytest.approx(45.5 - 54.6, abs=0.1)
    # The short first year of plans is never a base.
    assert list(result.checks)[:3] == ["from 2016", "from 2017", "from 2018"]
    early = joined_up.change_in_share_of_plans_on_time(report_on(baseline_year=2010))
    assert early == result
    # A little more were on time in 2021 than in 2015, so the statement has a caveat.
    assert verdict(report_on(), result, "change_in_share_of_plans_on_time") is Verdict.CAVEATS


def test_a_change_within_one_collection_has_no_break() -> None:
    result = joined_up.change_in_share_of_plans_on_time(report_on(baseline_year=2022))
    assert result.period == "2022 to 2025"
    assert not any("break" in words for words in result.checks)


def test_a_new_council_has_no_change_since_2015() -> None:
    result = joined_up.change_in_share_of_plans_on_time(report_on(CUMBERLAND))
    assert result.missing_because.startswith("For Cumberland, the share of plans on time")


def test_seven_councils_in_ten_have_many_late_plans_beyond_chance() -> None:
    result = joined_up.share_of_councils_with_late_plans(report_on())
    assert result.value == pytest.approx(100 * 105 / 151)
    assert result.period == "2024, 151 councils"
    assert result.checks["without allowing for chance"] == pytest.approx(100 * 114 / 151)
    assert result.checks["2023"] == pytest.approx(100 * 103 / 150)
    assert set(result.checks) == {"without allowing for chance", "with exceptions", "2023"}


# ---------------------------------------------------------------- health


def test_waits_are_of_october_2023_and_of_four_services() -> None:
    result = joined_up.share_waiting_over_18_weeks(report_on())
    assert result.value == pytest.approx(100 * 89_012 / 188_100)
    assert result.period == "October 2023, the newest month at hand"
    # January: 4,313 + 33,471 + 7,388 + 23,790 of 17,272 + 64,597 + 22,556 + 67,774.
    assert result.checks == pytest.approx(
        {
            "community paediatrics": 100 * 50_126 / 83_253,
            "speech and language therapy": 100 * 26_933 / 67_790,
            "occupational therapy": 100 * 6_935 / 18_355,
            "audiology": 100 * 5_018 / 18_702,
            "January 2023": 100 * 68_962 / 172_199,
        }
    )


# ---------------------------------------------------------------- the best


def test_at_the_best_neighbour_many_fewer_plans_would_be_late_and_still_some() -> None:
    result = joined_up.share_on_time_at_best_neighbour(report_on())
    assert result.value == pytest.approx(87.1, abs=0.05)
    assert result.period == "2024"
    assert 46.4 < result.checks["like the best neighbour, allowing for chance"] < result.value
    assert result.checks["like the best neighbour with at least 100 plans"] <= result.value


def test_a_council_reaches_its_best_neighbour_and_a_region_its_councils_best() -> None:
    kent = joined_up.share_on_time_at_best_neighbour(report_on(KENT))
    # East Sussex, a neighbour of Kent: 85.1 per cent.
    assert kent.value == pytest.approx(85.1, abs=0.05)
    london = joined_up.share_on_time_at_best_neighbour(report_on(LONDON))
    assert london.value > joined_up.share_of_plans_on_time(report_on(LONDON)).value
    city = joined_up.share_on_time_at_best_neighbour(report_on(CITY))
    assert city.missing_because.startswith("For the City of London, no plans without exceptions")


def test_a_third_of_the_quickest_stayed_which_chance_could_explain() -> None:
    result = joined_up.share_of_quickest_that_stayed(report_on())
    assert result.value == pytest.approx(100 * 11 / 34)
    assert result.low < 25 < result.value < 50 < result.high
    assert result.checks == pytest.approx(
        {
            "best tenth": 100 / 13, "from 2016": 600 / 34, "from 2017": 1000 / 34,
            "from 2018": 1100 / 34,
        }
    )  # fmt: skip
    assert result.period == "2015 to 2024, across a break in the series in 2022"
