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
#: Below this a per cent change is told as none.
STEADY = 0.05


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
        on which none does has no sentence.
    """
    fresh = of(moved[moved["area"] == ENGLAND]).dropna(subset="new")
    fresh = fresh[fresh["moved"].isin([Moved.NEW_PERIOD, Moved.NEW_SERIES, Moved.NEW_MEASURE])]
    named = sorted(
        (name for name in fresh["measure"].unique() if name in weights),
        key=lambda name: (-weights[name], name),
    )
    newest = {name: fresh.loc[fresh["measure"] == name, "period"].max() for name in named}
    return [
        told + _since_then(old, new, name)
        for name in named
        if (told := _headline(new, name, newest[name]))
    ]


def _since_then(old: Store, new: Store, measure: str) -> str:
    """Say how far a measure went since an older edition, where that is more than its last year."""
    found, record = ends(old, new, measure), new.record(measure)
    kind, unit = record["period_kind"], record["unit"]
    moved = found.difference if is_share(unit) else found.per_cent
    if isnan(moved) or year_of(found.now, kind) - year_of(found.then, kind) < 2:
        return ""
    by = f"{abs(moved):.1f}{' points' if is_share(unit) else '%'} {'more' if moved > 0 else 'less'}"
    value = number_format(unit, int(record["decimals"])).short(found.value_then)
    differently = " and ".join(label(period, kind) for period in found.breaks)
    caution = f"; counted differently from {differently}" if differently else ""
    return f" That is {by} than in {label(found.then, kind)} ({value}{caution})."


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
    """Say by how much a measure rose or fell in its newest year, and to what."""
    title, kind = record["title"], record["period_kind"]
    # A title with a comma is closed by one, so that its verb is found.
    subject = f"{title}," if "," in title else title
    value, moved = written.short(latest.value), latest.difference if share else latest.per_cent
    if abs(moved) < STEADY:
        return f"{subject} stayed at {value} {_when(latest.period, kind)}."
    by = f"{abs(moved):.1f}{' points' if share else '%'}"
    verb = "rose" if moved > 0 else "fell"
    return (
        f"{subject} {verb} by {by} {_when(latest.period, kind)}, to {value}{_rank(latest, kind)}."
    )


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
        return f", {most} since {label(latest.since, kind)}"
    return f", {most} of the {latest.compared + 1} years that can be compared"


def verdict_sentences(judged: Iterable[Judgement]) -> list[str]:
    """Return a sentence for each finding whose verdict moved; its row in the table says why."""
    return [
        f"{one.title}: the verdict was “{one.before}” and is “{one.after}”."
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
