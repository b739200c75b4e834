"""Archives and workbooks that mean harm are refused, and nothing is written or run."""

import io
import random
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from fuzz.mutations import of_archive, of_workbook
from sendreform.errors import ReportError
from sendreform.sources import reading
from sendreform.sources.reading import SourceFolder, read_csv, read_json, read_parquet
from sendreform.sources.workbooks import read_sheet

PLANS = b"area,plans\n886,20635\n"


@pytest.fixture
def archive(tmp_path: Path) -> bytes:
    path = tmp_path / "plans.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("data/plans.csv", PLANS)
    return path.read_bytes()


@pytest.fixture
def workbook() -> bytes:
    written = io.BytesIO()
    pd.DataFrame([["England", 5], ["Kent", 3]]).to_excel(written, index=False, header=False)
    return written.getvalue()


def plans(folder: Path, content: bytes) -> pd.DataFrame:
    (folder / "plans.zip").write_bytes(content)
    return read_csv(SourceFolder(folder), "plans.zip", ["area", "plans"], member="data/plans.csv")


def sheet(folder: Path, content: bytes) -> pd.DataFrame:
    (folder / "plans.xlsx").write_bytes(content)
    return read_sheet(SourceFolder(folder), "plans.xlsx", "Sheet1")


def complaint(raised: pytest.ExceptionInfo[ReportError]) -> str:
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, archive: bytes) -> None:
    bomb = of_archive(archive, "zip_bomb", "data/plans.csv", random.Random(1))
    assert len(bomb) < 5_000_000
    with pytest.raises(ReportError) as raised:
        plans(tmp_path, bomb)
    assert "the file holds 500 MB, more than the 200 MB that any official file may" in complaint(
        raised
    )


def test_a_member_that_leads_out_of_the_folder_is_refused_and_never_written(
    tmp_path: Path, archive: bytes
) -> None:
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    spoiled = of_archive(archive, "path_outside", "data/plans.csv", random.Random(1))
    with pytest.raises(ReportError) as raised:
        plans(inner, spoiled)
    assert "leads out of its folder" in complaint(raised)
    found = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*"))
    assert found == ["a/b/plans.zip", "plans.zip"]


def test_an_encrypted_archive_is_refused(tmp_path: Path, archive: bytes) -> None:
    spoiled = of_archive(archive, "encrypted", "data/plans.csv", random.Random(1))
    with pytest.raises(ReportError) as raised:
        plans(tmp_path, spoiled)
    assert "encrypted" in complaint(raised)


def test_a_file_that_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 10)
    (tmp_path / "plans.csv").write_bytes(PLANS)
    with pytest.raises(ReportError) as raised:
        SourceFolder(tmp_path).read_bytes("plans.csv")
    assert complaint(raised).startswith("plans.csv: the file holds")


def test_a_workbook_is_read_as_data_and_no_formula_is_worked_out(
    tmp_path: Path, workbook: bytes
) -> None:
    assert sheet(tmp_path, workbook).to_numpy().tolist() == [["England", "5"], ["Kent", "3"]]
    spoiled = of_workbook(workbook, "formula_cell", random.Random(2))
    # The value that was stored with the formula, not one worked out here.
    assert sheet(tmp_path, spoiled).loc["row 1", 1] == "5"


@pytest.mark.parametrize(
    ("kind", "says"),
    [("workbook_bomb", "any official file may"), ("entities", "declares a document type")],
)
def test_a_hostile_workbook_is_refused(
    tmp_path: Path, workbook: bytes, kind: str, says: str
) -> None:
    with pytest.raises(ReportError) as raised:
        sheet(tmp_path, of_workbook(workbook, kind, random.Random(3)))
    assert says in complaint(raised)


@pytest.mark.parametrize("content", [b'{"a": NaN}', b'{"a": ', b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(ReportError) as raised:
        read_json(SourceFolder(tmp_path), "a.json")
    assert complaint(raised).startswith("a.json: ")


def test_a_parquet_file_that_unpacks_to_far_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand times the same number packs into next to nothing."""
    pd.DataFrame({"a": [str(n % 7) * 20 for n in range(100_000)]}).to_parquet(
        tmp_path / "a.parquet", compression="zstd", use_dictionary=False
    )
    size = (tmp_path / "a.parquet").stat().st_size
    assert len(read_parquet(SourceFolder(tmp_path), "a.parquet", ["a"])) == 100_000
    monkeypatch.setattr(reading, "MOST_BYTES", size + 1000)
    with pytest.raises(ReportError) as raised:
        read_parquet(SourceFolder(tmp_path), "a.parquet", ["a"])
    assert "MB" in complaint(raised)
