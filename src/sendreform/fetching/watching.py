"""Which publications of ours have a release that the data do not hold yet."""

import re
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.fetching.data_sets import needed_tables, newest_data_sets, pinned
from sendreform.fetching.service import Service, UnreachableError
from sendreform.store import Store
from sendreform.store.taking_in import API_MEMBERS, files_taken_in

COLUMNS = [
    "publication", "title", "ours", "our_release", "theirs", "their_release", "is_new", "url", "id",
    "data_sets", "problem",
]  # fmt: skip
#: No next release is as many years after ours; a date beyond is a mistake.
MOST_YEARS = 10

PAGES = "https://explore-education-statistics.service.gov.uk/find-statistics"

_SLUG = r"explore-education-statistics\.service\.gov\.uk/find-statistics/([a-z0-9-]+)"


def watched(store: Store, name: str = "") -> pd.DataFrame:
    """Return the publications of the service that the data come from.

    Parameters
    ----------
    name
        Only those of this name: a publication as its address has it, or a measure, a family of
        measures, or a publication as the catalogue of measures calls it.

    Returns
    -------
    DataFrame with ``publication`` (as in its address), ``ours`` (when our newest file of it was
    published: a year, a month or a date; where that is not known, when it was downloaded) and
    ``our_release``.

    Raises
    ------
    ReportError
        If the data come from no such publication; offers the near names.
    """
    sources = store.sources
    named = sources.assign(
        publication=sources["url"].str.extract(_SLUG, flags=re.ASCII)[0],
        ours=sources["published"].where(sources["published"] != "", sources["accessed"]),
    ).dropna(subset="publication")
    newest = (
        named.sort_values("ours", kind="stable")
        .groupby("publication", as_index=False)
        .last()[["publication", "ours", "release"]]
        .rename(columns={"release": "our_release"})
    )
    if not name:
        return newest
    return newest[newest["publication"].isin(_slugs_of(name, store, named["publication"]))]


def _slugs_of(name: str, store: Store, slugs: pd.Series) -> set[str]:
    """Return the publications of a name, each as its address has it."""
    if name in set(slugs):
        return {name}
    measures = store.measures
    of_name = measures.index[
        (measures.index == name) | (measures["family"] == name) | (measures["publication"] == name)
    ]
    sources = {source for measure in of_name for source in store.observations(measure)["source"]}
    found = set(slugs[slugs.index.isin(sources)])
    if not found:
        names = [*slugs.unique(), *measures.index, *measures["family"].unique()]
        raise ReportError(
            f"{name!r} comes from no publication of the service"
            if len(of_name)
            else f"no figure comes from a publication {name!r}",
            where="update",
            fix=did_you_mean(name, [each for each in dict.fromkeys(names) if each != name])
            or f"There are {', '.join(sorted(set(slugs)))}.",
        )
    return found


def whats_new(
    store: Store,
    service: Service,
    name: str = "",
    progress: Callable[[str], None] = lambda _doing: None,
) -> pd.DataFrame:
    """Ask the service for the latest release of each publication that the data come from.

    One that cannot be told of keeps no other out.

    Parameters
    ----------
    name
        As of :func:`watched`.
    progress
        Called with what is asked for, before it is.

    Returns
    -------
    DataFrame with ``COLUMNS``: beside :func:`watched` the ``title``, when ``theirs`` was published,
    ``their_release``, whether it ``is_new``, the ``url`` of its page, its ``id``, the
    ``data_sets`` of it that the API has, and the ``problem``: why nothing can be said of it, in a
    line; empty where something can. The day decides, as far as ours is known: a release of the
    same month as ours, of which we know no day, is not new, unless we have single tables of it
    and its archive is still to be read. It is new as well where a data set that we read has
    another version than the one that the catalogue pins, or where the release was published again
    since we took its archive in: the date of a release stays then.

    Raises
    ------
    ReportError
        If the service cannot be reached, or its list of publications is not as it documents.
    """
    ours, versions = watched(store, name), pinned(store)
    listed = {record["slug"]: record for record in service.publications()}
    rows: list[dict[Hashable, Any]] = []
    for row in ours.to_dict("records"):
        progress(f"asking for {row['publication']}")
        try:
            found = _latest(row, listed, versions, store, service)
            rows.append({**row, **found})
        except UnreachableError:
            raise
        except ReportError as error:
            told: dict[Hashable, Any] = {**dict.fromkeys(COLUMNS, ""), **row}
            rows.append(told | {"is_new": False, "data_sets": [], "problem": str(error)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _latest(
    row: Mapping[Hashable, Any],
    listed: Mapping[str, Mapping[str, Any]],
    versions: Mapping[str, str],
    store: Store,
    service: Service,
) -> dict[Hashable, Any]:
    """Ask for the latest release of one publication."""
    slug, ours = str(row["publication"]), str(row["ours"])
    release = service.latest_release(slug)
    if release is None:
        others = [name for name in listed if name != slug]
        raise ReportError(
            f"the service has no publication {slug!r} any more",
            where=slug,
            fix=did_you_mean(slug, others) or "Look for its successor on the service's page.",
        )
    if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", release["id"], flags=re.ASCII):
        raise ReportError(
            f"its latest release has an id of another kind ({release['id']!r})",
            where=slug,
            fix="The service may have changed: see its documentation, and change this client.",
        )
    data_sets = [
        each
        for each in (newest_data_sets(service, listed[slug]["id"]) if slug in listed else [])
        if each.release == release["slug"]
    ]
    theirs = max(map(_day, [release["published"], *(each.published for each in data_sets)]))
    if int(theirs[:4]) > int(ours[:4]) + MOST_YEARS:
        raise ReportError(
            f"its latest release is dated {theirs}",
            where=slug,
            fix="That cannot be: look at the release's page.",
        )
    corrected = any(versions.get(each.id, each.version) != each.version for each in data_sets)
    is_later = theirs[: len(ours)] > ours
    return {
        "title": listed.get(slug, {}).get("title", slug),
        "theirs": theirs,
        "their_release": release["title"],
        "is_new": is_later
        or corrected
        or _published_again(store, slug, release["id"])
        or (theirs.startswith(ours) and _in_part(store, slug, ours)),
        "url": f"{PAGES}/{slug}/{release['slug']}",
        "id": release["id"],
        "data_sets": data_sets,
        "problem": "",
    }


def _in_part(store: Store, publication: str, ours: str) -> bool:
    """Say whether we have but single tables of our newest release, whose archive we can read."""
    newest = newest_sources(store, publication)
    single = (store.sources.loc[newest, "member"] == "").all()
    return len(ours) == len("2026-06") and bool(needed_tables(newest)) and bool(single)


def _published_again(store: Store, publication: str, version: str) -> bool:
    """Say whether we took an archive of our newest release in, and none of this version of it.

    Tables of the statistics API have versions of their own.
    """
    own = store.sources.loc[newest_sources(store, publication)]
    listed = files_taken_in(store.layout).query("version != ''")
    taken = listed.loc[listed["path"].isin(own["path"]), "version"]
    archives = own.loc[~own["member"].str.startswith(API_MEMBERS), "path"]
    return bool(listed["path"].isin(archives).any()) and version not in set(taken)


def newest_sources(store: Store, publication: str) -> list[str]:
    """Return the sources of the catalogue that were read from our newest release of one."""
    own = store.sources[
        store.sources["url"].str.extract(_SLUG, flags=re.ASCII)[0].eq(publication).to_numpy()
    ]
    newest = watched(store, publication)["our_release"].iloc[0]
    return [str(source) for source in own.index[own["release"] == newest]]


def _day(text: str) -> str:
    """Return the day of a time as the service writes it; it becomes part of a file's name."""
    day = text[: len("2027-06-24")]
    try:
        if not re.match(r"20\d\d-\d\d-\d\d(?!\d)", text, flags=re.ASCII):
            raise ValueError
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise ReportError(
            f"{text!r} is not a date",
            where="published",
            fix="The service may have changed: see its documentation, and change this client.",
        ) from error
