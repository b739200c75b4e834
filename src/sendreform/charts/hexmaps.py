"""A map with a hexagon of the same size for each council, shaded by its figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, Unpack

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from sendreform.charts import keys, layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import WIDE, Chart, Frame, Margins, text_width, within, wrapped
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.errors import ReportError

#: Five classes of one hue, from low to high: each darker than the one before, also in grey. Beside
#: each its contrast with white; the palest has an edge of its own.
SHADES = ("#DDE8F3", "#A9C4DF", "#6C97C2", "#2F6299", "#0A2947")  # 1.24 1.79 3.07 6.32 14.81

#: Six corners of a hexagon with a point at the top, clockwise, in half widths and half radii.
CORNERS = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1))
#: What lies beyond the edge from each corner to the next, as axial steps.
_BEYOND = ((1, -1), (1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1))
#: A hexagon and the strokes of a hatch as Vega's symbols: paths inside a square from -1 to 1.
_HEXAGON = "M0,-1L.866,-.5V.5L0,1L-.866,.5V-.5Z"
_HATCH = "M-.8,.1L.05,-.75M-.65,.6L.65,-.7M-.05,.75L.8,-.1"

_MAP_WIDTH = {"wide": 500, "narrow": 326}
_FILLED = 0.96  # of a cell; the rest is the space between hexagons
_AWAY = 6  # pixels from a hexagon to its region's name
_CLEAR = 0.33  # of a hexagon's width, at least, to the names of other regions
_EAST = 70  # pixels for names to the east of the map on a page
_LETTERS = (22, 13, 9)  # to a line of a name: the fewest lines that have room are used
_SHIFTS = (-0.5, -0.25, 0.0, 0.25, 0.5)  # of a name along its hexagon, in its own size
_NO_FIGURE = "No figure"

#: Left, top, right and foot in pixels of the plot.
Box: TypeAlias = tuple[float, float, float, float]
Pixels: TypeAlias = npt.NDArray[np.float64]


def hexmap(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    focus: str = "",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw each council as a hexagon, shaded by which fifth of councils its figure is in.

    Parameters
    ----------
    data
        ``area`` (the code of a council), ``name``, ``q``, ``r`` (its cell: ``hex_q`` and ``hex_r``
        of ``data/areas.csv``), ``value``; ``status`` where values are missing: those councils are
        hatched. With ``region`` (a name), regions are set apart and named.
    unit, decimals
        From the record of the measure.
    focus
        The name of the council to outline and name, if any.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, two councils share a cell, or ``focus`` is not
        among the councils.
    """
    figure = caption["id"]
    checked = check_table(data, ("area", "name", "q", "r", "value"), figure=figure)
    for column in ("area", "name"):
        check_table(checked, (column, "value"), figure=figure)
    shared = checked[checked.duplicated(["q", "r"], keep=False)]
    if len(shared):
        raise ReportError(
            f"{' and '.join(shared['name'].head(2))} have the same cell",
            where=f"figure {figure!r}",
            fix="Take q and r from hex_q and hex_r of data/areas.csv.",
        )
    layers.check_names(list(checked["name"]), [focus] if focus else [], figure=figure)
    numbers = number_format(unit, decimals)
    shown, samples = _shaded(checked, numbers)
    in_order = checked.sort_values("value", ascending=False, kind="stable", na_position="last")
    return compose(
        lambda frame: _draw(shown, samples, focus, frame),
        table=tables.of_figures(in_order, names="name", name_title="Council", unit=unit),
        numbers=numbers,
        notes=(
            "Each shade holds a fifth of the councils that have a figure.",
            *tables.missing_notes(checked.drop(columns="area").rename(columns={"name": "area"})),
        ),
        **caption,
    )


def fifths(values: pd.Series, decimals: int) -> pd.Series:
    """Return which fifth of the figures each is in, from 0; figures written alike stay together.

    Examples
    --------
    >>> fifths(pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 5.04, 9.0]), 1).to_list()
    [0, 0, 1, 2, 3, 3, 4]
    >>> fifths(pd.Series([7.0, 7.0, 8.0]), 0).to_list()
    [0, 0, 1]
    """
    written = values.round(decimals)
    if written.nunique() <= len(SHADES):
        return written.rank(method="dense").astype("int64") - 1
    edges = np.unique(written.quantile([0.2, 0.4, 0.6, 0.8]))
    classes = pd.Series(np.searchsorted(edges, written, side="left"), index=values.index)
    return classes.rank(method="dense").astype("int64") - 1


def _shaded(checked: pd.DataFrame, numbers: NumberFormat) -> tuple[pd.DataFrame, list[keys.Sample]]:
    """Give each council its ``shade`` and its place, and say what each shade means."""
    known = checked.dropna(subset="value")
    fifth = fifths(known["value"], numbers.decimals)
    count = fifth.max() + 1
    shades = [SHADES[place] for place in np.linspace(0, len(SHADES) - 1, count).round().astype(int)]
    samples = []
    for number, shade in enumerate(shades):
        ends = known.loc[fifth == number, "value"].agg(["min", "max"]).map(numbers.short)
        words = ends["min"] if ends["min"] == ends["max"] else f"{ends['min']} to {ends['max']}"
        samples.append(keys.filled(words, shade))
    missing = len(known) < len(checked)
    if missing:
        samples.append(
            keys.Sample(
                _NO_FIGURE,
                {"fill": theme.WHITE, "stroke": theme.NAVY, "strokeWidth": 0.75},
                {"shape": _HATCH, "fill": None, "stroke": theme.QUIET_INK},
            )
        )
    samples = [
        keys.Sample(sample.words, {"shape": _HEXAGON, "size": 18**2, **sample.look}, sample.over)
        for sample in samples
    ]
    shown = checked.assign(
        x=2 * checked["q"].astype("int64") + checked["r"].astype("int64"),
        y=3 * checked["r"].astype("int64"),
        shade=fifth.map(dict(enumerate(shades))).reindex(checked.index).fillna(theme.WHITE),
        text=[
            word if isinstance(word, str) else numbers.full(float(word))
            for word in tables.in_words(checked)
        ],
    )
    return shown, samples


@dataclass(frozen=True)
class _Map:
    """The map at one size: units of half a hexagon's width and half its radius, in pixels.

    ``left`` and ``right`` are the pixels beside the map in which words may stand.
    """

    west: int
    north: int
    across: int
    down: int
    width: float
    left: float
    right: float

    @property
    def half(self) -> float:
        """Half the width of a hexagon."""
        return self.width / self.across

    @property
    def radius(self) -> float:
        """From the middle of a hexagon to its corners."""
        return 2 * self.half / 3**0.5

    @property
    def height(self) -> float:
        return self.down * self.radius / 2

    def pixels(self, rows: pd.DataFrame) -> Pixels:
        """Return where hexagons have their middles, in pixels from the left and the top."""
        return np.column_stack(
            [(rows["x"] - self.west) * self.half, (rows["y"] - self.north) * self.radius / 2]
        )

    def x(self, pixel: float) -> float:
        return round(self.west + pixel / self.half, 2)

    def y(self, pixel: float) -> float:
        return round(self.north + pixel / self.radius * 2, 2)


def _map(shown: pd.DataFrame, frame: Frame) -> _Map:
    x, y = shown["x"], shown["y"]
    across, down = x.max() - x.min() + 2, y.max() - y.min() + 4
    # Not beyond the hexagons of the whole of England, so that a few councils do not fill a page.
    width = min(_MAP_WIDTH[frame.name], across * _MAP_WIDTH[frame.name] / 38)
    left = frame.width - width - _EAST if frame is WIDE else 2
    return _Map(
        x.min() - 1, y.min() - 2, across, down, width, left, max(frame.width - width - left, 2)
    )


def _draw(shown: pd.DataFrame, samples: Sequence[keys.Sample], focus: str, frame: Frame) -> Chart:
    place = _map(shown, frame)
    # Beside the north on a page, where there is sea; over the map on a phone.
    key_width = 1 if frame is WIDE else frame.width
    key_height = keys.height(samples, frame, key_width)
    top = 4 if frame is WIDE else key_height + 10
    key_box = (-place.left, -top, -place.left + 170, key_height) if frame is WIDE else None
    size = (2 * _FILLED * place.radius) ** 2
    columns = ["area", "name", "text", "x", "y", "shade"]
    hexagons = alt.Chart(shown[columns])
    chosen = shown[shown["name"] == focus]
    outline = alt.Chart(chosen[["x", "y"]]).encode(x="x:Q", y="y:Q")
    chart = layers.overlay(
        hexagons.mark_point(
            shape=_HEXAGON, size=size, opacity=1, stroke=theme.NAVY, strokeWidth=0.75
        ).encode(
            x=alt.X(
                "x:Q",
                scale=alt.Scale(domain=[place.west, place.west + place.across], nice=False),
                axis=None,
            ),
            y=alt.Y(
                "y:Q",
                scale=alt.Scale(domain=[place.north + place.down, place.north], nice=False),
                axis=None,
            ),
            fill=alt.Fill("shade:N", scale=None),
            tooltip=[
                alt.Tooltip("name:N", title="Council"),
                alt.Tooltip("text:N", title="Figure"),
            ],
        ),
        alt.Chart(shown.loc[shown["value"].isna(), ["x", "y"]])
        .mark_point(shape=_HATCH, size=size, opacity=1, stroke=theme.QUIET_INK, strokeWidth=1)
        .encode(x="x:Q", y="y:Q"),
        *_borders(shown),
        *(
            outline.mark_point(
                shape=_HEXAGON, size=size, opacity=1, stroke=colour, strokeWidth=stroke
            )
            for colour, stroke in ((theme.WHITE, 7), (theme.INK, 3.5))
        ),
        *_names(shown, chosen, place, frame, key_box),
        *keys.key(
            samples,
            frame,
            width=key_width,
            left=-place.left + 2,
            top=0 if frame is WIDE else -top,
        ),
        *layers.chosen(
            hexagons.encode(x="x:Q", y="y:Q"),
            field="name",
            middle=place.west + place.across / 2,
            size=size,
            shape=_HEXAGON,
        ),
    )
    return within(chart, frame, Margins(place.left, place.right, top, 4), place.height)


def _borders(shown: pd.DataFrame) -> list[alt.Chart]:
    """Draw the borders between regions, edged in white so that they show among dark hexagons."""
    lines = borders(shown) if "region" in shown else pd.DataFrame()
    if lines.empty:
        return []
    base = alt.Chart(lines).encode(x="x:Q", y="y:Q", detail="line:N", order="step:Q")
    return [
        base.mark_line(stroke=theme.WHITE, strokeWidth=5),
        base.mark_line(stroke=theme.INK, strokeWidth=2),
    ]


def borders(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the lines along which regions touch, corner by corner.

    Parameters
    ----------
    cells
        ``q``, ``r``, ``region``.

    Returns
    -------
    DataFrame with ``x`` (half widths of a hexagon), ``y`` (half radii), ``line`` (the same for the
    corners of one line) and ``step`` (their order).

    Examples
    --------
    >>> borders(pd.DataFrame({"q": [0, 1], "r": [0, 0], "region": ["A", "B"]})).values.tolist()
    [[1, -1, 0, 0], [1, 1, 0, 1]]
    """
    places = zip(cells["q"].astype("int64"), cells["r"].astype("int64"), strict=True)
    region = dict(sorted(zip(places, cells["region"], strict=True)))
    following: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}
    for (q, r), own in region.items():
        for number, (step_q, step_r) in enumerate(_BEYOND):
            if region.get((q + step_q, r + step_r), own) <= own:
                continue  # sea, the same region, or a border that the other region has
            ends = (CORNERS[number], CORNERS[(number + 1) % 6])
            start, end = ((2 * q + r + dx, 3 * r + dy) for dx, dy in ends)
            # At a corner three hexagons meet, so that one edge at most leaves it clockwise.
            following.setdefault(own, {})[start] = end
    lines = [line for edges in following.values() for line in _joined(edges)]
    return pd.DataFrame(
        [
            (*corner, number, step)
            for number, line in enumerate(lines)
            for step, corner in enumerate(line)
        ],
        columns=["x", "y", "line", "step"],
    )


def _joined(edges: dict[tuple[int, int], tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Join edges, each from a corner to the next, into lines; a ring begins anywhere."""
    left, lines = dict(edges), []
    while left:
        start = min(left.keys() - left.values(), default=min(left))
        line = [start]
        while line[-1] in left:
            line.append(left.pop(line[-1]))
        lines.append(line)
    return lines


def _names(
    shown: pd.DataFrame, chosen: pd.DataFrame, place: _Map, frame: Frame, key_box: Box | None
) -> list[alt.Chart]:
    """Write the chosen council with its figure and the names of regions, beside the hexagons."""
    homes = {f"{row['name']} {row['text']}": chosen for _, row in chosen.iterrows()}
    focus = list(homes)
    if "region" in shown:
        homes |= {str(name): cells for name, cells in shown.groupby("region")}
    middles = place.pixels(shown)
    reach = np.array([place.half, 0.9 * place.radius])
    hexagons = np.hstack([middles - reach, middles + reach])
    clear = _CLEAR * 2 * place.half
    words: list[Box] = [key_box] if key_box else []

    def in_the_way(name: str, cells: pd.DataFrame) -> Pixels:
        """Keep a region's name clear of the hexagons of others, or it would seem to be theirs."""
        own = shown.index.isin(cells.index) | (name in focus)
        widened = hexagons + np.where(own[:, None], 0, [-clear, 0, clear, 0])
        return np.vstack([widened, np.array(words).reshape(-1, 4)])

    written = []
    while homes:
        spots = {
            name: _spots(
                name, place.pixels(cells), in_the_way(name, cells), place, frame,
                bold=name in focus,
            )
            for name, cells in homes.items()
        }  # fmt: skip
        # The chosen council first, then the region with the least choice.
        name = min(homes, key=lambda name: (name not in focus, len(spots[name])))
        home = place.pixels(homes.pop(name))
        lines, box = min(
            spots[name] or [_over(name, home, place, frame)],
            key=lambda spot: (len(spot[0]), _distance(spot[1], home)),
        )
        words.append(box)
        written += [
            {
                "x": place.x((box[0] + box[2]) / 2),
                "y": place.y(box[1] + (number + 0.5) * frame.line),
                "text": line,
                "weight": "bold" if name in focus else "normal",
            }
            for number, line in enumerate(lines)
        ]
    rows = pd.DataFrame(written, columns=["x", "y", "text", "weight"])
    drawn = []
    for weight in ("normal", "bold"):
        names = alt.Chart(rows.loc[rows["weight"] == weight, ["x", "y", "text"]])
        for layer in layers.write(
            names.encode(x="x:Q", y="y:Q", text="text:N"), "center", edged=True
        ):
            layer.mark.fontWeight = weight
            layer.mark.strokeJoin = "round"  # or the edge of an M has spikes, seen on dark shades
            drawn.append(layer)
    return drawn


def _lines(name: str, letters: int, frame: Frame, *, bold: bool) -> tuple[list[str], float, float]:
    """Return the lines of a name, and how wide and high they are together."""
    lines = wrapped(name, letters)
    width = max(text_width(line, frame.font) for line in lines) * (1.08 if bold else 1)
    return lines, width, len(lines) * frame.line


def _spots(
    name: str, middles: Pixels, taken: Pixels, place: _Map, frame: Frame, *, bold: bool
) -> list[tuple[list[str], Box]]:
    """Return where a name can stand free, beside a hexagon that it names."""
    x, y = (np.repeat(ends, len(_SHIFTS)) for ends in middles.T)
    shift = np.tile(_SHIFTS, len(middles))
    spots: list[tuple[list[str], Box]] = []
    for letters in _LETTERS:
        lines, width, height = _lines(name, letters, frame, bold=bold)
        up, along = y + (shift - 0.5) * height, x + (shift - 0.5) * width
        corners = np.hstack(
            [
                (x - place.half - _AWAY - width, up),
                (x + place.half + _AWAY, up),
                (along, y - place.radius - height),
                (along, y + place.radius),
            ]
        ).T
        boxes = np.hstack([corners, corners + np.array([width, height])])
        inside = (boxes[:, 0] >= -place.left) & (boxes[:, 2] <= place.width + place.right)
        inside &= (boxes[:, 1] >= 0) & (boxes[:, 3] <= place.height)
        spots += [(lines, _box(box)) for box in boxes[inside & ~_overlap(boxes, taken)]]
    return spots


def _over(name: str, middles: Pixels, place: _Map, frame: Frame) -> tuple[list[str], Box]:
    """Return where a name without free room stands: on its region, or over its one hexagon."""
    alone = len(middles) == 1
    lines, width, height = _lines(name, _LETTERS[0], frame, bold=alone)
    x, y = middles.mean(axis=0)
    left = min(max(x - width / 2, -place.left), place.width + place.right - width)
    top = max(y - place.radius - height - 2 if alone else y - height / 2, 0)
    return lines, (left, top, left + width, top + height)


def _box(ends: Pixels) -> Box:
    left, top, right, foot = map(float, ends)
    return left, top, right, foot


def _overlap(boxes: Pixels, taken: Pixels) -> npt.NDArray[np.bool_]:
    """Return whether each box overlaps any of those taken."""
    one, other = boxes[:, None, :], taken[None, :, :]
    beside = (one[..., :2] < other[..., 2:]) & (other[..., :2] < one[..., 2:])
    overlaps: npt.NDArray[np.bool_] = beside.all(axis=2).max(axis=1, initial=False)
    return overlaps


def _distance(box: Box, middles: Pixels) -> float:
    """Return how far a box is from the middle of a group of hexagons."""
    x, y = middles.mean(axis=0)
    return float(np.hypot((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y))
