"""The data that tests name figures of: as taken in by a day, whatever has come since.

A figure that a test holds was worked out by hand, or looked up, in the data of that day. A later
release adds years and revises figures; it must not turn such a test red, since the code that the
test is about is as right as before. Tests of the data of now ask ``ROOT / "data"`` instead.

Where a later release revised a figure, it is as it was for publications that are told apart by
release (see :mod:`sendreform.store.earlier`), once ``sendreform changes`` has kept it. A figure of
another publication that was revised is not there, and tests that name it fail: move them on.
"""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

import pandas as pd

from sendreform.changes.known_at import as_earlier
from sendreform.store import Layout, open_store
from sendreform.store.layout import OBSERVATION_COLUMNS, read_csv, write_csv

#: Move it on together with the figures that tests name.
DAY = "2026-11-24"
#: What a project is known by, and what its reports are made of; all but ``data/`` is as it is now.
PROJECT = (".git", "_config.yml", "pyproject.toml", "notebooks", "book")
#: What earlier releases published of figures that are now read from later ones.
KEPT = ("earlier_series", "earlier_figures")
ROOT = Path(__file__).resolve().parents[1]


@functools.cache
def tested_project() -> Path:
    """Return the project, with the data that tests name figures of."""
    folder = Path(tempfile.mkdtemp(prefix="sendreform-tested-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return project_as_tested(ROOT, folder)


def project_as_tested(root: Path, folder: Path, day: str = DAY) -> Path:
    """Return a project with the data of a day: the project itself where nothing came later.

    Parameters
    ----------
    root
        The project.
    folder
        Where a project with cut data is written, if one is needed; empty.
    day
        As ISO has it.
    """
    store = open_store(root / "data")
    late = set(store.sources.index[store.sources["accessed"] > day])
    if not late:
        return root
    for name in PROJECT:
        if (root / name).exists():
            (folder / name).symlink_to(root / name)
    shutil.copytree(root / "data", folder / "data")
    layout = Layout(folder / "data")
    for path in (layout.table("sources"), layout.taken_in):
        rows = read_csv(path).query("accessed <= @day") if path.is_file() else pd.DataFrame()
        if rows.empty:
            path.unlink(missing_ok=True)
        else:
            write_csv(rows, path)
    for measure, family in store.measures["family"].items():
        observed = store.observations(measure)
        is_late = observed["source"].isin(late)
        if is_late.any():
            earlier = as_earlier(
                observed[~is_late],
                observed[is_late],
                *(_known(store.editions(name), measure, late) for name in KEPT),
                store.sources["published"],
            )
            rows = pd.concat([observed[~is_late], earlier])[OBSERVATION_COLUMNS]
            write_csv(
                rows.sort_values(["area", "period", "breakdown"]),
                layout.observations(family, measure),
            )
    return folder


def _known(kept: pd.DataFrame, measure: str, late: set[str]) -> pd.DataFrame:
    """Return what is kept of a measure from sources that did not come after the day."""
    return kept[kept["measure"].eq(measure) & ~kept["source"].isin(late)]
