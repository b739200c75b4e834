"""Draws of plans by single year of age, for England, under given assumptions."""

import numpy as np

from sendreform.evidence.projection.ages import AGES, Numbers
from sendreform.evidence.projection.cohort import Paths, grown_older, whole
from sendreform.evidence.projection.fitting import Parameters

#: The highest share of plans below 25 that can leave in a year.
_MOST_LEAVING = 0.95


def simulate(
    assumed: Parameters,
    *,
    draws: int,
    years: int,
    rng: np.random.Generator,
    entries: Numbers | None = None,
) -> Paths:
    """Follow plans for some years in many draws, each with assumptions and chances of its own.

    Parameters
    ----------
    entries
        A reform: what the new plans that there would be without it are multiplied by, in each year
        (axis year), or in each draw and year. The growth of new plans follows the plans that there
        would be without it, so that a tenth fewer is a tenth fewer in every year.

    Returns
    -------
    Whole plans: stocks and flows balance to the unit in every draw, year and age.
    """
    chance = _Chances(assumed, draws, years, rng)
    held = np.empty((draws, years + 1, len(AGES)))
    due, began, left = np.empty((3, draws, years, len(AGES)))
    held[:, 0] = whole(assumed.held, np.array(0.5))

    def step(year: int, coming: Numbers) -> None:
        began[:, year] = whole(coming, chance.rounding[0, :, year])
        leaving = whole(held[:, year] * chance.leaving[:, year], chance.rounding[1, :, year])
        left[:, year] = np.minimum(leaving, held[:, year])
        held[:, year + 1] = grown_older(held[:, year], began[:, year], left[:, year])

    course = assumed.began * np.exp(chance.entry[:, 0])
    growth = np.full(draws, assumed.growth)
    for year in range(years):
        if year:
            growth = np.log(held[:, year].sum(axis=1) / held[:, year - 1].sum(axis=1))
            course = course * np.exp(chance.damping**year * growth + chance.entry[:, year])
        due[:, year] = (
            course[:, np.newaxis] * assumed.profile * _still_free(assumed, chance, held, year)
        )
        step(year, due[:, year])
    if entries is not None:
        factors = np.broadcast_to(entries, (draws, years))
        for year in range(years):
            step(year, due[:, year] * factors[:, year, np.newaxis])
    strayed = np.cumsum(chance.entry, axis=1)
    return Paths(held, began, left, strayed, chance.children_growth)


class _Chances:
    """What is drawn by chance: axes draw, year, or draw alone."""

    def __init__(
        self, assumed: Parameters, draws: int, years: int, rng: np.random.Generator
    ) -> None:
        # A spread that was seen over a few years is itself unsure: the normal distribution becomes
        # Student's. The ratios are averages over a few years, so their level is not sure either.
        unsure = np.sqrt(assumed.seen / rng.chisquare(assumed.seen, (draws, 1)))
        yearly = unsure * rng.normal(0, assumed.entry_spread, (draws, years))
        level = unsure[:, 0] * rng.normal(
            0, assumed.entry_spread / np.sqrt(assumed.averaged), draws
        )
        yearly[:, 0] += level
        self.entry: Numbers = yearly
        self.damping: Numbers = rng.uniform(
            assumed.damping - assumed.damping_spread,
            assumed.damping + assumed.damping_spread,
            draws,
        )
        self.rounding: Numbers = rng.random((2, draws, years))
        fallen = (1 - rng.random((draws, 1))) * assumed.law_by[:years]
        by_age = assumed.leaving + np.multiply.outer(
            fallen, assumed.leaving_by_law - assumed.leaving
        )
        times = 1 + unsure * rng.normal(0, assumed.leaving_spread, (draws, years))
        self.leaving: Numbers = np.clip(by_age * times[..., np.newaxis], 0.0, _MOST_LEAVING)
        self.leaving[..., -1] = 1.0
        self.children_growth: Numbers = rng.normal(0, assumed.children_spread, draws)


def _still_free(assumed: Parameters, chance: _Chances, held: Numbers, year: int) -> Numbers:
    """Return how many are without a plan at each age, relative to the origin."""
    if len(assumed.children) == 0:
        return np.ones(len(AGES))
    then = assumed.children[0]
    now = np.multiply.outer(np.exp(chance.children_growth * year), assumed.children[year])
    return np.asarray(np.clip((now - held[:, year]) / (then - assumed.held), 0.0, None))
