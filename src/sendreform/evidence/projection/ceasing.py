"""Why plans end, and at which age: as published, set on the ages of the January count."""

import pandas as pd

from sendreform.evidence.projection.ages import AGES
from sendreform.periods import first_year

#: A plan that moves with its child to another council ends in the first and goes on in the second.
TRANSFERRED = "reason:transferred"


def ended(ceased: pd.DataFrame) -> pd.DataFrame:
    """Return how many of England's plans ended, by reason; those that moved councils did not.

    Parameters
    ----------
    ceased
        Observations of ``ehc_plans_ceased`` for England.

    Returns
    -------
    A row a calendar year, a column for each breakdown ``reason:…``, of plans; a reason that a year
    does not tell is missing.

    Examples
    --------
    >>> ceased = pd.DataFrame({
    ...     "period": "2025", "breakdown": ["all", "reason:died", TRANSFERRED],
    ...     "value": [30.0, 10.0, 20.0]})
    >>> ended(ceased).loc[2025].to_dict()
    {'reason:died': 10.0}
    """
    reasons = ceased[
        ceased["breakdown"].str.startswith("reason:") & ceased["breakdown"].ne(TRANSFERRED)
    ]
    by_year = reasons.pivot(index="period", columns="breakdown", values="value")
    return by_year.rename(index=first_year)


def shares(by_reason: pd.DataFrame) -> pd.Series:
    """Return which part of the plans that ended in the last year did so for each reason.

    Examples
    --------
    >>> shares(pd.DataFrame({"reason:died": [1.0], "reason:needs_met": [3.0]})).to_list()
    [0.25, 0.75]
    """
    last = by_reason.iloc[-1].dropna()
    return last / last.sum()


#: The youngest and the oldest age in January that a plan ends at.
_FIRST, _LAST = 2, 25

#: Plans that ended at 20 or older are published as one group: in January they were this old.
_OLDEST = list(range(19, _LAST + 1))

#: Who reaches the highest age was this old in January.
_AT_THE_END = [24, 25]


def by_age(ceased: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Return how many of England's plans ended, by reason and age; those that moved did not.

    A plan that ended is told at the age on that day. Most end with a school year, by when most
    have grown a year older than in the January count: whoever ends at 18 is taken to have been 17.
    Those aged 20 and over are one group: for each reason it is shared out by who was there to
    leave, and those who reached the highest age among the oldest.

    Parameters
    ----------
    ceased
        Observations of ``ehc_plans_ceased`` for England.
    held
        Plans held in January by single age: a row a year, a column an age.

    Returns
    -------
    Plans: a row for each ``year`` and ``reason`` that is published by age and has plans held by
    age, a column for each age in January. Plans that ended at an unknown age are left out.

    Examples
    --------
    >>> ceased = pd.DataFrame({
    ...     "period": "2025", "value": [10.0, 6.0], "breakdown": [
    ...         "age:18 reason:needs_met", "age:20_and_over reason:needs_met"]})
    >>> held = pd.DataFrame(1.0, index=[2025], columns=AGES).mul([0] * 23 + [1, 2, 0])
    >>> by_age(ceased, held).loc[(2025, "needs_met"), [17, 23, 24]].to_list()
    [10.0, 2.0, 4.0]
    """
    parts = ceased["breakdown"].str.extract(r"^age:(?P<age>\S+) reason:(?P<reason>\S+)$")
    known = (
        ceased.assign(year=ceased["period"].map(first_year), **parts)
        .dropna(subset=["reason", "value"])
        .loc[
            lambda rows: (
                rows["year"].isin(held.index)
                & rows["reason"].ne(TRANSFERRED.removeprefix("reason:"))
            )
        ]
    )
    numbered = known["age"].where(known["age"] != "2_and_under", "2")
    single = known[numbered.str.isdigit()].assign(
        age=lambda rows: (numbered[rows.index].astype("int64") - 1).clip(lower=_FIRST)
    )
    oldest = known[known["age"] == "20_and_over"].set_index(["year", "reason"])["value"]
    return (
        single.pivot_table(index=["year", "reason"], columns="age", values="value", aggfunc="sum")
        # An age without a row is one at which none ended.
        .reindex(columns=AGES, fill_value=0.0)
        .add(_shared_out(oldest, held), fill_value=0.0)
    )


def _shared_out(oldest: pd.Series, held: pd.DataFrame) -> pd.DataFrame:
    """Share the plans that ended at 20 and over out by age: by who was there to leave."""
    at_the_end = oldest.index.get_level_values("reason") == "maximum_age"
    there = held.reindex(oldest.index.get_level_values("year")).set_axis(oldest.index)
    within = pd.DataFrame(
        [[age in (_AT_THE_END if end else _OLDEST) for age in AGES] for end in at_the_end],
        index=oldest.index,
        columns=AGES,
    )
    weights = there.where(within)
    return weights.div(weights.sum(axis="columns"), axis="index").mul(oldest, axis="index")
