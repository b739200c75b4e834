"""The SEND Tribunal: figures against independent witnesses, and what bad files say."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import ehc_process, tribunal, tribunal_national
from sendreform.sources.catalogue import read_words
from sendreform.sources.ehc_process_layout import ARCHIVE_2025
from sendreform.sources.reading import SourceFolder

YEARS = [str(year) for year in range(2014, 2025)]

EDITION_2022 = "tribunal/send_appeal_rate_table_2022.ods"

# ---------------------------------------------------------------- figures as published


@pytest.fixture(scope="module")
def figures(source_folder: SourceFolder) -> pd.Series:
    """Return every value by measure, area and period."""
    table = tribunal.observations(source_folder)
    return table.set_index(["measure", "area", "period"])["value"]


@pytest.mark.sources
@pytest.mark.parametrize(
    ("measure", "area", "period", "published"),
    [
        ("tribunal_appeals", ENGLAND, "2014", 4_108),
        ("tribunal_appeals", ENGLAND, "2024", 22_276),
        ("tribunal_appeals", ENGLAND, "2025", 26_977),
        ("appealable_decisions_old_basis", ENGLAND, "2024", 689_739),
        ("appealable_decisions_new_basis", ENGLAND, "2024", 364_912),
        ("appealable_decisions_new_basis", ENGLAND, "2025", 405_735),
        ("appeal_rate_old_basis", ENGLAND, "2024", 3.2),
        ("appeal_rate_new_basis", ENGLAND, "2024", 6.1),
        ("appeal_rate_new_basis", ENGLAND, "2025", 6.6),
        # Councils with a wrong or no code in the table: the former county, city and county.
        ("tribunal_appeals", "928", "2018", 145),
        ("tribunal_appeals", "892", "2024", 52),
        ("tribunal_appeals", "891", "2024", 184),
        ("tribunal_appeals", "837", "2018", 20),
        ("tribunal_appeals", "836", "2018", 23),
        ("tribunal_appeals", "835", "2018", 44),
        ("tribunal_appeals", "873", "2024", 169),
        ("tribunal_appeals", "823", "2024", 140),
        ("appealable_decisions_old_basis", "873", "2023", 7_655),
        ("appealable_decisions_old_basis", "873", "2024", 8_246),
        ("tribunal_appeals", "838", "2019", 57),
        ("appeal_rate_new_basis", "841", "2025", 0.9),
    ],
)
def test_figures_are_those_published(
    figures: pd.Series, measure: str, area: str, period: str, published: float
) -> None:
    assert figures[measure, area, period] == pytest.approx(published)


@pytest.mark.sources
@pytest.mark.parametrize(
    "measure",
    ["tribunal_appeals", "appealable_decisions_old_basis", "appealable_decisions_new_basis"],
)
def test_councils_add_up_to_england(figures: pd.Series, measure: str) -> None:
    england = figures[measure][ENGLAND]
    councils = figures[measure].drop(ENGLAND, level="area").groupby("period").sum()
    pd.testing.assert_series_equal(councils, england, check_names=False)


@pytest.mark.sources
def test_rates_follow_from_appeals_and_decisions(figures: pd.Series) -> None:
    """A published rate is appeals over decisions, to one decimal."""
    for basis in ("old", "new"):
        counts = figures["tribunal_appeals"] / figures[f"appealable_decisions_{basis}_basis"] * 100
        both = pd.concat([counts, figures[f"appeal_rate_{basis}_basis"]], axis="columns").dropna()
        apart = both[(both.iloc[:, 0] - both.iloc[:, 1]).abs() > 0.0501]
        assert len(both) > 290
        assert apart.empty, apart.to_string()


@pytest.mark.sources
def test_appeals_agree_with_the_edition_of_2022(
    figures: pd.Series, source_folder: SourceFolder
) -> None:
    """An independent file: the edition of 2022, by name of council."""
    england = pd.read_excel(
        source_folder.file(EDITION_2022), sheet_name="SEND_1", engine="odf", header=None
    ).iloc[5:14, :3]
    england.columns = ["period", "appeals", "decisions"]
    older = england.astype("int64").set_index(england["period"].astype("str"))
    for column, measure in (
        ("appeals", "tribunal_appeals"),
        ("decisions", "appealable_decisions_old_basis"),
    ):
        ours = figures[measure][ENGLAND].reindex(older.index)
        assert ours.tolist() == older[column].tolist()


@pytest.mark.sources
def test_councils_agree_with_the_edition_of_2022(
    figures: pd.Series, source_folder: SourceFolder
) -> None:
    """In Nottingham's row of the older edition are Nottingham's figures, whatever the code."""
    sheet = pd.read_excel(
        source_folder.file(EDITION_2022), sheet_name="SEND_2", engine="odf", header=None
    )
    names = sheet[0].astype("str").str.replace(r"\d+$", "", regex=True)
    for name, area in (
        ("Nottingham", "892"),
        ("Nottinghamshire", "891"),
        ("Northamptonshire", "928"),
        ("Kent", "886"),
    ):
        row = sheet[names == name].iloc[0]
        older = [float(value) for value in row.iloc[1:] if isinstance(value, int | float)]
        assert figures["tribunal_appeals", area, "2014"] in older[:1]
        assert figures["appealable_decisions_old_basis", area, "2014"] in older[1:2]


@pytest.mark.sources
def test_each_council_has_its_own_decisions(
    figures: pd.Series, source_folder: SourceFolder
) -> None:
    """Old-basis decisions recomputed from the EHC plan statistics, as note 1 of the table says.

    Plans in January (the publisher takes the January after), requests refused, assessments without
    a plan, and plans ceased because needs were met: any exchanged code would stand out.
    """
    archive = source_folder.read_bytes(ARCHIVE_2025, "data/caseload.csv")
    caseload = pd.read_csv(io.BytesIO(archive), dtype="str", encoding="utf-8-sig")
    plans = (
        caseload[caseload["breakdown"].eq("All EHC plans") & caseload["old_la_code"].notna()]
        .assign(period=lambda table: table["time_period"].str[:4])
        .set_index(["old_la_code", "period"])["ehcplans"]
        .astype("float64")
        .rename_axis(["area", "period"])
    )
    process = (
        ehc_process.observations(source_folder)
        .set_index(["measure", "breakdown", "area", "period"])["value"]
        .sort_index()
    )
    own = (
        plans
        + process["ehc_plan_requests_refused", "all"]
        + process["ehc_assessments_no_plan", "all"]
        + process["ehc_plans_ceased", "reason:needs_met"]
    )
    both = pd.concat([own, figures["appealable_decisions_old_basis"]], axis="columns").dropna()
    ratio = both.iloc[:, 0] / both.iloc[:, 1]
    far = ratio[(ratio - 1).abs() > 0.12]
    assert len(both) > 450
    # Scilly has a dozen plans or two; for Peterborough the plans of January 2024 are a late total.
    assert set(far.index) == {("420", "2024"), ("874", "2023")}


@pytest.mark.sources
def test_both_tables_agree_about_2024(figures: pd.Series, source_folder: SourceFolder) -> None:
    table = pd.read_csv(
        source_folder.file(tribunal.TABLE_2026), dtype="str", index_col="old_la_code"
    )
    for column, measure in (
        ("appeals_2024", "tribunal_appeals"),
        ("decisions_2024", "appealable_decisions_new_basis"),
    ):
        newer = pd.to_numeric(table[column], errors="coerce").sort_index()
        if column == "appeals_2024":
            newer = newer.rename(index={"823": "873", "873": "823"}).sort_index()
        ours = figures[measure].xs("2024", level="period").drop(ENGLAND).sort_index()
        pd.testing.assert_series_equal(ours, newer, check_names=False, check_index_type=False)


@pytest.mark.sources
def test_symbols_are_kept_and_councils_that_did_not_exist_left_out(
    source_folder: SourceFolder,
) -> None:
    table = tribunal.observations(source_folder).set_index(["measure", "area", "period"])
    suppressed = table.loc[("appealable_decisions_new_basis", "936", "2024")]
    assert pd.isna(suppressed["value"])
    assert suppressed["status"] == "x"
    assert table.loc[("tribunal_appeals", "420", "2023"), "status"] == "blank"
    assert table.loc[("tribunal_appeals", "841", "2014"), "status"] == "-"
    assert ("tribunal_appeals", "839", "2018") not in table.index
    assert ("tribunal_appeals", "909", "2024") not in table.index


# ---------------------------------------------------------------- small tables, and bad input

Rows = list[list[str]]
WIDTH = 37


def small_table() -> Rows:
    """Write the table of 2025 with two councils and England."""
    years = [cell for year in YEARS for cell in (year, "", "")]
    headings = [f"{heading}1" for _year in YEARS for heading in tribunal.HEADINGS]
    council = ["1", " 1,000 ", "0.10%"] * len(YEARS)
    blank = [""] * WIDTH
    return [
        ["Title", *blank[1:]],
        blank,
        blank,
        ["Local Authority", "LA code", *years, "", ""],
        ["", "", *headings, *tribunal.NEW_HEADINGS],
        ["EAST MIDLANDS", *blank[1:]],
        ["Nottingham", "891", *council, "500", "0.20%"],
        ["Nottinghamshire", "928", *council, " x ", "x"],
        ["England Total4,9", "", *council, "500", "0.40%"],
        ["England total excluding suppressed", *[""] * 31, "1", "", "", "500", "0.20%"],
        ["Notes: ", *blank[1:]],
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., SourceFolder]:
    """Return a function that writes both tables, with the one of 2025 changed."""

    def write(change: Callable[[Rows], Rows] = list) -> SourceFolder:
        text = io.StringIO()
        csv.writer(text).writerows(change(small_table()))
        older, newer = tmp_path / tribunal.TABLE_2025, tmp_path / tribunal.TABLE_2026
        older.parent.mkdir(exist_ok=True)
        older.write_text(text.getvalue(), "utf-8-sig")
        newer.write_text(
            ",".join(tribunal.COLUMNS_2026) + "\n892,Nottingham,1,500,3,100,3.0\n"
            "891,Nottinghamshire,1,x,2,x,x\n",
            "utf-8",
        )
        return SourceFolder(tmp_path)

    return write


def with_cell(row: int, column: int, value: str) -> Callable[[Rows], Rows]:
    """Return a change that sets one cell, both counted from 0."""

    def change(rows: Rows) -> Rows:
        rows[row][column] = value
        return rows

    return change


def test_small_tables_read(folder: Callable[..., SourceFolder]) -> None:
    table = tribunal.observations(folder()).set_index(["measure", "area", "period"])
    assert table.loc[("appealable_decisions_old_basis", "892", "2014"), "value"] == 1_000
    assert table.loc[("appealable_decisions_new_basis", "891", "2024"), "status"] == "x"
    assert table.loc[("appeal_rate_new_basis", ENGLAND, "2024"), "value"] == 0.4
    # England in 2025: all five appeals over the 100 decisions that are known.
    assert table.loc[("appeal_rate_new_basis", ENGLAND, "2025"), "value"] == 5.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            with_cell(4, 3, "Appealable Decisions"),
            r"column 4: heading '' 'Appealable Decisions' where '' 'Total Appealable Decisions'",
        ),
        (with_cell(3, 2, "2013"), r"column 3: heading '2013' .* where '2014' 'Appeals registered'"),
        (with_cell(6, 3, "1,0O0"), r"column 4, row 7: '1,0O0' is neither a number nor a known"),
        (with_cell(6, 1, ""), r"row 7: 'Nottingham' has no three-digit council code but ''"),
        (with_cell(7, 1, "892"), r"measure '\w+' is given twice for area 892"),
        (lambda rows: [*rows[:7], rows[7][:20]], r"row 8: the row has 20 cells where it should"),
    ],
)
def test_bad_input_is_told_in_one_line(
    folder: Callable[..., SourceFolder], change: Callable[[Rows], Rows], message: str
) -> None:
    with pytest.raises(ReportError, match=message) as error:
        tribunal.observations(folder(change))
    assert "\n" not in str(error.value)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match=r"SEND Tribunals .*csv: the file is missing"):
        tribunal.observations(SourceFolder(tmp_path))


# ---------------------------------------------------------------- national, by academic year


def test_quoted_shares_follow_from_quoted_numbers(tmp_path: Path) -> None:
    """Where both are quoted: 680 of 788 decided for families in 2014/15 is 86.3 per cent."""
    table = tribunal_national.observations(SourceFolder(tmp_path))
    quoted = table[table["breakdown"] == "all"].set_index(["measure", "period"])["value"]
    families, councils = "tribunal_decisions_for_families", "tribunal_decisions_for_councils"
    known = (100 * quoted[families] / quoted["tribunal_appeals_decided"]).dropna().round(1)
    assert known.to_dict() == {
        "2014/15": 86.3, "2015/16": 88.3, "2016/17": 88.7, "2017/18": 88.6,
    }  # fmt: skip
    assert quoted[f"{families}_share"][known.index].tolist() == known.tolist()
    both = (quoted[f"{families}_share"] + quoted[f"{councils}_share"]).dropna()
    assert both.round(1).eq(100).all()


def test_gaps_stay_gaps_and_disputed_figures_stand_side_by_side(tmp_path: Path) -> None:
    table = tribunal_national.observations(SourceFolder(tmp_path))
    appeals = table[table["measure"] == "tribunal_appeals_academic_year"]
    assert {"2011/12", "2012/13", "2020/21"}.isdisjoint(appeals["period"])
    shares = table[
        (table["measure"] == "tribunal_decisions_for_families_share")
        & (table["period"] == "2023/24")
    ]
    assert dict(zip(shares["breakdown"], shares["value"], strict=True)) == {
        "publisher:other_reports": 99.0,
        "publisher:schools_week": 95.0,
    }


def test_every_quoted_figure_is_described(tmp_path: Path) -> None:
    table = tribunal_national.observations(SourceFolder(tmp_path))
    words = read_words("tribunal_national")
    assert set(table["measure"]) == set(words.measures["measure"])
    assert set(table["source"]) == set(words.sources["source"])
    assert words.sources["url"].str.startswith("https://").all()


def test_a_quoted_figure_without_its_source_is_refused() -> None:
    figure = {"measure": "m", "period": "2020/21", "value": 1, "as_published": "one"}
    with pytest.raises(ReportError, match=r"tribunal_national.yml: the figure .* has no source"):
        tribunal_national.quoted([figure])
