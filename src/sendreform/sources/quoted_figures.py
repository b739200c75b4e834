"""Single figures that written answers, reports and the press gave, as gathered in one table.

Each row of ``finance/figures.csv`` is one figure as someone published it, in their words: what it
measures, for when, for where, in which unit, in which document. Rows that conflict stand side by
side. A publication's module picks rows by their wording and document and says what each is here;
a row that nobody picks stays out of the report.

Only plain numbers can be picked: "just under 6.0" or ">12.0" says less than a number.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, value_and_status
from sendreform.periods import financial_year, first_year
from sendreform.sources import council_codes
from sendreform.sources.reading import SourceFolder, read_csv

PATH = "finance/figures.csv"
COLUMNS = [
    "measure", "year", "geography", "value", "unit", "source_title", "publisher", "url",
    "published", "locator",
]  # fmt: skip

#: What one of each published unit is in ours (pounds, per cent, children).
UNITS = {
    "GBP bn": 1e9,
    "GBP m": 1e6,
    "GBP": 1.0,
    "GBP per pupil": 1.0,
    "%": 1.0,
    "count": 1.0,
}

#: Areas that are neither England nor a council; a survey of part of England is told in the
#: label of its breakdown.
WIDER_AREAS = {
    "England": ENGLAND,
    "England (CCN research)": ENGLAND,
    "England (148 LAs with data)": ENGLAND,
    "131 councils": ENGLAND,
    "110 English councils (FOI)": ENGLAND,
    "Yorkshire and The Humber": council_codes.REGIONS["yorkshire and the humber"],
}

# "2023-24", "to end 2025-26", "2024-25 (\"this year\")"; "31 March 2023", "to March 2023"; "2025".
_FINANCIAL_YEAR = re.compile(r"(?:(?:to )?end )?(\d{4}-\d{2})(?: agreement| \(.*\))?")
_MARCH = re.compile(r"(?:to |31 )?March (\d{4})")
# The financial year that began in the year in which it was said.
_THIS_YEAR = re.compile(r"(\d{4}) \(\"this year\"\)")
_CALENDAR_YEAR = re.compile(r"(\d{4})(?: survey)?")


class Pick(NamedTuple):
    """Rows of the table that are figures of one measure.

    ``measure``, ``source`` and ``breakdown`` are ours; ``wording`` is the row's ``measure`` in
    full; ``years`` are those of its ``year`` that are wanted, or all if empty. ``year_end``: a
    financial year stands for the 31 March on which it ends.
    """

    measure: str
    source: str
    wording: str
    breakdown: str = "all"
    years: tuple[str, ...] = ()
    year_end: bool = False


def quoted(
    folder: SourceFolder, documents: Mapping[str, str], picks: Iterable[Pick]
) -> pd.DataFrame:
    """Read the picked rows as observations.

    Parameters
    ----------
    documents
        By source id of ours, the document's title as the table has it (``source_title``).

    Returns
    -------
    Observations, amounts in pounds rounded to the pound. A period reads as the row has it: a
    financial year ("2023-24"), a calendar year ("2025") or, for 31 March, a month ("2024-03").

    Raises
    ------
    ReportError
        If a pick finds no row, or a picked row has no plain number, an unknown unit, area or
        way of writing the period.
    """
    table = read_csv(folder, PATH, COLUMNS)
    return pd.concat(
        [_picked(folder, table, documents[pick.source], pick) for pick in picks], ignore_index=True
    )


def _picked(folder: SourceFolder, table: pd.DataFrame, document: str, pick: Pick) -> pd.DataFrame:
    chosen = (table["measure"] == pick.wording) & (table["source_title"] == document)
    if pick.years:
        chosen &= table["year"].isin(pick.years)
    rows = table[chosen]
    if rows.empty:
        raise ReportError(
            f"no row says {pick.wording!r} from {document!r}",
            where=f"{PATH}, column measure",
            fix=did_you_mean(pick.wording, table["measure"].unique()),
        )
    figures = value_and_status(rows["value"], where=f"{PATH}, column value")
    if figures["value"].isna().any():
        raise ReportError(f"no figure for {pick.wording!r}", where=f"{PATH}, column value")
    scale = rows["unit"].map(UNITS)
    if scale.isna().any():
        unit = rows.loc[scale.isna(), "unit"].iloc[0]
        raise ReportError(
            f"unknown unit {unit!r}",
            where=f"{PATH}, column unit",
            fix=did_you_mean(unit, UNITS) or "Add it to UNITS.",
        )
    is_amount = rows["unit"].str.startswith("GBP")
    amount = figures["value"] * scale
    return figures.assign(
        value=amount.round().where(is_amount, amount),
        period=[_period(text, year_end=pick.year_end) for text in rows["year"]],
        area=_areas(folder, rows),
        measure=pick.measure,
        breakdown=pick.breakdown,
        source=pick.source,
    )


def _period(text: str, *, year_end: bool) -> str:
    if year := _FINANCIAL_YEAR.fullmatch(text):
        return f"{first_year(year[1]) + 1}-03" if year_end else year[1]
    if this := _THIS_YEAR.fullmatch(text):
        return financial_year(int(this[1]))
    if march := _MARCH.fullmatch(text):
        return f"{march[1]}-03"
    if year := _CALENDAR_YEAR.fullmatch(text):
        return year[1]
    raise ReportError(
        f"{text!r} is not a period",
        where=f"{PATH}, column year",
        fix="Write it like '2023-24' or '31 March 2024'.",
    )


def _areas(folder: SourceFolder, rows: pd.DataFrame) -> pd.Series:
    wider = rows["geography"].map(WIDER_AREAS)
    councils = rows[wider.isna()]
    named = council_codes.three_digit_from_name(
        folder,
        councils["geography"],
        councils["year"].str.extract(r"(\d{4})", expand=False),
        where=f"{PATH}, column geography",
    )
    return wider.fillna(named)
