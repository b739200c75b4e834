"""The one error this package raises for bad input: what is wrong, where, and what to do."""

from collections.abc import Iterable
from functools import partial

from rapidfuzz import fuzz, process, utils


def printable(text: str) -> str:
    """Return text in which nothing moves a cursor or ends a line: names in files may hold that.

    Examples
    --------
    >>> print(printable("re\\x1b[2J\\nOK"))
    re\\x1b[2J\\nOK
    """
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


class ReportError(Exception):
    """Bad input, told in one line.

    Parameters
    ----------
    what
        What is wrong, without a full stop: ``"unknown column 'special_acadmy'"``.
    where
        Where: a file, then its column, row or parameter.
    fix
        What the reader can do about it, as a sentence.

    Examples
    --------
    >>> print(ReportError("the archive is cut short", where="plans.zip", fix="Download it again."))
    plans.zip: the archive is cut short. Download it again.
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        what, where, fix = map(printable, (what, where, fix))
        self.what, self.where, self.fix = what, where, fix
        place = f"{where}: " if where else ""
        remedy = f" {fix}" if fix else ""
        end = "" if what.endswith((".", "?", "!")) else "."
        super().__init__(f"{place}{what}{end}{remedy}")

    def __reduce__(self) -> tuple[partial["ReportError"], tuple[str]]:
        """Travel whole between processes: an exception is made anew from its parts there."""
        return partial(ReportError, where=self.where, fix=self.fix), (self.what,)


def near_names(unknown: str, known: Iterable[str], most: int = 4) -> list[str]:
    """Return the known names that read most like ``unknown``, best first.

    Examples
    --------
    >>> near_names("Kingston", ["Kent", "Kingston upon Thames", "Leeds", "Kingston upon Hull"])
    ['Kingston upon Thames', 'Kingston upon Hull']
    """
    matches = process.extract(
        unknown,
        list(known),
        scorer=fuzz.WRatio,
        processor=utils.default_process,
        limit=most,
        score_cutoff=70,
    )
    return [name for name, _score, _index in matches]


def did_you_mean(unknown: str, known: Iterable[str]) -> str:
    """Return ``"Did you mean A, B or C?"``, or an empty string when nothing is near.

    Examples
    --------
    >>> did_you_mean("Leads", ["Leeds", "Kent"])
    'Did you mean Leeds?'
    """
    names = near_names(unknown, known)
    if not names:
        return ""
    *first, last = names
    return f"Did you mean {', '.join(first) + ' or ' if first else ''}{last}?"
