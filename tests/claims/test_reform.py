"""Recommendations and events: indicators as published, and files that are refused."""

import re

import pytest

from sendreform.book.reform_page import (
    answer_on_reform,
    causes_against_plan,
    costs_of_places,
    link_to_test,
    links_of_map,
    recommendations,
    timeline,
)
from sendreform.book.words import counted
from sendreform.claims.reform import TOO_FEW, UNTOLD, in_order, indicator
from sendreform.claims.results import outcomes
from sendreform.claims.verdicts import read_tests
from sendreform.errors import ReportError
from sendreform.report import Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")


def report_on(area: str = "England") -> Report:
    return open_report(area, 2015, 2026, "2024-25")


def test_the_share_in_mainstream_is_plans_in_mainstream_of_all_plans_since_the_last_break() -> None:
    one = indicator(
        report_on(),
        {"title": "Mainstream", "measure": "ehc_plans", "breakdown": "placement:mainstream",
         "per_measure": "ehc_plans", "asked": "rises"},
    )  # fmt: skip
    assert (one.span.first_period, one.span.last_period) == ("2023-01", "2026-01")
    # January 2026, national release: 326,804 of 718,838 plans name a mainstream school.
    assert one.span.last == pytest.approx(100 * 326_804 / 718_838, abs=1e-9)
    assert (one.unit, one.progress) == ("per cent", "towards what the report asks")


def test_independent_placements_are_added_up_and_told_as_a_share_of_plans() -> None:
    record = next(
        one
        for recommendation in report_on().store.argument("reform")["recommendations"]
        for one in recommendation["indicators"]
        if "independent" in one["title"]
    )
    one = indicator(report_on(), record)
    assert one.span.last == pytest.approx(100 * 40_223 / 718_838)
    # 5.0 to 5.6 per cent in three years is less than half a point a year.
    assert one.progress == "about the same"


def test_appeals_are_told_for_every_thousand_plans_since_the_break_of_either() -> None:
    record = {"title": "Appeals", "measure": "tribunal_appeals", "per_thousand": "ehc_plans",
              "better": "falls"}  # fmt: skip
    one = indicator(report_on(), record)
    assert (one.span.first_period, one.span.last_period) == ("2023", "2025")
    assert one.unit == "appeals for every thousand plans"
    assert one.progress == "worse"


def test_a_sign_moves_by_the_rule_of_the_scorecard() -> None:
    record = {"title": "Destination", "measure": "sustained_destination",
              "breakdown": "sen_status:ehc_plan", "better": "rises"}  # fmt: skip
    one = indicator(report_on(), record)
    card = outcomes.scorecard(report_on())
    [row] = card[
        (card["measure"] == "sustained_destination") & (card["series"] == "EHC plan")
    ].to_dict("records")
    assert one.progress == row["level_direction"] == "about the same"
    assert one.span.difference == pytest.approx(row["level_change"], abs=1e-6)


def test_a_sign_says_what_is_better_or_what_the_report_asks_and_not_both() -> None:
    record = {"title": "A", "measure": "tribunal_appeals", "better": "falls", "asked": "falls"}
    with pytest.raises(ReportError, match="what is better or what the report asks"):
        indicator(report_on(), record)


def test_a_place_with_few_plans_is_told_no_direction() -> None:
    record = {"title": "Appeals", "measure": "tribunal_appeals", "better": "falls"}
    assert indicator(report_on("Isles of Scilly"), record).progress == TOO_FEW


def test_a_direction_that_there_is_not_is_refused() -> None:
    with pytest.raises(ReportError, match="'up' is no direction"):
        indicator(report_on(), {"title": "A", "measure": "tribunal_appeals", "better": "up"})


@pytest.mark.parametrize("area", ["England", "Kent", "Isles of Scilly", "Cumberland", "London"])
def test_every_recommendation_can_be_told_anywhere(area: str) -> None:
    records = report_on().store.argument("reform")["recommendations"]
    html = recommendations(report_on(area), records).data
    assert len(records) == html.count("<article") == 8
    assert "nan" not in html.lower().replace("finance", "")


def test_the_white_paper_is_cited_where_its_claim_is() -> None:
    store = report_on().store
    (event,) = (event for event in store.argument("reform")["events"] if "C130" in event["claims"])
    claim = store.claims.query("claim == 'C130' and figure == '1'").iloc[0]
    assert (event["url"], event["source"]) == (claim["url"], claim["publisher"])
    assert str(event["date"]) == claim["published"]


def test_events_are_told_in_order_each_with_a_source() -> None:
    events = report_on().store.argument("reform")["events"]
    dates = [event["date"] for event in in_order(events)]
    assert dates == sorted(dates)
    html = timeline(list(reversed(events))).data
    assert html.index("2023-03-02") < html.index("2026-02-23")
    with pytest.raises(ReportError, match="'spring 2026' is no date"):
        in_order([{**events[0], "date": "spring 2026"}])
    with pytest.raises(ReportError, match="event 2026-02-23: source is missing"):
        in_order([{"what": "Something", "date": "2026-02-23", "url": "https://example.org"}])


def test_every_claim_that_an_event_names_is_in_the_ledger() -> None:
    store = report_on().store
    named = {name for event in store.argument("reform")["events"] for name in event["claims"]}
    assert named <= set(store.claims["claim"])


def test_every_cause_and_every_link_rests_on_tests_that_exist() -> None:
    store = report_on().store
    tests = read_tests(store)
    causes = store.argument("reform")["root_causes"]
    assert causes_against_plan(causes, tests).data.count("<article") == len(causes)
    drawn = store.argument("causal_map")
    html = links_of_map(drawn["nodes"], drawn["links"], tests).data
    assert html.count("<li>") == len(drawn["links"])
    with pytest.raises(ReportError, match="Did you mean plans-on-time"):
        link_to_test("plan-on-time", tests)


def test_signs_that_cannot_be_told_are_not_counted_and_englands_are_named() -> None:
    argument = report_on().store.argument("reform")
    small = answer_on_reform(report_on("City of London"), argument).data
    assert "No sign of progress can be followed in the City of London." in small
    signs = [
        indicator(report_on("Kent"), one)
        for record in argument["recommendations"]
        for one in record.get("indicators", ())
    ]
    own = [one for one in signs if not one.of_england and one.progress != UNTOLD]
    assert 0 < len(own) < len(signs)
    kent = answer_on_reform(report_on("Kent"), argument).data
    assert f"Of {counted(len(own), 'sign')} of progress that can be followed in Kent" in kent
    assert not re.search(r"\bno ha(?:s|ve)\b|\band no the\b", kent)
    [spread] = [one for one in signs if one.of_england]
    assert spread.progress == next(
        one.progress
        for record in argument["recommendations"]
        for one in (indicator(report_on("City of London"), one) for one in record["indicators"])
        if one.of_england
    )
    html = recommendations(report_on("Kent"), argument["recommendations"]).data
    assert "</a>, England: " in html


def test_costs_of_special_places_are_the_departments_of_two_years() -> None:
    figure = costs_of_places(report_on())
    # Written answers of the Department: £52,000 and £20,000 in 2018-19, £63,000 and £26,000 in
    # 2023-24, the last year that has both.
    assert figure.table.to_numpy().tolist() == [
        ["2018-19", 52_000, 20_000],
        ["2023-24", 63_000, 26_000],
    ]
    assert "2.6 times" in figure.title and "2.4 times in 2023-24" in figure.title
