"""Rules and verdicts: what each figure earns, what a finding makes of its tests, bad rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from conftest import ROOT
from sendreform.claims.result import Result, no_result
from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import (
    Outcome,
    Verdict,
    judge,
    of_finding,
    outcomes,
    parse_test,
    read_tests,
)
from sendreform.errors import ReportError
from sendreform.report import open_report
from sendreform.store import open_store

RULE: Mapping[str, Any] = {
    "id": "growth",
    "finding": "systemic",
    "about": "Growth",
    "statement": "Plans rose.",
    "result": "share_that_grew",
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


def test_support_that_does_not_survive_an_interval_or_a_check_has_caveats() -> None:
    assert judge(rule(), found(60, low=40, high=80)) is CAVEATS
    assert judge(rule(), found(60, low=55, high=80)) is SUPPORTED
    assert judge(rule(), found(60, checks={"without London": 49})) is CAVEATS
    assert judge(rule(), found(60, checks={"without London": float("nan")})) is SUPPORTED


def test_no_check_turns_a_figure_that_speaks_against_a_statement() -> None:
    assert judge(rule(), found(10, low=0, high=90, checks={"weighted": 100})) is AGAINST


def test_without_a_figure_or_where_the_rule_says_so_nothing_is_tested() -> None:
    assert judge(rule(), no_result("No figure.")) is CANNOT
    assert judge(rule(testable=False), found(100)) is CANNOT


@pytest.mark.parametrize(
    ("verdicts", "of_all"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([SUPPORTED, SUPPORTED, CANNOT], SUPPORTED),
        ([SUPPORTED, CAVEATS], CAVEATS),
        ([SUPPORTED, SUPPORTED, AGAINST], CAVEATS),
        ([SUPPORTED, AGAINST], AGAINST),
        ([CAVEATS, AGAINST, AGAINST], AGAINST),
        ([SUPPORTED, CANNOT, CANNOT], CANNOT),
        ([], CANNOT),
    ],
)
def test_a_finding_is_judged_by_its_tests(verdicts: list[Verdict], of_all: Verdict) -> None:
    made = [Outcome(rule(), found(1), verdict) for verdict in verdicts]
    not_asked = Outcome(rule(), no_result("Not here."), CANNOT, asked=False)
    assert of_finding([*made, not_asked, not_asked]) is of_all


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


def test_a_result_that_nothing_works_out_is_an_error_with_a_near_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT)
    report = open_report("England", 2015, 2026, "2024-25")
    known = {name: RESULTS[name] for name in RESULTS if name != "share_of_plans_on_time"}
    with pytest.raises(ReportError, match="unknown result 'share_of_plans_on_time'"):
        outcomes(report, "essential", known)


@pytest.mark.parametrize("area", ["England", "Kent", "London", "Isles of Scilly", "Cumberland"])
@pytest.mark.parametrize("finding", ["essential", "unavoidable", "systemic"])
def test_every_finding_can_be_judged_anywhere(
    area: str, finding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    report = open_report(area, 2015, 2026, "2024-25")
    made = outcomes(report, finding, RESULTS)
    for outcome in made:
        applies = report.level in outcome.test.applies_to
        assert outcome.asked == (applies and not report.is_small)
        assert outcome.result.is_missing == bool(outcome.result.missing_because)
        assert outcome.result.is_missing or outcome.result.period
    assert of_finding(made) in Verdict


def test_another_baseline_gives_other_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
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
