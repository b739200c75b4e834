"""A figure of the report: a chart with its words, its text alternative, its source and its data.

In a page it is plain HTML: two ready-drawn SVGs, of which the style sheet shows the one that fits,
the data as a table, and the specification as JSON, from which ``figure.js`` makes the chart live
when it comes into view. The same input gives the same bytes.
"""

import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict, Unpack

import altair as alt
import pandas as pd
from altair.utils import schemapi

from sendreform.charts import svg, tables
from sendreform.charts.frames import NARROW, WIDE, Chart, Frame
from sendreform.charts.numbers import NumberFormat
from sendreform.charts.values import TRANSFORMER
from sendreform.errors import ReportError

#: The Department for Education's own limit for the text alternative of a chart.
LONGEST_ALT = 220
#: A table beyond this does not belong in a page (bytes of CSV).
LARGEST_TABLE = 30_000


class Caption(TypedDict):
    """The words of a figure, which every chart function takes as keyword arguments.

    ``id``: a lasting name for links, such as ``plans-over-time``. ``title``: a sentence that says
    what the chart shows. ``subtitle``: unit, geography and period. ``alt``: what a reader who
    cannot see the chart needs to know, at most 220 characters and not the title. ``source`` and
    ``source_url``: the publication and where it is. ``note``: a caveat, if there is one.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    source: str
    source_url: str
    note: NotRequired[str]


@dataclass(frozen=True, eq=False)
class Figure:
    """A chart with all that must stand beside it.

    Raises
    ------
    ReportError
        If the id is no slug, a word is missing, the text alternative is longer than 220
        characters or only repeats the title, or the table is too large for a page.
    """

    id: str
    title: str
    subtitle: str
    alt: str
    source: str
    source_url: str
    chart: Chart = field(repr=False)
    narrow: Chart = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    numbers: NumberFormat = field(repr=False)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f"figure {self.id!r}"
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", self.id):
            raise ReportError(
                "the id is not a slug", where=where, fix="Write it like 'plans-over-time'."
            )
        for name in ("title", "subtitle", "alt", "source", "source_url"):
            if not getattr(self, name).strip():
                raise ReportError(f"the {name} is empty", where=where, fix="Write one.")
        if len(self.alt) > LONGEST_ALT:
            raise ReportError(
                f"the text alternative has {len(self.alt)} characters, {LONGEST_ALT} is the most",
                where=where,
                fix="Shorten it; the data table carries the detail.",
            )
        if self.alt.strip().rstrip(".").lower() == self.title.strip().rstrip(".").lower():
            raise ReportError(
                "the text alternative only repeats the title",
                where=where,
                fix="Say what a reader who cannot see the chart needs to know.",
            )
        if len(self.csv().encode()) > LARGEST_TABLE:
            raise ReportError(
                f"the table has {len(self.table)} rows, too many for a page",
                where=where,
                fix="Summarise the data before drawing them.",
            )

    def csv(self) -> str:
        """Return the data of the figure as CSV; a missing figure says why it is missing."""
        return tables.as_csv(self.table, self.numbers.decimals)

    def specification(self) -> dict[str, Any]:
        """Return what the live chart is made from.

        ``shared`` holds what both sizes have in common, data sets included; ``wide`` and
        ``narrow`` hold the rest of each.
        """
        wide, narrow = (
            {key: value for key, value in _checked(chart).items() if key != "$schema"}
            for chart in (self.chart, self.narrow)
        )
        shared = {key: value for key, value in wide.items() if narrow.get(key) == value}
        datasets = {
            name: [_without_missing(row) for row in rows]
            for name, rows in {**wide["datasets"], **narrow["datasets"]}.items()
        }
        own = {*shared, "datasets"}
        return {
            "shared": {**shared, "datasets": datasets},
            "wide": {key: value for key, value in wide.items() if key not in own},
            "narrow": {key: value for key, value in narrow.items() if key not in own},
        }

    def to_html(self) -> str:
        """Return the figure as a piece of a page."""
        parts = self.specification()
        specification = _compact(parts)
        prefix = f"{self.id}-{hashlib.sha256(specification.encode()).hexdigest()[:8]}"
        write = html.escape
        wide, narrow = (
            svg.drawing({**parts["shared"], **parts[size]}, prefix=f"{prefix}-{size}")
            for size in ("wide", "narrow")
        )
        notes = "".join(f'<p class="sr-note">{write(note)}</p>' for note in self.notes)
        table = tables.as_html(
            self.table, caption=f"{self.title}. {self.subtitle}", numbers=self.numbers
        )
        return f"""\
<figure class="sr-figure" id="{self.id}">
<figcaption>
<p class="sr-title">{write(self.title)}</p>
<p class="sr-subtitle">{write(self.subtitle)}</p>
</figcaption>
<div class="sr-chart" role="img" aria-label="{write(self.alt)}">
<div class="sr-drawing" data-frame="wide">{wide}</div>
<div class="sr-drawing" data-frame="narrow" hidden>{narrow}</div>
</div>
<script type="application/json">{_safe_in_script(specification)}</script>
{notes}
<details class="sr-data"><summary>Data and download</summary>
<div class="sr-scroll" role="region" tabindex="0" aria-label="Table: {write(self.title)}">
{table}
</div>
<p><a download="{self.id}.csv" href="{tables.as_link(self.csv())}">Download this table (CSV)</a></p>
</details>
<p class="sr-source">Source: <a href="{write(self.source_url)}">{write(self.source)}</a></p>
</figure>"""

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.alt}


def compose(
    draw: Callable[[Frame], Chart],
    *,
    table: pd.DataFrame,
    numbers: NumberFormat,
    notes: tuple[str, ...] = (),
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a chart at both sizes and put its words, table and notes beside it."""
    note = caption.get("note", "")
    return Figure(
        id=caption["id"],
        title=caption["title"],
        subtitle=caption["subtitle"],
        alt=caption["alt"],
        source=caption["source"],
        source_url=caption["source_url"],
        chart=draw(WIDE),
        narrow=draw(NARROW),
        table=table,
        numbers=numbers,
        notes=((note,) if note else ()) + notes,
    )


def check_table(data: pd.DataFrame, columns: tuple[str, ...], *, figure: str) -> pd.DataFrame:
    """Return the data for a chart, or say what they lack.

    Raises
    ------
    ReportError
        If a column is missing, no row has a value, or two rows have the same key.
    """
    where = f"figure {figure!r}"
    missing = [column for column in columns if column not in data]
    if missing:
        raise ReportError(
            f"the data lack the column {', '.join(missing)}",
            where=where,
            fix=f"The chart needs {', '.join(columns)}.",
        )
    if data["value"].notna().sum() == 0:
        raise ReportError(
            "no row has a value", where=where, fix="Say so in words instead of drawing a chart."
        )
    key = [column for column in columns if column != "value"]
    twice = data[data.duplicated(key)]
    if len(twice):
        raise ReportError(
            f"{', '.join(str(twice.iloc[0][column]) for column in key)} is given twice",
            where=where,
            fix="Keep one row of each.",
        )
    return data.reset_index(drop=True)


def _checked(chart: Chart) -> dict[str, Any]:
    """Return a chart's specification; checked, unless Altair was told to check no parts either."""
    with alt.data_transformers.enable(TRANSFORMER):
        specification: dict[str, Any] = chart.to_dict(validate=schemapi.DEBUG_MODE)
    return specification


def _without_missing(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _safe_in_script(text: str) -> str:
    """Keep JSON from ending the script element that holds it."""
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
