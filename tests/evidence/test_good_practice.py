"""Good practice: limits that allow for size, ranks that can be trusted, what goes with growth."""

import csv
import math

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats
from statsmodels.discrete.discrete_model import NegativeBinomial

from as_tested import tested_project
from sendreform.errors import ReportError
from sendreform.evidence import good_practice
from sendreform.evidence.good_practice import ABOVE, BELOW, LIMITS, WITHIN
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.store import Store

ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions"
TIMED = "ehc_plans_timed_excluding_exceptions"


def counted(part: list[float], whole: list[float], period: str = "2024") -> pd.DataFrame:
    areas = [str(301 + place) for place in range(len(part))]
    return pd.DataFrame({"area": areas, "period": period, "part": part, "whole": whole})


def read(family: str, measure: str, period: str) -> dict[str, float]:
    """Read one period of a measure straight from its file, without pandas: area → value."""
    path = tested_project() / "data" / "observations" / family / f"{measure}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["area"]: float(row["value"])
            for row in csv.DictReader(file)
            if row["period"] == period and row["breakdown"] == "all" and row["value"]
        }


# ------------------------------------------------------------------ counts


def test_counts_leave_out_councils_without_both_figures_or_with_nothing_to_count() -> None:
    areas = ["301", "302", "303", "304", ENGLAND]
    whole = pd.DataFrame(
        {"area": areas, "period": "2024", "value": [10.0, 0.0, float("nan"), 10.0, 40.0]}
    )
    part = whole.assign(value=[4.0, 0.0, 1.0, float("nan"), 9.0])
    kept = good_practice.counts(part, whole, areas[:-1])
    assert kept.to_numpy().tolist() == [["301", "2024", 4.0, 10.0]]


# ------------------------------------------------------------------ funnels


def edge(limits: pd.DataFrame, band: str) -> pd.Series:
    """Return the limits at the largest size."""
    return limits[limits["band"] == band].iloc[-1]


def test_limits_of_a_half_by_chance_alone_at_a_hundred_plans() -> None:
    """The arcsine of the root of a half is π/4, and its spread by chance 1/(2√100)."""
    found = good_practice.funnel_of_shares(counted([50.0, 50.0], [100.0, 100.0]), 50.0)
    inner = edge(found.limits_by_chance, "inner")
    assert inner["high"] == pytest.approx(100 * math.sin(math.pi / 4 + 1.959964 * 0.05) ** 2)
    # The textbook interval is 50 ± 1.96 × 5.
    assert (inner["low"], inner["high"]) == pytest.approx((50 - 9.8, 50 + 9.8), abs=0.1)
    outer = edge(found.limits_by_chance, "outer")
    assert outer["high"] == pytest.approx(50 + 3.09 * 5, abs=0.3)
    # No council differs, so the limits that allow for a spread are no wider.
    assert found.between == 0
    assert found.limits.equals(found.limits_by_chance)


def test_limits_narrow_as_councils_grow_and_the_outer_ones_are_wider() -> None:
    found = good_practice.funnel_of_shares(counted([5.0, 500.0], [10.0, 1000.0]), 50.0)
    inner, outer = (
        found.limits[found.limits["band"] == band].reset_index(drop=True) for band in LIMITS
    )
    assert (inner["high"].diff().dropna() < 0).all()
    assert (outer["high"] > inner["high"]).all()
    assert (outer["low"] < inner["low"]).all()
    assert inner["size"].iloc[[0, -1]].tolist() == pytest.approx([10, 1000])


def test_the_spread_between_councils_worked_by_hand() -> None:
    """Angles 0.1 either side of that of a half are ±2 at size 100, where chance is ±0.05."""
    part = [100 * math.sin(math.pi / 4 + apart) ** 2 for apart in (0.1, -0.1)]
    found = good_practice.funnel_of_shares(counted(part * 5, [100.0] * 10), 50.0)
    assert found.places["z_by_chance"].abs().tolist() == pytest.approx([2.0] * 10)
    # A spread of four times chance and ten weights of 400: (10 × 4 − 9) ÷ (4,000 − 400).
    assert found.between == pytest.approx(math.sqrt(31 / 3600))
    assert found.places["z"].iloc[0] == pytest.approx(0.1 / math.sqrt(0.05**2 + 31 / 3600))
    assert set(found.places["standing_by_chance"]) == {"Above 95% limit", "Below 95% limit"}
    assert set(found.places["standing"]) == {WITHIN}


def test_an_outlier_does_not_hide_itself() -> None:
    part = [48.0, 52.0] * 10
    quiet = good_practice.funnel_of_shares(counted(part, [100.0] * 20), 50.0)
    loud = good_practice.funnel_of_shares(counted([*part[:-1], 95.0], [100.0] * 20), 50.0)
    assert loud.between == pytest.approx(quiet.between)
    assert loud.places["standing"].iloc[-1] == "Above 99.8% limit"


@pytest.mark.parametrize(("between", "within"), [(0.0, 0.95), (0.15, 0.894)])
def test_limits_hold_what_they_are_said_to_hold(between: float, within: float) -> None:
    """Drawing in leaves 0.679 of a normal variance: ±1.96 × √0.679 holds 89.4 in 100."""
    rng = np.random.default_rng(1)
    sizes = rng.integers(500, 2000, 4000)
    angles = math.asin(math.sqrt(0.5)) + between * rng.standard_normal(4000)
    part = rng.binomial(sizes, np.sin(np.clip(angles, 0, math.pi / 2)) ** 2)
    found = good_practice.funnel_of_shares(counted(list(part), list(sizes)), 50.0)
    assert found.between == pytest.approx(between * math.sqrt(0.679), abs=0.01)
    assert (found.places["standing"] == WITHIN).mean() == pytest.approx(within, abs=0.015)


def test_a_part_larger_than_its_whole_is_refused() -> None:
    for work in (
        good_practice.shrunk_shares,
        lambda table: good_practice.funnel_of_shares(table, 50.0),
    ):
        with pytest.raises(ReportError, match=r"area 302, 2024: 12 is more than the 10"):
            work(counted([1.0, 12.0], [10.0, 10.0]))


def test_no_council_gives_an_empty_funnel() -> None:
    found = good_practice.funnel_of_shares(counted([], []), 50.0)
    assert found.places.empty
    assert found.limits.empty


@pytest.fixture(scope="module")
def timeliness(store: Store, councils: list[str]) -> pd.DataFrame:
    """Plans on time and plans timed, by council and year."""
    return good_practice.counts(
        of(store.observations(ON_TIME)), of(store.observations(TIMED)), councils
    )


def plain_z_scores(on_time: dict[str, float], timed: dict[str, float]) -> list[float]:
    """Work the z-scores out without arrays."""
    centre = math.asin(math.sqrt(on_time[ENGLAND] / timed[ENGLAND]))
    return [
        2 * math.sqrt(timed[area]) * (math.asin(math.sqrt(on_time[area] / timed[area])) - centre)
        for area in on_time
        if len(area) == 3 and timed.get(area)
    ]


def test_differences_in_timeliness_are_far_more_than_chance(timeliness: pd.DataFrame) -> None:
    """In 2024, 76 of 151 councils were above chance and 58 below; 18 above the usual spread."""
    on_time, timed = read("process", ON_TIME, "2024"), read("process", TIMED, "2024")
    z = plain_z_scores(on_time, timed)
    found = good_practice.funnel_of_shares(
        timeliness[timeliness["period"] == "2024"], 100 * on_time[ENGLAND] / timed[ENGLAND]
    )
    places = found.places
    assert len(z) == len(places) == 151
    above, below = sum(one > 1.96 for one in z), sum(one < -1.96 for one in z)
    assert (above, below) == (76, 58)
    assert places["standing_by_chance"].isin(ABOVE).sum() == above
    assert places["standing_by_chance"].isin(BELOW).sum() == below
    assert places["standing"].isin(ABOVE).sum() == 18
    assert places["standing"].isin(BELOW).sum() == 3
    # 15 at each end drawn in, and weights of four times the plans timed, by hand.
    ordered = sorted(z)
    drawn_in = sum(min(max(one, ordered[15]), ordered[-16]) ** 2 for one in z)
    weights = [4 * size for size in places["size"]]
    room = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    assert round(drawn_in / len(z)) == 161
    assert found.between == pytest.approx(math.sqrt((drawn_in - (len(z) - 1)) / room))


def test_exact_binomial_tests_find_as_many_councils_better_than_chance() -> None:
    """A check by another method: exact tests and not the arcsine."""
    on_time, timed = read("process", ON_TIME, "2024"), read("process", TIMED, "2024")
    share = on_time[ENGLAND] / timed[ENGLAND]
    better = sum(
        stats.binom.sf(on_time[area] - 1, timed[area], share) < 0.025
        for area in on_time
        if len(area) == 3 and timed.get(area)
    )
    assert better == pytest.approx(76, abs=2)


def test_a_year_without_a_figure_for_england_has_no_standings(timeliness: pd.DataFrame) -> None:
    england = pd.DataFrame({"period": ["2023", "2024"], "value": [float("nan"), 46.4]})
    found = good_practice.standings(timeliness, england)
    assert set(found["period"]) == {"2024"}
    assert good_practice.standings(timeliness, england.head(0)).empty


# ------------------------------------------------------------------ does it last


def standing(**years: str) -> pd.DataFrame:
    """Write a letter a council and year: A above, W within, a dot for no figure."""
    words = {"A": "Above 95% limit", "W": WITHIN}
    rows = [
        (str(301 + place), year.removeprefix("y"), words[letter])
        for year, letters in years.items()
        for place, letter in enumerate(letters)
        if letter != "."
    ]
    return pd.DataFrame(rows, columns=["area", "period", "standing"])


def test_those_who_stayed_are_held_against_chance() -> None:
    """Two of four above in both years: by chance one would be, and both one time in six."""
    [row] = good_practice.lasting(standing(y2023="AAWW", y2024="AAWW"), ABOVE).itertuples()
    assert (row.period, row.later, row.councils) == ("2023", "2024", 4)
    assert (row.began, row.still, row.by_chance) == (2, 2, 1.0)
    assert row.p == pytest.approx(1 / 6)


def test_only_councils_with_a_figure_in_both_years_are_followed() -> None:
    found = good_practice.lasting(standing(y2022="AAW.", y2023="A.WA", y2024="WWWA"), ABOVE)
    by_pair = found.set_index(["period", "later"])
    assert by_pair.loc[("2022", "2023"), ["councils", "began", "still"]].tolist() == [2, 1, 1]
    assert by_pair.loc[("2022", "2024"), ["councils", "began", "still"]].tolist() == [3, 2, 0]
    assert by_pair.loc[("2022", "2024"), "p"] == 1
    assert good_practice.lasting(standing(y2024="AAWW"), ABOVE).empty


def test_councils_that_stood_out_on_time_seldom_did_five_years_on(
    timeliness: pd.DataFrame, store: Store
) -> None:
    share = of(store.observations(f"{ON_TIME}_share").query("area == @ENGLAND"))
    found = good_practice.standings(timeliness, share)
    lasted = good_practice.lasting(found, ABOVE)
    by_years = good_practice.lasting_by_years(lasted).set_index("years")
    # Pooled over the years they began in, from the sets of councils themselves.
    above = {
        int(period): set(of_year.loc[of_year["standing"].isin(ABOVE), "area"])
        for period, of_year in found.groupby("period")
    }
    for apart, still in ((1, 77), (5, 9)):
        assert still == sum(
            len(above[year] & above[year + apart]) for year in above if year + apart in above
        )
        assert by_years.loc[apart, "still"] == still
    assert by_years.loc[[1, 5], "value"].round().tolist() == [60, 16]
    assert by_years.loc[[1, 5], "value_by_chance"].round().tolist() == [11, 12]


def test_the_order_of_councils_on_time_is_forgotten_in_a_few_years(
    timeliness: pd.DataFrame,
) -> None:
    alike = good_practice.rank_correlations(timeliness).set_index(["period", "later"])["value"]
    for first, last in (("2023", "2024"), ("2016", "2024")):
        shares = [
            {
                area: on_time / timed[area]
                for area, on_time in read("process", ON_TIME, year).items()
                if timed.get(area)
            }
            for year in (first, last)
            for timed in [read("process", TIMED, year)]
        ]
        # Past councils have no figure in 2024, so they fall out here.
        both = [area for area in shares[0] if area in shares[1] and len(area) == 3]
        rho = stats.spearmanr(*([of_year[area] for area in both] for of_year in shares))
        assert alike[first, last] == pytest.approx(rho.statistic)
    assert alike["2023", "2024"] == pytest.approx(0.684, abs=0.001)
    assert abs(alike["2016", "2024"]) < 0.1


def test_opposite_orders_correlate_at_minus_one() -> None:
    two = pd.concat(
        [counted([1.0, 2.0, 3.0], [4.0] * 3), counted([3.0, 2.0, 1.0], [4.0] * 3, "2025")]
    )
    [row] = good_practice.rank_correlations(two).to_numpy().tolist()
    assert row == ["2024", "2025", 3, pytest.approx(-1)]


# ------------------------------------------------------------------ ranks


def test_a_small_council_is_drawn_in_further_than_a_large_one_with_the_same_share() -> None:
    table = counted([9.0, 900.0, 300.0, 500.0, 700.0], [10.0, 1000.0, 1000.0, 1000.0, 1000.0])
    found = good_practice.shrunk_shares(table).set_index("area")
    small, large = found.loc["301"], found.loc["302"]
    assert small["value"] == large["value"] == 90
    assert 60 < small["estimate"] < large["estimate"] < 90
    assert small["high"] - small["low"] > large["high"] - large["low"]
    assert found["rank"].tolist() == [1, 2, 3, 4, 5]


def test_estimates_are_those_of_the_fitted_beta() -> None:
    """With a and b known, the estimate is (a + on time) ÷ (a + b + timed)."""
    rng = np.random.default_rng(3)
    truth = rng.beta(6, 4, 1500)
    sizes = rng.integers(20, 200, 1500)
    part = rng.binomial(sizes, truth)
    table = counted(list(part), list(sizes))
    found = good_practice.shrunk_shares(table).set_index("area").loc[table["area"]]
    by_hand = 100 * (6 + part) / (10 + sizes)
    assert found["estimate"].to_numpy() == pytest.approx(by_hand, abs=1.5)
    held = (found["low"].to_numpy() < 100 * truth) & (100 * truth < found["high"].to_numpy())
    assert held.mean() == pytest.approx(0.95, abs=0.015)


def test_rates_agree_with_a_negative_binomial_regression(store: Store, councils: list[str]) -> None:
    """statsmodels fits the same model by another route: a constant, plans as exposure."""
    plans = of(store.observations("ehc_plans"))
    appeals = of(store.observations("tribunal_appeals"))
    table = good_practice.counts(appeals, plans.assign(period=plans["period"].str[:4]), councils)
    of_2025 = table[table["period"] == "2025"]
    found = good_practice.shrunk_rates(of_2025).set_index("area")["estimate"]
    fitted = NegativeBinomial(
        of_2025["part"], np.ones(len(of_2025)), exposure=of_2025["whole"]
    ).fit(disp=0)
    a = 1 / fitted.params["alpha"]
    b = a / math.exp(fitted.params["const"])
    expected = 1000 * (a + of_2025["part"]) / (b + of_2025["whole"])
    assert found[of_2025["area"]].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-3)
    # Kent: 1,756 appeals against 20,635 plans is 85.1 as it stands.
    assert found["886"] == pytest.approx(84.9, abs=0.1)


def test_a_fit_that_does_not_settle_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    unsettled = optimize.OptimizeResult(x=np.zeros(2), success=False, message="Too many steps.")
    monkeypatch.setattr(good_practice.optimize, "minimize", lambda *_, **__: unsettled)
    for estimate in (good_practice.shrunk_shares, good_practice.shrunk_rates):
        with pytest.raises(ReportError, match="no spread between councils fits"):
            estimate(counted([1.0, 2.0], [10.0, 10.0]))


def test_ranks_are_sure_where_councils_are_far_apart_and_open_where_they_are_alike() -> None:
    apart = good_practice.shrunk_shares(counted([100.0, 500.0, 900.0], [1000.0] * 3))
    assert apart["area"].tolist() == ["303", "302", "301"]
    assert apart[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]
    assert good_practice.pairs_told_apart(apart) == 100
    alike = good_practice.shrunk_shares(counted([500.0, 501.0, 502.0], [1000.0] * 3))
    assert alike[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 3]] * 3
    assert good_practice.pairs_told_apart(alike) == 0


def test_one_council_makes_no_pair() -> None:
    alone = pd.DataFrame({"low": [1.0], "high": [2.0]})
    assert math.isnan(good_practice.pairs_told_apart(alone))


def test_a_table_of_2024_tells_most_pairs_apart(timeliness: pd.DataFrame) -> None:
    found = good_practice.shrunk_shares(timeliness[timeliness["period"] == "2024"])
    summary = good_practice.league_table(found)
    # Pair by pair, without arrays.
    ends = found[["low", "high"]].to_numpy().tolist()
    apart = sum(one[0] > two[1] or two[0] > one[1] for one in ends for two in ends) / 2
    assert summary["councils"] == 151
    assert summary["pairs_told_apart"] == pytest.approx(100 * apart / (151 * 150 / 2))
    assert summary["pairs_told_apart"] == pytest.approx(83.9, abs=0.1)
    assert 8 <= summary["places"] <= 14
    assert summary["surely_top_quarter"] <= 151 / 4
    # Ranks of the estimates lie within the intervals simulated for them.
    assert found["rank"].between(found["rank_low"], found["rank_high"]).all()


# ------------------------------------------------------------------ what goes with growth


def two_sides(better: list[float], others: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {"better": [1] * len(better) + [0] * len(others), "value": [*better, *others]}
    )


def test_a_difference_and_its_interval_by_hand() -> None:
    """Spreads of 50 and 200 about means of 15 and 40: a standard error of √(50/1 + 200/1)."""
    found = good_practice.difference(two_sides([10, 20], [30, 50]))
    assert found.value == pytest.approx(-25)
    # HC3 divides each spread by one less than its councils; t with 2 degrees of freedom.
    assert found.low == pytest.approx(-25 - 4.302653 * math.sqrt(250))
    assert found.high == pytest.approx(-25 + 4.302653 * math.sqrt(250))
    assert (found.better, found.others) == (2, 2)
    assert good_practice.median_difference(two_sides([1, 2, 9], [4, 5, 6])) == -3


def test_a_side_with_one_council_gives_no_difference() -> None:
    found = good_practice.difference(two_sides([10], [30, 50]))
    assert math.isnan(found.value)
    assert math.isnan(found.low)
    assert (found.better, found.others) == (1, 2)
    assert math.isnan(good_practice.median_difference(two_sides([], [30, 50])))


def test_region_and_size_are_allowed_for() -> None:
    """Better places are larger and in the region that grew more; five points are their own."""
    rng = np.random.default_rng(5)
    better = np.repeat([0, 1], 40)
    size = np.exp(rng.normal(6 + better, 0.5))
    region = np.where(rng.random(80) < 0.3 + 0.4 * better, "E12000007", "E12000008")
    value = 5 * better + 10 * np.log(size) + 30 * (region == "E12000007")
    places = pd.DataFrame({"better": better, "value": value, "size": size, "region": region})
    assert good_practice.difference(places).value > 15
    assert good_practice.difference(places, adjusted=True).value == pytest.approx(5)


def test_a_council_without_all_that_is_compared_is_left_out() -> None:
    areas = ["301", "302", "303", "304"]
    found = good_practice.compared(
        pd.Series([True, False, True], areas[:3]),
        pd.Series([1.0, float("nan"), 3.0, 4.0], areas),
        pd.Series([100.0] * 4, areas),
        pd.Series(["E12000007"] * 4, areas),
    )
    assert found.index.tolist() == ["301", "303"]
    assert found["better"].tolist() == [1, 1]


def test_the_latest_inspection_counts() -> None:
    grades = pd.DataFrame(
        {
            "area": ["301", "301", "302", "303"],
            "period": ["2025-02-01", "2023-03-01", "2024-01-01", "2024-01-01"],
            "value": [1.0, 3.0, 2.0, float("nan")],
        }
    )
    assert good_practice.inspected_well(grades).to_dict() == {"301": True, "302": False}
    assert good_practice.inspected_well(grades, worst=2).all()
    outcomes = good_practice.inspection_outcomes(grades)
    assert outcomes[["value", "share"]].to_numpy().tolist() == [[1, 50], [1, 50], [0, 0]]
    statements = pd.DataFrame({"area": ["301"], "period": ["2019-02-01"], "value": [1.0]})
    assert good_practice.without_statement(statements).to_dict() == {"301": False}


def test_a_quarter_of_areas_inspected_had_widespread_failings(store: Store) -> None:
    grades = store.observations("area_send_inspection_grade")
    outcomes = good_practice.inspection_outcomes(grades).set_index("label")["value"]
    assert outcomes.to_list() == [19, 52, 24]
    # The National Audit Office counted 31% of 35 inspections to March 2024. Only the latest
    # report of each area is kept here, so that claim cannot be worked out again.
    to_march_2024 = grades[grades["period"] <= "2024-03-31"]
    assert good_practice.inspection_outcomes(to_march_2024)["value"].sum() == 26


@pytest.fixture(scope="module")
def everything(store: Store, councils: list[str]) -> dict[str, pd.DataFrame]:
    """Every comparison on the committed data, January 2015 to 2025."""
    observed = {name: store.observations(name) for name in good_practice.MEASURES}
    observed["ehc_plans"] = observed["ehc_plans"].query("'2015-01' <= period <= '2025-01'")
    return good_practice.comparisons(observed, store.areas.loc[councils])


def test_officers_are_held_against_the_growth_that_came_after_them(
    everything: dict[str, pd.DataFrame],
) -> None:
    assert (
        "No written statement required to 2022: growth in plans, January 2015 to January 2025"
        in (everything)
    )
    medical = "Designated medical officer in post in January 2019"
    growth = everything[f"{medical}: growth in plans, January 2019 to January 2025"]
    plans, later = (
        read("caseload", "ehc_plans", "2019-01"),
        read("caseload", "ehc_plans", "2025-01"),
    )
    assert growth.loc["886", "value"] == pytest.approx(100 * (later["886"] / plans["886"] - 1))
    # Social care officers were first asked about in the newest January: nothing grew since.
    social = [words for words in everything if words.startswith("Designated social care")]
    assert social == [
        "Designated social care officer in post in January 2025: share of plans on time in 2024"
    ]


def test_well_inspected_places_are_more_timely_but_did_not_clearly_grow_less(
    everything: dict[str, pd.DataFrame],
) -> None:
    found = good_practice.associations(everything).set_index("label")
    assert len(found) == 11
    well = "Typically positive at inspection since 2023"
    growth = found.loc[f"{well}: growth in plans, January 2015 to January 2025"]
    grades = read_grades()
    start, end = (read("caseload", "ehc_plans", year) for year in ("2015-01", "2025-01"))
    grew = {
        grade: [
            100 * (end[area] / start[area] - 1)
            for area in grades
            if (grades[area] == 1) == grade and area in start and area in end
        ]
        for grade in (True, False)
    }
    assert (growth["better"], growth["others"]) == tuple(map(len, grew.values())) == (18, 71)
    welch = stats.ttest_ind(grew[True], grew[False], equal_var=False)
    assert growth["value"] == pytest.approx(np.mean(grew[True]) - np.mean(grew[False]))
    assert growth["value"] == pytest.approx(-16.0, abs=0.05)
    # Welch's interval differs from HC3 only in small things.
    assert growth["low"] == pytest.approx(welch.confidence_interval().low, abs=1)
    assert growth["low"] < -10 < 0 < growth["high"]
    timely = found.loc[f"{well}: share of plans on time in 2024"]
    assert timely["value"] == pytest.approx(31.2, abs=0.05)
    assert timely["p_corrected"] < 0.001
    # Nothing else stays once the number of questions is allowed for.
    assert (found["p_corrected"] < 0.05).sum() == 1


def read_grades() -> dict[str, int]:
    path = tested_project() / "data" / "observations" / "context" / "area_send_inspection_grade.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["area"]: int(row["value"]) for row in csv.DictReader(file) if row["value"]}


def test_p_values_are_corrected_for_every_row() -> None:
    """Holm: the smallest of three p-values three times, the next twice, the last once."""
    rng = np.random.default_rng(7)
    tables = {
        str(shift): pd.DataFrame(
            {
                "better": [1] * 20 + [0] * 20,
                "value": rng.normal(0, 1, 40) + np.repeat([shift, 0], 20),
                "size": rng.uniform(100, 200, 40),
                "region": ["E12000007", "E12000008"] * 20,
            }
        )
        for shift in (0, 0.4, 2)
    }
    found = good_practice.associations(
        {**tables, "nobody": tables["0"].assign(better=0)}
    ).sort_values("p")
    assert len(found) == 3
    first, second, third = found["p"]
    assert found["p_corrected"].tolist() == pytest.approx(
        [3 * first, max(3 * first, 2 * second), min(1, max(2 * second, third))]
    )
    assert good_practice.associations({}).empty


@pytest.mark.parametrize("missing", good_practice.MEASURES)
def test_a_measure_without_figures_leaves_its_comparisons_out(
    store: Store, councils: list[str], missing: str
) -> None:
    observed = {name: store.observations(name) for name in good_practice.MEASURES}
    observed[missing] = observed[missing].head(0)
    found = good_practice.comparisons(observed, store.areas.loc[councils])
    absent = {
        "ehc_plans": "growth in plans",
        f"{ON_TIME}_share": "plans on time",
        "area_send_inspection_grade": "inspection since",
        "area_send_written_statement_required": "written statement",
        "designated_officer_in_post": "officer",
    }[missing]
    assert not [words for words in found if absent in words]
    assert bool(found) == (missing != "ehc_plans")
    assert len(good_practice.associations(found)) == len(found)


def test_what_is_found_is_called_an_association() -> None:
    assert good_practice.ASSOCIATION.startswith("An association between councils, not an effect")
