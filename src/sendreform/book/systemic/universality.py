"""Universality on the page "The root causes are systemic": where plans rose, and how much."""

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.systemic.shared import (
    NOTHING_TO_COMPARE,
    PER_CENT,
    PLANS,
    ends_in_words,
    ends_of,
    how_many_rose,
    of_councils,
    own_growth,
)
from sendreform.book.words import FEW, counted, drawn, number, say
from sendreform.charts import Figure, distribution
from sendreform.evidence import systemic
from sendreform.observations import ENGLAND
from sendreform.report import Report


def growth_in_every_council(
    report: Report, growth: pd.DataFrame, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw the growth of plans in each council.

    Parameters
    ----------
    growth
        Of all places: ``area`` and ``growth``.
    plans
        The observations that it is worked out from.
    """
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    names = report.store.areas["name"]
    spread = _spread(councils)
    return drawn(
        distribution,
        councils.assign(area=councils["area"].map(names)),
        otherwise=NOTHING_TO_COMPARE,
        id="growth-in-every-council",
        title=f"EHC plans rose in {how_many_rose(councils)}",
        subtitle="Growth in EHC plans in each council, per cent, "
        + (ends_in_words(report) if len(councils) else ""),
        alt=f"Dot plot of growth in {counted(len(councils), 'council')}: lowest "
        f"{spread['Least']}, lower quartile {spread['Lower quartile']}, middle "
        f"{spread['Middle']}, upper quartile {spread['Upper quartile']}, highest "
        f"{spread['Most']}.",
        focus=report.name if report.area in set(councils["area"]) and not report.is_small else "",
        marks=report.marks(growth.assign(value=growth["growth"])),
        note=faults.among_councils(report, PLANS, *ends_of(of_councils(report, plans))),
        unit=PER_CENT,
        **report.source(plans),
    )


def _spread(councils: pd.DataFrame) -> dict[str, str | None]:
    spread = systemic.spread_of_growth(councils)
    return {
        name: number(value, PER_CENT)
        for name, value in zip(spread["series"], spread["value"], strict=True)
    }


def spread_of_growth(report: Report, growth: pd.DataFrame) -> Markdown:
    """Say the least, the quartiles and the most over councils."""
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    spread = _spread(councils)
    so = (
        "So the rise is shared, and its size is not."
        if councils["growth"].min() > 0
        else "So plans did not rise everywhere."
    )
    return say(
        "Growth runs from {least} in the council where plans grew least to {most} where they grew "
        "most. In the middle council it is {middle}; half of councils lie between {lower} and "
        "{upper}. {so}",
        NOTHING_TO_COMPARE,
        least=spread["Least"],
        most=spread["Most"],
        middle=spread["Middle"],
        lower=spread["Lower quartile"],
        upper=spread["Upper quartile"],
        so=so,
    )


def place_in_growth(report: Report, growth: pd.DataFrame) -> Markdown:
    """Say where the place stands among councils."""
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    if report.is_england:
        england = growth.loc[growth["area"] == ENGLAND, "growth"]
        return say(
            "In England as a whole, with the councils that cannot be compared, plans grew by "
            "{all}.",
            "For England no growth can be told.",
            all=number(england.iloc[0], PER_CENT) if len(england) else None,
        )
    own = own_growth(report, growth)
    if report.level == "region":
        inside = councils[councils["area"].isin(report.areas.councils_in(report.area))]
        spread = _spread(inside)
        return say(
            own + " In its {n} that can be compared the growth runs from {least} to {most}.",
            own,
            n=counted(len(inside), "council"),
            least=spread["Least"],
            most=spread["Most"],
        )
    if report.area not in set(councils["area"]):
        return Markdown(own)
    here_ = councils.set_index("area").loc[report.area]
    others = councils[councils["area"] != report.area]
    less = int((others["growth"] < here_["growth"]).sum())
    rank = (
        "There are too few plans to rank."
        if here_["start"] < FEW
        else f"Of the {len(others)} other councils, {less} grew less and {len(others) - less} as "
        "much or more."
    )
    return Markdown(f"{own} {rank}")


def not_compared(report: Report, councils: pd.DataFrame) -> Markdown:
    """List the councils that cannot be compared over these years, each with the reason.

    Parameters
    ----------
    councils
        Plans of the councils of today.
    """
    start, end = ends_of(councils)
    if start == end:
        return Markdown(NOTHING_TO_COMPARE)
    left_out = systemic.not_compared(councils, report.store.areas, report.councils, start, end)
    if left_out.empty:
        return Markdown("Every council of today can be compared over these years.")
    listed = "; ".join(
        f"{name} ({reason})"
        for name, reason in zip(left_out["name"], left_out["reason"], strict=True)
    )
    return Markdown(f"Not compared: {listed}.")
