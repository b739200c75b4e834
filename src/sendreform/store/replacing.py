"""Puts a new ``data/`` in the place of the old one: at any instant it is wholly one or the other.

The new folder is written beside the old and made to last on the disk; then the two change places
in one step of the file system, and the old one is removed. Whoever is killed on the way leaves
``data/`` whole, and a folder beside it that the next run removes. Where a system has no such step,
``data/`` is put aside for an instant, and the next run brings it back if need be. One run at a time
holds a lock, which the system takes back from a process that ends, however it ends.
"""

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sendreform.errors import ReportError
from sendreform.store.locking import held

#: What systems call the exchange of two paths: function, its arguments before and after the paths.
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2
#: How a system says that it, or this file system, cannot exchange two folders.
_CANNOT_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EXDEV)


@contextmanager
def alone(data: Path, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the lock on a ``data/`` folder while the block lasts, and clean up after killed runs.

    Parameters
    ----------
    on_wait
        Called once where another run holds the lock, before waiting for it.

    Raises
    ------
    ReportError
        If the folder around ``data`` cannot be written.
    """
    with _told(data), held(_beside(data, "lock"), on_wait):
        _clean_up(data)
        yield


@contextmanager
def replaced(data: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends well, it takes the place of ``data``.

    Use it within :func:`alone`. If the block raises, the new folder is removed and ``data`` stays
    as it was.

    Raises
    ------
    ReportError
        If the disk is full, a folder cannot be written, or the file system cannot rename it; says
        that nothing was replaced.
    """
    with _told(data):
        fresh = Path(tempfile.mkdtemp(prefix=_beside(data, "new-").name, dir=data.parent))
        try:
            fresh.chmod(0o755)
            yield fresh
            _make_last(fresh)
            _swap(fresh, data)
            _sync_folder(data.parent)
        finally:
            # Not reached by a run that is killed: the next one removes the folder.
            shutil.rmtree(fresh, ignore_errors=True)


def _beside(data: Path, what: str) -> Path:
    return data.with_name(f".{data.name}-{what}")


@contextmanager
def _told(data: Path) -> Iterator[None]:
    """Tell what the system complains of in one line."""
    try:
        yield
    except OSError as error:
        reasons = {
            errno.ENOSPC: "the disk is full",
            errno.EDQUOT: "the disk quota is used up",
            errno.EROFS: "the file system can only be read",
            errno.EACCES: "permission denied",
            errno.EPERM: "permission denied",
            errno.EXDEV: "this file system cannot rename the folder",
        }
        what = reasons.get(error.errno or 0, str(error.strerror or error))
        raise ReportError(
            what,
            where=str(error.filename or data.parent),
            fix="Nothing was replaced. Mend that, and run it again.",
        ) from error


def _clean_up(data: Path) -> None:
    """Remove what a killed run left, and bring back a folder that it had only put aside."""
    old = _beside(data, "old")
    if old.is_dir():
        if data.exists():
            shutil.rmtree(old)
        else:
            old.rename(data)
    for left in data.parent.glob(f"{_beside(data, 'new-').name}*"):
        shutil.rmtree(left)


def _make_last(folder: Path) -> None:
    """Have every file and folder written to the disk, so that a power cut finds them whole."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_dir():
            _sync_folder(path)
        else:
            with path.open("rb+") as file:
                os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _swap(fresh: Path, data: Path) -> None:
    """Put the new folder in the place of the old, in one step where the system has one."""
    if not data.exists():
        fresh.rename(data)
        return
    try:
        _exchange(fresh, data)
    except OSError as error:
        if error.errno not in _CANNOT_EXCHANGE:
            raise
        _swap_in_two_steps(fresh, data)


def _exchange(one: Path, other: Path) -> None:
    """Let two paths change places in one step of the file system (Linux, macOS)."""
    paths = os.fsencode(one), os.fsencode(other)
    system: Any = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    if hasattr(system, "renameat2"):
        failed = system.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    elif hasattr(system, "renamex_np"):
        failed = system.renamex_np(*paths, _RENAME_SWAP)
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(other))


def _swap_in_two_steps(fresh: Path, data: Path) -> None:
    """Put the old folder aside and the new one in its place; a run killed between is mended."""
    old = _beside(data, "old")
    data.rename(old)
    try:
        fresh.rename(data)
    except OSError:
        old.rename(data)
        raise
    shutil.rmtree(old, ignore_errors=True)
