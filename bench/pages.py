"""Measure what a reader of the built pages waits for; ``make bench`` runs this.

The built book is served on this machine with gzip, as its host serves it. Lighthouse measures each
page as on a phone; then a browser slowed four times scrolls through it, and tells how long a chart
takes to come alive, how far the page shifts, and what was loaded before the reader did anything.
Beside them stands the stock: one of the same pages, built with the theme as it comes and with
Altair's default renderer. The record is ``bench/pages.json`` to compare with, ``bench/pages.md``
to read; a quick look (``--runs``, ``--pages``) is printed and not kept.
"""

import argparse
import contextlib
import datetime
import gzip
import http.server
import json
import mimetypes
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"
TOOLS = ROOT / "_build" / "bench-tools"

PAGES = (
    "index.html",
    "notebooks/reform_essential.html",
    "notebooks/reform_unavoidable.html",
    "notebooks/systemic_root_causes.html",
    "notebooks/claim_ledger.html",
    "notebooks/council_map.html",
)
#: The page that is also built as stock.
STOCK = "notebooks/reform_essential.html"
#: The newest Lighthouse that runs on Node 18 to 22 (13 asks for 22.19), and what a page of
#: Altair's default renderer asks a content network for.
PACKAGES = {
    "lighthouse": "12.8.2",
    "vega": "6.4.0",
    "vega-lite": "6.4.1",
    "vega-embed": "7.3.0",
}
#: Where Altair's default renderer finds its scripts; here they are beside the stock page, which
#: spares it the way to another host.
CONTENT_NETWORK = re.compile(r"https://cdn\.jsdelivr\.net/npm/(vega(?:-lite|-embed)?)@[^\"]*")

#: What is measured: its name, how it is written, and where it is in Lighthouse's result.
SCORES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best practices": "best-practices",
    "SEO": "seo",
}
AUDITS = {
    "FCP, s": "first-contentful-paint",
    "LCP, s": "largest-contentful-paint",
    "TBT, ms": "total-blocking-time",
    "CLS": "cumulative-layout-shift",
    "transferred, kB": "total-byte-weight",
}
UNITS = {"FCP, s": 1000, "LCP, s": 1000, "transferred, kB": 1000}
FORMATS = {"FCP, s": ".1f", "LCP, s": ".1f", "CLS": ".3f", "shift": ".3f"}
FORMATS |= {"chart live, s": ".2f", "slowest, s": ".2f", "all drawn, s": ".2f"}

CHROME_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 412, "height": 823}
SLOWDOWN = 4
#: How long a chart may take before it counts as never alive, in milliseconds.
PATIENCE = 20_000

WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifted += shift.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SECONDS_UNTIL_LIVE = """
(figure, patience) => new Promise((resolve) => {
  const start = performance.now();
  const look = () => {
    if (figure.dataset.live) resolve((performance.now() - start) / 1000);
    else if (performance.now() - start > patience) resolve(null);
    else requestAnimationFrame(look);
  };
  figure.scrollIntoView({ block: "center", behavior: "instant" });
  look();
})
"""
SECONDS_UNTIL_ALL_DRAWN = """
(patience) => new Promise((resolve) => {
  const look = () => {
    const charts = [...document.querySelectorAll("[id^='altair-viz']")];
    const drawn = charts.length && charts.every((chart) => chart.querySelector("canvas, svg"));
    if (drawn) resolve(performance.now() / 1000);
    else if (performance.now() > patience) resolve(null);
    else requestAnimationFrame(look);
  };
  look();
})
"""
#: Put before a notebook's first cell: each figure then shows its chart as Altair does by itself.
STOCK_FIGURES = """
import altair
from sendreform.charts.figure import Figure
_ = altair.renderers.enable("html")
Figure._repr_mimebundle_ = lambda figure, **_: figure.chart._repr_mimebundle_()
"""
STOCK_CONFIG = """
title: Stock
only_build_toc_files: true
execute: {execute_notebooks: "off"}
sphinx: {config: {language: en-GB}}
"""

Measured = dict[str, float | None]


class UnmeasuredError(Exception):
    """What could not be measured, and why, in one line; the rest still is."""


# Serving ---------------------------------------------------------------------------------------


class Site(http.server.BaseHTTPRequestHandler):
    """Serves the files of a folder, text compressed, as a host of static pages does."""

    protocol_version = "HTTP/1.1"
    folder: Path
    compressed: dict[Path, bytes]

    def do_GET(self) -> None:
        """Answer with a file, or with the site's own page for what is not there."""
        path = (self.folder / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        if path.is_dir():
            path /= "index.html"
        status = HTTPStatus.OK
        if not path.is_file() or not path.is_relative_to(self.folder):
            status, path = HTTPStatus.NOT_FOUND, self.folder / "404.html"
        body = path.read_bytes() if path.is_file() else b"Not found"
        kind = content_type(path)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "public, max-age=600")
        if is_text(kind):
            self.send_header("Vary", "Accept-Encoding")
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = self.compressed.setdefault(path, gzip.compress(body, mtime=0))
                self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def content_type(path: Path) -> str:
    """Return the type of a file by its name, with the encoding of text."""
    known = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
    kind = known.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    kind = kind or "application/octet-stream"
    return f"{kind}; charset=utf-8" if is_text(kind) else kind


def is_text(kind: str) -> bool:
    """Tell whether a type is one that hosts compress."""
    return kind.startswith("text/") or any(word in kind for word in ("json", "xml", "manifest"))


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine and yield its address."""
    handler = type("Served", (Site,), {"folder": folder.resolve(), "compressed": {}})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


# Lighthouse ------------------------------------------------------------------------------------


def install_tools() -> str:
    """Install Lighthouse and Altair's scripts beside the build; say why not if that fails."""
    if not (shutil.which("node") and (npm := shutil.which("npm"))):
        return "No Node and npm here: neither Lighthouse nor the stock page is measured."
    if all(_installed(name) == version for name, version in PACKAGES.items()):
        return ""
    TOOLS.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    finished = subprocess.run(
        [npm, "install", "--prefix", str(TOOLS), "--ignore-scripts", "--no-audit", "--no-fund",
         *wanted],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if finished.returncode:
        last = finished.stderr.strip().splitlines()[-1:]
        return f"npm could not install {', '.join(wanted)}: {''.join(last)}"
    return ""


def _installed(name: str) -> str:
    record = TOOLS / "node_modules" / name / "package.json"
    return str(json.loads(record.read_text("utf-8"))["version"]) if record.is_file() else ""


def lighthouse(address: str, browser: str, runs: int) -> Measured:
    """Return the median over several runs of Lighthouse on a page, as on a phone.

    Raises
    ------
    UnmeasuredError
        If Lighthouse fails or hangs.
    """
    return medians([_lighthouse_once(address, browser) for _ in range(runs)])


def _lighthouse_once(address: str, browser: str) -> Measured:
    command = [
        "node", str(TOOLS / "node_modules" / "lighthouse" / "cli" / "index.js"), address,
        "--quiet", "--output=json", "--no-enable-error-reporting",
        f"--only-categories={','.join(SCORES.values())}",
        f"--chrome-flags={' '.join(CHROME_FLAGS)}",
    ]  # fmt: skip
    try:
        finished = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=True, timeout=240,
            env=os.environ | {"CHROME_PATH": browser},
        )  # fmt: skip
    except subprocess.SubprocessError as error:
        last = str(getattr(error, "stderr", "") or "").strip().splitlines()[-1:]
        raise UnmeasuredError(
            f"Lighthouse failed on {address}: {''.join(last) or error}"
        ) from error
    return from_lighthouse(json.loads(finished.stdout))


def from_lighthouse(report: Mapping[str, Any]) -> Measured:
    """Return what we keep of a Lighthouse result: scores of 100, seconds, kB."""
    audits, categories = report["audits"], report["categories"]
    scores = {name: _times(categories[key]["score"], 100) for name, key in SCORES.items()}
    figures = {
        name: _times(audits[key].get("numericValue"), 1 / UNITS.get(name, 1))
        for name, key in AUDITS.items()
    }
    requests = len(audits["network-requests"].get("details", {}).get("items", []))
    return {**scores, **figures, "requests": requests}


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


# In a browser ----------------------------------------------------------------------------------


def in_browser(chromium: Browser, address: str) -> Measured:
    """Return what a reader on a slow phone waits for on a page, its shifts, and its first bytes."""
    with _opened(chromium, address) as (page, loaded):
        before = sum(loaded)
        live = [
            figure.evaluate(SECONDS_UNTIL_LIVE, PATIENCE)
            for figure in page.query_selector_all("figure.sr-figure")
        ]
        drawn = None
        if page.query_selector("[id^='altair-viz']"):
            drawn = page.evaluate(SECONDS_UNTIL_ALL_DRAWN, PATIENCE)
    with _opened(chromium, address) as (page, _):
        scroll_through(page)
        shift = page.evaluate("window.shifted")
    return {
        "before reading, kB": before / 1000,
        "charts": len(live) or None,
        "never live": sum(seconds is None for seconds in live) if live else None,
        "chart live, s": median(live),
        "slowest, s": max((seconds for seconds in live if seconds is not None), default=None),
        "all drawn, s": drawn,
        "shift": shift,
    }


@contextlib.contextmanager
def _opened(chromium: Browser, address: str) -> Iterator[tuple[Page, list[float]]]:
    """Open a page on a slow phone with nothing kept from before; yield it and its bytes so far."""
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.add_init_script(WATCH_SHIFTS)
    session: CDPSession = context.new_cdp_session(page)
    loaded: list[float] = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    page.goto(address, wait_until="networkidle", timeout=120_000)
    page.wait_for_timeout(500)
    yield page, loaded
    context.close()


def scroll_through(page: Page) -> None:
    """Scroll to the end and back in steps, as a reader does; in longer ones where it is far."""
    height = page.evaluate("document.documentElement.scrollHeight")
    step = max(400, height // 80)
    for top in (*range(0, height, step), *range(height, 0, -3 * step)):
        page.evaluate(f"window.scrollTo({{ top: {top}, behavior: 'instant' }})")
        page.wait_for_timeout(60)
    page.wait_for_timeout(500)


# Stock -----------------------------------------------------------------------------------------


def build_stock(folder: Path) -> Path:
    """Build the stock page: same notebook, theme as it comes, Altair's default renderer.

    Raises
    ------
    UnmeasuredError
        If the notebook fails or the book is not built.
    """
    name = Path(STOCK).stem
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(STOCK_FIGURES))
    beside = {"metadata": {"path": str(ROOT / "notebooks")}}
    try:
        nbclient.NotebookClient(
            notebook, kernel_name="python3", resources=beside, extra_arguments=["--log-level=40"]
        ).execute()
    except CellExecutionError as error:
        told = f"{error.ename}: {error.evalue}"
        raise UnmeasuredError(f"The stock page is not measured: {told}") from error
    del notebook.cells[0]
    (folder / "notebooks").mkdir(parents=True)
    nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    (folder / "index.md").write_text("# Stock\n", "utf-8")
    (folder / "_config.yml").write_text(STOCK_CONFIG, "utf-8")
    toc = f"format: jb-book\nroot: index\nchapters:\n- file: notebooks/{name}\n"
    (folder / "_toc.yml").write_text(toc, "utf-8")
    start = "from jupyter_book.cli.main import main; main()"
    built = subprocess.run(
        [sys.executable, "-c", start, "build", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    html = folder / "_build" / "html"
    if built.returncode or not (html / STOCK).is_file():
        last = built.stderr.strip().splitlines()[-1:]
        raise UnmeasuredError(f"The stock page is not measured: {''.join(last)}")
    page = (html / STOCK).read_text("utf-8")
    (html / STOCK).write_text(CONTENT_NETWORK.sub(r"../npm/\1.js", page), "utf-8")
    (html / "npm").mkdir()
    for package in ("vega", "vega-lite", "vega-embed"):
        script = TOOLS / "node_modules" / package / "build" / f"{package}.min.js"
        shutil.copyfile(script, html / "npm" / f"{package}.js")
    return html


# The record ------------------------------------------------------------------------------------


def median(values: Iterable[float | None]) -> float | None:
    """Return the median of what was measured; None when nothing was."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def medians(runs: Sequence[Measured]) -> Measured:
    """Return the median of each measure over runs."""
    return {name: median(run[name] for run in runs) for name in runs[0]}


def table(measured: Mapping[str, Measured]) -> str:
    """Return pages and their measures as a table, a row a page; what was not measured is a dash."""
    names = list(dict.fromkeys(name for page in measured.values() for name in page))
    names = [
        name for name in names if any(page.get(name) is not None for page in measured.values())
    ]
    rows = [["page", *names]]
    rows += [
        [page, *(written(name, figures.get(name)) for name in names)]
        for page, figures in measured.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    return "\n".join(
        "| "
        + " | ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in rows
    )


def written(name: str, value: float | None) -> str:
    """Return a figure as the table writes it."""
    return "–" if value is None else format(value, FORMATS.get(name, ",.0f"))


def measure(
    html: Path, pages: Sequence[str], label: str, browser: str, runs: int
) -> dict[str, Measured]:
    """Return all measures of the pages in a folder; ``runs`` of 0 leaves Lighthouse out."""
    measured: dict[str, Measured] = {}
    with serving(html) as site, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(CHROME_FLAGS))
        for page in pages:
            start = time.perf_counter()
            scores: Measured = {}
            try:
                scores = lighthouse(f"{site}/{page}", browser, runs) if runs else {}
            except UnmeasuredError as reason:
                print(reason, flush=True)
            measured[f"{label}{page}"] = {**scores, **in_browser(chromium, f"{site}/{page}")}
            print(f"{label}{page}: {time.perf_counter() - start:.0f} s", flush=True)
        chromium.close()
    return measured


def record(html: Path, pages: Sequence[str], browser: str, runs: int) -> dict[str, Any]:
    """Measure the built pages and the stock page, and return the whole record."""
    start = time.perf_counter()
    missing = install_tools()
    if missing:
        print(missing, flush=True)
        runs = 0
    measured = measure(html, pages, "", browser, runs)
    if not missing:
        with tempfile.TemporaryDirectory(prefix="sendreform-stock-") as folder:
            try:
                stock = build_stock(Path(folder) / "book")
                measured |= measure(stock, [STOCK], "stock: ", browser, runs)
            except UnmeasuredError as reason:
                print(reason, flush=True)
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "runs": runs,
        "seconds": round(time.perf_counter() - start),
        "machine": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores",
        "versions": {**PACKAGES, "browser": version_of(browser)},
        "pages": measured,
    }


def version_of(browser: str) -> str:
    """Return what a browser calls itself."""
    told = subprocess.run([browser, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.strip()


def readme(result: Mapping[str, Any]) -> str:
    """Return the record as a page."""
    versions = result["versions"]
    return f"""# What a reader waits for

Written by `make bench`; do not edit.

Measured on {result["date"]}, {result["machine"]}, {versions["browser"]}, in {result["seconds"]} s.

{table(result["pages"])}

- Up to *requests*: Lighthouse {versions["lighthouse"]}, as on a phone, median of {result["runs"]},
  pages served on this machine with gzip. FCP and LCP: first and largest paint. TBT: time that the
  page did not answer. CLS: layout shift while loading.
- *before reading*: compressed bytes loaded before the reader does anything.
- *chart live*: from scrolling to a chart until it is live, with the processor slowed four times:
  median over the charts of the page, and the slowest. A chart that was live before it was reached
  counts as it was found.
- *shift*: layout shift in all, over a scroll to the end of the page and back.
- *stock*: the same page with the theme as it comes and Altair's default renderer (*all drawn*: from
  opening the page until every chart is drawn). Its scripts are served from this machine too, which
  spares it the way to the content network that it asks for.
"""


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure what a reader of the pages waits for.")
    parser.add_argument("--runs", type=int, help="runs of Lighthouse for each page (5)")
    parser.add_argument("--pages", nargs="+", help="pages to measure, such as index.html")
    parser.add_argument("--html", type=Path, default=ROOT / "_build" / "html", help="built book")
    return parser.parse_args(given)


def main() -> None:
    """Measure, print, and write the record in both forms unless this was a quick look."""
    asked = arguments()
    wanted = asked.pages or PAGES
    pages = [page for page in wanted if (asked.html / page).is_file()]
    if not (asked.html / "index.html").is_file() or not pages:
        sys.exit(f"No such pages in {asked.html}: run make book first.")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        sys.exit("No Chromium here: the pages are not measured.")
    result = record(asked.html, pages, browser, 5 if asked.runs is None else asked.runs)
    print(table(result["pages"]))
    print(f"It took {result['seconds']} s.")
    if asked.runs is None and asked.pages is None:
        (BENCH / "pages.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
        (BENCH / "pages.md").write_text(readme(result), "utf-8")
        print("The record is in bench/pages.md and bench/pages.json")


if __name__ == "__main__":
    main()
