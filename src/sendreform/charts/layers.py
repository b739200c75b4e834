"""The parts that charts are put together from: scales, lines, dots, labels, breaks, tooltips."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import altair as alt
import pandas as pd

from sendreform import periods
from sendreform.charts import theme
from sendreform.charts.frames import (
    Chart,
    Frame,
    Layers,
    Margins,
    axis,
    nice_ticks,
    spread,
    text_width,
    tick_decimals,
    within,
    wrapped,
)
from sendreform.charts.numbers import NumberFormat
from sendreform.charts.svg import POINTER_LAYER
from sendreform.charts.time_axis import break_rules, closest, time_axis
from sendreform.errors import ReportError, did_you_mean

#: The encodings of every layer but the one that carries the axes; Vega-Lite shares the scales.
X, Y = alt.X("t:Q"), alt.Y("value:Q")
#: As objects: Altair looks through its whole schema to make one of a text.
TEXT, RUN = alt.Text("text:N"), alt.Detail("run:N")

#: Where the pointer is, in the layer that answers it.
HERE = alt.TopLevelSelectionParameter(
    name="here",
    select=alt.PointSelectionConfig(
        type="point", clear="pointerout", fields=["t"], on="pointerover"
    ),
    views=[POINTER_LAYER],
)

Align = Literal["left", "center", "right"]

#: Text is in darker shades than marks, so that layers have scales of colour of their own.
OWN_COLOURS = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))

#: The signal of live charts that holds the name of the place that the reader has chosen.
CHOSEN = "chosen"

_SHOWN_HERE = alt.OpacityValue(
    condition={"param": HERE.name, "value": 0.08, "empty": False}, value=0
)
_DOT_TO_LABEL = 9
_DOT_AREA = 46


@dataclass(frozen=True)
class ValueScale:
    """The vertical scale of a plot: its round ticks, how they are written, and its height."""

    labels: Mapping[float, str]
    height: float
    font: int

    @property
    def low(self) -> float:
        """The value at the bottom of the plot."""
        return min(self.labels)

    @property
    def high(self) -> float:
        """The value at the top of the plot."""
        return max(self.labels)

    @property
    def label_width(self) -> float:
        """The pixels that the labels of the ticks need to the left of the plot."""
        return max(text_width(text, self.font) for text in self.labels.values()) + 8

    def encoding(self, field: str = "value", *, shown: bool = True) -> alt.Y:
        """Return the vertical encoding of a field on this scale, with its ticks unless hidden."""
        return alt.Y(
            f"{field}:Q",
            scale=alt.Scale(domain=[self.low, self.high], nice=False, zero=False),
            axis=axis(self.labels, grid=True) if shown else None,
        )

    def pixel(self, value: float) -> float:
        """Return how many pixels below the top of the plot a value stands."""
        return (self.high - value) / (self.high - self.low) * self.height

    def value(self, pixel: float) -> float:
        """Return the value that stands so many pixels below the top of the plot."""
        return self.high - pixel / self.height * (self.high - self.low)


def value_scale(
    values: pd.Series, numbers: NumberFormat, frame: Frame, *, zero: bool = True, most: int = 6
) -> ValueScale:
    """Return a scale with round ticks that holds all values, from zero unless told otherwise."""
    low, high = float(values.min()), float(values.max())
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    ticks = nice_ticks(low, high, most)
    return ValueScale(tick_labels(ticks, numbers), frame.height, frame.font)


def tick_labels(ticks: Sequence[float], numbers: NumberFormat) -> dict[float, str]:
    """Write ticks with the decimals that they need and the signs of their unit."""
    written = NumberFormat(tick_decimals(ticks), numbers.before, numbers.after)
    return {tick: written.short(tick) for tick in ticks}


def check_names(names: Sequence[str], focus: Sequence[str], *, figure: str) -> None:
    """Refuse to highlight what is not in the data.

    Raises
    ------
    ReportError
        Names the figure, and near names.
    """
    for name in focus:
        if name not in names:
            raise ReportError(
                f"nothing named {name!r} to highlight",
                where=f"figure {figure!r}",
                fix=did_you_mean(name, names),
            )


def check_colours(names: Sequence[str], focus: Sequence[str], *, figure: str) -> None:
    """Refuse more than four colours, and a focus that is not in the data.

    Raises
    ------
    ReportError
        Names the figure and what to do.
    """
    check_names(names, focus, figure=figure)
    asked, most = len(focus or names), len(theme.PALETTE)
    if asked > most:
        raise ReportError(
            f"{asked} colours, {most} are the most that can be told apart",
            where=f"figure {figure!r}",
            fix="Name the series to highlight in `focus`, or draw small multiples.",
        )


def hue(colours: Mapping[str, str], *, text: bool = False) -> alt.Color:
    """Return the colour encoding of ``series``; for text, in shades dark enough to read."""
    shades = [theme.TEXT_COLOURS[shade] if text else shade for shade in colours.values()]
    return alt.Color("series:N", scale=alt.Scale(domain=list(colours), range=shades), legend=None)


def lines(joined: pd.DataFrame, x: alt.X, y: alt.Y, colours: Mapping[str, str]) -> alt.Chart:
    """Draw the runs of each series as lines, what is in focus above what is grey, and the axes."""
    in_order = joined.assign(above=joined["series"].map(colours) != theme.GREY).sort_values(
        ["above", "t"], kind="stable"
    )
    drawn: alt.Chart = (
        alt.Chart(in_order[["t", "value", "series", "run"]])
        .mark_line()
        .encode(x=x, y=y, color=hue(colours), detail=RUN)
    )
    return drawn


def dots(points: pd.DataFrame, colours: Mapping[str, str]) -> alt.Chart:
    """Draw figures as dots."""
    drawn: alt.Chart = (
        alt.Chart(points[["t", "value", "series"]])
        .mark_point(filled=True, opacity=1, size=_DOT_AREA)
        .encode(x=X, y=Y, color=hue(colours))
    )
    return drawn


def over_time(
    placed: pd.DataFrame,
    marks: Callable[[alt.X, ValueScale, float], list[alt.Chart]],
    *,
    told: pd.DataFrame,
    frame: Frame,
    scale: ValueScale,
    kind: str,
    breaks: Mapping[str, str],
    colours: Mapping[str, str],
    numbers: NumberFormat,
    reach: float = 0,
    above: float = 0,
) -> Chart:
    """Put marks on a time axis, with the breaks, a label at each series' end, and the pointer.

    Parameters
    ----------
    placed
        What :func:`~sendreform.charts.time_axis.runs` returns, with ``series``; and ``at`` where
        a figure's mark does not stand at its value.
    marks
        Given the time axis, the vertical scale and the pixels for one period, returns the layers
        to draw; the first of them carries the axes.
    told
        What :func:`told_at_pointer` returns, the same at both sizes.
    reach
        How far a mark reaches to the right of its period, as a share of the room for one period.
    above
        The pixels over the plot, and over the words of breaks, that a key needs.
    """
    ends = end_labels(placed, scale, numbers, frame)
    unit = closest(placed["t"])
    share = unit / (placed["t"].max() - placed["t"].min() + unit)  # of the plot, for one period
    inside = (0.5 - reach) * share  # what a label may use of the plot, right of the last mark
    plot_width = min(
        (frame.width - scale.label_width - room_for(ends, frame)) / (1 - inside),
        frame.width - scale.label_width,
    )
    step = plot_width * share
    margins = Margins(
        left=scale.label_width,
        right=frame.width - scale.label_width - plot_width,
        top=above + (frame.line + 10 if breaks else 10),
        bottom=2 * frame.line + 20,
    )
    x = time_axis(placed, kind=kind, frame=frame, plot_width=plot_width)
    rules = break_rules(placed["t"], kind=kind, breaks=breaks, plot_width=plot_width)
    drawn = [
        *broken_by(rules, frame),
        *marks(x, scale, step),
        *labels(ends, colours, away=_DOT_TO_LABEL + reach * step),
        _pointer(told, kind=kind, names=list(colours), step=step),
    ]
    chart = Layers([layer for layer in drawn if len(layer.data)])
    chart.params = [HERE]
    chart.resolve = OWN_COLOURS
    return within(chart, frame, margins, scale.height)


def line_ends(joined: pd.DataFrame) -> pd.DataFrame:
    """Return the figures that need a dot: the last of each series, and those joined to none."""
    alone = ~joined.duplicated(["series", "run"], keep=False)
    last = ~joined.duplicated("series", keep="last")
    return joined[alone | last]


def end_labels(
    joined: pd.DataFrame,
    scale: ValueScale,
    numbers: NumberFormat,
    frame: Frame,
    *,
    named: bool = True,
) -> pd.DataFrame:
    """Place the name (unless told otherwise) and last figure of each series beside its end.

    Returns
    -------
    A row per line of text: ``series``, ``t`` and ``value`` (where it stands), ``text``, and
    ``early`` for a series that ends before the others: its label stands over its end, inside
    the plot.
    """
    last = joined.drop_duplicates("series", keep="last").reset_index(drop=True)
    last = last.assign(early=last["t"] < last["t"].max())
    texts = [
        wrapped(f"{name if named else ''} {numbers.short(value)}", frame.wrap)
        for name, value in zip(last["series"], last["value"], strict=True)
    ]
    pixels = [scale.pixel(value) for value in last.get("at", last["value"])]
    heights = [len(text) * frame.line for text in texts]
    at_end = [index for index, early in enumerate(last["early"]) if not early]
    centres = [
        pixel - height / 2 - _DOT_TO_LABEL for pixel, height in zip(pixels, heights, strict=True)
    ]
    apart = spread(
        [pixels[index] for index in at_end],
        [heights[index] for index in at_end],
        -frame.line,
        scale.height + frame.line,
    )
    for index, centre in zip(at_end, apart, strict=True):
        centres[index] = centre
    return pd.DataFrame(
        [
            {
                "series": last.at[index, "series"],
                "t": last.at[index, "t"],
                "value": scale.value(centres[index] + (number - (len(text) - 1) / 2) * frame.line),
                "text": line,
                "early": last.at[index, "early"],
            }
            for index, text in enumerate(texts)
            for number, line in enumerate(text)
        ]
    )


def room_for(labels: pd.DataFrame, frame: Frame) -> float:
    """Return the pixels that labels need to the right of the plot."""
    beside = labels.loc[~labels["early"], "text"]
    return max(text_width(text, frame.font) for text in beside) + _DOT_TO_LABEL + 2


def labels(
    placed: pd.DataFrame, colours: Mapping[str, str], *, away: float = _DOT_TO_LABEL
) -> list[alt.Chart]:
    """Write the labels that :func:`end_labels` placed, so many pixels right of their marks.

    Fewer than none is to the left.
    """
    base = alt.Chart().encode(x=X, y=Y, text=TEXT, color=hue(colours, text=True))
    beside, inside = (
        rows[["t", "value", "series", "text"]]
        for rows in (placed[~placed["early"]], placed[placed["early"]])
    )
    return [
        *write(base.properties(data=beside), "left" if away > 0 else "right", dx=away),
        *write(base.properties(data=inside), "right", dx=4, edged=True),
    ]


def overlay(*charts: alt.Chart) -> alt.LayerChart:
    """Put charts on top of each other, leaving out those without a row."""
    return alt.LayerChart(layer=[chart for chart in charts if len(chart.data)])


def write(
    text: alt.Chart, align: Align, *, dx: float = 0, dy: float = 0, edged: bool = False
) -> list[alt.Chart]:
    """Write text beside a point; ``edged`` in white, where it may stand over lines."""
    dx, dy = round(dx), round(dy)
    written = text.mark_text(align=align, baseline="middle", dx=dx, dy=dy)
    edge = text.mark_text(
        align=align, baseline="middle", dx=dx, dy=dy, stroke=theme.WHITE, strokeWidth=4
    )
    return [edge, written] if edged else [written]


def chosen(
    base: alt.Chart, *, field: str, middle: float, size: float, shape: str = "circle"
) -> list[alt.Chart]:
    """Ring and name the place that the reader has chosen.

    Only the live chart has these layers; its signal :data:`CHOSEN` holds the name of the place.

    Parameters
    ----------
    base
        A mark for each place: encoded ``x`` and ``y``, with ``text``, its figure in words.
    field
        The column that holds the names of places.
    middle
        The position across of which names stand to the right, left of it, and to the left.
    size, shape
        Of the ring.
    """
    across = base.encoding.x.shorthand.removesuffix(":Q")
    own = base.transform_filter(f"datum.{field} === {CHOSEN}")
    ring = (
        own.properties(name=f"{POINTER_LAYER}-ring")
        .mark_point(
            shape=shape, size=size, opacity=1, fill=theme.ORANGE, stroke=theme.INK, strokeWidth=2
        )
        .add_params(alt.param(name=CHOSEN, value=""))
    )
    named = own.transform_calculate(named=f"datum.{field} + ' ' + datum.text").encode(
        text="named:N"
    )
    side = alt.expr(f"datum.{across} < {middle} ? 'left' : 'right'")
    texts = [
        named.properties(name=f"{POINTER_LAYER}-{name}").mark_text(
            align=side, baseline="bottom", dy=-9, fontWeight="bold", **edge
        )
        for name, edge in (
            ("edge", {"stroke": theme.WHITE, "strokeWidth": 4, "strokeJoin": "round"}),
            ("name", {"color": theme.INK}),
        )
    ]
    return [ring, *texts]


def broken_by(rules: pd.DataFrame, frame: Frame) -> list[alt.Chart]:
    """Draw a dashed rule at each break, with its words over it."""
    base = alt.Chart(rules).encode(x=X)
    return [
        base.mark_rule(stroke=theme.RULE, strokeDash=[4, 3], strokeWidth=1),
        base.mark_text(
            baseline="bottom", y=-4, fontSize=frame.font - 1, color=theme.QUIET_INK
        ).encode(text=TEXT),
    ]


def told_at_pointer(
    figures: pd.DataFrame, *, kind: str, names: Iterable[str], numbers: NumberFormat
) -> pd.DataFrame:
    """Return what the pointer tells of each period.

    Returns
    -------
    A row for each period: ``t``, ``period`` in words, and the figure of each series in words, in
    columns ``s0``, ``s1`` … in order of the names.
    """
    series = list(names)
    return (
        figures.assign(text=figures["value"].map(numbers.full))
        .pivot(index=["t", "period"], columns="series", values="text")
        .reindex(columns=series)
        .astype("object")
        .fillna("–")
        .set_axis([f"s{index}" for index in range(len(series))], axis=1)
        .reset_index()
        .assign(period=lambda rows: [periods.label(period, kind) for period in rows["period"]])
    )


def _pointer(told: pd.DataFrame, *, kind: str, names: Sequence[str], step: float) -> alt.Chart:
    """Answer the pointer: a band for each period that tells every series' figure.

    Only the live chart has this layer.
    """
    band: alt.Chart = (
        alt.Chart(told, name=POINTER_LAYER)
        .mark_rule(strokeWidth=round(step), stroke=theme.NAVY)
        .encode(
            x=X,
            opacity=_SHOWN_HERE,
            tooltip=[
                alt.Tooltip("period:N", title=periods.KIND_TITLES[kind]),
                *(alt.Tooltip(f"s{index}:N", title=name) for index, name in enumerate(names)),
            ],
        )
    )
    return band
