"""The box at the head of a finding and the list of its tests, as a reader meets them."""

from dataclasses import replace

import pytest
from IPython.display import Markdown

from as_tested import tested_project
from claims.test_verdicts import found, rule
from sendreform.book import verdict_box as boxes
from sendreform.book.verdict_box import (
    amount,
    listing_of_tests,
    result_words,
    rule_words,
    statement_words,
    tally,
    verdict_box,
)
from sendreform.claims.result import Result, no_result
from sendreform.claims.verdicts import Critic, Outcome, Verdict
from sendreform.report import Report, open_report


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(tested_project())
    return open_report("England", 2015, 2026, "2024-25")


def made(*verdicts: Verdict) -> list[Outcome]:
    return [
        Outcome(rule(id=f"t{n}", about=f"Group {n}"), found(60), verdict)
        for n, verdict in enumerate(verdicts)
    ]


def test_the_tally_counts_each_verdict_in_plain_words() -> None:
    yes, partly, no, unknown = Verdict
    assert tally(made(yes, yes, partly, no, unknown)) == (
        "Of five groups of tests, two support it outright, one supports it with caveats, "
        "one does not support it and one cannot be judged."
    )
    assert tally(made(partly, partly)) == (
        "Of two groups of tests, two support it with caveats. No group supports it outright, so "
        "the figures do not decide."
    )
    assert "No test" in tally([Outcome(rule(), no_result("x"), unknown, asked=False)])


def test_a_place_has_no_verdict_on_a_finding_and_tells_its_tests_beside_englands() -> None:
    england = made(Verdict.SUPPORTED, Verdict.SUPPORTED, Verdict.NOT_SUPPORTED)
    result, crossing = found(10), found(30, low=20, high=40)
    kent = [
        Outcome(england[0].test, result, Verdict.NOT_SUPPORTED, england=england[0]),
        Outcome(england[1].test, crossing, Verdict.CANNOT_BE_TESTED, england=england[1]),
        Outcome(england[2].test, no_result("x"), Verdict.CANNOT_BE_TESTED, False, england[2]),
    ]
    assert tally(kent) == (
        "Of two tests of this finding that are asked here, one does not support it and one is not "
        "decided by the figures."
    )
    box = verdict_box(kent, "5", Markdown("Plans.")).data
    assert box.count("sr-badge") == 1 and "Verdict for England: <span" in box


def test_the_box_holds_the_verdict_first_and_escapes_what_it_is_told() -> None:
    of_one_group = [
        Outcome(rule(id=name, about=about), found(60), verdict)
        for name, about, verdict in (
            ("a", "A", Verdict.SUPPORTED),
            ("b", "A", Verdict.SUPPORTED),
            ("c", "B", Verdict.CAVEATS),
        )
    ]
    box = verdict_box(of_one_group, "5 < 6", Markdown("Plans & people.")).data
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
        "Without London: 40% of councils <b>(◐ in between)</b>",
        "With caveats because the one other way to work it out does not support the statement.",
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


def test_a_figure_beside_a_line_shows_on_which_side_it_lies(report: Report) -> None:
    test = rule(supported={"at_least": 50}, not_supported={"below": 50})
    assert result_words(test, found(49.96)).startswith(
        "Councils in which plans rose: 49.96% of councils"
    )
    assert result_words(test, found(50.4)).startswith(
        "Councils in which plans rose: 50% of councils"
    )
    checks = {"to a year earlier": 49.9976, "since": 80.0}
    html = listing_of_tests(report, [Outcome(test, found(60, checks=checks), Verdict.CAVEATS)]).data
    assert "To a year earlier: 49.998% of councils <b>(○ not supported)</b>" in html
    assert "or for other years, from 49.998% to 80%." in html
    assert "Since: 80% of councils</li>" in html


def test_a_share_of_few_is_told_as_a_count() -> None:
    test = rule(count_of="outcome")
    of_eight = Result(12.5, "2024", tuple("abcdefgh"))
    assert result_words(test, of_eight) == (
        "Councils in which plans rose: one of eight outcomes (12.5%), 2024."
    )
    assert result_words(test, Result(0.0, "2024", ("a", "b"))).endswith(
        ": none of two outcomes (0%), 2024."
    )


def test_a_statement_with_an_old_figure_has_its_date() -> None:
    assert statement_words(rule(dated=True), found(60)) == "Plans rose (2024)."
    assert statement_words(rule(), found(60)) == "Plans rose."


def test_what_is_undecided_shared_changed_or_to_be_kept_in_mind_stands_with_the_test(
    report: Report,
) -> None:
    test = rule(
        id="costly", shares_figure_with=["funding-per-plan"], keep_in_mind="Few.", changed="Today."
    )
    result = found(60, low=20, high=80)
    html = listing_of_tests(report, [Outcome(test, result, Verdict.CANNOT_BE_TESTED)]).data
    for words in (
        "Cannot be tested: the figures do not decide",
        "the interval lies on both sides of the line",
        'href="reform_essential.html#test-funding-per-plan"',
        "<b>Keep in mind.</b> Few.",
        "<b>Changed after its result was known.</b> Today.",
        "This group: ",
    ):
        assert words in html


def test_the_box_says_what_the_tests_do_not_show() -> None:
    limited = [replace(one, test=replace(one.test, limits="Not < all.")) for one in made(*Verdict)]
    assert "Not &lt; all." in verdict_box(limited, "5", Markdown("Plans.")).data
