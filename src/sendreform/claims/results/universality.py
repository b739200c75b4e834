"""What the tests on universal growth find: whether any council escaped the rise."""

import numpy as np
import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import (
    CHILDREN,
    ENOUGH_PLANS,
    PLANS,
    bases,
    before_break,
    breaks,
    council_plans,
    first_and_last,
    grown,
    in_years,
    leaving_out,
    per_child,
    pupils_by_need,
    told,
)
from sendreform.claims.results._shared import known
from sendreform.evidence import counterfactual, systemic
from sendreform.evidence.series import of, since_last_break
from sendreform.periods import label
from sendreform.report import Report

NEEDS = "pupils_with_ehc_plan_by_need"
#: In a need with fewer pupils than this at the start, a few more are a large per cent.
ENOUGH_PUPILS = 20
_TOO_FEW = (
    "No two Januaries with figures for councils lie in these years, so no growth can be told."
)


def share_of_councils_that_grew(report: Report) -> Result:
    """Per cent of councils with more plans in the last January than in the first.

    A count of all councils that can be compared, so it has no interval. Those formed since cannot
    be compared by themselves; a check adds them to the councils that they were formed from.
    """
    every = council_plans(report)
    plans = in_years(report, every)
    start, end = first_and_last(plans)
    growth = grown(report, plans, start, end)
    if growth.empty:
        return no_result(_TOO_FEW, PLANS)
    unbroken = since_last_break(plans, breaks(report))
    since, _ = first_and_last(unbroken)
    checks = {
        **{
            f"from {label(base, 'january')}": _rose(grown(report, every, base, end))
            for base in bases(report, start, end)
        },
        f"from {label(since, 'january')}, since the last break": _rose(
            grown(report, unbroken, since, end)
        ),
        "with councils formed since, joined to those before them": _rose(
            _joined(report, start, end)
        ),
        "plans for each child aged 0 to 17": _rose(
            grown(report, per_child(report, plans), start, end)
        ),
        **{
            words: _rose(growth[growth["area"].isin(kept)])
            for words, kept in leaving_out(report, plans).items()
        },
    }
    return Result(
        _rose(growth),
        f"{told(report, start, end)}; {len(growth)} councils",
        (PLANS, CHILDREN),
        checks=known(checks),
    )


def growth_at_the_tenth_percentile(report: Report) -> Result:
    """Per cent by which plans grew in the council that a tenth of councils grew less than.

    The interval draws whole councils; see :func:`sendreform.evidence.systemic.over_councils`.
    """
    every = council_plans(report)
    plans = in_years(report, every)
    start, end = first_and_last(plans)
    growth = grown(report, plans, start, end)
    if growth.empty:
        return no_result(_TOO_FEW, PLANS)
    low, high = systemic.over_councils(
        lambda drawn, axis: np.quantile(drawn, 0.1, axis=axis), growth["growth"].to_numpy()
    )
    checks = {
        **{
            f"from {label(base, 'january')}": _tenth(grown(report, every, base, end))
            for base in bases(report, start, end)
        },
        "plans for each child aged 0 to 17": _tenth(
            grown(report, per_child(report, plans), start, end)
        ),
        f"councils with at least {ENOUGH_PLANS} plans at the start": _tenth(
            growth[growth["start"] >= ENOUGH_PLANS]
        ),
        "growth drawn in for small numbers": _tenth(
            pd.DataFrame({"growth": 100 * (counterfactual.shrunken(growth) - 1)})
        ),
        **{
            words: _tenth(growth[growth["area"].isin(kept)])
            for words, kept in leaving_out(report, plans).items()
        },
    }
    return Result(
        _tenth(growth),
        f"{told(report, start, end)}; {len(growth)} councils",
        (PLANS, CHILDREN),
        low=low,
        high=high,
        checks=known(checks),
    )


def share_of_councils_led_by_the_same_needs(report: Report) -> Result:
    """Per cent of councils that share two of England's three fastest-adding recorded needs.

    State-funded schools, counted where they stand. Down syndrome is left out, as it was counted by
    itself only from January 2025. England is the sum of councils.
    """
    pupils, national = pupils_by_need(report, NEEDS)
    today = pupils[pupils["area"].isin(report.councils)]
    start, end = first_and_last(today)
    share, number = (
        systemic.share_led_by_the_same_needs(today, national, start, end)
        if start < end
        else (float("nan"), 0)
    )
    if not number:
        return no_result(
            "No two Januaries with pupils by need lie in these years, so no rise can be told.",
            NEEDS,
        )
    checks = {
        **{
            f"to {label(last, 'january')}, before the break": (
                systemic.share_led_by_the_same_needs(today, national, start, last)[0]
            )
            for last in before_break(report, today, NEEDS)
        },
        "by growth in per cent": systemic.share_led_by_the_same_needs(
            _logs(today), _logs(national), start, end
        )[0],
        **{
            words: systemic.share_led_by_the_same_needs(
                today[today["area"].isin(kept)], national, start, end
            )[0]
            for words, kept in leaving_out(report, today).items()
        },
    }
    return Result(
        share,
        f"{told(report, start, end, NEEDS)}; {number} councils",
        (NEEDS,),
        checks=known(checks),
    )


def _rose(growth: pd.DataFrame) -> float:
    """Return the per cent of councils that grew."""
    return float(100 * (growth["growth"] > 0).mean())


def _tenth(growth: pd.DataFrame) -> float:
    return counterfactual.lowest_tenth(growth["growth"])


def _joined(report: Report, start: str, end: str) -> pd.DataFrame:
    """Return growth with councils that were split or merged added up to what stayed whole."""
    everyone = of(report.store.observations(PLANS))
    councils = everyone[everyone["area"].map(report.store.areas["level"]) == "council"]
    joined = systemic.joined_over_reorganisations(councils, report.store.areas)
    return systemic.growth_by_council(joined, list(joined["area"].unique()), start, end)


def _logs(pupils: pd.DataFrame) -> pd.DataFrame:
    """Put pupils on a scale on which what is added is growth, where there are enough of them."""
    enough = pupils["value"].where(pupils["value"] >= ENOUGH_PUPILS)
    return pupils.assign(value=enough.transform(np.log))
