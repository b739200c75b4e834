"""The Dedicated Schools Grant: published totals, the sign of a balance, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import dsg
from sendreform.sources.reading import SourceFolder
from sources.finance_files import replace, write_councils, write_csv, write_workbook


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return dsg.observations(source_folder)


def figure(observations: pd.DataFrame, measure: str, area: str, period: str) -> float:
    chosen = observations.set_index(["measure", "area", "period"])["value"]
    return float(chosen.loc[[(measure, area, period)]].item())


@pytest.mark.sources
@pytest.mark.parametrize(
    ("period", "before", "after"),
    # £ million. Before deductions: written answer 129210 to 2021-22, then the allocations.
    [
        ("2019-20", 6279, 5473.3),
        ("2020-21", 7063, 6214.9),
        ("2021-22", 7906, 6975.4),
        ("2022-23", 8988.3, 7985.9),
        ("2023-24", 9954.0, 8885.1),
    ],
)
def test_england_has_the_published_high_needs_block(
    observations: pd.DataFrame, period: str, before: float, after: float
) -> None:
    found = figure(observations, "high_needs_block", ENGLAND, period)
    assert found / 1e6 == pytest.approx(before, abs=0.5)
    net = figure(observations, "high_needs_block_after_deductions", ENGLAND, period)
    assert net / 1e6 == pytest.approx(after, abs=0.05)


@pytest.mark.sources
def test_yorkshire_has_what_the_department_answered(observations: pd.DataFrame) -> None:
    # Written answers 277813 (2019-20) and 27678 (2020-21, an earlier allocation), £ million.
    block = {
        period: figure(observations, "high_needs_block", "E12000003", period) / 1e6
        for period in ("2019-20", "2020-21")
    }
    assert block["2019-20"] == pytest.approx(531.9, abs=0.05)
    assert block["2020-21"] == pytest.approx(616.7, rel=0.01)


@pytest.mark.sources
@pytest.mark.parametrize("period", list(dsg.SUMMARIES))
def test_councils_and_regions_add_to_england(observations: pd.DataFrame, period: str) -> None:
    rows = observations[
        (observations["measure"] == "high_needs_block") & (observations["period"] == period)
    ]
    england = rows.loc[rows["area"] == ENGLAND, "value"].item()
    councils = rows.loc[rows["area"].str.len() == 3, "value"].sum()
    regions = rows.loc[rows["area"].str.startswith("E12"), "value"].sum()
    assert councils == pytest.approx(england, abs=100)
    assert regions == pytest.approx(england, abs=100)


@pytest.mark.sources
def test_a_positive_balance_is_a_deficit(observations: pd.DataFrame) -> None:
    # Councils' own papers report deficits at 31 March 2024: Halton £5,348,546; Brent £13.2m.
    assert figure(observations, "dsg_balance", "876", "2024-03-31") == 5_348_546
    brent = figure(observations, "dsg_balance", "304", "2024-03-31")
    assert brent / 1e6 == pytest.approx(13.2, abs=0.1)
    # The 148 councils with a figure were £1,734.8m in deficit, net.
    balances = observations.query("measure == 'dsg_balance'")
    assert balances["value"].count() == 148
    assert balances["value"].sum() / 1e6 == pytest.approx(1734.8, abs=0.05)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("period", "share"), [("2019-20", 1.08), ("2020-21", 1.69), ("2021-22", 2.26)]
)
def test_england_has_the_published_balance_share(
    observations: pd.DataFrame, period: str, share: float
) -> None:
    assert figure(observations, "dsg_balance_share", ENGLAND, period) == share


@pytest.mark.sources
def test_a_council_without_a_return_has_no_figure(observations: pd.DataFrame) -> None:
    missing = observations.query("measure == 'dsg_balance' and status == 'blank'")
    assert sorted(missing["area"]) == ["825", "942", "943"]
    assert missing["value"].isna().all()


# Bad input, in small files laid out as the publishers' are.


def summary(headings: dict[int, str], scale: float) -> list[list[object]]:
    header = [headings.get(column, "") for column in range(10)]
    # Blocks of 60, 1, 30 and 9 add to 100; the high needs block after deductions is 25.
    areas = {"202": 1.0, "886": 3.0, "LONDON": 1.0, "South East": 3.0}
    rows = [("ENGLAND", 4.0), *areas.items()]
    return [
        ["title", *[""] * 9],
        header,
        [""] * 10,
        [""] * 10,
        *(
            [
                label,
                "",
                *(part * size * scale for part in (60, 1, 30, 9, 100)),
                0,
                0,
                25 * size * scale,
            ]
            for label, size in rows
        ),
    ]


@pytest.fixture
def folder(tmp_path: Path) -> SourceFolder:
    write_councils(tmp_path)
    write_workbook(
        tmp_path,
        dsg.ALLOCATIONS,
        {layout.sheet: summary(layout.headings, 1) for layout in dsg.SUMMARIES.values()},
    )
    write_workbook(
        tmp_path,
        dsg.SHARES,
        {
            "Sheet 1": [
                [*dsg.SHARE_COLUMNS],
                ["201920", "National", "England", "", "1.08", "-1.08", "2019-20"],
                ["201819", "Local authority", "South West", "Dorset", "2.5", "-2.5", "2018-19"],
                ["201920", "Local authority", "South West", "Dorset", "8.82", "-8.82", "2019-20"],
            ]
        },
    )
    write_csv(
        tmp_path,
        dsg.BALANCES,
        ["la_code", "la_name", dsg.BALANCE_COLUMN, "financial_year_end"],
        [
            ["E10000016", "Kent", "67167405.0", "2024-03-31"],
            ["E09000007", "Camden", "", "2024-03-31"],
        ],
    )
    return SourceFolder(tmp_path)


def test_millions_become_pounds(folder: SourceFolder) -> None:
    observations = dsg.observations(folder)
    assert figure(observations, "high_needs_block", "886", "2019-20") == 90_000_000
    assert figure(observations, "high_needs_block", "886", "2020-21") == 90
    assert figure(observations, "dsg_allocation", ENGLAND, "2020-21") == 400


def test_one_name_of_two_councils_is_told_apart_by_year(folder: SourceFolder) -> None:
    observations = dsg.observations(folder)
    assert figure(observations, "dsg_balance_share", "835", "2018-19") == 2.5
    assert figure(observations, "dsg_balance_share", "838", "2019-20") == 8.82


def test_an_empty_balance_is_missing_not_nought(folder: SourceFolder) -> None:
    camden = dsg.observations(folder).query("measure == 'dsg_balance' and area == '202'").iloc[0]
    assert pd.isna(camden["value"])
    assert camden["status"] == "blank"


def test_missing_workbook(folder: SourceFolder) -> None:
    folder.file(dsg.ALLOCATIONS).unlink()
    with pytest.raises(
        ReportError, match=r"^finance/dedicated-schools-grant.ods: the file is missing"
    ):
        dsg.observations(folder)


def test_truncated_workbook(folder: SourceFolder) -> None:
    file = folder.file(dsg.ALLOCATIONS)
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(
        ReportError, match=r"dedicated-schools-grant.ods: the workbook is damaged or cut"
    ):
        dsg.observations(folder)


def test_missing_sheet(folder: SourceFolder) -> None:
    layout = dsg.SUMMARIES["2019-20"]
    write_workbook(folder.root, dsg.ALLOCATIONS, {layout.sheet: summary(layout.headings, 1)})
    with pytest.raises(ReportError, match=r"the workbook has no sheet 'Allocations_2021'"):
        dsg.observations(folder)


def spoil_summary(folder: SourceFolder, row: int, column: int, value: object) -> None:
    sheets = {layout.sheet: summary(layout.headings, 1) for layout in dsg.SUMMARIES.values()}
    sheets["Allocations_2324"][row - 1][column] = value
    write_workbook(folder.root, dsg.ALLOCATIONS, sheets)


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (
            2,
            4,
            "High needs (£s)",
            r"Allocations_2324, row 2: column 5 is headed 'High needs \(£s\)'",
        ),
        (6, 0, "299", r"Allocations_2324, row 6: council code '299' has never been seen"),
        (9, 0, "South Yeast", r"row 9: region 'South Yeast' has never been seen.*'?south east"),
        (6, 4, "30*", r"Allocations_2324, row 6: '30\*' is neither a number nor a known symbol"),
        (6, 4, "x", r"Allocations_2324, row 6: area 202 has a cell without a figure"),
        (6, 4, 41, r"the four blocks of area 202 in 2023-24 do not add"),
        (7, 0, "202", r"is given twice for area 202, period 2023-24"),
    ],
)
def test_a_spoilt_summary_names_the_cell(
    folder: SourceFolder, row: int, column: int, value: object, message: str
) -> None:
    spoil_summary(folder, row, column, value)
    with pytest.raises(ReportError, match=message):
        dsg.observations(folder)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("la_name", "council", r"column 'la_name' is missing \(unknown: 'council'\)"),
        (
            "E10000016",
            "E10000099",
            r"by_la.csv, row 2: council code 'E10000099' has never been seen",
        ),
        ("67167405.0", "£67m", r"row 2: '£67m' is neither a number nor a known symbol"),
        ("E09000007", "E10000016", r"'dsg_balance' is given twice for area 886"),
    ],
)
def test_spoilt_balances(folder: SourceFolder, old: str, new: str, message: str) -> None:
    replace(folder.file(dsg.BALANCES), old, new)
    with pytest.raises(ReportError, match=message):
        dsg.observations(folder)
