"""Where a measure's series ended in an older edition, and ends in a newer one."""

from dataclasses import dataclass

import pandas as pd

from sendreform.charts.numbers import number_format
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.store import Store


@dataclass(frozen=True)
class Ends:
    """The last figures for England of a measure in two editions.

    Attributes
    ----------
    measure
        Its name.
    then, now
        The last period of each edition as ``data/`` writes it; empty where it has no figure.
    value_then, value_now
        The figures, in the unit of the measure; missing where there is none.
    breaks
        Periods on the way from which the series is counted differently.
    """

    measure: str
    then: str
    value_then: float
    now: str
    value_now: float
    breaks: tuple[str, ...]

    @property
    def difference(self) -> float:
        """The later figure less the earlier, in the unit of the measure."""
        return self.value_now - self.value_then

    @property
    def per_cent(self) -> float:
        """The difference as a per cent of the earlier figure; missing where that is not above 0."""
        return 100 * self.difference / self.value_then if self.value_then > 0 else float("nan")


def ends(old: Store, new: Store, measure: str) -> Ends:
    """Return the last figures for England of a measure in two editions."""
    then, value_then = _last(old, measure)
    now, value_now = _last(new, measure)
    known = new.breaks if measure in new.measures.index else old.breaks
    periods = sorted(known.loc[known["measure"] == measure, "period"])
    breaks = tuple(period for period in periods if then and then < period <= now)
    return Ends(measure, then, value_then, now, value_now, breaks)


def council_ends(old: Store, new: Store, measure: str) -> pd.DataFrame:
    """Return the last figures of each council of today whose series for a measure moved on.

    Returns
    -------
    DataFrame with ``area``, ``then`` and ``now``, the last periods of the two editions as
    ``data/`` writes them, and ``value_then`` and ``value_now``, in the unit of the measure. A
    council that has no figure in one of them, or ends where it ended, is left out.
    """
    both = _last_of_councils(old, measure).merge(
        _last_of_councils(new, measure), on="area", suffixes=("_then", "_now")
    )
    moved_on = both.rename(columns={"period_then": "then", "period_now": "now"}).query("now > then")
    return moved_on[["area", "then", "value_then", "now", "value_now"]].reset_index(drop=True)


def is_share(unit: str) -> bool:
    """Say whether figures of a unit are compared by their difference and not by their ratio.

    Examples
    --------
    >>> is_share("per cent of plans"), is_share("plans"), is_share("pounds")
    (True, False, False)
    """
    return not number_format(unit, 0).before and (
        unit.startswith("per cent") or "point" in unit or "grade" in unit
    )


def _last(store: Store, measure: str) -> tuple[str, float]:
    if measure not in store.measures.index:
        return "", float("nan")
    figures: pd.DataFrame = of(store.observations(measure, ENGLAND)).dropna(subset="value")
    if figures.empty:
        return "", float("nan")
    return str(figures["period"].iloc[-1]), float(figures["value"].iloc[-1])


def _last_of_councils(store: Store, measure: str) -> pd.DataFrame:
    if measure not in store.measures.index:
        return pd.DataFrame(columns=["area", "period", "value"])
    places = store.areas
    today = places.index[(places["level"] == "council") & (places["last_period"] == "")]
    figures = of(store.observations(measure)).dropna(subset="value")
    return figures[figures["area"].isin(today)].drop_duplicates("area", keep="last")[
        ["area", "period", "value"]
    ]
