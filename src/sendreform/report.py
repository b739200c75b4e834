"""What a notebook holds in its hand: the data, and the place and years it is about."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sendreform import periods
from sendreform.areas import Areas
from sendreform.errors import ReportError
from sendreform.evidence import money, series
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.store import Store, open_store
from sendreform.store.reads import remembered

FIRST_YEAR = 2010
#: What a notebook writes for the last year that the data have.
NEWEST = "newest"

#: Below this many plans, one child moves a percentage by a point or more.
FEW_PLANS = 100
FEW_PLANS_NOTE = (
    "Few children and young people with an EHC plan live here, so one child can move a percentage "
    "a long way."
)

#: How many tables of all places are kept, for the report that asks for them again.
KEPT_TABLES = 128

LEVEL_WORDS = {"country": "England", "region": "regions", "council": "councils"}

#: Where a source without an address of its own is described.
OWN_SOURCES = "../book/data_and_sources.html"

#: Names that take an article in a sentence.
WITH_ARTICLE = (
    "North East", "North West", "East Midlands", "West Midlands", "East of England", "South East",
    "South West", "City of London", "Isle of Wight", "Isles of Scilly",
)  # fmt: skip


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
    def areas(self) -> Areas:
        """Every place, with its region, neighbours and past."""
        return _areas(self.store)

    @property
    def level(self) -> str:
        """``country``, ``region`` or ``council``."""
        return self.areas.level(self.area)

    @property
    def is_england(self) -> bool:
        """Whether the report is about the whole country."""
        return self.area == ENGLAND

    @property
    def for_england(self) -> "Report":
        """The same report on England: what all places of its years have in common."""
        return self if self.is_england else replace(self, area=ENGLAND)

    @property
    def name(self) -> str:
        """The name of the place, for a chart."""
        return self.areas.name(self.area)

    @property
    def place(self) -> str:
        """The name of the place as a sentence writes it: "the North East", "Kent"."""
        return f"the {self.name}" if self.name in WITH_ARTICLE else self.name

    @property
    def councils(self) -> list[str]:
        """The councils of today."""
        return list(self.areas.councils()["area"])

    @property
    def members(self) -> list[str]:
        """Every council, of today or the past, that makes up the place."""
        return self.areas.members_of(self.area)

    @property
    def history(self) -> str:
        """What a reader must know of the boundary changes behind the place; may be empty."""
        return str(self.areas.history(self.area)["note"].iloc[0])

    @property
    def is_small(self) -> bool:
        """Whether so few hold a plan here that categories of them could point to a child."""
        plans = of(self.store.observations("ehc_plans", self.area))["value"]
        return bool(plans.dropna().iloc[-1] < FEW_PLANS)

    def no_figure(self, measure: str) -> str:
        """Say in a sentence why the place has no figure of a measure."""
        areas = self.store.observations(measure)["area"].unique()
        levels = set(self.store.areas["level"].reindex(areas))
        if self.level not in levels:
            published = [words for level, words in LEVEL_WORDS.items() if level in levels]
            return (
                f"{self.store.record(measure)['title']}: published for {' and '.join(published)}, "
                f"not for {LEVEL_WORDS[self.level]}."
            )
        return (
            f"{self.store.record(measure)['title']}: no figure for {self.place} is published for "
            "these years."
        )

    @property
    def about(self) -> str:
        """What the page is about, with what a reader must know of the place's past and size."""
        years = f"{self.baseline_year} to {self.latest_year}"
        topic = f"*This page is about **{self.place}**, {years}.*"
        small = FEW_PLANS_NOTE if self.is_small else ""
        return " ".join(part for part in (topic, self.history, small) if part)

    def figures(self, measure: str) -> pd.DataFrame:
        """Return the observations of a measure for the place, within the report's years."""
        return self.within_years(measure, area=self.area)

    def summed(self, measure: str) -> pd.DataFrame:
        """Return the sum over councils of a count that is published only for councils."""
        if self.level == "council":
            return series.summed(self.figures(measure), area=self.area)
        figures = self.within_years(measure)
        return series.summed(figures[figures["area"].isin(self.members)], area=self.area)

    def everywhere(self, measure: str, breakdown: str = "all") -> pd.DataFrame:
        """Return one breakdown of a measure for all places, within the report's years."""
        return _everywhere(
            self.store, measure, breakdown, self.baseline_year, self.latest_year
        ).copy(deep=False)

    def within_years(self, measure: str, *, area: str = "") -> pd.DataFrame:
        """Return the observations of a measure within the report's years, for one place or all."""
        years = (self.baseline_year, self.latest_year)
        if not area:
            return _within_years(self.store, measure, *years).copy(deep=False)
        observed = self.store.observations(measure, area)
        return observed[observed["period"].isin(_periods(self.store, measure, *years))]

    def to_latest(self, measure: str, *areas: str) -> pd.DataFrame:
        """Return a measure to the report's last year, with the years before its first one too.

        Parameters
        ----------
        areas
            Other places than the report's own.
        """
        places = areas or (self.area,)
        if len(places) == 1:
            observed = self.store.observations(measure, places[0])
        else:
            everything = self.store.observations(measure)
            observed = everything[everything["area"].isin(places)]
        known = _periods(self.store, measure, None, self.latest_year)
        return observed[observed["period"].isin(known)]

    def marks(self, figures: pd.DataFrame) -> dict[str, float]:
        """Return England's figure and the region's, by name, to compare councils with.

        Parameters
        ----------
        figures
            ``area`` and ``value``: one period of one breakdown, for all places.
        """
        values = figures.set_index("area")["value"]
        region = self.areas.region_of(self.area) if self.level == "council" else self.area
        return {
            self.areas.name(code): float(values[code])
            for code in dict.fromkeys([ENGLAND, region])
            if code in values.index
        }

    def priced(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Turn cash of financial years into the report's prices."""
        deflator = of(self.store.observations("gdp_deflator"))
        return money.in_prices_of(figures, deflator, self.prices)

    @property
    def price_words(self) -> str:
        """The report's prices in words, for a subtitle."""
        return "cash" if self.prices == money.CASH else f"{self.prices} prices"

    def record(self, measure: str) -> dict[str, Any]:
        """Return a measure's kind of period, unit, decimals and breaks: what a chart needs."""
        record = self.store.record(measure)
        breaks = self.store.breaks[self.store.breaks["measure"] == measure]
        return {
            "kind": record["period_kind"],
            "unit": record["unit"],
            "decimals": int(record["decimals"]),
            "breaks": dict(zip(breaks["period"], breaks["note"], strict=True)),
        }

    def source(self, *tables: pd.DataFrame) -> dict[str, str]:
        """Return the source line of a chart: every publication that its figures come from."""
        used = dict.fromkeys(name for table in tables for name in table["source"])
        records = self.store.sources.loc[list(used)]
        named = records["publisher"] + ", " + records["publication"]
        publications = records.groupby(named, sort=False)["release"].agg(
            lambda releases: ", ".join(dict.fromkeys(releases))
        )
        addresses = dict.fromkeys(url for url in records["url"] if url)
        return {
            "source": "; ".join(f"{name} ({releases})" for name, releases in publications.items()),
            "source_url": list(addresses)[-1]
            if len(publications) == 1 and addresses
            else OWN_SOURCES,
        }


@remembered(None)
def _areas(store: Store) -> Areas:
    return Areas(store.areas, store.neighbours)


@remembered(KEPT_TABLES)
def _periods(store: Store, measure: str, first: int | None, last: int) -> list[str]:
    """Return the periods of a measure that belong to some years; to the first of all for none."""
    kind = store.record(measure)["period_kind"]
    years = {
        text: periods.year_of(text, kind) for text in store.observations(measure)["period"].unique()
    }
    return [
        text for text, year in years.items() if (first is None or first <= year) and year <= last
    ]


# What all places of a year have in common is the same for each of them, and is kept. The reports on
# 162 places for the same years ask for it 162 times.
@remembered(KEPT_TABLES)
def _within_years(store: Store, measure: str, first: int, last: int) -> pd.DataFrame:
    observed = store.observations(measure)
    return observed[observed["period"].isin(_periods(store, measure, first, last))]


@remembered(KEPT_TABLES)
def _everywhere(store: Store, measure: str, breakdown: str, first: int, last: int) -> pd.DataFrame:
    return of(_within_years(store, measure, first, last), breakdown)


def last_year(store: Store) -> int:
    """Return the last year that a report can look at: that of the latest January census.

    Without any census it is the first year.
    """
    if "ehc_plans" not in store.measures.index:
        return FIRST_YEAR
    return int(of(store.observations("ehc_plans"))["period"].max()[:4])


def open_report(area: str, baseline_year: int, latest_year: int | str, prices: str) -> Report:
    """Check the parameters of a notebook and return the report that they ask for.

    Parameters
    ----------
    area
        A place, by name or code.
    baseline_year, latest_year
        Years from 2010 to that of the latest January census; ``newest`` stands for the latest.
    prices
        ``cash``, or a financial year such as ``2024-25``.

    Raises
    ------
    ReportError
        On an unknown area (offers the near names), years out of order or out of range, or
        prices that are neither ``cash`` nor a financial year with a published deflator.
    """
    store = open_store()
    code = _areas(store).find(str(area))
    last = last_year(store)
    first = _year(baseline_year, last, name="baseline_year")
    end = last if latest_year == NEWEST else _year(latest_year, last, name="latest_year")
    if first >= end:
        raise ReportError(
            f"{first} is not before latest_year {end}",
            where="parameter baseline_year",
            fix="Choose an earlier baseline or a later latest year.",
        )
    priced = of(store.observations("gdp_deflator"))["period"]
    if prices != money.CASH and prices not in set(priced):
        raise ReportError(
            f"{prices!r} is not a price base",
            where="parameter prices",
            fix="Write 'cash', or a financial year like '2024-25'.",
        )
    return Report(store, code, first, end, prices)


def _year(year: object, last: int, *, name: str) -> int:
    """Return a parameter that is a year which a report can look at, and refuse any other."""
    if isinstance(year, int) and FIRST_YEAR <= year <= last:
        return year
    raise ReportError(
        f"{year!r} is not a year from {FIRST_YEAR} to {last}",
        where=f"parameter {name}",
        fix=f"Write it like {name}=2015" + (f", or {NEWEST!r}." if name == "latest_year" else "."),
    )
