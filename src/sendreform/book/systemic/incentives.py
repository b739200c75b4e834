"""Incentives on the page "The root causes are systemic": needs, refusals, places and ages."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.narrowing import of_england
from sendreform.book.systemic.shared import PER_CENT, PLANS, between, course_of, ends_of, together
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import drawn, interval_of, number, say
from sendreform.charts import Figure, bars, line_over_time
from sendreform.claims.result import Result
from sendreform.claims.results.disputes import APPEALED_OR_MEDIATED
from sendreform.evidence import incentives
from sendreform.evidence.money import NOTIONAL_THRESHOLD, THRESHOLD_SINCE
from sendreform.evidence.placements import REST
from sendreform.evidence.series import of
from sendreform.periods import financial_year, label
from sendreform.report import Report

NEEDS = "pupils_with_ehc_plan_by_need"
DEFLATOR = "gdp_deflator"
THREE_NEEDS = (incentives.AUTISM, incentives.SPEECH, incentives.MENTAL_HEALTH)
#: Kinds of special schools, with their names on a chart.
SPECIAL = {incentives.INDEPENDENT_SPECIAL: "Independent", incentives.STATE_SPECIAL: "State"}
POST_16 = ("16 to 19", "20 to 25")
FURTHER_EDUCATION = "Further education"
UNKNOWN = "not published"
#: Where the same needs lead in at least this per cent of councils, the rule takes it for most.
MOST = 75


def prices_so_far(report: Report) -> pd.DataFrame:
    """Return England's deflator up to the report's last year, as far as it is no forecast."""
    # The one break in the deflator is where outturn ends and the forecast begins.
    beyond = min(*report.record(DEFLATOR)["breaks"], financial_year(report.latest_year))
    prices = of(report.store.observations(DEFLATOR))
    outturn: pd.DataFrame = prices[prices["period"] < beyond]
    return outturn


def threshold(report: Report, worth: pd.DataFrame, prices: pd.DataFrame) -> Figure | Markdown:
    """Draw what the fixed amount buys, and what it would be had it kept pace with prices.

    Parameters
    ----------
    worth
        What :func:`sendreform.evidence.incentives.threshold` returns.
    prices
        The deflator behind.
    """
    if len(worth) < 2:
        return Markdown(
            f"The amount was set for {THRESHOLD_SINCE}; these years end before prices moved."
        )
    amount, newest = number(NOTIONAL_THRESHOLD, "pounds"), worth.iloc[-1]
    lines = worth.melt(id_vars="period", value_vars=["kept_pace", "worth"]).assign(
        series=lambda rows: rows["variable"].map(
            {
                "kept_pace": "Had it kept pace",
                "worth": f"What it buys, {THRESHOLD_SINCE} prices",
            }
        )
    )
    return drawn(
        line_over_time,
        lines,
        otherwise="",
        id="threshold",
        title=f"The {amount} that schools find first buys {number(newest['lost'], PER_CENT)} less "
        f"than in {THRESHOLD_SINCE}",
        subtitle=f"Pounds for each pupil, England, financial years {worth['period'].iloc[0]} to "
        f"{newest['period']}",
        alt=f"Two lines from {amount}: had it kept pace with prices it would be "
        f"{number(newest['kept_pace'], 'pounds')} in {newest['period']}; it buys what "
        f"{number(newest['worth'], 'pounds')} bought at first.",
        kind="financial_year",
        unit="pounds",
        **report.source(prices),
    )


def rise_by_need(report: Report, by_need: pd.DataFrame, pupils: pd.DataFrame) -> Figure | Markdown:
    """Draw the pupils with a plan added in each group of needs.

    Parameters
    ----------
    by_need
        What :func:`sendreform.evidence.incentives.rise_by_need` returns.
    pupils
        The observations behind.
    """
    if report.is_small or not by_need["added"].sum() > 0:
        return Markdown(
            f"Recorded needs are not shown for {report.place}: too few hold a plan, their number "
            "did not rise, or no two years are published."
        )
    three = by_need[by_need["label"].isin(THREE_NEEDS)]
    total = three["share"].sum()
    # Where other needs fell, three can add more than all together.
    share = (
        f"make up {number(total, PER_CENT)} of the plans added in state-funded schools"
        if total <= 100
        else "add more plans than all needs together in state-funded schools"
    )
    start, end = ends_of(pupils)
    named = by_need[by_need["growth"].notna()]
    most = named.iloc[0]
    return drawn(
        bars,
        named.assign(value=named["added"]),
        otherwise="",
        id="needs-added",
        title=f"Autism, speech and language, and mental health needs {share} in {report.place}",
        subtitle="Pupils with an EHC plan added, by primary need, state-funded schools, "
        f"{report.name}, {between(report, NEEDS, start, end)}",
        alt=f"Bars of pupils added by group of needs. Most: {most['label'].lower()}, "
        f"{number(most['added'])}.",
        focus=[name for name in named["label"] if name in THREE_NEEDS],
        note="A pupil counts under the first need recorded. Down syndrome, counted by itself since "
        "January 2025, is left out.",
        unit="pupils",
        label_title="Primary need",
        **report.source(pupils),
    )


def same_needs(result: Result) -> Markdown:
    """Say in how many councils the same needs lead."""
    if result.is_missing:
        return Markdown(result.missing_because)
    by_growth = result.checks.get("by growth in per cent")
    otherwise = (
        f"; counted by growth in per cent, in {number(by_growth, PER_CENT)}"
        if by_growth is not None
        else ""
    )
    return Markdown(
        f"In {_of_councils(result.value)} at least two of the three needs that add most pupils are "
        f"among England's three ({result.period}){otherwise}. {_meaning(result)}"
    )


def _of_councils(share: float) -> str:
    return "every council" if share == 100 else f"{number(share, PER_CENT)} of councils"


def _meaning(result: Result) -> str:
    """Say what it means in how many councils the same needs lead."""
    if result.value < MOST:
        return "So in many places other needs lead, and the rise differs in kind."
    of_own_kind = (
        "no place has a rise of its own kind"
        if result.value == 100
        else "few places have a rise of their own kind"
    )
    return (
        f"They are also the needs most often recorded, so this shows that {of_own_kind}, and not "
        "that the children are alike."
    )


def refusals(
    report: Report, steps: Sequence[pd.DataFrame], sources: Sequence[pd.DataFrame]
) -> HTML | Markdown:
    """Return the steps from request and assessment to refusal and appeal as a table.

    Parameters
    ----------
    steps
        What :func:`sendreform.evidence.incentives.refusal_steps` returns for requests and for
        assessments.
    sources
        The observations behind.
    """
    known = [table for table in steps if len(table)]
    if not known or report.is_small:
        return Markdown(
            f"For {report.place}, the steps from request to appeal are not told: too few figures "
            "are published, or too few children are behind them."
        )
    rows = [
        [
            row["label"],
            number(row["value"]) or UNKNOWN,
            number(row["of_first"], PER_CENT, 1) or UNKNOWN,
            (number(row["of_refused"], PER_CENT, 1) or UNKNOWN) if place else "",
        ]
        for table in known
        for place, row in enumerate(table.to_dict("records"))
    ]
    years = " and ".join(dict.fromkeys(table["period"].iloc[0] for table in known))
    return table_in_frame(
        id="from-request-to-appeal",
        title="From a request to an appeal",
        subtitle=f"Requests and assessments of {years}, {report.name}, as councils recorded them "
        "by the January after",
        heads=["Step", "Number", "Of all requests or assessments", "Of those refused"],
        rows=rows,
        note=incentives.NOT_PUBLISHED,
        source=report.source(*sources),
    )


def refusals_appealed(report: Report, appealed: Result, decided: Result) -> Markdown:
    """Say how few refusals are appealed, and how the Tribunal decides appeals of all kinds."""
    of_decided = (
        ""
        if decided.is_missing
        else f" Of the appeals of every kind that the Tribunal decided in {decided.period}, "
        f"{number(decided.value, PER_CENT)} were decided at least in part for the family, in "
        "England."
    )
    few = (
        f"In {report.place} so few requests are refused that no share of them is told."
        if report.is_small
        else f"In {report.place}, {number(appealed.value, PER_CENT)}{interval_of(appealed)} of "
        f"refusals to assess were appealed ({appealed.period}){_or_mediated(appealed)}."
        if not appealed.is_missing
        else appealed.missing_because
    )
    return Markdown(few + of_decided)


def _or_mediated(appealed: Result) -> str:
    """Say what share was challenged in either way."""
    either = appealed.checks.get(APPEALED_OR_MEDIATED)
    return "" if either is None else f"; {number(either, PER_CENT)} were {APPEALED_OR_MEDIATED}"


def special_places(
    report: Report, places: pd.DataFrame, rise: pd.DataFrame, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw places in state special schools and in independent and non-maintained ones.

    Parameters
    ----------
    places
        What :func:`sendreform.evidence.incentives.special_places` returns.
    rise
        What :func:`sendreform.evidence.incentives.rise_in_special_places` returns.
    plans
        The observations behind.
    """
    grown = rise.dropna(subset=["start", "end"])
    independent, state = (grown[grown["label"] == kind] for kind in SPECIAL)
    if report.is_small or independent.empty or state.empty:
        return Markdown(
            f"Places in special schools are not shown for {report.place}: too few children are "
            "behind them, or no two years are published."
        )
    record = report.record(PLANS)
    return drawn(
        line_over_time,
        places.assign(series=places["label"].map(SPECIAL)),
        otherwise="",
        id="special-places",
        title=f"In {report.place} plans that name independent special schools "
        f"{course_of(independent)}, those that name state special schools {course_of(state)}",
        subtitle=f"EHC plans by kind of special school, {report.name}, "
        f"{between(report, PLANS, *ends_of(places))}",
        alt=f"Two lines. Independent and non-maintained special schools: "
        f"{number(independent['end'].iloc[0])} plans at the end; state special schools: "
        f"{number(state['end'].iloc[0])}.",
        note=together(
            "Independent means independent and non-maintained special schools together. Places "
            "filled, not places built.",
            "" if report.is_england else faults.note(report, PLANS, *places["period"]),
        ),
        kind="january",
        unit="plans",
        breaks=record["breaks"],
        **report.source(plans),
    )


def unit_costs(costs: pd.DataFrame) -> Markdown:
    """Say what an independent and a state special place cost in England, side by side."""
    if costs.empty:
        return Markdown("What a place costs is not published for these years.")
    newest = costs.iloc[-1]
    return Markdown(
        f"In England a place in an independent special school cost "
        f"{number(newest['independent'], 'pounds')} a year in {newest['period']}, and one in a "
        f"state special school {number(newest['state'], 'pounds')}, in cash: "
        f"{newest['times']:.1f} times as much. The figures say nothing of how needs differ."
    )


def after_16(
    report: Report, by_age: pd.DataFrame, by_placement: pd.DataFrame, start: str, end: str
) -> Markdown:
    """Say how much of the rise is at the ages after 16, and where England's are placed.

    Parameters
    ----------
    by_age, by_placement
        What :func:`sendreform.evidence.incentives.rise_by_age` and ``rise_by_placement`` return.
    start, end
        The Januaries between which the rise is.
    """
    ages, groups = (
        table.dropna(subset="start").set_index("label")["share"] for table in (by_age, by_placement)
    )
    rose = by_age["added"].sum() > 0 and not report.is_small
    known = rose and set(POST_16) <= set(ages.index)
    older, extension = (
        (number(ages[list(POST_16)].sum(), PER_CENT), number(ages[POST_16[-1]], PER_CENT))
        if known
        else (None, None)
    )
    in_england = of_england(report).figures(PLANS)
    placed = _placed_after_16(incentives.post_16_places(in_england, end), end)
    return say(
        "Young people from age 16 on are {older} of the rise in plans in {place}, those from age "
        "20 on {extension}; further education has {further} of it ({period})." + placed,
        "For {place}, no share of the rise is told by age: too few hold a plan, plans did not "
        "rise, or ages are not published at both ends." + placed,
        place=report.place,
        older=older,
        extension=extension,
        further=number(groups.get(FURTHER_EDUCATION, float("nan")), PER_CENT) if known else None,
        period=between(report, PLANS, start, end) if known else None,
    )


def _placed_after_16(places: pd.DataFrame, period: str) -> str:
    """Say where England's young people from 16 on with a plan are placed; nothing without figures.

    Parameters
    ----------
    places
        What :func:`sendreform.evidence.incentives.post_16_places` returns.
    """
    shares = places.set_index("label")["share"]
    if shares.empty:
        return ""
    return (
        f" Of England's young people aged 16 to 25 with a plan, "
        f"{number(shares[FURTHER_EDUCATION], PER_CENT)} were in further education in "
        f"{label(period, 'january')}, and {number(shares[REST], PER_CENT)} elsewhere or in no "
        "school or college."
    )
