"""A projection as a table, for ``sendreform project`` and for whoever works with it further."""

from pathlib import Path

import pandas as pd
import yaml

from sendreform.book.delay.place import deficit_base, project_place
from sendreform.errors import ReportError
from sendreform.evidence.projection import money, projecting, scenario_files, settings
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.report import FIRST_YEAR, last_year, open_report
from sendreform.store import Store
from sendreform.store.tables import SafeLoader


def read_scenario(path: Path) -> Scenario:
    """Read a scenario that somebody wrote.

    Raises
    ------
    ReportError
        If the file is missing, no YAML, or wrong in any field.
    """
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=SafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ReportError(
            f"the file cannot be read ({' '.join(str(error).split())})",
            where=str(path),
            fix="Write a YAML file as the page for analysts shows.",
        ) from error
    return scenario_files.scenario(content, where=path.name)


def projected(store: Store, area: str, scenario: Path | None) -> pd.DataFrame:
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
    they are projected ``spending_cash``, ``spending_real`` and ``deficit``), ``year`` and the
    columns of :func:`projecting.ranges`.

    Raises
    ------
    ReportError
        If the area or the scenario is wrong, or the council is one of the past.
    """
    assumed = read_scenario(scenario) if scenario else NO_REFORM
    report = open_report(area, FIRST_YEAR, last_year(store), "cash")
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
        parts |= {
            "spending_cash": (place.bill.cash, place.bill.years),
            "spending_real": (place.bill.real, place.bill.years),
        }
        if report.is_england:
            base, since = deficit_base(store)
            ahead = [year for year in place.years if year >= since]
            parts["deficit"] = (money.deficits(place.bill, base, since), ahead)
    return pd.concat(
        [
            projecting.ranges(draws, years).assign(
                area=report.area, scenario=assumed.name, measure=name
            )
            for name, (draws, years) in parts.items()
        ],
        ignore_index=True,
    )[["area", "scenario", "measure", "year", *projecting.RANGE_COLUMNS]]


_CODES = {
    "plans_mainstream": settings.MAINSTREAM,
    "plans_state_special": settings.STATE_SPECIAL,
    "plans_inmss": settings.INMSS,
    "plans_further_education": settings.FURTHER_EDUCATION,
    "plans_elsewhere": settings.ELSE,
}
