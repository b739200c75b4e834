"""What the tests about outcomes find: levels and gaps by SEN status, and in how many councils."""

import pandas as pd

from sendreform.claims.result import Result, no_result
from sendreform.claims.results._councils import council_plans, leaving_out
from sendreform.evidence import outcomes
from sendreform.evidence.outcomes import BETTER, EHC_PLAN, NARROWED, SEN_SUPPORT, UNTOLD
from sendreform.report import Report
from sendreform.store.reads import remembered

#: The rule of half a point a year, made half and twice as strict.
OTHER_RULES = {"a quarter of a point a year": 0.25, "one point a year": 1.0}

#: The stretch by which an outcome is judged, and others.
NEWEST = "newest stretches"
OLDER = "older stretches, pandemic years too, where the newest is too short"
ACROSS_THE_PANDEMIC = "since 2018/19, across the pandemic"

#: With fewer outcomes than this there are no thirds, and a share of them says nothing.
FEWEST_OUTCOMES = 3


def scorecard(report: Report) -> pd.DataFrame:
    """Score every outcome for the report's place and years, each within its newest stretch.

    Returns
    -------
    What :func:`sendreform.evidence.outcomes.scorecard` returns.
    """
    return _cards(report)[NEWEST]


def scorecard_with_councils(report: Report) -> pd.DataFrame:
    """Score every outcome, and count the councils of the place in which each gap narrowed.

    Returns
    -------
    What :func:`sendreform.evidence.outcomes.narrowed_in_councils` returns.
    """
    card = scorecard(report)
    return outcomes.narrowed_in_councils(card, _council_changes(report, card))


def share_of_outcome_gaps_that_narrowed(report: Report) -> Result:
    """Per cent of the outcomes whose gap can be followed in which it narrowed, EHC plans."""
    return _share(report, "gap_direction", NARROWED)


def share_of_outcome_levels_that_rose(report: Report) -> Result:
    """Per cent of the outcomes that can be followed which got better for pupils with a plan."""
    return _share(report, "level_direction", BETTER)


def median_share_of_councils_whose_gap_narrowed(report: Report) -> Result:
    """Per cent of councils whose gap narrowed at all, for the middle outcome, EHC plans."""
    cards = _cards(report)
    told = _told(cards[NEWEST], EHC_PLAN, "gap_direction")
    changes = _council_changes(report, told)
    if changes["measure"].nunique() < FEWEST_OUTCOMES:
        return no_result(
            f"For {report.place}, fewer than {FEWEST_OUTCOMES} outcomes have gaps in councils that "
            "can be followed over these years.",
            *outcomes.SCORED,
        )
    low, high = outcomes.middle_share_interval(changes)
    other_stretches = {
        "pupils on SEN support": _told(cards[NEWEST], SEN_SUPPORT, "gap_direction"),
        **{
            words: _told(cards[words], EHC_PLAN, "gap_direction")
            for words in (OLDER, ACROSS_THE_PANDEMIC)
        },
    }
    ways = {
        **{words: _council_changes(report, other) for words, other in other_stretches.items()},
        "without councils whose gap did not move": changes[changes["value"] != 0],
        **{
            words: changes[changes["area"].isin(councils)]
            for words, councils in leaving_out(report, council_plans(report)).items()
        },
    }
    compared = told[told["measure"].isin(changes["measure"])]
    return Result(
        outcomes.middle_share_of_councils(changes),
        _stretch_words(compared),
        tuple(compared["measure"]),
        low=low,
        high=high,
        checks={
            words: outcomes.middle_share_of_councils(table)
            for words, table in ways.items()
            if table["measure"].nunique() >= FEWEST_OUTCOMES
        },
    )


def _share(report: Report, column: str, direction: str) -> Result:
    if report.is_small:
        return no_result(
            f"For {report.place}, results are those of a few children, and one child can turn any "
            "of them.",
            *outcomes.SCORED,
        )
    cards = _cards(report)
    told = _told(cards[NEWEST], EHC_PLAN, column)
    if len(told) < FEWEST_OUTCOMES:
        return no_result(
            f"For {report.place}, fewer than {FEWEST_OUTCOMES} outcomes have enough figures "
            "without a break in these years to be followed.",
            *outcomes.SCORED,
        )
    since_the_pandemic = told[told["to"] > outcomes.LAST_YEAR_BEFORE_THE_PANDEMIC]
    ways = {
        **{words: _told(cards[words], EHC_PLAN, column) for words in OTHER_RULES},
        "pupils on SEN support": _told(cards[NEWEST], SEN_SUPPORT, column),
        **{words: _told(cards[words], EHC_PLAN, column) for words in (OLDER, ACROSS_THE_PANDEMIC)},
    }
    if len(since_the_pandemic) < len(told):
        ways["without figures that end before the pandemic"] = since_the_pandemic
    return Result(
        _per_cent(told[column] == direction),
        _stretch_words(told),
        tuple(told["measure"]),
        checks={
            words: _per_cent(table[column] == direction)
            for words, table in ways.items()
            if len(table) >= FEWEST_OUTCOMES
        },
    )


def _per_cent(is_so: pd.Series) -> float:
    return float(100 * is_so.mean())


def _told(card: pd.DataFrame, series: str, column: str) -> pd.DataFrame:
    return card[(card["series"] == series) & (card[column] != UNTOLD)]


def _stretch_words(card: pd.DataFrame) -> str:
    first, last = card["from"].min(), card["to"].max()
    return f"between {first} and {last}, each outcome within its newest unbroken stretch"


def _cards(report: Report) -> dict[str, pd.DataFrame]:
    """Return the scorecards of a place: by its newest stretches, other rules, other stretches."""
    rows, cards = _cards_everywhere(report.for_england)
    place = rows[report.area]
    here = {
        words: every.iloc[place].drop(columns="area").reset_index(drop=True)
        for words, every in cards.items()
    }
    across = here[ACROSS_THE_PANDEMIC]
    from_before = across["from"] == outcomes.LAST_YEAR_BEFORE_THE_PANDEMIC
    return here | {ACROSS_THE_PANDEMIC: across[from_before]}


# To score all places at once takes little longer than to score one.
@remembered(2)
def _cards_everywhere(england: Report) -> tuple[dict[str, slice], dict[str, pd.DataFrame]]:
    """Score every outcome in every place; say where the rows of each place are."""
    areas, records = list(england.store.areas.index), england.store.measures
    breaks = england.store.breaks
    figures = pd.concat(
        [england.within_years(measure) for measure in outcomes.SCORED], ignore_index=True
    )
    # 2018/19 against the newest year crosses the breaks of the pandemic.
    since = figures[
        figures["measure"].isin(outcomes.SAME_BEFORE_AND_AFTER_THE_PANDEMIC)
        & (figures["period"] >= outcomes.LAST_YEAR_BEFORE_THE_PANDEMIC)
    ]
    newest, older, across = (
        outcomes.scorecards(
            outcomes.newest_stretches(some, broken, at_least=at_least, apart=True), records, areas
        )
        for some, broken, at_least in (
            (figures, breaks, 1),
            (figures, breaks, outcomes.SHORTEST_STRETCH),
            (since, breaks.head(0), 1),
        )
    )
    size = len(newest) // len(areas)
    rows = {area: slice(place * size, (place + 1) * size) for place, area in enumerate(areas)}
    return rows, {
        NEWEST: newest,
        **{
            words: outcomes.by_rule(newest, records, points)
            for words, points in OTHER_RULES.items()
        },
        OLDER: older,
        ACROSS_THE_PANDEMIC: across,
    }


def _council_changes(report: Report, card: pd.DataFrame) -> pd.DataFrame:
    inside = set(report.councils) & set(report.members)
    figures = pd.concat(
        [report.within_years(measure) for measure in dict.fromkeys(card["measure"])]
        or [report.within_years(outcomes.SCORED[0]).head(0)],
        ignore_index=True,
    )
    return outcomes.changes_in_councils(
        figures[figures["area"].isin(inside)], card, report.store.measures
    )
