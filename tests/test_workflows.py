"""The workflows are valid, ask for few rights, and their scripts do what they are for."""

import json
import re
import runpy
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import ROOT
from sendreform.cli import app
from sendreform.fetching.watching import COLUMNS

FOLDER = ROOT / ".github/workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
SCRIPTS = sorted(path for path in (ROOT / ".ci").iterdir() if not path.suffix)
#: Rights beyond reading, by workflow and job: what each is for stands beside it there.
RIGHTS = {
    ("ci.yml", "publish"): {"contents", "pages", "id-token"},
    ("watch.yml", "watch"): {"contents", "pull-requests", "issues", "actions"},
    ("weekly.yml", "next-sphinx"): {"issues"},
}


def workflow(path: Path) -> dict[Any, Any]:
    content = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(content, dict)
    return content


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in workflow(path)["jobs"].values() for step in job["steps"]]


def test_every_kind_of_run_has_its_workflow() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "watch.yml", "weekly.yml"]
    # YAML reads the key "on" as true.
    assert set(workflow(FOLDER / "ci.yml")[True]) == {"push", "pull_request", "workflow_dispatch"}
    assert workflow(FOLDER / "ci.yml")[True]["push"]["tags"] == ["v*"]
    assert all("schedule" in workflow(FOLDER / name)[True] for name in ("watch.yml", "weekly.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_valid_by_its_schema(path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    checked = subprocess.run(
        [*command, "vendor.github-workflows", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout


def test_the_schema_refuses_a_workflow_that_is_wrong(tmp_path: Path) -> None:
    wrong = (FOLDER / "weekly.yml").read_text("utf-8").replace("runs-on:", "run-on:", 1)
    (tmp_path / "wrong.yml").write_text(wrong, "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    checked = subprocess.run(
        [*command, "vendor.github-workflows", str(tmp_path / "wrong.yml")],
        capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 1


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_has_limits_and_few_rights(path: Path) -> None:
    content = workflow(path)
    assert set(content) == {"name", True, "permissions", "concurrency", "jobs"}
    assert content["permissions"] == {"contents": "read"}
    for name, job in content["jobs"].items():
        assert job["runs-on"] == "ubuntu-24.04"
        assert job["timeout-minutes"] <= 60
        rights = {right for right, level in job.get("permissions", {}).items() if level == "write"}
        assert rights == RIGHTS.get((path.name, name), set())
        for step in job["steps"]:
            assert ("uses" in step) != ("run" in step)
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "actions/any@v1"))
            # What a stranger can name, such as a branch, reaches a shell as a variable alone.
            assert not re.search(r"\$\{\{", step.get("run", ""))


@pytest.mark.parametrize("path", [*WORKFLOWS, *SCRIPTS], ids=lambda path: path.name)
def test_every_command_exists_and_every_script_parses(path: Path) -> None:
    known = {str(command.name or command.callback.__name__) for command in app.registered_commands}
    if path in WORKFLOWS:
        lines = "\n".join(step["run"] for step in steps(path) if "run" in step)
    else:
        lines = path.read_text("utf-8")
        assert path.stat().st_mode & 0o111
    subprocess.run(["bash", "-n"], input=lines, text=True, check=True)
    for name in re.findall(r"bin/sendreform ([a-z]+)", lines):
        assert name in known
    for script in re.findall(r"(?<!\w)(\.ci/[\w.-]+)", lines):
        assert (ROOT / script).is_file()


def test_the_watch_asks_for_entries_that_the_check_tells() -> None:
    asked = set(re.findall(r"each\[['\"](\w+)", (ROOT / ".ci/propose.py").read_text("utf-8")))
    asked -= {"title"} - set(COLUMNS)
    assert asked == {
        "is_new", "title", "publication", "their_release", "theirs", "our_release", "ours", "id",
    }  # fmt: skip
    assert asked <= set(COLUMNS)


# ---------------------------------------------------------------- the watch proposes a release

RELEASE = {
    "publication": "education-health-and-care-plans", "title": "Education, health and care plans",
    "ours": "2026-06-25", "our_release": "Reporting year 2026", "theirs": "2027-06-24",
    "their_release": "Reporting year 2027", "is_new": True, "id": "0190a0a0-7b1c",
}  # fmt: skip
#: Stands in for gh: writes down what it is asked, and answers that there is nothing yet.
GH = """#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$ASKED"
[ "$2" != list ] || cat "$LISTED/$1"
"""
#: Stands in for the package: an update that adds a figure, refuses, or does both.
SENDREFORM = """#!/usr/bin/env bash
printf 'sendreform %s\\n' "$*" >> "$ASKED"
case "$1" in
  update) [ "$REFUSES" = all ] || echo new >> data/figures.csv
          case "$REFUSES" in
            all | some) echo "sendreform: unknown column 'zzz'." >&2; exit 1 ;;
          esac ;;
  build) [ "$REFUSES" != build ] || exit 1
         echo new >> notebooks/one.ipynb ;;
  diff) echo "EHC plans rose by 9.0% in the year to January 2027" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project under git, with somewhere to push to, and stand-ins for both commands."""
    root = tmp_path / "project"
    for folder in ("data", "notebooks", ".ci", ".venv/bin", "bin"):
        (root / folder).mkdir(parents=True)
    for name in ("data/figures.csv", "notebooks/one.ipynb"):
        (root / name).write_text("old\n", "utf-8")
    shutil.copy(ROOT / ".ci/propose.py", root / ".ci")
    for name, script in ((".venv/bin/sendreform", SENDREFORM), ("bin/gh", GH)):
        (root / name).write_text(script, "utf-8")
        (root / name).chmod(0o755)
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "origin"], check=True)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for command in (
        ["init", "--quiet"], ["remote", "add", "origin", str(tmp_path / "origin")],
        ["add", "data", "notebooks"], ["commit", "--quiet", "--message", "First"],
    ):  # fmt: skip
        subprocess.run(["git", *who, *command], cwd=root, check=True)
    return root


def propose(
    root: Path, *releases: dict[str, Any], refuses: str = "none", issue: str = "", pulls: str = "[]"
) -> list[str]:
    """Run the script; return what was asked of gh and of the package.

    ``issue`` is the title of the only issue that was opened before, ``pulls`` are such requests.
    """
    (root / "releases.json").write_text(json.dumps(releases), "utf-8")
    listed = root / "listed"
    listed.mkdir(exist_ok=True)
    (listed / "pr").write_text(pulls, "utf-8")
    (listed / "issue").write_text(json.dumps([{"title": issue}]), "utf-8")
    asked = root / "asked"
    asked.write_text("", "utf-8")
    subprocess.run(
        [sys.executable, root / ".ci/propose.py", root / "releases.json"],
        check=True, capture_output=True,
        env={"PATH": f"{root / 'bin'}:/usr/bin:/bin", "ASKED": str(asked),
             "REFUSES": refuses, "LISTED": str(listed),
             "GIT_CONFIG_GLOBAL": "/dev/null"},
    )  # fmt: skip
    return asked.read_text("utf-8").splitlines()


def test_a_new_release_becomes_a_pull_request(checkout: Path) -> None:
    asked = propose(checkout, RELEASE)
    branch = "release/education-health-and-care-plans-2027-06-24-0190a0a0-7b1c"
    ran = [line for line in asked if line.startswith("sendreform")]
    assert ran == [
        "sendreform update", "sendreform changes", "sendreform build --store-outputs",
        "sendreform diff HEAD",
    ]  # fmt: skip
    (opened,) = [line for line in asked if line.startswith("pr create")]
    assert f"--head {branch}" in opened
    assert "EHC plans rose by 9.0% in the year to January 2027" in asked
    assert asked[-1] == f"workflow run ci.yml --ref {branch}"
    for name in ("data/figures.csv", "notebooks/one.ipynb"):
        pushed = subprocess.run(
            ["git", "show", f"{branch}:{name}"], cwd=checkout.parent / "origin",
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert pushed.stdout == "old\nnew\n"


def test_many_releases_have_a_branch_of_their_own_though_its_name_is_cut() -> None:
    branch_of = runpy.run_path(str(ROOT / ".ci/propose.py"))["branch_of"]
    first = [
        {"publication": f"publication-{letter * 40}", "theirs": "2027-12-10", "id": letter}
        for letter in "abc"
    ]
    later = [*first[:2], first[2] | {"theirs": "2028-01-20"}]
    assert branch_of(first) == branch_of(first)
    assert branch_of(first) != branch_of(later)
    assert len(branch_of(later)) < 110


def test_a_release_that_is_published_again_has_another_branch_and_title() -> None:
    propose = runpy.run_path(str(ROOT / ".ci/propose.py"))
    again = RELEASE | {"ours": RELEASE["theirs"], "id": "0190a0a0-fff"}
    assert propose["branch_of"]([again]) != propose["branch_of"]([RELEASE])
    title = "New release: Education, health and care plans, Reporting year 2027"
    assert propose["title_of"]([RELEASE]) == title
    assert propose["title_of"]([again]) == f"{title}, published again (a0a0-fff)"


def test_a_release_that_the_import_refuses_becomes_an_issue_with_its_line(checkout: Path) -> None:
    asked = propose(checkout, RELEASE, refuses="all")
    assert any(line.startswith("issue create --title New release: Educ") for line in asked)
    assert "sendreform: unknown column 'zzz'." in asked
    assert not [line for line in asked if line.startswith("pr create")]


def test_a_release_that_is_refused_keeps_no_other_out_of_the_pull_request(checkout: Path) -> None:
    schools = RELEASE | {"publication": "special-educational-needs-in-england"}
    asked = propose(checkout, RELEASE, schools, refuses="some")
    assert any(line.startswith("pr create") for line in asked)
    assert "sendreform: unknown column 'zzz'." in asked
    assert not [line for line in asked if line.startswith("issue create")]


def test_data_with_which_the_book_cannot_be_built_are_proposed_and_it_is_told(
    checkout: Path,
) -> None:
    asked = propose(checkout, RELEASE, refuses="build")
    assert any(line.startswith("pr create") for line in asked)
    assert any(
        "`sendreform build --store-outputs` failed with the new data" in one for one in asked
    )


TITLE = "New release: Education, health and care plans, Reporting year 2027"


def test_what_is_refused_still_is_not_told_again(checkout: Path) -> None:
    asked = propose(checkout, RELEASE, issue=TITLE, refuses="all")
    assert "sendreform update" in asked
    assert not [line for line in asked if "create" in line]


def test_what_was_refused_and_is_mended_becomes_a_pull_request(checkout: Path) -> None:
    """A branch that an earlier run pushed before it ended does not stand in its way."""
    branch = "release/education-health-and-care-plans-2027-06-24-0190a0a0-7b1c"
    push = ["git", "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}"]
    subprocess.run(push, cwd=checkout, check=True)
    asked = propose(checkout, RELEASE, issue=TITLE)
    assert [line for line in asked if line.startswith(f"pr create --base main --head {branch}")]


def test_what_is_proposed_already_is_not_proposed_again(checkout: Path) -> None:
    asked = propose(checkout, RELEASE, pulls='[{"number": 7}]')
    assert not [line for line in asked if "create" in line or line.startswith("sendreform")]


def test_nothing_new_asks_nothing(checkout: Path) -> None:
    assert propose(checkout, RELEASE | {"is_new": False}) == []


# ---------------------------------------------------------------- a reviewer sees what moved


@pytest.mark.parametrize("preview", ["https://github.com/x/y/artifacts/1", ""])
def test_the_summary_of_a_change_leads_to_its_preview_and_tells_what_moved(
    checkout: Path, preview: str
) -> None:
    shutil.copy(ROOT / ".ci/summary", checkout / ".ci")
    told = subprocess.run(
        [checkout / ".ci/summary", preview, "origin/main"], check=True, capture_output=True,
        text=True, env={"PATH": "/usr/bin:/bin", "ASKED": str(checkout / "asked")},
    ).stdout  # fmt: skip
    assert (f"]({preview})" if preview else "No book was built") in told
    assert "EHC plans rose by 9.0% in the year to January 2027" in told
    assert (checkout / "asked").read_text("utf-8") == "sendreform diff origin/main\n"


# ---------------------------------------------------------------- editions stay readable


def archive(folder: Path, version: str, words: str) -> None:
    page = folder / "index.html"
    page.write_text(words, "utf-8")
    with tarfile.open(folder / f"site-{version}.tar.gz", "w:gz") as made:
        made.add(page, "./index.html")
    page.unlink()


def with_editions(site: Path, archives: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ROOT / ".ci/with-editions", site, archives], capture_output=True, text=True, check=False
    )


def test_every_archived_edition_has_an_address_of_its_own(tmp_path: Path) -> None:
    site, archives = tmp_path / "site", tmp_path / "archives"
    site.mkdir()
    archives.mkdir()
    (site / "index.html").write_text("newest", "utf-8")
    (site / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    archive(archives, "0.4.0", "fourth")
    archive(archives, "0.5.0", "fifth")
    assert with_editions(site, archives).returncode == 0
    assert (site / "index.html").read_text("utf-8") == "newest"
    assert (site / "editions/0.4.0/index.html").read_text("utf-8") == "fourth"
    assert (site / "editions/0.5.0/index.html").read_text("utf-8") == "fifth"
    assert "Disallow: /editions/" in (site / "robots.txt").read_text("utf-8")


def test_a_publication_without_its_own_archive_stops(tmp_path: Path) -> None:
    (tmp_path / "archives").mkdir()
    failed = with_editions(tmp_path, tmp_path / "archives")
    assert failed.returncode == 1
    assert "No edition is archived" in failed.stderr
