"""Area SEND inspections under both frameworks."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import inspections
from sendreform.sources.catalogue import read_words
from sendreform.sources.council_codes import REFERENCE, REFERENCE_COLUMNS
from sendreform.sources.inspections import FIRST_ROUND, FIRST_ROUND_SHEET, SINCE_2023
from sendreform.sources.reading import SourceFolder

REQUIRED, GRADE = "area_send_written_statement_required", "area_send_inspection_grade"


@pytest.fixture(scope="module")
def official(source_folder: SourceFolder) -> pd.DataFrame:
    return inspections.observations(source_folder)


@pytest.mark.sources
def test_counts(official: pd.DataFrame) -> None:
    counts = official.groupby("measure")["value"].value_counts().to_dict()
    # Ofsted counted 149 areas in the first round, 82 with a written statement of action.
    assert (counts[REQUIRED, 1], counts[REQUIRED, 0]) == (82, 67)
    assert [counts[GRADE, grade] for grade in (1, 2, 3)] == [19, 52, 24]


@pytest.mark.sources
def test_the_first_round_is_that_of_the_departments_dashboard(
    official: pd.DataFrame, source_folder: SourceFolder
) -> None:
    dashboard = pd.read_csv(source_folder.file("inspection/dfe_incl_dashboard_ofsted.csv"))
    asked = dashboard.set_index("la_code").filter(like="written statement of action").iloc[:, 0]
    ours = official[official["measure"] == REQUIRED].set_index("area")["value"]
    for gss, area in {"E06000047": "840", "E06000005": "841", "E08000037": "390"}.items():
        assert ours[area] == (asked[gss] == "Yes")


@pytest.mark.sources
def test_the_first_reports_of_2023_are_those_that_ofsted_listed(
    official: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """The official list of the first outcomes: an independent check of the table from reports."""
    listed = pd.read_csv(source_folder.file("inspection/mi_ofsted_winter_2223.csv"))
    grades = official[official["measure"] == GRADE].set_index("area")
    for name, area in {
        "Brighton and Hove": "846", "Gateshead": "390", "Oldham": "353", "Rutland": "857",
        "Warrington": "877", "Plymouth": "879",
    }.items():  # fmt: skip
        theirs = listed[listed["Local.area.partnership"] == name].iloc[0]
        grade = {"Typically": 1, "Inconsistent": 2, "Widespread": 3}[
            theirs["Inspection.outcome"].split()[0]
        ]
        day, month, year = theirs["Inspection.publication.date"].split("/")
        assert grades.loc[area, "value"] == grade
        assert grades.loc[area, "period"] == f"{year}-{month}-{day}"


@pytest.mark.sources
def test_slough_has_no_grade_and_is_not_0(official: pd.DataFrame) -> None:
    slough = official[(official["measure"] == GRADE) & (official["area"] == "871")].iloc[0]
    assert pd.isna(slough["value"])
    assert slough["status"] == "blank"


@pytest.mark.sources
def test_new_councils_keep_their_own_codes(official: pd.DataFrame) -> None:
    graded = set(official.loc[official["measure"] == GRADE, "area"])
    assert {"838", "942", "943"} <= graded
    assert "909" not in graded


@pytest.mark.sources
def test_everything_has_a_record(official: pd.DataFrame) -> None:
    words = read_words("inspections")
    assert set(words.measures["measure"]) == set(official["measure"])
    assert set(words.sources["source"]) == set(official["source"])


# --- made-up files --------------------------------------------------------------------------------

HEADING = "Inspection outcome: written statement of action required?"


@pytest.fixture
def made_up(tmp_path: Path) -> SourceFolder:
    _write(
        tmp_path / REFERENCE,
        [
            REFERENCE_COLUMNS,
            ["886", "E10000016", "Kent", "", "E12000008", "2017", "2025", "Kent", "", "SC", "", ""],
        ],
    )
    _write_first_round(tmp_path, ["2019-03-29 00:00:00", "Yes"])
    row = dict.fromkeys(inspections._SINCE_2023_COLUMNS, "") | {
        "La Code": "886",
        "Publication Date": "26/06/26",
        "Outcome Grade": "2.0",
        "outcome_class": "inconsistent",
    }
    _write(tmp_path / SINCE_2023, [list(row), list(row.values())])
    return SourceFolder(tmp_path)


def _write(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_first_round(
    root: Path, cells: list[str], *, heading: str = HEADING, sheet: str = FIRST_ROUND_SHEET
) -> None:
    path = root / FIRST_ROUND
    path.parent.mkdir(parents=True, exist_ok=True)
    header = ["", "Local authority code", "", "", "", "Inspection publication date", heading]
    row = ["", "E10000016", "", "", "", *cells]
    above = [["Title", *[""] * 6]] * 4
    rows = [*above, header, row]
    pd.DataFrame(rows).to_excel(path, sheet_name=sheet, header=False, index=False, engine="odf")


def test_made_up_inspections(made_up: SourceFolder) -> None:
    read = inspections.observations(made_up)
    assert read[["measure", "area", "period", "value"]].to_numpy().tolist() == [
        [GRADE, "886", "2026-06-26", 2],
        [REQUIRED, "886", "2019-03-29", 1],
    ]


@pytest.mark.parametrize(
    ("cells", "more", "message"),
    [
        (["2019-03-29 00:00:00", "Maybe"], {}, "column 7, row 6: 'Maybe' is neither Yes nor No"),
        (["March 2019", "No"], {}, "column 6, row 6: 'March 2019' is not a date"),
        (
            ["2019-03-29 00:00:00", "No"],
            {"heading": "Outcome"},
            "row 5: column 7 is headed 'Outcome'",
        ),
        (["2019-03-29 00:00:00", "No"], {"sheet": "Sheet 1"}, "the workbook has no sheet"),
    ],
)
def test_a_bad_first_round(
    made_up: SourceFolder, cells: list[str], more: dict[str, str], message: str
) -> None:
    _write_first_round(made_up.root, cells, **more)
    with pytest.raises(ReportError) as raised:
        inspections.observations(made_up)
    assert message in str(raised.value)
    assert str(raised.value).startswith(FIRST_ROUND)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("La Code", "LA Code", "column 'La Code' is missing (unknown: 'LA Code')"),
        (",886,", ",999,", "'999' has never been seen"),
        ("2.0", "3.0", "row 2: grade '3.0' does not go with 'inconsistent'"),
        ("2.0", "2.0*", "'2.0*' is neither a number nor a known symbol"),
        ("26/06/26", "26/13/26", "column Publication Date, row 2: '26/13/26' is not a date"),
    ],
)
def test_a_bad_table_since_2023(made_up: SourceFolder, old: str, new: str, message: str) -> None:
    file = made_up.root / SINCE_2023
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReportError) as raised:
        inspections.observations(made_up)
    assert message in str(raised.value)
    assert str(raised.value).startswith(SINCE_2023)


def test_an_inspection_given_twice(made_up: SourceFolder) -> None:
    file = made_up.root / SINCE_2023
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")
    with pytest.raises(ReportError, match=f"'{GRADE}' is given twice for area 886"):
        inspections.observations(made_up)


def test_a_workbook_cut_short(made_up: SourceFolder) -> None:
    file = made_up.root / FIRST_ROUND
    file.write_bytes(file.read_bytes()[:1500])
    with pytest.raises(ReportError, match="the workbook is damaged or cut short"):
        inspections.observations(made_up)


@pytest.mark.parametrize("path", [FIRST_ROUND, SINCE_2023])
def test_a_missing_file(made_up: SourceFolder, path: str) -> None:
    (made_up.root / path).unlink()
    with pytest.raises(ReportError, match="the file is missing"):
        inspections.observations(made_up)
