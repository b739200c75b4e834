"""The built book, and a browser to read it with."""

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from as_tested import tested_project
from conftest import ROOT
from sendreform.report import Report, open_report

HTML = ROOT / "_build" / "html"


About = Callable[..., Report]


@pytest.fixture
def about(monkeypatch: pytest.MonkeyPatch) -> About:
    """Return a function that opens a report about a place, in data that tests name figures of."""
    monkeypatch.chdir(tested_project())

    def opened(area: str, first: int = 2015, last: int = 2026) -> Report:
        return open_report(area, first, last, "2024-25")

    return opened


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the built book."""
    if not (HTML / "index.html").is_file():
        pytest.fail("the book is not built: run make book first")
    return HTML


@pytest.fixture
def book_of_the_day(html: Path) -> Path:
    """The built book, where it tells the data that tests name figures of: see ``as_tested``."""
    if tested_project() != ROOT:
        pytest.skip("the book is built on later data than those of which the test names figures")
    return html


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def site(html: Path) -> Iterator[str]:
    """The built book, served on this machine."""
    handler = functools.partial(Quiet, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium; without one, a skip unless SENDREFORM_BROWSER_REQUIRED is set."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        if os.environ.get("SENDREFORM_BROWSER_REQUIRED"):
            pytest.fail("a browser is required and there is no chromium")
        pytest.skip("no chromium here")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


@contextmanager
def watched(browser: Browser, *, width: int = 1280, height: int = 900) -> Iterator[Page]:
    """A page of its own that fails the test on any error that it reports."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A watched page in a window on a desk."""
    with watched(browser) as page:
        yield page
