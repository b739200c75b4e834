"""Needs on the page "Reform is unavoidable": what the leading ones add to the rise in plans."""

import pandas as pd
from IPython.display import Markdown

from sendreform.book.unavoidable.shared import PLANS, no_shares, share_words, shares_told
from sendreform.book.unavoidable.waterfalls import taken_apart
from sendreform.book.words import counted, listed, say, sentence_case
from sendreform.charts import Figure
from sendreform.evidence import growth
from sendreform.evidence.series import Span, of
from sendreform.periods import label
from sendreform.report import Report

NEEDS = "pupils_with_ehc_plan_by_need"


def rise_by_need(report: Report, told: Span, parts: pd.DataFrame) -> Figure | Markdown:
    """Draw what the three needs that added most, all others and other settings added."""
    words = _need_words(report) | {
        growth.NOT_IN_THESE_SCHOOLS: "Not in state-funded schools"
        if report.is_england
        else "Not in state-funded schools here"
    }
    leading = _leading(parts)
    added = float(leading["change"].sum())
    title = (
        f"{sentence_case(counted(len(leading), 'need'))} "
        f"{'account' if len(leading) > 1 else 'accounts'} for "
        f"{share_words(100 * added / told.difference)} of the rise in EHC plans in {report.place}"
        if added > 0 and shares_told(report, told)
        else ""
    )
    return taken_apart(
        report,
        told,
        pd.DataFrame(
            {
                "label": [words.get(need, need) for need in parts["need"]],
                "value": parts["change"].to_list(),
            }
        ),
        id="rise-by-need",
        leading=title,
        by="primary need",
        note="Primary need as schools record it, for pupils in state-funded schools and "
        "non-maintained special schools. All other plans are one part"
        + (
            "."
            if report.is_england
            else ", with pupils who go to school in another council's area than their plan's."
        )
        + _break_words(report, told),
        otherwise=f"The rise in {report.place} is not told by need: too few hold a plan, or needs "
        "are not published for two Januaries.",
        source=report.source(report.summed(NEEDS), of(report.figures(PLANS))),
    )


def need_parts(report: Report, told: Span, parts: pd.DataFrame) -> Markdown:
    """Say what share the three needs are, and how little of it more pupils would have brought."""
    leading = _leading(parts)
    added = float(leading["change"].sum())
    if not shares_told(report, told) or added <= 0:
        return no_shares(report)
    names = [_need_words(report).get(need, need) for need in leading["need"]]
    in_words = [name[0].lower() + name[1:] for name in names]
    by_pupils = 100 * float(leading["by_base"].sum()) / added
    pupils = (
        "More pupils alone would have brought {pupils} of what they added."
        if not by_pupils < 0
        else "There were fewer pupils: that alone would have taken away as many plans as {pupils} "
        "of what they added."
    )
    return say(
        "In {place}, {needs} account for {share} of the rise. " + pupils,
        no_shares(report).data,
        place=report.place,
        needs=listed(in_words),
        share=share_words(100 * added / told.difference),
        pupils=share_words(abs(by_pupils)),
    )


def _leading(parts: pd.DataFrame) -> pd.DataFrame:
    """Keep the needs that are named."""
    return parts[~parts["need"].isin([growth.OTHER_NEEDS, growth.NOT_IN_THESE_SCHOOLS])]


def _break_words(report: Report, told: Span) -> str:
    """Say what changed in how needs are recorded between two Januaries."""
    breaks = report.record(NEEDS)["breaks"]
    return "".join(
        f" {label(period, 'january')}: {note}"
        for period, note in sorted(breaks.items())
        if told.first_period < period <= told.last_period
    )


def _need_words(report: Report) -> dict[str, str]:
    needs = report.store.breakdowns.query("dimension == 'need'")
    return dict(zip(needs["code"], needs["label"], strict=True))
