"""Appeals to the SEND Tribunal and appeal rates by council, calendar years 2014 to 2025.

Two tables of HM Courts and Tribunals Service and the Department for Education, which came with
the "Education, health and care plans" releases of 2025 and 2026:

* Table 1 of 2025 has a row per council and, side by side, three columns per year: appeals
  registered, appealable decisions, appeal rate. Two more columns for 2024 count appealable
  decisions anew ("in development"). Numbers have thousands separators and rates a per cent sign;
  ``-`` means none, ``..`` not available (the council did not exist), ``x`` suppressed.
* The table of 2026 has 2024 and 2025 on the new basis only, which is far smaller, so that a rate
  on it is two to three times as high. The two bases are measures apart, never one series.

Councils have the Department's three-digit codes, of which the tables have five wrong and two
missing (see ``CODES``). Regions are not published. Notes under the table say which decisions count.

https://explore-education-statistics.service.gov.uk/find-statistics/education-health-and-care-plans/2025
"""

import csv
import io
import re

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources.reading import SourceFolder, read_csv, read_text

TABLE_2025 = "tribunal/SEND Tribunals and appeal rate 2014-2024.csv"
SOURCE_2025 = "tribunal_2025"
TABLE_2026 = "tribunal/send_appealable_decisions_la_2024_2025_transcribed.csv"
SOURCE_2026 = "tribunal_2026"

#: The header is in two lines of the table of 2025: years, then what each column counts.
HEADER_LINES = (3, 4)
FIRST_YEAR = 2014
#: Starts of the three headings under a year; the rest is numbers of notes.
HEADINGS = {
    "Appeals registered": "tribunal_appeals",
    "Total Appealable Decisions": "appealable_decisions_old_basis",
    "SEND Tribunal Appeal Rate": "appeal_rate_old_basis",
}
#: The last two columns, which count 2024 anew.
NEW_HEADINGS = {
    "In development: Total Appealable Decisions": "appealable_decisions_new_basis",
    "In development: SEND Tribunal Appeal Rate": "appeal_rate_new_basis",
}

#: By the name and code in the tables, the Department's code for that council.
CODES = {
    ("Cambridgeshire", "823"): "873",
    ("Central Bedfordshire", "873"): "823",
    ("Northamptonshire", "892"): "928",
    ("Nottingham", "891"): "892",
    ("Nottinghamshire", "928"): "891",
    ("Bournemouth", ""): "837",
    ("Poole", ""): "836",
    ("England Total", ""): ENGLAND,
}
#: For 2024 appealable decisions were put beside appeals by those codes, so that the row of each of
#: these two councils has the other's decisions, and a rate that is neither's: the decisions on the
#: old basis are those that the EHC plan statistics give for the code. Nothing shows the same of
#: 2025, where a row is taken to be its name's.
EXCHANGED_DECISIONS = {"823": "873", "873": "823"}
EXCHANGED_YEAR = "2024"
#: Dorset had another code and boundary until it was formed anew in April 2019.
DORSET, DORSET_BEFORE_2019 = "838", "835"
#: A second total, which leaves out councils with suppressed decisions, for 2024 only.
OTHER_TOTAL = "England total excluding suppressed"

COLUMNS_2026 = [
    "old_la_code", "la_name", "appeals_2024", "decisions_2024", "appeals_2025", "decisions_2025",
    "rate_2025_pc",
]  # fmt: skip
MEASURES_2026 = {
    "appeals_2025": "tribunal_appeals",
    "decisions_2025": "appealable_decisions_new_basis",
    "rate_2025_pc": "appeal_rate_new_basis",
}


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Return appeals registered, appealable decisions and appeal rates, by calendar year.

    Parameters
    ----------
    folder
        The folder of official files.

    Returns
    -------
    DataFrame
        Observations for councils and England: ``tribunal_appeals`` (appeals) and, on the old
        basis (2014 to 2024) and the new one (2024 and 2025) apart, ``appealable_decisions_…``
        (decisions) and ``appeal_rate_…`` (per cent).

    Raises
    ------
    ReportError
        If a file is missing, or its header, codes or cells are not as expected.
    """
    return _tidied([_table_2025(folder), _table_2026(folder)])


def of_wide_table(folder: SourceFolder) -> pd.DataFrame:
    """Return the figures of the table at ``TABLE_2025``, whichever years it has."""
    return _tidied([_table_2025(folder)])


def of_later_table(folder: SourceFolder, year: int) -> pd.DataFrame:
    """Return the figures for a year of the table at ``TABLE_2026``, of which it is the last."""
    return _tidied([_table_2026(folder, year)])


def _tidied(tables: list[pd.DataFrame]) -> pd.DataFrame:
    figures = pd.concat(tables, ignore_index=True)
    return tidy(figures.pipe(_decisions_given_back).assign(breakdown="all"))


def _table_2025(folder: SourceFolder) -> pd.DataFrame:
    """Return the figures of the table of 2025 for councils that existed in a year, and England."""
    lines = _lines(folder)
    columns = _columns(lines, years_in(lines))
    first = HEADER_LINES[-1] + 1
    # Rows are numbered as everywhere: the index is two less than the row of the file.
    table = pd.DataFrame(lines[first:], dtype="str", index=range(first - 1, len(lines) - 1))
    has_figures = (table[list(columns)] != "").any(axis="columns")
    rows = table[has_figures & (table[0] != OTHER_TOTAL)]
    area = _codes(rows[0], rows[1], TABLE_2025)
    figures = pd.concat(
        [
            _cells(rows[column], f"{TABLE_2025}, column {column + 1}").assign(
                area=area, measure=measure, period=year
            )
            for column, (measure, year) in columns.items()
        ],
        ignore_index=True,
    )
    missing = figures["status"].isin(["..", "blank"])
    did_not_exist = missing.groupby([figures["area"], figures["period"]]).transform("all")
    before_2019 = (figures["area"] == DORSET) & (figures["period"] < "2019")
    return figures.assign(
        area=figures["area"].mask(before_2019, DORSET_BEFORE_2019), source=SOURCE_2025
    ).loc[~did_not_exist]


def _lines(folder: SourceFolder) -> list[list[str]]:
    """Return the cells of the table of 2025, trimmed, line by line.

    Raises
    ------
    ReportError
        If a line is cut short.
    """
    text = read_text(folder, TABLE_2025)
    lines = [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text, newline=""))]
    while lines and not any(lines[-1]):
        lines.pop()
    width = 2 + len(HEADINGS) * len(years_in(lines)) + len(NEW_HEADINGS)
    for number, line in enumerate(lines, start=1):
        if len(line) != width:
            raise ReportError(
                f"the row has {len(line)} cells where it should have {width}",
                where=f"{TABLE_2025}, row {number}",
                fix="The file may be cut short: download it again.",
            )
    return lines


def years_in(lines: list[list[str]]) -> list[str]:
    """Return the years that a table laid out as that of 2025 should have: as many as it heads."""
    header = lines[HEADER_LINES[0]] if len(lines) > HEADER_LINES[0] else []
    headed = sum(bool(re.fullmatch(r"\s*20\d\d\s*", cell)) for cell in header)
    return [str(FIRST_YEAR + place) for place in range(headed)]


def _columns(lines: list[list[str]], of_years: list[str]) -> dict[int, tuple[str, str]]:
    """Return the measure and year of each column, and check that the header says so.

    Raises
    ------
    ReportError
        Names the first heading that is not as expected.
    """
    years, headings = (lines[number] for number in HEADER_LINES)
    wanted = [(year, heading, HEADINGS[heading]) for year in of_years for heading in HEADINGS]
    wanted += [("", heading, measure) for heading, measure in NEW_HEADINGS.items()]
    for column, (year, heading, _measure) in enumerate(wanted, start=2):
        above = year if heading == next(iter(HEADINGS)) else ""
        if years[column] != above or not headings[column].startswith(heading):
            raise ReportError(
                f"heading {years[column]!r} {headings[column]!r} where {above!r} {heading!r} "
                "was expected",
                where=f"{TABLE_2025}, column {column + 1}",
                fix="If the publisher changed the table, change its layout.",
            )
    return {
        column: (measure, year or of_years[-1])
        for column, (year, _heading, measure) in enumerate(wanted, start=2)
    }


def _codes(names: pd.Series, published: pd.Series, where: str) -> pd.Series:
    """Return the area of each row, with the wrong and missing codes of the tables put right.

    Raises
    ------
    ReportError
        On a name without a code.
    """
    bare = names.str.replace(r"[\d,]+$", "", regex=True)
    pairs = pd.Series(list(zip(bare, published, strict=True)), index=names.index)
    codes = pairs.map(CODES).fillna(published)
    sound = codes.str.fullmatch(rf"\d{{3}}|{ENGLAND}")
    if not sound.all():
        row = sound[~sound].index[0]
        raise ReportError(
            f"{bare[row]!r} has no three-digit council code but {published[row]!r}",
            where=f"{where}, row {row + 2}",
            fix="Add it to CODES.",
        )
    return codes


def _decisions_given_back(figures: pd.DataFrame) -> pd.DataFrame:
    """Give two councils their own decisions of 2024, and leave out their mixed rates."""
    mixed = figures["area"].isin(EXCHANGED_DECISIONS) & (figures["period"] == EXCHANGED_YEAR)
    decisions = mixed & figures["measure"].str.startswith("appealable_decisions")
    rates = mixed & figures["measure"].str.startswith("appeal_rate")
    return figures.assign(
        area=figures["area"].mask(decisions, figures["area"].map(EXCHANGED_DECISIONS)),
        value=figures["value"].mask(rates),
        status=figures["status"].mask(rates, "x"),
    )


def _cells(published: pd.Series, where: str) -> pd.DataFrame:
    """Return numbers and symbols, without thousands separators and per cent signs."""
    plain = published.str.replace(r"(?<=\d),(?=\d{3}\b)", "", regex=True).str.removesuffix("%")
    return value_and_status(plain, where=where)


def columns_of_later_table(year: int) -> dict[str, str]:
    """Return the columns of a table of which this is the last year, each with ours for 2025."""
    by = year - 2025
    return {
        re.sub(r"20\d\d", lambda found: str(int(found[0]) + by), column): column
        for column in COLUMNS_2026
    }


def _table_2026(folder: SourceFolder, year: int = 2025) -> pd.DataFrame:
    """Return the figures for the last year of a table, and England's, added up from councils."""
    table = read_csv(folder, TABLE_2026, COLUMNS_2026, renamed=columns_of_later_table(year))
    area = _codes(table["la_name"], table["old_la_code"], TABLE_2026)
    councils = pd.concat(
        [
            value_and_status(table[column], where=f"{TABLE_2026}, column {column!r}").assign(
                area=area, measure=measure
            )
            for column, measure in MEASURES_2026.items()
        ],
        ignore_index=True,
    )
    appeals, decisions, rate = MEASURES_2026.values()
    totals = councils.groupby("measure")["value"].sum()
    england = pd.DataFrame(
        {
            "measure": [appeals, decisions, rate],
            "value": [
                totals[appeals],
                totals[decisions],
                round(100 * totals[appeals] / totals[decisions], 1),
            ],
            "area": ENGLAND,
            "status": "",
        }
    )
    return pd.concat([councils, england], ignore_index=True).assign(
        period=str(year), source=SOURCE_2026
    )
