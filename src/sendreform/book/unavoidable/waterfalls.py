"""The rise in plans taken apart on the page "Reform is unavoidable": parts that add up to it."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import Markdown

from sendreform.book.unavoidable.shared import PLANS, share_words, shares_told
from sendreform.book.words import breaks_passed, drawn, listed, number, signed
from sendreform.charts import Figure, waterfall
from sendreform.evidence.series import Span
from sendreform.periods import label
from sendreform.report import Report


def taken_apart(
    report: Report,
    told: Span,
    parts: pd.DataFrame,
    *,
    id: str,
    by: str,
    note: str,
    otherwise: str,
    source: Mapping[str, str],
    leading: str = "",
) -> Figure | Markdown:
    """Draw parts of the rise in plans as a waterfall from the first January to the last.

    Parameters
    ----------
    parts
        ``label`` and ``value``, which add to the rise.
    by
        What the rise is taken apart by, for the title.
    leading
        A title that names the largest share, instead of one made here; told where shares are.
    """
    first, last = label(told.first_period, "january"), label(told.last_period, "january")
    # Parts could point to a child in a place where few hold a plan.
    shown = first != last and not report.is_small
    there = parts[parts["value"].notna()] if shown else parts.head(0)
    steps = pd.DataFrame(
        {
            "label": [first, *there["label"], last],
            "value": [told.first, *there["value"], told.last],
        }
    )
    largest = there.reindex(there["value"].astype("float64").abs().nlargest(2).index)
    named_parts = "; ".join(
        f"{row['label'].lower()}, {signed(row['value'])}" for row in largest.to_dict("records")
    )
    title = f"The rise in EHC plans in {report.place}, by {by}"
    if len(there) and shares_told(report, told):
        title = leading or _led_by(report, told, there)
    return drawn(
        waterfall,
        steps if len(there) else steps.head(0),
        otherwise=otherwise,
        id=id,
        title=title,
        subtitle=f"EHC plans, {report.name}, {first} to {last}{_across(report, told)}",
        alt=f"Waterfall from {number(told.first)} EHC plans in {first} to {number(told.last)} in "
        f"{last}. Largest parts: {named_parts}.",
        start=first,
        end=last,
        unit="plans",
        note=note,
        **source,
    )


def _led_by(report: Report, told: Span, parts: pd.DataFrame) -> str:
    """Return a title that names the largest part of a rise."""
    top = parts.sort_values("value").iloc[-1]
    share = 100 * float(top["value"]) / told.difference
    what = f"the rise in EHC plans in {report.place}"
    if share > 100:
        return f"{top['label']}: more than all of {what}"
    return f"{top['label']}: {share_words(share)} of {what}"


def _across(report: Report, told: Span) -> str:
    """Say which breaks in the count of plans lie between two Januaries."""
    breaks = report.record(PLANS)["breaks"]
    passed = breaks_passed(told.first_period, told.last_period, "january", breaks)
    return f", across a series break in {listed(passed)}" if passed else ""
