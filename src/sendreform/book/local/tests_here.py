"""Which tests of the report hold in a place, beside their verdict for England."""

from html import escape

from IPython.display import HTML

from sendreform.book.local.place import Place
from sendreform.book.verdict_box import (
    PAGES,
    SHAPES,
    UNDECIDED,
    result_words,
    statement_words,
)
from sendreform.book.words import counted, sentence_case
from sendreform.claims.verdicts import Outcome, Verdict


def tally(place: Place) -> str:
    """Say how many of the tests that are asked of the place hold there."""
    asked = [outcome for made in place.tests.values() for outcome in made if outcome.asked]
    if not asked:
        return "No test of the report is asked of this place."
    supported = [
        outcome
        for outcome in asked
        if not outcome.is_undecided and outcome.verdict in (Verdict.SUPPORTED, Verdict.CAVEATS)
    ]
    verb = "is" if len(supported) == 1 else "are"
    number = counted(len(supported)) if supported else "none"
    return (
        f"Of the report's {counted(len(asked))} tests that can be asked of a single place, "
        f"{number} {verb} supported here, wholly or with caveats."
    )


def tests_here(place: Place) -> HTML:
    """Return each test that is asked of the place, with its result here and England's verdict."""
    parts = "".join(
        _finding(place, finding, [outcome for outcome in made if outcome.asked])
        for finding, made in place.tests.items()
    )
    return HTML(f'<section class="sr-tests">{parts}</section>') if parts else HTML("")


def _finding(place: Place, finding: str, asked: list[Outcome]) -> str:
    if not asked:
        return ""
    title = str(place.report.store.argument("tests")["findings"][finding]["title"])
    return f"<h3>{escape(title)}</h3>" + "".join(_test(finding, outcome) for outcome in asked)


def _test(finding: str, outcome: Outcome) -> str:
    test, result = outcome.test, outcome.result
    england = outcome.england
    beside = f" For England: {_badge(england)}" if england else ""
    return (
        '<article class="sr-test">'
        f'<p class="sr-statement">{escape(statement_words(test, result))} '
        f'<a href="../notebooks/{PAGES[finding]}#test-{escape(test.id)}">The rule of this test: '
        f"{escape(test.id.replace('-', ' '))}</a></p>"
        f'<p class="sr-verdict">{_badge(outcome)}{beside}</p>'
        f"<p><b>Result here.</b> {escape(result_words(test, result))}</p></article>"
    )


def _badge(outcome: Outcome) -> str:
    verdict = outcome.verdict
    words = f"{verdict}: {UNDECIDED}" if outcome.is_undecided else str(verdict)
    return (
        f'<span class="sr-badge" data-verdict="{verdict.name.lower()}">'
        f'<span aria-hidden="true">{SHAPES[verdict]}</span> {escape(sentence_case(words))}</span>'
    )
