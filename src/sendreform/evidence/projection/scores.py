"""How far forecasts were off: error, bias, whether ranges held, and the CRPS."""

import numpy as np
import pandas as pd

from sendreform.evidence.projection.ages import Numbers

#: Ranges that are told, in per cent of draws.
RANGES = (50, 80, 95)


def crps(draws: Numbers, outcome: float) -> float:
    """Return the continuous ranked probability score of draws: 0 for a sure and right forecast.

    For a single draw it is the absolute error. Gneiting and Raftery (2007), Strictly proper scoring
    rules, https://doi.org/10.1198/016214506000001437, eq. 21, worked out from sorted draws.

    Examples
    --------
    >>> crps(np.array([7.0]), 10.0), crps(np.array([8.0, 12.0]), 10.0)
    (3.0, 1.0)
    """
    ordered, number = np.sort(draws), len(draws)
    apart = 2 * (ordered * (2 * np.arange(1, number + 1) - number - 1)).sum() / number**2
    return float(np.abs(ordered - outcome).mean() - apart / 2)


def bounds(draws: Numbers, per_cent: int) -> tuple[Numbers, Numbers]:
    """Return the middle range that holds so many per cent of draws, along the first axis.

    Examples
    --------
    >>> [float(end) for end in bounds(np.arange(101.0), 80)]
    [10.0, 90.0]
    """
    tail = (100 - per_cent) / 200
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def summary(scored: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Average the scores of forecasts.

    Parameters
    ----------
    scored
        ``method``, ``horizon``, ``forecast``, ``outcome``, ``crps`` and ``within_50`` … (whether
        the outcome was in the range; missing for methods without).
    by
        The columns to average within.

    Returns
    -------
    DataFrame with ``by``, ``forecasts`` (their number), ``mape`` (mean absolute error, per cent of
    the outcome), ``bias`` (mean error, per cent: above nought for too much), ``crps`` (in per
    cent of the outcome, so that years compare) and ``within_50`` … (per cent).

    Examples
    --------
    >>> scored = pd.DataFrame({
    ...     "method": "a", "forecast": [110.0, 90.0], "outcome": 100.0, "crps": [10.0, 10.0],
    ...     "within_50": [1.0, 0.0], "within_80": 1.0, "within_95": 1.0})
    >>> summary(scored, ["method"])[["mape", "bias", "within_50"]].round(6).values.tolist()
    [[10.0, 0.0, 50.0]]
    """
    error = 100 * (scored["forecast"] / scored["outcome"] - 1)
    within = [f"within_{share}" for share in RANGES]
    each = scored.assign(
        mape=error.abs(),
        bias=error,
        forecasts=1,
        crps=100 * scored["crps"] / scored["outcome"],
        **{name: 100 * scored[name] for name in within},
    )
    means = dict.fromkeys(["mape", "bias", "crps", *within], "mean")
    return each.groupby(by, as_index=False, sort=False).agg({"forecasts": "sum"} | means)
