"""Growth: where the rise in plans comes from, taken apart so that the parts add to the whole."""

from collections.abc import Iterable
from functools import reduce
from itertools import pairwise

import pandas as pd

from sendreform.evidence.caseload import AGE_BANDS, at_ages, by_age_band
from sendreform.evidence.series import at, of
from sendreform.periods import first_year, january

#: Ages that can be set against a number of children: pupils of the same ages where nearly all go
#: to school, or else the population aged 0 to 17, which stands for that of each band.
YOUNG = ("Under 5", "5 to 10", "11 to 15")
SCHOOL_AGE = YOUNG[1:]
POST_16 = "16 to 19"
#: Statements ended at 19, so every plan here came with the extension to age 25.
EXTENSION = "20 to 25"

#: Bands of age in which plans that ceased can be set against plans held.
LEAVING_BANDS = {"Under 16": YOUNG, POST_16: (POST_16,), "20 and over": (EXTENSION,)}

FURTHER_EDUCATION = "placement:further_education"
FIRST_WITH_PLANS = "2015-01"

PUPILS_OF_THESE_AGES = "Pupils of these ages in state-funded schools"
ALL_CHILDREN = "All children aged 0 to 17"

MORE_CHILDREN = "More children"
MORE_PLANS_EACH = "More plans for each child"
AGES_16_TO_19 = "Ages 16 to 19"
AGES_20_TO_25 = "Extension to age 25"
AGE_NOT_PUBLISHED = "Age not published"

AS_BEFORE = "Flows as before"
MORE_BEGAN = "More new plans"
FEWER_LEFT = "Fewer plans leaving"

NEED_NOT_NAMED = "Other need or none recorded"
NOT_IN_THESE_SCHOOLS = "Not in these schools"
OTHER_NEEDS = "Other needs, or none recorded"


def compound_growth(figures: pd.DataFrame, years: int) -> float:
    """Return the growth over the last so many yearly intervals, per cent a year.

    Parameters
    ----------
    figures
        ``period`` (yearly) and ``value`` for one area.
    years
        How many intervals.

    Returns
    -------
    Per cent a year, compound; missing where there is no figure so many years before the last.

    Examples
    --------
    >>> plans = pd.DataFrame({"period": ["2023-01", "2025-01"], "value": [100.0, 121.0]})
    >>> round(compound_growth(plans, 2), 6)
    10.0
    """
    there = figures.dropna(subset="value").sort_values("period")
    if there.empty:
        return float("nan")
    year = there["period"].map(first_year)
    before = there.loc[year == year.iloc[-1] - years, "value"]
    if before.empty or before.iloc[0] <= 0:
        return float("nan")
    return float(100 * ((there["value"].iloc[-1] / before.iloc[0]) ** (1 / years) - 1))


def yearly_growth(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the growth of each yearly figure on the year before, in per cent.

    Parameters
    ----------
    figures
        ``period`` (yearly) and ``value`` for one area.

    Returns
    -------
    The figures with ``value`` in per cent; years without a figure above nought the year before
    are left out.

    Examples
    --------
    >>> plans = pd.DataFrame({"period": ["2023-01", "2024-01"], "value": [100.0, 110.0]})
    >>> yearly_growth(plans).round(6).values.tolist()
    [['2024-01', 10.0]]
    """
    there = figures.dropna(subset="value").sort_values("period", ignore_index=True)
    follows = there["period"].map(first_year).astype("int64").diff().eq(1)
    before = there["value"].shift()
    before = before.where(follows & before.gt(0))
    return there.assign(value=100 * (there["value"] / before - 1)).dropna(
        subset="value", ignore_index=True
    )


def split(groups: pd.DataFrame) -> pd.DataFrame:
    """Split changes into what a larger base alone brings and what a higher rate brings.

    Each figure is a base times a rate: plans are children times plans for each child, spending is
    places times the cost of each. Half of what the two do together goes to each, so that the
    order of the two does not matter and the parts add to the change: Kitagawa (1955), Components
    of a difference between two rates, Journal of the American Statistical Association 50(272),
    1168-1194, https://doi.org/10.1080/01621459.1955.10501299

    Parameters
    ----------
    groups
        ``start``, ``end`` (the figure) and ``base_start``, ``base_end`` (children, places), a row
        a group; other columns are kept.

    Returns
    -------
    The groups with ``change``, ``by_base`` and ``by_rate``, which add to it, in the unit of the
    figure; and ``by_base_first`` and ``by_base_last``, what the base would bring if all that the
    two do together went to the rate, or to the base. Missing where a base is missing or nought.

    Examples
    --------
    Of 100 children 2 hold a plan; of 200 children 6 do. At the rates of 2 and of 3 per hundred,
    100 more children mean 2 or 3 more plans:

    >>> groups = pd.DataFrame(
    ...     {"start": [2.0], "end": [6.0], "base_start": [100.0], "base_end": [200.0]})
    >>> split(groups)[["change", "by_base", "by_rate"]].values.tolist()
    [[4.0, 2.5, 1.5]]
    """
    first = groups["start"] / groups["base_start"].where(groups["base_start"] > 0)
    last = groups["end"] / groups["base_end"].where(groups["base_end"] > 0)
    larger = groups["base_end"] - groups["base_start"]
    change = groups["end"] - groups["start"]
    by_base = larger * (first + last) / 2
    return groups.assign(
        change=change,
        by_base=by_base,
        by_rate=change - by_base,  # the same as the mean base times the change of the rate
        by_base_first=larger * first,
        by_base_last=larger * last,
    )


def in_whole_plans(parts: pd.Series) -> pd.Series:
    """Round parts of a whole number so that, rounded, they still add to it.

    All are rounded down, and the plans left over go to the parts that lost most (the method of
    largest remainders).

    Parameters
    ----------
    parts
        Figures whose sum is a whole number.

    Examples
    --------
    >>> in_whole_plans(pd.Series([1.4, 2.4, 3.2])).tolist()
    [2.0, 2.0, 3.0]
    """
    down = parts.floordiv(1)
    left_over = round(float(parts.sum() - down.sum()))
    rank = (parts - down).rank(ascending=False, method="first")
    return down + rank.le(left_over).astype("float64")


def _parts(parts: pd.DataFrame) -> pd.DataFrame:
    """Add the share of the rise to each part, in per cent, and put the parts in whole plans."""
    rise = parts["value"].sum()
    share = 100 * parts["value"] / rise if rise else float("nan")
    return parts.assign(share=share, value=in_whole_plans(parts["value"])).reset_index(drop=True)


# ------------------------------------------------------------------ by age


def plans_by_age(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans by band of age with what is left, so that a row adds to all plans.

    A band without figures is empty where the other bands make up all plans: before 2015 there
    is no group above 19, and the smallest councils have no row for an age that nobody has.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.

    Returns
    -------
    A row for each January with ages, a column for each band of :data:`caseload.AGE_BANDS`, and
    :data:`AGE_NOT_PUBLISHED`.

    Examples
    --------
    >>> plans = pd.DataFrame({
    ...     "period": "2014-01", "value": [9.0, 1.0, 2.0, 2.0, 4.0],
    ...     "breakdown": ["all", "age:under_5", "age:5_to_10", "age:11_to_15", "age:16_to_19"],
    ... })
    >>> plans_by_age(plans).loc["2014-01"].tolist()
    [1.0, 2.0, 2.0, 4.0, 0.0, 0.0]
    """
    bands = (
        by_age_band(plans)
        .pivot(index="period", columns="band", values="value")
        .reindex(columns=list(AGE_BANDS))
    )
    whole = of(plans).set_index("period")["value"].reindex(bands.index)
    complete = bands.sum(axis="columns").eq(whole)
    filled = bands.mask(bands.isna().mul(complete, axis="index"), 0.0).dropna()
    return filled.assign(**{AGE_NOT_PUBLISHED: whole[filled.index] - filled.sum(axis="columns")})


def rise_by_band(plans: pd.DataFrame, start: str, end: str) -> pd.Series:
    """Return the change of plans in each band of age and without an age; the sum is the rise.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.
    start, end
        Januaries.

    Returns
    -------
    Plans by band; empty where ages are not published at both Januaries.
    """
    return rise_between(plans_by_age(plans), start, end)


def rise_between(by_age: pd.DataFrame, start: str, end: str) -> pd.Series:
    """Return :func:`rise_by_band` from what :func:`plans_by_age` returns."""
    wide = by_age.T
    if not {start, end} <= set(wide.columns):
        return pd.Series(dtype="float64")
    return wide[end] - wide[start]


def share_at_16_and_over(plans: pd.DataFrame, start: str, end: str) -> float:
    """Return the share of the rise in plans between two Januaries at ages 16 to 25, in per cent.

    Parameters
    ----------
    plans, start, end
        As in :func:`rise_by_band`.

    Returns
    -------
    Per cent of the rise; missing where ages are not published at both ends or plans did not rise.
    """
    rise = rise_by_band(plans, start, end)
    whole = float(rise.sum())
    return float(100 * rise[[POST_16, EXTENSION]].sum() / whole) if whole > 0 else float("nan")


def estimate_before(children: pd.DataFrame, when: str) -> str:
    """Return the mid-year of the newest estimate of the number of children before a January.

    It is half a year before, or earlier where the last mid-year is not yet published; empty where
    it would be more than two years before.

    Parameters
    ----------
    children
        ``period`` (mid-years) and ``value`` for one area.
    when
        A January.

    Examples
    --------
    >>> children = pd.DataFrame({"period": ["2023-06-30", "2024-06-30"], "value": [50.0, 60.0]})
    >>> estimate_before(children, "2024-01"), estimate_before(children, "2026-01")
    ('2023-06-30', '2024-06-30')
    """
    year = first_year(when)
    known = children.dropna(subset="value")["period"]
    return max((text for text in known if year - 2 <= first_year(text) < year), default="")


def pupils_by_age(pupils: pd.DataFrame) -> pd.DataFrame:
    """Return pupils by band of age, for the ages at which nearly all children go to school.

    Parameters
    ----------
    pupils
        Observations of ``pupils`` for one area, by single age.

    Returns
    -------
    A row for each January, a column for each of :data:`SCHOOL_AGE`; a January without one of them
    is left out.

    Examples
    --------
    >>> pupils = pd.DataFrame({
    ...     "period": "2024-01", "value": [9.0, 1.0, 2.0, 4.0, 8.0],
    ...     "breakdown": ["age:4", "age:5", "age:10", "age:11", "age:15"],
    ... })
    >>> pupils_by_age(pupils).loc["2024-01"].tolist()
    [3.0, 12.0]
    """
    return (
        by_age_band(pupils)
        .pivot(index="period", columns="band", values="value")
        .reindex(columns=list(SCHOOL_AGE))
        .dropna()
    )


def _bases(
    children: pd.DataFrame, counts: pd.DataFrame | None, start: str, end: str
) -> pd.DataFrame:
    """Return what each band of :data:`YOUNG` is set against, at both ends on the same basis."""
    before, after = estimate_before(children, start), estimate_before(children, end)
    # One estimate cannot say how the number of children changed.
    known = (at(children, before), at(children, after)) if before < after else (None, None)
    everyone = pd.DataFrame(
        [(ALL_CHILDREN, *known)],
        columns=["base", "base_start", "base_end"],
        index=pd.Index(YOUNG, name="band"),
    )
    if counts is None:
        return everyone
    # Plans are counted a year further than pupils: the count of the January before will do.
    first, last = (
        max((text for text in counts.index if year - 1 <= first_year(text) <= year), default="")
        for year in map(first_year, (start, end))
    )
    if not first or first >= last:
        return everyone
    # A council may have no school for an age: that band is set against all children.
    of_these_ages = counts.loc[[first, last]].T.set_axis(["base_start", "base_end"], axis="columns")
    of_these_ages = of_these_ages[of_these_ages.gt(0).all(axis="columns")]
    return (
        of_these_ages.assign(base=PUPILS_OF_THESE_AGES)
        .combine_first(everyone)
        .reindex(everyone.index)
    )


def of_school_age_and_under(
    plans: pd.DataFrame,
    children: pd.DataFrame,
    start: str,
    end: str,
    pupils: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Split the rise under 16, band by band, into more children and more plans for each child.

    At ages 5 to 15 plans are set against pupils of the same ages, which are counted since January
    2016. Pupils in independent schools are not among them, nor children out of school, and a
    council's schools may teach the children of another. For those under 5, of whom many are in no
    school, and from an earlier January, the population aged 0 to 17 stands for each band. Then the
    part of more children is too small at 11 to 15, who grew most in number, and too large below.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.
    children
        Observations of ``population_0_17`` for the same area; those of :func:`estimate_before`
        are taken.
    start, end
        Januaries.
    pupils
        Observations of ``pupils`` for the same area, by single age; those of each January are
        taken, or of the one before. Without them, all bands are set against ``children``.

    Returns
    -------
    What :func:`split` returns, with ``band``, a row for each of :data:`YOUNG`, and ``base``, what
    the band is set against (:data:`PUPILS_OF_THESE_AGES` or :data:`ALL_CHILDREN`). A band without
    plans by age or a base at both ends has no row.
    """
    counts = None if pupils is None else pupils_by_age(pupils)
    return young_between(plans_by_age(plans), children, start, end, counts)


def young_between(
    by_age: pd.DataFrame,
    children: pd.DataFrame,
    start: str,
    end: str,
    counts: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return :func:`of_school_age_and_under` from plans and pupils that are by age already.

    Parameters
    ----------
    by_age, counts
        What :func:`plans_by_age` and :func:`pupils_by_age` return.
    """
    ends = by_age.reindex(columns=list(YOUNG)).T.reindex(columns=[start, end])
    return (
        split(
            ends.set_axis(["start", "end"], axis="columns")
            .rename_axis("band")
            .join(_bases(children, counts, start, end))
        )
        .dropna()
        .reset_index()
    )


def by_age(
    plans: pd.DataFrame,
    children: pd.DataFrame,
    start: str,
    end: str,
    pupils: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Take the rise in plans apart by age: children, plans for each child, extension in age.

    Above 15 there is no number of young people on one basis, so those bands are not split. The
    whole of the rise at ages 20 to 25 is the extension to age 25; at 16 to 19, where statements
    seldom went on into college and plans do, the data do not tell extension from more plans.

    Parameters
    ----------
    plans, children, start, end, pupils
        As in :func:`of_school_age_and_under`.

    Returns
    -------
    DataFrame with ``part``, ``band``, ``value`` (whole plans, which add to the rise), ``share``
    (per cent of the rise, not rounded) and ``base`` (what a band under 16 is set against; empty
    for the others); empty where a figure is missing.
    """
    young = of_school_age_and_under(plans, children, start, end, pupils)
    rise = rise_by_band(plans, start, end)
    if len(young) < len(YOUNG) or rise.empty:
        return pd.DataFrame(columns=["part", "band", "value", "share", "base"])
    rest = {AGES_16_TO_19: POST_16, AGES_20_TO_25: EXTENSION, AGE_NOT_PUBLISHED: AGE_NOT_PUBLISHED}
    return _parts(
        pd.concat(
            [
                young[["band", "base"]].assign(part=MORE_CHILDREN, value=young["by_base"]),
                young[["band", "base"]].assign(part=MORE_PLANS_EACH, value=young["by_rate"]),
                pd.DataFrame(
                    {
                        "band": list(rest.values()),
                        "base": "",
                        "part": list(rest),
                        "value": rise[list(rest.values())].to_list(),
                    }
                ),
            ],
            ignore_index=True,
        )
    )[["part", "band", "value", "share", "base"]]


def in_further_education_at_16_to_19(plans: pd.DataFrame, when: str) -> float:
    """Return how many plans of those aged 16 to 19 were in further education in a January.

    Statements seldom went on into college. In January 2015, the first with EHC plans, all that
    were in further education are taken: 67 in England, of whom ten at most were older.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, with breakdowns of age by placement.
    when
        A January.

    Returns
    -------
    Plans; missing where no placement by age is published.
    """
    if when == FIRST_WITH_PLANS:
        return at(of(plans, FURTHER_EDUCATION), when)
    codes = [f"age:{age} {FURTHER_EDUCATION}" for age in range(16, 20)]
    found = plans[plans["breakdown"].isin(codes) & plans["period"].eq(when)]
    return float(found["value"].sum(min_count=len(codes)))


# ------------------------------------------------------------------ stock and flow


def yearly_flows(
    plans: pd.DataFrame, new: pd.DataFrame, breaks: Iterable[str] = ()
) -> pd.DataFrame:
    """Return, year by year, the plans held, those that began and those that must have left.

    What left is not counted but follows: plans held in January, plus new ones in the year, less
    plans held the January after. So it also holds moves between councils, which cancel out in
    England, and whatever was corrected from one count to the next.

    Parameters
    ----------
    plans
        ``period`` (Januaries) and ``value`` for one area.
    new
        ``period`` (calendar years) and ``value``: new plans of the same area.
    breaks
        Januaries from which plans are counted otherwise.

    Returns
    -------
    DataFrame with ``year``, ``held`` (in January), ``began``, ``left`` (implied), ``leaving`` (per
    cent of those held) and ``across_break`` (whether the two counts differ in kind); years
    without all three figures are left out.

    Examples
    --------
    >>> plans = pd.DataFrame({"period": ["2024-01", "2025-01"], "value": [100.0, 130.0]})
    >>> new = pd.DataFrame({"period": ["2024"], "value": [40.0]})
    >>> yearly_flows(plans, new)[["year", "held", "began", "left", "leaving"]].values.tolist()
    [['2024', 100.0, 40.0, 10.0, 10.0]]
    """
    held = plans.set_index("period")["value"]
    years = new.sort_values("period")["period"]
    flows = pd.DataFrame(
        {
            "year": years.to_list(),
            "held": [held.get(january(int(year))) for year in years],
            "began": new.set_index("period")["value"].reindex(years).to_list(),
            "after": [held.get(january(int(year) + 1)) for year in years],
        }
    ).astype(dict.fromkeys(["held", "began", "after"], "float64"))
    changed = {first_year(period) - 1 for period in breaks}
    left = flows["held"] + flows["began"] - flows["after"]
    return (
        flows.assign(
            left=left,
            leaving=100 * left / flows["held"].where(flows["held"] > 0),
            across_break=flows["year"].astype("int64").isin(changed),
        )
        .drop(columns="after")
        .dropna(ignore_index=True)
    )


def _held_at_last(held: float, began: pd.Series, leaving: pd.Series) -> float:
    """Return the plans held after years of plans that begin and a per cent that leaves."""
    years = zip(began, leaving, strict=True)
    return reduce(lambda stock, year: stock * (1 - year[1] / 100) + year[0], years, held)


def by_flow(flows: pd.DataFrame, *, start: str, like: str) -> pd.DataFrame:
    """Take the rise in plans apart into more that begin and fewer that leave.

    Three parts: what would have been added had every year been like one year before (as many
    new plans, the same per cent leaving); what more new plans added; what a lower per cent
    leaving added. The last two are worked out in both orders and averaged (the Shapley value),
    so that neither takes what they do together: Shorrocks (2013), Decomposition procedures for
    distributional analysis, Journal of Economic Inequality 11, 99-126,
    https://doi.org/10.1007/s10888-011-9214-z

    Parameters
    ----------
    flows
        What :func:`yearly_flows` returns.
    start
        The calendar year whose January the rise is counted from; it goes to the last of the flows.
    like
        The calendar year that is held against all others.

    Returns
    -------
    DataFrame with ``part``, ``value`` (whole plans, which add to the rise) and ``share`` (per
    cent of the rise); empty where ``like``, ``start`` or a year after it is missing.

    Examples
    --------
    From 100 plans, with 10 new and a tenth leaving, none would be added. With 30 new, 20 are:

    >>> flows = pd.DataFrame({"year": ["2014", "2015"], "held": 100.0, "began": [10.0, 30.0],
    ...                       "leaving": 10.0})
    >>> by_flow(flows, start="2015", like="2014")["value"].tolist()
    [0.0, 20.0, 0.0]
    """
    known = flows.sort_values("year").set_index("year")
    years = known.loc[known.index >= start]
    unbroken = all(int(late) - int(early) == 1 for early, late in pairwise(years.index))
    if years.empty or years.index[0] != start or like not in known.index or not unbroken:
        return pd.DataFrame(columns=["part", "value", "share"])
    began, leaving = years["began"], years["leaving"]
    began_before = pd.Series(known["began"][like], index=years.index)
    leaving_before = pd.Series(known["leaving"][like], index=years.index)
    first = float(years["held"].iloc[0])
    neither = _held_at_last(first, began_before, leaving_before)
    only_began = _held_at_last(first, began, leaving_before)
    only_left = _held_at_last(first, began_before, leaving)
    both = _held_at_last(first, began, leaving)
    return _parts(
        pd.DataFrame(
            {
                "part": [AS_BEFORE, MORE_BEGAN, FEWER_LEFT],
                "value": [
                    neither - first,
                    ((only_began - neither) + (both - only_left)) / 2,
                    ((only_left - neither) + (both - only_began)) / 2,
                ],
            }
        )
    )


def cohorts(plans: pd.DataFrame, start: str) -> pd.DataFrame:
    """Follow the holders of one January to the next, a year older.

    What is added at an age is plans that began less plans that left between the two counts. The
    sum over all rows is the rise: the youngest come in, those of 25 go.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, with single ages.
    start
        A January; the next one is a year later.

    Returns
    -------
    DataFrame with ``age`` (at the later January, in words), ``start`` (plans a year younger, a
    year before), ``end`` and ``added``; empty where a single age is missing at either end.
    """
    ages = ["under_3", *(str(age) for age in range(3, 26))]
    wide = (
        plans[plans["breakdown"].str.fullmatch(r"age:(?:under_3|\d+)")]
        .assign(age=lambda kept: kept["breakdown"].str.removeprefix("age:"))
        .pivot(index="age", columns="period", values="value")
        .reindex(index=ages, columns=[start, january(first_year(start) + 1)])
    )
    if bool(wide.isna().any(axis=None)):
        return pd.DataFrame(columns=["age", "start", "end", "added"])
    before, after = wide.iloc[:, 0], wide.iloc[:, 1]
    # Those under 3 may be under 3 or 3 a year later: the two are one row.
    young_after, young_before = after[["under_3", "3"]].sum(), before["under_3"]
    followed = pd.DataFrame(
        {
            "age": ["Up to 3", *(str(age) for age in range(4, 26)), "26"],
            "start": [young_before, *before[ages[1:]]],
            "end": [young_after, *after[ages[2:]], 0.0],
        }
    )
    return followed.assign(added=followed["end"] - followed["start"])


def cohorts_by_stage(followed: pd.DataFrame) -> pd.Series:
    """Add up what is added at each age to three stages, by the age at the later January.

    Parameters
    ----------
    followed
        What :func:`cohorts` returns.

    Returns
    -------
    Plans added, by the stage in words; the sum is the rise between the two Januaries.

    Examples
    --------
    >>> followed = pd.DataFrame({"age": ["Up to 3", "15", "16", "26"], "added": [9.0, 2, 1, -4]})
    >>> cohorts_by_stage(followed).to_dict()
    {'up to age 15': 11.0, 'at ages 16 to 19': 1.0, 'from age 20 on': -4.0}
    """
    age = followed["age"].str.removeprefix("Up to ").astype("int64")
    stages = pd.cut(
        age, [0, 15, 19, 26], labels=["up to age 15", "at ages 16 to 19", "from age 20 on"]
    )
    return followed.groupby(stages.astype("str"), sort=False)["added"].sum()


# ------------------------------------------------------------------ by need


def by_need(
    by_primary_need: pd.DataFrame, pupils: pd.DataFrame, plans: pd.DataFrame, start: str, end: str
) -> pd.DataFrame:
    """Take the rise in plans apart by primary need, and each need by pupils and plans for each.

    Needs are recorded in the school census, for pupils in state-funded schools and non-maintained
    special schools; all other plans are one row, without a number of children to set it against.
    A council's schools also teach pupils whose plan another council maintains, and its own may go
    to school elsewhere: in a council, that is in the last row too.

    Parameters
    ----------
    by_primary_need
        Observations of ``pupils_with_ehc_plan_by_need`` for one area.
    pupils
        ``period`` and ``value``: all pupils in the same schools.
    plans
        ``period`` and ``value``: all plans of the area.
    start, end
        Januaries.

    Returns
    -------
    What :func:`split` returns, with ``need`` (its code, or words), most added first and the two
    remainders last; ``change`` adds to the rise. A need without a figure at either end is part
    of the first remainder. Empty where a whole is missing.
    """
    wide = (
        by_primary_need.pivot(index="breakdown", columns="period", values="value")
        .reindex(columns=[start, end])
        .set_axis(["start", "end"], axis="columns")
        .dropna()
    )
    held = pd.Series({"start": at(plans, start), "end": at(plans, end)})
    if "all" not in wide.index or bool(held.isna().any()):
        return pd.DataFrame(columns=["need", "start", "end", "change", "by_base", "by_rate"])
    in_schools = wide.loc["all"]
    needs = wide.drop(index="all").rename(index=lambda code: str(code).removeprefix("need:"))
    needs = needs.loc[(needs["end"] - needs["start"]).sort_values(ascending=False).index]
    rows = pd.concat(
        [
            needs,
            pd.DataFrame([in_schools - needs.sum()], index=[NEED_NOT_NAMED]),
            pd.DataFrame([held - in_schools], index=[NOT_IN_THESE_SCHOOLS]),
        ]
    )
    counted = rows.index != NOT_IN_THESE_SCHOOLS
    return (
        split(
            rows.assign(
                base_start=pd.Series(at(pupils, start), index=rows.index).where(counted),
                base_end=pd.Series(at(pupils, end), index=rows.index).where(counted),
            )
        )
        .rename_axis("need")
        .reset_index()
    )


def leading_needs(parts: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """Keep the needs that added most plans, and add up all others.

    Parameters
    ----------
    parts
        What :func:`by_need` returns.
    most
        How many needs to keep.

    Returns
    -------
    DataFrame with ``need``, ``change`` (plans) and ``by_base`` (what more pupils alone would have
    brought): the needs that led, then :data:`OTHER_NEEDS`, then :data:`NOT_IN_THESE_SCHOOLS`, so
    that ``change`` still adds to the rise. Empty where ``parts`` is.

    Examples
    --------
    >>> parts = pd.DataFrame({
    ...     "need": ["asd", "sld", NEED_NOT_NAMED, NOT_IN_THESE_SCHOOLS],
    ...     "change": [9.0, 3.0, 1.0, 5.0], "by_base": [2.0, 1.0, 0.5, float("nan")],
    ... })
    >>> leading_needs(parts, 1)[["need", "change"]].values.tolist()[1]
    ['Other needs, or none recorded', 4.0]
    """
    if parts.empty:
        return pd.DataFrame(columns=["need", "change", "by_base"])
    remainder = parts["need"].isin([NEED_NOT_NAMED, NOT_IN_THESE_SCHOOLS])
    led = parts[~remainder].nlargest(most, "change")
    row = pd.Series(OTHER_NEEDS, index=parts.index)
    row = row.mask(parts.index.isin(led.index) | parts["need"].eq(NOT_IN_THESE_SCHOOLS))
    groups = parts.assign(need=row.fillna(parts["need"])).groupby("need")[["change", "by_base"]]
    return (
        groups.sum(min_count=1)
        .reindex([*led["need"], OTHER_NEEDS, NOT_IN_THESE_SCHOOLS])
        .reset_index()
    )


# ------------------------------------------------------------------ leaving, by age


def leaving_by_age(plans: pd.DataFrame, ceased: pd.DataFrame) -> pd.DataFrame:
    """Return plans that ceased in a year for every hundred held that January, by band of age.

    Ages are those of the January and of the day on which the plan ceased, so a rate is somewhat
    too low at the young end of a band and too high at the old end. Plans that moved to another
    council are in it.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, with single ages.
    ceased
        Observations of ``ehc_plans_ceased`` for the same area, by single age.

    Returns
    -------
    DataFrame with ``period`` (calendar years), ``band`` ("Under 16", "16 to 19", "20 and over"),
    ``held``, ``ceased`` and ``value`` (per cent).
    """
    bands = by_age_band(plans)
    held = pd.concat(
        [at_ages(bands, names).assign(band=band) for band, names in LEAVING_BANDS.items()],
        ignore_index=True,
    ).rename(columns={"value": "held"})
    ages = {"2_and_under": "Under 16", "20_and_over": "20 and over"} | {
        str(age): "Under 16" if age < 16 else POST_16 for age in range(3, 20)
    }
    gone = (
        ceased.assign(band=ceased["breakdown"].str.removeprefix("age:").map(ages))
        .dropna(subset=["band", "value"])
        .groupby(["period", "band"])["value"]
        .sum()
        .rename("ceased")
        .reset_index()
    )
    joined = gone.merge(held.assign(period=held["period"].str[:4]), on=["period", "band"])
    return joined.assign(value=100 * joined["ceased"] / joined["held"].where(joined["held"] > 0))[
        ["period", "band", "held", "ceased", "value"]
    ]
