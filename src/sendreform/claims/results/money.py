"""What the tests about money find: plans against funding, transport, and what was foreseen."""

import math

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._shared import known
from sendreform.evidence import caseload, growth, money
from sendreform.evidence.series import longest_stretch, of
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year
from sendreform.report import Report

PLANS = "ehc_plans"
FUNDING = "high_needs_funding"
TRANSPORT = "send_transport_pre16"

#: Other years to count transport from; not 2020-21, when schools were closed for months.
OTHER_YEARS = ("2019-20", "2021-22")


def plans_growth_over_funding_growth(report: Report) -> Result:
    """How many times as much plans grew as high needs funding in real terms, on one basis."""
    funding = longest_stretch(
        of(report.figures(FUNDING)).dropna(subset="value"), report.record(FUNDING)["breaks"]
    )
    plans = of(report.store.observations(PLANS, report.area))
    deflator = of(report.store.observations("gdp_deflator"))
    value = money.plans_against_money(plans, funding, deflator)
    if len(funding) < 2 or math.isnan(value):
        return no_result(report.no_figure(FUNDING), PLANS, FUNDING)
    start, end = funding["period"].min(), funding["period"].max()
    calendar = of(report.store.observations("gdp_deflator_calendar"))
    by_first_year = calendar.assign(
        period=[financial_year(int(year)) for year in calendar["period"]]
    )
    all_funding = of(report.figures(FUNDING))
    later = all_funding[all_funding["period"] >= start]

    def from_year(since: str) -> float:
        stretch = funding[funding["period"] >= since]
        return money.plans_against_money(plans, stretch, deflator)

    def on_basis(measure: str, words: str) -> dict[str, float]:
        block = of(report.figures(measure))
        years = f"{block['period'].min()} to {block['period'].max()}"
        return {f"{words}, {years}": money.plans_against_money(plans, block, deflator)}

    return Result(
        value=value,
        period=f"{start} to {end}",
        measures=(
            PLANS,
            FUNDING,
            "gdp_deflator",
            "high_needs_block",
            "high_needs_block_after_deductions",
        ),
        checks=known(
            {
                "with the deflator of calendar years": money.plans_against_money(
                    plans, funding, by_first_year
                ),
                **{f"from {year}": from_year(year) for year in funding["period"].iloc[1:4]},
                **on_basis("high_needs_block", "by the allocation tables"),
                **on_basis("high_needs_block_after_deductions", "by the same, after deductions"),
                f"to {later['period'].max()}, going on to rounded totals": (
                    money.plans_against_money(plans, later, deflator)
                    if len(later) > len(funding)
                    else float("nan")
                ),
            }
        ),
    )


def change_in_real_transport_per_plan(report: Report) -> Result:
    """Per cent by which transport spending for each plan changed in real terms.

    Over the councils that have a return and a count of plans in both years.
    """
    measures = (TRANSPORT, PLANS, "gdp_deflator")
    cash = report.everywhere(TRANSPORT).dropna(subset="value")
    if cash["period"].nunique() < 2:
        return no_result(report.no_figure(TRANSPORT), *measures)
    start, end = cash["period"].min(), cash["period"].max()
    deflator = of(report.store.observations("gdp_deflator"))
    spending = money.in_prices_of(cash, deflator, end)
    everything = report.store.observations(PLANS)
    plans, councils = of(everything), set(report.councils)

    def change(held: pd.DataFrame, areas: set[str], since: str = start) -> float:
        both = money.same_councils(spending, held, areas, [since, end])["value"].to_list()
        return 100 * (both[-1] / both[0] - 1) if len(both) == 2 else float("nan")

    value = change(plans, councils)
    if math.isnan(value):
        return no_result(report.no_figure(TRANSPORT), *measures)
    later = [year for year in OTHER_YEARS if start < year < end]
    unlikely = {
        fault["area"]
        for fault in report.store.argument("faults")["faults"]
        if fault["measure"] == TRANSPORT
    }
    return Result(
        value=value,
        period=f"{start} to {end}",
        measures=measures,
        checks=known(
            {
                "without councils with a return that looks unlikely": change(
                    plans, councils - unlikely
                ),
                "England as published": change(plans, {ENGLAND}),
                "for each plan held under 16": change(_under_16(everything, start, end), councils),
                **{f"from {year}": change(plans, councils, year) for year in later},
            }
        ),
    )


def gap_foreseen_in_2018(report: Report) -> Result:
    """No figure: nothing published since is on the basis of what the study of 2018 foresaw."""
    return no_result(
        f"For {report.place}, no figure on the basis of the study of 2018 has been published "
        "since: it foresaw what councils would lack if nothing were done, and funding was then "
        "raised; the sums published since count overspends or deficits in other ways.",
        "high_needs_overspend_published",
        "dsg_balance_share",
        FUNDING,
    )


def _under_16(plans: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return councils' plans held under 16 at the two Januaries of financial years."""
    januaries = [f"{int(year[:4]) + 1}-01" for year in (start, end)]
    at_both = plans[plans["period"].isin(januaries)]
    return pd.concat(
        [
            caseload.at_ages(caseload.by_age_band(own), growth.YOUNG).assign(area=area)
            for area, own in at_both.groupby("area")
        ],
        ignore_index=True,
    )
