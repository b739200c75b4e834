"""The track record of spending on the page "The cost of delay": the page's own model, tested."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import accounts, making
from sendreform.book.delay.record import AHEAD, signed, times
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import listed
from sendreform.evidence.projection import (
    backtest,
    benchmarks,
    cost_growth,
    scores,
    spending_backtest,
)
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report


def errors_of_spending(report: Report) -> HTML:
    """Return how far off projections of England's spending would have been, by years ahead."""
    scored = making.track_record_of_spending(report.store)
    table = scores.summary(scored, ["method", "horizon"])
    columns = {name: table.pivot(index="method", columns="horizon", values=name)
               for name in ("mape", "bias", "crps", *_HELD)}  # fmt: skip
    ahead = table["horizon"].unique()
    ours = {name: values.loc[backtest.OURS] for name, values in columns.items()}
    rows = [
        [
            method.replace(chr(39), "’"),
            *(f"{error:.1f}%" for error in columns["mape"].loc[[method]].to_numpy()[0]),
        ]
        for method in (backtest.OURS, *spending_backtest.SIMPLE, benchmarks.MEAN)
    ] + [
        ["Mean error of ours, with its sign", *map(signed, ours["bias"])],
        ["CRPS of ours", *(f"{score:.1f}%" for score in ours["crps"])],
        *([words, *(f"{held:.0f}%" for held in ours[name])] for name, words in _HELD.items()),
    ]
    return table_in_frame(
        id="errors-of-spending",
        title="How far off spending would have been foreseen",
        subtitle=f"England; mean absolute error in per cent of high needs spending, from January "
        f"{scored['origin'].min()} to January {scored['origin'].max()}",
        heads=("Method", *AHEAD[: len(ahead)]),
        rows=rows,
        note="Spending is published without the funding of places, and is tested so. What a place "
        "of each kind cost was published for all years together, and prices are those that came: "
        "both were known later than these Januaries. So few years are not enough for ETS, ARIMA or "
        "Theta. The CRPS weighs error and width together; above the mean error, it says that the "
        "ranges are too wide.",
        source=report.source(of(report.store.observations(accounts.OUTTURN, ENGLAND))),
    )


#: How many outcomes were in our ranges, in words.
_HELD = {
    "within_50": "Outcomes in its range of half",
    "within_80": "Outcomes in its range of eight in ten",
    "within_95": "Outcomes in its widest range",
}


def spending_in_words(report: Report) -> Markdown:
    """Say what the test of spending shows, and how few years there are."""
    scored = making.track_record_of_spending(report.store)
    table = scores.summary(scored, ["method", "horizon"])
    every = scored[scored["method"] == backtest.OURS]
    low = int((every["forecast"] < every["outcome"]).sum())
    lost = [
        AHEAD[ahead - 1].lower()
        for ahead, name in backtest.beats(table, sorted(every["horizon"].unique())).items()
        if name
    ]
    return Markdown(
        (
            f"A benchmark was as good or better {listed(lost)} ahead."
            if lost
            else "The error is below that of every benchmark, however many years ahead."
        )
        + f" Ours was too low {times(low, len(every))}, and its ranges of eight in ten held "
        f"{int(every['within_80'].sum())} of {len(every)} outcomes{_too_wide(every)}. These "
        "overlap: they come from "
        f"{every['origin'].nunique()} Januaries and {every['year'].nunique()} years"
        f"{_ever_faster(report, every['year'].nunique())}. So few cannot "
        "show that the ranges are right, and "
        "forecasts that were too low may be so again. What single councils spend is projected from "
        "the same costs, and not tested."
    )


def _ever_faster(report: Report, years: int) -> str:
    """Say whether spending grew faster in each of the last years."""
    outturn = of(report.store.observations(accounts.OUTTURN, ENGLAND)).dropna(subset="value")
    growth = outturn["value"].pct_change().tail(years)
    return ", in which spending rose faster each year" if growth.is_monotonic_increasing else ""


def _too_wide(every: pd.DataFrame) -> str:
    """Say whether even the narrow range held nearly all outcomes."""
    half = int(every["within_50"].sum())
    if half < _NEARLY_ALL * len(every):
        return ""
    return f", and those of half held {half}: so far they were too wide"


#: From which part of outcomes on a range that is meant for half of them is told to be too wide.
_NEARLY_ALL = 0.8


def rules_of_cost(report: Report) -> HTML:
    """Return each rule of what a place costs with its scores: the choice rests on this table."""
    tried = making.rules_of_cost(report.store)
    nearest = str(tried.sort_values("mape")["method"].iloc[0])
    other = (
        f" By mean error another did better: {nearest[:1].lower()}{nearest[1:]}. So few forecasts "
        "cannot settle which is right."
        if nearest != cost_growth.CHOSEN
        else ""
    )
    return table_in_frame(
        id="rules-of-cost",
        title="What a place will cost above prices: the rules that were tried",
        subtitle="England; the same forecasts of high needs spending under each rule",
        heads=(
            "Expected growth",
            "Mean error",
            "With its sign",
            "CRPS",
            "In the range of eight in ten",
        ),
        rows=[
            [
                str(row["method"]),
                f"{row['mape']:.1f}%",
                signed(float(row["bias"])),
                f"{row['crps']:.1f}%",
                f"{row['within_80']:.0f}%",
            ]
            for row in tried.to_dict("records")
        ],
        note="The first is what we use. The test does not tell its two ends apart, and CRPS, which "
        f"rewards ranges that are narrow and right, is lowest for all between them.{other} Under "
        "every rule, costs stray from what is expected as they have so far. The rule was chosen by "
        "the forecasts that score it, so they flatter it.",
        source=report.source(of(report.store.observations(accounts.OUTTURN, ENGLAND))),
    )
