"""Every claim and verdict that moved between two editions: what it was, what it is, and why."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from sendreform.claims import ledger
from sendreform.claims.recipes import DEFLATOR
from sendreform.claims.result import Result, no_result
from sendreform.claims.results import RESULTS
from sendreform.claims.verdicts import (
    FindingTest,
    Outcome,
    of_finding,
    outcomes,
    read_tests,
    reason_of_finding,
)
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.report import Report, last_year
from sendreform.store import Store
from sendreform.store.claims_table import CLAIM_COLUMNS
from sendreform.store.reads import recording, remembered

#: The first year and the prices of the book's own pages, for which verdicts are compared.
BASELINE_YEAR, PRICES = 2015, "2024-25"

#: What a claim is called whose figure an edition cannot give.
NOT_RECOMPUTED = "could not be recomputed"
NOT_THERE = "not there"

#: Columns of a claim that decide what is worked out for it.
_RECIPE = (
    "operation", "measure", "breakdown", "area", "from", "to", "per_measure", "per_breakdown",
    "prices", "reservation",
)  # fmt: skip
_PUBLISHED = ("value", "rounded_to", "comparison")

#: Measures that something rests on: names, in order.
Measures = tuple[str, ...]


@dataclass(frozen=True)
class Judgement:
    """A claim, a test or a finding in two editions.

    Attributes
    ----------
    kind
        ``finding``, ``test`` or ``claim``.
    name, title, unit
        Its id, what it says, and the unit of its figure.
    before, after
        Its verdict or status in each edition.
    old, new
        Its figure in each; missing where there is none.
    period
        What the new figure is about, in words.
    measures
        The measures that it rests on in either edition.
    because
        Why it moved other than by the figures, in words; empty where they alone moved it.
    groups
        Of a finding, how its groups of tests came out in the newer edition, in words.
    """

    kind: str
    name: str
    title: str
    unit: str
    before: str
    after: str
    old: float
    new: float
    period: str
    measures: Measures
    because: str = ""
    groups: str = ""

    @property
    def changed_sides(self) -> bool:
        """Whether the verdict or status moved, and not the figure alone."""
        return self.before != self.after


@dataclass(frozen=True)
class _Made:
    """A test as it came out in one edition, and the measures that were read for it."""

    outcome: Outcome
    measures: Measures


def moved_verdicts(old: Store, new: Store) -> list[Judgement]:
    """Return the findings and tests whose verdict or figure moved, findings first.

    Each edition is judged for England by its own rules, over the years of the book's own pages.
    Results are worked out by this version of the package in both. A figure that an edition's data
    cannot give counts as missing, and its test as one that cannot be made. Where the rules of one
    of the editions cannot be read, nothing is compared; :func:`notes` says why.
    """
    latest = max(last_year(old), last_year(new))
    then, now = _judged(old, latest), _judged(new, latest)
    if not then or not now:
        return []
    tests = [_of_test(then.get(name), now.get(name)) for name in dict.fromkeys([*now, *then])]
    moved = [one for one in tests if one.changed_sides or _differ(one.old, one.new) or one.because]
    findings = dict.fromkeys(made.outcome.test.finding for made in [*now.values(), *then.values()])
    return [*_findings(findings, then, now, moved), *moved]


def moved_claims(old: Store, new: Store) -> list[Judgement]:
    """Return the figures of the ledger whose status or own figure moved, in order of the ledger.

    Each edition's ledger is recomputed from its own data. Where one of them has no ledger that can
    be read, nothing is compared; :func:`notes` says so.
    """
    then, now = _ledger(old), _ledger(new)
    if not then or not now:
        return []
    made = (_of_claim(then.get(name), now.get(name), name) for name in {**now, **then})
    return [one for one in made if one.changed_sides or _differ(one.old, one.new)]


def measures_judged(store: Store) -> dict[str, int]:
    """Return how many tests and claims of an edition rest on each measure that any rests on."""
    named = [
        name
        for made in _judged(store, last_year(store)).values()
        for name in made.outcome.result.measures
    ]
    named += [
        str(row[column]) for row in _ledger(store).values() for column in ("measure", "per_measure")
    ]
    counted = pd.Series([name for name in named if name], dtype="str").value_counts()
    return {str(name): int(count) for name, count in counted.items()}


def notes(store: Store) -> list[str]:
    """Return why verdicts or claims of an edition are not compared; nothing where they are.

    An edition of long ago may have had no rules, or a ledger with other columns.
    """
    found = []
    try:
        read_tests(store)
    except ReportError as error:
        found.append(f"verdicts are not compared, as its rules cannot be read: {error}")
    if not _has_ledger(store):
        found.append("claims are not compared, as it has no ledger with the columns of today")
    return found


def _has_ledger(store: Store) -> bool:
    return not store.claims.empty and list(store.claims.columns) == [*CLAIM_COLUMNS]


@remembered(2)
def _judged(store: Store, latest_year: int) -> dict[str, _Made]:
    """Return the tests of an edition for England by name; none where its rules cannot be read."""
    report = Report(store, ENGLAND, BASELINE_YEAR, latest_year, PRICES)
    read: dict[str, Measures] = {}
    try:
        tests = read_tests(store)
    except ReportError:
        return {}
    results = {test.result: partial(_worked_out, test.result, read) for test in tests}
    findings = dict.fromkeys(test.finding for test in tests)
    made = [one for finding in findings for one in outcomes(report, finding, results)]
    return {one.test.id: _Made(one, read.get(one.test.result, ())) for one in made}


def _worked_out(name: str, read: dict[str, Measures], report: Report) -> Result:
    """Work out a result as far as an edition's data go, and note which measures it read."""
    if name not in RESULTS:
        return no_result(f"This version of the package works out no {name}.")
    with recording() as files:
        try:
            result = RESULTS[name](report)
        except ReportError as error:
            result = no_result(str(error))
    read[name] = _measures_of(files, result.measures)
    return result


def _measures_of(files: Collection[Path], first: Iterable[str]) -> Measures:
    """Return the measures whose files were read, those that a result names first."""
    read = sorted(path.stem for path in files if path.parent.parent.name == "observations")
    return tuple(dict.fromkeys([*first, *read]))


def _of_test(then: _Made | None, now: _Made | None) -> Judgement:
    """Set a test of two editions side by side."""
    made = now or then
    assert made is not None
    test = made.outcome.test
    because = ""
    if then is None or now is None:
        because = "the test is new" if then is None else "the test was taken out"
    elif _rule(then.outcome.test) != _rule(now.outcome.test):
        because = "the rule of the test was changed"
    elif then.outcome.verdict != now.outcome.verdict and now.outcome.result.missing_because:
        because = now.outcome.result.missing_because.rstrip(".")
    return Judgement(
        kind="test",
        name=test.id,
        title=test.statement,
        unit=test.unit,
        before=str(then.outcome.verdict) if then else NOT_THERE,
        after=str(now.outcome.verdict) if now else NOT_THERE,
        old=then.outcome.result.value if then else float("nan"),
        new=now.outcome.result.value if now else float("nan"),
        period=made.outcome.result.period,
        measures=_joined(then.measures if then else (), now.measures if now else ()),
        because=because,
    )


def _rule(test: FindingTest) -> FindingTest:
    """Return what of a test decides its verdict, without the words around it."""
    return replace(
        test, statement="", because="", unit="", limits="", keep_in_mind="", changed="",
        count_of="", critics=(), dated=False,
    )  # fmt: skip


def _findings(
    names: Iterable[str],
    then: Mapping[str, _Made],
    now: Mapping[str, _Made],
    tests: list[Judgement],
) -> list[Judgement]:
    """Return the findings whose verdict moved."""
    found = []
    for name in names:
        verdicts = [_verdict(name, made.values()) for made in (then, now)]
        if verdicts[0] == verdicts[1]:
            continue
        own = {
            outcome.test.id for made in (then, now) for outcome in _of_finding(name, made.values())
        }
        turned = [one for one in tests if one.name in own and one.changed_sides]
        found.append(
            Judgement(
                kind="finding",
                name=name,
                title=f"The finding that reform is {name}",
                unit="",
                before=verdicts[0],
                after=verdicts[1],
                old=float("nan"),
                new=float("nan"),
                period="",
                measures=(),
                because="; ".join(f"{one.name}: {one.before} → {one.after}" for one in turned)
                or "the rules were changed",
                groups=reason_of_finding(_of_finding(name, now.values())),
            )
        )
    return found


def _verdict(finding: str, made: Iterable[_Made]) -> str:
    own = _of_finding(finding, made)
    return str(of_finding(own)) if own else NOT_THERE


def _of_finding(finding: str, made: Iterable[_Made]) -> list[Outcome]:
    return [one.outcome for one in made if one.outcome.test.finding == finding]


@remembered(2)
def _ledger(store: Store) -> dict[str, dict[Hashable, Any]]:
    """Return the figures of an edition's ledger by claim and number, those not recomputed too."""
    if not _has_ledger(store):
        return {}
    figures, _problems = ledger.recompute_sound(store)
    made = figures.set_index(figures["claim"] + "." + figures["figure"]).to_dict("index")
    written = store.claims.set_index(store.claims["claim"] + "." + store.claims["figure"])
    return {
        str(name): made.get(name) or {**row, "status": NOT_RECOMPUTED, "ours": float("nan")}
        for name, row in written.to_dict("index").items()
    }


def _of_claim(
    then: Mapping[Hashable, Any] | None, now: Mapping[Hashable, Any] | None, name: str
) -> Judgement:
    """Set a figure of the ledger in two editions side by side."""
    row = now or then
    assert row is not None
    because = ""
    if then is None or now is None:
        because = "the claim is new" if then is None else "the claim was taken out"
    elif any(then.get(column, "") != now.get(column, "") for column in _RECIPE):
        because = "its recipe was changed"
    elif any(then.get(column, "") != now.get(column, "") for column in _PUBLISHED):
        because = "the published figure in the ledger was changed"
    elif not row["operation"]:
        because = "its status is given by hand"
    return Judgement(
        kind="claim",
        name=name,
        title=str(row["text"]),
        unit=str(row["unit"]),
        before=str(then["status"]) if then else NOT_THERE,
        after=str(now["status"]) if now else NOT_THERE,
        old=_number(then),
        new=_number(now),
        period=str(row["period"]),
        measures=_joined(_measures_named(then), _measures_named(now)),
        because=because,
    )


def _measures_named(row: Mapping[Hashable, Any] | None) -> Measures:
    """Return the measures that a recipe reads."""
    if not row or not row["operation"]:
        return ()
    names = [str(row["measure"]), str(row["per_measure"]), DEFLATOR if row["prices"] else ""]
    return tuple(name for name in names if name)


def _number(row: Mapping[Hashable, Any] | None) -> float:
    ours = row.get("ours") if row else None
    return float(ours) if isinstance(ours, int | float) else float("nan")


def _joined(*measures: Measures) -> Measures:
    return tuple(dict.fromkeys(name for some in measures for name in some))


def _differ(old: float, new: float) -> bool:
    """Say whether two figures differ by more than the dust of binary arithmetic."""
    if pd.isna(old) or pd.isna(new):
        return pd.isna(old) != pd.isna(new)
    return ledger.as_decimal(old) != ledger.as_decimal(new)
