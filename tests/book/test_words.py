"""How a page says a figure, and what it says when there is none."""

import pandas as pd
import pytest
from IPython.display import Markdown

from sendreform.book.words import (
    by_per_cent,
    described,
    drawn,
    interval_of,
    moved,
    number,
    say,
    say_known,
    signed,
    titled,
)
from sendreform.charts import line_over_time
from sendreform.claims.result import Result, no_result
from sendreform.errors import ReportError
from sendreform.evidence.series import NO_SPAN, Span

NAN = float("nan")
MISSING = [None, NAN, pd.NA]
PLANS = {"kind": "january", "unit": "plans"}
SHARE = {"kind": "calendar_year", "unit": "per cent of plans", "decimals": 1}


def decade(first: float, last: float) -> Span:
    return Span("2015", "2025", first, last)


# ---------------------------------------------------------------- one figure


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        (638_745, "plans", 0, "638,745"),
        (0, "plans", 0, "0"),
        (46.13, "per cent of plans", 1, "46.1%"),
        (100, "per cent", 1, "100%"),
        (0, "per cent", 1, "0%"),
        (8_189.83, "pounds", 0, "£8,190"),
        (9_954_000_000, "pounds", 0, "£10bn"),
        (1_734_822_407, "pounds", 0, "£1.7bn"),
        (-2_719_106, "pounds", 0, "−£2.7m"),
        (1.4, "billion pounds", 1, "£1.4bn"),
        (2.4, "", 1, "2.4"),
    ],
)
def test_a_figure_is_written_with_its_unit(
    value: float, unit: str, decimals: int, written: str
) -> None:
    assert number(value, unit, decimals) == written


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_figure_is_never_written(missing: float) -> None:
    assert number(missing, "plans") is None


# ---------------------------------------------------------------- how it moved


def test_where_a_series_began_and_ended_is_told_with_its_periods() -> None:
    plans = Span("2015-01", "2024-01", 240_183.0, 576_474.0)
    assert moved(plans, **PLANS) == ("rose from 240,183 in January 2015 to 576,474 in January 2024")
    assert moved(decade(59.2, 46.1), **SHARE) == "fell from 59.2% in 2015 to 46.1% in 2025"


def test_what_looks_the_same_is_said_to_have_stood_still() -> None:
    """Two figures that differ only beyond the decimals that a sentence shows."""
    assert moved(decade(50.31, 50.34), **SHARE) == "stood at 50.3% in both 2015 and 2025"


def test_a_gap_widens_and_narrows() -> None:
    verbs = ("widened", "narrowed")
    wider = moved(decade(53.0, 61.0), **SHARE, verbs=verbs)
    assert wider == "widened from 53.0% in 2015 to 61.0% in 2025"
    assert titled("The gap", decade(61.0, 60.0), **SHARE, verbs=verbs) == (
        "The gap narrowed by 1 percentage point, 2015 to 2025"
    )


@pytest.mark.parametrize(
    ("breaks", "caution"),
    [
        ([], ""),
        (["2015"], ""),
        (["2026"], ""),
        (["2025"], " (counted differently from 2025)"),
        (["2022", "2018"], " (counted differently from 2018 and 2022)"),
    ],
)
def test_a_break_on_the_way_is_always_told(breaks: list[str], caution: str) -> None:
    told = moved(decade(59.2, 46.1), **SHARE, breaks=breaks)
    assert told == f"fell from 59.2% in 2015 to 46.1% in 2025{caution}"


@pytest.mark.parametrize(
    "span", [NO_SPAN, Span("2025", "2025", 5.0, 5.0), Span("2015", "2025", NAN, 5.0)]
)
def test_without_two_figures_nothing_is_said_of_a_course(span: Span) -> None:
    assert moved(span, **SHARE) is None
    assert titled("Plans on time", span, **SHARE) == "Plans on time"
    assert described("Line chart", "Plans on time", span, **SHARE) == (
        "Line chart. It shows: Plans on time."
    )


# ---------------------------------------------------------------- titles


@pytest.mark.parametrize(
    ("span", "unit", "title"),
    [
        (decade(240_183, 576_474), "plans", "X rose by 140%, 2015 to 2025"),
        (decade(200, 100), "plans", "X fell by 50%, 2015 to 2025"),
        (decade(1000, 1032.6), "plans", "X rose by 3.3%, 2015 to 2025"),
        (decade(1000, 1080), "plans", "X rose by 8%, 2015 to 2025"),
        (decade(59.2, 46.1), "per cent of plans", "X fell by 13.1 percentage points, 2015 to 2025"),
        (decade(50.0, 52.0), "per cent", "X rose by 2 percentage points, 2015 to 2025"),
        (decade(50.0, 50.04), "per cent", "X did not change, 2015 to 2025"),
        (decade(500, 500), "plans", "X did not change, 2015 to 2025"),
        (decade(3, 9), "appeals", "X rose from 3 to 9, 2015 to 2025"),
        (decade(0, 700), "appeals", "X rose from 0 to 700, 2015 to 2025"),
        (decade(60, 49), "appeals", "X fell from 60 to 49, 2015 to 2025"),
    ],
)
def test_a_title_says_which_way_by_how_much_and_when(span: Span, unit: str, title: str) -> None:
    assert titled("X", span, kind="calendar_year", unit=unit) == title


def test_a_title_takes_the_whole_record_of_a_measure() -> None:
    record = {**PLANS, "decimals": 0, "breaks": {"2023-01": "Counted child by child."}}
    span = Span("2015-01", "2025-01", 100.0, 250.0)
    assert titled("Plans", span, **record) == (
        "Plans rose by 150%, January 2015 to January 2025, across a break"
    )


def test_a_text_alternative_is_not_the_title() -> None:
    span = decade(4_108, 22_276)
    alternative = described("Line chart", "Appeals", span, kind="calendar_year", unit="appeals")
    assert alternative == "Line chart. Appeals: rose from 4,108 in 2015 to 22,276 in 2025."
    assert alternative != titled("Appeals", span, kind="calendar_year", unit="appeals")


# ---------------------------------------------------------------- sentences


def test_a_sentence_is_filled() -> None:
    assert say("{n} plans in {place}.", n=number(638_745), place="the North East").data == (
        "638,745 plans in the North East."
    )


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_figure_brings_the_other_words(missing: object) -> None:
    said = say("{n} plans in {place}.", "No figure for {place}.", n=missing, place="Kent")
    assert said.data == "No figure for Kent."


def test_a_missing_figure_that_the_sentence_does_not_use_does_no_harm() -> None:
    assert say("{n} plans.", n="5", region=None).data == "5 plans."


def test_a_missing_figure_without_other_words_is_an_error_that_names_it() -> None:
    with pytest.raises(ReportError) as error:
        say("{plans} plans in {place}.", plans=None, place="Kent")
    assert str(error.value) == "sentence '{plans} plans in {place}.': no figure for plans."


def test_only_what_is_known_is_said() -> None:
    parts = {"plans": "rose", "appeals": None, "the gap": "fell"}
    assert say_known("In Kent,", parts, "-").data == "In Kent, plans rose; and the gap fell."
    assert say_known("In Kent,", {"plans": "rose"}, "-").data == "In Kent, plans rose."
    assert say_known("In Kent,", {"plans": None}, "Nothing is known.").data == "Nothing is known."


def test_a_chart_without_a_figure_is_words() -> None:
    empty = pd.DataFrame({"period": ["2015"], "value": [NAN], "series": "Kent"})
    told = drawn(line_over_time, empty, otherwise="No figure for Kent.")
    assert isinstance(told, Markdown)
    assert told.data == "No figure for Kent."


def test_a_chart_with_a_figure_is_drawn_as_asked() -> None:
    asked: dict[str, object] = {}
    data = pd.DataFrame({"period": ["2015", "2016"], "value": [NAN, 1.0]})
    drawn(lambda table, **said: asked.update(said, rows=len(table)), data, otherwise="", id="plans")
    assert asked == {"id": "plans", "rows": 2}


# ---------------------------------------------------------------- changes and intervals


@pytest.mark.parametrize("missing", MISSING)
def test_a_missing_change_is_never_written(missing: float) -> None:
    assert signed(missing, "pounds") is None
    assert by_per_cent(missing) is None


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(0.3, 0, "0"), (0.3, 1, "+0.3"), (-0.3, 1, "−0.3"), (1200.0, 0, "+1,200"), (0.0, 1, "0.0")],
)
def test_only_what_is_seen_to_rise_has_a_plus(value: float, decimals: int, written: str) -> None:
    assert signed(value, decimals=decimals) == written


@pytest.mark.parametrize(
    ("per_cent", "written"),
    [(0.0, "hardly changed"), (-0.4, "fell by 0.4%"), (1.0, "rose by 1%"), (150.2, "rose by 150%")],
)
def test_a_change_is_written_in_whole_per_cent_unless_it_is_under_one(
    per_cent: float, written: str
) -> None:
    assert by_per_cent(per_cent) == written


def test_an_interval_has_the_unit_and_the_decimals_of_its_figure() -> None:
    result = Result(1.5, "2024", (), low=1.25, high=1.75)
    assert interval_of(result, "times", 2) == " (95% interval 1.25 to 1.75)"
    assert interval_of(no_result("none")) == ""
