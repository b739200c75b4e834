"""Cuts ``data/`` to what was known on a day, so that the world before a release can be told.

Of most publications one file is held, and of EHC plans those of some releases. So the cut is made
from today's figures, by rules that :func:`note` tells the reader:

* A figure from a file that was out by that day was known, as it stands.
* For a publication of which earlier releases are held, only these count. What they published of
  figures that are now read from a later release is kept (see :mod:`sendreform.store.earlier`), so
  that revisions show.
* Any other figure counts as known some months after its period ended. Whether it has been revised
  since cannot be seen.
* Price indices are a unit of account and stay, and so do places and the rules of the tests.
  Claims are those made by that day.
"""

import re
from calendar import monthrange
from pathlib import Path
from typing import Any

import pandas as pd

from sendreform import periods
from sendreform.claims.recipes import DEFLATOR
from sendreform.store import Store, open_store
from sendreform.store.earlier import told_by_release
from sendreform.store.importing import carry_over
from sendreform.store.layout import CATALOGUE, CONTEXT, OBSERVATION_COLUMNS, write_csv
from sendreform.store.surprises import AHEAD

#: How a day is named by which figures were known.
DAY = r"(?:19|20)[0-9]{2}-[0-9]{2}(?:-[0-9]{2})?"
#: Months from the end of a period to its figures, where we do not hold the file of the time.
MONTHS_TO_PUBLISH = 9
#: Price indices, in whose units amounts are told.
UNITS_OF_ACCOUNT = (DEFLATOR, "gdp_deflator_calendar")
#: How a release is called whose file stands in for those of the time.
STAND_IN = "as read from "
_SERIES = ["breakdown", "period"]
_ROW = ["area", "period", "breakdown"]


def last_day_named(text: str) -> str:
    """Return the last day of a year, month or day as ISO has it; empty for anything else.

    Examples
    --------
    >>> last_day_named("2022-05"), last_day_named("2024"), last_day_named("2025-06-26")
    ('2022-05-31', '2024-12-31', '2025-06-26')
    >>> last_day_named("v0.3.0"), last_day_named("2022-13")
    ('', '')
    """
    if periods.is_period(text, "date"):
        return text
    if periods.is_period(text, "month"):
        year, month = int(text[:4]), int(text[5:])
        return f"{text}-{monthrange(year, month)[1]}"
    return f"{text}-12-31" if re.fullmatch(r"(?:19|20)[0-9]{2}", text) else ""


def known_at(store: Store, day: str, folder: Path) -> Store:
    """Write into a folder what was known on a day, and open it.

    Parameters
    ----------
    store
        The edition that is cut.
    day
        As ISO has it.
    folder
        Where to; it must not be there yet.
    """
    sources = store.sources
    out = sources.index[_is_out(sources["published"], day)]
    series = store.editions("earlier_series")
    series = series[series["source"].isin(out)]
    figures = store.editions("earlier_figures")
    figures = figures[figures["source"].isin(out)]
    by_release = sources.index[sources["publication"].isin(told_by_release(store))]
    carry_over(store.layout.root, folder)
    fresh = Store(type(store.layout)(folder))
    empty = []
    for record in store.measures.to_dict("records"):
        measure = record["measure"]
        observed = store.observations(measure)
        known = observed[_known(observed, record, day, set(out), set(by_release))]
        earlier = as_earlier(
            known,
            observed.drop(index=known.index),
            series[series["measure"] == measure],
            figures[figures["measure"] == measure],
            sources["published"],
        )
        rows = pd.concat([known, earlier])[OBSERVATION_COLUMNS].sort_values(_ROW)
        if rows.empty:
            empty.append(measure)
        else:
            write_csv(rows, fresh.layout.observations(record["family"], measure))
    _write_tables(store, fresh, empty, day)
    return open_store(folder)


def releases(store: Store) -> list[str]:
    """Return the months in which the releases came out that can be told apart, oldest first.

    They are those of publications of which earlier releases are held.
    """
    of = store.sources[store.sources["publication"].isin(told_by_release(store))]
    return sorted(set(of["published"].str[:7]))


def note(store: Store) -> str:
    """Say in a sentence or two how an edition as at a day comes about."""
    held = store.sources[store.sources["publication"].isin(told_by_release(store))]
    names = ", ".join(dict.fromkeys(held["publication"] + " (" + held["release"] + ")"))
    return (
        f"cut from today's data. By release, with what each published at the time: {names}. Of "
        f"other publications only today's file is held: a figure counts as known "
        f"{MONTHS_TO_PUBLISH} months after its period ended, and shows no revision"
    )


def _is_out(published: pd.Series, day: str) -> pd.Series:
    """Say which dates lie on or before a day; one that is not given does not."""
    last = published.map(last_day_named)
    return (last != "") & (last <= day)


def _known(
    observed: pd.DataFrame, record: dict[Any, Any], day: str, out: set[str], by_release: set[str]
) -> pd.Series:
    """Say which figures of a measure were known on a day and are read from the same file today."""
    if record["measure"] in UNITS_OF_ACCOUNT:
        return pd.Series(data=True, index=observed.index)
    # What is set aside or foretold is published before its year begins.
    is_ahead = record["measure"] in AHEAD
    months = -12 if is_ahead else MONTHS_TO_PUBLISH
    limit = (pd.Timestamp(day) - pd.DateOffset(months=months)).date().isoformat()
    over = {
        period: periods.last_day(period, record["period_kind"]) <= limit
        for period in observed["period"].unique()
    }
    by_lag = observed["period"].map(over).astype("bool") & ~observed["source"].isin(by_release)
    return observed["source"].isin(out) | by_lag


def as_earlier(
    known: pd.DataFrame,
    later: pd.DataFrame,
    series: pd.DataFrame,
    figures: pd.DataFrame,
    published: "pd.Series[str]",
) -> pd.DataFrame:
    """Return what earlier releases published of figures that are read from later ones.

    Parameters
    ----------
    known, later
        Figures of a measure: those that are read from what was out by the day, and the others.
    series, figures
        What releases that were out by the day had of the measure, as
        :mod:`sendreform.store.earlier` keeps it: whole series, and single figures.
    published
        When each source was published.

    Returns
    -------
    Observations: of each figure the newest. One that is no longer there counts until a later
    release replaced what it stood among (see :func:`_replaced`).
    """
    days = published.map(last_day_named)
    named = later.drop(columns="source").merge(series[[*_SERIES, "source"]], on=_SERIES)
    is_later, is_known = (
        pd.MultiIndex.from_frame(figures[_ROW]).isin(pd.MultiIndex.from_frame(rows[_ROW]))
        for rows in (later, known)
    )
    gone = figures[~(is_later | is_known)]
    still = gone[~_replaced(gone, known, days)]
    told = pd.concat([named, figures[is_later], still])
    order = told["source"].map(days).argsort(kind="stable")
    return told.iloc[order].drop_duplicates(_ROW, keep="last")


def _replaced(gone: pd.DataFrame, known: pd.DataFrame, days: "pd.Series[str]") -> "pd.Series[bool]":
    """Say of figures that are no longer there whether what was known by the day lacks them.

    A release replaces the figures of an area, a period and a kind of breakdown together: where
    those that are known come from another source than the figure, that had it no more. Where none
    is known, a later release has the series.
    """
    ours, theirs = (
        rows.assign(
            kind=rows["breakdown"].str.replace(r":\S+", "", regex=True),
            day=rows["source"].map(days),
        )
        for rows in (gone, known)
    )
    group = ["area", "period", "kind"]
    of_group = ours.merge(
        theirs.drop_duplicates(group), on=group, how="left", suffixes=("", "_now")
    )
    newest = theirs.groupby(_SERIES)["day"].max().rename("newest").reset_index()
    of_series = ours.merge(newest, on=_SERIES, how="left")["newest"]
    by_group = of_group["source_now"].ne(of_group["source"])
    return by_group.where(
        of_group["source_now"].notna(), of_series > ours["day"].reset_index(drop=True)
    ).set_axis(gone.index)


def _write_tables(store: Store, fresh: Store, empty: list[str], day: str) -> None:
    """Write the other tables, without measures that have no figure, and with the claims of then."""
    for name in (*CATALOGUE, *CONTEXT):
        table = pd.read_csv(store.layout.table(name), dtype="str", keep_default_na=False)
        if name == "sources":
            table = _sources_of(table, _used(store) - _used(fresh), day)
        elif name in CATALOGUE and "measure" in table:
            table = table[~table["measure"].isin(empty)]
        write_csv(table, fresh.layout.table(name))
    if not store.claims.empty:
        made = store.claims[_is_out(store.claims["published"], day)]
        write_csv(made, fresh.layout.table("claims"))


def _sources_of(sources: pd.DataFrame, gone: set[str], day: str) -> pd.DataFrame:
    """Return the sources that are still read; a file that came out later is none of the day.

    It stands in for files of the time, so it is not the same file in two editions. Where one file
    of ours quotes many documents, each document counts by itself.
    """
    later = ~_is_out(sources["published"], day)
    shared = sources["sha256"].isin(sources.loc[later, "sha256"])
    cut = sources.assign(
        release=sources["release"].mask(later, STAND_IN + sources["release"]),
        published=sources["published"].mask(later, day),
        sha256=sources["sha256"].mask(shared, ""),
    )
    return cut[~cut["source"].isin(gone)]


def _used(store: Store) -> set[str]:
    """Return the sources that the observations of a folder name."""
    files = store.layout.root.glob("observations/*/*.csv")
    return {
        source
        for path in files
        for source in pd.read_csv(path, usecols=["source"], dtype="str")["source"].unique()
    }
