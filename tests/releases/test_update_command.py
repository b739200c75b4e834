"""``sendreform update`` from the question to the new data, with a server that may misbehave."""

import csv
import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from as_tested import tested_project
from conftest import ROOT
from fetching.loopback import PLANS, SCHOOLS, Behaviour, archive_of, run_update
from releases.made_release import Rows, make_release, make_tables, written
from releases.test_taking_in import ARCHIVE, contents
from sendreform import cli
from sendreform.changes import comparison
from sendreform.errors import ReportError
from sendreform.fetching.watching import watched
from sendreform.sources.reading import SourceFolder
from sendreform.store import open_store

pytestmark = pytest.mark.sources

Update = Callable[..., int]


def release(identity: str, published: str) -> dict[str, object]:
    return {
        "id": identity,
        "title": "Reporting year 2027",
        "slug": "2027",
        "published": f"{published}T08:30:00Z",
    }


def one_mediation_more(tables: dict[str, Rows]) -> None:
    """Revise requests after mediation in Kent, its region and England by one."""
    for row in tables["data/requests.csv"]:
        whole = row["breakdown"].startswith("All requests")
        south_east = row["region_name"] == "South East" and not row["la_name"]
        if whole and (row["la_name"] == "Kent" or south_east or not row["region_name"]):
            row["mediation_related_request"] = str(int(row["mediation_related_request"]) + 1)


@pytest.fixture(scope="module")
def archive(source_folder: SourceFolder, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("made")
    return make_release(folder / "made.zip", source_folder.file(ARCHIVE)).read_bytes()


@pytest.fixture
def behaviour(archive: bytes) -> Behaviour:
    """The plans have a new release, and so have schools, of which nothing can be read."""
    ours = watched(open_store(tested_project() / "data"))["publication"]
    dates = dict.fromkeys(ours, "2013-01-01") | {PLANS: "2027-06-24"}
    return Behaviour(
        releases={slug: release(slug, date) for slug, date in dates.items()},
        publications=[
            {"id": slug, "slug": slug, "title": slug, "lastPublished": dates[slug]} for slug in ours
        ],
        files={PLANS: archive, SCHOOLS: archive_of("pupils,year\n1,2027\n")},
    )


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(tested_project() / "data", tmp_path / "data")
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    return tmp_path


@pytest.fixture
def update(behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch) -> Update:
    """Runs ``sendreform update`` where the test is, against the server; returns its exit code."""
    return partial(run_update, monkeypatch, behaviour)


@pytest.fixture
def moves_untold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what moves, which takes most of the time, and which other tests read."""
    monkeypatch.setattr(comparison, "compare", lambda *_editions: None)
    monkeypatch.setattr(cli, "_print_changes", lambda _found: None)


def test_one_command_brings_the_new_release_in(
    behaviour: Behaviour, project: Path, update: Update, capsys: pytest.CaptureFixture[str]
) -> None:
    """The server is busy at first, and cuts the file off twice."""
    behaviour.fails = [(429, {"Retry-After": "0"}), (503, {})]
    behaviour.cuts, behaviour.cut_after = 2, 100_000
    assert update("ehc_plans") == 0
    told = capsys.readouterr().out
    # What moves is told before the line that says what was replaced.
    headline = "EHC plans fell by 11.1% in the year to January 2027, to 638,745"
    assert 0 < told.index(headline) < told.index("data/ was replaced")
    record = open_store(project / "data").sources.loc["caseload_2027"]
    assert record["published"] == "2027-06-24"
    assert record["url"].endswith(f"/find-statistics/{PLANS}/2027")
    # Asked again, nothing is new, and nothing is downloaded.
    before = contents(project / "data")
    behaviour.asked.clear()
    assert update(PLANS) == 0
    assert "Nothing is new" in capsys.readouterr().out
    assert not any("/releases/" in path for path, _ in behaviour.asked if path.endswith("/files"))
    assert contents(project / "data") == before


@pytest.fixture
def revised(source_folder: SourceFolder, tmp_path: Path) -> bytes:
    """The archive with one figure of Kent, its region and England revised."""
    official = source_folder.file(ARCHIVE)
    return make_release(tmp_path / "made.zip", official, change=one_mediation_more).read_bytes()


@pytest.mark.usefixtures("moves_untold")
def test_a_release_that_is_published_again_under_its_date_is_new(
    behaviour: Behaviour, project: Path, update: Update, revised: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Its id tells. What it revises is asked about; where it revises nothing, that is noted."""
    assert update(PLANS) == 0
    again = release("0190a0a0-again", "2027-06-24")
    behaviour.releases[PLANS] = again
    capsys.readouterr()
    assert update(PLANS, "--check", "--format", "csv") == 0
    (line,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (line["ours"], line["theirs"], line["is_new"]) == ("2027-06-24", "2027-06-24", "True")
    before = contents(project / "data")
    behaviour.files["0190a0a0-again"] = revised
    assert update(PLANS) == 1
    assert "request_mediations, area 886 (Kent), period 2026" in capsys.readouterr().err.replace(
        "\n", " "
    )
    assert contents(project / "data") == before
    again_the_same = project / "again.zip"
    again_the_same.write_bytes(behaviour.files[PLANS])
    with zipfile.ZipFile(again_the_same, "a") as repacked:
        repacked.writestr("data-guidance/more.txt", "Packed anew\n")
    behaviour.files["0190a0a0-again"] = again_the_same.read_bytes()
    assert update(PLANS) == 0
    changed = {
        name for name, text in contents(project / "data").items() if text != before.get(name)
    }
    assert changed == {"taken_in.csv"}
    assert update(PLANS) == 0
    assert "Nothing is new" in capsys.readouterr().out


@pytest.mark.parametrize("identity", ["../../x", "a/b", "", "x" * 65])
def test_an_id_that_leads_elsewhere_is_refused(
    behaviour: Behaviour, project: Path, update: Update, identity: str
) -> None:
    """It becomes part of an address and of a file's name."""
    behaviour.releases[PLANS] = release(identity, "2027-06-24")
    before = contents(project / "data")
    assert update(PLANS) == 1
    assert contents(project / "data") == before
    assert not list(project.glob("_build/**/*.zip"))


@pytest.mark.usefixtures("moves_untold")
def test_the_tables_of_a_release_come_from_the_api_where_it_has_all_of_them(
    behaviour: Behaviour,
    project: Path,
    update: Update,
    source_folder: SourceFolder,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the release of 2027 had, the API has of the next one; and one table that is not read.

    The catalogue pins the data sets and their versions.
    """
    assert update(PLANS) == 0
    behaviour.releases[PLANS] = release(PLANS, "2028-06-22") | {"slug": "2028"}
    tables = make_tables(source_folder.file(ARCHIVE), by=3)
    sets = {f"0190a0a0-{number}": written(rows) for number, rows in enumerate(tables.values())}
    sets["0190a0a0-99"] = b"time_period,pupils\n202728,1\n"
    behaviour.tables = {f"{identity} 1.0": table for identity, table in sets.items()}
    behaviour.data_sets[PLANS] = [
        {
            "id": identity, "title": identity, "status": "Published", "version": "1.0",
            "release": "2028", "published": "2028-06-22",
        }
        for identity in sets
    ]  # fmt: skip
    behaviour.asked.clear()
    assert update(PLANS) == 0
    assert open_store(project / "data").observations("ehc_plans")["period"].max() == "2028-01"
    capsys.readouterr()
    assert not any(path.endswith("/files") for path, _ in behaviour.asked)
    after = open_store(project / "data")
    record = after.sources.loc["caseload_2028"]
    assert record["member"] == "data-sets/0190a0a0-0/1.0.csv"
    assert record["altered"].startswith("Our code put the tables of the release")
    assert record["path"] == "ehc_plans/education-health-and-care-plans_2028.zip"
    assert after.observations("ehc_plans", "E92000001")["period"].max() == "2028-01"
    # A corrected version of one table alone: told as new, whatever the release's own date.
    behaviour.data_sets[PLANS][0] |= {"version": "1.1", "published": "2028-06-22"}
    assert update(PLANS, "--check", "--format", "json") == 0
    (asked,) = json.loads(capsys.readouterr().out)
    assert asked["ours"] == asked["theirs"] == "2028-06-22"
    assert asked["is_new"] and asked["data_sets"] == len(sets)


def test_a_dry_run_shows_what_would_move(
    project: Path, update: Update, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project / "data")
    assert update("ehc_plan_requests", "--dry-run") == 0
    told = capsys.readouterr().out
    assert "January 2027" in told and "A dry run: data/ is as it was." in told
    assert contents(project / "data") == before
    assert (project / f"_build/releases/{PLANS}_2027-06-24_{PLANS}.zip").is_file()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda content: content[:50_000], "the archive is damaged"),
        (lambda _content: b"<html>Sorry</html>", "the archive is damaged"),
        (lambda _content: archive_of("area,plans\n886,20635\n"), "no table in it"),
    ],
    ids=["cut short", "no archive", "another publication"],
)
def test_a_file_that_is_wrong_leaves_everything_as_it_was(
    behaviour: Behaviour,
    project: Path,
    update: Update,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[bytes], bytes],
    says: str,
) -> None:
    before = contents(project / "data")
    behaviour.files[PLANS] = spoil(behaviour.files[PLANS])
    assert update(PLANS) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert says in said[-1] and said[-1].startswith("sendreform: ")
    assert contents(project / "data") == before


@pytest.mark.usefixtures("moves_untold")
def test_a_file_that_was_refused_is_put_aside_and_asked_for_anew(
    behaviour: Behaviour, archive: bytes, project: Path, update: Update
) -> None:
    """The publisher puts the right one in its place, under the same date."""
    behaviour.files[PLANS] = archive_of("area,plans\n886,20635\n")
    assert update(PLANS) == 1
    kept = [path.name for path in (project / "_build/releases").iterdir()]
    assert kept == [f"refused_{PLANS}_2027-06-24_{PLANS}.zip"]
    behaviour.files[PLANS] = archive
    assert update(PLANS) == 0
    assert "caseload_2027" in open_store(project / "data").sources.index


@pytest.mark.usefixtures("moves_untold")
def test_a_release_that_cannot_be_downloaded_keeps_no_other_out(
    behaviour: Behaviour, project: Path, update: Update, capsys: pytest.CaptureFixture[str]
) -> None:
    behaviour.releases[SCHOOLS] = release(SCHOOLS, "2027-06-12")
    behaviour.files[SCHOOLS] = b"<html>Sorry</html>"
    del behaviour.releases[
        next(slug for slug in behaviour.releases if slug not in (PLANS, SCHOOLS))
    ]
    assert update() == 1
    told = capsys.readouterr()
    assert "data/ was replaced" in told.out
    assert "the archive is damaged" in told.err
    assert "any more" in told.err
    assert "caseload_2027" in open_store(project / "data").sources.index


def test_a_service_that_fails_throughout_is_one_line(
    behaviour: Behaviour, project: Path, update: Update, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project / "data")
    behaviour.fails = [(500, {})] * 50
    assert update() == 1
    assert "the service answers 500" in capsys.readouterr().err
    assert contents(project / "data") == before


@pytest.mark.usefixtures("moves_untold")
def test_a_release_that_is_refused_keeps_no_other_out(
    behaviour: Behaviour, project: Path, update: Update, capsys: pytest.CaptureFixture[str]
) -> None:
    behaviour.releases[SCHOOLS] = release(SCHOOLS, "2027-06-12")
    assert update() == 1
    told = capsys.readouterr()
    assert "data/ was replaced" in told.out
    assert f"{SCHOOLS}_2027-06-12_{SCHOOLS}.zip: no table in it" in told.err
    assert "caseload_2027" in open_store(project / "data").sources.index


@pytest.mark.parametrize(
    ("name", "publications"),
    [
        ("ehc_plans", {PLANS}),
        ("ehc_caseload", {PLANS}),
        ("process", {PLANS}),
        (PLANS, {PLANS}),
    ],
)
def test_a_publication_goes_by_our_names_too(name: str, publications: set[str]) -> None:
    assert {*watched(open_store(tested_project() / "data"), name)["publication"]} == publications


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ehc_plan", "Did you mean ehc_plans"),
        ("education-health-care-plans", "Did you mean education-health-and-care-plans"),
        ("gdp_deflator", "'gdp_deflator' comes from no publication of the service"),
    ],
)
def test_another_name_offers_the_near_ones(name: str, says: str) -> None:
    with pytest.raises(ReportError) as raised:
        watched(open_store(tested_project() / "data"), name)
    assert says in str(raised.value)
