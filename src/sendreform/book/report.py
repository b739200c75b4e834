"""What a notebook holds in its hand: the data, the place it is about, and how to say a figure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from IPython.display import Markdown
from myst_nb import glue

from sendreform import areas, periods
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.store import Store, open_store

FIRST_YEAR, LAST_YEAR = 2010, 2026
CASH = "cash"

#: Names that take an article in a sentence.
WITH_ARTICLE = ("North East", "North West", "East Midlands", "West Midlands", "East of England",
                "South East", "South West", "City of London", "Isle of Wight", "Isles of Scilly")  # fmt: skip


@dataclass(frozen=True)
class Report:
    """A report about one place, over some years, at some prices; made by :func:`open_report`.

    Attributes
    ----------
    store
        The figures.
    area
        Code of the place (see :mod:`sendreform.observations`).
    baseline_year, latest_year
        The first and last year that the report looks at; the figures may stop earlier.
    prices
        ``cash``, or the financial year in whose prices money is told, such as ``2024-25``.
    """

    store: Store
    area: str
    baseline_year: int
    latest_year: int
    prices: str

    @property
    def level(self) -> str:
        """``country``, ``region`` or ``council``."""
        return str(self.store.areas.at[self.area, "level"])

    @property
    def is_england(self) -> bool:
        """Whether the report is about the whole country."""
        return self.area == ENGLAND

    @property
    def name(self) -> str:
        """The name of the place, for a heading or a chart."""
        return str(self.store.areas.at[self.area, "name"])

    @property
    def place(self) -> str:
        """The name of the place as a sentence writes it: "the North East", "Kent"."""
        return self.place_of(self.area)

    def place_of(self, area: str) -> str:
        """The name of any place as a sentence writes it."""
        name = str(self.store.areas.at[area, "name"])
        return f"the {name}" if name in WITH_ARTICLE else name

    @property
    def history(self) -> str:
        """What a reader must know of boundary changes, or nothing."""
        return areas.boundary_note(self.store.areas, self.area)

    def figures(self, measure: str) -> pd.DataFrame:
        """Return the observations of a measure for the place, within the report's years."""
        kind = self.store.measures.at[measure, "period_kind"]
        observed = self.everywhere(measure).query("area == @self.area")
        years = observed["period"].map(lambda period: periods.year_of(period, kind))
        return observed[years.between(self.baseline_year, self.latest_year)]

    def everywhere(self, measure: str) -> pd.DataFrame:
        """Return every observation of a measure, for all places and periods."""
        return self.store.observations(measure)


def open_report(area: str, baseline_year: int, latest_year: int, prices: str) -> Report:
    """Check the parameters of a notebook and return the report that they ask for.

    Raises
    ------
    ReportError
        On an unknown area (offers the near names), years out of order or out of range, or
        prices that are neither ``cash`` nor a financial year with a published deflator.
    """
    store = open_store()
    code = areas.find(store.areas, area)
    for name, year in (("baseline_year", baseline_year), ("latest_year", latest_year)):
        if not isinstance(year, int) or not FIRST_YEAR <= year <= LAST_YEAR:
            raise ReportError(
                f"{year!r} is not a year from {FIRST_YEAR} to {LAST_YEAR}",
                where=f"parameter {name}",
                fix=f"Write it like {name}=2015.",
            )
    if baseline_year >= latest_year:
        raise ReportError(
            f"{baseline_year} is not before latest_year {latest_year}",
            where="parameter baseline_year",
            fix="Choose an earlier baseline or a later latest year.",
        )
    priced = store.observations("gdp_deflator").query("breakdown == 'financial_year'")
    if prices != CASH and prices not in set(priced["period"]):
        raise ReportError(
            f"{prices!r} is not a price base",
            where="parameter prices",
            fix="Write 'cash', or a financial year like '2024-25'.",
        )
    return Report(store, code, baseline_year, latest_year, prices)


def say(template: str, otherwise: str = "", **figures: Any) -> Markdown:
    """Return a sentence with its figures, or other words when a figure is missing.

    Parameters
    ----------
    template
        Markdown with a place for each figure: ``"{plans:,.0f} plans"``.
    otherwise
        What to say when any figure used in the template is missing; its own places are filled too.
    figures
        Numbers, text, or missing values.

    Raises
    ------
    ReportError
        If a figure is missing and nothing else is to be said.

    Examples
    --------
    >>> say("{plans:,.0f} plans in {place}.", plans=638745, place="England").data
    '638,745 plans in England.'
    >>> say("{plans:,.0f} plans.", "No figure for {place}.", plans=None, place="Kent").data
    'No figure for Kent.'
    """
    if all_there(template, figures):
        return Markdown(template.strip().format_map(figures))
    if not otherwise:
        missing = [name for name, figure in figures.items() if is_missing(figure)]
        raise ReportError(f"no figure for {', '.join(missing)}", where=f"sentence {template.strip()[:60]!r}")
    return Markdown(otherwise.strip().format_map(figures))


def all_there(template: str, figures: Mapping[str, Any]) -> bool:
    """Say whether every figure that the template uses has a value."""
    return not any(is_missing(figure) for name, figure in figures.items() if "{" + name in template)


def is_missing(figure: Any) -> bool:
    """Say whether a figure is missing."""
    return figure is None or figure is pd.NA or (isinstance(figure, float) and math.isnan(figure))


def record(key: str, sentence: Markdown | str) -> None:
    """Keep a sentence under a key, so that another page can show it with ``{glue:text}``."""
    glue(key, sentence.data if isinstance(sentence, Markdown) else sentence, display=False)
