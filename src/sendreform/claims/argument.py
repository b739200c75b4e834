"""Is ``data/argument/`` right? Every rule, link and indicator, held against what it names."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sendreform.claims.entries import check_entries, named, refuse_twice
from sendreform.claims.levels import published_periods
from sendreform.claims.reform import READINGS, check_event, check_indicator
from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import parse_test, read_rules
from sendreform.errors import ReportError, did_you_mean
from sendreform.store import Store

#: What a link of the causal map can rest on, each with the entries that it then needs.
GROUNDS = {"data": ("see",), "one end": ("see",), "literature": ("cite", "url"), "asserted": ()}


def problems(store: Store) -> list[str]:
    """Return a line for each thing wrong in the tests, the map, what reform needs, and faults.

    Each line names the file, the record and the entry, and says what to do. What data/ holds, the
    measures and the ledger of claims, is taken to be right.
    """
    try:
        rules, causes, needs, faults = (
            store.argument(name) for name in ("tests", "causal_map", "reform", "faults")
        )
        check_entries(rules, "tests.yml", needed=("findings", "rules", "tests"))
        read_rules(store)
        check_entries(causes, "causal_map.yml", needed=("stages", "nodes", "links"))
        check_entries(
            needs, "reform.yml", needed=("plan", "root_causes", "recommendations", "events")
        )
        check_entries(faults, "faults.yml", needed=("faults",))
    except ReportError as error:
        return [str(error)]
    tests = [named(record, "id") for record in rules["tests"]]
    return [
        *_each(
            rules["findings"].items(),
            lambda pair: check_entries(
                pair[1], f"tests.yml, finding {pair[0]}", needed=("title", "limits")
            ),
        ),
        *_each(rules["tests"], lambda record: _check_test(record, rules["findings"], tests)),
        *_each([tests], lambda names: refuse_twice(names, "tests.yml, test")),
        *_map_problems(causes, tests),
        *_each(needs["root_causes"], lambda record: _check_cause(record, tests)),
        *_each(needs["recommendations"], _check_recommendation),
        *_each(
            [one for record in needs["recommendations"] for one in _indicators(record)],
            lambda record: check_indicator(store, record),
        ),
        *_each(needs["events"], lambda record: _check_event(record, set(store.claims["claim"]))),
        *_each(faults["faults"], lambda record: _check_fault(store, record)),
    ]


def _each(records: Iterable[Any], check: Callable[[Any], None]) -> list[str]:
    """Return the complaint of a check about each record that it refuses."""
    found = []
    for record in records:
        try:
            check(record)
        except ReportError as error:
            found.append(str(error))
    return found


def _check_test(record: Any, findings: Iterable[str], tests: Collection[str]) -> None:
    test = parse_test(record, findings)
    for other in test.shares_figure_with:
        where = f"tests.yml, test {test.id}, shares_figure_with"
        _refuse_unknown(other, tests, "test", where)
    _refuse_unknown(test.result, RESULTS, "result", f"tests.yml, test {test.id}, result")


def _map_problems(causes: Mapping[str, Any], tests: Collection[str]) -> list[str]:
    nodes = [named(node, "id") for node in causes["nodes"]]
    stages = range(1, len(causes["stages"]) + 1)
    return [
        *_each(causes["nodes"], lambda node: _check_node(node, stages)),
        *_each([nodes], lambda names: refuse_twice(names, "causal_map.yml, node")),
        *_each(causes["links"], lambda link: _check_link(link, nodes, tests)),
    ]


def _check_node(node: Any, stages: Collection[int]) -> None:
    where = f"causal_map.yml, node {named(node, 'id')}"
    check_entries(node, where, needed=("id", "stage", "at", "label"))
    if node["stage"] not in stages:
        raise ReportError(
            f"there is no stage {node['stage']!r}",
            where=where,
            fix=f"Write one of {', '.join(map(str, stages))}.",
        )


def _check_link(link: Any, nodes: Collection[str], tests: Collection[str]) -> None:
    where = f"causal_map.yml, link {named(link, 'from')} to {named(link, 'to')}"
    grounds = [name for needed in GROUNDS.values() for name in needed]
    check_entries(link, where, needed=("from", "to", "mark", "says"), known=grounds)
    for end in ("from", "to"):
        _refuse_unknown(link[end], nodes, "node", f"{where}, {end}")
    _refuse_unknown(link["mark"], GROUNDS, "mark", f"{where}, mark")
    check_entries(link, where, needed=("from", "to", "mark", "says", *GROUNDS[link["mark"]]))
    if "see" in GROUNDS[link["mark"]]:
        _refuse_unknown(link["see"], tests, "test", f"{where}, see")


def _check_cause(cause: Any, tests: Collection[str]) -> None:
    where = f"reform.yml, root cause {named(cause, 'cause')}"
    check_entries(
        cause, where, needed=("cause", "plan", "meets", "because", "source", "url", "tests")
    )
    _refuse_unknown(cause["meets"], READINGS, "reading", f"{where}, meets")
    for name in cause["tests"]:
        _refuse_unknown(name, tests, "test", f"{where}, tests")


def _check_recommendation(record: Any) -> None:
    where = f"reform.yml, recommendation {named(record, 'title')}"
    check_entries(record, where, needed=("title", "says", "since"), known=("indicators", "missing"))
    if not record.get("indicators") and not record.get("missing"):
        raise ReportError(
            "there are no indicators, and missing does not say why",
            where=where,
            fix="Add indicators: …, or missing: …",
        )


def _indicators(record: Any) -> list[Any]:
    return list(record.get("indicators") or ()) if isinstance(record, dict) else []


def _check_event(event: Any, claims: Collection[str]) -> None:
    check_event(event)
    for claim in event.get("claims", ()):
        _refuse_unknown(claim, claims, "claim", f"reform.yml, event {event['date']}, claims")


def _check_fault(store: Store, fault: Any) -> None:
    where = f"faults.yml, fault of area {named(fault, 'area')}"
    check_entries(fault, where, needed=("area", "measure", "periods", "words", "source"))
    _refuse_unknown(fault["measure"], store.measures.index, "measure", f"{where}, measure")
    published = published_periods(store, fault["measure"], [fault["area"]])
    for period in fault["periods"]:
        _refuse_unknown(period, published, "period", f"{where}, periods")


def _refuse_unknown(name: Any, known: Iterable[str], kind: str, where: str) -> None:
    names = list(known)
    if name not in names:
        raise ReportError(
            f"unknown {kind} {name!r}",
            where=where,
            fix=did_you_mean(str(name), names) or f"Known: {', '.join(names) or 'none'}.",
        )
