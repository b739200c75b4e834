"""Children waiting for community health services."""

from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import community_health
from sendreform.sources.catalogue import read_words
from sendreform.sources.community_health import WAITS
from sendreform.sources.reading import SourceFolder


@pytest.fixture(scope="module")
def official(source_folder: SourceFolder) -> pd.DataFrame:
    return community_health.observations(source_folder)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "period", "service", "expected"),
    [
        # As the Royal College of Paediatrics and Child Health gave them for March 2023.
        ("community_health_waiting", "2023-03", "community_paediatrics", 71_925),
        ("community_health_waiting_over_52_weeks", "2023-03", "community_paediatrics", 8_054),
        # As the Department's dashboard gave them.
        (
            "community_health_waiting_over_18_weeks_share",
            "2023-01",
            "speech_and_language_therapy",
            35.1,
        ),
        ("community_health_waiting_over_18_weeks_share", "2023-10", "community_paediatrics", 60.2),
        # 36,093 waiting 18 to 52 weeks and 14,033 longer.
        ("community_health_waiting_over_18_weeks", "2023-10", "community_paediatrics", 50_126),
    ],
)
def test_published_figures(
    official: pd.DataFrame, measure: str, period: str, service: str, expected: float
) -> None:
    found = official.set_index(["measure", "area", "period", "breakdown"])["value"]
    assert found[measure, ENGLAND, period, f"health_service:{service}"] == expected


@pytest.mark.sources
def test_shape(official: pd.DataFrame) -> None:
    assert len(official) == 4 * 4 * 10  # measures, services, January to October 2023
    assert set(official["area"]) == {ENGLAND}
    words = read_words("community_health")
    assert set(words.measures["measure"]) == set(official["measure"])
    declared = set(words.breakdowns["dimension"] + ":" + words.breakdowns["code"])
    assert set(official["breakdown"]) == declared


@pytest.fixture
def made_up(tmp_path: Path) -> SourceFolder:
    file = tmp_path / WAITS
    file.parent.mkdir(parents=True)
    file.write_text(
        '"","Therapy","Total waiting list","Waiting >18-52 weeks","Waiting >52 weeks","Date",'
        '"Percentage waiting more than 18 weeks","formattedDate"\n'
        '"1","Audiology",200,40,10," May 2023",25,2023-05-01\n'
    )
    return SourceFolder(tmp_path)


def test_made_up_figures_by_hand(made_up: SourceFolder) -> None:
    read = community_health.observations(made_up)
    assert read["period"].unique().tolist() == ["2023-05"]
    assert read["value"].tolist() == [200, 50, 25, 10]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Therapy", "Service", "column 'Therapy' is missing (unknown: 'Service')"),
        ('"formattedDate"', '"formattedDate",Extra', "unknown column 'Extra'"),
        ("Audiology", "Audio", "column Therapy, row 2: unknown service 'Audio'. Did you mean Audi"),
        ("200", "2OO", "'2OO' is neither a number nor a known symbol"),
        ("200", "", "row 2: the share waiting more than 18 weeks is 25.0"),
        ("40", "60", "is 25.0, where the numbers waiting give 35.0"),
        (" May 2023", "Maytime", "column Date, row 2: 'Maytime' is not a month"),
        (",40,10,", ",40,", "row 2: the row has 7 cells where the header has 8"),
    ],
)
def test_a_bad_file_gives_one_clear_line(
    made_up: SourceFolder, old: str, new: str, message: str
) -> None:
    file = made_up.root / WAITS
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ReportError) as raised:
        community_health.observations(made_up)
    assert message in str(raised.value)
    assert str(raised.value).startswith(WAITS)


def test_a_month_given_twice(made_up: SourceFolder) -> None:
    file = made_up.root / WAITS
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")
    with pytest.raises(ReportError, match="is given twice"):
        community_health.observations(made_up)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="the file is missing"):
        community_health.observations(SourceFolder(tmp_path))
