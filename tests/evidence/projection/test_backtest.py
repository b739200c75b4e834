"""The track record: scores by hand, and how good the projection would have been."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sendreform.evidence.projection import backtest, benchmarks, scores
from sendreform.evidence.projection.history import History


@pytest.fixture(scope="module")
def plans_scored(england: History) -> pd.DataFrame:
    return backtest.scored(england)


@pytest.fixture(scope="module")
def by_horizon(plans_scored: pd.DataFrame) -> pd.DataFrame:
    return scores.summary(plans_scored, ["method", "horizon"])


def test_score_of_draws_of_a_normal_distribution_is_the_known_one() -> None:
    """CRPS of N(0, 1) at 0: 2 x density at 0 less 1 / root of pi = 0.2337."""
    draws = stats.norm.ppf((np.arange(20_000) + 0.5) / 20_000)
    assert scores.crps(draws, 0.0) == pytest.approx(0.2337, abs=0.0005)
    by_pairs = np.abs(np.subtract.outer(draws[::200], draws[::200])).mean() / 2
    expected = np.abs(draws[::200] - 1.3).mean() - by_pairs
    assert scores.crps(draws[::200], 1.3) == pytest.approx(expected)


def test_benchmarks_foresee_growth_at_one_rate() -> None:
    """From 100 at 10 per cent a year: 161.05 after 15 years of which ten are known."""
    series = 100 * 1.1 ** np.arange(11)
    for name in ("Last year's growth", "ETS", "ARIMA"):
        foreseen = benchmarks.BENCHMARKS[name](series, 5)
        assert foreseen[-1] / series[-1] == pytest.approx(1.61051, rel=0.01), name


def test_mean_of_benchmarks_weighs_each_alike() -> None:
    made = benchmarks.forecasts(np.array([100.0, 104.0, 110.0, 119.0, 128.0, 141.0]), 3)
    mean = made.pop(benchmarks.MEAN)
    assert mean.tolist() == pytest.approx(np.mean(list(made.values()), axis=0).tolist())


def test_every_origin_and_horizon_that_has_come_true_is_scored(plans_scored: pd.DataFrame) -> None:
    """From 2014 to 2024 to January 2025: 11 one year ahead, 10 two, 9, 8 and 7: 45 in all."""
    ours = plans_scored[plans_scored["method"] == backtest.OURS]
    assert ours.groupby("horizon").size().tolist() == [11, 10, 9, 8, 7]
    assert plans_scored["year"].max() == 2025


def test_last_years_growth_from_january_2024_by_hand(plans_scored: pd.DataFrame) -> None:
    """576,474 x 576,474 / 517,048 = 642,730; 638,745 came."""
    row = plans_scored.query('method == "Last year\'s growth" and origin == 2024').iloc[0]
    assert row["forecast"] == pytest.approx(642_730, abs=1)
    assert row["outcome"] == 638_745
    assert row["crps"] == pytest.approx(642_730 - 638_745, abs=1)


def test_error_is_below_every_benchmark_one_to_three_years_ahead(by_horizon: pd.DataFrame) -> None:
    assert backtest.beats(by_horizon) == {1: "", 2: "", 3: ""}


def test_eighty_per_cent_ranges_hold_seven_to_nine_outcomes_in_ten(
    plans_scored: pd.DataFrame,
) -> None:
    near = plans_scored[(plans_scored["method"] == backtest.OURS) & (plans_scored["horizon"] <= 3)]
    assert 0.7 <= near["within_80"].mean() <= 0.9


def test_a_benchmark_that_is_as_good_is_named() -> None:
    summarised = pd.DataFrame(
        {
            "method": [backtest.OURS, "ETS"] * 2,
            "horizon": [1, 1, 2, 2],
            "mape": [2.0, 1.0, 2.0, 3.0],
        }
    )
    assert backtest.beats(summarised, (1, 2)) == {1: "ETS", 2: ""}


def test_january_2026_is_out_of_every_score_but_the_last(england: History) -> None:
    without = england.known_at(2025)
    pd.testing.assert_frame_equal(
        backtest.scored(england, [2023], beside=False),
        backtest.scored(without, [2023], beside=False),
    )
    last = backtest.final_test(backtest.scored(england, range(2020, 2026), until=2026))
    ours = last[last["method"] == backtest.OURS].set_index("origin")
    assert set(last["outcome"]) == {718_838}
    assert ours.index.tolist() == [2021, 2022, 2023, 2024, 2025]
    assert abs(ours.loc[2025, "forecast"] / 718_838 - 1) < 0.025


def test_an_origin_can_be_moved(england: History) -> None:
    moved = backtest.scored(england, [2020], until=2024, beside=False)
    assert moved["year"].tolist() == [2021, 2022, 2023, 2024]
