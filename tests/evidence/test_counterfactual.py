"""Growing only as the slowest do: small cases by hand, and the rise left in England."""

import csv
import math
import statistics
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest

from conftest import ROOT
from sendreform.evidence import counterfactual, good_practice, joined_up, systemic
from sendreform.evidence.counterfactual import (
    lowest_neighbour,
    lowest_neighbour_followed,
    lowest_tenth,
    lowest_tenth_followed,
    no_more_than,
    rise_left,
    shrunken,
)
from sendreform.evidence.series import of
from sendreform.store import Store

NEIGHBOURS = pd.DataFrame(
    [("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b"), ("d", "x")],
    columns=["area", "neighbour"],
)
#: a trebles, b doubles, c grows by half; all from 100.
GROWTH = pd.DataFrame(
    {"area": ["a", "b", "c"], "start": [100.0, 100.0, 100.0], "end": [300.0, 200.0, 150.0]}
)


def times(growth: pd.DataFrame) -> pd.Series:
    """Return how many times its start each council has become."""
    return growth.set_index("area").eval("end / start")


@pytest.fixture(scope="module")
def growth(store: Store, councils: list[str]) -> pd.DataFrame:
    """Plans of councils in January 2015 and January 2025."""
    return systemic.growth_by_council(
        of(store.observations("ehc_plans")), councils, "2015-01", "2025-01"
    )


@pytest.fixture(scope="module")
def from_the_files() -> tuple[dict[str, tuple[float, float]], dict[str, list[str]]]:
    """Plans at both ends and neighbours, straight from the files."""
    plans: dict[str, dict[str, float]] = defaultdict(dict)
    with (ROOT / "data/observations/caseload/ehc_plans.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["breakdown"] == "all" and len(row["area"]) == 3:
                plans[row["area"]][row["period"]] = float(row["value"])
    neighbours = defaultdict(list)
    with (ROOT / "data/neighbours.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            neighbours[row["area"]].append(row["neighbour"])
    ends = {
        area: (by["2015-01"], by["2025-01"])
        for area, by in plans.items()
        if {"2015-01", "2025-01"} <= set(by)
    }
    return ends, neighbours


# ---------------------------------------------------------------- by hand


def test_three_councils_at_the_slowest_neighbour() -> None:
    own = times(GROWTH)
    places = no_more_than(GROWTH, own, lowest_neighbour(own, NEIGHBOURS))
    # a and b copy c; c is the slowest itself and keeps its own.
    assert places["otherwise"].to_dict() == {"a": 150.0, "b": 150.0, "c": 150.0}
    # The rise was 350 and would have been 150.
    assert rise_left(places) == pytest.approx(100 * 150 / 350)
    assert rise_left(places.loc[["a"]]) == 25.0
    assert rise_left(places.loc[["c"]]) == 100.0


def test_three_councils_at_the_slowest_tenth() -> None:
    own = times(GROWTH)
    # A tenth of the way over three: a fifth of the way from 1.5 to 2.
    assert lowest_tenth(own) == pytest.approx(1.6)
    places = no_more_than(GROWTH, own, lowest_tenth(own))
    assert places["otherwise"].to_dict() == pytest.approx({"a": 160.0, "b": 160.0, "c": 150.0})
    assert rise_left(places) == pytest.approx(100 * 170 / 350)


def test_a_council_without_a_neighbour_to_copy_is_left_out() -> None:
    own = times(GROWTH)
    bars = lowest_neighbour(own.drop(["b", "c"]), NEIGHBOURS)
    assert bars.to_dict() == {"b": 3.0, "c": 3.0}
    assert list(no_more_than(GROWTH, own, bars).index) == ["b", "c"]


def test_a_fall_of_the_slowest_leaves_less_than_nothing_and_a_fall_has_no_share() -> None:
    fell = GROWTH.assign(end=[300.0, 200.0, 50.0])
    own = times(fell)
    places = no_more_than(fell, own, lowest_neighbour(own, NEIGHBOURS))
    assert rise_left(places.loc[["a"]]) == -25.0
    assert math.isnan(rise_left(places.loc[["c"]]))
    assert math.isnan(rise_left(places.head(0)))


def test_on_a_rate_the_growth_of_the_population_stays() -> None:
    # In both, plans double; in a so did the children, so its rate stood still.
    growth = GROWTH.iloc[:2].assign(end=[200.0, 200.0])
    rates = pd.Series({"a": 1.0, "b": 2.0})
    places = no_more_than(growth, rates, lowest_neighbour(rates, NEIGHBOURS))
    assert places["otherwise"].to_dict() == {"a": 200.0, "b": 100.0}


def test_the_slowest_of_one_half_is_followed_in_the_other() -> None:
    first = pd.Series({"a": 1.0, "b": 1.2, "c": 1.1})
    second = pd.Series({"a": 1.6, "b": 1.1, "c": 1.3})
    # a's neighbours are b and c, b's are a and c, c's are a and b.
    assert lowest_neighbour_followed(first, second, NEIGHBOURS).to_dict() == {
        "a": 1.3, "b": 1.6, "c": 1.6,
    }  # fmt: skip
    assert lowest_neighbour_followed(second, first, NEIGHBOURS).to_dict() == {
        "a": 1.2, "b": 1.1, "c": 1.2,
    }  # fmt: skip
    # The slowest tenth of the first half is a, of the second b: 1.6 times 1.2.
    assert lowest_tenth_followed(first, second) == pytest.approx(1.92)


# ---------------------------------------------------------------- chance


def test_a_small_council_is_drawn_in_more_than_a_large_one() -> None:
    growth = pd.DataFrame(
        {
            "area": ["small", "large", *"abcdef"],
            "start": [10.0, 10_000.0, *[1000.0] * 6],
            "end": [10.0, 10_000.0, 1800.0, 2000.0, 2200.0, 2500.0, 2700.0, 3000.0],
        }
    )
    drawn_in = shrunken(growth)
    assert 1.0 < drawn_in["large"] < 1.01 < 1.3 < drawn_in["small"] < 2.2
    # The order of councils of one size stays.
    assert drawn_in[list("abcdef")].is_monotonic_increasing


def test_growth_alike_but_for_small_numbers_is_drawn_to_one_figure() -> None:
    # Each doubles but for less than chance would give, so nothing is left between councils.
    growth = pd.DataFrame(
        {"area": list("abcd"), "start": [100.0] * 4, "end": [190.0, 198.0, 202.0, 210.0]}
    )
    drawn_in = shrunken(growth)
    assert drawn_in.max() - drawn_in.min() < 1e-6
    assert drawn_in.mean() == pytest.approx(2.0, abs=0.01)


def test_the_lowest_of_ten_equals_is_too_low_and_following_it_is_not() -> None:
    """Forty councils that in truth double in each half, with noise of a tenth."""
    draw = np.random.default_rng(11)
    areas = [str(area) for area in range(40)]
    neighbours = pd.DataFrame(
        [(area, str((int(area) + step) % 40)) for area in areas for step in range(1, 11)],
        columns=["area", "neighbour"],
    )
    as_it_stands, followed = [], []
    for _ in range(200):
        first, second = (pd.Series(draw.normal(0, 0.1, 40), index=areas) for _ in range(2))
        as_it_stands.append(lowest_neighbour(first + second, neighbours).mean())
        one = lowest_neighbour_followed(first, second, neighbours)
        other = lowest_neighbour_followed(second, first, neighbours)
        followed.append((one + other).mean())
    # Growth beyond the doubling, in logarithms. The least of ten normal draws lies 1.54 standard
    # deviations below (David and Nagaraja, Order Statistics); the deviation here is 0.1 × √2.
    assert statistics.mean(as_it_stands) == pytest.approx(-1.54 * 0.1414, abs=0.015)
    assert statistics.mean(followed) == pytest.approx(0.0, abs=0.02)


# ---------------------------------------------------------------- England


def test_three_fifths_of_the_rise_is_left_at_the_slowest_neighbour(
    store: Store,
    growth: pd.DataFrame,
    from_the_files: tuple[dict[str, tuple[float, float]], dict[str, list[str]]],
) -> None:
    ends, neighbours = from_the_files
    own = times(growth)
    places = no_more_than(growth, own, lowest_neighbour(own, store.neighbours))
    # A loop over the files: each council with the least growth among itself and its neighbours.
    otherwise = {
        area: start
        * min(
            ends[other][1] / ends[other][0] for other in [area, *neighbours[area]] if other in ends
        )
        for area, (start, _) in ends.items()
    }
    start, end = (sum(pair[place] for pair in ends.values()) for place in (0, 1))
    assert len(places) == len(ends) == 147
    assert rise_left(places) == pytest.approx(
        100 * (sum(otherwise.values()) - start) / (end - start)
    )
    assert rise_left(places) == pytest.approx(59.6, abs=0.05)
    # Kent's slowest neighbour is East Sussex, which did not quite double.
    assert places.loc["886", "otherwise"] / places.loc["886", "start"] == pytest.approx(
        ends["845"][1] / ends["845"][0]
    )
    assert round(rise_left(places.loc[["886"]])) == 47


def test_three_fifths_of_the_rise_is_left_at_the_slowest_tenth(
    growth: pd.DataFrame,
    from_the_files: tuple[dict[str, tuple[float, float]], dict[str, list[str]]],
) -> None:
    ends, _ = from_the_files
    own = times(growth)
    ordered = sorted(end / start for start, end in ends.values())
    bar = 0.4 * ordered[14] + 0.6 * ordered[15]
    assert lowest_tenth(own) == pytest.approx(bar)
    otherwise = sum(min(end, start * bar) for start, end in ends.values())
    start, end = (sum(pair[place] for pair in ends.values()) for place in (0, 1))
    left = rise_left(no_more_than(growth, own, lowest_tenth(own)))
    assert left == pytest.approx(100 * (otherwise - start) / (end - start))
    assert left == pytest.approx(62.1, abs=0.05)


def test_intervals_are_those_of_councils_drawn_another_way(
    store: Store, growth: pd.DataFrame
) -> None:
    own = times(growth)
    places = no_more_than(growth, own, lowest_neighbour(own, store.neighbours))
    drawn = np.random.default_rng(5).multinomial(147, np.full(147, 1 / 147), size=4000)
    start, end, otherwise = (
        drawn @ places[name].to_numpy() for name in ("start", "end", "otherwise")
    )
    ends = np.quantile(100 * (otherwise - start) / (end - start), [0.025, 0.975])
    low, high = counterfactual.interval_at_neighbour(places)
    assert (low, high) == pytest.approx(tuple(ends), abs=0.5)
    assert low < rise_left(places) < high
    assert all(map(math.isnan, counterfactual.interval_at_neighbour(places.loc[["886"]])))


def test_at_the_slowest_tenth_the_bar_is_drawn_too(growth: pd.DataFrame) -> None:
    everyone = list(growth["area"])
    low, high = counterfactual.interval_at_tenth(growth, everyone)
    own = times(growth)
    start, end = growth["start"].to_numpy(), growth["end"].to_numpy()
    draw = np.random.default_rng(6)
    shares = []
    for _ in range(2000):
        some = draw.integers(0, 147, 147)
        bar = np.quantile(own.to_numpy()[some], 0.1)
        would = np.minimum(end[some], start[some] * bar).sum() - start[some].sum()
        shares.append(100 * would / (end[some] - start[some]).sum())
    assert (low, high) == pytest.approx(tuple(np.quantile(shares, [0.025, 0.975])), abs=0.8)
    # A region has fewer councils and a wider interval about its own figure.
    region = everyone[::10]
    some_low, some_high = counterfactual.interval_at_tenth(growth, region)
    here = no_more_than(growth, own, lowest_tenth(own)).loc[region]
    assert some_low < rise_left(here) < some_high
    assert all(map(math.isnan, counterfactual.interval_at_tenth(growth, ["886"])))


def test_slow_growth_did_not_last(store: Store, councils: list[str]) -> None:
    """Growth in the first and the second half of the years is hardly correlated."""
    plans = of(store.observations("ehc_plans"))
    first, second = (
        times(systemic.growth_by_council(plans, councils, start, end))
        for start, end in (("2015-01", "2020-01"), ("2020-01", "2025-01"))
    )
    both = pd.concat([np.log(first), np.log(second)], axis="columns").dropna()
    assert len(both) == 147
    assert abs(both.corr().iloc[0, 1]) < 0.2


# ---------------------------------------------------------------- appeals


@pytest.fixture(scope="module")
def appeals_2024(store: Store, councils: list[str]) -> pd.DataFrame:
    """Appeals of 2024 and plans of January 2024, by council."""
    appeals, plans = of(store.observations("tribunal_appeals")), of(store.observations("ehc_plans"))
    return good_practice.counts(
        appeals[appeals["period"] == "2024"],
        plans[plans["period"] == "2024-01"].assign(period="2024"),
        councils,
    )


def test_at_the_rate_of_the_lowest_two_fifths_of_appeals_are_left(
    store: Store, appeals_2024: pd.DataFrame
) -> None:
    places = counterfactual.appeals_at_lowest(appeals_2024, store.neighbours)
    assert len(places) == 151
    # All appeals of England but those of two councils that are not published.
    assert places["actual"].sum() == 22_276
    left = 100 * places.sum() / places["actual"].sum()
    assert left["lowest_tenth"] == pytest.approx(38, abs=1)
    assert left["lowest_neighbour"] == pytest.approx(41, abs=1)
    # As they stand, without drawing in, the lowest tenth is a little lower.
    rates = appeals_2024["part"] / appeals_2024["whole"]
    raw = np.minimum(appeals_2024["part"], appeals_2024["whole"] * np.quantile(rates, 0.1))
    assert raw.sum() < places["lowest_tenth"].sum() < 1.1 * raw.sum()


def test_less_than_a_third_of_the_rise_in_appeals_is_left(
    store: Store, appeals_2024: pd.DataFrame
) -> None:
    """Unlike plans, of whose rise three fifths would be left."""
    appeals = of(store.observations("tribunal_appeals"))
    in_2015 = appeals[appeals["period"] == "2015"].set_index("area")["value"]
    places = counterfactual.appeals_at_lowest(appeals_2024, store.neighbours)
    both = places.assign(start=in_2015, end=places["actual"]).dropna()
    assert len(both) == 140
    at_tenth = rise_left(both.assign(otherwise=both["lowest_tenth"]))
    at_neighbour = rise_left(both.assign(otherwise=both["lowest_neighbour"]))
    assert (at_tenth, at_neighbour) == pytest.approx((28, 31), abs=1)
    # As they stand: the rate that a tenth of councils are at or below, times plans.
    rates = appeals_2024.set_index("area").eval("part / whole")
    plans = appeals_2024.set_index("area")["whole"].loc[both.index]
    would = np.minimum(both["end"], plans * sorted(rates)[15])
    raw = 100 * (would - both["start"]).sum() / (both["end"] - both["start"]).sum()
    assert raw == pytest.approx(at_tenth, abs=3)


def test_no_council_has_more_appeals_than_it_had(store: Store, appeals_2024: pd.DataFrame) -> None:
    places = counterfactual.appeals_at_lowest(appeals_2024, store.neighbours)
    assert (places["lowest_tenth"] <= places["actual"]).all()
    assert (places["lowest_neighbour"] <= places["actual"]).all()
    lonely = counterfactual.appeals_at_lowest(appeals_2024, store.neighbours.query("area != '886'"))
    assert lonely["lowest_neighbour"].isna().sum() == 1


# ---------------------------------------------------------------- late plans


def test_a_quarter_of_late_plans_would_be_late_like_the_best_neighbour(
    store: Store, councils: list[str]
) -> None:
    names = ["ehc_plans_in_20_weeks_excluding_exceptions", "ehc_plans_timed_excluding_exceptions"]
    on_time, timed = (
        of(store.observations(name)).loc[
            lambda rows: rows["area"].isin(councils) & (rows["period"] == "2024")
        ]
        for name in names
    )
    shares = joined_up.proportions(on_time, timed).dropna(subset="value")
    places = counterfactual.late_at_best(joined_up.at_best_neighbour(shares, store.neighbours))
    # Late plans straight from the counts, which add up to those of England.
    late = (timed.set_index("area")["value"] - on_time.set_index("area")["value"]).dropna()
    assert places["end"].sum() == pytest.approx(late.sum())
    # 87.1% would be on time, so 12.9% late, of the 53.6% that were (page "Reform is essential").
    assert rise_left(places) == pytest.approx(100 * 12.9 / 53.6, abs=0.3)
    assert (places["otherwise"] <= places["end"] + 1e-9).all()
