"""The box at the head of a finding and the list of its tests, as a reader meets them."""

import pytest
from IPython.display import Markdown

from claims.test_verdicts import found, rule
from conftest import ROOT
from sendreform.book import verdict_box as boxes
from sendreform.book.verdict_box import (
    amount,
    listing_of_tests,
    result_words,
    rule_words,
    tally,
    verdict_box,
)
from sendreform.claims.result import no_result
from sendreform.claims.verdicts import Critic, Outcome, Verdict
from sendreform.report import Report, open_report


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(ROOT)
    return open_report("England", 2015, 2026, "2024-25")


def made(*verdicts: Verdict) -> list[Outcome]:
    return [Outcome(rule(id=f"t{n}"), found(60), verdict) for n, verdict in enumerate(verdicts)]


def test_the_tally_counts_each_verdict_in_plain_words() -> None:
    yes, partly, no, unknown = Verdict
    assert tally(made(yes, yes, partly, no, unknown)) == (
        "Of five tests of this finding, two support it, one supports it with caveats, "
        "one does not support it and one cannot be made."
    )
    assert tally(made(yes)) == "Of one test of this finding, one supports it."
    assert "No test" in tally([Outcome(rule(), no_result("x"), unknown, asked=False)])


def test_the_box_holds_the_verdict_first_and_escapes_what_it_is_told() -> None:
    box = verdict_box(made(Verdict.CAVEATS), "5 < 6", Markdown("Plans & people.")).data
    assert box.index("Supported with caveats") < box.index("5 &lt; 6") < box.index("&amp; people")
    assert '<span class="sr-badge" data-verdict="caveats">' in box


def test_the_answer_is_kept_for_the_front_page_and_escaped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(boxes, "glue", lambda key, text, **_: kept.update({key: text}))
    box = boxes.answer_box("46% & falling", Markdown("Fewer than <half> came on time.")).data
    assert kept == {"headline": "46% & falling", "answer": "Fewer than <half> came on time."}
    assert '<p class="sr-headline">46% &amp; falling</p>' in box
    assert "Fewer than &lt;half&gt; came on time." in box


def test_each_test_is_listed_with_its_statement_figure_rule_checks_and_critics(
    report: Report,
) -> None:
    test = rule(critics=[{"who": "A <b> critic", "says": "No.", "url": "https://example.org"}])
    result = found(60.4, low=52, high=70, checks={"without London": 40.0, "lost": float("nan")})
    html = listing_of_tests(report, [Outcome(test, result, Verdict.CAVEATS)]).data
    for words in (
        "Plans rose.",
        "60% of councils (95% interval 52% to 70%), 2024.",
        "Supported at 50% or more; not supported below 25%",
        "Half is most.",
        "Without London: 40% of councils",
        "A &lt;b&gt; critic",
        'href="../book/measures.html#measure-ehc_plans"',
        'id="test-growth"',
    ):
        assert words in html
    assert "lost" not in html.lower().replace("closed", "")


def test_a_test_without_a_figure_says_why_and_one_not_asked_here_says_so(report: Report) -> None:
    outcomes = [
        Outcome(rule(), no_result("Nobody publishes it."), Verdict.CANNOT_BE_TESTED),
        Outcome(rule(), no_result("Not here."), Verdict.CANNOT_BE_TESTED, asked=False),
    ]
    html = listing_of_tests(report, outcomes).data
    assert "Nobody publishes it." in html and "Not asked here" in html


def test_amounts_read_as_people_say_them() -> None:
    assert amount(1, "percentage points") == "1 percentage point"
    assert amount(1, "times") == "1 times"
    assert amount(-3.25, "percentage points", 1) == "−3.2 percentage points"


def test_a_rule_with_one_bound_has_nothing_in_between() -> None:
    single = rule(supported={"at_least": 50}, not_supported={"below": 50})
    assert rule_words(single) == "Supported at 50% or more; not supported below 50%."


def test_a_figure_that_is_not_counted_as_a_test_says_so() -> None:
    assert "not counted" in result_words(rule(testable=False), found(90))


def test_a_critic_is_a_name_a_saying_and_an_address() -> None:
    assert rule(critics=[{"who": "W", "says": "S", "url": "https://u"}]).critics == (
        Critic("W", "S", "https://u"),
    )
