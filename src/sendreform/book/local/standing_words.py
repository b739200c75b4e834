"""A place's newest figure of a measure, what it stands beside, and the sentences that say so."""

from dataclasses import dataclass, replace

import pandas as pd

from sendreform import periods
from sendreform.book import faults
from sendreform.book.local.comparison import Comparison
from sendreform.book.local.measures import PLANS, Told, first_january, peers_at
from sendreform.book.words import counted, listed, number, sentence_case
from sendreform.evidence.series import at, of, since_last_break, span
from sendreform.evidence.standing import Standing, differs_from, standing
from sendreform.observations import ENGLAND
from sendreform.report import Report

STATEMENTS = "plan_type:statements"
#: Of fewer figures there is no middle worth the name.
FEWEST_FOR_A_MIDDLE = 3


@dataclass(frozen=True)
class Newest:
    """The newest figure of a place, and those of the same period beside it.

    Attributes
    ----------
    england, region, middle
        Missing where there is none; ``middle`` is that of the places compared with, of which
        ``compared`` have a figure.
    standing
        Among the places of its kind; ``None`` where the size of figures is not known.
    """

    period: str
    value: float
    error: float
    england: float
    region: float
    middle: float
    compared: int
    standing: Standing | None


def newest_of(report: Report, told: Told, comparison: Comparison) -> Newest | None:
    """Return the newest figure of the report's place; ``None`` where it has none."""
    own = told.figures[told.figures["area"] == report.area]
    if own.empty:
        return None
    last = own.sort_values("period").iloc[-1]
    period = str(last["period"])
    here = told.figures[told.figures["period"] == period]
    values = here.set_index("area")["value"]
    others = values[values.index.isin(comparison.areas)]
    region = report.areas.region_of(report.area)
    return Newest(
        period=period,
        value=float(last["value"]),
        error=float(last["error"]),
        england=float(values.get(ENGLAND, float("nan"))),
        region=float(values.get(region, float("nan"))) if region != report.area else float("nan"),
        middle=float(others.median()) if len(others) >= FEWEST_FOR_A_MIDDLE else float("nan"),
        compared=len(others),
        standing=None
        if pd.isna(last["error"])
        else standing(peers_at(report, here, period), report.area),
    )


def told_in_words(report: Report, told: Told, newest: Newest | None, comparison: Comparison) -> str:
    """Return the sentences that tell a measure of the place, but for why no rank is given."""
    if newest is None:
        return why_none(report, told)
    fault = fault_note(report, told, newest.period)
    sentences = [
        # A figure that looks wrong is held against no other.
        *(
            [f"{_own(report, told, newest)}.", fault]
            if fault
            else [
                f"{_own(report, told, newest)}{_beside_england(told, newest)}.",
                _beside(report, told, newest, comparison),
                _rank(report, newest),
            ]
        ),
        _before(report, told),
        _statements(report, told),
        _ends_early(report, told, newest),
        _later(report, told, newest),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def figure_words(told: Told, value: float) -> str:
    """Write a figure of a measure as a table does; a dash for a missing one."""
    return number(value, told.series.unit.lower(), told.series.decimals) or "–"


def when(told: Told, period: str) -> str:
    """Write a period as a sentence does."""
    return periods.label(period, told.series.kind)


def fault_note(report: Report, told: Told, period: str) -> str:
    """Say what looks wrong in the published figures behind a figure; nothing where none does."""
    notes = (
        faults.note(report, measure, period, f"{period[:4]}-01")
        for measure in told.measure.measures
    )
    return " ".join(filter(None, notes))


def is_stale(report: Report, told: Told, newest: Newest) -> bool:
    """Say whether other places of the kind have newer figures."""
    return newest.period != _latest(report, told)


def _latest(report: Report, told: Told) -> str:
    return str(told.figures.loc[told.figures["level"] == report.level, "period"].max())


def _alone(told: Told, value: float) -> str:
    """Write a figure that stands by itself in a sentence."""
    alone = told.measure.alone
    return alone(value) if alone else figure_words(told, value)


def _phrase(told: Told, value: float) -> str:
    phrase = told.measure.phrase
    return phrase(value) if phrase else figure_words(told, value)


def _own(report: Report, told: Told, newest: Newest) -> str:
    words = told.measure.says.format(
        value=_phrase(told, newest.value),
        place=report.place,
        period=when(told, newest.period),
        since=periods.label(first_january(report), "january"),
        prices=report.price_words,
    )
    return sentence_case(words)


def _beside_england(told: Told, newest: Newest) -> str:
    """Say whether the figure is above or below England's, where that can be told."""
    england = figure_words(told, newest.england)
    if pd.isna(newest.england):
        return ""
    if pd.isna(newest.error):
        return f"; in England the figure was {_alone(told, newest.england)}"
    if england == figure_words(told, newest.value):
        return f", as in England ({england})"
    if not differs_from(newest.value, newest.error, newest.england):
        return f", not clearly different from England ({england})"
    return f", clearly {'above' if newest.value > newest.england else 'below'} England ({england})"


def _beside(report: Report, told: Told, newest: Newest, comparison: Comparison) -> str:
    """Tell the figures of the region and of the places compared with."""
    parts = []
    if not pd.isna(newest.region):
        region = replace(report, area=report.areas.region_of(report.area)).place
        parts.append(f"in {region} it was {_alone(told, newest.region)}")
    if not pd.isna(newest.middle):
        whose = comparison.words
        if newest.compared < len(comparison.areas):
            whose = f"{counted(newest.compared)} of {whose}"
        parts.append(f"the median of {whose} was {_alone(told, newest.middle)}")
    return f"{sentence_case(listed(parts))}." if parts else ""


def _rank(report: Report, newest: Newest) -> str:
    """Say between which ranks the place stands, as far as chance lets it be told."""
    found = newest.standing
    if not found or found.of < FEWEST_FOR_A_MIDDLE:
        return ""
    kind = "councils" if report.level == "council" else "regions"
    among = f"among {counted(found.of)} {kind} with a figure"
    if found.highest == found.lowest:
        return f"Allowing for chance, {report.place} is {place_from_top(found)} {among}."
    if (found.highest, found.lowest) == (1, found.of):
        return f"Allowing for chance, no rank {among} can be told."
    return (
        f"Allowing for chance, {report.place} ranks between {ordinal(found.highest)} and "
        f"{ordinal(found.lowest)} from the highest {among}."
    )


def place_from_top(found: Standing) -> str:
    """Write a rank that is certain: ``the highest``, ``3rd from the highest``."""
    if found.highest == 1:
        return "the highest"
    if found.highest == found.of:
        return "the lowest"
    return f"{ordinal(found.highest)} from the highest"


def ordinal(rank: int) -> str:
    """Write a rank.

    Examples
    --------
    >>> [ordinal(rank) for rank in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '102nd', '111th']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{'th' if rank % 100 in (11, 12, 13) else ending}"


def _before(report: Report, told: Told) -> str:
    """Tell where the newest stretch of the series without a break began."""
    if told.measure.basis == "growth":
        return ""
    own = told.figures[told.figures["area"] == report.area]
    course = span(since_last_break(own, told.series.breaks))
    if not course.first_period or course.first_period == course.last_period:
        return ""
    return f"In {when(told, course.first_period)} the figure was {_alone(told, course.first)}."


def _statements(report: Report, told: Told) -> str:
    """Say of growth how many of the plans that it begins with were statements."""
    if told.measure.basis != "growth":
        return ""
    first = first_january(report)
    every, statements = (
        at(of(report.figures(PLANS), breakdown), first) for breakdown in ("all", STATEMENTS)
    )
    if not statements > 0:
        return ""
    share = number(100 * statements / every, "per cent", 0)
    those = "All" if share == "100%" else f"{share} of the"
    return (
        f"{those} plans counted in {periods.label(first, 'january')} were statements of SEN, which "
        "EHC plans have since replaced."
    )


def _ends_early(report: Report, told: Told, newest: Newest) -> str:
    """Say so where other places of the kind have newer figures."""
    if not is_stale(report, told, newest):
        return ""
    latest = when(told, _latest(report, told))
    return f"For {latest} this figure is not published for {report.place}."


def _later(report: Report, told: Told, newest: Newest) -> str:
    """Tell a broader measure where it goes on after the figure."""
    later = told.measure.later
    if not later:
        return ""
    kind = report.record(later.measure)["kind"]
    course = span(of(report.figures(later.measure)))
    year = periods.year_of(newest.period, told.series.kind)
    if not course.last_period or periods.year_of(course.last_period, kind) <= year:
        return ""
    value, period = later.words(course.last), periods.label(course.last_period, kind)
    return f"{later.says.format(value=value, period=period)}."


def why_none(report: Report, told: Told) -> str:
    """Say why a measure has no figure for the place."""
    lacking = [
        measure
        for measure in told.measure.measures
        if report.figures(measure).dropna(subset="value").empty
    ]
    if lacking:
        return " ".join(report.no_figure(measure) for measure in lacking)
    starts = [
        (course.first_period, report.record(measure)["kind"])
        for measure in told.measure.measures
        for course in [span(of(report.figures(measure)))]
    ]
    since = ", ".join(dict.fromkeys(periods.label(*start) for start in starts))
    return (
        f"{told.series.title}: the figures of {report.place} begin in {since}, too late to work "
        "it out."
    )
