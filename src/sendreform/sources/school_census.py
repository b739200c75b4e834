"""Pupils by age, and those with an EHC plan by primary need, by council: the school census.

From "Special educational needs in England", whose figures come from the census that schools fill
in each January. A newcomer needs to know two things. The figures count pupils where they go to
school, in state-funded and non-maintained special schools; the shares of all pupils in
:mod:`sendreform.sources.lait` cover independent schools too, and the plans that councils report
(SEN2) cover everyone up to 25, in school or not. And the file is a table made from the published
one, one row for each council and year: it has no row for England or a region.

Published by the Department for Education:
https://explore-education-statistics.service.gov.uk/find-statistics/special-educational-needs-in-england
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import tidy, value_and_status
from sendreform.periods import january
from sendreform.sources.reading import SourceFolder, read_csv

SOURCE = "sen_councils"
PATH = "school_census/sen_ehc_need_and_pupils_by_age_la_201516_202425.csv"

AREA_COLUMNS = ["time_period", "old_la_code", "new_la_code", "la_name"]

#: Columns that count pupils with an EHC plan, to the codes of the dimension ``need``.
NEED_CODES = {
    "ehc_autistic_spectrum_disorder": "asd",
    "ehc_down_syndrome": "ds",
    "ehc_hearing_impairment": "hi",
    "ehc_moderate_learning_difficulty": "mld",
    "ehc_multi_sensory_impairment": "msi",
    "ehc_other_difficulty_or_disability": "oth",
    "ehc_physical_disability": "pd",
    "ehc_profound_and_multiple_learning_difficulty": "pmld",
    "ehc_sen_support_but_no_specialist_assessment_of_type_of_need": "not_assessed",
    "ehc_severe_learning_difficulty": "sld",
    "ehc_social_emotional_and_mental_health": "semh",
    "ehc_specific_learning_difficulty": "spld",
    "ehc_speech_language_and_communications_needs": "slcn",
    "ehc_visual_impairment": "vi",
}
ALL_NEEDS = "ehc_sum_of_needs"

#: Columns that count pupils of an age, to the codes of the dimension ``age``.
AGE_CODES = {
    f"pupils_age_{age}": age for age in ("2_and_under", *map(str, range(3, 19)), "19_and_over")
}
ALL_PUPILS = "pupils_all"
SEX_COLUMNS = ["pupils_male", "pupils_female"]

COUNT_COLUMNS = [*NEED_CODES, ALL_NEEDS, *AGE_CODES, ALL_PUPILS, *SEX_COLUMNS]

#: Column to measure and breakdown.
FIGURES = {
    ALL_PUPILS: ("pupils", "all"),
    **{column: ("pupils", f"age:{age}") for column, age in AGE_CODES.items()},
    ALL_NEEDS: ("pupils_with_ehc_plan_by_need", "all"),
    **{
        column: ("pupils_with_ehc_plan_by_need", f"need:{need}")
        for column, need in NEED_CODES.items()
    },
}


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read pupils by age and pupils with an EHC plan by primary need.

    Returns
    -------
    Observations of ``pupils`` (``age:2_and_under``, single ages to ``age:18``,
    ``age:19_and_over``) and ``pupils_with_ehc_plan_by_need``, for councils, each January from
    2016 to 2025. A category of need that no council has in a year (Down syndrome before 2025)
    has no rows in that year.

    Raises
    ------
    ReportError
        If the file is not laid out as expected, or its parts do not add to its totals.
    """
    published = read_csv(folder, PATH, [*AREA_COLUMNS, *COUNT_COLUMNS])
    return (
        published.assign(area=_council(published), period=_january(published))
        .pipe(_one_row_each)
        .melt(
            id_vars=["area", "period"],
            value_vars=COUNT_COLUMNS,
            var_name="column",
            value_name="published",
        )
        .pipe(_with_values)
        .pipe(_adds_up, whole=ALL_NEEDS, parts=list(NEED_CODES))
        .pipe(_adds_up, whole=ALL_PUPILS, parts=list(AGE_CODES))
        .pipe(_without_unused_categories)
        .query("column in @FIGURES")
        .assign(
            measure=lambda table: [FIGURES[column][0] for column in table["column"]],
            breakdown=lambda table: [FIGURES[column][1] for column in table["column"]],
            source=SOURCE,
        )
        .pipe(tidy)
    )


def _council(published: pd.DataFrame) -> pd.Series:
    code = published["old_la_code"]
    _refuse(code, code.str.fullmatch(r"[2-9]\d\d"), "is not a council code of three digits")
    return code


def _january(published: pd.DataFrame) -> pd.Series:
    """Return the census of an academic year: "201516" is January 2016."""
    years = published["time_period"]
    start = pd.to_numeric(years.str[:4], errors="coerce")
    end = pd.to_numeric(years.str[4:], errors="coerce")
    is_year = years.str.fullmatch(r"20\d{4}") & ((start + 1) % 100 == end)
    _refuse(years, is_year, "is not an academic year such as 202425")
    return (start + 1).map(january)


def _one_row_each(table: pd.DataFrame) -> pd.DataFrame:
    twice = table[table.duplicated(["area", "period"])]
    if not twice.empty:
        raise ReportError(
            f"council {twice['area'].iloc[0]} stands twice for {twice['period'].iloc[0]}",
            where=f"{PATH}, row {twice.index[0] + 2}",
            fix="Remove one of the rows.",
        )
    return table


def _refuse(column: pd.Series, is_right: pd.Series, complaint: str) -> None:
    wrong = column[~is_right]
    if not wrong.empty:
        raise ReportError(
            f"{wrong.iloc[0]!r} {complaint}",
            where=f"{PATH}, column {column.name!r}, row {wrong.index[0] + 2}",
            fix="Correct the cell.",
        )


def _with_values(table: pd.DataFrame) -> pd.DataFrame:
    names = table["column"] + ", council " + table["area"] + ", " + table["period"]
    named = table.set_index(pd.Index(names, dtype="str"))
    read = value_and_status(named["published"], where=PATH)
    return named.assign(value=read["value"].array, status=read["status"].array)


def _adds_up(table: pd.DataFrame, whole: str, parts: list[str]) -> pd.DataFrame:
    key = ["area", "period"]
    wholes = table[table["column"] == whole].set_index(key)["value"]
    # Empty cells count for nothing here, as they do in the file's own sums.
    sums = table[table["column"].isin(parts)].groupby(key)["value"].sum()
    off = (wholes - sums).loc[lambda residual: residual != 0]
    if not off.empty:
        area, period = off.index[0]
        raise ReportError(
            f"{whole} is {wholes[area, period]:g} and its parts add to {sums[area, period]:g}",
            where=f"{PATH}, council {area}, {period}",
            fix="Correct the row.",
        )
    return table


def _without_unused_categories(table: pd.DataFrame) -> pd.DataFrame:
    used = (table["status"] != "blank").groupby([table["column"], table["period"]]).transform("any")
    return table[used]
