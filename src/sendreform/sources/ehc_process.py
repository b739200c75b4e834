"""How EHC plans come about, are reviewed and end: requests, assessments, new plans, timeliness.

Three editions of "Education, health and care plans" are read. Where two give the same figure, the
newest edition that publishes it for that year wins:

* 2022: an archive, calendar years 2009 to 2021. Statements of SEN are counted until they ended.
* 2025: an archive, calendar years 2019 to 2024. From 2022 (collected in January 2023) councils
  return one record per child, where earlier they returned totals.
* 2026: the England rows for 2025 only.

A file says in ``time_period`` the calendar year that it counts, or the academic year whose January
census it describes (``202425`` is January 2025). A column that no area fills in a year is not
published for that year and gives no rows; a symbol given to single areas is kept. Which column of
which file is which figure is in :mod:`sendreform.sources.ehc_process_layout`.

Publisher's guidance: ``data-guidance/data-guidance.txt`` in each archive;
https://explore-education-statistics.service.gov.uk/methodology/education-health-and-care-plans
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform import periods
from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources import ehc_process_layout as layout
from sendreform.sources.ehc_process_layout import Sheet
from sendreform.sources.reading import SourceFolder, read_csv
from sendreform.sources.sen2_layout import (
    AGE_GROUPS_2022,
    AREA_COLUMNS,
    EDUCATED_ELSEWHERE,
    EMPTY_TYPES_2022,
    GROUPS_2022,
    TOPIC_COLUMNS,
    TYPES_2022,
    age_codes,
    areas,
    check_time_identifiers,
    codes_of,
    january_periods,
    january_years,
)

#: A whole must not be smaller than its part, in any area and period.
PARTS = (
    ("ehc_plan_requests_refused", "ehc_plan_requests"),
    ("ehc_plans_in_20_weeks", "ehc_plans_timed"),
    ("ehc_plans_in_20_weeks_excluding_exceptions", "ehc_plans_timed_excluding_exceptions"),
    ("ehc_plans_timed_excluding_exceptions", "ehc_plans_timed"),
    ("ehc_plans_beyond_a_year", "ehc_plans_timed"),
    ("ehc_assessments_plan_issued", "ehc_assessments"),
    ("annual_reviews_held", "annual_reviews_expected"),
    ("mediations_then_appeals", "mediations_held"),
)


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Return the figures of the EHC plan process, for councils, regions and England.

    Parameters
    ----------
    folder
        The folder of official files.

    Returns
    -------
    DataFrame
        Observations (see :mod:`sendreform.observations`). Most measures count over a calendar
        year; residential placements and personal budgets are those at a January census.
        ``ehc_process.yml`` defines each measure and its unit.

    Raises
    ------
    ReportError
        If a file is missing, or its columns, labels or cells are not as expected, or a part is
        larger than its whole.
    """
    published = _every_edition(folder).pipe(_newest_edition).pipe(_placements_kept)
    _check_parts(published)
    return tidy(published)


def replaced(folder: SourceFolder) -> pd.DataFrame:
    """Return the figures for which a later edition has its own, as the earlier one had them.

    Returns
    -------
    DataFrame
        As of :func:`observations`.
    """
    figures = _every_edition(folder)
    return tidy(figures.drop(index=_newest_edition(figures).index).pipe(_placements_kept))


def _every_edition(folder: SourceFolder) -> pd.DataFrame:
    """Return what each edition published, with a column ``edition``."""
    figures = pd.concat([*_recent(folder), *_edition_2022(folder)], ignore_index=True)
    return _without_unpublished(figures)


def _recent(folder: SourceFolder) -> list[pd.DataFrame]:
    """Return the figures of the editions of 2025 and 2026."""
    return [
        figures
        for form, sheets in layout.SHEETS.items()
        for sheet in sheets
        for figures in _of_sheet(folder, form, sheet)
    ]


def of_release(folder: SourceFolder, form: str, sheet: Sheet) -> pd.DataFrame:
    """Return the figures of one table of a release, all of its years.

    Parameters
    ----------
    form
        Which table it is: a key of ``layout.SHEETS``.
    sheet
        Where it is, and its columns.

    Raises
    ------
    ReportError
        As :func:`observations`.
    """
    published = (
        pd.concat(_of_sheet(folder, form, sheet), ignore_index=True)
        .pipe(_without_unpublished)
        .pipe(_placements_kept)
    )
    columns = {figure: column for column, figure in sheet.figures.items()}
    _check_parts(published, sheet.where, columns)
    return tidy(published)


def _of_sheet(folder: SourceFolder, form: str, sheet: Sheet) -> list[pd.DataFrame]:
    """Return what one table gives: rows that count everyone, and of some tables those by age."""
    everyone = _of_everyone(folder, sheet)
    if form == "ceased":
        ages = _by_age(folder, sheet, layout.CEASED_AGES, "age")
        return [everyone, ages, _reasons_by_age(folder, sheet)]
    if form == "new_plans":
        ages = _by_age(
            folder, sheet, layout.NEW_PLAN_AGES, layout.new_plan_age_dimension(sheet.edition)
        )
        return [everyone.pipe(_other_settings_apart).pipe(_with_own_totals, ages), ages]
    return [everyone]


def _edition_2022(folder: SourceFolder) -> list[pd.DataFrame]:
    """Return the figures of the edition of 2022."""
    process = _read(folder, layout.PROCESS_2022)
    census = process.assign(period=january_periods(process["period"].astype("int64") + 1))
    return [
        _figures(process, layout.PROCESS_2022, layout.PROCESS_2022.figures),
        _figures(census, layout.PROCESS_2022, layout.PERSONAL_BUDGETS_2022),
        _moves_2022(process),
        _new_plan_ages_2022(folder),
        _new_plan_placements_2022(folder),
        _residential_2022(folder),
    ]


@dataclass(frozen=True)
class _RepeatedColumn(SourceFolder):
    """A folder, but with the column that ``annual_reviews.csv`` gives twice told apart."""

    within: SourceFolder

    def read_bytes(self, path: str, member: str = "") -> bytes:
        content = self.within.read_bytes(path, member)
        return re.sub(rb"(review_meeting_prior_\d\d,)\1", _told_apart, content, count=1)


def _told_apart(found: "re.Match[bytes]") -> bytes:
    return found[1] + found[1].replace(b",", b"_again,")


def _read(folder: SourceFolder, sheet: Sheet) -> pd.DataFrame:
    """Return a sheet as text, with the ``area`` and ``period`` of each row added.

    Raises
    ------
    ReportError
        If the file is not as its layout says, or a row is there twice.
    """
    topic = TOPIC_COLUMNS if sheet.whole else []
    table = read_csv(
        _RepeatedColumn(folder.root, folder),
        sheet.path,
        [*AREA_COLUMNS, *topic, *sheet.figures, *sheet.unread],
        member=sheet.member,
        renamed=sheet.renamed,
    )
    check_time_identifiers(table, where=sheet.where)
    dated = table.assign(
        area=areas(table, where=sheet.where),
        period=_january(table, sheet) if sheet.january_census else _calendar_year(table, sheet),
    )
    _check_rows_differ(dated, sheet)
    return dated


def _check_rows_differ(table: pd.DataFrame, sheet: Sheet) -> None:
    """Refuse a row given twice, before anything is added up."""
    about = ["area", "period", *(name for name in layout.LABEL_COLUMNS if name in table.columns)]
    again = table.duplicated(about)
    if again.any():
        row = again[again].index[0]
        raise ReportError(
            f"the row repeats an earlier one, {' / '.join(table.loc[row, about])}",
            where=f"{sheet.where}, row {row + 2}",
            fix="Remove the duplicate row from the file.",
        )


def _january(table: pd.DataFrame, sheet: Sheet) -> pd.Series:
    return january_periods(january_years(table["time_period"], where=sheet.where))


def _calendar_year(table: pd.DataFrame, sheet: Sheet) -> pd.Series:
    years = table["time_period"]
    sound = years.map(lambda year: periods.is_period(year, "calendar_year"))
    if not sound.all():
        row = sound[~sound].index[0]
        raise ReportError(
            f"{years.loc[row]!r} is not a calendar year",
            where=f"{sheet.where}, row {row + 2}, column 'time_period'",
            fix="Write it like 2024.",
        )
    return years


def _of_everyone(folder: SourceFolder, sheet: Sheet) -> pd.DataFrame:
    """Return a sheet's figures from the rows that count everyone, not a characteristic.

    Raises
    ------
    ReportError
        If England has no such row.
    """
    table = _read(folder, sheet)
    rows = table[table["breakdown"] == sheet.whole] if sheet.whole else table
    if not (rows["area"] == ENGLAND).any():
        raise ReportError(
            f"no row for England has breakdown {sheet.whole!r}",
            where=sheet.where,
            fix="If the publisher reworded it, change the label in this edition's layout.",
        )
    return _figures(rows, sheet, sheet.figures)


def _by_age(folder: SourceFolder, sheet: Sheet, topic: str, dimension: str) -> pd.DataFrame:
    """Return a sheet's measure by single age, from the rows of that topic."""
    rows, ages = _rows_by_age(folder, sheet, topic)
    whole = {column: figure for column, figure in sheet.figures.items() if " " not in figure}
    return _figures(rows, sheet, whole).assign(breakdown=(f"{dimension}:" + ages).to_numpy())


def _reasons_by_age(folder: SourceFolder, sheet: Sheet) -> pd.DataFrame:
    """Return why plans ceased at each single age, for England: its councils' would be few."""
    rows, ages = _rows_by_age(folder, sheet, layout.CEASED_AGES)
    england = rows["area"] == ENGLAND
    parts = {column: figure for column, figure in sheet.figures.items() if " " in figure}
    figures = _figures(rows[england], sheet, parts)
    of_ages = np.tile(ages[england], len(parts))
    return figures.assign(breakdown="age:" + of_ages + " " + figures["breakdown"])


def _rows_by_age(folder: SourceFolder, sheet: Sheet, topic: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return a sheet's rows by single age, and the code of each row's age."""
    table = _read(folder, sheet)
    rows = table[table["breakdown_topic"] == topic]
    if rows.empty:
        raise ReportError(
            f"no row has the topic {topic!r}",
            where=f"{sheet.where}, column 'breakdown_topic'",
            fix=did_you_mean(topic, table["breakdown_topic"].unique())
            or "If the publisher reworded it, change the label in this edition's layout.",
        )
    return rows, age_codes(rows["breakdown"], where=f"{sheet.where}, column 'breakdown'")


def _other_settings_apart(new_plans: pd.DataFrame) -> pd.DataFrame:
    """Give "other placement settings" of new plans up to 2021 the code of their own.

    Until then they stood outside "educated elsewhere", and a code has one parent.
    """
    other = "placement:other_placement_settings"
    apart = (new_plans["breakdown"] == other) & (new_plans["period"] <= "2021")
    return new_plans.assign(breakdown=new_plans["breakdown"].mask(apart, f"{other}_apart"))


def _with_own_totals(new_plans: pd.DataFrame, ages: pd.DataFrame) -> pd.DataFrame:
    """Put right councils of which the total repeats their region's: the sum over their ages.

    Wakefield gave ages for few of its plans: its total is what the others leave of the region's
    (and equals the plans that it timed for the 20-week rule).
    """
    totals = (new_plans["breakdown"] == "all") & (new_plans["period"] == layout.REPEATED_TOTAL_YEAR)
    region = new_plans.loc[totals & (new_plans["area"] == layout.REPEATED_TOTAL_REGION), "value"]
    repeated = totals & ~new_plans["area"].str.startswith("E") & new_plans["value"].isin(region)
    of_year = ages[ages["period"] == layout.REPEATED_TOTAL_YEAR]
    councils = new_plans.loc[repeated, "area"]
    own = councils.map(of_year.groupby("area")["value"].sum()).astype("float64")
    wakefield = councils == layout.WAKEFIELD
    own = own.mask(wakefield, region.sum() - own[~wakefield].sum())
    return new_plans.assign(value=own.combine_first(new_plans["value"]))


def _figures(table: pd.DataFrame, sheet: Sheet, figures: Mapping[str, str]) -> pd.DataFrame:
    """Return the figures of some columns, one row each, with the edition they come from."""
    return pd.concat(
        [
            value_and_status(table[column], where=f"{sheet.where}, column {column!r}").assign(
                measure=figure.partition(" ")[0],
                breakdown=figure.partition(" ")[2] or "all",
                area=table["area"],
                period=table["period"],
                source=sheet.source,
                edition=sheet.edition,
            )
            for column, figure in figures.items()
        ],
        ignore_index=True,
    )


def _moves_2022(process: pd.DataFrame) -> pd.DataFrame:
    """Return moves between placements, 2014 to 2021: plans and statements added up.

    A column with ``z`` (no plans yet, no statements any more) adds nothing to the other. Any other
    symbol in one of the two leaves the sum missing, and stays.
    """
    columns = _figures(process, layout.PROCESS_2022, layout.MOVES_2022)
    keys = ["measure", "breakdown", "area", "period", "source", "edition"]
    applies = columns["status"] != "z"
    lone_z = ~applies & ~applies.groupby([columns[key] for key in keys]).transform("any")
    both = columns[applies | lone_z].groupby(keys, as_index=False, sort=False)
    return both[["value"]].sum(skipna=False).assign(status=both["status"].max()["status"])


def _new_plan_ages_2022(folder: SourceFolder) -> pd.DataFrame:
    """Return new statements and EHC plans in all and by age group, 2009 to 2021."""
    sheet = layout.NEW_PLAN_AGES_2022
    table = _read(folder, sheet)
    ages = codes_of(
        table["characteristic_age"],
        AGE_GROUPS_2022,
        where=f"{sheet.where}, column 'characteristic_age'",
    )
    breakdowns = ("age:" + ages).mask(ages == "all", "all")
    return _figures(table, sheet, sheet.figures).assign(breakdown=breakdowns)


def _new_plan_placements_2022(folder: SourceFolder) -> pd.DataFrame:
    """Return new statements and EHC plans by placement, grouped as the 2025 edition groups them.

    For 2019 to 2021 both editions have these figures, and agree.
    """
    sheet = layout.NEW_PLAN_PLACEMENTS_2022
    table = _read(folder, sheet)
    figures = _figures(table, sheet, sheet.figures)
    is_total = table["establishment_type"] == "Total"
    is_empty = table["establishment_type"].isin(EMPTY_TYPES_2022)
    groups = table["establishment_group"].map(GROUPS_2022)
    types = codes_of(
        table["establishment_type"].mask(is_total | is_empty, "Other"),
        TYPES_2022,
        where=f"{sheet.where}, column 'establishment_type'",
    )
    published_groups = figures.assign(code=groups)[is_total & groups.notna()]
    details = _summed(figures.assign(code=types)[~is_total & ~is_empty])
    elsewhere = _summed(
        details[details["code"].isin(EDUCATED_ELSEWHERE)].assign(code="educated_elsewhere")
    )
    placements = pd.concat([published_groups, details, elsewhere], ignore_index=True)
    return placements.assign(breakdown="placement:" + placements["code"]).drop(columns="code")


def _residential_2022(folder: SourceFolder) -> pd.DataFrame:
    """Return residential placements of January 2018 on: plans and statements added up."""
    sheet = layout.RESIDENTIAL_2022
    table = _read(folder, sheet)
    census = table.assign(period=january_periods(table["period"].astype("int64")))
    lengths = _figures(census, sheet, sheet.figures)
    known = _summed(lengths[lengths["value"].notna()])
    return pd.concat([known, _summed(known.assign(breakdown="all"))], ignore_index=True)


def _summed(figures: pd.DataFrame) -> pd.DataFrame:
    """Add up figures that have all but their value in common; none of them is a symbol."""
    keys = [column for column in figures.columns if column != "value"]
    return figures.groupby(keys, as_index=False, sort=False)[["value"]].sum()


def _without_unpublished(figures: pd.DataFrame) -> pd.DataFrame:
    """Leave out what an edition publishes for no area at all in a period."""
    same = ["edition", "measure", "breakdown", "period"]
    filled = figures.groupby(same)["value"].transform("count")
    return figures.loc[filled > 0]


def _newest_edition(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep, for each measure, breakdown and period, the newest edition that publishes it."""
    editions = figures.groupby(["measure", "breakdown", "period"])["edition"]
    return figures.loc[figures["edition"] == editions.transform("max")]


def _placements_kept(figures: pd.DataFrame) -> pd.DataFrame:
    """Leave out placements of new plans in detail that is kept for wider areas only."""
    kept = [f"placement:{code}" for code in layout.COUNCIL_PLACEMENTS]
    detail = figures["breakdown"].str.startswith("placement:") & ~figures["breakdown"].isin(kept)
    is_council = ~figures["area"].str.startswith("E")
    return figures.loc[~(is_council & detail)]


def _check_parts(
    figures: pd.DataFrame,
    where: str = "ehc_process",
    columns: Mapping[str, str] | None = None,
) -> None:
    """Refuse a part that is larger than its whole, and a share outside 0 to 100.

    Parameters
    ----------
    where
        The table, as far as there is only one.
    columns
        Measure to the column of that table.

    Raises
    ------
    ReportError
        Names the first measure, area and period.
    """
    everyone = figures[figures["breakdown"] == "all"]
    values = everyone.set_index(["measure", "area", "period"])["value"]
    for part, whole in PARTS:
        if not {part, whole} <= {*everyone["measure"]}:
            continue  # a release's table by itself has not every measure
        larger = values.loc[part] > values.loc[whole].reindex(values.loc[part].index)
        if larger.any():
            area, period = larger.index[larger][0]
            raise ReportError(
                f"{part} exceeds {whole} in {period}",
                where=_cell(where, area, part, columns),
                fix="Check that row in both columns of the file.",
            )
    shares = everyone[everyone["measure"].str.endswith("_share")]
    outside = shares[~shares["value"].between(0, 100) & shares["value"].notna()]
    if not outside.empty:
        first = outside.iloc[0]
        raise ReportError(
            f"{first['measure']} is {first['value']} per cent in {first['period']}",
            where=_cell(where, first["area"], first["measure"], columns),
            fix="Check that row of the file.",
        )


def _cell(where: str, area: str, measure: str, columns: Mapping[str, str] | None) -> str:
    column = (columns or {}).get(measure)
    return f"{where}, area {area}" + (f", column {column!r}" if column else "")
