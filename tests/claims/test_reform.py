"""Recommendations and events: indicators as published, and files that are refused."""

import pytest

from conftest import ROOT
from sendreform.book.reform_page import (
    causes_against_plan,
    link_to_test,
    links_of_map,
    recommendations,
    timeline,
)
from sendreform.claims.reform import TOO_FEW, check_events, indicator, read_argument
from sendreform.claims.verdicts import read_tests
from sendreform.errors import ReportError
from sendreform.report import Report, open_report


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def report_on(area: str = "England") -> Report:
    return open_report(area, 2015, 2026, "2024-25")


def test_the_share_in_mainstream_is_plans_in_mainstream_of_all_plans_since_the_last_break() -> None:
    one = indicator(
        report_on(),
        {"title": "Mainstream", "measure": "ehc_plans", "breakdown": "placement:mainstream",
         "per_measure": "ehc_plans", "better": "rises"},
    )  # fmt: skip
    assert (one.span.first_period, one.span.last_period) == ("2023-01", "2026-01")
    # January 2026, national release: 326,804 of 718,838 plans name a mainstream school.
    assert one.span.last == pytest.approx(100 * 326_804 / 718_838, abs=1e-9)
    assert (one.unit, one.progress) == ("per cent", "better")


def test_independent_placements_are_added_up_and_more_of_them_is_worse() -> None:
    record = next(
        one
        for recommendation in read_argument(report_on().store, "reform")["recommendations"]
        for one in recommendation["indicators"]
        if "independent" in one["title"]
    )
    one = indicator(report_on(), record)
    assert (one.span.last, one.progress) == (40_223, "worse")


def test_a_place_with_few_plans_is_told_no_direction() -> None:
    record = {"title": "Appeals", "measure": "tribunal_appeals", "better": "falls"}
    assert indicator(report_on("Isles of Scilly"), record).progress == TOO_FEW


def test_a_direction_that_there_is_not_is_refused() -> None:
    with pytest.raises(ReportError, match="'up' is no direction"):
        indicator(report_on(), {"title": "A", "measure": "tribunal_appeals", "better": "up"})


@pytest.mark.parametrize("area", ["England", "Kent", "Isles of Scilly", "Cumberland", "London"])
def test_every_recommendation_can_be_told_anywhere(area: str) -> None:
    records = read_argument(report_on().store, "reform")["recommendations"]
    html = recommendations(report_on(area), records).data
    assert len(records) == html.count("<article") == 8
    assert "nan" not in html.lower().replace("finance", "")


def test_the_white_paper_is_cited_where_its_claim_is() -> None:
    store = report_on().store
    (event,) = (
        event for event in read_argument(store, "reform")["events"] if "C130" in event["claims"]
    )
    claim = store.claims.query("claim == 'C130' and figure == '1'").iloc[0]
    assert (event["url"], event["source"]) == (claim["url"], claim["publisher"])
    assert str(event["date"]) == claim["published"]


def test_events_are_told_in_order_each_with_a_source() -> None:
    events = read_argument(report_on().store, "reform")["events"]
    dates = [event["date"] for event in check_events(events)]
    assert dates == sorted(dates)
    html = timeline(list(reversed(events))).data
    assert html.index("2023-03-02") < html.index("2026-02-23")
    with pytest.raises(ReportError, match="no date"):
        check_events([{"what": "Something", "date": "spring 2026"}])
    with pytest.raises(ReportError, match="no source"):
        check_events([{"what": "Something", "date": "2026-02-23"}])


def test_every_claim_that_an_event_names_is_in_the_ledger() -> None:
    store = report_on().store
    named = {name for event in read_argument(store, "reform")["events"] for name in event["claims"]}
    assert named <= set(store.claims["claim"])


def test_every_cause_and_every_link_rests_on_tests_that_exist() -> None:
    store = report_on().store
    tests = read_tests(store)
    causes = read_argument(store, "reform")["root_causes"]
    assert causes_against_plan(causes, tests).data.count("<article") == len(causes)
    drawn = read_argument(store, "causal_map")
    html = links_of_map(drawn["nodes"], drawn["links"], tests).data
    assert html.count("<li>") == len(drawn["links"])
    with pytest.raises(ReportError, match="Did you mean plans-on-time"):
        link_to_test("plan-on-time", tests)
