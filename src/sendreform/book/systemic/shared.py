"""What the parts of the page "The root causes are systemic" share: councils, growth, words."""

import pandas as pd

from sendreform.book.words import FEW, breaks_passed, number
from sendreform.claims.result import Result
from sendreform.claims.results.counterfactual import A_RISE
from sendreform.periods import label
from sendreform.report import Report

PLANS, APPEALS = "ehc_plans", "tribunal_appeals"
ON_TIME, TIMED = (
    "ehc_plans_in_20_weeks_excluding_exceptions",
    "ehc_plans_timed_excluding_exceptions",
)
ON_TIME_SHARE = "ehc_plans_in_20_weeks_excluding_exceptions_share"
PER_CENT = "per cent"
NOTHING_TO_COMPARE = "No two Januaries in these years have figures for councils."


def of_councils(report: Report, figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils of today, where they have a figure."""
    councils: pd.DataFrame = figures[figures["area"].isin(report.councils)].dropna(subset="value")
    return councils


def in_newest(figures: pd.DataFrame) -> pd.DataFrame:
    """Keep the newest period of what is there; may be empty."""
    newest: pd.DataFrame = figures[figures["period"] == figures["period"].max()]
    return newest


def ends_of(figures: pd.DataFrame) -> tuple[str, str]:
    """Return the first and the last period that is there; both empty where there is none."""
    return min(figures["period"], default=""), max(figures["period"], default="")


def here(report: Report, places: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils of the report's place in a table indexed by council."""
    return places[places.index.isin(report.areas.councils_in(report.area))]


def how_many_rose(councils: pd.DataFrame) -> str:
    """Say in how many of the councils compared plans rose."""
    grew = int((councils["growth"] > 0).sum())
    whose = f"all {grew}" if grew == len(councils) else f"{grew} of the {len(councils)}"
    return f"{whose} councils that can be compared"


def ends_in_words(report: Report) -> str:
    """Return the Januaries between which councils are compared, with a break on the way."""
    return between(report, PLANS, *ends_of(of_councils(report, report.everywhere(PLANS))))


def between(report: Report, measure: str, start: str, end: str) -> str:
    """Write two periods of a measure, with the breaks between them."""
    record = report.record(measure)
    kind = record["kind"]
    across = breaks_passed(start, end, kind, record["breaks"])
    words = f", counted differently from {' and from '.join(across)}" if across else ""
    return f"{label(start, kind)} to {label(end, kind)}{words}"


def own_growth(report: Report, growth: pd.DataFrame, subject: str = "plans") -> str:
    """Say in a sentence how much plans grew in the place, few plans as numbers.

    Parameters
    ----------
    subject
        How the sentence names the plans: ``they`` where it follows one about them.
    """
    if report.area not in set(growth["area"]):
        return f"For {report.place}, plans are not published at both ends, so it is not compared."
    own = growth[growth["area"] == report.area]
    return f"In {report.place} {subject} {course_of(own)}."


def course_of(row: pd.DataFrame) -> str:
    """Say which way the one count of a row went, a small one from number to number.

    Examples
    --------
    >>> [course_of(pd.DataFrame({"start": [start], "end": [end]}))
    ...     for start, end in ((200, 500), (9, 24), (100, 80), (60, 60))]
    ['rose by 150%', 'rose from 9 to 24', 'fell by 20%', 'did not change']
    """
    start, end = float(row["start"].iloc[0]), float(row["end"].iloc[0])
    if start == end:
        return "did not change"
    verb = "rose" if end > start else "fell"
    if min(start, end) < FEW:
        return f"{verb} from {number(start)} to {number(end)}"
    return f"{verb} by {number(abs(100 * (end / start - 1)), PER_CENT)}"


def together(*sentences: str) -> str:
    """Put sentences one after the other; an empty one is left out.

    Examples
    --------
    >>> together("Places filled, not places built.", "")
    'Places filled, not places built.'
    """
    return " ".join(sentence for sentence in sentences if sentence)


def rise_is_small(places: pd.DataFrame) -> bool:
    """Say whether so few more plans, appeals or late plans are in question that none is told.

    Parameters
    ----------
    places
        ``start`` and ``end``, by council.
    """
    start, end = places["start"].sum(), places["end"].sum()
    return bool(end - start < max(FEW, A_RISE / 100 * start))


def with_checks(words: str, result: Result) -> pd.DataFrame:
    """Return a result and its checks as rows: ``label``, ``value``, ``low``, ``high``."""
    main = (words, result.value, result.low, result.high)
    none = float("nan")
    others = [(f"{words}, {way}", figure, none, none) for way, figure in result.checks.items()]
    return pd.DataFrame([main, *others], columns=["label", "value", "low", "high"])
