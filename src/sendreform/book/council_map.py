"""The page "Every council on a map": a hexagon for each council, shaded by a figure."""

import pandas as pd
from IPython.display import Markdown

from sendreform.book.words import drawn
from sendreform.charts import Figure, hexmap
from sendreform.evidence import disputes, systemic
from sendreform.periods import label
from sendreform.report import Report

PLANS, APPEALS = "ehc_plans", "tribunal_appeals"
ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions_share"
WITH_PLAN = "pupils_with_ehc_plan_share"


def pupils_with_plan(report: Report) -> Figure | Markdown:
    """Map the share of pupils with an EHC plan."""
    return _of_measure(
        report,
        WITH_PLAN,
        id="map-pupils-with-plan",
        title="The share of pupils with an EHC plan",
        subtitle="Per cent of pupils at schools in each council",
    )


def on_time(report: Report) -> Figure | Markdown:
    """Map the share of new plans that came within 20 weeks."""
    return _of_measure(
        report,
        ON_TIME,
        id="map-on-time",
        title="New EHC plans on time",
        subtitle="Per cent of new plans issued within 20 weeks, leaving out exceptions",
    )


def appeals(report: Report) -> Figure | Markdown:
    """Map appeals for every thousand plans."""
    rates = disputes.per_thousand_plans(report.everywhere(APPEALS), report.everywhere(PLANS))
    return _map(
        report,
        rates,
        kind="calendar_year",
        unit="appeals for every thousand plans",
        decimals=0,
        id="map-appeals",
        title="Appeals to the SEND Tribunal",
        subtitle="Appeals in the year for every thousand EHC plans held that January",
        **report.source(report.everywhere(APPEALS), report.everywhere(PLANS)),
    )


def growth(report: Report) -> Figure | Markdown:
    """Map how much plans grew since the first year of the report."""
    plans = report.everywhere(PLANS)
    councils = plans[plans["area"].isin(report.councils)].dropna(subset="value")
    ends = str(councils["period"].min()), str(councils["period"].max())
    grown = systemic.growth_by_council(councils, report.councils, *ends).assign(
        period=ends[1], value=lambda rows: rows["growth"]
    )
    return _map(
        report,
        grown,
        kind="january",
        unit="per cent",
        decimals=0,
        id="map-growth",
        title=f"Growth in EHC plans since {label(ends[0], 'january')}",
        subtitle="Per cent, across the series break of January 2023",
        **report.source(plans),
    )


def _of_measure(report: Report, measure: str, **words: str) -> Figure | Markdown:
    record, figures = report.record(measure), report.everywhere(measure)
    return _map(
        report,
        figures,
        kind=record["kind"],
        unit=record["unit"],
        decimals=record["decimals"],
        **words,
        **report.source(figures),
    )


def _map(
    report: Report,
    figures: pd.DataFrame,
    *,
    kind: str,
    unit: str,
    decimals: int,
    title: str,
    subtitle: str,
    **words: str,
) -> Figure | Markdown:
    """Map the newest period in which councils have figures."""
    councils = report.areas.councils()[["area", "name", "region", "hex_q", "hex_r"]]
    known = figures[figures["area"].isin(councils["area"])].dropna(subset="value")
    newest = str(known["period"].max()) if len(known) else ""
    here = figures[figures["period"] == newest]
    columns = [name for name in ("area", "value", "status") if name in here]
    cells = councils.merge(here[columns], on="area", how="left").assign(
        region=lambda rows: rows["region"].map(report.areas.name)
    )
    when = label(newest, kind) if newest else ""
    ends = known.loc[known["period"] == newest, "value"].quantile([0.0, 0.5, 1.0])
    return drawn(
        hexmap,
        cells.rename(columns={"hex_q": "q", "hex_r": "r"}),
        otherwise="No figures by council are published for these years.",
        title=f"{title}, {when}",
        subtitle=f"{subtitle}, {when}. Each council has a hexagon of the same size",
        alt=f"Map of councils as hexagons in {when}: the lowest {ends.iloc[0]:.0f}, the middle "
        f"{ends.iloc[1]:.0f}, the highest {ends.iloc[2]:.0f} {unit}.",
        unit=unit,
        decimals=int(decimals),
        **words,
    )
