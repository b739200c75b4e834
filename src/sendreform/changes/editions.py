"""Opens an edition of the data: a folder, a version, a git revision, or what was known by a day."""

import json
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sendreform.changes import known_at
from sendreform.errors import ReportError
from sendreform.sources.catalogue import MEASURE_COLUMNS, SOURCE_COLUMNS
from sendreform.store import Store, open_store


@dataclass(frozen=True)
class Edition:
    """One edition of the data.

    Attributes
    ----------
    name
        As it was asked for: a folder, a version, a revision or a day.
    version
        The version in its ``datapackage.json``; empty where it has none.
    date
        The day of its revision, or by which its figures were known; empty for a folder.
    store
        Its tables.
    cut
        How it was cut from later data, in words; empty where it is as it was.
    """

    name: str
    version: str
    date: str
    store: Store
    cut: str = ""

    @property
    def words(self) -> str:
        """The edition in words: "v0.3.0 (version 0.3.0, 2026-11-24)"."""
        known = [f"version {self.version}" if self.version else "", self.date]
        told = ", ".join(part for part in known if part)
        return f"{self.name} ({told})" if told else self.name


@contextmanager
def opened(old: str, new: str, root: Path) -> Iterator[tuple[Edition, Edition]]:
    """Open two editions while the block lasts, as :func:`opened_alone` opens one."""
    with opened_alone(old, root) as then, opened_alone(new, root) as now:
        yield then, now


@contextmanager
def opened_alone(name: str, root: Path) -> Iterator[Edition]:
    """Open an edition while the block lasts; what is no folder yet is put into one until then.

    Parameters
    ----------
    name
        A folder laid out as ``data/``; a month or day by which figures were known (``2022-05``);
        a version of the report that ``data/editions/`` records; or a git revision of the project.
        The first that fits is taken.
    root
        The project, in whose repository revisions are looked for.

    Raises
    ------
    ReportError
        If a name is none of these, the revision has no ``data/``, its tables are laid out
        otherwise, or by that day none of the releases was out that can be told apart.
    """
    with tempfile.TemporaryDirectory(prefix="sendreform-") as workspace:
        yield _edition(name, root, Path(workspace) / "edition")


def _edition(name: str, root: Path, workspace: Path) -> Edition:
    folder, date = Path(name), ""
    if not folder.is_dir() and re.fullmatch(known_at.DAY, name):
        return _as_at(name, open_store(root / "data"), workspace)
    if not folder.is_dir():
        revision = _commit(name, root)
        date = _git(root, "show", "--no-patch", "--format=%cs", revision).decode().strip()
        folder = _checked_out(name, revision, root, workspace)
    store = open_store(folder)
    _check_layout(store, name)
    return Edition(name, _version(store, name), date, store)


def _as_at(name: str, store: Store, workspace: Path) -> Edition:
    """Cut the data of now to what was known by a day."""
    day = known_at.last_day_named(name)
    held = known_at.releases(store)
    if not day or not held or day < known_at.last_day_named(held[0]):
        raise ReportError(
            f"what was known by {name!r} cannot be told"
            + (f": the first release that we hold is of {held[0]}" if held else ""),
            where="edition",
            fix=f"Give a month from {held[0]} on, such as {held[-1]}." if held else "",
        )
    return Edition(
        name, "", day, known_at.known_at(store, day, workspace), cut=known_at.note(store)
    )


def _commit(name: str, root: Path) -> str:
    """Return the hash of a revision, or of that of a version."""
    recorded = open_store(root / "data").editions("editions").set_index("version")["revision"]
    revision = recorded.get(name.removeprefix("v"), name)
    try:
        found = _git(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
    except (subprocess.CalledProcessError, OSError) as error:
        raise ReportError(
            f"{name!r} is neither a folder nor a git revision of the project",
            where="edition",
            fix="Give a folder such as data, a month such as 2025-06, or a tag, branch or commit.",
        ) from error
    return found.decode().strip()


def _checked_out(name: str, revision: str, root: Path, workspace: Path) -> Path:
    """Write ``data/`` as it was at a revision into a folder, and return it."""
    workspace.mkdir()
    archive = workspace.with_suffix(".tar")
    try:
        _git(root, "archive", "--format=tar", f"--output={archive}", revision, "--", "data")
    except subprocess.CalledProcessError as error:
        raise ReportError(
            "the revision has no data/", where=name, fix="Choose a later one."
        ) from error
    with tarfile.open(archive) as files:
        files.extractall(workspace, filter="data")
    return workspace / "data"


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True).stdout


def _check_layout(store: Store, name: str) -> None:
    """Refuse a folder that is no data/, or one of a time when its tables had other columns."""
    for table, expected in (("measures", MEASURE_COLUMNS), ("sources", SOURCE_COLUMNS)):
        path = store.layout.table(table)
        if not path.is_file():
            raise ReportError(
                f"there is no catalogue/{table}.csv",
                where=name,
                fix="Give a folder laid out as data/, or a revision that has one.",
            )
        found = store.measures if table == "measures" else store.sources
        if missing := [column for column in expected if column not in found.columns]:
            raise ReportError(
                f"catalogue/{table}.csv has no column {missing[0]!r}",
                where=name,
                fix="This edition is laid out otherwise than this version reads: choose a later.",
            )


def _version(store: Store, name: str) -> str:
    try:
        return str(json.loads(store.layout.datapackage.read_text("utf-8")).get("version", ""))
    except FileNotFoundError:
        return ""
    except (ValueError, AttributeError) as error:
        raise ReportError(
            f"datapackage.json cannot be read ({error})", where=name, fix="Restore the file."
        ) from error
