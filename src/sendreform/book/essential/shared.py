"""What the parts of the page "Reform is essential" share: whom they tell of, and in which words."""

import re
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.narrowing import of_england
from sendreform.book.words import counted, or_none
from sendreform.claims.results.outcomes import FEWEST_OUTCOMES
from sendreform.evidence.outcomes import UNTOLD
from sendreform.report import Report

APPEALS, PLANS = "tribunal_appeals", "ehc_plans"
ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions_share"

PER_THOUSAND = "appeals for every thousand plans"
#: What stands in a table where there is nothing to tell.
NO_FIGURE = "–"
NAN = float("nan")

#: A row of a table, by column.
Row = Mapping[Hashable, Any]


def of_many_councils(report: Report) -> Report:
    """Return the report itself, or England's where the place is a single council."""
    return of_england(report) if report.level == "council" else report


def newest_of_councils(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the newest period in which councils have figures.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``, all places.
    """
    councils = figures[figures["area"].isin(report.councils)].dropna(subset="value")
    return figures.loc[figures["period"] == max(councils["period"], default="")]


def of_place(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the figures that there are of the report's place, in order of period."""
    there = figures.loc[figures["area"] == report.area].dropna(subset="value")
    return there.sort_values("period")


def beside_england(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Return the place's figures with England's as another series; none where it has none."""
    own = unless_small(report, of_place(report, figures))
    beside = (
        own.head(0) if own.empty or report.is_england else of_place(of_england(report), figures)
    )
    return pd.concat([own, beside]).assign(
        series=lambda rows: rows["area"].map(report.store.areas["name"])
    )


def unless_small(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Return no rows for a place where figures would be those of a few children."""
    return figures.head(0) if report.is_small else figures


def said(words: str) -> HTML | Markdown:
    """Show a sentence, or nothing at all: an empty Markdown would show its own name.

    Examples
    --------
    >>> said("Plans rose.").data, said("")._repr_html_()
    ('Plans rose.', '')
    """
    return Markdown(words) if words else HTML("")


def provisional(report: Report, measure: str, period: str) -> str:
    """Return what the catalogue says of a measure's figures that are provisional, for a period."""
    record = report.store.record(measure)
    sentences = re.findall(r"[^.]*\bprovisional\b[^.]*\.", record["definition"])
    return " ".join(
        f"{record['title']}: {words[:1].lower()}{words[1:]}"
        for words in map(str.strip, sentences)
        if period and period in words
    )


def why_none(report: Report, measure: str) -> str:
    """Say why the page has no figure of a measure for the place."""
    return too_few(report) if report.is_small else report.no_figure(measure)


def too_few(report: Report) -> str:
    """Say why figures are not told of a place where they would be those of a few children."""
    return (
        f"In {report.place} so few children and young people hold an EHC plan that further figures "
        "could point to single children."
    )


def rate_record(report: Report) -> dict[str, Any]:
    """Return what a chart needs to know of appeals for every thousand plans."""
    breaks = report.record(PLANS)["breaks"]
    return {
        "kind": "calendar_year",
        "unit": PER_THOUSAND,
        "breaks": {january[:4]: note for january, note in breaks.items()},
    }


def followed(card: pd.DataFrame, series: str) -> pd.DataFrame:
    """Return the outcomes whose gap has a direction; none where too few have."""
    told = card[(card["series"] == series) & (card["gap_direction"] != UNTOLD)]
    return told if len(told) >= FEWEST_OUTCOMES else told.head(0)


def none_or(directions: pd.Series, direction: str) -> str:
    """Count in words how many went in a direction."""
    return or_none(int((directions == direction).sum()))


def years_of(figures: pd.DataFrame) -> str:
    """Write the first and the last period of figures."""
    there = figures.dropna(subset="value")["period"]
    return from_to(min(there, default=""), max(there, default=""))


def from_to(first: str, last: str) -> str:
    """Write a stretch of periods."""
    return first if first == last else f"{first} to {last}"


def dot_plot(councils: pd.DataFrame, period: str, unit: str) -> str:
    """Describe a dot plot of councils."""
    low, middle, high = (float(councils["value"].quantile(part)) for part in (0.0, 0.5, 1.0))
    return (
        f"Dot plot of {counted(len(councils), 'council')} in {period}: the lowest {low:.0f}, the "
        f"middle {middle:.0f}, the highest {high:.0f} {unit}."
    )
