"""The five prerequisites on the page "Reform is essential": a survey beside open data."""

from collections.abc import Mapping

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.essential.shared import NAN, NO_FIGURE, Row, years_of
from sendreform.book.links import link_to_measure
from sendreform.book.narrowing import of_england
from sendreform.book.verdict_box import amount
from sendreform.book.word_tables import Cell, table_of
from sendreform.book.words import by_per_cent, drawn, is_missing, number, say
from sendreform.charts import Figure, diverging
from sendreform.claims.result import Result
from sendreform.claims.results import prerequisites
from sendreform.evidence.prerequisites import Spread, spread
from sendreform.report import Report


def survey(report: Report) -> Figure | Markdown:
    """Draw what share of those who answered the survey disagreed; a bound is drawn as one."""
    england = of_england(report)
    exact, more_than = (
        england.figures(name) for name in (prerequisites.EXACT, prerequisites.MORE_THAN)
    )
    figures = pd.concat([exact.assign(bound=""), more_than.assign(bound="more than")])
    asked = report.store.breakdowns.query("dimension == 'question'").set_index("code")["label"]
    # The publisher gives one bound for all of the five.
    share, bound = [number(table["value"].min(), "per cent") for table in (exact, more_than)]
    return drawn(
        diverging,
        figures.assign(
            label=pd.Categorical(
                figures["breakdown"].str.removeprefix("question:").map(asked), asked.unique()
            ),
            stance="Disagree",
        )
        .sort_values("label")
        .astype({"label": "str"}),
        otherwise="The survey of 2024 is not from the years of this page.",
        id="survey",
        title=f"Of those who answered, {share} disagreed that the SEND system works well, and "
        f"more than {bound} that it meets each prerequisite",
        subtitle="Per cent of respondents who disagreed with a statement, survey for the report, "
        f"England, {years_of(figures)}",
        alt=f"Bars to the left. One exact figure, {share}; for five statements more than "
        f"{bound}, drawn open from there, as the exact share is not published.",
        note="How many answered, and how they were chosen, is not published. Only those who "
        "disagreed are told.",
        unit="per cent of respondents",
        **report.source(figures),
    )


def survey_beside_data(table: pd.DataFrame) -> HTML:
    """Return what the survey said of each prerequisite beside what open data show.

    Parameters
    ----------
    table
        What :func:`sendreform.claims.results.prerequisites.prerequisite_table` returns.
    """
    return HTML(
        table_of(
            "What the survey of 2024 said of each prerequisite, and what open data show, England",
            ["Prerequisite", "Disagreed that it is met", "Open data", "Figure", "When"],
            [_indicated(row) for row in table.to_dict("records")],
            words=(2, 4),
        )
    )


def _indicated(row: Row) -> list[Cell]:
    said, is_known = number(row["survey_more_than"], "per cent"), not is_missing(row["value"])
    return [
        row["prerequisite"],
        f"more than {said}" if said else NO_FIGURE,
        HTML(link_to_measure(row["measures"][0], row["title"])),
        amount(row["value"], row["unit"], row["decimals"]) if is_known else "no figure",
        row["period"] if is_known else NO_FIGURE,
    ]


def prerequisites_in_words(
    report: Report, found: Mapping[str, Result], table: pd.DataFrame
) -> Markdown:
    """Say of each of the first four prerequisites what the figures for England show, and do not.

    Parameters
    ----------
    found
        What the tests of the page find for England, by the name of the result.
    table
        What :func:`sendreform.claims.results.prerequisites.prerequisite_table` returns.
    """
    overspent = table.loc[table["measures"] == (prerequisites.BALANCE,), "value"]
    compared = prerequisites.councils_compared(of_england(report))
    paragraphs = (
        _deficits(found["share_of_councils_in_deficit"], float(overspent.iloc[0])),
        _funding(found["change_in_real_funding_per_plan"]),
        _fairness(found["spread_of_funding_per_plan"], spread(compared["funding_per_plan"])),
        _equity(found["spread_left_after_deprivation"]),
    )
    return Markdown("\n\n".join(paragraph.data for paragraph in paragraphs))


def _deficits(result: Result, overspent: float) -> Markdown:
    least, most = (
        number(
            result.checks.get(f"had {which} council without a figure overspent", NAN), "per cent"
        )
        for which in ("no", "every")
    )
    # The sum in pounds is published for one date, the share of councils for more.
    by_how_much = "" if is_missing(overspent) else f", by {number(overspent, 'pounds')} together"
    bounds = (
        ""
        if least == most
        else f" Counting the councils without a figure, it lies between {least} and {most}."
    )
    return say(
        "**Money that lasts.** {when}, {share} of England's councils with a figure had overspent "
        "the Dedicated Schools Grant{by_how_much}.{bounds}",
        f"**Money that lasts.** {result.missing_because}",
        when=f"{'On' if ' ' in result.period else 'At the end of'} {result.period}",
        share=number(result.value, "per cent"),
        by_how_much=by_how_much,
        bounds=bounds,
    )


def _funding(result: Result) -> Markdown:
    since = result.checks.get("from 2019-20", NAN)
    is_early = abs(since) < abs(result.value) / 2
    opening = "Most of that came before 2019-20; since then it" if is_early else "Since 2019-20 it"
    later = "" if is_missing(since) else f" {opening} {by_per_cent(since)}."
    return say(
        "**Enough money.** From {period}, on one basis, high needs funding for each plan in "
        "England {changed} in real terms." + later + " Less money for each plan does not prove "
        "that money is too little, as the plans of today may ask for less.",
        f"**Enough money.** {result.missing_because}",
        period=result.period,
        changed=None if result.is_missing else by_per_cent(result.value),
    )


def _fairness(result: Result, apart: Spread) -> Markdown:
    return say(
        "**Shared fairly.** In {period}, before deductions, the council in England a tenth of the "
        "way from the bottom received {low} a plan, the one a tenth from the top {high}: {times} "
        "times as much.",
        f"**Shared fairly.** {result.missing_because}",
        period=result.period,
        low=number(apart.low, "pounds"),
        high=number(apart.high, "pounds"),
        times=number(result.value, "times", 2),
    )


def _equity(result: Result) -> Markdown:
    return say(
        "**An equal chance.** In {period}, differences in deprivation explain {explained} of the "
        "differences between England's councils in the share of pupils with a plan, statistically "
        "(95% interval {low} to {high}). The rest lies in needs that are not measured here, and in "
        "how they are met and decided upon; the figures do not say which.",
        f"**An equal chance.** {result.missing_because}",
        period=result.period,
        explained=number(100 - result.value, "per cent"),
        low=number(100 - result.high, "per cent"),
        high=number(100 - result.low, "per cent"),
    )
