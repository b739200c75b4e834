"""Render a notebook for many places and parameters: a grid of them, on this machine or on several.

An edition that would come out the same is not rendered again (see :mod:`.execution`), so that an
interrupted run goes on where it stopped. What decides it is kept in the executed notebook itself:
wherever papermill can write, a run can be resumed. Only this process writes, when an edition is
whole, and one that fails hides none of the others.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from papermill.iorw import papermill_io

from sendreform.areas import Areas
from sendreform.book import processes
from sendreform.book.execution import (
    NOTEBOOKS,
    Progress,
    Task,
    Value,
    default_parameters,
    is_current,
    key_of,
    notebook_path,
    project_state,
    refuse_unknown,
    run_fresh,
    typed,
    write_whole,
)
from sendreform.book.state import LOOKS, package_state
from sendreform.errors import ReportError, did_you_mean
from sendreform.store import open_store, project_root

#: A parameter of this name is a place.
AREA = "area"
#: A text of a parameter that a file name can hold as it is.
PLAIN = re.compile(r"[a-z0-9][a-z0-9.-]*")
#: Longer words are cut in a file name.
LONGEST_WORD = 40
#: Seconds within which a scheduler must answer.
SCHEDULER_ANSWERS = 10


@dataclass(frozen=True)
class Job:
    """One edition: a notebook, overrides of its parameters, and where papermill writes it."""

    notebook: Path
    parameters: Mapping[str, Value]
    output: str

    @property
    def words(self) -> str:
        """The edition as a line tells it."""
        given = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"{self.notebook.name} with {given or 'its own parameters'}"


@dataclass(frozen=True)
class Outcome:
    """What came of a job: rendered now, kept from an earlier run, or a problem in one line."""

    job: Job
    kept: bool = False
    problem: str = ""


# Which editions --------------------------------------------------------------------------------


def find_notebook(root: Path, name: str) -> Path:
    """Return a notebook by its path, or one of the report's by its name.

    Raises
    ------
    ReportError
        If there is no such notebook.
    """
    for path in (Path(name), notebook_path(root, name.removesuffix(".ipynb"))):
        if path.suffix == ".ipynb" and path.is_file():
            return path.resolve()
    known = [path.stem for path in sorted((root / "notebooks").glob("*.ipynb"))] or [*NOTEBOOKS]
    raise ReportError(
        f"no notebook {name!r}",
        where="notebook",
        fix=did_you_mean(name, known) or f"The report has {', '.join(known)}.",
    )


def jobs_of(
    notebook: Path, grid: Path, out: str, settings: Mapping[str, str] | None = None
) -> list[Job]:
    """Read a grid of parameters and return a job for each row, in order.

    Parameters
    ----------
    grid
        A CSV file: a column for each parameter, a row for each edition. An empty cell leaves the
        parameter as it is in the notebook.
    out
        A folder, or an address that papermill writes to.
    settings
        Parameters that are the same in all rows.

    Raises
    ------
    ReportError
        If the file cannot be read; on an unknown parameter, a value of the wrong type or an
        unknown place, with row and column; if two rows give the same edition.
    """
    known = default_parameters(notebook)
    fixed = {
        name: _value(known, name, text, where="--set") for name, text in (settings or {}).items()
    }
    columns, rows = _read_grid(grid)
    for name in columns:
        refuse_unknown(known, name, where=f"{grid.name}, first row")
        if name in fixed:
            raise ReportError(
                f"{name} is given twice", where=grid.name, fix="Leave out the column, or --set."
            )
    first: dict[str, int] = {}
    jobs = []
    for number, cells in rows:
        where = f"{grid.name}, row {number}"
        if len(cells) != len(columns):
            raise ReportError(
                f"{len(cells)} cells, and the first row has {len(columns)}",
                where=where,
                fix="Give each parameter a cell; put a text with commas in quotes.",
            )
        given = {
            name: _value(known, name, text, where=f"{where}, column {name}")
            for name, text in zip(columns, cells, strict=True)
            if text
        }
        job = job_of(notebook, {**given, **fixed}, out)
        # Written out or left to the notebook, a value gives the same edition.
        edition = json.dumps({**known, **job.parameters}, sort_keys=True)
        if edition in first:
            raise ReportError(
                f"the same edition as row {first[edition]}", where=where, fix="Remove one of them."
            )
        first[edition] = number
        jobs.append(job)
    if not jobs:
        raise ReportError("no row of parameters", where=grid.name, fix="Write one below the names.")
    return jobs


def job_of(notebook: Path, parameters: Mapping[str, Value], out: str) -> Job:
    """Return the job for an edition, with a readable name that no other edition has."""
    ordered = dict(sorted(parameters.items(), key=lambda item: (item[0] != AREA, item[0])))
    words = [_word(name, value) for name, value in ordered.items()]
    return Job(notebook, ordered, f"{out.rstrip('/')}/{'-'.join([notebook.stem, *words])}.ipynb")


def _word(name: str, value: Value) -> str:
    """Return a parameter as a part of a file name; a text that loses something gets a hash."""
    text = str(value)
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if name == AREA:  # names of places differ in their letters
        return plain
    if not PLAIN.fullmatch(text) or len(text) > LONGEST_WORD:
        digest = hashlib.sha256(text.encode()).hexdigest()[:6]
        text = f"{plain[:LONGEST_WORD]}-{digest}".lstrip("-")
    return f"{name.replace('_', '-')}-{text}"


def _read_grid(grid: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns, and each row with its number in the file."""
    try:
        text = grid.read_text("utf-8-sig")  # spreadsheets put a mark before the first name
        lines = [[cell.strip() for cell in row] for row in csv.reader(text.splitlines())]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReportError(
            f"the grid cannot be read ({error})", where=str(grid), fix="Give a CSV file in UTF-8."
        ) from error
    numbered = [(number, row) for number, row in enumerate(lines, start=1) if any(row)]
    if not numbered:
        raise ReportError(
            "the grid is empty", where=grid.name, fix="Write names of parameters in its first row."
        )
    columns = numbered[0][1]
    twice = [name for name in columns if columns.count(name) > 1]
    if twice:
        raise ReportError(
            f"the column {twice[0]!r} is there twice", where=grid.name, fix="Remove one of them."
        )
    return columns, numbered[1:]


def _value(known: Mapping[str, Value], name: str, text: str, *, where: str) -> Value:
    """Return a value in the type of its default; a place by its name."""
    refuse_unknown(known, name, where=where)
    value = typed(known[name], text, where=where)
    if name == AREA:
        store = open_store()
        try:
            return str(store.areas.at[Areas(store.areas, store.neighbours).find(text), "name"])
        except ReportError as error:
            raise ReportError(error.what, where=where, fix=error.fix) from error
    return value


# Rendering -------------------------------------------------------------------------------------


@contextmanager
def on_this_machine() -> Iterator[Executor]:
    """Render on all processors of this machine; what still runs at the end is stopped."""
    with ThreadPoolExecutor(processes.usable_cores()) as executor:
        try:
            yield executor
        finally:
            executor.shutdown(wait=False, cancel_futures=True)
            processes.stop()


@contextmanager
def on_dask(scheduler: str) -> Iterator[Executor]:
    """Render on the workers of a Dask cluster, each of which has this version of the project.

    Raises
    ------
    ReportError
        If Dask is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ReportError(
            "Dask is not installed", where="--scheduler", fix="Install sendreform[dask]."
        ) from error
    try:
        client = Client(scheduler, timeout=SCHEDULER_ANSWERS)
    except (OSError, ValueError) as error:
        raise ReportError(
            f"no scheduler answers at {scheduler}",
            where="--scheduler",
            fix="Start one with dask scheduler, and give the address that it prints.",
        ) from error
    with client, client.get_executor(pure=False) as executor:
        try:
            yield executor
        finally:
            executor.shutdown(wait=False)


def render(
    jobs: Sequence[Job],
    executor: Executor,
    progress: Progress = lambda _doing, _done, _of: None,
) -> list[Outcome]:
    """Render each edition that is not there yet and return what came of all, in order of the jobs.

    Parameters
    ----------
    executor
        Where: :func:`on_this_machine` or :func:`on_dask`.
    progress
        Called with the edition just done, how many are done, and of how many to be rendered.
    """
    root = project_root()
    state = project_state(root)
    code = package_state(root, LOOKS)
    keys = [key_of(job.notebook, code, job.parameters) for job in jobs]
    outcomes = {
        place: Outcome(job, kept=True)
        for place, (job, is_kept) in enumerate(zip(jobs, _kept(root, jobs, keys), strict=True))
        if is_kept
    }
    waiting = {
        executor.submit(run_anywhere, _task(root, job, keys[place]), state): place
        for place, job in enumerate(jobs)
        if place not in outcomes
    }
    of = len(waiting)
    progress("starting", 0, of)
    for done, future in enumerate(as_completed(waiting), start=1):
        place = waiting.pop(future)
        job = jobs[place]
        try:
            write(future.result(), job.output)
            outcomes[place] = Outcome(job)
        except Exception as error:  # whatever it is, the others go on
            kind = "" if isinstance(error, ReportError) else f"{type(error).__name__}: "
            outcomes[place] = Outcome(job, problem=" ".join(f"{kind}{error}".split()))
        progress(Path(job.output).stem, done, of)
    return [outcome for _, outcome in sorted(outcomes.items())]


def kept(jobs: Sequence[Job]) -> list[bool]:
    """Say of each edition whether it is there as rendering it now would give it."""
    root = project_root()
    code = package_state(root, LOOKS)
    return _kept(root, jobs, [key_of(job.notebook, code, job.parameters) for job in jobs])


def _kept(root: Path, jobs: Sequence[Job], keys: Sequence[str]) -> list[bool]:
    known: dict[str, str] = {}
    return [
        is_current(root, kept_metadata(job.output), key, known)
        for job, key in zip(jobs, keys, strict=True)
    ]


def _task(root: Path, job: Job, key: str) -> Task:
    path = job.notebook
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return Task(name, path.read_text("utf-8"), job.parameters, key)


@cache
def _state_here(root: Path, _asked: str) -> str:
    """Return the state of the project on this machine, worked out once for each that is asked."""
    return project_state(root)


def run_anywhere(task: Task, state: str) -> str:
    """Run a notebook in a fresh process on the machine that this is called on.

    Raises
    ------
    ReportError
        If a cell fails, or the machine has another state of the project than who asks.
    """
    root = project_root()
    if _state_here(root, state) != state:
        raise ReportError(
            "this machine has another version of the project",
            where=f"worker in {root}",
            fix="Bring code, data and requirements.lock to the same version, and restart it.",
        )
    return run_fresh(task, root, state, places=True)


def kept_metadata(output: str) -> Mapping[str, Any]:
    """Return the metadata of an edition; none where it is not there."""
    try:
        metadata: Mapping[str, Any] = json.loads(papermill_io.read(output))["metadata"]
        return metadata
    except Exception:  # each store has its own way to say so; what cannot be read is made again
        return {}


def write(text: str, output: str) -> None:
    """Write an executed notebook; in a folder of this machine, whole or not at all."""
    if "://" in output:
        papermill_io.write(text, output)
    else:
        Path(output).parent.mkdir(parents=True, exist_ok=True)
        write_whole(text, Path(output))
