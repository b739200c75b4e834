"""The EHC plan process: figures against independent witnesses, and what bad files say."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import ehc_process
from sendreform.sources import ehc_process_layout as layout
from sendreform.sources.catalogue import read_words
from sendreform.sources.ehc_process_layout import Sheet
from sendreform.sources.reading import SourceFolder
from sendreform.sources.sen2_layout import AREA_COLUMNS, TOPIC_COLUMNS

WITNESSES = Path(__file__).resolve().parents[3] / "shared" / "research" / "published_series.csv"

# ---------------------------------------------------------------- figures as published


@pytest.fixture(scope="module")
def figures(source_folder: SourceFolder) -> pd.Series:
    """Return every value by measure, area, period and breakdown."""
    table = ehc_process.observations(source_folder)
    return table.set_index(["measure", "area", "period", "breakdown"])["value"]


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "area", "period", "breakdown", "published"),
    [
        # Headlines of the releases.
        ("ehc_plan_requests", ENGLAND, "2025", "all", 162_702),
        ("ehc_plan_requests", ENGLAND, "2024", "all", 154_489),
        ("ehc_plan_requests", ENGLAND, "2016", "all", 55_235),
        ("ehc_plan_requests_refused", ENGLAND, "2024", "all", 38_889),
        ("ehc_plan_requests_refused_share", ENGLAND, "2024", "all", 25.2),
        ("new_ehc_plans", ENGLAND, "2025", "all", 110_708),
        ("new_ehc_plans", ENGLAND, "2024", "all", 97_747),
        ("new_ehc_plans", ENGLAND, "2009", "all", 26_494),
        ("new_ehc_plans", ENGLAND, "2025", "placement:mainstream", 85_398),
        ("new_ehc_plans", ENGLAND, "2025", "start_age:10", 9_880),
        ("ehc_plans_in_20_weeks_excluding_exceptions_share", ENGLAND, "2025", "all", 46.1),
        ("ehc_plans_in_20_weeks_excluding_exceptions_share", ENGLAND, "2024", "all", 46.4),
        ("ehc_plans_in_20_weeks_share", ENGLAND, "2014", "all", 61.5),
        ("ehc_plans_beyond_a_year_share", ENGLAND, "2024", "all", 7.2),
        ("ehc_assessments", ENGLAND, "2025", "all", 118_821),
        ("ehc_plans_ceased", ENGLAND, "2025", "all", 50_346),
        ("ehc_plans_ceased", ENGLAND, "2024", "reason:transferred", 13_953),
        ("ehc_plans_ceased", ENGLAND, "2023", "age:20_and_over reason:no_longer_wishes", 9_440),
        ("ehc_plans_ceased", ENGLAND, "2025", "age:18 reason:employment", 700),
        ("annual_reviews_decided_in_4_weeks_share", ENGLAND, "2024", "all", 44.4),
        ("residential_placements", ENGLAND, "2026-01", "all", 1_982),
        ("residential_placements", ENGLAND, "2018-01", "weeks:52", 1_160 + 217),
        ("personal_budgets", ENGLAND, "2020-01", "all", 20_346),
        ("mediations_held", ENGLAND, "2021", "all", 5_097),
        ("phase_transfers_due_next_year", ENGLAND, "2025", "all", 142_257),
        ("placement_moves", ENGLAND, "2021", "move:mainstream_to_special", 9_318),
        ("placement_moves", ENGLAND, "2018", "move:special_to_mainstream", 2_439 + 309),
        # Councils, read in the official files by hand.
        ("placement_moves", "330", "2021", "move:special_to_mainstream", 126),
        ("placement_moves", "886", "2015", "move:mainstream_to_home_education", 1 + 17),
        ("ehc_plan_requests_refused", "887", "2021", "all", 162),
        ("new_ehc_plans", "370", "2022", "all", 319),
        ("new_ehc_plans", "384", "2022", "all", 462),
        ("ehc_plans_timed", "384", "2022", "all", 462),
    ],
)
def test_figures_are_those_published(
    figures: pd.Series, measure: str, area: str, period: str, breakdown: str, published: float
) -> None:
    assert figures.loc[measure, area, period, breakdown] == pytest.approx(published)


@pytest.mark.sources
@pytest.mark.parametrize(
    ("witness", "measure"),
    [
        ("Initial requests for EHC needs assessment, calendar year", "ehc_plan_requests"),
        ("Initial requests refused, calendar year (number)", "ehc_plan_requests_refused"),
        ("New statements and EHC plans made in calendar year", "new_ehc_plans"),
        (
            "% of new EHC plans issued within 20 weeks, excluding exceptions",
            "ehc_plans_in_20_weeks_excluding_exceptions_share",
        ),
        (
            "% of new EHC plans issued within 20 weeks, including exceptions",
            "ehc_plans_in_20_weeks_share",
        ),
    ],
)
def test_england_agrees_with_the_gathered_series(
    figures: pd.Series, witness: str, measure: str
) -> None:
    if not WITNESSES.is_file():
        pytest.skip("the gathered series are not at hand in ../shared/research")
    table = pd.read_csv(WITNESSES, dtype="str")
    gathered = table[table["measure"] == witness].set_index("year")["value"].astype("float64")
    ours = figures.loc[measure, ENGLAND].xs("all", level="breakdown")
    assert len(gathered) >= 9
    pd.testing.assert_series_equal(
        ours.reindex(gathered.index), gathered, check_names=False, atol=0.05, check_index_type=False
    )


@pytest.mark.sources
@pytest.mark.parametrize(
    ("lait_name", "measure"),
    [
        ("SEN_INIT_REQ", "ehc_plan_requests"),
        ("EHCP_Initial_req_refused", "ehc_plan_requests_refused_share"),
        ("SEN_ASSESSMENT", "ehc_assessments"),
        ("SEN_EHC_Excpt_20wks", "ehc_plans_in_20_weeks_excluding_exceptions_share"),
        ("SEN_EHC_All_20wks", "ehc_plans_in_20_weeks_share"),
        ("SEN_TOT_CEASED_EHC_PLAN", "ehc_plans_ceased"),
        ("SEN_PEC_OUTCOME_COM_4WKS", "annual_reviews_decided_in_4_weeks_share"),
    ],
)
def test_councils_agree_with_the_local_authority_interactive_tool(
    figures: pd.Series, source_folder: SourceFolder, lait_name: str, measure: str
) -> None:
    """LAIT publishes the same figures by another route; it rounds shares to one decimal."""
    lait = pd.read_parquet(source_folder.file("lait/bds_long_0.parquet"))
    rows = lait[(lait["Short Desc"] == lait_name) & (lait["LA Number"] < 970)]
    values = pd.DataFrame(
        {
            "area": rows["LA Number"].astype("int64").astype("str"),
            "period": rows["Years"],
            "lait": pd.to_numeric(rows["Values"], errors="coerce"),
        }
    )
    ours = figures.loc[measure].xs("all", level="breakdown").rename("ours").reset_index()
    both = ours.merge(values, on=["area", "period"]).dropna()
    apart = both[(both["ours"] - both["lait"]).abs() > 0.051]
    assert len(both) > 140
    assert apart.empty, apart.to_string()


@pytest.mark.sources
def test_placements_of_2019_to_2021_agree_between_editions(source_folder: SourceFolder) -> None:
    """The 2022 edition, grouped as the 2025 edition groups, gives the same new plans."""
    keys = ["area", "period", "breakdown"]
    older = ehc_process._new_plan_placements_2022(source_folder).set_index(keys)["value"]
    newer = (
        ehc_process._of_everyone(source_folder, layout.NEW_PLANS[0])
        .pipe(ehc_process._other_settings_apart)
        .set_index(keys)["value"]
    )
    both = pd.concat([older.rename("older"), newer.rename("newer")], axis="columns").dropna()
    assert len(both) > 10_000
    assert (both["older"] == both["newer"]).all()


@pytest.mark.sources
def test_outcomes_of_requests_add_up_to_all_requests(figures: pd.Series) -> None:
    outcomes = ["agreed", "refused", "undecided", "withdrawn"]
    parts = pd.concat(
        [figures.loc[f"ehc_plan_requests_{name}"] for name in outcomes], axis="columns"
    )
    whole = figures.loc["ehc_plan_requests"].reindex(parts.dropna().index)
    assert len(whole) > 300
    assert (parts.dropna().sum(axis="columns") == whole).all()


@pytest.mark.sources
def test_regions_and_councils_add_up(figures: pd.Series) -> None:
    """Requests of 2024, where no council is missing: councils, regions and England agree."""
    requests = figures.loc["ehc_plan_requests"].xs("2024", level="period").droplevel("breakdown")
    councils = requests[~requests.index.str.startswith("E")]
    regions = requests[requests.index.str.startswith("E12")]
    assert (len(councils), len(regions)) == (153, 9)
    assert councils.sum() == regions.sum() == requests[ENGLAND]


@pytest.mark.sources
def test_reasons_by_age_are_kept_for_england_alone_and_add_up_to_each_age(
    figures: pd.Series,
) -> None:
    """But for Essex, whose reasons are 6 plans short in 2023 and 1 in 2024."""
    ceased = figures.loc["ehc_plans_ceased"].reset_index()
    both = ceased[ceased["breakdown"].str.contains(" ")]
    assert both["area"].unique().tolist() == [ENGLAND]
    summed = both.groupby(["period", both["breakdown"].str.partition(" ")[0]])["value"].sum()
    ages = ceased[
        ceased["area"].eq(ENGLAND) & ceased["breakdown"].str.fullmatch(r"age:\w+")
    ].set_index(["period", "breakdown"])["value"]
    short = (ages.rename_axis(summed.index.names) - summed).groupby(level="period").sum()
    assert short.to_dict() == {"2023": 6, "2024": 1, "2025": 0}
    assert len(summed) == 3 * 20


def test_what_was_never_published_gives_no_rows(figures: pd.Series) -> None:
    assert "2022" not in figures.loc["ehc_plan_requests_agreed"].index.get_level_values("period")
    assert figures.loc["ehc_plans_timed", "926", "2022", "all"] != 0  # Norfolk: x, not 0
    assert pd.isna(figures.loc["ehc_plans_timed", "926", "2022", "all"])


@pytest.mark.sources
def test_every_measure_source_and_breakdown_is_described(source_folder: SourceFolder) -> None:
    table = ehc_process.observations(source_folder)
    words = read_words("ehc_process")
    own = words.breakdowns["dimension"] + ":" + words.breakdowns["code"]
    told_elsewhere = table["breakdown"].str.match("all$|age:|placement:")
    assert set(table["measure"]) == set(words.measures["measure"])
    assert set(table["source"]) == set(words.sources["source"])
    assert set(table.loc[~told_elsewhere, "breakdown"]) == set(own)


# ---------------------------------------------------------------- a small folder, and bad input

Rows = list[list[str]]
SHEETS = [
    *(sheet for sheets in layout.SHEETS.values() for sheet in sheets),
    layout.PROCESS_2022,
    layout.NEW_PLAN_AGES_2022,
    layout.NEW_PLAN_PLACEMENTS_2022,
    layout.RESIDENTIAL_2022,
]
PERIODS = {2022: "2018", 2025: "2024", 2026: "2025"}
PLACES = {
    "National": ["E92000001", "England", "", "", "", "", ""],
    "Regional": ["E92000001", "England", "E12000008", "South East", "", "", ""],
    "Local authority": [
        "E92000001", "England", "E12000008", "South East", "E10000016", "886", "Kent",
    ],
}  # fmt: skip


def small_sheet(sheet: Sheet) -> Rows:
    """Write a sheet for England, a region and Kent, with 10 in every cell."""
    cells = [*sheet.figures, *sheet.unread]
    header = [*AREA_COLUMNS, *(TOPIC_COLUMNS if sheet.whole else []), *cells]
    labels = {
        "establishment_type": "Mainstream - Academy",
        "establishment_group": "Mainstream school",
        "characteristic_age": "Total",
    }
    period = ("202425" if sheet.edition == 2025 else "202526") if sheet.january_census else ""
    topics: list[list[str]] = [[sheet.whole, sheet.whole]] if sheet.whole else [[]]
    if sheet in layout.NEW_PLANS:
        topics.append([layout.NEW_PLAN_AGES, "age 10"])
    if sheet in layout.CEASED:
        topics.append([layout.CEASED_AGES, "age 19"])
    return [
        [name.removesuffix("_again") for name in header],
        *[
            [
                period or PERIODS[sheet.edition],
                "Calendar year",
                level,
                *place,
                *topic,
                *[labels.get(name, "10") for name in cells],
            ]
            for level, place in PLACES.items()
            for topic in topics
        ],
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., SourceFolder]:
    """Return a function that writes the small folder, with some sheets changed."""

    def write(**changed: Callable[[Rows], Rows]) -> SourceFolder:
        archives: dict[str, dict[str, str]] = {}
        for sheet in SHEETS:
            rows = changed.get(sheet.source, list)(small_sheet(sheet))
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            if sheet.member:
                archives.setdefault(sheet.path, {})[sheet.member] = text.getvalue()
                continue
            path = tmp_path / sheet.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.getvalue(), "utf-8")
        for name, members in archives.items():
            with zipfile.ZipFile(tmp_path / name, "w") as archive:
                for member, content in members.items():
                    archive.writestr(member, content)
        return SourceFolder(tmp_path)

    return write


def with_cell(column: str, row: int, value: str) -> Callable[[Rows], Rows]:
    """Return a change that sets one cell; row 1 is the first under the header."""

    def change(rows: Rows) -> Rows:
        place = rows[0].index(column)
        return [
            [*cells[:place], value, *cells[place + 1 :]] if number == row else cells
            for number, cells in enumerate(rows)
        ]

    return change


def with_column(old: str, new: str) -> Callable[[Rows], Rows]:
    """Return a change that renames a column."""
    return lambda rows: [[new if name == old else name for name in rows[0]], *rows[1:]]


def test_the_small_folder_reads(folder: Callable[..., SourceFolder]) -> None:
    table = ehc_process.observations(folder())
    kent = table[table["area"] == "886"].set_index(["measure", "period", "breakdown"])["value"]
    assert kent["ehc_plan_requests", "2024", "all"] == 10
    assert kent["new_ehc_plans", "2024", "age:10"] == 10
    assert kent["new_ehc_plans", "2025", "start_age:10"] == 10
    # January 2018: EHC plans and statements, 10 each, and two lengths of placement.
    assert kent["residential_placements", "2018-01", "weeks:52"] == 20
    assert kent["residential_placements", "2018-01", "all"] == 40
    # Personal budgets in the file for 2018 are those of January 2019.
    assert kent["personal_budgets", "2019-01", "all"] == 10


def test_the_newest_edition_wins(folder: Callable[..., SourceFolder]) -> None:
    def for_2018(rows: Rows) -> Rows:
        return [rows[0], *[["2018", *cells[1:]] for cells in rows[1:]]]

    def eleven(rows: Rows) -> Rows:
        return [["11" if cell == "10" else cell for cell in cells] for cells in for_2018(rows)]

    table = ehc_process.observations(folder(ehc_2025_requests=eleven))
    kent = table[(table["area"] == "886") & (table["period"] == "2018")]
    values = kent.set_index("measure")["value"]
    assert values["ehc_plan_requests"] == 11
    assert values["ehc_plans_timed"] == 10


def test_a_symbol_is_kept_for_one_area_and_a_column_of_symbols_is_not(
    folder: Callable[..., SourceFolder],
) -> None:
    def one(rows: Rows) -> Rows:
        return with_cell("requests_received_in_year", 3, "x")(rows)

    def all_areas(rows: Rows) -> Rows:
        for row in (1, 2, 3):
            rows = with_cell("requests_withdrawn", row, "x")(rows)
        return one(rows)

    table = ehc_process.observations(folder(ehc_2025_requests=all_areas))
    of_2024 = table[table["period"] == "2024"]
    kent = of_2024[(of_2024["area"] == "886") & (of_2024["measure"] == "ehc_plan_requests")]
    assert kent["value"].isna().all()
    assert kent["status"].tolist() == ["x"]
    assert "ehc_plan_requests_withdrawn" not in set(of_2024["measure"])


def test_moves_of_children_with_plans_and_with_statements_are_added_up(
    folder: Callable[..., SourceFolder],
) -> None:
    def changed(rows: Rows) -> Rows:
        for column, symbol in {"Mtosi": "z", "Sitom": "x", "MtoPar": "z", "MtoParEHC": "z"}.items():
            rows = with_cell(column, 3, symbol)(rows)
        return rows

    table = ehc_process.observations(folder(ehc_2022_process=changed))
    moves = table[(table["measure"] == "placement_moves") & (table["area"] == "886")]
    kent = moves.set_index("breakdown")
    assert kent["value"].get("move:special_to_home_education") == 20
    assert kent["value"].get("move:mainstream_to_special") == 10  # no statements any more: z
    assert kent["status"].to_dict() == {
        "move:mainstream_to_home_education": "z",
        "move:mainstream_to_special": "",
        "move:special_to_home_education": "",
        "move:special_to_mainstream": "x",
    }
    assert kent["value"].isna().sum() == 2


def test_a_total_repeated_from_the_region_is_put_right() -> None:
    def rows(breakdown: str, values: dict[str, float]) -> pd.DataFrame:
        return pd.DataFrame(
            {"area": list(values), "value": list(values.values()), "breakdown": breakdown}
        ).assign(period="2022")

    totals = rows("all", {"E12000003": 100, "370": 100, "384": 100, "886": 30})
    ages = pd.concat([rows("age:4", {"370": 50, "384": 5}), rows("age:5", {"370": 20})])
    own = ehc_process._with_own_totals(totals, ages).set_index("area")["value"]
    assert own.to_dict() == {"E12000003": 100, "370": 70, "384": 30, "886": 30}


@pytest.mark.parametrize(
    ("source", "change", "message"),
    [
        (
            "ehc_2025_requests",
            with_column("requests_withdrawn", "request_withdrawn"),
            r"requests.csv: column 'requests_withdrawn' is missing "
            r"\(unknown: 'request_withdrawn'\). If the publisher renamed it",
        ),
        (
            "ehc_2025_new_plans",
            lambda rows: [[*rows[0], "number_ds"], *[[*cells, "1"] for cells in rows[1:]]],
            r"newplans.csv: unknown column 'number_ds'",
        ),
        (
            "ehc_2025_timeliness",
            with_cell("plans_issued_den", 3, "1O"),
            r"timeliness_20_week.csv, column 'plans_issued_den', row 4: '1O' is neither a number",
        ),
        (
            "ehc_2025_ceased",
            with_cell("breakdown", 2, "nineteen"),
            r"ceased_plans.csv, column 'breakdown': unknown label",
        ),
        (
            "ehc_2025_requests",
            lambda rows: [*rows, rows[-1]],
            r"requests.csv, row 5: the row repeats an earlier one, 886 / 2024 / All requests for",
        ),
        (
            "new_placements_2022",
            lambda rows: [*rows, rows[-1]],
            r"sen2_estab_new_plans.csv, row 5: the row repeats an earlier one, 886 / 2018 / Main",
        ),
        (
            "ehc_2025_requests",
            with_cell("breakdown", 1, "All requests"),
            r"requests.csv: no row for England has breakdown 'All requests for EHC needs assess",
        ),
        (
            "ehc_2025_requests",
            with_cell("time_period", 3, "2024/25"),
            r"requests.csv, row 4, column 'time_period': '2024/25' is not a calendar year",
        ),
        (
            "ehc_2025_personal_budgets",
            with_cell("time_period", 3, "2024"),
            r"personal_budgets.csv, row 4, column 'time_period': '2024' is not an academic year",
        ),
        (
            "ehc_2025_requests",
            with_cell("requests_decided_not_to_assess", 3, "11"),
            r"ehc_process, area 886: ehc_plan_requests_refused exceeds ehc_plan_requests in 2024",
        ),
        (
            "ehc_2025_timeliness",
            with_cell("pc_plans_issued_within_20_weeks", 3, "101"),
            r"area 886: ehc_plans_in_20_weeks_share is 101.0 per cent in 2024",
        ),
        (
            "new_placements_2022",
            with_cell("establishment_type", 3, "Mainstream - Acadmy"),
            r"sen2_estab_new_plans.csv, column 'establishment_type': unknown label .* Did you mean",
        ),
        (
            "ehc_2025_requests",
            with_cell("old_la_code", 3, "88"),
            r"requests.csv, row 4: no area code in a row of level 'Local authority'",
        ),
    ],
)
def test_bad_input_is_told_in_one_line(
    folder: Callable[..., SourceFolder],
    source: str,
    change: Callable[[Rows], Rows],
    message: str,
) -> None:
    with pytest.raises(ReportError, match=message) as error:
        ehc_process.observations(folder(**{source: change}))
    assert "\n" not in str(error.value)


def test_a_missing_file_is_named(folder: Callable[..., SourceFolder]) -> None:
    written = folder()
    written.file("ehc_plans/release_2026_national/requests_2025_national.csv").unlink()
    with pytest.raises(ReportError, match=r"requests_2025_national.csv: the file is missing"):
        ehc_process.observations(written)


def test_a_missing_member_is_named(folder: Callable[..., SourceFolder]) -> None:
    written = folder()
    path = written.file(layout.ARCHIVE_2025)
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if "ceased" not in name}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
    with pytest.raises(ReportError, match=r"2025.zip: the archive has no file 'data/ceased_plans"):
        ehc_process.observations(written)


def test_an_archive_cut_short_is_named(folder: Callable[..., SourceFolder]) -> None:
    written = folder()
    path = written.file(layout.ARCHIVE_2025)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ReportError, match=r"2025.zip: the archive is damaged or cut short"):
        ehc_process.observations(written)
