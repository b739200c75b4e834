"""The head of a place's page: its title, the answer in short, and all figures in one table."""

from html import escape

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.essential.shared import too_few
from sendreform.book.local.measures import PLANS, Told, first_january
from sendreform.book.local.place import Place
from sendreform.book.local.sections import standing_out
from sendreform.book.local.standing_words import Newest, fault_note, figure_words, when
from sendreform.book.local.tests_here import tally
from sendreform.book.word_tables import Cell, table_in_frame
from sendreform.book.words import listed, number
from sendreform.evidence.series import of, span
from sendreform.evidence.standing import Standing
from sendreform.periods import label
from sendreform.report import Report

NO_FIGURE = "–"


def heading(place: Place) -> Markdown:
    """Return the title of the page, and what a reader must know of the place's past and size."""
    return Markdown(f"# SEND in {place.report.place}\n\n{place.report.about}")


def answer(place: Place) -> HTML:
    """Return the page in short: the plans, what stands beside them, and the tests of the report."""
    report = place.report
    course = span(of(report.figures(PLANS)))
    plans = number(course.last) or "No"
    noun = "plan" if plans == "1" else "plans"
    period = label(course.last_period, "january") if course.last_period else ""
    headline = f"{plans} EHC {noun}, {period}" if period else "No figure of EHC plans is published"
    sentences = (
        [too_few(report)]
        if report.is_small
        else [
            faults.note(report, PLANS, course.last_period),
            *(_in_short(place, name) for name in _SHORT),
            _standing_out_in_short(place),
            tally(place),
        ]
    )
    return HTML(
        f'<div class="sr-answer"><p class="sr-headline">{escape(headline)}</p>'
        f"<p>{escape(' '.join(filter(None, sentences)))}</p></div>"
    )


def at_a_glance(place: Place) -> HTML:
    """Return every measure in a table: the place, England, its region and the places beside it."""
    if not place.told:
        return HTML("")
    report = place.report
    region = report.areas.region_of(report.area)
    has_region = region != report.area
    kinds = "councils" if report.level == "council" else "regions"
    rows: list[tuple[Cell, ...]] = [
        (
            _named(report, one, newest),
            figure_words(one, newest.value),
            figure_words(one, newest.england),
            *([figure_words(one, newest.region)] if has_region else []),
            figure_words(one, newest.middle),
            _rank_in_short(newest.standing),
        )
        for name, one in place.told.items()
        for newest in [place.newest[name]]
        if newest
    ]
    observed = [
        figures[figures["area"] == report.area]
        for measure in dict.fromkeys(
            measure for one in place.told.values() for measure in one.measure.measures
        )
        for figures in [report.within_years(measure)]
    ]
    return table_in_frame(
        id="at-a-glance",
        title=f"{report.name} at a glance",
        subtitle="The newest figure of each measure, and those of the same period beside it",
        heads=(
            "Measure",
            report.name,
            "England",
            *([report.areas.name(region)] if has_region else []),
            f"{place.comparison.label}, median",
            f"Rank among {kinds}",
        ),
        rows=rows,
        source=report.source(*observed),
        words=(5 if has_region else 4,),
        note="Ranks are counted from the highest figure, which is not to say the best. A range "
        "holds all ranks that chance does not rule out; a dash means that no rank is given. "
        "A deficit below nought is a surplus."
        + "".join(
            f" {note}"
            for note in dict.fromkeys(
                fault_note(report, one, newest.period)
                for name, one in place.told.items()
                for newest in [place.newest[name]]
                if newest
            )
            if note
        ),
    )


def _named(report: Report, one: Told, newest: Newest) -> HTML:
    """Name a measure and below it its period, so that a phone has room for the figures."""
    period = escape(when(one, newest.period))
    if one.measure.basis == "growth":
        period = f"{escape(label(first_january(report), 'january'))} to {period}"
    if report.price_words in one.series.unit:
        period = f"{period}, {escape(report.price_words)}"
    return HTML(f'{escape(one.measure.short)}<br><span class="sr-when">{period}</span>')


def _rank_in_short(found: Standing | None) -> str:
    if not found:
        return NO_FIGURE
    if found.highest == found.lowest:
        return f"{found.highest} of {found.of}"
    return f"{found.highest} to {found.lowest} of {found.of}"


def _in_short(place: Place, name: str) -> str:
    """Tell one measure in a short sentence; nothing where there is no figure."""
    one, newest = place.told[name], place.newest[name]
    if not newest:
        return ""
    value, england = (figure_words(one, figure) for figure in (newest.value, newest.england))
    beside = "" if pd.isna(newest.england) else f" (England: {england})"
    told = f"{_SHORT[name].format(value=value, period=when(one, newest.period))}{beside}."
    # What looks wrong in the count of plans is said before.
    note = "" if PLANS in one.measure.measures else fault_note(place.report, one, newest.period)
    return f"{told} {note}".rstrip()


def _standing_out_in_short(place: Place) -> str:
    """Name the measures that stand out."""
    names = [place.told[name].measure.short for name in standing_out(place)]
    if not names:
        return ""
    shorts = [f"{name[:1].lower()}{name[1:]}" for name in names]
    verb = "stands" if len(names) == 1 else "stand"
    return f"What {verb} out by the rule below: {listed(shorts)}."


_SHORT = {
    "pupils-with-plan": "{value} of pupils at schools here had an EHC plan in {period}",
    "on-time": "{value} of new plans came within 20 weeks in {period}",
    "appeals": "{value} appeals were registered for every thousand plans in {period}",
}
