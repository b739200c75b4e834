"""What results of one place share: its rows, base years, breaks, intervals and known checks."""

import math
from collections.abc import Mapping

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.evidence.disputes import from_each_base
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report

#: The years near the reforms of 2014 from which a change may be counted as well.
BASE_YEARS = ("2014", "2015", "2016", "2017", "2018")

_NAN = float("nan")


def with_england(report: Report, measure: str) -> pd.DataFrame:
    """Return a measure of the place and of England, from whose years every change is told."""
    places = dict.fromkeys((ENGLAND, report.area))
    return of(pd.concat([report.store.observations(measure, place) for place in places]))


def own(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of the report's place."""
    return figures[figures["area"] == report.area]


def first_and_last(report: Report, figures: pd.DataFrame) -> tuple[str, str]:
    """Return the years between which a change in a place is told; empty where there is none.

    The first is the first year of the report for which England has a figure, so that every place
    is told from the same year; the last is the newest that the place has.

    Parameters
    ----------
    figures
        ``area``, ``period`` (calendar years), ``value``.
    """
    there = figures.dropna(subset="value")
    there = there[there["period"].between(str(report.baseline_year), str(report.latest_year))]
    england = there.loc[there["area"] == ENGLAND, "period"]
    return min(england, default=""), max(own(report, there)["period"], default="")


def no_change(report: Report, what: str, start: str, *measures: str) -> Result:
    """Say that a place lacks the figures between which a change would be told."""
    when = f"for {start} and a later year" if start else "for these years"
    return no_result(
        f"For {report.place}, {what} cannot be worked out {when}, so no change can be told.",
        *measures,
    )


def breaks_between(report: Report, start: str, end: str, *measures: str) -> list[str]:
    """Return the years, later than the first, in which a break of a measure falls."""
    periods = {period for measure in measures for period in report.record(measure)["breaks"]}
    return sorted({period[:4] for period in periods if start < period[:4] <= end})


def years_told(report: Report, start: str, end: str, *measures: str) -> str:
    """Write the years of a change, with the breaks that it runs across."""
    breaks = breaks_between(report, start, end, *measures)
    across = f", across a break in the series in {' and '.join(breaks)}" if breaks else ""
    return f"{start} to {end}{across}"


def other_ways(
    report: Report, figures: pd.DataFrame, start: str, end: str, column: str, *measures: str
) -> dict[str, float]:
    """Tell a change from other base years, and only as far as the last year before a break.

    Parameters
    ----------
    figures
        ``period`` and ``value`` of the place.
    column
        ``difference`` or ``per_cent``.
    """

    def moves(until: str) -> dict[str, float]:
        bases = from_each_base(figures, until)
        return dict(zip(bases["base"], bases[column].astype("float64"), strict=True))

    to_end = moves(end)
    before = [str(int(year) - 1) for year in breaks_between(report, start, end, *measures)]
    return known(
        {
            **{f"from {base}": to_end.get(base, _NAN) for base in BASE_YEARS if base != start},
            **{f"to {year}, before the break": moves(year).get(start, _NAN) for year in before},
        }
    )


def known(checks: Mapping[str, float]) -> dict[str, float]:
    """Leave out the checks that have no figure."""
    return {words: tidy(figure) for words, figure in checks.items() if not math.isnan(figure)}


def tidy(figure: float) -> float:
    """Take away the noise of floating point: 2.3 less 1.8 is half a point, and no less."""
    return round(figure, 9)


def interval(report: Report, row: pd.DataFrame) -> tuple[float, float]:
    """Return the interval of a council; full counts of a region or all England need none.

    Parameters
    ----------
    row
        ``low`` and ``high``, at most one row.
    """
    if report.level != "council" or row.empty:
        return _NAN, _NAN
    return float(row["low"].iloc[0]), float(row["high"].iloc[0])
