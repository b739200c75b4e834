"""What the tests of "unavoidable" find, for England, a region, councils and odd places."""

import math
from collections.abc import Callable

import pytest

from sendreform.claims.result import Result
from sendreform.claims.results import growth, money
from sendreform.claims.verdicts import Verdict, judge, read_tests
from sendreform.report import Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")

LONDON, KENT, CITY, SCILLY, CUMBERLAND = "E12000007", "886", "201", "420", "942"

OF_GROWTH: tuple[Callable[[Report], Result], ...] = (
    growth.growth_in_the_last_three_years,
    growth.share_of_rise_at_ages_20_and_over,
    growth.share_of_rise_from_population,
    growth.plans_begun_for_each_ended,
    growth.independent_growth_over_plans_growth,
)
OF_MONEY: tuple[Callable[[Report], Result], ...] = (
    money.plans_growth_over_funding_growth,
    money.change_in_real_transport_per_plan,
    money.gap_foreseen_in_2018,
)


def report_for(area: str = "England", start: int = 2015, end: int = 2026) -> Report:
    return open_report(area, start, end, "2024-25")


@pytest.fixture(scope="module")
def england() -> Report:
    return report_for()


def verdict(report: Report, result: Callable[[Report], Result]) -> Verdict:
    [test] = [one for one in read_tests(report.store) if one.result == result.__name__]
    return judge(test, result(report))


def test_every_rule_of_growth_and_money_has_its_result(england: Report) -> None:
    about = {test.result for test in read_tests(england.store) if test.finding == "unavoidable"}
    assert about == {result.__name__ for result in (*OF_GROWTH, *OF_MONEY)}


# ---------------------------------------------------------------- England


def test_plans_grew_by_11_6_per_cent_a_year_and_each_year_by_more_than_ten(
    england: Report,
) -> None:
    found = growth.growth_in_the_last_three_years(england)
    assert found.value == pytest.approx(100 * ((718_838 / 517_048) ** (1 / 3) - 1))
    assert found.period == "January 2023 to January 2026"
    assert found.checks == pytest.approx(
        {
            "January 2023 to January 2024": 100 * (576_474 / 517_048 - 1),
            "January 2024 to January 2025": 100 * (638_745 / 576_474 - 1),
            "January 2025 to January 2026": 100 * (718_838 / 638_745 - 1),
            "over the last five years": 100 * ((718_838 / 430_697) ** 0.2 - 1),
        }
    )
    assert verdict(england, growth.growth_in_the_last_three_years) is Verdict.SUPPORTED


def test_a_twelfth_of_the_rise_is_at_ages_20_and_over(england: Report) -> None:
    found = growth.share_of_rise_at_ages_20_and_over(england)
    rise = 718_838 - 240_183
    assert found.value == pytest.approx(100 * (39_351 - 10) / rise)
    assert "across a break in the series in January 2023" in found.period
    # In further education aged 16 to 19: 75,374 in January 2026, and 67 of any age in 2015.
    assert found.checks["with those aged 16 to 19 in further education"] == pytest.approx(
        100 * (39_341 + 75_374 - 67) / rise
    )
    assert found.checks["with all of the rise at ages 16 to 19"] == pytest.approx(
        100 * (39_341 + 143_707 - 25_538) / rise
    )
    assert set(found.checks) >= {"from January 2014", "from January 2016", "from January 2018"}
    assert verdict(england, growth.share_of_rise_at_ages_20_and_over) is Verdict.SUPPORTED


def test_population_is_little_of_the_rise_however_it_is_worked_out(england: Report) -> None:
    found = growth.share_of_rise_from_population(england)
    # Plans, and pupils added up with awk over the published file, at 5 to 10 and at 11 to 15.
    primary = more_pupils((92_213, 212_994), (3_752_735, 3_846_257))
    secondary = more_pupils((111_225, 233_317), (2_752_378, 3_252_443))
    rise = (212_994 - 92_213) + (233_317 - 111_225)
    assert found.value == pytest.approx(100 * (primary + secondary) / rise)
    assert round(found.value, 1) == 13.1
    assert found.period == (
        "January 2016 to January 2025, across a break in the series in January 2023"
    )
    first = 93_522 * 92_213 / 3_752_735 + 500_065 * 111_225 / 2_752_378
    last = 93_522 * 212_994 / 3_846_257 + 500_065 * 233_317 / 3_252_443
    assert found.checks["with population moved first"] == pytest.approx(100 * first / rise)
    assert found.checks["with population moved last"] == pytest.approx(100 * last / rise)
    # A year on, 246,505 and 261,425 plans; pupils are those of January 2025.
    primary = more_pupils((92_213, 246_505), (3_752_735, 3_846_257))
    secondary = more_pupils((111_225, 261_425), (2_752_378, 3_252_443))
    words = "to January 2026, with pupils of a year before"
    assert found.checks[words] == pytest.approx(
        100 * (primary + secondary) / (246_505 - 92_213 + 261_425 - 111_225)
    )
    # 223,039 of 7,974,971 pupils in January 2016, 444,408 of 8,449,209 in January 2025.
    assert found.checks["of pupils in state-funded schools"] == pytest.approx(
        100 * more_pupils((223_039, 444_408), (7_974_971, 8_449_209)) / (444_408 - 223_039)
    )
    assert max(found.checks.values()) < 17
    assert verdict(england, growth.share_of_rise_from_population) is Verdict.SUPPORTED


def test_the_population_to_17_gives_half_as_much_as_pupils_of_the_same_ages(
    england: Report,
) -> None:
    found = growth.share_of_rise_from_population(england)
    words = "under 16, by the population aged 0 to 17, from January 2015 to January 2026"
    by_population = 100 * more_pupils((214_635, 535_780), (11_535_489, 12_183_016))
    assert found.checks[words] == pytest.approx(by_population / (535_780 - 214_635))
    assert 1.9 < found.value / found.checks[words] < 2.2


def more_pupils(plans: tuple[int, int], pupils: tuple[int, int]) -> float:
    """Work out by hand what more pupils bring: more of them, times the mean of the two rates."""
    return (pupils[1] - pupils[0]) * (plans[0] / pupils[0] + plans[1] / pupils[1]) / 2


def test_population_takes_a_seventh_of_the_rise_at_school_age_as_fft_measures_it(
    england: Report,
) -> None:
    """FFT prints 95 per cent more plans at ages 5 to 15, and 78 for each child."""
    found = growth.share_of_rise_from_population(england)
    population, plans = 1.95 / 1.78, 395_774 / 203_385
    share = 100 * (population - 1) * (1 + plans / population) / 2 / (plans - 1)
    words = "at ages 5 to 15, with FFT Education Datalab's population"
    assert found.checks[words] == pytest.approx(share)
    assert round(share) == 14


def test_three_plans_began_for_each_that_ended_in_2025(england: Report) -> None:
    found = growth.plans_begun_for_each_ended(england)
    assert found.value == pytest.approx(110_708 / (50_346 - 17_021))
    assert found.period == "2025"
    assert found.checks["in 2022"] == pytest.approx(66_706 / (34_724 - 9_400))
    assert found.checks["with moves to other councils counted as ended"] == pytest.approx(
        110_708 / 50_346
    )
    assert found.checks["with as many ended as the two counts of plans imply"] == pytest.approx(
        110_708 / (638_745 + 110_708 - 718_838)
    )
    assert verdict(england, growth.plans_begun_for_each_ended) is Verdict.SUPPORTED


def test_independent_places_grew_little_faster_than_plans_with_a_placement(
    england: Report,
) -> None:
    """No placement is recorded for 6,925 plans in January 2026, and for 19,339 a year before."""
    found = growth.independent_growth_over_plans_growth(england)
    recorded = (718_838 - 6_925) / 240_183
    assert found.value == pytest.approx((40_223 / 12_826) / recorded)
    assert found.checks["independent special schools alone"] == pytest.approx(
        (35_569 / 9_284) / recorded
    )
    assert found.checks["to a year earlier"] == pytest.approx(
        (34_028 / 12_826) / ((638_745 - 19_339) / 240_183)
    )
    # The file of placements has 312,626 of the 319,819 plans of January 2018.
    assert found.checks["from January 2018"] == pytest.approx(
        (40_223 / 15_483) / ((718_838 - 6_925) / 312_626)
    )
    words = "against all plans, also those without a recorded placement"
    assert found.checks[words] == pytest.approx((40_223 / 12_826) / (718_838 / 240_183))
    assert found.checks["against plans of those under 20"] == pytest.approx(
        (40_223 / 12_826) / ((718_838 - 39_351) / (240_183 - 10))
    )
    assert verdict(england, growth.independent_growth_over_plans_growth) is Verdict.CAVEATS


def test_plans_outgrew_real_funding_by_half_but_hardly_since_2019(england: Report) -> None:
    found = money.plans_growth_over_funding_growth(england)
    assert found.period == "2015-16 to 2023-24"
    assert found.value == pytest.approx(
        (576_474 / 256_315) / ((9_954.0 / 5_247.0) / (96.4158 / 74.8148))
    )
    words = "by the allocation tables, 2019-20 to 2023-24"
    assert found.checks[words] == pytest.approx(
        (576_474 / 390_109) / ((9_953_984_391 / 6_279_123_139) / (96.4158 / 81.147))
    )
    assert round(found.checks[words], 2) == 1.11
    # The deflator of calendar 2015 and 2023.
    assert found.checks["with the deflator of calendar years"] == pytest.approx(
        (576_474 / 256_315) / ((9_954.0 / 5_247.0) / (96.2507 / 75.1536))
    )
    assert verdict(england, money.plans_growth_over_funding_growth) is Verdict.CAVEATS


def test_transport_rose_by_less_than_a_tenth_for_each_plan_in_every_way(england: Report) -> None:
    found = money.change_in_real_transport_per_plan(england)
    assert found.period == "2018-19 to 2024-25"
    assert round(found.value, 1) == 2.8
    # £726.8m and £1,717.6m as published; the deflator stood at 79.0203.
    assert found.checks["England as published"] == pytest.approx(
        100 * ((1_717_648_788 / 638_745) / (726_834_601 / 0.790203 / 353_995) - 1)
    )
    assert found.checks["without councils with a return that looks unlikely"] < found.value
    assert "from 2020-21" not in found.checks
    assert all(0 < change < 10 for change in found.checks.values())
    assert verdict(england, money.change_in_real_transport_per_plan) is Verdict.CAVEATS


def test_what_was_foreseen_in_2018_has_no_figure_and_says_why(england: Report) -> None:
    found = money.gap_foreseen_in_2018(england)
    assert found.is_missing
    assert "if nothing were done" in found.missing_because
    assert verdict(england, money.gap_foreseen_in_2018) is Verdict.CANNOT_BE_TESTED


# ---------------------------------------------------------------- other places and years


def test_a_council_is_told_to_its_own_last_january_and_across_the_break() -> None:
    found = growth.growth_in_the_last_three_years(report_for(KENT))
    assert found.value == pytest.approx(100 * ((20_635 / 17_733) ** (1 / 3) - 1))
    assert found.period == (
        "January 2022 to January 2025, across a break in the series in January 2023"
    )


def test_kent_in_its_own_figures() -> None:
    kent = report_for(KENT)
    assert growth.share_of_rise_at_ages_20_and_over(kent).value == pytest.approx(
        100 * 772 / (20_635 - 6_884)
    )
    # 479 and 1,623 plans in independent and non-maintained special schools; no placement is
    # recorded for 314 plans in January 2025.
    with_a_placement = 20_635 - 314
    assert growth.independent_growth_over_plans_growth(kent).value == pytest.approx(
        (1_623 / 479) / (with_a_placement / 6_884)
    )
    assert round(growth.plans_begun_for_each_ended(kent).value, 2) == 1.63
    assert verdict(kent, growth.plans_begun_for_each_ended) is Verdict.CAVEATS


def test_london_sent_no_larger_share_to_independent_special_schools() -> None:
    london = report_for(LONDON)
    found = growth.independent_growth_over_plans_growth(london)
    assert found.value < 1
    assert verdict(london, growth.independent_growth_over_plans_growth) is Verdict.NOT_SUPPORTED
    assert (
        "of pupils in state-funded schools" in growth.share_of_rise_from_population(london).checks
    )


def test_a_check_of_england_alone_is_made_nowhere_else() -> None:
    kent = growth.share_of_rise_from_population(report_for(KENT))
    assert not any("FFT" in words for words in kent.checks)
    ages = growth.share_of_rise_at_ages_20_and_over(report_for(KENT))
    assert "with those aged 16 to 19 in further education" not in ages.checks


@pytest.mark.parametrize("result", OF_GROWTH)
@pytest.mark.parametrize("area", [LONDON, KENT, CITY, SCILLY, CUMBERLAND, "909", "316"])
def test_each_place_has_a_figure_or_a_sentence_that_names_it(
    area: str, result: Callable[[Report], Result]
) -> None:
    report = report_for(area)
    found = result(report)
    assert found.is_missing == bool(found.missing_because)
    assert found.measures
    assert not any(math.isnan(figure) for figure in found.checks.values())
    if found.is_missing:
        assert found.missing_because.startswith(f"For {report.place}, ")
        assert found.missing_because.endswith(".")
    else:
        assert found.period


@pytest.mark.parametrize("result", [*OF_GROWTH, *OF_MONEY])
@pytest.mark.parametrize(("start", "end"), [(2010, 2012), (2010, 2018), (2023, 2024), (2025, 2026)])
def test_any_years_have_a_figure_or_a_sentence(
    start: int, end: int, result: Callable[[Report], Result]
) -> None:
    found = result(report_for("England", start, end))
    assert found.is_missing == bool(found.missing_because)
    assert not any(math.isnan(figure) for figure in found.checks.values())


def test_a_council_formed_since_has_no_rise_from_2015_but_its_own_flows() -> None:
    cumberland = report_for(CUMBERLAND)
    assert growth.share_of_rise_from_population(cumberland).is_missing
    assert growth.growth_in_the_last_three_years(cumberland).is_missing
    # 412 new plans in 2024; 204 ceased, of which 34 moved to another council.
    assert growth.plans_begun_for_each_ended(cumberland).value == pytest.approx(412 / (204 - 34))


def test_a_year_in_which_few_plans_ended_has_no_ratio() -> None:
    """Of Hackney, 19 ends are known of 2022; in the City of London, two plans ended in 2024."""
    hackney = growth.plans_begun_for_each_ended(report_for("204"))
    assert hackney.period == "2024"
    assert "in 2022" not in hackney.checks
    assert (
        "fewer than 50 ended" in growth.plans_begun_for_each_ended(report_for(CITY)).missing_because
    )


def test_no_year_after_the_reports_last_is_used() -> None:
    early = report_for("England", 2015, 2022)
    assert growth.share_of_rise_at_ages_20_and_over(early).value == pytest.approx(
        100 * (34_309 - 10) / (473_255 - 240_183)
    )
    assert growth.plans_begun_for_each_ended(early).period == "2022"
    assert growth.share_of_rise_from_population(early).period == "January 2016 to January 2022"
    assert money.plans_growth_over_funding_growth(early).period == "2015-16 to 2021-22"


def test_without_pupils_at_both_ends_the_population_to_17_stands_for_each_age() -> None:
    """The City of London has no state-funded school for ages 11 to 15."""
    city = growth.share_of_rise_from_population(report_for(CITY))
    assert city.period.startswith("January 2015 to January 2025")
    # Under 16, plans rose from 7 to 21; children from 698 to 847.
    assert city.value == pytest.approx(100 * more_pupils((7, 21), (698, 847)) / 14)
    assert not any("pupils of a year before" in words for words in city.checks)


def test_in_birmingham_more_pupils_are_a_quarter_of_the_rise() -> None:
    """Pupils aged 11 to 15 grew from 64,813 to 77,604; plans at 5 to 15 from 5,550 to 8,032."""
    birmingham = report_for("330")
    found = growth.share_of_rise_from_population(birmingham)
    assert round(found.value) == 26
    assert verdict(birmingham, growth.share_of_rise_from_population) is Verdict.CAVEATS


def test_the_same_estimate_of_children_at_both_ends_tells_nothing_of_population() -> None:
    assert growth.share_of_rise_from_population(report_for("England", 2025, 2026)).is_missing


def test_prices_do_not_change_what_is_told_in_real_terms(england: Report) -> None:
    in_cash = open_report("England", 2015, 2026, "cash")
    for result in OF_MONEY[:2]:
        assert result(in_cash) == result(england)
