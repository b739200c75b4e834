"""All that moved between two editions, as one table, the most important first."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sendreform.changes import judgements, telling
from sendreform.changes.editions import Edition
from sendreform.changes.figures import moved_figures
from sendreform.changes.judgements import Judgement
from sendreform.changes.known_at import STAND_IN
from sendreform.observations import ENGLAND
from sendreform.store import Store
from sendreform.store.layout import number_text

#: Columns of the table of all that moved.
COLUMNS = [
    "importance", "kind", "name", "title", "area", "area_name", "period", "breakdown", "unit",
    "before", "after", "change", "per_cent", "compared_with", "moved", "because", "why",
]  # fmt: skip
#: How many figures for England are told one by one.
MOST_TOLD = 30
#: Kinds of things that move, the most important first. A row's ``importance`` is its place here.
KINDS = (
    "verdict on a finding",
    "verdict of a test",
    "status of a claim",
    "figure of a test",
    "figure of a claim",
    "figure for England that a verdict or claim rests on",
    "figure for England",
    "figure for a region",
    "figure for a council",
)
_LEVELS = {"country": 6, "region": 7, "council": 8}


@dataclass(frozen=True)
class Changes:
    """What moved between two editions.

    Attributes
    ----------
    old, new
        The editions.
    headlines
        Sentences on findings, and on measures that have a newer figure for England.
    notes
        What could not be compared, and why.
    releases
        ``publication``, ``release`` and ``edition`` (``old`` or ``new``): official releases that
        only one of the two editions has.
    moved
        A row for each figure, claim and verdict that moved, with ``COLUMNS``, the most important
        first; within a kind, whole populations before breakdowns, measures on which most rests
        before others, and large changes before small.
    measures
        ``measure``, ``title``, and how many of its figures moved in each way and why.
    """

    old: Edition
    new: Edition
    headlines: list[str]
    notes: list[str]
    releases: pd.DataFrame
    moved: pd.DataFrame
    measures: pd.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """How many things of each kind moved, in the order of ``KINDS``; none left out."""
        found = self.moved["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}


def compare(old: Edition, new: Edition) -> Changes:
    """Work out all that moved from one edition of the data to another."""
    stores = old.store, new.store
    figures = moved_figures(*stores)
    weights = judgements.measures_judged(new.store)
    records = _records(*stores)
    by_measure = telling.in_short(
        figures, records["title"].to_dict(), records["period_kind"].to_dict()
    )
    verdicts = judgements.moved_verdicts(*stores)
    judged = [*verdicts, *judgements.moved_claims(*stores)]
    notes = [
        f"{edition.name}: {note}".removesuffix(".") + "."
        for edition in (old, new)
        for note in (*([edition.cut] if edition.cut else []), *judgements.notes(edition.store))
    ]
    moved = pd.concat(
        [
            pd.DataFrame([_judgement_row(one, by_measure) for one in judged], columns=COLUMNS),
            _figure_rows(figures, records, weights, *stores),
        ],
        ignore_index=True,
    )
    return Changes(
        old,
        new,
        headlines=[
            *telling.verdict_sentences(verdicts),
            *telling.headlines(figures, *stores, weights),
        ],
        notes=notes,
        releases=_releases(*stores),
        moved=_sorted(moved, weights),
        measures=_by_measure(figures, records),
    )


def in_words(found: Changes) -> list[str]:
    """Return lines that say which editions are compared, what moved most, and how much moved."""
    counts = [f"  {count:,} × {kind}" for kind, count in found.counts.items() if count]
    come, gone = (
        [f"{row.publication}, {row.release}" for row in found.releases.itertuples()
         if row.edition == edition]
        for edition in ("new", "old")
    )  # fmt: skip
    return [
        f"From {found.old.words} to {found.new.words}",
        *found.notes,
        *(f"New release: {name}" for name in come),
        *(f"No longer in use: {name}" for name in gone),
        *(["What moved:", *counts] if counts else ["Nothing moved."]),
        *(f"• {headline}" for headline in found.headlines),
    ]


def tables(found: Changes) -> dict[str, pd.DataFrame]:
    """Return by title the tables that a reader wants: verdicts, claims, England, and the rest."""
    of = found.moved["importance"]
    england = found.moved[of.isin([6, 7])]
    judged = ["name", "title", "before", "after", "why"]
    return {
        "Verdicts": found.moved.loc[of.isin([1, 2]), judged],
        "Claims": found.moved.loc[of == 3, judged],
        "Figures of tests and claims": found.moved.loc[of.isin([4, 5]), judged],
        f"Figures for England, the first {MOST_TOLD} of {len(england):,}": england.head(MOST_TOLD)[
            ["name", "period", "breakdown", "before", "after", "per_cent", "compared_with", "why"]
        ].round({"per_cent": 1}),
        "Every measure that moved": found.measures,
    }


def as_json(found: Changes) -> dict[str, Any]:
    """Return all that moved as JSON has it: a missing number is null."""
    return {
        "old": _edition(found.old),
        "new": _edition(found.new),
        "notes": found.notes,
        "headlines": found.headlines,
        "counts": found.counts,
        "releases": found.releases.to_dict("records"),
        "measures": found.measures.to_dict("records"),
        "moved": json.loads(found.moved.to_json(orient="records")),
    }


def _edition(edition: Edition) -> dict[str, str]:
    return {"name": edition.name, "version": edition.version, "date": edition.date}


def _records(old: Store, new: Store) -> pd.DataFrame:
    """Return what the newer edition says of every measure, of those that are gone the older."""
    return pd.concat([new.measures, old.measures[~old.measures.index.isin(new.measures.index)]])


def _judgement_row(one: Judgement, by_measure: dict[str, str]) -> dict[str, Any]:
    kind = {
        ("finding", True): 0, ("test", True): 1, ("claim", True): 2,
        ("test", False): 3, ("claim", False): 4,
    }[one.kind, one.changed_sides]  # fmt: skip
    change = one.new - one.old
    return {
        "importance": kind + 1, "kind": KINDS[kind], "name": one.name, "title": one.title,
        "area": ENGLAND if one.kind == "test" else "", "area_name": "", "period": one.period,
        "breakdown": "", "unit": one.unit,
        "before": _told(one.before, one.old), "after": _told(one.after, one.new),
        "change": change, "per_cent": 100 * change / abs(one.old) if one.old else float("nan"),
        "compared_with": "" if np.isnan(change) else "old edition",
        "moved": "verdict or status" if one.changed_sides else "figure", "because": "",
        "why": telling.why_judgement(one, by_measure),
    }  # fmt: skip


def _told(status: str, figure: float) -> str:
    """Write a verdict or status with its figure: "supported (57.2)"."""
    return status if np.isnan(figure) else f"{status} ({figure:.6g})"


def _figure_rows(
    figures: pd.DataFrame, records: pd.DataFrame, weights: dict[str, int], old: Store, new: Store
) -> pd.DataFrame:
    """Turn the table of moved figures into rows of the table of all that moved."""
    if figures.empty:
        return pd.DataFrame(columns=COLUMNS)
    places = pd.concat([new.areas, old.areas[~old.areas.index.isin(new.areas.index)]])
    measured = figures["measure"]
    kind = figures["area"].map(places["level"]).map(_LEVELS)
    kind = kind.mask((kind == _LEVELS["country"]) & measured.isin(weights), 5)
    ways = figures[["moved", "because", "old_source", "new_source"]]
    said = telling.releases(old), telling.releases(new)
    distinct = ways.drop_duplicates()
    whys = pd.Series(
        [telling.why_figure(row, said) for row in distinct.to_dict("records")],
        index=pd.MultiIndex.from_frame(distinct),
    )
    return figures.assign(
        importance=kind + 1,
        kind=kind.map(dict(enumerate(KINDS))),
        name=measured,
        title=measured.map(records["title"]),
        area_name=figures["area"].map(places["name"]),
        unit=measured.map(records["unit"]),
        before=_cells(figures["old"], figures["old_status"]),
        after=_cells(figures["new"], figures["new_status"]),
        why=whys.loc[pd.MultiIndex.from_frame(ways)].to_numpy(),
    )[COLUMNS]


def _cells(values: pd.Series, statuses: pd.Series) -> pd.Series:
    """Write figures as ``data/`` has them, a symbol where there is none, else nothing."""
    return (
        values.map(number_text, na_action="ignore").astype("object").where(values.notna(), statuses)
    )


def _sorted(moved: pd.DataFrame, weights: dict[str, int]) -> pd.DataFrame:
    """Put the most important first."""
    return (
        moved.assign(
            weight=-moved["name"].map(weights).astype("float64"),
            is_part=~moved["breakdown"].isin(["", "all"]),
            size=-moved["per_cent"].astype("float64").abs().replace(np.inf, np.nan),
        )
        .sort_values(
            ["importance", "is_part", "weight", "size", "name", "area", "period", "breakdown"],
            na_position="last",
            kind="stable",
            ignore_index=True,
        )
        .astype({"importance": "int64", "change": "float64", "per_cent": "float64"})[COLUMNS]
    )


def _releases(old: Store, new: Store) -> pd.DataFrame:
    """Return the releases that only one of two editions has; stand-ins are none."""
    told = [
        store.sources[["publication", "release"]].drop_duplicates().assign(edition=name)
        for store, name in ((old, "old"), (new, "new"))
    ]
    told = [table[~table["release"].str.startswith(STAND_IN)] for table in told]
    return (
        pd.concat(told, ignore_index=True)
        .drop_duplicates(["publication", "release"], keep=False)
        .reset_index(drop=True)
    )


def _by_measure(figures: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Count the figures of each measure that moved, by the way and the reason."""
    counted = figures.groupby(["measure", "moved", "because"], as_index=False).agg(
        figures=("period", "size"), first=("period", "min"), last=("period", "max")
    )
    return counted.assign(title=counted["measure"].map(records["title"]))[
        ["measure", "title", "moved", "because", "figures", "first", "last"]
    ].sort_values("figures", ascending=False, kind="stable", ignore_index=True)
