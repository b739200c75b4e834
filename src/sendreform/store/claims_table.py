"""What ``data/claims.csv`` may hold: its columns, its words, and what is wrong with a row of it.

The ledger is kept by hand, by several people, so every problem is told and not the first alone,
with the names that come near. A rule here looks at the table by itself; whether a recipe can be
followed is for :mod:`sendreform.claims.ledger` to say.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain

import pandas as pd

from sendreform.errors import did_you_mean

#: Each column, in order, and what it holds.
CLAIM_COLUMNS = {
    "claim": "Id of the claim, such as C015",
    "figure": "1, 2, 3 … for a claim of several figures, a row for each",
    "finding": "The finding that the claim is about, or context",
    "stance": "Whose claim it is: report, study_2018, official, critic or press",
    "text": "The claim in our own words",
    "value": "The published number; empty for a claim without a figure",
    "unit": "Unit of the value, in words",
    "rounded_to": "Step to which the value was published, in its own unit",
    "comparison": "equals (or empty), at_least or at_most",
    "period": "What the claim is about, in words",
    "publisher": "Publisher of the claim",
    "title": "Title of the page or document that makes the claim",
    "url": "Its address",
    "published": "When it was published: a year, a month or a date",
    "locator": "Where in the page or document",
    "reported_by": "When only a copy was seen: whose, such as 'as reported by Schools Week'",
    "confidence": "How sure we are of the published figure: high, med or low",
    "operation": "The recipe: what is done with the levels of our measure; empty when nothing is",
    "measure": "The recipe: the measure",
    "breakdown": "The recipe: its breakdowns, added with ' + ' and taken away with ' - '; with "
    "' or ' between alternatives, of which each period takes the first that is wholly published",
    "area": "The recipe: the place, by name or code; empty for England",
    "from": "The recipe: its first period, as the measure writes it",
    "to": "The recipe: its last or only period, as the measure writes it",
    "per_measure": "The recipe: the measure that each level is divided by or compared with",
    "per_breakdown": "The recipe: the breakdowns of that measure, written in the same way",
    "prices": "The recipe: the financial year in whose prices money is put; empty for cash",
    "status": "Status of a figure that is not recomputed; the others get theirs by computing",
    "reason": "Why a figure is not recomputed, or what confirms or supersedes it",
    "needs": "Which data a test would take, and who holds them",
    "note": "What a careful reader wants explained",
}

#: Operations that look at two ends or at every period between them, and those of one period.
FROM_TO = (
    "change", "per_cent_change", "times", "least_yearly_growth", "greatest_yearly_growth", "sum",
    "periods_above",
)  # fmt: skip
AT_ONE_PERIOD = ("level", "councils_above", "share_of_councils_above")

CONFIRMED, CANNOT, SUPERSEDED, NO_FIGURE = (
    "confirmed", "cannot be tested", "superseded", "no figure",
)  # fmt: skip
GIVEN_STATUSES = (CONFIRMED, CANNOT, SUPERSEDED, NO_FIGURE)

FINDINGS = ("essential", "unavoidable", "systemic", "context")
STANCES = ("report", "study_2018", "official", "critic", "press")

_WORDS = {
    "finding": FINDINGS,
    "stance": STANCES,
    "comparison": ("", "equals", "at_least", "at_most"),
    "confidence": ("high", "med", "low"),
    "operation": ("", *AT_ONE_PERIOD, *FROM_TO),
    "status": ("", *GIVEN_STATUSES),
}
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_SHAPES = {
    "claim": (r"C[0-9]{3}", "is not C and three digits, such as C015"),
    "figure": (r"[1-9][0-9]?", "is not a whole number from 1"),
    "value": (rf"(?:{_NUMBER})?", "is not a plain number, such as 240183 or 4.8"),
    "rounded_to": (
        r"(?:0\.0*[1-9]|[1-9][0-9]*(?:\.[0-9]+)?)?",
        "is not a step of rounding, such as 1, 0.1 or 1000",
    ),
    "url": (r"https?://\S+", "is not a web address"),
    "published": (
        r"(?:19|20)[0-9]{2}(?:-[0-1][0-9](?:-[0-3][0-9])?)?",
        "is not a year, a month or a date, such as 2024, 2024-07 or 2024-07-25",
    ),
}
_ALWAYS = ("text", "publisher", "title")
_RECIPE = ("measure", "breakdown", "area", "from", "to", "per_measure", "per_breakdown", "prices")

Problem = tuple[int, str]
Complaint = Callable[[str], str]


def claim_problems(claims: pd.DataFrame) -> list[str]:
    """Return a line for everything wrong with the ledger's table, in order of row.

    Parameters
    ----------
    claims
        The whole table as text, an empty cell as ``""``.
    """
    columns = _column_problem(list(claims.columns))
    if columns:
        return [columns]
    found = chain(_within_rows(claims), _order(claims))
    return [line for _row, line in sorted(found, key=lambda problem: problem[0])]


def malformed_rows(claims: pd.DataFrame) -> set[int]:
    """Return the places, from 0, of rows with a wrong cell; all of them under a wrong header.

    A row that stands twice or out of order is well formed by itself.
    """
    if _column_problem(list(claims.columns)):
        return set(range(len(claims)))
    return {row for row, _line in _within_rows(claims)}


def _within_rows(claims: pd.DataFrame) -> Iterator[Problem]:
    """Everything that is wrong with a row by itself."""
    return chain(_words(claims), _shapes(claims), _with_recipe(claims), _without_recipe(claims))


def _column_problem(columns: list[str]) -> str:
    known = list(CLAIM_COLUMNS)
    for name in columns:
        if name not in known:
            near = did_you_mean(name, [column for column in known if column not in columns])
            return f"claims.csv, row 1: unknown column {name!r}. {near}".rstrip()
    missing = [name for name in known if name not in columns]
    if missing:
        return f"claims.csv, row 1: no column {missing[0]!r}. The columns are {', '.join(known)}."
    if columns != known:
        return f"claims.csv, row 1: the columns are in another order than {', '.join(known)}."
    return ""


def _words(claims: pd.DataFrame) -> Iterator[Problem]:
    """Cells that must hold one of a few words."""
    for column, allowed in _WORDS.items():
        offered = [word for word in allowed if word]

        def complaint(cell: str, column: str = column, offered: list[str] = offered) -> str:
            near = did_you_mean(cell, offered) or f"It is one of {', '.join(offered)}."
            return f"unknown {column} {cell!r}. {near}" if cell else f"empty. {near}"

        yield from _told(claims, ~claims[column].isin(allowed), column, complaint)


def _shapes(claims: pd.DataFrame) -> Iterator[Problem]:
    """Cells that must be written in a certain way."""
    for column, (pattern, complaint) in _SHAPES.items():

        def misshapen(cell: str, complaint: str = complaint) -> str:
            return f"{cell!r} {complaint}. Correct it."

        wrong = ~claims[column].str.fullmatch(pattern)
        yield from _told(claims, wrong, column, misshapen)
    for column in _ALWAYS:
        yield from _told(claims, claims[column].eq(""), column, "empty. Fill it in.")
    for column in claims.columns:
        untidy = claims[column].str.contains(r"^\s|\s$|\n", regex=True)
        yield from _told(claims, untidy, column, "a space at an end, or a line break. Take it out.")
    numbers = claims["value"].str.fullmatch(_NUMBER) & claims["rounded_to"].ne("")
    numbers &= claims["rounded_to"].str.fullmatch(_SHAPES["rounded_to"][0])
    off = pd.Series(
        [
            bool(there and Decimal(value) % Decimal(step))
            for there, value, step in zip(
                numbers, claims["value"], claims["rounded_to"], strict=True
            )
        ],
        index=claims.index,
        dtype=bool,
    )
    yield from _told(
        claims, off, "rounded_to", "the value is no multiple of this step. Give a finer one."
    )


def _with_recipe(claims: pd.DataFrame) -> Iterator[Problem]:
    """Cells that a row with a recipe must have, or must not."""
    rows = claims[claims["operation"] != ""]
    empty, operation = rows == "", rows["operation"]
    at_one = operation.isin(AT_ONE_PERIOD)
    for column in ("value", "unit", "rounded_to", "period", "measure", "to"):
        yield from _told(rows, empty[column], column, "empty. A row with a recipe has one.")
    for column in ("reason", "needs"):
        yield from _told(
            rows, ~empty[column], column, "is for rows without a recipe. Put it in note."
        )
    yield from _told(
        rows, ~empty["status"], "status", "a row with a recipe gets its status by computing. "
        "Leave out the recipe or the status.",
    )  # fmt: skip
    yield from _told(
        rows, operation.isin(FROM_TO) & empty["from"], "from", "empty. This operation begins at "
        "one period and ends at another.",
    )  # fmt: skip
    yield from _told(
        rows, at_one & ~empty["from"], "from", "this operation looks at one period. Give it in to "
        "alone.",
    )  # fmt: skip
    yield from _told(
        rows, operation.eq("periods_above") & empty["per_measure"], "per_measure", "empty. Name "
        "the measure to compare with.",
    )  # fmt: skip
    yield from _told(
        rows, ~empty["per_breakdown"] & empty["per_measure"], "per_measure", "empty, and "
        "per_breakdown is not. Name its measure.",
    )  # fmt: skip


def _without_recipe(claims: pd.DataFrame) -> Iterator[Problem]:
    """Cells that a row without a recipe must have, or must not."""
    rows = claims[claims["operation"] == ""]
    empty, status = rows == "", rows["status"]
    for column in _RECIPE:
        yield from _told(
            rows, ~empty[column], column, "part of a recipe without an operation. Name the "
            "operation.",
        )  # fmt: skip
    yield from _told(
        rows, empty["status"], "status", "empty. Give a recipe, or one of "
        f"{', '.join(GIVEN_STATUSES)}.",
    )  # fmt: skip
    yield from _told(rows, ~empty["value"] & empty["unit"], "unit", "empty. A value has a unit.")
    yield from _told(
        rows, status.eq(NO_FIGURE) & ~empty["value"], "value", "a claim with a figure cannot have "
        "the status 'no figure'. Take out one of the two.",
    )  # fmt: skip
    yield from _told(
        rows, status.isin([CONFIRMED, CANNOT, SUPERSEDED]) & empty["reason"], "reason", "empty. "
        "Say why it is not recomputed, and what confirms or supersedes it.",
    )  # fmt: skip
    yield from _told(
        rows, status.eq(CANNOT) & empty["needs"], "needs", "empty. Say which data it would take, "
        "and who holds them.",
    )  # fmt: skip


def _order(claims: pd.DataFrame) -> Iterator[Problem]:
    """Rows that stand twice, out of order, or speak otherwise of the same claim."""
    key = ["claim", "figure"]
    yield from _told(
        claims, claims.duplicated(key), "figure", "the same claim and figure stand twice."
    )
    place = claims["claim"] + claims["figure"].str.zfill(2)
    yield from _told(
        claims, place < place.shift(), "claim", "out of order. Sort by claim and figure."
    )
    for column in ("finding", "stance"):
        first = claims.groupby("claim")[column].transform("first")
        yield from _told(
            claims, claims[column].ne(first), column, "not the same as in the claim's first row."
        )


def _told(
    claims: pd.DataFrame, wrong: pd.Series, column: str, complaint: Complaint | str
) -> Iterator[Problem]:
    """Say what is wrong with each row that a rule catches."""
    for place in claims.index[wrong]:
        claim, cell = str(claims.at[place, "claim"]), str(claims.at[place, column])
        words = complaint if isinstance(complaint, str) else complaint(cell)
        yield place, f"claims.csv, row {place + 2} ({claim}), column {column}: {words}"
