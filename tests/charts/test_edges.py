"""Tables at the edge of what can be drawn: one figure, all zero, all alike, all negative."""

from typing import Any

import pandas as pd
import pytest

from charts.samples import series
from sendreform import charts


@pytest.mark.parametrize("values", [[5.0], [0.0, 0.0], [7.0, 7.0], [-3.0, -1.0], [None, 4.0]])
@pytest.mark.parametrize("draw", [charts.line_over_time, charts.gap_over_time])
def test_short_and_flat_series_can_be_drawn(
    caption: dict[str, Any], values: list[float | None], draw: Any
) -> None:
    figure = draw(series("Isles of Scilly", 2015, values), kind="january", unit="plans", **caption)
    assert "Isles of Scilly" in figure.to_html()


@pytest.mark.parametrize("values", [[0.0], [0.0, 0.0], [-3.0, -1.0], [1e10, 3.0]])
def test_bars_of_any_sign_and_size_can_be_drawn(
    caption: dict[str, Any], values: list[float]
) -> None:
    data = pd.DataFrame({"label": [f"Bar {n}" for n, _ in enumerate(values)], "value": values})
    assert ">Bar 0</text>" in charts.bars(data, unit="pounds", **caption).to_html()


def test_names_with_quotes_brackets_and_dots_can_be_drawn(caption: dict[str, Any]) -> None:
    name = """King's "Lynn" [St. Mary's]"""
    data = series(name, 2015, [1, 2])
    html = charts.line_over_time(data, kind="january", unit="plans", **caption).to_html()
    assert "King&#x27;s &quot;Lynn&quot; [St. Mary&#x27;s]" in html
    panels = charts.small_multiples(
        data.assign(panel=name), kind="january", unit="plans", **caption
    )
    assert "Lynn" in panels.to_html()


def test_a_series_without_any_figure_stays_in_the_table(caption: dict[str, Any]) -> None:
    data = pd.concat([series("Kent", 2015, [1, 2]), series("City of London", 2015, [None, None])])
    figure = charts.line_over_time(data, kind="january", unit="plans", **caption)
    assert list(figure.table["City of London"]) == ["not available", "not available"]


def test_a_period_that_a_series_does_not_have_says_so(caption: dict[str, Any]) -> None:
    data = pd.concat([series("Kent", 2015, [1, 2]), series("Cumbria", 2015, [3])])
    figure = charts.line_over_time(data, kind="january", unit="plans", **caption)
    assert list(figure.table["Cumbria"]) == [3, "no figure"]
