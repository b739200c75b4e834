"""Parts of a whole over time: stacked columns with their names beside the last one."""

from collections.abc import Mapping
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, colours
from sendreform.charts.numbers import number_format
from sendreform.charts.time_axis import break_notes, breaks_shown, runs
from sendreform.errors import ReportError

_COLUMN = 0.8  # of the room for one period; the rest is the space between columns


def stacked_over_time(
    data: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Mapping[str, str] | None = None,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw parts of a whole over time as stacked columns.

    Parameters
    ----------
    data
        ``period``, ``part`` (at most four, in words; the first stands at the bottom), ``value``
        (the part as it is to be shown: a count or a share); ``status`` where values are missing.
        A period with a missing part has no column, since its height would mislead.
    kind, unit, decimals, breaks, caption
        As for :func:`~sendreform.charts.lines.line_over_time`.

    Raises
    ------
    ReportError
        If the data or the words lack something, a part is negative, or there are more than four.
    """
    named = check_table(data, ("period", "part", "value"), figure=caption["id"]).rename(
        columns={"part": "series"}
    )
    where = f"figure {caption['id']!r}"
    if (named["value"] < 0).any():
        raise ReportError(
            "a part is negative", where=where, fix="Parts of a whole cannot be below zero."
        )
    names = list(named["series"].unique())
    layers.check_colours(names, (), figure=caption["id"])
    numbers = number_format(unit, decimals)
    drawn_breaks = breaks_shown(named, kind=kind, breaks=breaks or {})
    whole = runs(named, by=["series"], kind=kind, breaks=drawn_breaks).pipe(_stacked, names)
    if whole.empty:
        raise ReportError("no period has every part", where=where, fix="Draw the parts as lines.")
    colour = colours(names)

    told = layers.told_at_pointer(whole, kind=kind, names=colour, numbers=numbers)

    def draw(frame: Frame) -> Chart:
        return layers.over_time(
            whole,
            lambda x, scale, step: [
                alt.Chart(whole[["t", "bottom", "top", "series"]])
                .mark_bar(size=round(_COLUMN * step), stroke=theme.WHITE, strokeWidth=1)
                .encode(x=x, y=scale.encoding("bottom"), y2="top:Q", color=layers.hue(colour)),
            ],
            told=told,
            frame=frame,
            scale=layers.value_scale(whole["top"], numbers, frame),
            kind=kind,
            breaks=drawn_breaks,
            colours=colour,
            numbers=numbers,
            reach=_COLUMN / 2,
        )

    return compose(
        draw,
        table=tables.over_time(named, kind=kind, names=names),
        numbers=numbers,
        notes=break_notes(drawn_breaks, kind),
        **caption,
    )


def _stacked(parts: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Put parts on top of each other: ``bottom``, ``top``, and ``at``, halfway between."""
    complete = parts.groupby("t")["series"].transform("size") == len(names)
    in_order = (
        parts[complete]
        .assign(place=lambda rows: rows["series"].map(names.index))
        .sort_values(["t", "place"], ignore_index=True)
    )
    top = in_order.groupby("t")["value"].cumsum()
    return in_order.assign(top=top, bottom=top - in_order["value"], at=top - in_order["value"] / 2)
