"""Which figures and which report a page tells of, where several pages narrow them alike."""

from dataclasses import replace

import pandas as pd

from sendreform.evidence.joined_up import FIRST_FULL_YEAR
from sendreform.observations import ENGLAND
from sendreform.report import Report


def of_england(report: Report) -> Report:
    """Return the same report about England, for what is known of the whole country alone."""
    return replace(report, area=ENGLAND)


def in_full_years(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the years in which any new plan could have been late."""
    return figures.loc[figures["period"] >= FIRST_FULL_YEAR]
