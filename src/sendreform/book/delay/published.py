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
    "cumulative_deficit": "Ours adds up from the County Councils Network’s estimate, later than "
    "the forecast.",
}

#: Whose later figure a forecast is scored against: a body's, and a year, with the basis of that
#: later figure. There is none by which others could be scored on their own basis.
LATER = {("CCN", 2026): "basis:white_paper", ("Society of County Treasurers", 2025): "basis:ccn"}

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
        "all years together, so both readings are given.",
        source=_SOURCE,
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


def _row(report: Report, row: Mapping[Any, Any], ours: Mapping[str, _Ours]) -> list[str]:
    kind, unit = str(row["basis"]), str(row["unit"])
    low, central, high = (float(str(row[name])) for name in ("low", "central", "high"))
    known = [end for end in (low, high) if not is_missing(end)]
    decimals = 1 if unit.startswith("per cent") else 0
    range_of = " to ".join(str(number(end, unit, decimals)) for end in known)
    foreseen = (
        f"{number(central, unit, decimals)}" + (f" ({range_of})" if len(known) > 1 else "")
        if not is_missing(central)
        else range_of
        if len(known) > 1
        else f"at least {range_of}"
        if known
        else str(row["as_published"])
    )
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
    when = str(row["published"])
    if kind != "ehc_plans" or not year:
        return ""
    month = int(when[5:7]) if when[4:5] == "-" else 1
    origin = int(when[:4]) - (month < _JUNE)
    draws = making.plans_as_of(report.store, origin)
    if not 0 < year - origin < draws.shape[1]:
        return ""
    told = _middle(draws[:, [year - origin]], [year]).to_dict("records")[0]
    return f"; from January {origin}, {_range(told, 'plans')}"


def _range(row: Mapping[Any, Any], unit: str) -> str:
    low, middle, high = (
        about(row[name]) if unit == "plans" else str(number(row[name], unit, 1))
        for name in ("low", "median", "high")
    )
    return f"{middle} ({low} to {high})"


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
    basis = next((code for (body, when), code in LATER.items() if body in who and when == year), "")
    if kind != "cumulative_deficit" or not basis:
        return float("nan")
    published = report.store.observations("dsg_deficit_published", ENGLAND)
    there = published[published["breakdown"].eq(basis) & published["period"].eq(f"{year}-03")]
    return float(there["value"].iloc[0]) if len(there) else float("nan")


def _ours(report: Report, england: Place, bill: money.Bill) -> dict[str, _Ours]:
    """Return ours by what is foreseen."""
    made = accounts.deficit_of(bill, accounts.base_of_england(report.store))
    assert made is not None
    deficits, ends = made
    ahead = bill.since(england.origin)
    costs = accounts.prices_of(report.store).unit_costs
    inmss = settings.NAMES.index(settings.INMSS)
    part = england.by_setting[..., inmss] * costs[inmss] / (england.by_setting @ costs)
    shares = of(report.store.observations("pupils_with_ehc_plan_share", ENGLAND))
    shown = {
        "ehc_plans": (england.plans, england.years, "plans"),
        "annual_spending": (ahead.cash, ahead.years, "pounds"),
        "independent_placements": (ahead.cash * part, ahead.years, "pounds"),
        "annual_gap": (ahead.cash - ahead.funding, ahead.years, "pounds"),
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
