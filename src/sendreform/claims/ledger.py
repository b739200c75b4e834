"""The ledger: every published figure beside ours, how far they differ, and a status by rule."""

from collections.abc import Hashable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from sendreform.areas import Areas
from sendreform.claims.following import follow
from sendreform.claims.recipes import read_recipe
from sendreform.claims.telling import breaks_passed, told
from sendreform.errors import ReportError, did_you_mean
from sendreform.store import Store
from sendreform.store.claims_table import (
    CLAIM_COLUMNS,
    CONFIRMED,
    FINDINGS,
    GIVEN_STATUSES,
    SUPERSEDED,
    claim_problems,
    malformed_rows,
    same_page,
)

REPRODUCED, CLOSE, DIFFERS = "reproduced", "close", "differs"
RECOMPUTED = (REPRODUCED, CLOSE, DIFFERS)
#: Every status, in the order in which a page tells them.
STATUSES = (*RECOMPUTED, *GIVEN_STATUSES)
#: Statuses that say something definite of a figure.
DEFINITE = (*RECOMPUTED, CONFIRMED, SUPERSEDED)
#: A claim of several figures has the first of these that any of its figures has, with how many of
#: its figures have it: what is known decides over what is not, and the worst of it first.
_DECIDES = (
    *reversed(RECOMPUTED), SUPERSEDED, CONFIRMED,
    *(status for status in GIVEN_STATUSES if status not in DEFINITE),
)  # fmt: skip
#: What a reservation makes of a status.
_STEP_DOWN = {REPRODUCED: CLOSE, CLOSE: DIFFERS, DIFFERS: DIFFERS}

#: A figure is close within this share of the published one, or this many steps of rounding.
CLOSE_SHARE, CLOSE_STEPS = Decimal("0.02"), 2

#: What a binary float cannot hold of a decimal number begins after about fifteen digits; sums and
#: quotients lose a few more.
_DIGITS = 12

NUMBERS = ("published_value", "ours", "difference")
COLUMNS = [
    *CLAIM_COLUMNS, *NUMBERS, "recipe", "breaks", "sources", "own_document", "claim_status",
    "claim_status_told",
]  # fmt: skip


def recompute(store: Store) -> pd.DataFrame:
    """Recompute every figure of the ledger that has a recipe.

    Returns
    -------
    DataFrame with a row a figure and the columns in ``COLUMNS``: those of ``claims.csv``, with
    ``status`` filled in; ``published_value`` and ``ours`` as numbers in the claim's unit, ours
    unrounded; ``difference``, ours less theirs; the ``recipe`` in words; ``breaks``, a tuple of
    the breaks in the series that it passes, in words; ``sources``, a tuple of the ids of the
    files that ours comes from; ``own_document``, whether one of them is the very document that
    makes the claim, so that only the reading is checked; ``claim_status``, the status of the whole
    claim, and ``claim_status_told``, with how many of its figures have it. Where there is no
    recipe, numbers are missing and words empty.

    Raises
    ------
    ReportError
        On the first row whose recipe cannot be followed; :func:`problems` tells all.

    Notes
    -----
    Rows are taken to be well formed; :func:`sendreform.store.claims_table.claim_problems` tells.
    """
    areas = Areas(store.areas, store.neighbours)
    rows = store.claims.to_dict("records")
    return _table([_row(store, areas, place, row) for place, row in enumerate(rows)])


def recompute_sound(store: Store) -> tuple[pd.DataFrame, list[str]]:
    """Recompute every row that can be, and tell what is wrong with the ledger.

    Returns
    -------
    The table of :func:`recompute` without the rows that are wrong, and a line for each problem.
    """
    rows, found = _sound_rows(store)
    return _table(rows), [*claim_problems(store.claims), *found]


def problems(store: Store) -> list[str]:
    """Return a line for each row whose recipe is wrong, or that differs without saying why.

    A row that is not well formed is left to
    :func:`sendreform.store.claims_table.claim_problems`.
    """
    return _sound_rows(store)[1]


def status_of(ours: float, value: str, rounded_to: str, comparison: str) -> str:
    """Return what a recomputed figure is to the published one.

    Parameters
    ----------
    ours
        Our figure, in the unit of the published one.
    value, rounded_to
        The published number and the step to which it was rounded, as text.
    comparison
        ``at_least`` and ``at_most`` for a bound, else the numbers are to be equal.

    Returns
    -------
    ``reproduced`` when ours is the same once rounded, or keeps to the bound; ``close`` when the
    difference is at most 2% of the published number or two steps of rounding; else ``differs``.

    Examples
    --------
    >>> status_of(139.97, "140", "1", ""), status_of(138.2, "140", "1", "")
    ('reproduced', 'close')
    >>> status_of(718838.0, "700000", "100000", "at_least"), status_of(2.5, "4", "1", "")
    ('reproduced', 'close')
    >>> status_of(30.0, "40", "1", "")
    'differs'
    """
    theirs, exact = Decimal(value), as_decimal(ours)
    if comparison == "at_least":
        holds = exact >= theirs
    elif comparison == "at_most":
        holds = exact <= theirs
    else:
        holds = rounded(ours, rounded_to) == theirs
    if holds:
        return REPRODUCED
    allowed = max(CLOSE_SHARE * abs(theirs), CLOSE_STEPS * Decimal(rounded_to))
    return CLOSE if abs(exact - theirs) <= allowed else DIFFERS


def one_step_down(status: str) -> str:
    """Return what a reservation makes of a status: what agrees is not quite what was claimed.

    Examples
    --------
    >>> one_step_down("reproduced"), one_step_down("close"), one_step_down("differs")
    ('close', 'differs', 'differs')
    """
    return _STEP_DOWN[status]


def rounded(number: float, step: str) -> Decimal:
    """Round to a step, a half away from nought, as publishers do.

    Examples
    --------
    >>> rounded(2.5, "1"), rounded(0.285, "0.01"), rounded(576474.0, "1000")
    (Decimal('3'), Decimal('0.29'), Decimal('576000'))
    """
    steps = (as_decimal(number) / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP)
    return steps * Decimal(step)


def as_decimal(number: float) -> Decimal:
    """Return a number without the dust that binary arithmetic leaves.

    Examples
    --------
    >>> as_decimal(0.1 + 0.2), as_decimal(100 * 1.15)
    (Decimal('0.3'), Decimal('115'))
    """
    return Decimal(f"{number:.{_DIGITS}g}")


def worst(statuses: list[str]) -> str:
    """Return the status of a claim from those of its figures.

    A figure of which something is known decides over those of which nothing is; see
    :func:`status_told` for how that is said.

    Examples
    --------
    >>> worst(["reproduced", "differs", "close"]), worst(["cannot be tested", "confirmed"])
    ('differs', 'confirmed')
    """
    return min(statuses, key=_DECIDES.index)


def status_told(statuses: list[str]) -> str:
    """Return the status of a claim, and of how many of its figures it is, if not of all.

    Examples
    --------
    >>> status_told(["reproduced", "reproduced"])
    'reproduced'
    >>> status_told(["not yet due", "reproduced", "not yet due"])
    'reproduced (1 of 3 figures)'
    """
    status = worst(statuses)
    have = statuses.count(status)
    return status if have == len(statuses) else f"{status} ({have} of {len(statuses)} figures)"


def counts(figures: pd.DataFrame) -> dict[str, int]:
    """Return how many claims have each status, in the order of ``STATUSES``; none left out."""
    return _counted(figures.drop_duplicates("claim")["claim_status"])


def figure_counts(figures: pd.DataFrame) -> dict[str, int]:
    """Return how many figures have each status, in the order of ``STATUSES``; none left out."""
    return _counted(figures["status"])


def in_words(figures: pd.DataFrame) -> str:
    """Return how many claims and figures have which status, and where ours is the claim's own.

    Examples
    --------
    >>> print(in_words(pd.DataFrame({
    ...     "claim": ["C001", "C002"], "figure": "1", "status": ["close", "no figure"],
    ...     "claim_status": ["close", "no figure"], "own_document": [True, False]})))
    2 claims: 1 close, 1 no figure
    2 figures: 1 close, 1 no figure
    Ours is read from the document that makes the claim: C001.1
    """
    lines = []
    for what, of in (("claims", counts(figures)), ("figures", figure_counts(figures))):
        each = ", ".join(f"{count} {status}" for status, count in of.items() if count)
        lines.append(f"{sum(of.values())} {what}: {each}")
    own = figures[figures["own_document"]]
    if len(own):
        names = ", ".join(own["claim"] + "." + own["figure"])
        lines.append(f"Ours is read from the document that makes the claim: {names}")
    return "\n".join(lines)


def _counted(statuses: pd.Series) -> dict[str, int]:
    of = statuses.value_counts()
    return {status: int(of.get(status, 0)) for status in STATUSES}


def select(
    figures: pd.DataFrame, *, claim: str = "", status: str = "", finding: str = "", search: str = ""
) -> pd.DataFrame:
    """Keep figures of a claim, with a status, of a finding, that hold every word of a search.

    Parameters
    ----------
    figures
        The table of :func:`recompute`. A search looks at text, publisher, title and note.

    Raises
    ------
    ReportError
        On an unknown claim, status or finding; offers those that are near.
    """
    kept = figures
    for column, wanted, known in (
        ("claim", claim.upper(), figures["claim"].unique()),
        ("status", status, STATUSES),
        ("finding", finding, FINDINGS),
    ):
        if wanted and wanted not in known:
            raise ReportError(
                f"unknown {column} {wanted!r}",
                where=column,
                fix=did_you_mean(wanted, known) or f"There is {', '.join(known[:8])}.",
            )
        kept = kept[kept[column].eq(wanted) | (wanted == "")]
    for word in search.lower().split():
        kept = kept[
            (kept["text"] + " " + kept["publisher"] + " " + kept["title"] + " " + kept["note"])
            .str.lower()
            .str.contains(word, regex=False)
        ]
    return kept


def source_records(store: Store, sources: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the files that a figure comes from: ``source``, ``publisher``, ``publication`` …"""
    return [
        {str(name): str(words) for name, words in record.items()}
        for record in store.sources.loc[list(sources)][
            ["source", "publisher", "publication", "release", "title", "url"]
        ].to_dict("records")
    ]


def _table(rows: list[dict[Hashable, Any]]) -> pd.DataFrame:
    """Return figures as a table, each with the status of its whole claim."""
    figures = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(NUMBERS, "float64"))
    statuses = figures.groupby("claim")["status"]
    return figures.assign(
        own_document=figures["own_document"].astype("bool"),
        claim_status=statuses.transform(lambda of: worst(list(of))),
        claim_status_told=statuses.transform(lambda of: status_told(list(of))),
    )


def _sound_rows(store: Store) -> tuple[list[dict[Hashable, Any]], list[str]]:
    """Return every well-formed row that can be recomputed, and what is wrong with recipes."""
    areas, malformed = Areas(store.areas, store.neighbours), malformed_rows(store.claims)
    rows, found = [], []
    for place, row in enumerate(store.claims.to_dict("records")):
        if place in malformed:
            continue
        try:
            figure = _row(store, areas, place, row)
        except ReportError as error:
            found.append(str(error))
            continue
        rows.append(figure)
        if figure["status"] == DIFFERS and not row["note"]:
            found.append(
                f"{_where(place, row, 'note')}: ours, {figure['ours']:.6g}, differs from "
                f"{row['value']} {row['unit']}, and the note is empty. Say why it differs."
            )
        elif row["reservation"] and not row["note"]:
            found.append(
                f"{_where(place, row, 'note')}: there is a reservation, and the note is empty. "
                "Explain it."
            )
    return rows, found


def _row(
    store: Store, areas: Areas, place: int, row: Mapping[Hashable, Any]
) -> dict[Hashable, Any]:
    """Return a row of the ledger with what its recipe gives."""
    published = float(row["value"]) if row["value"] else None
    if not row["operation"]:
        blank: dict[Hashable, Any] = {
            "recipe": "",
            "breaks": (),
            "sources": (),
            "own_document": False,
        }
        return {**row, "published_value": published, **blank}
    try:
        recipe = read_recipe(store, areas, {str(name): str(cell) for name, cell in row.items()})
        figure = follow(store, recipe)
    except ReportError as error:
        raise ReportError(
            error.what, where=_where(place, row, error.where), fix=error.fix
        ) from error
    status = status_of(figure.value, row["value"], row["rounded_to"], row["comparison"])
    return {
        **row,
        "published_value": published,
        "ours": figure.value,
        "difference": float(as_decimal(figure.value) - Decimal(row["value"])),
        "status": one_step_down(status) if row["reservation"] else status,
        "recipe": told(store, areas, recipe),
        "breaks": tuple(breaks_passed(store, recipe)),
        "sources": figure.sources,
        "own_document": any(
            is_own_document(row, record) for record in source_records(store, figure.sources)
        ),
    }


def is_own_document(claim: Mapping[Hashable, Any], source: Mapping[str, str]) -> bool:
    """Return whether a file of ours is the very document that makes the claim.

    Examples
    --------
    >>> claim = {"url": "https://www.example.org/plans", "title": "Plans, 2018"}
    >>> is_own_document(claim, {"url": "", "publication": "plans", "release": "2018"})
    True
    >>> is_own_document(claim, {"url": "", "publication": "Plans", "release": "2019"})
    False
    """
    title = f"{source['publication']}, {source['release']}".casefold()
    return same_page(claim["url"], source["url"]) or claim["title"].casefold() == title


def _where(place: int, row: Mapping[Hashable, Any], column: str) -> str:
    return f"claims.csv, row {place + 2} ({row['claim']}), column {column}"
