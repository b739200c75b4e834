"""Plans grow a year older, some leave and new ones begin: many draws at once."""

from dataclasses import dataclass

import numpy as np

from sendreform.evidence.projection.ages import Numbers


@dataclass(frozen=True)
class Paths:
    """Plans in draws of the future, in whole plans.

    Attributes
    ----------
    held
        Plans each January, from that of the origin: axes draw, January, age.
    began, left
        Plans that begin and leave in the year after each January but the last: axes draw, year,
        age. Those that leave have the age that they were counted at in January, those that begin
        the age of the January after.
    strayed
        How far new plans have strayed by chance by each year after the origin, as a logarithm:
        axes draw, year.
    children_growth
        How much faster a year the children grow in number than is projected, as a logarithm, by
        draw.
    """

    held: Numbers
    began: Numbers
    left: Numbers
    strayed: Numbers
    children_growth: Numbers


def grown_older(held: Numbers, began: Numbers, left: Numbers) -> Numbers:
    """Return the plans of the next January: those that stay are a year older, new ones come in.

    Parameters
    ----------
    held, began, left
        The last axis is age; whoever is 25 leaves.

    Examples
    --------
    >>> held = np.zeros(26); held[4] = 10
    >>> began = np.zeros(26); began[5] = 3
    >>> left = np.zeros(26); left[4] = 2
    >>> grown_older(held, began, left)[[4, 5, 6]].tolist()
    [0.0, 11.0, 0.0]
    """
    after = began.copy()
    after[..., 1:] += (held - left)[..., :-1]
    return after


def whole(numbers: Numbers, chance: Numbers) -> Numbers:
    """Turn numbers along the last axis into whole ones, without bias and with the same sum.

    The running total is cut down after a chance between 0 and 1 was added to it: so each number
    goes to one of its neighbours, more often to the nearer one, and the sum to within one.

    Parameters
    ----------
    chance
        One for each row: the shape of ``numbers`` without its last axis.

    Examples
    --------
    >>> whole(np.array([0.5, 0.5, 2.0, 1.0]), np.array(0.6)).tolist()
    [1.0, 0.0, 2.0, 1.0]
    """
    running = np.floor(np.cumsum(numbers, axis=-1) + chance[..., np.newaxis])
    return np.diff(running, axis=-1, prepend=0.0)
