"""What a series did in its latest year, and when it last moved so far the same way."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from sendreform.observations import yearly_steps


@dataclass(frozen=True)
class LatestYear:
    """The last figure of a yearly series beside that of the year before.

    Attributes
    ----------
    period, previous
        The last two periods, a year apart, as ``data/`` writes them.
    value, before
        Their figures, in the unit of the measure.
    since
        The last earlier period whose own year moved at least as far the same way; empty where none
        did.
    compared
        How many earlier years the latest is compared with; a year into which a break falls, or
        whose figures are missing, is none of them. None where one of several missing years must
        have moved at least as far.
    skips
        Whether a year between ``since`` and the latest is none of them.
    """

    period: str
    previous: str
    value: float
    before: float
    since: str
    compared: int
    skips: bool

    @property
    def difference(self) -> float:
        """The last figure less the one before, in the unit of the measure."""
        return self.value - self.before

    @property
    def per_cent(self) -> float:
        """The difference as a per cent of the figure before; missing where that is not above 0."""
        return 100 * self.difference / self.before if self.before > 0 else float("nan")


def latest_year(
    figures: pd.DataFrame, breaks: Iterable[str] = (), *, relative: bool = True
) -> LatestYear | None:
    """Set the last figure of a series beside the year before, and that year beside earlier ones.

    Parameters
    ----------
    figures
        Columns ``period`` and ``value`` of one series, one figure a year.
    breaks
        Periods from which the series is not comparable with what came before.
    relative
        Whether years are compared by their per cent change, as counts are, or by their
        difference, as shares are.

    Returns
    -------
    ``None`` where the last two figures are not a year apart, or a break falls between them.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": ["2022-01", "2023-01", "2024-01", "2025-01"], "value": [100, 120, 126, 140]})
    >>> latest = latest_year(plans)
    >>> round(latest.per_cent, 1), latest.since, latest.compared, latest.skips
    (11.1, '2023-01', 2, False)
    """
    breaks = list(breaks)
    steps = yearly_steps(figures, breaks)
    there = figures.dropna(subset="value")
    if steps.empty or steps.iloc[-1]["period"] != there["period"].max():
        return None
    moved = steps["value"] - steps["before"]
    if relative:
        moved = (moved / steps["before"]).where(steps["before"] > 0)
    last, earlier = moved.iloc[-1], moved.iloc[:-1].dropna()
    as_far = earlier[earlier >= last] if last >= 0 else earlier[earlier <= last]
    row = steps.iloc[-1]
    since = "" if as_far.empty else str(steps.loc[as_far.index[-1], "period"])
    years = int(str(row["period"])[:4]) - int((since or there["period"].min())[:4])
    later = there[there["period"] >= since].sort_values("period")
    unseen = _fastest_unseen(later, breaks, up=last >= 0, relative=relative)
    hidden = unseen >= last if last >= 0 else unseen <= last
    return LatestYear(
        period=str(row["period"]),
        previous=str(row["previous"]),
        value=float(row["value"]),
        before=float(row["before"]),
        since="" if hidden else since,
        compared=0 if hidden else len(earlier),
        skips=int((steps["period"] > since).sum()) < years,
    )


def _fastest_unseen(
    figures: pd.DataFrame, breaks: Iterable[str], *, up: bool, relative: bool
) -> float:
    """Return how far at least one year moved of those that are missing between two figures.

    Of several missing years in a row one moved at least as far as all of them did on average.
    """
    steps = figures.assign(previous=figures["period"].shift(), before=figures["value"].shift())
    steps = steps.dropna(subset="previous")
    years = steps["period"].str[:4].astype("int64") - steps["previous"].str[:4].astype("int64")
    parted = pd.Series(False, index=steps.index)
    for start in breaks:
        parted |= (steps["previous"] < start) & (start <= steps["period"])
    gaps = steps[(years > 1) & ~parted].assign(years=years)
    if relative:
        positive = gaps[(gaps["before"] > 0) & (gaps["value"] > 0)]
        average = (positive["value"] / positive["before"]) ** (1 / positive["years"]) - 1
    else:
        average = (gaps["value"] - gaps["before"]) / gaps["years"]
    nothing = float("-inf") if up else float("inf")
    return nothing if average.empty else float(average.max() if up else average.min())
