"""What Ofsted and the Care Quality Commission found when they inspected SEND in each area.

Two frameworks that do not compare: until 2022 an inspection could call for a written statement of
action, since 2023 it gives one of three outcomes. The first is Ofsted's own table; the second was
read from reports by Data to Insight, because Ofsted's table by area was not to hand, and is not
official statistics. Every figure is dated by its report, because some inspections have no start
date in the tables.

Framework: https://www.gov.uk/government/publications/area-send-framework-and-handbook
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import tidy, value_and_status
from sendreform.sources.council_codes import check_three_digit, three_digit_from_gss
from sendreform.sources.reading import SourceFolder, read_csv
from sendreform.sources.workbooks import check_header, read_sheet

FIRST_ROUND = "inspection/Area_SEND_inspection_data_01_May_2016_to_31_August_2022.ods"
FIRST_ROUND_SHEET = "Area_SEND_up_to_31_Aug_2022"
FIRST_ROUND_HEADER_ROW = 5
SINCE_2023 = "inspection/d2i_area_send_2023framework_20260629.csv"

#: The columns of the first round's sheet that are read: place from 0, and heading.
_CODE, _PUBLISHED, _REQUIRED = 1, 5, 6
_FIRST_ROUND_HEADER = {
    _CODE: "Local authority code",
    _PUBLISHED: "Inspection publication date",
    _REQUIRED: "Inspection outcome: written statement of action required?",
}
_SINCE_2023_COLUMNS = [
    "URN", "La Code", "Region Code", "LTLA23CD", "Local Authority", "Previous Inspection Date",
    "Inspection Start Date", "Inspection End Date", "Outcome Grade", "Inspection Outcome Text",
    "Publication Date", "Next Inspection", "Next Inspection By Date", "Inspection Link",
    "outcome_class",
]  # fmt: skip
#: Each outcome in words, as the table has it beside the grade.
_GRADES = {
    "typically positive": 1,
    "inconsistent": 2,
    "widespread/systemic failings": 3,
    "unclassified": None,
}


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read the outcome of each inspection.

    Returns
    -------
    Observations by council, dated by the report (``date``):
    ``area_send_written_statement_required`` (1 or 0) and ``area_send_inspection_grade`` (1 to 3).

    Raises
    ------
    ReportError
        When a file is not as expected, or a grade and its words disagree.
    """
    return tidy(pd.concat([_first_round(folder), _since_2023(folder)], ignore_index=True))


def _first_round(folder: SourceFolder) -> pd.DataFrame:
    sheet = read_sheet(folder, FIRST_ROUND, FIRST_ROUND_SHEET)
    check_header(sheet, FIRST_ROUND_HEADER_ROW, _FIRST_ROUND_HEADER, where=FIRST_ROUND)
    rows = sheet.iloc[FIRST_ROUND_HEADER_ROW:]
    required = rows[_REQUIRED].map({"Yes": 1.0, "No": 0.0})
    strange = rows.loc[required.isna(), _REQUIRED]
    if len(strange):
        raise ReportError(
            f"{strange.iloc[0]!r} is neither Yes nor No",
            where=f"{FIRST_ROUND}, column {_REQUIRED + 1}, {strange.index[0]}",
        )
    return pd.DataFrame(
        {
            "measure": "area_send_written_statement_required",
            "area": three_digit_from_gss(
                folder, rows[_CODE], where=f"{FIRST_ROUND}, column {_CODE + 1}"
            ),
            "period": _iso_dates(
                rows[_PUBLISHED],
                "%Y-%m-%d %H:%M:%S",
                where=f"{FIRST_ROUND}, column {_PUBLISHED + 1}",
            ),
            "breakdown": "all",
            "value": required,
            "status": "",
            "source": "area_send_inspections_2016_2022",
        }
    )


def _since_2023(folder: SourceFolder) -> pd.DataFrame:
    table = read_csv(folder, SINCE_2023, _SINCE_2023_COLUMNS)
    check_three_digit(folder, table["La Code"], where=f"{SINCE_2023}, column La Code")
    grades = value_and_status(table["Outcome Grade"], where=f"{SINCE_2023}, column Outcome Grade")
    in_words = table["outcome_class"].map(_GRADES).astype("float64")
    unlike = grades["value"].ne(in_words) & ~(grades["value"].isna() & in_words.isna())
    if unlike.any():
        row = table[unlike].iloc[0]
        raise ReportError(
            f"grade {row['Outcome Grade']!r} does not go with {row['outcome_class']!r}",
            where=f"{SINCE_2023}, row {table.index[unlike][0] + 2}",
            fix="Read the report, and correct the grade or the words.",
        )
    return table.assign(
        measure="area_send_inspection_grade",
        area=table["La Code"],
        period=_iso_dates(
            table["Publication Date"], "%d/%m/%y", where=f"{SINCE_2023}, column Publication Date"
        ),
        breakdown="all",
        source="area_send_inspections_2023_on",
    ).join(grades)


def _iso_dates(published: pd.Series, written: str, *, where: str) -> pd.Series:
    """Return dates as ``data/`` writes them, and refuse a cell that is no date."""
    dates = pd.to_datetime(published, format=written, errors="coerce")
    strange = published[dates.isna()]
    if len(strange):
        row = strange.index[0]
        place = row if isinstance(row, str) else f"row {row + 2}"
        raise ReportError(f"{strange.iloc[0]!r} is not a date", where=f"{where}, {place}")
    return dates.dt.strftime("%Y-%m-%d")
