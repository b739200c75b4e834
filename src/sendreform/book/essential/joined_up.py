"""Joined-up support on the page "Reform is essential": time, reviews, places, health, officers."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.essential.shared import (
    ON_TIME,
    PLANS,
    beside_england,
    dot_plot,
    of_place,
    said,
    too_few,
    why_none,
    years_of,
)
from sendreform.book.narrowing import in_full_years
from sendreform.book.word_tables import source_line, table_of
from sendreform.book.words import (
    FEW,
    counted,
    described,
    drawn,
    listed,
    moved,
    number,
    say_known,
    sentence_case,
    titled,
)
from sendreform.charts import Figure, distribution, line_over_time
from sendreform.evidence import joined_up
from sendreform.evidence.series import of, since_last_break, span
from sendreform.periods import label
from sendreform.report import Report

#: Where children and young people without a place are, as a sentence says it.
PLACED = {
    "Elective home education": "in elective home education",
    "Other arrangements made by the council": "with other arrangements made by the council",
    "Not in education, employment or training": "not in education, employment or training",
    "Not in education, of compulsory school age": "not in education though of school age",
}
ELSEWHERE = "Educated elsewhere or not in education, all"


def on_time(report: Report) -> Figure | Markdown:
    """Draw the share of plans issued within 20 weeks, beside England's."""
    figures = in_full_years(report.everywhere(ON_TIME))
    there, record = of_place(report, figures), report.record(ON_TIME)
    own, shown = span(there), beside_england(report, figures)
    return drawn(
        line_over_time,
        shown,
        otherwise=why_none(report, ON_TIME),
        id="twenty-weeks",
        title=_title_on_time(report, there),
        subtitle="Per cent of new EHC plans issued within 20 weeks, leaving out exceptions, "
        f"{report.name}, calendar years {years_of(of_place(report, figures))}",
        alt=described(
            "Line chart", f"Plans issued within 20 weeks in {report.name}", own, **record
        ),
        **record,
        **report.source(shown),
    )


def _title_on_time(report: Report, there: pd.DataFrame) -> str:
    """Tell how the share on time moved since the last break, and beside it across the break."""
    record, subject = (
        report.record(ON_TIME),
        f"The share of EHC plans issued on time in {report.place}",
    )
    since, whole = span(since_last_break(there, record["breaks"])), span(there)
    if since.first_period in ("", since.last_period, whole.first_period):
        return titled(subject, whole, **record)
    points = number(abs(whole.difference), "percentage points", 1)
    return (
        f"{titled(subject, since, **record)}; from {whole.first_period}, across a break, it "
        f"{'rose' if whole.difference > 0 else 'fell'} by {points} points"
    )


def on_time_in_steps(report: Report) -> HTML | Markdown:
    """Say how the share on time moved before, across and since the change of collection."""
    if report.is_small:
        return said("")
    figures = in_full_years(report.everywhere(ON_TIME))
    there, record = of_place(report, figures), report.record(ON_TIME)
    since = since_last_break(there, record["breaks"])
    before = there.drop(index=since.index)
    step = pd.concat([before.tail(1), since.head(1)])
    return say_known(
        f"In {report.place},",
        {
            words: moved(span(table), **record | {"breaks": ()})
            for words, table in (
                ("on the older count the share on time", before),
                (
                    "from the older to the newer count it",
                    step if len(step) == 2 else before.head(0),
                ),
                ("on the newer count the share on time", since),
            )
        }
        if len(before)
        else {"the share on time": moved(span(since), **record)},
        f"For {report.place}, there are not two years of plans on time to compare.",
    )


def on_time_by_council(
    report: Report, shares: pd.DataFrame, below: pd.DataFrame
) -> Figure | Markdown:
    """Draw the share on time of all councils, the place's marked.

    Parameters
    ----------
    shares
        Shares of all places in one year, as :func:`sendreform.evidence.joined_up.proportions`
        returns them.
    below
        What :func:`sendreform.evidence.joined_up.councils_below` returns for them, at a half.
    """
    councils = shares[shares["area"].isin(report.councils)]
    period = max(councils["period"], default="")
    return drawn(
        distribution,
        councils.assign(area=councils["area"].map(report.store.areas["name"])),
        otherwise="No figures for councils are published for these years.",
        id="twenty-weeks-councils",
        title=f"In {below['below'].sum()} of {counted(len(councils), 'council')}, fewer than half "
        f"of new plans came on time in {period}",
        subtitle="Per cent of new EHC plans issued within 20 weeks, leaving out exceptions, each "
        f"council in England, {period}",
        alt=dot_plot(councils, period, "per cent of plans on time"),
        focus=report.name if report.area in set(councils["area"]) and not report.is_small else "",
        marks=report.marks(shares),
        unit="per cent of plans",
        **report.source(report.everywhere(ON_TIME).query("period == @period")),
    )


def late_councils(report: Report, shares: pd.DataFrame, below: pd.DataFrame) -> HTML | Markdown:
    """Say in how many councils plans are late beyond chance, and where the place stands.

    Parameters
    ----------
    shares
        Shares of all places in one year.
    below
        What :func:`sendreform.evidence.joined_up.councils_below` returns at four in five.
    """
    every = [
        f"In {row['period']}, {row['surely_below']} of {row['councils']} councils "
        f"({number(row['surely'], 'per cent')}) issued fewer than four in five of their new plans "
        "on time, and chance alone does not explain it."
        for row in below.to_dict("records")
    ]
    own = [
        f"{sentence_case(report.place)} issued {row['part']:,.0f} of {row['whole']:,.0f} on time "
        f"(95% interval of the share {row['low']:.0f}% to {row['high']:.0f}%)."
        for row in of_place(report, shares).to_dict("records")
        if report.level == "council" and row["whole"] >= FEW
    ]
    return said(" ".join([*every, *own]))


def very_late(report: Report, lengths: pd.DataFrame) -> HTML | Markdown:
    """Say how many plans took over a year, and how many weeks on average, without exceptions.

    Parameters
    ----------
    lengths
        What :func:`sendreform.evidence.joined_up.how_long` returns for the place.
    """
    over = lengths[lengths["series"] == joined_up.VERY_LATE].dropna(subset="share")
    if over.empty or report.is_small:
        return said("" if report.is_small else why_none(report, "ehc_plans_beyond_a_year_share"))
    newest = over.sort_values("period").iloc[-1]
    course = moved(
        span(over.assign(value=over["share"])), kind="calendar_year", unit="per cent", decimals=1
    )
    weeks = of(report.figures("average_weeks_to_issue_excluding_exceptions"))
    average = [
        f" A plan took {row['value']:.0f} weeks on average in {row['period']}, also leaving out "
        "exceptions; it is the one year for which an average is published."
        for row in weeks.dropna(subset="value").to_dict("records")
    ]
    return Markdown(
        f"{sentence_case(counted(int(newest['value']), 'new plan'))} of {newest['period']} in "
        f"{report.place} took over a year, leaving out exceptions that the law allows."
        + (f" The share of such plans {course}." if course and newest["value"] >= FEW else "")
        + "".join(average)
    )


def reviews(report: Report, counts: pd.DataFrame) -> Markdown:
    """Say how many annual reviews were held, basis by basis.

    Parameters
    ----------
    counts
        What :func:`sendreform.evidence.joined_up.annual_reviews` returns for the place.
    """
    told = counts.dropna(subset=["share_held", "share_in_4_weeks"])
    if told.empty or report.is_small:
        return Markdown(why_none(report, "annual_reviews_held"))
    ways = {
        joined_up.REVIEW_MET: "had a review meeting on record, in that year or another",
        joined_up.REVIEW_COMPLETED: "had a review completed in the year",
    }
    sentences = [
        f"For {row['period']}, {number(row['held'])} of {number(row['expected'])} plans due for an "
        f"annual review in {report.place} {ways[row['basis']]} "
        f"({number(row['share_held'], 'per cent', 1)}), and "
        f"{number(row['share_in_4_weeks'], 'per cent', 1)} of the decisions after a review came "
        "within four weeks."
        for row in told.to_dict("records")
    ]
    caution = " The two are counted in different ways and do not compare." if len(told) > 1 else ""
    return Markdown(" ".join(sentences) + caution)


def without_a_place(report: Report, placed: pd.DataFrame) -> Markdown:
    """Say how many hold a plan without a place in a school or college, and where they are.

    Parameters
    ----------
    placed
        What :func:`sendreform.evidence.joined_up.without_a_place` returns for the place.
    """
    elsewhere = placed[placed["series"] == ELSEWHERE].dropna(subset="value").sort_values("period")
    recent = since_last_break(elsewhere, report.record(PLANS)["breaks"])
    if report.is_small or recent.empty:
        return Markdown(
            too_few(report)
            if report.is_small
            else f"For {report.place}, placements are not published for these years."
        )
    newest, start = recent.iloc[-1], recent.iloc[0]
    kinds = placed[placed["period"] == newest["period"]].set_index("series")["value"]
    among = [
        f"{kinds[name]:,.0f} {words}" for name, words in PLACED.items() if kinds.get(name, 0) > 0
    ]
    earlier = (
        f" In {label(start['period'], 'january')} it was {number(start['value'])} "
        f"({number(start['share'], 'per cent', 1)})."
        if len(recent) > 1
        else ""
    )
    return Markdown(
        f"In {label(newest['period'], 'january')}, {number(newest['value'])} children and young "
        f"people with a plan from {report.place} were educated elsewhere than in a school or "
        f"college, or not in education: {number(newest['share'], 'per cent', 1)} of all plans."
        f"{earlier}" + (f" Among them are {'; '.join(among)}." if among else "")
    )


def health_waits(report: Report, waits: pd.DataFrame) -> HTML | Markdown:
    """Return how many children wait for community health services, by service, newest month.

    Parameters
    ----------
    report
        About England, the one place for which this is published.
    waits
        What :func:`sendreform.evidence.joined_up.health_waits` returns.
    """
    measure = "community_health_waiting"
    if waits.empty:
        return Markdown(report.no_figure(measure))
    newest = waits[waits["period"] == waits["period"].max()]
    return HTML(
        table_of(
            "Children and young people waiting for community health services, England, "
            f"{label(newest['period'].iloc[0], 'month')}",
            ["Service", "Waiting", "Over 18 weeks", "Over 52 weeks"],
            [
                [
                    row["series"],
                    f"{row['waiting']:,.0f}",
                    f"{row['value']:.0f}%",
                    f"{row['value_52_weeks']:.0f}%",
                ]
                for row in newest.to_dict("records")
            ],
        )
        + f"<p>{source_line(report.source(report.figures(measure)))}.</p>"
    )


def officers(report: Report, counts: pd.DataFrame) -> Markdown:
    """Say in how many councils designated officers are in post, and what the council answered.

    Parameters
    ----------
    counts
        What :func:`sendreform.evidence.joined_up.officers` returns for all councils.
    """
    newest = counts[counts["period"] == max(counts["period"], default="")]
    if newest.empty:
        return Markdown("Designated officers were not asked about in these years.")
    said = [
        f"{row['in_post']:.0f} of {row['councils']} councils that answered had {words} in post"
        for name, words in (
            (joined_up.EITHER_OFFICER, "a designated medical or clinical officer"),
            ("Designated social care officer", "a designated social care officer"),
        )
        for row in newest[newest["series"] == name].to_dict("records")
    ]
    when = label(newest["period"].iloc[0], "january")
    return Markdown(f"In {when}, {'; '.join(said)}.{_own_officers(report)}")


def _own_officers(report: Report) -> str:
    answers = report.figures("designated_officer_in_post").dropna(subset="value")
    newest = answers[answers["period"] == max(answers["period"], default="")]
    if newest.empty:
        return ""
    posts = newest["breakdown"].map(joined_up.OFFICERS).str.lower()
    has, lacks = ([*posts[newest["value"] == there]] for there in (1, 0))
    answered = listed([*(f"a {post}" for post in has), *(f"no {post}" for post in lacks)])
    when = label(newest["period"].iloc[0], "january")
    return f" {sentence_case(report.place)} said in {when} that it had {answered} in post."
