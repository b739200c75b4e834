"""How a series moved: by hand on small tables, and against headlines anyone can look up."""

import math

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import series
from sendreform.evidence.series import NO_SPAN, Span
from sendreform.observations import ENGLAND
from sendreform.store import Store

NAN = float("nan")


def years(values: dict[str, float], **columns: str) -> pd.DataFrame:
    return pd.DataFrame({"period": list(values), "value": list(values.values())}).assign(**columns)


# ---------------------------------------------------------------- from where to where


def test_plans_in_england_rose_by_140_per_cent_from_2015_to_2024(figures: Figures) -> None:
    plans = series.of(figures("ehc_plans"))
    moved = series.span(plans[plans["period"].between("2015-01", "2024-01")])
    assert (moved.first, moved.last) == (240_183, 576_474)
    assert round(moved.per_cent) == 140
    assert moved.difference == 336_291
    assert moved.times == pytest.approx(2.4, abs=0.001)


def test_a_span_goes_from_the_first_to_the_last_period_in_any_order_of_rows() -> None:
    moved = series.span(years({"2024": 30.0, "2020": 10.0, "2022": 99.0}))
    assert moved == Span("2020", "2024", 10.0, 30.0)
    assert (moved.difference, moved.per_cent, moved.times) == (20.0, 200.0, 3.0)


def test_missing_ends_are_passed_over() -> None:
    moved = series.span(years({"2020": NAN, "2021": 5.0, "2022": 10.0, "2023": NAN}))
    assert moved == Span("2021", "2022", 5.0, 10.0)


@pytest.mark.parametrize("values", [{}, {"2020": NAN, "2021": NAN}])
def test_a_series_without_figures_has_no_span(values: dict[str, float]) -> None:
    assert series.span(years(values)) is NO_SPAN
    assert math.isnan(NO_SPAN.difference)


def test_a_series_of_one_figure_begins_and_ends_there() -> None:
    assert series.span(years({"2020": 7.0})) == Span("2020", "2020", 7.0, 7.0)


def test_growth_from_nought_is_missing_and_never_infinite() -> None:
    moved = Span("2020", "2021", 0.0, 5.0)
    assert moved.difference == 5.0
    assert math.isnan(moved.per_cent)
    assert math.isnan(moved.times)


# ---------------------------------------------------------------- breaks


def test_a_series_is_followed_from_its_last_break_only() -> None:
    table = years({"2015": 1.0, "2016": 2.0, "2017": 3.0, "2018": 4.0})
    assert series.since_last_break(table, ["2016", "2017"])["period"].tolist() == ["2017", "2018"]


def test_a_break_after_the_last_figure_hides_nothing() -> None:
    table = years({"2015": 1.0, "2016": 2.0})
    assert series.since_last_break(table, ["2017"])["period"].tolist() == ["2015", "2016"]
    assert series.since_last_break(table, [])["period"].tolist() == ["2015", "2016"]


def test_a_table_without_rows_has_no_stretch() -> None:
    assert series.since_last_break(years({}), ["2016"]).empty


def test_results_at_11_are_only_compared_since_the_pandemic(store: Store, figures: Figures) -> None:
    breaks = store.breaks.query("measure == 'reading_writing_maths_at_11'")["period"]
    stretch = series.since_last_break(figures("reading_writing_maths_at_11"), breaks)
    assert sorted(stretch["period"].unique()) == ["2021/22", "2022/23", "2023/24", "2024/25"]


# ---------------------------------------------------------------- the longest stretch


def test_of_equally_long_stretches_the_newest_or_the_earliest_is_kept() -> None:
    table = years(dict.fromkeys(["2013-14", "2015-16", "2016-17", "2024-25", "2025-26"], 1.0))
    breaks = ["2024-25", "2015-16"]
    assert list(series.longest_stretch(table, breaks)["period"]) == ["2024-25", "2025-26"]
    earliest = series.longest_stretch(table, breaks, prefer="earliest")
    assert list(earliest["period"]) == ["2015-16", "2016-17"]
    assert list(series.longest_stretch(table[:4], breaks)["period"]) == ["2015-16", "2016-17"]


def test_a_stretch_is_measured_in_periods_and_not_in_rows() -> None:
    table = years({"2021": 1.0, "2022": 1.0, "2023": 1.0})
    twice = pd.concat([table, table.tail(1), table.tail(1)], ignore_index=True)
    assert sorted(series.longest_stretch(twice, ["2023"])["period"].unique()) == ["2021", "2022"]


def test_without_breaks_or_rows_a_stretch_is_the_table() -> None:
    table = years({"2021": 1.0, "2022": 1.0})
    assert series.longest_stretch(table, []).equals(table)
    assert series.longest_stretch(table.head(0), ["2022"]).empty


# ---------------------------------------------------------------- choosing rows


def test_one_breakdown_is_kept_in_order_of_period() -> None:
    table = pd.DataFrame(
        {
            "period": ["2021", "2020", "2020"],
            "breakdown": ["all", "all", "age:5"],
            "value": [2.0, 1.0, 9.0],
        }
    )
    assert series.of(table)["value"].tolist() == [1.0, 2.0]
    assert series.of(table, "age:5")["value"].tolist() == [9.0]


def test_names_are_given_in_their_own_order_and_the_rest_left_out() -> None:
    table = pd.DataFrame(
        {"area": ["2", "1", "3", "2"], "period": ["2021", "2020", "2020", "2020"], "value": 1.0}
    )
    kept = series.named(table, {"2": "Second", "1": "First"}, column="area")
    assert kept[["series", "period"]].to_numpy().tolist() == [
        ["Second", "2020"], ["Second", "2021"], ["First", "2020"],
    ]  # fmt: skip


def test_a_period_that_is_not_there_is_missing() -> None:
    table = years({"2020": 5.0})
    assert series.at(table, "2020") == 5.0
    assert math.isnan(series.at(table, "2021"))


# ---------------------------------------------------------------- adding and dividing


def test_councils_are_added_up_without_the_missing_ones() -> None:
    rows = [
        ("balance", "301", "2024", "all", 10.0, "a"),
        ("balance", "302", "2024", "all", -4.0, "b"),
        ("balance", "303", "2024", "all", NAN, "b"),
        ("balance", "301", "2023", "all", NAN, "a"),
    ]
    table = pd.DataFrame(
        rows, columns=["measure", "area", "period", "breakdown", "value", "source"]
    )
    added = series.summed(table, area="E12000001").set_index("period")
    assert added.loc["2024", "value"] == 6.0
    assert set(added["area"]) == {"E12000001"}
    assert math.isnan(added.loc["2023", "value"])


def test_no_councils_add_up_to_no_rows(store: Store) -> None:
    assert series.summed(store.observations("dsg_balance").head(0), area=ENGLAND).empty


def test_councils_balances_of_march_2024_add_up_to_a_deficit_of_1_73_billion(store: Store) -> None:
    added = series.summed(store.observations("dsg_balance"), area=ENGLAND)
    # The sum of 148 councils' returns: £1.7348bn.
    assert round(series.at(added, "2024-03-31") / 1e9, 4) == 1.7348


def test_dividing_by_nought_or_by_nothing_is_missing() -> None:
    part = years({"2020": 1.0, "2021": 2.0, "2022": 3.0}, area="301")
    whole = years({"2020": 4.0, "2021": 0.0}, area="301")
    divided = series.per(part, whole, times=100)
    assert divided["value"].tolist()[0] == 25.0
    assert divided["value"].isna().tolist() == [False, True, True]
    assert list(divided.columns) == list(part.columns)


def test_each_area_is_divided_by_its_own_whole() -> None:
    part = pd.concat([years({"2020": 1.0}, area="301"), years({"2020": 1.0}, area="302")])
    whole = pd.concat([years({"2020": 2.0}, area="301"), years({"2020": 4.0}, area="302")])
    assert series.per(part, whole)["value"].tolist() == [0.5, 0.25]
