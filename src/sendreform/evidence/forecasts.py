"""What was foreseen, beside what has been published since; every figure on its own named basis."""

from dataclasses import dataclass

import pandas as pd

from sendreform.evidence.series import at, of
from sendreform.periods import label as period_label

#: The forecasts of the 2018 study, by their date of publication.
STUDY_OF_2018 = "2018-12-16"
#: Its interim findings, a month earlier.
INTERIM_OF_2018 = "2018-11-15"
BILLION = 1e9

#: The Januaries that the study of 2018 spans.
STUDY_FROM, STUDY_TO = "2014-01", "2018-01"
SPECIAL_AND_SPECIALIST = ("placement:special", "placement:specialist_post_16")


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


@dataclass(frozen=True)
class Since:
    """A figure published since that is near to what a year was foreseen to bring.

    ``reading`` says how the forecast would have to be meant for the two to be alike: a gap ``in
    the year``, or a deficit of ``all years together``. ``measure`` and ``breakdown`` name the
    figure, ``period`` its year, ``caveat`` how it differs still.
    """

    reading: str
    measure: str
    breakdown: str
    period: str
    caveat: str


IN_THE_YEAR, ALL_YEARS = "in the year", "all years together"
NET = "Net of councils with money in hand, and of the whole Dedicated Schools Grant."
FUNDING_WAS_RAISED = "Funding was raised after the study, so this is not the case it foresaw."

#: For each year of the study's forecasts, the nearest figures published since. The pages that
#: quote the study do not say whether it means the gap of one year or a deficit carried forward.
NEAREST = {
    "2018-19": (
        Since(
            IN_THE_YEAR, "high_needs_overspend_published", "basis:nao", "2017-18",
            "A year earlier, net of councils that underspent; none has been found for 2018-19.",
        ),
    ),
    "2019-20": (
        Since(ALL_YEARS, "net_balance", "value", "2019-20", NET),
    ),
    "2020-21": (
        Since(IN_THE_YEAR, "net_balance", "change", "2020-21", f"{NET} {FUNDING_WAS_RAISED}"),
        Since(ALL_YEARS, "net_balance", "value", "2020-21", f"{NET} {FUNDING_WAS_RAISED}"),
        Since(ALL_YEARS, "net_balance", "value", "2021-22", f"A year later. {NET}"),
    ),
}  # fmt: skip


def then_and_now(
    plans: pd.DataFrame,
    forecasts: pd.DataFrame,
    overspends: pd.DataFrame,
    balances: pd.DataFrame,
    funding: pd.DataFrame,
) -> pd.DataFrame:
    """Set what the study of 2018 found and foresaw beside what has been published since.

    Parameters
    ----------
    plans
        Observations of ``ehc_plans`` for England.
    forecasts
        The table of published forecasts.
    overspends
        Observations of ``high_needs_overspend_published`` for England.
    balances
        What :func:`money.net_balances` returns, for England.
    funding
        ``period`` and ``value`` of ``high_needs_funding`` for England, one basis.

    Returns
    -------
    DataFrame with ``topic``, ``unit``; ``then_period``, ``then_low``, ``then_high`` (what the
    study found, or foresaw: equal where it gave one figure); ``now_period``, ``now``; ``alike``
    (whether the two are on one basis), ``reading`` (how a forecast is read; empty for a count) and
    ``caveat``. Money in pounds, cash.
    """
    return pd.concat(
        [_found(plans), _foreseen(forecasts, overspends, balances), _funded(funding)],
        ignore_index=True,
    )


def _found(plans: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of the study, from the same series, and their newest figures."""
    special = (
        plans[plans["breakdown"].isin(SPECIAL_AND_SPECIALIST)]
        .groupby("period")["value"]
        .sum(min_count=1)
        .reset_index()
    )
    counted = "Counted child by child since January 2023."
    colleges = "Specialist colleges appear from 2015, with plans for young people."
    topics = (
        ("Plans and statements", of(plans), counted),
        ("Plans in special schools and specialist colleges", special, f"{counted} {colleges}"),
    )
    return pd.DataFrame(
        [
            {
                "topic": topic,
                "unit": "plans",
                "then_period": then,
                "then_low": at(series, then),
                "then_high": at(series, then),
                "now_period": series["period"].max(),
                "now": at(series, series["period"].max()),
                "alike": True,
                "reading": "",
                "caveat": caveat,
            }
            for topic, series, caveat in topics
            for then in (STUDY_FROM, STUDY_TO)
        ]
    )


def _foreseen(
    forecasts: pd.DataFrame, overspends: pd.DataFrame, balances: pd.DataFrame
) -> pd.DataFrame:
    """Return the gaps that the study and its interim findings foresaw, and what came."""
    study = forecasts[
        forecasts["published"].isin([INTERIM_OF_2018, STUDY_OF_2018])
        & forecasts["basis"].isin(["funding_gap", "annual_gap"])
        & forecasts["target_year"].isin(list(NEAREST))
    ].sort_values(["target_year", "published"])
    ends = study[["low", "central", "high"]].astype("float64")
    rows = []
    for number, (published, year) in enumerate(
        zip(study["published"], study["target_year"], strict=True)
    ):
        for since in NEAREST[year]:
            found = (
                balances.assign(value=balances[since.breakdown])
                if since.measure == "net_balance"
                else of(overspends, since.breakdown)
            )
            interim = " (interim findings)" if published == INTERIM_OF_2018 else ""
            rows.append(
                {
                    "topic": f"Gap in high needs funding{interim}",
                    "unit": "pounds",
                    "then_period": year,
                    "then_low": float(ends.iloc[number].min()),
                    "then_high": float(ends.iloc[number].max()),
                    "now_period": since.period,
                    "now": at(found, since.period),
                    "alike": False,
                    "reading": since.reading,
                    "caveat": since.caveat,
                }
            )
    return pd.DataFrame(rows)


def _funded(funding: pd.DataFrame) -> pd.DataFrame:
    """Return funding in the study's year, in the last year it foresaw, and in the newest."""
    before, foreseen, newest = "2018-19", "2020-21", funding["period"].max()
    return pd.DataFrame(
        [
            {
                "topic": "High needs funding",
                "unit": "pounds",
                "then_period": before,
                "then_low": at(funding, before),
                "then_high": at(funding, before),
                "now_period": after,
                "now": at(funding, after),
                "alike": True,
                "reading": "",
                "caveat": "As allocated. " + FUNDING_WAS_RAISED,
            }
            for after in (foreseen, newest)
        ]
    )
