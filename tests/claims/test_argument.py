"""What people write in data/argument/: every kind of slip is one line that says what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from sendreform.book.reform_page import MEETS
from sendreform.charts.causal_maps import MARKS
from sendreform.claims.argument import GROUNDS, problems
from sendreform.claims.reform import READINGS
from sendreform.store import open_store

Spoil = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's data without the argument."""
    path = tmp_path_factory.mktemp("data")
    for each in (ROOT / "data").iterdir():
        if each.name != "argument":
            (path / each.name).symlink_to(each)
    return path


@pytest.fixture
def data(folder: Path) -> Path:
    """The project's data, with a copy of the argument for a test to spoil."""
    shutil.rmtree(folder / "argument", ignore_errors=True)
    shutil.copytree(ROOT / "data/argument", folder / "argument")
    return folder


def rewrite(data: Path, name: str, spoil: Spoil) -> None:
    path = data / "argument" / f"{name}.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    spoil(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")


def test_the_argument_of_the_report_has_no_slip() -> None:
    assert problems(open_store(ROOT / "data")) == []


def test_a_page_can_show_every_mark_and_reading() -> None:
    assert set(GROUNDS) == set(MARKS)
    assert set(READINGS) == set(MEETS)


def rule(content: dict[str, Any]) -> Any:
    return next(test for test in content["tests"] if test["id"] == "appeals-per-plan")


def of_data(content: dict[str, Any]) -> Any:
    return next(link for link in content["links"] if link["mark"] == "data")


@pytest.mark.parametrize(
    ("name", "spoil", "line"),
    [
        (
            "tests",
            lambda content: content.pop("findings"),
            "tests.yml: findings is missing. Add findings: …",
        ),
        (
            "tests",
            lambda content: rule(content).update(result="change_in_appeals_per_thousand"),
            "tests.yml, test appeals-per-plan, result: unknown result "
            "'change_in_appeals_per_thousand'. Did you mean change_in_appeals_per_thousand_plans",
        ),
        (
            "tests",
            lambda content: rule(content)["critics"][0].update(say="x"),
            "tests.yml, test appeals-per-plan, critic Law Gazette: unknown entry 'say'. "
            "Did you mean says?",
        ),
        (
            "tests",
            lambda content: rule(content)["critics"][0].pop("url"),
            "tests.yml, test appeals-per-plan, critic Law Gazette: url is missing. Add url: …",
        ),
        (
            "tests",
            lambda content: rule(content).update(not_supported={"below": 30}),
            "tests.yml, test appeals-per-plan: the two bounds overlap",
        ),
        (
            "tests",
            lambda content: content["tests"].append(rule(content)),
            "tests.yml, test: 'appeals-per-plan' is there twice.",
        ),
        (
            "tests",
            lambda content: content["tests"].append("growth"),
            "tests.yml, test ?: 'growth' is no record. Write id: … and so on.",
        ),
        (
            "causal_map",
            lambda content: of_data(content).update(see="plan-on-time"),
            "unknown test 'plan-on-time'. Did you mean plans-on-time",
        ),
        (
            "causal_map",
            lambda content: content["links"][0].update(to="plan"),
            "causal_map.yml, link need to plan, to: unknown node 'plan'. Did you mean plans",
        ),
        (
            "causal_map",
            lambda content: content["links"][0].update(mark="assertion"),
            "mark: unknown mark 'assertion'. Did you mean asserted?",
        ),
        (
            "causal_map",
            lambda content: content["links"][0].pop("url"),
            "causal_map.yml, link need to requests: url is missing. Add url: …",
        ),
        (
            "causal_map",
            lambda content: content["nodes"][0].update(stage=9),
            "causal_map.yml, node entitlement: there is no stage 9. Write one of 1, 2, 3, 4, 5.",
        ),
        (
            "reform",
            lambda content: content["root_causes"][0].update(meets="partly"),
            "meets: unknown reading 'partly'.",
        ),
        (
            "reform",
            lambda content: content["root_causes"][0]["tests"].append("same-needs"),
            "tests: unknown test 'same-needs'. Did you mean same-needs-everywhere",
        ),
        (
            "reform",
            lambda content: content["recommendations"][0]["indicators"][1].update(better="more"),
            "'more' is no direction. Write rises, falls, neither.",
        ),
        (
            "reform",
            lambda content: content["recommendations"][0]["indicators"][0].update(measure="plans"),
            "measure: unknown measure 'plans'. Did you mean",
        ),
        (
            "reform",
            lambda content: content["recommendations"][0].update(indicators=[]),
            "there are no indicators, and missing does not say why.",
        ),
        (
            "reform",
            lambda content: content["events"][0].update(claims=["C9999"]),
            "reform.yml, event 2023-03-02, claims: unknown claim 'C9999'.",
        ),
        (
            "reform",
            lambda content: content["events"][0].update(url="gov.uk"),
            "'gov.uk' is no address. Write it like https://…",
        ),
        (
            "faults",
            lambda content: content["faults"][0].update(periods=["2025-06"]),
            "unknown period '2025-06'.",
        ),
    ],
)
def test_a_slip_is_one_line_with_file_record_entry_and_what_to_do(
    data: Path, name: str, spoil: Spoil, line: str
) -> None:
    rewrite(data, name, spoil)
    [problem] = problems(open_store(data))
    assert problem.startswith(f"{name}.yml")
    assert line in problem
    assert "\n" not in problem


def test_every_slip_is_told_and_not_the_first_alone(data: Path) -> None:
    rewrite(data, "tests", lambda content: rule(content).update(because=""))
    rewrite(data, "reform", lambda content: content["events"][0].update(date="spring"))
    rewrite(data, "reform", lambda content: content["events"][1].pop("source"))
    assert len(problems(open_store(data))) == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "the file cannot be read"),
        ("", "the file holds no entries"),
        ("- a\n- b\n", "the file holds no entries"),
        ("a: [", "the file cannot be read"),
    ],
)
def test_a_file_that_is_missing_empty_or_no_yaml_is_one_line(
    data: Path, text: str | None, complaint: str
) -> None:
    path = data / "argument/causal_map.yml"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    [problem] = problems(open_store(data))
    assert problem.startswith(f"causal_map.yml: {complaint}")
    assert "\n" not in problem
