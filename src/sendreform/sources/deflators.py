"""Prices: the GDP deflator, by financial and by calendar year, to put cash into real terms.

Divide an amount by the index of its own year and multiply by the index of the year in whose prices
it is wanted. By financial year the index is the Office for Budget Responsibility's, outturn to
2024-25 and its forecast of November 2025 after; by calendar year it is HM Treasury's, outturn
only. The two come from different vintages and are not mixed; nor is either the deflator that the
Department for Education used in January 2025, which puts 2010-11 at 70.2 where this one has 69.1.

https://www.gov.uk/government/collections/gdp-deflators-at-market-prices-and-money-gdp
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.periods import financial_year
from sendreform.sources.reading import SourceFolder, read_csv

FINANCIAL = "deflators/obr_efo_nov2025_gdp_deflator_fy_realcentre.csv"
CALENDAR = "deflators/hmt_gdp_deflator_dec2025_calendar_greenbook.csv"

#: The financial year, by the year in which it starts, that is 100.
BASE = 2024
#: By how much a published index may differ from the growth that it is said to chain.
TOLERANCE = 1e-9


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read the GDP deflators.

    Returns
    -------
    Observations of ``gdp_deflator`` (index, 2024-25 = 100, financial year) and
    ``gdp_deflator_calendar`` (index, 2024 = 100, calendar year). The deflator is that of the
    United Kingdom and stands under England, for which it is used.

    Raises
    ------
    ReportError
        If a file is not laid out as expected, the base year is missing, or the index is not the
        chain of its growth.
    """
    return tidy(pd.concat([_financial(folder), _calendar(folder)]))


def _financial(folder: SourceFolder) -> pd.DataFrame:
    columns = ["", "date", "gdp_deflator", "type", "deflator"]
    published = read_csv(folder, FINANCIAL, columns)
    start = value_and_status(published["date"], where=f"{FINANCIAL}, column date")["value"]
    growth = value_and_status(published["gdp_deflator"], where=f"{FINANCIAL}, column gdp_deflator")[
        "value"
    ]
    chained = value_and_status(published["deflator"], where=f"{FINANCIAL}, column deflator")
    if not (chained["value"] - growth.cumprod()).abs().max() < TOLERANCE:
        raise ReportError(
            "the index is not the chain of the growth beside it",
            where=f"{FINANCIAL}, column deflator",
            fix="A year may be missing or out of order: download the file again.",
        )
    base = chained.loc[start == BASE, "value"]
    if len(base) != 1:
        raise ReportError(
            f"no single row for {financial_year(BASE)}, the base year",
            where=f"{FINANCIAL}, column date",
            fix="Download the file again.",
        )
    return chained.assign(
        value=(chained["value"] / base.iloc[0] * 100).round(4),
        period=start.astype("int64").map(financial_year),
        measure="gdp_deflator",
        area=ENGLAND,
        breakdown="all",
        source="obr_gdp_deflator",
    )


def _calendar(folder: SourceFolder) -> pd.DataFrame:
    published = read_csv(folder, CALENDAR, ["year", "value"])
    return value_and_status(published["value"], where=f"{CALENDAR}, column value").assign(
        period=published["year"],
        measure="gdp_deflator_calendar",
        area=ENGLAND,
        breakdown="all",
        source="treasury_gdp_deflator",
    )
