"""If the causes were local, some councils would have escaped: how alike councils have moved."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from sendreform import periods
from sendreform.evidence.series import per

#: Samples of councils that an interval rests on, and where their draw begins, so that it comes
#: out alike each time. Another draw moves the ends by a twentieth of the width or less.
DRAWS, SEED = 2_000, 2014

#: How many needs are said to lead the rise.
LEADING = 3


def growth_by_council(
    figures: pd.DataFrame, councils: list[str], start: str, end: str
) -> pd.DataFrame:
    """Return how much each council's figure grew between two periods.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``: one row an area and period.
    councils
        The councils to compare; one without a figure at both periods is left out, so a council
        formed in between is not compared.
    start, end
        Periods.

    Returns
    -------
    DataFrame with ``area``, ``start``, ``end`` (values) and ``growth`` (per cent), smallest first.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "area": ["886", "886", "420"], "period": ["2015-01", "2025-01", "2025-01"],
    ...     "value": [100.0, 250.0, 3.0],
    ... })
    >>> growth_by_council(plans, ["886", "420"], "2015-01", "2025-01")["growth"].tolist()
    [150.0]
    """
    if figures.empty or start == end:
        return pd.DataFrame(columns=["area", "start", "end", "growth"]).astype(
            dict.fromkeys(["start", "end", "growth"], "float64")
        )
    wide = (
        figures[figures["area"].isin(councils) & figures["period"].isin([start, end])]
        .pivot(index="area", columns="period", values="value")
        .reindex(columns=[start, end])
        .set_axis(["start", "end"], axis="columns")
        .dropna()
        .query("start > 0")
    )
    return (
        wide.assign(growth=100 * (wide["end"] / wide["start"] - 1))
        .sort_values("growth")
        .reset_index()
    )


def spread_of_growth(growth: pd.DataFrame) -> pd.DataFrame:
    """Return the least, the tenth percentile, the quartiles and the most over councils.

    Parameters
    ----------
    growth
        What :func:`growth_by_council` returns.

    Returns
    -------
    DataFrame with ``series`` ("Least", "Tenth percentile", "Lower quartile", "Middle", "Upper
    quartile", "Most") and ``value`` (per cent). Between two councils the figure is read off a
    straight line.

    Examples
    --------
    >>> growth = pd.DataFrame({"growth": [40.0, 60.0, 80.0, 100.0, 120.0]})
    >>> spread_of_growth(growth)["value"].tolist()
    [40.0, 48.0, 60.0, 80.0, 100.0, 120.0]
    """
    names = {
        "Least": 0.0, "Tenth percentile": 0.1, "Lower quartile": 0.25, "Middle": 0.5,
        "Upper quartile": 0.75, "Most": 1.0,
    }  # fmt: skip
    values = growth["growth"].quantile(list(names.values()))
    return pd.DataFrame({"series": list(names), "value": values.to_list()})


def not_compared(
    figures: pd.DataFrame, areas: pd.DataFrame, councils: list[str], start: str, end: str
) -> pd.DataFrame:
    """List the councils that :func:`growth_by_council` leaves out, each with the reason.

    Parameters
    ----------
    figures
        ``area``, ``period`` (January censuses), ``value``.
    areas
        The table of areas, indexed by code, with ``name`` and ``first_period``.
    councils
        The councils asked about.
    start, end
        Periods.

    Returns
    -------
    DataFrame with ``area``, ``name`` and ``reason``, in order of name.

    Examples
    --------
    >>> areas = pd.DataFrame(
    ...     {"name": ["Cumberland", "Kent"], "first_period": ["2024-01", ""]}, index=["942", "886"]
    ... )
    >>> plans = pd.DataFrame(
    ...     {"area": ["886"] * 2, "period": ["2015-01", "2025-01"], "value": [1.0, 3.0]}
    ... )
    >>> not_compared(plans, areas, ["942", "886"], "2015-01", "2025-01").iloc[0].tolist()
    ['942', 'Cumberland', 'formed later: first figure January 2024']
    """
    ends = figures[figures["area"].isin(councils) & figures["period"].isin([start, end])]
    wide = ends.pivot(index="area", columns="period", values="value").reindex(
        index=councils, columns=[start, end]
    )
    first = areas["first_period"].reindex(councils)
    # The first reason that applies is given, so the order is from the plainest to the rest.
    reasons = {
        "formed later": first.gt(start),
        "no figure at the start": wide[start].isna(),
        "no figure at the end": wide[end].isna(),
        "none at the start": wide[start].le(0),
    }
    because = pd.Series(
        np.select(list(reasons.values()), list(reasons), default=""), index=councils, dtype="str"
    )
    later = because == "formed later"
    because[later] += ": first figure " + first[later].map(
        lambda period: periods.label(period, "january")
    )
    return (
        pd.DataFrame({"area": councils, "name": areas["name"].reindex(councils).to_list()})
        .assign(reason=because.to_list())
        .query("reason != ''")
        .sort_values("name", ignore_index=True)
    )


def joined_over_reorganisations(figures: pd.DataFrame, areas: pd.DataFrame) -> pd.DataFrame:
    """Add councils that were split, merged or redrawn up to the smallest area that stayed whole.

    Cumberland and Westmorland and Furness cannot be followed alone to before 2024; together they
    are Cumbria, and that can be.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``: a count.
    areas
        The table of areas, indexed by code, with ``successors`` (codes joined by ``|``).

    Returns
    -------
    DataFrame with ``area``, ``period`` and ``value``. An area that stayed whole keeps its code;
    a joined one has the lowest code among the councils in it. A sum lacking a part is missing.

    Examples
    --------
    >>> areas = pd.DataFrame({"successors": ["942|943", "", ""]}, index=["909", "942", "943"])
    >>> plans = pd.DataFrame({
    ...     "area": ["909", "942", "943"], "period": ["2023-01", "2024-01", "2024-01"],
    ...     "value": [7.0, 4.0, 5.0],
    ... })
    >>> joined_over_reorganisations(plans, areas).to_numpy().tolist()
    [['909', '2023-01', 7.0], ['909', '2024-01', 9.0]]
    """
    codes = areas.index.sort_values()
    after = areas["successors"].loc[lambda text: text != ""].str.split("|").explode()
    links = sparse.coo_matrix(
        (np.ones(len(after)), (codes.get_indexer(after.index), codes.get_indexer(pd.Index(after)))),
        shape=(len(codes), len(codes)),
    )
    _, group = sparse.csgraph.connected_components(links, directed=False)
    whole = pd.Series(codes, index=codes).groupby(group).transform("first")
    return (
        figures.assign(area=figures["area"].map(whole))
        .groupby(["area", "period"])["value"]
        .agg(lambda values: values.sum(skipna=False))
        .reset_index()
    )


def plans_per_child(plans: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return plans held in January for every child aged 0 to 17 at the middle of the year before.

    Plans reach to the age of 25, so this is a rate to follow over time, not a share of children.

    Parameters
    ----------
    plans
        ``area``, ``period`` (January censuses), ``value``.
    population
        ``area``, ``period`` (mid-years), ``value``.

    Returns
    -------
    ``plans`` with ``value`` divided; missing where that middle of the year is not published.

    Examples
    --------
    >>> plans = pd.DataFrame({"area": ["886"], "period": ["2025-01"], "value": [50.0]})
    >>> children = pd.DataFrame({"area": ["886"], "period": ["2024-06-30"], "value": [1000.0]})
    >>> plans_per_child(plans, children)["value"].tolist()
    [0.05]
    """
    before = plans["period"].map(lambda period: periods.matching(period, "january", "mid_year"))
    children = population.rename(columns={"period": "mid_year"})
    return per(plans.assign(mid_year=before), children, on=("area", "mid_year")).drop(
        columns="mid_year"
    )


def yearly_growth(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of each area's figure on the period before, in per cent.

    Parameters
    ----------
    figures
        ``area``, ``period`` (yearly), ``value``.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``value``; growth is only worked out between two years
    that follow each other.
    """
    ordered = figures.sort_values(["area", "period"], ignore_index=True)
    year = ordered["period"].str[:4].astype("int64")
    before = ordered.groupby("area")["value"].shift()
    follows = year - ordered.groupby("area")["period"].shift().str[:4].astype("Int64") == 1
    growth = 100 * (ordered["value"] / before.where(before > 0) - 1)
    return ordered.assign(value=growth.where(follows.fillna(value=False).astype("bool")))[
        ["area", "period", "value"]
    ].dropna(subset="value", ignore_index=True)


def quartiles(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the lower quartile, median and upper quartile over areas, period by period.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``.

    Returns
    -------
    DataFrame with ``period``, ``series`` ("Upper quartile", "Median", "Lower quartile") and
    ``value``.
    """
    names = {"Upper quartile": 0.75, "Median": 0.5, "Lower quartile": 0.25}
    by_period = figures.groupby("period")["value"]
    return pd.concat(
        [
            by_period.quantile(share).rename("value").reset_index().assign(series=name)
            for name, share in names.items()
        ],
        ignore_index=True,
    )


def share_of_councils_that_grew(growth: pd.DataFrame) -> pd.DataFrame:
    """Return the per cent of councils whose figure grew, period by period.

    Parameters
    ----------
    growth
        What :func:`yearly_growth` returns.
    """
    rose = growth.assign(value=100.0 * (growth["value"] > 0))
    return rose.groupby("period")["value"].mean().reset_index()


def leading_needs(figures: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Say of each area which three categories added most between two periods.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``breakdown``, ``value``.
    start, end
        Periods.

    Returns
    -------
    DataFrame of true and false: a row an area, a column a category. A category leads when it rose
    and fewer than three others rose as much or more; so a tie for the third place leads nowhere.
    Missing where the category has no figure at either end, as Down syndrome before January 2025.

    Examples
    --------
    >>> pupils = pd.DataFrame({
    ...     "area": "886", "period": ["2016-01"] * 3 + ["2025-01"] * 3,
    ...     "breakdown": ["need:asd", "need:hi", "need:ds"] * 2,
    ...     "value": [10.0, 5.0, None, 30.0, 4.0, 2.0],
    ... })
    >>> leading_needs(pupils, "2016-01", "2025-01").loc["886"].dropna().to_dict()
    {'need:asd': True, 'need:hi': False}
    """
    wide = figures.pivot(index=["area", "breakdown"], columns="period", values="value").reindex(
        columns=[start, end]
    )
    added = (wide[end] - wide[start]).unstack("breakdown")
    place = added.rank(axis="columns", ascending=False, method="max")
    return ((place <= LEADING) & (added > 0)).astype("boolean").where(added.notna())


def share_led_by_the_same_needs(
    figures: pd.DataFrame, national: pd.DataFrame, start: str, end: str
) -> tuple[float, int]:
    """Return in how many councils two of the three leading needs are among England's three.

    The three needs that add most pupils in England are also the three most often recorded, so a
    council whose needs all grew at one pace would count as well. The share shows that no place
    has a rise of its own kind; it does not show that the children are alike, as habits of
    recording can be shared too.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``breakdown`` (needs), ``value`` for the councils to judge. One for
        which a need of England's three is not published at both ends is left out, as what leads
        there is not known.
    national
        The same for England.
    start, end
        Periods.

    Returns
    -------
    Per cent of the councils that can be judged (missing when there are none), and their number.
    """
    led = leading_needs(national, start, end).iloc[0] if len(national) else pd.Series()
    top = list(led.index[led.fillna(value=False).astype("bool")])
    if len(top) < LEADING or figures.empty:
        return float("nan"), 0
    judged = leading_needs(figures, start, end).reindex(columns=top).dropna()
    if judged.empty:
        return float("nan"), 0
    return float(100 * (judged.sum(axis="columns") >= LEADING - 1).mean()), len(judged)


def over_councils(statistic: Callable[..., Any], *samples: NDArray[Any]) -> tuple[float, float]:
    """Return the 95% interval of a figure from drawing whole councils again and again.

    Every council is in the data, so this is not the error of a sample. It says how far the figure
    hangs on which councils there are: whether a few of them make it.

    Parameters
    ----------
    statistic
        Takes the samples and ``axis``, and returns the figure along that axis.
    samples
        One or more groups of councils, each drawn from on its own (with replacement); a value
        each, or their positions in a table.

    Returns
    -------
    The ends: the middle 95% of the figures drawn; missing when a group has fewer than two
    councils.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13 (percentile
    intervals); ``scipy.stats.bootstrap``.
    """
    if min(map(len, samples)) < 2:
        return float("nan"), float("nan")
    drawn = stats.bootstrap(
        samples,
        statistic,
        n_resamples=DRAWS,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(SEED),
    )
    return float(drawn.confidence_interval.low), float(drawn.confidence_interval.high)
