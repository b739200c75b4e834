"""How a build of the book runs beside the notebooks of places, and how it ends."""

import time
from pathlib import Path

import pytest

from sendreform.book import building
from sendreform.errors import ReportError


def test_the_first_complaint_of_a_build_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "reading; index.md:3: WARNING: no such page; ERROR: another"
    monkeypatch.setattr(
        building, "JUPYTER_BOOK", f"print({said!r}.replace('; ', chr(10))); raise SystemExit(1)"
    )
    log = tmp_path / "build.log"
    with (
        pytest.raises(ReportError, match=r"^book: index.md:3: WARNING: no such page"),
        building._jupyter_book(tmp_path, log, everything=True),
    ):
        pass
    assert log.read_text("utf-8").splitlines()[0] == "reading"


def test_a_build_ends_where_what_runs_beside_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "JUPYTER_BOOK", "import time; time.sleep(600)")
    began = time.monotonic()
    with (
        pytest.raises(ReportError, match="the page of Kent"),
        building._jupyter_book(tmp_path, tmp_path / "build.log", everything=True),
    ):
        raise ReportError("a cell failed", where="the page of Kent")
    assert time.monotonic() - began < 60
