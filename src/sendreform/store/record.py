"""The record of editions: each version of the report, its date, its revision and its releases."""

import datetime
from importlib.metadata import version

import pandas as pd

from sendreform.errors import ReportError
from sendreform.periods import is_period
from sendreform.store.datapackage import write_descriptor
from sendreform.store.layout import EDITION_TABLES, write_csv
from sendreform.store.tables import Store

#: Where the site of a version stays readable, under the address of the report.
FOLDER = "editions"


def editions(store: Store) -> pd.DataFrame:
    """Return the recorded editions, the newest first.

    Returns
    -------
    DataFrame with ``version``, ``date``, ``revision``, ``site`` (its folder under the address of
    the report; empty where none was published) and ``releases`` (how many are in it).
    """
    counts = store.editions("releases").groupby("version").size()
    found = store.editions("editions")
    told = found.assign(releases=found["version"].map(counts).fillna(0).astype("int64"))
    return told.iloc[::-1].reset_index(drop=True)


def record_edition(store: Store, day: datetime.date) -> str:
    """Add the version of the package, with the releases of the data of now, to the record.

    It is recorded before its tag is set, so the revision is the name that the tag will have.

    Returns
    -------
    The version.

    Raises
    ------
    ReportError
        If the version is in the record already.
    """
    name = version("sendreform")
    table = store.editions("editions")
    if name in set(table["version"]):
        raise ReportError(
            f"version {name} is in the record of editions already",
            where="data/editions/editions.csv",
            fix="Raise the version in pyproject.toml and CITATION.cff, and install the package.",
        )
    row = {"version": name, "date": day.isoformat(), "revision": f"v{name}", "site": site_of(name)}
    write_csv(_with(table, [row], "editions"), store.layout.editions("editions"))
    rows = releases_of(store.sources, name)
    write_csv(
        _with(store.editions("releases"), rows, "releases"), store.layout.editions("releases")
    )
    write_descriptor(Store(store.layout))
    return name


def problems(store: Store) -> list[str]:
    """Return a line for each thing that is wrong with the record, which people write in part."""
    found = []
    for name, columns in EDITION_TABLES.items():
        table, where = store.editions(name), f"data/editions/{name}.csv"
        if list(table.columns) != columns:
            found.append(f"{where}: the columns are not {', '.join(columns)}")
        elif "date" in columns:
            found += [
                f"{where}, row {row}, column 'date': {date!r} is not a day. Write it like "
                "2026-06-25."
                for row, date in enumerate(table["date"], start=2)
                if not is_period(date, "date")
            ]
    recorded = set(store.editions("editions")["version"])
    found += [
        f"data/editions/releases.csv, row {row}, column 'version': {name!r} is not in the record."
        for row, name in enumerate(store.editions("releases")["version"], start=2)
        if name not in recorded
    ]
    return found


def site_of(version: str) -> str:
    """Return the folder of a version's site, under the address of the report."""
    return f"{FOLDER}/{version}/"


def releases_of(sources: pd.DataFrame, version: str) -> list[dict[str, str]]:
    """Return the official releases among sources, a row each, as the record has them."""
    named = sources[["publication", "release"]].drop_duplicates().assign(version=version)
    return named[EDITION_TABLES["releases"]].to_dict("records")  # type: ignore[return-value]


def _with(table: pd.DataFrame, rows: list[dict[str, str]], name: str) -> pd.DataFrame:
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True)[EDITION_TABLES[name]]
