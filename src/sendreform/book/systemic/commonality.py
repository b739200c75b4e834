"""Commonality on the page "The root causes are systemic": what common years explain."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.systemic.shared import (
    NOTHING_TO_COMPARE,
    PER_CENT,
    PLANS,
    of_councils,
    together,
    with_checks,
)
from sendreform.book.words import counted, drawn, interval_of, is_missing, number, say
from sendreform.charts import Figure, fan, intervals
from sendreform.claims.result import Result
from sendreform.claims.results.commonality import ACROSS_BREAKS
from sendreform.claims.verdicts import Outcome, Verdict, judge
from sendreform.evidence import systemic
from sendreform.evidence.commonality import SHARED_RISE, SHARED_TURNS
from sendreform.evidence.series import span
from sendreform.observations import ENGLAND
from sendreform.periods import label
from sendreform.report import FIRST_YEAR, Report

#: Checks of the shares of common years that are told at the foot of the page and not drawn.
NOT_DRAWN = ("councils with", "each council", "without councils")
_TESTS_OF_SHARING = ("common-year-effect", "common-ups-and-downs")


def plans_since_2010(report: Report) -> pd.DataFrame:
    """Return the plans of today's councils from the first year at hand to the report's last."""
    every_year = replace(report, baseline_year=FIRST_YEAR)
    return of_councils(report, every_year.everywhere(PLANS))


def yearly_growth(report: Report, yearly: pd.DataFrame, plans: pd.DataFrame) -> Figure | Markdown:
    """Draw yearly growth as a fan over councils, with the growth of the place or of England.

    Parameters
    ----------
    yearly
        Growth on the year before, of all places.
    plans
        The observations that it is worked out from.
    """
    councils = of_councils(report, yearly)
    # England stands for a place that has no growth to show.
    is_told = report.area in set(yearly["area"]) and not report.is_small
    area, name = (report.area, report.name) if is_told else (ENGLAND, "England")
    own = yearly[yearly["area"] == area].assign(series=name)
    ranges, middle = _ranges(councils), _middle(councils)
    rising = systemic.share_of_councils_that_grew(councils)
    record, ends = report.record(PLANS), span(middle)
    return drawn(
        fan,
        pd.concat([middle, own[own["period"].isin(middle["period"])]]) if len(ranges) else middle,
        ranges=ranges,
        otherwise="No two Januaries that follow each other can be compared.",
        id="growth-by-year",
        title=f"In each of these years at least {_rounded_down(rising['value'].min())} of councils "
        "had more plans than the year before",
        subtitle=f"Growth in EHC plans on the January before, per cent: councils, and {name}",
        alt="Fan of yearly growth over councils. Growth in the middle council: "
        f"{number(ends.first, PER_CENT, 1)} in the first year shown, "
        f"{number(ends.last, PER_CENT, 1)} in the last.",
        note=together(
            "Growth in the first January after a break is told across that break.",
            faults.among_councils(report, PLANS),
        ),
        kind="january",
        unit=PER_CENT,
        decimals=1,
        breaks=record["breaks"],
        **report.source(plans),
    )


def _middle(councils: pd.DataFrame) -> pd.DataFrame:
    medians = systemic.quartiles(councils).query("series == 'Median'")
    return medians.assign(series="Middle council")


def _ranges(councils: pd.DataFrame) -> pd.DataFrame:
    """Return between which growth the middle councils lie, period by period."""
    growth = councils.groupby("period")["value"]
    bands = (("Middle half of councils", 0.25), ("Eight in ten councils", 0.1))
    return pd.concat(
        [
            pd.DataFrame({"low": growth.quantile(tail), "high": growth.quantile(1 - tail)})
            .reset_index()
            .assign(band=band)
            for band, tail in bands
        ],
        ignore_index=True,
    )


def _rounded_down(least: float) -> str | None:
    """Write a per cent that stands after "at least".

    Examples
    --------
    >>> _rounded_down(94.6), _rounded_down(100.0)
    ('94%', '100%')
    """
    return number(least if is_missing(least) else math.floor(least), PER_CENT)


def years_of_growth(report: Report, yearly: pd.DataFrame) -> Markdown:
    """Say how often plans grew in the place, and when fastest, beside the middle council."""
    own = yearly[yearly["area"] == report.area]
    if own.empty or report.is_small:
        return Markdown(
            f"For {report.place}, growth from year to year is not told: "
            + ("a few children would make it." if report.is_small else "no two Januaries follow.")
        )
    grew = int((own["value"] > 0).sum())
    if len(own) == 1:
        return Markdown(
            f"In {report.place} plans {'grew' if grew else 'did not grow'} in the one year that "
            "can be compared."
        )
    fastest, middle = _fastest(own), _fastest(_middle(of_councils(report, yearly)))
    all_years = f"the {counted(len(own))} years"
    years = f"each of {all_years}" if grew == len(own) else f"{counted(grew)} of {all_years}"
    whose = f"The fastest year in {report.place}"
    beside = (
        f"{whose} ended in {fastest}, as it did for the middle council."
        if fastest == middle
        else f"{whose} ended in {fastest}; the middle council's in {middle}."
    )
    return Markdown(f"In {report.place} plans grew in {years} that can be compared. {beside}")


def _fastest(growth: pd.DataFrame) -> str:
    """Return the January to which growth was fastest."""
    in_order = growth.sort_values("value", ascending=False, kind="stable")
    return label(str(in_order["period"].iloc[0]), "january")


def common_years(
    report: Report, shared: Sequence[Result], plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw what common years explain of plans and of yearly growth, worked out in several ways.

    Parameters
    ----------
    shared
        What common years explain of plans, and of yearly growth.
    plans
        The observations that it is worked out from.
    """
    if missing := [result.missing_because for result in shared if result.is_missing]:
        return Markdown(missing[0])
    ways = pd.concat([with_checks("Plans", shared[0]), with_checks("Yearly growth", shared[1])])
    return drawn(
        intervals,
        ways[~ways["label"].str.contains("|".join(NOT_DRAWN))],
        otherwise=NOTHING_TO_COMPARE,
        id="common-years",
        title=f"Years common to all explain {number(shared[0].value, PER_CENT)} of the change in "
        f"plans within councils, but {number(shared[1].value, PER_CENT)} of how growth differs by "
        "year",
        subtitle="Per cent of the variation within councils that one path for all explains, "
        f"councils of England, {shared[0].period.partition(',')[0]}",
        alt="Dots with intervals. Change in plans: "
        f"{number(shared[0].value, PER_CENT)}. Yearly growth: "
        f"{number(shared[1].value, PER_CENT)}. Variants stand below each.",
        note=together(
            "The first row of each has a 95% interval, from drawing whole councils again and "
            "again. What chance would give is taken out of the shares of yearly growth.",
            faults.among_councils(report, PLANS),
        ),
        unit=PER_CENT,
        label_title="What is compared",
        **report.source(plans),
    )


def shared_rise(
    tests: Sequence[Outcome], shared: Sequence[Result], parts: pd.DataFrame
) -> Markdown:
    """Say what the test of a shared path finds, and of what the shared part is made.

    Parameters
    ----------
    parts
        The four parts of the variation: ``series`` and ``value``.
    """
    share = parts.set_index("series")["value"]
    return say(
        "**First test: a shared path.** Knowing the year alone explains {share} of how far a "
        "council's plans are above or below its own average{interval}. "
        + _found(tests, shared, 0)
        + " A single steady rise accounts for {steady}; years fast or slow everywhere for {turns}; "
        "the rest is local.",
        "**First test: a shared path.** It cannot be made over these years.",
        share=number(shared[0].value, PER_CENT),
        interval=interval_of(shared[0]),
        steady=number(share.get(SHARED_RISE, float("nan")), PER_CENT),
        turns=number(share.get(SHARED_TURNS, float("nan")), PER_CENT),
    )


def local_timing(tests: Sequence[Outcome], shared: Sequence[Result]) -> Markdown:
    """Say what the test of shared timing finds, and what that means."""
    yearly = shared[1]
    if yearly.is_missing:
        return Markdown(f"**Second test: shared timing.** {yearly.missing_because}")
    step = yearly.checks.get(ACROSS_BREAKS)
    reforms = (
        f" With the step at the reforms of 2014 left in it would be {number(step, PER_CENT)}: that "
        "was the one time when all sped up together."
        if step is not None and step > yearly.value
        else ""
    )
    meaning = (
        " So what councils share is one long rise; when it was quick or slow is local. A national "
        "cause that pushes steadily fits this. So would local causes that happen to push "
        "everywhere the same way. These figures do not tell the two apart."
        if _made(tests, "common-ups-and-downs", yearly).verdict is Verdict.NOT_SUPPORTED
        else " So councils share not only the rise but, in part, its timing."
    )
    return Markdown(
        "**Second test: shared timing.** Common years explain "
        f"{number(yearly.value, PER_CENT)} of how yearly growth differs"
        f"{interval_of(yearly)}. {_found(tests, shared, 1)}{reforms}{meaning}"
    )


def _found(tests: Sequence[Outcome], shared: Sequence[Result], which: int) -> str:
    """Say in a sentence what a test finds; a caveat with the way of working out that gives it."""
    result = shared[which]
    made = _made(tests, _TESTS_OF_SHARING[which], result)
    if made.is_undecided:
        return "The figures do not decide."
    return {
        Verdict.SUPPORTED: "The statement is supported.",
        Verdict.CAVEATS: f"Supported, with a caveat: {_weakest_way(result)}.",
        Verdict.NOT_SUPPORTED: "The statement is not supported.",
        Verdict.CANNOT_BE_TESTED: "The test cannot be made.",
    }[made.verdict]


def _weakest_way(result: Result) -> str:
    way = min(result.checks, key=lambda words: result.checks[words], default="")
    if not way or result.checks[way] >= result.value:
        return "the figure or its interval lies between the two lines"
    return f"{way.partition(',')[0]} the share is {number(result.checks[way], PER_CENT)}"


def _made(tests: Sequence[Outcome], name: str, result: Result) -> Outcome:
    """Judge a result about all councils, also where a test is not asked of the place."""
    test = next(outcome.test for outcome in tests if outcome.test.id == name)
    return Outcome(test, result, judge(test, result))
