"""Joined-up support: plans on time and how sure, neighbours, reviews, places, health, officers."""

import csv
import math
from collections import defaultdict

import pandas as pd
import pytest
from scipy.stats import binom

from conftest import ROOT
from evidence.conftest import Figures
from sendreform.evidence import joined_up
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.store import Store

NAN = float("nan")
ON_TIME = "ehc_plans_in_20_weeks_excluding_exceptions"
TIMED = "ehc_plans_timed_excluding_exceptions"


def counts(values: dict[str, float], period: str = "2024") -> pd.DataFrame:
    return pd.DataFrame({"area": list(values), "period": period, "value": list(values.values())})


def raw(name: str, period: str) -> dict[str, float]:
    """Read the figures of one period straight from the file, by area."""
    with (ROOT / f"data/observations/process/{name}.csv").open() as file:
        return {
            row["area"]: float(row["value"])
            for row in csv.DictReader(file)
            if (row["period"], row["breakdown"]) == (period, "all") and row["value"]
        }


@pytest.fixture
def shares(store: Store) -> pd.DataFrame:
    """The share of plans on time of every place and year."""
    on_time, timed = (of(store.observations(name)) for name in (ON_TIME, TIMED))
    return joined_up.proportions(on_time, timed)


# ---------------------------------------------------------------- shares and their intervals


def test_a_share_of_none_has_the_upper_end_that_wilson_gives() -> None:
    """Of nought in n the upper end is z²/(n + z²), z = 1.96: 27.75 per cent of ten."""
    share = joined_up.proportions(counts({"301": 0.0}), counts({"301": 10.0})).iloc[0]
    assert share[["value", "low"]].tolist() == [0.0, 0.0]
    assert share["high"] == pytest.approx(100 * 1.959964**2 / (10 + 1.959964**2), abs=1e-4)


def test_where_there_is_nothing_to_share_no_share_is_told() -> None:
    part = counts({"301": 0.0, "302": 5.0, "303": NAN, "304": 3.0})
    whole = counts({"301": 0.0, "302": 4.0, "303": 9.0, "305": 3.0})
    told = joined_up.proportions(part, whole).set_index("area")
    assert told.index.tolist() == ["301", "302", "303"]
    assert told[["value", "low", "high"]].isna().all(axis=None)


def test_a_higher_certainty_is_a_wider_interval() -> None:
    usual, wide = (
        joined_up.proportions(counts({"301": 40.0}), counts({"301": 80.0}), alpha=alpha).iloc[0]
        for alpha in (0.05, 0.001)
    )
    assert wide["low"] < usual["low"] < 50 < usual["high"] < wide["high"]


def test_shares_worked_out_from_counts_are_those_published(
    shares: pd.DataFrame, store: Store
) -> None:
    published = of(store.observations(f"{ON_TIME}_share"))
    both = shares.merge(published, on=["area", "period"], suffixes=("", "_published")).dropna(
        subset=["value", "value_published"]
    )
    assert len(both) > 1600
    assert (both["value"] - both["value_published"]).abs().max() < 0.0501


def test_half_of_plans_were_on_time_in_2023_and_fewer_since(shares: pd.DataFrame) -> None:
    """C043: 50.3 per cent in 2023, 49.2 in 2022. C084: half. 59.2 in 2015 (published series)."""
    england = shares[shares["area"] == ENGLAND].set_index("period")["value"].round(1)
    assert england[["2015", "2022", "2023", "2025"]].tolist() == [59.2, 49.2, 50.3, 46.1]


def test_a_difference_has_the_interval_of_newcombes_example() -> None:
    """56 of 70 against 48 of 80, in Newcombe's paper: 0.20, from 0.0524 to 0.3339."""
    part = pd.concat([counts({"301": 48.0}, "2015"), counts({"301": 56.0}, "2024")])
    whole = pd.concat([counts({"301": 80.0}, "2015"), counts({"301": 70.0}, "2024")])
    moved = joined_up.changes_in_share(joined_up.proportions(part, whole), "2015", "2024").iloc[0]
    assert moved[["start", "end", "difference"]].tolist() == pytest.approx([60.0, 80.0, 20.0])
    assert moved[["low", "high"]].tolist() == pytest.approx([5.24, 33.39], abs=0.005)


def test_a_council_without_plans_at_one_end_has_no_change() -> None:
    part = pd.concat([counts({"301": 4.0, "302": 0.0}, "2015"), counts({"302": 3.0, "303": 1.0})])
    whole = part.assign(value=[10.0, 0.0, 6.0, 5.0])
    moved = joined_up.changes_in_share(joined_up.proportions(part, whole), "2015", "2024")
    assert moved.empty


# ---------------------------------------------------------------- councils below a level


def test_a_council_counts_as_below_only_when_chance_does_not_explain_it() -> None:
    part = counts({"301": 7.0, "302": 700.0, "303": 90.0, "304": 0.0, ENGLAND: 1.0})
    whole = counts({"301": 10.0, "302": 1000.0, "303": 100.0, "304": 0.0, ENGLAND: 9.0})
    told = joined_up.councils_below(
        joined_up.proportions(part, whole), ["301", "302", "303", "304"], 80
    ).iloc[0]
    assert told[["councils", "below", "surely_below"]].tolist() == [3, 2, 1]
    assert told[["value", "surely"]].tolist() == pytest.approx([200 / 3, 100 / 3])


def test_two_councils_in_three_were_late_in_2024_beyond_chance(
    shares: pd.DataFrame, councils: list[str]
) -> None:
    """Worked out again from the file, with Wilson's formula written out."""
    on_time, timed = raw(ON_TIME, "2024"), raw(TIMED, "2024")
    z, late, told = 1.959963984540054, 0, 0
    for council in councils:
        if n := timed.get(council, 0):
            p = on_time[council] / n
            middle = (p + z * z / (2 * n)) / (1 + z * z / n)
            half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
            told += 1
            late += middle + half < 0.8
    below = joined_up.councils_below(shares, councils, 80).set_index("period").loc["2024"]
    assert below[["councils", "surely_below"]].tolist() == [told, late] == [151, 105]
    assert below["surely"] == pytest.approx(100 * 105 / 151)
    assert below["below"] == 114


# ---------------------------------------------------------------- how long plans took


def test_plans_on_time_late_and_very_late_add_to_all_plans(store: Store) -> None:
    names = (TIMED, ON_TIME, "ehc_plans_beyond_a_year_excluding_exceptions")
    told = joined_up.how_long(*(of(store.observations(name)) for name in names)).dropna()
    assert set(told["series"]) == {joined_up.ON_TIME, joined_up.LATE, joined_up.VERY_LATE}
    timed = of(store.observations(TIMED)).set_index(["area", "period"])["value"]
    added = told.groupby(["area", "period"])["value"].sum()
    assert (added == timed[added.index]).all()
    assert told["value"].min() >= 0
    # 9,871 of 95,411 plans of 2025 took over a year; the release says 10.3 per cent, and 5.2 of
    # those of 2023.
    share = told[told["area"] == ENGLAND].set_index(["series", "period"])["share"]
    assert share[joined_up.VERY_LATE, "2025"] == pytest.approx(100 * 9_871 / 95_411)
    assert share[joined_up.VERY_LATE].round(1).to_dict() == {"2023": 5.2, "2024": 7.3, "2025": 10.3}


# ---------------------------------------------------------------- best neighbours


@pytest.fixture
def three() -> pd.DataFrame:
    """Three councils with 40, 70 and 90 per cent on time."""
    return joined_up.proportions(
        counts({"301": 40.0, "302": 210.0, "303": 9.0}),
        counts({"301": 100.0, "302": 300.0, "303": 10.0}),
    )


NEIGHBOURS = pd.DataFrame(
    {
        "area": ["301", "301", "302", "303", "303"],
        "neighbour": ["302", "303", "301", "302", "399"],
    }
)


def test_a_council_reaches_its_best_neighbour_or_keeps_its_own(three: pd.DataFrame) -> None:
    reached = joined_up.at_best_neighbour(three, NEIGHBOURS).set_index("area")
    assert reached["neighbour"].to_dict() == {"301": "303", "302": "301", "303": "302"}
    assert reached["reached"].to_dict() == {"301": 90.0, "302": 70.0, "303": 90.0}
    # 90 of 100, 210 of 300 and 9 of 10.
    assert joined_up.share_reached(reached) == pytest.approx(100 * 309 / 410)


def test_a_lucky_small_neighbour_can_be_judged_by_its_lower_end_or_left_out(
    three: pd.DataFrame,
) -> None:
    low = three.set_index("area")["low"]
    assert low["303"] < low["302"] < 70
    by_low = joined_up.at_best_neighbour(three, NEIGHBOURS, by="low").set_index("area")
    assert by_low.loc["301", ["neighbour", "reached"]].tolist() == ["302", low["302"]]
    large = joined_up.at_best_neighbour(three, NEIGHBOURS, fewest=100).set_index("area")
    assert large.loc["301", ["neighbour", "reached"]].tolist() == ["302", 70.0]
    assert large.loc["303", "reached"] == 90.0


def test_a_council_without_a_neighbour_that_has_a_share_keeps_its_own(three: pd.DataFrame) -> None:
    reached = joined_up.at_best_neighbour(three, NEIGHBOURS.query("neighbour == '399'"))
    assert reached["neighbour"].isna().all()
    assert reached["reached"].tolist() == reached["value"].tolist()


def test_at_the_ninetieth_percentile_nobody_falls_below_it(three: pd.DataFrame) -> None:
    """Of 40, 70 and 90 the ninetieth percentile lies four fifths of the way from 70 to 90."""
    reached = joined_up.at_percentile(three, 90)
    assert reached["best"].unique().tolist() == pytest.approx([86.0])
    assert reached["reached"].tolist() == pytest.approx([86.0, 86.0, 90.0])


def test_no_plans_reach_no_share(three: pd.DataFrame) -> None:
    assert math.isnan(joined_up.share_reached(joined_up.at_percentile(three, 90).head(0)))


def test_at_the_best_neighbour_87_per_cent_would_have_been_on_time_in_2024(
    shares: pd.DataFrame, store: Store, councils: list[str]
) -> None:
    """Worked out again from the files, without pandas."""
    on_time, timed = raw(ON_TIME, "2024"), raw(TIMED, "2024")
    own = {area: on_time[area] / timed[area] for area in councils if timed.get(area)}
    near = defaultdict(list)
    with (ROOT / "data/neighbours.csv").open() as file:
        for row in csv.DictReader(file):
            near[row["area"]].append(row["neighbour"])
    reached = sum(
        timed[area] * max([own[area], *(own[other] for other in near[area] if other in own)])
        for area in own
    )
    newest = shares[(shares["period"] == "2024") & shares["area"].isin(councils)]
    told = joined_up.share_reached(joined_up.at_best_neighbour(newest, store.neighbours))
    assert told == pytest.approx(100 * reached / sum(timed[area] for area in own))
    assert round(told, 1) == 87.1
    assert len(own) == 151


# ---------------------------------------------------------------- who stayed


def standing() -> pd.DataFrame:
    """Eight councils: 301 and 302 are best at first, then 301 and 303, then 303 and 304."""
    later = {"301": (90.0, 10.0), "303": (80.0, 90.0), "304": (20.0, 80.0)}
    values = {
        str(301 + place): (80.0 - place, *later.get(str(301 + place), (30.0, 30.0)))
        for place in range(8)
    } | {ENGLAND: (99.0, 99.0, 99.0)}
    return pd.DataFrame(
        [
            {"area": area, "period": period, "value": value}
            for area, of_area in values.items()
            for period, value in zip(("2016", "2017", "2018"), of_area, strict=True)
        ]
    )


EIGHT = [str(area) for area in range(301, 309)]


def test_the_best_quarter_of_eight_councils_is_two_and_the_best_eighth_one() -> None:
    best = joined_up.quickest(standing(), EIGHT)
    assert {period: list(best.index[best[period]]) for period in best} == {
        "2016": ["301", "302"], "2017": ["301", "303"], "2018": ["303", "304"],
    }  # fmt: skip
    assert joined_up.quickest(standing(), EIGHT, 1 / 8).sum().tolist() == [1, 1, 1]


def test_a_council_without_a_figure_in_every_year_is_not_ranked() -> None:
    figures = standing()
    gap = (figures["area"] == "301") & (figures["period"] == "2017")
    best = joined_up.quickest(figures.assign(value=figures["value"].mask(gap)), EIGHT)
    assert "301" not in best.index
    assert ENGLAND not in best.index
    assert len(best) == 7


def test_those_who_stayed_are_counted_in_the_first_and_the_last_period_alone() -> None:
    best = pd.DataFrame(
        {
            "2015": [True, True, True, False, False, False],
            "2016": [False, False, False, True, True, True],
            "2017": [True, False, False, True, True, False],
        }
    )
    one = joined_up.stayed(best)
    assert (one.first_period, one.last_period) == ("2015", "2017")
    assert (one.councils, one.best, one.stayed) == (6, 3, 1)
    assert one.per_cent == pytest.approx(100 / 3)
    assert one.by_chance == 50.0
    # At least one of three: all but the one way in twenty that none of them stays.
    assert one.chance_of_as_many == pytest.approx(1 - 1 / 20)


def test_the_interval_of_those_who_stayed_is_exact() -> None:
    """Clopper and Pearson: at either end, so many or more (or fewer) come up one time in forty."""
    best = pd.DataFrame({"2015": [True] * 10 + [False] * 30, "2024": [True] * 4 + [False] * 36})
    one = joined_up.stayed(best)
    assert 1 - binom.cdf(3, 10, one.low / 100) == pytest.approx(0.025)
    assert binom.cdf(4, 10, one.high / 100) == pytest.approx(0.025)


def test_nobody_can_stay_where_nobody_is_ranked() -> None:
    one = joined_up.stayed(pd.DataFrame({"2015": [], "2024": []}, dtype="bool"))
    assert math.isnan(one.per_cent)
    assert math.isnan(one.low)


def test_eleven_of_34_councils_of_the_quickest_quarter_of_2015_were_in_it_in_2024(
    store: Store, councils: list[str]
) -> None:
    figures = of(store.observations(f"{ON_TIME}_share")).query("period >= '2015'")
    one = joined_up.stayed(joined_up.quickest(figures, councils))
    # Worked out again from the file: councils with a share in all ten years, ranked by share;
    # of equal shares the first in order of code is taken first.
    years = [str(year) for year in range(2015, 2025)]
    by_year = [raw(f"{ON_TIME}_share", year) for year in years]
    ranked = sorted(set(councils).intersection(*by_year))
    first, last = (
        set(sorted(ranked, key=lambda area: -of_year[area])[: len(ranked) // 4])
        for of_year in (by_year[0], by_year[-1])
    )
    assert (one.councils, one.best, one.stayed) == (len(ranked), len(first), len(first & last))
    assert (one.councils, one.best, one.stayed) == (136, 34, 11)
    assert one.by_chance == 25.0
    assert one.chance_of_as_many > 0.05


# ---------------------------------------------------------------- reviews


def test_reviews_of_2024_and_2025_are_told_on_two_bases(figures: Figures, store: Store) -> None:
    measures = [
        "annual_reviews_expected", "annual_reviews_held", "annual_reviews_not_held",
        "annual_reviews_decided_in_4_weeks", "annual_reviews_decided_after_4_weeks",
    ]  # fmt: skip
    breaks = store.breaks.query("measure == 'annual_reviews_held'")["period"]
    told = joined_up.annual_reviews(
        *(of(figures(name)) for name in measures), breaks
    ).set_index("period")  # fmt: skip
    assert told["basis"].to_dict() == {
        "2024": joined_up.REVIEW_MET, "2025": joined_up.REVIEW_COMPLETED,
    }  # fmt: skip
    # 2024: 453,761 of 524,654; 2025: 339,027 of 596,987, and 157,881 without a review on record.
    assert told["share_held"].tolist() == pytest.approx(
        [100 * 453_761 / 524_654, 100 * 339_027 / 596_987]
    )
    assert told["share_on_record"].tolist() == pytest.approx(
        [100 * 453_761 / 524_654, 100 * (596_987 - 157_881) / 596_987]
    )
    # The release says 44.4 per cent for 2024.
    assert told["share_in_4_weeks"].round(1).tolist() == [44.4, 47.6]


def test_a_council_whose_reviews_are_held_back_has_no_shares() -> None:
    there, hidden = counts({"301": 10.0}), counts({"301": NAN})
    told = joined_up.annual_reviews(there, hidden, hidden, there, hidden, []).iloc[0]
    assert told[["share_held", "share_on_record", "share_in_4_weeks"]].isna().all()
    assert told["basis"] == joined_up.REVIEW_MET


# ---------------------------------------------------------------- places


def test_plans_without_a_place_are_a_share_of_all_plans(figures: Figures) -> None:
    told = joined_up.without_a_place(figures("ehc_plans")).set_index(["series", "period"])
    elsewhere = told.loc["Educated elsewhere or not in education, all"]
    # 62,386 of 718,838 plans in January 2026.
    assert elsewhere.loc["2026-01", "share"] == pytest.approx(100 * 62_386 / 718_838)
    assert told.loc["Not in education, of compulsory school age"]["value"].to_dict() == {
        "2023-01": 1_433, "2024-01": 1_569, "2025-01": 2_460, "2026-01": 3_216,
    }  # fmt: skip
    awaiting = told.loc["Awaiting provision (to 2022)"]["value"]
    assert (awaiting.index.max(), awaiting["2022-01"]) == ("2022-01", 6_342)
    # Published series: EHC plans recorded NEET.
    assert told.loc["Not in education, employment or training"]["value"]["2022-01"] == 12_497


def test_a_kind_not_asked_about_has_no_row_and_a_year_without_a_total_no_share() -> None:
    plans = pd.DataFrame(
        {
            "breakdown": ["all", "placement:neet", "placement:neet", "placement:special"],
            "period": ["2024-01", "2024-01", "2025-01", "2024-01"],
            "value": [200.0, 5.0, 6.0, 60.0],
        }
    )
    told = joined_up.without_a_place(plans)
    assert told["series"].unique().tolist() == ["Not in education, employment or training"]
    assert told["share"].tolist() == pytest.approx([2.5, NAN], nan_ok=True)


# ---------------------------------------------------------------- health


WAITS = (
    "community_health_waiting", "community_health_waiting_over_18_weeks",
    "community_health_waiting_over_52_weeks",
)  # fmt: skip


def test_nearly_half_of_children_had_waited_18_weeks_in_october_2023(figures: Figures) -> None:
    told = joined_up.health_waits(*(figures(name) for name in WAITS))
    share = told.set_index(["series", "period"])["value"]
    # October: 5,018 + 50,126 + 6,935 + 26,933 of 18,702 + 83,253 + 18,355 + 67,790.
    assert share[joined_up.ALL_SERVICES, "2023-10"] == pytest.approx(100 * 89_012 / 188_100)
    published = figures("community_health_waiting_over_18_weeks_share")
    for code, name in joined_up.HEALTH_SERVICES.items():
        of_service = published[published["breakdown"] == code].set_index("period")["value"]
        assert (share[name] - of_service).abs().max() <= 0.0501
    assert told["period"].nunique() == 10


def test_a_month_without_one_service_has_no_sum(figures: Figures) -> None:
    waiting, over_18, over_52 = (figures(name) for name in WAITS)
    gone = (waiting["period"] == "2023-03") & (waiting["breakdown"] == "health_service:audiology")
    told = joined_up.health_waits(waiting[~gone], over_18, over_52)
    summed = set(told.loc[told["series"] == joined_up.ALL_SERVICES, "period"])
    assert "2023-03" not in summed
    assert len(summed) == 9
    hidden = waiting.assign(value=waiting["value"].mask(gone))
    again = joined_up.health_waits(hidden, over_18, over_52)
    assert set(again.loc[again["series"] == joined_up.ALL_SERVICES, "period"]) == summed


def test_a_council_with_either_officer_counts_once() -> None:
    answers = pd.DataFrame(
        {
            "area": ["301", "301", "302", "302", "303", "303", "303", "999"],
            "period": "2025-01",
            "breakdown": [
                "officer:medical", "officer:clinical", "officer:medical", "officer:clinical",
                "officer:medical", "officer:clinical", "officer:social_care", "officer:medical",
            ],
            "value": [1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0],
        }
    )  # fmt: skip
    told = joined_up.officers(answers, ["301", "302", "303"]).set_index("series")
    assert told["councils"].to_dict() == {
        joined_up.EITHER_OFFICER: 3, "Designated medical officer": 3,
        "Designated clinical officer": 3, "Designated social care officer": 1,
    }  # fmt: skip
    assert told["in_post"].tolist() == [2, 1, 2, 1]
    assert told.loc[joined_up.EITHER_OFFICER, "value"] == pytest.approx(200 / 3)


def test_an_officer_whose_post_is_unknown_is_left_out(store: Store, councils: list[str]) -> None:
    told = joined_up.officers(store.observations("designated_officer_in_post"), councils)
    newest = told[told["period"] == "2025-01"].set_index("series")
    # Of 153 councils, 13 gave no answer about the social care officer.
    assert newest.loc["Designated social care officer", ["councils", "in_post"]].tolist() == [
        140, 117,
    ]  # fmt: skip
    assert newest.loc["Designated medical officer", "in_post"] == 91
    assert newest.loc[joined_up.EITHER_OFFICER, "in_post"] == 148
