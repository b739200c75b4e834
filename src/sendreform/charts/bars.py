"""Horizontal bars: one figure for each of several things, written at the end of its bar."""

from collections.abc import Sequence
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, Margins, text_width, within
from sendreform.charts.numbers import number_format
from sendreform.charts.rows import THICKNESS, in_rows

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
    rows = in_rows(list(shown["label"]), frame)
    ends = shown.assign(middle=rows.middles)
    figures = shown.loc[shown["value"].notna(), "text"]
    figure_width = max(text_width(text, frame.font) for text in figures) + _BAR_TO_LABEL + 2
    margins = Margins(
        left=rows.name_width + (figure_width if low < 0 else 0),
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
        .mark_bar(orient="horizontal", size=THICKNESS[frame.name])
        .encode(
            x=alt.X(
                "length:Q",
                scale=alt.Scale(domain=[low, high if high > low else 1], nice=False),
                axis=None,
            ),
            y=rows.y,
            color=alt.Color("colour:N", scale=None),
        ),
        *rows.written(margins.left),
        *figures_beside(ends[ends["length"] >= 0], "left", _BAR_TO_LABEL),
        *figures_beside(ends[ends["length"] < 0], "right", -_BAR_TO_LABEL),
    )
    return within(chart, frame, margins, rows.height)
