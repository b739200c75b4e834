"""The tests of every place in a batch: the same as alone, and nothing that is kept can change."""

import pytest

from sendreform.claims.by_place import outcomes_of
from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import Outcome, outcomes
from sendreform.report import Report, open_report

KENT = "886"

pytestmark = pytest.mark.usefixtures("in_the_project")


def report_on(area: str) -> Report:
    return open_report(area, 2015, 2026, "2024-25")


def told(made: tuple[Outcome, ...]) -> list[str]:
    # As text, since a missing figure is not equal to itself.
    return [f"{outcome.test.id} {outcome.verdict} {outcome.result}" for outcome in made]


def test_a_place_has_the_same_outcomes_with_england_beside_it_or_not() -> None:
    report = report_on("Kent")
    made = outcomes_of(report)
    assert set(made) == {"essential", "unavoidable", "systemic"}
    assert all(outcome.england is None for tests in made.values() for outcome in tests)
    beside = outcomes(report, "systemic", RESULTS)
    assert told(made["systemic"]) == told(beside)
    assert all(outcome.england for outcome in beside)


def test_englands_tests_that_are_at_hand_are_not_made_again() -> None:
    england = outcomes(report_on("England"), "unavoidable", RESULTS)
    kent = outcomes(report_on("Kent"), "unavoidable", RESULTS, england)
    assert [outcome.england for outcome in kent] == list(england)


@pytest.mark.parametrize(
    "read",
    [
        lambda report: report.store.observations("ehc_plans"),
        lambda report: report.store.observations("ehc_plans", KENT),
        lambda report: report.everywhere("ehc_plans"),
        lambda report: report.within_years("ehc_plans"),
        lambda report: report.areas.councils(),
    ],
)
def test_who_changes_a_table_changes_nothing_that_is_kept(read: object) -> None:
    assert callable(read)
    given = read(report_on("Kent"))
    before = given.copy()
    given[given.columns[0]] = "changed"
    given.loc[given.index[0], given.columns[1]] = "changed"
    assert read(report_on("Kent")).equals(before)
