"""How the figures of councils moved between two editions, on the page "What changed"."""

from collections.abc import Iterable
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML

from sendreform import periods
from sendreform.book.word_tables import Cell, table_of
from sendreform.book.words import MOST_DECIMALS, listed
from sendreform.changes.ends import is_share
from sendreform.changes.kept import kept_of_councils
from sendreform.charts.numbers import number_format
from sendreform.evidence.series import of
from sendreform.report import FEW_PLANS
from sendreform.store import Store

#: From so many plans, pupils or appeals on, a council's figure is compared in per cent.
LEAST = 100
CAPTION = "Councils whose figures moved most"


def of_councils(store: Store, old: str, new: str) -> str:
    """Return, for the measures on which most rests, the middle council and the largest moves.

    A council with at least :data:`FEW_PLANS` plans is compared where its series ended and ends
    with those of most councils, and where no figure of these periods is known to look wrong.
    Shares are compared in points; all else in per cent, of a figure of at least :data:`LEAST`
    units.

    Returns
    -------
    str
        A table, folded, with the rule and a link to the figures of every council; empty where no
        council's moved.
    """
    every = kept_of_councils(store, old, new)
    measures = [name for name in every["measure"].unique() if name in store.measures.index]
    cells = [
        _cells(store, name, compared)
        for name in measures
        if not (compared := _compared(store, name, every[every["measure"] == name])).empty
    ]
    if not cells:
        return ""
    heads = ["Measure", "From", "To", "Middle council", "Rose most", "Fell most"]
    file = f"data/editions/moved/{old}_{new}_councils.csv"
    return (
        f"<details class='sr-workings'><summary>{CAPTION}</summary>"
        f"{table_of(CAPTION, heads, cells, words=range(6))}"
        "<p>These are the measures on which most verdicts and claims rest, as far as councils have "
        "figures. Councils are compared from where the series of most of them ended to where it "
        f"ends: shares in points, other figures in per cent where there were at least {LEAST}. "
        "Left out are councils with few plans, figures that are known to look wrong, and a nought "
        "in place of a count. A large move says nothing of its cause. All councils: "
        f'<a href="../{file}">{escape(file)}</a>.</p></details>'
    )


def _compared(store: Store, measure: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the councils that can be compared, and add by how much each ``moved``."""
    ends = rows.groupby(["then", "now"], as_index=False).size()
    then, now = ends.sort_values("size").iloc[-1][["then", "now"]]
    faulty = {
        fault["area"]
        for fault in store.argument("faults")["faults"]
        if {then, now} & set(fault["periods"])
    }
    left_out = faulty | _small(store)
    same = rows[(rows["then"] == then) & (rows["now"] == now) & ~rows["area"].isin(left_out)]
    difference = same["value_now"] - same["value_then"]
    # Nought after at least a hundred is a return that is missing rather than a fall.
    is_count = not is_share(store.record(measure)["unit"])
    moved = 100 * difference / same["value_then"] if is_count else difference
    can_be = (same["value_then"] >= LEAST) & (same["value_now"] > 0) | (not is_count)
    compared: pd.DataFrame = same.assign(moved=moved)[can_be]
    return compared


def _small(store: Store) -> set[str]:
    """Return the places where so few hold a plan that nothing is ranked."""
    plans = of(store.observations("ehc_plans")).dropna(subset="value")
    newest = plans.groupby("area")["value"].last()
    return set(newest.index[newest < FEW_PLANS])


def _cells(store: Store, measure: str, rows: pd.DataFrame) -> tuple[Cell, ...]:
    record = store.record(measure)
    points = is_share(record["unit"])
    link = f'<a href="measures.html#measure-{escape(measure)}">{escape(record["title"])}</a>'
    then, now = (periods.label(rows[end].iloc[0], record["period_kind"]) for end in ("then", "now"))
    known = store.breaks.loc[store.breaks["measure"] == measure, "period"]
    broken = sorted(each for each in known if rows["then"].iloc[0] < each <= rows["now"].iloc[0])
    told = listed(periods.label(each, record["period_kind"]) for each in broken)
    to = f"{now} (counted differently from {told})" if told else now
    ranked = rows.sort_values("moved", kind="stable")
    rose, fell = (
        _place(record, some, points=points)
        for some in (
            ranked[ranked["moved"] > 0].tail(1).to_dict("records"),
            ranked[ranked["moved"] < 0].head(1).to_dict("records"),
        )
    )
    return HTML(link), then, to, _move(rows["moved"].median(), points=points), rose, fell


def _place(record: Any, found: Iterable[dict[Any, Any]], *, points: bool) -> str:
    """Write the council that moved most, from what to what, and by how much."""
    written = number_format(record["unit"], min(int(record["decimals"]), MOST_DECIMALS))
    for row in found:
        before, after = (written.short(row[end]) for end in ("value_then", "value_now"))
        return f"{row['area_name']}: {before} → {after}, {_move(row['moved'], points=points)}"
    return "none"


def _move(moved: float, *, points: bool) -> str:
    """Write by how much a figure moved.

    Examples
    --------
    >>> _move(-3.25, points=True), _move(12.46, points=False)
    ('−3.2 points', '+12.5%')
    >>> _move(0.04, points=True)
    'no change'
    """
    if round(moved, 1) == 0:
        return "no change"
    return f"{moved:+,.1f}{' points' if points else '%'}".replace("-", "−")
