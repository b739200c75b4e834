"""The GDP deflators: against the published growth and index, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import deflators
from sendreform.sources.reading import SourceFolder, read_csv
from sources.finance_files import replace, write_csv


def series(observations: pd.DataFrame, measure: str) -> "pd.Series[float]":
    return observations[observations["measure"] == measure].set_index("period")["value"]


@pytest.mark.sources
def test_index_is_that_of_the_table_made_apart(source_folder: SourceFolder) -> None:
    index = series(deflators.observations(source_folder), "gdp_deflator")
    apart = read_csv(
        source_folder,
        "deflators/gdp_deflator_fy_2008_09_2030_31.csv",
        ["fy", "growth_pc", "index_2023_24_100", "index_2024_25_100"],
    ).set_index("fy")["index_2024_25_100"]
    assert index.index.tolist() == apart.index.tolist()
    assert index.tolist() == pytest.approx(apart.astype(float).tolist(), abs=1e-4)
    assert index["2024-25"] == 100
    assert index["2010-11"] == pytest.approx(69.1, abs=0.05)


@pytest.mark.sources
def test_calendar_index_is_100_in_2024(source_folder: SourceFolder) -> None:
    index = series(deflators.observations(source_folder), "gdp_deflator_calendar")
    assert index["2024"] == 100
    # A financial year lies in two calendar years: its index lies between theirs.
    financial = series(deflators.observations(source_folder), "gdp_deflator")
    ratio = financial["2023-24"] / financial["2014-15"]
    assert index["2023"] / index["2014"] == pytest.approx(ratio, rel=0.01)


# Bad input.


@pytest.fixture
def folder(tmp_path: Path) -> SourceFolder:
    write_csv(
        tmp_path,
        deflators.FINANCIAL,
        ["", "date", "gdp_deflator", "type", "deflator"],
        [
            ["1", "2023", "1.25", "fyear", "1.25"],
            ["2", "2024", "1.6", "fyear", "2"],
            ["3", "2025", "1.5", "fyear", "3"],
        ],
    )
    write_csv(tmp_path, deflators.CALENDAR, ["year", "value"], [["2023", "96"], ["2024", "100"]])
    return SourceFolder(tmp_path)


def test_base_year_is_100(folder: SourceFolder) -> None:
    index = series(deflators.observations(folder), "gdp_deflator")
    assert index.to_dict() == {"2023-24": 62.5, "2024-25": 100, "2025-26": 150}


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (deflators.FINANCIAL, "gdp_deflator,", "growth,", r"column 'gdp_deflator' is missing"),
        (deflators.FINANCIAL, "2024,1.6", "2024,1.7", r"the index is not the chain of the growth"),
        (deflators.FINANCIAL, "2024,", "2034,", r"no single row for 2024-25, the base year"),
        (deflators.FINANCIAL, "1.6", "1·6", r"column gdp_deflator, row 3: '1·6' is neither"),
        (deflators.CALENDAR, "2023", "2024", r"'gdp_deflator_calendar' is given twice"),
        (
            deflators.CALENDAR,
            "2024,100",
            "2024",
            r"row 3: the row has 1 cells where",
        ),
    ],
)
def test_a_spoilt_file_is_named(
    folder: SourceFolder, path: str, old: str, new: str, message: str
) -> None:
    replace(folder.file(path), old, new)
    with pytest.raises(ReportError, match=message):
        deflators.observations(folder)
