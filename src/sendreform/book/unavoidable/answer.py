"""The answer of the page "Reform is unavoidable": verdict, headline and sentences."""

from collections.abc import Mapping, Sequence

from IPython.display import HTML, Markdown

from sendreform.book.unavoidable.shared import PLANS, a_year, results_of, side_by_side
from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import by_per_cent, moved, number, sentence_case
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.evidence import money, placements
from sendreform.evidence.series import Span, at, of, span
from sendreform.periods import january, label
from sendreform.report import Report

TRANSPORT_TEST, COSTLIER_TEST = "transport", "costlier-places"
#: Shares in per cent that readers know by name.
FRACTIONS = {25: "a quarter", 100 / 3: "a third"}


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
        _against_money(report, found["plans-outgrow-funding"]),
        _beside_plans(report, {outcome.test.id: outcome for outcome in tests}),
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


def _against_money(report: Report, outgrown: Result) -> str:
    """Say how plans and funding grew over the years of the test, and what that means for each."""
    if outgrown.is_missing:
        return ""
    start, end = outgrown.period.split(" to ")
    held = money.january_of_financial_year(of(report.to_latest(PLANS)))
    funded = of(report.to_latest("high_needs_funding"))
    real = money.in_prices_of(funded, of(report.store.observations("gdp_deflator")), end)
    plans, funding = (Span(start, end, at(table, start), at(table, end)) for table in (held, real))
    each = Span(start, end, funding.first / plans.first, funding.last / plans.last)
    return (
        f"Plans {side_by_side(plans, 'funding', funding)} in real terms, {start} to {end}, so "
        f"there is {_less_or_more(each.per_cent)} for each plan."
    )


def _less_or_more(per_cent: float) -> str:
    """Write a change in what there is for each, as a fraction where it is near to one.

    Examples
    --------
    >>> _less_or_more(-34.6), _less_or_more(-12.3), _less_or_more(8.0), _less_or_more(0.2)
    ('about a third less', '12% less', '8% more', 'about as much')
    """
    if abs(per_cent) < 1:
        return "about as much"
    size = next(
        (f"about {words}" for share, words in FRACTIONS.items() if abs(abs(per_cent) - share) < 2),
        str(number(abs(per_cent), "per cent")),
    )
    return f"{size} {'less' if per_cent < 0 else 'more'}"


def _costlier_course(report: Report, period: str) -> str:
    """Say how the costliest placements grew beside all plans whose placement is recorded."""
    everything = report.to_latest(PLANS)
    costly = placements.independent_special(everything).dropna(subset="value")
    all_recorded = placements.recorded(everything)
    start, end = january(report.baseline_year), costly["period"].max()
    dear, whole = (
        Span(start, end, at(table, start), at(table, end)) for table in (costly, all_recorded)
    )
    return (
        "the costliest placements "
        f"{side_by_side(dear, 'all plans whose placement is recorded', whole)}, {period}"
    )


def _beside_plans(report: Report, found: Mapping[str, Outcome]) -> str:
    """Say which of two further pressures rose faster than plans, by the bounds of their rules."""
    transport, costlier = (found[name].result for name in (TRANSPORT_TEST, COSTLIER_TEST))
    courses = {
        TRANSPORT_TEST: lambda: (
            f"school transport {by_per_cent(transport.value)} for each plan in "
            f"real terms, {transport.period}"
        ),
        COSTLIER_TEST: lambda: _costlier_course(report, costlier.period),
    }
    known = [name for name in courses if not found[name].result.is_missing]
    faster = [name for name in known if found[name].test.supported.holds(found[name].result.value)]
    others = [name for name in known if name not in faster]
    groups = {
        "Some pressures rose faster than plans": faster,
        "Not all rose much faster than plans": others,
    }
    return " ".join(
        f"{opening}: {'; '.join(courses[name]() for name in names)}."
        for opening, names in groups.items()
        if names
    )
