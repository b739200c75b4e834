"""What the live charts know of every council and region, so that a reader can see their own.

A figure of the report tells of England, or of all councils together. For most of them one series is
published by council: it stands beside the figure once the reader has chosen a place.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sendreform import periods
from sendreform.areas import Areas
from sendreform.charts.comparisons import comparison
from sendreform.charts.numbers import number_format
from sendreform.charts.time_axis import position
from sendreform.evidence import disputes, money, placements
from sendreform.evidence.series import of, per
from sendreform.evidence.systemic import yearly_growth
from sendreform.observations import ENGLAND
from sendreform.report import FEW_PLANS, Report, last_year
from sendreform.store import Store

ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions_share"
PLAN = "sen_status:ehc_plan"


@dataclass(frozen=True)
class Series:
    """One series by council and region.

    Attributes
    ----------
    title, unit
        Words above the chart.
    kind, breaks
        As a measure's record has them: the kind of period, and the first period after each break.
    figures
        ``area``, ``period``, ``value``; what is not published is missing or has no row.
    decimals
        With which a figure is told.
    counts
        Whether places differ by their size alone, so that growth is compared and not the figures.
    told_of_small
        Whether it is told of a place where few hold a plan: the number of plans alone is.
    counted_to
        The last period that places are counted in, where what follows is projected.
    ranges
        Of what is projected: ``area``, ``period``, ``low`` and ``high``, between which eight in ten
        simulated futures lie.
    """

    title: str
    unit: str
    kind: str
    figures: pd.DataFrame
    breaks: tuple[str, ...] = ()
    decimals: int = 0
    counts: bool = False
    told_of_small: bool = False
    counted_to: str = ""
    ranges: pd.DataFrame | None = None


def everywhere(report: Report, measure: str, breakdown: str = "all") -> pd.DataFrame:
    """Return a measure for all places; what is published by council alone is added up.

    The councils of a region are those of the time, so that a reorganisation leaves no gap. A period
    in which one of them has no figure has no sum.
    """
    published = report.everywhere(measure, breakdown)
    places = report.areas.table
    regions = list(places.loc[places["level"] == "region", "area"])
    # Of a council the table holds its region, of any other place nothing.
    inside = published["area"].map(dict(zip(places["area"], places["region"], strict=True)))
    councils = published.assign(region=inside)[inside.ne("")]
    sums = [
        councils[councils["region"].eq(code) | (code == ENGLAND)]
        .groupby("period", as_index=False)["value"]
        .agg(lambda values: values.sum(skipna=False))
        .assign(area=code)
        for code in (*regions, ENGLAND)
        if code not in set(published["area"])
    ]
    together: pd.DataFrame = pd.concat([published, *sums], ignore_index=True)
    return together


def of_measure(
    report: Report, measure: str, title: str, *, breakdown: str = "all", counts: bool = False
) -> Series:
    """Return a published measure by council and region."""
    record = report.record(measure)
    return Series(
        title=title,
        unit=f"{record['unit'][:1].upper()}{record['unit'][1:]}, {_kind(record['kind'])}",
        kind=record["kind"],
        figures=everywhere(report, measure, breakdown)
        if counts
        else report.everywhere(measure, breakdown),
        breaks=tuple(record["breaks"]),
        decimals=min(record["decimals"], 1),
        counts=counts,
    )


def _kind(kind: str) -> str:
    return periods.KIND_TITLES[kind].lower().replace("january", "January")


def _share_of_plans(report: Report, parts: pd.DataFrame, title: str) -> Series:
    """Return a group of placements as a share of all plans."""
    shares = per(parts, report.everywhere("ehc_plans"), times=100)
    return Series(
        title=title,
        unit="Per cent of EHC plans, January census",
        kind="january",
        figures=shares,
        breaks=tuple(report.record("ehc_plans")["breaks"]),
        decimals=1,
    )


def _appeals_for_plans(report: Report) -> Series:
    rates = disputes.per_thousand_plans(
        everywhere(report, "tribunal_appeals"), report.everywhere("ehc_plans")
    )
    breaks = report.record("ehc_plans")["breaks"]
    return Series(
        title="Appeals for every thousand EHC plans",
        unit="Appeals in the calendar year for every thousand plans held that January",
        kind="calendar_year",
        figures=rates,
        breaks=tuple(january[:4] for january in breaks),
    )


def _growth(report: Report) -> Series:
    return Series(
        title="Growth of EHC plans on the January before",
        unit="Per cent, January census",
        kind="january",
        figures=yearly_growth(report.everywhere("ehc_plans")),
        decimals=1,
    )


def _gap_at_11(report: Report) -> Series:
    measure = "reading_writing_maths_at_11"
    record = report.record(measure)
    ends = [
        report.everywhere(measure, f"sen_status:{status}").set_index(["area", "period"])["value"]
        for status in ("no_sen", "ehc_plan")
    ]
    gaps = (ends[0] - ends[1]).rename("value").reset_index()
    return Series(
        title="Gap at age 11 between pupils with an EHC plan and pupils with no SEN",
        unit="Percentage points, academic year",
        kind=record["kind"],
        figures=gaps,
        breaks=tuple(record["breaks"]),
    )


def _for_each_plan(report: Report, measure: str, title: str) -> Series:
    """Return money of a financial year for each plan held in its January."""
    plans = money.january_of_financial_year(report.everywhere("ehc_plans"))
    return Series(
        title=f"{title} for each EHC plan",
        unit="Pounds (cash), financial year",
        kind="financial_year",
        figures=per(report.everywhere(measure), plans),
    )


def _plans_projected(report: Report) -> Series:
    """Return plans as counted, and from the January after the last count of councils projected."""
    # The page of the projection asks for series by place, so it is asked for late.
    from sendreform.book.delay import making
    from sendreform.book.delay.plans import foreseen

    base, courses = making.courses_of_every_place(report.store)
    # What is projected follows on the newest counts, whatever year the report looks back to.
    newest = replace(report, latest_year=last_year(report.store))
    counted = of_measure(newest, "ehc_plans", "", counts=True)
    known = counted.figures.dropna(subset="value")
    last = periods.january(base)
    projected = courses.query("year > @base").assign(
        period=lambda rows: rows["year"].map(periods.january),
        value=lambda rows: rows["median"].map(foreseen),
        low=lambda rows: rows["low"].map(foreseen),
        high=lambda rows: rows["high"].map(foreseen),
    )
    # England is counted a January further than its councils.
    is_counted = pd.MultiIndex.from_frame(projected[["area", "period"]]).isin(
        pd.MultiIndex.from_frame(known[["area", "period"]])
    )
    projected = projected[~is_counted]
    return replace(
        counted,
        title=f"EHC plans, counted to {periods.label(last, 'january')}, then projected if nothing "
        "changes",
        figures=pd.concat([known, projected[["area", "period", "value"]]], ignore_index=True),
        breaks=(*counted.breaks, periods.january(base + 1)),
        counted_to=last,
        ranges=projected[["area", "period", "low", "high"]],
    )


#: Each series by a short name, and how it is worked out.
SERIES: Mapping[str, Callable[[Report], Series]] = {
    "plans": lambda report: replace(
        of_measure(report, "ehc_plans", "EHC plans", counts=True), told_of_small=True
    ),
    "plans_projected": _plans_projected,
    "growth": _growth,
    "share_with_plan": lambda report: of_measure(
        report, "pupils_with_ehc_plan_share", "Pupils with an EHC plan"
    ),
    "new_plans": lambda report: of_measure(
        report, "new_ehc_plans", "New EHC plans in the year", counts=True
    ),
    "autism": lambda report: of_measure(
        report,
        "pupils_with_ehc_plan_by_need",
        "Pupils with an EHC plan whose first need is autism",
        breakdown="need:asd",
        counts=True,
    ),
    "mainstream": lambda report: _share_of_plans(
        report,
        of(report.within_years("ehc_plans"), "placement:mainstream"),
        "EHC plans that name a mainstream school",
    ),
    "inmss": lambda report: _share_of_plans(
        report,
        placements.independent_special(report.within_years("ehc_plans")),
        "EHC plans that name an independent or non-maintained special school",
    ),
    "on_time": lambda report: of_measure(report, ON_TIME, "New EHC plans issued within 20 weeks"),
    "appeals": lambda report: of_measure(
        report, "tribunal_appeals", "Appeals registered with the SEND Tribunal", counts=True
    ),
    "appeals_for_plans": _appeals_for_plans,
    "appeal_rate": lambda report: of_measure(
        report, "appeal_rate_old_basis", "Appeals as a share of appealable decisions, older basis"
    ),
    "at_11": lambda report: of_measure(
        report,
        "reading_writing_maths_at_11",
        "Pupils with an EHC plan who reach the expected standard at age 11",
        breakdown=PLAN,
    ),
    "gap_at_11": _gap_at_11,
    "at_19": lambda report: of_measure(
        report,
        "level_2_english_maths_at_19",
        "Young people with an EHC plan at 15 who hold Level 2 with English and maths at 19",
        breakdown=PLAN,
    ),
    "funding": lambda report: _for_each_plan(report, "high_needs_block", "High needs block"),
    "spending": lambda report: _for_each_plan(
        report, "high_needs_spending_outturn", "Spending on top-ups and services"
    ),
    "balance": lambda report: of_measure(
        report, "dsg_balance_share", "Deficit (above nought) or money in hand (below), as published"
    ),
}
#: Which series stands beside which figure. What has none is in ``WITHOUT_SERIES``.
BESIDE: Mapping[str, str] = {
    "outcomes-at-11": "gap_at_11",
    "outcomes-at-19": "at_19",
    "gaps-in-councils": "gap_at_11",
    "gaps-and-changed-groups": "share_with_plan",
    "appeals": "appeals",
    "appeals-base-years": "appeals",
    "appeals-for-plans": "appeals_for_plans",
    "appeal-rates": "appeal_rate",
    "appeals-by-council": "appeals_for_plans",
    "twenty-weeks": "on_time",
    "twenty-weeks-councils": "on_time",
    "plans": "plans",
    "rise-by-age": "share_with_plan",
    "plans-by-age": "share_with_plan",
    "plans-begun-and-ended": "new_plans",
    "rise-by-flow": "new_plans",
    "rise-by-need": "autism",
    "placements": "mainstream",
    "placement-moves": "mainstream",
    "inmss": "inmss",
    "high-needs-funding": "funding",
    "high-needs-spending": "spending",
    "deficits": "balance",
    "growth-in-every-council": "plans",
    "growth-by-year": "growth",
    "common-years": "growth",
    "practice-and-growth": "growth",
    "at-the-slowest-neighbour": "plans",
    "rise-left": "plans",
    "left-at-the-lowest-neighbour": "appeals_for_plans",
    "on-time-by-size": "on_time",
    "still-outside": "on_time",
    "needs-added": "autism",
    "special-places": "inmss",
    "costs-of-special-places": "inmss",
    "map-pupils-with-plan": "share_with_plan",
    "map-on-time": "on_time",
    "map-appeals": "appeals_for_plans",
    "map-growth": "plans",
    "plans-projected": "plans_projected",
    "with-and-without": "plans_projected",
    "projected-mainstream": "mainstream",
    "projected-inmss": "inmss",
    "spending-projected": "spending",
    "deficit-projected": "balance",
}

#: Figures that no series by council bears on, with what is said of them once a place is chosen.
WITHOUT_SERIES: Mapping[str, str] = {
    "survey": "The survey is published for England as a whole, not by council or region.",
    "threshold": "The amount is one for all of England, and so are the prices that it is set "
    "against.",
    "causal-map": "The map is of an argument about England’s system; it holds no figures.",
}


def on_page(
    report: Report, figures: Iterable[str], own: Iterable[str] = ()
) -> dict[str, Any] | None:
    """Return what a page's script needs of every place; ``None`` where no figure has a series.

    Parameters
    ----------
    figures
        The ids of the figures on the page.
    own
        Series that the page tells of the chosen place without a figure.

    Returns
    -------
    ``figures`` (id → series), ``without`` (id → why it has none), ``measures`` (series → its
    words, periods and values by area) and ``comparison``, the chart that they are drawn in.
    """
    shown = list(figures)
    beside = {figure: BESIDE[figure] for figure in shown if figure in BESIDE}
    if not beside:
        return None
    return {
        "comparison": comparison(),
        "figures": beside,
        "without": {figure: WITHOUT_SERIES[figure] for figure in shown if figure in WITHOUT_SERIES},
        "measures": {
            name: for_script(SERIES[name](report)) for name in sorted({*beside.values(), *own})
        },
    }


def for_script(series: Series) -> dict[str, Any]:
    """Return a series as the page's script reads it: a list of values for each area."""
    known = series.figures.dropna(subset="value")
    wide = known.pivot(index="area", columns="period", values="value").sort_index()
    wide = wide[sorted(wide.columns)]
    numbers = number_format(series.unit, series.decimals)
    precise = wide.round(series.decimals + 1)
    told: dict[str, Any] = {
        "title": series.title,
        "unit": series.unit,
        "before": numbers.before,
        "after": numbers.after,
        "decimals": numbers.decimals,
        "index": series.counts,
        "small": series.told_of_small,
        "england": ENGLAND,
        "periods": [periods.label(period, series.kind) for period in wide.columns],
        "times": [position(period, series.kind) for period in wide.columns],
        "breaks": [
            place
            for place, period in enumerate(wide.columns)
            if place and any(wide.columns[place - 1] < first <= period for first in series.breaks)
        ],
        "values": {
            str(area): [None if pd.isna(value) else _number(value) for value in row]
            for area, row in zip(precise.index, precise.to_numpy(), strict=True)
        },
    }
    if series.ranges is None:
        return told
    return told | {
        "counted": list(wide.columns).index(series.counted_to),
        "ranges": _by_area(series.ranges, list(wide.columns)),
    }


def _by_area(ranges: pd.DataFrame, shown: list[str]) -> dict[str, dict[str, list[Any]]]:
    """Return the ends of ranges by area, in the order of the periods after the last count."""
    later = [period for period in shown if period >= ranges["period"].min()]
    ends = {
        end: ranges.pivot(index="area", columns="period", values=end).reindex(columns=later)
        for end in ("low", "high")
    }
    return {
        str(area): {
            end: [None if pd.isna(value) else _number(value) for value in table.loc[area]]
            for end, table in ends.items()
        }
        for area in ends["low"].index
    }


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else float(value)


def area_list(store: Store) -> list[dict[str, Any]]:
    """Return the councils of today and the regions for the picker, in order of name.

    Each with ``code``, ``name``, ``also`` (other names, and the councils it was formed from),
    ``level``, ``region``, ``regionName``, ``near``, its statistical neighbours, and ``small``,
    whether so few hold a plan there that no more than their number is told.
    """
    areas = Areas(store.areas, store.neighbours)
    places = [*areas.councils()["area"], *areas.table.query("level == 'region'")["area"]]
    plans = of(store.observations("ehc_plans")).dropna(subset="value").sort_values("period")
    newest = plans.groupby("area")["value"].last()
    return sorted(
        (
            _place(areas, str(code)) | {"small": bool(newest.get(code, 0) < FEW_PLANS)}
            for code in places
        ),
        key=lambda place: place["name"],
    )


def _place(areas: Areas, code: str) -> dict[str, Any]:
    region = areas.region_of(code)
    return {
        "code": code,
        "name": areas.name(code),
        "also": [*areas.other_names(code), *map(areas.name, areas.predecessors(code))],
        "level": areas.level(code),
        "region": "" if region == code else region,
        "regionName": "" if region == code else areas.name(region),
        "near": list(areas.neighbours(code)["area"]),
    }


def as_script(name: str, content: object) -> str:
    """Write data as a script, which a page loads from a disk as well as from a site."""
    return f"window.{name}={json.dumps(content, ensure_ascii=False, separators=(',', ':'))};\n"
