"""Horizontal bars: one figure for each of several things, written at the end of its bar."""

from collections.abc import Sequence
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import WIDE, Frame, Margins, text_width, within, wrapped
from sendreform.charts.numbers import NumberFormat, number_format

_THICKNESS = {"wide": 20, "narrow": 16}
_GAP = 9
_LETTERS = {"wide": 34, "narrow": 42}  # to a line of a name
_BAR_TO_LABEL = 6


def bars(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    focus: Sequence[str] = (),
    label_title: str = "Group",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw figures as horizontal bars, in the order given.

    Parameters
    ----------
    data
        ``label`` (words), ``value``; ``status`` where values are missing: what it means is then
        written in the place of the bar.
    unit, decimals
        From the record of the measure.
    focus
        The labels whose bars are highlighted; the others are grey.
    label_title
        What the labels are, for the head of the table.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, or ``focus`` is not among the labels.
    """
    checked = check_table(data, ("label", "value"), figure=caption["id"])
    layers.check_names(list(checked["label"]), focus, figure=caption["id"])
    numbers = number_format(unit, decimals)
    shown = checked.assign(
        text=[
            word if isinstance(word, str) else numbers.short(float(word))
            for word in tables.in_words(checked)
        ],
        length=checked["value"].fillna(0),
        colour=[
            theme.NAVY if not focus or label in focus else theme.GREY
            for label in checked["label"]
        ],
    )

    def draw(frame: Frame) -> alt.LayerChart:
        return _draw(shown, frame, numbers)

    return compose(
        draw,
        table=tables.of_figures(checked, names="label", name_title=label_title, unit=unit),
        numbers=numbers,
        **caption,
    )


def _draw(shown: pd.DataFrame, frame: Frame, numbers: NumberFormat) -> alt.LayerChart:
    """Draw the bars at one size: names beside them on a page, over them on a phone."""
    beside = frame is WIDE
    thickness = _THICKNESS[frame.name]
    names = [wrapped(label, _LETTERS[frame.name]) for label in shown["label"]]
    heights = [len(lines) * frame.line for lines in names]
    rows = [max(height, thickness) if beside else height + thickness for height in heights]
    tops = [sum(rows[:row]) + row * _GAP for row in range(len(rows))]
    middles = [
        top + (height / 2 if beside else height - thickness / 2)
        for top, height in zip(tops, rows, strict=True)
    ]
    words = pd.DataFrame(
        [
            {
                "text": line,
                "middle": top + (number + 0.5) * frame.line + max(thickness - height, 0) / 2 * beside,
            }
            for lines, top, height in zip(names, tops, heights, strict=True)
            for number, line in enumerate(lines)
        ]
    )
    low, high = min(shown["length"].min(), 0.0), max(shown["length"].max(), 0.0)
    figures = shown.loc[shown["value"].notna(), "text"]
    figure_width = max(text_width(text, frame.font) for text in figures) + _BAR_TO_LABEL + 2
    name_width = max(text_width(line, frame.font) for lines in names for line in lines) + 8
    margins = Margins(
        left=(name_width if beside else 0) + (figure_width if low < 0 else 0),
        right=figure_width,
        top=4,
        bottom=4,
    )
    ends = shown.assign(middle=middles)
    height = sum(rows) + (len(rows) - 1) * _GAP
    x, y = alt.X("length:Q"), alt.Y("middle:Q")
    return within(
        alt.layer(
            alt.Chart(ends[["length", "middle", "colour"]])
            .mark_bar(orient="horizontal", size=thickness)
            .encode(
                x=alt.X(
                    "length:Q", scale=alt.Scale(domain=[low, high or 1], nice=False), axis=None
                ),
                y=alt.Y(
                    "middle:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None
                ),
                color=alt.Color("colour:N", scale=None),
            ),
            alt.Chart(words)
            .mark_text(align="left", baseline="middle", color=theme.INK)
            .encode(x=alt.value(-round(margins.left)), y=y, text="text:N"),
            *(
                alt.Chart(side[["length", "middle", "text"]])
                .mark_text(align=align, dx=nudge, baseline="middle", color=theme.INK)
                .encode(x=x, y=y, text="text:N")
                for align, nudge, side in (
                    ("left", _BAR_TO_LABEL, ends[ends["length"] >= 0]),
                    ("right", -_BAR_TO_LABEL, ends[ends["length"] < 0]),
                )
                if len(side)
            ),
        ),
        frame,
        margins,
        height,
    )
