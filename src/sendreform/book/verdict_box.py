"""A finding's verdict at the head of its page, and at its foot each test with its rule."""

from collections.abc import Sequence
from html import escape
from itertools import groupby

from IPython.display import HTML, Markdown
from myst_nb import glue

from sendreform.book.links import link_to_measure
from sendreform.book.words import counted, interval_of, listed, number, sentence_case
from sendreform.claims.result import Result
from sendreform.claims.verdicts import (
    CHECKS_RULE,
    FINDING_RULE,
    Bound,
    Critic,
    FindingTest,
    Outcome,
    Verdict,
    of_finding,
)
from sendreform.report import Report

#: A shape for each verdict, so that it can be told without colour.
SHAPES = {
    Verdict.SUPPORTED: "●",
    Verdict.CAVEATS: "◐",
    Verdict.NOT_SUPPORTED: "○",
    Verdict.CANNOT_BE_TESTED: "–",
}
#: The heading in each notebook under which the tests stand.
TESTS_ANCHOR = "#how-the-verdict-was-reached"
_BOUND_WORDS = {
    "at_least": "at {} or more",
    "at_most": "at {} or less",
    "above": "above {}",
    "below": "below {}",
}


def verdict_box(outcomes: Sequence[Outcome], headline: str, sentence: Markdown) -> HTML:
    """Return the verdict and the answer of a page in a box, and keep them for the front page.

    Parameters
    ----------
    outcomes
        The tests of the finding, made.
    headline
        One striking figure in a few words.
    sentence
        The answer, without markup.
    """
    verdict = of_finding(outcomes)
    glue("verdict", sentence_case(verdict.value), display=False)
    return answer_box(
        headline,
        sentence,
        before=f'<p class="sr-verdict">{_badge(verdict)}</p>',
        after=f'<p class="sr-tally">{escape(tally(outcomes))} '
        f'<a href="{TESTS_ANCHOR}">See each test and its rule</a>.</p>',
    )


def answer_box(headline: str, sentence: Markdown, *, before: str = "", after: str = "") -> HTML:
    """Return the answer of a page in a box, and keep it for the front page.

    Parameters
    ----------
    headline
        One striking figure in a few words.
    sentence
        The answer, without markup.
    before, after
        HTML that stands in the box as well.
    """
    for key, text in (("headline", headline), ("answer", sentence.data)):
        glue(key, text, display=False)
    return HTML(
        f'<div class="sr-answer">{before}<p class="sr-headline">{escape(headline)}</p>'
        f"<p>{escape(sentence.data)}</p>{after}</div>"
    )


def tally(outcomes: Sequence[Outcome]) -> str:
    """Say in a sentence how many tests speak for the finding, against it, or cannot be made."""
    asked = [outcome.verdict for outcome in outcomes if outcome.asked]
    if not asked:
        return "No test of this finding is asked of this place."
    counts = {verdict: asked.count(verdict) for verdict in Verdict}
    parts = [
        words
        for verdict, words in (
            (Verdict.SUPPORTED, "{} supports it|{} support it"),
            (Verdict.CAVEATS, "{} supports it with caveats|{} support it with caveats"),
            (Verdict.NOT_SUPPORTED, "{} does not support it|{} do not support it"),
            (Verdict.CANNOT_BE_TESTED, "{} cannot be made|{} cannot be made"),
        )
        if counts[verdict]
        for words in [words.split("|")[counts[verdict] > 1].format(counted(counts[verdict]))]
    ]
    return f"Of {counted(len(asked), 'test')} of this finding, {listed(parts)}."


def listing_of_tests(report: Report, outcomes: Sequence[Outcome]) -> HTML:
    """Return each test of a finding: statement, verdict, figure, rule, critics and data."""
    groups = [
        f'<section class="sr-tests"><h3>{escape(about)}</h3>'
        + "".join(_listed(report, outcome) for outcome in group)
        + "</section>"
        for about, group in groupby(outcomes, key=lambda outcome: outcome.test.about)
    ]
    return HTML(
        f'<p class="sr-rule">{escape(FINDING_RULE)} {escape(CHECKS_RULE)}</p>{"".join(groups)}'
    )


def _listed(report: Report, outcome: Outcome) -> str:
    test, result = outcome.test, outcome.result
    verdict = _badge(outcome.verdict) if outcome.asked else "Not asked here"
    name = f"name-{escape(test.id)}"
    return (
        f'<article class="sr-test" id="test-{escape(test.id)}" aria-labelledby="{name}">'
        f'<p class="sr-statement" id="{name}">{escape(test.statement)}</p>'
        f'<p class="sr-verdict">{verdict}</p>'
        f"<p><b>Result.</b> {escape(result_words(test, result))}</p>"
        f"<p><b>Rule.</b> {escape(rule_words(test))} {escape(test.because)}</p>"
        f"{_checks(test, result)}{_critics(test.critics)}{_data(report, result)}</article>"
    )


def rule_words(test: FindingTest) -> str:
    """Return a rule in words, made from its bounds so that the two cannot part.

    Examples
    --------
    >>> from sendreform.claims.verdicts import parse_test
    >>> rule = parse_test(
    ...     {"id": "a", "finding": "f", "about": "b", "statement": "s", "result": "r",
    ...      "unit": "per cent of plans", "because": "so", "applies_to": ["country"],
    ...      "supported": {"at_most": 80}, "not_supported": {"above": 95}}, ["f"])
    >>> rule_words(rule)
    'Supported at 80% or less; not supported above 95%; in between, supported with caveats.'
    """
    supported, against = _bound(test.supported, test), _bound(test.not_supported, test)
    between = (
        "; in between, supported with caveats"
        if test.supported.figure != test.not_supported.figure
        else ""
    )
    return f"Supported {supported}; not supported {against}{between}."


def _bound(bound: Bound, test: FindingTest) -> str:
    # A bound is written with as many decimals as it was set with.
    decimals = len(f"{bound.figure:g}".partition(".")[2])
    return _BOUND_WORDS[bound.comparison].format(
        str(amount(bound.figure, _bare(test.unit), decimals))
    )


def result_words(test: FindingTest, result: Result) -> str:
    """Return a result in words: the figure, its interval and its period, or why there is none."""
    if result.is_missing:
        return result.missing_because
    figure = amount(result.value, test.unit, test.decimals)
    interval = interval_of(result, _bare(test.unit), test.decimals)
    caution = "" if test.testable else " The rule says why this is not counted as a test."
    return f"{figure}{interval}, {result.period}.{caution}"


def amount(value: float, unit: str, decimals: int = 0) -> str:
    """Return a figure with what it is a figure of.

    Examples
    --------
    >>> amount(46.13, "per cent of plans", 1), amount(1.5, "times", 1), amount(6, "per cent a year")
    ('46.1% of plans', '1.5 times', '6% a year')
    >>> amount(6000, "pounds"), amount(1, "percentage points")
    ('£6,000', '1 percentage point')
    """
    figure = number(value, unit, decimals)
    if unit.startswith("per cent"):
        return f"{figure}{unit.removeprefix('per cent')}"
    if "pound" in unit:
        return str(figure)
    return f"{figure} {unit.removesuffix('s') if figure == '1' and unit != 'times' else unit}"


def _bare(unit: str) -> str:
    return "per cent" if unit.startswith("per cent") else unit


def _badge(verdict: Verdict) -> str:
    return (
        f'<span class="sr-badge" data-verdict="{verdict.name.lower()}">'
        f'<span aria-hidden="true">{SHAPES[verdict]}</span> {sentence_case(verdict.value)}</span>'
    )


def _checks(test: FindingTest, result: Result) -> str:
    if not result.checks:
        return ""
    items = "".join(
        f"<li>{escape(sentence_case(words))}: "
        f"{escape(amount(figure, test.unit, test.decimals))}</li>"
        for words, figure in result.checks.items()
        if figure == figure  # what cannot be worked out is not a check
    )
    return f"<p><b>Worked out in other ways.</b></p><ul>{items}</ul>" if items else ""


def _critics(critics: Sequence[Critic]) -> str:
    return "".join(
        f'<p><b>What critics say.</b> <a href="{escape(critic.url)}">{escape(critic.who)}</a>: '
        f"{escape(critic.says)}</p>"
        for critic in critics
    )


def _data(report: Report, result: Result) -> str:
    if not result.measures:
        return ""
    links = "; ".join(
        link_to_measure(measure, report.store.record(measure)["title"])
        for measure in result.measures
    )
    return f"<p><b>Figures.</b> {links}.</p>"
