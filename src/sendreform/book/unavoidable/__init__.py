"""The page "Reform is unavoidable": a function for each of its charts, tables and sentences."""

from sendreform.book.unavoidable.ages import (
    age_parts,
    at_school_age,
    before_and_since,
    plans_by_age,
    rise_by_age,
    with_ages_and_children,
)
from sendreform.book.unavoidable.answer import answer
from sendreform.book.unavoidable.flows import (
    a_year_older,
    begun_and_ended,
    begun_for_each_ended,
    flow_parts,
    flow_years,
    januaries_of,
    leaving_by_age,
    rise_by_flow,
)
from sendreform.book.unavoidable.money import (
    SPENDING,
    TRANSPORT,
    balances,
    by_sector,
    dearer_places,
    deficits,
    funding_for_each,
    funding_measure,
    funding_over_time,
    spent,
    transport_for_each,
    unit_costs,
)
from sendreform.book.unavoidable.needs import need_parts, rise_by_need
from sendreform.book.unavoidable.placements import (
    TEN_YEARS,
    independent,
    independent_beside_all,
    placed,
    placed_at_the_ends,
    seven_of_ten,
    special_and_mainstream,
)
from sendreform.book.unavoidable.plans import growth_lately, plans_over_time, yearly_growth
from sendreform.book.unavoidable.shared import rise
from sendreform.book.unavoidable.study_of_2018 import then_and_now

__all__ = [
    "SPENDING",
    "TEN_YEARS",
    "TRANSPORT",
    "a_year_older",
    "age_parts",
    "answer",
    "at_school_age",
    "balances",
    "before_and_since",
    "begun_and_ended",
    "begun_for_each_ended",
    "by_sector",
    "dearer_places",
    "deficits",
    "flow_parts",
    "flow_years",
    "funding_for_each",
    "funding_measure",
    "funding_over_time",
    "growth_lately",
    "independent",
    "independent_beside_all",
    "januaries_of",
    "leaving_by_age",
    "need_parts",
    "placed",
    "placed_at_the_ends",
    "plans_by_age",
    "plans_over_time",
    "rise",
    "rise_by_age",
    "rise_by_flow",
    "rise_by_need",
    "seven_of_ten",
    "special_and_mainstream",
    "spent",
    "then_and_now",
    "transport_for_each",
    "unit_costs",
    "with_ages_and_children",
    "yearly_growth",
]
