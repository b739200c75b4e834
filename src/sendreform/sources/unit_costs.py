"""What a place costs: per pupil by kind of placement, and per week of councils' SEN services.

Two publications are read. Written answers and reports give the cost of a place in England by kind
of placement, mostly rounded to £1,000. The Local Authority Interactive Tool (LAIT) gives, by
council, a weekly cost of SEN services per child with an EHC plan, rounded to £5: it covers SEN
support services, direct payments, transport and administration, not placements, so the two cannot
be compared. Figures that others worked out in their own way are kept apart in ``cost_basis``.

LAIT: ``Values`` is text, "-" where there is none; ``Years`` is "2023-24 (OT)" for outturn;
``LA Number`` is the Department's council code or, from 970 up, LAIT's own code of England, the
regions and two parts of London.
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources import council_codes
from sendreform.sources.quoted_figures import Pick, quoted
from sendreform.sources.reading import SourceFolder, read_parquet

LAIT = "lait/bds_long_0.parquet"
LAIT_SERIES = "SENFinance"
LAIT_COLUMNS = [
    "Short Desc", "Data item", "Years", "LA and Regions", "Values", "LA Number", "Region",
]  # fmt: skip
#: The tool's codes of England and the regions.
WIDER_AREAS = {
    "970": ENGLAND,
    "980": "E12000001",  # North East
    "981": "E12000002",  # North West
    "982": "E12000003",  # Yorkshire and the Humber
    "983": "E12000004",  # East Midlands
    "984": "E12000005",  # West Midlands
    "985": "E12000006",  # East of England
    "986": "E12000007",  # London
    "989": "E12000008",  # South East
    "990": "E12000009",  # South West
}
PARTS_OF_LONDON = ["987", "988"]

DOCUMENTS = {
    "costs_answer_50389": "Written answer UIN 50389",
    "costs_answer_100030": "Written answer UIN 100030",
    "costs_nao_2019": "NAO 2019 report p.8 quoted by ALLFIE (same figures in Telegraph/Yahoo)",
    "costs_schools_week": "Private special school places cost £480 million per year",
    "costs_lincolnshire": "FOI: Education, Health and Care Plan providers",
    "costs_ccn_2025": "Councils warn SEND system at risk of collapse (CCN/Isos)",
    "costs_ccn_coverage": "CCN report coverage",
    "costs_ccn_march_2025": "Councils warn of financial catastrophe in 12 months time",
    "costs_nao_transport": "NAO: SEND reforms must tackle £2.3bn school transport squeeze",
    "costs_ccn_transport": "CCN: SEND transport costs could hit £3.4bn",
}

_PER_PUPIL = "Per-pupil expenditure, EHC plan, "
_NAO = "cost_basis:nao_2019 provider:"
_FOI = "cost_basis:council_answer provider:"

COSTS = (
    Pick(
        "placement_unit_cost",
        "costs_answer_50389",
        f"{_PER_PUPIL}maintained special schools & special academies "
        "(place £10k + avg top-up; cash)",
        "provider:state_special",
    ),
    Pick(
        "placement_unit_cost",
        "costs_answer_50389",
        f"{_PER_PUPIL}non-maintained & independent special schools (cash)",
        "provider:inmss",
    ),
    # The later answer repeats the earlier one for 2020-21 to 2023-24.
    Pick(
        "placement_unit_cost",
        "costs_answer_100030",
        "Cost per pupil with EHC plan, independent & non-maintained special",
        "provider:inmss",
        years=("2024-25",),
    ),
    *(
        Pick("placement_unit_cost", source, wording, breakdown)
        for source, wording, breakdown in (
            (
                "costs_nao_2019",
                "Cost per pupil, independent special school",
                f"{_NAO}independent_special",
            ),
            ("costs_nao_2019", "Cost per pupil, state special school", f"{_NAO}state_special"),
            (
                "costs_nao_2019",
                "Cost per pupil with EHC plan in mainstream (upper bound)",
                f"{_NAO}mainstream_at_most",
            ),
            (
                "costs_schools_week",
                "Independent special placements by LAs",
                "cost_basis:schools_week provider:independent_special",
            ),
            (
                "costs_lincolnshire",
                "Mean top-up per EHCP in mainstream",
                f"{_FOI}mainstream_top_up",
            ),
            (
                "costs_lincolnshire",
                "Mean cost, maintained/academy special school",
                f"{_FOI}state_special",
            ),
            (
                "costs_lincolnshire",
                "Mean cost, independent mainstream",
                f"{_FOI}independent_mainstream",
            ),
            ("costs_lincolnshire", "Mean cost, INMSS placement", f"{_FOI}inmss"),
        )
    ),
    *(
        Pick("placement_cost_estimate", source, wording, f"provider:{code}")
        for source, wording, code in (
            ("costs_ccn_2025", "Average INMSS placement cost", "inmss"),
            ("costs_ccn_coverage", "Average mainstream EHCP cost (CCN comparison)", "mainstream"),
            ("costs_ccn_march_2025", "Average specialist school placement cost", "specialist"),
        )
    ),
    Pick(
        "transport_unit_cost",
        "costs_nao_transport",
        "Transport cost per child with SEND",
        "traveller:with_send",
    ),
    Pick(
        "transport_unit_cost",
        "costs_nao_transport",
        "Transport cost per mainstream child",
        "traveller:mainstream",
    ),
    Pick(
        "transport_unit_cost",
        "costs_ccn_transport",
        "SEND transport cost per pupil",
        "cost_basis:ccn traveller:with_send",
    ),
)


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read the unit costs.

    Returns
    -------
    Observations in pounds: ``placement_unit_cost`` (a year, by ``provider``; financial year;
    England, and one council), ``placement_cost_estimate`` (a year; calendar year; England),
    ``transport_unit_cost`` (a year; financial year; England) and ``sen_weekly_unit_cost`` (a
    week; financial year; England, regions, councils).

    Raises
    ------
    ReportError
        If a file is not laid out as expected, or a figure or an area is not known.
    """
    return tidy(pd.concat([quoted(folder, DOCUMENTS, COSTS), _weekly(folder)]))


def _weekly(folder: SourceFolder) -> pd.DataFrame:
    series = _read_lait(folder)
    # A row of this file has no number that a reader could look up: name it by area and year.
    series = series.set_axis(series["LA and Regions"] + ", " + series["Years"])
    number = series["LA Number"].astype("int64").astype("str")
    series, number = series[~number.isin(PARTS_OF_LONDON)], number[~number.isin(PARTS_OF_LONDON)]
    council_codes.check_three_digit(folder, number[~number.isin(WIDER_AREAS)], where=LAIT)
    return value_and_status(series["Values"], where=f"{LAIT}, {LAIT_SERIES}").assign(
        area=number.replace(WIDER_AREAS),
        period=series["Years"].str.removesuffix(" (OT)"),
        measure="sen_weekly_unit_cost",
        breakdown="all",
        source="lait_weekly_unit_cost",
    )


def _read_lait(folder: SourceFolder) -> pd.DataFrame:
    table = read_parquet(folder, LAIT, LAIT_COLUMNS)
    series = table[table["Short Desc"] == LAIT_SERIES]
    if series.empty:
        raise ReportError(
            f"no series {LAIT_SERIES!r}",
            where=f"{LAIT}, column Short Desc",
            fix="If the tool renamed it, change the name here.",
        )
    return series
