"""Verdicts: results held against rules that were written down before them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sendreform.claims.entries import check_entries, named, refuse_twice
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


#: Kinds of place that a test can be asked of.
KINDS = {"country": "England as a whole", "region": "regions", "council": "councils"}
TOO_FEW = "So few hold a plan here that one child could turn the test; it is not asked."
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "at_least": lambda figure, bound: figure >= bound,
    "at_most": lambda figure, bound: figure <= bound,
    "above": lambda figure, bound: figure > bound,
    "below": lambda figure, bound: figure < bound,
}
_UP, _DOWN = ("at_least", "above"), ("at_most", "below")
#: Texts that a test may have besides.
_MORE_TEXTS = ("count_of", "keep_in_mind", "changed")
_CONTENTS = ("findings", "rules", "tests")
_TEXTS = ("id", "finding", "about", "statement", "result", "measured", "unit", "because")

#: Verdicts on what can be tested, the weakest first.
_WEAKEST_FIRST = (Verdict.NOT_SUPPORTED, Verdict.CAVEATS, Verdict.SUPPORTED)


@dataclass(frozen=True)
class Rules:
    """How verdicts follow, in the words of ``data/argument/tests.yml``.

    Attributes
    ----------
    test
        What the verdict of one test takes into account besides its figure: see :func:`judge`.
    finding
        How a finding's verdict follows from its tests: see :func:`of_finding`.
    changed
        What was changed in them after results were known, and when.
    """

    test: str
    finding: str
    changed: str


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
    measured: str
    unit: str
    because: str
    supported: Bound
    not_supported: Bound
    applies_to: tuple[str, ...]
    decimals: int = 0
    testable: bool = True
    critics: tuple[Critic, ...] = ()
    shares_figure_with: tuple[str, ...] = ()
    count_of: str = ""
    dated: bool = False
    keep_in_mind: str = ""
    changed: str = ""
    #: What no test of its finding shows, whatever it finds.
    limits: str = ""


@dataclass(frozen=True)
class Outcome:
    """A test with its result and its verdict.

    Attributes
    ----------
    asked
        Whether the test applies to the place.
    england
        The same test made for England, where the place is another.
    """

    test: FindingTest
    result: Result
    verdict: Verdict
    asked: bool = True
    england: "Outcome | None" = None

    @property
    def is_undecided(self) -> bool:
        """Whether there is a figure, and its interval leaves open what it says."""
        return self.test.testable and _is_undecided(self.test, self.result)


@dataclass(frozen=True)
class Group:
    """Tests of a finding that are judged together, and how they came out."""

    about: str
    verdict: Verdict


def read_rules(store: Store) -> Rules:
    """Return how verdicts follow, in the words of ``data/argument/tests.yml``."""
    content = store.argument("tests")
    check_entries(content, "tests.yml", needed=_CONTENTS)
    check_entries(content["rules"], "tests.yml, rules", needed=("test", "finding", "changed"))
    return Rules(**content["rules"])


def read_tests(store: Store) -> tuple[FindingTest, ...]:
    """Return the tests of ``data/argument/tests.yml`` in their order.

    Raises
    ------
    ReportError
        Where a rule lacks something, names an unknown finding, or could give two verdicts at
        once; says which test.
    """
    content = store.argument("tests")
    check_entries(content, "tests.yml", needed=_CONTENTS)
    findings = content["findings"]
    for finding, words in findings.items():
        check_entries(words, f"tests.yml, finding {finding}", needed=("title", "limits"))
    tests = [parse_test(record, findings) for record in content["tests"]]
    names = [test.id for test in tests]
    refuse_twice(names, "tests.yml, test")
    for test in tests:
        for other in test.shares_figure_with:
            if other not in names:
                raise ReportError(
                    f"unknown test {other!r}",
                    where=f"tests.yml, test {test.id}, shares_figure_with",
                    fix=did_you_mean(other, names) or "Name a test by its id.",
                )
    return tuple(replace(test, limits=findings[test.finding]["limits"]) for test in tests)


def parse_test(record: Mapping[str, Any], findings: Iterable[str]) -> FindingTest:
    """Turn one record of the file into a test, or say what is wrong with it."""
    where = f"tests.yml, test {named(record, 'id')}"
    check_entries(
        record,
        where,
        needed=(*_TEXTS, "supported", "not_supported", "applies_to"),
        known=("decimals", "testable", "critics", "shares_figure_with", "dated", *_MORE_TEXTS),
    )
    if record["finding"] not in findings:
        raise ReportError(
            f"unknown finding {record['finding']!r}",
            where=where,
            fix=did_you_mean(record["finding"], findings) or f"Known: {', '.join(findings)}.",
        )
    if strays := set(record["applies_to"]) - set(KINDS):
        raise ReportError(
            f"unknown kind of place {min(strays)!r}",
            where=where,
            fix=f"Known: {', '.join(KINDS)}.",
        )
    supported = _bound(record["supported"], (*_UP, *_DOWN), where)
    against = _bound(record["not_supported"], (*_UP, *_DOWN), where)
    if not _are_apart(supported, against):
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
        critics=tuple(_critic(critic, where) for critic in record.get("critics", ())),
        shares_figure_with=tuple(record.get("shares_figure_with", ())),
        dated=record.get("dated", False),
        **{name: record.get(name, "") for name in _MORE_TEXTS},
    )


def _critic(record: Any, where: str) -> Critic:
    check_entries(record, f"{where}, critic {named(record, 'who')}", needed=("who", "says", "url"))
    return Critic(**record)


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


def _are_apart(supported: Bound, against: Bound) -> bool:
    """Say whether two bounds face away from each other and share no figure."""
    upper, lower = (supported, against) if supported.comparison in _UP else (against, supported)
    face_away = upper.comparison in _UP and lower.comparison in _DOWN
    shared = upper.holds(lower.figure) and lower.holds(lower.figure)
    return face_away and lower.figure <= upper.figure and not shared


def judge(test: FindingTest, result: Result) -> Verdict:
    """Return the verdict of one test; :class:`Rules` has the rule in words.

    Examples
    --------
    >>> rule = parse_test(
    ...     {"id": "a", "finding": "f", "about": "b", "statement": "s", "result": "r",
    ...      "measured": "m", "unit": "per cent", "because": "so", "applies_to": ["country"],
    ...      "supported": {"at_least": 50}, "not_supported": {"below": 25}}, ["f"])
    >>> [str(judge(rule, Result(value, "2024", ()))) for value in (60, 30, 20)]
    ['supported', 'supported with caveats', 'not supported']
    >>> str(judge(rule, Result(60, "2024", (), checks={"without London": 20})))
    'supported with caveats'
    >>> str(judge(rule, Result(60, "2024", (), low=20, high=90)))
    'cannot be tested'
    """
    if result.is_missing or not test.testable or _is_undecided(test, result):
        return Verdict.CANNOT_BE_TESTED
    if test.not_supported.holds(result.value):
        return Verdict.NOT_SUPPORTED
    others = [*result.checks.values(), result.low, result.high]
    known = [result.value, *(figure for figure in others if not math.isnan(figure))]
    return Verdict.SUPPORTED if all(map(test.supported.holds, known)) else Verdict.CAVEATS


def _is_undecided(test: FindingTest, result: Result) -> bool:
    """Say whether the interval lies on both sides of the line at which a test is not supported."""
    if result.is_missing or not result.has_interval:
        return False
    against = test.not_supported
    return len({against.holds(figure) for figure in (result.value, result.low, result.high)}) > 1


def outcomes(
    report: Report,
    finding: str,
    results: Mapping[str, Callable[[Report], Result]],
    england: Sequence[Outcome] | None = None,
) -> tuple[Outcome, ...]:
    """Make every test of a finding for the report's place and years.

    A test that does not apply to the kind of place has no result, and says so. Where the place is
    not England, each comes with the same test made for England.

    Parameters
    ----------
    finding
        ``essential``, ``unavoidable`` or ``systemic``.
    results
        Name in the rules → function that works the figure out.
    england
        The tests as made for England in the same years, where they are at hand already; none,
        and nothing stands beside the tests of the place.

    Raises
    ------
    ReportError
        If a rule names a result that nothing works out.
    """
    if england is None:
        england = () if report.is_england else outcomes(report.for_england, finding, results)
    national = {outcome.test.id: outcome for outcome in england}
    few = report.is_small
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
        asked = applies and not few
        unasked = TOO_FEW if applies else not_asked(test, report.level)
        result = results[test.result](report) if asked else no_result(unasked)
        made.append(Outcome(test, result, judge(test, result), asked, national.get(test.id)))
    return tuple(made)


def not_asked(test: FindingTest, level: str) -> str:
    """Say why a test is not asked of a kind of place.

    Examples
    --------
    >>> rule = parse_test(
    ...     {"id": "a", "finding": "f", "about": "b", "statement": "s", "result": "r",
    ...      "measured": "m", "unit": "per cent", "because": "so",
    ...      "applies_to": ["country", "council"],
    ...      "supported": {"at_least": 50}, "not_supported": {"below": 25}}, ["f"])
    >>> not_asked(rule, "region")
    'Not asked of regions: this is a test of England as a whole and of councils.'
    """
    asked = " and of ".join(KINDS[kind] for kind in test.applies_to)
    return f"Not asked of {KINDS[level]}: this is a test of {asked}."


def for_england(made: Iterable[Outcome]) -> list[Outcome]:
    """Return the tests as made for England, on whichever place they were made."""
    return [outcome.england or outcome for outcome in made]


def groups(made: Iterable[Outcome]) -> list[Group]:
    """Judge the tests of a finding in their groups, in order.

    Tests that share a figure count once, in the group of the first of them, by the weakest verdict
    of those that can be made. A group of which every figure is counted in another is left out.
    """
    figures = _figures([outcome for outcome in made if outcome.asked])
    by_group: dict[str, list[Verdict]] = {}
    for tests in figures:
        verdicts = {outcome.verdict for outcome in tests}
        weakest = [verdict for verdict in _WEAKEST_FIRST if verdict in verdicts]
        by_group.setdefault(tests[0].test.about, []).append(
            weakest[0] if weakest else Verdict.CANNOT_BE_TESTED
        )
    return [_group(about, verdicts) for about, verdicts in by_group.items()]


def _figures(made: list[Outcome]) -> list[list[Outcome]]:
    """Put the tests that share a figure together, directly or by way of a third."""
    figures: list[list[Outcome]] = []
    for outcome in made:
        near = {outcome.test.id, *outcome.test.shares_figure_with}
        same = [
            tests
            for tests in figures
            if any(
                one.test.id in near or outcome.test.id in one.test.shares_figure_with
                for one in tests
            )
        ]
        together = [one for tests in same for one in tests]
        place = figures.index(same[0]) if same else len(figures)
        figures = [tests for tests in figures if tests not in same]
        figures.insert(place, [*together, outcome])
    return figures


def _group(about: str, verdicts: list[Verdict]) -> Group:
    tested = [verdict for verdict in verdicts if verdict is not Verdict.CANNOT_BE_TESTED]
    return Group(about, _of_most(tested) if tested else Verdict.CANNOT_BE_TESTED)


def _of_most(verdicts: Sequence[Verdict]) -> Verdict:
    """Return supported where all are, with caveats where more than half do not speak against."""
    if all(verdict is Verdict.SUPPORTED for verdict in verdicts):
        return Verdict.SUPPORTED
    for_it = sum(verdict is not Verdict.NOT_SUPPORTED for verdict in verdicts)
    return Verdict.CAVEATS if 2 * for_it > len(verdicts) else Verdict.NOT_SUPPORTED


def of_finding(made: Iterable[Outcome]) -> Verdict:
    """Return the verdict of a finding for England; :class:`Rules` has the rule in words.

    A finding is about England. What a council's own tests say is told beside it.
    """
    judged = groups(for_england(made))
    tested = [one for one in judged if one.verdict is not Verdict.CANNOT_BE_TESTED]
    if not tested or 2 * len(tested) < len(judged):
        return Verdict.CANNOT_BE_TESTED
    verdict = _of_most([one.verdict for one in tested])
    if verdict is Verdict.NOT_SUPPORTED or any(one.verdict is Verdict.SUPPORTED for one in tested):
        return verdict
    return Verdict.CANNOT_BE_TESTED


def finding_is_undecided(made: Iterable[Outcome]) -> bool:
    """Say whether enough groups can be judged, and yet none of them carries the finding."""
    judged = groups(for_england(made))
    tested = [one for one in judged if one.verdict is not Verdict.CANNOT_BE_TESTED]
    return 2 * len(tested) >= len(judged) > 0 and of_finding(made) is Verdict.CANNOT_BE_TESTED


def reason_of_finding(made: Iterable[Outcome]) -> str:
    """Say how the groups of tests of a finding came out, and what decides where it is open.

    Returns
    -------
    Words such as "Growth: supported; Money and Delay: cannot be tested", without a full stop;
    empty where there is no test.
    """
    made = list(made)
    by_verdict: dict[Verdict, list[str]] = {}
    for group in groups(for_england(made)):
        by_verdict.setdefault(group.verdict, []).append(group.about)
    told = "; ".join(
        f"{' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))}: {verdict}"
        for verdict, names in by_verdict.items()
    )
    if finding_is_undecided(made):
        return f"{told}. No group is supported outright, so the figures do not decide"
    if of_finding(made) is Verdict.CANNOT_BE_TESTED and told:
        return f"{told}. More than half cannot be tested"
    return told
