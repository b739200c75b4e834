"""Good practice on the page "The root causes are systemic": who stands out, and for how long."""

import pandas as pd
from IPython.display import Markdown

from sendreform.book import faults
from sendreform.book.narrowing import in_full_years
from sendreform.book.systemic.shared import (
    ON_TIME,
    PER_CENT,
    PLANS,
    TIMED,
    ends_of,
    of_councils,
    together,
)
from sendreform.book.words import FEW, counted, drawn, interval_of, number, or_none
from sendreform.charts import Figure, bars, funnel, intervals
from sendreform.claims.result import Result
from sendreform.evidence import good_practice
from sendreform.periods import label
from sendreform.report import Report

#: The level at which a p-value, corrected for asking many times, is called a difference.
SURE = 0.05
POINTS = "percentage points"
_NONE_TIMED = "No council has plans counted for the 20-week rule in these years."
#: Of fewer councils than this that stood out, no share is told.
FEWEST_BEGAN = 20
A_HALF = 50
#: The years after which the title asks a second time.
YEARS_LATER = 5


def on_time_counts(report: Report) -> pd.DataFrame:
    """Return plans on time and plans timed by council, in full years: what a funnel is made of."""
    on_time, timed = (report.everywhere(name) for name in (ON_TIME, TIMED))
    counts = good_practice.counts(on_time, timed, report.councils)
    # Where more are on time than were timed, the two returns do not fit together.
    fit: pd.DataFrame = counts[counts["part"] <= counts["whole"]]
    return in_full_years(fit)


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
        title=f"Of {counted(len(places), 'council')}, {or_none(above)} {_stand(above)} out for "
        f"more plans on time in {period} and {or_none(below)} for fewer",
        subtitle="Per cent of new EHC plans issued within 20 weeks, without exceptions, each "
        f"council by size, {period}",
        alt=f"Funnel: shares on time from {number(places['value'].min(), PER_CENT)} to "
        f"{number(places['value'].max(), PER_CENT)} about England's "
        f"{number(found.target, PER_CENT)}. Above the limits: {or_none(above)}; below: "
        f"{or_none(below)}.",
        focus=report.name if report.name in set(places["area"]) and not report.is_small else "",
        note="Dashed: limits for nineteen in twenty councils; solid: for nearly all. Both allow "
        "for size and for the usual spread between councils. Dark dots lie outside the dashed "
        "ones; even among councils that differ in the usual way about one in ten would.",
        unit="per cent of plans",
        decimals=1,
        **report.source(shares),
    )


def _outside(places: pd.DataFrame) -> tuple[int, int]:
    """Count the councils above and below the limits that allow for the usual spread."""
    above, below = (
        int(places["standing"].isin(side).sum())
        for side in (good_practice.ABOVE, good_practice.BELOW)
    )
    return above, below


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
        f" Of the {len(inside)} councils in {report.place}, {or_none(above)} {_stand(above)} out "
        f"for more plans on time and {or_none(below)} for fewer."
        if report.level == "region"
        else ""
    )
    counts = f"{by_chance} of {len(found.places)} lie further from England's figure in {period}"
    chance = (
        f"Chance alone does not make councils as unlike as they are: {counts} than chance would "
        "put them. So the limits above allow for the usual spread between councils too."
        if found.between > 0
        else f"Chance alone could make councils as unlike as they are: {counts} than chance puts "
        "nineteen in twenty, and about one in twenty does so anyway."
    )
    return Markdown(f"{chance}{region}{_place_in_funnel(report, found, period)}")


def _place_in_funnel(report: Report, found: good_practice.Funnel, period: str) -> str:
    """Say where the chosen council stands, with words that allow for chance."""
    if report.level != "council":
        return ""
    if report.is_small:
        return (
            f" In {report.place} so few plans are counted for the 20-week rule that its place is "
            "not told."
        )
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
    start, end = ends_of(of_councils(report, in_full_years(shares)))
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


def _years(count: float) -> str:
    return counted(int(count), "year")


def good_practice_lasts(result: Result) -> Markdown:
    """Say how many of the first year's quickest quarter of councils are in it at the end."""
    if result.is_missing:
        return Markdown(result.missing_because)
    lasted = (
        "here it seldom held for long"
        if result.value < A_HALF
        else "here it held for long more often than not"
    )
    return Markdown(
        "Of the quarter of councils that were quickest in the first year, "
        f"{number(result.value, PER_CENT)}{interval_of(result)} were in the quickest quarter in "
        f"the last ({result.period}). By chance alone a quarter would be. Good practice matters to "
        f"every family that it reaches; {lasted}."
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
        f" The order changes from year to year: {', '.join(dict.fromkeys(pairs))} (one means "
        "the same order, zero means unrelated)."
        if pairs
        else ""
    )
    own = estimates[estimates["area"] == report.area]
    place = (
        f" In it {report.place} would stand somewhere between place "
        f"{own['rank_low'].iloc[0]:.0f} and place {own['rank_high'].iloc[0]:.0f} of "
        f"{told['councils']:.0f}."
        if len(own) and not report.is_small
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
    open_ones = int(((found["low"] <= 0) & (found["high"] >= 0)).sum())
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
        f"points; of the intervals {or_none(open_ones)} "
        f"{'includes' if open_ones < 2 else 'include'} zero.",
        note=together(good_practice.ASSOCIATION, faults.among_councils(report, PLANS)),
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
    """Name the comparisons that hold after correction, and say whether any is of slower growth."""
    if found.empty:
        return Markdown("No difference can be told.")
    sure = found[found["p_corrected"] < SURE]
    held = " ".join(
        f"{words.partition(': ')[0]}: the {words.partition(': ')[2]} is "
        f"{number(abs(value), POINTS)} points {'higher' if value > 0 else 'lower'} "
        f"(95% interval {number(low, POINTS)} to "
        f"{number(high, POINTS)}; allowing for region and size {number(adjusted, POINTS)})."
        for words, value, low, high, adjusted in zip(
            sure["label"], sure["value"], sure["low"], sure["high"], sure["adjusted"], strict=True
        )
    )
    slower = (sure["label"].str.contains(": growth") & (sure["value"] < 0)).any()
    growth = (
        "" if slower else " No practice that is published goes with growth that is surely slower."
    )
    return Markdown((held or "None of the comparisons holds.") + growth)
