"""Asking what is new, and downloading it, from a server that may misbehave."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from as_tested import tested_project
from fetching.loopback import PLANS, SCHOOLS, Behaviour, archive_of, run_update, serving
from sendreform.errors import ReportError
from sendreform.fetching import downloading, service
from sendreform.fetching.downloading import download_archive
from sendreform.fetching.service import Service, connected
from sendreform.fetching.watching import watched, whats_new
from sendreform.store import open_store

STORE = open_store(tested_project() / "data")
RELEASE = "5e1fafd6-6ff8-4025-affe-ec851785f46e"


def release(published: str, title: str = "Reporting year 2027") -> dict[str, object]:
    return {
        "id": RELEASE,
        "title": title,
        "slug": title[-4:],
        "published": f"{published}T08:30:00Z",
    }


@pytest.fixture
def behaviour() -> Behaviour:
    """Every publication is as we have it, but for the plans, of which there is a new release."""
    ours = watched(STORE)
    return Behaviour(
        releases={
            row.publication: release(
                "2027-06-24" if row.publication == PLANS else "2013-01-01", "Old"
            )
            for row in ours.itertuples()
        },
        publications=[
            {
                "id": "1",
                "slug": slug,
                "title": slug.title(),
                "summary": "",
                "lastPublished": "2027-06-24T08:30:00Z",
            }
            for slug in [*(f"another-{number}" for number in range(90)), *ours["publication"]]
        ],
        files={RELEASE: archive_of("area,plans\n" + "886,20635\n" * 40_000)},
    )


@contextmanager
def talking_to(behaviour: Behaviour) -> Iterator[Service]:
    with (
        serving(behaviour) as address,
        connected(f"{address}/v1", f"{address}/api", pause=0.01) as opened,
    ):
        yield opened


def complaint(raised: pytest.ExceptionInfo[ReportError]) -> str:
    assert len(str(raised.value).splitlines()) == 1
    return str(raised.value)


# ---------------------------------------------------------------- what is new


def test_the_publications_that_the_data_come_from_are_watched() -> None:
    ours = watched(STORE).set_index("publication")
    assert {PLANS, SCHOOLS} <= set(ours.index)
    assert ours.loc[PLANS, "our_release"] == "Reporting year 2026"
    with pytest.raises(ReportError, match="Did you mean education-health-and-care-plans"):
        watched(STORE, "education-health-care-plans")


def test_a_later_release_is_new_and_every_page_is_read(behaviour: Behaviour) -> None:
    with talking_to(behaviour) as opened:
        found = whats_new(STORE, opened).set_index("publication")
    assert found.index[found["is_new"]].to_list() == [PLANS]
    assert found.loc[PLANS, ["ours", "theirs"]].to_list() == ["2026-06", "2027-06-24"]
    assert found.loc[PLANS, "title"] == PLANS.title()
    pages = [path for path, _ in behaviour.asked if path == "/v1/publications"]
    assert len(pages) == -(-len(behaviour.publications) // service.PAGE_SIZE) == 3


@pytest.mark.parametrize(
    ("publication", "published", "is_new"),
    [
        # Of the plans of June 2026 we have single tables: the archive has more.
        (PLANS, "2026-06-25", True),
        (PLANS, "2026-07-01", True),
        (PLANS, "2025-06-26", False),
        # Of schools the month is all that is known, and no archive can be read.
        (SCHOOLS, "2025-06-12", False),
        (SCHOOLS, "2025-07-01", True),
    ],
)
def test_a_release_of_the_month_that_we_have_is_new_where_we_have_but_tables_of_it(
    behaviour: Behaviour, publication: str, published: str, is_new: bool
) -> None:
    behaviour.releases[publication] = release(published)
    with talking_to(behaviour) as opened:
        assert whats_new(STORE, opened, publication)["is_new"].to_list() == [is_new]


def test_a_publication_that_is_gone_is_told(behaviour: Behaviour) -> None:
    """It keeps the others from nothing, and is not its own near name."""
    del behaviour.releases[PLANS]
    with talking_to(behaviour) as opened:
        found = whats_new(STORE, opened).set_index("publication")
    said = found.loc[PLANS, "problem"]
    assert f"the service has no publication '{PLANS}' any more" in said
    assert f"Did you mean {PLANS}" not in said
    assert len(said.splitlines()) == 1
    assert not found.loc[PLANS, "is_new"]
    assert (found.drop(index=PLANS)["problem"] == "").all()


@pytest.mark.parametrize("day", ["2099-01-01", "2027-02-31"])
def test_a_date_that_cannot_be_is_told(behaviour: Behaviour, day: str) -> None:
    behaviour.releases[PLANS] = release(day)
    with talking_to(behaviour) as opened:
        (found,) = whats_new(STORE, opened, PLANS).to_dict("records")
    assert not found["is_new"]
    assert day in found["problem"]


# ---------------------------------------------------------------- a server that misbehaves


def test_the_service_is_left_alone_for_as_long_as_it_asks(behaviour: Behaviour) -> None:
    behaviour.fails = [(429, {"Retry-After": "1"})]
    start = time.monotonic()
    with talking_to(behaviour) as opened:
        assert len(whats_new(STORE, opened, PLANS)) == 1
    assert time.monotonic() - start >= 1


def test_a_service_that_asks_for_hours_is_left_alone(behaviour: Behaviour) -> None:
    behaviour.fails = [(429, {"Retry-After": "86400"})] * 2
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        whats_new(STORE, opened, PLANS)
    assert "asks to be left alone for 1,440 minutes" in complaint(raised)
    assert len(behaviour.asked) == 1


def test_nobody_is_sent_on_to_another_host(behaviour: Behaviour, tmp_path: Path) -> None:
    with serving(Behaviour(files=behaviour.files)) as other, talking_to(behaviour) as opened:
        there = f"{other}/api/releases/{RELEASE}/files"
        behaviour.fails = [(302, {"Location": there})]
        with pytest.raises(ReportError) as raised:
            download_archive(opened, RELEASE, tmp_path / "plans.zip")
        assert f"sends us on to {there}" in complaint(raised)
        # Another address of its own is well.
        behaviour.fails = [(302, {"Location": f"/api/releases/{RELEASE}/files"})]
        assert download_archive(opened, RELEASE, tmp_path / "plans.zip").path.is_file()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_goes_on_failing_is_told(behaviour: Behaviour, status: int) -> None:
    behaviour.fails = [(status, {})] * 100
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        whats_new(STORE, opened, PLANS)
    assert f"the service answers {status}" in complaint(raised)
    assert len(behaviour.asked) == service.TRIES


def test_an_address_that_is_gone_is_not_asked_again(behaviour: Behaviour) -> None:
    behaviour.fails = [(404, {})] * 2
    with talking_to(behaviour) as opened, pytest.raises(ReportError, match="answers 404"):
        whats_new(STORE, opened, PLANS)
    assert len(behaviour.asked) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"results": []}', "no 'paging' as the service documents it"),
        (b'{"paging": {"totalPages": 1}, "results": [{"name": "Plans"}]}', "no 'slug'"),
        (b'{"paging": {"pages": 1}, "results": []}', "no 'totalPages'"),
        (b"[]", "no 'paging'"),
        (b"<html>Sorry</html>", "no whole answer"),
    ],
)
def test_an_answer_in_another_shape_is_told(
    behaviour: Behaviour, body: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    behaviour.body = body
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        whats_new(STORE, opened, PLANS)
    assert says in complaint(raised)


def test_an_answer_that_is_far_too_large_is_not_read(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_JSON", 1000)
    with talking_to(behaviour) as opened, pytest.raises(ReportError, match="far too large"):
        whats_new(STORE, opened, PLANS)


def test_a_server_that_says_nothing_is_given_up(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BETWEEN", 0.1)
    monkeypatch.setattr(service, "TRIES", 2)
    behaviour.pause = 1
    with talking_to(behaviour) as opened, pytest.raises(ReportError, match="no whole answer"):
        whats_new(STORE, opened, PLANS)


def test_no_server_is_one_clear_line() -> None:
    with serving(Behaviour()) as address:
        pass
    with (
        connected(f"{address}/v1", f"{address}/api", pause=0.01) as opened,
        pytest.raises(ReportError) as raised,
    ):
        whats_new(STORE, opened)
    assert "no whole answer" in complaint(raised)


# ---------------------------------------------------------------- downloads


def test_an_archive_is_downloaded_once_with_its_hash(behaviour: Behaviour, tmp_path: Path) -> None:
    target = tmp_path / "new/plans.zip"
    with talking_to(behaviour) as opened:
        first = download_archive(opened, RELEASE, target)
        assert target.read_bytes() == behaviour.files[RELEASE]
        assert download_archive(opened, RELEASE, target) == first
    assert len(behaviour.asked) == 1
    assert [path.name for path in target.parent.iterdir()] == ["plans.zip"]


def test_a_download_that_is_cut_off_goes_on_where_it_stopped(
    behaviour: Behaviour, tmp_path: Path
) -> None:
    behaviour.cuts, behaviour.cut_after = 2, 100_000
    with talking_to(behaviour) as opened:
        download_archive(opened, RELEASE, tmp_path / "plans.zip", pause=0.01)
    assert (tmp_path / "plans.zip").read_bytes() == behaviour.files[RELEASE]
    assert [asked for _, asked in behaviour.asked] == ["", "bytes=100000-", "bytes=200000-"]


def test_the_next_run_goes_on_too_unless_the_file_has_changed(
    behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "TRIES", 1)
    target = tmp_path / "plans.zip"
    for tag in ('"1"', '"2"'):
        behaviour.cuts, behaviour.cut_after, behaviour.tag = 1, 100_000, '"1"'
        behaviour.asked.clear()
        target.unlink(missing_ok=True)
        with talking_to(behaviour) as opened:
            with pytest.raises(ReportError, match="no whole answer"):
                download_archive(opened, RELEASE, target)
            assert not target.exists()
            # With another mark it is another file, and the server sends all of it.
            behaviour.tag = tag
            if tag != '"1"':
                behaviour.files[RELEASE] = archive_of("another" * 100_000)
            download_archive(opened, RELEASE, target)
        assert behaviour.asked[-1][1] == "bytes=100000-"
        assert target.read_bytes() == behaviour.files[RELEASE]


def test_a_file_that_is_not_the_one_expected_is_refused(
    behaviour: Behaviour, tmp_path: Path
) -> None:
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        download_archive(opened, RELEASE, tmp_path / "plans.zip", sha256="0" * 64)
    assert "not the one that was expected" in complaint(raised)
    assert not (tmp_path / "plans.zip").exists()


@pytest.mark.parametrize("spoiled", [b"<html>Sorry</html>", archive_of("a" * 9000)[:5000]])
def test_what_is_no_sound_archive_is_not_kept(
    behaviour: Behaviour, tmp_path: Path, spoiled: bytes
) -> None:
    behaviour.files[RELEASE] = spoiled
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        download_archive(opened, RELEASE, tmp_path / "plans.zip")
    assert "the archive is damaged" in complaint(raised)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_never_ends_is_given_up(
    behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MOST_BYTES", 1000)
    with talking_to(behaviour) as opened, pytest.raises(ReportError, match="far larger"):
        download_archive(opened, RELEASE, tmp_path / "plans.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_comes_too_slowly_is_given_up_and_gone_on_with(
    behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "WHOLE_FILE", 0)
    with talking_to(behaviour) as opened:
        with pytest.raises(ReportError, match="not whole after 0 minutes"):
            download_archive(opened, RELEASE, tmp_path / "plans.zip")
        monkeypatch.undo()
        download_archive(opened, RELEASE, tmp_path / "plans.zip")
    assert behaviour.asked[-1][1].startswith("bytes=")


# ---------------------------------------------------------------- the command


def test_the_check_tells_and_downloads_nothing(
    behaviour: Behaviour, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tested_project())
    assert run_update(monkeypatch, behaviour, "--check", "--format", "json") == 0
    told = {row["publication"]: row for row in json.loads(capsys.readouterr().out)}
    assert [slug for slug, row in told.items() if row["is_new"]] == [PLANS]
    assert not any(path.startswith("/api/releases/") for path, _ in behaviour.asked)
