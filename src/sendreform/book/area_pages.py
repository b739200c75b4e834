"""The page of each council and region, ``areas/<name>.html``, made of an executed notebook.

They are no documents of Sphinx, which would take minutes to read them. Each is made of its executed
notebook (:mod:`.notebook_body`), and Sphinx puts it into the theme as it does with pages of its own
making. A page is made again only where its notebook changed, or what all pages have in common.
"""

import hashlib
import json
import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from sendreform.areas import Areas
from sendreform.book import batch, figure_files, site
from sendreform.book.code_pages import Shown
from sendreform.book.execution import INJECTED, Progress, notebook_path
from sendreform.book.figure_files import Publication, SiteFigure
from sendreform.book.local import slug
from sendreform.book.notebook_body import NotebookBody, folded_code, notebook_body
from sendreform.errors import ReportError
from sendreform.report import WITH_ARTICLE
from sendreform.store import Store, open_store
from sendreform.store.locking import held

#: The folder of the site that holds the pages.
FOLDER = "areas"
#: The page that lists them all.
INDEX = f"{FOLDER}/index"
INDEX_TITLE = "Every council and region"
#: The notebook that they are made of, a run for each place.
NOTEBOOK = "local_area"
#: A search engine shows about so much of a description.
LONGEST_DESCRIPTION = 160
#: A PNG of each of so many figures would take minutes: the reader's browser draws it when asked.
KINDS = ("csv", "svg")
FIGURES = f"{figure_files.FOLDER}/{FOLDER}"

_ANSWER = re.compile(r'<div class="sr-answer">.*?</div>', re.DOTALL)
_TITLE_END = "</h1>\n"
#: The folded code of a cell, and a cell that shows nothing else.
_CODE = re.compile(r'<details class="admonition hide above-input">.*?</details>\n', re.DOTALL)
_EMPTY_CELL = re.compile(r'<div class="cell[^"]*">\n</div>\n')


@dataclass(frozen=True)
class AreaPage:
    """A council of today or a region, and where its page is.

    ``region`` is the name of a council's region, and empty for a region.
    """

    code: str
    name: str
    level: str
    region: str

    @property
    def place(self) -> str:
        """Its name as a sentence writes it."""
        return f"the {self.name}" if self.name in WITH_ARTICLE else self.name

    @property
    def page(self) -> str:
        """The page as Sphinx would name it: ``areas/kent``."""
        return f"{FOLDER}/{slug(self.name)}"

    def executed(self, folder: Path) -> Path:
        """Return its executed notebook, in the folder of those of all places."""
        return folder / f"{slug(self.name)}.ipynb"

    @property
    def address(self) -> str:
        """Where it is, from the root of the site."""
        return f"{self.page}.html"


@dataclass(frozen=True)
class _Made:
    """What the template of a page needs, and the files that came with it."""

    context: Mapping[str, Any]
    figures: tuple[Mapping[str, Any], ...]
    files: tuple[str, ...]


def area_pages(store: Store) -> list[AreaPage]:
    """Return the councils of today and the regions, in order of name."""
    areas = Areas(store.areas, store.neighbours)
    regions = areas.table[areas.table["level"] == "region"]
    codes = [str(code) for code in (*areas.councils()["area"], *regions["area"])]
    pages = [
        AreaPage(
            code,
            areas.name(code),
            areas.level(code),
            areas.name(areas.region_of(code)) if areas.level(code) == "council" else "",
        )
        for code in codes
    ]
    return sorted(pages, key=lambda each: each.name)


def run(root: Path, folder: Path, progress: Progress) -> list[Path]:
    """Run the notebook for each place whose result could have changed; return all executed ones.

    Where another process is at it, wait for that first.

    Raises
    ------
    ReportError
        If it fails for a place; those of all others are there all the same.
    """
    jobs = _jobs(root, folder)
    folder.mkdir(parents=True, exist_ok=True)

    def say_so() -> None:
        progress("waiting for another run of the places", 0, len(jobs))

    lock = folder.with_suffix(".lock")
    with held(lock, say_so), batch.on_this_machine() as executor:
        outcomes = batch.render(jobs, executor, progress)
    problems = [outcome for outcome in outcomes if outcome.problem]
    if problems:
        others = f", and of {len(problems) - 1} others" if len(problems) > 1 else ""
        raise ReportError(
            problems[0].problem,
            where=f"the page of {problems[0].job.parameters[batch.AREA]}{others}",
        )
    return [Path(job.output) for job in jobs]


def kept(root: Path, folder: Path) -> list[Path]:
    """Return the executed notebooks of all places; none unless running them would change none."""
    jobs = _jobs(root, folder)
    return [Path(job.output) for job in jobs] if all(batch.kept(jobs)) else []


def _jobs(root: Path, folder: Path) -> list[batch.Job]:
    notebook = notebook_path(root, NOTEBOOK)
    return [
        batch.Job(notebook, {batch.AREA: page.name}, str(page.executed(folder)))
        for page in area_pages(open_store(root / "data"))
    ]


def make_pages(
    pages: list[AreaPage],
    executed: Path,
    kept: Path,
    out: Path,
    shared: str,
    publication: Publication,
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make the pages that changed, on all processors; yield what Sphinx puts into its template.

    Parameters
    ----------
    pages
        All of them; files of pages that are no longer among them are removed.
    executed
        The folder of executed notebooks, each by the last part of its page's name.
    kept
        Where is noted what each page was made from, and its figures.
    out
        The root of the site.
    shared
        A hash of what all pages have in common: the theme, the contents, the version.

    Yields
    ------
    Name, context and template of each page.

    Raises
    ------
    ReportError
        If a notebook has no title or a broken figure.
    """
    kept.mkdir(parents=True, exist_ok=True)
    ways = _ways(pages)
    for path in {*kept.glob("*.json")} - {_record(kept, page) for page in pages}:
        _remove(out, _read(path)["files"])
        path.unlink()
    stamps = {page: _stamp(executed, page, shared, ways[page]) for page in pages}
    stale = [page for page in pages if not _is_made(_record(kept, page), stamps[page], out)]
    if not stale:
        return
    make = partial(_make, executed=executed, out=out, publication=publication)
    # Each process begins anew, whatever threads this one has.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(len(stale), os.cpu_count() or 1), fresh) as pool:
        for page, made in zip(stale, pool.map(make, stale, chunksize=4), strict=True):
            record = _record(kept, page)
            _remove(out, set(_read(record)["files"]) - {*made.files})
            record.unlink(missing_ok=True)
            yield page.page, {**made.context, **ways[page]}, "page.html"
            # By now Sphinx has written the page.
            noted = {"stamp": stamps[page], "figures": made.figures, "files": made.files}
            record.write_text(json.dumps(noted, ensure_ascii=False), "utf-8")


def figures_of_pages(pages: Iterable[AreaPage], kept: Path) -> list[SiteFigure]:
    """Return the figures of all pages as they were made, without data and drawings."""
    return [
        figure_files.restored({**figure, "csv": "", "drawing": ""})
        for page in pages
        for figure in _read(_record(kept, page))["figures"]
    ]


def as_one_figure(figures: Iterable[SiteFigure]) -> list[Shown]:
    """Return what the pages of code say of the figures of all places: one line for all of them."""
    functions = tuple(dict.fromkeys(each for figure in figures for each in figure.functions))
    title = "The charts of the page of each council and region"
    return [Shown(title, f"{INDEX}.html", functions)] if functions else []


def as_download(executed: NotebookNode) -> NotebookNode:
    """Return a notebook as it was run, parameters included, without what came of it."""
    for cell in executed.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    executed.metadata = {
        name: executed.metadata[name]
        for name in ("kernelspec", "language_info")
        if name in executed.metadata
    }
    return executed


def description(title: str, body: str) -> str:
    """Return the description of a page: its title and the beginning of its answer."""
    answer = _ANSWER.search(body)
    paragraphs = BeautifulSoup(answer[0] if answer else "", "html.parser").select("p")
    told = [paragraph.get_text().strip().rstrip(".") for paragraph in paragraphs]
    return site.in_short(f"{title}: {'. '.join(filter(None, told))}.", LONGEST_DESCRIPTION)


def _make(page: AreaPage, *, executed: Path, out: Path, publication: Publication) -> _Made:
    """Turn an executed notebook into what the template needs; write the files beside the page."""
    name = slug(page.name)
    notebook = nbformat.read(page.executed(executed), as_version=4)
    made = notebook_body(_folded(notebook), page.page)
    lifted = figure_files.lift_figures(
        made.body, page.page, publication, folder=FIGURES, kinds=KINDS
    )
    words = description(made.title, made.body)
    card = site.write_card(out, page.page, made.title, words)
    live = f"{FOLDER}/{name}.js"
    source = f"{page.page}.ipynb"
    files = {
        f"{figure_files.LIVE_FOLDER}/{live}": figure_files.live_script(lifted.live).encode(),
        f"_sources/{source}": f"{nbformat.writes(as_download(notebook))}\n".encode(),
    }
    for figure in lifted.figures:
        files[figure.file("csv")] = figure_files.as_csv_file(figure)
        files[figure.file("svg")] = figure_files.picture(figure, publication).encode()
    for path, content in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    context = {
        "title": made.title,
        "body": _with_button(_with_code_last(lifted.body, notebook), page),
        "toc": _contents(made),
        "display_toc": True,
        "sendreform_description": words,
        "sendreform_card": card,
        "sendreform_live": live if lifted.figures else "",
        "sendreform_live_version": lifted.live_version,
        "sendreform_notebook": source,
        "sendreform_parameters": _parameters(notebook),
    }
    figures = tuple({**asdict(each), "csv": "", "drawing": ""} for each in lifted.figures)
    return _Made(context, figures, (page.address, card.removeprefix(site.address()), *files))


def _folded(notebook: NotebookNode) -> NotebookNode:
    """Fold the cell of parameters that papermill put in, as those of the notebook are."""
    for cell in notebook.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.metadata["tags"] = [*cell.metadata["tags"], "hide-input"]
    return notebook


def _with_code_last(body: str, notebook: NotebookNode) -> str:
    """Gather the code of all cells at the foot of the page: a reader comes for what it shows.

    Until the figures are lifted it must stand before each, as that tells which functions drew it.
    """
    return _EMPTY_CELL.sub("", _CODE.sub("", body)) + folded_code(notebook)


def _with_button(body: str, page: AreaPage) -> str:
    """Let a reader make the place their own, under the title; it takes scripts to remember it."""
    place, kind = escape(page.place), page.level
    own = f"{place[:1].upper()}{place[1:]} is your {kind}"
    button = (
        f'<p class="sr-make-own"><button type="button" data-code="{page.code}" data-own="{own}">'
        f"Make {place} your {kind}</button></p>\n"
    )
    return body.replace(_TITLE_END, f"{_TITLE_END}{button}", 1)


def _contents(made: NotebookBody) -> str:
    """Write the page's own contents as Sphinx does."""
    items = "".join(
        f'<li><a class="reference internal" href="#{heading.id}">{escape(heading.text)}</a></li>\n'
        for heading in made.headings
        if heading.level == 2
    )
    title = f'<a class="reference internal" href="#">{escape(made.title)}</a>'
    return f"<ul>\n<li>{title}<ul>\n{items}</ul>\n</li>\n</ul>\n"


def _parameters(notebook: NotebookNode) -> str:
    """Write the parameters that a notebook was run with, those given after the defaults."""
    given: dict[str, str] = {}
    for cell in notebook.cells:
        if {"parameters", INJECTED} & {*cell.metadata.get("tags", ())}:
            given |= dict(re.findall(r"(?m)^(\w+) = [\"']?(.*?)[\"']?$", cell.source))
    return ", ".join(f"{name} = {value}" for name, value in given.items())


def _ways(pages: list[AreaPage]) -> dict[AreaPage, dict[str, Any]]:
    """Return where each page leads: to the index and the region above, and to those beside it."""
    found = {}
    for level in ("council", "region"):
        row = [page for page in pages if page.level == level]
        for place, page in enumerate(row):
            before = row[place - 1] if place else None
            after = row[place + 1] if place + 1 < len(row) else None
            crumbs = [{"link": "index.html", "title": INDEX_TITLE}]
            if page.region:
                crumbs.append({"link": f"{slug(page.region)}.html", "title": page.region})
            found[page] = {
                "prev": _link(before) if before else crumbs[0],
                "next": _link(after) if after else crumbs[0],
                "sendreform_crumbs": crumbs,
                "sendreform_place": page.name,
            }
    return found


def _link(page: AreaPage) -> dict[str, str]:
    return {"link": f"{slug(page.name)}.html", "title": page.name}


def _stamp(executed: Path, page: AreaPage, shared: str, way: Mapping[str, Any]) -> str:
    digest = hashlib.sha256(shared.encode() + json.dumps(way).encode())
    digest.update(page.executed(executed).read_bytes())
    return digest.hexdigest()


def _record(kept: Path, page: AreaPage) -> Path:
    return kept / f"{slug(page.name)}.json"


def _read(record: Path) -> dict[str, Any]:
    """Return what is noted of a page; of one that was never made, that it has nothing."""
    if not record.is_file():
        return {"stamp": "", "figures": [], "files": []}
    noted: dict[str, Any] = json.loads(record.read_text("utf-8"))
    return noted


def _is_made(record: Path, stamp: str, out: Path) -> bool:
    noted = _read(record)
    return noted["stamp"] == stamp and all((out / name).is_file() for name in noted["files"])


def _remove(out: Path, files: Iterable[str]) -> None:
    for name in files:
        (out / name).unlink(missing_ok=True)
