"""Flows on the page "Reform is unavoidable": plans that begin and plans that end."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.unavoidable.shared import (
    CEASED,
    NEW,
    PLANS,
    in_dimension,
    more_or_fewer,
    only_one,
    share_words,
)
from sendreform.book.unavoidable.waterfalls import taken_apart
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import FEW, described, drawn, number, signed, titled
from sendreform.charts import Figure, line_over_time
from sendreform.evidence import caseload, growth
from sendreform.evidence.series import Span, at, of, per, span
from sendreform.periods import first_year, january, label
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
    years = first_year(told.last_period) - first_year(told.first_period)
    return taken_apart(
        report,
        told,
        pd.DataFrame({"label": [words[part] for part in sums.index], "value": sums.to_list()})
        if years >= FEWEST_YEARS
        else pd.DataFrame({"label": [], "value": []}),
        id="rise-by-flow",
        leading=_leading(report, told, sums, like),
        by=f"flow, beside {like}",
        note=" ".join(
            [
                f"Plans leaving follow from the counts: plans in January and new plans, less plans "
                f"a year later. The first part shows the rise had every year been like {like}.",
                faults.note(report, PLANS),
            ]
        ).strip(),
        otherwise=f"The rise in {report.place} is not told by flow: too few hold a plan, or plans "
        "and new plans are not published for enough years in a row.",
        source=report.source(of(report.to_latest(PLANS)), of(report.to_latest(NEW))),
    )


def _leading(report: Report, told: Span, sums: pd.Series, like: str) -> str:
    """Return a title that says which flow accounts for the largest share of a rise."""
    if sums.dropna().empty or not told.difference > 0:
        return ""
    part = str(sums.idxmax())
    subject = {
        growth.AS_BEFORE: f"Flows as in {like} account",
        growth.MORE_BEGAN: f"More new plans each year than in {like} account",
        growth.FEWER_LEFT: f"A smaller share of plans leaving each year than in {like} accounts",
    }[part]
    share = 100 * float(sums[part]) / told.difference
    size = "more than all" if share > 100 else share_words(share)
    return f"{subject} for {size} of the rise in EHC plans in {report.place}"


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
    years = int((flows["year"].astype("int64") >= report.baseline_year).sum())
    if not known or report.is_small or years < FEWEST_YEARS:
        return Markdown(
            f"For {report.place}, what began and what left cannot be told apart over these years."
        )
    by_year = flows.set_index("year")
    told = " ".join(
        f"Had each year been like {like} ({_plans(by_year['began'][like], 'new ')}, "
        f"{number(by_year['leaving'][like], 'per cent', 1)} leaving), plans would have "
        f"{_parts_in_words(parts.set_index('part')['value'])}."
        for like, parts in known.items()
    )
    return Markdown(f"{told} {_why_they_differ(flows, list(known))}".strip())


def _parts_in_words(values: pd.Series) -> str:
    """Write the parts of a rise by flow, each by its sign.

    Examples
    --------
    >>> parts = [growth.AS_BEFORE, growth.MORE_BEGAN, growth.FEWER_LEFT]
    >>> _parts_in_words(pd.Series([18_815.0, 319_496.0, 140_344.0], parts))
    'risen by 18,815. New plans above that added 319,496, and a smaller share leaving added 140,344'
    >>> _parts_in_words(pd.Series([-50.0, -8.0, -7.0], parts))
    'fallen by 50. New plans below that took away 8, and a larger share leaving took away 7'
    """
    before, began, left = (
        float(values[part]) for part in (growth.AS_BEFORE, growth.MORE_BEGAN, growth.FEWER_LEFT)
    )
    verbs = ["added" if part >= 0 else "took away" for part in (began, left)]
    return (
        f"{'risen' if before >= 0 else 'fallen'} by {number(abs(before))}. New plans "
        f"{'above' if began >= 0 else 'below'} that {verbs[0]} {number(abs(began))}, and a "
        f"{'smaller' if left >= 0 else 'larger'} share leaving {verbs[1]} {number(abs(left))}"
    )


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
    if report.is_small:
        return Markdown(
            f"How many plans began and ended is not told for {report.place}: too few hold a plan."
        )
    record, told = report.record(NEW), span(new)
    both = _both(new, ended)
    alone = only_one(f"New EHC plans in {report.place}", new, record)
    title = titled(f"New EHC plans a year in {report.place}", told, **record)
    if len(both):
        newest = both["period"].max()
        title = (
            f"{_plans(at(new, newest))} began in {report.place} in {newest}, and "
            f"{number(at(ended, newest))} ended"
        )
    return alone or drawn(
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
                faults.note(report, PLANS) if report.level == "council" else "",
            ]
        ).strip(),
        **record,
        **report.source(new, report.figures(CEASED)),
    )


def begun_for_each_ended(report: Report, new: pd.DataFrame, ended: pd.DataFrame) -> Markdown:
    """Say how many plans began for each that ended, in the newest year and in the first."""
    ratios = caseload.begun_for_each_ended(new, ended)
    if report.is_small or ratios.empty:
        return Markdown(
            f"For {report.place}, plans that began are not set against plans that ended: they are "
            "not both published, or too few ended."
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


def leaving_by_age(
    report: Report, everything: pd.DataFrame, ceased: pd.DataFrame
) -> HTML | Markdown:
    """Return how many of the plans held at each stage of age ceased, in each year."""
    rates = growth.leaving_by_age(everything, ceased)
    if report.is_small or rates.empty:
        return Markdown(
            f"Plans that ceased are not told by age for {report.place}: too few hold a plan, or "
            "no ages are published for these years."
        )
    years = sorted(rates["period"].unique())
    shares = {
        (row["band"], row["period"]): _share_that_ceased(row) for row in rates.to_dict("records")
    }
    return table_in_frame(
        id="leaving-by-age",
        title=f"Of plans held in {report.place}, how many ceased within the year, by age",
        subtitle=f"EHC plans that ceased, for all held in January, {report.name}, calendar year",
        heads=["Age", *years],
        rows=[
            [band, *(shares.get((band, year), "not published") for year in years)]
            for band in growth.LEAVING_BANDS
        ],
        note="Ages are published for these years only, so they cannot show whether plans last "
        "longer than before. A plan is told at the age at which it ceased, so those who came into "
        "the last row within the year can make its share more than all. Plans that moved to "
        "another council are in it.",
        source=report.source(in_dimension(everything, "age:"), in_dimension(ceased, "age:")),
    )


def _share_that_ceased(row: Mapping[Hashable, Any]) -> str:
    """Write a share of plans held, or both numbers where few are held.

    Examples
    --------
    >>> _share_that_ceased({"held": 200.0, "ceased": 25.0, "value": 12.5})
    '12.5%'
    >>> _share_that_ceased({"held": 8.0, "ceased": 1.0, "value": 12.5})
    '1 of 8'
    """
    if row["held"] < FEW:
        return f"{number(row['ceased'])} of {number(row['held'])}"
    return str(number(row["value"], "per cent", 1))


def a_year_older(report: Report, everything: pd.DataFrame) -> Markdown:
    """Follow each age from one January to the next: where plans are added and where they end."""
    followed = {
        when: growth.cohorts(everything, when) for when in sorted(everything["period"].unique())
    }
    known = [when for when, table in followed.items() if len(table)]
    if report.is_small or not known:
        return Markdown(
            f"For {report.place}, holders of a plan cannot be followed from one age to the next."
        )
    stages = growth.cohorts_by_stage(followed[known[-1]])
    start, end = known[-1], january(first_year(known[-1]) + 1)
    parts = "; ".join(f"{words}, {signed(added)}" for words, added in stages.items())
    return Markdown(
        f"Followed from {label(start, 'january')} to {label(end, 'january')}, when each is a year "
        f"older, plans in {report.place} changed in number so: {parts}. Together that is "
        f"{signed(float(stages.sum()))}."
    )


def _plans(count: float, kind: str = "") -> str:
    """Write a number of plans, one of them too.

    Examples
    --------
    >>> _plans(1.0), _plans(2450.0, "new ")
    ('1 plan', '2,450 new plans')
    """
    return f"{number(count)} {kind}{'plan' if count == 1 else 'plans'}"


def _both(new: pd.DataFrame, ended: pd.DataFrame) -> pd.DataFrame:
    return per(new, ended).dropna(subset="value")
