"""Published forecasts: how their words become low, central and high, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import forecasts
from sendreform.sources.reading import SourceFolder
from sources.finance_files import replace, write_csv


@pytest.fixture(scope="module")
def table(source_folder: SourceFolder) -> pd.DataFrame:
    return forecasts.tables(source_folder)["forecasts"]


@pytest.mark.sources
def test_every_published_row_is_there(table: pd.DataFrame, source_folder: SourceFolder) -> None:
    published = source_folder.file(forecasts.PATH).read_text(encoding="utf-8").count("\n") - 1
    # Three rows, the central, low and high of one forecast, are one.
    assert len(table) == published - 2
    words = table[table[["low", "central", "high"]].isna().all(axis=1)]
    assert set(words["as_published"]) == {
        "+3 (to ~15)",
        "more than double",
        "153.4 / 160.9",
        "207 (safety valve plan) / 222 (revised)",
    }


@pytest.mark.sources
def test_forecasts_of_the_deficit(table: pd.DataFrame) -> None:
    deficits = table[table["basis"] == "cumulative_deficit"].set_index("forecaster")
    nao = deficits.loc["DfE estimate published by NAO"].dropna(subset=["low"]).iloc[0]
    assert (nao["low"], nao["central"], nao["high"]) == (4.3e9, 4.6e9, 4.9e9)
    assert nao["target_end"] == "2026"
    assert deficits.loc["OBR EFO November 2025", "central"] == 14e9
    assert deficits.loc["OBR EFO November 2025", "target_end"] == "2028"


@pytest.mark.sources
def test_bounds_are_in_order(table: pd.DataFrame) -> None:
    bounded = table.dropna(subset=["low", "high"])
    assert (bounded["low"] < bounded["high"]).all()


# Words and bad input, in a small table laid out as the real one is.


def write_forecasts(root: Path, *rows: tuple[str, str, str, str]) -> Path:
    return write_csv(
        root,
        forecasts.PATH,
        forecasts.PUBLISHED_COLUMNS,
        [
            ["IFS", "2024-12-10", measure, target, value, unit, "https://example.org", "para 1"]
            for measure, target, value, unit in rows
        ],
    )


@pytest.mark.parametrize(
    ("value", "low", "central", "high"),
    [
        ("4.6", None, 4.6e9, None),
        ("2.9-3.9", 2.9e9, None, 3.9e9),
        ("+2 to +3", 2e9, None, 3e9),
        (">8", 8e9, None, None),
        (">=5.2", 5.2e9, None, None),
        ("1,200", None, 1.2e12, None),
        ("-4.9", None, -4.9e9, None),
        ("nearly 2", None, None, 2e9),
        ("just over 1,000", 1e12, None, None),
        ("more than double", None, None, None),
    ],
)
def test_words_become_bounds(
    tmp_path: Path, value: str, low: float | None, central: float | None, high: float | None
) -> None:
    write_forecasts(tmp_path, ("Annual SEND spending", "2029", value, "GBP bn"))
    row = forecasts.tables(SourceFolder(tmp_path))["forecasts"].iloc[0]
    assert [None if pd.isna(row[name]) else row[name] for name in ("low", "central", "high")] == [
        low,
        central,
        high,
    ]
    assert row["as_published"] == value
    assert row["unit"] == "pounds"


@pytest.mark.parametrize(
    ("target", "end"),
    [
        ("March 2026", "2026"),
        ("2025-26", "2026"),
        ("end 2027-28 (March 2028)", "2028"),
        ("2028-29 to 2030-31", "2031"),
        ("1999-00", "2000"),
        ("within a decade", ""),
    ],
)
def test_target_year(tmp_path: Path, target: str, end: str) -> None:
    write_forecasts(tmp_path, ("Annual SEND spending", target, "1", "GBP bn"))
    assert forecasts.tables(SourceFolder(tmp_path))["forecasts"]["target_end"].item() == end


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("forecaster", "who", r"column 'forecaster' is missing \(unknown: 'who'\)"),
        ("GBP bn", "GBP tn", r"column unit: unknown unit 'GBP tn'.*GBP bn"),
        ("Annual SEND", "Yearly SEND", r"column measure: unknown measure 'Yearly SEND spending'"),
    ],
)
def test_a_spoilt_table_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    replace(write_forecasts(tmp_path, ("Annual SEND spending", "2029", "1", "GBP bn")), old, new)
    with pytest.raises(ReportError, match=message):
        forecasts.tables(SourceFolder(tmp_path))


def test_missing_table(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"^finance/forecasts.csv: the file is missing"):
        forecasts.tables(SourceFolder(tmp_path))
