"""Appeals to the SEND Tribunal: two bases that never meet, and appeals against plans held."""

import math

import pandas as pd
import pytest

from conftest import ROOT
from evidence.conftest import Figures
from sendreform.evidence import disputes
from sendreform.evidence.disputes import HIGHER, LOWER, NEW_BASIS, NOT_TOLD_APART, OLD_BASIS
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


# ---------------------------------------------------------------- the base year


def test_the_published_rise_of_334_per_cent_is_236_from_the_year_before(figures: Figures) -> None:
    """3,147 (written answer 183449), 4,069 (20 years of appeals) and 13,658 (Ministry of Justice).

    The first is the year after the reforms, the lowest of all.
    """
    moved = disputes.from_each_base(of(figures("tribunal_appeals_academic_year")), "2022/23")
    rise = moved.set_index("base")["per_cent"]
    assert rise["2014/15"] == pytest.approx(100 * (13_658 - 3_147) / 3_147)
    assert (round(rise["2014/15"]), round(rise["2013/14"])) == (334, 236)
    since_the_reforms = rise[rise.index >= "2013/14"]
    assert since_the_reforms.idxmax() == "2014/15"
    assert rise.index.tolist() == sorted(rise.index)
    # Nothing is published for 2020/21, nor between 1994/95 and 2013/14.
    assert "2020/21" not in rise.index
    assert len(rise) == 9


def test_in_calendar_years_the_rise_to_2023_is_280_from_2014_and_400_from_2015(
    figures: Figures,
) -> None:
    """4,108, 3,126 and 15,615 appeals: claim C086 has the last rounded to 15,600."""
    moved = disputes.from_each_base(of(figures("tribunal_appeals")), "2023").set_index("base")
    assert moved["per_cent"][["2014", "2015"]].round().tolist() == [280, 400]
    assert moved.loc["2018", ["first", "last"]].tolist() == [6_023, 15_615]


def test_a_rise_is_told_from_earlier_years_alone_and_not_from_nought() -> None:
    table = pd.DataFrame(
        {"period": ["2017", "2014", "2015", "2016"], "value": [9.0, 3.0, float("nan"), 0.0]}
    )
    moved = disputes.from_each_base(table, "2016")
    assert moved["base"].tolist() == ["2014"]
    assert moved["difference"].tolist() == [-3.0]
    to_2017 = disputes.from_each_base(table, "2017").set_index("base")
    assert to_2017["difference"].to_dict() == {"2014": 6.0, "2016": 9.0}
    assert math.isnan(to_2017["per_cent"]["2016"])
    assert disputes.from_each_base(table, "2015").empty
    assert disputes.from_each_base(table.head(0), "2015").empty


# ---------------------------------------------------------------- refusals


def test_one_request_in_four_is_refused_and_2022_is_worked_out_from_its_counts(
    figures: Figures,
) -> None:
    told = disputes.refusals(
        *(
            of(figures(measure))
            for measure in (
                "ehc_plan_requests", "ehc_plan_requests_refused", "ehc_plan_requests_agreed"
            )
        )
    ).set_index("period")  # fmt: skip
    published = of(figures("ehc_plan_requests_refused_share")).set_index("period")["value"]
    assert "2022" not in published.index
    assert (told["share"][published.index] - published).abs().max() <= 0.05
    assert told["share"]["2022"] == pytest.approx(100 * 25_255 / 114_482)
    # 43,289 refused and 106,062 agreed in 2025, of 162,702 requests.
    assert told["share"]["2025"] == pytest.approx(100 * 43_289 / 162_702)
    assert told["share_of_decisions"]["2025"] == pytest.approx(100 * 43_289 / (43_289 + 106_062))
    assert told["share_of_decisions"].first_valid_index() == "2023"


CHALLENGES = (
    "ehc_plan_requests_refused", "request_tribunals", "request_mediations",
    "request_tribunals_after_mediation",
)  # fmt: skip


def test_nine_refusals_stand_for_each_that_is_appealed(figures: Figures) -> None:
    told = disputes.refusals_challenged(*(of(figures(measure)) for measure in CHALLENGES))
    newest = told.set_index("period").loc["2025"]
    # 43,289 refused; 5,065 appealed, 11,151 mediated, 1,564 both.
    assert newest["value"] == pytest.approx(100 * 5_065 / 43_289)
    assert newest["refused_for_each_appeal"] == pytest.approx(43_289 / 5_065)
    assert newest["challenged"] == 5_065 + 11_151 - 1_564
    assert newest["share_challenged"] == pytest.approx(100 * 14_652 / 43_289)
    assert told["period"].tolist() == ["2023", "2024", "2025"]


def test_where_more_appeals_than_refusals_are_recorded_no_share_is_told(store: Store) -> None:
    """Milton Keynes recorded no refusal in 2024 and 24 appeals; the City of London neither."""
    told = disputes.refusals_challenged(*(of(store.observations(name)) for name in CHALLENGES))
    of_2024 = told[told["period"] == "2024"].set_index("area")
    assert of_2024.loc["826", ["refused", "appealed"]].tolist() == [0, 24]
    assert of_2024.loc[["826", "201"], ["value", "low", "high", "share_challenged"]].isna().all(
        axis=None
    )  # fmt: skip
    # Stockton-on-Tees recorded 13 refusals and 16 appeals.
    assert math.isnan(of_2024.loc["808", "value"])
    assert told["value"].max() <= 100


def test_a_refusal_that_nobody_appealed_has_no_number_for_each_appeal() -> None:
    refused = pd.DataFrame({"area": ["301"], "period": ["2024"], "value": [8.0]})
    nobody = refused.assign(value=0.0)
    told = disputes.refusals_challenged(refused, nobody, refused.assign(value=2.0), nobody)
    assert told["value"].item() == 0.0
    assert math.isnan(told["refused_for_each_appeal"].item())
    assert told["share_challenged"].item() == 25.0


# ---------------------------------------------------------------- mediation


def test_mediations_of_the_two_collections_share_no_series(figures: Figures) -> None:
    told = disputes.mediations(
        pd.concat([figures(name) for pair in disputes.MEDIATIONS.values() for name in pair])
    )
    by_series = told.groupby("series")["period"].agg(["min", "max"])
    totals = "Any decision (totals to 2021)"
    assert by_series.loc[totals].tolist() == ["2014", "2021"]
    assert (by_series.drop(totals)["min"] >= "2022").all()
    share = told.set_index(["series", "period"])["share"]
    published = of(figures("mediations_then_appeals_share")).set_index("period")["value"]
    assert (share[totals] - published).abs().max() < 0.0001
    # 1,564 of 11,151 mediations about whether to assess.
    assert share["Whether to assess", "2025"] == pytest.approx(100 * 1_564 / 11_151)
    # Mediations about a plan are published for 2022, what followed them is not.
    assert math.isnan(share["Whether to issue a plan", "2022"])


# ---------------------------------------------------------------- decisions


def test_of_two_publishers_the_lower_figure_is_used_and_both_are_shown(figures: Figures) -> None:
    told = disputes.decided_for_families(figures("tribunal_decisions_for_families_share"))
    disputed = told[told["disputed"]]
    assert disputed["period"].unique().tolist() == ["2023/24"]
    assert disputed[["value", "used"]].to_numpy().tolist() == [[95.0, True], [99.0, False]]
    used = told[told["used"]].set_index("period")["value"]
    # 86.3 in 2014/15 (written answer 183449); 98.3 in 2022/23 (C143); 99 in 2024/25 (C141).
    assert used[["2014/15", "2022/23", "2024/25"]].tolist() == [86.3, 98.3, 99.0]
    assert not used.index.has_duplicates


# ---------------------------------------------------------------- councils


def test_an_interval_holds_what_the_poisson_tables_say() -> None:
    """For 0 events the upper end is -ln 0.025; for 10, tables give 4.795 and 18.390."""
    appeals = pd.DataFrame({"area": ["301", "302"], "period": "2024", "value": [0.0, 10.0]})
    plans = appeals.assign(period="2024-01", value=1000.0)
    told = disputes.appeals_by_council(appeals, plans, ["301", "302"], "2024").set_index("area")
    assert told.loc["301", ["low", "high"]].tolist() == pytest.approx([0.0, -math.log(0.025)])
    assert told.loc["302", ["low", "high"]].tolist() == pytest.approx([4.795, 18.390], abs=0.001)
    # Together: 10 appeals against 2,000 plans, 5 for every thousand.
    assert told["standing"].to_dict() == {"301": LOWER, "302": NOT_TOLD_APART}


def test_a_small_council_with_the_same_rate_is_less_sure() -> None:
    appeals = pd.DataFrame(
        {"area": ["301", "302", "303"], "period": "2024", "value": [4.0, 400, 4]}
    )
    plans = appeals.assign(period="2024-01", value=[100.0, 10_000, 1_000])
    told = disputes.appeals_by_council(
        appeals, plans, ["301", "302", "303", "304"], "2024"
    ).set_index("area")  # fmt: skip
    assert told.loc[["301", "302"], "value"].tolist() == [40.0, 40.0]
    width = told["high"] - told["low"]
    assert width["301"] > 5 * width["302"]
    assert told["standing"].to_dict() == {
        "303": LOWER, "301": NOT_TOLD_APART, "302": NOT_TOLD_APART,
    }  # fmt: skip


def test_most_councils_differ_from_the_rest_by_more_than_chance(
    store: Store, councils: list[str]
) -> None:
    appeals, plans = (of(store.observations(name)) for name in ("tribunal_appeals", "ehc_plans"))
    told = disputes.appeals_by_council(appeals, plans, councils, "2025")
    assert len(told) == 153
    assert told["value"].is_monotonic_increasing
    # East Sussex, straight from the files: 475 appeals against 4,939 plans.
    lines = [
        (ROOT / f"data/observations/{name}.csv").read_text("utf-8").splitlines()
        for name in ("disputes/tribunal_appeals", "caseload/ehc_plans")
    ]
    assert [
        next(line for line in lines_of if line.startswith(start)).split(",")[3]
        for lines_of, start in zip(lines, ("845,2025,all,", "845,2025-01,all,"), strict=True)
    ] == ["475", "4939"]
    assert told["area"].iloc[-1] == "845"
    assert told["value"].iloc[-1] == pytest.approx(1000 * 475 / 4_939)
    told_apart = told["standing"].isin([HIGHER, LOWER]).mean()
    # Chance alone would tell about one in twenty apart.
    assert 0.5 < told_apart < 0.9
    # The City of London's appeals of 2024 are a symbol, so it is left out and not nought.
    assert "201" not in set(disputes.appeals_by_council(appeals, plans, councils, "2024")["area"])


@pytest.mark.filterwarnings("error")
def test_a_year_without_appeals_of_councils_compares_none() -> None:
    plans = pd.DataFrame({"area": ["301"], "period": ["2012-01"], "value": [900.0]})
    nobody = pd.DataFrame({"area": ["301"], "period": ["2024"], "value": [3.0]})
    assert disputes.appeals_by_council(nobody, plans, ["301"], "2012").empty


def test_the_change_of_a_rate_and_its_interval_do_not_depend_on_which_year_is_first() -> None:
    appeals = pd.DataFrame({"area": "301", "period": ["2015", "2025"], "value": [8.0, 24.0]})
    plans = appeals.assign(period=["2015-01", "2025-01"], value=[1000.0, 1500.0])
    there = disputes.changes_per_thousand_plans(appeals, plans, "2015", "2025").iloc[0]
    back = disputes.changes_per_thousand_plans(appeals, plans, "2025", "2015").iloc[0]
    assert there["change"] == pytest.approx(100.0)
    assert back["change"] == pytest.approx(-50.0)
    for end, other in (("low", "high"), ("high", "low")):
        assert (1 + there[end] / 100) * (1 + back[other] / 100) == pytest.approx(1.0)
    assert there["low"] < there["change"] < there["high"]


def test_an_exact_interval_of_a_change_from_few_appeals() -> None:
    """0 of 5 appeals in the later year: at most 1 - 0.025^(1/5) of them belong there."""
    appeals = pd.DataFrame({"area": "301", "period": ["2015", "2025"], "value": [5.0, 0.0]})
    plans = appeals.assign(period=["2015-01", "2025-01"], value=[100.0, 100.0])
    changed = disputes.changes_per_thousand_plans(appeals, plans, "2015", "2025").iloc[0]
    share = 1 - 0.025 ** (1 / 5)
    assert changed[["change", "low"]].tolist() == [-100.0, -100.0]
    assert changed["high"] == pytest.approx(100 * (share / (1 - share) - 1))


def test_appeals_for_every_thousand_plans_rose_in_most_councils(
    store: Store, councils: list[str]
) -> None:
    changed = disputes.changes_per_thousand_plans(
        of(store.observations("tribunal_appeals")), of(store.observations("ehc_plans")),
        "2015", "2025",
    )  # fmt: skip
    england = changed.set_index("area").loc["E92000001"]
    # 3,126 of 240,183 to 26,977 of 638,745.
    assert england["change"] == pytest.approx(100 * (26_977 / 638_745 / (3_126 / 240_183) - 1))
    told = changed[changed["area"].isin(councils)]
    # Left out: six councils formed since, and six of which appeals of 2015 are a dash.
    assert len(told) == 153 - 6 - 6
    assert ((told["change"] > 0).sum(), (told["low"] > 0).sum()) == (130, 109)
    assert (told["high"] < 0).sum() == 1
