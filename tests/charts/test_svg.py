"""Drawings made small: less text, the same picture."""

import re
from xml.etree import ElementTree

import pytest
import vl_convert

from charts.samples import KINDS
from sendreform.charts import svg


def test_a_drawing_is_less_than_half_of_what_vega_writes() -> None:
    chart = KINDS["line_over_time"]().chart.to_dict()
    full = vl_convert.vegalite_to_svg(chart, vl_version="6.4")
    assert len(svg.drawing(chart, prefix="x")) < len(full) / 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", ["chart", "narrow"])
def test_every_word_stays_where_vega_put_it(kind: str, size: str) -> None:
    chart = svg.without_pointer_layer(getattr(KINDS[kind](), size).to_dict())
    full = vl_convert.vegalite_to_svg(chart, vl_version="6.4")
    placed, expected = (
        places(ElementTree.fromstring(text)) for text in (svg.drawing(chart, prefix="x"), full)
    )
    assert [text for text, _, _ in placed] == [text for text, _, _ in expected]
    for (_, x, y), (_, x_expected, y_expected) in zip(placed, expected, strict=True):
        assert (x, y) == (pytest.approx(x_expected, abs=0.3), pytest.approx(y_expected, abs=0.3))


def places(
    element: ElementTree.Element, x: float = 0, y: float = 0
) -> list[tuple[str, float, float]]:
    """Return each text with where it stands, however its groups are nested."""
    move = re.match(r"translate\((-?[\d.]+),(-?[\d.]+)\)", element.get("transform", ""))
    if move:
        x, y = x + float(move[1]), y + float(move[2])
    text = "".join(element.itertext())
    if element.tag.endswith("text"):
        return [(text, x, y)] if text else []
    return [place for child in element for place in places(child, x, y)]


def test_ids_inside_a_drawing_begin_with_its_prefix() -> None:
    chart = {
        "layer": [
            {
                "data": {"values": [{"a": 1}]},
                "mark": {"type": "point", "clip": True},
                "encoding": {"x": {"field": "a", "type": "quantitative"}},
            }
        ]
    }
    drawn = svg.drawing(chart, prefix="plans-n")
    assert 'id="plans-n-clip' in drawn
    assert "url(#plans-n-clip" in drawn
