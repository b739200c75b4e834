"""The answer of the page "The root causes are systemic": verdict, headline and sentences."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.systemic.shared import (
    NOTHING_TO_COMPARE,
    PER_CENT,
    ends_in_words,
    here,
    how_many_rose,
    of_councils,
    own_growth,
    rise_is_small,
)
from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import number
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.report import Report


def answer(
    report: Report,
    tests: Sequence[Outcome],
    growth: pd.DataFrame,
    shared: Sequence[Result],
    at_neighbour: Result,
) -> HTML:
    """Return the verdict of the page, its headline and its answer in a box.

    Parameters
    ----------
    growth
        Of plans, all places between the same two Januaries: ``area``, ``start``, ``end``,
        ``growth``.
    shared
        What common years explain of plans, and of yearly growth.
    at_neighbour
        The rise left in the place at the pace of the slowest neighbours.
    """
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    if councils.empty:
        return verdict_box(tests, "No councils to compare", Markdown(NOTHING_TO_COMPARE))
    least = number(councils["growth"].min(), PER_CENT)
    told = [
        f"EHC plans rose in {how_many_rose(councils)} ({ends_in_words(report)})"
        + (f", by {least} where they rose least." if councils["growth"].min() > 0 else "."),
        "" if report.is_england else own_growth(report, growth, "they"),
        _left_at_neighbour(report, growth, at_neighbour),
        _shared_in_short(shared),
        "A shared rise fits a national cause; it does not prove one, and it excuses no decision in "
        "a single case."
        if councils["growth"].min() > 0
        else "",
    ]
    return verdict_box(
        tests,
        f"Plans rose in {how_many_rose(councils)}",
        Markdown(" ".join(words for words in told if words)),
    )


def _left_at_neighbour(report: Report, growth: pd.DataFrame, result: Result) -> str:
    if result.is_missing or rise_is_small(here(report, growth.set_index("area"))):
        return ""
    whose = (
        f"{report.place} grown only like its"
        if report.level == "council"
        else f"every council in {report.place} grown only like its"
    )
    if result.value >= 100:
        return f"None of the statistical neighbours of {report.place} grew more slowly."
    return (
        f"Had {whose} slowest statistical neighbour, {number(result.value, PER_CENT)} of the rise "
        "would still be there."
    )


def _shared_in_short(shared: Sequence[Result]) -> str:
    plans, yearly = shared
    if plans.is_missing or yearly.is_missing:
        return ""
    return (
        f"Years common to all councils explain {number(plans.value, PER_CENT)} of the change in "
        f"plans within councils, and {number(yearly.value, PER_CENT)} of how their growth differs "
        "from year to year."
    )
