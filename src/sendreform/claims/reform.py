"""What reform needs: the plan of 2023, each recommendation's indicators, the events since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import yaml

from sendreform.claims.levels import levels, quantity
from sendreform.errors import ReportError
from sendreform.evidence.series import Span, since_last_break, span
from sendreform.report import Report
from sendreform.store import Store

BETTER = ("rises", "falls", "neither")
#: A change smaller than this share of where it started is told as none.
LEAST_CHANGE = 0.02
#: Said where one child can turn a figure.
TOO_FEW = "too few children to tell"


@dataclass(frozen=True)
class Indicator:
    """Where one sign of progress stands, and which way it has gone since its last break.

    ``unit``, ``kind`` and ``decimals`` are those of its figures; ``progress`` is a word.
    """

    title: str
    measure: str
    span: Span
    unit: str
    kind: str
    decimals: int
    progress: str


def read_argument(store: Store, name: str) -> dict[str, Any]:
    """Return one of the hand-kept files of ``data/argument/``.

    Raises
    ------
    ReportError
        If it is missing or no YAML.
    """
    path = store.layout.root / "argument" / f"{name}.yml"
    try:
        content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ReportError(
            f"the file cannot be read ({' '.join(str(error).split())})",
            where=f"argument/{path.name}",
            fix="Mend the file or restore it.",
        ) from error
    return content


def indicator(report: Report, record: Mapping[str, Any]) -> Indicator:
    """Work out an indicator for the report's place, since its last break in the report's years.

    Parameters
    ----------
    record
        ``title``, ``measure``, ``better`` (``rises``, ``falls`` or ``neither``); and as needed
        ``breakdown`` (several joined by `` + ``), ``per_measure`` (the whole of which the figure
        is a share) or ``spread: true`` (how far apart the middle half of councils lies).

    Raises
    ------
    ReportError
        On an unknown measure, breakdown or direction.
    """
    if record["better"] not in BETTER:
        raise ReportError(
            f"{record['better']!r} is no direction",
            where=f"reform.yml, indicator {record['title']}",
            fix=f"Write {', '.join(BETTER)}.",
        )
    measure = record["measure"]
    described = report.record(measure)
    figures = _spread(report, measure) if record.get("spread") else _levels(report, record)
    stretch = since_last_break(figures, described["breaks"])
    is_share = "per_measure" in record
    moved = span(stretch)
    return Indicator(
        title=record["title"],
        measure=measure,
        span=moved,
        unit="per cent"
        if is_share
        else "percentage points"
        if record.get("spread")
        else described["unit"],
        kind=described["kind"],
        decimals=1 if is_share or record.get("spread") else min(described["decimals"], 1),
        progress=TOO_FEW if report.is_small else _progress(moved, record["better"]),
    )


def _levels(report: Report, record: Mapping[str, Any]) -> pd.DataFrame:
    """Return the figures of an indicator for the report's place and years."""
    store, measure = report.store, record["measure"]
    periods = sorted(report.within_years(measure, area=report.area)["period"].unique())
    of = quantity(store, measure, record.get("breakdown", "all"))
    found = levels(store, of, [report.area], periods)
    if "per_measure" not in record:
        return found
    whole = levels(store, quantity(store, record["per_measure"], "all"), [report.area], periods)
    return found.assign(value=100 * found["value"] / whole["value"].where(whole["value"] > 0))


def _spread(report: Report, measure: str) -> pd.DataFrame:
    """Return how far the upper quartile of councils lies above the lower, period by period."""
    councils = report.everywhere(measure).query("area in @report.councils")
    by_period = councils.groupby("period")["value"]
    return (by_period.quantile(0.75) - by_period.quantile(0.25)).rename("value").reset_index()


def _progress(moved: Span, better: str) -> str:
    if pd.isna(moved.difference) or moved.first_period == moved.last_period:
        return "cannot be told"
    if better == "neither":
        return "neither better nor worse by itself"
    if abs(moved.difference) < LEAST_CHANGE * abs(moved.first):
        return "about the same"
    return "better" if (moved.difference > 0) == (better == "rises") else "worse"


def check_events(events: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the events, oldest first.

    Raises
    ------
    ReportError
        If an event has no date written like 2026-02-23, or no source.
    """
    for event in events:
        try:
            date.fromisoformat(event["date"])
        except (KeyError, TypeError, ValueError) as error:
            raise ReportError(
                f"event {event.get('what', '?')!r} has no date",
                where="reform.yml",
                fix='Write it like date: "2026-02-23".',
            ) from error
        if not (event.get("source") and event.get("url")):
            raise ReportError(
                f"the event of {event['date']} has no source", where="reform.yml", fix="Add one."
            )
    return sorted(events, key=lambda event: event["date"])
