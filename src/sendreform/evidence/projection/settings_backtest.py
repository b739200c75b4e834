"""How good a projection of plans by setting would have been, from every January that can be tried.

Settings by single age are published for the newest Januaries alone. So before them the moves
between settings are read without ages, and that version is what is scored; the one with ages has
one January that came true, the last.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from sendreform.evidence.projection import backtest, panel_benchmarks, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.simulation import simulate

#: Four Januaries are known, as the benchmarks need: settings are told apart from 2015 on.
ORIGINS = range(2018, 2025)

#: What ours is called with the moves by age, one that was tried as well, and a further benchmark.
WITH_AGES = "This projection, by age"
HALF = "The same, half of the moves carried on"
SAME_SHARES = "Shares stay as they are"


def scored(
    history: History,
    plans: pd.DataFrame,
    new: pd.DataFrame,
    origins: Iterable[int] = ORIGINS,
    *,
    until: int = backtest.HELD_OUT - 1,
) -> pd.DataFrame:
    """Project plans by setting from each January and set what came beside them.

    Parameters
    ----------
    history
        Of England.
    plans, new
        Observations of ``ehc_plans`` and ``new_ehc_plans`` for England.

    Returns
    -------
    As :func:`sendreform.evidence.projection.backtest.scored`, with ``setting`` (a name of
    :data:`settings.NAMES`).
    """
    by_setting = settings.latest_by_setting(plans)
    rows = []
    for origin in origins:
        rows += _rows(_made(history, plans, new, by_setting, origin), by_setting, origin, until)
    return pd.DataFrame(rows)


def final_test(history: History, plans: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Score the last January from the one before, with and without ages; as :func:`scored`."""
    by_setting = settings.latest_by_setting(plans)
    origin = backtest.HELD_OUT - 1
    made = _made(history, plans, new, by_setting, origin)
    with_ages = followed(history, settings.fitted(plans, new, origin), origin)
    return pd.DataFrame(_rows(made | {WITH_AGES: with_ages}, by_setting, origin, backtest.HELD_OUT))


def _made(
    history: History, plans: pd.DataFrame, new: pd.DataFrame, by_setting: pd.DataFrame, origin: int
) -> dict[str, Numbers]:
    """Return what each method foresees: axes draw, year ahead, setting."""
    known = by_setting.loc[:origin]
    assumed = settings.fitted_without_ages(
        known, plans, new, fit(history, origin).held, history.known_at(origin)
    )
    ours = followed(history, assumed, origin)
    half = replace(assumed, moves=(assumed.moves + np.eye(assumed.moves.shape[-1])) / 2)
    total = ours.sum(axis=2, keepdims=True)
    last = known.to_numpy(dtype="float64")[-1]
    benchmarks = panel_benchmarks.forecasts(
        known.to_numpy(dtype="float64").T, max(backtest.HORIZONS)
    )
    return {
        backtest.OURS: ours,
        HALF: followed(history, half, origin),
        SAME_SHARES: np.median(total, axis=0, keepdims=True) * last / last.sum(),
        **{name: values.T[np.newaxis] for name, values in benchmarks.items()},
    }


def followed(history: History, assumed: settings.Settings, origin: int) -> Numbers:
    """Return draws of plans by setting after a January: axes draw, year ahead, setting."""
    paths = simulate(
        fit(history, origin),
        draws=backtest.DRAWS,
        years=max(backtest.HORIZONS),
        rng=np.random.default_rng([backtest.SEED, origin]),
    )
    return settings.follow(paths, assumed, np.random.default_rng([backtest.SEED, origin, 3]))[:, 1:]


def _rows(
    made: dict[str, Numbers], by_setting: pd.DataFrame, origin: int, until: int
) -> list[dict[str, object]]:
    return [
        {"method": method, "setting": name, "origin": origin, "horizon": ahead, "year": year}
        | backtest.score(draws[:, ahead - 1, place], outcome)
        for ahead in backtest.HORIZONS
        for year in [origin + ahead]
        if year <= until and year in by_setting.index
        for outcome, (place, name) in zip(
            by_setting.loc[[year]].to_numpy(dtype="float64")[0],
            enumerate(settings.NAMES),
            strict=True,
        )
        for method, draws in made.items()
    ]
