"""Incentives: what the threshold is worth, whose needs grew, refusals, special places, after 16."""

import csv

import pandas as pd
import pytest

from as_tested import tested_project
from evidence.conftest import Figures
from sendreform.evidence import incentives, money, placements
from sendreform.evidence.series import of, summed
from sendreform.observations import ENGLAND
from sendreform.store import Store

NAN = float("nan")


def by_label(table: pd.DataFrame, column: str) -> dict[str, float]:
    return dict(zip(table["label"], table[column], strict=True))


# ------------------------------------------------------------------ the threshold


def test_prices_up_by_a_third_take_a_quarter_of_the_threshold() -> None:
    index = pd.DataFrame({"period": ["2012-13", "2013-14", "2024-25"], "value": [70, 75, 100]})
    worth = incentives.threshold(index)
    assert worth.to_numpy().tolist() == [["2013-14", 6000, 6000, 0], ["2024-25", 8000, 4500, 25]]
    assert incentives.threshold(index.iloc[[0, 2]]).empty
    assert incentives.threshold(index.head(0)).empty


def test_the_threshold_lost_more_than_a_quarter_of_its_worth_by_2024_25(figures: Figures) -> None:
    """The index stood at 73.2616 in 2013-14 and 100 in 2024-25."""
    worth = incentives.threshold(of(figures("gdp_deflator"))).set_index("period").loc["2024-25"]
    assert worth["lost"] == pytest.approx(100 - 73.2616)
    assert worth["worth"] == pytest.approx(6000 * 0.732616)
    assert worth["kept_pace"] == pytest.approx(8190, abs=0.5)


# ------------------------------------------------------------------ shares of a rise

PARTS = pd.DataFrame(
    [
        ("a", "2015", 10.0),
        ("a", "2025", 30.0),
        ("b", "2015", 20.0),
        ("b", "2025", 80.0),
        ("c", "2025", 15.0),
    ],
    columns=["label", "period", "value"],
)
TOTAL = pd.DataFrame({"period": ["2015", "2025"], "value": [40.0, 140.0]})


def test_a_rise_is_shared_out_and_what_is_left_has_no_growth() -> None:
    """Of 100 added, b has 60 and a has 20; c has no figure at the start, so the rest has 20."""
    table = incentives.rise(PARTS, TOTAL, "2015", "2025", "Rest")
    assert table["label"].tolist() == ["b", "a", "Rest"]
    assert by_label(table, "added") == by_label(table, "share") == {"b": 60, "a": 20, "Rest": 20}
    assert table["growth"].tolist()[:2] == [300, 200]
    assert table[["start", "end", "growth"]].iloc[-1].isna().all()


def test_nothing_is_left_over_where_the_parts_add_up() -> None:
    total = TOTAL.assign(value=[30.0, 110.0])
    table = incentives.rise(PARTS, total, "2015", "2025", "Rest")
    assert by_label(table, "share") == {"b": 75, "a": 25}


def test_a_rise_needs_two_periods_and_a_total_at_both() -> None:
    for total, start in ((TOTAL, "2025"), (TOTAL.head(1), "2015"), (TOTAL.head(0), "2015")):
        assert incentives.rise(PARTS, total, start, "2025", "Rest").empty
    unknown = incentives.rise(PARTS.head(0), TOTAL, "2015", "2025", "Rest")
    assert by_label(unknown, "share") == {"Rest": 100}
    level = incentives.rise(PARTS, TOTAL.assign(value=9.0), "2015", "2025", "Rest")
    assert level["share"].isna().all()
    assert level["added"].sum() == 0


def test_a_part_that_began_at_nought_has_no_growth() -> None:
    new = PARTS.assign(value=[0.0, 30.0, 20.0, 80.0, 15.0])
    table = incentives.rise(new, TOTAL, "2015", "2025", "Rest").set_index("label")
    assert pd.isna(table.at["a", "growth"])
    assert table.at["a", "added"] == 30


@pytest.mark.parametrize("area", [ENGLAND, "886", "201", "E12000007", "942", "420"])
def test_the_parts_add_up_to_the_whole_rise_everywhere(figures: Figures, area: str) -> None:
    plans = figures("ehc_plans", area)
    totals = {
        incentives.rise_by_age: of(plans),
        incentives.rise_by_placement: of(plans),
        incentives.rise_in_special_places: of(plans, "placement:special"),
    }
    for share_out, whole in totals.items():
        table = share_out(plans, "2015-01", "2025-01")
        at_ends = whole.set_index("period")["value"].reindex(["2015-01", "2025-01"])
        if at_ends.isna().any():
            assert table.empty
            continue
        rose = at_ends["2025-01"] - at_ends["2015-01"]
        assert table["added"].sum() == rose
        if rose:
            assert table["share"].sum() == pytest.approx(100)


# ------------------------------------------------------------------ needs


@pytest.fixture(scope="module")
def pupils(store: Store) -> pd.DataFrame:
    """Pupils with a plan by need in England, which is published by council."""
    return summed(store.observations("pupils_with_ehc_plan_by_need"), area=ENGLAND)


def added_by_need(start: str, end: str) -> dict[str, float]:
    """Add councils up straight from the file: need → pupils added."""
    added: dict[str, float] = {}
    path = (
        tested_project() / "data" / "observations" / "caseload" / "pupils_with_ehc_plan_by_need.csv"
    )
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sign = {end: 1, start: -1}.get(row["period"], 0)
            if sign and row["value"]:
                need = row["breakdown"]
                added[need] = added.get(need, 0) + sign * float(row["value"])
    return added


def test_nine_in_ten_pupils_added_have_one_of_three_needs(pupils: pd.DataFrame) -> None:
    table = incentives.rise_by_need(pupils, "2016-01", "2025-01", incentives.NEED_GROUPS)
    added = added_by_need("2016-01", "2025-01")
    rose = added["all"]
    assert rose == 444_408 - 223_039
    shares = by_label(table, "share")
    assert shares[incentives.AUTISM] == pytest.approx(100 * added["need:asd"] / rose)
    three = sum(added[f"need:{code}"] for code in ("asd", "slcn", "semh"))
    named = (incentives.AUTISM, incentives.SPEECH, incentives.MENTAL_HEALTH)
    assert sum(shares[name] for name in named) == pytest.approx(100 * three / rose)
    assert [round(shares[name]) for name in named] == [41, 28, 19]
    # Down syndrome (at the end only) and "not assessed" (at the start only) are left over.
    assert by_label(table, "added")[incentives.NOT_AT_BOTH_ENDS] == 1422 - 282
    assert table["added"].sum() == rose


def test_needs_that_few_pupils_have_grew_by_a_tenth(pupils: pd.DataFrame) -> None:
    """From 61,867 to 67,785 before Down syndrome became a need of its own."""
    table = incentives.rise_by_need(pupils, "2016-01", "2024-01", incentives.NEED_GROUPS)
    few = table.set_index("label").loc[incentives.LOW_INCIDENCE]
    codes = ("sld", "pmld", "pd", "hi", "vi", "msi")
    added = added_by_need("2016-01", "2024-01")
    assert few["added"] == sum(added[f"need:{code}"] for code in codes) == 5_918
    assert few["growth"] == pytest.approx(100 * 5_918 / 61_867)
    assert few["share"] < 4


def test_a_group_lacking_a_need_in_one_year_is_not_told(pupils: pd.DataFrame) -> None:
    gap = pupils[~((pupils["breakdown"] == "need:vi") & (pupils["period"] == "2016-01"))]
    table = incentives.rise_by_need(gap, "2016-01", "2024-01", incentives.NEED_GROUPS)
    assert incentives.LOW_INCIDENCE not in set(table["label"])
    assert table["added"].sum() == 400_407 - 223_039


# ------------------------------------------------------------------ refusal and appeal


def observed(**steps: dict[str, float]) -> dict[str, pd.DataFrame]:
    return {
        name: pd.DataFrame({"period": list(years), "breakdown": "all", "value": years.values()})
        for name, years in steps.items()
    }


def test_the_newest_year_with_every_step_is_followed() -> None:
    """Of 200 requests 50 were refused; 20 of those were mediated and 5 appealed."""
    figures = observed(
        ehc_plan_requests={"2023": 100.0, "2024": 200.0, "2025": 300.0},
        ehc_plan_requests_refused={"2023": 10.0, "2024": 50.0, "2025": 60.0},
        request_mediations={"2023": 4.0, "2024": 20.0, "2025": NAN},
        request_tribunals={"2023": 1.0, "2024": 5.0},
    )
    steps = incentives.refusal_steps(figures, incentives.REQUESTS)
    assert set(steps["period"]) == {"2024"}
    assert steps["value"].tolist()[:4] == [200, 50, 20, 5]
    assert steps["of_first"].tolist()[:4] == [100, 25, 10, 2.5]
    assert steps["of_refused"].tolist()[1:4] == [100, 40, 10]
    assert pd.isna(steps["of_refused"].iloc[0])
    last = steps.iloc[-1]
    assert last["label"] == incentives.DECIDED
    assert pd.isna(last["value"])
    assert last["note"] == incentives.NOT_PUBLISHED


def test_no_refusals_have_no_share_of_them() -> None:
    none = {name: {"2024": 0.0} for name in incentives.REQUESTS}
    steps = incentives.refusal_steps(observed(**none), incentives.REQUESTS)
    assert steps[["of_first", "of_refused"]].isna().all(axis=None)
    assert incentives.refusal_steps(
        observed(**{name: {} for name in incentives.REQUESTS}), incentives.REQUESTS
    ).empty


def test_one_in_nine_refusals_of_2025_was_appealed(figures: Figures) -> None:
    steps = incentives.refusal_steps(
        {name: figures(name) for name in incentives.REQUESTS}, incentives.REQUESTS
    )
    assert set(steps["period"]) == {"2025"}
    # As the release of June 2026 has them.
    assert steps["value"].tolist()[:4] == [162_702, 43_289, 11_151, 5_065]
    assert by_label(steps, "of_refused")["Appeal against the decision"] == pytest.approx(
        100 * 5_065 / 43_289
    )
    plans = incentives.refusal_steps(
        {name: figures(name) for name in incentives.ASSESSMENTS}, incentives.ASSESSMENTS
    )
    assert by_label(plans, "of_refused")["Appeal against the decision"] == pytest.approx(
        100 * 1_712 / 7_161
    )


def test_kent_refused_more_than_half_of_its_requests_in_2024(figures: Figures) -> None:
    steps = incentives.refusal_steps(
        {name: figures(name, "886") for name in incentives.REQUESTS}, incentives.REQUESTS
    )
    assert steps["value"].tolist()[:4] == [4_001, 2_200, 154, 442]


# ------------------------------------------------------------------ special places


def test_state_special_is_what_the_others_leave() -> None:
    plans = pd.DataFrame(
        {
            "area": "886",
            "period": ["2025-01"] * 3 + ["2024-01"] * 2,
            "breakdown": ["placement:special", *placements.INDEPENDENT_SPECIAL] * 1
            + ["placement:special", "placement:special_independent"],
            "value": [100.0, 20.0, 5.0, 90.0, 10.0],
        }
    )
    places = incentives.special_places(plans)
    assert set(places["period"]) == {"2025-01"}
    assert by_label(places, "value") == {
        incentives.STATE_SPECIAL: 75,
        incentives.INDEPENDENT_SPECIAL: 25,
    }


def test_a_quarter_of_special_places_added_are_independent(figures: Figures) -> None:
    """12,826 plans in January 2015, 34,028 in January 2025, of 109,519 and 193,880."""
    table = incentives.rise_in_special_places(figures("ehc_plans"), "2015-01", "2025-01")
    rows = table.set_index("label")
    independent, state = (
        rows.loc[name] for name in (incentives.INDEPENDENT_SPECIAL, incentives.STATE_SPECIAL)
    )
    assert independent["added"] == 34_028 - 12_826
    assert independent["share"] == pytest.approx(100 * 21_202 / (193_880 - 109_519))
    assert round(independent["growth"]) == 165
    # Council-maintained schools, academies and free schools, added up from their own rows.
    assert (state["start"], state["end"]) == (82_968 + 13_725, 85_920 + 73_932)
    assert round(state["growth"]) == 65


def test_an_independent_place_costs_more_than_twice_a_state_place(figures: Figures) -> None:
    costs = incentives.unit_costs(figures("placement_unit_cost")).set_index("period")
    assert costs.loc["2023-24"].tolist() == [26_000, 63_000, 37_000, pytest.approx(63 / 26)]
    # 2015-16 and 2017-18 are others' figures, and 2024-25 has no state figure.
    assert list(costs.index) == [
        "2018-19", "2019-20", "2020-21", "2021-22", "2022-23", "2023-24",
    ]  # fmt: skip


def test_the_independent_side_of_the_growth_in_spending_can_be_worked_out_again(
    figures: Figures,
) -> None:
    """The Institute for Fiscal Studies: £900 million more from 2015-16 to 2022-23, real terms."""
    fees = of(figures("top_up_spending"), "top_up_provider:non_maintained_independent")
    real = money.in_prices_of(fees, of(figures("gdp_deflator")), "2022-23").set_index("period")
    rose = real.at["2022-23", "value"] - real.at["2015-16", "value"]
    assert rose == pytest.approx(2_023.4e6 - 940e6 * 91.5651 / 74.8148)
    assert round(rose, -8) == 900e6


# ------------------------------------------------------------------ after 16


def test_a_third_of_the_rise_is_of_young_people_of_16_and_over(figures: Figures) -> None:
    """January 2015 to January 2025: 25,538 to 127,902 at 16 to 19, and 10 to 37,180 above."""
    table = incentives.rise_by_age(figures("ehc_plans"), "2015-01", "2025-01").set_index("label")
    assert table.loc["16 to 19", ["start", "end"]].tolist() == [25_538, 127_902]
    assert table.loc["20 to 25", ["start", "end"]].tolist() == [10, 37_180]
    rose = 638_745 - 240_183
    shares = table.loc[["16 to 19", "20 to 25"], "share"]
    assert shares.tolist() == pytest.approx([100 * 102_364 / rose, 100 * 37_170 / rose])
    assert round(shares.sum()) == 35


def test_ages_that_were_not_given_are_left_over(figures: Figures) -> None:
    """The ages of January 2024 add to 572,829 of 576,474 plans."""
    table = incentives.rise_by_age(figures("ehc_plans"), "2015-01", "2024-01")
    assert by_label(table, "added")[incentives.AGE_NOT_GIVEN] == 576_474 - 572_829


def test_further_education_took_a_fifth_of_the_rise(figures: Figures) -> None:
    table = incentives.rise_by_placement(figures("ehc_plans"), "2015-01", "2025-01")
    assert by_label(table, "added")["Further education"] == 88_158 - 67
    assert by_label(table, "share")["Further education"] == pytest.approx(22.1, abs=0.05)


def test_half_of_those_of_16_and_over_are_in_further_education(figures: Figures) -> None:
    places = incentives.post_16_places(figures("ehc_plans"), "2025-01")
    assert places["value"].sum() == 127_902 + 37_180
    assert places["share"].sum() == pytest.approx(100)
    assert places["label"].iloc[0] == "Further education"
    path = tested_project() / "data" / "observations" / "caseload" / "ehc_plans.csv"
    with path.open(encoding="utf-8", newline="") as file:
        further = sum(
            float(row["value"])
            for row in csv.DictReader(file)
            if row["area"] == ENGLAND
            and row["period"] == "2025-01"
            and row["breakdown"].endswith(" placement:further_education")
            and row["breakdown"].startswith(("age:16", "age:17", "age:18", "age:19", "age:2"))
        )
    assert places["value"].iloc[0] == further == 87_695


@pytest.mark.parametrize(("area", "period"), [("886", "2025-01"), (ENGLAND, "2022-01")])
def test_ages_by_placement_that_are_not_published_give_no_row(
    figures: Figures, area: str, period: str
) -> None:
    assert incentives.post_16_places(figures("ehc_plans", area), period).empty
