"""Survey results, typed from the pages on which they were published."""

from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from sendreform.errors import ReportError
from sendreform.sources import survey
from sendreform.sources.catalogue import read_words
from sendreform.sources.reading import SourceFolder


@pytest.fixture
def words() -> dict[str, Any]:
    text = (resources.files("sendreform.sources") / "survey.yml").read_text("utf-8")
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@pytest.mark.parametrize(
    ("measure", "period", "question", "expected"),
    [
        ("survey_disagree", "2024", "works_well", 97),
        ("survey_disagree_more_than", "2024", "adequately_funded", 90),
        ("survey_councils_saying", "2024", "insolvent_within_one_year", 25),
        ("survey_councils_saying", "2024", "insolvent_within_three_years", 50),
        # 26 of the 38 councils that replied.
        ("survey_councils_saying", "2024", "section_114_before_2027", round(26 / 38 * 100)),
        ("survey_councils_saying", "2025", "no_balanced_budget_2028_29", 65),
        ("survey_councils_saying", "2026", "no_balanced_budget_2028_29", 79),
    ],
)
def test_published_results(
    tmp_path: Path, measure: str, period: str, question: str, expected: int
) -> None:
    found = survey.observations(SourceFolder(tmp_path)).set_index(
        ["measure", "area", "period", "breakdown"]
    )["value"]
    assert found[measure, "E92000001", period, f"question:{question}"] == expected


def test_every_result_is_attributed(tmp_path: Path) -> None:
    figures, record = survey.observations(SourceFolder(tmp_path)), read_words("survey")
    assert set(record.sources["source"]) == set(figures["source"])
    assert set(record.measures["measure"]) == set(figures["measure"])
    assert record.sources["url"].str.startswith("http").all()
    assert (record.sources["publisher"] != "").all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "works_wel"}, "'works_wel' is not described. Did you mean works_well?"),
        ({"source": "hearsay"}, "survey.yml, result 1: source 'hearsay' is not described."),
        ({"share": 970}, "survey.yml, result 1: 970 is not a share in per cent."),
        ({"shares": 97}, "a result needs measure, question, share, source, year"),
    ],
)
def test_a_bad_result_gives_one_clear_line(
    words: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    words["results"][0] |= change
    with pytest.raises(ReportError) as raised:
        survey.results(words)
    assert message in str(raised.value)


def test_a_result_given_twice(words: dict[str, Any]) -> None:
    words["results"].append(words["results"][0])
    with pytest.raises(ReportError, match="'survey_disagree' is given twice"):
        survey.results(words)
