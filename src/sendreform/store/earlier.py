"""What earlier releases published of figures that ``data/`` now takes from later ones.

A release that has come out does not change any more, so this is worked out once for each whose
files we hold, and kept: from its files, or from the edition of ``data/`` that still read it.
Nearly every figure is as the later release has it: ``earlier_series.csv`` names the series that the
earlier one published as a whole, and ``earlier_figures.csv`` the figures that differ. Of a series
that a later release replaced in part, as where it revised a council, the figures that it replaced
are in ``earlier_figures.csv``, each of them.
"""

from pathlib import Path

import pandas as pd

from sendreform.observations import COLUMNS, KEY
from sendreform.sources import ehc_caseload, ehc_process
from sendreform.sources.reading import SourceFolder
from sendreform.store.layout import EDITION_TABLES, write_csv
from sendreform.store.tables import Store


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
    whole = [ehc_caseload.replaced(folder), ehc_process.replaced(folder)]
    _add(pd.concat(whole, ignore_index=True), pd.DataFrame(columns=COLUMNS), store)


def keep_replaced(old: Store, new: Store) -> None:
    """Keep in the newer edition what the older read from releases that later ones replaced.

    Only publications count that are told apart by release (see :func:`told_by_release`).
    """
    sources = old.sources
    told = set(sources.index[sources["publication"].isin(told_by_release(new))])
    tables = [
        _replaced(_with_file(old, measure), _with_file(new, measure), told)
        for measure in old.measures.index.intersection(new.measures.index)
    ]
    replaced = pd.concat(tables, ignore_index=True)
    whole = replaced[replaced["whole"]]
    partly = replaced.drop(index=whole.index)[COLUMNS]
    before = _as_releases_before(differing(replaced[COLUMNS], new), new)
    _add(whole[COLUMNS], pd.concat([partly, before]), new)


def told_by_release(store: Store) -> set[str]:
    """Return the publications of which earlier releases are held."""
    named = store.editions("earlier_series")["source"].unique()
    return set(store.sources["publication"].reindex(named).dropna())


def _with_file(store: Store, measure: str) -> pd.DataFrame:
    """Return a measure's figures, each with the file that it was read from, by its SHA-256."""
    observed = store.observations(measure)
    return observed.assign(file=observed["source"].map(store.sources["sha256"]))


def _replaced(then: pd.DataFrame, now: pd.DataFrame, told: set[str]) -> pd.DataFrame:
    """Return figures from some sources that now come from another file, or from none.

    Returns
    -------
    Observations, and whether their series was of one file and none of it is left (``whole``).
    """
    series, key = ["breakdown", "period"], ["area", "breakdown", "period", "file"]
    gone = ~pd.MultiIndex.from_frame(then[key]).isin(pd.MultiIndex.from_frame(now[key]))
    left = pd.MultiIndex.from_frame(now[key[1:]].drop_duplicates())
    whole = then.groupby(series)["file"].transform("nunique").eq(1) & ~pd.MultiIndex.from_frame(
        then[key[1:]]
    ).isin(left)
    return then.assign(whole=whole)[gone & then["source"].isin(told)]


def _as_releases_before(differing: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Return figures that now differ as releases before the one that was replaced had them.

    Of a series of theirs that is kept as a whole, a figure that is not kept by itself was the same.
    """
    key = [*KEY, "source"]
    named = differing.drop(columns="source").merge(
        store.editions("earlier_series"), on=["measure", "breakdown", "period"]
    )
    kept = pd.MultiIndex.from_frame(store.editions("earlier_figures")[key])
    return named.loc[~pd.MultiIndex.from_frame(named[key]).isin(kept), COLUMNS]


def _add(whole: pd.DataFrame, partly: pd.DataFrame, store: Store) -> None:
    """Add replaced figures to what is kept.

    Parameters
    ----------
    whole
        Those of series that were replaced as a whole: each series is kept, and what differs.
    partly
        Those of other series: each figure is kept.
    """
    figures = [table for table in (differing(whole, store), partly) if not table.empty]
    added = {"earlier_series": [whole], "earlier_figures": figures}
    for name, tables in added.items():
        key = [column for column in EDITION_TABLES[name] if column not in ("value", "status")]
        kept = pd.concat([store.editions(name), *tables])[EDITION_TABLES[name]]
        write_csv(kept.drop_duplicates(key).sort_values(key), store.layout.editions(name))


def differing(replaced: pd.DataFrame, store: Store) -> pd.DataFrame:
    """Return those figures that are not as ``data/`` has them, or that it no longer has.

    Parameters
    ----------
    replaced
        Observations (see :mod:`sendreform.observations`).
    """
    if replaced.empty:
        return replaced
    now = pd.concat(
        [store.observations(measure)[COLUMNS] for measure in replaced["measure"].unique()]
    ).set_index(KEY)
    then = replaced.set_index(KEY)
    there = now.reindex(then.index)
    same = then["value"].eq(there["value"]) | (then["value"].isna() & there["value"].isna())
    return then[~(same & then["status"].eq(there["status"]))].reset_index().sort_values(KEY)
