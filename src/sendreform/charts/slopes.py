"""Slopes: how each of several things moved between two periods."""

from collections.abc import Sequence
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform import periods
from sendreform.charts import layers, tables
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, Margins, axis, colours, text_width, within
from sendreform.charts.numbers import number_format
from sendreform.errors import ReportError

_ROOM = 0.06  # of the height, between the lowest figure and the axis


def slope(
    data: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    focus: Sequence[str] = (),
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a line from the first to the second period for each series.

    Parameters
    ----------
    data
        ``period`` (exactly two), ``series`` (words), ``value``; ``status`` where values are
        missing: a series without both figures has no line.
    kind, unit, decimals, focus, caption
        As for :func:`~sendreform.charts.lines.line_over_time`.

    Raises
    ------
    ReportError
        If the data or the words lack something, there are not two periods, no series has both
        figures, or there are more than four colours.
    """
    checked = check_table(data, ("period", "series", "value"), figure=caption["id"])
    names = list(checked["series"].unique())
    layers.check_colours(names, focus, figure=caption["id"])
    where = f"figure {caption['id']!r}"
    both = sorted(checked["period"].unique())
    if len(both) != 2:
        raise ReportError(
            f"{len(both)} periods, a slope needs two", where=where, fix="Choose a first and a last."
        )
    known = checked.dropna(subset="value")
    known = known[known.duplicated("series", keep=False)]
    if known.empty:
        raise ReportError("no series has both figures", where=where, fix="Draw bars instead.")
    placed = known.assign(t=known["period"].map(both.index), run=0).sort_values(
        "t", kind="stable", ignore_index=True
    )
    numbers = number_format(unit, decimals)
    colour = colours(names, focus)

    def draw(frame: Frame) -> Chart:
        low, high = placed["value"].min(), placed["value"].max()
        room = _ROOM * (high - low) or 1
        scale = layers.ValueScale({low - room: "", high: ""}, frame.height, frame.font)
        right = layers.end_labels(placed, scale, numbers, frame)
        left = layers.end_labels(placed[placed["t"] == 0], scale, numbers, frame, named=False)
        margins = Margins(
            left=max(
                layers.room_for(left, frame),
                text_width(periods.label(both[0], kind), frame.font) / 2,
            ),
            right=layers.room_for(right, frame),
            top=frame.line,
            bottom=frame.line + 20,
        )
        ticks = {float(t): periods.label(period, kind) for t, period in enumerate(both)}
        x = alt.X("t:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=axis(ticks))
        chart = layers.overlay(
            layers.lines(placed, x, scale.encoding(shown=False), colour),
            layers.dots(placed, colour),
            *layers.labels(right, colour),
            *layers.labels(left, colour, away=-9),
        ).resolve_scale(color="independent")
        return within(chart, frame, margins, frame.height)

    return compose(
        draw,
        table=tables.over_time(checked, kind=kind, names=names),
        numbers=numbers,
        **caption,
    )
