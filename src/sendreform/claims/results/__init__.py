"""What each test of a finding works out: a function a result, by the name that its rule uses."""

from collections.abc import Callable, Mapping

from sendreform.claims.result import Result
from sendreform.claims.results import (
    commonality,
    counterfactual,
    disputes,
    good_practice,
    growth,
    incentives,
    joined_up,
    money,
    outcomes,
    prerequisites,
    universality,
)
from sendreform.report import Report

#: Name in ``data/argument/tests.yml`` → the function that works the figure out.
RESULTS: Mapping[str, Callable[[Report], Result]] = {
    function.__name__: function
    for function in (
        outcomes.share_of_outcome_gaps_that_narrowed,
        outcomes.share_of_outcome_levels_that_rose,
        outcomes.median_share_of_councils_whose_gap_narrowed,
        disputes.change_in_appeals_per_thousand_plans,
        disputes.change_in_appeal_rate,
        disputes.share_decided_for_families,
        disputes.share_of_refusals_appealed,
        joined_up.share_of_plans_on_time,
        joined_up.change_in_share_of_plans_on_time,
        joined_up.share_of_councils_with_late_plans,
        joined_up.share_waiting_over_18_weeks,
        joined_up.share_on_time_at_best_neighbour,
        joined_up.share_of_quickest_that_stayed,
        prerequisites.share_of_councils_in_deficit,
        prerequisites.change_in_real_funding_per_plan,
        prerequisites.spread_of_funding_per_plan,
        prerequisites.spread_left_after_deprivation,
        prerequisites.survey_share_that_disagreed,
        growth.growth_in_the_last_three_years,
        growth.share_of_rise_at_ages_20_and_over,
        growth.share_of_rise_from_population,
        growth.plans_begun_for_each_ended,
        growth.independent_growth_over_plans_growth,
        money.plans_growth_over_funding_growth,
        money.change_in_real_transport_per_plan,
        money.gap_foreseen_in_2018,
        universality.share_of_councils_that_grew,
        universality.growth_at_the_tenth_percentile,
        universality.share_of_councils_led_by_the_same_needs,
        commonality.share_explained_by_common_years,
        commonality.share_of_yearly_growth_explained_by_common_years,
        counterfactual.rise_left_at_slowest_tenth,
        counterfactual.rise_left_at_slowest_neighbour,
        good_practice.growth_where_inspected_well,
        incentives.worth_lost_by_the_threshold,
    )
}
