"""One assumption at a time: by hand where it can be, and in the order of what matters."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from evidence.projection.test_money import FLAT
from sendreform.evidence.projection import money, sensitivity
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History


@pytest.fixture(scope="module")
def of_plans(england: History) -> pd.DataFrame:
    return sensitivity.one_at_a_time(fit(england, 2026), 10).set_index("assumption")


def test_every_assumption_of_the_cohort_is_varied_and_the_largest_comes_first(
    of_plans: pd.DataFrame,
) -> None:
    reach = of_plans["plans_high"] - of_plans["plans_low"]
    assert reach.is_monotonic_decreasing
    assert set(of_plans.index) == {
        *sensitivity.STAGES, sensitivity.CARRIED, sensitivity.LEAVING, sensitivity.CHILDREN,
    }  # fmt: skip


def test_new_plans_are_one_assumption_where_their_stages_are_not_known(england: History) -> None:
    table = sensitivity.one_at_a_time(fit(england, 2018), 5).set_index("assumption")
    assert sensitivity.FIRST_YEAR in table.index
    assert not {*sensitivity.STAGES} & {*table.index}


def test_the_middle_lies_between_the_ends(of_plans: pd.DataFrame) -> None:
    within = of_plans["value"].between(of_plans["plans_low"], of_plans["plans_high"])
    assert within.all()
    assert of_plans["value"].nunique() == 1


def test_requests_reach_as_far_as_their_spread_says_and_no_share_passes_1(
    england: History, of_plans: pd.DataFrame
) -> None:
    """1.2816 standard deviations either way; the level's part of it from three years."""
    made_of = fit(england, 2026).stages
    assert made_of is not None
    factor = np.exp(1.2816 * made_of.spread[0] * np.sqrt(4 / 3))
    row = of_plans.loc[sensitivity.STAGES[0]]
    assert row["high"] / row["low"] == pytest.approx(factor**2)
    shares = of_plans.loc[list(sensitivity.STAGES[1:])]
    assert shares["low"].gt(0.5).all()
    assert shares["high"].le(1).all()


def test_spending_by_hand() -> None:
    """1,100 in the middle; a cost that grows by -10 to 10 per cent over two years: 891 to 1,331."""
    plans = np.array([[40.0, 20.0, 4.0, 5.0, 5.0]] * 3)
    table = sensitivity.of_money(
        plans,
        [2025, 2026, 2027],
        replace(FLAT, real_growth=(-10.0, 10.0)),
        {"How many plans": np.stack([plans / 2, plans])},
        lambda bill: float(bill.cash[0, -1]),
    ).set_index("assumption")
    assert table.loc["How many plans", ["low", "value", "high"]].tolist() == [550, 1100, 1100]
    assert table.loc[sensitivity.COSTS, ["low", "high"]].tolist() == pytest.approx([891, 1331])
    assert table.index.tolist() == ["How many plans", sensitivity.COSTS]


def test_a_deficit_depends_on_funding_as_well_by_hand() -> None:
    """1,100 spent and 1,000 funded in 2026; in 2027 funding of 900 to 1,100: 200 or 400 in all."""
    plans = np.array([[40.0, 20.0, 4.0, 5.0, 5.0]] * 3)
    table = sensitivity.of_money(
        plans,
        [2025, 2026, 2027],
        replace(FLAT, funding_growth=(-10.0, 10.0)),
        {},
        lambda bill: float(money.deficits(bill, 100.0, 2025)[0, -1]),
    ).set_index("assumption")
    assert table.index.tolist() == [sensitivity.FUNDING]
    assert table.loc[sensitivity.FUNDING].tolist() == pytest.approx([300, 200, 400])
