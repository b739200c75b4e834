"""The bench of the pages: its medians, its table, and the server that it measures from."""

import gzip
import importlib.util
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT

spec = importlib.util.spec_from_file_location("bench_pages", ROOT / "bench" / "pages.py")
assert spec and spec.loader
pages = importlib.util.module_from_spec(spec)
sys.modules["bench_pages"] = pages
spec.loader.exec_module(pages)

SCRIPT = "const answer = 42;\n" * 100


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A small site, served as the bench serves the book."""
    for name, text in {
        "index.html": "<p>Front</p>",
        "404.html": "<p>Not here</p>",
        "_static/a.js": SCRIPT,
        "b.woff2": "font",
    }.items():
        (tmp_path / "html" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "html" / name).write_text(text, "utf-8")
    (tmp_path / "secret.txt").write_text("not for readers", "utf-8")
    with pages.serving(tmp_path / "html") as address:
        yield address


def answer(address: str, **headers: str) -> tuple[dict[str, str], bytes]:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as response:
        return dict(response.headers), response.read()


def test_text_is_served_compressed_with_its_type_and_how_long_to_keep_it(site: str) -> None:
    headers, body = answer(f"{site}/_static/a.js?v=1", **{"Accept-Encoding": "gzip, br"})
    assert headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert headers["Content-Encoding"] == "gzip"
    assert "max-age" in headers["Cache-Control"]
    assert len(body) == int(headers["Content-Length"]) < len(SCRIPT)
    assert gzip.decompress(body).decode() == SCRIPT


def test_a_reader_without_gzip_gets_plain_text_and_a_font_is_not_compressed_twice(
    site: str,
) -> None:
    assert answer(f"{site}/_static/a.js")[1].decode() == SCRIPT
    headers, body = answer(f"{site}/b.woff2", **{"Accept-Encoding": "gzip"})
    assert (headers["Content-Type"], body) == ("font/woff2", b"font")
    assert "Content-Encoding" not in headers


def test_the_address_of_a_folder_is_its_front_page(site: str) -> None:
    assert answer(f"{site}/")[1] == b"<p>Front</p>"


@pytest.mark.parametrize("path", ["lost.html", "../secret.txt", "%2e%2e/secret.txt"])
def test_what_is_not_in_the_site_is_told_by_its_own_page(site: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as told:
        answer(f"{site}/{path}")
    assert (told.value.code, told.value.read()) == (404, b"<p>Not here</p>")


def test_the_median_leaves_out_what_was_not_measured() -> None:
    runs = [{"LCP, s": 2.0, "SEO": None}, {"LCP, s": 9.0, "SEO": None}, {"LCP, s": 3.0, "SEO": 1.0}]
    assert pages.medians(runs) == {"LCP, s": 3.0, "SEO": 1.0}
    assert pages.median([]) is None


def test_the_table_has_a_row_a_page_and_a_dash_for_what_a_page_has_not() -> None:
    measured = {
        "index.html": {"transferred, kB": 1234.4, "shift": 0.0123, "charts": None},
        "stock: a.html": {"transferred, kB": 5.0, "all drawn, s": 4.567, "charts": None},
    }
    assert pages.table(measured).splitlines() == [
        "| page          | transferred, kB | shift | all drawn, s |",
        "| ------------- | --------------: | ----: | -----------: |",
        "| index.html    |           1,234 | 0.012 |            – |",
        "| stock: a.html |               5 |     – |         4.57 |",
    ]


def test_scores_become_hundreds_and_times_seconds() -> None:
    report = {
        "categories": {key: {"score": 0.97} for key in pages.SCORES.values()},
        "audits": {
            **{key: {"numericValue": 1500.0} for key in pages.AUDITS.values()},
            "network-requests": {"details": {"items": [{}, {}]}},
        },
    }
    kept = pages.from_lighthouse(report)
    assert (kept["performance"], kept["LCP, s"], kept["TBT, ms"]) == (97.0, 1.5, 1500.0)
    assert (kept["transferred, kB"], kept["requests"]) == (1.5, 2)


def test_the_scripts_of_the_stock_page_are_found_beside_it() -> None:
    asked = '"vega-lite": "https://cdn.jsdelivr.net/npm/vega-lite@6.4.1?noext",'
    assert (
        pages.CONTENT_NETWORK.sub(r"../npm/\1.js", asked) == '"vega-lite": "../npm/vega-lite.js",'
    )


def test_the_record_says_what_was_measured_and_how() -> None:
    result = {
        "date": "2026-11-27",
        "runs": 5,
        "seconds": 600,
        "machine": "Linux",
        "versions": {**pages.PACKAGES, "browser": "Chromium 156"},
        "pages": {"index.html": {"performance": 99.0}},
    }
    page = pages.readme(result)
    assert "| index.html |          99 |" in page
    assert f"Lighthouse {pages.PACKAGES['lighthouse']}" in page


def test_a_quick_look_asks_for_fewer_runs_and_pages() -> None:
    asked = pages.arguments(["--runs", "1", "--pages", "index.html"])
    assert (asked.runs, asked.pages) == (1, ["index.html"])
