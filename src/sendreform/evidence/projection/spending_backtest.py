"""How good a projection of spending would have been, over the few years that outturn tells."""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from sendreform.evidence.projection import (
    backtest,
    benchmarks,
    cost_growth,
    money,
    scores,
    settings,
    settings_backtest,
)
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.series import of
from sendreform.periods import first_year

#: Spending of three years must be known, and is first published for 2017-18.
ORIGINS = range(2021, 2025)

#: The benchmarks that three years are enough for.
SIMPLE = {
    "Last year's growth": benchmarks.last_growth,
    "Linear drift": benchmarks.linear_drift,
}

#: The prices of these years have come, so nothing is assumed of them.
_NONE = (0.0, 0.0)

_CHOSEN = {backtest.OURS: cost_growth.CHOSEN}


def scored(
    history: History,
    figures: Callable[[str], pd.DataFrame],
    origins: Iterable[int] = ORIGINS,
    *,
    rules: Mapping[str, str] = _CHOSEN,
    until: int = backtest.HELD_OUT - 1,
    beside: bool = True,
) -> pd.DataFrame:
    """Project spending from each January as the page does: plans in each setting, times costs.

    When the plans of a January are published, the outturn of the financial year before the current
    one is known. Three things are known later than they could have been: the cost of a place of
    each kind, whose years were published together; general prices, which are those that came; and
    revisions. The funding of places is left out, as outturn leaves it out.

    Parameters
    ----------
    history
        Of England.
    figures
        Gives the observations of a measure for England.
    rules
        By which the cost of a place is expected to grow, of :data:`cost_growth.RULES`; each under
        the name of a method.
    until
        The last year that is scored, by its end.
    beside
        Whether the benchmarks are scored as well.

    Returns
    -------
    As :func:`sendreform.evidence.projection.backtest.scored`; ``year`` is that of the end of the
    financial year, ``horizon`` counts from the January.
    """
    outturn = of(figures("high_needs_spending_outturn")).dropna(subset="value")
    spent = outturn.set_index(_ends(outturn))["value"]
    rows = []
    for origin in origins:
        made = _draws(history, figures, origin, rules)
        if beside:
            known = spent.loc[: origin - 1].to_numpy()
            # The financial year that ends after the January is the first that is not known.
            ahead = max(backtest.HORIZONS) + 1
            simple = {name: make(known, ahead)[np.newaxis, 1:] for name, make in SIMPLE.items()}
            made |= simple | {benchmarks.MEAN: np.mean(list(simple.values()), axis=0)}
        rows += [
            {"method": method, "origin": origin, "horizon": ahead, "year": origin + ahead}
            | backtest.score(draws[:, ahead - 1], float(spent[origin + ahead]))
            for ahead in backtest.HORIZONS
            if origin + ahead in spent.index and origin + ahead <= until
            for method, draws in made.items()
        ]
    return pd.DataFrame(rows)


def choice(history: History, figures: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Score each rule of what a place costs.

    Returns
    -------
    DataFrame with ``method`` (a name of :data:`cost_growth.RULES`) and the columns of
    :func:`scores.summary`; the lowest CRPS comes first.
    """
    tried = scored(history, figures, rules={rule: rule for rule in cost_growth.RULES}, beside=False)
    return scores.summary(tried, ["method"]).sort_values("crps", ignore_index=True)


def _draws(
    history: History,
    figures: Callable[[str], pd.DataFrame],
    origin: int,
    rules: Mapping[str, str],
) -> dict[str, Numbers]:
    """Return draws of spending in cash by method: axes draw, year after the January."""
    plans, new = figures("ehc_plans"), figures("new_ehc_plans")
    by_setting = settings.latest_by_setting(plans).loc[:origin]
    outturn, unit_costs = (
        table[_ends(table) < origin]
        for table in map(figures, ("high_needs_spending_outturn", "placement_unit_cost"))
    )
    shifts = settings.fitted_without_ages(
        by_setting, plans, new, fit(history, origin).held, history.known_at(origin)
    )
    followed = settings_backtest.followed(history, shifts, origin)
    years = [origin + ahead for ahead in backtest.HORIZONS]
    made = {}
    for method, rule in rules.items():
        assumed = money.prices(
            by_setting,
            outturn,
            None,
            unit_costs,
            figures("gdp_deflator"),
            figures("high_needs_funding"),
            price_growth=_NONE,
            funding_growth=_NONE,
            rule=rule,
        )
        rng = np.random.default_rng([backtest.SEED, origin, 2])
        made[method] = money.bill(followed, years, assumed, rng).cash
    return made


def _ends(figures: pd.DataFrame) -> pd.Series:
    return figures["period"].map(first_year) + 1
