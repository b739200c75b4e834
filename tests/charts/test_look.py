"""Colours that can be told apart, labels that do not overlap, ticks that read well."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendreform.charts import theme
from sendreform.charts.frames import NARROW, WIDE, nice_ticks, spread
from sendreform.charts.numbers import number_format


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colour", theme.PALETTE)
def test_marks_stand_out_from_white(colour: str) -> None:
    assert contrast(colour, theme.WHITE) >= 3


@pytest.mark.parametrize("colour", [*theme.TEXT_COLOURS.values(), theme.INK, theme.QUIET_INK])
def test_text_can_be_read_on_white(colour: str) -> None:
    assert contrast(colour, theme.WHITE) >= 4.5


def test_neighbours_in_a_stack_stand_out_from_each_other() -> None:
    for one, other in itertools.pairwise(theme.PALETTE):
        assert contrast(one, other) >= 3


@given(
    st.lists(st.tuples(st.floats(0, 300), st.sampled_from([16.0, 32.0, 48.0])), max_size=6),
)
def test_labels_keep_apart_and_inside(asked: list[tuple[float, float]]) -> None:
    centres, heights = [centre for centre, _ in asked], [height for _, height in asked]
    placed = spread(centres, heights, low=0, high=300)
    in_order = sorted(zip(placed, heights, strict=True))
    for (upper, above), (lower, below) in itertools.pairwise(in_order):
        assert lower - upper >= (above + below) / 2 - 1e-6
    for centre, height in in_order:
        assert centre - height / 2 >= -1e-6
        assert centre + height / 2 <= 300 + 1e-6


def test_labels_that_do_not_touch_stay_where_they_are() -> None:
    assert spread([10, 100], [16, 16], low=0, high=300) == [10, 100]


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(3, 9))
def test_ticks_hold_all_figures_and_are_few(low: float, span: float, most: int) -> None:
    ticks = nice_ticks(low, low + span, most)
    step = ticks[1] - ticks[0]
    assert ticks[0] <= low + 0.02 * step + 1e-6
    assert low + span <= ticks[-1] + 0.02 * step + 1e-6
    assert len(ticks) <= most


def test_shares_that_round_to_just_over_a_hundred_end_at_a_hundred() -> None:
    assert nice_ticks(0, 100.1)[-1] == 100


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        (638745, "plans", 0, "638,745"),
        (46.13, "per cent of pupils", 1, "46.1%"),
        (-1250.5, "pounds", 0, "−£1,250"),
        (-0.04, "per cent", 1, "0.0%"),
        (3.94, "billion pounds", 1, "£3.9bn"),
    ],
)
def test_numbers_are_written_in_full_in_tables(
    value: float, unit: str, decimals: int, written: str
) -> None:
    assert number_format(unit, decimals).full(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(11_340_000_000, "£11.3bn"), (2_000_000, "£2m"), (999_999, "£999,999")],
)
def test_numbers_are_short_in_labels(value: float, written: str) -> None:
    assert number_format("pounds", 0).short(value) == written


def test_the_narrow_size_fits_the_smallest_phone_with_legible_type() -> None:
    content = 320 - 2 * 16  # a phone of 320 pixels, less the page's and the figure's edges
    assert NARROW.font * content / NARROW.width >= 11
    assert WIDE.font >= 14
