"""Flows on the page "Reform is unavoidable": plans that begin and plans that end."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown

from sendreform.book.unavoidable.shared import (
    CEASED,
    NEW,
    PLANS,
    fault,
    more_or_fewer,
    up_to_latest,
)
from sendreform.book.unavoidable.waterfalls import taken_apart
from sendreform.book.words import described, drawn, number, signed, titled
from sendreform.charts import Figure, line_over_time
from sendreform.evidence import caseload, growth
from sendreform.evidence.series import Span, at, of, per, span
from sendreform.periods import first_year, january
from sendreform.report import Report

#: A rule of three: over fewer years, there is little to take apart by flow.
FEWEST_YEARS = 3


def flow_years(report: Report, flows: pd.DataFrame) -> tuple[str, str]:
    """Return the year that flows are told from, and the one before it to hold them against.

    Without a year before, the first year is held against the others.
    """
    known = sorted(flows["year"])
    start = min(
        (year for year in known if int(year) >= report.baseline_year),
        default=str(report.baseline_year),
    )
    before = str(int(start) - 1)
    return start, before if before in known else start


def januaries_of(flows: pd.DataFrame) -> list[str]:
    """Return the Januaries between which flows run, the one after the last year included."""
    years = sorted({int(year) for year in flows["year"]})
    return [january(year) for year in (*years, *(year + 1 for year in years[-1:]))]


def rise_by_flow(report: Report, told: Span, parts: pd.DataFrame, like: str) -> Figure | Markdown:
    """Draw what flows as in one year, more new plans and fewer plans leaving added."""
    sums = parts.set_index("part")["value"]
    words = {
        growth.AS_BEFORE: f"Every year as {like} was",
        growth.MORE_BEGAN: more_or_fewer("new plans", sums.get(growth.MORE_BEGAN)),
        # To leave less is to add: the sign of the part is the other way round.
        growth.FEWER_LEFT: "Fewer plans leaving"
        if (sums.get(growth.FEWER_LEFT) or 0) >= 0
        else "More plans leaving",
    }
    long_enough = first_year(told.last_period) - first_year(told.first_period) >= FEWEST_YEARS
    return taken_apart(
        report,
        told,
        pd.DataFrame({"label": [words[part] for part in sums.index], "value": sums.to_list()})
        if long_enough
        else pd.DataFrame({"label": [], "value": []}),
        id="rise-by-flow",
        by=f"flow, held against {like}",
        note=" ".join(
            [
                f"Plans leaving follow from the counts: plans in January and new plans, less plans "
                f"a year later. In {like}, so many began, and such a share left.",
                fault(report),
            ]
        ).strip(),
        otherwise=f"The rise in {report.place} is not told by flow: plans and new plans are not "
        "published for enough years in a row.",
        source=report.source(of(up_to_latest(report, PLANS)), of(up_to_latest(report, NEW))),
        hide_small=False,
    )


def flow_parts(report: Report, flows: pd.DataFrame, splits: Mapping[str, pd.DataFrame]) -> Markdown:
    """Say the parts by flow under each year held against the others, and why they differ.

    Parameters
    ----------
    flows
        What :func:`growth.yearly_flows` returns.
    splits
        Calendar year held against the others → what :func:`growth.by_flow` returns for it.
    """
    known = {like: parts for like, parts in splits.items() if len(parts)}
    if not known or report.is_small:
        return Markdown(
            f"For {report.place}, what began and what left cannot be told apart over these years."
        )
    by_year = flows.set_index("year")
    told = " ".join(
        f"Held against {like}, in which {number(by_year['began'][like])} plans began and "
        f"{number(by_year['leaving'][like], 'per cent', 1)} of plans left, the parts are: as "
        f"before {signed(values[growth.AS_BEFORE])}, new plans "
        f"{signed(values[growth.MORE_BEGAN])}, plans leaving {signed(values[growth.FEWER_LEFT])}."
        for like, values in (
            (like, parts.set_index("part")["value"]) for like, parts in known.items()
        )
    )
    return Markdown(f"{told} {_why_they_differ(flows, list(known))}".strip())


def _why_they_differ(flows: pd.DataFrame, likes: list[str]) -> str:
    """Say that the share leaving had changed between two years held against the others."""
    if len(likes) < 2:
        return ""
    leaving = flows.set_index("year")["leaving"]
    return (
        f"The two differ because the share of plans that left in a year went from "
        f"{number(leaving[likes[0]], 'per cent', 1)} in {likes[0]} to "
        f"{number(leaving[likes[1]], 'per cent', 1)} in {likes[1]}."
    )


def begun_and_ended(report: Report, new: pd.DataFrame, ended: pd.DataFrame) -> Figure | Markdown:
    """Draw plans that began and plans that ended, year by year."""
    record, told = report.record(NEW), span(new)
    both = _ratios(new, ended)
    title = titled(f"New EHC plans a year in {report.place}", told, **record)
    if len(both):
        newest = both["period"].max()
        title = (
            f"{number(at(new, newest))} plans began in {report.place} in {newest}, and "
            f"{number(at(ended, newest))} ended"
        )
    return drawn(
        line_over_time,
        caseload.coming_and_going(new, ended),
        otherwise=report.no_figure(NEW),
        id="plans-begun-and-ended",
        title=title,
        subtitle=f"EHC plans that began and plans that ended, {report.name}, calendar year",
        alt=described("Line chart", f"New plans in {report.name}", told, **record),
        note=" ".join(
            [
                "How many plans end is published from 2022. A plan that moves to another council "
                "goes on, so it is not counted as ended.",
                fault(report) if report.level == "council" else "",
            ]
        ).strip(),
        **record,
        **report.source(new, report.figures(CEASED)),
    )


def begun_for_each_ended(report: Report, new: pd.DataFrame, ended: pd.DataFrame) -> Markdown:
    """Say how many plans began for each that ended, in the newest year and in the first."""
    ratios = _ratios(new, ended)
    if ratios.empty:
        return Markdown(
            f"For {report.place}, plans that began and plans that ended are not both published."
        )
    first, last = ratios.iloc[0], ratios.iloc[-1]
    earlier = (
        f" In {first['period']} it was {number(first['value'], '', 1)}."
        if first["period"] != last["period"]
        else ""
    )
    return Markdown(
        f"In {report.place}, {number(last['value'], '', 1)} plans began in {last['period']} for "
        f"each plan that ended.{earlier}"
    )


def _ratios(new: pd.DataFrame, ended: pd.DataFrame) -> pd.DataFrame:
    return per(new, ended).dropna(subset="value").sort_values("period", ignore_index=True)
