"""Finding areas by name and code, and what is said of their past."""

import pandas as pd
import pytest

from sendreform.areas import Areas
from sendreform.errors import ReportError
from sendreform.sources.geography import AREA_COLUMNS, NEIGHBOUR_COLUMNS, tables
from sendreform.sources.reading import SourceFolder

NORTH, SOUTH = "E12000001", "E12000008"


def _area(area: str, name: str, level: str = "council", **more: str) -> dict[str, str]:
    return {"area": area, "name": name, "level": level, "region": NORTH, "gss_code": area, **more}


@pytest.fixture(scope="module")
def areas() -> Areas:
    """A small England: a split county, a merger of whole councils, and names that clash."""
    rows = [
        _area("E92000001", "England", "country", region=""),
        _area(NORTH, "North", "region", region=""),
        _area(SOUTH, "South", "region", region=""),
        _area("101", "Aston-on-Sea", gss_code="E06000101", other_gss_codes="E10000101|E09000101"),
        _area("102", "Barrow & Dale", other_names="Barrowdale|B.D."),
        _area("103", "St. Chad", region=SOUTH),
        _area("104", "Eastshire", last_period="2019-01", successors="105|106",
              reorganised="2019-04-01", council_type="shire county"),
        _area("105", "Lower Eastshire", first_period="2020-01", predecessors="104",
              reorganised="2019-04-01"),
        _area("106", "Upper Eastshire", first_period="2020-01", predecessors="104|107",
              reorganised="2019-04-01"),
        _area("107", "Fenton", last_period="2019-01", successors="106", reorganised="2019-04-01"),
        _area("108", "Gale", last_period="2021-01", successors="110", reorganised="2021-04-01"),
        _area("109", "Hale", last_period="2021-01", successors="110", reorganised="2021-04-01"),
        _area("110", "Gale and Hale", first_period="2022-01", predecessors="108|109",
              reorganised="2021-04-01"),
        _area("111", "Ilston", reorganised="2023-04-01"),
        _area("112", "Kingston upon Ayre", other_names="Kingston Hill"),
        _area("113", "Kingston upon Wear", other_names="Kingston Hill"),
        _area("114", "Long Meadow (before April 2020)", last_period="2020-01",
              successors="115", reorganised="2020-04-01", other_names="Long Meadow"),
        _area("115", "Long Meadow", first_period="2021-01", predecessors="114",
              reorganised="2020-04-01"),
    ]  # fmt: skip
    filled = [dict.fromkeys(AREA_COLUMNS, "") | row for row in rows]
    table = pd.DataFrame(filled, columns=AREA_COLUMNS, dtype="str")
    neighbours = pd.DataFrame(
        [
            ("101", rank, code, "Close", "2025")
            for rank, code in [(2, "103"), (10, "112"), (1, "102")]
        ],
        columns=NEIGHBOUR_COLUMNS,
    )
    return Areas(table, neighbours)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Aston-on-Sea", "101"),
        ("aston on sea", "101"),
        ("  ASTON-ON-SEA Borough Council ", "101"),
        ("101", "101"),
        ("E06000101", "101"),
        ("e10000101", "101"),
        ("Barrow and Dale", "102"),
        ("b.d.", "102"),
        ("St Chad", "103"),
        ("Eastshire", "104"),
        ("Long Meadow", "115"),
        ("England", "E92000001"),
        ("north", NORTH),
        (NORTH, NORTH),
    ],
)
def test_find(areas: Areas, text: str, code: str) -> None:
    assert areas.find(text) == code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Kingston",
            "area: unknown council 'Kingston'. Did you mean Kingston upon Ayre or Kingston upon "
            "Wear?",
        ),
        (
            "Kingston Hill",
            "area: 'Kingston Hill' could be more than one area. Did you mean Kingston upon Ayre "
            "(112) or Kingston upon Wear (113)?",
        ),
        ("Fentn", "area: unknown council 'Fentn'. Did you mean Fenton?"),
        (
            "Xyzzy",
            "area: unknown council 'Xyzzy'. Give the name of a council, a region or England, or "
            "its code.",
        ),
        (
            "",
            "area: unknown council ''. Give the name of a council, a region or England, or its "
            "code.",
        ),
    ],
)
def test_find_offers_near_names(areas: Areas, text: str, message: str) -> None:
    with pytest.raises(ReportError) as raised:
        areas.find(text)
    assert str(raised.value) == message


def test_regions_and_councils(areas: Areas) -> None:
    assert areas.region_of("103") == SOUTH
    assert areas.region_of(SOUTH) == SOUTH
    assert areas.region_of("E92000001") == "E92000001"
    assert areas.level("103") == "council"
    assert areas.councils_in(SOUTH) == ["103"]
    assert areas.councils_in("104") == ["104"]
    assert len(areas.councils_in("E92000001")) == 10
    # Members are those of the past as well.
    assert areas.members_of(SOUTH) == ["103"]
    assert areas.members_of("104") == ["104"]
    assert len(areas.members_of("E92000001")) == 15
    assert areas.councils()["name"].is_monotonic_increasing
    assert len(areas.councils(current_only=False)) == 15


def test_neighbours_in_order_of_rank(areas: Areas) -> None:
    near = areas.neighbours("101")
    assert near.columns.tolist() == ["rank", "area", "name", "closeness"]
    assert near["rank"].tolist() == [1, 2, 10]
    assert near["name"].tolist() == ["Barrow & Dale", "St. Chad", "Kingston upon Ayre"]
    assert areas.neighbours("E92000001").empty


def test_an_unknown_code_is_refused(areas: Areas) -> None:
    with pytest.raises(ReportError, match="unknown area code '999'"):
        areas.neighbours("999")


def test_chain_carries_back_whole_councils_only(areas: Areas) -> None:
    assert areas.chain("110") == ["110", "108", "109"]
    assert areas.chain("105") == ["105"]  # a part of a county
    assert areas.chain("106") == ["106"]  # a part, and a whole council
    assert areas.chain("104") == ["104"]
    assert areas.chain("101") == ["101"]


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("101", ""),
        (
            "105",
            "Lower Eastshire was formed in April 2019 from part of Eastshire; figures before then "
            "are for the whole county and are not shown here.",
        ),
        (
            "106",
            "Upper Eastshire was formed in April 2019 from Fenton and part of Eastshire; figures "
            "before then cannot be put together for its present area and are not shown here.",
        ),
        (
            "110",
            "Gale and Hale was formed in April 2021 from Gale and Hale; figures before then are "
            "the sum of those councils.",
        ),
        (
            "111",
            "Ilston became a unitary council in April 2023 on the boundary of the county council "
            "before it, so its figures run on unbroken.",
        ),
        (
            "104",
            "Eastshire was replaced in April 2019 by Lower Eastshire and by Upper Eastshire. Its "
            "last January figures are for January 2019.",
        ),
    ],
)
def test_history_in_words(areas: Areas, code: str, note: str) -> None:
    assert areas.history(code)["note"].iloc[0] == note


def test_history_lists_what_came_before_and_after(areas: Areas) -> None:
    merged = areas.history("110")
    assert merged["relation"].tolist() == ["itself", "predecessor", "predecessor"]
    assert merged["carried_back"].tolist() == [True, True, True]
    split = areas.history("104")
    assert split["area"].tolist() == ["104", "105", "106"]
    assert split["relation"].tolist() == ["itself", "successor", "successor"]
    assert split["carried_back"].tolist() == [True, False, False]
    assert areas.history("E92000001")["note"].tolist() == [""]


# --- the real councils ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def england(source_folder: SourceFolder) -> Areas:
    read = tables(source_folder)
    return Areas(read["areas"], read["neighbours"])


@pytest.mark.sources
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Bristol", "801"),
        ("Bristol, City of", "801"),
        ("City of Bristol", "801"),
        ("Kingston Upon Hull, City of", "810"),
        ("Hull City Council", "810"),
        ("Durham", "840"),
        ("Herefordshire", "884"),
        ("St Helens", "342"),
        ("Bournemouth, Christchurch & Poole", "839"),
        ("BCP", "839"),
        ("Dorset", "838"),
        ("Dorset (Pre LG)", "835"),
        ("Cumbria", "909"),
        ("London", "E12000007"),
        ("City of London", "201"),
        ("Isles of Scilly", "420"),
        ("Yorkshire and the Humber", "E12000003"),
        ("E10000002", "825"),
    ],
)
def test_find_a_real_area(england: Areas, text: str, code: str) -> None:
    assert england.find(text) == code


@pytest.mark.sources
def test_kingston_is_two_places(england: Areas) -> None:
    with pytest.raises(ReportError) as raised:
        england.find("Kingston")
    assert str(raised.value) == (
        "area: unknown council 'Kingston'. Did you mean Kingston upon Thames or Kingston upon "
        "Hull, City of?"
    )


@pytest.mark.sources
@pytest.mark.parametrize("path", [
    "ehc_plans/sen2_dmo_dco.csv",
    "population/ons_mye_0_17_la_2012_2024.csv",
    "geography/dfe_observed_la_codes_by_year_sen2.csv",
])  # fmt: skip
def test_every_published_name_finds_its_code(
    source_folder: SourceFolder, england: Areas, path: str
) -> None:
    published = pd.read_csv(source_folder.file(path), dtype="str")
    named = published[["old_la_code", "la_name"]].dropna().drop_duplicates()
    for row in named[named["old_la_code"].isin(england.table["area"])].itertuples():
        found = england.find(str(row.la_name))
        # Dorset before 2019 and the Dorset of today share a name: it means the one of today.
        assert found == row.old_la_code or (row.la_name, row.old_la_code) == ("Dorset", "835")


@pytest.mark.sources
def test_no_real_council_is_a_merger_of_whole_councils(england: Areas) -> None:
    for code in england.councils(current_only=False)["area"]:
        assert england.chain(code) == [code]


@pytest.mark.sources
def test_the_past_of_real_councils_in_words(england: Areas) -> None:
    assert england.history("940")["note"].iloc[0] == (
        "North Northamptonshire was formed in April 2021 from part of Northamptonshire; figures "
        "before then are for the whole county and are not shown here."
    )
    assert england.history("839")["note"].iloc[0] == (
        "Bournemouth, Christchurch and Poole was formed in April 2019 from Bournemouth, Poole and "
        "part of the former county of Dorset; figures before then cannot be put together for its "
        "present area and are not shown here."
    )
    assert england.history("886")["note"].tolist() == [""]
    assert len(england.neighbours("420")) == 10
