"""What is taken out of a page with figures, what is put in, and the files that come of it."""

import json
import re
import zlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from html import escape
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pandas as pd
import pytest
import vl_convert
from bs4 import BeautifulSoup

from charts.samples import CAPTION, KINDS
from conftest import ROOT
from sendreform.book import execution, figure_files
from sendreform.book.extension import executed_folder
from sendreform.book.figure_files import (
    Publication,
    citation,
    figures_of,
    keep,
    lift_figures,
    live_script,
    picture,
    read_kept,
    read_publication,
    write_figure_files,
)
from sendreform.charts import Figure, bars
from sendreform.charts.frames import WIDE
from sendreform.errors import ReportError

PUBLICATION = Publication(
    authors="sendreform contributors",
    title="A report & its figures",
    version="1.2.3",
    released=date(2026, 11, 24),
    address="https://example.org/send/",
)
PAGE = "notebooks/a_page"
CODE = "from sendreform.charts import bars\nbars(data, unit='plans')"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def of_kind(kind: str) -> Figure:
    """A figure of a kind, drawn once for all tests."""
    return KINDS[kind]()


def draw(**changes: str) -> Figure:
    data = pd.DataFrame({"label": ["A", "B"], "value": [1234.0, 2.0]})
    return bars(data, unit="plans", **{**CAPTION, **changes})


def cell(html: str, code: str = CODE) -> str:
    """A cell as myst-nb writes it."""
    return (
        '<div class="cell docutils container">\n<div class="cell_input docutils container">\n'
        f'<div class="highlight"><pre><span></span>{escape(code)}\n</pre></div></div>\n'
        f'<div class="cell_output docutils container">{html}</div></div>\n'
    )


def page(*figures: Figure) -> str:
    return f"<h1>Words</h1>\n{''.join(cell(figure.to_html()) for figure in figures)}<p>More.</p>"


def of_notebook(name: str) -> str:
    """A page of the report, from the notebook as it was run for the book."""
    executed = executed_folder(ROOT) / f"{name}.ipynb"
    if not executed.is_file():
        pytest.fail("the book is not built: run make book first")
    cells = nbformat.read(executed, as_version=4).cells
    return "".join(
        cell("".join(output.get("data", {}).get("text/html", "") for output in each.outputs),
             each.source)
        for each in cells
        if each.cell_type == "code"
    )  # fmt: skip


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Columns as the rows that they were made from."""
    return [
        {name: value for name, value in zip(columns, values, strict=True) if value is not None}
        for values in zip(*columns.values(), strict=True)
    ]


def chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, each with its check sum held against its content."""
    rest = png[8:]
    while rest:
        end = 8 + int.from_bytes(rest[:4])
        assert zlib.crc32(rest[4:end]) == int.from_bytes(rest[end : end + 4])
        yield rest[4:8], rest[8:end]
        rest = rest[end + 4 :]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_live_data_hold_the_whole_specification(kind: str) -> None:
    figure = of_kind(kind)
    live = lift_figures(page(figure), PAGE, PUBLICATION).live
    parts = live["figures"][figure.id]
    datasets = {
        name: rows_of(live["datasets"][table])
        for name, table in parts["shared"]["datasets"].items()
    }
    whole = {**parts, "shared": {**parts["shared"], "datasets": datasets}}
    assert whole == json.loads(json.dumps(figure.specification()))


def test_data_that_two_figures_share_are_in_a_page_once() -> None:
    one, two = draw(), draw(id="the-same-again")
    alone = lift_figures(page(one), PAGE, PUBLICATION).live
    both = lift_figures(page(one, two), PAGE, PUBLICATION).live
    assert both["datasets"] == alone["datasets"]
    assert list(both["figures"]) == ["plans-over-time", "the-same-again"]


def test_the_live_data_are_a_script_of_one_assignment() -> None:
    live = lift_figures(page(draw()), PAGE, PUBLICATION).live
    name, _, value = live_script(live).partition("=")
    assert name == "window.sendreformFigures"
    assert json.loads(value.removesuffix(";\n")) == live


def test_the_page_keeps_its_words_and_drawings_and_loses_its_data() -> None:
    before = page(draw())
    lifted = lift_figures(before, PAGE, PUBLICATION)
    assert "application/json" not in lifted.body
    assert "data:text/csv" not in lifted.body
    assert lifted.body.startswith("<h1>Words</h1>") and lifted.body.endswith("<p>More.</p>")
    drawings = re.compile(r"<svg.*?</svg>", re.S)
    assert drawings.findall(lifted.body) == drawings.findall(before)
    old, new = (BeautifulSoup(body, "html.parser") for body in (before, lifted.body))
    for part in (".sr-title", ".sr-subtitle", ".sr-source", ".sr-scroll", ".sr-chart"):
        assert [str(tag) for tag in new.select(part)] == [str(tag) for tag in old.select(part)]
    assert new.select_one("figure").attrs == old.select_one("figure").attrs


def test_a_page_names_the_script_with_its_live_data(tmp_path: Path) -> None:
    one, other = (
        lift_figures(page(draw(title=title)), PAGE, PUBLICATION) for title in ("One", "Other")
    )
    changed = lift_figures(page(of_kind("funnel")), PAGE, PUBLICATION)
    assert one.live_file == "notebooks-a_page.js"
    assert one.live_version == other.live_version != changed.live_version
    write_figure_files(tmp_path / "site", tmp_path, {PAGE: one}, PUBLICATION)
    file = tmp_path / "site" / "_static" / "live" / one.live_file
    assert file.read_text("utf-8") == live_script(one.live)


def test_a_page_without_figures_is_left_as_it_is() -> None:
    lifted = lift_figures("<p>Words alone.</p>", PAGE, PUBLICATION)
    assert (lifted.body, lifted.figures, lifted.live) == ("<p>Words alone.</p>", (), {})
    assert lifted.live_file == ""


def test_under_a_figure_is_a_row_of_links() -> None:
    body = lift_figures(page(draw()), PAGE, PUBLICATION).body
    row = BeautifulSoup(body, "html.parser").select_one("figure > ul.sr-figure-links")
    assert [item.find(["summary", "a"]).get_text() for item in row.find_all("li")] == [
        "Data table", "CSV", "SVG", "PNG", "Link to this figure", "Cite", "code",
    ]  # fmt: skip
    assert [link["href"] for link in row.select("a[download]")] == [
        f"../figures/plans-over-time.{kind}" for kind in ("csv", "svg", "png")
    ]
    assert row.select_one("a[href='#plans-over-time']")
    assert row.select_one("a[href='../book/methods.html']")
    assert row.select_one("a[href='../code/sendreform.charts.bars.html#bars']")
    assert row.select("details.sr-data table caption")


def test_a_page_at_the_root_links_down_not_up() -> None:
    body = lift_figures(page(draw()), "index", PUBLICATION).body
    assert 'href="figures/plans-over-time.csv"' in body
    assert 'href="code/sendreform.charts.bars.html#bars"' in body


def test_a_citation_names_figure_report_version_date_source_and_address() -> None:
    [figure] = lift_figures(page(draw(title="More & more plans")), PAGE, PUBLICATION).figures
    words = BeautifulSoup(citation(figure, PUBLICATION), "html.parser").get_text()
    assert words == (
        "sendreform contributors (2026). “More & more plans.” In A report & its figures, version "
        "1.2.3, 24 November 2026. Source: Education, health and care plans: England 2025. "
        "https://example.org/send/notebooks/a_page.html#plans-over-time"
    )


def test_the_report_can_be_cited() -> None:
    known = read_publication(ROOT, "https://example.org/send")
    assert f'version = "{known.version}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert known.title.startswith("SEND in England")
    assert known.address == "https://example.org/send/"


def test_a_citation_file_that_lacks_a_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "CITATION.cff").write_text("title: A\nauthors: [{name: B}]\n", "utf-8")
    with pytest.raises(ReportError, match=r"CITATION\.cff: the citation has no usable 'version'"):
        read_publication(tmp_path)


@pytest.mark.parametrize(
    ("taken", "put", "message"),
    [
        (
            '<script type="application/json">',
            "<script>",
            "'plans-over-time': the figure has no spe",
        ),
        ('{"shared"', "{shared", "the specification cannot be read"),
        ('"datasets":', '"rows":', "the specification cannot be read ('datasets')"),
        ('data-frame="wide"', 'data-frame="broad"', "the figure has no drawing for wide pages"),
        ("data:text/csv", "data:text/plain", "the figure has no link to its data"),
        ('class="sr-data"', 'class="data"', "the figure has no data table"),
        ('class="sr-source"', 'class="source"', "lacks its title, subtitle, text alternative or"),
        (' id="plans-over-time"', "", "notebooks/a_page: a figure has no id"),
        ("</figure>", "", "notebooks/a_page: a figure has no end"),
    ],
)
def test_a_malformed_figure_is_refused(taken: str, put: str, message: str) -> None:
    body = page(draw())
    assert taken in body
    with pytest.raises(ReportError, match=re.escape(message)):
        lift_figures(body.replace(taken, put, 1), PAGE, PUBLICATION)


def test_two_figures_of_one_name_are_refused() -> None:
    with pytest.raises(ReportError, match="two figures have the id 'plans-over-time'"):
        lift_figures(page(draw(), draw()), PAGE, PUBLICATION)
    first, second = draw(), draw(title="Something else")
    kept = {
        name: lift_figures(page(figure), name, PUBLICATION)
        for name, figure in (("notebooks/one", first), ("notebooks/two", second))
    }
    with pytest.raises(ReportError, match="notebooks/one and notebooks/two: two figures have"):
        figures_of(kept)


def test_a_figure_shown_twice_belongs_to_the_page_that_draws_it() -> None:
    kept = {
        "index": lift_figures(draw().to_html(), "index", PUBLICATION),
        PAGE: lift_figures(page(draw()), PAGE, PUBLICATION),
    }
    assert "code</a>" not in kept["index"].body
    assert figures_of(kept)["plans-over-time"].page == PAGE


def test_a_source_within_the_site_is_told_from_its_root() -> None:
    [figure] = lift_figures(
        page(draw(source_url="../book/data_and_sources.html")), PAGE, PUBLICATION
    ).figures
    assert figure.source_url == "book/data_and_sources.html"


def test_what_is_kept_of_a_page_comes_back_until_the_page_is_gone(tmp_path: Path) -> None:
    lifted = lift_figures(page(draw()), PAGE, PUBLICATION)
    keep(lifted, tmp_path)
    back = read_kept(tmp_path, ["index", PAGE])
    assert (back[PAGE].figures, back[PAGE].live) == (lifted.figures, lifted.live)
    assert read_kept(tmp_path, ["index"]) == {}
    assert read_kept(tmp_path, ["index", PAGE]) == {}
    keep(lifted, tmp_path)
    keep(lift_figures("<p>No figure any more.</p>", PAGE, PUBLICATION), tmp_path)
    assert read_kept(tmp_path, [PAGE]) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_csv_is_the_table_of_the_page(kind: str, tmp_path: Path) -> None:
    figure = of_kind(kind)
    lifted = lift_figures(page(figure), PAGE, PUBLICATION)
    write_figure_files(tmp_path / "site", tmp_path, {PAGE: lifted}, PUBLICATION)
    file = (tmp_path / "site" / "figures" / f"{figure.id}.csv").read_bytes()
    assert file == b"\xef\xbb\xbf" + figure.csv().encode()
    assert (
        pd.read_csv(tmp_path / "site" / "figures" / f"{figure.id}.csv").columns[0]
        == (figure.table.columns[0])
    )
    table = BeautifulSoup(lifted.body, "html.parser").select_one("details.sr-data table")
    data = pd.read_csv(StringIO(figure.csv()), dtype="str", keep_default_na=False)
    assert [head.get_text() for head in table.select("thead th")] == list(data.columns)
    assert [head.get_text() for head in table.select("tbody th")] == list(data.iloc[:, 0])
    shown = [[tag.get_text() for tag in row.select("td")] for row in table.select("tbody tr")]
    for row, cells in zip(shown, data.iloc[:, 1:].to_numpy(), strict=True):
        for words, value in zip(row, cells, strict=True):
            digits = [re.sub(r"[^\d.]", "", text) for text in (words, value)]
            assert words == value or float(digits[0]) == float(digits[1])


@pytest.mark.parametrize("kind", KINDS)
def test_the_svg_is_a_whole_picture(kind: str) -> None:
    figure = of_kind(kind)
    [lifted] = lift_figures(page(figure), PAGE, PUBLICATION).figures
    root = ElementTree.fromstring(picture(lifted, PUBLICATION))
    assert root.find(f"{SVG}title").text == figure.title
    assert root.find(f"{SVG}desc").text == figure.alt
    ids = {element.get("id") for element in root.iter()}
    assert {root.get("aria-labelledby"), root.get("aria-describedby")} <= ids
    blocks = [
        " ".join(text.text for text in group.findall(f"{SVG}text"))
        for group in root.findall(f"{SVG}g")
    ]
    ends = "SEND in England, version 1.2.3, example.org/send/"
    assert blocks == [
        f"{figure.title} {figure.subtitle}",
        " ".join([*figure.notes, f"Source: {figure.source}", ends]),
    ]
    chart, height = root.find(f"{SVG}svg"), float(root.get("height"))
    first, last = (
        [float(text.get("y")) for text in group.findall(f"{SVG}text")]
        for group in root.findall(f"{SVG}g")
    )
    assert first[-1] < float(chart.get("y"))
    assert float(chart.get("y")) + float(chart.get("height")) < last[0] < last[-1] < height
    assert first == sorted(set(first)) and last == sorted(set(last))


def test_long_words_of_a_picture_stay_within_it() -> None:
    long = "Appeals to the Tribunal, and the many other things that a title may want to say. " * 4
    [figure] = lift_figures(
        page(draw(title=long.strip(), note=long, source=long.strip())), PAGE, PUBLICATION
    ).figures
    drawing = picture(figure, PUBLICATION)
    # Half of the edge is left white where nothing is cut off.
    png = vl_convert.svg_to_png(drawing, scale=1)
    head = dict(chunks(png))[b"IHDR"]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    pixels = zlib.decompress(b"".join(data for name, data in chunks(png) if name == b"IDAT"))
    row = 4 * width + 1
    for line in range(height):
        assert pixels[line * row] == 1  # each pixel is told as its change from the one before
        edge = pixels[(line + 1) * row - 4 * 10 : (line + 1) * row]
        assert not any(edge)


def test_the_png_is_twice_as_wide_as_the_picture(tmp_path: Path) -> None:
    kept = {PAGE: lift_figures(page(draw()), PAGE, PUBLICATION)}
    write_figure_files(tmp_path / "site", tmp_path, kept, PUBLICATION)
    png = (tmp_path / "site/figures/plans-over-time.png").read_bytes()
    svg = ElementTree.parse(tmp_path / "site/figures/plans-over-time.svg").getroot()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    parts = list(chunks(png))
    assert [name for name, _ in parts][-2:] == [b"IDAT", b"IEND"]
    head = dict(parts)[b"IHDR"]
    width, height = int.from_bytes(head[:4]), int.from_bytes(head[4:8])
    assert width == 2 * float(svg.get("width")) == 2 * (WIDE.width + 40)
    assert abs(height - 2 * float(svg.get("height"))) <= 1
    assert len(zlib.decompress(dict(parts)[b"IDAT"])) == height * (4 * width + 1)


def test_a_picture_is_drawn_once_and_again_only_when_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []
    real = vl_convert.svg_to_png
    monkeypatch.setattr(
        figure_files.vl_convert,
        "svg_to_png",
        lambda svg, **how: drawn.append(svg) or real(svg, **how),
    )
    for title, times in (("One title", 1), ("One title", 1), ("Another title", 2)):
        kept = {PAGE: lift_figures(page(draw(title=title)), PAGE, PUBLICATION)}
        write_figure_files(tmp_path / "site", tmp_path, kept, PUBLICATION)
        assert len(drawn) == times
    assert len(list((tmp_path / "drawn").iterdir())) == 1


def test_files_of_a_figure_that_is_gone_are_removed(tmp_path: Path) -> None:
    for name in ("first", "second"):
        kept = {name: lift_figures(page(draw(id=name)), name, PUBLICATION)}
        write_figure_files(tmp_path / "site", tmp_path, kept, PUBLICATION)
    assert [*contents(tmp_path / "site" / "figures")] == ["second.csv", "second.png", "second.svg"]
    assert [*contents(tmp_path / "site" / "_static" / "live")] == ["second.js"]


def test_the_same_page_gives_the_same_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        kept = {PAGE: lift_figures(of_notebook("what_reform_needs"), PAGE, PUBLICATION)}
        write_figure_files(tmp_path / name, tmp_path / f"{name}-kept", kept, PUBLICATION)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


@pytest.mark.parametrize("name", execution.FINDINGS)
def test_each_figure_of_the_findings_is_lifted_with_its_code(name: str) -> None:
    body = of_notebook(name)
    lifted = lift_figures(body, f"notebooks/{name}", PUBLICATION)
    assert len(lifted.figures) == body.count("<figure ") >= 5
    assert all(figure.functions for figure in lifted.figures)
    assert list(lifted.live["figures"]) == [figure.id for figure in lifted.figures]
    # what a reader loads with the page is at least a quarter less
    assert len(lifted.body) < 0.75 * len(body)
