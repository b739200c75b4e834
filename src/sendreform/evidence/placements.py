"""Where children and young people with EHC plans are placed, and how that has shifted."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

#: Groups of the SEN2 return, gathered into four that a chart can tell apart.
GROUPS = {
    "placement:mainstream": "Mainstream schools",
    "placement:special": "Special schools",
    "placement:further_education": "Further education",
}
REST = "Elsewhere, other or none"
INDEPENDENT_SPECIAL = ("placement:special_independent", "placement:special_non_maintained")
#: Of the two, the one that grows.
INDEPENDENT_ONLY = "placement:special_independent"

#: Every group of the SEN2 return, with special schools by sector.
SETTINGS = {
    "placement:mainstream": "Mainstream schools",
    "state_special": "State special schools",
    "inmss": "Independent and non-maintained special schools",
    "placement:further_education": "Further education",
    "elsewhere": "Elsewhere or not in education",
}
NOT_PLACED = "Not recorded, or counted apart"
#: Alternative provision, early years settings, education elsewhere than at school, and since
#: 2019 those not in education.
ELSEWHERE = ("placement:ap_pru", "placement:early_years", "placement:educated_elsewhere")
#: Counted beside the groups: awaiting provision and excluded to 2022, other settings to 2023.
APART = (
    "placement:awaiting_provision_apart",
    "placement:permanently_excluded_apart",
    "placement:other_placement_settings_apart",
)
#: Every group that says where a child is, or that a place is awaited.
RECORDED = (*GROUPS, *ELSEWHERE, *APART)

#: Moves between placements, by where the child left and where it went.
MOVES = {
    "move:mainstream_to_special": ("Mainstream", "Special"),
    "move:mainstream_to_home_education": ("Mainstream", "Home education"),
    "move:special_to_mainstream": ("Special", "Mainstream"),
    "move:special_to_home_education": ("Special", "Home education"),
}

#: Special provision within mainstream schools.
UNITS = tuple(
    f"placement:mainstream_{school}_{kind}"
    for school in ("la_maintained", "academy", "free_school")
    for kind in ("senunit", "resourced")
)


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


def moves(figures: pd.DataFrame) -> pd.DataFrame:
    """Return who moved from where to where in the newest year.

    Parameters
    ----------
    figures
        Observations of ``placement_moves`` for one area.

    Returns
    -------
    DataFrame with ``period``, ``source``, ``target`` (placements in words), ``value`` (children;
    missing where the publisher gave a symbol), ``status``: a row per move of :data:`MOVES`, in its
    order.

    Examples
    --------
    >>> figures = pd.DataFrame({
    ...     "period": ["2020", "2021", "2021"],
    ...     "breakdown": ["move:special_to_mainstream"] * 2 + ["move:mainstream_to_special"],
    ...     "value": [7.0, 11.0, 212.0],
    ...     "status": "",
    ... })
    >>> moves(figures)[["source", "target", "value"]].values.tolist()
    [['Mainstream', 'Special', 212.0], ['Special', 'Mainstream', 11.0]]
    """
    known = figures[figures["breakdown"].isin(MOVES)]
    newest = known[known["period"] == known["period"].max()]
    in_order = newest.sort_values(
        "breakdown", key=lambda codes: codes.map(list(MOVES).index), ignore_index=True
    )
    ends = in_order["breakdown"].map(MOVES)
    named: pd.DataFrame = in_order.assign(source=ends.str[0], target=ends.str[1])
    return named.reindex(columns=["period", "source", "target", "value", "status"])


def recorded(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans whose placement is recorded, those that await one among them.

    Set beside them, a kind of placement is not made smaller by returns that leave placements out.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    DataFrame with ``period`` and ``value`` (plans): the sum of all groups of placements that are
    published; Januaries without mainstream or special schools are left out.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": "2025-01", "value": [10.0, 5.0, 3.0, 2.0],
    ...     "breakdown": ["all", "placement:mainstream", "placement:special",
    ...         "placement:not_recorded"],
    ... })
    >>> recorded(plans).values.tolist()
    [['2025-01', 8.0]]
    """
    wide = (
        plans[plans["breakdown"].isin(RECORDED)]
        .pivot(index="period", columns="breakdown", values="value")
        .reindex(columns=list(RECORDED))
        .dropna(subset=["placement:mainstream", "placement:special"])
    )
    sums = wide.sum(axis="columns")
    return pd.DataFrame({"period": sums.index.to_list(), "value": sums.to_list()})


def by_setting(plans: pd.DataFrame) -> pd.DataFrame:
    """Return how many plans name each group of settings, special schools by sector.

    What is in no group is all plans less the groups, so that the parts add to the published
    total. It holds placements not recorded and, to 2022, those awaiting provision; in January
    2018 also 7,193 plans that the publisher's file of placements leaves out.

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
    ...     "period": "2025-01", "breakdown": ["all", "placement:mainstream", "placement:special",
    ...         *INDEPENDENT_SPECIAL, "placement:further_education", *ELSEWHERE],
    ...     "value": [100.0, 40.0, 30.0, 4.0, 1.0, 10.0, 1.0, 2.0, 7.0],
    ... })
    >>> by_setting(plans)["value"].tolist()
    [40.0, 25.0, 5.0, 10.0, 10.0, 10.0]
    """
    needed = [
        "all", "placement:mainstream", "placement:special", *INDEPENDENT_SPECIAL,
        "placement:further_education", *ELSEWHERE,
    ]  # fmt: skip
    wide = (
        plans[plans["breakdown"].isin(needed)]
        .pivot(index="period", columns="breakdown", values="value")
        .reindex(columns=needed)
        .dropna()
    )
    inmss = wide[list(INDEPENDENT_SPECIAL)].sum(axis="columns")
    groups = wide.assign(
        state_special=wide["placement:special"] - inmss,
        inmss=inmss,
        elsewhere=wide[list(ELSEWHERE)].sum(axis="columns"),
    )[list(SETTINGS)].rename(columns=SETTINGS)
    groups[NOT_PLACED] = wide["all"] - groups.sum(axis="columns")
    long = (
        groups.reset_index()
        .melt(id_vars="period", var_name="part")
        .sort_values("period", kind="stable", ignore_index=True)
    )
    return long.assign(share=100 * long["value"] / long["period"].map(wide["all"]))


@dataclass(frozen=True)
class Comparison:
    """A way to ask whether special schools take more children than mainstream schools.

    ``special`` and ``mainstream`` are the breakdowns added up on each side; ``less`` is taken off
    mainstream. ``of`` says what is counted: plans ``held`` in January, those ``added`` since the
    January before, the change of their ``share`` of all plans, or ``new`` plans of the year before.
    """

    definition: str
    of: str = "held"
    special: tuple[str, ...] = ("placement:special",)
    mainstream: tuple[str, ...] = ("placement:mainstream",)
    less: tuple[str, ...] = ()


COMPARISONS = (
    Comparison("All special schools against all mainstream schools"),
    Comparison(
        "The same, without independent mainstream schools",
        less=("placement:mainstream_independent",),
    ),
    Comparison(
        "State schools only: special against mainstream",
        special=(
            "placement:special_la_maintained",
            "placement:special_academy_free",  # two groups of their own since January 2026
            "placement:special_academy",
            "placement:special_free_school",
        ),
        less=("placement:mainstream_independent",),
    ),
    Comparison(
        "SEN units and resourced provision counted as special",
        special=("placement:special", *UNITS),
        less=UNITS,
    ),
    Comparison(
        "Specialist post-16 institutions counted as special",
        special=("placement:special", "placement:specialist_post_16"),
    ),
    Comparison("Plans added in the year", of="added"),
    Comparison("Change of the share of all plans", of="share"),
    Comparison("New plans made in the year before", of="new"),
)


def special_against_mainstream(
    plans: pd.DataFrame, new: pd.DataFrame, januaries: Iterable[str]
) -> pd.DataFrame:
    """Count, in each defensible way, the years in which special schools take more children.

    Kinds of school that were not yet published in a year are not in it: SEN units and resourced
    provision in academies from 2017, those in council-maintained schools throughout.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.
    new
        Observations of ``new_ehc_plans`` for the same area; those of the calendar year before a
        January belong to it.
    januaries
        The years to count.

    Returns
    -------
    DataFrame with ``definition``, ``years`` (for how many there are figures), ``more_special`` (in
    how many of them special exceeds mainstream), ``which`` (those years, as text) and ``verdict``
    ("in 2 of 10 years").

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": ["2024-01", "2024-01"], "value": [6.0, 5.0],
    ...     "breakdown": ["placement:special", "placement:mainstream"],
    ... })
    >>> special_against_mainstream(plans, plans.head(0), ["2024-01"])["verdict"].tolist()[0]
    'in 1 of 1 years'
    """
    wanted = list(januaries)
    made = new.assign(period=[f"{int(year) + 1}-01" for year in new["period"]])
    rows = []
    for way in COMPARISONS:
        ahead = _special_ahead(way, made if way.of == "new" else plans).reindex(wanted).dropna()
        more = ahead[ahead > 0]
        rows.append(
            {
                "definition": way.definition,
                "years": len(ahead),
                "more_special": len(more),
                "which": ", ".join(january[:4] for january in more.index),
                "verdict": f"in {len(more)} of {len(ahead)} years" if len(ahead) else "no figures",
            }
        )
    return pd.DataFrame(rows)


def _special_ahead(way: Comparison, plans: pd.DataFrame) -> pd.Series:
    """Return by how much special exceeds mainstream, January by January."""
    wide = plans.pivot(index="period", columns="breakdown", values="value").sort_index()

    def added_up(codes: tuple[str, ...]) -> pd.Series:
        # The first is always published; a kind of school that is not yet there adds nothing.
        known = wide.reindex(columns=list(codes))
        return known.sum(axis="columns", min_count=1).where(known.iloc[:, 0].notna())

    special, mainstream = added_up(way.special), added_up(way.mainstream)
    if way.less:
        mainstream = mainstream - added_up(way.less)
    if way.of == "share":
        whole = wide["all"] if "all" in wide else special * float("nan")
        special, mainstream = special / whole, mainstream / whole
    ahead = special - mainstream
    if way.of not in ("added", "share"):
        return ahead
    # Only from one January to the next.
    follows = wide.index.str[:4].astype("int64").to_series(index=wide.index).diff().eq(1)
    return ahead.diff().where(follows)
