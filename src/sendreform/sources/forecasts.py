"""What others forecast: deficits, spending, plans and transport, as each forecaster published it.

The forecasts are of different things, on different bases, and many have come and gone since. They
are kept as a table, one row a forecast, and are never joined with figures. A newcomer needs to
know:

* ``central`` is the figure given; ``low`` and ``high`` the range, where there was one
  ("1200-1600"), ``low`` alone (">8", "just over 1,000,000") or ``high`` alone ("nearly 2"). "More
  than double" says less than a number: all three are missing and ``as_published`` has the words.
* ``basis`` groups what may be set side by side; ``area`` is empty for a group of councils that is
  not an area of the report, such as the members of the County Councils Network.
* ``target_end`` is the calendar year in which the target period ends: 2026 for March 2026 and for
  2025-26.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND
from sendreform.sources.reading import SourceFolder, read_csv

PATH = "finance/forecasts.csv"
PUBLISHED_COLUMNS = [
    "forecaster", "published", "measure", "target_year", "value", "unit", "url", "locator",
]  # fmt: skip
COLUMNS = [
    "forecaster", "published", "measure", "basis", "area", "target_year", "target_end", "low",
    "central", "high", "unit", "as_published", "url", "locator",
]  # fmt: skip
_KEY = ["forecaster", "published", "measure", "target_year", "unit", "url", "locator"]


class Unit(NamedTuple):
    """What a published unit is here, and how many of ours make one of it."""

    name: str
    scale: float


UNITS = {
    "GBP bn": Unit("pounds", 1e9),
    "GBP m": Unit("pounds", 1e6),
    "GBP": Unit("pounds", 1.0),
    "GBP m per LA": Unit("pounds a council", 1e6),
    "count": Unit("number", 1.0),
    "%": Unit("per cent", 1.0),
    "% real": Unit("per cent in real terms", 1.0),
    "% of pupils": Unit("per cent of pupils", 1.0),
    "% of children": Unit("per cent of children", 1.0),
    "text": Unit("words", 1.0),
}

#: By basis, the measures as published that are forecasts for England.
ENGLAND_MEASURES = {
    "cumulative_deficit": (
        "Cumulative DSG deficit",
        "Cumulative LA deficits",
        "Cumulative LA deficits without reform",
        "Cumulative SEND deficit",
        "Cumulative SEND deficits",
        "Cumulative SEND deficits, England",
        "Cumulative council SEND deficits",
        "Cumulative high needs deficit, all councils (extrapolated)",
        "High needs deficits",
        "SEND funding gap / cumulative deficit",
    ),
    "annual_gap": (
        "Annual SEND shortfall",
        "Annual gap between forecast high-needs cost and funding held flat in real terms (range)",
        "In-year SEND deficit",
        "In-year SEND overspend",
        "In-year SEND/high needs funding gap",
        "SEND pressure absorbed in RDEL (annual shortfall)",
    ),
    # Whether of the year or of all years so far was not said.
    "funding_gap": (
        "High needs funding deficit",
        "High needs funding deficit (range)",
        "SEND funding gap",
        "Total high needs deficit excl. transport",
    ),
    "annual_spending": (
        "Annual SEND spending",
        "Annual SEND spending by councils",
        "High-needs spending",
    ),
    "spending_growth": (
        "Growth in high-needs spending without reform",
        "Increase in annual high needs spending",
        "Increase in high needs spending without reform",
        "SEND spending growth in current year, real",
        "SEND spending, real terms",
    ),
    "independent_placements": ("Annual spend on private special placements",),
    "unit_cost": ("Average INMSS cost per placement", "SEND transport cost per pupil"),
    "transport_spending": (
        "Council SEND transport spending",
        "SEND home to school transport",
        "SEND home to school transport (total)",
    ),
    "pupils_transported": ("SEND pupils transported",),
    "ehc_plans": ("EHC plans", "EHC plans without policy interventions"),
    "ehc_plans_change": ("Fall in EHC plans from peak",),
    "ehc_plans_share": ("Children with EHC plan", "Pupils with EHC plan"),
    "councils_at_risk": (
        "LAs with cumulative deficit larger than reserves",
        "Share of LAs with deficits exceeding or close to reserves",
        "Upper-tier LAs insolvent when override ends",
    ),
    "other": (
        "Average LA spend against high needs block",
        "High-needs spending + child DLA",
        "Implied real change in mainstream per-pupil spend if funded from core schools budget",
        "SEND + defence pressures on spending",
    ),
    "gap_of_three_years": (
        "Sum of three years of projected deficits beyond SR (2028-29..2030-31)",
    ),
}
#: Measures about a group of councils, which is not an area of the report: basis.
GROUP_MEASURES = {
    "Combined cumulative DSG deficit, best case after DBV savings of £807m": "cumulative_deficit",
    "Combined cumulative DSG deficit, unmitigated": "cumulative_deficit",
    "Cumulative SEND deficits, 38 county/large unitaries": "cumulative_deficit",
    "Cumulative high needs deficit, respondents": "cumulative_deficit",
    "Cumulative high-needs deficit, 40 county-area LAs": "cumulative_deficit",
    "High-needs expenditure, county areas": "annual_spending",
    "SEND home to school transport, CCN member areas": "transport_spending",
    "SEND transport eligible children, 37 county/rural authorities": "pupils_transported",
}
#: Measures about one council's deficit: the council.
COUNCIL_MEASURES = {
    "Devon DSG deficit, maximum": "878",
    "Devon cumulative SEND deficit": "878",
    "Hampshire DSG deficit": "850",
    "Hampshire DSG deficit, no intervention": "850",
    "Southampton DSG deficit": "852",
    "West Berkshire DSG deficit": "869",
}

_NUMBER = r"[+-]?\d+(?:\.\d+)?"


def tables(folder: SourceFolder) -> dict[str, pd.DataFrame]:
    """Read the published forecasts.

    Returns
    -------
    ``forecasts``: DataFrame with the columns named in ``COLUMNS``; ``low``, ``central`` and
    ``high`` are numbers in ``unit`` (amounts in pounds), the rest is text.

    Raises
    ------
    ReportError
        If the file is not laid out as expected, or a measure or unit is not known.
    """
    published = read_csv(folder, PATH, PUBLISHED_COLUMNS).assign(
        # Notes of whoever gathered the table, on rows that say different things.
        forecaster=lambda rows: rows["forecaster"].str.replace(r"; CONFLICT [^)]*", "", regex=True),
        measure=lambda rows: rows["measure"].str.replace(r" \(CONFLICT [^)]*\)", "", regex=True),
    )
    _refuse_unknown(published["unit"], UNITS, "unit", "UNITS")
    bound = published["measure"].str.extract(r" \((low|central|high)\)$", expand=False)
    forecasts = (
        published.assign(
            measure=published["measure"].str.replace(r" \((low|central|high)\)$", "", regex=True)
        )
        .join(_range(published, bound))
        # The three figures of one forecast, given in three rows, become one.
        .groupby(_KEY, as_index=False, sort=False)
        .agg({"low": "first", "central": "first", "high": "first", "value": ", ".join})
        .rename(columns={"value": "as_published"})
    )
    described = _measures()
    _refuse_unknown(forecasts["measure"], described.index, "measure", "ENGLAND_MEASURES")
    return {
        "forecasts": forecasts.assign(
            basis=forecasts["measure"].map(described["basis"]),
            area=forecasts["measure"].map(described["area"]),
            target_end=forecasts["target_year"].map(_target_end),
            unit=forecasts["unit"].map({unit: record.name for unit, record in UNITS.items()}),
        )
        .sort_values(["basis", "target_end", "forecaster", "published", "measure"], kind="stable")
        .reset_index(drop=True)[COLUMNS]
    }


def _range(published: pd.DataFrame, bound: pd.Series) -> pd.DataFrame:
    """Return low, central and high of each row, as far as its words give them."""
    scale = published["unit"].map({unit: record.scale for unit, record in UNITS.items()})
    # These forecasts write thousands with a comma.
    text = published["value"].str.replace(",", "")
    single = pd.to_numeric(text.where(text.str.fullmatch(_NUMBER))) * scale
    ends = text.str.extract(rf"^({_NUMBER})(?:-| to )({_NUMBER})$").apply(pd.to_numeric)
    at_least = pd.to_numeric(text.str.extract(rf"^(?:>=?|just over )({_NUMBER})$", expand=False))
    at_most = pd.to_numeric(text.str.extract(rf"^nearly ({_NUMBER})$", expand=False))
    return pd.DataFrame(
        {
            "low": single.where(bound == "low", ends[0].fillna(at_least) * scale),
            "central": single.where(bound.isna() | (bound == "central")),
            "high": single.where(bound == "high", ends[1].fillna(at_most) * scale),
        }
    ).round(2)


def _measures() -> pd.DataFrame:
    """Return the basis and area of each measure as published."""
    rows = [
        *(
            (measure, basis, ENGLAND)
            for basis, group in ENGLAND_MEASURES.items()
            for measure in group
        ),
        *((measure, basis, "") for measure, basis in GROUP_MEASURES.items()),
        *((measure, "cumulative_deficit", area) for measure, area in COUNCIL_MEASURES.items()),
    ]
    return pd.DataFrame(rows, columns=["measure", "basis", "area"]).set_index("measure")


def _target_end(text: str) -> str:
    years = pd.Series([text]).str.extractall(r"(\d{4})(-\d{2})?")
    if years.empty:
        return ""
    year, ends_next = years.iloc[-1]
    return str(int(year) + (1 if isinstance(ends_next, str) else 0))


def _refuse_unknown(given: pd.Series, known: Iterable[str], kind: str, place: str) -> None:
    names = list(known)
    unknown = given[~given.isin(names)]
    if not unknown.empty:
        raise ReportError(
            f"unknown {kind} {unknown.iloc[0]!r}",
            where=f"{PATH}, column {kind}",
            fix=did_you_mean(unknown.iloc[0], names) or f"Add it to {place}.",
        )
