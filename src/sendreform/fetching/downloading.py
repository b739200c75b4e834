"""Downloads the archive of a release, or a table: whole, and from where it stopped."""

import gzip
import shutil
import time
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests
import urllib3

from sendreform.errors import ReportError
from sendreform.fetching.service import (
    BETWEEN,
    CONNECT,
    TRIES,
    Service,
    refuse_failure,
    said_of,
    unreachable,
)
from sendreform.sources.reading import DAMAGED, MOST_BYTES, check_unpacked, in_a_line

#: How much is written at a time; less than that is lost where an answer is cut off.
PIECE = 65_536
#: Seconds after which a file that still comes is given up for this run; the next one goes on.
WHOLE_FILE = 1800
#: How a body begins that came packed, as the API sends its tables.
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Download:
    """A file that was downloaded: where it is, and its SHA-256."""

    path: Path
    sha256: str


def download_archive(
    service: Service, release: str, target: Path, *, sha256: str = "", pause: float = 1
) -> Download:
    """Download all data files of a release, as one archive, unless it is there already.

    Parameters
    ----------
    release
        Its id.
    target
        The file to write; its folder is made.
    sha256
        What it must be, where that is known; a file that is there with it is not asked for again.
    pause
        Seconds before the first repetition; doubled for each after it.

    Raises
    ------
    ReportError
        If the service gives no whole answer, the file is not the one expected, is far too large,
        or no sound archive; then no file is left under its name.
    """
    download_file(service, service.archive(release), target, sha256=sha256, pause=pause)
    _check_archive(target)
    return hashed(target)


def set_aside(path: Path) -> Path:
    """Put a download that was refused aside, so that the next run asks for it anew.

    Returns
    -------
    Where it is now, to be looked at.
    """
    aside = path.with_name(f"refused_{path.name}")
    path.replace(aside)
    # Tables that came one by one, and were put together.
    shutil.rmtree(path.with_suffix(""), ignore_errors=True)
    return aside


def hashed(path: Path) -> Download:
    """Return a file that is there, with its SHA-256."""
    return Download(path, pooch.file_hash(str(path)))


def download_file(
    service: Service, url: str, target: Path, *, sha256: str = "", pause: float = 1
) -> None:
    """Download what an address holds, unless it is there already; see :func:`download_archive`."""
    pooch.get_logger().setLevel("WARNING")
    if target.is_file() and not sha256:
        sha256 = pooch.file_hash(str(target))
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}" if sha256 else None,
            fname=target.name,
            path=target.parent,
            downloader=_Resuming(service, target, pause),
        )
    except ValueError as error:
        raise ReportError(
            "the file is not the one that was expected, by its SHA-256",
            where=target.name,
            fix="The publisher may have replaced it: look at the release's page.",
        ) from error
    except OSError as error:
        raise ReportError(
            f"the file cannot be written ({error.strerror or in_a_line(error)})",
            where=str(target),
            fix="Make room or give the right to write, and try again.",
        ) from error


@dataclass(frozen=True)
class _Resuming:
    """Writes an address into a file for pooch, and goes on where an earlier attempt stopped."""

    service: Service
    target: Path
    pause: float

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        part = self.target.with_name(f".{self.target.name}.part")
        mark = self.target.with_name(f".{self.target.name}.part.mark")
        if not mark.is_file():
            part.unlink(missing_ok=True)  # of which nobody knows whether it is still the same
        problem = ""
        for attempt in range(TRIES):
            time.sleep(self.pause * (2**attempt - 1))
            try:
                self._go_on(url, part, mark)
                _unpack(part)
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                problem = said_of(error)
                continue
            except _TooLargeError:
                part.unlink(missing_ok=True)
                mark.unlink(missing_ok=True)
                raise
            part.replace(output_file)
            mark.unlink(missing_ok=True)
            return
        raise unreachable(url, problem)

    def _go_on(self, url: str, part: Path, mark: Path) -> None:
        """Ask for what is missing, and write it; ends well only when all is there."""
        there = part.stat().st_size if part.is_file() else 0
        headers = {"Accept-Encoding": "identity"}
        if there and mark.is_file():
            # The rest of that very file, or all of another.
            headers |= {"Range": f"bytes={there}-", "If-Range": mark.read_text("utf-8")}
        with self.service.session.get(
            url, headers=headers, timeout=(CONNECT, BETWEEN), stream=True
        ) as response:
            if response.status_code == 416:  # it has no such part: begin anew
                part.unlink(missing_ok=True)
                raise requests.ConnectionError("the part that was there belongs to another file")
            refuse_failure(response, url)
            is_rest = response.status_code == 206
            if tag := response.headers.get("ETag", ""):
                mark.write_text(tag, "utf-8")
            else:
                mark.unlink(missing_ok=True)
            with part.open("ab" if is_rest else "wb") as opened:
                until = time.monotonic() + WHOLE_FILE
                # As it comes, packed or not: a rest is no packed file of its own.
                for piece in response.raw.stream(PIECE, decode_content=False):
                    opened.write(piece)
                    _refuse_too_large(opened.tell(), url)
                    if time.monotonic() > until:
                        raise unreachable(url, f"not whole after {WHOLE_FILE / 60:g} minutes")


class _TooLargeError(ReportError):
    """A file is far larger than any official one."""


def _refuse_too_large(size: int, where: str) -> None:
    if size > MOST_BYTES:
        raise _TooLargeError(
            "the file is far larger than any official one",
            where=where,
            fix="Look at what it is.",
        )


def _unpack(part: Path) -> None:
    """Unpack a body that came packed; one that breaks off is thrown away, and asked for again."""
    with part.open("rb") as opened:
        if opened.read(len(GZIP)) != GZIP:
            return
    unpacked = part.with_name(f"{part.name}.unpacked")
    try:
        with gzip.open(part) as packed, unpacked.open("wb") as written:
            while piece := packed.read(PIECE):
                written.write(piece)
                _refuse_too_large(written.tell(), part.name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        part.unlink()
        raise requests.ConnectionError("the packed body breaks off, or is damaged") from error
    unpacked.replace(part)


def _check_archive(path: Path) -> None:
    """Refuse, and remove, a file that is no archive that can be read to its end."""
    try:
        with zipfile.ZipFile(path) as archive:
            check_unpacked(archive, path.name)
            broken = archive.testzip()
    except DAMAGED as error:
        broken = in_a_line(error)
    except ReportError:  # far too large, or it leads out of its folder
        path.unlink()
        raise
    if broken:
        path.unlink()
        raise ReportError(
            f"the archive is damaged ({broken})", where=path.name, fix="Download it again."
        )
