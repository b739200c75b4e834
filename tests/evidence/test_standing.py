"""Where a place stands among others: ranks as far as chance lets them be told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from sendreform.evidence.standing import (
    ALPHA,
    differs_from,
    rejected_by_holm,
    standard_errors,
    standing,
)


def places(*figures: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(figures, columns=["area", "value", "error"])


def test_a_share_moves_by_chance_as_its_size_says() -> None:
    # 50% of 96: with two and two added, 50 of 100, and the root of 0.5 x 0.5 / 100 is 0.05.
    found = standard_errors(pd.DataFrame({"value": [50.0], "size": [96.0]}), "share")
    assert found.tolist() == pytest.approx([5.0])


def test_a_rate_has_the_error_of_a_count() -> None:
    # 20 for every thousand of 5,000 are 100 events; with one added their root is about 10.05.
    rate = standard_errors(pd.DataFrame({"value": [20.0], "size": [5000.0]}), "rate")
    assert rate.tolist() == pytest.approx([1000 * 101**0.5 / 5000])


def test_growth_rests_on_both_counts() -> None:
    # From 100 to 300 is growth of 200%: 3 x the root of 1/300 + 1/100, in per cent.
    found = standard_errors(pd.DataFrame({"value": [200.0], "size": [300.0]}), "growth")
    assert found.tolist() == pytest.approx([300 * (1 / 300 + 1 / 100) ** 0.5])


def test_without_a_size_nothing_is_known_of_chance() -> None:
    sizes = pd.DataFrame({"value": [5.0, 5.0], "size": [0.0, np.nan]})
    assert standard_errors(sizes, "share").isna().all()


def test_places_far_apart_have_ranks_that_are_certain() -> None:
    found = standing(places(("a", 9, 0.1), ("b", 5, 0.1), ("c", 1, 0.1)), "b")
    assert (found.highest, found.lowest, found.of) == (2, 2, 3)
    assert (found.above, found.below) == (("a",), ("c",))


def test_a_place_with_a_wide_error_can_have_any_rank() -> None:
    found = standing(places(("a", 9, 0.1), ("b", 5, 50), ("c", 1, 0.1)), "b")
    assert (found.highest, found.lowest) == (1, 3)


def test_places_without_figure_or_error_are_passed_over() -> None:
    found = standing(places(("a", 9, np.nan), ("b", 5, 0.1), ("c", np.nan, 0.1)), "b")
    assert (found.highest, found.lowest, found.of) == (1, 1, 1)


def test_the_highest_and_the_lowest_tenth_need_the_whole_range() -> None:
    many = places(*((f"p{number:02d}", float(number), 0.01) for number in range(20)))
    assert standing(many, "p19").is_among_highest and not standing(many, "p19").is_among_lowest
    assert standing(many, "p18").is_among_highest and not standing(many, "p17").is_among_highest
    assert standing(many, "p01").is_among_lowest and not standing(many, "p02").is_among_lowest


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_is_that_of_statsmodels(chances: list[float]) -> None:
    theirs = multipletests(chances, alpha=ALPHA, method="holm")[0]
    assert rejected_by_holm(np.array(chances)).tolist() == theirs.tolist()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0.01, 20)), min_size=2, max_size=30))
def test_a_rank_always_lies_in_its_range(figures: list[tuple[float, float]]) -> None:
    table = places(*((f"p{number}", *figure) for number, figure in enumerate(figures)))
    bare = table.set_index("area")["value"].rank(ascending=False, method="min")
    for area in table["area"]:
        found = standing(table, area)
        assert 1 <= found.highest <= bare[area] <= found.lowest <= found.of == len(table)


def test_few_of_equal_places_are_told_apart_by_chance_alone() -> None:
    """Of places with the same true figure, hardly any range misses the truth: all rank alike."""
    random = np.random.default_rng(2024)
    missed = 0
    for _ in range(200):
        table = places(*((f"p{number}", random.normal(50, 3), 3.0) for number in range(40)))
        found = standing(table, "p0")
        missed += (found.highest, found.lowest) != (1, 40)
    assert missed / 200 <= ALPHA + 0.03


def test_a_figure_without_chance_in_it_differs_when_it_is_not_the_same() -> None:
    assert differs_from(5.0, 0.0, 5.1) and not differs_from(5.0, 0.0, 5.0)
