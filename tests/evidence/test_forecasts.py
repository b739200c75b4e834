"""What was foreseen, and what has been published since, each on its own basis."""

import pandas as pd

from evidence.conftest import Figures
from sendreform.evidence import forecasts
from sendreform.store import Store

BASES = pd.DataFrame(
    {"dimension": ["basis", "need"], "code": ["net", "asd"], "label": ["Net of surpluses", "ASD"]}
)


def test_the_study_of_2018_foresaw_472_million_then_806_then_up_to_1_6_billion(
    store: Store,
) -> None:
    foreseen = forecasts.foreseen_in_2018(store.forecasts).set_index("label")["value"]
    assert foreseen.to_dict() == {
        "Foreseen in 2018 for 2018-19": 0.472,
        "Foreseen in 2018 for 2019-20": 0.806,
        "Foreseen in 2018 for 2020-21, at least": 1.2,
        "Foreseen in 2018 for 2020-21, at most": 1.6,
    }


def test_other_forecasts_and_other_bases_are_left_out() -> None:
    row = {"published": forecasts.STUDY_OF_2018, "basis": "funding_gap", "target_year": "2019-20"}
    ends = {"low": float("nan"), "central": 2e9, "high": float("nan")}
    table = pd.DataFrame(
        [
            {**row, **ends},
            {**row, **ends, "basis": "total_spending"},
            {**row, **ends, "published": "2024-07-25"},
        ]
    )
    assert forecasts.foreseen_in_2018(table).to_numpy().tolist() == [
        ["Foreseen in 2018 for 2019-20", 2.0]
    ]


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
