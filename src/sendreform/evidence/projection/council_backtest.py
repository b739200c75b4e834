"""How good the projection would have been for councils, from every January since 2014."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sendreform.evidence.projection import backtest, councils, panel_benchmarks, scores
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.simulation import simulate
from sendreform.observations import ENGLAND

#: Below this many plans, one child moves an error by a per cent or more.
FEWEST = 100

#: Draws for each council and origin.
DRAWS = 400


def scored(
    history: History,
    of_today: list[str],
    origins: Iterable[int] = backtest.ORIGINS,
    *,
    until: int = backtest.HELD_OUT - 1,
) -> pd.DataFrame:
    """Project every council from each January and set what came beside it.

    Parameters
    ----------
    history
        Of England and of the councils.
    of_today
        The councils; each is scored from Januaries in which it had enough plans and enough years
        behind it for every benchmark, to those in which its plans are published.

    Returns
    -------
    As :func:`sendreform.evidence.projection.backtest.scored`, with ``area``.
    """
    england = history.of_area(ENGLAND)
    made = []
    for origin in (first for first in origins if first < until):
        known = history.known_at(origin)
        before = known.held.reindex(of_today).iloc[:, -panel_benchmarks.FEWEST :]
        there = list(before.index[(before >= FEWEST).all(axis="columns")])
        assumed = fit(england, origin)
        paths = simulate(
            assumed,
            draws=DRAWS,
            years=max(backtest.HORIZONS),
            rng=np.random.default_rng([backtest.SEED, origin]),
        )
        expected = councils.shares(history, there, assumed, origin, max(backtest.HORIZONS))
        # Councils whose area was to change are not scored, and make up the rest of England.
        part = float(before.loc[there, origin].sum() / assumed.held.sum())
        total = np.rint(part * paths.held.sum(axis=2))
        ours = councils.draws(expected, total, np.random.default_rng([backtest.SEED, origin, 1]))
        foreseen = panel_benchmarks.forecasts(
            _without_gaps(known.held.loc[there]), max(backtest.HORIZONS)
        )
        forecasts = {backtest.OURS: ours[..., 1:]} | {
            name: values[:, np.newaxis] for name, values in foreseen.items()
        }
        made += [
            _scores(draws, history.held.reindex(there), origin, until).assign(method=method)
            for method, draws in forecasts.items()
        ]
    return pd.concat(made, ignore_index=True)


def _without_gaps(held: pd.DataFrame) -> Numbers:
    """Leave out what lies before a year that is missing: a series begins after it."""
    missing = held.isna().iloc[:, ::-1].cummax(axis="columns").iloc[:, ::-1]
    return held.mask(missing).to_numpy(dtype="float64")


def _scores(draws: Numbers, held: pd.DataFrame, origin: int, until: int) -> pd.DataFrame:
    """Score draws (axes council, draw, horizon) of councils from one January."""
    years = [
        origin + horizon
        for horizon in backtest.HORIZONS
        if origin + horizon <= until and origin + horizon in held
    ]
    outcome = held[years].to_numpy(dtype="float64")
    shown = draws[..., : len(years)]
    ordered, number = np.sort(shown, axis=1), shown.shape[1]
    weights = (2 * np.arange(1, number + 1) - number - 1)[np.newaxis, :, np.newaxis]
    apart = 2 * (ordered * weights).sum(axis=1) / number**2
    parts = {
        "forecast": np.median(shown, axis=1),
        "outcome": outcome,
        "crps": np.abs(shown - outcome[:, np.newaxis]).mean(axis=1) - apart / 2,
    }
    for share in scores.RANGES:
        low, high = scores.bounds(np.moveaxis(shown, 1, 0), share)
        held_in = (low <= outcome) & (outcome <= high)
        parts[f"within_{share}"] = np.where(number > 1, held_in, np.nan)
    table = pd.DataFrame({name: values.ravel() for name, values in parts.items()})
    return table.assign(
        area=np.repeat(held.index, len(years)),
        origin=origin,
        year=np.tile(years, len(held)),
        horizon=np.tile(np.array(years) - origin, len(held)),
    ).dropna(subset="outcome")
