"""What ``data/claims.csv`` may hold: its columns, its words, and what is wrong with a row of it.

The ledger is kept by hand, by several people, so every problem is told and not the first alone,
with the names that come near. A rule here looks at the table by itself; whether a recipe can be
followed is for :mod:`sendreform.claims.ledger` to say.
"""

import re
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
    "rounded_to": "Step to which the value was published, in its own unit: 1, 0.1, 1000 …; a step "
    "that is no power of ten goes with published_as",
    "published_as": "The figure in the publisher's own few words, where those are not the value: "
    "'almost one in five'; empty where they are",
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
    "reservation": "The recipe: why agreement with ours is not agreement with what was claimed, "
    "in a few words that stand beside the status; it takes the status one step down",
    "status": "Status of a figure that is not recomputed; the others get theirs by computing",
    "reason": "Why a figure is not recomputed, or what confirms or supersedes it",
    "needs": "Which data a test would take, and who holds them",
    "note": "What a careful reader wants explained; a figure that differs has one",
}

#: Operations that look at two ends or at every period between them, and those of one period.
FROM_TO = (
    "change", "per_cent_change", "times", "least_yearly_growth", "greatest_yearly_growth", "sum",
    "periods_above",
)  # fmt: skip
AT_ONE_PERIOD = ("level", "councils_above", "share_of_councils_above")

CONFIRMED, SUPERSEDED, CANNOT, NOT_DUE, NO_FIGURE = (
    "confirmed", "superseded", "cannot be tested", "not yet due", "no figure",
)  # fmt: skip
#: The statuses that a row without a recipe is given by hand, and the one rule for all of them. The
#: same evidence has the same status everywhere; the first that fits is taken:
#:
#: 0.  A recipe, where ``data/`` holds the figure from another document than the claim's own, on its
#:     own basis, and not rounded so far that the rounding decides.
#: 1.  Not yet due: its date has not come, and it can be counted when it does.
#: 2.  Superseded: overtaken by a later fact. Its date has come and a later figure is known, its
#:     author has replaced it, or what it rested on has changed. The reason says where that stands.
#: 3.  Confirmed: it says what a record says (a law, a budget, official statistics, proceedings, the
#:     report itself), and a page of another publisher reads the same from that record, at the
#:     published rounding. Repeating somebody's own estimate, count or survey confirms nothing, and
#:     a sum confirms no part of it.
#: 4.  Cannot be tested: all others with a figure.
GIVEN_STATUSES = (CONFIRMED, SUPERSEDED, CANNOT, NOT_DUE, NO_FIGURE)

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
ADDRESS = r"https?://[^\s()]+[^\s().,;:]"
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
_RECIPE = (
    "measure", "breakdown", "area", "from", "to", "per_measure", "per_breakdown", "prices",
    "reservation",
)  # fmt: skip

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
        before = known[known.index(missing[0]) - 1] if missing[0] != known[0] else ""
        place = f"after {before!r}" if before else "as the first"
        return f"claims.csv, row 1: no column {missing[0]!r}. Add it, {place}."
    if columns != known:
        name, wanted = next(pair for pair in zip(columns, known, strict=True) if len({*pair}) > 1)
        return f"claims.csv, row 1: column {name!r} stands where {wanted!r} belongs. Swap them."
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
    finer = numbers & (claims["rounded_to"].map(_decimals) > claims["value"].map(_decimals))
    yield from _told(
        claims, finer, "rounded_to", "finer than the value is written. Give the step to which it "
        "was published; for 14.0 write all its digits.",
    )  # fmt: skip
    uneven = numbers & ~off & ~finer & ~claims["rounded_to"].str.fullmatch(r"10*|0\.0*1")
    yield from _told(
        claims, uneven & claims["published_as"].eq(""), "published_as", "empty, and rounded_to is "
        "no power of ten. Give the words in which the figure was published.",
    )  # fmt: skip


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
    for column in ("value", "rounded_to"):
        other = "rounded_to" if column == "value" else "value"
        yield from _told(
            rows, empty[column] & ~empty[other] & status.ne(NO_FIGURE), column,
            f"empty, and {other} is not. Fill in both or none.",
        )  # fmt: skip
    yield from _told(
        rows, status.eq(NO_FIGURE) & ~empty["value"], "value", "a claim with a figure cannot have "
        "the status 'no figure'. Take out one of the two.",
    )  # fmt: skip
    yield from _told(
        rows, status.ne("") & status.ne(NO_FIGURE) & empty["reason"], "reason", "empty. "
        "Say why it is not recomputed, and what confirms or supersedes it.",
    )  # fmt: skip
    yield from _told(
        rows, status.isin([CANNOT, NOT_DUE]) & empty["needs"], "needs", "empty. Say which data it "
        "would take, and who holds them.",
    )  # fmt: skip
    alone = [
        confirmed and bool(reason) and not _other_addresses(reason, own)
        for confirmed, reason, own in zip(
            status.eq(CONFIRMED), rows["reason"], rows["url"], strict=True
        )
    ]
    yield from _told(
        rows, pd.Series(alone, index=rows.index, dtype=bool), "reason", "names no page but the "
        "claim's own. Give the address of a second page that confirms it, or another status.",
    )  # fmt: skip
    fact = rf"{ADDRESS}|\bC[0-9]{{3}}\b"
    yield from _told(
        rows, status.eq(SUPERSEDED) & ~empty["reason"] & ~rows["reason"].str.contains(fact),
        "reason", "names no later fact. Give the address of a page that tells it, or a claim here "
        "such as C125.",
    )  # fmt: skip


def _order(claims: pd.DataFrame) -> Iterator[Problem]:
    """Rows that stand twice, out of order, or speak otherwise of the same claim."""
    twice = claims.duplicated(["claim", "figure"])
    yield from _told(
        claims, twice, "figure", f"the same claim and figure stand twice. {_next_ids(claims)}"
    )
    single = claims[~twice]
    place = single["claim"] + single["figure"].str.zfill(2)
    yield from _told(
        single, place < place.shift(), "claim", "out of order. Sort by claim and figure."
    )
    for column in ("finding", "stance"):
        first = single.groupby("claim")[column].transform("first")
        yield from _told(
            single, single[column].ne(first), column, "not the same as in the claim's first row."
        )


def _next_ids(claims: pd.DataFrame) -> str:
    """Say which id a new claim may take."""
    used = claims["claim"].str.extract(r"^C([0-9]{3})$")[0].dropna()
    return f"The next free id is C{int(used.max()) + 1:03d}." if len(used) else ""


def _decimals(number: str) -> int:
    return len(number.partition(".")[2])


def _other_addresses(reason: str, own: str) -> list[str]:
    """Return the addresses in a reason that are not the claim's own.

    Examples
    --------
    >>> _other_addresses("So it says (https://www.a.org/b).", "http://a.org/b/")
    []
    >>> _other_addresses("Others too (https://c.org).", "https://a.org/b")
    ['https://c.org']
    """
    found = re.findall(ADDRESS, reason)
    return [address for address in found if not same_page(address, own)]


def same_page(address: str, other: str) -> bool:
    """Return whether two addresses lead to one page.

    Examples
    --------
    >>> same_page("https://www.gov.uk/a/", "http://gov.uk/a"), same_page("", "")
    (True, False)
    """

    def plain(url: str) -> str:
        return url.partition("://")[2].lower().removeprefix("www.").partition("#")[0].rstrip("/")

    return bool(plain(address)) and plain(address) == plain(other)


def _told(
    claims: pd.DataFrame, wrong: pd.Series, column: str, complaint: Complaint | str
) -> Iterator[Problem]:
    """Say what is wrong with each row that a rule catches."""
    for place in claims.index[wrong]:
        claim, cell = str(claims.at[place, "claim"]), str(claims.at[place, column])
        words = complaint if isinstance(complaint, str) else complaint(cell)
        yield place, f"claims.csv, row {place + 2} ({claim}), column {column}: {words}"
