"""What holds for every kind of chart."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest

from sendreform import charts

Draw = Callable[[], charts.Figure]

VOID = {"br", "hr", "img", "meta", "link", "input"}


def drawings(html: str) -> list[ElementTree.Element]:
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]


def words(svg: ElementTree.Element) -> str:
    return " ".join(text for text in svg.itertext() if text.strip())


def test_the_same_table_gives_the_same_bytes(draw: Draw) -> None:
    assert draw().to_html() == draw().to_html()


def test_a_figure_without_html_is_its_text_alternative(draw: Draw) -> None:
    bundle = draw()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == draw().alt


def test_vega_lite_accepts_the_specification_at_both_sizes(draw: Draw) -> None:
    draw().chart.to_dict(validate=True)
    draw().narrow.to_dict(validate=True)


def test_the_page_carries_two_drawings_that_a_reader_of_alt_text_skips(draw: Draw) -> None:
    html = draw().to_html()
    assert [svg.get("aria-hidden") for svg in drawings(html)] == ["true", "true"]
    assert html.count('role="img"') == 1
    assert f'aria-label="{draw().alt}"' in html


def test_the_narrow_drawing_fits_a_phone(draw: Draw) -> None:
    wide, narrow = (float(svg.get("viewBox", "").split()[2]) for svg in drawings(draw().to_html()))
    assert 600 < wide < 720
    assert 280 < narrow < 360


def test_no_missing_value_is_written_as_a_number_or_as_nan(draw: Draw) -> None:
    figure = draw()
    page = re.sub(r"<script.*?</script>", "", figure.to_html(), flags=re.DOTALL)
    assert not re.search(r"\bnan\b|\bnull\b|<NA>|undefined", page, re.IGNORECASE)
    for rows in figure.specification()["shared"]["datasets"].values():
        assert not pd.DataFrame(rows).map(lambda cell: cell in (None, "nan", "None")).any(axis=None)
        assert "NaN" not in json.dumps(rows)


def test_missing_figures_say_why_in_the_table(draw: Draw) -> None:
    figure = draw()
    is_word = figure.table.map(lambda cell: isinstance(cell, str)).iloc[:, 1:]
    if (is_word.any() & ~is_word.all()).any():  # a column of figures with words among them
        assert "not available" in figure.to_html() or "suppressed" in figure.to_html()


def test_the_html_is_well_formed(draw: Draw) -> None:
    open_tags: list[str] = []

    class Nesting(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
            if tag not in VOID:
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            pass

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Nesting().feed(draw().to_html())
    assert open_tags == []


def test_no_style_attribute_or_script_runs_so_a_strict_policy_holds(draw: Draw) -> None:
    html = draw().to_html()
    assert " style=" not in html
    assert re.findall(r"<script[^>]*>", html) == ['<script type="application/json">']


def test_nothing_but_the_source_link_names_another_host(draw: Draw) -> None:
    html = draw().to_html().replace("http://www.w3.org/2000/svg", "")
    assert set(re.findall(r"https?://[^\"/]+", html)) == {"https://example.org"}


def test_both_sizes_share_their_data_in_the_live_chart(draw: Draw) -> None:
    specification = draw().specification()
    assert specification["shared"]["datasets"]
    for size in ("wide", "narrow"):
        assert "datasets" not in specification[size]
        used = set(re.findall(r'"name": "(data-\w+)"', json.dumps(specification)))
        assert used == set(specification["shared"]["datasets"])


def test_a_figure_with_little_data_stays_small(draw: Draw) -> None:
    assert len(draw().to_html().encode()) < 32_000


@pytest.mark.parametrize("name", charts.__all__)
def test_every_name_the_room_offers_is_documented(name: str) -> None:
    assert getattr(charts, name).__doc__
