"""Where a place stands among others, told only as far as the size of its figures allows.

A small council's figure moves far by chance, so a bare rank would say more than is known. Each pair
of places is compared by a test of their difference, and the tests of one place are corrected
together (Holm). The places that are clearly higher and those that are clearly lower bound its rank.
Method: Mogstad, Romano, Shaikh and Wilhelm, "Inference for Ranks with Applications to Mobility
across Neighbourhoods and Academic Achievement across Countries", Review of Economic Studies 91
(2024).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

#: What a figure is, which decides how chance bears on it: a ``share`` of things in per cent; a
#: ``rate`` of events for every thousand; ``growth`` from a first count.
Basis = Literal["share", "rate", "growth"]

ALPHA = 0.05


@dataclass(frozen=True)
class Standing:
    """Where a place stands.

    Attributes
    ----------
    highest, lowest
        The range of ranks that cannot be told apart, 1 being the highest figure.
    of
        How many places are ranked, itself included.
    above, below
        The places whose figure is clearly higher, and clearly lower.
    """

    highest: int
    lowest: int
    of: int
    above: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def is_among_highest(self) -> bool:
        """Whether the whole range lies in the highest tenth."""
        return self.lowest <= self.of / 10

    @property
    def is_among_lowest(self) -> bool:
        """Whether the whole range lies in the lowest tenth."""
        return self.highest > self.of - self.of / 10


def standard_errors(figures: pd.DataFrame, basis: Basis) -> pd.Series:
    """Return by how much each figure moves by chance, in its own unit.

    Parameters
    ----------
    figures
        ``value``, and ``size``: of a share or a rate the number that it is of; of growth in per
        cent, the last count.
    basis
        See :data:`Basis`.

    Returns
    -------
    Standard errors, missing where the size is. Counts near nought are widened (Agresti and Coull
    add two and two), so that no figure is certain because it is small.

    Examples
    --------
    >>> shares = pd.DataFrame({"value": [50.0, 0.0], "size": [96.0, 10.0]})
    >>> standard_errors(shares, "share").round(1).tolist()
    [5.0, 9.4]
    """
    value = figures["value"].to_numpy(dtype="float64")
    size = figures["size"].where(figures["size"] > 0).to_numpy(dtype="float64")
    match basis:
        case "share":
            share = (value / 100 * size + 2) / (size + 4)
            errors = 100 * np.sqrt(share * (1 - share) / (size + 4))
        case "rate":
            errors = 1000 * np.sqrt(value / 1000 * size + 1) / size
        case "growth":
            times = np.where(value > -100, 1 + value / 100, np.nan)
            errors = 100 * times * np.sqrt(1 / size + times / size)
    return pd.Series(errors, index=figures.index)


def standing(figures: pd.DataFrame, area: str) -> Standing:
    """Return where a place stands among all.

    Parameters
    ----------
    figures
        ``area``, ``value``, ``error`` (the standard error), one row a place; rows without either
        are passed over.
    area
        The place; it must have a figure and an error.

    Examples
    --------
    >>> places = pd.DataFrame(
    ...     {"area": list("abcd"), "value": [9.0, 5.0, 4.9, 1.0], "error": [0.1, 0.1, 0.1, 0.1]})
    >>> found = standing(places, "b")
    >>> found.highest, found.lowest, found.above, found.below
    (2, 3, ('a',), ('d',))
    """
    known = figures.dropna(subset=["value", "error"]).set_index("area")
    own, others = known.loc[area], known.drop(index=area)
    apart = np.hypot(others["error"].to_numpy(dtype="float64"), own["error"])
    difference = others["value"].to_numpy(dtype="float64") - own["value"]
    # Two figures without any chance in them differ as they stand.
    without_chance = np.where(difference == 0, 0.0, np.inf)
    scores = np.divide(np.abs(difference), apart, out=without_chance, where=apart > 0)
    chances = 2 * stats.norm.sf(scores)
    clear = rejected_by_holm(chances)
    above = tuple(map(str, others.index[clear & (difference > 0)]))
    below = tuple(map(str, others.index[clear & (difference < 0)]))
    return Standing(1 + len(above), len(known) - len(below), len(known), above, below)


def rejected_by_holm(chances: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which of several tests, each with its p value, are rejected when made together.

    The same as ``multipletests(…, method="holm")`` of statsmodels, which sweeps the memory at each
    call and so takes a hundred times as long for a page.

    Examples
    --------
    >>> rejected_by_holm(np.array([0.01, 0.04, 0.03, 0.001])).tolist()
    [True, False, False, True]
    """
    order = np.argsort(chances, kind="stable")
    allowed = ALPHA / np.arange(len(chances), 0, -1)
    # From the first test that is kept, all with greater p values are kept too.
    kept = np.logical_or.accumulate(chances[order] > allowed)
    rejected = np.empty(len(chances), dtype=bool)
    rejected[order] = ~kept
    return rejected


def differs_from(value: float, error: float, fixed: float) -> bool:
    """Say whether a figure differs from a fixed one by more than chance.

    England's figure, of which a council is a small part, is taken as fixed.

    Examples
    --------
    >>> differs_from(5.8, 0.05, 5.3), differs_from(5.8, 0.4, 5.3)
    (True, False)
    """
    if error == 0:
        return value != fixed
    return bool(2 * stats.norm.sf(abs(value - fixed) / error) < ALPHA)
