"""Plans over time on the page "Reform is unavoidable": their number and their growth."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.unavoidable.shared import PLANS, cautioned, only_one
from sendreform.book.words import described, drawn, is_missing, number, titled
from sendreform.charts import Figure, line_over_time
from sendreform.evidence import growth
from sendreform.evidence.series import span
from sendreform.periods import first_year, january, label
from sendreform.report import Report


def plans_over_time(report: Report, plans: pd.DataFrame) -> Figure | Markdown:
    """Draw the number of plans."""
    record, told = report.record(PLANS), span(plans)
    return only_one(f"EHC plans in {report.place}", plans, record) or drawn(
        line_over_time,
        plans.assign(series=report.name),
        otherwise=report.no_figure(PLANS),
        id="plans",
        title=titled(f"EHC plans in {report.place}", told, **record),
        subtitle=f"EHC plans and statements, all ages, {report.name}, January census",
        alt=described("Line chart", f"EHC plans in {report.name}", told, **record),
        note="" if report.is_england else faults.note(report, PLANS),
        **record,
        **report.source(plans),
    )


def growth_lately(report: Report, plans: pd.DataFrame) -> Markdown:
    """Say how fast plans grew in the last three years, in the last one, and before."""
    if report.is_small:
        return Markdown(
            f"So few hold a plan in {report.place} that a percentage of growth says little."
        )
    there = plans.dropna(subset="value")
    last = there["period"].max() if len(there) else january(report.latest_year)
    turn, start = (january(first_year(last) - years) for years in (3, 6))
    spans = {
        f" a year in the three years to {label(last, 'january')}{cautioned(report, turn, last)}":
            growth.compound_growth(there, 3),
        " in the last": growth.compound_growth(there, 1),
        f" a year in the three years before{cautioned(report, start, turn)}":
            growth.compound_growth(there[there["period"] <= turn], 3),
    }  # fmt: skip
    known = {when: pace for when, pace in spans.items() if not is_missing(pace)}
    if " in the last" in known and len(known) == 1:
        known = {f" in the year to {label(last, 'january')}": known[" in the last"]}
    return Markdown(
        f"EHC plans in {report.place} {_paces(known)}."
        if known
        else f"For {report.place}, too few counts are published to tell a pace of growth."
    )


def _paces(known: Mapping[str, float]) -> str:
    """Write several rates of growth, the verb once where it is the same.

    Examples
    --------
    >>> _paces({" a year in the three years to January 2026": 11.58, " in the last": 12.54})
    'grew by 11.6% a year in the three years to January 2026, and 12.5% in the last'
    >>> _paces({" a year in the three years to January 2026": 11.58, " in the last": -2.0})
    'grew by 11.6% a year in the three years to January 2026, and shrank by 2.0% in the last'
    """
    parts, said = [], ""
    for when, pace in known.items():
        verb = "grew by" if pace >= 0 else "shrank by"
        size = number(abs(pace), "per cent", 1)
        parts.append(f"{'' if verb == said else f'{verb} '}{size}{when}")
        said = verb
    *first, last = parts
    return ", ".join([*first, f"and {last}" if first else last])


def yearly_growth(report: Report, grown: pd.DataFrame) -> Markdown:
    """Say between which rates plans grew from one January to the next."""
    if report.is_small or len(grown) < 2:
        return Markdown(
            f"Growth is not told year by year for {report.place}: too few hold a plan, or too few "
            "years are published."
        )
    ends = grown.sort_values("value")
    least, most = ends.iloc[0], ends.iloc[-1]
    first, last = grown["period"].min(), grown["period"].max()
    return Markdown(
        f"Growth on the year before was least in {label(least['period'], 'january')}, "
        f"{number(least['value'], 'per cent', 1)}, and most in "
        f"{label(most['period'], 'january')}, {number(most['value'], 'per cent', 1)}"
        f"{cautioned(report, january(first_year(first) - 1), last)}."
    )
