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


def leaving_schedule(younger: float, older: float) -> Numbers:
    """Return the share that leaves within a year at each age, of two that are known."""
    return all_leave_at_the_end(np.where(OLDER, older, younger))


def all_leave_at_the_end(by_age: Numbers) -> Numbers:
    """Return shares that leave, with everyone leaving at 25: nobody holds a plan beyond it.

    Examples
    --------
    >>> all_leave_at_the_end(np.full(26, 0.1))[[24, 25]].tolist()
    [0.1, 1.0]
    """
    return np.where(AGES[-1] == AGES, 1.0, by_age)


def leaving_by_reason(known: History, year: int) -> pd.DataFrame:
    """Return which share of plans ended in a year for each reason, at each age in January.

    Parameters
    ----------
    known
        The history of England: of no other area are reasons known by age.
    year
        One that ``known.ended`` has.

    Returns
    -------
    DataFrame indexed by reason, with a column for each age: shares of the plans held at that age,
    from 0 to 1. An age that nobody has has none.
    """
    held = known.ages.droplevel("area").loc[year].to_numpy(dtype="float64")
    return pd.DataFrame(known.ended.loc[year] / np.where(held > 0, held, np.inf)).clip(upper=1)


def reasons_at_each_age(known: History) -> pd.DataFrame:
    """Return which part of the plans that ended in the last year did so for each reason, by age.

    Returns
    -------
    DataFrame indexed by reason, with a column for each age: shares that add up to 1, at an age at
    which none ended those of all ages. Without rows where no reason is known by age.
    """
    years = known.ended.index.get_level_values("year")
    last = known.ended[years == years.max()].droplevel("year")
    at_all = last.sum(axis="columns") / last.to_numpy().sum()
    by_age = last.sum(axis="index")
    none_ended = pd.DataFrame(dict.fromkeys(by_age.index[by_age == 0], at_all))
    parts = last.loc[:, by_age > 0].div(by_age[by_age > 0], axis="columns")
    shares: pd.DataFrame = pd.concat([parts, none_ended], axis="columns").sort_index(axis="columns")
    return shares
