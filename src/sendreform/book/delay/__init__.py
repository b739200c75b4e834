"""The page "The cost of delay": a function for each of its charts, tables and sentences."""

from sendreform.book.delay.answer import answer
from sendreform.book.delay.assumptions import (
    assumptions_log,
    what_matters,
    what_matters_for_deficits,
    what_matters_for_delay,
    what_matters_for_spending,
)
from sendreform.book.delay.costs import (
    cost_of_delay,
    delays,
    delays_in_numbers,
    delays_in_settings,
    example,
    example_in_words,
    scenarios_side_by_side,
    spending_to_come,
    with_and_without,
)
from sendreform.book.delay.deficits import bases_in_words, deficit_to_come, gaps_in_words
from sendreform.book.delay.explorer import explorer
from sendreform.book.delay.flows import way_to_a_plan, why_plans_end
from sendreform.book.delay.place import project_place
from sendreform.book.delay.plans import (
    how_much_that_is,
    plans_to_come,
    setting_to_come,
    settings_in_words,
)
from sendreform.book.delay.published import (
    beside_ours_in_words,
    published_forecasts,
    study_foreseen,
)
from sendreform.book.delay.record import (
    candidates,
    councils_in_words,
    errors,
    errors_of_councils,
    errors_of_settings,
    final_test,
    final_tests,
    ranges_held,
    settings_in_the_record,
    target_in_words,
    where_it_loses,
)
from sendreform.book.delay.spending_record import (
    errors_of_spending,
    rules_of_cost,
    spending_in_words,
)

__all__ = [
    "answer",
    "assumptions_log",
    "bases_in_words",
    "beside_ours_in_words",
    "candidates",
    "cost_of_delay",
    "councils_in_words",
    "deficit_to_come",
    "delays",
    "delays_in_numbers",
    "delays_in_settings",
    "errors",
    "errors_of_councils",
    "errors_of_settings",
    "errors_of_spending",
    "example",
    "example_in_words",
    "explorer",
    "final_test",
    "final_tests",
    "gaps_in_words",
    "how_much_that_is",
    "plans_to_come",
    "project_place",
    "published_forecasts",
    "ranges_held",
    "rules_of_cost",
    "scenarios_side_by_side",
    "setting_to_come",
    "settings_in_the_record",
    "settings_in_words",
    "spending_in_words",
    "spending_to_come",
    "study_foreseen",
    "target_in_words",
    "way_to_a_plan",
    "what_matters",
    "what_matters_for_deficits",
    "what_matters_for_delay",
    "what_matters_for_spending",
    "where_it_loses",
    "why_plans_end",
    "with_and_without",
]
