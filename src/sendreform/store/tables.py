"""Reads ``data/``: the catalogue, the areas, and the figures of a measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from sendreform.errors import ReportError, did_you_mean
from sendreform.store import reads
from sendreform.store.claims_table import CLAIM_COLUMNS
from sendreform.store.layout import (
    ACCEPTED_COLUMNS,
    EDITION_TABLES,
    Layout,
    project_root,
    read_csv,
)

#: The same as ``yaml.safe_load`` uses, ten times as fast where PyYAML was built with LibYAML.
SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: The columns of areas that are numbers; the rest is text.
AREA_NUMBERS = {
    "centroid_x": "float64",
    "centroid_y": "float64",
    "hex_q": "Int64",
    "hex_r": "Int64",
}


@dataclass(frozen=True)
class Store:
    """One ``data/`` folder, read on demand and kept once read."""

    layout: Layout
    _tables: dict[str, pd.DataFrame] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _arguments: dict[str, Mapping[str, Any]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    @property
    def measures(self) -> pd.DataFrame:
        """One row a measure, indexed by its name: title, definition, unit, decimals, polarity …"""
        return self._table("measures", {"decimals": "int64"}, index="measure")

    @property
    def sources(self) -> pd.DataFrame:
        """One row an official file, indexed by its id, with release, URL, licence and SHA-256."""
        return self._table("sources", index="source")

    @property
    def files(self) -> pd.Series:
        """What makes the file of each source the same in two editions, by source.

        Its SHA-256 and its member; of a page that is quoted its address, release and date.
        """
        sources = self.sources
        quoted = sources["url"] + " " + sources["release"] + " " + sources["published"]
        file = sources["sha256"].where(sources["sha256"] != "", quoted)
        return file + " " + sources["member"]

    @property
    def file_names(self) -> pd.Series:
        """Where each source was read, its member of an archive included; empty where quoted."""
        return (self.sources["path"] + "/" + self.sources["member"]).str.removesuffix("/")

    @property
    def breaks(self) -> pd.DataFrame:
        """Measure, period from which it is not comparable with what came before, and why."""
        return self._table("breaks")

    @property
    def breakdowns(self) -> pd.DataFrame:
        """Dimension, code, label, parent and position of every category."""
        return self._table("breakdowns", {"position": "int64"})

    @property
    def known_residuals(self) -> pd.DataFrame:
        """Where published parts do not add to the published whole, and why."""
        return self._table("known_residuals")

    @property
    def areas(self) -> pd.DataFrame:
        """England, regions and councils past and present, indexed by code."""
        return self._table("areas", AREA_NUMBERS, index="area")

    @property
    def neighbours(self) -> pd.DataFrame:
        """The ten statistical neighbours of each council, by rank."""
        return self._table("neighbours", {"rank": "int64"})

    @property
    def forecasts(self) -> pd.DataFrame:
        """Published forecasts, each with forecaster, date, target year, value or range and unit."""
        return self._table("forecasts", {"low": "float64", "central": "float64", "high": "float64"})

    @property
    def claims(self) -> pd.DataFrame:
        """The ledger of published claims as text, a row a figure; empty where none is kept."""
        path = self.layout.table("claims")
        if path.is_file():
            return self._table("claims")
        reads.note([path])
        return pd.DataFrame(columns=[*CLAIM_COLUMNS]).astype("str")

    @property
    def accepted(self) -> pd.DataFrame:
        """Surprises of an import that people accepted, as text; empty without such a file."""
        if self.layout.table("accepted").is_file():
            return self._table("accepted")
        return pd.DataFrame(columns=ACCEPTED_COLUMNS).astype("str")

    def editions(self, name: str) -> pd.DataFrame:
        """Return a table of the record of editions; empty where none is kept.

        Parameters
        ----------
        name
            One of ``EDITION_TABLES``.
        """
        path = self.layout.editions(name)
        reads.note([path])
        if name not in self._tables:
            self._tables[name] = (
                read_csv(path, {"value": "float64"})
                if path.is_file()
                else pd.DataFrame(columns=EDITION_TABLES[name]).astype("str")
            )
        return self._tables[name]

    def _table(
        self, name: str, dtypes: Mapping[str, str] | None = None, *, index: str = ""
    ) -> pd.DataFrame:
        """Return a table beside the observations, read the first time that it is asked for."""
        path = self.layout.table(name)
        reads.note([path])
        if name not in self._tables:
            table = read_csv(path, dtypes)
            self._tables[name] = table.set_index(index, drop=False) if index else table
        return self._tables[name]

    def argument(self, name: str) -> Mapping[str, Any]:
        """Return a file of ``data/argument/``, which people write and no import touches.

        Raises
        ------
        ReportError
            If it is missing, no YAML, or holds no entries.
        """
        path = self.layout.argument(name)
        reads.note([path])
        if name not in self._arguments:
            self._arguments[name] = _read_argument(path)
        return self._arguments[name]

    def record(self, measure: str) -> dict[str, str]:
        """Return what the catalogue says of a measure, as text.

        Raises
        ------
        ReportError
            If the catalogue has no such measure.
        """
        reads.note([self.layout.table("measures")])
        if measure not in self._records:
            raise ReportError(
                f"unknown measure {measure!r}",
                where="measure",
                fix=did_you_mean(measure, self.measures.index)
                or "List them with sendreform measures.",
            )
        return self._records[measure].copy()

    @cached_property
    def _records(self) -> dict[str, dict[str, str]]:
        """The catalogue's words of every measure, by its name."""
        rows = self.measures.astype("str").to_dict("index")
        return cast(dict[str, dict[str, str]], rows)

    def observations(self, measure: str, area: str = "") -> pd.DataFrame:
        """Return every observation of a measure (see :mod:`sendreform.observations`).

        Parameters
        ----------
        area
            Only of this place, which needs no search through all of them.

        Raises
        ------
        ReportError
            If the catalogue has no such measure.
        """
        path = self.layout.observations(self.record(measure)["family"], measure)
        reads.note([path])
        observed = _read_observations(path, measure)
        if area:
            return observed.take(_rows_of_areas(path, measure).get(area, _NO_ROWS))
        # Shares its figures until somebody writes to it, so that what is kept stays as it is.
        return observed.copy(deep=False)


@cache
def _read_observations(path: Path, measure: str) -> pd.DataFrame:
    return read_csv(path, {"value": "float64"}).assign(measure=measure)


@cache
def _rows_of_areas(path: Path, measure: str) -> dict[str, NDArray[np.intp]]:
    """Return where in the file of a measure the rows of each area stand."""
    rows = _read_observations(path, measure).groupby("area").indices
    return {str(area): np.asarray(places, dtype=np.intp) for area, places in rows.items()}


def forget_tables() -> None:
    """Read every file of observations anew from here on: a folder was replaced."""
    _read_observations.cache_clear()
    _rows_of_areas.cache_clear()


_NO_ROWS = np.array([], dtype=np.intp)


def open_store(root: Path | None = None) -> Store:
    """Open a ``data/`` folder; by default that of the project around the working folder."""
    return Store(Layout(root or project_root() / "data"))


def _read_argument(path: Path) -> Mapping[str, Any]:
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=SafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise ReportError(
            f"the file cannot be read ({' '.join(str(error).split())})",
            where=path.name,
            fix="Mend the file or restore it.",
        ) from error
    if not isinstance(content, dict):
        raise ReportError(
            "the file holds no entries", where=path.name, fix="Restore it, or write them."
        )
    return content
