"""What councils share: shares of variation that can be checked by hand, and against other code."""

import csv
import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from linearmodels.panel import PanelOLS

from as_tested import tested_project
from sendreform.evidence import commonality
from sendreform.evidence.commonality import (
    OWN_SPEED,
    OWN_TURNS,
    SHARED_RISE,
    SHARED_TURNS,
    by_chance,
    net_of_chance,
    parts_of_variation,
    share_of_common_years,
    yearly_changes,
)
from sendreform.evidence.series import of
from sendreform.store import Store

BREAKS = ["2015-01", "2023-01"]
JANUARIES = [f"{year}-01" for year in range(2010, 2026)]


def wide(rows: list[list[float]], first: int = 2016) -> pd.DataFrame:
    """Write a table of councils by Januaries."""
    return pd.DataFrame(
        rows,
        index=[str(301 + place) for place in range(len(rows))],
        columns=[f"{first + place}-01" for place in range(len(rows[0]))],
    )


@pytest.fixture(scope="module")
def logs(store: Store, councils: list[str]) -> pd.DataFrame:
    """Log plans of the councils with figures in all Januaries from 2010 to 2025."""
    return commonality.logs(of(store.observations("ehc_plans")), councils)


@pytest.fixture(scope="module")
def from_the_file() -> np.ndarray:
    """The same, straight from the file: no pandas, none of our code."""
    by_area: dict[str, dict[str, float]] = defaultdict(dict)
    with (tested_project() / "data/observations/caseload/ehc_plans.csv").open(
        encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            if row["breakdown"] == "all" and len(row["area"]) == 3:
                by_area[row["area"]][row["period"]] = float(row["value"])
    return np.log([[plans[p] for p in JANUARIES] for plans in by_area.values() if len(plans) == 16])


# ---------------------------------------------------------------- tables


def test_only_councils_with_plans_in_every_january_are_compared(logs: pd.DataFrame) -> None:
    # 153 councils of today less the six formed since January 2010.
    assert logs.shape == (147, 16)
    assert list(logs.columns) == JANUARIES
    assert np.exp(logs.loc["886", "2025-01"]) == pytest.approx(20_635)


def test_no_plans_and_no_figure_both_keep_a_council_out() -> None:
    plans = pd.DataFrame(
        {
            "area": ["301", "301", "302", "302", "303"],
            "period": ["2016-01", "2017-01"] * 2 + ["2016-01"],
            "value": [1.0, math.e, 0.0, 1.0, 1.0],
        }
    )
    assert commonality.logs(plans, ["301", "302", "303"]).to_numpy().tolist() == [[0.0, 1.0]]
    assert commonality.logs(plans.head(0), ["301"]).empty


def test_no_growth_is_told_across_a_break_or_a_missing_january() -> None:
    table = wide([[0.0, 1.0, 3.0, 6.0]])
    table.columns = ["2016-01", "2017-01", "2018-01", "2020-01"]
    assert yearly_changes(table).to_dict("list") == {"2017-01": [1.0], "2018-01": [2.0]}
    assert yearly_changes(table, ["2017-01"]).to_dict("list") == {"2018-01": [2.0]}


# ---------------------------------------------------------------- the share


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        ([[0.0, 1.0], [5.0, 6.0]], 100.0),  # the same rise from other levels
        ([[0.0, 1.0], [1.0, 0.0]], 0.0),  # as much up as down
        # Own averages taken out: ±1 and ±2, the average ±1.5. Four of 1.5² in two of 1² and 2².
        ([[0.0, 2.0], [0.0, 4.0]], 100 * (4 * 2.25) / (2 * 1 + 2 * 4)),
        # One goes up and down, one stays: the average is half of it, a quarter of the squares,
        # in each of two councils.
        ([[0.0, 4.0, 0.0, 4.0], [0.0] * 4], 50.0),
    ],
)
def test_shares_that_can_be_worked_out_by_hand(rows: list[list[float]], share: float) -> None:
    assert share_of_common_years(wide(rows)) == pytest.approx(share, abs=1e-9)


def test_a_weight_of_two_is_a_council_counted_twice() -> None:
    rows = [[0.0, 2.0, 1.0], [0.0, 4.0, 9.0], [1.0, 1.0, 5.0]]
    twice = wide([*rows, rows[1]])
    weights = pd.Series({"301": 1.0, "302": 2.0, "303": 1.0})
    assert share_of_common_years(wide(rows), weights=weights) == pytest.approx(
        share_of_common_years(twice)
    )
    # Chance, too, is that of a heavier and two lighter councils: more than a third.
    assert by_chance(wide(rows), weights=weights) > by_chance(wide(rows)) == pytest.approx(100 / 3)


def test_nothing_is_compared_across_a_break() -> None:
    # Each stretch by itself: the first shared wholly, the second not at all. A leap between the
    # two makes no difference.
    table = wide([[0.0, 1.0, 9.0, 10.0], [0.0, 1.0, 50.0, 49.0]])
    assert share_of_common_years(table, ["2018-01"]) == pytest.approx(50.0)
    leap = table.assign(**{"2018-01": table["2018-01"] + 7, "2019-01": table["2019-01"] + 7})
    assert share_of_common_years(leap, ["2018-01"]) == pytest.approx(50.0)


@pytest.mark.parametrize(
    "table", [wide([[0.0, 1.0]]), wide([[0.0], [1.0]]), wide([[0.0, 1.0], [2.0, 3.0]]).head(0)]
)
def test_one_council_or_one_january_has_no_share(table: pd.DataFrame) -> None:
    assert math.isnan(share_of_common_years(table))
    assert math.isnan(share_of_common_years(yearly_changes(wide([[0.0, 1.0], [0.0, 2.0]])).head(1)))


def test_years_common_to_all_explain_92_per_cent_of_log_plans_since_2010(
    logs: pd.DataFrame, from_the_file: np.ndarray
) -> None:
    share = share_of_common_years(logs)
    # By sums of squares, from the file.
    own = from_the_file - from_the_file.mean(axis=1, keepdims=True)
    assert share == pytest.approx(100 * 147 * (own.mean(axis=0) ** 2).sum() / (own**2).sum())
    assert share == pytest.approx(91.98, abs=0.005)
    assert share_of_common_years(logs.loc[:, "2015-01":]) == pytest.approx(91.74, abs=0.005)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("breaks", [[], BREAKS])
def test_the_share_is_the_within_r_squared_of_a_two_way_regression(
    logs: pd.DataFrame, breaks: list[str], weighted: bool
) -> None:
    """By linearmodels: an effect for each council (in each stretch) and one for each year."""
    rows = logs.rename_axis("area").reset_index().melt("area", var_name="period")
    stretch = sum((rows["period"] >= broken).astype(int) for broken in breaks)
    rows["council"] = rows["area"] + "/" + stretch.astype(str) if breaks else rows["area"]
    rows["year"] = rows["period"].str[:4].astype(int)
    # Within a stretch the first year is what the others are told against.
    told = [p for p in JANUARIES if p not in {"2010-01", *breaks}]
    panel = pd.concat([rows, pd.get_dummies(rows["period"], dtype=float)[told]], axis=1)
    panel = panel.set_index(["council", "year"])
    weights = np.exp(logs["2010-01"]) if weighted else None
    fitted = PanelOLS(
        panel["value"],
        panel[told],
        entity_effects=True,
        weights=panel["area"].map(weights) if weighted else None,
    ).fit()
    assert share_of_common_years(logs, breaks, weights) == pytest.approx(
        100 * fitted.rsquared_within
    )


@pytest.mark.parametrize("growth", [False, True])
def test_the_interval_is_that_of_councils_drawn_another_way(
    logs: pd.DataFrame, from_the_file: np.ndarray, growth: bool
) -> None:
    table = yearly_changes(logs.loc[:, "2015-01":]) if growth else logs
    values = np.diff(from_the_file[:, 5:], axis=1) if growth else from_the_file
    # How often each council is drawn, and sums of squares.
    own = values - values.mean(axis=1, keepdims=True)
    drawn = np.random.default_rng(7).multinomial(147, np.full(147, 1 / 147), size=4000)
    shares = 147 * ((drawn @ own / 147) ** 2).sum(axis=1) / (drawn @ (own**2).sum(axis=1))
    # Drawing again lets chance (1 in 147) in once more; a share of 3% would seem one of 4%.
    ends = 100 * (np.quantile(shares, [0.025, 0.975]) - 1 / 147) / (1 - 1 / 147)
    low, high = commonality.interval_of_common_years(table)
    # Monte-Carlo noise of an end: about a tenth of a point.
    assert (low, high) == pytest.approx(tuple(ends), abs=0.3)
    assert low < share_of_common_years(table) < high


# ---------------------------------------------------------------- years fast and slow


def test_yearly_growth_is_hardly_shared(logs: pd.DataFrame, from_the_file: np.ndarray) -> None:
    """Since 2015, years explain 3% of it and two councils are correlated by 0.05."""
    growth = yearly_changes(logs.loc[:, "2015-01":])
    by_hand = np.diff(from_the_file[:, 5:], axis=1)
    own = by_hand - by_hand.mean(axis=1, keepdims=True)
    share = share_of_common_years(growth)
    assert share == pytest.approx(100 * 147 * (own.mean(axis=0) ** 2).sum() / (own**2).sum())
    assert share == pytest.approx(3.28, abs=0.005)
    assert net_of_chance(share, by_chance(growth)) == pytest.approx(2.62, abs=0.005)
    pairs = np.corrcoef(by_hand)[np.triu_indices(147, 1)]
    assert commonality.mean_correlation(growth) == pytest.approx(pairs.mean())
    assert commonality.mean_correlation(growth) == pytest.approx(0.046, abs=0.0005)


def test_the_reforms_of_2014_are_the_one_step_that_is_shared(logs: pd.DataFrame) -> None:
    across = yearly_changes(logs)
    assert share_of_common_years(across) == pytest.approx(35.1, abs=0.05)
    within = yearly_changes(logs, BREAKS)
    # Fifteen changes less those to the Januaries of 2015 and 2023.
    assert within.shape == (147, 13)
    assert share_of_common_years(within, BREAKS) == pytest.approx(4.06, abs=0.005)
    low, high = commonality.interval_of_common_years(within, BREAKS)
    assert 2 < low < 3 < 5 < high < 7


def test_councils_shuffled_each_by_itself_share_what_chance_gives(logs: pd.DataFrame) -> None:
    growth = yearly_changes(logs.loc[:, "2015-01":])
    chance = by_chance(growth)
    assert chance == pytest.approx(100 / 147)
    draw = np.random.default_rng(3)
    own = growth.to_numpy() - growth.to_numpy().mean(axis=1, keepdims=True)
    shuffled = [
        100 * 147 * (draw.permuted(own, axis=1).mean(axis=0) ** 2).sum() / (own**2).sum()
        for _ in range(2000)
    ]
    # A share of about 0.68 with a spread of about 0.35 in each of 2,000 shuffles.
    assert np.mean(shuffled) == pytest.approx(chance, abs=0.03)
    # None of the 2,000 comes near what there is: little is shared, but more than by chance.
    assert max(shuffled) < share_of_common_years(growth)


def test_beyond_chance_is_the_share_adjusted_for_degrees_of_freedom(logs: pd.DataFrame) -> None:
    growth = yearly_changes(logs.loc[:, "2015-01":])
    share = share_of_common_years(growth)
    councils, years = growth.shape
    left = (100 - share) / ((councils - 1) * (years - 1))
    adjusted = 100 - left * councils * (years - 1)
    assert net_of_chance(share, by_chance(growth)) == pytest.approx(adjusted)


def test_with_ups_and_downs_of_one_size_it_is_the_mean_correlation(logs: pd.DataFrame) -> None:
    growth = yearly_changes(logs.loc[:, "2015-01":])
    alike = growth.sub(growth.mean(axis="columns"), axis="index").div(
        growth.std(axis="columns"), axis="index"
    )
    assert net_of_chance(share_of_common_years(alike), by_chance(alike)) == pytest.approx(
        100 * commonality.mean_correlation(growth)
    )


def test_a_council_that_never_moves_is_correlated_with_none() -> None:
    table = wide([[0.0, 1.0, 0.0], [0.0, 2.0, 0.0], [3.0, 3.0, 3.0]])
    assert commonality.mean_correlation(table) == pytest.approx(1.0)
    assert math.isnan(commonality.mean_correlation(table.tail(2)))


def test_nothing_that_moves_leaves_nothing_to_chance() -> None:
    assert math.isnan(by_chance(wide([[1.0, 1.0], [2.0, 2.0]])))


# ---------------------------------------------------------------- parts


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, (5, 6), elements=st.floats(-3, 3, width=32)))
def test_the_four_parts_add_up_and_the_shared_two_are_the_share(values: np.ndarray) -> None:
    table = wide(values.tolist())
    # Something must move for a share to be told.
    table.iloc[0, 0] += 10
    parts = parts_of_variation(table).set_index("series")["value"]
    assert parts.sum() == pytest.approx(100)
    assert (parts >= -1e-9).all()
    assert parts[SHARED_RISE] + parts[SHARED_TURNS] == pytest.approx(
        share_of_common_years(table), abs=1e-6
    )


def test_straight_lines_of_unlike_slope_have_no_ups_and_downs() -> None:
    # Slopes 1 and 3: the average 2 and departures of 1, so 4 parts in 5 are shared.
    parts = parts_of_variation(wide([[0.0, 1.0, 2.0], [0.0, 3.0, 6.0]]))
    assert parts.set_index("series")["value"].to_dict() == pytest.approx(
        {SHARED_RISE: 80.0, SHARED_TURNS: 0.0, OWN_SPEED: 20.0, OWN_TURNS: 0.0}
    )


def test_since_2015_nearly_all_that_is_shared_is_a_steady_rise(logs: pd.DataFrame) -> None:
    parts = parts_of_variation(logs.loc[:, "2015-01":]).set_index("series")["value"]
    assert parts[SHARED_RISE] == pytest.approx(91.67, abs=0.005)
    assert parts[SHARED_TURNS] < 0.1
    # Own speed and own ups and downs make up the rest: one in twelve.
    assert parts[[OWN_SPEED, OWN_TURNS]].sum() == pytest.approx(8.26, abs=0.01)


# ---------------------------------------------------------------- groups


def rows(group: str, table: pd.DataFrame) -> pd.DataFrame:
    """Write a table of logs as observations of a group."""
    counts = np.exp(table).rename_axis("area").reset_index().melt("area", var_name="period")
    return counts.assign(breakdown=group)


def test_each_group_has_years_of_its_own() -> None:
    shared, own = wide([[0.0, 2.0], [0.0, 2.0]]), wide([[0.0, 2.0], [2.0, 0.0]])
    figures = pd.concat([rows("need:asd", shared), rows("need:hi", own)])
    groups = commonality.by_group(figures, ["301", "302"])
    assert groups["breakdown"].tolist() == ["need:asd", "need:hi"]
    assert groups["value"].tolist() == pytest.approx([100.0, 0.0])
    assert groups["variation"].tolist() == pytest.approx([4.0, 4.0])
    # Together neither the years of one nor of the other explain all.
    assert commonality.over_groups(groups) == pytest.approx(50.0)


def test_a_group_not_counted_in_every_january_or_in_few_councils_is_left_out() -> None:
    whole = wide([[0.0, 1.0, 2.0], [0.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    figures = pd.concat(
        [
            rows("need:asd", whole),
            rows("need:ds", whole.iloc[:, 2:]),
            rows("need:msi", whole.iloc[:1]),
        ]
    )
    groups = commonality.by_group(figures, ["301", "302", "303"])
    assert groups[["breakdown", "councils"]].to_numpy().tolist() == [["need:asd", 3]]
    none = commonality.by_group(figures.head(0), ["301"])
    assert none.empty
    assert math.isnan(commonality.over_groups(none))


def test_needs_that_rose_rose_alike_and_the_others_have_nothing_to_share(
    store: Store, councils: list[str]
) -> None:
    observed = store.observations("pupils_with_ehc_plan_by_need")
    needs = observed[
        observed["breakdown"].str.startswith("need:") & (observed["period"] < "2025-01")
    ]
    groups = commonality.by_group(needs, councils).set_index("breakdown")
    assert set(groups.index[:3]) == {"need:asd", "need:slcn", "need:semh"}
    assert (groups["value"].iloc[:3] > 70).all()
    # Profound and severe learning difficulties hardly rose.
    assert (groups.loc[["need:pmld", "need:sld"], "value"] < 2).all()
    # One need by another library's regression.
    autism = needs[(needs["breakdown"] == "need:asd") & needs["area"].isin(councils)]
    whole = autism.groupby("area").filter(lambda council: len(council) == 9)
    whole = whole.assign(log=np.log(whole["value"]))
    alone, years = (
        smf.ols(f"log ~ C(area){more}", whole).fit().ssr for more in ("", " + C(period)")
    )
    assert groups.loc["need:asd", "value"] == pytest.approx(100 * (1 - years / alone))
    assert commonality.over_groups(groups) == pytest.approx(41.3, abs=0.05)
