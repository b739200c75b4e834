"""A server on this machine that answers as the statistics service documents, or misbehaves."""

import gzip
import io
import json
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import pytest

from sendreform import cli
from sendreform.fetching.service import connected

PLANS, SCHOOLS = "education-health-and-care-plans", "special-educational-needs-in-england"


def archive_of(text: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("data/caseload.csv", text)
    return written.getvalue()


@dataclass
class Behaviour:
    """What the server holds, and how it misbehaves.

    Attributes
    ----------
    releases
        Publication → its latest release, as the service behind the pages tells it.
    data_sets
        Publication → its data sets in the API: ``id``, ``title``, ``status``, the newest
        ``version`` and the ``release`` of it.
    tables
        Data set and version, such as ``a 1.0`` → its CSV, which is sent packed with gzip.
    files
        Release → the content of its archive.
    fails
        Answers to give first, each a status and its headers, before the right ones.
    cut_after
        Break off the body of a file after so many bytes, so many times.
    asked
        Every path that was asked for, with its Range header.
    """

    releases: dict[str, dict[str, object]] = field(default_factory=dict)
    data_sets: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    tables: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    publications: list[dict[str, str]] = field(default_factory=list)
    fails: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    cut_after: int = 0
    cuts: int = 0
    tag: str = '"1"'
    pause: float = 0
    body: bytes | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Answers from what its server's behaviour holds."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        behaviour: Behaviour = self.server.behaviour  # type: ignore[attr-defined]
        asked = urlparse(self.path)
        behaviour.asked.append((asked.path, self.headers.get("Range", "")))
        if behaviour.fails:
            status, headers = behaviour.fails.pop(0)
            self._send(status, b"{}", headers)
        elif behaviour.body is not None:
            self._send(200, behaviour.body)
        elif asked.path == "/v1/publications":
            self._list(behaviour.publications, parse_qs(asked.query))
        elif asked.path.startswith("/v1/"):
            self._data_sets(behaviour, asked.path.split("/")[2:], parse_qs(asked.query))
        elif asked.path.startswith("/api/publications/"):
            release = behaviour.releases.get(asked.path.split("/")[3])
            self._json(release, 200 if release else 404)
        elif asked.path.startswith("/api/releases/"):
            self._file(behaviour, asked.path.split("/")[3])
        else:
            self._json({"title": "Not Found", "status": 404}, 404)

    def _data_sets(
        self, behaviour: Behaviour, path: list[str], query: dict[str, list[str]]
    ) -> None:
        """Answer for data sets, as the reference of the API says."""
        every = {each["id"]: each for some in behaviour.data_sets.values() for each in some}
        match path:
            case ["publications", publication, "data-sets"]:
                listed = behaviour.data_sets.get(publication, [])
                names = ("id", "title", "summary", "status")
                most = 20
                if int(query["pageSize"][0]) > most:
                    self._json({"title": "There are validation errors", "status": 400}, 400)
                    return
                self._list([{name: each.get(name, "") for name in names} for each in listed], query)
            case ["data-sets", identity, "versions", wildcard] if identity in every:
                known = every[identity]
                if not known["version"] or wildcard not in ("*", known["version"]):
                    self._json({"title": "Not Found", "status": 404}, 404)
                    return
                self._json(
                    {
                        "version": known["version"],
                        "type": "Major",
                        "status": "Published",
                        "published": f"{known['published']}T08:30:00Z",
                        "release": {"title": "Reporting year 2027", "slug": known["release"]},
                    }
                )
            case ["data-sets", identity, "csv"]:
                content = behaviour.tables.get(f"{identity} {query['dataSetVersion'][0]}")
                if content is None:
                    self._json({"title": "Forbidden", "status": 403}, 403)
                    return
                packed = {"Content-Type": "text/csv", "Content-Encoding": "gzip"}
                self._send(200, gzip.compress(content), packed, may_be_cut=True)
            case _:
                self._json({"title": "Not Found", "status": 404}, 404)

    def _list(self, every: list[dict[str, str]], query: dict[str, list[str]]) -> None:
        page, size = int(query["page"][0]), int(query["pageSize"][0])
        pages = -(-len(every) // size)
        paging = {"page": page, "pageSize": size, "totalResults": len(every), "totalPages": pages}
        self._json({"paging": paging, "results": every[(page - 1) * size : page * size]})

    def _file(self, behaviour: Behaviour, release: str) -> None:
        content = behaviour.files[release]
        start = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == behaviour.tag:
            start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        headers = {"ETag": behaviour.tag} if behaviour.tag else {}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206 if start else 200, content[start:], headers, may_be_cut=True)

    def _json(self, answer: object, status: int = 200) -> None:
        self._send(status, json.dumps(answer).encode())

    def _send(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, *,
        may_be_cut: bool = False,
    ) -> None:  # fmt: skip
        behaviour: Behaviour = self.server.behaviour  # type: ignore[attr-defined]
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if may_be_cut and behaviour.cuts and len(body) > behaviour.cut_after:
            behaviour.cuts -= 1
            self.wfile.write(body[: behaviour.cut_after])
            self.close_connection = True
            return
        time.sleep(behaviour.pause)
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on the error stream."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[str]:
    """Serve on this machine while the block lasts; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.behaviour = behaviour  # type: ignore[attr-defined]
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def run_update(monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour, *arguments: str) -> int:
    """Run ``sendreform update`` against a server that behaves so; return its exit code."""
    monkeypatch.setattr(sys, "argv", ["sendreform", "update", *arguments])
    with serving(behaviour) as address:
        monkeypatch.setattr(
            cli, "connected", partial(connected, f"{address}/v1", f"{address}/api", pause=0.01)
        )
        try:
            cli.main()
        except SystemExit as ended:
            return int(ended.code or 0)
    return 0
