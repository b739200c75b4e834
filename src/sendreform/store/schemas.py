"""What a table of ``data/`` may hold, column by column, as pandera schemas over its text.

Schemas look at the text of the file, not at parsed numbers, so that a broken cell can be named
by file, row and column as the person who mends it will see it.
"""

from collections.abc import Callable, Collection
from typing import Any

import pandas as pd
import pandera.pandas as pa

from sendreform import periods
from sendreform.observations import STATUSES
from sendreform.store.layout import OBSERVATION_COLUMNS

NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
FAMILIES = ("caseload", "process", "disputes", "outcomes", "money", "context")
POLARITIES = ("higher", "lower", "neutral")


#: Measures with a sign: a balance can be in hand, and the publisher works out reviews without a
#: recorded outcome as a remainder, which in a few councils is below zero.
SIGNED = ("dsg_balance_share", "annual_reviews_held")
#: Units of which a figure can be below zero.
SIGNED_UNITS = ("pound", "point", "grade")


def observation_schema(
    record: dict[Any, Any], areas: set[str], sources: set[str], breakdowns: set[str]
) -> pa.DataFrameSchema:
    """Return the schema of one measure's file; ``record`` is the measure's in the catalogue."""
    period_kind, unit = record["period_kind"], record["unit"]
    signed = record["measure"] in SIGNED or any(word in unit for word in SIGNED_UNITS)
    highest = 100.0 if unit.startswith("per cent") else float("inf")
    lowest = float("-inf") if signed else 0.0
    return pa.DataFrameSchema(
        {
            "area": pa.Column(str, _known("a known area", areas)),
            "period": pa.Column(
                str,
                _each(
                    f"a period of kind {period_kind}",
                    lambda text: periods.is_period(text, period_kind),
                ),
            ),
            "breakdown": pa.Column(str, _each("a declared breakdown", _declared(breakdowns))),
            "value": pa.Column(
                str,
                [
                    pa.Check.str_matches(f"^(?:{NUMBER})?$", error="a plain number or empty"),
                    pa.Check(
                        lambda column: _within(column, lowest, highest),
                        error=f"from {lowest:g} to {highest:g}, as the unit allows",
                    ),
                ],
            ),
            "status": pa.Column(str, _known("a known status", {"", *STATUSES})),
            "source": pa.Column(str, _known("a catalogued source", sources)),
        },
        checks=[
            pa.Check(
                lambda table: (table["value"] != "") | (table["status"] != ""),
                error="a row without a value says why in status",
            ),
        ],
        unique=["area", "period", "breakdown"],
        strict=True,
        ordered=True,
        name="observations",
    )


def measure_schema() -> pa.DataFrameSchema:
    """Return the schema of the catalogue of measures."""
    words = pa.Check.str_matches(r"\S", error="not empty")
    return pa.DataFrameSchema(
        {
            "measure": pa.Column(str, pa.Check.str_matches(r"^[a-z][a-z0-9_]*$"), unique=True),
            "title": pa.Column(str, words),
            "definition": pa.Column(str, words),
            "unit": pa.Column(str, words),
            "decimals": pa.Column(str, pa.Check.str_matches(r"^\d$", error="a digit")),
            "polarity": pa.Column(str, _known("a polarity", set(POLARITIES))),
            "period_kind": pa.Column(str, _known("a kind of period", set(periods.KIND_TITLES))),
            "family": pa.Column(str, _known("a family", set(FAMILIES))),
            "adds_up": pa.Column(str),
            "publication": pa.Column(str, words),
        },
        strict=True,
        name="measures",
    )


def source_schema() -> pa.DataFrameSchema:
    """Return the schema of the catalogue of official files."""
    words = pa.Check.str_matches(r"\S", error="not empty")
    return pa.DataFrameSchema(
        {
            "source": pa.Column(str, words, unique=True),
            **{
                name: pa.Column(str, words)
                for name in ("title", "publisher", "publication", "release")
            },
            "path": pa.Column(str),
            "member": pa.Column(str),
            "url": pa.Column(
                str, pa.Check.str_matches(r"^(?:https?://\S+)?$", error="a web address")
            ),
            "licence": pa.Column(str, words),
            "published": pa.Column(str),
            "accessed": pa.Column(str, pa.Check.str_matches(r"^\d{4}-\d\d-\d\d$", error="a date")),
            "sha256": pa.Column(
                str, pa.Check.str_matches(r"^(?:[0-9a-f]{64})?$", error="a SHA-256")
            ),
            "altered": pa.Column(str),
        },
        checks=[
            pa.Check(
                lambda table: (table["path"] == "") == (table["sha256"] == ""),
                error="a file has a SHA-256, a quoted page has none",
            ),
        ],
        strict=True,
        name="sources",
    )


def residual_schema() -> pa.DataFrameSchema:
    """Return the schema of the known residuals: each says how large it may be, and why."""
    return pa.DataFrameSchema(
        {
            "measure": pa.Column(str),
            "check": pa.Column(str, pa.Check.str_matches(r"\S", error="not empty")),
            "area": pa.Column(str),
            "period": pa.Column(str),
            "breakdown": pa.Column(str),
            "largest": pa.Column(str, pa.Check.str_matches(r"^\d+(?:\.\d+)?$", error="a number")),
            "note": pa.Column(str, pa.Check.str_matches(r"\S", error="not empty")),
        },
        strict=True,
        name="known residuals",
    )


def acceptance_schema(
    measures: set[str], areas: set[str], breakdowns: set[str], surprises: Collection[str]
) -> pa.DataFrameSchema:
    """Return the schema of the accepted surprises: each names a measure, and says why and when."""
    return pa.DataFrameSchema(
        {
            "surprise": pa.Column(str, _known("a kind of surprise", set(surprises))),
            "measure": pa.Column(str, _known("a known measure or table", measures)),
            "area": pa.Column(str, _known("a known area", {"", "middle council", *areas})),
            "period": pa.Column(str),
            "breakdown": pa.Column(
                str,
                _each("a declared breakdown", lambda text: not text or _declared(breakdowns)(text)),
            ),
            "reason": pa.Column(str, pa.Check.str_matches(r"\S", error="not empty")),
            "date": pa.Column(str, pa.Check.str_matches(r"^\d{4}-\d\d-\d\d$", error="a date")),
        },
        strict=True,
        ordered=True,
        name="accepted",
    )


def area_schema() -> pa.DataFrameSchema:
    """Return the schema of the areas."""
    return pa.DataFrameSchema(
        {
            "area": pa.Column(
                str, pa.Check.str_matches(r"^(?:\d{3}|E92000001|E1200000[1-9])$"), unique=True
            ),
            "name": pa.Column(str, pa.Check.str_matches(r"\S"), unique=False),
            "level": pa.Column(str, _known("a level", {"country", "region", "council"})),
        },
        strict=False,
        name="areas",
    )


def first_failure(table: pd.DataFrame, schema: pa.DataFrameSchema) -> tuple[int, str, str] | None:
    """Return row in the file (from 1, header included), column and complaint of the first failure.

    Returns ``None`` when the table keeps to its schema.
    """
    columns = list(schema.columns)
    if [name for name in table.columns if schema.strict or name in columns] != columns:
        return 1, ", ".join(table.columns), f"the columns must be {', '.join(columns)}"
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        failures = error.failure_cases
        first = failures.sort_values("index").iloc[0]
        row = 1 if pd.isna(first["index"]) else int(first["index"]) + 2
        column = str(first["column"] or "")
        if str(first["check"]) == "multiple_fields_uniqueness":
            return row, "area, period, breakdown", "the same area, period and breakdown stand twice"
        case = first["failure_case"] if column in OBSERVATION_COLUMNS or column in table else ""
        return row, column, f"{case!r} fails the check: {first['check']}"
    return None


def _known(what: str, allowed: set[str]) -> pa.Check:
    return pa.Check(lambda column: column.isin(allowed), error=what)


def _each(what: str, allows: Callable[[str], bool]) -> pa.Check:
    """Check each distinct text once: a file has many rows and few periods and breakdowns."""

    def check(column: pd.Series) -> pd.Series:
        return column.isin([text for text in column.unique() if allows(text)])

    return pa.Check(check, error=what)


def _within(column: pd.Series, lowest: float, highest: float) -> pd.Series:
    """Say which cells are numbers in a range; what is no number is another check's matter."""
    values = pd.to_numeric(column, errors="coerce")
    return values.isna() | values.between(lowest, highest)


def _declared(breakdowns: set[str]) -> Callable[[str], bool]:
    return lambda text: text == "all" or all(part in breakdowns for part in text.split(" "))
