"""Small hand-made finance files, as the publishers lay theirs out, for tests to spoil."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sendreform.sources import council_codes, quoted_figures

COUNCILS = [
    ("202", "E09000007", "Camden", "London", "E12000007", "2017"),
    ("835", "E10000009", "Dorset", "South West", "E12000009", "2017"),
    ("838", "E06000059", "Dorset", "South West", "E12000009", "2019"),
    ("886", "E10000016", "Kent", "South East", "E12000008", "2017"),
    ("925", "E10000019", "Lincolnshire", "East Midlands", "E12000004", "2017"),
    ("z", "E99999999", "Kent", "South East", "E12000008", "2025"),
]


def write_csv(root: Path, path: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows([header, *rows])
    return file


def write_councils(root: Path) -> None:
    write_csv(
        root,
        council_codes.REFERENCE,
        council_codes.REFERENCE_COLUMNS,
        [
            [code, gss, name, region, region_code, first, "2025", name, region, "UA", "", "True"]
            for code, gss, name, region, region_code, first in COUNCILS
        ],
    )


def write_figures(root: Path, rows: Sequence[tuple[str, str, str, str, str, str]]) -> Path:
    """Rows are measure, year, geography, value, unit and document."""
    return write_csv(
        root,
        quoted_figures.PATH,
        quoted_figures.COLUMNS,
        [[*row, "A publisher", "https://example.org", "2025", "table 1"] for row in rows],
    )


def write_workbook(root: Path, path: str, sheets: dict[str, list[list[object]]]) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with pd.ExcelWriter(file, engine="odf" if file.suffix == ".ods" else "openpyxl") as writer:
        for name, cells in sheets.items():
            pd.DataFrame(cells).to_excel(writer, sheet_name=name, header=False, index=False)
    return file


def write_json(root: Path, path: str, content: object) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
