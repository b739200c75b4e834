"""How much a projection depends on each of its assumptions, one at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.cost_growth import Growth
from sendreform.evidence.projection.fitting import Parameters
from sendreform.evidence.projection.money import Bill, Prices, bill
from sendreform.evidence.projection.rates import all_leave_at_the_end
from sendreform.evidence.projection.scenarios import Range
from sendreform.evidence.projection.simulation import simulate

#: How many standard deviations the middle 80 per cent of a normal distribution reach either way.
REACH = 1.2816
#: How far the middle eight in ten of evenly spread values reach either way, of the whole spread.
EIGHT_IN_TEN = 0.8

FIRST_YEAR = "New plans in the first year"
STAGES = (
    "Requests in the first year",
    "The share of requests assessed",
    "The share of assessments that end with a plan",
)
CARRIED = "How much growth carries on from year to year"
LEAVING = "The share of plans that leave each year"
CHILDREN = "The number of children"
COSTS = "Growth of the cost of a place above prices"
PRICES = "Prices beyond the official forecast"
FUNDING = "Growth of funding above prices"


def one_at_a_time(assumed: Parameters, years: int) -> pd.DataFrame:
    """Project with each assumption at its low and its high end, the others in the middle.

    Returns
    -------
    DataFrame with ``assumption``, ``low`` and ``high`` (what is assumed, in its own unit),
    ``value`` (plans at the end with all in the middle), and ``plans_low`` and ``plans_high`` (the
    smaller and the larger of the two results); the one that matters most comes first.
    """
    calm = replace(
        assumed, entry_spread=0.0, leaving_spread=0.0, damping_spread=0.0,
        leaving_by_law=assumed.leaving, children_spread=0.0,
    )  # fmt: skip
    middle = _plans(calm, years)
    rows = [
        {
            "assumption": name,
            "low": low,
            "high": high,
            "value": middle,
            "plans_low": min(ends),
            "plans_high": max(ends),
        }
        for name, low, high, at_low, at_high in _varied(assumed, calm, years)
        for ends in [(_plans(at_low, years), _plans(at_high, years))]
    ]
    table = pd.DataFrame(rows)
    reach = table["plans_high"] - table["plans_low"]
    return table.loc[reach.sort_values(ascending=False).index].reset_index(drop=True)


def of_money(
    by_setting: Numbers,
    years: list[int],
    assumed: Prices,
    parts: Mapping[str, Numbers],
    result: Callable[[Bill], float],
) -> pd.DataFrame:
    """Work out a sum of money with each assumption at either end, the others in the middle.

    Parameters
    ----------
    by_setting
        The middle course of plans: axes January, setting.
    years
        The Januaries.
    assumed
        Costs and prices.
    parts
        Other courses of plans by what they vary: axes end (low, high), January, setting.
    result
        What is looked at, in pounds, of a single draw: such as the last year's spending.

    Returns
    -------
    DataFrame with ``assumption``, ``value`` (pounds, all in the middle), ``low`` and ``high``; the
    one that matters most comes first, and those that make no difference are left out.
    """

    def cost(plans: Numbers, prices: Prices) -> float:
        made = bill(plans[np.newaxis], years, prices, np.random.default_rng(1))
        return result(made)

    inflation, funds = assumed.price_growth, assumed.funding_growth
    ahead = years[-1] - assumed.base
    costs = [
        _always(rate)
        for rate in (*assumed.real_growth.within(ahead), 100 * np.expm1(assumed.real_growth.mean))
    ]
    calm = replace(
        assumed,
        real_growth=costs.pop(),
        price_growth=_middle(inflation),
        funding_growth=_middle(funds),
    )
    rows = [
        *((name, [cost(plans, calm) for plans in ends]) for name, ends in parts.items()),
        (COSTS, [cost(by_setting, replace(calm, real_growth=end)) for end in costs]),
        (PRICES, [cost(by_setting, replace(calm, price_growth=(end, end))) for end in inflation]),
        (FUNDING, [cost(by_setting, replace(calm, funding_growth=(end, end))) for end in funds]),
    ]
    table = pd.DataFrame(
        {
            "assumption": [name for name, _ in rows],
            "value": cost(by_setting, calm),
            "low": [min(ends) for _, ends in rows],
            "high": [max(ends) for _, ends in rows],
        }
    )
    reach = table["high"] - table["low"]
    ordered = reach[reach > 0].sort_values(ascending=False).index
    return table.loc[ordered].reset_index(drop=True)


def of_draws(result: Numbers, drawn: Mapping[str, Numbers]) -> pd.DataFrame:
    """Say how a result moves with what was drawn, where all of it was drawn at once.

    Parameters
    ----------
    result
        One number a draw.
    drawn
        What each draw took of every assumption, by its name.

    Returns
    -------
    DataFrame with ``assumption``, ``value`` (the middle of all draws), and ``low`` and ``high``:
    the smaller and the larger of the middles among the tenth of draws that took least of it and the
    tenth that took most. The one that matters most comes first; what every draw took alike is left
    out.

    Examples
    --------
    >>> draws = np.arange(100.0)
    >>> told = of_draws(2 * draws, {"A": draws, "B": np.ones(100)})
    >>> told[["value", "low", "high"]].values.tolist()
    [[99.0, 9.0, 189.0]]
    """
    tenth = len(result) // 10
    rows = []
    for name, taken in drawn.items():
        if np.ptp(taken) == 0:
            continue
        order = np.argsort(taken, kind="stable")
        ends = [float(np.median(result[part])) for part in (order[:tenth], order[-tenth:])]
        rows.append((name, float(np.median(result)), min(ends), max(ends)))
    table = pd.DataFrame(rows, columns=["assumption", "value", "low", "high"])
    reach = table["high"] - table["low"]
    return table.loc[reach.sort_values(ascending=False).index].reset_index(drop=True)


def _always(per_cent: float) -> Growth:
    """Return a growth that every year and every simulated future has."""
    return Growth(float(np.log1p(per_cent / 100)), 0.0, 0.0, 0)


def _middle(ends: Range) -> Range:
    middle = sum(ends) / 2
    return middle, middle


def _varied(
    assumed: Parameters, calm: Parameters, years: int
) -> Iterator[tuple[str, float, float, Parameters, Parameters]]:
    """Give each assumption with its ends, and what is assumed at each."""
    reach = REACH * np.sqrt(1 + 1 / assumed.averaged)
    for name, middle, spread in _entries(assumed):
        low, high = (float(np.exp(way * reach * spread)) for way in (-1, 1))
        # No share passes 1.
        high = high if middle > 1 else min(high, 1 / middle)
        at_low, at_high = (replace(calm, began=assumed.began * times) for times in (low, high))
        yield name, middle * low, middle * high, at_low, at_high
    low, high = (assumed.damping + way * EIGHT_IN_TEN * assumed.damping_spread for way in (-1, 1))
    yield CARRIED, low, high, replace(calm, damping=low), replace(calm, damping=high)
    share = 100 * float((assumed.held * assumed.leaving).sum() / assumed.held.sum())
    # Each year strays by itself, so the mean of many strays less.
    strays = REACH * assumed.leaving_spread / np.sqrt(years)
    low, high = (max(1 + way * strays, 0.0) for way in (-1, 1))
    yield LEAVING, share * low, share * high, _leaving(calm, low), _leaving(calm, high)
    if len(assumed.children):
        since = np.arange(len(assumed.children))[:, np.newaxis]
        fewer, more = (
            assumed.children * np.exp(way * REACH * assumed.children_spread * since)
            for way in (-1, 1)
        )
        low, high = (float(table[-1].sum()) for table in (fewer, more))
        yield CHILDREN, low, high, replace(calm, children=fewer), replace(calm, children=more)


def _entries(assumed: Parameters) -> Iterator[tuple[str, float, float]]:
    """Give what new plans of the first year are made of: its middle, and a year's spread."""
    made_of = assumed.stages
    if made_of is None:
        yield FIRST_YEAR, assumed.began, assumed.entry_spread
        return
    requests = assumed.began / (made_of.assessed * made_of.issued)
    middles = (requests, made_of.assessed, made_of.issued)
    for name, middle, spread in zip(STAGES, middles, made_of.spread, strict=True):
        yield name, middle, float(spread)


def _leaving(calm: Parameters, times: float) -> Parameters:
    leaving = all_leave_at_the_end(calm.leaving * times)
    return replace(calm, leaving=leaving, leaving_by_law=leaving)


def _plans(assumed: Parameters, years: int) -> float:
    paths = simulate(assumed, draws=20, years=years, rng=np.random.default_rng(1))
    return float(np.median(paths.held[:, -1].sum(axis=1)))
