"""A hexagon for each council, near its true place: our own layout, computed from boundaries.

On an ordinary map London's 33 boroughs vanish and Cumbria shouts. Here each council has one cell
of the same size. Three steps, each of which gives the same result on every run:

1. *Make room.* Every council's land grows or shrinks, in small steps, to the same area; what lies
   around a growing council is pushed out, and drawn in around a shrinking one. London is pulled
   apart, the dales close up (:func:`equalise`).
2. *Take seats.* Councils are assigned to the cells of a hexagonal grid so that the sum of squared
   distances is as small as it can be (:func:`scipy.optimize.linear_sum_assignment`).
3. *Sit beside neighbours.* A few times over, each council is drawn a little towards the councils
   it borders, and seats are taken again.

Cells are axial coordinates of hexagons with a point at the top: in units of a cell's width, the
centre of cell (q, r) is ``q + r / 2`` to the east and ``r * sqrt(3) / 2`` to the south of (0, 0).
"""

from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

Numbers: TypeAlias = npt.NDArray[np.float64]
Integers: TypeAlias = npt.NDArray[np.int64]

#: Steps in which land grows or shrinks, and times that councils move towards their neighbours.
STEPS, ROUNDS = 100, 4
#: How far a council is drawn from its own place towards the middle of its neighbours.
PULL = 0.3
#: Width of a cell as a share of that of a hexagon of the mean area: under 1 closes gaps.
TIGHTNESS = 0.9
#: Rows and columns of spare cells around the councils.
MARGIN = 2


def polygon_centroid(rings: list[list[list[float]]]) -> tuple[float, float, float]:
    """Return the area of a polygon and its centroid, as (area, x, y).

    Parameters
    ----------
    rings
        The outline, then any holes, each a closed list of points (GeoJSON's ``Polygon``).
    """
    parts = []
    for place, ring in enumerate(rings):
        points = np.array(ring, dtype="float64")
        start = points[0]
        x, y = (points - start).T
        cross = x[:-1] * y[1:] - x[1:] * y[:-1]
        area = cross.sum() / 2
        moment_x = ((x[:-1] + x[1:]) * cross).sum() / 6 + area * start[0]
        moment_y = ((y[:-1] + y[1:]) * cross).sum() / 6 + area * start[1]
        # An outline adds land and a hole takes it away, whichever way round they were drawn.
        sign = np.sign(area) * (1 if place == 0 else -1)
        parts.append(sign * np.array([area, moment_x, moment_y]))
    total, moment_x, moment_y = np.sum(parts, axis=0)
    return float(total), float(moment_x / total), float(moment_y / total)


def equalise(centres: Numbers, areas: Numbers) -> Numbers:
    """Move centres apart or together until each has room for the same area around it.

    Each council is treated as a disc. While a disc grows by a little, everything outside it moves
    out by just enough to keep its own area, and the other way round for a disc that shrinks.

    Parameters
    ----------
    centres
        One row per council: metres east, metres north.
    areas
        Square metres, in the same order.
    """
    places, current = centres.copy(), areas.copy()
    growth = (areas.mean() - areas) / STEPS
    for _ in range(STEPS):
        away = places[:, None, :] - places[None, :, :]
        squared = (away**2).sum(axis=2)
        outside = squared > current / np.pi
        pushed = np.where(
            outside,
            np.sqrt(np.maximum(squared + growth / np.pi, 0)),
            np.sqrt(squared * (current + growth) / current),
        )
        distance = np.sqrt(np.where(squared > 0, squared, 1))
        stretch = np.where(squared > 0, pushed / distance - 1, 0)
        places = places + (away * stretch[:, :, None]).sum(axis=1)
        current = current + growth
    return places


def cell_centres(cells: Integers, width: float) -> Numbers:
    """Return the centres of axial cells (one row each: q, r), in metres east and north."""
    q, r = cells.T
    return np.column_stack([(q + r / 2) * width, -r * np.sqrt(3) / 2 * width])


def take_seats(places: Numbers, width: float) -> Integers:
    """Assign each place to its own cell of a grid, moving all of them as little as possible."""
    # Whole metres, so that the last bits of floating-point sums cannot change a seat.
    places = places.round()
    row_height = np.sqrt(3) / 2 * width
    top = int(np.floor(-places[:, 1].max() / row_height)) - MARGIN
    bottom = int(np.ceil(-places[:, 1].min() / row_height)) + MARGIN
    west = int(np.floor(places[:, 0].min() / width)) - MARGIN
    east = int(np.ceil(places[:, 0].max() / width)) + MARGIN
    grid = np.array(
        [(column - r // 2, r) for r in range(top, bottom + 1) for column in range(west, east + 1)],
        dtype="int64",
    )
    seats = cell_centres(grid, width).round()
    cost = ((places[:, None, :] - seats[None, :, :]) ** 2).sum(axis=2)
    _, chosen = linear_sum_assignment(cost)
    return cast(Integers, grid[chosen])


def layout(centres: Numbers, areas: Numbers, borders: npt.NDArray[np.bool_]) -> Integers:
    """Give each council a cell.

    Parameters
    ----------
    centres
        One row per council: metres east, metres north.
    areas
        Square metres, in the same order.
    borders
        Whether the council of the row borders that of the column. A council that borders none
        (an island) is drawn towards the nearest.

    Returns
    -------
    One row per council, in the same order: axial q and r, the smallest of each 0; r grows
    southwards.
    """
    beside = borders.astype("float64")
    for island in np.flatnonzero(~borders.any(axis=1)):
        distance = ((centres - centres[island]) ** 2).sum(axis=1)
        distance[island] = np.inf
        beside[island, distance.argmin()] = 1
    beside /= beside.sum(axis=1, keepdims=True)

    width = TIGHTNESS * np.sqrt(areas.mean() * 2 / np.sqrt(3))
    home = equalise(centres, areas)
    cells = take_seats(home, width)
    for _ in range(ROUNDS):
        among_neighbours = beside @ cell_centres(cells, width)
        cells = take_seats((1 - PULL) * home + PULL * among_neighbours, width)
    return cast(Integers, cells - cells.min(axis=0))


def hex_distance(one: Integers, other: Integers) -> Integers:
    """Return how many steps from cell to cell: 1 for cells that touch."""
    q, r = np.moveaxis(one - other, -1, 0)
    return cast(Integers, np.maximum.reduce([abs(q), abs(r), abs(q + r)]))
