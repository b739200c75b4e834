"""Councils' plans: each council's own ages and new plans, drawn to England and adding up to it."""

from dataclasses import dataclass

import numpy as np

from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.cohort import grown_older, whole
from sendreform.evidence.projection.fitting import Parameters
from sendreform.evidence.projection.history import History
from sendreform.observations import ENGLAND

#: How much of a council's distance from England, in new plans for each plan held, is left a year
#: later. Of 1, 0.85, 0.7, 0.5 and 0 this had the lowest error from every January since 2014.
CARRIED_OVER = 0.5

#: How many years of its own a council's spread weighs against that of all councils.
_YEARS_OF_ALL = 10


@dataclass(frozen=True)
class Shares:
    """What councils' plans are expected to be, before England's total is laid on them.

    Attributes
    ----------
    areas
        The councils, in order.
    expected
        Plans each January from the base: axes council, January.
    spread
        Standard deviation of a year's change in a council's share of England, as a logarithm.
    """

    areas: list[str]
    expected: Numbers
    spread: Numbers


def shares(
    history: History, councils: list[str], assumed: Parameters, base: int, years: int
) -> Shares:
    """Follow each council's plans by age for some years, as expected.

    Ages are the council's own; where they are not published, they have England's make-up. The
    shares that leave and the ages of new plans are England's. New plans for each plan held are
    the council's own at first and come half way to England's with each year.

    Parameters
    ----------
    history
        Of England and of the councils.
    councils
        Those with plans in the January ``base``.
    assumed
        England's assumptions.
    base
        The last January that is known of councils.
    """
    known = history.known_at(base)
    plans = known.held.loc[councils, base].to_numpy(dtype="float64")
    ages = _ages(known, councils, assumed, base, plans)
    ahead = _ahead_of_england(known, councils, base)
    rate = assumed.began / assumed.held.sum()
    expected = [plans]
    for year in range(years):
        own = 1 + (ahead - 1) * CARRIED_OVER ** (year + 0.5)
        began = np.multiply.outer(rate * own * ages.sum(axis=1), assumed.profile)
        ages = grown_older(ages, began, ages * assumed.leaving)
        expected.append(ages.sum(axis=1))
    return Shares(councils, np.column_stack(expected), _spread(known, councils))


def draws(expected: Shares, england: Numbers, rng: np.random.Generator) -> Numbers:
    """Return whole plans of every council that add up to England's in each draw and January.

    Parameters
    ----------
    england
        England's plans from the base on: axes draw, January; whole.

    Returns
    -------
    Axes council, draw, January.
    """
    number, januaries = england.shape
    changes = rng.standard_normal((number, januaries, len(expected.areas)), dtype=np.float32)
    changes[:, 0] = 0.0
    drifts = np.cumsum(changes * expected.spread.astype(np.float32), axis=1)
    raw = np.exp(drifts) * expected.expected.T.astype(np.float32)
    return np.moveaxis(adding_up(raw, england), -1, 0)


def adding_up(raw: Numbers, totals: Numbers) -> Numbers:
    """Scale numbers along the last axis to whole ones that add up to a whole total.

    Examples
    --------
    >>> adding_up(np.array([[1.0, 1.0, 2.0]]), np.array([10.0])).tolist()
    [[3.0, 2.0, 5.0]]
    """
    scale = (totals / raw.sum(axis=-1, dtype="float64"))[..., np.newaxis]
    made = whole(raw * scale, np.full(totals.shape, 0.5))
    # The last running total is England's, whatever was lost in adding small numbers.
    made[..., -1] += totals - made.sum(axis=-1)
    return made


def _ages(
    known: History, councils: list[str], assumed: Parameters, base: int, plans: Numbers
) -> Numbers:
    years = known.ages.index.get_level_values("year")
    newest = int(years[years <= base].max())
    own = known.ages.xs(newest, level="year").reindex(councils).to_numpy(dtype="float64")
    without = np.isnan(own).any(axis=1)
    own[without] = assumed.held
    return np.asarray(own * (plans / own.sum(axis=1))[:, np.newaxis])


def _ahead_of_england(known: History, councils: list[str], base: int) -> Numbers:
    """Return new plans for each plan held in the last year, relative to England's; 1 if unknown."""
    rates = (known.began[base - 1] / known.held[base - 1].where(known.held[base - 1] > 0)).dropna()
    return np.asarray((rates / rates[ENGLAND]).reindex(councils).fillna(1.0), dtype="float64")


def _spread(known: History, councils: list[str]) -> Numbers:
    """Return each council's spread, drawn to that of all councils the fewer years it has."""
    held = known.held.reindex(councils)
    shares_held = held.where(held > 0).div(known.held.loc[ENGLAND], axis="columns")
    changes = np.diff(np.log(shares_held.to_numpy(dtype="float64")), axis=1)
    seen = (~np.isnan(changes)).sum(axis=1)
    typical = np.nanvar(changes)
    own = np.full(len(councils), typical)
    several = seen > 1
    own[several] = np.nanvar(changes[several], axis=1)
    pooled = (own * seen + typical * _YEARS_OF_ALL) / (seen + _YEARS_OF_ALL)
    return np.asarray(np.sqrt(pooled))
