"""Quoted national figures: arithmetic they must satisfy, bases kept apart, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import dsg, national_finance, quoted_figures
from sendreform.sources.quoted_figures import Pick, quoted
from sendreform.sources.reading import SourceFolder
from sources.finance_files import replace, write_councils, write_figures


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return national_finance.observations(source_folder)


def series(
    observations: pd.DataFrame, measure: str, breakdown: str = "all", area: str = ENGLAND
) -> "pd.Series[float]":
    chosen = (
        (observations["measure"] == measure)
        & (observations["breakdown"] == breakdown)
        & (observations["area"] == area)
    )
    return observations[chosen].set_index("period")["value"]


@pytest.mark.sources
def test_high_needs_funding_is_the_high_needs_block(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    funding = series(observations, "high_needs_funding")
    block = series(dsg.observations(source_folder), "high_needs_block")
    assert funding[block.index].tolist() == pytest.approx(block.tolist(), abs=1e5)
    assert funding["2013-14"] == 5_000_000_000
    assert funding["2025-26"] == 11_900_000_000


@pytest.mark.sources
def test_conflicting_figures_stand_apart(observations: pd.DataFrame) -> None:
    of_2022_23 = observations[
        (observations["measure"] == "high_needs_funding") & (observations["period"] == "2022-23")
    ].set_index("breakdown")["value"]
    assert (of_2022_23 / 1e6).round(1).to_dict() == {
        "all": 8988.3,
        "basis:dfe_2021": 8900.0,
        "basis:dfe_2022_provisional": 8981.0,
    }
    deficits = observations[observations["measure"] == "dsg_deficit_published"]
    assert deficits["breakdown"].str.startswith("basis:").all()


@pytest.mark.sources
def test_the_two_payers_add_to_spending_on_independent_special_schools(
    observations: pd.DataFrame,
) -> None:
    total = series(observations, "inmss_spending")
    parts = series(observations, "inmss_spending", "inmss_funding:council") + series(
        observations, "inmss_spending", "inmss_funding:places"
    )
    assert total.index.tolist() == ["2020-21", "2021-22", "2022-23", "2023-24", "2024-25"]
    assert parts.tolist() == total.tolist()
    assert total["2024-25"] == 2_181_440_000


@pytest.mark.sources
def test_a_council_report_agrees_with_its_return(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    reported = series(observations, "dsg_deficit_published", "basis:council_report", "876")
    returned = series(dsg.observations(source_folder), "dsg_balance", area="876")
    assert reported["2024-03"] == returned["2024-03-31"] == 5_348_546


@pytest.mark.sources
def test_four_safety_valve_agreements_add_to_the_total_given(observations: pd.DataFrame) -> None:
    agreed = observations[
        (observations["measure"] == "safety_valve_agreement")
        & (observations["period"] == "2023-24")
    ].set_index("area")["value"]
    # £95m + £16m + £53.8m + £67m, given as £230m.
    assert agreed.drop(ENGLAND).sum() == 231_800_000
    assert agreed[ENGLAND] == 230_000_000


# Bad input, in a small table laid out as the real one is.

DOCUMENTS = {"answer": "Written answer 1"}
FUNDING = Pick("high_needs_funding", "answer", "High needs funding")
DEFICIT = Pick("dsg_deficit", "answer", "Deficit", "basis:all", year_end=True)


@pytest.fixture
def folder(tmp_path: Path) -> SourceFolder:
    write_councils(tmp_path)
    write_figures(
        tmp_path,
        [
            ("High needs funding", "2022-23", "England", "8.9", "GBP bn", "Written answer 1"),
            ("High needs funding", "2022-23", "Dorset", "13.7", "GBP m", "Written answer 1"),
            ("High needs funding", "2024-25", "England", ">10.5", "GBP bn", "Written answer 2"),
            ("Deficit", "31 March 2024", "England", "1.6", "GBP bn", "Written answer 1"),
            ("Deficit", '2024-25 ("this year")', "England", "3.3", "GBP bn", "Written answer 1"),
        ],
    )
    return SourceFolder(tmp_path)


def test_amounts_areas_and_year_ends(folder: SourceFolder) -> None:
    found = quoted(folder, DOCUMENTS, [FUNDING, DEFICIT])
    assert found[["area", "period", "value"]].to_dict("split")["data"] == [
        [ENGLAND, "2022-23", 8_900_000_000],
        ["838", "2022-23", 13_700_000],
        [ENGLAND, "2024-03", 1_600_000_000],
        [ENGLAND, "2025-03", 3_300_000_000],
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("8.9", "just under 9", r"column value, row 2: 'just under 9' is neither a number"),
        ("8.9", "x", r"column value: no figure for 'High needs funding'"),
        ("GBP m", "GBP k", r"column unit: unknown unit 'GBP k'"),
        ("Dorset", "Dorsetshire", r"row 3: council 'Dorsetshire' has never been seen.*Dorset"),
        ("31 March 2024", "spring 2024", r"column year: 'spring 2024' is not a period"),
        ("High needs funding,2022", "High need fund,2022", r"no row says 'High needs funding'"),
        ("locator", "place", r"column 'locator' is missing \(unknown: 'place'\)"),
    ],
)
def test_a_spoilt_row_is_named(folder: SourceFolder, old: str, new: str, message: str) -> None:
    replace(folder.file(quoted_figures.PATH), old, new)
    with pytest.raises(ReportError, match=message):
        quoted(folder, DOCUMENTS, [FUNDING, DEFICIT])


def test_missing_table(folder: SourceFolder) -> None:
    folder.file(quoted_figures.PATH).unlink()
    with pytest.raises(ReportError, match=r"^finance/figures.csv: the file is missing"):
        national_finance.observations(folder)
