"""The charts of a place's page: its own line, and those of places beside it."""

from collections.abc import Iterable

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.local.comparison import Comparison
from sendreform.book.local.measures import PLANS, Told
from sendreform.book.local.standing_words import FEWEST_FOR_A_MIDDLE, figure_words
from sendreform.book.words import described, drawn, listed, titled
from sendreform.charts import Figure, line_over_time
from sendreform.evidence.series import of, since_last_break, span
from sendreform.observations import ENGLAND
from sendreform.periods import label
from sendreform.report import Report


def chart(report: Report, told: Told, comparison: Comparison) -> Figure:
    """Draw a measure over time for the place, England, its region and the places compared with.

    The place must have figures.
    """
    lines = _lines(report, told, comparison)
    own = lines[lines["series"] == report.name]
    unit = told.series.unit[:1].lower() + told.series.unit[1:]
    newest = lines[lines["period"] == own["period"].max()]
    beside = [
        f"{row.series} {figure_words(told, row.value)}"
        for row in newest.itertuples()
        if row.series != report.name
    ]
    source = report.source(*(_observed(report, measure) for measure in told.measure.measures))
    return line_over_time(
        lines,
        id=f"{slug(report.name)}-{told.name}",
        title=f"{told.measure.short} in {report.place}{_course(told, own)}",
        subtitle=f"{told.series.title}. {told.series.unit}",
        alt=f"Line chart. {report.name}: {_ends(told, own)}. In "
        f"{label(str(own['period'].max()), told.series.kind)}: {listed(beside)}.",
        kind=told.series.kind,
        unit=unit,
        decimals=told.series.decimals,
        breaks=_breaks(report, told),
        note=_faults(report, told.measure.measures),
        source=source["source"],
        source_url=source["source_url"],
    )


def plans(report: Report) -> Figure | Markdown:
    """Draw the number of EHC plans that the place maintains."""
    figures, record = of(report.figures(PLANS)), report.record(PLANS)
    course = span(figures)
    return drawn(
        line_over_time,
        figures.assign(series=report.name),
        otherwise=report.no_figure(PLANS),
        id=f"{slug(report.name)}-plans",
        title=titled(f"EHC plans in {report.place}", course, **record),
        note=_faults(report, (PLANS,)),
        subtitle=f"Plans maintained, {report.name}, January census",
        alt=described("Line chart", f"EHC plans in {report.name}", course, **record),
        **record,
        **report.source(figures),
    )


def slug(name: str) -> str:
    """Return a name as a part of an address.

    Examples
    --------
    >>> slug("Bournemouth, Christchurch and Poole"), slug("St. Helens")
    ('bournemouth-christchurch-and-poole', 'st-helens')
    """
    kept = "".join(letter if letter.isalnum() else " " for letter in name.lower().replace("'", ""))
    return "-".join(kept.split())


def _lines(report: Report, told: Told, comparison: Comparison) -> pd.DataFrame:
    """Return the series of the chart: ``period``, ``series``, ``value``."""
    figures = told.figures
    region = report.areas.region_of(report.area)
    near = figures[figures["area"].isin(comparison.areas)].groupby("period")["value"]
    middle = near.median()[near.size() >= FEWEST_FOR_A_MIDDLE]
    single = {report.area: report.name, region: report.areas.name(region), ENGLAND: "England"}
    series = [figures[figures["area"] == area].assign(series=name) for area, name in single.items()]
    series.insert(1, middle.reset_index().assign(series=comparison.label))
    lines = pd.concat(series, ignore_index=True)[["period", "series", "value"]]
    # What others did before the place had figures, or after, is not its story.
    within = lines["period"].between(series[0]["period"].min(), series[0]["period"].max())
    return lines[within].sort_values("period", kind="stable")


def _course(told: Told, own: pd.DataFrame) -> str:
    """Say after a title how the newest stretch without a break went; nothing for one figure."""
    course = span(since_last_break(own, told.series.breaks))
    if not course.first_period or course.first_period == course.last_period:
        return ""
    first, last = (figure_words(told, end) for end in (course.first, course.last))
    years = [label(end, told.series.kind) for end in (course.first_period, course.last_period)]
    if first == last:
        return f": {first} in both {years[0]} and {years[1]}"
    return f": {first} in {years[0]}, {last} in {years[1]}"


def _ends(told: Told, own: pd.DataFrame) -> str:
    course = span(own)
    ends = {
        label(end, told.series.kind): figure_words(told, value)
        for end, value in (
            (course.first_period, course.first),
            (course.last_period, course.last),
        )
    }
    return ", ".join(f"{value} in {period}" for period, value in ends.items())


def _breaks(report: Report, told: Told) -> dict[str, str]:
    """Return what changed at each break of a series, by its first period after it."""
    notes = {
        period: note
        for measure in told.measure.measures
        for january, note in report.record(measure)["breaks"].items()
        for period in (january, january[:4])
    }
    return {period: notes[period] for period in told.series.breaks}


def _faults(report: Report, measures: Iterable[str]) -> str:
    """Say which published figures of the place look wrong."""
    return " ".join(filter(None, (faults.note(report, measure) for measure in measures)))


def _observed(report: Report, measure: str) -> pd.DataFrame:
    """Return the observations of a measure for the place, or of the councils that make it up."""
    figures = report.within_years(measure)
    own = figures[figures["area"] == report.area]
    return own if len(own) else figures[figures["area"].isin(report.members)]
