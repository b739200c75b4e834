"""From what was known at a January to what a projection from there assumes."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sendreform.evidence.projection import rates, stages
from sendreform.evidence.projection.ages import AGES, Numbers
from sendreform.evidence.projection.cohort import grown_older
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.stages import Stages

#: Statements ended at 19 or on leaving school. From September 2014 plans can last to 25, and by the
#: published timetable every statement was to be replaced by April 2018.
LAW_CHANGED, LAW_IN_FULL = 2014, 2018

#: With fewer yearly changes than this, their spread is not told: it is that of all there are, and
#: at least :data:`LEAST_SPREAD`.
LEAST_SPREAD = 0.03


@dataclass(frozen=True)
class Structure:
    """How a projection is built: the choices that the backtest decides between.

    Attributes
    ----------
    entries
        Where the first year's new plans come from: ``level`` (as many as in the last year),
        ``per_plan`` (for each plan held), ``requests`` (requests, times the share assessed, times
        the share given a plan), ``both`` (the geometric mean of the last two; without requests,
        ``per_plan``).
    damping
        How much of a year's growth in plans carries over to the growth in new plans a year
        later, in the first year; ``damping**n`` of it in the year ``n``, so that it fades. 1 keeps
        it for ever.
    years
        Over how many years the ratios are averaged.
    law
        Whether the extension of plans to the age of 25 is foreseen from its timetable.
    by_reason
        Whether plans leave by age and reason, where both are published (since 2023); otherwise at
        two rates, below the age of leaving school and from it on.
    """

    entries: str = "both"
    damping: float = 0.95
    years: int = 3
    law: bool = True
    by_reason: bool = True


CHOSEN = Structure()


@dataclass(frozen=True)
class Parameters:
    """What a projection assumes; counts in plans, rates as shares from 0 to 1.

    Attributes
    ----------
    origin
        The January that it starts from.
    held
        Plans by age then.
    profile
        Which share of new plans begins at each age.
    began
        New plans in the first year.
    growth
        Growth of plans in the last year before the origin, as a logarithm.
    damping
        See :class:`Structure`; in draws, as far below 1 or above as :attr:`damping_spread` allows.
    leaving
        Share that leaves in a year, at each age in January.
    leaving_by_law
        What that may come down to by law at the lowest; the same where no law is foreseen. Every
        course between the two is as likely.
    law_by
        How much of that change has happened by each year after the origin.
    entry_spread
        Standard deviation of a year's change in new plans for each plan held, as a logarithm.
    leaving_spread
        Standard deviation of the share that leaves, relative to it.
    averaged
        Over how many years the ratios behind ``began`` are averaged.
    seen
        In how many yearly changes the two spreads were seen.
    stages
        How new plans part into requests, assessments and plans; ``None`` where too few years tell.
    children
        Children and young people by age and year from the origin, for England: a rise in new
        plans slows as fewer are without a plan. Empty where it is not known.
    children_spread
        Standard deviation of how much faster or slower a year the children grow in number than is
        projected, as a logarithm.
    """

    origin: int
    held: Numbers
    profile: Numbers
    began: float
    growth: float
    damping: float
    damping_spread: float
    leaving: Numbers
    leaving_by_law: Numbers
    law_by: Numbers
    entry_spread: float
    leaving_spread: float
    averaged: int
    seen: int
    stages: Stages | None = None
    children: Numbers = field(default_factory=lambda: np.empty((0, len(AGES))))
    children_spread: float = 0.0


#: The longest that anything is projected.
LONGEST = 12


def fit(history: History, origin: int, structure: Structure = CHOSEN) -> Parameters:
    """Return what a projection from a January assumes, from what was known then and nothing else.

    Parameters
    ----------
    history
        Of one area.
    origin
        The January; plans of that January are known, flows of the years before it.
    """
    known = history.known_at(origin)
    younger, older = (float(max(rate, 0.0)) for rate in rates.leaving_rates(known).iloc[-1])
    two_rates = rates.leaving_schedule(younger, older)
    held = _held_by_age(known, origin, two_rates)
    in_all, per_plan = rates.leaving_in_all(known), rates.begun_for_each_held(known)
    leaving = _leaving(known, origin, structure, two_rates, float(in_all.iloc[-1]))
    profile = known.began_ages.iloc[-1].to_numpy(dtype="float64")
    totals = known.held.iloc[0]
    growth = float(np.log(totals[origin] / totals[origin - 1]))
    leaving_by_law, law_by = _law(known, origin, structure, leaving)
    return Parameters(
        origin=origin,
        held=held,
        profile=profile / profile.sum(),
        began=_began(known, origin, growth, structure),
        growth=growth,
        damping=structure.damping,
        damping_spread=min(structure.damping, 1 - structure.damping),
        leaving=leaving,
        leaving_by_law=leaving_by_law,
        law_by=law_by,
        entry_spread=max(float(np.log(per_plan).diff().std()), LEAST_SPREAD),
        leaving_spread=float(in_all.diff().std() / in_all.mean()),
        averaged=structure.years,
        seen=len(per_plan) - 1,
        stages=stages.fitted(known, structure.years),
        children=known.children.loc[origin - 1 :].to_numpy(dtype="float64"),
        children_spread=float(np.log(known.children_counted).diff().std())
        if len(known.children)
        else 0.0,
    )


def _leaving(
    known: History, origin: int, structure: Structure, two_rates: Numbers, in_all: float
) -> Numbers:
    """Return the share that leaves at each age, brought to what left in all in the last year."""
    year = origin - 1
    by_age = two_rates
    if structure.by_reason and year in known.ended.index.get_level_values("year"):
        by_age = rates.leaving_by_reason(known, year).sum(axis="index").to_numpy(dtype="float64")
    elif year in rates.leaving_rates(known).index:
        return two_rates
    before = _held_by_age(known, year, two_rates)
    expected = float((before * by_age).sum() / before.sum())
    brought = np.clip(by_age * max(in_all, 0.0) / expected, 0.0, 1.0)
    return rates.all_leave_at_the_end(brought)


def _held_by_age(known: History, january: int, leaving: Numbers) -> Numbers:
    """Return plans by age; where none were published (January 2023), those before a year older."""
    area = str(known.held.index[0])
    if (area, january) in known.ages.index:
        return _row(known.ages, area, january)
    before, began = (_row(table, area, january - 1) for table in (known.ages, known.began_ages))
    after = grown_older(before, began, before * leaving)
    return np.asarray(after * float(known.held.iloc[0][january]) / after.sum())


def _row(by_age: pd.DataFrame, area: str, year: int) -> Numbers:
    return np.asarray(by_age.loc[(area, year)], dtype="float64")


def _began(known: History, origin: int, growth: float, structure: Structure) -> float:
    """Return new plans of the first year after the origin."""
    if structure.entries == "level":
        return float(known.began.iloc[0].iloc[-1])
    per_plan = rates.begun_for_each_held(known).iloc[-structure.years :].mean()
    from_plans = float(per_plan * known.held.iloc[0][origin])
    by_stage = stages.counted(known)
    per_request = by_stage[stages.ASSESSED] * by_stage[stages.ISSUED]
    if structure.entries == "per_plan" or per_request.empty:
        return from_plans
    # Half of the first year's plans come from requests of the year before, which are known.
    requests = float(known.requests.iloc[0].iloc[-1]) * (1 + float(np.exp(growth))) / 2
    from_requests = float(per_request.iloc[-structure.years :].mean()) * requests
    if structure.entries == "requests":
        return from_requests
    return float(np.sqrt(from_plans * from_requests))


def _law(
    known: History, origin: int, structure: Structure, leaving: Numbers
) -> tuple[Numbers, Numbers]:
    """Return how low the shares may come by law, and how much of it by each year.

    Nobody could know how many would stay on: from as many leaving as before to as few as leave at
    a younger age. A part of the change that has happened by the origin is in the shares already.
    """
    if not structure.law or origin >= LAW_IN_FULL or origin < LAW_CHANGED:
        return leaving, np.ones(LONGEST)
    span = LAW_IN_FULL - LAW_CHANGED
    done = (origin - LAW_CHANGED) / span
    by = np.clip((np.arange(origin, origin + LONGEST) + 1 - LAW_CHANGED) / span, 0, 1)
    before = rates.leaving_rates(known).loc[: LAW_CHANGED - 1].iloc[-1]
    half_way = (float(before["younger"]) + float(before["older"])) / 2
    younger, older = leaving[0], leaving[rates.LEAVING_SCHOOL]
    if older <= half_way:
        return leaving, np.ones(LONGEST)
    lowest = rates.leaving_schedule(younger, min(younger, older))
    return lowest, (by - done) / (1 - done)
