"""A new data/ takes the place of the old one wholly or not at all, whenever a run is killed."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sendreform.errors import ReportError
from sendreform.store import replacing
from sendreform.store.replacing import alone, replaced

FILES = [f"observations/family{number % 4}/measure{number}.csv" for number in range(24)]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def write_edition(folder: Path, edition: str) -> None:
    """Write a small data/ whose every file names its edition."""
    for name in FILES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(edition * 200, "utf-8")


def edition_of(data: Path) -> str:
    """Return the edition that all files of a whole data/ are of."""
    found = {path.relative_to(data).as_posix() for path in data.rglob("*.csv")}
    assert found == set(FILES)
    contents = {(data / name).read_text("utf-8") for name in FILES}
    assert len(contents) == 1, "files of two editions"
    (content,) = contents
    assert len(content) == 200 * len("old"), "a file cut short"
    return content[:3]


def update(data: Path) -> None:
    with alone(data), replaced(data) as fresh:
        write_edition(fresh, "new")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    write_edition(folder, "old")
    return folder


def left(data: Path) -> list[str]:
    return sorted(path.name for path in data.parent.iterdir() if path.name != ".data-lock")


def in_a_child(work: Callable[[], None]) -> int:
    """Start a process that does some work and nothing after it; return its id."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def killed_at(step: int, work: Callable[[], None]) -> Callable[[], None]:
    """Return work that kills its own process at a step that Python reports of it.

    Every file that is opened, listed, renamed or removed, and every call into the system's own
    library, is a step (https://docs.python.org/3/library/audit_events.html).
    """

    def until_then() -> None:
        steps = 0

        def count(_event: str, _arguments: object) -> None:
            nonlocal steps
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        work()

    return until_then


def was_killed(child: int) -> bool:
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def two_steps_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_one: Path, other: Path) -> None:
        raise OSError(errno.EINVAL, "cannot exchange", str(other))

    monkeypatch.setattr(replacing, "_exchange", refuse)


# ---------------------------------------------------------------- when all goes well


@pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])
def test_the_new_edition_takes_the_place_of_the_old(
    data: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        two_steps_only(monkeypatch)
    update(data)
    assert edition_of(data) == "new"
    assert left(data) == ["data"]


def test_where_there_was_none_there_is_one(tmp_path: Path) -> None:
    update(tmp_path / "data")
    assert edition_of(tmp_path / "data") == "new"


def test_readers_always_find_a_whole_folder(data: Path) -> None:
    """While the folder is replaced a hundred times, another process never misses a file."""
    reader = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib\n"
            "data = pathlib.Path(sys.argv[1])\n"
            "print('ready', flush=True)\n"
            "while not data.with_name('stop').exists():\n"
            "    for name in sys.argv[2:]:\n"
            "        assert len((data / name).read_text()) == 600\n",
            str(data),
            *FILES,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == b"ready\n"
    for _ in range(100):
        update(data)
    data.with_name("stop").touch()
    _, said = reader.communicate(timeout=30)
    assert (reader.returncode, said) == (0, b"")


# ---------------------------------------------------------------- killed


@needs_fork
@pytest.mark.parametrize("exchange", [True, False], ids=["one step", "two steps"])
def test_killed_at_every_step_data_is_whole_and_the_next_run_cleans_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: bool
) -> None:
    if not exchange:
        two_steps_only(monkeypatch)
    step, editions = 0, []
    while True:
        step += 1
        data = tmp_path / str(step) / "data"
        write_edition(data, "old")
        killed = was_killed(in_a_child(killed_at(step, lambda data=data: update(data))))
        if exchange:
            editions.append(edition_of(data))
        with alone(data):
            pass  # the next run, before it does anything of its own
        editions.append(edition_of(data))
        assert left(data) == ["data"]
        if not killed:
            break
        shutil.rmtree(data.parent)
    assert step > 100
    # First always the old one, from some step on always the new one.
    assert editions == sorted(editions, reverse=True)
    assert set(editions) == {"old", "new"}


@needs_fork
def test_killed_at_hundreds_of_random_moments_data_is_whole(data: Path) -> None:
    moments = random.Random(7)
    # A run that cleans up after the one before takes longer.
    start = time.perf_counter()
    update(data)
    longest = 1.5 * (time.perf_counter() - start)
    killed = 0
    for _ in range(300):
        child = in_a_child(lambda: update(data))
        time.sleep(moments.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        killed += was_killed(child)
        assert edition_of(data) in ("old", "new")
    assert killed > 100
    update(data)
    assert left(data) == ["data"]


@needs_fork
def test_a_folder_that_was_only_put_aside_comes_back(data: Path) -> None:
    data.rename(data.with_name(".data-old"))
    with alone(data):
        assert edition_of(data) == "old"
    assert left(data) == ["data"]


# ---------------------------------------------------------------- two at once


@needs_fork
def test_the_second_waits_for_the_first_and_says_so(data: Path) -> None:
    reading, writing = os.pipe()

    def hold() -> None:
        with alone(data):
            os.write(writing, b"held")
            time.sleep(1)
            write_edition(data, "1st")

    child = in_a_child(hold)
    assert os.read(reading, 4) == b"held"
    said: list[str] = []
    with alone(data, lambda: said.append("waiting")):
        # The first has ended, and what it wrote is there.
        assert edition_of(data) == "1st"
    assert said == ["waiting"]
    assert not was_killed(child)


@needs_fork
def test_the_lock_of_a_killed_run_holds_nobody_up(data: Path) -> None:
    reading, writing = os.pipe()

    def hold() -> None:
        with alone(data):
            os.write(writing, b"held")
            time.sleep(60)

    child = in_a_child(hold)
    assert os.read(reading, 4) == b"held"
    os.kill(child, signal.SIGKILL)
    assert was_killed(child)
    said: list[str] = []
    with alone(data, lambda: said.append("waiting")):
        assert said == []


# ---------------------------------------------------------------- what can go wrong


def test_an_error_on_the_way_leaves_the_old_edition(data: Path) -> None:
    with pytest.raises(ReportError, match="row 3"), alone(data), replaced(data) as fresh:
        write_edition(fresh, "new")
        raise ReportError("a stray symbol", where="plans.csv, row 3")
    assert edition_of(data) == "old"
    assert left(data) == ["data"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_clear_line(data: Path) -> None:
    with pytest.raises(ReportError) as raised, alone(data), replaced(data) as fresh:
        full = fresh / "plans.csv"
        full.symlink_to("/dev/full")
        full.write_text("area,period\n", "utf-8")
    assert "the disk is full" in str(raised.value)
    assert "Nothing was replaced" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1
    assert edition_of(data) == "old"
    assert left(data) == ["data"]


@needs_fork
def test_a_folder_that_may_not_be_written_is_one_clear_line(data: Path) -> None:
    """As somebody without the right to write there."""
    reading, writing = os.pipe()
    data.parent.chmod(0o555)

    def as_nobody() -> None:
        if os.geteuid() == 0:
            os.setuid(65534)
        try:
            update(data)
        except ReportError as error:
            os.write(writing, str(error).encode())

    assert not was_killed(in_a_child(as_nobody))
    os.close(writing)
    said = os.read(reading, 10_000).decode()
    data.parent.chmod(0o755)
    assert "permission denied" in said
    assert "Nothing was replaced" in said
    assert len(said.splitlines()) == 1
    assert edition_of(data) == "old"


def test_a_file_system_that_cannot_rename_the_folder_loses_nothing(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a folder of a container's image is, on an overlay."""
    two_steps_only(monkeypatch)

    def refuse(self: Path, target: Path) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link", str(self), None, str(target))

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(ReportError, match="cannot rename the folder"):
        update(data)
    assert edition_of(data) == "old"
    assert left(data) == ["data"]
