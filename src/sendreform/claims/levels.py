"""The level of a measure: its breakdowns added up, for places and periods, with their sources."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import chain

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.evidence.lookup import breakdown_label
from sendreform.observations import STATUSES
from sendreform.periods import label
from sendreform.store import Store

_SIGNS = {"+": 1, "-": -1}
_SIGN_WORDS = {1: " + ", -1: " − "}

#: Breakdowns, each with its sign: 1 if added, -1 if taken away.
Parts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Quantity:
    """A measure and its breakdowns, in one way or in several.

    Attributes
    ----------
    measure
        Its name.
    alternatives
        Ways to put the same figure together, such as a band of age or its single ages, where the
        publication changed from one to the other. For each area and period the first is taken of
        which every part is published; never parts of one and parts of another.
    """

    measure: str
    alternatives: tuple[Parts, ...]


def alternatives_of(breakdown: str) -> tuple[Parts, ...]:
    """Read the breakdowns of a recipe: ``A + B - C``, or alternatives, ``A + B or C + D``.

    Raises
    ------
    ReportError
        If a breakdown stands twice in one alternative, or an alternative stands twice.

    Examples
    --------
    >>> alternatives_of("age:5 placement:special + age:6 placement:special - age:7")
    ((('age:5 placement:special', 1), ('age:6 placement:special', 1), ('age:7', -1)),)
    >>> alternatives_of("age:under_5 or age:under_3 + age:3")
    ((('age:under_5', 1),), (('age:under_3', 1), ('age:3', 1)))
    >>> alternatives_of("")
    ((('all', 1),),)
    """
    alternatives = (breakdown or "all").split(" or ")
    _refuse_twice(alternatives)
    return tuple(map(_parts_of, alternatives))


def _parts_of(alternative: str) -> Parts:
    first, *rest = re.split(r" ([+-]) ", alternative)
    pairs = [
        (first, 1),
        *((name, _SIGNS[sign]) for sign, name in zip(*[iter(rest)] * 2, strict=True)),
    ]
    _refuse_twice([name for name, _sign in pairs])
    return tuple(pairs)


def _refuse_twice(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ReportError(
                f"{name!r} stands twice", where="breakdown", fix="Name each breakdown once."
            )


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
    alternatives = alternatives_of(breakdown)
    for name, _sign in chain.from_iterable(alternatives):
        if name not in known:
            raise ReportError(
                f"{measure} has no breakdown {name!r}",
                where="breakdown",
                fix=did_you_mean(name, known) or f"It has {_listed(known)}.",
            )
    return Quantity(measure, alternatives)


def published_periods(store: Store, measure: str, areas: Iterable[str]) -> list[str]:
    """Return the periods for which a measure has rows of any of these areas, in order."""
    observed = store.observations(measure)
    return sorted(observed.loc[observed["area"].isin(list(areas)), "period"].unique())


def levels(store: Store, of: Quantity, areas: list[str], periods: list[str]) -> pd.DataFrame:
    """Return the level of a quantity for each area and period.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``value`` (missing where in every alternative a part is
    missing or not published: a sum of some parts is not the sum) and ``sources``, ids with spaces
    between, of the alternative that is taken.
    """
    observed = store.observations(of.measure)
    rows = observed[observed["area"].isin(areas) & observed["period"].isin(periods)]
    index = pd.MultiIndex.from_product([areas, periods], names=["area", "period"])
    return reduce(
        pd.DataFrame.combine_first, [_added_up(rows, parts, index) for parts in of.alternatives]
    ).reset_index()


def _added_up(rows: pd.DataFrame, parts: Parts, index: pd.MultiIndex) -> pd.DataFrame:
    """Add up the parts of one alternative; no value and no sources where one is missing."""
    signs = pd.Series(dict(parts))
    wanted = rows[rows["breakdown"].isin(signs.index)]
    wide = wanted.pivot(index=["area", "period"], columns="breakdown", values="value").reindex(
        index=index, columns=signs.index
    )
    value = wide.mul(signs).sum(axis="columns", skipna=False)
    sources = wanted.groupby(["area", "period"])["source"].agg(
        lambda used: " ".join(dict.fromkeys(used))
    )
    return pd.DataFrame(
        {"value": value, "sources": sources.reindex(index).where(value.notna())}, index=index
    )


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

    def why(gap: str) -> str:
        symbol = symbols.get(gap, "")
        return f"has the symbol {symbol!r} ({STATUSES[symbol]})" if symbol else "is not published"

    gap, *others = [
        next(part for part, _sign in parts if part not in there) for parts in of.alternatives
    ]
    raise ReportError(
        f"{of.measure} {why(gap)} for {name}, {label(period, kind)}, breakdown {gap!r}"
        + "".join(f"; it {why(other)}, breakdown {other!r}" for other in others),
        where="measure",
        fix="Choose other periods or breakdowns, or give the row a status.",
    )


def in_words(store: Store, of: Quantity) -> str:
    """Return a quantity in words: ``EHC plans (Special schools + Hospital)``."""
    title = str(store.record(of.measure)["title"])
    if of.alternatives == ((("all", 1),),):
        return title
    return f"{title} ({', or else '.join(_listing(store, parts) for parts in of.alternatives)})"


def _listing(store: Store, parts: Parts) -> str:
    (first, _plus), *rest = [(breakdown_label(store, name), sign) for name, sign in parts]
    return first + "".join(_SIGN_WORDS[sign] + name for name, sign in rest)


def _listed(names: Iterable[str], most: int = 12) -> str:
    known = sorted(names)
    return ", ".join(known[:most]) + (" …" if len(known) > most else "")
