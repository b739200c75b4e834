"""What plans to come cost on the page "The cost of delay", and what each year of waiting adds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Unpack

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay.accounts import OUTTURN, prices_of
from sendreform.book.delay.place import Place, project_place, scenarios_of
from sendreform.book.delay.plans import about, bands, none_for
from sendreform.book.essential.shared import said
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import number
from sendreform.charts import Caption, Figure, fan, intervals, line_over_time
from sendreform.evidence.projection import money, projecting, scores, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_EFFECT, STARTS, Scenario
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.periods import january
from sendreform.report import Report
from sendreform.store import Store

#: The example that the page works out; the reader may write others.
_EXAMPLE = "example"

NO_MONEY = (
    "Money is not projected for {place}: its spending is not published for the last year, or few "
    "hold a plan."
)


def spending_to_come(report: Report, place: Place | None) -> Figure | Markdown:
    """Draw high needs spending if nothing changes, in cash."""
    if place is None:
        return none_for(report)
    if place.bill is None:
        return Markdown(NO_MONEY.format(place=report.place))
    shown = by_financial_year(place.bill.cash, place.bill.years)
    last = shown.iloc[-1]
    low, high = (number(last[f"{end}_80"], "pounds") for end in ("low", "high"))
    return fan_of_money(
        shown,
        "Projected spending",
        id="spending-projected",
        title=f"High needs spending in {report.place}: {low} to {high} in {last['period']} if "
        "nothing changes",
        subtitle=f"High needs spending with the funding of places, cash, {report.name}; ranges "
        "hold that share of simulated futures",
        alt=f"Fan chart. Spending grows from {number(shown['median'].iloc[0], 'pounds')} "
        f"in {shown['period'].iloc[0]} to {number(last['median'], 'pounds')} in {last['period']}, "
        "the middle future.",
        note="The plans of each January, times what a place costs in each setting, times prices. "
        "It also holds support for children without a plan, in proportion.",
        **source_of(report.store, OUTTURN, "placement_unit_cost", "gdp_deflator"),
    )


def fan_of_money(shown: pd.DataFrame, series: str, **caption: Unpack[Caption]) -> Figure:
    """Draw pounds by financial year, with their ranges."""
    return fan(
        pd.DataFrame({"period": shown["period"], "series": series, "value": shown["median"]}),
        bands(shown, "financial_year"),
        kind="financial_year",
        unit="pounds",
        **caption,
    )


def example(report: Report) -> Scenario:
    """Return the scenario whose delay the page works out."""
    return scenarios_of(report.store)[_EXAMPLE]


def example_in_words(report: Report) -> HTML:
    """Return what the example assumes: each effect with its range, and what is known of it."""
    scenario = example(report)
    rows = [
        [words, effect(scenario, name), _NO_EVIDENCE]
        for name, words in EFFECT_WORDS.items()
        if getattr(scenario, name) != NO_EFFECT
    ]
    return table_in_frame(
        id="example",
        title="What the example assumes",
        subtitle=f"Effects in full, {scenario.phase_in} years after the reform begins; every "
        "value between the ends is as likely",
        heads=("Effect", "Low to high end", "Evidence for the size"),
        words=(0, 1, 2),
        rows=rows,
        note="These are sizes to show what a year is worth. They say nothing of what any reform "
        "would bring.",
        source={
            "source": "Our assumptions, in data/argument/scenarios.yml",
            "source_url": "../book/for_analysts.html",
        },
    )


#: Each effect in words.
EFFECT_WORDS = {
    "fewer_new_plans": "Fewer new plans, through earlier support",
    "more_in_mainstream": "New plans in mainstream schools that would name a special school",
    "fewer_independent": "Places in state special schools instead of independent ones",
    "slower_unit_costs": "Slower growth in the cost of a place",
}

_NO_EVIDENCE = "Ours; no causal evidence found"


def effect(scenario: Scenario, name: str) -> str:
    """Write the low and the high end of an effect with its unit."""
    low, high = getattr(scenario, name)
    unit = " points a year" if name == "slower_unit_costs" else "%"
    return f"{low:g} to {high:g}{unit}"


def with_and_without(report: Report, place: Place | None, scenario: Scenario) -> Figure | Markdown:
    """Draw the middle of plans to come without a reform and with one."""
    reformed = project_place(report, scenario)
    if place is None or reformed is None:
        return none_for(report)
    lines = {"No reform": place, f"The example, from {scenario.start}": reformed}
    middles = {name: np.median(one.plans, axis=0) for name, one in lines.items()}
    ends = [about(float(middle[-1])) for middle in middles.values()]
    last = place.years[-1]
    return line_over_time(
        pd.concat(
            [
                pd.DataFrame(
                    {
                        "period": [january(year) for year in place.years],
                        "series": name,
                        "value": np.rint(middle),
                    }
                )
                for name, middle in middles.items()
            ],
            ignore_index=True,
        ),
        kind="january",
        unit="plans",
        decimals=0,
        zero=True,
        breaks={},
        id="with-and-without",
        title=f"{ends[0]} EHC plans in {report.place} by January {last} without reform, {ends[1]} "
        "if it had the example’s effects",
        subtitle=f"EHC plans, {report.name}, January census, middle future",
        alt=f"Two lines from January {place.years[0]}: without reform to {ends[0]} plans, with the "
        f"example’s effects to {ends[1]}.",
        note="The ranges of both are wide and mostly shared, as what is not known is the same.",
        **source_of(report.store, "ehc_plans", "new_ehc_plans"),
    )


@dataclass(frozen=True)
class Delay:
    """What starting in one year rather than a year earlier adds, in draws.

    Attributes
    ----------
    start
        The year in which the reform begins instead.
    cash, real
        Pounds more spent to the horizon.
    by_setting, plans
        Child-years more with a plan: in each setting (axes draw, setting), and in all.
    waiting
        Child-years more spent waiting beyond 20 weeks, at least.
    """

    start: int
    cash: Numbers
    real: Numbers
    by_setting: Numbers
    plans: Numbers
    waiting: Numbers


def delays(report: Report, scenario: Scenario) -> list[Delay]:
    """Return what each year's delay of a scenario adds, from the first start to the last.

    Each draw of a later start is set against the same draw of an earlier one, so what is left is
    the delay and not chance. Empty where the place has no projection of money.
    """
    by_start = {start: project_place(report, replace(scenario, start=start)) for start in STARTS}
    made = []
    for start in STARTS[1:]:
        sooner, later = by_start[start - 1], by_start[start]
        if sooner is None or later is None or sooner.bill is None or later.bill is None:
            return []
        more = (later.plans - sooner.plans)[:, 1:].sum(axis=1)
        made.append(
            Delay(
                start=start,
                cash=(later.bill.cash - sooner.bill.cash).sum(axis=1),
                real=(later.bill.real - sooner.bill.real).sum(axis=1),
                by_setting=(later.by_setting - sooner.by_setting)[:, 1:].sum(axis=1),
                plans=more,
                waiting=(later.began - sooner.began).sum(axis=1) * years_waited(report.store),
            )
        )
    return made


def of_the_example(report: Report, made: list[Delay]) -> Delay:
    """Return the delay of the example by a year, or the last there is where it starts later."""
    start = min(example(report).start + 1, made[-1].start)
    return next(delay for delay in made if delay.start == start)


def years_waited(store: Store) -> float:
    """Return how long a child waits beyond 20 weeks at least, in years: :func:`weeks_waited`."""
    return weeks_waited(store) / _WEEKS


def weeks_waited(store: Store) -> float:
    """Return how many weeks a child waits beyond 20 at least, averaged over England's new plans.

    The mean wait less 20 weeks: those served sooner count against it, so the wait beyond 20 weeks
    of those who wait longer is at least as much.
    """
    weeks = of(store.observations("average_weeks_to_issue", ENGLAND)).dropna(subset="value")
    return max(float(weeks["value"].iloc[-1]) - _STATUTORY_WEEKS, 0.0)


_STATUTORY_WEEKS, _WEEKS = 20, 52.18


def cost_of_delay(report: Report, made: list[Delay]) -> Figure | Markdown:
    """Draw what each year of waiting adds to spending, in the prices of the base year."""
    if not made:
        return Markdown(NO_MONEY.format(place=report.place))
    ends = [scores.bounds(delay.real, 80) for delay in made]
    rows = pd.DataFrame(
        {
            "label": [f"{delay.start} instead of {delay.start - 1}" for delay in made],
            "value": [float(np.median(delay.real)) for delay in made],
            "low": [float(low) for low, _ in ends],
            "high": [float(high) for _, high in ends],
        }
    )
    middle = rows["value"].to_list()
    told = of_the_example(report, made)
    low, high = (number(float(end), "pounds") for end in scores.bounds(told.real, 80))
    base = money.named_years([prices_of(report.store).base])[0]
    horizon = money.named_years([projecting.HORIZON])[0]
    return intervals(
        rows,
        unit="pounds",
        decimals=0,
        label_title="Start of reform",
        id="cost-of-delay",
        title=f"Starting in {told.start} instead of {told.start - 1} adds {low} to {high} in "
        f"{report.place} ({base} prices), if reform had the example’s effects",
        subtitle=f"More high needs spending to {horizon}, {base} prices, {report.name}; lines hold "
        "eight in ten simulated futures",
        alt=f"Dots with lines. Starting in {made[0].start} instead of a year sooner adds "
        f"{number(middle[0], 'pounds')}; the last year shown adds "
        f"{number(middle[-1], 'pounds')}.",
        note="Later delays add less only because fewer years are left to the horizon.",
        **source_of(report.store, OUTTURN, "placement_unit_cost", "gdp_deflator"),
    )


def delays_in_numbers(report: Report, made: list[Delay]) -> HTML | Markdown:
    """Return the cost of each year's delay: cash, real, and in years of children's lives."""
    if not made:
        return Markdown(NO_MONEY.format(place=report.place))
    rows = [
        [
            f"{delay.start} instead of {delay.start - 1}",
            *(_told(part, "pounds") for part in (delay.cash, delay.real)),
            *(_told(part) for part in (delay.plans, delay.waiting)),
        ]
        for delay in made
    ]
    base = money.named_years([prices_of(report.store).base])[0]
    return table_in_frame(
        id="delays",
        title="What each year of waiting adds, in money and in children’s years",
        subtitle=f"{report.name}, to January {projecting.HORIZON}; the middle future, and the "
        "range of eight in ten",
        heads=(
            "Start", "Spending, cash", f"Spending, {base} prices", "Years with a plan",
            "Years waited beyond 20 weeks, at least",
        ),
        rows=rows,
        note="A year with a plan is one child with a plan for one year. Fewer of them are only "
        "better where needs are met without one.",
        source=source_of(report.store, "ehc_plans", OUTTURN, "average_weeks_to_issue"),
    )  # fmt: skip


def delays_in_settings(report: Report, made: list[Delay]) -> HTML | Markdown:
    """Return what each year's delay adds in each setting, in years of children's lives."""
    if not made:
        return said("")
    return table_in_frame(
        id="delays-in-settings",
        title="Where those years would be spent: what each year of waiting adds in each setting",
        subtitle=f"{report.name}, years with a plan to January {projecting.HORIZON}; the middle "
        "future, and the range of eight in ten",
        heads=("Start", *settings.NAMES),
        rows=[
            [
                f"{delay.start} instead of {delay.start - 1}",
                *(_told(delay.by_setting[:, at]) for at in range(len(settings.NAMES))),
            ]
            for delay in made
        ],
        note="Below nought: fewer years there, as the example moves children to that setting.",
        source=source_of(report.store, "ehc_plans", "new_ehc_plans"),
    )


def scenarios_side_by_side(report: Report) -> HTML | Markdown:
    """Return plans, spending and child-years at the horizon under each of the scenarios."""
    none = project_place(report)
    if none is None:
        return none_for(report)
    if none.bill is None:
        return Markdown(NO_MONEY.format(place=report.place))
    every: Mapping[str, Scenario] = scenarios_of(report.store)
    rows = [_beside(none, none), *(
        _beside(made, none)
        for scenario in every.values()
        for made in [project_place(report, scenario)]
        if made is not None
    )]  # fmt: skip
    last = money.named_years([projecting.HORIZON])[0]
    return table_in_frame(
        id="scenarios",
        title="The scenarios side by side",
        subtitle=f"{report.name}; the middle future, and the range of eight in ten",
        heads=(
            "Scenario", "Start", f"Plans, January {projecting.HORIZON}",
            f"Spending in {last}, cash", "Less spent than without reform, to then, cash",
        ),
        rows=rows,
        note="No claim is made that a reform has these effects: they are for the reader to change.",
        source=source_of(report.store, "ehc_plans", OUTTURN, "placement_unit_cost"),
    )  # fmt: skip


def _beside(place: Place, none: Place) -> list[str]:
    assert place.bill is not None and none.bill is not None
    less = (none.bill.cash - place.bill.cash).sum(axis=1)
    return [
        place.scenario.name,
        str(place.scenario.start or "–"),
        _told(place.plans[:, -1]),
        _told(place.bill.cash[:, -1], "pounds"),
        _told(less, "pounds") if place.scenario.start else "–",
    ]


def _told(draws: Numbers, unit: str = "") -> str:
    low, high = scores.bounds(draws, 80)
    middle, *ends = (
        str(number(value, unit)) if unit else about(value)
        for value in (float(np.median(draws)), float(low), float(high))
    )
    return f"{middle} ({' to '.join(ends)})"


def by_financial_year(draws: Numbers, years: list[int]) -> pd.DataFrame:
    """Return the middle and the ranges of draws of money, by financial year."""
    # No projection is known to the pound: hundreds of thousands are close enough for any chart.
    shown = projecting.ranges(draws, years).set_index("year").round(-5).reset_index()
    return shown.assign(period=money.named_years(years))


def source_of(store: Store, *measures: str) -> dict[str, str]:
    titles = [store.record(name)["title"] for name in measures]
    return {
        "source": "; ".join(titles),
        "source_url": "../book/data_and_sources.html",
    }
