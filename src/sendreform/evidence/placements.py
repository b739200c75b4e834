"""Where children and young people with EHC plans are placed, and how that has shifted."""

import pandas as pd

#: Groups of the SEN2 return, gathered into four that a chart can tell apart.
GROUPS = {
    "placement:mainstream": "Mainstream schools",
    "placement:special": "Special schools",
    "placement:further_education": "Further education",
}
REST = "Elsewhere, other or none"
INDEPENDENT_SPECIAL = ("placement:special_independent", "placement:special_non_maintained")


def by_group(plans: pd.DataFrame) -> pd.DataFrame:
    """Return how many plans name each of four groups of placement.

    The fourth group is all plans less the three groups above, so that the four always add to the
    published total. It holds alternative provision, early years settings, education elsewhere
    than at school, young people not in education, and placements not recorded.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    DataFrame with ``period``, ``part`` (the group in words), ``value`` (plans), ``share`` (per
    cent of all plans). Periods in which a group is missing are left out.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": ["2025-01"] * 4,
    ...     "breakdown": ["all", *GROUPS],
    ...     "value": [100.0, 45.0, 30.0, 10.0],
    ... })
    >>> by_group(plans)[["part", "value"]].values.tolist()[-1]
    ['Elsewhere, other or none', 15.0]
    """
    wide = (
        plans[plans["breakdown"].isin(["all", *GROUPS])]
        .pivot(index="period", columns="breakdown", values="value")
        .reindex(columns=["all", *GROUPS])
        .dropna()
    )
    groups = wide[list(GROUPS)].rename(columns=GROUPS)
    groups[REST] = wide["all"] - groups.sum(axis="columns")
    shares = 100 * groups.div(wide["all"], axis="index")
    return (
        pd.DataFrame(
            {
                "value": groups.stack(),
                "share": shares.stack(),
            }
        )
        .rename_axis(["period", "part"])
        .reset_index()
    )


def independent_special(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans that name an independent or non-maintained special school (INMSS).

    Parameters
    ----------
    plans
        Observations of ``ehc_plans``, any areas.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``value``: the two kinds of school added, missing where
    either is missing.
    """
    kinds = plans[plans["breakdown"].isin(INDEPENDENT_SPECIAL)].groupby(["area", "period"])
    return kinds["value"].sum(min_count=len(INDEPENDENT_SPECIAL)).reset_index()


def special_share_of_schools(groups: pd.DataFrame) -> pd.DataFrame:
    """Return special schools' share of the plans in mainstream and special schools.

    Parameters
    ----------
    groups
        What :func:`by_group` returns.

    Returns
    -------
    DataFrame with ``period`` and ``value`` (per cent).

    Examples
    --------
    >>> groups = pd.DataFrame({
    ...     "period": ["2025-01"] * 2,
    ...     "part": ["Mainstream schools", "Special schools"],
    ...     "value": [60.0, 40.0],
    ... })
    >>> special_share_of_schools(groups)["value"].tolist()
    [40.0]
    """
    wide = groups.pivot(index="period", columns="part", values="value").reindex(
        columns=["Mainstream schools", "Special schools"]
    )
    share = 100 * wide["Special schools"] / wide.sum(axis="columns", min_count=2)
    return pd.DataFrame({"period": share.index.to_list(), "value": share.to_list()})
