"""Sphinx extension of the book: runs notebooks, shows their results, fills in catalogue pages.

It makes ``jupyter-book build .`` enough by itself: before pages are read, the notebooks whose
result could have changed are run (:mod:`sendreform.book.execution`), and each notebook page is
read from its executed copy instead of the file in ``notebooks/``.
"""

import os
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sendreform.book import pages
from sendreform.book.execution import NOTEBOOKS, execute
from sendreform.book.vega_bundle import write_bundle
from sendreform.store import open_store, project_root

LOGGER = logging.getLogger(__name__)
ASSETS = Path(__file__).parent / "assets"
#: What the theme calls the frame that it puts around a table.
TABLE_FRAME = "pst-scrollable-table-container"


def executed_folder(root: Path) -> Path:
    """Return where the executed notebooks of the published report are kept."""
    return root / "_build" / "executed" / "report"


def run_notebooks(app: Sphinx) -> None:
    """Run what changed, unless the book is made of notebooks that are executed already."""
    if app.config.sendreform_executed:
        return
    execute(
        project_root(Path(app.srcdir)),
        executed_folder(Path(app.srcdir)),
        progress=lambda doing, done, of: LOGGER.info("notebooks: %s (%s of %s)", doing, done, of),
    )


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
        for path in sorted(store.layout.root.glob("catalogue/*.csv")):
            self.env.note_dependency(str(path))
        html = pages.GENERATED[self.arguments[0]](store)
        return [nodes.raw("", html, format="html")]


def add_assets(app: Sphinx) -> None:
    """Publish our script, our styles and the Vega bundle, all from this site."""
    bundle = Path(app.outdir).parent / "assets"
    write_bundle(bundle / "vega-bundle.js")
    app.config.html_static_path += [str(ASSETS), str(bundle)]


def let_tables_scroll_by_keyboard(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """Let the theme's frame around a wide table be reached and scrolled by keyboard, with a name.

    The theme makes the frame scroll and leaves it out of the order of the Tab key.
    """
    if "body" in context:
        context["body"] = context["body"].replace(
            f'<div class="{TABLE_FRAME}">',
            f'<div class="{TABLE_FRAME}" role="region" tabindex="0" aria-label="Table">',
        )


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
    app.add_directive("catalogue", CataloguePage)
    app.connect("builder-inited", drop_thebe, priority=1)
    app.connect("builder-inited", add_assets, priority=2)
    app.connect("builder-inited", run_notebooks, priority=3)
    app.connect("source-read", read_executed)
    app.connect("html-page-context", let_tables_scroll_by_keyboard)
    app.add_css_file("report.css")
    app.add_js_file("figure.js", loading_method="defer")
    app.add_js_file("ledger.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
