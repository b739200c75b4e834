"""The notebooks run as they are on the data of a release that nobody has seen yet."""

import shutil
from pathlib import Path

import pytest

from conftest import ROOT
from releases.made_release import make_release
from releases.test_taking_in import ARCHIVE, PUBLISHED
from sendreform.book.execution import NOTEBOOKS, execute
from sendreform.sources.reading import SourceFolder
from sendreform.store.taking_in import Download, take_in

pytestmark = pytest.mark.sources


def test_every_notebook_runs_on_a_release_of_the_year_after(
    source_folder: SourceFolder, tmp_path: Path
) -> None:
    """Councils' figures then end with January 2027, and funding is known for no year to come."""
    project = tmp_path / "project"
    aside = shutil.ignore_patterns(".*", "_build", "tests", "bench", "__pycache__")
    shutil.copytree(ROOT, project, ignore=aside)
    archive = make_release(tmp_path / "made.zip", source_folder.file(ARCHIVE))
    take_in([Download(archive, PUBLISHED)], project / "data")
    made = execute(project, tmp_path / "executed", notebooks=NOTEBOOKS)
    assert len(made) == len(NOTEBOOKS)
    told = (tmp_path / "executed/cost_of_delay.ipynb").read_text("utf-8")
    # Funding is in the data to the year before, and plans are counted to January 2027.
    assert "total is in our data to 2025-26" in told
    assert "January 2027" in told
