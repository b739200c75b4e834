"""The page on what reform needs: causes against the plan, recommendations, events, in HTML."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from IPython.display import HTML, Markdown

from sendreform import periods
from sendreform.book.links import link_to_measure
from sendreform.book.narrowing import of_england
from sendreform.book.verdict_box import PAGES, answer_box
from sendreform.book.words import counted, drawn, moved, number, or_none, sentence_case
from sendreform.charts import Figure, slope
from sendreform.charts.causal_maps import MARKS
from sendreform.claims.reform import (
    AWAY,
    BETTER,
    PROGRESS_RULE,
    TOO_FEW,
    TOWARDS,
    UNTOLD,
    WORSE,
    Indicator,
    in_order,
    indicator,
)
from sendreform.claims.verdicts import FindingTest
from sendreform.errors import ReportError, did_you_mean
from sendreform.evidence import incentives
from sendreform.report import Report

LEDGER, COSTS = "claim_ledger.html", "placement_unit_cost"
MEETS = {"in part": "◐ In part", "no": "○ No", "cannot tell": "– Cannot tell"}


#: The words of the causal map.
MAP_CAPTION = {
    "id": "causal-map",
    "title": "How the argument runs from the framework to what families and councils see",
    "subtitle": "The argument of the 2024 report in our words; each line by what it rests on",
    "alt": "Map of causes in five rows. What the framework sets leads to more requests for plans, "
    "these to more plans, late plans and refusals, and those to costs, disputes, deficits and "
    "outcomes. A list follows.",
    "source": "Isos Partnership for the LGA and the CCN, July 2024, in our words",
    "source_url": "https://isospartnership.com/blog/breakingpoint-send-inclusion",
}


def answer_on_reform(report: Report, argument: Mapping[str, Any]) -> HTML:
    """Return the answer of the page: what the plan meets, and which way the indicators go."""
    causes = argument["root_causes"]
    met = [cause["meets"] for cause in causes]
    signs = [
        indicator(report, one)
        for record in argument["recommendations"]
        for one in record.get("indicators", ())
    ]
    return answer_box(
        f"The 2023 plan goes some way on {counted(met.count('in part'))} of "
        f"{counted(len(met), 'root cause')} as we read them",
        Markdown(
            f"By our reading it meets none of them in full. {_signs_in_words(report, signs)} Steps "
            "announced since are too new to show in the figures."
        ),
    )


def _signs_in_words(report: Report, signs: Sequence[Indicator]) -> str:
    """Say which way the signs have gone that are of the place and can be followed."""
    own = [one.progress for one in signs if report.is_england or not one.of_england]
    told = [progress for progress in own if progress not in (UNTOLD, TOO_FEW)]
    if not told:
        return f"No sign of progress can be followed in {report.place}."
    for_it, against = (
        sum(told.count(way) for way in ways) for ways in ((BETTER, TOWARDS), (WORSE, AWAY))
    )
    return (
        f"Of {counted(len(told), 'sign')} of progress that can be followed in {report.place}, "
        f"{or_none(for_it)} {'has' if for_it < 2 else 'have'} gone the better way, or as the "
        f"report asks, and {or_none(against)} the other way, since the last break in each series."
    )


def causes_against_plan(causes: Sequence[Mapping[str, Any]], tests: Sequence[FindingTest]) -> HTML:
    """Return each root cause with what the plan of 2023 does about it, and our reading.

    Raises
    ------
    ReportError
        If a cause names a test that there is not, or a reading that there is not.
    """
    return HTML(
        '<div class="sr-list">' + "".join(_cause(cause, tests) for cause in causes) + "</div>"
    )


def _cause(cause: Mapping[str, Any], tests: Sequence[FindingTest]) -> str:
    if cause["meets"] not in MEETS:
        raise ReportError(
            f"{cause['meets']!r} is no reading",
            where=f"reform.yml, cause {cause['cause']}",
            fix=f"Write {', '.join(MEETS)}.",
        )
    links = ", ".join(link_to_test(name, tests) for name in cause["tests"])
    return (
        f'<article class="sr-item"><h3>{escape(cause["cause"])}</h3>'
        f"<p><b>What the plan does.</b> {escape(cause['plan'])}</p>"
        f'<p><b>Does it meet the cause?</b> <span class="sr-badge">{MEETS[cause["meets"]]}</span> '
        f"{escape(cause['because'])} "
        f'Source: <a href="{escape(cause["url"])}">{escape(cause["source"])}</a>.</p>'
        f"<p><b>Our tests of the cause.</b> {links}.</p></article>"
    )


def link_to_test(name: str, tests: Sequence[FindingTest]) -> str:
    """Return a link to a test on the page of its finding.

    Raises
    ------
    ReportError
        If there is no such test; offers the near names.
    """
    by_name = {test.id: test for test in tests}
    if name not in by_name:
        raise ReportError(
            f"unknown test {name!r}", where="argument", fix=did_you_mean(name, by_name)
        )
    test = by_name[name]
    words = test.statement.removesuffix(".")
    return f'<a href="{PAGES[test.finding]}#test-{escape(name)}">{escape(words)}</a>'


def recommendations(report: Report, records: Sequence[Mapping[str, Any]]) -> HTML:
    """Return each recommendation with its indicators and what has been proposed since."""
    return HTML(
        f'<p class="sr-rule">{escape(PROGRESS_RULE)}</p><div class="sr-list">'
        + "".join(
            f'<article class="sr-item"><h3>{escape(record["title"])}</h3>'
            f"<p>{escape(record['says'])}</p>{_indicators(report, record)}"
            f"<p><b>Since then.</b> {escape(record['since'])}</p></article>"
            for record in records
        )
        + "</div>"
    )


def _indicators(report: Report, record: Mapping[str, Any]) -> str:
    items = [_indicator_words(indicator(report, one)) for one in record.get("indicators", ())]
    if not items:
        return f"<p><b>Signs of progress.</b> {escape(record['missing'])}</p>"
    return f"<p><b>Signs of progress.</b></p><ul>{''.join(items)}</ul>"


def _indicator_words(one: Indicator) -> str:
    course = moved(one.span, kind=one.kind, unit=one.unit, decimals=one.decimals)
    where = ", England" if one.of_england else ""
    if one.progress == TOO_FEW:
        return (
            f"<li>{link_to_measure(one.measure, one.title)}: not told here. "
            f"<b>{escape(sentence_case(one.progress))}</b>.</li>"
        )
    words = course or "too few figures since the last break"
    return (
        f"<li>{link_to_measure(one.measure, one.title)}{where}: {escape(words)}. "
        f"<b>{escape(sentence_case(one.progress))}</b>.</li>"
    )


def costs_of_places(report: Report) -> Figure | Markdown:
    """Draw what a special school place costs by sector, in the first and the last year with both.

    The costs are England's, whatever the place: the Department gives them for the country.
    """
    published = of_england(report).figures(COSTS)
    both = incentives.unit_costs(published)
    if len(both) < 2:
        return Markdown("What a place costs is not published for two of these years.")
    ends = both.iloc[[0, -1]]
    sectors = {"independent": "Independent or non-maintained special school",
               "state": "State special school"}  # fmt: skip
    data = ends.melt("period", list(sectors), var_name="sector").assign(
        series=lambda rows: rows["sector"].map(sectors)
    )
    (first, last), times = ends["period"], [f"{ratio:.1f}" for ratio in ends["times"]]
    return drawn(
        slope,
        data[["period", "series", "value"]],
        otherwise="What a place costs is not published for these years.",
        kind="financial_year",
        unit="pounds",
        id="costs-of-special-places",
        title=f"A place in an independent special school cost {times[0]} times one in a state "
        f"special school in {first}, and {times[1]} times in {last}",
        subtitle="Pounds a year for each pupil with an EHC plan, cash, England, financial years",
        alt="Slopes of the cost of a place. "
        + "; ".join(
            f"{name}: {number(ends[sector].iloc[0], 'pounds')} to "
            f"{number(ends[sector].iloc[1], 'pounds')}"
            for sector, name in sectors.items()
        )
        + ".",
        note="Costs say nothing of how needs differ between placements.",
        **report.source(published[published["breakdown"].isin(incentives.SECTORS)]),
    )


def timeline(events: list[Mapping[str, Any]]) -> HTML:
    """Return what has happened, by date, each with its source and the claims made about it."""
    items = "".join(
        f'<li><p><time datetime="{event["date"]}">{periods.label(event["date"], "date")}</time>. '
        f"{escape(event['what'])} Source: "
        f'<a href="{escape(event["url"])}">{escape(event["source"])}</a>.{_claims(event)}</p></li>'
        for event in in_order(events)
    )
    return HTML(f'<ol class="sr-timeline">{items}</ol>')


def _claims(event: Mapping[str, Any]) -> str:
    links = ", ".join(
        f'<a href="{LEDGER}#{escape(name.lower())}">{escape(name)}</a>'
        for name in event.get("claims", ())
    )
    return f" Figures: {links} in the ledger." if links else ""


def newest_figures(report: Report, argument: Mapping[str, Any]) -> Markdown:
    """Say to when the signs of progress run, as a step that came later cannot show in them."""
    signs = [
        indicator(report, one)
        for record in argument["recommendations"]
        for one in record.get("indicators", ())
    ]
    told = [one for one in signs if one.progress != TOO_FEW and one.span.last_period]
    if not told:
        return Markdown(f"No sign of progress is told for {report.place}.")
    newest = max(told, key=lambda one: one.span.last_period)
    return Markdown(
        "Plans and promises are not results. The newest of the signs above is for "
        f"{periods.label(newest.span.last_period, newest.kind)}, so they cannot show what came "
        "later, nor what takes years to work."
    )


def links_of_map(
    nodes: Sequence[Mapping[str, Any]],
    links: Sequence[Mapping[str, Any]],
    tests: Sequence[FindingTest],
) -> HTML:
    """Return the links of the causal map as a list, each with what it rests on."""
    names = {node["id"]: node["label"] for node in nodes}
    items = "".join(
        f"<li><b>{escape(names[link['from']])} → {escape(names[link['to']])}.</b> "
        f"{escape(link['says'])} {escape(MARKS[link['mark']][2])}{_grounds(link, tests)}.</li>"
        for link in links
    )
    return HTML(f'<ul class="sr-links">{items}</ul>')


def _grounds(link: Mapping[str, Any], tests: Sequence[FindingTest]) -> str:
    if "see" in link:
        return f": {link_to_test(link['see'], tests)}"
    if link["mark"] == "literature":
        return f': <a href="{escape(link["url"])}">{escape(link["cite"])}</a>'
    return ""
