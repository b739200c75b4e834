"""National finance figures that no open table holds: high needs funding, deficits, transport.

The Department for Education, the National Audit Office, councils and their associations gave these
figures one by one, in written answers, reports and press releases. What they count differs, so
what conflicts is kept apart in the dimension ``basis``, each with a label that says whose figure
it is; nothing here is joined across bases. ``high_needs_funding`` has one series under "all", the
longest that is consistent enough to show, with its breaks.

Left out of ``finance/figures.csv``: what is no plain number (">12.0", "just under 6.0"), has no
date ("mid-2024", "2026"), repeats another row, is a sum of a table that the report reads itself,
or is about a group of councils that is not an area of the report (county councils, respondents to
a survey), save two surveys of most councils.
"""

import pandas as pd

from sendreform.observations import tidy
from sendreform.sources.quoted_figures import Pick, quoted
from sendreform.sources.reading import SourceFolder

DOCUMENTS = {
    "answer_228579": "Written answer: Special Educational Needs",
    "answer_129210": "Written answer UIN 129210",
    "answer_277813": "Written answer UIN 277813",
    "answer_27678": "Written answer UIN 27678",
    "answer_3850": "Written answer UIN 3850",
    "answer_73735": "Written answer UIN 73735",
    "answer_88962": "Written answer UIN 88962",
    "answer_12849": "Written answer UIN 12849",
    "answer_hl446": "Written answer HL446",
    "answer_26241": "Written answer UIN 26241",
    "answer_100030": "Written answer UIN 100030",
    "dsg_summary": "Dedicated schools grant allocations local authority summary",
    "expenditure_2022_23": "LA and school expenditure 2022-23",
    "planned_expenditure_2024_25": "Planned LA and school expenditure 2024-25",
    "nao_2019": "NAO report summary",
    "nao_2019_press": "Support for pupils with SEND in England (press release)",
    "nao_2024_press": "NAO press release: SEN system is financially unsustainable",
    "nao_2025_transport": "NAO: SEND reforms must tackle £2.3bn school transport squeeze",
    "schools_week_2024": "SEND spend: the data keeping Labour up at night",
    "schools_week_2023": "Council SEND deficit bailouts hit £1bn as 20 more issued",
    "schools_week_safety_valve": "Ministers withhold £18m from five safety valve councils",
    "tes_safety_valve": "Four councils agree new Safety Valve funding deals",
    "nasuwt_2025": "DSG 2026/27 published 17 December 2025 (union summary)",
    "ifg_2024": "SEND spending needs reform",
    "special_needs_jungle": "Miracles and magic: Delivering Better Value in SEND",
    "lga_january_2024": "LGA briefing, SEND provision and funding debate",
    "section251_balances": "derived/dsg_balance_202324_by_la.csv (transcribed)",
    "ifs_2024": "System for funding special educational needs is broken",
    "ifs_2026": "SEND spending expected to more than double, IFS says",
    "ccn_2025": "Councils warn SEND system at risk of collapse (CCN/Isos)",
    "ccn_2024": "SEND deficits risk bankrupting almost three quarters...",
    "guardian_2025": "Nearly 20 councils in England at risk of insolvency due to Send costs",
    "white_paper_2026": "Schools White Paper cannot ignore looming £3.4bn SEND transport bill",
    "new_economy_brief": "The SEND crisis: a system at breaking point",
    "bcp_outturn": "DSG Outturn 2024-25",
    "brent_monitoring": "DSG Budget Monitoring 2024-25",
    "west_berkshire_outturn": "DSG Outturn 2024/25",
    "slough_monitoring": "2023/24 DSG Budget monitoring Q2",
    "halton_outturn": "DSG Outturn 2023-24",
    "lga_transport": "Council spending on SEND home to school transport soars",
    "ccn_transport": "CCN: SEND transport costs could hit £3.4bn",
    "lga_room151": "Spiralling costs: children SEND reform",
}

_EXCEPT_CUMBRIA = " (2023-24 excludes Cumberland and Westmorland & Furness)"
_BLOCK = "Total high needs block funding allocated to LAs"
_DIRECT = "LA direct spending on independent and non-maintained special schools"
_INMSS = "Total INMSS spend"
_SAFETY_VALVE = "Safety valve agreement total DfE payment"
_BOTH_ANSWERS = ("2024-25", "2022-23", "2021-22", "2020-21")

FUNDING = (
    Pick("high_needs_funding", "answer_228579", "High needs funding total", years=("2013-14",)),
    Pick(
        "high_needs_funding",
        "answer_129210",
        _BLOCK,
        years=("2015-16", "2016-17", "2017-18", "2018-19"),
    ),
    Pick(
        "high_needs_funding",
        "dsg_summary",
        "DSG high needs block allocation, before deductions/recoupment",
    ),
    Pick("high_needs_funding", "nao_2024_press", "High needs funding total (annual budget)"),
    Pick("high_needs_funding", "answer_12849", "High needs funding total"),
    # Yorkshire and The Humber, and York.
    Pick("high_needs_funding", "answer_277813", "High needs funding allocation"),
    Pick("high_needs_funding", "answer_27678", "High needs funding allocation", years=("2020-21",)),
    Pick("high_needs_funding", "answer_3850", "High needs funding allocation"),
    # Other figures for the same years.
    Pick("high_needs_funding", "nao_2019", "of which via high needs block", "basis:nao_2019"),
    Pick("high_needs_funding", "answer_73735", "High needs funding total", "basis:dfe_2021"),
    Pick(
        "high_needs_funding",
        "answer_129210",
        f"{_BLOCK} (2022-23 provisional incl. supplementary)",
        "basis:dfe_2022_provisional",
    ),
    Pick(
        "high_needs_funding",
        "answer_88962",
        "High needs funding total (before Autumn Statement 2022 addition)",
        "basis:dfe_2022_before_addition",
    ),
    Pick(
        "high_needs_funding", "schools_week_2024", "High needs funding total", "basis:schools_week"
    ),
    Pick("high_needs_funding", "nasuwt_2025", "High needs funding total", "basis:nasuwt"),
    Pick("notional_sen_budget", "answer_hl446", "Mainstream school notional SEN budget total"),
    Pick(
        "notional_sen_budget",
        "nao_2019",
        "of which via schools block (notional SEN)",
        "basis:nao_2019",
    ),
)

SPENDING = (
    Pick("inmss_spending", "answer_100030", _INMSS, years=_BOTH_ANSWERS),
    Pick("inmss_spending", "answer_100030", _INMSS + _EXCEPT_CUMBRIA),
    Pick("inmss_spending", "answer_100030", _DIRECT, "inmss_funding:council"),
    Pick("inmss_spending", "answer_100030", _DIRECT + _EXCEPT_CUMBRIA, "inmss_funding:council"),
    Pick(
        "inmss_spending", "answer_100030", "NMSS place funding at £10,000", "inmss_funding:places"
    ),
    *(
        Pick("high_needs_spending_by_line", "expenditure_2022_23", wording, f"line:{code}")
        for code, wording in (
            ("places", "High needs place funding (LA outturn)"),
            ("top_ups_maintained", "Top-up funding, maintained schools"),
            ("top_ups_academies_colleges", "Top-up funding, academies/free schools/colleges"),
            (
                "top_ups_independent",
                "Top-up funding, non-maintained & independent providers (1.2.3)",
            ),
            ("therapies", "SEN therapies and other health related services"),
            ("targeted_mainstream", "Additional high needs targeted funding for mainstream"),
        )
    ),
    *(
        Pick("high_needs_spending_published", source, wording, f"basis:{code}")
        for code, source, wording in (
            ("outturn", "answer_26241", "LA actual expenditure on complex SEND education"),
            ("outturn_places", "answer_26241", "ESFA high needs place funding on top"),
            ("planned", "answer_26241", "LA planned expenditure on complex SEND education"),
            ("planned_places", "answer_26241", "ESFA high needs place expenditure planned"),
            (
                "planned_without_places",
                "planned_expenditure_2024_25",
                "Planned high needs expenditure excl. place funding (s251 budget)",
            ),
        )
    ),
    Pick(
        "send_transport_spending",
        "lga_transport",
        "SEND home to school transport, total (exact)",
    ),
    Pick(
        "send_transport_spending",
        "ccn_transport",
        "SEND home to school transport, total",
        "basis:ccn",
        years=("2024-25",),
    ),
    Pick(
        "send_transport_spending",
        "lga_room151",
        "SEND home to school transport, budgeted net",
        "basis:budget_net",
    ),
    Pick(
        "home_to_school_transport_spending",
        "nao_2025_transport",
        "Home to school transport, all pupils",
    ),
    Pick(
        "home_to_school_transport_overspend",
        "nao_2025_transport",
        "Home to school transport overspend vs budget",
    ),
    Pick("send_pupils_transported", "ccn_transport", "SEND pupils transported"),
)

DEFICITS = (
    *(
        Pick("dsg_deficit_published", source, wording, f"basis:{code}", year_end=True)
        for code, source, wording in (
            (
                "councils_in_deficit",
                "ifg_2024",
                "Combined cumulative DSG deficit of LAs in deficit (2022/23 prices)",
            ),
            (
                "special_needs_jungle",
                "special_needs_jungle",
                "Combined DSG deficit across LAs in the red (SNJ estimate from council reports)",
            ),
            (
                "county_treasurers",
                "lga_january_2024",
                "Estimated DSG/high needs deficit, extrapolated all councils",
            ),
            (
                "net_148_councils",
                "section251_balances",
                "DSG net balance at year end, sum of LA s251 1.9.3 rows (positive = deficit); "
                "excl. Buckinghamshire, Cumberland, Westmorland & Furness",
            ),
            ("budget_returns", "schools_week_2024", "Councils predicted DSG deficit"),
            ("ifs", "ifs_2024", "LA deficits likely total"),
            ("ccn", "ccn_2024", "SEND deficits, national estimate"),
            ("guardian", "guardian_2025", "SEND deficits (Guardian survey)"),
            ("white_paper", "white_paper_2026", "Accrued SEND deficits to be 90% paid by Treasury"),
            ("council_report", "bcp_outturn", "DSG accumulated deficit"),
            ("council_report", "brent_monitoring", "DSG cumulative deficit"),
            ("council_report", "west_berkshire_outturn", "DSG cumulative deficit"),
            ("council_report", "slough_monitoring", "DSG cumulative deficit"),
            ("council_report", "halton_outturn", "DSG deficit carried forward"),
        )
    ),
    *(
        Pick("high_needs_overspend_published", source, wording, f"basis:{code}", years)
        for code, source, wording, years in (
            ("nao", "nao_2019", "Net high needs overspend", ("2017-18",)),
            ("new_economy_brief", "new_economy_brief", "In-year SEND deficits", ("2020-21",)),
            (
                "ifs",
                "ifs_2026",
                "Council school spending above plan (almost certainly high needs)",
                ("2024-25", "2025-26"),
            ),
            ("ccn", "ccn_2025", "In-year SEND funding gap", ()),
        )
    ),
    Pick("send_spending_published", "ccn_2025", "SEND spending by councils", "basis:ccn"),
    Pick("councils_in_deficit_share", "ifg_2024", "Share of LAs with cumulative DSG deficit"),
    Pick(
        "councils_overspending_share",
        "nao_2019_press",
        "Share of LAs overspending high needs budget",
    ),
    Pick("safety_valve_agreement", "tes_safety_valve", _SAFETY_VALVE),
    Pick("safety_valve_agreement", "schools_week_2023", _SAFETY_VALVE),
    Pick(
        "safety_valve_agreement",
        "schools_week_safety_valve",
        "Safety valve new deals total (4 councils, March 2024)",
    ),
    Pick(
        "safety_valve_total",
        "schools_week_2023",
        "Safety valve deals total, 34 councils since 2020-21",
    ),
)


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read national finance figures as published, their bases kept apart.

    Returns
    -------
    Observations, in pounds unless the measure's record says otherwise, for England and, where
    one was published, a region or a council.

    Raises
    ------
    ReportError
        If a figure is no longer found, or is not a plain number.
    """
    return tidy(quoted(folder, DOCUMENTS, (*FUNDING, *SPENDING, *DEFICITS)))
