"""A funnel: councils by size, with limits that allow for size and for the usual spread."""

from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, Margins, axis, nice_ticks, text_width, within
from sendreform.charts.numbers import NumberFormat, number_format

_DASHES = {"inner": [4, 3], "outer": [1, 0]}
_RADIUS = {"wide": 4.5, "narrow": 3.2}


def funnel(
    data: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    centre: float,
    centre_name: str,
    size_title: str,
    unit: str,
    decimals: int = 0,
    focus: str = "",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a dot for each area at its size, with limits that are narrower for large areas.

    The limits allow for chance, which size makes smaller, and for the usual spread between areas,
    which it does not; so even the largest areas have limits of some width.

    Parameters
    ----------
    data
        ``area`` (the name of a council), ``size``, ``value``, ``outside`` (whether it lies beyond
        the inner limits, and so is drawn dark). Areas without a figure are left out.
    limits
        ``size``, ``band`` (``inner`` or ``outer``), ``low``, ``high``, in order of size.
    centre, centre_name
        The figure that the limits stand around, and whose it is.
    size_title
        What the size is, for the axis.
    unit, decimals
        Of the figures.
    focus
        The name of the area to highlight, if any.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, or ``focus`` is not among the areas.
    """
    known = check_table(
        data.dropna(subset=["value", "size"]), ("area", "value"), figure=caption["id"]
    )
    layers.check_names(list(known["area"]), [focus] if focus else [], figure=caption["id"])
    numbers = number_format(unit, decimals)
    shown = known.assign(
        text=known["value"].map(numbers.full),
        colour=[
            theme.PLUM if area == focus else theme.NAVY if outside else theme.RULE
            for area, outside in zip(known["area"], known["outside"], strict=True)
        ],
    )
    table = tables.of_figures(
        known.sort_values("value", ascending=False), names="area", name_title="Area", unit=unit
    )
    table.insert(2, size_title, known.sort_values("value", ascending=False)["size"])
    return compose(
        lambda frame: _draw(shown, limits, centre, centre_name, size_title, numbers, focus, frame),
        table=table,
        numbers=numbers,
        **caption,
    )


def _draw(
    shown: pd.DataFrame,
    limits: pd.DataFrame,
    centre: float,
    centre_name: str,
    size_title: str,
    numbers: NumberFormat,
    focus: str,
    frame: Frame,
) -> Chart:
    scale = layers.value_scale(shown["value"], numbers, frame)
    sizes = layers.tick_labels(
        nice_ticks(0, float(shown["size"].max()), frame.ticks), NumberFormat()
    )
    edge = max(text_width(text, frame.font) for text in sizes.values()) / 2 + 2
    margins = Margins(
        left=scale.label_width, right=edge, top=frame.line + 4, bottom=2 * frame.line + 20
    )
    x = alt.X(
        "size:Q",
        scale=alt.Scale(domain=[0, max(sizes)], nice=False),
        axis=axis(sizes, title=size_title),
    )
    # Limits beyond what is plotted would leave the plot.
    held = limits.assign(
        low=limits["low"].clip(scale.low, scale.high),
        high=limits["high"].clip(scale.low, scale.high),
    )
    lines = [
        alt.Chart(held.loc[held["band"] == band, ["size", end]].rename(columns={end: "value"}))
        .mark_line(strokeWidth=1.25, stroke=theme.QUIET_INK, strokeDash=dash)
        .encode(x="size:Q", y="value:Q")
        for band, dash in _DASHES.items()
        for end in ("low", "high")
    ]
    middle = pd.DataFrame(
        {
            "size": [max(sizes)],
            "value": [centre],
            "text": [f"{centre_name} {numbers.short(centre)}"],
        }
    )
    chosen = shown[shown["area"] == focus].assign(
        words=lambda rows: [
            f"{area} {text}" for area, text in zip(rows["area"], rows["text"], strict=True)
        ]
    )
    dots = alt.Chart(shown[["size", "value", "area", "text", "colour"]])
    chart = layers.overlay(
        dots.mark_circle(size=(2 * _RADIUS[frame.name]) ** 2, opacity=0.85).encode(
            x=x,
            y=scale.encoding(),
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip("area:N", title="Area"), alt.Tooltip("text:N", title="Figure")],
        ),
        *lines,
        alt.Chart(middle[["value"]])
        .mark_rule(stroke=theme.INK, strokeWidth=1.5)
        .encode(y="value:Q"),
        *layers.write(
            alt.Chart(middle).encode(x="size:Q", y="value:Q", text="text:N"),
            "right",
            dx=-2,
            dy=-frame.line / 2 - 2,
            edged=True,
        ),
        *layers.write(
            alt.Chart(chosen[["size", "value", "words"]]).encode(
                x="size:Q", y="value:Q", text="words:N"
            ),
            "right" if len(chosen) and chosen["size"].iloc[0] > max(sizes) / 2 else "left",
            dx=-9 if len(chosen) and chosen["size"].iloc[0] > max(sizes) / 2 else 9,
            edged=True,
        ),
        *layers.chosen(
            dots.encode(x="size:Q", y="value:Q"),
            field="area",
            middle=max(sizes) / 2,
            size=(3 * _RADIUS[frame.name]) ** 2,
        ),
    )
    return within(chart, frame, margins, scale.height)
