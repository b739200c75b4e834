"""LAIT: figures against independent publications, and what a broken file says."""

from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import lait
from sendreform.sources.catalogue import read_words
from sendreform.sources.reading import SourceFolder, read_csv

KENT, DORSET, OLD_DORSET, BCP, CITY = "886", "838", "835", "839", "201"


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return lait.observations(source_folder)


def figure(
    observations: pd.DataFrame, measure: str, area: str, period: str, breakdown: str
) -> float:
    is_it = (
        (observations["measure"] == measure)
        & (observations["area"] == area)
        & (observations["period"] == period)
        & (observations["breakdown"] == breakdown)
    )
    return float(observations.loc[is_it, "value"].item())


# "Key stage 4 performance", table of national characteristics, 2018/19 to 2022/23:
# https://explore-education-statistics.service.gov.uk/data-tables/permalink/e09cca85-15ba-42b8-52a1-08dc3ae70a0c
ATTAINMENT_8 = {
    "all": [46.7, 50.2, 50.9, 48.8, 46.3],
    "sen_status:ehc_plan": [13.7, 15.2, 15.7, 14.3, 14.0],
    "sen_status:sen_support": [32.6, 36.4, 36.7, 34.9, 33.3],
}


@pytest.mark.sources
@pytest.mark.parametrize("breakdown", list(ATTAINMENT_8))
def test_attainment_8_is_that_of_the_key_stage_4_release(
    observations: pd.DataFrame, breakdown: str
) -> None:
    england = observations.query(
        "measure == 'attainment_8' and area == @ENGLAND and breakdown == @breakdown"
        " and '2018/19' <= period <= '2022/23'"
    )
    assert england["value"].tolist() == ATTAINMENT_8[breakdown]


# "Pupil characteristics - Free school meals", England, 2015/16 to 2020/21:
# https://explore-education-statistics.service.gov.uk/data-tables/permalink/50266f29-94b5-403f-96b0-6e307a818441
FREE_SCHOOL_MEALS = {
    "school_type:primary": [14.6, 14.1, 13.8, 15.8, 17.7, 21.6],
    "school_type:secondary": [13.2, 12.9, 12.4, 14.1, 15.9, 18.9],
}


@pytest.mark.sources
@pytest.mark.parametrize("breakdown", list(FREE_SCHOOL_MEALS))
def test_free_school_meals_are_those_of_the_school_census_release(
    observations: pd.DataFrame, breakdown: str
) -> None:
    england = observations.query(
        "measure == 'free_school_meals_share' and area == @ENGLAND and breakdown == @breakdown"
        " and '2016-01' <= period <= '2021-01'"
    )
    assert england["value"].tolist() == FREE_SCHOOL_MEALS[breakdown]


@pytest.mark.sources
def test_more_pupils_were_eligible_for_free_meals_at_some_time_in_six_years_than_now(
    observations: pd.DataFrame,
) -> None:
    now, ever = (
        observations.query("measure == @measure").set_index(["area", "period", "breakdown"])[
            "value"
        ]
        for measure in ("free_school_meals_share", "free_school_meals_in_six_years_share")
    )
    england = ever.xs(ENGLAND) - now.xs(ENGLAND)
    assert len(england) == 20
    assert england.min() > 0


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "period", "breakdown", "published"),
    [
        # Early years foundation stage profile results 2018/19, as nasen reports them.
        ("good_level_of_development", "2018/19", "all", 71.8),
        ("good_level_of_development", "2018/19", "sen_status:sen_support", 29),
        ("good_level_of_development", "2018/19", "sen_status:ehc_plan", 5),
        # Phonics screening check 2022/23, as The Key reports it.
        ("phonics_in_year_1", "2022/23", "all", 79),
        ("phonics_in_year_1", "2022/23", "sen_status:no_sen", 86),
        ("phonics_in_year_1", "2022/23", "sen_status:sen_support", 48),
        ("phonics_in_year_1", "2022/23", "sen_status:ehc_plan", 20),
        # Key stage 2 attainment 2022/23, as Isos Partnership reports it.
        ("reading_writing_maths_at_11", "2022/23", "sen_status:ehc_plan", 8),
        ("reading_writing_maths_at_11", "2022/23", "sen_status:sen_support", 24),
        # Special educational needs in England, January 2020, the Department's own text.
        ("pupils_with_ehc_plan_share", "2020-01", "all", 3.3),
        ("pupils_with_ehc_plan_share", "2020-01", "school_type:primary", 1.8),
        ("pupils_with_sen_support_share", "2020-01", "all", 12.1),
        ("pupils_with_sen_support_share", "2020-01", "school_type:primary", 12.8),
        # "Schools, pupils and their characteristics", January 2023, as the London Press reports it.
        ("free_school_meals_share", "2023-01", "school_type:primary", 24.0),
        ("free_school_meals_share", "2023-01", "school_type:secondary", 22.7),
    ],
)
def test_england_is_as_published(
    observations: pd.DataFrame, measure: str, period: str, breakdown: str, published: float
) -> None:
    assert figure(observations, measure, ENGLAND, period, breakdown) == published


@pytest.mark.sources
def test_absence_is_that_of_the_absence_release(observations: pd.DataFrame) -> None:
    """2022/23, to one decimal, as the House of Commons Library reports it (CBP-9710)."""
    assert round(figure(observations, "absence_rate", ENGLAND, "2022/23", "all"), 1) == 7.4
    assert round(figure(observations, "persistent_absence", ENGLAND, "2022/23", "all"), 1) == 21.2


@pytest.mark.sources
def test_shares_of_pupils_agree_with_the_departments_dashboard(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """Every council from 2017/18 to 2022/23: the same figure, to two decimals instead of one."""
    dashboard = read_csv(
        source_folder,
        "school_census/dfe_incl_dashboard_percent_pupils_ehcp.csv",
        [
            "time_period", "geographic_level", "region_name", "la_name", "new_la_code",
            "SEN provision", "% of pupils", "academic_year",
        ],
    )  # fmt: skip
    names = source_folder.file("lait/bds_long_0.parquet")
    lait_names = pd.read_parquet(names, columns=["LA and Regions", "LA Number"]).drop_duplicates()
    council = lait_names.assign(area=lait_names["LA Number"].astype(int).astype(str)).set_index(
        "LA and Regions"
    )["area"]
    theirs = dashboard.assign(
        area=dashboard["la_name"]
        .map(council)
        .mask(dashboard["geographic_level"] == "National", ENGLAND),
        period=(dashboard["time_period"].str[:4].astype(int) + 1).astype(str) + "-01",
        measure=dashboard["SEN provision"].map(
            {
                "EHC plan": "pupils_with_ehc_plan_share",
                "SEN support": "pupils_with_sen_support_share",
            }
        ),
        published=pd.to_numeric(dashboard["% of pupils"]),
    ).dropna(subset=["area", "published"])
    both = observations.query("breakdown == 'all' and status == ''").merge(
        theirs[["measure", "area", "period", "published"]], on=["measure", "area", "period"]
    )
    assert len(both) > 1600
    assert ((both["value"] - both["published"]).abs() < 0.0501).all()


@pytest.mark.sources
def test_destinations_are_those_of_the_year_in_which_pupils_finished(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """The Department's file calls 2020/21 what became in that year of the leavers of 2019/20.

    Its shares are some tenths to a point higher: LAIT's leave out employment that only councils
    reported. The leap in the pandemic is in education, which that change did not touch.
    """
    raw = pd.read_csv(
        source_folder.file("send_dashboard/ks4_dm_ud_202122_nat_prov.csv"),
        dtype=str,
        encoding="utf-8-sig",
    )
    released = raw[
        (raw["institution_group"] == "State-funded mainstream & special schools")
        & (raw["institution_type"] == "Total")
        & (raw["breakdown_topic"] == "SEN Provision")
        & (raw["breakdown"] == "Statement of SEN/Education Health and Care plan")
        & (raw["data_type"] == "Percentage")
    ].set_index("time_period")["overall"]
    for leavers, destinations in [("2016/17", "201718"), ("2019/20", "202021")]:
        ours = figure(
            observations, "sustained_destination", ENGLAND, leavers, "sen_status:ehc_plan"
        )
        assert 0 < float(released[destinations]) - ours < 1.2


@pytest.mark.sources
def test_england_lies_between_its_regions(observations: pd.DataFrame) -> None:
    key = ["measure", "period", "breakdown"]
    figures = observations[observations["source"] == lait.SOURCE].dropna(subset="value")
    regions = figures[figures["area"].str.startswith("E12")].groupby(key)["value"]
    england = figures[figures["area"] == ENGLAND].set_index(key)["value"]
    assert len(england) > 600
    assert (england >= regions.min().loc[england.index]).all()
    assert (england <= regions.max().loc[england.index]).all()


@pytest.mark.sources
def test_areas_are_england_its_regions_and_its_councils(observations: pd.DataFrame) -> None:
    latest = observations.query("measure == 'pupils_with_ehc_plan_share' and period == '2025-01'")
    areas = set(latest["area"])
    assert len(areas) == 1 + 9 + 153
    assert not areas & {"987", "988", OLD_DORSET, "909", "928"}


@pytest.mark.sources
def test_a_council_has_figures_only_while_it_exists(observations: pd.DataFrame) -> None:
    shares = observations.query("measure == 'pupils_with_ehc_plan_share' and breakdown == 'all'")
    periods = shares.dropna(subset="value").groupby("area")["period"].agg(["min", "max"])
    assert tuple(periods.loc[OLD_DORSET]) == ("2016-01", "2019-01")
    assert tuple(periods.loc[DORSET]) == ("2020-01", "2025-01")


@pytest.mark.sources
def test_years_without_tests_have_no_rows(observations: pd.DataFrame) -> None:
    tested = observations.query("measure == 'reading_writing_maths_at_11'")
    assert not {"2019/20", "2020/21"} & set(tested["period"])
    graded = observations.query("measure == 'attainment_8'")
    assert {"2019/20", "2020/21"} <= set(graded["period"])


@pytest.mark.sources
def test_a_zero_of_a_council_that_did_not_exist_is_not_a_figure(observations: pd.DataFrame) -> None:
    at_19 = observations.query(
        "measure == 'level_2_at_19' and breakdown == 'sen_status:sen_support' and area == @BCP"
    )
    assert at_19["value"].min() == 62.82
    assert set(at_19.loc[at_19["value"].isna(), "status"]) == {"-"}


@pytest.mark.sources
def test_symbols_of_single_councils_are_kept(observations: pd.DataFrame) -> None:
    city = observations.query("measure == 'attainment_8' and area == @CITY and period == '2023/24'")
    assert city["value"].isna().all()
    assert set(city["status"]) == {"-"}


@pytest.mark.sources
def test_quoted_absence_lies_on_both_sides_of_all_pupils(observations: pd.DataFrame) -> None:
    """The Department's table by SEN status against LAIT's figure for all pupils."""
    for measure in ["absence_rate", "persistent_absence"]:
        for period in ["2015/16", "2016/17", "2017/18", "2018/19"]:
            ehc_plan, sen_support, everyone, no_sen = (
                figure(observations, measure, ENGLAND, period, breakdown)
                for breakdown in [
                    "sen_status:ehc_plan", "sen_status:sen_support", "all", "sen_status:no_sen",
                ]
            )  # fmt: skip
            assert no_sen < everyone < sen_support < ehc_plan


def test_every_quoted_figure_is_in_the_words_it_is_quoted_from() -> None:
    quoted = pd.read_csv(
        resources.files("sendreform.sources") / "lait_quoted.csv", dtype=str, encoding="utf-8"
    )
    assert all(row.value in row.as_published for row in quoted.itertuples())
    assert set(quoted["source"]) <= set(read_words("lait").sources["source"])
    assert set(quoted["measure"]) <= set(lait.SERIES)


def test_every_measure_is_described() -> None:
    assert set(read_words("lait").measures["measure"]) == set(lait.SERIES)


# What a broken file says.


def small_file(
    folder: Path, *, without_series: str = "", **changes: dict[str, object]
) -> SourceFolder:
    """Write a LAIT of one council with every series; ``changes`` set the first row's cells."""
    names = [name for series in lait.SERIES.values() for name in series.values()]
    published = pd.DataFrame(
        {
            "Short Desc": [name for name in names if name != without_series],
            "Data item": "",
            "Years": "2024",
            "LA and Regions": "Kent",
            "Values": "12.5",
            "LA Number": 886.0,
            "Region": "South East",
        }
    )
    for column, value in changes.get("first_row", {}).items():
        published.loc[0, column] = value
    published = published.rename(columns=changes.get("rename", {}))
    (folder / "lait").mkdir()
    published.to_parquet(folder / lait.PATH)
    return SourceFolder(folder)


def complaint(folder: SourceFolder) -> str:
    with pytest.raises(ReportError) as caught:
        lait.observations(folder)
    return str(caught.value)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    read = lait.observations(small_file(tmp_path)).query("area == @KENT")
    assert len(read) == sum(len(series) for series in lait.SERIES.values())
    assert set(read["value"]) == {12.5}
    periods = read.drop_duplicates("measure").set_index("measure")["period"]
    assert periods["attainment_8"] == "2023/24"
    assert periods["pupils_with_ehc_plan_share"] == "2024-01"
    assert periods["participation_at_16_and_17"] == "2023-24"


@pytest.mark.parametrize(
    ("written", "period"),
    [("2025 (prov)", "2024/25"), ("2018 (Rev)", "2017/18"), ("2020 (Final)", "2019/20"),
     ("2015/16", "2015/16")],
)  # fmt: skip
def test_years_are_read_with_their_notes(tmp_path: Path, written: str, period: str) -> None:
    read = lait.observations(small_file(tmp_path, first_row={"Years": written}))
    row = read.query("measure == 'good_level_of_development' and breakdown == 'all'")
    assert row["period"].item() == period


def test_a_missing_file(tmp_path: Path) -> None:
    assert complaint(SourceFolder(tmp_path)).startswith(f"{lait.PATH}: the file is missing.")


def test_a_truncated_file(tmp_path: Path) -> None:
    folder = small_file(tmp_path)
    whole = folder.file(lait.PATH).read_bytes()
    folder.file(lait.PATH).write_bytes(whole[: len(whole) // 2])
    assert complaint(folder).startswith(f"{lait.PATH}: the file is damaged or cut short (")


def test_a_renamed_column(tmp_path: Path) -> None:
    folder = small_file(tmp_path, rename={"LA Number": "LA code"})
    assert complaint(folder).startswith(
        f"{lait.PATH}: column 'LA Number' is missing (unknown: 'LA code')."
    )


def test_a_missing_series(tmp_path: Path) -> None:
    folder = small_file(tmp_path, without_series="Age19_SENwoS_L3")
    assert complaint(folder).startswith(
        f"{lait.PATH}, column 'Short Desc': series 'Age19_SENwoS_L3' is missing. Did you mean "
    )


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ({"Values": "12.5*"}, "FSP_NEW_GOODDEV, Kent, 2024: '12.5*' is neither a number nor"),
        ({"Values": "125"}, "FSP_NEW_GOODDEV, Kent, 2024: 125 is not a percentage."),
        ({"Years": "2024 (est)"}, "column 'Years': '2024 (est)' is not a year as LAIT writes"),
        ({"LA Number": 999.0}, "column 'LA Number': 999 is not a code of a council, a region"),
    ],
)
def test_a_broken_cell(tmp_path: Path, cell: dict[str, object], expected: str) -> None:
    assert expected in complaint(small_file(tmp_path, first_row=cell))


def test_a_figure_given_twice(tmp_path: Path) -> None:
    folder = small_file(tmp_path)
    published = pd.read_parquet(folder.file(lait.PATH))
    pd.concat([published, published.head(1)]).to_parquet(folder.file(lait.PATH))
    assert (
        "measure 'good_level_of_development' is given twice for area 886, period 2023/24"
        in complaint(folder)
    )
