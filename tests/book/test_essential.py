"""The page "Reform is essential": what its box, charts, tables and sentences say, by place."""

import re
from typing import Any

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import HTML, Markdown

from book import notebook_cells
from book.conftest import About
from book.notebook_cells import words_of
from conftest import ROOT
from sendreform.book import essential, reform_page
from sendreform.charts import Figure
from sendreform.claims import results
from sendreform.claims.result import Result
from sendreform.evidence import disputes, joined_up, outcomes
from sendreform.evidence.outcomes import EHC_PLAN, SEN_SUPPORT
from sendreform.evidence.series import of
from sendreform.report import Report

NOTEBOOK = ROOT / "notebooks/reform_essential.ipynb"
NAN = float("nan")

#: What a sentence that lacks a figure, or has a wrong plural, would hold.
WRONG = re.compile(
    r"\b(?:nan|NaN|None|NaT|inf)\b|<NA>|[{}]| {2}|\b(?:no of|one appeals|1 councils)\b"
)


def shown(report: Report) -> list[Any]:
    """Return what each cell of the notebook shows for a place."""
    return [value for _, value in notebook_cells.shown("reform_essential", report)]


def rows_of(table: HTML) -> dict[str, list[str]]:
    """The cells of a table, by the name of the row."""
    body = BeautifulSoup(table.data, "html.parser").select("tbody tr")
    return {
        row.select_one("th").get_text(): [cell.get_text() for cell in row.select("td")]
        for row in body
    }


# ---------------------------------------------------------------- the page as a whole


@pytest.mark.parametrize(
    ("area", "first", "last", "charts"),
    [
        ("England", 2015, 2026, 12),
        # Regions have no appeals, former councils no age 6 and 11 in two years, and places of a
        # few children are told of only beside all others.
        ("London", 2015, 2026, 9),
        ("Cumbria", 2015, 2026, 11),
        ("City of London", 2015, 2026, 5),
        ("Bournemouth, Christchurch and Poole", 2019, 2025, 12),
        ("England", 2010, 2013, 0),
    ],
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_the_page_holds_for_a_place(
    about: About, area: str, first: int, last: int, charts: int
) -> None:
    values = shown(about(area, first, last))
    figures = [value for value in values if isinstance(value, Figure)]
    assert len(figures) == charts <= 12
    assert len({figure.id for figure in figures}) == charts
    for value in values:
        assert isinstance(value, Figure | HTML | Markdown)
        text = words_of(value)
        assert not WRONG.search(text), text


@pytest.mark.parametrize("area", ["Isles of Scilly", "Cumberland"])
def test_a_cell_with_nothing_to_say_shows_nothing(about: About, area: str) -> None:
    show = InteractiveShell.instance().display_formatter.format
    for value in shown(about(area)):
        bundle, _ = show(value)
        # A page takes the first of these; an empty Markdown would fall through to its name.
        html = bundle.get("text/html")
        told = html if html is not None else bundle.get("text/markdown") or bundle["text/plain"]
        assert "IPython.core" not in told


def test_of_a_few_children_no_figure_of_their_own_is_told(about: About) -> None:
    scilly = about("Isles of Scilly")
    appeals, plans = (scilly.everywhere(name) for name in ("tribunal_appeals", "ehc_plans"))
    councils = disputes.appeals_by_council(appeals, plans, scilly.councils, "2025")
    assert scilly.area in set(councils["area"])
    assert "Scilly" not in words_of(essential.councils_told_apart(scilly, councils))
    signs = scilly.store.argument("reform")["recommendations"]
    page = BeautifulSoup(reform_page.recommendations(scilly, signs).data, "html.parser")
    for sign in page.select("li"):
        words = sign.get_text()
        assert ", England: " in words or "not told here. Too few children to tell." in words


def test_to_when_the_signs_of_progress_run_is_said(about: About) -> None:
    argument = about("England").store.argument("reform")
    for area, last, words in (
        ("England", 2026, "for January 2026,"),
        ("England", 2024, "for January 2024,"),
        ("Kent", 2026, "for January 2025,"),
    ):
        told = words_of(reform_page.newest_figures(about(area, 2015, last), argument))
        assert words in told and told.startswith("Plans and promises are not results.")


def test_the_survey_is_drawn_as_published(about: About) -> None:
    """97 per cent is published; of five qualities only that more than 90 per cent disagreed."""
    chart = essential.survey(about("Kent"))
    assert "97% disagreed" in chart.title and "more than 90%" in chart.title
    assert chart.table["Published as"].tolist() == ["exact figure", *["more than"] * 5]
    assert "not from the years" in words_of(essential.survey(about("England", 2015, 2023)))


def test_the_share_on_time_is_told_first_since_the_break(about: About) -> None:
    """59.2, 49.2 and 46.1 per cent are published for 2015, 2022 and 2025."""
    assert essential.on_time(about("England")).title == (
        "The share of EHC plans issued on time in England fell by 3.1 percentage points, 2022 to "
        "2025; from 2015, across a break, it fell by 13.1 points"
    )
    assert essential.on_time(about("Cumberland")).title.endswith("2023 to 2024")
    assert "on the newer count alone it fell from 49.2% in 2022" in answer(about("England"))


def test_appeals_are_told_from_number_to_number(about: About) -> None:
    assert essential.appeals(about("England")).title == (
        "Appeals to the SEND Tribunal in England rose from 3,126 in 2015 to 26,977 in 2025"
    )


def test_cells_are_short_and_the_answer_comes_first() -> None:
    cells = nbformat.read(NOTEBOOK, 4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    # The one that imports is longer.
    assert sorted(len(cell.source.splitlines()) for cell in code)[-2] <= 12
    assert all("hide-input" in cell.metadata["tags"] for cell in code)
    assert "essential.answer" in code[2].source
    headings = [
        line.removeprefix("## ")
        for cell in cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith("## ")
    ]
    assert headings[-2:] == ["What would change our mind", "How the verdict was reached"]


# ---------------------------------------------------------------- the answer


def answer(report: Report) -> str:
    shares = joined_up.proportions(
        *(report.everywhere(name) for name in results.joined_up.WITHOUT_EXCEPTIONS)
    ).dropna(subset="value")
    rates = disputes.per_thousand_plans(
        report.everywhere("tribunal_appeals"), report.everywhere("ehc_plans")
    )
    card = results.outcomes.scorecard(report)
    return words_of(essential.answer(report, [], card, rates, shares))


def test_the_answer_for_england_holds_a_figure_for_each_aim(about: About) -> None:
    """46.1 and 59.2 per cent are published; 3,126 of 240,183 and 26,977 of 638,745 are appeals."""
    box = answer(about("England"))
    assert "46.1% of new EHC plans on time in 2025" in box
    assert "narrowed on one of eight outcomes" in box
    assert (round(1000 * 3_126 / 240_183), round(1000 * 26_977 / 638_745)) == (13, 42)
    assert "appeals for every thousand plans rose from 13 in 2015 to 42 in 2025" in box
    assert "fell from 59.2% in 2015 to 46.1% in 2025 (counted differently from 2022)" in box


def test_a_place_of_a_few_children_has_no_figures_in_its_answer(about: About) -> None:
    box = answer(about("Isles of Scilly"))
    assert "so few children and young people" in box
    assert not any(letter.isdigit() for letter in box.split("See each test")[0])


def test_few_plans_are_numbers_in_the_headline(about: About) -> None:
    """Rutland: 40 of 51 plans on time in 2024; few in 2022."""
    assert "78.4% of new EHC plans on time in 2024" in answer(about("Rutland"))
    few = about("Rutland", 2015, 2022)
    counts = [
        of(few.figures(name)).set_index("period")["value"]["2022"]
        for name in results.joined_up.WITHOUT_EXCEPTIONS
    ]
    assert counts[1] < 50
    assert f"{counts[0]:.0f} of {counts[1]:.0f} new EHC plans on time in 2022" in answer(few)


# ---------------------------------------------------------------- outcomes


@pytest.fixture
def england(about: About) -> Report:
    return about("England")


@pytest.fixture
def card(england: Report) -> pd.DataFrame:
    return results.outcomes.scorecard(england)


@pytest.fixture
def in_councils(england: Report) -> pd.DataFrame:
    return results.outcomes.scorecard_with_councils(england)


def test_the_scorecard_tells_levels_gaps_and_councils(
    england: Report, card: pd.DataFrame, in_councils: pd.DataFrame
) -> None:
    """From the published figures: 9 and 7 per cent, 74 less 9 and 69 less 7 points."""
    rows = rows_of(essential.scorecard(england, card, in_councils, EHC_PLAN))
    at_11 = "Expected standard in reading, writing and maths at age 11, per cent of pupils"
    assert rows[at_11] == [
        "2021/22 to 2024/25 (4)", "9", "+2, better", "65", "+3", "Widened", "25 of 149",
    ]  # fmt: skip
    gcse = rows["Average Progress 8 score, grades per subject"]
    assert gcse[1:6] == ["−1.13", "+0.20, better", "1.23", "−0.20", "Narrowed"]
    early = rows["Good level of development at age 5, per cent of children"]
    assert early[3:6] == ["–", "–", "Not told. No figure for pupils with no SEN is published to "
                          "set beside theirs."]  # fmt: skip
    two_years = rows["Progress in reading from age 7 to 11, progress points"]
    assert two_years[5] == "Too short: two years; three needed"
    assert any(row.startswith("Sustained destination after age 16, per") for row in rows)
    table = words_of(essential.scorecard(england, card, in_councils, EHC_PLAN))
    assert "figures for all pupils and by SEN status for 2024/25 are provisional." in table
    suspended = rows["Suspensions, suspensions per 100 pupils"]
    assert suspended[0] == "2021/22 (1)"
    assert suspended[2] == suspended[4] == "–"


def test_every_outcome_is_in_the_table_or_named_below_it(
    england: Report, card: pd.DataFrame, in_councils: pd.DataFrame
) -> None:
    table = essential.scorecard(england, card, in_councils, SEN_SUPPORT)
    assert len(rows_of(table)) == len(outcomes.SCORED) - 1
    assert "Not published for these pupils in these years: 16 and 17 year olds" in table.data


def test_each_outcome_leads_to_what_its_measure_means(
    england: Report, card: pd.DataFrame, in_councils: pd.DataFrame
) -> None:
    page = BeautifulSoup(
        essential.scorecard(england, card, in_councils, EHC_PLAN).data, "html.parser"
    )
    for row in page.select("tbody tr"):
        assert row.select_one("th a")["href"].startswith("../book/measures.html#measure-")


def test_on_the_page_of_a_council_the_councils_are_englands(
    about: About, in_councils: pd.DataFrame
) -> None:
    kent = about("Kent")
    many = essential.of_many_councils(kent)
    assert many.is_england
    table = essential.scorecard(kent, results.outcomes.scorecard(kent), in_councils, EHC_PLAN)
    assert "England's councils where it narrowed" in words_of(table)
    assert rows_of(table)[
        "Expected standard in reading, writing and maths at age 11, per cent of pupils"
    ][-1] == "25 of 149"  # fmt: skip
    assert essential.of_many_councils(about("London")).name == "London"


def test_directions_are_counted_and_none_is_none(england: Report, card: pd.DataFrame) -> None:
    told = words_of(essential.tally_of_outcomes(england, card))
    assert "all 18 outcomes" in told
    assert "narrowed on one, widened on three and stayed about the same on four of eight" in told
    assert "narrowed on two, widened on none and stayed about the same on six of eight" in told


def test_two_outcomes_are_too_few_to_count(england: Report, card: pd.DataFrame) -> None:
    few = card[card["measure"].isin(["attainment_8", "progress_8"])]
    assert "too few outcomes" in words_of(essential.tally_of_outcomes(england, few))


def test_results_at_11_are_told_within_and_across_the_break(
    england: Report, card: pd.DataFrame
) -> None:
    within = words_of(essential.at_11_in_words(england, card))
    assert "9% of those with an EHC plan in England" in within
    assert "widened from 62 in 2021/22 to 65 in 2024/25" in within
    assert "narrowed from 48 in 2021/22 to 45 in 2024/25" in within
    across = words_of(essential.across_the_pandemic(england))
    # 2018/19: 9, 25 and 75 per cent; 2024/25: 9, 29 and 74.
    assert "EHC plan, 9% and 9% (a gap of 66 and 65 percentage points)" in across
    assert "SEN support, 25% and 29% (a gap of 50 and 45 percentage points)" in across
    assert "no SEN, 75% and 74%" in across


def test_a_place_without_results_before_the_pandemic_says_so(about: About) -> None:
    assert "no results of before" in words_of(essential.across_the_pandemic(about("Cumberland")))
    assert "no results of before" in words_of(
        essential.across_the_pandemic(about("England", 2015, 2019))
    )


def test_bars_tell_in_how_many_councils_the_gap_narrowed(
    england: Report, in_councils: pd.DataFrame
) -> None:
    chart = essential.gaps_in_councils(england, in_councils)
    assert chart.title == (
        "At age 11 the gap for pupils with an EHC plan narrowed in 25 of 149 councils in England"
    )
    bars = chart.table.set_index("Outcome and group")["Per cent of councils"]
    assert bars["Standard at age 11, EHC plan"] == pytest.approx(100 * 25 / 149)
    assert bars["Standard at age 11, SEN support"] == pytest.approx(100 * 114 / 149)
    assert len(bars) == 12


def test_gaps_that_changed_groups_could_account_for_are_counted(england: Report) -> None:
    bounds = pd.DataFrame(
        {
            "measure": ["phonics_in_year_1", "reading_writing_maths_at_11", "absence_rate"],
            "series": EHC_PLAN,
            "from": "2021/22",
            "to": "2024/25",
            "gap_before": [60.0, 62.0, 3.0],
            "gap": [68.0, 65.0, 4.0],
            "low": [61.0, 59.0, 2.0],
            "high": [80.0, 75.0, 5.0],
        }
    )
    chart = essential.gaps_had_groups_stayed(england, bounds)
    assert "could account for how one of two gaps at ages 6 and 11 moved" in chart.title
    assert chart.table["Age, group and year"].tolist() == [
        "Age 6, EHC plan, 2021/22", "Age 6, EHC plan, 2024/25",
        "Age 11, EHC plan, 2021/22", "Age 11, EHC plan, 2024/25",
    ]  # fmt: skip
    assert chart.table["Percentage points"].tolist() == [60.0, 68.0, 62.0, 65.0]
    assert chart.table["Low"].isna().tolist() == [True, False, True, False]
    assert "how two of three gaps moved" in words_of(
        essential.changed_groups_in_words(england, bounds)
    )
    assert "how all two gaps moved" in words_of(
        essential.changed_groups_in_words(england, bounds.iloc[1:])
    )
    assert "could not account for how any of one gap moved" in words_of(
        essential.changed_groups_in_words(england, bounds.head(1))
    )
    assert essential.changed_groups_in_words(england, bounds.head(0)).data == ""


# ---------------------------------------------------------------- disputes


def test_the_quoted_rise_stands_beside_that_from_the_year_before(
    about: About, england: Report
) -> None:
    """3,147 appeals in 2014/15, 4,069 the year before and 13,658 in 2022/23."""
    rises = disputes.from_each_base(
        of(england.store.observations("tribunal_appeals_academic_year")), essential.QUOTED_TO
    )
    chart = essential.base_years(england, rises)
    assert (round(100 * 13_658 / 3_147 - 100), round(100 * 13_658 / 4_069 - 100)) == (334, 236)
    assert "by 334% from 2014/15, and by 236% from the year before" in chart.title
    assert chart.table["Counted from"].iloc[0] == "From 2013/14"
    assert chart.table["Per cent"].idxmax() == 1
    early = essential.base_years(about("England", 2010, 2016), rises)
    assert "after the years of this page" in words_of(early)


def rises(first: float, second: float, last: float) -> pd.DataFrame:
    return disputes.from_each_base(
        pd.DataFrame({"period": ["2014", "2015", "2025"], "value": [first, second, last]}), "2025"
    )


def test_a_rise_is_told_from_the_lowest_year_and_from_the_first(england: Report) -> None:
    told = words_of(essential.from_the_lowest_year(england, rises(4_108, 3_126, 26_977)))
    assert "was 2015. From then on appeals went from 3,126 to 26,977, up 763%." in told
    assert "Counted from 2014 instead, they went from 4,108, up 557%." in told
    lowest_first = words_of(essential.from_the_lowest_year(england, rises(3_000, 4_000, 2_000)))
    assert "from 3,000 to 2,000, down 33%." in lowest_first
    assert "instead" not in lowest_first
    few = words_of(essential.from_the_lowest_year(england, rises(7, 9, 46)))
    assert "went from 7 to 46." in few and "%" not in few


def test_rates_on_two_bases_are_told_apart_with_the_caution(england: Report) -> None:
    rates = disputes.appeal_rates(
        of(england.figures("appeal_rate_old_basis")), of(england.figures("appeal_rate_new_basis"))
    )
    told = words_of(
        essential.rates_in_words(
            england, rates, england.everywhere("appealable_decisions_new_basis")
        )
    )
    assert "older basis the appeal rate rose from 1.2% in 2015 to 3.2% in 2024" in told
    assert "newer basis the appeal rate rose from 6.1% in 2024 to 6.6% in 2025" in told
    # The record of the measure says 5.7 and 6.6 per cent.
    assert "would be 5.7% in 2024 and 6.6% in 2025" in told


def test_appeals_for_plans_stand_beside_englands(about: About) -> None:
    kent = about("Kent")
    rates = disputes.per_thousand_plans(
        kent.everywhere("tribunal_appeals"), kent.everywhere("ehc_plans")
    )
    chart = essential.appeals_for_plans(kent, rates)
    assert list(chart.table.columns) == ["Period", "Kent", "England"]
    assert chart.title.endswith("2015 to 2025, across a break")
    assert any("January 2023" in note for note in chart.notes)


def counts(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(values, dtype="float64") for name, values in columns.items()}
    ).assign(period="2024")


def test_refusals_are_shares_of_requests_and_of_decisions(england: Report) -> None:
    refused = counts(requests=[200.0], value=[50.0], share=[25.0], share_of_decisions=[31.25])
    challenged = counts(refused=[50.0], appealed=[8.0], value=[16.0], share_challenged=[30.0])
    told = words_of(essential.refusals(england, refused, challenged))
    assert told == (
        "In 2024, 50 of 200 requests for an assessment in England were refused (25.0%; 31.2% of "
        "those decided). Of 50 refusals of 2024, 8 had been appealed by the January after (16.0%), "
        "as councils recorded it, and 30.0% had been appealed, taken to mediation, or both."
    )
    few = counts(requests=[20.0], value=[5.0], share=[25.0], share_of_decisions=[NAN])
    assert words_of(essential.refusals(england, few, challenged.head(0))) == (
        "In 2024, 5 of 20 requests for an assessment in England were refused."
    )
    assert "no figure" in words_of(essential.refusals(england, few.head(0), challenged))


def held(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["series", "period", "value", "then_appealed"])
    return table.assign(share=100 * table["then_appealed"] / table["value"])


def test_mediations_are_told_by_kind_few_as_numbers_and_totals_apart(england: Report) -> None:
    totals = next(iter(disputes.MEDIATIONS))
    told = words_of(
        essential.mediations(
            england,
            held(
                (totals, "2021", 100.0, 30.0),
                ("Whether to assess", "2023", 70.0, 9.0),
                ("Whether to assess", "2024", 80.0, 10.0),
                ("Whether to issue a plan", "2024", 20.0, 10.0),
                ("Other matters after an assessment", "2024", 0.0, 0.0),
            ),
        )
    )
    assert "Mediations of 2024 in England" in told
    assert "10 of 80 (12.5%)" in told and "10 of 20." in told
    assert "Other matters" not in told.title() and "70" not in told
    assert "an appeal followed 30 of 100 (30.0%) mediations of 2021 in England" in told
    only_totals = words_of(essential.mediations(england, held((totals, "2021", 24.0, 2.0))))
    assert (
        only_totals.startswith("On totals over all kinds") and "2 of 24 mediations" in only_totals
    )


def test_both_publishers_are_shown_where_they_disagree(england: Report) -> None:
    told = disputes.decided_for_families(england.figures("tribunal_decisions_for_families_share"))
    table = essential.decided_for_families(england, told)
    cells = [
        [cell.get_text() for cell in row.select("th, td")]
        for row in BeautifulSoup(table.data, "html.parser").select("tbody tr")
    ]
    disputed = [row for row in cells if row[0] == "2023/24"]
    assert [row[1] for row in disputed] == ["95.0%", "99.0%"]
    assert "(Schools Week)" in disputed[0][2] and "(Other reports)" in disputed[1][2]
    assert [cells[0][:2], cells[-1][:2]] == [["2014/15", "86.3%"], ["2024/25", "99.0%"]]
    text = words_of(table)
    assert "For 2023/24 publishers disagree; we show both and use the lower." in text
    assert "of about 17,000 appeals that ended, about 11,000 were" in text
    for word in ("won", "lost", "win", "success"):
        assert f" {word} " not in text.lower()


def test_councils_are_counted_by_what_chance_can_do_and_the_place_is_told(about: About) -> None:
    kent = about("Kent")
    appeals, plans = (kent.everywhere(name) for name in ("tribunal_appeals", "ehc_plans"))
    rates = essential.newest_of_councils(kent, disputes.per_thousand_plans(appeals, plans))
    assert set(rates["period"]) == {"2025"}
    councils = disputes.appeals_by_council(appeals, plans, kent.councils, "2025")
    chart = essential.appeals_by_council(kent, councils, rates)
    assert chart.title.startswith("In 113 of 153 councils")
    assert "Newham's count for January 2025 looks like a fault" in " ".join(chart.notes)
    told = words_of(essential.councils_told_apart(kent, councils))
    assert "in 41 councils and lower in 72 councils" in told
    assert 41 + 72 == 113
    assert "Kent had 1,756 appeals: 85 for every thousand plans (95% interval 81 to 89)" in told
    assert told.endswith("higher than all councils together.")
    assert "Kent" not in words_of(essential.councils_told_apart(about("England"), councils))


# ---------------------------------------------------------------- joined-up support


def test_the_fall_in_plans_on_time_is_told_in_its_three_steps(about: About) -> None:
    told = words_of(essential.on_time_in_steps(about("England")))
    assert "on the older count the share on time rose from 59.2% in 2015 to 59.9% in 2021" in told
    assert "from the older to the newer count it fell from 59.9% in 2021 to 49.2% in 2022" in told
    assert "on the newer count the share on time fell from 49.2% in 2022 to 46.1% in 2025" in told
    assert "counted differently" not in told
    assert words_of(essential.on_time_in_steps(about("Cumberland"))) == (
        "In Cumberland, the share on time rose from 27.1% in 2023 to 42.6% in 2024."
    )
    assert "not two years" in words_of(essential.on_time_in_steps(about("England", 2025, 2026)))


def test_late_councils_are_those_beyond_chance(about: About) -> None:
    kent = about("Kent")
    shares = joined_up.proportions(
        *(kent.everywhere(name) for name in results.joined_up.WITHOUT_EXCEPTIONS)
    ).dropna(subset="value")
    newest = essential.newest_of_councils(kent, shares)
    half, four_in_five = (
        joined_up.councils_below(newest, kent.councils, level) for level in (50, 80)
    )
    chart = essential.on_time_by_council(kent, newest, half)
    of_councils = newest[newest["area"].isin(kent.councils)]["value"]
    assert chart.title.startswith(f"In {int((of_councils < 50).sum())} of 151 councils")
    told = words_of(essential.late_councils(kent, newest, four_in_five))
    assert "105 of 151 councils (70%)" in told
    assert "Kent issued 783 of 2,354 on time (95% interval of the share 31% to 35%)." in told


def test_very_late_plans_are_counted_and_few_have_no_share(about: About) -> None:
    england = about("England")
    lengths = pd.DataFrame(
        {
            "period": ["2023", "2024"],
            "series": joined_up.VERY_LATE,
            "value": [70.0, 90.0],
            "share": [7.0, 9.0],
        }
    )
    told = words_of(essential.very_late(england, lengths))
    assert told.startswith(
        "90 new plans of 2024 in England took over a year, leaving out exceptions that the law"
    )
    assert "rose from 7.0% in 2023 to 9.0% in 2024" in told
    # The release of 2026 gives 24 weeks.
    assert "24 weeks on average in 2025, also leaving out exceptions" in told
    few = words_of(essential.very_late(england, lengths.assign(value=3.0)))
    assert few.startswith("Three new plans of 2024") and "%" not in few


def test_reviews_on_two_bases_are_not_compared(about: About) -> None:
    england = about("England")
    kinds = ("expected", "held", "not_held", "decided_in_4_weeks", "decided_after_4_weeks")
    counted = joined_up.annual_reviews(
        *(of(england.figures(f"annual_reviews_{kind}")) for kind in kinds),
        england.record("annual_reviews_held")["breaks"],
    )
    told = words_of(essential.reviews(england, counted))
    # 453,761 of 524,654 and 339,027 of 596,987.
    assert "(86.5%)" in told and "(56.8%)" in told
    assert told.endswith("do not compare.")
    assert "do not compare" not in words_of(essential.reviews(england, counted.head(1)))


def test_those_without_a_place_are_told_since_the_last_break(about: About) -> None:
    england = about("England")
    placed = joined_up.without_a_place(england.figures("ehc_plans"))
    told = words_of(essential.without_a_place(england, placed))
    # 62,386 of 718,838 plans in January 2026, 31,640 in January 2023.
    assert "62,386 children and young people" in told
    assert f"{100 * 62_386 / 718_838:.1f}% of all plans" in told
    assert "In January 2023 it was 31,640" in told and "2022" not in told
    nobody = placed.assign(value=placed["value"].where(placed["series"] == "Educated elsewhere or "
                                                       "not in education, all", 0.0))  # fmt: skip
    assert "Among them" not in words_of(essential.without_a_place(england, nobody))


def test_waits_are_told_for_the_newest_month_by_service(about: About) -> None:
    england = about("England")
    waits = joined_up.health_waits(
        *(
            england.figures(f"community_health_waiting{longer}")
            for longer in ("", "_over_18_weeks", "_over_52_weeks")
        )
    )
    rows = rows_of(essential.health_waits(england, waits))
    # 89,012 and 20,109 of 188,100 in October 2023.
    assert rows["All four services"] == ["188,100", "47%", "11%"]
    assert len(rows) == 5


def test_officers_are_counted_and_the_councils_own_answer_is_told(about: About) -> None:
    kent = about("Kent")
    counted = joined_up.officers(kent.within_years("designated_officer_in_post"), kent.councils)
    told = words_of(essential.officers(kent, counted))
    assert "148 of 153 councils that answered had a designated medical or clinical officer" in told
    assert told.endswith(
        "Kent said in January 2025 that it had a designated clinical officer, a designated social "
        "care officer and no designated medical officer in post."
    )
    assert "said in" not in words_of(essential.officers(about("England"), counted))


# ---------------------------------------------------------------- prerequisites


def found_for(report: Report) -> dict[str, Result]:
    england = essential.of_england(report)
    return {name: results.RESULTS[name](england) for name in results.prerequisites.BEHIND_THE_TABLE}


def test_each_prerequisite_stands_beside_open_data(about: About) -> None:
    kent = about("Kent")
    table = results.prerequisites.prerequisite_table(kent, found_for(kent))
    html = essential.survey_beside_data(table)
    cells = [
        [cell.get_text() for cell in row.select("th, td")]
        for row in BeautifulSoup(html.data, "html.parser").select("tbody tr")
    ]
    assert len(cells) == 10
    assert {row[1] for row in cells} == {"more than 90%"}
    figures = {row[2]: row[3] for row in cells}
    # 106 of 148 councils, and £17,909 for each plan.
    assert figures["Councils that have overspent the Dedicated Schools Grant"] == "72% of councils"
    assert figures["High needs funding for each plan, 2024-25 prices"] == "£17,909"
    missing = essential.survey_beside_data(table.assign(value=NAN, survey_more_than=NAN))
    assert "no figure" in words_of(missing) and not WRONG.search(words_of(missing))


def test_the_prerequisites_are_told_for_england_on_every_page(about: About) -> None:
    kent = about("Kent")
    found = found_for(kent)
    table = results.prerequisites.prerequisite_table(kent, found)
    told = words_of(essential.prerequisites_in_words(kent, found, table))
    assert "On 31 March 2024, 72% of England's councils" in told
    assert "by £2.1bn together" in told and "it lies between 69% and 73%" in told
    assert "Most of that came before 2019-20; since then it fell by 10%." in told
    assert "received £14,249 a plan, the one a tenth from the top £22,279" in told
    # 96.04 per cent of the differences are left; 88.3 to 99.9 in the interval.
    assert "4% of the differences" in told and "interval 0% to 12%" in told


def test_what_is_not_published_of_a_prerequisite_is_said(about: About) -> None:
    early = about("England", 2010, 2013)
    found = found_for(early)
    table = results.prerequisites.prerequisite_table(early, found)
    told = words_of(essential.prerequisites_in_words(early, found, table))
    assert told.count("For England,") == 4
    # A share of councils is published without the sum that they have overspent.
    bounds = {f"had {which} council without a figure overspent": 69.0 for which in ("no", "every")}
    deficit = Result(69.0, "2021-22", ("dsg_balance_share",), checks=bounds)
    known = found | {"share_of_councils_in_deficit": deficit}
    told = words_of(essential.prerequisites_in_words(early, known, table))
    assert "At the end of 2021-22, 69% of England's councils with a figure had overspent" in told
    assert "together" not in told and "it lies between" not in told


def test_a_rise_in_funding_would_be_called_one(about: About) -> None:
    england = about("England")
    found = found_for(england)
    table = results.prerequisites.prerequisite_table(england, found)
    for value, since, words in (
        (8.0, 6.0, "rose by 8% in real terms. Since 2019-20 it rose by 6%."),
        (-8.0, NAN, "fell by 8% in real terms. Less money"),
    ):
        funding = Result(value, "2015-16 to 2023-24", (), checks={"from 2019-20": since})
        known = found | {"change_in_real_funding_per_plan": funding}
        told = words_of(essential.prerequisites_in_words(england, known, table))
        assert words in told
        assert "Most of that" not in told
