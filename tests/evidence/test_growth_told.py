"""Growth as a page tells it: year by year, at 16 and over, and by the needs that added most."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import growth
from sendreform.evidence.series import of, summed
from sendreform.observations import ENGLAND
from sendreform.store import Store


def test_growth_is_told_only_from_one_year_to_the_next() -> None:
    plans = pd.DataFrame(
        {
            "period": ["2024-01", "2020-01", "2021-01", "2023-01", "2025-01"],
            "value": [50.0, 100.0, 120.0, float("nan"), 0.0],
        }
    )
    grown = growth.yearly_growth(plans)
    assert grown["period"].tolist() == ["2021-01", "2025-01"]
    assert grown["value"].tolist() == pytest.approx([20, -100])
    assert growth.yearly_growth(plans.head(0)).empty


def test_nothing_grows_from_nought() -> None:
    plans = pd.DataFrame({"period": ["2024-01", "2025-01"], "value": [0.0, 5.0]})
    assert growth.yearly_growth(plans).empty


def test_plans_in_england_grew_by_more_than_six_per_cent_in_every_year_since_2015(
    figures: Figures,
) -> None:
    grown = growth.yearly_growth(of(figures("ehc_plans"))).set_index("period")["value"]
    since = grown["2016-01":]
    # 240,183 to 256,315 plans; and 638,745 to 718,838.
    assert since.min() == since["2016-01"] == pytest.approx(100 * 16_132 / 240_183)
    assert since.max() == since["2026-01"] == pytest.approx(100 * 80_093 / 638_745)
    assert len(since) == 11


def test_three_quarters_of_the_rise_to_2018_were_at_16_and_over(figures: Figures) -> None:
    plans = figures("ehc_plans")
    # As published in groups: 70,084 and 14,176 plans in January 2018, 25,538 and 10 in 2015.
    added = 70_084 + 14_176 - 25_538 - 10
    found = growth.share_at_16_and_over(plans, "2015-01", "2018-01")
    assert found == pytest.approx(100 * added / (319_819 - 240_183))
    assert round(found) == 74
    assert round(growth.share_at_16_and_over(plans, "2018-01", "2026-01")) == 25


def test_a_fall_or_a_missing_year_has_no_share(figures: Figures) -> None:
    plans = figures("ehc_plans")
    assert pd.isna(growth.share_at_16_and_over(plans, "2015-01", "2023-01"))
    assert pd.isna(growth.share_at_16_and_over(plans, "2026-01", "2015-01"))


def test_the_needs_that_lead_and_the_rest_add_to_the_rise(store: Store, figures: Figures) -> None:
    needs = summed(store.observations("pupils_with_ehc_plan_by_need"), area=ENGLAND)
    pupils = of(summed(store.observations("pupils"), area=ENGLAND))
    parts = growth.by_need(needs, pupils, of(figures("ehc_plans")), "2016-01", "2025-01")
    told = growth.leading_needs(parts)
    assert told["need"].tolist() == [
        "asd", "slcn", "semh", growth.OTHER_NEEDS, growth.NOT_IN_THESE_SCHOOLS,
    ]  # fmt: skip
    assert told["change"].sum() == 638_745 - 256_315
    by_need = told.set_index("need")["change"]
    # All other pupils with a plan: 444,408 less 223,039, less the three needs that led.
    assert by_need[growth.OTHER_NEEDS] == 444_408 - 223_039 - 91_743 - 60_959 - 42_960
    assert told["by_base"].isna().tolist() == [False, False, False, False, True]


def test_no_parts_have_no_needs_that_lead(store: Store) -> None:
    empty = growth.by_need(
        store.observations("pupils_with_ehc_plan_by_need").head(0),
        store.observations("pupils").head(0), store.observations("ehc_plans").head(0),
        "2016-01", "2025-01",
    )  # fmt: skip
    assert growth.leading_needs(empty).empty
