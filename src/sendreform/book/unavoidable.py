"""The page "Reform is unavoidable": figures and sentences from tables of evidence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import (
    FEW,
    counted,
    described,
    drawn,
    is_missing,
    moved,
    number,
    say,
    say_known,
    titled,
)
from sendreform.charts import (
    Figure,
    bars,
    line_over_time,
    small_multiples,
    stacked_over_time,
    waterfall,
)
from sendreform.claims.result import Result
from sendreform.claims.results.growth import FFT_FROM, FFT_TO
from sendreform.claims.results.money import UNLIKELY_TRANSPORT
from sendreform.claims.verdicts import Outcome
from sendreform.evidence import caseload, forecasts, growth, money, placements
from sendreform.evidence.series import Span, at, named, of, per, span
from sendreform.observations import ENGLAND
from sendreform.periods import first_year, january, label, year_of
from sendreform.report import Report

PLANS, NEW, CEASED = "ehc_plans", "new_ehc_plans", "ehc_plans_ceased"
NEEDS, CHILDREN = "pupils_with_ehc_plan_by_need", "population_0_17"
SPENDING, TRANSPORT = "high_needs_spending_outturn", "send_transport_pre16"
TRANSPORT_ALL_AGES, INMSS_SPENDING = "send_transport_spending", "inmss_spending"
UNIT_COSTS, BALANCES, BALANCE_SHARES = "placement_unit_cost", "dsg_balance", "dsg_balance_share"
DEFICITS, OVERSPENDS = "dsg_deficit_published", "high_needs_overspend_published"

#: The January at which the rise turned from older to younger.
TURN = "2018-01"
#: The ten Januaries that the claim of "seven of the last ten years" looks back on.
TEN_YEARS = tuple(january(year) for year in range(2015, 2025))
SEVEN = 7

#: Newham's count for this January does not follow from the one before and what began and ended.
NEWHAM, AT_FAULT = "316", "2025-01"

SCHOOL_AGE = ("5 to 10", "11 to 15")
AGES_SHOWN = {
    "Under 16": growth.YOUNG,
    "16 to 19": (growth.POST_16,),
    "20 to 25": (growth.EXTENSION,),
}
INMSS_KINDS = {
    "placement:special_independent": "Independent special schools",
    "placement:special_non_maintained": "Non-maintained special schools",
}
#: A rule of three: over fewer years, there is little to take apart by flow.
FEWEST_YEARS = 3


# ------------------------------------------------------------------ what the cells ask for


def up_to_latest(report: Report, measure: str, area: str = "") -> pd.DataFrame:
    """Return a measure to the report's last year, with the years before its first one too.

    Parameters
    ----------
    area
        Another place than the report's own.
    """
    kind = report.store.record(measure)["period_kind"]
    observed = report.store.observations(measure)
    years = observed["period"].map(lambda period: year_of(period, kind))
    return observed[years.le(report.latest_year) & observed["area"].eq(area or report.area)]


def rise(report: Report, januaries: Iterable[str]) -> Span:
    """Return plans at the first and the last of some Januaries within the report's years.

    Where plans are not published at any of them, the Januaries are those of the report's years and
    the plans are missing.
    """
    plans = of(report.figures(PLANS))
    found = span(plans[plans["period"].isin(list(januaries))])
    if found.first_period:
        return found
    none = float("nan")
    return Span(january(report.baseline_year), january(report.latest_year), none, none)


def with_ages_and_children(plans: pd.DataFrame, children: pd.DataFrame) -> list[str]:
    """Return the Januaries for which plans by age and a number of children are published."""
    return [
        when
        for when in growth.plans_by_age(plans).index
        if growth.estimate_before(children, str(when))
    ]


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


def funding_measure(report: Report) -> str:
    """Return the measure of funding that is published for this kind of place."""
    return "high_needs_funding" if report.is_england else "high_needs_block"


def results_of(tests: Sequence[Outcome]) -> dict[str, Result]:
    """Return the result of each test by the id of its rule."""
    return {outcome.test.id: outcome.result for outcome in tests}


# ------------------------------------------------------------------ the answer


def answer(report: Report, tests: Sequence[Outcome]) -> HTML:
    """Return the verdict, the newest number of plans, and in short what rose and what did not."""
    plans, found = span(of(report.figures(PLANS))), results_of(tests)
    newest = number(plans.last)
    headline = (
        f"{newest} EHC {'plan' if newest == '1' else 'plans'} in "
        f"{label(plans.last_period, 'january')}"
        if newest
        else "EHC plans"
    )
    course = moved(plans, **report.record(PLANS))
    sentences = (
        f"In {report.place}, EHC plans {course}." if course else "",
        _pace(found["plans-still-growing"], found["more-begin-than-end"]),
        _against_money(found["plans-outgrow-funding"]),
        _what_did_not(found["transport"], found["costlier-places"]),
    )
    told = " ".join(sentence for sentence in sentences if sentence)
    nothing = f"For {report.place}, too few figures are published to follow plans in these years."
    return verdict_box(tests, headline, Markdown(told or nothing))


def _pace(growing: Result, flows: Result) -> str:
    """Say how fast plans grew lately, and how many began for each that ended."""
    parts = []
    if not growing.is_missing:
        parts.append(f"over the last three years they {_a_year(growing.value)}")
    if not flows.is_missing:
        ratio = number(flows.value, "", 1)
        parts.append(f"in {flows.period}, {ratio} plans began for each that ended")
    return f"{_sentence_case('; '.join(parts))}." if parts else ""


def _against_money(outgrown: Result) -> str:
    if outgrown.is_missing:
        return ""
    times = number(outgrown.value, "", 1)
    return f"Plans grew {times} times as much as funding in real terms, {outgrown.period}."


def _what_did_not(transport: Result, inmss: Result) -> str:
    """Say where the rise is little more than that of plans, or less."""
    if transport.is_missing or inmss.is_missing:
        return ""
    return (
        f"Not all rose faster than plans: school transport {_by(transport.value)} for each plan in "
        f"real terms, {transport.period}, and the costliest placements grew "
        f"{number(inmss.value, '', 2)} times as much as all plans."
    )


# ------------------------------------------------------------------ plans over time


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
        note="" if report.is_england else fault(report),
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
        f"EHC plans in {report.place}",
        {
            f"over the three years to {label(last, 'january')}": _a_year(recent),
            "in the last of these years": _by(newest, "grew", "shrank"),
            "in the three years before": _a_year(before),
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


def fault(report: Report) -> str:
    """Say that Newham's newest count looks wrong, where it is part of the place; else nothing."""
    years = range(report.baseline_year, report.latest_year + 1)
    if NEWHAM not in report.members or first_year(AT_FAULT) not in years:
        return ""
    before = january(first_year(AT_FAULT) - 1)
    held, began, ceased = (
        of(report.store.observations(measure).query("area == @NEWHAM"))
        for measure in (PLANS, NEW, CEASED)
    )
    return (
        f"Newham's count for {label(AT_FAULT, 'january')} looks like a fault in the data: "
        f"{number(at(held, AT_FAULT))} plans, where there were {number(at(held, before))} a year "
        f"before, and in between {number(at(began, before[:4]))} began and "
        f"{number(at(ceased, before[:4]))} ceased."
        + ("" if report.area == NEWHAM else f" It is in the total of {report.place} as published.")
    )


# ------------------------------------------------------------------ taken apart


def rise_by_age(report: Report, told: Span, parts: pd.DataFrame) -> Figure | Markdown:
    """Draw what more children, more plans for each, and each older band added."""
    sums = parts.groupby("part", sort=False)["value"].sum()
    words = {
        growth.MORE_CHILDREN: _more_or_fewer("children under 16", sums.get(growth.MORE_CHILDREN)),
        growth.MORE_PLANS_EACH: _more_or_fewer(
            "plans for each child under 16", sums.get(growth.MORE_PLANS_EACH)
        ),
        growth.AGES_16_TO_19: "Plans at ages 16 to 19",
        growth.AGES_20_TO_25: "Plans at ages 20 to 25",
        growth.AGE_NOT_PUBLISHED: "Plans whose age is not published",
    }
    shown = sums[sums.ne(0) | (sums.index != growth.AGE_NOT_PUBLISHED)]
    return _taken_apart(
        report,
        told,
        pd.DataFrame({"label": [words[part] for part in shown.index], "value": shown.to_list()}),
        id="rise-by-age",
        by="age",
        note=f"{_base_words(parts)} Above 15 no number of young people is published on one basis, "
        "so the rise there is not split.",
        otherwise=f"The rise in {report.place} is not told by age: too few hold a plan, or plans "
        "by age and the number of children are not published for two Januaries.",
        source=report.source(
            _with(up_to_latest(report, PLANS), "age:"), up_to_latest(report, CHILDREN)
        ),
    )


def _base_words(parts: pd.DataFrame) -> str:
    """Say which number of children plans under 16 are set against."""
    if growth.PUPILS_OF_THESE_AGES in set(parts["base"]):
        return (
            "Plans at ages 5 to 15 are set against pupils of the same ages in state-funded "
            "schools; under 5, against all children aged 0 to 17."
        )
    return (
        "Children under 16: the growth of all children aged 0 to 17 stands for that of each age, "
        "which is too little at ages 11 to 15 and too much below."
    )


def age_parts(report: Report, told: Span, parts: pd.DataFrame) -> Markdown:
    """Say which share of the rise each part by age is."""
    if report.is_small or not _rose(told):
        return _no_shares(report)
    sums = parts.groupby("part", sort=False)["share"].sum()
    return say_known(
        f"Of the rise in {report.place} between {label(told.first_period, 'january')} and "
        f"{label(told.last_period, 'january')},",
        {
            words: _share(sums.get(part))
            for part, words in (
                (growth.MORE_PLANS_EACH, "more plans for each child under 16 make up"),
                (growth.AGES_16_TO_19, "ages 16 to 19"),
                (growth.AGES_20_TO_25, "ages 20 to 25, which statements did not reach,"),
                (growth.MORE_CHILDREN, "and a larger number of children"),
            )
        },
        _no_shares(report).data,
    )


def at_school_age(report: Report, plans: pd.DataFrame, tests: Sequence[Outcome]) -> Markdown:
    """Say how much plans rose at ages 5 to 15, where the extension in age plays no part."""
    bands = caseload.by_age_band(plans)
    school, everyone = caseload.at_ages(bands, SCHOOL_AGE), of(plans)
    if report.is_small or school["period"].nunique() < 2:
        return Markdown(f"Ages 5 to 15 are not told apart for {report.place} in these years.")
    ends = [(school["period"].min(), school["period"].max())]
    if {FFT_FROM, FFT_TO} <= set(school["period"]) and (FFT_FROM, FFT_TO) not in ends:
        ends.insert(0, (FFT_FROM, FFT_TO))
    told = " ".join(_at_school_age(report, school, everyone, *pair) for pair in ends)
    checks = results_of(tests)["not-only-population"].checks
    more_children = [share for words, share in checks.items() if "FFT" in words]
    allowed = (
        f" With the population of ages 5 to 15 that FFT Education Datalab allows for, more "
        f"children account for {_share(more_children[0])} of the rise at these ages to "
        f"{label(FFT_TO, 'january')}; the rest is more plans for each child."
        if more_children and (FFT_FROM, FFT_TO) in ends
        else ""
    )
    return Markdown(told + allowed)


def _at_school_age(
    report: Report, school: pd.DataFrame, everyone: pd.DataFrame, start: str, end: str
) -> str:
    grown, whole = (
        _by_span(Span(start, end, at(table, start), at(table, end))) for table in (school, everyone)
    )
    return (
        f"From {label(start, 'january')} to {label(end, 'january')}, plans at ages 5 to 15 in "
        f"{report.place} {grown}; plans at all ages {whole}."
    )


def plans_by_age(report: Report, plans: pd.DataFrame) -> Figure | Markdown:
    """Draw plans under 16, at 16 to 19 and at 20 to 25."""
    bands = caseload.by_age_band(plans.head(0) if report.is_small else plans)
    shown = pd.concat(
        [
            caseload.at_ages(bands, names).assign(series=words)
            for words, names in AGES_SHOWN.items()
        ],
        ignore_index=True,
    )
    record = report.record(PLANS)
    young = span(shown[shown["series"] == "Under 16"])
    return drawn(
        line_over_time,
        shown,
        otherwise=f"Ages are not shown for {report.place}: too few hold a plan, or none are "
        "published for these years.",
        id="plans-by-age",
        title=titled(f"Plans held under 16 in {report.place}", young, **record),
        subtitle=f"EHC plans and statements by age, {report.name}, January census",
        alt=described("Line chart by age", "Plans held under 16", young, **record),
        note="For January 2023 no ages are published, and in January 2024 two councils gave none.",
        **record,
        **report.source(_with(plans, "age:")),
    )


def before_and_since(report: Report, plans: pd.DataFrame) -> Markdown:
    """Say how much of the rise was at 16 and over, to January 2018 and since."""
    known = list(growth.plans_by_age(plans).index)
    if report.is_small or len(known) < 2:
        return Markdown(f"The rise is not told by age for {report.place} in these years.")
    first, last = min(known), max(known)
    early, late = (
        growth.share_at_16_and_over(plans, *pair) for pair in ((first, TURN), (TURN, last))
    )
    so = (
        " So most of the early rise came where plans reach further than statements did, and most "
        "of the rise since among younger children."
        if early > 50 > late
        else ""
    )
    told = say_known(
        f"In {report.place},",
        {
            f"of the rise from {label(first, 'january')} to {label(TURN, 'january')}, ages 16 "
            "and over": _share(early, "make up"),
            f"of the rise from {label(TURN, 'january')} to {label(last, 'january')},": _share(
                late, "they make up" if not is_missing(early) else "ages 16 and over make up"
            ),
        },
        f"In {report.place}, the rise cannot be told before and after {label(TURN, 'january')}.",
    ).data
    return Markdown(told + so)


def rise_by_flow(report: Report, told: Span, parts: pd.DataFrame, like: str) -> Figure | Markdown:
    """Draw what flows as in one year, more new plans and fewer plans leaving added."""
    sums = parts.set_index("part")["value"]
    words = {
        growth.AS_BEFORE: f"Every year as {like} was",
        growth.MORE_BEGAN: _more_or_fewer("new plans", sums.get(growth.MORE_BEGAN)),
        # To leave less is to add: the sign of the part is the other way round.
        growth.FEWER_LEFT: "Fewer plans leaving"
        if (sums.get(growth.FEWER_LEFT) or 0) >= 0
        else "More plans leaving",
    }
    long_enough = first_year(told.last_period) - first_year(told.first_period) >= FEWEST_YEARS
    return _taken_apart(
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
        f"before {_signed(values[growth.AS_BEFORE])}, new plans "
        f"{_signed(values[growth.MORE_BEGAN])}, plans leaving {_signed(values[growth.FEWER_LEFT])}."
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


def rise_by_need(report: Report, told: Span, parts: pd.DataFrame) -> Figure | Markdown:
    """Draw what the three needs that added most, all others and other settings added."""
    words = _need_words(report) | {
        growth.NOT_IN_THESE_SCHOOLS: "Not in state-funded schools"
        if report.is_england
        else "Not in state-funded schools here"
    }
    return _taken_apart(
        report,
        told,
        pd.DataFrame(
            {
                "label": [words.get(need, need) for need in parts["need"]],
                "value": parts["change"].to_list(),
            }
        ),
        id="rise-by-need",
        by="primary need",
        note="Primary need as schools record it, for pupils in state-funded schools and "
        "non-maintained special schools. All other plans are one part"
        + (
            "."
            if report.is_england
            else ", with pupils who go to school in another council's area than their plan's."
        ),
        otherwise=f"The rise in {report.place} is not told by need: too few hold a plan, or needs "
        "are not published for two Januaries.",
        source=report.source(report.summed(NEEDS), of(report.figures(PLANS))),
    )


def need_parts(report: Report, told: Span, parts: pd.DataFrame) -> Markdown:
    """Say what share the three needs are, and how little of it more pupils would have brought."""
    rest = [growth.OTHER_NEEDS, growth.NOT_IN_THESE_SCHOOLS]
    leading = parts[~parts["need"].isin(rest)]
    added = float(leading["change"].sum())
    if report.is_small or not _rose(told) or added <= 0:
        return _no_shares(report)
    names = [_need_words(report).get(need, need) for need in leading["need"]]
    in_words = [name[0].lower() + name[1:] for name in names]
    return say(
        "In {place}, {needs} account for {share} of the rise. More pupils alone would have brought "
        "{pupils} of what they added.",
        _no_shares(report).data,
        place=report.place,
        needs=f"{', '.join(in_words[:-1])} and {in_words[-1]}" if in_words[1:] else in_words[0],
        share=_share(100 * added / told.difference),
        pupils=_share(100 * float(leading["by_base"].sum()) / added),
    )


def _taken_apart(
    report: Report,
    told: Span,
    parts: pd.DataFrame,
    *,
    id: str,
    by: str,
    note: str,
    otherwise: str,
    source: Mapping[str, str],
    hide_small: bool = True,
) -> Figure | Markdown:
    """Draw parts of the rise in plans as a waterfall from the first January to the last.

    Parameters
    ----------
    parts
        ``label`` and ``value``, which add to the rise.
    by
        What the rise is taken apart by, for the title.
    hide_small
        Whether the parts could point to a child in a place where few hold a plan.
    """
    first, last = label(told.first_period, "january"), label(told.last_period, "january")
    hidden = report.is_small and hide_small
    there = parts[parts["value"].notna()] if first != last and not hidden else parts.head(0)
    steps = pd.DataFrame(
        {
            "label": [first, *there["label"], last],
            "value": [told.first, *there["value"], told.last],
        }
    )
    largest = there.reindex(there["value"].astype("float64").abs().nlargest(2).index)
    named_parts = "; ".join(
        f"{row['label'].lower()}, {_signed(row['value'])}" for row in largest.to_dict("records")
    )
    title = f"The rise in EHC plans in {report.place}, by {by}"
    if len(there) and _rose(told) and not report.is_small:
        title = _led_by(report, told, there, by)
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


def _led_by(report: Report, told: Span, parts: pd.DataFrame, by: str) -> str:
    """Return a title that names the largest part of a rise."""
    top = parts.sort_values("value").iloc[-1]
    share = 100 * float(top["value"]) / told.difference
    against = f", {by.partition(', ')[2]}" if ", " in by else ""
    what = f"the rise in EHC plans in {report.place}{against}"
    if share > 100:
        return f"{top['label']}: more than all of {what}"
    return f"{top['label']}: {_share(share)} of {what}"


# ------------------------------------------------------------------ placements


def placed(report: Report, settings: pd.DataFrame) -> Figure | Markdown:
    """Draw the share of plans in each of six settings."""
    shown = settings.head(0) if report.is_small else settings
    shares = shown.assign(value=shown["share"], panel=shown["part"], series=report.name)
    record = report.record(PLANS) | {"unit": "per cent of plans", "decimals": 1}
    spans = {str(part): span(table) for part, table in shares.groupby("panel", sort=False)}
    known = {part: told for part, told in spans.items() if not is_missing(told.difference)}
    most = max(known, key=lambda part: abs(known[part].difference), default="")
    told = known.get(most, Span("", "", float("nan"), float("nan")))
    subject = f"{most}: their share of plans in {report.place}"
    return drawn(
        small_multiples,
        shares,
        otherwise=f"Placements are not shown for {report.place}: too few hold a plan, or none are "
        "published for these years.",
        id="placements",
        title=titled(subject, told, **record),
        subtitle=f"Per cent of all EHC plans, {report.name}, January census",
        alt=described("Six small line charts, one a setting", most, told, **record),
        note="Of January 2018 the publisher's file of placements leaves some plans out; they are "
        "in the last group."
        if TURN in set(shown["period"]) and report.is_england
        else "",
        **record,
        **report.source(_with(report.figures(PLANS), "placement:")),
    )


def placed_at_the_ends(report: Report, settings: pd.DataFrame) -> HTML | Markdown:
    """Return the plans in each setting in the first and the last January, which add to all."""
    if report.is_small or settings["period"].nunique() < 2:
        return Markdown(f"Numbers by setting are not told for {report.place} in these years.")
    first, last = settings["period"].min(), settings["period"].max()
    rows = [
        [
            str(part),
            *(
                str(words)
                for when in (first, last)
                for words in (
                    number(at(table, when)),
                    number(at(table.assign(value=table["share"]), when), "per cent", 1),
                )
            ),
        ]
        for part, table in settings.groupby("part", sort=False)
    ]
    sums = settings.groupby("period")["value"].sum()
    rows.append(
        ["All plans", *(str(words) for when in (first, last) for words in (number(sums[when]),
                                                                           "100%"))]
    )  # fmt: skip
    heads = ["Setting"]
    for when in (first, last):
        heads += [label(when, "january"), "Share"]
    return table_of_words(
        id="placements-numbers",
        title=f"Where plans are placed in {report.place}",
        subtitle=f"EHC plans, {report.name}, January census",
        heads=heads,
        rows=rows,
        **report.source(_with(report.figures(PLANS), "placement:")),
    )


def special_and_mainstream(report: Report, told: pd.DataFrame) -> HTML | Markdown:
    """Return in how many years special schools took more, under each definition.

    Parameters
    ----------
    told
        What :func:`placements.special_against_mainstream` returns.
    """
    if report.is_small or not told["years"].any():
        return Markdown(
            f"For {report.place}, special and mainstream schools are not set side by side: too few "
            "hold a plan, or no placements are published."
        )
    return table_of_words(
        id="special-and-mainstream",
        title=f"Special against mainstream schools in {report.place}: the answer turns on the "
        "definition",
        subtitle=f"Years in which special schools took more, {report.name}, "
        f"{label(TEN_YEARS[0], 'january')} to {label(TEN_YEARS[-1], 'january')}",
        heads=["What is compared", "Special schools took more", "Those years"],
        words=(1, 2),
        rows=[
            [row["definition"], row["verdict"], row["which"] or "none"]
            for row in told.to_dict("records")
        ],
        **report.source(
            _with(up_to_latest(report, PLANS), "placement:"),
            _with(up_to_latest(report, NEW), "placement:"),
        ),
    )


def seven_of_ten(report: Report, told: pd.DataFrame) -> Markdown:
    """Say how many definitions give seven years, and how many give more."""
    ten = told[told["years"] == len(TEN_YEARS)]
    if report.is_small or ten.empty:
        return Markdown(f"For {report.place}, the claim cannot be held against ten years.")
    exactly, more = (int(found.sum()) for found in (ten["more_special"] == SEVEN,
                                                    ten["more_special"] > SEVEN))  # fmt: skip
    return Markdown(
        f"Of {counted(len(ten), 'definition')} that can be followed over these ten years in "
        f"{report.place}, {counted(exactly)} {'gives' if exactly == 1 else 'give'} seven years "
        f"exactly and {counted(more)} {'gives' if more == 1 else 'give'} more than seven."
    )


def independent(report: Report, everything: pd.DataFrame) -> Figure | Markdown:
    """Draw plans that name independent and non-maintained special schools."""
    kinds = named(everything.head(0) if report.is_small else everything, INMSS_KINDS)
    together = span(placements.independent_special(everything))
    record = report.record(PLANS)
    complete = kinds.groupby("period")["value"].transform("count") == len(INMSS_KINDS)
    return drawn(
        stacked_over_time,
        kinds[complete].rename(columns={"series": "part"}),
        otherwise="Placements in independent and non-maintained special schools are not shown for "
        f"{report.place}: too few hold a plan, or none are published for these years.",
        id="inmss",
        title=titled(
            f"Plans in independent and non-maintained special schools in {report.place}",
            together,
            **record,
        ),
        subtitle=f"EHC plans that name such a school, {report.name}, January census",
        alt=described("Stacked columns", "Plans in both kinds of school", together, **record),
        note=fault(report) if report.level == "council" else "",
        **record,
        **report.source(kinds),
    )


def independent_beside_all(report: Report, everything: pd.DataFrame) -> Markdown:
    """Say how these schools grew beside all plans, to the last January and the one before."""
    inmss, plans = placements.independent_special(everything).dropna(subset="value"), of(everything)
    known = sorted(inmss["period"])
    if report.is_small or len(known) < 2:
        return Markdown(
            f"For {report.place}, these placements cannot be set beside all plans over time."
        )
    first = known[0]
    told = " ".join(
        f"From {label(first, 'january')} to {label(end, 'january')}, these placements in "
        f"{report.place} {_by_span(Span(first, end, at(inmss, first), at(inmss, end)))}; all plans "
        f"{_by_span(Span(first, end, at(plans, first), at(plans, end)))}."
        for end in known[-2:]
        if end != first
    )
    shares = per(inmss, plans, times=100)
    course = moved(span(shares), **(report.record(PLANS) | {"unit": "per cent", "decimals": 1}))
    return Markdown(f"{told} Their share of all plans {course}.")


# ------------------------------------------------------------------ money


def funding_over_time(report: Report, funding: pd.DataFrame) -> Figure | Markdown:
    """Draw funding in cash and in the report's prices."""
    measure = funding_measure(report)
    record, real = report.record(measure), span(report.priced(funding))
    in_cash = report.prices == money.CASH
    deflator = of(report.store.observations("gdp_deflator"))
    both = (
        funding.assign(series="Cash")
        if in_cash
        else money.cash_and_real(funding, deflator, report.prices)
    )
    words = "in cash" if in_cash else f"in {report.price_words}"
    return drawn(
        line_over_time,
        both,
        otherwise=report.no_figure(measure),
        id="high-needs-funding",
        title=titled(f"High needs funding for {report.place}, {words},", real, **record),
        subtitle=f"{report.store.record(measure)['title']}, {report.name}, financial year",
        alt=described("Line chart", f"High needs funding {words}", real, **record),
        note="Real figures use the GDP deflator, which measures prices in the whole economy.",
        **record,
        **report.source(funding),
    )


def funding_for_each(
    report: Report, funding: pd.DataFrame, plans: pd.DataFrame, children: pd.DataFrame
) -> Markdown:
    """Say funding for each plan and for each child, over the longest unbroken stretch."""
    record = report.record(funding_measure(report))
    stretch = money.unbroken(report.priced(funding), record["breaks"])
    each = money.for_each(stretch, plans, children)
    courses = {
        str(words).replace("For", "for"): moved(span(table), kind=record["kind"], unit="pounds")
        for words, table in each.groupby("series", sort=False)
    }
    return say_known(
        f"On one unbroken basis and in {report.price_words}, funding in {report.place}",
        courses,
        f"Funding for each plan and each child cannot be worked out for {report.place} in these "
        "years.",
    )


def spent(report: Report, spending: pd.DataFrame, transport: pd.DataFrame) -> Figure | Markdown:
    """Draw what councils spent on high needs and on school transport."""
    record, told = report.record(SPENDING), span(report.priced(spending))
    costs = pd.concat(
        [
            report.priced(spending).assign(series="Top-ups and services"),
            report.priced(transport).assign(series="School transport to age 16"),
        ],
        ignore_index=True,
    )
    return drawn(
        line_over_time,
        costs,
        otherwise=report.no_figure(SPENDING),
        id="high-needs-spending",
        title=titled(
            f"Spending on top-ups and services in {report.place}, in {report.price_words},",
            told,
            **record,
        ),
        subtitle=f"Councils' outturn, {report.price_words}, {report.name}, financial year",
        alt=described("Line chart", "Spending on top-ups and services", told, **record),
        note="Outturn leaves out the funding of places that the Department for Education pays "
        "directly, so it cannot be set against the high needs block line by line. A council that "
        "sent no return is missing from a total.",
        **record,
        **report.source(spending, transport),
    )


def transport_for_each(
    report: Report, transport: pd.DataFrame, plans: pd.DataFrame, tests: Sequence[Outcome]
) -> Markdown:
    """Say that transport rose in all, and how little it moved for each plan."""
    real = report.priced(transport)
    each = per(real, money.january_of_financial_year(plans))
    told = say_known(
        f"In {report.price_words}, school transport for pupils with SEND to age 16 in "
        f"{report.place}",
        {
            "in all": moved(span(real), **report.record(TRANSPORT)),
            "for each plan": moved(span(each), kind="financial_year", unit="pounds"),
        },
        report.no_figure(TRANSPORT),
    ).data
    unlikely = (
        f" One of the returns of {report.place} looks unlikely and is told as published."
        if report.area in UNLIKELY_TRANSPORT
        else ""
    )
    result = results_of(tests)["transport"]
    if result.is_missing:
        return Markdown(told + unlikely)
    return Markdown(
        f"{told} Over the same councils in both years, spending for each plan {_by(result.value)} "
        f"in real terms; worked out in other ways, the change lies between "
        f"{number(min(result.checks.values()), 'per cent', 1)} and "
        f"{number(max(result.checks.values()), 'per cent', 1)}. The total grew because there are "
        "more plans, far more than because of what is spent for each."
    )


def transport_all_ages(report: Report) -> Markdown:
    """Say what an older count of transport at all ages gives for each plan in England."""
    counts = of(up_to_latest(report, TRANSPORT_ALL_AGES, ENGLAND))
    plans = of(up_to_latest(report, PLANS, ENGLAND))
    each = per(report.priced(counts), money.january_of_financial_year(plans))
    return say(
        "A count by the Local Government Association, of transport at all ages in England, goes "
        "back further: for each plan it {course} ({prices}).",
        "No count of transport at all ages is published for England in these years.",
        course=moved(span(each), kind="financial_year", unit="pounds"),
        prices=report.price_words,
    )


def unit_costs(report: Report, costs: pd.DataFrame) -> HTML | Markdown:
    """Return what a place costs by kind of school, each basis apart.

    Parameters
    ----------
    costs
        What :func:`money.unit_costs` returns, for England and, where there is one, for the place.
    """
    if costs.empty:
        return Markdown("No costs of places are published for these years.")
    rows = []
    for (area, basis, provider), table in costs.groupby(["area", "basis", "provider"], sort=False):
        told = span(table)
        later = told.last_period != told.first_period
        rows.append(
            [
                str(provider),
                str(basis or "Department for Education")
                + ("" if area == ENGLAND else f", {report.areas.name(str(area))}"),
                f"{number(told.first, 'pounds')} in {told.first_period}",
                f"{number(told.last, 'pounds')} in {told.last_period}" if later else "–",
            ]
        )
    return table_of_words(
        id="unit-costs",
        title="What a place costs a year, each figure on its own basis",
        subtitle="Pounds a year for each pupil with an EHC plan, cash",
        heads=["Kind of place", "Whose figure", "First", "Latest"],
        words=(1,),
        rows=rows,
        note="Costs say nothing of how needs differ between placements.",
        **report.source(costs),
    )


def dearer_places(report: Report) -> Markdown:
    """Say how many times as much a place in these schools costs, and what made spending grow."""
    costs = up_to_latest(report, UNIT_COSTS, ENGLAND)
    times = span(money.times_as_costly(costs, "provider:inmss", "provider:state_special"))
    spending = report.priced(of(up_to_latest(report, INMSS_SPENDING, ENGLAND)))
    places = placements.independent_special(up_to_latest(report, PLANS, ENGLAND))
    ends = span(spending)
    parts = (
        money.more_places_or_dearer(spending, places, ends.first_period, ends.last_period)
        if ends.first_period
        else pd.Series({"change": float("nan")})
    )
    ratio = say(
        "On the Department's basis, a place in an independent or non-maintained special school "
        "cost {first} times one in a state special school in {start}, and {last} times in {end}.",
        "For these years, the costs of the two kinds of special school are not both published.",
        first=number(times.first, "", 1),
        last=number(times.last, "", 1),
        start=times.first_period,
        end=times.last_period,
    ).data
    spending_words = say(
        "Spending on these schools in England changed by {change} between {start} and {end} "
        "({prices}): {places} from more places, {cost} from what each costs.",
        "Spending on these schools cannot be split into places and costs for these years.",
        start=ends.first_period,
        end=ends.last_period,
        prices=report.price_words,
        **{
            name: _signed(parts.get(name), "pounds") if ends.first_period != ends.last_period
            else None
            for name in ("change", "places", "cost")
        },
    ).data  # fmt: skip
    return Markdown(f"{ratio} {spending_words}")


def deficits(report: Report, published: pd.DataFrame) -> Figure | Markdown:
    """Draw the deficits that were published, each on its own basis."""
    told = forecasts.by_basis(published, "month", report.store.breakdowns, "")
    low, high = (
        number(end, "billion pounds", 1) for end in (told["value"].min(), told["value"].max())
    )
    ends = (
        f" The lowest is {low}, the highest {high}; the oldest is for "
        f"{label(told['period'].iloc[0], 'month')}."
        if len(told)
        else ""
    )
    return drawn(
        bars,
        told.assign(label=told["label"].str.strip()),
        otherwise="No deficits of councils are published for these years.",
        id="deficits",
        title=f"Published deficits of councils range from {low} to {high}, each on its own basis",
        subtitle="Deficits on the Dedicated Schools Grant, billion pounds, England, end of March",
        alt=f"Bar chart of {counted(len(told), 'published deficit')}.{ends}",
        unit="billion pounds",
        decimals=1,
        label_title="Date and basis",
        note="Some are counts, others estimates or predictions, and one basis is in 2022-23 "
        "prices: they form no series.",
        **report.source(published),
    )


def balances(report: Report, net: pd.DataFrame, single: pd.DataFrame) -> Markdown:
    """Say the net balance of the place: as shares of the grant in pounds, and in councils' returns.

    Parameters
    ----------
    net
        What :func:`money.net_balances` returns for the place.
    single
        Observations of ``dsg_balance`` for the place.
    """
    told = net.dropna(subset="value").sort_values("period")
    over_years = "; ".join(
        f"{_balance(row['value'])} at the end of {row['period']}" for row in told.to_dict("records")
    )
    newest = single.dropna(subset="value").sort_values("period")
    on_a_day = [
        f"{_balance(row['value'])} on {label(row['period'], 'date')}"
        for row in newest.tail(1).to_dict("records")
    ]
    whose = (
        report.place
        if report.level == "council"
        else f"Taken together, and net of those with money in hand, the councils of {report.place}"
    )
    sentences = [
        f"{whose} had {over_years}." if over_years else "",
        f"In its own return, {report.place} had {on_a_day[0]}." if on_a_day else "",
    ]
    words = " ".join(_sentence_case(sentence) for sentence in sentences if sentence)
    return Markdown(words or report.no_figure(BALANCE_SHARES))


def then_and_now(report: Report, told: pd.DataFrame) -> HTML | Markdown:
    """Return what the study of 2018 found and foresaw beside what has been published since.

    Parameters
    ----------
    told
        What :func:`forecasts.then_and_now` returns.
    """
    known = told.dropna(subset=["then_low", "now"])
    if known.empty:
        return Markdown("Nothing that the study of 2018 looked at has a later figure by this year.")
    rows = [
        [
            row["topic"] + (f", read as {row['reading']}" if row["reading"] else ""),
            f"{_range(row['then_low'], row['then_high'], row['unit'])} "
            f"({_when(row['then_period'])})",
            f"{number(row['now'], row['unit'])} ({_when(row['now_period'])})",
            ("" if row["alike"] else "Not on one basis. ") + row["caveat"],
        ]
        for row in known.to_dict("records")
    ]
    return table_of_words(
        id="then-and-now",
        title="What the study of 2018 found and foresaw, and what came",
        subtitle="England; money in cash",
        heads=["What", "In 2018", "Since", "What to bear in mind"],
        words=(3,),
        rows=rows,
        note="The forecasts are those of the study as the press reported it. The reports do not "
        "say whether a gap means one year or all years together, so both readings are given.",
        **report.source(
            of(up_to_latest(report, PLANS, ENGLAND)), up_to_latest(report, OVERSPENDS, ENGLAND)
        ),
    )


# ------------------------------------------------------------------ words


def table_of_words(
    *,
    id: str,
    title: str,
    subtitle: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    source: str,
    source_url: str,
    words: Collection[int] = (),
    note: str = "",
) -> HTML:
    """Return a table in the frame of a figure: the first cell of a row names it.

    Parameters
    ----------
    words
        The columns that hold words and not figures.
    """
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(
            f'<td class="sr-text">{escape(text)}</td>'
            if place in words
            else f"<td>{escape(text)}</td>"
            for place, text in enumerate(others, start=1)
        )
        + "</tr>"
        for first, *others in rows
    )
    written = f'<p class="sr-note">{escape(note)}</p>' if note else ""
    return HTML(
        f'<section class="sr-figure" id="{escape(id)}" aria-label="{escape(title)}">'
        f'<p class="sr-title">{escape(title)}</p><p class="sr-subtitle">{escape(subtitle)}</p>'
        f'<div class="sr-scroll" role="region" tabindex="0" aria-label="Table: {escape(title)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{written}"
        f'<p class="sr-source">Source: <a href="{escape(source_url)}">{escape(source)}</a></p>'
        "</section>"
    )


def _rose(told: Span) -> bool:
    return not is_missing(told.difference) and told.difference > 0


def _with(figures: pd.DataFrame, prefix: str) -> pd.DataFrame:
    return figures[figures["breakdown"].str.startswith(prefix)]


def _need_words(report: Report) -> dict[str, str]:
    needs = report.store.breakdowns.query("dimension == 'need'")
    return dict(zip(needs["code"], needs["label"], strict=True))


def _no_shares(report: Report) -> Markdown:
    return Markdown(
        f"Shares of a rise are not told for {report.place}: too few hold a plan, plans did not "
        "rise, or figures are missing at either end."
    )


def _across(report: Report, told: Span) -> str:
    """Say which breaks in the count of plans lie between two Januaries."""
    breaks = [
        label(text, "january")
        for text in sorted(report.record(PLANS)["breaks"])
        if told.first_period < text <= told.last_period
    ]
    return f", across a series break in {' and '.join(breaks)}" if breaks else ""


def _more_or_fewer(what: str, value: float | None) -> str:
    return f"{'Fewer' if value is not None and value < 0 else 'More'} {what}"


def _share(value: float | None, verb: str = "") -> str | None:
    """Write a share of a rise; ``None`` for a missing one.

    Examples
    --------
    >>> _share(73.6), _share(120.0), _share(-3.0), _share(0.2, "make up")
    ('74%', 'more than all', 'none', 'make up less than 1%')
    """
    if value is None or is_missing(value):
        return None
    words = (
        "more than all" if round(value) > 100
        else "none" if value <= 0
        else "less than 1%" if value < 1
        else str(number(value, "per cent"))
    )  # fmt: skip
    return f"{verb} {words}".strip()


def _by(per_cent: float, grew: str = "rose", shrank: str = "fell") -> str | None:
    """Write a change in per cent; ``None`` for a missing one.

    Examples
    --------
    >>> _by(2.8), _by(-12.0, "grew", "shrank"), _by(0.04)
    ('rose by 3%', 'shrank by 12%', 'hardly changed')
    """
    if is_missing(per_cent):
        return None
    if abs(per_cent) < 0.1:
        return "hardly changed"
    size = number(abs(per_cent), "per cent", 0 if abs(per_cent) >= 1 else 1)
    return f"{grew if per_cent > 0 else shrank} by {size}"


def _a_year(per_cent: float) -> str | None:
    """Write growth a year; ``None`` for a missing one.

    Examples
    --------
    >>> _a_year(11.61), _a_year(-2.0)
    ('grew by 11.6% a year', 'shrank by 2.0% a year')
    """
    if is_missing(per_cent):
        return None
    verb = "grew" if per_cent > 0 else "shrank"
    return f"{verb} by {number(abs(per_cent), 'per cent', 1)} a year"


def _by_span(told: Span) -> str:
    """Write how a count moved: in per cent, or from number to number where it is small.

    Examples
    --------
    >>> _by_span(Span("", "", 200.0, 500.0)), _by_span(Span("", "", 3.0, 9.0))
    ('rose by 150%', 'went from 3 to 9')
    >>> _by_span(Span("", "", float("nan"), 9.0))
    'are not published'
    """
    if is_missing(told.difference):
        return "are not published"
    if min(told.first, told.last) < FEW:
        return f"went from {number(told.first)} to {number(told.last)}"
    return str(_by(told.per_cent))


def _signed(value: float | None, unit: str = "") -> str | None:
    """Write a part of a change with its sign; ``None`` for a missing one.

    Examples
    --------
    >>> _signed(1200.0), _signed(-3e6, "pounds"), _signed(0.0)
    ('+1,200', '−£3m', '0')
    """
    if value is None or is_missing(value):
        return None
    return f"{'+' if value > 0 else ''}{number(value, unit)}"


def _balance(value: float) -> str:
    """Write a balance of the grant.

    Examples
    --------
    >>> _balance(4.8e8), _balance(-22_344_113.0)
    ('a deficit of £480m', '£22.3m in hand')
    """
    amount = number(abs(value), "pounds")
    return f"a deficit of {amount}" if value > 0 else f"{amount} in hand"


def _range(low: float, high: float, unit: str) -> str:
    ends = [str(number(end, unit)) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _when(period: str) -> str:
    return label(period, "january") if period.endswith("-01") else period


def _sentence_case(words: str) -> str:
    return words[:1].upper() + words[1:]
