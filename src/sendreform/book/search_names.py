"""What the search page finds by name before it looks for words: places, measures and claims."""

from collections.abc import Mapping
from typing import Any

from sendreform.book.places import area_list
from sendreform.store import Store


def names(store: Store, pages: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return everything that has a name and a place in the report.

    Parameters
    ----------
    pages
        The addresses of the pages of places, by code; a place without one is chosen instead.

    Returns
    -------
    Each with ``kind`` (words for a reader), ``name``, ``also`` (what else it is found by) and
    ``address``, from the root of the site.
    """
    return [*_places(store, pages), *_measures(store), *_claims(store)]


def _places(store: Store, pages: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "kind": place["level"].capitalize(),
            "name": place["name"],
            "also": place["also"],
            "address": pages.get(place["code"], f"index.html?area={place['code']}"),
        }
        for place in area_list(store)
    ]


def _measures(store: Store) -> list[dict[str, Any]]:
    return [
        {
            "kind": "Measure",
            "name": row["title"],
            "also": [row["definition"]],
            "address": f"book/measures.html#measure-{measure}",
        }
        for measure, row in store.measures.iterrows()
    ]


def _claims(store: Store) -> list[dict[str, Any]]:
    first = store.claims.drop_duplicates("claim")
    return [
        {
            "kind": f"Claim {row['claim']}",
            "name": row["text"],
            "also": [row["publisher"]],
            "address": f"notebooks/claim_ledger.html#{row['claim']}",
        }
        for row in first.to_dict("records")
    ]
