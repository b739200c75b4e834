"""All councils at once: every one has a dot, the chosen one is marked, the missing are told."""

from typing import Any

import pandas as pd
import pytest

from sendreform.charts import distribution
from sendreform.errors import ReportError

COUNCILS = pd.DataFrame(
    {
        "area": ["Kent", "Leeds", "Essex", "Isles of Scilly"],
        "value": [6.4, 4.0, 4.0, None],
        "status": ["", "", "", "c"],
    }
)


def test_each_council_with_a_figure_has_one_dot(caption: dict[str, Any]) -> None:
    figure = distribution(COUNCILS, unit="per cent", decimals=1, **caption)
    (dots,) = (
        layer
        for layer in figure.specification()["wide"]["layer"]
        if layer["mark"]["type"] == "circle"
    )
    rows = figure.specification()["shared"]["datasets"][dots["data"]["name"]]
    assert sorted(row["area"] for row in rows) == ["Essex", "Kent", "Leeds"]
    places = {(row["t_w"], row["up_w"]) for row in rows}
    assert len(places) == 3  # Leeds and Essex have the same figure and stand on each other


def test_a_dot_stands_within_its_own_width_of_its_figure(caption: dict[str, Any]) -> None:
    values = [value / 7 for value in range(1, 120)]
    data = pd.DataFrame({"area": [f"Council {n}" for n in range(119)], "value": values})
    figure = distribution(data, unit="per cent", decimals=1, **caption)
    datasets = figure.specification()["shared"]["datasets"].values()
    (rows,) = (rows for rows in datasets if "area" in rows[0])
    domain = figure.specification()["wide"]["layer"][0]["encoding"]["x"]["scale"]["domain"]
    per_pixel = (domain[1] - domain[0]) / figure.specification()["wide"]["width"]
    placed = {row["area"]: row["t_w"] for row in rows}
    for area, value in zip(data["area"], data["value"], strict=True):
        assert abs(placed[area] - value) <= 4.5 * per_pixel + 0.01


def test_the_chosen_council_and_england_are_named(caption: dict[str, Any]) -> None:
    html = distribution(
        COUNCILS, unit="per cent", decimals=1, focus="Kent", marks={"England": 5.0}, **caption
    ).to_html()
    assert html.count(">Kent 6.4%</text>") == 4  # text and its white edge, at both sizes
    assert html.count(">England 5.0%</text>") == 4


def test_councils_without_a_figure_are_counted_and_explained(caption: dict[str, Any]) -> None:
    figure = distribution(COUNCILS, unit="per cent", decimals=1, focus="Isles of Scilly", **caption)
    assert figure.notes == (
        "Isles of Scilly is not shown: suppressed by the publisher to protect confidentiality.",
        "Areas without a figure: 1 of 4; the table says why.",
    )
    assert list(figure.table["Area"]) == ["Kent", "Leeds", "Essex", "Isles of Scilly"]


def test_an_unknown_council_is_refused_with_near_names(caption: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match=r"nothing named 'Leads' to highlight\. .*Leeds\?"):
        distribution(COUNCILS, unit="per cent", focus="Leads", **caption)


def test_a_mark_without_a_figure_is_left_out(caption: dict[str, Any]) -> None:
    figure = distribution(COUNCILS, unit="per cent", marks={"England": float("nan")}, **caption)
    assert "England" not in figure.csv()


def test_councils_that_are_all_alike_can_be_drawn(caption: dict[str, Any]) -> None:
    data = COUNCILS.assign(value=5.0)
    assert distribution(data, unit="per cent", **caption).to_html()
