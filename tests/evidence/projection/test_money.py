"""What plans cost: unit costs that add up to what was spent, and deficits as running sums."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sendreform.evidence.projection import cost_growth, money, settings
from sendreform.evidence.projection.cost_growth import Growth
from sendreform.evidence.projection.money import Bill, Prices
from sendreform.observations import ENGLAND
from sendreform.store import Store

FLAT = Prices(
    base=2025,
    unit_costs=np.array([10.0, 20.0, 50.0, 10.0, 10.0]),
    deflator=pd.Series({2025: 1.0, 2026: 1.0}),
    funding=pd.Series({2025: 900.0, 2026: 1000.0}),
    real_growth=Growth(0.0, 0.0, 0.0, 0),
    price_growth=(0.0, 0.0),
    funding_growth=(0.0, 0.0),
)
PLANS = np.array([[[40.0, 20.0, 4.0, 5.0, 5.0]] * 3])  # 400 + 400 + 200 + 50 + 50


@pytest.fixture(scope="module")
def england(store: Store) -> Prices:
    return prices_of(store)


def prices_of(store: Store, rule: str = cost_growth.CHOSEN) -> Prices:
    return money.prices(
        settings.latest_by_setting(store.observations("ehc_plans", ENGLAND)),
        *(
            store.observations(name, ENGLAND)
            for name in (
                "high_needs_spending_outturn", "high_needs_spending_published",
                "placement_unit_cost", "gdp_deflator", "high_needs_funding",
            )
        ),
        price_growth=(2.0, 2.0),
        funding_growth=(0.0, 0.0),
        rule=rule,
    )  # fmt: skip


def cost(assumed: Prices, **given: object) -> Bill:
    return money.bill(PLANS, [2025, 2026, 2027], assumed, np.random.default_rng(1), **given)  # type: ignore[arg-type]


def test_plans_times_costs_by_hand() -> None:
    """40 x 10 + 20 x 20 + 4 x 50 + 10 x 10 = 1,100."""
    assert cost(FLAT).cash.tolist() == [[1100.0, 1100.0, 1100.0]]


def test_costs_and_prices_grow_on_top_of_each_other() -> None:
    """A tenth dearer each year above prices, which rise by a fifth beyond 2026."""
    tenth = Growth(float(np.log(1.1)), 0.0, 0.0, 0)
    made = cost(replace(FLAT, real_growth=tenth, price_growth=(20.0, 20.0)))
    assert made.real[0] == pytest.approx([1100, 1210, 1331])
    assert made.cash[0] == pytest.approx([1100, 1210, 1331 * 1.2])


def test_funding_grows_with_prices_and_above_them_beyond_what_is_announced() -> None:
    made = cost(replace(FLAT, price_growth=(10.0, 10.0), funding_growth=(10.0, 10.0)))
    assert made.funding[0] == pytest.approx([900, 1000, 1000 * 1.1 * 1.1])


def test_deficit_is_the_running_sum_from_its_published_base() -> None:
    """500 at March 2025; then 1,100 less 1,000 twice."""
    assert money.deficits(cost(FLAT), 500.0, 2025).tolist() == [[500.0, 600.0, 700.0]]


def test_twice_the_cost_of_a_place_is_twice_the_spending() -> None:
    twice = replace(FLAT, unit_costs=2 * FLAT.unit_costs)
    assert cost(twice).cash.tolist() == (2 * cost(FLAT).cash).tolist()


def test_a_reform_of_costs_works_from_the_origin_on() -> None:
    made = cost(FLAT, slower=np.array([[0.9]]))
    assert made.cash[0] == pytest.approx([1100, 1100, 990])


def test_the_years_from_one_on_are_the_same() -> None:
    made = cost(replace(FLAT, price_growth=(10.0, 10.0))).since(2026)
    assert made.years == [2026, 2027]
    assert made.cash[0] == pytest.approx([1100, 1210])
    assert made.funding[0] == pytest.approx([1000, 1100])


def test_unit_costs_of_england_add_up_to_what_was_spent(store: Store, england: Prices) -> None:
    """Outturn of 2024-25, 10,216,354,607 pounds, and 1.1bn for places, as planned in 2023-24."""
    plans = settings.latest_by_setting(store.observations("ehc_plans", ENGLAND)).loc[2025]
    assert england.base == 2025
    assert float(plans.to_numpy() @ england.unit_costs) == pytest.approx(11_316_354_607)


def test_unit_costs_of_england_are_the_published_ones(england: Prices) -> None:
    """64,000 pounds in 2024-25; 26,000 in 2023-24 and 20,000 five years before, a year on."""
    costs = dict(zip(settings.NAMES, england.unit_costs, strict=True))
    assert costs[settings.INMSS] == 64_000
    assert costs[settings.STATE_SPECIAL] == pytest.approx(26_000 * 1.3 ** (1 / 5))
    assert 10_000 < costs[settings.MAINSTREAM] == costs[settings.FURTHER_EDUCATION] < 11_500


def test_funding_of_england_is_as_the_department_announced_it(england: Prices) -> None:
    """A union's sum for 2026-27, 12.0bn on a basis of its own, is not chained to it."""
    assert england.funding[2026] == 11_900_000_000
    assert england.funding.index.max() == 2026
    assert england.funding.index.is_unique


def test_costs_are_expected_to_grow_half_as_fast_as_those_of_state_special_schools(
    england: Prices, store: Store
) -> None:
    """20,000 pounds in 2018-19 and 26,000 in 2023-24: 1.3 per cent a year above prices, half 0.6.

    Seven yearly changes of spending for the same places, from 2017-18 to 2024-25.
    """
    growth = england.real_growth
    state = np.log(26_000 / 0.964158 / (20_000 / 0.790203)) / 5
    assert growth.mean == pytest.approx(state / 2, rel=1e-3)
    assert growth.seen == 7
    assert growth.unsure**2 == pytest.approx(growth.spread**2 / 7 + state**2 / 12, rel=1e-3)
    # What strays by s around nought and is m on average strays by this around another mean.
    in_step, on_average = (
        prices_of(store, rule).real_growth for rule in (cost_growth.IN_STEP, cost_growth.ON_AVERAGE)
    )
    around = in_step.spread**2 - 2 * growth.mean * on_average.mean + growth.mean**2
    assert growth.spread == pytest.approx(np.sqrt(around))
    assert in_step.spread == pytest.approx(0.0324, abs=0.0001)
