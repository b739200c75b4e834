"""Any figure the report knows, with its status, unit, source and release in words."""

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import STATUSES
from sendreform.periods import label
from sendreform.store import Store

COLUMNS = [
    "measure", "area", "area_name", "period", "period_label", "breakdown", "breakdown_label",
    "value", "unit", "status", "source", "release", "url",
]  # fmt: skip


def figures(
    store: Store, measure: str, *, area: str, period: str = "", breakdown: str = ""
) -> pd.DataFrame:
    """Return the figures of a measure for one area, told in words.

    Parameters
    ----------
    measure
        Its name in the catalogue.
    area
        A code (see :mod:`sendreform.observations`).
    period
        As ``data/`` writes it; empty for every period.
    breakdown
        As ``data/`` writes it; ``*`` for every breakdown; empty for ``all``, or for every
        breakdown where the measure has no ``all``.

    Returns
    -------
    DataFrame with the columns in ``COLUMNS``: code and words side by side; ``status`` in words,
    empty for an ordinary figure.

    Raises
    ------
    ReportError
        If there is no such figure; says what there is.
    """
    found = store.observations(measure).query("area == @area")
    if found.empty:
        raise ReportError(
            f"measure {measure!r} has no figure for {store.areas.loc[area, 'name']!s}",
            where="area",
            fix=_what_there_is(store, measure),
        )
    wanted = breakdown or ("all" if (found["breakdown"] == "all").any() else "*")
    if wanted != "*":
        known = found["breakdown"].unique()
        found = found.query("breakdown == @wanted")
        if found.empty:
            raise ReportError(
                f"measure {measure!r} has no breakdown {wanted!r}",
                where="breakdown",
                fix=did_you_mean(wanted, known) or f"There are {', '.join(sorted(known)[:12])}.",
            )
    if period:
        known_periods = sorted(found["period"].unique())
        found = found.query("period == @period")
        if found.empty:
            raise ReportError(
                f"measure {measure!r} has no figure for {period} here",
                where="period",
                fix=f"There are {', '.join(known_periods)}.",
            )
    record = store.record(measure)
    place = {code: position for position, code in enumerate(_breakdown_order(store))}
    return (
        found.sort_values(
            ["period", "breakdown"],
            key=lambda column: column.map(place) if column.name == "breakdown" else column,
            kind="stable",
        )
        .assign(
            area_name=found["area"].map(store.areas["name"]),
            period_label=found["period"].map(lambda text: label(text, record["period_kind"])),
            breakdown_label=found["breakdown"].map(lambda text: breakdown_label(store, text)),
            unit=record["unit"],
            status=found["status"].map(lambda symbol: STATUSES.get(symbol, symbol)),
            release=found["source"].map(store.sources["release"]),
            url=found["source"].map(store.sources["url"]),
        )[COLUMNS]
        .reset_index(drop=True)
    )


def breakdown_label(store: Store, breakdown: str) -> str:
    """Return a breakdown in words: ``placement:special sen_status:none`` → "Special, no SEN".

    ``all`` is "All".
    """
    if breakdown == "all":
        return "All"
    labels = {
        f"{row.dimension}:{row.code}": row.label for row in store.breakdowns.itertuples(index=False)
    }
    return ", ".join(str(labels[part]) for part in breakdown.split(" "))


def _breakdown_order(store: Store) -> list[str]:
    """Return "all" and then every single category, in the order in which it is declared."""
    return ["all", *(store.breakdowns["dimension"] + ":" + store.breakdowns["code"])]


def _what_there_is(store: Store, measure: str) -> str:
    levels = store.observations(measure)["area"].map(store.areas["level"]).unique()
    names = {"country": "England", "region": "regions", "council": "councils"}
    return f"It is published for {', '.join(names[level] for level in names if level in levels)}."


def value_text(value: float, decimals: int) -> str:
    """Return a figure as the publication prints it: 638745 → "638,745"; missing → "".

    Examples
    --------
    >>> value_text(638745.0, 0), value_text(57.9, 1), value_text(float("nan"), 0)
    ('638,745', '57.9', '')
    """
    return "" if pd.isna(value) else f"{value:,.{decimals}f}"
