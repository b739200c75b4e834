"""The import gives the committed data byte for byte, or changes nothing."""

import filecmp
import shutil
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from sendreform.errors import ReportError
from sendreform.sources.reading import SourceFolder
from sendreform.store.importing import carry_over, import_all
from sendreform.store.layout import KEPT_BY_HAND


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.sources
def test_import_reproduces_the_committed_data_byte_for_byte(
    source_folder: SourceFolder, tmp_path: Path
) -> None:
    """What is kept by hand is there before, and carried over; everything else is made anew."""
    carry_over(ROOT / "data", tmp_path / "data")
    kept = contents(tmp_path / "data")
    assert (
        {Path(name).parts[0] for name in kept}
        == {"argument", "claims.csv", "editions"}
        <= {*KEPT_BY_HAND}
    )
    import_all(source_folder.root, tmp_path / "data")
    fresh, committed = contents(tmp_path / "data"), contents(ROOT / "data")
    assert list(fresh) == list(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []
    assert kept.items() <= fresh.items()


def test_what_is_kept_by_hand_is_carried_over_as_it_is(tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "argument/deeper").mkdir(parents=True)
    (old / "argument/deeper/reform.yml").write_bytes(b"a: 1\r\n")
    (old / "claims.csv").write_bytes(b"claim,figure\nC001,1")
    (old / "areas.csv").write_bytes(b"made by the import")
    carry_over(old, tmp_path / "new")
    assert contents(tmp_path / "new") == {
        "argument/deeper/reform.yml": b"a: 1\r\n",
        "claims.csv": b"claim,figure\nC001,1",
    }


@pytest.mark.parametrize("there", [False, True], ids=["no folder", "an empty folder"])
def test_where_nothing_is_kept_by_hand_nothing_is_carried_over(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "old").mkdir()
    carry_over(tmp_path / "old", tmp_path / "new")
    assert contents(tmp_path / "new") == {}


def test_a_file_that_an_import_would_lose_is_told_before_anything_is_read(tmp_path: Path) -> None:
    data, sources = tmp_path / "data", tmp_path / "sources"
    (data / "argument").mkdir(parents=True)
    (data / "argument/notes.txt").write_text("kept by hand", "utf-8")
    (data / "my table.csv").write_text("a,b", "utf-8")
    sources.mkdir()
    with pytest.raises(ReportError, match=r"data/my table\.csv: no import made this file"):
        import_all(sources, data)
    assert set(contents(data)) == {"argument/notes.txt", "my table.csv"}


@pytest.mark.sources
def test_what_people_write_while_an_import_lasts_is_kept(
    source_folder: SourceFolder, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    carry_over(ROOT / "data", data)

    def meanwhile(doing: str) -> None:
        if doing == "replacing data":
            (data / "argument/notes.txt").write_text("written meanwhile", "utf-8")

    import_all(source_folder.root, data, meanwhile)
    assert (data / "argument/notes.txt").read_text("utf-8") == "written meanwhile"


def replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


def cut_short(folder: Path) -> None:
    archive = folder / "ehc_plans/education-health-and-care-plans_2025.zip"
    replace(archive, archive.read_bytes()[:100_000])


def lose_a_member(folder: Path) -> None:
    archive = folder / "ehc_plans/education-health-and-care-plans_2025.zip"
    with zipfile.ZipFile(archive) as whole:
        kept = {name: whole.read(name) for name in whole.namelist() if "caseload" not in name}
    archive.unlink()
    with zipfile.ZipFile(archive, "w") as fewer:
        for name, content in kept.items():
            fewer.writestr(name, content)


def rename_a_column(folder: Path) -> None:
    path = folder / "ehc_plans/sen2_dmo_dco.csv"
    replace(path, path.read_bytes().replace(b"des_clin_off", b"des_clinical", 1))


def stray_symbol(folder: Path) -> None:
    path = folder / "ehc_plans/release_2026_national/caseload_202526_national.csv"
    replace(path, path.read_bytes().replace(b"718838", b"718838?", 1))


def new_council(folder: Path) -> None:
    path = folder / "ehc_plans/sen2_dmo_dco.csv"
    replace(path, path.read_bytes().replace(b",886,", b",999,"))


@pytest.mark.sources
@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (cut_short, ["education-health-and-care-plans_2025.zip", "cut short"]),
        (lose_a_member, ["education-health-and-care-plans_2025.zip", "caseload.csv"]),
        (rename_a_column, ["sen2_dmo_dco.csv", "des_clin_off", "des_clinical"]),
        (stray_symbol, ["caseload_202526_national.csv", "718838?"]),
        (new_council, ["999"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_spoiled_file_is_one_clear_line_and_leaves_data_alone(
    links: Path, tmp_path: Path, spoil, names: list[str]
) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data/catalogue", data / "catalogue")
    spoil(links)
    with pytest.raises(ReportError) as raised:
        import_all(links, data)
    message = str(raised.value)
    assert "\n" not in message
    assert all(name in message for name in names), message
    comparison = filecmp.dircmp(data / "catalogue", ROOT / "data/catalogue")
    assert not (comparison.left_only or comparison.right_only or comparison.diff_files)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".data-lock", "data", "sources"]


@pytest.mark.sources
def test_figures_that_do_not_add_up_are_refused(links: Path, tmp_path: Path) -> None:
    """Every row is well formed, and one council's requests have gained a digit."""
    archive = links / "ehc_plans/education-health-and-care-plans_2025.zip"
    with zipfile.ZipFile(archive) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    lines = members["data/requests.csv"].split(b"\n")
    kent = next(
        place
        for place, line in enumerate(lines)
        if line.startswith(b"2024,") and b",886," in line and b"All requests" in line
    )
    cells = lines[kent].split(b",")
    cells[12] += b"0"
    lines[kent] = b",".join(cells)
    members["data/requests.csv"] = b"\n".join(lines)
    archive.unlink()
    with zipfile.ZipFile(archive, "w") as spoiled:
        for name, content in members.items():
            spoiled.writestr(name, content)
    data = tmp_path / "data"
    with pytest.raises(ReportError, match="ehc_plan_requests does not add up"):
        import_all(links, data)
    assert not data.exists()
