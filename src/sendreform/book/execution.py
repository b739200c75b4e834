"""Run notebooks with papermill, and only those whose result could have changed.

An executed notebook is kept under ``_build/executed/`` with the key it was run under: a hash of
the notebook's code and words, the package, ``data/``, the locked dependencies and the parameters.
Same key, same result, so it is not run again. A run that is interrupted goes on where it stopped.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any

import nbformat
import papermill
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from sendreform.errors import ReportError, did_you_mean

FINDINGS = ("reform_essential", "reform_unavoidable", "systemic_root_causes")
#: The notebooks of the report, in the order of its pages.
NOTEBOOKS = (*FINDINGS, "what_reform_needs", "council_map", "claim_ledger")

Value = str | int
Progress = Callable[[str, int, int], None]


def notebook_path(root: Path, name: str) -> Path:
    """Return the notebook of that name in a project."""
    return root / "notebooks" / f"{name}.ipynb"


def default_parameters(notebook: Path) -> dict[str, Value]:
    """Return the parameters of a notebook and their defaults, from its ``parameters`` cell."""
    inferred = papermill.inspect_notebook(str(notebook))
    return {name: _literal(record["default"]) for name, record in inferred.items()}


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
    typed: dict[str, Value] = {}
    for name, value in given.items():
        if name not in known:
            raise ReportError(
                f"unknown parameter {name!r}",
                where="--set",
                fix=did_you_mean(name, known) or f"The parameters are {', '.join(known)}.",
            )
        if isinstance(known[name], int):
            try:
                typed[name] = int(value)
            except ValueError as error:
                raise ReportError(
                    f"{value!r} is not a whole number",
                    where=f"parameter {name}",
                    fix=f"Write it like {known[name]}.",
                ) from error
        else:
            typed[name] = value
    return typed


def execute(
    root: Path,
    folder: Path,
    parameters: Mapping[str, Value] | None = None,
    *,
    notebooks: Sequence[str] = NOTEBOOKS,
    progress: Progress = lambda _doing, _done, _of: None,
) -> list[Path]:
    """Run notebooks whose key changed and return the executed notebooks, in order.

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

    Raises
    ------
    ReportError
        If a cell fails; names the notebook and the cell. Notebooks that ran before are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = project_state(root)
    own = {name: _declared(notebook_path(root, name), parameters or {}) for name in notebooks}
    keys = {name: _key(notebook_path(root, name), state, own[name]) for name in notebooks}
    stale = [name for name in notebooks if _kept_key(folder, name) != keys[name]]
    if stale:
        progress("running notebooks", 0, len(stale))
        workers = min(len(stale), os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, initializer=_silence_kernels) as pool:
            running = {
                pool.submit(_run, root, folder, name, own[name], keys[name]): name for name in stale
            }
            for done, future in enumerate(as_completed(running), start=1):
                future.result()
                progress(f"ran {running[future]}", done, len(stale))
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
    partial = path.with_suffix(".partial")
    partial.write_text(nbformat.writes(notebook) + "\n", "utf-8")
    partial.replace(path)


def _silence_kernels() -> None:
    """Send what kernels write to the terminal nowhere: each warns that it talks over TCP.

    An error in a cell does not go that way; it is raised.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _run(root: Path, folder: Path, name: str, parameters: dict[str, Value], key: str) -> None:
    notebook = notebook_path(root, name)
    try:
        executed = papermill.execute_notebook(
            str(notebook),
            None,
            parameters=parameters,
            kernel_name="python3",
            progress_bar=False,
            cwd=str(root / "notebooks"),
        )
    except PapermillExecutionError as error:
        told = error.evalue if error.ename == "ReportError" else f"{error.ename}: {error.evalue}"
        raise ReportError(
            str(told),
            where=f"notebooks/{name}.ipynb, cell {error.cell_index + 1}",
        ) from None
    write_notebook(without_run_details(executed), folder / f"{name}.ipynb")
    (folder / f"{name}.key").write_text(key, "utf-8")


def _key(notebook: Path, state: str, parameters: Mapping[str, Value]) -> str:
    cells = [
        [cell.cell_type, cell.source, cell.metadata.get("tags", [])]
        for cell in nbformat.read(notebook, as_version=4).cells
    ]
    material: list[Any] = [cells, state, dict(sorted(parameters.items()))]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()


def _kept_key(folder: Path, name: str) -> str:
    """Return the key a kept notebook was run under, or nothing when there is none."""
    key, executed = folder / f"{name}.key", folder / f"{name}.ipynb"
    return key.read_text("utf-8") if key.is_file() and executed.is_file() else ""


def _literal(default: str) -> Value:
    value = json.loads(default.replace("'", '"'))
    if not isinstance(value, str | int):
        raise TypeError(f"a parameter is text or a whole number, not {default}")
    return value
