"""Measure how long the editions of every place take, the ordinary way and ours.

The ordinary way is papermill called once for each place, each with a Jupyter kernel, as many at
once as there are processors. Ours is ``sendreform render`` with a grid of the same places. Both run
the same notebook in a temporary copy of the tree, one after the other, and draw every chart. The
memory is that of all processes together, at the moment when it is most.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from measure import BENCH, SENDREFORM, copy_tree

from sendreform.store import open_store

NOTEBOOK = "local_area"
PACKAGES = ("sendreform", "papermill", "ipykernel", "pandas", "altair", "vl-convert-python")
ORDINARY, OURS = "papermill once for each place", "sendreform render"


def places() -> list[str]:
    """Return the names of the councils of today and of the regions."""
    areas = open_store().areas
    rows = areas[(areas["level"] != "country") & (areas["last_period"] == "")]
    return [str(name) for name in rows["name"]]


def ordinary(names: Sequence[str], out: Path) -> None:
    """Render the ordinary way; run in a process of its own by :func:`measure`."""
    out.mkdir()
    # What kernels write to the terminal, each of them, is of no use here.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_papermill, names, [out] * len(names)))


def _papermill(name: str, out: Path) -> None:
    import papermill

    papermill.execute_notebook(
        f"notebooks/{NOTEBOOK}.ipynb",
        str(out / f"{name}.ipynb"),
        parameters={"area": name},
        kernel_name="python3",
        progress_bar=False,
        cwd="notebooks",
    )


def measure(command: Sequence[str], tree: Path) -> dict[str, float]:
    """Run a command in a tree; return its seconds on the clock and the most memory it held."""
    start = time.perf_counter()
    process = psutil.Popen(command, cwd=tree, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peaks = [0]
    watch = threading.Thread(target=_watch, args=(process, peaks), daemon=True)
    watch.start()
    _, told = process.communicate()
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{told.decode()}")
    return {
        "seconds": round(time.perf_counter() - start, 1),
        "peak_mib": round(peaks[0] / 2**20),
    }


def _watch(process: psutil.Process, peaks: list[int]) -> None:
    """Keep the most memory that a process and all below it held together.

    What a child shares with the process it was forked from is counted once, where the system tells.
    """
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        held = 0
        for each in [process, *process.children(recursive=True)]:
            try:
                memory = each.memory_full_info()
                held += getattr(memory, "pss", memory.uss)
            except psutil.Error:  # it has ended, or belongs to somebody else
                continue
        peaks.append(max(held, peaks.pop()))
        time.sleep(0.5)


def record(names: Sequence[str]) -> dict[str, Any]:
    """Measure both ways on the same places and return the whole record."""
    measured = {}
    with tempfile.TemporaryDirectory(prefix="sendreform-bench-") as workspace:
        tree = Path(workspace) / "tree"
        tree.mkdir()
        copy_tree(tree)
        with (tree / "grid.csv").open("w", encoding="utf-8", newline="") as grid:
            csv.writer(grid).writerows([["area"], *([name] for name in names)])
        commands = {
            ORDINARY: [sys.executable, str(Path(__file__).resolve()), "--ordinary", "ordinary"],
            OURS: [SENDREFORM, "render", NOTEBOOK, "--grid", "grid.csv", "--out", "ours"],
        }
        for way, command in commands.items():
            measured[way] = measure(command, tree)
            print(f"{way}: {measured[way]['seconds']:.0f} s", flush=True)
        for folder in ("ordinary", "ours"):
            found = len(list((tree / folder).glob("*.ipynb")))
            if found != len(names):
                sys.exit(f"{found} editions in {folder}, and there are {len(names)} places")
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "notebook": NOTEBOOK,
        "editions": len(names),
        "machine": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}",
        "versions": {name: version(name) for name in PACKAGES},
        "ways": measured,
        "times_faster": round(measured[ORDINARY]["seconds"] / measured[OURS]["seconds"], 1),
    }


def readme(result: dict[str, Any]) -> str:
    """Return the record as a page."""
    rows = "\n".join(
        f"| {way} | {took['seconds']:.0f} | {took['seconds'] / result['editions']:.2f} "
        f"| {took['peak_mib']:,} |"
        for way, took in result["ways"].items()
    )
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    return f"""# The editions of every place

Written by `make bench`; do not edit. Every chart of `notebooks/{result["notebook"]}.ipynb` for
{result["editions"]} places, in a temporary copy of the tree, one way after the other.

Measured on {result["date"]}, {result["machine"]}; {versions}.

| way | seconds | seconds an edition | most memory of all processes, MiB |
|---|--:|--:|--:|
{rows}

Ours is {result["times_faster"]} times faster.
"""


def main() -> None:
    """Measure, print, and write the record in both forms unless this was a sample."""
    parser = argparse.ArgumentParser(description="Measure the editions of every place.")
    parser.add_argument("--sample", type=int, help="only so many places, spread over the list")
    parser.add_argument("--ordinary", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ordinary:
        with Path("grid.csv").open(encoding="utf-8", newline="") as grid:
            ordinary([row["area"] for row in csv.DictReader(grid)], asked.ordinary.resolve())
        return
    names = places()
    result = record(names[:: len(names) // asked.sample] if asked.sample else names)
    print(readme(result))
    if not asked.sample:
        (BENCH / "editions.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
        (BENCH / "editions.md").write_text(readme(result), "utf-8")
        print("The record is in bench/editions.md and bench/editions.json")


if __name__ == "__main__":
    main()
