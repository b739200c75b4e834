"""The one shape that every figure takes, from the official file to the chart.

An observation is a row: measure, area, period, breakdown, value, status, source.

* ``measure``: the name of a measure in the catalogue, such as ``ehc_plans``.
* ``area``: the Department for Education's three-digit code for a council (``886``), or the GSS
  code for England (``E92000001``) and its nine regions (``E12000001`` to ``E12000009``).
* ``period``: see :mod:`sendreform.periods`.
* ``breakdown``: ``all``, or ``dimension:code`` such as ``placement:special``; two dimensions are
  joined by a space, in alphabetical order: ``placement:special sen_status:ehc_plan``.
* ``value``: a number, or missing when the publisher gave a symbol.
* ``status``: empty for an ordinary figure, else why the value is missing or weak.
* ``source``: the id of the official file in the catalogue.
"""

from collections.abc import Iterable
from numbers import Integral

import pandas as pd

from sendreform.errors import ReportError

COLUMNS = ["measure", "area", "period", "breakdown", "value", "status", "source"]
KEY = ["measure", "area", "period", "breakdown"]

ENGLAND = "E92000001"

#: The Department's symbols, kept as they were published, and what each means.
#: https://github.com/dfe-analytical-services/analysts-guide (statistics-production/ud)
STATUSES = {
    "x": "not available",
    "z": "not applicable",
    "c": "suppressed by the publisher to protect confidentiality",
    "low": "rounds to zero",
    "k": "rounds to zero",
    "u": "low reliability",
    "-": "none or not published",
    "..": "not available",
    "blank": "left empty in the published file",
}


def value_and_status(published: pd.Series, *, where: str) -> pd.DataFrame:
    """Split published cells into a number and a status.

    Parameters
    ----------
    published
        Cells as text; a missing cell counts as left empty. Thousands separators are not
        accepted: a publication that uses them says so in its own module.
    where
        The file and column, for the error.

    Returns
    -------
    DataFrame with the same index, ``value`` (float) and ``status`` (text).

    Raises
    ------
    ReportError
        On a cell that is neither a plain number nor a known symbol; names its row.

    Examples
    --------
    >>> value_and_status(pd.Series(["12", "x"]), where="plans.csv").to_dict("list")
    {'value': [12.0, nan], 'status': ['', 'x']}
    """
    text = published.astype("string").str.strip().fillna("")
    is_number = text.str.fullmatch(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,2})?")
    is_symbol = text.isin([symbol for symbol in STATUSES if symbol != "blank"])
    is_blank = text == ""
    stray = ~(is_number | is_symbol | is_blank)
    if stray.any():
        row = stray[stray].index[0]
        place = f"row {int(row) + 2}" if isinstance(row, Integral) else str(row)
        raise ReportError(
            f"{text.loc[row]!r} is neither a number nor a known symbol",
            where=f"{where}, {place}",
            fix=f"Correct the cell, or use one of the symbols {', '.join(sorted(STATUSES))}.",
        )
    return pd.DataFrame(
        {
            "value": pd.to_numeric(text.where(is_number)).astype("float64"),
            "status": text.where(is_symbol, "").mask(is_blank, "blank").astype("str"),
        },
        index=published.index,
    )


def tidy(table: pd.DataFrame) -> pd.DataFrame:
    """Put observations into their columns, types and order, and refuse a key given twice.

    Raises
    ------
    ReportError
        If a column is missing, or two rows share measure, area, period and breakdown.
    """
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise ReportError(f"observations lack {', '.join(missing)}", where="observations")
    text = [column for column in COLUMNS if column != "value"]
    ordered = (
        table[COLUMNS]
        .astype({"value": "float64", **dict.fromkeys(text, "str")})
        .sort_values(KEY, kind="stable", ignore_index=True)
    )
    twice = ordered.duplicated(KEY, keep=False)
    if twice.any():
        first = ordered[twice].iloc[0]
        raise ReportError(
            f"measure {first['measure']!r} is given twice for area {first['area']}, "
            f"period {first['period']}, breakdown {first['breakdown']!r}",
            where=f"source {first['source']}",
            fix="Remove the duplicate row from the file.",
        )
    return ordered


def breakdown(**dimensions: str) -> str:
    """Write a breakdown from its dimensions.

    Examples
    --------
    >>> breakdown(), breakdown(placement="special"), breakdown(sen_status="none", age="19")
    ('all', 'placement:special', 'age:19 sen_status:none')
    """
    return " ".join(f"{name}:{code}" for name, code in sorted(dimensions.items())) or "all"


def yearly_steps(figures: pd.DataFrame, breaks: Iterable[str] = ()) -> pd.DataFrame:
    """Return each figure beside that of the year before, where nothing parts them.

    Parameters
    ----------
    figures
        Columns ``period`` and ``value``; further columns, such as ``area``, tell series apart.
    breaks
        Periods from which figures are not comparable with what came before.

    Returns
    -------
    DataFrame with the columns of ``figures``, ``previous`` (the period) and ``before`` (its
    figure), in order of period; rows without a figure a year before are left out.
    """
    series = [name for name in figures.columns if name not in ("period", "value")]
    ordered = figures.dropna(subset="value").sort_values("period", kind="stable")
    earlier = ordered.groupby(series, sort=False) if series else ordered
    steps = ordered.assign(previous=earlier["period"].shift(), before=earlier["value"].shift())
    steps = steps.dropna(subset="previous")
    year, year_before = (steps[name].str[:4].astype("int64") for name in ("period", "previous"))
    parted = pd.Series(False, index=steps.index)
    for start in breaks:
        parted |= (steps["previous"] < start) & (start <= steps["period"])
    return steps[(year - year_before == 1) & ~parted]
