"""The parts of pages that are generated from ``data/``: lists of files, measures and breaks."""

import re
from collections.abc import Callable, Hashable, Sequence
from html import escape
from importlib.metadata import version
from typing import Any

import pandas as pd

from sendreform import periods
from sendreform.book import changes_page
from sendreform.book.site import known_repository
from sendreform.observations import STATUSES
from sendreform.store import Store

FAMILY_TITLES = {
    "caseload": "Caseload: EHC plans and pupils",
    "process": "Process: from request to review",
    "disputes": "Disputes: appeals and mediation",
    "outcomes": "Outcomes",
    "money": "Money",
    "context": "Context",
}
POLARITY_WORDS = {"higher": "higher is better", "lower": "lower is better", "neutral": "neither"}


def sources(store: Store) -> str:
    """Return every official file, grouped by publisher: release, licence, date and hash."""
    groups = []
    for publisher, files in store.sources.groupby("publisher", sort=True):
        items = "".join(_source_item(record) for record in files.to_dict("records"))
        groups.append(f"<h2>{escape(str(publisher))}</h2>\n<dl class='sr-records'>{items}</dl>")
    return "\n".join(groups)


def measures(store: Store) -> str:
    """Return every measure with its definition, unit, periods, coverage and breaks."""
    parts = []
    for family, title in FAMILY_TITLES.items():
        group = store.measures[store.measures["family"] == family]
        items = "".join(_measure_item(store, record) for record in group.to_dict("records"))
        parts.append(f"<h2>{escape(title)}</h2>\n<dl class='sr-records'>{items}</dl>")
    return "\n".join(parts)


def numbers(store: Store) -> str:
    """Return one sentence: how many measures, files and figures the report knows."""
    figures = sum(len(store.observations(measure)) for measure in store.measures.index)
    return (
        f"<p>The report knows {len(store.measures)} measures, {figures:,} figures in all, "
        f"read from {len(store.sources)} files.</p>"
    )


def statuses(_store: Store) -> str:
    """Return the symbols of the publications and what they mean."""
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(symbol)}</code></th><td>{escape(meaning)}</td></tr>"
        for symbol, meaning in STATUSES.items()
    )
    return (
        "<table class='sr-table'><thead><tr><th scope='col'>Symbol</th><th scope='col'>Meaning</th>"
        f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def known_residuals(store: Store) -> str:
    """Return where published parts do not add to the published whole, and why."""
    if store.known_residuals.empty:
        return "<p>Every published part adds to its published whole.</p>"
    items = "".join(
        f"<li>{escape(store.record(str(measure))['title'])}{_when(store, rows)}: "
        f"{escape(str(note))}</li>"
        for (measure, note), rows in store.known_residuals.groupby(["measure", "note"], sort=False)
    )
    return f"<ul>{items}</ul>"


def newest(store: Store) -> str:
    """Return when the newest sources were published, and what was added to the report last."""
    dated = store.sources[store.sources["published"].str.fullmatch(r"\d{4}-\d{2}-\d{2}")]
    newest = dated.sort_values("published", ascending=False).drop_duplicates("publication").head(4)
    items = "".join(
        f"<li>{escape(row['publisher'])}, {escape(row['publication'])} ({escape(row['release'])}), "
        f"published on {periods.label(row['published'], 'date')}</li>"
        for row in newest.to_dict("records")
    )
    return f"<p>The newest publications that the report reads:</p><ul>{items}</ul>"


def citation(_store: Store) -> str:
    """Return how to cite this version of the report."""
    return (
        "<blockquote><p>sendreform contributors (2026). <i>SEND in England: is reform essential, "
        "unavoidable, systemic? An open, reproducible research report.</i> Version "
        f"{escape(version('sendreform'))}.</p></blockquote>"
    )


def report_an_error(_store: Store) -> str:
    """Return to whom an error in a figure is reported: the repository, where its address is known.

    Whoever publishes a copy gives the address when building it; none is made up.
    """
    repository = known_repository()
    words = "open an issue in the project's repository"
    issue = f'<a href="{escape(repository)}/issues">{words}</a>' if repository else words
    return (
        f"<p><b>If you find an error</b>, please {issue}, or write to those who publish the copy "
        "that you read. Name the page and the figure (each has a link of its own under its chart), "
        "what it says, and what you think it should say, with the source. A correction is listed "
        "here, with what the report said before.</p>"
    )


def own_figures(series: Sequence[str]) -> str:
    """Return the place on a page where the reader's own council is told in a few figures.

    Parameters
    ----------
    series
        Short names of :data:`sendreform.book.places.SERIES`.
    """
    return (
        f'<section class="sr-own" data-own="{escape(" ".join(series))}" '
        'aria-label="Your council or region"><p class="sr-own-invitation">'
        "<b>Your own council.</b> Type its name at the top of the page: every chart then shows it "
        "beside its neighbours, its region and England. Or choose it on the "
        '<a href="notebooks/council_map.html">map</a>, or read '
        '<a href="areas/index.html">the page of your council</a>.</p></section>'
    )


def without_ways_out(html: str) -> str:
    """Return a part of a page without links to other folders of the site, which an edition lacks.

    Examples
    --------
    >>> without_ways_out('<a href="../data/x.csv">x</a> <a href="measures.html">y</a>')
    'x <a href="measures.html">y</a>'
    """
    return re.sub(r'<a href="\.\./[^"]*">(.*?)</a>', r"\1", html)


GENERATED: dict[str, Callable[[Store], str]] = {
    "sources": sources,
    "measures": measures,
    "numbers": numbers,
    "newest": newest,
    "citation": citation,
    "report_an_error": report_an_error,
    "statuses": statuses,
    "known_residuals": known_residuals,
    "moved": changes_page.moved,
    "editions": changes_page.edition_table,
    "corrections": changes_page.corrections,
}


def _source_item(record: dict[Hashable, Any]) -> str:
    file = record["path"] + (f", {record['member']}" if record["member"] else "")
    title = escape(record["title"])
    if record["url"]:
        title = f"<a href='{escape(record['url'])}'>{title}</a>"
    facts = [
        ("Release", record["release"]),
        ("Published", record["published"] or "date not given"),
        ("Accessed", record["accessed"]),
        ("Licence", record["licence"]),
        ("File", file or "none: quoted from the page"),
        ("What was altered", record["altered"] or "nothing"),
    ]
    rows = "".join(f"<br><b>{name}:</b> {escape(str(fact))}" for name, fact in facts)
    sha256 = record["sha256"]
    hashed = f"<br><b>SHA-256:</b> <code class='sr-hash'>{sha256}</code>" if sha256 else ""
    return (
        f"<dt id='source-{escape(record['source'])}'>{title}</dt>"
        f"<dd>{escape(record['publication'])}{rows}{hashed}</dd>"
    )


def _measure_item(store: Store, record: dict[Hashable, Any]) -> str:
    figures = store.observations(record["measure"])
    kind = record["period_kind"]
    first, last = (
        periods.label(text, kind) for text in (figures["period"].min(), figures["period"].max())
    )
    levels = figures["area"].map(store.areas["level"]).unique()
    coverage = " · ".join(
        words
        for level, words in (("country", "England"), ("region", "regions"), ("council", "councils"))
        if level in levels
    )
    breaks = store.breaks.query("measure == @record['measure']")
    notes = "".join(
        f"<br><b>Break at {escape(periods.label(row['period'], kind))}:</b> {escape(row['note'])}"
        for row in breaks.to_dict("records")
    )
    return (
        f"<dt id='measure-{escape(record['measure'])}'>{escape(record['title'])}</dt>"
        f"<dd>{escape(record['definition'])}"
        f"<br><b>Name:</b> <code>{escape(record['measure'])}</code>"
        f"<br><b>Unit:</b> {escape(record['unit'])} ({POLARITY_WORDS[record['polarity']]})"
        f"<br><b>Period:</b> {periods.KIND_TITLES[kind].lower()}, {first} to {last}"
        f"<br><b>For:</b> {coverage}{notes}</dd>"
    )


def _when(store: Store, rows: pd.DataFrame) -> str:
    """Return the periods that several rows name, once each, in brackets."""
    kind = store.record(str(rows["measure"].iloc[0]))["period_kind"]
    named = [periods.label(period, kind) for period in rows["period"].unique() if period]
    return f" ({escape(', '.join(named))})" if named else ""
