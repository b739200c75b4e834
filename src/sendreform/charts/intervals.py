"""Dots with intervals: one estimate for each of several things, and how sure it is."""

from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import (
    WIDE,
    Chart,
    Frame,
    Margins,
    axis,
    nice_ticks,
    text_width,
    within,
)
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.charts.rows import THICKNESS, in_rows

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
        text=lambda rows: [
            _told(value, low, high, numbers)
            for value, low, high in zip(rows["value"], rows["low"], rows["high"], strict=True)
        ]
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


def _told(value: float, low: float, high: float, numbers: NumberFormat) -> str:
    """Write an estimate with its interval: ``−4.0 (−11.0 to 3.0)``."""
    if pd.isna(low) or pd.isna(high):
        return numbers.short(value)
    return f"{numbers.short(value)} ({numbers.short(low)} to {numbers.short(high)})"


def _draw(known: pd.DataFrame, numbers: NumberFormat, frame: Frame) -> Chart:
    reach = pd.concat([known["value"], known["low"], known["high"]]).dropna()
    ticks = layers.tick_labels(
        nice_ticks(min(reach.min(), 0.0), max(reach.max(), 0.0), frame.ticks + 1), numbers
    )
    # Beside the mark on a page; on a phone, where there is no room, with the name over it.
    names = known["label"] if frame is WIDE else known["label"] + ": " + known["text"]
    rows = in_rows(list(names), frame)
    placed = known.assign(middle=rows.middles, end=known[["value", "high"]].max(axis="columns"))
    edge = max(text_width(text, frame.font) for text in ticks.values()) / 2 + 2
    margins = Margins(
        left=max(rows.name_width, edge),
        right=edge
        if frame is not WIDE
        else max(edge, max(text_width(text, frame.font) for text in known["text"]) + 10),
        top=4,
        bottom=frame.line + 12,
    )
    x = alt.X(
        "value:Q",
        scale=alt.Scale(domain=[min(ticks), max(ticks)], nice=False),
        # On a phone the names stand over the marks, and lines would run through them.
        axis=axis(ticks, grid=frame is WIDE),
    )
    base = alt.Chart(placed[["value", "middle", "text"]])
    chart = layers.overlay(
        base.mark_point(filled=True, opacity=1, size=_DOT_AREA, color=theme.NAVY).encode(
            x=x, y=rows.y
        ),
        alt.Chart(_zero(placed, frame))
        .mark_rule(stroke=theme.RULE, strokeWidth=1)
        .encode(x=alt.X("at:Q"), y=alt.Y("top:Q"), y2="foot:Q"),
        alt.Chart(placed.dropna(subset=["low", "high"])[["low", "high", "middle"]])
        .mark_rule(stroke=theme.NAVY, strokeWidth=2)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=alt.Y("middle:Q")),
        *rows.written(margins.left),
        *layers.write(
            alt.Chart(
                placed.loc[placed.index if frame is WIDE else [], ["end", "middle", "text"]]
            ).encode(x="end:Q", y=alt.Y("middle:Q"), text="text:N"),
            "left",
            dx=_DOT_TO_LABEL,
            edged=True,
        ),
    )
    return within(chart, frame, margins, rows.height)


def _zero(placed: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Return where nought is marked: at each row, so that no line runs through a name."""
    half = THICKNESS[frame.name] / 2
    return pd.DataFrame(
        {"at": 0.0, "top": placed["middle"] - half, "foot": placed["middle"] + half}
    )
