"""All that moved between two editions, as one table, the most important first."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sendreform.changes import judgements, telling
from sendreform.changes.editions import Edition
from sendreform.changes.figures import moved_figures
from sendreform.changes.judgements import NOT_THERE, Judgement
from sendreform.changes.kinds import Kind
from sendreform.changes.known_at import STAND_IN
from sendreform.charts.numbers import MINUS
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
_LEVELS = {"country": Kind.ENGLAND, "region": Kind.REGION, "council": Kind.COUNCIL}
#: A figure from here on is told without decimals; others with one, and with more where that is
#: needed to tell two apart.
_FEW_DIGITS, _MOST_DECIMALS = 1000, 4


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
        """How many things of each kind moved, in the order of the kinds; none left out."""
        found = self.moved["importance"].value_counts()
        return {kind.words: int(found.get(kind, 0)) for kind in Kind}


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
    return [
        f"From {found.old.words} to {found.new.words}",
        *found.notes,
        *(["What moved:", *counts] if counts else ["Nothing moved."]),
        *(f"• {headline}" for headline in found.headlines),
        *_release_lines("New releases", found.releases, "new"),
        *_release_lines("No longer in use", found.releases, "old"),
    ]


def _release_lines(title: str, releases: pd.DataFrame, edition: str) -> list[str]:
    """Write a line for each publication, with its releases."""
    own = releases[releases["edition"] == edition].groupby("publication", sort=False)["release"]
    lines = [f"  {publication}: {', '.join(rows)}" for publication, rows in own]
    return [f"{title}:", *lines] if lines else []


def tables(found: Changes) -> dict[str, pd.DataFrame]:
    """Return by title the tables that a reader wants: verdicts, claims, England, and the rest."""
    of = found.moved["importance"]
    england = found.moved[of.isin([Kind.ENGLAND_JUDGED, Kind.ENGLAND])]
    first = england.head(MOST_TOLD)
    judged = ["name", "title", "before", "after", "why"]
    by_kind = {
        "Verdicts": (Kind.FINDING, Kind.TEST),
        "Claims": (Kind.CLAIM,),
        "Figures of tests and claims": (Kind.FIGURE_OF_TEST, Kind.FIGURE_OF_CLAIM),
        "Tests and claims that only one edition has": (Kind.OTHER_TEST, Kind.OTHER_CLAIM),
    }
    return {
        **{title: found.moved.loc[of.isin(kinds), judged] for title, kinds in by_kind.items()},
        f"Figures for England, the first {len(first)} of {len(england):,}": first[
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
    kind = _kind(one)
    change = one.new - one.old
    before, after = _told(one)
    return {
        "importance": kind, "kind": kind.words, "name": one.name, "title": one.title,
        "area": ENGLAND if one.kind == "test" else "", "area_name": "", "period": one.period,
        "breakdown": "", "unit": one.unit, "before": before, "after": after,
        "change": change, "per_cent": 100 * change / abs(one.old) if one.old else float("nan"),
        "compared_with": "" if np.isnan(change) else "old edition",
        "moved": "verdict or status" if one.changed_sides else "figure", "because": "",
        "why": telling.why_judgement(one, by_measure),
    }  # fmt: skip


def _kind(one: Judgement) -> Kind:
    if one.kind == "finding":
        return Kind.FINDING
    is_test = one.kind == "test"
    if NOT_THERE in (one.before, one.after):
        return Kind.OTHER_TEST if is_test else Kind.OTHER_CLAIM
    if one.changed_sides:
        return Kind.TEST if is_test else Kind.CLAIM
    return Kind.FIGURE_OF_TEST if is_test else Kind.FIGURE_OF_CLAIM


def _told(one: Judgement) -> tuple[str, str]:
    """Write both verdicts or statuses with their figures: "supported (57.2 per cent of plans)"."""
    values = [value for value in (one.old, one.new) if not np.isnan(value)]
    whole = all(value.is_integer() or abs(value) >= _FEW_DIGITS for value in values)
    fewest = 0 if whole else 1
    decimals = next(
        (
            count
            for count in range(fewest, _MOST_DECIMALS)
            if len({round(value, count) for value in values}) == len({*values})
        ),
        _MOST_DECIMALS,
    )
    before, after = (
        status if np.isnan(value) else f"{status} ({value:,.{decimals}f} {one.unit})"
        for status, value in ((one.before, one.old), (one.after, one.new))
    )
    return before.replace("(-", f"({MINUS}"), after.replace("(-", f"({MINUS}")


def _figure_rows(
    figures: pd.DataFrame, records: pd.DataFrame, weights: dict[str, int], old: Store, new: Store
) -> pd.DataFrame:
    """Turn the table of moved figures into rows of the table of all that moved."""
    if figures.empty:
        return pd.DataFrame(columns=COLUMNS)
    places = pd.concat([new.areas, old.areas[~old.areas.index.isin(new.areas.index)]])
    measured = figures["measure"]
    kind = figures["area"].map(places["level"]).map(_LEVELS)
    kind = kind.mask((kind == Kind.ENGLAND) & measured.isin(weights), Kind.ENGLAND_JUDGED)
    ways = figures[["moved", "because", "old_source", "new_source"]]
    said = telling.releases(old), telling.releases(new)
    distinct = ways.drop_duplicates()
    whys = pd.Series(
        [telling.why_figure(row, said) for row in distinct.to_dict("records")],
        index=pd.MultiIndex.from_frame(distinct),
    )
    return figures.assign(
        importance=kind,
        kind=kind.map({each: each.words for each in Kind}),
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
