"""The page "What changed": what moved between editions, the editions, and corrections."""

from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML

from sendreform import periods
from sendreform.book.council_changes import of_councils
from sendreform.book.verdict_box import PAGES
from sendreform.book.word_tables import Cell, table_of
from sendreform.book.words import MOST_DECIMALS, counted, is_missing, listed, sentence_case
from sendreform.changes.ends import Ends, is_share
from sendreform.changes.judgements import NOT_THERE
from sendreform.changes.kept import NOW, kept, pairs
from sendreform.changes.kinds import Kind
from sendreform.changes.known_at import last_day_named
from sendreform.changes.telling import how_far, is_rough, is_steady
from sendreform.charts.numbers import MINUS, number_format
from sendreform.claims.verdicts import read_tests
from sendreform.store import Store
from sendreform.store.record import editions

#: How many headlines of figures stand on the page before the rest is folded away.
MOST_HEADLINES = 12
#: As many reasons are told for one verdict.
MOST_REASONS = 3
#: How many verdicts stand on the page before the rest is folded away, those on findings first.
MOST_VERDICTS = 8
#: As many measures stand on the page before the rest is folded away, those on which most rests.
MOST_MEASURES = 12
#: As many revisions stand on the page before they are folded away, and their places are named.
MOST_REVISIONS, MOST_PLACES = 12, 5
FIRST, REST = "Measures on which most verdicts and claims rest", "Every other measure"
#: Each kind of what moved, as it follows more than one of it.
SEVERAL = {
    Kind.FINDING: "verdicts on findings",
    Kind.TEST: "verdicts of tests",
    Kind.CLAIM: "statuses of claims",
    Kind.FIGURE_OF_TEST: "figures of tests",
    Kind.FIGURE_OF_CLAIM: "figures of claims",
    Kind.OTHER_TEST: "tests that only one edition has",
    Kind.OTHER_CLAIM: "figures of claims that only one edition has",
    Kind.ENGLAND_JUDGED: "figures for England that a verdict or claim rests on",
    Kind.ENGLAND: "other figures for England",
    Kind.REGION: "figures for regions",
    Kind.COUNCIL: "figures for councils",
}


def moved(store: Store) -> str:
    """Return a section for each two editions set side by side, the newest releases first."""
    compared = sorted(pairs(store), key=lambda pair: (pair[1] != NOW, pair), reverse=True)
    links = "".join(
        f'<li><a href="#{_anchor(*pair)}">{escape(_title(*pair))}</a></li>' for pair in compared
    )
    sections = "".join(_pair(store, *pair) for pair in compared)
    return f"<nav aria-label='What is compared'><ul>{links}</ul></nav>{sections}"


def edition_table(store: Store) -> str:
    """Return every edition of the report: version, date, releases in it, where it can be read."""
    releases = store.editions("releases")
    rows = [
        (
            row["version"],
            periods.label(row["date"], "date"),
            HTML(_where(row)),
            HTML(_folded(_counted_releases(row["releases"]), _release_list(releases, row))),
        )
        for row in editions(store).to_dict("records")
    ]
    heads = ["Version", "Date", "Where it is", "Releases in it"]
    return table_of("Editions of this report", heads, rows, words=range(4))


def corrections(store: Store) -> str:
    """Return every correction of something published, the newest first; none is told as none."""
    log = store.editions("corrections")
    if log.empty:
        return "<p>No correction has been made so far.</p>"
    rows = [
        (periods.label(row["date"], "date"), row["version"], row["page"],
         row["was"], row["is"], row["why"])
        for row in log.sort_values("date", ascending=False).to_dict("records")
    ]  # fmt: skip
    heads = ["Date", "Since version", "Page", "It said", "It says", "Why"]
    return table_of("Corrections", heads, rows, words=range(6))


def _pair(store: Store, old: str, new: str) -> str:
    summary, rows = kept(store, old, new)
    of = rows["importance"]
    head = f'<section class="sr-moved" id="{_anchor(old, new)}"><h3>{_title(old, new)}</h3>'
    if rows.empty:
        return f"{head}<p>No figure, claim or verdict moved.</p></section>"
    parts = [
        _counts(summary["counts"]),
        *_headlines(summary["headlines"]),
        _verdicts(store, rows[of.isin([Kind.FINDING, Kind.TEST])], summary["notes"]),
        _folded_judgements("Tests that only one edition has", rows[of == Kind.OTHER_TEST]),
        _claims(rows[of == Kind.CLAIM], rows[of == Kind.OTHER_CLAIM], summary["notes"]),
        _folded_judgements(
            "Tests and claims of which only the figure moved",
            rows[of.isin([Kind.FIGURE_OF_TEST, Kind.FIGURE_OF_CLAIM])],
        ),
        _england(store, rows[of.isin([Kind.ENGLAND_JUDGED, Kind.ENGLAND])], summary["ends"]),
        of_councils(store, old, new),
        _revisions(store, rows[rows["moved"].isin(["revised", "withdrawn"])]),
        _measures(store, summary["measures"]),
        _releases(summary["releases"]),
        _how(old, new, summary["notes"]),
    ]
    return f"{head}{''.join(parts)}</section>"


def _anchor(old: str, new: str) -> str:
    return f"moved-{old}-{new}".replace(".", "-")


def _title(old: str, new: str) -> str:
    return f"From {_edition_words(old)} to {_edition_words(new)}"


def _edition_words(name: str) -> str:
    """Return how the page calls an edition.

    Examples
    --------
    >>> _edition_words("2022-05"), _edition_words("0.3.0"), _edition_words("data")
    ('May 2022', 'version 0.3.0', 'the data of now')
    """
    if name == NOW:
        return "the data of now"
    return periods.label(name, "month") if last_day_named(name) else f"version {name}"


def _counts(counts: dict[str, int]) -> str:
    told = [
        f"{counts[kind.words]:,} {SEVERAL[kind] if counts[kind.words] > 1 else kind.words}"
        for kind in Kind
        if counts[kind.words]
    ]
    return f"<p><b>What moved:</b> {escape(listed(told))}.</p>"


def _headlines(headlines: list[str]) -> Iterable[str]:
    """Write the headlines: on findings, then on those measures on which most rests."""
    if headlines:
        yield f"<h4>In short</h4>{_list(headlines[:MOST_HEADLINES])}"
        rest = headlines[MOST_HEADLINES:]
        if rest:
            yield _folded(f"{counted(len(rest), 'more sentence')}", _list(rest))


def _not_compared(what: str, notes: Iterable[str]) -> str:
    """Say of verdicts or claims that they are not compared, and why; nothing where they are."""
    said = f": {what} are not compared, as "
    why = [note.partition(said)[2] for note in notes if said in note]
    return f"<p>{sentence_case(what)} are not compared: {escape(why[0])}</p>" if why else ""


def _verdicts(store: Store, rows: pd.DataFrame, notes: Iterable[str]) -> str:
    """Write the verdicts that moved; each finding and test leads to where it is told."""
    if without := _not_compared("verdicts", notes):
        return f"<h4>Verdicts</h4>{without}"
    if rows.empty:
        return "<h4>Verdicts</h4><p>No verdict moved.</p>"
    address = {name: f"../notebooks/{page}" for name, page in PAGES.items()}
    tests = read_tests(store)
    address |= {test.id: f"{address[test.finding]}#test-{test.id}" for test in tests}
    statements = {test.id: test.statement.rstrip(".") for test in tests}
    cells = [
        (
            HTML(_link(address, row["name"], row["title"])),
            row["before"],
            row["after"],
            HTML(_tests_that_turned(address, statements, row["why"]))
            if row["importance"] == Kind.FINDING
            else _in_brief(row["why"]),
        )
        for row in rows.to_dict("records")
    ]
    heads = ["Finding or test", "It was", "It is", "Why"]
    caption = "Verdicts that moved, for England"
    first = table_of(caption, heads, cells[:MOST_VERDICTS], words=range(4))
    rest = cells[MOST_VERDICTS:]
    if not rest:
        return f"<h4>Verdicts</h4>{first}"
    more = counted(len(rest), "more verdict")
    return f"<h4>Verdicts</h4>{first}{_folded(more, table_of(more, heads, rest, words=range(4)))}"


def _link(address: dict[str, str], name: str, words: str) -> str:
    """Write words as a link, where it is known where to."""
    told = escape(words)
    return f'<a href="{escape(address[name])}">{told}</a>' if name in address else told


def _tests_that_turned(address: dict[str, str], statements: dict[str, str], why: str) -> str:
    """Write why a verdict on a finding moved, each test in its words and with a link."""
    turned = [clause.partition(": ") for clause in why.split("; ")]
    return "; ".join(
        _link(address, name, statements.get(name, name)) + escape(f"{colon}{words}")
        for name, colon, words in turned
    )


def _in_brief(why: str) -> str:
    """Write the first reasons, and count the others; the file of the comparison has them all.

    Examples
    --------
    >>> _in_brief("Plans: new periods (2025); Appeals: new periods (2025)")
    'Plans: new periods (2025); Appeals: new periods (2025)'
    >>> _in_brief("a; b; c; d; e")
    'a; b; c; and two more'
    """
    reasons = why.split("; ")
    more = len(reasons) - MOST_REASONS
    if more < 1:
        return why
    return "; ".join([*reasons[:MOST_REASONS], f"and {counted(more)} more"])


def _claims(moved: pd.DataFrame, others: pd.DataFrame, notes: Iterable[str]) -> str:
    """Write the claims whose status moved; those that came or went in between are counted."""
    if without := _not_compared("claims", notes):
        return f"<h4>Claims</h4>{without}"
    parts = ["<h4>Claims</h4>"]
    if not moved.empty:
        cells = [
            (HTML(_claim_link(row["name"])), row["title"], row["before"], row["after"], row["why"])
            for row in moved.to_dict("records")
        ]
        heads = ["Claim", "What it says", "It was", "It is", "Why"]
        parts.append(table_of("Claims whose status moved", heads, cells, words=range(5)))
    else:
        parts.append("<p>No claim that was there already has another status.</p>")
    come = others[others["before"] == NOT_THERE]
    for rows, status, verb in (
        (come, "after", "joined"),
        (others.drop(index=come.index), "before", "left"),
    ):
        if rows.empty:
            continue
        statuses = rows[status].str.partition(" (")[0].value_counts()
        told = listed(f"{count:,} {status}" for status, count in statuses.items())
        links = " ".join(_claim_link(name) for name in dict.fromkeys(rows["name"].str[:4]))
        parts.append(
            f"<p>{len(rows):,} figures of claims {verb} the ledger: {escape(told)}.</p>"
            + _folded(f"Which claims {verb}", f"<p>{links}</p>")
        )
    return "".join(parts)


def _claim_link(name: str) -> str:
    claim = name[:4]
    return f'<a href="../notebooks/claim_ledger.html#{claim.lower()}">{escape(claim)}</a>'


def _folded_judgements(caption: str, rows: pd.DataFrame) -> str:
    """Write tests and claims, each as it was and is, folded away; nothing where there is none."""
    if rows.empty:
        return ""
    cells = [
        (row["title"], row["before"], row["after"], row["why"]) for row in rows.to_dict("records")
    ]
    heads = ["Test or claim", "It was", "It is", "Why"]
    return _folded(caption, table_of(caption, heads, cells, words=range(4)))


def _england(store: Store, rows: pd.DataFrame, last: list[dict[str, Any]]) -> str:
    """Write where each measure's series for England ended and ends, the most important first."""
    if rows.empty:
        return "<h4>Figures for England</h4><p>No figure for England moved.</p>"
    heads = ["Measure", "It ended with", "It ends with", "Change", "Why"]
    judged = set(rows.loc[rows["importance"] == Kind.ENGLAND_JUDGED, "name"])
    why = rows.drop_duplicates("name", keep="last").set_index("name")["why"]
    known = [each for each in last if each["measure"] in store.measures.index and each["now"]]
    known.sort(key=lambda each: each["measure"] not in judged)
    cells = [_england_cells(store, each, why) for each in known]
    first, rest = (
        table_of(caption, heads, some, words=(0, 1, 2, 4))
        for caption, some in ((FIRST, cells[:MOST_MEASURES]), (REST, cells[MOST_MEASURES:]))
    )
    return (
        f"<h4>Figures for England</h4>{first}{_folded(REST, rest) if cells[MOST_MEASURES:] else ''}"
    )


def _england_cells(store: Store, last: dict[str, Any], why: pd.Series) -> tuple[Cell, ...]:
    name = last["measure"]
    record = store.record(name)
    kind, unit, decimals = record["period_kind"], record["unit"], int(record["decimals"])
    # A share as the sentences have it: to the digit that its publisher prints.
    written = number_format(unit, decimals if is_share(unit) else min(decimals, MOST_DECIMALS))
    link = f'<a href="measures.html#measure-{escape(name)}">{escape(record["title"])}</a>'
    ended, ends = (
        f"{written.short(last[value])}, {periods.label(last[period], kind)}" if last[period] else
        "not there"
        for value, period in (("value_then", "then"), ("value_now", "now"))
    )  # fmt: skip
    found = Ends(name, last["then"], _missing(last["value_then"]), last["now"],
                 _missing(last["value_now"]), tuple(last["breaks"]))  # fmt: skip
    moved = found.difference if is_share(unit) else found.per_cent
    change = ""
    if not is_missing(moved):
        sign = "+" if moved > 0 else MINUS
        rough = is_rough(found.value_then, found.value_now)
        by = how_far(record, moved, rough=rough)
        change = (
            "none"
            if is_steady(record, moved)
            else f"{sign}{by}".replace(f"{sign}about ", f"about {sign}")
        )
    differently = listed(periods.label(period, kind) for period in found.breaks)
    caution = f" (counted differently from {differently})" if differently else ""
    return HTML(link), ended, ends, f"{change}{caution}", str(why[name])


def _missing(value: float | None) -> float:
    return float("nan") if value is None else value


def _known(store: Store, rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """Add what the catalogue says of the measure of each row, as far as it still has it."""
    there = rows[rows["name"].isin(store.measures.index)]
    return [row | {"record": store.record(row["name"])} for row in there.to_dict("records")]


def _figure(text: str, decimals: int) -> str:
    """Write a figure of the table with its decimals; a symbol stays as it is."""
    try:
        return f"{float(text):,.{decimals}f}"
    except ValueError:
        return text or "none"


def _revisions(store: Store, rows: pd.DataFrame) -> str:
    """Write every figure that was revised or withdrawn, in any place."""
    if rows.empty:
        return "<h4>Revisions</h4><p>No figure of an earlier period was revised or withdrawn.</p>"
    known = _known(store, rows)
    cells = [
        (
            row["record"]["title"],
            row["area_name"],
            periods.label(str(row["period"]), row["record"]["period_kind"]),
            row["breakdown"],
            _figure(row["before"], int(row["record"]["decimals"])),
            _figure(row["after"], int(row["record"]["decimals"])),
            row["why"],
        )
        for row in known
    ]
    heads = ["Measure", "Place", "Period", "Breakdown", "It was", "It is", "Why"]
    table = table_of("Figures revised or withdrawn", heads, cells, words=(0, 1, 2, 3, 6))
    if len(cells) <= MOST_REVISIONS:
        return f"<h4>Revisions</h4>{table}"
    places = listed(escape(name) for name in sorted(rows["area_name"].unique())[:MOST_PLACES])
    more = rows["area_name"].nunique() - MOST_PLACES
    others = f" and {counted(more, 'other place')}" if more > 0 else ""
    summary = f"{len(cells):,} figures revised or withdrawn"
    return f"<h4>Revisions</h4><p>{summary}, in {places}{others}.</p>{_folded(summary, table)}"


def _measures(store: Store, measures: list[dict[str, Any]]) -> str:
    """Write how many figures of each measure moved, in councils and regions as well."""
    caption = "Every measure that moved, with regions and councils"
    cells = [
        (row["title"], row["moved"], row["because"], f"{row['figures']:,}", _span(store, row))
        for row in measures
    ]
    heads = ["Measure", "How", "Why", "Figures", "Periods"]
    return _folded(caption, table_of(caption, heads, cells, words=(0, 1, 2, 4)))


def _span(store: Store, row: dict[str, Any]) -> str:
    if row["measure"] not in store.measures.index:
        return f"{row['first']} to {row['last']}"
    kind = store.record(row["measure"])["period_kind"]
    first, last = (periods.label(row[end], kind) for end in ("first", "last"))
    return first if first == last else f"{first} to {last}"


def _releases(releases: list[dict[str, str]]) -> str:
    come = [
        f"{row['publication']}, {row['release']}" for row in releases if row["edition"] == "new"
    ]
    return _folded("Releases in between", _list(come)) if come else ""


def _how(old: str, new: str, notes: list[str]) -> str:
    """Say how the two editions were made, and how to see every row."""
    file = f"data/editions/moved/{old}_{new}.csv"
    command = f"sendreform diff {old}" + ("" if new == NOW else f" {new}")
    told = "".join(f"<p>{escape(_in_page(note))}</p>" for note in dict.fromkeys(notes))
    return (
        f"{told and _folded('How the two editions were made', told)}"
        f'<p>Each figure for England: <a href="../{file}">{escape(file)}</a>. Those of every '
        f"council and region as well: <code>{escape(command)} --format csv</code>.</p>"
    )


def _in_page(note: str) -> str:
    """Write a note that begins with the name of an edition as a sentence of the page."""
    name, _colon, words = note.partition(": ")
    return f"{_edition_words(name)[:1].upper()}{_edition_words(name)[1:]}: {words}"


def _where(row: dict[Any, Any]) -> str:
    """Say where an edition can be read: its site, and its data in the project's history."""
    revision = f"<code>{escape(row['revision'])}</code>"
    if row["site"]:
        site = f'<a href="../{escape(row["site"])}">{escape(row["site"])}</a>'
        return f"{site}; in the project as {revision}"
    return f"No site was published; in the project as {revision}"


def _counted_releases(count: int) -> str:
    return counted(count, "release") if count else "not recorded"


def _release_list(releases: pd.DataFrame, row: dict[Any, Any]) -> str:
    own = releases[releases["version"] == row["version"]]
    return _list(own["publication"] + ", " + own["release"])


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>"


def _folded(summary: str, body: str) -> str:
    return f"<details class='sr-workings'><summary>{escape(summary)}</summary>{body}</details>"
