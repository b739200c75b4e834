"""What every test may ask for: the official files, where they are at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from as_tested import ROOT, tested_project
from sendreform.sources.reading import SourceFolder

OFFICIAL_FILES = ROOT.parent / "shared" / "sources"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the number of spoiled files that the import is tried on."""
    parser.addoption(
        "--spoiled", type=int, default=96, help="how many spoiled official files to import"
    )


@pytest.fixture(scope="module")
def in_the_project() -> Iterator[None]:
    """Read the project's own data, as tests name figures of them, wherever these are started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tested_project())
        yield


@pytest.fixture(scope="session")
def source_folder() -> SourceFolder:
    """The folder of official files; the test is skipped where it is not at hand."""
    if not OFFICIAL_FILES.is_dir():
        pytest.skip("the official files are not at hand in ../shared/sources")
    return SourceFolder(OFFICIAL_FILES)


@pytest.fixture
def links(source_folder: SourceFolder, tmp_path: Path) -> Path:
    """A folder that looks like the official one and can be spoiled file by file."""
    folder = tmp_path / "sources"
    for path in source_folder.root.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(source_folder.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
    return folder
