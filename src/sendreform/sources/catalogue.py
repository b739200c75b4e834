"""The words about the data: what each measure means and where each file came from.

The words live in YAML beside the module that reads the files. A publication's YAML has:

``files``
    By source id: ``path`` (under the folder of official files; empty where a page is quoted and
    there is no file), ``member`` (of an archive),
    ``title``, ``publisher``, ``publication``, ``release``, ``url``, ``licence``, ``published``,
    ``accessed``, ``altered`` (what our code or whoever gathered the file changed).
``measures``
    By measure name: ``title``, ``definition``, ``unit``, ``decimals``, ``polarity``
    (``higher``, ``lower`` or ``neutral`` is better), ``period_kind``, ``family``, ``breaks``
    (by period from which the series is not comparable with what came before, why).
``breakdowns``
    By dimension: ``title`` and ``values`` (by code: label, or label and ``parent``).
``known_residuals``
    Where published parts do not add to the published whole: ``measure``, ``check`` (``areas`` or
    a dimension), ``area``, ``period`` and ``breakdown`` (how it begins; each empty for any),
    ``largest`` (the largest residual, either way, that this explains), ``note`` (why).
"""

import hashlib
from dataclasses import dataclass
from importlib import resources

import pandas as pd
import yaml

from sendreform.sources.reading import SourceFolder

SOURCE_COLUMNS = [
    "source", "title", "publisher", "publication", "release", "path", "member", "url",
    "licence", "published", "accessed", "sha256", "altered",
]  # fmt: skip
MEASURE_COLUMNS = [
    "measure", "title", "definition", "unit", "decimals", "polarity", "period_kind", "family",
    "adds_up", "publication",
]  # fmt: skip
BREAK_COLUMNS = ["measure", "period", "note"]
RESIDUAL_COLUMNS = ["measure", "check", "area", "period", "breakdown", "largest", "note"]
BREAKDOWN_COLUMNS = ["dimension", "dimension_title", "code", "label", "parent", "position"]


@dataclass(frozen=True)
class Words:
    """What one publication's YAML says, as tables with the columns named above."""

    sources: pd.DataFrame
    measures: pd.DataFrame
    breaks: pd.DataFrame
    breakdowns: pd.DataFrame
    known_residuals: pd.DataFrame


def read_words(publication: str) -> Words:
    """Read the YAML beside a publication's module; ``sha256`` is left empty."""
    text = (resources.files("sendreform.sources") / f"{publication}.yml").read_text("utf-8")
    words = yaml.safe_load(text)
    measures = words.get("measures") or {}
    return Words(
        sources=pd.DataFrame(
            [{"source": name, **record} for name, record in (words.get("files") or {}).items()]
        )
        .reindex(columns=SOURCE_COLUMNS)
        .astype("object")
        .fillna("")
        .astype("str"),
        measures=pd.DataFrame(
            [
                {
                    "measure": name,
                    **record,
                    "adds_up": " ".join(record.get("adds_up") or []),
                    "publication": publication,
                }
                for name, record in measures.items()
            ]
        ).reindex(columns=MEASURE_COLUMNS),
        breaks=pd.DataFrame(
            [
                {"measure": name, "period": str(period), "note": note}
                for name, record in measures.items()
                for period, note in (record.get("breaks") or {}).items()
            ],
            columns=BREAK_COLUMNS,
        ),
        breakdowns=pd.DataFrame(
            [
                {
                    "dimension": dimension,
                    "dimension_title": record["title"],
                    "code": str(code),
                    "label": value["label"] if isinstance(value, dict) else str(value),
                    "parent": value.get("parent", "all") if isinstance(value, dict) else "all",
                    "position": position,
                }
                for dimension, record in (words.get("breakdowns") or {}).items()
                for position, (code, value) in enumerate(record["values"].items(), start=1)
            ],
            columns=BREAKDOWN_COLUMNS,
        ),
        known_residuals=pd.DataFrame(words.get("known_residuals") or [])
        .reindex(columns=RESIDUAL_COLUMNS)
        .astype("object")
        .fillna("")
        .astype("str"),
    )


def with_hashes(sources: pd.DataFrame, folder: SourceFolder) -> pd.DataFrame:
    """Fill ``sha256`` with the SHA-256 of each official file (of the archive, for a member).

    A record without a path quotes a page: there is no file, and ``sha256`` stays empty.
    """
    return sources.assign(
        sha256=[
            hashlib.sha256(folder.read_bytes(path)).hexdigest() if path else ""
            for path in sources["path"]
        ]
    )
