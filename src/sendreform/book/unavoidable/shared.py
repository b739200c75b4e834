"""What the parts of the page "Reform is unavoidable" share: their figures and their words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from IPython.display import Markdown

from sendreform.book.words import (
    FEW,
    breaks_passed,
    by_per_cent,
    is_missing,
    listed,
    number,
    or_none,
)
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.evidence.series import Span, of, span
from sendreform.periods import january, label
from sendreform.report import Report

PLANS, NEW, CEASED = "ehc_plans", "new_ehc_plans", "ehc_plans_ceased"
CHILDREN, PUPILS = "population_0_17", "pupils"
DEFICITS, OVERSPENDS = "dsg_deficit_published", "high_needs_overspend_published"
#: The January at which the rise turned from older to younger.
TURN = "2018-01"


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


def shares_told(report: Report, told: Span) -> bool:
    """Say whether shares of a rise are told: it is known, and not of a few plans."""
    known = not is_missing(told.difference)
    return known and told.difference >= FEW and not report.is_small


def cautioned(report: Report, first: str, last: str) -> str:
    """Say in brackets that plans are counted differently on the way from a January to another."""
    breaks = report.record(PLANS)["breaks"]
    passed = breaks_passed(first, last, "january", breaks)
    return f" (counted differently from {listed(passed)})" if passed else ""


def only_one(subject: str, figures: pd.DataFrame, record: Mapping[str, Any]) -> Markdown | None:
    """Say the figure of a series that has only one in words; nothing for longer series.

    Parameters
    ----------
    figures
        ``period`` and ``value`` of one series.
    record
        What :meth:`sendreform.report.Report.record` returns.

    Examples
    --------
    >>> money = pd.DataFrame({"period": ["2024-25"], "value": [43_100_000.0]})
    >>> of_money = {"kind": "financial_year", "unit": "pounds", "decimals": 0}
    >>> told = only_one("High needs funding for Cumberland", money, of_money)
    >>> told.data if told else ""
    'High needs funding for Cumberland: £43.1m in 2024-25. No other year is published here.'
    """
    told = span(figures)
    if is_missing(told.last) or told.first_period != told.last_period:
        return None
    value = number(told.last, record["unit"], record["decimals"])
    when = label(told.last_period, record["kind"])
    return Markdown(f"{subject}: {value} in {when}. No other year is published here.")


def in_dimension(figures: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """Keep the figures of one dimension: ``"age:"``, ``"placement:"``."""
    return figures[figures["breakdown"].str.startswith(prefix)]


def no_shares(report: Report) -> Markdown:
    """Say that shares of the rise are not told."""
    return Markdown(
        f"Shares of a rise are not told for {report.place}: plans did not rise, or rose by a few "
        "only, or figures are missing at either end."
    )


def more_or_fewer(what: str, value: float | None) -> str:
    """Name a part of the rise by its sign.

    Examples
    --------
    >>> more_or_fewer("new plans", 20.0), more_or_fewer("new plans", -3.0)
    ('More new plans', 'Fewer new plans')
    """
    return f"{'Fewer' if value is not None and value < 0 else 'More'} {what}"


def share_words(value: float | None, verb: str = "") -> str | None:
    """Write a share of a rise, so that shares told one after the other add to it.

    A part that is below nought took something away, and the others are more than all together.
    ``None`` for a missing share.

    Examples
    --------
    >>> share_words(73.6), share_words(0.2, "make up"), share_words(0.0)
    ('74%', 'make up less than 1%', 'none')
    >>> share_words(120.0, "make up"), share_words(-8.0, "make up")
    ('make up 120% (more than all)', 'took away 8%')
    """
    if value is None or is_missing(value):
        return None
    size = (
        "none" if value == 0
        else "less than 1%" if abs(value) < 1
        else str(number(abs(value), "per cent"))
    )  # fmt: skip
    if value < 0:
        return f"took away {size}"
    beyond = " (more than all)" if round(value) > 100 else ""
    return f"{verb} {size}{beyond}".strip()


def gives(count: int) -> str:
    """Write how many of several things give an answer.

    Examples
    --------
    >>> gives(0), gives(1), gives(3)
    ('none gives', 'one gives', 'three give')
    """
    return f"{or_none(count)} {'gives' if count <= 1 else 'give'}"


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


def side_by_side(one: Span, what: str, other: Span) -> str:
    """Write how two counts moved, the verb once where it is the same.

    Examples
    --------
    >>> side_by_side(Span("", "", 200.0, 450.0), "funding", Span("", "", 100.0, 147.0))
    'rose by 125% and funding by 47%'
    >>> side_by_side(Span("", "", 200.0, 450.0), "funding", Span("", "", 100.0, 90.0))
    'rose by 125% and funding fell by 10%'
    """
    course, beside = went(one), went(other)
    verb, by, _ = course.partition(" by ")
    return f"{course} and {what} {beside.removeprefix(f'{verb} ') if by else beside}"
