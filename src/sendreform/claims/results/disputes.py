"""What the tests about disputes find: appeals, decisions, and refusals that are appealed."""

import math

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._shared import (
    first_and_last,
    interval,
    known,
    no_change,
    other_ways,
    own,
    tidy,
    with_england,
    years_told,
)
from sendreform.evidence import disputes
from sendreform.evidence.joined_up import changes_in_share, proportions
from sendreform.evidence.series import at, of
from sendreform.report import Report

#: Refusals to assess, and of them appealed, mediated, and appealed after a mediation.
REFUSED = (
    "ehc_plan_requests_refused",
    "request_tribunals",
    "request_mediations",
    "request_tribunals_after_mediation",
)
#: Refusals to issue a plan after an assessment, and of them appealed.
TO_ISSUE = ("ehc_assessments_no_plan", "assessment_tribunals")
APPEALED_OR_MEDIATED = "appealed, taken to mediation, or both"


def change_in_appeals_per_thousand_plans(report: Report) -> Result:
    """Per cent by which appeals for every thousand plans changed since the first year."""
    measures = ("tribunal_appeals", "ehc_plans")
    appeals, plans = (with_england(report, measure) for measure in measures)
    rates = disputes.per_thousand_plans(appeals, plans)
    if own(report, rates).empty:
        return no_result(report.no_figure(measures[0]), *measures)
    start, end = first_and_last(report, rates)
    changed = own(report, disputes.changes_per_thousand_plans(appeals, plans, start, end))
    if start == end or changed.empty:
        return no_change(report, "appeals for every thousand plans", start, *measures)
    low, high = interval(report, changed)
    counts = own(report, appeals)
    return Result(
        value=float(changed["change"].iloc[0]),
        period=f"{years_told(report, start, end, *measures)}; from {at(counts, start):,.0f} to "
        f"{at(counts, end):,.0f} appeals",
        measures=measures,
        low=low,
        high=high,
        checks=other_ways(report, own(report, rates), start, end, "per_cent", *measures),
    )


def change_in_appeal_rate(report: Report) -> Result:
    """Percentage points by which the appeal rate, older basis, changed since the first year.

    The rates are as published, in whole tenths of a per cent.
    """
    measure = "appeal_rate_old_basis"
    counts = ("tribunal_appeals", "appealable_decisions_old_basis")
    rates = with_england(report, measure)
    of_place = own(report, rates)
    if of_place.empty:
        return no_result(report.no_figure(measure), measure)
    start, end = first_and_last(report, rates)
    change = tidy(at(of_place, end) - at(of_place, start))
    if start == end or math.isnan(change):
        return no_change(report, "the appeal rate on the older basis", start, measure)
    appeals, decisions = (with_england(report, count) for count in counts)
    unrounded = own(report, proportions(appeals, decisions))
    low, high = interval(report, changes_in_share(unrounded, start, end))
    return Result(
        value=change,
        period=years_told(report, start, end, measure),
        measures=(measure, *counts),
        low=low,
        high=high,
        checks=known(
            {
                **other_ways(report, of_place, start, end, "difference", measure),
                "from rates before rounding": at(unrounded, end) - at(unrounded, start),
            }
        ),
    )


def share_decided_for_families(report: Report) -> Result:
    """Per cent of the Tribunal's decisions that were at least in part for the family."""
    measure = "tribunal_decisions_for_families_share"
    told = disputes.decided_for_families(report.figures(measure))
    if told.empty:
        return no_result(report.no_figure(measure), measure)
    publishers = report.store.breakdowns.query("dimension == 'publisher'").set_index("code")
    who = told["breakdown"].str.removeprefix("publisher:").map(publishers["label"])
    words = told["period"] + (" (" + who + ")").where(who.notna(), "")
    newest = told[told["used"]].tail(1)
    others = told.drop(index=newest.index)
    return Result(
        value=float(newest["value"].iloc[0]),
        period=str(words[newest.index].iloc[0]),
        measures=(measure,),
        checks=dict(zip(words[others.index], others["value"], strict=True)),
    )


def share_of_refusals_appealed(report: Report) -> Result:
    """Per cent of refusals to assess that were appealed, as councils recorded them.

    Both count requests of the year as they stood the January after, so appeals made later than
    that are missing in every year alike. Checks: earlier years, refusals that were appealed or
    mediated, and refusals to assess together with those to issue a plan.
    """
    measures = (*REFUSED, *TO_ISSUE)
    refused, appealed, mediated, both = (of(report.figures(measure)) for measure in REFUSED)
    recorded = proportions(appealed, refused).dropna(subset=["part", "whole"])
    if recorded.empty:
        return no_result(report.no_figure(REFUSED[1]), *measures)
    shares = recorded.dropna(subset="value")
    if shares.empty:
        counts = recorded.iloc[-1]
        return no_result(
            f"For {report.place}, the number of requests of {counts['period']} recorded as refused "
            f"is {counts['whole']:.0f} and of those appealed {counts['part']:.0f}, from which no "
            "share can be told.",
            *measures,
        )
    newest = shares.iloc[[-1]]
    earlier = shares.iloc[:-1]
    low, high = interval(report, newest)
    year = str(newest["period"].iloc[0])
    challenged = disputes.refusals_challenged(refused, appealed, mediated, both)
    # In a small council the counts do not always fit together, and more than all is no share.
    share = challenged["share_challenged"].where(challenged["share_challenged"] <= 100)
    return Result(
        value=float(newest["value"].iloc[0]),
        period=f"requests of {year}, as recorded by the January after",
        measures=measures,
        low=low,
        high=high,
        checks=known(
            {
                APPEALED_OR_MEDIATED: at(challenged.assign(value=share), year),
                "refusals to assess and to issue a plan together": at(
                    _of_both_refusals(report, refused, appealed), year
                ),
                **dict(zip("requests of " + earlier["period"], earlier["value"], strict=True)),
            }
        ),
    )


def _of_both_refusals(
    report: Report, refused: pd.DataFrame, appealed: pd.DataFrame
) -> pd.DataFrame:
    """Return the share appealed of refusals to assess and to issue a plan, added up."""
    not_issued, appealed_after = (of(report.figures(measure)) for measure in TO_ISSUE)
    return proportions(_added(appealed, appealed_after), _added(refused, not_issued))


def _added(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Add two counts of the same places and periods; none where either is missing."""
    both = one.merge(other, on=["area", "period"], suffixes=("", "_other"))
    return both.assign(value=both["value"] + both["value_other"])[["area", "period", "value"]]
