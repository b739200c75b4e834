"""Records that people write, in the files of ``data/argument/``: do they have what they need?"""

from collections.abc import Iterable, Sequence
from typing import Any

from sendreform.errors import ReportError, did_you_mean


def check_entries(
    record: Any, where: str, *, needed: Sequence[str], known: Iterable[str] = ()
) -> None:
    """Refuse a record that lacks an entry, or has one that nothing reads.

    Parameters
    ----------
    where
        File and record, for the error.
    needed
        Entries that must be there, with something in them.
    known
        Entries that may be there as well.

    Raises
    ------
    ReportError
        On the first such entry, or where there is no record but other text.

    Examples
    --------
    >>> check_entries({"who": "IPSEA", "say": "…"}, "tests.yml, critic 1", needed=["who", "says"])
    Traceback (most recent call last):
    sendreform.errors.ReportError: tests.yml, critic 1: unknown entry 'say'. Did you mean says?
    """
    if not isinstance(record, dict):
        raise ReportError(
            f"{record!r} is no record", where=where, fix=f"Write {needed[0]}: … and so on."
        )
    every = [*needed, *known]
    for name in record:
        if name not in every:
            raise ReportError(
                f"unknown entry {name!r}",
                where=where,
                fix=did_you_mean(str(name), every) or f"Known: {', '.join(every)}.",
            )
    for name in needed:
        if record.get(name) in (None, "", [], {}):
            raise ReportError(f"{name} is missing", where=where, fix=f"Add {name}: …")
    if not str(record.get("url", "https://")).startswith(("https://", "http://")):
        raise ReportError(
            f"{record['url']!r} is no address", where=where, fix="Write it like https://…"
        )


def named(record: Any, entry: str) -> str:
    """Return what a record is called, for an error about it; ``?`` where that is not known.

    Examples
    --------
    >>> named({"id": "growth"}, "id"), named("growth", "id")
    ('growth', '?')
    """
    return str(record.get(entry, "?")) if isinstance(record, dict) else "?"


def refuse_twice(names: Sequence[str], where: str) -> None:
    """Refuse a name that is there twice.

    Raises
    ------
    ReportError
        On the first such name.
    """
    for name in names:
        if names.count(name) > 1:
            raise ReportError(
                f"{name!r} is there twice", where=where, fix="Give each a name of its own."
            )
