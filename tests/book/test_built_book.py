"""The built pages, read as files: links, text alternatives, hosts, unfilled places."""

import functools
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from sendreform.book import execution, places
from sendreform.book.site import address, root

PAGES = [
    "index.html",
    *(f"book/{name}.html" for name in (
        "how_to_read", "data_and_sources", "measures", "methods", "glossary", "for_analysts",
        "data_files", "how_to_cite", "what_changed", "change_log", "rap", "accessibility")),
    *(f"notebooks/{name}.html" for name in (
        "reform_essential", "reform_unavoidable", "systemic_root_causes", "what_reform_needs",
        "cost_of_delay", "claim_ledger", "council_map")),
    "areas/index.html",
    "search.html",
]  # fmt: skip
FINDINGS = [f"notebooks/{name}.html" for name in execution.FINDINGS]
#: Pages with charts.
CHARTED = [
    *FINDINGS,
    *(f"notebooks/{name}.html" for name in ("what_reform_needs", "cost_of_delay", "council_map")),
]

#: Attributes by which a page makes a browser ask for something.
ASKING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}


def read(html: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((html / page).read_text("utf-8"), "html.parser")


@functools.cache
def ids_of(path: Path) -> set[str]:
    """The places of a page that a link can lead to."""
    page = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    return {tag["id"] for tag in page.find_all(id=True)}


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
        if not path.is_file() or (
            parts.fragment
            and path.suffix == ".html"
            and unquote(parts.fragment) not in ids_of(path.resolve())
        ):
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
    assert not re.search(r"\{glue|glue:text|\bnan\b|\bNone\b(?! of\b)|\bNaN\b|<NA>|Traceback", text)


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


def test_the_front_page_gives_each_finding_with_verdict_answer_chart_and_link(html: Path) -> None:
    front = read(html, "index.html")
    for page, section in zip(FINDINGS, front.select("section:has(> .sr-finding)")[:3], strict=True):
        told = section.select_one(".sr-finding")
        assert re.match(r"(Supported|Not supported|Cannot be tested)", told.get_text(strip=True))
        assert re.search(r"\d", told.get_text())
        assert told.select_one("a")["href"] == page
        assert len(section.select("figure.sr-figure")) == 1
    assert "published on" in front.get_text()
    assert front.select_one("[data-own]")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_description_a_title_and_a_lasting_address(html: Path, page: str) -> None:
    head = read(html, page).head
    assert head.title.get_text(strip=True)
    if page == "search.html":
        return
    assert 20 <= len(head.select_one("meta[name=description]")["content"]) <= 210
    assert head.select_one("link[rel=canonical]")["href"].startswith(address())
    card = head.select_one('meta[property="og:image"]')["content"]
    assert (html / card.removeprefix(address())).is_file()


def test_descriptions_differ(html: Path) -> None:
    told = [
        read(html, page).select_one("meta[name=description]")["content"]
        for page in PAGES
        if page != "search.html"
    ]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("page", PAGES)
def test_a_strict_policy_holds_and_nothing_is_written_into_the_page(html: Path, page: str) -> None:
    built = read(html, page)
    policy = built.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert "unsafe" not in policy and "default-src 'none'" in policy
    assert not built.select("[style], [onclick], [onload], style")
    assert [tag for tag in built.select("script") if not tag.get("src")] == []


def test_the_site_has_a_map_an_icon_and_a_page_for_what_is_not_there(html: Path) -> None:
    listed = (html / "sitemap.xml").read_text("utf-8")
    for page in PAGES:
        assert page == "search.html" or page in listed or page == "index.html"
    assert (html / "_static/favicon.svg").is_file()
    lost = read(html, "404.html")
    assert lost.base["href"] == root()
    assert "There is no page" in lost.h1.get_text()


def test_next_and_before_follow_the_story(html: Path) -> None:
    following = [
        (read(html, page).select_one("a.sr-after") or {}).get("href", "").rpartition("/")[2]
        for page in FINDINGS
    ]
    assert following == [
        "reform_unavoidable.html", "systemic_root_causes.html", "what_reform_needs.html",
    ]  # fmt: skip


def test_a_notebook_can_be_downloaded_and_says_its_parameters(html: Path) -> None:
    page = read(html, FINDINGS[0])
    behind = page.select_one(".sr-notebook")
    assert "baseline_year = 2015" in behind.get_text()
    notebook = json.loads((html / "notebooks" / behind.a["href"]).read_text("utf-8"))
    assert notebook["nbformat"] == 4


def test_every_figure_with_a_series_by_council_is_on_a_page(html: Path) -> None:
    shown = {
        figure["id"] for page in CHARTED for figure in read(html, page).select("figure.sr-figure")
    }
    assert set(places.BESIDE) <= shown


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
