"""Published forecasts on the page "The cost of delay": scored, or beside ours, bases kept apart."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import accounts
from sendreform.book.delay.place import Place
from sendreform.book.delay.plans import about
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import is_missing, number
from sendreform.evidence.projection import money, scores
from sendreform.evidence.projection.ages import Numbers
from sendreform.observations import ENGLAND
from sendreform.report import Report

#: Where a national figure stands in the table of forecasts.
_NATIONAL = "E92000001"

KINDS = {
    "ehc_plans": "EHC plans",
    "cumulative_deficit": "Deficits, all years together",
    "annual_gap": "Gap in one year",
    "annual_spending": "Spending in one year",
    "ehc_plans_share": "Pupils with a plan",
}

#: Whose deficit a forecaster's is counted like, where a figure on that basis was published later.
OUTCOMES = {
    ("CCN", 2026): "basis:white_paper",
}

_BASIS = {
    "ehc_plans": "All plans in England, as ours.",
    "cumulative_deficit": "Ours adds to the deficit that the County Councils Network estimated.",
    "annual_gap": "Ours is all high needs spending less high needs funding.",
    "annual_spending": "Ours is high needs spending, without transport.",
    "ehc_plans_share": "A share of pupils in schools, which ours is not: no figure to set beside.",
}


def published_forecasts(report: Report, england: Place | None) -> HTML | Markdown:
    """Return each published national forecast with what came, or what ours says for then.

    Parameters
    ----------
    england
        England's projection if nothing changes.
    """
    if england is None or england.bill is None:
        return Markdown("No projection of England is at hand.")
    forecasts = report.store.forecasts
    national = forecasts[
        forecasts["area"].eq(_NATIONAL) & forecasts["basis"].isin(KINDS)
    ].drop_duplicates(["forecaster", "published", "basis", "target_end", "central"])
    ours = _ours(report, england, england.bill)
    rows = [
        _row(row, ours, _came(report, row))
        for kind in KINDS
        for row in national[national["basis"] == kind].sort_values("target_year").to_dict("records")
    ]
    return table_in_frame(
        id="published-forecasts",
        title="Published forecasts beside what came and beside ours",
        subtitle="England; money in cash. Ours: the middle of draws, and the range of eight in ten",
        heads=("Who, and when", "What", "For", "Foreseen", "What came, or ours", "On one basis?"),
        words=(0, 1, 2, 4, 5),
        rows=rows,
        note="A forecast is scored only against a figure on its own basis; where none has been "
        "published it is not scored. Ours started from January "
        f"{england.origin}, later than most of these, and so knew more.",
        source={
            "source": "Forecasts as published or quoted; each with its address in forecasts.csv",
            "source_url": "../book/data_and_sources.html",
        },
    )


def _row(row: Mapping[Any, Any], ours: Mapping[str, pd.DataFrame], came: float) -> list[str]:
    kind, unit = str(row["basis"]), str(row["unit"])
    decimals = 1 if unit.startswith("per cent") else 0
    low, central, high = (float(str(row[name])) for name in ("low", "central", "high"))
    known = [end for end in (low, high) if not is_missing(end)]
    foreseen = (
        str(number(central, unit, decimals))
        if not is_missing(central)
        else " to ".join(str(number(end, unit, decimals)) for end in known)
        if len(known) > 1
        else f"at least {number(known[0], unit, decimals)}"
        if known
        else str(row["as_published"])
    )
    if not is_missing(came):
        off = 100 * (central / came - 1)
        beside = f"Estimated since: {number(came, unit)}; the forecast was {_off(off)}"
    else:
        beside = _beside(ours.get(kind), _end(row))
    return [
        f"{row['forecaster']}, {row['published']}",
        KINDS[kind],
        str(row["target_year"]),
        foreseen,
        beside,
        "Yes." if not is_missing(came) else _BASIS[kind],
    ]


def _beside(ours: pd.DataFrame | None, year: int) -> str:
    if ours is None or year not in ours.index:
        return "No figure to set beside it"
    row = ours.loc[year].to_dict()
    low, middle, high = (
        about(row[name]) if row["unit"] == "plans" else number(row[name], row["unit"])
        for name in ("low", "median", "high")
    )
    return f"Ours: {middle} ({low} to {high})"


def _off(per_cent: float) -> str:
    """Say how far off a forecast was.

    Examples
    --------
    >>> _off(-9.1), _off(0.2), _off(4.0)
    ('9% too low', 'right to within 1%', '4% too high')
    """
    if abs(per_cent) < 1:
        return f"right to within {1}%"
    return f"{abs(per_cent):.0f}% too {'high' if per_cent > 0 else 'low'}"


def _end(row: Mapping[Any, Any]) -> int:
    """Return the year for which ours is looked up; nought where a forecast names none."""
    end = str(row["target_end"])
    return int(float(end)) if end not in ("", "nan", "<NA>") else 0


def _came(report: Report, row: Mapping[Any, Any]) -> float:
    """Return what was published later on the forecast's own basis; missing where nothing was."""
    name, year = str(row["forecaster"]), _end(row)
    basis = next(
        (
            code
            for (who, when), code in OUTCOMES.items()
            if name.startswith(who) and when == year and row["basis"] == "cumulative_deficit"
        ),
        "",
    )
    published = report.store.observations("dsg_deficit_published", ENGLAND)
    there = published[published["breakdown"].eq(basis) & published["period"].eq(f"{year}-03")][
        "value"
    ].dropna()
    return float(there.iloc[0]) if len(there) else float("nan")


def _ours(report: Report, england: Place, bill: money.Bill) -> dict[str, pd.DataFrame]:
    """Return ours by what is foreseen: a row a year with the middle and the 80% range."""
    made = accounts.deficit_of(bill, accounts.base_of_england(report.store))
    assert made is not None
    deficits, ends = made
    return {
        "ehc_plans": _middle(england.plans, england.years, money=False),
        "annual_spending": _middle(bill.cash, bill.years),
        "annual_gap": _middle(bill.cash - bill.funding, bill.years),
        # The first is the published deficit itself, which foresees nothing.
        "cumulative_deficit": _middle(deficits[:, 1:], ends[1:]),
    }


def _middle(draws: Numbers, years: list[int], *, money: bool = True) -> pd.DataFrame:
    low, high = scores.bounds(draws, 80)
    return pd.DataFrame(
        {
            "median": np.median(draws, axis=0),
            "low": low,
            "high": high,
            "unit": "pounds" if money else "plans",
        },
        index=years,
    )
