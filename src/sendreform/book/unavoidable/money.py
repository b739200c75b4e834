"""Money on the page "Reform is unavoidable": funding, spending, costs and deficits."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.unavoidable.shared import DEFICITS, PLANS, only_one, results_of
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import (
    by_per_cent,
    counted,
    described,
    drawn,
    is_missing,
    moved,
    number,
    say,
    say_known,
    sentence_case,
    titled,
)
from sendreform.charts import Figure, bars, line_over_time
from sendreform.claims.result import Result
from sendreform.claims.verdicts import Outcome
from sendreform.evidence import forecasts, money, placements
from sendreform.evidence.series import Span, longest_stretch, of, per, span
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year, first_year, label
from sendreform.report import Report

SPENDING, TRANSPORT = "high_needs_spending_outturn", "send_transport_pre16"
INMSS_SPENDING, BY_SECTOR = "inmss_spending", "specialist_place_spending"
UNIT_COSTS, BALANCE_SHARES = "placement_unit_cost", "dsg_balance_share"
#: The deflator jumped in this year: what public services gave was counted as far less, for the
#: same pay.
PANDEMIC_YEAR = "2020-21"


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
    subject = f"High needs funding for {report.place}, {words}"
    return only_one(subject, report.priced(funding), record) or drawn(
        line_over_time,
        both,
        otherwise=report.no_figure(measure),
        id="high-needs-funding",
        title=titled(f"{subject},", real, **record),
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
    if report.is_small:
        return Markdown(f"Funding for each plan is not told for {report.place}: too few hold one.")
    record = report.record(funding_measure(report))
    priced = report.priced(funding).dropna(subset="value")
    each = money.for_each(longest_stretch(priced, record["breaks"]), plans, children)
    courses = {
        f"for each {whom}, it": moved(span(table), kind=record["kind"], unit="pounds")
        for whom, table in each.groupby("each", sort=False)
    }
    return say_known(
        f"On one unbroken basis and in {report.price_words}, funding in {report.place}:",
        courses,
        f"Funding for each plan and each child cannot be worked out for {report.place} in these "
        "years.",
    )


def spent(report: Report, spending: pd.DataFrame, transport: pd.DataFrame) -> Figure | Markdown:
    """Draw what councils spent on high needs and on school transport."""
    record, told = report.record(SPENDING), span(report.priced(spending))
    transport = transport.head(0) if report.is_small else transport
    costs = pd.concat(
        [
            report.priced(spending).assign(series="Top-ups and services"),
            report.priced(transport).assign(series="School transport to age 16"),
        ],
        ignore_index=True,
    )
    subject = f"Spending on top-ups and services in {report.place}, in {report.price_words}"
    return only_one(subject, report.priced(spending), record) or drawn(
        line_over_time,
        costs,
        otherwise=report.no_figure(SPENDING),
        id="high-needs-spending",
        title=titled(f"{subject},", told, **record),
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
    """Say how transport moved in all and for each plan, and what each of the two added."""
    if report.is_small:
        return Markdown(
            f"School transport is not told for {report.place}: too few hold a plan, and so fewer "
            "still are carried."
        )
    real = report.priced(transport)
    held = money.january_of_financial_year(plans)
    each = per(real, held)
    told = say_known(
        f"In {report.price_words}, school transport for pupils with SEND to age 16 in "
        f"{report.place}:",
        {
            "in all, it": moved(span(real), **report.record(TRANSPORT)),
            "for each plan, it": moved(span(each), kind="financial_year", unit="pounds"),
        },
        report.no_figure(TRANSPORT),
    ).data
    unlikely = "" if report.is_england else faults.note(report, TRANSPORT)
    return Markdown(
        " ".join(
            part
            for part in (
                told,
                unlikely or _plans_or_cost(real, plans),
                _same_councils(results_of(tests)["transport"]),
            )
            if part
        )
    )


def _plans_or_cost(spending: pd.DataFrame, plans: pd.DataFrame) -> str:
    """Say how much of a change in spending goes with more plans, and how much with each."""
    ends = span(spending)
    if ends.first_period == ends.last_period:
        return ""
    parts = money.more_places_or_dearer(spending, plans, ends.first_period, ends.last_period)
    if is_missing(parts["places"]):
        return ""
    return (
        f"Spending {_change_in_parts(parts, 'plans')}, taken apart as if each could have moved "
        "without the other."
    )


def _change_in_parts(parts: pd.Series, what: str) -> str:
    """Write a change in money, and what more places and a higher cost of each are of it.

    Parameters
    ----------
    parts
        What :func:`money.more_places_or_dearer` returns.
    what
        What is paid for: "places".

    Examples
    --------
    >>> parts = pd.Series({"change": 8e6, "places": 6e6, "cost": 2e6})
    >>> _change_in_parts(parts, "places")
    'rose by £8m: £6m of it from more places and £2m from a higher cost of each'
    >>> _change_in_parts(-parts, "places")
    'fell by £8m: £6m of it from fewer places and £2m from a lower cost of each'
    >>> _change_in_parts(pd.Series({"change": 4e6, "places": 6e6, "cost": -2e6}), "places")
    'rose by £4m: more places added £6m, and a lower cost of each took away £2m'
    """
    by_places, by_cost = (str(number(abs(parts[part]), "pounds")) for part in ("places", "cost"))
    change = number(abs(parts["change"]), "pounds")
    places = f"{'more' if parts['places'] >= 0 else 'fewer'} {what}"
    cost = f"a {'higher' if parts['cost'] >= 0 else 'lower'} cost of each"
    moved_by = f"{'rose' if parts['change'] > 0 else 'fell'} by {change}"
    course = moved_by if parts["change"] else "did not change"
    if (parts["places"] >= 0) == (parts["cost"] >= 0):
        return f"{course}: {by_places} of it from {places} and {by_cost} from {cost}"
    verbs = ["added" if parts[part] >= 0 else "took away" for part in ("places", "cost")]
    return f"{course}: {places} {verbs[0]} {by_places}, and {cost} {verbs[1]} {by_cost}"


def _same_councils(transport: Result) -> str:
    """Say the change over councils with a return in both years, and its range otherwise."""
    if transport.is_missing:
        return ""
    low, high = min(transport.checks.values()), max(transport.checks.values())
    return (
        "Over the same councils in both years, spending for each plan "
        f"{by_per_cent(transport.value)} in real terms; worked out in other ways, the change lies "
        f"between {number(low, 'per cent', 1)} and {number(high, 'per cent', 1)}."
    )


def unit_costs(report: Report, costs: pd.DataFrame) -> HTML | Markdown:
    """Return what a place costs by kind of school, each basis apart.

    Parameters
    ----------
    costs
        What :func:`money.unit_costs` returns for the place. Those of England stand beside them.
    """
    of_england = money.unit_costs(
        report.within_years(UNIT_COSTS, area=ENGLAND), report.store.breakdowns
    )
    note = "Costs say nothing of how needs differ between placements."
    if not report.is_england:
        whose = (
            f"No costs of places are published for {report.place}, so these are England's."
            if costs.empty
            else "Figures without the name of a place are England's."
        )
        costs, note = pd.concat([costs, of_england], ignore_index=True), f"{whose} {note}"
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
        subtitle="Pounds a year for each pupil with an EHC plan, cash"
        + (", England" if set(costs["area"]) == {ENGLAND} else ""),
        heads=["Kind of place", "Whose figure", "First", "Latest"],
        words=(1,),
        rows=rows,
        note=note,
        source=report.source(costs),
    )


def dearer_places(report: Report) -> Markdown:
    """Say how many times as much a place in these schools costs, and what made spending grow."""
    costs = report.to_latest(UNIT_COSTS, ENGLAND)
    times = span(money.times_as_costly(costs, "provider:inmss", "provider:state_special"))
    spending = report.priced(of(report.to_latest(INMSS_SPENDING, ENGLAND)))
    places = placements.independent_special(report.to_latest(PLANS, ENGLAND))
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
    if is_missing(parts["change"]) or ends.first_period == ends.last_period:
        return Markdown(
            f"{ratio} Spending on these schools cannot be split into places and costs for these "
            "years."
        )
    return Markdown(
        f"{ratio} Between {ends.first_period} and {ends.last_period} ({report.price_words}), "
        f"spending on these schools in England {_change_in_parts(parts, 'places')}."
        f"{_pandemic_prices(report, ends)}"
    )


def _pandemic_prices(report: Report, told: Span) -> str:
    """Say that the deflator of the pandemic year is unusual, where it bears on a change."""
    if report.prices == money.CASH or PANDEMIC_YEAR not in (told.first_period, told.last_period):
        return ""
    deflator = of(report.store.observations("gdp_deflator"))
    changes = deflator.set_index("period")["value"].pct_change().mul(100)
    after = financial_year(first_year(PANDEMIC_YEAR) + 1)
    return (
        f" The deflator of {PANDEMIC_YEAR} is unusual: it {by_per_cent(changes[PANDEMIC_YEAR])} in "
        f"that year of the pandemic, and in the next it {by_per_cent(changes[after])}. So the "
        "split between places and costs is less sure than its figures look."
    )


def by_sector(report: Report, spending: pd.DataFrame) -> Markdown:
    """Say what share of top-ups for specialist places went to each sector.

    Parameters
    ----------
    spending
        Observations of ``specialist_place_spending`` for the place.
    """
    told = money.by_sector(spending)
    inmss = told[told["breakdown"] == "sector:independent_non_maintained"]
    course = moved(
        span(inmss.assign(value=inmss["share"])),
        **(report.record(BY_SECTOR) | {"unit": "per cent", "decimals": 0}),
    )
    return say(
        "Of what is spent in {place} on top-ups for specialist places, the share of independent "
        "and non-maintained providers {course}.",
        report.no_figure(BY_SECTOR),
        place=report.place,
        course=course,
    )


def deficits(report: Report) -> Figure | Markdown:
    """Draw the deficits of England's councils that were published, each on its own basis."""
    published = report.to_latest(DEFICITS, ENGLAND)
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
