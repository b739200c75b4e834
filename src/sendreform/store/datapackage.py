"""The Data Package (v2) descriptor of ``data/``, generated from the catalogue.

https://datapackage.org/standard/data-package/
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from sendreform.store.claims_table import CLAIM_COLUMNS
from sendreform.store.layout import CATALOGUE, CONTEXT, OBSERVATION_COLUMNS, Layout
from sendreform.store.tables import Store

OGL = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}
FIELD_WORDS = {
    "area": "Department for Education code of a council, or GSS code of England or a region",
    "period": "Written by its kind: see the measure's periodKind",
    "breakdown": "'all', or dimension:code, two of them joined by a space",
    "value": "Missing where the publisher gave a symbol",
    "status": "The publisher's symbol, empty for an ordinary figure",
    "source": "Id of the official file in catalogue/sources.csv",
}
CLAIM_TYPES = {"figure": "integer", "value": "number", "rounded_to": "number"}
#: The ledger paraphrases what others published; the words are ours.
CC_BY = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
OBSERVATION_FIELDS = [
    {
        "name": name,
        "type": "number" if name == "value" else "string",
        "description": FIELD_WORDS[name],
    }
    for name in OBSERVATION_COLUMNS
]


def descriptor(store: Store) -> dict[str, Any]:
    """Return the descriptor: one resource a table, with fields, units, breaks and sources."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "sendreform-data",
        "title": "SEND in England: the figures of an open, reproducible research report",
        "description": "Figures extracted from official publications on special educational needs "
        "and disabilities in England, each with its measure, area, period, status and source.",
        "version": version("sendreform"),
        "licenses": [OGL],
        "contributors": [{"title": "sendreform contributors", "roles": ["creator"]}],
        "sources": [
            {"title": record["title"], **({"path": record["url"]} if record["url"] else {})}
            for record in store.sources.to_dict("records")
        ],
        "resources": [
            *(
                _measure_resource(record, store.layout, store.breaks)
                for record in store.measures.to_dict("records")
            ),
            *(_table_resource(name, store.layout) for name in (*CATALOGUE, *CONTEXT)),
            *([_claims_resource(store.layout)] if store.layout.table("claims").is_file() else []),
            *(
                _csv_resource(f"table-{_hyphenated(path.stem)}", path, store.layout)
                for path in sorted(store.layout.root.glob("editions/**/*.csv"))
            ),
        ],
    }


def write_descriptor(store: Store) -> None:
    """Write the descriptor of an edition into its folder."""
    text = json.dumps(descriptor(store), indent=2, ensure_ascii=False)
    store.layout.datapackage.write_text(f"{text}\n", "utf-8")


def _measure_resource(
    record: dict[Any, Any], layout: Layout, breaks: pd.DataFrame
) -> dict[str, Any]:
    path = layout.observations(record["family"], record["measure"])
    return {
        "name": record["measure"],
        "type": "table",
        "path": path.relative_to(layout.root).as_posix(),
        "title": record["title"],
        "description": record["definition"],
        "format": "csv",
        "encoding": "utf-8",
        "unit": record["unit"],
        "periodKind": record["period_kind"],
        "polarity": record["polarity"],
        "breaks": breaks.query("measure == @record['measure']")[["period", "note"]].to_dict(
            "records"
        ),
        "schema": {
            "fields": OBSERVATION_FIELDS,
            "primaryKey": ["area", "period", "breakdown"],
            "missingValues": [""],
        },
    }


def _table_resource(name: str, layout: Layout) -> dict[str, Any]:
    return _csv_resource(f"table-{_hyphenated(name)}", layout.table(name), layout)


def _hyphenated(name: str) -> str:
    return name.replace("_", "-")


def _csv_resource(name: str, path: Path, layout: Layout) -> dict[str, Any]:
    header = pd.read_csv(path, nrows=0).columns
    return {
        "name": name,
        "type": "table",
        "path": path.relative_to(layout.root).as_posix(),
        "format": "csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [{"name": column, "type": "any"} for column in header],
            "missingValues": [""],
        },
    }


def _claims_resource(layout: Layout) -> dict[str, Any]:
    path = layout.table("claims")
    return {
        "name": "table-claims",
        "type": "table",
        "path": path.relative_to(layout.root).as_posix(),
        "title": "Ledger of published claims",
        "description": "What others published about SEND in England, in our own words, with the "
        "recipe by which each figure is recomputed from the measures. Kept by hand.",
        "format": "csv",
        "encoding": "utf-8",
        "licenses": [CC_BY],
        "schema": {
            "fields": [
                {"name": name, "type": CLAIM_TYPES.get(name, "string"), "description": words}
                for name, words in CLAIM_COLUMNS.items()
            ],
            "primaryKey": ["claim", "figure"],
            "missingValues": [""],
        },
    }
