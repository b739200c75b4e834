"""The track record of spending: few years, worked by hand where that is possible."""

import pandas as pd
import pytest

from sendreform.evidence.projection import backtest, spending_backtest
from sendreform.evidence.projection.history import History
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import first_year
from sendreform.store import Store


@pytest.fixture(scope="module")
def spent(store: Store) -> pd.Series:
    outturn = of(store.observations("high_needs_spending_outturn", ENGLAND))
    return outturn.set_index(outturn["period"].map(first_year) + 1)["value"]


def test_every_year_that_has_come_true_is_scored(england: History, spent: pd.Series) -> None:
    scored = spending_backtest.scored(england, spent)
    ours = scored[scored["method"] == backtest.OURS]
    assert ours.groupby("horizon").size().tolist() == [4, 3, 2, 1]
    assert scored["year"].max() == 2025


def test_the_year_before_is_the_last_that_is_known(england: History, spent: pd.Series) -> None:
    """From January 2024, 2022-23 is known: 7,419m, after 6,487m; two years on, 2024-25."""
    scored = spending_backtest.scored(england, spent, [2024])
    growth = scored[scored["method"] == "Last year's growth"].iloc[0]
    assert growth["forecast"] == pytest.approx(7_419_333_160 * (7_419_333_160 / 6_487_328_071) ** 2)
    assert growth["outcome"] == 10_216_354_607
    later = spent.where(spent.index < 2024, spent * 1.5)
    changed = spending_backtest.scored(england, later, [2024])
    assert changed["forecast"].tolist() == scored["forecast"].tolist()


def test_spending_follows_plans_and_the_last_growth_of_their_cost(
    england: History, spent: pd.Series
) -> None:
    """From January 2024: 14,350 pounds a plan, 4.7 per cent more each year, 644,700 plans."""
    scored = spending_backtest.scored(england, spent, [2024])
    ours = scored[scored["method"] == backtest.OURS].iloc[0]
    each, before = 7_419_333_160 / 517_048, 6_487_328_071 / 473_255
    assert ours["forecast"] == pytest.approx(each * (each / before) ** 2 * 644_700, rel=0.01)
