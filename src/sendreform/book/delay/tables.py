"""A projection as a table, for ``sendreform project`` and for whoever works with it further."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from sendreform.book.delay import accounts, deficits, making
from sendreform.book.delay.costs import years_waited
from sendreform.book.delay.place import Place, project_place
from sendreform.errors import ReportError
from sendreform.evidence.projection import projecting, scenario_files, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.report import FIRST_YEAR, Report, last_year, open_report
from sendreform.store import open_store
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
    times = [node for node in _scalars(fields) if _IN_SIXTIES.fullmatch(node.value)]
    if times:
        raise ReportError(
            f"{times[0].value} would be read as a time",
            where=f"{path.name}, row {times[0].start_mark.line + 1}",
            fix="Write the number in digits, without a colon.",
        )
    return scenario_files.scenario(content, where=path.name)


def _scalars(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Give every single value of a file that is not in quotation marks."""
    if isinstance(node, yaml.ScalarNode):
        if not node.style:
            yield node
    elif isinstance(node, yaml.SequenceNode):
        for part in node.value:
            yield from _scalars(part)
    elif isinstance(node, yaml.MappingNode):
        for _, part in node.value:
            yield from _scalars(part)


#: YAML 1.1 reads 1:30 as ninety.
_IN_SIXTIES = re.compile(r"[-+]?\d+(?::\d+)+(?:\.\d*)?")


def small_effects(scenario: Scenario) -> list[str]:
    """Say which effects are below one per cent: a share may have been meant."""
    return [
        f"{name}: {high:g} is read as {high:g} per cent; write {100 * high:g} for {100 * high:g} "
        "per cent."
        for name in ("fewer_new_plans", "more_in_mainstream", "fewer_independent")
        for high in [getattr(scenario, name)[1]]
        if 0 < high < 1
    ]


#: What YAML calls a file of fields.
_MAP = "tag:yaml.org,2002:map"


def why_no_deficit(area: str) -> str:
    """Say why :func:`projected` holds no deficit of a place; empty where it does."""
    return deficits.why_no_deficit(_report_of(area))


def _report_of(area: str) -> Report:
    return open_report(area, FIRST_YEAR, last_year(open_store()), "cash")


def _against_no_reform(report: Report, place: Place) -> dict[str, tuple[Numbers, list[int]]]:
    """Return what a reform saves, and what a year's delay of it adds: running sums to each year."""
    if place.bill is None or place.scenario == NO_REFORM:
        return {}
    later = replace(place.scenario, start=place.scenario.start + 1)
    parts = {}
    for name, other in (("less_spent", NO_REFORM), ("delay", later)):
        beside = project_place(report, other)
        if beside is None or beside.bill is None:
            continue
        for kind in ("cash", "real"):
            more = getattr(beside.bill, kind) - getattr(place.bill, kind)
            parts[f"{name}_{kind}"] = (more.cumsum(axis=1), place.bill.years)
    return parts | _delay_for_children(report, place, project_place(report, later))


def _delay_for_children(
    report: Report, place: Place, later: Place | None
) -> dict[str, tuple[Numbers, list[int]]]:
    """Return what a year's delay adds in children's years: running sums to each January."""
    if later is None:
        return {}
    years = place.years[1:]
    by_setting = (later.by_setting - place.by_setting)[:, 1:].cumsum(axis=1)
    waiting = (later.began - place.began).cumsum(axis=1) * years_waited(report.store)
    return {
        "delay_plans": (by_setting.sum(axis=2), years),
        **{
            f"delay_{code}": (by_setting[..., settings.NAMES.index(name)], years)
            for code, name in _CODES.items()
        },
        "delay_waiting": (waiting, years),
    }


def projected(area: str, assumed: Scenario = NO_REFORM) -> pd.DataFrame:
    """Return a projection of a place with its ranges.

    Parameters
    ----------
    area
        England, a region, or a council of today, by name or code.
    assumed
        Such as :func:`read_scenario` returns.

    Returns
    -------
    DataFrame with ``area``, ``scenario``, ``measure``, ``year`` and the columns of
    :func:`projecting.ranges`. Measures are ``plans``, ``new_plans`` (of the year before), for
    England the ``requests`` and ``assessments`` that those come from, one for each setting, and
    where they are projected ``spending_cash``, ``spending_real``, ``funding_cash``,
    ``beyond_funding`` and ``deficit``. With a scenario there are ``less_spent_…`` than without
    reform, and ``delay_…``, what a start a year later adds in money, and in children's years with
    a plan, in each setting, and waited beyond 20 weeks at least: all summed up to the year.

    Raises
    ------
    ReportError
        If the area is unknown, or the council is one of the past.
    """
    report = _report_of(area)
    place = project_place(report, assumed)
    if place is None:
        raise ReportError(
            f"{report.name} is no council of today",
            where="--area",
            fix="Name the council that it is part of now.",
        )
    parts = {"plans": (place.plans, place.years), "new_plans": (place.began, place.years[1:])}
    if report.is_england:
        entries = making.projection_of(report.store, assumed).entries
        parts |= {
            "requests": (entries.requests, place.years[1:]),
            "assessments": (entries.assessed, place.years[1:]),
        }
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
        parts |= _against_no_reform(report, place)
        deficit = accounts.deficit_of(bill, accounts.deficit_base(report))
        if deficit is not None:
            parts["deficit"] = deficit
    return pd.concat(
        [
            projecting.ranges(draws, years)
            .set_index("year")
            .round(_MONEY if name.startswith(_IN_POUNDS) else 0)
            .reset_index()
            .assign(area=report.area, scenario=assumed.name, measure=name)
            for name, (draws, years) in parts.items()
        ],
        ignore_index=True,
    )[["area", "scenario", "measure", "year", *projecting.RANGE_COLUMNS]]


_IN_POUNDS = (
    "spending", "funding", "beyond_funding", "deficit", "less_spent", "delay_cash", "delay_real",
)  # fmt: skip

#: Money to come is told in hundreds of thousands of pounds: it is not known more closely.
_MONEY = -5

_CODES = {
    "plans_mainstream": settings.MAINSTREAM,
    "plans_state_special": settings.STATE_SPECIAL,
    "plans_inmss": settings.INMSS,
    "plans_further_education": settings.FURTHER_EDUCATION,
    "plans_elsewhere": settings.ELSE,
}
