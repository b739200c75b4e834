"""Every figure that moved between two editions: new, revised or withdrawn, by how much, and why."""

from enum import StrEnum

import pandas as pd

from sendreform.observations import KEY, yearly_steps
from sendreform.store import Store

#: What :func:`moved_figures` returns, column by column.
COLUMNS = [
    *KEY, "moved", "because", "old", "new", "old_status", "new_status", "old_source",
    "new_source", "compared_with", "change", "per_cent",
]  # fmt: skip
_NUMBERS = ("old", "new", "change", "per_cent")
_SERIES = ["area", "breakdown"]


class Moved(StrEnum):
    """In which way a figure moved."""

    NEW_MEASURE = "new measure"
    NEW_PERIOD = "new period"
    NEW_SERIES = "new place or breakdown"
    REVISED = "revised"
    WITHDRAWN = "withdrawn"


class Because(StrEnum):
    """Why a figure moved.

    The file that a figure comes from decides: where the old edition knew that very file (by its
    SHA-256, or a quoted page by its release), nothing new was published, and we read it otherwise.
    """

    RELEASE = "a new release"
    METHOD = "our own method"


def moved_figures(old: Store, new: Store) -> pd.DataFrame:
    """Return every figure that is not the same in two editions.

    A figure that now comes from a newer file and is still the same has not moved.

    Returns
    -------
    DataFrame with ``measure``, ``area``, ``period``, ``breakdown``; ``moved`` and ``because``;
    ``old`` and ``new`` (in the unit of the measure, missing where there is a symbol or nothing),
    their statuses and sources; and ``change`` and ``per_cent`` on what ``compared_with`` names:
    ``old edition``, or for a new period the period a year before in the same series. Across a
    break nothing is compared.
    """
    before, after = old.files, new.files
    names = dict.fromkeys([*new.measures.index, *old.measures.index])
    tables = [_moved_of(old, new, measure, before, after) for measure in names]
    there = [table for table in tables if not table.empty]
    if not there:
        return pd.DataFrame(columns=COLUMNS).astype(dict.fromkeys(_NUMBERS, "float64"))
    return pd.concat(there, ignore_index=True)[COLUMNS]


def _moved_of(
    old: Store, new: Store, measure: str, before: pd.Series, after: pd.Series
) -> pd.DataFrame:
    was_there, is_there = measure in old.measures.index, measure in new.measures.index
    if was_there and is_there and _content(old, measure) == _content(new, measure):
        return pd.DataFrame()
    then, now = _observed(old, measure, was_there), _observed(new, measure, is_there)
    both = then.merge(now, on=KEY, how="outer", suffixes=("_then", "_now"), indicator="where")
    same = both["value_then"].eq(both["value_now"]) | (
        both["value_then"].isna() & both["value_now"].isna()
    )
    unmoved = (both["where"] == "both") & same & both["status_then"].eq(both["status_now"])
    moved = both[~unmoved]
    kinds = pd.Series(str(Moved.REVISED), index=moved.index)
    added, gone = moved["where"] == "right_only", moved["where"] == "left_only"
    kinds = (
        kinds.mask(added, str(Moved.NEW_PERIOD))
        .mask(added & ~_in_series(moved, then), str(Moved.NEW_SERIES))
        .mask(added & (not was_there), str(Moved.NEW_MEASURE))
        .mask(gone, str(Moved.WITHDRAWN))
    )
    # A figure that is gone though its file is still in use was left out by us.
    file_now, file_then = moved["source_now"].map(after), moved["source_then"].map(before)
    ours = file_now.isin(set(before)).mask(gone, file_then.isin(set(after)))
    breaks = new.breaks.loc[new.breaks["measure"] == measure, "period"]
    return (
        moved.assign(
            moved=kinds,
            because=ours.map({True: str(Because.METHOD), False: str(Because.RELEASE)}),
        )
        .rename(
            columns={
                "value_then": "old",
                "value_now": "new",
                "status_then": "old_status",
                "status_now": "new_status",
                "source_then": "old_source",
                "source_now": "new_source",
            }
        )
        .pipe(_compared, now, list(breaks))
    )


def _in_series(moved: pd.DataFrame, then: pd.DataFrame) -> pd.Series:
    """Say which rows are of a place and breakdown that the old edition has in some period."""
    known = pd.MultiIndex.from_frame(then[_SERIES])
    return pd.Series(pd.MultiIndex.from_frame(moved[_SERIES]).isin(known), index=moved.index)


def _content(store: Store, measure: str) -> bytes:
    path = store.layout.observations(store.record(measure)["family"], measure)
    return path.read_bytes() if path.is_file() else b""


def _observed(store: Store, measure: str, is_there: bool) -> pd.DataFrame:
    columns = [*KEY, "value", "status", "source"]
    if not is_there:
        return pd.DataFrame(columns=columns).astype({"value": "float64"})
    return store.observations(measure)[columns]


def _compared(moved: pd.DataFrame, now: pd.DataFrame, breaks: list[str]) -> pd.DataFrame:
    """Say by how much: on the old edition, or for a new period on the year before."""
    steps = yearly_steps(now[[*_SERIES, "period", "value"]], breaks).drop(columns="value")
    beside = moved.merge(steps, on=[*_SERIES, "period"], how="left")
    is_new = beside["moved"].isin([Moved.NEW_PERIOD, Moved.NEW_SERIES, Moved.NEW_MEASURE])
    base = beside["old"].where(~is_new, beside["before"])
    change = (beside["new"] - base).round(9)
    per_cent = (100 * change / base.abs()).where(base != 0)
    with_what = beside["previous"].where(is_new, "old edition")
    return beside.assign(
        compared_with=with_what.where(change.notna(), "").fillna(""),
        change=change,
        per_cent=per_cent,
    ).fillna(dict.fromkeys(("old_status", "new_status", "old_source", "new_source"), ""))
