"""The notebooks run as they are on the data of a release that nobody has seen yet."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from as_tested import project_as_tested, tested_project
from conftest import ROOT
from releases.made_release import make_release
from releases.test_taking_in import ARCHIVE, PUBLISHED, contents
from sendreform.book.execution import NOTEBOOKS, execute
from sendreform.sources.reading import SourceFolder
from sendreform.store.taking_in import Download, take_in

pytestmark = pytest.mark.sources


@pytest.fixture(scope="module")
def project(source_folder: SourceFolder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a release of June 2027; councils' figures then end with January 2027."""
    folder = tmp_path_factory.mktemp("later")
    aside = shutil.ignore_patterns(".*", "_build", "data", "tests", "bench", "__pycache__")
    project = Path(shutil.copytree(ROOT, folder / "project", ignore=aside))
    shutil.copytree(tested_project() / "data", project / "data")
    archive = make_release(folder / "made.zip", source_folder.file(ARCHIVE))
    take_in([Download(archive, PUBLISHED)], project / "data")
    return project


def test_every_notebook_runs_on_a_release_of_the_year_after(project: Path, tmp_path: Path) -> None:
    """Funding is then known for no year to come."""
    made = execute(project, tmp_path, notebooks=NOTEBOOKS)
    assert len(made) == len(NOTEBOOKS)
    told = (tmp_path / "cost_of_delay.ipynb").read_text("utf-8")
    # Funding is in the data to the year before, and plans are counted to January 2027.
    assert "total is in our data to 2025-26" in told
    assert "January 2027" in told


def test_tests_read_the_figures_of_their_day_after_a_release(project: Path, tmp_path: Path) -> None:
    yesterday = str(datetime.now(UTC).date() - timedelta(days=1))
    cut, now, here = (
        contents(folder / "data/observations")
        for folder in (project_as_tested(project, tmp_path, yesterday), project, tested_project())
    )
    assert cut != now
    assert cut == here
