"""Where plans are placed: four groups that always add up, and independent special schools."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import placements
from sendreform.evidence.placements import GROUPS, REST
from sendreform.evidence.series import of, span
from sendreform.store import Store


def plans(area: str = "886", period: str = "2025-01", **values: float) -> pd.DataFrame:
    names = {name: name if name == "all" else f"placement:{name}" for name in values}
    return pd.DataFrame(
        [(area, period, names[name], value) for name, value in values.items()],
        columns=["area", "period", "breakdown", "value"],
    )


def test_what_is_in_no_group_is_what_the_groups_leave() -> None:
    groups = placements.by_group(
        plans(all=200.0, mainstream=80.0, special=60.0, further_education=20.0, neet=15.0)
    )
    assert groups["part"].tolist() == [*GROUPS.values(), REST]
    assert groups["value"].tolist() == [80.0, 60.0, 20.0, 40.0]
    assert groups["share"].tolist() == [40.0, 30.0, 10.0, 20.0]


def test_a_january_without_one_of_the_groups_is_left_out() -> None:
    missing = plans(all=200.0, mainstream=float("nan"), special=60.0, further_education=20.0)
    absent = plans(period="2024-01", all=200.0, mainstream=80.0, special=60.0)
    assert placements.by_group(pd.concat([missing, absent])).empty


@pytest.mark.parametrize("area", ["E92000001", "E12000008", "886", "420"])
def test_groups_add_up_to_all_plans_in_every_january(figures: Figures, area: str) -> None:
    everything = figures("ehc_plans", area)
    groups = placements.by_group(everything)
    sums = groups.groupby("period")["value"].sum()
    whole = of(everything).set_index("period")["value"]
    assert len(sums) >= 10
    assert (sums == whole[sums.index]).all()
    assert groups["value"].min() >= 0
    assert groups.groupby("period")["share"].sum().to_numpy() == pytest.approx(100)


def test_43_6_per_cent_of_plans_in_england_were_in_mainstream_schools_in_2025(
    figures: Figures,
) -> None:
    """The share that the release of 2025 prints; in 2023 it was 41.3."""
    shares = placements.by_group(figures("ehc_plans")).set_index(["period", "part"])["share"]
    assert round(shares["2025-01", "Mainstream schools"], 1) == 43.6
    assert round(shares["2023-01", "Mainstream schools"], 1) == 41.3


def test_plans_in_independent_special_schools_rose_by_165_per_cent_from_2015_to_2025(
    figures: Figures,
) -> None:
    inmss = placements.independent_special(figures("ehc_plans"))
    moved = span(inmss[inmss["period"].between("2015-01", "2025-01")])
    assert (moved.first, moved.last) == (12_826, 34_028)
    assert round(moved.per_cent) == 165


def test_independent_special_is_the_sum_of_two_kinds_of_school() -> None:
    table = plans(special_independent=30.0, special_non_maintained=4.0, special_academy=99.0)
    assert placements.independent_special(table).to_numpy().tolist() == [["886", "2025-01", 34.0]]


def test_half_a_sum_is_no_sum() -> None:
    """A symbol in place of one kind, or no row for it, leaves the sum missing."""
    symbol = plans(special_independent=30.0, special_non_maintained=float("nan"))
    alone = plans(area="887", special_independent=30.0)
    assert placements.independent_special(pd.concat([symbol, alone]))["value"].isna().all()


def test_councils_without_a_breakdown_have_no_figure_of_independent_special_schools(
    store: Store,
) -> None:
    """Hackney returned totals only in January 2024."""
    hackney = placements.independent_special(store.observations("ehc_plans")).query("area == '204'")
    assert hackney.set_index("period")["value"].isna()["2024-01"]
    assert hackney.set_index("period")["value"].notna()["2025-01"]


def test_plans_with_a_recorded_placement_and_without_one_are_all_plans(figures: Figures) -> None:
    """In January 2018 the file of placements has 312,626 plans, 7,193 fewer than there were."""
    everything = figures("ehc_plans")
    recorded = placements.recorded(everything).set_index("period")["value"]
    assert recorded["2015-01"] == 240_183
    assert recorded["2018-01"] == 312_626 == 319_819 - 7_193
    assert recorded["2025-01"] == 638_745 - 19_339
    assert recorded["2026-01"] == 718_838 - 6_925


def test_a_council_without_placements_has_none_recorded(store: Store) -> None:
    """Cambridgeshire gave no placement in January 2025."""
    cambridgeshire = store.observations("ehc_plans").query("area == '873'")
    recorded = placements.recorded(cambridgeshire).set_index("period")["value"]
    assert "2025-01" not in recorded and "2024-01" in recorded


# ---------------------------------------------------------------- every group of settings


def settings(**values: float) -> pd.DataFrame:
    """Return one January with every group of settings, empty unless it is given."""
    none = dict.fromkeys(
        ("all", "mainstream", "special", "special_independent", "special_non_maintained",
         "further_education", "ap_pru", "early_years", "educated_elsewhere"), 0.0,
    )  # fmt: skip
    return plans(**{**none, **values})


def test_special_schools_are_told_by_sector_and_the_rest_is_a_part() -> None:
    parts = placements.by_setting(
        settings(
            all=100.0, special=30.0, special_independent=4.0, special_non_maintained=2.0,
            mainstream=40.0, ap_pru=1.0, early_years=2.0, educated_elsewhere=7.0,
        )
    ).set_index("part")["value"]  # fmt: skip
    assert parts[placements.SETTINGS["state_special"]] == 24
    assert parts[placements.SETTINGS["inmss"]] == 6
    assert parts[placements.SETTINGS["elsewhere"]] == 10
    assert parts[placements.NOT_PLACED] == 20


@pytest.mark.parametrize("area", ["E92000001", "E12000007", "E12000008", "886", "201", "420"])
def test_settings_add_up_to_all_plans_in_every_january(figures: Figures, area: str) -> None:
    everything = figures("ehc_plans", area)
    parts = placements.by_setting(everything)
    sums = parts.groupby("period")["value"].sum()
    whole = of(everything).set_index("period")["value"]
    assert len(sums) >= 10
    assert (sums == whole[sums.index]).all()
    assert parts.groupby("period")["share"].sum().to_numpy() == pytest.approx(100)
    assert (parts.groupby("period").size() == 6).all()


def test_the_rest_of_2018_holds_the_plans_that_the_file_of_placements_leaves_out(
    figures: Figures,
) -> None:
    parts = placements.by_setting(figures("ehc_plans")).set_index(["period", "part"])["value"]
    # 7,193 left out, 2,060 awaiting provision, 71 permanently excluded.
    assert parts["2018-01", placements.NOT_PLACED] == 7_193 + 2_060 + 71


def test_fewer_than_a_quarter_of_plans_are_in_state_special_schools_in_2026(
    figures: Figures,
) -> None:
    shares = placements.by_setting(figures("ehc_plans")).set_index(["period", "part"])["share"]
    state = shares.xs(placements.SETTINGS["state_special"], level="part")
    # 109,519 less 9,284 and 3,542 of 240,183; 211,442 less 35,569 and 4,654 of 718,838.
    assert state["2015-01"] == pytest.approx(100 * (109_519 - 9_284 - 3_542) / 240_183)
    assert state["2026-01"] == pytest.approx(100 * (211_442 - 35_569 - 4_654) / 718_838)
    assert (round(state["2015-01"]), round(state["2026-01"])) == (40, 24)
    inmss = shares.xs(placements.SETTINGS["inmss"], level="part")
    assert (round(inmss["2015-01"], 1), round(inmss["2026-01"], 1)) == (5.3, 5.6)


# ---------------------------------------------------------------- special against mainstream

TEN_YEARS = [f"{year}-01" for year in range(2015, 2025)]

# Plans in special and in mainstream schools, January 2014 to 2024: the totals that the releases
# of 2022 and 2025 print.
SPECIAL = [
    105_442, 109_519, 113_962, 118_588, 126_960, 136_630, 145_185, 154_017, 164_577, 171_736,
    184_847,
]  # fmt: skip
MAINSTREAM = [
    125_786, 124_654, 122_630, 124_987, 128_114, 138_630, 152_172, 172_023, 191_442, 213_381,
    248_016,
]  # fmt: skip


def test_in_no_way_were_there_seven_of_ten_years_with_more_in_special_schools(
    figures: Figures,
) -> None:
    told = placements.special_against_mainstream(
        figures("ehc_plans"), figures("new_ehc_plans"), TEN_YEARS
    )
    assert (told["years"] == 10).all()
    assert dict(zip(told["definition"], told["more_special"], strict=True)) == {
        "All special schools against all mainstream schools": 0,
        "The same, without independent mainstream schools": 2,
        "State schools only: special against mainstream": 0,
        "SEN units and resourced provision counted as special": 8,
        "Specialist post-16 institutions counted as special": 2,
        "Plans added in the year": 4,
        "Change of the share of all plans": 4,
        "New plans made in the year before": 0,
    }
    assert 7 not in set(told["more_special"])


def test_the_counts_follow_from_the_published_totals(figures: Figures) -> None:
    told = placements.special_against_mainstream(
        figures("ehc_plans"), figures("new_ehc_plans"), TEN_YEARS
    ).set_index("definition")
    more = sum(s > m for s, m in zip(SPECIAL[1:], MAINSTREAM[1:], strict=True))
    assert told["more_special"].iloc[0] == more == 0
    added = [
        str(2014 + n)
        for n in range(1, 11)
        if SPECIAL[n] - SPECIAL[n - 1] > MAINSTREAM[n] - MAINSTREAM[n - 1]
    ]
    assert told.loc["Plans added in the year", "which"] == ", ".join(added)
    assert added == ["2015", "2016", "2017", "2018"]
    without = told.loc["The same, without independent mainstream schools"]
    assert without["which"] == "2018, 2019"
    assert without["verdict"] == "in 2 of 10 years"


def test_kent_had_more_in_special_schools_in_every_year(figures: Figures) -> None:
    told = placements.special_against_mainstream(
        figures("ehc_plans", "886"), figures("new_ehc_plans", "886"), TEN_YEARS
    )
    assert told["verdict"].tolist()[0] == "in 10 of 10 years"


def test_years_without_figures_are_not_counted(figures: Figures) -> None:
    """Cumberland has two Januaries, so one year of growth; and nothing before 2024."""
    told = placements.special_against_mainstream(
        figures("ehc_plans", "942"), figures("new_ehc_plans", "942"), [*TEN_YEARS, "2025-01"]
    ).set_index("definition")
    assert told.loc["All special schools against all mainstream schools", "years"] == 2
    assert told.loc["Plans added in the year", "years"] == 1
    empty = placements.special_against_mainstream(
        figures("ehc_plans", "942"), figures("new_ehc_plans", "942"), ["2015-01"]
    )
    assert set(empty["verdict"]) == {"no figures"}


def test_growth_is_not_told_over_a_year_without_a_count() -> None:
    table = pd.concat(
        [
            plans(period="2014-01", special=1.0, mainstream=5.0),
            plans(period="2016-01", special=9.0, mainstream=5.0),
        ]
    )
    told = placements.special_against_mainstream(table, table.head(0), ["2016-01"]).set_index(
        "definition"
    )
    assert told.loc["Plans added in the year", "verdict"] == "no figures"
    assert told.loc["All special schools against all mainstream schools", "more_special"] == 1


def test_state_special_schools_are_added_up_under_either_name_of_academies() -> None:
    """From January 2026 special academies and special free schools are two groups."""
    schools = {"special": 9.0, "mainstream": 5.0, "mainstream_independent": 1.0}
    table = pd.concat(
        [
            plans(
                period="2025-01", special_la_maintained=2.0, special_academy_free=3.0, **schools
            ),
            plans(
                period="2026-01", special_la_maintained=2.0, special_academy=2.0,
                special_free_school=1.0, **schools,
            ),
        ]
    )  # fmt: skip
    told = placements.special_against_mainstream(
        table, table.head(0), ["2025-01", "2026-01"]
    ).set_index("definition")
    assert told.loc["State schools only: special against mainstream", "which"] == "2025, 2026"


def test_moves_are_those_of_the_newest_year(figures: Figures) -> None:
    told = placements.moves(figures("placement_moves"))
    assert set(told["period"]) == {"2021"}
    assert told[["source", "target", "value"]].to_numpy().tolist() == [
        ["Mainstream", "Special", 9_318.0],
        ["Mainstream", "Home education", 638.0],
        ["Special", "Mainstream", 2_838.0],
        ["Special", "Home education", 226.0],
    ]


def test_an_area_without_moves_has_an_empty_table_of_them(figures: Figures) -> None:
    assert placements.moves(figures("placement_moves").head(0)).empty
