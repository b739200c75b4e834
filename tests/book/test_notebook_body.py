"""A notebook as the body of an article: what the built page says, safely, the same each time."""

import re
from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup, Tag
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from conftest import ROOT
from sendreform.book import site
from sendreform.book.execution import NOTEBOOKS
from sendreform.book.figure_files import lift_figures, read_publication
from sendreform.book.notebook_body import EXTENSIONS, Heading, notebook_body
from sendreform.errors import ReportError

HOSTILE = "<script>alert(1)</script>"


def made_of(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell("# A place"), *cells])


def shows(**data: str) -> list[NotebookNode]:
    types = {"html": "text/html", "markdown": "text/markdown", "plain": "text/plain"}
    return [new_output("execute_result", {types[name]: value for name, value in data.items()})]


def body_of(*cells: NotebookNode) -> str:
    return notebook_body(made_of(*cells), "a notebook").body


def read(article: str | Tag) -> dict[str, list[object]]:
    """Return the words, the headings, the links and the ids of an article."""
    soup = BeautifulSoup(str(article), "html.parser")
    for drawing in soup.select("svg, .sr-notebook"):
        drawing.decompose()
    lines = (" ".join(line.split()) for line in soup.get_text("\n").splitlines())
    return {
        "words": [line for line in lines if line],
        "headings": [(each.name, each.get_text()) for each in soup.select("h1, h2, h3")],
        "links": [link["href"] for link in soup.select("a[href]")],
        "ids": [element["id"] for element in soup.select("[id]")],
    }


@pytest.mark.book
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_says_what_the_built_page_says(html: Path, name: str) -> None:
    page = (html / "notebooks" / f"{name}.html").read_text("utf-8")
    built = re.search(r'<article class="sr-article".*</article>', page, re.DOTALL)
    assert built
    notebook = nbformat.read(ROOT / "_build" / "executed" / "report" / f"{name}.ipynb", 4)
    publication = read_publication(ROOT, site.known_address())
    ours = lift_figures(notebook_body(notebook, name).body, f"notebooks/{name}", publication)
    assert read(ours.body) == read(built[0])


def test_it_reads_markdown_as_the_book_does() -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    assert set(EXTENSIONS) == set(config["parse"]["myst_enable_extensions"])


def test_headings_open_sections_that_last_over_cells() -> None:
    body = notebook_body(
        made_of(
            new_markdown_cell("## What it *costs*\n\nMuch."),
            new_code_cell("cost()", outputs=shows(markdown="More.")),
            new_markdown_cell("### For each plan\n\n## What it *costs*"),
        ),
        "a notebook",
    )
    assert body.title == "A place"
    assert body.headings == (
        Heading(1, "a-place", "A place"),
        Heading(2, "what-it-costs", "What it costs"),
        Heading(3, "for-each-plan", "For each plan"),
        Heading(2, "id1", "What it costs"),
    )
    soup = BeautifulSoup(body.body, "html.parser")
    assert [section["id"] for section in soup.select("section > section > section")] == [
        "for-each-plan"
    ]
    assert "More." in soup.select_one("#what-it-costs").get_text()
    assert body.body.count("<section") == body.body.count("</section>")


def test_a_heading_that_a_cell_writes_opens_a_section_too() -> None:
    body = notebook_body(
        new_notebook(
            cells=[
                new_code_cell("area = 'Kent'"),
                new_code_cell("head()", outputs=shows(markdown="# SEND in Kent\n\nA county.")),
                new_code_cell("need()", outputs=shows(markdown="Before.\n\n## Need\n\nAfter.")),
                new_code_cell("chart()", outputs=shows(html="<p>chart</p>")),
            ]
        ),
        "a notebook",
    )
    assert body.title == "SEND in Kent"
    assert [heading.id for heading in body.headings] == ["send-in-kent", "need"]
    soup = BeautifulSoup(body.body, "html.parser")
    (title,) = soup.find_all(True, recursive=False)
    assert title.find(True).name == "h1"
    words = soup.get_text(" ", strip=True)
    order = ["SEND in Kent", "area", "head", "A county", "need", "Before", "Need", "After", "chart"]
    assert [words.index(word) for word in order] == sorted(words.index(word) for word in order)
    assert [
        section.get_text(" ", strip=True)[:4] for section in soup.select("section section")
    ] == ["Need"]
    assert all(not cell.select("section") for cell in soup.select(".cell"))


def test_words_of_a_notebook_are_text_and_not_html() -> None:
    body = body_of(
        new_markdown_cell(f"## {HOSTILE}\n\n{HOSTILE} [link](javascript:alert(1))"),
        new_code_cell(f"'{HOSTILE}'", outputs=shows(markdown=HOSTILE, plain=HOSTILE)),
        new_code_cell("1", outputs=shows(plain=HOSTILE)),
        new_code_cell("2", outputs=[new_output("stream", name="stdout", text=HOSTILE)]),
    )
    assert "<script" not in body
    assert 'href="javascript' not in body
    assert BeautifulSoup(body, "html.parser").get_text().count(HOSTILE) == 6


def test_tags_fold_and_leave_out_as_in_the_book() -> None:
    def cell(*tags: str) -> str:
        body = body_of(
            new_code_cell("secret()", outputs=shows(html="<p>open</p>"), metadata={"tags": [*tags]})
        )
        soup = BeautifulSoup(body, "html.parser")
        folded = " ".join(each.get_text() for each in soup.select("details"))
        return "".join(
            "folded " if word in folded else "shown " if word in soup.get_text() else "none "
            for word in ("secret", "open")
        )

    assert cell() == "shown shown "
    assert cell("hide-input") == "folded shown "
    assert cell("hide-output") == "shown folded "
    assert cell("hide-cell") == "folded folded "
    assert cell("remove-input") == "none shown "
    assert cell("remove-output") == "shown none "
    assert cell("remove-cell") == "none none "


def test_the_richest_output_is_shown_and_a_kept_value_is_not() -> None:
    body = body_of(
        new_code_cell("a", outputs=shows(html="<p>rich</p>", markdown="fair", plain="poor")),
        new_code_cell("b", outputs=shows(markdown="**fair**", plain="poor")),
        new_code_cell(
            "c",
            outputs=[new_output("display_data", {"application/papermill.record/text/plain": "1"})],
        ),
    )
    assert "<p>rich</p>" in body and "<strong>fair</strong>" in body
    assert "poor" not in body
    assert body.count("cell_output") == 2


def test_tables_code_and_links_are_those_of_the_site() -> None:
    body = body_of(
        new_markdown_cell(
            "| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nimport this\n```\n\n"
            "```what\n<b>\n```\n\n[methods](../book/methods.md#money) and [site](https://a.org/b.md)"
        )
    )
    assert 'role="region" tabindex="0" aria-label="Table">\n<table>' in body
    assert '<span class="kn">import</span>' in body
    assert "&lt;b&gt;" in body
    assert 'href="../book/methods.html#money"' in body and 'href="https://a.org/b.md"' in body


def test_the_same_notebook_gives_the_same_bytes() -> None:
    notebook = made_of(new_code_cell("x = '“quoted”'", outputs=shows(markdown='"quoted" -- so')))
    assert notebook_body(notebook, "a").body == notebook_body(notebook, "a").body
    assert "“quoted” – so" in notebook_body(notebook, "a").body


def test_a_notebook_without_a_title_or_with_an_error_says_where() -> None:
    with pytest.raises(ReportError, match=r"notebooks/x\.ipynb: the notebook has no title"):
        notebook_body(new_notebook(cells=[new_markdown_cell("Words.")]), "notebooks/x.ipynb")
    failed = new_code_cell(
        "1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="by zero")]
    )
    with pytest.raises(ReportError, match=r"x\.ipynb, cell 2"):
        notebook_body(made_of(failed), "x.ipynb")
