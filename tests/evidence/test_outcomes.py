"""Levels and gaps of pupils with SEN, which way they moved, and in how many councils."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from evidence.conftest import Figures
from sendreform.evidence import outcomes
from sendreform.evidence.outcomes import (
    ABOUT_THE_SAME,
    BETTER,
    EHC_PLAN,
    NARROWED,
    NO_PEERS,
    NOT_PUBLISHED,
    SEN_SUPPORT,
    UNTOLD,
    WIDENED,
    WORSE,
)
from sendreform.evidence.series import of
from sendreform.store import Store

STATUSES = list(outcomes.SEN_STATUSES)
NO_BREAKS = pd.DataFrame({"measure": [], "period": []}, dtype="str")
RECORDS = pd.DataFrame(
    {
        "polarity": ["higher", "lower", "higher", "higher"],
        "unit": ["per cent of pupils", "per cent of sessions", "points", "grades per subject"],
    },
    index=["reading", "absence", "attainment_8", "progress_8"],
)


def results(
    period: str, plan: float, support: float, none: float, measure: str = "reading"
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": measure,
            "area": "886",
            "period": period,
            "breakdown": STATUSES,
            "value": [plan, support, none],
        }
    )


def plan_row(stretches: pd.DataFrame, measure: str = "reading") -> pd.Series:
    return outcomes.scorecard(stretches, RECORDS, measures=[measure]).iloc[0]


@pytest.fixture(scope="module")
def england(figures: Figures) -> pd.DataFrame:
    """Every scored outcome of England since the reforms."""
    return pd.concat([figures(measure) for measure in outcomes.SCORED])


@pytest.fixture(scope="module")
def card(store: Store, england: pd.DataFrame) -> pd.DataFrame:
    """England's scorecard."""
    stretches = outcomes.newest_stretches(england, store.breaks)
    return outcomes.scorecard(stretches, store.measures)


# ---------------------------------------------------------------- gaps


def test_the_gap_at_11_was_65_points_in_england_in_2024_25(store: Store, figures: Figures) -> None:
    gaps = outcomes.levels_and_gaps(figures("reading_writing_maths_at_11"), store.measures)
    newest = gaps[gaps["period"] == "2024/25"].set_index("series")
    # 74 per cent of pupils with no SEN, 29 with SEN support, 9 with an EHC plan.
    assert newest["gap"].to_dict() == {"EHC plan": 74 - 9, "SEN support": 74 - 29}
    assert newest["level"].to_dict() == {"EHC plan": 9, "SEN support": 29}
    # No tests were held in the pandemic.
    assert not set(gaps["period"]) & {"2019/20", "2020/21"}


def test_a_gap_is_missing_where_either_figure_is() -> None:
    both = pd.concat(
        [results("2022/23", float("nan"), 20.0, 70.0), results("2023/24", 9.0, 20.0, 70.0)]
    )
    gaps = outcomes.levels_and_gaps(both, RECORDS)
    plan = gaps[gaps["series"] == "EHC plan"].set_index("period")["gap"]
    assert plan.isna().tolist() == [True, False]
    assert plan["2023/24"] == 61.0
    without = both.query("breakdown != 'sen_status:no_sen'")
    assert outcomes.levels_and_gaps(without, RECORDS)["gap"].isna().all()


def test_more_absence_than_others_is_a_gap_and_not_its_opposite(
    store: Store, figures: Figures
) -> None:
    gaps = outcomes.levels_and_gaps(figures("absence_rate"), store.measures)
    by_status = gaps[gaps["period"] == "2018/19"].set_index("series")["gap"]
    # 8.72 and 6.48 per cent of sessions missed, against 4.31.
    assert by_status.round(2).to_dict() == {"EHC plan": 4.41, "SEN support": 2.17}


def test_sen_statuses_are_named_in_their_order() -> None:
    table = results("2023/24", 9.0, 20.0, 70.0).iloc[::-1]
    named = outcomes.by_sen_status(table)
    assert named["series"].tolist() == ["EHC plan", "SEN support", "No SEN"]
    assert named["value"].tolist() == [9.0, 20.0, 70.0]


@pytest.mark.parametrize(("year", "published"), [("2015/16", 17.0), ("2024/25", 14.8)])
def test_attainment_8_of_pupils_with_a_plan_is_as_published(
    figures: Figures, year: str, published: float
) -> None:
    named = outcomes.by_sen_status(figures("attainment_8")).set_index(["period", "series"])
    assert named.loc[(year, "EHC plan"), "value"] == published


@pytest.mark.parametrize(
    ("measure", "series", "first", "last"),
    [
        # As the report of 2024 and its critics quote them: the ledger's C020, C021, C073, C074.
        ("reading_writing_maths_at_11", "EHC plan", ("2015/16", 7), ("2022/23", 8)),
        ("reading_writing_maths_at_11", "No SEN", ("2015/16", 62), ("2022/23", 70)),
        ("reading_writing_maths_at_11", "SEN support", ("2015/16", 16), ("2024/25", 29)),
        ("level_2_at_19", "EHC plan", ("2015/16", 36.36), ("2023/24", 29.81)),
        ("level_2_english_maths_at_19", "EHC plan", ("2015/16", 15.48), ("2023/24", 18.15)),
    ],
)
def test_levels_are_those_that_others_quote(
    figures: Figures,
    measure: str,
    series: str,
    first: tuple[str, float],
    last: tuple[str, float],
) -> None:
    named = outcomes.by_sen_status(figures(measure)).set_index(["series", "period"])["value"]
    assert (named[series, first[0]], named[series, last[0]]) == (first[1], last[1])


# ---------------------------------------------------------------- stretches


def test_a_stretch_starts_at_the_last_break_that_its_figures_reach() -> None:
    outcome = pd.concat([results(f"20{y}/{y + 1}", 9, 20, 70) for y in (15, 16, 18, 21, 22)])
    breaks = pd.DataFrame({"measure": "reading", "period": ["2018/19", "2021/22", "2024/25"]})
    kept = outcomes.newest_stretches(outcome, breaks)
    assert sorted(set(kept["period"])) == ["2021/22", "2022/23"]


def test_figures_that_are_missing_make_no_stretch() -> None:
    nothing = results("2021/22", float("nan"), float("nan"), float("nan"))
    outcome = pd.concat([results("2018/19", 9, 20, 70), nothing])
    breaks = pd.DataFrame({"measure": ["reading"], "period": ["2021/22"]})
    assert set(outcomes.newest_stretches(outcome, breaks)["period"]) == {"2018/19"}


def test_figures_by_school_type_do_not_move_a_stretch_by_sen_status(
    store: Store, figures: Figures
) -> None:
    """Absence of all pupils goes on to 2024/25; by SEN status it ends before the pandemic."""
    kept = outcomes.newest_stretches(figures("absence_rate"), store.breaks)
    assert sorted(set(kept["period"])) == ["2015/16", "2016/17", "2017/18", "2018/19"]


def test_an_older_stretch_where_the_newest_is_short(store: Store, figures: Figures) -> None:
    outcome = figures("level_3_at_19")
    newest = outcomes.newest_stretches(outcome, store.breaks)
    long = outcomes.newest_stretches(outcome, store.breaks, at_least=3)
    assert sorted(set(newest["period"])) == ["2022/23", "2023/24"]
    assert sorted(set(long["period"])) == ["2019/20", "2020/21", "2021/22"]


@pytest.mark.parametrize("at_least", [1, 3])
def test_no_break_lies_within_a_stretch(store: Store, england: pd.DataFrame, at_least: int) -> None:
    kept = outcomes.newest_stretches(england, store.breaks, at_least=at_least)
    ends = kept.groupby("measure")["period"].agg(["min", "max"])
    assert len(ends) >= 13
    for measure, (first, last) in ends.iterrows():
        breaks = store.breaks.loc[store.breaks["measure"] == measure, "period"]
        assert not ((breaks > first) & (breaks <= last)).any(), measure


# ---------------------------------------------------------------- the scorecard


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
    row = plan_row(three_years)
    assert (row["from"], row["to"], row["figures"]) == ("2021/22", "2023/24", 3)
    assert (row["level"], row["level_change"], row["no_sen"]) == (9.0, 2.0, 70.0)
    assert (row["gap"], row["gap_change"]) == (61.0, 61.0 - 53.0)
    assert (row["level_direction"], row["gap_direction"], row["why"]) == (BETTER, WIDENED, "")


def test_every_outcome_has_a_row_for_each_group(three_years: pd.DataFrame) -> None:
    card = outcomes.scorecard(three_years, RECORDS, measures=["absence", "reading"])
    assert card[["measure", "series"]].to_numpy().tolist() == [
        ["absence", "EHC plan"], ["absence", "SEN support"],
        ["reading", "EHC plan"], ["reading", "SEN support"],
    ]  # fmt: skip
    assert card["why"].tolist() == [NOT_PUBLISHED, NOT_PUBLISHED, "", ""]
    assert card.loc[0, ["from", "to", "gap_direction"]].tolist() == ["", "", UNTOLD]
    assert pd.isna(card.loc[0, "gap"])


def test_two_figures_have_a_change_but_no_direction(three_years: pd.DataFrame) -> None:
    row = plan_row(three_years[three_years["period"] > "2021/22"])
    assert (row["gap_change"], row["gap_direction"], row["level_direction"]) == (
        4.0,
        UNTOLD,
        UNTOLD,
    )
    assert row["why"] == "Only 2 of the 3 figures without a break that a direction needs."


def test_one_figure_is_no_change_of_nought(three_years: pd.DataFrame) -> None:
    row = plan_row(three_years[three_years["period"] == "2023/24"])
    assert row["level"] == 9.0
    assert pd.isna(row["level_change"])
    assert pd.isna(row["gap_change"])


def test_without_pupils_with_no_sen_there_is_a_level_and_no_gap(three_years: pd.DataFrame) -> None:
    row = plan_row(three_years[three_years["breakdown"] != "sen_status:no_sen"])
    assert (row["level_direction"], row["gap_direction"], row["why"]) == (BETTER, UNTOLD, NO_PEERS)


def test_less_absence_is_better_and_a_gap_that_shrinks_narrows() -> None:
    falling = pd.concat(
        results(f"201{year}/1{year + 1}", plan, 6.0, 4.0, "absence")
        for year, plan in ((5, 12.0), (6, 10.0), (7, 8.0))
    )
    row = plan_row(falling, "absence")
    assert (row["level_change"], row["level_direction"]) == (-4.0, BETTER)
    assert (row["gap"], row["gap_change"], row["gap_direction"]) == (4.0, -4.0, NARROWED)


@pytest.mark.parametrize(
    ("measure", "change", "direction"),
    [
        # Half a point a year over two years, on scales of 100, 90 and 9.
        ("reading", 1.0, ABOUT_THE_SAME),
        ("reading", 1.1, BETTER),
        ("reading", -1.1, WORSE),
        ("attainment_8", 0.9, ABOUT_THE_SAME),
        ("attainment_8", 0.91, BETTER),
        ("progress_8", 0.09, ABOUT_THE_SAME),
        ("progress_8", -0.1, WORSE),
    ],
)
def test_a_move_is_more_than_half_a_point_a_year_on_a_scale_of_a_hundred(
    measure: str, change: float, direction: str
) -> None:
    years = ("2022/23", "2023/24", "2024/25")
    level = pd.concat(
        results(year, 14.0 + change * step / 2, 30.0, 50.0, measure)
        for step, year in enumerate(years)
    )
    row = plan_row(level, measure)
    assert row["level_direction"] == direction
    opposite = {BETTER: NARROWED, WORSE: WIDENED, ABOUT_THE_SAME: ABOUT_THE_SAME}
    assert row["gap_direction"] == opposite[direction]


def test_an_empty_place_has_a_scorecard_that_says_so(store: Store, england: pd.DataFrame) -> None:
    card = outcomes.scorecard(england.head(0), store.measures)
    assert len(card) == 2 * len(outcomes.SCORED)
    assert set(card["why"]) == {NOT_PUBLISHED}


def test_no_outcome_by_sen_status_is_forgotten(store: Store) -> None:
    in_family = store.measures.query("family == 'outcomes'").index
    by_status = {
        measure
        for measure in in_family
        if store.observations(measure)["breakdown"].str.startswith("sen_status:").any()
    }
    assert by_status == set(outcomes.SCORED)
    assert set(outcomes.SCALES) <= set(outcomes.SCORED)


def test_outcomes_without_a_scale_of_their_own_are_counted_per_hundred(store: Store) -> None:
    units = store.measures.loc[list(outcomes.SCORED), "unit"]
    assert units[~units.index.isin(list(outcomes.SCALES))].str.match(r"per cent|.* per 100 ").all()
    assert not units[list(outcomes.SCALES)].str.startswith("per cent").any()


def test_a_row_tells_a_direction_or_why_not(card: pd.DataFrame) -> None:
    assert ((card["gap_direction"] == UNTOLD) == (card["why"] != "")).all()


@pytest.mark.parametrize(
    ("measure", "stretch", "gap", "change", "direction"),
    [
        # By hand from the published figures, no SEN less EHC plan, last and first year.
        ("phonics_in_year_1", ("2021/22", "2024/25"), 88 - 20, 68 - (82 - 19), WIDENED),
        ("reading_writing_maths_at_11", ("2021/22", "2024/25"), 74 - 9, 65 - (69 - 7), WIDENED),
        ("attainment_8", ("2022/23", "2024/25"), 50.2 - 14.8, 35.4 - 36.0, ABOUT_THE_SAME),
        ("progress_8", ("2021/22", "2023/24"), 0.10 + 1.13, 1.23 - 1.43, NARROWED),
        ("ebacc_average_point_score", ("2022/23", "2024/25"), 3.30, 0.0, ABOUT_THE_SAME),
        ("sustained_destination", ("2016/17", "2022/23"), 5.9, 5.9 - 4.3, ABOUT_THE_SAME),
        # EHC plan less no SEN, as less absence is better.
        ("absence_rate", ("2015/16", "2018/19"), 4.41, 4.41 - 3.46, ABOUT_THE_SAME),
        ("persistent_absence", ("2015/16", "2018/19"), 15.57, 15.57 - 13.77, WIDENED),
    ],
)
def test_the_gap_of_pupils_with_a_plan_in_england(
    card: pd.DataFrame,
    measure: str,
    stretch: tuple[str, str],
    gap: float,
    change: float,
    direction: str,
) -> None:
    row = card.set_index(["measure", "series"]).loc[(measure, EHC_PLAN)]
    assert (row["from"], row["to"]) == stretch
    assert row["gap"] == pytest.approx(gap)
    assert row["gap_change"] == pytest.approx(change)
    assert row["gap_direction"] == direction


def test_the_gap_narrowed_on_one_outcome_of_eight_and_levels_rose_on_two_of_nine(
    card: pd.DataFrame,
) -> None:
    plans = card[card["series"] == EHC_PLAN]
    assert plans["gap_direction"].value_counts().drop(UNTOLD).to_dict() == {
        ABOUT_THE_SAME: 4, WIDENED: 3, NARROWED: 1,
    }  # fmt: skip
    assert plans["level_direction"].value_counts().drop(UNTOLD).to_dict() == {
        ABOUT_THE_SAME: 6, BETTER: 2, WORSE: 1,
    }  # fmt: skip


def test_pupils_on_sen_support_came_closer_at_6_and_at_11(card: pd.DataFrame) -> None:
    support = card[card["series"] == SEN_SUPPORT].set_index("measure")["gap_direction"]
    assert set(support[support == NARROWED].index) == {
        "phonics_in_year_1", "reading_writing_maths_at_11",
    }  # fmt: skip


# ---------------------------------------------------------------- in how many councils


@pytest.fixture(scope="module")
def council_changes(store: Store, councils: list[str], card: pd.DataFrame) -> pd.DataFrame:
    """Changes of the gaps in the councils of today over England's stretches."""
    figures = pd.concat([store.observations(measure) for measure in outcomes.SCORED])
    return outcomes.changes_in_councils(
        figures[figures["area"].isin(councils)], card, store.measures
    )


def test_a_council_without_both_ends_is_left_out(three_years: pd.DataFrame) -> None:
    formed = three_years[three_years["period"] > "2021/22"].assign(area="942")
    card = outcomes.scorecard(three_years, RECORDS, measures=["reading"])
    changes = outcomes.changes_in_councils(pd.concat([three_years, formed]), card, RECORDS)
    assert set(changes["area"]) == {"886"}
    assert changes.set_index("series")["value"].to_dict() == {"EHC plan": 8.0, "SEN support": 4.0}


@pytest.mark.parametrize(
    ("measure", "compared", "narrowed", "unchanged"),
    [
        # Counted council by council with the csv module, without our code.
        ("phonics_in_year_1", 149, 32, 6),
        ("reading_writing_maths_at_11", 149, 25, 7),
        ("attainment_8", 152, 84, 2),
        ("progress_8", 150, 124, 2),
        ("ebacc_average_point_score", 152, 61, 4),
        ("sustained_destination", 146, 66, 0),
        # Not published for councils by SEN status.
        ("absence_rate", 0, 0, 0),
    ],
)
def test_councils_in_which_the_gap_of_pupils_with_a_plan_narrowed(
    card: pd.DataFrame,
    council_changes: pd.DataFrame,
    measure: str,
    compared: int,
    narrowed: int,
    unchanged: int,
) -> None:
    counted = outcomes.narrowed_in_councils(card, council_changes)
    row = counted.set_index(["measure", "series"]).loc[(measure, EHC_PLAN)]
    assert row[["councils", "councils_narrowed", "councils_unchanged"]].tolist() == [
        compared, narrowed, unchanged,
    ]  # fmt: skip
    share = row["councils_narrowed_share"]
    assert pd.isna(share) if compared == 0 else share == pytest.approx(100 * narrowed / compared)


def test_counting_councils_keeps_every_row_of_the_scorecard(
    card: pd.DataFrame, council_changes: pd.DataFrame
) -> None:
    counted = outcomes.narrowed_in_councils(card, council_changes)
    pd.testing.assert_frame_equal(counted[card.columns], card)
    moved = counted["councils_narrowed"] + counted["councils_unchanged"]
    assert (moved <= counted["councils"]).all()


def test_the_middle_share_is_between_the_third_and_fourth_of_six_measures(
    card: pd.DataFrame, council_changes: pd.DataFrame
) -> None:
    told = card[(card["series"] == EHC_PLAN) & (card["gap_direction"] != UNTOLD)]
    changes = council_changes.merge(told[["measure", "series"]], on=["measure", "series"])
    assert changes["measure"].nunique() == 6
    # Half way between 61 of 152 councils (EBacc) and 66 of 146 (destinations).
    middle = outcomes.middle_share_of_councils(changes)
    assert middle == pytest.approx(100 * (61 / 152 + 66 / 146) / 2)
    low, high = outcomes.middle_share_interval(changes)
    assert low < middle < high


def test_the_interval_of_one_measure_is_near_that_of_a_proportion() -> None:
    changes = pd.DataFrame(
        {
            "measure": "reading",
            "area": [str(number) for number in range(150)],
            "value": [-1.0] * 60 + [1.0] * 90,
        }
    )
    low, high = outcomes.middle_share_interval(changes)
    expected = proportion_confint(60, 150, method="normal")
    assert outcomes.middle_share_of_councils(changes) == 40.0
    assert (low, high) == pytest.approx(tuple(100 * end for end in expected), abs=1.0)


# ---------------------------------------------------------------- who is in the groups


@pytest.mark.parametrize("reached", range(7))
def test_the_bounds_of_a_group_as_before_are_those_of_every_way_to_choose_it(reached: int) -> None:
    """Six pupils hold a plan today, of whom any three could be those who would have before."""
    pupils = [100.0] * reached + [0.0] * (6 - reached)
    every_way = [sum(chosen) / 3 for chosen in combinations(pupils, 3)]
    low, high = outcomes.level_of_group_as_large_as_before(
        pd.Series([sum(pupils) / 6]),
        share_now=pd.Series([6.0]),
        share_before=pd.Series([3.0]),
    )
    assert low.item() == pytest.approx(min(every_way))
    assert high.item() == pytest.approx(max(every_way))


def test_a_group_of_the_same_size_is_the_group() -> None:
    level, share = pd.Series([9.0, 74.0]), pd.Series([5.0, 80.0])
    for bound in outcomes.level_of_group_as_large_as_before(
        level, share_now=share, share_before=share
    ):
        assert bound.tolist() == pytest.approx(level.tolist())


@pytest.fixture(scope="module")
def bounds(store: Store, figures: Figures, card: pd.DataFrame) -> pd.DataFrame:
    """England's gaps had the groups stayed as large as at the start of each stretch."""
    return outcomes.gaps_had_groups_stayed(
        card,
        of(figures("pupils_with_ehc_plan_share")),
        of(figures("pupils_with_sen_support_share")),
        store.measures,
    )


def test_the_gap_at_11_could_be_from_59_to_75_points_had_the_groups_stayed(
    bounds: pd.DataFrame,
) -> None:
    row = bounds.set_index(["measure", "series"]).loc[("reading_writing_maths_at_11", EHC_PLAN)]
    # Plans: 4.0 then 5.3 per cent of pupils, so at best 9 x 5.3 / 4.0 and at worst none reached
    # the standard. No SEN: 83.4 then 80.5 per cent, so those who left either all failed or not.
    none_low, none_high = 74 * 80.5 / 83.4, 74 * 80.5 / 83.4 + 100 * (1 - 80.5 / 83.4)
    assert row["low"] == pytest.approx(none_low - 9 * 5.3 / 4.0)
    assert row["high"] == pytest.approx(none_high)
    assert (row["gap_before"], row["gap"]) == (62.0, 65.0)


def test_published_gaps_lie_within_the_bounds(bounds: pd.DataFrame) -> None:
    assert len(bounds) >= 8
    assert bounds["gap"].between(bounds["low"], bounds["high"]).all()


def test_outcomes_by_an_earlier_status_or_in_points_have_no_bounds(bounds: pd.DataFrame) -> None:
    assert set(bounds["measure"]) == {
        "phonics_in_year_1", "reading_writing_maths_at_11", "sustained_destination",
        "absence_rate", "persistent_absence",
    }  # fmt: skip


def test_bounds_turn_with_the_polarity() -> None:
    """Plans grow from 4 to 8 per cent; 10 against 4 per cent absent, no SEN from 96 to 92."""
    periods = ("2015/16", "2016/17", "2017/18")
    stretch = pd.concat(results(period, 10.0, 4.0, 4.0, "absence") for period in periods)
    card = outcomes.scorecard(stretch, RECORDS, measures=["absence"])
    plans = pd.DataFrame({"period": ["2016-01", "2018-01"], "value": [4.0, 8.0]})
    row = outcomes.gaps_had_groups_stayed(card, plans, plans.assign(value=0.0), RECORDS).iloc[0]
    stayed = 92 / 96
    assert row["low"] == pytest.approx(0 - (4 * stayed + 100 * (1 - stayed)))
    assert row["high"] == pytest.approx(20 - 4 * stayed)
    assert np.isclose(row["gap"], 6.0)
