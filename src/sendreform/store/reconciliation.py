"""Do parts add to wholes, councils to regions to England, and totals to published ones?

Every sum that the catalogue says must add up (``adds_up``) is worked out and its residual
(published whole less the sum of its parts) reported. A residual has one of five verdicts:

``exact``
    The parts add to the whole.
``rounding``
    The residual is no larger than rounding each part and the whole can make it.
``suppression``
    Some parts are symbols, not numbers, and what they leave of the whole is above zero and no more
    than if each were as large as the largest part that is shown.
``known``
    The publication itself does not add up; the catalogue says why.
``differs``
    None of these. ``sendreform check`` fails.
"""

from collections.abc import Collection
from importlib import resources

import numpy as np
import pandas as pd

from sendreform.observations import ENGLAND
from sendreform.store.tables import Store

SUM_COLUMNS = [
    "measure", "check", "area", "period", "breakdown",
    "whole", "parts", "residual", "missing_parts", "verdict", "note",
]  # fmt: skip


def reconcile(store: Store, measures: Collection[str] | None = None) -> pd.DataFrame:
    """Work out every sum that must add up.

    Parameters
    ----------
    measures
        Only sums of these; of all by default.

    Returns
    -------
    DataFrame with a row a sum: ``measure``, ``check`` (``areas`` or a dimension), ``area``,
    ``period`` and ``breakdown`` of the whole, ``whole``, ``parts`` (their sum), ``residual``,
    ``missing_parts`` (how many parts are symbols), ``verdict`` and ``note``.
    """
    sums = [
        _areas_add_up(store, figures) if check == "areas" else _parts_add_up(store, figures, check)
        for record in store.measures.to_dict("records")
        if measures is None or record["measure"] in measures
        for check in record["adds_up"].split()
        for figures in [store.observations(record["measure"])]
    ]
    there = [each for each in sums if not each.empty]
    if not there:
        return pd.DataFrame(columns=SUM_COLUMNS)
    return (
        pd.concat(there, ignore_index=True)
        .pipe(_with_verdict, decimals=store.measures["decimals"])
        .pipe(_with_known_residuals, known=store.known_residuals)[SUM_COLUMNS]
    )


def _areas_add_up(store: Store, figures: pd.DataFrame) -> pd.DataFrame:
    """Councils to each region, councils to England, regions to England."""
    levels = store.areas["level"]
    placed = figures.assign(
        level=figures["area"].map(levels), region=figures["area"].map(store.areas["region"])
    )
    councils = placed[placed["level"] == "council"]
    regions = placed[placed["level"] == "region"]
    pairs = [
        (councils, "region", "councils"),
        (councils.assign(region=ENGLAND), "region", "councils"),
        (regions.assign(region=ENGLAND), "region", "regions"),
    ]
    return pd.concat(
        [
            _compare(
                figures,
                parts.assign(area=parts[column]),
                check=f"areas ({name})",
            )
            for parts, column, name in pairs
            if not parts.empty
        ]
        or [pd.DataFrame()],
        ignore_index=True,
    )


def _parts_add_up(store: Store, figures: pd.DataFrame, dimension: str) -> pd.DataFrame:
    """The categories of a dimension to their parent, at every level of the tree."""
    tree = store.breakdowns.query("dimension == @dimension")
    prefix = f"{dimension}:"
    parent = dict(zip(prefix + tree["code"], tree["parent"], strict=True))
    whole_of = {part: "all" if whole == "all" else prefix + whole for part, whole in parent.items()}
    parts = figures[figures["breakdown"].isin(whole_of)]
    return _compare(
        figures, parts.assign(breakdown=parts["breakdown"].map(whole_of)), check=dimension
    )


def _compare(figures: pd.DataFrame, parts: pd.DataFrame, check: str) -> pd.DataFrame:
    """Set each published whole beside the sum of its parts (``parts`` carry the whole's key)."""
    key = ["measure", "area", "period", "breakdown"]
    sums = (
        parts.assign(missing=parts["value"].isna())
        .groupby(key, as_index=False)
        .agg(
            parts=("value", "sum"),
            missing_parts=("missing", "sum"),
            count=("missing", "size"),
            largest_part=("value", "max"),
        )
    )
    return (
        figures.dropna(subset="value")[[*key, "value"]]
        .rename(columns={"value": "whole"})
        .merge(sums, on=key)
        .assign(check=check)
    )


def _with_verdict(sums: pd.DataFrame, decimals: pd.Series) -> pd.DataFrame:
    residual = (sums["whole"] - sums["parts"]).round(6)
    # Counts are exact; a figure published to d decimals is off by up to half of its last digit.
    places = sums["measure"].map(decimals)
    tolerance = np.where(places == 0, 0.0, 0.5 * 10.0**-places * (sums["count"] + 1))
    hidden = (residual > 0) & (residual <= sums["missing_parts"] * sums["largest_part"])
    verdict = np.select(
        [residual == 0, residual.abs() <= tolerance, hidden],
        ["exact", "rounding", "suppression"],
        default="differs",
    )
    return sums.assign(residual=residual, verdict=verdict)


def _with_known_residuals(sums: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Give the catalogue's reason where a sum differs, if it differs by no more than is known."""
    noted = sums.assign(note="")
    for record in known.to_dict("records"):
        same = (
            (noted["verdict"] == "differs")
            & (noted["measure"] == record["measure"])
            & noted["check"].str.startswith(record["check"])
            & (noted["area"].eq(record["area"]) | (record["area"] == ""))
            & (noted["period"].eq(record["period"]) | (record["period"] == ""))
            & noted["breakdown"].str.startswith(record["breakdown"])
            & (noted["residual"].abs() <= float(record["largest"]))
        )
        noted = noted.assign(
            verdict=noted["verdict"].mask(same, "known"),
            note=noted["note"].mask(same, record["note"]),
        )
    return noted


def published_totals() -> pd.DataFrame:
    """Return totals as their publishers print them: an independent witness to our figures.

    Columns: ``measure``, ``area``, ``period``, ``breakdown``, ``published``, ``rounding`` (the
    unit the publisher rounds to), ``publisher``, ``url``.
    """
    path = resources.files("sendreform.store") / "published_totals.csv"
    with path.open(encoding="utf-8") as lines:
        return pd.read_csv(lines, dtype={"period": "str", "area": "str"})


def compare_with_published(store: Store, totals: pd.DataFrame) -> pd.DataFrame:
    """Set our figure beside each published total.

    Returns
    -------
    ``totals`` with ``ours``, ``residual`` (published less ours) and ``verdict``: ``exact``,
    ``rounding``, ``differs``, or ``absent`` when we have no such figure.
    """
    ours = pd.concat(
        [store.observations(measure) for measure in totals["measure"].unique()], ignore_index=True
    )
    compared = totals.merge(
        ours[["measure", "area", "period", "breakdown", "value"]].rename(columns={"value": "ours"}),
        on=["measure", "area", "period", "breakdown"],
        how="left",
    )
    residual = (compared["published"] - compared["ours"]).round(6)
    return compared.assign(
        residual=residual,
        verdict=np.select(
            [compared["ours"].isna(), residual == 0, residual.abs() <= compared["rounding"] / 2],
            ["absent", "exact", "rounding"],
            default="differs",
        ),
    )
