"""Says in words what moved: a sentence for each headline, a clause for each reason."""

from collections.abc import Hashable, Iterable, Mapping
from math import isnan
from typing import Any

import pandas as pd

from sendreform.changes.ends import ends, is_share
from sendreform.changes.figures import Because, Moved
from sendreform.changes.judgements import NOT_THERE, Judgement
from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.evidence.latest import LatestYear, latest_year
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import label, year_of
from sendreform.store import Store

#: A year's change is called the largest only where it is compared with at least so many others.
LEAST_COMPARED = 3
#: Below this a per cent change is told as none; of a share, below half of the last digit told.
STEADY = 0.05
#: A per cent change that rounded figures leave open by as many points is told as about so much.
ROUGH = 0.5
#: A measure whose newest year is more years than this before the newest of all is told last.
STALE = 2


_AS_BEFORE = ", as in the year before."


def headlines(moved: pd.DataFrame, old: Store, new: Store, weights: Mapping[str, int]) -> list[str]:
    """Return a sentence for each measure whose newest figure for England is new.

    Parameters
    ----------
    moved
        What :func:`sendreform.changes.figures.moved_figures` returns.
    old, new
        The edition before, and the one that has the new figures.
    weights
        How many verdicts and claims rest on a measure; those on which most do come first, and one
        on which none does has no sentence. Series that ended years ago come late, and what stayed
        as it was comes last.
    """
    fresh = of(moved[moved["area"] == ENGLAND]).dropna(subset="new")
    fresh = fresh[fresh["moved"].isin([Moved.NEW_PERIOD, Moved.NEW_SERIES, Moved.NEW_MEASURE])]
    newest = {
        str(name): str(period)
        for name, period in fresh.groupby("measure")["period"].max().items()
        if name in weights
    }
    years = {
        name: year_of(period, new.record(name)["period_kind"]) for name, period in newest.items()
    }
    latest = max(years.values(), default=0)
    named = sorted(newest, key=lambda name: (years[name] < latest - STALE, -weights[name], name))
    told = {name: _headline(new, name, newest[name]) for name in named}
    steady = [name for name in named if told[name].endswith(_AS_BEFORE)]
    return [
        told[name] + _since_then(old, new, name)
        for name in [*(name for name in named if name not in steady), *steady]
        if told[name]
    ]


def _since_then(old: Store, new: Store, measure: str) -> str:
    """Say how far a measure went since an older edition, where that is more than its last year."""
    found, record = ends(old, new, measure), new.record(measure)
    kind, unit = record["period_kind"], record["unit"]
    moved = found.difference if is_share(unit) else found.per_cent
    if isnan(moved) or year_of(found.now, kind) - year_of(found.then, kind) < 2:
        return ""
    way = " more than" if moved > 0 else " less than"
    rough = is_rough(found.value_then, found.value_now)
    by = "as much as" if is_steady(record, moved) else how_far(record, moved, rough=rough) + way
    value = number_format(unit, int(record["decimals"])).short(found.value_then)
    differently = " and ".join(label(period, kind) for period in found.breaks)
    caution = f"; counted differently from {differently}" if differently else ""
    return f" That is {by} in {label(found.then, kind)} ({value}{caution})."


def is_rough(before: float, value: float) -> bool:
    """Say whether two figures are so rounded that their per cent change is told to no decimal.

    Each is taken to be rounded as the noughts at its end suggest, where there are two or more: an
    exact count ends with one in ten times.

    Examples
    --------
    >>> is_rough(638_745, 718_838), is_rough(14_000, 21_000), is_rough(10.7e9, 11.9e9)
    (False, True, True)
    >>> is_rough(470, 1_230)
    False
    """
    if not (before > 0 and value > 0):
        return False
    ends = [_rounded_to(each) / each for each in (before, value)]
    return 50 * (value / before) * sum(ends) >= ROUGH


def _rounded_to(value: float) -> float:
    """Return the unit to which a figure is rounded, as far as can be told; else nought."""
    digits = f"{value:.0f}"
    noughts = len(digits) - len(digits.rstrip("0"))
    return 10.0**noughts if float(digits) == value and noughts > 1 else 0.0


def how_far(record: Mapping[str, str], moved: float, *, rough: bool = False) -> str:
    """Write how far a measure moved: a count in per cent, a share in points.

    Examples
    --------
    >>> how_far({"unit": "plans", "decimals": "0"}, -12.54)
    '12.5%'
    >>> how_far({"unit": "per cent of pupils", "decimals": "0"}, 1.0)
    '1 point'
    >>> how_far({"unit": "grades per subject", "decimals": "2"}, 0.04)
    '0.04 grades per subject'
    """
    unit = record["unit"]
    if not is_share(unit):
        return f"about {abs(moved):.0f}%" if rough else f"{abs(moved):.1f}%"
    written = f"{abs(moved):.{_places(record)}f}"
    if not unit.startswith("per cent"):
        return f"{written} {unit}"
    return f"{written} point{'' if float(written) == 1 else 's'}"


def _places(record: Mapping[str, str]) -> int:
    """Return how many decimals a difference of shares is told with."""
    decimals = int(record["decimals"])
    return min(decimals, 1) if record["unit"].startswith("per cent") else decimals


def is_steady(record: Mapping[str, str], moved: float) -> bool:
    """Say whether a measure moved by less than is told of it: a count in per cent, a share so."""
    share = is_share(record["unit"])
    return abs(moved) < (0.5 * 10.0 ** -_places(record) if share else STEADY)


def _headline(store: Store, measure: str, period: str) -> str:
    """Say what a measure did in its newest year; empty where the new period is not its newest."""
    record = store.record(measure)
    figures = of(store.observations(measure, ENGLAND)).dropna(subset="value")
    kind, unit = record["period_kind"], record["unit"]
    if figures.empty or figures["period"].max() != period or kind in ("month", "date"):
        return ""
    breaks = store.breaks.loc[store.breaks["measure"] == measure, "period"]
    share = is_share(unit)
    latest = latest_year(figures[["period", "value"]], breaks, relative=not share)
    written = number_format(unit, int(record["decimals"]))
    if latest is None or (not share and latest.before <= 0):
        value = written.short(float(figures["value"].iloc[-1]))
        return f"{record['title']}: {value} {_when(period, kind)}."
    return _movement(record, latest, written, share=share)


def _movement(
    record: Mapping[str, str], latest: LatestYear, written: NumberFormat, *, share: bool
) -> str:
    """Say by how much a measure rose or fell in its newest year, and to what.

    The title of a share is not always a thing that rises: "Pupils with an EHC plan". So it stands
    before a colon, and what it is a share of behind the figure.
    """
    title, kind = record["title"], record["period_kind"]
    value, moved = written.short(latest.value), latest.difference if share else latest.per_cent
    when, steady = _when(latest.period, kind), is_steady(record, moved)
    if share:
        value += record["unit"].removeprefix("per cent") if written.after == "%" else ""
        if steady:
            return f"{title}: {value} {when}{_AS_BEFORE}"
        way = "up" if moved > 0 else "down"
        return f"{title}: {way} {how_far(record, moved)} {when}, to {value}{_rank(latest, kind)}."
    # A title with a comma is closed by one, so that its verb is found.
    subject = f"{title}," if "," in title else title
    if steady:
        return f"{subject} stayed at {value} {when}{_AS_BEFORE}"
    verb = "rose" if moved > 0 else "fell"
    rough = is_rough(latest.before, latest.value)
    by = how_far(record, moved, rough=rough)
    return f"{subject} {verb} by {by} {when}, to {value}{'' if rough else _rank(latest, kind)}."


def _when(period: str, kind: str) -> str:
    """Say in which year a figure moved: "in 2025", "in the year to January 2026"."""
    within = "in the year to" if kind in ("january", "mid_year") else "in"
    return f"{within} {label(period, kind)}"


def _rank(latest: LatestYear, kind: str) -> str:
    """Say since when no year moved so far the same way, where that is long enough ago to tell."""
    most = "the largest " + ("rise" if latest.difference > 0 else "fall")
    if latest.compared < LEAST_COMPARED or latest.since == latest.previous:
        return ""
    if latest.since:
        of_which = " of the years that can be compared" if latest.skips else ""
        return f", {most} since {label(latest.since, kind)}{of_which}"
    return f", {most} of the {latest.compared + 1} years that can be compared"


def verdict_sentences(judged: Iterable[Judgement]) -> list[str]:
    """Return for each finding whose verdict moved what it was and is, and what decided it."""
    return [
        f"{one.title}: the verdict was “{one.before}” and is “{one.after}”."
        + (f" Its groups of tests now: {one.groups}." if one.groups else "")
        for one in judged
        if one.kind == "finding"
    ]


def why_figure(row: Mapping[Hashable, Any], releases: tuple[pd.Series, pd.Series]) -> str:
    """Return in words why a figure moved.

    Parameters
    ----------
    row
        Of the table of moved figures.
    releases
        Of the old and of the new edition: source → publication and release.
    """
    then = str(releases[0].get(row["old_source"], ""))
    now = str(releases[1].get(row["new_source"], ""))
    if row["because"] == Because.METHOD:
        verb = "no longer read" if row["moved"] == Moved.WITHDRAWN else "read otherwise by us"
        return f"our own method: {verb} from {now or then}, which the old edition had"
    if row["moved"] == Moved.WITHDRAWN:
        return f"no longer published: it was in {then}"
    if row["moved"] == Moved.REVISED:
        return f"revised by the publisher: {now} in place of {then}"
    return f"published in {now}"


def releases(store: Store) -> pd.Series:
    """Return the publication and release of every source of an edition, in words."""
    return store.sources["publication"] + ", " + store.sources["release"]


def why_judgement(one: Judgement, by_measure: Mapping[str, str]) -> str:
    """Return in words why a claim or verdict moved: what was changed, and which figures moved.

    Parameters
    ----------
    by_measure
        What moved in each measure, from :func:`in_short`.
    """
    if NOT_THERE in (one.before, one.after):
        return one.because
    figures = [by_measure[name] for name in one.measures if name in by_measure]
    return "; ".join(part for part in (one.because, *figures) if part) or (
        "neither its rule nor a measure that it names moved: another table that it reads did"
    )


#: What moved of a measure, by the way in which its figures did.
_WAYS = {
    Moved.NEW_MEASURE: "a new measure",
    Moved.NEW_PERIOD: "new periods",
    Moved.NEW_SERIES: "new places or breakdowns",
    Moved.REVISED: "figures revised",
    Moved.WITHDRAWN: "figures withdrawn",
}


def in_short(
    moved: pd.DataFrame, titles: Mapping[Any, str], kinds: Mapping[Any, str]
) -> dict[str, str]:
    """Return for each measure that moved a clause: in which way, by whom, and for which periods.

    Beside new periods, new places and breakdowns are not told: most of them come with the periods.

    Examples
    --------
    >>> moved = pd.DataFrame({
    ...     "measure": "plans", "moved": ["new period", "revised", "revised"],
    ...     "because": "a new release", "period": ["2026-01", "2024-01", "2025-01"]})
    >>> print(in_short(moved, {"plans": "EHC plans"}, {"plans": "january"})["plans"])
    EHC plans: new periods (January 2026), figures revised (January 2024 to January 2025)
    """
    clauses: dict[str, list[str]] = {}
    grown = set(moved.loc[moved["moved"] == Moved.NEW_PERIOD, "measure"])
    for key, rows in moved.groupby(["measure", "moved", "because"], sort=False):
        measure, way, because = map(str, key)
        if way == Moved.NEW_SERIES and measure in grown:
            continue
        first, last = (label(end(rows["period"]), kinds[measure]) for end in (min, max))
        span = first if first == last else f"{first} to {last}"
        by = " by our own method" if because == Because.METHOD else ""
        clauses.setdefault(measure, []).append(f"{_WAYS[Moved(way)]}{by} ({span})")
    return {name: f"{titles[name]}: {', '.join(parts)}" for name, parts in clauses.items()}
