"""Keeps what moved from one edition to the next, so that a page can tell it without working it out.

Two editions are judged anew for it, test by test, which takes longer than a page may. What is kept
follows from ``data/`` and the package alone; a test works it out again and compares.
"""

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import version
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from sendreform.changes import comparison, editions, known_at
from sendreform.changes.ends import council_ends, ends
from sendreform.changes.kinds import Kind
from sendreform.store import Store, open_store
from sendreform.store.datapackage import write_descriptor
from sendreform.store.earlier import keep_replaced
from sendreform.store.layout import read_csv, write_csv

#: Of the table of all that moved, the columns that are kept.
COLUMNS = [
    "importance", "kind", "name", "title", "area", "area_name", "period", "breakdown", "unit",
    "before", "after", "change", "per_cent", "compared_with", "moved", "why",
]  # fmt: skip
#: The last kind that is kept row by row; of the rest only revisions are.
LAST_KEPT = Kind.ENGLAND
#: Of as many measures on which most rests the councils' figures are kept.
MOST_OF_COUNCILS = 8
COUNCIL_COLUMNS = ["measure", "area", "area_name", "then", "value_then", "now", "value_now"]
PACKAGE = "sendreform"
#: How the data of now are called.
NOW = "data"


def pairs(store: Store) -> list[tuple[str, str]]:
    """Return the editions that are set side by side, oldest first.

    From each release that can be told apart to the next, and from the newest version of the report
    in the record to the data of now. One whose tag is yet to be set is the data of now itself.
    """
    months = known_at.releases(store)
    record = store.editions("editions")
    is_now = record["revision"] == f"v{version(PACKAGE)}"
    past = record.loc[~is_now, "version"].to_list()
    return [*pairwise(months), *((name, NOW) for name in past[-1:])]


def keep(root: Path, old: str, new: str, folder: Path) -> None:
    """Work out what moved between two editions, and write it into a folder."""
    with editions.opened(old, str(root / "data") if new == NOW else new, root) as (then, now):
        found = comparison.compare(then, now)
        of_england = found.moved[
            found.moved["importance"].isin([Kind.ENGLAND_JUDGED, Kind.ENGLAND])
        ]
        names = dict.fromkeys(of_england["name"])
        last = [asdict(ends(then.store, now.store, name)) for name in names]
        judged = found.moved.loc[found.moved["importance"] == Kind.ENGLAND_JUDGED, "name"].unique()
        councils = _of_councils(then.store, now.store, judged)
    summary = comparison.as_json(found)
    del summary["moved"]
    summary["ends"] = json.loads(pd.DataFrame(last).to_json(orient="records"))
    summary["new"]["name"] = new
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{old}_{new}"
    path.with_name(f"{path.name}.json").write_text(
        json.dumps(summary, indent=1, ensure_ascii=False) + "\n", "utf-8"
    )
    moved = found.moved
    of_note = (moved["importance"] <= LAST_KEPT) | moved["moved"].isin(["revised", "withdrawn"])
    is_figure = moved["importance"] >= Kind.ENGLAND_JUDGED
    kept = moved[of_note].assign(
        title=moved["title"].mask(is_figure, ""), per_cent=moved["per_cent"].round(1)
    )
    write_csv(kept[COLUMNS], path.with_name(f"{path.name}.csv"))
    write_csv(councils, path.with_name(f"{path.name}_councils.csv"))


def _of_councils(old: Store, new: Store, measures: Iterable[str]) -> pd.DataFrame:
    """Return where councils' series ended and end, of the first measures that have any."""
    each = (council_ends(old, new, name).assign(measure=name) for name in measures)
    tables = list(islice((table for table in each if not table.empty), MOST_OF_COUNCILS))
    if not tables:
        return pd.DataFrame(columns=COUNCIL_COLUMNS)
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(area_name=rows["area"].map(new.areas["name"]))[COUNCIL_COLUMNS]


def keep_all(root: Path) -> list[str]:
    """Work out what moved between all editions that are set side by side; return their names.

    Before, what the last version read from releases that were replaced since is kept as well, so
    that what was known at the time can still be told.
    """
    store = open_store(root / "data")
    for old, new in pairs(store):
        if new == NOW:
            with editions.opened_alone(old, root) as then:
                keep_replaced(then.store, store)
    store = open_store(root / "data")
    folder = store.layout.moved
    with tempfile.TemporaryDirectory(prefix="sendreform-") as workspace:
        for old, new in pairs(store):
            keep(root, old, new, Path(workspace))
        # What was kept before stays until all of it is there anew.
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(workspace, folder)
    write_descriptor(store)
    return [f"{old} to {new}" for old, new in pairs(store)]


def kept(store: Store, old: str, new: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return what is kept of a pair: its summary, and what moved row by row.

    Raises
    ------
    ReportError
        If it has not been worked out.
    """
    path = store.layout.moved / f"{old}_{new}.csv"
    numbers = dict.fromkeys(("change", "per_cent"), "float64") | {"importance": "int64"}
    moved = read_csv(path, numbers)
    return json.loads(path.with_suffix(".json").read_text("utf-8")), moved


def kept_of_councils(store: Store, old: str, new: str) -> pd.DataFrame:
    """Return where councils' series ended and end, of the measures on which most rests.

    Returns
    -------
    DataFrame with ``measure``, ``area``, ``area_name``, ``then``, ``value_then``, ``now`` and
    ``value_now``, as :func:`sendreform.changes.ends.council_ends` has them; the measures in the
    order of the page.

    Raises
    ------
    ReportError
        If it has not been worked out.
    """
    path = store.layout.moved / f"{old}_{new}_councils.csv"
    return read_csv(path, dict.fromkeys(("value_then", "value_now"), "float64"))
