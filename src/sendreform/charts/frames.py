"""The two sizes in which every chart is drawn, and where things go inside them.

A chart scaled down to a phone cannot be read, so each is drawn twice: :data:`WIDE` for a page,
:data:`NARROW` for a phone; the style sheet shows the one that fits. Margins, ticks and labels are
placed here rather than by Vega, so that the drawing in the page and the live chart that replaces
it have the same size on every machine.
"""

import json
import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from sendreform.charts import theme

Chart = alt.LayerChart | alt.FacetChart


class Layers(alt.LayerChart):
    """Layers of which each has its own data, and none parameters.

    Altair looks through the layers of a chart for what they share, and copies each of them several
    times, whenever one is made or written. Here is nothing to be found.
    """

    def __init__(self, layer: Sequence[alt.Chart], **others: Any) -> None:
        super(alt.LayerChart, self).__init__(layer=layer, **others)

    def copy(self, deep: bool | Iterable[str] = True, ignore: list[str] | None = None) -> "Layers":
        """Return a copy; a shallow one shares its layers."""
        copied: Layers = Layers(**self._kwds) if deep is False else super().copy(deep, ignore)
        return copied


@dataclass(frozen=True)
class Frame:
    """One size of drawing: pixels, characters to a line of a label, and ticks that fit."""

    name: str
    width: int
    height: int
    font: int
    wrap: int
    ticks: int

    @property
    def line(self) -> float:
        """The height of one line of text, in pixels."""
        return 1.2 * self.font


WIDE = Frame("wide", width=680, height=340, font=14, wrap=22, ticks=9)
NARROW = Frame("narrow", width=330, height=280, font=13, wrap=13, ticks=4)
FRAMES = (WIDE, NARROW)


@dataclass(frozen=True)
class Margins:
    """Pixels between the edge of the drawing and its plot."""

    left: float = 0
    right: float = 0
    top: float = 0
    bottom: float = 0


def within(chart: Chart, frame: Frame, margins: Margins, height: float) -> Chart:
    """Give a chart its size: a plot of ``height`` pixels, as wide as the margins leave room for.

    The chart itself is changed and returned: Altair's own methods copy every layer each time.
    """
    chart.width = round(frame.width - margins.left - margins.right)
    chart.height = round(height)
    chart.autosize = alt.AutoSizeParams(type="none")
    chart.padding = {
        "left": round(margins.left),
        "right": round(margins.right),
        "top": round(margins.top),
        "bottom": round(margins.bottom),
    }
    return typeset(chart, frame)


def typeset(chart: Chart, frame: Frame) -> Chart:
    """Set axes and texts of a chart, the very one, in the type size of a frame."""
    chart.config = alt.Config(
        axis=alt.AxisConfig(labelFontSize=frame.font, titleFontSize=frame.font),
        text=alt.MarkConfig(fontSize=frame.font),
    )
    return chart


def text_width(text: str, font: float) -> float:
    """Estimate the width of a text in pixels, from the widths of Arial, on the generous side.

    Examples
    --------
    >>> round(text_width("638,700", 14))
    53
    """
    em = sum(
        0.3 if letter in " .,:;'|!ijlIft()/-" else 0.92 if letter in "mwMW%@" else
        0.72 if letter.isupper() else 0.58
        for letter in text
    )  # fmt: skip
    return em * font


def wrapped(text: str, characters: int) -> list[str]:
    """Break a label into lines, never inside a word.

    Examples
    --------
    >>> wrapped("Independent or non-maintained special", 22)
    ['Independent or', 'non-maintained special']
    """
    return textwrap.wrap(text, characters, break_long_words=False, break_on_hyphens=False)


def spread(
    centres: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Move labels apart so that none overlaps and all stay between ``low`` and ``high``.

    Each label moves as little as it can: labels that touch form a group around the mean of the
    places that they asked for.

    Examples
    --------
    >>> spread([10.0, 12.0, 60.0], [10.0, 10.0, 10.0], low=0, high=100)
    [6.0, 16.0, 60.0]
    """
    order = sorted(range(len(centres)), key=lambda index: centres[index])
    groups: list[tuple[list[int], float]] = []
    for index in order:
        members, top = [index], centres[index] - heights[index] / 2
        while True:
            total = sum(heights[member] for member in members)
            top = min(max(top, low), high - total)
            if not groups or _bottom(groups[-1], heights) <= top:
                break
            members = groups.pop()[0] + members
            top = _ideal_top(members, centres, heights)
        groups.append((members, top))
    placed = list(centres)
    for members, top in groups:
        for member in members:
            placed[member] = top + heights[member] / 2
            top += heights[member]
    return placed


def _bottom(group: tuple[list[int], float], heights: Sequence[float]) -> float:
    members, top = group
    return top + sum(heights[member] for member in members)


def _ideal_top(members: Sequence[int], centres: Sequence[float], heights: Sequence[float]) -> float:
    above, tops = 0.0, []
    for member in members:
        tops.append(centres[member] - heights[member] / 2 - above)
        above += heights[member]
    return sum(tops) / len(tops)


def nice_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round values, evenly apart, from at or below ``low`` to at or above ``high``.

    A fiftieth of a step over does not add a tick, so that shares which round to 100.1 end at 100.

    Examples
    --------
    >>> nice_ticks(0, 638745)
    [0, 200000, 400000, 600000, 800000]
    >>> nice_ticks(0, 0.9)
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    span = (high - low) or abs(high) or 1.0
    magnitude = 10 ** math.floor(math.log10(span / (most - 1)))
    for factor in (1, 2, 5, 10, 20):
        step = factor * magnitude
        first, last = math.floor(low / step + 0.02), math.ceil(high / step - 0.02)
        if last - first < most:
            break
    return [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]


def tick_decimals(ticks: Sequence[float]) -> int:
    """Return how many decimals tell these ticks apart: ``[0, 2.5, 5]`` needs one."""
    return max(len(f"{tick:.6f}".rstrip("0").partition(".")[2]) for tick in ticks)


def axis(labels: Mapping[float, str], *, title: str | None = None, grid: bool = False) -> alt.Axis:
    """Return an axis with exactly these ticks, labelled in these words."""
    words = {_as_key(value): text for value, text in labels.items()}
    return alt.Axis(
        values=list(labels),
        tickCount=len(labels),  # or Vega thins them
        labelExpr=lookup(words, "datum.value"),
        title=title,
        grid=grid,
    )


def lookup(words: Mapping[str, str | list[str]], field: str) -> str:
    """Return a Vega expression that says each value of a field in the words given for it.

    Examples
    --------
    >>> lookup({"2024": "2024/25"}, "datum.value")
    '({"2024":"2024/25"})[datum.value]'
    """
    return f"({json.dumps(words, ensure_ascii=False, separators=(',', ':'))})[{field}]"


def _as_key(value: float) -> str:
    """Write a number as JavaScript does when it looks up a key."""
    return str(int(value)) if value == int(value) else repr(value)


def colours(names: Sequence[str], focus: Iterable[str] = ()) -> dict[str, str]:
    """Give each name its colour: the palette in order, or grey for what is not in focus."""
    highlighted = list(focus) or list(names)
    return {
        name: theme.PALETTE[highlighted.index(name)] if name in highlighted else theme.GREY
        for name in names
    }
