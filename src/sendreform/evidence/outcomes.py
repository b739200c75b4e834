"""Outcomes by SEN status: how far children with SEND are from their peers, and which way."""

import pandas as pd

from sendreform.evidence.series import named, since_last_break, span

SEN_STATUSES = {
    "sen_status:ehc_plan": "EHC plan",
    "sen_status:sen_support": "SEN support",
    "sen_status:no_sen": "No SEN",
}


#: Outcomes that are published by SEN status and can be compared from year to year.
SCORED = (
    "phonics_in_year_1",
    "reading_writing_maths_at_11",
    "attainment_8",
    "progress_8",
    "level_2_at_19",
    "level_2_english_maths_at_19",
    "level_3_at_19",
    "sustained_destination",
)
#: A stretch with fewer figures than this says too little about the way a gap is going.
SHORTEST_STRETCH = 3


def by_sen_status(outcome: pd.DataFrame) -> pd.DataFrame:
    """Return an outcome for pupils with an EHC plan, with SEN support and with no SEN.

    Parameters
    ----------
    outcome
        Observations of one outcome for one area.

    Returns
    -------
    The rows by SEN status with ``series`` in words, in that order.
    """
    return named(outcome, SEN_STATUSES)


def gap_to_pupils_without_sen(outcome: pd.DataFrame) -> pd.DataFrame:
    """Return by how much an outcome is lower for pupils with SEN than for pupils without.

    Parameters
    ----------
    outcome
        Observations of one outcome, any areas.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``series`` ("EHC plan", "SEN support") and ``value``:
    the figure for pupils with no SEN less theirs, in the unit of the outcome; missing where
    either is missing.

    Examples
    --------
    >>> outcome = pd.DataFrame({
    ...     "area": ["E92000001"] * 3,
    ...     "period": ["2024/25"] * 3,
    ...     "breakdown": list(SEN_STATUSES),
    ...     "value": [9.0, 29.0, 69.0],
    ... })
    >>> gap_to_pupils_without_sen(outcome)[["series", "value"]].values.tolist()
    [['EHC plan', 60.0], ['SEN support', 40.0]]
    """
    *with_sen, without = SEN_STATUSES
    wide = outcome.pivot(index=["area", "period"], columns="breakdown", values="value").reindex(
        columns=list(SEN_STATUSES)
    )
    return (
        wide[with_sen]
        .rsub(wide[without], axis="index")
        .rename(columns=SEN_STATUSES)
        .reset_index()
        .melt(id_vars=["area", "period"], var_name="series")
    )


def scorecard(outcomes: dict[str, pd.DataFrame], breaks: pd.DataFrame) -> pd.DataFrame:
    """Return, for each outcome, its newest level and how the gap moved in its unbroken stretch.

    Parameters
    ----------
    outcomes
        Measure name → observations of one area.
    breaks
        The catalogue's breaks: ``measure``, ``period``.

    Returns
    -------
    DataFrame with ``measure``, ``from``, ``to`` (periods of the stretch), ``ehc_plan``,
    ``sen_support``, ``no_sen`` (levels at its end), ``gap`` and ``gap_change`` (of pupils with an
    EHC plan; a positive change is a wider gap). Outcomes with fewer than three figures since
    their last break are left out.
    """
    rows = []
    for measure, outcome in outcomes.items():
        stretch = since_last_break(outcome, breaks.query("measure == @measure")["period"])
        gap = gap_to_pupils_without_sen(stretch).query("series == 'EHC plan'")
        moved = span(gap)
        if gap["value"].count() < SHORTEST_STRETCH:
            continue
        newest = stretch[stretch["period"] == moved.last_period].set_index("breakdown")["value"]
        rows.append(
            {
                "measure": measure,
                "from": moved.first_period,
                "to": moved.last_period,
                **{
                    code.removeprefix("sen_status:"): newest.get(code, float("nan"))
                    for code in SEN_STATUSES
                },
                "gap": moved.last,
                "gap_change": moved.difference,
            }
        )
    return pd.DataFrame(
        rows,
        columns=["measure", "from", "to", "ehc_plan", "sen_support", "no_sen", "gap", "gap_change"],
    )
