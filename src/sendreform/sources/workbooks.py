"""Open a sheet of a published workbook (ODS or XLSX) as text, without guessing at its header."""

import io
import zipfile
from typing import Literal

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.sources.reading import SourceFolder, check_unpacked, in_a_line

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
        _check_make(content, path)
        with pd.ExcelFile(content, engine=ENGINES[path[path.rindex(".") :]]) as workbook:
            names = [str(name) for name in workbook.sheet_names]
            if sheet not in names:
                raise ReportError(
                    f"the workbook has no sheet {sheet!r}",
                    where=path,
                    fix=did_you_mean(sheet, names) or "Download the workbook again.",
                )
            cells = pd.read_excel(workbook, sheet_name=sheet, header=None, dtype=str)
    except ReportError:
        raise
    except Exception as error:  # whatever two libraries make of broken XML
        raise ReportError(
            f"the workbook is damaged or cut short ({in_a_line(error)})",
            where=path,
            fix="Download it again.",
        ) from error
    return cells.fillna("").set_axis([f"row {number}" for number in range(1, len(cells) + 1)])


def _check_make(content: io.BytesIO, path: str) -> None:
    """Refuse a workbook that unpacks to far too much, or declares entities for its XML."""
    with zipfile.ZipFile(content) as archive:
        check_unpacked(archive, path)
        for name in archive.namelist():
            with archive.open(name) as member:
                head = member.read(4096)
            if name.endswith(".xml") and b"<!DOCTYPE" in head:
                raise ReportError(
                    f"{name} declares a document type, which no workbook needs",
                    where=path,
                    fix="Look at what the file is, and download it again.",
                )


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
