"""Deficits to come on the page "The cost of delay": what is spent beyond funding, added up."""

import numpy as np
from IPython.display import Markdown

from sendreform.book.delay import accounts
from sendreform.book.delay.costs import NO_MONEY, by_financial_year, fan_of_money, source_of
from sendreform.book.delay.place import Place
from sendreform.book.delay.plans import none_for
from sendreform.book.words import listed, number
from sendreform.charts import Figure
from sendreform.evidence.projection import money, scores
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM
from sendreform.observations import ENGLAND
from sendreform.report import Report

FUNDING = "high_needs_funding"
PUBLISHED_GAPS = "high_needs_overspend_published"

_OF_ENGLAND = (
    "The base is the County Councils Network’s estimate of deficits. Nothing is written off: it is "
    "what would add up, not what would be let happen. Funding is as announced to {announced}; then "
    "it grows as the table of assumptions says."
)
_OF_COUNCILS = (
    "The base is what councils reported of the whole Dedicated Schools Grant, net of money in "
    "hand. From then on it is our sum: England’s funding as announced to {announced}, of which a "
    "place keeps about the part that it had in {allocated}. Payments under safety valve agreements "
    "and transfers from schools’ funding are not in it. Nothing is written off."
)


def deficit_to_come(report: Report, place: Place | None) -> Figure | Markdown:
    """Draw a place's deficit if nothing changes, or say why none is projected."""
    if place is None:
        return none_for(report)
    if place.bill is None:
        return Markdown(NO_MONEY.format(place=report.place))
    made = accounts.deficit_of(place.bill, accounts.deficit_base(report))
    if made is None:
        return Markdown(f"{why_no_deficit(report)} {_a_year(place.bill)}".strip())
    draws, years = made
    shown = by_financial_year(draws, years)
    first, last = shown.iloc[0], shown.iloc[-1]
    low, high = (number(last[f"{end}_80"], "pounds") for end in ("low", "high"))
    funding = accounts.prices_of(report.store).funding
    note = (_OF_ENGLAND if report.is_england else _OF_COUNCILS).format(
        announced=money.named_years([int(funding.index.max())])[0],
        allocated=money.named_years([accounts.allocated_to(report.store)])[0],
    )
    whose = f"What {report.place} spends beyond funding could add up to"
    base = accounts.PUBLISHED if report.is_england else accounts.BALANCE
    return fan_of_money(
        shown,
        "Projected deficit",
        id="deficit-projected",
        title=f"{whose} {low} to {high} by the end of {last['period']} if nothing changes",
        subtitle=f"Cumulative deficit at 31 March, cash, {report.name}; below nought is money in "
        "hand; ranges hold that share of simulated futures",
        alt=f"Fan chart. From {number(first['median'], 'pounds')} at the end of {first['period']} "
        f"to {number(last['median'], 'pounds')} at the end of {last['period']}, the middle "
        "future.",
        note=note,
        **source_of(report.store, accounts.OUTTURN, FUNDING, base),
    )


def why_no_deficit(report: Report) -> str:
    """Say which balance is missing where no deficit is projected for a place; else nothing."""
    if accounts.deficit_base(report) is not None:
        return ""
    lacking = accounts.without_balance(report)
    told = f"No deficit is projected for {report.place}: "
    if not lacking:
        return f"{told}no high needs funding of its own is published."
    return (
        f"{told}no balance of the Dedicated Schools Grant is published for {listed(lacking)} from "
        "which it could start."
    )


def _a_year(bill: money.Bill) -> str:
    """Say what one year to come would add, where funding is known."""
    gaps = bill.cash - bill.funding
    if np.isnan(gaps).any():
        return ""
    low, high = (number(float(end), "pounds") for end in scores.bounds(gaps[:, _AHEAD], 80))
    return (
        f"In {money.named_years([bill.years[_AHEAD]])[0]} alone spending would be {low} to {high} "
        "beyond funding, if nothing changes (below nought: less than funding)."
    )


#: For a place without a base: which year of its bill is told.
_AHEAD = 3


def gaps_in_words(report: Report) -> Markdown:
    """Say what England's yearly gap is reckoned at, why it moves, and what others put it at."""
    store = report.store
    bill, funding = accounts.bill_of_england(store, NO_REFORM), accounts.prices_of(store).funding
    last = int(funding.index.max())
    if last not in bill.years:
        return _gap_without_funding(bill, last)
    gaps = {
        year: (bill.cash - bill.funding)[:, bill.years.index(year)] for year in (last, last + 1)
    }
    came = 100 * float(funding[last] / funding[last - 1] - 1)
    low, high = _growth_of_funding(bill, bill.years.index(last))
    this, following = money.named_years([last, last + 1])
    others = store.observations(PUBLISHED_GAPS, ENGLAND).query("period == @this")
    told = [
        f"{whose} {number(float(value), 'pounds')}, {_where(float(value), gaps[last])}"
        for basis, whose in _WHOSE.items()
        for value in others.loc[others["breakdown"] == basis, "value"]
    ]
    ours = [_with_range(gaps[year]) for year in (last, last + 1)]
    beside = (
        f" For {this}, {listed(told)}. Whether they count the same as we do is not known, so it is "
        "no score."
    )
    return Markdown(
        f"Year by year the gap moves with funding as much as with plans. We reckon {ours[0]} "
        f"beyond funding in {this}, when funding grew by {number(came, 'per cent', 1)}, and "
        f"{ours[1]} in {following}, for which the Department’s total is not in our data and "
        f"we assume growth of {low} to {high}." + (beside if told else "")
    )


def _gap_without_funding(bill: money.Bill, last: int) -> Markdown:
    """Say what the first yearly gap is reckoned at where no year to come has known funding."""
    low, high = _growth_of_funding(bill, 0)
    known, first = money.named_years([last, bill.years[0]])
    ours = _with_range((bill.cash - bill.funding)[:, 0])
    return Markdown(
        f"Year by year the gap moves with funding as much as with plans. The Department’s total is "
        f"in our data to {known}; from then on we assume growth of {low} to {high} a year, and "
        f"reckon {ours} beyond funding in {first}."
    )


def _growth_of_funding(bill: money.Bill, at: int) -> tuple[str, str]:
    """Return in words the range of the growth of funding from one year to the next."""
    growth = 100 * (bill.funding[:, at + 1] / bill.funding[:, at] - 1)
    low, high = (f"{number(float(end), 'per cent', 1)}" for end in scores.bounds(growth, 80))
    return low, high


#: Who else put a figure on the gap of a year, and what each called it.
_WHOSE = {
    "basis:ifs": "the Institute for Fiscal Studies put overspending at",
    "basis:ccn": "the County Councils Network and Isos put the gap at",
}


def _where(value: float, draws: Numbers) -> str:
    """Say where a figure lies beside our range of eight in ten."""
    low, high = scores.bounds(draws, 80)
    return (
        "below our range"
        if value < low
        else "above our range"
        if value > high
        else "within our range"
    )


def _with_range(draws: Numbers) -> str:
    low, high = (number(round(float(end), -8), "pounds") for end in scores.bounds(draws, 80))
    return f"{number(float(np.median(draws)), 'pounds')} ({low} to {high})"


def bases_in_words(report: Report) -> Markdown:
    """Say why councils' own deficits do not add up to England's, and by how much.

    Their spending beyond funding adds up in every year and draw; what they start from is not on
    England's basis.
    """
    england = report.for_england
    total = accounts.bases_added_up(report.store)
    own = accounts.base_of_england(report.store)
    bill = accounts.bill_of_england(report.store, NO_REFORM)
    since = [at for at, year in enumerate(bill.years) if total.year < year <= own.year]
    gaps = (bill.cash - bill.funding)[:, since].sum(axis=1)
    low, high = (number(total.pounds + float(end), "pounds") for end in scores.bounds(gaps, 80))
    return Markdown(
        "Councils and regions have deficits of their own, from another base. What "
        f"{england.place}’s councils spend beyond funding adds up to the same in every year. What "
        "they start from does not: the balances that they reported for "
        f"March {total.year} come to {number(total.pounds, 'pounds')}, net of money in hand. With "
        "what we reckon was spent beyond funding since, that would be "
        f"{low} to {high} by March {own.year}, where the County Councils Network estimates "
        f"{number(own.pounds, 'pounds')}. The two count different things, so we add neither to the "
        "other."
    )
