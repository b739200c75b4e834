"""Published shares follow from the counts that are published beside them."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from as_tested import tested_project
from conftest import ROOT
from sendreform.changes.editions import opened_alone
from sendreform.observations import ENGLAND
from sendreform.store import open_store
from sendreform.store.shares import SHARES, worked_out

STORE = open_store(ROOT / "data")


@pytest.mark.parametrize("share", SHARES)
def test_every_share_of_the_official_files_follows(share: str) -> None:
    """No false alarm, in any release that the data were read from."""
    again = worked_out(STORE, share)
    assert len(again) and again["follows"].all()


def test_plans_on_time_in_2025_by_hand() -> None:
    """46,498 of 102,203 plans: 45.50 per cent, published as 45.5."""
    store = open_store(tested_project() / "data")
    again = worked_out(store, "ehc_plans_in_20_weeks_share").set_index(["area", "period"])
    england = again.loc[(ENGLAND, "2025")]
    assert england["value"] == 45.5
    assert england["ours"] == pytest.approx(100 * 46_498 / 102_203)


@pytest.mark.parametrize(("edition", "least"), [("2022-05", 5_000), ("2025-06", 8_000)])
def test_nor_was_there_a_false_alarm_when_the_releases_came_out(edition: str, least: int) -> None:
    """What was known by then, with the figures of the release as it had them."""
    with opened_alone(edition, ROOT) as then:
        again = pd.concat(
            [
                worked_out(then.store, share)
                for share in SHARES
                if share in then.store.measures.index
            ]
        )
    assert len(again) > least and again["follows"].all()


def test_a_share_without_counts_is_left_alone() -> None:
    assert worked_out(STORE, "phonics_in_year_1").empty


@given(st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_any_share_that_is_rounded_follows_and_its_neighbours_do_not(
    counts: tuple[int, int],
) -> None:
    """But for a share that ends in exactly five hundredths, which may be rounded either way."""
    part, whole = counts
    rounded = round(100 * part / whole, 1)
    values = pd.Series([rounded - 0.1, rounded, rounded + 0.1])
    follows = ((values - 100 * part / whole).abs() <= 0.05 + 1e-9).to_list()
    is_tie = (2000 * part) % whole == 0 and (1000 * part) % whole != 0
    assert follows[1]
    assert is_tie or follows == [False, True, False]
