"""What the page of a place tells: the measures, their words, and how chance bears on each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from sendreform.book.narrowing import of_england
from sendreform.book.places import ON_TIME, SERIES, Series, everywhere, of_measure
from sendreform.book.words import by_per_cent, number
from sendreform.evidence.standing import Basis, standard_errors
from sendreform.periods import label
from sendreform.report import Report
from sendreform.store.reads import remembered

Theme = Literal["need", "placements", "process", "disputes", "outcomes", "money"]
#: The findings of the report that a place is held against, as headings of its page.
THEMES: Mapping[Theme, str] = {
    "need": "Need",
    "placements": "Placements",
    "process": "Process",
    "disputes": "Disputes",
    "outcomes": "Outcomes",
    "money": "Money",
}
PLANS, REQUESTS = "ehc_plans", "ehc_plan_requests"
REFUSED = "ehc_plan_requests_refused_share"
SUPPORT = "pupils_with_sen_support_share"
#: Of all new plans, those to which an exception of the law applies among them.
ALL_ON_TIME = "ehc_plans_in_20_weeks_share"


@dataclass(frozen=True)
class Later:
    """A broader measure that some places have for a newer period, and how a sentence tells it.

    ``words`` writes its figure; ``says`` has places for ``{value}`` and ``{period}``.
    """

    measure: str
    says: str
    words: Callable[[float], str]


@dataclass(frozen=True)
class Measure:
    """One measure of a place's page.

    Attributes
    ----------
    theme
        The section in which it stands.
    short
        Its name in the table at the head of the page and in lists.
    says
        How a sentence tells its newest figure: ``{value}``, ``{place}``, ``{period}``,
        ``{prices}``, and for growth ``{since}``.
    series
        Its figures, for all places.
    basis, size
        How chance bears on a figure, and the numbers behind the figures (``area``, ``period``,
        ``value``); without them no rank is told, and ``unranked`` says why.
    measures
        The measures of ``data/`` behind it, for its source.
    phrase
        How a sentence writes the figure, where a number and its sign are not enough.
    alone
        How the figure is written where it stands by itself, such as one of another place.
    later
        A broader measure, told where a place has it for a newer period.
    drawn
        Whether it has a chart.
    """

    theme: Theme
    short: str
    says: str
    series: Callable[[Report], Series]
    measures: tuple[str, ...]
    basis: Basis | None = None
    size: Callable[[Report], pd.DataFrame] | None = None
    unranked: str = ""
    phrase: Callable[[float], str] | None = None
    alone: Callable[[float], str] | None = None
    later: Later | None = None
    drawn: bool = True


def _priced(series: Series, report: Report) -> Series:
    return replace(
        series,
        unit=series.unit.replace("(cash)", f"({report.price_words})"),
        figures=report.priced(series.figures.dropna(subset="value")),
    )


def _size_of(measure: str) -> Callable[[Report], pd.DataFrame]:
    return lambda report: everywhere(report, measure)


def _plans_in_january_of_year(report: Report) -> pd.DataFrame:
    """Return the plans of January, by the calendar year that begins with it."""
    plans = everywhere(report, PLANS)
    return plans.assign(period=plans["period"].str[:4])


def first_january(report: Report) -> str:
    """Return the first January of the report that England's plans are known for."""
    return _first_january(of_england(report))


@remembered(None)
def _first_january(england: Report) -> str:
    return str(england.figures(PLANS).dropna(subset="value")["period"].min())


def _growth_since_baseline(report: Report) -> Series:
    """Return by how much plans grew from the first January that most places have a figure for."""
    plans, first = everywhere(report, PLANS).dropna(subset="value"), first_january(report)
    start = plans[plans["period"] == first].set_index("area")["value"]
    grown = 100 * (plans["value"] / plans["area"].map(start.where(start > 0)) - 1)
    return Series(
        title=f"Growth of EHC plans since {label(first, 'january')}",
        unit="Per cent, January census",
        kind="january",
        figures=plans.assign(value=grown)[plans["period"] > first],
        breaks=tuple(report.record(PLANS)["breaks"]),
        decimals=0,
    )


def counted_in_figures(value: float, noun: str) -> str:
    """Write a rounded number with its noun.

    Examples
    --------
    >>> counted_in_figures(0.8, "appeal"), counted_in_figures(12.4, "appeal")
    ('1 appeal', '12 appeals')
    """
    figure = number(value)
    return f"{figure} {noun}{'' if figure == '1' else 's'}"


def _balance_in_words(value: float) -> str:
    """Say a balance as a share of the year's grant: above nought it is a deficit."""
    size = number(abs(value), "per cent", 1)
    if size == "0.0%" or not value:
        return "was in balance"
    kept = "was in deficit by" if value > 0 else "was in surplus by"
    return f"{kept} {size} of the year's grant"


def _balance_alone(value: float, unit: str = "per cent") -> str:
    """Name a balance: above nought it is a deficit.

    Examples
    --------
    >>> _balance_alone(2.26), _balance_alone(-0.84), _balance_alone(0.0)
    ('a deficit of 2.3%', 'a surplus of 0.8%', 'a balance of nought')
    """
    size = number(abs(value), unit, 1)
    if size == "0.0%" or not value:
        return "a balance of nought"
    return f"a {'deficit' if value > 0 else 'surplus'} of {size}"


def _pounds_alone(value: float) -> str:
    return _balance_alone(value, "pounds")


_BY_CHANCE_UNKNOWN = (
    "How many pupils stand behind each figure is not in our files, so no rank is given."
)
_NO_SAMPLE = "Grants and balances are sums of money and no sample, so no rank is given."

#: In the order of the page.
MEASURES: Mapping[str, Measure] = {
    "pupils-with-plan": Measure(
        "need",
        "Pupils with an EHC plan",
        "{value} of pupils at schools in {place} had an EHC plan in {period}",
        SERIES["share_with_plan"],
        ("pupils_with_ehc_plan_share",),
        basis="share",
        size=_size_of("pupils"),
    ),
    "sen-support": Measure(
        "need",
        "Pupils with SEN support",
        "{value} of pupils at schools in {place} had SEN support in {period}",
        lambda report: of_measure(report, SUPPORT, "Pupils with SEN support"),
        (SUPPORT,),
        basis="share",
        size=_size_of("pupils"),
        drawn=False,
    ),
    "growth": Measure(
        "need",
        "Growth of EHC plans",
        "From {since} to {period} the number of EHC plans in {place} {value}",
        _growth_since_baseline,
        (PLANS,),
        basis="growth",
        size=_size_of(PLANS),
        phrase=lambda value: by_per_cent(value, ("grew", "shrank")) or "",
        drawn=False,
    ),
    "mainstream": Measure(
        "placements",
        "Plans naming a mainstream school",
        "{value} of EHC plans in {place} named a mainstream school in {period}",
        SERIES["mainstream"],
        (PLANS,),
        basis="share",
        size=_size_of(PLANS),
    ),
    "inmss": Measure(
        "placements",
        "Plans naming an INMSS",
        "{value} of EHC plans in {place} named an independent or non-maintained special school "
        "(INMSS) in {period}",
        SERIES["inmss"],
        (PLANS,),
        basis="share",
        size=_size_of(PLANS),
    ),
    "on-time": Measure(
        "process",
        "New plans within 20 weeks",
        "{value} of new EHC plans in {place} were issued within 20 weeks in {period}, leaving out "
        "exceptions that the law allows",
        SERIES["on_time"],
        (ON_TIME,),
        basis="share",
        size=_size_of("ehc_plans_timed_excluding_exceptions"),
        later=Later(
            ALL_ON_TIME,
            "With exceptions counted as well, {value} of new plans came within 20 weeks in "
            "{period}",
            lambda value: number(value, "per cent", 1) or "",
        ),
    ),
    "refused": Measure(
        "process",
        "Requests for assessment refused",
        "{value} of requests for assessment in {place} were refused in {period}",
        lambda report: of_measure(report, REFUSED, "Requests for assessment refused"),
        (REFUSED,),
        basis="share",
        size=_size_of(REQUESTS),
        drawn=False,
    ),
    "appeals": Measure(
        "disputes",
        "Appeals for every thousand plans",
        "For every thousand EHC plans in {place} families registered {value} with the SEND "
        "Tribunal in {period}",
        SERIES["appeals_for_plans"],
        ("tribunal_appeals", PLANS),
        basis="rate",
        size=_plans_in_january_of_year,
        phrase=lambda value: counted_in_figures(value, "appeal"),
    ),
    "at-11": Measure(
        "outcomes",
        "Expected standard at 11, EHC plan",
        "{value} of pupils with an EHC plan in {place} reached the expected standard in reading, "
        "writing and maths at age 11 in {period}",
        SERIES["at_11"],
        ("reading_writing_maths_at_11",),
        unranked=_BY_CHANCE_UNKNOWN,
    ),
    "at-19": Measure(
        "outcomes",
        "Level 2 with English and maths at 19",
        "{value} of those with an EHC plan at 15 in {place} held Level 2 with English and maths at "
        "19 in {period}",
        SERIES["at_19"],
        ("level_2_english_maths_at_19",),
        unranked=_BY_CHANCE_UNKNOWN,
    ),
    "funding": Measure(
        "money",
        "High needs block for each plan",
        "The high needs block of {place} came to {value} for each EHC plan in {period} ({prices})",
        lambda report: _priced(SERIES["funding"](report), report),
        ("high_needs_block", PLANS),
        unranked=_NO_SAMPLE,
    ),
    "balance": Measure(
        "money",
        "DSG deficit",
        "The dedicated schools grant (DSG) of {place} {value} at the end of {period}",
        SERIES["balance"],
        ("dsg_balance_share",),
        unranked=_NO_SAMPLE,
        phrase=_balance_in_words,
        alone=_balance_alone,
        later=Later(
            "dsg_balance",
            "By the council's own return, the balance carried forward on {period} was {value}",
            _pounds_alone,
        ),
    ),
}


@dataclass(frozen=True)
class Told:
    """A measure with its figures for every place.

    ``figures``: ``area``, ``level`` of the area, ``period``, ``value`` and ``error``, the standard
    error, which is missing where chance cannot be judged; without missing values.
    """

    name: str
    measure: Measure
    series: Series
    figures: pd.DataFrame


def told(report: Report) -> Mapping[str, Told]:
    """Return every measure of a page with its figures, by name; worked out once for all places."""
    return _told(of_england(report))


@remembered(None)
def _told(report: Report) -> dict[str, Told]:
    return {name: _with_errors(report, name, measure) for name, measure in MEASURES.items()}


def _with_errors(report: Report, name: str, measure: Measure) -> Told:
    series = measure.series(report)
    figures = series.figures.dropna(subset="value")[["area", "period", "value"]].assign(
        level=lambda rows: rows["area"].map(report.store.areas["level"])
    )
    if measure.basis and measure.size:
        sizes = measure.size(report)[["area", "period", "value"]].rename(columns={"value": "size"})
        sized = figures.merge(sizes, on=["area", "period"], how="left")
        figures = sized.assign(error=standard_errors(sized, measure.basis)).drop(columns="size")
    else:
        figures = figures.assign(error=float("nan"))
    return Told(name, measure, series, figures)


def peers_at(report: Report, figures: pd.DataFrame, period: str) -> pd.DataFrame:
    """Keep the places of the report's own kind, councils or regions, with a figure in a period."""
    return figures[(figures["period"] == period) & (figures["level"] == report.level)]
