"""Population by age: estimates, revised estimates and projections."""

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import population
from sendreform.sources.catalogue import read_words
from sendreform.sources.council_codes import REFERENCE, REFERENCE_COLUMNS
from sendreform.sources.population import (
    AGES,
    BEFORE_CENSUS,
    MID_2023_COUNCIL,
    MID_2023_ENGLAND,
    PROJECTION,
    REVISED_0_17,
)
from sendreform.sources.reading import SourceFolder


@pytest.fixture(scope="module")
def official(source_folder: SourceFolder) -> pd.Series:
    figures = population.observations(source_folder)
    return figures.set_index(["measure", "area", "period", "breakdown"])["value"]


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "area", "period", "breakdown", "expected"),
    [
        # Hartlepool aged 0, mid-2023: the first figure of the council table.
        ("population", "805", "2023-06-30", "population_age:0", 915),
        ("population_0_17", ENGLAND, "2020-06-30", "all", 11_787_794),
        ("population_0_17", ENGLAND, "2023-06-30", "all", 12_059_476),
        ("population_0_17", ENGLAND, "2024-06-30", "all", 12_183_016),
        ("population_0_17", "E12000001", "2024-06-30", "all", 542_710),
        ("population_projection", ENGLAND, "2022-06-30", "population_age:0", 596_389),
        ("population_projection", ENGLAND, "2047-06-30", "population_age:1", 616_326),
    ],
)
def test_published_figures(
    official: pd.Series, measure: str, area: str, period: str, breakdown: str, expected: int
) -> None:
    assert official[measure, area, period, breakdown] == expected


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "period", "expected"),
    [
        ("population", "2023-06-30", 11_998_646),
        ("population_before_2021_census", "2020-06-30", 12_093_288),
    ],
)
def test_ages_0_to_17_add_up_to_what_was_published(
    official: pd.Series, measure: str, period: str, expected: int
) -> None:
    single = [f"population_age:{age}" for age in range(18)]
    assert official[measure, ENGLAND, period].loc[single].sum() == expected


@pytest.mark.sources
def test_groups_are_those_of_the_other_table(
    official: pd.Series, source_folder: SourceFolder
) -> None:
    """The table of age bands, which our code does not read, has ages 0 to 25 and 2 to 18."""
    bands = pd.read_csv(source_folder.file("population/ons_mye_age_bands_utla23.csv"))
    in_2023 = bands[bands["year"] == 2023].set_index("utla23_code")
    for gss, area in {"E10000016": "886", "E06000053": "420", "E09000001": "201"}.items():
        assert official["population", area, "2023-06-30", "all"] == in_2023.loc[gss, "pop_0_25"]
        assert (
            official["population_2_to_18", area, "2023-06-30", "all"]
            == in_2023.loc[gss, "pop_2_18"]
        )


@pytest.mark.sources
@pytest.mark.parametrize("measure", ["population", "population_before_2021_census"])
def test_councils_add_up_to_regions_and_england(official: pd.Series, measure: str) -> None:
    for _, totals in official[measure].xs("all", level="breakdown").groupby("period"):
        by_area = totals.droplevel("period")
        codes = by_area.index.astype("str")
        councils, regions = by_area[codes.str.len() == 3], by_area[codes.str.startswith("E12")]
        assert (len(councils), len(regions)) == (153, 9)
        assert councils.sum() == regions.sum() == by_area[ENGLAND]


@pytest.mark.sources
def test_the_three_councils_without_revised_figures(source_folder: SourceFolder) -> None:
    figures = population.observations(source_folder)
    gone = figures[figures["status"] == "x"]
    assert set(gone["area"]) == {"835", "836", "837"}
    assert set(gone["period"]) == {f"{year}-06-30" for year in range(2012, 2019)}
    assert gone["value"].isna().all()


@pytest.mark.sources
def test_everything_has_a_record(source_folder: SourceFolder) -> None:
    words, figures = read_words("population"), population.observations(source_folder)
    assert set(words.measures["measure"]) == set(figures["measure"])
    assert set(words.sources["source"]) == set(figures["source"])
    declared = set(words.breakdowns["dimension"] + ":" + words.breakdowns["code"])
    assert set(figures["breakdown"]) == {*declared, "all"}


# --- made-up files --------------------------------------------------------------------------------

COUNCILS = {"E06000001": ("805", "E12000001"), "E10000016": ("886", "E12000008")}


def _write(path: Path, header: list[str], rows: list[list[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.fixture
def made_up(tmp_path: Path) -> SourceFolder:
    """Two councils, with as many people of each age as the age, and ten times as many."""
    _write(
        tmp_path / REFERENCE,
        REFERENCE_COLUMNS,
        [
            [area, gss, gss, "", region, "2017", "2025", gss, "", "UA", "", "True"]
            for gss, (area, region) in COUNCILS.items()
        ],
    )
    header = population._COUNCIL_COLUMNS
    for path, years in {MID_2023_COUNCIL: ["2023"], BEFORE_CENSUS: ["2017", "2019"]}.items():
        rows = [
            [year, gss, gss, "0", *(age * times for age in range(90))]
            for year in years
            for gss, times in zip(COUNCILS, (1, 10), strict=True)
        ]
        _write(tmp_path / path, header, rows)
    _write(
        tmp_path / MID_2023_ENGLAND,
        ["sex", "Code", "Name", "Geography", "age", "count"],
        [
            [sex, ENGLAND, "ENGLAND", "Country", age, age * times]
            for sex, times in {"females": 5, "males": 6}.items()
            for age in range(91)
        ],
    )
    _write(
        tmp_path / REVISED_0_17,
        population._REVISED_COLUMNS,
        [
            ["2024", "", "National", ENGLAND, "", "", "", "", "", "", "", "30"],
            ["2024", "", "Regional", ENGLAND, "", "E12000008", "", "", "", "", "", "20"],
            ["2024", "", "Regional", ENGLAND, "", "E13000001", "", "", "", "", "", "5"],
            ["2024", "", "Local authority", ENGLAND, "", "E12000008", "", "886", "", "", "", "20"],
            ["2024", "", "Local authority", ENGLAND, "", "E12000001", "", "805", "", "", "", "x"],
        ],
    )
    years = [str(year) for year in population.PROJECTED_YEARS]
    _write(tmp_path / PROJECTION, ["age", *years], [[age, *([1] * 26)] for age in AGES])
    return SourceFolder(tmp_path)


def test_made_up_figures_by_hand(made_up: SourceFolder) -> None:
    figures = population.observations(made_up).set_index(
        ["measure", "area", "period", "breakdown"]
    )["value"]
    kent = figures["population", "886", "2023-06-30"]
    assert kent["population_age:7"] == 70
    assert kent["population_age:5_to_10"] == 10 * (5 + 6 + 7 + 8 + 9 + 10)
    assert kent["all"] == 10 * 25 * 26 / 2
    assert figures["population", ENGLAND, "2023-06-30", "population_age:7"] == 77
    assert figures["population_2_to_18", "805", "2023-06-30", "all"] == 18 * 19 / 2 - 1
    before = figures["population_before_2021_census"]
    assert before[ENGLAND, "2017-06-30", "population_age:7"] == 77
    assert ("886", "2017-06-30", "population_age:7") not in before.index
    assert figures["population_projection", ENGLAND, "2030-06-30", "all"] == 26
    assert pd.isna(figures["population_0_17", "805", "2024-06-30", "all"])
    assert "E13000001" not in figures.index.get_level_values("area")


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (MID_2023_COUNCIL, "utla23_code", "code", "column 'utla23_code' is missing"),
        (MID_2023_COUNCIL, "all_ages", "all_ages,91", "unknown column '91'"),
        (MID_2023_COUNCIL, "E10000016,E10000016", "E10000099,x", "'E10000099' has never been seen"),
        (
            MID_2023_COUNCIL,
            "2023,E10000016",
            "2023,E06000001",
            "row 3: council 805 is given twice for 2023",
        ),
        (
            MID_2023_COUNCIL,
            ",60,70,80,",
            ",60,7O,80,",
            "row 3: '7O' is neither a number nor",
        ),
        (MID_2023_COUNCIL, ",60,70,80,", ",60,x,80,", "column 7, row 3: there is no number"),
        (
            MID_2023_COUNCIL,
            ",60,70,80,",
            ",60,71,80,",
            "at age 7 councils add up to 78 where England has 77",
        ),
        (BEFORE_CENSUS, "2019,E10000016", "2018,E10000016", "has fewer councils than"),
        (REVISED_0_17, ",886,", ",999,", "'999' has never been seen"),
        (REVISED_0_17, ",x", ",~", "'~' is neither a number nor a known symbol"),
        (PROJECTION, "2047", "2048", "column '2047' is missing (unknown: '2048')"),
        (PROJECTION, "\n25,", "\n26,", "the rows are not ages 0 to 25, each once"),
    ],
)
def test_a_bad_file_gives_one_clear_line(
    made_up: SourceFolder, path: str, old: str, new: str, message: str
) -> None:
    file = made_up.root / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReportError) as raised:
        population.observations(made_up)
    assert message in str(raised.value)
    assert str(raised.value).startswith(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("path", [MID_2023_COUNCIL, BEFORE_CENSUS, REVISED_0_17, PROJECTION])
def test_a_missing_file(made_up: SourceFolder, path: str) -> None:
    (made_up.root / path).unlink()
    with pytest.raises(ReportError, match="the file is missing"):
        population.observations(made_up)


def test_a_row_given_twice_in_the_revised_series(made_up: SourceFolder) -> None:
    file = made_up.root / REVISED_0_17
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")
    with pytest.raises(ReportError, match="'population_0_17' is given twice for area 805"):
        population.observations(made_up)
