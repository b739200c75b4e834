"""What the tests about growth find: how fast plans rose, of what age, and in which schools."""

import math
from itertools import pairwise

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import breaks, told
from sendreform.claims.results._shared import known
from sendreform.evidence import caseload, growth, placements
from sendreform.evidence.series import at, of, summed
from sendreform.periods import first_year, january, label
from sendreform.report import Report

PLANS, CHILDREN, PUPILS = "ehc_plans", "population_0_17", "pupils"

#: Other years from whose January a rise may be counted as well.
OTHER_BASES = (2014, 2016, 2018)

#: Growth of the population aged 5 to 15 from 2015 to 2024 that FFT Education Datalab allowed for:
#: plans rose by 95 per cent, and by 78 for each child.
#: https://ffteducationdatalab.org.uk/2024/07/the-rise-and-rise-of-education-health-and-care-plans/
FFT_FROM, FFT_TO = "2015-01", "2024-01"
FFT_GROWTH_AT_5_TO_15 = 1.95 / 1.78


def _from(year: int) -> str:
    return f"from {label(january(year), 'january')}"


def growth_in_the_last_three_years(report: Report) -> Result:
    """Per cent a year, compound, by which plans grew over the last three yearly intervals."""
    plans = of(report.figures(PLANS)).dropna(subset="value")
    value = growth.compound_growth(plans, 3)
    if math.isnan(value):
        return no_result(
            f"For {report.place}, plans are not counted three years before the last count in these "
            "years.",
            PLANS,
        )
    last = first_year(plans["period"].max())
    januaries = [january(year) for year in range(last - 3, last + 1)]
    each = {
        f"{label(early, 'january')} to {label(late, 'january')}": growth.compound_growth(
            plans[plans["period"].isin([early, late])], 1
        )
        for early, late in pairwise(januaries)
    }
    return Result(
        value=value,
        period=told(report, januaries[0], januaries[-1]),
        measures=(PLANS,),
        checks=known({**each, "over the last five years": growth.compound_growth(plans, 5)}),
    )


def share_of_rise_at_ages_20_and_over(report: Report) -> Result:
    """Per cent of the rise in plans that is at ages 20 to 25, where statements did not reach."""
    plans = report.to_latest(PLANS)
    by_age = growth.plans_by_age(plans)
    start, end = january(report.baseline_year), by_age.index.max()

    def share(since: str) -> float:
        rise = growth.rise_between(by_age, since, end)
        return _per_cent(rise.get(growth.EXTENSION), rise.sum())

    value = share(start)
    if math.isnan(value):
        return no_result(
            f"For {report.place}, plans by age are not published for {label(start, 'january')} and "
            "a later January, or plans did not rise between them.",
            PLANS,
        )
    rise = growth.rise_between(by_age, start, end)
    at_college, before = (
        growth.in_further_education_at_16_to_19(plans, when) for when in (end, start)
    )
    return Result(
        value=value,
        period=told(report, start, end),
        measures=(PLANS,),
        checks=known(
            {
                **{_from(year): share(january(year)) for year in _others(report)},
                "with those aged 16 to 19 in further education": _per_cent(
                    rise[growth.EXTENSION] + at_college - before, rise.sum()
                ),
                "with all of the rise at ages 16 to 19": _per_cent(
                    rise[growth.EXTENSION] + rise[growth.POST_16], rise.sum()
                ),
            }
        ),
    )


def share_of_rise_from_population(report: Report) -> Result:
    """Per cent of the rise in plans at school age that more children alone would have brought.

    At ages 5 to 15, plans are set against pupils of the same ages, counted since January 2016:
    the ages and years for which comparable numbers of children are published. Larger cohorts have
    reached the ages at which most hold a plan, and the number of all children does not show that:
    it gives about half as much. In the year before the first count, plans at these ages hardly
    changed in number. Where pupils are not counted at two Januaries, plans under 16 are set
    against the population aged 0 to 17.
    """
    plans, children = report.to_latest(PLANS), of(report.to_latest(CHILDREN))
    pupils = summed(report.to_latest(PUPILS, *report.members), area=report.area)
    by_age, counts = growth.plans_by_age(plans), growth.pupils_by_age(pupils)
    counted = counts.index.intersection(by_age.index)
    start, end = january(report.baseline_year), max(by_age.index, default="")
    # A council formed since the first count has no rise from it.
    since = max(start, report.store.observations(PUPILS)["period"].min())
    until = max(counted, default="")

    def under_16(first: str, last: str, counts: pd.DataFrame | None = None) -> pd.DataFrame:
        if first >= last:
            return pd.DataFrame(columns=["base", "change", "by_base"])
        return growth.young_between(by_age, children, first, last, counts)

    def at_school_age(first: str, last: str) -> pd.DataFrame:
        young = under_16(first, last, counts)
        of_pupils = young[young["base"] == growth.PUPILS_OF_THESE_AGES]
        return of_pupils if len(of_pupils) == len(growth.SCHOOL_AGE) else of_pupils.head(0)

    found, first, last = at_school_age(since, until), since, until
    by_pupils = not math.isnan(_from_more_children(found))
    if not by_pupils:
        found, first, last = under_16(start, end), start, end
    split_at = at_school_age if by_pupils else under_16
    value = _from_more_children(found)
    if math.isnan(value):
        return no_result(
            f"For {report.place}, plans by age and the number of children are not both published "
            f"for {label(start, 'january')} and a later January, or plans did not rise.",
            PLANS,
            CHILDREN,
        )
    otherwise = (
        {
            f"to {label(end, 'january')}, with pupils of a year before": at_school_age(since, end),
            f"under 16, by the population aged 0 to 17, {_from(report.baseline_year)} to "
            f"{label(end, 'january')}": under_16(start, end),
        }
        if by_pupils
        else {}
    )
    return Result(
        value=value,
        period=told(report, first, last),
        measures=(PLANS, CHILDREN, PUPILS, "pupils_with_ehc_plan_by_need"),
        checks=known(
            {
                "with population moved first": _from_more_children(found, "by_base_first"),
                "with population moved last": _from_more_children(found, "by_base_last"),
                **{
                    _from(year): _from_more_children(split_at(january(year), last))
                    for year in _others(report)
                    if january(year) != first
                },
                **{
                    words: _from_more_children(young)
                    for words, young in otherwise.items()
                    if not young.equals(found)
                },
                "of pupils in state-funded schools": _share_from_pupils(report),
                "at ages 5 to 15, with FFT Education Datalab's population": _share_as_fft(
                    plans if report.is_england else plans.head(0)
                ),
            }
        ),
    )


def plans_begun_for_each_ended(report: Report) -> Result:
    """How many plans began for each that ended; a move to another council is no end.

    Told of the newest year in which at least :data:`caseload.FEWEST_ENDED` ended.
    """
    measures = ("new_ehc_plans", "ehc_plans_ceased")
    new, ceased = of(report.figures(measures[0])), report.figures(measures[1])
    ratios = caseload.begun_for_each_ended(new, caseload.ended(ceased))
    if ratios.empty:
        return no_result(
            f"For {report.place}, plans that began and plans that ended are not both published "
            f"for a year, or fewer than {caseload.FEWEST_ENDED} ended.",
            *measures,
        )
    newest, earlier = ratios.iloc[-1], ratios.iloc[:-1]
    year = str(newest["period"])
    flows = growth.yearly_flows(of(report.figures(PLANS)), new)
    implied = flows.rename(columns={"year": "period", "left": "value"})
    return Result(
        value=float(newest["value"]),
        period=year,
        measures=(*measures, PLANS),
        checks=known(
            {
                **{
                    f"in {when}": ratio
                    for when, ratio in zip(earlier["period"], earlier["value"], strict=True)
                },
                "with moves to other councils counted as ended": at(
                    caseload.begun_for_each_ended(new, of(ceased)), year
                ),
                "with as many ended as the two counts of plans imply": at(
                    caseload.begun_for_each_ended(new, implied), year
                ),
            }
        ),
    )


def independent_growth_over_plans_growth(report: Report) -> Result:
    """How many times as much plans in independent and non-maintained special schools grew.

    As much as all plans whose placement is recorded: returns that leave placements out lower the
    number in these schools, and would else seem to slow their growth.
    """
    everything = report.to_latest(PLANS)
    plans, recorded = of(everything), placements.recorded(everything)
    inmss = placements.independent_special(everything).dropna(subset="value")
    start, end = january(report.baseline_year), inmss["period"].max()

    def ratio(part: pd.DataFrame, whole: pd.DataFrame, since: str, until: str) -> float:
        if since >= until:
            return float("nan")
        grown = _ratio(at(part, until), at(part, since))
        return _ratio(grown, _ratio(at(whole, until), at(whole, since)))

    value = ratio(inmss, recorded, start, end) if isinstance(end, str) else float("nan")
    if math.isnan(value):
        return no_result(
            f"For {report.place}, plans in independent and non-maintained special schools are not "
            f"published for {label(start, 'january')} and a later January, or there were none.",
            PLANS,
        )
    by_age = growth.plans_by_age(everything)
    under_20 = pd.DataFrame(
        {"period": by_age.index, "value": by_age.sum(axis="columns") - by_age[growth.EXTENSION]}
    )
    passed = sorted(text for text in breaks(report) if start < text < end)
    return Result(
        value=value,
        period=told(report, start, end),
        measures=(PLANS,),
        checks=known(
            {
                **{
                    _from(year): ratio(inmss, recorded, january(year), end)
                    for year in _others(report)
                },
                **{
                    f"since the break of {label(since, 'january')}": ratio(
                        inmss, recorded, since, end
                    )
                    for since in passed[-1:]
                },
                "to a year earlier": ratio(inmss, recorded, start, january(first_year(end) - 1)),
                "independent special schools alone": ratio(
                    of(everything, placements.INDEPENDENT_ONLY), recorded, start, end
                ),
                "against all plans, also those without a recorded placement": ratio(
                    inmss, plans, start, end
                ),
                "against plans of those under 20": ratio(inmss, under_20, start, end),
            }
        ),
    )


def _others(report: Report) -> list[int]:
    """Return the other base years that come before the report's last."""
    return [y for y in OTHER_BASES if y != report.baseline_year and y < report.latest_year]


def _ratio(part: float | None, whole: float | None) -> float:
    """Divide; missing where either is missing, or the whole not above nought."""
    return part / whole if part is not None and whole is not None and whole > 0 else float("nan")


def _per_cent(part: float | None, whole: float | None) -> float:
    return 100 * _ratio(part, whole)


def _from_more_children(young: pd.DataFrame, part: str = "by_base") -> float:
    """Return the share of more children in the rise of the bands, in per cent."""
    return _per_cent(float(young[part].sum()), float(young["change"].sum()))


def _share_from_pupils(report: Report) -> float:
    """Return the share of more pupils in the rise of plans in state-funded schools."""
    held = of(report.summed("pupils_with_ehc_plan_by_need")).dropna(subset="value")
    pupils = of(report.summed(PUPILS))
    if held.empty:
        return float("nan")
    start, end = held["period"].min(), held["period"].max()
    parts = growth.split(
        pd.DataFrame(
            {
                "start": [at(held, start)],
                "end": [at(held, end)],
                "base_start": [at(pupils, start)],
                "base_end": [at(pupils, end)],
            }
        )
    )
    return _per_cent(parts["by_base"].iloc[0], parts["change"].iloc[0])


def _share_as_fft(plans: pd.DataFrame) -> float:
    """Return the share of population at ages 5 to 15 as FFT Education Datalab measures it."""
    held = caseload.at_ages(caseload.by_age_band(plans), ["5 to 10", "11 to 15"])
    parts = growth.split(
        pd.DataFrame(
            {
                "start": [at(held, FFT_FROM)],
                "end": [at(held, FFT_TO)],
                "base_start": [1.0],
                "base_end": [FFT_GROWTH_AT_5_TO_15],
            }
        )
    )
    return _per_cent(parts["by_base"].iloc[0], parts["change"].iloc[0])
