"""The layout that the files of the "Education, health and care plans" releases share.

Local authorities return data on EHC plans to the Department for Education each January (the SEN2
return). Every file of a release has the same first ten columns, says what a row is about in
``breakdown_topic`` and ``breakdown``, and where it counts placements does so in the same columns.
What those columns and labels mean, and how the edition of June 2026 spells them, is here once.

Publisher's guidance: ``data-guidance/data-guidance.txt`` in the archive of a release;
https://explore-education-statistics.service.gov.uk/methodology/education-health-and-care-plans
"""

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.periods import january

ARCHIVE_2022 = "ehc_plans/education-health-and-care-plans_2022.zip"
ARCHIVE_2025 = "ehc_plans/education-health-and-care-plans_2025.zip"
FOLDER_2026 = "ehc_plans/release_2026_national"

AREA_COLUMNS = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "new_la_code", "old_la_code", "la_name",
]  # fmt: skip
TOPIC_COLUMNS = ["breakdown_topic", "breakdown"]

#: Spellings that differ between editions, to the one used here. For ``read_csv(renamed=...)``.
RENAMED = {
    "AP_PRU_total_pc": "ap_pru_total_pc",
    "await_prov_2022": "await_prov",
    "perm_ex_2022": "perm_ex",
    "Res_3851": "res_3851",
    "Res_52": "res_52",
    "Res_tot": "res_tot",
}

#: Columns that count placements, to the codes of the dimension ``placement``. The last two hold
#: figures from the SEN2 returns of 2019 to 2022 only; there they stand outside every group of
#: placements, and ``other_placement_settings`` does too (see :func:`placement_codes`).
PLACEMENT_CODES = {
    "mainstream_total": "mainstream",
    "mainstream_la_maintained": "mainstream_la_maintained",
    "mainstream_la_maintained_resourced_provision": "mainstream_la_maintained_resourced",
    "mainstream_la_maintained_senunit": "mainstream_la_maintained_senunit",
    "mainstream_academy": "mainstream_academy",
    "mainstream_academy_resourced_provision": "mainstream_academy_resourced",
    "mainstream_academy_senunit": "mainstream_academy_senunit",
    "mainstream_free_school": "mainstream_free_school",
    "mainstream_free_school_resourced_provision": "mainstream_free_school_resourced",
    "mainstream_free_school_senunit": "mainstream_free_school_senunit",
    "mainstream_independent": "mainstream_independent",
    "special_total": "special",
    "special_la_maintained": "special_la_maintained",
    "special_academy_free": "special_academy_free",
    "special_academy": "special_academy",
    "special_free_school": "special_free_school",
    "special_independent": "special_independent",
    "special_non_maintained": "special_non_maintained",
    "ap_pru_total": "ap_pru",
    "ap_pru_la_maintained": "ap_pru_la_maintained",
    "ap_pru_academy": "ap_pru_academy",
    "ap_pru_free_school": "ap_pru_free_school",
    "fe_total": "further_education",
    "general_fe_tertiary_colleges": "fe_colleges",
    "specialist_post_16_institutions": "specialist_post_16",
    "ukrlp_provider": "ukrlp_provider",
    "ed_elsewhere": "educated_elsewhere",
    "elective_home_education": "elective_home_education",
    "other_arrangements_la": "other_arrangements_la",
    "other_arrangements_parents": "other_arrangements_parents",
    "online_provider": "online_provider",
    "w_settings": "welsh_settings",
    "other_schools": "other_schools",
    "other_placement_settings": "other_placement_settings",
    "neet": "neet",
    "neet_ntci": "neet_notice_to_cease",
    "neet_other_csa": "neet_compulsory_school_age",
    "neet_other": "neet_other",
    "nm_early_years": "early_years",
    "placement_unknown": "not_recorded",
    "await_prov": "awaiting_provision_apart",
    "perm_ex": "permanently_excluded_apart",
}

#: How editions count academies and free schools among special schools: together, or each.
SPECIAL_ACADEMY_COLUMNS = {
    "2025": ["special_academy_free"],
    "2026": ["special_academy", "special_free_school"],
}

PLACEMENT_PERCENTAGES = [
    "mainstream_total_pc", "special_total_pc", "ap_pru_total_pc", "fe_total_pc",
    "ed_elsewhere_pc", "nm_early_years_pc", "placement_unknown_pc",
]  # fmt: skip

#: Columns that count plans by primary need, to the codes of the dimension ``need``.
NEED_CODES = {
    "number_asd": "asd",
    "number_ds": "ds",
    "number_hi": "hi",
    "number_mld": "mld",
    "number_msi": "msi",
    "number_oth": "oth",
    "number_pd": "pd",
    "number_pmld": "pmld",
    "number_semh": "semh",
    "number_slcn": "slcn",
    "number_sld": "sld",
    "number_spld": "spld",
    "number_vi": "vi",
    "number_need_unknown": "not_recorded",
}
#: Down syndrome is counted apart from June 2026; until then it is within "other".
NEED_COLUMNS_SINCE = {"2026": ["number_ds", "ds_pc"]}

#: Labels of "Type of placement", in lower case, to the codes of the dimension ``placement``.
PLACEMENT_LABELS = {
    "mainstream - total": "mainstream",
    "mainstream - la maintained": "mainstream_la_maintained",
    "mainstream - la maintained (resourced provision)": ("mainstream_la_maintained_resourced"),
    "mainstream - la maintained (sen unit)": "mainstream_la_maintained_senunit",
    "mainstream - academy": "mainstream_academy",
    "mainstream - academy (resourced provision)": "mainstream_academy_resourced",
    "mainstream - academy (sen unit)": "mainstream_academy_senunit",
    "mainstream - free school": "mainstream_free_school",
    "mainstream - free school (resourced provision)": "mainstream_free_school_resourced",
    "mainstream - free school (sen unit)": "mainstream_free_school_senunit",
    "mainstream - independent": "mainstream_independent",
    "special - total": "special",
    "special - la maintained": "special_la_maintained",
    "special - academy/free schools": "special_academy_free",
    "special - academy/free school": "special_academy_free",
    "special - academy": "special_academy",
    "special - free school": "special_free_school",
    "special - independent": "special_independent",
    "special - non-maintained": "special_non_maintained",
    "ap/pru - total": "ap_pru",
    "ap/pru - la maintained": "ap_pru_la_maintained",
    "ap/pru - academy": "ap_pru_academy",
    "ap/pru - free school": "ap_pru_free_school",
    "fe - total": "further_education",
    "fe - general fe and tertiary colleges": "fe_colleges",
    "fe - specialist post-16 institutions": "specialist_post_16",
    "fe - ukrlp provider": "ukrlp_provider",
    "educated elsewhere - total": "educated_elsewhere",
    "educated elsewhere - elective home education": "elective_home_education",
    "educated elsewhere - other arrangements by la": "other_arrangements_la",
    "educated elsewhere - other arrangements by parents": "other_arrangements_parents",
    "educated elsewhere - online provider": "online_provider",
    "educated elsewhere - welsh establishment": "welsh_settings",
    "educated elsewhere - other schools and establishments": "other_schools",
    "educated elsewhere - other placement settings": "other_placement_settings",
    "educated elsewhere - neet": "neet",
    "educated elsewhere - not in education or training (notice to cease issued)": (
        "neet_notice_to_cease"
    ),
    "educated elsewhere - not in education or training (compulsory school age)": (
        "neet_compulsory_school_age"
    ),
    "educated elsewhere - not in education or training (other)": "neet_other",
    "non-maintained early years": "early_years",
    "placement not recorded": "not_recorded",
}

#: Labels of a single age, in lower case and without "age" or "aged", to the codes of ``age``.
AGE_LABELS = {
    "under 3": "under_3",
    "2 and under": "2_and_under",
    **{str(age): str(age) for age in range(3, 26)},
    "20 and over": "20_and_over",
    "unknown": "unknown",
}

SEX_LABELS = {"female": "female", "male": "male", "unknown": "unknown"}


#: Age groups of the 2022 edition, in lower case, to the codes of ``age``.
AGE_GROUPS_2022 = {
    "total": "all",
    "under 5": "under_5",
    "age 5 to 10": "5_to_10",
    "age 11 to 15": "11_to_15",
    "age 16 to 19": "16_to_19",
    "age 20 to 25": "20_to_25",
}

#: Types of establishment in the 2022 edition, in lower case, to the codes that the 2025 edition
#: uses for the same plans: it counts hospital schools with maintained special schools, sixth form
#: and other colleges with further education colleges, and academies with free schools.
TYPES_2022 = {
    "mainstream - la maintained": "mainstream_la_maintained",
    "mainstream - la maintained - resourced provision": "mainstream_la_maintained_resourced",
    "mainstream - la maintained - sen unit": "mainstream_la_maintained_senunit",
    "mainstream - academy": "mainstream_academy",
    "mainstream - academy - resourced provision": "mainstream_academy_resourced",
    "mainstream - academy - sen unit": "mainstream_academy_senunit",
    "mainstream - free school": "mainstream_free_school",
    "mainstream - free school - resourced provision": "mainstream_free_school_resourced",
    "mainstream - free school - sen unit": "mainstream_free_school_senunit",
    "mainstream - independent": "mainstream_independent",
    "special - la maintained": "special_la_maintained",
    "hospital school": "special_la_maintained",
    "special - academy": "special_academy_free",
    "special - free school": "special_academy_free",
    "special - academy/free": "special_academy_free",
    "special - independent": "special_independent",
    "special - non-maintained": "special_non_maintained",
    "ap/pru - la maintained": "ap_pru_la_maintained",
    "ap/pru - academy": "ap_pru_academy",
    "ap/pru - free school": "ap_pru_free_school",
    "general fe and tertiary colleges/he": "fe_colleges",
    "other fe": "fe_colleges",
    "sixth form college": "fe_colleges",
    "specialist post-16 institutions": "specialist_post_16",
    "independent specialist providers": "specialist_post_16",
    "elective home education": "elective_home_education",
    "other arrangements by local authority": "other_arrangements_la",
    "other arrangements by parents": "other_arrangements_parents",
    "neet": "neet",
    "non-maintained early years": "early_years",
    "other": "other_placement_settings_apart",
    "permanently excluded": "permanently_excluded_apart",
    "awaiting provision - total": "awaiting_provision_apart",
    "awaiting provision - below compulsory school age and in education": (
        "awaiting_provision_apart"
    ),
    "awaiting provision - below compulsory school age and not in education": (
        "awaiting_provision_apart"
    ),
    "awaiting provision - compulsory school age and in education": "awaiting_provision_apart",
    "awaiting provision - compulsory school age and not in education": "awaiting_provision_apart",
    "awaiting provision - above compulsory school age and in education": (
        "awaiting_provision_apart"
    ),
    "awaiting provision - above compulsory school age and not in education": (
        "awaiting_provision_apart"
    ),
}
#: Types that the edition lists for new plans of 2014 and 2015 without any plan in them.
EMPTY_TYPES_2022 = ["Work-based learning", "Apprenticeship", "Traineeship", "Supported Internship"]
GROUPS_2022 = {
    "Mainstream school": "mainstream",
    "Special school": "special",
    "Alternative provision/Pupil referral unit": "ap_pru",
    "Further education": "further_education",
}
#: The 2022 edition counts those awaiting provision as educated elsewhere, and young people not in
#: education as neither; the 2025 edition the other way round. These make up its group.
EDUCATED_ELSEWHERE = [
    "elective_home_education", "other_arrangements_la", "other_arrangements_parents", "neet",
]  # fmt: skip


def placement_columns(release: str) -> list[str]:
    """Return the columns that count placements in an edition ("2025" or "2026")."""
    other_editions = {
        column
        for edition, columns in SPECIAL_ACADEMY_COLUMNS.items()
        if edition != release
        for column in columns
    }
    return [column for column in PLACEMENT_CODES if column not in other_editions]


def placement_codes(columns: pd.Series, *, other_is_apart: pd.Series) -> pd.Series:
    """Return the placement code of each column.

    Parameters
    ----------
    columns
        Names of columns, keys of ``PLACEMENT_CODES``.
    other_is_apart
        Whether "other placement settings" stand outside "educated elsewhere" in that row, as they
        do in plans held up to January 2023 and in plans made up to 2021. A code means one thing
        and has one parent, so they then have a code of their own.
    """
    codes = columns.map(PLACEMENT_CODES)
    apart = (codes == "other_placement_settings") & other_is_apart
    return codes.mask(apart, "other_placement_settings_apart")


def codes_of(labels: pd.Series, known: dict[str, str], *, where: str) -> pd.Series:
    """Return the codes of published labels, looked up in lower case and trimmed.

    Raises
    ------
    ReportError
        On a label that is not known; names the label.

    Examples
    --------
    >>> codes_of(pd.Series(["Male", "Female"]), SEX_LABELS, where="plans.csv").tolist()
    ['male', 'female']
    """
    lowered = labels.str.strip().str.lower()
    codes = lowered.map(known)
    if codes.isna().any():
        stray = labels[codes.isna()].iloc[0]
        raise ReportError(
            f"unknown label {stray!r}",
            where=where,
            fix=did_you_mean(stray, known) or "Add it to this release's layout.",
        )
    return codes.astype("str")


def age_codes(labels: pd.Series, *, where: str) -> pd.Series:
    """Return the codes of single ages, however an edition words them.

    Raises
    ------
    ReportError
        On a label that is no known age.

    Examples
    --------
    >>> age_codes(pd.Series(["age 10", "Aged 2 and under", "under 3"]), where="x.csv").tolist()
    ['10', '2_and_under', 'under_3']
    """
    bare = labels.str.strip().str.lower().str.replace(r"^aged? ", "", regex=True)
    return codes_of(bare, AGE_LABELS, where=where)


def areas(table: pd.DataFrame, *, where: str) -> pd.Series:
    """Return each row's area: England and regions by GSS code, councils by three-digit code.

    Raises
    ------
    ReportError
        On an unknown geographic level or a malformed code; names the row.
    """
    levels = {
        "National": "country_code",
        "Regional": "region_code",
        "Local authority": "old_la_code",
    }
    codes = pd.Series(pd.NA, index=table.index, dtype="str")
    for level, column in levels.items():
        codes = codes.mask(table["geographic_level"] == level, table[column])
    sound = codes.str.fullmatch(r"E92000001|E1200000[1-9]|\d{3}").fillna(False).astype("bool")
    if not sound.all():
        row = table[~sound].iloc[0]
        raise ReportError(
            f"no area code in a row of level {row['geographic_level']!r} "
            f"(region {row['region_code']!r}, council {row['old_la_code']!r})",
            where=f"{where}, row {table.index[~sound][0] + 2}",
            fix="Levels are National, Regional and Local authority; councils have three digits.",
        )
    return codes


def check_time_identifiers(table: pd.DataFrame, *, where: str) -> None:
    """Refuse a row whose period is said to be another kind of year than those that are read.

    Raises
    ------
    ReportError
        Names the first row.
    """
    wrong = ~table["time_identifier"].isin(["", "Calendar year", "Academic year"])
    if wrong.any():
        row = table[wrong].iloc[0]
        raise ReportError(
            f"{row['time_period']} is said to be a {row['time_identifier']!r}",
            where=f"{where}, row {table.index[wrong][0] + 2}, column 'time_identifier'",
            fix="A 'Calendar year' or an 'Academic year' is read.",
        )


def january_years(time_periods: pd.Series, *, where: str) -> pd.Series:
    """Return the year of the January census within academic years written like ``202425``.

    Raises
    ------
    ReportError
        On a time period that is no academic year.

    Examples
    --------
    >>> january_years(pd.Series(["202425"]), where="caseload.csv").tolist()
    [2025]
    """
    sound = time_periods.str.fullmatch(r"20\d{4}")
    if sound.all():
        start = time_periods.str[:4].astype("int64")
        sound = (start + 1) % 100 == time_periods.str[4:].astype("int64")
    if not sound.all():
        row = sound[~sound].index[0]
        raise ReportError(
            f"{time_periods.loc[row]!r} is not an academic year",
            where=f"{where}, row {row + 2}, column 'time_period'",
            fix="Write it like 202425.",
        )
    return start + 1


def january_periods(years: pd.Series) -> pd.Series:
    """Return the January census of each year: 2025 gives ``2025-01``."""
    return years.map(january).astype("str")
