"""The ledger of claims as a page: a card for each claim, there with a script or without."""

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.claim_words import claimed_in, facts, records
from sendreform.book.verdict_box import answer_box
from sendreform.book.words import listed, say
from sendreform.claims.ledger import (
    CLOSE_SHARE,
    CLOSE_STEPS,
    RECOMPUTED,
    STATUSES,
    counts,
    recompute,
    source_records,
)
from sendreform.report import OWN_SOURCES
from sendreform.store import Store

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
    "no figure": "–",
}
STATUS_MEANINGS = {
    "reproduced": "Ours, rounded as the published figure was, equals it or keeps to its bound.",
    "close": f"The difference is at most {CLOSE_SHARE:.0%} of the published figure, or at most "
    f"{CLOSE_STEPS} steps of its rounding.",
    "differs": "The difference is larger, and the note says why.",
    "confirmed": "A fact of record that another page confirms.",
    "superseded": "A later publication has taken its place.",
    "cannot be tested": "The data that a test would take are not open.",
    "no figure": "The claim carries no figure.",
}
#: What of a figure's facts is folded away until asked for.
WORKINGS = ("How ours is worked out", "Counted differently")


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
    page = f"<div class='sr-ledger'>{_counts(figures)}{_controls(figures)}{groups}</div>"
    return HTML(page)


def summary(store: Store) -> Markdown:
    """Return in words how many claims the ledger holds, and how many have each status."""
    of = counts(recompute(store))
    tested = sum(of[status] for status in RECOMPUTED)
    others = listed(
        _counted(of[status], one, many)
        for status, one, many in (
            ("confirmed", "is confirmed by another page", "are confirmed by another page"),
            ("superseded", "has been superseded", "have been superseded"),
            ("cannot be tested", "cannot be tested on open data", "cannot be tested on open data"),
            ("no figure", "carries no figure", "carry no figure"),
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
    return say(
        f"The ledger holds {_counted(sum(of.values()), 'published claim', 'published claims')}. "
        f"Of the {tested:,} recomputed from official data, {results}."
        + (f" Of the rest, {others}." if others else "")
    )


def answer_on_claims(store: Store) -> HTML:
    """Return the answer of the page: how many of the figures that can be recomputed hold."""
    of = counts(recompute(store))
    tested = sum(of[status] for status in RECOMPUTED)
    return answer_box(
        f"Of {tested:,} claims worked out again, {of['reproduced']:,} are reproduced",
        summary(store),
    )


def _counts(figures: pd.DataFrame) -> str:
    rows = "".join(
        f"<dt>{_badge(status)}</dt>"
        f"<dd><b>{_counted(count, 'claim', 'claims')}</b>. {escape(STATUS_MEANINGS[status])}</dd>"
        for status, count in counts(figures).items()
        if count
    )
    return f"<div class='sr-ledger-counts'><dl>{rows}</dl></div>"


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
    anchor = escape(claim.lower())
    body = "".join(_figure(store, figure, alone=len(figures) == 1) for figure in figures)
    claimed = dict.fromkeys(
        f"<dd>{_link(figure['title'], figure['url'])}, {escape(claimed_in(figure))}</dd>"
        for figure in figures
    )
    return (
        f"<article class='sr-claim' id='{anchor}' aria-labelledby='{anchor}-head' "
        f"data-finding='{escape(first['finding'])}' data-status='{escape(status)}' "
        f"data-stance='{escape(first['stance'])}'>"
        f"<h3 id='{anchor}-head'><a href='#{anchor}'>{escape(claim)}</a> {_badge(status)}</h3>"
        f"{body}<div class='sr-source'><dl><dt>Whose claim</dt>"
        f"<dd>{escape(STANCE_TITLES[first['stance']])}</dd>"
        f"<dt>Claimed in</dt>{''.join(claimed)}</dl></div></article>"
    )


def _figure(store: Store, figure: Mapping[str, Any], *, alone: bool) -> str:
    """Return what a reader wants first; how ours is worked out is one click away."""
    told = facts(figure) if alone else {"Status": figure["status"].capitalize()} | facts(figure)
    workings = {term: told.pop(term) for term in WORKINGS if term in told}
    sources = "".join(f"<dd>{link}</dd>" for link in _source_links(store, figure["sources"]))
    folded = (
        f"<details class='sr-workings sr-source'><summary>{WORKINGS[0]}</summary>"
        f"<dl>{_terms({'Recipe': workings.pop(WORKINGS[0])} | workings)}"
        f"<dt>Our figure is from</dt>{sources}</dl></details>"
        if workings
        else ""
    )
    shown = f"<dl>{_terms(told)}</dl>" if told else ""
    return f"<p class='sr-claim-text'>{escape(figure['text'])}</p>{shown}{folded}"


def _terms(told: Mapping[str, str]) -> str:
    return "".join(f"<dt>{term}</dt><dd>{escape(words)}</dd>" for term, words in told.items())


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


def _badge(status: str) -> str:
    return (
        f"<span class='sr-status' data-status='{escape(status)}'>"
        f"<span aria-hidden='true'>{STATUS_SHAPES[status]}</span> {escape(status)}</span>"
    )


def _link(words: str, address: str) -> str:
    """Return a link, or the words alone where the address is none that a page may lead to."""
    if not address.startswith(("https://", "http://", OWN_SOURCES)):
        return escape(words)
    return f"<a href='{escape(address)}'>{escape(words)}</a>"


def _counted(number: int, one: str, many: str) -> str:
    """Return a number and its words: ``1 claim``, ``2 claims``."""
    return f"{number:,} {one if number == 1 else many}"
