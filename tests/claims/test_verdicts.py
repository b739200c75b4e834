"""Rules and verdicts: what each figure earns, what a finding makes of its tests, bad rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from as_tested import tested_project
from conftest import ROOT
from sendreform.claims.result import Result, no_result
from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import (
    Group,
    Outcome,
    Verdict,
    finding_is_undecided,
    groups,
    judge,
    of_finding,
    outcomes,
    parse_test,
    read_rules,
    read_tests,
    reason_of_finding,
)
from sendreform.errors import ReportError
from sendreform.report import open_report
from sendreform.store import open_store

pytestmark = pytest.mark.usefixtures("in_the_project")

RULE: Mapping[str, Any] = {
    "id": "growth",
    "finding": "systemic",
    "about": "Growth",
    "statement": "Plans rose.",
    "result": "share_that_grew",
    "measured": "Councils in which plans rose",
    "unit": "per cent of councils",
    "because": "Half is most.",
    "supported": {"at_least": 50},
    "not_supported": {"below": 25},
    "applies_to": ["country"],
}
SUPPORTED, CAVEATS = Verdict.SUPPORTED, Verdict.CAVEATS
AGAINST, CANNOT = Verdict.NOT_SUPPORTED, Verdict.CANNOT_BE_TESTED


def rule(**changes: Any) -> Any:
    return parse_test({**RULE, **changes}, ["systemic"])


def found(value: float, **others: Any) -> Result:
    return Result(value, "2024", ("ehc_plans",), **others)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [(100, SUPPORTED), (50, SUPPORTED), (49.9, CAVEATS), (25, CAVEATS), (24.9, AGAINST)],
)
def test_a_figure_on_a_bound_has_the_verdict_that_the_bound_names(
    value: float, verdict: Verdict
) -> None:
    assert judge(rule(), found(value)) is verdict


@pytest.mark.parametrize(("value", "verdict"), [(0, SUPPORTED), (2, CAVEATS), (5.1, AGAINST)])
def test_rules_may_ask_for_little(value: float, verdict: Verdict) -> None:
    downward = rule(supported={"at_most": 0}, not_supported={"above": 5})
    assert judge(downward, found(value)) is verdict


def test_a_line_can_lie_just_where_a_statement_becomes_untrue() -> None:
    most = rule(supported={"above": 50}, not_supported={"at_most": 50})
    assert [judge(most, found(value)) for value in (50.1, 50)] == [SUPPORTED, AGAINST]
    few = rule(supported={"at_most": 33}, not_supported={"at_least": 50})
    assert [judge(few, found(value)) for value in (33, 49, 50)] == [SUPPORTED, CAVEATS, AGAINST]


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict"),
    [
        (60, 24, 80, CANNOT),
        (30, 24, 49, CANNOT),
        (20, 10, 26, CANNOT),
        (30, 26, 60, CAVEATS),
        (20, 10, 24, AGAINST),
    ],
)
def test_an_interval_across_the_line_against_a_statement_decides_nothing(
    value: float, low: float, high: float, verdict: Verdict
) -> None:
    result = found(value, low=low, high=high)
    assert judge(rule(), result) is verdict
    outcome = Outcome(rule(), result, verdict)
    assert outcome.is_undecided == (verdict is CANNOT)


def test_support_that_does_not_survive_an_interval_or_a_check_has_caveats() -> None:
    assert judge(rule(), found(60, low=40, high=80)) is CAVEATS
    assert judge(rule(), found(60, low=55, high=80)) is SUPPORTED
    assert judge(rule(), found(60, checks={"without London": 49})) is CAVEATS
    assert judge(rule(), found(60, checks={"without London": 10})) is CAVEATS
    assert judge(rule(), found(60, checks={"without London": float("nan")})) is SUPPORTED


def test_no_check_turns_a_figure_that_speaks_against_a_statement() -> None:
    assert judge(rule(), found(10, low=0, high=20, checks={"weighted": 100})) is AGAINST


def test_without_a_figure_or_where_the_rule_says_so_nothing_is_tested() -> None:
    assert judge(rule(), no_result("No figure.")) is CANNOT
    assert judge(rule(testable=False), found(100)) is CANNOT


def made(*verdicts: Verdict, about: str = "Growth", **changes: Any) -> list[Outcome]:
    """Make tests of one group, each with a figure of its own."""
    return [
        Outcome(rule(id=f"{about}-{n}", about=about, **changes), found(1), verdict)
        for n, verdict in enumerate(verdicts)
    ]


@pytest.mark.parametrize(
    ("verdicts", "of_all"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([SUPPORTED, CANNOT], SUPPORTED),
        ([SUPPORTED, CAVEATS], CAVEATS),
        ([SUPPORTED, SUPPORTED, AGAINST], CAVEATS),
        ([SUPPORTED, AGAINST], AGAINST),
        ([CAVEATS, AGAINST, AGAINST], AGAINST),
        ([CANNOT, CANNOT], CANNOT),
    ],
)
def test_a_group_is_judged_by_most_of_its_figures(verdicts: list[Verdict], of_all: Verdict) -> None:
    not_asked = Outcome(rule(id="x"), no_result("Not here."), CANNOT, asked=False)
    [group] = groups([*made(*verdicts), not_asked])
    assert group == Group("Growth", of_all)


def test_tests_that_share_a_figure_count_once_by_the_weakest_in_the_first_group() -> None:
    first, second = made(SUPPORTED, AGAINST)
    again = made(CAVEATS, about="Money", shares_figure_with=[first.test.id])
    through_a_third = made(AGAINST, about="Delay", shares_figure_with=[again[0].test.id])
    assert groups([first, second, *again]) == [Group("Growth", AGAINST)]
    assert groups([first, *again]) == [Group("Growth", CAVEATS)]
    assert groups([first, *again, *through_a_third]) == [Group("Growth", AGAINST)]
    cannot = made(CANNOT, about="Money", shares_figure_with=[first.test.id])
    assert groups([first, *cannot]) == [Group("Growth", SUPPORTED)]


ALL, PARTLY = (SUPPORTED, SUPPORTED), (CAVEATS, CAVEATS)


@pytest.mark.parametrize(
    ("of_groups", "of_all", "undecided"),
    [
        ([ALL, ALL], SUPPORTED, False),
        ([ALL, (SUPPORTED,)], SUPPORTED, False),
        ([ALL, PARTLY], CAVEATS, False),
        ([ALL, PARTLY, (AGAINST,)], CAVEATS, False),
        ([ALL, (AGAINST,)], AGAINST, False),
        ([(SUPPORTED,), PARTLY, (AGAINST,)], CAVEATS, False),
        # Nothing in outright support: enough is judged and nothing is decided.
        ([PARTLY, PARTLY], CANNOT, True),
        ([PARTLY, PARTLY, (AGAINST,)], CANNOT, True),
        ([PARTLY, (AGAINST,)], AGAINST, False),
        ([ALL, (CANNOT,), (CANNOT,)], CANNOT, False),
        ([], CANNOT, False),
    ],
)
def test_a_finding_is_judged_by_its_groups(
    of_groups: list[tuple[Verdict, ...]], of_all: Verdict, undecided: bool
) -> None:
    tests = [
        one
        for number, verdicts in enumerate(of_groups)
        for one in made(*verdicts, about=f"Group {number}")
    ]
    assert of_finding(tests) is of_all
    assert finding_is_undecided(tests) is undecided


def test_why_a_finding_is_as_it_is_names_its_groups_and_what_decides() -> None:
    growth, money = made(SUPPORTED), made(CAVEATS, about="Money")
    assert reason_of_finding([*growth, *money]) == (
        "Growth: supported; Money: supported with caveats"
    )
    delay, equity = made(CANNOT, about="Delay"), made(CANNOT, about="Equity")
    assert reason_of_finding([*growth, *delay, *equity]) == (
        "Growth: supported; Delay and Equity: cannot be tested. More than half cannot be tested"
    )
    assert reason_of_finding([*money, *delay]) == (
        "Money: supported with caveats; Delay: cannot be tested. No group is supported outright, "
        "so the figures do not decide"
    )
    assert reason_of_finding([]) == ""


def test_a_finding_has_one_verdict_whatever_the_place() -> None:
    england = made(*ALL)
    kent = [Outcome(one.test, found(1), AGAINST, england=one) for one in england]
    assert of_finding(kent) is SUPPORTED


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"supported": {"at_least": 20}}, "two bounds overlap"),
        ({"not_supported": {"above": 25}}, "two bounds overlap"),
        ({"supported": {"atleast": 50}}, "not a bound"),
        ({"supported": {"at_least": "half"}}, "not a number"),
        ({"finding": "sistemic"}, "Did you mean systemic"),
        ({"applies_to": ["county"]}, "unknown kind of place 'county'"),
        ({"statement": ""}, "statement is missing"),
        ({"becuase": "x"}, "Did you mean because"),
        ({"supported": {"above": 25}, "not_supported": {"at_most": 30}}, "two bounds overlap"),
        ({"supported": {"at_least": 25}, "not_supported": {"at_most": 25}}, "two bounds overlap"),
    ],
)
def test_a_bad_rule_is_refused_in_one_line(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ReportError, match=complaint) as raised:
        rule(**changes)
    assert "growth" in str(raised.value) and "\n" not in str(raised.value)


def test_every_rule_of_the_report_can_be_read_and_its_result_worked_out() -> None:
    tests = read_tests(open_store(ROOT / "data"))
    assert len(tests) == len({test.id for test in tests})
    assert {test.result for test in tests} == set(RESULTS)
    assert all(test.limits for test in tests)
    assert all(read_rules(open_store(ROOT / "data")).__dict__.values())


#: Words of a statement → where it is untrue, so where not supported must begin at the latest.
UNTRUE_AT = {
    "outcome-gaps": 50, "outcome-levels": 50, "outcome-gaps-in-councils": 50,
    "appeals-per-plan": 0, "appeals-per-decision": 0, "decisions-for-families": 50,
    "plans-on-time-trend": 0.1, "plans-on-time-everywhere": 50, "councils-in-deficit": 50,
    "funding-per-plan": 0, "not-only-age-extension": 50, "more-begin-than-end": 1,
    "plans-outgrow-funding": 1, "costlier-places": 1, "transport": 0, "common-year-effect": 50,
    "good-practice-lasts": 50,
}  # fmt: skip


@pytest.mark.parametrize("name", UNTRUE_AT)
def test_no_statement_is_supported_where_it_is_untrue(name: str) -> None:
    [test] = [one for one in read_tests(open_store(ROOT / "data")) if one.id == name]
    assert judge(test, found(UNTRUE_AT[name])) is AGAINST


def test_a_test_that_shares_a_figure_names_one_that_there_is() -> None:
    store = open_store(ROOT / "data")
    content = store.argument("tests")
    content["tests"][0]["shares_figure_with"] = ["plan-on-time"]

    class Changed:
        def argument(self, _name: str) -> dict[str, Any]:
            return content

    with pytest.raises(ReportError, match="unknown test 'plan-on-time'"):
        read_tests(Changed())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def findings() -> dict[str, tuple[Outcome, ...]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tested_project())
        report = open_report("England", 2015, 2026, "2024-25")
        return {
            finding: outcomes(report, finding, RESULTS)
            for finding in ("essential", "unavoidable", "systemic")
        }


def test_the_three_findings_are_supported_with_caveats(
    findings: dict[str, tuple[Outcome, ...]],
) -> None:
    assert {finding: of_finding(tests) for finding, tests in findings.items()} == {
        "essential": CAVEATS, "unavoidable": CAVEATS, "systemic": CAVEATS,
    }  # fmt: skip
    undecided = {one.test.id for one in findings["systemic"] if one.is_undecided}
    assert undecided == {"good-practice-lasts", "inspection-and-growth"}


def test_one_distribution_of_growth_counts_once_by_the_weakest_of_its_tests(
    findings: dict[str, tuple[Outcome, ...]],
) -> None:
    judged = {group.about: group.verdict for group in groups(findings["systemic"])}
    assert judged == {
        "Universal and common": CAVEATS,
        "Local practice alone": CAVEATS,
        "Good practice in spite of the system": CANNOT,
        "Incentives in the national framework": SUPPORTED,
    }


def test_in_kent_outcomes_that_rose_speak_against_that_they_have_not() -> None:
    made_there = outcomes(open_report("Kent", 2015, 2026, "2024-25"), "essential", RESULTS)
    [levels] = [one for one in made_there if one.test.id == "outcome-levels"]
    assert round(levels.result.value) == 57  # four of seven outcomes
    assert levels.verdict is AGAINST
    assert levels.england is not None and levels.england.verdict is CAVEATS


def test_a_result_that_nothing_works_out_is_an_error_with_a_near_name() -> None:
    report = open_report("England", 2015, 2026, "2024-25")
    known = {name: RESULTS[name] for name in RESULTS if name != "share_of_plans_on_time"}
    with pytest.raises(ReportError, match="unknown result 'share_of_plans_on_time'"):
        outcomes(report, "essential", known)


@pytest.mark.parametrize("area", ["England", "Kent", "London", "Isles of Scilly", "Cumberland"])
@pytest.mark.parametrize("finding", ["essential", "unavoidable", "systemic"])
def test_every_finding_can_be_judged_anywhere(area: str, finding: str) -> None:
    report = open_report(area, 2015, 2026, "2024-25")
    made = outcomes(report, finding, RESULTS)
    for outcome in made:
        applies = report.level in outcome.test.applies_to
        assert outcome.asked == (applies and not report.is_small)
        assert outcome.result.is_missing == bool(outcome.result.missing_because)
        assert outcome.result.is_missing or outcome.result.period
    assert of_finding(made) in Verdict


def test_another_baseline_gives_other_figures() -> None:
    figures = {
        year: {
            outcome.test.id: outcome.result.value
            for outcome in outcomes(
                open_report("England", year, 2026, "2024-25"), "unavoidable", RESULTS
            )
        }
        for year in (2015, 2019)
    }
    changed = [name for name in figures[2015] if figures[2015][name] != figures[2019][name]]
    assert {"costlier-places", "not-only-age-extension"} <= set(changed)
