"""The engine: what a notebook shows is what it shows in a Jupyter kernel."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from book.small_project import write_notebook
from conftest import ROOT

NOTEBOOK = ROOT / "notebooks" / "reform_unavoidable.ipynb"

#: Runs a notebook with the engine named, in a process of its own, and prints what came of it.
RUN = """
import sys, nbformat, papermill
from sendreform.book import engine
from sendreform.book.execution import without_run_details
engine.register()
path, name, *area = sys.argv[1:]
executed = papermill.execute_notebook(
    path, None, parameters={"area": area[0]} if area else {}, engine_name=name or None,
    kernel_name="python3", progress_bar=False, cwd="notebooks",
)
sys.stdout.write(nbformat.writes(without_run_details(executed)))
"""

#: Every kind of output, and what a cell may do to them.
KINDS = [
    "import sys\nprint('one')\nprint('two')\n3",
    "from IPython.display import HTML, Image, Markdown, clear_output, display, update_display\n"
    "print('before')\ndisplay(HTML('<b>bold</b>'), metadata={'a': 1})\nprint('after')\n"
    "Markdown('*m*')",
    "display('first', display_id='here')\nprint('between')\n"
    "update_display('second', display_id='here')",
    "print('gone')\nclear_output()\nprint('stays')",
    "print('gone')\nclear_output(wait=True)\nprint('stays')",
    "Image(data=bytes([137, 80, 78, 71, 13, 10, 26, 10]), format='png')",
    "import pandas as pd\npd.DataFrame({'a': [1, None]})",
    "_ + _",
    "5;",
    "   ",
    "from myst_nb import glue\nglue('answer', 42)\nglue('hidden', 'words', display=False)",
    "import asyncio\nawait asyncio.sleep(0)\n(__name__, _7 is Out[7], 'get_ipython' in dir())",
    "def fail():\n    return 1 / 0",
]


def start(path: Path, engine: str, *area: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, str(path), engine, *area],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def both(path: Path, *area: str) -> list[tuple[str, str, int]]:
    """Run a notebook with our engine and with papermill's own, at the same time."""
    running = [start(path, engine, *area) for engine in ("sendreform", "")]
    return [(*process.communicate(), process.returncode) for process in running]


def test_a_finding_for_a_council_is_what_a_kernel_gives() -> None:
    (ours, told, code), (kernels, _, _) = both(NOTEBOOK, "Kent")
    assert code == 0, told
    assert "sr-figure" in ours
    assert "papermill.record/text/plain" in ours  # what other pages take from this one
    assert ours == kernels


def test_every_kind_of_output_is_what_a_kernel_gives(tmp_path: Path) -> None:
    (ours, told, code), (kernels, _, _) = both(write_notebook(tmp_path / "kinds.ipynb", *KINDS))
    assert code == 0, told
    cells = [nbformat.reads(text, as_version=4).cells for text in (ours, kernels)]
    for one, other in zip(*cells, strict=True):
        assert one == other
    assert ours == kernels


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("def broken(:", "SyntaxError: invalid syntax"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_failing_cell_is_told_as_papermill_tells_it(
    tmp_path: Path, code: str, error: str
) -> None:
    path = write_notebook(tmp_path / "failing.ipynb", "print('so far')", code, "print('never')")
    process = start(path, "sendreform")
    _, told = process.communicate()
    assert process.returncode != 0
    assert "papermill.exceptions.PapermillExecutionError" in told
    assert 'Exception encountered at "In [3]"' in told
    assert error in told
