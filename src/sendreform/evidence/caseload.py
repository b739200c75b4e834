"""Caseload: how many children and young people hold an EHC plan, and of what age."""

import pandas as pd

#: Bands of age, each with the group that was published to 2022 and the single ages since 2024.
AGE_BANDS = {
    "Under 5": ("under_5", ["under_3", "3", "4"]),
    "5 to 10": ("5_to_10", [str(age) for age in range(5, 11)]),
    "11 to 15": ("11_to_15", [str(age) for age in range(11, 16)]),
    "16 to 19": ("16_to_19", [str(age) for age in range(16, 20)]),
    "20 to 25": ("20_to_25", [str(age) for age in range(20, 26)]),
}


def by_age_band(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans by band of age: as published, or single ages added up.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, with breakdowns ``age:…``.

    Returns
    -------
    DataFrame with ``period``, ``band`` and ``value`` (plans), bands from young to old: the sum
    over the ages that have a figure. A band without any has no row.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": ["2022-01", "2025-01", "2025-01"],
    ...     "breakdown": ["age:under_5", "age:3", "age:4"],
    ...     "value": [40.0, 20.0, 30.0],
    ... })
    >>> by_age_band(plans)["value"].tolist()
    [40.0, 50.0]
    """
    band_of = {
        f"age:{code}": band for band, (group, ages) in AGE_BANDS.items() for code in (group, *ages)
    }
    order = {band: place for place, band in enumerate(AGE_BANDS)}
    bands = (
        plans.assign(band=plans["breakdown"].map(band_of))
        .dropna(subset=["band", "value"])
        .groupby(["period", "band"])["value"]
        .sum()
        .reset_index()
    )
    return bands.assign(order=bands["band"].map(order)).sort_values(
        ["period", "order"], ignore_index=True
    )[["period", "band", "value"]]


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
    DataFrame with ``label`` (the band) and ``value`` (plans added); empty for one period alone.
    """
    if bands.empty or start == end:
        return pd.DataFrame(columns=["label", "value"]).astype({"value": "float64"})
    wide = (
        bands[bands["period"].isin([start, end])]
        .pivot(index="band", columns="period", values="value")
        .reindex(index=list(AGE_BANDS), columns=[start, end])
        .dropna()
    )
    return pd.DataFrame(
        {"label": wide.index.to_list(), "value": (wide[end] - wide[start]).to_list()}
    )
