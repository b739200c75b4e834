"""What was known of plans at a January: the counts to that day, and none after it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import by_single_age
from sendreform.evidence.projection.ceasing import by_age
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import first_year


@dataclass(frozen=True)
class History:
    """Counts of EHC plans by area and year.

    Attributes
    ----------
    held
        Plans held each January: a row an area, a column a year.
    ages
        Plans by single age: a row for each ``area`` and ``year``, a column for each age; scaled
        to the area's plans. Not every January has ages.
    began, requests, assessed
        New plans, requests for an assessment, and assessments that ended with a plan or without
        one, of each calendar year: as ``held``.
    began_ages
        New plans by single age: as ``ages``.
    ended
        England's plans that ended, without those that moved to another council: a row for each
        ``year`` and ``reason``, a column for each age in January; see :mod:`ceasing`.
    children
        Children and young people by single age, projected: a row a year (mid-year), a column for
        each age, for England. Empty where no projection was published by then.
    children_counted
        Children aged 0 to 17 in England, estimated at mid-year: by year.
    """

    held: pd.DataFrame
    ages: pd.DataFrame
    began: pd.DataFrame
    began_ages: pd.DataFrame
    requests: pd.DataFrame
    assessed: pd.DataFrame
    ended: pd.DataFrame
    children: pd.DataFrame
    children_counted: pd.Series

    def known_at(self, origin: int) -> "History":
        """Return what the statistics of a January hold: plans to that January, flows before it.

        The figures are today's, with later revisions; the first editions are not all at hand. A
        projection of population counts from the January after it was published.
        """
        return replace(
            self,
            held=_to(self.held, origin),
            ages=self.ages[self.ages.index.get_level_values("year") <= origin],
            began=_to(self.began, origin - 1),
            began_ages=self.began_ages[self.began_ages.index.get_level_values("year") < origin],
            requests=_to(self.requests, origin - 1),
            assessed=_to(self.assessed, origin - 1),
            ended=self.ended[self.ended.index.get_level_values("year") < origin],
            children=self.children if origin >= PROJECTION_FROM else self.children.head(0),
            # An estimate for the middle of a year is published in the summer after.
            children_counted=self.children_counted.loc[: origin - 2],
        )

    def of_area(self, area: str) -> "History":
        """Return the history of one area."""
        return replace(
            self,
            **{
                name: table[table.index.get_level_values("area") == area]
                for name in ("held", "ages", "began", "began_ages", "requests", "assessed")
                for table in [getattr(self, name)]
            },
        )


#: The projections that are used were published in January 2025.
PROJECTION_FROM = 2025


def history(figures: Callable[[str], pd.DataFrame]) -> History:
    """Set the counts that a projection rests on by area and year.

    Parameters
    ----------
    figures
        Gives the observations of a measure, such as ``Store.observations``.
    """
    plans, new = figures("ehc_plans"), figures("new_ehc_plans")
    held, began = _by_year(plans), _by_year(new)
    ages = _scaled(by_single_age(plans), held)
    return History(
        held=held,
        ages=ages,
        began=began,
        began_ages=_scaled(by_single_age(new), began),
        requests=_by_year(figures("ehc_plan_requests")),
        assessed=_by_year(figures("ehc_assessments_plan_issued")).add(
            _by_year(figures("ehc_assessments_no_plan"))
        ),
        ended=by_age(
            figures("ehc_plans_ceased").query("area == @ENGLAND"),
            ages[ages.index.get_level_values("area") == ENGLAND].droplevel("area"),
        ),
        children=_children(figures("population_projection")),
        children_counted=_by_year(figures("population_0_17").query("area == @ENGLAND")).iloc[0],
    )


def _children(projected: pd.DataFrame) -> pd.DataFrame:
    """Return England's children by year (mid-year) and single age."""
    of_ages = projected[
        projected["breakdown"].str.fullmatch(r"population_age:\d+") & projected["area"].eq(ENGLAND)
    ]
    ages = of_ages["breakdown"].str.removeprefix("population_age:").astype("int64")
    return of_ages.assign(year=of_ages["period"].map(first_year), age=ages).pivot(
        index="year", columns="age", values="value"
    )


def _to(by_year: pd.DataFrame, last: int) -> pd.DataFrame:
    return by_year.loc[:, np.asarray(by_year.columns, dtype="int64") <= last]


def _by_year(observed: pd.DataFrame) -> pd.DataFrame:
    totals = of(observed).assign(year=lambda table: table["period"].map(first_year))
    return totals.pivot(index="area", columns="year", values="value")


def _scaled(ages: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Bring ages to their area's total, which holds plans whose age is not published."""
    index = ages.index.to_frame(index=False)
    years = pd.MultiIndex.from_arrays(
        [index["area"], index["period"].map(first_year)], names=["area", "year"]
    )
    by_year = ages.set_axis(years, axis=0)
    whole = totals.stack().reindex(years)
    summed = by_year.sum(axis="columns")
    return by_year.mul((whole / summed.where(summed > 0)).to_numpy(), axis=0).dropna()
