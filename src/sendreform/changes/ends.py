"""Where a measure's series for England ended in an older edition, and ends in a newer one."""

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
