"""Caseload: how many children and young people hold an EHC plan, and of what age."""

import pandas as pd

#: Ages in bands that match the age groups published before single ages were.
AGE_BANDS = {
    "Under 5": ["under_3", "3", "4"],
    "5 to 10": [str(age) for age in range(5, 11)],
    "11 to 15": [str(age) for age in range(11, 16)],
    "16 to 19": [str(age) for age in range(16, 20)],
    "20 to 25": [str(age) for age in range(20, 26)],
}


def by_age_band(plans: pd.DataFrame) -> pd.DataFrame:
    """Add single ages up to bands.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, with breakdowns ``age:…``.

    Returns
    -------
    DataFrame with ``period``, ``band`` and ``value`` (plans), bands from young to old. A band
    is missing in a period in which any of its ages is.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": ["2025-01"] * 3,
    ...     "breakdown": ["age:under_3", "age:3", "age:4"],
    ...     "value": [1.0, 20.0, 30.0],
    ... })
    >>> by_age_band(plans).to_dict("list")
    {'period': ['2025-01'], 'band': ['Under 5'], 'value': [51.0]}
    """
    band_of = {f"age:{age}": band for band, ages in AGE_BANDS.items() for age in ages}
    size = {band: len(ages) for band, ages in AGE_BANDS.items()}
    bands = (
        plans.assign(band=plans["breakdown"].map(band_of))
        .dropna(subset="band")
        .groupby(["period", "band"])["value"]
        .agg(["sum", "count"])
        .reset_index()
    )
    return (
        bands.assign(value=bands["sum"].where(bands["count"] == bands["band"].map(size)))[
            ["period", "band", "value"]
        ]
        .sort_values(
            ["period", "band"],
            key=lambda column: (
                column.map({band: place for place, band in enumerate(AGE_BANDS)})
                if column.name == "band"
                else column
            ),
        )
        .reset_index(drop=True)
    )


def coming_and_going(new: pd.DataFrame, ceased: pd.DataFrame) -> pd.DataFrame:
    """Set plans that began beside plans that ended, year by year.

    Parameters
    ----------
    new, ceased
        ``period`` (calendar years) and ``value`` for one area.

    Returns
    -------
    Both, with ``series`` "Began" or "Ended".
    """
    return pd.concat([new.assign(series="Began"), ceased.assign(series="Ended")], ignore_index=True)


def growth_by_band(bands: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return how many plans each age band added between two periods.

    Parameters
    ----------
    bands
        What :func:`by_age_band` returns.

    Returns
    -------
    DataFrame with ``label`` (the band), ``value`` (plans added) and ``growth`` (per cent).
    """
    wide = (
        bands[bands["period"].isin([start, end])]
        .pivot(index="band", columns="period", values="value")
        .reindex(index=list(AGE_BANDS), columns=[start, end])
        .dropna()
    )
    return pd.DataFrame(
        {
            "label": wide.index.to_list(),
            "value": (wide[end] - wide[start]).to_list(),
            "growth": (100 * (wide[end] / wide[start].where(wide[start] > 0) - 1)).to_list(),
        }
    )
