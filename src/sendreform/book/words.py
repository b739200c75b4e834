"""How a page says a figure: sentences filled by code, so that no statistic is ever typed."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import pandas as pd
from IPython.display import Markdown

from sendreform import periods
from sendreform.charts import Figure
from sendreform.charts.numbers import number_format
from sendreform.claims.result import Result
from sendreform.errors import ReportError
from sendreform.evidence.series import Span

#: A count below this is told as a number and never as a percentage.
FEW = 50

#: A sentence gives no more decimals than this; the table under a chart has them all.
MOST_DECIMALS = 1


def number(value: float, unit: str = "", decimals: int = 0) -> str | None:
    """Write a figure for a sentence; ``None`` for a missing one, which :func:`say` then notices.

    Examples
    --------
    >>> number(638745), number(46.13, "per cent", 1), number(9_954_000_000, "pounds")
    ('638,745', '46.1%', '£10bn')
    >>> number(100, "per cent", 1), number(float("nan")) is None
    ('100%', True)
    """
    if is_missing(value):
        return None
    # None and all of a share need no decimals.
    whole_share = unit.startswith("per cent") and value in (0, 100)
    return number_format(unit, 0 if whole_share else decimals).short(value)


def moved(
    span: Span,
    *,
    kind: str,
    unit: str,
    decimals: int = 0,
    breaks: Collection[str] = (),
    verbs: tuple[str, str] = ("rose", "fell"),
) -> str | None:
    """Say from where to where a series went, or ``None`` when it has not got two figures.

    Parameters
    ----------
    kind, unit, decimals, breaks
        From the record of the measure. A break on the way is always told.
    verbs
        What a series that grows does, and one that shrinks.

    Examples
    --------
    >>> moved(Span("2015-01", "2025-01", 240183.0, 638745.0), kind="january", unit="plans")
    'rose from 240,183 in January 2015 to 638,745 in January 2025'
    >>> moved(Span("2023", "2024", 50.3, 50.3), kind="calendar_year", unit="per cent", decimals=1)
    'stood at 50.3% in both 2023 and 2024'
    >>> moved(Span("2021", "2024", 59.9, 46.4), kind="calendar_year", unit="per cent", decimals=1,
    ...     breaks=["2014", "2022"])
    'fell from 59.9% in 2021 to 46.4% in 2024 (counted differently from 2022)'
    """
    if is_missing(span.difference) or span.first_period == span.last_period:
        return None
    start, end = periods.label(span.first_period, kind), periods.label(span.last_period, kind)
    shown = min(decimals, MOST_DECIMALS)
    first, last = number(span.first, unit, shown), number(span.last, unit, shown)
    passed = breaks_passed(span.first_period, span.last_period, kind, breaks)
    caution = f" (counted differently from {listed(passed)})" if passed else ""
    if first == last:
        return f"stood at {first} in both {start} and {end}{caution}"
    verb = verbs[0] if span.difference > 0 else verbs[1]
    return f"{verb} from {first} in {start} to {last} in {end}{caution}"


def breaks_passed(first: str, last: str, kind: str, breaks: Iterable[str]) -> list[str]:
    """Name the breaks of a series on the way from one period to another, in order.

    Examples
    --------
    >>> breaks_passed("2015-01", "2025-01", "january", ["2023-01", "2014-01"])
    ['January 2023']
    """
    return [periods.label(period, kind) for period in sorted(breaks) if first < period <= last]


def say_known(opening: str, parts: Mapping[str, str | None], otherwise: str) -> Markdown:
    """Return one sentence of those parts for which there is a figure.

    Parameters
    ----------
    opening
        How the sentence begins.
    parts
        The beginning of each part → its end, or ``None`` where a figure is missing.
    otherwise
        What to say when every part is missing.

    Examples
    --------
    >>> parts = {"plans": "rose", "appeals": None, "the gap": "fell"}
    >>> say_known("In Kent,", parts, "Nothing is known.").data
    'In Kent, plans rose; and the gap fell.'
    """
    known = [f"{subject} {course}" for subject, course in parts.items() if course]
    if not known:
        return Markdown(otherwise)
    *first, last = known
    return Markdown(f"{opening} {'; '.join(first) + '; and ' if first else ''}{last}.")


def titled(
    subject: str,
    span: Span,
    *,
    kind: str,
    unit: str,
    verbs: tuple[str, str] = ("rose", "fell"),
    breaks: Collection[str] = (),
    **_record: Any,
) -> str:
    """Return a chart's title that says which way a series went, by how much, and when.

    A share moves by percentage points, a count by per cent, and a small count from one number to
    another, as a percentage of a few children says little. A break on the way is told. Without two
    figures the title is the subject alone.

    Examples
    --------
    >>> plans = Span("2015-01", "2025-01", 240183.0, 638745.0)
    >>> titled("EHC plans in England", plans, kind="january", unit="plans")
    'EHC plans in England rose by 166%, January 2015 to January 2025'
    >>> titled("Plans on time", Span("2015", "2025", 59.2, 46.1), kind="calendar_year",
    ...     unit="per cent of plans")
    'Plans on time fell by 13.1 percentage points, 2015 to 2025'
    >>> titled("Appeals in Rutland", Span("2015", "2025", 1.0, 3.0), kind="calendar_year",
    ...     unit="appeals")
    'Appeals in Rutland rose from 1 to 3, 2015 to 2025'
    """
    is_share = unit.startswith("per cent")
    if is_missing(span.difference) or span.first_period == span.last_period:
        return subject.rstrip(",")
    years = f"{periods.label(span.first_period, kind)} to {periods.label(span.last_period, kind)}"
    if breaks_passed(span.first_period, span.last_period, kind, breaks):
        years += ", across a break"
    verb = verbs[0] if span.difference > 0 else verbs[1]
    if not round(span.difference, 1):
        return f"{subject} did not change, {years}"
    if is_share:
        points = f"{abs(span.difference):.1f}".removesuffix(".0")
        noun = "percentage point" if points == "1" else "percentage points"
        return f"{subject} {verb} by {points} {noun}, {years}"
    if min(span.first, span.last) < FEW:
        course = f"from {number(span.first, unit)} to {number(span.last, unit)}"
        return f"{subject} {verb} {course}, {years}"
    size = abs(span.per_cent)
    per_cent = f"{size:,.0f}" if size >= 10 else f"{size:.1f}".removesuffix(".0")
    return f"{subject} {verb} by {per_cent}%, {years}"


def described(chart: str, subject: str, span: Span, **record: Any) -> str:
    """Return the text alternative of a chart: what kind it is, and what it shows.

    Examples
    --------
    >>> described("Line chart", "Appeals in England", Span("2014", "2024", 4108, 22276),
    ...     kind="calendar_year", unit="appeals")
    'Line chart. Appeals in England: rose from 4,108 in 2014 to 22,276 in 2024.'
    """
    course = moved(span, **record)
    return f"{chart}. {subject}: {course}." if course else f"{chart}. It shows: {subject}."


def drawn(
    draw: Callable[..., Figure], data: pd.DataFrame, *, otherwise: str, **words: Any
) -> Figure | Markdown:
    """Draw a chart, or say in words why there is none.

    Parameters
    ----------
    draw
        A function of :mod:`sendreform.charts`.
    data
        Its table, with a column ``value``.
    otherwise
        What to say when no value is there.
    words
        Everything else that the function takes.
    """
    return draw(data, **words) if data["value"].notna().any() else Markdown(otherwise)


def say(template: str, otherwise: str = "", **figures: Any) -> Markdown:
    """Return a sentence with its figures, or other words when a figure is missing.

    Parameters
    ----------
    template
        Markdown with a place for each figure: ``"{plans:,.0f} plans"``.
    otherwise
        What to say when any figure used in the template is missing; its own places are filled too.
    figures
        Numbers, text, or missing values.

    Raises
    ------
    ReportError
        If a figure is missing and nothing else is to be said.

    Examples
    --------
    >>> say("{plans:,.0f} plans in {place}.", plans=638745, place="England").data
    '638,745 plans in England.'
    >>> say("{plans:,.0f} plans.", "No figure for {place}.", plans=None, place="Kent").data
    'No figure for Kent.'
    """
    if all_there(template, figures):
        return Markdown(template.strip().format_map(figures))
    if not otherwise:
        missing = [name for name, figure in figures.items() if is_missing(figure)]
        raise ReportError(
            f"no figure for {', '.join(missing)}", where=f"sentence {template.strip()[:60]!r}"
        )
    return Markdown(otherwise.strip().format_map(figures))


def all_there(template: str, figures: Mapping[str, Any]) -> bool:
    """Say whether every figure that the template uses has a value."""
    return not any(is_missing(figure) for name, figure in figures.items() if "{" + name in template)


def is_missing(figure: Any) -> bool:
    """Say whether a figure is missing."""
    return figure is None or figure is pd.NA or (isinstance(figure, float) and math.isnan(figure))


def counted(count: int, noun: str = "") -> str:
    """Write a small count as people do, with its noun in the right number.

    Examples
    --------
    >>> counted(1, "test"), counted(12, "test"), counted(4)
    ('one test', '12 tests', 'four')
    """
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    figure = words[count] if count < len(words) else f"{count:,}"
    return f"{figure} {noun}{'' if count == 1 else 's'}" if noun else figure


def or_none(count: int) -> str:
    """Write a small count that stands without its noun.

    Examples
    --------
    >>> or_none(3), or_none(0)
    ('three', 'none')
    """
    return counted(count) if count else "none"


def listed(parts: Iterable[str]) -> str:
    """Write names one after the other; nothing for none.

    Examples
    --------
    >>> listed(["2014", "2018", "2022"]), listed(["2014"]), listed([])
    ('2014, 2018 and 2022', '2014', '')
    """
    *first, last = [*parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def sentence_case(words: str) -> str:
    """Begin words as a sentence begins.

    Examples
    --------
    >>> sentence_case("the North East")
    'The North East'
    """
    return words[:1].upper() + words[1:]


def signed(value: float | None, unit: str = "", decimals: int = 0) -> str | None:
    """Write a change with its sign; ``None`` for a missing one.

    Examples
    --------
    >>> signed(1200.0), signed(-3e6, "pounds"), signed(0.04, decimals=1)
    ('+1,200', '−£3m', '0.0')
    """
    if value is None or is_missing(value):
        return None
    return f"{'+' if round(value, decimals) > 0 else ''}{number(value, unit, decimals)}"


def by_per_cent(per_cent: float, verbs: tuple[str, str] = ("rose", "fell")) -> str | None:
    """Write a change in per cent; ``None`` for a missing one.

    Parameters
    ----------
    verbs
        What grows does, and what shrinks.

    Examples
    --------
    >>> by_per_cent(2.8), by_per_cent(-12.0, ("grew", "shrank")), by_per_cent(0.04)
    ('rose by 3%', 'shrank by 12%', 'hardly changed')
    """
    if is_missing(per_cent):
        return None
    if abs(per_cent) < 0.1:
        return "hardly changed"
    size = number(abs(per_cent), "per cent", 0 if abs(per_cent) >= 1 else 1)
    return f"{verbs[0] if per_cent > 0 else verbs[1]} by {size}"


def interval_of(result: Result, unit: str = "per cent", decimals: int = 0) -> str:
    """Write the 95% interval of a result in brackets; nothing where it has none.

    Examples
    --------
    >>> interval_of(Result(40, "2024", (), low=30, high=50)), interval_of(Result(40, "2024", ()))
    (' (95% interval 30% to 50%)', '')
    """
    if not result.has_interval:
        return ""
    low, high = (number(end, unit, decimals) for end in (result.low, result.high))
    return f" (95% interval {low} to {high})"
