"""Charts of the argument: what a waterfall, a funnel and a map of causes refuse and show."""

import pandas as pd
import pytest

from charts.samples import CAPTION, KINDS
from sendreform import charts
from sendreform.errors import ReportError


def rows(**values: float) -> pd.DataFrame:
    return pd.DataFrame({"label": list(values), "value": list(values.values())})


def test_a_waterfall_refuses_parts_that_do_not_add_up() -> None:
    with pytest.raises(ReportError, match="do not add"):
        charts.waterfall(rows(a=1.0, b=1.0, c=3.0), start="a", end="c", unit="plans", **CAPTION)


def test_a_waterfall_refuses_rows_out_of_order() -> None:
    with pytest.raises(ReportError, match="do not run from"):
        charts.waterfall(rows(b=1.0, a=1.0, c=2.0), start="a", end="c", unit="plans", **CAPTION)


def test_a_part_that_takes_away_runs_back_from_where_the_one_before_ended() -> None:
    drawn = KINDS["waterfall"]().chart.to_dict()
    bars = next(data for data in drawn["datasets"].values() if "colour" in data[0])
    assert [(bar["low"], bar["high"]) for bar in bars] == [
        (0, 240), (240, 255), (255, 555), (555, 550), (0, 550),
    ]  # fmt: skip


def test_a_funnel_lists_the_size_of_each_council_and_skips_those_without_a_figure() -> None:
    table = KINDS["funnel"]().table
    assert list(table.columns) == ["Area", "Per cent of plans", "Plans issued"]
    assert table.set_index("Area").at["Rutland", "Plans issued"] == 40


def test_a_funnel_refuses_to_highlight_what_is_not_there() -> None:
    data = pd.DataFrame({"area": ["Kent"], "size": [1], "value": [1.0], "outside": [False]})
    limits = pd.DataFrame({"size": [1], "band": ["inner"], "low": [0.0], "high": [2.0]})
    with pytest.raises(ReportError, match="Kint"):
        charts.funnel(
            data, limits, centre=1, centre_name="England", size_title="Plans", unit="plans",
            focus="Kint", **CAPTION,
        )  # fmt: skip


def test_a_map_refuses_a_link_to_nowhere_and_offers_the_near_name() -> None:
    nodes = pd.DataFrame({"id": ["plans"], "label": ["Plans"], "stage": [1], "at": [0.5]})
    links = pd.DataFrame({"from": ["plan"], "to": ["plans"], "mark": ["data"], "says": ["."]})
    with pytest.raises(ReportError, match="plans"):
        charts.causal_map(nodes, links, stages=["One"], **CAPTION)


def test_each_kind_of_link_has_a_line_of_its_own_that_needs_no_colour() -> None:
    from sendreform.charts.causal_maps import MARKS

    assert len({tuple(dashes) for _colour, dashes, _words in MARKS.values()}) == len(MARKS)


def test_the_table_of_a_map_says_what_each_link_rests_on() -> None:
    table = KINDS["causal_map"]().table
    assert table["Rests on"].tolist() == ["Found in published studies", "Asserted"]
