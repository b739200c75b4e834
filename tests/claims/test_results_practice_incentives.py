"""Results on good practice and incentives: the figure, its interval, its checks, and no figure."""

import pytest

from sendreform.claims.result import Result
from sendreform.claims.results.good_practice import growth_where_inspected_well
from sendreform.claims.results.incentives import worth_lost_by_the_threshold
from sendreform.report import open_report

pytestmark = pytest.mark.usefixtures("in_the_project")

KENT, SCILLY, CUMBERLAND, LONDON = "886", "420", "942", "E12000007"


def inspected(area: str = "England", first: int = 2015, last: int = 2026) -> Result:
    return growth_where_inspected_well(open_report(area, first, last, "cash"))


def worth(area: str = "England", first: int = 2015, last: int = 2026) -> Result:
    return worth_lost_by_the_threshold(open_report(area, first, last, "cash"))


# ------------------------------------------------------------------ inspection and growth


def test_well_inspected_places_grew_16_points_less_with_a_wide_interval() -> None:
    """The mean of 18 councils less that of 71; worked out by itself in the test of evidence."""
    result = inspected()
    assert result.value == pytest.approx(-16.0, abs=0.05)
    assert result.period == "January 2015 to January 2025"
    assert (result.low, result.high) == pytest.approx((-39.4, 7.4), abs=0.05)
    assert set(result.checks) == {
        "allowing for region and plans at the start",
        "the middle councils",
        "without London",
        "all others against widespread failings",
        "no written statement required, first round",
        "growth since January 2023",
    }
    # Medians of 156.7 and 160.6; means of 164.7 and 177.6 in the first round.
    assert result.checks["the middle councils"] == pytest.approx(-3.9, abs=0.05)
    assert result.checks["no written statement required, first round"] == pytest.approx(
        164.726 - 177.555, abs=0.01
    )
    # 159.355 over 18 and 165.533 over 49 councils, less 197.183 over 22.
    assert result.checks["all others against widespread failings"] == pytest.approx(
        (18 * 159.355 + 49 * 165.533) / 67 - 197.183, abs=0.01
    )
    assert abs(result.checks["growth since January 2023"]) < 5


def test_the_years_of_the_report_are_followed() -> None:
    result = inspected(first=2018, last=2025)
    assert result.period == "January 2018 to January 2025"
    assert result.low < result.value < result.high
    assert result.value != inspected().value
    # Only first-round outcomes of the years count, and 2024 on has none.
    assert "no written statement required, first round" not in inspected(first=2024).checks


@pytest.mark.parametrize(("first", "last"), [(2015, 2020), (2010, 2013), (2025, 2026)])
def test_years_without_inspections_or_growth_have_no_figure(first: int, last: int) -> None:
    result = inspected(first=first, last=last)
    assert result.is_missing
    assert result.missing_because.startswith("Too few councils with an inspection outcome")


@pytest.mark.parametrize(
    ("area", "place"),
    [
        (KENT, "Kent"),
        (SCILLY, "the Isles of Scilly"),
        (CUMBERLAND, "Cumberland"),
        (LONDON, "London"),
    ],
)
def test_no_single_place_has_a_difference(area: str, place: str) -> None:
    result = inspected(area)
    assert result.is_missing
    assert result.missing_because.startswith(f"For {place}, no difference can be told")
    assert "area_send_inspection_grade" in result.measures


# ------------------------------------------------------------------ the threshold


def test_the_threshold_lost_27_per_cent_by_the_newest_outturn_year() -> None:
    """Financial years: 73.2616 of 100; calendar years: 73.4795; from 2014-15: 74.3130."""
    result = worth()
    assert result.value == pytest.approx(26.7384)
    assert result.period == "2013-14 to 2024-25"
    assert not result.has_interval
    assert result.checks == {
        "with prices of calendar years": pytest.approx(26.5205),
        "counted from 2014-15": pytest.approx(25.687),
    }


def test_a_forecast_is_never_the_newest_year_and_an_earlier_report_stops_earlier() -> None:
    assert worth(first=2025).period == "2013-14 to 2024-25"
    earlier = worth(last=2020)
    assert earlier.period == "2013-14 to 2019-20"
    assert earlier.value == pytest.approx(100 * (1 - 73.2616 / 81.147))
    assert earlier.checks["with prices of calendar years"] == pytest.approx(
        100 * (1 - 73.4795 / 81.1085)
    )


def test_years_before_the_threshold_have_no_figure() -> None:
    result = worth(first=2010, last=2013)
    assert result.is_missing
    assert result.missing_because == "The amount was set for 2013-14; these years end before it."


@pytest.mark.parametrize("area", [KENT, SCILLY, CUMBERLAND, LONDON])
def test_prices_are_those_of_the_country(area: str) -> None:
    result = worth(area)
    assert result.is_missing
    assert "published for England" in result.missing_because
