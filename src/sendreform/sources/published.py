"""A published table as it came: what a file or a member of an archive holds, whatever its name."""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sendreform.errors import ReportError
from sendreform.sources.reading import (
    DAMAGED,
    SourceFolder,
    check_lines,
    check_unpacked,
    damaged_archive,
)

#: How a parquet file begins, and members that only a workbook has (ODS, XLSX).
PARQUET = b"PAR1"
#: A table that the report reads has more columns than this.
FEW_COLUMNS = 3
#: How text in UTF-16 begins.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
WORKBOOK_MEMBERS = {"content.xml", "xl/workbook.xml"}


@dataclass(frozen=True)
class Placed(SourceFolder):
    """A folder in which some files, or members of archives, stand in the place of others.

    Attributes
    ----------
    at
        By path: the path and member to read in its place.
    files
        By path: a file outside of the folder.
    """

    at: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)

    def file(self, path: str) -> Path:
        return self.files[path] if path in self.files else super().file(path)

    def read_bytes(self, path: str, member: str = "") -> bytes:
        return super().read_bytes(*self.at.get(path, (path, member)))


def standing_for(table: "Published", path: str) -> Placed:
    """Return a table's folder with the table itself in the place of the file at a path."""
    files = table.folder.files if isinstance(table.folder, Placed) else {}
    return Placed(table.folder.root, {path: (table.path, table.member)}, files)


@dataclass(frozen=True)
class Published:
    """One table: a file of a folder, or a member of an archive there."""

    folder: SourceFolder
    path: str
    member: str = ""

    @property
    def where(self) -> str:
        """The table, as errors name it."""
        return f"{self.path}/{self.member}" if self.member else self.path

    @cached_property
    def content(self) -> bytes:
        """Its bytes."""
        return self.folder.read_bytes(self.path, self.member)

    @cached_property
    def lines(self) -> list[list[str]]:
        """Its cells, line by line, where it is a CSV; empty where it is none."""
        check_lines(self.content, self.where)
        try:
            text = self.content.decode("utf-8-sig")
            return list(csv.reader(io.StringIO(text, newline="")))
        except (UnicodeDecodeError, csv.Error):
            return []

    @cached_property
    def header(self) -> list[str]:
        """The first line of a CSV, trimmed; the columns of a parquet file."""
        if self.content.startswith(PARQUET):
            try:
                return list(pq.read_schema(io.BytesIO(self.content)).names)
            except (OSError, pa.ArrowException):
                return []
        return [name.strip() for name in self.lines[0]] if self.lines else []

    def column(self, name: str) -> list[str]:
        """Return the cells of a column of a CSV, as far as there are any."""
        if name not in self.header:
            return []
        place = self.header.index(name)
        return [line[place] for line in self.lines[1:] if len(line) > place]

    @cached_property
    def unlike(self) -> str:
        """Why it cannot be taken for a table as publishers make them, in words; empty if it can."""
        if self.content.startswith(UTF_16):
            return "it is UTF-16 text, where UTF-8 is expected"
        is_binary = b"\0" in self.content[:1000] or self.content.startswith((PARQUET, b"PK"))
        if is_binary or self.document is not None:
            return ""
        try:
            text = self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return f"byte {error.start} is not UTF-8 text"
        first = text.partition("\n")[0]
        for mark, name in ((";", "semicolons"), ("\t", "tabs")):
            if first.count(mark) > max(first.count(","), FEW_COLUMNS):
                return f"its cells are parted by {name}, where commas are expected"
        try:
            for _line in csv.reader(io.StringIO(text, newline="")):
                pass
        except csv.Error as error:
            return f"it cannot be read ({error})"
        return ""

    @cached_property
    def document(self) -> Any:
        """What it holds where it is JSON, else nothing."""
        if not self.content[:50].lstrip().startswith((b"{", b"[")):
            return None
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            return None


def tables_in(folder: SourceFolder, path: str) -> Iterator[Published]:
    """Give what may be a table in a file: itself, or every member where it is an archive.

    Raises
    ------
    ReportError
        If the file is empty, or an archive that cannot be read.
    """
    content = folder.read_bytes(path)
    if not content:
        raise ReportError("the file is empty", where=path, fix="Download it again.")
    if not content.startswith(b"PK"):
        yield Published(folder, path)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_unpacked(archive, path)
            names = archive.namelist()
    except DAMAGED as error:
        raise damaged_archive(path, error) from error
    if WORKBOOK_MEMBERS & set(names):
        yield Published(folder, path)
        return
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated:
        raise ReportError(
            f"the archive has {repeated[0]!r} twice", where=path, fix="Download it again."
        )
    yield from (Published(folder, path, name) for name in sorted(names) if name[-1] != "/")
