"""What the projection assumes on the page "The cost of delay", and how much depends on each."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import accounts, making
from sendreform.book.delay.accounts import prices_of
from sendreform.book.delay.costs import (
    EFFECT_WORDS,
    delays,
    effect,
    example,
    of_the_example,
    source_of,
    weeks_waited,
)
from sendreform.book.delay.place import Place
from sendreform.book.delay.plans import about
from sendreform.book.essential.shared import said
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import number
from sendreform.charts import Figure, intervals
from sendreform.evidence.projection import cost_growth, projecting, scores, sensitivity, settings
from sendreform.evidence.projection import money as money_model
from sendreform.evidence.projection.councils import CARRIED_OVER
from sendreform.evidence.projection.fitting import Parameters, fit
from sendreform.evidence.projection.scenarios import Range
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report

_LOG_TITLES = ("ehc_plans", "new_ehc_plans", "ehc_plan_requests", "population_projection")


def assumed_of_england(report: Report) -> Parameters:
    """Return what England's projection assumes."""
    given = making.inputs_of(report.store)
    return fit(given.history.of_area(ENGLAND), given.origin)


def assumptions_log(report: Report) -> HTML:
    """Return every assumption with its range, its source, its quality and its impact.

    Quality and impact are rated as the AQuA Book asks: high, medium or low.
    """
    assumed, given = assumed_of_england(report), making.inputs_of(report.store)
    money = prices_of(report.store)
    spread = 100 * assumed.entry_spread
    leave = 100 * float((assumed.held * assumed.leaving).sum() / assumed.held.sum())
    at_18, at_21 = (100 * float(assumed.leaving[age]) for age in (18, 21))
    children = 100 * assumed.children_spread
    moving = given.settings
    costs = dict(zip(settings.NAMES, money.unit_costs, strict=True))
    ahead = projecting.HORIZON - given.origin - 1
    rows = [
        [
            "New plans in the first year",
            f"{number(assumed.began)}; a year’s change strays by {spread:.0f}%",
            "The mean of what plans held and what requests lead to expect, from ratios of "
            f"{assumed.averaged} years",
            "High", "High",
        ],
        *_stages_in_the_log(assumed),
        [
            "Growth in plans that carries over to new plans",
            f"{_carried(assumed, 1)} of it after one year, fading to {_carried(assumed, ahead)} "
            f"after {ahead}",
            "Not told apart by the backtest; every value is as likely", "Low", "High",
        ],
        [
            "Plans that leave in a year",
            f"{leave:.1f}% in all, such as {at_18:.0f}% at 18 and {at_21:.0f}% at 21; strays by "
            f"{100 * assumed.leaving_spread:.0f}% of that",
            "How many plans end at each age for each reason, as councils returned it for the last "
            "year, brought to what the counts of plans lost; those counts also hold corrections",
            "Medium", "High",
        ],
        [
            "Plans that end at 20 and over",
            "The same share at each age for each reason; those who reach the highest age, the "
            "oldest",
            "Published as one group", "Low", "Low",
        ],
        [
            "Ages of new plans", "As in the last year with ages on this basis",
            "New plans by age", "Medium", "Low",
        ],
        [
            "Children and young people",
            f"As projected; growth a year is up to {sensitivity.REACH * children:.1f} points less "
            "or more, in eight of ten futures",
            "Office for National Statistics, principal projection, and how growth in children aged "
            f"0 to 17 has varied since 2012. {_ahead_of_projection(given)} No backtest reaches it "
            "yet",
            "Medium", "Medium",
        ],
        [
            "Moves between settings",
            "At each age, between those of the last year and of the year before; every mix is as "
            "likely",
            "Plans by age and setting of three Januaries: too few to see a trend in",
            "Low", "Medium",
        ],
        [
            "Independent schools’ part of special schools",
            f"{100 * moving.independent:.1f}% now; its odds grow by {100 * moving.drift:.0f}% a "
            f"year, and stray by {100 * moving.spread:.0f}%",
            "Plans by setting over five years", "Medium", "High",
        ],
        [
            "A council’s own pace",
            f"{100 * CARRIED_OVER:.0f}% of its distance from England is left a year later",
            "The best of five values in the backtest of councils", "Medium", "Medium",
        ],
        [
            "Cost of a place",
            f"Independent or non-maintained special {number(costs[settings.INMSS], 'pounds')}, "
            f"state special {number(costs[settings.STATE_SPECIAL], 'pounds')}, any other "
            f"{number(costs[settings.MAINSTREAM], 'pounds')}",
            "The Department’s figures; what is left of spending is divided by all other plans",
            "Medium", "High",
        ],
        [
            "Funding of places, within that cost",
            f"As planned for {money_model.PLACES_IN}, unraised; a place has it by its spending",
            "Department for Education; outturn leaves it out", "Medium", "Medium",
        ],
        [
            "Support for children without a plan, within that cost",
            "Grows with the number of plans, as all spending does; so the example’s earlier "
            "support makes it smaller too",
            f"{_without_a_plan(report)} A reform that supports sooner would more likely "
            "spend more on it", "Low", "High for earlier support",
        ],
        [
            "Waiting for a plan",
            f"{weeks_waited(report.store):.1f} weeks beyond the legal limit on average, "
            "everywhere and in every year",
            "Average weeks to issue a plan in England, last year", "Low", "High for waiting",
        ],
        [
            "Growth of that cost above prices",
            f"{100 * np.expm1(money.real_growth.mean):.1f}% a year expected; from one year to the "
            f"next it strays by {100 * money.real_growth.spread:.1f} points, so that over the "
            f"years to {projecting.HORIZON} it lies between "
            f"{_ends(money.real_growth.within(projecting.HORIZON - money.base))} a year",
            "Between no growth and that of places in state special schools, which the test of "
            "spending does not tell apart; strays as spending for the same places has so far, but "
            f"by no more than {100 * cost_growth.MOST:.0f}% in a year",
            "Medium", "High",
        ],
        [
            "Prices", f"As forecast, then {_ends(money.price_growth)} a year",
            "Office for Budget Responsibility; then an assumption", "Medium", "Medium",
        ],
        [
            "Funding",
            f"As announced to {money_model.named_years([int(money.funding.index.max())])[0]}, then "
            f"{_ends(money.funding_growth)} a year above prices",
            "Department for Education; then from what the National Audit Office took to about two "
            "thirds of the growth so far. A teachers’ union’s sum for the next year is on a basis "
            "of its own and not used", "Low", "High for deficits",
        ],
        [
            "A council’s part of that funding",
            "As last allocated; strays as councils’ parts did in the three years before",
            "High needs block of each council", "Medium", "High for councils’ deficits",
        ],
        [
            "Where deficits start",
            f"England {number(accounts.base_of_england(report.store).pounds, 'pounds')}; a council "
            "what it reported",
            "An estimate for England; councils’ own returns. Not on one basis",
            "Low", "High for deficits",
        ],
    ]  # fmt: skip
    scenario = example(report)
    rows += [
        [
            "What an effect is measured against",
            "New plans, places and costs as they would be in that year without the reform; fewer "
            "new plans do not slow those that come later",
            "Ours: so that a tenth fewer is a tenth fewer in every year", "Low",
            "High for the cost of delay",
        ],
        [
            "How a reform begins", "In even steps, until its effects are full",
            "Ours; reforms often start unevenly", "Low", "Medium for the cost of delay",
        ],
    ]  # fmt: skip
    rows += [
        [
            f"Example: {words[:1].lower()}{words[1:]}",
            f"{effect(scenario, name)}, phased in over {scenario.phase_in} years",
            "Ours; no causal evidence found", "Low", "High for the cost of delay",
        ]
        for name, words in EFFECT_WORDS.items()
    ]  # fmt: skip
    return table_in_frame(
        id="assumptions",
        title="Every assumption, where it comes from, and how much rests on it",
        subtitle="England; ranges are those that simulated futures are drawn from",
        heads=("Assumption", "Value and range", "Source", "Quality", "Impact"),
        words=(0, 1, 2, 3, 4),
        rows=rows,
        note="Quality: high where counts of many years agree, low where it is a judgement. Impact: "
        "by the charts below; where an assumption is in none of them, our judgement.",
        source=source_of(
            report.store, *_LOG_TITLES, "placement_unit_cost", "gdp_deflator", "high_needs_funding"
        ),
    )


def what_matters(report: Report) -> Figure:
    """Draw plans at the end with each assumption at either end of its range, the others still."""
    assumed = assumed_of_england(report)
    years = projecting.HORIZON - assumed.origin
    table = sensitivity.one_at_a_time(assumed, years)
    top = table.iloc[0].to_dict()
    low, high = (about(float(top[name])) for name in ("plans_low", "plans_high"))
    return intervals(
        pd.DataFrame(
            {
                "label": table["assumption"],
                "value": table["value"],
                "low": table["plans_low"],
                "high": table["plans_high"],
            }
        ),
        unit="plans",
        decimals=0,
        label_title="Assumption",
        id="what-matters",
        title=f"{top['assumption']}: from {low} to {high} by January {projecting.HORIZON}, at its "
        "low or high end",
        subtitle=f"EHC plans in England, January {projecting.HORIZON}, with one assumption at the "
        "ends of the range of eight in ten, the others in the middle",
        alt=f"Dots with lines, from the assumption that matters most: {top['assumption']!s}, "
        f"{low} to {high} plans.",
        note="Requests and the share assessed have moved against each other: their ends do not "
        f"add up. With nothing drawn by lot {about(float(top['value']))} come out, which is not "
        "quite the middle of all simulated futures.",
        **source_of(report.store, *_LOG_TITLES),
    )


def what_matters_for_spending(report: Report, england: Place | None) -> Figure | HTML | Markdown:
    """Draw England's spending at the end with each assumption at either end of its range."""
    last = money_model.named_years([projecting.HORIZON])[0]
    return _what_matters_for(
        report,
        england,
        lambda bill: float(bill.cash[0, -1]),
        id="what-matters-for-spending",
        what=f"a year by {last}",
        subtitle=f"High needs spending in England in {last}, cash",
        measures=("ehc_plans", "placement_unit_cost", "gdp_deflator"),
    )


def what_matters_for_deficits(report: Report, england: Place | None) -> Figure | HTML | Markdown:
    """Draw England's deficit at the end with each assumption at either end of its range."""
    base = accounts.base_of_england(report.store)
    last = money_model.named_years([projecting.HORIZON])[0]
    return _what_matters_for(
        report,
        england,
        lambda bill: float(money_model.deficits(bill, base.pounds, base.year)[0, -1]),
        id="what-matters-for-deficits",
        what=f"added up by the end of {last}",
        subtitle=f"What is spent beyond funding in England, added up to {last}, cash",
        measures=("ehc_plans", "placement_unit_cost", "high_needs_funding"),
    )


def what_matters_for_delay(report: Report, england: Place | None) -> Figure | HTML | Markdown:
    """Draw what a year's delay of the example adds in England, by what each draw assumed."""
    if england is None or england.bill is None:
        return said("")
    scenario = example(report)
    delay = of_the_example(report, delays(report.for_england, scenario))
    effects = making.projection_of(report.store, scenario).effects
    dearer = england.bill.since(england.origin).real / (
        england.by_setting @ prices_of(report.store).unit_costs
    )
    table = sensitivity.of_draws(
        delay.real,
        {
            EFFECT_WORDS["fewer_new_plans"]: -effects.entries[:, -1],
            EFFECT_WORDS["more_in_mainstream"]: effects.to_mainstream[:, -1],
            EFFECT_WORDS["fewer_independent"]: effects.to_state[:, -1],
            EFFECT_WORDS["slower_unit_costs"]: -effects.unit_costs[:, -1],
            "How many plans there would be without reform": england.plans[:, -1],
            sensitivity.COSTS: dearer[:, -1],
        },
    )
    top = table.iloc[0].to_dict()
    low, high = (number(float(top[name]), "pounds") for name in ("low", "high"))
    base = money_model.named_years([prices_of(report.store).base])[0]
    return intervals(
        table.rename(columns={"assumption": "label"}),
        unit="pounds",
        decimals=0,
        label_title="Assumption",
        id="what-matters-for-delay",
        title=f"{top['assumption']}: from {low} to {high} for a year of delay",
        subtitle=f"More high needs spending in England if the example starts in {delay.start} and "
        f"not in {delay.start - 1}, {base} prices; the middle of the tenth of simulated futures "
        "with least of each, and of the tenth with most",
        alt=f"Dots with lines, from the assumption that matters most: {top['assumption']!s}, {low} "
        f"to {high}.",
        note="The effects are assumed, and nothing is known of their size: the chart says what the "
        "answer rests on, and not what a reform would do.",
        **source_of(report.store, "ehc_plans", "placement_unit_cost", "gdp_deflator"),
    )


def _what_matters_for(
    report: Report,
    england: Place | None,
    result: Callable[[money_model.Bill], float],
    *,
    id: str,
    what: str,
    subtitle: str,
    measures: tuple[str, ...],
) -> Figure | HTML | Markdown:
    if england is None:
        return said("")
    low, high = scores.bounds(england.plans, 80)
    middle = np.median(england.by_setting, axis=0)
    ends = [middle * (end / middle.sum(axis=1))[:, np.newaxis] for end in (low, high)]
    inmss, state = (settings.NAMES.index(name) for name in (settings.INMSS, settings.STATE_SPECIAL))
    shifted = []
    for end in scores.bounds(england.by_setting[..., inmss] / england.plans, 80):
        moved = middle.copy()
        moved[:, inmss] = end * middle.sum(axis=1)
        moved[:, state] -= moved[:, inmss] - middle[:, inmss]
        shifted.append(moved)
    table = sensitivity.of_money(
        middle,
        england.years,
        prices_of(report.store),
        {
            "How many plans": np.array(ends),
            "How many in independent special schools": np.array(shifted),
        },
        result,
    )
    top = table.iloc[0].to_dict()
    least, most = (number(float(top[name]), "pounds") for name in ("low", "high"))
    return intervals(
        table.rename(columns={"assumption": "label"}),
        unit="pounds",
        decimals=0,
        label_title="Assumption",
        id=id,
        title=f"{top['assumption']}: from {least} to {most} {what}",
        subtitle=f"{subtitle}, with one assumption at the ends of its range, the others in the "
        "middle",
        alt=f"Dots with lines, from the assumption that matters most: {top['assumption']!s}, "
        f"{least} to {most}.",
        note="For plans, independent schools and costs, the ends hold eight in ten simulated "
        "futures; for prices and funding, every value between the ends is as likely.",
        **source_of(report.store, *measures),
    )


def _stages_in_the_log(assumed: Parameters) -> list[list[str]]:
    """Return what new plans of the first year are made of, where requests and assessments tell."""
    made_of = assumed.stages
    if made_of is None:
        return []
    requests = assumed.began / (made_of.assessed * made_of.issued)
    strays = [f"{100 * spread:.0f}%" for spread in made_of.spread]
    averaged = f"Mean of {assumed.averaged} years"
    return [
        [
            "Requests they come from",
            f"{about(requests)}; a year’s change, for each plan held, strays by {strays[0]}",
            "New plans by the two shares below", "High", "High",
        ],
        [
            "Share of requests assessed",
            f"{100 * made_of.assessed:.0f}%; a year’s change strays by {strays[1]} of that",
            averaged, "High", "High",
        ],
        [
            "Share of assessments that end with a plan",
            f"{100 * made_of.issued:.0f}%; a year’s change strays by {strays[2]} of that",
            averaged, "High", "Low",
        ],
    ]  # fmt: skip


def _carried(assumed: Parameters, years: int) -> str:
    """Say how much of growth carries over after some years, from end to end."""
    ends = (assumed.damping - assumed.damping_spread, assumed.damping + assumed.damping_spread)
    return " to ".join(f"{100 * end**years:.0f}%" for end in ends)


def _ahead_of_projection(given: projecting.Inputs) -> str:
    """Say how the newest estimate of children compares with the projection for the same year."""
    counted = given.history.children_counted
    year = int(counted.index[-1])
    projected = float(given.history.children.loc[[year], :17].to_numpy().sum())
    off = 100 * (float(counted.iloc[-1]) / projected - 1)
    return (
        f"The estimate for mid-{year} is {abs(off):.1f}% {'above' if off > 0 else 'below'} the "
        "projection."
    )


def _without_a_plan(report: Report) -> str:
    """Say how much of high needs spending was for services that need no plan."""
    spent = report.store.observations("high_needs_outturn_by_category", ENGLAND)
    newest = spent[spent["period"] == spent["period"].max()].set_index("breakdown")["value"]
    open_to_all = newest[[f"category:{name}" for name in _OPEN_TO_ALL]].sum()
    outturn = of(report.store.observations(accounts.OUTTURN, ENGLAND)).set_index("period")["value"]
    year = str(spent["period"].max())
    part = number(100 * float(open_to_all / outturn[year]), "per cent")
    return (
        f"In {year}, support services for SEN, alternative provision with its top-ups, and "
        f"teaching in hospital made {part} of high needs spending; "
        "some of it is for children with a plan."
    )


#: Categories of high needs spending that children without a plan have a part in.
_OPEN_TO_ALL = (
    "sen_support_services", "alternative_provision_services", "hospital_education",
    "top_ups_state_ap", "top_ups_independent_ap",
)  # fmt: skip


def _ends(given: Range) -> str:
    low, high = (f"{end:+.1f}%".replace("-", "−") for end in given)
    return f"{low} to {high}"
