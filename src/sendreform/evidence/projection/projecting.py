"""The whole projection: England, then every council and region, each draw adding up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.errors import ReportError
from sendreform.evidence.projection import councils as council_model
from sendreform.evidence.projection import scores, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History, history
from sendreform.evidence.projection.rates import reasons_at_each_age
from sendreform.evidence.projection.scenarios import NO_REFORM, Effects, Scenario, in_draws
from sendreform.evidence.projection.simulation import simulate
from sendreform.evidence.projection.stages import Entries, apart
from sendreform.observations import ENGLAND

#: The last January that is projected.
HORIZON = 2036

#: The ages of compulsory schooling at which a whole year is at school in January.
SCHOOL_AGES = slice(5, 16)

#: Where chance begins: the same for every scenario, so that they differ by what they assume.
SEED = 2026


@dataclass(frozen=True)
class Inputs:
    """What a projection is made from; made by :func:`inputs`.

    Attributes
    ----------
    history
        Counts of England and of the councils.
    councils
        The councils of today.
    settings
        England's settings, to project from.
    by_setting
        Plans by setting of each area: a row for each ``area`` and January, a column each.
    origin, base
        The last January of England, and of councils.
    """

    history: History
    councils: Sequence[str]
    settings: settings.Settings
    by_setting: pd.DataFrame
    origin: int
    base: int


@dataclass(frozen=True)
class Projection:
    """Draws of the future under a scenario, for England.

    Attributes
    ----------
    years
        Januaries, from the one that is the base of councils.
    plans
        Axes draw, January; whole.
    by_setting
        Axes draw, January, setting (:data:`settings.NAMES`); whole, adding up to ``plans``.
    began
        New plans in the year before each January but the first: axes draw, year. Missing (not a
        number) before the origin.
    entries
        The way to new plans, from the year after the origin on.
    left
        Plans that end in the year after each January from the origin on: axes draw, year, reason
        (:attr:`reasons`); in parts of plans.
    reasons
        Why plans end, in order.
    of_school_age
        Plans at :data:`SCHOOL_AGES`, from the January of the origin on: axes draw, January.
    children_growth
        As of :class:`sendreform.evidence.projection.cohort.Paths`.
    effects
        The scenario in draws.
    """

    years: list[int]
    plans: Numbers
    by_setting: Numbers
    began: Numbers
    entries: Entries
    left: Numbers
    reasons: list[str]
    of_school_age: Numbers
    children_growth: Numbers
    effects: Effects


def inputs(figures: Callable[[str], pd.DataFrame], councils: Sequence[str]) -> Inputs:
    """Gather what a projection is made from.

    Parameters
    ----------
    figures
        Gives the observations of a measure, such as ``Store.observations``.
    councils
        The councils of today.
    """
    plans, new = figures("ehc_plans"), figures("new_ehc_plans")
    everyone = history(figures)
    held = everyone.held
    origin = int(held.loc[ENGLAND].dropna().index.max())
    complete = held.reindex(list(councils)).notna().all(axis="index")
    base = int(complete[complete].index.max())
    england = plans[plans["area"] == ENGLAND]
    places = plans[plans["area"].isin([ENGLAND, *councils])]
    return Inputs(
        history=everyone,
        councils=list(councils),
        settings=settings.fitted(england, new[new["area"] == ENGLAND], origin),
        by_setting=pd.concat(
            {area: settings.latest_by_setting(table) for area, table in places.groupby("area")},
            names=["area", "year"],
        ),
        origin=origin,
        base=base,
    )


def project(given: Inputs, scenario: Scenario = NO_REFORM, *, draws: int) -> Projection:
    """Project England's plans and their settings to the horizon."""
    rng = {name: np.random.default_rng([SEED, place]) for place, name in enumerate(_CHANCES)}
    years = HORIZON - given.origin
    england = given.history.of_area(ENGLAND)
    effects = in_draws(scenario, given.origin, years, draws, rng["effects"])
    assumed = fit(england, given.origin)
    if assumed.stages is None:
        raise ReportError(
            f"requests and assessments of England are not known for enough years to January "
            f"{given.origin}",
            where="data/observations/process",
            fix="Import them with the release of EHC plans.",
        )
    paths = simulate(
        assumed,
        draws=draws,
        years=years,
        rng=rng["plans"],
        entries=effects.entries,
    )
    by_setting = settings.follow(
        paths,
        given.settings,
        rng["settings"],
        to_mainstream=effects.to_mainstream,
        to_state=effects.to_state,
    )
    reasons = reasons_at_each_age(england.known_at(given.origin))
    known = range(given.base, given.origin)
    before = given.by_setting.loc[[(ENGLAND, year) for year in known]].to_numpy()
    since = np.broadcast_to(before, (draws, *before.shape))
    return Projection(
        years=[*known, *range(given.origin, HORIZON + 1)],
        plans=np.concatenate([since.sum(axis=2), paths.held.sum(axis=2)], axis=1),
        by_setting=np.concatenate([since, by_setting], axis=1),
        began=np.concatenate(
            [np.full((draws, len(known)), np.nan), paths.began.sum(axis=2)], axis=1
        ),
        entries=apart(paths, assumed.stages, rng["stages"]),
        left=paths.left @ reasons.to_numpy().T,
        reasons=[str(reason) for reason in reasons.index],
        of_school_age=paths.held[:, :, SCHOOL_AGES].sum(axis=2),
        children_growth=paths.children_growth,
        effects=effects,
    )


def share_of_pupils(given: Inputs, england: Projection, published: float) -> Numbers:
    """Carry a published share of pupils with a plan on, by plans and children of school age.

    Parameters
    ----------
    published
        Per cent of pupils in the January of the origin.

    Returns
    -------
    Per cent: axes draw, January from the origin on.
    """
    of_age = given.history.children.loc[given.origin - 1 :].to_numpy(dtype="float64")
    januaries = england.of_school_age.shape[1]
    children = of_age[:januaries, SCHOOL_AGES].sum(axis=1) * np.exp(
        np.multiply.outer(england.children_growth, np.arange(januaries))
    )
    held = england.of_school_age / children
    return np.asarray(published * held / held[:, :1])


_CHANCES = ("plans", "settings", "councils", "effects", "stages")


def plans_of_councils(given: Inputs, england: Projection) -> dict[str, Numbers]:
    """Return draws of every council's plans: whole, adding up to England's in each January.

    Returns
    -------
    By council: axes draw, January (those of ``england``).
    """
    rng = np.random.default_rng([SEED, _CHANCES.index("councils")])
    expected = council_model.shares(
        given.history,
        list(given.councils),
        fit(given.history.of_area(ENGLAND), given.base),
        given.base,
        len(england.years) - 1,
    )
    drawn = council_model.draws(expected, england.plans, rng)
    return dict(zip(expected.areas, drawn, strict=True))


def settings_of_council(
    given: Inputs, england: Projection, council: str, plans: Numbers
) -> Numbers:
    """Return draws of a council's plans by setting; England's make-up where it publishes none.

    Returns
    -------
    Axes draw, January, setting; whole, adding up to ``plans``.
    """
    own = make_up(given, council, england.by_setting[0, 0], given.base)
    return settings.in_council(own, england.by_setting, plans)


def make_up(given: Inputs, council: str, england: Numbers, january: int) -> Numbers:
    """Return a council's plans by setting in a January; England's where it publishes none."""
    if (council, january) not in given.by_setting.index:
        return england
    return np.asarray(given.by_setting.loc[(council, january)], dtype="float64").clip(0)


#: The columns of :func:`ranges` beside the year.
RANGE_COLUMNS = (
    "median",
    *(f"{end}_{share}" for share in scores.RANGES for end in ("low", "high")),
)


def ranges(draws: Numbers, years: Sequence[int]) -> pd.DataFrame:
    """Return the middle and the ranges of draws, by year.

    Parameters
    ----------
    draws
        Axes draw, year.

    Returns
    -------
    DataFrame with ``year``, ``median`` and ``low_50``, ``high_50`` … for
    :data:`scores.RANGES`.

    Examples
    --------
    >>> ranges(np.arange(101.0)[:, np.newaxis], [2030])[["median", "low_80", "high_80"]].values
    array([[50., 10., 90.]])
    """
    columns: Mapping[str, Numbers] = {
        f"{end}_{share}": values
        for share in scores.RANGES
        for end, values in zip(("low", "high"), scores.bounds(draws, share), strict=True)
    }
    return pd.DataFrame({"year": list(years), "median": np.median(draws, axis=0), **columns})
