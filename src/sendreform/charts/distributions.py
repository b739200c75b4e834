"""All councils at once: a dot for each, with the chosen one, its region and England marked."""

from collections.abc import Mapping
from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import FRAMES, Frame, Margins, axis, nice_ticks, text_width, within
from sendreform.charts.numbers import NumberFormat, number_format

_RADIUS = {"wide": 4.5, "narrow": 2.8}
_BAND = "#E3EAF2"  # 1.21: a guide for the eye, its meaning is written over it
_DOT = theme.RULE
_RULE_TO_TEXT = 5


def distribution(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    focus: str = "",
    marks: Mapping[str, float] | None = None,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a dot for each area, stacked where figures are alike, and the middle half of them.

    Parameters
    ----------
    data
        ``area`` (the name of a council), ``value``; ``status`` where values are missing: those
        areas have no dot and are listed in the table.
    unit, decimals
        From the record of the measure.
    focus
        The name of the area to highlight, if any. Where it has no figure, a note says why.
    marks
        Figures to compare with, by name: England's and the region's. Missing ones are left out.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, or ``focus`` is not among the areas.
    """
    checked = check_table(data, ("area", "value"), figure=caption["id"])
    layers.check_names(list(checked["area"]), [focus] if focus else [], figure=caption["id"])
    numbers = number_format(unit, decimals)
    known = checked.dropna(subset="value").sort_values("value", kind="stable", ignore_index=True)
    lines = {name: value for name, value in (marks or {}).items() if not np.isnan(value)}

    ticks = nice_ticks(
        min([known["value"].min(), *lines.values()]),
        max([known["value"].max(), *lines.values()]),
        most=7,
    )
    dots = _dots(known, ticks, numbers, focus)

    def draw(frame: Frame) -> alt.LayerChart:
        words = _words(known, numbers, focus, lines)
        return _draw(dots, words, known["value"].quantile([0.25, 0.75]), ticks, frame, numbers)

    compared = pd.DataFrame({"area": list(lines), "value": list(lines.values())})
    in_order = checked.sort_values("value", ascending=False, kind="stable", na_position="last")
    return compose(
        draw,
        table=tables.of_figures(
            pd.concat([compared, in_order]), names="area", name_title="Area", unit=unit
        ),
        numbers=numbers,
        notes=_missing_notes(checked, focus),
        **caption,
    )


def _missing_notes(data: pd.DataFrame, focus: str) -> tuple[str, ...]:
    """Say how many areas have no figure, and why the highlighted one has none."""
    missing = data[data["value"].isna()]
    words = dict(zip(missing["area"], tables.in_words(missing), strict=True))
    notes = []
    if focus in words:
        notes.append(f"{focus} is not shown: {words[focus]}.")
    if len(words):
        notes.append(f"Areas without a figure: {len(words)} of {len(data)}; the table says why.")
    return tuple(notes)


def _plot_width(frame: Frame) -> float:
    return frame.width - 2 * _EDGE


def _dots(
    known: pd.DataFrame, ticks: list[float], numbers: NumberFormat, focus: str
) -> pd.DataFrame:
    """Place the dots for each size: ``t_wide``, its value, and ``up_wide``, pixels from the axis.

    Areas with like figures stand on top of each other, the one in focus uppermost. One table
    holds the places at every size, so that a page carries the names of 153 councils once.
    """
    in_order = known.assign(is_focus=known["area"] == focus)
    dots = in_order[["area", "is_focus"]].assign(text=known["value"].map(numbers.full))
    for frame in FRAMES:
        across = 2 * _RADIUS[frame.name] / _plot_width(frame) * (ticks[-1] - ticks[0])
        column = in_order["value"] // across
        pile = in_order.assign(column=column).sort_values(["is_focus", "value"], kind="stable")
        up = pile.groupby("column").cumcount() * 2 + 1
        dots = dots.assign(
            **{
                f"t_{frame.name}": np.round((column + 0.5) * across, 3 - int(np.log10(across))),
                f"up_{frame.name}": (up * _RADIUS[frame.name]).round(1),
            }
        )
    return dots


def _words(
    known: pd.DataFrame, numbers: NumberFormat, focus: str, marks: Mapping[str, float]
) -> pd.DataFrame:
    """Return what is written over the dots: a row for the area in focus and for each mark."""
    chosen = known.loc[known["area"] == focus, ["area", "value"]].set_axis(["name", "t"], axis=1)
    compared = pd.DataFrame({"name": list(marks), "t": list(marks.values())}, dtype="object")
    return (
        pd.concat([chosen.assign(is_focus=True), compared.assign(is_focus=False)])
        .astype({"name": "str", "t": "float64", "is_focus": "bool"})
        .assign(
            text=lambda rows: rows["name"] + " " + rows["t"].map(numbers.short).astype("str"),
            colour=lambda rows: np.where(rows["is_focus"], theme.NAVY, theme.QUIET_INK),
        )
    )


def _in_levels(words: pd.DataFrame, ticks: list[float], frame: Frame) -> pd.DataFrame:
    """Give each text a ``level`` of its own, so ordered that its rule crosses no text below it.

    A text stands to the right of its rule (``rightward``) where there is room, else to the left.
    """
    width = _plot_width(frame)
    pixel = (words["t"] - ticks[0]) / (ticks[-1] - ticks[0]) * width
    needed = words["text"].map(lambda text: text_width(text, frame.font))
    rightward = pixel + _RULE_TO_TEXT + needed <= width + _EDGE
    return (
        words.assign(rightward=rightward, order=pixel.where(rightward, 2 * width - pixel))
        .sort_values(["rightward", "order"], ascending=[False, True], ignore_index=True)
        .assign(level=lambda rows: rows.index)
    )


def _draw(
    dots: pd.DataFrame,
    words: pd.DataFrame,
    quartiles: pd.Series,
    ticks: list[float],
    frame: Frame,
    numbers: NumberFormat,
) -> alt.LayerChart:
    """Draw at one size; ``up`` is in pixels from the axis, as only the value is data."""
    line = frame.line + 2
    pile = dots[f"up_{frame.name}"].max() + _RADIUS[frame.name] + 4
    height = pile + line * (len(words) + 1)
    chosen = dots.loc[dots["is_focus"], f"up_{frame.name}"]
    words = _in_levels(words, ticks, frame).assign(
        up=lambda rows: height - (rows["level"] + 0.5) * line,
        foot=lambda rows: np.where(rows["is_focus"], chosen.max(), 0.0),
    )
    band = pd.DataFrame({"t": [quartiles.min()], "high": [quartiles.max()], "top": [pile]})
    x, y, colour = alt.X("t:Q"), alt.Y("up:Q"), alt.Color("colour:N", scale=None)
    chart = alt.layer(
        alt.Chart(band)
        .mark_rect(color=_BAND)
        .encode(
            x=alt.X(
                "t:Q",
                scale=alt.Scale(domain=[ticks[0], ticks[-1]], nice=False, zero=False),
                axis=axis(layers.tick_labels(ticks, numbers)),
            ),
            x2="high:Q",
            y=alt.Y("top:Q", scale=alt.Scale(domain=[0, height], nice=False), axis=None),
            y2=alt.datum(0),
        ),
        alt.Chart(_over_band(quartiles, ticks, frame).assign(up=pile + line / 2))
        .mark_text(baseline="middle", color=theme.QUIET_INK, fontSize=frame.font - 1)
        .encode(x=x, y=y, text="text:N"),
        alt.Chart(words[["t", "up", "foot", "colour"]])
        .mark_rule(strokeWidth=1.5)
        .encode(x=x, y=y, y2="foot:Q", color=colour),
        alt.Chart(dots)
        .mark_circle(size=(2 * _RADIUS[frame.name] - 1) ** 2, opacity=1)
        .encode(
            x=f"t_{frame.name}:Q",
            y=f"up_{frame.name}:Q",
            color=alt.condition("datum.is_focus", alt.value(theme.NAVY), alt.value(_DOT)),
            tooltip=[alt.Tooltip("area:N", title="Area"), alt.Tooltip("text:N", title="Figure")],
        ),
        *(
            alt.Chart(side[["t", "up", "text", "colour"]])
            .mark_text(align=align, dx=nudge, baseline="middle", **edge)
            .encode(x=x, y=y, text="text:N", color=colour)
            for align, nudge, side in (
                ("left", _RULE_TO_TEXT, words[words["rightward"]]),
                ("right", -_RULE_TO_TEXT, words[~words["rightward"]]),
            )
            if len(side)
            for edge in (layers.WHITE_EDGE, {})
        ),
    )
    return within(chart, frame, Margins(_EDGE, _EDGE, 4, frame.line + 12), height)


def _over_band(quartiles: pd.Series, ticks: list[float], frame: Frame) -> pd.DataFrame:
    """Place the words over the band of the middle half, inside the drawing."""
    text = "Middle half of areas"
    per_pixel = (ticks[-1] - ticks[0]) / _plot_width(frame)
    half = text_width(text, frame.font - 1) / 2 * per_pixel
    middle = min(max(quartiles.mean(), ticks[0] + half), ticks[-1] - half)
    return pd.DataFrame({"t": [middle], "text": [text]})
