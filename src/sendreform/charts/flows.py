"""Flows: how many went from each of several places to each of several others, as bands."""

from collections.abc import Sequence
from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame, Margins, text_width, within, wrapped
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.errors import ReportError, did_you_mean

_BANDS_HEIGHT = {"wide": 250, "narrow": 230}
_GAP = 16  # between two nodes, at least
_NODE = 8
_TO_LABEL = 6
_THINNEST = 1.5
_TALL = 0.8  # of the type size: as thick must a band be to hold a figure
_BEND = np.linspace(0, 1, 9)  # where a band is placed on its way
_BAND = "#A9BCCF"  # 1.93: its ends are named, and marked by nodes in ink
_LETTERS = {"wide": 18, "narrow": 14}


def flows(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    focus: Sequence[tuple[str, str]] = (),
    source_title: str = "From",
    target_title: str = "To",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a band for each flow, as thick as it is large, between nodes that tell their totals.

    Parameters
    ----------
    data
        ``source``, ``target`` (words), ``value`` (not negative); ``status`` where values are
        missing: those flows have no band, a note names them, and totals leave them out.
    unit, decimals
        From the record of the measure.
    focus
        The flows to highlight, as pairs of source and target.
    source_title, target_title
        Written over the nodes on the left and on the right, and the heads of the table.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, a flow is negative, or ``focus`` is not among the
        flows.
    """
    checked = check_table(data, ("source", "target", "value"), figure=caption["id"])
    pairs = _names(checked)
    _check(checked, pairs, [f"{source} to {target}" for source, target in focus], caption["id"])
    numbers = number_format(unit, decimals)
    known = checked[checked["value"] > 0].assign(
        focus=lambda rows: [
            pair in set(focus) for pair in zip(rows["source"], rows["target"], strict=True)
        ],
        text=lambda rows: rows["value"].map(numbers.full),
    )
    words = tables.in_words(checked)
    missing = [
        f"{pair} ({word})" for pair, word in zip(pairs, words, strict=True) if isinstance(word, str)
    ]
    table = pd.DataFrame(
        {
            source_title: checked["source"],
            target_title: checked["target"],
            unit[:1].upper() + unit[1:]: words,
        }
    )
    return compose(
        lambda frame: _draw(known, (source_title, target_title), numbers, frame),
        table=table,
        numbers=numbers,
        notes=(f"Not shown, nor in the totals: {', '.join(missing)}.",) if missing else (),
        **caption,
    )


def _names(data: pd.DataFrame) -> list[str]:
    return [
        f"{source} to {target}"
        for source, target in zip(data["source"], data["target"], strict=True)
    ]


def _check(data: pd.DataFrame, pairs: list[str], focus: list[str], figure: str) -> None:
    where = f"figure {figure!r}"
    for pair in focus:
        if pair not in pairs:
            raise ReportError(
                f"no flow {pair!r} to highlight", where=where, fix=did_you_mean(pair, pairs)
            )
    if (data["value"] < 0).any():
        raise ReportError(
            f"the flow {pairs[int((data['value'] < 0).argmax())]!r} is negative",
            where=where,
            fix="Draw it as a flow the other way.",
        )
    if data["value"].sum() == 0:
        raise ReportError("every flow is nought", where=where, fix="Say so in words.")


def in_order(known: pd.DataFrame) -> pd.DataFrame:
    """Put flows in the order in which they cross least: targets by where their flows come from.

    Sources keep the order in which they first appear.

    Examples
    --------
    >>> known = pd.DataFrame({
    ...     "source": ["School", "School", "Home"], "target": ["Home", "College", "School"],
    ...     "value": [1.0, 5.0, 9.0],
    ... })
    >>> in_order(known)["target"].to_list()
    ['Home', 'College', 'School']
    """
    sources = {name: place for place, name in enumerate(known["source"].unique())}
    place = known["source"].map(sources)
    middle = (place * known["value"]).groupby(known["target"]).sum() / known.groupby("target")[
        "value"
    ].sum()
    first = known.drop_duplicates("target").set_index("target").index
    targets = {
        name: number
        for number, name in enumerate(middle.reindex(first).sort_values(kind="stable").index)
    }
    return known.assign(left=place, right=known["target"].map(targets)).sort_values(
        ["left", "right"], ignore_index=True
    )


def _draw(
    known: pd.DataFrame, titles: tuple[str, str], numbers: NumberFormat, frame: Frame
) -> Chart:
    """Draw at one size, in pixels from the top; sources stand at 0 across, targets at 1."""
    ordered = in_order(known)
    per_unit = _BANDS_HEIGHT[frame.name] / ordered["value"].sum()
    ordered = ordered.assign(thick=(ordered["value"] * per_unit).clip(lower=_THINNEST))
    sides = [_nodes(ordered, side, numbers, frame) for side in ("source", "target")]
    height = max(nodes["slot_foot"].max() for nodes in sides)
    for nodes in sides:
        nodes[["top", "foot", "middle"]] += (height - nodes["slot_foot"].max()) / 2
    bands = _banded(ordered, *sides)
    room = [
        max(
            text_width(line, frame.font)
            for line in (title, *(line for lines in nodes["lines"] for line in lines))
        )
        + _NODE
        + _TO_LABEL
        + 2
        for title, nodes in zip(titles, sides, strict=True)
    ]
    margins = Margins(left=room[0], right=room[1], top=frame.line + 10, bottom=4)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=None)
    y = alt.Y("top:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    area = alt.Chart(bands[["x", "top", "foot", "flow", "colour", "source", "target", "text"]])
    chart = layers.overlay(
        area.mark_area(
            opacity=1, interpolate="monotone", stroke=theme.WHITE, strokeWidth=0.75
        ).encode(
            x=x,
            y=y,
            y2="foot:Q",
            detail="flow:N",
            fill=alt.Fill("colour:N", scale=None),
            tooltip=[
                alt.Tooltip("source:N", title=titles[0]),
                alt.Tooltip("target:N", title=titles[1]),
                alt.Tooltip("text:N", title="Figure"),
            ],
        ),
        *_in_bands(bands, frame),
        *_named(sides[0], 0, frame),
        *_named(sides[1], 1, frame),
        *_titles(titles, frame),
    )
    return within(chart, frame, margins, height)


def _nodes(ordered: pd.DataFrame, side: str, numbers: NumberFormat, frame: Frame) -> pd.DataFrame:
    """Stack the nodes of one side, each with room for its name: a row per node, in order."""
    totals = (
        ordered.groupby(side)
        .agg(
            value=("value", "sum"),
            thick=("thick", "sum"),
            place=("left" if side == "source" else "right", "first"),
        )
        .sort_values("place")
    )
    lines = [
        [*wrapped(str(name), _LETTERS[frame.name]), numbers.short(value)]
        for name, value in totals["value"].items()
    ]
    words = pd.Series([len(text) * frame.line for text in lines], index=totals.index)
    slot = totals["thick"].clip(lower=words)
    middle = slot.cumsum() - slot / 2 + np.arange(len(slot)) * _GAP
    return totals.assign(
        lines=pd.Series(lines, index=totals.index), middle=middle, top=middle - totals["thick"] / 2,
        foot=middle + totals["thick"] / 2, slot_foot=middle + slot / 2,
    )  # fmt: skip


def _banded(ordered: pd.DataFrame, left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return each band, point by point from its source to its target, in a smooth bend."""
    start = ordered["source"].map(left["top"]) + _above(ordered, "source")
    end = ordered["target"].map(right["top"]) + _above(ordered, "target")
    bend = _BEND**2 * (3 - 2 * _BEND)
    rows = []
    for number, flow in ordered.assign(start=start, end=end).iterrows():
        top = flow["start"] + (flow["end"] - flow["start"]) * bend
        rows.append(
            pd.DataFrame(
                {
                    "x": _BEND.round(3),
                    "top": top.round(1),
                    "foot": (top + flow["thick"]).round(1),
                    "flow": number,
                    "colour": theme.NAVY if flow["focus"] else _BAND,
                    **{name: flow[name] for name in ("source", "target", "text", "focus")},
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def _above(ordered: pd.DataFrame, side: str) -> pd.Series:
    """Return the pixels of the flows above each at its node."""
    other = "right" if side == "source" else "left"
    stacked = ordered.sort_values(other, kind="stable")
    return (stacked.groupby(side)["thick"].cumsum() - stacked["thick"]).reindex(ordered.index)


def _in_bands(bands: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Write the figure of a band where it begins, if the band is thick enough."""
    begins = bands[(bands["x"] == 0) & (bands["foot"] - bands["top"] >= _TALL * frame.font)].assign(
        middle=lambda rows: (rows["top"] + rows["foot"]) / 2
    )
    return [
        alt.Chart(begins.loc[begins["focus"] == focus, ["x", "middle", "text"]])
        .mark_text(align="left", baseline="middle", dx=8, color=colour)
        .encode(x="x:Q", y="middle:Q", text="text:N")
        for focus, colour in ((False, theme.INK), (True, theme.WHITE))
    ]


def _named(nodes: pd.DataFrame, at: int, frame: Frame) -> list[alt.Chart]:
    """Draw the nodes of one side in ink, just outside the bands, and their names with totals."""
    out = 1 if at else -1
    texts = pd.DataFrame(
        [
            {
                "x": at,
                "top": middle + (number - (len(lines) - 1) / 2) * frame.line,
                "text": line,
            }
            for lines, middle in zip(nodes["lines"], nodes["middle"], strict=True)
            for number, line in enumerate(lines)
        ]
    )
    return [
        alt.Chart(nodes[["top", "foot"]].assign(x=at))
        .mark_rule(stroke=theme.INK, strokeWidth=_NODE, xOffset=out * _NODE / 2)
        .encode(x="x:Q", y="top:Q", y2="foot:Q"),
        *layers.write(
            alt.Chart(texts).encode(x="x:Q", y="top:Q", text="text:N"),
            "left" if at else "right",
            dx=out * (_NODE + _TO_LABEL),
        ),
    ]


def _titles(titles: tuple[str, str], frame: Frame) -> list[alt.Chart]:
    """Write over each side what its nodes are."""
    drawn: list[alt.Chart] = []
    away = _NODE + _TO_LABEL
    for at, title in enumerate(titles):
        head = alt.Chart(pd.DataFrame({"x": [at], "text": [title]})).encode(
            x="x:Q", y=alt.value(round(-frame.line / 2 - 4)), text="text:N"
        )
        drawn += layers.write(head, "left" if at else "right", dx=away if at else -away)
    return drawn
