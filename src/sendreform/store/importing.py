"""Official files → a new ``data/``, checked whole before it takes the place of the old one."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import KEY
from sendreform.sources.publications import PUBLICATIONS, Extract, read_publication
from sendreform.sources.reading import SourceFolder
from sendreform.store.checking_editions import check_edition
from sendreform.store.datapackage import descriptor
from sendreform.store.layout import (
    CATALOGUE,
    CONTEXT,
    KEPT_BY_HAND,
    OBSERVATION_COLUMNS,
    TAKEN_IN,
    Layout,
    write_csv,
)
from sendreform.store.replacing import alone, replaced
from sendreform.store.tables import Store, forget_tables
from sendreform.store.taking_in import check_taken_in, take_in_again

Progress = Callable[[str], None]


def import_all(
    sources: Path,
    data: Path,
    progress: Progress = lambda _doing: None,
    *,
    details: Path | None = None,
) -> Store:
    """Read every official file and replace ``data`` with what they say.

    The new tables are written beside the old ones and validated there; only then do they take
    their place, in one step (see :mod:`sendreform.store.replacing`). Whatever goes wrong before,
    ``data`` stays as it was. What is kept by hand, the ledger of claims and the argument, is
    carried over untouched. Files that were taken in one by one are taken in again (see
    :mod:`sendreform.store.taking_in`). A second import waits for the first.

    Parameters
    ----------
    sources
        The folder of official files.
    data
        The ``data/`` folder to make or replace.
    progress
        Called with the name of each step as it starts.
    details
        Where to write every surprise beside the edition in place, as CSV.

    Raises
    ------
    ReportError
        If a file is not as expected, the new edition does not pass :func:`check_edition`,
        ``data`` holds a file that would be lost, or it cannot be written.
    """
    if not sources.is_dir():
        raise ReportError(
            "the folder of official files is missing",
            where=str(sources),
            fix="Give the folder that holds ehc_plans/, lait/, finance/ …",
        )
    data = data.resolve()
    data.parent.mkdir(parents=True, exist_ok=True)
    with alone(data, lambda: progress("waiting for another import to end")), replaced(data) as new:
        _refuse_strays(data)
        check_taken_in(SourceFolder(sources), data)
        extracts = []
        for name in PUBLICATIONS:
            progress(f"reading {name}")
            extracts.append(read_publication(name, SourceFolder(sources)))
        fresh = Store(Layout(new))
        progress("writing tables")
        carry_over(data, new)
        if (data / TAKEN_IN).is_file():
            shutil.copy2(data / TAKEN_IN, new / TAKEN_IN)
        write_tables(extracts, fresh.layout)
        take_in_again(SourceFolder(sources), fresh.layout)
        check_edition(fresh, Store(Layout(data)), progress, details=details)
        progress("replacing data")
        # What people wrote meanwhile is carried over as well.
        carry_over(data, new)
    forget_tables()
    return Store(Layout(data))


def _refuse_strays(data: Path) -> None:
    """Refuse to replace a folder with a file that neither an import made nor people keep there."""
    if not data.is_dir():
        return
    layout = Layout(data)
    made = {
        layout.datapackage,
        layout.taken_in,
        *(layout.table(name) for name in (*CATALOGUE, *CONTEXT)),
    }
    for path in sorted(data.rglob("*")):
        within = path.relative_to(data)
        is_ours = within.parts[0] in KEPT_BY_HAND or path in made
        if path.is_file() and not is_ours and not within.match("observations/*/*.csv"):
            raise ReportError(
                "no import made this file, and replacing the folder would lose it",
                where=f"{data.name}/{within.as_posix()}",
                fix="Move it out of the folder. Nothing was replaced.",
            )


def carry_over(data: Path, fresh: Path) -> None:
    """Copy what is kept by hand from one ``data/`` folder to another, as far as it is there."""
    fresh.mkdir(parents=True, exist_ok=True)
    for name in KEPT_BY_HAND:
        kept = data / name
        shutil.rmtree(fresh / name, ignore_errors=True)
        if kept.is_dir():
            shutil.copytree(kept, fresh / name)
        elif kept.is_file():
            shutil.copy2(kept, fresh / name)


def write_tables(extracts: list[Extract], layout: Layout) -> None:
    """Write observations, context tables, catalogue and Data Package descriptor.

    Raises
    ------
    ReportError
        If two publications describe the same thing, or one gives figures of a measure that it
        does not describe.
    """
    catalogue = {
        name: pd.concat([getattr(extract.words, name) for extract in extracts], ignore_index=True)
        for name in CATALOGUE
    }
    catalogue["breakdowns"] = _merge_breakdowns(catalogue["breakdowns"])
    measures = catalogue["measures"]
    twice = measures.loc[measures["measure"].duplicated(), "measure"]
    if not twice.empty:
        raise ReportError(f"measure {twice.iloc[0]!r} is described twice", where="catalogue")
    families = measures.set_index("measure")["family"]
    for extract in extracts:
        for measure, rows in extract.observations.groupby("measure", sort=True):
            if measure not in families.index:
                raise ReportError(
                    f"measure {measure!r} has figures and no description",
                    where=f"{extract.publication}.yml",
                    fix="Describe it under measures.",
                )
            write_csv(
                rows.sort_values(KEY, ignore_index=True)[OBSERVATION_COLUMNS],
                layout.observations(str(families[measure]), str(measure)),
            )
    for name in CATALOGUE:
        write_csv(catalogue[name], layout.table(name))
    tables = {name: table for extract in extracts for name, table in extract.tables.items()}
    for name in CONTEXT:
        write_csv(tables[name], layout.table(name))
    layout.datapackage.write_text(
        json.dumps(descriptor(Store(layout)), indent=2, ensure_ascii=False) + "\n", "utf-8"
    )


def _merge_breakdowns(breakdowns: pd.DataFrame) -> pd.DataFrame:
    """Join the categories of all publications; the same code must mean the same everywhere."""
    distinct = breakdowns.drop_duplicates(["dimension", "code", "label", "parent"])
    clash = distinct[distinct.duplicated(["dimension", "code"], keep=False)]
    if not clash.empty:
        first = clash.iloc[0]
        raise ReportError(
            f"breakdown {first['dimension']}:{first['code']} has two meanings: "
            + " and ".join(
                repr(label)
                for label in clash.query("dimension == @first.dimension and code == @first.code")[
                    "label"
                ]
            ),
            where="catalogue",
        )
    return distinct.sort_values("dimension", kind="stable", ignore_index=True)
