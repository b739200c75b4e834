"""Keys inside a chart: what a shade, a hatch or an open mark means, in words beside a sample."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from sendreform.charts import layers, theme
from sendreform.charts.frames import Frame, text_width

_SWATCH = 14
_TO_WORDS = 6
_BETWEEN = 16


@dataclass(frozen=True)
class Sample:
    """A mark as it is drawn in the chart (properties of a point mark), and its words."""

    words: str
    look: dict[str, Any] = field(default_factory=dict)
    over: dict[str, Any] = field(default_factory=dict)


def places(samples: Sequence[Sample], frame: Frame, width: float) -> list[tuple[float, float]]:
    """Return where each sample stands, left and middle in pixels: in columns, as many as fit.

    Examples
    --------
    >>> from sendreform.charts.frames import NARROW
    >>> [left for left, _ in places([Sample("Low"), Sample("High")], NARROW, 330)]
    [0.0, 64.86]
    >>> [left for left, _ in places([Sample("Low"), Sample("High")], NARROW, 80)]
    [0.0, 0.0]
    """
    column = max(text_width(sample.words, frame.font) for sample in samples)
    column += _SWATCH + _TO_WORDS + _BETWEEN
    columns = max(1, min(len(samples), int((width + _BETWEEN) // column)))
    # Even rows: three and three rather than four and two.
    columns = math.ceil(len(samples) / math.ceil(len(samples) / columns))
    return [
        (number % columns * column, (number // columns + 0.5) * _row(frame))
        for number in range(len(samples))
    ]


def height(samples: Sequence[Sample], frame: Frame, width: float) -> float:
    """Return the pixels that a key needs from top to bottom."""
    return places(samples, frame, width)[-1][1] + _row(frame) / 2


def key(
    samples: Sequence[Sample], frame: Frame, *, width: float, left: float = 0, top: float = 0
) -> list[alt.Chart]:
    """Draw the samples and their words, in pixels from the left and the top of the plot."""
    drawn: list[alt.Chart] = []
    for sample, (x, y) in zip(samples, places(samples, frame, width), strict=True):
        base = alt.Chart(pd.DataFrame({"text": [sample.words]})).encode(
            y=alt.value(round(top + y, 1))
        )
        middle = alt.value(round(left + x + _SWATCH / 2, 1))
        look = {"size": _SWATCH**2, "shape": "square", "opacity": 1, **sample.look}
        looks = [look, *([{**look, **sample.over}] if sample.over else [])]
        drawn += [base.mark_point(**properties).encode(x=middle) for properties in looks]
        words = alt.value(round(left + x + _SWATCH + _TO_WORDS, 1))
        drawn += layers.write(base.encode(x=words, text="text:N"), "left")
    return drawn


def filled(words: str, colour: str, *, edge: str = theme.NAVY) -> Sample:
    """Return the sample of a shade, with a thin edge that shows where the shade is pale."""
    return Sample(words, {"fill": colour, "stroke": edge, "strokeWidth": 0.75})


def _row(frame: Frame) -> float:
    return frame.line + 4
