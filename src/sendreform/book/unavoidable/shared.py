"""What the parts of the page "Reform is unavoidable" share: their figures and their words."""

from collections.abc import Iterable, Sequence

import pandas as pd
from IPython.display import Markdown

from sendreform.book.words import FEW, by_per_cent, is_missing, number
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.evidence.series import Span, at, of, span
from sendreform.periods import first_year, january, label, year_of
from sendreform.report import Report

PLANS, NEW, CEASED = "ehc_plans", "new_ehc_plans", "ehc_plans_ceased"
DEFICITS, OVERSPENDS = "dsg_deficit_published", "high_needs_overspend_published"
#: The January at which the rise turned from older to younger.
TURN = "2018-01"
#: Newham's count for this January does not follow from the one before and what began and ended.
NEWHAM, AT_FAULT = "316", "2025-01"


def up_to_latest(report: Report, measure: str, area: str = "") -> pd.DataFrame:
    """Return a measure to the report's last year, with the years before its first one too.

    Parameters
    ----------
    area
        Another place than the report's own.
    """
    kind = report.store.record(measure)["period_kind"]
    observed = report.store.observations(measure)
    years = observed["period"].map(lambda period: year_of(period, kind))
    return observed[years.le(report.latest_year) & observed["area"].eq(area or report.area)]


def rise(report: Report, januaries: Iterable[str]) -> Span:
    """Return plans at the first and the last of some Januaries within the report's years.

    Where plans are not published at any of them, the Januaries are those of the report's years and
    the plans are missing.
    """
    plans = of(report.figures(PLANS))
    found = span(plans[plans["period"].isin(list(januaries))])
    if found.first_period:
        return found
    none = float("nan")
    return Span(january(report.baseline_year), january(report.latest_year), none, none)


def results_of(tests: Sequence[Outcome]) -> dict[str, Result]:
    """Return the result of each test by the id of its rule."""
    return {outcome.test.id: outcome.result for outcome in tests}


def fault(report: Report) -> str:
    """Say that Newham's newest count looks wrong, where it is part of the place; else nothing."""
    years = range(report.baseline_year, report.latest_year + 1)
    if NEWHAM not in report.members or first_year(AT_FAULT) not in years:
        return ""
    before = january(first_year(AT_FAULT) - 1)
    held, began, ceased = (
        of(report.store.observations(measure).query("area == @NEWHAM"))
        for measure in (PLANS, NEW, CEASED)
    )
    return (
        f"Newham's count for {label(AT_FAULT, 'january')} looks like a fault in the data: "
        f"{number(at(held, AT_FAULT))} plans, where there were {number(at(held, before))} a year "
        f"before, and in between {number(at(began, before[:4]))} began and "
        f"{number(at(ceased, before[:4]))} ceased."
        + ("" if report.area == NEWHAM else f" It is in the total of {report.place} as published.")
    )


def rose(told: Span) -> bool:
    """Say whether both ends are known and the last is the higher."""
    return not is_missing(told.difference) and told.difference > 0


def in_dimension(figures: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Keep the figures of one dimension: ``"age:"``, ``"placement:"``."""
    return figures[figures["breakdown"].str.startswith(prefix)]


def no_shares(report: Report) -> Markdown:
    """Say that shares of the rise are not told."""
    return Markdown(
        f"Shares of a rise are not told for {report.place}: too few hold a plan, plans did not "
        "rise, or figures are missing at either end."
    )


def more_or_fewer(what: str, value: float | None) -> str:
    """Name a part of the rise by its sign."""
    return f"{'Fewer' if value is not None and value < 0 else 'More'} {what}"


def share_words(value: float | None, verb: str = "") -> str | None:
    """Write a share of a rise; ``None`` for a missing one.

    Examples
    --------
    >>> share_words(73.6), share_words(120.0), share_words(-3.0), share_words(0.2, "make up")
    ('74%', 'more than all', 'none', 'make up less than 1%')
    """
    if value is None or is_missing(value):
        return None
    words = (
        "more than all" if round(value) > 100
        else "none" if value <= 0
        else "less than 1%" if value < 1
        else str(number(value, "per cent"))
    )  # fmt: skip
    return f"{verb} {words}".strip()


def a_year(per_cent: float) -> str | None:
    """Write growth a year; ``None`` for a missing one.

    Examples
    --------
    >>> a_year(11.61), a_year(-2.0)
    ('grew by 11.6% a year', 'shrank by 2.0% a year')
    """
    if is_missing(per_cent):
        return None
    verb = "grew" if per_cent > 0 else "shrank"
    return f"{verb} by {number(abs(per_cent), 'per cent', 1)} a year"


def went(told: Span) -> str:
    """Write how a count moved: in per cent, or from number to number where it is small.

    Examples
    --------
    >>> went(Span("", "", 200.0, 500.0)), went(Span("", "", 3.0, 9.0))
    ('rose by 150%', 'went from 3 to 9')
    >>> went(Span("", "", float("nan"), 9.0))
    'are not published'
    """
    if is_missing(told.difference):
        return "are not published"
    if min(told.first, told.last) < FEW:
        return f"went from {number(told.first)} to {number(told.last)}"
    return str(by_per_cent(told.per_cent))
