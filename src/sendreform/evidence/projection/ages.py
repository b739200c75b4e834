"""Single years of age: as published, or read from the bands that were published before 2024."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

Numbers = NDArray[np.float64]

#: A plan can be held from birth to the age of 25.
AGES = np.arange(26)

#: Where each published band begins; a band ends where the next one begins. Plans under 3 are few.
BANDS = {"under_5": 2, "5_to_10": 5, "11_to_15": 11, "16_to_19": 16, "20_to_25": 20}
_END = 26

#: Groups at either end of the single ages, each counted at one age: hardly any plan is younger or
#: begins later.
_ENDS = {"under_3": 2, "2_and_under": 2, "20_and_over": 20}

#: Ages of new plans in 2025 are those at their beginning (``start_age:``), counted otherwise than
#: before: they are not joined to these.
_PREFIX = "age:"


def by_single_age(observed: pd.DataFrame) -> pd.DataFrame:
    """Return a count by single year of age, from 0 to 25.

    Where only bands are published, the count within each is read from a curve through the running
    total at the ends of the bands: a monotone cubic, which cannot go below nought and keeps each
    band's total (Fritsch and Butland, 1984, https://doi.org/10.1137/0905021). Nothing that was
    published later is used for that.

    Parameters
    ----------
    observed
        Observations of plans or of new plans, of any number of areas, with breakdowns ``age:…``.

    Returns
    -------
    DataFrame with a row for each ``area`` and ``period`` that has ages, none of them withheld, and
    a column for each age; the row adds to what is published by age.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "area": "886", "period": "2022-01", "breakdown": ["age:under_5", "age:5_to_10"],
    ...     "value": [30.0, 60.0]})
    >>> by_single_age(plans).loc[("886", "2022-01"), [4, 5, 10, 11]].round(1).tolist()
    [10.0, 11.4, 3.1, 0.0]
    """
    alone = observed["breakdown"].str.startswith(_PREFIX) & ~observed["breakdown"].str.contains(" ")
    ages = observed[alone]
    # A withheld age is none that nobody has: the whole count of that area and period is not known.
    is_whole = ages["value"].notna().groupby([ages["area"], ages["period"]]).transform("all")
    known = ages[is_whole].assign(code=lambda kept: kept["breakdown"].str.removeprefix(_PREFIX))
    single = _single(known)
    bands = known[known["code"].isin(BANDS)].pivot_table(
        index=["area", "period"], columns="code", values="value", aggfunc="sum"
    )
    graduated = _graduated(bands.reindex(columns=list(BANDS)))
    return pd.concat([graduated[~graduated.index.isin(single.index)], single]).sort_index()


def _single(known: pd.DataFrame) -> pd.DataFrame:
    """Return the counts that are published by single age."""
    numbered = known["code"].where(known["code"].str.isdigit()).astype("float64")
    age = numbered.fillna(known["code"].map(_ENDS))
    return (
        known.assign(age=age)
        .dropna(subset="age")
        .astype({"age": "int64"})
        .pivot_table(index=["area", "period"], columns="age", values="value", aggfunc="sum")
        # An age without a row is one that nobody has.
        .reindex(columns=AGES, fill_value=0.0)
        .fillna(0.0)
    )


def _graduated(bands: pd.DataFrame) -> pd.DataFrame:
    """Read single ages from the totals of bands; a band without a row is one that nobody is in."""
    if bands.empty:
        return pd.DataFrame(columns=AGES, index=bands.index, dtype="float64")
    ends = [*BANDS.values(), _END]
    totals = np.cumsum(bands.fillna(0.0).to_numpy(), axis=1)
    running = np.column_stack([np.zeros(len(bands)), totals])
    curve = PchipInterpolator(ends, running, axis=1)
    inside = np.diff(curve(np.arange(ends[0], _END + 1)), axis=1)
    younger = np.zeros((len(bands), ends[0]))
    return pd.DataFrame(np.hstack([younger, inside]), index=bands.index, columns=AGES)
