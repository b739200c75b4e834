"""The benchmarks for many series: held to the library that makes those for one."""

import warnings

import numpy as np
import pytest
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from sendreform.evidence.projection import benchmarks, panel_benchmarks
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.history import History


@pytest.fixture(scope="module")
def councils(everywhere: History) -> Numbers:
    """Plans of eight councils, January 2010 to 2022."""
    held = everywhere.held.loc[["202", "330", "383", "801", "878", "886", "916", "931"], :2022]
    return held.to_numpy(dtype="float64")


@pytest.mark.parametrize("method", ["Last year's growth", "Linear drift", "ARIMA", "Theta"])
def test_forecasts_are_those_of_the_library(councils: Numbers, method: str) -> None:
    made = panel_benchmarks.forecasts(councils, 5)[method]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = [benchmarks.BENCHMARKS[method](series, 5) for series in councils]
    alike = np.isclose(made, np.array(library), rtol=0.005).all(axis=1)
    # The library's search for the likeliest ARIMA ends early where all are about as likely.
    assert alike.sum() >= (len(councils) - 1 if method == "ARIMA" else len(councils))


def test_exponential_smoothing_fits_as_closely_as_the_library(councils: Numbers) -> None:
    """Or closer: the library can stop at a fit that is only the best of those near to it."""
    level, trend, squares = panel_benchmarks.smoothed(np.log(councils))
    alike = 0
    for at, series in enumerate(councils):
        model = ExponentialSmoothing(np.log(series), trend="add", initialization_method="estimated")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = model.fit()
        assert squares[at] <= fitted.sse * 1.002
        alike += fitted.forecast(1)[0] == pytest.approx(level[at] + trend[at], abs=0.005)
    assert alike >= len(councils) / 2


def test_growth_at_one_rate_goes_on() -> None:
    """From 100 at 10 per cent a year: 161.05 times a hundredth of what is last, five years on."""
    series = np.outer([1.0, 3.0], 100 * 1.1 ** np.arange(11))
    made = panel_benchmarks.forecasts(series, 5)
    for name in ("Last year's growth", "ETS", "ARIMA"):
        assert made[name][:, -1] / series[:, -1] == pytest.approx(1.61051, rel=0.001), name


def test_a_series_that_begins_later_is_treated_as_a_shorter_one(councils: Numbers) -> None:
    later = councils.copy()
    later[0, :6] = np.nan
    made, short = (panel_benchmarks.forecasts(one, 3) for one in (later, councils[:1, 6:]))
    for name, values in short.items():
        assert made[name][0] == pytest.approx(values[0]), name


def test_mean_weighs_each_alike(councils: Numbers) -> None:
    made = panel_benchmarks.forecasts(councils, 2)
    mean = made.pop(benchmarks.MEAN)
    assert mean == pytest.approx(np.mean(list(made.values()), axis=0))
