"""What reform needs: the plan of 2023, each recommendation's indicators, the events since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from sendreform.claims.entries import check_entries, named
from sendreform.claims.levels import levels, quantity
from sendreform.errors import ReportError
from sendreform.evidence.disputes import per_thousand_plans
from sendreform.evidence.outcomes import (
    ABOUT_THE_SAME,
    HALF_A_POINT,
    SCALE,
    SCALES,
    SHORTEST_STRETCH,
)
from sendreform.evidence.series import Span, since_last_break, span
from sendreform.periods import first_year, january
from sendreform.report import Report
from sendreform.store import Store

DIRECTIONS = ("rises", "falls", "neither")
#: How far the plan of 2023 meets a root cause, by our reading.
READINGS = ("in part", "no", "cannot tell")
#: What is said of a sign that has not got two figures since its last break.
UNTOLD = "cannot be told"
BETTER, WORSE = "better", "worse"
#: A child's school is not worse for being of one kind: such a sign is held against the report.
TOWARDS, AWAY = "towards what the report asks", "away from what the report asks"
#: When a sign has moved: the rule of the scorecard of outcomes, in words.
PROGRESS_RULE = (
    "A sign has moved when it changed by more than half a point a year on average, on a scale of a "
    "hundred, as on the scorecard of outcomes; a number that runs on no such scale, when it "
    "changed by more than the same part of where it started. A direction needs three figures."
)
#: Said where one child can turn a figure.
TOO_FEW = "too few children to tell"


@dataclass(frozen=True)
class Indicator:
    """Where one sign of progress stands, and which way it has gone since its last break.

    ``unit``, ``kind`` and ``decimals`` are those of its figures; ``progress`` is a word.
    ``of_england`` says that it is about the councils of England, whatever the place.
    """

    title: str
    measure: str
    span: Span
    unit: str
    kind: str
    decimals: int
    progress: str
    of_england: bool = False


def indicator(report: Report, record: Mapping[str, Any]) -> Indicator:
    """Work out an indicator for the report's place, since its last break in the report's years.

    Parameters
    ----------
    record
        ``title``, ``measure``; what would be better, or what the report asks, as ``better`` or
        ``asked`` (``rises``, ``falls`` or ``neither``); and as needed ``breakdown`` (several joined
        by `` + ``), ``per_measure`` (the whole of which the figure is a share), ``per_thousand``
        (what is counted in January, so many of which the figure is set against) or
        ``spread: true`` (how far apart the middle half of councils lies).

    Raises
    ------
    ReportError
        On an unknown measure, breakdown or direction.
    """
    check_indicator(report.store, record)
    measure = record["measure"]
    described = report.record(measure)
    of_england = bool(record.get("spread"))
    figures = _spread(report, measure) if of_england else _levels(report, record)
    stretch = since_last_break(figures, [*described["breaks"], *_breaks_of_whole(report, record)])
    unit, decimals = _unit(described, record)
    return Indicator(
        title=record["title"],
        measure=measure,
        span=span(stretch),
        unit=unit,
        kind=described["kind"],
        decimals=decimals,
        progress=TOO_FEW
        if report.is_small and not of_england
        else _progress(stretch, unit, record),
        of_england=of_england,
    )


def _unit(described: Mapping[str, Any], record: Mapping[str, Any]) -> tuple[str, int]:
    """Return what an indicator is counted in, and its decimals."""
    if "per_measure" in record:
        return "per cent", 1
    if "per_thousand" in record:
        return f"{described['unit']} for every thousand plans", 1
    if record.get("spread"):
        return "percentage points", 1
    return described["unit"], min(described["decimals"], 1)


def _breaks_of_whole(report: Report, record: Mapping[str, Any]) -> list[str]:
    """Return the years in which what an indicator is set against breaks."""
    whole = record.get("per_thousand")
    return [january[:4] for january in report.record(whole)["breaks"]] if whole else []


def check_indicator(store: Store, record: Mapping[str, Any]) -> None:
    """Refuse an indicator that lacks something, or names what ``data/`` does not have.

    Raises
    ------
    ReportError
        On an unknown entry, measure, breakdown or direction.
    """
    where = f"reform.yml, indicator {named(record, 'title')}"
    check_entries(
        record,
        where,
        needed=("title", "measure"),
        known=("better", "asked", "breakdown", "per_measure", "per_thousand", "spread"),
    )
    directions = [record[name] for name in ("better", "asked") if name in record]
    for direction in directions:
        if direction not in DIRECTIONS:
            raise ReportError(
                f"{direction!r} is no direction",
                where=where,
                fix=f"Write {', '.join(DIRECTIONS)}.",
            )
    if len(directions) != 1:
        raise ReportError(
            "it must say what is better or what the report asks",
            where=where,
            fix=f"Write better: … or asked: …, with {', '.join(DIRECTIONS)}.",
        )
    wanted = [(record["measure"], record.get("breakdown", "all"))]
    wanted += [
        (record[whole], "all") for whole in ("per_measure", "per_thousand") if whole in record
    ]
    for measure, breakdown in wanted:
        try:
            quantity(store, measure, breakdown)
        except ReportError as error:
            raise ReportError(error.what, where=f"{where}, {error.where}", fix=error.fix) from error


def _levels(report: Report, record: Mapping[str, Any]) -> pd.DataFrame:
    """Return the figures of an indicator for the report's place and years."""
    store, measure = report.store, record["measure"]
    periods = sorted(report.within_years(measure, area=report.area)["period"].unique())
    of = quantity(store, measure, record.get("breakdown", "all"))
    found = levels(store, of, [report.area], periods)
    if "per_thousand" in record:
        held = quantity(store, record["per_thousand"], "all")
        in_january = [january(first_year(period)) for period in periods]
        return per_thousand_plans(found, levels(store, held, [report.area], in_january))
    if "per_measure" not in record:
        return found
    whole = levels(store, quantity(store, record["per_measure"], "all"), [report.area], periods)
    return found.assign(value=100 * found["value"] / whole["value"].where(whole["value"] > 0))


def _spread(report: Report, measure: str) -> pd.DataFrame:
    """Return how far the upper quartile of councils lies above the lower, period by period."""
    councils = report.everywhere(measure).query("area in @report.councils")
    by_period = councils.groupby("period")["value"]
    return (by_period.quantile(0.75) - by_period.quantile(0.25)).rename("value").reset_index()


def _progress(stretch: pd.DataFrame, unit: str, record: Mapping[str, Any]) -> str:
    """Say which way a sign went, by the rule of the scorecard; see :data:`PROGRESS_RULE`."""
    there, moved = stretch.dropna(subset="value"), span(stretch)
    if len(there) < SHORTEST_STRETCH:
        return UNTOLD
    asked = record.get("better", record.get("asked"))
    if asked == "neither":
        return "neither better nor worse by itself"
    on_scale = not record.get("spread") and (
        unit.startswith("per cent") or record["measure"] in SCALES
    )
    scale = SCALES.get(record["measure"], SCALE) if on_scale else moved.first
    years = first_year(moved.last_period) - first_year(moved.first_period)
    if round(abs(moved.difference), 6) <= round(HALF_A_POINT / SCALE * scale * years, 6):
        return ABOUT_THE_SAME
    as_asked = (moved.difference > 0) == (asked == "rises")
    good, bad = (BETTER, WORSE) if "better" in record else (TOWARDS, AWAY)
    return good if as_asked else bad


def in_order(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the events, oldest first.

    Raises
    ------
    ReportError
        If an event has no date written like 2026-02-23, or no source.
    """
    for event in events:
        check_event(event)
    return sorted(events, key=lambda event: event["date"])


def check_event(event: Mapping[str, Any]) -> None:
    """Refuse an event without a date, a source or its address.

    Raises
    ------
    ReportError
        On the first entry that is missing or unknown.
    """
    where = f"reform.yml, event {named(event, 'date')}"
    check_entries(event, where, needed=("date", "what", "source", "url"), known=("claims",))
    try:
        date.fromisoformat(event["date"])
    except (TypeError, ValueError) as error:
        raise ReportError(
            f"{event['date']!r} is no date", where=where, fix='Write it like date: "2026-02-23".'
        ) from error
