"""The five prerequisites of a working system: what a survey said, and what open data show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from sendreform.evidence.money import in_prices_of, january_of_financial_year
from sendreform.evidence.series import per

#: Added to a statement whose publisher gave only a bound.
AT_LEAST = " (more than)"

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


def disagreement(
    exact: pd.DataFrame, more_than: pd.DataFrame, breakdowns: pd.DataFrame
) -> pd.DataFrame:
    """Return, for each statement of the survey, the share that disagreed, most first.

    Parameters
    ----------
    exact
        Observations of ``survey_disagree``.
    more_than
        Observations of ``survey_disagree_more_than``: only a lower bound was published.
    breakdowns
        The catalogue's categories, for the words of each statement.

    Returns
    -------
    The rows with ``label`` (the statement, marked where ``value`` is a bound).
    """
    statements = breakdowns.query("dimension == 'question'").set_index("code")["label"]
    both = pd.concat([exact.assign(mark=""), more_than.assign(mark=AT_LEAST)], ignore_index=True)
    codes = both["breakdown"].str.removeprefix("question:")
    return both.assign(label=codes.map(statements) + both["mark"]).sort_values(
        ["value", "label"], ascending=[False, True], ignore_index=True
    )


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


def longest_stretch(figures: pd.DataFrame, breaks: Iterable[str]) -> pd.DataFrame:
    """Keep the longest stretch that no break in the series divides; of equal ones the newest.

    Parameters
    ----------
    figures
        Column ``period``, all of one measure, one row a period.
    breaks
        Periods from which the measure is not comparable with what came before.

    Examples
    --------
    >>> table = pd.DataFrame({"period": ["2013-14", "2015-16", "2016-17", "2024-25"]})
    >>> longest_stretch(table, ["2015-16", "2024-25"])["period"].tolist()
    ['2015-16', '2016-17']
    """
    passed = sorted(breaks)
    stretch = pd.Series(
        np.searchsorted(np.array(passed, dtype=str), figures["period"].to_numpy(str), side="right"),
        index=figures.index,
    )
    if stretch.empty:
        return figures
    lengths = stretch.value_counts().sort_index()
    longest = lengths.index[lengths == lengths.max()].max()
    return figures[stretch.isin([longest])]


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


def explained_by(table: pd.DataFrame, outcome: str, by: Sequence[str]) -> pd.DataFrame:
    """Return how much higher the outcome of councils is for each unit more of its likely causes.

    Parameters
    ----------
    table
        One row a council; those that lack one of the columns are passed over.
    outcome, by
        As in :func:`unexplained`.

    Returns
    -------
    DataFrame with ``term`` (the columns in ``by``), ``value`` (units of the outcome for one unit
    of the term, the others held), ``low`` and ``high`` (95% interval with errors that may differ
    in size between councils: HC3 of MacKinnon and White, 1985, Journal of Econometrics 29),
    ``councils`` and ``r_squared`` of the whole. It describes how figures go together and does
    not show what causes what.

    Examples
    --------
    >>> table = pd.DataFrame({"need": [1.0, 2.0, 3.0, 4.0], "funding": [12.0, 14.0, 16.0, 18.0]})
    >>> row = explained_by(table, "funding", ["need"]).iloc[0]
    >>> round(float(row["value"]), 6), round(float(row["r_squared"]), 6), int(row["councils"])
    (2.0, 1.0, 4)
    """
    there = table[[outcome, *by]].dropna()
    fit = sm.OLS(there[outcome], sm.add_constant(there[list(by)])).fit(cov_type="HC3")
    interval = fit.conf_int()
    return pd.DataFrame(
        {
            "term": list(by),
            "value": fit.params[list(by)].to_numpy(),
            "low": interval.loc[list(by), 0].to_numpy(),
            "high": interval.loc[list(by), 1].to_numpy(),
            "councils": int(fit.nobs),
            "r_squared": float(fit.rsquared),
        }
    )


def rank_correlation(first: pd.Series, second: pd.Series) -> tuple[float, float, float]:
    """Return how far two figures of councils put them in the same order.

    Parameters
    ----------
    first, second
        Figures by council; those without either are passed over.

    Returns
    -------
    Spearman's coefficient, from -1 (the opposite order) to 1 (the same), and the ends of its 95%
    interval (Bonett and Wright, 2000, *Sample size requirements for estimating Pearson, Kendall
    and Spearman correlations*, Psychometrika 65). All missing with fewer than five councils.

    Examples
    --------
    >>> plans = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    >>> rank, low, high = rank_correlation(plans, pd.Series([2.0, 1.0, 3.0, 4.0, 6.0, 5.0]))
    >>> round(rank, 3), low < rank < high
    (0.886, True)
    """
    both = pd.concat([first, second], axis="columns").dropna()
    if len(both) < 5:
        return float("nan"), float("nan"), float("nan")
    # Rounded, so that the same order gives exactly 1.
    rank = round(float(both.iloc[:, 0].corr(both.iloc[:, 1], method="spearman")), 12)
    half = stats.norm.ppf(0.975) * np.sqrt((1 + rank**2 / 2) / (len(both) - 3))
    # At exactly 1 or -1 the transformed figure is infinite, and so are its ends.
    with np.errstate(divide="ignore"):
        middle = np.arctanh(rank)
    return rank, float(np.tanh(middle - half)), float(np.tanh(middle + half))


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
