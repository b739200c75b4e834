"""Outcomes by SEN status: how far children with SEND are from their peers, and which way."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from sendreform.evidence.series import named
from sendreform.periods import academic_year, first_year

SEN_STATUSES = {
    "sen_status:ehc_plan": "EHC plan",
    "sen_status:sen_support": "SEN support",
    "sen_status:no_sen": "No SEN",
}
EHC_PLAN, SEN_SUPPORT, NO_SEN = SEN_STATUSES.values()
NO_SEN_CODE = "sen_status:no_sen"
WITH_SEN = {code: name for code, name in SEN_STATUSES.items() if code != NO_SEN_CODE}

#: Every outcome that is published by SEN status, from the youngest on, then absence and suspension.
SCORED = (
    "good_level_of_development",
    "phonics_in_year_1",
    "reading_writing_maths_at_11",
    "reading_progress_at_11",
    "writing_progress_at_11",
    "maths_progress_at_11",
    "attainment_8",
    "progress_8",
    "ebacc_average_point_score",
    "sustained_destination",
    "participation_at_16_and_17",
    "level_2_at_19",
    "level_2_english_maths_at_19",
    "level_3_at_19",
    "absence_rate",
    "persistent_absence",
    "severe_absence",
    "suspension_rate",
)

#: Outcomes that were measured in the same way in 2018/19 as after the pandemic. Left out are the
#: early years (a new profile) and qualifications at 19 (whose GCSEs were graded without exams).
SAME_BEFORE_AND_AFTER_THE_PANDEMIC = (
    "phonics_in_year_1",
    "reading_writing_maths_at_11",
    "reading_progress_at_11",
    "writing_progress_at_11",
    "maths_progress_at_11",
    "attainment_8",
    "progress_8",
    "ebacc_average_point_score",
    "sustained_destination",
)
LAST_YEAR_BEFORE_THE_PANDEMIC = "2018/19"

#: SEN status is that of four years before, so these do not go with the shares of their own year.
BY_SEN_STATUS_AT_15 = ("level_2_at_19", "level_2_english_maths_at_19", "level_3_at_19")

#: A stretch with fewer figures than this says too little about the way a gap is going: two
#: figures are one change, and a single year's results move by as much as many years' trend.
SHORTEST_STRETCH = 3

#: A level or a gap has moved when it changed by more than this in a year, on average over its
#: stretch: half a point on a scale of a hundred. Results at 6 and 11 are published as whole per
#: cents, so over the usual stretch of three or four years a smaller change could be rounding.
HALF_A_POINT = 0.5
SCALE = 100.0

#: Outcomes that are not measured per hundred, with the length of the scale that they run on. Half
#: a point is taken as the same part of it (a two-hundredth): 0.45 on Attainment 8, 0.045 of a
#: grade on Progress 8. Not set by how far results differ, as that would let the results decide.
SCALES = {
    # Scaled scores at 11 run from 80 to 120, and progress is counted in them.
    "reading_progress_at_11": 40.0,
    "writing_progress_at_11": 40.0,
    "maths_progress_at_11": 40.0,
    # At most 90 points since 2017/18: ten slots of nine.
    "attainment_8": 90.0,
    # Points and grades per subject, from 0 to 9.
    "progress_8": 9.0,
    "ebacc_average_point_score": 9.0,
}

NARROWED, WIDENED = "narrowed", "widened"
BETTER, WORSE = "better", "worse"
ABOUT_THE_SAME = "about the same"
#: Where no direction can be told; ``why`` says why.
UNTOLD = ""

NOT_PUBLISHED = "No figure for these pupils is published here in these years."
NO_PEERS = "No figure for pupils with no SEN is published to set beside theirs."

SCORECARD_COLUMNS = [
    "measure", "series", "from", "to", "figures", "level", "level_change", "level_direction",
    "no_sen", "gap", "gap_change", "gap_direction", "why",
]  # fmt: skip

#: Published figures have at most three decimals: what is left beyond is the computer's.
_DECIMALS = 6
_RESAMPLES = 1999
_SEED = 2014


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


def newest_stretches(
    outcomes: pd.DataFrame, breaks: pd.DataFrame, *, at_least: int = 1, apart: bool = False
) -> pd.DataFrame:
    """Keep of each outcome the newest stretch of figures by SEN status that no break divides.

    Parameters
    ----------
    outcomes
        Observations of any outcomes and areas.
    breaks
        The catalogue's breaks: ``measure``, ``period``.
    at_least
        How many periods the stretch must have. With 1 it is the one since the last break that
        the figures reach; with 3, an older one where that is shorter.
    apart
        Whether each area has a stretch of its own, and not the one that all have together.

    Examples
    --------
    >>> outcome = pd.DataFrame({
    ...     "measure": "phonics", "breakdown": "sen_status:ehc_plan", "value": 9.0,
    ...     "period": ["2015/16", "2016/17", "2018/19"]})
    >>> breaks = pd.DataFrame({"measure": ["phonics"], "period": ["2018/19"]})
    >>> newest_stretches(outcome, breaks)["period"].tolist()
    ['2018/19']
    >>> newest_stretches(outcome, breaks, at_least=2)["period"].tolist()
    ['2015/16', '2016/17']
    """
    there = outcomes[outcomes["breakdown"].isin(list(SEN_STATUSES))].dropna(subset="value")
    # A stretch is numbered by how many breaks of its measure lie before it.
    periods = there[["measure", "period"]].drop_duplicates()
    passed = periods.merge(breaks[["measure", "period"]], on="measure", suffixes=("", "_break"))
    stretch = (
        passed[passed["period_break"] <= passed["period"]].groupby(["measure", "period"]).size()
    )
    numbered = there.merge(
        periods.set_index(["measure", "period"]).assign(stretch=stretch).fillna({"stretch": 0}),
        on=["measure", "period"],
    )
    outcome = ["measure", *(["area"] if apart else [])]
    length = numbered.groupby([*outcome, "stretch"])["period"].transform("nunique")
    long_enough = numbered[length >= at_least]
    newest = long_enough.groupby(outcome)["stretch"].transform("max")
    return long_enough[long_enough["stretch"] == newest].drop(columns="stretch")


def levels_and_gaps(outcomes: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Set the level and the gap of pupils with SEN beside the level of pupils with no SEN.

    Parameters
    ----------
    outcomes
        Observations of any outcomes and areas.
    records
        The catalogue's measures, indexed by name: ``polarity``.

    Returns
    -------
    DataFrame with ``measure``, ``area``, ``period``, ``series`` ("EHC plan", "SEN support"),
    ``level``, ``no_sen`` and ``gap``, in the unit of the outcome.
    """
    key = ["measure", "area", "period"]
    theirs = named(outcomes, WITH_SEN)
    peers = outcomes[outcomes["breakdown"] == NO_SEN_CODE]
    return (
        theirs.rename(columns={"value": "level"})[[*key, "series", "level"]]
        .merge(peers.rename(columns={"value": "no_sen"})[[*key, "no_sen"]], on=key, how="left")
        .assign(
            gap=lambda both: _worse_by(
                both["level"], both["no_sen"], both["measure"].map(records["polarity"])
            )
        )
    )


def _worse_by(level: pd.Series, no_sen: pd.Series, polarity: pd.Series) -> pd.Series:
    return (no_sen - level).where(polarity != "lower", level - no_sen)


def scorecard(
    stretches: pd.DataFrame,
    records: pd.DataFrame,
    *,
    measures: Iterable[str] = SCORED,
    points_a_year: float = HALF_A_POINT,
) -> pd.DataFrame:
    """Return what became of every outcome: its newest level and gap, and which way they moved.

    Parameters
    ----------
    stretches
        Observations of one area, of each outcome one stretch (see :func:`newest_stretches`).
    records
        The catalogue's measures, indexed by name: ``polarity``.
    measures
        The outcomes to score, in this order.
    points_a_year
        A change of more than this, on average a year and on a scale of a hundred, is a move.

    Returns
    -------
    DataFrame with two rows a measure, for pupils with an EHC plan and on SEN support, and
    ``SCORECARD_COLUMNS``: ``from`` and ``to`` are the first and last period of the stretch and
    ``figures`` how many it has; ``level``, ``no_sen`` and ``gap`` are those at its end, the
    changes those since its start, all in the unit of the outcome. A bigger gap is a worse one.
    Directions are ``BETTER`` or ``WORSE``, ``NARROWED`` or ``WIDENED``, ``ABOUT_THE_SAME``, or
    ``UNTOLD`` for the reason in ``why``. Outcomes without figures keep their rows.

    Examples
    --------
    >>> stretch = pd.DataFrame({
    ...     "measure": "reading", "area": "886",
    ...     "period": ["2021/22", "2022/23", "2023/24"] * 2,
    ...     "breakdown": ["sen_status:ehc_plan"] * 3 + ["sen_status:no_sen"] * 3,
    ...     "value": [7.0, 7.0, 7.5, 60.0, 62.0, 64.0]})
    >>> records = pd.DataFrame({"polarity": ["higher"]}, index=["reading"])
    >>> card = scorecard(stretch, records, measures=["reading"]).iloc[0]
    >>> float(card["gap"]), float(card["gap_change"]), card["gap_direction"]
    (56.5, 3.5, 'widened')
    >>> card["level_direction"]
    'about the same'
    """
    areas = [str(area) for area in stretches["area"].unique()] or [""]
    return scorecards(
        stretches, records, areas, measures=measures, points_a_year=points_a_year
    ).drop(columns="area")


def scorecards(
    stretches: pd.DataFrame,
    records: pd.DataFrame,
    areas: Iterable[str],
    *,
    measures: Iterable[str] = SCORED,
    points_a_year: float = HALF_A_POINT,
) -> pd.DataFrame:
    """Return the scorecards of many areas at once, one below the other, with ``area``.

    Parameters
    ----------
    stretches
        Observations of any areas, of each outcome one stretch an area (``apart``).
    areas
        The areas to score, in this order; one without figures keeps its rows.
    records, measures, points_a_year
        As :func:`scorecard` takes them.
    """
    key = ["area", "measure", "series"]
    rows = pd.MultiIndex.from_product([list(areas), list(measures), list(WITH_SEN.values())])
    there = (
        levels_and_gaps(stretches, records).dropna(subset="level").sort_values("period")
    ).groupby(key)
    first = there.head(1).set_index(key).reindex(rows)
    last = there.tail(1).set_index(key).reindex(rows)
    # One figure is no change, and not a change of nought.
    changed = (last[["level", "gap"]] - first[["level", "gap"]]).where(
        first["period"] != last["period"]
    )
    card = pd.DataFrame(
        {
            "from": first["period"].fillna(""),
            "to": last["period"].fillna(""),
            "figures": there.size().reindex(rows, fill_value=0).astype("int64"),
            "level": last["level"],
            "level_change": changed["level"].round(_DECIMALS),
            "no_sen": last["no_sen"],
            "gap": last["gap"].round(_DECIMALS),
            "gap_change": changed["gap"].round(_DECIMALS),
        }
    )
    told = card.assign(why=_why_untold(card)).rename_axis(key).reset_index()
    return by_rule(told, records, points_a_year)[["area", *SCORECARD_COLUMNS]]


def by_rule(card: pd.DataFrame, records: pd.DataFrame, points_a_year: float) -> pd.DataFrame:
    """Return a scorecard with its directions told by another rule.

    Parameters
    ----------
    card, records, points_a_year
        As :func:`scorecard` returns and takes them.
    """
    sign = np.where(records["polarity"].reindex(card["measure"]) == "lower", -1, 1)
    unit_a_year = pd.Series(
        [
            points_a_year * SCALES.get(name, SCALE) / SCALE * years
            for name, years in zip(card["measure"], _years(card), strict=True)
        ],
        index=card.index,
    )
    is_long = card["figures"] >= SHORTEST_STRETCH
    return card.assign(
        level_direction=_direction(sign * card["level_change"], unit_a_year, BETTER, WORSE)
        .where(is_long, UNTOLD),
        gap_direction=_direction(card["gap_change"], unit_a_year, WIDENED, NARROWED)
        .where(is_long, UNTOLD),
    )  # fmt: skip


def _years(card: pd.DataFrame) -> list[int]:
    return [
        first_year(last) - first_year(first) if first else 0
        for first, last in zip(card["from"], card["to"], strict=True)
    ]


def _direction(change: pd.Series, least: pd.Series, up: str, down: str) -> pd.Series:
    least = least.round(_DECIMALS)
    words = np.select(
        [change.isna(), change > least, change < -least],
        [UNTOLD, up, down],
        default=ABOUT_THE_SAME,
    )
    return pd.Series(words, index=change.index, dtype="str")


def _why_untold(card: pd.DataFrame) -> pd.Series:
    short = (
        "Only "
        + card["figures"].astype("str")
        + f" of the {SHORTEST_STRETCH} figures without a break that a direction needs."
    )
    words = np.select(
        [card["figures"] == 0, card["figures"] < SHORTEST_STRETCH, card["gap_change"].isna()],
        [NOT_PUBLISHED, short, NO_PEERS],
        default="",
    )
    return pd.Series(words, index=card.index, dtype="str")


def changes_in_councils(
    councils: pd.DataFrame, card: pd.DataFrame, records: pd.DataFrame
) -> pd.DataFrame:
    """Return by how much the gap changed in each council over the stretches of a scorecard.

    Parameters
    ----------
    councils
        Observations of the outcomes, of councils alone.
    card
        Rows of :func:`scorecard`: ``measure``, ``series``, ``from``, ``to``.
    records
        The catalogue's measures, indexed by name: ``polarity``.

    Returns
    -------
    DataFrame with ``measure``, ``series``, ``area`` and ``value``: the gap at the end less that
    at the start, in the unit of the outcome; negative where it narrowed. Councils without a gap
    at both ends, as those formed or split in between, are left out.
    """
    gaps = levels_and_gaps(councils, records)[["measure", "series", "area", "period", "gap"]]
    key = ["measure", "series"]
    start, end = (
        card[[*key, end]]
        .rename(columns={end: "period"})
        .merge(gaps, on=[*key, "period"])
        .rename(columns={"gap": name})
        .drop(columns="period")
        for end, name in (("from", "start"), ("to", "end"))
    )
    both = start.merge(end, on=[*key, "area"]).dropna(subset=["start", "end"])
    return both.assign(value=(both["end"] - both["start"]).round(_DECIMALS))[
        [*key, "area", "value"]
    ]


def narrowed_in_councils(card: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Add to a scorecard in how many councils the gap narrowed.

    Parameters
    ----------
    card
        What :func:`scorecard` returns.
    changes
        What :func:`changes_in_councils` returns.

    Returns
    -------
    The scorecard with ``councils`` (with a gap at both ends of the stretch), ``councils_narrowed``
    and ``councils_unchanged`` among them, and ``councils_narrowed_share`` in per cent. In each
    council a gap that moved at all counts, so where a true change is small, chance alone takes
    the share towards a half.

    Examples
    --------
    >>> card = pd.DataFrame({"measure": ["reading"], "series": ["EHC plan"]})
    >>> changes = pd.DataFrame({
    ...     "measure": "reading", "series": "EHC plan", "value": [-2.0, 0.0, 1.0, 3.0]})
    >>> narrowed_in_councils(card, changes)["councils_narrowed_share"].tolist()
    [25.0]
    """
    key = ["measure", "series"]
    counted = (
        changes.assign(narrowed=changes["value"] < 0, unchanged=changes["value"] == 0)
        .groupby(key, as_index=False)
        .agg(
            councils=("value", "size"),
            councils_narrowed=("narrowed", "sum"),
            councils_unchanged=("unchanged", "sum"),
        )
    )
    # A measure that no council has is compared in none: that is a count, not a missing figure.
    counts = ["councils", "councils_narrowed", "councils_unchanged"]
    merged = card.merge(counted, on=key, how="left").fillna(dict.fromkeys(counts, 0))
    return merged.astype(dict.fromkeys(counts, "int64")).assign(
        councils_narrowed_share=100
        * merged["councils_narrowed"]
        / merged["councils"].where(merged["councils"] > 0)
    )


def middle_share_of_councils(changes: pd.DataFrame) -> float:
    """Return the share of councils whose gap narrowed, for the middle measure.

    Parameters
    ----------
    changes
        Changes of the gaps of one group of pupils (see :func:`changes_in_councils`):
        ``measure``, ``area``, ``value``.

    Returns
    -------
    The median over measures of the per cent of councils.

    Examples
    --------
    >>> changes = pd.DataFrame({
    ...     "measure": ["reading"] * 2 + ["maths"] * 2, "area": ["301", "302"] * 2,
    ...     "value": [-1.0, -2.0, -1.0, 3.0]})
    >>> middle_share_of_councils(changes)
    75.0
    """
    return _middle(_narrowed(changes))


def middle_share_interval(changes: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of the 95% interval of :func:`middle_share_of_councils`.

    By how much the figure would differ had other councils of the same kind been looked at: a
    percentile bootstrap over councils, each kept with all its measures (Efron and Tibshirani,
    1993, *An Introduction to the Bootstrap*, chapter 13), with a fixed seed.
    """
    narrowed = _narrowed(changes)
    interval = stats.bootstrap(
        (np.arange(len(narrowed)),),
        lambda chosen: _middle(narrowed[chosen]),
        vectorized=False,
        method="percentile",
        n_resamples=_RESAMPLES,
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def _narrowed(changes: pd.DataFrame) -> np.ndarray:
    """Return a row a council and a column a measure: 1 where narrowed, 0 where not, or missing."""
    wide = changes.pivot(index="area", columns="measure", values="value")
    return wide.lt(0).astype("float64").where(wide.notna()).to_numpy()


def _middle(narrowed: np.ndarray) -> float:
    return float(100 * np.median(np.nanmean(narrowed, axis=0)))


def _academic_year_of_january(periods: pd.Series) -> pd.Series:
    years = [academic_year(first_year(january) - 1) for january in periods]
    return pd.Series(years, index=periods.index, dtype="str")


def level_of_group_as_large_as_before(
    level: pd.Series, *, share_now: pd.Series, share_before: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Bound the level that the pupils would have who are in a group as large as it used to be.

    A group that has grown holds pupils who would not have been in it before. If everyone who
    would have been in it still is, they are ``share_before / share_now`` of it, and no more is
    known: at worst none of them reached the standard unless all the others did, at best the other
    way round (Horowitz and Manski, 1995, *Identification and robustness with contaminated and
    corrupted data*, Econometrica 63). A group that has shrunk is bounded the same way, the pupils
    who left it counted as all failing or all reaching the standard.

    Parameters
    ----------
    level
        Per cent of the group that reached the standard.
    share_now, share_before
        The group as a share of all pupils, in the same unit.

    Returns
    -------
    The lowest and the highest level that is possible, in per cent.

    Examples
    --------
    >>> low, high = level_of_group_as_large_as_before(
    ...     pd.Series([9.0, 75.0]),
    ...     share_now=pd.Series([6.0, 80.0]), share_before=pd.Series([3.0, 100.0]))
    >>> low.tolist(), high.tolist()
    ([0.0, 60.0], [18.0, 80.0])
    """
    has_grown = share_now >= share_before
    # Of a group that has grown, those who would have been in it before; of one that has shrunk,
    # those who still are.
    kept, stayed = share_before / share_now, share_now / share_before
    low = ((level - 100 * (1 - kept)) / kept).clip(lower=0).where(has_grown, level * stayed)
    high = (level / kept).clip(upper=100).where(has_grown, level * stayed + 100 * (1 - stayed))
    return low, high


def gaps_had_groups_stayed(
    card: pd.DataFrame, plans: pd.DataFrame, support: pd.DataFrame, records: pd.DataFrame
) -> pd.DataFrame:
    """Bound the gaps of a scorecard had the groups stayed as large as at the stretch's start.

    An illustration, not an estimate: the bounds hold whoever joined the groups with SEN, as long
    as all who would have been in them before still are; and they take the groups' shares among
    all pupils for those in the year group that the outcome is about.

    Parameters
    ----------
    card
        Rows of :func:`scorecard`. Outcomes have no bounds and are left out that are not in per
        cent, or by SEN status of an earlier year, or lack a gap or the groups' shares at an end.
    plans, support
        Per cent of all pupils with an EHC plan and on SEN support: ``period`` (January), ``value``.
    records
        The catalogue's measures, indexed by name: ``polarity``, ``unit``.

    Returns
    -------
    DataFrame with ``measure``, ``series``, ``from``, ``to``, ``gap_before`` (at the start, as
    published), ``gap`` (at the end, as published), ``low`` and ``high``: the least and the
    greatest that it could be with groups as large as at the start; percentage points.
    """
    by_year = pd.DataFrame(
        {
            series: table.set_axis(_academic_year_of_january(table["period"]))["value"]
            for series, table in ((EHC_PLAN, plans), (SEN_SUPPORT, support))
        }
    ).assign(**{NO_SEN: lambda shares: 100 - shares.sum(axis="columns", skipna=False)})
    shares = by_year.rename_axis(index="period", columns="series").stack()
    in_per_cent = card["measure"].map(records["unit"]).str.startswith("per cent")
    of_the_year = ~card["measure"].isin(BY_SEN_STATUS_AT_15)
    told = card[in_per_cent & of_the_year & card["gap_change"].notna()].reset_index(drop=True)

    def share(series: pd.Series, periods: pd.Series) -> pd.Series:
        wanted = pd.MultiIndex.from_arrays([periods, series])
        return pd.Series(shares.reindex(wanted).to_numpy(), index=series.index)

    peers = pd.Series(NO_SEN, index=told.index)
    (their_low, their_high), (peer_low, peer_high) = (
        level_of_group_as_large_as_before(
            told[level],
            share_now=share(series, told["to"]),
            share_before=share(series, told["from"]),
        )
        for series, level in ((told["series"], "level"), (peers, "no_sen"))
    )
    lower_is_better = told["measure"].map(records["polarity"]) == "lower"
    return told.assign(
        gap_before=told["gap"] - told["gap_change"],
        low=(peer_low - their_high).mask(lower_is_better, their_low - peer_high),
        high=(peer_high - their_low).mask(lower_is_better, their_high - peer_low),
    )[["measure", "series", "from", "to", "gap_before", "gap", "low", "high"]].dropna(
        subset=["low", "high"], ignore_index=True
    )
