"""Gaps between pupils with SEN and pupils without, and how they moved."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import outcomes
from sendreform.store import Store

STATUSES = list(outcomes.SEN_STATUSES)
NO_BREAKS = pd.DataFrame({"measure": [], "period": []})


def results(period: str, plan: float, support: float, none: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area": "886",
            "period": period,
            "breakdown": STATUSES,
            "value": [plan, support, none],
        }
    )


def test_the_gap_at_11_was_65_points_in_england_in_2024_25(figures: Figures) -> None:
    gaps = outcomes.gap_to_pupils_without_sen(figures("reading_writing_maths_at_11"))
    newest = gaps[gaps["period"] == "2024/25"].set_index("series")["value"]
    # 74 per cent of pupils with no SEN, 29 with SEN support, 9 with an EHC plan.
    assert newest.to_dict() == {"EHC plan": 74 - 9, "SEN support": 74 - 29}


def test_no_tests_in_the_pandemic_means_no_gap_then(figures: Figures) -> None:
    gaps = outcomes.gap_to_pupils_without_sen(figures("reading_writing_maths_at_11"))
    assert not set(gaps["period"]) & {"2019/20", "2020/21"}


def test_a_gap_is_missing_where_either_figure_is() -> None:
    gaps = outcomes.gap_to_pupils_without_sen(
        pd.concat(
            [results("2022/23", float("nan"), 20.0, 70.0), results("2023/24", 9.0, 20.0, 70.0)]
        )
    )
    plan = gaps[gaps["series"] == "EHC plan"].set_index("period")["value"]
    assert plan.isna().tolist() == [True, False]
    assert plan["2023/24"] == 61.0


def test_a_group_of_pupils_that_is_not_published_has_no_gap() -> None:
    without = results("2023/24", 9.0, 20.0, 70.0).query("breakdown != 'sen_status:no_sen'")
    assert outcomes.gap_to_pupils_without_sen(without)["value"].isna().all()


def test_sen_statuses_are_named_in_their_order() -> None:
    table = results("2023/24", 9.0, 20.0, 70.0).iloc[::-1]
    named = outcomes.by_sen_status(table)
    assert named["series"].tolist() == ["EHC plan", "SEN support", "No SEN"]
    assert named["value"].tolist() == [9.0, 20.0, 70.0]


@pytest.fixture
def three_years() -> pd.DataFrame:
    """The gap of pupils with a plan goes from 53 to 61 points."""
    return pd.concat(
        [
            results("2021/22", 7.0, 20.0, 60.0),
            results("2022/23", 8.0, 24.0, 65.0),
            results("2023/24", 9.0, 26.0, 70.0),
        ]
    )


def test_a_wider_gap_has_a_positive_change(three_years: pd.DataFrame) -> None:
    row = outcomes.scorecard({"reading": three_years}, NO_BREAKS).iloc[0]
    assert (row["from"], row["to"]) == ("2021/22", "2023/24")
    assert (row["ehc_plan"], row["sen_support"], row["no_sen"]) == (9.0, 26.0, 70.0)
    assert row["gap"] == 61.0
    assert row["gap_change"] == 61.0 - 53.0


def test_an_outcome_with_fewer_than_three_figures_since_its_break_is_left_out(
    three_years: pd.DataFrame,
) -> None:
    breaks = pd.DataFrame({"measure": ["reading"], "period": ["2022/23"]})
    scores = outcomes.scorecard({"reading": three_years}, breaks)
    assert scores.empty
    assert "gap_change" in scores.columns


def test_a_break_of_another_outcome_does_not_matter(three_years: pd.DataFrame) -> None:
    breaks = pd.DataFrame({"measure": ["phonics"], "period": ["2022/23"]})
    assert outcomes.scorecard({"reading": three_years}, breaks)["measure"].tolist() == ["reading"]


def test_every_scored_outcome_is_published_by_sen_status(store: Store) -> None:
    for measure in outcomes.SCORED:
        assert set(STATUSES) <= set(store.observations(measure)["breakdown"]), measure


def test_the_gap_at_11_widened_by_three_points_since_the_pandemic(
    store: Store, figures: Figures
) -> None:
    scores = outcomes.scorecard(
        {name: figures(name) for name in ("reading_writing_maths_at_11", "phonics_in_year_1")},
        store.breaks,
    ).set_index("measure")
    at_eleven = scores.loc["reading_writing_maths_at_11"]
    assert (at_eleven["from"], at_eleven["to"]) == ("2021/22", "2024/25")
    # 62 points in 2021/22: 69 per cent of pupils with no SEN less 7 with a plan.
    assert (at_eleven["gap"], at_eleven["gap_change"]) == (65.0, 3.0)
    assert scores.loc["phonics_in_year_1", "gap"] == 88 - 20


@pytest.mark.parametrize(("year", "published"), [("2015/16", 17.0), ("2024/25", 14.8)])
def test_attainment_8_of_pupils_with_a_plan_is_as_published(
    figures: Figures, year: str, published: float
) -> None:
    named = outcomes.by_sen_status(figures("attainment_8")).set_index(["period", "series"])
    assert named.loc[(year, "EHC plan"), "value"] == published
