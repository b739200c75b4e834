"""Unit costs: against figures published elsewhere, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import unit_costs
from sendreform.sources.reading import SourceFolder, read_csv
from sources.finance_files import write_councils, write_figures


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return unit_costs.observations(source_folder)


@pytest.mark.sources
def test_cost_of_a_place_is_what_the_department_answered(observations: pd.DataFrame) -> None:
    costs = (
        observations[observations["measure"] == "placement_unit_cost"]
        .pivot_table("value", index="period", columns="breakdown")
        .loc["2018-19":"2024-25"]  # type: ignore[misc]
    )
    # Written answers 50389 and 100030, thousands of pounds.
    inmss = costs["provider:inmss"].dropna() / 1000
    assert inmss.tolist() == [52, 54, 54, 57, 62, 63, 64]
    state = costs["provider:state_special"].dropna() / 1000
    assert state.tolist() == [20, 21, 22, 23, 24, 26]


@pytest.mark.sources
def test_cost_a_place_is_spending_over_plans(observations: pd.DataFrame) -> None:
    # 2024-25: £2,181.44m (answer 100030) at £64,000 a place is some 34,000 places.
    cost = observations[
        (observations["breakdown"] == "provider:inmss") & (observations["period"] == "2024-25")
    ]["value"].item()
    assert 2_181_440_000 / cost == pytest.approx(34_000, rel=0.02)


@pytest.mark.sources
def test_weekly_cost_is_that_of_the_table_made_apart(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    apart = read_csv(
        source_folder,
        "finance/lait_SENFinance_weekly_unit_cost.csv",
        unit_costs.LAIT_COLUMNS,
    )
    weekly = observations[observations["measure"] == "sen_weekly_unit_cost"]
    assert len(weekly) == len(apart) - 2 * 9  # Inner and outer London, nine years.
    council = weekly[weekly["area"].str.len() == 3].set_index(["area", "period"])["value"]
    expected = apart.assign(
        area=apart["LA Number"].str.removesuffix(".0"),
        period=apart["Years"].str.removesuffix(" (OT)"),
        value=pd.to_numeric(apart["Values"].replace("-", None)),
    ).set_index(["area", "period"])["value"]
    pd.testing.assert_series_equal(
        council.sort_index(), expected.reindex(council.index).sort_index(), check_dtype=False
    )
    england = weekly[weekly["area"] == ENGLAND].set_index("period")["value"]
    assert england["2024-25"] == 110


# Bad input.


def lait_rows() -> pd.DataFrame:
    rows = [
        ("SENFinance", "2023-24 (OT)", "Kent", "110", 886.0),
        ("SENFinance", "2023-24 (OT)", "Camden", "-", 202.0),
        ("SENFinance", "2023-24 (OT)", "England", "105", 970.0),
        ("SENFinance", "2023-24 (OT)", "London (Inner)", "95", 987.0),
        ("SENFinance", "2023-24 (OT)", "Yorkshire and the Humber", "85", 982.0),
        ("Another", "2023-24", "Kent", "1", 886.0),
    ]
    columns = ["Short Desc", "Years", "LA and Regions", "Values", "LA Number"]
    return pd.DataFrame(rows, columns=columns).assign(**{"Data item": None, "Region": ""})


@pytest.fixture
def folder(tmp_path: Path) -> SourceFolder:
    write_councils(tmp_path)
    write_figures(
        tmp_path,
        [
            (
                pick.wording,
                (pick.years or ("2022-23",))[0],
                "England",
                "100",
                "GBP",
                unit_costs.DOCUMENTS[pick.source],
            )
            for pick in unit_costs.COSTS
        ],
    )
    (tmp_path / "lait").mkdir()
    write_lait(tmp_path, lait_rows())
    return SourceFolder(tmp_path)


def write_lait(root: Path, rows: pd.DataFrame) -> None:
    rows.to_parquet(root / unit_costs.LAIT)


def test_symbol_kept_and_parts_of_london_left_out(folder: SourceFolder) -> None:
    weekly = unit_costs.observations(folder).query("measure == 'sen_weekly_unit_cost'")
    assert weekly[["area", "status"]].to_dict("split")["data"] == [
        ["202", "-"],
        ["886", ""],
        ["E12000003", ""],
        [ENGLAND, ""],
    ]


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (0, "Values", "11O", r"SENFinance, Kent, 2023-24 \(OT\): '11O' is neither a number"),
        (0, "LA Number", 299.0, r"Kent, 2023-24 \(OT\): council code '299' has never been"),
        (1, "LA Number", 886.0, r"'sen_weekly_unit_cost' is given twice for area 886"),
        (4, "LA Number", 999.0, r"Humber, 2023-24 \(OT\): council code '999' has never been"),
    ],
)
def test_a_spoilt_row_is_named(
    folder: SourceFolder, row: int, column: str, value: object, message: str
) -> None:
    rows = lait_rows()
    rows.loc[row, column] = value
    write_lait(folder.root, rows)
    with pytest.raises(ReportError, match=message):
        unit_costs.observations(folder)


def test_renamed_column(folder: SourceFolder) -> None:
    write_lait(folder.root, lait_rows().rename(columns={"Values": "Value"}))
    with pytest.raises(ReportError, match=r"column 'Values' is missing \(unknown: 'Value'\)"):
        unit_costs.observations(folder)


def test_renamed_series(folder: SourceFolder) -> None:
    write_lait(folder.root, lait_rows().query("`Short Desc` == 'Another'"))
    with pytest.raises(ReportError, match=r"column Short Desc: no series 'SENFinance'"):
        unit_costs.observations(folder)


def test_truncated_file(folder: SourceFolder) -> None:
    file = folder.file(unit_costs.LAIT)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(ReportError, match=r"bds_long_0.parquet: the file is damaged or cut short"):
        unit_costs.observations(folder)
