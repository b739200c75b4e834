"""Plans over time on the page "Reform is unavoidable": their number and their growth."""

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.unavoidable.shared import PLANS, a_year
from sendreform.book.words import by_per_cent, described, drawn, number, say_known, titled
from sendreform.charts import Figure, line_over_time
from sendreform.evidence import growth
from sendreform.evidence.series import span
from sendreform.periods import first_year, january, label
from sendreform.report import Report


def plans_over_time(report: Report, plans: pd.DataFrame) -> Figure | Markdown:
    """Draw the number of plans."""
    record, told = report.record(PLANS), span(plans)
    return drawn(
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
    last = there["period"].max() if len(there) else ""
    earlier = there[there["period"] <= january(first_year(last) - 3)] if last else there
    recent, newest, before = (
        growth.compound_growth(table, years) for table, years in ((there, 3), (there, 1),
                                                                  (earlier, 3))
    )  # fmt: skip
    return say_known(
        f"EHC plans in {report.place}:",
        {
            f"over the three years to {label(last, 'january')}, they": a_year(recent),
            "in the last of these years, they": by_per_cent(newest, ("grew", "shrank")),
            "in the three years before, they": a_year(before),
        }
        if last
        else {},
        f"For {report.place}, too few counts are published to tell a pace of growth.",
    )


def yearly_growth(report: Report, grown: pd.DataFrame) -> Figure | Markdown:
    """Draw the growth of each year on the year before."""
    record = report.record(PLANS) | {"unit": "per cent", "decimals": 1}
    ends = grown.sort_values("value")
    least, most = (ends.iloc[0], ends.iloc[-1]) if len(ends) else (None, None)
    lay_between = (
        f"between {number(least['value'], 'per cent', 1)} and "
        f"{number(most['value'], 'per cent', 1)} a year"
        if least is not None and most is not None
        else ""
    )
    return drawn(
        line_over_time,
        (grown.head(0) if report.is_small else grown).assign(series=report.name),
        otherwise=f"Yearly growth is not drawn for {report.place}: too few hold a plan, or no two "
        "years in a row are published.",
        id="yearly-growth",
        title=f"Plans in {report.place} grew by {lay_between}",
        subtitle=f"Growth of EHC plans on the January before, per cent, {report.name}",
        alt=f"Line chart of yearly growth. The least is in {label(least['period'], 'january')}, "
        f"the most in {label(most['period'], 'january')}."
        if least is not None and most is not None
        else "Line chart of yearly growth.",
        note="A figure at a series break compares two ways of counting.",
        **record,
        **report.source(grown),
    )
