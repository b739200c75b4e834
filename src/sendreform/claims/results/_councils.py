"""What results over all councils share: their plans, which of them are left out, and the words."""

import pandas as pd

from sendreform.evidence import systemic
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import january, label
from sendreform.report import Report
from sendreform.store.reads import remembered

PLANS, CHILDREN = "ehc_plans", "population_0_17"
LONDON = "E12000007"

#: Januaries from which growth is told as well: the first at hand, and those beside the reforms.
OTHER_BASES = (2010, 2014, 2016)
#: With fewer plans than this, a slow or quick growth can be a few children's.
ENOUGH_PLANS = 500
LARGEST = 10
#: The words of checks that leave out some councils.
WITHOUT_LONDON, WITHOUT_LARGEST = "without London", "without the ten largest councils"
#: The words of a check that leaves out councils whose figures look wrong.
WITHOUT_FAULTS = "without councils with a known fault"


def council_plans(report: Report) -> pd.DataFrame:
    """Return the plans of the councils of today, from January 2010 to the report's last year.

    January 2026 is published for England alone, so councils end in January 2025.
    """
    return _council_plans(report.for_england).copy(deep=False)


@remembered(4)
def _council_plans(england: Report) -> pd.DataFrame:
    plans = of(england.store.observations(PLANS)).dropna(subset="value")
    return plans[
        plans["area"].isin(england.councils) & (plans["period"] <= january(england.latest_year))
    ]


def in_years(report: Report, plans: pd.DataFrame) -> pd.DataFrame:
    """Keep the Januaries from the report's first year on."""
    return plans[plans["period"] >= january(report.baseline_year)]


def per_child(report: Report, plans: pd.DataFrame) -> pd.DataFrame:
    """Return those plans for every child aged 0 to 17, where both are published."""
    children = of(report.store.observations(CHILDREN))
    return systemic.plans_per_child(plans, children).dropna(subset="value")


def first_and_last(plans: pd.DataFrame) -> tuple[str, str]:
    """Return the first and last period; both empty where there is none."""
    return min(plans["period"], default=""), max(plans["period"], default="")


def grown(report: Report, figures: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return each council's growth between two periods; empty where either has no figures."""
    return systemic.growth_by_council(figures, report.councils, start, end)


def bases(report: Report, start: str, end: str) -> list[str]:
    """Return the other Januaries from which growth to the last is told as well."""
    others = [january(year) for year in (*OTHER_BASES, report.baseline_year)]
    return [other for other in dict.fromkeys(others) if other != start and other < end]


def leaving_out(report: Report, counts: pd.DataFrame) -> dict[str, list[str]]:
    """Return the councils that are left when some are taken out, under words for a check.

    Parameters
    ----------
    counts
        ``area``, ``period``, ``value``, by whose last period the largest are the largest.
    """
    _, end = first_and_last(counts)
    last = counts[counts["period"] == end].groupby("area")["value"].sum()
    largest = set(last.nlargest(LARGEST).index)
    return {
        WITHOUT_LONDON: [
            area for area in report.councils if report.areas.region_of(area) != LONDON
        ],
        WITHOUT_LARGEST: [area for area in report.councils if area not in largest],
    }


def without_faults(report: Report, *periods: str) -> dict[str, list[str]]:
    """Return the councils left without those whose plans look wrong, under words for a check.

    Parameters
    ----------
    periods
        The Januaries that are compared; nothing is left out where none of them looks wrong.
    """
    faulty = {
        fault["area"]
        for fault in report.store.argument("faults")["faults"]
        if fault["measure"] == PLANS and set(fault["periods"]) & set(periods)
    }
    sound = [area for area in report.councils if area not in faulty]
    return {WITHOUT_FAULTS: sound} if faulty else {}


def breaks(report: Report, measure: str = PLANS) -> list[str]:
    """Return the periods in which a series of a measure breaks."""
    return list(report.record(measure)["breaks"])


def before_break(report: Report, figures: pd.DataFrame, measure: str) -> list[str]:
    """Return the last period before each break that figures run across, if not their first.

    Parameters
    ----------
    figures
        ``period``.
    """
    there = sorted(figures["period"].unique())
    before = [
        max(period for period in there if period < broken)
        for broken in breaks(report, measure)
        if there[0] < broken <= there[-1]
    ]
    return [last for last in before if last > there[0]]


def told(report: Report, start: str, end: str, measure: str = PLANS) -> str:
    """Write the Januaries of a change, with the breaks that it runs across."""
    across = [label(period, "january") for period in breaks(report, measure)
              if start < period <= end]  # fmt: skip
    words = f", across a break in the series in {' and '.join(across)}" if across else ""
    return f"{label(start, 'january')} to {label(end, 'january')}{words}"


def pupils_by_need(report: Report, measure: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return pupils by need for every council of today or the past, and for England (their sum)."""
    figures = report.within_years(measure)
    needs = figures[figures["breakdown"].str.startswith("need:")]
    levels = needs["area"].map(report.store.areas["level"])
    councils = needs[levels == "council"].dropna(subset="value")
    national = councils.groupby(["period", "breakdown"], as_index=False)["value"].sum()
    return councils, national.assign(area=ENGLAND)
