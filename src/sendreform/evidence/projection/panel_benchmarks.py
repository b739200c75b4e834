"""The benchmarks of :mod:`benchmarks` for many short series at once, as councils' are.

A fit of each of some thousands of series by a library takes minutes. Here exponential smoothing,
ARIMA and Theta try every value on a grid, for all series together. A test holds them to the
library: the same forecasts, or a closer fit where the library stops short of the closest.
"""

from collections.abc import Callable

import numpy as np

from sendreform.evidence.projection import benchmarks
from sendreform.evidence.projection.ages import Numbers

#: Fewer years than this are too few for these methods.
FEWEST = 4

_STEPS = 40
_WEIGHTS = np.linspace(1 / _STEPS, 1, _STEPS)
_MOVING = np.linspace(-0.99, 0.99, 4 * _STEPS + 1)


def forecasts(series: Numbers, years: int) -> dict[str, Numbers]:
    """Return what each benchmark foresees of each series, and their equally weighted mean.

    Parameters
    ----------
    series
        Axes series, year; above nought, at least :data:`FEWEST` years, missing only before a series
        begins.

    Returns
    -------
    By method: axes series, year ahead.
    """
    starts = np.isnan(series).sum(axis=1)
    made = {name: np.empty((len(series), years)) for name in METHODS}
    for start in np.unique(starts):
        there = starts == start
        for name, method in METHODS.items():
            made[name][there] = method(series[there, start:], years)
    return made | {benchmarks.MEAN: np.mean(list(made.values()), axis=0)}


def _last_growth(series: Numbers, years: int) -> Numbers:
    yearly = (series[:, -1] / series[:, -2])[:, np.newaxis]
    return np.asarray(series[:, -1:] * yearly ** np.arange(1, years + 1))


def _linear_drift(series: Numbers, years: int) -> Numbers:
    change = (series[:, -1:] - series[:, :1]) / (series.shape[1] - 1)
    return np.asarray(series[:, -1:] + change * np.arange(1, years + 1))


def _exponential_smoothing(series: Numbers, years: int) -> Numbers:
    level, trend, _ = smoothed(np.log(series))
    foreseen = level[:, np.newaxis] + np.multiply.outer(trend, np.arange(1, years + 1))
    return np.asarray(np.exp(foreseen))


def smoothed(series: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return the last level and trend of each series by Holt's method, and the squares of errors.

    The two weights and the first level and trend are those of least squares. For given weights,
    errors are linear in the figures and in the two values at the beginning, which so follow by
    regression.
    """
    known = series.shape[1]
    weights = np.append(0.0, _WEIGHTS)
    level_weight, trend_weight = (grid.ravel() for grid in np.meshgrid(weights, weights))
    # Level and trend as weights of the first two values and of the figures: axes grid, weight.
    level, trend = np.zeros((2, len(level_weight), 2 + known))
    level[:, 0] = trend[:, 1] = 1.0
    errors = []
    for year in range(known):
        error = -(level + trend)
        error[:, 2 + year] += 1.0
        level = level + trend + level_weight[:, np.newaxis] * error
        trend = trend + (level_weight * trend_weight)[:, np.newaxis] * error
        errors.append(error)
    at_first, by_figures = np.split(np.stack(errors, axis=1), [2], axis=2)
    left = by_figures @ series.T
    first = -np.linalg.pinv(at_first) @ left
    squares = ((left + at_first @ first) ** 2).sum(axis=1)
    best, chosen = squares.argmin(axis=0), np.arange(len(series))
    values = np.concatenate([first[best, :, chosen], series], axis=1)
    last_level, last_trend = ((one[best] * values).sum(axis=1) for one in (level, trend))
    return last_level, last_trend, squares[best, chosen]


def _arima(series: Numbers, years: int) -> Numbers:
    """ARIMA(0, 2, 1) of logarithms by exact likelihood, with the innovations algorithm."""
    logs = np.log(series)
    twice = np.diff(logs, n=2, axis=1)
    moving = _MOVING[:, np.newaxis]
    spread = 1 + moving**2
    surprise = np.zeros((len(moving), len(logs)))
    squares, log_spreads = np.zeros_like(surprise), np.zeros_like(moving)
    foreseen = np.zeros_like(surprise)
    for change in twice.T:
        surprise = change - foreseen
        squares += surprise**2 / spread
        log_spreads += np.log(spread)
        foreseen = moving * surprise / spread
        spread = 1 + moving**2 - moving**2 / spread
    number = twice.shape[1]
    best = (number * np.log(squares / number) + log_spreads).argmin(axis=0)
    next_change = foreseen[best, np.arange(len(logs))]
    trend = logs[:, -1] - logs[:, -2] + next_change
    return np.asarray(np.exp(logs[:, -1:] + np.multiply.outer(trend, np.arange(1, years + 1))))


def _theta(series: Numbers, years: int) -> Numbers:
    """Theta method on logarithms: half of a straight line's slope, and simple smoothing."""
    logs = np.log(series)
    known = logs.shape[1]
    weight = _WEIGHTS[:, np.newaxis]
    level = np.broadcast_to(logs[:, 0], (_STEPS, len(logs)))
    squares = np.zeros_like(level)
    for figure in logs.T:
        error = figure - level
        squares = squares + error**2
        level = level + weight * error
    best = squares.argmin(axis=0)
    chosen = _WEIGHTS[best]
    line = np.arange(known) - (known - 1) / 2
    slope = logs @ line / (line @ line)
    reach = (1 - (1 - chosen) ** known) / chosen
    ahead = np.arange(years) + reach[:, np.newaxis]
    last = level[best, np.arange(len(logs))]
    return np.asarray(np.exp(last[:, np.newaxis] + slope[:, np.newaxis] / 2 * ahead))


#: The methods by the names that they have for one series.
METHODS: dict[str, Callable[[Numbers, int], Numbers]] = {
    "Last year's growth": _last_growth,
    "Linear drift": _linear_drift,
    "ETS": _exponential_smoothing,
    "ARIMA": _arima,
    "Theta": _theta,
}
