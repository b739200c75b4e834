"""Appeals to the SEND Tribunal: two bases that never meet, and appeals against plans held."""

import pandas as pd
import pytest

from evidence.conftest import Figures
from sendreform.evidence import disputes
from sendreform.evidence.disputes import NEW_BASIS, OLD_BASIS
from sendreform.evidence.series import of, span
from sendreform.store import Store


def test_the_rate_of_2024_depends_on_the_basis_and_the_two_are_never_one_series(
    figures: Figures,
) -> None:
    rates = disputes.appeal_rates(
        of(figures("appeal_rate_old_basis")), of(figures("appeal_rate_new_basis"))
    )
    published = rates.set_index(["period", "series"])["value"]
    assert published["2024", OLD_BASIS] == 3.2
    assert published["2024", NEW_BASIS] == 6.1
    assert not rates.duplicated(["period", "series"]).any()
    assert set(rates[rates["series"] == NEW_BASIS]["period"]) == {"2024", "2025"}


def test_an_empty_basis_leaves_the_other(figures: Figures) -> None:
    old = of(figures("appeal_rate_old_basis"))
    assert set(disputes.appeal_rates(old, old.head(0))["series"]) == {OLD_BASIS}


def test_appeals_rose_from_17_to_39_for_every_thousand_plans(figures: Figures) -> None:
    rate = disputes.per_thousand_plans(of(figures("tribunal_appeals")), of(figures("ehc_plans")))
    by_year = rate.set_index("period")["value"]
    # 4,108 appeals against 237,111 plans; ten years on 22,276 against 576,474.
    assert by_year["2014"] == pytest.approx(1000 * 4_108 / 237_111)
    assert by_year["2024"] == pytest.approx(1000 * 22_276 / 576_474)
    assert (round(by_year["2014"]), round(by_year["2024"])) == (17, 39)


def test_a_year_is_divided_by_its_own_january_and_a_year_without_one_is_missing() -> None:
    appeals = pd.DataFrame({"area": "886", "period": ["2023", "2024"], "value": [5.0, 6.0]})
    plans = pd.DataFrame(
        {"area": ["886", "887"], "period": ["2024-01", "2023-01"], "value": [2000.0, 1.0]}
    )
    rate = disputes.per_thousand_plans(appeals, plans)
    assert rate["period"].tolist() == ["2023", "2024"]
    assert rate["value"].isna().tolist() == [True, False]
    assert rate["value"].tolist()[1] == 3.0


def test_a_council_whose_appeals_are_a_symbol_has_no_rate(figures: Figures) -> None:
    """The City of London's appeals were not published for 2024."""
    rate = disputes.per_thousand_plans(
        of(figures("tribunal_appeals", "201")), of(figures("ehc_plans", "201"))
    )
    assert rate.set_index("period")["value"].isna()["2024"]


def test_appeals_registered_in_england_rose_from_4_108_to_22_276(figures: Figures) -> None:
    appeals = of(figures("tribunal_appeals"))
    moved = span(appeals[appeals["period"] <= "2024"])
    assert (moved.first_period, moved.first, moved.last) == ("2014", 4_108, 22_276)


def test_a_like_for_like_rate_leaves_out_councils_without_decisions() -> None:
    appeals = pd.DataFrame({"area": ["301", "302", "303"], "value": [6.0, 50.0, float("nan")]})
    decisions = pd.DataFrame({"area": ["301", "302", "304"], "value": [100.0, None, 100.0]})
    assert disputes.like_for_like_rate(appeals, decisions) == 6.0


def test_the_newer_rate_of_2024_is_lower_where_both_sides_are_of_the_same_councils(
    store: Store, councils: list[str]
) -> None:
    of_2024 = [
        table[(table["period"] == "2024") & table["area"].isin(councils)][["area", "value"]]
        for table in map(
            of, map(store.observations, ("tribunal_appeals", "appealable_decisions_new_basis"))
        )
    ]
    assert 5 < disputes.like_for_like_rate(*of_2024) < 6.1
