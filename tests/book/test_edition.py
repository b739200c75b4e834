"""An edition for one place: a strict build of its own, in which every link leads somewhere."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from conftest import ROOT
from sendreform.book.building import build_edition


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition of a place with very few plans, where most can be missing."""
    folder = tmp_path_factory.mktemp("edition")
    index = build_edition(
        ROOT, "Isles of Scilly", {"baseline_year": "2018"}, lambda *_: None, out=folder
    )
    return index.parent


def pages(edition: Path) -> list[Path]:
    return [
        *edition.glob("*.html"),
        *edition.glob("book/*.html"),
        *edition.glob("notebooks/*.html"),
    ]


def test_every_link_of_an_edition_leads_somewhere(edition: Path) -> None:
    broken = []
    for path in pages(edition):
        if path.name == "404.html":  # shown anywhere, so its links begin at the site
            continue
        for element in BeautifulSoup(path.read_text("utf-8"), "html.parser").find_all(
            ["a", "link", "script", "img"]
        ):
            target = element.get("href") or element.get("src") or "#"
            parts = urlsplit(target)
            within = not parts.scheme and not target.startswith("#")
            if within and not (path.parent / unquote(parts.path)).is_file():
                broken.append((path.name, target))
    assert broken == []


def test_an_edition_reads_as_written_for_its_place(edition: Path) -> None:
    front = BeautifulSoup((edition / "index.html").read_text("utf-8"), "html.parser")
    assert "SEND reform in the Isles of Scilly" in front.h1.get_text()
    assert "Verdict for England" in front.get_text()
    for path in pages(edition):
        text = BeautifulSoup(path.read_text("utf-8"), "html.parser").article
        assert text is None or "IPython.core" not in text.get_text()
