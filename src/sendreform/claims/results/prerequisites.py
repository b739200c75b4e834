"""What the tests about the prerequisites find: deficits, funding, its spread, and who has plans."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import council_plans, leaving_out
from sendreform.evidence import prerequisites
from sendreform.evidence.money import CASH, in_prices_of, january_of_financial_year
from sendreform.evidence.series import longest_stretch, of, per, span
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year, first_year, january, label
from sendreform.report import Report

BALANCE, BALANCE_SHARE, COUNTED = "dsg_balance", "dsg_balance_share", "councils_in_deficit_share"
FUNDING, BLOCK, BLOCK_LEFT = (
    "high_needs_funding", "high_needs_block", "high_needs_block_after_deductions",
)  # fmt: skip
PLANS, PLAN_SHARE, CHILDREN = "ehc_plans", "pupils_with_ehc_plan_share", "population_2_to_18"
EVERYONE = "population"
MEALS, MEALS_IN_SIX_YEARS = "free_school_meals_share", "free_school_meals_in_six_years_share"
MORE_THAN, EXACT = "survey_disagree_more_than", "survey_disagree"

PRIMARY, SECONDARY = "school_type:primary", "school_type:secondary"
#: What stands for deprivation: the share of pupils eligible for free school meals, primary and
#: secondary schools side by side, as no figure for both together is at hand.
DEPRIVATION = ["meals_primary", "meals_secondary"]
DEPRIVATION_IN_SIX_YEARS = ["meals_in_six_years_primary", "meals_in_six_years_secondary"]

#: Financial years from which the change in funding is told as well: a year after the first; the
#: first under a national formula for high needs; the first of the larger yearly rises.
OTHER_FIRST_YEARS = ("2016-17", "2018-19", "2019-20")

#: The results that the table of prerequisites holds.
BEHIND_THE_TABLE = (
    "share_of_councils_in_deficit",
    "change_in_real_funding_per_plan",
    "spread_of_funding_per_plan",
    "spread_left_after_deprivation",
    "share_of_outcome_gaps_that_narrowed",
    "share_of_outcome_levels_that_rose",
)
TABLE_COLUMNS = [
    "prerequisite", "survey_more_than", "title", "value", "unit", "decimals", "period", "measures",
]  # fmt: skip


def share_of_councils_in_deficit(report: Report) -> Result:
    """Per cent of councils with a figure that have overspent the Dedicated Schools Grant."""
    in_pounds, as_shares = _deficits_in_pounds(report), _deficits_as_shares(report)
    newest = (in_pounds if len(in_pounds) else as_shares).tail(1)
    if newest.empty:
        return no_result(
            f"For {report.place}, no council's balance is published for these years.",
            BALANCE, BALANCE_SHARE,
        )  # fmt: skip
    told = newest.iloc[0]
    measure = BALANCE if len(in_pounds) else BALANCE_SHARE
    counted = of(report.figures(COUNTED))
    earlier = as_shares[as_shares["period"] < told["period"]]
    return Result(
        float(told["value"]),
        label(told["period"], str(report.record(measure)["kind"])),
        (BALANCE, BALANCE_SHARE, COUNTED),
        checks={
            "had no council without a figure overspent": float(told["least"]),
            "had every council without a figure overspent": float(told["most"]),
            **{
                f"at the end of {period}": float(value)
                for period, value in zip(earlier["period"], earlier["value"], strict=True)
            },
            **{
                f"{label(period, 'month')}, as the Institute for Government counted": float(value)
                for period, value in zip(counted["period"], counted["value"], strict=True)
            },
        },
    )


def change_in_real_funding_per_plan(report: Report) -> Result:
    """Per cent by which high needs funding for each January plan changed, in real terms."""
    funding = _funding_of_one_basis(report)
    figures = _per_plan(report, funding)
    moved = span(figures)
    if moved.first_period == moved.last_period:
        return no_result(
            f"For {report.place}, high needs funding on one basis is not published for two of "
            "these years.",
            FUNDING, PLANS,
        )  # fmt: skip
    first, last = moved.first_period, moved.last_period
    on_every_basis = _per_plan(report, of(report.figures(FUNDING)).query("period >= @first"))
    newest = span(on_every_basis).last_period
    ways = {
        **{f"from {year}": figures[figures["period"] >= year] for year in OTHER_FIRST_YEARS},
        f"to {financial_year(first_year(last) - 1)}": figures[figures["period"] < last],
        "plans of the January before the year": _per_plan_of_the_january_before(report, funding),
        "prices of calendar years": _per_plan_in_prices_of_calendar_years(report, funding),
        f"to {newest}, across a change of basis": on_every_basis,
    }
    checks = {words: span(table) for words, table in ways.items() if len(table.dropna()) > 1}
    # What covers the same years in the same way is no other way.
    return Result(
        moved.per_cent,
        f"{first} to {last}",
        (FUNDING, PLANS, "gdp_deflator"),
        checks={words: other.per_cent for words, other in checks.items() if other != moved},
    )


def spread_of_funding_per_plan(report: Report) -> Result:
    """How many times the tenth percentile of councils' funding for each plan the ninetieth is."""
    block = _of_councils(report, BLOCK)
    each = per(block, _plans_in(report)).dropna(subset="value")
    if each.empty:
        return no_result(
            f"For {report.place}, no council's high needs block is published for these years.",
            BLOCK, PLANS,
        )  # fmt: skip
    last, first = each["period"].max(), each["period"].min()
    newest = each[each["period"] == last]
    left = per(_of_councils(report, BLOCK_LEFT), _plans_in(report))
    ways = {
        "what is left after payments made directly to schools and colleges": left[
            left["period"] == last
        ],
        **{
            words: newest[newest["area"].isin(councils)]
            for words, councils in leaving_out(report, council_plans(report)).items()
        },
    }
    if first < last:
        ways[first] = each[each["period"] == first]
    by_child = councils_compared(report)["funding_per_child"]
    return Result(
        prerequisites.spread(newest["value"]).times,
        last,
        (BLOCK, PLANS),
        checks={
            **{words: prerequisites.spread(table["value"]).times for words, table in ways.items()},
            "for each child aged 2 to 18": prerequisites.spread(by_child).times,
        },
    )


def spread_left_after_deprivation(report: Report) -> Result:
    """Per cent of the variation in the share of pupils with a plan that deprivation leaves."""
    januaries = _januaries_with_both(report)
    table = plans_and_deprivation(report, max(januaries, default=""))
    value = prerequisites.unexplained(table, "plan_share", DEPRIVATION)
    if pd.isna(value):
        return no_result(
            f"For {report.place}, shares of pupils with a plan and with free school meals are not "
            "published for enough councils in these years.",
            PLAN_SHARE, MEALS,
        )  # fmt: skip
    low, high = prerequisites.unexplained_interval(table, "plan_share", DEPRIVATION)
    first, last = min(januaries), max(januaries)
    by_residence = _january_of_residents(report)
    ways: dict[str, tuple[pd.DataFrame, str, list[str]]] = {
        "pupils eligible at any time in six years": (
            table, "plan_share", DEPRIVATION_IN_SIX_YEARS,
        ),
        "state-funded primary schools alone": (table, "plan_share_primary", DEPRIVATION[:1]),
        "state-funded secondary schools alone": (table, "plan_share_secondary", DEPRIVATION[1:]),
        **{
            words: (table[table.index.isin(councils)], "plan_share", DEPRIVATION)
            for words, councils in leaving_out(report, council_plans(report)).items()
        },
    }  # fmt: skip
    if first < last:
        ways[label(first, "january")] = (
            plans_and_deprivation(report, first), "plan_share", DEPRIVATION,
        )  # fmt: skip
    if by_residence in januaries:
        ways[f"plans for each resident aged 0 to 25, {label(by_residence, 'january')}"] = (
            plans_and_deprivation(report, by_residence), "plans_per_resident", DEPRIVATION,
        )  # fmt: skip
    return Result(
        value,
        label(last, "january"),
        (PLAN_SHARE, MEALS),
        low=low,
        high=high,
        checks=_unexplained(ways),
    )


def survey_share_that_disagreed(report: Report) -> Result:
    """Least share of respondents that disagreed that one of the five prerequisites is met."""
    bounds, exact = (report.figures(measure) for measure in (MORE_THAN, EXACT))
    works_well = of(exact, "question:works_well")
    asked = bounds[bounds["breakdown"].isin(list(prerequisites.PREREQUISITES))]
    if asked.empty:
        return no_result(
            f"For {report.place}, the survey of 2024 is not published for these years.",
            MORE_THAN, EXACT,
        )  # fmt: skip
    return Result(
        float(asked["value"].min()),
        f"survey of {asked['period'].max()}, a lower bound",
        (MORE_THAN, EXACT),
        checks={"that it works well and supports good outcomes": _last(works_well, "value")},
    )


def councils_compared(report: Report) -> pd.DataFrame:
    """Set what each council receives beside the need and the deprivation of its children.

    Returns
    -------
    DataFrame indexed by council: ``funding_per_plan`` and ``funding_per_child`` (pounds of the
    newest high needs block for each plan held in the January of that financial year, and for each
    child aged 2 to 18), ``plan_share`` (per cent of pupils, that January) and the columns in
    ``DEPRIVATION`` (per cent of pupils). Missing where a figure is; no rows where no block is
    published. ``period`` is the financial year.
    """
    block = _of_councils(report, BLOCK)
    if block.empty:
        columns = ["funding_per_plan", "funding_per_child", "plan_share", *DEPRIVATION, "period"]
        return pd.DataFrame(columns=columns, dtype="float64")
    year = str(block["period"].max())
    newest = block[block["period"] == year]
    children = of(report.store.observations(CHILDREN))
    same_year = children[children["period"].str[:4] == year[:4]]
    each_plan, each_child = (
        figures.set_index("area")["value"]
        for figures in (
            per(newest, _plans_in(report)),
            per(newest, same_year, on=("area",)),
        )
    )
    in_january = january(first_year(year) + 1)
    return pd.DataFrame(
        {
            "funding_per_plan": each_plan,
            "funding_per_child": each_child,
            "plan_share": _in(report, PLAN_SHARE, "all", in_january),
            "meals_primary": _in(report, MEALS, PRIMARY, in_january),
            "meals_secondary": _in(report, MEALS, SECONDARY, in_january),
        }
    ).assign(period=year)


def plans_and_deprivation(report: Report, period: str) -> pd.DataFrame:
    """Set the share of pupils with a plan beside deprivation, council by council.

    Parameters
    ----------
    period
        A January census.

    Returns
    -------
    DataFrame indexed by council: per cent of pupils with a plan in all schools (``plan_share``)
    and in state-funded primary and secondary schools; per cent of pupils eligible for free school
    meals in each, now (``DEPRIVATION``) and at any time in six years; and, for the January after
    the one estimate of residents, ``plans_per_resident`` (per cent of those aged 0 to 25).
    """
    columns = {
        "plan_share": (PLAN_SHARE, "all"),
        "plan_share_primary": (PLAN_SHARE, PRIMARY),
        "plan_share_secondary": (PLAN_SHARE, SECONDARY),
        "meals_primary": (MEALS, PRIMARY),
        "meals_secondary": (MEALS, SECONDARY),
        "meals_in_six_years_primary": (MEALS_IN_SIX_YEARS, PRIMARY),
        "meals_in_six_years_secondary": (MEALS_IN_SIX_YEARS, SECONDARY),
    }
    table = pd.DataFrame(
        {
            column: _in(report, measure, breakdown, period)
            for column, (measure, breakdown) in columns.items()
        }
    )
    if period != _january_of_residents(report):
        return table
    residents = of(report.store.observations(EVERYONE)).set_index("area")["value"]
    return table.assign(plans_per_resident=100 * _in(report, PLANS, "all", period) / residents)


def prerequisite_table(report: Report, found: Mapping[str, Result]) -> pd.DataFrame:
    """Set beside each prerequisite what the survey said and what open data show, for England.

    Parameters
    ----------
    found
        What the tests find for England, by the name of the result.

    Returns
    -------
    DataFrame with ``TABLE_COLUMNS``, two indicators a prerequisite: its name, the lower bound
    of the share that disagreed (per cent), and the indicator's title, value, unit, decimals,
    period in words, and the measures behind it (a tuple). Missing values have no figure.
    """
    england = replace(report, area=ENGLAND)
    deficit, funding, times, left, gaps, levels = (found[name] for name in BEHIND_THE_TABLE)
    overspent = _deficits_in_pounds(england).tail(1)
    per_plan = _per_plan(england, _funding_of_one_basis(england))
    compared = councils_compared(england)
    explained = prerequisites.unexplained(
        compared, "funding_per_child", ["plan_share", *DEPRIVATION]
    )
    newest = max(_januaries_with_both(england), default="")
    shares = prerequisites.spread(plans_and_deprivation(england, newest)["plan_share"])
    prices = _base(england, per_plan)
    rows = [
        ("financially_sustainable", "Councils that have overspent the Dedicated Schools Grant",
         "per cent of councils", 0, deficit),
        ("financially_sustainable", "What those councils have overspent",
         "pounds", 0, replace(deficit, value=_last(overspent, "overspent"), measures=(BALANCE,))),
        ("adequately_funded", "Change in high needs funding for each plan, in real terms",
         "per cent", 0, funding),
        ("adequately_funded", f"High needs funding for each plan, {prices} prices",
         "pounds", 0, replace(funding, value=_last(per_plan, "value"),
                              period=str(per_plan["period"].max()))),
        ("fairly_resourced", "Funding for each plan, 90th percentile of councils against the 10th",
         "times", 2, times),
        ("fairly_resourced",
         "Differences in funding for each child that plans and deprivation account for",
         "per cent of the variation", 0,
         replace(times, value=100 - explained, measures=(BLOCK, CHILDREN, PLAN_SHARE, MEALS))),
        ("equitable", "Share of pupils with a plan, 90th percentile of councils against the 10th",
         "times", 2, replace(left, value=shares.times, measures=(PLAN_SHARE,))),
        ("equitable", "Differences in that share that deprivation leaves",
         "per cent of the variation", 0, left),
        ("improves_outcomes", "Outcomes on which the gap narrowed for pupils with a plan",
         "per cent of measures", 0, gaps),
        ("improves_outcomes", "Outcomes on which pupils with a plan did better",
         "per cent of measures", 0, levels),
    ]  # fmt: skip
    indicators = pd.DataFrame(
        [
            {
                "breakdown": f"question:{statement}",
                "title": title,
                "value": result.value,
                "unit": unit,
                "decimals": decimals,
                "period": result.period,
                "measures": result.measures,
            }
            for statement, title, unit, decimals, result in rows
        ]
    )
    return prerequisites.beside_the_survey(england.figures(MORE_THAN), indicators)[TABLE_COLUMNS]


def _of_councils(report: Report, measure: str, breakdown: str = "all") -> pd.DataFrame:
    figures = report.everywhere(measure, breakdown)
    return figures[figures["area"].isin(report.councils)]


def _in(report: Report, measure: str, breakdown: str, period: str) -> pd.Series:
    figures = _of_councils(report, measure, breakdown)
    return figures[figures["period"] == period].set_index("area")["value"]


def _deficits_in_pounds(report: Report) -> pd.DataFrame:
    balances = _of_councils(report, BALANCE)
    # A council that is not in the file at all has no figure either, and is counted as such.
    every = pd.MultiIndex.from_product(
        [balances["period"].unique(), report.councils], names=["period", "area"]
    )
    listed = balances.set_index(["period", "area"])["value"].reindex(every).reset_index()
    return prerequisites.deficits(listed)


def _deficits_as_shares(report: Report) -> pd.DataFrame:
    shares = report.everywhere(BALANCE_SHARE)
    levels = shares["area"].map(report.store.areas["level"])
    return prerequisites.deficits(shares[levels == "council"])


def _funding_of_one_basis(report: Report) -> pd.DataFrame:
    funding = of(report.figures(FUNDING)).dropna(subset="value")
    return longest_stretch(funding, report.record(FUNDING)["breaks"])


def _base(report: Report, figures: pd.DataFrame) -> str:
    """Return whose prices real terms are in: the newest year's where the report is in cash."""
    return str(figures["period"].max()) if report.prices == CASH else report.prices


def _plans_in(report: Report) -> pd.DataFrame:
    return january_of_financial_year(of(report.store.observations(PLANS)))


def _per_plan(report: Report, funding: pd.DataFrame) -> pd.DataFrame:
    return prerequisites.real_funding_per_plan(
        funding,
        of(report.store.observations(PLANS)),
        of(report.store.observations("gdp_deflator")),
        _base(report, funding),
    )


def _per_plan_of_the_january_before(report: Report, funding: pd.DataFrame) -> pd.DataFrame:
    plans = of(report.store.observations(PLANS))
    before = plans.assign(
        period=[financial_year(first_year(january)) for january in plans["period"]]
    )
    deflator = of(report.store.observations("gdp_deflator"))
    return per(in_prices_of(funding, deflator, _base(report, funding)), before)


def _per_plan_in_prices_of_calendar_years(report: Report, funding: pd.DataFrame) -> pd.DataFrame:
    index = of(report.store.observations("gdp_deflator_calendar"))
    # Three quarters of a financial year lie in the calendar year in which it starts.
    as_financial = index.assign(
        period=[financial_year(first_year(year)) for year in index["period"]]
    )
    return prerequisites.real_funding_per_plan(
        funding,
        of(report.store.observations(PLANS)),
        as_financial,
        str(funding["period"].max()),
    )


def _januaries_with_both(report: Report) -> list[str]:
    shares, meals = (_of_councils(report, PLAN_SHARE), report.within_years(MEALS))
    return sorted(set(shares["period"]) & set(meals["period"]))


def _january_of_residents(report: Report) -> str:
    """Return the January half a year after the estimate of residents by age."""
    [middle] = of(report.store.observations(EVERYONE))["period"].unique()
    return january(first_year(middle) + 1)


def _unexplained(ways: Mapping[str, tuple[pd.DataFrame, str, list[str]]]) -> dict[str, float]:
    return {
        words: prerequisites.unexplained(table, outcome, by)
        for words, (table, outcome, by) in ways.items()
    }


def _last(figures: pd.DataFrame, column: str) -> float:
    return float(figures[column].iloc[-1]) if len(figures) else float("nan")
