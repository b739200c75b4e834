"""Joined-up support: plans on time, reviews, places, health waits and designated officers."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from sendreform.evidence.series import named

#: Certainty of every interval here.
ALPHA = 0.05
#: In 2014 only requests made since September could lead to a plan, so none could be very late.
FIRST_FULL_YEAR = "2015"

ON_TIME = "Within 20 weeks"
LATE = "20 weeks to a year"
VERY_LATE = "Over a year"

REVIEW_MET = "Review meeting on record, in that year or another"
REVIEW_COMPLETED = "Review completed in the year"

#: Where plans are that have no place in a school, a college or alternative provision. The
#: categories counted apart ended when councils first returned a record for each child.
WITHOUT_A_PLACE = {
    "placement:awaiting_provision_apart": "Awaiting provision (to 2022)",
    "placement:permanently_excluded_apart": "Permanently excluded (to 2022)",
    "placement:educated_elsewhere": "Educated elsewhere or not in education, all",
    "placement:elective_home_education": "Elective home education",
    "placement:other_arrangements_la": "Other arrangements made by the council",
    "placement:other_arrangements_parents": "Other arrangements made by parents",
    "placement:neet": "Not in education, employment or training",
    "placement:neet_compulsory_school_age": "Not in education, of compulsory school age",
    "placement:neet_notice_to_cease": "Not in education, notice to cease issued",
    "placement:neet_other": "Not in education or training, other",
    "placement:not_recorded": "Placement not recorded",
}

ALL_SERVICES = "All four services"
HEALTH_SERVICES = {
    "health_service:community_paediatrics": "Community paediatrics",
    "health_service:speech_and_language_therapy": "Speech and language therapy",
    "health_service:occupational_therapy": "Occupational therapy",
    "health_service:audiology": "Audiology",
}

EITHER_OFFICER = "Medical or clinical officer"
OFFICERS = {
    "officer:medical": "Designated medical officer",
    "officer:clinical": "Designated clinical officer",
    "officer:social_care": "Designated social care officer",
}


def proportions(part: pd.DataFrame, whole: pd.DataFrame, *, alpha: float = ALPHA) -> pd.DataFrame:
    """Return what per cent a count is of another, with a Wilson interval.

    The interval says how far chance alone could move the share of a place of this size.

    Parameters
    ----------
    part, whole
        ``area``, ``period``, ``value``: counts.
    alpha
        One less the certainty of the interval.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``part``, ``whole``, ``value``, ``low`` and ``high`` (per
    cent). The last three are missing where the whole is nought, or where the part is more than
    the whole and the two records do not fit together.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference; as in
    ``statsmodels.stats.proportion.proportion_confint``.

    Examples
    --------
    >>> plans = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [200.0]})
    >>> share = proportions(plans.assign(value=50.0), plans)
    >>> share["value"].item(), share["low"].round(1).item(), share["high"].round(1).item()
    (25.0, 19.5, 31.4)
    """
    both = _joined(part=part, whole=whole)
    sound = both["whole"].where((both["whole"] > 0) & (both["part"] <= both["whole"]))
    low, high = proportion_confint(both["part"], sound, alpha=alpha, method="wilson")
    return both.assign(value=100 * both["part"] / sound, low=100 * low, high=100 * high)


def changes_in_share(shares: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Return by how many points each area's share moved, with Newcombe's interval.

    Parameters
    ----------
    shares
        What :func:`proportions` returns.
    start, end
        Periods; an area without a share at both is left out.

    Returns
    -------
    DataFrame with ``area``, ``start``, ``end`` (per cent), ``difference``, ``low`` and ``high``
    (percentage points).

    References
    ----------
    Newcombe (1998), Interval estimation for the difference between independent proportions,
    method 10; as in ``statsmodels.stats.proportion.confint_proportions_2indep``.

    Examples
    --------
    >>> plans = pd.DataFrame({"area": "886", "period": ["2015", "2024"], "value": [100.0, 100.0]})
    >>> shares = proportions(plans.assign(value=[60.0, 46.0]), plans)
    >>> changes_in_share(shares, "2015", "2024").round(1)[["difference", "low", "high"]].values
    array([[-14. , -27.1,  -0.2]])
    """
    there = shares.dropna(subset="value")
    first, last = (
        there.loc[there["period"] == period, ["area", "part", "whole", "value"]]
        for period in (start, end)
    )
    both = first.merge(last, on="area", suffixes=("_start", "_end"))
    low, high = confint_proportions_2indep(
        both["part_end"], both["whole_end"], both["part_start"], both["whole_start"],
        method="newcomb", compare="diff", alpha=ALPHA,
    )  # fmt: skip
    return pd.DataFrame(
        {
            "area": both["area"],
            "start": both["value_start"],
            "end": both["value_end"],
            "difference": both["value_end"] - both["value_start"],
            "low": 100 * low,
            "high": 100 * high,
        }
    )


# ---------------------------------------------------------------- the 20-week rule


def councils_below(shares: pd.DataFrame, councils: list[str], level: float) -> pd.DataFrame:
    """Count the councils whose share is below a level, and those where chance does not explain it.

    Parameters
    ----------
    shares
        What :func:`proportions` returns.
    councils
        The councils to count.
    level
        Per cent.

    Returns
    -------
    DataFrame with ``period``, ``councils`` (those with a share), ``below`` (councils below the
    level) and ``value`` (per cent); ``surely_below`` (councils with the whole interval below the
    level) and ``surely`` (per cent).

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "area": ["301", "302"], "period": "2024", "value": [75.0, 75.0], "high": [77.0, 88.0]})
    >>> below = councils_below(shares, ["301", "302"], 80)
    >>> below["value"].item(), below["surely"].item()
    (100.0, 50.0)
    """
    there = shares[shares["area"].isin(councils)].dropna(subset="value")
    return (
        there.assign(below=there["value"] < level, surely_below=there["high"] < level)
        .groupby("period")
        .agg(
            councils=("area", "size"), below=("below", "sum"), surely_below=("surely_below", "sum")
        )
        .assign(
            value=lambda counts: 100 * counts["below"] / counts["councils"],
            surely=lambda counts: 100 * counts["surely_below"] / counts["councils"],
        )
        .reset_index()
    )


def how_long(
    timed: pd.DataFrame, in_20_weeks: pd.DataFrame, beyond_a_year: pd.DataFrame
) -> pd.DataFrame:
    """Divide new plans by how long they took from request to plan.

    Parameters
    ----------
    timed, in_20_weeks, beyond_a_year
        ``area``, ``period``, ``value``: plans counted for the 20-week rule, those issued within
        20 weeks, and those that took more than 52, on the same basis (with or without exceptions).

    Returns
    -------
    DataFrame with ``area``, ``period``, ``series`` (:data:`ON_TIME`, :data:`LATE`,
    :data:`VERY_LATE`), ``value`` (plans) and ``share`` (per cent of the plans; the three add to
    the whole).
    """
    counts = _joined(timed=timed, on_time=in_20_weeks, very_late=beyond_a_year)
    parts = counts.assign(late=counts["timed"] - counts["on_time"] - counts["very_late"]).melt(
        ["area", "period", "timed"], ["on_time", "late", "very_late"], "series"
    )
    names = {"on_time": ON_TIME, "late": LATE, "very_late": VERY_LATE}
    return parts.assign(
        series=parts["series"].map(names),
        share=100 * parts["value"] / parts["timed"].where(parts["timed"] > 0),
    ).drop(columns="timed")


def at_best_neighbour(
    shares: pd.DataFrame, neighbours: pd.DataFrame, *, by: str = "value", fewest: int = 0
) -> pd.DataFrame:
    """Say what share each council would reach by doing as well as its best statistical neighbour.

    A council that does better than all its neighbours keeps its own share. The best of ten is
    partly luck, the more so among small councils; ``by`` and ``fewest`` allow for that.

    Parameters
    ----------
    shares
        What :func:`proportions` returns, for councils and one period.
    neighbours
        ``area`` and ``neighbour``.
    by
        The column by which neighbours are judged: ``value``, or ``low`` for what a neighbour
        reached allowing for chance.
    fewest
        Only neighbours with at least so many in the whole are looked at.

    Returns
    -------
    DataFrame with ``area``, ``whole``, ``value`` (the council's own share), ``neighbour`` (the
    best one; missing where none has a share), ``best`` (its share, as judged) and ``reached``
    (per cent).

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "area": ["301", "302"], "whole": [100.0, 300.0], "value": [40.0, 60.0]})
    >>> neighbours = pd.DataFrame({"area": ["301", "302"], "neighbour": ["302", "301"]})
    >>> reached = at_best_neighbour(shares, neighbours)
    >>> reached["reached"].tolist(), share_reached(reached)
    ([60.0, 60.0], 60.0)
    """
    there = shares.dropna(subset="value")
    able = there.loc[there["whole"] >= fewest, ["area", by]].set_axis(
        ["neighbour", "best"], axis="columns"
    )
    best = (
        neighbours[["area", "neighbour"]]
        .merge(able, on="neighbour")
        .sort_values("best", ascending=False, kind="stable")
        .drop_duplicates("area")
    )
    return there[["area", "whole", "value"]].merge(best, on="area", how="left").assign(
        reached=lambda joined: joined[["value", "best"]].max(axis="columns")
    )  # fmt: skip


def at_percentile(shares: pd.DataFrame, percentile: float) -> pd.DataFrame:
    """Say what share each council would reach if it did as well as a high-ranking council.

    Parameters
    ----------
    shares
        What :func:`proportions` returns, for councils and one period.
    percentile
        The rank among councils to be reached, such as 90.

    Returns
    -------
    DataFrame with ``area``, ``whole``, ``value``, ``best`` (the share at that rank) and
    ``reached`` (per cent).
    """
    there = shares.dropna(subset="value")[["area", "whole", "value"]]
    best = float(there["value"].quantile(percentile / 100))
    return there.assign(best=best, reached=there["value"].clip(lower=best))


def share_reached(reached: pd.DataFrame) -> float:
    """Put the shares that councils would reach together, each weighted by its plans.

    Parameters
    ----------
    reached
        ``whole`` and ``reached``: what :func:`at_best_neighbour` or :func:`at_percentile` returns,
        or part of it.

    Returns
    -------
    Per cent; missing where there are no plans.
    """
    plans = reached["whole"].sum()
    return float((reached["reached"] * reached["whole"]).sum() / plans) if plans else float("nan")


# ---------------------------------------------------------------- who stayed among the quickest


@dataclass(frozen=True)
class Stayed:
    """How many of the best councils at first are among the best at the end.

    Attributes
    ----------
    first_period, last_period
        The two periods compared.
    councils
        Councils ranked.
    best
        Councils among the best at first.
    stayed
        Those of them that are among the best at the end.
    low, high
        95% interval (Clopper-Pearson) of the per cent that stayed.
    by_chance
        Per cent that would stay if standing in the two periods had nothing to do with each other.
    chance_of_as_many
        How likely it is, by that chance alone, that as many or more stayed (hypergeometric).
    """

    first_period: str
    last_period: str
    councils: int
    best: int
    stayed: int
    low: float
    high: float
    by_chance: float
    chance_of_as_many: float

    @property
    def per_cent(self) -> float:
        """The per cent of the best at first that are among the best at the end."""
        return 100 * self.stayed / self.best if self.best else float("nan")


def quickest(figures: pd.DataFrame, councils: list[str], share: float = 0.25) -> pd.DataFrame:
    """Say which councils are in the best quarter, or any other share, in each period.

    Parameters
    ----------
    figures
        ``area``, ``period``, ``value``, higher is better.
    councils
        The councils to compare; only those with a figure in every period are ranked.
    share
        How many of them are the best: 0.1 for a tenth.

    Returns
    -------
    DataFrame of true and false: a row a council, a column a period.
    """
    wide = (
        figures[figures["area"].isin(councils)]
        .pivot(index="area", columns="period", values="value")
        .dropna()
    )
    return wide.rank(ascending=False, method="first") <= share * len(wide)


def stayed(best: pd.DataFrame) -> Stayed:
    """Count how many of the best in the first period are among the best in the last.

    Parameters
    ----------
    best
        What :func:`quickest` returns: a row a council, a column a period, at least one.

    Examples
    --------
    >>> best = pd.DataFrame({"2015": [True, True, False, False], "2024": [True, False] * 2})
    >>> one = stayed(best)
    >>> one.per_cent, one.by_chance, round(one.chance_of_as_many, 3)
    (50.0, 50.0, 0.833)
    """
    first, last = best.iloc[:, 0], best.iloc[:, -1]
    councils, at_first, at_end = len(best), int(first.sum()), int(last.sum())
    kept = int((first & last).sum())
    low, high = (
        proportion_confint(kept, at_first, alpha=ALPHA, method="beta")
        if at_first
        else (np.nan, np.nan)
    )
    return Stayed(
        str(best.columns[0]),
        str(best.columns[-1]),
        councils,
        at_first,
        kept,
        low=100 * float(low),
        high=100 * float(high),
        by_chance=100 * at_end / councils if councils else float("nan"),
        chance_of_as_many=float(hypergeom.sf(kept - 1, councils, at_first, at_end)),
    )


# ---------------------------------------------------------------- reviews


def annual_reviews(
    expected: pd.DataFrame,
    held: pd.DataFrame,
    not_held: pd.DataFrame,
    in_4_weeks: pd.DataFrame,
    after_4_weeks: pd.DataFrame,
    breaks: Iterable[str],
) -> pd.DataFrame:
    """Return how many annual reviews were held, and after how many the decision came in time.

    Parameters
    ----------
    expected, held, not_held, in_4_weeks, after_4_weeks
        ``area``, ``period``, ``value``: plans due for a review, reviews held, plans without a
        review on record, and reviews decided within four weeks of the meeting and later.
    breaks
        Periods from which a review counts as held only when completed in the year.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``expected``, ``held``, ``share_held`` (per cent of those
    expected), ``share_on_record`` (per cent with any review on record, whenever it was),
    ``share_in_4_weeks`` (per cent of reviews decided) and ``basis``. Shares on two bases are not
    compared.
    """
    counts = _joined(
        expected=expected, held=held, not_held=not_held, in_time=in_4_weeks, late=after_4_weeks
    )
    due = counts["expected"].where(counts["expected"] > 0)
    decided = (counts["in_time"] + counts["late"]).where(lambda total: total > 0)
    newer = counts["period"] >= min(breaks, default="9999")
    return counts.assign(
        share_held=100 * counts["held"] / due,
        share_on_record=100 - 100 * counts["not_held"] / due,
        share_in_4_weeks=100 * counts["in_time"] / decided,
        basis=newer.map({True: REVIEW_COMPLETED, False: REVIEW_MET}),
    ).drop(columns=["not_held", "in_time", "late"])


# ---------------------------------------------------------------- places


def without_a_place(plans: pd.DataFrame) -> pd.DataFrame:
    """Return the plans of children and young people without a place in a school or college.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area, by placement and in all.

    Returns
    -------
    The rows of :data:`WITHOUT_A_PLACE` with ``series`` (words) and ``share`` (per cent of all
    plans of the period). The first line of "educated elsewhere" is the sum of the lines under it;
    not every kind was asked about in every year, and a kind not asked about has no row.
    """
    total = plans.loc[plans["breakdown"] == "all"].set_index("period")["value"]
    return named(plans, WITHOUT_A_PLACE).assign(
        share=lambda kept: 100 * kept["value"] / kept["period"].map(total)
    )


# ---------------------------------------------------------------- health


def health_waits(
    waiting: pd.DataFrame, over_18_weeks: pd.DataFrame, over_52_weeks: pd.DataFrame
) -> pd.DataFrame:
    """Return how many children wait for community health services, and how long.

    The figures are of ten months of 2023, of four services, and of the providers that reported;
    not all of the children have special educational needs.

    Parameters
    ----------
    waiting, over_18_weeks, over_52_weeks
        Observations by ``breakdown`` (service) and ``period`` (month), for one area.

    Returns
    -------
    DataFrame with ``period``, ``series`` (the service, or :data:`ALL_SERVICES`), ``waiting``,
    ``over_18_weeks`` and ``over_52_weeks`` (children and young people), ``value`` and
    ``value_52_weeks`` (per cent of those waiting who waited longer). A month in which a service is
    missing has no sum over all services.
    """
    key = ["period", "breakdown"]
    services = (
        waiting[[*key, "value"]]
        .rename(columns={"value": "waiting"})
        .merge(over_18_weeks[[*key, "value"]].rename(columns={"value": "over_18_weeks"}), on=key)
        .merge(over_52_weeks[[*key, "value"]].rename(columns={"value": "over_52_weeks"}), on=key)
        .assign(series=lambda rows: rows["breakdown"].map(HEALTH_SERVICES))
        .dropna(subset="series")
    )
    counts = ["waiting", "over_18_weeks", "over_52_weeks"]
    together = (
        services.groupby("period")[counts]
        .sum(min_count=len(HEALTH_SERVICES))
        .dropna()
        .reset_index()
        .assign(series=ALL_SERVICES)
    )
    return pd.concat([together, services], ignore_index=True)[["period", "series", *counts]].assign(
        value=lambda rows: 100 * rows["over_18_weeks"] / rows["waiting"],
        value_52_weeks=lambda rows: 100 * rows["over_52_weeks"] / rows["waiting"],
    )


def officers(in_post: pd.DataFrame, councils: list[str]) -> pd.DataFrame:
    """Return in what share of councils each designated officer is in post.

    Many areas have either a medical or a clinical officer, so the two are also taken together.

    Parameters
    ----------
    in_post
        Observations of ``designated_officer_in_post``: 1 or 0 by ``breakdown`` (officer).
    councils
        The councils to count.

    Returns
    -------
    DataFrame with ``period``, ``series`` (the officer, or :data:`EITHER_OFFICER`), ``councils``
    (those that answered), ``in_post`` (councils) and ``value`` (per cent).
    """
    answers = named(in_post[in_post["area"].isin(councils)].dropna(subset="value"), OFFICERS)
    health = answers[answers["breakdown"] != "officer:social_care"]
    either = health.groupby(["area", "period"])["value"].max().reset_index()
    return (
        pd.concat([either.assign(series=EITHER_OFFICER), answers])
        .groupby(["series", "period"], sort=False)["value"]
        .agg(councils="size", in_post="sum")
        .reset_index()
        .assign(value=lambda counts: 100 * counts["in_post"] / counts["councils"])
    )


def _joined(**counts: pd.DataFrame) -> pd.DataFrame:
    """Put counts of the same areas and periods side by side, each under its own name."""
    key = ["area", "period"]
    return pd.concat(
        [table.set_index(key)["value"].rename(name) for name, table in counts.items()],
        axis="columns",
        join="inner",
    ).reset_index()
