"""How much of the change within councils is shared by all of them, and how much is their own."""

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sendreform.evidence.systemic import over_councils

#: The four parts that the variation within councils falls into.
SHARED_RISE = "Shared: a steady rise"
SHARED_TURNS = "Shared: faster and slower years"
OWN_SPEED = "Own: a steeper or flatter rise"
OWN_TURNS = "Own: ups and downs"


def logs(figures: pd.DataFrame, councils: list[str]) -> pd.DataFrame:
    """Return natural logarithms of a count: a row a council, a column a period.

    On this scale a doubling counts alike in a large council and a small one.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``: a count.
    councils
        The councils to compare; only those with a figure above nought in every period are kept,
        so councils formed on the way are not.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "area": ["886", "886", "942"], "period": ["2023-01", "2024-01", "2024-01"],
    ...     "value": [1.0, 1.0, 5.0],
    ... })
    >>> logs(plans, ["886", "942"]).loc["886"].to_dict(), len(logs(plans, ["886", "942"]))
    ({'2023-01': 0.0, '2024-01': 0.0}, 1)
    """
    wide = figures[figures["area"].isin(councils)].pivot(
        index="area", columns="period", values="value"
    )
    return wide.where(wide > 0).dropna().transform(np.log)


def yearly_changes(table: pd.DataFrame, breaks: Collection[str] = ()) -> pd.DataFrame:
    """Return the change of each council on the year before, in the table's own unit.

    Of logarithms this is growth: 0.1 is about ten per cent. There is no change across a break, nor
    between Januaries that are not a year apart.

    Parameters
    ----------
    table
        A row a council, a column a period.
    breaks
        Periods from which figures are not comparable with those before.

    Examples
    --------
    >>> table = pd.DataFrame([[1.0, 2.0, 4.0]], columns=["2021-01", "2022-01", "2023-01"])
    >>> yearly_changes(table, breaks=["2023-01"]).to_dict("list")
    {'2022-01': [1.0]}
    """
    apart = _years(table).diff()
    kept = (apart == 1) & ~table.columns.isin(list(breaks))
    return table.diff(axis="columns").loc[:, kept.to_numpy()]


def share_of_common_years(
    table: pd.DataFrame, breaks: Collection[str] = (), weights: pd.Series | None = None
) -> float:
    """Return how much of the variation within councils one path for all of them explains.

    Each council's own average is taken out; what is left is its rise and its ups and downs. The
    share is that of the figure for each year that is the same for all councils: the within R² of
    a regression with an effect for each council and each year.

    **What it shows.** A high share of (the logarithm of) plans says that councils went the same
    way: knowing the year tells nearly all that there is to know of how a council stands to its
    own average. **What it does not.** Any rise that goes on everywhere makes the share high, even
    where its speed differs and even where each place has a cause of its own; 90% does not mean
    that nine tenths of causes are national. :func:`parts_of_variation` divides the share.

    The share of :func:`yearly_changes` leaves the steady rise out and asks whether the same years
    were fast everywhere. A low share says that they were not. It does not say that causes are
    local: a national cause that pushes steadily makes no year faster than another, and slips in
    the returns of single years are in it too.

    Parameters
    ----------
    table
        What :func:`logs` or :func:`yearly_changes` returns; no value missing.
    breaks
        Periods from which figures are not comparable with those before. Each council then has an
        average of its own in each stretch, and nothing is compared across.
    weights
        By council, such as its plans; by default all count alike.

    Returns
    -------
    Per cent; missing where there are not two councils and two periods that can be compared.

    References
    ----------
    Wooldridge (2010), Econometric Analysis of Cross Section and Panel Data, chapter 10. In a table
    without gaps the within R² is a ratio of sums of squares, which a thousand draws can be worked
    out with; a test holds it to that of ``linearmodels.panel.PanelOLS`` with entity effects and
    an indicator for each year.

    Examples
    --------
    One rises by 1 and one by 2; the middle way of 1.5 explains 1.5² of (1² + 2²) ÷ 2.

    >>> table = pd.DataFrame([[0.0, 1.0], [0.0, 2.0]], index=["a", "b"], columns=["2021", "2022"])
    >>> round(share_of_common_years(table), 1)
    90.0
    """
    if len(table) < 2:
        return float("nan")
    weight = np.ones(len(table)) if weights is None else weights.loc[table.index].to_numpy()
    return float(_share(_centred(table, breaks), weight))


def by_chance(
    table: pd.DataFrame, breaks: Collection[str] = (), weights: pd.Series | None = None
) -> float:
    """Return the share that common years would explain if no council moved with any other.

    An average over a hundred councils that go their own ways still moves a little. When councils
    are independent the share expected is one over their number, however unlike their ups and
    downs are in size; with weights it is more.

    Parameters
    ----------
    table, breaks, weights
        As for :func:`share_of_common_years`.

    Returns
    -------
    Per cent; missing where nothing moves.

    Examples
    --------
    >>> by_chance(pd.DataFrame([[1.0, -1.0], [4.0, -4.0]], columns=["2021", "2022"]))
    50.0
    """
    own = (_centred(table, breaks) ** 2).sum(axis=1)
    weight = np.ones(len(table)) if weights is None else weights.loc[table.index].to_numpy()
    total = weight.sum() * (weight @ own)
    return float(100 * (weight**2 @ own) / total) if total else float("nan")


def net_of_chance(share: float, chance: float) -> float:
    """Return what is left of a share when what chance gives is taken out of it.

    With all councils alike in weight this is the share adjusted for degrees of freedom, and, were
    their ups and downs of one size, the mean correlation between two councils.

    Examples
    --------
    >>> net_of_chance(60, 20), net_of_chance(20, 20)
    (50.0, 0.0)
    """
    return 100 * (share - chance) / (100 - chance)


def interval_of_common_years(
    table: pd.DataFrame, breaks: Collection[str] = ()
) -> tuple[float, float]:
    """Return the 95% interval of :func:`share_of_common_years`, drawing whole councils.

    A council is drawn with all its years, so that what ties its years together is kept; the years
    are taken as given. Drawing with replacement lets chance in once more, and that is taken out of
    the ends (:func:`net_of_chance`); without it a low share would seem higher than it is. See
    :func:`sendreform.evidence.systemic.over_councils`.
    """
    centred = _centred(table, breaks)
    alike = np.ones(len(table))

    def share(drawn: NDArray[Any], axis: int = -1) -> NDArray[np.float64]:
        return _share(centred[np.moveaxis(drawn, axis, -1)], alike)

    low, high = over_councils(share, np.arange(len(table)))
    chance = by_chance(table, breaks)
    return net_of_chance(low, chance), net_of_chance(high, chance)


def mean_correlation(table: pd.DataFrame, breaks: Collection[str] = ()) -> float:
    """Return the correlation between two councils over the years, averaged over all pairs.

    Every council counts alike here, whether its ups and downs are large or small. Councils that
    never move are left out.

    Examples
    --------
    >>> table = pd.DataFrame([[0.0, 1.0], [0.0, 5.0], [1.0, 0.0]], columns=["2021", "2022"])
    >>> round(mean_correlation(table), 2)
    -0.33
    """
    centred = _centred(table, breaks)
    moving = centred[(centred**2).sum(axis=1) > 0]
    number = len(moving)
    if number < 2:
        return float("nan")
    return float((np.corrcoef(moving).sum() - number) / (number * (number - 1)))


def parts_of_variation(table: pd.DataFrame) -> pd.DataFrame:
    """Divide the variation within councils into what is steady and what is not, shared and own.

    A straight line is laid through each council's figures, and one through the average of all.
    The four parts are: the average line; how the average departs from it; how much steeper or
    flatter each council's line is than the average; and how each departs from its own line beyond
    what the average does. The first two are the share of common years.

    Parameters
    ----------
    table
        What :func:`logs` returns, for at least three periods; no value missing.

    Returns
    -------
    DataFrame with ``series`` (the four parts) and ``value`` (per cent; they add up to 100).
    """
    centred = _centred(table, ())
    time = _years(table).to_numpy(dtype="float64")
    time = time - time.mean()
    slopes = centred @ time / (time @ time)
    average, slope = centred.mean(axis=0), slopes.mean()
    shared_turns = average - slope * time
    own_lines = np.outer(slopes - slope, time)
    parts = {
        SHARED_RISE: len(table) * ((slope * time) ** 2).sum(),
        SHARED_TURNS: len(table) * (shared_turns**2).sum(),
        OWN_SPEED: (own_lines**2).sum(),
        OWN_TURNS: ((centred - average - own_lines) ** 2).sum(),
    }
    total = (centred**2).sum()
    return pd.DataFrame(
        {"series": list(parts), "value": [float(100 * part / total) for part in parts.values()]}
    )


def by_group(figures: pd.DataFrame, councils: list[str]) -> pd.DataFrame:
    """Return the share of common years for each group of plans by itself.

    Groups are small: where a council has a handful of plans of a kind, one more or less is much on
    a logarithmic scale, and the share is low for that reason alone. A group that did not rise has
    no common rise to share.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``breakdown``, ``value``, within one unbroken stretch.
    councils
        The councils to compare. A group is left out when fewer than half of them have some in it
        in every period.

    Returns
    -------
    DataFrame with ``breakdown``, ``councils`` (number compared), ``value`` (per cent of the
    variation within councils), ``chance`` (what independent councils would give), ``variation``
    (the sum of squares that the share is of); highest share first.
    """
    number = figures["period"].nunique()
    tables = {
        str(group): table
        for group, rows in figures.groupby("breakdown")
        if len(table := logs(rows, councils)) >= len(councils) / 2 and table.shape[1] == number
    }
    return pd.DataFrame(
        [
            {
                "breakdown": group,
                "councils": len(table),
                "value": share_of_common_years(table),
                "chance": by_chance(table),
                "variation": float((_centred(table, ()) ** 2).sum()),
            }
            for group, table in tables.items()
        ],
        columns=["breakdown", "councils", "value", "chance", "variation"],
    ).sort_values("value", ascending=False, ignore_index=True)


def over_groups(groups: pd.DataFrame) -> float:
    """Return the share of common years over all groups, each with years of its own.

    Parameters
    ----------
    groups
        What :func:`by_group` returns.

    Returns
    -------
    Per cent of the variation within councils and groups; missing where there is none.

    Examples
    --------
    >>> over_groups(pd.DataFrame({"value": [80.0, 20.0], "variation": [1.0, 2.0]}))
    40.0
    """
    total = groups["variation"].sum()
    return float((groups["value"] * groups["variation"]).sum() / total) if total else float("nan")


def _years(table: pd.DataFrame) -> pd.Series:
    """Return the year of each column."""
    return table.columns.to_series().str[:4].astype("int64")


def _stretches(periods: pd.Series, breaks: Collection[str]) -> pd.Series:
    """Number the unbroken stretch that each period is in."""
    passed = np.searchsorted(sorted(breaks), periods.to_numpy(dtype="str"), side="right")
    return pd.Series(passed, index=periods.index)


def _centred(table: pd.DataFrame, breaks: Collection[str]) -> NDArray[np.float64]:
    """Take each council's own average, in each unbroken stretch, out of its figures."""
    stretch = _stretches(table.columns.to_series(), breaks)
    own = table.T.groupby(stretch.to_numpy()).transform("mean").T
    return (table - own).to_numpy(dtype="float64")


def _share(centred: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the average over councils makes up of the sum of squares.

    Parameters
    ----------
    centred
        Councils by periods, own averages taken out; any number of such tables before that.
    weight
        By council.
    """
    average = np.einsum("i,...it->...t", weight, centred) / weight.sum()
    shared = weight.sum() * (average**2).sum(axis=-1)
    with np.errstate(invalid="ignore"):  # where nothing moves there is no share
        return np.asarray(100 * shared / np.einsum("i,...it->...", weight, centred**2))
