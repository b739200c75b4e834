"""Talks to Explore Education Statistics: its public API, and the service behind its pages.

The API (v1) lists publications page by page, their data sets, and the versions of those. Not every
publication is in it; the service behind the pages tells the latest release of any, and has its
files as one archive.

What says that the addresses are so, as nothing here was tried on the service itself:

* The API's are documented (https://api.education.gov.uk/statistics/docs/). Limits of a page, the
  wildcard in a version, statuses, and that a CSV comes packed with gzip, are in the service's
  public code as well (dfe-analytical-services/explore-education-statistics, ``Public.Data.Api``).
* ``releases/ID/files`` of the service behind the pages is what "Download all data" on a release's
  page links to; public code of others uses it too. The service's code has it in
  ``ReleaseFileController``; the id is that of a version of a release.
* ``publications/SLUG/releases/latest/summary`` is undocumented. The service's code has it in
  ``ReleaseController``, and its own pages call it; pages made anew in 2025 also use
  ``releases/SLUG/version-summary``, and carry the same id as ``releaseVersionSummary``.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.response import BaseHTTPResponse
from urllib3.util.retry import Retry

from sendreform.errors import ReportError
from sendreform.sources.reading import in_a_line

API = "https://api.education.gov.uk/statistics/v1"
CONTENT = "https://content.explore-education-statistics.service.gov.uk/api"
#: Answers of the API that are tables of contents are far smaller.
MOST_JSON = 20_000_000
#: Seconds to wait for a connection, between two pieces of an answer, and for a whole answer.
CONNECT, BETWEEN, WHOLE = 10, 60, 180
#: No server may hold us up for longer than this; one that asks for more is left alone until then.
LONGEST_WAIT = 600
#: What is asked for is judged by us, and not cut short before.
_ANY_TIME = 10**9
#: How often a request is made before it is given up.
TRIES = 5
#: How many a page lists; of data sets the API gives no more than twenty.
PAGE_SIZE, DATA_SETS_PAGE_SIZE = 40, 20


class UnreachableError(ReportError):
    """The service gives no whole answer at all: nothing else that is asked of it would help."""


@dataclass(frozen=True)
class Service:
    """One open connection to the service.

    Attributes
    ----------
    session
        Sends one request at a time, tries again after a pause where the service is busy or fails,
        and waits as long as its ``Retry-After`` asks.
    api, content
        Addresses of the public API and of the service behind the pages.
    """

    session: requests.Session
    api: str = API
    content: str = CONTENT

    def publications(self) -> Iterator[dict[str, Any]]:
        """Give every publication of the API: ``id``, ``slug``, ``title`` and ``lastPublished``.

        Raises
        ------
        ReportError
            If the service cannot be reached, or answers otherwise than is documented.
        """
        names = ("slug", "title", "lastPublished", "id")
        yield from self._listed(f"{self.api}/publications", PAGE_SIZE, names)

    def data_sets(self, publication: str) -> Iterator[dict[str, Any]]:
        """Give every data set of a publication of the API: ``id``, ``title`` and ``status``."""
        url = f"{self.api}/publications/{publication}/data-sets"
        yield from self._listed(url, DATA_SETS_PAGE_SIZE, ("id", "title", "status"))

    def data_set_version(self, data_set: str, version: str) -> dict[str, Any] | None:
        """Return a version of a data set: ``version``, ``published``, ``release`` with ``slug``.

        Parameters
        ----------
        version
            Its number, or a wildcard such as ``*`` or ``2.*`` for the newest of several.

        Returns
        -------
        ``None`` where there is no such version.
        """
        url = f"{self.api}/data-sets/{data_set}/versions/{version}"
        answer: dict[str, Any] | None = self._json(url, missing_is_none=True)
        if answer is not None:
            for name in ("version", "published"):
                _entry(answer, name, str, url)
            _entry(_entry(answer, "release", dict, url), "slug", str, url)
        return answer

    def csv(self, data_set: str, version: str) -> str:
        """Return the address of a version of a data set as CSV."""
        return f"{self.api}/data-sets/{data_set}/csv?dataSetVersion={version}"

    def _listed(self, url: str, size: int, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Give what a list holds, page after page; each with these entries, which are text."""
        page, pages = 1, 1
        while page <= pages:
            answer = self._json(url, page=page, pageSize=size)
            paging = _entry(answer, "paging", dict, url)
            pages = _entry(paging, "totalPages", int, url)
            for record in _entry(answer, "results", list, url):
                for name in names:
                    _entry(record, name, str, url)
                yield record
            page += 1

    def latest_release(self, slug: str) -> dict[str, Any] | None:
        """Return the latest release of a publication: ``id``, ``title``, ``slug``, ``published``.

        ``None`` where the service knows no such publication.
        """
        url = f"{self.content}/publications/{slug}/releases/latest/summary"
        answer: dict[str, Any] | None = self._json(url, missing_is_none=True)
        for name in ("id", "title", "slug", "published") if answer is not None else ():
            _entry(answer, name, str, url)
        return answer

    def archive(self, release: str) -> str:
        """Return the address of all data files of a release, as one archive."""
        return f"{self.content}/releases/{release}/files"

    def _json(self, url: str, *, missing_is_none: bool = False, **query: int) -> Any:
        """Return what an address answers; an answer that is cut off is asked for again."""
        problem = ""
        for attempt in range(TRIES):
            time.sleep(2**attempt - 1 if attempt else 0)
            try:
                with self.session.get(
                    url, params=query, timeout=(CONNECT, BETWEEN), stream=True
                ) as response:
                    if response.status_code == 404 and missing_is_none:
                        return None
                    refuse_failure(response, url)
                    return json.loads(_body(response, url))
            except (requests.RequestException, ValueError) as error:
                problem = said_of(error)
                if isinstance(
                    error,
                    requests.ConnectionError | requests.Timeout | requests.exceptions.RetryError,
                ):
                    break  # the session has tried again already
        raise unreachable(url, problem)


@contextmanager
def connected(api: str = API, content: str = CONTENT, *, pause: float = 1) -> Iterator[Service]:
    """Open one connection to the service while the block lasts.

    Parameters
    ----------
    pause
        Seconds before the first repetition; doubled for each after it.
    """
    again = _Patient(
        total=TRIES - 1,
        # A server that says nothing for a minute, twice, is not asked a third time.
        read=1,
        backoff_factor=pause,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods={"GET"},
        respect_retry_after_header=True,
        retry_after_max=_ANY_TIME,
        raise_on_status=False,
    )
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, pool_block=True, max_retries=again)
    with requests.Session() as session:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        session.hooks["response"].append(_refuse_other_host)
        session.headers["User-Agent"] = "sendreform (an open research report)"
        yield Service(session, api, content)


class _Patient(Retry):
    """Tries again when the server asks for it, unless that is not today's work."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Return the seconds that the server asks to be left alone.

        Raises
        ------
        UnreachableError
            If it asks for longer than :data:`LONGEST_WAIT`.
        """
        seconds = super().get_retry_after(response)
        if seconds is not None and seconds > LONGEST_WAIT:
            raise UnreachableError(
                f"the service asks to be left alone for {seconds / 60:,.0f} minutes",
                where=response.url or "",
                fix="Nothing was changed. Try again then.",
            )
        return seconds


def _refuse_other_host(response: requests.Response, **_asked: object) -> None:
    """Refuse to be sent on to another host, which may be anybody's."""
    if not response.is_redirect:
        return
    there = urljoin(response.url, response.headers["Location"])
    if urlsplit(there)[:2] != urlsplit(response.url)[:2]:
        response.close()
        raise ReportError(
            f"the service sends us on to {there}, which is not its own address",
            where=response.url,
            fix="Look at it in a browser. If it is right, download the file there and import it.",
        )


def said_of(error: Exception) -> str:
    """Say in plain words why there was no answer."""
    if isinstance(error, requests.exceptions.RetryError):
        return "it goes on failing"
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return "it says nothing"
    if isinstance(error, requests.ConnectionError):
        return "there is no connection, or it breaks off"
    return in_a_line(error)


def refuse_failure(response: requests.Response, url: str) -> None:
    """Refuse an answer that says that it failed.

    Raises
    ------
    ReportError
        Says the status, and what it means for whoever asked.
    """
    status = response.status_code
    if status < 400:
        return
    fix = {
        404: "The publisher may have moved it: look for it on the publication's page.",
        429: "The service asks for fewer requests: try again in an hour.",
    }.get(
        status,
        "Try again later."
        if status >= 500
        else "It may have changed: see its documentation, and change this client.",
    )
    raise ReportError(
        f"the service answers {status} {response.reason}".rstrip(), where=url, fix=fix
    )


def unreachable(url: str, problem: str) -> UnreachableError:
    """Return the error for an address that gives no whole answer."""
    return UnreachableError(
        f"no whole answer ({problem})", where=url, fix="Nothing was changed. Try again later."
    )


def _body(response: requests.Response, url: str) -> bytes:
    """Return a whole answer, unless it is far too large or takes far too long."""
    deadline, body = time.monotonic() + WHOLE, b""
    for piece in response.iter_content(65_536):
        body += piece
        if len(body) > MOST_JSON:
            raise ReportError("the answer is far too large", where=url, fix="Look at what it is.")
        if time.monotonic() > deadline:
            raise unreachable(url, f"not whole after {WHOLE} seconds")
    return body


def _entry(answer: Any, name: str, kind: type, url: str) -> Any:
    """Return an entry of an answer, or say that the service answers otherwise than documented."""
    found = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(found, kind):
        raise ReportError(
            f"the answer has no {name!r} as the service documents it",
            where=url,
            fix="The service may have changed: see its documentation, and change this client.",
        )
    return found
