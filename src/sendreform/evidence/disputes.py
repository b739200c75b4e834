"""Disputes: appeals to the SEND Tribunal, against the decisions and the plans behind them."""

import pandas as pd

from sendreform.evidence.series import per

OLD_BASIS = "Older basis"
NEW_BASIS = "Newer basis"


def appeal_rates(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Set the two published appeal rates side by side; they are never joined.

    The newer basis counts about half as many decisions as open to appeal, so its rates are about
    twice as high.

    Parameters
    ----------
    old, new
        The rate (per cent of appealable decisions, calendar year) on each basis, for one area.

    Returns
    -------
    Both, with ``series`` naming the basis.
    """
    return pd.concat(
        [old.assign(series=OLD_BASIS), new.assign(series=NEW_BASIS)], ignore_index=True
    )


def per_thousand_plans(appeals: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Return appeals of a calendar year for every thousand plans held in January of that year.

    Parameters
    ----------
    appeals
        ``area``, ``period`` (calendar years), ``value``.
    plans
        ``area``, ``period`` (January censuses), ``value``.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [50.0]})
    >>> plans = pd.DataFrame({"area": ["886"], "period": ["2024-01"], "value": [10000.0]})
    >>> per_thousand_plans(appeals, plans)["value"].tolist()
    [5.0]
    """
    return per(appeals, plans.assign(period=plans["period"].str[:4]), times=1000)


def like_for_like_rate(appeals: pd.DataFrame, decisions: pd.DataFrame) -> float:
    """Return the appeal rate over those councils alone whose decisions are published.

    England's published rate divides all appeals by the decisions of some councils.

    Parameters
    ----------
    appeals, decisions
        ``area`` and ``value`` of councils, for one period.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": ["886", "383"], "value": [5.0, 7.0]})
    >>> decisions = pd.DataFrame({"area": ["886", "383"], "value": [100.0, None]})
    >>> like_for_like_rate(appeals, decisions)
    5.0
    """
    both = appeals.merge(decisions, on="area", suffixes=("_appeals", "_decisions")).dropna()
    return float(100 * both["value_appeals"].sum() / both["value_decisions"].sum())
