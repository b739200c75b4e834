"""Which tests of the report hold in a place, beside their verdict for England."""

from collections.abc import Mapping
from html import escape
from typing import Any

from sendreform.book import own_words
from sendreform.book.essential.shared import too_few
from sendreform.book.local.place import Place
from sendreform.book.verdict_box import PAGES, badge, statement_words, told_result
from sendreform.book.words import counted
from sendreform.claims.verdicts import Outcome, Verdict


def tally(place: Place) -> str:
    """Say how many of the tests that are asked of the place hold there."""
    asked = [outcome for made in place.tests.values() for outcome in made if outcome.asked]
    holding = [
        outcome
        for outcome in asked
        if outcome.verdict in (Verdict.SUPPORTED, Verdict.CAVEATS) and not outcome.is_undecided
    ]
    number = counted(len(holding)) if holding else "none"
    return (
        f"Of {counted(len(asked), 'test')} of the report that can be asked of a single place, "
        f"{number} {'holds' if len(holding) == 1 else 'hold'} here, outright or with caveats."
    )


class TestsHere:
    """The tests of a place: what its page shows, and the words that other pages have for it."""

    def __init__(self, shown: Mapping[str, str], own_words: Mapping[str, Any]) -> None:
        self.shown, self.own_words = shown, own_words

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {**self.shown, own_words.TYPE: self.own_words}


def tests_here(place: Place) -> TestsHere:
    """Return each test that is asked of the place, with its result here and England's verdict."""
    words = own_words.words_of(place.report, place.tests)
    if place.report.is_small:
        told = too_few(place.report)
        return TestsHere({"text/markdown": told, "text/plain": told}, words)
    parts = "".join(
        _finding(place, finding, [outcome for outcome in made if outcome.asked])
        for finding, made in place.tests.items()
    )
    shown = {
        "text/html": f'<section class="sr-tests">{parts}</section>',
        "text/plain": tally(place),
    }
    return TestsHere(shown, words)


def _finding(place: Place, finding: str, asked: list[Outcome]) -> str:
    if not asked:
        return ""
    title = str(place.report.store.argument("tests")["findings"][finding]["title"])
    tests = "".join(_test(place, finding, outcome) for outcome in asked)
    return f"<h3>{escape(title)}</h3>{tests}"


def _test(place: Place, finding: str, outcome: Outcome) -> str:
    statement = escape(statement_words(outcome.test, outcome.result))
    rule = f"../notebooks/{PAGES[finding]}#test-{escape(outcome.test.id)}"
    return (
        f'<article class="sr-test"><p class="sr-statement">{statement}</p>'
        f'<p class="sr-verdict">{badge(outcome)} '
        f"For England: {badge(place.england[outcome.test.id])}</p>"
        f"<p><b>Result here.</b> {escape(told_result(outcome))} "
        f'<a href="{rule}" aria-label="Rule of the test: {statement}">Rule</a></p></article>'
    )
