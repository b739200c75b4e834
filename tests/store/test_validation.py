"""A broken row of data/ is named by file, row and column."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT
from sendreform.store import open_store
from sendreform.store.validation import validate

PLANS = "observations/caseload/ehc_plans.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of data/ that a test may spoil."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    lines = path.read_text("utf-8").split("\n")
    path.write_text("\n".join(change(lines)), "utf-8")


def set_cell(row: int, column: int, text: str) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        cells = lines[row - 1].split(",")
        cells[column] = text
        lines[row - 1] = ",".join(cells)
        return lines

    return change


def test_the_committed_data_is_valid() -> None:
    assert validate(open_store(ROOT / "data")) == []


@pytest.mark.parametrize(
    ("row", "column", "text", "said"),
    [
        (7, 0, "999", "row 7, column area"),
        (8, 1, "2025-02", "row 8, column period"),
        (9, 2, "placement:moon", "row 9, column breakdown"),
        (10, 3, "12x", "row 10, column value"),
        (11, 4, "?", "row 11, column status"),
        (12, 5, "nowhere", "row 12, column source"),
    ],
)
def test_a_broken_cell_is_named(data: Path, row: int, column: int, text: str, said: str) -> None:
    edit(data / PLANS, set_cell(row, column, text))
    problems = validate(open_store(data))
    assert len(problems) == 1
    assert problems[0].startswith(f"{PLANS}, {said}: {text!r}"), problems[0]


def test_a_row_given_twice_is_named(data: Path) -> None:
    edit(data / PLANS, lambda lines: [*lines[:5], lines[4], *lines[5:]])
    (problem,) = validate(open_store(data))
    assert problem.startswith(f"{PLANS}, row 5, column area, period, breakdown")


def test_a_missing_value_needs_a_reason(data: Path) -> None:
    edit(data / PLANS, set_cell(6, 3, ""))
    (problem,) = validate(open_store(data))
    assert problem.startswith(f"{PLANS}, row 6") and "status" in problem


def test_an_unknown_column_is_named(data: Path) -> None:
    edit(data / PLANS, lambda lines: [lines[0].replace("value", "number"), *lines[1:]])
    (problem,) = validate(open_store(data))
    assert problem.startswith(f"{PLANS}, row 1, column") and "number" in problem


def test_a_file_without_a_measure_is_named(data: Path) -> None:
    (data / "observations/caseload/stray.csv").write_text("area\n", "utf-8")
    (problem,) = validate(open_store(data))
    assert problem.startswith("observations/caseload/stray.csv")


def test_a_missing_file_is_named(data: Path) -> None:
    (data / PLANS).unlink()
    (problem,) = validate(open_store(data))
    assert problem.startswith(f"{PLANS}: the file is missing")


def test_a_row_with_a_cell_too_many_is_one_line_with_its_number(data: Path) -> None:
    edit(data / PLANS, set_cell(10, 3, "12,5"))
    (problem,) = validate(open_store(data))
    assert problem.startswith(f"{PLANS}: the table cannot be read") and "line 10" in problem
    assert "\n" not in problem
