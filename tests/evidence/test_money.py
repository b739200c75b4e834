"""Cash, constant prices, and an amount that has stood still since 2013."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import money
from sendreform.evidence.series import at, of, per

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
