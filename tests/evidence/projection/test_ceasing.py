"""Why plans end: the published reasons, beside what the counts of plans say."""

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
