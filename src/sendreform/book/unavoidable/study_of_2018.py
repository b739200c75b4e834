"""Then and now on the page "Reform is unavoidable": the study of 2018 beside what came."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.unavoidable.shared import OVERSPENDS, PLANS
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import number
from sendreform.evidence import forecasts, money
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import label
from sendreform.report import Report


def then_and_now(report: Report) -> HTML | Markdown:
    """Return what the study of 2018 found and foresaw beside what has been published since."""
    known = set_side_by_side(report).dropna(subset=["then_low", "now"])
    if known.empty:
        return Markdown("Nothing that the study of 2018 looked at has a later figure by this year.")
    rows = [
        [
            if_it_is_for(row["topic"], row["reading"]),
            f"{_range(row['then_low'], row['then_high'], row['unit'])} "
            f"({_when(row['then_period'])})",
            f"{number(row['now'], row['unit'])} ({_when(row['now_period'])})",
            ("" if row["alike"] else "Not on one basis. ") + row["caveat"],
        ]
        for row in known.to_dict("records")
    ]
    return table_in_frame(
        id="then-and-now",
        title="What the study of 2018 found and foresaw, and what came",
        subtitle="England; money in cash",
        heads=["What", "In 2018", "Since", "What to bear in mind"],
        words=(3,),
        rows=rows,
        note="The forecasts are those of the study as the press reported it. The reports do not "
        "say whether a gap means one year or all years together, so both readings are given.",
        source=report.source(
            of(report.to_latest(PLANS, ENGLAND)), report.to_latest(OVERSPENDS, ENGLAND)
        ),
    )


def set_side_by_side(report: Report) -> pd.DataFrame:
    """Return what :func:`forecasts.then_and_now` makes of England's figures to the last year."""

    def of_england(measure: str) -> pd.DataFrame:
        return report.to_latest(measure, ENGLAND)

    return forecasts.then_and_now(
        of_england(PLANS),
        report.store.forecasts,
        of_england(OVERSPENDS),
        money.net_balances(of(of_england("dsg_balance_share")), of(of_england("dsg_allocation"))),
        of(of_england("high_needs_funding")),
    )


def if_it_is_for(topic: str, reading: str) -> str:
    """Name a topic and how its forecast would have to be meant.

    Examples
    --------
    >>> if_it_is_for("Gap in high needs funding", forecasts.IN_THE_YEAR)
    'Gap in high needs funding (if the figure is for one year)'
    >>> if_it_is_for("Gap (interim findings)", forecasts.ALL_YEARS)
    'Gap (interim findings; if the figure is for all years together)'
    """
    if not reading:
        return topic
    meant = {forecasts.IN_THE_YEAR: "one year"}.get(reading, reading)
    condition = f"if the figure is for {meant}"
    if topic.endswith(")"):
        return f"{topic.removesuffix(')')}; {condition})"
    return f"{topic} ({condition})"


def _range(low: float, high: float, unit: str) -> str:
    ends = [str(number(end, unit)) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _when(period: str) -> str:
    return label(period, "january") if period.endswith("-01") else period
