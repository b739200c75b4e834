"""The words, the table and the page of a figure."""

import json
import re
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from sendreform.charts import Figure, bars, line_over_time
from sendreform.errors import ReportError

LABELLED = pd.DataFrame({"label": ["A", "B"], "value": [1234.0, 2.0]})


def draw(caption: dict[str, Any], **changes: str) -> Figure:
    return bars(LABELLED, unit="plans", **{**caption, **changes})


def test_a_text_alternative_of_220_characters_is_accepted(caption: dict[str, Any]) -> None:
    assert draw(caption, alt="a" * 220).alt == "a" * 220


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"alt": "a" * 221}, "figure 'plans-over-time': the text alternative has 221 characters"),
        ({"alt": "ehc plans have risen each year since 2015."}, "only repeats the title"),
        ({"alt": " "}, "the alt is empty"),
        ({"title": ""}, "the title is empty"),
        ({"source_url": ""}, "the source_url is empty"),
        ({"id": "Plans over time"}, "the id is not a slug"),
    ],
)
def test_words_that_will_not_do_are_refused(
    caption: dict[str, Any], changes: dict[str, str], message: str
) -> None:
    with pytest.raises(ReportError, match=re.escape(message)):
        draw(caption, **changes)


def test_words_cannot_break_out_of_the_page(caption: dict[str, Any]) -> None:
    nasty = '</script><b onclick="x">&'
    html = draw(caption, title=nasty, alt=nasty + "!", source=nasty).to_html()
    html_of_data = bars(LABELLED.assign(label=[nasty, "B"]), unit="plans", **caption).to_html()
    for page in (html, html_of_data):
        assert page.count("</script>") == 1
        assert "<b " not in page


def test_the_specification_survives_its_escaping(caption: dict[str, Any]) -> None:
    figure = bars(LABELLED.assign(label=["a < b & c", "d > e"]), unit="plans", **caption)
    written = re.search(r"<script[^>]*>(.*?)</script>", figure.to_html(), re.DOTALL)
    assert written
    assert json.loads(written[1]) == figure.specification()


def test_the_table_has_a_caption_and_heads_for_rows_and_columns(caption: dict[str, Any]) -> None:
    html = draw(caption).to_html()
    assert '<th scope="col">Group</th><th scope="col">Plans</th>' in html
    assert '<tr><th scope="row">A</th><td>1,234</td></tr>' in html
    assert f"<caption>{caption['title']}. {caption['subtitle']}</caption>" in html


def test_the_csv_is_in_the_link_itself(caption: dict[str, Any]) -> None:
    link = re.search(r'href="data:text/csv;charset=utf-8,([^"]*)"', draw(caption).to_html())
    assert link
    assert unquote(link[1]) == "\ufeffGroup,Plans\nA,1234\nB,2\n"


def test_a_missing_figure_says_why_in_the_csv(caption: dict[str, Any]) -> None:
    data = LABELLED.assign(value=[1.0, None], status=["", "z"])
    assert bars(data, unit="plans", **caption).csv() == "Group,Plans\nA,1\nB,not applicable\n"


def test_a_table_too_large_for_a_page_is_refused(caption: dict[str, Any]) -> None:
    data = pd.DataFrame({"label": [f"Group {n}" for n in range(3000)], "value": 1.0})
    with pytest.raises(ReportError, match="the table has 3000 rows, too many for a page"):
        bars(data, unit="plans", **caption)


def test_notes_stand_below_the_chart(caption: dict[str, Any]) -> None:
    html = draw(caption, note="Read <this>.").to_html()
    assert '<p class="sr-note">Read &lt;this&gt;.</p>' in html


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (LABELLED.drop(columns="value"), "the data lack the column value"),
        (LABELLED.assign(value=float("nan")), "no row has a value"),
        (pd.concat([LABELLED, LABELLED]), "A is given twice"),
    ],
)
def test_data_that_cannot_be_drawn_are_refused(
    caption: dict[str, Any], data: pd.DataFrame, message: str
) -> None:
    with pytest.raises(ReportError, match=f"figure 'plans-over-time': {message}"):
        bars(data, unit="plans", **caption)


def test_two_figures_share_no_id(caption: dict[str, Any]) -> None:
    data = pd.DataFrame({"period": ["2015-01", "2016-01"], "series": "England", "value": [1.0, 2]})
    pages = [
        line_over_time(data, kind="january", unit="plans", **{**caption, "id": name}).to_html()
        for name in ("one", "two")
    ]
    ids = [name for page in pages for name in re.findall(r'\bid="([^"]+)"', page)]
    assert len(ids) == len(set(ids))
