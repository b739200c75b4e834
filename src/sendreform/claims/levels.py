"""The level of a measure: its breakdowns added up, for places and periods, with their sources."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.evidence.lookup import breakdown_label
from sendreform.observations import STATUSES
from sendreform.periods import label
from sendreform.store import Store

_SIGNS = {"+": 1, "-": -1}
_SIGN_WORDS = {1: " + ", -1: " − "}


@dataclass(frozen=True)
class Quantity:
    """A measure and those of its breakdowns that are added (1) or taken away (-1)."""

    measure: str
    parts: tuple[tuple[str, int], ...]


def parts_of(breakdown: str) -> tuple[tuple[str, int], ...]:
    """Read the breakdowns of a recipe, each with its sign.

    Raises
    ------
    ReportError
        If a breakdown stands twice.

    Examples
    --------
    >>> parts_of("age:5 placement:special + age:6 placement:special - age:7")
    (('age:5 placement:special', 1), ('age:6 placement:special', 1), ('age:7', -1))
    >>> parts_of("")
    (('all', 1),)
    """
    first, *rest = re.split(r" ([+-]) ", breakdown or "all")
    pairs = [
        (first, 1),
        *((name, _SIGNS[sign]) for sign, name in zip(*[iter(rest)] * 2, strict=True)),
    ]
    names = [name for name, _sign in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ReportError(
                f"{name!r} stands twice", where="breakdown", fix="Name each breakdown once."
            )
    return tuple(pairs)


def quantity(store: Store, measure: str, breakdown: str) -> Quantity:
    """Read a measure and its breakdowns, and refuse what is not in ``data/``.

    Raises
    ------
    ReportError
        On an unknown measure or breakdown, with the near names; ``where`` is ``measure`` or
        ``breakdown``.
    """
    store.record(measure)
    known = store.observations(measure)["breakdown"].unique()
    parts = parts_of(breakdown)
    for name, _sign in parts:
        if name not in known:
            raise ReportError(
                f"{measure} has no breakdown {name!r}",
                where="breakdown",
                fix=did_you_mean(name, known) or f"It has {_listed(known)}.",
            )
    return Quantity(measure, parts)


def published_periods(store: Store, measure: str, areas: Iterable[str]) -> list[str]:
    """Return the periods for which a measure has rows of any of these areas, in order."""
    observed = store.observations(measure)
    return sorted(observed.loc[observed["area"].isin(list(areas)), "period"].unique())


def levels(store: Store, of: Quantity, areas: list[str], periods: list[str]) -> pd.DataFrame:
    """Return the level of a quantity for each area and period.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``value`` (missing where any part is missing or not
    published: a sum of some parts is not the sum) and ``sources``, ids with spaces between.
    """
    observed = store.observations(of.measure)
    signs = pd.Series(dict(of.parts))
    wanted = observed[
        observed["area"].isin(areas)
        & observed["period"].isin(periods)
        & observed["breakdown"].isin(signs.index)
    ]
    wide = wanted.pivot(index=["area", "period"], columns="breakdown", values="value").reindex(
        index=pd.MultiIndex.from_product([areas, periods], names=["area", "period"]),
        columns=signs.index,
    )
    sources = wanted.groupby(["area", "period"])["source"].agg(
        lambda used: " ".join(dict.fromkeys(used))
    )
    return pd.DataFrame(
        {"value": wide.mul(signs).sum(axis="columns", skipna=False), "sources": sources},
        index=wide.index,
    ).reset_index()


def complete_levels(store: Store, of: Quantity, area: str, periods: list[str]) -> pd.DataFrame:
    """Return the levels of a quantity for one area, all of them known.

    Raises
    ------
    ReportError
        If a figure is missing: names measure, area, period, breakdown and the publisher's symbol.
    """
    found = levels(store, of, [area], periods)
    unknown = found.loc[found["value"].isna(), "period"]
    if unknown.empty:
        return found
    kind = store.record(of.measure)["period_kind"]
    name, period = str(store.areas.loc[area, "name"]), str(unknown.iloc[0])
    rows = store.observations(of.measure).query("area == @area and period == @period")
    symbols = dict(zip(rows["breakdown"], rows["status"], strict=True))
    there = set(rows.loc[rows["value"].notna(), "breakdown"])
    gap = next(part for part, _sign in of.parts if part not in there)
    symbol = symbols.get(gap, "")
    why = f"has the symbol {symbol!r} ({STATUSES[symbol]})" if symbol else "is not published"
    raise ReportError(
        f"{of.measure} {why} for {name}, {label(period, kind)}, breakdown {gap!r}",
        where="measure",
        fix="Choose other periods or breakdowns, or give the row a status.",
    )


def in_words(store: Store, of: Quantity) -> str:
    """Return a quantity in words: ``EHC plans (Special schools + Hospital)``."""
    title = store.record(of.measure)["title"]
    if of.parts == (("all", 1),):
        return title
    (first, _plus), *rest = [(breakdown_label(store, name), sign) for name, sign in of.parts]
    return f"{title} ({first}{''.join(_SIGN_WORDS[sign] + name for name, sign in rest)})"


def _listed(names: Iterable[str], most: int = 12) -> str:
    known = sorted(names)
    return ", ".join(known[:most]) + (" …" if len(known) > most else "")
