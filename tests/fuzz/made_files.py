"""Files laid out as official ones, written from the figures in data/, for where those are not."""

import csv
from pathlib import Path

import pandas as pd

from sendreform.observations import ENGLAND
from sendreform.sources import deflators, designated_officers
from sendreform.sources.designated_officers import OFFICERS, SYMBOLS
from sendreform.sources.sen2_layout import AREA_COLUMNS
from sendreform.store import Store

#: Each file and the publication that reads it.
PUBLICATIONS = {
    designated_officers.PATH: "designated_officers",
    deflators.FINANCIAL: "deflators",
    deflators.CALENDAR: "deflators",
}


def write_files(store: Store, folder: Path) -> Path:
    """Write the files into a folder laid out as that of the official ones."""
    for path, rows in (
        (designated_officers.PATH, _officers(store)),
        (deflators.FINANCIAL, _financial(store)),
        (deflators.CALENDAR, _calendar(store)),
    ):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows)
    return folder


def _officers(store: Store) -> list[list[str]]:
    """A row a council and January: Yes, No or Recruiting, or why there is no answer."""
    key = ["area", "period", "breakdown"]
    in_post, recruiting = (
        store.observations(f"designated_officer_{name}").set_index(key)
        for name in ("in_post", "recruiting")
    )
    words = {symbol: answer for answer, symbol in SYMBOLS.items()}
    answers = (
        in_post["status"]
        .map(words)
        .mask(in_post["value"].eq(1), "Yes")
        .mask(in_post["value"].eq(0), "No")
        .mask(recruiting["value"].eq(1), "Recruiting")
        .unstack("breakdown")
        .reindex(columns=[f"officer:{officer}" for officer in OFFICERS.values()])
        .fillna("n/a")
    )
    gss = store.areas["gss_code"]
    return [
        [*AREA_COLUMNS, *OFFICERS],
        *(
            [
                period[:4], "Calendar year", "Local authority", ENGLAND, "England", "", "",
                gss[area], area, store.areas.loc[area, "name"], *row,
            ]
            for (area, period), row in zip(answers.index, answers.to_numpy(), strict=True)
        ),
    ]  # fmt: skip


def _financial(store: Store) -> list[list[str]]:
    """A row a financial year: its index, and the growth that the index chains."""
    figures = store.observations("gdp_deflator").sort_values("period")
    index = figures["value"] / 100
    growth = (index / index.shift()).fillna(index)
    return [
        ["", "date", "gdp_deflator", "type", "deflator"],
        *(
            [str(place), period[:4], repr(float(by)), "made", repr(float(to))]
            for place, (period, by, to) in enumerate(
                zip(figures["period"], growth, index, strict=True), start=1
            )
        ),
    ]


def _calendar(store: Store) -> list[list[str]]:
    figures = store.observations("gdp_deflator_calendar")
    values = pd.Series(figures["value"].to_numpy(), index=figures["period"])
    return [["year", "value"], *([year, repr(float(value))] for year, value in values.items())]
