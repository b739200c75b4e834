"""Charts that read as a list: where each row and the words of its name stand at either size."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from sendreform.charts import layers
from sendreform.charts.frames import WIDE, Frame, text_width, wrapped

THICKNESS = {"wide": 20, "narrow": 16}
_GAP = {"wide": 9, "narrow": 12}
_LETTERS = {"wide": 34, "narrow": 42}  # to a line of a name


@dataclass(frozen=True)
class Rows:
    """The rows of a list chart, in pixels from the top.

    Attributes
    ----------
    middles
        Where the mark of each row has its middle.
    names
        A row per line of text: ``text``, ``middle``.
    height
        Of the whole list.
    name_width
        The pixels that the names need beside the plot; nought where they stand over the marks.
    """

    middles: tuple[float, ...]
    names: pd.DataFrame
    height: float
    name_width: float

    @property
    def y(self) -> alt.Y:
        """The vertical encoding that carries the scale; other layers write ``middle:Q``."""
        return alt.Y("middle:Q", scale=alt.Scale(domain=[self.height, 0], nice=False), axis=None)

    def written(self, left: float) -> list[alt.Chart]:
        """Write the names so many pixels left of the plot."""
        names = alt.Chart(self.names).encode(
            x=alt.value(-round(left)), y=alt.Y("middle:Q"), text=alt.Text("text:N")
        )
        return layers.write(names, "left")


def in_rows(labels: Sequence[str], frame: Frame) -> Rows:
    """Place a row for each label: its name beside the mark on a page, over it on a phone."""
    thickness = THICKNESS[frame.name]
    middles, names, top = [], [], 0.0
    for label in labels:
        lines = wrapped(label, _LETTERS[frame.name])
        text_height = len(lines) * frame.line
        if frame is WIDE:
            row = max(text_height, thickness)
            first, middle = top + (row - text_height) / 2, top + row / 2
        else:
            row = text_height + thickness
            first, middle = top, top + text_height + thickness / 2
        middles.append(middle)
        names += [
            {"text": line, "middle": first + (number + 0.5) * frame.line}
            for number, line in enumerate(lines)
        ]
        top += row + _GAP[frame.name]
    table = pd.DataFrame(names)
    width = max(text_width(text, frame.font) for text in table["text"]) + 8
    return Rows(tuple(middles), table, top - _GAP[frame.name], width if frame is WIDE else 0)
