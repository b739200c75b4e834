"""Any figure in words: its status, unit, source and release, and what there is instead."""

import pandas as pd
import pytest

from sendreform.errors import ReportError
from sendreform.evidence import lookup
from sendreform.observations import ENGLAND
from sendreform.store import Store

KENT, HACKNEY = "886", "204"


def test_kent_had_20_635_plans_in_january_2025_and_the_source_is_named(store: Store) -> None:
    (figure,) = lookup.figures(store, "ehc_plans", area=KENT, period="2025-01").to_dict("records")
    assert figure["value"] == 20_635
    assert (figure["area_name"], figure["period_label"]) == ("Kent", "January 2025")
    assert (figure["unit"], figure["status"]) == ("plans", "")
    assert figure["release"] == "Reporting year 2025"
    assert figure["url"].startswith("https://explore-education-statistics.service.gov.uk/")


def test_a_symbol_is_told_in_words_and_its_value_is_missing(store: Store) -> None:
    (figure,) = lookup.figures(
        store, "ehc_plans", area=HACKNEY, period="2024-01", breakdown="placement:mainstream"
    ).to_dict("records")
    assert figure["status"] == "not available"
    assert pd.isna(figure["value"])


def test_columns_are_the_same_whatever_is_asked(store: Store) -> None:
    for measure, area in (("ehc_plans", KENT), ("attainment_8", ENGLAND), ("dsg_balance", KENT)):
        assert list(lookup.figures(store, measure, area=area)) == lookup.COLUMNS


def test_without_a_breakdown_all_is_meant_where_there_is_one(store: Store) -> None:
    assert set(lookup.figures(store, "ehc_plans", area=KENT)["breakdown"]) == {"all"}
    by_officer = lookup.figures(store, "designated_officer_in_post", area=KENT)
    assert {"officer:medical", "officer:clinical"} <= set(by_officer["breakdown"])


def test_a_star_gives_every_breakdown_in_the_declared_order(store: Store) -> None:
    every = lookup.figures(store, "ehc_plans", area=KENT, period="2025-01", breakdown="*")
    assert every["breakdown"].iloc[0] == "all"
    assert len(every) > 30
    own = store.observations("ehc_plans").query("area == @KENT and period == '2025-01'")
    assert set(every["breakdown"]) == set(own["breakdown"])
    assert every["breakdown_label"].notna().all()


def test_two_dimensions_are_told_in_words(store: Store) -> None:
    assert lookup.breakdown_label(store, "all") == "All"
    words = lookup.breakdown_label(store, "age:10 placement:special")
    assert words == "Age 10, Special schools, all"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"measure": "ehc_plan", "area": KENT},
            "measure: unknown measure 'ehc_plan'. Did you mean ehc_plans",
        ),
        (
            {"measure": "dsg_balance", "area": ENGLAND},
            "area: measure 'dsg_balance' has no figure for England. It is published for councils.",
        ),
        (
            {"measure": "ehc_plans", "area": KENT, "breakdown": "placement:specal"},
            "breakdown: measure 'ehc_plans' has no breakdown 'placement:specal'. "
            "Did you mean placement:special",
        ),
        (
            {"measure": "ehc_plans", "area": KENT, "period": "1999-01"},
            "period: measure 'ehc_plans' has no figure for 1999-01 here. There are 2010-01, ",
        ),
    ],
)
def test_what_is_not_there_is_told_in_one_line_with_what_is(
    store: Store, asked: dict[str, str], said: str
) -> None:
    with pytest.raises(ReportError) as error:
        lookup.figures(store, **asked)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [(20_635.0, 0, "20,635"), (57.94, 1, "57.9"), (-0.5, 2, "-0.50"), (float("nan"), 1, "")],
)
def test_a_value_is_written_as_it_was_published(value: float, decimals: int, written: str) -> None:
    assert lookup.value_text(value, decimals) == written
