"""What every page carries beside its words: address, description, policy, card."""

import struct
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from docutils import nodes
from docutils.core import publish_doctree

from sendreform.book import pages, site
from sendreform.store import open_store


def test_a_page_has_its_own_description_or_its_first_paragraph() -> None:
    page = publish_doctree("Title\n=====\n\nWhat the page is about.\n\nMore.")
    assert isinstance(page, nodes.document)
    assert site.description("", page) == "What the page is about."
    own = '<meta content="Its &amp; own words." name="description" />'
    assert site.description(own, page) == "Its & own words."
    assert site.description("", None) == ""


def test_a_long_description_ends_with_a_sentence_or_a_word() -> None:
    assert site.in_short("First. " + "word " * 60) == "First."
    cut = site.in_short("word " * 60)
    assert cut.endswith("word …") and len(cut) <= site.LONGEST_DESCRIPTION + 2


def test_the_policy_lets_no_other_site_and_no_written_in_script_run() -> None:
    assert "unsafe" not in site.POLICY
    assert "http" not in site.POLICY
    assert "default-src 'none'" in site.POLICY


@pytest.mark.parametrize(
    ("given", "root"), [("https://example.org/send", "/send/"), ("https://example.org/", "/")]
)
def test_the_address_of_the_site_is_given_from_outside(
    monkeypatch: pytest.MonkeyPatch, given: str, root: str
) -> None:
    monkeypatch.setenv("SENDREFORM_SITE", given)
    assert site.page_address("index") == given.rstrip("/") + "/"
    assert site.page_address("book/methods") == given.rstrip("/") + "/book/methods.html"
    assert site.root() == root
    assert site.known_address() == site.address()


def test_an_address_that_is_not_known_is_not_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDREFORM_SITE", raising=False)
    assert site.known_address() == ""
    assert site.address() == site.PREVIEW


def test_errors_are_reported_to_the_repository_that_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = open_store(Path(__file__).parents[2] / "data")
    monkeypatch.setenv("SENDREFORM_REPOSITORY", "https://example.org/send/")
    told = pages.report_an_error(store)
    assert '<a href="https://example.org/send/issues">open an issue' in told
    monkeypatch.delenv("SENDREFORM_REPOSITORY")
    told = pages.report_an_error(store)
    assert "<a " not in told
    assert "open an issue in the project's repository" in told


def test_a_card_is_a_picture_of_the_size_that_sharing_asks_for() -> None:
    picture = site.card("The root causes are systemic", "A sentence & more. " * 12)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (site.CARD_WIDTH, site.CARD_HEIGHT)


def test_the_map_of_the_site_names_each_page_once_and_no_search(tmp_path: Path) -> None:
    site.write_map(tmp_path, ["index", "book/methods", "search", "book/methods"])
    places = [item.text for item in ElementTree.parse(tmp_path / "sitemap.xml").iter() if item.text]
    named = [text for text in places if text.strip()]
    assert named == [site.page_address("book/methods"), site.page_address("index")]
    assert f"Sitemap: {site.address()}sitemap.xml" in (tmp_path / "robots.txt").read_text("utf-8")


def test_the_newest_publication_is_the_newest_date_of_the_catalogue() -> None:
    store = open_store()
    days = pd.to_datetime(store.sources["published"], errors="coerce", format="%Y-%m-%d")
    newest = days.max()
    assert site.newest_publication(store) == f"{newest.day} {newest:%B} {newest.year}"


def test_a_change_of_what_pages_load_changes_the_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}", "utf-8")
    before = site.stamp([tmp_path])
    (tmp_path / "a.css").write_text("b {}", "utf-8")
    assert site.stamp([tmp_path]) != before
