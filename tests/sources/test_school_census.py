"""The school census by council: figures against other files, and what a broken file says."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import school_census
from sendreform.sources.catalogue import read_words
from sendreform.sources.reading import SourceFolder

KENT = "886"
AGES = [f"age:{age}" for age in ("2_and_under", *range(3, 19), "19_and_over")]


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return school_census.observations(source_folder)


@pytest.mark.sources
def test_pupils_add_to_the_national_figure_of_another_release(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """ "Outcomes for children in need" gives all pupils in January 2022, to the nearest ten."""
    outcomes = pd.read_csv(source_folder.file("send_dashboard/sen_national.csv"), dtype=str)
    everyone = outcomes[
        (outcomes["social_care_group"] == "All pupils comparison")
        & (outcomes["time_period"] == "202122")
    ]["t_pupils"].item()
    all_ages = observations.query("measure == 'pupils' and breakdown == 'all'")
    ours = all_ages.query("period == '2022-01'")["value"].sum()
    assert ours == 8_418_013
    assert round(ours, -1) == float(everyone)


@pytest.mark.sources
def test_pupils_of_each_school_age_are_most_children_of_that_age(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """Set beside the Office for National Statistics' estimate of the summer before.

    A column taken for its neighbour would stand out at the ends: at 4 and at 16 schools teach
    other shares of all children. From 11 on, more go to independent schools or to none.
    """
    estimates = pd.read_csv(
        source_folder.file("population/ons_mye_2023_england_sya_sex.csv"), dtype={"age": "str"}
    )
    children = estimates.groupby("age")["count"].sum()
    pupils = (
        observations.query("measure == 'pupils' and period == '2024-01'")
        .groupby("breakdown")["value"]
        .sum()
    )
    shares = {age: pupils[f"age:{age}"] / children[str(age)] for age in (3, *range(5, 17))}
    assert all(0.95 < shares[age] < 0.97 for age in range(5, 11))
    assert all(0.89 < shares[age] < 0.94 for age in range(11, 16))
    assert max(shares[3], shares[16]) < 0.4


@pytest.mark.sources
def test_those_of_an_age_are_a_year_older_a_year_later(observations: pd.DataFrame) -> None:
    """Pupils aged 5 to 13 in one January and 6 to 14 in the next are the same children."""
    in_england = (
        observations.query("measure == 'pupils'")
        .pivot_table(index="breakdown", columns="period", values="value", aggfunc="sum")
        .loc[AGES]
    )
    before = in_england.loc["age:5":"age:13"].to_numpy()[:, :-1].sum(axis=0)
    after = in_england.loc["age:6":"age:14"].to_numpy()[:, 1:].sum(axis=0)
    assert after / before == pytest.approx(1.0, abs=0.012)


@pytest.mark.sources
def test_ages_add_to_all_pupils_in_every_council(observations: pd.DataFrame) -> None:
    wide = observations.query("measure == 'pupils'").pivot(
        index=["area", "period"], columns="breakdown", values="value"
    )
    assert len(wide) == 1520
    assert (wide[AGES].sum(axis="columns", skipna=False) == wide["all"]).all()


@pytest.mark.sources
def test_pupils_with_a_plan_are_close_to_their_share_of_pupils(
    observations: pd.DataFrame, source_folder: SourceFolder
) -> None:
    """The dashboard's share of 2022/23 counts independent schools too, and need not recorded."""
    dashboard = pd.read_csv(
        source_folder.file("school_census/dfe_incl_dashboard_percent_pupils_ehcp.csv"), dtype=str
    )
    published = dashboard[
        (dashboard["geographic_level"] == "National")
        & (dashboard["academic_year"] == "2022/23")
        & (dashboard["SEN provision"] == "EHC plan")
    ]["% of pupils"].item()
    january = observations.query("period == '2023-01' and breakdown == 'all'")
    totals = january.groupby("measure")["value"].sum()
    share = 100 * totals["pupils_with_ehc_plan_by_need"] / totals["pupils"]
    assert share == pytest.approx(float(published), abs=0.1)


@pytest.mark.sources
def test_each_year_has_its_councils(observations: pd.DataFrame) -> None:
    pupils = observations.query("measure == 'pupils'")
    councils = pupils.groupby("period")["area"].nunique()
    assert councils.to_dict() == {
        "2016-01": 152, "2017-01": 152, "2018-01": 152, "2019-01": 152, "2020-01": 151,
        "2021-01": 151, "2022-01": 152, "2023-01": 152, "2024-01": 153, "2025-01": 153,
    }  # fmt: skip


@pytest.mark.sources
def test_kent_is_as_published(observations: pd.DataFrame) -> None:
    kent = observations.query("area == @KENT and period == '2025-01'").set_index(
        ["measure", "breakdown"]
    )["value"]
    assert kent["pupils", "all"] == 251_802
    assert kent["pupils", "age:2_and_under"] == 934
    assert kent["pupils", "age:5"] == 17_819
    assert kent["pupils", "age:15"] == 18_582
    assert kent["pupils", "age:19_and_over"] == 9
    assert kent["pupils_with_ehc_plan_by_need", "need:asd"] == 6_581


@pytest.mark.sources
def test_a_need_that_was_not_asked_for_has_no_rows(observations: pd.DataFrame) -> None:
    down_syndrome = observations.query("breakdown == 'need:ds'")
    assert set(down_syndrome["period"]) == {"2025-01"}
    assert set(down_syndrome["status"]) == {"", "blank"}


def test_every_measure_need_and_age_is_described() -> None:
    words = read_words("school_census")
    assert set(words.measures["measure"]) == {m for m, _ in school_census.FIGURES.values()}
    described = words.breakdowns.groupby("dimension")["code"].agg(set)
    assert described["need"] == set(school_census.NEED_CODES.values())
    assert {f"age:{code}" for code in described["age"]} == set(AGES)


# What a broken file says.

ROW = {
    "time_period": "202425",
    "old_la_code": KENT,
    "new_la_code": "E10000016",
    "la_name": "Kent",
    **dict.fromkeys(school_census.NEED_CODES, "10.0"),
    school_census.ALL_NEEDS: "140.0",
    **dict.fromkeys(school_census.AGE_CODES, "100.0"),
    school_census.ALL_PUPILS: "1800.0",
    "pupils_male": "900.0",
    "pupils_female": "900.0",
}


def small_file(folder: Path, rows: list[dict[str, str]]) -> SourceFolder:
    path = folder / school_census.PATH
    path.parent.mkdir()
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return SourceFolder(folder)


def complaint(folder: SourceFolder) -> str:
    with pytest.raises(ReportError) as caught:
        school_census.observations(folder)
    return str(caught.value)


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    read = school_census.observations(small_file(tmp_path, [ROW]))
    assert len(read) == 1 + 18 + 1 + 14  # all pupils, 18 ages, all needs, 14 needs
    assert set(read["period"]) == {"2025-01"}


def test_an_empty_cell_keeps_its_reason(tmp_path: Path) -> None:
    other = {**ROW, "old_la_code": "887", "ehc_visual_impairment": "", "ehc_sum_of_needs": "130.0"}
    read = school_census.observations(small_file(tmp_path, [ROW, other]))
    cell = read.query("area == '887' and breakdown == 'need:vi'")
    assert cell["value"].isna().item()
    assert cell["status"].item() == "blank"


def test_a_missing_file(tmp_path: Path) -> None:
    assert complaint(SourceFolder(tmp_path)).startswith(
        f"{school_census.PATH}: the file is missing."
    )


def test_a_renamed_column(tmp_path: Path) -> None:
    renamed = {("pupils_total" if name == "pupils_all" else name): ROW[name] for name in ROW}
    assert complaint(small_file(tmp_path, [renamed])).startswith(
        f"{school_census.PATH}: column 'pupils_all' is missing (unknown: 'pupils_total')."
    )


def test_an_unknown_column(tmp_path: Path) -> None:
    assert complaint(small_file(tmp_path, [{**ROW, "ehc_dyslexia": "1.0"}])).startswith(
        f"{school_census.PATH}: unknown column 'ehc_dyslexia'."
    )


def test_a_truncated_file(tmp_path: Path) -> None:
    folder = small_file(tmp_path, [ROW, {**ROW, "old_la_code": "887"}])
    whole = folder.file(school_census.PATH).read_bytes()
    folder.file(school_census.PATH).write_bytes(whole[:-60])
    assert f"{school_census.PATH}, row 3: the row has " in complaint(folder)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            {"ehc_hearing_impairment": "10*"},
            "ehc_hearing_impairment, council 886, 2025-01: '10*' is neither a number nor",
        ),
        (
            {"ehc_hearing_impairment": "11.0"},
            "council 886, 2025-01: ehc_sum_of_needs is 140 and its parts add to 141.",
        ),
        (
            {"pupils_age_7": ""},
            "council 886, 2025-01: pupils_all is 1800 and its parts add to 1700.",
        ),
        ({"time_period": "202426"}, "column 'time_period', row 2: '202426' is not an academic"),
        ({"old_la_code": "88"}, "column 'old_la_code', row 2: '88' is not a council code"),
    ],
)
def test_a_broken_cell(tmp_path: Path, cell: dict[str, str], expected: str) -> None:
    assert expected in complaint(small_file(tmp_path, [{**ROW, **cell}]))


def test_a_council_given_twice(tmp_path: Path) -> None:
    assert (
        complaint(small_file(tmp_path, [ROW, ROW]))
        == f"{school_census.PATH}, row 3: council 886 stands twice for 2025-01."
        " Remove one of the rows."
    )
