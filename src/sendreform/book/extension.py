"""Sphinx extension of the book: runs notebooks, shows their results, fills in catalogue pages.

It makes ``jupyter-book build .`` enough by itself: before pages are read, the notebooks whose
result could have changed are run (:mod:`sendreform.book.execution`), and each notebook page is
read from its executed copy instead of the file in ``notebooks/``.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sendreform.book import (
    area_index,
    area_pages,
    figure_files,
    own_words,
    pages,
    places,
    published,
    search_names,
    site,
)
from sendreform.book.execution import (
    FINDINGS,
    NOTEBOOKS,
    default_parameters,
    execute,
    notebook_path,
)
from sendreform.book.report_pdf import REPORT_PDF, find_browser, print_report
from sendreform.book.state import package_state
from sendreform.book.vega_bundle import write_bundle
from sendreform.book.verdict_box import PAGES
from sendreform.errors import ReportError
from sendreform.report import NEWEST, Report, last_year, open_report
from sendreform.store import open_store, project_root

LOGGER = logging.getLogger(__name__)
ASSETS = Path(__file__).parent / "assets"
THEME = Path(__file__).parent / "theme"
#: Folders of the theme below ours that no page of ours loads.
UNUSED = ("images", "locales", "scripts", "styles", "vendor")
#: What the theme calls the frame that it puts around a table.
TABLE_FRAME = "pst-scrollable-table-container"


def executed_folder(root: Path) -> Path:
    """Return where the executed notebooks of the published report are kept."""
    return root / "_build" / "executed" / "report"


def executed_areas(root: Path) -> Path:
    """Return where the executed notebooks of councils and regions are kept."""
    return root / "_build" / "executed" / area_pages.FOLDER


def run_notebooks(app: Sphinx) -> None:
    """Run what changed, unless the book is made of notebooks that are executed already."""
    if app.config.sendreform_executed:
        return
    root = project_root(Path(app.srcdir))
    execute(root, executed_folder(root), progress=_tell, places=True)
    app.config.sendreform_own_words = own_words.version_of(
        root, default_parameters(notebook_path(root, area_pages.NOTEBOOK))
    )


def _tell(doing: str, done: int, of: int) -> None:
    LOGGER.info("notebooks: %s (%s of %s)", doing, done, of)


def make_places_again(app: Sphinx, *_: object) -> list[str]:
    """Have the list of places read each time: with no page to read, Sphinx would make none."""
    return [] if app.config.sendreform_executed else [area_pages.INDEX]


def read_executed(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read a notebook page from its executed copy; note what else a page depends on."""
    if app.config.sendreform_executed:
        return
    folder = executed_folder(Path(app.srcdir))
    name = docname.removeprefix("notebooks/")
    if name in NOTEBOOKS:
        executed = folder / f"{name}.ipynb"
        source[0] = executed.read_text("utf-8")
        app.env.note_dependency(str(executed))
    elif "{glue" in source[0]:
        for notebook in NOTEBOOKS:
            app.env.note_dependency(str(folder / f"{notebook}.ipynb"))


class CataloguePage(SphinxDirective):  # type: ignore[misc]  # Sphinx is read as untyped
    """``{catalogue} NAME``: a table or list generated from ``data/`` by :mod:`.pages`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        store = open_store()
        tables = ("catalogue/*.csv", "editions/**/*.*")
        for path in sorted(path for each in tables for path in store.layout.root.glob(each)):
            self.env.note_dependency(str(path))
        html = pages.GENERATED[self.arguments[0]](store)
        if self.config.sendreform_executed:
            html = pages.without_ways_out(html)
        return [nodes.raw("", html, format="html")]


class ReportFigure(SphinxDirective):  # type: ignore[misc]
    """``{report-figure} NOTEBOOK ID``: a figure of a finding, shown on another page as well."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        notebook, name = self.arguments
        path = _executed(self.env.app, notebook)
        self.env.note_dependency(str(path))
        return [nodes.raw("", figure_of(path, name), format="html")]


class OwnFigures(SphinxDirective):  # type: ignore[misc]
    """``{own-figures} SERIES …``: the newest figures of the place that the reader has chosen."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", pages.own_figures(self.arguments[0].split()), format="html")]


class EveryPlace(SphinxDirective):  # type: ignore[misc]
    """``{every-place}``: search, map and list of the pages of councils and regions."""

    def run(self) -> list[nodes.Node]:
        store = open_store()
        for table in ("areas", "neighbours"):
            self.env.note_dependency(str(store.layout.table(table)))
        html = area_index.index_html(area_pages.area_pages(store), store.areas)
        return [nodes.raw("", html, format="html")]


def _executed(app: Sphinx, notebook: str) -> Path:
    """Return the executed copy of a notebook; in an edition it is the notebook itself."""
    if app.config.sendreform_executed:
        return Path(app.srcdir) / "notebooks" / f"{notebook}.ipynb"
    return executed_folder(Path(app.srcdir)) / f"{notebook}.ipynb"


def figure_of(notebook: Path, name: str) -> str:
    """Return a figure among the outputs of an executed notebook, as HTML.

    Raises
    ------
    ReportError
        If the notebook has no such figure.
    """
    opening = f'<figure class="sr-figure" id="{name}">'
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html", "")
            if html.startswith(opening):
                # Links within the site begin at the folder of notebooks.
                return str(html).replace('href="../', 'href="')
    raise ReportError(
        f"no figure {name!r}",
        where=f"notebooks/{notebook.name}",
        fix="Name a figure by its id, as the page shows it after #.",
    )


def add_assets(app: Sphinx) -> None:
    """Publish our script, our styles and the Vega bundle, all from this site."""
    bundle = Path(app.outdir).parent / "assets"
    write_bundle(bundle / "vega-bundle.js")
    app.config.html_static_path += [str(ASSETS), str(bundle)]
    app.config.sendreform_stamp = site.stamp([ASSETS, bundle])
    app.config.html_additional_pages["404"] = "404.html"


def let_tables_scroll_by_keyboard(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Let the theme's frame around a wide table be reached and scrolled by keyboard, with a name.

    The theme makes the frame scroll and leaves it out of the order of the Tab key.
    """
    if "body" in context:
        context["body"] = re.sub(
            rf'<div class="{TABLE_FRAME}">(?=(?P<table>.*?)</thead>)',
            lambda frame: (
                f'<div class="{TABLE_FRAME}" role="region" tabindex="0" '
                f'aria-label="Table: {_column_heads(frame["table"])}">'
            ),
            context["body"],
            flags=re.DOTALL,
        )


def _column_heads(table: str) -> str:
    """Return the heads of a table's columns, fit for an attribute.

    Examples
    --------
    >>> _column_heads("<th><p>operation</p></th><th><p>what <code>it</code> gives</p></th>")
    'operation, what it gives'
    """
    heads = re.findall(r"<th\b.*?</th>", table, flags=re.DOTALL)
    told = ", ".join(" ".join(re.sub(r"<[^>]+>", "", head).split()) for head in heads)
    return told.replace('"', "&quot;")


def leave_permalinks_to_the_pointer(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Keep the "#" behind a heading out of what is heard and out of the order of the Tab key.

    It would be read at the end of every heading's name. "On this page" leads to the same places.
    """
    if "body" in context:
        context["body"] = context["body"].replace(
            '<a class="headerlink" ', '<a class="headerlink" aria-hidden="true" tabindex="-1" '
        )


def describe_page(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page's template its address, description, card, policy and what the foot says.

    The page of a council or region has its description and card already.
    """
    words = context.get("sendreform_description") or site.description(
        context.get("metatags", ""), doctree
    )
    context |= {
        "sendreform_policy": site.POLICY,
        "sendreform_stamp": app.config.sendreform_stamp,
        "sendreform_version": version("sendreform"),
        "sendreform_newest": _newest_publication(),
        "sendreform_description": words,
        "sendreform_root": site.root(),
        # An edition has its own figures, and not the files of the whole site.
        "sendreform_edition": app.config.sendreform_executed,
        "sendreform_pdf": ""
        if app.config.sendreform_executed or not find_browser()
        else REPORT_PDF,
    }
    if page in site.UNLISTED:
        return
    title = str(context.get("title", ""))
    context |= {
        "sendreform_address": site.page_address(page),
        "sendreform_card": context.get("sendreform_card")
        or site.write_card(Path(app.outdir), page, title, words),
    }
    name = page.removeprefix("notebooks/")
    if name in NOTEBOOKS:
        context["sendreform_notebook"] = context.get("sourcename", "")
        context["sendreform_parameters"] = _in_words(name)


def lift_figures(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Take the data of a page's charts into a file of their own, and link each figure's files.

    On the page of a council or region that was done when it was made.
    """
    if "body" in context and "sendreform_live" not in context:
        lifted = figure_files.lift_figures(context["body"], page, _publication())
        context["body"] = lifted.body
        context["sendreform_live"] = lifted.live_file
        context["sendreform_live_version"] = lifted.live_version
        figure_files.keep(lifted, _kept_figures(app))


def add_area_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make the page of each council and region that changed; an edition has none.

    The pages of the report are written by now. They are printed while the places' notebooks run.
    """
    if app.config.sendreform_executed:
        return
    root, out = Path(app.srcdir), Path(app.outdir)
    app.builder.copy_image_files()
    with ThreadPoolExecutor(1) as printer:
        printed = printer.submit(print_report, root, out)
        area_pages.run(root, executed_areas(root), progress=_tell)
        every = area_pages.area_pages(open_store())
        own_words.write(
            (page.executed(executed_areas(root)) for page in every), out / "_static" / "areas"
        )
        yield from area_pages.make_pages(
            every, executed_areas(root), _kept_areas(app), out, _in_common(app), _publication()
        )
        try:
            printed.result()
        except ReportError as error:
            LOGGER.warning("%s", error)  # in a strict build the end of it, and the first complaint


def _in_common(app: Sphinx) -> str:
    """Return a hash of what every page shows beside its own content."""
    root = Path(app.srcdir)
    material = [
        package_state(project_root(root)),
        app.config.sendreform_stamp,
        app.config.html_title,
        (root / "_toc.yml").read_text("utf-8"),
        sorted((name, title.astext()) for name, title in app.env.titles.items()),
        site.address(),
        _newest_publication(),
        bool(find_browser()),
    ]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()


@cache
def _newest_publication() -> str:
    return site.newest_publication(open_store())


def show_contents_once(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Give all pages of councils and regions the same contents of the report, made once.

    They lie in one folder, so that links and marks are the same in each.
    """
    if "sendreform_crumbs" in context:
        make = context["toctree"]
        context["toctree"] = lambda **options: _contents(make, tuple(options.items()))


def _contents(make: Callable[..., str], options: tuple[tuple[str, Any], ...]) -> str:
    if options not in _made_contents:
        _made_contents[options] = str(make(**dict(options)))
    return _made_contents[options]


_made_contents: dict[tuple[tuple[str, Any], ...], str] = {}


def _kept_areas(app: Sphinx) -> Path:
    return Path(app.outdir).parent / "area_pages"


def _kept_figures(app: Sphinx) -> Path:
    return Path(app.outdir).parent / "figures"


@cache
def _publication() -> figure_files.Publication:
    return figure_files.read_publication(project_root(), site.known_address())


def add_places(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Write what the figures of a page know of every council, for the reader who chooses one."""
    body = context.get("body", "")
    figures = re.findall(r'<figure class="sr-figure" id="([^"]+)"', body)
    own = [name for names in re.findall(r'data-own="([^"]+)"', body) for name in names.split()]
    known = places.on_page(_published_report(), figures, own) if figures else None
    if known:
        name, script = f"{page.replace('/', '-')}.js", places.as_script("sendreformPlaces", known)
        _write(app, f"_static/places/{name}", script)
        context["sendreform_places"] = name
        context["sendreform_places_version"] = hashlib.sha256(script.encode()).hexdigest()[:10]


def add_own_words(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Let a page that tells of findings tell how their tests come out in the reader's place."""
    finding = next(
        (name for name, file in PAGES.items() if page == f"notebooks/{Path(file).stem}"), ""
    )
    if app.config.sendreform_own_words and (finding or page == "index"):
        context["sendreform_finding"] = finding
        context["sendreform_own_words"] = app.config.sendreform_own_words


@cache
def _published_report() -> Report:
    """Return England's report with the years that the published notebooks have."""
    defaults = default_parameters(notebook_path(project_root(), FINDINGS[0]))
    return open_report(**defaults)  # type: ignore[arg-type]  # each has the type of its default


def _write(app: Sphinx, name: str, text: str) -> None:
    path = Path(app.outdir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _in_words(notebook: str) -> str:
    """Write the parameters that a notebook was run with."""
    defaults = default_parameters(notebook_path(project_root(), notebook))
    if defaults.get("latest_year") == NEWEST:
        defaults["latest_year"] = last_year(open_store())
    return ", ".join(f"{name} = {value}" for name, value in defaults.items()) or "no parameters"


def finish_site(app: Sphinx, error: Exception | None) -> None:
    """Write what belongs to the site as a whole; leave out what no page loads."""
    if error:
        return
    out = Path(app.outdir)
    for name in UNUSED:
        shutil.rmtree(out / "_static" / name, ignore_errors=True)
    store = open_store()
    kept = figure_files.read_kept(_kept_figures(app), app.env.found_docs)
    # An edition has no pages of other places, and links to its figures' files alone.
    every = [] if app.config.sendreform_executed else area_pages.area_pages(store)
    of_places = area_pages.figures_of_pages(every, _kept_areas(app))
    figures = figure_files.write_figure_files(
        out, _kept_figures(app), kept, _publication(), area_pages.as_one_figure(of_places)
    )
    if not app.config.sendreform_executed:
        published.write_site_files(out, store, figures, of_places, _publication())
    with_page = {page.code: {"page": page.address, "place": page.place} for page in every}
    listed = [place | with_page.get(place["code"], {}) for place in places.area_list(store)]
    named = search_names.names(store, {page.code: page.address for page in every})
    _write(app, "_static/area-list.js", places.as_script("sendreformAreas", listed))
    _write(app, "_static/search-names.js", places.as_script("sendreformNames", named))
    site.write_map(out, [*app.env.found_docs, *(page.page for page in every)])


def drop_thebe(app: Sphinx) -> None:
    """Leave out the theme's run-in-the-browser script, which names another host on every page."""
    for listeners in app.events.listeners.values():
        listeners[:] = [
            listener
            for listener in listeners
            if not listener.handler.__module__.startswith("sphinx_thebe")
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect all of the above to Sphinx."""
    app.add_config_value("sendreform_executed", os.environ.get("SENDREFORM_EXECUTED", ""), "env")
    app.add_config_value("sendreform_stamp", "", "html")
    app.add_config_value("sendreform_own_words", "", "html")
    app.add_html_theme("sendreform", str(THEME))
    app.add_directive("catalogue", CataloguePage)
    app.add_directive("report-figure", ReportFigure)
    app.add_directive("own-figures", OwnFigures)
    app.add_directive("every-place", EveryPlace)
    app.connect("builder-inited", drop_thebe, priority=1)
    app.connect("builder-inited", add_assets, priority=2)
    app.connect("builder-inited", run_notebooks, priority=3)
    app.connect("env-get-outdated", make_places_again)
    app.connect("source-read", read_executed)
    app.connect("html-page-context", let_tables_scroll_by_keyboard)
    app.connect("html-page-context", leave_permalinks_to_the_pointer)
    app.connect("html-collect-pages", add_area_pages)
    app.connect("html-page-context", show_contents_once, priority=900)  # after the theme's own
    app.connect("html-page-context", describe_page)
    app.connect("html-page-context", add_places)
    app.connect("html-page-context", add_own_words)
    app.connect("html-page-context", lift_figures)
    app.connect("build-finished", finish_site)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
