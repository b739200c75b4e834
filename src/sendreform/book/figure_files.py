"""What each figure of the site gives away: CSV, SVG and PNG files, a citation, its code, live data.

A figure comes into a page whole (:meth:`sendreform.charts.figure.Figure.to_html`). When the page is
built, :func:`lift_figures` takes out what does not have to be there, the specification and the CSV,
and puts a row of links under the figure. What was taken out is kept under ``_build/``, because
Sphinx builds only pages that changed; :func:`write_figure_files` writes the files of all pages at
the end. The same page gives the same bytes.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import escape, unescape
from importlib.metadata import version
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

import vl_convert
import yaml
from bs4 import BeautifulSoup

from sendreform.book import code_pages
from sendreform.book.code_pages import Function, Shown, functions_behind
from sendreform.book.png import packed
from sendreform.charts import theme
from sendreform.charts.frames import WIDE, text_width, wrapped
from sendreform.errors import ReportError

SITE_NAME = "SEND in England"
#: The folder of the site that holds the files of figures.
FOLDER = "figures"
#: The files that a figure has, by their endings.
KINDS = ("csv", "svg", "png")
#: The folder of the site that holds the data of live charts, a script for each page.
LIVE_FOLDER = "_static/live"
#: The page on how figures are worked out in general.
METHODS = "book/methods.html"
#: A picture is twice as fine as it is wide, for paper and for screens of high density.
PNG_SCALE = 2

#: Pixels around what a picture holds.
_EDGE = 20

_OPENING = re.compile(r'<figure\b[^>]*\bclass="sr-figure"[^>]*>')
_FIGURE = re.compile(rf"{_OPENING.pattern}.*?</figure>", re.DOTALL)
_CELL_INPUT = re.compile(r'<div class="cell_input\b.*?<pre>(.*?)</pre>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
#: The parts of a figure that are taken out of it or moved within it.
_PARTS = {
    "specification": re.compile(
        r'<script type="application/json">(?P<kept>.*?)</script>\n?', re.DOTALL
    ),
    "drawing for wide pages": re.compile(
        r'<div class="sr-drawing" data-frame="wide">(?P<kept><svg\b.*?</svg>)</div>', re.DOTALL
    ),
    "link to its data": re.compile(
        r'<p><a download="[^"]*" href="data:text/csv;charset=utf-8,(?P<kept>[^"]*)">.*?</a></p>\n?',
        re.DOTALL,
    ),
    "data table": re.compile(r'(?P<kept><details class="sr-data">.*?</details>)\n?', re.DOTALL),
}
_VIEW_BOX = re.compile(r'viewBox="\S+ \S+ (?P<width>[\d.]+) (?P<height>[\d.]+)"')


@dataclass(frozen=True)
class Publication:
    """What a citation says of the report, and where its site is, if that is known.

    ``address`` is the root of the site and ends with a slash, or is empty.
    """

    authors: str
    title: str
    version: str
    released: date
    address: str = ""


@dataclass(frozen=True)
class SiteFigure:
    """A figure as the site shows it.

    Attributes
    ----------
    page
        The page that shows it, as Sphinx names it: ``notebooks/reform_essential``.
    source_url
        Where the publication is; within the site, from its root.
    csv, drawing
        The content of its CSV file, and the wide drawing as it stands in the page.
    functions
        The functions that drew it and worked out what it shows; empty on a page without code.
    folder, kinds
        Where in the site its files are, and which it has. Where there is no PNG, the reader's
        browser draws it from the SVG.
    """

    id: str
    page: str
    title: str
    subtitle: str
    alt: str
    source: str
    source_url: str
    notes: tuple[str, ...]
    csv: str
    drawing: str
    functions: tuple[Function, ...]
    folder: str = FOLDER
    kinds: tuple[str, ...] = KINDS

    @property
    def address(self) -> str:
        """Where the figure is, from the root of the site."""
        return f"{self.page}.html#{self.id}"

    def file(self, kind: str) -> str:
        """Return where its ``csv``, ``svg`` or ``png`` file is, from the root of the site."""
        return f"{self.folder}/{self.id}.{kind}"


@dataclass(frozen=True)
class Lifted:
    """A page without what its figures need not carry, and what was taken out of it.

    ``live`` is the data of its live charts. ``datasets`` holds each table once, as columns, by the
    hash of its content. ``figures`` holds a specification for each id, whose ``shared.datasets``
    says by which hash the table is known that it names.
    """

    page: str
    body: str
    figures: tuple[SiteFigure, ...]
    live: dict[str, Any]

    @property
    def live_file(self) -> str:
        """The name of the script with its live data; empty on a page without figures."""
        return f"{_slug(self.page)}.js" if self.figures else ""

    @property
    def live_version(self) -> str:
        """What tells a browser that the live data changed."""
        return hashlib.sha256(live_script(self.live).encode()).hexdigest()[:10]


def read_publication(root: Path, address: str = "") -> Publication:
    """Read from ``CITATION.cff`` what a citation says of the report."""
    path = root / "CITATION.cff"
    known = yaml.safe_load(path.read_text("utf-8"))
    try:
        return Publication(
            authors=", ".join(author["name"] for author in known["authors"]),
            title=known["title"],
            version=str(known["version"]),
            released=date.fromisoformat(str(known["date-released"])),
            address=f"{address.rstrip('/')}/" if address else "",
        )
    except (KeyError, ValueError) as error:
        raise ReportError(
            f"the citation has no usable {error}",
            where=str(path),
            fix="Give authors, title, version and date-released.",
        ) from error


def lift_figures(
    body: str,
    page: str,
    publication: Publication,
    *,
    folder: str = FOLDER,
    kinds: tuple[str, ...] = KINDS,
) -> Lifted:
    """Take the data of figures out of a page, and put a row of links under each.

    Parameters
    ----------
    body
        The HTML of the page.
    page
        Its name, as Sphinx has it, such as ``notebooks/reform_essential``.
    publication
        What the citations say.
    folder, kinds
        Where the files of its figures are, and which they have.

    Raises
    ------
    ReportError
        If a figure lacks a part, or two have the same id.
    """
    whole = list(_FIGURE.finditer(body))
    if len(whole) != len(_OPENING.findall(body)):
        raise ReportError(
            "a figure has no end, or stands within another", where=page, fix="Close each one."
        )
    if not whole:
        return Lifted(page, body, (), {})
    inputs = [(cell.start(), _plain(cell[1])) for cell in _CELL_INPUT.finditer(body)]
    figures: dict[str, SiteFigure] = {}
    specifications: dict[str, dict[str, Any]] = {}
    for found in whole:
        cells = [code for start, code in inputs if start < found.start()]
        figure, specification = _read(found[0], page, functions_behind(cells))
        figure = replace(figure, folder=folder, kinds=kinds)
        if figure.id in figures:
            raise ReportError(
                f"two figures have the id {figure.id!r}", where=page, fix="Give each its own."
            )
        figures[figure.id], specifications[figure.id] = figure, specification
    linked = iter(
        [
            _with_links(found[0], figure, publication)
            for found, figure in zip(whole, figures.values(), strict=True)
        ]
    )
    body = _FIGURE.sub(lambda _found: next(linked), body)
    return Lifted(page, body, tuple(figures.values()), _live(specifications))


def keep(lifted: Lifted, folder: Path) -> None:
    """Keep what was taken out of a page until the files of all pages are written.

    Parameters
    ----------
    folder
        Where it is kept, such as ``_build/figures``; a page without figures has nothing there.
    """
    path = folder / "pages" / f"{_slug(lifted.page)}.json"
    if not lifted.figures:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "page": lifted.page,
        "figures": [asdict(figure) for figure in lifted.figures],
        "live": lifted.live,
    }
    path.write_text(_compact(kept), "utf-8")


def read_kept(folder: Path, pages: Iterable[str]) -> dict[str, Lifted]:
    """Return what was taken out of each of these pages, those that have figures, in order of name.

    What was kept of other pages, which the site no longer has, is thrown away.
    """
    kept = {}
    wanted = set(pages)
    for path in sorted((folder / "pages").glob("*.json")):
        read = json.loads(path.read_text("utf-8"))
        if read["page"] not in wanted:
            path.unlink()
            continue
        figures = tuple(restored(record) for record in read["figures"])
        kept[read["page"]] = Lifted(read["page"], "", figures, read["live"])
    return kept


def figures_of(kept: Mapping[str, Lifted]) -> dict[str, SiteFigure]:
    """Return each figure of the site once, by id, from the page whose code draws it.

    Raises
    ------
    ReportError
        If two figures that differ have the same id: their files would overwrite each other.
    """
    found: dict[str, SiteFigure] = {}
    for lifted in kept.values():
        for figure in lifted.figures:
            other = found.get(figure.id)
            if other and (other.title, other.csv) != (figure.title, figure.csv):
                raise ReportError(
                    f"two figures have the id {figure.id!r}",
                    where=f"{other.page} and {figure.page}",
                    fix="Give each its own.",
                )
            if other is None or (figure.functions and not other.functions):
                found[figure.id] = figure
    return dict(sorted(found.items()))


def write_figure_files(
    outdir: Path,
    folder: Path,
    kept: Mapping[str, Lifted],
    publication: Publication,
    also: Iterable[Shown] = (),
) -> dict[str, SiteFigure]:
    """Write the files of all figures, the data of live charts and the pages of code into the site.

    Files of figures that the site no longer has are removed. A PNG is drawn only where its SVG
    changed; ``folder`` keeps those drawn before. ``also``: what the pages of code say of figures
    whose files are written elsewhere.

    Returns
    -------
    Each figure of the site, by id.
    """
    figures = figures_of(kept)
    files: dict[str, bytes] = {}
    drawn: set[str] = set()
    for figure in figures.values():
        drawing = picture(figure, publication)
        files[f"{figure.id}.csv"] = as_csv_file(figure)
        files[f"{figure.id}.svg"] = drawing.encode()
        files[f"{figure.id}.png"] = _as_png(drawing, folder / "drawn", drawn)
    for path in (folder / "drawn").glob("*.png"):
        if path.name not in drawn:
            path.unlink()
    _write_folder(outdir / FOLDER, files)
    _write_folder(
        outdir / LIVE_FOLDER,
        {of.live_file: live_script(of.live).encode() for of in kept.values()},
    )
    shown = [
        Shown(figure.title, figure.address, figure.functions)
        for figure in figures.values()
        if figure.functions
    ]
    code_pages.write_code_pages(
        outdir, [*shown, *also], title=SITE_NAME, version=publication.version
    )
    return figures


def as_csv_file(figure: SiteFigure) -> bytes:
    """Return the CSV file of a figure, which says to spreadsheets that it is UTF-8."""
    return b"\xef\xbb\xbf" + figure.csv.encode()


def live_script(live: dict[str, Any]) -> str:
    """Return the data of live charts as a script, which a page opened from a disk may load too."""
    return f"window.sendreformFigures={_compact(live)};\n"


def citation(figure: SiteFigure, publication: Publication) -> str:
    """Return a ready citation of a figure, as HTML."""
    released = publication.released
    return (
        f"{escape(publication.authors)} ({released.year}). “{escape(figure.title)}.” In "
        f"<cite>{escape(publication.title)}</cite>, version {escape(publication.version)}, "
        f"{released.day} {released:%B %Y}. Source: {escape(figure.source)}. "
        f'<span class="sr-address">{escape(publication.address + figure.address)}</span>'
    )


def picture(figure: SiteFigure, publication: Publication) -> str:
    """Return a whole figure as one SVG: title, subtitle, chart, notes, source and site.

    It stands for itself where it is pasted: on white, with a title and a description.
    """
    box = _VIEW_BOX.search(figure.drawing)
    if box is None:
        raise ReportError("the drawing does not say its size", where=_where(figure.id, figure.page))
    wide, high = float(box["width"]), float(box["height"])
    across = max(wide, WIDE.width)
    ends = f"{SITE_NAME}, version {publication.version}"
    if publication.address:
        ends += f", {urlsplit(publication.address).netloc}{urlsplit(publication.address).path}"
    above = [
        _Paragraph(figure.title, 20, theme.INK, bold=True),
        _Paragraph(figure.subtitle, 15, theme.QUIET_INK),
    ]
    below = [
        _Paragraph(words, 13, theme.QUIET_INK)
        for words in (*figure.notes, f"Source: {figure.source}", ends)
    ]
    head, top = _set(above, _EDGE, across)
    foot, bottom = _set(below, top + 12 + high, across)
    chart = figure.drawing.replace(
        "<svg", f'<svg x="{_EDGE}" y="{top + 12:g}" width="{wide:g}" height="{high:g}"', 1
    )
    width, height = across + 2 * _EDGE, bottom + _EDGE / 2
    whole = " ".join(f"{side:g}" for side in (0, 0, width, height))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" \
viewBox="{whole}" role="img" aria-labelledby="{figure.id}-title" \
aria-describedby="{figure.id}-desc">
<title id="{figure.id}-title">{escape(figure.title)}</title>
<desc id="{figure.id}-desc">{escape(figure.alt)}</desc>
<rect width="{width:g}" height="{height:g}" fill="{theme.WHITE}"/>
<g font-family="{theme.FONT}">
{head}
</g>
{chart}
<g font-family="{theme.FONT}">
{foot}
</g>
</svg>
"""


def _read(
    html: str, page: str, functions: tuple[Function, ...]
) -> tuple[SiteFigure, dict[str, Any]]:
    """Read a figure and its specification from its HTML."""
    opening = _OPENING.match(html)
    named = re.search(r'\bid="([^"]+)"', opening[0]) if opening else None
    where = _where(named[1], page) if named else page
    if named is None:
        raise ReportError("a figure has no id", where=where, fix="Give it one.")
    parts = {name: _part(html, name, where) for name in _PARTS}
    try:
        specification = json.loads(parts["specification"])
        datasets = specification["shared"]["datasets"]
        if not {"wide", "narrow"} <= specification.keys() or not isinstance(datasets, dict):
            raise ValueError("datasets, wide and narrow are needed")
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"the specification cannot be read ({error})",
            where=where,
            fix="Run the notebook again.",
        ) from error
    words = BeautifulSoup(_without_drawings(html), "html.parser")
    source = words.select_one(".sr-source a[href]")
    chart = words.select_one(".sr-chart[aria-label]")
    title, subtitle = words.select_one(".sr-title"), words.select_one(".sr-subtitle")
    if source is None or chart is None or title is None or subtitle is None:
        raise ReportError(
            "the figure lacks its title, subtitle, text alternative or source",
            where=where,
            fix="Show it with Figure.to_html.",
        )
    figure = SiteFigure(
        id=named[1],
        page=page,
        title=title.get_text(),
        subtitle=subtitle.get_text(),
        alt=str(chart["aria-label"]),
        source=source.get_text(),
        source_url=_from_root(str(source["href"]), page),
        notes=tuple(note.get_text() for note in words.select("p.sr-note")),
        csv=unquote(parts["link to its data"]).removeprefix("\ufeff"),
        drawing=parts["drawing for wide pages"],
        functions=functions,
    )
    return figure, specification


def _part(html: str, name: str, where: str) -> str:
    found = [part["kept"] for part in _PARTS[name].finditer(html)]
    if len(found) != 1:
        raise ReportError(
            f"the figure has {'no' if not found else 'more than one'} {name}",
            where=where,
            fix="Show it with Figure.to_html.",
        )
    return str(found[0])


def _without_drawings(html: str) -> str:
    """Leave out what is long and holds no words of ours, so that the rest is read fast."""
    html = _PARTS["specification"].sub("", html)
    html = _PARTS["data table"].sub("", html)
    return re.sub(r"<svg\b.*?</svg>", "", html, flags=re.DOTALL)


def _with_links(html: str, figure: SiteFigure, publication: Publication) -> str:
    """Return a figure without specification and CSV, its table in a row with its links."""
    up = _upwards(figure.page)

    def named(words: str) -> str:
        """Say of which figure: a list of all links of a page would be twelve times "CSV"."""
        return f'aria-label="{escape(words)}: {escape(figure.title)}"'

    table = _part(html, "data table", figure.page)
    table = _PARTS["link to its data"].sub("", table)
    summary = f"<summary {named('Data table')}>Data table</summary>"
    table = re.sub(r"<summary>.*?</summary>", lambda _: summary, table, count=1)
    files = "".join(
        f'<li><a download href="{up}{figure.file(kind.lower())}" {named(kind)}>{kind}</a></li>\n'
        for kind in ("CSV", "SVG", "PNG")
        if kind.lower() in figure.kinds
    )
    if "png" not in figure.kinds:
        files += (
            f'<li class="sr-drawn-here"><button type="button" data-svg="{up}{figure.file("svg")}" '
            f"{named('PNG')}>PNG</button></li>\n"
        )
    code = (
        f'<a href="{up}{figure.functions[0].address}" {named("code")}>code</a>, '
        if figure.functions
        else ""
    )
    links = f"""\
<ul class="sr-figure-links">
<li>{table}</li>
{files}<li><a href="#{figure.id}" {named("Link to this figure")}>Link to this figure</a></li>
<li><details class="sr-cite"><summary {named("Cite")}>Cite</summary>
<p>{citation(figure, publication)}</p></details></li>
<li>How it was worked out: {code}<a href="{up}{METHODS}">methods</a></li>
</ul>
"""
    html = _PARTS["specification"].sub("", html)
    html = _PARTS["data table"].sub("", html)
    return html.removesuffix("</figure>").rstrip("\n") + f"\n{links}</figure>"


def _live(specifications: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Share the data sets of a page's figures: as columns, each once, known by its content."""
    tables: dict[str, dict[str, list[Any]]] = {}
    figures = {}
    for id, specification in specifications.items():
        known = {}
        for name, rows in specification["shared"]["datasets"].items():
            columns = _columns(rows)
            known[name] = hashlib.sha256(_compact(columns).encode()).hexdigest()[:12]
            tables[known[name]] = columns
        figures[id] = {**specification, "shared": {**specification["shared"], "datasets": known}}
    return {"datasets": dict(sorted(tables.items())), "figures": figures}


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Turn rows into columns, in the order in which the columns appear; missing is null.

    Examples
    --------
    >>> _columns([{"t": 2015.0, "value": 7.5}, {"t": 2016.0}])
    {'t': [2015, 2016], 'value': [7.5, None]}
    """
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [_short(row.get(name)) for row in rows] for name in names}


def _short(value: Any) -> Any:
    """Write a whole number without its point: JSON does not tell the two apart."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class _Paragraph:
    """Words of a picture, their size in pixels, colour and weight."""

    words: str
    size: int
    colour: str
    bold: bool = False

    def lines(self, across: float) -> list[str]:
        """Break the words into lines that fit."""
        room = across * (0.95 if self.bold else 1)  # bold letters are a little wider
        characters = round(2.2 * across / self.size)
        lines = wrapped(self.words, characters)
        while characters > 20 and any(text_width(line, self.size) > room for line in lines):
            characters -= 1
            lines = wrapped(self.words, characters)
        return lines


def _set(paragraphs: list[_Paragraph], top: float, across: float) -> tuple[str, float]:
    """Set paragraphs under each other from ``top`` down; return them and where they end."""
    placed = []
    for paragraph in paragraphs:
        weight = ' font-weight="bold"' if paragraph.bold else ""
        top += 5
        for line in paragraph.lines(across):
            top += 1.25 * paragraph.size
            placed.append(
                f'<text x="{_EDGE}" y="{top - 0.3 * paragraph.size:g}" '
                f'font-size="{paragraph.size}px" fill="{paragraph.colour}"{weight}>'
                f"{escape(line)}</text>"
            )
    return "\n".join(placed), top


def _as_png(drawing: str, folder: Path, drawn: set[str]) -> bytes:
    """Return a picture as PNG, drawn now or before; note the name that it is kept under."""
    made_from = f"{version('vl-convert-python')} {PNG_SCALE} {drawing}"
    path = folder / f"{hashlib.sha256(made_from.encode()).hexdigest()[:32]}.png"
    drawn.add(path.name)
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(packed(vl_convert.svg_to_png(drawing, scale=PNG_SCALE)))
        partial.replace(path)
    return path.read_bytes()


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold exactly these files; one that is right already is left as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file() and path.name not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def restored(record: dict[str, Any]) -> SiteFigure:
    """Return a figure from what ``dataclasses.asdict`` made of it, by way of JSON."""
    functions = tuple(Function(**function) for function in record["functions"])
    tuples = {name: tuple(record[name]) for name in ("notes", "kinds")}
    return SiteFigure(**{**record, **tuples, "functions": functions})


def _from_root(url: str, page: str) -> str:
    """Return a link of a page as it is from the root of the site; another site's is left alone.

    Examples
    --------
    >>> _from_root("../book/methods.html", "notebooks/reform_essential")
    'book/methods.html'
    """
    return url if urlsplit(url).netloc else normpath(f"{dirname(page)}/{url}").lstrip("/")


def _upwards(page: str) -> str:
    """Return the way from a page to the root of the site."""
    return "../" * page.count("/")


def _slug(page: str) -> str:
    return page.replace("/", "-")


def _plain(html: str) -> str:
    """Return the code that a page shows in colours."""
    return unescape(_TAG.sub("", html))


def _where(id: str, page: str) -> str:
    return f"{page}, figure {id!r}"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
