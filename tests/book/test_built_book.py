"""The built pages, read as files: links, text alternatives, hosts, unfilled places."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from sendreform.book import execution

PAGES = [
    "index.html",
    *(f"book/{name}.html" for name in (
        "how_to_read", "data_and_sources", "measures", "methods", "glossary", "for_analysts",
        "how_to_cite", "what_changed")),
    *(f"notebooks/{name}.html" for name in (
        "reform_essential", "reform_unavoidable", "systemic_root_causes", "what_reform_needs",
        "claim_ledger")),
]  # fmt: skip
FINDINGS = [f"notebooks/{name}.html" for name in execution.FINDINGS]
#: Pages with charts.
CHARTED = [*FINDINGS, "notebooks/what_reform_needs.html"]

#: Attributes by which a page makes a browser ask for something.
ASKING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


def read(html: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((html / page).read_text("utf-8"), "html.parser")


def asked_for(page: BeautifulSoup) -> Iterator[str]:
    for tag, attribute in ASKING.items():
        for element in page.find_all(tag):
            if element.get(attribute) and "canonical" not in (element.get("rel") or []):
                yield element[attribute]


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(html: Path, page: str) -> None:
    broken = []
    for element in read(html, page).find_all(["a", "link", "script", "img"]):
        target = element.get("href") or element.get("src")
        parts = urlsplit(target or "")
        if not target or parts.scheme or target.startswith("#"):
            continue
        path = (html / page).parent / unquote(parts.path)
        if not path.is_file():
            broken.append(target)
        elif parts.fragment and path.suffix == ".html":
            ids = {
                tag["id"]
                for tag in BeautifulSoup(path.read_text("utf-8"), "html.parser").find_all(id=True)
            }
            if unquote(parts.fragment) not in ids:
                broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_asked_of_another_host(html: Path, page: str) -> None:
    foreign = [url for url in asked_for(read(html, page)) if urlsplit(url).netloc]
    assert foreign == []
    assert "unpkg" not in (html / page).read_text("utf-8")


def test_styles_ask_nothing_of_another_host(html: Path) -> None:
    foreign = [
        (path.name, url)
        for path in (html / "_static").rglob("*.css")
        for url in re.findall(r"url\(['\"]?(https?://[^)'\"]+)", path.read_text("utf-8"))
    ]
    assert foreign == []


@pytest.mark.parametrize("page", PAGES)
def test_no_place_is_left_unfilled(html: Path, page: str) -> None:
    words = read(html, page)
    for code in words.select("pre, script"):
        code.decompose()
    text = words.get_text(" ")
    assert not re.search(r"\{glue|glue:text|\bnan\b|\bNone\b|\bNaN\b|<NA>|Traceback", text)


@pytest.mark.parametrize("page", FINDINGS)
def test_each_finding_has_at_least_five_charts_with_their_own_words(html: Path, page: str) -> None:
    figures = read(html, page).select("figure.sr-figure")
    assert len(figures) >= 5
    for figure in figures:
        alts = {image["aria-label"] for image in figure.select('[role="img"]')}
        assert len(alts) == 1
        alt = alts.pop()
        title = figure.select_one(".sr-title").get_text(strip=True)
        assert 0 < len(alt) <= 220
        assert alt != title
        assert figure.select("svg") and figure.select("table") and figure.select("a[download]")


@pytest.mark.parametrize("page", FINDINGS)
def test_a_finding_answers_first(html: Path, page: str) -> None:
    content = read(html, page).select_one("article")
    answer, figure = content.select_one(".sr-answer"), content.select_one("figure.sr-figure")
    assert re.search(r"\d", answer.get_text())
    assert content.get_text().index(answer.get_text()) < content.get_text().index(figure.get_text())
    assert "What would change our mind" in content.get_text()


def test_the_front_page_gives_each_finding_with_a_figure_and_a_link(html: Path) -> None:
    cards = read(html, "index.html").select_one(".sr-cards").select(".sr-card")
    assert len(cards) == 3
    for card, page in zip(cards, FINDINGS, strict=True):
        assert card.select_one("a")["href"].endswith(page)
        assert re.search(r"\d", card.get_text())


def test_every_measure_and_file_of_the_catalogue_is_on_its_page(html: Path) -> None:
    package = json.loads((html.parents[1] / "data/datapackage.json").read_text("utf-8"))
    names = {item["name"] for item in package["resources"] if not item["name"].startswith("table-")}
    shown = {tag["id"] for tag in read(html, "book/measures.html").find_all("dt", id=True)}
    assert {f"measure-{name}" for name in names} <= shown
    files = read(html, "book/data_and_sources.html").find_all("dt", id=re.compile("^source-"))
    assert len(files) >= 20


@pytest.mark.parametrize("page", PAGES)
def test_headings_step_down_one_at_a_time(html: Path, page: str) -> None:
    levels = [int(tag.name[1]) for tag in read(html, page).select("article :is(h1,h2,h3,h4)")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
