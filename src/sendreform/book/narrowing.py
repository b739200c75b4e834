"""Which figures and which report a page tells of, where several pages narrow them alike."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome, for_england
from sendreform.evidence.joined_up import FIRST_FULL_YEAR
from sendreform.observations import ENGLAND
from sendreform.report import Report


def of_england(report: Report) -> Report:
    """Return the same report about England, for what is known of the whole country alone."""
    return replace(report, area=ENGLAND)


def found_for_england(tests: Iterable[Outcome]) -> dict[str, Result]:
    """Return what the tests of a page find for England, by the name of the result."""
    return {outcome.test.result: outcome.result for outcome in for_england(tests)}


def in_full_years(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the years in which any new plan could have been late."""
    return figures.loc[figures["period"] >= FIRST_FULL_YEAR]
