"""Scenarios: what a reader assumes that a reform would change, from when, and how fast."""

from dataclasses import dataclass, field

import numpy as np

from sendreform.evidence.projection.ages import Numbers

#: From when a reform can begin to work.
STARTS = range(2026, 2033)

#: Low and high end of what an effect may be; every value between is as likely.
Range = tuple[float, float]
NO_EFFECT: Range = (0.0, 0.0)


@dataclass(frozen=True)
class Scenario:
    """A reform, as the reader assumes it; effects are those in full, once phased in.

    Attributes
    ----------
    name
        In words.
    start
        The calendar year in which it begins to work; nought for no reform.
    phase_in
        Over how many years the effects grow to their full size.
    fewer_new_plans
        Per cent fewer new plans, through earlier support.
    more_in_mainstream
        Per cent of the new plans that would name a special school and name a mainstream one.
    fewer_independent
        Per cent of the places in independent and non-maintained special schools that are in state
        special schools instead.
    slower_unit_costs
        Points a year by which the cost of a place grows more slowly.
    """

    name: str
    start: int = 0
    phase_in: int = 1
    fewer_new_plans: Range = NO_EFFECT
    more_in_mainstream: Range = NO_EFFECT
    fewer_independent: Range = NO_EFFECT
    slower_unit_costs: Range = NO_EFFECT


NO_REFORM = Scenario("No reform")

#: The effects of a scenario, by the names of their fields.
EFFECTS = ("fewer_new_plans", "more_in_mainstream", "fewer_independent", "slower_unit_costs")


@dataclass(frozen=True)
class Effects:
    """A scenario in draws: shares from 0 to 1, axes draw and year after the origin."""

    entries: Numbers
    to_mainstream: Numbers
    to_state: Numbers
    unit_costs: Numbers = field(repr=False)


def in_draws(
    scenario: Scenario, origin: int, years: int, draws: int, rng: np.random.Generator
) -> Effects:
    """Draw how large a scenario's effects are, and phase them in.

    The draws are the same for scenarios that differ in their start alone, so that the cost of a
    delay does not hold chance.

    Parameters
    ----------
    origin
        The January that the projection starts from: the first year is the calendar year that begins
        with it.

    Returns
    -------
    ``entries`` is what new plans are multiplied by, ``unit_costs`` what costs are.
    """
    chance = rng.random((len(EFFECTS), draws))
    sizes = {
        name: low + (high - low) * place
        for name, place in zip(EFFECTS, chance, strict=True)
        for low, high in [getattr(scenario, name)]
    }
    by_year = phased(scenario, origin, years)
    full = {name: np.multiply.outer(size / 100, by_year) for name, size in sizes.items()}
    return Effects(
        entries=1 - full["fewer_new_plans"],
        to_mainstream=full["more_in_mainstream"],
        to_state=full["fewer_independent"],
        unit_costs=np.cumprod(1 - full["slower_unit_costs"], axis=1),
    )


def phased(scenario: Scenario, origin: int, years: int) -> Numbers:
    """Return how much of a scenario's effects is there in each year, from 0 to 1.

    Examples
    --------
    >>> phased(Scenario("Earlier support", start=2028, phase_in=4), 2026, 7).tolist()
    [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """
    if not scenario.start:
        return np.zeros(years)
    since = np.arange(origin, origin + years) - scenario.start + 1
    return np.asarray(np.clip(since / scenario.phase_in, 0.0, 1.0))
