"""Ages on the page "Reform is unavoidable": where the rise in plans comes from."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import Markdown

from sendreform.book.unavoidable.shared import (
    CHILDREN,
    PLANS,
    PUPILS,
    TURN,
    cautioned,
    in_dimension,
    more_or_fewer,
    no_shares,
    only_one,
    results_of,
    rise,
    share_words,
    shares_told,
    went,
)
from sendreform.book.unavoidable.waterfalls import taken_apart
from sendreform.book.words import (
    counted,
    described,
    drawn,
    is_missing,
    listed,
    say_known,
    titled,
)
from sendreform.charts import Figure, line_over_time
from sendreform.claims.results.growth import FFT_FROM, FFT_TO
from sendreform.claims.verdicts import Outcome
from sendreform.evidence import caseload, growth
from sendreform.evidence.series import Span, at, of, span
from sendreform.periods import first_year, label
from sendreform.report import Report

AGES_SHOWN = {
    "Under 16": growth.YOUNG,
    "16 to 19": (growth.POST_16,),
    "20 to 25": (growth.EXTENSION,),
}


def with_ages_and_children(plans: pd.DataFrame, children: pd.DataFrame) -> list[str]:
    """Return the Januaries for which plans by age and a number of children are published."""
    return [
        when
        for when in growth.plans_by_age(plans).index
        if growth.estimate_before(children, str(when))
    ]


def rise_by_age(report: Report, told: Span, parts: pd.DataFrame) -> Figure | Markdown:
    """Draw what more children, more plans for each, and each older band added."""
    sums = parts.groupby("part", sort=False)["value"].sum()
    words = {
        growth.MORE_CHILDREN: more_or_fewer("children under 16", sums.get(growth.MORE_CHILDREN)),
        growth.MORE_PLANS_EACH: more_or_fewer(
            "plans for each child under 16", sums.get(growth.MORE_PLANS_EACH)
        ),
        growth.AGES_16_TO_19: "Plans at ages 16 to 19",
        growth.AGES_20_TO_25: "Plans at ages 20 to 25",
        growth.AGE_NOT_PUBLISHED: "Plans whose age is not published",
    }
    shown = sums[sums.ne(0) | (sums.index != growth.AGE_NOT_PUBLISHED)]
    return taken_apart(
        report,
        told,
        pd.DataFrame({"label": [words[part] for part in shown.index], "value": shown.to_list()}),
        id="rise-by-age",
        by="age",
        note=f"{_base_words(report, told, parts)} Above 15 no number of young people is published "
        "on one basis, so the rise there is not split.",
        otherwise=f"The rise in {report.place} is not told by age: too few hold a plan, or plans "
        "by age and the number of children are not published for two Januaries.",
        source=report.source(
            in_dimension(report.to_latest(PLANS), "age:"), report.to_latest(CHILDREN)
        ),
    )


def _base_words(report: Report, told: Span, parts: pd.DataFrame) -> str:
    """Say which number of children plans under 16 are set against, and over which years."""
    children = of(report.to_latest(CHILDREN))
    ends = [growth.estimate_before(children, when) for when in (told.first_period,
                                                                told.last_period)]  # fmt: skip
    if growth.PUPILS_OF_THESE_AGES in set(parts["base"]):
        words = (
            "Plans at ages 5 to 15 are set against pupils of the same ages in state-funded "
            "schools; under 5, against all children aged 0 to 17."
        )
        januaries = growth.pupils_by_age(report.summed(PUPILS)).index
        ends = [max(when for when in januaries if when <= told.first_period),
                max(when for when in januaries if when <= told.last_period)]  # fmt: skip
        names = [label(when, "january") for when in ends]
    else:
        words = (
            "Children under 16: the growth of all children aged 0 to 17 stands for that of each "
            "age, which is too little at ages 11 to 15 and too much below."
        )
        names = [label(when, "mid_year") for when in ends if when]
    years, of_plans = (
        first_year(last) - first_year(first) if first and last else 0
        for first, last in (ends, (told.first_period, told.last_period))
    )
    if not years or years == of_plans:
        return words
    return (
        f"{words} Their number runs from {names[0]} to {names[1]}, {counted(years, 'year')}, and "
        f"plans over {counted(of_plans, 'year')}, as no later number is published."
    )


def age_parts(report: Report, told: Span, parts: pd.DataFrame) -> Markdown:
    """Say which share of the rise each part by age is."""
    if not shares_told(report, told):
        return no_shares(report)
    sums = parts.groupby("part", sort=False)["share"].sum()
    more = sums.reindex([growth.MORE_PLANS_EACH, growth.MORE_CHILDREN]) >= 0
    subjects = {
        growth.MORE_PLANS_EACH: f"{'more' if more.iloc[0] else 'fewer'} plans for each child "
        "under 16",
        growth.AGES_16_TO_19: "ages 16 to 19",
        growth.AGES_20_TO_25: "ages 20 to 25, which statements did not reach",
        growth.AGE_NOT_PUBLISHED: "plans whose age is not published",
        growth.MORE_CHILDREN: f"a {'larger' if more.iloc[1] else 'smaller'} number of children",
    }
    if round(sums.get(growth.AGE_NOT_PUBLISHED, 0.0)) == 0:
        subjects.pop(growth.AGE_NOT_PUBLISHED)
    first = next((part for part in subjects if sums.get(part, 0.0) >= 0), "")
    shares = {
        # Only the first share has a verb: the others follow after a comma.
        words + ("," if part != first and sums.get(part, -1.0) >= 0 else ""): share_words(
            sums.get(part), "make up" if part == first else ""
        )
        for part, words in subjects.items()
    }
    sentence = say_known(
        f"Of the rise in {report.place} between {label(told.first_period, 'january')} and "
        f"{label(told.last_period, 'january')},",
        shares,
        no_shares(report).data,
    ).data
    if growth.PUPILS_OF_THESE_AGES in set(parts["base"]):
        return Markdown(sentence)
    return Markdown(f"{sentence.removesuffix('.')}{_against_pupils(report)}.")


def _against_pupils(report: Report) -> str:
    """Say in brackets what more children are where they are counted at the ages of the plans."""
    plans, children = report.figures(PLANS), of(report.to_latest(CHILDREN))
    pupils = report.summed(PUPILS)
    at_both = growth.pupils_by_age(pupils).index.intersection(growth.plans_by_age(plans).index)
    told = rise(report, at_both)
    parts = growth.by_age(plans, children, told.first_period, told.last_period, pupils)
    share = parts.loc[parts["part"] == growth.MORE_CHILDREN, "share"].sum()
    if growth.PUPILS_OF_THESE_AGES not in set(parts["base"]) or not shares_told(report, told):
        return ""
    start, end = label(told.first_period, "january"), label(told.last_period, "january")
    return (
        f" (set against pupils of the same ages, who are counted since {start}, "
        f"{'it ' if share < 0 else ''}{share_words(share)} of the rise from then to {end})"
    )


def at_school_age(report: Report, plans: pd.DataFrame, tests: Sequence[Outcome]) -> Markdown:
    """Say how much plans rose at ages 5 to 15, where the extension in age plays no part."""
    bands = caseload.by_age_band(plans)
    school, everyone = caseload.at_ages(bands, growth.SCHOOL_AGE), of(plans)
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
        f"children account for {share_words(more_children[0])} of the rise at these ages to "
        f"{label(FFT_TO, 'january')}; the rest is more plans for each child."
        if more_children and (FFT_FROM, FFT_TO) in ends
        else ""
    )
    return Markdown(told + allowed)


def _at_school_age(
    report: Report, school: pd.DataFrame, everyone: pd.DataFrame, start: str, end: str
) -> str:
    grown, whole = (
        went(Span(start, end, at(table, start), at(table, end))) for table in (school, everyone)
    )
    return (
        f"From {label(start, 'january')} to {label(end, 'january')}"
        f"{cautioned(report, start, end)}, plans at ages 5 to 15 in {report.place} {grown}; plans "
        f"at all ages {whole}."
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
    of_young = shown[shown["series"] == "Under 16"]
    young = span(of_young)
    return only_one(f"Plans held under 16 in {report.place}", of_young, record) or drawn(
        line_over_time,
        shown,
        otherwise=f"Ages are not shown for {report.place}: too few hold a plan, or none are "
        "published for these years.",
        id="plans-by-age",
        title=titled(f"Plans held under 16 in {report.place}", young, **record),
        subtitle=f"EHC plans and statements by age, {report.name}, January census",
        alt=described("Line chart by age", "Plans held under 16", young, **record),
        note=_without_ages(report, shown),
        **record,
        **report.source(in_dimension(plans, "age:")),
    )


def _without_ages(report: Report, shown: pd.DataFrame) -> str:
    """Say for which Januaries no ages are published on the way, and which returns have none."""
    there = set(shown.dropna(subset="value")["period"])
    if not there:
        return ""
    counted_in = set(of(report.figures(PLANS)).dropna(subset="value")["period"])
    missing = sorted(when for when in counted_in - there if min(there) < when < max(there))
    notes = []
    if missing:
        names = listed(label(when, "january") for when in missing)
        notes.append(f"No ages are published for {names}.")
    if report.level != "council":
        councils = report.within_years(PLANS).query("area in @report.members")
        with_value = councils.dropna(subset="value")
        ages = with_value["breakdown"].str.startswith("age:")
        known = with_value[ages].groupby("period")["area"].agg(set)
        held = with_value[with_value["breakdown"] == "all"].groupby("period")["area"].agg(set)
        notes += [
            f"In {label(when, 'january')}, {counted(len(held[when] - known[when]), 'council')} "
            "gave no ages."
            for when in sorted(there & set(known.index) & set(held.index))
            if held[when] - known[when]
        ]
    return " ".join(notes)


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
            f"of the rise from {label(first, 'january')} to {label(TURN, 'january')}"
            f"{cautioned(report, first, TURN)}, ages 16 and over": share_words(early, "make up"),
            f"of the rise from {label(TURN, 'january')} to {label(last, 'january')}"
            f"{cautioned(report, TURN, last)},": share_words(
                late, "they make up" if not is_missing(early) else "ages 16 and over make up"
            ),
        },
        f"In {report.place}, the rise cannot be told before and after {label(TURN, 'january')}.",
    ).data
    return Markdown(told + so)
