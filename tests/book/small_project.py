"""A project with a small notebook, to render editions of in moments."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

PARAMETERS = 'town = "York"\nnumber = 1'
#: Tells each run in a file beside the project, so that a test can count.
TELLING = """\
import os
with open(os.environ["TOLD"], "a") as told:
    told.write(f"{town} {number}\\n")"""


def write_notebook(path: Path, *code: str) -> Path:
    """Write a notebook: a heading, a cell of parameters, and some more cells."""
    parameters = new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    cells = [new_code_cell(text, id=f"cell-{place}") for place, text in enumerate(code)]
    notebook = new_notebook(
        cells=[new_markdown_cell("# Small", id="heading"), parameters, *cells],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    nbformat.write(notebook, path)
    return path


def make_project(root: Path) -> Path:
    """Make a project that has no data, so that a server is ready soon."""
    for folder in ("notebooks", "data", "src/sendreform"):
        (root / folder).mkdir(parents=True)
    for name in ("_config.yml", "pyproject.toml", "requirements.lock"):
        (root / name).write_text("", "utf-8")
    return root


def write_grid(path: Path, *rows: str, columns: str = "town,number") -> Path:
    """Write a grid of parameters."""
    path.write_text("\n".join([columns, *rows]) + "\n", "utf-8")
    return path


def shown(executed: str) -> list[str]:
    """Return what the cells of an executed notebook printed or gave, in order."""
    cells = nbformat.reads(executed, as_version=4).cells
    outputs = [output for cell in cells for output in cell.get("outputs", ())]
    return [output.get("text") or output["data"]["text/plain"] for output in outputs]


def start_render(root: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start ``sendreform render`` in a project, as a person does."""
    return subprocess.Popen(
        [sys.executable, "-c", "from sendreform.cli import main; main()", "render", *arguments],
        cwd=root,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
