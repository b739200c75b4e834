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


def test_special_schools_hold_41_per_cent_of_the_plans_in_schools(figures: Figures) -> None:
    """193,880 of 193,880 and 278,236 in January 2025; ten years before it was 47 per cent."""
    share = placements.special_share_of_schools(placements.by_group(figures("ehc_plans")))
    by_january = share.set_index("period")["value"]
    assert by_january["2025-01"] == pytest.approx(100 * 193_880 / (193_880 + 278_236))
    assert (round(by_january["2015-01"]), round(by_january["2025-01"])) == (47, 41)


def test_no_groups_have_no_share() -> None:
    groups = placements.by_group(plans(all=200.0))
    assert placements.special_share_of_schools(groups).empty
