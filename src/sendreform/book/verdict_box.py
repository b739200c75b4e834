"""A finding's verdict at the head of its page, and at its foot each test with its rule."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby

from IPython.display import HTML, Markdown
from myst_nb import glue

from sendreform.book.links import link_to_measure
from sendreform.book.words import counted, interval_of, listed, number, or_none, sentence_case
from sendreform.claims.result import Result
from sendreform.claims.verdicts import (
    Bound,
    Critic,
    FindingTest,
    Outcome,
    Verdict,
    finding_is_undecided,
    for_england,
    groups,
    of_finding,
    read_rules,
    read_tests,
)
from sendreform.report import Report

#: A shape for each verdict, so that it can be told without colour.
SHAPES = {
    Verdict.SUPPORTED: "●",
    Verdict.CAVEATS: "◐",
    Verdict.NOT_SUPPORTED: "○",
    Verdict.CANNOT_BE_TESTED: "–",
}
#: The page of each finding, beside the others.
PAGES = {
    "essential": "reform_essential.html",
    "unavoidable": "reform_unavoidable.html",
    "systemic": "systemic_root_causes.html",
}
UNDECIDED = "the figures do not decide"
#: The heading in each notebook under which the tests stand.
TESTS_ANCHOR = "#how-the-verdict-was-reached"
#: A figure is written with no more decimals than this to tell it from a line.
_MOST_DECIMALS = 4
_BOUND_WORDS = {
    "at_least": "at {} or more",
    "at_most": "at {} or less",
    "above": "above {}",
    "below": "below {}",
}


def verdict_box(outcomes: Sequence[Outcome], headline: str, sentence: Markdown) -> HTML:
    """Return the verdict and the answer of a page in a box, and keep them for the front page.

    A finding is about England: on the page of another place its verdict is named as England's,
    and beside it stands how the tests came out that are asked of the place.

    Parameters
    ----------
    outcomes
        The tests of the finding, made.
    headline
        One striking figure in a few words.
    sentence
        The answer, without markup.
    """
    verdict, undecided = of_finding(outcomes), finding_is_undecided(outcomes)
    words = _verdict_words(verdict, undecided=undecided)
    whose = "" if for_england(outcomes) == list(outcomes) else "Verdict for England: "
    glue("verdict", f"{whose}{words}" if whose else sentence_case(words), display=False)
    limits = next((outcome.test.limits for outcome in outcomes if outcome.test.limits), "")
    return answer_box(
        headline,
        sentence,
        before=f'<p class="sr-verdict">{whose}{_badge(verdict, undecided=undecided)}</p>',
        after=f'<p class="sr-tally">{escape(tally(outcomes))} '
        f'<a href="{TESTS_ANCHOR}">See each test and its rule</a>.</p>'
        + (f'<p class="sr-tally">{escape(limits)}</p>' if limits else ""),
    )


def answer_box(headline: str, sentence: Markdown, *, before: str = "", after: str = "") -> HTML:
    """Return the answer of a page in a box, and keep it for the front page.

    Parameters
    ----------
    headline
        One striking figure in a few words.
    sentence
        The answer, without markup; an empty line parts paragraphs.
    before, after
        HTML that stands in the box as well.
    """
    paragraphs = sentence.data.split("\n\n")
    for key, text in (("headline", headline), ("answer", " ".join(paragraphs))):
        glue(key, text, display=False)
    return HTML(
        f'<div class="sr-answer">{before}<p class="sr-headline">{escape(headline)}</p>'
        + "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
        + f"{after}</div>"
    )


def tally(outcomes: Sequence[Outcome]) -> str:
    """Say in a sentence how many groups of tests speak for the finding, or for a place, tests."""
    if for_england(outcomes) != list(outcomes):
        return tally_of_place(outcomes)
    judged = groups(outcomes)
    if not judged:
        return "No test of this finding is asked of this place."
    counts = _counts(
        [one.verdict for one in judged],
        {
            Verdict.SUPPORTED: "supports it outright|support it outright",
            Verdict.CAVEATS: "supports it with caveats|support it with caveats",
            Verdict.NOT_SUPPORTED: "does not support it|do not support it",
            Verdict.CANNOT_BE_TESTED: "cannot be judged|cannot be judged",
        },
    )
    why = (
        " No group supports it outright, so the figures do not decide."
        if finding_is_undecided(outcomes)
        else ""
    )
    return f"Of {counted(len(judged), 'group')} of tests, {counts}.{why}"


def tally_of_place(outcomes: Sequence[Outcome]) -> str:
    """Say in a sentence how the tests of a finding came out that are asked of a council or region.

    Parameters
    ----------
    outcomes
        The tests of the finding, made for the place.
    """
    asked = [outcome for outcome in outcomes if outcome.asked]
    if not asked:
        return "No test of this finding is asked of this place."
    counts = _counts(
        [UNDECIDED if outcome.is_undecided else outcome.verdict for outcome in asked],
        {
            Verdict.SUPPORTED: "supports it|support it",
            Verdict.CAVEATS: "supports it with caveats|support it with caveats",
            Verdict.NOT_SUPPORTED: "does not support it|do not support it",
            UNDECIDED: "is not decided by the figures|are not decided by the figures",
            Verdict.CANNOT_BE_TESTED: "cannot be made|cannot be made",
        },
    )
    verb = "is" if len(asked) == 1 else "are"
    return f"Of {counted(len(asked), 'test')} of this finding that {verb} asked here, {counts}."


def _counts(found: Sequence[str], words: Mapping[str, str]) -> str:
    """Say how often each was found: one and more of them have words of their own."""
    return listed(
        f"{counted(times)} {words[one].split('|')[times > 1]}"
        for one in words
        for times in [list(found).count(one)]
        if times
    )


def listing_of_tests(report: Report, outcomes: Sequence[Outcome]) -> HTML:
    """Return each test of a finding: statement, verdict, figure, rule, critics and data."""
    rules, every = read_rules(report.store), {test.id: test for test in read_tests(report.store)}
    judged = {group.about: group for group in groups(for_england(outcomes))}
    whose = "This group" if report.is_england else "This group for England"
    sections = "".join(
        f'<section class="sr-tests"><h3>{escape(about)}</h3>'
        + (
            f'<p class="sr-verdict">{whose}: {_badge(judged[about].verdict)}</p>'
            if about in judged
            else ""
        )
        + "".join(_listed(report, outcome, every) for outcome in group)
        + "</section>"
        for about, group in groupby(outcomes, key=lambda outcome: outcome.test.about)
    )
    head = "".join(
        f'<p class="sr-rule">{escape(words)}</p>'
        for words in (rules.test, rules.finding, rules.changed)
    )
    return HTML(head + sections)


def _listed(report: Report, outcome: Outcome, every: Mapping[str, FindingTest]) -> str:
    test, result = outcome.test, outcome.result
    verdict = badge(outcome) if outcome.asked else "Not asked here"
    england = outcome.england
    beside = f" For England: {badge(england)}" if england else ""
    name = f"name-{escape(test.id)}"
    return (
        f'<article class="sr-test" id="test-{escape(test.id)}" aria-labelledby="{name}">'
        f'<p class="sr-statement" id="{name}">{escape(statement_words(test, result))}</p>'
        f'<p class="sr-verdict">{verdict}{beside}</p>'
        f"<p><b>Result.</b> {escape(told_result(outcome))}</p>"
        f"<p><b>Rule.</b> {escape(rule_words(test))} {escape(test.because)}</p>"
        f"{_noted('Keep in mind.', test.keep_in_mind)}"
        f"{_noted('Changed after its result was known.', test.changed)}"
        f"{_sharing(test, every)}"
        f"{_checks(test, result)}{_beside(test, result)}"
        f"{_critics(test.critics)}{_data(report, result)}</article>"
    )


def _noted(what: str, words: str) -> str:
    return f"<p><b>{what}</b> {escape(words)}</p>" if words else ""


def _sharing(test: FindingTest, every: Mapping[str, FindingTest]) -> str:
    """Name the tests that restate the figure of this one, with a link to each."""
    sharing = [
        other
        for other in every.values()
        if other.id in test.shares_figure_with or test.id in other.shares_figure_with
    ]
    if not sharing:
        return ""
    links = "; ".join(
        f'<a href="{"" if other.finding == test.finding else PAGES[other.finding]}'
        f'#test-{escape(other.id)}">{escape(other.statement.removesuffix("."))}</a>'
        for other in sharing
    )
    return f"<p><b>Shares its figure with.</b> {links}. In one finding they count once.</p>"


def told_result(outcome: Outcome) -> str:
    """Return the result of a test in words, and why its verdict is less than the figure gives."""
    return f"{result_words(outcome.test, outcome.result)}{_why(outcome)}"


def _why(outcome: Outcome) -> str:
    """Say why a verdict is less than the figure alone would give."""
    test, result = outcome.test, outcome.result
    if outcome.is_undecided:
        return (
            " The figures do not decide: the interval lies on both sides of the line at which the "
            "statement is not supported."
        )
    if outcome.verdict is not Verdict.CAVEATS:
        return ""
    checks = [figure for figure in result.checks.values() if not math.isnan(figure)]
    short = [figure for figure in checks if not test.supported.holds(figure)]
    in_interval = all(map(test.supported.holds, (result.low, result.high)))
    reasons = [
        "the figure lies between the line of support and the line of none"
        if not test.supported.holds(result.value)
        else "",
        "its interval does not support the statement throughout"
        if result.has_interval and not in_interval
        else "",
        _ways_that_fall_short(len(short), len(checks)) if short else "",
    ]
    return f" With caveats because {listed(reason for reason in reasons if reason)}."


def _ways_that_fall_short(short: int, ways: int) -> str:
    if ways == 1:
        return "the one other way to work it out does not support the statement"
    if short == ways:
        return f"none of {counted(ways)} other ways to work it out supports the statement"
    verb = "does" if short == 1 else "do"
    return (
        f"{counted(short)} of {counted(ways)} other ways to work it out {verb} not support the "
        "statement"
    )


def statement_words(test: FindingTest, result: Result) -> str:
    """Return the statement of a test, with the date of its figure where that is old."""
    if not test.dated or result.is_missing:
        return test.statement
    return f"{test.statement.removesuffix('.')} ({result.period})."


def rule_words(test: FindingTest) -> str:
    """Return a rule in words, made from its bounds so that the two cannot part.

    Examples
    --------
    >>> from sendreform.claims.verdicts import parse_test
    >>> rule = parse_test(
    ...     {"id": "a", "finding": "f", "about": "b", "statement": "s", "result": "r",
    ...      "measured": "m", "unit": "per cent of plans", "because": "so",
    ...      "applies_to": ["country"],
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
    """Return a result in words: what was measured, the figure, its interval and its period.

    Where there is no figure, why there is none.
    """
    if result.is_missing:
        return result.missing_because
    decimals = _decimals(test, result.value, result.low, result.high)
    figure = _as_count(test, result) or amount(result.value, test.unit, decimals)
    interval = interval_of(result, _bare(test.unit), decimals)
    caution = "" if test.testable else " The rule says why this is not counted as a test."
    return f"{test.measured}: {figure}{interval}, {result.period}.{caution}"


def _as_count(test: FindingTest, result: Result) -> str:
    """Write a share of few measures as how many of how many; nothing for other shares."""
    whole = len(result.measures)
    part = result.value * whole / 100
    if not test.count_of or abs(part - round(part)) > 1e-6:
        return ""
    per_cent = number(result.value, "per cent", 0 if result.value == round(result.value) else 1)
    return f"{or_none(round(part))} of {counted(whole, test.count_of)} ({per_cent})"


def _decimals(test: FindingTest, *figures: float) -> int:
    """Return how many decimals show on which side of each line the figures lie."""
    lines = (test.supported, test.not_supported)
    for decimals in range(test.decimals, _MOST_DECIMALS):
        if all(
            line.holds(float(f"{figure:.{decimals}f}")) == line.holds(figure)
            for line in lines
            for figure in figures
        ):
            return decimals
    return _MOST_DECIMALS


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


def badge(outcome: Outcome) -> str:
    """Return the verdict of a test as HTML: a shape and words."""
    return _badge(outcome.verdict, undecided=outcome.is_undecided)


def _badge(verdict: Verdict, *, undecided: bool = False) -> str:
    words = sentence_case(_verdict_words(verdict, undecided=undecided))
    return (
        f'<span class="sr-badge" data-verdict="{verdict.name.lower()}">'
        f'<span aria-hidden="true">{SHAPES[verdict]}</span> {words}</span>'
    )


def _verdict_words(verdict: Verdict, *, undecided: bool) -> str:
    return f"{verdict}: {UNDECIDED}" if undecided else str(verdict)


def _checks(test: FindingTest, result: Result) -> str:
    """List the same figure worked out otherwise, with their range, and mark what says other."""
    checks = {words: figure for words, figure in result.checks.items() if not math.isnan(figure)}
    if not checks:
        return ""
    items = "".join(
        f"<li>{escape(sentence_case(words))}: "
        f"{escape(amount(figure, test.unit, _decimals(test, figure)))}"
        f"{'' if side == _side(test, result.value) else f' <b>({side})</b>'}</li>"
        for words, figure in checks.items()
        for side in [_side(test, figure)]
    )
    ends = (
        str(number(figure, _bare(test.unit), _decimals(test, figure)))
        for figure in (min(checks.values()), max(checks.values()))
    )
    spread = f", from {' to '.join(ends)}" if len(checks) > 1 else ""
    return (
        f"<p><b>Worked out in other ways, or for other years{escape(spread)}.</b></p>"
        f"<ul>{items}</ul>"
    )


def _beside(test: FindingTest, result: Result) -> str:
    """List what the figure is made of; no verdict takes it into account."""
    items = "".join(
        f"<li>{escape(sentence_case(words))}: "
        f"{escape(amount(figure, test.unit, _decimals(test, figure)))}</li>"
        for words, figure in result.beside.items()
    )
    return f"<p><b>Shown beside it, and not judged.</b></p><ul>{items}</ul>" if items else ""


def _side(test: FindingTest, figure: float) -> str:
    """Say on which side of the lines of a test a figure lies; nothing where it is no test."""
    if not test.testable:
        return ""
    if test.not_supported.holds(figure):
        return f"{SHAPES[Verdict.NOT_SUPPORTED]} not supported"
    if test.supported.holds(figure):
        return f"{SHAPES[Verdict.SUPPORTED]} supported"
    return f"{SHAPES[Verdict.CAVEATS]} in between"


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
