"""Councils: they add up to England in every draw, and their track record."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.evidence.projection import council_backtest, projecting, scores
from sendreform.evidence.projection import settings as by_settings
from sendreform.evidence.projection.councils import adding_up
from sendreform.evidence.projection.scenarios import Scenario, in_draws
from sendreform.observations import ENGLAND
from sendreform.store import Store

effects = st.tuples(st.floats(0, 100), st.floats(0, 100)).map(lambda ends: tuple(sorted(ends)))
scenarios = st.builds(
    Scenario,
    name=st.just("Any"),
    start=st.integers(2026, 2032),
    phase_in=st.integers(1, 10),
    fewer_new_plans=effects,
    more_in_mainstream=effects,
    fewer_independent=effects,
    slower_unit_costs=st.just((0.0, 1.0)),
)


@pytest.fixture(scope="module")
def made_from(store: Store, councils: list[str]) -> projecting.Inputs:
    return projecting.inputs(store.observations, councils)


def test_projection_starts_where_counts_end(made_from: projecting.Inputs) -> None:
    assert (made_from.origin, made_from.base) == (2026, 2025)
    first = projecting.project(made_from, draws=3)
    assert first.years == list(range(2025, 2037))
    assert (first.plans[:, :2] == [638_745, 718_838]).all()


@settings(max_examples=8, deadline=None)
@given(scenario=scenarios)
def test_councils_and_settings_add_up_in_every_draw_of_any_scenario(
    made_from: projecting.Inputs, scenario: Scenario
) -> None:
    england = projecting.project(made_from, scenario, draws=25)
    plans = projecting.plans_of_councils(made_from, england)
    assert len(plans) == 153
    assert (sum(plans.values()) == england.plans).all()
    assert min(draws.min() for draws in plans.values()) >= 0
    assert (england.by_setting.sum(axis=2) == england.plans).all()
    assert (england.by_setting >= 0).all()
    for council in ("383", "420"):  # Leeds; the Isles of Scilly, which publish no settings
        parts = projecting.settings_of_council(made_from, england, council, plans[council])
        assert (parts.sum(axis=2) == plans[council]).all()
        assert (parts >= 0).all()


def test_councils_begin_with_what_they_held(made_from: projecting.Inputs) -> None:
    england = projecting.project(made_from, draws=5)
    plans = projecting.plans_of_councils(made_from, england)
    held = made_from.history.held[2025]
    assert (plans["383"][:, 0] == 6_093).all()
    assert all((draws[:, 0] == held[council]).all() for council, draws in plans.items())


def test_a_scenario_without_effects_is_no_reform(made_from: projecting.Inputs) -> None:
    nothing = projecting.project(made_from, Scenario("Nothing", start=2027), draws=10)
    assert (nothing.by_setting == projecting.project(made_from, draws=10).by_setting).all()


def test_fewer_new_plans_come_from_the_start_year_on(made_from: projecting.Inputs) -> None:
    """Half as many from 2029: no difference to January 2029, and half the new plans of 2029."""
    none = projecting.project(made_from, draws=200)
    half = projecting.project(
        made_from, Scenario("Half", start=2029, fewer_new_plans=(50, 50)), draws=200
    )
    before = [none.years.index(year) for year in range(2025, 2030)]
    assert (none.plans[:, before] == half.plans[:, before]).all()
    during = none.years.index(2029)  # new plans of 2029 stand before the January of 2030
    assert half.began[:, during] == pytest.approx(none.began[:, during] / 2, abs=1)


def test_later_start_gives_the_same_draws_of_size() -> None:
    sooner, later = (
        in_draws(
            Scenario("Earlier support", start=start, fewer_new_plans=(10, 30)),
            2026, 10, 50, np.random.default_rng(1),
        )
        for start in (2027, 2030)
    )  # fmt: skip
    assert (sooner.entries[:, -1] == later.entries[:, -1]).all()
    assert (sooner.entries <= later.entries).all()
    assert np.unique(sooner.entries[:, -1]).size == 50


def test_settings_of_england_in_january_2026(store: Store) -> None:
    """Of 211,442 plans in special schools, 35,569 in independent and 4,654 in non-maintained."""
    shown = by_settings.latest_by_setting(store.observations("ehc_plans", ENGLAND)).loc[2026]
    assert shown[by_settings.MAINSTREAM] == 326_804
    assert shown[by_settings.INMSS] == 40_223
    assert shown[by_settings.STATE_SPECIAL] == 211_442 - 40_223
    assert shown.sum() == 718_838


def test_moves_between_settings_give_the_january_that_they_were_read_from(
    store: Store,
) -> None:
    """A year older, with the new plans, in the moves' shares: the groups of January 2026."""
    plans, new = (store.observations(name, ENGLAND) for name in ("ehc_plans", "new_ehc_plans"))
    read = by_settings.fitted(plans, new, 2026)
    before = by_settings.fitted(plans, new, 2025).first
    assert read.first.sum(axis=0).tolist() == [326_804, 211_442, 100_815, 79_777]
    assert read.moves.sum(axis=3) == pytest.approx(np.ones((2, 25, 4)))
    assert (read.moves >= 0).all()
    # At ages where plans come on balance, what was held moves, and what comes has the new mix.
    after = np.einsum("ag,agh->ah", before[:-1], read.moves[1])
    gap = read.first[1:].sum(axis=1) - after.sum(axis=1)
    more = gap > 0
    told = after[more] + gap[more, np.newaxis] * read.mix
    # Where a group would have had to lose more than it held, the rest is left where it is.
    assert np.abs(told - read.first[1:][more]).sum() / read.first[1:][more].sum() < 0.02


@given(st.lists(st.floats(0.1, 1e5), min_size=2, max_size=153), st.integers(0, 2_000_000))
def test_adding_up_keeps_the_total(parts: list[float], total: int) -> None:
    made = adding_up(np.array([parts]), np.array([float(total)]))
    assert made.sum() == total
    assert (made == np.floor(made)).all()
    scaled = np.array(parts) * total / sum(parts)
    assert (np.abs(made[0] - scaled) < 1.001).all()


@pytest.fixture(scope="module")
def councils_scored(made_from: projecting.Inputs, councils: list[str]) -> pd.DataFrame:
    return council_backtest.scored(made_from.history, councils)


def test_councils_error_is_below_the_simple_benchmarks(councils_scored: pd.DataFrame) -> None:
    errors = scores.summary(councils_scored, ["method", "horizon"]).pivot(
        index="horizon", columns="method", values="mape"
    )
    ours = errors.pop("This projection")
    assert (errors.min(axis=1) > ours).all()


def test_a_councils_last_growth_by_hand(
    councils_scored: pd.DataFrame, made_from: projecting.Inputs
) -> None:
    held = made_from.history.held.loc["383"]
    row = councils_scored.query(
        "area == '383' and origin == 2023 and horizon == 2 and method == \"Last year's growth\""
    ).iloc[0]
    assert row["forecast"] == pytest.approx(held[2023] * (held[2023] / held[2022]) ** 2)
    assert row["outcome"] == held[2025] == 6_093


def test_ranges_of_councils_hold_about_as_often_as_they_say_since_the_reform(
    councils_scored: pd.DataFrame,
) -> None:
    late = councils_scored.query("method == 'This projection' and origin >= 2017")
    assert 0.78 < late["within_80"].mean() < 0.88
    assert len(late) > 4_000
