"""Published shares, worked out again from the counts that are published beside them.

Nothing sums to a share, so that a wrong digit in one passes every other check. Where a publication
has the count and what it is a share of, the share must follow at its rounding.

Of the official files every such share does: none of 9,034, of which 3,515 are from the release of
EHC plans of 2022 and 3,526 from that of 2025, is off by more than half of its last digit. Shares
that are not in the list have no count in ``data/``, or are divided by something else: of requests
decided within six weeks, 38 of 324 shares are not of the two counts of decisions beside them.
"""

import operator
from functools import reduce

import pandas as pd

from sendreform.store.tables import Store

#: Each share, the count, and what it is divided by: one measure, or the sum of several.
SHARES = {
    "annual_reviews_decided_in_4_weeks_share": (
        "annual_reviews_decided_in_4_weeks",
        ("annual_reviews_decided_in_4_weeks", "annual_reviews_decided_after_4_weeks"),
    ),
    "appeal_rate_new_basis": ("tribunal_appeals", ("appealable_decisions_new_basis",)),
    "appeal_rate_old_basis": ("tribunal_appeals", ("appealable_decisions_old_basis",)),
    "community_health_waiting_over_18_weeks_share": (
        "community_health_waiting_over_18_weeks",
        ("community_health_waiting",),
    ),
    "ehc_assessments_no_plan_share": ("ehc_assessments_no_plan", ("ehc_assessments",)),
    "ehc_plan_requests_refused_share": ("ehc_plan_requests_refused", ("ehc_plan_requests",)),
    "ehc_plans_beyond_a_year_excluding_exceptions_share": (
        "ehc_plans_beyond_a_year_excluding_exceptions",
        ("ehc_plans_timed_excluding_exceptions",),
    ),
    "ehc_plans_beyond_a_year_share": ("ehc_plans_beyond_a_year", ("ehc_plans_timed",)),
    "ehc_plans_in_20_weeks_excluding_exceptions_share": (
        "ehc_plans_in_20_weeks_excluding_exceptions",
        ("ehc_plans_timed_excluding_exceptions",),
    ),
    "ehc_plans_in_20_weeks_share": ("ehc_plans_in_20_weeks", ("ehc_plans_timed",)),
    "mediations_then_appeals_share": ("mediations_then_appeals", ("mediations_held",)),
    "tribunal_decisions_for_families_share": (
        "tribunal_decisions_for_families",
        ("tribunal_appeals_decided",),
    ),
}

_KEY = ["area", "period", "breakdown"]


def worked_out(store: Store, share: str) -> pd.DataFrame:
    """Work a share out again, wherever it and its counts are figures.

    Parameters
    ----------
    share
        A measure; of one that is not in :data:`SHARES`, or whose counts the store lacks, nothing
        is worked out.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``breakdown``, the published ``value``, ``ours``, both in
    per cent, and whether it ``follows`` at its rounding.
    """
    published = store.observations(share)[[*_KEY, "value"]]
    count, parts = SHARES.get(share, ("", ()))
    if not {count, *parts} <= set(store.measures.index):
        return published.iloc[:0].assign(ours=0.0, follows=True)
    whole = reduce(operator.add, [_figures(store, part) for part in parts])
    ours = 100 * _figures(store, count) / whole
    both = published.set_index(_KEY).assign(ours=ours.where(whole > 0)).dropna().reset_index()
    half = 0.5 * 10.0 ** -int(store.record(share)["decimals"])
    return both.assign(follows=(both["value"] - both["ours"]).abs() <= half + 1e-9)


def _figures(store: Store, measure: str) -> pd.Series:
    return store.observations(measure).set_index(_KEY)["value"]
