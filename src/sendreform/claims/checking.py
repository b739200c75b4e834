"""Is all that ``data/`` holds right? What ``sendreform check`` tells."""

import pandas as pd

from sendreform.claims import argument, ledger
from sendreform.evidence.projection import scenario_files
from sendreform.store import Store, record
from sendreform.store.validation import validate

#: What is told of a total beside the published one.
TOTAL_COLUMNS = [
    "measure", "period", "breakdown", "published", "ours", "residual", "verdict", "publisher",
]  # fmt: skip
#: How many sums that do not add up are told one by one.
MOST_TOLD = 20

_VERDICTS = ("exact", "rounding", "suppression", "known", "differs")


def problems(store: Store) -> list[str]:
    """Return all that is wrong with the tables, the recipes of the ledger, and the argument."""
    found = validate(store)
    if not all(line.startswith("claims.csv, row") for line in found):
        return found  # a recipe cannot be judged by figures that are themselves broken
    told = {_place(line) for line in found}
    recipes = [line for line in ledger.problems(store) if _place(line) not in told]
    scenarios = scenario_files.problems(store.argument("scenarios"))
    return found + recipes + argument.problems(store) + scenarios + record.problems(store)


def _place(problem: str) -> str:
    """Return the row and column that a problem begins with."""
    return problem.partition(": ")[0]


def statuses_in_words(store: Store) -> str:
    """Say how many claims have which status, how many figures, and which read their own source."""
    return ledger.in_words(ledger.recompute(store))


def sums_by_check(sums: pd.DataFrame) -> pd.DataFrame:
    """Count the sums of each measure and check by their verdicts.

    Parameters
    ----------
    sums
        What :func:`sendreform.store.reconciliation.reconcile` returns.

    Returns
    -------
    DataFrame with ``measure``, ``check``, ``sums`` (their number), a column a verdict, and
    ``largest_residual``.

    Examples
    --------
    >>> sums = pd.DataFrame({
    ...     "measure": "ehc_plans", "check": "age", "verdict": ["exact", "known"],
    ...     "residual": [0.0, -3.0]})
    >>> sums_by_check(sums)[["sums", "exact", "known", "largest_residual"]].values.tolist()
    [[2.0, 1.0, 1.0, 3.0]]
    """
    verdicts = {name: sums["verdict"] == name for name in _VERDICTS}
    return (
        sums.assign(**verdicts, largest_residual=sums["residual"].abs(), sums=1)
        .groupby(["measure", "check"], as_index=False, sort=False)
        .agg(dict.fromkeys(["sums", *_VERDICTS], "sum") | {"largest_residual": "max"})
    )


def disagreements(sums: pd.DataFrame, totals: pd.DataFrame) -> list[str]:
    """Return lines on the sums and totals that do not agree, and at last how many do not.

    Parameters
    ----------
    sums, totals
        What :func:`sendreform.store.reconciliation.reconcile` and ``compare_with_published``
        return.
    """
    wrong = sums.query("verdict == 'differs'")
    off = totals.query("verdict in ('differs', 'absent')")
    if wrong.empty and off.empty:
        return []
    told = [
        f"{row.measure}, {row.check}, area {row.area}, period {row.period}, {row.breakdown}: "
        f"whole {row.whole:g}, parts {row.parts:g}, residual {row.residual:g}"
        for row in wrong.head(MOST_TOLD).itertuples(index=False)
    ]
    return [*told, f"{len(wrong)} sum(s) and {len(off)} published total(s) do not agree"]
