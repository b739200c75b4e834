"""Reads a spoiled official file as an import does, and says what became of its figures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import KEY
from sendreform.sources.catalogue import read_words
from sendreform.sources.publications import PUBLICATIONS, Extract, read_publication
from sendreform.sources.reading import SourceFolder
from sendreform.store import Store, open_store
from sendreform.store.checking_editions import check_edition
from sendreform.store.layout import OBSERVATION_COLUMNS, write_csv
from sendreform.store.tables import forget_tables


class Became(StrEnum):
    """What became of the figures of a spoiled file."""

    REFUSED = "refused as it was read"
    CHECKED = "refused by a check of the new edition"
    RIGHT = "accepted, with every figure as it was"
    WRONG = "accepted, with a figure that is wrong"
    CRASHED = "an error that is no clear line"


@dataclass(frozen=True)
class Trial:
    """What became of a file, and the line that was said of it."""

    became: Became
    said: str = ""


@dataclass(frozen=True)
class Spoiled(SourceFolder):
    """The official files, one of them spoiled."""

    path: str = ""
    spoiled: Path = Path()

    def file(self, path: str) -> Path:
        return self.spoiled if path == self.path else super().file(path)


def files() -> dict[str, tuple[list[str], list[str]]]:
    """Return each official file with its members and the publications that read it."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for publication in PUBLICATIONS:
        for record in read_words(publication).sources.to_dict("records"):
            if record["path"]:
                members, readers = found.setdefault(record["path"], ([], []))
                members += [record["member"]]
                readers += [publication] if publication not in readers else []
    return found


class Bench:
    """A copy of data/ that takes in one spoiled file at a time, and is put right after it."""

    def __init__(self, data: Path, folder: Path, workspace: Path) -> None:
        self.sources, self.root, self.spoiled = folder, workspace / "data", workspace / "spoiled"
        self.old = open_store(data)
        shutil.copytree(data, self.root)
        self.right = {
            measure: self.old.observations(measure) for measure in self.old.measures.index
        }

    def try_file(self, path: str, readers: list[str], content: bytes) -> Trial:
        """Read every publication that a spoiled file is read for, and check the new edition."""
        self.spoiled.write_bytes(content)
        folder = Spoiled(self.sources, path, self.spoiled)
        try:
            extracts = [read_publication(name, folder) for name in readers]
        except ReportError as error:
            return _refused(Became.REFUSED, str(error))
        except Exception as error:
            return Trial(Became.CRASHED, f"{type(error).__name__}: {error}")
        changed = [name for extract in extracts for name in self._changed(extract)]
        tables = [name for extract in extracts for name in self._changed_tables(extract)]
        if not changed and not tables:
            return Trial(Became.RIGHT)
        with self._taken_in(extracts, changed, tables) as fresh:
            try:
                check_edition(fresh, self.old, measures=changed)
            except ReportError as error:
                return _refused(Became.CHECKED, str(error))
            except Exception as error:
                return Trial(Became.CRASHED, f"{type(error).__name__}: {error}")
        return Trial(Became.WRONG, ", ".join([*changed, *tables]))

    def _changed(self, extract: Extract) -> list[str]:
        """Return the measures whose figures are not as they were."""
        found = []
        for measure in extract.words.measures["measure"]:
            rows = extract.observations[extract.observations["measure"] == measure]
            columns = [*KEY, "value", "status"]
            now, then = (
                table[columns].sort_values(KEY, ignore_index=True)
                for table in (rows, self.right[measure])
            )
            if not now.astype({"value": "float64"}).equals(then):
                found.append(measure)
        return found

    def _changed_tables(self, extract: Extract) -> list[str]:
        found = []
        for name, table in extract.tables.items():
            path = self.root.parent / "table.csv"
            write_csv(table, path)
            if path.read_bytes() != self.old.layout.table(name).read_bytes():
                found.append(name)
        return found

    @contextmanager
    def _taken_in(
        self, extracts: list[Extract], measures: list[str], tables: list[str]
    ) -> Iterator[Store]:
        """Write what changed into the copy, and put it right afterwards."""
        fresh = open_store(self.root)
        old = self.old.layout
        families = self.old.measures["family"]
        hashes = pd.concat([extract.words.sources for extract in extracts])
        sources = self.old.sources.reset_index(drop=True)
        new_hash = sources["source"].map(hashes.set_index("source")["sha256"])
        written = [fresh.layout.table("sources")]
        write_csv(sources.assign(sha256=new_hash.fillna(sources["sha256"])), written[0])
        for extract in extracts:
            for measure in measures:
                rows = extract.observations[extract.observations["measure"] == measure]
                if not rows.empty or measure in set(extract.words.measures["measure"]):
                    path = fresh.layout.observations(families[measure], measure)
                    write_csv(rows.sort_values(KEY)[OBSERVATION_COLUMNS], path)
                    written.append(path)
            for name in tables:
                if name in extract.tables:
                    write_csv(extract.tables[name], fresh.layout.table(name))
                    written.append(fresh.layout.table(name))
        forget_tables()
        try:
            yield fresh
        finally:
            for path in written:
                shutil.copyfile(old.root / path.relative_to(self.root), path)
            forget_tables()


def _refused(became: Became, said: str) -> Trial:
    """A refusal is one line that a person can read; anything else counts as a crash."""
    is_clear = len(said.splitlines()) == 1 and len(said) < 1000
    return Trial(became if is_clear else Became.CRASHED, said)
