"""Outcomes on the page "Reform is essential": results by SEN status, and where the gaps went."""

from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.essential.shared import (
    NAN,
    NO_FIGURE,
    Row,
    followed,
    from_to,
    none_or,
    provisional,
    said,
    unless_small,
    why_none,
    years_of,
)
from sendreform.book.links import link_to_measure
from sendreform.book.word_tables import Cell, source_line, table_of
from sendreform.book.words import (
    counted,
    described,
    drawn,
    is_missing,
    moved,
    number,
    say,
    say_known,
    sentence_case,
    signed,
    titled,
)
from sendreform.charts import Figure, bars, gap_over_time, intervals, line_over_time
from sendreform.claims.result import Result
from sendreform.evidence import outcomes
from sendreform.evidence.outcomes import (
    ABOUT_THE_SAME,
    EHC_PLAN,
    LAST_YEAR_BEFORE_THE_PANDEMIC,
    NARROWED,
    NO_SEN,
    SEN_SUPPORT,
    SHORTEST_STRETCH,
    UNTOLD,
    WIDENED,
)
from sendreform.evidence.series import Span, of, span
from sendreform.report import Report

AT_6, AT_11, AT_19 = (
    "phonics_in_year_1",
    "reading_writing_maths_at_11",
    "level_2_english_maths_at_19",
)
#: Outcomes as the bars of a chart name them; the others go by their titles.
SHORT = {
    AT_6: "Phonics at age 6",
    AT_11: "Standard at age 11",
    "attainment_8": "Attainment 8",
    "progress_8": "Progress 8",
    "ebacc_average_point_score": "EBacc points",
    "sustained_destination": "Destination after 16",
}
PLAN_SHARE, SUPPORT_SHARE = "pupils_with_ehc_plan_share", "pupils_with_sen_support_share"

#: What a gap does.
VERBS = ("widened", "narrowed")
#: Who the pupils of a series are, in a sentence.
WHO = {
    EHC_PLAN: "pupils with an EHC plan",
    SEN_SUPPORT: "pupils on SEN support",
    NO_SEN: "pupils with no SEN",
}


def results_at_11(report: Report, card: pd.DataFrame) -> Figure | Markdown:
    """Draw the results at age 11 by SEN status; the title tells the gap of a scorecard."""
    figures = unless_small(report, outcomes.by_sen_status(report.figures(AT_11)))
    gap, record = _course(card, AT_11, EHC_PLAN, "gap"), report.record(AT_11)
    return drawn(
        gap_over_time,
        figures,
        otherwise=why_none(report, AT_11),
        id="outcomes-at-11",
        title=titled(
            f"At age 11 the gap for pupils with an EHC plan in {report.place}",
            gap,
            **record | {"verbs": VERBS},
        ),
        subtitle="Per cent of pupils who reach the expected standard in reading, writing and "
        f"maths, by SEN status, {report.name}, {years_of(figures)}",
        alt=described(
            "Dots for each group, joined by a bar in each year",
            "Gap in percentage points between pupils with an EHC plan and with no SEN",
            gap,
            **record | {"unit": "points", "verbs": VERBS},
        ),
        note="No tests were held in the two pandemic years.",
        **record,
        **report.source(figures),
    )


def at_11_in_words(report: Report, card: pd.DataFrame) -> HTML | Markdown:
    """Say what share of each group reached the standard, and how the gaps of a scorecard moved."""
    if report.is_small:
        return said("")
    reached = _reached(report, AT_11, "reached the expected standard at the end of primary school")
    points: dict[str, Any] = {"kind": "academic_year", "unit": "points", "verbs": VERBS}
    gaps = say_known(
        "Since the last break in the series, in percentage points,",
        {
            f"the gap for {WHO[series]}": moved(_course(card, AT_11, series, "gap"), **points)
            for series in (EHC_PLAN, SEN_SUPPORT)
        },
        "There are not two figures without a break between them to tell how the gaps moved.",
    )
    return Markdown(f"{reached} {gaps.data}")


def across_the_pandemic(report: Report) -> HTML | Markdown:
    """Set the newest results at 11 and their gaps beside those of the year before the pandemic."""
    if report.is_small:
        return said("")
    outcome = report.figures(AT_11)
    figures = outcomes.levels_and_gaps(outcome, report.store.measures).dropna(subset="level")
    years = (LAST_YEAR_BEFORE_THE_PANDEMIC, max(figures["period"], default=""))
    both = figures[figures["period"].isin(years) & (years[0] < years[1])].sort_values("period")
    plan, support = (both[both["series"] == series] for series in (EHC_PLAN, SEN_SUPPORT))
    return say_known(
        f"Across that break, {years[0]} beside {years[1]} in {report.place}:",
        {
            f"{WHO[EHC_PLAN]},": _then_and_now(plan["level"], plan["gap"]),
            f"{WHO[SEN_SUPPORT]},": _then_and_now(support["level"], support["gap"]),
            f"{WHO[NO_SEN]},": _then_and_now(plan["no_sen"]),
        },
        f"For {report.place}, there are no results of before and after the pandemic to compare.",
    )


def _then_and_now(levels: pd.Series, gaps: pd.Series | None = None) -> str | None:
    if levels.count() != 2:
        return None
    words = " and ".join(f"{level:.0f}%" for level in levels)
    if gaps is None or gaps.count() != 2:
        return words
    return f"{words} (a gap of {' and '.join(f'{gap:.0f}' for gap in gaps)} percentage points)"


def results_at_19(report: Report) -> Figure | HTML | Markdown:
    """Draw how many reach Level 2 with English and maths by 19, by SEN status at 15."""
    if report.is_small:
        return said("")
    figures = outcomes.by_sen_status(report.figures(AT_19))
    newest = {name: span(figures[figures["series"] == name]).last for name in WHO}
    levels = [
        f"{name} {number(level, 'per cent', 1)}"
        for name, level in newest.items()
        if not is_missing(level)
    ]
    return drawn(
        line_over_time,
        figures,
        otherwise=report.no_figure(AT_19),
        id="outcomes-at-19",
        title=f"By age 19, {number(newest[EHC_PLAN], 'per cent')} of young people with an EHC plan "
        f"in {report.place} hold Level 2 with English and maths"
        if not is_missing(newest[EHC_PLAN])
        else f"Level 2 with English and maths by age 19 in {report.place}",
        subtitle="Per cent qualified to Level 2 with English and maths by age 19, by SEN status at "
        f"15, {report.name}, {years_of(figures)}",
        alt=f"Line chart by SEN status. Newest figures: {', '.join(levels)}.",
        **report.record(AT_19) | {"decimals": 1},
        **report.source(figures),
    )


def at_19_in_words(report: Report) -> HTML | Markdown:
    """Say what share of each group held Level 2 with English and maths by age 19."""
    return said("" if report.is_small else _reached(report, AT_19, "held this level by age 19"))


def _reached(report: Report, measure: str, reached: str) -> str:
    figures = outcomes.by_sen_status(report.figures(measure)).dropna(subset="value")
    period = max(figures["period"], default="")
    levels = figures[figures["period"] == period].set_index("series")["value"]
    decimals = min(report.record(measure)["decimals"], 1)
    plan, support, none = (number(levels.get(name, NAN), "per cent", decimals) for name in WHO)
    sentence = say(
        "In {period}, {plan} of those with an EHC plan in {place} {reached}, {support} of those on "
        "SEN support and {none} of those with no SEN.",
        "For {place}, these results are not published for every group of pupils in these years.",
        place=report.place, period=period, reached=reached, plan=plan, support=support, none=none,
    )  # fmt: skip
    return str(sentence.data)


def tally_of_outcomes(report: Report, card: pd.DataFrame) -> HTML | Markdown:
    """Say on how many of the outcomes that can be followed each gap did what."""
    if report.is_small:
        return said("")
    told = {
        f"the gap for {WHO[series]}": followed(card, series)["gap_direction"]
        for series in (EHC_PLAN, SEN_SUPPORT)
    }
    return say_known(
        f"We look at all {counted(card['measure'].nunique(), 'outcome')} that are published by SEN "
        f"status. Of those that can be followed in {report.place} in these years,",
        {
            subject: f"narrowed on {none_or(directions, NARROWED)}, widened on "
            f"{none_or(directions, WIDENED)} and stayed about the same on "
            f"{none_or(directions, ABOUT_THE_SAME)} of {counted(len(directions))}"
            if len(directions)
            else None
            for subject, directions in told.items()
        },
        f"In {report.place}, too few outcomes have figures without a break in these years to tell "
        "which way the gaps went.",
    )


def scorecard(
    report: Report, card: pd.DataFrame, many: pd.DataFrame, series: str
) -> HTML | Markdown:
    """Return the scorecard of one group of pupils as a table.

    Parameters
    ----------
    card
        The scorecard of the place.
    many
        The scorecard with counts of councils, of the place or of England (see
        :func:`of_many_councils`).
    series
        The group of pupils.
    """
    key = ["measure", "series"]
    rows = card.merge(many[[*key, "councils", "councils_narrowed"]], on=key)
    of_group = rows[rows["series"] == series]
    shown = of_group[of_group["figures"] > 0]
    if report.is_small or shown.empty:
        return said("" if report.is_small else f"No outcome for {WHO[series]} can be shown.")
    titles = report.store.measures["title"]
    missing = [titles[name] for name in of_group["measure"] if name not in set(shown["measure"])]
    also = (
        f" Not published for these pupils in these years: {'; '.join(missing)}." if missing else ""
    )
    not_final = " ".join(
        words + " "
        for row in shown.to_dict("records")
        for words in [provisional(report, row["measure"], row["to"])]
        if words
    )
    where = "England's councils" if report.level == "council" else "Councils"
    source = report.source(*(report.figures(name) for name in shown["measure"]))
    return HTML(
        table_of(
            f"What became of each outcome for {WHO[series]}, {report.name}",
            [
                "Outcome",
                "Years (figures)",
                "Result",
                "Its change",
                "Gap to pupils with no SEN",
                "Its change",
                "The gap",
                f"{where} where it narrowed",
            ],
            [_scored(report, row) for row in shown.to_dict("records")],
            words=(1, 6),
        )
        + f"<p>{escape(f'{also.strip()} {not_final}'.strip())} {source_line(source)}.</p>"
    )


def _scored(report: Report, row: Row) -> list[Cell]:
    record, years = report.record(row["measure"]), from_to(row["from"], row["to"])
    title = report.store.record(row["measure"])["title"].removesuffix(", by SEN status")
    decimals, direction = record["decimals"], row["level_direction"]
    return [
        HTML(f"{link_to_measure(row['measure'], title)}, {escape(record['unit'])}"),
        f"{years} ({row['figures']})",
        _figure(row["level"], decimals),
        _change(row["level_change"], decimals) + (f", {direction}" if direction else ""),
        _figure(row["gap"], decimals),
        _change(row["gap_change"], decimals),
        sentence_case(row["gap_direction"]) or _untold(row),
        f"{row['councils_narrowed']} of {row['councils']}" if row["councils"] else NO_FIGURE,
    ]


def _untold(row: Row) -> str:
    """Say in a cell why no direction of a gap is told."""
    if 0 < row["figures"] < SHORTEST_STRETCH:
        years = counted(row["figures"], "year")
        return f"Too short: {years}; {counted(SHORTEST_STRETCH)} needed"
    return f"Not told. {row['why']}"


def gaps_in_councils(many: Report, card: pd.DataFrame) -> Figure | Markdown:
    """Draw in what share of councils each gap narrowed, for the two groups of pupils.

    Parameters
    ----------
    many
        A report about a place of several councils.
    card
        Its scorecard with counts of councils.
    """
    told = card[(card["gap_direction"] != UNTOLD) & (card["councils"] > 0)]
    names = told["measure"].map(dict(many.store.measures["title"]) | SHORT)
    shown = told.assign(label=names + ", " + told["series"], value=told["councils_narrowed_share"])
    is_plan = shown["series"] == EHC_PLAN
    at_11 = shown[is_plan & (shown["measure"] == AT_11)].to_dict("records")
    said = [
        f"At age 11 the gap for pupils with an EHC plan narrowed in {row['councils_narrowed']} of "
        f"{counted(row['councils'], 'council')} in {many.place}"
        for row in at_11
    ]
    return drawn(
        bars,
        shown,
        otherwise=f"For {many.place}, no gap can be followed in councils in these years.",
        id="gaps-in-councils",
        title="".join(said) or f"Councils in {many.place} in which gaps narrowed",
        subtitle="Councils in which the gap to pupils with no SEN narrowed at all, per cent, "
        f"{many.name}, each outcome over its unbroken years. Dark: EHC plan. Grey: SEN support",
        alt=f"Bar chart in pairs for {counted(shown['measure'].nunique(), 'outcome')}: per cent of "
        "councils whose gap narrowed, for pupils with an EHC plan and for those on SEN support.",
        note="In each council a gap that moved at all counts, so chance alone takes a share "
        "towards a half.",
        unit="per cent of councils",
        focus=list(shown.loc[is_plan, "label"]),
        label_title="Outcome and group",
        **many.source(*(many.figures(name) for name in dict.fromkeys(shown["measure"]))),
    )


def middle_of_councils(result: Result) -> Markdown:
    """Say in what share of England's councils the gap narrowed, for the middle outcome."""
    return say(
        "In England, for the middle outcome of those that can be followed, the gap for pupils with "
        "an EHC plan narrowed in {share} of councils (95% interval {low} to {high}), and the gap "
        "for pupils on SEN support in {support}.",
        result.missing_because,
        share=number(result.value, "per cent"),
        low=number(result.low, "per cent"),
        high=number(result.high, "per cent"),
        support=number(result.checks.get("pupils on SEN support", NAN), "per cent"),
    )


def shares_of_pupils(report: Report) -> Markdown:
    """Say what share of pupils have a plan, or SEN support, and how that changed."""
    return say_known(
        f"Of all pupils at school in {report.place},",
        {
            words: moved(span(of(report.figures(measure))), **report.record(measure))
            for words, measure in (
                ("the share with an EHC plan", PLAN_SHARE),
                ("the share on SEN support", SUPPORT_SHARE),
            )
        },
        report.no_figure(PLAN_SHARE),
    )


def gaps_had_groups_stayed(report: Report, bounds: pd.DataFrame) -> Figure | HTML | Markdown:
    """Draw the gaps at 6 and 11 at start and end, with what changed groups alone could do.

    Parameters
    ----------
    bounds
        What :func:`sendreform.evidence.outcomes.gaps_had_groups_stayed` returns.
    """
    if report.is_small:
        return said("")
    ages = {AT_6: "Age 6", AT_11: "Age 11"}
    told = bounds[bounds["measure"].isin(list(ages))]
    names = told["measure"].map(ages) + ", " + told["series"] + ", "
    at_start = told.assign(label=names + told["from"], value=told["gap_before"], low=NAN, high=NAN)
    at_end = told.assign(label=names + told["to"], value=told["gap"])
    figures = (report.figures(measure) for measure in (AT_6, AT_11, PLAN_SHARE))
    return drawn(
        intervals,
        pd.concat([at_start, at_end]).sort_index(kind="stable"),
        otherwise=f"For {report.place}, the gaps at 6 and 11 and the shares of pupils are not "
        "published for the same years.",
        id="gaps-and-changed-groups",
        title=f"A change in the groups alone {_accounts_for(told)} at ages 6 and 11 moved",
        subtitle="Gap to pupils with no SEN, percentage points, phonics at 6 and expected standard "
        f"at 11, {report.name}. Lines: least and greatest gap had the groups kept their size",
        alt="Dots for the gap at the start and the end, for pupils with an EHC plan and on SEN "
        "support; lines for what groups of the old size could have. Gaps that started within the "
        f"line: {_within(told)} of {len(told)}.",
        note="The lines are the widest that are possible, and no estimate: they show what cannot "
        "be ruled out. They take the groups' shares among all pupils for those of the year group. "
        + provisional(report, AT_6, max(told["to"], default="")),
        unit="percentage points",
        label_title="Age, group and year",
        **report.source(*figures),
    )


def changed_groups_in_words(report: Report, bounds: pd.DataFrame) -> HTML | Markdown:
    """Say for how many of all bounded gaps changed groups alone could account."""
    if bounds.empty or report.is_small:
        return said("")
    return Markdown(
        "Over all outcomes for which this can be worked out, a change in the groups alone "
        f"{_accounts_for(bounds)} moved in {report.place}. Where it could, the figures rule out "
        "neither that pupils with SEND are better served than before nor that they are worse "
        "served."
    )


def _within(bounds: pd.DataFrame) -> int:
    """Count the gaps whose start lies within what changed groups alone could give at the end."""
    return int(bounds["gap_before"].between(bounds["low"], bounds["high"]).sum())


def _accounts_for(bounds: pd.DataFrame) -> str:
    within, gaps = _within(bounds), counted(len(bounds), "gap")
    if not within:
        return f"could not account for how any of {gaps}"
    share = "all" if within == len(bounds) else f"{counted(within)} of"
    return f"could account for how {share} {gaps}"


def _course(card: pd.DataFrame, measure: str, series: str, column: str) -> Span:
    """Return the start and the end of a level or a gap of a scorecard."""
    row = card[(card["measure"] == measure) & (card["series"] == series)].iloc[0]
    return Span(row["from"], row["to"], row[column] - row[f"{column}_change"], row[column])


def _figure(value: float, decimals: int) -> str:
    return number(value, "", decimals) or NO_FIGURE


def _change(value: float, decimals: int) -> str:
    return signed(value, decimals=decimals) or NO_FIGURE
