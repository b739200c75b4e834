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
        whose figures are missing, is none of them.
    """

    period: str
    previous: str
    value: float
    before: float
    since: str
    compared: int

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
    >>> round(latest.per_cent, 1), latest.since, latest.compared
    (11.1, '2023-01', 2)
    """
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
    return LatestYear(
        period=str(row["period"]),
        previous=str(row["previous"]),
        value=float(row["value"]),
        before=float(row["before"]),
        since="" if as_far.empty else str(steps.loc[as_far.index[-1], "period"]),
        compared=len(earlier),
    )
