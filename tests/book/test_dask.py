"""The same editions on a Dask cluster: a real scheduler and two workers, one of them killed."""

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from book.small_project import (
    TELLING,
    make_project,
    shown,
    start_render,
    write_grid,
    write_notebook,
)
from sendreform.book.batch import on_dask
from sendreform.errors import ReportError

EDITIONS = 12
DASK = "from distributed.cli.dask_{} import main; main()"


class Cluster:
    """A scheduler and two workers in a project."""

    def __init__(self, root: Path, logs: Path) -> None:
        self.root, self.logs, self.processes = root, logs, {}
        self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self.said("scheduler", r"Scheduler at:\s+(tcp://\S+)")
        for name in ("one", "two"):
            self.start(
                name, self.address, "--nthreads", "1", "--no-dashboard", "--name", name,
                "--host", "127.0.0.1", "--local-directory", str(logs), command="worker",
            )  # fmt: skip
        for name in ("one", "two"):
            self.said(name, r"(Registered to)")

    def start(self, name: str, *arguments: str, command: str = "") -> None:
        code = DASK.format(command or name)
        with (self.logs / name).open("w") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-c", code, *arguments],
                cwd=self.root, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def said(self, name: str, pattern: str) -> str:
        end = time.monotonic() + 60
        while not (found := re.search(pattern, (self.logs / name).read_text("utf-8"))):
            assert time.monotonic() < end, (self.logs / name).read_text("utf-8")
            time.sleep(0.1)
        return found[1]

    def kill(self, name: str) -> None:
        """Kill a process and all that it started, as a machine that goes down does."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    root = make_project(tmp_path / "project")
    logs = tmp_path / "logs"
    logs.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TOLD", str(tmp_path / "told"))
        (tmp_path / "told").touch()
        started = Cluster(root, logs)
        yield started
        for name in list(started.processes):
            started.kill(name)


def test_a_worker_that_is_killed_half_way_loses_nothing_and_repeats_nothing(
    cluster: Cluster, tmp_path: Path
) -> None:
    write_notebook(
        cluster.root / "slow.ipynb",
        TELLING,
        "import time\ntime.sleep(0.3)",
        "if number == 5:\n    raise ValueError('five')\nnumber",
    )
    grid = write_grid(tmp_path / "grid.csv", *(f"York,{number}" for number in range(EDITIONS)))
    out, told = tmp_path / "out", tmp_path / "told"
    arguments = (
        "slow.ipynb", "--grid", str(grid), "--out", str(out), "--scheduler", cluster.address,
    )  # fmt: skip
    run = start_render(cluster.root, *arguments)
    end = time.monotonic() + 60
    while len(list(out.glob("*.ipynb"))) < 4:
        assert time.monotonic() < end and run.poll() is None
        time.sleep(0.02)
    cluster.kill("one")
    text, errors = run.communicate(timeout=90)
    assert f"{EDITIONS - 1} rendered, 0 there already, 1 failed" in text, errors
    assert "slow.ipynb with number=5, town=York: slow.ipynb, cell 5: ValueError: five." in errors
    assert run.returncode == 1
    numbers = [shown(path.read_text("utf-8"))[0] for path in out.iterdir()]
    assert sorted(numbers, key=int) == [str(n) for n in range(EDITIONS) if n != 5]
    # What the killed worker had under way, or had not handed over yet, was begun again.
    begun = Counter(told.read_text("utf-8").splitlines())
    assert set(begun) == {f"York {number}" for number in range(EDITIONS)}
    assert begun.total() - EDITIONS <= 2
    # The next run renders what failed and nothing else.
    again = start_render(cluster.root, *arguments)
    text, _ = again.communicate(timeout=60)
    assert f"0 rendered, {EDITIONS - 1} there already, 1 failed" in text


def test_no_scheduler_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sendreform.book.batch.SCHEDULER_ANSWERS", 1)
    with pytest.raises(ReportError, match="no scheduler answers"), on_dask("tcp://127.0.0.1:1"):
        pass
