"""All councils at once: a dot for each, with the chosen one, its region and England marked."""

from collections.abc import Mapping
from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Frame, Margins, axis, nice_ticks, text_width, within
from sendreform.charts.numbers import NumberFormat, number_format

_RADIUS = {"wide": 4.5, "narrow": 2.8}
_BAND = "#E3EAF2"  # 1.21: a guide for the eye, its meaning is written over it
_EDGE = 14


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

    def draw(frame: Frame) -> alt.LayerChart:
        return _draw(known, frame, numbers, focus, lines)

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


def _draw(
    known: pd.DataFrame,
    frame: Frame,
    numbers: NumberFormat,
    focus: str,
    marks: Mapping[str, float],
) -> alt.LayerChart:
    """Draw at one size; ``y`` is in pixels from the top, as all but the value is layout."""
    width = frame.width - 2 * _EDGE
    ticks = nice_ticks(
        min([known["value"].min(), *marks.values()]),
        max([known["value"].max(), *marks.values()]),
        most=frame.ticks,
    )
    span = ticks[-1] - ticks[0]
    words = _words(known, numbers, focus, marks)
    words = words.assign(pixel=(words["t"] - ticks[0]) / span * width).pipe(_in_levels, frame, width)
    head = (len(words) + 1) * (frame.line + 2) + 4
    dots = _stacked(known, 2 * _RADIUS[frame.name] / width * span, focus)
    height = head + (dots["row"].max() + 1) * 2 * _RADIUS[frame.name] + 4
    dots = dots.assign(y=height - 3 - (2 * dots["row"] + 1) * _RADIUS[frame.name])
    words = words.assign(
        foot=[
            float(dots.loc[dots["area"] == name, "y"].iloc[0]) if is_focus else height
            for name, is_focus in zip(words["name"], words["is_focus"], strict=True)
        ]
    )
    quartiles = known["value"].quantile([0.25, 0.75]).to_list()
    x, y, colour = alt.X("t:Q"), alt.Y("y:Q"), alt.Color("colour:N", scale=None)
    band = pd.DataFrame({"t": [quartiles[0]], "high": [quartiles[1]], "y": [head], "foot": [height]})
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
            y=alt.Y("y:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None),
            y2="foot:Q",
        ),
        alt.Chart(_over_band(quartiles, ticks[0], span / width, head, frame))
        .mark_text(baseline="middle", color=theme.QUIET_INK, fontSize=frame.font - 1)
        .encode(x=x, y=y, text="text:N"),
        alt.Chart(words[["t", "y", "foot", "colour"]])
        .mark_rule(strokeWidth=1.5)
        .encode(x=x, y=y, y2="foot:Q", color=colour),
        alt.Chart(dots[["t", "y", "area", "text", "colour"]])
        .mark_circle(size=(2 * _RADIUS[frame.name] - 1) ** 2, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[alt.Tooltip("area:N", title="Area"), alt.Tooltip("text:N", title="Figure")],
        ),
        *(
            alt.Chart(side[["t", "y", "text", "colour"]])
            .mark_text(align=align, dx=nudge, baseline="middle", **halo)
            .encode(x=x, y=y, text="text:N", color=colour)
            for align, nudge, side in (
                ("left", 5, words[words["rightward"]]),
                ("right", -5, words[~words["rightward"]]),
            )
            if len(side)
            for halo in ({"stroke": theme.WHITE, "strokeWidth": 4}, {})
        ),
    )
    return within(chart, frame, Margins(_EDGE, _EDGE, 4, frame.line + 12), height)


def _words(
    known: pd.DataFrame, numbers: NumberFormat, focus: str, marks: Mapping[str, float]
) -> pd.DataFrame:
    """Return what is written over the dots: a row for the area in focus and for each mark."""
    chosen = known.loc[known["area"] == focus, ["area", "value"]].set_axis(["name", "t"], axis=1)
    compared = pd.DataFrame({"name": list(marks), "t": list(marks.values())})
    return pd.concat([chosen.assign(is_focus=True), compared.assign(is_focus=False)]).assign(
        text=lambda rows: rows["name"] + " " + rows["t"].map(numbers.short),
        colour=lambda rows: np.where(rows["is_focus"], theme.NAVY, theme.QUIET_INK),
    )


def _in_levels(words: pd.DataFrame, frame: Frame, width: float) -> pd.DataFrame:
    """Give each text a level of its own, so ordered that its rule crosses no text below it."""
    ends = words["pixel"] + 5 + words["text"].map(lambda text: text_width(text, frame.font))
    return (
        words.assign(rightward=ends <= width + _EDGE)
        .assign(order=lambda rows: rows["pixel"].where(rows["rightward"], 2 * width - rows["pixel"]))
        .sort_values(["rightward", "order"], ascending=[False, True], ignore_index=True)
        .assign(y=lambda rows: (rows.index + 0.5) * (frame.line + 2))
    )


def _stacked(known: pd.DataFrame, bin_width: float, focus: str) -> pd.DataFrame:
    """Put areas with like figures on top of each other, the one in focus uppermost."""
    placed = known.assign(bin=known["value"] // bin_width, last=known["area"] == focus)
    placed = placed.sort_values(["bin", "last", "value"], kind="stable", ignore_index=True)
    return placed.assign(
        t=(placed["bin"] + 0.5) * bin_width,
        row=placed.groupby("bin").cumcount(),
        colour=np.where(placed["last"], theme.NAVY, theme.RULE),
    )


def _over_band(
    quartiles: list[float], low: float, per_pixel: float, head: float, frame: Frame
) -> pd.DataFrame:
    """Place the words over the band of the middle half, inside the drawing."""
    text = "Middle half of areas"
    half = text_width(text, frame.font - 1) / 2 * per_pixel
    highest = low + (frame.width - 2 * _EDGE) * per_pixel - half
    middle = min(max(sum(quartiles) / 2, low + half), highest)
    return pd.DataFrame({"t": [middle], "y": [head - frame.line / 2], "text": [text]})
