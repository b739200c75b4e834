"""Gaps over time: how far apart groups stand in each period, without joining the periods."""

from collections.abc import Mapping
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, colours
from sendreform.charts.numbers import number_format
from sendreform.charts.time_axis import break_notes, breaks_shown, runs


def gap_over_time(
    data: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Mapping[str, str] | None = None,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw the gap between groups: a dot for each group in each period, joined by a bar.

    Parameters
    ----------
    data
        ``period``, ``series`` (two to four groups, in words), ``value``; ``status`` where values
        are missing.
    kind, unit, decimals, breaks, caption
        As for :func:`~sendreform.charts.lines.line_over_time`.
    """
    checked = check_table(data, ("period", "series", "value"), figure=caption["id"])
    names = list(checked["series"].unique())
    layers.check_colours(names, (), figure=caption["id"])
    numbers = number_format(unit, decimals)
    drawn_breaks = breaks_shown(checked, kind=kind, breaks=breaks or {})
    placed = runs(checked, by=["series"], kind=kind, breaks=drawn_breaks)
    colour = colours(names)
    spans = placed.groupby("t", as_index=False)["value"].agg(value="min", top="max")

    told = layers.told_at_pointer(placed, kind=kind, names=colour, numbers=numbers)

    def draw(frame: Frame) -> Chart:
        return layers.over_time(
            placed,
            lambda x, scale, _step: [
                alt.Chart(spans)
                .mark_rule(stroke=theme.GREY, strokeWidth=4)
                .encode(x=x, y=scale.encoding(), y2="top:Q"),
                layers.dots(placed, colour),
            ],
            told=told,
            frame=frame,
            scale=layers.value_scale(placed["value"], numbers, frame),
            kind=kind,
            breaks=drawn_breaks,
            colours=colour,
            numbers=numbers,
        )

    return compose(
        draw,
        table=tables.over_time(checked, kind=kind, names=names),
        numbers=numbers,
        notes=break_notes(drawn_breaks, kind),
        **caption,
    )
