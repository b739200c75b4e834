"""What a recipe does with levels: one small function an operation, numbers in and a number out.

Each function takes the levels as numbers in order of period, or one for each council.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from sendreform.errors import ReportError

Numbers = list[float]


def last(levels: Numbers) -> float:
    """Return the last level."""
    return levels[-1]


def change(levels: Numbers) -> float:
    """Return the last level less the first.

    Examples
    --------
    >>> change([200.0, 999.0, 250.0])
    50.0
    """
    return levels[-1] - levels[0]


def times(levels: Numbers) -> float:
    """Return how many times the first level the last one is.

    Examples
    --------
    >>> times([200.0, 500.0])
    2.5
    """
    return levels[-1] / _above_nought(levels[0])


def per_cent_change(levels: Numbers) -> float:
    """Return the change as a per cent of the first level.

    Examples
    --------
    >>> per_cent_change([200.0, 500.0])
    150.0
    """
    return 100 * change(levels) / _above_nought(levels[0])


def least_growth(levels: Numbers) -> float:
    """Return the least growth from one level to the next, in per cent.

    Examples
    --------
    >>> least_growth([100.0, 110.0, 165.0]), greatest_growth([100.0, 110.0, 165.0])
    (10.0, 50.0)
    """
    return min(_growths(levels))


def greatest_growth(levels: Numbers) -> float:
    """Return the greatest growth from one level to the next, in per cent."""
    return max(_growths(levels))


def count_above_nought(levels: Numbers) -> float:
    """Return how many levels are above nought.

    Examples
    --------
    >>> count_above_nought([-1.0, 0.0, 2.0]), share_above_nought([-1.0, 0.0, 2.0, 3.0])
    (1.0, 50.0)
    """
    return float(sum(level > 0 for level in levels))


def share_above_nought(levels: Numbers) -> float:
    """Return how many of a hundred levels are above nought."""
    return 100 * count_above_nought(levels) / len(levels)


def _growths(levels: Numbers) -> Numbers:
    return [per_cent_change([before, after]) for before, after in pairwise(levels)]


def _above_nought(level: float) -> float:
    if level <= 0:
        raise ReportError(
            f"a level to compare with is {level:g}, and growth is told from levels above nought",
            where="from",
            fix="Choose another first period or another operation.",
        )
    return level


@dataclass(frozen=True)
class Operation:
    """An operation: the levels that it takes, what it makes of them, and how it is told.

    Attributes
    ----------
    takes
        The levels at the ``last`` period, at both ``ends``, of ``every`` year between them, or of
        all ``councils`` at the last period.
    result
        The function from the levels to the figure.
    told
        The recipe in words, with places for ``what`` (as a sentence begins with it), ``of`` (as
        it stands within), ``by``, ``place``, ``first`` and ``last``.
    in_levels
        Whether the figure is in the unit of the levels.
    units
        How the unit of a claim begins; empty for any.
    compares
        Whether ``per_measure`` is what the level is held against and not a divisor.
    """

    takes: Literal["last", "ends", "every", "councils"]
    result: Callable[[Numbers], float]
    told: str
    in_levels: bool = False
    units: tuple[str, ...] = ()
    compares: bool = False


OPERATIONS = {
    "level": Operation("last", last, "{what}, {place}, {last}", in_levels=True),
    "change": Operation(
        "ends", change, "Change in {of}, {place}, {first} to {last}", in_levels=True
    ),
    "per_cent_change": Operation(
        "ends",
        per_cent_change,
        "Per cent change in {of}, {place}, {first} to {last}",
        units=("per cent",),
    ),
    "times": Operation(
        "ends",
        times,
        "{what}, {place}: {last} as a multiple of {first}",
        units=("times",),
    ),
    "least_yearly_growth": Operation(
        "every",
        least_growth,
        "Least growth in a year, in per cent, of {of}, {place}, {first} to {last}",
        units=("per cent",),
    ),
    "greatest_yearly_growth": Operation(
        "every",
        greatest_growth,
        "Greatest growth in a year, in per cent, of {of}, {place}, {first} to {last}",
        units=("per cent",),
    ),
    "sum": Operation(
        "every",
        sum,
        "Sum of {of}, {place}, over all years from {first} to {last}",
        in_levels=True,
    ),
    "periods_above": Operation(
        "every",
        count_above_nought,
        "Number of years in which {of} exceeded {by}, {place}, {first} to {last}",
        units=("years",),
        compares=True,
    ),
    "councils_above": Operation(
        "councils",
        count_above_nought,
        "Number of councils with {of} above nought, {place}, {last}",
        units=("councils",),
    ),
    "share_of_councils_above": Operation(
        "councils",
        share_above_nought,
        "Per cent of councils with {of} above nought, of those with a figure, {place}, {last}",
        units=("per cent",),
    ),
}
