"""The Dedicated Schools Grant: what each council is allocated, and what it has carried forward.

The grant pays for schools, high needs, early years and central services. Its high needs block is
the money for children and young people with SEND who need more than a school's own budget gives.
Three publications are read:

* the allocations, from the sheets "local authority summary" of the Education and Skills Funding
  Agency's workbooks, 2019-20 to 2023-24 (in £ million for 2019-20, in pounds after);
* the balance at the end of 2019-20 to 2021-22 as a share of the year's grant, and
* the balance in pounds at 31 March 2024, both from line 1.9.3 of section 251 outturn.

A balance is positive where it is a deficit, as in the Department's line 1.9.3 and in councils'
own papers. Allocations of one year are not a deficit's other half: councils may move money
between blocks, and the balance is that of the whole grant.
"""

import re
from typing import NamedTuple

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources import council_codes
from sendreform.sources.reading import SourceFolder, check_columns, read_csv
from sendreform.sources.workbooks import check_header, read_sheet

ALLOCATIONS = "finance/dedicated-schools-grant.ods"
SHARES = "finance/dsg_deficit_derived.xlsx"
BALANCES = "finance/dsg_balance_202324_by_la.csv"

#: Groups of councils that the summary totals beside the nine regions.
TYPE_TOTALS = {"METROPOLITAN AUTHORITIES", "UNITARY AUTHORITIES", "UPPER TIER AUTHORITIES"}

_POUNDS = {
    2: "Schools block (£s)",
    3: "Central school services block (£s)",
    4: "High needs block (£s)",
    5: "Early years block (£s)",
    6: "Total DSG allocation (£s)",
    9: "High needs block allocation (£s)",
}
_MILLIONS = {
    2: "2019-20 schools block (£ million)",
    3: "2019-20 central school services block allocation (£ million)",
    4: "2019-20 high needs block allocation (£ million)",
    5: "2019-20 early years block (£ million)",
    6: "2019-20 total DSG allocation (£ million)",
    9: "2019-20 high needs block allocation (£ million)",
}
#: Which column of the summary, from 0, gives which measure.
MEASURES = {4: "high_needs_block", 9: "high_needs_block_after_deductions", 6: "dsg_allocation"}


class Summary(NamedTuple):
    """A sheet of the allocations workbook: its name, headings and pounds per unit."""

    sheet: str
    headings: dict[int, str]
    pounds: int


SUMMARIES = {
    "2019-20": Summary("Allocations_1920", _MILLIONS, 1_000_000),
    "2020-21": Summary("Allocations_2021", _POUNDS, 1),
    "2021-22": Summary("Allocations_2122", _POUNDS, 1),
    "2022-23": Summary("Allocations_2223", _POUNDS, 1),
    "2023-24": Summary("Allocations_2324", _POUNDS, 1),
}


def summary_of(sheet: str) -> tuple[str, Summary] | None:
    """Return the financial year and layout of a sheet by its name; a new one is in pounds.

    Examples
    --------
    >>> summary_of("Allocations_2425")[0], summary_of("Contents")
    ('2024-25', None)
    """
    found = re.fullmatch(r"Allocations_(\d\d)(\d\d)", sheet)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    year = f"20{found[1]}-{found[2]}"
    return year, SUMMARIES.get(year, Summary(sheet, _POUNDS, 1))


SHARE_COLUMNS = [
    "time_period", "geographic_level", "region_name", "la_name", "deficit",
    "DSG cumulative balance as a % of the total income", "financial_year",
]  # fmt: skip
BALANCE_COLUMN = "s251_1_9_3_dsg_carried_forward_gbp_positive_is_deficit"


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read the allocations and balances of the Dedicated Schools Grant.

    Returns
    -------
    Observations of ``high_needs_block``, ``high_needs_block_after_deductions`` and
    ``dsg_allocation`` (pounds, financial year; England, regions, councils),
    ``dsg_balance_share`` (per cent of the year's grant, financial year; the same areas) and
    ``dsg_balance`` (pounds, date; councils).

    Raises
    ------
    ReportError
        If a sheet is not laid out as expected, an area is unknown, or the blocks or the
        councils do not add to the published totals.
    """
    return tidy(
        pd.concat(
            [
                *(allocations(folder, period, layout) for period, layout in SUMMARIES.items()),
                _balance_shares(folder),
                balances(folder),
            ]
        )
    )


def allocations(folder: SourceFolder, period: str, layout: Summary) -> pd.DataFrame:
    """Return the allocations of a financial year from a sheet of the workbook."""
    where = f"{ALLOCATIONS}/{layout.sheet}"
    cells = read_sheet(folder, ALLOCATIONS, layout.sheet)
    check_header(cells, 2, layout.headings, where=where)
    label = cells[0].str.strip().iloc[4:]
    label = label[(label != "") & ~label.isin(TYPE_TOTALS)]
    is_council = label.str.fullmatch(r"\d{3}")
    council_codes.check_three_digit(folder, label[is_council], where=where)
    # London is there twice, as a type of council and as a region, with the same figures.
    wider = council_codes.region_from_name(label[~is_council], where=where).drop_duplicates()
    areas = pd.concat([label[is_council], wider])
    pounds = pd.DataFrame(
        {
            column: value_and_status(cells.loc[areas.index, column], where=where)["value"]
            * layout.pounds
            for column in layout.headings
        }
    ).assign(area=areas)
    _check_totals(pounds, period, where)
    return (
        pounds.melt("area", list(MEASURES), var_name="column", value_name="value")
        .assign(
            measure=lambda rows: rows["column"].map(MEASURES),
            value=lambda rows: rows["value"].round(),
            period=period,
            breakdown="all",
            status="",
            source="dsg_allocations",
        )
        .drop(columns="column")
    )


def _check_totals(pounds: pd.DataFrame, period: str, where: str) -> None:
    empty = pounds.isna().any(axis=1)
    if empty.any():
        raise ReportError(
            f"area {pounds.loc[empty, 'area'].iloc[0]} has a cell without a figure",
            where=f"{where}, {empty[empty].index[0]}",
            fix="Every area has an allocation: download the workbook again.",
        )
    blocks = pounds[[2, 3, 4, 5]].sum(axis=1)
    wrong = (blocks - pounds[6]).abs() > 5
    if wrong.any():
        raise ReportError(
            f"the four blocks of area {pounds.loc[wrong, 'area'].iloc[0]} in {period} do not add "
            "to its total allocation",
            where=where,
            fix="Download the workbook again.",
        )
    councils = pounds.loc[pounds["area"].str.fullmatch(r"\d{3}"), 4].sum()
    england = pounds.loc[pounds["area"] == ENGLAND, 4].sum()
    if abs(councils - england) > 5:
        raise ReportError(
            f"the high needs blocks of councils in {period} add to {councils:,.0f} pounds, not "
            f"to England's {england:,.0f}",
            where=where,
            fix="A council may be missing: download the workbook again.",
        )


def _balance_shares(folder: SourceFolder) -> pd.DataFrame:
    cells = read_sheet(folder, SHARES, "Sheet 1")
    check_columns(cells.iloc[0], SHARE_COLUMNS, where=SHARES)
    shares = cells.iloc[1:].set_axis(cells.iloc[0].tolist(), axis=1)
    is_council = shares["geographic_level"] == "Local authority"
    councils = shares[is_council]
    areas = pd.concat(
        [
            council_codes.three_digit_from_name(
                folder, councils["la_name"], councils["time_period"].str[:4], where=SHARES
            ),
            council_codes.region_from_name(shares.loc[~is_council, "region_name"], where=SHARES),
        ]
    )
    return (
        value_and_status(shares["deficit"], where=f"{SHARES}, column deficit")
        .assign(area=areas, period=shares["financial_year"])
        .assign(measure="dsg_balance_share", breakdown="all", source="dsg_balance_shares")
    )


def balances(folder: SourceFolder) -> pd.DataFrame:
    """Return councils' balances in pounds, of every date in their table."""
    published = read_csv(
        folder, BALANCES, ["la_code", "la_name", BALANCE_COLUMN, "financial_year_end"]
    )
    return value_and_status(
        published[BALANCE_COLUMN], where=f"{BALANCES}, column {BALANCE_COLUMN}"
    ).assign(
        area=council_codes.three_digit_from_gss(folder, published["la_code"], where=BALANCES),
        period=published["financial_year_end"],
        measure="dsg_balance",
        breakdown="all",
        source="dsg_balances_2024",
    )
