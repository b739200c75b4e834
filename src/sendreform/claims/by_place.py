"""Every test of every finding, asked of a single place."""

from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import Outcome, outcomes, read_tests
from sendreform.report import Report


def outcomes_of(report: Report) -> dict[str, tuple[Outcome, ...]]:
    """Make the tests of every finding for the report's place: finding → its tests, in order.

    Nothing of England stands beside them, so that a batch of places does not work England out for
    each. After the first place of the same years, one takes a fraction of the time.
    """
    findings = dict.fromkeys(test.finding for test in read_tests(report.store))
    return {finding: outcomes(report, finding, RESULTS, england=()) for finding in findings}
