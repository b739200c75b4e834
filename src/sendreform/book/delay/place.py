"""The projection of the place that the page is about."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.book.delay import making
from sendreform.evidence.projection import money, projecting, scenario_files, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.evidence.series import at, of
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year, first_year
from sendreform.report import Report
from sendreform.store import Store
from sendreform.store.reads import remembered

OUTTURN = "high_needs_spending_outturn"

#: Where chance in money begins; the same for every scenario.
MONEY_SEED = 5


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
        What they cost; ``None`` where spending is not published for the place, or few hold a plan.
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


@remembered(64)
def _projected(store: Store, report: Report, scenario: Scenario) -> Place | None:
    given = making.inputs_of(store)
    england = making.projection_of(store, scenario)
    first = england.years.index(given.origin)
    if report.is_england:
        plans, by_setting = england.plans, england.by_setting
    else:
        members = (
            [report.area] if report.level == "council" else report.areas.councils_in(report.area)
        )
        drawn = making.councils_under(store, scenario)
        if not members or not set(members) <= drawn.keys():
            return None
        parts = [
            projecting.settings_of_council(given, england, council, drawn[council])
            for council in members
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
        bill=_bill(store, report, england, by_setting),
    )


def _bill(
    store: Store, report: Report, england: projecting.Projection, by_setting: Numbers
) -> money.Bill | None:
    """Cost the plans of a place; a council's places cost what its own spending says."""
    if report.is_small:
        return None
    assumed = prices_of(store)
    base = england.years.index(assumed.base)
    level = 1.0
    if not report.is_england:
        members = report.members
        everywhere = of(store.observations(OUTTURN))
        last = financial_year(assumed.base - 1)
        own = everywhere[everywhere["area"].isin(members) & everywhere["period"].eq(last)]["value"]
        if own.isna().any() or own.empty or own.sum() <= 0:
            return None
        level = money.council_level(
            by_setting[0, base],
            float(own.sum()),
            at(everywhere[everywhere["area"] == ENGLAND], last),
            england.by_setting[0, base],
            assumed.unit_costs,
        )
    first = england.years.index(making.inputs_of(store).origin)
    return money.bill(
        by_setting[:, first:],
        england.years[first:],
        assumed,
        np.random.default_rng(MONEY_SEED),
        slower=england.effects.unit_costs,
        level=level,
    )


@remembered(2)
def prices_of(store: Store) -> money.Prices:
    """Return costs, prices and funding of England, with what is assumed of each."""
    content = store.argument("scenarios")
    return money.prices(
        making.inputs_of(store).by_setting.loc[[ENGLAND]].droplevel("area"),
        *(
            store.observations(name, ENGLAND)
            for name in (
                OUTTURN, "high_needs_spending_published", "placement_unit_cost", "gdp_deflator",
                "high_needs_funding",
            )
        ),
        price_growth=scenario_files.assumption(content, "price_growth"),
        funding_growth=scenario_files.assumption(content, "funding_growth"),
    )  # fmt: skip


def scenarios_of(store: Store) -> Mapping[str, Scenario]:
    """Return the project's own scenarios by their names in the file."""
    return {
        name: scenario_files.scenario(record, where=f"scenarios.yml, {name}")
        for name, record in store.argument("scenarios")["scenarios"].items()
    }


def counted_by_setting(report: Report) -> pd.DataFrame:
    """Return plans counted by setting: a row a January (year), a column each."""
    return settings.latest_by_setting(report.figures("ehc_plans"))


def deficit_base(store: Store) -> tuple[float, int]:
    """Return the newest published deficit of England and the year whose March it stands for."""
    published = store.observations("dsg_deficit_published", ENGLAND).dropna(subset="value")
    newest = published.sort_values("period").iloc[-1]
    return float(newest["value"]), first_year(str(newest["period"]))
