"""Tables of words and figures, as they are read on a phone, by keyboard and by ear."""

import pytest
from bs4 import BeautifulSoup
from bs4.element import Tag
from IPython.display import HTML

from sendreform.book.word_tables import Cell, source_line, table_in_frame, table_of

TITLE, HEADS = "Plans & places", ["Setting", "January <2015>", "What to bear in mind"]
ROWS: list[list[Cell]] = [
    ["Special & other", "1 < 2", "Not on one basis."],
    [HTML('<a href="../book/measures.html">Mainstream</a>'), "7", HTML("<b>Few</b>")],
]
SOURCE = {"source": "DfE & MoJ (2025)", "source_url": "https://www.gov.uk/?a=1&b=2"}


@pytest.fixture
def bare() -> BeautifulSoup:
    return BeautifulSoup(table_of(TITLE, HEADS, ROWS, words=(2,)), "html.parser")


@pytest.fixture
def framed() -> BeautifulSoup:
    table = table_in_frame(
        id="places", title=TITLE, subtitle="England, <all>", heads=HEADS, rows=ROWS, words=(2,),
        note="A > B.", source=SOURCE,
    )  # fmt: skip
    return BeautifulSoup(table.data, "html.parser")


def one(page: BeautifulSoup, path: str) -> Tag:
    [found] = page.select(path)
    return found


@pytest.mark.parametrize("kind", ["bare", "framed"])
def test_a_wide_table_scrolls_by_itself_and_is_reached_by_keyboard(
    kind: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(kind)
    region = one(page, '.sr-scroll[role="region"][tabindex="0"]')
    assert region["aria-label"] == "Table: Plans & places"
    assert region.select("table") == page.select("table")


@pytest.mark.parametrize("kind", ["bare", "framed"])
def test_each_cell_has_a_head_of_its_column_and_one_of_its_row(
    kind: str, request: pytest.FixtureRequest
) -> None:
    page = request.getfixturevalue(kind)
    heads = page.select('thead th[scope="col"]')
    assert [head.get_text() for head in heads] == HEADS
    for row in page.select("tbody tr"):
        assert len(row.select('th[scope="row"]')) == 1
        assert len(row.select("th, td")) == len(heads)


def test_a_table_is_named_by_its_caption_or_by_the_title_of_its_frame(
    bare: BeautifulSoup, framed: BeautifulSoup
) -> None:
    assert one(bare, "table caption").get_text() == TITLE
    assert one(framed, f"#{one(framed, 'table')['aria-labelledby']}").get_text() == TITLE
    assert not framed.select("caption")


def test_text_is_escaped_and_html_stands_as_it_is(bare: BeautifulSoup) -> None:
    cells = [[cell.get_text() for cell in row.select("th, td")] for row in bare.select("tbody tr")]
    assert cells == [["Special & other", "1 < 2", "Not on one basis."], ["Mainstream", "7", "Few"]]
    assert one(bare, "tbody th a")["href"] == "../book/measures.html"
    assert one(bare, "td b").get_text() == "Few"


def test_a_column_of_words_is_set_as_words_with_its_head(bare: BeautifulSoup) -> None:
    as_words = bare.select(".sr-text")
    assert [cell.get_text() for cell in as_words] == [HEADS[2], "Not on one basis.", "Few"]


def test_the_frame_holds_title_subtitle_table_note_and_source_in_this_order(
    framed: BeautifulSoup,
) -> None:
    section = one(framed, "section.sr-figure")
    assert (section["id"], section["aria-label"]) == ("places", TITLE)
    assert [part["class"][0] for part in section.find_all(recursive=False)] == [
        "sr-title", "sr-subtitle", "sr-scroll", "sr-note", "sr-source"
    ]  # fmt: skip
    assert one(framed, ".sr-subtitle").get_text() == "England, <all>"
    assert one(framed, ".sr-note").get_text() == "A > B."
    assert one(framed, ".sr-source a")["href"] == SOURCE["source_url"]


def test_without_a_note_there_is_none() -> None:
    table = table_in_frame(
        id="places", title=TITLE, subtitle="", heads=HEADS, rows=ROWS, source=SOURCE
    )
    assert "sr-note" not in table.data
    assert source_line(SOURCE) in table.data


def test_a_row_with_a_cell_too_few_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        table_of(TITLE, HEADS, [["Special", "1"]])


def test_a_table_of_words_names_each_cell_for_the_cards_of_a_phone() -> None:
    written = table_of(TITLE, HEADS, ROWS, words=(0, 1, 2))
    page = BeautifulSoup(written, "html.parser")
    assert [cell["data-head"] for cell in page.select("tbody td")] == HEADS[1:] * len(ROWS)
    # A table that is shown as blocks is none to a screen reader, unless its parts say so.
    roles = [part["role"] for part in page.select("table, thead, tbody, tr, th, td")]
    assert len(roles) == 1 + 2 + 3 + 3 * 3
    assert set(roles) == {"table", "rowgroup", "row", "columnheader", "rowheader", "cell"}
    assert "data-head" not in table_of(TITLE, HEADS, ROWS, words=(0, 2))
