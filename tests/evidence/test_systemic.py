"""How alike councils have moved: growth, quartiles, and who stayed among the best."""

import math

import numpy as np
import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import systemic
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.store import Store

NAN = float("nan")


def table(figures: dict[str, dict[str, float]]) -> pd.DataFrame:
    """Write area → period → value as rows."""
    rows = [(area, *item) for area, values in figures.items() for item in values.items()]
    return pd.DataFrame(rows, columns=["area", "period", "value"])


# ---------------------------------------------------------------- growth


def test_councils_are_put_in_order_of_growth() -> None:
    plans = table(
        {
            "301": {"2015-01": 10.0, "2025-01": 30.0},
            "302": {"2015-01": 10.0, "2025-01": 15.0},
            "303": {"2015-01": 10.0, "2025-01": 5.0},
        }
    )
    growth = systemic.growth_by_council(plans, ["301", "302", "303"], "2015-01", "2025-01")
    assert growth["area"].tolist() == ["303", "302", "301"]
    assert growth["growth"].tolist() == [-50.0, 50.0, 200.0]


def test_a_council_without_both_figures_is_not_compared() -> None:
    plans = table(
        {
            "301": {"2025-01": 30.0},
            "302": {"2015-01": NAN, "2025-01": 15.0},
            "303": {"2015-01": 0.0, "2025-01": 15.0},
            "304": {"2015-01": 1.0, "2025-01": 2.0},
            ENGLAND: {"2015-01": 1.0, "2025-01": 2.0},
        }
    )
    growth = systemic.growth_by_council(plans, ["301", "302", "303", "304"], "2015-01", "2025-01")
    assert growth["area"].tolist() == ["304"]


def test_plans_rose_in_every_council_that_can_be_compared_from_2015_to_2025(
    store: Store, councils: list[str]
) -> None:
    growth = systemic.growth_by_council(
        of(store.observations("ehc_plans")), councils, "2015-01", "2025-01"
    )
    left_out = set(store.areas.loc[sorted(set(councils) - set(growth["area"])), "name"])
    # Those formed since January 2015.
    assert left_out == {
        "Bournemouth, Christchurch and Poole", "Dorset", "North Northamptonshire",
        "West Northamptonshire", "Cumberland", "Westmorland and Furness",
    }  # fmt: skip
    assert len(growth) == 153 - 6
    assert (growth["growth"] > 0).all()
    kent = growth.set_index("area").loc["886"]
    assert kent["end"] == 20_635
    assert kent["growth"] == pytest.approx(100 * (20_635 / kent["start"] - 1))


def test_growth_is_worked_out_only_between_years_that_follow_each_other() -> None:
    plans = table(
        {
            "302": {"2018-01": 100.0},
            "301": {"2015-01": 100.0, "2016-01": 110.0, "2018-01": 220.0, "2019-01": 110.0},
        }
    )
    grown = systemic.yearly_growth(plans)
    assert grown[["area", "period"]].to_numpy().tolist() == [["301", "2016-01"], ["301", "2019-01"]]
    assert grown["value"].tolist() == pytest.approx([10.0, -50.0])


def test_the_first_year_of_an_area_does_not_grow_on_the_last_of_another() -> None:
    grown = systemic.yearly_growth(table({"301": {"2015-01": 1.0}, "302": {"2016-01": 9.0}}))
    assert grown.empty


def test_a_missing_or_empty_year_gives_no_growth_on_either_side() -> None:
    plans = table({"301": {"2015-01": 1.0, "2016-01": NAN, "2017-01": 2.0, "2018-01": 0.0}})
    assert systemic.yearly_growth(plans)["value"].tolist() == [-100.0]
    assert systemic.yearly_growth(table({"301": {"2015-01": 0.0, "2016-01": 3.0}})).empty


def test_plans_in_england_grew_by_10_8_per_cent_in_2024(figures: Figures) -> None:
    """From 576,474 to 638,745, as the release of 2025 says."""
    grown = systemic.yearly_growth(of(figures("ehc_plans"))).set_index("period")["value"]
    assert round(grown["2025-01"], 1) == 10.8


def test_the_share_of_councils_that_grew_counts_standing_still_as_not_growing() -> None:
    growth = table(
        {"301": {"2016": 1.0}, "302": {"2016": 0.0}, "303": {"2016": -1.0}, "304": {"2016": 2.0}}
    )
    assert systemic.share_of_councils_that_grew(growth).to_numpy().tolist() == [["2016", 50.0]]


# ---------------------------------------------------------------- spread and standing


def test_half_of_the_areas_lie_between_the_quartiles() -> None:
    spread = systemic.quartiles(
        table({str(300 + step): {"2016": float(step)} for step in range(5)})
    ).set_index("series")["value"]
    assert spread.to_dict() == {"Upper quartile": 3.0, "Median": 2.0, "Lower quartile": 1.0}


# ---------------------------------------------------------------- every council


def test_one_january_alone_is_no_growth() -> None:
    assert systemic.growth_by_council(table({}), ["301"], "2025-01", "2025-01").empty


def test_growth_is_told_from_the_least_to_the_most(store: Store, councils: list[str]) -> None:
    plans = of(store.observations("ehc_plans"))
    growth = systemic.growth_by_council(plans, councils, "2015-01", "2025-01")
    spread = systemic.spread_of_growth(growth).set_index("series")["value"]
    assert list(spread.index) == [
        "Least", "Tenth percentile", "Lower quartile", "Middle", "Upper quartile", "Most",
    ]  # fmt: skip
    assert spread.is_monotonic_increasing
    # Westminster grew least (47%) and Tameside most (423%); as the notebook's table of 147
    # councils lists them, with 159% in the middle.
    names = store.areas["name"]
    assert names[growth["area"].iloc[0]] == "Westminster"
    assert names[growth["area"].iloc[-1]] == "Tameside"
    assert [round(spread[name]) for name in ("Least", "Middle", "Most")] == [47, 159, 423]
    # A tenth of the way from the first to the 147th is place 14.6, counted from nought.
    ordered = sorted(growth["growth"])
    assert spread["Tenth percentile"] == pytest.approx(0.4 * ordered[14] + 0.6 * ordered[15])


AREAS = pd.DataFrame(
    {
        "name": ["Whole", "Later", "Ended", "Nought", "Hidden"],
        "first_period": ["", "2020-01", "", "", ""],
    },
    index=["301", "302", "303", "304", "305"],
)


def test_each_council_that_is_not_compared_has_its_reason() -> None:
    plans = table(
        {
            "301": {"2015-01": 1.0, "2025-01": 2.0},
            "302": {"2020-01": 1.0, "2025-01": 2.0},
            "303": {"2015-01": 1.0},
            "304": {"2015-01": 0.0, "2025-01": 2.0},
            "305": {"2015-01": NAN, "2025-01": 2.0},
        }
    )
    left_out = systemic.not_compared(plans, AREAS, list(AREAS.index), "2015-01", "2025-01")
    assert left_out[["name", "reason"]].to_numpy().tolist() == [
        ["Ended", "no figure at the end"],
        ["Hidden", "no figure at the start"],
        ["Later", "formed later: first figure January 2020"],
        ["Nought", "none at the start"],
    ]


@pytest.mark.parametrize(("start", "number"), [("2010-01", 6), ("2020-01", 4), ("2024-01", 0)])
def test_every_council_is_either_compared_or_listed(
    store: Store, councils: list[str], start: str, number: int
) -> None:
    plans = of(store.observations("ehc_plans"))
    growth = systemic.growth_by_council(plans, councils, start, "2025-01")
    left_out = systemic.not_compared(plans, store.areas, councils, start, "2025-01")
    assert sorted([*growth["area"], *left_out["area"]]) == sorted(councils)
    assert len(left_out) == number
    assert left_out["reason"].str.startswith("formed later").all()


def test_councils_that_were_redrawn_are_followed_together(store: Store) -> None:
    plans = of(store.observations("ehc_plans"))
    of_councils = plans[plans["area"].map(store.areas["level"]) == "council"]
    joined = systemic.joined_over_reorganisations(of_councils, store.areas)
    # No plan is lost: England's own figure is the sum in every January to 2025.
    england = plans[(plans["area"] == ENGLAND) & (plans["period"] <= "2025-01")]
    assert joined.groupby("period")["value"].sum().to_list() == england["value"].to_list()
    growth = systemic.growth_by_council(joined, list(joined["area"].unique()), "2015-01", "2025-01")
    # The six formed since become three: Dorset with Bournemouth and Poole, Cumbria, and
    # Northamptonshire. 147 + 3.
    assert len(growth) == 150
    assert (growth["growth"] > 0).all()
    dorset = joined.set_index(["area", "period"])["value"].loc["835"]
    today = plans[plans["area"].isin(["838", "839"]) & (plans["period"] == "2025-01")]
    assert dorset["2025-01"] == today["value"].sum()


def test_a_joined_area_lacking_a_part_is_missing() -> None:
    areas = pd.DataFrame({"successors": ["302|303", "", "", ""]}, index=["301", "302", "303", "9"])
    plans = table(
        {
            "301": {"2015-01": 5.0},
            "302": {"2025-01": 4.0},
            "303": {"2025-01": NAN},
            "9": {"2015-01": 1.0},
        }
    )
    joined = systemic.joined_over_reorganisations(plans, areas).set_index(["area", "period"])
    assert joined["value"].isna().to_dict() == {
        ("301", "2015-01"): False, ("301", "2025-01"): True, ("9", "2015-01"): False,
    }  # fmt: skip


def test_a_january_without_children_counted_before_it_has_no_rate() -> None:
    plans = table({"301": {"2012-01": 10.0, "2013-01": 30.0}})
    children = table({"301": {"2012-06-30": 100.0}, "302": {"2011-06-30": 1.0}})
    rates = systemic.plans_per_child(plans, children)
    assert rates["period"].tolist() == ["2012-01", "2013-01"]
    assert rates["value"].isna().tolist() == [True, False]
    assert rates["value"].iloc[1] == 0.3


# ---------------------------------------------------------------- the same needs

SIX_NEEDS = ("asd", "slcn", "semh", "mld", "hi", "ds")


def pupils(added: dict[str, tuple[float, ...]]) -> pd.DataFrame:
    """Write what each area adds in each need to ten pupils in January 2016."""
    return pd.DataFrame(
        [
            (area, f"need:{need}", period, 10.0 + more * (period == "2025-01"))
            for area, numbers in added.items()
            for need, more in zip(SIX_NEEDS, numbers, strict=True)
            for period in ("2016-01", "2025-01")
        ],
        columns=["area", "breakdown", "period", "value"],
    )


ENGLANDS = pupils({ENGLAND: (9.0, 8.0, 7.0, 1.0, 0.0, NAN)})


@pytest.mark.parametrize(
    ("added", "counts"),
    [
        ((9.0, 8.0, 7.0, 1.0, 0.0, NAN), True),
        ((1.0, 2.0, 0.0, 9.0, 0.0, NAN), True),  # two of three, behind another
        ((3.0, 1.0, 0.0, 9.0, 8.0, NAN), False),  # autism alone
        ((5.0, 4.0, 4.0, 4.0, 0.0, NAN), False),  # three tie for second: only autism leads
        ((2.0, 0.0, -2.0, -3.0, -4.0, NAN), False),  # neither standing still nor a fall leads
    ],
)
def test_a_council_counts_when_two_of_its_leading_needs_are_englands(
    added: tuple[float, ...], counts: bool
) -> None:
    share, judged = systemic.share_led_by_the_same_needs(
        pupils({"301": added}), ENGLANDS, "2016-01", "2025-01"
    )
    assert (share, judged) == (100.0 * counts, 1)


def test_a_council_lacking_one_of_englands_needs_is_not_judged() -> None:
    added = {"301": (9.0, NAN, 7.0, 1.0, 0.0, NAN), "302": (0.0, 0.0, 0.0, 9.0, 8.0, NAN)}
    assert systemic.share_led_by_the_same_needs(pupils(added), ENGLANDS, "2016-01", "2025-01") == (
        0.0,
        1,
    )
    nobody = systemic.share_led_by_the_same_needs(
        pupils({"301": added["301"]}), ENGLANDS, "2016-01", "2025-01"
    )
    assert math.isnan(nobody[0])
    assert nobody[1] == 0


def test_three_needs_lead_the_rise_in_every_council_that_can_be_judged(
    store: Store, councils: list[str]
) -> None:
    observed = store.observations("pupils_with_ehc_plan_by_need")
    of_councils = observed[
        observed["breakdown"].str.startswith("need:") & observed["value"].notna()
    ]
    national = (
        of_councils.groupby(["period", "breakdown"], as_index=False)["value"]
        .sum()
        .assign(area=ENGLAND)
    )
    led = systemic.leading_needs(national, "2016-01", "2025-01").loc[ENGLAND]
    assert set(led.index[led.fillna(value=False)]) == {"need:asd", "need:slcn", "need:semh"}
    share, judged = systemic.share_led_by_the_same_needs(
        of_councils[of_councils["area"].isin(councils)], national, "2016-01", "2025-01"
    )
    # 153 less the six formed since, and the City of London, whose speech, language and
    # communication needs of January 2016 are not published.
    assert judged == 146

    # The same counted another way: each council's needs sorted by what they added, cut at three.
    wide = observed.pivot_table(index=["area", "breakdown"], columns="period", values="value")
    added = (wide["2025-01"] - wide["2016-01"]).dropna().reset_index(name="added")
    added = added[added["area"].isin(councils) & added["breakdown"].str.startswith("need:")]
    top = added.sort_values("added").groupby("area").tail(3)
    shared = top[top["breakdown"].isin(["need:asd", "need:slcn", "need:semh"])]
    several = shared.groupby("area").size()
    assert share == 100.0
    assert (several.drop("201") >= 2).all()


# ---------------------------------------------------------------- intervals


def test_an_interval_comes_out_alike_each_time_and_hardly_moves_with_another_draw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.linspace(0, 100, 147)
    first = systemic.over_councils(np.mean, values)
    assert systemic.over_councils(np.mean, values) == first
    # The mean of 147 numbers from 0 to 100: 50 ± 1.96 standard errors.
    error = values.std() / np.sqrt(147)
    assert first == pytest.approx((50 - 1.96 * error, 50 + 1.96 * error), abs=0.4)
    monkeypatch.setattr(systemic, "SEED", 1)
    again = systemic.over_councils(np.mean, values)
    assert again != first
    assert again == pytest.approx(first, abs=(first[1] - first[0]) / 15)


def test_a_single_council_has_no_interval() -> None:
    low, high = systemic.over_councils(np.mean, np.array([1.0]))
    assert math.isnan(low)
    assert math.isnan(high)
