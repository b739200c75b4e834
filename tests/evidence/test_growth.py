"""Growth taken apart: by age, by flow and by need, in parts that add to the rise to the plan."""

import csv

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from as_tested import tested_project
from evidence.conftest import Figures
from sendreform.evidence import caseload, growth
from sendreform.evidence.series import at, of, summed
from sendreform.observations import ENGLAND
from sendreform.store import Store

LONDON, SOUTH_WEST, KENT, CITY, SCILLY, CUMBERLAND = (
    "E12000007", "E12000009", "886", "201", "420", "942",
)  # fmt: skip

# England, January 2015 to 2026: the totals that the releases of 2022, 2025 and 2026 print.
HELD = [
    240_183, 256_315, 287_290, 319_819, 353_995, 390_109, 430_697, 473_255, 517_048, 576_474,
    638_745, 718_838,
]  # fmt: skip
# New plans made in England, 2015 to 2025.
BEGAN = [
    27_923, 36_094, 42_162, 48_907, 53_899, 60_097, 62_180, 66_706, 84_428, 97_747, 110_708,
]  # fmt: skip
# The year before: 237,111 held in January 2014, 27,139 new.
LIKE_2014 = (27_139, (237_111 + 27_139 - 240_183) / 237_111)


def raw(measure: str, area: str, period: str, breakdown: str) -> float:
    """Read one figure straight from its file."""
    with (tested_project() / "data" / "observations" / f"{measure}.csv").open(
        encoding="utf-8"
    ) as file:
        [row] = [
            row for row in csv.DictReader(file)
            if (row["area"], row["period"], row["breakdown"]) == (area, period, breakdown)
        ]  # fmt: skip
    return float(row["value"])


def members(store: Store, area: str) -> list[str]:
    """Return the councils of an area, of today or the past."""
    councils = store.areas.query("level == 'council'")
    inside = councils["region"].eq(area) | (area == ENGLAND)
    return [area] if area in councils.index else list(councils.index[inside])


def pupils_in(store: Store, area: str) -> pd.DataFrame:
    """Add up the pupils of the councils of an area."""
    pupils = store.observations("pupils")
    return summed(pupils[pupils["area"].isin(members(store, area))], area=area)


# ---------------------------------------------------------------- a year's growth


def test_growth_is_compound_and_counts_intervals_between_years() -> None:
    plans = pd.DataFrame(
        {"period": ["2021-01", "2023-01", "2024-01"], "value": [100.0, 110.0, 133.1]}
    )
    assert growth.compound_growth(plans, 1) == pytest.approx(21)
    assert growth.compound_growth(plans, 3) == pytest.approx(10)
    assert pd.isna(growth.compound_growth(plans, 2))
    assert pd.isna(growth.compound_growth(plans.head(0), 3))


def test_plans_in_england_grew_by_11_6_per_cent_a_year_from_2023_to_2026(figures: Figures) -> None:
    found = growth.compound_growth(of(figures("ehc_plans")), 3)
    assert found == pytest.approx(100 * ((718_838 / 517_048) ** (1 / 3) - 1))
    assert round(found, 1) == 11.6


# ---------------------------------------------------------------- a base and a rate

counts = st.integers(min_value=0, max_value=1_000_000).map(float)
bases = st.integers(min_value=1, max_value=20_000_000).map(float)


@given(start=counts, end=counts, base_start=bases, base_end=bases)
def test_base_and_rate_add_to_the_change(
    start: float, end: float, base_start: float, base_end: float
) -> None:
    groups = pd.DataFrame(
        {"start": [start], "end": [end], "base_start": [base_start], "base_end": [base_end]}
    )
    parts = growth.split(groups).iloc[0]
    assert parts["by_base"] + parts["by_rate"] == pytest.approx(end - start, abs=1e-6)
    # The rate's part, worked out on its own, in thousandths of a plan of the numbers at hand.
    rate = (base_start + base_end) / 2 * (end / base_end - start / base_start)
    size = max(start, end, abs(parts["by_base"]), 1.0)
    assert parts["by_rate"] == pytest.approx(rate, abs=1e-9 * size)
    # Half of what the two do together goes to each.
    assert parts["by_base"] == pytest.approx((parts["by_base_first"] + parts["by_base_last"]) / 2)


def test_a_base_alone_or_a_rate_alone_takes_all_of_the_change() -> None:
    groups = pd.DataFrame(
        {
            "start": [10.0, 10.0],
            "end": [20.0, 20.0],
            "base_start": [100.0, 100.0],
            "base_end": [200.0, 100.0],
        }
    )
    parts = growth.split(groups)
    assert parts["by_base"].tolist() == [10.0, 0.0]
    assert parts["by_rate"].tolist() == [0.0, 10.0]


def test_a_base_of_nought_leaves_the_parts_missing_and_the_change_known() -> None:
    groups = pd.DataFrame({"start": [0.0], "end": [5.0], "base_start": [0.0], "base_end": [10.0]})
    parts = growth.split(groups).iloc[0]
    assert parts["change"] == 5
    assert parts[["by_base", "by_rate"]].isna().all()


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_rounded_parts_still_add_to_the_whole(parts: list[float]) -> None:
    given_parts = pd.Series(parts)
    # The last part is what makes the sum a whole number.
    given_parts.iloc[-1] += round(given_parts.sum()) - given_parts.sum()
    rounded = growth.in_whole_plans(given_parts)
    assert rounded.sum() == round(given_parts.sum())
    assert (rounded % 1 == 0).all()
    assert ((rounded - given_parts).abs() < 1 + 1e-6).all()


# ---------------------------------------------------------------- by age


def ages(period: str, *bands: float, whole: float | None = None) -> pd.DataFrame:
    """Return plans of one area by the five groups of age, and all of them."""
    codes = ["under_5", "5_to_10", "11_to_15", "16_to_19", "20_to_25"]
    known = dict(zip(codes, bands, strict=False))
    return pd.DataFrame(
        {
            "area": "886",
            "period": period,
            "breakdown": ["all", *(f"age:{code}" for code in known)],
            "value": [sum(bands) if whole is None else whole, *known.values()],
        }
    )


def test_ages_that_nobody_has_are_empty_only_where_the_others_make_up_the_whole() -> None:
    complete = growth.plans_by_age(ages("2014-01", 1.0, 2.0, 3.0, 4.0))
    assert complete.loc["2014-01", growth.EXTENSION] == 0
    incomplete = growth.plans_by_age(ages("2014-01", 1.0, 2.0, 3.0, 4.0, whole=11.0))
    assert incomplete.empty


def test_plans_without_an_age_are_a_part_of_their_own() -> None:
    plans = pd.concat(
        [
            ages("2015-01", 1.0, 2.0, 3.0, 4.0, 0.0),
            ages("2025-01", 2.0, 4.0, 6.0, 8.0, 5.0, whole=30.0),
        ]
    )
    rise = growth.rise_by_band(plans, "2015-01", "2025-01")
    assert rise[growth.AGE_NOT_PUBLISHED] == 5
    assert rise.sum() == 30 - 10
    assert growth.rise_by_band(plans, "2015-01", "2024-01").empty


def test_the_children_are_those_of_the_newest_estimate_and_two_are_needed() -> None:
    plans = pd.concat(
        [ages(f"{year}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for year in (2015, 2025, 2026)]
    )
    children = pd.DataFrame({"period": ["2014-06-30", "2024-06-30"], "value": [100.0, 200.0]})
    young = growth.of_school_age_and_under(plans, children, "2015-01", "2026-01")
    assert young[["base_start", "base_end"]].drop_duplicates().to_numpy().tolist() == [[100, 200]]
    assert growth.of_school_age_and_under(plans, children, "2025-01", "2026-01").empty
    assert growth.estimate_before(children, "2017-01") == ""


def test_with_twice_the_children_and_as_many_plans_the_two_parts_cancel_out() -> None:
    plans = pd.concat([ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2015, 2025)])
    plans.loc[plans["breakdown"].eq("age:20_to_25") & plans["period"].eq("2025-01"), "value"] = 4.0
    plans.loc[plans["breakdown"].eq("all") & plans["period"].eq("2025-01"), "value"] = 69.0
    children = pd.DataFrame({"period": ["2014-06-30", "2024-06-30"], "value": [100.0, 200.0]})
    parts = growth.by_age(plans, children, "2015-01", "2025-01").groupby("part")["value"].sum()
    assert parts[growth.MORE_CHILDREN] == 45  # 100 more children × (60/100 + 60/200) ÷ 2
    assert parts[growth.MORE_PLANS_EACH] == -45
    assert parts[growth.AGES_20_TO_25] == 3


def pupils_aged(period: str, at_5: float, at_11: float) -> pd.DataFrame:
    """Return pupils of one area who are all aged 5 or 11."""
    return pd.DataFrame(
        {
            "area": "886",
            "period": period,
            "breakdown": ["all", "age:4", "age:5", "age:11"],
            "value": [at_5 + at_11 + 7, 7.0, at_5, at_11],
        }
    )


def test_each_band_of_school_age_is_set_against_pupils_of_its_own() -> None:
    plans = pd.concat([ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2016, 2025)])
    children = pd.DataFrame({"period": ["2015-06-30", "2024-06-30"], "value": [100.0, 200.0]})
    pupils = pd.concat([pupils_aged("2016-01", 100.0, 50.0), pupils_aged("2025-01", 80.0, 100.0)])
    young = growth.of_school_age_and_under(plans, children, "2016-01", "2025-01", pupils)
    assert young[["band", "base_start", "base_end"]].to_numpy().tolist() == [
        ["Under 5", 100, 200], ["5 to 10", 100, 80], ["11 to 15", 50, 100],
    ]  # fmt: skip
    assert young["base"].tolist() == [
        growth.ALL_CHILDREN, growth.PUPILS_OF_THESE_AGES, growth.PUPILS_OF_THESE_AGES,
    ]  # fmt: skip
    # 100 × (10/100 + 10/200) ÷ 2, -20 × (20/100 + 20/80) ÷ 2, 50 × (30/50 + 30/100) ÷ 2.
    assert young["by_base"].to_list() == pytest.approx([7.5, -4.5, 22.5])


def test_by_age_says_what_each_band_is_set_against() -> None:
    plans = pd.concat([ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2016, 2025)])
    children = pd.DataFrame({"period": ["2015-06-30", "2024-06-30"], "value": [100.0, 200.0]})
    pupils = pd.concat([pupils_aged("2016-01", 100.0, 50.0), pupils_aged("2025-01", 80.0, 100.0)])
    bases = (
        growth.by_age(plans, children, "2016-01", "2025-01", pupils)
        .groupby("band")["base"]
        .agg(set)
    )
    assert bases["Under 5"] == {growth.ALL_CHILDREN}
    assert bases["5 to 10"] == bases["11 to 15"] == {growth.PUPILS_OF_THESE_AGES}
    assert bases[growth.POST_16] == bases[growth.EXTENSION] == {""}


def test_a_band_without_pupils_at_both_ends_is_set_against_all_children() -> None:
    plans = pd.concat(
        [ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2012, 2015, 2016, 2025)]
    )
    children = pd.DataFrame(
        {"period": ["2011-06-30", "2014-06-30", "2024-06-30"], "value": [90.0, 100.0, 200.0]}
    )
    pupils = pd.concat([pupils_aged("2016-01", 100.0, 0.0), pupils_aged("2025-01", 80.0, 100.0)])

    def bases(start: str, end: str) -> list[str]:
        young = growth.of_school_age_and_under(plans, children, start, end, pupils)
        return young["base"].tolist()

    every = [growth.ALL_CHILDREN] * 3
    # No pupils aged 11 to 15 to begin with; none counted in or before January 2015.
    assert bases("2016-01", "2025-01") == [every[0], growth.PUPILS_OF_THESE_AGES, every[0]]
    assert bases("2015-01", "2025-01") == bases("2012-01", "2025-01") == every


def test_pupils_of_the_january_before_will_do_and_no_earlier() -> None:
    plans = pd.concat(
        [ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2016, 2025, 2026, 2027)]
    )
    children = pd.DataFrame(
        {"period": ["2015-06-30", "2024-06-30", "2025-06-30"], "value": [100.0, 150.0, 200.0]}
    )
    pupils = pd.concat([pupils_aged("2016-01", 100.0, 50.0), pupils_aged("2025-01", 80.0, 100.0)])
    for end, base_end in (("2025-01", 80), ("2026-01", 80), ("2027-01", 200)):
        young = growth.of_school_age_and_under(plans, children, "2016-01", end, pupils)
        assert young.set_index("band").loc["5 to 10", "base_end"] == base_end


def test_a_band_without_any_base_leaves_no_parts() -> None:
    """Pupils alone do for 5 to 15, not for those under 5, and parts must add to the rise."""
    plans = pd.concat([ages(f"{y}-01", 10.0, 20.0, 30.0, 5.0, 1.0) for y in (2016, 2025)])
    children = pd.DataFrame({"period": ["2024-06-30"], "value": [200.0]})
    pupils = pd.concat([pupils_aged("2016-01", 100.0, 50.0), pupils_aged("2025-01", 80.0, 100.0)])
    young = growth.of_school_age_and_under(plans, children, "2016-01", "2025-01", pupils)
    assert young["band"].tolist() == ["5 to 10", "11 to 15"]
    assert growth.by_age(plans, children, "2016-01", "2025-01", pupils).empty


plans_of_five_bands = st.lists(st.integers(0, 50_000), min_size=5, max_size=5)
children_of_three_kinds = st.lists(st.integers(1, 1_000_000).map(float), min_size=3, max_size=3)


@given(
    plans_of_five_bands,
    plans_of_five_bands,
    children_of_three_kinds,
    children_of_three_kinds,
    st.integers(0, 500),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_parts_by_age_add_to_the_rise_whatever_the_figures(
    before: list[int],
    after: list[int],
    children_before: list[float],
    children_after: list[float],
    unknown: int,
    with_pupils: bool,
) -> None:
    plans = pd.concat(
        [
            ages("2016-01", *map(float, before)),
            ages("2025-01", *map(float, after), whole=float(sum(after) + unknown)),
        ]
    )
    children = pd.DataFrame(
        {
            "period": ["2015-06-30", "2024-06-30"],
            "value": [children_before[0], children_after[0]],
        }
    )
    pupils = pd.concat(
        [
            pupils_aged("2016-01", *children_before[1:]),
            pupils_aged("2025-01", *children_after[1:]),
        ]
    )
    parts = growth.by_age(plans, children, "2016-01", "2025-01", pupils if with_pupils else None)
    assert parts["value"].sum() == sum(after) + unknown - sum(before)
    assert (parts["value"] % 1 == 0).all()
    bases = set(parts["base"])
    assert (growth.PUPILS_OF_THESE_AGES in bases) == with_pupils


@pytest.mark.parametrize(
    ("area", "end"),
    [
        (ENGLAND, "2026-01"), (ENGLAND, "2025-01"), (LONDON, "2025-01"), (SOUTH_WEST, "2025-01"),
        (KENT, "2025-01"), ("330", "2025-01"), (CITY, "2025-01"), (SCILLY, "2025-01"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("start", ["2014-01", "2015-01", "2016-01", "2018-01"])
@pytest.mark.parametrize("with_pupils", [True, False])
def test_parts_by_age_add_to_the_published_rise(
    store: Store, figures: Figures, area: str, start: str, end: str, with_pupils: bool
) -> None:
    parts = growth.by_age(
        figures("ehc_plans", area),
        of(figures("population_0_17", area)),
        start,
        end,
        pupils_in(store, area) if with_pupils else None,
    )
    rise = raw("caseload/ehc_plans", area, end, "all") - raw(
        "caseload/ehc_plans", area, start, "all"
    )
    assert parts["value"].sum() == rise
    assert parts["share"].sum() == pytest.approx(100)
    assert parts.duplicated(["part", "band"]).sum() == 0
    assert (growth.PUPILS_OF_THESE_AGES in set(parts["base"])) == (
        with_pupils and start >= "2016-01"
    )


def test_pupils_aged_11_to_15_bring_most_of_what_more_children_bring(
    store: Store, figures: Figures
) -> None:
    """Large cohorts moved on from primary to secondary school: pupils of 5 to 10 hardly grew."""
    pupils = pupils_in(store, ENGLAND)
    # Added up with awk over the published file.
    assert growth.pupils_by_age(pupils).loc["2016-01"].tolist() == [3_752_735, 2_752_378]
    assert growth.pupils_by_age(pupils).loc["2025-01"].tolist() == [3_846_257, 3_252_443]
    children = of(figures("population_0_17"))
    parts = growth.by_age(figures("ehc_plans"), children, "2016-01", "2025-01", pupils)
    more = parts[parts["part"] == growth.MORE_CHILDREN].set_index("band")["value"]
    # 93,522 more pupils and 500,065 more, at the mean of the rates at both ends.
    assert more["5 to 10"] == pytest.approx(
        93_522 * (92_213 / 3_752_735 + 212_994 / 3_846_257) / 2, abs=1
    )
    assert more["11 to 15"] == pytest.approx(
        500_065 * (111_225 / 2_752_378 + 233_317 / 3_252_443) / 2, abs=1
    )
    assert more["Under 5"] == pytest.approx(
        (12_183_016 - 11_593_891) * (10_513 / 11_593_891 + 27_352 / 12_183_016) / 2, abs=1
    )
    # All children to 17 in place of pupils: half as much.
    by_population = growth.by_age(figures("ehc_plans"), children, "2016-01", "2025-01")
    others = by_population[by_population["part"] == growth.MORE_CHILDREN]["value"]
    assert round(more.sum() / others.sum(), 1) == 1.9


def test_of_the_rise_in_england_a_twelfth_is_extension_and_one_in_24_more_children(
    figures: Figures,
) -> None:
    parts = (
        growth.by_age(figures("ehc_plans"), of(figures("population_0_17")), "2015-01", "2026-01")
        .groupby("part")["value"]
        .sum()
    )
    # Plans at ages 20 to 25: 10 in January 2015; six single ages added up in January 2026.
    assert parts[growth.AGES_20_TO_25] == 15_556 + 10_479 + 6_718 + 4_038 + 2_212 + 348 - 10
    # Plans at ages 16 to 19: 25,538, and four single ages.
    assert parts[growth.AGES_16_TO_19] == 48_113 + 41_907 + 31_936 + 21_751 - 25_538
    # Under 16, plans rose from 214,635 to 535,780; children from 11,535,489 to 12,183,016.
    rates = 214_635 / 11_535_489 + 535_780 / 12_183_016
    assert parts[growth.MORE_CHILDREN] == round((12_183_016 - 11_535_489) * rates / 2) == 20_262
    assert parts[growth.MORE_PLANS_EACH] == 535_780 - 214_635 - 20_262
    assert parts[growth.AGE_NOT_PUBLISHED] == 0


def test_ages_of_two_councils_are_unknown_in_england_in_january_2024(figures: Figures) -> None:
    rise = growth.rise_by_band(figures("ehc_plans"), "2015-01", "2024-01")
    assert rise[growth.AGE_NOT_PUBLISHED] == 3_645
    assert rise.sum() == 576_474 - 240_183


def test_at_ages_5_to_15_plans_rose_by_95_per_cent_as_fft_education_datalab_found(
    figures: Figures,
) -> None:
    """FFT printed 95 per cent from 2015 to 2024, and 335,780 plans at all ages.

    Since then the total of January 2024 was revised by 511 plans, without ages for two councils.
    """
    bands = caseload.by_age_band(figures("ehc_plans"))
    school = caseload.at_ages(bands, ["5 to 10", "11 to 15"])
    assert at(school, "2015-01") == 91_045 + 112_340
    assert round(100 * (at(school, "2024-01") / at(school, "2015-01") - 1)) == 95
    plans = of(figures("ehc_plans"))
    assert at(plans, "2024-01") - at(plans, "2015-01") == 335_780 + 511


def test_for_each_child_the_rise_at_ages_5_to_15_comes_within_a_few_points_of_ffts_78_per_cent(
    store: Store, figures: Figures
) -> None:
    """FFT: 95 per cent more plans, 78 when the growth of the population is taken into account.

    So its population aged 5 to 15 grew by 9.6 per cent from 2015 to 2024. No count of ours has
    those ages in 2015, so none gives the very figure:

    - Pupils in state-funded schools are counted since January 2016. Plans at these ages were as
      many then as in 2015, so the year lost matters to pupils alone: they grew by 1.9 per cent in
      the year after. 77 per cent from 2016; with as much growth from 2015 on, it would be 74.
    - The Office for National Statistics counts children in independent schools and at home too.
      Its newest estimate is of mid-2023. Those aged 8 to 18 in its estimate of mid-2017 are those
      who were 5 to 15 in mid-2014, but for moves to and from England; that estimate was later
      found too high. 80 per cent as it was published, and 77 when lowered as the revised series
      lowers all children to 17.
    - The revised series of all children to 17 grew less: 86 per cent.
    """
    bands = caseload.at_ages(
        caseload.by_age_band(figures("ehc_plans")), ["5 to 10", "11 to 15"]
    ).set_index("period")["value"]
    assert bands["2015-01"] == 203_385
    assert bands["2016-01"] == 203_438

    def for_each(before: float, after: float, since: str = "2015-01") -> int:
        return round(100 * ((bands["2024-01"] / after) / (bands[since] / before) - 1))

    pupils = growth.pupils_by_age(pupils_in(store, ENGLAND)).sum(axis="columns")
    assert for_each(pupils["2016-01"], pupils["2024-01"], since="2016-01") == 77
    a_year_earlier = pupils["2016-01"] / (pupils["2017-01"] / pupils["2016-01"])
    assert for_each(a_year_earlier, pupils["2024-01"]) == 74

    def people(measure: str, period: str, ages: range) -> float:
        found = figures(measure)
        found = found[
            found["period"].eq(period)
            & found["breakdown"].isin([f"population_age:{age}" for age in ages])
        ]
        assert len(found) == len(ages)
        return float(found["value"].sum())

    at_5_to_15 = people("population", "2023-06-30", range(5, 16))
    older = people("population_before_2021_census", "2017-06-30", range(8, 19))
    all_ages = people("population_before_2021_census", "2017-06-30", range(18))
    to_17 = of(figures("population_0_17"))
    assert for_each(older, at_5_to_15) == 80
    assert for_each(older * at(to_17, "2017-06-30") / all_ages, at_5_to_15) == 77
    assert for_each(at(to_17, "2014-06-30"), at(to_17, "2023-06-30")) == 86


def test_the_rise_before_2018_was_mostly_above_15_and_since_then_mostly_below(
    figures: Figures,
) -> None:
    plans = figures("ehc_plans")
    older = [growth.POST_16, growth.EXTENSION]
    first = growth.rise_by_band(plans, "2015-01", "2018-01")
    later = growth.rise_by_band(plans, "2018-01", "2026-01")
    assert round(100 * first[older].sum() / first.sum()) == 74
    assert round(100 * later[older].sum() / later.sum()) == 25


def test_places_without_figures_at_both_ends_have_no_parts(figures: Figures) -> None:
    for start, end in (("2015-01", "2025-01"), ("2023-01", "2025-01"), ("2024-01", "2024-01")):
        parts = growth.by_age(
            figures("ehc_plans", CUMBERLAND), of(figures("population_0_17", CUMBERLAND)), start, end
        )
        assert parts.empty
        assert list(parts.columns) == ["part", "band", "value", "share", "base"]


def test_further_education_held_63_987_plans_at_16_to_19_in_2025_and_67_of_any_age_in_2015(
    figures: Figures,
) -> None:
    plans = figures("ehc_plans")
    single = [
        raw("caseload/ehc_plans", ENGLAND, "2025-01", f"age:{age} placement:further_education")
        for age in (16, 17, 18, 19)
    ]
    assert growth.in_further_education_at_16_to_19(plans, "2025-01") == sum(single) == 63_987
    assert growth.in_further_education_at_16_to_19(plans, "2015-01") == 67
    assert pd.isna(growth.in_further_education_at_16_to_19(plans, "2018-01"))


# ---------------------------------------------------------------- by flow


def flows_of(figures: Figures, area: str) -> pd.DataFrame:
    return growth.yearly_flows(
        of(figures("ehc_plans", area)), of(figures("new_ehc_plans", area)), ["2015-01", "2023-01"]
    )


def test_what_left_is_what_the_counts_leave(figures: Figures) -> None:
    flows = flows_of(figures, ENGLAND).set_index("year")
    # 240,183 held and 27,923 begun less 256,315 held a year later; and so on.
    assert flows["left"]["2015"] == 240_183 + 27_923 - 256_315 == 11_791
    assert flows["left"]["2025"] == 638_745 + 110_708 - 718_838 == 30_615
    assert flows.index[flows["across_break"]].tolist() == ["2014", "2022"]
    assert round(flows["leaving"]["2013"], 1) == 10.9
    assert flows["leaving"]["2015":].max() < 6.2


def test_what_left_follows_what_ended_without_moves_to_other_councils(figures: Figures) -> None:
    """The two are counted apart; they stay within a tenth or so of each other in England."""
    flows = flows_of(figures, ENGLAND).set_index("year")["left"]
    ended = caseload.ended(figures("ehc_plans_ceased")).set_index("period")["value"]
    ratio = flows[ended.index] / ended
    assert ended["2025"] == 50_346 - 17_021
    assert ratio.between(0.85, 1.2).all()
    assert ratio.mean() == pytest.approx(0.97, abs=0.02)


def test_a_year_without_the_january_after_is_left_out() -> None:
    plans = pd.DataFrame({"period": ["2023-01", "2025-01"], "value": [10.0, 12.0]})
    new = pd.DataFrame({"period": ["2023", "2024"], "value": [1.0, 1.0]})
    assert growth.yearly_flows(plans, new).empty


@given(
    first=st.integers(1, 500_000),
    years=st.lists(st.tuples(st.integers(0, 100_000), st.floats(-5, 60)), min_size=1, max_size=10),
    like=st.tuples(st.integers(0, 100_000), st.floats(-5, 60)),
)
@settings(max_examples=40, deadline=None)
def test_parts_by_flow_add_to_the_rise_whatever_the_flows(
    first: int, years: list[tuple[int, float]], like: tuple[int, float]
) -> None:
    stock = [first]
    for began, leaving in years:
        stock.append(round(stock[-1] * (1 - leaving / 100)) + began)
    plans = pd.DataFrame(
        {"period": [f"{2015 + n}-01" for n in range(len(stock))], "value": map(float, stock)}
    )
    new = pd.DataFrame(
        {
            "period": [str(2015 + n) for n in range(len(years))],
            "value": [float(began) for began, _ in years],
        }
    )
    flows = growth.yearly_flows(plans, new)
    if len(flows) < len(years) or flows["leaving"].isna().any():
        return  # nobody held a plan in some year, so no rate of leaving can be told
    before = pd.DataFrame(
        {"year": ["2014"], "held": [1.0], "began": [float(like[0])], "leaving": [like[1]]}
    )
    parts = growth.by_flow(pd.concat([before, flows]), start="2015", like="2014")
    assert parts["value"].sum() == stock[-1] - first
    assert len(parts) == 3


def test_flows_as_before_bring_no_change_of_their_own() -> None:
    flows = pd.DataFrame(
        {"year": ["2014", "2015", "2016"], "held": 100.0, "began": 30.0, "leaving": 10.0}
    )
    # 100 → 120 → 138, all of it as in 2014.
    parts = growth.by_flow(flows, start="2015", like="2014")
    assert parts["value"].tolist() == [38.0, 0.0, 0.0]


def test_only_fewer_leaving_is_told_from_only_more_begun() -> None:
    flows = pd.DataFrame(
        {"year": ["2014", "2015"], "held": 100.0, "began": [10.0, 10.0], "leaving": [10.0, 4.0]}
    )
    parts = growth.by_flow(flows, start="2015", like="2014").set_index("part")["value"]
    assert parts[growth.FEWER_LEFT] == 6
    assert parts[growth.MORE_BEGAN] == 0


def test_of_the_rise_in_england_two_thirds_are_more_new_plans(figures: Figures) -> None:
    """Worked out again year by year, from the published counts at the top of this file."""

    def last(began: list[float], leaving: list[float]) -> float:
        stock = float(HELD[0])
        for new, share in zip(began, leaving, strict=True):
            stock += new - share * stock
        return stock

    left = [(HELD[n] + BEGAN[n] - HELD[n + 1]) / HELD[n] for n in range(11)]
    began_before, left_before = [LIKE_2014[0]] * 11, [LIKE_2014[1]] * 11
    assert last(BEGAN, left) == pytest.approx(HELD[-1])
    more_began = (
        last(BEGAN, left_before) - last(began_before, left_before)
        + last(BEGAN, left) - last(began_before, left)
    ) / 2  # fmt: skip
    parts = growth.by_flow(flows_of(figures, ENGLAND), start="2015", like="2014").set_index("part")
    assert parts.loc[growth.MORE_BEGAN, "value"] == pytest.approx(more_began, abs=1) == 319_496
    assert parts.loc[growth.AS_BEFORE, "value"] == 18_815
    assert parts["value"].sum() == HELD[-1] - HELD[0]
    assert round(parts.loc[growth.FEWER_LEFT, "share"]) == 29


def test_held_against_2015_the_lower_rate_of_leaving_has_already_come(figures: Figures) -> None:
    """In 2015 five per cent left, and eleven before: so the year taken makes a difference."""
    shares = {
        like: growth.by_flow(flows_of(figures, ENGLAND), start="2015", like=like)
        .set_index("part")["share"]
        .round()
        .to_dict()
        for like in ("2013", "2014", "2015")
    }
    assert [shares[like][growth.FEWER_LEFT] for like in shares] == [33, 29, 1]
    assert [shares[like][growth.MORE_BEGAN] for like in shares] == [63, 67, 70]


@pytest.mark.parametrize("area", [ENGLAND, LONDON, KENT, "330", CITY])
def test_parts_by_flow_add_to_the_published_rise(figures: Figures, area: str) -> None:
    parts = growth.by_flow(flows_of(figures, area), start="2015", like="2014")
    end = "2026-01" if area == ENGLAND else "2025-01"
    whole = [raw("caseload/ehc_plans", area, when, "all") for when in ("2015-01", end)]
    assert parts["value"].sum() == whole[1] - whole[0]


def test_a_year_missing_in_between_leaves_no_parts(figures: Figures) -> None:
    """No number of new plans is published for the Isles of Scilly for 2019."""
    assert growth.by_flow(flows_of(figures, SCILLY), start="2015", like="2014").empty
    assert growth.by_flow(flows_of(figures, CUMBERLAND), start="2015", like="2014").empty


# ---------------------------------------------------------------- one January to the next


def test_cohorts_add_to_the_rise_and_turn_from_gain_to_loss_at_17(figures: Figures) -> None:
    plans = figures("ehc_plans")
    followed = growth.cohorts(plans, "2025-01").set_index("age")
    assert followed["added"].sum() == 718_838 - 638_745
    # 4,302 aged 3 in January 2025; 22,312 aged 4 a year later.
    assert followed.loc["4"].tolist() == [4_302, 22_312, 18_010]
    young = [str(age) for age in range(4, 17)]
    old = [str(age) for age in range(17, 27)]
    assert (followed.loc[young, "added"] > 0).all()
    assert (followed.loc[old, "added"] < 0).all()


def test_stages_of_age_add_to_the_rise_of_the_year(figures: Figures) -> None:
    followed = growth.cohorts(figures("ehc_plans"), "2025-01")
    stages = growth.cohorts_by_stage(followed)
    assert stages.sum() == 718_838 - 638_745
    by_age = followed.set_index("age")["added"]
    assert stages["at ages 16 to 19"] == by_age[["16", "17", "18", "19"]].sum()
    assert list(stages.index) == ["up to age 15", "at ages 16 to 19", "from age 20 on"]


def test_cohorts_need_every_single_age_at_both_ends(figures: Figures) -> None:
    assert growth.cohorts(figures("ehc_plans"), "2022-01").empty
    assert growth.cohorts(figures("ehc_plans"), "2026-01").empty


def test_half_of_those_aged_20_and_over_leave_in_a_year_and_few_of_the_young(
    figures: Figures,
) -> None:
    rates = growth.leaving_by_age(figures("ehc_plans"), figures("ehc_plans_ceased"))
    by_band = rates.set_index(["period", "band"])
    # 18,617 of 14,495 + 9,805 + 6,258 + 4,030 + 2,221 + 371 = 37,180.
    assert by_band.loc[("2025", "20 and over"), "value"] == pytest.approx(100 * 18_617 / 37_180)
    assert by_band.loc[("2025", "Under 16"), "value"] == pytest.approx(2.96, abs=0.01)
    # Ceased plans of the year, by age and without one, are all those that ceased.
    assert rates.query("period == '2025'")["ceased"].sum() == 50_346 - 16


# ---------------------------------------------------------------- by need


def by_need(store: Store, area: str, members: list[str], start: str, end: str) -> pd.DataFrame:
    needs, pupils = (
        summed(table[table["area"].isin(members)], area=area)
        for table in map(store.observations, ("pupils_with_ehc_plan_by_need", "pupils"))
    )
    plans = of(store.observations("ehc_plans").query("area == @area"))
    return growth.by_need(needs, of(pupils), plans, start, end)


@pytest.mark.parametrize("area", [ENGLAND, LONDON, SOUTH_WEST, KENT, "330", CITY])
def test_needs_add_to_the_published_rise(store: Store, area: str) -> None:
    parts = by_need(store, area, members(store, area), "2016-01", "2025-01")
    whole = [raw("caseload/ehc_plans", area, when, "all") for when in ("2016-01", "2025-01")]
    assert parts["change"].sum() == whole[1] - whole[0]
    in_schools = parts[parts["need"] != growth.NOT_IN_THESE_SCHOOLS]
    assert (in_schools["by_base"] + in_schools["by_rate"]).to_numpy() == pytest.approx(
        in_schools["change"].to_numpy()
    )


def test_autism_speech_and_social_needs_lead_the_rise_in_england(store: Store) -> None:
    parts = by_need(store, ENGLAND, members(store, ENGLAND), "2016-01", "2025-01")
    assert parts["need"].tolist()[:3] == ["asd", "slcn", "semh"]
    added = parts.set_index("need")["change"]
    # Added up with awk over the file of councils: 57,474 and 149,217 pupils.
    assert added["asd"] == 149_217 - 57_474
    # 256,315 plans less 223,039 pupils in these schools; 638,745 less 444,408.
    assert added[growth.NOT_IN_THESE_SCHOOLS] == (638_745 - 444_408) - (256_315 - 223_039)
    # Down syndrome has a category of its own from 2025 only, so it is not a named need here.
    assert "ds" not in added
    assert added[growth.NEED_NOT_NAMED] == 1_422 - 282


def test_more_pupils_are_little_of_the_rise_of_any_of_the_three_needs(store: Store) -> None:
    parts = by_need(store, ENGLAND, members(store, ENGLAND), "2016-01", "2025-01")
    leading = parts.set_index("need").loc[["asd", "slcn", "semh"]]
    assert (leading["by_base"] / leading["change"]).max() < 0.07


def test_a_place_without_a_count_at_both_ends_has_no_needs(store: Store) -> None:
    assert by_need(store, CUMBERLAND, [CUMBERLAND], "2016-01", "2025-01").empty
    assert by_need(store, KENT, [KENT], "2014-01", "2025-01").empty
