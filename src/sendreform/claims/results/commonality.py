"""What the tests on common change find: how much of councils' change is shared by all of them."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import (
    ENOUGH_PLANS,
    PLANS,
    breaks,
    council_plans,
    first_and_last,
    leaving_out,
    told,
    without_faults,
)
from sendreform.claims.results._shared import known
from sendreform.evidence import commonality
from sendreform.evidence.commonality import by_chance, net_of_chance, share_of_common_years
from sendreform.evidence.series import longest_stretch
from sendreform.periods import january, label
from sendreform.report import FIRST_YEAR, Report

NEEDS = "pupils_with_ehc_plan_by_need"
#: A change of more than this in a year is more likely a mended register than children.
A_JUMP = np.log(1.25)
#: The check that counts the reforms of 2014, when all sped up, as a change from year to year.
ACROSS_BREAKS = "across breaks, with the step of the reforms of 2014 left in"


#: The names of the two results that ask how much councils share: of plans, and of yearly growth.
SHARED = ("share_explained_by_common_years", "share_of_yearly_growth_explained_by_common_years")


def share_explained_by_common_years(report: Report) -> Result:
    """Per cent of the variation of log plans within councils that years common to all explain.

    From January 2010 whatever the report's first year, as the rule says, so across the reforms of
    2014 and the new collection of 2023; checks begin at the report's first year, leave those
    Januaries out, and compare nothing across them. A rise that goes on everywhere makes the share
    high even where its speed differs:
    :func:`sendreform.evidence.commonality.parts_of_variation` shows how much of it that is.
    """
    plans = council_plans(report)
    logs = commonality.logs(plans, report.councils)
    broken = breaks(report)
    value = share_of_common_years(logs)
    if np.isnan(value):
        return no_result("Too few councils have figures in these years to be compared.", PLANS)
    low, high = commonality.interval_of_common_years(logs)
    checks = {
        **{
            f"from {label(first, 'january')}": share_of_common_years(logs.loc[:, first:])
            for first in _report_start(report)
        },
        **_if_broken(
            logs,
            broken,
            {
                "without the Januaries of a break": share_of_common_years(
                    logs.drop(columns=broken, errors="ignore")
                ),
                "comparing nothing across a break": share_of_common_years(logs, broken),
            },
        ),
        **{
            words: share_of_common_years(logs[logs.index.isin(kept)])
            for words, kept in _subsets(report, plans, logs).items()
        },
        "each council weighted by its plans at the start": share_of_common_years(
            logs, weights=_plans_at_start(logs)
        ),
        **_over_groups(report, PLANS, "by placement", _placements(report)),
        **_over_groups(report, NEEDS, "by recorded need, in state-funded schools", _needs(report)),
    }
    return Result(
        value,
        f"{told(report, *first_and_last(plans))}; {len(logs)} councils",
        (PLANS, NEEDS),
        low=low,
        high=high,
        checks=known(checks),
    )


def share_of_yearly_growth_explained_by_common_years(report: Report) -> Result:
    """Per cent of the variation of yearly growth that years common to all explain, beyond chance.

    From January 2010 whatever the report's first year. Each council has its own steady rise taken
    out, and no growth is told across a break: the rise before the reforms of 2014, between them
    and the new collection of 2023, and since, are three. So the one time when all sped up
    together, the reforms themselves, does not count as a year that is fast everywhere; the check
    that leaves it in shows how much it alone would make of it.
    """
    plans = council_plans(report)
    logs = commonality.logs(plans, report.councils)
    broken = breaks(report)
    growth = commonality.yearly_changes(logs, broken)
    raw = share_of_common_years(growth, broken)
    if np.isnan(raw):
        return no_result(
            "No two years of growth on one side of a break lie in these years, so years cannot be "
            "compared.",
            PLANS,
        )
    chance = by_chance(growth, broken)
    low, high = commonality.interval_of_common_years(growth, broken)
    steady = growth.abs().max(axis="columns") <= A_JUMP
    checks = {
        **{
            f"from {label(first, 'january')}": _net(
                commonality.yearly_changes(logs.loc[:, first:], broken), broken
            )
            for first in _report_start(report)
        },
        **_if_broken(logs, broken, {ACROSS_BREAKS: _net(commonality.yearly_changes(logs))}),
        # With ups and downs of one size the share beyond chance is the mean correlation.
        "each council's ups and downs put at one size": (
            100 * commonality.mean_correlation(growth, broken)
        ),
        "without councils that moved by over a quarter in a year": _net(growth[steady], broken),
        **{
            words: _net(growth[growth.index.isin(kept)], broken)
            for words, kept in _subsets(report, plans, logs).items()
        },
        "each council weighted by its plans at the start": _net(
            growth, broken, _plans_at_start(logs)
        ),
    }
    start, end = (label(period, "january") for period in first_and_last(plans))
    return Result(
        net_of_chance(raw, chance),
        f"{start} to {end}, nothing told across a break; {len(growth)} councils",
        (PLANS,),
        low=net_of_chance(low, chance),
        high=net_of_chance(high, chance),
        checks=known(checks),
        beside={"before chance is taken out": raw},
    )


def _net(
    growth: pd.DataFrame, broken: Collection[str] = (), weights: pd.Series | None = None
) -> float:
    """Return the share of common years beyond what chance gives."""
    return net_of_chance(
        share_of_common_years(growth, broken, weights), by_chance(growth, broken, weights)
    )


def _if_broken(
    logs: pd.DataFrame, broken: Collection[str], checks: dict[str, float]
) -> dict[str, float]:
    """Return checks that only make sense where a break lies within the years."""
    return checks if logs.columns[1:].isin(list(broken)).any() else {}


def _report_start(report: Report) -> list[str]:
    """Return the report's first January, where that is not the first of all."""
    return [january(report.baseline_year)] if report.baseline_year > FIRST_YEAR else []


def _subsets(report: Report, plans: pd.DataFrame, logs: pd.DataFrame) -> dict[str, list[str]]:
    """Return the councils that are left without London, the largest, faults, or few plans."""
    at_start = _plans_at_start(logs)
    return {
        **leaving_out(report, plans),
        **without_faults(report, *logs.columns),
        f"councils with at least {ENOUGH_PLANS} plans at the start": list(
            at_start.index[at_start >= ENOUGH_PLANS]
        ),
    }


def _plans_at_start(logs: pd.DataFrame) -> pd.Series:
    return logs.iloc[:, 0].transform(np.exp).round()


def _placements(report: Report) -> list[str]:
    """Return the placements that no other placement holds."""
    known_ones = report.store.breakdowns.query("dimension == 'placement' and parent == 'all'")
    return list("placement:" + known_ones["code"])


def _needs(report: Report) -> list[str]:
    return list("need:" + report.store.breakdowns.query("dimension == 'need'")["code"])


def _over_groups(report: Report, measure: str, words: str, codes: list[str]) -> dict[str, float]:
    """Return the share of common years over groups of plans, with the Januaries in the words."""
    figures = report.store.observations(measure)
    figures = figures[
        figures["breakdown"].isin(codes) & (figures["period"] <= january(report.latest_year))
    ]
    unbroken = longest_stretch(
        figures[figures["area"].isin(report.councils)].dropna(subset="value"),
        breaks(report, measure),
        prefer="earliest",
    )
    if unbroken.empty:
        return {}
    start, end = (label(period, "january") for period in first_and_last(unbroken))
    groups = commonality.by_group(unbroken, report.councils)
    return {f"{words}, {start} to {end}": commonality.over_groups(groups)}
