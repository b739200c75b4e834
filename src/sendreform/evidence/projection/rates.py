"""Rates that follow from counts of plans: how many leave at which age, how many begin."""

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import AGES, Numbers
from sendreform.evidence.projection.history import History

#: Schooling is compulsory to the summer in which a child turns 16: whoever is 15 in January is
#: about to leave or stay on, so they count with the older ones.
LEAVING_SCHOOL = 15
OLDER = AGES >= LEAVING_SCHOOL


def leaving_rates(known: History) -> pd.DataFrame:
    """Return which share of plans left in a year, below the age of leaving school and from it on.

    What left follows from the counts by age: held, and begun, less held a year later. It also
    holds moves between areas and corrections, and can fall below nought.

    Parameters
    ----------
    known
        The history of one area.

    Returns
    -------
    DataFrame indexed by year, with ``younger`` and ``older`` (shares of the plans held in January,
    from 0 to 1); only years with ages at both ends.
    """
    held, began = (table.droplevel("area") for table in (known.ages, known.began_ages))
    years = [year for year in held.index if year + 1 in held.index and year in began.index]
    before, after, new = (
        table.loc[at].to_numpy()
        for table, at in ((held, years), (held, [year + 1 for year in years]), (began, years))
    )
    grown = AGES > LEAVING_SCHOOL
    rates = {
        name: 1 - (after[:, then] - new[:, then]).sum(axis=1) / before[:, now].sum(axis=1)
        for name, now, then in (("younger", ~OLDER, ~grown), ("older", OLDER, grown))
    }
    return pd.DataFrame(rates, index=pd.Index(years, name="year"))


def leaving_in_all(known: History) -> pd.Series:
    """Return which share of all plans left in a year, by year, where the counts tell."""
    held, began = (table.iloc[0].dropna() for table in (known.held, known.began))
    years = [year for year in held.index if year + 1 in held.index and year in began.index]
    left = (
        held[years].to_numpy() + began[years].to_numpy() - held[[y + 1 for y in years]].to_numpy()
    )
    return pd.Series(left / held[years].to_numpy(), index=pd.Index(years, name="year"))


def begun_for_each_held(known: History) -> pd.Series:
    """Return new plans of a year for each plan held in its January."""
    held, began = (table.iloc[0].dropna() for table in (known.held, known.began))
    return (began / held.reindex(began.index)).dropna()


def begun_for_each_request(known: History) -> pd.Series:
    """Return new plans of a year for each request in that year and the one before, averaged.

    It takes about five months from a request to a plan, so that the plans of a year come from
    requests of two. The ratio is the product of the shares that are assessed and given a plan.
    """
    if known.requests.empty:
        return pd.Series(dtype="float64")
    requests, began = known.requests.iloc[0].dropna(), known.began.iloc[0].dropna()
    return (began / ((requests + requests.shift(1)) / 2).reindex(began.index)).dropna()


def leaving_schedule(younger: float, older: float) -> Numbers:
    """Return the share that leaves within a year at each age; nobody holds a plan beyond 25."""
    rates = np.where(OLDER, older, younger)
    rates[-1] = 1.0
    return rates
