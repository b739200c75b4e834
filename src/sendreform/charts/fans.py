"""A fan over time: ranges, from narrow to wide, around a middle line."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import keys, layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Chart, Frame
from sendreform.charts.numbers import number_format
from sendreform.charts.time_axis import break_notes, breaks_shown, runs
from sendreform.errors import ReportError

#: Ranges from the narrowest to the widest: each paler than the one inside it, also in grey.
SHADES = ("#7FA3C7", "#B4CBE1", "#DFE9F3")  # 2.63 1.67 1.23: edged, and nested around the line
_LONE = 0.3  # of the room for one period: a range that is joined to none
_BETWEEN = 8


def fan(
    data: pd.DataFrame,
    ranges: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Mapping[str, str] | None = None,
    zero: bool = True,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw ranges over time as bands, the middle as a line, and one place over it.

    Parameters
    ----------
    data
        ``period``, ``series`` (words: the first is the middle of the ranges, a second is the place
        to compare with it), ``value``; ``status`` where values are missing.
    ranges
        ``period``, ``band`` (words, at most three: "Middle half of councils"), ``low``, ``high``.
        Bands are nested: the wider holds the narrower.
    kind, unit, decimals, breaks, zero, caption
        As for :func:`~sendreform.charts.lines.line_over_time`. Neither a line nor a band crosses a
        break or a gap.

    Raises
    ------
    ReportError
        If the data or the words lack something, there are more than two series or three bands, or
        bands are not nested.
    """
    figure = caption["id"]
    checked = check_table(data, ("period", "series", "value"), figure=figure)
    bands = _checked_bands(ranges, figure)
    names, widths = list(checked["series"].unique()), _from_narrow_to_wide(bands)
    _check_numbers(names, widths, figure)
    _check_nested(bands, widths, figure)
    numbers = number_format(unit, decimals)
    drawn_breaks = breaks_shown(checked, kind=kind, breaks=breaks or {})
    joined = runs(checked, by=["series"], kind=kind, breaks=drawn_breaks)
    banded = runs(bands, by=["band"], kind=kind, breaks=drawn_breaks)
    colour = dict(zip(names, (theme.NAVY, theme.PLUM), strict=False))
    reach = pd.concat([joined["value"], banded["low"], banded["high"]])
    samples = [keys.filled(name, shade) for name, shade in zip(widths, SHADES, strict=False)]

    told = layers.told_at_pointer(joined, kind=kind, names=colour, numbers=numbers)

    def draw(frame: Frame) -> Chart:
        key_height = keys.height(samples, frame, frame.width) + _BETWEEN
        over_plot = frame.line + 10 if drawn_breaks else 10
        scale = layers.value_scale(reach, numbers, frame, zero=zero)
        return layers.over_time(
            joined,
            lambda x, scale, step: [
                *_bands(banded, dict(zip(widths, SHADES, strict=False)), x, scale, step),
                *_lines(joined, names, colour),
                *keys.key(
                    samples,
                    frame,
                    width=frame.width,
                    left=2 - scale.label_width,
                    top=-key_height - over_plot,
                ),
            ],
            told=told,
            frame=frame,
            scale=scale,
            kind=kind,
            breaks=drawn_breaks,
            colours=colour,
            numbers=numbers,
            above=key_height,
        )

    return compose(
        draw,
        table=_table(checked, bands, [*names, *_heads(widths)], kind),
        numbers=numbers,
        notes=break_notes(drawn_breaks, kind),
        **caption,
    )


def _checked_bands(ranges: pd.DataFrame, figure: str) -> pd.DataFrame:
    """Return the ranges with their upper end as ``value``, or say what they lack."""
    ends = ranges.rename(columns={"high": "value"})
    if "low" not in ends:
        check_table(ends, ("period", "band", "low", "value"), figure=figure)
    return check_table(ends, ("period", "band", "value"), figure=figure).assign(
        high=lambda rows: rows["value"]
    )


def _from_narrow_to_wide(bands: pd.DataFrame) -> list[str]:
    spans = (bands["high"] - bands["low"]).groupby(bands["band"], sort=False).mean()
    return list(spans.sort_values(kind="stable").index)


def _check_numbers(names: Sequence[str], widths: Sequence[str], figure: str) -> None:
    for found, most, what in ((names, 2, "lines"), (widths, len(SHADES), "bands")):
        if len(found) > most:
            raise ReportError(
                f"{len(found)} {what}, a fan has room for {most}",
                where=f"figure {figure!r}",
                fix="Choose the ones to show.",
            )


def _check_nested(bands: pd.DataFrame, widths: Sequence[str], figure: str) -> None:
    where = f"figure {figure!r}"
    if (bands["low"] > bands["high"]).any():
        period = bands.loc[bands["low"] > bands["high"], "period"].iloc[0]
        raise ReportError(f"a band of {period} ends below its beginning", where=where)
    low, high = (
        bands.pivot(index="period", columns="band", values=end)[list(widths)]
        for end in ("low", "high")
    )
    for inner, outer in itertools.pairwise(widths):
        outside = (low[inner] < low[outer]) | (high[inner] > high[outer])
        if outside.any():
            raise ReportError(
                f"{outer!r} does not hold {inner!r} in {outside.idxmax()}",
                where=where,
                fix="A wider band holds the narrower one in every period.",
            )


def _bands(
    banded: pd.DataFrame, shades: Mapping[str, str], x: alt.X, scale: layers.ValueScale, step: float
) -> list[alt.Chart]:
    """Draw the bands, the widest first; the first of them carries the axes."""
    drawn = []
    for name, shade in reversed(list(shades.items())):
        rows = banded[banded["band"] == name]
        alone = ~rows.duplicated("run", keep=False)
        columns = ["t", "low", "high", "run"]
        y = scale.encoding("low")
        drawn += [
            alt.Chart(rows.loc[~alone, columns])
            .mark_area(color=shade, opacity=1)
            .encode(x=x, y=y, y2="high:Q", detail="run:N"),
            alt.Chart(rows.loc[alone, columns])
            .mark_rule(stroke=shade, strokeWidth=round(_LONE * step))
            .encode(x=x, y=y, y2="high:Q"),
        ]
    return drawn


def _lines(
    joined: pd.DataFrame, names: Sequence[str], colour: Mapping[str, str]
) -> list[alt.Chart]:
    """Draw the middle as a line, and the place over it as a line with a dot for each figure."""
    middle = joined[joined["series"] == names[0]]
    place = joined[joined["series"].isin(names[1:])]
    edge = alt.Chart(place[["t", "value", "run"]]).encode(x=layers.X, y=layers.Y, detail="run:N")
    return [
        layers.lines(middle, layers.X, layers.Y, colour),
        layers.dots(layers.line_ends(middle), colour),
        edge.mark_line(stroke=theme.WHITE, strokeWidth=5.5),
        layers.lines(place, layers.X, layers.Y, colour),
        layers.dots(place, colour),
    ]


def _heads(widths: Sequence[str]) -> list[str]:
    return [f"{name}: {end}" for name in widths for end in ("low end", "high end")]


def _table(checked: pd.DataFrame, bands: pd.DataFrame, heads: list[str], kind: str) -> pd.DataFrame:
    """Return a row for each period: the lines, then both ends of each band."""
    ends = bands.rename(columns={"low": "low end", "high": "high end"}).melt(
        id_vars=["period", "band"], value_vars=["low end", "high end"], var_name="end",
        value_name="ends",
    )  # fmt: skip
    long = ends.assign(series=ends["band"] + ": " + ends["end"], value=ends["ends"])
    return tables.over_time(
        pd.concat([checked, long[["period", "series", "value"]]]), kind=kind, names=heads
    )
