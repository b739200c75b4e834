"""Files of the site that others can build on: figures, claims, areas, measures, observations.

They lie under ``data/`` in the site, and the page ``book/data_files`` says what each holds. Names
and keys stay from one version to the next. The same data give the same bytes.
"""

import json
import shutil
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sendreform.areas import Areas
from sendreform.book.area_pages import area_pages
from sendreform.book.figure_files import Publication, SiteFigure
from sendreform.claims import ledger
from sendreform.store import Store
from sendreform.store.datapackage import CC_BY, OGL

#: The folder of the site that holds these files.
FOLDER = "data"
#: Each file that is written as JSON, in the order in which the page on them tells of them.
FILES = ("figures", "area_figures", "claims", "areas", "measures")

_LEVELS = ("country", "region", "council")


def write_site_files(
    outdir: Path,
    store: Store,
    figures: Mapping[str, SiteFigure],
    area_figures: Iterable[SiteFigure],
    publication: Publication,
) -> None:
    """Write all of them into the site.

    Parameters
    ----------
    outdir
        The root of the site; its ``data/`` is made anew.
    store
        The figures of the report; the tables of its Data Package are copied as they are.
    figures
        Each figure of the report by id, as :func:`.figure_files.write_figure_files` returns them.
    area_figures
        Those of the pages of councils and regions.
    publication
        The version that the files are of, and where the site is.
    """
    folder = outdir / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    records: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
        "figures": (CC_BY, {"figures": [figure_record(figure) for figure in figures.values()]}),
        "area_figures": (CC_BY, {"figures": [figure_record(figure) for figure in area_figures]}),
        "claims": (CC_BY, {"claims": claim_records(store)}),
        "areas": (OGL, area_records(store)),
        "measures": (OGL, {"measures": measure_records(store)}),
    }
    for name in FILES:
        licence, content = records[name]
        about = {"version": publication.version, "licence": licence, "site": publication.address}
        text = json.dumps({**about, **content}, ensure_ascii=False, indent=1)
        (folder / f"{name}.json").write_text(f"{text}\n", "utf-8")
    _copy_package(store, folder)


def figure_record(figure: SiteFigure) -> dict[str, Any]:
    """Return what the site says of a figure; addresses are from the root of the site."""
    return {
        "id": figure.id,
        "page": f"{figure.page}.html",
        "address": figure.address,
        "title": figure.title,
        "subtitle": figure.subtitle,
        "alt": figure.alt,
        "source": figure.source,
        "source_url": figure.source_url,
        "notes": list(figure.notes),
        **{kind: figure.file(kind) for kind in figure.kinds},
        "code": [function.address for function in figure.functions],
    }


def claim_records(store: Store) -> list[dict[str, Any]]:
    """Return every figure of the ledger, as ``sendreform claims --format json`` prints it."""
    found = ledger.recompute(store)
    files = [ledger.source_records(store, sources) for sources in found["sources"]]
    return _records(found.assign(sources=pd.Series(files, index=found.index, dtype="object")))


def area_records(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return the areas of today, and the councils that were replaced, in order of level and code.

    Figures of a council that was replaced have its own code, so both are needed to read them.
    """
    areas = Areas(store.areas, store.neighbours)
    pages = {page.code: page.address for page in area_pages(store)}
    rows = store.areas.sort_index().to_dict("records")
    rows.sort(key=lambda row: _LEVELS.index(row["level"]))
    return {
        "areas": [
            {**_area(areas, row), "page": pages.get(row["area"], "index.html")}
            for row in rows
            if not row["last_period"]
        ],
        "former_councils": [
            {
                "code": row["area"],
                "name": row["name"],
                "gss": row["gss_code"],
                "last_period": row["last_period"],
                "successors": areas.successors(row["area"]),
            }
            for row in rows
            if row["last_period"]
        ],
    }


def measure_records(store: Store) -> list[dict[str, Any]]:
    """Return every measure of the catalogue, in order of name, with its breaks and its file."""
    return [_measure(store, record) for record in _records(store.measures.sort_index())]


def _area(areas: Areas, row: dict[Hashable, Any]) -> dict[str, Any]:
    code = str(row["area"])
    cell = None if pd.isna(row["hex_q"]) else [int(row["hex_q"]), int(row["hex_r"])]
    return {
        "code": code,
        "name": row["name"],
        "other_names": _listed(row["other_names"]),
        "level": row["level"],
        "region": row["region"],
        "gss": row["gss_code"],
        "other_gss": _listed(row["other_gss_codes"]),
        "neighbours": [str(area) for area in areas.neighbours(code)["area"]],
        "predecessors": areas.predecessors(code),
        "hex": cell,
    }


def _measure(store: Store, record: dict[str, Any]) -> dict[str, Any]:
    file = store.layout.observations(record["family"], record["measure"])
    breaks = store.breaks[store.breaks["measure"] == record["measure"]]
    return {
        **record,
        "breaks": _records(breaks[["period", "note"]]),
        "csv": f"{FOLDER}/{file.relative_to(store.layout.root).as_posix()}",
    }


def _copy_package(store: Store, folder: Path) -> None:
    """Copy the Data Package: its descriptor, and each table that it names."""
    described = store.layout.datapackage.read_text("utf-8")
    (folder / "datapackage.json").write_text(described, "utf-8")
    for resource in json.loads(described)["resources"]:
        target = folder / resource["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(store.layout.root / resource["path"], target)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON has them: missing is null."""
    found: list[dict[str, Any]] = json.loads(table.to_json(orient="records"))
    return found


def _listed(joined: str) -> list[str]:
    return joined.split("|") if joined else []
