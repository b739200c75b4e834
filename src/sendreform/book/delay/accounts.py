"""Money to come of each place: spending, funding, and deficits from a published base."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sendreform.book.delay import making
from sendreform.evidence.projection import council_money, money, projecting, scenario_files
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM, Scenario
from sendreform.evidence.series import at, of
from sendreform.observations import ENGLAND
from sendreform.periods import financial_year, first_year
from sendreform.report import Report
from sendreform.store import Store
from sendreform.store.reads import remembered

OUTTURN, BLOCK, BALANCE = "high_needs_spending_outturn", "high_needs_block", "dsg_balance"
PUBLISHED = "dsg_deficit_published"

#: Where chance in England's money begins, and in councils' parts of funding; the same for every
#: scenario.
MONEY_SEED, FUNDING_SEED = 5, 6


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


@remembered(32)
def bill_of_england(store: Store, scenario: Scenario) -> money.Bill:
    """Return what England's plans cost under a scenario, from the base of councils on."""
    england = making.projection_of(store, scenario)
    return money.bill(
        england.by_setting,
        england.years,
        prices_of(store),
        np.random.default_rng(MONEY_SEED),
        slower=england.effects.unit_costs,
    )


def bill_of(report: Report, scenario: Scenario) -> money.Bill | None:
    """Return what a place's plans cost: its part of England's spending, and of its funding.

    Returns
    -------
    ``None`` where few hold a plan, or a council's spending is not published for the base year.
    """
    if report.is_small:
        return None
    england = bill_of_england(report.store, scenario)
    if report.is_england:
        return england
    members = members_of(report)
    if _levels(report.store)[members].isna().any():
        return None
    part = _weights(report.store, scenario, members) / _all_weights(report.store, scenario)
    return council_money.part_of(england, part, _funding_part(report, england.years))


@dataclass(frozen=True)
class Base:
    """A published deficit that a projection starts from.

    Attributes
    ----------
    pounds
        Cash; below nought for money in hand.
    year
        The year whose 31 March it stands for.
    """

    pounds: float
    year: int


def deficit_base(report: Report) -> Base | None:
    """Return the newest published deficit of a place; a region's is the sum of its councils'.

    Returns
    -------
    ``None`` where a council's is missing, or too old to be carried on.
    """
    if report.is_england:
        return base_of_england(report.store)
    balances = of(report.store.observations(BALANCE))
    newest = str(balances["period"].max())
    own = balances[balances["period"].eq(newest)].set_index("area")["value"]
    members = _funded(report)
    year = first_year(newest)
    first = making.projection_of(report.store, NO_REFORM).years[0]
    if not members or own.reindex(members).isna().any() or year < first - 1:
        return None
    return Base(float(own[members].sum()), year)


def without_balance(report: Report) -> list[str]:
    """Return the councils of a place that have funding but no published balance, by name."""
    balances = of(report.store.observations(BALANCE)).dropna(subset="value")
    return [
        report.areas.name(council)
        for council in _funded(report)
        if council not in set(balances["area"])
    ]


def base_of_england(store: Store) -> Base:
    """Return the newest published deficit of England."""
    published = store.observations(PUBLISHED, ENGLAND).dropna(subset="value")
    newest = published.sort_values("period").iloc[-1]
    return Base(float(newest["value"]), first_year(str(newest["period"])))


def bases_added_up(store: Store) -> Base:
    """Return the sum of the balances that councils reported, where they did."""
    balances = of(store.observations(BALANCE))
    newest = str(balances["period"].max())
    return Base(
        float(balances.loc[balances["period"].eq(newest), "value"].sum()), first_year(newest)
    )


def allocated_to(store: Store) -> int:
    """Return the last year, by its end, whose high needs block is allocated to councils."""
    return int(_block(store).columns.max())


def deficit_of(bill: money.Bill | None, base: Base | None) -> tuple[Numbers, list[int]] | None:
    """Return draws of a deficit at each 31 March from its base on, and the years.

    Returns
    -------
    ``None`` where there is no base, or no spending or funding is projected.
    """
    if bill is None or base is None or np.isnan(bill.funding).any():
        return None
    years = [base.year, *(year for year in bill.years if year > base.year)]
    return money.deficits(bill, base.pounds, base.year), years


def members_of(report: Report) -> list[str]:
    """Return the councils of today that make up a place."""
    if report.level == "council":
        return [report.area]
    return report.areas.councils_in(report.area)


def _funded(report: Report) -> list[str]:
    """Return the councils of a place that are allocated a high needs block."""
    block = _block(report.store)
    return [council for council in members_of(report) if council in block.index]


@remembered(2)
def _base_plans(store: Store, january: int) -> pd.DataFrame:
    """Return councils' plans by setting in a January: a row each, with England's where unknown."""
    given = making.inputs_of(store)
    england = np.asarray(given.by_setting.loc[(ENGLAND, january)], dtype="float64")
    made = {
        council: projecting.make_up(given, council, england, january) for council in given.councils
    }
    shares = pd.DataFrame.from_dict(made, orient="index")
    plans = given.history.held.loc[shares.index, january]
    return shares.div(shares.sum(axis="columns"), axis="index").mul(plans, axis="index")


@remembered(2)
def _levels(store: Store) -> pd.Series:
    """Return what a place costs in each council relative to England; missing without spending."""
    assumed, given = prices_of(store), making.inputs_of(store)
    plans = _base_plans(store, assumed.base)
    spent = of(store.observations(OUTTURN))
    last = spent[spent["period"].eq(financial_year(assumed.base - 1))]
    own = last.set_index("area")["value"].reindex(plans.index)
    level = council_money.levels(
        plans.to_numpy(),
        own.where(own > 0).to_numpy(),
        np.asarray(given.by_setting.loc[(ENGLAND, assumed.base)], dtype="float64"),
        at(last[last["area"] == ENGLAND], financial_year(assumed.base - 1)),
        assumed.unit_costs,
    )
    return pd.Series(level, index=plans.index)


@remembered(32)
def _all_weights(store: Store, scenario: Scenario) -> Numbers:
    return _weights(store, scenario, making.inputs_of(store).councils)


def _weights(store: Store, scenario: Scenario, councils: Sequence[str]) -> Numbers:
    """Return what the plans of councils together would cost at the costs of the base year."""
    england, drawn = making.projection_of(store, scenario), making.councils_under(store, scenario)
    chosen = list(councils)
    return np.asarray(
        council_money.weights(
            np.stack([drawn[council] for council in chosen]),
            _base_plans(store, england.years[0]).loc[chosen].to_numpy(),
            england.by_setting,
            prices_of(store).unit_costs,
            _levels(store)[chosen].to_numpy(),
        ).sum(axis=0)
    )


@remembered(2)
def _block(store: Store) -> pd.DataFrame:
    """Return the high needs block of the councils of today, by the year in which it ends."""
    block = of(store.observations(BLOCK)).assign(
        end=lambda rows: rows["period"].map(first_year) + 1
    )
    by_year = block.pivot(index="area", columns="end", values="value")
    return by_year.reindex(making.councils_of(store)).dropna(subset=[by_year.columns.max()])


@remembered(2)
def _funding_parts(store: Store) -> Numbers:
    block = _block(store)
    return council_money.funding_parts(
        block,
        making.DRAWS,
        projecting.HORIZON - int(block.columns.max()),
        np.random.default_rng(FUNDING_SEED),
    )


def _funding_part(report: Report, years: list[int]) -> Numbers:
    """Return draws of a place's part of England's funding; missing where none is allocated."""
    block, members = _block(report.store), _funded(report)
    if not members:
        return np.full((making.DRAWS, len(years)), np.nan)
    own = _funding_parts(report.store)[block.index.get_indexer(pd.Index(members))].sum(axis=0)
    return np.asarray(own[:, years[0] - int(block.columns.max()) - 1 :])
