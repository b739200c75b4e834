"""The results on good practice in spite of the system."""

import math

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.evidence import good_practice
from sendreform.evidence.series import of
from sendreform.evidence.systemic import growth_by_council
from sendreform.periods import label
from sendreform.report import Report

_MEASURES = (
    "ehc_plans",
    "area_send_inspection_grade",
    "area_send_written_statement_required",
)
_LONDON = "E12000007"
#: The first January under the inspections whose outcomes are compared.
_SINCE_INSPECTIONS = "2023-01"


def growth_where_inspected_well(report: Report) -> Result:
    """Return how many points more EHC plans grew where inspectors were better satisfied.

    The mean growth of councils whose latest inspection since 2023 found experiences and outcomes
    "typically positive", less that of all others inspected, with its 95% interval. The best
    outcome is set apart because the statement is of good practice; what sets failings apart is a
    check. Most inspections came after most of the growth, and growth may itself bring failings
    about, so this is an association and not an effect.
    Checks: another division of the outcomes, the first round of inspections, region and size
    allowed for, the middle councils, without London, and growth since these inspections began.
    """
    if not report.is_england:
        return no_result(
            f"For {report.place}, no difference can be told: the councils of England are "
            "compared with each other.",
            *_MEASURES,
        )
    plans, grades, statements = (report.within_years(name) for name in _MEASURES)
    plans = of(plans[plans["area"].isin(report.councils)]).dropna(subset="value")
    start, end = plans["period"].min(), plans["period"].max()
    well = good_practice.inspected_well(grades)
    places = _places(report, plans, well, start, end)
    found = good_practice.difference(places)
    if min(found.better, found.others) < 2:
        return no_result(
            "Too few councils with an inspection outcome have figures at both ends of these years.",
            *_MEASURES,
        )
    otherwise = {
        "all others against widespread failings": (
            good_practice.inspected_well(grades, worst=2),
            start,
        ),
        "no written statement required, first round": (
            good_practice.without_statement(statements),
            start,
        ),
        "growth since January 2023": (well, max(start, _SINCE_INSPECTIONS)),
    }
    checks = {
        "allowing for region and plans at the start": good_practice.difference(
            places, adjusted=True
        ).value,
        "the middle councils": good_practice.median_difference(places),
        "without London": good_practice.difference(places[places["region"] != _LONDON]).value,
        **{
            words: good_practice.difference(_places(report, plans, better, since, end)).value
            for words, (better, since) in otherwise.items()
        },
    }
    return Result(
        found.value,
        f"{label(start, 'january')} to {label(end, 'january')}",
        _MEASURES,
        low=found.low,
        high=found.high,
        checks={words: figure for words, figure in checks.items() if not math.isnan(figure)},
    )


def _places(
    report: Report, plans: pd.DataFrame, better: pd.Series, start: str, end: str
) -> pd.DataFrame:
    """Set the growth of each council between two Januaries beside its inspection."""
    growth = growth_by_council(plans, report.councils, start, end).set_index("area")
    regions = report.store.areas["region"]
    return good_practice.compared(better, growth["growth"], growth["start"], regions)
