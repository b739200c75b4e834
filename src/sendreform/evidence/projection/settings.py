"""Which settings the plans of a projection name, followed by single year of age."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from sendreform.errors import ReportError
from sendreform.evidence.placements import ELSEWHERE, GROUPS, INDEPENDENT_SPECIAL, SETTINGS
from sendreform.evidence.projection.ages import AGES, Numbers
from sendreform.evidence.projection.cohort import Paths
from sendreform.evidence.projection.councils import adding_up
from sendreform.evidence.projection.history import History
from sendreform.evidence.series import of
from sendreform.periods import first_year

#: Settings in words, in order. Plans whose setting is not recorded are elsewhere.
MAINSTREAM, STATE_SPECIAL, INMSS, FURTHER_EDUCATION, ELSE = SETTINGS.values()
NAMES = (MAINSTREAM, STATE_SPECIAL, INMSS, FURTHER_EDUCATION, ELSE)

#: Settings that are published by single age: special schools are not told apart there.
_BY_AGE = {
    **{code: (place,) for place, code in enumerate(GROUPS)},
    **dict.fromkeys((*ELSEWHERE, "placement:not_recorded"), (3,)),
}
_SPECIAL, _OF_AGE = 1, 4

#: Over how many years the shift to independent special schools is averaged.
_YEARS = 5


@dataclass(frozen=True)
class Settings:
    """What the settings of a projection rest on.

    Attributes
    ----------
    first
        Plans by age and group at the origin: mainstream, special, further education, elsewhere.
    moves
        Which share of the plans of a group is in which group a year later: axes pair of Januaries,
        age (at first), from, to; rows add to 1. Every mean of the two is as likely.
    mix
        The groups of new plans, as shares.
    independent
        Share of special schools' plans that name an independent or non-maintained one.
    drift, spread
        A year's change in that share, in logits: the mean of some years and its deviation.
    """

    first: Numbers
    moves: Numbers
    mix: Numbers
    independent: float
    drift: float
    spread: float


def fitted(plans: pd.DataFrame, new: pd.DataFrame, origin: int) -> Settings:
    """Read from England's counts how plans name settings, and how that shifts with age.

    Moves are taken from the last two pairs of Januaries, the ages of new plans from the last year
    that has them.

    Parameters
    ----------
    plans, new
        Observations of ``ehc_plans`` and ``new_ehc_plans`` for England.
    origin
        The January; one with settings by single age, as the one before it. Where the one before
        that has none, the last pair stands for both.

    Raises
    ------
    ReportError
        If an age of a January is withheld.
    """
    mix = _mix(new, origin - 1)
    januaries = [_by_age(plans, january) for january in range(origin - 2, origin + 1)]
    pairs = list(pairwise(januaries if januaries[0].any() else januaries[1:]))
    return Settings(
        first=januaries[-1],
        moves=np.stack([_moves(*pairs[0], mix), _moves(*pairs[-1], mix)]),
        mix=mix,
        **_independent(plans, origin),
    )


def _moves(before: Numbers, after: Numbers, mix: Numbers) -> Numbers:
    """Read moves at each age from two Januaries, as the fewest that explain them.

    What a group of one age holds, less what those a year younger would hold if none had moved, is
    what moved in, net.
    """
    stayed = np.vstack([np.zeros(_OF_AGE), before[:-1]])
    # What comes or goes at an age, on balance, takes every setting in proportion, or the new mix.
    gap = after.sum(axis=1) - stayed.sum(axis=1)
    whole = stayed.sum(axis=1)
    made_up = np.divide(
        stayed,
        whole[:, np.newaxis],
        out=np.tile(mix, (len(AGES), 1)),
        where=whole[:, np.newaxis] > 0,
    )
    unmoved = stayed + np.where(gap > 0, gap, 0)[:, np.newaxis] * mix
    unmoved += np.where(gap < 0, gap, 0)[:, np.newaxis] * made_up
    return _fewest_moves(stayed, (after - unmoved))[1:]


def fitted_without_ages(
    by_setting: pd.DataFrame, plans: pd.DataFrame, new: pd.DataFrame, ages: Numbers, known: History
) -> Settings:
    """Read how plans shift between settings from their totals, as if at every age alike.

    It serves Januaries whose settings are not published by age: what a setting gained over a year,
    beyond its part of the plans that stayed and of the new ones, moved in.

    Parameters
    ----------
    by_setting
        What :func:`latest_by_setting` returns, to the January that is projected from.
    plans, new
        As for :func:`fitted`.
    ages
        All plans by single age in that January.
    known
        England's history to that January.
    """
    origin = int(by_setting.index[-1])
    mix = _mix(new, origin - 1)
    groups = [_groups(by_setting, january) for january in range(origin - 2, origin + 1)]
    moves = [
        _moves_without_ages(before, after, float(known.began.iloc[0][january]) * mix)
        for january, (before, after) in enumerate(pairwise(groups), start=origin - 2)
    ]
    return Settings(
        first=np.multiply.outer(ages, groups[-1] / groups[-1].sum()),
        moves=np.repeat(np.stack(moves)[:, np.newaxis], len(AGES) - 1, axis=1),
        mix=mix,
        **_independent(plans, origin),
    )


def _moves_without_ages(before: Numbers, after: Numbers, began: Numbers) -> Numbers:
    stayed = before * (after.sum() - began.sum()) / before.sum()
    gained = after - stayed - began
    return np.asarray(_fewest_moves(stayed[np.newaxis], gained[np.newaxis])[0])


def _groups(by_setting: pd.DataFrame, january: int) -> Numbers:
    """Put both kinds of special schools together: mainstream, special, further education, other."""
    row = by_setting.loc[[january], list(NAMES)].to_numpy(dtype="float64")[0]
    main, state, inmss, further, other = row
    return np.array([main, state + inmss, further, other])


def _independent(plans: pd.DataFrame, origin: int) -> dict[str, float]:
    """Return the part of independent ones in special schools, and how it shifts each year."""
    share = independent_share(plans).loc[:origin].to_numpy(dtype="float64")
    changes = np.diff(np.log(share / (1 - share)))[-_YEARS:]
    return {
        "independent": float(share[-1]),
        "drift": float(changes.mean()),
        "spread": float(changes.std(ddof=1)),
    }


def independent_share(plans: pd.DataFrame) -> pd.Series:
    """Return which share of plans in special schools name an independent one, by January."""
    wide = plans.pivot(index="period", columns="breakdown", values="value")
    share = wide[list(INDEPENDENT_SPECIAL)].sum(axis="columns") / wide["placement:special"]
    return share.dropna().rename(index=first_year)


def follow(
    paths: Paths,
    settings: Settings,
    rng: np.random.Generator,
    *,
    to_mainstream: Numbers | None = None,
    to_state: Numbers | None = None,
) -> Numbers:
    """Follow a projection's plans through settings.

    Parameters
    ----------
    paths
        England's plans.
    to_mainstream
        Which share of the new plans that would name a special school names a mainstream one
        instead: axes draw, year; a reform.
    to_state
        Which share of the places in independent special schools is in state ones instead, by draw
        and January after the origin; a reform.

    Returns
    -------
    Plans: axes draw, January, setting (:data:`NAMES`); whole, adding up to the plans of the draw.
    """
    draws, januaries = paths.held.shape[:2]
    years = januaries - 1
    shift = np.zeros((draws, years)) if to_mainstream is None else to_mainstream
    part = rng.random((draws, 1, 1))
    stock = np.broadcast_to(settings.first, (draws, *settings.first.shape))
    groups = [stock.sum(axis=1)]
    for year in range(years):
        held = stock.sum(axis=2)
        share_left = np.divide(paths.left[:, year], held, out=np.zeros_like(held), where=held > 0)
        stayed = stock * (1 - share_left)[..., np.newaxis]
        moved = sum(
            np.einsum("dag,agh->dah", weight * stayed[:, :-1], moves)
            for weight, moves in zip((part, 1 - part), settings.moves, strict=True)
        )
        mix = np.tile(settings.mix, (draws, 1))
        turned = mix[:, _SPECIAL] * shift[:, year]
        mix[:, _SPECIAL] -= turned
        mix[:, 0] += turned
        stock = paths.began[:, year, :, np.newaxis] * mix[:, np.newaxis]
        stock[:, 1:] += moved
        groups.append(stock.sum(axis=1))
    by_group = np.stack(groups, axis=1)
    return adding_up(_with_independent(by_group, settings, rng, to_state), paths.held.sum(axis=2))


def in_council(own: Numbers, england: Numbers, plans: Numbers) -> Numbers:
    """Carry England's shifts between settings over to a council.

    Parameters
    ----------
    own
        The council's plans by setting in the January that is its base.
    england
        England's from that January on: axes draw, January, setting.
    plans
        The council's plans: axes draw, January.

    Returns
    -------
    As ``england``; whole, adding up to ``plans``.
    """
    shares = england / england.sum(axis=2, keepdims=True)
    raw = own * shares / shares[:, :1]
    return adding_up(raw / raw.sum(axis=2, keepdims=True), plans)


def _with_independent(
    by_group: Numbers, settings: Settings, rng: np.random.Generator, to_state: Numbers | None
) -> Numbers:
    """Tell special schools apart by sector: axes draw, January, setting."""
    draws, januaries, _ = by_group.shape
    steps = rng.normal(0, settings.spread, (draws, januaries))
    steps[:, 0] = 0.0
    # The mean of a few years is itself unsure, and each draw keeps to its own.
    drift = settings.drift + rng.normal(0, settings.spread / np.sqrt(_YEARS), (draws, 1))
    odds = settings.independent / (1 - settings.independent)
    logits = np.log(odds) + drift * np.arange(januaries) + np.cumsum(steps, axis=1)
    share = 1 / (1 + np.exp(-logits))
    if to_state is not None:
        share[:, 1:] *= 1 - to_state
    special = by_group[..., _SPECIAL]
    return np.stack(
        [
            by_group[..., 0], special * (1 - share), special * share, by_group[..., 2],
            by_group[..., 3],
        ],
        axis=2,
    )  # fmt: skip


def _by_age(plans: pd.DataFrame, january: int) -> Numbers:
    """Return plans by age and group: an age that nobody has in a group has no row."""
    parts = plans["breakdown"].str.extract(r"^age:(?P<age>\w+) (?P<placement>placement:\w+)$")
    there = plans["period"].map(first_year).eq(january) & parts["placement"].isin(list(_BY_AGE))
    kept = plans[there].assign(
        age=parts.loc[there, "age"].replace("under_3", "2").astype("Int64"),
        group=parts.loc[there, "placement"].map(lambda code: _BY_AGE.get(code, (-1,))[0]),
    )
    if kept["value"].isna().any():
        raise ReportError(
            "an age in a setting is withheld",
            where=f"ehc_plans, England, January {january}",
            fix="Project from a January whose ages are all published.",
        )
    table = kept.pivot_table(index="age", columns="group", values="value", aggfunc="sum")
    counted = table.reindex(index=AGES, columns=range(_OF_AGE)).to_numpy(dtype="float64")
    return np.asarray(np.nan_to_num(counted, nan=0.0))


def _mix(new: pd.DataFrame, year: int) -> Numbers:
    """Return the groups of the new plans of a year, as shares; without those not recorded."""
    of_year = new[new["period"] == str(year)].set_index("breakdown")["value"]
    counted = np.zeros(_OF_AGE)
    for code, (place,) in _BY_AGE.items():
        if code != "placement:not_recorded":
            counted[place] += float(of_year[code])
    return np.asarray(counted / counted.sum())


def _fewest_moves(held: Numbers, gained: Numbers) -> Numbers:
    """Return the fewest moves between groups that explain what each gained, as shares.

    Examples
    --------
    Of 80 in one group and 20 in another, 8 moved from the first to the second:

    >>> moves = _fewest_moves(np.array([[80.0, 20.0]]), np.array([[-8.0, 8.0]]))
    >>> moves[0].tolist()
    [[0.9, 0.1], [0.0, 1.0]]
    """
    lost = np.divide(-gained, held, out=np.zeros_like(held), where=held > 0).clip(0, 1)
    won = gained.clip(0)
    total = won.sum(axis=1, keepdims=True)
    goes = np.divide(won, total, out=np.zeros_like(won), where=total > 0)
    lost = np.where(total > 0, lost, 0.0)
    stay = np.eye(held.shape[1]) * (1 - lost)[:, np.newaxis, :]
    return np.asarray(stay + lost[:, :, np.newaxis] * goes[:, np.newaxis, :])


def latest_by_setting(plans: pd.DataFrame) -> pd.DataFrame:
    """Return plans by setting (:data:`NAMES`) for each January in which all are published.

    What is counted apart or not recorded is elsewhere, so that a row adds to all plans.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for one area.
    """
    wide = plans.pivot(index="period", columns="breakdown", values="value")
    special = wide[list(INDEPENDENT_SPECIAL)].sum(axis="columns", min_count=2)
    named = pd.DataFrame(
        {
            MAINSTREAM: wide["placement:mainstream"],
            STATE_SPECIAL: wide["placement:special"] - special,
            INMSS: special,
            FURTHER_EDUCATION: wide["placement:further_education"],
        }
    ).dropna()
    total = of(plans).set_index("period")["value"].reindex(named.index)
    return named.assign(**{ELSE: total - named.sum(axis="columns")}).rename(index=first_year)
