"""A waterfall: how the parts of a change carry a figure from its start to its end."""

from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import WIDE, Chart, Frame, Margins, text_width, within
from sendreform.charts.numbers import number_format
from sendreform.charts.rows import THICKNESS, in_rows
from sendreform.errors import ReportError

_BAR_TO_LABEL = 6


def waterfall(
    data: pd.DataFrame,
    *,
    start: str,
    end: str,
    unit: str,
    decimals: int = 0,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw the start, each part of the change from where the one before it ended, and the end.

    Parameters
    ----------
    data
        ``label``, ``value``: the first row is the start, the last the end, and those between are
        the parts, which add to the difference.
    start, end
        The labels of the first and of the last row.
    unit, decimals
        Of the figures.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, or the parts do not add up.
    """
    checked = check_table(data, ("label", "value"), figure=caption["id"])
    where = f"figure {caption['id']!r}"
    if [checked["label"].iloc[0], checked["label"].iloc[-1]] != [start, end]:
        raise ReportError(
            f"the rows do not run from {start!r} to {end!r}", where=where, fix="Put them in order."
        )
    parts = checked["value"].iloc[1:-1]
    if not np.isclose(checked["value"].iloc[0] + parts.sum(), checked["value"].iloc[-1]):
        raise ReportError("the parts do not add to the difference", where=where)
    numbers = number_format(unit, decimals)
    is_total = checked["label"].isin([start, end])
    level = checked["value"].iloc[:-1].cumsum()
    after = pd.concat([level, checked["value"].iloc[-1:]])
    shown = checked.assign(
        high=after,
        low=np.where(is_total, 0.0, after - checked["value"]),
        colour=np.where(
            is_total, theme.RULE, np.where(checked["value"] < 0, theme.PLUM, theme.NAVY)
        ),
        text=[
            f"{'+' if not total and value > 0 else ''}{numbers.short(value)}"
            for total, value in zip(is_total, checked["value"], strict=True)
        ],
    )
    return compose(
        lambda frame: _draw(shown, frame),
        table=tables.of_figures(checked, names="label", name_title="Part", unit=unit),
        numbers=numbers,
        **caption,
    )


def _draw(shown: pd.DataFrame, frame: Frame) -> Chart:
    rows = in_rows(list(shown["label"]), frame)
    placed = shown.assign(
        middle=rows.middles, right=shown[["low", "high"]].max(axis="columns"), next=shown["high"]
    )
    figure_width = max(text_width(text, frame.font) for text in shown["text"]) + _BAR_TO_LABEL + 2
    margins = Margins(left=rows.name_width, right=figure_width, top=4, bottom=4)
    low = min(shown[["low", "high"]].min().min(), 0.0)
    x = alt.X("low:Q", scale=alt.Scale(domain=[low, placed["right"].max()], nice=False), axis=None)
    half = THICKNESS[frame.name] / 2
    joins = pd.DataFrame(
        {
            "at": placed["high"].iloc[:-1].to_numpy(),
            "top": placed["middle"].iloc[:-1].to_numpy() + half,
            "foot": placed["middle"].iloc[1:].to_numpy() - half,
        }
    )
    # On a phone the names stand over the bars, and a join would run through them.
    joins = joins if frame is WIDE else joins.head(0)
    chart = layers.overlay(
        alt.Chart(placed[["low", "high", "middle", "colour"]])
        .mark_bar(orient="horizontal", size=THICKNESS[frame.name])
        .encode(x=x, x2="high:Q", y=rows.y, color=alt.Color("colour:N", scale=None)),
        alt.Chart(joins)
        .mark_rule(stroke=theme.RULE, strokeWidth=1, strokeDash=[2, 2])
        .encode(x=alt.X("at:Q"), y=alt.Y("top:Q"), y2="foot:Q"),
        *rows.written(margins.left),
        *layers.write(
            alt.Chart(placed[["right", "middle", "text"]]).encode(
                x="right:Q", y=alt.Y("middle:Q"), text="text:N"
            ),
            "left",
            dx=_BAR_TO_LABEL,
            edged=True,
        ),
    )
    return within(chart, frame, margins, rows.height)
