"""Incentives in the national framework: what its fixed rules do to schools, families and places."""

from collections.abc import Mapping

import pandas as pd

from sendreform.evidence import caseload, placements
from sendreform.evidence.money import (
    NOTIONAL_THRESHOLD,
    THRESHOLD_SINCE,
    threshold_in_later_prices,
)
from sendreform.evidence.series import of

# ------------------------------------------------------------------ the threshold


def threshold(deflator: pd.DataFrame, since: str = THRESHOLD_SINCE) -> pd.DataFrame:
    """Return what the amount that schools are to find first is still worth, year by year.

    Parameters
    ----------
    deflator
        ``period`` and ``value``: an index of prices; only its ratios matter.
    since
        The year in which the amount was set, as the deflator writes it.

    Returns
    -------
    DataFrame with ``period``, ``kept_pace`` (pounds that would buy as much), ``worth`` (what the
    amount buys, pounds in the prices of ``since``) and ``lost`` (per cent of its worth). Empty
    where the deflator has no figure for ``since``.

    Examples
    --------
    >>> index = pd.DataFrame({"period": ["2013-14", "2024-25"], "value": [75.0, 100.0]})
    >>> threshold(index)[["kept_pace", "worth", "lost"]].values.tolist()[-1]
    [8000.0, 4500.0, 25.0]
    """
    if since not in set(deflator.dropna(subset="value")["period"]):
        return pd.DataFrame(columns=["period", "kept_pace", "worth", "lost"])
    worth = threshold_in_later_prices(NOTIONAL_THRESHOLD, since, deflator)
    return worth.assign(lost=100 * (1 - worth["worth"] / NOTIONAL_THRESHOLD))


# ------------------------------------------------------------------ shares of a rise


def rise(parts: pd.DataFrame, total: pd.DataFrame, start: str, end: str, rest: str) -> pd.DataFrame:
    """Share a rise between two periods out among the parts that it is made of.

    Parameters
    ----------
    parts
        ``label``, ``period``, ``value``.
    total
        ``period``, ``value``: what the parts are parts of.
    start, end
        Periods.
    rest
        What to call the part of the rise that is in none of the parts.

    Returns
    -------
    DataFrame with ``label``, ``start``, ``end``, ``added``, ``growth`` (per cent of the start)
    and ``share`` (per cent of the whole rise), most added first. A part without a figure at
    either end is in the rest, which comes last and has neither start, end nor growth; the rows
    add up to the rise. Empty where the total lacks a figure at either end.
    """
    columns = ["label", "start", "end", "added", "growth", "share"]
    at_ends = of_ends(total.assign(label="all"), start, end)
    if at_ends.empty or start == end:
        return pd.DataFrame(columns=columns)
    whole = float((at_ends["end"] - at_ends["start"]).iloc[0])
    known = of_ends(parts, start, end).assign(
        added=lambda ends: ends["end"] - ends["start"],
        growth=lambda ends: 100 * ends["added"] / ends["start"].where(ends["start"] > 0),
    )
    left = whole - known["added"].sum()
    in_order = known.sort_values("added", ascending=False).reset_index()
    others = pd.DataFrame({"label": [rest], "added": [left]}) if left else pd.DataFrame()
    return (
        pd.concat([in_order, others], ignore_index=True)
        .assign(share=lambda rows: 100 * rows["added"] / whole if whole else float("nan"))
        .reindex(columns=columns)
    )


def of_ends(parts: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return each part's figures at two periods, as ``start`` and ``end``; both must be there."""
    return (
        parts[parts["period"].isin([start, end])]
        .pivot(index="label", columns="period", values="value")
        .reindex(columns=[start, end])
        .set_axis(["start", "end"], axis="columns")
        .dropna()
    )


# ------------------------------------------------------------------ needs

AUTISM, SPEECH, MENTAL_HEALTH = (
    "Autism",
    "Speech, language and communication",
    "Social, emotional and mental health",
)
LOW_INCIDENCE = "Severe, multiple, physical or sensory"
OTHER_NEEDS = "Learning difficulties and other"
NOT_AT_BOTH_ENDS = "Recorded at one end only"

#: Needs in groups. The fourth holds those that few pupils have, most of them from birth or early
#: years; it is the nearest that the school census comes to "life-limiting conditions", which it
#: does not record.
NEED_GROUPS = {
    "need:asd": AUTISM,
    "need:slcn": SPEECH,
    "need:semh": MENTAL_HEALTH,
    **dict.fromkeys(
        ["need:sld", "need:pmld", "need:pd", "need:hi", "need:vi", "need:msi"], LOW_INCIDENCE
    ),
    **dict.fromkeys(["need:mld", "need:spld", "need:oth"], OTHER_NEEDS),
}


def rise_by_need(
    pupils: pd.DataFrame, start: str, end: str, names: Mapping[str, str]
) -> pd.DataFrame:
    """Share the rise in pupils with an EHC plan out among needs, or groups of needs.

    Parameters
    ----------
    pupils
        Observations of ``pupils_with_ehc_plan_by_need`` for one area, with breakdown ``all``.
    start, end
        January censuses. Down syndrome is a need of its own from January 2025 and was recorded
        under others before; it is in "Recorded at one end only" where the years cross that break.
    names
        Breakdown → its words; needs given the same words are added: :data:`NEED_GROUPS`.

    Returns
    -------
    What :func:`rise` returns. A group of which any need is missing in a year is missing there.

    Examples
    --------
    >>> pupils = pd.DataFrame({
    ...     "breakdown": ["all", "need:asd", "need:hi"] * 2,
    ...     "period": ["2016-01"] * 3 + ["2025-01"] * 3, "value": [30, 20, 10, 70, 58, 12],
    ... })
    >>> names = {"need:asd": "Autism", "need:hi": "Hearing impairment"}
    >>> shared_out = rise_by_need(pupils, "2016-01", "2025-01", names)
    >>> shared_out[["label", "added", "share"]].values.tolist()
    [['Autism', 38.0, 95.0], ['Hearing impairment', 2.0, 5.0]]
    """
    needs = pupils[pupils["breakdown"].isin(list(names))]
    asked = pd.Series(names).value_counts()
    groups = (
        needs.assign(label=needs["breakdown"].map(dict(names)))
        .groupby(["label", "period"])["value"]
        .agg(["sum", "count"])
        .reset_index()
    )
    whole = groups["count"] == groups["label"].map(asked)
    added_up = groups.assign(value=groups["sum"].where(whole).astype("float64"))
    return rise(added_up, of(pupils), start, end, NOT_AT_BOTH_ENDS)


# ------------------------------------------------------------------ refusal and appeal

#: The steps from a request to an appeal, and from an assessment to an appeal: measure → words.
#: The second of each is the refusal.
REQUESTS = {
    "ehc_plan_requests": "Requests for an assessment",
    "ehc_plan_requests_refused": "Refused",
    "request_mediations": "Mediation held about the decision",
    "request_tribunals": "Appeal against the decision",
}
ASSESSMENTS = {
    "ehc_assessments": "Assessments",
    "ehc_assessments_no_plan": "No plan issued",
    "assessment_mediations": "Mediation held about the decision",
    "assessment_tribunals": "Appeal against the decision",
}
DECIDED = "Decided at least in part for the family"
NOT_PUBLISHED = (
    "Not published by kind of decision: the Tribunal's share of decisions for families covers "
    "appeals of every kind."
)


def refusal_steps(observed: Mapping[str, pd.DataFrame], steps: Mapping[str, str]) -> pd.DataFrame:
    """Follow the newest year's requests through refusal and mediation to appeal.

    Mediations and appeals are those that councils recorded for requests (or assessments) of the
    year; some follow after the return is made. One request may have both. How appeals about these
    decisions end is not published: the last row says so and has no figure.

    Parameters
    ----------
    observed
        Observations for one area of each measure in ``steps``.
    steps
        :data:`REQUESTS` or :data:`ASSESSMENTS`.

    Returns
    -------
    DataFrame with ``period`` (the newest with every step), ``label``, ``value``, ``of_first`` (per
    cent of requests or assessments), ``of_refused`` (per cent of refusals, from there on) and
    ``note``. Empty where no year has every step.
    """
    figures = pd.DataFrame(
        {name: of(observed[name]).set_index("period")["value"] for name in steps}
    ).dropna()
    columns = ["period", "label", "value", "of_first", "of_refused", "note"]
    if figures.empty:
        return pd.DataFrame(columns=columns)
    newest = figures.loc[figures.index.max()].reset_index(drop=True)
    refused = newest[1] if newest[1] > 0 else float("nan")
    first = newest[0] if newest[0] > 0 else float("nan")
    known = pd.DataFrame(
        {
            "label": list(steps.values()),
            "value": newest,
            "of_first": 100 * newest / first,
            "of_refused": (100 * newest / refused).where(newest.index > 0),
            "note": "",
        }
    )
    ending = pd.DataFrame({"label": [DECIDED], "note": [NOT_PUBLISHED]})
    return (
        pd.concat([known, ending], ignore_index=True)
        .assign(period=figures.index.max())
        .reindex(columns=columns)
    )


# ------------------------------------------------------------------ special places

STATE_SPECIAL = "State special schools"
INDEPENDENT_SPECIAL = "Independent and non-maintained special schools"


def special_places(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans in state special schools, and in independent and non-maintained ones.

    Places filled and not places built: how many more could be taken is not in these figures. From
    January 2023 councils return a record for each child, which changed placements most: a rise
    across that date crosses a break.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    DataFrame with ``period``, ``label`` (state special is all special less the others) and
    ``value``; the two add to all special schools. Periods in which either is missing are left out.
    """
    special = of(plans, "placement:special").set_index("period")["value"]
    independent = placements.independent_special(plans).set_index("period")["value"]
    return (
        pd.DataFrame({STATE_SPECIAL: special - independent, INDEPENDENT_SPECIAL: independent})
        .dropna()
        .rename_axis(index="period")
        .reset_index()
        .melt(id_vars="period", var_name="label")
    )


def rise_in_special_places(plans: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Share the rise in special-school places out among state and independent providers.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    What :func:`rise` returns.
    """
    return rise(special_places(plans), of(plans, "placement:special"), start, end, "Not known")


#: The breakdowns of the Department's own costs of a place, by sector.
SECTORS = {"provider:state_special": "state", "provider:inmss": "independent"}


def unit_costs(costs: pd.DataFrame) -> pd.DataFrame:
    """Set what a place costs a year in independent and in state special schools side by side.

    The Department's own series alone; figures that others gave are on other bases. It says
    nothing of how needs differ between placements.

    Parameters
    ----------
    costs
        Observations of ``placement_unit_cost`` for one area: pounds a year, financial years.

    Returns
    -------
    DataFrame with ``period``, ``state``, ``independent`` (pounds, cash), ``difference`` and
    ``times`` (independent ÷ state), for the years that have both.
    """
    both = (
        costs[costs["breakdown"].isin(SECTORS)]
        .pivot(index="period", columns="breakdown", values="value")
        .reindex(columns=list(SECTORS))
        .rename(columns=SECTORS)
        .dropna()
    )
    return both.assign(
        difference=both["independent"] - both["state"], times=both["independent"] / both["state"]
    ).reset_index()


# ------------------------------------------------------------------ after 16

AGE_NOT_GIVEN = "Age not given"


def rise_by_age(plans: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Share the rise in EHC plans out among bands of age.

    Until 2014 statements ended at 19; since September 2014 a plan may last to the age of 25.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    What :func:`rise` returns, with the bands of :func:`caseload.by_age_band`.
    """
    bands = caseload.by_age_band(plans).rename(columns={"band": "label"})
    return rise(bands, of(plans), start, end, AGE_NOT_GIVEN)


def rise_by_placement(plans: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Share the rise in EHC plans out among groups of placement, further education among them.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    What :func:`rise` returns, with the groups of :func:`placements.by_group`. Placements in
    further education were first counted in January 2015. See :func:`special_places` for the break.
    """
    groups = placements.by_group(plans).rename(columns={"part": "label"})
    return rise(groups, of(plans), start, end, "Not known")


def post_16_places(plans: pd.DataFrame, period: str) -> pd.DataFrame:
    """Return where young people of 16 to 25 with an EHC plan are placed.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area; ages by placement are published for England
        from January 2024.
    period
        A January census.

    Returns
    -------
    DataFrame with ``label``, ``value`` (plans) and ``share`` (per cent of all at these ages), most
    first; "Elsewhere, other or none" is what the groups leave of all. Empty where any age has no
    figure.
    """
    ages = [f"age:{age}" for age in range(16, 26)]
    figures = plans[plans["period"] == period].set_index("breakdown")["value"]
    wide = pd.DataFrame(
        {
            words: figures.reindex([f"{age} {code}" for age in ages]).to_numpy()
            for code, words in placements.GROUPS.items()
        }
    )
    everyone = figures.reindex(ages)
    if wide.isna().any(axis=None) or everyone.isna().any():
        return pd.DataFrame(columns=["label", "value", "share"])
    groups = wide.sum()
    groups[placements.REST] = everyone.sum() - groups.sum()
    ordered = groups.sort_values(ascending=False).rename_axis("label").reset_index(name="value")
    return ordered.assign(share=100 * ordered["value"] / everyone.sum())
