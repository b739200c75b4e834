"""Time on a chart: what a line may join, where breaks are drawn, how periods are written."""

import re
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.samples import series
from sendreform.charts import Figure, gap_over_time, line_over_time, slope, stacked_over_time
from sendreform.charts.time_axis import break_rules, position, runs
from sendreform.errors import ReportError

BREAKS = {"2018-01": "Counted for each person from 2018."}


def joined_years(figure: Figure) -> list[set[int]]:
    """Return the years that each line of the live chart joins, read from its own data."""
    (line,) = (layer for layer in figure.specification()["wide"]["layer"] if is_line(layer))
    rows = pd.DataFrame(figure.specification()["shared"]["datasets"][line["data"]["name"]])
    assert line["encoding"]["detail"]["field"] == "run"
    return [set(years) for _, years in rows.groupby(["series", "run"])["t"]]


def is_line(layer: dict[str, Any]) -> bool:
    return bool(layer["mark"]["type"] == "line")


def test_a_line_never_crosses_a_break(caption: dict[str, Any]) -> None:
    data = series("England", 2015, [1, 2, 3, 4, 5])
    figure = line_over_time(data, kind="january", unit="plans", breaks=BREAKS, **caption)
    assert joined_years(figure) == [{2015, 2016, 2017}, {2018, 2019}]


def test_a_missing_figure_leaves_a_gap(caption: dict[str, Any]) -> None:
    data = series("England", 2015, [1, 2, None, 4, 5])
    figure = line_over_time(data, kind="january", unit="plans", **caption)
    assert joined_years(figure) == [{2015, 2016}, {2018, 2019}]


def test_a_year_without_a_row_leaves_a_gap(caption: dict[str, Any]) -> None:
    data = series("England", 2015, [1, 2, 3, 4, 5]).query("period != '2017-01'")
    figure = line_over_time(data, kind="january", unit="plans", **caption)
    assert joined_years(figure) == [{2015, 2016}, {2018, 2019}]


def test_rows_may_come_in_any_order(caption: dict[str, Any]) -> None:
    data = series("England", 2015, [1, 2, 3, 4, 5])
    in_order, shuffled = (
        line_over_time(rows, kind="january", unit="plans", breaks=BREAKS, **caption).to_html()
        for rows in (data, data.sample(frac=1, random_state=1))
    )
    assert in_order == shuffled


@given(
    values=st.lists(st.none() | st.floats(0, 1e6), min_size=2, max_size=15),
    breaks=st.sets(st.integers(2010, 2026), max_size=3),
    dropped=st.sets(st.integers(2010, 2026), max_size=3),
)
def test_a_run_holds_neighbouring_years_of_one_era(
    values: list[float | None], breaks: set[int], dropped: set[int]
) -> None:
    data = series("England", 2010, values)
    data = data[~data["period"].str[:4].astype(int).isin(dropped)]
    joined = runs(
        data,
        by=["series"],
        kind="january",
        breaks={f"{year}-01": "" for year in breaks},
    )
    assert len(joined) == data["value"].notna().sum()
    for _, years in joined.groupby("run")["t"]:
        assert list(years) == list(range(years.min(), years.max() + 1))
        assert not any(years.min() < year <= years.max() for year in breaks)


def test_a_break_is_drawn_halfway_between_the_figures_on_either_side() -> None:
    rules = break_rules(
        pd.Series([2015, 2016, 2019, 2020]), kind="january", breaks=BREAKS, plot_width=400
    )
    assert rules.to_dict("records") == [{"t": 2017.5, "text": "Series break"}]


def test_breaks_outside_the_figures_are_neither_drawn_nor_noted(caption: dict[str, Any]) -> None:
    data = series("England", 2018, [1, 2, 3])
    html = line_over_time(data, kind="january", unit="plans", breaks=BREAKS, **caption).to_html()
    assert "break" not in html.lower()


def test_what_changed_at_a_break_is_said_below_the_chart(caption: dict[str, Any]) -> None:
    data = series("England", 2015, [1, 2, 3, 4, 5])
    figure = line_over_time(data, kind="january", unit="plans", breaks=BREAKS, **caption)
    assert figure.notes == ("Series break, January 2018: Counted for each person from 2018.",)


def test_breaks_close_together_share_one_label() -> None:
    breaks = {"2018-01": "", "2019-01": ""}
    rules = break_rules(pd.Series(range(2010, 2025)), kind="january", breaks=breaks, plot_width=300)
    assert list(rules["text"]) == ["Series break", ""]


@pytest.mark.parametrize(
    ("kind", "periods", "axis", "ticks"),
    [
        ("january", ["2024-01", "2025-01"], "January census", ["2024", "2025"]),
        ("academic_year", ["2022/23", "2023/24"], "Academic year", ["2022/23", "2023/24"]),
        ("financial_year", ["2022-23", "2023-24"], "Financial year", ["2022-23", "2023-24"]),
        ("month", ["2024-11", "2024-12"], "Month", ["Nov 2024", "Dec 2024"]),
        ("date", ["2024-03-31", "2025-03-31"], "Date", ["Mar 2024", "Mar 2025"]),
    ],
)
def test_the_axis_names_its_kind_of_period(
    caption: dict[str, Any], kind: str, periods: list[str], axis: str, ticks: list[str]
) -> None:
    data = pd.DataFrame({"period": periods, "series": "England", "value": [1.0, 2.0]})
    drawn = re.findall(
        r">([^<>]+)</text>",
        line_over_time(data, kind=kind, unit="plans", **caption).to_html(),
    )
    assert axis in drawn
    assert set(ticks) <= set(drawn)


def test_months_follow_each_other_across_the_new_year() -> None:
    assert position("2025-01", "month") - position("2024-12", "month") == 1


def test_five_series_need_a_focus(caption: dict[str, Any]) -> None:
    data = pd.concat([series(name, 2015, [1, 2]) for name in "ABCDE"])
    with pytest.raises(ReportError, match="5 colours, 4 are the most that can be told apart"):
        line_over_time(data, kind="january", unit="plans", **caption)
    line_over_time(data, kind="january", unit="plans", focus=["A"], **caption)


def test_a_focus_that_is_not_there_is_named_with_near_names(caption: dict[str, Any]) -> None:
    data = pd.concat([series(name, 2015, [1, 2]) for name in ("Leeds", "Kent")])
    with pytest.raises(ReportError, match=r"nothing named 'Leads' to highlight\. .*Leeds\?"):
        line_over_time(data, kind="january", unit="plans", focus=["Leads"], **caption)


def test_a_gap_is_the_distance_between_the_highest_and_the_lowest_group(
    caption: dict[str, Any],
) -> None:
    data = pd.concat([series("No SEN", 2015, [60, 62]), series("EHC plan", 2015, [8, 9])])
    specification = gap_over_time(data, kind="january", unit="per cent", **caption).specification()
    bar = specification["wide"]["layer"][0]
    assert bar["mark"]["type"] == "rule"
    assert specification["shared"]["datasets"][bar["data"]["name"]] == [
        {"t": 2015, "value": 8.0, "top": 60.0},
        {"t": 2016, "value": 9.0, "top": 62.0},
    ]


def test_a_column_with_a_missing_part_is_not_drawn(caption: dict[str, Any]) -> None:
    data = pd.concat(
        [series("Mainstream", 2015, [40, None]), series("Special", 2015, [60, 55])]
    ).rename(columns={"series": "part"})
    figure = stacked_over_time(data, kind="january", unit="per cent", **caption)
    column = figure.specification()["wide"]["layer"][0]
    rows = figure.specification()["shared"]["datasets"][column["data"]["name"]]
    assert [(row["t"], row["bottom"], row["top"]) for row in rows] == [
        (2015, 0.0, 40.0),
        (2015, 40.0, 100.0),
    ]
    assert "<td>55%</td>" in figure.to_html()


def test_a_negative_part_is_refused(caption: dict[str, Any]) -> None:
    data = series("Special", 2015, [60, -5]).rename(columns={"series": "part"})
    with pytest.raises(ReportError, match="a part is negative"):
        stacked_over_time(data, kind="january", unit="plans", **caption)


def test_a_slope_needs_two_periods(caption: dict[str, Any]) -> None:
    with pytest.raises(ReportError, match="3 periods, a slope needs two"):
        slope(series("Kent", 2015, [1, 2, 3]), kind="january", unit="plans", **caption)
