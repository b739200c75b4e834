"""The ledger of claims as a page: a card for each claim, there with a script or without."""

import re
from collections.abc import Collection, Mapping
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.claim_words import claimed_in, facts, records, status_words
from sendreform.book.verdict_box import answer_box
from sendreform.book.words import listed, say
from sendreform.claims.ledger import (
    CLOSE_SHARE,
    CLOSE_STEPS,
    RECOMPUTED,
    STATUSES,
    counts,
    figure_counts,
    recompute,
    source_records,
)
from sendreform.report import OWN_SOURCES
from sendreform.store import Store
from sendreform.store.claims_table import ADDRESS, NO_FIGURE

FINDING_TITLES = {
    "essential": "Reform is essential",
    "unavoidable": "Reform is unavoidable",
    "systemic": "The root causes are systemic",
    "context": "Context",
}
STANCE_TITLES = {
    "report": "The 2024 report, its authors or those who asked for it",
    "study_2018": "The study of 2018",
    "official": "A public body",
    "critic": "A critic of the report",
    "press": "Others",
}
#: Each status with a shape of its own, as no meaning rests on colour, and what it says.
STATUS_SHAPES = {
    "reproduced": "●",
    "close": "◐",
    "differs": "▲",
    "confirmed": "■",
    "superseded": "◇",
    "cannot be tested": "○",
    "not yet due": "□",
    "no figure": "–",
}
STATUS_MEANINGS = {
    "reproduced": "Ours, rounded as the published figure was, equals it or keeps to its bound.",
    "close": f"The difference is at most {CLOSE_SHARE:.0%} of the published figure, or at most "
    f"{CLOSE_STEPS} steps of its rounding; or ours agrees, with a reservation told beside it.",
    "differs": "The difference is larger, and the note says why.",
    "confirmed": "It says what a record says, and a page of another publisher reads the same from "
    "that record. Nothing was worked out again.",
    "superseded": "Overtaken by a later fact: its date has come, its author has replaced it, or "
    "what it rested on has changed.",
    "cannot be tested": "Not with the data that we hold: they lack it, or have no figure but the "
    "claim's own, or it is an estimate or a survey whose workings are not open.",
    "not yet due": "Its date has not come.",
    "no figure": "The claim carries no figure.",
}
#: What of a figure's facts is folded away until asked for.
WORKINGS = ("How ours is worked out", "Counted differently")
#: Words as long as these are not told again for the next figure of the same claim.
TOLD_ONCE = 60
#: What is made a link within the words about a figure: an address, or another claim.
_LINKED = re.compile(rf"({ADDRESS}|\bC[0-9]{{3}}\b)")


def ledger(store: Store) -> HTML:
    """Return the ledger as HTML, to be shown by a notebook.

    A claim has the anchor of its id (``#c015``). The controls are shown by ``ledger.js``; without
    it, the whole list is there.
    """
    figures = recompute(store)
    groups = "".join(
        _group(store, finding, title, figures[figures["finding"] == finding])
        for finding, title in FINDING_TITLES.items()
        if figures["finding"].eq(finding).any()
    )
    head = _counts(figures) + _contents(figures) + _controls(figures)
    return HTML(f"<div class='sr-ledger'>{head}{groups}</div>")


def summary(store: Store) -> Markdown:
    """Return in words how many claims and figures the ledger holds, and what became of them."""
    figures = recompute(store)
    of = figure_counts(figures)
    tested = figures[figures["status"].isin(RECOMPUTED)]
    others = listed(
        _counted(of[status], one, many)
        for status, one, many in (
            ("confirmed", "is confirmed by another page", "are confirmed by another page"),
            ("superseded", "has been superseded", "have been superseded"),
            ("cannot be tested", *["cannot be tested with our data"] * 2),
            ("not yet due", "is not yet due", "are not yet due"),
        )
        if of[status]
    )
    results = listed(
        (
            _counted(of["reproduced"], "is reproduced", "are reproduced"),
            _counted(of["close"], "comes close", "come close"),
            _counted(of["differs"], "differs", "differ"),
        )
    )
    held = len(figures) - of[NO_FIGURE]
    read = int(tested["own_document"].sum())
    reading = f" For {read:,} of them ours stands in the document that makes the claim."
    return say(
        f"The ledger holds {_counted(figures['claim'].nunique(), 'claim', 'claims')} with "
        f"{_counted(held, 'published figure', 'published figures')}. "
        f"Of the {_counted(len(tested), 'figure', 'figures')} worked out again, {results}."
        + (reading if read else "")
        + (f" Of the other figures, {others}." if others else "")
    )


def answer_on_claims(store: Store) -> HTML:
    """Return the answer of the page: how many of the figures that can be recomputed hold."""
    figures = recompute(store)
    tested = figures[figures["status"].isin(RECOMPUTED)]
    return answer_box(
        f"Of {len(tested):,} figures in {tested['claim'].nunique():,} claims, worked out again, "
        f"{figure_counts(figures)['reproduced']:,} are reproduced",
        summary(store),
    )


def _counts(figures: pd.DataFrame) -> str:
    """Return what each status means, how many have it, and a link to each claim that does."""
    of = figure_counts(figures)
    rows = "".join(
        f"<dt>{_badge(status, status)}</dt>"
        f"<dd><b>{_counted(count, 'claim', 'claims')}, {_counted(of[status], 'figure', 'figures')}"
        f"</b>. {escape(STATUS_MEANINGS[status])}{_list_of(figures, status)}</dd>"
        for status, count in counts(figures).items()
        if of[status]
    )
    return f"<div class='sr-ledger-counts'><dl>{rows}</dl></div>"


def _list_of(figures: pd.DataFrame, status: str) -> str:
    """Return links to the claims with a figure of this status, folded away."""
    claims = figures.loc[figures["status"].eq(status), "claim"].unique()
    links = " ".join(_link(claim, f"#{claim.lower()}") for claim in claims)
    return (
        f"<details class='sr-workings'><summary>Where: {_counted(len(claims), 'claim', 'claims')}"
        f"</summary><p>{links}</p></details>"
    )


def _contents(figures: pd.DataFrame) -> str:
    """Return a link to each group of the list, with how many claims it holds."""
    held = figures.groupby("finding")["claim"].nunique()
    links = "".join(
        f"<li>{_link(title, f'#claims-{finding}')}, "
        f"{_counted(int(held[finding]), 'claim', 'claims')}</li>"
        for finding, title in FINDING_TITLES.items()
        if finding in held
    )
    return f"<nav aria-label='The claims by finding'><ul>{links}</ul></nav>"


def _controls(figures: pd.DataFrame) -> str:
    """Return the form that narrows the list; hidden until the script that serves it has come."""
    choices = (
        ("finding", "Finding", "finding", FINDING_TITLES),
        ("status", "Status", "claim_status", {status: status.capitalize() for status in STATUSES}),
        ("stance", "Whose claim", "stance", STANCE_TITLES),
    )
    selects = "".join(
        f"<label>{label}<select name='{name}'><option value=''>All</option>"
        + "".join(
            f"<option value='{escape(value)}'>{escape(words)}</option>"
            for value, words in titles.items()
            if figures[column].eq(value).any()
        )
        + "</select></label>"
        for name, label, column, titles in choices
    )
    return (
        "<form class='sr-ledger-controls' role='search' aria-label='Claims' hidden>"
        f"{selects}<label>Words<input type='search' name='q' autocomplete='off'></label>"
        "<p><button type='button'>Show all claims</button> "
        "<span class='sr-ledger-shown' role='status'></span></p></form>"
    )


def _group(store: Store, finding: str, title: str, figures: pd.DataFrame) -> str:
    cards = "".join(_card(store, records(rows)) for _claim, rows in figures.groupby("claim"))
    return (
        f"<section class='sr-ledger-group'><h2 id='claims-{finding}'>{escape(title)}</h2>"
        f"{cards}</section>"
    )


def _card(store: Store, figures: list[dict[str, Any]]) -> str:
    first = figures[0]
    claim, status = str(first["claim"]), str(first["claim_status"])
    anchor, alone = escape(claim.lower()), len(figures) == 1
    badge = _badge(status, status_words(first) if alone else str(first["claim_status_told"]))
    known = set(store.claims["claim"])
    body = "".join(
        _figure(store, figure, told, known)
        for figure, told in zip(figures, _facts_told_once(figures), strict=True)
    )
    claimed = dict.fromkeys(
        f"<dd>{_link(figure['title'], figure['url'])}, {escape(claimed_in(figure))}</dd>"
        for figure in figures
    )
    return (
        f"<article class='sr-claim' id='{anchor}' aria-labelledby='{anchor}-head' "
        f"data-finding='{escape(first['finding'])}' data-status='{escape(status)}' "
        f"data-stance='{escape(first['stance'])}'>"
        f"<h3 id='{anchor}-head'><a href='#{anchor}'>{escape(claim)}</a> {badge}</h3>"
        f"{body}<div class='sr-source'><dl><dt>Whose claim</dt>"
        f"<dd>{escape(STANCE_TITLES[first['stance']])}</dd>"
        f"<dt>Claimed in</dt>{''.join(claimed)}</dl></div></article>"
    )


def _facts_told_once(figures: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the facts of a claim's figures; long words that stand above are not told again."""
    before: set[str] = set()
    found = []
    for figure in figures:
        status = {"Status": status_words(figure).capitalize()} if len(figures) > 1 else {}
        told = status | facts(figure)
        again = {
            term
            for term, words in told.items()
            if len(words) > TOLD_ONCE and words in before and term not in WORKINGS
        }
        before.update(told.values())
        found.append(told | dict.fromkeys(again, "As above."))
    return found


def _figure(
    store: Store, figure: Mapping[str, Any], told: dict[str, str], known: Collection[str]
) -> str:
    """Return what a reader wants first; how ours is worked out is one click away."""
    workings = {term: told.pop(term) for term in WORKINGS if term in told}
    sources = "".join(f"<dd>{link}</dd>" for link in _source_links(store, figure["sources"]))
    folded = (
        f"<details class='sr-workings sr-source'><summary>{WORKINGS[0]}</summary>"
        f"<dl>{_terms({'Recipe': workings.pop(WORKINGS[0])} | workings, known)}"
        f"<dt>Our figure is from</dt>{sources}</dl></details>"
        if workings
        else ""
    )
    shown = f"<dl>{_terms(told, known)}</dl>" if told else ""
    return f"<p class='sr-claim-text'>{escape(figure['text'])}</p>{shown}{folded}"


def _terms(told: Mapping[str, str], known: Collection[str]) -> str:
    return "".join(
        f"<dt>{term}</dt><dd>{_with_links(words, known)}</dd>" for term, words in told.items()
    )


def _with_links(words: str, known: Collection[str]) -> str:
    """Return words with a link for each address, by its host, and for each claim that is known."""

    def piece(part: str) -> str:
        if re.fullmatch(ADDRESS, part):
            host = part.split("/")[2].removeprefix("www.")
            return _link(host, part)
        return _link(part, f"#{part.lower()}") if part in known else escape(part)

    return "".join(map(piece, _LINKED.split(words)))


def _source_links(store: Store, sources: tuple[str, ...]) -> list[str]:
    """Return a link for each release that a figure comes from, once."""
    links = {
        f"{record['publisher']}, {record['publication']} ({record['release']})": record
        for record in source_records(store, sources)
    }
    return [
        _link(words, record["url"] or f"{OWN_SOURCES}#source-{record['source']}")
        for words, record in links.items()
    ]


def _badge(status: str, words: str) -> str:
    return (
        f"<span class='sr-status' data-status='{escape(status)}'>"
        f"<span aria-hidden='true'>{STATUS_SHAPES[status]}</span> {escape(words)}</span>"
    )


def _link(words: str, address: str) -> str:
    """Return a link, or the words alone where the address is none that a page may lead to."""
    if not address.startswith(("https://", "http://", OWN_SOURCES, "#c")):
        return escape(words)
    return f"<a href='{escape(address)}'>{escape(words)}</a>"


def _counted(number: int, one: str, many: str) -> str:
    """Return a number and its words: ``1 claim``, ``2 claims``."""
    return f"{number:,} {one if number == 1 else many}"
