"""The five prerequisites of a working system: what a survey said, and what open data show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from sendreform.evidence.money import in_prices_of, january_of_financial_year
from sendreform.evidence.series import per

#: The prerequisites as the report of 2024 names them, by the survey's statement on each.
PREREQUISITES = {
    "question:financially_sustainable": "Financial sustainability",
    "question:adequately_funded": "Adequate funding",
    "question:fairly_resourced": "Fair allocation",
    "question:equitable": "Equity",
    "question:improves_outcomes": "Impact",
}

#: A straight line needs at least this many councils for each thing that it allows for.
COUNCILS_FOR_A_LINE = 10

_RESAMPLES = 999
_SEED = 2014


def deficits(balances: pd.DataFrame) -> pd.DataFrame:
    """Count the councils that had overspent the Dedicated Schools Grant, period by period.

    Parameters
    ----------
    balances
        Observations of councils alone: positive where a council has overspent, negative where it
        has money in hand; in pounds or as a share of the grant.

    Returns
    -------
    DataFrame with ``period``, ``councils`` (with a figure), ``in_deficit`` (of them, how many
    have overspent), ``value`` (those as per cent of councils with a figure), ``least`` and
    ``most`` (per cent of all councils in the table, if none or all of those without a figure
    have overspent), ``overspent`` (sum of the deficits alone) and ``net`` (less money in hand),
    in the unit of the balances; sums of shares mean nothing.

    Examples
    --------
    >>> balances = pd.DataFrame({"period": "2024", "value": [30.0, 10.0, -5.0, None]})
    >>> deficits(balances)[["councils", "in_deficit", "overspent", "net"]].values.tolist()
    [[3.0, 2.0, 40.0, 35.0]]
    >>> deficits(balances)[["least", "most"]].values.tolist()
    [[50.0, 75.0]]
    """
    counted: pd.DataFrame = (
        balances.assign(
            deficit=balances["value"] > 0, owed=balances["value"].where(balances["value"] > 0)
        )
        .groupby("period", as_index=False)
        .agg(
            listed=("value", "size"),
            councils=("value", "count"),
            in_deficit=("deficit", "sum"),
            overspent=("owed", "sum"),
            net=("value", "sum"),
        )
    )
    without_figure = counted["listed"] - counted["councils"]
    return counted.assign(
        value=100 * counted["in_deficit"] / counted["councils"].where(counted["councils"] > 0),
        least=100 * counted["in_deficit"] / counted["listed"],
        most=100 * (counted["in_deficit"] + without_figure) / counted["listed"],
    )[["period", "councils", "in_deficit", "value", "least", "most", "overspent", "net"]]


def real_funding_per_plan(
    funding: pd.DataFrame, plans: pd.DataFrame, deflator: pd.DataFrame, base: str
) -> pd.DataFrame:
    """Divide the money of a financial year by the plans held in its January, in real terms.

    Parameters
    ----------
    funding
        ``area``, ``period`` (financial years), ``value`` in pounds of the day; one basis.
    plans
        ``area``, ``period`` (January censuses), ``value``.
    deflator
        ``period`` (financial years), ``value``: an index.
    base
        The financial year in whose prices the result is.

    Returns
    -------
    ``funding`` with ``value`` in pounds a plan.

    Examples
    --------
    >>> year = {"area": ["886"], "period": ["2015-16"]}
    >>> index = pd.DataFrame({"period": ["2015-16", "2024-25"], "value": [80.0, 100.0]})
    >>> real_funding_per_plan(
    ...     pd.DataFrame(year | {"value": [4000.0]}),
    ...     pd.DataFrame({"area": ["886"], "period": ["2016-01"], "value": [2.0]}),
    ...     index, "2024-25")["value"].tolist()
    [2500.0]
    """
    return per(in_prices_of(funding, deflator, base), january_of_financial_year(plans))


@dataclass(frozen=True)
class Spread:
    """How far councils lie apart: the tenth, fiftieth and ninetieth percentile.

    ``low``, ``middle`` and ``high`` are in the unit of the figures; ``councils`` have one.
    """

    councils: int
    low: float
    middle: float
    high: float

    @property
    def times(self) -> float:
        """How many times the tenth percentile the ninetieth is; missing when that is nought."""
        return self.high / self.low if self.low else float("nan")


def spread(values: pd.Series) -> Spread:
    """Return how far councils lie apart; those without a figure are passed over.

    Percentiles lie between councils in proportion (type 7 of Hyndman and Fan, 1996, *Sample
    quantiles in statistical packages*, American Statistician 50), as pandas has them.

    Examples
    --------
    >>> spread(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0])).times
    5.0
    """
    low, middle, high = values.quantile([0.1, 0.5, 0.9])
    return Spread(int(values.count()), float(low), float(middle), float(high))


def unexplained(table: pd.DataFrame, outcome: str, by: Sequence[str]) -> float:
    """Return how much of the variation between councils is left when others are allowed for.

    Parameters
    ----------
    table
        One row a council; those that lack one of the columns are passed over.
    outcome
        The column whose variation is looked at.
    by
        The columns that may explain it, each by a straight line (ordinary least squares).

    Returns
    -------
    Per cent of the variance of ``outcome`` that is left: 100 less R-squared. Missing with fewer
    than ten councils for each column in ``by``, too few for lines to mean anything.

    Examples
    --------
    Half of the variation is between the two kinds of place, half within them:

    >>> is_poor = pd.Series([0.0, 1.0] * 20)
    >>> table = pd.DataFrame({"is_poor": is_poor, "plans": 2 * is_poor + [1, 1, -1, -1] * 10})
    >>> round(unexplained(table, "plans", ["is_poor"]), 6)
    50.0
    """
    there = table[[outcome, *by]].dropna()
    if len(there) < COUNCILS_FOR_A_LINE * len(by):
        return float("nan")
    return _left(there.to_numpy("float64"))


def unexplained_interval(
    table: pd.DataFrame, outcome: str, by: Sequence[str]
) -> tuple[float, float]:
    """Return the ends of the 95% interval of :func:`unexplained`.

    A bias-corrected and accelerated bootstrap over councils with a fixed seed (Efron, 1987,
    *Better bootstrap confidence intervals*, Journal of the American Statistical Association 82):
    the figure rests on some 150 councils, and a few odd ones can move it.
    """
    there = table[[outcome, *by]].dropna().to_numpy("float64")
    if len(there) < COUNCILS_FOR_A_LINE * len(by):
        return float("nan"), float("nan")
    interval = stats.bootstrap(
        (np.arange(len(there)),),
        lambda chosen: _left(there[chosen]),
        vectorized=False,
        method="BCa",
        n_resamples=_RESAMPLES,
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _left(columns: np.ndarray) -> float:
    """Return the per cent of the first column's variance that the others leave."""
    fit = sm.OLS(columns[:, 0], sm.add_constant(columns[:, 1:], has_constant="add")).fit()
    return float(100 * (1 - fit.rsquared))


def beside_the_survey(more_than: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    """Set what open data show of each prerequisite beside what the survey said.

    Parameters
    ----------
    more_than
        Observations of ``survey_disagree_more_than``: the share that disagreed that the
        prerequisite is met, of which only a lower bound was published; per cent.
    indicators
        ``breakdown`` (the survey's statement) and anything that is known of each indicator.

    Returns
    -------
    The indicators, in the order of ``PREREQUISITES``, with ``prerequisite`` (its name) and
    ``survey_more_than`` (per cent; missing where the survey did not ask).

    Examples
    --------
    >>> said = pd.DataFrame({"breakdown": ["question:equitable"], "value": [90.0]})
    >>> shown = pd.DataFrame({"breakdown": ["question:equitable"], "title": ["Spread"]})
    >>> beside_the_survey(said, shown)[["prerequisite", "survey_more_than"]].values.tolist()
    [['Equity', 90.0]]
    """
    order = {statement: place for place, statement in enumerate(PREREQUISITES)}
    said = more_than.set_index("breakdown")["value"]
    return (
        indicators.assign(
            prerequisite=indicators["breakdown"].map(PREREQUISITES),
            survey_more_than=indicators["breakdown"].map(said),
        )
        .sort_values("breakdown", key=lambda codes: codes.map(order), kind="stable")
        .reset_index(drop=True)
    )
