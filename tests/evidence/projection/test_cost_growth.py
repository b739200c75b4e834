"""Growth of the cost of a place: by hand, and ranges that hold what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendreform.evidence.projection import cost_growth
from sendreform.evidence.projection.cost_growth import Growth


def test_spread_is_around_what_is_expected_by_hand() -> None:
    """Changes of 3 and -4 per cent: around 0, the root of (9 + 16) / 2; around -0.5, 3.5."""
    changes = np.array([0.03, -0.04])
    in_step = cost_growth.fitted(changes, 0.01, cost_growth.IN_STEP)
    assert in_step.spread == pytest.approx(np.sqrt(12.5) / 100)
    assert in_step.unsure == pytest.approx(2.5 / 100)
    on_average = cost_growth.fitted(changes, 0.01, cost_growth.ON_AVERAGE)
    assert (on_average.mean, on_average.spread) == pytest.approx((-0.005, 0.035))
    assert cost_growth.fitted(changes, 0.01, cost_growth.LAST_YEAR).mean == -0.04
    assert cost_growth.fitted(changes, 0.01, cost_growth.STATE_SPECIAL).mean == 0.01
    # Around 0.5: the root of (6.25 + 20.25) / 2; a mean anywhere from 0 to 1 strays by 1 / root 12.
    between = cost_growth.fitted(changes, 0.01, cost_growth.BETWEEN)
    assert between.mean == 0.005
    assert between.spread == pytest.approx(np.sqrt(13.25) / 100)
    assert between.unsure == pytest.approx(
        np.hypot(between.spread / np.sqrt(2), 0.01 / np.sqrt(12))
    )


@given(st.floats(-0.1, 0.1), st.integers(1, 12))
def test_without_any_spread_every_future_has_the_same_growth(mean: float, years: int) -> None:
    made = cost_growth.drawn(
        Growth(mean, 0.0, 0.0, 5), np.arange(years + 1), 3, np.random.default_rng(1)
    )
    assert made == pytest.approx(np.tile(np.exp(mean * np.arange(years + 1)), (3, 1)))


def test_the_base_year_is_sure_and_the_range_holds_eight_in_ten() -> None:
    growth = Growth(0.01, 0.012, 0.032, 7)
    made = cost_growth.drawn(growth, np.arange(12), 40_000, np.random.default_rng(1))
    assert (made[:, 0] == 1).all()
    low, high = growth.within(11)
    rates = 100 * (made[:, 11] ** (1 / 11) - 1)
    assert ((low <= rates) & (rates <= high)).mean() == pytest.approx(0.8, abs=0.01)


def test_no_year_grows_or_shrinks_by_more_than_a_tenth() -> None:
    wild = Growth(0.0, 0.5, 0.5, 2)
    made = np.log(cost_growth.drawn(wild, np.arange(6), 2_000, np.random.default_rng(1)))
    assert np.abs(np.diff(made, axis=1)).max() == pytest.approx(cost_growth.MOST)


def test_years_that_begin_after_the_base_are_as_far_from_it() -> None:
    growth = Growth(0.0, 0.0, 0.03, 100_000)
    late = cost_growth.drawn(growth, np.array([3, 4]), 40_000, np.random.default_rng(1))
    assert np.log(late[:, 0]).std() == pytest.approx(0.03 * np.sqrt(3), rel=0.02)
