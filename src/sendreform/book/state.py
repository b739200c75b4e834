"""What a notebook's result depends on beside itself: the package, and the tables that it read.

A change of the package, or of the libraries that it is locked to, makes every result old. A change
of a table in ``data/`` makes old what read it, and nothing else.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

#: What a file that is not there is known by: it may come.
ABSENT = ""
#: Files of the package that say how a page looks, and not what a notebook gives.
LOOKS = frozenset({".css", ".html", ".js", ".svg", ".toml"})


def package_state(root: Path, without: Collection[str] = ()) -> str:
    """Return a hash of the package and of the locked libraries.

    Parameters
    ----------
    without
        Endings of files that do not matter, such as :data:`LOOKS`.
    """
    digest = hashlib.sha256()
    files = (
        path
        for path in (root / "src" / "sendreform").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in without
    )
    for path in (*sorted(files), root / "requirements.lock"):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def hashes(root: Path, files: Iterable[Path]) -> dict[str, str]:
    """Return the hash of each file, by its path from the root of the project, in order."""
    inside = (path for path in files if path.is_relative_to(root))
    return {path.relative_to(root).as_posix(): _hash(path) for path in sorted(inside)}


def is_as_read(root: Path, read: Mapping[str, str], known: dict[str, str]) -> bool:
    """Say whether files still are as they were when they were read.

    Parameters
    ----------
    read
        What :func:`hashes` returned then.
    known
        The hashes of today, as far as they are known; others are worked out and added.
    """
    for name in read.keys() - known.keys():
        known[name] = _hash(root / name)
    return all(known[name] == hashed for name, hashed in read.items())


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ABSENT
