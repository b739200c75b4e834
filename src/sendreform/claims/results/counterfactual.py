"""What the tests on local practice alone find: the rise left had all grown as the slowest did."""

from collections.abc import Callable, Mapping

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import (
    CHILDREN,
    ENOUGH_PLANS,
    PLANS,
    WITHOUT_LARGEST,
    WITHOUT_LONDON,
    bases,
    council_plans,
    first_and_last,
    grown,
    in_years,
    leaving_out,
    per_child,
    told,
    without_faults,
)
from sendreform.claims.results._shared import known
from sendreform.evidence import counterfactual
from sendreform.evidence.counterfactual import (
    lowest_neighbour,
    lowest_tenth,
    no_more_than,
    rise_left,
)
from sendreform.periods import label
from sendreform.report import Report
from sendreform.store.reads import remembered

#: Of a rise of less than this, in per cent, a share says nothing.
A_RISE = 5
#: From growth and how many times its start each council's figure has become, to each one's bar.
Bar = Callable[[pd.Series], pd.Series | float]


def rise_left_at_slowest_tenth(report: Report) -> Result:
    """Per cent of the rise left had no council grown more than the tenth percentile of councils.

    A council that grew less keeps its own growth. The interval draws whole councils and works the
    bar out anew.
    """
    every = council_plans(report)
    plans = in_years(report, every)
    start, end = first_and_last(plans)
    growth = grown(report, plans, start, end)
    own = _times(growth)
    places = _here(report, no_more_than(growth, own, lowest_tenth(own)))
    if not _rose(places):
        return _cannot_be_told(report, places, start, end)
    low, high = counterfactual.interval_at_tenth(growth, list(places.index))
    slowest = own[own <= lowest_tenth(own)]
    others = {
        "at the average of the slowest tenth": _held(growth, float(slowest.mean())),
        **_in_other_half(
            report, growth, plans, "slowest tenth", counterfactual.lowest_tenth_followed
        ),
        "growth drawn in for small numbers": _held(
            growth, lowest_tenth(counterfactual.shrunken(growth))
        ),
        f"among councils with at least {ENOUGH_PLANS} plans at the start": _held(
            growth, lowest_tenth(_large(growth))
        ),
        **_other_ways(report, every, start, end, lowest_tenth),
    }
    return Result(
        rise_left(places),
        _told(report, places, start, end),
        (PLANS, CHILDREN),
        low=low,
        high=high,
        checks=_left_here(report, others),
    )


def rise_left_at_slowest_neighbour(report: Report) -> Result:
    """Per cent of the rise left had no council grown more than the slowest of its ten neighbours.

    A council that grew less than all of them keeps its own growth, and of it all is left. The
    interval draws whole councils, so a single council has none; its checks show how far the
    figure hangs on how the slowest is chosen.
    """
    start, end = first_and_last(in_years(report, council_plans(report)))
    everywhere, others = _at_slowest_neighbour(report.for_england)
    places = _here(report, everywhere)
    if not _rose(places):
        return _cannot_be_told(report, places, start, end)
    low, high = counterfactual.interval_at_neighbour(places)
    return Result(
        rise_left(places),
        _told(report, places, start, end),
        (PLANS, CHILDREN),
        low=low,
        high=high,
        checks=_left_here(report, others),
    )


# The same for every place: which neighbour is the slowest, and what that would make of a council.
@remembered(4)
def _at_slowest_neighbour(england: Report) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Say where each council would stand, and where by every other way to work it out."""
    every, neighbours = council_plans(england), england.store.neighbours
    plans = in_years(england, every)
    start, end = first_and_last(plans)
    growth = grown(england, plans, start, end)
    own = _times(growth)

    def bar(times: pd.Series) -> pd.Series:
        return lowest_neighbour(times, neighbours)

    def followed(first: pd.Series, second: pd.Series) -> pd.Series:
        return _followed(first, second, neighbours)

    places = _held(growth, bar(own))
    if places.empty:
        return places, {}
    return places, {
        **_in_other_half(england, growth, plans, "slowest neighbour", followed),
        "growth drawn in for small numbers": _held(growth, bar(counterfactual.shrunken(growth))),
        f"among neighbours with at least {ENOUGH_PLANS} plans at the start": _held(
            growth, bar(_large(growth))
        ),
        **_other_ways(england, every, start, end, bar),
    }


def _other_ways(
    report: Report, every: pd.DataFrame, start: str, end: str, bar: Bar
) -> dict[str, pd.DataFrame]:
    """Hold growth for each child, from other Januaries, and without some councils."""
    growth = grown(report, every, start, end)
    rates = _times(grown(report, per_child(report, every), start, end))
    ways = {"plans for each child aged 0 to 17": _held(growth, bar(rates), rates)}
    for base in bases(report, start, end):
        since = grown(report, every, base, end)
        ways[f"from {label(base, 'january')}"] = _held(since, bar(_times(since)))
    kept_by_words = without_faults(report, start, end) | leaving_out(report, every)
    for words, kept in kept_by_words.items():
        some = growth[growth["area"].isin(kept)]
        ways[words] = _held(some, bar(_times(some)))
    return ways


def _in_other_half(
    report: Report,
    growth: pd.DataFrame,
    plans: pd.DataFrame,
    slowest: str,
    followed: Callable[[pd.Series, pd.Series], pd.Series | float],
) -> dict[str, pd.DataFrame]:
    """Follow the slowest of one half of the years in the other half, also without known faults.

    Parameters
    ----------
    slowest
        Who is followed, in words.
    followed
        From growth in either half to the bar over both.
    """

    words = f"{slowest} of one half of the years, at its growth in the other"
    kept_by_words = {words: report.councils} | {
        f"{words}, {without}": kept
        for without, kept in without_faults(report, *_halfway(plans)).items()
    }
    held = {}
    for way, kept in kept_by_words.items():
        if halves := _halves(report, plans[plans["area"].isin(kept)]):
            held[way] = _held(growth[growth["area"].isin(kept)], followed(*halves))
    return held


def _held(
    growth: pd.DataFrame, bar: pd.Series | float, own: pd.Series | None = None
) -> pd.DataFrame:
    """Hold every council to a bar, in numbers of plans or on another basis."""
    return no_more_than(growth, _times(growth) if own is None else own, bar)


def _left_here(report: Report, ways: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Return the rise left in the report's place by each way; some are ways for England alone."""
    for_england = () if report.is_england else (WITHOUT_LONDON, WITHOUT_LARGEST)
    return known(
        {
            words: rise_left(_here(report, places))
            for words, places in ways.items()
            if words not in for_england
        }
    )


def _times(growth: pd.DataFrame) -> pd.Series:
    """Return how many times its start each council's figure has become."""
    places = growth.set_index("area")
    return places["end"] / places["start"]


def _large(growth: pd.DataFrame) -> pd.Series:
    return _times(growth[growth["start"] >= ENOUGH_PLANS])


def _here(report: Report, places: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils of the report's place."""
    return places[places.index.isin(report.areas.councils_in(report.area))]


def _halves(report: Report, plans: pd.DataFrame) -> tuple[pd.Series, pd.Series] | None:
    """Return growth in the first and the second half of the years; nothing for two Januaries."""
    halfway = _halfway(plans)
    if len(halfway) < 3:
        return None
    first, middle, last = halfway
    return (
        _times(grown(report, plans, first, middle)),
        _times(grown(report, plans, middle, last)),
    )


def _halfway(plans: pd.DataFrame) -> list[str]:
    """Return the first, the middle and the last January; nothing for fewer than three."""
    there = sorted(plans["period"].unique())
    return [there[0], there[len(there) // 2], there[-1]] if len(there) > 2 else []


def _followed(first: pd.Series, second: pd.Series, neighbours: pd.DataFrame) -> pd.Series:
    """Return the growth over both halves of those slowest in one half, each seen in the other."""
    return counterfactual.lowest_neighbour_followed(
        first, second, neighbours
    ) * counterfactual.lowest_neighbour_followed(second, first, neighbours)


def _rose(places: pd.DataFrame) -> bool:
    """Say whether there was a rise large enough to speak of a share of it."""
    return bool(places["end"].sum() > (1 + A_RISE / 100) * places["start"].sum())


def _told(report: Report, places: pd.DataFrame, start: str, end: str) -> str:
    """Write the Januaries and, of a country or region, how many councils are in the figure."""
    councils = "" if report.level == "council" else f"; {len(places)} councils"
    return f"{told(report, start, end)}{councils}"


def _cannot_be_told(report: Report, places: pd.DataFrame, start: str, end: str) -> Result:
    """Say that a place lacks a figure at an end, as do councils formed since, or lacks a rise."""
    if start == end:
        because = "no two Januaries with figures for councils lie in these years"
    elif places.empty:
        because = (
            f"plans are not published there for both {label(start, 'january')} and "
            f"{label(end, 'january')}"
        )
    else:
        because = (
            f"plans did not rise by {A_RISE}% or more between {label(start, 'january')} and "
            f"{label(end, 'january')}"
        )
    return no_result(f"For {report.place}, no share of a rise can be told: {because}.", PLANS)
