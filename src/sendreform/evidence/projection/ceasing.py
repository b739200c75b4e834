"""Why plans end: as published, beside how many leave by the counts that the projection rests on."""

import pandas as pd

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
