"""Which publications of ours have a release that the data do not hold yet."""

import re

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.fetching.service import Service
from sendreform.store import Store

COLUMNS = ["publication", "title", "ours", "our_release", "theirs", "their_release", "is_new", "id"]

_SLUG = r"explore-education-statistics\.service\.gov\.uk/find-statistics/([a-z0-9-]+)"


def watched(store: Store, publication: str = "") -> pd.DataFrame:
    """Return the publications of the service that the data come from.

    Parameters
    ----------
    publication
        Only this one, by the name that its address has.

    Returns
    -------
    DataFrame with ``publication`` (as in its address), ``ours`` (when our newest file of it was
    published: a year, a month or a date) and ``our_release``.

    Raises
    ------
    ReportError
        If the data come from no such publication.
    """
    sources = store.sources
    named = sources.assign(publication=sources["url"].str.extract(_SLUG, flags=re.ASCII)[0])
    newest = (
        named.dropna(subset="publication")
        .sort_values("published", kind="stable")
        .groupby("publication", as_index=False)
        .last()[["publication", "published", "release"]]
        .rename(columns={"published": "ours", "release": "our_release"})
    )
    if publication and publication not in set(newest["publication"]):
        raise ReportError(
            f"no figure comes from a publication {publication!r}",
            where="update",
            fix=did_you_mean(publication, newest["publication"])
            or f"There are {', '.join(newest['publication'])}.",
        )
    return newest[newest["publication"].eq(publication) | (publication == "")]


def whats_new(store: Store, service: Service, publication: str = "") -> pd.DataFrame:
    """Ask the service for the latest release of each publication that the data come from.

    Returns
    -------
    DataFrame with ``COLUMNS``: beside :func:`watched` the ``title``, when ``theirs`` was published,
    ``their_release``, whether it ``is_new``, and its ``id``. The day decides, as far as ours is
    known: a release of the same month as ours, of which we know no day, is not new.

    Raises
    ------
    ReportError
        If the service cannot be reached, answers otherwise than it documents, or knows a
        publication no longer.
    """
    ours = watched(store, publication)
    listed = {record["slug"]: record for record in service.publications()}
    rows = []
    for row in ours.to_dict("records"):
        slug = row["publication"]
        release = service.latest_release(slug)
        if release is None:
            raise ReportError(
                f"the service has no publication {slug!r} any more",
                where=slug,
                fix=did_you_mean(slug, listed) or "Look for its successor on the service's page.",
            )
        theirs = release["published"][:10]
        rows.append(
            {
                **row,
                "title": listed.get(slug, {}).get("title", slug),
                "theirs": theirs,
                "their_release": release["title"],
                "is_new": theirs[: len(row["ours"])] > row["ours"],
                "id": release["id"],
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)
