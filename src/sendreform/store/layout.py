"""Where everything lies in ``data/``, and how a table is written there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sendreform.errors import ReportError

#: Tables beside the observations, each a CSV of this name in ``data/catalogue/`` or ``data/``.
CATALOGUE = ("measures", "sources", "breaks", "breakdowns", "known_residuals")
CONTEXT = ("areas", "neighbours", "forecasts")

#: What no import makes: the ledger of claims, the argument's tests and maps, the surprises of an
#: import that somebody has looked at and accepted, and the record of editions.
KEPT_BY_HAND = ("claims.csv", "argument", "accepted.csv", "editions")
#: The list of files that were taken in one by one; an import of the folder reads them again.
TAKEN_IN = "taken_in.csv"
#: Columns of ``accepted.csv``: which surprise, of which figures (an empty cell for any), and why.
ACCEPTED_COLUMNS = ["surprise", "measure", "area", "period", "breakdown", "reason", "date"]
#: Tables of ``editions/``: each edition of the report and the releases in it, corrections, and
#: what earlier releases published of what is now read from later ones.
EDITION_TABLES = {
    "editions": ["version", "date", "revision", "site"],
    "releases": ["version", "publication", "release"],
    "corrections": ["date", "version", "page", "was", "is", "why"],
    "earlier_series": ["measure", "breakdown", "period", "source"],
    "earlier_figures": ["measure", "area", "period", "breakdown", "value", "status", "source"],
}

#: Columns of a measure's file: the measure itself is the file's name.
OBSERVATION_COLUMNS = ["area", "period", "breakdown", "value", "status", "source"]


def project_root(start: Path | None = None) -> Path:
    """Return the folder of the project that holds ``start`` (default: the working folder).

    A checkout is known by its ``_config.yml`` beside ``data/``. Outside of one, the checkout that
    this package was installed from is used.

    Raises
    ------
    ReportError
        If neither is found.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents, *Path(__file__).resolve().parents):
        if (folder / "_config.yml").is_file() and (folder / "pyproject.toml").is_file():
            return folder
    raise ReportError(
        "this is not a checkout of the report",
        where=str(here),
        fix="Change into the folder that holds _config.yml.",
    )


@dataclass(frozen=True)
class Layout:
    """The files of one ``data/`` folder."""

    root: Path

    def table(self, name: str) -> Path:
        """Return the file of a catalogue or context table, or of the ledger (``claims``)."""
        return self.root / ("catalogue" if name in CATALOGUE else "") / f"{name}.csv"

    def observations(self, family: str, measure: str) -> Path:
        """Return the file of a measure."""
        return self.root / "observations" / family / f"{measure}.csv"

    @property
    def taken_in(self) -> Path:
        """The list of files that were taken in one by one, where there are any."""
        return self.root / TAKEN_IN

    def argument(self, name: str) -> Path:
        """Return a file of the argument: its ``tests``, its ``causal_map``, or ``reform``."""
        return self.root / "argument" / f"{name}.yml"

    def editions(self, name: str) -> Path:
        """Return a table of the record of editions."""
        return self.root / "editions" / f"{name}.csv"

    @property
    def moved(self) -> Path:
        """The folder of what moved from one edition to the next, as the page tells it."""
        return self.root / "editions" / "moved"

    @property
    def datapackage(self) -> Path:
        """The Data Package descriptor, generated from the catalogue."""
        return self.root / "datapackage.json"


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table so that the same rows always give the same bytes.

    Numbers are written in the shortest form that reads back the same: ``12``, not ``12.0``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = table.select_dtypes("number").columns
    table.assign(
        **{name: table[name].map(number_text, na_action="ignore") for name in numbers}
    ).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def number_text(value: float) -> str:
    """Return a number as ``data/`` writes it.

    Examples
    --------
    >>> number_text(638745.0), number_text(57.9), number_text(-0.5)
    ('638745', '57.9', '-0.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def read_csv(path: Path, dtypes: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Read a table of ``data/``: text unless ``dtypes`` says otherwise; an empty cell is ``""``.

    Raises
    ------
    ReportError
        If the file is missing or a cell does not have its type.
    """
    numeric = {name for name, kind in (dtypes or {}).items() if kind != "str"}
    try:
        header = pd.read_csv(path, nrows=0).columns
        return pd.read_csv(
            path,
            dtype={name: (dtypes or {}).get(name, "str") for name in header},
            keep_default_na=False,
            na_values={name: [""] for name in header if name in numeric},
        )
    except FileNotFoundError as error:
        raise ReportError(
            "the file is missing", where=str(path), fix="Run sendreform import, or restore it."
        ) from error
    except ValueError as error:
        raise ReportError(
            f"the table cannot be read ({' '.join(str(error).split())})",
            where=str(path),
            fix="Mend the row or restore the file.",
        ) from error
