"""A place beside its neighbours, its region and England: the chart that a page draws on request.

The data come from the reader's choice of a place, so this is a specification without data, made
once for all pages; the page's script fills in the lines and the labels of the time axis.
"""

from typing import Any

import altair as alt

from sendreform.charts import theme
from sendreform.charts.frames import NARROW, WIDE, Frame

#: The chosen place is told from the others by weight and dashes as well as by colour.
ROLES = {
    "chosen": (theme.ORANGE, [1, 0], 4.0),
    "near": (theme.NAVY, [8, 4], 2.0),
    "region": (theme.PLUM, [2, 4], 2.5),
    "england": (theme.RULE, [1, 0], 2.0),
}
#: Stand in the specification for what the script writes: the ticks, and their labels.
TICKS, LABELS = "TICKS", "LABELS"
_VALUES = alt.Axis(title=None, grid=True, tickCount=5)
#: How dense a range is: the lines of others are seen through it.
_SHADE = 0.2
#: In pixels, axes included; the style sheet keeps the same room.
_HEIGHTS = {"wide": 270, "narrow": 230}


def comparison() -> dict[str, dict[str, Any]]:
    """Return the specification for a page and for a phone, by the name of the frame.

    It draws the data set ``lines``: ``role`` (see :data:`ROLES`), ``name``, ``run`` (lines never
    join two runs), ``t``, ``value``, and the words ``period`` and ``text`` for the pointer; where
    a figure is projected, ``low`` and ``high`` as well.
    """
    return {frame.name: _for(frame) for frame in (WIDE, NARROW)}


def _for(frame: Frame) -> dict[str, Any]:
    roles = list(ROLES)
    colour, dash, width = (
        alt.Scale(domain=roles, range=[ROLES[role][part] for role in roles]) for part in range(3)
    )
    base = alt.Chart(alt.NamedData("lines")).encode(
        x=alt.X("t:Q", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(title=None)),
        y=alt.Y("value:Q", axis=_VALUES),
        color=alt.Color("role:N", scale=colour, legend=None),
        tooltip=[
            alt.Tooltip("name:N", title="Place"),
            alt.Tooltip("period:N", title="Period"),
            alt.Tooltip("text:N", title="Figure"),
        ],
    )
    ranges = (
        base.transform_filter("isValid(datum.low)")
        .mark_area(opacity=_SHADE, line=False)
        .encode(y=alt.Y("low:Q", axis=_VALUES), y2="high:Q", detail="name:N")
    )
    lines = base.mark_line().encode(
        detail=["name:N", "run:N"],
        strokeDash=alt.StrokeDash("role:N", scale=dash, legend=None),
        strokeWidth=alt.StrokeWidth("role:O", scale=width, legend=None),
        order="t:Q",
    )
    dots = base.mark_circle(opacity=1, size=36)
    chart = (
        alt.layer(ranges, lines, dots)
        .properties(
            width="container",
            height=_HEIGHTS[frame.name],
            autosize=alt.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure_axis(labelFontSize=frame.font)
    )
    spec: dict[str, Any] = chart.to_dict()
    del spec["$schema"]
    for layer in spec["layer"]:
        axis = layer["encoding"]["x"]["axis"]
        axis |= {"values": TICKS, "labelExpr": f"({LABELS})[datum.value]"}
    return spec
