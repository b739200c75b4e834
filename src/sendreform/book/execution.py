"""Run notebooks with papermill, and only those whose result could have changed.

An executed notebook holds the key it was run under, a hash of the notebook's code and words, the
package, the locked dependencies and the parameters; and which files of ``data/`` it read, each with
its hash. Same key and same files, same result, so it is not run again. A run that is interrupted
goes on where it stopped.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from sendreform.book import processes
from sendreform.book.state import LOOKS, hashes, is_as_read, package_state
from sendreform.errors import ReportError, did_you_mean
from sendreform.report import NEWEST
from sendreform.store.reads import recording

FINDINGS = ("reform_essential", "reform_unavoidable", "systemic_root_causes")
#: The notebooks of the report, in the order of its pages.
NOTEBOOKS = (*FINDINGS, "what_reform_needs", "cost_of_delay", "council_map", "claim_ledger")

#: Where an executed notebook's own metadata hold the key it was run under, and the hashes of the
#: files of ``data/`` that it read.
KEY, READ = "sendreform_key", "sendreform_read"
#: The cell that papermill puts behind the one with the defaults has an id made up at random.
INJECTED = "injected-parameters"

Value = str | int
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Task:
    """A notebook to run, with all that a process on any machine must know.

    Attributes
    ----------
    name
        What the notebook is called where something is told about it.
    text
        The notebook itself.
    parameters
        Overrides of the defaults in its ``parameters`` cell.
    key
        Kept in the executed notebook.
    """

    name: str
    text: str
    parameters: Mapping[str, Value]
    key: str


def notebook_path(root: Path, name: str) -> Path:
    """Return the notebook of that name in a project."""
    return root / "notebooks" / f"{name}.ipynb"


def default_parameters(notebook: Path) -> dict[str, Value]:
    """Return the parameters of a notebook and their defaults, from its ``parameters`` cell."""
    inferred = papermill.inspect_notebook(str(notebook))
    return {
        name: _literal(record["default"], where=f"{notebook.name}, parameter {name}")
        for name, record in inferred.items()
    }


def _declared(notebook: Path, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return those of the given parameters that a notebook has; a notebook may have none."""
    known = default_parameters(notebook) if given else {}
    return {name: value for name, value in given.items() if name in known}


def check_parameters(root: Path, given: Mapping[str, str]) -> dict[str, Value]:
    """Give each parameter the type of its default.

    Raises
    ------
    ReportError
        On a name that no notebook has, or a value that is not of its type.
    """
    known: dict[str, Value] = {}
    for name in NOTEBOOKS:
        known |= default_parameters(notebook_path(root, name))
    values: dict[str, Value] = {}
    for name, value in given.items():
        refuse_unknown(known, name, where="--set")
        values[name] = typed(known[name], value, where=f"parameter {name}")
    return values


def refuse_unknown(known: Mapping[str, Value], name: str, *, where: str) -> None:
    """Raise a ReportError, with what comes near, where a notebook has no parameter of that name."""
    if name not in known:
        raise ReportError(
            f"unknown parameter {name!r}",
            where=where,
            fix=did_you_mean(name, known)
            or (f"The parameters are {', '.join(known)}." if known else "The notebook has none."),
        )


def typed(default: Value, text: str, *, where: str) -> Value:
    """Return a value that was given as text in the type of the parameter's default.

    Where the default is the newest year, a year may be given, or the word.

    Raises
    ------
    ReportError
        If it is not of that type.
    """
    if isinstance(default, str) and (default != NEWEST or text == NEWEST):
        return text
    try:
        return int(text)
    except ValueError as error:
        like = f"2025, or {NEWEST}" if default == NEWEST else default
        raise ReportError(
            f"{text!r} is not a whole number", where=where, fix=f"Write it like {like}."
        ) from error


def execute(
    root: Path,
    folder: Path,
    parameters: Mapping[str, Value] | None = None,
    *,
    notebooks: Sequence[str] = NOTEBOOKS,
    progress: Progress = lambda _doing, _done, _of: None,
    places: bool = False,
) -> list[Path]:
    """Run notebooks whose result could have changed and return the executed ones, in order.

    The process that makes others ready stays for the notebooks that are run next, until
    :func:`.processes.stop` or the end of this one.

    Parameters
    ----------
    root
        The project.
    folder
        Where executed notebooks are kept.
    parameters
        Overrides of the defaults in the ``parameters`` cells; a notebook is given its own alone.
    progress
        Called with what was just done, how many are done, and of how many.
    places
        Whether the notebooks of many places are run next, by the same process; see
        :func:`.processes.run`.

    Raises
    ------
    ReportError
        If a cell fails; names the notebook and the cell. Notebooks that ran before are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = project_state(root)
    own = {name: _declared(notebook_path(root, name), parameters or {}) for name in notebooks}
    code = package_state(root, LOOKS)
    keys = {name: key_of(notebook_path(root, name), code, own[name]) for name in notebooks}
    known: dict[str, str] = {}
    stale = [
        name
        for name in notebooks
        if not is_current(root, _kept(folder / f"{name}.ipynb"), keys[name], known)
    ]
    if stale:
        progress("running notebooks", 0, len(stale))
        failed = []
        with ThreadPoolExecutor(processes.usable_cores()) as pool:
            running = {}
            for name in reversed(stale):  # those that take longest are among the last
                text = notebook_path(root, name).read_text("utf-8")
                task = Task(f"notebooks/{name}.ipynb", text, own[name], keys[name])
                running[pool.submit(run_fresh, task, root, state, places=places)] = name
            for done, future in enumerate(as_completed(running), start=1):
                name = running[future]
                try:
                    write_whole(future.result(), folder / f"{name}.ipynb")
                except ReportError as error:
                    failed.append(error)
                progress(f"ran {name}", done, len(stale))
        if failed:
            raise failed[0]
    return [folder / f"{name}.ipynb" for name in notebooks]


def project_state(root: Path, code: str = "*") -> str:
    """Return a hash of all that a notebook's result depends on beside itself.

    Parameters
    ----------
    code
        Which files of the package count: ``*.py`` where its styles and templates do not matter.
    """
    digest = hashlib.sha256()
    for folder, pattern in (("src/sendreform", code), ("data", "*"), (".", "requirements.lock")):
        for path in sorted((root / folder).rglob(pattern) if folder != "." else [root / pattern]):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def without_run_details(notebook: NotebookNode) -> NotebookNode:
    """Remove what differs between two runs of the same notebook: times, process and host."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        for detail in ("papermill", "execution"):
            cell.metadata.pop(detail, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell.id = INJECTED
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.get("name") != "stderr"]
    return notebook


def store_outputs(root: Path, executed: Sequence[Path]) -> None:
    """Put the outputs of executed notebooks into the project's own notebooks.

    Cells keep their ids, and times of running are left out, so that git shows a change only
    where a result changed.
    """
    for path in executed:
        target = root / "notebooks" / path.name
        source = nbformat.read(target, as_version=4)
        ran = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
        for cell in source.cells:
            if cell.cell_type == "code":
                cell.outputs = ran[cell.id].outputs
                cell.execution_count = ran[cell.id].execution_count
        write_notebook(source, target)


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook whole or not at all."""
    write_whole(nbformat.writes(notebook) + "\n", path)


def write_whole(text: str, path: Path) -> None:
    """Write a text whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(text, "utf-8")
    partial.replace(path)


def run_fresh(task: Task, root: Path, state: str, *, places: bool = False) -> str:
    """Run a notebook in a fresh process on this machine and return the executed notebook.

    Parameters
    ----------
    state, places
        See :func:`.processes.run`.

    Raises
    ------
    ReportError
        If a cell fails; names the notebook and the cell.
    """
    return processes.run(_run, task, root, root=root, state=state, places=places)


def _run(task: Task, root: Path) -> str:
    # Only known where notebooks are run: it takes a second to import.
    from sendreform.book import engine

    engine.register()
    notebook = nbformat.reads(task.text, as_version=4)
    try:
        with recording() as read:
            executed = papermill.execute_notebook(
                notebook,
                None,
                parameters=dict(task.parameters),
                engine_name=engine.NAME,
                kernel_name="python3",
                progress_bar=False,
                cwd=root / "notebooks",
            )
    except PapermillExecutionError as error:
        told = error.evalue if error.ename == "ReportError" else f"{error.ename}: {error.evalue}"
        raise ReportError(
            str(told),
            where=f"{task.name}, cell {_number(notebook, task.parameters, error.cell_index)}",
        ) from None
    without_run_details(executed)
    executed.metadata |= {KEY: task.key, READ: hashes(root.resolve(), read)}
    return str(nbformat.writes(executed)) + "\n"


def _number(notebook: NotebookNode, parameters: Mapping[str, Value], place: int) -> int:
    """Return which cell of a notebook, as its author counts, stands at a place in the executed one.

    papermill puts a cell with the parameters behind the one with the defaults, or before all.
    """
    tagged = [
        index
        for index, cell in enumerate(notebook.cells)
        if "parameters" in cell.metadata.get("tags", [])
    ]
    injected = tagged[0] + 1 if tagged else 0
    return place if parameters and place >= injected else place + 1


def key_of(notebook: Path, code: str, parameters: Mapping[str, Value]) -> str:
    """Return the key of a notebook run with parameters in a state of the package."""
    cells = [
        [cell.cell_type, cell.source, cell.metadata.get("tags", [])]
        for cell in nbformat.read(notebook, as_version=4).cells
    ]
    material: list[Any] = [cells, code, dict(sorted(parameters.items()))]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()


def is_current(root: Path, metadata: Mapping[str, Any], key: str, known: dict[str, str]) -> bool:
    """Say whether a kept notebook is what running it now would give.

    Parameters
    ----------
    metadata
        Those of the kept notebook; empty where there is none.
    key
        The key of today.
    known
        See :func:`.state.is_as_read`.
    """
    return metadata.get(KEY) == key and READ in metadata and is_as_read(root, metadata[READ], known)


def _kept(executed: Path) -> Mapping[str, Any]:
    """Return the metadata of a kept notebook; none where it is not there or broken."""
    with contextlib.suppress(OSError, ValueError, KeyError):
        metadata: Mapping[str, Any] = json.loads(executed.read_text("utf-8"))["metadata"]
        return metadata
    return {}


def _literal(default: str, *, where: str) -> Value:
    with contextlib.suppress(ValueError):
        value = json.loads(default.replace("'", '"'))
        if isinstance(value, str | int) and not isinstance(value, bool):
            return value
    raise ReportError(
        f"the default {default} is neither text nor a whole number",
        where=where,
        fix="Write it in quotes, or as a whole number.",
    )
