"""Dots with intervals: one estimate for each of several things, and how sure it is."""

from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, Margins, axis, nice_ticks, text_width, within
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.charts.rows import in_rows

_DOT_AREA = 80
_DOT_TO_LABEL = 8


def intervals(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    label_title: str = "Group",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw each estimate as a dot on a line from the low to the high end of its interval.

    Parameters
    ----------
    data
        ``label`` (words), ``value``, ``low``, ``high``; without an interval the ends are missing
        and the dot stands alone.
    unit, decimals
        Of the estimates.
    label_title
        What the labels are, for the head of the table.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something.
    """
    checked = check_table(
        data[["label", "low", "high", "value"]], ("label", "value"), figure=caption["id"]
    )
    numbers = number_format(unit, decimals)
    known = checked.dropna(subset="value").assign(
        text=lambda rows: rows["value"].map(numbers.short)
    )
    table = pd.DataFrame(
        {
            label_title: checked["label"],
            unit[:1].upper() + unit[1:]: checked["value"],
            "Low": checked["low"],
            "High": checked["high"],
        }
    )
    return compose(
        lambda frame: _draw(known, numbers, frame), table=table, numbers=numbers, **caption
    )


def _draw(known: pd.DataFrame, numbers: NumberFormat, frame: Frame) -> Chart:
    reach = pd.concat([known["value"], known["low"], known["high"]]).dropna()
    ticks = layers.tick_labels(
        nice_ticks(min(reach.min(), 0.0), max(reach.max(), 0.0), frame.ticks + 1), numbers
    )
    rows = in_rows(list(known["label"]), frame)
    placed = known.assign(middle=rows.middles, end=known[["value", "high"]].max(axis="columns"))
    edge = max(text_width(text, frame.font) for text in ticks.values()) / 2 + 2
    margins = Margins(
        left=max(rows.name_width, edge),
        right=max(edge, max(text_width(text, frame.font) for text in known["text"]) + 10),
        top=4,
        bottom=frame.line + 12,
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[min(ticks), max(ticks)], nice=False),
        axis=axis(ticks, grid=True),
    )
    base = alt.Chart(placed[["value", "middle", "text"]])
    chart = layers.overlay(
        base.mark_point(filled=True, opacity=1, size=_DOT_AREA, color=theme.NAVY).encode(
            x=x, y=rows.y
        ),
        alt.Chart(pd.DataFrame({"value": [0.0]}))
        .mark_rule(stroke=theme.RULE, strokeWidth=1)
        .encode(x="value:Q"),
        alt.Chart(placed.dropna(subset=["low", "high"])[["low", "high", "middle"]])
        .mark_rule(stroke=theme.NAVY, strokeWidth=2)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=alt.Y("middle:Q")),
        *rows.written(margins.left),
        *layers.write(
            alt.Chart(placed[["end", "middle", "text"]]).encode(
                x="end:Q", y=alt.Y("middle:Q"), text="text:N"
            ),
            "left",
            dx=_DOT_TO_LABEL,
            edged=True,
        ),
    )
    return within(chart, frame, margins, rows.height)
