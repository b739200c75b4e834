"""A hexagon for each council: where it is expected, shaded in order, the missing hatched."""

import itertools
import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pytest
import vl_convert

from charts.test_look import contrast, luminance
from charts.test_svg import places
from conftest import ROOT
from sendreform.charts import Figure, hexmap, svg, theme
from sendreform.charts.frames import NARROW, text_width
from sendreform.charts.hexmaps import SHADES, borders, fifths
from sendreform.charts.svg import POINTER_LAYER
from sendreform.errors import ReportError

Draw = Callable[..., Figure]


@pytest.fixture(scope="module")
def councils() -> pd.DataFrame:
    """The 153 councils in their cells, with made-up figures; two have none."""
    areas = pd.read_csv(ROOT / "data" / "areas.csv", dtype="str")
    regions = areas[areas["level"] == "region"].set_index("area")["name"]
    today = areas[areas["hex_q"].notna()]
    data = pd.DataFrame(
        {
            "area": today["area"],
            "name": today["name"],
            "q": today["hex_q"].astype("int64"),
            "r": today["hex_r"].astype("int64"),
            "region": today["region"].map(regions),
            "value": [float(number * 37 % 101) for number in range(len(today))],
            "status": "",
        }
    )
    missing = data["name"].isin(["Camden", "Dorset"])
    return data.assign(
        value=data["value"].mask(missing), status=missing.map({True: "x", False: ""})
    )


@pytest.fixture
def draw(councils: pd.DataFrame, caption: dict[str, Any]) -> Draw:
    """A function that draws the map of all councils."""
    return lambda **options: hexmap(
        councils, unit="per cent of plans", decimals=1, **{**options, **caption}
    )


def hexagons(figure: Figure, size: str = "wide") -> pd.DataFrame:
    """Return the data of the one mark that draws every council."""
    layer = figure.specification()[size]["layer"][0]
    assert layer["mark"]["type"] == "point"
    return pd.DataFrame(figure.specification()["shared"]["datasets"][layer["data"]["name"]])


def written(figure: Figure, size: str = "narrow") -> list[tuple[str, float, float]]:
    """Return each text of a drawing, its middle and baseline, in pixels of the plot."""
    chart = (figure.narrow if size == "narrow" else figure.chart).to_dict()
    full = vl_convert.vegalite_to_svg(svg.without_pointer_layer(chart), vl_version="6.4")
    return places(ElementTree.fromstring(full))


def test_every_council_has_one_hexagon_that_says_who_it_is(
    draw: Draw, councils: pd.DataFrame
) -> None:
    rows = hexagons(draw())
    assert len(rows) == rows["area"].nunique() == 153
    assert not rows.duplicated(["x", "y"]).any()
    kent = rows.set_index("area").loc["886"]
    figure = councils.set_index("area").at["886", "value"]
    assert (kent["name"], kent["text"]) == ("Kent", f"{figure:.1f}%")
    layer = draw().specification()["wide"]["layer"][0]
    assert [part["title"] for part in layer["encoding"]["tooltip"]] == ["Council", "Figure"]


def test_councils_are_where_a_person_expects_them(draw: Draw) -> None:
    rows = hexagons(draw()).set_index("name")
    x, y = rows["x"], rows["y"]
    assert y["Northumberland"] == y.min()
    assert x["Cornwall"] < x["Devon"] < x["Hampshire"] < x["Kent"]
    assert y["Cornwall"] > y["Bristol, City of"]
    assert x["Liverpool"] < x["Manchester"] < x["Sheffield"]
    assert x["Norfolk"] > x["Leicester"] > x["Shropshire"]
    steps = abs(x["Camden"] - x["Westminster"]) / 2 + abs(y["Camden"] - y["Westminster"]) / 3
    assert steps <= 2


def test_five_shades_of_one_hue_darken_steadily_also_in_grey() -> None:
    shades = [luminance(shade) for shade in SHADES]
    assert shades == sorted(shades, reverse=True)
    for paler, darker in itertools.pairwise(SHADES):
        assert contrast(paler, darker) >= 1.4
    assert contrast(theme.NAVY, theme.WHITE) >= 3  # the edge of a pale hexagon


def test_each_shade_holds_a_fifth_and_higher_figures_are_darker(
    draw: Draw, councils: pd.DataFrame
) -> None:
    shaded = hexagons(draw()).set_index("area")["shade"]
    known = councils.dropna(subset="value").set_index("area")["value"]
    by_shade = known.groupby(shaded).agg(["count", "min", "max"]).reindex(SHADES)
    assert by_shade["count"].between(26, 35).all()
    assert (by_shade["max"].iloc[:-1].to_numpy() < by_shade["min"].iloc[1:].to_numpy()).all()


def test_figures_written_alike_are_never_parted() -> None:
    values = pd.Series([1.0] * 50 + [2.04, 1.96] * 30 + [3.0, 4.0, 5.0, 6.0, 7.0])
    classes = fifths(values, 0)
    assert classes.groupby(values.round(0)).nunique().eq(1).all()


@pytest.mark.parametrize("values", [[5.0, 5.0], [0.0, 0.0], [-3.0, 4.0]])
def test_few_and_like_figures_can_be_drawn(
    caption: dict[str, Any], councils: pd.DataFrame, values: list[float]
) -> None:
    data = councils.head(2).assign(value=values)
    assert hexmap(data, unit="plans", **caption).to_html()


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_key_says_the_bounds_of_each_shade_in_words(
    draw: Draw, councils: pd.DataFrame, size: str
) -> None:
    texts = [text for text, _, _ in written(draw(), size)]
    bounds = [text for text in texts if re.fullmatch(r"[\d.]+% to [\d.]+%", text)]
    assert len(bounds) == len(SHADES)
    assert bounds[0].startswith(f"{councils['value'].min():.1f}%")
    assert bounds[-1].endswith(f"{councils['value'].max():.1f}%")
    assert "No figure" in texts


def test_a_council_without_a_figure_is_hatched_and_counted(draw: Draw) -> None:
    figure = draw()
    rows = hexagons(figure).set_index("name")
    assert rows.loc[["Camden", "Dorset"], "shade"].tolist() == [theme.WHITE] * 2
    assert rows.at["Camden", "text"] == "not available"
    hatch = figure.specification()["wide"]["layer"][1]
    places = figure.specification()["shared"]["datasets"][hatch["data"]["name"]]
    assert len(places) == 2
    assert "Areas without a figure: 2 of 153; the table says why." in figure.notes


def test_no_hatch_in_the_key_where_every_council_has_a_figure(
    caption: dict[str, Any], councils: pd.DataFrame
) -> None:
    figure = hexmap(councils.dropna(subset="value"), unit="plans", **caption)
    assert "No figure" not in figure.to_html()


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("name", ["Kent", "Isles of Scilly", "Camden", "Northumberland"])
def test_the_chosen_council_is_outlined_and_named(draw: Draw, name: str, size: str) -> None:
    figure = draw(focus=name)
    texts = " ".join(text for text, _, _ in written(figure, size))
    assert hexagons(figure).set_index("name").at[name, "text"] in texts
    outlines = [
        layer
        for layer in figure.specification()[size]["layer"]
        if layer["mark"].get("stroke") == theme.INK
        and layer["mark"]["type"] == "point"
        and not layer.get("name", "").startswith(POINTER_LAYER)  # for the reader's own choice
    ]
    assert len(outlines) == 1
    assert outlines[0]["mark"]["strokeWidth"] >= 3


def test_no_two_names_overlap_and_none_leaves_a_phone(draw: Draw) -> None:
    texts = {(text, x, y) for text, x, y in written(draw(focus="Kent"))}
    in_map = [(t, x, y) for t, x, y in texts if "%" not in t or "Kent" in t]
    names = [(t, x, y) for t, x, y in in_map if t != "No figure"]
    assert len(names) >= 9
    boxes = [(x, y, text_width(text, NARROW.font) / 2) for text, x, y in names]
    for (x, y, half), (other_x, other_y, other_half) in itertools.combinations(boxes, 2):
        assert abs(y - other_y) >= NARROW.line - 1 or abs(x - other_x) >= half + other_half - 6
    for x, _, half in boxes:
        assert half - 4 <= x <= NARROW.width - half + 4


def test_regions_are_parted_by_lines_but_not_along_the_coast(councils: pd.DataFrame) -> None:
    lines = borders(councils)
    assert lines["line"].nunique() > 5
    assert borders(councils.assign(region="England")).empty
    ends = lines.groupby("line").size()
    assert (ends >= 2).all()


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_drawing_of_all_councils_stays_small(draw: Draw, size: str) -> None:
    parts = draw(focus="Kent").specification()
    assert len(svg.drawing({**parts["shared"], **parts[size]}, prefix="m")) < 40_000


def test_the_highest_figure_leads_the_table(draw: Draw) -> None:
    table = draw().table
    assert list(table.columns) == ["Council", "Per cent of plans"]
    assert table.iloc[0, 1] == 100
    assert set(table["Council"].tail(2)) == {"Camden", "Dorset"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.drop(columns="q"), "the data lack the column q"),
        (lambda data: data.assign(value=float("nan")), "no row has a value"),
        (lambda data: pd.concat([data, data.head(1).assign(q=99)]), "is given twice"),
        (lambda data: data.assign(q=1, r=1), "have the same cell"),
    ],
)
def test_wrong_data_are_refused(
    caption: dict[str, Any],
    councils: pd.DataFrame,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    message: str,
) -> None:
    with pytest.raises(ReportError, match=message):
        hexmap(change(councils), unit="plans", **caption)


def test_an_unknown_council_is_refused_with_near_names(draw: Draw) -> None:
    with pytest.raises(ReportError, match=r"nothing named 'Leads' to highlight\. .*Leeds\?"):
        draw(focus="Leads")
