"""Projections of the project's own data, each made once in a process."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from sendreform.areas import Areas
from sendreform.errors import ReportError
from sendreform.evidence.projection import (
    backtest,
    council_backtest,
    panel_benchmarks,
    projecting,
    settings_backtest,
    spending_backtest,
)
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import CHOSEN, LONGEST, fit
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.evidence.projection.simulation import simulate
from sendreform.observations import ENGLAND
from sendreform.report import FEW_PLANS
from sendreform.store import Store
from sendreform.store.reads import remembered

#: Draws of what a page shows. Ten thousand move a range by less than a chart can show.
DRAWS = 2_000

#: Stands for all councils where an area is asked for.
COUNCILS = "councils"

#: The Januaries that a backtest can start from: three years of counts are needed before.
EARLIEST, LATEST = 2013, 2025

#: Those that are scored where no others are asked for.
ORIGINS, ORIGINS_OF_SETTINGS = backtest.ORIGINS, settings_backtest.ORIGINS
ORIGINS_OF_SPENDING = spending_backtest.ORIGINS


@remembered(2)
def inputs_of(store: Store) -> projecting.Inputs:
    """Return what every projection of these data is made from."""
    return projecting.inputs(store.observations, councils_of(store))


@remembered(32)
def projection_of(store: Store, scenario: Scenario) -> projecting.Projection:
    """Return England's projection under a scenario."""
    return projecting.project(inputs_of(store), scenario, draws=DRAWS)


@remembered(32)
def councils_under(store: Store, scenario: Scenario) -> dict[str, Numbers]:
    """Return every council's plans under a scenario, adding up to England's."""
    return projecting.plans_of_councils(inputs_of(store), projection_of(store, scenario))


@remembered(2)
def courses_of_every_place(store: Store) -> tuple[int, pd.DataFrame]:
    """Return the plans projected for England, every region and every council, with their ranges.

    Returns
    -------
    The last January that councils are counted in, and a table: ``area``, ``year`` (January, from
    that one on), ``median`` and the ends of the range of eight in ten, ``low`` and ``high``. A
    place where few hold a plan is left out.
    """
    base, england = inputs_of(store).base, projection_of(store, NO_REFORM)
    drawn = councils_under(store, NO_REFORM)
    places = Areas(store.areas, store.neighbours).table
    members = places[places["area"].isin(list(drawn))].groupby("region")["area"].agg(list)
    regions: dict[str, Numbers] = {
        str(region): np.sum([drawn[one] for one in inside], axis=0)
        for region, inside in members.items()
    }
    courses: pd.DataFrame = pd.concat(
        [
            projecting.ranges(draws, england.years).assign(area=area)
            for area, draws in {ENGLAND: england.plans, **drawn, **regions}.items()
        ],
        ignore_index=True,
    ).rename(columns={"low_80": "low", "high_80": "high"})[
        ["area", "year", "median", "low", "high"]
    ]
    told = courses.loc[courses["year"].eq(base) & courses["median"].ge(FEW_PLANS), "area"]
    return base, courses[courses["area"].isin(told)].reset_index(drop=True)


@remembered(8)
def plans_as_of(store: Store, origin: int) -> Numbers:
    """Return draws of England's plans as they would have been projected from an earlier January.

    Returns
    -------
    Axes draw, January from the origin on.
    """
    assumed = fit(inputs_of(store).history.of_area(ENGLAND), origin)
    rng = np.random.default_rng([backtest.SEED, origin])
    paths = simulate(assumed, draws=DRAWS, years=LONGEST, rng=rng)
    return np.asarray(paths.held.sum(axis=2))


@remembered(4)
def track_record(store: Store, target: str) -> pd.DataFrame:
    """Return the scores of England's projections from every January; see :mod:`backtest`."""
    every = _with_the_last(store, target)
    return every[every["year"] < backtest.HELD_OUT].reset_index(drop=True)


@remembered(4)
def _with_the_last(store: Store, target: str) -> pd.DataFrame:
    """Score the record and the last January at once: the fits of the library take seconds."""
    history = inputs_of(store).history.of_area(ENGLAND)
    return backtest.scored(history, target=target, until=backtest.HELD_OUT)


@remembered(2)
def track_record_of_councils(store: Store) -> pd.DataFrame:
    """Return the scores of every council's projections; see :mod:`council_backtest`."""
    return council_backtest.scored(inputs_of(store).history, councils_of(store))


@remembered(2)
def track_record_of_spending(store: Store) -> pd.DataFrame:
    """Return the scores of projections of England's spending; see :mod:`spending_backtest`."""
    return spending_backtest.scored(
        inputs_of(store).history.of_area(ENGLAND), lambda name: store.observations(name, ENGLAND)
    )


@remembered(2)
def rules_of_cost(store: Store) -> pd.DataFrame:
    """Return the scores of each rule of costs; see :func:`spending_backtest.choice`."""
    return spending_backtest.choice(
        inputs_of(store).history.of_area(ENGLAND), lambda name: store.observations(name, ENGLAND)
    )


@remembered(2)
def track_record_of_settings(store: Store) -> pd.DataFrame:
    """Return the scores of projections of England's settings; see :mod:`settings_backtest`."""
    plans, new = (store.observations(name, ENGLAND) for name in ("ehc_plans", "new_ehc_plans"))
    return settings_backtest.scored(inputs_of(store).history.of_area(ENGLAND), plans, new)


@remembered(2)
def final_scores_of_settings(store: Store) -> pd.DataFrame:
    """Return the scores of the last January's settings; see :mod:`settings_backtest`."""
    plans, new = (store.observations(name, ENGLAND) for name in ("ehc_plans", "new_ehc_plans"))
    return settings_backtest.final_test(inputs_of(store).history.of_area(ENGLAND), plans, new)


@remembered(2)
def structures_tried(store: Store) -> pd.DataFrame:
    """Return the scores of every structure that was tried; see :func:`backtest.choice`."""
    return backtest.choice(inputs_of(store).history.of_area(ENGLAND))


@remembered(2)
def final_scores(store: Store) -> pd.DataFrame:
    """Return the scores of the January that was kept out; see :func:`backtest.final_test`."""
    return backtest.final_test(_with_the_last(store, "held"))


def first_foreseen(store: Store) -> float:
    """Return the plans foreseen of the January that was kept out, as it was first scored.

    Plans left at two rates then, and by age and reason since: its outcome was known by then.
    """
    history = inputs_of(store).history.of_area(ENGLAND)
    origin = backtest.HELD_OUT - 1
    two_rates = replace(CHOSEN, by_reason=False)
    made = backtest.scored(
        history, [origin], structure=two_rates, until=backtest.HELD_OUT, beside=False
    )
    return float(made["forecast"].iloc[0])


def councils_of(store: Store) -> list[str]:
    """Return the councils of today."""
    return list(Areas(store.areas, store.neighbours).councils()["area"])


def backtest_of_settings(
    store: Store, area: str, origins: Iterable[int], until: int
) -> pd.DataFrame:
    """Score projections of England's settings from some Januaries anew.

    Raises
    ------
    ReportError
        If no such January can be projected from, nothing has come true by ``until``, or the area
        is not England.
    """
    if Areas(store.areas, store.neighbours).find(area) != ENGLAND:
        raise ReportError(
            "settings are scored for England alone", where="--settings", fix="Leave --area out."
        )
    wanted = list(origins)
    _refuse(wanted, ORIGINS_OF_SETTINGS[0], ORIGINS_OF_SETTINGS[-1], until)
    plans, new = (store.observations(name, ENGLAND) for name in ("ehc_plans", "new_ehc_plans"))
    history = inputs_of(store).history.of_area(ENGLAND)
    return settings_backtest.scored(history, plans, new, wanted, until=until)


def backtest_of_spending(
    store: Store, area: str, origins: Iterable[int], until: int
) -> pd.DataFrame:
    """Score projections of England's spending from some Januaries anew.

    Raises
    ------
    ReportError
        As :func:`backtest_of_settings`.
    """
    if Areas(store.areas, store.neighbours).find(area) != ENGLAND:
        raise ReportError(
            "spending is scored for England alone", where="--spending", fix="Leave --area out."
        )
    wanted = list(origins)
    _refuse(wanted, ORIGINS_OF_SPENDING[0], ORIGINS_OF_SPENDING[-1], until)
    return spending_backtest.scored(
        inputs_of(store).history.of_area(ENGLAND),
        lambda name: store.observations(name, ENGLAND),
        wanted,
        until=until,
    )


def backtest_of(
    store: Store, area: str, origins: Iterable[int], until: int, *, new_plans: bool
) -> pd.DataFrame:
    """Score projections from some Januaries anew.

    Parameters
    ----------
    area
        England, a council by name or code, or :data:`COUNCILS` for all of them.
    until
        The last January that is scored.

    Raises
    ------
    ReportError
        If no such January can be projected from, or nothing has come true by ``until``; an area is
        unknown or a region; or new plans are asked for of councils.
    """
    wanted = list(origins)
    _refuse(wanted, EARLIEST, LATEST, until)
    history = inputs_of(store).history
    if area != COUNCILS:
        areas = Areas(store.areas, store.neighbours)
        code = areas.find(area)
        if code == ENGLAND:
            target = "began" if new_plans else "held"
            return backtest.scored(history.of_area(ENGLAND), wanted, target=target, until=until)
        if areas.level(code) == "region":
            raise ReportError(
                f"{areas.name(code)} is a region, and its track record is that of its councils",
                where="--area",
                fix="Name England or a council.",
            )
    if new_plans:
        raise ReportError(
            "new plans are scored for England alone", where="--new-plans", fix="Leave --area out."
        )
    scored = council_backtest.scored(history, councils_of(store), wanted, until=until)
    if area == COUNCILS:
        return scored
    own = scored[scored["area"] == code].reset_index(drop=True)
    if own.empty:
        raise ReportError(
            f"no forecast of {areas.name(code)} can be scored from these Januaries",
            where="--area",
            fix=f"Name a council of today that has held {council_backtest.FEWEST} plans or more "
            f"for {panel_benchmarks.FEWEST} years.",
        )
    return own


def _refuse(wanted: list[int], earliest: int, latest: int, until: int) -> None:
    """Refuse Januaries that cannot be projected from, or of which nothing has come true."""
    if not wanted or min(wanted) < earliest or max(wanted) > latest:
        raise ReportError(
            f"Januaries {wanted[0]} to {wanted[-1]} cannot all be projected from"
            if wanted
            else "no January lies between the first and the last",
            where="--from, --to",
            fix=f"Choose years from {earliest} to {latest}, the earlier one first.",
        )
    if until > backtest.HELD_OUT:
        raise ReportError(
            f"nothing later than January {backtest.HELD_OUT} is known",
            where="--until",
            fix=f"Choose {backtest.HELD_OUT} or earlier.",
        )
    if until <= min(wanted):
        raise ReportError(
            f"nothing that is projected from January {min(wanted)} has come true by {until}",
            where="--until",
            fix="Choose a later year.",
        )
