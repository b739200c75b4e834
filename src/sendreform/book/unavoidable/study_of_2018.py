"""Then and now on the page "Reform is unavoidable": the study of 2018 beside what came."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.unavoidable.shared import OVERSPENDS, PLANS, up_to_latest
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import number
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import label
from sendreform.report import Report


def then_and_now(report: Report, told: pd.DataFrame) -> HTML | Markdown:
    """Return what the study of 2018 found and foresaw beside what has been published since.

    Parameters
    ----------
    told
        What :func:`forecasts.then_and_now` returns.
    """
    known = told.dropna(subset=["then_low", "now"])
    if known.empty:
        return Markdown("Nothing that the study of 2018 looked at has a later figure by this year.")
    rows = [
        [
            row["topic"] + (f", read as {row['reading']}" if row["reading"] else ""),
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
            of(up_to_latest(report, PLANS, ENGLAND)), up_to_latest(report, OVERSPENDS, ENGLAND)
        ),
    )


def _range(low: float, high: float, unit: str) -> str:
    ends = [str(number(end, unit)) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _when(period: str) -> str:
    return label(period, "january") if period.endswith("-01") else period
