"""Small tables to draw, and a figure of each kind."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from sendreform import charts

CAPTION: dict[str, Any] = {
    "id": "plans-over-time",
    "title": "EHC plans have risen each year since 2015",
    "subtitle": "EHC plans, England, January census",
    "alt": "Line chart: plans rise from 240,183 in 2015 to 638,745 in 2025.",
    "source": "Education, health and care plans: England 2025",
    "source_url": "https://example.org/ehcp?year=2025&area=England",
}


def series(name: str, first: int, values: list[float | None]) -> pd.DataFrame:
    """A January series that begins in a year; ``None`` is a figure published as ``x``."""
    return pd.DataFrame(
        {
            "period": [f"{first + index}-01" for index in range(len(values))],
            "series": name,
            "value": pd.Series(values, dtype="float64"),
            "status": ["x" if value is None else "" for value in values],
        }
    )


def _line() -> charts.Figure:
    data = pd.concat(
        [series("Kent", 2015, [1, 2, None, 4, 5]), series("England", 2015, [3, 3, 3, 3, 3])]
    )
    return charts.line_over_time(
        data, kind="january", unit="plans", breaks={"2018-01": "Counted anew."}, **CAPTION
    )


def _gap() -> charts.Figure:
    data = pd.concat([series("No SEN", 2015, [60, 62, 64]), series("EHC plan", 2015, [8, 8, None])])
    return charts.gap_over_time(data, kind="january", unit="per cent", **CAPTION)


def _stack() -> charts.Figure:
    data = pd.concat(
        [series("Mainstream", 2015, [40, 45, None]), series("Special", 2015, [60, 55, 50])]
    ).rename(columns={"series": "part"})
    return charts.stacked_over_time(data, kind="january", unit="per cent", **CAPTION)


def _multiples() -> charts.Figure:
    data = pd.concat(
        [
            series(name, 2015, [start, start + 2, start + 4]).assign(panel=panel)
            for panel, start in (("Phonics", 30), ("Attainment 8", 20))
            for name in ("EHC plan", "No SEN")
        ]
    )
    return charts.small_multiples(data, kind="january", unit="points", **CAPTION)


def _bars() -> charts.Figure:
    data = pd.DataFrame(
        {
            "label": ["Autism", "Hearing impairment", "Multi-sensory impairment"],
            "value": [33.6, -1.2, None],
            "status": ["", "", "c"],
        }
    )
    return charts.bars(data, unit="per cent", decimals=1, focus=["Autism"], **CAPTION)


def _distribution() -> charts.Figure:
    data = pd.DataFrame(
        {
            "area": ["Kent", *(f"Council {number}" for number in range(30)), "Isles of Scilly"],
            "value": [6.4, *(3 + number / 10 for number in range(30)), None],
            "status": [""] * 31 + ["c"],
        }
    )
    return charts.distribution(
        data, unit="per cent", decimals=1, focus="Kent", marks={"England": 4.8}, **CAPTION
    )


def _slope() -> charts.Figure:
    data = pd.concat([series("Kent", 2015, [40, 55]), series("Essex", 2015, [50, None])])
    return charts.slope(data, kind="january", unit="per cent", **CAPTION)


def _intervals() -> charts.Figure:
    data = pd.DataFrame(
        {
            "label": ["Better inspected", "Officer in post"],
            "value": [-4.0, 12.5],
            "low": [-11.0, None],
            "high": [3.0, None],
        }
    )
    return charts.intervals(data, unit="percentage points", decimals=1, **CAPTION)


def _waterfall() -> charts.Figure:
    data = pd.DataFrame(
        {
            "label": ["January 2015", "Population", "Fewer leave", "Corrections", "January 2025"],
            "value": [240.0, 15.0, 300.0, -5.0, 550.0],
        }
    )
    return charts.waterfall(data, start="January 2015", end="January 2025", unit="plans", **CAPTION)


def _funnel() -> charts.Figure:
    data = pd.DataFrame(
        {
            "area": ["Kent", "Rutland", *(f"Council {number}" for number in range(20))],
            "size": [2000, 40, *(100 * (number + 1) for number in range(20))],
            "value": [30.0, 90.0, *(40.0 + number for number in range(20))],
            "outside": [True, False, *([False] * 20)],
        }
    )
    sizes = [50, 500, 1000, 2000]
    limits = pd.concat(
        [
            pd.DataFrame(
                {
                    "size": sizes,
                    "band": band,
                    "low": [50 - times / size**0.5 for size in sizes],
                    "high": [50 + times / size**0.5 for size in sizes],
                }
            )
            for band, times in (("inner", 98), ("outer", 154))
        ]
    )
    return charts.funnel(
        data, limits, centre=50.0, centre_name="England", size_title="Plans issued",
        unit="per cent of plans", decimals=1, focus="Kent", **CAPTION,
    )  # fmt: skip


def _causal_map() -> charts.Figure:
    nodes = pd.DataFrame(
        {
            "id": ["threshold", "requests", "late"],
            "label": ["A fixed threshold", "More requests", "Late plans"],
            "stage": [1, 2, 2],
            "at": [0.5, 0.3, 0.7],
        }
    )
    links = pd.DataFrame(
        {
            "from": ["threshold", "requests"],
            "to": ["requests", "late"],
            "mark": ["literature", "asserted"],
            "says": ["It is worth less each year.", "More to do takes longer."],
        }
    )
    return charts.causal_map(nodes, links, stages=["First", "Then"], **CAPTION)


def _hexmap() -> charts.Figure:
    data = pd.DataFrame(
        {
            "area": ["886", "881", "936", "887", "845"],
            "name": ["Kent", "Essex", "Surrey", "Medway", "East Sussex"],
            "q": [2, 1, 0, 1, 1],
            "r": [1, 0, 1, 1, 2],
            "region": ["South East", "East of England", *(["South East"] * 3)],
            "value": [33.3, 1.0, 60.5, None, 78.1],
            "status": ["", "", "", "c", ""],
        }
    )
    return charts.hexmap(data, unit="per cent of plans", decimals=1, focus="Kent", **CAPTION)


def _diverging() -> charts.Figure:
    data = pd.DataFrame(
        {
            "label": ["It is fair", "It is funded", "It is funded", "Reform would help"],
            "stance": ["Disagree", "Disagree", "Agree", "Agree"],
            "value": [97, 90, 4, 43],
            "bound": ["", "more than", "", ""],
        }
    )
    return charts.diverging(data, unit="per cent of councils", **CAPTION)


def _flows() -> charts.Figure:
    data = pd.DataFrame(
        {
            "source": ["Mainstream", "Mainstream", "Special", "Special"],
            "target": ["Special", "Home education", "Mainstream", "Home education"],
            "value": [9318, 638, 2838, None],
            "status": ["", "", "", "c"],
        }
    )
    return charts.flows(data, unit="moves", focus=[("Mainstream", "Special")], **CAPTION)


def _fan() -> charts.Figure:
    lines = pd.concat(
        [series("Middle council", 2015, [50, 51, 52, 53]), series("Kent", 2015, [30, None, 34, 36])]
    )
    ranges = pd.concat(
        [
            pd.DataFrame(
                {
                    "period": [f"{year}-01" for year in range(2015, 2019)],
                    "band": band,
                    "low": 50.0 - reach,
                    "high": 54.0 + reach,
                }
            )
            for band, reach in (("Middle half", 10), ("Eight in ten", 25))
        ]
    )
    return charts.fan(
        lines,
        ranges,
        kind="january",
        unit="per cent",
        breaks={"2017-01": "Counted anew."},
        **CAPTION,
    )


KINDS: dict[str, Callable[[], charts.Figure]] = {
    "line_over_time": _line,
    "gap_over_time": _gap,
    "stacked_over_time": _stack,
    "small_multiples": _multiples,
    "bars": _bars,
    "distribution": _distribution,
    "slope": _slope,
    "intervals": _intervals,
    "waterfall": _waterfall,
    "funnel": _funnel,
    "causal_map": _causal_map,
    "hexmap": _hexmap,
    "diverging": _diverging,
    "flows": _flows,
    "fan": _fan,
}
