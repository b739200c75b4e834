"""How what a place costs grows above prices: rules that the test of spending decides between."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from sendreform.evidence.projection.ages import Numbers

#: What a place is expected to cost above prices: as much as now (0), as the cost of a place in a
#: state special school has grown, anything between the two, or as all places have on average or in
#: the last year.
IN_STEP = "In step with prices"
STATE_SPECIAL = "As the cost of a place in a state special school has"
BETWEEN = "Anything between the two: prices, state special schools"
ON_AVERAGE = "As on average since it is published"
LAST_YEAR = "As in the last year"
RULES = (IN_STEP, STATE_SPECIAL, BETWEEN, ON_AVERAGE, LAST_YEAR)

#: Of the first two, either is better by one score or from some Januaries: the test does not tell
#: them apart, so that every mean between them is as likely.
CHOSEN = BETWEEN

#: The most that a cost grows or shrinks above prices in a year, as a logarithm: more than twice as
#: far as in any year so far. Without a limit a spread seen in two years would have no mean.
MOST = 0.1


@dataclass(frozen=True)
class Growth:
    """Yearly growth of a cost above prices, in logarithms.

    Attributes
    ----------
    mean
        What is expected each year.
    unsure
        Standard deviation of that mean between simulated futures: each keeps to its own.
    spread
        Standard deviation of a year's growth around it.
    seen
        In how many yearly changes the spread was seen: so few that it is itself unsure.
    """

    mean: float
    unsure: float
    spread: float
    seen: int

    def within(self, years: int, per_cent: int = 80) -> tuple[float, float]:
        """Return between which yearly rates growth over some years lies, per cent.

        Examples
        --------
        >>> Growth(0.0, 0.0, 0.0, 5).within(10)
        (0.0, 0.0)
        """
        reach = stats.t.ppf((100 + per_cent) / 200, self.seen) if self.seen else 0.0
        sd = np.hypot(self.unsure, self.spread / np.sqrt(years))
        low, high = (100 * float(np.expm1(self.mean + way * reach * sd)) for way in (-1, 1))
        return low, high


def yearly(
    spent: pd.Series, by_setting: pd.DataFrame, costs: Numbers, prices: pd.Series
) -> Numbers:
    """Return by how much the cost of the same places grew above prices each year, as logarithms.

    Parameters
    ----------
    spent
        Spending in cash, by the year in which a financial year ends.
    by_setting
        Plans: a row a January (year), a column a setting.
    costs
        Pounds for each plan, by setting: what the places of a year are weighed by.
    prices
        An index, by the year in which a financial year ends.

    Examples
    --------
    >>> yearly(pd.Series({2024: 10.0, 2025: 22.0}),
    ...        pd.DataFrame({"Mainstream": [1.0, 2.0]}, index=[2024, 2025]), np.array([9.0]),
    ...        pd.Series({2024: 1.0, 2025: 1.1})).round(9)
    array([0.])
    """
    weighed = by_setting.loc[spent.index].to_numpy(dtype="float64") @ costs
    return np.diff(np.log(spent.to_numpy() / weighed / prices[spent.index].to_numpy()))


def fitted(changes: Numbers, state_special: float, rule: str = CHOSEN) -> Growth:
    """Return what growth is expected by a rule, and how far it has strayed from that so far.

    Parameters
    ----------
    changes
        What :func:`yearly` returns.
    state_special
        Yearly growth of the cost of a place in a state special school above prices, as a logarithm.
    rule
        One of :data:`RULES`.
    """
    mean = {
        IN_STEP: 0.0,
        STATE_SPECIAL: state_special,
        BETWEEN: state_special / 2,
        ON_AVERAGE: float(changes.mean()),
        LAST_YEAR: float(changes[-1]),
    }[rule]
    spread = float(np.sqrt(((changes - mean) ** 2).mean()))
    # The standard deviation of what is as likely anywhere between the two.
    between = abs(state_special) / np.sqrt(12) if rule == BETWEEN else 0.0
    unsure = float(np.hypot(spread / np.sqrt(len(changes)), between))
    return Growth(mean, unsure, spread, len(changes))


def drawn(growth: Growth, since: Numbers, draws: int, rng: np.random.Generator) -> Numbers:
    """Draw what a place costs above prices, relative to the base year.

    Parameters
    ----------
    since
        Years since the base, in order, each one more than the one before.

    Returns
    -------
    Axes draw, year.
    """
    # A spread that was seen over a few years is itself unsure: Student's distribution.
    unsure = (
        np.sqrt(growth.seen / rng.chisquare(growth.seen, (draws, 1)))
        if growth.seen
        else np.ones((draws, 1))
    )
    mean = growth.mean + unsure * growth.unsure * rng.standard_normal((draws, 1))
    strays = unsure * growth.spread * rng.standard_normal((draws, int(since[-1])))
    grown = np.cumsum(np.clip(mean + strays, -MOST, MOST), axis=1)
    from_base = np.concatenate([np.zeros((draws, 1)), grown], axis=1)
    return np.asarray(np.exp(from_base[:, since.astype("int64")]))
