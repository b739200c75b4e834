"""The pages of all places, word by word and figure by figure, as the built book shows them.

The figures are worked out here a second time, from the files of ``data/`` with plain pandas.
"""

import re
from copy import copy
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup, Tag

from conftest import ROOT
from sendreform.book.local import slug
from sendreform.book.words import counted

OBSERVATIONS = ROOT / "data" / "observations"
AREAS = pd.read_csv(ROOT / "data" / "areas.csv", dtype=str, keep_default_na=False)
PLACES = AREAS[
    ((AREAS["level"] == "council") & (AREAS["last_period"] == "")) | (AREAS["level"] == "region")
]
CODES = dict(zip(PLACES["name"], PLACES["area"], strict=True))

#: What no sentence may hold, and why it would be wrong.
WRONG = {
    "a missing figure": r"\b(?:nan|NaN|None(?! of\b)|NaT|inf)\b",
    "a place to be filled": r"\{\w*\}",
    "a fall told as a rise": r"(?:rose|grew|increase[ds]?|rise) (?:by|of) [−-]",
    "a sign before a fall": r"(?:fell|shrank|decrease[ds]?) (?:by|of) [−-]",
    "a singular of many": r"\b(?:[02-9]|\d\d+|two|three|four|five|six|seven|eight|nine) "
    r"(?:plan|appeal|test|council|region|outcome)\b(?! that)",
    "a plural of one": r"\b(?:1|one) (?:plans|appeals|tests|councils|regions|outcomes)\b",
    "an article before a vowel": r"\ba (?!uni)[aeiou]\w+",
    "an article that is missing": r"\b(?:in|of|for|to) (?:North East(?! Lincolnshire)|North West|"
    r"East Midlands|West Midlands|East of England|South East|South West|City of London|"
    r"Isle of Wight|Isles of Scilly)\b",
    "an article twice": r"\bthe the\b",
    "two signs together": r"[.,;:] ?[.,;:](?!\w)|\.\.|\( | \)",
    "a rank below the first": r"\b0th\b",
    "a share beyond all": r"\b1[1-9]\d(?:\.\d)?% of (?:pupils|EHC plans|new EHC plans|requests)",
    "blame": r"\b(?:fail(?:s|ed|ing|ure)?|worst|bad|poor(?:ly)?|blame|fault of|because of)\b",
    "a cause": r"\b(?:caused|due to|thanks to|led to|resulted in)\b",
}
#: What every page says of itself, and no place is told by.
DISCLAIMERS = (", nor what is good or bad", "; they do not say what caused a difference")


@cache
def article(html: Path, name: str) -> Tag:
    text = (html / "areas" / f"{slug(name)}.html").read_text("utf-8")
    # Most of a page is drawings, which no test here looks at.
    page = BeautifulSoup(re.sub(r"<svg\b.*?</svg>", "", text, flags=re.DOTALL), "html.parser")
    found = page.select_one("article")
    assert found is not None
    return found


def sentences(html: Path, name: str) -> str:
    """The words of a page that are told of its place: no code, no tables, no statements."""
    page = copy(article(html, name))
    for element in page.select("script, svg, table, pre, .sr-statement, .sr-figure-links, details"):
        element.decompose()
    words = re.sub(r"\s+", " ", page.get_text(" ")).replace(" .", ".").replace(" ,", ",")
    for disclaimer in DISCLAIMERS:
        words = words.replace(disclaimer, "")
    return words


@pytest.mark.parametrize("name", CODES)
def test_the_sentences_of_a_place_read_as_written(html: Path, name: str) -> None:
    words = sentences(html, name)
    found = {
        why: words[max(0, match.start() - 40) : match.end() + 20]
        for why, pattern in WRONG.items()
        for match in [re.search(pattern, words)]
        if match
    }
    assert found == {}
    assert f"SEND in {name}" in words or f"SEND in the {name}" in words


def published(measure: str, area: str, breakdown: str = "all") -> pd.Series:
    """The figures of one series by period, straight from its file."""
    [path] = OBSERVATIONS.glob(f"*/{measure}.csv")
    table = pd.read_csv(path, dtype={"area": str, "period": str, "breakdown": str})
    kept = table[(table["area"] == area) & (table["breakdown"] == breakdown)]
    return kept.set_index("period")["value"].dropna().loc["2015":].sort_index()


def share_of_plans(area: str, *placements: str) -> pd.Series:
    parts = [published("ehc_plans", area, f"placement:{name}") for name in placements]
    return (100 * sum(parts[1:], start=parts[0]) / published("ehc_plans", area)).dropna()


def appeals_for_plans(area: str) -> pd.Series:
    plans = published("ehc_plans", area)
    return (
        1000 * published("tribunal_appeals", area) / plans.set_axis(plans.index.str[:4])
    ).dropna()


ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions_share"
#: Each row of the table at the head of a page, worked out from the files; and its decimals.
ROWS = {
    "Pupils with an EHC plan": (lambda area: published("pupils_with_ehc_plan_share", area), 1),
    "Pupils with SEN support": (lambda area: published("pupils_with_sen_support_share", area), 1),
    "Plans naming a mainstream school": (lambda area: share_of_plans(area, "mainstream"), 1),
    "Plans naming an INMSS": (
        lambda area: share_of_plans(area, "special_independent", "special_non_maintained"),
        1,
    ),
    "New plans within 20 weeks": (lambda area: published(ON_TIME, area), 1),
    "Requests for assessment refused": (
        lambda area: published("ehc_plan_requests_refused_share", area),
        1,
    ),
    "Appeals for every thousand plans": (appeals_for_plans, 0),
    "Expected standard at 11, EHC plan": (
        lambda area: published("reading_writing_maths_at_11", area, "sen_status:ehc_plan"),
        0,
    ),
    "Level 2 with English and maths at 19": (
        lambda area: published("level_2_english_maths_at_19", area, "sen_status:ehc_plan"),
        1,
    ),
    "DSG deficit": (lambda area: published("dsg_balance_share", area), 1),
}


def figure(cell: str) -> float:
    return float(re.sub(r"[%£,]", "", cell).replace("−", "-"))


def rows_of(html: Path, name: str) -> dict[str, list[str]]:
    table = article(html, name).select_one("#at-a-glance table")
    assert table is not None
    return {
        row.select_one("th").contents[0]: [cell.get_text() for cell in row.select("td")]
        for row in table.select("tbody tr")
    }


SAMPLE = (
    "Kent", "Leeds", "Dorset", "Bournemouth, Christchurch and Poole", "North Northamptonshire",
    "West Northamptonshire", "Cumberland", "Westmorland and Furness", "Buckinghamshire", "Rutland",
    "Hackney", "Newham", "Peterborough", "Cambridgeshire", "Isle of Wight", "Somerset",
)  # fmt: skip


@pytest.mark.parametrize("name", SAMPLE)
def test_the_table_of_a_council_holds_what_is_published(html: Path, name: str) -> None:
    area = CODES[name]
    shown = rows_of(html, name)
    for row, (work_out, decimals) in ROWS.items():
        figures = work_out(area)
        if figures.empty:
            assert row not in shown, row
            continue
        own, england = figure(shown[row][0]), figure(shown[row][1])
        # What is shown is rounded, so it lies within half a step of what is published.
        step = 0.5 * 10**-decimals + 1e-9
        assert own == pytest.approx(figures.iloc[-1], abs=step), row
        assert england == pytest.approx(work_out("E92000001")[figures.index[-1]], abs=step), row


@pytest.mark.parametrize("name", SAMPLE)
def test_the_middle_of_neighbours_is_that_of_ten(html: Path, name: str) -> None:
    neighbours = pd.read_csv(
        ROOT / "data" / "neighbours.csv", dtype={"area": str, "neighbour": str}
    )
    area = CODES[name]
    near = neighbours.loc[neighbours["area"] == area, "neighbour"]
    assert len(near) == 10
    own = published(ON_TIME, area)
    values = [
        figures[own.index[-1]]
        for code in near
        for figures in [published(ON_TIME, code)]
        if own.index[-1] in figures.index
    ]
    shown = figure(rows_of(html, name)["New plans within 20 weeks"][3])
    assert shown == pytest.approx(pd.Series(values).median(), abs=0.05 + 1e-9)


@pytest.mark.parametrize("name", ["City of London", "Isles of Scilly"])
def test_where_few_hold_a_plan_nothing_but_their_number_is_told(html: Path, name: str) -> None:
    page = article(html, name)
    assert page.select_one("#at-a-glance") is None
    assert [chart["id"] for chart in page.select("figure.sr-figure")] == [f"{slug(name)}-plans"]
    assert "could point to single children" in sentences(html, name)
    assert "%" not in sentences(html, name)


@pytest.mark.parametrize(
    "name",
    ["Dorset", "Bournemouth, Christchurch and Poole", "North Northamptonshire", "Cumberland",
     "West Northamptonshire", "Westmorland and Furness"],
)  # fmt: skip
def test_a_council_formed_since_2009_says_so_and_shows_no_older_figure(
    html: Path, name: str
) -> None:
    area = CODES[name]
    row = AREAS.set_index("area").loc[area]
    assert f"was formed in {pd.Timestamp(row['reorganised']):%B %Y}" in sentences(html, name)
    first = article(html, name).select_one(f"#{slug(name)}-plans tbody th")
    assert first is not None and first.get_text() == f"January {row['first_period'][:4]}"
    assert "Growth of EHC plans" not in rows_of(html, name)


# ---------------------------------------------------------------- what must not mislead


def section(html: Path, name: str, heading: str) -> str:
    """The words of one section of a page."""
    for found in article(html, name).select("section"):
        head = found.find("h2", recursive=False)
        if head and head.get_text().rstrip("#") == heading:
            return re.sub(r"\s+", " ", found.get_text(" "))
    raise AssertionError(f"{name} has no section {heading!r}")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Milton Keynes", "252 of 846 requests as not decided"),
        ("Waltham Forest", "284 of 796 requests as not decided"),
        ("Plymouth", "201 of 1,176 requests"),
        ("Leicester", "108 of 883 requests"),
        ("Isle of Wight", "rests on 7 plans, where 187 new plans were issued"),
    ],
)
def test_a_figure_that_looks_wrong_is_told_as_such_and_held_against_no_other(
    book_of_the_day: Path, name: str, says: str
) -> None:
    html = book_of_the_day
    process = section(html, name, "Process")
    before, _, after = process.partition(says)
    assert after, "the page does not say what looks wrong"
    assert "clearly" not in before.rpartition("% of ")[2]
    measure = "within 20 weeks:" if name == "Isle of Wight" else "refused:"
    assert measure not in section(html, name, "What stands out")
    assert says in section(html, name, "What is missing")


def test_dorset_is_told_by_the_broader_share_where_the_narrower_is_not_published(
    book_of_the_day: Path,
) -> None:
    html = book_of_the_day
    # timeliness of 2024: 287 of 585 plans with exceptions counted; without them, not published.
    process = section(html, "Dorset", "Process")
    assert "For 2024 this figure is not published for Dorset." in process
    assert "With exceptions counted as well, 49.1% of new plans came within 20 weeks" in process
    assert "20 weeks:" not in section(html, "Dorset", "What stands out")
    assert "the newest figure of Dorset is of 2023" in section(html, "Dorset", "What is missing")


@pytest.mark.parametrize("name", ["Milton Keynes", "North Northamptonshire", "Trafford"])
def test_a_surplus_is_not_mistaken_for_a_deficit(html: Path, name: str) -> None:
    money = section(html, name, "Money")
    assert "in England the figure was a deficit of 2.3%" in money
    share = published("dsg_balance_share", CODES[name]).iloc[-1]
    word = "in balance" if abs(share) < 0.05 else "in deficit" if share > 0 else "in surplus"
    assert f"was {word}" in money
    assert not re.search(r"(?:was|figure) −", money)


@pytest.mark.parametrize("name", [*SAMPLE, "North East", "London"])
def test_words_and_chart_begin_with_the_same_figure(html: Path, name: str) -> None:
    for figure_of in article(html, name).select("figure.sr-figure"):
        title = figure_of.select_one(".sr-title")
        assert title is not None
        course = re.search(r": (\S+) in ([^,]+), ", title.get_text())
        subtitle = figure_of.select_one(".sr-subtitle")
        assert subtitle is not None
        if not course or "Plans maintained" in subtitle.get_text() or "DSG" in title.get_text():
            continue
        told = f"In {course[2]} the figure was {course[1]}."
        assert told in sentences(html, name), title.get_text()


@pytest.mark.parametrize("name", ["Kent", "Cumberland", "Bolton", "North East"])
def test_the_tally_is_that_of_the_tests_below(html: Path, name: str) -> None:
    told = re.search(
        r"Of (\w+) tests of the report that could be made here, (\w+) holds?, ",
        sentences(html, name),
    )
    assert told
    badges = [
        test.select_one(".sr-verdict .sr-badge").get_text()
        for test in article(html, name).select("article.sr-test")
    ]
    made = [badge for badge in badges if "Cannot be tested" not in badge and "decide" not in badge]
    holding = [one for one in made if "Not supported" not in one]
    assert told[1] == counted(len(made))
    assert told[2] == (counted(len(holding)) if holding else "none")


@pytest.mark.parametrize("name", ["Kent", "Isles of Scilly", "North East"])
def test_the_code_stands_once_at_the_foot(html: Path, name: str) -> None:
    page = article(html, name)
    folds = page.select("details.hide")
    assert len(folds) == 1
    assert "local.answer(place)" in folds[0].get_text()
    assert not [after for after in folds[0].find_all_next("figure") if after in page.descendants]


@pytest.mark.parametrize("name", CODES)
def test_a_page_says_how_it_is_to_be_read_and_where_the_projection_is(
    html: Path, name: str
) -> None:
    words = " ".join(article(html, name).get_text(" ").split())
    links = [str(link["href"]) for link in article(html, name).select("a[href*='#explorer']")]
    few = name in ("City of London", "Isles of Scilly")
    assert links == (
        [] if few else [f"../notebooks/cost_of_delay.html?area={CODES[name]}#explorer"]
    )
    assert ("ranks nothing" in words) is few
    assert ("gives a range of ranks" in words) is not few
