"""From a request to a plan: the stages as counted, and as the new plans of draws part into them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.evidence.projection import stages
from sendreform.evidence.projection.cohort import Paths
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.history import History
from sendreform.evidence.projection.simulation import simulate


def test_stages_of_2025_by_hand(england: History) -> None:
    """154,489 and 162,702 requests, 111,243 + 7,161 assessments, 110,708 new plans."""
    last = stages.counted(england).loc[2025]
    asked = (154_489 + 162_702) / 2
    assert last[stages.REQUESTS] == pytest.approx(asked / 638_745)
    assert last[stages.ASSESSED] == pytest.approx((111_243 + 7_161) / asked)
    assert last[stages.ISSUED] == pytest.approx(110_708 / (111_243 + 7_161))
    assert last.prod() == pytest.approx(110_708 / 638_745)


def test_what_new_plans_change_by_is_what_the_stages_change_by(england: History) -> None:
    """On average the three parts add up to the whole, and what they stray by cancels out."""
    fitted = stages.fitted(england.known_at(2026), 3)
    assert fitted is not None
    assert fitted.follows.sum() == pytest.approx(1)
    assert fitted.strays.sum(axis=0) == pytest.approx(np.zeros(3), abs=1e-8)
    assert (fitted.follows > 0).all()
    # Together, both give each stage the spread that was seen.
    changes = np.diff(np.log(stages.counted(england).to_numpy()), axis=0)
    whole = changes.sum(axis=1).var(ddof=1)
    variance = fitted.follows**2 * whole + (fitted.strays**2).sum(axis=1)
    assert np.sqrt(variance) == pytest.approx(changes.std(axis=0, ddof=1))
    assert fitted.spread == pytest.approx(changes.std(axis=0, ddof=1))


def test_too_few_years_give_no_stages(england: History) -> None:
    """Requests are known since 2016: four yearly changes at the end of 2021."""
    assert stages.fitted(england.known_at(2021), 3) is None
    assert stages.fitted(england.known_at(2022), 3) is not None


FITTED = stages.Stages(
    assessed=0.75,
    issued=0.9,
    follows=np.array([0.5, 0.3, 0.2]),
    strays=np.array([[0.05, 0.0], [-0.04, 0.02], [-0.01, -0.02]]),
    spread=np.array([0.06, 0.05, 0.02]),
)


def paths(began: list[float], strayed: list[float]) -> Paths:
    """One draw; all new plans at one age."""
    ages = np.zeros((1, len(began), 26))
    ages[0, :, 5] = began
    held = np.zeros((1, len(began) + 1, 26))
    return Paths(held, ages, np.zeros_like(ages), np.array([strayed]), np.zeros(1))


def test_a_year_without_chance_by_hand() -> None:
    """90 plans of 100 assessments of 133 requests: 100 / 0.75 = 133.3."""
    calm = replace(FITTED, strays=np.zeros((3, 2)))
    made = stages.apart(paths([90.0], [0.0]), calm, np.random.default_rng(1))
    assert [made.requests[0, 0], made.assessed[0, 0], made.began[0, 0]] == [133, 100, 90]


def test_a_tenth_more_new_plans_by_chance_arise_at_every_stage_in_part() -> None:
    """e^0.1 times 10,000: requests by e^0.05, the two shares by e^0.03 and e^0.02."""
    calm = replace(FITTED, strays=np.zeros((3, 2)))
    more = stages.apart(paths([11_052.0], [0.1]), calm, np.random.default_rng(1))
    assert more.began / more.assessed == pytest.approx(np.array([[0.9 * np.exp(0.02)]]), rel=1e-3)
    assert more.assessed / more.requests == pytest.approx(
        np.array([[0.75 * np.exp(0.03)]]), rel=1e-3
    )
    assert more.requests == pytest.approx(np.array([[10_000 / 0.675 * np.exp(0.05)]]), rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    began=st.lists(st.integers(0, 10**6), min_size=3, max_size=3),
    strayed=st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    seed=st.integers(0, 2**32 - 1),
)
def test_nobody_gets_a_plan_unassessed_nor_is_assessed_unasked(
    began: list[int], strayed: list[float], seed: int
) -> None:
    made = stages.apart(
        paths([float(number) for number in began], strayed), FITTED, np.random.default_rng(seed)
    )
    assert (made.began[0] == began).all()
    assert (made.began <= made.assessed).all()
    assert (made.assessed <= made.requests).all()
    for part in (made.requests, made.assessed):
        assert (part == np.floor(part)).all()


def test_the_middle_of_the_first_year_is_what_is_assumed(england: History) -> None:
    """New plans over the two shares of three years: requests."""
    assumed = fit(england, 2026)
    assert assumed.stages is not None
    drawn = simulate(assumed, draws=4_000, years=2, rng=np.random.default_rng(1))
    made = stages.apart(drawn, assumed.stages, np.random.default_rng(2))
    shares = assumed.stages.assessed * assumed.stages.issued
    assert np.median(made.requests[:, 0]) == pytest.approx(assumed.began / shares, rel=0.01)
    share = np.median(made.assessed[:, 0] / made.requests[:, 0])
    assert share == pytest.approx(assumed.stages.assessed, rel=0.01)
