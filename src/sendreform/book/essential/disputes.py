"""Disputes on the page "Reform is essential": appeals, refusals, mediation and decisions."""

from html import escape

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.essential.shared import (
    APPEALS,
    NAN,
    PER_THOUSAND,
    PLANS,
    Row,
    beside_england,
    dot_plot,
    of_place,
    rate_record,
    said,
    unless_small,
    why_none,
    years_of,
)
from sendreform.book.word_tables import table_of
from sendreform.book.words import (
    FEW,
    counted,
    described,
    drawn,
    is_missing,
    moved,
    number,
    say_known,
    sentence_case,
    titled,
)
from sendreform.charts import Figure, bars, distribution, line_over_time
from sendreform.evidence import disputes
from sendreform.evidence.series import of, span
from sendreform.periods import first_year
from sendreform.report import Report

OLD_RATE, NEW_RATE = "appeal_rate_old_basis", "appeal_rate_new_basis"
DECIDED = "tribunal_decisions_for_families_share"

#: The rise in appeals that the report quotes, in school years, and the year before its first.
QUOTED_FROM, QUOTED_TO, YEAR_BEFORE = "2014/15", "2022/23", "2013/14"


def appeals(report: Report) -> Figure | Markdown:
    """Draw the appeals registered in each calendar year."""
    figures = unless_small(report, of(report.figures(APPEALS)))
    course, record = span(figures), report.record(APPEALS)
    return drawn(
        line_over_time,
        figures.assign(series=report.name),
        otherwise=why_none(report, APPEALS),
        id="appeals",
        title=" ".join(
            filter(
                None, [f"Appeals to the SEND Tribunal in {report.place}", moved(course, **record)]
            )
        ),
        subtitle=f"Appeals registered, {report.name}, calendar years {years_of(figures)}",
        alt=described("Line chart", f"Appeals in {report.name}", course, **record),
        **record,
        **report.source(figures),
    )


def base_years(report: Report, rises: pd.DataFrame) -> Figure | Markdown:
    """Draw the rise in appeals to the year that the report quotes, from every earlier year.

    Parameters
    ----------
    rises
        What :func:`sendreform.evidence.disputes.from_each_base` returns for England's school
        years.
    """
    is_past = first_year(QUOTED_TO) < report.latest_year
    since = rises[(rises["base"] >= YEAR_BEFORE) & is_past]
    rise = since.set_index("base")["per_cent"]
    quoted, before = (
        number(rise.get(base, NAN), "per cent") for base in (QUOTED_FROM, YEAR_BEFORE)
    )
    figures = of(report.store.observations("tribunal_appeals_academic_year"))
    return drawn(
        bars,
        since.assign(label="From " + since["base"], value=since["per_cent"]),
        otherwise=f"The rise that the report quotes runs to {QUOTED_TO}, after the years of this "
        "page.",
        id="appeals-base-years",
        title=f"To {QUOTED_TO}, appeals in England rose by {quoted} from {QUOTED_FROM}, and by "
        f"{before} from the year before it",
        subtitle=f"Rise in appeals registered to {QUOTED_TO}, by the school year from which it is "
        "counted, per cent, England",
        alt=f"Bar chart of the rise to {QUOTED_TO}. It is largest from {QUOTED_FROM}, {quoted}, "
        "and smaller from each year after; "
        f"from the year before, {YEAR_BEFORE}, it is {before}.",
        note=f"From {QUOTED_FROM} appeals may concern EHC plans and young people up to the age of "
        "25 may appeal. No figure was found for 2020/21.",
        unit="per cent",
        focus=[f"From {QUOTED_FROM}"] if len(since) else [],
        label_title="Counted from",
        **report.source(figures[figures["period"].isin([*since["base"], QUOTED_TO])]),
    )


def from_the_lowest_year(report: Report, rises: pd.DataFrame) -> HTML | Markdown:
    """Say how much appeals in the place rose since the lowest year, and since the first.

    Parameters
    ----------
    rises
        What :func:`sendreform.evidence.disputes.from_each_base` returns for the place.
    """
    if rises.empty or report.is_small:
        return said("")
    lowest, first = rises.sort_values("first", kind="stable").iloc[0], rises.iloc[0]
    rest = (
        f" Counted from {first['base']} instead, they went from {number(first['first'])}"
        f"{_per_cent(first)}."
        if first["base"] != lowest["base"]
        else ""
    )
    newest = span(of(report.figures(APPEALS))).last_period
    return Markdown(
        f"In {report.place}, the year with the fewest before {newest} was {lowest['base']}. From "
        f"then on appeals went from {number(lowest['first'])} to {number(lowest['last'])}"
        f"{_per_cent(lowest)}.{rest}"
    )


def _per_cent(rise: pd.Series) -> str:
    """Write a change in per cent, unless it is from so few that a percentage says little."""
    if rise["first"] < FEW:
        return ""
    return f", {'up' if rise['difference'] >= 0 else 'down'} {abs(rise['per_cent']):,.0f}%"


def appeals_for_plans(report: Report, rates: pd.DataFrame) -> Figure | HTML | Markdown:
    """Draw appeals for every thousand plans, beside England's.

    Parameters
    ----------
    rates
        Appeals for every thousand plans, all places.
    """
    if report.is_small:
        return said("")
    own, record = span(of_place(report, rates)), rate_record(report)
    return drawn(
        line_over_time,
        beside_england(report, rates),
        otherwise=report.no_figure(APPEALS),
        id="appeals-for-plans",
        title=titled(f"Appeals for every thousand EHC plans in {report.place}", own, **record),
        subtitle="Appeals registered in the year for every thousand plans held that January, "
        f"{report.name}, {years_of(of_place(report, rates))}",
        alt=described(
            "Line chart", f"Appeals for every thousand plans in {report.name}", own, **record
        ),
        note="" if report.is_england else faults.note(report, PLANS),
        **record,
        **report.source(of(report.figures(APPEALS)), of(report.figures(PLANS))),
    )


def appeal_rates(report: Report, rates: pd.DataFrame) -> Figure | HTML | Markdown:
    """Draw appeals as a share of the decisions that can be appealed, two bases kept apart."""
    if report.is_small:
        return said("")
    old, record = span(rates[rates["series"] == disputes.OLD_BASIS]), report.record(OLD_RATE)
    return drawn(
        line_over_time,
        rates,
        otherwise=report.no_figure(OLD_RATE),
        id="appeal-rates",
        title=titled(
            f"Appeals as a share of decisions in {report.place}, older basis,", old, **record
        ),
        subtitle="Appeals as per cent of the decisions that can be appealed, two bases kept apart, "
        f"{report.name}, calendar years {years_of(rates)}",
        alt=described("Line chart", "Appeal rate on the older basis", old, **record),
        note="The newer basis counts about half as many decisions as open to appeal, so its rates "
        "are higher. The two are never joined.",
        **record,
        **report.source(rates),
    )


def rates_in_words(report: Report, rates: pd.DataFrame, decisions: pd.DataFrame) -> HTML | Markdown:
    """Say how the appeal rate moved on each basis, with a caution on the newer one.

    Parameters
    ----------
    rates
        The rates of the place, two bases as ``series``.
    decisions
        Appealable decisions on the newer basis, all places.
    """
    if report.is_small or rates.dropna(subset="value").empty:
        return said("")
    course = say_known(
        f"In {report.place},",
        {
            f"on the {basis.lower()} the appeal rate": moved(
                span(rates[rates["series"] == basis]), **report.record(measure)
            )
            for basis, measure in (
                (disputes.OLD_BASIS, OLD_RATE),
                (disputes.NEW_BASIS, NEW_RATE),
            )
        },
        f"For {report.place}, no basis has two rates to compare in these years.",
    )
    of_councils = [
        table[table["area"].isin(report.councils)][["area", "period", "value"]]
        for table in (report.everywhere(APPEALS), decisions)
    ]
    alone = [
        f"{number(rate, 'per cent', 1)} in {year}"
        for year in sorted(decisions["period"].unique())
        for rate in [
            disputes.like_for_like_rate(*(table[table["period"] == year] for table in of_councils))
        ]
        if not is_missing(rate)
    ]
    caution = (
        " England's published rate on the newer basis divides all appeals by the decisions of the "
        "councils that have a figure; over these councils alone it would be "
        f"{' and '.join(alone)}."
    )
    return Markdown(course.data + (caution if alone else ""))


def refused_and_challenged(report: Report) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the refusals to assess in the place, and the appeals and mediations about them."""
    requests, refused, agreed = (
        of(report.figures(f"ehc_plan_requests{kind}")) for kind in ("", "_refused", "_agreed")
    )
    challenges = [
        of(report.figures(f"request_{kind}"))
        for kind in ("tribunals", "mediations", "tribunals_after_mediation")
    ]
    return (
        disputes.refusals(requests, refused, agreed),
        disputes.refusals_challenged(refused, *challenges),
    )


def refusals(report: Report, refused: pd.DataFrame, challenged: pd.DataFrame) -> HTML | Markdown:
    """Say how many requests for an assessment were refused, and how many refusals appealed.

    Parameters
    ----------
    refused, challenged
        What :func:`refused_and_challenged` returns.
    """
    told = refused.dropna(subset=["requests", "value"])
    if told.empty or report.is_small:
        return said("" if report.is_small else report.no_figure("ehc_plan_requests_refused"))
    newest = told.iloc[-1]
    shares = [
        f"{number(newest[column], 'per cent', 1)}{of_what}"
        for column, of_what in (("share", ""), ("share_of_decisions", " of those decided"))
        if newest["requests"] >= FEW and not is_missing(newest[column])
    ]
    return Markdown(
        f"In {newest['period']}, {number(newest['value'])} of {number(newest['requests'])} "
        f"requests for an assessment in {report.place} were refused"
        + (f" ({'; '.join(shares)})" if shares else "")
        + f".{_appealed(challenged)}"
    )


def _appealed(challenged: pd.DataFrame) -> str:
    told = challenged.dropna(subset=["value", "share_challenged"])
    if told.empty or told["refused"].iloc[-1] < FEW:
        return ""
    newest = told.iloc[-1]
    return (
        f" Of {number(newest['refused'])} refusals of {newest['period']}, "
        f"{number(newest['appealed'])} had been appealed by the January after "
        f"({number(newest['value'], 'per cent', 1)}), as councils recorded it, and "
        f"{number(newest['share_challenged'], 'per cent', 1)} had been appealed, taken to "
        "mediation, or both."
    )


def mediations_held(report: Report) -> pd.DataFrame:
    """Return the mediations in the place by what they were about, and how many were appealed."""
    names = [name for pair in disputes.MEDIATIONS.values() for name in pair]
    return disputes.mediations(pd.concat([report.figures(name) for name in names]))


def mediations(report: Report, held: pd.DataFrame) -> HTML | Markdown:
    """Say how many mediations there were about each kind of decision, and how many appealed.

    Parameters
    ----------
    held
        What :func:`mediations_held` returns.
    """
    told = held.dropna(subset="then_appealed").query("value > 0")
    if report.is_small or told.empty:
        return said("" if report.is_small else report.no_figure("request_mediations"))
    totals, *kinds = disputes.MEDIATIONS
    newest = told.sort_values("period").groupby("series").tail(1).set_index("series")
    by_kind = newest.drop(index=totals, errors="ignore")
    now = by_kind[by_kind["period"] == max(by_kind["period"], default="")].to_dict("index")
    sentence = say_known(
        f"Mediations of {''.join({row['period'] for row in now.values()})} in {report.place} that "
        "an appeal had followed by the January after:",
        {
            f"about {kind[0].lower()}{kind[1:]},": _followed(now[kind]) if kind in now else None
            for kind in kinds
        },
        "",
    )
    earlier = [
        f"On totals over all kinds, counted otherwise, an appeal followed {_followed(row)} "
        f"mediations of {row['period']} in {report.place}, the last year for which they are kept."
        for row in newest[newest.index == totals].to_dict("records")
    ]
    return said(" ".join([sentence.data, *earlier]).strip())


def _followed(row: Row) -> str:
    """Write how many of the mediations an appeal followed, of few as numbers."""
    share = f" ({number(row['share'], 'per cent', 1)})" if row["value"] >= FEW else ""
    return f"{row['then_appealed']:,.0f} of {row['value']:,.0f}{share}"


def decided_for_families(report: Report, told: pd.DataFrame) -> HTML | Markdown:
    """Return the share decided at least in part for the family, year by year, by publisher.

    Parameters
    ----------
    report
        About England, the one place for which this is published.
    told
        What :func:`sendreform.evidence.disputes.decided_for_families` returns.
    """
    if told.empty:
        return Markdown(report.no_figure(DECIDED))
    sources = report.store.sources
    named = report.store.breakdowns.query("dimension == 'publisher'").set_index("code")["label"]
    who = told["breakdown"].str.removeprefix("publisher:").map(named).fillna("")
    rows = [
        [
            row["period"],
            str(number(row["value"], "per cent", 1)),
            HTML(
                f'<a href="{escape(str(sources.loc[row["source"], "url"]))}">'
                f"{escape(str(sources.loc[row['source'], 'publisher']))}</a>"
                + (f" ({escape(name)})" if name else "")
            ),
        ]
        for row, name in zip(told.to_dict("records"), who, strict=True)
    ]
    return HTML(
        table_of(
            "Decisions at least in part for the family, per cent of the appeals that the Tribunal "
            "decided, England, school years",
            ["School year", "At least in part for the family", "As given by"],
            rows,
            words=(2,),
        )
        + f"<p>{escape(_decided(report, told))}</p>"
    )


def _decided(report: Report, told: pd.DataFrame) -> str:
    """Say where publishers disagree, and how many of the appeals that ended were decided."""
    disputed = told[told["disputed"]]
    both = (
        f"For {disputed['period'].iloc[-1]} publishers disagree; we show both and use the lower. "
        if len(disputed)
        else ""
    )
    ended, decided = (
        of(report.figures(f"tribunal_appeals_{what}")).set_index("period")["value"]
        for what in ("disposed", "decided")
    )
    years = ended.dropna().index.intersection(decided.dropna().index)
    if years.empty:
        return both
    year = str(years.max())
    return (
        f"{both}Not every appeal is decided: in {year}, of about {number(ended[year])} appeals "
        f"that ended, about {number(decided[year])} were. Most of the others end because the "
        "council gives way or the two sides agree."
    )


def appeals_by_council(
    report: Report, councils: pd.DataFrame, rates: pd.DataFrame
) -> Figure | Markdown:
    """Draw the appeals for every thousand plans of all councils, the place's marked.

    Parameters
    ----------
    councils
        What :func:`sendreform.evidence.disputes.appeals_by_council` returns.
    rates
        Appeals for every thousand plans of all places in the same year.
    """
    told_apart = int(councils["standing"].ne(disputes.NOT_TOLD_APART).sum())
    period = max(rates["period"], default="")
    appeals_of_year = report.everywhere(APPEALS).query("period == @period")
    plans_of_year = report.everywhere(PLANS).query("period.str[:4] == @period")
    return drawn(
        distribution,
        councils.assign(area=councils["area"].map(report.store.areas["name"])),
        otherwise="No appeals of councils are published for these years.",
        id="appeals-by-council",
        title=f"In {told_apart} of {counted(len(councils), 'council')}, the rate of appeals "
        "differs from the rest by more than chance",
        subtitle=f"Appeals in {period} for every thousand EHC plans held that January, each "
        "council in England",
        alt=dot_plot(councils, period, "appeals for every thousand plans"),
        focus=report.name if report.area in set(councils["area"]) and not report.is_small else "",
        marks=report.marks(rates.dropna(subset="value")),
        note=faults.among_councils(report, PLANS, f"{period}-01"),
        unit=PER_THOUSAND,
        **report.source(appeals_of_year, plans_of_year),
    )


def councils_told_apart(report: Report, councils: pd.DataFrame) -> HTML | Markdown:
    """Say how many councils differ by more than chance, and where the place stands."""
    if councils.empty:
        return said("")
    higher, lower = (
        counted(int(councils["standing"].eq(standing).sum()), "council")
        for standing in (disputes.HIGHER, disputes.LOWER)
    )
    standing = {
        disputes.HIGHER: "higher than all councils together",
        disputes.LOWER: "lower than all councils together",
        disputes.NOT_TOLD_APART: "which chance alone could set apart from all councils together",
    }
    own = [
        f" {sentence_case(report.place)} had {counted(int(row['appeals']), 'appeal')}: "
        f"{row['value']:.0f} for every thousand plans (95% interval {row['low']:.0f} to "
        f"{row['high']:.0f}), {standing[row['standing']]}."
        for row in unless_small(report, councils[councils["area"] == report.area]).to_dict(
            "records"
        )
    ]
    return Markdown(
        f"The rate is higher than that of all councils together in {higher} and lower in {lower}. "
        "By chance alone about one council in twenty would be told apart." + "".join(own)
    )
