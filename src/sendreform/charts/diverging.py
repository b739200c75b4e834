"""Diverging bars: who disagrees to the left of a line, who agrees to its right."""

from typing import Any, Unpack

import altair as alt
import numpy as np
import pandas as pd

from sendreform.charts import keys, layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import WIDE, Chart, Frame, Margins, text_width, within
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.charts.rows import THICKNESS, Rows, in_rows
from sendreform.errors import ReportError

#: How a share that is no exact figure can be published.
BOUNDS = ("", "more than", "at least")

_IN_BAR = 6
_OPEN: dict[str, Any] = {
    "fill": theme.WHITE,
    "stroke": theme.INK,
    "strokeWidth": 1,
    "strokeDash": [3, 2],
}
_KEY = (keys.Sample("No exact figure: could reach this far", _OPEN),)


def diverging(
    data: pd.DataFrame,
    *,
    unit: str,
    decimals: int = 0,
    left: str = "Disagree",
    right: str = "Agree",
    label_title: str = "Statement",
    **caption: Unpack[Caption],
) -> Figure:
    """Draw what share disagrees and what share agrees with each of several statements.

    Only what was published is drawn: a statement may have one share or both. Where a share is
    known to be more than a figure, the bar is solid to that figure, and open as far as it could
    reach.

    Parameters
    ----------
    data
        ``label`` (the statement, in words; statements are drawn in the order given), ``stance``
        (``left`` or ``right``), ``value`` (per cent); ``bound`` where a share is no exact figure: a
        word of :data:`BOUNDS`, empty for those that are; ``status`` where values are missing.
    unit, decimals
        From the record of the measure.
    left, right
        The names of the two stances, written over their sides.
    label_title
        What the labels are, for the head of the table.
    caption
        See :class:`~sendreform.charts.figure.Caption`.

    Raises
    ------
    ReportError
        If the data or the words lack something, a stance or bound is unknown, or the shares of a
        statement are no parts of a hundred.
    """
    checked = check_table(data, ("label", "stance", "value"), figure=caption["id"])
    checked = checked.assign(
        bound=checked["bound"].fillna("") if "bound" in checked else "",
        side=checked["stance"].map({left: -1, right: 1}),
    )
    _check(checked, left, right, caption["id"])
    numbers = number_format(unit, decimals)
    known = checked.dropna(subset="value").assign(
        text=lambda rows: [
            _told(value, bound, numbers)
            for value, bound in zip(rows["value"], rows["bound"], strict=True)
        ],
    )
    # A share can reach as far as the shares of the others leave room.
    others = known.groupby("label")["value"].transform("sum") - known["value"]
    known = known.assign(reach=np.where(known["bound"] == "", known["value"], 100 - others))
    return compose(
        lambda frame: _draw(known, left, right, frame),
        table=_table(checked, label_title, unit),
        numbers=numbers,
        **caption,
    )


def _check(data: pd.DataFrame, left: str, right: str, figure: str) -> None:
    where = f"figure {figure!r}"
    for column, allowed in (("stance", (left, right)), ("bound", BOUNDS)):
        strays = data.loc[~data[column].isin(allowed), column]
        if len(strays):
            raise ReportError(
                f"{strays.iloc[0]!r} is not a {column} of the chart",
                where=where,
                fix=f"Known: {', '.join(repr(name) for name in allowed)}.",
            )
    whole = data.groupby("label", sort=False)["value"].sum()
    if (data["value"] < 0).any() or (whole > 100).any():
        raise ReportError(
            "the shares of a statement are no parts of a hundred",
            where=where,
            fix="Give per cent of all who answered, from 0 to 100.",
        )


def _told(value: float, bound: str, numbers: NumberFormat) -> str:
    """Write a share with its bound: ``more than 90%``."""
    return f"{bound} {numbers.short(value)}".strip()


def _table(checked: pd.DataFrame, label_title: str, unit: str) -> pd.DataFrame:
    """Return a row for each share, and, where one is no exact figure, how it was published."""
    table = pd.DataFrame(
        {
            label_title: checked["label"],
            "Answer": checked["stance"],
            unit[:1].upper() + unit[1:]: tables.in_words(checked),
        }
    )
    if (checked["bound"] != "").any():
        table["Published as"] = checked["bound"].replace("", "exact figure")
    return table


def _draw(known: pd.DataFrame, left: str, right: str, frame: Frame) -> Chart:
    """Draw the bars at one size, on a scale that holds a hundred per cent on each side in use."""
    labels = list(known["label"].unique())
    rows = in_rows(labels, frame)
    low = -100 if (known["side"] < 0).any() else 0
    high = 100 if (known["side"] > 0).any() else 0
    stances = {
        side: name for side, name in ((-1, left), (1, right)) if (known["side"] == side).any()
    }
    is_open = bool((known["reach"] > known["value"]).any())
    key_height = keys.height(_KEY, frame, frame.width) + 14 if is_open else 6
    width = frame.width - rows.name_width - 4
    per_point = width / (high - low)
    placed = known.assign(
        middle=known["label"].map(dict(zip(labels, rows.middles, strict=True))),
        end=known["side"] * known["value"],
        most=known["side"] * known["reach"],
        zero=0,
        colour=known["side"].map({-1: theme.PLUM, 1: theme.NAVY}),
        fits=known["text"].map(lambda text: text_width(text, frame.font)) + 2 * _IN_BAR
        <= known["value"] * per_point,
    )
    y = alt.Y("middle:Q")
    bar: dict[str, Any] = {"orient": "horizontal", "size": THICKNESS[frame.name]}
    chart = layers.overlay(
        alt.Chart(placed[["zero", "end", "middle", "colour"]])
        .mark_bar(**bar)
        .encode(
            x=alt.X("zero:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=None),
            x2="end:Q",
            y=rows.y,
            color=alt.Color("colour:N", scale=None),
        ),
        alt.Chart(placed.loc[placed["reach"] > placed["value"], ["end", "most", "middle"]])
        .mark_bar(**bar, **_OPEN)
        .encode(x="end:Q", x2="most:Q", y=y),
        *_zero(rows, frame),
        *_figures(placed),
        *rows.written(rows.name_width),
        *_heads(stances, frame),
        *(
            keys.key(
                _KEY,
                frame,
                width=frame.width,
                left=2 - rows.name_width,
                top=rows.height + 12,
            )
            if is_open
            else []
        ),
    )
    margins = Margins(
        left=rows.name_width + 2,
        right=2,
        top=frame.line + 12,
        bottom=key_height,
    )
    return within(chart, frame, margins, rows.height)


def _zero(rows: Rows, frame: Frame) -> list[alt.Chart]:
    """Draw the line between the stances at each row, so that it runs through no name."""
    half = THICKNESS[frame.name] / 2 + (3 if frame is WIDE else 0)
    ends = pd.DataFrame(
        {
            "zero": 0,
            "top": [middle - half for middle in rows.middles],
            "foot": [middle + half for middle in rows.middles],
        }
    )
    return [
        alt.Chart(ends)
        .mark_rule(stroke=theme.INK, strokeWidth=1.5)
        .encode(x="zero:Q", y="top:Q", y2="foot:Q")
    ]


def _figures(placed: pd.DataFrame) -> list[alt.Chart]:
    """Write each figure in white at the end of its bar, or in ink beyond a bar that is short."""
    drawn: list[alt.Chart] = []
    sides: tuple[tuple[int, layers.Align, layers.Align], ...] = (
        (-1, "left", "right"),
        (1, "right", "left"),
    )
    for side, inward, outward in sides:
        of_side = placed[placed["side"] == side]
        for fits, align, colour in ((True, inward, theme.WHITE), (False, outward, theme.INK)):
            texts = alt.Chart(of_side.loc[of_side["fits"] == fits, ["end", "middle", "text"]])
            away = side * _IN_BAR * (-1 if fits else 1)
            drawn.append(
                texts.mark_text(align=align, baseline="middle", dx=away, color=colour).encode(
                    x="end:Q", y="middle:Q", text="text:N"
                )
            )
    return drawn


def _heads(stances: dict[int, str], frame: Frame) -> list[alt.Chart]:
    """Name each side over it, with an arrow away from the line."""
    drawn: list[alt.Chart] = []
    for side, name in stances.items():
        text = f"← {name}" if side < 0 else f"{name} →"
        head = alt.Chart(pd.DataFrame({"zero": [0], "text": [text]})).encode(
            x="zero:Q", y=alt.value(round(-frame.line / 2 - 6)), text="text:N"
        )
        drawn += layers.write(head, "right" if side < 0 else "left", dx=side * 4)
    return drawn
