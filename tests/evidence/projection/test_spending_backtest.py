"""The track record of spending: the page's own model from earlier Januaries, few as they are."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sendreform.evidence.projection import backtest, scores, spending_backtest
from sendreform.evidence.projection.cost_growth import CHOSEN, IN_STEP, RULES
from sendreform.evidence.projection.history import History
from sendreform.observations import ENGLAND
from sendreform.periods import first_year
from sendreform.store import Store

Figures = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def figures(store: Store) -> Figures:
    return lambda name: store.observations(name, ENGLAND)


@pytest.fixture(scope="module")
def scored(england: History, figures: Figures) -> pd.DataFrame:
    return spending_backtest.scored(england, figures)


def test_every_year_that_has_come_true_is_scored(scored: pd.DataFrame) -> None:
    ours = scored[scored["method"] == backtest.OURS]
    assert ours.groupby("horizon").size().tolist() == [4, 3, 2, 1]
    assert scored["year"].max() == 2025


def test_the_year_before_is_the_last_that_is_known(england: History, figures: Figures) -> None:
    """From January 2024, 2022-23 is known: 7,419m, after 6,487m; two years on, 2024-25."""
    scored = spending_backtest.scored(england, figures, [2024])
    growth = scored[scored["method"] == "Last year's growth"].iloc[0]
    assert growth["forecast"] == pytest.approx(7_419_333_160 * (7_419_333_160 / 6_487_328_071) ** 2)
    assert growth["outcome"] == 10_216_354_607


def test_nothing_that_came_later_is_known(england: History, figures: Figures) -> None:
    """With later spending, costs and plans turned to nonsense, forecasts stay the same to the bit.

    General prices alone are those that came.
    """
    origin = 2022

    def spoilt(name: str) -> pd.DataFrame:
        table = figures(name)
        last = origin if name == "ehc_plans" else origin - 1
        ends = 1 if name in {"high_needs_spending_outturn", "placement_unit_cost"} else 0
        later = table["period"].map(first_year) + ends > last
        return table if name == "gdp_deflator" else table.assign(
            value=table["value"].mask(later, 3.0)
        )  # fmt: skip

    known, blind = (
        spending_backtest.scored(england, given, [origin], beside=False)["forecast"].tolist()
        for given in (figures, spoilt)
    )
    assert known == blind
    assert len(known) == 3


def test_in_step_with_prices_spending_is_places_times_what_they_cost_then(
    england: History, figures: Figures
) -> None:
    """From January 2024 to 2024-25, by hand: 7,419m in 2022-23, for 517,048 plans.

    A tenth more plans each year and prices as they came give 7,419m x 644,700 / 517,048 x
    1 / 0.9132 = 10.1bn; shifts to dearer places add or take a few per cent.
    """
    ours = spending_backtest.scored(
        england, figures, [2024], rules={backtest.OURS: IN_STEP}, beside=False
    ).iloc[0]
    index = figures("gdp_deflator").set_index("period")["value"]
    by_hand = 7_419_333_160 * 644_700 / 517_048 * index["2024-25"] / index["2022-23"]
    assert ours["forecast"] == pytest.approx(by_hand, rel=0.04)


def test_ours_is_below_both_benchmarks_and_mostly_too_low(scored: pd.DataFrame) -> None:
    table = scores.summary(scored, ["method", "horizon"])
    assert not any(backtest.beats(table, range(1, 5)).values())
    ours = scored[scored["method"] == backtest.OURS]
    assert (ours["forecast"] < ours["outcome"]).sum() == 8
    assert ours["within_80"].sum() == 10


def test_the_rule_that_is_used_has_the_lowest_crps(england: History, figures: Figures) -> None:
    tried = spending_backtest.choice(england, figures)
    assert tried["method"].iloc[0] == CHOSEN
    assert set(tried["method"]) == set(RULES)
    assert np.isfinite(tried["crps"]).all()
