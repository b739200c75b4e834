"""A map of causes: what leads to what in an argument, and what each link rests on."""

from collections.abc import Mapping, Sequence
from typing import Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import layers, theme
from sendreform.charts.figure import Caption, Figure, compose
from sendreform.charts.frames import WIDE, Chart, Frame, Margins, within, wrapped
from sendreform.charts.numbers import NumberFormat
from sendreform.errors import ReportError, did_you_mean

#: What a link can rest on: how it is drawn, and its words.
MARKS = {
    "data": (theme.NAVY, [1, 0], "Tested on data here"),
    "one end": (theme.ORANGE, [14, 4, 3, 4], "One end measured here"),
    "literature": (theme.TEAL, [7, 4], "Found in published studies"),
    "asserted": (theme.PLUM, [2, 4], "Asserted"),
}
_BOX = 118  # wide enough for the longest word of a label
_LETTERS = 16
_LINES = 4
_KEYS_IN_A_ROW = 2
_BETWEEN = 62  # pixels between two rows of boxes: room for links to be told apart
_ARROW = 60


def causal_map(
    nodes: pd.DataFrame, links: pd.DataFrame, *, stages: Sequence[str], **caption: Unpack[Caption]
) -> Figure:
    """Draw causes above their effects, with a line for each link; on a phone, a list of links.

    Parameters
    ----------
    nodes
        ``id``, ``label``, ``stage`` (1 for the uppermost row), ``at`` (where the middle of its
        box stands across the page, from 0 to 1).
    links
        ``from``, ``to`` (ids), ``mark`` (what the link rests on: a key of :data:`MARKS`),
        ``says``.
    stages
        The name of each row.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If a link names a node or a mark that there is not.
    """
    _check(nodes, links, caption["id"])
    names = nodes.set_index("id")["label"]
    table = pd.DataFrame(
        {
            "From": links["from"].map(names),
            "To": links["to"].map(names),
            "Rests on": links["mark"].map({mark: words for mark, (*_, words) in MARKS.items()}),
            "What it says": links["says"],
        }
    )

    def draw(frame: Frame) -> Chart:
        return _boxes(nodes, links, stages) if frame is WIDE else _list(links, names, frame)

    return compose(draw, table=table, numbers=NumberFormat(), **caption)


def _check(nodes: pd.DataFrame, links: pd.DataFrame, figure: str) -> None:
    known = set(nodes["id"])
    for end in (*links["from"], *links["to"]):
        if end not in known:
            raise ReportError(
                f"a link names {end!r}, which is no node",
                where=f"figure {figure!r}",
                fix=did_you_mean(end, known),
            )
    if strays := set(links["mark"]) - set(MARKS):
        raise ReportError(
            f"{min(strays)!r} is not what a link can rest on",
            where=f"figure {figure!r}",
            fix=f"Known: {', '.join(MARKS)}.",
        )


def _boxes(nodes: pd.DataFrame, links: pd.DataFrame, stages: Sequence[str]) -> Chart:
    """Draw the map for a page, in pixels: rows of boxes, each under the name of its stage."""
    box_height = _LINES * WIDE.line + 6
    step = box_height + _BETWEEN
    placed = nodes.assign(
        x=nodes["at"] * WIDE.width,
        y=(nodes["stage"] - 1) * step + 2 * WIDE.line + box_height / 2,
    )
    height = len(stages) * step - _BETWEEN + 5 * WIDE.line
    texts = pd.DataFrame(
        [
            {"x": x, "y": y + (number - (len(lines) - 1) / 2) * WIDE.line, "text": line}
            for x, y, label in zip(placed["x"], placed["y"], placed["label"], strict=True)
            for lines in [wrapped(label, _LETTERS)]
            for number, line in enumerate(lines)
        ]
    )
    heads = pd.DataFrame(
        {
            "y": [row * step + 2 * WIDE.line - 9 for row in range(len(stages))],
            "text": list(stages),
        }
    )
    ends = _ends(placed, links, box_height)
    frames = placed.assign(
        left=placed["x"] - _BOX / 2,
        right=placed["x"] + _BOX / 2,
        top=placed["y"] - box_height / 2,
        foot=placed["y"] + box_height / 2,
    )
    chart = layers.overlay(
        *_lines(ends, height),
        alt.Chart(frames[["left", "right", "top", "foot"]])
        .mark_rect(fill=theme.WHITE, stroke=theme.RULE, cornerRadius=3)
        .encode(x="left:Q", x2="right:Q", y="top:Q", y2="foot:Q"),
        alt.Chart(ends[["x2", "y2", "colour", "angle"]])
        .mark_point(shape="triangle", filled=True, opacity=1, size=_ARROW)
        .encode(
            x="x2:Q",
            y="y2:Q",
            color=alt.Color("colour:N", scale=None),
            angle=alt.Angle("angle:Q", scale=None),
        ),
        *layers.write(alt.Chart(texts).encode(x="x:Q", y="y:Q", text="text:N"), "center"),
        *layers.write(
            alt.Chart(heads).encode(x=alt.value(0), y="y:Q", text="text:N"),
            "left",
            edged=True,
        ),
        *_key(height),
    )
    return within(chart, WIDE, Margins(2, 2, 2, 2), height)


def _ends(placed: pd.DataFrame, links: pd.DataFrame, box_height: float) -> pd.DataFrame:
    """Say where each link leaves its cause and meets its effect, on the edges of their boxes."""
    where = placed.set_index("id")
    ends = links.assign(
        x1=links["from"].map(where["x"]),
        y1=links["from"].map(where["y"]),
        x2=links["to"].map(where["x"]),
        y2=links["to"].map(where["y"]),
        colour=links["mark"].map({mark: look[0] for mark, look in MARKS.items()}),
    )
    across = ends["y1"] == ends["y2"]
    down = np.sign(ends["y2"] - ends["y1"])
    right = np.sign(ends["x2"] - ends["x1"])
    # Links from one box, or into one, leave and arrive side by side and not on one spot.
    fan_out = _fan(ends, "from", "x2", across)
    fan_in = _fan(ends, "to", "x1", across)
    ends = ends.assign(
        x1=ends["x1"] + np.where(across, right * _BOX / 2, fan_out),
        y1=ends["y1"] + np.where(across, 0, down * box_height / 2),
        x2=ends["x2"] - np.where(across, right * (_BOX / 2 + 5), -fan_in),
        y2=ends["y2"] - np.where(across, 0, down * (box_height / 2 + 5)),
    )
    turned = np.degrees(np.arctan2(ends["x2"] - ends["x1"], -(ends["y2"] - ends["y1"])))
    return ends.assign(angle=turned.round(1))


def _fan(ends: pd.DataFrame, box: str, other: str, across: pd.Series) -> pd.Series:
    """Return how far right of its box's middle each link stands, in the order of its other end."""
    down = ends[~across]
    rank = down.groupby(box)[other].rank(method="first")
    count = down.groupby(box)[other].transform("size")
    return ((rank - (count + 1) / 2) * _BOX / (count + 1)).reindex(ends.index).fillna(0)


def _lines(ends: pd.DataFrame, height: float) -> list[alt.Chart]:
    """Draw the links of each kind in its own colour and dashes, and carry the scales."""
    x = alt.X("x1:Q", scale=alt.Scale(domain=[0, WIDE.width], nice=False), axis=None)
    y = alt.Y("y1:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=None)
    return [
        alt.Chart(rows[["x1", "y1", "x2", "y2"]])
        .mark_rule(stroke=colour, strokeDash=dashes, strokeWidth=2)
        .encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
        for mark, (colour, dashes, _words) in MARKS.items()
        for rows in [ends[ends["mark"] == mark]]
    ]


def _key(height: float) -> list[alt.Chart]:
    """Say what the kinds of line mean, at the foot."""
    layers_of_key = []
    for number, (colour, dashes, words) in enumerate(MARKS.values()):
        row, column = divmod(number, _KEYS_IN_A_ROW)
        left, foot = column * WIDE.width / _KEYS_IN_A_ROW, height - (1.5 - row) * WIDE.line
        sample = pd.DataFrame({"x": [left], "end": [left + 40], "y": [foot], "text": [words]})
        base = alt.Chart(sample)
        layers_of_key += [
            base.mark_rule(stroke=colour, strokeDash=dashes, strokeWidth=2).encode(
                x="x:Q", x2="end:Q", y="y:Q"
            ),
            *layers.write(base.encode(x="end:Q", y="y:Q", text="text:N"), "left", dx=6),
        ]
    return layers_of_key


def _list(links: pd.DataFrame, names: Mapping[str, str] | pd.Series, frame: Frame) -> Chart:
    """Draw the links for a phone: cause, arrow, effect, with the line of its kind beside them."""
    rows: list[dict[str, object]] = []
    samples: list[dict[str, object]] = []
    top = 0.0
    for mark, (colour, _dashes, words) in MARKS.items():
        rows.append({"y": top + frame.line / 2, "text": f"{words}:", "x": 0.0, "weight": 700})
        top += 1.5 * frame.line
        for link in links[links["mark"] == mark].to_dict("records"):
            lines = wrapped(f"{names[link['from']]} → {names[link['to']]}", 44)
            samples.append(
                {"y": top, "foot": top + len(lines) * frame.line, "colour": colour, "x": 4.0}
            )
            rows += [
                {"y": top + (number + 0.5) * frame.line, "text": line, "x": 14.0, "weight": 400}
                for number, line in enumerate(lines)
            ]
            top += (len(lines) + 0.5) * frame.line
        top += 0.5 * frame.line
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, frame.width], nice=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[top, 0], nice=False), axis=None)
    texts = pd.DataFrame(rows)
    chart = layers.overlay(
        alt.Chart(pd.DataFrame(samples))
        .mark_rule(strokeWidth=4)
        .encode(x=x, y=y, y2="foot:Q", color=alt.Color("colour:N", scale=None)),
        *(
            alt.Chart(part[["x", "y", "text"]])
            .mark_text(align="left", baseline="middle", fontWeight=weight)
            .encode(x="x:Q", y="y:Q", text="text:N")
            for weight in (400, 700)
            for part in [texts[texts["weight"] == weight]]
        ),
    )
    return within(chart, frame, Margins(2, 2, 2, 2), top)
