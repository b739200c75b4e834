"""A projection as a table, for ``sendreform project`` and for whoever works with it further."""

from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sendreform.book.delay import accounts
from sendreform.book.delay.place import project_place
from sendreform.errors import ReportError
from sendreform.evidence.projection import projecting, scenario_files, settings
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.report import FIRST_YEAR, LAST_YEAR, open_report
from sendreform.store.tables import SafeLoader


def read_scenario(path: Path) -> Scenario:
    """Read a scenario that somebody wrote.

    Raises
    ------
    ReportError
        If the file is missing, no YAML, or wrong in any field.
    """
    try:
        text = path.read_text("utf-8")
        content, fields = yaml.load(text, Loader=SafeLoader), yaml.compose(text, Loader=SafeLoader)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise ReportError(
            f"the file cannot be read ({' '.join(str(error).split())})",
            where=str(path),
            fix="Write a YAML file as the page for analysts shows.",
        ) from error
    names = [str(key.value) for key, _ in fields.value] if fields and fields.tag == _MAP else []
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ReportError(
            f"{', '.join(twice)} is there more than once",
            where=path.name,
            fix="Write each field once.",
        )
    return scenario_files.scenario(content, where=path.name)


#: What YAML calls a file of fields.
_MAP = "tag:yaml.org,2002:map"


def projected(area: str, scenario: Path | None) -> pd.DataFrame:
    """Return a projection of a place with its ranges.

    Parameters
    ----------
    area
        England, a region, or a council of today, by name or code.
    scenario
        A file that :func:`read_scenario` reads; none for no reform.

    Returns
    -------
    DataFrame with ``area``, ``scenario``, ``measure`` (``plans``, one for each setting, and where
    they are projected ``spending_cash``, ``spending_real``, ``funding_cash``, ``beyond_funding``
    and ``deficit``), ``year`` and the columns of :func:`projecting.ranges`.

    Raises
    ------
    ReportError
        If the area or the scenario is wrong, or the council is one of the past.
    """
    assumed = read_scenario(scenario) if scenario else NO_REFORM
    report = open_report(area, FIRST_YEAR, LAST_YEAR, "cash")
    place = project_place(report, assumed)
    if place is None:
        raise ReportError(
            f"{report.name} is no council of today",
            where="--area",
            fix="Name the council that it is part of now.",
        )
    parts = {"plans": (place.plans, place.years)}
    if not report.is_small:
        parts |= {
            code: (place.by_setting[..., settings.NAMES.index(name)], place.years)
            for code, name in _CODES.items()
        }
    if place.bill is not None:
        bill = place.bill
        parts |= {
            "spending_cash": (bill.cash, bill.years),
            "spending_real": (bill.real, bill.years),
        }
        if not np.isnan(bill.funding).any():
            parts |= {
                "funding_cash": (bill.funding, bill.years),
                "beyond_funding": (bill.cash - bill.funding, bill.years),
            }
        deficit = accounts.deficit_of(bill, accounts.deficit_base(report))
        if deficit is not None:
            parts["deficit"] = deficit
    return pd.concat(
        [
            projecting.ranges(draws, years)
            .set_index("year")
            .round(0 if name.startswith("plans") else _MONEY)
            .reset_index()
            .assign(area=report.area, scenario=assumed.name, measure=name)
            for name, (draws, years) in parts.items()
        ],
        ignore_index=True,
    )[["area", "scenario", "measure", "year", *projecting.RANGE_COLUMNS]]


#: Money to come is told in hundreds of thousands of pounds: it is not known more closely.
_MONEY = -5

_CODES = {
    "plans_mainstream": settings.MAINSTREAM,
    "plans_state_special": settings.STATE_SPECIAL,
    "plans_inmss": settings.INMSS,
    "plans_further_education": settings.FURTHER_EDUCATION,
    "plans_elsewhere": settings.ELSE,
}
