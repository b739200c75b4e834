"""What others need to run, cite and keep the report: containers, Binder, citation, data package.

No container is built here. What a build would use is held against what the checks use: the same
image, packages and commands.
"""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from typing import Any

import pytest
import yaml
from frictionless import validate

from conftest import ROOT

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
CI = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")


def words(text: str) -> set[str]:
    return set(text.split())


def instruction(name: str) -> list[str]:
    """What follows an instruction of the Dockerfile, lines that go on joined."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} (.*)$", joined, re.MULTILINE)


# ---------------------------------------------------------------- containers


def test_the_container_is_the_image_of_the_checks() -> None:
    assert instruction("FROM") == re.findall(r"container: (\S+)", CI) == ["python:3.12-bookworm"]
    assert (ROOT / ".binder/runtime.txt").read_text("utf-8") == "python-3.12\n"
    python = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert python["requires-python"] == ">=3.11"


def test_containers_have_the_packages_that_the_checks_install() -> None:
    (wanted,) = re.findall(r"no-install-recommends \\\n\s+(.*?) >/dev/null", _ci_run(), re.DOTALL)
    assert words(wanted) == {"chromium", "fonts-liberation"}
    assert words(wanted) <= words(instruction("RUN")[0])
    # Binder's image is made from Ubuntu, which packages no Chromium; notebooks do without.
    binder = words((ROOT / ".binder/apt.txt").read_text("utf-8"))
    assert words(wanted) - binder == {"chromium"}


def test_containers_install_the_same_lock_as_make_does() -> None:
    make = (ROOT / "Makefile").read_text("utf-8")
    for line in re.findall(r"-m pip (install .*)$", make, re.MULTILINE):
        assert line in DOCKERFILE
    assert (ROOT / ".binder/requirements.txt").read_text("utf-8") == "-r ../requirements.lock\n"
    post = (ROOT / ".binder/postBuild").read_text("utf-8")
    assert "pip install --quiet --no-deps --no-build-isolation -e ." in post
    assert (ROOT / ".binder/postBuild").stat().st_mode & 0o111


def test_the_shell_lines_of_the_containers_parse() -> None:
    for line in [*instruction("RUN"), (ROOT / ".binder/postBuild").read_text("utf-8")]:
        subprocess.run(["bash", "-n"], input=line, text=True, check=True)


def test_the_container_builds_the_book_and_runs_the_tests() -> None:
    (command,) = instruction("CMD")
    assert json.loads(command) == ["make", "book", "test"]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"book", "test", "preview"} <= set(targets)
    assert instruction("ENV") == ["SENDREFORM_BROWSER_REQUIRED=1"]


def test_the_development_container_is_the_same_one() -> None:
    made = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    folder = ROOT / ".devcontainer"
    assert (folder / made["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (folder / made["build"]["context"]).resolve() == ROOT
    assert made["postCreateCommand"] == "make .venv/.ready"
    assert "touch .venv/.ready" in DOCKERFILE


def _ci_run() -> str:
    return (ROOT / ".ci/run").read_text("utf-8")


# ---------------------------------------------------------------- citation, archive, data package


def check_schema(name: str, *files: Any) -> int:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}"]
    return subprocess.run([*command, *map(str, files)], capture_output=True, check=False).returncode


def test_the_citation_is_valid_by_the_schema_of_its_format(tmp_path: Any) -> None:
    assert check_schema("citation-file-format", ROOT / "CITATION.cff") == 0
    wrong = tmp_path / "CITATION.cff"
    wrong.write_text(yaml.safe_dump(CITATION | {"date-released": "soon"}), "utf-8")
    assert check_schema("citation-file-format", wrong) == 1


def test_version_and_words_are_the_same_wherever_they_stand() -> None:
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    package = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))
    assert (
        version("sendreform")
        == project["version"]
        == CITATION["version"]
        == zenodo["version"]
        == package["version"]
    )
    assert zenodo["title"] == CITATION["title"]
    assert zenodo["keywords"] == CITATION["keywords"]
    assert zenodo["license"] == CITATION["license"] == project["license"]
    assert [one["name"] for one in zenodo["creators"]] == [
        one["name"] for one in CITATION["authors"]
    ]


def test_zenodo_is_told_what_it_asks_for() -> None:
    """No schema of Zenodo's is at hand: these are the fields that its guide requires."""
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    assert {"title", "description", "upload_type", "creators", "access_right", "license"} <= {
        *zenodo
    }
    assert (zenodo["upload_type"], zenodo["access_right"]) == ("software", "open")
    assert re.fullmatch(r"[a-z]{3}", zenodo["language"])


def test_the_data_package_is_valid_with_every_table_in_it() -> None:
    report = validate(str(ROOT / "data/datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "note"])[:5]
    described = json.loads((ROOT / "data/datapackage.json").read_text("utf-8"))["resources"]
    tables = {path.relative_to(ROOT / "data").as_posix() for path in ROOT.glob("data/**/*.csv")}
    # What somebody looked at in an import, and which files came one by one, is no part of it.
    assert {each["path"] for each in described} == tables - {"accepted.csv", "taken_in.csv"}


@pytest.mark.parametrize("fault", ["a column that is not there", "a table that is not there"])
def test_a_data_package_that_is_wrong_is_not_valid(tmp_path: Any, fault: str) -> None:
    (tmp_path / "plans.csv").write_text("area,value\nE92000001,718838\n", "utf-8")
    field = "period" if "column" in fault else "area"
    path = "gone.csv" if "table" in fault else "plans.csv"
    fields = [{"name": field, "type": "string"}, {"name": "value", "type": "number"}]
    table = {"name": "plans", "type": "table", "path": path, "schema": {"fields": fields}}
    package = {"name": "p", "resources": [table]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


# ---------------------------------------------------------------- RAP


def test_the_assessment_names_every_criterion_and_nothing_that_is_not_there() -> None:
    """Five criteria of baseline, nine of silver, four of gold, beside "all of those before"."""
    page = (ROOT / "book/rap.md").read_text("utf-8")
    levels = dict(zip(*[iter(re.split(r"^## (Baseline|Silver|Gold)$", page, flags=re.M)[1:])] * 2,
                      strict=True))  # fmt: skip
    counts = {}
    for level, text in levels.items():
        rows = re.findall(r"^\| (?!criterion|-).+? \| (.+?) \| .+ \|$", text, re.MULTILINE)
        assert set(rows) <= {"**met**", "**met in part**", "**not met**"}
        counts[level] = len(rows)
    assert counts == {"Baseline": 5, "Silver": 9, "Gold": 4}
    for name in re.findall(r"`([\w./]+\.(?:md|yml|lock|toml))`", page):
        assert (ROOT / name).is_file()
