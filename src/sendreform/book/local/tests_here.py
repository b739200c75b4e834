"""Which tests of the report hold in a place, beside their verdict for England."""

from collections.abc import Mapping
from html import escape
from typing import Any

from sendreform.book import own_words
from sendreform.book.local.place import Place
from sendreform.book.verdict_box import PAGES, badge, statement_words, told_result
from sendreform.book.words import counted, sentence_case
from sendreform.claims.verdicts import Outcome, Verdict


def tally(place: Place) -> str:
    """Say how many of the tests that could be made for the place hold there."""
    asked = [
        outcome
        for made in place.tests.values()
        for outcome in made
        if outcome.asked and outcome.test.testable
    ]
    made = [outcome for outcome in asked if outcome.verdict is not Verdict.CANNOT_BE_TESTED]
    lacking = len(asked) - len(made)
    cannot = f" {sentence_case(counted(lacking))} more cannot be decided here." if lacking else ""
    if not made:
        return f"No test of the report could be made here.{cannot}"
    holding = sum(outcome.verdict is not Verdict.NOT_SUPPORTED for outcome in made)
    return (
        f"Of {counted(len(made), 'test')} of the report that could be made here, "
        f"{counted(holding) if holding else 'none'} {'holds' if holding == 1 else 'hold'}, "
        f"outright or with caveats.{cannot}"
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
        told = "No test is asked here, as so few hold a plan that one child could turn it."
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
