"""How good the projection would have been: from every January, with what was known then."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from sendreform.evidence.projection import benchmarks, scores
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import CHOSEN, Structure, fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.simulation import simulate

OURS = "This projection"
ORIGINS = range(2014, 2026)
HORIZONS = range(1, 6)

#: Kept out of every choice and of fitting, and scored once.
HELD_OUT = 2026

#: Draws of each projection that is scored, and where chance begins.
DRAWS, SEED = 2_000, 2014

#: The structure that does not know the law of 2014.
WITHOUT_LAW = "Without foreseeing the law of 2014"

#: What is tried, by name; the first is what we chose.
CANDIDATES = {
    "New plans from requests and from plans held, growth kept or slowing": CHOSEN,
    "The same, growth kept for ever": Structure(damping=1.0),
    "The same, growth slowing faster": Structure(damping=0.9),
    "New plans from plans held alone": Structure(entries="per_plan"),
    "New plans from requests alone": Structure(entries="requests"),
    "As many new plans as in the last year": Structure(entries="level"),
    WITHOUT_LAW: Structure(law=False),
}

#: What is scored: plans held each January, or new plans in the year before it.
TARGETS = ("held", "began")


def scored(
    history: History,
    origins: Iterable[int] = ORIGINS,
    *,
    target: str = "held",
    structure: Structure = CHOSEN,
    until: int = HELD_OUT - 1,
    beside: bool = True,
) -> pd.DataFrame:
    """Project from each January and set what came beside it.

    Parameters
    ----------
    history
        Of one area.
    origins
        The Januaries to project from; only what was known at each is used.
    target
        ``held``: plans each January; ``began``: new plans in the year before each January.
    structure
        How the projection is built.
    until
        The last January that is scored.
    beside
        Whether the benchmarks are scored as well.

    Returns
    -------
    DataFrame with ``method``, ``origin``, ``horizon`` (years), ``year`` (the January), ``forecast``
    (the median of draws), ``outcome``, ``crps`` and ``within_50``, ``within_80``, ``within_95``
    (1 or 0; missing for the benchmarks, single figures whose CRPS is the absolute error).
    """
    outcomes = _outcomes(history, target)
    rows = []
    for origin in origins:
        made = {OURS: _draws(history, origin, target, structure)}
        if beside:
            made |= _benchmarks(history, origin, target)
        for horizon in HORIZONS:
            year = origin + horizon
            if year > until or year not in outcomes:
                continue
            rows += [
                {"method": method, "origin": origin, "horizon": horizon, "year": year}
                | score(draws[:, horizon - 1], outcomes[year])
                for method, draws in made.items()
            ]
    return pd.DataFrame(rows)


def choice(history: History, origins: Iterable[int] = ORIGINS) -> pd.DataFrame:
    """Score each structure that was tried, by horizon.

    Returns
    -------
    DataFrame with ``method`` (a name of :data:`CANDIDATES`), ``horizon`` and the columns of
    :func:`sendreform.evidence.projection.scores.summary`.
    """
    tried = [
        scored(history, origins, structure=structure, beside=False).assign(method=name)
        for name, structure in CANDIDATES.items()
    ]
    return scores.summary(pd.concat(tried), ["method", "horizon"])


def final_test(every: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the January that was kept out.

    Parameters
    ----------
    every
        What :func:`scored` gives with ``until`` that January: each forecast of it is scored once.
    """
    return every[every["year"] == HELD_OUT].reset_index(drop=True)


def beats(summarised: pd.DataFrame, horizons: Iterable[int] = (1, 2, 3)) -> dict[int, str]:
    """Return for each horizon the best benchmark that is as good as ours or better; empty if none.

    Parameters
    ----------
    summarised
        What :func:`sendreform.evidence.projection.scores.summary` gives by method and horizon.
    """
    errors = summarised.pivot(index="method", columns="horizon", values="mape")
    others = errors.drop(index=OURS)
    return {
        horizon: str(others[horizon].idxmin())
        if others[horizon].min() <= errors.loc[OURS, horizon]
        else ""
        for horizon in horizons
    }


def _outcomes(history: History, target: str) -> Mapping[int, float]:
    """Return what came, by January; new plans of a year stand at the January after it."""
    series = getattr(history, target).iloc[0].dropna()
    return dict(zip(series.index + (target == "began"), series, strict=True))


def _draws(history: History, origin: int, target: str, structure: Structure) -> Numbers:
    """Return draws of the target: axes draw, horizon."""
    paths = simulate(
        fit(history, origin, structure),
        draws=DRAWS,
        years=max(HORIZONS),
        rng=np.random.default_rng([SEED, origin]),
    )
    counted = paths.held[:, 1:] if target == "held" else paths.began
    return np.asarray(counted.sum(axis=2))


def _benchmarks(history: History, origin: int, target: str) -> dict[str, Numbers]:
    """Return what each benchmark foresees, as one draw."""
    series = getattr(history.known_at(origin), target).iloc[0].dropna().to_numpy(dtype="float64")
    foreseen = benchmarks.forecasts(series, max(HORIZONS))
    return {name: values[np.newaxis] for name, values in foreseen.items()}


def score(draws: Numbers, outcome: float) -> dict[str, float]:
    """Score draws of one figure; a single draw has no ranges."""
    ranges = {share: scores.bounds(draws, share) for share in scores.RANGES}
    return {
        "forecast": float(np.median(draws)),
        "outcome": outcome,
        "crps": scores.crps(draws, outcome),
    } | {
        f"within_{share}": float(low <= outcome <= high) if len(draws) > 1 else float("nan")
        for share, (low, high) in ranges.items()
    }
