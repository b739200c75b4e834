"""What councils spend on high needs, as they report it under section 251 of the 2009 Act.

Each year a council tells the Department for Education what it plans to spend (the budget return)
and, after the year, what it did spend (the outturn return), in numbered lines. Lines 1.2.1 to
1.2.13 are high needs: top-up funding on a place, SEN support services, alternative provision,
therapies. A newcomer needs to know:

* Budget and outturn are not comparable. Outturn leaves out what the Department pays directly to
  academies for places; the two are separate measures here and are never joined.
* Line 1.2.3 (top-ups to non-maintained and independent providers) is wider than special schools:
  it has colleges, alternative provision and the early years too. What was spent on independent
  and non-maintained special schools alone is in ``inmss_spending``.
* Transport of pupils with SEND (line 2.1.4) is outside the high needs lines.
* Cumberland and Westmorland and Furness sent no outturn return for 2023-24.

The Department's own file by council is not to hand (:mod:`sendreform.sources.section251_lines`
reads it when it comes); what is read here was drawn from it by others, as each file's record says.
England is the sum of the councils that sent a return, as it is in the Department's release; regions
are summed too, save where a council sent none.

https://explore-education-statistics.service.gov.uk/find-statistics/la-and-school-expenditure
"""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.periods import financial_year, first_year
from sendreform.sources import council_codes
from sendreform.sources.quoted_figures import Pick, quoted
from sendreform.sources.reading import SourceFolder, check_columns, read_csv, read_json
from sendreform.sources.workbooks import check_header, read_sheet

OUTTURN = "finance/s251_lookup_{start}.json"
OUTTURN_YEARS = range(2017, 2025)
OUTTURN_RECORD = ["la_name", "la_code", "year", "education_breakdown", "total"]
OUTTURN_LINE = ["name", "value"]
OUTTURN_LINES = [
    "Schools block", "High needs (SEND)", "Central school services", "Early years",
    "Other education & community",
]  # fmt: skip
HIGH_NEEDS = "High needs (SEND)"

TRANSPORT = "finance/sen_transport_pre16_by_la.csv"
TRANSPORT_COLUMN = "s251_2_1_4_sen_transport_pre16_gross_gbp"

TOP_UPS = "finance/topups_202324_by_la.csv"
TOP_UP_COLUMNS = {
    "topup_total_gbp": "all",
    "topup_independent_nonmaintained_1_2_3_gbp": "top_up_provider:non_maintained_independent",
}

#: National figures of line 1.2.3, as others drew them from the release.
TOP_UP_DOCUMENTS = {
    "section251_top_ups_england": "outputs/tables/vintage_national_series.csv "
    "(col s251_indep_topup_gbp_m; file year = FY end)",
}
TOP_UPS_ENGLAND = Pick(
    "top_up_spending",
    "section251_top_ups_england",
    "s251 line 1.2.3 top-up to non-maintained & independent providers (all phases incl. post-16, "
    "AP) - third-party aggregation of DfE s251 outturn",
    "top_up_provider:non_maintained_independent",
)

SPECIALIST = "finance/specialist_spend_by_la_2018-19_to_2021-22.csv"
SPECIALIST_NATIONAL = "population/dfe_hn_dfe_incl_dashboard_nat_specialist_spend.csv"
SECTORS = {
    "Total": "all",
    "State": "sector:state",
    "Independent or non-maintained": "sector:independent_non_maintained",
}
#: The financial years in which councils formed or abolished in these four years spent money; the
#: dashboard has a row for each council in every year.
SPECIALIST_SPANS = {
    "Bournemouth": ("2018-19", "2018-19"),
    "Poole": ("2018-19", "2018-19"),
    "Bournemouth, Christchurch and Poole": ("2019-20", "2021-22"),
    "Northamptonshire": ("2018-19", "2020-21"),
    "North Northamptonshire": ("2021-22", "2021-22"),
    "West Northamptonshire": ("2021-22", "2021-22"),
}

BENCHMARKING = "finance/Outturn data 202122.xlsx"
BENCHMARKING_YEAR = "2021-22"
#: In the tool's data sheet, the first column (from 0) of each block and its heading.
BLOCKS = {
    "high_needs_budget_by_category": (15, "Section 251 budget"),
    "high_needs_outturn_by_category": (60, "Section 251 outturn"),
}
#: The columns of a block in order: our code and the tool's heading.
CATEGORIES = (
    ("places_special_ap", "Place funding"),
    ("places_early_years", "Early Years"),
    ("places_primary", "Primary"),
    ("places_secondary", "Secondary"),
    ("places_special", "Special schools and academies"),
    ("places_ap", "PRUs and AP academies"),
    ("places_post_school", "Post School"),
    (
        "top_ups_state",
        "Top up funding (maintained schools, academies, free schools and colleges)",
    ),
    ("top_ups_state_early_years", "Early Years (1)"),
    ("top_ups_state_primary", "Primary (1)"),
    ("top_ups_state_secondary", "Secondary (1)"),
    ("top_ups_state_special", "Special schools and academies (1)"),
    ("top_ups_state_ap", "PRUs and AP academies (1)"),
    ("top_ups_state_post_school", "Post School (1)"),
    ("top_ups_state_income", "Income (1)"),
    (
        "top_ups_independent",
        "Top up funding (non-maintained and independent schools and colleges)",
    ),
    ("top_ups_independent_early_years", "Early Years (2)"),
    ("top_ups_independent_primary", "Primary (2)"),
    ("top_ups_independent_secondary", "Secondary (2)"),
    ("top_ups_independent_special", "Special schools and academies (2)"),
    ("top_ups_independent_ap", "PRUs and AP academies (2)"),
    ("top_ups_independent_post_school", "Post School (2)"),
    ("top_ups_independent_income", "Income (2)"),
    ("sen_support_services", "SEN support and inclusion services"),
    ("alternative_provision_services", "Alternative provision services"),
    ("hospital_education", "Hospital education services"),
    ("therapies", "Therapies and other health related services"),
)

#: Which categories add to which.
TOTALS = {
    "category:places_special_ap": ["category:places_special", "category:places_ap"],
    **{
        f"category:top_ups_{provider}": [
            f"category:{code}" for code, _ in CATEGORIES if code.startswith(f"top_ups_{provider}_")
        ]
        for provider in ("state", "independent")
    },
}

#: Regions that cannot be summed in a year, because a council of theirs sent no return.
INCOMPLETE = [("E12000002", "2023-24")]


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read section 251 spending on high needs.

    Returns
    -------
    Observations in pounds by financial year: ``high_needs_spending_outturn`` and
    ``send_transport_pre16`` (councils, regions, England), ``top_up_spending`` (councils; England
    for one provider), ``specialist_place_spending`` (councils, England; by ``sector``), and
    ``high_needs_budget_by_category`` and ``high_needs_outturn_by_category`` (councils, regions,
    England; by ``category``; 2021-22).

    Raises
    ------
    ReportError
        If a file is not laid out as expected, a council is unknown, or parts do not add to
        their total.
    """
    return tidy(
        pd.concat(
            [
                *(high_needs_outturn(folder, start) for start in OUTTURN_YEARS),
                transport(folder),
                top_ups(folder),
                quoted(folder, TOP_UP_DOCUMENTS, [TOP_UPS_ENGLAND]),
                _specialist(folder),
                _specialist_national(folder),
                _benchmarking(folder),
            ]
        )
    )


def high_needs_outturn(folder: SourceFolder, start: int) -> pd.DataFrame:
    """Return spending on high needs in the financial year that starts in a year."""
    path = OUTTURN.format(start=start)
    councils = _read_json(folder, path)
    for code, record in councils.items():
        check_columns(record, OUTTURN_RECORD, where=f"{path}, {code}")
        for line in record["education_breakdown"]:
            check_columns(line, OUTTURN_LINE, where=f"{path}, {code}, education_breakdown")
    lines = pd.DataFrame(
        [
            (record["la_code"], record["year"], line["name"], str(line["value"]))
            for record in councils.values()
            for line in record["education_breakdown"]
        ],
        columns=["gss", "year", "line", "value"],
        dtype="str",
    )
    _refuse_unknown(lines["line"], OUTTURN_LINES, "line", path)
    if (lines["year"] != str(start)).any():
        raise ReportError(f"the file is not all of {financial_year(start)}", where=path)
    high_needs = lines[lines["line"] == HIGH_NEEDS].set_index("gss", drop=False)
    return with_sums(
        folder,
        value_and_status(high_needs["value"], where=f"{path}, {HIGH_NEEDS}").assign(
            area=council_codes.three_digit_from_gss(folder, high_needs["gss"], where=path),
            period=financial_year(start),
            measure="high_needs_spending_outturn",
            breakdown="all",
            source=f"section251_outturn_{start}",
        ),
    )


def _read_json(folder: SourceFolder, path: str) -> dict[str, Any]:
    content: dict[str, Any] = read_json(folder, path)
    if not isinstance(content, dict) or not content:
        raise ReportError("the file has no councils by code", where=path, fix="Download it again.")
    return content


def transport(folder: SourceFolder) -> pd.DataFrame:
    """Return spending on the transport of pupils with SEND, of every year in its table."""
    columns = ["financial_year", "la_code", "la_name", TRANSPORT_COLUMN]
    published = read_csv(folder, TRANSPORT, columns)
    return with_sums(
        folder,
        value_and_status(
            published[TRANSPORT_COLUMN], where=f"{TRANSPORT}, column {TRANSPORT_COLUMN}"
        ).assign(
            area=council_codes.three_digit_from_gss(folder, published["la_code"], where=TRANSPORT),
            period=published["financial_year"],
            measure="send_transport_pre16",
            breakdown="all",
            source="section251_transport",
        ),
    )


def top_ups(folder: SourceFolder) -> pd.DataFrame:
    """Return councils' top-up funding, of every year in its table."""
    published = read_csv(folder, TOP_UPS, ["la_code", "la_name", *TOP_UP_COLUMNS, "financial_year"])
    areas = council_codes.three_digit_from_gss(folder, published["la_code"], where=TOP_UPS)
    return pd.concat(
        [
            value_and_status(published[column], where=f"{TOP_UPS}, column {column}").assign(
                area=areas,
                period=published["financial_year"],
                measure="top_up_spending",
                breakdown=breakdown,
                source="section251_top_ups_2023_24",
            )
            for column, breakdown in TOP_UP_COLUMNS.items()
        ]
    )


def _specialist(folder: SourceFolder) -> pd.DataFrame:
    columns = [
        "la_name", "category", "year", "Spend per head", "pop_est", "total_spend", "region",
    ]  # fmt: skip
    published = read_csv(folder, SPECIALIST, columns)
    _refuse_unknown(published["category"], SECTORS, "category", SPECIALIST)
    first = published["la_name"].map({name: span[0] for name, span in SPECIALIST_SPANS.items()})
    last = published["la_name"].map({name: span[1] for name, span in SPECIALIST_SPANS.items()})
    existed = ~((published["year"] < first) | (published["year"] > last))
    spent = published[existed]
    # Nothing at all in either sector is a return that the dashboard lacked, not a council that
    # spent nothing: the benchmarking tool has York's spending in 2021-22.
    nothing = (spent["category"] == "Total") & (spent["total_spend"] == "0.0")
    council_year = spent["la_name"] + " " + spent["year"]
    lacking = council_year.isin(council_year[nothing])
    return value_and_status(
        spent["total_spend"].mask(lacking, ".."), where=f"{SPECIALIST}, column total_spend"
    ).assign(
        area=council_codes.three_digit_from_name(
            folder, spent["la_name"], spent["year"].map(first_year), where=SPECIALIST
        ),
        period=spent["year"],
        measure="specialist_place_spending",
        breakdown=spent["category"].map(SECTORS),
        source="specialist_spending",
    )


def _specialist_national(folder: SourceFolder) -> pd.DataFrame:
    columns = ["category", "year", "pop_est", "total_spend", "Spend per head"]
    published = read_csv(folder, SPECIALIST_NATIONAL, columns)
    _refuse_unknown(published["category"], SECTORS, "category", SPECIALIST_NATIONAL)
    return value_and_status(
        published["total_spend"], where=f"{SPECIALIST_NATIONAL}, column total_spend"
    ).assign(
        area=ENGLAND,
        period=published["year"],
        measure="specialist_place_spending",
        breakdown=published["category"].map(SECTORS),
        source="specialist_spending_national",
    )


def _benchmarking(folder: SourceFolder) -> pd.DataFrame:
    cells = read_sheet(folder, BENCHMARKING, "Sheet1")
    check_header(cells, 2, {1: "Year", 2: BENCHMARKING_YEAR}, where=BENCHMARKING)
    check_header(cells, 3, dict(BLOCKS.values()), where=BENCHMARKING)
    check_header(cells, 5, {1: "Region", 2: "LA code", 3: "LA name"}, where=BENCHMARKING)
    columns = {
        first + place: (measure, code)
        for measure, (first, _heading) in BLOCKS.items()
        for place, (code, _category) in enumerate(CATEGORIES)
    }
    headings = dict(zip(columns, [heading for _, heading in CATEGORIES] * len(BLOCKS), strict=True))
    check_header(cells, 4, headings, where=BENCHMARKING)
    # The sheet lists councils abolished before 2021-22 too, with empty cells.
    councils = cells.iloc[7:].loc[lambda rows: (rows[[*columns]] != "").any(axis=1)]
    council_codes.check_three_digit(folder, councils[2], where=BENCHMARKING)
    figures = pd.concat(
        [
            value_and_status(councils[column], where=f"{BENCHMARKING}, column {column + 1}").assign(
                area=councils[2],
                period=BENCHMARKING_YEAR,
                measure=measure,
                breakdown=f"category:{code}",
                source="high_needs_2021_22",
            )
            for column, (measure, code) in columns.items()
        ],
        ignore_index=True,
    )
    # Income is published as what is taken off; as a negative amount, the parts add to the whole.
    is_income = figures["breakdown"].str.endswith("_income")
    signed = figures.assign(value=figures["value"].where(~is_income, 0 - figures["value"]))
    _check_parts(signed)
    return with_sums(folder, signed)


def _check_parts(figures: pd.DataFrame) -> None:
    wide = figures.pivot_table("value", index=["measure", "area"], columns="breakdown")
    for whole, parts in TOTALS.items():
        wrong = (wide[parts].sum(axis=1) - wide[whole]).abs() > 1
        if wrong.any():
            measure, area = wrong[wrong].index[0]
            raise ReportError(
                f"council {area}: the parts of {whole.removeprefix('category:')} do not add to it",
                where=f"{BENCHMARKING}, {BLOCKS[measure][1]}",
                fix="Download the workbook again.",
            )


def _refuse_unknown(given: pd.Series, known: Iterable[str], kind: str, where: str) -> None:
    names = list(known)
    unknown = given[~given.isin(names)]
    if not unknown.empty:
        raise ReportError(
            f"unknown {kind} {unknown.iloc[0]!r}",
            where=where,
            fix=did_you_mean(unknown.iloc[0], names)
            or f"The {kind}s known are {', '.join(names)}.",
        )


def with_sums(folder: SourceFolder, councils: pd.DataFrame) -> pd.DataFrame:
    """Add regions and England to rows by council, as sums of the councils with a figure."""
    region_of = (
        council_codes.read_councils(folder).drop_duplicates("area").set_index("area")["region"]
    )
    returned = councils.dropna(subset=["value"])
    wider = pd.concat(
        [returned.assign(area=returned["area"].map(region_of)), returned.assign(area=ENGLAND)]
    )
    sums: pd.DataFrame = (
        wider.groupby(["measure", "area", "period", "breakdown", "source"], as_index=False)["value"]
        .sum()
        .round(2)
        .assign(status="")
    )
    incomplete = pd.MultiIndex.from_frame(sums[["area", "period"]]).isin(INCOMPLETE)
    return pd.concat([councils, sums[~incomplete]])
