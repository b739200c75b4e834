"""Ranges over time: nested bands that cross no break, and a place over them."""

import itertools
from typing import Any

import pandas as pd
import pytest

from charts.samples import series
from charts.test_hexmap import written
from charts.test_look import contrast, luminance
from sendreform.charts import Figure, fan, theme
from sendreform.charts.fans import SHADES
from sendreform.charts.frames import NARROW, text_width
from sendreform.errors import ReportError

LINES = pd.concat(
    [
        series("Middle council", 2015, [50, 51, 52, 53, 54]),
        series("Kent", 2015, [30, None, 34, 36, 38]),
    ]
)
BREAKS = {"2018-01": "Counted for each person from 2018."}


def ranges(years: range = range(2015, 2020), **reach: float) -> pd.DataFrame:
    """Return bands around 52, each reaching so far to either side."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "period": [f"{year}-01" for year in years],
                    "band": band,
                    "low": 52.0 - far,
                    "high": 52.0 + far,
                }
            )
            for band, far in (reach or {"Eight in ten": 30.0, "Middle half": 12.0}).items()
        ]
    )


def areas(figure: Figure, size: str = "wide") -> list[pd.DataFrame]:
    """Return the rows of each band, in the order in which they are drawn."""
    datasets = figure.specification()["shared"]["datasets"]
    return [
        pd.DataFrame(datasets[layer["data"]["name"]])
        for layer in figure.specification()[size]["layer"]
        if layer["mark"]["type"] == "area"
    ]


def test_the_wider_band_lies_under_the_narrower(caption: dict[str, Any]) -> None:
    wide, narrow = areas(fan(LINES, ranges(), kind="january", unit="per cent", **caption))
    assert (wide["low"].tolist(), narrow["low"].tolist()) == ([22] * 5, [40] * 5)
    assert (wide["high"].tolist(), narrow["high"].tolist()) == ([82] * 5, [64] * 5)


def test_a_band_never_crosses_a_break_or_a_gap(caption: dict[str, Any]) -> None:
    figure = fan(LINES, ranges(), kind="january", unit="per cent", breaks=BREAKS, **caption)
    for band in areas(figure):
        joined = [set(years) for _, years in band.groupby("run")["t"]]
        assert joined == [{2015, 2016, 2017}, {2018, 2019}]
    gap = ranges().query("period != '2017-01'")
    for band in areas(fan(LINES, gap, kind="january", unit="per cent", **caption)):
        assert [set(years) for _, years in band.groupby("run")["t"]] == [{2015, 2016}, {2018, 2019}]


def test_a_range_joined_to_none_is_drawn_as_a_bar(caption: dict[str, Any]) -> None:
    late = {"2019-01": "Counted anew."}
    figure = fan(LINES, ranges(), kind="january", unit="per cent", breaks=late, **caption)
    datasets = figure.specification()["shared"]["datasets"]
    alone = [
        datasets[layer["data"]["name"]]
        for layer in figure.specification()["wide"]["layer"]
        if layer["mark"]["type"] == "rule" and layer["mark"].get("stroke") in SHADES
    ]
    assert [[row["t"] for row in rows] for rows in alone] == [[2019], [2019]]


def test_shades_pale_outwards_also_in_grey_and_lines_stand_out_from_each() -> None:
    shades = [luminance(shade) for shade in SHADES]
    assert shades == sorted(shades)
    for inner, outer in itertools.pairwise(SHADES):
        assert contrast(inner, outer) >= 1.3
    for line in (theme.NAVY, theme.PLUM):
        assert min(contrast(line, shade) for shade in SHADES) >= 3


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_bands_and_lines_are_named(caption: dict[str, Any], size: str) -> None:
    figure = fan(LINES, ranges(), kind="january", unit="per cent", breaks=BREAKS, **caption)
    words = " ".join(text for text, _, _ in written(figure, size))
    for name in ("Middle half", "Eight in ten", "Kent 38%", "Series break"):
        assert name in words
    assert words.replace("Middle half", "").count("Middle") >= 1


def test_the_key_stands_clear_of_the_plot_and_inside_a_phone(caption: dict[str, Any]) -> None:
    figure = fan(LINES, ranges(), kind="january", unit="per cent", breaks=BREAKS, **caption)
    texts = written(figure)
    key = [(text, x, y) for text, x, y in texts if text in ("Middle half", "Eight in ten")]
    top = next(y for text, _, y in texts if text == "Series break")
    for text, x, y in key:
        assert 0 < y < top - NARROW.line + 1
        assert x + text_width(text, NARROW.font) <= NARROW.width


def test_a_place_has_a_dot_for_each_of_its_figures(caption: dict[str, Any]) -> None:
    figure = fan(LINES, ranges(), kind="january", unit="per cent", **caption)
    datasets = figure.specification()["shared"]["datasets"]
    dots = [
        datasets[layer["data"]["name"]]
        for layer in figure.specification()["wide"]["layer"]
        if layer["mark"]["type"] == "point" and "text" not in datasets[layer["data"]["name"]][0]
    ]
    kent = [row["t"] for rows in dots for row in rows if row["series"] == "Kent"]
    assert kent == [2015, 2017, 2018, 2019]


def test_the_table_has_both_ends_of_each_band_and_says_what_is_missing(
    caption: dict[str, Any],
) -> None:
    table = fan(LINES, ranges(), kind="january", unit="per cent", **caption).table
    assert list(table.columns) == [
        "Period", "Middle council", "Kent", "Middle half: low end", "Middle half: high end",
        "Eight in ten: low end", "Eight in ten: high end",
    ]  # fmt: skip
    assert table["Kent"].tolist() == [30, "not available", 34, 36, 38]
    assert table["Eight in ten: high end"].tolist() == [82] * 5


def test_a_fan_needs_no_place(caption: dict[str, Any]) -> None:
    middle = LINES[LINES["series"] == "Middle council"]
    assert fan(middle, ranges(), kind="january", unit="per cent", **caption).to_html()


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        (ranges().drop(columns="low"), "the data lack the column low"),
        (ranges().drop(columns="band"), "the data lack the column band"),
        (pd.concat([ranges(), ranges()]), "is given twice"),
        (ranges(a=1, b=2, c=3, d=4), "4 bands, a fan has room for 3"),
        (ranges().assign(low=99), "ends below its beginning"),
        (pd.concat([ranges(a=1), ranges(b=9).assign(low=52)]), "'b' does not hold 'a' in 2015-01"),
    ],
)
def test_wrong_bands_are_refused(
    caption: dict[str, Any], bands: pd.DataFrame, message: str
) -> None:
    with pytest.raises(ReportError, match=message):
        fan(LINES, bands, kind="january", unit="per cent", **caption)


def test_a_third_line_is_refused(caption: dict[str, Any]) -> None:
    third = pd.concat([LINES, series("Essex", 2015, [1, 2, 3, 4, 5])])
    with pytest.raises(ReportError, match="3 lines, a fan has room for 2"):
        fan(third, ranges(), kind="january", unit="per cent", **caption)
