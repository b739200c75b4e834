"""Open a sheet of a published workbook (ODS or XLSX) as text, without guessing at its header."""

import io
from typing import Literal

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.sources.reading import DAMAGED, SourceFolder

ENGINES: dict[str, Literal["odf", "openpyxl"]] = {".ods": "odf", ".xlsx": "openpyxl"}


def read_sheet(folder: SourceFolder, path: str, sheet: str) -> pd.DataFrame:
    """Read one sheet of a workbook, every cell as text and an empty cell as an empty string.

    Returns
    -------
    DataFrame whose rows are labelled as a spreadsheet numbers them ("row 1"), so that an error
    points at the cell, and whose columns are numbered from 0.

    Raises
    ------
    ReportError
        If the workbook is missing, cannot be read to its end, or lacks the sheet.
    """
    content = io.BytesIO(folder.read_bytes(path))
    try:
        with pd.ExcelFile(content, engine=ENGINES[path[path.rindex(".") :]]) as workbook:
            names = [str(name) for name in workbook.sheet_names]
            if sheet not in names:
                raise ReportError(
                    f"the workbook has no sheet {sheet!r}",
                    where=path,
                    fix=did_you_mean(sheet, names) or "Download the workbook again.",
                )
            cells = pd.read_excel(workbook, sheet_name=sheet, header=None, dtype=str)
    except (*DAMAGED, KeyError, ValueError) as error:
        raise ReportError(
            f"the workbook is damaged or cut short ({error})",
            where=path,
            fix="Download it again.",
        ) from error
    return cells.fillna("").set_axis([f"row {number}" for number in range(1, len(cells) + 1)])


def check_header(cells: pd.DataFrame, row: int, expected: dict[int, str], *, where: str) -> None:
    """Refuse a sheet in which a column is not headed as its layout says.

    Parameters
    ----------
    row
        The row of the sheet, from 1, that holds the headings.
    expected
        Heading by column number from 0; runs of white space count as one space.

    Raises
    ------
    ReportError
        Names the first column that is wrong, by its number from 1.
    """
    found = cells.iloc[row - 1].str.split().str.join(" ")
    for column, heading in expected.items():
        if found.get(column, "") != heading:
            raise ReportError(
                f"column {column + 1} is headed {found.get(column, '')!r}, not {heading!r}",
                where=f"{where}, row {row}",
                fix="If the publisher changed the sheet, add the new layout.",
            )
