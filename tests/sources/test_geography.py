"""Councils, their places on the hexagon map and their neighbours."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.sources import geography
from sendreform.sources.catalogue import read_words
from sendreform.sources.council_codes import REFERENCE, REFERENCE_COLUMNS
from sendreform.sources.geography import BOUNDARIES, NEIGHBOURS, tables
from sendreform.sources.hexagons import equalise, hex_distance, layout, polygon_centroid
from sendreform.sources.reading import SourceFolder

# --- the official files ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def official(source_folder: SourceFolder) -> dict[str, pd.DataFrame]:
    return tables(source_folder)


@pytest.fixture(scope="module")
def areas(official: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return official["areas"].set_index("area")


@pytest.fixture(scope="module")
def current(areas: pd.DataFrame) -> pd.DataFrame:
    return areas.query("level == 'council' and last_period == ''")


@pytest.mark.sources
def test_counts(areas: pd.DataFrame, current: pd.DataFrame) -> None:
    assert areas["level"].value_counts().to_dict() == {"council": 158, "region": 9, "country": 1}
    # 33 London boroughs, 36 metropolitan districts, 63 unitaries and 21 counties since April 2023.
    assert current["council_type"].value_counts().to_dict() == {
        "unitary authority": 63,
        "metropolitan district": 36,
        "shire county": 21,
        "outer London borough": 19,
        "inner London borough": 14,
    }
    assert set(current["region"]) == set(areas.index[areas["level"] == "region"])


@pytest.mark.sources
@pytest.mark.parametrize(
    ("area", "column", "expected"),
    [
        ("886", "name", "Kent"),
        ("884", "name", "Herefordshire, County of"),
        ("370", "gss_code", "E08000038"),
        ("370", "other_gss_codes", "E08000016"),
        ("390", "other_gss_codes", "E08000020"),
        ("825", "gss_code", "E06000060"),
        ("825", "other_gss_codes", "E10000002"),
        ("825", "reorganised", "2020-04-01"),
        ("835", "successors", "838|839"),
        ("839", "predecessors", "835|836|837"),
        ("839", "first_period", "2020-01"),
        ("909", "last_period", "2023-01"),
        ("941", "predecessors", "928"),
        ("309", "council_type", "inner London borough"),
        ("203", "council_type", "outer London borough"),
        ("420", "region", "E12000009"),
    ],
)
def test_one_fact(areas: pd.DataFrame, area: str, column: str, expected: str) -> None:
    assert areas.loc[area, column] == expected


@pytest.mark.sources
def test_councils_existed_in_the_years_in_which_plans_were_counted(
    source_folder: SourceFolder, areas: pd.DataFrame
) -> None:
    """The codes that the EHC plans releases used each January, 2010 to 2025."""
    observed = pd.read_csv(
        source_folder.file("geography/dfe_observed_la_codes_by_year_sen2.csv"), dtype="str"
    )
    # "2012" is January 2012, and "201819" the school year with January 2019.
    year = observed["time_period"].str[:4].astype(int) + (observed["time_period"].str.len() == 6)
    seen = observed.assign(january=year.astype(str) + "-01")
    for january, codes in seen.groupby("january")["old_la_code"]:
        open_then = areas[
            (areas["level"] == "council")
            & (areas["first_period"] <= january)
            & ((areas["last_period"] == "") | (areas["last_period"] >= january))
        ]
        assert set(codes) == set(open_then.index), january


@pytest.mark.sources
@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("lait/bds_long_0.parquet", "LA Number"),
        ("finance/dsg_balance_202324_by_la.csv", "la_code"),
        ("tribunal/send_appeals_la_2014_2024_long.csv", "old_la_code"),
        ("finance/topups_202324_by_la.csv", "la_code"),
        ("inspection/d2i_area_send_2023framework_20260629.csv", "La Code"),
    ],
)
def test_every_council_code_in_use_is_known(
    source_folder: SourceFolder, areas: pd.DataFrame, path: str, column: str
) -> None:
    file = source_folder.file(path)
    table = (
        pd.read_parquet(file, columns=[column])
        if path.endswith("parquet")
        else pd.read_csv(file, dtype="str")
    )
    codes = set(table[column].dropna().astype("str").str.removesuffix(".0"))
    # 970 to 990 are England, regions, and inner and outer London in the Department's own codes.
    unknown = {code for code in codes if code.isdigit() and not 970 <= int(code) <= 990}
    assert unknown - set(areas.index) == set()
    assert len(codes) > 90


@pytest.mark.sources
def test_centroids_lie_near_the_points_that_the_office_for_national_statistics_gives(
    source_folder: SourceFolder, areas: pd.DataFrame
) -> None:
    features = json.loads(source_folder.read_bytes(BOUNDARIES))["features"]
    points = pd.DataFrame([feature["properties"] for feature in features]).set_index("code")
    by_gss = areas.assign(code=areas["other_gss_codes"].str.split("|")).explode("code")
    found = pd.concat([areas.set_index("gss_code"), by_gss.set_index("code")])
    placed = points.join(found[["centroid_x", "centroid_y"]].dropna())
    apart = np.hypot(
        placed["centroid_x"].astype(float) - placed["bng_e"],
        placed["centroid_y"].astype(float) - placed["bng_n"],
    )
    assert len(placed) == 153
    # Their point is inside the boundary, ours the mean of the land: within 30 km, mostly within 5.
    assert apart.max() < 30_000
    assert apart.median() < 5_000


@pytest.mark.sources
def test_hexagons_are_distinct_and_near_their_neighbours(
    source_folder: SourceFolder, current: pd.DataFrame
) -> None:
    cells = current[["hex_q", "hex_r"]].astype("int64")
    assert len(cells.drop_duplicates()) == 153
    assert cells.min().tolist() == [0, 0]
    pairs = _bordering(source_folder, current)
    steps = hex_distance(
        cells.loc[[one for one, _ in pairs]].to_numpy(),
        cells.loc[[other for _, other in pairs]].to_numpy(),
    )
    assert len(pairs) > 350
    assert (steps == 1).mean() > 0.55
    assert (steps <= 2).mean() > 0.85
    assert steps.max() <= 6


@pytest.mark.sources
@pytest.mark.parametrize(
    ("one", "other", "way"),
    [
        ("929", "886", "north"),  # Northumberland, Kent
        ("908", "881", "west"),  # Cornwall, Essex
        ("302", "306", "north"),  # Barnet, Bromley
        ("312", "311", "west"),  # Hillingdon, Havering
        ("341", "810", "west"),  # Liverpool, Hull
        ("921", "929", "south"),  # Isle of Wight, Northumberland
    ],
)
def test_the_hexagon_map_keeps_directions(
    current: pd.DataFrame, one: str, other: str, way: str
) -> None:
    east = current["hex_q"] + current["hex_r"] / 2
    south = current["hex_r"]
    ahead = {
        "north": south[one] < south[other],
        "south": south[one] > south[other],
        "west": east[one] < east[other],
    }
    assert ahead[way]


@pytest.mark.sources
def test_neighbours_are_those_of_the_publishers_other_table(
    source_folder: SourceFolder, official: dict[str, pd.DataFrame]
) -> None:
    ours = official["neighbours"]
    assert len(ours) == 1530
    long = pd.read_csv(
        source_folder.file("geography/dfe_statistical_neighbours_2025_long.csv"), dtype="str"
    )
    theirs = set(zip(long["old_la_code"], long["rank"], long["neighbour_old_la_code"], strict=True))
    assert set(zip(ours["area"], ours["rank"].astype(str), ours["neighbour"], strict=True)) < theirs
    kent = ours[ours["area"] == "886"]
    assert kent["neighbour"].tolist()[:3] == ["881", "845", "878"]  # Essex, East Sussex, Devon


@pytest.mark.sources
def test_the_same_every_time(
    source_folder: SourceFolder, official: dict[str, pd.DataFrame]
) -> None:
    again = tables(source_folder)
    for name, table in official.items():
        pd.testing.assert_frame_equal(table, again[name])


def _bordering(folder: SourceFolder, current: pd.DataFrame) -> list[tuple[str, str]]:
    """Councils that share two corners of their outlines: not the way our code finds them."""
    by_gss = {
        gss: str(area)
        for area, row in current.iterrows()
        for gss in (row["gss_code"], *row["other_gss_codes"].split("|"))
    }
    corners: dict[str, set[tuple[float, float]]] = {}
    for feature in json.loads(folder.read_bytes(BOUNDARIES))["features"]:
        geometry = feature["geometry"]
        polygons = geometry["coordinates"]
        if geometry["type"] == "Polygon":
            polygons = [polygons]
        corners[by_gss[feature["properties"]["code"]]] = {
            (x, y) for rings in polygons for ring in rings for x, y in ring
        }
    codes = sorted(corners)
    return [
        (one, other)
        for place, one in enumerate(codes)
        for other in codes[place + 1 :]
        if len(corners[one] & corners[other]) >= 2
    ]


# --- geometry by hand -----------------------------------------------------------------------------


def test_centroid_of_a_square_with_a_hole() -> None:
    square = [[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [0.0, 4.0], [0.0, 0.0]]
    hole = [[2.0, 1.0], [4.0, 1.0], [4.0, 3.0], [2.0, 3.0], [2.0, 1.0]]
    # 16 at (2, 2) less 4 at (3, 2) leaves 12 at (20 / 12, 2).
    assert polygon_centroid([square, hole]) == pytest.approx((12, 5 / 3, 2))
    # The way round in which rings are drawn does not matter.
    assert polygon_centroid([square[::-1], hole]) == pytest.approx((12, 5 / 3, 2))


def test_equal_land_stays_in_place_and_small_land_is_given_room() -> None:
    row = np.array([[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]])
    assert equalise(row, np.full(3, 100.0)) == pytest.approx(row)
    spread = equalise(row, np.array([200.0, 20.0, 200.0]))
    # The middle pushes the ends out by about 120 / (2 pi 10) each; they pull by 60 / (2 pi 20).
    assert spread[2, 0] - spread[0, 0] == pytest.approx(20 + 2 * (1.9 - 0.5), abs=0.3)
    assert spread[1] == pytest.approx([10.0, 0.0])


def test_layout_of_a_honeycomb_is_the_honeycomb() -> None:
    cells = np.array([(q, r) for r in range(4) for q in range(4)])
    centres = np.column_stack([(cells[:, 0] + cells[:, 1] / 2), -cells[:, 1] * np.sqrt(3) / 2])
    centres *= 30_000
    land = np.full(16, 30_000**2 * np.sqrt(3) / 2)
    borders = hex_distance(cells[:, None, :], cells[None, :, :]) == 1
    placed = layout(centres, land, borders)
    assert len({tuple(cell) for cell in placed}) == 16
    touching = hex_distance(placed[:, None, :], placed[None, :, :]) == 1
    assert (touching & borders).sum() / borders.sum() > 0.8


@pytest.mark.parametrize(
    ("one", "other", "steps"), [((0, 0), (1, 0), 1), ((0, 0), (1, -1), 1), ((0, 0), (1, 1), 2)]
)
def test_hex_distance(one: tuple[int, int], other: tuple[int, int], steps: int) -> None:
    assert hex_distance(np.array(one), np.array(other)) == steps


# --- bad input ------------------------------------------------------------------------------------

REORGANISED = ["815", "825", "835", "836", "837", "838", "839", "909", "928", "933", "940", "941",
               "942", "943"]  # fmt: skip
REPLACED = {"835", "836", "837", "909", "928"}


@pytest.fixture
def made_up(tmp_path: Path) -> SourceFolder:
    """A country of 153 square councils in a row, and five that they replaced."""
    others = [str(code) for code in range(201, 201 + 158 - len(REORGANISED))]
    codes = [*others, *REORGANISED]
    rows = [
        [code, f"E06{place:06d}", f"Council {code}", "Region", "E12000001", "2017", "2025",
         f"Council {code}", "Region", "UA", "Unitary authority", "True"]
        for place, code in enumerate(codes)
    ]  # fmt: skip
    _write(tmp_path / REFERENCE, [REFERENCE_COLUMNS, *rows])
    today = [row for row in rows if row[0] not in REPLACED]
    features = [
        {
            "properties": {"code": row[1]},
            "geometry": {
                "type": "Polygon",
                "coordinates": _square(30_000 * (place % 12), 30_000 * (place // 12)),
            },
        }
        for place, row in enumerate(today)
    ]
    (tmp_path / BOUNDARIES).write_text(json.dumps({"features": features}))
    book = openpyxl.Workbook()
    book.worksheets[0].title = "LA SN Groups"
    for line in [["A"], ["1"], geography._NEIGHBOUR_HEADER]:
        book.worksheets[0].append(line)
    for row in today:
        near = [code[0] for code in today if code[0] != row[0]][:10]
        pairs = [cell for code in near for cell in (code, "Close")]
        book.worksheets[0].append([row[0], row[2], row[0], "1", "Region", *pairs])
    book.save(tmp_path / NEIGHBOURS)
    return SourceFolder(tmp_path)


def _square(x: float, y: float) -> list[list[list[float]]]:
    side = 30_000
    return [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]


def _write(path: Path, rows: list[list[Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_made_up_country_is_read(made_up: SourceFolder) -> None:
    read = tables(made_up)
    assert len(read["neighbours"]) == 1530
    assert read["areas"]["hex_q"].notna().sum() == 153


@pytest.mark.parametrize(
    ("path", "old", "new", "message"),
    [
        (
            REFERENCE,
            "old_la_code",
            "la_code",
            "geography/la_reference_dfeR_lait.csv: column 'old_la_code' is missing "
            "(unknown: 'la_code').",
        ),
        (
            REFERENCE,
            "in_may2023_boundaries",
            "in_may2023_boundaries,extra",
            "unknown column 'extra'",
        ),
        (REFERENCE, "\n202,", "\n20x,", "column old_la_code, row 3: '20x' is not a three-digit"),
        (
            REFERENCE,
            "\n202,E06000001",
            "\n201,E06000000",
            "council 201 with code E06000000 is",
        ),
        (REFERENCE, "\n928,", "\n999,", "council 928 of the reorganisations is not in the list"),
        (REFERENCE, "\n202,", "\n201,", "there are 152 councils of today where 153 were expected"),
        (BOUNDARIES, '"E06000003"', '"E06999999"', "no council has the GSS code 'E06999999'"),
        (BOUNDARIES, '{"features"', '{"shapes"', "the file is not GeoJSON with a code for each"),
        (BOUNDARIES, '{"features"', '{"features', "the file is damaged or cut short"),
    ],
)
def test_a_bad_file_gives_one_clear_line(
    made_up: SourceFolder, path: str, old: str, new: str, message: str
) -> None:
    _change(made_up.root / path, old, new)
    with pytest.raises(ReportError) as raised:
        tables(made_up)
    assert message in str(raised.value)
    assert str(raised.value).startswith(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("row", "column", "cell", "message"),
    [
        (3, 6, "Neighbour 1", "column 6 is headed 'Neighbour 1', not 'SN1'"),
        (4, 6, "999", "'999' is not the code of a council of today"),
        (4, 7, "Closer", "unknown closeness 'Closer'"),
        (5, 1, "201", "council 202 has no neighbours"),
        (4, 8, "202", "a council or a neighbour is given twice"),
    ],
)
def test_a_bad_workbook_gives_one_clear_line(
    made_up: SourceFolder, row: int, column: int, cell: str, message: str
) -> None:
    file = made_up.root / NEIGHBOURS
    book = openpyxl.load_workbook(file)
    book.worksheets[0].cell(row, column).value = cell
    book.save(file)
    with pytest.raises(ReportError, match=message):
        tables(made_up)


def test_a_workbook_cut_short(made_up: SourceFolder) -> None:
    file = made_up.root / NEIGHBOURS
    file.write_bytes(file.read_bytes()[:2000])
    with pytest.raises(ReportError, match="the workbook is damaged or cut short"):
        tables(made_up)


@pytest.mark.parametrize("path", [REFERENCE, BOUNDARIES, NEIGHBOURS])
def test_a_missing_file(made_up: SourceFolder, path: str) -> None:
    (made_up.root / path).unlink()
    with pytest.raises(ReportError, match="the file is missing"):
        tables(made_up)


def test_every_file_read_has_a_record() -> None:
    assert set(read_words("geography").sources["path"]) == {REFERENCE, BOUNDARIES, NEIGHBOURS}
