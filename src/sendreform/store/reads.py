"""Which files of ``data/`` a piece of work read: what its result depends on, and nothing else.

Each access to a table is noted, not only the first, so that it makes no difference what a process
had read before. A function that keeps its answers is made with :func:`remembered` and not with
``functools.lru_cache``: an answer that is given again brings with it the files that it rests on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

_recordings: list[set[Path]] = []


def note(files: Iterable[Path]) -> None:
    """Note that files are read; one that is looked for and is not there counts as well."""
    for recording in _recordings:
        recording.update(files)


@contextmanager
def recording() -> Iterator[set[Path]]:
    """Give a set that fills with the files that are read while the block lasts."""
    read: set[Path] = set()
    _recordings.append(read)
    try:
        yield read
    finally:
        _recordings[:] = [other for other in _recordings if other is not read]


def remembered(most: int | None) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Keep up to so many answers of a function, each with the files that were read for it."""

    def keeping(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
        def with_files(*args: Given.args, **named: Given.kwargs) -> tuple[Answer, frozenset[Path]]:
            with recording() as read:
                return function(*args, **named), frozenset(read)

        # Whatever an answer is kept by can be hashed; the type of lru_cache forgets what it was.
        made: Callable[Given, tuple[Answer, frozenset[Path]]]
        made = lru_cache(most)(with_files)  # type: ignore[assignment]

        @wraps(function)
        def answer(*args: Given.args, **named: Given.kwargs) -> Answer:
            value, read = made(*args, **named)
            note(read)
            return value

        return answer

    return keeping
