"""Who disagrees and who agrees: only what was published is drawn, the rest is left open."""

import itertools
from typing import Any

import pandas as pd
import pytest

from charts.test_hexmap import written
from sendreform.charts import Figure, diverging, theme
from sendreform.charts.frames import NARROW, text_width
from sendreform.errors import ReportError

SURVEY = pd.DataFrame(
    {
        "label": [
            "It works well",
            "It is fair",
            "It is funded",
            "It is funded",
            "Reform would help",
        ],
        "stance": ["Disagree", "Disagree", "Disagree", "Agree", "Agree"],
        "value": [97, 90, 90, 4, 43],
        "bound": ["", "more than", "more than", "", ""],
    }
)


def bars(figure: Figure, *, open_part: bool) -> list[dict[str, Any]]:
    """Return the rows of the solid, or of the open, bars."""
    found = [
        layer
        for layer in figure.specification()["wide"]["layer"]
        if layer["mark"]["type"] == "bar" and ("strokeDash" in layer["mark"]) == open_part
    ]
    datasets = figure.specification()["shared"]["datasets"]
    return [row for layer in found for row in datasets[layer["data"]["name"]]]


def test_disagreement_runs_left_and_agreement_right(caption: dict[str, Any]) -> None:
    figure = diverging(SURVEY, unit="per cent of councils", **caption)
    solid = [(bar["end"], bar["colour"]) for bar in bars(figure, open_part=False)]
    assert solid == [
        (-97, theme.PLUM), (-90, theme.PLUM), (-90, theme.PLUM), (4, theme.NAVY), (43, theme.NAVY),
    ]  # fmt: skip
    texts = [text for text, _, _ in written(figure)]
    assert {"← Disagree", "Agree →"} <= set(texts)


def test_what_is_not_known_is_open_as_far_as_it_could_reach(caption: dict[str, Any]) -> None:
    figure = diverging(SURVEY, unit="per cent of councils", **caption)
    reach = [(bar["end"], bar["most"]) for bar in bars(figure, open_part=True)]
    assert reach == [(-90, -100), (-90, -96)]  # of the second, 4 per cent agree
    assert "No exact figure: could reach this far" in figure.to_html()
    assert figure.to_html().count(">more than 90%</text>") == 4  # two, at both sizes


def test_exact_shares_need_no_key(caption: dict[str, Any]) -> None:
    exact = SURVEY.query("bound == ''").drop(columns="bound")
    figure = diverging(exact, unit="per cent of councils", **caption)
    assert bars(figure, open_part=True) == []
    assert "No exact figure" not in figure.to_html()
    assert "Published as" not in figure.table


def test_one_stance_alone_has_the_whole_width(caption: dict[str, Any]) -> None:
    figure = diverging(SURVEY.head(2), unit="per cent of councils", **caption)
    scale = figure.specification()["narrow"]["layer"][0]["encoding"]["x"]["scale"]
    assert scale["domain"] == [-100, 0]
    assert "Agree →" not in figure.to_html()


def test_figures_can_be_read_and_stay_inside_a_phone(caption: dict[str, Any]) -> None:
    texts = written(diverging(SURVEY, unit="per cent of councils", **caption))
    assert {"97%", "more than 90%", "4%", "43%"} <= {text for text, _, _ in texts}
    for (text, x, y), (other, other_x, other_y) in itertools.combinations(texts, 2):
        if abs(y - other_y) < 6:  # on one line: no two begin at one place
            assert abs(x - other_x) > 6, (text, other)
    assert max(text_width(text, NARROW.font) for text, _, _ in texts) < NARROW.width


def test_the_table_says_how_each_share_was_published(caption: dict[str, Any]) -> None:
    table = diverging(SURVEY, unit="per cent of councils", **caption).table
    assert table["Published as"].tolist() == [
        "exact figure", "more than", "more than", "exact figure", "exact figure",
    ]  # fmt: skip
    assert table["Per cent of councils"].tolist() == [97, 90, 90, 4, 43]


def test_a_missing_share_is_told_and_not_drawn(caption: dict[str, Any]) -> None:
    data = SURVEY.assign(
        value=SURVEY["value"].mask(SURVEY["label"] == "It is fair"),
        status=["", "x", "", "", ""],
    )
    figure = diverging(data, unit="per cent of councils", **caption)
    assert figure.table["Per cent of councils"].iloc[1] == "not available"
    assert len(bars(figure, open_part=False)) == 4


@pytest.mark.parametrize(
    ("change", "rows", "message"),
    [
        ({"stance": "Maybe"}, 2, r"'Maybe' is not a stance of the chart\. .*'Disagree', 'Agree'"),
        ({"bound": "about"}, 5, "'about' is not a bound of the chart"),
        ({"value": 97}, 5, "are no parts of a hundred"),
        ({"value": -1}, 5, "are no parts of a hundred"),
        ({"value": None}, 5, "no row has a value"),
        ({"stance": "Disagree"}, 5, "is given twice"),
    ],
)
def test_wrong_data_are_refused(
    caption: dict[str, Any], change: dict[str, Any], rows: int, message: str
) -> None:
    with pytest.raises(ReportError, match=message):
        diverging(SURVEY.assign(**change).head(rows), unit="per cent of councils", **caption)


def test_a_missing_column_is_named(caption: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="the data lack the column stance"):
        diverging(SURVEY.drop(columns="stance"), unit="per cent", **caption)
