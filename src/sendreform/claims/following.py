"""Follows a recipe: the figure that our measures give, and the files that it comes from."""

from dataclasses import dataclass

import pandas as pd

from sendreform.claims.levels import Quantity, complete_levels, levels
from sendreform.claims.recipes import DEFLATOR, Recipe, councils_of
from sendreform.errors import ReportError
from sendreform.evidence import money
from sendreform.periods import every_year, matching
from sendreform.store import Store


@dataclass(frozen=True)
class Recomputed:
    """A figure in the unit of its claim, and the ids of the files that it comes from."""

    value: float
    sources: tuple[str, ...]


def follow(store: Store, recipe: Recipe) -> Recomputed:
    """Recompute the figure of a recipe from ``data/``.

    Raises
    ------
    ReportError
        If a figure that it needs is missing, a period has no match in the other measure, or a
        level cannot be divided by.
    """
    if recipe.does.takes == "councils":
        places, periods = councils_of(store, recipe), [recipe.end]
    else:
        places, periods = [recipe.area], _periods(store, recipe)
    found = _levels(store, recipe.of, places, periods, recipe)
    if recipe.prices:
        found = _priced(store, found, recipe.prices)
    if recipe.per:
        found = _against(found, _other_levels(store, recipe.per, recipe, places, periods), recipe)
    if found.empty:
        raise ReportError(
            f"no council has a figure of {recipe.of.measure} for {recipe.end}",
            where="to",
            fix="Choose another period.",
        )
    figure = recipe.does.result([float(value) for value in found["value"]])
    sources = dict.fromkeys(" ".join(found["sources"]).split())
    return Recomputed(figure * recipe.factor, tuple(sources))


def _periods(store: Store, recipe: Recipe) -> list[str]:
    if recipe.does.takes == "last":
        return [recipe.end]
    if recipe.does.takes == "ends":
        return [recipe.start, recipe.end]
    return every_year(recipe.start, recipe.end, store.record(recipe.of.measure)["period_kind"])


def _levels(
    store: Store, of: Quantity, places: list[str], periods: list[str], recipe: Recipe
) -> pd.DataFrame:
    """Return levels: all of them for one place; for councils, of those that have a figure."""
    if recipe.does.takes == "councils":
        return levels(store, of, places, periods).dropna(subset="value")
    return complete_levels(store, of, places[0], periods)


def _priced(store: Store, found: pd.DataFrame, base: str) -> pd.DataFrame:
    """Put levels into the prices of a financial year; the deflator is a source as well."""
    deflator = store.observations(DEFLATOR)
    priced = money.in_prices_of(found, deflator, base)
    unknown = priced.loc[priced["value"].isna(), "period"]
    if not unknown.empty:
        raise ReportError(
            f"there is no deflator for {unknown.iloc[0]}", where="prices", fix="Use cash."
        )
    used = deflator[deflator["period"].isin([*found["period"], base])]["source"].unique()
    return priced.assign(sources=priced["sources"] + " " + " ".join(used))


def _other_levels(
    store: Store, per: Quantity, recipe: Recipe, places: list[str], periods: list[str]
) -> pd.DataFrame:
    """Return levels of the other measure at the matching periods, dated as the measure's own."""
    kind = store.record(recipe.of.measure)["period_kind"]
    own = store.record(per.measure)["period_kind"]
    try:
        matches = {matching(period, kind, own): period for period in periods}
        other = _levels(store, per, places, list(matches), recipe)
    except ReportError as error:
        raise ReportError(error.what, where="per_measure", fix=error.fix) from error
    return other.assign(period=other["period"].map(matches).astype("str"))


def _against(found: pd.DataFrame, other: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Divide levels by those of the other measure, or take these away to compare."""
    both = found.merge(other, on=["area", "period"], suffixes=("", "_other")).assign(
        sources=lambda both: both["sources"] + " " + both["sources_other"]
    )
    if recipe.does.compares:
        return both.assign(value=both["value"] - both["value_other"])
    if both["value_other"].eq(0).any():
        raise ReportError(
            "a level to divide by is nought", where="per_measure", fix="Choose another divisor."
        )
    return both.assign(value=both["value"] / both["value_other"])
