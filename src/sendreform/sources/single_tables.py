"""Tables that come by themselves: of the Tribunal, the interactive tool, section 251 and the DSG.

Each is known by its own headings. The module of its publication reads it, from the place where
that expects the table that it knows already.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import tidy
from sendreform.sources import (
    designated_officers,
    dsg,
    lait,
    section251,
    section251_lines,
    tribunal,
)
from sendreform.sources.forms import Form
from sendreform.sources.published import Placed, Published, standing_for

#: A sheet of allocations, as an ODS workbook names it.
ALLOCATION_SHEET = re.compile(rb'table:name="(Allocations_\d{4})"')


@dataclass(frozen=True)
class _ReadInPlace:
    """Reads a table where a publication's module expects its own.

    Attributes
    ----------
    path
        Where the module expects it.
    read
        What reads it there.
    """

    path: Callable[[Published], str]
    read: Callable[[Placed, Published], pd.DataFrame]

    def __call__(self, table: Published, source: str) -> pd.DataFrame:
        path = self.path(table)
        try:
            found = self.read(standing_for(table, path), table)
        except ReportError as error:
            where = error.where.replace(path, table.where)
            raise ReportError(error.what, where=where, fix=error.fix) from error
        return tidy(found.assign(source=source))


def _at(path: str) -> Callable[[Published], str]:
    return lambda _table: path


def _has(columns: Mapping[str, object] | list[str]) -> Callable[[Published], float]:
    """Say how many of some columns a table has, and how many of its own are among them."""

    def fit(table: Published) -> float:
        found, wanted = set(table.header), set(columns)
        return len(found & wanted) / len(found | wanted) if found else 0

    return fit


def _latest(column: str) -> Callable[[Published], int]:
    """Read the year of a release off the largest year in a column; of 2024-25 that is 2024."""

    def year(table: Published) -> int:
        years = re.findall(r"\b20\d\d", " ".join(table.column(column)))
        if not years:
            raise ReportError(
                "no row has a year", where=f"{table.where}, column {column!r}", fix="Look at it."
            )
        return int(max(years))

    return year


# ---------------------------------------------------------------- the Tribunal


def _is_wide_tribunal_table(table: Published) -> float:
    first, second = tribunal.HEADER_LINES
    if len(table.lines) <= second or table.lines[first][:2] != ["Local Authority", "LA code"]:
        return 0
    if not tribunal.years_in(table.lines):
        return 0
    headings = [cell.strip() for cell in table.lines[second]]
    return float(any(cell.startswith(next(iter(tribunal.HEADINGS))) for cell in headings))


def _year_of_wide_table(table: Published) -> int:
    return int(tribunal.years_in(table.lines)[-1]) + 1


def _years_in_header(table: Published) -> list[int]:
    return sorted({int(year) for name in table.header for year in re.findall(r"20\d\d", name)})


def _is_later_tribunal_table(table: Published) -> float:
    years = _years_in_header(table)
    return _has(tribunal.columns_of_later_table(years[-1]))(table) if years else 0


# ---------------------------------------------------------------- the interactive tool


def _year_of_lait(table: Published) -> int:
    figures = _lait(standing_for(table, lait.PATH), table)
    return int(figures["period"].str[:4].max())


def _lait(folder: Placed, _table: Published) -> pd.DataFrame:
    found = lait.observations(folder)
    return found[found["source"] == lait.SOURCE]


# ---------------------------------------------------------------- section 251 and the DSG


def _is_outturn(table: Published) -> float:
    document = table.document
    first = next(iter(document.values()), None) if isinstance(document, dict) else None
    return float(isinstance(first, dict) and {*section251.OUTTURN_RECORD} <= {*first})


def _year_of_outturn(table: Published) -> int:
    year = str(next(iter(table.document.values()))["year"])
    if not re.fullmatch(r"20\d\d", year):
        raise ReportError(f"{year!r} is not a year", where=table.where, fix="Write it like 2025.")
    return int(year)


def _path_of_outturn(table: Published) -> str:
    return section251.OUTTURN.format(start=_year_of_outturn(table))


def _is_section251_lines(table: Published) -> float:
    # The file may be in Windows' own encoding; its columns are plain.
    first = table.content[:2000].partition(b"\n")[0].decode("latin-1").removeprefix("ï»¿")
    found = {section251_lines.RENAMED.get(name, name) for name in first.strip().split(",")}
    wanted = set(section251_lines.COLUMNS)
    return len(found & wanted) / len(found | wanted)


def _year_of_section251_lines(table: Published) -> int:
    folder = standing_for(table, section251_lines.PATH)
    return int(max(section251_lines.periods(folder))[:4])


def _sheets(table: Published) -> list[str]:
    """Return the sheets of allocations in a workbook."""
    if not table.content.startswith(b"PK") or table.member:
        return []
    content = table.folder.read_bytes(table.path, "content.xml")
    return [name.decode() for name in ALLOCATION_SHEET.findall(content)]


def _is_allocations(table: Published) -> float:
    try:
        return float(bool(_sheets(table)))
    except ReportError:  # a workbook of another make, or another table
        return 0


def _summaries(table: Published) -> list[tuple[str, dsg.Summary]]:
    found = [dsg.summary_of(sheet) for sheet in _sheets(table)]
    return [each for each in found if each]


def _year_of_allocations(table: Published) -> int:
    return int(max(year for year, _layout in _summaries(table))[:4])


def _allocations(folder: Placed, table: Published) -> pd.DataFrame:
    return pd.concat([dsg.allocations(folder, *summary) for summary in _summaries(table)])


FORMS = (
    Form(
        "tribunal",
        tribunal.SOURCE_2025,
        "SEND appeal rate table 1: appeal rate to the SEND Tribunal, by local authority",
        "tribunal/send_appeal_rate_{year}.csv",
        "Reporting year {year}",
        _is_wide_tribunal_table,
        _year_of_wide_table,
        _ReadInPlace(
            _at(tribunal.TABLE_2025), lambda folder, _table: tribunal.of_wide_table(folder)
        ),
    ),
    Form(
        "tribunal_decisions",
        tribunal.SOURCE_2026,
        "SEND appealable decisions rate by local authority",
        "tribunal/send_appealable_decisions_{year}.csv",
        "Reporting year {year}",
        _is_later_tribunal_table,
        lambda table: _years_in_header(table)[-1] + 1,
        _ReadInPlace(
            _at(tribunal.TABLE_2026),
            lambda folder, table: tribunal.of_later_table(folder, _years_in_header(table)[-1]),
        ),
    ),
    Form(
        "designated_officers",
        designated_officers.SOURCE,
        "Designated medical, clinical and social care officers",
        "ehc_plans/sen2_dmo_dco_{year}.csv",
        "Reporting year {year}",
        lambda table: float({*designated_officers.OFFICERS} <= {*table.header}),
        _latest("time_period"),
        _ReadInPlace(
            _at(designated_officers.PATH),
            lambda folder, _table: designated_officers.observations(folder),
        ),
    ),
    Form(
        "lait",
        lait.SOURCE,
        "Local Authority Interactive Tool, all figures",
        "lait/bds_long_{year}.parquet",
        "Figures to {year}",
        _has(lait.COLUMNS),
        _year_of_lait,
        _ReadInPlace(_at(lait.PATH), _lait),
    ),
    Form(
        "section251_outturn",
        "section251_outturn_2024",
        "Section 251 outturn, by council",
        section251.OUTTURN.replace("{start}", "{year}"),
        "Financial year from {year}",
        _is_outturn,
        _year_of_outturn,
        _ReadInPlace(
            _path_of_outturn,
            lambda folder, table: section251.high_needs_outturn(folder, _year_of_outturn(table)),
        ),
    ),
    Form(
        "section251_lines",
        "section251_outturn_2024",
        "Section 251 outturn, lines by council",
        "finance/la-and-school-expenditure_{year}.zip",
        "Financial year from {year}",
        _is_section251_lines,
        _year_of_section251_lines,
        _ReadInPlace(
            _at(section251_lines.PATH), lambda folder, _table: section251_lines.observations(folder)
        ),
    ),
    Form(
        "section251_transport",
        "section251_transport",
        "Section 251 outturn, line 2.1.4 - home to school transport (pre-16), SEN, gross",
        "finance/sen_transport_pre16_by_la_{year}.csv",
        "Financial year from {year}",
        _has(["financial_year", "la_code", "la_name", section251.TRANSPORT_COLUMN]),
        _latest("financial_year"),
        _ReadInPlace(
            _at(section251.TRANSPORT), lambda folder, _table: section251.transport(folder)
        ),
    ),
    Form(
        "section251_top_ups",
        "section251_top_ups_2023_24",
        "Section 251 outturn, lines 1.2.1 to 1.2.3 - top-up funding",
        "finance/topups_by_la_{year}.csv",
        "Financial year from {year}",
        _has(["la_code", "la_name", *section251.TOP_UP_COLUMNS, "financial_year"]),
        _latest("financial_year"),
        _ReadInPlace(_at(section251.TOP_UPS), lambda folder, _table: section251.top_ups(folder)),
    ),
    Form(
        "dsg_balances",
        "dsg_balances_2024",
        "Dedicated schools grant carried forward (section 251 line 1.9.3)",
        "finance/dsg_balance_by_la_{year}.csv",
        "Balances at March {year}",
        _has(["la_code", "la_name", dsg.BALANCE_COLUMN, "financial_year_end"]),
        _latest("financial_year_end"),
        _ReadInPlace(_at(dsg.BALANCES), lambda folder, _table: dsg.balances(folder)),
    ),
    Form(
        "dsg_allocations",
        "dsg_allocations",
        "Dedicated schools grant: allocations local authority summary",
        "finance/dedicated-schools-grant_{year}.ods",
        "Financial year from {year}",
        _is_allocations,
        _year_of_allocations,
        _ReadInPlace(_at(dsg.ALLOCATIONS), _allocations),
    ),
)
