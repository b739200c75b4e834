"""Recipes: how a published figure is to be recomputed, read from the ledger and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sendreform.areas import Areas
from sendreform.claims.levels import Quantity, published_periods, quantity
from sendreform.claims.operations import OPERATIONS, Operation
from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND
from sendreform.periods import is_period
from sendreform.store import Store

DEFLATOR = "gdp_deflator"

#: What one of a unit is in the unit of a measure: money in words, counts in thousands.
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
#: How units of money, and of shares, begin.
_MONEY = re.compile(rf"(?:(?:{'|'.join(_SCALES)}) )?pounds?\b")
_PER_CENT = ("per cent", "percentage point")
_PER_THOUSAND = re.compile(r"\bper (?:thousand|1,?000)\b")
#: What tells, in the unit of a quotient, that it is one: "appeals per plan", "pounds a place".
_QUOTIENT = re.compile(r"\b(?:per|a|an|each|every|times|percentage points?)\b")
#: What a count is said to be of, where a measure says it otherwise.
_SAME_NOUNS = ({"children", "children and young people"}, {"plans", "EHC plans"})


@dataclass(frozen=True)
class Recipe:
    """A recipe whose every name and period is known; see :func:`read_recipe`.

    ``start`` is empty for an operation at one period, ``per`` is ``None`` and ``prices`` empty
    where they do not apply.
    """

    operation: str
    of: Quantity
    area: str
    start: str
    end: str
    per: Quantity | None
    prices: str
    unit: str

    @property
    def does(self) -> Operation:
        """The operation itself."""
        return OPERATIONS[self.operation]

    @property
    def factor(self) -> float:
        """What a level, or a quotient of levels, is multiplied by to be in the claim's unit.

        Examples
        --------
        >>> plans = Quantity("ehc_plans", ((("all", 1),),))
        >>> Recipe("level", plans, ENGLAND, "", "2024-01", None, "", "thousand plans").factor
        0.001
        >>> Recipe("level", plans, ENGLAND, "", "2024-01", plans, "", "per 1,000 plans").factor
        1000.0
        """
        if not self.does.in_levels:
            return 1.0
        return self.out_of / _SCALES.get(self.unit.split(" ")[0], 1)

    @property
    def out_of(self) -> float:
        """How many of the divisor a quotient is told for: 100 as a per cent, else 1,000 or 1."""
        if not self.per:
            return 1.0
        if self.unit.startswith(_PER_CENT):
            return 100.0
        return 1000.0 if _PER_THOUSAND.search(self.unit) else 1.0


def read_recipe(store: Store, areas: Areas, row: Mapping[str, str]) -> Recipe:
    """Read the recipe in a row of the ledger.

    Raises
    ------
    ReportError
        On a name or period that ``data/`` does not have, with what is near; ``where`` is the
        column of the ledger.
    """
    operation = row["operation"]
    if operation not in OPERATIONS:
        raise ReportError(
            f"unknown operation {operation!r}",
            where="operation",
            fix=did_you_mean(operation, OPERATIONS) or f"It is one of {', '.join(OPERATIONS)}.",
        )
    does = OPERATIONS[operation]
    if does.units and not row["unit"].startswith(does.units):
        raise ReportError(
            f"{operation} gives {does.units[0]}, and the unit is {row['unit']!r}",
            where="unit",
            fix="Give the claim the unit that its recipe has.",
        )
    recipe = Recipe(
        operation=operation,
        of=quantity(store, row["measure"], row["breakdown"]),
        area=areas.find(row["area"] or "England"),
        start=row["from"],
        end=row["to"],
        per=_per(store, row),
        prices=row["prices"],
        unit=row["unit"],
    )
    places = councils_of(store, recipe) if does.takes == "councils" else [recipe.area]
    kind = store.record(recipe.of.measure)["period_kind"]
    published = published_periods(store, recipe.of.measure, places)
    if not published:
        raise ReportError(
            f"{recipe.of.measure} has no figure for {areas.name(recipe.area)}",
            where="area",
            fix="Give a place for which it is published.",
        )
    for column in ("from", "to"):
        _refuse_period(row[column], column, recipe.of.measure, kind, published)
    _refuse_order(recipe)
    _refuse_prices(store, recipe, kind)
    _refuse_unit(store, recipe)
    return recipe


def councils_of(store: Store, recipe: Recipe) -> list[str]:
    """Return every council, of today or the past, in the recipe's place."""
    return Areas(store.areas, store.neighbours).members_of(recipe.area)


def _per(store: Store, row: Mapping[str, str]) -> Quantity | None:
    if not row["per_measure"]:
        return None
    try:
        return quantity(store, row["per_measure"], row["per_breakdown"])
    except ReportError as error:
        raise ReportError(error.what, where=f"per_{error.where}", fix=error.fix) from error


def _refuse_period(period: str, column: str, measure: str, kind: str, published: list[str]) -> None:
    if not period or period in published:
        return
    if not is_period(period, kind):
        what = f"{period!r} is not how {measure} writes a period"
    else:
        what = f"{measure} has no period {period!r}"
    raise ReportError(f"{what}; it has {', '.join(published)}", where=column)


def _refuse_order(recipe: Recipe) -> None:
    """Refuse two ends that are one, or stand the wrong way round."""
    # As data/ writes them, periods of a kind sort as text.
    if recipe.does.takes in ("ends", "every") and recipe.start >= recipe.end:
        raise ReportError(
            f"{recipe.operation} goes from an earlier period to a later one, and {recipe.start!r} "
            f"is not before {recipe.end!r}",
            where="from",
            fix="Give the earlier period in from and the later in to.",
        )


def _refuse_prices(store: Store, recipe: Recipe, kind: str) -> None:
    if not recipe.prices:
        return
    of_money, per_money = (_in_money(store, each) for each in (recipe.of, recipe.per))
    if kind != "financial_year" or not of_money or per_money:
        raise ReportError(
            "prices are for money of financial years, not divided by other money",
            where="prices",
            fix="Leave prices empty.",
        )
    known = published_periods(store, DEFLATOR, [ENGLAND])
    if recipe.prices not in known:
        raise ReportError(
            f"there is no deflator for {recipe.prices!r}",
            where="prices",
            fix=f"There is one for {known[0]} to {known[-1]}.",
        )


def _refuse_unit(store: Store, recipe: Recipe) -> None:
    """Refuse a claim in pounds of what is no money, a per cent of what is none, and the reverse."""
    if not recipe.does.in_levels:
        return
    unit, measure = recipe.unit, recipe.of.measure
    counted = store.record(measure)["unit"]
    of_money, per_money = (_in_money(store, each) for each in (recipe.of, recipe.per))
    differ = bool(_MONEY.match(unit)) != (of_money and not per_money)
    if not recipe.per:
        differ |= unit.startswith(_PER_CENT) != counted.startswith(_PER_CENT)
    divided = f" divided by {recipe.per.measure}" if recipe.per else ""
    if differ or _counts_other_things(recipe, counted):
        raise ReportError(
            f"{measure}{divided} cannot be in {unit!r}: {measure} is in {counted!r}",
            where="unit",
            fix="Give the unit of what the recipe works out, or another measure or per_measure.",
        )
    if recipe.per and not _QUOTIENT.search(unit):
        raise ReportError(
            f"{measure}{divided} cannot be in {unit!r}, which says nothing of the divisor",
            where="unit",
            fix="Write per cent of …, … per 1,000 …, … per … or times, or leave out per_measure.",
        )


def _counts_other_things(recipe: Recipe, counted: str) -> bool:
    """Whether a unit names other things than those that the measure counts.

    Examples
    --------
    >>> plans = Quantity("ehc_plans", ((("all", 1),),))
    >>> def asked(unit): return Recipe("level", plans, ENGLAND, "", "2024-01", None, "", unit)
    >>> _counts_other_things(asked("thousand plans"), "plans")
    False
    >>> _counts_other_things(asked("appeals"), "plans")
    True
    """
    unit = re.sub(rf"^(?:{'|'.join(_SCALES)}) ", "", recipe.unit)
    if _MONEY.match(counted) or unit.startswith(("times", *_PER_CENT)):
        return False
    if recipe.per and _PER_THOUSAND.match(unit):
        return False
    if recipe.per and counted.startswith(_PER_CENT):
        return False  # a share over a share: its words are those of the two groups
    noun = counted.partition(",")[0]
    same = {noun}.union(*(nouns for nouns in _SAME_NOUNS if noun in nouns))
    return not any(re.match(rf"{re.escape(each)}\b", unit) for each in same)


def _in_money(store: Store, of: Quantity | None) -> bool:
    return of is not None and bool(_MONEY.match(store.record(of.measure)["unit"]))
