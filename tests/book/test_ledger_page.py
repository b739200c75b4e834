"""The page of the ledger: a card a claim, readable without a script, and nothing unescaped."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from claims.tiny_data import CLAIM, UNTESTED, tiny_store
from conftest import ROOT
from sendreform.book.claim_words import amount, difference, ours, published
from sendreform.book.ledger_page import (
    FINDING_TITLES,
    STANCE_TITLES,
    STATUS_MEANINGS,
    STATUS_SHAPES,
    ledger,
    summary,
)
from sendreform.claims.ledger import STATUSES
from sendreform.store import Store, open_store
from sendreform.store.claims_table import FINDINGS, STANCES

EVIL = "<script>alert('x')</script> & \"quotes\""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two claims: one of three figures, one that cannot be tested."""
    return tiny_store(
        tmp_path,
        CLAIM | {"reported_by": "as reported by Somebody"},
        CLAIM | {"figure": "2", "value": "20", "note": "They count from another year."},
        UNTESTED | {"figure": "3"},
        UNTESTED | {"claim": "C002", "finding": "essential", "stance": "critic"},
    )


def soup_of(store: Store) -> BeautifulSoup:
    return BeautifulSoup(ledger(store).data, "html.parser")


def terms(card) -> dict[str, list[str]]:
    """Term → its descriptions, in the order of the page."""
    found: dict[str, list[str]] = {}
    for term in card.find_all("dt"):
        for sibling in term.find_next_siblings():
            if sibling.name == "dt":
                break
            found.setdefault(term.get_text(), []).append(sibling.get_text())
    return found


def test_a_card_tells_everything_about_its_claim(store: Store) -> None:
    card = soup_of(store).select_one("#c001")
    assert card.name == "article"
    assert {name: card[f"data-{name}"] for name in ("finding", "status", "stance")} == {
        "finding": "unavoidable", "status": "differs", "stance": "report",
    }  # fmt: skip
    assert card.h3.get_text() == "C001 ▲ differs (1 of 3 figures)"
    assert card.h3.a["href"] == "#c001"
    assert card.select_one(f"#{card['aria-labelledby']}") == card.h3
    told = terms(card)
    assert told["Status"] == ["Reproduced", "Differs", "Cannot be tested"]
    assert told["Published"] == ["50%", "20%", "50%"]
    assert told["Ours"] == ["50%", "50%"]
    assert told["Difference"] == ["none", "+30 percentage points"]
    assert told["About"] == ["January 2014 to January 2017"] * 3
    assert told["Note"] == ["They count from another year."]
    assert told["Why not recomputed"] == ["It is a forecast."]
    assert told["What it would take"] == ["The future."]
    assert told["Recipe"] == ["Per cent change in plans, England, January 2014 to January 2017"] * 2
    assert told["Counted differently"] == ["Plans from January 2016: Counted child by child."] * 2
    assert told["Our figure is from"] == ["Department, plans (2018)"] * 2
    assert told["Whose claim"] == [STANCE_TITLES["report"]]
    assert told["Claimed in"] == [
        "A report, A Publisher, 2018-05, page 3; as reported by Somebody",
        "A report, A Publisher, 2018-05, page 3",
    ]
    links = {link.get_text(): link["href"] for link in card.select("dd a")}
    assert links == {
        "A report": "https://example.org/report",
        "Department, plans (2018)": "https://example.org/plans",
    }


def test_a_claim_of_one_figure_has_its_status_once(store: Store) -> None:
    card = soup_of(store).select_one("#c002")
    assert "Status" not in terms(card)
    assert card.select_one(".sr-status").get_text() == "○ cannot be tested"
    assert card.select_one("details") is None


def test_claims_stand_under_their_finding(store: Store) -> None:
    groups = soup_of(store).select(".sr-ledger-group")
    assert [(group.h2.get_text(), group.article["id"]) for group in groups] == [
        ("Reform is essential", "c002"),
        ("Reform is unavoidable", "c001"),
    ]


def test_counts_by_status_say_what_each_means(store: Store) -> None:
    counts = soup_of(store).select_one(".sr-ledger-counts")
    words = [dd.find(string=True).get_text() + dd.b.next_sibling for dd in counts.select("dd")]
    assert words == [
        f"0 claims, 1 figure. {STATUS_MEANINGS['reproduced']}",
        f"1 claim, 1 figure. {STATUS_MEANINGS['differs']}",
        f"1 claim, 2 figures. {STATUS_MEANINGS['cannot be tested']}",
    ]
    # Without a script, a link to each claim that has such a figure.
    assert [[link["href"] for link in dd.select("details a")] for dd in counts.select("dd")] == [
        ["#c001"], ["#c001"], ["#c001", "#c002"],
    ]  # fmt: skip
    assert "2% of the published figure, or at most 2 steps" in STATUS_MEANINGS["close"]


def test_every_word_of_the_ledger_has_a_title_and_every_status_a_shape() -> None:
    assert tuple(FINDING_TITLES) == FINDINGS
    assert tuple(STANCE_TITLES) == STANCES
    assert tuple(STATUS_SHAPES) == tuple(STATUS_MEANINGS) == STATUSES
    assert len(set(STATUS_SHAPES.values())) == len(STATUSES)


def test_the_controls_wait_for_the_script_and_offer_only_what_is_there(store: Store) -> None:
    soup = soup_of(store)
    form = soup.select_one("form")
    assert form.has_attr("hidden") and form["role"] == "search"
    options = {
        select["name"]: [option["value"] for option in select.select("option")]
        for select in form.select("select")
    }
    assert options == {
        "finding": ["", "essential", "unavoidable"],
        "status": ["", "differs", "cannot be tested"],
        "stance": ["", "report", "critic"],
    }
    # What the script asks of a card is what a card has.
    for name, values in options.items():
        assert {card[f"data-{name}"] for card in soup.select(".sr-claim")} == {*values} - {""}
    assert all(field.find_parent("label") for field in form.select("select, input"))
    assert form.select_one("[role=status]").get_text() == ""
    assert not soup.select(".sr-claim[hidden]")


def test_the_script_finds_what_it_looks_for_on_the_page(store: Store) -> None:
    soup = soup_of(store)
    script = (ROOT / "src/sendreform/book/assets/ledger.js").read_text("utf-8")
    asked = set(re.findall(r"querySelector(?:All)?\(\"([^\"]+)\"\)", script))
    assert len(asked) >= 6
    for selector in asked:
        assert soup.select(selector), selector
    assert not re.search(r"https?:|import |innerHTML", script)


class Strict(HTMLParser):
    """Notes each element and where each closes, to see that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, *_: object) -> None:
        self.names.add(tag)
        if tag != "input":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_text_is_escaped_and_elements_nest(tmp_path: Path) -> None:
    texts = ("text", "period", "publisher", "title", "locator", "reported_by", "note",
             "published_as", "reservation")  # fmt: skip
    store = tiny_store(
        tmp_path,
        CLAIM | dict.fromkeys(texts, EVIL) | {"url": "https://example.org/?a='b'&c=<d>"},
        UNTESTED | {"claim": "C002", "reason": EVIL, "needs": EVIL},
    )
    parser = Strict()
    html = ledger(store).data
    parser.feed(html)
    assert parser.open == []
    assert "script" not in parser.names
    soup = BeautifulSoup(html, "html.parser")
    assert soup.get_text().count(EVIL) == len(texts) + 2
    assert soup.select_one("#c001 .sr-source dd a")["href"] == "https://example.org/plans"
    assert soup.find("a", string=EVIL)["href"] == "https://example.org/?a='b'&c=<d>"


def test_a_reservation_stands_beside_the_status(tmp_path: Path) -> None:
    reserved = CLAIM | {"reservation": "by one definition", "note": "One of many."}
    store = tiny_store(tmp_path, reserved, CLAIM | {"claim": "C002"}, reserved | {"claim": "C003"},
                       reserved | {"claim": "C003", "figure": "2"})  # fmt: skip
    soup = soup_of(store)
    assert soup.select_one("#c001 .sr-status").get_text() == "◐ close (by one definition)"
    assert soup.select_one("#c002 .sr-status").get_text() == "● reproduced"
    assert soup.select_one("#c003 .sr-status").get_text() == "◐ close"
    assert terms(soup.select_one("#c003"))["Status"] == ["Close (by one definition)"] * 2


def test_a_note_links_to_pages_and_to_claims_that_are_there(tmp_path: Path) -> None:
    note = "As others say (https://www.example.com/a?b=1&c=2). See C002, not C009."
    store = tiny_store(
        tmp_path, CLAIM | {"note": note}, CLAIM | {"figure": "2", "note": note},
        CLAIM | {"claim": "C002"},
    )  # fmt: skip
    card = soup_of(store).select_one("#c001")
    notes = [dt.find_next("dd") for dt in card.find_all("dt", string="Note")]
    assert [(link.get_text(), link["href"]) for link in notes[0].select("a")] == [
        ("example.com", "https://www.example.com/a?b=1&c=2"), ("C002", "#c002"),
    ]  # fmt: skip
    assert notes[0].get_text() == "As others say (example.com). See C002, not C009."
    assert notes[1].get_text() == "As above."  # long words are told once


def test_the_page_says_where_ours_is_the_documents_own(tmp_path: Path) -> None:
    store = tiny_store(
        tmp_path, CLAIM | {"url": "http://example.org/plans/"}, CLAIM | {"claim": "C002"}
    )
    soup = soup_of(store)
    assert "this checks the reading alone" in terms(soup.select_one("#c001"))["Same document"][0]
    assert "Same document" not in terms(soup.select_one("#c002"))


def test_the_list_begins_with_links_to_its_groups(store: Store) -> None:
    soup = soup_of(store)
    items = soup.select("nav li")
    assert [(item.get_text(), item.a["href"]) for item in items] == [
        ("Reform is essential, 1 claim", "#claims-essential"),
        ("Reform is unavoidable, 1 claim", "#claims-unavoidable"),
    ]
    assert all(soup.select_one(item.a["href"]) for item in items)


def test_an_address_that_is_none_is_no_link(tmp_path: Path) -> None:
    """Validation refuses such a row; the page does not rely on it."""
    store = tiny_store(tmp_path, UNTESTED | {"url": "javascript:alert(1)"})
    assert "javascript:" not in ledger(store).data


def test_ids_are_there_once_on_the_committed_ledger() -> None:
    soup = soup_of(open_store(ROOT / "data"))
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids)) > 10
    claims = open_store(ROOT / "data").claims["claim"].str.lower().unique()
    assert [card["id"] for card in soup.select(".sr-claim")] and {
        card["id"] for card in soup.select(".sr-claim")
    } == set(claims)
    assert all(link["href"].startswith(("http", "#c", "../book/")) for link in soup.select("a"))


def test_the_summary_counts_claims(store: Store, tmp_path: Path) -> None:
    assert summary(store).data == (
        "The ledger holds 2 claims with 4 published figures. Of the 2 figures worked out again, "
        "1 is reproduced, 0 come close and 1 differs. Of the other figures, "
        "2 cannot be tested with our data."
    )
    rows = [CLAIM | {"claim": f"C00{number}"} for number in range(1, 4)]
    rows += [CLAIM | {"claim": "C004", "value": "49"}]
    assert summary(tiny_store(tmp_path / "other", *rows)).data == (
        "The ledger holds 4 claims with 4 published figures. Of the 4 figures worked out again, "
        "3 are reproduced, 1 comes close and 0 differ."
    )
    read = CLAIM | {"title": "Plans, 2018"}  # the title of the file that ours comes from
    assert "For 1 of them ours stands in the document that makes the claim." in (
        summary(tiny_store(tmp_path / "own", read)).data
    )


@pytest.mark.parametrize(
    ("number", "unit", "decimals", "words"),
    [
        (140, "per cent", 0, "140%"),
        (8, "per cent of pupils", 0, "8% of pupils"),
        (0.5, "percentage points", 1, "0.5 percentage points"),
        (4.8, "billion pounds", 1, "£4.8 billion"),
        (253, "million pounds", 0, "£253 million"),
        (-2.5, "million pounds a year", 1, "−£2.5 million a year"),
        (60800, "pounds", 0, "£60,800"),
        (700000, "plans", 0, "700,000 plans"),
        (1.9, "million children and young people", 1, "1.9 million children and young people"),
        (3, "times", 0, "3 times"),
    ],
)
def test_an_amount_in_words(number: float, unit: str, decimals: int, words: str) -> None:
    assert amount(number, unit, decimals) == words


def figure(value: str, ours_: float, unit: str, step: str, comparison: str = "") -> dict:
    return {
        "value": value, "unit": unit, "rounded_to": step, "comparison": comparison, "ours": ours_,
        "published_value": float(value), "difference": ours_ - float(value), "published_as": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "theirs", "mine", "gap"),
    [
        # Ours is told one digit finer than theirs, so that a half can be seen.
        (figure("4.8", 4.779, "billion pounds", "0.1"), "£4.8 billion", "£4.78 billion",
         "−£0.02 billion (−0.4%)"),
        (figure("1.30", 1.255, "billion pounds", "0.01"), "£1.30 billion", "£1.255 billion",
         "−£0.045 billion (−3.5%)"),
        (figure("575973", 576474, "plans", "1"), "575,973 plans", "576,474 plans",
         "+501 plans (+0.1%)"),
        (figure("700000", 718838, "plans", "100000", "at_least"), "at least 700,000 plans",
         "718,838 plans", "+18,838 plans (+2.7%)"),
        (figure("2.5", 2.5, "per cent of decisions", "0.1", "at_most"),
         "at most 2.5% of decisions", "2.5% of decisions", "none"),
        (figure("334", 334.0006, "per cent", "1"), "334%", "334.0%", "none at this rounding"),
        (figure("7000", 7049.5, "plans", "100"), "7,000 plans", "7,050 plans",
         "+50 plans (+0.7%)"),
        (figure("0", 0.25, "points", "0.1"), "0 points", "0.25 points", "+0.25 points"),
        # A share of seven years would say nothing.
        (figure("7", 0, "years", "1"), "7 years", "0 years", "−7 years"),
        (figure("20", 17.55, "per cent", "1") | {"published_as": "almost one in five"},
         "almost one in five (taken as 20%)", "17.6%", "−2.5 percentage points"),
    ],
)  # fmt: skip
def test_theirs_ours_and_the_difference_in_words(
    row: dict, theirs: str, mine: str, gap: str
) -> None:
    assert (published(row), ours(row), difference(row)) == (theirs, mine, gap)
