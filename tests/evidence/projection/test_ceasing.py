"""Why plans end: the published reasons, beside what the counts of plans say."""

import numpy as np
import pytest

from sendreform.evidence.projection import ceasing, rates
from sendreform.evidence.projection.history import History
from sendreform.observations import ENGLAND
from sendreform.store import Store


def test_plans_that_ended_are_all_that_ceased_less_those_that_moved_councils(store: Store) -> None:
    """50,346 ceased in 2025, of which 17,021 moved to another council."""
    by_reason = ceasing.ended(store.observations("ehc_plans_ceased", ENGLAND))
    assert by_reason.index.tolist() == [2022, 2023, 2024, 2025]
    assert by_reason.loc[2025].sum() == 50_346 - 17_021
    assert ceasing.shares(by_reason)["reason:no_longer_wishes"] == pytest.approx(17_867 / 33_325)


def test_counts_and_returns_agree_on_how_many_left_over_four_years(
    store: Store, england: History
) -> None:
    """By counts, 114,006 left from 2022 to 2025; by returns, 117,746."""
    by_reason = ceasing.ended(store.observations("ehc_plans_ceased", ENGLAND))
    shares = rates.leaving_in_all(england).loc[2022:2025]
    counted = float((shares * england.held.loc[ENGLAND, shares.index]).sum())
    assert counted == pytest.approx(114_006, abs=1)
    assert by_reason.sum().sum() == pytest.approx(counted, rel=0.04)


def test_england_2025_by_age_and_reason(store: Store, england: History) -> None:
    """5,690 plans ended at 18, 910 of them by moving: at 17 in January. 16 at an unknown age."""
    ended = england.ended.loc[2025]
    assert ended[17].sum() == 5_690 - 910
    assert ended.loc["no_longer_wishes", 17] == 2_465
    assert ended.to_numpy().sum() == pytest.approx(50_346 - 17_021 - 16)
    assert ended.loc[:, 19:].to_numpy().sum() == pytest.approx(18_617 - 720)
    assert "transferred" not in ended.index
    of_all = store.observations("ehc_plans_ceased", ENGLAND)
    apart = ceasing.ended(of_all).loc[2025].rename(index=lambda code: code.removeprefix("reason:"))
    assert (apart - ended.sum(axis="columns")).abs().max() <= 16


def test_who_reaches_the_highest_age_is_among_the_oldest(england: History) -> None:
    highest = england.ended.loc[(2025, "maximum_age")]
    assert highest[[24, 25]].sum() == pytest.approx(1_737)
    assert highest.loc[19:23].sum() == 0


def test_reasons_at_each_age_add_up_to_all_who_leave(england: History) -> None:
    parts = rates.reasons_at_each_age(england)
    assert parts.columns.tolist() == list(range(26))
    assert parts.sum().to_numpy() == pytest.approx(np.ones(26))
    assert parts.loc["no_longer_wishes", 17] == pytest.approx(2_465 / 4_780)
    assert parts.loc["maximum_age", 10] < 0.01
