"""The project's own data as they would have stood after an earlier release of EHC plans."""

import shutil
from pathlib import Path

from conftest import ROOT
from sendreform.store import Store, open_store
from sendreform.store.layout import OBSERVATION_COLUMNS, write_csv

EHC_PLANS = "Education, health and care plans"


def after_release(year: int, folder: Path) -> Store:
    """Copy data/ into a folder without what releases of EHC plans after this year brought.

    A measure that only later releases have is left out of the catalogue too.
    """
    shutil.copytree(ROOT / "data", folder)
    store = open_store(folder)
    sources, measures = store.sources, store.measures
    is_ehc = sources["publication"].str.contains(EHC_PLANS, regex=False)
    later = is_ehc & (sources["release"].str[-4:] > str(year))
    gone = set(sources.index[later])
    empty = []
    for record in measures.to_dict("records"):
        path = store.layout.observations(record["family"], record["measure"])
        observed = store.observations(record["measure"])
        kept = observed[~observed["source"].isin(gone)]
        if kept.empty:
            path.unlink()
            empty.append(record["measure"])
        elif len(kept) < len(observed):
            write_csv(kept[OBSERVATION_COLUMNS], path)
    write_csv(sources[~later], store.layout.table("sources"))
    write_csv(measures[~measures.index.isin(empty)], store.layout.table("measures"))
    for name in ("breaks", "known_residuals"):
        table = getattr(store, name)
        write_csv(table[~table["measure"].isin(empty)], store.layout.table(name))
    # Read anew: what was written is not what was read above.
    return open_store(folder.rename(folder.with_name(f"{folder.name}_{year}")))
