"""The site carries its own code: a page for each module that a figure is worked out by.

The functions behind a figure are read from the code of its notebook cell. The names that the cell
calls lead, through the notebook's imports, to the modules that define them. Each such module, and
each of ours that it imports, gets a page at ``code/<module>.html``, with an anchor for each of its
functions and lines.
"""

import ast
import importlib
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]
from pygments.style import Style  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Keyword,
    Literal,
    Name,
    Operator,
    Token,
)

from sendreform.charts import theme
from sendreform.errors import ReportError

PACKAGE = "sendreform"
#: The folder of the site that holds the code.
FOLDER = "code"

#: The look of a page of code; the colours of the code itself come from :class:`CodeStyle`.
STYLE_SHEET = Path(__file__).with_name("code_pages.css")
#: The width of a page is that of the screen, on a phone as well.
_VIEWPORT = "width=device-width,initial-scale=1"


@dataclass(frozen=True, order=True)
class Function:
    """A function of ours, by the module that defines it."""

    module: str
    name: str

    @property
    def address(self) -> str:
        """Where the site shows it, from the root of the site."""
        return f"{page_of(self.module)}#{self.name}"


@dataclass(frozen=True)
class Shown:
    """A figure that is worked out by functions of ours: its title, its address, and which."""

    title: str
    address: str
    functions: tuple[Function, ...]


class CodeStyle(Style):  # type: ignore[misc]  # Pygments is read as untyped
    """Code in the colours of the report's charts, so that each has its contrast measured."""

    background_color = theme.WHITE
    styles: ClassVar[dict[Any, str]] = {
        Token: theme.INK,
        Comment: theme.QUIET_INK,
        Literal.String.Doc: theme.QUIET_INK,
        Keyword: theme.NAVY,
        Operator.Word: theme.NAVY,
        Name.Function: f"bold {theme.NAVY}",
        Name.Class: f"bold {theme.NAVY}",
        Name.Decorator: theme.PLUM,
        Literal.String: theme.TEXT_COLOURS[theme.TEAL],
        Literal.Number: theme.PLUM,
    }


def page_of(module: str) -> str:
    """Return the address of a module's page, from the root of the site.

    Examples
    --------
    >>> page_of("sendreform.evidence.disputes")
    'code/sendreform.evidence.disputes.html'
    """
    return f"{FOLDER}/{module}.html"


def functions_behind(cells: Sequence[str]) -> tuple[Function, ...]:
    """Return the functions of ours that the last of these cells calls.

    Parameters
    ----------
    cells
        The code of a notebook, from its first cell to the one whose result is the figure.

    Returns
    -------
    The function whose result the cell shows, then the others that it calls, in the order in which
    they are written. Empty where what the cell shows comes from no function of ours.

    Examples
    --------
    >>> cells = [
    ...     "from sendreform.charts import bars\\nfrom sendreform.evidence import series",
    ...     "newest = series.of(figures)\\nbars(newest, unit='plans')",
    ... ]
    >>> [function.address for function in functions_behind(cells)]
    ['code/sendreform.charts.bars.html#bars', 'code/sendreform.evidence.series.html#of']
    """
    trees = [tree for cell in cells if (tree := _parsed(cell))]
    if not trees or not trees[-1].body:
        return ()
    shown = trees[-1].body[-1]
    if not isinstance(shown, ast.Expr) or not isinstance(shown.value, ast.Call):
        return ()
    imported = _imported(trees)
    drawn_by = _function(shown.value.func, imported)
    if drawn_by is None:
        return ()
    calls = [node for node in ast.walk(trees[-1]) if isinstance(node, ast.Call)]
    calls.sort(key=lambda call: (call.lineno, call.col_offset))
    others = (_function(call.func, imported) for call in calls)
    return tuple(dict.fromkeys([drawn_by, *(other for other in others if other)]))


def write_code_pages(outdir: Path, figures: Iterable[Shown], *, title: str, version: str) -> None:
    """Write the pages of the code behind figures, and their style sheet, into the site.

    Parameters
    ----------
    outdir
        The root of the site. Pages that are there already and no longer needed are removed.
    figures
        The figures of the site.
    title, version
        What the report is called, and the version that this code is of.
    """
    shown = list(figures)
    modules = _with_imported({each.module for figure in shown for each in figure.functions})
    folder = outdir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for module in modules:
        page = _page(module, shown, modules, title=title, version=version)
        (outdir / page_of(module)).write_text(page, "utf-8")
    for path in folder.glob("*.html"):
        if path.stem not in modules:
            path.unlink()
    style = HtmlFormatter(style=CodeStyle).get_style_defs(".code")
    (outdir / "_static").mkdir(exist_ok=True)
    look = STYLE_SHEET.read_text("utf-8")
    (outdir / "_static" / "code.css").write_text(f"{look}\n{style}\n", "utf-8")


def _page(
    name: str, figures: list[Shown], modules: Sequence[str], *, title: str, version: str
) -> str:
    module = importlib.import_module(name)
    about = inspect.getdoc(module) or ""
    draws = "".join(
        f'<li><a href="../{escape(figure.address)}">{escape(figure.title)}</a>, by '
        + _sentence([_link(each, within=name) for each in figure.functions])
        + "</li>\n"
        for figure in figures
        if any(each.module == name for each in figure.functions)
    )
    uses = "".join(
        f'<li><a href="{other}.html">{other}</a></li>\n'
        for other in _imports(name)
        if other in modules
    )
    return f"""\
<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="{_VIEWPORT}">
<title>{name}, code of {escape(title)}</title>
<link rel="stylesheet" href="../_static/code.css">
</head>
<body>
<header>
<p><a href="../index.html">{escape(title)}</a></p>
<h1>{name}</h1>
<p>{escape(about.splitlines()[0]) if about else ""}</p>
</header>
<main>
{_listing("Figures that it works out", draws)}
<h2 id="code">Code</h2>
<div class="code" role="region" tabindex="0" aria-labelledby="code">
{_highlighted(module)}
</div>
{_listing("Modules of ours that it imports", uses)}
</main>
<footer>
<p>Version {escape(version)}. Code under the MIT licence, sendreform contributors.</p>
</footer>
</body>
</html>
"""


def _listing(title: str, items: str) -> str:
    return f"<h2>{title}</h2>\n<ul>\n{items}</ul>" if items else ""


def _link(function: Function, *, within: str) -> str:
    same = function.module == within
    address = f"#{function.name}" if same else f"{function.module}.html#{function.name}"
    words = function.name if same else f"{function.module}.{function.name}"
    return f'<a href="{address}">{words}</a>'


def _sentence(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _highlighted(module: ModuleType) -> str:
    """Write a module's code as HTML: a name to link to for each line, function and class."""
    source = inspect.getsource(module)
    formatter = HtmlFormatter(style=CodeStyle, linespans="line", linenos="inline")
    code = str(highlight(source, PythonLexer(stripnl=False), formatter))
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
            line = f'<span id="line-{first}">'
            code = code.replace(line, f'<span id="{statement.name}"></span>{line}', 1)
    return code


def _parsed(cell: str) -> ast.Module | None:
    """Return the tree of a cell, or nothing where it is no plain Python, such as a magic."""
    try:
        return ast.parse(cell)
    except SyntaxError:
        return None


def _imported(trees: Iterable[ast.Module]) -> dict[str, Any]:
    """Return what the imports of our package bind, by the name that they bind it to."""
    bound: dict[str, Any] = {}
    for statement in (node for tree in trees for node in tree.body):
        if isinstance(statement, ast.ImportFrom) and _is_ours(statement.module or ""):
            for name in statement.names:
                bound[name.asname or name.name] = _member(statement.module or "", name.name)
        elif isinstance(statement, ast.Import):
            for name in statement.names:
                if _is_ours(name.name):
                    whole = importlib.import_module(name.name)
                    package = importlib.import_module(PACKAGE)
                    bound[name.asname or PACKAGE] = whole if name.asname else package
    return bound


def _member(module: str, name: str) -> Any:
    """Return a module's member, or the module of that name inside a package."""
    try:
        whole = importlib.import_module(module)
        if hasattr(whole, name):
            return getattr(whole, name)
        return importlib.import_module(f"{module}.{name}")
    except ModuleNotFoundError as error:
        raise ReportError(
            f"a notebook or module imports {name}, which is not there",
            where=module,
            fix="Run the notebooks again: the code has changed since.",
        ) from error


def _function(called: ast.expr, imported: dict[str, Any]) -> Function | None:
    """Return the function of ours that an expression names, if it names one."""
    match called:
        case ast.Name(id=name):
            found = imported.get(name)
        case ast.Attribute():
            found = _attribute(called, imported)
        case _:
            return None
    found = inspect.unwrap(found) if callable(found) else None
    if not inspect.isfunction(found) or not _is_ours(found.__module__):
        return None
    return Function(found.__module__, found.__qualname__)


def _attribute(called: ast.Attribute, imported: dict[str, Any]) -> Callable[..., Any] | None:
    """Follow a dotted name from what it begins with; only modules are followed."""
    names, start = [called.attr], called.value
    while isinstance(start, ast.Attribute):
        names.append(start.attr)
        start = start.value
    found = imported.get(start.id) if isinstance(start, ast.Name) else None
    for name in reversed(names):
        found = getattr(found, name, None) if inspect.ismodule(found) else None
    return found


def _with_imported(modules: set[str]) -> list[str]:
    """Return these modules and all of ours that they import, near or far, in order of name."""
    found, waiting = set(modules), list(modules)
    while waiting:
        new = set(_imports(waiting.pop())) - found
        found |= new
        waiting += new
    return sorted(found)


@cache
def _imports(module: str) -> tuple[str, ...]:
    """Return the modules of ours that a module imports from, in order of name."""
    found = set()
    for node in ast.walk(ast.parse(inspect.getsource(importlib.import_module(module)))):
        if isinstance(node, ast.ImportFrom) and _is_ours(node.module or ""):
            members = [_member(str(node.module), name.name) for name in node.names]
            found |= {
                member.__name__ if inspect.ismodule(member) else str(node.module)
                for member in members
            }
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if _is_ours(name.name)}
    return tuple(sorted(found - {module, PACKAGE}))


def _is_ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")
