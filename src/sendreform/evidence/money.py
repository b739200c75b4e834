"""Money in cash and in constant prices, per plan, and against what the framework assumes."""

import pandas as pd

from sendreform.evidence.series import at
from sendreform.periods import financial_year, first_year

CASH = "cash"

#: What a school is to find from its own budget for a pupil's extra support before top-up funding,
#: in pounds. Set for 2013-14 and unchanged since: School and Early Years Finance (England)
#: Regulations 2012, https://www.legislation.gov.uk/uksi/2012/2991/contents/made
NOTIONAL_THRESHOLD = 6000.0
THRESHOLD_SINCE = "2013-14"


def in_prices_of(figures: pd.DataFrame, deflator: pd.DataFrame, base: str) -> pd.DataFrame:
    """Turn cash into the prices of one financial year with the GDP deflator.

    Parameters
    ----------
    figures
        ``period`` (financial years) and ``value`` in cash.
    deflator
        ``period`` (financial years) and ``value``: an index; only its ratios matter.
    base
        The financial year whose prices to use, or ``cash`` to leave the figures as they are.

    Returns
    -------
    ``figures`` with ``value`` × index(base) ÷ index(period); missing where there is no index.

    Examples
    --------
    >>> cash = pd.DataFrame({"period": ["2014-15"], "value": [100.0]})
    >>> index = pd.DataFrame({"period": ["2014-15", "2024-25"], "value": [80.0, 100.0]})
    >>> in_prices_of(cash, index, "2024-25")["value"].tolist()
    [125.0]
    """
    if base == CASH:
        return figures
    index = figures["period"].map(deflator.set_index("period")["value"]).astype("float64")
    return figures.assign(value=figures["value"] * at(deflator, base) / index)


def threshold_in_later_prices(amount: float, since: str, deflator: pd.DataFrame) -> pd.DataFrame:
    """Return what a fixed amount would be had it risen with prices, and what it is still worth.

    Parameters
    ----------
    amount
        Pounds, unchanged since the financial year ``since``.
    deflator
        ``period`` (financial years) and ``value``: an index.

    Returns
    -------
    DataFrame with ``period``, ``kept_pace`` (the amount that would buy the same) and ``worth``
    (what the unchanged amount buys, in the prices of ``since``), both in pounds.
    """
    later = deflator[deflator["period"] >= since].sort_values("period")
    ratio = later["value"] / at(deflator, since)
    return pd.DataFrame(
        {
            "period": later["period"].to_numpy(),
            "kept_pace": (amount * ratio).to_numpy(),
            "worth": (amount / ratio).to_numpy(),
        }
    )


def january_of_financial_year(plans: pd.DataFrame) -> pd.DataFrame:
    """Date each January count of plans by the financial year it falls in.

    January 2025 falls in 2024-25: the count then is the best single figure for the plans that
    the money of that year paid for.

    Examples
    --------
    >>> january_of_financial_year(pd.DataFrame({"period": ["2025-01"]}))["period"].tolist()
    ['2024-25']
    """
    years = plans["period"].map(lambda january: financial_year(first_year(january) - 1))
    return plans.assign(period=years.astype("str"))
