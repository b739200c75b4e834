"""How good a projection of spending would have been, over the few years that outturn tells."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from sendreform.evidence.projection import backtest, benchmarks
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.simulation import simulate

#: Spending of three years must be known, and is first published for 2017-18.
ORIGINS = range(2021, 2025)

#: The benchmarks that three years are enough for.
SIMPLE = {
    "Last year's growth": benchmarks.last_growth,
    "Linear drift": benchmarks.linear_drift,
}


def scored(history: History, spent: pd.Series, origins: Iterable[int] = ORIGINS) -> pd.DataFrame:
    """Project spending from each January: plans to come, times spending for each plan.

    When the plans of a January are published, the outturn of the financial year before the current
    one is known. Spending for each plan goes on growing as in the last year known, and strays as
    it did: carrying on the average of all years would have been further off.

    Parameters
    ----------
    history
        Of England.
    spent
        High needs outturn in cash, by the year in which a financial year ends.

    Returns
    -------
    As :func:`sendreform.evidence.projection.backtest.scored`; ``year`` is that of the end of the
    financial year, ``horizon`` counts from the January.
    """
    held = history.held.iloc[0]
    rows = []
    for origin in origins:
        known = spent.loc[: origin - 1]
        rng = np.random.default_rng([backtest.SEED, origin, 2])
        years = max(backtest.HORIZONS)
        paths = simulate(fit(history, origin), draws=backtest.DRAWS, years=years, rng=rng)
        each = np.log(known.to_numpy() / held[known.index].to_numpy())
        changes = np.diff(each)
        strays = rng.normal(0, changes.std(ddof=1), (backtest.DRAWS, years + 1)).cumsum(axis=1)
        cost = each[-1] + changes[-1] * np.arange(1, years + 2) + strays
        made = {backtest.OURS: paths.held[:, 1:].sum(axis=2) * np.exp(cost[:, 1:])} | {
            name: make(known.to_numpy(), years + 1)[np.newaxis, 1:] for name, make in SIMPLE.items()
        }
        rows += [
            {"method": method, "origin": origin, "horizon": ahead, "year": origin + ahead}
            | backtest.score(draws[:, ahead - 1], float(spent[origin + ahead]))
            for ahead in backtest.HORIZONS
            if origin + ahead in spent.index
            for method, draws in made.items()
        ]
    return pd.DataFrame(rows)
