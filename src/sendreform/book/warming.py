"""Get a process ready for many notebooks: import, read and work out what they have in common.

All of it is kept by functions whose answer follows from ``data/`` alone, so a notebook gives the
same in a process that is warm and in one that is not.
"""

import ast
import contextlib
import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat

from sendreform.errors import ReportError

#: What runs the cells; the rest is named by the notebooks themselves.
ENGINE = ("papermill", "sendreform.book.engine")


def warm(root: Path, *, places: bool) -> None:
    """Import, read and work out what the notebooks of a project need and none of them changes.

    What cannot be read or worked out is left to the notebook that meets it, which says so.

    Parameters
    ----------
    places
        Also what pages of many places have in common. For a few notebooks that is not worth it.
    """
    for module in ENGINE:
        importlib.import_module(module)
    defaults: dict[str, Any] = {}
    for notebook in sorted((root / "notebooks").glob("*.ipynb")):
        for line in _lines(notebook):
            if isinstance(line, ast.ImportFrom) and str(line.module).startswith("sendreform"):
                _import(line)
            elif isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                with contextlib.suppress(ValueError):  # worked out, so no parameter
                    defaults.setdefault(line.targets[0].id, ast.literal_eval(line.value))
    if places and {"baseline_year", "latest_year", "prices", "comparison"} <= defaults.keys():
        with contextlib.suppress(ReportError):
            _work_out(defaults)


def _work_out(defaults: Mapping[str, Any]) -> None:
    """Read all figures, and make one page of a place, which asks for all that they share."""
    from sendreform.book.delay import making
    from sendreform.book.local.place import open_place
    from sendreform.evidence.projection.scenarios import NO_REFORM
    from sendreform.report import open_report
    from sendreform.store import open_store

    store = open_store()
    for measure in store.measures.index:
        store.observations(measure)
    years_and_prices = [defaults[name] for name in ("baseline_year", "latest_year", "prices")]
    reports = (
        open_report(area, *years_and_prices)
        for area in store.areas.query("level == 'council'").index
    )
    # The page of a place with few children leaves most out.
    place = open_place(next(one for one in reports if not one.is_small), defaults["comparison"])
    _ = (place.tests, place.england, place.newest)
    making.councils_under(store, NO_REFORM)
    making.track_record_of_councils(store)


def _lines(notebook: Path) -> Iterator[ast.stmt]:
    """Return the statements at the top of a notebook's cells."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            with contextlib.suppress(SyntaxError):  # a line that only IPython knows
                yield from ast.parse(cell.source).body


def _import(line: ast.ImportFrom) -> None:
    """Import what a line of a notebook imports: a module, or modules of a package."""
    module = importlib.import_module(str(line.module))
    for name in line.names:
        if not hasattr(module, name.name):
            importlib.import_module(f"{line.module}.{name.name}")
