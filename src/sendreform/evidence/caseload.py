"""Caseload: how many children and young people hold an EHC plan, and of what age."""

from collections.abc import Iterable

import pandas as pd

from sendreform.evidence.series import of, per

#: Bands of age, each with the group that was published to 2022 and the single ages since 2024.
AGE_BANDS = {
    "Under 5": ("under_5", ["under_3", "3", "4"]),
    "5 to 10": ("5_to_10", [str(age) for age in range(5, 11)]),
    "11 to 15": ("11_to_15", [str(age) for age in range(11, 16)]),
    "16 to 19": ("16_to_19", [str(age) for age in range(16, 20)]),
    "20 to 25": ("20_to_25", [str(age) for age in range(20, 26)]),
}

#: With fewer ends in a year, chance alone can move a ratio to them by more than a quarter: the
#: 95% interval of a count of fifty is some 28 per cent either way.
FEWEST_ENDED = 50

#: Why a plan ceased in one council: it moved with its child to another.
MOVED_AWAY = "reason:transferred"


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


def at_ages(bands: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Add up some bands of age, period by period.

    Parameters
    ----------
    bands
        What :func:`by_age_band` returns.
    names
        Bands, by their names in :data:`AGE_BANDS`.

    Returns
    -------
    DataFrame with ``period`` and ``value`` (plans); a period without one of the bands is left out.

    Examples
    --------
    >>> bands = pd.DataFrame({
    ...     "period": ["2015-01"] * 2 + ["2016-01"], "band": ["5 to 10", "11 to 15", "5 to 10"],
    ...     "value": [3.0, 4.0, 5.0],
    ... })
    >>> at_ages(bands, ["5 to 10", "11 to 15"]).values.tolist()
    [['2015-01', 7.0]]
    """
    wanted = list(names)
    sums = (
        bands[bands["band"].isin(wanted)]
        .pivot(index="period", columns="band", values="value")
        .reindex(columns=wanted)
        .dropna()
        .sum(axis="columns")
    )
    return pd.DataFrame({"period": sums.index.to_list(), "value": sums.to_list()})


def ended(ceased: pd.DataFrame) -> pd.DataFrame:
    """Return plans that ended, without those that went on in another council.

    A plan that moves with its child counts as ceased in the council that it leaves, and is not
    new in the council that takes it over. Set beside new plans, only the others ended.

    Parameters
    ----------
    ceased
        Observations of ``ehc_plans_ceased``, any areas.

    Returns
    -------
    DataFrame with ``area``, ``period`` (calendar years), ``value``; missing where either the
    total or the number transferred is.

    Examples
    --------
    >>> ceased = pd.DataFrame({
    ...     "area": ["886"] * 2, "period": ["2024"] * 2,
    ...     "breakdown": ["all", "reason:transferred"], "value": [50.0, 20.0],
    ... })
    >>> ended(ceased)["value"].tolist()
    [30.0]
    """
    both = of(ceased).merge(
        of(ceased, MOVED_AWAY)[["area", "period", "value"]],
        on=["area", "period"],
        how="left",
        suffixes=("", "_moved"),
    )
    return both.assign(value=both["value"] - both["value_moved"])[["area", "period", "value"]]


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


def begun_for_each_ended(new: pd.DataFrame, ended: pd.DataFrame) -> pd.DataFrame:
    """Return how many plans began for each that ended, in years in which enough ended.

    Parameters
    ----------
    new, ended
        ``period`` (calendar years) and ``value`` for one area.

    Returns
    -------
    ``new`` with ``value`` divided, in order of period; a year without both figures, or with fewer
    than :data:`FEWEST_ENDED` ends, is left out.

    Examples
    --------
    >>> new = pd.DataFrame({"period": ["2022", "2024"], "value": [400.0, 300.0]})
    >>> ended = pd.DataFrame({"period": ["2022", "2024"], "value": [20.0, 150.0]})
    >>> begun_for_each_ended(new, ended).values.tolist()
    [['2024', 2.0]]
    """
    enough = ended[ended["value"] >= FEWEST_ENDED]
    ratios = per(new, enough, on=("period",)).dropna(subset="value")
    return ratios.sort_values("period", ignore_index=True)
