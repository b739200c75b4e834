"""Many editions: each as if alone, none lost, none twice, and a fault told where it is."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path

import pytest
from papermill.iorw import papermill_io

from book.small_project import (
    TELLING,
    make_project,
    shown,
    start_render,
    write_grid,
    write_notebook,
)
from conftest import ROOT
from sendreform.book import processes
from sendreform.book.batch import Job, find_notebook, job_of, jobs_of, on_this_machine, render
from sendreform.book.execution import KEY, Task, run_fresh
from sendreform.errors import ReportError


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small project, which is where the tests are."""
    project = make_project(tmp_path_factory.mktemp("project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project)
        patch.setenv("TOLD", str(project / "told"))
        yield project


@pytest.fixture(scope="module")
def executor(root: Path) -> Iterator[Executor]:
    """All processors of this machine, ready to render."""
    assert root.is_dir()
    with on_this_machine() as machine:
        yield machine


@pytest.fixture
def told(root: Path) -> Path:
    """A file in which each run of a notebook leaves a line."""
    path = root / "told"
    path.write_text("", "utf-8")
    return path


def editions(notebook: Path, out: Path | str, numbers: range) -> list[Job]:
    return [job_of(notebook, {"number": number}, str(out)) for number in numbers]


# ---------------------------------------------------------------- each as if alone

#: Shows all that an earlier edition could have left behind, then leaves it behind.
LEAKING = """\
import os, sys, warnings
import numpy as np, pandas as pd, altair as alt
from sendreform import periods
print(pd.get_option("display.max_rows"), len(alt.theme.names()), alt.theme.active)
print(hasattr(pd, "left"), hasattr(periods, "left"), os.environ.get("LEFT"), "left" in sys.modules)
print("mine" in globals(), os.path.basename(os.getcwd()))
pd.set_option("display.max_rows", number + 1)
pd.left = periods.left = mine = number
os.environ["LEFT"] = "yes"
sys.modules["left"] = sys
alt.theme.enable("dark")
os.chdir("/")"""


def test_what_an_edition_changes_is_unknown_to_the_next(
    root: Path, executor: Executor, tmp_path: Path
) -> None:
    notebook = write_notebook(root / "leaking.ipynb", LEAKING)
    outcomes = render(editions(notebook, tmp_path, range(6)), executor)
    assert [outcome.problem for outcome in outcomes] == [""] * 6
    seen = {tuple(shown(Path(outcome.job.output).read_text("utf-8"))) for outcome in outcomes}
    assert len(seen) == 1
    assert "False False None False" in str(seen)


def test_an_edition_in_a_batch_is_byte_for_byte_the_one_that_is_rendered_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In random order, several at once, drawn elsewhere; and each all by itself."""
    monkeypatch.chdir(ROOT)
    notebook = find_notebook(ROOT, "local_area")
    places = random.sample(["Kent", "Isles of Scilly", "Leeds", "City of London"], 2)
    jobs = [job_of(notebook, {"area": place}, str(tmp_path)) for place in places]
    with on_this_machine() as machine:
        outcomes = render(jobs, machine)
    assert [outcome.problem for outcome in outcomes] == ["", ""]
    batch = [Path(job.output).read_text("utf-8") for job in jobs]
    monkeypatch.setattr(processes, "CAN_FORK", False)
    tasks = [
        Task(
            "alone", notebook.read_text("utf-8"), job.parameters, json.loads(text)["metadata"][KEY]
        )
        for text, job in zip(batch, jobs, strict=True)
    ]
    with ThreadPoolExecutor() as pool:
        assert list(pool.map(lambda task: run_fresh(task, ROOT, "alone"), tasks)) == batch


# ---------------------------------------------------------------- none lost, none twice


def test_what_is_there_is_not_rendered_again(
    root: Path, executor: Executor, told: Path, tmp_path: Path
) -> None:
    notebook = write_notebook(root / "telling.ipynb", TELLING)
    jobs = editions(notebook, tmp_path, range(3))
    assert [outcome.kept for outcome in render(jobs[:2], executor)] == [False, False]
    assert [outcome.kept for outcome in render(jobs, executor)] == [True, True, False]
    assert sorted(told.read_text("utf-8").splitlines()) == ["York 0", "York 1", "York 2"]
    # Another notebook is another key; so is one that was cut short.
    Path(jobs[0].output).write_text('{"cells": [', "utf-8")
    assert [outcome.kept for outcome in render(jobs, executor)] == [False, True, True]
    write_notebook(notebook, TELLING, "'more'")
    assert not any(outcome.kept for outcome in render(jobs, executor))


def test_a_child_that_is_killed_is_run_once_more(
    root: Path, executor: Executor, told: Path, tmp_path: Path
) -> None:
    dying = (
        "import os, signal\nif not os.path.exists('../died'):\n    open('../died', 'w').close()\n"
    )
    notebook = write_notebook(
        root / "dying.ipynb", TELLING, f"{dying}    os.kill(os.getpid(), signal.SIGKILL)", "'alive'"
    )
    (outcome,) = render(editions(notebook, tmp_path, range(1)), executor)
    assert outcome.problem == ""
    assert told.read_text("utf-8").splitlines() == ["York 0"] * 2
    assert shown(Path(outcome.job.output).read_text("utf-8")) == ["'alive'"]


def test_a_child_that_is_always_killed_is_told_and_the_others_are_there(
    root: Path, executor: Executor, tmp_path: Path
) -> None:
    dying = "import os, signal\nif number == 1:\n    os.kill(os.getpid(), signal.SIGKILL)\nnumber"
    outcomes = render(
        editions(write_notebook(root / "killed.ipynb", dying), tmp_path, range(4)), executor
    )
    assert [bool(outcome.problem) for outcome in outcomes] == [False, True, False, False]
    assert "the process was killed, and so was a second one" in outcomes[1].problem
    assert len(list(tmp_path.iterdir())) == 3


def test_a_server_that_is_killed_loses_no_edition(
    root: Path, executor: Executor, tmp_path: Path
) -> None:
    killing = (
        "import os, signal\nif number == 1:\n    os.kill(os.getppid(), signal.SIGKILL)\nnumber"
    )
    jobs = editions(write_notebook(root / "killing.ipynb", killing), tmp_path, range(5))
    assert [outcome.problem for outcome in render(jobs, executor)] == [""] * 5


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_nothing_half_written_and_goes_on_where_it_stopped(
    root: Path, told: Path, tmp_path: Path, number: signal.Signals
) -> None:
    write_notebook(root / "slow.ipynb", TELLING, "import time\ntime.sleep(0.4)", "number")
    grid = write_grid(tmp_path / "grid.csv", *(f"York,{place}" for place in range(10)))
    out = tmp_path / "out"
    arguments = ("slow.ipynb", "--grid", str(grid), "--out", str(out))
    run = start_render(root, *arguments, TOLD=str(told))
    wait_for(lambda: len(list(out.glob("*.ipynb"))) >= 3)
    run.send_signal(number)
    run.communicate(timeout=20)
    assert run.returncode != 0
    time.sleep(1)  # were a child still there, it would be done by now
    there = {path.name for path in out.glob("*.ipynb")}
    begun = told.read_text("utf-8").splitlines()
    assert 3 <= len(there) < 10
    again = start_render(root, *arguments, TOLD=str(told))
    text, errors = again.communicate(timeout=60)
    assert again.returncode == 0, errors
    assert f"{10 - len(there)} rendered, {len(there)} there already, 0 failed" in text
    for path in out.iterdir():
        assert json.loads(path.read_text("utf-8"))["metadata"][KEY]
    assert len(list(out.iterdir())) == 10
    # Only what was under way, one for each processor at most, was begun twice.
    runs = told.read_text("utf-8").splitlines()
    assert set(runs) == {f"York {place}" for place in range(10)}
    assert len(runs) == len(begun) + 10 - len(there)
    assert len(begun) - len(there) <= processes.usable_cores()


def wait_for(ready: object, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():  # type: ignore[operator]
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


def test_no_process_is_left_behind_and_the_server_had_no_thread_when_it_forked(root: Path) -> None:
    task = Task(
        "t", write_notebook(root / "plain.ipynb", "import os\nos.getppid()").read_text(), {}, ""
    )
    with on_this_machine():
        (server,) = (int(text) for text in shown(run_fresh(task, root, "other")))
        assert not Path("/proc").is_dir() or len([*Path(f"/proc/{server}/task").iterdir()]) == 1
        os.kill(server, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


# ---------------------------------------------------------------- a fault is told where it is


def test_a_poisoned_row_is_told_at_the_end_and_the_others_are_there(
    root: Path, told: Path, tmp_path: Path
) -> None:
    write_notebook(root / "bad.ipynb", TELLING, "if number == 13:\n    raise KeyError('luck')")
    grid = write_grid(tmp_path / "grid.csv", "York,1", "York,13", "Leeds,2")
    run = start_render(
        root, "bad.ipynb", "--grid", str(grid), "--out", str(tmp_path / "out"), TOLD=str(told)
    )
    text, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "2 rendered, 0 there already, 1 failed" in text
    lines = [line for line in errors.splitlines() if "KeyError" in line]
    assert lines == ["bad.ipynb with number=13, town=York: bad.ipynb, cell 4: KeyError: 'luck'."]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert [name.partition("-town-")[0] for name in names] == ["bad-number-1", "bad-number-2"]


# ---------------------------------------------------------------- other stores


class InMemory:
    """A store of papermill's that is no folder."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self, path: str) -> str:
        return self.files[path]

    def write(self, text: str, path: str) -> None:
        self.files[path] = text


def test_editions_are_written_to_and_resumed_from_any_store_of_papermills(
    root: Path, executor: Executor, told: Path
) -> None:
    store = InMemory()
    papermill_io.register("memory://", store)
    notebook = write_notebook(root / "stored.ipynb", TELLING, "number")
    jobs = editions(notebook, "memory://bucket/editions/", range(2))
    assert not any(outcome.problem or outcome.kept for outcome in render(jobs, executor))
    assert sorted(store.files) == [
        f"memory://bucket/editions/stored-number-{number}.ipynb" for number in range(2)
    ]
    assert shown(store.files[jobs[1].output]) == ["1"]
    assert all(outcome.kept for outcome in render(jobs, executor))
    assert len(told.read_text("utf-8").splitlines()) == 2


def test_a_store_that_refuses_is_told_for_each_edition(root: Path, executor: Executor) -> None:
    notebook = write_notebook(root / "stored.ipynb", "number")
    papermill_io.register("refusing://", object())
    outcomes = render(editions(notebook, "refusing://x", range(2)), executor)
    assert all("AttributeError" in outcome.problem for outcome in outcomes)


# ---------------------------------------------------------------- grids


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "grid.csv: the grid is empty. Write names of parameters in its first row."),
        ("area\n", "grid.csv: no row of parameters. Write one below the names."),
        ("area,area\nKent,Kent\n", "grid.csv: the column 'area' is there twice. Remove one"),
        (
            "area,baseline_yaer\nKent,2018\n",
            "grid.csv, first row: unknown parameter 'baseline_yaer'. Did you mean baseline_year?",
        ),
        (
            "area,baseline_year\nKent,2018\n\nLeeds,twenty\n",
            "grid.csv, row 4, column baseline_year: 'twenty' is not a whole number. Write it like",
        ),
        (
            "area\nKent\nKemt\n",
            "grid.csv, row 3, column area: unknown council 'Kemt'. Did you mean Kent?",
        ),
        ("area,prices\nKent\n", "grid.csv, row 2: 1 cells, and the first row has 2."),
        ("area\nKent\nLeeds\n886\n", "grid.csv, row 4: the same edition as row 2. Remove one"),
        ("area,prices\nKent,\nKent,2024-25\n", "grid.csv, row 3: the same edition as row 2."),
    ],
)
def test_a_fault_in_a_grid_is_one_line_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: str
) -> None:
    monkeypatch.chdir(ROOT)
    grid = tmp_path / "grid.csv"
    grid.write_text(text, "utf-8")
    with pytest.raises(ReportError) as error:
        jobs_of(find_notebook(ROOT, "reform_essential"), grid, "out")
    assert str(error.value).startswith(line)
    assert len(str(error.value).splitlines()) == 1


def test_a_grid_that_is_no_text_or_not_there_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "grid.csv").write_bytes(b"\xff\xfe\x00")
    for name in ("grid.csv", "none.csv"):
        with pytest.raises(ReportError, match="the grid cannot be read"):
            jobs_of(find_notebook(ROOT, "reform_essential"), tmp_path / name, "out")


def test_a_grid_from_a_spreadsheet_gives_typed_parameters_and_readable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    grid = tmp_path / "grid.csv"
    rows = ["area,baseline_year,prices", "886,2018,cash", '"Kingston upon Hull, City of",,']
    grid.write_bytes("\ufeff".encode() + "\r\n".join(rows).encode())
    notebook = find_notebook(ROOT, "reform_essential")
    one, two = jobs_of(notebook, grid, "out/", {"latest_year": "2025"})
    assert one.parameters == {
        "area": "Kent", "baseline_year": 2018, "latest_year": 2025, "prices": "cash",
    }  # fmt: skip
    assert one.output == (
        "out/reform_essential-kent-baseline-year-2018-latest-year-2025-prices-cash.ipynb"
    )
    assert two.parameters == {"area": "Kingston upon Hull, City of", "latest_year": 2025}
    assert two.output == "out/reform_essential-kingston-upon-hull-city-of-latest-year-2025.ipynb"


def test_texts_that_a_file_name_cannot_hold_still_have_names_of_their_own() -> None:
    towns = ["a b", "a-b", "A b", "a/b", "", "é", "x" * 50, "x" * 51]
    names = {job_of(Path("n.ipynb"), {"town": town}, "out").output for town in towns}
    assert len(names) == len(towns)
    assert all(name.isascii() and name.count("/") == 1 and len(name) < 80 for name in names)


def test_an_unknown_notebook_offers_the_near_names() -> None:
    with pytest.raises(ReportError, match="Did you mean reform_essential"):
        find_notebook(ROOT, "reform_esential")
