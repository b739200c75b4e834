"""If the causes were local, some councils would have escaped: how alike councils have moved."""

from itertools import pairwise

import pandas as pd


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


def best_quarter(figures: pd.DataFrame, councils: list[str]) -> pd.DataFrame:
    """Say which councils are in the best quarter in each period.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``, higher is better.
    councils
        The councils to compare; only those with a figure in every period are ranked.

    Returns
    -------
    DataFrame of true and false: a row a council, a column a period.
    """
    wide = (
        figures[figures["area"].isin(councils)]
        .pivot(index="area", columns="period", values="value")
        .dropna()
    )
    return wide.rank(ascending=False, method="first") <= 0.25 * len(wide)


def still_best(best: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the first period's best quarter are in the best quarter later.

    A standing that was only luck would last no better than chance: a quarter of them.

    Parameters
    ----------
    best
        What :func:`best_quarter` returns.

    Returns
    -------
    DataFrame with ``period`` and ``value``: per cent (100 in the first).
    """
    first = best.iloc[:, :1].all(axis="columns")
    still = 100 * best[first].mean()
    return pd.DataFrame({"period": still.index.to_list(), "value": still.to_list()})


def best_again_next_period(best: pd.DataFrame) -> pd.Series:
    """Return what per cent of each period's best quarter is in it again in the next period.

    Examples
    --------
    >>> best = pd.DataFrame({"2023": [True, True, False], "2024": [True, False, True]})
    >>> best_again_next_period(best).tolist()
    [50.0]
    """
    pairs = pairwise(best.columns)
    return pd.Series(
        {later: 100 * best.loc[best[earlier], later].mean() for earlier, later in pairs}
    )


def growth_by_category(figures: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return how much was added in each category between two periods.

    Parameters
    ----------
    figures
        ``breakdown``, ``period``, ``value`` for one area.

    Returns
    -------
    DataFrame with ``breakdown``, ``start``, ``end`` and ``added``, most first. Categories missing
    at either period are left out; one period alone gives no row.
    """
    if figures.empty or start == end:
        return pd.DataFrame(columns=["breakdown", "start", "end", "added"])
    wide = (
        figures[figures["period"].isin([start, end])]
        .pivot(index="breakdown", columns="period", values="value")
        .reindex(columns=[start, end])
        .set_axis(["start", "end"], axis="columns")
        .dropna()
    )
    return (
        wide.assign(added=wide["end"] - wide["start"])
        .sort_values("added", ascending=False)
        .reset_index()
    )
