"""Money on the page "Reform is unavoidable": funding, spending, costs and deficits."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.unavoidable.shared import PLANS, results_of, up_to_latest
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import (
    by_per_cent,
    counted,
    described,
    drawn,
    moved,
    number,
    say,
    say_known,
    sentence_case,
    signed,
    titled,
)
from sendreform.charts import Figure, bars, line_over_time
from sendreform.claims.results.money import UNLIKELY_TRANSPORT
from sendreform.claims.verdicts import Outcome
from sendreform.evidence import forecasts, money, placements
from sendreform.evidence.series import of, per, span
from sendreform.observations import ENGLAND
from sendreform.periods import label
from sendreform.report import Report

SPENDING, TRANSPORT = "high_needs_spending_outturn", "send_transport_pre16"
TRANSPORT_ALL_AGES, INMSS_SPENDING = "send_transport_spending", "inmss_spending"
UNIT_COSTS, BALANCES, BALANCE_SHARES = "placement_unit_cost", "dsg_balance", "dsg_balance_share"


def funding_measure(report: Report) -> str:
    """Return the measure of funding that is published for this kind of place."""
    return "high_needs_funding" if report.is_england else "high_needs_block"


def funding_over_time(report: Report, funding: pd.DataFrame) -> Figure | Markdown:
    """Draw funding in cash and in the report's prices."""
    measure = funding_measure(report)
    record, real = report.record(measure), span(report.priced(funding))
    in_cash = report.prices == money.CASH
    deflator = of(report.store.observations("gdp_deflator"))
    both = (
        funding.assign(series="Cash")
        if in_cash
        else money.cash_and_real(funding, deflator, report.prices)
    )
    words = "in cash" if in_cash else f"in {report.price_words}"
    return drawn(
        line_over_time,
        both,
        otherwise=report.no_figure(measure),
        id="high-needs-funding",
        title=titled(f"High needs funding for {report.place}, {words},", real, **record),
        subtitle=f"{report.store.record(measure)['title']}, {report.name}, financial year",
        alt=described("Line chart", f"High needs funding {words}", real, **record),
        note="Real figures use the GDP deflator, which measures prices in the whole economy.",
        **record,
        **report.source(funding),
    )


def funding_for_each(
    report: Report, funding: pd.DataFrame, plans: pd.DataFrame, children: pd.DataFrame
) -> Markdown:
    """Say funding for each plan and for each child, over the longest unbroken stretch."""
    record = report.record(funding_measure(report))
    stretch = money.unbroken(report.priced(funding), record["breaks"])
    each = money.for_each(stretch, plans, children)
    courses = {
        str(words).replace("For", "for"): moved(span(table), kind=record["kind"], unit="pounds")
        for words, table in each.groupby("series", sort=False)
    }
    return say_known(
        f"On one unbroken basis and in {report.price_words}, funding in {report.place}",
        courses,
        f"Funding for each plan and each child cannot be worked out for {report.place} in these "
        "years.",
    )


def spent(report: Report, spending: pd.DataFrame, transport: pd.DataFrame) -> Figure | Markdown:
    """Draw what councils spent on high needs and on school transport."""
    record, told = report.record(SPENDING), span(report.priced(spending))
    costs = pd.concat(
        [
            report.priced(spending).assign(series="Top-ups and services"),
            report.priced(transport).assign(series="School transport to age 16"),
        ],
        ignore_index=True,
    )
    return drawn(
        line_over_time,
        costs,
        otherwise=report.no_figure(SPENDING),
        id="high-needs-spending",
        title=titled(
            f"Spending on top-ups and services in {report.place}, in {report.price_words},",
            told,
            **record,
        ),
        subtitle=f"Councils' outturn, {report.price_words}, {report.name}, financial year",
        alt=described("Line chart", "Spending on top-ups and services", told, **record),
        note="Outturn leaves out the funding of places that the Department for Education pays "
        "directly, so it cannot be set against the high needs block line by line. A council that "
        "sent no return is missing from a total.",
        **record,
        **report.source(spending, transport),
    )


def transport_for_each(
    report: Report, transport: pd.DataFrame, plans: pd.DataFrame, tests: Sequence[Outcome]
) -> Markdown:
    """Say that transport rose in all, and how little it moved for each plan."""
    real = report.priced(transport)
    each = per(real, money.january_of_financial_year(plans))
    told = say_known(
        f"In {report.price_words}, school transport for pupils with SEND to age 16 in "
        f"{report.place}",
        {
            "in all": moved(span(real), **report.record(TRANSPORT)),
            "for each plan": moved(span(each), kind="financial_year", unit="pounds"),
        },
        report.no_figure(TRANSPORT),
    ).data
    unlikely = (
        f" One of the returns of {report.place} looks unlikely and is told as published."
        if report.area in UNLIKELY_TRANSPORT
        else ""
    )
    result = results_of(tests)["transport"]
    if result.is_missing:
        return Markdown(told + unlikely)
    return Markdown(
        f"{told} Over the same councils in both years, spending for each plan "
        f"{by_per_cent(result.value)} in real terms; worked out in other ways, the change lies "
        f"between {number(min(result.checks.values()), 'per cent', 1)} and "
        f"{number(max(result.checks.values()), 'per cent', 1)}. The total grew because there are "
        "more plans, far more than because of what is spent for each."
    )


def transport_all_ages(report: Report) -> Markdown:
    """Say what an older count of transport at all ages gives for each plan in England."""
    counts = of(up_to_latest(report, TRANSPORT_ALL_AGES, ENGLAND))
    plans = of(up_to_latest(report, PLANS, ENGLAND))
    each = per(report.priced(counts), money.january_of_financial_year(plans))
    return say(
        "A count by the Local Government Association, of transport at all ages in England, goes "
        "back further: for each plan it {course} ({prices}).",
        "No count of transport at all ages is published for England in these years.",
        course=moved(span(each), kind="financial_year", unit="pounds"),
        prices=report.price_words,
    )


def unit_costs(report: Report, costs: pd.DataFrame) -> HTML | Markdown:
    """Return what a place costs by kind of school, each basis apart.

    Parameters
    ----------
    costs
        What :func:`money.unit_costs` returns, for England and, where there is one, for the place.
    """
    if costs.empty:
        return Markdown("No costs of places are published for these years.")
    rows = []
    for (area, basis, provider), table in costs.groupby(["area", "basis", "provider"], sort=False):
        told = span(table)
        later = told.last_period != told.first_period
        rows.append(
            [
                str(provider),
                str(basis or "Department for Education")
                + ("" if area == ENGLAND else f", {report.areas.name(str(area))}"),
                f"{number(told.first, 'pounds')} in {told.first_period}",
                f"{number(told.last, 'pounds')} in {told.last_period}" if later else "–",
            ]
        )
    return table_in_frame(
        id="unit-costs",
        title="What a place costs a year, each figure on its own basis",
        subtitle="Pounds a year for each pupil with an EHC plan, cash",
        heads=["Kind of place", "Whose figure", "First", "Latest"],
        words=(1,),
        rows=rows,
        note="Costs say nothing of how needs differ between placements.",
        source=report.source(costs),
    )


def dearer_places(report: Report) -> Markdown:
    """Say how many times as much a place in these schools costs, and what made spending grow."""
    costs = up_to_latest(report, UNIT_COSTS, ENGLAND)
    times = span(money.times_as_costly(costs, "provider:inmss", "provider:state_special"))
    spending = report.priced(of(up_to_latest(report, INMSS_SPENDING, ENGLAND)))
    places = placements.independent_special(up_to_latest(report, PLANS, ENGLAND))
    ends = span(spending)
    parts = (
        money.more_places_or_dearer(spending, places, ends.first_period, ends.last_period)
        if ends.first_period
        else pd.Series({"change": float("nan")})
    )
    ratio = say(
        "On the Department's basis, a place in an independent or non-maintained special school "
        "cost {first} times one in a state special school in {start}, and {last} times in {end}.",
        "For these years, the costs of the two kinds of special school are not both published.",
        first=number(times.first, "", 1),
        last=number(times.last, "", 1),
        start=times.first_period,
        end=times.last_period,
    ).data
    spending_words = say(
        "Spending on these schools in England changed by {change} between {start} and {end} "
        "({prices}): {places} from more places, {cost} from what each costs.",
        "Spending on these schools cannot be split into places and costs for these years.",
        start=ends.first_period,
        end=ends.last_period,
        prices=report.price_words,
        **{
            name: signed(parts.get(name), "pounds") if ends.first_period != ends.last_period
            else None
            for name in ("change", "places", "cost")
        },
    ).data  # fmt: skip
    return Markdown(f"{ratio} {spending_words}")


def deficits(report: Report, published: pd.DataFrame) -> Figure | Markdown:
    """Draw the deficits that were published, each on its own basis."""
    told = forecasts.by_basis(published, "month", report.store.breakdowns, "")
    low, high = (
        number(end, "billion pounds", 1) for end in (told["value"].min(), told["value"].max())
    )
    ends = (
        f" The lowest is {low}, the highest {high}; the oldest is for "
        f"{label(told['period'].iloc[0], 'month')}."
        if len(told)
        else ""
    )
    return drawn(
        bars,
        told.assign(label=told["label"].str.strip()),
        otherwise="No deficits of councils are published for these years.",
        id="deficits",
        title=f"Published deficits of councils range from {low} to {high}, each on its own basis",
        subtitle="Deficits on the Dedicated Schools Grant, billion pounds, England, end of March",
        alt=f"Bar chart of {counted(len(told), 'published deficit')}.{ends}",
        unit="billion pounds",
        decimals=1,
        label_title="Date and basis",
        note="Some are counts, others estimates or predictions, and one basis is in 2022-23 "
        "prices: they form no series.",
        **report.source(published),
    )


def balances(report: Report, net: pd.DataFrame, single: pd.DataFrame) -> Markdown:
    """Say the net balance of the place: as shares of the grant in pounds, and in councils' returns.

    Parameters
    ----------
    net
        What :func:`money.net_balances` returns for the place.
    single
        Observations of ``dsg_balance`` for the place.
    """
    told = net.dropna(subset="value").sort_values("period")
    over_years = "; ".join(
        f"{_balance(row['value'])} at the end of {row['period']}" for row in told.to_dict("records")
    )
    newest = single.dropna(subset="value").sort_values("period")
    on_a_day = [
        f"{_balance(row['value'])} on {label(row['period'], 'date')}"
        for row in newest.tail(1).to_dict("records")
    ]
    whose = (
        report.place
        if report.level == "council"
        else f"Taken together, and net of those with money in hand, the councils of {report.place}"
    )
    sentences = [
        f"{whose} had {over_years}." if over_years else "",
        f"In its own return, {report.place} had {on_a_day[0]}." if on_a_day else "",
    ]
    words = " ".join(sentence_case(sentence) for sentence in sentences if sentence)
    return Markdown(words or report.no_figure(BALANCE_SHARES))


def _balance(value: float) -> str:
    """Write a balance of the grant.

    Examples
    --------
    >>> _balance(4.8e8), _balance(-22_344_113.0)
    ('a deficit of £480m', '£22.3m in hand')
    """
    amount = number(abs(value), "pounds")
    return f"a deficit of {amount}" if value > 0 else f"{amount} in hand"
