"""The page "Every council and region": a search box, a map of links, and a list by region."""

from collections.abc import Iterable
from html import escape

import pandas as pd

from sendreform.book.area_pages import AreaPage
from sendreform.book.words import counted, sentence_case
from sendreform.charts import hexmaps
from sendreform.charts.frames import wrapped

#: From the middle of a hexagon to its corners, and half its width, in units of the drawing.
RADIUS = 10.0
HALF = RADIUS * 3**0.5 / 2
#: Of a cell; the rest is the space between hexagons.
_FILLED = 0.94
#: Letters to a line of a region's name.
_LETTERS = 11
_LINE = 9.0


def index_html(pages: Iterable[AreaPage], areas: pd.DataFrame) -> str:
    """Return the inside of the page.

    Parameters
    ----------
    pages
        Every council and region; links are written as they are from their own folder.
    areas
        The table of places, for ``region``, ``hex_q`` and ``hex_r``.
    """
    every = list(pages)
    return f'<div class="sr-places">\n{_SEARCH}{_map(every, areas)}{_regions(every)}</div>\n'


_SEARCH = """\
<div class="sr-find-place">
<label for="sr-place">Find a council or region</label>
<div class="sr-combo">
<input id="sr-place" type="text" role="combobox" aria-expanded="false" \
aria-controls="sr-place-list" aria-autocomplete="list" placeholder="Type a name, new or old" \
autocomplete="off" autocapitalize="off" spellcheck="false">
<ul id="sr-place-list" role="listbox" aria-label="Pages of councils and regions" hidden></ul>
</div>
<p class="sr-unseen" role="status"></p>
</div>
"""


def _map(pages: list[AreaPage], areas: pd.DataFrame) -> str:
    """Draw a hexagon for each council, each a link; the arrow keys lead from one to the next."""
    councils = {page.code: page for page in pages if page.level == "council"}
    cells = areas.loc[list(councils), ["region", "hex_q", "hex_r"]].astype(
        {"hex_q": "int64", "hex_r": "int64"}
    )
    cells = cells.rename(columns={"hex_q": "q", "hex_r": "r"}).assign(
        x=lambda rows: (2 * rows["q"] + rows["r"]) * HALF, y=lambda rows: rows["r"] * 1.5 * RADIUS
    )
    west, north = cells["x"].min() - HALF - 1, cells["y"].min() - RADIUS - 1
    across, down = cells["x"].max() + HALF + 1 - west, cells["y"].max() + RADIUS + 1 - north
    # In the order of reading, so that the first is the one that the Tab key comes to.
    rows = cells.sort_values(["y", "x"])
    hexagons = "".join(
        f'<a href="{_file(councils[str(row.Index)])}" tabindex="{-1 if place else 0}" '
        f'aria-label="{escape(councils[str(row.Index)].name)}">'
        f'<use href="#sr-hexagon" x="{row.x:.1f}" y="{row.y:.1f}"/></a>\n'
        for place, row in enumerate(rows.itertuples())
    )
    corners = " ".join(
        f"{_FILLED * x * HALF:.2f},{_FILLED * y * RADIUS / 2:.2f}" for x, y in hexmaps.CORNERS
    )
    lines = "".join(
        '<polyline points="'
        + " ".join(f"{x * HALF:.1f},{y * RADIUS / 2:.1f}" for x, y in line[["x", "y"]].to_numpy())
        + '"/>\n'
        for _, line in hexmaps.borders(cells).groupby("line")
    )
    regions = {page.code: page.name for page in pages if page.level == "region"}
    names = "".join(
        _name(regions[str(code)], middle["x"], middle["y"])
        for code, middle in cells.groupby("region")[["x", "y"]].mean().iterrows()
    )
    return f"""\
<div class="sr-place-map">
<p class="sr-note">Each council of England has a hexagon, near where it lies. Follow it to the \
council's page; by keyboard, the arrow keys go from one to the next.</p>
<p class="sr-place-told" aria-hidden="true">&nbsp;</p>
<svg viewBox="{west:.1f} {north:.1f} {across:.1f} {down:.1f}" role="group" \
aria-label="Map of England's councils as hexagons">
<defs><polygon id="sr-hexagon" points="{corners}"/></defs>
{hexagons}<g class="sr-place-borders" aria-hidden="true">{lines}</g>
<g class="sr-place-regions" aria-hidden="true">{names}</g>
</svg>
</div>
"""


def _name(region: str, x: float, y: float) -> str:
    """Write a region's name in the middle of its councils."""
    lines = wrapped(region, _LETTERS)
    top = y - _LINE * (len(lines) - 1) / 2
    return "".join(
        f'<text x="{x:.1f}" y="{top + _LINE * number:.1f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _regions(pages: list[AreaPage]) -> str:
    """List the regions, each with its councils."""
    parts = []
    for region in (page for page in pages if page.level == "region"):
        inside = [page for page in pages if page.region == region.name]
        items = "".join(
            f'<li><a href="{_file(page)}">{escape(page.name)}</a></li>\n' for page in inside
        )
        parts.append(
            f'<h2 id="{_file(region).removesuffix(".html")}">{escape(region.name)}</h2>\n'
            f'<p><a href="{_file(region)}">{escape(sentence_case(region.place))} as a whole</a>, '
            f"or one of its {counted(len(inside))} councils:</p>\n"
            f'<ul class="sr-place-names">\n{items}</ul>\n'
        )
    return "".join(parts)


def _file(page: AreaPage) -> str:
    return page.address.rpartition("/")[2]
