"""What the cells of a notebook show for a place, run here and not in a kernel."""

import ast
import functools
from typing import Any

import nbformat
from bs4 import BeautifulSoup

from conftest import ROOT
from sendreform.charts import Figure
from sendreform.report import Report


def shown(notebook: str, report: Report) -> list[tuple[str, Any]]:
    """Return, for each cell that ends with an expression, the function called and its value."""
    return list(_shown(notebook, report.area, report.baseline_year, report.latest_year))


@functools.cache
def _shown(notebook: str, area: str, first: int, last: int) -> tuple[tuple[str, Any], ...]:
    variables: dict[str, Any] = {}
    values = []
    for cell in nbformat.read(ROOT / "notebooks" / f"{notebook}.ipynb", 4).cells:
        if cell.cell_type != "code":
            continue
        *steps, end = ast.parse(cell.source).body
        run = steps if isinstance(end, ast.Expr) else [*steps, end]
        exec(compile(ast.Module(run, []), cell.id, "exec"), variables)
        if isinstance(end, ast.Expr):
            called = ast.unparse(end.value).partition("(")[0].rpartition(".")[2]
            value = eval(compile(ast.Expression(end.value), cell.id, "eval"), variables)
            values.append((called, value))
        if "parameters" in cell.metadata["tags"]:
            variables |= {"area": area, "baseline_year": first, "latest_year": last}
    return tuple(values)


def words_of(value: Any) -> str:
    """Return the words of a figure, or of a piece of HTML or Markdown."""
    if isinstance(value, Figure):
        return " ".join([value.title, value.subtitle, value.alt, value.source, *value.notes])
    return BeautifulSoup(value.data, "html.parser").get_text(" ", strip=True)
