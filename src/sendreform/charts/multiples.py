"""Small multiples: the same small line chart for each of several things, on the same axes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Unpack

import altair as alt
import pandas as pd

from sendreform.charts import layers, tables, theme
from sendreform.charts.figure import Caption, Figure, check_table, compose
from sendreform.charts.frames import Frame, lookup, spread, text_width, wrapped
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.charts.time_axis import break_notes, break_rules, breaks_shown, runs, time_axis
from sendreform.errors import ReportError

_COLUMNS = {"wide": 3, "narrow": 2}
_PANEL_HEIGHT = {"wide": 130, "narrow": 110}
_SPACE = 14
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

    def draw(frame: Frame) -> alt.FacetChart:
        return _draw(joined, panels, colour, frame, numbers, kind, drawn_breaks)

    columns = checked["panel"].str.cat(checked["series"], sep=": ") if len(names) > 1 else checked["panel"]
    return compose(
        draw,
        table=tables.over_time(
            checked.assign(series=columns), kind=kind, names=list(columns.unique())
        ),
        numbers=numbers,
        notes=break_notes(drawn_breaks, kind),
        **caption,
    )


def _draw(
    joined: pd.DataFrame,
    panels: list[str],
    colour: Mapping[str, str],
    frame: Frame,
    numbers: NumberFormat,
    kind: str,
    breaks: Mapping[str, str],
) -> alt.FacetChart:
    scale = layers.value_scale(
        joined["value"], numbers, replace(frame, height=_PANEL_HEIGHT[frame.name])
    )
    ends = _ends(joined, scale, numbers, frame)
    beside = max(text_width(text, frame.font) for text in ends["text"]) + _DOT_TO_LABEL
    columns = _COLUMNS[frame.name]
    width = (frame.width - scale.label_width - _SPACE * (columns - 1)) / columns - beside
    x = time_axis(joined, kind=kind, frame=replace(frame, ticks=2), plot_width=width)
    rules = break_rules(joined["t"], kind=kind, breaks=breaks, plot_width=width)
    hue = layers.hue(colour, legend=len(colour) > 1)
    rows = joined[["panel", "t", "value", "series", "run"]].merge(
        ends, how="left", on=["panel", "series", "t"]
    )
    base = alt.Chart().encode(x=layers.X, color=hue)
    at_end = base.transform_filter("isValid(datum.text)")
    return (
        alt.layer(
            base.mark_line(strokeWidth=2).encode(x=x, y=scale.encoding(), detail="run:N"),
            *layers.broken_by(rules[["t"]].assign(text=""), frame)[:1],
            at_end.mark_point(filled=True, opacity=1, size=30).encode(y=layers.Y),
            at_end.mark_text(align="left", baseline="middle", dx=_DOT_TO_LABEL).encode(
                y="at:Q", text="text:N", color=layers.hue(colour, text=True)
            ),
            data=rows,
        )
        .properties(width=round(width), height=round(scale.height))
        .facet(
            alt.Facet(
                "panel:N",
                sort=panels,
                header=alt.Header(
                    title=None,
                    labelAnchor="start",
                    labelExpr=lookup({panel: wrapped(panel, int(width // (frame.font * 0.52))) for panel in panels}, "datum.label"),
                    labelFontSize=frame.font,
                ),
            ),
            columns=columns,
            spacing={"row": 22, "column": round(beside + _SPACE)},
        )
        .configure_axis(labelFontSize=frame.font, titleFontSize=frame.font)
        .configure_text(fontSize=frame.font)
        .configure_legend(labelFontSize=frame.font)
    )


def _ends(
    joined: pd.DataFrame, scale: layers.ValueScale, numbers: NumberFormat, frame: Frame
) -> pd.DataFrame:
    """Return the last figure of each series in each panel and where it is written (``at``)."""
    last = joined.drop_duplicates(["panel", "series"], keep="last")
    return pd.concat(
        [
            rows[["panel", "series", "t"]].assign(
                text=rows["value"].map(numbers.short),
                at=[
                    scale.value(pixel)
                    for pixel in spread(
                        [scale.pixel(value) for value in rows["value"]],
                        [frame.line] * len(rows),
                        -frame.line,
                        scale.height + frame.line,
                    )
                ],
            )
            for _, rows in last.groupby("panel", sort=False)
        ]
    )
