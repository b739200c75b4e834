"""Money in cash and in constant prices, per plan, and against what the framework assumes."""

from collections.abc import Iterable

import pandas as pd

from sendreform.evidence.growth import split
from sendreform.evidence.series import at, of, per
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


def mid_year_in_financial_year(children: pd.DataFrame) -> pd.DataFrame:
    """Date each mid-year number of children by the financial year it falls in.

    Examples
    --------
    >>> mid_year_in_financial_year(pd.DataFrame({"period": ["2024-06-30"]}))["period"].tolist()
    ['2024-25']
    """
    years = children["period"].map(lambda mid_year: financial_year(first_year(mid_year)))
    return children.assign(period=years.astype("str"))


def cash_and_real(figures: pd.DataFrame, deflator: pd.DataFrame, base: str) -> pd.DataFrame:
    """Set a sum of money in cash beside the same in the prices of one year.

    Parameters
    ----------
    figures, deflator, base
        As in :func:`in_prices_of`; ``base`` is a financial year.

    Returns
    -------
    The figures twice, with ``series`` "Cash" and, say, "2024-25 prices".
    """
    return pd.concat(
        [
            figures.assign(series="Cash"),
            in_prices_of(figures, deflator, base).assign(series=f"{base} prices"),
        ],
        ignore_index=True,
    )


def for_each(figures: pd.DataFrame, plans: pd.DataFrame, children: pd.DataFrame) -> pd.DataFrame:
    """Divide a sum of money by the plans of its year and by the children of its year.

    Parameters
    ----------
    figures
        ``area``, ``period`` (financial years), ``value``.
    plans
        ``area``, ``period`` (Januaries), ``value``.
    children
        ``area``, ``period`` (mid-years), ``value``.

    Returns
    -------
    Figures with ``each``, "EHC plan" or "child aged 0 to 17"; years without a number of either are
    missing.

    Examples
    --------
    >>> figures = pd.DataFrame({"area": ["886"], "period": ["2024-25"], "value": [600.0]})
    >>> plans = pd.DataFrame({"area": ["886"], "period": ["2025-01"], "value": [20.0]})
    >>> children = pd.DataFrame({"area": ["886"], "period": ["2024-06-30"], "value": [300.0]})
    >>> for_each(figures, plans, children)["value"].tolist()
    [30.0, 2.0]
    """
    return pd.concat(
        [
            per(figures, january_of_financial_year(plans)).assign(each="EHC plan"),
            per(figures, mid_year_in_financial_year(children)).assign(each="child aged 0 to 17"),
        ],
        ignore_index=True,
    )


def plans_against_money(
    plans: pd.DataFrame, funding: pd.DataFrame, deflator: pd.DataFrame
) -> float:
    """Return how many times as much plans grew as money in real terms, from end to end.

    Parameters
    ----------
    plans
        ``period`` (Januaries) and ``value`` of one area.
    funding
        ``period`` (financial years) and ``value`` of the same area, on one basis throughout.
    deflator
        ``period`` (financial years) and ``value``: an index.

    Returns
    -------
    The growth factor of plans divided by that of money; missing where an end has no figure, or
    where there are not two years.

    Examples
    --------
    Plans doubled; money doubled too, and prices rose by a quarter:

    >>> plans = pd.DataFrame({"period": ["2016-01", "2024-01"], "value": [10.0, 20.0]})
    >>> money = pd.DataFrame({"period": ["2015-16", "2023-24"], "value": [5.0, 10.0]})
    >>> plans_against_money(plans, money, money.assign(value=[80.0, 100.0]))
    1.25
    """
    if funding["period"].nunique() < 2:
        return float("nan")
    start, end = funding["period"].min(), funding["period"].max()
    held = january_of_financial_year(plans)
    real = in_prices_of(funding, deflator, end)
    return (at(held, end) / at(held, start)) / (at(real, end) / at(real, start))


def net_balances(shares: pd.DataFrame, grants: pd.DataFrame) -> pd.DataFrame:
    """Turn deficits published as a share of the grant into pounds, with the change in the year.

    The share is net: deficits less money in hand, all years together, on the whole Dedicated
    Schools Grant. It is rounded to a hundredth of a per cent, so England's pounds are good to
    about five million.

    Parameters
    ----------
    shares
        ``area``, ``period`` (financial years), ``value``: per cent of the year's grant, a deficit
        positive.
    grants
        ``area``, ``period``, ``value``: the grant, in pounds.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``value`` (pounds at the end of the year) and ``change``
    (pounds added in the year; missing where the year before has no figure).

    Examples
    --------
    >>> shares = pd.DataFrame({"area": "886", "period": ["2019-20", "2020-21"],
    ...                        "value": [1.0, 2.0]})
    >>> net_balances(shares, shares.assign(value=[100.0, 200.0]))["change"].tolist()[1]
    3.0
    """
    joined = shares.merge(
        grants[["area", "period", "value"]], on=["area", "period"], suffixes=("", "_grant")
    ).sort_values(["area", "period"], ignore_index=True)
    pounds = joined.assign(value=joined["value"] * joined["value_grant"] / 100)
    areas = pounds.groupby("area")
    year = pounds["period"].map(first_year).astype("int64")
    follows = year.groupby(pounds["area"]).diff().eq(1)
    return pounds.assign(change=areas["value"].diff().where(follows))[
        ["area", "period", "value", "change"]
    ]


def unit_costs(costs: pd.DataFrame, breakdowns: pd.DataFrame) -> pd.DataFrame:
    """Name each published cost of a place by the kind of placement and by whose figure it is.

    Parameters
    ----------
    costs
        Observations of ``placement_unit_cost`` for one area.
    breakdowns
        The catalogue's categories, for the words.

    Returns
    -------
    The rows with ``provider`` and ``basis`` (words; empty for the Department's own series), each
    basis apart and in order of period.
    """
    words = {
        f"{row.dimension}:{row.code}": str(row.label) for row in breakdowns.itertuples(index=False)
    }
    parts = costs["breakdown"].str.split(" ")
    return (
        costs.assign(
            provider=parts.map(lambda codes: words[codes[-1]]),
            basis=parts.map(lambda codes: words[codes[0]] if len(codes) > 1 else ""),
        )
        .dropna(subset="value")
        .sort_values(["basis", "provider", "period"], ignore_index=True)
    )


def times_as_costly(costs: pd.DataFrame, dear: str, cheap: str) -> pd.DataFrame:
    """Return how many times as much a place of one kind costs as one of another, year by year.

    Parameters
    ----------
    costs
        Observations of ``placement_unit_cost`` for one area.
    dear, cheap
        Two breakdowns of one basis.

    Examples
    --------
    >>> costs = pd.DataFrame({"area": "E92000001", "period": "2023-24", "value": [63.0, 21.0],
    ...                       "breakdown": ["provider:inmss", "provider:state_special"]})
    >>> times_as_costly(costs, "provider:inmss", "provider:state_special")["value"].tolist()
    [3.0]
    """
    both = per(of(costs, dear), of(costs, cheap))
    return both[["area", "period", "value"]].dropna(ignore_index=True)


def more_places_or_dearer(
    spending: pd.DataFrame, places: pd.DataFrame, start: str, end: str
) -> pd.Series:
    """Split the rise of a sum of money into more places and a higher cost of each.

    Parameters
    ----------
    spending
        ``period`` (financial years) and ``value`` for one area, cash or in one year's prices.
    places
        ``period`` (Januaries) and ``value``: plans that name such a place.
    start, end
        Financial years.

    Returns
    -------
    ``change``, ``places`` and ``cost`` in the unit of the spending; the last two add to the first.

    Examples
    --------
    >>> spending = pd.DataFrame({"period": ["2020-21", "2024-25"], "value": [100.0, 300.0]})
    >>> places = pd.DataFrame({"period": ["2021-01", "2025-01"], "value": [10.0, 20.0]})
    >>> more_places_or_dearer(spending, places, "2020-21", "2024-25").tolist()
    [200.0, 125.0, 75.0]
    """
    held = january_of_financial_year(places)
    parts = split(
        pd.DataFrame(
            {
                "start": [at(spending, start)],
                "end": [at(spending, end)],
                "base_start": [at(held, start)],
                "base_end": [at(held, end)],
            }
        )
    ).iloc[0]
    return parts[["change", "by_base", "by_rate"]].set_axis(["change", "places", "cost"])


def same_councils(
    spending: pd.DataFrame, plans: pd.DataFrame, councils: Iterable[str], periods: Iterable[str]
) -> pd.DataFrame:
    """Add up spending and plans over those councils alone that have both in every period.

    Councils formed or split meanwhile fall out, as does one that sent no return in a period.

    Parameters
    ----------
    spending
        ``area``, ``period`` (financial years), ``value`` of councils, pounds.
    plans
        ``area``, ``period`` (Januaries), ``value`` of councils.
    councils
        Which councils may be in it.
    periods
        Financial years.

    Returns
    -------
    DataFrame with ``period``, ``councils`` (how many), ``spending`` and ``plans`` (sums) and
    ``value`` (pounds for each plan); empty where no council has them all.

    Examples
    --------
    >>> spending = pd.DataFrame({"area": ["886", "886", "909"], "value": [30.0, 80.0, 99.0],
    ...                          "period": ["2018-19", "2024-25", "2018-19"]})
    >>> plans = pd.DataFrame({"area": ["886", "886"], "value": [3.0, 4.0],
    ...                       "period": ["2019-01", "2025-01"]})
    >>> same_councils(spending, plans, ["886", "909"], ["2018-19", "2024-25"])["value"].tolist()
    [10.0, 20.0]
    """
    wanted = list(periods)
    joined = spending.merge(
        january_of_financial_year(plans)[["area", "period", "value"]],
        on=["area", "period"],
        suffixes=("", "_plans"),
    ).dropna(subset=["value", "value_plans"])
    joined = joined[joined["area"].isin(list(councils)) & joined["period"].isin(wanted)]
    whole = joined[joined.groupby("area")["period"].transform("nunique") == len(set(wanted))]
    sums = (
        whole.groupby("period")
        .agg(councils=("area", "nunique"), spending=("value", "sum"), plans=("value_plans", "sum"))
        .reset_index()
    )
    return sums.assign(value=sums["spending"] / sums["plans"].where(sums["plans"] > 0))


def by_sector(spending: pd.DataFrame) -> pd.DataFrame:
    """Return spending on specialist places by sector, with each sector's share of the two.

    Parameters
    ----------
    spending
        Observations of ``specialist_place_spending``, any areas.

    Returns
    -------
    The rows of the two sectors with ``share`` (per cent of both); missing where one is missing.

    Examples
    --------
    >>> spending = pd.DataFrame({"area": "886", "period": "2021-22", "value": [30.0, 10.0],
    ...     "breakdown": ["sector:state", "sector:independent_non_maintained"]})
    >>> by_sector(spending)["share"].tolist()
    [75.0, 25.0]
    """
    sectors = spending[spending["breakdown"].str.startswith("sector:")].reset_index(drop=True)
    groups = sectors.groupby(["area", "period"])["value"]
    both = groups.transform("sum").where(groups.transform("count") == 2)
    return sectors.assign(share=100 * sectors["value"] / both.where(both != 0))
