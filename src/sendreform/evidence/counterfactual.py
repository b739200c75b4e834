"""What would be left had every council done only as the lowest do: arithmetic, not a forecast."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.meta_analysis import combine_effects

from sendreform.evidence.good_practice import shrunk_rates
from sendreform.evidence.systemic import over_councils

LOWEST_TENTH = 0.1


def lowest_tenth(values: pd.Series) -> float:
    """Return the value that a tenth of councils lie at or below.

    Examples
    --------
    >>> lowest_tenth(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0]))
    2.0
    """
    return float(values.quantile(LOWEST_TENTH))


def lowest_tenth_followed(first: pd.Series, second: pd.Series) -> float:
    """Return the growth over both halves of the years of those slowest in one half.

    Councils in the lowest tenth of each half are followed in the other half, where they are no
    longer chosen by what they had; their average growth there, half by half, is multiplied up.

    Parameters
    ----------
    first, second
        By council, how many times its start a figure became in each half.

    Examples
    --------
    >>> first = pd.Series({"a": 1.0, "b": 2.0, "c": 3.0})
    >>> second = pd.Series({"a": 1.5, "b": 1.4, "c": 1.1})
    >>> round(lowest_tenth_followed(first, second), 1)
    4.5
    """
    slow_at_first, slow_later = first <= lowest_tenth(first), second <= lowest_tenth(second)
    return float(
        second.reindex(first.index[slow_at_first]).mean()
        * first.reindex(second.index[slow_later]).mean()
    )


def lowest_neighbour(values: pd.Series, neighbours: pd.DataFrame) -> pd.Series:
    """Return the lowest value among each council's statistical neighbours.

    Parameters
    ----------
    values
        By council; lower is what is to be copied: growth, a rate of appeals, or a share that is
        late. A council without a value is no one's lowest neighbour.
    neighbours
        ``area`` and ``neighbour``.

    Returns
    -------
    By council; one none of whose neighbours has a value is not there.

    Examples
    --------
    >>> neighbours = pd.DataFrame({"area": ["a", "a", "b"], "neighbour": ["b", "c", "c"]})
    >>> lowest_neighbour(pd.Series({"b": 2.0, "c": 3.0}), neighbours).to_dict()
    {'a': 2.0, 'b': 3.0}
    """
    return neighbours["neighbour"].map(values).groupby(neighbours["area"]).min().dropna()


def lowest_neighbour_followed(
    chosen_by: pd.Series, followed: pd.Series, neighbours: pd.DataFrame
) -> pd.Series:
    """Return what the neighbour lowest on one value has on another value.

    Where the lowest of ten is low by chance, it is so only in the years it was chosen by; in other
    years it has the growth that can be expected of it.

    Parameters
    ----------
    chosen_by, followed
        By council: growth in some years, and in others.
    neighbours
        ``area`` and ``neighbour``.

    Returns
    -------
    By council.

    Examples
    --------
    >>> neighbours = pd.DataFrame({"area": ["a", "a"], "neighbour": ["b", "c"]})
    >>> first, then = pd.Series({"b": 1.1, "c": 1.5}), pd.Series({"b": 1.4, "c": 1.3})
    >>> lowest_neighbour_followed(first, then, neighbours).to_dict()
    {'a': 1.4}
    """
    lowest = (
        neighbours.assign(value=neighbours["neighbour"].map(chosen_by))
        .dropna(subset="value")
        .sort_values("value", kind="stable")
        .drop_duplicates("area")
        .set_index("area")["neighbour"]
    )
    return lowest.map(followed).dropna().sort_index()


def shrunken(growth: pd.DataFrame) -> pd.Series:
    """Draw each council's growth towards that of all, the more so the fewer plans it had.

    Empirical Bayes on the logarithm of growth. The variance of the logarithm of a count is taken
    as one over the count, as for events that come one by one (Poisson); the variance between
    councils is estimated from the data (Paule and Mandel). That allows for small numbers, and not
    for slips in the returns or for years that are slow by chance:
    :func:`lowest_neighbour_followed` does.

    Parameters
    ----------
    growth
        ``area``, ``start`` and ``end`` (numbers of plans above nought): what
        :func:`sendreform.evidence.systemic.growth_by_council` returns; at least two councils.

    Returns
    -------
    By council: how many times the start the end is, as estimated.

    References
    ----------
    Efron and Morris (1975), Data analysis using Stein's estimator, JASA 70, 311-319;
    ``statsmodels.stats.meta_analysis.combine_effects``.
    """
    known = growth.query("end > 0").set_index("area")
    times = (known["end"] / known["start"]).transform(np.log)
    by_chance = 1 / known["start"] + 1 / known["end"]
    between = combine_effects(times, by_chance, method_re="iterated").tau2
    everyone = float(np.average(times, weights=1 / (between + by_chance)))
    kept = between / (between + by_chance)
    drawn_in: pd.Series = everyone + kept * (times - everyone)
    return drawn_in.transform(np.exp)


def no_more_than(growth: pd.DataFrame, own: pd.Series, bar: pd.Series | float) -> pd.DataFrame:
    """Say where each council would stand had its growth been no more than a bar.

    Parameters
    ----------
    growth
        ``area``, ``start``, ``end``.
    own
        By council, how many times its start a council's figure has become: the figure itself, or
        a rate such as plans for each child, which leaves the growth of the population in.
    bar
        The same for what is copied, by council or for all. A council that grew less keeps its own
        growth; one without a bar is left out.

    Returns
    -------
    DataFrame indexed by ``area``, with ``start``, ``end`` and ``otherwise``.

    Examples
    --------
    >>> growth = pd.DataFrame({"area": ["a", "b"], "start": [10.0, 10.0], "end": [30.0, 15.0]})
    >>> own = pd.Series({"a": 3.0, "b": 1.5})
    >>> no_more_than(growth, own, 2.0)["otherwise"].tolist()
    [20.0, 15.0]
    """
    places = growth.set_index("area")[["start", "end"]]
    bars = pd.Series(bar, index=places.index) if isinstance(bar, float) else bar
    kept = (bars / own).reindex(places.index).clip(upper=1)
    return places.assign(otherwise=places["end"] * kept).dropna()


def rise_left(places: pd.DataFrame) -> float:
    """Return how much of the rise would be left, in per cent of the rise there was.

    The lowest of ten is low partly by chance: small numbers swing, and a slow stretch is often
    followed by a quick one. So a bar comes in more than one form: as it stands; among councils
    large enough; drawn in (:func:`shrunken`); and chosen in one half of the years and followed in
    the other (:func:`lowest_neighbour_followed`). None of them says that a place could have grown
    as its slowest neighbour did, nor that slow growth is good practice: it may be children
    without a plan whom they need.

    Parameters
    ----------
    places
        What :func:`no_more_than` returns, or some of its rows.

    Returns
    -------
    Per cent; missing where there was no rise.

    Examples
    --------
    From 20 to 45; it would have been from 20 to 35.

    >>> rise_left(pd.DataFrame({"start": [10, 10], "end": [30, 15], "otherwise": [20, 15]}))
    60.0
    """
    start, end, otherwise = (float(places[name].sum()) for name in ("start", "end", "otherwise"))
    return 100 * (otherwise - start) / (end - start) if end > start else float("nan")


def interval_at_neighbour(places: pd.DataFrame) -> tuple[float, float]:
    """Return the 95% interval of :func:`rise_left`, drawing whole councils with their bars.

    See :func:`sendreform.evidence.systemic.over_councils`; missing for a single council.
    """
    start, end, otherwise = places[["start", "end", "otherwise"]].to_numpy(dtype="float64").T

    def left(drawn: NDArray[Any], axis: int = -1) -> NDArray[Any]:
        first = start[drawn].sum(axis=axis)
        rise = end[drawn].sum(axis=axis) - first
        return np.asarray(100 * (otherwise[drawn].sum(axis=axis) - first) / rise)

    return over_councils(left, np.arange(len(places)))


def interval_at_tenth(growth: pd.DataFrame, members: list[str]) -> tuple[float, float]:
    """Return the 95% interval of the rise left at the lowest tenth, drawing whole councils.

    The bar is worked out anew in each draw. Councils of the place and all others are drawn apart,
    so that the place keeps its number.

    Parameters
    ----------
    growth
        ``area``, ``start``, ``end`` of all councils that set the bar.
    members
        The councils of the place whose rise it is.
    """
    inside = growth["area"].isin(members).to_numpy()
    start, end = growth[["start", "end"]].to_numpy(dtype="float64").T
    own = end / start

    def left(*drawn: NDArray[Any], axis: int = -1) -> NDArray[Any]:
        setters = np.concatenate(drawn, axis=axis)
        bar = np.quantile(own[setters], LOWEST_TENTH, axis=axis, keepdims=True)
        here = drawn[0]
        first = start[here].sum(axis=axis)
        otherwise = (start[here] * np.minimum(own[here], bar)).sum(axis=axis)
        return np.asarray(100 * (otherwise - first) / (end[here].sum(axis=axis) - first))

    groups = [np.flatnonzero(inside), np.flatnonzero(~inside)]
    return over_councils(left, *(group for group in groups if len(group)))


def appeals_at_lowest(counted: pd.DataFrame, neighbours: pd.DataFrame) -> pd.DataFrame:
    """Say how many appeals there would be at the rates of the councils with the fewest.

    Rates are estimated as :func:`sendreform.evidence.good_practice.shrunk_rates` does, which
    draws those of small councils towards the others, as a few appeals more or less are chance.
    Fewer appeals do not show better decisions: families differ in what it takes to appeal. With
    the appeals of an earlier year as ``start``, :func:`rise_left` gives the rise that is left.

    Parameters
    ----------
    counted
        ``area``, ``part`` (appeals registered in a year) and ``whole`` (plans held): what
        :func:`sendreform.evidence.good_practice.counts` returns, for one period.
    neighbours
        ``area`` and ``neighbour``.

    Returns
    -------
    DataFrame indexed by ``area``, with ``actual`` appeals, and appeals had the rate been no more
    than that at the ``lowest_tenth`` of councils or of its ``lowest_neighbour`` (missing where no
    neighbour has a rate). A council with fewer keeps its own.
    """
    rates = shrunk_rates(counted).set_index("area")["estimate"] / 1000
    places = counted.set_index("area")
    at_neighbour = (places["whole"] * lowest_neighbour(rates, neighbours)).reindex(places.index)
    return pd.DataFrame(
        {
            "actual": places["part"],
            "lowest_tenth": places["part"].clip(upper=places["whole"] * lowest_tenth(rates)),
            "lowest_neighbour": places["part"].clip(upper=at_neighbour).where(at_neighbour.notna()),
        }
    )


def late_at_best(reached: pd.DataFrame) -> pd.DataFrame:
    """Say how many plans would still be late at the shares on time that councils would reach.

    Parameters
    ----------
    reached
        ``area``, ``whole`` (plans), ``value`` and ``reached`` (per cent on time): what
        :func:`sendreform.evidence.joined_up.at_best_neighbour` returns.

    Returns
    -------
    DataFrame indexed by ``area``, with ``end`` (plans that are late), ``otherwise`` (those that
    would be) and ``start`` (nought, so that :func:`rise_left` is the share of late plans left).

    Examples
    --------
    >>> reached = pd.DataFrame(
    ...     {"area": ["301"], "whole": [200.0], "value": [40.0], "reached": [85.0]}
    ... )
    >>> late_at_best(reached).loc["301"].tolist(), rise_left(late_at_best(reached))
    ([0.0, 120.0, 30.0], 25.0)
    """
    plans = reached.set_index("area")
    return pd.DataFrame(
        {
            "start": 0.0,
            "end": plans["whole"] * (100 - plans["value"]) / 100,
            "otherwise": plans["whole"] * (100 - plans["reached"]) / 100,
        }
    )
