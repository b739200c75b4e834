"""The way to a new plan: requests, times the share assessed, times the share given a plan."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.cohort import Paths
from sendreform.evidence.projection.history import History

#: The stages, in order: how many ask, which share of them is assessed, which of those get a plan.
REQUESTS, ASSESSED, ISSUED = STAGES = ("requests", "assessed", "issued")

#: With fewer yearly changes than this, how the stages move together cannot be told.
FEWEST = 4


@dataclass(frozen=True)
class Stages:
    """How new plans part into stages; fitted by :func:`fitted`.

    Attributes
    ----------
    assessed, issued
        Shares, from 0 to 1: of requests that are assessed, and of assessments that end with a plan.
    follows
        Which part of a year's change in new plans is a change at each stage (:data:`STAGES`), on
        average; adds up to 1.
    strays
        By how much each stage strays from that, the stages together not at all: axes stage and
        source of chance; logarithms.
    spread
        Standard deviation of a year's change at each stage, as a logarithm.
    """

    assessed: float
    issued: float
    follows: Numbers
    strays: Numbers
    spread: Numbers


@dataclass(frozen=True)
class Entries:
    """New plans by their stages, in draws: axes draw, year after the origin; whole.

    Attributes
    ----------
    requests
        Requests that a year's plans come from: the mean of that year's and the year's before.
    assessed
        Assessments that ended in the year, with a plan or without one.
    began
        New plans.
    """

    requests: Numbers
    assessed: Numbers
    began: Numbers


def counted(known: History) -> pd.DataFrame:
    """Return the stages of each year: for each plan held, and as shares from 0 to 1.

    It takes about five months from a request to a plan, so that the plans of a year come from
    requests of two. The product of a row is new plans for each plan held.

    Returns
    -------
    DataFrame indexed by year, with a column for each of :data:`STAGES`.
    """
    requests, assessed, began, held = (
        table.iloc[0] if len(table) else pd.Series(dtype="float64")
        for table in (known.requests, known.assessed, known.began, known.held)
    )
    asked = (requests + requests.shift(1)) / 2
    return pd.DataFrame(
        {REQUESTS: asked / held, ASSESSED: assessed / asked, ISSUED: began / assessed}
    ).dropna()


def fitted(known: History, averaged: int) -> Stages | None:
    """Return how new plans part into stages, from all years that are known.

    Parameters
    ----------
    known
        The history of one area, to a January.
    averaged
        Over how many years shares are averaged.

    Returns
    -------
    ``None`` where fewer than :data:`FEWEST` yearly changes are known.
    """
    by_year = counted(known)
    changes = np.diff(np.log(by_year.to_numpy()), axis=0)
    if len(changes) < FEWEST:
        return None
    together = np.cov(changes, rowvar=False)
    follows = together.sum(axis=1) / together.sum()
    left = together - np.multiply.outer(follows, follows) * together.sum()
    sizes, directions = np.linalg.eigh(left)
    last = by_year.iloc[-averaged:].mean()
    return Stages(
        assessed=float(last[ASSESSED]),
        issued=float(last[ISSUED]),
        follows=follows,
        strays=directions * np.sqrt(np.clip(sizes, 0.0, None)),
        spread=np.sqrt(np.diag(together)),
    )


def apart(paths: Paths, assumed: Stages, rng: np.random.Generator) -> Entries:
    """Part new plans into stages: what they stray by in a year arises at each stage in part.

    What new plans come to is not touched. Growth, a reform and the number of children without a
    plan show in requests. No share can pass 1.

    Parameters
    ----------
    paths
        Draws of England's plans.
    """
    draws, years = paths.strayed.shape
    own = rng.standard_normal((draws, years, assumed.strays.shape[1])) @ assumed.strays.T
    moved = np.cumsum(own, axis=1) + paths.strayed[..., np.newaxis] * assumed.follows
    shares = {
        stage: np.minimum(level * np.exp(moved[..., STAGES.index(stage)]), 1.0)
        for stage, level in ((ASSESSED, assumed.assessed), (ISSUED, assumed.issued))
    }
    began = paths.began.sum(axis=2)
    assessed = np.maximum(np.rint(began / shares[ISSUED]), began)
    requests = np.maximum(np.rint(assessed / shares[ASSESSED]), assessed)
    return Entries(requests, assessed, began)
