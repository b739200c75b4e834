"""The workflows are sound YAML, ask for no more rights than they need, and run what there is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from sendreform.cli import app
from sendreform.fetching.watching import COLUMNS

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))


def workflow(path: Path) -> dict[Any, Any]:
    content = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def test_every_kind_of_run_has_its_workflow() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "watch.yml", "weekly.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_limits_and_few_rights(path: Path) -> None:
    content = workflow(path)
    # YAML reads the key "on" as true.
    assert set(content) == {"name", True, "permissions", "concurrency", "jobs"}
    assert content["permissions"]["contents"] == "read"
    for job in content["jobs"].values():
        assert job["runs-on"] == "ubuntu-24.04"
        if "environment" not in job:  # a publication waits for whoever must agree to it
            assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/any@v1"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_of_a_workflow_exists(path: Path) -> None:
    known = {str(command.name or command.callback.__name__) for command in app.registered_commands}
    lines = [
        step["run"]
        for job in workflow(path)["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    for name in re.findall(r"bin/sendreform ([a-z]+)", "\n".join(lines)):
        assert name in known
    for script in re.findall(r"^(\.ci/\S+)", "\n".join(lines), re.MULTILINE):
        assert (ROOT / script).is_file()


def test_the_watch_asks_for_entries_that_the_check_tells() -> None:
    script = (FOLDER / "watch.yml").read_text("utf-8")
    asked = set(re.findall(r"[( ]\.([a-z_]+)", "".join(re.findall(r"jq -[cr].*", script))))
    assert asked == {"is_new", "title", "their_release", "theirs", "our_release", "ours"}
    assert asked <= set(COLUMNS)
