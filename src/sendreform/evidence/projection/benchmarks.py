"""Ordinary forecasts of one series, from a standard library: what a projection must beat."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from sendreform.evidence.projection.ages import Numbers

#: The name of the mean of the others.
MEAN = "Mean of these"


def last_growth(series: Numbers, years: int) -> Numbers:
    """Carry on with the growth of the last year, in per cent.

    Examples
    --------
    >>> last_growth(np.array([90.0, 100.0, 110.0]), 2).round(1).tolist()
    [121.0, 133.1]
    """
    yearly: float = series[-1] / series[-2]
    return np.asarray(series[-1] * yearly ** np.arange(1, years + 1))


def linear_drift(series: Numbers, years: int) -> Numbers:
    """Add the average change of all years known.

    Examples
    --------
    >>> linear_drift(np.array([90.0, 100.0, 110.0]), 2).tolist()
    [120.0, 130.0]
    """
    change = (series[-1] - series[0]) / (len(series) - 1)
    return np.asarray(series[-1] + change * np.arange(1, years + 1))


def exponential_smoothing(series: Numbers, years: int) -> Numbers:
    """Holt's exponential smoothing with a trend (ETS), of logarithms: growth is in proportion."""
    model = ExponentialSmoothing(np.log(series), trend="add", initialization_method="estimated")
    return _of_logarithms(model.fit().forecast(years))


def damped_smoothing(series: Numbers, years: int) -> Numbers:
    """Holt's exponential smoothing of logarithms with a trend that fades (damped ETS)."""
    model = ExponentialSmoothing(
        np.log(series), trend="add", damped_trend=True, initialization_method="estimated"
    )
    return _of_logarithms(model.fit().forecast(years))


def arima(series: Numbers, years: int) -> Numbers:
    """ARIMA(0, 2, 1) of logarithms: a trend that itself may wander."""
    return _of_logarithms(ARIMA(np.log(series), order=(0, 2, 1)).fit().forecast(years))


def theta(series: Numbers, years: int) -> Numbers:
    """Theta method of Assimakopoulos and Nikolopoulos (2000), of logarithms."""
    dated = pd.Series(np.log(series), index=pd.period_range("2000", periods=len(series), freq="Y"))
    fitted = ThetaModel(dated, period=1, deseasonalize=False).fit()
    return _of_logarithms(fitted.forecast(years))


def _of_logarithms(foreseen: ArrayLike) -> Numbers:
    return np.asarray(np.exp(np.asarray(foreseen, dtype="float64")))


#: What each benchmark is called, and what makes it.
BENCHMARKS: dict[str, Callable[[Numbers, int], Numbers]] = {
    "Last year's growth": last_growth,
    "Linear drift": linear_drift,
    "ETS": exponential_smoothing,
    "Damped ETS": damped_smoothing,
    "ARIMA": arima,
    "Theta": theta,
}


def forecasts(series: Numbers, years: int) -> dict[str, Numbers]:
    """Return what each benchmark foresees, and their equally weighted mean.

    Parameters
    ----------
    series
        One figure a year, above nought, at least three.
    """
    with warnings.catch_warnings():
        # Five points are few for any optimiser; what it reaches is taken as it is.
        warnings.simplefilter("ignore")
        made = {name: make(series, years) for name, make in BENCHMARKS.items()}
    return made | {MEAN: np.mean(list(made.values()), axis=0)}
