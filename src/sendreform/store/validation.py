"""Is every table of ``data/`` whole and well formed? Broken rows by file, row and column."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from sendreform.errors import ReportError, did_you_mean
from sendreform.store.claims_table import claim_problems
from sendreform.store.layout import CONTEXT, read_csv
from sendreform.store.schemas import (
    acceptance_schema,
    area_schema,
    first_failure,
    measure_schema,
    observation_schema,
    residual_schema,
    source_schema,
)
from sendreform.store.surprises import SURPRISES
from sendreform.store.tables import Store


def validate(store: Store, measures: Collection[str] | None = None) -> list[str]:
    """Return one line for the first thing wrong in each table; an empty list means all is well.

    Looks at the catalogue first: figures cannot be judged by a catalogue that is itself broken.
    Of the ledger of claims, which people write, everything wrong is told.

    Parameters
    ----------
    measures
        Only the figures of these; of all by default.
    """
    catalogue = [
        problem
        for name, schema in (
            ("measures", measure_schema()),
            ("sources", source_schema()),
            ("areas", area_schema()),
            ("known_residuals", residual_schema()),
        )
        if (problem := _problem(store, store.layout.table(name), schema))
    ]
    if catalogue:
        return catalogue
    areas, sources = set(store.areas.index), set(store.sources.index)
    breakdowns = set(store.breakdowns["dimension"] + ":" + store.breakdowns["code"])
    figures = [
        problem
        for record in store.measures.to_dict("records")
        if (measures is None or record["measure"] in measures)
        and (
            problem := _problem(
                store,
                store.layout.observations(record["family"], record["measure"]),
                observation_schema(record, areas, sources, breakdowns),
            )
        )
    ]
    return (
        figures
        + _strays(store)
        + _ledger(store)
        + _cross_references(store)
        + _acceptances(store, breakdowns)
        + _taken_in(store)
    )


def _problem(store: Store, path: Path, schema: pa.DataFrameSchema) -> str | None:
    name = path.relative_to(store.layout.root).as_posix()
    try:
        table = read_csv(path)
    except ReportError as error:
        return f"{name}: {error.what}. {error.fix}"
    failure = first_failure(table, schema)
    if failure is None:
        return None
    row, column, complaint = failure
    return f"{name}, row {row}, column {column}: {complaint}"


def _ledger(store: Store) -> list[str]:
    """What is wrong with the ledger of claims, the measures that it names included."""
    try:
        claims = store.claims
    except ReportError as error:
        return [f"claims.csv: {error.what}. {error.fix}"]
    return claim_problems(claims) or [
        f"claims.csv, row {place + 2} ({claim}), column {column}: unknown measure {measure!r}. "
        f"{did_you_mean(measure, store.measures.index)}".rstrip()
        for column in ("measure", "per_measure")
        for place, (claim, measure) in enumerate(zip(claims["claim"], claims[column], strict=True))
        if measure and measure not in store.measures.index
    ]


def _acceptances(store: Store, breakdowns: set[str]) -> list[str]:
    """What is wrong with the record of accepted surprises: each names figures, and says why."""
    try:
        accepted = store.accepted
    except ReportError as error:
        return [f"accepted.csv: {error.what}. {error.fix}"]
    measures = {*store.measures.index, *CONTEXT}
    schema = acceptance_schema(measures, set(store.areas.index), breakdowns, SURPRISES)
    failure = first_failure(accepted, schema)
    return ["accepted.csv, row {}, column {}: {}".format(*failure)] if failure else []


def _taken_in(store: Store) -> list[str]:
    """Files that were taken in one by one, and are not in the catalogue with that SHA-256."""
    path = store.layout.taken_in
    if not path.is_file():
        return []
    known = set(store.sources["path"] + " " + store.sources["sha256"])
    return [
        f"{path.name}, row {place + 2}, column path: the catalogue has no such file "
        f"({record['path']!r})"
        for place, record in enumerate(read_csv(path).to_dict("records"))
        if f"{record['path']} {record['sha256']}" not in known
    ]


def _strays(store: Store) -> list[str]:
    """Files under observations/ that no measure describes."""
    folder = store.layout.root / "observations"
    described = {
        store.layout.observations(record["family"], record["measure"])
        for record in store.measures.to_dict("records")
    }
    return [
        f"{path.relative_to(store.layout.root).as_posix()}: no measure has this file"
        for path in sorted(folder.rglob("*.csv"))
        if path not in described
    ]


def _cross_references(store: Store) -> list[str]:
    """Rows of one catalogue table that point to nothing in another."""
    known = set(store.measures.index)
    dangling: list[tuple[str, pd.Series]] = [
        ("catalogue/breaks.csv", store.breaks["measure"]),
        ("catalogue/known_residuals.csv", store.known_residuals["measure"]),
    ]
    return [
        f"{name}, row {place + 2}, column measure: unknown measure {measure!r}"
        for name, column in dangling
        for place, measure in enumerate(column)
        if measure not in known
    ]
