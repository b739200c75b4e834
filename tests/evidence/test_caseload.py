"""Plans by age, and plans that begin and end."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import caseload
from sendreform.evidence.series import of
from sendreform.store import Store


def plans(rows: dict[tuple[str, str], float]) -> pd.DataFrame:
    periods, breakdowns = zip(*rows, strict=True)
    return pd.DataFrame(
        {"period": list(periods), "breakdown": list(breakdowns), "value": list(rows.values())}
    )


def test_a_published_group_and_single_ages_give_the_same_band() -> None:
    table = plans(
        {
            ("2022-01", "age:5_to_10"): 60.0,
            **{("2024-01", f"age:{age}"): 10.0 for age in range(5, 11)},
        }
    )
    assert caseload.by_age_band(table).to_numpy().tolist() == [
        ["2022-01", "5 to 10", 60.0], ["2024-01", "5 to 10", 60.0],
    ]  # fmt: skip


def test_only_single_ages_are_counted() -> None:
    """Neither the total nor an age within a placement or a need is a band of its own."""
    table = plans(
        {
            ("2025-01", "all"): 100.0,
            ("2025-01", "age:10"): 7.0,
            ("2025-01", "age:10 need:asd"): 3.0,
            ("2025-01", "placement:special"): 30.0,
        }
    )
    assert caseload.by_age_band(table).to_numpy().tolist() == [["2025-01", "5 to 10", 7.0]]


def test_a_band_without_figures_has_no_row() -> None:
    table = plans({("2025-01", "age:3"): float("nan"), ("2025-01", "age:16"): 1.0})
    assert caseload.by_age_band(table)["band"].tolist() == ["16 to 19"]


def test_bands_come_from_young_to_old() -> None:
    table = plans({("2025-01", f"age:{age}"): 1.0 for age in (25, 19, 15, 10, 4)})
    assert caseload.by_age_band(table)["band"].tolist() == list(caseload.AGE_BANDS)


@pytest.mark.parametrize(
    "january", [f"{year}-01" for year in range(2010, 2027) if year not in (2023, 2024)]
)
def test_bands_in_england_add_up_to_all_plans(figures: Figures, january: str) -> None:
    """Ages were not published in 2023, and two councils gave none in 2024."""
    everything = figures("ehc_plans")
    bands = caseload.by_age_band(everything).query("period == @january")
    assert bands["value"].sum() == of(everything).set_index("period")["value"][january]


def test_98_647_plans_were_for_those_aged_16_to_19_in_january_2022(figures: Figures) -> None:
    bands = caseload.by_age_band(figures("ehc_plans")).set_index(["period", "band"])["value"]
    assert bands["2022-01", "16 to 19"] == 98_647
    assert bands["2015-01", "5 to 10"] == 91_045


def test_a_ratio_is_told_only_of_years_in_which_enough_plans_ended(store: Store) -> None:
    """Of Hackney's ends in 2022, 19 are published: 82 ceased, 63 of them moved away."""
    new, ceased = (
        store.observations(name).query("area == '204'")
        for name in ("new_ehc_plans", "ehc_plans_ceased")
    )
    ended = caseload.ended(ceased).dropna(subset="value")
    assert ended.set_index("period")["value"]["2022"] == 82 - 63
    ratios = caseload.begun_for_each_ended(of(new), ended).set_index("period")["value"]
    assert "2022" not in ratios
    assert (ended.set_index("period")["value"][ratios.index] >= caseload.FEWEST_ENDED).all()


def test_more_than_twice_as_many_plans_began_as_ended_in_england_in_2024(figures: Figures) -> None:
    flows = caseload.coming_and_going(
        of(figures("new_ehc_plans")), of(figures("ehc_plans_ceased"))
    ).set_index(["period", "series"])["value"]
    assert flows["2024", "Began"] == 97_747
    assert flows["2024", "Ended"] == 44_862


def test_bands_are_added_up_only_where_each_has_a_figure() -> None:
    bands = pd.DataFrame(
        [
            ("2015-01", "5 to 10", 3.0),
            ("2015-01", "11 to 15", 4.0),
            ("2015-01", "16 to 19", 9.0),
            ("2016-01", "5 to 10", 5.0),
        ],
        columns=["period", "band", "value"],
    )
    school_age = caseload.at_ages(bands, ["5 to 10", "11 to 15"])
    assert school_age.to_numpy().tolist() == [["2015-01", 7.0]]
    assert caseload.at_ages(bands, ["Under 5"]).empty


def test_a_plan_that_moves_to_another_council_has_not_ended() -> None:
    ceased = pd.DataFrame(
        [
            ("886", "2023", "all", 50.0),
            ("886", "2023", "reason:transferred", 20.0),
            ("886", "2023", "reason:died", 1.0),
            ("887", "2023", "all", 50.0),
            ("888", "2023", "all", float("nan")),
            ("888", "2023", "reason:transferred", 2.0),
        ],
        columns=["area", "period", "breakdown", "value"],
    )
    ended = caseload.ended(ceased).set_index("area")["value"]
    assert ended["886"] == 30
    assert ended[["887", "888"]].isna().all()


def test_33_325_plans_ended_in_england_in_2025_and_17_021_moved(figures: Figures) -> None:
    ended = caseload.ended(figures("ehc_plans_ceased")).set_index("period")["value"]
    # As published: all that ceased, less those transferred to another council.
    assert ended.to_dict() == {
        "2022": 34_724 - 9_400,
        "2023": 39_419 - 11_231,
        "2024": 44_862 - 13_953,
        "2025": 50_346 - 17_021,
    }
