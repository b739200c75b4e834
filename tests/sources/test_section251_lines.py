"""The Department's own file of section 251, made by hand as its columns are known."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import section251_lines
from sendreform.sources.reading import SourceFolder
from sources.finance_files import write_councils, write_csv

#: Year, level, council, line, gross, income and net.
Row = list[str]
LINES: list[Row] = [
    [year, level, code, line, gross, income, net]
    for year in ("202324", "202425")
    for level, code, line, gross, income, net in (
        ("Local authority", "202", "1.2.1 Top-up funding – maintained schools", "70", "10", "60"),
        ("Local authority", "202", "1.2.13 Therapies", "40", "0", "40"),
        ("Local authority", "202", "2.1.4 SEN transport expenditure", "9", "2", "7"),
        ("Local authority", "202", "1.0.2 High needs place funding", "500", "0", "500"),
        ("Local authority", "886", "1.2.1 Top-up funding – maintained schools", "30", "-5", "25"),
        ("Local authority", "886", "1.2.13 Therapies", "z", "z", "z"),
        ("Local authority", "886", "2.1.4 SEN transport expenditure", "21", "0", "21"),
        ("National", "", "1.2.1 Top-up funding – maintained schools", "100", "15", "85"),
        ("National", "", "2.1.4 SEN transport expenditure", "30", "2", "28"),
    )
]


def write(root: Path, rows: list[Row]) -> SourceFolder:
    write_councils(root)
    filled = [
        dict.fromkeys(section251_lines.COLUMNS, "z")
        | {
            "time_period": year, "geographic_level": level, "old_la_code": code,
            "la_name": code and f"Council {code}", "category_of_expenditure": line,
            "gross_expenditure": gross, "income": income, "net_expenditure": net,
        }
        for year, level, code, line, gross, income, net in rows
    ]  # fmt: skip
    cells = [list(row.values()) for row in filled]
    write_csv(root, section251_lines.PATH, section251_lines.COLUMNS, cells)
    return SourceFolder(root)


def read(root: Path, rows: list[Row]) -> pd.Series:
    figures = section251_lines.observations(write(root, rows))
    return figures.set_index(["measure", "area", "period"])["value"]


def test_lines_add_to_measures_by_hand(tmp_path: Path) -> None:
    """High needs are net: 60 + 40 and 25; transport is gross; place funding is no part of it."""
    found = read(tmp_path, LINES)
    high_needs = found["high_needs_spending_outturn"]
    assert high_needs[("202", "2023-24")] == 100
    assert high_needs[("886", "2023-24")] == 25
    assert high_needs[(ENGLAND, "2024-25")] == 125
    transport = found["send_transport_pre16"]
    assert transport[("202", "2024-25")] == 9
    assert transport[("E12000008", "2024-25")] == 21
    assert transport[(ENGLAND, "2024-25")] == 30


def test_a_council_without_a_return_has_no_row_and_its_region_no_sum(tmp_path: Path) -> None:
    rows = [
        [*row[:4], "0", "0", "0"] if row[2] == "886" and row[0] == "202425" else row
        for row in LINES
        if row[1] != "National"
    ]
    high_needs = read(tmp_path, rows)["high_needs_spending_outturn"]
    assert ("886", "2024-25") not in high_needs
    assert ("E12000008", "2024-25") not in high_needs
    assert high_needs[(ENGLAND, "2024-25")] == 100
    assert high_needs[("E12000008", "2023-24")] == 25


def test_a_symbol_in_one_line_leaves_the_sum_unknown(tmp_path: Path) -> None:
    rows = [
        [*row[:4], "x", "x", "x"] if row[2:4] == ["202", "1.2.13 Therapies"] else row
        for row in LINES
    ]
    figures = section251_lines.observations(write(tmp_path, rows))
    camden = figures[figures["area"] == "202"].set_index(["measure", "period"])
    cell = camden.loc[("high_needs_spending_outturn", "2024-25")]
    assert pd.isna(cell["value"]) and cell["status"] == "x"


def cell(place: int, column: int, value: str) -> Callable[[list[Row]], list[Row]]:
    def change(rows: list[Row]) -> list[Row]:
        return [
            [*row[:column], value, *row[column + 1 :]] if number == place else row
            for number, row in enumerate(rows)
        ]

    return change


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cell(0, 6, "600"), "line 1.2.1 of Council 202 in 2023-24: gross less income is not net"),
        (cell(0, 0, "202325"), "'202325' is not a financial year such as 202425"),
        (cell(0, 0, "2023-24"), "'2023-24' is not a financial year such as 202425"),
        (cell(0, 4, "7O"), "'7O' is neither a number nor a known symbol"),
        (cell(0, 2, "999"), "999"),
        (lambda rows: [*rows, rows[0]], "line 1.2.1 of Council 202 is there twice in 2023-24"),
        (
            lambda rows: [row for row in rows if row[3][0] != "2" or row[0] != "202425"],
            "no line of send_transport_pre16 is there in 2024-25",
        ),
        (
            lambda rows: [
                [*row[:4], "5000", "15", "4985"] if row[1] == "National" else row for row in rows
            ],
            "line 1.2.1 in 2023-24: the councils add to 85, England's own is 4,985",
        ),
    ],
)
def test_what_is_wrong_is_one_clear_line(
    tmp_path: Path, spoil: Callable[[list[Row]], list[Row]], says: str
) -> None:
    with pytest.raises(ReportError, match="") as raised:
        section251_lines.observations(write(tmp_path, spoil(LINES)))
    assert says in str(raised.value)
