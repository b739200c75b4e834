"""The answer of the page "Reform is unavoidable": verdict, headline and sentences."""

from collections.abc import Mapping, Sequence

from IPython.display import HTML, Markdown

from sendreform.book.unavoidable.shared import PLANS, a_year, results_of
from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import by_per_cent, moved, number, sentence_case
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.evidence.series import of, span
from sendreform.periods import label
from sendreform.report import Report

TRANSPORT_TEST, COSTLIER_TEST = "transport", "costlier-places"


def answer(report: Report, tests: Sequence[Outcome]) -> HTML:
    """Return the verdict, the newest number of plans, and in short what rose and what did not."""
    plans, found = span(of(report.figures(PLANS))), results_of(tests)
    newest = number(plans.last)
    headline = (
        f"{newest} EHC {'plan' if newest == '1' else 'plans'} in "
        f"{label(plans.last_period, 'january')}"
        if newest
        else "EHC plans"
    )
    course = moved(plans, **report.record(PLANS))
    sentences = (
        f"In {report.place}, EHC plans {course}." if course else "",
        _pace(found["plans-still-growing"], found["more-begin-than-end"]),
        _against_money(found["plans-outgrow-funding"]),
        _beside_plans({outcome.test.id: outcome for outcome in tests}),
    )
    told = " ".join(sentence for sentence in sentences if sentence)
    nothing = f"For {report.place}, too few figures are published to follow plans in these years."
    return verdict_box(tests, headline, Markdown(told or nothing))


def _pace(growing: Result, flows: Result) -> str:
    """Say how fast plans grew lately, and how many began for each that ended."""
    parts = []
    if not growing.is_missing:
        parts.append(f"over the last three years they {a_year(growing.value)}")
    if not flows.is_missing:
        ratio = number(flows.value, "", 1)
        parts.append(f"in {flows.period}, {ratio} plans began for each that ended")
    return f"{sentence_case('; '.join(parts))}." if parts else ""


def _against_money(outgrown: Result) -> str:
    if outgrown.is_missing:
        return ""
    times = number(outgrown.value, "", 1)
    return f"Plans grew {times} times as much as funding in real terms, {outgrown.period}."


def _beside_plans(found: Mapping[str, Outcome]) -> str:
    """Say which of two further pressures rose faster than plans, by the bounds of their rules."""
    transport, costlier = (found[name].result for name in (TRANSPORT_TEST, COSTLIER_TEST))
    courses = {
        TRANSPORT_TEST: f"school transport {by_per_cent(transport.value)} for each plan in real "
        f"terms, {transport.period}",
        COSTLIER_TEST: f"the costliest placements grew {number(costlier.value, '', 2)} times as "
        "much as all plans whose placement is recorded",
    }
    known = [name for name in courses if not found[name].result.is_missing]
    faster = [
        courses[name]
        for name in known
        if found[name].test.supported.holds(found[name].result.value)
    ]
    others = [courses[name] for name in known if courses[name] not in faster]
    groups = {
        "Some pressures rose faster than plans": faster,
        "Not all rose much faster than plans": others,
    }
    return " ".join(f"{opening}: {'; '.join(told)}." for opening, told in groups.items() if told)
