"""What a release brings goes into a measure by groups: nothing else moves, and nothing twice."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.observations import COLUMNS, KEY
from sendreform.store.taking_in import merge

CELL = st.tuples(
    st.sampled_from(["886", "887", "E92000001"]),
    st.sampled_from(["2024-01", "2025-01", "2026-01"]),
    st.sampled_from(
        ["all", "placement:special", "placement:mainstream", "age:5 placement:special"]
    ),
)
FIGURES = st.dictionaries(CELL, st.integers(0, 3), max_size=12)


def table(figures: dict[tuple[str, str, str], int], source: str) -> pd.DataFrame:
    rows = [
        ["plans", *cell, float(value) if value else float("nan"), "" if value else "x", source]
        for cell, value in sorted(figures.items())
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def rows_of(merged: pd.DataFrame) -> list[list[str]]:
    told = merged[[*KEY[1:], "value", "source"]].fillna({"value": -1})
    return told.astype("str").to_numpy().tolist()


def test_a_new_period_is_added_and_an_old_one_keeps_its_source() -> None:
    held = table({("886", "2025-01", "all"): 1}, "old")
    brought = table({("886", "2025-01", "all"): 1, ("886", "2026-01", "all"): 2}, "new")
    assert rows_of(merge(held, brought)) == [
        ["886", "2025-01", "all", "1.0", "old"],
        ["886", "2026-01", "all", "2.0", "new"],
    ]


def test_a_figure_that_is_another_brings_its_whole_group() -> None:
    """One of two placements is revised; the council's total, another group, keeps its source."""
    held = {
        ("886", "2025-01", "placement:special"): 1,
        ("886", "2025-01", "placement:mainstream"): 2,
    }
    total = {("886", "2025-01", "all"): 3}
    brought = {**held, ("886", "2025-01", "placement:special"): 3}
    merged = merge(table(held | total, "old"), table(brought | total, "new"))
    assert sorted(rows_of(merged)) == [
        ["886", "2025-01", "all", "3.0", "old"],
        ["886", "2025-01", "placement:mainstream", "2.0", "new"],
        ["886", "2025-01", "placement:special", "3.0", "new"],
    ]


def test_a_category_more_in_a_group_that_is_there_is_not_added() -> None:
    held = {("886", "2025-01", "placement:special"): 1}
    brought = {**held, ("886", "2025-01", "placement:mainstream"): 2}
    assert len(merge(table(held, "old"), table(brought, "new"))) == 1


def test_a_symbol_in_place_of_a_figure_is_another() -> None:
    held, brought = ({("886", "2025-01", "all"): value} for value in (1, 0))
    (row,) = rows_of(merge(table(held, "old"), table(brought, "new")))
    assert row[-2:] == ["-1.0", "new"]


@settings(deadline=None)
@given(FIGURES, FIGURES)
def test_no_key_is_lost_that_the_release_does_not_revise_and_none_is_there_twice(
    held: dict[tuple[str, str, str], int], brought: dict[tuple[str, str, str], int]
) -> None:
    ours, theirs = table(held, "old"), table(brought, "new")
    merged = merge(ours, theirs)
    assert not merged.duplicated(KEY).any()
    figures = {
        tuple(row[1:4]): (row[4], row[5]) for row in merged[[*KEY, "value", "status"]].to_numpy()
    }
    for cell, value in brought.items():
        # A figure of the release stands, or its group was there and nothing in it differs.
        assert figures.get(cell, (value,))[0] == value or not value
    # The same again changes nothing.
    again = merge(merged, theirs)
    assert rows_of(again) == rows_of(merged)


@settings(deadline=None)
@given(FIGURES)
def test_what_is_the_same_moves_nothing(held: dict[tuple[str, str, str], int]) -> None:
    ours = table(held, "old")
    pd.testing.assert_frame_equal(merge(ours, table(held, "new")), ours)
