"""EHC plans held each January: figures against independent witnesses, and what bad files say."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import ehc_caseload
from sendreform.sources.catalogue import read_words
from sendreform.sources.ehc_caseload import PLACEMENT_GROUPS
from sendreform.sources.reading import SourceFolder, read_csv
from sendreform.sources.sen2_layout import (
    ARCHIVE_2022,
    ARCHIVE_2025,
    AREA_COLUMNS,
    FOLDER_2026,
    NEED_CODES,
    PLACEMENT_PERCENTAGES,
    RENAMED,
    TOPIC_COLUMNS,
    placement_columns,
)

WITNESSES = Path(__file__).resolve().parents[3] / "shared" / "research" / "published_series.csv"

CASELOAD_2026 = f"{FOLDER_2026}/caseload_202526_national.csv"
#: Hackney and Peterborough returned totals only in January 2024.
WITHOUT_DETAIL_2024 = {"204", "874", "E12000006", "E12000007", ENGLAND}


@pytest.fixture(scope="module")
def observations(source_folder: SourceFolder) -> pd.DataFrame:
    return ehc_caseload.observations(source_folder)


@pytest.fixture(scope="module")
def plans(observations: pd.DataFrame) -> pd.Series:
    """Return every value by area, period and breakdown."""
    return observations.set_index(["area", "period", "breakdown"])["value"]


# ---------------------------------------------------------------- figures as published


@pytest.mark.sources
@pytest.mark.parametrize(
    ("area", "period", "breakdown", "published"),
    [
        # Headlines of the releases.
        (ENGLAND, "2014-01", "all", 237_111),
        (ENGLAND, "2015-01", "all", 240_183),
        (ENGLAND, "2016-01", "all", 256_315),
        (ENGLAND, "2018-01", "all", 319_819),
        (ENGLAND, "2019-01", "all", 353_995),
        (ENGLAND, "2024-01", "all", 576_474),
        (ENGLAND, "2025-01", "all", 638_745),
        (ENGLAND, "2026-01", "all", 718_838),
        (ENGLAND, "2026-01", "placement:mainstream", 326_804),
        (ENGLAND, "2026-01", "placement:special_independent", 35_569),
        (ENGLAND, "2026-01", "placement:neet_notice_to_cease", 1_916),
        (ENGLAND, "2026-01", "age:10", 47_974),
        (ENGLAND, "2026-01", "age:10 placement:special", 13_555),
        (ENGLAND, "2026-01", "sex:female", 216_873),
        (ENGLAND, "2025-01", "need:asd", 201_183),
        (ENGLAND, "2025-01", "age:10 need:asd", 13_579),
        (ENGLAND, "2025-01", "placement:not_recorded", 19_339),
        (ENGLAND, "2022-01", "age:16_to_19", 98_647),
        (ENGLAND, "2017-01", "plan_type:statements", 112_057),
        (ENGLAND, "2017-01", "plan_type:ehc_plans", 175_233),
        # Types of establishment that later editions count together.
        (ENGLAND, "2015-01", "placement:special_la_maintained", 82_930 + 38),
        (ENGLAND, "2016-01", "placement:special_academy_free", 17_953 + 617),
        (ENGLAND, "2018-01", "placement:fe_colleges", 37_588 + 2_676 + 2_320),
        (ENGLAND, "2018-01", "placement:educated_elsewhere", 2_364 + 2_397),
        (ENGLAND, "2018-01", "placement:awaiting_provision_apart", 2_060),
        # Councils and a region, read in the official files by hand.
        ("E12000001", "2019-01", "all", 17_294),
        ("928", "2021-01", "placement:special_academy_free", 1_719),
        ("873", "2025-01", "age:13", 654),
        ("812", "2025-01", "sex:male", 1_421),
        ("874", "2024-01", "all", 2_625),
    ],
)
def test_figures_are_those_published(
    plans: pd.Series, area: str, period: str, breakdown: str, published: int
) -> None:
    assert plans.loc[area, period, breakdown] == published


@pytest.mark.sources
@pytest.mark.parametrize(
    ("witness", "breakdown"),
    [
        ("EHC plans and statements, all ages, January", "all"),
        ("Statements of SEN only, January", "plan_type:statements"),
        ("EHC plans/statements in mainstream schools, January", "placement:mainstream"),
        ("EHC plans/statements in special schools (all), January", "placement:special"),
        (
            "EHC plans in independent special schools, January",
            "placement:special_independent",
        ),
        (
            "EHC plans in non-maintained special schools, January",
            "placement:special_non_maintained",
        ),
        (
            "EHC plans recorded NEET (all NEET categories may change in 2023), January",
            "placement:neet",
        ),
        ("EHC plans: elective home education, January", "placement:elective_home_education"),
    ],
)
def test_england_agrees_with_the_gathered_series(
    plans: pd.Series, witness: str, breakdown: str
) -> None:
    gathered = gathered_series(witness)
    ours = plans.loc[ENGLAND].xs(breakdown, level="breakdown")
    assert len(gathered) >= 6
    pd.testing.assert_series_equal(ours.reindex(gathered.index), gathered, check_names=False)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("witness", "group"),
    [
        ("% of EHC plans in mainstream schools, January", "mainstream"),
        ("% of EHC plans in special schools (all), January", "special"),
        ("% of EHC plans in further education, January", "further_education"),
        ("% of EHC plans educated elsewhere, January", "educated_elsewhere"),
    ],
)
def test_shares_of_placements_are_those_published(
    plans: pd.Series, witness: str, group: str
) -> None:
    """The publisher's percentages come out of our counts, over plans that have a breakdown."""
    gathered = gathered_series(witness)
    england = plans.loc[ENGLAND].unstack("breakdown").loc[gathered.index]
    placed = england["all"].where(england.index != "2024-01", england.filter(like="sex:").sum(axis=1))
    ours = 100 * england[f"placement:{group}"] / placed
    assert len(gathered) == 7
    pd.testing.assert_series_equal(ours, gathered, check_names=False, atol=0.0501, rtol=0)


def gathered_series(witness: str) -> pd.Series:
    if not WITNESSES.is_file():
        pytest.skip("the gathered series are not at hand in ../shared/research")
    table = pd.read_csv(WITNESSES, dtype="str")
    rows = table[table["measure"] == witness]
    values = rows["value"].astype("float64").set_axis(rows["year"] + "-01")
    return values.rename_axis("period").sort_index()


@pytest.mark.sources
def test_councils_agree_with_the_local_authority_interactive_tool(
    plans: pd.Series, source_folder: SourceFolder
) -> None:
    """LAIT publishes the councils' totals by another route."""
    lait = pd.read_parquet(source_folder.file("lait/bds_long_0.parquet"))
    rows = lait[(lait["Short Desc"] == "SEN_CASES_JAN") & (lait["LA Number"] < 970)]
    values = pd.Series(
        pd.to_numeric(rows["Values"], errors="coerce").to_numpy(),
        index=pd.MultiIndex.from_arrays(
            [rows["LA Number"].astype("int64").astype("str"), rows["Years"].astype("str") + "-01"]
        ),
    )
    ours = plans.xs("all", level="breakdown")
    both = pd.concat([ours.rename("ours"), values.rename("lait")], axis="columns").dropna()
    apart = both[both["ours"] != both["lait"]]
    assert len(both) > 1_000
    assert apart.empty, apart.to_string()


@pytest.mark.sources
def test_the_edition_of_2026_repeats_england_of_2019_and_2020(
    plans: pd.Series, source_folder: SourceFolder
) -> None:
    """Two rows of the transcribed file are of years that the edition of 2025 has too."""
    columns = placement_columns("2026")
    table = read_csv(
        source_folder,
        CASELOAD_2026,
        [*AREA_COLUMNS, *TOPIC_COLUMNS, "ehcplans", *columns, *PLACEMENT_PERCENTAGES],
        renamed=RENAMED,
    ).set_index("time_period")
    for academic_year, january in (("201819", "2019-01"), ("201920", "2020-01")):
        repeated = pd.to_numeric(table.loc[academic_year, ["ehcplans", "mainstream_total"]])
        ours = plans.loc[ENGLAND, january]
        assert repeated.tolist() == [ours["all"], ours["placement:mainstream"]]


# ---------------------------------------------------------------- parts and wholes


@pytest.mark.sources
@pytest.mark.parametrize("level", ["councils", "regions"])
def test_areas_add_up_to_england(plans: pd.Series, level: str) -> None:
    """Every total, and every breakdown but of 2024 and 2025, where councils have no figures."""
    pattern = r"\d{3}" if level == "councils" else r"E12\d{6}"
    areas = plans.index.get_level_values("area").str.fullmatch(pattern)
    added = plans[areas].groupby(level=["period", "breakdown"]).sum()
    england = plans.loc[ENGLAND].drop("2026-01", level="period")
    both = pd.concat([added.rename("added"), england.rename("england")], axis="columns", join="inner")
    periods, breakdowns = (both.index.get_level_values(name) for name in both.index.names)
    if level == "councils":
        both = both[(periods < "2024-01") | (breakdowns == "all")]
    assert len(both) > 350
    assert (both["added"] == both["england"]).all()


@pytest.mark.sources
@pytest.mark.parametrize("dimension", ["age", "need", "placement", "plan_type", "sex"])
def test_parts_add_up_to_all_plans(observations: pd.DataFrame, dimension: str) -> None:
    """In every area and January, but those that the known residuals name."""
    dimensions = observations["breakdown"].str.split(":").str[0]
    codes = observations["breakdown"].str.split(":").str[1]
    apart = codes.str.endswith("_apart")
    top = codes.isin(PLACEMENT_GROUPS) | apart if dimension == "placement" else codes.notna()
    single = ~observations["breakdown"].str.contains(" ")
    keys = ["area", "period"]
    parts = observations[(dimensions == dimension) & top & single]
    whole = observations[observations["breakdown"] == "all"].set_index(keys)["value"]
    sums = parts.groupby(keys)["value"].sum(min_count=1).dropna()
    short = (whole.reindex(sums.index) - sums).loc[lambda difference: difference != 0]
    expected = (
        short.index.get_level_values("period").isin(["2018-01"])
        if dimension == "placement"
        else short.index.get_level_values("period").isin([])
    )
    in_2024 = (short.index.get_level_values("period") == "2024-01") & short.index.get_level_values(
        "area"
    ).isin(WITHOUT_DETAIL_2024)
    assert len(sums) >= 163
    assert short[~(expected | in_2024)].empty, short.to_string()


@pytest.mark.sources
def test_what_the_known_residuals_say_is_so(plans: pd.Series) -> None:
    england = plans.loc[ENGLAND]
    groups = [f"placement:{group}" for group in PLACEMENT_GROUPS]
    apart = [name for name in england.index.get_level_values(1).unique() if name.endswith("_apart")]
    placed = england[england.index.get_level_values("breakdown").isin([*groups, *apart])]
    by_january = placed.groupby(level="period").sum()
    assert by_january["2018-01"] == 312_626
    assert by_january["2016-01"] == 256_530 - 215  # work-based learning, outside the headline
    assert england["2024-01", "all"] - by_january["2024-01"] == 3_645

    councils = ["850", "851", "852", "867", "868", "869", "870", "871", "872", "825", "826"]
    south_east = [*councils, "845", "846", "886", "887", "921", "931", "936", "938"]
    for need, more in (("spld", 656), ("sld", -656), ("semh", 1), ("slcn", -1)):
        added = sum(plans[code, "2025-01", f"need:{need}"] for code in south_east)
        assert added - plans["E12000008", "2025-01", f"need:{need}"] == more


@pytest.mark.sources
@pytest.mark.parametrize(
    ("first", "second", "periods"),
    [
        ("age", "placement", ["2024-01", "2025-01", "2026-01"]),
        ("age", "need", ["2025-01"]),
        ("need", "placement", ["2025-01"]),
    ],
)
def test_england_by_two_dimensions_adds_up_to_each(
    plans: pd.Series, first: str, second: str, periods: list[str]
) -> None:
    for january in periods:
        england = plans.loc[ENGLAND, january]
        names = england.index.str.extract(rf"^({first}:\w+) ({second}:\w+)$")
        crossed = england[names[0].notna().to_numpy()]
        for dimension, column in ((first, 0), (second, 1)):
            added = crossed.groupby(names[column].dropna().to_numpy()).sum()
            whole = england.reindex(added.index)
            assert (added == whole).all(), (january, dimension)


@pytest.mark.sources
def test_details_add_up_to_their_group(observations: pd.DataFrame) -> None:
    words = read_words("ehc_caseload").breakdowns
    parents = words[words["parent"] != "all"].set_index("code")["parent"]
    codes = observations["breakdown"].str.removeprefix("placement:")
    details = observations.assign(group=codes.map(parents)).dropna(subset=["group", "value"])
    sums = details.groupby(["area", "period", "group"])["value"].sum()
    groups = (
        observations.assign(group=codes)
        .set_index(["area", "period", "group"])["value"]
        .reindex(sums.index)
        .dropna()
    )
    assert len(groups) > 10_000
    assert (groups == sums.reindex(groups.index)).all()


# ---------------------------------------------------------------- symbols, editions and words


@pytest.mark.sources
def test_symbols_are_kept_and_columns_never_published_give_no_rows(
    observations: pd.DataFrame,
) -> None:
    status = observations.set_index(["area", "period", "breakdown"])["status"]
    values = observations.set_index(["area", "period", "breakdown"])["value"]
    for row in [
        ("204", "2024-01", "placement:mainstream"),  # Hackney
        ("874", "2024-01", "age:10"),  # Peterborough
        ("873", "2025-01", "placement:special"),  # Cambridgeshire
        ("928", "2021-01", "placement:mainstream_free_school_senunit"),  # Northamptonshire
    ]:
        assert status[row] == "x"
        assert pd.isna(values[row])
    breakdowns = observations.groupby("period")["breakdown"].agg(set)
    assert "placement:elective_home_education" not in breakdowns["2019-01"]
    assert "placement:not_recorded" not in breakdowns["2022-01"]
    assert "placement:awaiting_provision_apart" not in breakdowns["2023-01"]
    assert "placement:special_academy_free" not in breakdowns["2026-01"]


@pytest.mark.sources
def test_councils_keep_their_code_across_boundary_changes(plans: pd.Series) -> None:
    """Buckinghamshire's GSS code switches between years; Cumbria's successors start in 2024."""
    totals = plans.xs("all", level="breakdown")
    assert len(totals["825"]) == len(range(2010, 2026))
    assert totals["909"].index.max() == "2023-01"
    assert totals["942"].index.min() == totals["943"].index.min() == "2024-01"
    per_january = totals.drop("2026-01", level="period").groupby(level="period").size()
    assert per_january["2025-01"] == 153 + 9 + 1
    assert per_january["2019-01"] == 152 + 9 + 1


@pytest.mark.sources
def test_every_measure_source_and_breakdown_is_described(observations: pd.DataFrame) -> None:
    words = read_words("ehc_caseload")
    own = set(words.breakdowns["dimension"] + ":" + words.breakdowns["code"])
    used = set(" ".join(observations["breakdown"].unique()).split(" ")) - {"all"}
    assert set(observations["measure"]) == set(words.measures["measure"])
    assert set(observations["source"]) == set(words.sources["source"])
    # Needs are named with the school census, which has them too.
    assert {name for name in used - own if not name.startswith("need:")} == set()
