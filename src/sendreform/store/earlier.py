"""What earlier releases published of figures that ``data/`` now takes from later ones.

A release that has come out does not change any more, so this is worked out once for each whose
files we hold, and kept. Nearly every figure is as the later release has it: ``earlier_series.csv``
names the series that the earlier one published, and ``earlier_figures.csv`` the figures that
differ.
"""

from pathlib import Path

import pandas as pd

from sendreform.observations import COLUMNS, KEY
from sendreform.sources import ehc_caseload, ehc_process
from sendreform.sources.reading import SourceFolder
from sendreform.store.layout import EDITION_TABLES, write_csv
from sendreform.store.tables import Store

_SERIES = ["measure", "breakdown", "period"]


def write_earlier(sources: Path, store: Store) -> None:
    """Read the figures of earlier releases that later ones replaced, and keep what differs.

    Parameters
    ----------
    sources
        The folder of official files.
    store
        The edition of ``data/`` that has the figures of the later releases.

    Raises
    ------
    ReportError
        If a file is missing or not as expected.
    """
    folder = SourceFolder(sources)
    replaced = pd.concat(
        [ehc_caseload.replaced(folder), ehc_process.replaced(folder)], ignore_index=True
    )
    series = replaced[EDITION_TABLES["earlier_series"]].drop_duplicates()
    write_csv(series.sort_values(_SERIES), store.layout.editions("earlier_series"))
    write_csv(
        differing(replaced, store)[EDITION_TABLES["earlier_figures"]],
        store.layout.editions("earlier_figures"),
    )


def differing(replaced: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Return those figures that are not as ``data/`` has them, or that it no longer has.

    Parameters
    ----------
    replaced
        Observations (see :mod:`sendreform.observations`).
    """
    now = pd.concat(
        [store.observations(measure)[COLUMNS] for measure in replaced["measure"].unique()]
    ).set_index(KEY)
    then = replaced.set_index(KEY)
    there = now.reindex(then.index)
    same = then["value"].eq(there["value"]) | (then["value"].isna() & there["value"].isna())
    return then[~(same & then["status"].eq(there["status"]))].reset_index().sort_values(KEY)
