"""How a row of the ledger is told: its published figure, ours, the difference and the rest."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from sendreform.charts.numbers import NumberFormat, number_format
from sendreform.claims.ledger import as_decimal, rounded

COMPARISON_WORDS = {"at_least": "at least ", "at_most": "at most "}
#: Units of which a difference is not told as a share: "−7 years (−100%)" says nothing.
NO_SHARES = ("years", "times", "points")
#: Said where our figure comes from the very document that makes the claim.
OWN_DOCUMENT = "Ours is read from the document that makes the claim: this checks the reading alone."
#: What the reason of a figure that is not recomputed is called.
REASON_TERMS = {"confirmed": "Confirmed by", "superseded": "Superseded"}


def amount(number: float, unit: str, decimals: int) -> str:
    """Write a number with the unit of a claim.

    Examples
    --------
    >>> amount(4.8, "billion pounds", 1), amount(8116, "pounds a year", 0)
    ('£4.8 billion', '£8,116 a year')
    >>> amount(8, "per cent of pupils", 0), amount(240183, "plans", 0)
    ('8% of pupils', '240,183 plans')
    >>> amount(2026, "year", 0), amount(10, "years", 0)
    ('2026', '10 years')
    """
    if unit == "year":
        return f"{number:.0f}"
    money = re.fullmatch(r"(?:(thousand|million|billion) )?pounds?( .+)?", unit)
    if money:
        scale = f" {money[1]}" if money[1] else ""
        return NumberFormat(decimals, before="£").full(number) + scale + (money[2] or "")
    if unit.startswith("per cent"):
        return number_format(unit, decimals).full(number) + unit.removeprefix("per cent")
    return f"{NumberFormat(decimals).full(number)} {unit}"


def published(figure: Mapping[str, Any]) -> str:
    """Return the published figure, in its publisher's words if kept; empty when there is none.

    Examples
    --------
    >>> figure = {"value": "20", "unit": "per cent", "comparison": "at_most", "published_as": ""}
    >>> published(figure)
    'at most 20%'
    >>> published(figure | {"published_as": "almost one in five"})
    'almost one in five (taken as at most 20%)'
    """
    value, words = figure["value"], str(figure["published_as"])
    if not value:
        return words
    bound = COMPARISON_WORDS.get(figure["comparison"], "")
    number = bound + amount(float(value), figure["unit"], _decimals(value))
    return f"{words} (taken as {number})" if words else number


def status_words(figure: Mapping[str, Any]) -> str:
    """Return the status of a figure, with the reservation that took it a step down.

    Examples
    --------
    >>> status_words({"status": "close", "reservation": "only by a definition of our own"})
    'close (only by a definition of our own)'
    """
    status, reservation = str(figure["status"]), figure["reservation"]
    return f"{status} ({reservation})" if reservation else status


def ours(figure: Mapping[str, Any]) -> str:
    """Return our figure, one step finer than the published one; empty when there is none.

    Examples
    --------
    >>> ours({"ours": 139.96, "unit": "per cent", "rounded_to": "1"})
    '140.0%'
    """
    if pd.isna(figure["ours"]):
        return ""
    return _finer(figure["ours"], figure["unit"], figure)


def difference(figure: Mapping[str, Any]) -> str:
    """Return ours less theirs, with its share of theirs where that is no per cent itself.

    Examples
    --------
    >>> difference({"difference": 1204.0, "ours": 241387.0, "published_value": 240183.0,
    ...     "unit": "plans", "rounded_to": "1"})
    '+1,204 plans (+0.5%)'
    >>> difference({"difference": -1.8, "ours": 138.2, "published_value": 140.0,
    ...     "unit": "per cent", "rounded_to": "1"})
    '−1.8 percentage points'
    """
    gap = figure["difference"]
    if pd.isna(gap):
        return ""
    if not gap:
        return "none"
    unit = figure["unit"]
    is_share = unit.startswith("per cent")
    size = _finer(abs(gap), "percentage points" if is_share else unit, figure)
    if not re.search(r"[1-9]", size):
        return "none at this rounding"
    sign = "+" if gap > 0 else "−"
    share = 100 * abs(gap) / abs(figure["published_value"]) if figure["published_value"] else 0
    untold = is_share or unit in NO_SHARES or share < 0.05
    beside = "" if untold else f" ({sign}{_half_up(share, 1):,.1f}%)"
    return f"{sign}{size}{beside}"


def in_short(figures: pd.DataFrame) -> pd.DataFrame:
    """Return the ledger in words: claim, text, published, ours, difference and status."""
    rows = records(figures)
    return pd.DataFrame(
        {
            "claim": figures["claim"].to_list(),
            "text": figures["text"].to_list(),
            "published": [published(row) for row in rows],
            "ours": [ours(row) for row in rows],
            "difference": [difference(row) for row in rows],
            "status": [status_words(row) for row in rows],
        },
        dtype="str",
    )


def records(figures: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of the ledger one by one."""
    return [
        {str(name): cell for name, cell in record.items()} for record in figures.to_dict("records")
    ]


def facts(figure: Mapping[str, Any]) -> dict[str, str]:
    """Return what is known of a figure, term by term, without its sources; nothing empty."""
    told = {
        "Published": published(figure),
        "Ours": ours(figure),
        "Difference": difference(figure),
        "About": figure["period"],
        "Same document": OWN_DOCUMENT if figure["own_document"] else "",
        "How ours is worked out": figure["recipe"],
        "Counted differently": " ".join(figure["breaks"]),
        REASON_TERMS.get(figure["status"], "Why not recomputed"): figure["reason"],
        "What it would take": figure["needs"],
        "Note": figure["note"],
    }
    return {term: words for term, words in told.items() if words}


def claimed_in(figure: Mapping[str, Any]) -> str:
    """Return who published the claim, when and where in it, after the title.

    Examples
    --------
    >>> claimed_in({"publisher": "NAO", "published": "2024-10-24", "locator": "page 5",
    ...     "reported_by": "as reported by Schools Week"})
    'NAO, 2024-10-24, page 5; as reported by Schools Week'
    """
    source = ", ".join(
        words for words in (figure["publisher"], figure["published"], figure["locator"]) if words
    )
    return source + (f"; {figure['reported_by']}" if figure["reported_by"] else "")


def _finer(number: float, unit: str, figure: Mapping[str, Any]) -> str:
    """Write a number with one decimal more than was published, where it has more at all."""
    step = figure["rounded_to"]
    needs_more = Decimal(step) < 10 and as_decimal(number) % Decimal(step) != 0
    decimals = _decimals(step) + needs_more
    return amount(float(_half_up(number, decimals)), unit, decimals)


def _half_up(number: float, decimals: int) -> Decimal:
    return rounded(number, str(Decimal(1).scaleb(-decimals)))


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
