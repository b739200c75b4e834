"""What Altair is spared gives what Altair gives."""

import altair as alt
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.charts.frames import Layers
from sendreform.charts.values import values

WORDS = st.one_of(st.none(), st.text(max_size=5))


ROWS = st.lists(st.tuples(st.integers(-9, 9), st.floats(), st.booleans(), WORDS), max_size=6)


@settings(deadline=None)
@given(ROWS)
def test_a_table_is_written_as_altair_writes_it(rows: list[tuple[object, ...]]) -> None:
    table = pd.DataFrame(rows, columns=["t", "value", "shown", "text"]).astype(
        {"t": "int64", "value": "float64", "shown": "bool", "text": "object"}
    )
    words = table.astype({"text": "str"})
    assert values(words) == alt.to_values(words)
    assert values(table) == alt.to_values(table)


def test_numbers_that_may_be_missing_are_left_to_altair() -> None:
    table = pd.DataFrame({"plans": pd.array([7, None], dtype="Int64")})
    assert values(table) == {"values": [{"plans": 7}, {"plans": None}]}


def test_dates_and_categories_are_left_to_altair() -> None:
    table = pd.DataFrame(
        {"day": pd.to_datetime(["2025-01-16"]), "kind": pd.Categorical(["region"])}
    )
    assert values(table) == {"values": [{"day": "2025-01-16T00:00:00", "kind": "region"}]}


def test_what_no_chart_can_show_is_refused() -> None:
    with pytest.raises(ValueError, match="timedelta"):
        values(pd.DataFrame({"wait": [pd.Timedelta(days=140)]}))


def test_layers_with_nothing_in_common_are_the_same_chart() -> None:
    layers = [
        alt.Chart(pd.DataFrame({"t": [t]})).mark_point(size=t).encode(x="t:Q") for t in (1, 2)
    ]
    ours = Layers(layers)
    ours.width = 200
    assert ours.to_dict() == alt.LayerChart(layer=layers, width=200).to_dict()
    assert ours.copy().to_dict() == ours.to_dict()
    shallow = ours.copy(deep=False)
    shallow.width = 100
    assert ours.width == 200
