"""What was foreseen, beside what has been published since; every figure on its own named basis."""

import pandas as pd

from sendreform.periods import label as period_label

#: The forecasts of the 2018 study, by their date of publication.
STUDY_OF_2018 = "2018-12-16"
BILLION = 1e9


def foreseen_in_2018(forecasts: pd.DataFrame) -> pd.DataFrame:
    """Return the yearly funding gaps that the 2018 study foresaw, a range as its two ends.

    Parameters
    ----------
    forecasts
        The table of published forecasts.

    Returns
    -------
    DataFrame with ``label`` (for which year, and which end of a range) and ``value`` in billion
    pounds, cash.
    """
    study = forecasts.query("published == @STUDY_OF_2018 and basis == 'funding_gap'")
    ends = study.melt(
        id_vars="target_year", value_vars=["low", "central", "high"], var_name="end"
    ).dropna(subset="value")
    words = {"low": ", at least", "central": "", "high": ", at most"}
    return (
        ends.assign(
            label="Foreseen in 2018 for " + ends["target_year"] + ends["end"].map(words),
            value=ends["value"] / BILLION,
        )
        .sort_values(["target_year", "value"])[["label", "value"]]
        .reset_index(drop=True)
    )


def by_basis(
    published: pd.DataFrame, kind: str, breakdowns: pd.DataFrame, measure_words: str
) -> pd.DataFrame:
    """Return published sums of money, each with its period and basis in words.

    Parameters
    ----------
    published
        Observations for one area, pounds, with breakdowns ``basis:…`` or ``all``.
    kind
        Kind of period.
    breakdowns
        The catalogue's categories, for the words of each basis.
    measure_words
        What the sums are, as the beginning of each label.

    Returns
    -------
    DataFrame with ``period``, ``label`` and ``value`` in billion pounds, oldest first.
    """
    bases = breakdowns.query("dimension == 'basis'").set_index("code")["label"]
    basis = published["breakdown"].str.removeprefix("basis:").map(bases).fillna("")
    when = published["period"].map(lambda period: period_label(period, kind))
    return (
        published.assign(
            label=measure_words + " " + when + basis.map(lambda text: f": {text}" if text else ""),
            value=published["value"] / BILLION,
        )
        .dropna(subset="value")
        .sort_values(["period", "value"], ignore_index=True)[["period", "label", "value"]]
    )
