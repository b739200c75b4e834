"""Lines over time: series with their names at their ends, cut where they cannot be compared."""

from collections.abc import Mapping, Sequence
from typing import Unpack

import pandas as pd

from sendreform.charts import layers, tables
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, colours
from sendreform.charts.numbers import number_format
from sendreform.charts.time_axis import break_notes, breaks_shown, runs


def line_over_time(
    data: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Mapping[str, str] | None = None,
    focus: Sequence[str] = (),
    zero: bool = True,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw series over time as lines.

    Parameters
    ----------
    data
        ``period`` (as ``data/`` writes it), ``series`` (words; the order of first appearance is
        the order of colours), ``value``; ``status`` (the publisher's symbol) where values are
        missing.
    kind, unit, decimals, breaks
        From the record of the measure: kind of period, unit, decimals as published, and the first
        period after each break with what changed. A line never crosses a break or a gap.
    focus
        The series to highlight, the others are grey. Needed with more than four series.
    zero
        Whether the vertical axis begins at zero.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, or there are more than four colours.
    """
    checked = check_table(data, ("period", "series", "value"), figure=caption["id"])
    names = list(checked["series"].unique())
    layers.check_colours(names, focus, figure=caption["id"])
    numbers = number_format(unit, decimals)
    drawn_breaks = breaks_shown(checked, kind=kind, breaks=breaks or {})
    joined = runs(checked, by=["series"], kind=kind, breaks=drawn_breaks)
    colour = colours(names, focus)

    told = layers.told_at_pointer(joined, kind=kind, names=colour, numbers=numbers)

    def draw(frame: Frame) -> Chart:
        return layers.over_time(
            joined,
            lambda x, scale, _step: [
                layers.lines(joined, x, scale.encoding(), colour),
                layers.dots(layers.line_ends(joined), colour),
            ],
            told=told,
            frame=frame,
            scale=layers.value_scale(joined["value"], numbers, frame, zero=zero),
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
