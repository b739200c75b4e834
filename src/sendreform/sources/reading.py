"""Open official files as they were published, and refuse what is not as expected.

Every reader here returns text: numbers become numbers in one place only,
:func:`sendreform.observations.value_and_status`, so that a symbol is never lost on the way.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sendreform.errors import ReportError, did_you_mean

#: What Python raises for an archive that is cut short, corrupted, encrypted or packed unusually.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError
)  # fmt: skip


@dataclass(frozen=True)
class SourceFolder:
    """The folder that holds the official files, laid out as the catalogue's ``path`` says."""

    root: Path

    def file(self, path: str) -> Path:
        """Return the full path of an official file.

        Raises
        ------
        ReportError
            If the file is not there.
        """
        found = self.root / path
        if not found.is_file():
            siblings = (
                [item.name for item in found.parent.glob("*")] if found.parent.is_dir() else []
            )
            raise ReportError(
                "the file is missing",
                where=path,
                fix=did_you_mean(found.name, siblings) or f"Put it in {self.root}.",
            )
        return found

    def read_bytes(self, path: str, member: str = "") -> bytes:
        """Return a file's content, or that of one member of a zip archive.

        Raises
        ------
        ReportError
            If the file or member is missing, or the archive cannot be read to its end.
        """
        found = self.file(path)
        if not member:
            return found.read_bytes()
        try:
            with zipfile.ZipFile(found) as archive:
                names = archive.namelist()
                if member not in names:
                    raise ReportError(
                        f"the archive has no file {member!r}",
                        where=path,
                        fix=did_you_mean(member, names) or "Download the archive again.",
                    )
                return archive.read(member)
        except DAMAGED as error:
            raise ReportError(
                f"the archive is damaged or cut short ({error})",
                where=path,
                fix="Download it again.",
            ) from error


def read_csv(
    folder: SourceFolder,
    path: str,
    expected: Iterable[str],
    *,
    member: str = "",
    optional: Iterable[str] = (),
    renamed: Mapping[str, str] | None = None,
    skip_rows: int = 0,
    encoding: str = "utf-8-sig",
) -> pd.DataFrame:
    """Read a published CSV as text, with exactly the columns that its layout names.

    Parameters
    ----------
    expected
        Every column the layout must have, in our spelling.
    optional
        Columns that some releases have.
    renamed
        Published name to the name in ``expected``, for columns that a release spells otherwise.
    skip_rows
        Lines above the header.

    Returns
    -------
    DataFrame of text, ``expected`` then those of ``optional`` that are there; an empty cell is
    an empty string. The index is the row's place under the header, from 0.

    Raises
    ------
    ReportError
        On a missing, unknown or repeated column, a row with too few or too many cells, or bytes
        that are not text in this encoding.
    """
    where = f"{path}/{member}" if member else path
    content = folder.read_bytes(path, member)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReportError(
            f"byte {error.start} is not {encoding} text",
            where=where,
            fix="Save the file as UTF-8, or download it again.",
        ) from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))[skip_rows:]
    except csv.Error as error:
        raise ReportError(
            f"the table cannot be read ({error})",
            where=where,
            fix="Look for a quotation mark that is not closed.",
        ) from error
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows:
        raise ReportError("the file is empty", where=where, fix="Download it again.")
    header = [(renamed or {}).get(name.strip(), name.strip()) for name in rows[0]]
    check_columns(header, expected, optional=optional, where=where)
    for place, row in enumerate(rows[1:], start=skip_rows + 2):
        if len(row) != len(header):
            raise ReportError(
                f"the row has {len(row)} cells where the header has {len(header)}",
                where=f"{where}, row {place}",
                fix="The file may be cut short: download it again.",
            )
    present = [name for name in (*expected, *optional) if name in header]
    return pd.DataFrame(rows[1:], columns=header, dtype="str")[present]


def check_columns(
    header: Iterable[str],
    expected: Iterable[str],
    *,
    where: str,
    optional: Iterable[str] = (),
) -> None:
    """Refuse a header with a column missing, unknown or given twice.

    Raises
    ------
    ReportError
        Names the first column that is wrong, and the nearest known name.
    """
    names, wanted, allowed = list(header), list(expected), [*expected, *optional]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise ReportError(f"column {repeated[0]!r} is there twice", where=where, fix="Remove one.")
    missing = [name for name in wanted if name not in names]
    unknown = [name for name in names if name not in allowed]
    if missing:
        raise ReportError(
            f"column {missing[0]!r} is missing"
            + (f" (unknown: {unknown[0]!r})" if unknown else ""),
            where=where,
            fix="If the publisher renamed it, add the new name to this release's layout.",
        )
    if unknown:
        raise ReportError(
            f"unknown column {unknown[0]!r}",
            where=where,
            fix=did_you_mean(unknown[0], allowed) or "Add it to this release's layout.",
        )
