"""EHC plans held each January: in all, by placement, age, primary need and sex.

Three editions of "Education, health and care plans" are read:

* 2022, for January 2010 to 2018: statements of SEN and EHC plans together, by establishment type
  and by age group. The headline total is in the file by age. The file by establishment type falls
  short of it in 2018, which the known residuals name, and exceeds it by the 215 young people in
  work-based learning in 2016, who are left out here as the headline leaves them out. Age groups
  are read to January 2022: no later edition has ages for those years, and its totals for them
  are the same.
* 2025, for January 2019 to 2025: in all and by placement, from January 2024 by single age and
  sex, and for January 2025 by primary need.
* 2026, for January 2026: England only.

Placements of 2010 to 2018 are grouped as the 2025 edition groups them (see
:mod:`sendreform.sources.sen2_layout`). A column that no area fills in a year is not published for
that year and gives no rows; a symbol given to single areas is kept.

Publisher's guidance: ``data-guidance/data-guidance.txt`` in each archive;
https://explore-education-statistics.service.gov.uk/methodology/education-health-and-care-plans
"""

from collections.abc import Mapping

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, breakdown, tidy, value_and_status
from sendreform.sources.reading import SourceFolder, read_csv
from sendreform.sources.sen2_layout import (
    AGE_GROUPS_2022,
    ARCHIVE_2022,
    ARCHIVE_2025,
    AREA_COLUMNS,
    EDUCATED_ELSEWHERE,
    FOLDER_2026,
    GROUPS_2022,
    NEED_CODES,
    NEED_COLUMNS_SINCE,
    PLACEMENT_CODES,
    PLACEMENT_LABELS,
    PLACEMENT_PERCENTAGES,
    RENAMED,
    SEX_LABELS,
    TOPIC_COLUMNS,
    TYPES_2022,
    age_codes,
    areas,
    check_time_identifiers,
    codes_of,
    january_periods,
    january_years,
    placement_codes,
    placement_columns,
)

MEASURE = "ehc_plans"

#: The last January for which only the edition of 2022 has totals and placements.
LAST_OF_2022_EDITION = 2018
#: From this January "other placement settings" are part of "educated elsewhere".
OTHER_WITHIN_ELSEWHERE = "2024-01"

#: Groups of placements that, with those counted apart until 2023, add up to all plans.
PLACEMENT_GROUPS = [
    "mainstream", "special", "ap_pru", "further_education", "educated_elsewhere", "early_years",
    "not_recorded",
]  # fmt: skip

#: What the files of the edition of 2022 call those in work-based learning. There are none but
#: in January 2016, and the headline total does not count them.
WORK_BASED_2022 = "Unknown"
#: What they call everyone.
WHOLE_2022 = "Total"

#: Topics of the files that give a single age (in the editions of 2025 and 2026), a placement or a
#: sex.
WHOLE = "All EHC plans"
AGE_TOPICS = ("Child or young persons age", "Age at start of academic year")
PLACEMENT_TOPIC = "Type of placement"
SEX_TOPIC = "Sex"

PLANS_2022 = {"Total_st": "statements", "Total_ehc": "ehc_plans", "Total_all": "all"}
UNREAD_2022 = ["Total_st_pc", "Total_ehc_pc", "Total_all_pc"]


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Return EHC plans and statements held each January, for councils, regions and England.

    Returns
    -------
    DataFrame
        Observations of ``ehc_plans`` (plans; January census 2010 to 2026) with breakdowns
        ``placement:``, ``age:`` (groups to 2022, single ages from 2024), ``need:``, ``sex:``,
        ``plan_type:`` (to 2018), and for England two at once: ``age: placement:`` (from 2024),
        ``age: need:`` and ``need: placement:`` (2025).

    Raises
    ------
    ReportError
        If a file is missing, or its columns, labels or cells are not as expected, or England has
        no total for a January.
    """
    figures = pd.concat(
        [
            _ages_2022(folder),
            _placements_2022(folder),
            *_edition(folder, "2025", ARCHIVE_2025, member="data/caseload.csv"),
            *_edition(folder, "2026", f"{FOLDER_2026}/caseload_202526_national.csv"),
            _needs(folder, "2025", ARCHIVE_2025, "data/sen_needs_all_plans.csv", "needs_2025"),
        ],
        ignore_index=True,
    ).pipe(_without_unpublished)
    _check_totals(figures)
    return tidy(figures.assign(measure=MEASURE))


def replaced(folder: SourceFolder) -> pd.DataFrame:
    """Return the figures for which the edition of 2025 has its own, as that of 2022 had them.

    Returns
    -------
    DataFrame
        As of :func:`observations`: all plans, and plans by placement, January 2019 to 2022.
    """
    ages = _read_2022(folder, "data/sen2_age_caseload.csv", ["characteristic_age"])
    later = ages[~_only_in_2022_edition(ages) & (ages["characteristic_age"] == WHOLE_2022)]
    where = f"{ARCHIVE_2022}/data/sen2_age_caseload.csv"
    figures = pd.concat(
        [
            _figures(later, {"Total_all": "all"}, where, "ages_2022"),
            _placements_2022(folder, later=True),
        ],
        ignore_index=True,
    ).pipe(_without_unpublished)
    return tidy(figures.assign(measure=MEASURE))


def _ages_2022(folder: SourceFolder) -> pd.DataFrame:
    """Return headline totals and the two kinds of plan to 2018, and age groups to 2022."""
    where = f"{ARCHIVE_2022}/data/sen2_age_caseload.csv"
    table = _read_2022(folder, "data/sen2_age_caseload.csv", ["characteristic_age"])
    groups = codes_of(
        table["characteristic_age"], AGE_GROUPS_2022, where=f"{where}, column 'characteristic_age'"
    )
    by_age = _figures(table, {"Total_all": "all"}, where, "ages_2022").assign(
        breakdown=("age:" + groups).mask(groups == "all", "all")
    )
    by_age = by_age[(groups != "all") | _only_in_2022_edition(table)]
    kinds = {column: f"plan_type:{kind}" for column, kind in PLANS_2022.items() if kind != "all"}
    everyone = table[(groups == "all") & _only_in_2022_edition(table)]
    by_kind = _figures(everyone, kinds, where, "ages_2022")
    # A kind that did not exist yet, or no longer, is "not applicable" and has no row.
    return pd.concat([by_age, by_kind[by_kind["status"] != "z"]], ignore_index=True)


def _placements_2022(folder: SourceFolder, *, later: bool = False) -> pd.DataFrame:
    """Return plans by placement, 2010 to 2018, grouped as the 2025 edition groups them.

    Parameters
    ----------
    later
        Return those of 2019 to 2022, which the edition of 2025 has as well.
    """
    member = "data/sen2_estab_caseload.csv"
    where = f"{ARCHIVE_2022}/{member}"
    table = _read_2022(folder, member, ["establishment_type", "establishment_group"])
    table = table[_only_in_2022_edition(table) != later]
    figures = _figures(table, {"Total_all": "all"}, where, "placements_2022")
    is_total = table["establishment_type"] == WHOLE_2022
    is_work_based = table["establishment_group"] == WORK_BASED_2022
    groups = table["establishment_group"].map(GROUPS_2022)
    types = codes_of(
        table["establishment_type"].mask(is_total | is_work_based, "Other"),
        TYPES_2022,
        where=f"{where}, column 'establishment_type'",
    )
    published = figures.assign(code=groups)[is_total & groups.notna()]
    details = _summed(figures.assign(code=types)[~is_total & ~is_work_based])
    elsewhere = _summed(
        details[details["code"].isin(EDUCATED_ELSEWHERE)].assign(code="educated_elsewhere")
    )
    placements = pd.concat([published, details, elsewhere], ignore_index=True)
    return placements.assign(breakdown="placement:" + placements["code"]).drop(columns="code")


def _read_2022(folder: SourceFolder, member: str, labels: list[str]) -> pd.DataFrame:
    table = read_csv(
        folder,
        ARCHIVE_2022,
        [*AREA_COLUMNS, *labels, *PLANS_2022, *UNREAD_2022],
        member=member,
    )
    where = f"{ARCHIVE_2022}/{member}"
    years = pd.to_numeric(table["time_period"], errors="coerce")
    if years.isna().any():
        row = int(years[years.isna()].index[0])
        raise ReportError(
            f"{table.loc[row, 'time_period']!r} is not a year",
            where=f"{where}, row {row + 2}, column 'time_period'",
            fix="Write it like 2018.",
        )
    check_time_identifiers(table, where=where)
    dated = table.assign(
        area=areas(table, where=where), period=january_periods(years.astype("int64"))
    )
    _check_rows_differ(dated, labels, where)
    return dated


def _only_in_2022_edition(table: pd.DataFrame) -> pd.Series:
    return table["time_period"].astype("int64") <= LAST_OF_2022_EDITION


def _edition(folder: SourceFolder, edition: str, path: str, member: str = "") -> list[pd.DataFrame]:
    """Return an edition's plans in all, by placement, by single age and by sex."""
    where = f"{path}/{member}" if member else path
    dated = _read_caseload(folder, edition, path, member)
    # The edition of 2026 repeats earlier years for England; that of 2025 has them by council.
    kept = dated if edition == "2025" else dated[dated["period"] == f"{edition}-01"]
    return _caseload(kept, placement_columns(edition), where, f"caseload_{edition}")


def of_caseload(
    folder: SourceFolder, edition: str, path: str, member: str, source: str
) -> pd.DataFrame:
    """Return EHC plans of every January in the caseload table of a release.

    Parameters
    ----------
    edition
        The edition whose columns it has: "2025" or "2026".

    Raises
    ------
    ReportError
        As :func:`observations`.
    """
    where = f"{path}/{member}" if member else path
    table = _read_caseload(folder, edition, path, member)
    figures = _of_release(_caseload(table, placement_columns(edition), where, source))
    _check_totals(figures, where)
    return figures


def of_needs(
    folder: SourceFolder, edition: str, path: str, member: str, source: str
) -> pd.DataFrame:
    """Return EHC plans by primary need in a release's table of them.

    Raises
    ------
    ReportError
        As :func:`observations`.
    """
    return _of_release([_needs(folder, edition, path, member, source)])


def _of_release(figures: list[pd.DataFrame]) -> pd.DataFrame:
    there = pd.concat(figures, ignore_index=True).pipe(_without_unpublished)
    return tidy(there.assign(measure=MEASURE))


def caseload_columns(edition: str) -> list[str]:
    """Return the columns of figures in an edition's caseload table, in our spelling."""
    return ["ehcplans", *placement_columns(edition), *PLACEMENT_PERCENTAGES]


def need_columns(edition: str) -> list[str]:
    """Return the columns of figures in an edition's table of primary needs."""
    needs = _needs_of(edition)
    shares = [column.removeprefix("number_") + "_pc" for column in needs]
    return [
        "ehc_plans",
        *needs,
        *("unknown_pc" if column == "need_unknown_pc" else column for column in shares),
    ]


def _needs_of(edition: str) -> dict[str, str]:
    """Return the columns that count plans by primary need, each with its breakdown."""
    later = [
        column
        for since, columns in NEED_COLUMNS_SINCE.items()
        if edition < since
        for column in columns
    ]
    return {column: f"need:{code}" for column, code in NEED_CODES.items() if column not in later}


def _read_caseload(folder: SourceFolder, edition: str, path: str, member: str) -> pd.DataFrame:
    """Return a caseload table as text, with the area and January of each row."""
    table = read_csv(
        folder,
        path,
        [*AREA_COLUMNS, *TOPIC_COLUMNS, *caseload_columns(edition)],
        member=member,
        renamed=RENAMED,
    )
    return _dated(table, f"{path}/{member}" if member else path)


def _dated(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Add the area and January of each row; no row is there twice."""
    check_time_identifiers(table, where=where)
    dated = table.assign(
        area=areas(table, where=where),
        period=january_periods(january_years(table["time_period"], where=where)),
    )
    _check_rows_differ(dated, TOPIC_COLUMNS, where)
    return dated


def _caseload(
    table: pd.DataFrame, columns: list[str], where: str, source: str
) -> list[pd.DataFrame]:
    everyone = table[table["breakdown"] == WHOLE]
    by_age = _by_age(table, where)
    by_sex = table[table["breakdown_topic"] == SEX_TOPIC]
    ages = age_codes(by_age["breakdown"], where=f"{where}, column 'breakdown'")
    sexes = codes_of(by_sex["breakdown"], SEX_LABELS, where=f"{where}, column 'breakdown'")
    total = {"ehcplans": "all"}
    return [
        _figures(everyone, total, where, source),
        _by_placement(everyone, columns, where, source),
        _figures(by_age, total, where, source).assign(breakdown=("age:" + ages).to_numpy()),
        _figures(by_sex, total, where, source).assign(breakdown=("sex:" + sexes).to_numpy()),
        _england_by_age_and_placement(by_age.assign(age=ages), columns, where, source),
    ]


def _by_age(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return the rows by single age, whichever of its known topics a table has.

    Raises
    ------
    ReportError
        If it has none of them, or several.
    """
    topics = set(table["breakdown_topic"]) & set(AGE_TOPICS)
    if len(topics) != 1:
        raise ReportError(
            f"{len(topics)} topics are the age of the child, where one should be",
            where=f"{where}, column 'breakdown_topic'",
            fix=f"It is called {' or '.join(map(repr, AGE_TOPICS))}; add a new name to AGE_TOPICS.",
        )
    return table[table["breakdown_topic"].isin(topics)]


def _by_placement(rows: pd.DataFrame, columns: list[str], where: str, source: str) -> pd.DataFrame:
    figures = _figures(rows, {column: column for column in columns}, where, source)
    codes = placement_codes(
        figures["breakdown"], other_is_apart=figures["period"] < OTHER_WITHIN_ELSEWHERE
    )
    return figures.assign(breakdown="placement:" + codes)


def _england_by_age_and_placement(
    by_age: pd.DataFrame, columns: list[str], where: str, source: str
) -> pd.DataFrame:
    """Return plans by single age and group of placement at once, for England."""
    groups = [column for column in columns if PLACEMENT_CODES[column] in PLACEMENT_GROUPS]
    england = by_age[by_age["area"] == ENGLAND]
    return pd.concat(
        [
            _with_age(_by_placement(rows, groups, where, source), str(age))
            for age, rows in england.groupby("age")
        ],
        ignore_index=True,
    )


def _with_age(figures: pd.DataFrame, age: str) -> pd.DataFrame:
    """Add an age to breakdowns by placement."""
    placements = figures["breakdown"].str.removeprefix("placement:")
    return figures.assign(
        breakdown=[breakdown(age=age, placement=placement) for placement in placements]
    )


def _needs(folder: SourceFolder, edition: str, path: str, member: str, source: str) -> pd.DataFrame:
    """Return plans by primary need; for England also by age and by placement."""
    where = f"{path}/{member}" if member else path
    needs = _needs_of(edition)
    table = read_csv(
        folder,
        path,
        [*AREA_COLUMNS, *TOPIC_COLUMNS, *need_columns(edition)],
        member=member,
    )
    dated = _dated(table, where)
    return pd.concat(
        [
            _figures(dated[dated["breakdown"] == WHOLE], needs, where, source),
            *_england_by_need(dated[dated["area"] == ENGLAND], needs, where, source),
        ],
        ignore_index=True,
    )


def _england_by_need(
    england: pd.DataFrame, needs: Mapping[str, str], where: str, source: str
) -> list[pd.DataFrame]:
    """Return plans by primary need and single age, and by need and group of placement."""
    labels = f"{where}, column 'breakdown'"
    by_age = _by_age(england, where)
    by_placement = england[england["breakdown_topic"] == PLACEMENT_TOPIC]
    ages = "age:" + age_codes(by_age["breakdown"], where=labels)
    codes = codes_of(by_placement["breakdown"], PLACEMENT_LABELS, where=labels)
    groups = codes[codes.isin(PLACEMENT_GROUPS)]
    by_group = by_placement.loc[groups.index]
    return [
        figures
        for column, need in needs.items()
        for figures in (
            _figures(by_age, {column: need}, where, source).assign(breakdown=ages + " " + need),
            _figures(by_group, {column: need}, where, source).assign(
                breakdown=need + " placement:" + groups
            ),
        )
    ]


def _figures(
    table: pd.DataFrame, columns: Mapping[str, str], where: str, source: str
) -> pd.DataFrame:
    """Return the figures of some columns, one row each, column by column."""
    return pd.concat(
        [
            value_and_status(table[column], where=f"{where}, column {column!r}").assign(
                area=table["area"], period=table["period"], breakdown=code, source=source
            )
            for column, code in columns.items()
        ],
        ignore_index=len(columns) > 1,
    )


def _summed(figures: pd.DataFrame) -> pd.DataFrame:
    """Add up figures that have all but their value in common; none of them is a symbol."""
    keys = [column for column in figures.columns if column != "value"]
    return figures.groupby(keys, as_index=False, sort=False)[["value"]].sum()


def _without_unpublished(figures: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is published for no area at all in a period."""
    filled = figures.groupby(["breakdown", "period"])["value"].transform("count")
    return figures.loc[filled > 0]


def _check_rows_differ(table: pd.DataFrame, labels: list[str], where: str) -> None:
    """Refuse a row given twice."""
    about = ["area", "period", *labels]
    again = table.duplicated(about)
    if again.any():
        place = int(again.to_numpy().argmax())
        row = int(table.index[place])
        raise ReportError(
            f"the row repeats an earlier one, {' / '.join(table[about].iloc[place])}",
            where=f"{where}, row {row + 2}",
            fix="Remove the duplicate row from the file.",
        )


def _check_totals(figures: pd.DataFrame, where: str = "ehc_caseload") -> None:
    """Refuse a January without a total for England, or with one smaller than a part of it."""
    england = figures[figures["area"] == ENGLAND]
    totals = england[england["breakdown"] == "all"].set_index("period")["value"]
    without = sorted(set(figures["period"]) - set(totals.dropna().index))
    if without:
        raise ReportError(
            f"England has no total for {without[0]}",
            where=where,
            fix=f"Check the rows labelled {WHOLE!r}: if the publisher reworded that, change WHOLE.",
        )
    larger = england[england["value"] > england["period"].map(totals)]
    if not larger.empty:
        first = larger.iloc[0]
        raise ReportError(
            f"{first['breakdown']} exceeds all plans in {first['period']}",
            where=f"{where}, England",
            fix="Check that row of the file.",
        )
