"""Section 251 spending: published totals, two routes to one figure, and bad input."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import section251
from sendreform.sources.reading import SourceFolder
from sources.finance_files import (
    replace,
    write_councils,
    write_csv,
    write_figures,
    write_json,
    write_workbook,
)

INDEPENDENT = "top_up_provider:non_maintained_independent"


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return section251.observations(source_folder)


def figure(
    observations: pd.DataFrame, measure: str, area: str, period: str, breakdown: str = "all"
) -> float:
    values = observations.set_index(["measure", "area", "period", "breakdown"])["value"]
    return float(values.loc[[(measure, area, period, breakdown)]].item())


@pytest.mark.sources
@pytest.mark.parametrize(
    ("period", "millions"),
    # Sums of line 2.1.4 that MPs and the Local Government Association quote as £728m in 2019 and
    # "approximately £1.5 billion" in 2023-24.
    [("2018-19", 726.8), ("2023-24", 1521.7), ("2024-25", 1717.6)],
)
def test_transport_adds_to_the_quoted_totals(
    observations: pd.DataFrame, period: str, millions: float
) -> None:
    england = figure(observations, "send_transport_pre16", ENGLAND, period)
    assert england / 1e6 == pytest.approx(millions, abs=0.1)


@pytest.mark.sources
def test_top_ups_add_to_little_less_than_the_national_line(observations: pd.DataFrame) -> None:
    rows = observations[
        (observations["measure"] == "top_up_spending") & (observations["breakdown"] == INDEPENDENT)
    ]
    councils = rows.loc[(rows["period"] == "2023-24") & (rows["area"].str.len() == 3), "value"]
    assert len(councils) == 148
    assert councils.sum() / 1e6 == pytest.approx(2396.8, abs=0.1)
    england = figure(observations, "top_up_spending", ENGLAND, "2023-24", INDEPENDENT)
    assert england == 2_422_900_000


@pytest.mark.sources
def test_independent_special_school_spending_is_what_the_department_answered(
    observations: pd.DataFrame,
) -> None:
    # Written answer 100030: £1,343.528m in 2021-22.
    spent = figure(
        observations,
        "high_needs_outturn_by_category",
        ENGLAND,
        "2021-22",
        "category:top_ups_independent_special",
    )
    assert spent / 1e6 == pytest.approx(1343.528, abs=0.2)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("breakdown", "millions"),
    [("all", 3484.3), ("sector:state", 2083.9), ("sector:independent_non_maintained", 1400.4)],
)
def test_specialist_spending_by_council_adds_to_england(
    observations: pd.DataFrame, breakdown: str, millions: float
) -> None:
    rows = observations[
        (observations["measure"] == "specialist_place_spending")
        & (observations["period"] == "2021-22")
        & (observations["breakdown"] == breakdown)
    ]
    england = rows.loc[rows["area"] == ENGLAND, "value"].item()
    assert england / 1e6 == pytest.approx(millions, abs=0.05)
    assert rows.loc[rows["area"] != ENGLAND, "value"].sum() == pytest.approx(england, abs=5)


@pytest.mark.sources
def test_a_council_lacking_in_the_dashboard_has_no_figure(observations: pd.DataFrame) -> None:
    rows = observations[
        (observations["measure"] == "specialist_place_spending") & (observations["status"] == "..")
    ]
    assert set(zip(rows["area"], rows["period"], strict=True)) == {
        ("816", "2021-22"),
        ("839", "2019-20"),
    }
    # Councils not yet formed, or no longer there, have no row at all.
    years = observations[observations["measure"] == "specialist_place_spending"].groupby("area")
    assert sorted(years.get_group("836")["period"].unique()) == ["2018-19"]
    assert sorted(years.get_group("941")["period"].unique()) == ["2021-22"]


@pytest.mark.sources
def test_top_ups_are_less_than_all_high_needs_spending(observations: pd.DataFrame) -> None:
    values = (
        observations[observations["period"] == "2023-24"]
        .set_index(["measure", "breakdown", "area"])["value"]
        .sort_index()
    )
    top_ups = values.loc["top_up_spending", "all"]
    spending = values.loc["high_needs_spending_outturn", "all"].reindex(top_ups.index)
    assert (top_ups < spending).all()


@pytest.mark.sources
def test_every_council_and_predecessor_is_there(observations: pd.DataFrame) -> None:
    rows = observations[observations["measure"] == "high_needs_spending_outturn"]
    councils = rows[rows["area"].str.len() == 3].groupby("period")["area"].nunique()
    assert councils["2017-18"] == 152
    assert councils["2024-25"] == 153
    # Cumberland and Westmorland and Furness sent no return.
    assert councils["2023-24"] == 151
    no_sum = rows[(rows["area"] == "E12000002") & (rows["period"] == "2023-24")]
    assert no_sum.empty


# Bad input, in small files laid out as the publishers' are.


def lookup(start: int, value: object) -> dict[str, dict[str, object]]:
    return {
        code: {
            "la_name": name,
            "la_code": code,
            "year": str(start),
            "education_breakdown": [
                {"name": "Schools block", "value": 1000},
                {"name": "High needs (SEND)", "value": value},
            ],
            "total": 1000,
        }
        for code, name in (("E09000007", "Camden"), ("E10000016", "Kent"))
    }


def benchmarking() -> list[list[object]]:
    width = 87
    blank: list[object] = [""] * width
    cells = [list(blank) for _ in range(7)]
    cells[1][1], cells[1][2] = "Year", section251.BENCHMARKING_YEAR
    cells[4][1:4] = ["Region", "LA code", "LA name"]
    codes = [code for code, _ in section251.CATEGORIES]
    council = [*blank]
    council[1:4] = ["INNER LONDON", "202", "Camden"]
    for first, heading in section251.BLOCKS.values():
        cells[2][first] = heading
        for place, (code, category) in enumerate(section251.CATEGORIES):
            cells[3][first + place] = category
            # Each whole is of its special schools, less income of 5.
            council[first + place] = 100 if code.endswith("_special") else 0
        council[first + codes.index("places_special_ap")] = 100
        for provider in ("state", "independent"):
            council[first + codes.index(f"top_ups_{provider}")] = 95
            council[first + codes.index(f"top_ups_{provider}_income")] = 5
    abolished = [*blank]
    abolished[1:4] = ["SOUTH WEST", "835", "Dorset"]
    return [*cells, council, abolished]


@pytest.fixture
def folder(tmp_path: Path) -> SourceFolder:
    write_councils(tmp_path)
    for start in section251.OUTTURN_YEARS:
        write_json(tmp_path, section251.OUTTURN.format(start=start), lookup(start, 500))
    write_csv(
        tmp_path,
        section251.TRANSPORT,
        ["financial_year", "la_code", "la_name", section251.TRANSPORT_COLUMN],
        [["2018-19", "E09000007", "Camden", "10"], ["2018-19", "E10000016", "Kent", "32"]],
    )
    write_csv(
        tmp_path,
        section251.TOP_UPS,
        ["la_code", "la_name", *section251.TOP_UP_COLUMNS, "financial_year"],
        [["E10000016", "Kent", "300", "100", "2023-24"]],
    )
    pick = section251.TOP_UPS_ENGLAND
    document = section251.TOP_UP_DOCUMENTS[pick.source]
    write_figures(tmp_path, [(pick.wording, "2023-24", "England", "1.5", "GBP m", document)])
    write_csv(
        tmp_path,
        section251.SPECIALIST,
        ["la_name", "category", "year", "Spend per head", "pop_est", "total_spend", "region"],
        [["Kent", "State", "2018-19", "1", "2", "70.0", "South East"]],
    )
    write_csv(
        tmp_path,
        section251.SPECIALIST_NATIONAL,
        ["category", "year", "pop_est", "total_spend", "Spend per head"],
        [["State", "2018-19", "2", "70.0", "1"]],
    )
    write_workbook(tmp_path, section251.BENCHMARKING, {"Sheet1": benchmarking()})
    return SourceFolder(tmp_path)


def test_the_small_files_are_read(folder: SourceFolder) -> None:
    observations = section251.observations(folder)
    assert figure(observations, "high_needs_spending_outturn", ENGLAND, "2017-18") == 1000
    assert figure(observations, "send_transport_pre16", "E12000008", "2018-19") == 32
    income = "category:top_ups_state_income"
    assert figure(observations, "high_needs_budget_by_category", "202", "2021-22", income) == -5
    assert "835" not in set(observations["area"])


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            section251.TRANSPORT,
            "E10000016",
            "E10000061",
            r"sen_transport_pre16_by_la.csv, row 3: council code 'E10000061' has never been seen",
        ),
        (section251.TRANSPORT, ",32", ",3 2", r"row 3: '3 2' is neither a number"),
        (
            section251.TRANSPORT,
            "E10000016",
            "E09000007",
            r"'send_transport_pre16' is given twice for area 202, period 2018-19",
        ),
        (section251.TOP_UPS, "la_name", "name", r"column 'la_name' is missing"),
        (section251.SPECIALIST, "State", "Public", r"by_la_2018.*: unknown category 'Public'"),
        (section251.SPECIALIST, "Kent", "Kant", r"row 2: council 'Kant' has never been seen.*Kent"),
        ("finance/s251_lookup_2020.json", "High needs", "Higher needs", r"unknown line 'Higher n"),
        ("finance/s251_lookup_2020.json", '"2020"', '"2019"', r"the file is not all of 2020-21"),
        ("finance/s251_lookup_2020.json", "la_code", "code", r"E09000007: column 'la_code' is mi"),
        ("finance/s251_lookup_2020.json", "500", '"5OO"', r"E09000007: '5OO' is neither a number"),
    ],
)
def test_a_spoilt_file_is_named(
    folder: SourceFolder, path: str, old: str, new: str, message: str
) -> None:
    replace(folder.file(path), old, new)
    with pytest.raises(ReportError, match=message):
        section251.observations(folder)


def test_truncated_json(folder: SourceFolder) -> None:
    file = folder.file("finance/s251_lookup_2021.json")
    file.write_text(file.read_text()[:100])
    with pytest.raises(ReportError, match=r"s251_lookup_2021.json: the file is damaged or"):
        section251.observations(folder)


@pytest.mark.parametrize(
    ("row", "column", "value", "message"),
    [
        (4, 15, "Places", r"row 4: column 16 is headed 'Places', not 'Place funding'"),
        (8, 2, "299", r"Outturn data 202122.xlsx, row 8: council code '299' has never been seen"),
        (8, 15, 90, r"Section 251 budget: council 202: the parts of places_special_ap do not add"),
        (8, 60, "12k", r"column 61, row 8: '12k' is neither a number nor a known symbol"),
    ],
)
def test_a_spoilt_benchmarking_sheet_names_the_cell(
    folder: SourceFolder, row: int, column: int, value: object, message: str
) -> None:
    cells = benchmarking()
    cells[row - 1][column] = value
    write_workbook(folder.root, section251.BENCHMARKING, {"Sheet1": cells})
    with pytest.raises(ReportError, match=message):
        section251.observations(folder)
