"""The sections of a place's page: each theme in sentences, what stands out, and what is missing."""

from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.essential.shared import said
from sendreform.book.local import charts
from sendreform.book.local.measures import THEMES, Theme, Told
from sendreform.book.local.place import Place
from sendreform.book.local.standing_words import (
    Newest,
    figure_words,
    place_from_top,
    told_in_words,
    when,
    why_none,
)
from sendreform.book.words import counted
from sendreform.charts import Figure


def section(place: Place, theme: Theme) -> Markdown | HTML:
    """Tell the measures of a theme in sentences, a paragraph each, under their heading."""
    paragraphs = [
        told_in_words(place.report, one, place.newest[name], place.comparison)
        for name, one in place.told.items()
        if one.measure.theme == theme
    ]
    if not paragraphs:
        return said("")
    return Markdown("\n\n".join([f"## {THEMES[theme]}", *paragraphs]))


def chart(place: Place, name: str) -> Figure | Markdown | HTML:
    """Draw a measure over time, where the section has not said that there are no figures."""
    one = place.told.get(name)
    if one is None or place.newest[name] is None:
        return said("")
    return charts.chart(place.report, one, place.comparison)


def stands_out(place: Place) -> Markdown | HTML:
    """List the figures that differ from those of other places, by rule."""
    if not place.told:
        return said("")
    report = place.report
    found = [
        f"- {words}"
        for name, one in place.told.items()
        for newest in [place.newest[name]]
        if newest
        and not _faulty(place, one, newest)
        and (words := _standing_out(place, one, newest))
    ]
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
    """Say which measures have no figure for the place, and which figures look wrong."""
    if not place.told:
        return said("")
    lines = [
        f"- {why_none(place.report, one)}"
        for name, one in place.told.items()
        if place.newest[name] is None
    ]
    measures = dict.fromkeys(
        measure for one in place.told.values() for measure in one.measure.measures
    )
    lines += [
        f"- {words}"
        for words in (faults.note(place.report, measure) for measure in measures)
        if words
    ]
    none = f"Every measure of this page has a figure for {place.report.place}."
    return Markdown("\n\n".join(["## What is missing", "\n".join(lines) or none]))


def _faulty(place: Place, one: Told, newest: Newest) -> bool:
    """Say whether the newest figure rests on a published one that looks wrong."""
    return any(
        faults.note(place.report, measure, period)
        for measure in one.measure.measures
        for period in (newest.period, f"{newest.period[:4]}-01")
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
