"""England, its nine regions, its councils past and present, and each council's neighbours.

A council is known by the Department for Education's three-digit code, because GSS codes change
under boundary revisions and some releases switch back and forth. The reference file knows codes,
regions and types; ``geography.yml`` adds what no file holds in one place: the names that others
use, and which councils replaced which.

Statistical neighbours: the Department's Local Authority Interactive Tool,
https://github.com/dfe-analytical-services/local-authority-interactive-tool
"""

from importlib import resources
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import yaml

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.periods import january
from sendreform.sources.council_codes import ENDED_GSS_CODES, REFERENCE, REFERENCE_COLUMNS
from sendreform.sources.hexagons import layout, polygon_centroid
from sendreform.sources.reading import SourceFolder, read_csv, read_json
from sendreform.sources.workbooks import check_header, read_sheet

BOUNDARIES = "geography/ctyua_may2023_buc_england_bng27700.geojson"
NEIGHBOURS = "geography/sn_may_2025.xlsx"

#: How many councils have responsibility for SEND in England since April 2023.
CURRENT_COUNCILS = 153
NEIGHBOUR_MODEL = "2025"

AREA_COLUMNS = [
    "area", "name", "other_names", "level", "gss_code", "other_gss_codes", "council_type",
    "region", "first_period", "last_period", "reorganised", "predecessors", "successors",
    "centroid_x", "centroid_y", "hex_q", "hex_r",
]  # fmt: skip
NEIGHBOUR_COLUMNS = ["area", "rank", "neighbour", "closeness", "model"]

_NEIGHBOUR_SHEET = "LA SN Groups"
#: Two rows of spreadsheet letters and numbers stand above the header.
_NEIGHBOUR_HEADER_ROW = 3
_NEIGHBOUR_HEADER = [
    "LA num", "LA Name", "LA number", "GOInd", "GOReg",
    *(name for rank in range(1, 11) for name in (f"SN{rank}", "SNP")),
]  # fmt: skip
_TYPE_OF_PREFIX = {
    "E06": "unitary authority",
    "E08": "metropolitan district",
    "E09": "London borough",
    "E10": "shire county",
}
_CLOSENESS = ["Extremely close", "Very close", "Close", "Somewhat close", "Not close"]


def tables(folder: SourceFolder) -> dict[str, pd.DataFrame]:
    """Read ``areas`` and ``neighbours``.

    Returns
    -------
    ``areas``: a row for England, each region, each of the 153 councils and each council that one
    of them replaced since 2010.

    * ``other_names``, ``other_gss_codes``, ``predecessors``, ``successors`` are lists joined by
      ``|``. ``gss_code`` is the newest.
    * ``council_type`` is by the newest GSS code; London boroughs are inner or outer as the
      Department's Local Authority Interactive Tool has them.
    * ``first_period`` and ``last_period``: the first and last January at which the council
      existed; empty when that is before 2010, or still open.
    * ``reorganised``: the day on which the council was formed, replaced or made unitary.
    * ``centroid_x``, ``centroid_y``: metres on the British National Grid. ``hex_q``, ``hex_r``:
      axial coordinates of its hexagon (see :mod:`sendreform.sources.hexagons`). Both empty but
      for councils of today.

    ``neighbours``: for each council of today its ten statistical neighbours, the nearest first.

    Raises
    ------
    ReportError
        When a file is not as expected, or the councils of today are not 153.
    """
    areas = read_areas(folder)
    return {"areas": areas, "neighbours": read_neighbours(folder, areas)}


def read_areas(folder: SourceFolder) -> pd.DataFrame:
    """Read every area and place today's councils on the map; see :func:`tables`."""
    words = _words()
    reference = _reference(folder)
    councils = read_councils(folder)
    current = councils.loc[councils["last_period"] == ""]
    placed = councils.join(_places(folder, current))
    regions = (
        reference[["region_code", "region_name"]]
        .drop_duplicates()
        .set_axis(["area", "name"], axis=1)
        .assign(level="region")
    )
    england = pd.DataFrame({"area": [ENGLAND], "name": ["England"], "level": ["country"]})
    wider = pd.concat([england, regions]).assign(gss_code=lambda t: t["area"])
    wider["other_names"] = wider["area"].map(words["other_names"]).map("|".join, na_action="ignore")
    whole_numbers = dict.fromkeys(["centroid_x", "centroid_y", "hex_q", "hex_r"], "Int64")
    text = [name for name in AREA_COLUMNS if name not in whole_numbers]
    return (
        pd.concat([wider, placed.reset_index()], ignore_index=True)
        .reindex(columns=AREA_COLUMNS)
        .fillna(dict.fromkeys(text, ""))
        .astype({**dict.fromkeys(text, "str"), **whole_numbers})
        .assign(order=lambda t: t["level"].map({"country": 0, "region": 1, "council": 2}))
        .sort_values(["order", "area"], ignore_index=True)
        .drop(columns="order")
    )


def read_councils(folder: SourceFolder) -> pd.DataFrame:
    """Read the councils, past and present, without their places; the index is ``area``."""
    words = _words()
    replaced: dict[str, dict[str, Any]] = words["replaced"]
    followed = {area: record["by"] for area, record in replaced.items()}
    followers = {
        new: [area for area, record in replaced.items() if new in record["by"]]
        for record in replaced.values()
        for new in record["by"]
    }
    abolished = {area: record["date"] for area, record in replaced.items()}
    formed = {new: abolished[old[0]] for new, old in followers.items()}
    reorganised = {**words["became_unitary"], **abolished, **formed}

    by_council = _reference(folder).sort_values("first_year", kind="stable").groupby("area")
    newest, gss_codes = by_council.last(), by_council["new_la_code"].agg(list)
    earlier = {area: gss for gss, area in ENDED_GSS_CODES.items()}
    unknown = sorted(set(reorganised) - set(newest.index))
    if unknown:
        raise ReportError(
            f"council {unknown[0]} of the reorganisations is not in the list of councils",
            where=f"{REFERENCE}, column old_la_code",
            fix="Correct the file, or geography.yml.",
        )
    areas = newest.index
    names = {**newest["la_name"], **words["told_apart"]}
    councils = pd.DataFrame(
        {
            "name": [names[area] for area in areas],
            "other_names": _joined(areas, words["other_names"]),
            "level": "council",
            "gss_code": [gss_codes[area][-1] for area in areas],
            "other_gss_codes": [
                "|".join([*([earlier[area]] if area in earlier else []), *gss_codes[area][:-1]])
                for area in areas
            ],
            "region": newest["region_code"],
            "first_period": [january(formed[a].year + 1) if a in formed else "" for a in areas],
            "last_period": [january(abolished[a].year) if a in abolished else "" for a in areas],
            "reorganised": [str(reorganised.get(area, "")) for area in areas],
            "predecessors": _joined(areas, followers),
            "successors": _joined(areas, followed),
        },
        index=areas,
    ).assign(
        council_type=lambda t: (
            newest["lait_type"].map({"ILB": "inner ", "OLB": "outer "}).fillna("")
            + t["gss_code"].str[:3].map(_TYPE_OF_PREFIX)
        )
    )
    count = int((councils["last_period"] == "").sum())
    if count != CURRENT_COUNCILS:
        raise ReportError(
            f"there are {count} councils of today where {CURRENT_COUNCILS} were expected",
            where=REFERENCE,
            fix="If councils were reorganised again, add it to geography.yml.",
        )
    return councils


def read_neighbours(folder: SourceFolder, areas: pd.DataFrame) -> pd.DataFrame:
    """Read each council's ten statistical neighbours; see :func:`tables`."""
    rows = _neighbour_rows(folder)
    long = pd.concat(
        pd.DataFrame(
            {
                "area": [row[0] for row in rows],
                "rank": rank,
                "neighbour": [row[3 + 2 * rank] for row in rows],
                "closeness": [row[4 + 2 * rank].capitalize() for row in rows],
                "model": NEIGHBOUR_MODEL,
            }
        )
        for rank in range(1, 11)
    )
    current = set(areas.loc[(areas["level"] == "council") & (areas["last_period"] == ""), "area"])
    for column in ("area", "neighbour"):
        strange = long.loc[~long[column].isin(current), column]
        if len(strange):
            raise ReportError(
                f"{strange.iloc[0]!r} is not the code of a council of today", where=NEIGHBOURS
            )
    strange = long.loc[~long["closeness"].isin(_CLOSENESS), "closeness"]
    if len(strange):
        raise ReportError(
            f"unknown closeness {strange.iloc[0]!r}",
            where=NEIGHBOURS,
            fix=f"Expected one of {', '.join(_CLOSENESS)}.",
        )
    missing = sorted(current - set(long["area"]))
    if missing:
        raise ReportError(f"council {missing[0]} has no neighbours", where=NEIGHBOURS)
    if long.duplicated(["area", "neighbour"]).any() or len(rows) != len(current):
        raise ReportError("a council or a neighbour is given twice", where=NEIGHBOURS)
    return long[NEIGHBOUR_COLUMNS].sort_values(["area", "rank"], ignore_index=True)


def _words() -> dict[str, Any]:
    """Return ``geography.yml`` with its records of names, codes and reorganisations."""
    text = (resources.files("sendreform.sources") / "geography.yml").read_text("utf-8")
    words: dict[str, Any] = yaml.safe_load(text)
    return words


def _reference(folder: SourceFolder) -> pd.DataFrame:
    """Read the list of councils, a row per council and GSS code, with ``area`` beside them."""
    reference = read_csv(folder, REFERENCE, REFERENCE_COLUMNS)
    twice = reference.duplicated(["old_la_code", "new_la_code"])
    if twice.any():
        row = reference[twice].iloc[0]
        raise ReportError(
            f"council {row['old_la_code']} with code {row['new_la_code']} is given twice",
            where=f"{REFERENCE}, row {int(reference.index[twice][0]) + 2}",
            fix="Remove the duplicate row from the file.",
        )
    strange = reference[~reference["old_la_code"].str.fullmatch(r"\d{3}|z")]
    if len(strange):
        raise ReportError(
            f"{strange['old_la_code'].iloc[0]!r} is not a three-digit council code",
            where=f"{REFERENCE}, column old_la_code, row {int(strange.index[0]) + 2}",
        )
    # The GSS codes of 2025 for Barnsley and Sheffield are listed by name only.
    by_name = reference.query("old_la_code != 'z'").groupby("la_name")["old_la_code"].first()
    has_no_code = reference["old_la_code"] == "z"
    return reference.assign(
        area=reference["old_la_code"].mask(has_no_code, reference["la_name"].map(by_name))
    )


def _joined(areas: pd.Index, lists: dict[str, list[str]]) -> list[str]:
    return ["|".join(lists.get(area, [])) for area in areas]


def _places(folder: SourceFolder, current: pd.DataFrame) -> pd.DataFrame:
    """Return the centroid and hexagon of each council of today, by ``area``."""
    shapes = _shapes(folder)
    by_gss = {
        gss: area
        for area, row in current.iterrows()
        for gss in (row["gss_code"], *row["other_gss_codes"].split("|"))
    }
    found = [by_gss.get(gss) for gss in shapes]
    for gss, area in zip(shapes, found, strict=True):
        if area is None:
            raise ReportError(f"no council has the GSS code {gss!r}", where=BOUNDARIES)
    if len(set(found)) != len(current):
        raise ReportError(
            f"there are {len(set(found))} councils where {len(current)} were expected",
            where=BOUNDARIES,
        )
    measured = np.array([_centroid(polygons) for polygons in shapes.values()])
    areas, centres = measured[:, 0], measured[:, 1:]
    cells = layout(centres, areas, _borders(list(shapes.values())))
    return pd.DataFrame(
        {
            "centroid_x": centres[:, 0].round().astype("int64"),
            "centroid_y": centres[:, 1].round().astype("int64"),
            "hex_q": cells[:, 0],
            "hex_r": cells[:, 1],
        },
        index=pd.Index(found, name="area"),
    )


def _shapes(folder: SourceFolder) -> dict[str, list[Any]]:
    """Read the boundary file: the polygons of each council by GSS code, in order of code."""
    try:
        features = read_json(folder, BOUNDARIES)["features"]
        shapes = {
            feature["properties"]["code"]: (
                feature["geometry"]["coordinates"]
                if feature["geometry"]["type"] == "MultiPolygon"
                else [feature["geometry"]["coordinates"]]
            )
            for feature in features
        }
    except (ValueError, KeyError, TypeError) as error:
        raise ReportError(
            f"the file is not GeoJSON with a code for each shape ({error!r})",
            where=BOUNDARIES,
            fix="Download it again.",
        ) from error
    return dict(sorted(shapes.items()))


def _centroid(polygons: list[Any]) -> tuple[float, float, float]:
    """Return the area of a council's polygons and their centroid, weighted by area."""
    parts = np.array([polygon_centroid(rings) for rings in polygons])
    land = parts[:, 0]
    x, y = land @ parts[:, 1:] / land.sum()
    return float(land.sum()), float(x), float(y)


def _borders(shapes: list[list[Any]]) -> npt.NDArray[np.bool_]:
    """Say which shapes border which: those that share at least one edge of their outlines."""
    edges = [
        {
            frozenset((tuple(start), tuple(end)))
            for rings in polygons
            for ring in rings
            for start, end in pairwise(ring)
        }
        for polygons in shapes
    ]
    count = len(edges)
    borders = np.zeros((count, count), dtype="bool")
    for one, other in combinations(range(count), 2):
        borders[one, other] = borders[other, one] = not edges[one].isdisjoint(edges[other])
    return borders


def _neighbour_rows(folder: SourceFolder) -> list[list[str]]:
    """Read the rows of today's councils: code, name, code, region twice, then the pairs."""
    sheet = read_sheet(folder, NEIGHBOURS, _NEIGHBOUR_SHEET)
    check_header(sheet, _NEIGHBOUR_HEADER_ROW, dict(enumerate(_NEIGHBOUR_HEADER)), where=NEIGHBOURS)
    rows = [[cell.strip() for cell in row] for row in sheet.to_numpy()[_NEIGHBOUR_HEADER_ROW:]]
    first_empty = next((place for place, row in enumerate(rows) if not row[0]), len(rows))
    return rows[:first_empty]
