"""The projection of the place that the page is about."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.book.delay import accounts, making
from sendreform.evidence.projection import money, projecting, scenario_files, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.report import Report
from sendreform.store import Store
from sendreform.store.reads import remembered


@dataclass(frozen=True)
class Place:
    """Draws for the report's place under a scenario.

    Attributes
    ----------
    report
        Whose place it is.
    scenario
        What is assumed.
    origin
        The last January that is counted.
    years
        Januaries from then on; for a council its own last January lies a year before.
    plans
        Axes draw, January.
    by_setting
        Axes draw, January, setting (:data:`settings.NAMES`).
    began
        New plans in the year after each January but the last: axes draw, year; a council has its
        part of England's by its plans.
    bill
        What they cost, from the base of councils on; ``None`` where spending is not published for
        the place, or few hold a plan.
    """

    report: Report
    scenario: Scenario
    origin: int
    years: list[int]
    plans: Numbers
    by_setting: Numbers
    began: Numbers
    bill: money.Bill | None

    @property
    def ranges(self) -> pd.DataFrame:
        """Plans with their ranges, by January; see :func:`projecting.ranges`."""
        return projecting.ranges(self.plans, self.years)


def project_place(report: Report, scenario: Scenario = NO_REFORM) -> Place | None:
    """Return the projection of the report's place, or ``None`` for a council of the past."""
    return _projected(report.store, report, scenario)


def plans_of(report: Report) -> tuple[list[int], Numbers] | None:
    """Return plans of the report's place if nothing changes, without their settings and costs.

    Returns
    -------
    Januaries from the last that is counted in England, and draws: axes draw, January. ``None`` for
    a council of the past.
    """
    given, england = (
        making.inputs_of(report.store), making.projection_of(report.store, NO_REFORM),
    )  # fmt: skip
    first = england.years.index(given.origin)
    if report.is_england:
        return england.years[first:], england.plans[:, first:]
    drawn = _councils_in(report, NO_REFORM)
    if drawn is None:
        return None
    return england.years[first:], np.sum(list(drawn.values()), axis=0)[:, first:]


def _councils_in(report: Report, scenario: Scenario) -> dict[str, Numbers] | None:
    """Return draws of the councils that make up a place; ``None`` for a council of the past."""
    drawn, members = making.councils_under(report.store, scenario), accounts.members_of(report)
    if not members or not set(members) <= drawn.keys():
        return None
    return {council: drawn[council] for council in members}


@remembered(64)
def _projected(store: Store, report: Report, scenario: Scenario) -> Place | None:
    given = making.inputs_of(store)
    england = making.projection_of(store, scenario)
    first = england.years.index(given.origin)
    if report.is_england:
        plans, by_setting = england.plans, england.by_setting
    else:
        drawn = _councils_in(report, scenario)
        if drawn is None:
            return None
        parts = [
            projecting.settings_of_council(given, england, council, plans)
            for council, plans in drawn.items()
        ]
        by_setting = np.sum(parts, axis=0)
        plans = by_setting.sum(axis=2)
    return Place(
        report=report,
        scenario=scenario,
        origin=given.origin,
        years=england.years[first:],
        plans=plans[:, first:],
        by_setting=by_setting[:, first:],
        began=(england.began * plans[:, :-1] / england.plans[:, :-1])[:, first:],
        bill=accounts.bill_of(report, scenario),
    )


def scenarios_of(store: Store) -> Mapping[str, Scenario]:
    """Return the project's own scenarios by their names in the file."""
    return {
        name: scenario_files.scenario(record, where=f"scenarios.yml, {name}")
        for name, record in store.argument("scenarios")["scenarios"].items()
    }


def counted_by_setting(report: Report) -> pd.DataFrame:
    """Return plans counted by setting: a row a January (year), a column each."""
    return settings.latest_by_setting(report.figures("ehc_plans"))
