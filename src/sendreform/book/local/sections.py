"""The sections of a place's page: each theme in sentences, what stands out, and what is missing."""

from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.delay.answer import expected, record
from sendreform.book.delay.place import plans_of
from sendreform.book.essential.shared import said
from sendreform.book.local import charts
from sendreform.book.local.measures import PLANS, THEMES, Theme, Told
from sendreform.book.local.place import Place
from sendreform.book.local.standing_words import (
    Newest,
    fault_note,
    figure_words,
    is_stale,
    place_from_top,
    told_in_words,
    when,
    why_none,
)
from sendreform.book.words import counted
from sendreform.charts import Figure
from sendreform.evidence.series import of, span
from sendreform.periods import label
from sendreform.report import Report

#: One figure is no line.
FEWEST_FOR_A_LINE = 2


def section(place: Place, theme: Theme) -> Markdown | HTML:
    """Tell the measures of a theme in sentences, a paragraph each, under their heading."""
    measures = {name: one for name, one in place.told.items() if one.measure.theme == theme}
    paragraphs = [
        told_in_words(place.report, one, place.newest[name], place.comparison)
        for name, one in measures.items()
    ]
    if not paragraphs:
        return said("")
    unranked = dict.fromkeys(
        one.measure.unranked for name, one in measures.items() if place.newest[name]
    )
    return Markdown("\n\n".join([f"## {THEMES[theme]}", *paragraphs, *filter(None, unranked)]))


def chart(place: Place, name: str) -> Figure | Markdown | HTML:
    """Draw a measure over time; nothing where the place has not two figures of it."""
    one = place.told.get(name)
    if one is None or (one.figures["area"] == place.report.area).sum() < FEWEST_FOR_A_LINE:
        return said("")
    return charts.chart(place.report, one, place.comparison)


def stands_out(place: Place) -> Markdown | HTML:
    """List the figures that differ from those of other places, by rule."""
    if not place.told:
        return said("")
    report = place.report
    found = [f"- {words}" for words in standing_out(place).values()]
    kinds = "councils" if report.level == "council" else "regions"
    rule = (
        f"A figure is listed where, allowing for chance, all its possible ranks lie in the highest "
        f"or the lowest tenth of {kinds}, or where it is clearly above or below that of each of "
        f"{place.comparison.words}. The list says what differs. It does not say why, nor what is "
        "good or bad."
    )
    none = f"By this rule no figure of {report.place} stands out."
    return Markdown("\n\n".join(["## What stands out", "\n".join(found) or none, rule]))


def gaps(place: Place) -> Markdown | HTML:
    """Say which measures have no figure or no new one for the place, and which look wrong."""
    if not place.told:
        return said("")
    report = place.report
    lines = [f"- {words}" for words in (_plans_end(report),) if words]
    for name, one in place.told.items():
        newest = place.newest[name]
        if newest is None:
            lines.append(f"- {why_none(report, one)}")
        elif is_stale(report, one, newest):
            period = when(one, newest.period)
            lines.append(
                f"- {one.series.title}: the newest figure of {report.place} is of {period}."
            )
    measures = dict.fromkeys(
        measure for one in place.told.values() for measure in one.measure.measures
    )
    lines += [
        f"- {words}" for words in (faults.note(report, measure) for measure in measures) if words
    ]
    none = f"Every measure of this page has its newest figure for {report.place}."
    return Markdown("\n\n".join(["## What is missing", "\n".join(lines) or none]))


def how_to_read(place: Place) -> Markdown:
    """Say how the figures of the page are to be read, and where it is told how they were made."""
    compared = (
        "So few children and young people stand behind the figures of this place that chance alone "
        "moves them far. This page compares them with no others, ranks nothing, and shows no count "
        "from which one child could be known."
        if place.report.is_small
        else "A place's figures move by chance, the more so the fewer children and young people "
        "stand behind them. So this page calls a figure *clearly* above or below another only "
        "where chance alone would rarely part them so far (fewer than one time in twenty), and "
        "gives a range of ranks. The comparisons of one measure are corrected together."
    )
    more = (
        "[How figures are worked out](../book/methods.md) says more, and each chart links to its "
        "data and its source. Figures describe; they do not say what caused a difference."
    )
    return Markdown(f"## How to read this page\n\n{compared} {more}")


def to_come(place: Place) -> Markdown | HTML:
    """Say how many plans are projected for the place, and how good that would have been."""
    report = place.report
    projected = None if report.is_small else plans_of(report)
    if projected is None:
        return said("")
    return Markdown(
        f"## If nothing changes\n\n{expected(report, *projected)} {record(report)} A projection "
        "shows where the present course leads, and not what should be.\n\n"
        f"[The cost of delay](../notebooks/cost_of_delay.ipynb?area={report.area}#explorer) says "
        f"how that is worked out, and projects the spending of {report.place} as well, with a "
        "reform of your own."
    )


def standing_out(place: Place) -> dict[str, str]:
    """Return what stands out: name of the measure → in what. What is old or faulty does not."""
    report = place.report
    return {
        name: words
        for name, one in place.told.items()
        for newest in [place.newest[name]]
        if newest
        and not is_stale(report, one, newest)
        and not fault_note(report, one, newest.period)
        and (words := _standing_out(place, one, newest))
    }


def _plans_end(report: Report) -> str:
    """Say so where England has a newer count of plans than the place."""
    here, england = (
        span(of(one.figures(PLANS))).last_period for one in (report, report.for_england)
    )
    if here == england:
        return ""
    return (
        f"EHC plans: our figures of councils and regions end in {label(here, 'january')}. "
        f"{label(england, 'january')} is at hand for England alone."
    )


def _standing_out(place: Place, one: Told, newest: Newest) -> str:
    """Say in what a figure stands out; nothing where it does not."""
    found = newest.standing
    if not found:
        return ""
    kinds = "councils" if place.report.level == "council" else "regions"
    reasons = []
    if found.is_among_highest or found.is_among_lowest:
        end = "highest" if found.is_among_highest else "lowest"
        reasons.append(
            f"{place_from_top(found)} of {counted(found.of)} {kinds}"
            if found.highest == found.lowest
            else f"in the {end} tenth of {counted(found.of)} {kinds}"
        )
    near = set(place.comparison.areas)
    if near and newest.compared == len(near):
        side = "below" if near <= set(found.above) else "above" if near <= set(found.below) else ""
        if side:
            reasons.append(f"clearly {side} each of {place.comparison.words}")
    if not reasons:
        return ""
    figure = figure_words(one, newest.value)
    return f"{one.series.title}: {figure} in {when(one, newest.period)}, {' and '.join(reasons)}."
