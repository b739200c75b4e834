"""The pages of the report's own code: which code a figure comes from, and how it is shown."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from conftest import ROOT
from sendreform.book import execution
from sendreform.book.code_pages import (
    CodeStyle,
    Function,
    Shown,
    functions_behind,
    page_of,
    write_code_pages,
)
from sendreform.errors import ReportError

SHOWN = [
    Shown(
        "Appeals <rose>",
        "notebooks/reform_essential.html#appeals",
        (
            Function("sendreform.book.essential.disputes", "appeals"),
            Function("sendreform.evidence.disputes", "appeal_rates"),
        ),
    )
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that holds the code of one figure."""
    folder = tmp_path_factory.mktemp("site")
    write_code_pages(folder, SHOWN, title="SEND in England", version="1.2.3")
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    """The pages of that code, by file name."""
    return {path.name: read(path) for path in (site / "code").iterdir()}


def read(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def contrast_with_white(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    light = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05)


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["from sendreform.charts import bars", "bars(data)"], ["bars"]),
        (["from sendreform.charts import bars as drawn\ndrawn(data)"], ["bars"]),
        (["from sendreform import charts", "charts.bars(data)"], ["bars"]),
        (["import sendreform.charts as charts", "charts.bars(data)"], ["bars"]),
        (["import sendreform.charts", "sendreform.charts.bars(data)"], ["bars"]),
        # what the cell shows comes first, then what it was worked out from, each once
        (
            [
                "from sendreform.charts import bars\nfrom sendreform.evidence.series import of, at",
                "one, two = of(a), of(b)\nbars(at(one, two), unit=', '.join(words))",
            ],
            ["bars", "of", "at"],
        ),
        # the notebook's later cells do not count, and nor do magics
        (["%load_ext x", "from sendreform.charts import bars", "bars(data)"], ["bars"]),
        # nothing of ours is shown
        (["from sendreform.charts import bars", "figure = bars(data)"], []),
        (["from pandas import DataFrame", "DataFrame(data)"], []),
        (["from sendreform.report import open_report\nreport = open_report()\nreport.about"], []),
        (["import pandas as pd\npd.concat(tables)"], []),
        ([""], []),
        ([], []),
    ],
)
def test_the_functions_behind_a_cell_are_found(cells: list[str], names: list[str]) -> None:
    assert [function.name for function in functions_behind(cells)] == names


def test_a_function_is_found_where_it_is_defined_not_where_it_is_imported_from() -> None:
    [function] = functions_behind(["from sendreform.book import essential", "essential.appeals(x)"])
    module = inspect.unwrap(import_module("sendreform.book.essential").appeals).__module__
    assert function == Function(module, "appeals")
    assert function.address == f"code/{module}.html#appeals"


def test_an_import_of_what_is_no_longer_there_is_refused() -> None:
    with pytest.raises(ReportError, match=r"sendreform\.periods: .* imports gone, which is not"):
        functions_behind(["from sendreform.periods import gone", "gone()"])


@pytest.mark.parametrize("name", execution.NOTEBOOKS)
def test_each_code_link_of_a_notebook_leads_to_a_function_that_is_there(
    name: str, tmp_path: Path
) -> None:
    cells = [
        cell.source
        for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4).cells
        if cell.cell_type == "code"
    ]
    behind = [functions_behind(cells[: place + 1]) for place in range(len(cells))]
    shown = [Shown("A figure", "index.html", functions) for functions in behind if functions]
    assert len(shown) >= min(len(cells), 5) - 2
    write_code_pages(tmp_path, shown, title="SEND in England", version="1.2.3")
    ids = {
        path.name: set(re.findall(r'\bid="([^"]+)"', path.read_text("utf-8")))
        for path in (tmp_path / "code").iterdir()
    }
    for function in {function for each in shown for function in each.functions}:
        address = function.address.removeprefix("code/")
        page, _, anchor = address.partition("#")
        assert anchor in ids[page], address


def test_a_page_shows_the_whole_module(site: Path) -> None:
    name = "sendreform.evidence.disputes"
    source = inspect.getsource(import_module(name))
    page = read(site / page_of(name))
    for number in page.select(".linenos"):
        number.decompose()
    assert page.select_one(".code pre").get_text().strip() == source.strip()
    lines = [tag["id"] for tag in page.select("[id^='line-']")]
    assert lines == [f"line-{number}" for number in range(1, len(source.splitlines()) + 1)]
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.FunctionDef):
            anchor = page.find(id=statement.name)
            first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
            assert anchor.find_next_sibling()["id"] == f"line-{first}"


def test_a_page_says_what_it_is_and_leads_back(site: Path) -> None:
    page = read(site / page_of("sendreform.book.essential.disputes"))
    assert page.html["lang"] == "en-GB"
    assert page.select_one("meta[name=viewport]")["content"].startswith("width=device-width")
    assert [h1.get_text() for h1 in page.select("h1")] == ["sendreform.book.essential.disputes"]
    assert "Version 1.2.3" in page.footer.get_text() and "MIT" in page.footer.get_text()
    assert page.select_one("header a")["href"] == "../index.html"
    back = page.select_one("main li a")
    assert back["href"] == "../notebooks/reform_essential.html#appeals"
    assert back.get_text() == "Appeals <rose>"
    region = page.select_one("[role=region]")
    assert region["tabindex"] == "0"
    assert page.find(id=region["aria-labelledby"]).get_text() == "Code"
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_links_between_pages_of_code_lead_somewhere(
    site: Path, pages: dict[str, BeautifulSoup]
) -> None:
    assert len(pages) > 5
    for page in pages.values():
        assert (site / "code" / page.select_one("link")["href"]).is_file()
        for link in page.select("main a"):
            name, _, anchor = link["href"].partition("#")
            if name.startswith("../"):
                continue
            target = pages[name] if name else page
            assert not anchor or target.find(id=anchor), link["href"]


def test_nothing_is_loaded_or_run_but_one_style_sheet_of_this_site(
    pages: dict[str, BeautifulSoup],
) -> None:
    for page in pages.values():
        assert not page.select("script, style, [style], img, iframe")
        assert [link["href"] for link in page.select("link")] == ["../_static/code.css"]


def test_each_colour_of_the_code_can_be_read() -> None:
    colours = {style["color"] for _, style in CodeStyle if style["color"]}
    assert len(colours) >= 5
    assert min(map(contrast_with_white, colours)) >= 4.5


def test_pages_that_are_no_longer_needed_go(tmp_path: Path) -> None:
    write_code_pages(tmp_path, SHOWN, title="SEND in England", version="1.2.3")
    left = [Shown("Ticks", "index.html", (Function("sendreform.periods", "label"),))]
    write_code_pages(tmp_path, left, title="SEND in England", version="1.2.3")
    names = {path.stem for path in (tmp_path / "code").iterdir()}
    assert "sendreform.periods" in names
    assert "sendreform.book.essential.disputes" not in names


def test_the_same_code_gives_the_same_pages(site: Path, tmp_path: Path) -> None:
    write_code_pages(tmp_path, SHOWN, title="SEND in England", version="1.2.3")
    for path in (site / "code").iterdir():
        assert (tmp_path / "code" / path.name).read_bytes() == path.read_bytes()
