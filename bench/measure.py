"""Measure how long each step takes and how much memory it needs; ``make bench`` runs this.

Every step is the command that a person would type, run in a temporary copy of the tree, so that
a book already built here is left alone and each clean build is really clean. The result is a
record: ``bench/results.json`` to compare with, ``bench/README.md`` to read.
"""

import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"
OFFICIAL_FILES = ROOT.parent / "shared" / "sources"
SENDREFORM = str(Path(sys.executable).with_name("sendreform"))

#: The notebooks of the report alone, into a folder that the book does not read.
RUN_NOTEBOOKS = (
    "from pathlib import Path; from sendreform.book.execution import execute; "
    "execute(Path.cwd(), Path('_build/bench'))"
)

STEPS: dict[str, Sequence[str]] = {
    "import of all official files": [SENDREFORM, "import", str(OFFICIAL_FILES)],
    "check of the data": [SENDREFORM, "check"],
    "notebooks of the report from scratch": [sys.executable, "-c", RUN_NOTEBOOKS],
    "book from clean, notebooks included": [SENDREFORM, "build"],
    "book again, nothing changed": [SENDREFORM, "build"],
    "edition for one council": [SENDREFORM, "build", "--area", "Kent"],
}
PACKAGES = ("sendreform", "pandas", "pandera", "papermill", "altair", "jupyter-book", "sphinx")

#: The system tells the largest memory in KiB, macOS in bytes.
PER_MIB = 2**20 if sys.platform == "darwin" else 2**10


def copy_tree(target: Path) -> None:
    """Copy every file that git knows, or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def measure(command: Sequence[str], tree: Path) -> dict[str, float]:
    """Run a command in a tree and return what it took.

    ``seconds`` on the clock, ``cpu_seconds`` over all its processes, and ``peak_mib``, the most
    memory that any one of its processes held.
    """
    log = tree / "bench.log"
    with log.open("w", encoding="utf-8") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=tree, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{log.read_text('utf-8')}")
    return {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": round(used.ru_maxrss / PER_MIB),
    }


def size_mib(folder: Path) -> float:
    """Return the size of all files in a folder."""
    return round(
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20, 1
    )


def record() -> dict[str, Any]:
    """Run every step and return the whole record."""
    steps = dict(STEPS)
    if not OFFICIAL_FILES.is_dir():
        print("The official files are not at hand in ../shared/sources: no import is measured.")
        steps = {name: command for name, command in steps.items() if "import" not in command}
    with tempfile.TemporaryDirectory(prefix="sendreform-bench-") as workspace:
        tree = Path(workspace)
        copy_tree(tree)
        measured = {}
        for name, command in steps.items():
            measured[name] = measure(command, tree)
            print(f"{name}: {measured[name]['seconds']:.1f} s", flush=True)
        sizes = {
            "data": size_mib(tree / "data"),
            "built book": size_mib(tree / "_build" / "html"),
        }
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "versions": {package: version(package) for package in PACKAGES},
        "steps": measured,
        "size_mib": sizes,
    }


def readme(result: dict[str, Any]) -> str:
    """Return the record as a page."""
    machine = result["machine"]
    steps = "\n".join(
        f"| {name} | {took['seconds']:.1f} | {took['cpu_seconds']:.1f} | {took['peak_mib']:,} |"
        for name, took in result["steps"].items()
    )
    sizes = "\n".join(f"| {name} | {size:.1f} |" for name, size in result["size_mib"].items())
    versions = ", ".join(f"{name} {number}" for name, number in result["versions"].items())
    return f"""# How long each step takes

Written by `make bench`; do not edit. Every step ran as a command in a temporary copy of the tree.

Measured on {result["date"]}, {machine["system"]} on {machine["architecture"]},
{machine["cores"]} cores, Python {machine["python"]}; {versions}.

| step | seconds | processor seconds | most memory of one process, MiB |
|---|--:|--:|--:|
{steps}

| what is made | MiB |
|---|--:|
{sizes}
"""


def main() -> None:
    """Measure, and write the record in both forms."""
    result = record()
    (BENCH / "results.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    (BENCH / "README.md").write_text(readme(result), "utf-8")
    print("The record is in bench/README.md and bench/results.json")


if __name__ == "__main__":
    main()
