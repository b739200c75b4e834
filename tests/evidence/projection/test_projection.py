"""The cohort model: worked by hand, balanced to the unit, still where nothing changes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.errors import ReportError
from sendreform.evidence.projection.ages import AGES, BANDS, by_single_age
from sendreform.evidence.projection.cohort import whole
from sendreform.evidence.projection.fitting import CHOSEN, Parameters, fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.rates import leaving_rates, leaving_schedule
from sendreform.evidence.projection.settings import fitted
from sendreform.evidence.projection.simulation import simulate
from sendreform.observations import ENGLAND
from sendreform.store import Store

ENTRIES = 1024.0


def still_world(**changes: object) -> Parameters:
    """1,024 plans begin at age 3; none leaves before 15, then half do each year: all whole."""
    held = np.zeros(len(AGES))
    held[3:16] = ENTRIES
    held[16:] = ENTRIES / 2 ** np.arange(1, 11)
    profile = np.zeros(len(AGES))
    profile[3] = 1.0
    world = Parameters(
        origin=2025,
        held=held,
        profile=profile,
        began=ENTRIES,
        growth=0.0,
        damping=0.95,
        damping_spread=0.05,
        leaving=leaving_schedule(0.0, 0.5),
        leaving_by_law=leaving_schedule(0.0, 0.5),
        law_by=np.ones(12),
        entry_spread=0.0,
        leaving_spread=0.0,
        averaged=3,
        seen=10,
    )
    return replace(world, **changes)  # type: ignore[arg-type]


def test_a_world_without_growth_stays_still() -> None:
    paths = simulate(still_world(), draws=20, years=11, rng=np.random.default_rng(1))
    assert (paths.held == paths.held[:, :1]).all()
    assert paths.held[0, 0].sum() == 13 * 1024 + 1023


def test_a_small_case_worked_by_hand() -> None:
    """100 plans at age 4, 40 at 15 and 8 at 25; 20 new, all at 5; 10 and 50 per cent leave.

    Year 1: 10 of the 100 leave and 20 of the 40, and all 8. 90 + 20 new are 5, 20 are 16: 130.
    Growth: from 148 to 130. Year 2: new plans are 20 x 130 / 148 = 17.57, so 17 or 18.
    11 of the 110 leave, and 10 of the 20: 99 at age 6, 10 at 17, and the new ones.
    """
    held, profile = np.zeros(len(AGES)), np.zeros(len(AGES))
    held[[4, 15, 25]] = 100, 40, 8
    profile[5] = 1
    world = still_world(
        held=held, profile=profile, began=20.0, damping=1.0, damping_spread=0.0,
        leaving=leaving_schedule(0.1, 0.5), leaving_by_law=leaving_schedule(0.1, 0.5),
    )  # fmt: skip
    paths = simulate(world, draws=4_000, years=2, rng=np.random.default_rng(1))
    assert (paths.left[:, 0, [4, 15, 25]] == [10, 20, 8]).all()
    assert (paths.held[:, 1, [5, 16]] == [110, 20]).all()
    assert (paths.held[:, 1].sum(axis=1) == 130).all()
    assert (paths.held[:, 2, [6, 17]] == [99, 10]).all()
    assert set(paths.began[:, 1].sum(axis=1)) == {17.0, 18.0}
    assert paths.began[:, 1].sum(axis=1).mean() == pytest.approx(20 * 130 / 148, abs=0.03)


@settings(max_examples=40, deadline=None)
@given(
    effects=st.lists(st.floats(0, 3), min_size=5, max_size=5),
    younger=st.floats(0, 0.9),
    older=st.floats(0, 0.9),
    spread=st.floats(0, 0.5),
    seed=st.integers(0, 2**32 - 1),
)
def test_stocks_and_flows_balance_to_the_unit(
    effects: list[float], younger: float, older: float, spread: float, seed: int
) -> None:
    leaving = leaving_schedule(younger, older)
    world = still_world(
        leaving=leaving, leaving_by_law=leaving, entry_spread=spread, leaving_spread=spread
    )
    paths = simulate(
        world, draws=5, years=5, rng=np.random.default_rng(seed), entries=np.array(effects)
    )
    for part in (paths.held, paths.began, paths.left):
        assert (part == np.floor(part)).all()
        assert (part >= 0).all()
    stayed = paths.held[:, :-1] - paths.left
    assert (stayed >= 0).all()
    assert (stayed[..., -1] == 0).all(), "nobody holds a plan beyond 25"
    assert (paths.held[:, 1:, 1:] == stayed[..., :-1] + paths.began[..., 1:]).all()
    assert (
        paths.held[:, 1:].sum(axis=2) == (paths.held[:, :-1] + paths.began - paths.left).sum(axis=2)
    ).all()


def test_a_tenth_fewer_new_plans_is_a_tenth_fewer_in_every_year() -> None:
    """A reform does not slow the growth of new plans: it takes its share of what would come."""
    world = still_world(entry_spread=0.1, began=1.5 * ENTRIES)
    without, reformed = (
        simulate(
            world, draws=20, years=10, rng=np.random.default_rng(1), entries=np.full(10, factor)
        ).began.sum(axis=2)
        for factor in (1.0, 0.9)
    )
    assert without[:, -1].mean() > 1.2 * without[:, 0].mean(), "new plans grow"
    assert np.abs(reformed - 0.9 * without).max() <= 1  # whole plans


def test_twice_the_plans_and_new_plans_give_twice_as_many() -> None:
    one = still_world(began=2_000.0, growth=0.05, entry_spread=0.08, leaving_spread=0.1)
    two = replace(one, held=2 * one.held, began=2 * one.began)
    single, double = (
        simulate(world, draws=50, years=10, rng=np.random.default_rng(3)).held.sum(axis=2)
        for world in (one, two)
    )
    # Rounding to whole plans moves an age by less than one a year.
    assert np.abs(double / single / 2 - 1).max() < 0.005


def test_more_children_without_a_plan_bring_more_new_plans() -> None:
    children = np.full((12, len(AGES)), 10_000.0)
    rising = children * (1 + np.arange(12))[:, np.newaxis]
    flat, more = (
        simulate(still_world(children=table), draws=5, years=3, rng=np.random.default_rng(1))
        for table in (children, rising)
    )
    assert (more.began[:, 0] == flat.began[:, 0]).all()
    assert (more.began[:, 1].sum(axis=1) > 1.9 * flat.began[:, 1].sum(axis=1)).all()


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=26), st.floats(0, 1, exclude_max=True))
def test_whole_numbers_are_neighbours_and_keep_the_sum(numbers: list[float], by: float) -> None:
    given_numbers = np.array(numbers)
    made = whole(given_numbers, np.array(by))
    assert (np.abs(made - given_numbers) < 1 + 1e-6).all()
    assert abs(made.sum() - given_numbers.sum()) < 1 + 1e-6


# A machine with other work to do takes longer over some tables.
@settings(deadline=None)
@given(st.lists(st.integers(0, 100_000), min_size=5, max_size=5))
def test_single_ages_keep_the_total_of_each_band(totals: list[int]) -> None:
    table = pd.DataFrame(
        {
            "area": "886", "period": "2022-01",
            "breakdown": [f"age:{band}" for band in BANDS], "value": np.array(totals, dtype=float),
        }
    )  # fmt: skip
    ages = by_single_age(table).loc[("886", "2022-01")]
    ends = [*BANDS.values(), 26]
    assert (ages > -1e-6).all()
    for total, first, after in zip(totals, ends, ends[1:], strict=False):
        assert ages.loc[first : after - 1].sum() == pytest.approx(total, abs=1e-6)


def test_a_withheld_age_is_not_taken_for_one_that_nobody_has() -> None:
    plans = pd.DataFrame(
        {
            "area": ["805", "805", "886", "886"],
            "period": "2024-01",
            "breakdown": ["age:7", "age:8"] * 2,
            "value": [30.0, float("nan"), 30.0, 40.0],
            "status": ["", "c", "", ""],
        }
    )
    read = by_single_age(plans)
    assert list(read.index) == [("886", "2024-01")]
    assert read.loc[("886", "2024-01")].sum() == 70.0


def test_curve_through_the_bands_is_near_the_ages_that_were_published(england: History) -> None:
    """Of January 2026 the ages are published: from their bands, most come out within a tenth."""
    ages = england.ages.loc[(ENGLAND, 2026)]
    first = [*BANDS.values(), 26]
    table = pd.DataFrame(
        {
            "area": ENGLAND, "period": "2026-01", "breakdown": [f"age:{band}" for band in BANDS],
            "value": [ages.loc[a : b - 1].sum() for a, b in pairwise(first)],
        }
    )  # fmt: skip
    read = by_single_age(table).loc[(ENGLAND, "2026-01")]
    off = (read.loc[5:22] / ages.loc[5:22] - 1).abs()
    assert off.median() < 0.1
    assert off.max() < 0.5


def test_nearly_four_in_ten_plans_of_leavers_ended_before_the_law_and_one_in_eight_after(
    england: History,
) -> None:
    """Plans of those about to leave school or older; by hand for 2010, from the published bands.

    In January 2010, 20,219 were 16 to 19; with those of 15 read from the curve some 43,000. Begun
    in 2010: 150 at 16 to 19. A year later 21,828 were 16 to 19.
    """
    rates = leaving_rates(england)
    held = england.ages.loc[(ENGLAND, 2010)]
    by_hand = 1 - (21_828 - 150) / (20_219 + held[15])
    assert rates.loc[2010, "older"] == pytest.approx(by_hand, abs=1e-9)
    assert rates.loc[2010:2013, "older"].between(0.36, 0.43).all()
    assert rates.loc[2018:2021, "older"].between(0.11, 0.13).all()


@pytest.mark.parametrize("origin", [2019, 2024, 2025])
def test_a_projection_knows_nothing_of_what_came_later(england: History, origin: int) -> None:
    """With every later figure turned to nonsense, the assumptions stay the same."""
    wide = {"held": origin, "began": origin - 1, "requests": origin - 1, "assessed": origin - 1}
    long = {"ages": origin, "began_ages": origin - 1, "ended": origin - 1}
    spoilt = {name: getattr(england, name).copy() for name in (*wide, *long)}
    for name, last in wide.items():
        spoilt[name].loc[:, spoilt[name].columns > last] = 1.0
    for name, last in long.items():
        spoilt[name].loc[spoilt[name].index.get_level_values("year") > last] = 1.0
    known, blind = (vars(fit(table, origin)) for table in (england, replace(england, **spoilt)))
    for name, value in known.items():
        if name == "stages":
            assert repr(value) == repr(blind[name])
        else:
            assert np.array_equal(value, blind[name]), name


def test_before_reasons_are_known_by_age_plans_leave_at_two_rates(england: History) -> None:
    """Reasons by age begin in 2023, plans by single age in January 2024: known in January 2025."""
    two_rates = replace(CHOSEN, by_reason=False)
    for origin, same in ((2014, True), (2019, True), (2024, True), (2025, False), (2026, False)):
        leaving = [fit(england, origin, structure).leaving for structure in (CHOSEN, two_rates)]
        assert np.array_equal(*leaving) == same, origin
    for origin in (2025, 2026):
        assert (fit(england, origin).leaving <= 1).all()
    by_reason = fit(england, 2026).leaving
    assert by_reason[5:15].max() < 0.01 < by_reason[16] < by_reason[17] < by_reason[18]
    assert by_reason[25] == 1


def test_by_reason_as_many_leave_as_the_counts_lost_in_the_last_year(england: History) -> None:
    """638,745 plans and 110,708 new ones left 718,838: 30,615 had gone, of any age."""
    leaving = fit(england, 2026).leaving
    held = england.ages.loc[(ENGLAND, 2025)].to_numpy()
    below = held[:-1] @ np.minimum(leaving[:-1], 1) + held[-1]
    assert below == pytest.approx(30_615, rel=0.002)


def test_how_fast_children_grow_in_number_widens_the_ranges_and_leaves_the_middle() -> None:
    children = np.full((12, len(AGES)), 10_000.0)
    calm = still_world(children=children)
    unsure = replace(calm, children_spread=0.01)
    one, two = (
        simulate(world, draws=400, years=10, rng=np.random.default_rng(1)).held[:, -1].sum(axis=1)
        for world in (calm, unsure)
    )
    assert one.std() == 0
    assert two.std() > 400
    assert np.median(two) == pytest.approx(np.median(one), rel=0.01)


def test_settings_are_not_read_from_ages_that_are_withheld(store: Store) -> None:
    plans, new = (
        table[table["area"] == ENGLAND]
        for table in map(store.observations, ("ehc_plans", "new_ehc_plans"))
    )
    withheld = plans["breakdown"].eq("age:7 placement:mainstream") & plans["period"].eq("2026-01")
    assert withheld.any()
    with pytest.raises(ReportError, match=r"January 2026: an age in a setting is withheld"):
        fitted(plans.assign(value=plans["value"].mask(withheld)), new, 2026)
