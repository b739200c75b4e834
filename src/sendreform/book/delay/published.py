"""Published forecasts on the page "The cost of delay": scored, or beside ours, bases kept apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import accounts, making
from sendreform.book.delay.place import Place
from sendreform.book.delay.plans import about
from sendreform.book.unavoidable import study_of_2018
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import is_missing, number
from sendreform.evidence.projection import money, projecting, scores, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report

_SOURCE = {
    "source": "Forecasts as published or quoted; each with its address in forecasts.csv",
    "source_url": "../book/data_and_sources.html",
}
#: A forecast that is off by less, in per cent, counts as right.
_RIGHT = 1
#: Where a national figure stands in the table of forecasts.
_NATIONAL = "E92000001"

KINDS = {
    "ehc_plans": "Plans, all ages, as ours.",
    "ehc_plans_change": "With the government’s reform, which ours is without.",
    "ehc_plans_share": "The Department’s modelling of its reform; ours is without reform, carried "
    "on from the published share by plans and children aged 5 to 15.",
    "annual_spending": "Ours: high needs spending, without transport; in cash.",
    "independent_placements": "Ours: plans in independent and non-maintained special schools, "
    "times what a place costs; in cash.",
    "annual_gap": "Ours: all high needs spending less high needs funding; in cash.",
    "gap_of_three_years": "Ours: high needs spending less high needs funding, three years "
    "together; in cash.",
    "cumulative_deficit": "Ours adds up from the County Councils Network’s estimate, later than "
    "the forecast.",
}

#: Whose later figure a forecast is scored against: by the body, what it foresaw and for which year,
#: the measure, the basis and the period of that later figure. There is none by which others could
#: be scored on their own basis.
LATER = {
    ("CCN", "cumulative_deficit", 2026): ("dsg_deficit_published", "basis:white_paper", "2026-03"),
    ("Society of County Treasurers", "cumulative_deficit", 2025): (
        "dsg_deficit_published", "basis:ccn", "2025-03",
    ),
    ("Isos", "annual_spending", 2026): ("send_spending_published", "basis:ccn", "2025-26"),
}  # fmt: skip

#: From this month on the statistics of a year's January are out.
_JUNE = 6


def published_forecasts(report: Report, england: Place | None) -> HTML | Markdown:
    """Return each published national forecast with what came, or what ours says for then.

    Parameters
    ----------
    england
        England's projection if nothing changes.
    """
    if england is None or england.bill is None:
        return Markdown("No projection of England is at hand.")
    national = report.store.forecasts.pipe(
        lambda rows: rows[rows["area"].eq(_NATIONAL) & rows["basis"].isin(KINDS)]
    )
    ours = _ours(report, england, england.bill)
    rows = [
        _row(report, row, ours)
        for kind in KINDS
        for row in _told_once(national[national["basis"] == kind])
    ]
    return table_in_frame(
        id="published-forecasts",
        title="Published forecasts beside what came and beside ours",
        subtitle="England. Ours: the middle future, and the range of eight in ten",
        heads=(
            "Who, and when", "What, as published", "For", "Foreseen", "What came, or ours",
            "How ours differs",
        ),
        words=(0, 1, 2, 4, 5),
        rows=rows,
        note="A forecast is scored only against a later figure of the same body on its own basis; "
        "where there is none, it is not scored. Money is as published, which is not always said to "
        f"be cash. Ours started from January {england.origin}, later than most, and so knew more; "
        "for plans it is also told from the last January that the forecaster could know. Forecasts "
        "of what we do not project (transport, councils at risk, unit costs, growth rates) are in "
        "forecasts.csv.",
        source=_SOURCE,
    )  # fmt: skip


def study_foreseen(report: Report) -> HTML | Markdown:
    """Return the deficits that the study of 2018 foresaw, with the nearest figures since."""
    gaps = study_of_2018.set_side_by_side(report).dropna(subset=["then_low", "now"])
    shown = gaps[gaps["reading"] != ""]
    if shown.empty:
        return Markdown("Nothing that the study of 2018 foresaw has a later figure by this year.")
    rows = [
        [
            study_of_2018.if_it_is_for(row["topic"], row["reading"]),
            row["then_period"],
            _span(row["then_low"], row["then_high"], "pounds"),
            f"{number(row['now'], 'pounds')} ({row['now_period']})",
            _off_range(row["then_low"], row["then_high"], row["now"])
            if row["then_period"] == row["now_period"]
            else "Not scored: another year",
            row["caveat"],
        ]
        for row in shown.to_dict("records")
    ]
    return table_in_frame(
        id="study-foreseen",
        title="The deficits that the study of 2018 foresaw, and the nearest figures since",
        subtitle="England; money in cash. All are on another basis than the study’s",
        heads=("What", "For", "Foreseen", "Since", "The forecast was", "What to bear in mind"),
        words=(0, 4, 5),
        rows=rows,
        note="The press that reported the study does not say whether a gap is for one year or for "
        f"all years together, so both readings are given. {_told_elsewhere(report)}",
        source=_SOURCE,
    )


def _told_elsewhere(report: Report) -> str:
    """Say what else the Association and its researchers foresaw of the gap, for other years."""
    gaps = report.store.forecasts.query("basis == 'funding_gap'")
    later = gaps[gaps["target_end"].eq("2022")].iloc[0]
    sooner = gaps[gaps["forecaster"].str.contains("LGA board")].iloc[0]
    return (
        f"A later page of the Association puts {number(float(later['central']), 'pounds')} at "
        f"{later['target_year']}, a year later than the press did. Its board was told of "
        f"{_span(float(sooner['low']), float(sooner['high']), 'pounds')} by "
        f"{sooner['target_year']}; no later figure is on that basis."
    )


@dataclass(frozen=True)
class _Ours:
    """Ours for one kind of forecast: a row a year with the middle and the 80% range, and a unit."""

    by_year: pd.DataFrame
    unit: str


def _told_once(rows: pd.DataFrame) -> list[dict[Any, Any]]:
    """Put together rows that tell one figure for one year, with everybody who published it."""
    figure = rows[["target_end", "central", "low", "high"]].astype("string").fillna("")
    one_figure = figure["central"].where(
        figure["central"] != "",
        figure["low"] + figure["high"] + rows["as_published"].astype("string"),
    )
    who = rows["forecaster"].astype("string") + ", " + rows["published"].astype("string")
    columns: dict[str, Any] = {name: "first" for name in rows.columns if name != "target_end"}
    columns["who"] = lambda names: "; ".join(dict.fromkeys(names))
    return (
        rows.assign(who=who, one_figure=one_figure, end=figure["target_end"])
        .sort_values(["end", "published"])
        .groupby(["end", "one_figure"], sort=False)
        .agg(columns)
        .reset_index()
        .to_dict("records")
    )


def beside_ours_in_words(report: Report, england: Place | None) -> Markdown:
    """Say how far apart others' plans to come are from ours, on what they could know then."""
    if england is None:
        return Markdown("")
    foreseen = report.store.forecasts.query(
        "area == @_NATIONAL and basis == 'ehc_plans' and target_end != ''"
    )
    told, outside = [], []
    for row in foreseen.to_dict("records"):
        year = int(float(row["target_end"]))
        theirs = next(
            float(row[name]) for name in ("central", "low", "high") if not is_missing(row[name])
        )
        known = _known_then(report, str(row["published"]), year)
        if known is None:
            continue
        origin, draws = known
        low, high = (float(end) for end in scores.bounds(draws, 80))
        middle = float(np.median(draws))
        apart = 100 * (middle / theirs - 1)
        told.append(
            f"{about(middle)} for January {year} from January {origin} "
            f"({str(row['forecaster']).split(' (')[0]}: {about(theirs)}; ours is "
            f"{number(abs(apart), 'per cent')} {'higher' if apart > 0 else 'lower'})"
        )
        outside.append(not low <= theirs <= high)
    if not told:
        return Markdown("")
    return Markdown(
        "For plans, this is what we would have said from the last January that others could know: "
        f"{'; '.join(told)}. {_how_many(outside)} outside our "
        "range of eight in ten. Either may be wrong: we let growth carry on and fade, and how "
        "theirs were made is not published in full."
    )


def _how_many(outside: list[bool]) -> str:
    """Say how many of others' figures lie outside a range.

    Examples
    --------
    >>> _how_many([True, True]), _how_many([True, False]), _how_many([False])
    ('All of theirs lie', 'Some of theirs lie', 'None of theirs lies')
    """
    if not any(outside):
        return "None of theirs lies"
    return f"{'All' if all(outside) else 'Some'} of theirs lie"


def _known_then(report: Report, when: str, year: int) -> tuple[int, Numbers] | None:
    """Return the last January whose statistics were out by a date, and draws of ours from it."""
    month = int(when[5:7]) if when[4:5] == "-" else 1
    origin = int(when[:4]) - (month < _JUNE)
    draws = making.plans_as_of(report.store, origin)
    return (origin, draws[:, year - origin]) if 0 < year - origin < draws.shape[1] else None


def _row(report: Report, row: Mapping[Any, Any], ours: Mapping[str, _Ours]) -> list[str]:
    kind, unit = str(row["basis"]), str(row["unit"])
    low, central, high = (float(str(row[name])) for name in ("low", "central", "high"))
    known = [end for end in (low, high) if not is_missing(end)]
    decimals = 1 if unit.startswith("per cent") else 0
    range_of = " to ".join(str(number(end, unit, decimals)) for end in known)
    if not is_missing(central):
        foreseen = f"{number(central, unit, decimals)}" + (
            f" ({range_of})" if len(known) > 1 else ""
        )
    elif len(known) == 1:
        foreseen = f"{'at least' if is_missing(high) else 'nearly'} {range_of}"
    else:
        foreseen = range_of or str(row["as_published"])
    year = int(float(row["end"])) if row["end"] else 0
    came = _later(report, str(row["who"]), kind, year)
    return [
        str(row["who"]),
        str(row["measure"]),
        str(row["target_year"]),
        foreseen,
        _beside(ours.get(kind), year) + _as_of(report, row, kind, year)
        if is_missing(came)
        else f"A later estimate of the same networks: {number(came, unit)}; the forecast was "
        f"{_off(100 * (central / came - 1))}",
        KINDS[kind] if is_missing(came) else "On one basis: both are theirs.",
    ]


def _beside(ours: _Ours | None, year: int) -> str:
    if ours is None or year not in ours.by_year.index:
        return "No figure to set beside it"
    return f"Ours: {_range(ours.by_year.loc[[year]].to_dict('records')[0], ours.unit)}"


def _as_of(report: Report, row: Mapping[Any, Any], kind: str, year: int) -> str:
    """Say what ours would have been from the last January whose statistics were out by then."""
    if kind != "ehc_plans" or not year:
        return ""
    known = _known_then(report, str(row["published"]), year)
    if known is None:
        return ""
    origin, draws = known
    told = _middle(draws[:, np.newaxis], [year]).to_dict("records")[0]
    return f"; from January {origin}, {_range(told, 'plans')}"


def _range(row: Mapping[Any, Any], unit: str) -> str:
    low, middle, high = (
        about(row[name]) if unit == "plans" else str(number(_coarse(row, name), unit, 1))
        for name in ("low", "median", "high")
    )
    return f"{middle} ({low} to {high})"


def _coarse(row: Mapping[Any, Any], name: str) -> float:
    """Round money whose middle is in billions to a tenth of one, so that its ends read alike."""
    return float(round(row[name], -8) if row["median"] >= 1e9 else row[name])


def _off(per_cent: float) -> str:
    """Say how far off a forecast was.

    Examples
    --------
    >>> _off(-9.1), _off(0.2), _off(4.0)
    ('9% too low', 'right to within 1%', '4% too high')
    """
    if abs(per_cent) < _RIGHT:
        return f"right to within {_RIGHT}%"
    return f"{abs(per_cent):.0f}% too {'high' if per_cent > 0 else 'low'}"


def _off_range(low: float, high: float, came: float) -> str:
    """Say how far off a forecast with two ends was: by the nearer of them.

    Examples
    --------
    >>> _off_range(1.2, 1.6, 1.3), _off_range(0.8, 0.8, 1.0), _off_range(1.2, 1.6, 1.0)
    ('right: between its ends', '20% too low', '20% too high')
    """
    if low <= came <= high and low < high:
        return "right: between its ends"
    nearer = min((low, high), key=lambda end: abs(end - came))
    return _off(100 * (nearer / came - 1))


def _span(low: float, high: float, unit: str) -> str:
    ends = [str(number(end, unit)) for end in (low, high)]
    return ends[0] if low == high else " to ".join(ends)


def _later(report: Report, who: str, kind: str, year: int) -> float:
    """Return what the same body published later on its own basis; missing where nothing was."""
    for (body, foreseen, when), (measure, basis, period) in LATER.items():
        if body in who and (foreseen, when) == (kind, year):
            published = report.store.observations(measure, ENGLAND)
            there = published[published["breakdown"].eq(basis) & published["period"].eq(period)]
            return float(there["value"].iloc[0]) if len(there) else float("nan")
    return float("nan")


def _ours(report: Report, england: Place, bill: money.Bill) -> dict[str, _Ours]:
    """Return ours by what is foreseen."""
    made = accounts.deficit_of(bill, accounts.base_of_england(report.store))
    assert made is not None
    deficits, ends = made
    ahead = bill.since(england.origin)
    gaps = ahead.cash - ahead.funding
    costs = accounts.prices_of(report.store).unit_costs
    inmss = settings.NAMES.index(settings.INMSS)
    part = england.by_setting[..., inmss] * costs[inmss] / (england.by_setting @ costs)
    shares = of(report.store.observations("pupils_with_ehc_plan_share", ENGLAND))
    shown = {
        "ehc_plans": (england.plans, england.years, "plans"),
        "annual_spending": (ahead.cash, ahead.years, "pounds"),
        "independent_placements": (ahead.cash * part, ahead.years, "pounds"),
        "annual_gap": (gaps, ahead.years, "pounds"),
        "gap_of_three_years": (
            gaps[:, 2:] + gaps[:, 1:-1] + gaps[:, :-2],
            ahead.years[2:],
            "pounds",
        ),
        # The first is the published deficit itself, which foresees nothing.
        "cumulative_deficit": (deficits[:, 1:], ends[1:], "pounds"),
    }
    newest = shares.dropna(subset="value").iloc[-1:]
    if newest["period"].eq(f"{england.origin}-01").all():
        share = projecting.share_of_pupils(
            making.inputs_of(report.store),
            making.projection_of(report.store, england.scenario),
            float(newest["value"].iloc[0]),
        )
        shown["ehc_plans_share"] = (share, england.years, "per cent")
    return {
        kind: _Ours(_middle(draws, years), unit) for kind, (draws, years, unit) in shown.items()
    }


def _middle(draws: Numbers, years: list[int]) -> pd.DataFrame:
    low, high = scores.bounds(draws, 80)
    return pd.DataFrame({"median": np.median(draws, axis=0), "low": low, "high": high}, index=years)
