"""What a projection's plans cost: plans by setting, times the cost of a place, times prices."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.evidence.projection import cost_growth, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.cost_growth import Growth
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
        High needs funding in cash, pounds: by year, as far as the Department has announced it.
    real_growth
        How a unit cost grows each year above prices.
    price_growth, funding_growth
        Low and high end, per cent a year, beyond what is published: of prices, and of funding
        above them.
    """

    base: int
    unit_costs: Numbers
    deflator: pd.Series
    funding: pd.Series
    real_growth: Growth
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
    published: pd.DataFrame | None,
    unit_costs: pd.DataFrame,
    deflator: pd.DataFrame,
    funding: pd.DataFrame,
    *,
    price_growth: Range,
    funding_growth: Range,
    rule: str = cost_growth.CHOSEN,
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
        ``high_needs_spending_published``, for the funding of places; ``None`` to leave that out.
    unit_costs, deflator, funding
        ``placement_unit_cost``, ``gdp_deflator`` and ``high_needs_funding``; all for England.
    rule
        By which growth above prices is expected: one of :data:`cost_growth.RULES`.
    """
    spent = of(outturn).dropna(subset="value").pipe(_by_end)
    base = int(spent.index[-1])
    total = float(spent[base])
    if published is not None:
        total += at(of(published, "basis:planned_places"), PLACES_IN)
    inmss, state = (
        of(unit_costs, f"provider:{name}").dropna(subset="value").pipe(_by_end)
        for name in ("inmss", "state_special")
    )
    state_cost = float(state.iloc[-1]) * _growth(state) ** (base - int(state.index[-1]))
    plans = by_setting.loc[base].to_dict()
    special = {settings.INMSS: float(inmss.iloc[-1]), settings.STATE_SPECIAL: state_cost}
    rest = total - sum(plans[name] * cost for name, cost in special.items())
    other = rest / sum(number for name, number in plans.items() if name not in special)
    costs = {name: special.get(name, other) for name in by_setting.columns}
    index = of(deflator).pipe(_by_end)
    changes = cost_growth.yearly(
        spent, by_setting, np.array([costs[name] for name in by_setting.columns]), index
    )
    above = float(np.log(_growth(state / index[state.index])))
    return Prices(
        base=base,
        unit_costs=np.array([costs[name] for name in settings.NAMES]),
        deflator=index / index[base],
        funding=of(funding).dropna(subset="value").pipe(_by_end),
        real_growth=cost_growth.fitted(changes, above, rule),
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
    chance = rng.random((2, draws))
    price, funds = (
        low + (high - low) * place
        for place, (low, high) in zip(
            chance, (assumed.price_growth, assumed.funding_growth), strict=True
        )
    )
    deflator = _carried_on(assumed.deflator, years, price)
    costs = cost_growth.drawn(assumed.real_growth, np.array(years) - assumed.base, draws, rng)
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


def _by_end(figures: pd.DataFrame) -> pd.Series:
    """Return figures by the year in which their financial year ends."""
    return figures.set_index(figures["period"].map(first_year) + 1)["value"].sort_index()


def _growth(figures: pd.Series) -> float:
    """Return by how many times a yearly series grows each year, from its first to its last."""
    years = int(figures.index[-1]) - int(figures.index[0])
    return float((figures.iloc[-1] / figures.iloc[0]) ** (1 / years)) if years else 1.0


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
