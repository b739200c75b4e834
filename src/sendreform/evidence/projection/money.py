"""What a projection's plans cost: plans by setting, times the cost of a place, times prices."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.evidence.projection import settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import Range
from sendreform.evidence.series import at, of
from sendreform.periods import financial_year, first_year

#: Place funding is not in outturn; it was last published for this year.
PLACES_IN = "2023-24"


@dataclass(frozen=True)
class Prices:
    """Costs, prices and funding of England in financial years, by the year in which they end.

    Attributes
    ----------
    base
        The financial year, by its end, in whose January plans and costs are both known.
    unit_costs
        Pounds for each plan in the base year, by setting (:data:`settings.NAMES`).
    deflator
        Prices relative to the base year: by year, as far as they are published.
    funding
        High needs funding in cash, pounds: by year, as far as it is announced.
    real_growth
        Low and high end of what a unit cost grows by each year above prices, per cent.
    price_growth, funding_growth
        Low and high end, per cent a year, beyond what is published: of prices, and of funding
        above them.
    """

    base: int
    unit_costs: Numbers
    deflator: pd.Series
    funding: pd.Series
    real_growth: Range
    price_growth: Range
    funding_growth: Range


@dataclass(frozen=True)
class Bill:
    """Draws of money by financial year: axes draw, year; pounds.

    Attributes
    ----------
    years
        The years in which the financial years end.
    cash, real
        Spending in cash, and in the prices of the base year.
    funding
        In cash.
    deflator
        Prices relative to the base year.
    """

    years: list[int]
    cash: Numbers
    real: Numbers
    funding: Numbers
    deflator: Numbers

    def since(self, year: int) -> "Bill":
        """Return the years from one on."""
        first = self.years.index(year)
        return Bill(
            self.years[first:],
            self.cash[:, first:],
            self.real[:, first:],
            self.funding[:, first:],
            self.deflator[:, first:],
        )


def prices(
    by_setting: pd.DataFrame,
    outturn: pd.DataFrame,
    published: pd.DataFrame,
    unit_costs: pd.DataFrame,
    deflator: pd.DataFrame,
    funding: pd.DataFrame,
    *,
    price_growth: Range,
    funding_growth: Range,
) -> Prices:
    """Work out what a place costs, so that all plans together cost what was spent.

    A place in an independent or non-maintained special school, and one in a state special school,
    cost what the Department published (the latter carried on by its own growth). What is left of
    high needs spending is divided by all other plans: it also pays for support without a plan.

    Parameters
    ----------
    by_setting
        England's plans: a row a January (year), a column a setting.
    outturn
        ``high_needs_spending_outturn``: without the funding of places.
    published
        ``high_needs_spending_published``, for the funding of places.
    unit_costs, deflator, funding
        ``placement_unit_cost``, ``gdp_deflator`` and ``high_needs_funding``; all for England.
    """
    spent = of(outturn).dropna(subset="value")
    last = str(spent["period"].iloc[-1])
    base = first_year(last) + 1
    places = at(of(published, "basis:planned_places"), PLACES_IN)
    total = at(spent, last) + places
    inmss, state = (
        of(unit_costs, f"provider:{name}").dropna(subset="value")
        for name in ("inmss", "state_special")
    )
    state_growth = _growth(state)
    state_cost = float(state["value"].iloc[-1]) * state_growth ** (
        base - 1 - first_year(str(state["period"].iloc[-1]))
    )
    plans = dict(
        zip(by_setting.columns, by_setting.loc[base].to_numpy(dtype="float64"), strict=True)
    )
    special = {settings.INMSS: float(inmss["value"].iloc[-1]), settings.STATE_SPECIAL: state_cost}
    rest = total - sum(plans[name] * cost for name, cost in special.items())
    other = rest / sum(number for name, number in plans.items() if name not in special)
    index = of(deflator).set_index(of(deflator)["period"].map(first_year) + 1)["value"]
    relative = index / index[base]
    announced = _announced(funding)
    real = _real_growth(spent, by_setting.sum(axis="columns"), state, relative)
    return Prices(
        base=base,
        unit_costs=np.array([special.get(name, other) for name in settings.NAMES]),
        deflator=relative,
        funding=announced,
        real_growth=real,
        price_growth=price_growth,
        funding_growth=funding_growth,
    )


def bill(
    by_setting: Numbers,
    years: list[int],
    assumed: Prices,
    rng: np.random.Generator,
    *,
    slower: Numbers | None = None,
) -> Bill:
    """Cost England's projection: the plans of a January stand for the financial year around it.

    Parameters
    ----------
    by_setting
        Plans: axes draw, January, setting.
    years
        The Januaries.
    slower
        What unit costs are multiplied by for a reform: axes draw, and year after the origin, the
        last of ``years``.
    """
    draws, number = by_setting.shape[:2]
    since = np.array(years) - assumed.base
    chance = rng.random((3, draws))
    real, price, funds = (
        low + (high - low) * place
        for place, (low, high) in zip(
            chance, (assumed.real_growth, assumed.price_growth, assumed.funding_growth), strict=True
        )
    )
    deflator = _carried_on(assumed.deflator, years, price)
    costs = (1 + real / 100)[:, np.newaxis] ** since
    if slower is not None:
        costs[:, number - slower.shape[1] :] *= slower
    spent = (by_setting @ assumed.unit_costs) * costs
    funding = _carried_on(assumed.funding, years, price, above=funds)
    return Bill(years, spent * deflator, spent, funding, deflator)


def deficits(costs: Bill, base: float, after: int) -> Numbers:
    """Add what spending exceeds funding by to a published deficit, year after year.

    Parameters
    ----------
    base
        Pounds at 31 March of the year ``after``.

    Returns
    -------
    Cash: axes draw, 31 March of ``after`` and the years from then on.

    Examples
    --------
    >>> flat = np.array([[10.0, 12.0]])
    >>> deficits(Bill([2026, 2027], flat, flat, np.array([[9.0, 9.0]]), flat), 5.0, 2026).tolist()
    [[5.0, 8.0]]
    """
    later = np.array(costs.years) > after
    gaps = (costs.cash - costs.funding)[:, later]
    start = np.full((len(gaps), 1), base)
    return np.concatenate([start, base + np.cumsum(gaps, axis=1)], axis=1)


def _growth(figures: pd.DataFrame) -> float:
    """Return by how many times a yearly series grows each year, from its first to its last."""
    first, last = figures.iloc[0], figures.iloc[-1]
    years = first_year(str(last["period"])) - first_year(str(first["period"]))
    return float((last["value"] / first["value"]) ** (1 / years))


def _announced(funding: pd.DataFrame) -> pd.Series:
    """Return funding by the year in which it ends; on another basis only beyond the main series."""
    known = funding.dropna(subset="value").assign(
        end=lambda rows: rows["period"].map(first_year) + 1
    )
    main = known[known["breakdown"] == "all"].set_index("end")["value"]
    later = known[known["end"] > main.index.max()].set_index("end")["value"]
    announced: pd.Series = pd.concat([main, later]).sort_index()
    return announced


def _real_growth(
    spent: pd.DataFrame, plans: pd.Series, state: pd.DataFrame, deflator: pd.Series
) -> Range:
    """Return the least and the most of three readings of growth above prices, per cent a year.

    Spending for each plan since it is published, and in the last year alone, which the backtest of
    spending found to be the better guide; and the cost of a place in a state special school.
    """
    years = spent["period"].map(first_year) + 1
    each = spent["value"].to_numpy() / plans.reindex(years).to_numpy() / deflator.reindex(years)
    places = state["value"].to_numpy() / deflator.reindex(state["period"].map(first_year) + 1)
    rates = [
        100 * (float(table.iloc[-1] / table.iloc[0]) ** (1 / (len(table) - 1)) - 1)
        for table in (each, each.iloc[-2:], places)
    ]
    return min(rates), max(rates)


def _carried_on(
    known: pd.Series, years: list[int], growth: Numbers, *, above: Numbers | None = None
) -> Numbers:
    """Return a series by draw and year; beyond the last known it grows by per cent a year."""
    last = int(known.index.max())
    beyond = np.clip(np.array(years) - last, 0, None)
    there = known.reindex([min(year, last) for year in years]).to_numpy(dtype="float64")
    rate = (1 + growth / 100) * (1 if above is None else 1 + above / 100)
    return np.asarray(there * rate[:, np.newaxis] ** beyond)


def named_years(years: list[int]) -> list[str]:
    """Name financial years by the years in which they end.

    Examples
    --------
    >>> named_years([2025, 2026])
    ['2024-25', '2025-26']
    """
    return [financial_year(year - 1) for year in years]
