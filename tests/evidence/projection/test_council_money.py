"""Councils' money: shares by hand, adding up to England's, beside what councils report."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendreform.book.delay import accounts
from sendreform.evidence.projection import council_money
from sendreform.evidence.projection.money import Bill
from sendreform.evidence.projection.scenarios import NO_REFORM
from sendreform.report import Report, open_report

pytestmark = pytest.mark.usefixtures("in_the_project")


@pytest.fixture(scope="module")
def england(in_the_project: None) -> Report:
    del in_the_project
    return open_report("England", 2015, 2026, "2024-25")


def of(report: Report, area: str) -> Report:
    return replace(report, area=report.areas.find(area))


def test_weight_follows_a_shift_between_settings_by_hand() -> None:
    """Of 10 plans 5 are dear (30 pounds, not 10); England's dear share doubles from 10 to 20%.

    So the council's become 5 x 8/9 to 5 x 2, that is 4.444 to 10: shares 4/13 and 9/13.
    """
    england = np.array([[[90.0, 10.0], [80.0, 20.0]]])
    made = council_money.weights(
        np.array([[[10.0, 20.0]]]),
        np.array([[5.0, 5.0]]),
        england,
        np.array([10.0, 30.0]),
        np.array([2.0]),
    )
    assert made[0, 0] == pytest.approx([2 * 10 * 20, 2 * 20 * (4 * 10 + 9 * 30) / 13])


def test_a_council_without_spending_is_taken_to_be_at_englands_costs() -> None:
    england = np.array([[[90.0]]])
    made = council_money.weights(
        np.array([[[10.0]]]), np.array([[10.0]]), england, np.array([5.0]), np.array([np.nan])
    )
    assert made.tolist() == [[[50.0]]]


@given(
    st.lists(
        st.lists(st.floats(1, 1e6), min_size=4, max_size=4), min_size=2, max_size=6
    )
)  # fmt: skip
def test_parts_of_funding_add_up_and_begin_where_they_were(rows: list[list[float]]) -> None:
    block = pd.DataFrame(rows, columns=[2021, 2022, 2023, 2024])
    parts = council_money.funding_parts(block, 5, 3, np.random.default_rng(1))
    assert parts.shape == (len(rows), 5, 3)
    assert parts.sum(axis=0) == pytest.approx(np.ones((5, 3)))


def test_parts_of_funding_stay_where_they_never_moved() -> None:
    block = pd.DataFrame([[10.0, 20.0, 30.0, 40.0], [30.0, 60.0, 90.0, 120.0]])
    parts = council_money.funding_parts(block, 2, 3, np.random.default_rng(1))
    assert parts[:, 0, 2] == pytest.approx([0.25, 0.75])


def test_part_of_england_by_hand() -> None:
    whole = Bill([2025], *(np.array([[value]]) for value in (100.0, 90.0, 80.0, 1.1)))
    part = council_money.part_of(whole, np.array([[0.1]]), np.array([[0.2]]))
    assert (part.cash, part.real, part.funding) == (10.0, 9.0, 16.0)


def test_councils_spend_and_are_funded_together_what_england_is(england: Report) -> None:
    """All but the City of London and the Isles of Scilly, too small to be told: 0.02 per cent."""
    made = {area: accounts.bill_of(replace(england, area=area), NO_REFORM)
            for area in england.councils}  # fmt: skip
    assert [area for area, bill in made.items() if bill is None] == ["201", "420"]
    whole = accounts.bill_of_england(england.store, NO_REFORM)
    bills = [bill for bill in made.values() if bill is not None]
    assert sum(bill.cash for bill in bills) == pytest.approx(whole.cash, rel=1e-3)
    assert sum(bill.funding for bill in bills) == pytest.approx(whole.funding)


def test_councils_of_a_region_add_up_to_it_in_every_draw(england: Report) -> None:
    region = of(england, "North East")
    members = [replace(england, area=area) for area in england.areas.councils_in(region.area)]
    whole = accounts.deficit_of(accounts.bill_of(region, NO_REFORM), accounts.deficit_base(region))
    parts = [
        accounts.deficit_of(accounts.bill_of(one, NO_REFORM), accounts.deficit_base(one))
        for one in members
    ]
    assert whole is not None
    assert sum(part[0] for part in parts if part) == pytest.approx(whole[0], rel=1e-6, abs=1.0)


def test_first_year_of_a_council_is_its_outturn_with_its_part_of_places(england: Report) -> None:
    """Leeds: its part of 10,216,354,607 pounds in 2024-25, of 11,316,354,607 with places."""
    bill = accounts.bill_of(of(england, "Leeds"), NO_REFORM)
    assert bill is not None
    spent = england.store.observations(accounts.OUTTURN)
    own = spent.query("area == '383' and period == '2024-25'")["value"].iloc[0]
    assert bill.years[0] == 2025
    assert bill.cash[:, 0] == pytest.approx(own / 10_216_354_607 * 11_316_354_607)


@pytest.mark.parametrize(
    ("area", "reported"),
    [("Bournemouth, Christchurch and Poole", 113_300_000), ("West Berkshire", 16_130_000)],
)
def test_deficit_of_march_2025_is_near_what_the_council_reported(
    england: Report, area: str, reported: int
) -> None:
    """The two whose own reports are at hand: 63.5m a year before, and 9.5m."""
    place = of(england, area)
    made = accounts.deficit_of(accounts.bill_of(place, NO_REFORM), accounts.deficit_base(place))
    assert made is not None
    draws, years = made
    assert np.median(draws[:, years.index(2025)]) == pytest.approx(reported, rel=0.15)


def test_base_of_a_council_is_its_published_balance_and_a_regions_their_sum(
    england: Report,
) -> None:
    camden = accounts.deficit_base(of(england, "Camden"))
    assert camden == accounts.Base(-22_344_113.0, 2024)
    region = accounts.deficit_base(of(england, "North East"))
    own = england.store.observations(accounts.BALANCE)
    members = england.areas.councils_in("E12000001")
    assert region is not None
    assert region.pounds == own[own["area"].isin(members)]["value"].sum()


@pytest.mark.parametrize(
    ("area", "lacking"),
    [
        ("Buckinghamshire", ["Buckinghamshire"]),
        ("North West", ["Cumberland", "Westmorland and Furness"]),
        ("London", []),
    ],
)
def test_a_place_without_a_published_base_has_none(
    england: Report, area: str, lacking: list[str]
) -> None:
    place = of(england, area)
    assert accounts.without_balance(place) == lacking
    assert (accounts.deficit_base(place) is None) == bool(lacking)
