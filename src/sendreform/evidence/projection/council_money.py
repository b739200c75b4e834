"""Councils' spending and funding: each council's own, in every draw adding up to England's."""

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.money import Bill

#: Over how many of its last years the spread of councils' parts of funding is taken: an older one
#: holds a change of the formula.
_YEARS = 3


def levels(
    plans: Numbers, outturn: Numbers, england: Numbers, england_outturn: float, costs: Numbers
) -> Numbers:
    """Return what a place costs in each council relative to England, from its part of outturn.

    Parameters
    ----------
    plans, england
        Plans in the base year's January: axes council, setting; and setting.
    outturn
        High needs spending of that year, pounds; not a number where none is published.
    costs
        England's unit costs by setting.

    Examples
    --------
    Half of the plans, and a quarter of the spending:

    >>> levels(np.array([[5.0]]), np.array([25.0]), np.array([10.0]), 100.0, np.array([10.0]))
    array([0.5])
    """
    part_of_plans = plans @ costs / float(england @ costs)
    return np.asarray(outturn / england_outturn / part_of_plans)


def weights(
    plans: Numbers, base: Numbers, england: Numbers, costs: Numbers, level: Numbers
) -> Numbers:
    """Return what councils' plans would cost at the costs and prices of the base year.

    Parameters
    ----------
    plans
        Axes council, draw, January.
    base
        Plans by setting in the first January: axes council, setting. England's shifts are carried
        over to them, as in :func:`sendreform.evidence.projection.settings.in_council`.
    england
        England's plans: axes draw, January, setting.
    level
        What :func:`levels` returns; a council without one is taken to be at England's.

    Examples
    --------
    Ten plans at twice England's cost, 5 pounds each:

    >>> weights(np.array([[[10.0]]]), np.array([[10.0]]), np.array([[[90.0]]]), np.array([5.0]),
    ...         np.array([2.0])).tolist()
    [[[100.0]]]
    """
    shares = england / england.sum(axis=2, keepdims=True)
    moved = shares / shares[:, :1]
    every = np.where(np.isnan(level), 1.0, level)[:, np.newaxis, np.newaxis]
    mean_cost = np.moveaxis((moved @ (base * costs).T) / (moved @ base.T), -1, 0)
    return np.asarray(plans * mean_cost * every)


def funding_parts(block: pd.DataFrame, draws: int, years: int, rng: np.random.Generator) -> Numbers:
    """Draw each council's part of England's funding: as last allocated, straying as it has.

    Parameters
    ----------
    block
        Funding as allocated: a row a council, a column a year, the last one complete.
    years
        How many years after the last one allocated.

    Returns
    -------
    Axes council, draw, year; the parts of a draw and year add up to 1.
    """
    logs = np.log((block / block.sum()).to_numpy(dtype="float64"))
    spread = float(np.nanstd(np.diff(logs, axis=1)[:, -_YEARS:]))
    steps = rng.normal(0, spread, (len(block), draws, years)).cumsum(axis=2)
    raw = np.exp(logs[:, -1, np.newaxis, np.newaxis] + steps)
    return np.asarray(raw / raw.sum(axis=0))


def part_of(england: Bill, spending: Numbers, funding: Numbers) -> Bill:
    """Return a part of England's money.

    Parameters
    ----------
    spending, funding
        The part of each: axes draw, year.
    """
    return Bill(
        england.years,
        england.cash * spending,
        england.real * spending,
        england.funding * funding,
        england.deflator,
    )
