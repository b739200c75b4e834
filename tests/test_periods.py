"""Periods of every kind: written, read back, and set in the year that they belong to."""

import calendar
import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform import periods
from sendreform.errors import ReportError

#: A busy machine is no reason for a test to fail.
UNHURRIED = settings(deadline=None)

YEARS = st.integers(min_value=1901, max_value=2099)
KINDS = st.sampled_from(sorted(periods.KIND_TITLES))
DAYS = st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31))

#: Every period of each kind, as ``data/`` writes it.
WRITTEN = {
    "january": YEARS.map(periods.january),
    "calendar_year": YEARS.map(str),
    "academic_year": YEARS.map(periods.academic_year),
    "financial_year": YEARS.map(periods.financial_year),
    "mid_year": YEARS.map(lambda year: f"{year}-06-30"),
    "month": DAYS.map(lambda day: f"{day:%Y-%m}"),
    "date": DAYS.map(datetime.date.isoformat),
}
PERIODS = st.one_of(*(st.tuples(st.just(kind), period) for kind, period in sorted(WRITTEN.items())))


def test_every_kind_of_period_has_a_title_and_a_way_of_writing() -> None:
    assert set(WRITTEN) == set(periods.KIND_TITLES)


@UNHURRIED
@given(YEARS, KINDS)
def test_a_period_of_a_year_belongs_to_that_year(year: int, kind: str) -> None:
    period = periods.of_year(year, kind)
    assert periods.is_period(period, kind)
    assert periods.year_of(period, kind) == year


@UNHURRIED
@given(PERIODS)
def test_what_a_page_writes_can_be_typed_back(written: tuple[str, str]) -> None:
    kind, period = written
    assert periods.is_period(period, kind)
    assert periods.parse(periods.label(period, kind), kind) == period
    assert periods.parse(period, kind) == period
    assert periods.parse(f"  {periods.label(period, kind)} ", kind) == period


@UNHURRIED
@given(YEARS, KINDS)
def test_a_plain_year_means_the_period_that_belongs_to_it(year: int, kind: str) -> None:
    assert periods.parse(str(year), kind) == periods.of_year(year, kind)


@UNHURRIED
@given(st.text(max_size=20), KINDS)
def test_any_other_text_is_refused_in_one_line_or_read_as_a_period(text: str, kind: str) -> None:
    try:
        period = periods.parse(text, kind)
    except ReportError as error:
        assert error.where == "period"
        assert len(str(error).splitlines()) == 1
    else:
        assert periods.is_period(period, kind)


@UNHURRIED
@given(KINDS, st.data())
def test_periods_sort_in_time_order_as_text(kind: str, data: st.DataObject) -> None:
    written = sorted(data.draw(st.lists(WRITTEN[kind], min_size=2, max_size=6)))
    years = [periods.year_of(period, kind) for period in written]
    assert all(earlier <= later for earlier, later in pairwise(years))


@UNHURRIED
@given(YEARS)
def test_a_school_year_starts_in_the_year_before_the_one_it_belongs_to(year: int) -> None:
    for kind in ("academic_year", "financial_year"):
        assert periods.first_year(periods.of_year(year, kind)) == year - 1


@pytest.mark.parametrize(
    ("typed", "kind", "meant"),
    [
        ("January 2025", "january", "2025-01"),
        ("january 2025", "january", "2025-01"),
        ("2023-24", "academic_year", "2023/24"),
        ("2023/24", "financial_year", "2023-24"),
        ("2023–2024", "academic_year", "2023/24"),
        ("1999/00", "academic_year", "1999/00"),
        ("mid-2023", "mid_year", "2023-06-30"),
        ("mid 2023", "mid_year", "2023-06-30"),
        ("31 March 2024", "date", "2024-03-31"),
        ("29 february 2024", "date", "2024-02-29"),
        ("March 2024", "month", "2024-03"),
    ],
)
def test_a_person_may_type_it_their_own_way(typed: str, kind: str, meant: str) -> None:
    assert periods.parse(typed, kind) == meant


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("February 2025", "january"),
        ("2025-02", "january"),
        ("2023/25", "academic_year"),
        ("2023-25", "financial_year"),
        ("30 February 2024", "date"),
        ("29 February 2023", "date"),
        ("2024-13", "month"),
        ("1824", "calendar_year"),
        ("", "calendar_year"),
        ("last year", "mid_year"),
    ],
)
def test_what_is_no_period_is_refused_with_an_example(typed: str, kind: str) -> None:
    example = periods.label(periods.of_year(2024, kind), kind)
    with pytest.raises(ReportError) as error:
        periods.parse(typed, kind)
    assert str(error.value) == (
        f"period: {typed!r} is not a {periods.KIND_TITLES[kind].lower()}. "
        f"Write it like {example!r}."
    )


@pytest.mark.parametrize("month", range(1, 13))
def test_months_are_named_in_full(month: int) -> None:
    assert periods.label(f"2024-{month:02d}", "month") == f"{calendar.month_name[month]} 2024"
