"""What was foreseen, and what has been published since, each on its own basis."""

import pandas as pd

from evidence.conftest import Figures
from sendreform.evidence import forecasts, money
from sendreform.evidence.series import longest_stretch, of
from sendreform.store import Store

BASES = pd.DataFrame(
    {"dimension": ["basis", "need"], "code": ["net", "asd"], "label": ["Net of surpluses", "ASD"]}
)


def test_a_published_sum_says_when_and_on_what_basis() -> None:
    published = pd.DataFrame(
        {
            "period": ["2024-03", "2023-03", "2024-03", "2025-03"],
            "breakdown": ["basis:net", "all", "all", "all"],
            "value": [3e9, 1e9, 2e9, float("nan")],
        }
    )
    told = forecasts.by_basis(published, "month", BASES, "Deficit of")
    assert told.to_numpy().tolist() == [
        ["2023-03", "Deficit of March 2023", 1.0],
        ["2024-03", "Deficit of March 2024", 2.0],
        ["2024-03", "Deficit of March 2024: Net of surpluses", 3.0],
    ]


def test_every_published_overspend_is_told_apart_from_the_others(
    store: Store, figures: Figures
) -> None:
    for measure in ("high_needs_overspend_published", "dsg_deficit_published"):
        kind = store.record(measure)["period_kind"]
        told = forecasts.by_basis(figures(measure), kind, store.breakdowns, "Published for")
        assert len(told) == figures(measure)["value"].notna().sum()
        assert told["label"].is_unique
        assert told["label"].str.contains(": ").all()


def test_the_national_audit_office_found_an_overspend_of_282_million_in_2017_18(
    store: Store, figures: Figures
) -> None:
    told = forecasts.by_basis(
        figures("high_needs_overspend_published"), "financial_year", store.breakdowns, "In"
    )
    assert told.iloc[0].tolist() == [
        "2017-18",
        "In 2017-18: National Audit Office, net of councils that underspent",
        0.282,
    ]


# ---------------------------------------------------------------- then and now


def then_and_now(store: Store, figures: Figures) -> pd.DataFrame:
    return forecasts.then_and_now(
        figures("ehc_plans"),
        store.forecasts,
        figures("high_needs_overspend_published"),
        money.net_balances(of(figures("dsg_balance_share")), of(figures("dsg_allocation"))),
        longest_stretch(
            of(figures("high_needs_funding")),
            store.breaks.query("measure == 'high_needs_funding'")["period"],
        ),
    )


def test_the_counts_of_the_study_are_the_published_ones(store: Store, figures: Figures) -> None:
    """It printed 237,111 to 319,819 plans, and 105,442 to 131,230 in special provision."""
    told = then_and_now(store, figures).query("unit == 'plans'")
    then = told.set_index(["topic", "then_period"])["then_low"]
    assert then["Plans and statements"].tolist() == [237_111, 319_819]
    special = "Plans in special schools and specialist colleges"
    assert then[special].tolist() == [105_442, 131_230]
    now = told.set_index("topic")["now"]
    assert now["Plans and statements"].unique().tolist() == [718_838]
    assert now[special].unique().tolist() == [211_442 + 11_490]
    assert told["alike"].all()


def test_no_gap_foreseen_has_a_figure_of_its_own_basis_beside_it(
    store: Store, figures: Figures
) -> None:
    told = then_and_now(store, figures)
    gaps = told[told["topic"].str.startswith("Gap")]
    assert not gaps["alike"].any()
    assert (gaps["caveat"] != "").all()
    assert gaps["now"].notna().all()
    assert set(gaps["reading"]) == {forecasts.IN_THE_YEAR, forecasts.ALL_YEARS}


def test_the_gap_of_2020_21_depends_on_how_the_forecast_is_read(
    store: Store, figures: Figures
) -> None:
    told = then_and_now(store, figures).query(
        "topic == 'Gap in high needs funding' and then_period == '2020-21'"
    )
    assert told[["then_low", "then_high"]].drop_duplicates().to_numpy().tolist() == [[1.2e9, 1.6e9]]
    found = told.set_index(["reading", "now_period"])["now"] / 1e9
    assert found.round(2).to_dict() == {
        (forecasts.IN_THE_YEAR, "2020-21"): 0.32,
        (forecasts.ALL_YEARS, "2020-21"): 0.8,
        (forecasts.ALL_YEARS, "2021-22"): 1.16,
    }


def test_the_interim_findings_are_told_apart_from_the_study(store: Store, figures: Figures) -> None:
    told = then_and_now(store, figures).query("then_period == '2018-19' and unit == 'pounds'")
    foreseen = told.set_index("topic")["then_low"]
    assert foreseen["Gap in high needs funding (interim findings)"] == 536e6
    assert foreseen["Gap in high needs funding"] == 472e6


def test_funding_rose_by_948_million_in_the_two_years_after_the_study(
    store: Store, figures: Figures
) -> None:
    told = then_and_now(store, figures).query("topic == 'High needs funding'")
    by_year = told.set_index("now_period")
    # £6,115m for 2018-19 and £7,063.2m for 2020-21, as allocated.
    rise = by_year["now"]["2020-21"] - by_year["then_low"]["2020-21"]
    assert round(rise / 1e6) == 948
    assert list(by_year.index) == ["2020-21", "2023-24"]


def test_figures_that_are_not_there_are_missing_and_not_nought(
    store: Store, figures: Figures
) -> None:
    told = forecasts.then_and_now(
        figures("ehc_plans"),
        store.forecasts,
        figures("high_needs_overspend_published").head(0),
        money.net_balances(of(figures("dsg_balance_share")).head(0), of(figures("dsg_allocation"))),
        of(figures("high_needs_funding")).query("period == '2018-19'"),
    )
    assert told[told["topic"].str.startswith("Gap")]["now"].isna().all()
    assert pd.isna(told.query("topic == 'High needs funding'")["now"].iloc[0])
