"""A lock that one process holds at a time, and that the system takes back when it ends."""

import errno
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: Seconds between two attempts to get the lock.
PAUSE = 0.2


@contextmanager
def held(file: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock that a file stands for while the block lasts.

    Parameters
    ----------
    file
        Made where it is not there. What it holds does not matter.
    on_wait
        Called once where another process holds the lock, before waiting for it.

    Raises
    ------
    OSError
        If the file cannot be opened for writing.
    """
    with file.open("a+b") as lock:
        told = False
        while not _locks(lock.fileno()):
            if not told:
                on_wait()
                told = True
            time.sleep(PAUSE)
        yield


def _locks(file: int) -> bool:
    """Try to lock an open file; say whether it worked."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True
