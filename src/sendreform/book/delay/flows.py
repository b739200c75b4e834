"""The flows behind plans to come: from a request to a plan, and why plans end."""

import numpy as np
from IPython.display import HTML

from sendreform.book.delay import making
from sendreform.book.delay.costs import source_of
from sendreform.book.delay.plans import about
from sendreform.book.word_tables import table_in_frame
from sendreform.evidence.projection import ceasing, projecting, rates, scores, stages
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report

CEASED = "ehc_plans_ceased"

#: The stages of the way to a plan, by the names that the projection has for them.
_STAGES = {
    "requests": "Requests that a year’s plans come from",
    "assessed": "Assessments that ended",
    "began": "New plans",
}

#: Counted, and part of the sum; no page of ours foretells deaths of children.
_NOT_PROJECTED = "died"

#: A year between the first and the last that are told.
_HALF_WAY = 2030


def why_plans_end(report: Report) -> HTML:
    """Return why plans ended in England, and how many would for each reason if nothing changes."""
    ceased = report.store.observations(CEASED, ENGLAND)
    by_reason = ceasing.ended(ceased)
    given, england = making.inputs_of(report.store), making.projection_of(report.store, NO_REFORM)
    counted = rates.leaving_in_all(given.history.of_area(ENGLAND))
    left = counted * given.history.held.loc[ENGLAND].reindex(counted.index)
    to_come = dict(zip(england.reasons, np.moveaxis(england.left[:, -1], 1, 0), strict=True))
    words = report.store.breakdowns.query("dimension == 'reason'").set_index("code")["label"]
    rows = [
        [
            words[reason],
            *(_count(value) for value in by_reason[f"reason:{reason}"]),
            "–" if reason == _NOT_PROJECTED else _with_range(draws),
        ]
        for reason, draws in sorted(
            to_come.items(), key=lambda item: float(np.median(item[1])), reverse=True
        )
    ]
    rows += [
        [
            "All of these",
            *(_count(value) for value in by_reason.sum(axis="columns")),
            _with_range(england.left[:, -1].sum(axis=1)),
        ],
        [
            "Left by the counts that we project from",
            *(_count(float(left.get(year, np.nan))) for year in by_reason.index),
            "",
        ],
    ]
    return table_in_frame(
        id="why-plans-end",
        title="Why plans end, and how many would if nothing changes",
        subtitle="England; EHC plans that ended in the calendar year, without those that moved to "
        "another council with their child",
        heads=("Reason", *map(str, by_reason.index), str(projecting.HORIZON - 1)),
        rows=rows,
        note="Plans end at each age for each reason as often as in the last year, all rates "
        "brought to what the counts of plans lost. Counts also hold corrections: they differ from "
        "returns in a year, and less over all years. How many will have died is left out, "
        "and so is a reason that is no longer recorded; the sum has them.",
        source=report.source(of(ceased)),
    )


def way_to_a_plan(report: Report) -> HTML:
    """Return requests, assessments and new plans of England, as counted and as projected."""
    england = making.projection_of(report.store, NO_REFORM)
    given = making.inputs_of(report.store)
    known = given.history.of_area(ENGLAND)
    by_year = stages.counted(known)
    last = int(by_year.index[-1])
    # For each plan held; the product of all three is new plans.
    counts = known.held.iloc[0][last] * by_year.loc[last].cumprod()
    before = dict(zip(_STAGES, counts.to_list(), strict=True))
    shown = [given.origin, _HALF_WAY, projecting.HORIZON - 1]
    drawn = {name: getattr(england.entries, name) for name in _STAGES}
    rows = [
        [words, about(float(before[name])), *(
            _with_range(drawn[name][:, year - given.origin]) for year in shown
        )]
        for name, words in _STAGES.items()
    ]  # fmt: skip
    for words, part, whole in (
        ("Share of requests assessed", "assessed", "requests"),
        ("Share of assessments that end with a plan", "began", "assessed"),
    ):
        share = 100 * drawn[part] / drawn[whole]
        rows.append(
            [
                words,
                f"{100 * before[part] / before[whole]:.0f}%",
                *(_share_with_range(share[:, year - given.origin]) for year in shown),
            ]
        )
    return table_in_frame(
        id="way-to-a-plan",
        title="From a request to a plan: how many would ask, and how many get one",
        subtitle="England; the middle future of each calendar year, and the range of eight in ten",
        heads=("", f"{last}, counted", *map(str, shown)),
        rows=rows,
        note="A plan takes some months, so the plans of a year come from the requests of two: the "
        "mean of that year’s and of the one before. Chance moves the three stages together as it "
        "has so far. Growth, and a reform that brings fewer new plans, show in requests.",
        source=source_of(
            report.store, "ehc_plan_requests", "ehc_assessments_plan_issued",
            "ehc_assessments_no_plan", "new_ehc_plans",
        ),
    )  # fmt: skip


def _with_range(draws: Numbers) -> str:
    low, high = scores.bounds(draws, 80)
    middle = float(np.median(draws))
    return f"{about(middle)} ({about(float(low))} to {about(float(high))})"


def _share_with_range(draws: Numbers) -> str:
    low, high = scores.bounds(draws, 80)
    return f"{np.median(draws):.0f}% ({low:.0f}% to {high:.0f}%)"


def _count(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:,.0f}"
