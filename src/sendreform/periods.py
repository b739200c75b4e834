"""Periods and their kinds: a January census, a calendar year and an academic year differ.

Each kind has its own way of being written in ``data/``, and each measure has one kind:

================  ===========  ============================
kind              in data      on a page
================  ===========  ============================
january           2025-01      January 2025
calendar_year     2024         2024
academic_year     2023/24      2023/24
financial_year    2023-24      2023-24
mid_year          2023-06-30   mid-2023
month             2023-05      May 2023
date              2024-03-31   31 March 2024
================  ===========  ============================

Written this way, the periods of one measure sort in time order as text.
"""

import calendar
import datetime
import re
from collections.abc import Callable

from sendreform.errors import ReportError

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)}

#: What each kind of period is called on an axis.
KIND_TITLES = {
    "january": "January census",
    "calendar_year": "Calendar year",
    "academic_year": "Academic year",
    "financial_year": "Financial year",
    "mid_year": "Mid-year (30 June)",
    "month": "Month",
    "date": "Date",
}

_PATTERNS = {
    "january": r"(?:19|20)\d{2}-01",
    "calendar_year": r"(?:19|20)\d{2}",
    "academic_year": r"(?:19|20)\d{2}/\d{2}",
    "financial_year": r"(?:19|20)\d{2}-\d{2}",
    "mid_year": r"(?:19|20)\d{2}-06-30",
    "month": r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])",
    "date": r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])",
}


def is_period(text: str, kind: str) -> bool:
    """Say whether ``text`` is a period of this kind as ``data/`` writes it.

    Examples
    --------
    >>> is_period("2023/24", "academic_year"), is_period("2023/25", "academic_year")
    (True, False)
    >>> is_period("2024", "january")
    False
    """
    if not re.fullmatch(_PATTERNS[kind], text, re.ASCII):
        return False
    if kind in ("academic_year", "financial_year"):
        return int(text[5:]) == (int(text[:4]) + 1) % 100
    if kind == "date":
        try:
            datetime.date.fromisoformat(text)
        except ValueError:
            return False
    return True


def january(year: int) -> str:
    """Return the January census of a year: ``2025`` gives ``"2025-01"``."""
    return f"{year}-01"


def academic_year(start: int) -> str:
    """Return the academic year that starts in a year: ``2023`` gives ``"2023/24"``."""
    return f"{start}/{(start + 1) % 100:02d}"


def financial_year(start: int) -> str:
    """Return the financial year that starts in a year: ``2023`` gives ``"2023-24"``."""
    return f"{start}-{(start + 1) % 100:02d}"


def first_year(period: str) -> int:
    """Return the calendar year in which a period starts: ``"2023/24"`` gives ``2023``."""
    return int(period[:4])


def of_year(year: int, kind: str) -> str:
    """Return the period of this kind that belongs to a year.

    An academic or a financial year belongs to the year in which it ends, as in the
    Department's own tables ("2025" for 2024/25).

    Examples
    --------
    >>> of_year(2025, "january"), of_year(2025, "academic_year"), of_year(2024, "calendar_year")
    ('2025-01', '2024/25', '2024')
    """
    writers: dict[str, Callable[[int], str]] = {
        "january": january,
        "calendar_year": str,
        "academic_year": lambda end: academic_year(end - 1),
        "financial_year": lambda end: financial_year(end - 1),
        "mid_year": lambda end: f"{end}-06-30",
        "month": january,
        "date": lambda end: f"{end}-12-31",
    }
    return writers[kind](year)


def year_of(period: str, kind: str) -> int:
    """Return the year a period belongs to: the inverse of :func:`of_year`.

    Examples
    --------
    >>> year_of("2024/25", "academic_year"), year_of("2025-01", "january")
    (2025, 2025)
    """
    return first_year(period) + (kind in ("academic_year", "financial_year"))


def last_day(period: str, kind: str) -> str:
    """Return the day on which a period ends, as a date.

    Examples
    --------
    >>> last_day("2025-01", "january"), last_day("2023/24", "academic_year")
    ('2025-01-31', '2024-08-31')
    >>> last_day("2023-24", "financial_year"), last_day("2024", "calendar_year")
    ('2024-03-31', '2024-12-31')
    >>> last_day("2024-02", "month"), last_day("2024-03-31", "date")
    ('2024-02-29', '2024-03-31')
    """
    year = year_of(period, kind)
    if kind in ("january", "month"):
        month = int(period[5:7])
        return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"
    ends = {"calendar_year": "12-31", "academic_year": "08-31", "financial_year": "03-31"}
    return f"{year}-{ends[kind]}" if kind in ends else period


def every_year(first: str, last: str, kind: str) -> list[str]:
    """Return every period from the first to the last, one a year.

    Raises
    ------
    ReportError
        If periods of this kind are not a year apart, or the last comes before the first.

    Examples
    --------
    >>> every_year("2022/23", "2024/25", "academic_year")
    ['2022/23', '2023/24', '2024/25']
    """
    if kind in ("month", "date"):
        raise ReportError(
            f"the years between {first} and {last} cannot be told, as a {kind} is not yearly",
            where="period",
            fix="Take a measure with one figure a year.",
        )
    years = range(year_of(first, kind), year_of(last, kind) + 1)
    if not years:
        raise ReportError(
            f"{last} comes before {first}", where="period", fix="Give the earlier one first."
        )
    return [of_year(year, kind) for year in years]


def matching(period: str, kind: str, other: str) -> str:
    """Return the period of another kind that a period is set against in a rate.

    A financial, a calendar or an academic year is set against the January census of the year that
    it belongs to, and a January census against the estimate of the middle of the year before,
    the last that was made by then.

    Raises
    ------
    ReportError
        If periods of these two kinds are not set against each other.

    Examples
    --------
    >>> matching("2024-25", "financial_year", "january")
    '2025-01'
    >>> matching("2023/24", "academic_year", "january")
    '2024-01'
    >>> matching("2024-01", "january", "mid_year")
    '2023-06-30'
    """
    if kind == other:
        return period
    if other == "january" and kind in ("financial_year", "calendar_year", "academic_year"):
        return of_year(year_of(period, kind), other)
    if kind == "january" and other == "mid_year":
        return of_year(year_of(period, kind) - 1, other)
    raise ReportError(
        f"a {KIND_TITLES[kind].lower()} has no matching {KIND_TITLES[other].lower()}",
        where="period",
        fix="Divide by a measure of the same kind of period, or by a January census.",
    )


def label(period: str, kind: str) -> str:
    """Return a period as a page writes it.

    Examples
    --------
    >>> label("2025-01", "january"), label("2023/24", "academic_year"), label("2024-03-31", "date")
    ('January 2025', '2023/24', '31 March 2024')
    """
    if kind in ("january", "month"):
        return f"{MONTH_NAMES[int(period[5:7]) - 1]} {period[:4]}"
    if kind == "mid_year":
        return f"mid-{period[:4]}"
    if kind == "date":
        return f"{int(period[8:])} {MONTH_NAMES[int(period[5:7]) - 1]} {period[:4]}"
    return period


def parse(text: str, kind: str) -> str:
    """Read a period as a person types it, for a measure of this kind.

    Accepts what ``data/`` and pages write ("2025-01", "January 2025", "2023/24", "2023-24") and
    a plain year, which means the period that belongs to it (see :func:`of_year`).

    Raises
    ------
    ReportError
        If the text is no period of this kind.

    Examples
    --------
    >>> parse("January 2025", "january"), parse("2025", "january")
    ('2025-01', '2025-01')
    >>> parse("2023-24", "academic_year")
    '2023/24'
    """
    typed = text.strip()
    if is_period(typed, kind):
        return typed
    if re.fullmatch(r"(?:19|20)[0-9]{2}", typed):
        return of_year(int(typed), kind)
    if kind in ("academic_year", "financial_year"):
        slashed = re.fullmatch(r"((?:19|20)[0-9]{2})\s*[/–-]\s*(?:20)?([0-9]{2})", typed)
        if slashed:
            start = int(slashed[1])
            if (start + 1) % 100 == int(slashed[2]):
                return (academic_year if kind == "academic_year" else financial_year)(start)
    if kind == "mid_year" and (
        middle := re.fullmatch(r"mid-?\s?((?:19|20)[0-9]{2})", typed.lower())
    ):
        return f"{middle[1]}-06-30"
    words = typed.lower().split()
    if kind in ("january", "month") and len(words) == 2 and words[0] in MONTHS:
        candidate = f"{words[1]}-{MONTHS[words[0]]:02d}"
        if is_period(candidate, kind):
            return candidate
    if (
        kind == "date"
        and len(words) == 3
        and words[1] in MONTHS
        and re.fullmatch("[0-9]{1,2}", words[0])
    ):
        candidate = f"{words[2]}-{MONTHS[words[1]]:02d}-{int(words[0]):02d}"
        if is_period(candidate, kind):
            return candidate
    example = label(of_year(2024, kind), kind)
    raise ReportError(
        f"{text!r} is not a {KIND_TITLES[kind].lower()}",
        where="period",
        fix=f"Write it like {example!r}.",
    )
