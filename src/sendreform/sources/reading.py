"""Open official files as they were published, and refuse what is not as expected.

Every reader here returns text: numbers become numbers in one place only,
:func:`sendreform.observations.value_and_status`, so that a symbol is never lost on the way.
"""

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sendreform.errors import ReportError, did_you_mean

#: What Python raises for an archive that is cut short, corrupted, encrypted or packed unusually.
DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError
)  # fmt: skip

#: What a file, or all that an archive unpacks to, may hold: several times the largest official one.
MOST_BYTES = 200_000_000
#: As many members an archive may have, and as many lines a table; the largest official ones have
#: 15 and 68,625.
MOST_MEMBERS, MOST_LINES = 500, 2_000_000


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
            If the file or member is missing, the archive cannot be read to its end, or either is
            far larger than any official file.
        """
        found = self.file(path)
        _check_size(found.stat().st_size, path)
        if not member:
            return found.read_bytes()
        try:
            with zipfile.ZipFile(found) as archive:
                check_unpacked(archive, path)
                names = archive.namelist()
                if member not in names:
                    raise ReportError(
                        f"the archive has no file {member!r}",
                        where=path,
                        fix=did_you_mean(member, names) or "Download the archive again.",
                    )
                return archive.read(member)
        except DAMAGED as error:
            raise damaged_archive(path, error) from error


def check_unpacked(archive: zipfile.ZipFile, path: str) -> None:
    """Refuse an archive with far more in it than any official one, or that leads out of its folder.

    No more than the size that the archive itself declares is ever unpacked of a member. Members
    are read by name and never written, so a name that leads out of a folder would lead nowhere
    here; but no official archive has one, and whoever unpacks it by hand may be less careful.

    Raises
    ------
    ReportError
        Says what it would unpack to, or which member leads where.
    """
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise ReportError(
            f"the archive has {len(members):,} members, more than the {MOST_MEMBERS} that any "
            "official one may",
            where=path,
            fix="Download it again, and look at what it is.",
        )
    for member in members:
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or parts[0].endswith(":"):
            raise ReportError(
                f"the member {member.filename!r} of the archive leads out of its folder",
                where=path,
                fix="No official archive has one: download it again, and look at where it is from.",
            )
    _check_size(sum(member.file_size for member in archive.infolist()), path)


def damaged_archive(path: str, error: BaseException) -> ReportError:
    """Return the error for an archive that cannot be read to its end."""
    if "encrypted" in str(error):
        return ReportError(
            "the archive is encrypted",
            where=path,
            fix="No official one is: unpack it, and pack it again without a password.",
        )
    return ReportError(
        f"the archive is damaged or cut short ({in_a_line(error)})",
        where=path,
        fix="Download it again.",
    )


def _check_size(size: int, path: str) -> None:
    if size > MOST_BYTES:
        raise ReportError(
            f"the file holds {size / 1e6:,.0f} MB, more than the {MOST_BYTES / 1e6:,.0f} MB that "
            "any official file may",
            where=path,
            fix="Download it again, and look at what it is.",
        )


def in_a_line(error: BaseException) -> str:
    """Return what a library says of an error, in one line of moderate length."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def read_text(
    folder: SourceFolder, path: str, member: str = "", *, encoding: str = "utf-8-sig"
) -> str:
    """Return a file, or a member of an archive, as text.

    Raises
    ------
    ReportError
        Where it is missing, damaged, or not text in this encoding.
    """
    content = folder.read_bytes(path, member)
    check_lines(content, f"{path}/{member}" if member else path)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReportError(
            f"byte {error.start} is not {encoding} text",
            where=f"{path}/{member}" if member else path,
            fix="Save the file as UTF-8, or download it again.",
        ) from error


def check_lines(content: bytes, where: str) -> None:
    """Refuse a table of far more lines than any official one has.

    Raises
    ------
    ReportError
        Says how many there are.
    """
    lines = max(content.count(b"\n"), content.count(b"\r"))
    if lines > MOST_LINES:
        raise ReportError(
            f"the table has {lines:,} lines, more than the {MOST_LINES:,} that any official one "
            "may",
            where=where,
            fix="Download it again, and look at what it is.",
        )


def read_json(folder: SourceFolder, path: str) -> Any:
    """Return what a JSON file holds; numbers that JSON does not know are refused.

    Raises
    ------
    ReportError
        Where it is missing, or no JSON.
    """

    def refuse(number: str) -> None:
        raise ValueError(f"{number} is no number")

    try:
        return json.loads(read_text(folder, path), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise ReportError(
            f"the file is damaged or cut short ({in_a_line(error)})",
            where=path,
            fix="Download it again.",
        ) from error


def read_parquet(folder: SourceFolder, path: str, columns: Iterable[str]) -> pd.DataFrame:
    """Return a parquet file with exactly these columns.

    Raises
    ------
    ReportError
        Where it is missing, damaged, far too large, or has other columns.
    """
    content = io.BytesIO(folder.read_bytes(path))
    try:
        held = pq.ParquetFile(content).metadata
        groups = [held.row_group(number) for number in range(held.num_row_groups)]
        _check_size(sum(group.total_byte_size for group in groups), path)
        table = pd.read_parquet(content)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ReportError(
            f"the file is damaged or cut short ({in_a_line(error)})",
            where=path,
            fix="Download it again.",
        ) from error
    check_columns(table.columns, columns, where=path)
    return table


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
        On a missing, unknown or repeated column, a row with too few or too many cells, a last
        line that does not end, or bytes that are not text in this encoding.
    """
    where = f"{path}/{member}" if member else path
    text = read_text(folder, path, member, encoding=encoding)
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
    # A number that is cut short is a number all the same.
    if not text.endswith(("\n", "\r")):
        raise ReportError(
            "the last line does not end",
            where=where,
            fix="The file may be cut short: download it again, or end its last line.",
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
