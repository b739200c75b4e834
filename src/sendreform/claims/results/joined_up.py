"""What the tests about joined-up support find: plans on time, and waits for health services."""

import pandas as pd

from sendreform import periods
from sendreform.claims.result import Result, no_result
from sendreform.claims.results._shared import (
    BASE_YEARS,
    breaks_between,
    first_and_last,
    interval,
    known,
    no_change,
    other_ways,
    own,
    with_england,
    years_told,
)
from sendreform.evidence import joined_up
from sendreform.evidence.joined_up import FIRST_FULL_YEAR
from sendreform.evidence.series import at, of
from sendreform.report import Report
from sendreform.store.reads import remembered

WITHOUT_EXCEPTIONS = (
    "ehc_plans_in_20_weeks_excluding_exceptions",
    "ehc_plans_timed_excluding_exceptions",
)
WITH_EXCEPTIONS = ("ehc_plans_in_20_weeks", "ehc_plans_timed")
#: Years since councils return a record for each child; in each of these the share is told as well.
RECENT_YEARS = ("2023", "2024", "2025")
#: A smaller per cent of plans on time than this means many late ones: the line of the rules.
FOUR_IN_FIVE = 80
#: With fewer plans than this, to be the best of ten neighbours is in good part luck.
ENOUGH_PLANS = 100
LIKE_THE_BEST = "like the best neighbour"


def share_of_plans_on_time(report: Report) -> Result:
    """Per cent of new plans issued within 20 weeks, without exceptions, in the newest year."""
    shares = _shares_here(report, WITHOUT_EXCEPTIONS)
    if shares.empty:
        return no_result(report.no_figure(WITHOUT_EXCEPTIONS[0]), *WITHOUT_EXCEPTIONS)
    newest = shares.iloc[[-1]]
    end = str(newest["period"].iloc[0])
    low, high = interval(report, newest)
    return Result(
        value=float(newest["value"].iloc[0]),
        period=end,
        measures=WITHOUT_EXCEPTIONS,
        low=low,
        high=high,
        checks=known(
            {
                "with exceptions": at(_shares_here(report, WITH_EXCEPTIONS), end),
                **{year: at(shares, year) for year in RECENT_YEARS if year != end},
            }
        ),
    )


def change_in_share_of_plans_on_time(report: Report) -> Result:
    """Percentage points by which the share of plans on time changed since the first year."""
    shares, with_exceptions = (
        _shares(*(with_england(report, measure) for measure in measures))
        for measures in (WITHOUT_EXCEPTIONS, WITH_EXCEPTIONS)
    )
    start, end = first_and_last(report, shares)

    def moved(figures: pd.DataFrame, since: str) -> float:
        return at(own(report, figures), end) - at(own(report, figures), since)

    changed = own(report, joined_up.changes_in_share(shares, start, end))
    if start == end or changed.empty:
        return no_change(report, "the share of plans on time", start, *WITHOUT_EXCEPTIONS)
    low, high = interval(report, changed)
    breaks = breaks_between(report, start, end, *WITHOUT_EXCEPTIONS)
    return Result(
        value=float(changed["difference"].iloc[0]),
        period=years_told(report, start, end, *WITHOUT_EXCEPTIONS),
        measures=WITHOUT_EXCEPTIONS,
        low=low,
        high=high,
        checks=known(
            {
                **other_ways(
                    report, own(report, shares), start, end, "difference", *WITHOUT_EXCEPTIONS
                ),
                **{
                    f"from {year}, since the break": moved(shares, year)
                    for year in breaks
                    if year < end
                },
                "with exceptions": moved(with_exceptions, start),
            }
        ),
    )


def share_of_councils_with_late_plans(report: Report) -> Result:
    """Per cent of councils with fewer than four in five plans on time, beyond what chance does."""
    below = _councils_below(report, WITHOUT_EXCEPTIONS)
    if below.empty:
        return no_result(report.no_figure(WITHOUT_EXCEPTIONS[0]), *WITHOUT_EXCEPTIONS)
    newest = below.iloc[-1]
    end = str(newest["period"])
    surely = below.assign(value=below["surely"])
    with_exceptions = _councils_below(report, WITH_EXCEPTIONS)
    return Result(
        value=float(newest["surely"]),
        period=f"{end}, {newest['councils']:.0f} councils",
        measures=WITHOUT_EXCEPTIONS,
        checks=known(
            {
                "without allowing for chance": float(newest["value"]),
                "with exceptions": at(with_exceptions.assign(value=with_exceptions["surely"]), end),
                **{year: at(surely, year) for year in RECENT_YEARS if year != end},
            }
        ),
    )


def share_waiting_over_18_weeks(report: Report) -> Result:
    """Per cent of children waiting for community health services who waited over 18 weeks.

    Published for ten months of 2023 only.
    """
    measures = (
        "community_health_waiting", "community_health_waiting_over_18_weeks",
        "community_health_waiting_over_52_weeks",
    )  # fmt: skip
    waiting, over_18_weeks, over_52_weeks = (report.figures(measure) for measure in measures)
    waits = joined_up.health_waits(waiting, over_18_weeks, over_52_weeks)
    together = waits[waits["series"] == joined_up.ALL_SERVICES]
    if together.empty:
        return no_result(report.no_figure(measures[0]), *measures[:2])
    first, last = together["period"].iloc[0], together["period"].iloc[-1]
    services = waits[(waits["period"] == last) & (waits["series"] != joined_up.ALL_SERVICES)]
    month = periods.label(first, "month")
    return Result(
        value=at(together, last),
        period=f"{periods.label(last, 'month')}, the newest month at hand",
        measures=measures[:2],
        checks={
            **dict(zip(services["series"].str.lower(), services["value"], strict=True)),
            **({month: at(together, first)} if first != last else {}),
        },
    )


def share_on_time_at_best_neighbour(report: Report) -> Result:
    """Per cent of plans on time had every council done like its best statistical neighbour."""
    newest, reached = _reached_by_councils(report.for_england)
    inside = set(report.areas.councils_in(report.area)) & set(newest["area"])
    if not inside:
        return no_result(
            f"For {report.place}, no plans without exceptions are counted for the 20-week rule in "
            "the newest of these years.",
            *WITHOUT_EXCEPTIONS,
        )
    together = {
        words: joined_up.share_reached(councils[councils["area"].isin(inside)])
        for words, councils in reached.items()
    }
    return Result(
        value=together.pop(LIKE_THE_BEST),
        period=str(newest["period"].iloc[0]),
        measures=WITHOUT_EXCEPTIONS,
        checks=together,
    )


@remembered(4)
def _reached_by_councils(england: Report) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Return every council's newest share, and what it would reach in each way, by its words."""
    shares = _of_councils(england, _shares_everywhere(england, WITHOUT_EXCEPTIONS))
    newest = shares[shares["period"] == shares["period"].max()]
    if newest.empty:
        return newest, {}
    neighbours = england.store.neighbours
    return newest, {
        LIKE_THE_BEST: joined_up.at_best_neighbour(newest, neighbours),
        "like the council at the ninetieth percentile": joined_up.at_percentile(newest, 90),
        "like the best neighbour, allowing for chance": joined_up.at_best_neighbour(
            newest, neighbours, by="low"
        ),
        f"like the best neighbour with at least {ENOUGH_PLANS} plans": (
            joined_up.at_best_neighbour(newest, neighbours, fewest=ENOUGH_PLANS)
        ),
    }


def share_of_quickest_that_stayed(report: Report) -> Result:
    """Per cent of the best quarter of councils on time at first that are in it at the end.

    Councils are ranked within each year, so a break that moves them all alike does not matter.
    """
    measure = "ehc_plans_in_20_weeks_excluding_exceptions_share"
    figures = _of_councils(report, report.everywhere(measure))
    years = sorted(figures["period"].unique())
    if len(years) < 2:
        return no_result(
            "Councils have figures for fewer than two of these years, so none can have stayed.",
            measure,
        )
    kept = joined_up.stayed(joined_up.quickest(figures, report.councils))
    tenth = joined_up.stayed(joined_up.quickest(figures, report.councils, 0.1))
    return Result(
        value=kept.per_cent,
        period=years_told(report, years[0], years[-1], measure),
        measures=(measure,),
        low=kept.low,
        high=kept.high,
        checks={
            "best tenth": tenth.per_cent,
            **{
                f"from {year}": joined_up.stayed(
                    joined_up.quickest(figures[figures["period"] >= year], report.councils)
                ).per_cent
                for year in BASE_YEARS
                if years[0] < year < years[-1]
            },
        },
    )


def _shares_here(report: Report, measures: tuple[str, str]) -> pd.DataFrame:
    """Return the shares on time of the place, in the full years of the report."""
    return _shares(*(of(report.figures(measure)) for measure in measures))


def _shares_everywhere(report: Report, measures: tuple[str, str]) -> pd.DataFrame:
    """Return the shares on time of all places, in the full years of the report."""
    return _shares(*(report.everywhere(measure) for measure in measures))


def _shares(on_time: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Return shares on time, in full years."""
    shares = joined_up.proportions(on_time, plans).dropna(subset="value")
    return shares[shares["period"] >= FIRST_FULL_YEAR].sort_values("period", kind="stable")


def _of_councils(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    there = figures["area"].isin(report.councils) & (figures["period"] >= FIRST_FULL_YEAR)
    return figures[there].dropna(subset="value")


def _councils_below(report: Report, measures: tuple[str, str]) -> pd.DataFrame:
    return joined_up.councils_below(
        _shares_everywhere(report, measures), report.councils, FOUR_IN_FIVE
    )
