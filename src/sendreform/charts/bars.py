"""Horizontal bars: one figure for each of several things, written at the end of its bar."""

from collections.abc import Sequence
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import WIDE, Chart, Frame, Margins, text_width, within, wrapped
from sendreform.charts.numbers import number_format

_THICKNESS = {"wide": 20, "narrow": 16}
_GAP = {"wide": 9, "narrow": 12}
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
        # A bar without a figure has no length; the words beside it say why.
        length=checked["value"].fillna(0),
        colour=[
            theme.NAVY if not focus or label in focus else theme.GREY for label in checked["label"]
        ],
    )

    def draw(frame: Frame) -> Chart:
        return _draw(shown, frame)

    return compose(
        draw,
        table=tables.of_figures(checked, names="label", name_title=label_title, unit=unit),
        numbers=numbers,
        **caption,
    )


def _draw(shown: pd.DataFrame, frame: Frame) -> Chart:
    """Draw the bars at one size; ``middle`` is in pixels from the top, as only lengths are data."""
    low, high = min(shown["length"].min(), 0.0), max(shown["length"].max(), 0.0)
    ends, names, height = _in_rows(shown, frame)
    figures = shown.loc[shown["value"].notna(), "text"]
    figure_width = max(text_width(text, frame.font) for text in figures) + _BAR_TO_LABEL + 2
    name_width = max(text_width(text, frame.font) for text in names["text"]) + 8
    margins = Margins(
        left=(name_width if frame is WIDE else 0) + (figure_width if low < 0 else 0),
        right=figure_width,
        top=4,
        bottom=4,
    )
    y, text = alt.Y("middle:Q"), alt.Text("text:N")

    def figures_beside(rows: pd.DataFrame, align: layers.Align, nudge: float) -> list[alt.Chart]:
        base = alt.Chart(rows[["length", "middle", "text"]]).encode(x="length:Q", y=y, text=text)
        return layers.write(base, align, dx=nudge)

    chart = layers.overlay(
        alt.Chart(ends[["length", "middle", "colour"]])
        .mark_bar(orient="horizontal", size=_THICKNESS[frame.name])
        .encode(
            x=alt.X(
                "length:Q",
                scale=alt.Scale(domain=[low, high if high > low else 1], nice=False),
                axis=None,
            ),
            y=alt.Y("middle:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None),
            color=alt.Color("colour:N", scale=None),
        ),
        *layers.write(
            alt.Chart(names).encode(x=alt.value(-round(margins.left)), y=y, text=text), "left"
        ),
        *figures_beside(ends[ends["length"] >= 0], "left", _BAR_TO_LABEL),
        *figures_beside(ends[ends["length"] < 0], "right", -_BAR_TO_LABEL),
    )
    return within(chart, frame, margins, height)


def _in_rows(shown: pd.DataFrame, frame: Frame) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Place each bar, and each line of its name: beside it on a page, over it on a phone.

    Returns
    -------
    The bars with ``middle``, the lines of the names with ``middle`` and ``text``, and the height.
    """
    thickness = _THICKNESS[frame.name]
    middles, names, top = [], [], 0.0
    for label in shown["label"]:
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
    return shown.assign(middle=middles), pd.DataFrame(names), top - _GAP[frame.name]
