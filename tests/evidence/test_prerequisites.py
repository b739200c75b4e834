"""What people in the system said in the survey: exact shares and lower bounds kept apart."""

import pandas as pd

from sendreform.evidence import prerequisites
from sendreform.evidence.prerequisites import AT_LEAST
from sendreform.store import Store

STATEMENTS = pd.DataFrame(
    {
        "dimension": ["question", "question", "age"],
        "code": ["works_well", "fair", "5"],
        "label": ["It works well", "It is fair", "Aged 5"],
    }
)


def answers(**shares: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"breakdown": [f"question:{code}" for code in shares], "value": list(shares.values())}
    )


def test_most_disagreement_comes_first_and_a_bound_is_marked() -> None:
    told = prerequisites.disagreement(answers(works_well=60.0), answers(fair=90.0), STATEMENTS)
    assert told[["label", "value"]].to_numpy().tolist() == [
        ["It is fair (more than)", 90.0], ["It works well", 60.0],
    ]  # fmt: skip


def test_equal_shares_come_in_the_order_of_their_words() -> None:
    told = prerequisites.disagreement(answers(works_well=90.0, fair=90.0), answers(), STATEMENTS)
    assert told["label"].tolist() == ["It is fair", "It works well"]


def test_97_per_cent_disagreed_that_the_system_works_well(store: Store) -> None:
    told = prerequisites.disagreement(
        store.observations("survey_disagree"),
        store.observations("survey_disagree_more_than"),
        store.breakdowns,
    )
    assert told["label"].iloc[0] == "The SEND system works well and supports good outcomes"
    assert told["value"].iloc[0] == 97
    assert told["label"].notna().all()
    # Of the other five statements only "more than nine in ten" was published.
    bounds = told[told["label"].str.endswith(AT_LEAST)]
    assert bounds["value"].tolist() == [90.0] * 5
