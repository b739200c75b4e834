"""Flows as bands: as thick as they are large, in an order that keeps them from crossing."""

import itertools
from typing import Any

import pandas as pd
import pytest

from charts.test_hexmap import written
from charts.test_look import contrast
from sendreform.charts import Figure, flows, theme
from sendreform.charts.flows import in_order
from sendreform.charts.frames import NARROW, text_width
from sendreform.errors import ReportError

MOVES = pd.DataFrame(
    {
        "source": ["Mainstream", "Mainstream", "Special", "Special"],
        "target": ["Special", "Home education", "Mainstream", "Home education"],
        "value": [9318.0, 638, 2838, 226],
        "status": "",
    }
)


def bands(figure: Figure, size: str = "wide") -> pd.DataFrame:
    """Return the points of the bands."""
    (layer,) = (
        layer for layer in figure.specification()[size]["layer"] if layer["mark"]["type"] == "area"
    )
    return pd.DataFrame(figure.specification()["shared"]["datasets"][layer["data"]["name"]])


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_band_is_as_thick_as_its_flow_all_the_way(caption: dict[str, Any], size: str) -> None:
    points = bands(flows(MOVES, unit="moves", **caption), size)
    thick = (points["foot"] - points["top"]).groupby([points["source"], points["target"]])
    assert (thick.max() - thick.min() <= 0.2).all()
    per_unit = thick.mean() / MOVES.set_index(["source", "target"])["value"]
    assert per_unit.max() / per_unit.min() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_bands_do_not_overlap_at_either_end(caption: dict[str, Any], size: str) -> None:
    points = bands(flows(MOVES, unit="moves", **caption), size)
    for end in (0, 1):
        at_end = points[points["x"] == end].sort_values("top")
        assert (
            at_end["top"].iloc[1:].to_numpy() >= at_end["foot"].iloc[:-1].to_numpy() - 0.11
        ).all()
    height = flows(MOVES, unit="moves", **caption).specification()[size]["height"]
    assert points["top"].min() >= -0.5
    assert points["foot"].max() <= height + 0.5


def test_the_moves_of_children_with_plans_cross_nowhere() -> None:
    ordered = in_order(MOVES)
    for one, other in itertools.combinations(ordered.itertuples(), 2):
        assert (one.left - other.left) * (one.right - other.right) >= 0


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_both_ends_are_named_with_their_totals(caption: dict[str, Any], size: str) -> None:
    texts = [text for text, _, _ in written(flows(MOVES, unit="moves", **caption), size)]
    assert {"From", "To", "9,956", "3,064", "9,318", "864", "2,838", "638"} <= set(texts)
    assert texts.count("Mainstream") == texts.count("Special") == 2


def test_names_keep_apart_and_inside_a_phone(caption: dict[str, Any]) -> None:
    long = MOVES.replace("Home education", "Independent or non-maintained special schools")
    figure = flows(long, unit="moves", **caption)
    spec = figure.specification()["narrow"]
    inside = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
    texts = written(figure)
    for (text, x, y), (other, other_x, other_y) in itertools.combinations(texts, 2):
        assert abs(x - other_x) > 12 or abs(y - other_y) >= NARROW.line - 1, (text, other)
    for text, x, y in texts:
        assert 0 <= x <= NARROW.width
        assert 0 < y < inside
        assert text_width(text, NARROW.font) < NARROW.width / 2
    assert spec["width"] > 90  # what is left for the bands


def test_a_flow_in_focus_stands_out_and_its_figure_can_be_read(caption: dict[str, Any]) -> None:
    points = bands(flows(MOVES, unit="moves", focus=[("Mainstream", "Special")], **caption))
    colour = points.groupby(["source", "target"])["colour"].first()
    assert (colour == theme.NAVY).sum() == 1
    assert colour["Mainstream", "Special"] == theme.NAVY
    (grey,) = set(colour) - {theme.NAVY}
    assert contrast(theme.NAVY, grey) >= 3
    assert contrast(theme.INK, grey) >= 4.5
    assert contrast(theme.WHITE, theme.NAVY) >= 4.5


def test_a_flow_that_was_not_published_is_told_and_left_out(caption: dict[str, Any]) -> None:
    data = MOVES.assign(value=[9318, None, 2838, 0], status=["", "c", "", ""])
    figure = flows(data, unit="moves", **caption)
    assert figure.notes == (
        "Not shown, nor in the totals: Mainstream to Home education (suppressed by the publisher "
        "to protect confidentiality).",
    )
    assert len(bands(figure).groupby(["source", "target"])) == 2
    assert figure.table["Moves"].iloc[3] == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": None}, "no row has a value"),
        ({"value": 0.0}, "every flow is nought"),
        ({"value": -1.0}, "the flow 'Mainstream to Special' is negative"),
        ({"source": "Special"}, "is given twice"),
    ],
)
def test_wrong_data_are_refused(
    caption: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ReportError, match=message):
        flows(MOVES.assign(**change), unit="moves", **caption)


def test_a_missing_column_is_named(caption: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="the data lack the column target"):
        flows(MOVES.drop(columns="target"), unit="moves", **caption)


def test_an_unknown_flow_is_refused_with_near_names(caption: dict[str, Any]) -> None:
    with pytest.raises(
        ReportError, match=r"no flow 'Mainstream to Spezial' .*Mainstream to Special"
    ):
        flows(MOVES, unit="moves", focus=[("Mainstream", "Spezial")], **caption)
