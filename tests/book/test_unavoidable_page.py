"""The page "Reform is unavoidable": what its charts and sentences say, place by place."""

import csv
import functools
import re
from dataclasses import replace
from typing import Any

import nbformat
import pandas as pd
import pytest

from book import notebook_cells
from book.conftest import About
from book.notebook_cells import words_of
from conftest import ROOT
from sendreform.book import faults
from sendreform.book import unavoidable as page
from sendreform.book.unavoidable import shared
from sendreform.charts import Figure
from sendreform.claims import results, verdicts
from sendreform.claims.result import Result, no_result
from sendreform.evidence import growth, placements
from sendreform.evidence.series import Span, of
from sendreform.report import Report

NOTEBOOK = ROOT / "notebooks/reform_unavoidable.ipynb"


def shown(report: Report) -> dict[str, Any]:
    """Return what each cell of the notebook shows for a place, by the function it calls."""
    values = notebook_cells.shown("reform_unavoidable", report)
    assert len(dict(values)) == len(values)
    return dict(values)


@functools.cache
def file_of(path: str) -> dict[tuple[str, str, str], str]:
    """A table of the data straight from its file, without the code of the report."""
    with (ROOT / f"data/observations/{path}.csv").open(encoding="utf-8") as file:
        return {
            (row["area"], row["period"], row["breakdown"]): row["value"]
            for row in csv.DictReader(file)
        }


def in_the_file(path: str, area: str, period: str, breakdown: str = "all") -> float:
    return float(file_of(path)[area, period, breakdown])


def plans(area: str, period: str, breakdown: str = "all") -> float:
    return in_the_file("caseload/ehc_plans", area, period, breakdown)


def made_for(report: Report) -> dict[str, verdicts.Outcome]:
    made = verdicts.outcomes(report, "unavoidable", results.RESULTS)
    return {outcome.test.id: outcome for outcome in made}


# ---------------------------------------------------------------- the page as a whole


PLACES = [
    ("England", 2015, 12),
    ("England", 2018, 12),
    ("London", 2015, 12),
    ("Kent", 2015, 12),
    # Of few plans, only what all together say is drawn; a new council has no rise to take apart.
    ("Isles of Scilly", 2015, 3),
    ("City of London", 2015, 3),
    ("Cumberland", 2015, 8),
]


@pytest.mark.parametrize(("area", "first", "charts"), PLACES)
def test_every_part_says_something_whole(about: About, area: str, first: int, charts: int) -> None:
    values = shown(about(area, first))
    figures = [value for value in values.values() if isinstance(value, Figure)]
    assert len({figure.id for figure in figures}) == len(figures) <= 12
    assert len(figures) == charts
    for made, value in values.items():
        text = words_of(value)
        assert text, made
        assert not re.search(r"\bnan\b|\bNone\b(?! of)|\bnone give\b|\bno gives?\b", text), text
        assert not re.search(r"\b([a-z]+) \1\b", text.lower()), text
        assert not re.search(r"\{|\}|\.\.", text), text


def test_the_notebook_is_a_story_with_short_cells() -> None:
    cells = nbformat.read(NOTEBOOK, 4).cells
    long = [
        cell.id
        for cell in cells
        if cell.cell_type == "code"
        and len([line for line in cell.source.splitlines() if line]) > 10
    ]
    assert long == []
    prose = " ".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert "## What would change our mind" in prose


@pytest.mark.parametrize(("area", "code"), [("England", "E92000001"), ("London", "E12000007")])
def test_the_answer_gives_the_newest_plans_as_published(about: About, area: str, code: str) -> None:
    last = "2026" if area == "England" else "2025"
    first, newest = plans(code, "2015-01"), plans(code, f"{last}-01")
    values = shown(about(area))
    text = words_of(values["answer"])
    assert f"{newest:,.0f} EHC plans in January {last}" in text
    assert f"rose from {first:,.0f} in January 2015 to {newest:,.0f} in January {last}" in text
    rise = f"rose by {100 * (newest / first - 1):.0f}%, January 2015 to January {last}"
    assert rise in values["plans_over_time"].title


def test_kent_has_its_own_figures(about: About) -> None:
    values = shown(about("Kent"))
    new, ceased, moved = (
        in_the_file(f"process/{name}", "886", "2024", breakdown)
        for name, breakdown in (
            ("new_ehc_plans", "all"),
            ("ehc_plans_ceased", "all"),
            ("ehc_plans_ceased", "reason:transferred"),
        )
    )
    assert values["begun_and_ended"].title == (
        f"{new:,.0f} plans began in Kent in 2024, and {ceased - moved:,.0f} ended"
    )
    ratio = new / (ceased - moved)
    assert f"{ratio:.1f} plans began in 2024" in words_of(values["begun_for_each_ended"])
    assert f"{ratio:.1f} plans began for each that ended" in words_of(values["answer"])


# ---------------------------------------------------------------- faster than plans, or not


def with_verdicts(report: Report, transport: float, costlier: float) -> str:
    """The answer of the page with two results put in place of those of the place."""
    put = {"transport": Result(transport, "2018-19 to 2024-25", ()),
           "costlier-places": Result(costlier, "January 2015 to January 2026", ())}  # fmt: skip
    made = [
        replace(outcome, result=put[name], verdict=verdicts.judge(outcome.test, put[name]))
        if name in put
        else outcome
        for name, outcome in made_for(report).items()
    ]
    return words_of(page.answer(report, made))


def test_words_on_two_further_pressures_follow_from_each_figure(about: About) -> None:
    report = about("England")
    slow = with_verdicts(report, 3, 1.05)
    assert "Not all rose much faster than plans: school transport rose by 3%" in slow
    assert "the costliest placements rose by 214% and all plans whose placement is" in slow
    assert "Some pressures rose faster" not in slow
    fast = with_verdicts(report, 12, 1.2)
    assert "Some pressures rose faster than plans: school transport rose by 12%" in fast
    assert "Not all" not in fast
    mixed = with_verdicts(report, -4, 1.2)
    assert "Some pressures rose faster than plans: the costliest placements rose by" in mixed
    assert "Not all rose much faster than plans: school transport fell by 4%" in mixed


def test_from_2018_the_costliest_placements_rose_faster_and_from_2015_hardly(about: About) -> None:
    words = "Some pressures rose faster than plans: the costliest placements rose by"
    assert words in words_of(shown(about("England", 2018))["answer"])
    assert "Some pressures" not in words_of(shown(about("England"))["answer"])


def test_growth_is_told_as_growth_and_never_as_a_ratio_of_multiples(about: About) -> None:
    england = "E92000001"
    text = words_of(shown(about("England"))["answer"])
    assert "times as much" not in text
    held = plans(england, "2024-01") / plans(england, "2016-01")
    funded, prices = (
        in_the_file(f"money/{name}", england, "2023-24")
        / in_the_file(f"money/{name}", england, "2015-16")
        for name in ("high_needs_funding", "gdp_deflator")
    )
    real = funded / prices
    assert f"Plans rose by {100 * (held - 1):.0f}% and funding by {100 * (real - 1):.0f}%" in text
    assert real / held == pytest.approx(2 / 3, abs=0.02)
    assert "so there is about a third less for each plan" in text
    costly = [
        sum(plans(england, when, f"placement:special_{kind}")
            for kind in ("independent", "non_maintained"))
        for when in ("2015-01", "2026-01")
    ]  # fmt: skip
    assert f"costliest placements rose by {100 * (costly[1] / costly[0] - 1):.0f}%" in text


def test_from_2022_what_there_is_for_each_plan_fell_by_less(about: About) -> None:
    assert "so there is 8% less for each plan" in words_of(shown(about("England", 2022))["answer"])


def test_the_pace_of_growth_is_one_sentence_that_names_the_break(about: About) -> None:
    england = "E92000001"
    values = shown(about("England"))
    three, last, before = (
        100 * ((plans(england, end) / plans(england, start)) ** (1 / years) - 1)
        for start, end, years in (
            ("2023-01", "2026-01", 3), ("2025-01", "2026-01", 1), ("2020-01", "2023-01", 3)
        )
    )  # fmt: skip
    assert words_of(values["growth_lately"]) == (
        f"EHC plans in England grew by {three:.1f}% a year in the three years to January 2026, "
        f"{last:.1f}% in the last, and {before:.1f}% a year in the three years before (counted "
        "differently from January 2023)."
    )
    assert f"most in January 2026, {last:.1f}%" in words_of(values["yearly_growth"])
    fell = pd.DataFrame(
        {"period": ["2022-01", "2024-01", "2025-01"], "value": [1000.0, 1200.0, 1100.0]}
    )
    told = page.growth_lately(about("Kent"), fell).data
    assert "grew by 3.2% a year in the three years to January 2025" in told
    assert told.endswith("and shrank by 8.3% in the last.")


def test_a_pressure_that_is_not_tested_here_is_left_out(about: About) -> None:
    text = words_of(shown(about("Kent"))["answer"])
    assert "the costliest placements rose" in text
    assert "school transport" not in text
    assert made_for(about("Kent"))["transport"].result.is_missing


# ---------------------------------------------------------------- shares of the rise


def shares_in(sentence: str) -> list[float]:
    """The shares of a sentence by age in per cent, without what stands in brackets."""
    told = re.sub(r"\([^)]*\)", "", sentence).partition(",")[2]
    below = {
        words: -1.0 if words.startswith("took away") else 1.0
        for words in re.findall(r"took away [\d,.]+%|[\d,.]+%", told)
    }
    return [
        below[words] * float(words.removeprefix("took away ").rstrip("%").replace(",", ""))
        for words in re.findall(r"took away [\d,.]+%|[\d,.]+%", told)
    ]


@pytest.mark.parametrize("area", ["England", "London", "Kent", "Hackney"])
def test_shares_by_age_add_up(about: About, area: str) -> None:
    sentence = words_of(shown(about(area))["age_parts"])
    assert len(shares_in(sentence)) in (4, 5)
    assert sum(shares_in(sentence)) == pytest.approx(100, abs=2)  # each is rounded
    assert " and and " not in sentence


def test_fewer_children_take_away_from_the_rise_in_hackney(about: About) -> None:
    report = about("Hackney")
    assert in_the_file("context/population_0_17", "204", "2014-06-30") > in_the_file(
        "context/population_0_17", "204", "2023-06-30"
    )
    sentence = words_of(shown(report)["age_parts"])
    assert "and a smaller number of children took away 8%" in sentence
    assert "since January 2016, it took away 2% of the rise from then" in sentence
    assert "none" not in sentence


def test_more_children_by_pupils_stand_in_the_same_sentence(about: About) -> None:
    sentence = words_of(shown(about("England"))["age_parts"])
    told = re.search(r"a larger number of children, (\d+)% \((.*)\)\.$", sentence)
    assert told
    # 3,738 at 5 to 10 and 28,040 at 11 to 15 (pupils), 928 below (all children): worked out by
    # hand from the published counts; the rise of nine years is 638,745 less 256,315.
    share = 100 * (3_738 + 28_040 + 928) / (638_745 - 256_315)
    assert f"{share:.0f}% of the rise from then to January 2025" in told[2]
    assert float(told[1]) < share
    note = words_of(shown(about("England"))["rise_by_age"])
    assert "from mid-2014 to mid-2024, 10 years, and plans over 11 years" in note


def test_with_pupils_at_both_ends_nothing_stands_in_brackets(about: About) -> None:
    sentence = words_of(shown(about("England", 2018))["age_parts"])
    assert "set against" not in sentence
    note = words_of(shown(about("England", 2018))["rise_by_age"])
    assert "set against pupils of the same ages" in note
    assert "from January 2018 to January 2025, seven years, and plans over eight years" in note


def test_a_rise_of_a_few_plans_has_no_shares(about: About) -> None:
    report = about("Kent")
    few = Span("2024-01", "2025-01", 20_000, 20_008)
    assert not shared.shares_told(report, few)
    assert "rose by a few only" in page.age_parts(report, few, pd.DataFrame()).data
    assert not shared.shares_told(about("Isles of Scilly"), Span("2015-01", "2025-01", 1, 99))


def test_fewer_pupils_take_away_from_what_needs_add(about: About) -> None:
    report = about("Kent")
    told = Span("2016-01", "2025-01", 1000, 2000)
    needs = pd.DataFrame({"need": ["asd"], "change": [200.0], "by_base": [-40.0]})
    fewer = page.need_parts(report, told, needs).data
    assert "There were fewer pupils" in fewer
    assert "would have taken away as many plans as 20% of what they added" in fewer
    more = page.need_parts(report, told, needs.assign(by_base=40.0)).data
    assert "More pupils alone would have brought 20% of what they added." in more


def test_the_need_chart_names_the_break_of_january_2025(about: About) -> None:
    with_break = words_of(shown(about("England"))["rise_by_need"])
    assert "January 2025: Down syndrome became a need of its own" in with_break
    report = about("England", 2015, 2024)
    told = Span("2016-01", "2024-01", 1.0, 2.0)
    parts = pd.DataFrame({"need": ["asd"], "change": [1.0], "by_base": [0.0]})
    assert "Down" not in words_of(page.rise_by_need(report, told, parts))


# ---------------------------------------------------------------- begun and ended


def test_few_ends_give_no_ratio(about: About) -> None:
    """Of 2022, 19 ends are published for Hackney, and 329 plans began."""
    values = shown(about("Hackney"))
    assert "17.3" not in words_of(values["begun_for_each_ended"])
    assert "In 2022" not in words_of(values["begun_for_each_ended"])
    assert "17.3" not in words_of(values["listing_of_tests"])
    city = words_of(shown(about("City of London"))["begun_for_each_ended"])
    assert "too few ended" in city


def test_who_ceased_is_told_by_age_and_followed_to_the_next_january(about: About) -> None:
    values = shown(about("England"))
    held = sum(plans("E92000001", "2025-01", f"age:{age}") for age in range(20, 26))
    gone = in_the_file("process/ehc_plans_ceased", "E92000001", "2025", "age:20_and_over")
    assert f"{100 * gone / held:.1f}%" in words_of(values["leaving_by_age"])
    followed = words_of(values["a_year_older"])
    [*parts, together] = (
        float(figure.replace(",", "").replace("−", "-"))
        for figure in re.findall(r"[+−][\d,]+", followed)
    )
    assert sum(parts) == together == 718_838 - 638_745
    assert "too few hold a plan" in words_of(shown(about("Isles of Scilly"))["leaving_by_age"])


def test_the_title_by_flow_is_a_sentence_and_the_parts_say_what_they_add(about: About) -> None:
    values = shown(about("England"))
    figure = values["rise_by_flow"]
    added = figure.table.set_index(figure.table.columns[0])[figure.table.columns[1]]
    share = 100 * added["More new plans"] / added.iloc[1:-1].sum()
    assert figure.title == (
        f"More new plans each year than in 2014 account for {share:.0f}% of the rise in EHC plans "
        "in England"
    )
    assert "The first part shows the rise had every year been like 2014." in words_of(figure)
    began = in_the_file("process/new_ehc_plans", "E92000001", "2014")
    assert words_of(values["flow_parts"]).startswith(
        f"Had each year been like 2014 ({began:,.0f} new plans, 10.2% leaving), plans would have "
        f"risen by {added.iloc[1]:,.0f}. New plans above that added {added['More new plans']:,.0f}"
    )


def test_over_two_years_flows_are_not_told_apart(about: About) -> None:
    values = shown(about("England", 2024))
    assert "not told by flow" in words_of(values["rise_by_flow"])
    assert "cannot be told apart" in words_of(values["flow_parts"])


def test_the_title_by_need_gives_the_share_of_the_needs_that_are_named(about: About) -> None:
    values = shown(about("England"))
    [share] = re.findall(r"account for (\d+%) of the rise", words_of(values["need_parts"]))
    assert values["rise_by_need"].title == (
        f"Three needs account for {share} of the rise in EHC plans in England"
    )
    parts = pd.DataFrame({"need": ["asd", growth.OTHER_NEEDS], "change": [-5.0, 805.0]})
    told = Span("2016-01", "2024-01", 100.0, 900.0)
    assert "account" not in words_of(page.rise_by_need(about("Kent"), told, parts))


# ---------------------------------------------------------------- placements


@pytest.mark.parametrize(
    ("area", "ends", "words"),
    [
        ("England", (0, 8), "in England in none to eight of ten years, by the definition"),
        ("Barnet", (0, 6), "in Barnet in none to six of ten years, by the definition"),
        ("Blackpool", (3, 10), "in Blackpool in three to ten of ten years, by the definition"),
    ],
)
def test_the_title_says_how_far_definitions_differ(
    about: About, area: str, ends: tuple[int, int], words: str
) -> None:
    report = about(area)
    both = [report.to_latest(name) for name in ("ehc_plans", "new_ehc_plans")]
    compared = page.definitions(*both)
    table = page.special_and_mainstream(report, compared)
    years = [int(text) for text in re.findall(r"in (\d+) of 10 years", words_of(table))]
    assert (min(years), max(years)) == ends
    assert words in words_of(table)


def test_how_many_definitions_give_seven_reads_right(about: About) -> None:
    def told(*years: int) -> str:
        table = pd.DataFrame({"years": 10, "more_special": list(years), "definition": "By name"})
        return page.seven_of_ten(about("Kent"), table).data

    assert "none gives seven years exactly and none gives more than seven." in told(3, 4)
    assert "one gives seven years exactly (by name) and two give more" in told(7, 8, 9)
    assert "two give seven years exactly and none gives more than seven." in told(7, 7)


def test_the_page_has_the_definition_of_the_ledger_that_gives_seven(about: About) -> None:
    with (ROOT / "data/claims.csv").open(encoding="utf-8") as file:
        [claim] = [
            row for row in csv.DictReader(file) if (row["claim"], row["figure"]) == ("C008", "2")
        ]
    assert set(claim["per_breakdown"].split(" + ")) == set(page.STATE_CLASSES)
    england = "E92000001"
    ahead = [
        year
        for year in range(2015, 2025)
        if plans(england, f"{year}-01", "placement:special")
        > sum(plans(england, f"{year}-01", code) for code in page.STATE_CLASSES)
    ]
    assert len(ahead) == float(claim["value"]) == 7
    values = shown(about("England"))
    table = words_of(values["special_and_mainstream"])
    years = ", ".join(map(str, ahead))
    assert f"classes of state mainstream schools alone in 7 of 10 years {years}" in table
    assert "Counted differently from January 2023." in table
    told = words_of(values["seven_of_ten"])
    assert told.startswith("Of nine definitions")
    assert "one gives seven years exactly (all special schools against classes of state" in told


def test_moves_between_placements_are_drawn_for_the_last_year_published(about: About) -> None:
    values = shown(about("England"))
    out, back, home, home_too = (
        in_the_file("process/placement_moves", "E92000001", "2021", f"move:{move}")
        for move in (
            "mainstream_to_special", "special_to_mainstream", "mainstream_to_home_education",
            "special_to_home_education",
        )
    )  # fmt: skip
    figure = values["placement_moves"]
    assert figure.id == "placement-moves"
    assert figure.title == (
        f"{out:,.0f} moved from mainstream to special settings in England in 2021, and {back:,.0f} "
        "moved back"
    )
    assert "This collection ended with 2021: later moves are not published." in words_of(figure)
    assert f"home education from both: {home + home_too:,.0f}" in figure.alt
    assert "Department for Education" in figure.source
    told = words_of(values["mainstream_to_special"])
    assert f"{out / back:.1f} times as many moved from mainstream to special settings" in told


def test_moves_are_compared_whichever_is_more_and_told_as_counts_where_few(about: About) -> None:
    report = about("Kent")

    def told(out: float, back: float) -> str:
        moved_on = pd.DataFrame(
            [("2021", *ends, value)
             for ends, value in zip(placements.MOVES.values(), (out, 5.0, back, 6.0), strict=True)],
            columns=["period", "source", "target", "value"],
        )  # fmt: skip
        return page.mainstream_to_special(report, moved_on).data

    assert told(100, 250).startswith(
        "In Kent, 2.5 times as many moved back to mainstream in 2021 as from mainstream to special"
    )
    assert "about as many moved" in told(100, 101)
    assert "212 moved from mainstream to special settings in 2021, and 9 back" in told(212, 9)
    assert told(212, 9).endswith("; 11 left either for home education.")
    assert "not compared" in told(3, 9)
    gateshead = words_of(shown(about("Gateshead"))["mainstream_to_special"])
    assert gateshead.endswith("; none left either for home education.")


@pytest.mark.parametrize(("area", "first"), [("Isles of Scilly", 2015), ("England", 2022)])
def test_without_moves_the_page_says_when_they_ended(about: About, area: str, first: int) -> None:
    text = words_of(shown(about(area, first))["placement_moves"])
    assert "too few moved, or none are published for these years" in text
    assert "ended with 2021" in text


def test_what_crosses_january_2023_says_so(about: About) -> None:
    crossed = "counted differently from January 2023"
    parts = (
        "at_school_age", "before_and_since", "growth_lately", "independent_beside_all",
        "placed_at_the_ends", "special_and_mainstream",
    )  # fmt: skip
    for area, says in (("England", True), ("Cumberland", False)):
        values = shown(about(area))
        for made in parts:
            assert (crossed in words_of(values[made]).lower().replace("january", "January")) == says


# ---------------------------------------------------------------- small and new councils


@pytest.mark.parametrize("area", ["Isles of Scilly", "City of London"])
def test_where_few_hold_a_plan_no_part_tells_of_single_children(about: About, area: str) -> None:
    values = shown(about(area))
    assert "too few hold a plan" in words_of(values["begun_and_ended"])
    assert "too few ended" in words_of(values["begun_for_each_ended"])
    assert "too few hold a plan" in words_of(values["rise_by_flow"])
    assert "too few hold a plan" in words_of(values["transport_for_each"])
    assert "too few hold one" in words_of(values["funding_for_each"])
    assert "School transport" not in values["spent"].csv()
    for made in ("independent", "independent_beside_all", "flow_parts", "begun_and_ended"):
        assert not re.search(r"from \d+ to \d+|\d+ plans? began", words_of(values[made]))


def test_a_new_council_has_no_range_of_one_year_and_no_chart_of_one_point(about: About) -> None:
    values = shown(about("Cumberland"))
    text = " ".join(words_of(value) for value in values.values())
    assert "between 8.9% and 8.9%" not in text
    assert "of 1 years" not in text
    assert "New plans above that" not in text
    assert words_of(values["growth_lately"]) == (
        "EHC plans in Cumberland grew by 8.9% in the year to January 2025."
    )
    assert "cannot be told apart" in words_of(values["flow_parts"])
    money = words_of(values["funding_over_time"])
    assert re.fullmatch(
        r"High needs funding for Cumberland, in 2024-25 prices: £[\d.]+m in 20\d\d-\d\d\. No other "
        r"year is published here\.",
        money,
    )
    assert "No other year is published here" in words_of(values["spent"])
    assert "January 2023" not in words_of(values["plans_by_age"])


def test_a_return_without_ages_is_told_where_it_is_in_the_place(about: About) -> None:
    england, london, kent = (
        words_of(shown(about(area))["plans_by_age"]) for area in ("England", "London", "Kent")
    )
    assert "In January 2024, two councils gave no ages." in england
    assert "In January 2024, one council gave no ages." in london
    assert "No ages are published for January 2023." in kent
    assert "January 2024" not in kent


def test_costly_placements_are_set_beside_plans_with_a_placement(about: About) -> None:
    england = "E92000001"
    text = words_of(shown(about("England"))["independent_beside_all"])
    unknown = plans(england, "2025-01", "placement:not_recorded")
    recorded = (plans(england, "2025-01") - unknown) / plans(england, "2015-01")
    assert f"plans whose placement is recorded rose by {100 * (recorded - 1):.0f}%" in text
    note = words_of(shown(about("England"))["independent"])
    assert f"{100 * unknown / plans(england, '2025-01'):.1f}% in January 2025" in note


# ---------------------------------------------------------------- money


def test_spending_on_costly_places_is_told_as_a_rise_with_its_parts(about: About) -> None:
    text = words_of(shown(about("England"))["dearer_places"])
    told = re.search(r"rose by £([\d.]+)m: £([\d.]+)m of it from more places and £([\d.]+)m", text)
    assert told
    whole, *parts = map(float, told.groups())
    assert whole == pytest.approx(sum(parts), abs=0.2)
    # The deflator stood at 79.0203 × … in 2019-20 and rose by a twentieth in the pandemic year.
    assert "The deflator of 2020-21 is unusual: it rose by 5%" in text
    in_cash = replace(about("England"), prices="cash")
    assert "unusual" not in page.dearer_places(in_cash).data


def test_what_made_transport_dearer_is_worked_out(about: About) -> None:
    report, none = about("Kent"), [
        replace(outcome, result=no_result("no")) for outcome in made_for(about("Kent")).values()
    ]  # fmt: skip
    held = pd.DataFrame({"area": "886", "period": ["2019-01", "2025-01"], "value": [10.0, 20.0]})

    def told(first: float, last: float) -> str:
        cash = pd.DataFrame(
            {"area": "886", "period": ["2018-19", "2024-25"], "value": [first, last]}
        )
        return page.transport_for_each(replace(report, prices="cash"), cash, held, none).data

    assert "rose by £1.4m: £1.1m of it from more plans and £300,000 from a higher" in told(
        1e6, 2.4e6
    )
    assert (
        "did not change: more plans added £750,000, and a lower cost of each took away £750,000"
        in told(1e6, 1e6)
    )


def test_an_unlikely_return_is_named_where_it_is_part_of_the_place(about: About) -> None:
    report = about("Thurrock")
    cash = of(report.figures(page.TRANSPORT))
    none = [
        replace(outcome, result=no_result("no")) for outcome in made_for(about("Kent")).values()
    ]
    told = page.transport_for_each(report, cash, of(report.figures("ehc_plans")), none).data
    assert told.endswith("Thurrock's return for 2023-24 looks unlikely.")
    assert "unlikely" not in words_of(shown(about("Kent"))["transport_for_each"])


def test_a_council_without_costs_of_its_own_sees_those_of_england(about: About) -> None:
    kent = words_of(shown(about("Kent"))["unit_costs"])
    assert "No costs of places are published for Kent, so these are England's." in kent
    assert "£26,000 in 2023-24" in kent
    lincolnshire = words_of(shown(about("Lincolnshire"))["unit_costs"])
    assert ", Lincolnshire" in lincolnshire
    assert "Figures without the name of a place are England's." in lincolnshire
    england = words_of(shown(about("England"))["unit_costs"])
    assert "England's" not in england


def test_a_forecast_that_can_be_read_two_ways_says_so_as_a_condition(about: About) -> None:
    text = words_of(shown(about("England"))["then_and_now"])
    assert "Gap in high needs funding (if the figure is for one year)" in text
    assert "Gap in high needs funding (interim findings; if the figure is for one year)" in text
    assert "Gap in high needs funding (if the figure is for all years together)" in text
    assert "read as" not in text


def test_prose_that_stands_in_every_edition_promises_no_result() -> None:
    prose = [
        cell.source for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == "markdown"
    ]
    text = " ".join(prose)
    for words in ("most of the rise is still there", "Less money for each plan fits", "INMSS"):
        assert words not in re.sub(r"\s+", " ", text)
    assert text.count("The caveat that matters") <= 1


# ---------------------------------------------------------------- known faults


def test_newhams_fault_is_told_with_its_figures_as_published(about: About) -> None:
    held = [plans("316", january) for january in ("2025-01", "2024-01")]
    told = faults.note(about("Newham"), "ehc_plans")
    assert f"{held[0]:,.0f} plans, where there were {held[1]:,.0f} a year before" in told
    assert "total" not in told
    london = faults.note(about("London"), "ehc_plans")
    assert london.endswith("It is in the total of London as published.")


def test_a_fault_outside_the_place_or_the_years_is_not_told(about: About) -> None:
    assert faults.note(about("Kent"), "ehc_plans") == ""
    assert faults.note(about("Newham", 2015, 2024), "ehc_plans") == ""
    assert faults.note(about("Newham"), "ehc_plans", "2024-01") == ""
    assert faults.note(about("Newham"), "ehc_plans", "2025-01") != ""
    assert faults.note(about("Newham"), "new_ehc_plans") == ""


def test_two_faults_are_in_the_total_together(about: About) -> None:
    told = faults.note(about("East of England"), "send_transport_pre16")
    assert told.count("looks unlikely") == 1
    england = faults.note(about("England"), "send_transport_pre16")
    assert england.endswith("They are in the total of England as published.")


def test_every_fault_names_a_measure_a_place_and_periods_that_are_in_the_data(
    about: About,
) -> None:
    store = about("England").store
    for fault in store.argument("faults")["faults"]:
        assert set(fault) == {"area", "measure", "periods", "words", "source"}
        figures = of(store.observations(fault["measure"]))
        there = figures[figures["area"] == fault["area"]].dropna(subset="value")["period"]
        assert set(fault["periods"]) <= set(there)


def test_parts_by_age_are_those_of_the_evidence(about: About) -> None:
    report = about("Kent")
    figure = shown(report)["rise_by_age"]
    parts = growth.by_age(
        report.figures("ehc_plans"),
        of(report.to_latest("population_0_17")),
        "2015-01",
        "2025-01",
        report.summed("pupils"),
    )
    steps = figure.table.set_index(figure.table.columns[0])[figure.table.columns[1]]
    assert steps.iloc[1:-1].sum() == parts["value"].sum() == 20_635 - 6_884
