"""Small multiples: the same small line chart for each of several things, on the same axes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import (
    NARROW,
    Chart,
    Frame,
    lookup,
    spread,
    text_width,
    typeset,
    wrapped,
)
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.charts.time_axis import break_notes, break_rules, breaks_shown, runs, time_axis
from sendreform.errors import ReportError

_COLUMNS = {"wide": 3, "narrow": 2}
_PANEL_HEIGHT = {"wide": 130, "narrow": 110}
_TICKS = 4
_SPACE = 14
_NAME_TO_LINE = 11
_DOT_TO_LABEL = 7
#: The series that the chart is about, and the one that it is compared with.
_COLOURS = (theme.NAVY, theme.ORANGE)


def small_multiples(
    data: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Mapping[str, str] | None = None,
    **caption: Unpack[Caption],
) -> Figure:
    """Draw a small line chart for each panel, all on the same axes.

    Parameters
    ----------
    data
        ``panel`` (words, in the order to be shown), ``period``, ``series`` (at most two, in
        words, the same in each panel), ``value``; ``status`` where values are missing.
    kind, unit, decimals, breaks, caption
        As for :func:`~sendreform.charts.lines.line_over_time`; the breaks hold for every panel.

    Raises
    ------
    ReportError
        If the data or the words lack something, or there are more than two series.
    """
    checked = check_table(data, ("panel", "period", "series", "value"), figure=caption["id"])
    names = list(checked["series"].unique())
    if len(names) > len(_COLOURS):
        raise ReportError(
            f"{len(names)} series, small multiples have room for two",
            where=f"figure {caption['id']!r}",
            fix="Choose one to show and one to compare it with.",
        )
    numbers = number_format(unit, decimals)
    drawn_breaks = breaks_shown(checked, kind=kind, breaks=breaks or {})
    joined = runs(checked, by=["panel", "series"], kind=kind, breaks=drawn_breaks)
    colour = dict(zip(names, _COLOURS, strict=False))
    panels = [panel for panel in checked["panel"].unique() if panel in set(joined["panel"])]

    ends = _ends(joined, numbers)
    rows = (
        joined[["panel", "t", "value", "series", "run"]]
        .merge(ends, how="left", on=["panel", "series", "t"])
        .merge(_names(joined, panels[0]), how="left", on=["panel", "series", "t"])
    )

    def draw(frame: Frame) -> Chart:
        small = replace(frame, height=_PANEL_HEIGHT[frame.name], ticks=2)
        scale = layers.value_scale(joined["value"], numbers, small, most=_TICKS)
        beside = max(text_width(text, frame.font) for text in ends["text"]) + _DOT_TO_LABEL
        columns = min(_COLUMNS[frame.name], len(panels))
        width = (frame.width - scale.label_width - (columns - 1) * _SPACE) / columns - beside
        rules = break_rules(joined["t"], kind=kind, breaks=drawn_breaks, plot_width=width)
        x = time_axis(joined, kind=kind, frame=small, plot_width=width)
        panel = _panel(rows, rules, x, scale, colour)
        grid = panel.properties(width=round(width), height=small.height).facet(
            alt.Facet("panel:N", sort=panels, header=_header(panels, frame, width + beside)),
            columns=columns,
            spacing={"row": 16, "column": _SPACE},
        )
        return typeset(grid, frame)

    heads = checked["panel"]
    if len(names) > 1:
        heads = heads.str.cat(checked["series"], sep=": ")
    return compose(
        draw,
        table=tables.over_time(checked.assign(series=heads), kind=kind, names=list(heads.unique())),
        numbers=numbers,
        notes=break_notes(drawn_breaks, kind),
        **caption,
    )


def _ends(joined: pd.DataFrame, numbers: NumberFormat) -> pd.DataFrame:
    """Return the last figure of each series in each panel (``text``) and where to write it.

    ``at`` keeps two figures apart at the smaller size, and so at both.
    """
    small = replace(NARROW, height=_PANEL_HEIGHT["narrow"])
    scale = layers.value_scale(joined["value"], numbers, small, most=_TICKS)
    last = joined.drop_duplicates(["panel", "series"], keep="last")
    return pd.concat(
        [
            rows[["panel", "series", "t"]].assign(
                text=rows["value"].map(numbers.short),
                at=[
                    scale.value(pixel)
                    for pixel in spread(
                        [scale.pixel(value) for value in rows["value"]],
                        [small.line] * len(rows),
                        -small.line,
                        scale.height + small.line,
                    )
                ],
            )
            for _, rows in last.groupby("panel", sort=False)
        ]
    )


def _names(joined: pd.DataFrame, panel: str) -> pd.DataFrame:
    """Name two series in the first panel: ``over`` the higher line, ``under`` the lower one.

    ``clear`` is the height at which the name keeps clear of its line. One series needs no name.
    """
    lines = (
        joined[joined["panel"] == panel]
        .groupby(["panel", "series"], as_index=False)
        .agg(t=("t", "min"), low=("value", "min"), high=("value", "max"))
        .sort_values("high")
    )
    lower = lines.iloc[:-1].assign(
        under=lambda rows: rows["series"], clear=lambda rows: rows["low"]
    )
    higher = lines.iloc[1:].assign(
        over=lambda rows: rows["series"], clear=lambda rows: rows["high"]
    )
    return pd.concat([lower, higher]).reindex(
        columns=["panel", "series", "t", "over", "under", "clear"]
    )


def _panel(
    rows: pd.DataFrame,
    rules: pd.DataFrame,
    x: alt.X,
    scale: layers.ValueScale,
    colours: Mapping[str, str],
) -> alt.LayerChart:
    """Draw one panel: lines, the breaks, and each series' last figure."""
    base = alt.Chart().encode(x=layers.X, y=layers.Y)
    in_ink = layers.hue(colours, text=True)
    at_end = base.transform_filter("isValid(datum.text)")

    def named(side: str, dy: float) -> list[alt.Chart]:
        names = base.transform_filter(f"isValid(datum.{side})")
        text = names.encode(y="clear:Q", text=f"{side}:N", color=in_ink)
        return layers.write(text, "left", dx=-2, dy=dy, edged=True)

    panel: alt.LayerChart = alt.layer(
        base.mark_line(strokeWidth=2).encode(
            x=x, y=scale.encoding(), color=layers.hue(colours), detail="run:N"
        ),
        *(layers.broken_by(rules, NARROW)[:1] if len(rules) else []),
        at_end.mark_point(filled=True, opacity=1, size=30).encode(color=layers.hue(colours)),
        *layers.write(
            at_end.encode(y="at:Q", text="text:N", color=in_ink), "left", dx=_DOT_TO_LABEL
        ),
        *named("over", -_NAME_TO_LINE),
        *named("under", _NAME_TO_LINE),
        data=rows,
    ).resolve_scale(color="independent")
    return panel


def _header(panels: list[str], frame: Frame, width: float) -> alt.Header:
    """Write the name of each panel over it, in as many lines as it needs."""
    letters = int(width / (0.6 * frame.font))
    return alt.Header(
        title=None,
        labelAnchor="start",
        labelBaseline="bottom",
        labelExpr=lookup({panel: wrapped(panel, letters) for panel in panels}, "datum.label"),
        labelFontSize=frame.font,
    )
