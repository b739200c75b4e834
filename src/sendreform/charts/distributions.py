"""All councils at once: a dot for each, with the chosen one, its region and England marked."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import (
    FRAMES,
    Chart,
    Frame,
    Margins,
    axis,
    nice_ticks,
    text_width,
    within,
)
from sendreform.charts.numbers import NumberFormat, number_format

_RADIUS = {"wide": 4.5, "narrow": 2.8}
_BAND = "#E3EAF2"  # 1.21: a guide for the eye, its meaning is written over it
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

    values = [*known["value"], *lines.values()]
    across = _Across(layers.tick_labels(nice_ticks(min(values), max(values), most=7), numbers))
    dots = _dots(known, across, numbers, focus)
    words = _words(known, numbers, focus, lines)
    quartiles = known["value"].quantile([0.25, 0.75])

    def draw(frame: Frame) -> Chart:
        return _draw(dots, words, quartiles, across, frame)

    compared = pd.DataFrame({"area": list(lines), "value": list(lines.values())})
    in_order = checked.sort_values("value", ascending=False, kind="stable", na_position="last")
    return compose(
        draw,
        table=tables.of_figures(
            pd.concat([compared, in_order]), names="area", name_title="Area", unit=unit
        ),
        numbers=numbers,
        notes=tables.missing_notes(checked, focus),
        **caption,
    )


@dataclass(frozen=True)
class _Across:
    """The horizontal scale: its round ticks and how they are written."""

    labels: Mapping[float, str]

    @property
    def low(self) -> float:
        return min(self.labels)

    @property
    def span(self) -> float:
        return max(self.labels) - self.low

    def edge(self, frame: Frame) -> float:
        """Return the pixels at either side that half a tick label needs."""
        return max(text_width(text, frame.font) for text in self.labels.values()) / 2 + 2

    def width(self, frame: Frame) -> float:
        """Return the pixels between the first and the last tick."""
        return frame.width - 2 * self.edge(frame)


def _dots(known: pd.DataFrame, across: _Across, numbers: NumberFormat, focus: str) -> pd.DataFrame:
    """Place the dots for each size: ``t_w``, its value, and ``up_w``, pixels above the axis.

    Areas with like figures stand on top of each other, the one in focus uppermost. One table
    holds the places for both sizes (``_w`` wide, ``_n`` narrow), so that a page carries the names
    of 153 councils once.
    """
    dots = known[["area"]].assign(text=known["value"].map(numbers.full))
    in_order = known.assign(is_focus=known["area"] == focus).sort_values(
        ["is_focus", "value"], kind="stable"
    )
    for frame in FRAMES:
        diameter = 2 * _RADIUS[frame.name] / across.width(frame) * across.span
        column = in_order["value"] // diameter
        row = in_order.groupby(column).cumcount()
        dots = dots.assign(
            **{
                f"t_{frame.name[0]}": ((column + 0.5) * diameter).round(_places(diameter)),
                f"up_{frame.name[0]}": ((2 * row + 1) * _RADIUS[frame.name]).round(1),
            }
        )
    return dots


def _places(step: float) -> int:
    """Return the decimals that place a dot to a hundredth of its diameter."""
    return 2 - math.floor(math.log10(step))


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
            text=lambda rows: [
                f"{name} {numbers.short(value)}"
                for name, value in zip(rows["name"], rows["t"], strict=True)
            ],
            colour=lambda rows: np.where(rows["is_focus"], theme.NAVY, theme.QUIET_INK),
        )
    )


def _in_levels(words: pd.DataFrame, across: _Across, frame: Frame) -> pd.DataFrame:
    """Give each text a ``level`` of its own, so ordered that its rule crosses no text below it.

    A text stands to the right of its rule (``rightward``) where there is room, else to the left.
    """
    width = across.width(frame)
    pixel = (words["t"] - across.low) / across.span * width
    needed = words["text"].map(lambda text: text_width(text, frame.font))
    room = width + across.edge(frame) - needed - _RULE_TO_TEXT
    leftward = pixel - _RULE_TO_TEXT - needed >= -across.edge(frame)
    # A name that fits on neither side of its rule stands over it, as far left as it must.
    rightward = pixel.le(room) | ~leftward
    return (
        words.assign(
            rightward=rightward,
            order=pixel.where(rightward, 2 * width - pixel),
            text_t=across.low
            + pixel.where(~rightward, pixel.clip(upper=room)) / width * across.span,
        )
        .sort_values(["rightward", "order"], ascending=[False, True], ignore_index=True)
        .assign(level=lambda rows: rows.index)
    )


def _draw(
    dots: pd.DataFrame, words: pd.DataFrame, quartiles: pd.Series, across: _Across, frame: Frame
) -> Chart:
    """Draw at one size; ``up`` is in pixels above the axis, as only the value is data."""
    line = frame.line + 2
    chosen = dots[dots["area"].isin(words.loc[words["is_focus"], "name"])]
    pile = dots[f"up_{frame.name[0]}"].max() + _RADIUS[frame.name] + 4
    height = pile + line * (len(words) + 1)
    placed = _in_levels(words, across, frame).assign(
        up=lambda rows: height - (rows["level"] + 0.5) * line,
        foot=lambda rows: np.where(rows["is_focus"], chosen[f"up_{frame.name[0]}"].max(), 0.0),
    )
    over_band = _over_band(quartiles, across, frame).assign(up=pile + line / 2)
    chart = layers.overlay(
        _band(quartiles, pile, height, across),
        _rules(placed),
        _circles(dots, theme.RULE, frame),
        _circles(chosen, theme.NAVY, frame),
        *_texts(over_band, "center", 0),
        *_texts(placed[placed["rightward"]], "left", _RULE_TO_TEXT),
        *_texts(placed[~placed["rightward"]], "right", -_RULE_TO_TEXT),
        *layers.chosen(
            alt.Chart(dots).encode(x=f"t_{frame.name[0]}:Q", y=f"up_{frame.name[0]}:Q"),
            field="area",
            middle=across.low + across.span / 2,
            size=(3 * _RADIUS[frame.name]) ** 2,
        ),
    )
    edge = across.edge(frame)
    return within(chart, frame, Margins(edge, edge, 4, frame.line + 12), height)


def _band(quartiles: pd.Series, pile: float, height: float, across: _Across) -> alt.Chart:
    """Draw the middle half of areas as a band, and the axes."""
    rows = pd.DataFrame({"t": [quartiles.min()], "end": [quartiles.max()], "up": [pile]})
    band: alt.Chart = (
        alt.Chart(rows)
        .mark_rect(color=_BAND)
        .encode(
            x=alt.X(
                "t:Q",
                scale=alt.Scale(domain=[across.low, across.low + across.span], nice=False),
                axis=axis(across.labels),
            ),
            x2="end:Q",
            y=alt.Y("up:Q", scale=alt.Scale(domain=[0, height], nice=False), axis=None),
            y2=alt.datum(0),
        )
    )
    return band


def _rules(placed: pd.DataFrame) -> alt.Chart:
    """Draw a rule from each text down to the axis, or to the dot in focus."""
    rules: alt.Chart = (
        alt.Chart(placed[["t", "up", "foot", "colour"]])
        .mark_rule(strokeWidth=1.5)
        .encode(x="t:Q", y="up:Q", y2="foot:Q", color=alt.Color("colour:N", scale=None))
    )
    return rules


def _circles(dots: pd.DataFrame, colour: str, frame: Frame) -> alt.Chart:
    """Draw a dot for each area."""
    size = frame.name[0]
    circles: alt.Chart = (
        alt.Chart(dots)
        .mark_circle(size=(2 * _RADIUS[frame.name] - 1) ** 2, opacity=1, color=colour)
        .encode(
            x=f"t_{size}:Q",
            y=f"up_{size}:Q",
            tooltip=[alt.Tooltip("area:N", title="Area"), alt.Tooltip("text:N", title="Figure")],
        )
    )
    return circles


def _texts(rows: pd.DataFrame, align: layers.Align, nudge: float) -> list[alt.Chart]:
    """Write texts beside their rules."""
    texts = alt.Chart(rows[["text_t", "up", "text", "colour"]]).encode(
        x="text_t:Q", y="up:Q", text="text:N", color=alt.Color("colour:N", scale=None)
    )
    return layers.write(texts, align, dx=nudge, edged=True)


def _over_band(quartiles: pd.Series, across: _Across, frame: Frame) -> pd.DataFrame:
    """Place the words over the band of the middle half, inside the drawing."""
    text = "Middle half of areas"
    half = text_width(text, frame.font) / 2 * across.span / across.width(frame)
    middle = min(max(quartiles.mean(), across.low + half), across.low + across.span - half)
    return pd.DataFrame({"text_t": [middle], "text": [text], "colour": [theme.QUIET_INK]})
