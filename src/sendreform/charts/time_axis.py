"""Time on a chart: where a period stands, which figures a line may join, where a series breaks."""

import calendar
import datetime
import math
from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd

from sendreform import periods
from sendreform.charts.frames import Frame, axis, text_width

#: Kinds of which one period follows another by exactly one step of :func:`position`.
_YEARLY = {"january", "calendar_year", "academic_year", "financial_year", "mid_year"}

#: Breaks closer than this many pixels share one label.
_ROOM_FOR_A_LABEL = 96


def position(period: str, kind: str) -> int:
    """Return where a period stands on the axis: years, months or days since a fixed start.

    Examples
    --------
    >>> position("2023/24", "academic_year"), position("2025-01", "january")
    (2023, 2025)
    """
    if kind in _YEARLY:
        return periods.first_year(period)
    if kind == "month":
        return 12 * int(period[:4]) + int(period[5:7]) - 1
    return datetime.date.fromisoformat(period).toordinal()


def runs(
    data: pd.DataFrame, *, by: list[str], kind: str, breaks: Mapping[str, str]
) -> pd.DataFrame:
    """Cut series into the runs of figures that a line may join.

    A run ends at a missing figure, at a year without a row, and before a period from which the
    publisher's series is not comparable with what came before.

    Parameters
    ----------
    data
        ``period``, ``value`` and the columns ``by`` that name a series.
    by
        The columns that together name a series.
    kind
        The kind of period.
    breaks
        The first period after each break, and what changed.

    Returns
    -------
    The rows that have a value, in time order, with ``t`` (see :func:`position`) and ``run``, a
    number that is the same for figures that may be joined.
    """
    starts = sorted(position(period, kind) for period in breaks)
    placed = data.assign(t=[position(period, kind) for period in data["period"]]).sort_values(
        "t", kind="stable", ignore_index=True
    )
    placed = placed.assign(era=np.searchsorted(starts, placed["t"], side="right"))
    before = placed.groupby(by, sort=False)[["t", "era"]].shift()
    starts_anew = placed["value"].isna() | (placed["era"] != before["era"])
    if kind in _YEARLY:
        starts_anew |= placed["t"] - before["t"] > 1
    run = starts_anew.groupby([placed[name] for name in by]).cumsum()
    return placed.assign(run=run).drop(columns="era").dropna(subset="value", ignore_index=True)


def break_rules(
    times: pd.Series, *, kind: str, breaks: Mapping[str, str], plot_width: float
) -> pd.DataFrame:
    """Return where the rule of each break stands (``t``) and what is written over it (``text``).

    Only breaks inside the periods shown are drawn. The rule stands halfway between the last
    figure before the break and the first one after.
    """
    shown = sorted(set(times))
    first, last = shown[0], shown[-1]
    halfway = sorted(
        {
            (max(t for t in shown if t < start) + min(t for t in shown if t >= start)) / 2
            for start in (position(period, kind) for period in breaks)
            if first < start <= last
        }
    )
    rules = pd.DataFrame({"t": pd.Series(halfway, dtype="float64")})
    apart = rules["t"].diff().fillna(float("inf")) * plot_width / max(last - first, 1)
    return rules.assign(text=(apart > _ROOM_FOR_A_LABEL).map({True: "Series break", False: ""}))


def breaks_shown(data: pd.DataFrame, *, kind: str, breaks: Mapping[str, str]) -> dict[str, str]:
    """Return the breaks that fall inside the periods of the figures, in time order."""
    times = data.dropna(subset="value")["period"].map(lambda period: position(period, kind))
    return {
        period: note
        for period, note in sorted(breaks.items())
        if times.min() < position(period, kind) <= times.max()
    }


def break_notes(breaks: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """Say below the chart what changed at each break."""
    return tuple(
        f"Series break, {periods.label(period, kind)}: {note}" for period, note in breaks.items()
    )


def closest(times: pd.Series) -> float:
    """Return how far apart the closest two periods are; one when there is only one."""
    return float(pd.Series(sorted(set(times))).diff().min()) if times.nunique() > 1 else 1.0


def time_axis(data: pd.DataFrame, *, kind: str, frame: Frame, plot_width: float) -> alt.X:
    """Return the horizontal encoding of ``t``, with ticks that fit and the kind as its title.

    Half a period is left free at either end.
    """
    placed = data[["period", "t"]].drop_duplicates().sort_values("t")
    first, last = int(placed["t"].min()), int(placed["t"].max())
    if kind in _YEARLY:
        written = {t: _of_year(t, kind) for t in range(first, last + 1)}
    else:
        written = dict(zip(placed["t"], map(_short, placed["period"]), strict=True))
    label_width = max(text_width(text, frame.font) for text in written.values()) + 14
    fits = max(1, min(frame.ticks, int(plot_width // label_width)))
    every = math.ceil(len(written) / fits)
    room = closest(placed["t"]) / 2
    return alt.X(
        "t:Q",
        scale=alt.Scale(domain=[first - room, last + room], nice=False, zero=False),
        axis=axis(
            {t: written[t] for t in list(written)[::-every]}, title=periods.KIND_TITLES[kind]
        ),
    )


def _of_year(year: int, kind: str) -> str:
    """Write a year's tick: the axis title says "January census", so the tick is the year alone."""
    writers = {"academic_year": periods.academic_year, "financial_year": periods.financial_year}
    return writers[kind](year) if kind in writers else str(year)


def _short(period: str) -> str:
    """Write a month's or a day's tick: ``"2023-05"`` gives ``"May 2023"``."""
    return f"{calendar.month_abbr[int(period[5:7])]} {period[:4]}"
