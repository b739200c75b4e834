"""The answer of the page "Reform is essential": verdict, headline and a sentence."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.essential.shared import (
    ON_TIME,
    PER_THOUSAND,
    Row,
    followed,
    none_or,
    of_place,
    rate_record,
    too_few,
)
from sendreform.book.narrowing import in_full_years
from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import FEW, counted, moved, number, say_known
from sendreform.claims.verdicts import Outcome
from sendreform.evidence.outcomes import EHC_PLAN, NARROWED
from sendreform.evidence.series import since_last_break, span
from sendreform.report import Report


def answer(
    report: Report,
    tests: Sequence[Outcome],
    card: pd.DataFrame,
    rates: pd.DataFrame,
    shares: pd.DataFrame,
) -> HTML:
    """Return the verdict of the page, its headline and its answer in a box.

    Parameters
    ----------
    card
        The scorecard of outcomes.
    rates
        Appeals for every thousand plans, all places.
    shares
        Plans on time, all places: ``area``, ``period``, ``part``, ``whole``, ``value``.
    """
    on_time = in_full_years(of_place(report, shares))
    if report.is_small:
        return verdict_box(
            tests, "Too few hold a plan here to tell a share", Markdown(too_few(report))
        )
    told = followed(card, EHC_PLAN)["gap_direction"]
    sentence = say_known(
        f"In {report.place},",
        {
            "the gap between pupils with an EHC plan and pupils with no SEN narrowed on": (
                f"{none_or(told, NARROWED)} of {counted(len(told), 'outcome')} that can be followed"
                if len(told)
                else None
            ),
            PER_THOUSAND: moved(span(of_place(report, rates)), **rate_record(report)),
            "the share of new EHC plans issued on time": _on_time(report, on_time),
        },
        f"For {report.place}, too few figures are published to follow any of the three aims in "
        "these years.",
    )
    newest = on_time.tail(1).to_dict("records")
    headline = [f"{_part_of(row, 'new EHC plan')} on time in {row['period']}" for row in newest]
    return verdict_box(tests, "".join(headline) or "No figure on plans on time", sentence)


def _on_time(report: Report, figures: pd.DataFrame) -> str | None:
    """Say how the share on time moved, and beside it since the last break."""
    record = report.record(ON_TIME)
    course, since = moved(span(figures), **record), since_last_break(figures, record["breaks"])
    newer = moved(span(since), **record) if len(since) < len(figures) else None
    return f"{course}; on the newer count alone it {newer}" if newer else course


def _part_of(row: Row, noun: str) -> str:
    """Write a share of a whole, of few as numbers."""
    if row["whole"] < FEW:
        return f"{row['part']:.0f} of {row['whole']:.0f} {noun}{'s' if row['whole'] != 1 else ''}"
    return f"{number(row['value'], 'per cent', 1)} of {noun}s"
