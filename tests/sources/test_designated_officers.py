"""Designated officers: figures read by hand in the file, and what bad files say."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import designated_officers
from sendreform.sources.reading import SourceFolder

HEADER = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,new_la_code,old_la_code,la_name,des_med_off,des_clin_off,des_so_care_off"
)
GATESHEAD = "E92000001,England,E12000001,North East,E08000037,390,Gateshead"


@pytest.mark.sources
def test_figures_are_those_published(source_folder: SourceFolder) -> None:
    table = designated_officers.observations(source_folder)
    in_post = table[table["measure"] == "designated_officer_in_post"]
    kinds = in_post.groupby(["breakdown", "period"])["value"].sum()
    # Counted in the file: 153 councils in 2025, of which 13 returned nothing on social care.
    assert kinds["officer:clinical", "2025-01"] == 143
    assert kinds["officer:medical", "2025-01"] == 91
    assert kinds["officer:social_care", "2025-01"] == 117
    social_care = in_post[in_post["breakdown"] == "officer:social_care"]
    assert set(social_care["period"]) == {"2025-01"}
    assert (social_care["status"] == "x").sum() == 13
    assert in_post.groupby("period")["area"].nunique().to_dict() == {
        "2019-01": 152, "2020-01": 151, "2021-01": 151, "2022-01": 152, "2023-01": 152,
        "2024-01": 153, "2025-01": 153,
    }  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., SourceFolder]:
    """Return a function that writes the file from its lines."""

    def write(*lines: str, header: str = HEADER) -> SourceFolder:
        path = tmp_path / designated_officers.PATH
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
        return SourceFolder(tmp_path)

    return write


def row(year: str, *answers: str, council: str = GATESHEAD) -> str:
    """Write a row for Gateshead."""
    return f"{year},Calendar year,Local authority,{council},{','.join(answers)}"


def test_answers_become_ones_and_noughts(folder: Callable[..., SourceFolder]) -> None:
    durham = GATESHEAD.replace("390", "840")
    table = designated_officers.observations(
        folder(
            row("2024", "Yes", "Recruiting", "n/a"),
            row("2025", "No", "Yes", "Not returned"),
            row("2025", "No", "Yes", "n/a", council=durham),
        )
    )
    keyed = table.set_index(["measure", "area", "period", "breakdown"])
    in_post = keyed.loc["designated_officer_in_post"]
    assert in_post.loc[("390", "2024-01", "officer:medical"), "value"] == 1
    assert in_post.loc[("390", "2024-01", "officer:clinical"), "value"] == 0
    assert keyed.loc["designated_officer_recruiting"].loc[
        ("390", "2024-01", "officer:clinical"), "value"
    ] == 1  # fmt: skip
    # Nobody was asked about social care in 2024; in 2025 one council did not answer.
    assert ("390", "2024-01", "officer:social_care") not in in_post.index
    assert in_post.loc[("390", "2025-01", "officer:social_care"), "status"] == "x"
    assert in_post.loc[("840", "2025-01", "officer:social_care"), "status"] == "z"
    assert pd.isna(in_post.loc[("840", "2025-01", "officer:social_care"), "value"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([row("2025", "Yes", "Maybe", "No")], r"row 2, column 'des_clin_off': 'Maybe' is no known"),
        (
            [row("202425", "Yes", "Yes", "No")],
            r"row 2, column 'time_period': '202425' is not a year",
        ),
        ([row("2025", "Yes", "Yes")], r"row 2: the row has 12 cells where the header has 13"),
        ([row("2025", "Yes", "Yes", "No")] * 2, r"'designated_officer_in_post' is given twice"),
    ],
)
def test_bad_input_is_told_in_one_line(
    folder: Callable[..., SourceFolder], lines: list[str], message: str
) -> None:
    with pytest.raises(ReportError, match=message) as error:
        designated_officers.observations(folder(*lines))
    assert "\n" not in str(error.value)


def test_a_renamed_column_is_named(folder: Callable[..., SourceFolder]) -> None:
    renamed = folder(
        row("2025", "Yes", "Yes", "No"), header=HEADER.replace("des_med_off", "med_off")
    )
    with pytest.raises(ReportError, match=r"column 'des_med_off' is missing \(unknown: 'med_off'"):
        designated_officers.observations(renamed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"sen2_dmo_dco.csv: the file is missing"):
        designated_officers.observations(SourceFolder(tmp_path))
