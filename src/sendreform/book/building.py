"""Build the Jupyter Book: the whole report, or the three findings for one place."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import yaml

from sendreform.areas import Areas
from sendreform.book import area_pages, processes
from sendreform.book.execution import (
    FINDINGS,
    NOTEBOOKS,
    Progress,
    Value,
    check_parameters,
    default_parameters,
    execute,
    notebook_path,
    project_state,
    store_outputs,
)
from sendreform.book.extension import executed_areas, executed_folder
from sendreform.book.report_pdf import NO_BROWSER, print_report
from sendreform.errors import ReportError
from sendreform.report import open_report
from sendreform.store import open_store

#: Jupyter Book has no ``python -m`` of its own, and where its command lies differs by system.
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"
#: Pages of the report that an edition carries as well.
EDITION_PAGES = (
    "how_to_read",
    "data_and_sources",
    "measures",
    "methods",
    "rap",
    "glossary",
    "for_analysts",
    "how_to_cite",
    "what_changed",
    "change_log",
    "accessibility",
)
STRICT = ("-W", "-n", "--keep-going")


def build_report(root: Path, progress: Progress, *, keep_outputs: bool = False) -> Path:
    """Build the published report into ``_build/html`` and return its ``index.html``.

    Does nothing where nothing changed since the last build.

    Parameters
    ----------
    keep_outputs
        Also put the outputs into the notebooks of the project, for git and for JupyterLab.

    Raises
    ------
    ReportError
        If a notebook of the report fails (the book then stays as it was) or that of a place (the
        pages of places then do), or the strict build has a warning.
    """
    executed = execute(root, executed_folder(root), progress=progress, places=True)
    if keep_outputs:
        every = (*NOTEBOOKS, area_pages.NOTEBOOK)
        store_outputs(root, execute(root, executed_folder(root), notebooks=every, places=True))
    index = root / "_build" / "html" / "index.html"
    stamp = root / "_build" / "report.stamp"
    places = area_pages.kept(root, executed_areas(root))
    state = _book_state(root, [*executed, *places])
    if places and index.is_file() and stamp.is_file() and stamp.read_text("utf-8") == state:
        _tell_of_pdf(print_report(root, index.parent), progress)
        progress("nothing changed", 1, 1)
        return index
    package, package_state = root / "_build" / "package.stamp", project_state(root)
    unchanged = package.is_file() and package.read_text("utf-8") == package_state
    # Pages of the report are read, written and printed while the places' notebooks run.
    with _jupyter_book(root, root / "_build" / "report.log", everything=not unchanged):
        executed += area_pages.run(root, executed_areas(root), progress)
        progress("building the book", 0, 1)
    package.write_text(package_state, "utf-8")
    stamp.write_text(_book_state(root, executed), "utf-8")
    progress("built the book", 1, 1)
    _tell_of_pdf(print_report(root, index.parent), progress)
    return index


def _tell_of_pdf(pdf: Path | None, progress: Progress) -> None:
    progress("printed the report" if pdf else NO_BROWSER, 1, 1)


def build_edition(
    root: Path,
    area: str,
    settings: Mapping[str, str],
    progress: Progress,
    *,
    out: Path | None = None,
) -> Path:
    """Render the findings for one place, with what they link to; return its ``index.html``.

    Parameters
    ----------
    area
        Name or code of any council or region.
    settings
        Other parameters of the notebooks, such as ``{"baseline_year": "2018"}``.
    out
        The edition's own folder; by default ``_build/editions/`` and the place's name.

    Raises
    ------
    ReportError
        On an unknown area or parameter, before anything runs; or if a notebook fails.
    """
    store = open_store(root / "data")
    code = Areas(store.areas, store.neighbours).find(area)
    name = str(store.areas.at[code, "name"])
    parameters: dict[str, Value] = {**check_parameters(root, settings), "area": name}
    # Before any kernel starts: a wrong year or price base is told at once.
    every: dict[str, Any] = default_parameters(notebook_path(root, NOTEBOOKS[0])) | parameters
    place = open_report(**every).place
    folder = out.resolve() if out else root / "_build" / "editions" / _slug(name, settings)
    book = folder / "source"
    executed = execute(root, book / "notebooks", parameters, progress=progress)
    processes.stop()
    progress("building the edition", 0, 1)
    _write_edition(root, book, place, parameters, [path.stem for path in executed])
    with _jupyter_book(
        book, folder / "build.log", out=folder, everything=True, SENDREFORM_EXECUTED="yes"
    ):
        pass
    progress("built the edition", 1, 1)
    return folder / "_build" / "html" / "index.html"


def _write_edition(
    root: Path, book: Path, place: str, parameters: Mapping[str, Value], notebooks: list[str]
) -> None:
    """Write the pages that turn executed notebooks into a book of their own.

    The pages behind the figures come along, so that every link of a finding leads somewhere.
    """
    (book / "book").mkdir(parents=True, exist_ok=True)
    for page in EDITION_PAGES:
        shutil.copyfile(root / "book" / f"{page}.md", book / "book" / f"{page}.md")
    shutil.copyfile(root / "CHANGELOG.md", book / "CHANGELOG.md")
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    config["title"] = f"SEND reform in {place}"
    config.pop("logo", None)
    (book / "_config.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    toc = {
        "format": "jb-book",
        "root": "index",
        "chapters": [
            *({"file": f"notebooks/{notebook}"} for notebook in notebooks),
            *({"file": f"book/{page}"} for page in EDITION_PAGES),
        ],
    }
    (book / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), "utf-8")
    rows = "\n".join(f"| `{key}` | {value} |" for key, value in parameters.items())
    cards = "\n\n".join(
        f"## {_title(book / 'notebooks' / f'{notebook}.ipynb')}\n\n"
        f"**{{glue:text}}`notebooks/{notebook}.ipynb::verdict:s`.** "
        f"{{glue:text}}`notebooks/{notebook}.ipynb::answer:s`\n\n"
        f"[Read the evidence](notebooks/{notebook}.ipynb)"
        for notebook in notebooks
        if notebook in FINDINGS
    )
    (book / "index.md").write_text(
        f"# SEND reform in {place}\n\n"
        f"Three findings of a national report, worked out for {place}.\n\n"
        f"{cards}\n\n## How this edition was made\n\n"
        f"| parameter | value |\n|---|---|\n{rows}\n\n"
        "Parameters that are not listed have their defaults.\n",
        "utf-8",
    )


def _title(notebook: Path) -> str:
    """Return the first heading of a notebook."""
    first = str(nbformat.read(notebook, as_version=4).cells[0].source)
    return first.splitlines()[0].removeprefix("# ")


@contextmanager
def _jupyter_book(
    book: Path, log: Path, *, everything: bool, out: Path | None = None, **environment: str
) -> Iterator[None]:
    """Run a strict Jupyter Book build, its output in ``log``, beside the block and after it.

    A block that raises ends the build.

    Raises
    ------
    ReportError
        With the first complaint of the build.
    """
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(book), *STRICT]
    command += ["--all"] if everything else []
    command += ["--path-output", str(out)] if out else []
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command,
            cwd=book,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"} | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as building,
    ):
        try:
            yield
        except BaseException:
            building.terminate()
            raise
    if building.returncode:
        complaints = [
            line
            for line in log.read_text("utf-8").splitlines()
            if any(word in line for word in ("WARNING", "ERROR", "CRITICAL", "Error:"))
        ]
        raise ReportError(
            complaints[0] if complaints else "the build failed",
            where="book",
            fix=f"The whole log is in {log}.",
        )


def _book_state(root: Path, executed: list[Path]) -> str:
    """Return a hash of everything that the built pages depend on."""
    digest = hashlib.sha256(project_state(root).encode())
    pages = [
        *(root / "book").rglob("*"),
        *(root / area_pages.FOLDER).rglob("*"),
        *(root / name for name in ("index.md", "_config.yml", "_toc.yml", "CHANGELOG.md")),
        *executed,
    ]
    for page in sorted(path for path in pages if path.is_file()):
        digest.update(page.relative_to(root).as_posix().encode() + page.read_bytes())
    return digest.hexdigest()


def _slug(name: str, settings: Mapping[str, str]) -> str:
    words = [name, *(f"{key} {value}" for key, value in sorted(settings.items()))]
    return "-".join(re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") for word in words)
