"""What was known of plans at a January: the counts to that day, and none after it."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import by_single_age
from sendreform.evidence.series import of
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
    began, requests
        New plans, and requests for an assessment, of each calendar year: as ``held``.
    began_ages
        New plans by single age: as ``ages``.
    children
        Children and young people by single age, projected: a row a year (mid-year), a column for
        each age, for England. Empty where no projection was published by then.
    """

    held: pd.DataFrame
    ages: pd.DataFrame
    began: pd.DataFrame
    began_ages: pd.DataFrame
    requests: pd.DataFrame
    children: pd.DataFrame

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
            children=self.children if origin >= PROJECTION_FROM else self.children.head(0),
        )

    def of_area(self, area: str) -> "History":
        """Return the history of one area."""
        return replace(
            self,
            **{
                name: table[table.index.get_level_values("area") == area]
                for name in ("held", "ages", "began", "began_ages", "requests")
                for table in [getattr(self, name)]
            },
        )


#: The projections that are used were published in January 2025.
PROJECTION_FROM = 2025


def history(
    plans: pd.DataFrame, new: pd.DataFrame, requests: pd.DataFrame, children: pd.DataFrame
) -> History:
    """Set the counts that a projection rests on by area and year.

    Parameters
    ----------
    plans, new, requests
        Observations of ``ehc_plans``, ``new_ehc_plans`` and ``ehc_plan_requests``, of any areas.
    children
        Observations of ``population_projection`` for England.
    """
    held, began = _by_year(plans), _by_year(new)
    of_ages = children[children["breakdown"].str.fullmatch(r"population_age:\d+")]
    ages = of_ages["breakdown"].str.removeprefix("population_age:").astype("int64")
    return History(
        held=held,
        ages=_scaled(by_single_age(plans), held),
        began=began,
        began_ages=_scaled(by_single_age(new), began),
        requests=_by_year(requests),
        children=of_ages.assign(year=of_ages["period"].map(first_year), age=ages).pivot(
            index="year", columns="age", values="value"
        ),
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
