"""The track record of settings: what is scored, by hand where that is possible."""

import numpy as np
import pandas as pd
import pytest

from sendreform.evidence.projection import backtest, settings, settings_backtest
from sendreform.evidence.projection.history import History
from sendreform.observations import ENGLAND
from sendreform.store import Store


@pytest.fixture(scope="module")
def plans(store: Store) -> pd.DataFrame:
    return store.observations("ehc_plans", ENGLAND)


@pytest.fixture(scope="module")
def new(store: Store) -> pd.DataFrame:
    return store.observations("new_ehc_plans", ENGLAND)


@pytest.fixture(scope="module")
def scored(england: History, plans: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    return settings_backtest.scored(england, plans, new)


def test_every_january_that_has_come_true_is_scored_in_every_setting(scored: pd.DataFrame) -> None:
    """From January 2018 to 2024, to January 2025: 7, 6, 5, 4 and 3, each in five settings."""
    ours = scored[scored["method"] == backtest.OURS]
    assert ours.groupby("horizon").size().tolist() == [35, 30, 25, 20, 15]
    assert set(ours["setting"]) == set(settings.NAMES)
    assert scored["year"].max() == 2025


def test_linear_drift_of_mainstream_from_january_2024_by_hand(scored: pd.DataFrame) -> None:
    """124,654 plans in 2015 and 248,016 in 2024: 13,706.9 more a year; 278,236 came."""
    row = scored.query(
        "method == 'Linear drift' and origin == 2024 and setting == @settings.MAINSTREAM"
    ).iloc[0]
    assert row["forecast"] == pytest.approx(248_016 + (248_016 - 124_654) / 9)
    assert row["outcome"] == 278_236


def test_shares_that_stay_are_those_of_the_origin(scored: pd.DataFrame) -> None:
    """248,016 of 576,474 plans in mainstream schools in January 2024."""
    rows = scored.query("method == @settings_backtest.SAME_SHARES and origin == 2024")
    share = rows.set_index("setting")["forecast"] / rows["forecast"].sum()
    assert share[settings.MAINSTREAM] == pytest.approx(248_016 / 576_474)


def test_what_came_later_makes_no_difference(
    england: History, plans: pd.DataFrame, new: pd.DataFrame
) -> None:
    later = plans["period"] > "2021-01"
    changed = plans.assign(value=plans["value"].where(~later, plans["value"] * 3))
    after = new.assign(value=new["value"].where(new["period"] < "2021", new["value"] * 3))
    one, other = (
        settings_backtest.scored(england, *given, [2021])
        for given in ((plans, new), (changed, after))
    )
    assert one["forecast"].tolist() == other["forecast"].tolist()


def test_moves_without_ages_give_the_january_that_they_were_read_from(
    england: History, plans: pd.DataFrame, new: pd.DataFrame
) -> None:
    """Of January 2021, those that stayed and moved, with the new plans, are those of 2022."""
    by_setting = settings.latest_by_setting(plans).loc[:2022]
    read = settings.fitted_without_ages(
        by_setting, plans, new, np.ones(26) * 473_255 / 26, england.known_at(2022)
    )
    main, state, inmss, further, other = by_setting.loc[2021]
    before = np.array([main, state + inmss, further, other])
    began = float(england.began.iloc[0][2021]) * read.mix
    stayed = before * (473_255 - began.sum()) / before.sum()
    made = stayed @ read.moves[1, 0] + began
    main, state, inmss, further, other = by_setting.loc[2022]
    assert made == pytest.approx([main, state + inmss, further, other])
    assert read.first.sum() == pytest.approx(473_255)


def test_last_january_is_scored_with_ages_beside_all_others(
    england: History, plans: pd.DataFrame, new: pd.DataFrame
) -> None:
    last = settings_backtest.final_test(england, plans, new)
    assert set(last["origin"]) == {2025}
    assert settings_backtest.WITH_AGES in set(last["method"])
    by_age = last[last["method"] == settings_backtest.WITH_AGES]
    assert by_age["outcome"].sum() == 718_838
    assert by_age["forecast"].sum() == pytest.approx(718_838, rel=0.03)
