"""What the search page finds by name before it looks for words: places, measures and claims."""

from typing import Any

from sendreform.areas import Areas
from sendreform.store import Store


def names(store: Store) -> list[dict[str, Any]]:
    """Return everything that has a name and a place in the report.

    Each with ``kind`` (words for a reader), ``name``, ``also`` (what else it is found by) and
    ``address``, from the root of the site.
    """
    return [*_places(store), *_measures(store), *_claims(store)]


def _places(store: Store) -> list[dict[str, Any]]:
    areas = Areas(store.areas, store.neighbours)
    codes = [*areas.councils()["area"], *areas.table.query("level == 'region'")["area"]]
    return [
        {
            "kind": "Council" if areas.level(code) == "council" else "Region",
            "name": areas.name(code),
            "also": [*areas.other_names(code), *map(areas.name, areas.predecessors(code))],
            "address": f"index.html?area={code}",
        }
        for code in map(str, codes)
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
