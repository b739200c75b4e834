"""The five prerequisites of a working system: what people in it said in a survey."""

import pandas as pd

#: Added to a statement whose publisher gave only a bound.
AT_LEAST = " (more than)"


def disagreement(
    exact: pd.DataFrame, more_than: pd.DataFrame, breakdowns: pd.DataFrame
) -> pd.DataFrame:
    """Return, for each statement of the survey, the share that disagreed, most first.

    Parameters
    ----------
    exact
        Observations of ``survey_disagree``.
    more_than
        Observations of ``survey_disagree_more_than``: only a lower bound was published.
    breakdowns
        The catalogue's categories, for the words of each statement.

    Returns
    -------
    The rows with ``label`` (the statement, marked where ``value`` is a bound).
    """
    statements = breakdowns.query("dimension == 'question'").set_index("code")["label"]
    both = pd.concat([exact.assign(mark=""), more_than.assign(mark=AT_LEAST)], ignore_index=True)
    codes = both["breakdown"].str.removeprefix("question:")
    return both.assign(label=codes.map(statements) + both["mark"]).sort_values(
        ["value", "label"], ascending=[False, True], ignore_index=True
    )
