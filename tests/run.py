"""What ``make test`` runs: everything that CI runs, but for the browser where there is none.

Each step is a command that a person could type; the first that fails ends the run with its code.
The last step is pytest, whose closing line tells how many tests passed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

STEPS = {
    "code in its usual form": ["ruff", "format", "--check", "."],
    "code without common faults": ["ruff", "check", "."],
    "types": ["mypy"],
    "data flows one way through the rooms": ["lint-imports"],
    "data valid and reconciled": ["sendreform", "check"],
    "book, built strictly": ["sendreform", "build"],
    "notebooks give the outputs that are stored": [
        "pytest", "-p", "no:cacheprovider", "--nbval", "--nbval-sanitize-with", "tests/nbval.cfg",
        "-n", "2", "--dist", "loadscope", "-q", "notebooks",
    ],
    # Long tests stand together at the end: a worker that has none left takes some of the other's.
    "tests": ["pytest", "-n", "2", "--dist", "worksteal", "tests", "src/sendreform"],
}  # fmt: skip


def main() -> int:
    """Run the steps; return the exit code of the first that fails, else 0."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser and not os.environ.get("SENDREFORM_BROWSER_REQUIRED"):
        print("No Chromium here: tests that need a browser are skipped.", flush=True)
    for what, command in STEPS.items():
        print(f"== {what}", flush=True)
        finished = subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False)
        if finished.returncode:
            print(f"FAILED: {what} ({' '.join(command)})", flush=True)
            return finished.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
