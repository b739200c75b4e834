"""Local practice on the page "The root causes are systemic": what copying would leave."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.narrowing import in_full_years
from sendreform.book.systemic.shared import (
    APPEALS,
    ON_TIME,
    PER_CENT,
    PLANS,
    TIMED,
    ends_in_words,
    ends_of,
    here,
    in_newest,
    of_councils,
    rise_is_small,
    together,
    with_checks,
)
from sendreform.book.words import counted, drawn, listed, number, say
from sendreform.charts import Figure, intervals, waterfall
from sendreform.claims.result import Result
from sendreform.claims.results._councils import WITHOUT_FAULTS
from sendreform.evidence import counterfactual, good_practice, joined_up
from sendreform.evidence.series import at
from sendreform.periods import label
from sendreform.report import Report

#: What might be copied from neighbours, in the words of a chart and of a sentence.
LEFT = {
    "Rise in EHC plans": "the rise in EHC plans",
    "Rise in appeals": "the rise in appeals",
    "Late plans": "late plans",
}
NEWEST = {"plans": PLANS, "appeals": APPEALS, "on time": ON_TIME}
#: The words of checks that are about other years or fewer councils.
OTHER_YEARS_OR_COUNCILS = ", from |, without "
#: The words of the check that follows the slowest, and shorter ones beside what it is a check of.
FOLLOWED = (
    ", slowest .* of one half of the years, at its growth in the other",
    ", chosen in one half of the years and followed in the other",
)
_SLOW_BY_CHANCE = "The slowest of ten is slow partly by chance, and often only for a time."


def at_slowest_neighbour(report: Report, growth: pd.DataFrame) -> pd.DataFrame:
    """Say where each council of the place would stand at the pace of its slowest neighbour.

    Parameters
    ----------
    growth
        Of plans, by council: ``area``, ``start``, ``end``.
    """
    councils = growth[growth["area"].isin(report.councils)]
    own = councils.set_index("area")["end"] / councils.set_index("area")["start"]
    slowest = counterfactual.lowest_neighbour(own, report.store.neighbours)
    return here(report, counterfactual.no_more_than(councils, own, slowest))


def appeals_at_lowest_neighbour(report: Report) -> pd.DataFrame:
    """Set the newest year's appeals at the rate of the lowest neighbour beside the first year's.

    Returns
    -------
    DataFrame indexed by council of the place, with ``start``, ``end`` and ``otherwise``; a
    council whose appeals are not published at both ends is left out.
    """
    appeals = of_councils(report, report.everywhere(APPEALS))
    plans = report.everywhere(PLANS)
    counts = good_practice.counts(
        in_newest(appeals), plans.assign(period=plans["period"].str[:4]), report.councils
    )
    first, last = ends_of(appeals)
    if counts.empty or first == last:
        return pd.DataFrame(columns=["start", "end", "otherwise"], dtype="float64")
    lowest = counterfactual.appeals_at_lowest(counts, report.store.neighbours)
    at_first = appeals[appeals["period"] == first].set_index("area")["value"]
    places = lowest.assign(
        start=at_first, end=lowest["actual"], otherwise=lowest["lowest_neighbour"]
    )
    return here(report, places[["start", "end", "otherwise"]].dropna())


def late_at_best_neighbour(report: Report) -> pd.DataFrame:
    """Set the newest year's late plans beside those there would be like the best neighbour.

    Returns
    -------
    DataFrame indexed by council of the place, with ``start``, ``end`` and ``otherwise``.
    """
    shares = joined_up.proportions(*(report.everywhere(name) for name in (ON_TIME, TIMED)))
    full_years = of_councils(report, in_full_years(shares))
    reached = joined_up.at_best_neighbour(in_newest(full_years), report.store.neighbours)
    return here(report, counterfactual.late_at_best(reached))


def rise_at_slowest_neighbour(
    report: Report, places: pd.DataFrame, result: Result, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw how far the place would have come at the pace of its slowest neighbours.

    Parameters
    ----------
    places
        By council of the place: ``start``, ``end``, ``otherwise``.
    result
        The rise left; says why there is none.
    plans
        The observations that it is worked out from.
    """
    if result.is_missing or rise_is_small(places):
        return Markdown(
            result.missing_because
            or f"In {report.place} so few plans were added that no share of them is told."
        )
    start, end = (label(period, "january") for period in ends_of(of_councils(report, plans)))
    first, otherwise, last = (float(places[name].sum()) for name in ("start", "otherwise", "end"))
    one = report.level == "council"
    neighbours = "neighbour" if one else "neighbours"
    return drawn(
        waterfall,
        pd.DataFrame(
            {
                "label": [
                    start,
                    f"Rise at the pace of the slowest {neighbours}",
                    "Rise beyond that",
                    end,
                ],
                "value": [first, otherwise - first, last - otherwise, last],
            }
        ),
        otherwise=result.missing_because,
        start=start,
        end=end,
        id="at-the-slowest-neighbour",
        title=f"At the pace of {'its' if one else 'their'} slowest {neighbours}, "
        f"{report.place if one else 'councils in ' + report.place} would have {number(otherwise)} "
        f"plans instead of {number(last)}"
        if otherwise < last
        else f"No neighbour of {report.place} grew more slowly, so all of the rise would be left",
        subtitle=f"EHC plans, {report.name}, {ends_in_words(report)}"
        + ("" if one else f", {counted(len(places), 'council')} that can be compared"),
        alt=f"Waterfall from {number(first)} plans to {number(last)}: "
        f"{number(otherwise - first)} more at the slowest pace, {number(last - otherwise)} "
        "beyond it.",
        note=together(
            "Arithmetic, not a forecast: a council that grew less than all its neighbours keeps "
            "its own growth.",
            faults.among_councils(report, PLANS, *ends_of(of_councils(report, plans))),
        ),
        unit="plans",
        **report.source(plans),
    )


def rise_left(
    report: Report, tenth: Result, neighbour: Result, places: pd.DataFrame, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw the share of the rise that would be left, by how the slowest are chosen.

    Parameters
    ----------
    tenth, neighbour
        The rise left at the slowest tenth and at the slowest neighbours.
    places
        By council of the place: ``start``, ``end``.
    plans
        The observations that it is worked out from.
    """
    if tenth.is_missing or neighbour.is_missing or rise_is_small(places):
        return Markdown(
            f"For {report.place}, no share of a rise is told, however the slowest are chosen."
        )
    ways = pd.concat(
        [with_checks("Slowest neighbour", neighbour), with_checks("Slowest tenth", tenth)]
    )
    # Other years and fewer councils are another question; they are at the foot of the page.
    rows = ways[~ways["label"].str.contains(OTHER_YEARS_OR_COUNCILS)].assign(
        label=lambda kept: kept["label"].str.replace(*FOLLOWED, regex=True)
    )
    low, high = (number(value, PER_CENT) for value in (rows["value"].min(), rows["value"].max()))
    return drawn(
        intervals,
        rows,
        otherwise="",
        id="rise-left",
        title=f"Between {low} and {high} of the rise would be left in {report.place}, by how the "
        "slowest are chosen",
        subtitle="Per cent of the rise in EHC plans left had no council grown more than the "
        f"slowest, {report.name}, {ends_in_words(report)}",
        alt="Dots, some with intervals. Like the slowest neighbour "
        f"{number(neighbour.value, PER_CENT)}, like the slowest tenth "
        f"{number(tenth.value, PER_CENT)}; other ways from {low} to {high}.",
        note=faults.among_councils(report, PLANS),
        unit=PER_CENT,
        label_title="How the slowest are chosen",
        **report.source(plans),
    )


def slow_for_a_time(
    report: Report, tenth: Result, neighbour: Result, places: pd.DataFrame
) -> Markdown:
    """Say what is left when the slowest of some years are followed in the others."""
    if rise_is_small(places):
        return Markdown(_SLOW_BY_CHANCE)
    with_all, sound = (
        [_followed(result, sound=sound) for result in (neighbour, tenth)] for sound in (False, True)
    )
    without = (
        f" Without councils whose plans look wrong it would be {sound[0]} and {sound[1]}."
        if None not in sound and sound != with_all
        else ""
    )
    return say(
        _SLOW_BY_CHANCE + " Where we choose the slowest by one half of the years and follow them "
        "in the other half, they would leave {neighbour} of the rise in {place} if they are "
        "neighbours, and {tenth} if they are the slowest tenth." + without,
        _SLOW_BY_CHANCE,
        place=report.place,
        neighbour=with_all[0],
        tenth=with_all[1],
    )


def _followed(result: Result, *, sound: bool) -> str | None:
    """Return the rise left where the slowest are followed, with or without known faults."""
    found = [
        figure
        for words, figure in result.checks.items()
        if "one half" in words and (WITHOUT_FAULTS in words) is sound
    ]
    return number(found[0], PER_CENT) if found else None


def left_at_lowest(
    report: Report,
    places: Mapping[str, pd.DataFrame],
    plans: pd.DataFrame,
    appeals: pd.DataFrame,
    on_time: pd.DataFrame,
) -> Figure | Markdown:
    """Draw how much of three things would be left if each council copied its lowest neighbour.

    Parameters
    ----------
    places
        What it is about, in words → by council of the place: ``start``, ``end``, ``otherwise``.
    plans, appeals, on_time
        The observations behind.
    """
    rows = _left(places)
    tables = [of_councils(report, table) for table in (plans, appeals, on_time)]
    told = [
        f"{number(value, PER_CENT) if value > 0 else 'nothing'} of {LEFT[words]}"
        for words, value in zip(rows["label"], rows["value"], strict=True)
    ]
    newest = ", ".join(
        f"{words} {label(end, report.record(measure)['kind'])}"
        for (words, measure), (_, end) in zip(NEWEST.items(), map(ends_of, tables), strict=True)
        if end
    )
    listing = listed(told)
    return drawn(
        intervals,
        rows,
        otherwise=f"In {report.place} so few plans, appeals and late plans are in question that no "
        "share of them is told.",
        id="left-at-the-lowest-neighbour",
        title=f"Copying a like council would leave {listing}",
        subtitle="Per cent left at the neighbour with least growth, fewest appeals for its plans, "
        f"or most plans on time, {report.name}, {newest}"
        + ("" if report.level == "council" else ", each with a 95% interval"),
        alt=f"Dots{'' if report.level == 'council' else ' with intervals'}: {listing}.",
        note=together(
            _how_many(report, places),
            "Rates of appeals are drawn towards those of all councils, the more so the smaller "
            "the council. Plans on time are as they stand.",
            faults.among_councils(report, PLANS, *ends_of(tables[0])),
        ),
        unit=PER_CENT,
        label_title="What would be left",
        **report.source(plans, appeals, on_time),
    )


def _how_many(report: Report, places: Mapping[str, pd.DataFrame]) -> str:
    """Say how many councils each row is about; nothing of a single one."""
    if report.level == "council":
        return ""
    counts = [f"{len(table)} for {LEFT[words]}" for words, table in places.items() if len(table)]
    return f"Councils with figures: {listed(counts)}."


def _left(places: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what would be left of each, where there is enough of it to tell."""
    rows = [
        (words, counterfactual.rise_left(table), *counterfactual.interval_at_neighbour(table))
        for words, table in places.items()
        if not rise_is_small(table)
    ]
    return pd.DataFrame(rows, columns=["label", "value", "low", "high"])


def on_time_at_best(report: Report, result: Result, shares: pd.DataFrame) -> Markdown:
    """Say how many plans would be on time like the best neighbour, also allowing for chance.

    Parameters
    ----------
    result
        The per cent on time at the best neighbour.
    shares
        The published shares on time of all places.
    """
    if result.is_missing or report.is_small:
        return Markdown(
            result.missing_because
            or f"In {report.place} so few plans are new in a year that no share of them is told."
        )
    ways = [result.value, *result.checks.values()]
    return say(
        "Had {whose} issued plans on time like its best statistical neighbour, {reached} of plans "
        "would have been on time in {period}, and not {now}. Other ways to choose whom to copy "
        "give {least} to {most}.",
        whose=report.place if report.level == "council" else f"every council in {report.place}",
        reached=number(result.value, PER_CENT),
        period=result.period,
        now=number(at(shares[shares["area"] == report.area], result.period), PER_CENT),
        least=number(min(ways), PER_CENT),
        most=number(max(ways), PER_CENT),
    )


def what_local_practice_reaches(report: Report, places: Mapping[str, pd.DataFrame]) -> Markdown:
    """Say so where copying would take away less of the rise in plans than of all else.

    Parameters
    ----------
    places
        As for :func:`left_at_lowest`, the rise in plans first.
    """
    left = _left(places).set_index("label")["value"]
    if len(left) < len(places):
        return Markdown(f"For {report.place}, the three cannot be set side by side.")
    plans, *others = (left[words] for words in places)
    return Markdown(
        "So copying would take away more of the late plans and of the rise in appeals than of the "
        "rise in plans. That is a limit to the finding: there, councils differ more from "
        "their neighbours."
        if max(others) < plans
        else f"In {report.place}, copying would not do more about both late plans and appeals than "
        "about the rise in plans."
    )
