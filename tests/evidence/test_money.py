"""Cash, constant prices, and an amount that has stood still since 2013."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import money, placements
from sendreform.evidence.series import at, longest_stretch, of, per
from sendreform.store import Store

DEFLATOR = pd.DataFrame({"period": ["2013-14", "2018-19", "2024-25"], "value": [80.0, 90.0, 100.0]})


def cash(**values: float) -> pd.DataFrame:
    periods = [name.removeprefix("y").replace("_", "-") for name in values]
    return pd.DataFrame({"period": periods, "value": list(values.values())})


def test_cash_is_left_as_it_is() -> None:
    table = cash(y2013_14=100.0)
    assert money.in_prices_of(table, DEFLATOR, money.CASH) is table


@pytest.mark.parametrize(
    ("base", "expected"), [("2024-25", [100.0, 100.0]), ("2013-14", [80.0, 80.0])]
)
def test_the_same_purchase_costs_the_same_in_any_one_years_prices(
    base: str, expected: list[float]
) -> None:
    priced = money.in_prices_of(cash(y2013_14=80.0, y2024_25=100.0), DEFLATOR, base)
    assert priced["value"].tolist() == expected


def test_there_and_back_again_gives_the_first_figure() -> None:
    table = cash(y2013_14=123.0, y2018_19=45.0)
    one_year = money.in_prices_of(table, DEFLATOR, "2024-25")
    index = table["period"].map(DEFLATOR.set_index("period")["value"])
    assert (one_year["value"] * index / 100.0).tolist() == pytest.approx([123.0, 45.0])


def test_a_year_without_an_index_is_missing() -> None:
    priced = money.in_prices_of(cash(y1999_00=1.0, y2013_14=8.0), DEFLATOR, "2024-25")
    assert priced["value"].isna().tolist() == [True, False]
    assert priced["value"].tolist()[1] == 10.0


def test_6_000_pounds_of_2013_14_would_be_8_190_in_prices_of_2024_25(figures: Figures) -> None:
    """The Treasury's deflator stands at 73.2616 for 2013-14 and at 100 for 2024-25."""
    later = money.threshold_in_later_prices(
        money.NOTIONAL_THRESHOLD, money.THRESHOLD_SINCE, of(figures("gdp_deflator"))
    ).set_index("period")
    assert later.index[0] == "2013-14"
    assert later.loc["2013-14"].tolist() == [6000.0, 6000.0]
    assert round(later.loc["2024-25", "kept_pace"]) == round(6000 * 100 / 73.2616) == 8190
    assert round(later.loc["2024-25", "worth"]) == round(6000 * 0.732616) == 4396


def test_what_an_amount_is_worth_falls_as_what_it_should_be_rises() -> None:
    later = money.threshold_in_later_prices(8.0, "2013-14", DEFLATOR.iloc[::-1])
    assert later["period"].tolist() == ["2013-14", "2018-19", "2024-25"]
    assert later["kept_pace"].tolist() == [8.0, 9.0, 10.0]
    assert (later["kept_pace"] * later["worth"]).tolist() == pytest.approx([64.0] * 3)


def test_the_high_needs_block_of_2019_20_is_7_7_billion_in_prices_of_2024_25(
    figures: Figures,
) -> None:
    """£6,279m in cash, divided by the deflator of 81.147."""
    block = of(figures("high_needs_block"))
    priced = money.in_prices_of(block, of(figures("gdp_deflator")), "2024-25")
    assert round(at(block, "2019-20") / 1e6) == 6_279
    assert at(priced, "2019-20") == pytest.approx(at(block, "2019-20") / 0.81147)
    assert round(at(priced, "2019-20") / 1e9, 1) == 7.7


def test_january_falls_in_the_financial_year_that_began_the_april_before() -> None:
    plans = pd.DataFrame({"period": ["2000-01", "2010-01", "2025-01"], "value": [1.0, 2.0, 3.0]})
    dated = money.january_of_financial_year(plans)
    assert dated["period"].tolist() == ["1999-00", "2009-10", "2024-25"]
    assert dated["value"].tolist() == [1.0, 2.0, 3.0]


def test_funding_for_each_plan_divides_a_year_by_the_january_within_it(figures: Figures) -> None:
    plans = money.january_of_financial_year(of(figures("ehc_plans")))
    block = of(figures("high_needs_block"))
    each = per(block, plans)
    assert at(each, "2023-24") == pytest.approx(at(block, "2023-24") / 576_474)


# ---------------------------------------------------------------- chart-ready tables


def test_the_middle_of_a_year_falls_in_the_financial_year_that_has_begun() -> None:
    children = pd.DataFrame({"period": ["1999-06-30", "2024-06-30"], "value": [1.0, 2.0]})
    assert money.mid_year_in_financial_year(children)["period"].tolist() == ["1999-00", "2024-25"]


def test_cash_and_real_are_the_same_in_the_year_of_the_prices() -> None:
    both = money.cash_and_real(cash(y2013_14=80.0, y2024_25=100.0), DEFLATOR, "2024-25")
    wide = both.pivot(index="period", columns="series", values="value")
    assert wide.loc["2024-25"].tolist() == [100.0, 100.0]
    assert wide.loc["2013-14", ["Cash", "2024-25 prices"]].tolist() == [80.0, 100.0]


def test_money_is_shared_out_over_plans_and_over_children_of_its_own_year() -> None:
    area = {"area": "886"}
    told = money.for_each(
        cash(y2013_14=60.0, y2024_25=600.0).assign(**area),
        pd.DataFrame({"area": "886", "period": ["2025-01", "2024-01"], "value": [20.0, 1.0]}),
        pd.DataFrame({"area": "886", "period": ["2013-06-30", "2025-06-30"], "value": [3.0, 1.0]}),
    ).set_index(["each", "period"])["value"]
    assert told["EHC plan", "2024-25"] == 30
    assert told["child aged 0 to 17", "2013-14"] == 20
    assert pd.isna(told["EHC plan", "2013-14"])
    assert pd.isna(told["child aged 0 to 17", "2024-25"])


def test_real_funding_fell_by_a_third_for_each_plan_and_rose_by_two_fifths_for_each_child(
    store: Store, figures: Figures
) -> None:
    funding = longest_stretch(
        of(figures("high_needs_funding")),
        store.breaks.query("measure == 'high_needs_funding'")["period"],
    )
    real = money.in_prices_of(funding, of(figures("gdp_deflator")), "2024-25")
    each = money.for_each(real, of(figures("ehc_plans")), of(figures("population_0_17"))).set_index(
        ["each", "period"]
    )["value"]
    # £5,247m of 2015-16 at 74.8148; 256,315 plans in January 2016, 11,593,891 children mid-2015.
    first = 5_247e6 / 0.748148
    last = 9_954e6 / 0.964158
    assert each["EHC plan", "2015-16"] == pytest.approx(first / 256_315)
    assert each["child aged 0 to 17", "2015-16"] == pytest.approx(first / 11_593_891)
    assert each["EHC plan", "2023-24"] == pytest.approx(last / 576_474)
    assert each["child aged 0 to 17", "2023-24"] == pytest.approx(last / 12_059_476)
    change = each.xs("2023-24", level="period") / each.xs("2015-16", level="period") - 1
    assert round(100 * change["EHC plan"]) == -35
    assert round(100 * change["child aged 0 to 17"]) == 42


# ---------------------------------------------------------------- one basis, end to end


def test_the_block_as_allocated_runs_from_2015_16_to_2023_24(
    store: Store, figures: Figures
) -> None:
    breaks = store.breaks.query("measure == 'high_needs_funding'")["period"]
    stretch = longest_stretch(of(figures("high_needs_funding")), breaks)
    assert (stretch["period"].min(), stretch["period"].max()) == ("2015-16", "2023-24")


def test_plans_grew_half_as_much_again_as_real_funding(store: Store, figures: Figures) -> None:
    breaks = store.breaks.query("measure == 'high_needs_funding'")["period"]
    funding = longest_stretch(of(figures("high_needs_funding")), breaks)
    times = money.plans_against_money(
        of(figures("ehc_plans")), funding, of(figures("gdp_deflator"))
    )
    # Plans 2.249 times; funding 1.897 times in cash, while prices rose 1.289 times.
    expected = (576_474 / 256_315) / ((9_954.0 / 5_247.0) / (96.4158 / 74.8148))
    assert times == pytest.approx(expected)
    assert round(times, 2) == 1.53


def test_one_year_alone_is_no_growth() -> None:
    plans = pd.DataFrame({"period": ["2014-01", "2025-01"], "value": [1.0, 2.0]})
    assert pd.isna(money.plans_against_money(plans, cash(y2013_14=1.0), DEFLATOR))
    assert pd.isna(money.plans_against_money(plans, cash().head(0), DEFLATOR))


def test_the_base_of_the_prices_does_not_matter_to_growth_against_growth() -> None:
    plans = pd.DataFrame({"period": ["2014-01", "2025-01"], "value": [10.0, 30.0]})
    funding = cash(y2013_14=80.0, y2024_25=200.0)
    times = money.plans_against_money(plans, funding, DEFLATOR)
    assert times == pytest.approx(3 / 2)
    assert money.plans_against_money(
        plans, funding, DEFLATOR.assign(value=DEFLATOR["value"] * 7)
    ) == pytest.approx(times)


# ---------------------------------------------------------------- deficits, places, transport


def test_a_share_of_the_grant_becomes_pounds_and_the_change_in_the_year(figures: Figures) -> None:
    told = money.net_balances(of(figures("dsg_balance_share")), of(figures("dsg_allocation")))
    by_year = told.set_index("period")
    # 1.08, 1.69 and 2.26 per cent of £44,867.52m, £47,398.13m and £51,128.65m.
    assert (by_year["value"] / 1e6).round().to_dict() == {
        "2019-20": 485, "2020-21": 801, "2021-22": 1156,
    }  # fmt: skip
    assert round(by_year["change"]["2020-21"] / 1e6) == 316
    assert pd.isna(by_year["change"]["2019-20"])


def test_one_areas_balance_is_not_another_areas_change() -> None:
    shares = pd.DataFrame(
        {"area": ["886", "887"], "period": ["2019-20", "2020-21"], "value": [1.0, -2.0]}
    )
    told = money.net_balances(shares, shares.assign(value=100.0))
    assert told["change"].isna().all()
    assert told["value"].tolist() == [1.0, -2.0]


def test_a_year_left_out_between_two_balances_leaves_no_change() -> None:
    shares = pd.DataFrame(
        {"area": "886", "period": ["2018-19", "2020-21", "2021-22"], "value": [1.0, 2.0, 4.0]}
    )
    change = money.net_balances(shares, shares.assign(value=100.0))["change"]
    assert change.isna().tolist() == [True, True, False]
    assert change.iloc[2] == 2


def test_every_cost_of_a_place_is_named_with_its_basis(store: Store, figures: Figures) -> None:
    costs = money.unit_costs(figures("placement_unit_cost"), store.breakdowns)
    assert not costs.duplicated(["provider", "basis", "period"]).any()
    own = costs.query("basis == '' and period == '2023-24'").set_index("provider")["value"]
    assert own.to_dict() == {
        "Independent or non-maintained special school": 63_000,
        "State special school": 26_000,
    }
    assert costs.query("basis != ''")["basis"].nunique() == 2


def test_a_place_costs_two_and_a_half_times_as_much_in_an_independent_school(
    figures: Figures,
) -> None:
    times = money.times_as_costly(
        figures("placement_unit_cost"), "provider:inmss", "provider:state_special"
    ).set_index("period")["value"]
    assert times["2018-19"] == pytest.approx(52 / 20)
    assert times["2023-24"] == pytest.approx(63 / 26)
    # 2024-25 has the dearer kind only.
    assert times.index.max() == "2023-24"


def test_nearly_all_of_the_real_rise_in_independent_places_is_more_places(
    figures: Figures,
) -> None:
    spending = money.in_prices_of(
        of(figures("inmss_spending")), of(figures("gdp_deflator")), "2024-25"
    )
    places = placements.independent_special(figures("ehc_plans"))
    parts = money.more_places_or_dearer(spending, places, "2020-21", "2024-25")
    # £1,172.74m at 85.3763 for 21,746 places; £2,181.44m for 34,028.
    first, last = 1_172.74e6 / 0.853763, 2_181.44e6
    each = (first / 21_746 + last / 34_028) / 2
    assert parts["change"] == pytest.approx(last - first)
    assert parts["places"] == pytest.approx((34_028 - 21_746) * each)
    assert parts["places"] + parts["cost"] == pytest.approx(parts["change"])
    assert round(100 * parts["places"] / parts["change"]) == 97


def test_what_was_spent_on_each_independent_place_is_what_the_department_printed(
    figures: Figures,
) -> None:
    """£64,000 a place in 2024-25, rounded; here £64,107."""
    places = money.january_of_financial_year(placements.independent_special(figures("ehc_plans")))
    each = per(of(figures("inmss_spending")), places).set_index("period")["value"]
    printed = of(figures("placement_unit_cost"), "provider:inmss").set_index("period")["value"]
    both = pd.concat([each, printed], axis="columns", keys=["worked_out", "printed"]).dropna()
    assert len(both) == 5
    assert (both["worked_out"] - both["printed"]).abs().max() < 600


def test_councils_without_both_years_are_left_out_of_both() -> None:
    spending = pd.DataFrame(
        [
            ("301", "2018-19", 10.0), ("301", "2024-25", 40.0),
            ("302", "2018-19", 99.0), ("302", "2024-25", float("nan")),
            ("303", "2024-25", 99.0),
            ("304", "2018-19", 99.0), ("304", "2024-25", 99.0),
            ("305", "2018-19", 20.0), ("305", "2024-25", 20.0),
        ],
        columns=["area", "period", "value"],
    )  # fmt: skip
    plans = pd.DataFrame(
        [(area, when, 2.0) for area in ("301", "302", "303", "305") for when in
         ("2019-01", "2025-01")] + [("304", "2019-01", 1.0)],
        columns=["area", "period", "value"],
    )  # fmt: skip
    both = money.same_councils(
        spending, plans, ["301", "302", "303", "304"], ["2018-19", "2024-25"]
    )
    assert both["councils"].tolist() == [1, 1]
    assert both["value"].tolist() == [5.0, 20.0]
    assert money.same_councils(spending, plans, ["302"], ["2018-19", "2024-25"]).empty


def test_transport_for_each_plan_rose_by_3_per_cent_in_real_terms_in_147_councils(
    store: Store, figures: Figures, councils: list[str]
) -> None:
    ends = ["2018-19", "2024-25"]
    cash_figures = of(store.observations("send_transport_pre16"))
    both = money.same_councils(
        money.in_prices_of(cash_figures, of(figures("gdp_deflator")), "2024-25"),
        of(store.observations("ehc_plans")),
        councils,
        ends,
    )
    # Worked out again council by council, with dictionaries.
    spent = {
        (row.area, row.period): row.value
        for row in cash_figures.itertuples()
        if pd.notna(row.value)
    }
    held = {
        (row.area, row.period): row.value
        for row in of(store.observations("ehc_plans")).itertuples()
    }
    every = [
        area for area in councils
        if all((area, year) in spent for year in ends)
        and all((area, when) in held for when in ("2019-01", "2025-01"))
    ]  # fmt: skip
    first = sum(spent[area, "2018-19"] for area in every) / 0.790203
    last = sum(spent[area, "2024-25"] for area in every)
    first /= sum(held[area, "2019-01"] for area in every)
    last /= sum(held[area, "2025-01"] for area in every)
    assert both["councils"].tolist() == [147, 147]
    assert both["value"].tolist() == pytest.approx([first, last])
    assert round(100 * (last / first - 1), 1) == 2.8


def test_independent_places_take_two_fifths_of_top_ups_for_specialist_places(
    figures: Figures,
) -> None:
    told = money.by_sector(figures("specialist_place_spending"))
    shares = told[told["breakdown"] == "sector:independent_non_maintained"]
    by_year = shares.set_index("period")["share"]
    assert by_year["2018-19"] == pytest.approx(100 * 926_469_719 / 2_390_249_395)
    assert round(by_year["2021-22"]) == 40
    assert told.groupby("period")["share"].sum().to_numpy() == pytest.approx(100)


def test_one_sector_alone_has_no_share() -> None:
    spending = pd.DataFrame(
        {
            "area": ["301", "301", "302"],
            "period": "2021-22",
            "breakdown": ["sector:state", "sector:independent_non_maintained", "sector:state"],
            "value": [30.0, float("nan"), 5.0],
        }
    )
    assert money.by_sector(spending)["share"].isna().all()
