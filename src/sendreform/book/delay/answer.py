"""The answer of the page "The cost of delay": what is to come if nothing changes, and how sure."""

import numpy as np
from IPython.display import HTML, Markdown

from sendreform.book.delay import making
from sendreform.book.delay.accounts import prices_of
from sendreform.book.delay.costs import Delay, of_the_example
from sendreform.book.delay.place import Place
from sendreform.book.delay.plans import NO_PLACE, about
from sendreform.book.delay.record import times
from sendreform.book.verdict_box import answer_box
from sendreform.book.words import number
from sendreform.evidence.projection import backtest, money, projecting, scores, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.periods import january, label
from sendreform.report import Report

#: How many years ahead the answer looks first: as far as the target of the track record.
NEAR = 3


def answer(report: Report, place: Place | None, made: list[Delay]) -> HTML:
    """Return plans to come with their range, what delay adds, and how far off we have been."""
    if place is None:
        return answer_box(
            "Nothing is projected here", Markdown(NO_PLACE.format(place=report.place))
        )
    when = label(january(place.years[NEAR]), "january")
    low, high = scores.bounds(place.plans, 80)
    first = _between(low[NEAR], high[NEAR])
    paragraphs = [
        expected(report, place.years, place.plans),
        _course(report, place),
        _delay(report, made),
        record(report),
    ]
    headline = (
        f"{about(float(np.median(place.plans[:, NEAR])))} EHC plans in {when} if nothing changes "
        f"(range {first})"
    )
    return answer_box(headline, Markdown("\n\n".join(part for part in paragraphs if part)))


def expected(report: Report, years: list[int], plans: Numbers) -> str:
    """Say how many plans are to come, soon and at the horizon, with their ranges."""
    soon, last = (label(january(year), "january") for year in (years[NEAR], years[-1]))
    low, high = scores.bounds(plans, 80)
    return (
        f"If nothing changes, we expect {_between(low[NEAR], high[NEAR])} EHC plans in "
        f"{report.place} in {soon}, and {_between(low[-1], high[-1])} in {last}; eight in ten "
        "simulated futures lie between."
    )


def _between(low: float, high: float) -> str:
    return f"{about(float(low))} to {about(float(high))}"


def _course(report: Report, place: Place) -> str:
    """Say what plans to come would cost, and in which settings they would be."""
    if place.bill is None or report.is_small:
        return ""
    cash = place.bill.since(place.origin).cash
    now = number(float(np.median(cash[:, 0])), "pounds")
    low, high = (number(float(end), "pounds") for end in scores.bounds(cash[:, -1], 80))
    last = place.by_setting[:, -1].mean(axis=0)
    shares = dict(zip(settings.NAMES, 100 * last / last.sum(), strict=True))
    in_mainstream = number(shares[settings.MAINSTREAM], "per cent")
    in_special = number(shares[settings.STATE_SPECIAL] + shares[settings.INMSS], "per cent")
    first, end = money.named_years([place.origin, projecting.HORIZON])
    return (
        f"About {in_mainstream} of plans in January {projecting.HORIZON} would be in mainstream "
        f"schools, and {in_special} in special schools. "
        f"Spending would grow from {now} in {first} to between {low} and {high} in {end}, in cash."
    )


def _delay(report: Report, made: list[Delay]) -> str:
    """Say what a year's delay of the example adds; nothing where money is not projected."""
    if not made:
        return ""
    delay = of_the_example(report, made)
    low, high = (number(float(end), "pounds") for end in scores.bounds(delay.real, 80))
    base = money.named_years([prices_of(report.store).base])[0]
    last = money.named_years([projecting.HORIZON])[0]
    return (
        f"If reform had the effects of our example, starting in {delay.start} instead of "
        f"{delay.start - 1} would add {low} to {high} to spending in all, to {last}, in {base} "
        "prices. No reform is shown to have the effects that the example assumes."
    )


def record(report: Report) -> str:
    """Say how far off such projections would have been: of England, of the council, or of all."""
    if report.is_england:
        whose, scored = "England", making.track_record(report.store, "held")
    else:
        # England's takes seconds, for its benchmarks: no page of a place may wait for it.
        councils = making.track_record_of_councils(report.store)
        own = councils[councils["area"] == report.area]
        near = own[own["horizon"] == NEAR]
        whose, scored = (report.place, own) if len(near) else ("councils", councils)
    ours = scored[(scored["method"] == backtest.OURS) & (scored["horizon"] == NEAR)]
    error = scores.summary(ours, ["horizon"])["mape"].iloc[0]
    low = int((ours["forecast"] < ours["outcome"]).sum())
    return (
        f"From each January since {int(ours['origin'].min())}, such a projection of {whose} would "
        f"have been off by {number(float(error), 'per cent', 1)} on average three years ahead, "
        f"too low {times(low, len(ours))}; its ranges of eight in ten would have held "
        f"{number(100 * float(ours['within_80'].mean()), 'per cent')} of outcomes."
    )
