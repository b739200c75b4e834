"""Children and young people by age: estimates by council, and projections for England.

Three series that must not be chained: single ages for mid-2023, single ages for years before the
2021 Census (these proved too high), and ages 0 to 17 in one revised series. An estimate made
before the 2021 Census is a measure of its own for that reason.

How the estimates are made:
https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/populationestimates
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources.council_codes import (
    check_three_digit,
    read_councils,
    three_digit_from_gss,
)
from sendreform.sources.reading import SourceFolder, read_csv

MID_2023_COUNCIL = "population/ons_mye_sya_utla23_2023.csv"
MID_2023_ENGLAND = "population/ons_mye_2023_england_sya_sex.csv"
BEFORE_CENSUS = "population/ons_mye_sya_utla23_2017_2019_2020.csv"
REVISED_0_17 = "population/ons_mye_0_17_la_2012_2024.csv"
PROJECTION = "population/ons_npp2022based_england_principal_age0_25_2022_2047.csv"
PROJECTED_YEARS = range(2022, 2048)

#: The ages that an EHC plan can cover, and the groups in which the Department counts plans.
AGES = [str(age) for age in range(26)]
GROUPS = {
    "under_5": range(5),
    "5_to_10": range(5, 11),
    "11_to_15": range(11, 16),
    "16_to_19": range(16, 20),
    "20_to_25": range(20, 26),
}
GROUP_OF = {str(age): group for group, ages in GROUPS.items() for age in ages}
AGES_2_TO_18 = [str(age) for age in range(2, 19)]

_COUNCIL_COLUMNS = ["year", "utla23_code", "utla23_name", "all_ages", *map(str, range(90))]
_REVISED_COLUMNS = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name", "age_group",
    "population_estimate",
]  # fmt: skip
#: Inner and Outer London, which the revised series gives beside London.
_PARTS_OF_LONDON = ["E13000001", "E13000002"]


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read every series of population.

    Returns
    -------
    Observations at the middle of each year (persons; ``mid_year``). ``all`` is ages 0 to 25, but
    for the measures whose name says otherwise; ``population_age`` breaks it into age groups, and
    these into single ages (before the 2021 Census: for England only).

    Raises
    ------
    ReportError
        When a file is not as expected, or councils do not add up to the figure for England.
    """
    mid_2023 = _mid_2023(folder)
    before = _before_census(folder)
    one_council_age = before["breakdown"].isin([f"population_age:{age}" for age in AGES]) & (
        before["area"] != ENGLAND
    )
    return tidy(
        pd.concat(
            [
                _by_group(mid_2023).assign(measure="population"),
                _ages_2_to_18(mid_2023).assign(measure="population_2_to_18"),
                before[~one_council_age].assign(measure="population_before_2021_census"),
                _revised_0_17(folder).assign(measure="population_0_17"),
                _by_group(_projection(folder)).assign(measure="population_projection"),
            ]
        )
    )


def _mid_2023(folder: SourceFolder) -> pd.DataFrame:
    """Read single ages for mid-2023: area, period, age, value, source."""
    councils = _council_ages(folder, MID_2023_COUNCIL, optional=["90+"]).assign(
        source="population_mid_2023_council"
    )
    england = (
        read_csv(folder, MID_2023_ENGLAND, ["sex", "Code", "Name", "Geography", "age", "count"])
        .query("age in @AGES")
        .assign(
            area=lambda t: t["Code"],
            period="2023-06-30",
            value=lambda t: _complete(t["count"], where=f"{MID_2023_ENGLAND}, column count"),
            source="population_mid_2023_england",
        )
        .pipe(_summed)
    )
    _check_england(councils, england)
    return pd.concat([england, _regions(folder, councils), councils], ignore_index=True)


def _before_census(folder: SourceFolder) -> pd.DataFrame:
    """Read the estimates made before the 2021 Census, by age group and single age."""
    councils = _council_ages(folder, BEFORE_CENSUS, optional=["source"]).assign(
        source="population_before_census_council"
    )
    england = _summed(councils.assign(area=ENGLAND))
    return _by_group(pd.concat([england, _regions(folder, councils), councils], ignore_index=True))


def _council_ages(folder: SourceFolder, path: str, optional: list[str]) -> pd.DataFrame:
    """Read ages 0 to 25 from a table with a row per council and year and a column per age."""
    wide = read_csv(folder, path, _COUNCIL_COLUMNS, optional=optional)
    councils = wide.assign(
        area=three_digit_from_gss(folder, wide["utla23_code"], where=f"{path}, column utla23_code"),
        period=wide["year"] + "-06-30",
        **{age: _complete(wide[age], where=f"{path}, column {age}") for age in AGES},
    )
    twice = councils.duplicated(["area", "period"])
    if twice.any():
        first = councils[twice].iloc[0]
        raise ReportError(
            f"council {first['area']} is given twice for {first['year']}",
            where=f"{path}, row {councils.index[twice][0] + 2}",
            fix="Remove the duplicate row from the file.",
        )
    each_year = councils["year"].value_counts()
    if each_year.min() < each_year.max():
        raise ReportError(
            f"{each_year.index[-1]} has fewer councils than {each_year.index[0]}",
            where=path,
            fix="The file may be cut short: download it again.",
        )
    return councils.melt(["area", "period"], AGES, var_name="age", value_name="value")


def _regions(folder: SourceFolder, councils: pd.DataFrame) -> pd.DataFrame:
    region_of = read_councils(folder).drop_duplicates("area").set_index("area")["region"]
    return _summed(councils.assign(area=councils["area"].map(region_of)))


def _summed(ages: pd.DataFrame) -> pd.DataFrame:
    keys = ["area", "period", "age", "source"]
    return ages.groupby(keys, as_index=False).agg(value=("value", "sum"))


def _check_england(councils: pd.DataFrame, england: pd.DataFrame) -> None:
    """Refuse councils that do not add up to England at every age: both are published in full."""
    both = pd.DataFrame(
        {
            "councils": councils.groupby("age")["value"].sum(),
            "england": england.set_index("age")["value"],
        }
    )
    apart = both[both["councils"] != both["england"]]
    if len(apart):
        raise ReportError(
            f"at age {apart.index[0]} councils add up to {apart['councils'].iloc[0]:,.0f} where "
            f"England has {apart['england'].iloc[0]:,.0f}",
            where=MID_2023_COUNCIL,
            fix="A council is missing or changed: download the file again.",
        )


def _by_group(ages: pd.DataFrame) -> pd.DataFrame:
    """Add age groups and the total of ages 0 to 25 to single ages, as observations."""
    key = ["area", "period", "source"]
    grouped = [
        ages.assign(breakdown="population_age:" + ages["age"]),
        ages.assign(breakdown="population_age:" + ages["age"].map(GROUP_OF)),
        ages.assign(breakdown="all"),
    ]
    return (
        pd.concat(grouped, ignore_index=True)
        .groupby([*key, "breakdown"], as_index=False)
        .agg(value=("value", "sum"))
        .assign(status="")
    )


def _ages_2_to_18(ages: pd.DataFrame) -> pd.DataFrame:
    return (
        ages[ages["age"].isin(AGES_2_TO_18)]
        .groupby(["area", "period", "source"], as_index=False)
        .agg(value=("value", "sum"))
        .assign(breakdown="all", status="")
    )


def _revised_0_17(folder: SourceFolder) -> pd.DataFrame:
    """Read the revised series of ages 0 to 17."""
    table = read_csv(folder, REVISED_0_17, _REVISED_COLUMNS).query(
        "geographic_level != 'Regional' or region_code not in @_PARTS_OF_LONDON"
    )
    is_council = table["geographic_level"] == "Local authority"
    check_three_digit(
        folder, table.loc[is_council, "old_la_code"], where=f"{REVISED_0_17}, column old_la_code"
    )
    return table.assign(
        area=table["old_la_code"].where(
            is_council,
            table["region_code"].where(table["geographic_level"] == "Regional", ENGLAND),
        ),
        period=table["time_period"] + "-06-30",
        breakdown="all",
        source="population_0_17_revised",
    ).join(
        value_and_status(
            table["population_estimate"], where=f"{REVISED_0_17}, column population_estimate"
        )
    )


def _projection(folder: SourceFolder) -> pd.DataFrame:
    """Read the principal projection: area, period, age, value, source."""
    years = [str(year) for year in PROJECTED_YEARS]
    wide = read_csv(folder, PROJECTION, ["age", *years])
    if wide["age"].tolist() != AGES:
        raise ReportError("the rows are not ages 0 to 25, each once", where=PROJECTION)
    return wide.melt("age", years, var_name="year", value_name="published").assign(
        area=ENGLAND,
        period=lambda t: t["year"] + "-06-30",
        source="population_projection_2022_based",
        value=lambda t: _complete(t["published"], where=PROJECTION),
    )


def _complete(published: pd.Series, *, where: str) -> pd.Series:
    """Read numbers where none may be missing, since they are added up."""
    read = value_and_status(published, where=where)
    missing = read.index[read["value"].isna()]
    if len(missing):
        raise ReportError(
            "there is no number", where=f"{where}, row {missing[0] + 2}", fix="Download it again."
        )
    return read["value"]
