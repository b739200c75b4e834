"""Verdicts: results held against rules that were written down before them."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import yaml

from sendreform.claims.result import Result, no_result
from sendreform.errors import ReportError, did_you_mean
from sendreform.report import Report
from sendreform.store import Store


class Verdict(StrEnum):
    """What a test says of its statement, and its tests of a finding."""

    SUPPORTED = "supported"
    CAVEATS = "supported with caveats"
    NOT_SUPPORTED = "not supported"
    CANNOT_BE_TESTED = "cannot be tested"


#: Kinds of place, each with what is said where a test is not asked of it.
NOT_ASKED = {
    "country": "This test is not asked of England as a whole.",
    "region": "This test is about England as a whole and is not asked of a region.",
    "council": "This test is about England as a whole and is not asked of a single council.",
}
TOO_FEW = "So few hold a plan here that one child could turn the test; it is not asked."
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "at_least": lambda figure, bound: figure >= bound,
    "at_most": lambda figure, bound: figure <= bound,
    "above": lambda figure, bound: figure > bound,
    "below": lambda figure, bound: figure < bound,
}
_OPPOSITE = {"at_least": "below", "at_most": "above"}
_TEXTS = ("id", "finding", "about", "statement", "result", "unit", "because")

#: The rule by which a finding's verdict follows from its tests, as the page shows it.
FINDING_RULE = (
    "A finding is supported when every test that can be made supports it; supported with caveats "
    "when more than half of them support it, with or without caveats; not supported otherwise. It "
    "cannot be tested when fewer than half of its tests can be made."
)
#: What the verdict of one test takes into account besides its figure.
CHECKS_RULE = (
    "Where a figure has an interval, or has been worked out in other ways as well, a statement is "
    "supported only if the ends of the interval and every other way support it too; otherwise it "
    "is supported with caveats."
)


@dataclass(frozen=True)
class Bound:
    """A figure on one side of which a rule applies: ``at_least`` 95."""

    comparison: str
    figure: float

    def holds(self, value: float) -> bool:
        """Say whether a value is on that side."""
        return _COMPARISONS[self.comparison](value, self.figure)


@dataclass(frozen=True)
class Critic:
    """What someone says that bears on a test, in our words, with their own page."""

    who: str
    says: str
    url: str


@dataclass(frozen=True)
class FindingTest:
    """One statement of a finding and the rule by which a figure speaks for or against it."""

    id: str
    finding: str
    about: str
    statement: str
    result: str
    unit: str
    because: str
    supported: Bound
    not_supported: Bound
    applies_to: tuple[str, ...]
    decimals: int = 0
    testable: bool = True
    critics: tuple[Critic, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """A test with its result and its verdict; ``asked`` says whether it applies to the place."""

    test: FindingTest
    result: Result
    verdict: Verdict
    asked: bool = True


def read_tests(store: Store) -> tuple[FindingTest, ...]:
    """Return the tests of ``data/argument/tests.yml`` in their order.

    Raises
    ------
    ReportError
        Where a rule lacks something, names an unknown finding, or could give two verdicts at
        once; says which test.
    """
    where = store.layout.root / "argument" / "tests.yml"
    try:
        content = yaml.safe_load(where.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ReportError(
            f"the rules cannot be read ({' '.join(str(error).split())})",
            where=where.name,
            fix="Mend the file or restore it.",
        ) from error
    tests = tuple(parse_test(record, content["findings"]) for record in content["tests"])
    names = [test.id for test in tests]
    if twice := [name for name in names if names.count(name) > 1]:
        raise ReportError(f"test {twice[0]!r} is there twice", where=where.name)
    return tests


def parse_test(record: Mapping[str, Any], findings: Iterable[str]) -> FindingTest:
    """Turn one record of the file into a test, or say what is wrong with it."""
    where = f"tests.yml, test {record.get('id', '?')}"
    known = {*_TEXTS, "supported", "not_supported", "applies_to", "decimals", "testable", "critics"}
    for name in record:
        if name not in known:
            raise ReportError(f"unknown entry {name!r}", where=where, fix=did_you_mean(name, known))
    missing = [
        name
        for name in (*_TEXTS, "supported", "not_supported", "applies_to")
        if not record.get(name)
    ]
    if missing:
        raise ReportError(f"{missing[0]} is missing", where=where, fix=f"Add {missing[0]}: …")
    if record["finding"] not in findings:
        raise ReportError(
            f"unknown finding {record['finding']!r}",
            where=where,
            fix=did_you_mean(record["finding"], findings) or f"Known: {', '.join(findings)}.",
        )
    if strays := set(record["applies_to"]) - set(NOT_ASKED):
        raise ReportError(
            f"unknown kind of place {min(strays)!r}",
            where=where,
            fix=f"Known: {', '.join(NOT_ASKED)}.",
        )
    supported = _bound(record["supported"], ("at_least", "at_most"), where)
    against = _bound(record["not_supported"], ("above", "below"), where)
    if against.comparison != _OPPOSITE[supported.comparison] or supported.holds(
        against.figure + (1e-9 if against.comparison == "above" else -1e-9)
    ):
        raise ReportError(
            "the two bounds overlap or look the same way, so a figure could have two verdicts",
            where=where,
            fix="Write supported: {at_least: a} with not_supported: {below: b}, b no more than a; "
            "or at_most with above.",
        )
    return FindingTest(
        **{name: record[name] for name in _TEXTS},
        supported=supported,
        not_supported=against,
        applies_to=tuple(record["applies_to"]),
        decimals=record.get("decimals", 0),
        testable=record.get("testable", True),
        critics=tuple(Critic(**critic) for critic in record.get("critics", ())),
    )


def _bound(record: Any, comparisons: tuple[str, ...], where: str) -> Bound:
    if not (isinstance(record, dict) and len(record) == 1 and set(record) <= set(comparisons)):
        raise ReportError(
            f"{record!r} is not a bound",
            where=where,
            fix=f"Write one of {' or '.join(comparisons)} with a number.",
        )
    [(comparison, figure)] = record.items()
    if not isinstance(figure, int | float):
        raise ReportError(f"{figure!r} is not a number", where=where)
    return Bound(comparison, float(figure))


def judge(test: FindingTest, result: Result) -> Verdict:
    """Return the verdict of one test; see :data:`CHECKS_RULE`.

    Examples
    --------
    >>> rule = parse_test(
    ...     {"id": "a", "finding": "f", "about": "b", "statement": "s", "result": "r",
    ...      "unit": "per cent", "because": "so", "applies_to": ["country"],
    ...      "supported": {"at_least": 50}, "not_supported": {"below": 25}}, ["f"])
    >>> [str(judge(rule, Result(value, "2024", ()))) for value in (60, 30, 20)]
    ['supported', 'supported with caveats', 'not supported']
    >>> str(judge(rule, Result(60, "2024", (), checks={"without London": 40})))
    'supported with caveats'
    """
    if result.is_missing or not test.testable:
        return Verdict.CANNOT_BE_TESTED
    if test.not_supported.holds(result.value):
        return Verdict.NOT_SUPPORTED
    others = [*result.checks.values(), result.low, result.high]
    known = [result.value, *(figure for figure in others if not math.isnan(figure))]
    return Verdict.SUPPORTED if all(map(test.supported.holds, known)) else Verdict.CAVEATS


def outcomes(
    report: Report, finding: str, results: Mapping[str, Callable[[Report], Result]]
) -> tuple[Outcome, ...]:
    """Make every test of a finding for the report's place and years.

    A test that does not apply to the kind of place has no result, and says so.

    Parameters
    ----------
    finding
        ``essential``, ``unavoidable`` or ``systemic``.
    results
        Name in the rules → function that works the figure out.

    Raises
    ------
    ReportError
        If a rule names a result that nothing works out.
    """
    made = []
    for test in read_tests(report.store):
        if test.finding != finding:
            continue
        if test.result not in results:
            raise ReportError(
                f"unknown result {test.result!r}",
                where=f"tests.yml, test {test.id}",
                fix=did_you_mean(test.result, results),
            )
        applies = report.level in test.applies_to
        asked = applies and not report.is_small
        unasked = TOO_FEW if applies else NOT_ASKED[report.level]
        result = results[test.result](report) if asked else no_result(unasked)
        made.append(Outcome(test, result, judge(test, result), asked))
    return tuple(made)


def of_finding(made: Iterable[Outcome]) -> Verdict:
    """Return the verdict of a finding from those of its tests; see :data:`FINDING_RULE`.

    Only the tests asked of this kind of place count.
    """
    asked = [outcome for outcome in made if outcome.asked]
    verdicts = [one.verdict for one in asked if one.verdict is not Verdict.CANNOT_BE_TESTED]
    if not asked or 2 * len(verdicts) < len(asked):
        return Verdict.CANNOT_BE_TESTED
    if all(verdict is Verdict.SUPPORTED for verdict in verdicts):
        return Verdict.SUPPORTED
    for_it = sum(verdict is not Verdict.NOT_SUPPORTED for verdict in verdicts)
    return Verdict.CAVEATS if 2 * for_it > len(verdicts) else Verdict.NOT_SUPPORTED
