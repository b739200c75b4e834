"""What happened to one series: where it began, where it ended, and by how much it moved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Span:
    """A series from its first to its last published figure.

    ``first`` and ``last`` are in the unit of the measure; periods as ``data/`` writes them.
    A series without two figures has missing values, which the words on a page then say.
    """

    first_period: str
    last_period: str
    first: float
    last: float

    @property
    def difference(self) -> float:
        """Last less first, in the unit of the measure."""
        return self.last - self.first

    @property
    def per_cent(self) -> float:
        """The difference as a per cent of the first figure; missing when that is nought."""
        return 100 * self.difference / self.first if self.first else float("nan")

    @property
    def times(self) -> float:
        """How many times the first figure the last one is; missing when that is nought."""
        return self.last / self.first if self.first else float("nan")


NO_SPAN = Span("", "", float("nan"), float("nan"))


def span(figures: pd.DataFrame) -> Span:
    """Return the first and the last figure of one series.

    Parameters
    ----------
    figures
        Columns ``period`` and ``value``: one row a period. Missing values are passed over.

    Examples
    --------
    >>> plans = pd.DataFrame({"period": ["2015-01", "2025-01"], "value": [200.0, 500.0]})
    >>> span(plans).per_cent, span(plans).last_period
    (150.0, '2025-01')
    """
    there = figures.dropna(subset="value").sort_values("period")
    if there.empty:
        return NO_SPAN
    first, last = there.iloc[0], there.iloc[-1]
    return Span(first["period"], last["period"], float(first["value"]), float(last["value"]))


def since_last_break(figures: pd.DataFrame, breaks: Iterable[str]) -> pd.DataFrame:
    """Keep the newest stretch that no break in the series divides.

    Parameters
    ----------
    figures
        Column ``period``, all of one measure.
    breaks
        Periods from which the measure is not comparable with what came before.

    Examples
    --------
    >>> table = pd.DataFrame({"period": ["2021", "2022", "2023", "2024"]})
    >>> since_last_break(table, ["2022", "2023"])["period"].tolist()
    ['2023', '2024']
    """
    if figures.empty:
        return figures
    passed = [period for period in breaks if period <= figures["period"].max()]
    return figures[figures["period"] >= max(passed, default="")]


def longest_stretch(
    figures: pd.DataFrame,
    breaks: Iterable[str],
    prefer: Literal["newest", "earliest"] = "newest",
) -> pd.DataFrame:
    """Keep the stretch of most periods that no break in the series divides.

    Parameters
    ----------
    figures
        Column ``period``, all of one measure; any number of rows a period.
    breaks
        Periods from which the measure is not comparable with what came before.
    prefer
        Which of equally long stretches to keep.

    Examples
    --------
    >>> table = pd.DataFrame({"period": ["2013-14", "2015-16", "2016-17", "2024-25", "2025-26"]})
    >>> longest_stretch(table, ["2015-16", "2024-25"])["period"].tolist()
    ['2024-25', '2025-26']
    >>> longest_stretch(table, ["2015-16", "2024-25"], prefer="earliest")["period"].tolist()
    ['2015-16', '2016-17']
    """
    passed = np.searchsorted(sorted(breaks), figures["period"].to_numpy(dtype=str), side="right")
    stretch = pd.Series(passed, index=figures.index)
    length = figures["period"].groupby(stretch).nunique()
    longest = length.index[length == length.max()]
    kept = longest.max() if prefer == "newest" else longest.min()
    of_stretch: pd.DataFrame = figures[stretch == kept]
    return of_stretch


def of(figures: pd.DataFrame, breakdown: str = "all") -> pd.DataFrame:
    """Keep one breakdown, in order of period."""
    return figures[figures["breakdown"] == breakdown].sort_values("period", ignore_index=True)


def named(
    figures: pd.DataFrame, names: Mapping[str, str], column: str = "breakdown"
) -> pd.DataFrame:
    """Keep the rows whose code has a name, and add the name as ``series``, in the names' order.

    Parameters
    ----------
    figures
        Observations.
    names
        Code in ``column`` → the words that a chart shows.

    Examples
    --------
    >>> table = pd.DataFrame({"breakdown": ["b", "a", "c"], "period": ["2024"] * 3, "value": 1.0})
    >>> named(table, {"a": "First", "b": "Second"})["series"].tolist()
    ['First', 'Second']
    """
    order = {code: place for place, code in enumerate(names)}
    return (
        figures[figures[column].isin(list(names))]
        .assign(series=lambda kept: kept[column].map(dict(names)))
        .sort_values(
            [column, "period"],
            key=lambda values: values.map(order) if values.name == column else values,
            ignore_index=True,
        )
    )


def summed(figures: pd.DataFrame, *, area: str) -> pd.DataFrame:
    """Add councils up to the area that they make up.

    Parameters
    ----------
    figures
        Observations of a count, for the councils of one area.
    area
        The code of that area.

    Returns
    -------
    Observations for the area: the sum over the councils that have a figure. Where none has one,
    the sum is missing.
    """
    groups = figures.groupby(["measure", "period", "breakdown"])
    return (
        groups[["value"]]
        .sum(min_count=1)
        .assign(source=groups["source"].last())
        .reset_index()
        .astype({"value": "float64"})  # of no rows, pandas cannot tell the type
        .assign(area=area, status="")
    )


def at(figures: pd.DataFrame, period: str) -> float:
    """Return the value of one series at a period; missing when there is none."""
    found = figures.loc[figures["period"] == period, "value"]
    return float(found.iloc[0]) if len(found) else float("nan")


def per(
    figures: pd.DataFrame,
    whole: pd.DataFrame,
    *,
    times: float = 1.0,
    on: tuple[str, ...] = ("area", "period"),
) -> pd.DataFrame:
    """Divide one series by another, area by area and period by period.

    Parameters
    ----------
    figures, whole
        Columns of ``on`` and ``value``.
    times
        100 for per cent, 1,000 for a rate per thousand.

    Returns
    -------
    ``figures`` with ``value`` divided; missing where the whole is missing or nought.

    Examples
    --------
    >>> part = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [25.0]})
    >>> per(part, part.assign(value=50.0), times=100)["value"].tolist()
    [50.0]
    """
    joined = figures.merge(
        whole[[*on, "value"]].rename(columns={"value": "whole"}), on=list(on), how="left"
    )
    divided = times * joined["value"] / joined["whole"].where(joined["whole"] != 0)
    return joined.assign(value=divided).drop(columns="whole")
