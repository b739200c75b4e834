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
    placed = england["all"].where(
        england.index != "2024-01", england.filter(like="sex:").sum(axis=1)
    )
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
        repeated = [
            table.loc[academic_year, name] for name in ("ehcplans", "mainstream_total", "neet")
        ]
        ours = plans.loc[ENGLAND, january][["all", "placement:mainstream", "placement:neet"]]
        assert repeated == [f"{plan_count:.0f}" for plan_count in ours]


# ---------------------------------------------------------------- parts and wholes


@pytest.mark.sources
@pytest.mark.parametrize("level", ["councils", "regions"])
def test_areas_add_up_to_england(plans: pd.Series, level: str) -> None:
    """Every total, and every breakdown but of 2024 and 2025, where councils have no figures."""
    pattern = r"\d{3}" if level == "councils" else r"E12\d{6}"
    areas = plans.index.get_level_values("area").str.fullmatch(pattern)
    added = plans[areas].groupby(level=["period", "breakdown"]).sum()
    england = plans.loc[ENGLAND].drop("2026-01", level="period")
    both = pd.concat(
        [added.rename("added"), england.rename("england")], axis="columns", join="inner"
    )
    periods, breakdowns = (both.index.get_level_values(name) for name in both.index.names)
    if level == "councils":
        both = both[(periods < "2024-01") | (breakdowns == "all")]
    assert len(both) > 350
    assert (both["added"] == both["england"]).all()


@pytest.mark.sources
@pytest.mark.parametrize("dimension", ["age", "need", "placement", "plan_type", "sex"])
def test_parts_add_up_to_all_plans(observations: pd.DataFrame, dimension: str) -> None:
    """In every area and January but those that the known residuals name."""
    names = observations["breakdown"].str.extract(r"^(?P<dimension>\w+):(?P<code>\w+)$")
    tops = names["code"].isin(PLACEMENT_GROUPS) | names["code"].str.endswith("_apart", na=False)
    parts = observations[(names["dimension"] == dimension) & (tops | (dimension != "placement"))]
    sums = parts.groupby(["area", "period"])["value"].sum(min_count=1).dropna()
    whole = observations[observations["breakdown"] == "all"].set_index(["area", "period"])["value"]
    short = (whole.reindex(sums.index) - sums).loc[lambda difference: difference != 0]
    areas, periods = (short.index.get_level_values(name) for name in ("area", "period"))
    named = (periods == "2024-01") & areas.isin(WITHOUT_DETAIL_2024)
    if dimension == "placement":
        named |= periods == "2018-01"
    assert len(sums) >= 163
    assert short[~named].empty, short[~named].to_string()


@pytest.mark.sources
def test_what_the_known_residuals_say_is_so(plans: pd.Series) -> None:
    england = plans.loc[ENGLAND].unstack("breakdown")
    groups = [f"placement:{group}" for group in PLACEMENT_GROUPS]
    placed = england[groups].sum(axis="columns") + england.filter(like="_apart").sum(axis="columns")
    assert placed["2018-01"] == 312_626
    assert england.loc["2024-01", "all"] - placed["2024-01"] == 3_645
    # The file by establishment type also counts 215 in work-based learning.
    assert placed["2016-01"] == 256_530 - 215

    needs = plans.xs("2025-01", level="period").unstack("breakdown").filter(regex="^need:\\w+$")
    councils = needs[needs.index.str.fullmatch(r"\d{3}")].sum()
    apart = (councils - needs.loc[ENGLAND]).loc[lambda difference: difference != 0]
    assert apart.to_dict() == {"need:semh": 1, "need:slcn": -1, "need:sld": -656, "need:spld": 656}


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
        assert len(crossed) > 90
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


# ---------------------------------------------------------------- a small folder, and bad input

Rows = list[list[str]]
Change = Callable[[Rows], Rows]

PLACES = {
    "National": ["E92000001", "England", "", "", "", "", ""],
    "Regional": ["E92000001", "England", "E12000008", "South East", "", "", ""],
    "Local authority": [
        "E92000001", "England", "E12000008", "South East", "E10000016", "886", "Kent",
    ],
}  # fmt: skip

COLUMNS_2022 = ["Total_st", "Total_st_pc", "Total_ehc", "Total_ehc_pc", "Total_all", "Total_all_pc"]
NEEDS_2025 = [column for column in NEED_CODES if column != "number_ds"]
NEED_SHARES = [
    f"{code}_pc" if code != "not_recorded" else "unknown_pc"
    for column, code in NEED_CODES.items()
    if column in NEEDS_2025
]
TOPICS = [["All EHC plans", "All EHC plans"], ["Sex", "Female"]]
AGED_10 = {"2025": ["Child or young persons age", "age 10"]}
AGED_10["2026"] = ["Age at start of academic year", "age 10"]


def sheet(period: str, labels: list[str], topics: Rows, cells: list[str]) -> Rows:
    """Write a file for England, a region and Kent: 99 plans in all, and 10 in every other cell."""
    numbers = ["99" if cell == "ehcplans" else "10" for cell in cells]
    return [
        [*AREA_COLUMNS, *labels, *cells],
        *[
            [period, "", level, *place, *topic, *numbers]
            for level, place in PLACES.items()
            for topic in topics
        ],
    ]


def caseload(edition: str, period: str) -> Rows:
    cells = ["ehcplans", *placement_columns(edition), *PLACEMENT_PERCENTAGES]
    if edition == "2025":
        published = {ours: theirs for theirs, ours in RENAMED.items()}
        cells = [published.get(cell, cell) for cell in cells]
    return sheet(period, TOPIC_COLUMNS, [*TOPICS, AGED_10[edition]], cells)


SHEETS = {
    (ARCHIVE_2022, "data/sen2_age_caseload.csv"): sheet(
        "2018", ["characteristic_age"], [["Total"], ["Age 5 to 10"]], COLUMNS_2022
    ),
    (ARCHIVE_2022, "data/sen2_estab_caseload.csv"): sheet(
        "2018",
        ["establishment_type", "establishment_group"],
        [["Hospital School", "Special school"], ["Traineeship", "Unknown"]],
        COLUMNS_2022,
    ),
    (ARCHIVE_2025, "data/caseload.csv"): caseload("2025", "202425"),
    (ARCHIVE_2025, "data/sen_needs_all_plans.csv"): sheet(
        "202425",
        TOPIC_COLUMNS,
        [*TOPICS, AGED_10["2025"], ["Type of placement", "Special - total"]],
        ["ehc_plans", *NEEDS_2025, *NEED_SHARES],
    ),
    (CASELOAD_2026, ""): caseload("2026", "202526"),
}
NAMES = {(Path(member or path).stem): (path, member) for path, member in SHEETS}
Write = Callable[..., SourceFolder]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes the small folder, with some files changed or left out."""

    def folder(**changes: Change | None) -> SourceFolder:
        archives: dict[str, dict[str, str]] = {ARCHIVE_2022: {}, ARCHIVE_2025: {}}
        for name, (path, member) in NAMES.items():
            change = changes.get(name, list)
            if change is None:
                continue
            text = io.StringIO()
            csv.writer(text).writerows(change(SHEETS[path, member]))
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            if member:
                archives[path][member] = text.getvalue()
            else:
                (tmp_path / path).write_text(text.getvalue(), "utf-8")
        for path, members in archives.items():
            with zipfile.ZipFile(tmp_path / path, "w") as archive:
                for member, content in members.items():
                    archive.writestr(member, content)
        return SourceFolder(tmp_path)

    return folder


def with_cell(column: str, row: int, value: str) -> Change:
    """Return a change that sets one cell; row 1 is the first under the header."""

    def change(rows: Rows) -> Rows:
        place = rows[0].index(column)
        return [
            [*cells[:place], value, *cells[place + 1 :]] if number == row else cells
            for number, cells in enumerate(rows)
        ]

    return change


def with_column(old: str, new: str) -> Change:
    """Return a change that renames a column."""
    return lambda rows: [[new if name == old else name for name in rows[0]], *rows[1:]]


def test_the_small_folder_reads(write: Write) -> None:
    table = ehc_caseload.observations(write())
    value = table.set_index(["area", "period", "breakdown"])["value"]
    kent, england = value["886"], value[ENGLAND]
    assert kent["2018-01", "all"] == 10
    assert kent["2018-01", "age:5_to_10"] == 10
    # A hospital school counts as a maintained special school, work-based learning not at all.
    assert kent["2018-01", "placement:special_la_maintained"] == 10
    assert kent["2025-01", "all"] == 99
    assert kent["2025-01", "placement:special_academy_free"] == 10
    assert kent["2025-01", "need:asd"] == 10
    assert england["2025-01", "age:10 need:asd"] == 10
    assert england["2025-01", "need:asd placement:special"] == 10
    assert england["2026-01", "age:10"] == 99
    assert england["2026-01", "age:10 placement:further_education"] == 10
    assert england["2026-01", "placement:special_free_school"] == 10
    # Two dimensions are read for England only.
    assert not kent.index.get_level_values("breakdown").str.contains(" ").any()


def test_other_settings_stand_apart_until_2023(write: Write) -> None:
    def of_2023(rows: Rows) -> Rows:
        return [rows[0], *[["202223", *cells[1:]] for cells in rows[1:]]]

    table = ehc_caseload.observations(write(caseload=of_2023, sen_needs_all_plans=of_2023))
    breakdowns = table.groupby("period")["breakdown"].agg(set)
    assert "placement:other_placement_settings_apart" in breakdowns["2023-01"]
    assert "placement:other_placement_settings" not in breakdowns["2023-01"]
    assert "placement:other_placement_settings" in breakdowns["2026-01"]


def test_a_symbol_is_kept_for_one_area_and_a_column_of_symbols_is_not(write: Write) -> None:
    def changed(rows: Rows) -> Rows:
        for row in range(1, len(rows)):
            rows = with_cell("online_provider", row, "x")(rows)
        return with_cell("neet", 7, "x")(rows)

    table = ehc_caseload.observations(write(caseload=changed))
    of_2025 = table[(table["period"] == "2025-01") & (table["area"] == "886")]
    status = of_2025.set_index("breakdown")["status"]
    assert status["placement:neet"] == "x"
    assert "placement:online_provider" not in status.index


def test_rows_may_come_in_any_order(write: Write) -> None:
    def backwards(rows: Rows) -> Rows:
        return [rows[0], *reversed(rows[1:])]

    usual = ehc_caseload.observations(write())
    turned = ehc_caseload.observations(write(**dict.fromkeys(NAMES, backwards)))
    pd.testing.assert_frame_equal(usual, turned)


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (
            "caseload",
            with_column("special_independent", "special_independant"),
            r"caseload.csv: column 'special_independent' is missing "
            r"\(unknown: 'special_independant'\). If the publisher renamed it",
        ),
        (
            "caseload",
            with_column("special_academy_free", "special_academy"),
            r"caseload.csv: column 'special_academy_free' is missing",
        ),
        (
            "sen_needs_all_plans",
            lambda rows: [[*rows[0], "number_ds"], *[[*cells, "1"] for cells in rows[1:]]],
            r"sen_needs_all_plans.csv: unknown column 'number_ds'",
        ),
        (
            "caseload",
            with_cell("neet", 7, "1O"),
            r"caseload.csv, column 'neet', row 8: '1O' is neither a number nor a known symbol",
        ),
        (
            "sen2_age_caseload",
            with_cell("Total_all", 2, "1,234"),
            r"sen2_age_caseload.csv, column 'Total_all', row 3: '1,234' is neither a number",
        ),
        (
            "caseload",
            lambda rows: [*rows, rows[-1]],
            r"caseload.csv, row 11: the row repeats an earlier one, 886 / 2025-01 / Child",
        ),
        (
            "sen2_estab_caseload",
            with_cell("establishment_type", 1, "Hospital Schools"),
            r"sen2_estab_caseload.csv, column 'establishment_type': unknown label "
            r"'Hospital Schools'. Did you mean",
        ),
        (
            "sen2_age_caseload",
            with_cell("characteristic_age", 2, "Age 5 to 11"),
            r"sen2_age_caseload.csv, column 'characteristic_age': unknown label 'Age 5 to 11'",
        ),
        (
            "sen2_age_caseload",
            with_cell("time_period", 2, "201718x"),
            r"sen2_age_caseload.csv, row 3, column 'time_period': '201718x' is not a year",
        ),
        (
            "caseload",
            with_cell("time_period", 1, "2025"),
            r"caseload.csv, row 2, column 'time_period': '2025' is not an academic year",
        ),
        (
            "caseload",
            with_cell("breakdown", 3, "age ten"),
            r"caseload.csv, column 'breakdown': unknown label",
        ),
        (
            "caseload",
            with_cell("old_la_code", 7, "88"),
            r"caseload.csv, row 8: no area code in a row of level 'Local authority'",
        ),
        (
            "caseload",
            with_cell("breakdown", 1, "All plans"),
            r"England has no total for 2025-01",
        ),
        (
            "caseload",
            with_cell("mainstream_total", 1, "100"),
            r"England: placement:mainstream exceeds all plans in 2025-01",
        ),
        (
            "sen_needs_all_plans",
            None,
            r"education-health-and-care-plans_2025.zip: the archive has no file "
            r"'data/sen_needs_all_plans.csv'",
        ),
        (
            "caseload_202526_national",
            None,
            r"release_2026_national/caseload_202526_national.csv: the file is missing",
        ),
        (
            "caseload_202526_national",
            lambda rows: [*rows[:-1], rows[-1][:5]],
            r"caseload_202526_national.csv, row 10: the row has 5 cells where the header has",
        ),
    ],
)
def test_bad_input_is_told_in_one_line(
    write: Write, name: str, change: Change | None, message: str
) -> None:
    with pytest.raises(ReportError, match=message) as error:
        ehc_caseload.observations(write(**{name: change}))
    assert "\n" not in str(error.value)


def test_a_truncated_archive_is_told(write: Write) -> None:
    folder = write()
    archive = folder.file(ARCHIVE_2025)
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(ReportError, match=r"_2025.zip: the archive is damaged or cut short"):
        ehc_caseload.observations(folder)
