"""The page "The root causes are systemic": its answer, its charts, its table and its sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.unavoidable import table_of_words
from sendreform.book.verdict_box import verdict_box
from sendreform.book.words import FEW, counted, drawn, number, say
from sendreform.charts import (
    Figure,
    bars,
    distribution,
    funnel,
    intervals,
    line_over_time,
    waterfall,
)
from sendreform.claims.result import Result
from sendreform.claims.results.commonality import ACROSS_BREAKS
from sendreform.claims.results.counterfactual import A_RISE
from sendreform.claims.verdicts import Outcome, Verdict, judge
from sendreform.evidence import counterfactual, good_practice, incentives, joined_up, systemic
from sendreform.evidence.commonality import SHARED_RISE, SHARED_TURNS
from sendreform.evidence.joined_up import FIRST_FULL_YEAR
from sendreform.evidence.money import NOTIONAL_THRESHOLD, THRESHOLD_SINCE
from sendreform.evidence.series import at, of, span
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year, label
from sendreform.report import FIRST_YEAR, Report

PLANS, APPEALS, NEEDS = "ehc_plans", "tribunal_appeals", "pupils_with_ehc_plan_by_need"
ON_TIME, TIMED = (
    "ehc_plans_in_20_weeks_excluding_exceptions",
    "ehc_plans_timed_excluding_exceptions",
)
ON_TIME_SHARE = "ehc_plans_in_20_weeks_excluding_exceptions_share"
GRADES, DEFLATOR = "area_send_inspection_grade", "gdp_deflator"

THREE_NEEDS = (incentives.AUTISM, incentives.SPEECH, incentives.MENTAL_HEALTH)
#: Kinds of special schools, with their names on a chart.
SPECIAL = {incentives.INDEPENDENT_SPECIAL: "Independent", incentives.STATE_SPECIAL: "State"}
#: What might be copied from neighbours, in the words of a chart and of a sentence.
LEFT = {
    "Rise in EHC plans": "the rise in EHC plans",
    "Rise in appeals": "the rise in appeals",
    "Late plans": "late plans",
}
NEWEST = {"plans": PLANS, "appeals": APPEALS, "on time": ON_TIME}
POST_16 = ("16 to 19", "20 to 25")
FURTHER_EDUCATION = "Further education"
UNKNOWN = "not published"

#: The level at which a p-value, corrected for asking many times, is called a difference.
SURE = 0.05
#: The words of checks that are about other years or fewer councils.
OTHER_YEARS_OR_COUNCILS = ", from |, without "
#: The words of the check that follows the slowest, and shorter ones beside what it is a check of.
FOLLOWED = (
    ", slowest .* of one half of the years, at its growth in the other",
    ", chosen in one half of the years and followed in the other",
)
#: Checks of the shares of common years that are told at the foot of the page and not drawn.
NOT_DRAWN = ("councils with", "each council", "before chance", "mean corr", "without councils")

PER_CENT, POINTS = "per cent", "percentage points"


# ---------------------------------------------------------------- what the cells ask for


def of_england(report: Report) -> Report:
    """Return the same report about England, for what is known of the whole country alone."""
    return replace(report, area=ENGLAND)


def of_councils(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils of today, where they have a figure."""
    councils: pd.DataFrame = figures[figures["area"].isin(report.councils)].dropna(subset="value")
    return councils


def in_newest(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the newest period of what is there; may be empty."""
    newest: pd.DataFrame = figures[figures["period"] == figures["period"].max()]
    return newest


def ends_of(figures: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last period that is there; both empty where there is none."""
    return min(figures["period"], default=""), max(figures["period"], default="")


def here(report: Report, places: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils of the report's place in a table indexed by council."""
    return places[places.index.isin(report.areas.councils_in(report.area))]


def on_time_counts(report: Report) -> pd.DataFrame:
    """Return plans on time and plans timed by council, in full years: what a funnel is made of."""
    on_time, timed = (report.everywhere(name) for name in (ON_TIME, TIMED))
    counts = good_practice.counts(on_time, timed, report.councils)
    # Where more are on time than were timed, the two returns do not fit together.
    return counts[(counts["period"] >= FIRST_FULL_YEAR) & (counts["part"] <= counts["whole"])]


def at_slowest_neighbour(report: Report, growth: pd.DataFrame) -> pd.DataFrame:
    """Say where each council of the place would stand at the pace of its slowest neighbour.

    Parameters
    ----------
    growth
        Of plans, by council: ``area``, ``start``, ``end``.
    """
    councils = growth[growth["area"].isin(report.councils)]
    own = councils.set_index("area")["end"] / councils.set_index("area")["start"]
    slowest = counterfactual.lowest_neighbour(own, report.store.neighbours)
    return here(report, counterfactual.no_more_than(councils, own, slowest))


def appeals_at_lowest_neighbour(report: Report) -> pd.DataFrame:
    """Set the newest year's appeals at the rate of the lowest neighbour beside the first year's.

    Returns
    -------
    DataFrame indexed by council of the place, with ``start``, ``end`` and ``otherwise``; a
    council whose appeals are not published at both ends is left out.
    """
    appeals = of_councils(report, report.everywhere(APPEALS))
    plans = report.everywhere(PLANS)
    counts = good_practice.counts(
        in_newest(appeals), plans.assign(period=plans["period"].str[:4]), report.councils
    )
    first, last = ends_of(appeals)
    if counts.empty or first == last:
        return pd.DataFrame(columns=["start", "end", "otherwise"], dtype="float64")
    lowest = counterfactual.appeals_at_lowest(counts, report.store.neighbours)
    at_first = appeals[appeals["period"] == first].set_index("area")["value"]
    places = lowest.assign(
        start=at_first, end=lowest["actual"], otherwise=lowest["lowest_neighbour"]
    )
    return here(report, places[["start", "end", "otherwise"]].dropna())


def late_at_best_neighbour(report: Report) -> pd.DataFrame:
    """Set the newest year's late plans beside those there would be like the best neighbour.

    Returns
    -------
    DataFrame indexed by council of the place, with ``start``, ``end`` and ``otherwise``.
    """
    shares = joined_up.proportions(*(report.everywhere(name) for name in (ON_TIME, TIMED)))
    full_years = of_councils(report, shares[shares["period"] >= FIRST_FULL_YEAR])
    reached = joined_up.at_best_neighbour(in_newest(full_years), report.store.neighbours)
    return here(report, counterfactual.late_at_best(reached))


def prices_so_far(report: Report) -> pd.DataFrame:
    """Return England's deflator up to the report's last year, as far as it is no forecast."""
    # The one break in the deflator is where outturn ends and the forecast begins.
    beyond = min(*report.record(DEFLATOR)["breaks"], financial_year(report.latest_year))
    prices = of(report.store.observations(DEFLATOR))
    outturn: pd.DataFrame = prices[prices["period"] < beyond]
    return outturn


def plans_since_2010(report: Report) -> pd.DataFrame:
    """Return the plans of today's councils from the first year at hand to the report's last."""
    every_year = replace(report, baseline_year=FIRST_YEAR)
    return of_councils(report, every_year.everywhere(PLANS))


# ---------------------------------------------------------------- the answer


def answer(
    report: Report,
    tests: Sequence[Outcome],
    growth: pd.DataFrame,
    shared: Sequence[Result],
    at_neighbour: Result,
) -> HTML:
    """Return the verdict of the page, its headline and its answer in a box.

    Parameters
    ----------
    growth
        Of plans, all places between the same two Januaries: ``area``, ``start``, ``end``,
        ``growth``.
    shared
        What common years explain of plans, and of yearly growth.
    at_neighbour
        The rise left in the place at the pace of the slowest neighbours.
    """
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    if councils.empty:
        return verdict_box(tests, "No councils to compare", Markdown(_NOTHING_TO_COMPARE))
    least = number(councils["growth"].min(), PER_CENT)
    told = [
        f"EHC plans rose in {_how_many_rose(councils)} ({_ends_in_words(report)})"
        + (f", by {least} where they rose least." if councils["growth"].min() > 0 else "."),
        "" if report.is_england else _own_growth(report, growth),
        _left_at_neighbour(report, growth, at_neighbour),
        _shared_in_short(shared),
        "A shared rise fits a national cause; it does not prove one, and it excuses no decision in "
        "a single case."
        if councils["growth"].min() > 0
        else "",
    ]
    return verdict_box(
        tests,
        f"Plans rose in {_how_many_rose(councils)}",
        Markdown(" ".join(words for words in told if words)),
    )


_NOTHING_TO_COMPARE = "No two Januaries in these years have figures for councils."


def _how_many_rose(councils: pd.DataFrame) -> str:
    grew = int((councils["growth"] > 0).sum())
    whose = f"all {grew}" if grew == len(councils) else f"{grew} of the {len(councils)}"
    return f"{whose} councils that can be compared"


def _ends_in_words(report: Report) -> str:
    """Return the Januaries between which councils are compared, with a break on the way."""
    return _between(report, PLANS, *ends_of(of_councils(report, report.everywhere(PLANS))))


def _between(report: Report, measure: str, start: str, end: str) -> str:
    record = report.record(measure)
    kind, breaks = record["kind"], record["breaks"]
    across = [label(broken, kind) for broken in sorted(breaks) if start < broken <= end]
    words = f", counted differently from {' and from '.join(across)}" if across else ""
    return f"{label(start, kind)} to {label(end, kind)}{words}"


def _own_growth(report: Report, growth: pd.DataFrame) -> str:
    """Say in a sentence how much plans grew in the place, few plans as numbers."""
    if report.area not in set(growth["area"]):
        return f"For {report.place}, plans are not published at both ends, so it is not compared."
    own = growth[growth["area"] == report.area]
    return f"In {report.place} they {_course(own)}."


def _course(row: pd.DataFrame) -> str:
    """Say which way the one count of a row went, a small one from number to number.

    Examples
    --------
    >>> [_course(pd.DataFrame({"start": [start], "end": [end]}))
    ...     for start, end in ((200, 500), (9, 24), (100, 80), (60, 60))]
    ['rose by 150%', 'rose from 9 to 24', 'fell by 20%', 'did not change']
    """
    start, end = float(row["start"].iloc[0]), float(row["end"].iloc[0])
    if start == end:
        return "did not change"
    verb = "rose" if end > start else "fell"
    if min(start, end) < FEW:
        return f"{verb} from {number(start)} to {number(end)}"
    return f"{verb} by {number(abs(100 * (end / start - 1)), PER_CENT)}"


def _left_at_neighbour(report: Report, growth: pd.DataFrame, result: Result) -> str:
    if result.is_missing or _rise_is_small(here(report, growth.set_index("area"))):
        return ""
    whose = (
        f"{report.place} grown only like its"
        if report.level == "council"
        else f"every council in {report.place} grown only like its"
    )
    if result.value >= 100:
        return f"None of the statistical neighbours of {report.place} grew more slowly."
    return (
        f"Had {whose} slowest statistical neighbour, {number(result.value, PER_CENT)} of the rise "
        "would still be there."
    )


def _rise_is_small(places: pd.DataFrame) -> bool:
    """Say whether so few more plans, appeals or late plans are in question that none is told.

    Parameters
    ----------
    places
        ``start`` and ``end``, by council.
    """
    start, end = places["start"].sum(), places["end"].sum()
    return bool(end - start < max(FEW, A_RISE / 100 * start))


def _shared_in_short(shared: Sequence[Result]) -> str:
    plans, yearly = shared
    if plans.is_missing or yearly.is_missing:
        return ""
    return (
        f"Years common to all councils explain {number(plans.value, PER_CENT)} of the change in "
        f"plans within councils, and {number(yearly.value, PER_CENT)} of how their growth differs "
        "from year to year."
    )


# ---------------------------------------------------------------- universality


def growth_in_every_council(
    report: Report, growth: pd.DataFrame, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw the growth of plans in each council.

    Parameters
    ----------
    growth
        Of all places: ``area`` and ``growth``.
    plans
        The observations that it is worked out from.
    """
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    names = report.store.areas["name"]
    spread = _spread(councils)
    return drawn(
        distribution,
        councils.assign(area=councils["area"].map(names)),
        otherwise=_NOTHING_TO_COMPARE,
        id="growth-in-every-council",
        title=f"EHC plans rose in {_how_many_rose(councils)}",
        subtitle="Growth in EHC plans in each council, per cent, "
        + (_ends_in_words(report) if len(councils) else ""),
        alt=f"Dot plot of growth in {counted(len(councils), 'council')}: lowest "
        f"{spread['Least']}, lower quartile {spread['Lower quartile']}, middle "
        f"{spread['Middle']}, upper quartile {spread['Upper quartile']}, highest "
        f"{spread['Most']}.",
        focus=report.name if report.area in set(councils["area"]) else "",
        marks=report.marks(growth.assign(value=growth["growth"])),
        unit=PER_CENT,
        **report.source(plans),
    )


def _spread(councils: pd.DataFrame) -> dict[str, str | None]:
    spread = systemic.spread_of_growth(councils)
    return {
        name: number(value, PER_CENT)
        for name, value in zip(spread["series"], spread["value"], strict=True)
    }


def spread_of_growth(report: Report, growth: pd.DataFrame) -> Markdown:
    """Say the least, the quartiles and the most over councils."""
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    spread = _spread(councils)
    so = (
        "So the rise is shared, and its size is not."
        if councils["growth"].min() > 0
        else "So plans did not rise everywhere."
    )
    return say(
        "Growth runs from {least} in the council where plans grew least to {most} where they grew "
        "most. In the middle council it is {middle}; half of councils lie between {lower} and "
        "{upper}. {so}",
        _NOTHING_TO_COMPARE,
        least=spread["Least"],
        most=spread["Most"],
        middle=spread["Middle"],
        lower=spread["Lower quartile"],
        upper=spread["Upper quartile"],
        so=so,
    )


def place_in_growth(report: Report, growth: pd.DataFrame) -> Markdown:
    """Say where the place stands among councils."""
    councils = of_councils(report, growth.assign(value=growth["growth"]))
    if report.is_england:
        england = growth.loc[growth["area"] == ENGLAND, "growth"]
        return say(
            "In England as a whole, with the councils that cannot be compared, plans grew by "
            "{all}.",
            "For England no growth can be told.",
            all=number(england.iloc[0], PER_CENT) if len(england) else None,
        )
    own = _own_growth(report, growth)
    if report.level == "region":
        inside = councils[councils["area"].isin(report.areas.councils_in(report.area))]
        spread = _spread(inside)
        return say(
            own.replace("they", "plans")
            + " In its {n} that can be compared the growth runs from {least} to {most}.",
            own,
            n=counted(len(inside), "council"),
            least=spread["Least"],
            most=spread["Most"],
        )
    if report.area not in set(councils["area"]):
        return Markdown(own)
    here_ = councils.set_index("area").loc[report.area]
    others = councils[councils["area"] != report.area]
    less = int((others["growth"] < here_["growth"]).sum())
    rank = (
        "So few plans rank nothing."
        if here_["start"] < FEW
        else f"Of the {len(others)} other councils, {less} grew less and {len(others) - less} as "
        "much or more."
    )
    return Markdown(f"{own.replace('they', 'plans')} {rank}")


def not_compared(report: Report, councils: pd.DataFrame) -> Markdown:
    """List the councils that cannot be compared over these years, each with the reason.

    Parameters
    ----------
    councils
        Plans of the councils of today.
    """
    start, end = ends_of(councils)
    if start == end:
        return Markdown(_NOTHING_TO_COMPARE)
    left_out = systemic.not_compared(councils, report.store.areas, report.councils, start, end)
    if left_out.empty:
        return Markdown("Every council of today can be compared over these years.")
    listed = "; ".join(
        f"{name} ({reason})"
        for name, reason in zip(left_out["name"], left_out["reason"], strict=True)
    )
    return Markdown(f"Not compared: {listed}.")


# ---------------------------------------------------------------- commonality


def yearly_growth(report: Report, yearly: pd.DataFrame, plans: pd.DataFrame) -> Figure | Markdown:
    """Draw the quartiles of yearly growth over councils, with the place's own growth.

    Parameters
    ----------
    yearly
        Growth on the year before, of all places.
    plans
        The observations that it is worked out from.
    """
    councils = of_councils(report, yearly)
    own = yearly[yearly["area"] == report.area].assign(series=report.name)
    alone = report.is_england or report.is_small
    shown = pd.concat([own.head(0 if alone else len(own)), systemic.quartiles(councils)])
    rising = systemic.share_of_councils_that_grew(councils)
    record = report.record(PLANS)
    middle = span(shown[shown["series"] == "Median"])
    return drawn(
        line_over_time,
        shown,
        otherwise="No two Januaries that follow each other can be compared.",
        id="yearly-growth",
        title=f"In each of these years at least {number(rising['value'].min(), PER_CENT)} of "
        "councils had more plans than the year before",
        subtitle="Growth in EHC plans on the January before, per cent: quartiles over councils"
        + ("" if alone or own.empty else f", and {report.name}"),
        alt="Line chart of yearly growth. Growth in the middle council: "
        f"{number(middle.first, PER_CENT, 1)} in the first year shown, "
        f"{number(middle.last, PER_CENT, 1)} in the last.",
        note="Growth in the first January after a break is told across that break.",
        kind="january",
        unit=PER_CENT,
        decimals=1,
        breaks=record["breaks"],
        **report.source(plans),
    )


def years_of_growth(report: Report, yearly: pd.DataFrame) -> Markdown:
    """Say how often plans grew in the place, and when fastest, beside the middle council."""
    own = yearly[yearly["area"] == report.area]
    if own.empty or report.is_small:
        return Markdown(
            f"For {report.place}, growth from year to year is not told: "
            + ("a few children would make it." if report.is_small else "no two Januaries follow.")
        )
    grew = int((own["value"] > 0).sum())
    if len(own) == 1:
        return Markdown(
            f"In {report.place} plans {'grew' if grew else 'did not grow'} in the one year that "
            "can be compared."
        )
    medians = systemic.quartiles(of_councils(report, yearly)).query("series == 'Median'")
    fastest, middle = _fastest(own), _fastest(medians)
    all_years = f"the {counted(len(own))} years"
    years = f"each of {all_years}" if grew == len(own) else f"{counted(grew)} of {all_years}"
    beside = (
        "as it was for the middle council"
        if fastest == middle
        else f"and of the middle council the one to {middle}"
    )
    return Markdown(
        f"In {report.place} plans grew in {years} that can be compared. The fastest was the one "
        f"to {fastest}, {beside}."
    )


def _fastest(growth: pd.DataFrame) -> str:
    """Return the January to which growth was fastest."""
    in_order = growth.sort_values("value", ascending=False, kind="stable")
    return label(str(in_order["period"].iloc[0]), "january")


def common_years(
    report: Report, shared: Sequence[Result], plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw what common years explain of plans and of yearly growth, worked out in several ways.

    Parameters
    ----------
    shared
        What common years explain of plans, and of yearly growth.
    plans
        The observations that it is worked out from.
    """
    if missing := [result.missing_because for result in shared if result.is_missing]:
        return Markdown(missing[0])
    ways = pd.concat([_ways("Plans", shared[0]), _ways("Yearly growth", shared[1])])
    return drawn(
        intervals,
        ways[~ways["label"].str.contains("|".join(NOT_DRAWN))],
        otherwise=_NOTHING_TO_COMPARE,
        id="common-years",
        title=f"Years common to all explain {number(shared[0].value, PER_CENT)} of the change in "
        f"plans within councils, but {number(shared[1].value, PER_CENT)} of how growth differs by "
        "year",
        subtitle="Per cent of the variation within councils that one path for all explains, "
        f"councils of England, {shared[0].period.partition(',')[0]}",
        alt="Dots with intervals. Change in plans: "
        f"{number(shared[0].value, PER_CENT)}. Yearly growth: "
        f"{number(shared[1].value, PER_CENT)}. Variants stand below each.",
        note="The first row of each has a 95% interval, from drawing whole councils again and "
        "again. What chance would give is taken out of the shares of yearly growth.",
        unit=PER_CENT,
        label_title="What is compared",
        **report.source(plans),
    )


def _ways(words: str, result: Result) -> pd.DataFrame:
    """Return a result and its checks as rows: ``label``, ``value``, ``low``, ``high``."""
    main = (words, result.value, result.low, result.high)
    none = float("nan")
    others = [(f"{words}, {way}", figure, none, none) for way, figure in result.checks.items()]
    return pd.DataFrame([main, *others], columns=["label", "value", "low", "high"])


def shared_rise(
    tests: Sequence[Outcome], shared: Sequence[Result], parts: pd.DataFrame
) -> Markdown:
    """Say what the test of a shared path finds, and of what the shared part is made.

    Parameters
    ----------
    parts
        The four parts of the variation: ``series`` and ``value``.
    """
    share = parts.set_index("series")["value"]
    return say(
        "**First test: a shared path.** Knowing the year alone explains {share} of how the plans "
        "of a council stand to its own average{interval}. " + _fails(tests, shared, 0) + " One "
        "steady rise for all makes {steady} of the variation; years that were quick or slow for "
        "all make {turns}. A council's own pace and its own ups and downs are the rest.",
        "**First test: a shared path.** It cannot be made over these years.",
        share=number(shared[0].value, PER_CENT),
        interval=_interval(shared[0]),
        steady=number(share.get(SHARED_RISE, float("nan")), PER_CENT),
        turns=number(share.get(SHARED_TURNS, float("nan")), PER_CENT, 1),
    )


def local_timing(tests: Sequence[Outcome], shared: Sequence[Result]) -> Markdown:
    """Say what the test of shared timing finds, and what that means."""
    yearly = shared[1]
    if yearly.is_missing:
        return Markdown(f"**Second test: shared timing.** {yearly.missing_because}")
    step = yearly.checks.get(ACROSS_BREAKS)
    reforms = (
        f" With the step at the reforms of 2014 left in it would be {number(step, PER_CENT)}: that "
        "was the one time when all sped up together."
        if step is not None and step > yearly.value
        else ""
    )
    meaning = (
        " So what councils share is one long rise; when it was quick or slow is local. A national "
        "cause that pushes steadily fits this. So would local causes that happen to push "
        "everywhere the same way. These figures do not tell the two apart."
        if _verdict_of(tests, "common-ups-and-downs", yearly) is Verdict.NOT_SUPPORTED
        else " So councils share not only the rise but, in part, its timing."
    )
    return Markdown(
        "**Second test: shared timing.** Common years explain "
        f"{number(yearly.value, PER_CENT)} of how yearly growth differs"
        f"{_interval(yearly)}. {_fails(tests, shared, 1)}{reforms}{meaning}"
    )


_TESTS_OF_SHARING = ("common-year-effect", "common-ups-and-downs")


def _fails(tests: Sequence[Outcome], shared: Sequence[Result], which: int) -> str:
    result = shared[which]
    least = number(min(result.checks.values(), default=result.value), PER_CENT)
    return {
        Verdict.SUPPORTED: "The test is passed.",
        Verdict.CAVEATS: f"The test is passed with caveats: one way to work it out gives {least}.",
        Verdict.NOT_SUPPORTED: "The test fails.",
        Verdict.CANNOT_BE_TESTED: "The test cannot be made.",
    }[_verdict_of(tests, _TESTS_OF_SHARING[which], result)]


def _verdict_of(tests: Sequence[Outcome], name: str, result: Result) -> Verdict:
    """Judge a result about all councils, also where a test is not asked of the place."""
    test = next(outcome.test for outcome in tests if outcome.test.id == name)
    return judge(test, result)


def _interval(result: Result, unit: str = PER_CENT) -> str:
    if not result.has_interval:
        return ""
    return f" (95% interval {number(result.low, unit)} to {number(result.high, unit)})"


# ---------------------------------------------------------------- local practice alone


def rise_at_slowest_neighbour(
    report: Report, places: pd.DataFrame, result: Result, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw how far the place would have come at the pace of its slowest neighbours.

    Parameters
    ----------
    places
        By council of the place: ``start``, ``end``, ``otherwise``.
    result
        The rise left; says why there is none.
    plans
        The observations that it is worked out from.
    """
    if result.is_missing or _rise_is_small(places):
        return Markdown(
            result.missing_because
            or f"In {report.place} so few plans were added that no share of them is told."
        )
    start, end = (label(period, "january") for period in ends_of(of_councils(report, plans)))
    first, otherwise, last = (float(places[name].sum()) for name in ("start", "otherwise", "end"))
    one = report.level == "council"
    neighbours = "neighbour" if one else "neighbours"
    return drawn(
        waterfall,
        pd.DataFrame(
            {
                "label": [
                    start,
                    f"Rise at the pace of the slowest {neighbours}",
                    "Rise beyond that",
                    end,
                ],
                "value": [first, otherwise - first, last - otherwise, last],
            }
        ),
        otherwise=result.missing_because,
        start=start,
        end=end,
        id="at-the-slowest-neighbour",
        title=f"At the pace of {'its' if one else 'their'} slowest {neighbours}, "
        f"{report.place if one else 'councils in ' + report.place} would have {number(otherwise)} "
        f"plans instead of {number(last)}"
        if otherwise < last
        else f"No neighbour of {report.place} grew more slowly, so all of the rise would be left",
        subtitle=f"EHC plans, {report.name}, {_ends_in_words(report)}"
        + ("" if one else f", {counted(len(places), 'council')} that can be compared"),
        alt=f"Waterfall from {number(first)} plans to {number(last)}: "
        f"{number(otherwise - first)} more at the slowest pace, {number(last - otherwise)} "
        "beyond it.",
        note="Arithmetic, not a forecast: a council that grew less than all its neighbours keeps "
        "its own growth.",
        unit="plans",
        **report.source(plans),
    )


def rise_left(
    report: Report, tenth: Result, neighbour: Result, places: pd.DataFrame, plans: pd.DataFrame
) -> Figure | Markdown:
    """Draw the share of the rise that would be left, by how the slowest are chosen.

    Parameters
    ----------
    tenth, neighbour
        The rise left at the slowest tenth and at the slowest neighbours.
    places
        By council of the place: ``start``, ``end``.
    plans
        The observations that it is worked out from.
    """
    if tenth.is_missing or neighbour.is_missing or _rise_is_small(places):
        return Markdown(
            f"For {report.place}, no share of a rise is told, however the slowest are chosen."
        )
    ways = pd.concat([_ways("Slowest neighbour", neighbour), _ways("Slowest tenth", tenth)])
    # Other years and fewer councils are another question; they are at the foot of the page.
    rows = ways[~ways["label"].str.contains(OTHER_YEARS_OR_COUNCILS)].assign(
        label=lambda kept: kept["label"].str.replace(*FOLLOWED, regex=True)
    )
    low, high = (number(value, PER_CENT) for value in (rows["value"].min(), rows["value"].max()))
    return drawn(
        intervals,
        rows,
        otherwise="",
        id="rise-left",
        title=f"Between {low} and {high} of the rise would be left in {report.place}, by how the "
        "slowest are chosen",
        subtitle="Per cent of the rise in EHC plans left had no council grown more than the "
        f"slowest, {report.name}, {_ends_in_words(report)}",
        alt="Dots, some with intervals. Like the slowest neighbour "
        f"{number(neighbour.value, PER_CENT)}, like the slowest tenth "
        f"{number(tenth.value, PER_CENT)}; other ways from {low} to {high}.",
        unit=PER_CENT,
        label_title="How the slowest are chosen",
        **report.source(plans),
    )


def slow_for_a_time(
    report: Report, tenth: Result, neighbour: Result, places: pd.DataFrame
) -> Markdown:
    """Say what is left when the slowest of some years are followed in the others."""
    if _rise_is_small(places):
        return Markdown(_SLOW_BY_CHANCE)
    followed = [
        next((figure for words, figure in result.checks.items() if "one half" in words), None)
        for result in (neighbour, tenth)
    ]
    return say(
        _SLOW_BY_CHANCE + " Where we choose the slowest by one half of the years and follow them "
        "in the other half, they would leave {neighbour} of the rise in {place} if they are "
        "neighbours, and {tenth} if they are the slowest tenth.",
        _SLOW_BY_CHANCE,
        place=report.place,
        neighbour=number(followed[0], PER_CENT) if followed[0] is not None else None,
        tenth=number(followed[1], PER_CENT) if followed[1] is not None else None,
    )


_SLOW_BY_CHANCE = "The slowest of ten is slow partly by chance, and often only for a time."


def left_at_lowest(
    report: Report,
    places: Mapping[str, pd.DataFrame],
    plans: pd.DataFrame,
    appeals: pd.DataFrame,
    on_time: pd.DataFrame,
) -> Figure | Markdown:
    """Draw how much of three things would be left if each council copied its lowest neighbour.

    Parameters
    ----------
    places
        What it is about, in words → by council of the place: ``start``, ``end``, ``otherwise``.
    plans, appeals, on_time
        The observations behind.
    """
    rows = _left(places)
    tables = [of_councils(report, table) for table in (plans, appeals, on_time)]
    told = [
        f"{number(value, PER_CENT) if value > 0 else 'nothing'} of {LEFT[words]}"
        for words, value in zip(rows["label"], rows["value"], strict=True)
    ]
    newest = ", ".join(
        f"{words} {label(end, report.record(measure)['kind'])}"
        for (words, measure), (_, end) in zip(NEWEST.items(), map(ends_of, tables), strict=True)
        if end
    )
    *first, last = told or [""]
    listed = f"{', '.join(first)} and {last}" if first else last
    return drawn(
        intervals,
        rows,
        otherwise=f"In {report.place} so few plans, appeals and late plans are in question that no "
        "share of them is told.",
        id="left-at-the-lowest-neighbour",
        title=f"Copying a like council would leave {listed}",
        subtitle="Per cent left at the neighbour with least growth, fewest appeals for its plans, "
        f"or most plans on time, {report.name}, {newest}"
        + ("" if report.level == "council" else ", each with a 95% interval"),
        alt=f"Dots{'' if report.level == 'council' else ' with intervals'}: {listed}.",
        note="Rates of appeals are drawn towards those of all councils, the more so the smaller "
        "the council. Plans on time are as they stand.",
        unit=PER_CENT,
        label_title="What would be left",
        **report.source(plans, appeals, on_time),
    )


def _left(places: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return what would be left of each, where there is enough of it to tell."""
    rows = [
        (words, counterfactual.rise_left(table), *counterfactual.interval_at_neighbour(table))
        for words, table in places.items()
        if not _rise_is_small(table)
    ]
    return pd.DataFrame(rows, columns=["label", "value", "low", "high"])


def on_time_at_best(report: Report, result: Result, shares: pd.DataFrame) -> Markdown:
    """Say how many plans would be on time like the best neighbour, also allowing for chance.

    Parameters
    ----------
    result
        The per cent on time at the best neighbour.
    shares
        The published shares on time of all places.
    """
    if result.is_missing or report.is_small:
        return Markdown(
            result.missing_because
            or f"In {report.place} so few plans are new in a year that no share of them is told."
        )
    ways = [result.value, *result.checks.values()]
    return say(
        "Had {whose} issued plans on time like its best statistical neighbour, {reached} of plans "
        "would have been on time in {period}, and not {now}. Other ways to choose whom to copy "
        "give {least} to {most}.",
        whose=report.place if report.level == "council" else f"every council in {report.place}",
        reached=number(result.value, PER_CENT),
        period=result.period,
        now=number(at(shares[shares["area"] == report.area], result.period), PER_CENT),
        least=number(min(ways), PER_CENT),
        most=number(max(ways), PER_CENT),
    )


def what_local_practice_reaches(report: Report, places: Mapping[str, pd.DataFrame]) -> Markdown:
    """Say so where copying would take away less of the rise in plans than of all else.

    Parameters
    ----------
    places
        As for :func:`left_at_lowest`, the rise in plans first.
    """
    left = _left(places).set_index("label")["value"]
    if len(left) < len(places):
        return Markdown(f"For {report.place}, the three cannot be set side by side.")
    plans, *others = (left[words] for words in places)
    return Markdown(
        "So copying would take away more of the late plans and of the rise in appeals than of the "
        "rise in plans. That is a limit to the finding: there, what a council does matters more."
        if max(others) < plans
        else f"In {report.place}, copying would not do more about both late plans and appeals than "
        "about the rise in plans."
    )


# ---------------------------------------------------------------- good practice


def on_time_funnel(
    report: Report, found: good_practice.Funnel, period: str, shares: pd.DataFrame
) -> Figure | Markdown:
    """Draw plans on time by council, with limits that allow for size and the usual spread.

    Parameters
    ----------
    period
        The year that the funnel is about.
    shares
        The published shares behind it.
    """
    places = found.places.assign(
        area=found.places["area"].map(report.store.areas["name"]),
        outside=found.places["standing"] != good_practice.WITHIN,
    )
    above, below = _outside(found.places)
    return drawn(
        funnel,
        places,
        otherwise=_NONE_TIMED,
        limits=found.limits,
        centre=found.target,
        centre_name="England",
        size_title="New plans counted for the 20-week rule",
        id="on-time-by-size",
        title=f"Of {counted(len(places), 'council')}, {_or_none(above)} {_stand(above)} out for "
        f"more plans on time in {period} and {_or_none(below)} for fewer",
        subtitle="Per cent of new EHC plans issued within 20 weeks, without exceptions, each "
        f"council by size, {period}",
        alt=f"Funnel: shares on time from {number(places['value'].min(), PER_CENT)} to "
        f"{number(places['value'].max(), PER_CENT)} about England's "
        f"{number(found.target, PER_CENT)}. Above the limits: {_or_none(above)}; below: "
        f"{_or_none(below)}.",
        focus=report.name if report.name in set(places["area"]) else "",
        note="Dashed: limits for nineteen in twenty councils; solid: for nearly all. Both allow "
        "for size and for the usual spread between councils. Dark dots lie outside the dashed "
        "ones; even among councils that differ in the usual way about one in ten would.",
        unit="per cent of plans",
        decimals=1,
        **report.source(shares),
    )


_NONE_TIMED = "No council has plans counted for the 20-week rule in these years."


def _outside(places: pd.DataFrame) -> tuple[int, int]:
    """Count the councils above and below the limits that allow for the usual spread."""
    above, below = (
        int(places["standing"].isin(side).sum())
        for side in (good_practice.ABOVE, good_practice.BELOW)
    )
    return above, below


def _or_none(count: int) -> str:
    return counted(count) if count else "none"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def who_stands_out(report: Report, found: good_practice.Funnel, period: str) -> Markdown:
    """Say where the place stands, and how many stand out by chance alone."""
    if found.places.empty:
        return Markdown(_NONE_TIMED)
    by_chance = int((found.places["standing_by_chance"] != good_practice.WITHIN).sum())
    inside = found.places[found.places["area"].isin(report.areas.councils_in(report.area))]
    above, below = _outside(inside)
    region = (
        f" Of the {len(inside)} councils in {report.place}, {_or_none(above)} {_stand(above)} out "
        f"for more plans on time and {_or_none(below)} for fewer."
        if report.level == "region"
        else ""
    )
    return Markdown(
        f"Chance alone does not make councils as unlike as they are: {by_chance} of "
        f"{len(found.places)} lie further from England's figure in {period} than chance would put "
        f"them. So the limits above allow for the usual spread between councils too.{region}"
        f"{_place_in_funnel(report, found, period)}"
    )


def _place_in_funnel(report: Report, found: good_practice.Funnel, period: str) -> str:
    """Say where the chosen council stands, with words that allow for chance."""
    if report.level != "council":
        return ""
    own = found.places[found.places["area"] == report.area]
    if own.empty:
        return (
            f" For {report.place}, no plans are counted for the 20-week rule in the newest of "
            "these years, so it has no place in the chart."
        )
    row = own.iloc[0]
    on_time = round(row["value"] * row["size"] / 100)
    share = (
        f"{number(on_time)} of {number(row['size'])} new {'plan' if row['size'] == 1 else 'plans'}"
        if row["size"] < FEW
        else f"{number(row['value'], PER_CENT, 1)} of {number(row['size'])} new plans"
    )
    standing = {
        **dict.fromkeys(good_practice.ABOVE, "That is more than its size and the usual spread "
        "between councils explain."),
        **dict.fromkeys(good_practice.BELOW, "That is less than its size and the usual spread "
        "between councils explain."),
        good_practice.WITHIN: "That is within what its size and the usual spread between councils "
        "explain.",
    }  # fmt: skip
    by_chance = (
        "Chance alone could explain the distance from England's"
        if row["standing_by_chance"] == good_practice.WITHIN
        else "Chance alone does not explain the distance from England's"
    )
    return (
        f" In {period}, {report.place} issued {share} on time. {standing[row['standing']]} "
        f"{by_chance} {number(found.target, PER_CENT, 1)}."
    )


def outside_later(standings: pd.DataFrame) -> pd.DataFrame:
    """Return how many that stood out for plans on time still did so many years later."""
    if standings.empty:
        return pd.DataFrame(columns=["years", "began", "value", "value_by_chance"])
    return good_practice.lasting_by_years(good_practice.lasting(standings, good_practice.ABOVE))


def still_outside(
    report: Report, by_years: pd.DataFrame, shares: pd.DataFrame
) -> Figure | Markdown:
    """Draw how many of the councils that stood out on time still did some years later.

    Parameters
    ----------
    by_years
        What :func:`sendreform.evidence.good_practice.lasting_by_years` returns.
    shares
        The observations behind.
    """
    rows = by_years[by_years["began"] >= FEWEST_BEGAN].dropna(subset="value")
    if rows.empty:
        return Markdown("Too few councils stood out in these years to be followed.")
    first = rows.iloc[0]
    last = rows[rows["years"] <= YEARS_LATER].iloc[-1]
    chance = [number(value, PER_CENT) for value in (rows["value_by_chance"].min(),
                                                   rows["value_by_chance"].max())]  # fmt: skip
    later = (
        f" and {number(last['value'], PER_CENT)} after {_years(last['years'])}"
        if last["years"] > first["years"]
        else ""
    )
    start, end = ends_of(of_councils(report, shares[shares["period"] >= FIRST_FULL_YEAR]))
    return drawn(
        bars,
        rows.assign(label=[f"After {_years(years)}" for years in rows["years"]]),
        otherwise="",
        id="still-outside",
        title=f"Of councils that stood out for plans on time, {number(first['value'], PER_CENT)} "
        f"still did after {_years(first['years'])}{later}",
        subtitle="Per cent of councils above the limits in a year that were above them later, "
        f"plans issued within 20 weeks, {start} to {end}",
        alt=f"Bars: {number(first['value'], PER_CENT)} after "
        f"{_years(first['years'])}, {number(last['value'], PER_CENT)} after "
        f"{_years(last['years'])}; chance alone would give about {chance[0]} to {chance[1]}.",
        note=f"By chance alone {chance[0]} to {chance[1]} would. Each year has its own limits, so "
        "a break moves all councils together. In 2020 the time limit was relaxed for some months.",
        unit=PER_CENT,
        label_title="Years later",
        **report.source(shares),
    )


#: Of fewer councils than this that stood out, no share is told.
FEWEST_BEGAN = 20
#: The years after which the title asks a second time.
YEARS_LATER = 5


def _years(count: float) -> str:
    return counted(int(count), "year")


def good_practice_lasts(result: Result) -> Markdown:
    """Say how many of the first year's quickest quarter of councils are in it at the end."""
    if result.is_missing:
        return Markdown(result.missing_because)
    return Markdown(
        "Of the quarter of councils that were quickest in the first year, "
        f"{number(result.value, PER_CENT)}{_interval(result)} were in the quickest quarter in the "
        f"last ({result.period}). By chance alone a quarter would be. Good practice is real and "
        "matters to every family that it reaches; it is rare that it holds for long."
    )


def league_table(
    report: Report, counts: pd.DataFrame, ranks: pd.DataFrame, period: str
) -> Markdown:
    """Say how sure a league table would be, with the range of the chosen council's place.

    Parameters
    ----------
    counts
        Plans on time and plans timed by council in the period.
    ranks
        What :func:`sendreform.evidence.good_practice.rank_correlations` returns.
    """
    if len(counts) < 2:
        return Markdown(_NONE_TIMED)
    estimates = good_practice.shrunk_shares(counts)
    told = good_practice.league_table(estimates)
    alike = ranks.dropna(subset="value")
    first, last = ends_of(alike)
    apart = alike[(alike["period"] == first) & (alike["later"] == alike["later"].max())]
    pairs = [_correlated(rows) for rows in (alike.tail(1), apart)] if last else []
    later = (
        f" The order changes from year to year: {', '.join(dict.fromkeys(pairs))} (one is the same "
        "order, nought is none in common)."
        if pairs
        else ""
    )
    own = estimates[estimates["area"] == report.area]
    place = (
        f" In it {report.place} would stand somewhere between place "
        f"{own['rank_low'].iloc[0]:.0f} and place {own['rank_high'].iloc[0]:.0f} of "
        f"{told['councils']:.0f}."
        if len(own)
        else ""
    )
    return Markdown(
        f"A table of councils by plans on time in {period} would tell "
        f"{number(told['pairs_told_apart'], PER_CENT)} of pairs apart; the place of the middle "
        f"council is uncertain by {told['places']:.0f} places.{place}{later}"
    )


def _correlated(pair: pd.DataFrame) -> str:
    """Say how alike the ranks of one pair of years are."""
    years = f"{pair['period'].iloc[0]} and {pair['later'].iloc[0]}"
    return f"ranks of {years} correlate at {number(pair['value'].iloc[0], decimals=2)}"


def inspections(report: Report, grades: pd.DataFrame) -> Markdown:
    """Say how inspections since 2023 ended, and the newest one of the chosen council."""
    known = grades.dropna(subset="value")
    if known.empty:
        return Markdown("No inspection of these years has an outcome that we know.")
    ended = good_practice.inspection_outcomes(known).set_index("label")["value"]
    best, middle, worst = (int(ended[name]) for name in good_practice.GRADES.values())
    own = known[known["area"] == report.area].sort_values("period")
    latest = own.iloc[-1] if len(own) else None
    place = (
        f' For {report.place} it was "{good_practice.GRADES[int(latest["value"])].lower()}" '
        f"({label(latest['period'], 'date')})."
        if latest is not None
        else f" For {report.place} our data hold no outcome."
        if report.level == "council"
        else ""
    )
    return Markdown(
        f"Of {best + middle + worst} areas inspected since 2023 whose outcome we know, "
        f"{counted(best)} had typically positive experiences and outcomes, {counted(middle)} "
        f"inconsistent ones, and {counted(worst)} widespread or systemic failings.{place}"
    )


def practice_and_growth(
    report: Report, found: pd.DataFrame, *sources: pd.DataFrame
) -> Figure | Markdown:
    """Draw how much growth and timeliness differ where inspectors found more or an officer is.

    Parameters
    ----------
    found
        What :func:`sendreform.evidence.good_practice.associations` returns.
    sources
        The observations behind.
    """
    if found.empty:
        return Markdown("Too few councils can be compared by practice in these years.")
    sure = int((found["p_corrected"] < SURE).sum())
    return drawn(
        intervals,
        found.assign(label=[_short(words) for words in found["label"]]),
        otherwise="",
        id="practice-and-growth",
        title=f"Of {counted(len(found), 'comparison')} of practice with growth or timeliness, "
        f"{counted(sure) if sure else 'none'} {'holds' if sure < 2 else 'hold'} when corrected "
        "for asking so often",
        subtitle="Difference between councils with and without, in percentage points: of growth "
        f"in plans, or of the share of plans on time; England's councils, {_outcomes_told(found)}",
        alt=f"Dots, each with a 95% interval, of {counted(len(found), 'difference')}, from "
        f"{number(found['value'].min(), POINTS)} to {number(found['value'].max(), POINTS)} "
        "points; most intervals hold nought.",
        note=good_practice.ASSOCIATION,
        unit=POINTS,
        label_title="Practice and what is compared",
        **report.source(*sources),
    )


def _short(words: str) -> str:
    """Shorten a comparison to a label; the subtitle has the years.

    Examples
    --------
    >>> _short("Officer in post in January 2019: growth in plans, January 2019 to January 2025")
    'Officer in post in January 2019: growth'
    """
    practice, _, outcome = words.partition(": ")
    return f"{practice}: {'growth' if outcome.startswith('growth') else 'on time'}"


def _outcomes_told(found: pd.DataFrame) -> str:
    """Return what is compared, with its years, once each."""
    return "; ".join(dict.fromkeys(words.partition(": ")[2] for words in found["label"]))


def what_holds(found: pd.DataFrame) -> Markdown:
    """Name the comparisons that hold after correction, and say whether any is about growth."""
    if found.empty:
        return Markdown("No difference can be told.")
    sure = found[found["p_corrected"] < SURE]
    held = " ".join(
        f"{words.partition(': ')[0]}: the {words.partition(': ')[2]} differs by "
        f"{number(value, POINTS)} points (95% interval {number(low, POINTS)} to "
        f"{number(high, POINTS)}; allowing for region and size {number(adjusted, POINTS)})."
        for words, value, low, high, adjusted in zip(
            sure["label"], sure["value"], sure["low"], sure["high"], sure["adjusted"], strict=True
        )
    )
    slower = sure["label"].str.contains(": growth").any()
    growth = (
        "" if slower else " No practice that is published goes with growth that is surely slower."
    )
    return Markdown((held or "None of the comparisons holds.") + growth)


# ---------------------------------------------------------------- incentives


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
        f"make up {number(total, PER_CENT)} of the rise"
        if total <= 100
        else "add more pupils than all needs together"
    )
    start, end = ends_of(pupils)
    named = by_need[by_need["growth"].notna()]
    most = named.iloc[0]
    return drawn(
        bars,
        named.assign(value=named["added"]),
        otherwise="",
        id="rise-by-need",
        title=f"Autism, speech and language, and mental health needs {share} in {report.place}",
        subtitle="Pupils with an EHC plan added, by primary need, state-funded schools, "
        f"{report.name}, {_between(report, NEEDS, start, end)}",
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
        f"In {number(result.value, PER_CENT)} of councils at least two of the three needs that add "
        f"most pupils are among England's three ({result.period}){otherwise}. They are also the "
        "needs most often recorded, so this shows that no place has a rise of its own kind, and "
        "not that the children are alike."
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
    source = report.source(*sources)
    return table_of_words(
        id="from-request-to-appeal",
        title="From a request to an appeal",
        subtitle=f"Requests and assessments of {years}, {report.name}, as councils recorded them "
        "by the January after",
        heads=["Step", "Number", "Of all requests or assessments", "Of those refused"],
        rows=rows,
        note=incentives.NOT_PUBLISHED,
        source=source["source"],
        source_url=source["source_url"],
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
        else f"In {report.place}, {number(appealed.value, PER_CENT)}{_interval(appealed)} of "
        f"refusals to assess were appealed ({appealed.period})."
        if not appealed.is_missing
        else appealed.missing_because
    )
    return Markdown(few + of_decided)


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
        f"{_course(independent)}, those that name state special schools {_course(state)}",
        subtitle=f"EHC plans by kind of special school, {report.name}, "
        f"{_between(report, PLANS, *ends_of(places))}",
        alt=f"Two lines. Independent and non-maintained special schools: "
        f"{number(independent['end'].iloc[0])} plans at the end; state special schools: "
        f"{number(state['end'].iloc[0])}.",
        note="Independent means independent and non-maintained special schools together. Places "
        "filled, not places built.",
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
    """Say how much of the rise is at the ages after 16, and how much in further education.

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
    return say(
        "Young people from age 16 on are {older} of the rise in plans in {place}, those from age "
        "20 on {extension}; further education has {further} of it ({period}).",
        "For {place}, no share of the rise is told by age: too few hold a plan, plans did not "
        "rise, or ages are not published at both ends.",
        place=report.place,
        older=older,
        extension=extension,
        further=number(groups.get(FURTHER_EDUCATION, float("nan")), PER_CENT) if known else None,
        period=_between(report, PLANS, start, end) if known else None,
    )
