"""Every publication that the report reads, in the order in which a newcomer would meet them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import COLUMNS, tidy
from sendreform.sources.catalogue import Words, read_words, with_hashes
from sendreform.sources.reading import SourceFolder, in_a_line

PUBLICATIONS = (
    "geography",
    "ehc_caseload",
    "ehc_process",
    "school_census",
    "lait",
    "tribunal",
    "tribunal_national",
    "dsg",
    "section251",
    "unit_costs",
    "national_finance",
    "forecasts",
    "deflators",
    "population",
    "inspections",
    "community_health",
    "designated_officers",
    "survey",
)


@dataclass(frozen=True)
class Extract:
    """What one publication gave: its figures, its other tables and its words."""

    publication: str
    observations: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    words: Words


def read_publication(name: str, folder: SourceFolder) -> Extract:
    """Read one publication whole.

    Raises
    ------
    ReportError
        From the publication's module, when a file is not as expected.
    """
    module = import_module(f"sendreform.sources.{name}")
    words = read_words(name)
    return Extract(
        publication=name,
        observations=_call(module, "observations", folder, default=_no_observations),
        tables=_call(module, "tables", folder, default=dict),
        words=Words(
            sources=with_hashes(words.sources, folder),
            measures=words.measures,
            breaks=words.breaks,
            breakdowns=words.breakdowns,
            known_residuals=words.known_residuals,
        ),
    )


def _call(
    module: ModuleType, function: str, folder: SourceFolder, default: Callable[[], Any]
) -> Any:
    found = getattr(module, function, None)
    if not found:
        return default()
    return guarded(lambda: found(folder), module.__name__.rpartition(".")[2])


def guarded(read: Callable[[], Any], where: str) -> Any:
    """Read something, and let nothing but a clear line come through.

    Raises
    ------
    ReportError
        What the reader refuses; and that the file is not laid out as expected, for anything else.
    """
    try:
        return read()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # A module refuses what it foresees. Nothing else that a file holds may come through.
        raise ReportError(
            f"a file is not laid out as expected ({type(error).__name__}: {in_a_line(error)})",
            where=where,
            fix="Compare the files of this publication with those of the release before.",
        ) from error


def _no_observations() -> pd.DataFrame:
    return tidy(pd.DataFrame(columns=COLUMNS))
