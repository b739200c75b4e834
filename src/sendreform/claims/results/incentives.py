"""The results on incentives in the national framework."""

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.evidence import incentives
from sendreform.evidence.money import THRESHOLD_SINCE
from sendreform.evidence.series import of
from sendreform.periods import of_year
from sendreform.report import Report

_DEFLATOR, _CALENDAR = "gdp_deflator", "gdp_deflator_calendar"
_FIRST_YEAR_OF_PLANS = "2014-15"


def worth_lost_by_the_threshold(report: Report) -> Result:
    """Return the per cent of its worth of 2013-14 that the £6,000 has lost.

    Up to the newest financial year, within the report's years, whose prices are outturn and not a
    forecast. Checks: the deflator of calendar years, and the worth lost since the first year of
    EHC plans. Prices are those of the country.
    """
    measures = (_DEFLATOR, _CALENDAR)
    prices, calendar = (
        of(report.store.observations(name).query("area == @report.area")) for name in measures
    )
    if prices.empty:
        return no_result(report.no_figure(_DEFLATOR), *measures)
    # The one break in the deflator is where outturn ends and the forecast begins.
    forecast = report.store.breaks.query("measure == @_DEFLATOR")["period"].min()
    latest = of_year(report.latest_year, "financial_year")
    outturn = prices[(prices["period"] < forecast) & (prices["period"] <= latest)]
    worth = incentives.threshold(outturn)
    if len(worth) < 2:
        return no_result(
            f"The amount was set for {THRESHOLD_SINCE}; these years end before it.", *measures
        )
    newest = str(worth["period"].iloc[-1])
    same_years = calendar[calendar["period"] <= newest[:4]]
    return Result(
        _lost(worth),
        f"{THRESHOLD_SINCE} to {newest}",
        measures,
        checks={
            "with prices of calendar years": _lost(
                incentives.threshold(same_years, THRESHOLD_SINCE[:4])
            ),
            "counted from 2014-15": _lost(incentives.threshold(outturn, _FIRST_YEAR_OF_PLANS)),
        },
    )


def _lost(worth: pd.DataFrame) -> float:
    """Return the worth lost by the newest year."""
    return float(worth["lost"].iloc[-1]) if len(worth) else float("nan")
