"""Disputes: appeals to the SEND Tribunal, against the decisions and the plans behind them."""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from sendreform.evidence.joined_up import ALPHA, proportions
from sendreform.evidence.series import at, per

OLD_BASIS = "Older basis"
NEW_BASIS = "Newer basis"

HIGHER, LOWER, NOT_TOLD_APART = "Higher", "Lower", "Chance could explain it"

#: What a mediation was about → the measures that count mediations, and those with an appeal after.
#: Totals ended in 2021; what followed them is counted another way, so they stay apart.
MEDIATIONS = {
    "Any decision (totals to 2021)": ("mediations_held", "mediations_then_appeals"),
    "Whether to assess": ("request_mediations", "request_tribunals_after_mediation"),
    "Whether to issue a plan": ("assessment_mediations", "assessment_tribunals_after_mediation"),
    "Other matters after an assessment": ("other_mediations", "other_tribunals_after_mediation"),
}


def appeal_rates(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Set the two published appeal rates side by side; they are never joined.

    The newer basis counts about half as many decisions as open to appeal, so its rates are about
    twice as high.

    Parameters
    ----------
    old, new
        The rate (per cent of appealable decisions, calendar year) on each basis, for one area.

    Returns
    -------
    Both, with ``series`` naming the basis.
    """
    return pd.concat(
        [old.assign(series=OLD_BASIS), new.assign(series=NEW_BASIS)], ignore_index=True
    )


def per_thousand_plans(appeals: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Return appeals of a calendar year for every thousand plans held in January of that year.

    Parameters
    ----------
    appeals
        ``area``, ``period`` (calendar years), ``value``.
    plans
        ``area``, ``period`` (January censuses), ``value``.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [50.0]})
    >>> plans = pd.DataFrame({"area": ["886"], "period": ["2024-01"], "value": [10000.0]})
    >>> per_thousand_plans(appeals, plans)["value"].tolist()
    [5.0]
    """
    return per(appeals, plans.assign(period=plans["period"].str[:4]), times=1000)


def like_for_like_rate(appeals: pd.DataFrame, decisions: pd.DataFrame) -> float:
    """Return the appeal rate over those councils alone whose decisions are published.

    England's published rate divides all appeals by the decisions of some councils.

    Parameters
    ----------
    appeals, decisions
        ``area`` and ``value`` of councils, for one period.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": ["886", "383"], "value": [5.0, 7.0]})
    >>> decisions = pd.DataFrame({"area": ["886", "383"], "value": [100.0, None]})
    >>> like_for_like_rate(appeals, decisions)
    5.0
    """
    both = appeals.merge(decisions, on="area", suffixes=("_appeals", "_decisions")).dropna()
    return float(100 * both["value_appeals"].sum() / both["value_decisions"].sum())


def from_each_base(figures: pd.DataFrame, end: str) -> pd.DataFrame:
    """Return how much a figure moved to one period from every earlier one that is published.

    A headline rise hangs on the year that it is counted from; this shows by how much.

    Parameters
    ----------
    figures
        ``period`` and ``value`` of one series. Missing values are passed over.
    end
        The period at which every rise ends.

    Returns
    -------
    DataFrame with ``base`` (period), ``first``, ``last``, ``difference`` (in the unit of the
    figure) and ``per_cent``; in order of base, empty where the end has no figure.

    Examples
    --------
    >>> appeals = pd.DataFrame({"period": ["2014", "2015", "2023"], "value": [40.0, 30.0, 120.0]})
    >>> from_each_base(appeals, "2023")["per_cent"].tolist()
    [200.0, 300.0]
    """
    there = figures.dropna(subset="value").sort_values("period")
    earlier = there.loc[there["period"] < end, ["period", "value"]]
    return (
        earlier.set_axis(["base", "first"], axis="columns")
        .assign(
            last=at(there, end),
            difference=lambda rows: rows["last"] - rows["first"],
            per_cent=lambda rows: 100 * rows["difference"] / rows["first"].where(rows["first"] > 0),
        )
        .dropna(subset="last")
        .reset_index(drop=True)
    )


def refusals(requests: pd.DataFrame, refused: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    """Return how many requests for an assessment were refused, and what share of them that is.

    Parameters
    ----------
    requests, refused, agreed
        ``area``, ``period``, ``value``: requests received, those refused, and those that led to
        an assessment (published from 2023).

    Returns
    -------
    DataFrame with ``area``, ``period``, ``requests``, ``value`` (refused), ``share`` (per cent of
    requests) and ``share_of_decisions`` (per cent of those refused or agreed, which leaves out
    requests withdrawn or not yet decided; missing where these are not published).

    Examples
    --------
    >>> requests = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [100.0]})
    >>> told = refusals(requests, requests.assign(value=24.0), requests.assign(value=56.0))
    >>> told["share"].item(), told["share_of_decisions"].item()
    (24.0, 30.0)
    """
    key = ["area", "period"]
    columns = [*key, "value"]
    both = requests[columns].rename(columns={"value": "requests"}).merge(refused[columns], on=key)
    return (
        both.merge(agreed[columns].rename(columns={"value": "agreed"}), on=key, how="left")
        .assign(
            share=lambda rows: 100 * rows["value"] / rows["requests"].where(rows["requests"] > 0),
            share_of_decisions=lambda rows: (
                100
                * rows["value"]
                / (rows["value"] + rows["agreed"]).where(lambda decided: decided > 0)
            ),
        )
        .drop(columns="agreed")
    )


def refusals_challenged(
    refused: pd.DataFrame,
    appealed: pd.DataFrame,
    mediated: pd.DataFrame,
    appealed_after_mediation: pd.DataFrame,
) -> pd.DataFrame:
    """Set refusals to assess against the appeals and mediations about them.

    All are as councils recorded them by the following January. A refusal late in the year may
    still be appealed after that, and one that was reversed on appeal may stand as agreed, so the
    two counts do not always fit together in a small council.

    Parameters
    ----------
    refused, appealed, mediated, appealed_after_mediation
        ``area``, ``period``, ``value``: requests refused, those appealed, those mediated, and
        those appealed after a mediation.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``refused``, ``appealed``, ``value`` (per cent of refusals
    appealed, with ``low`` and ``high``, see :func:`sendreform.evidence.joined_up.proportions`),
    ``refused_for_each_appeal``, ``challenged`` (appealed, mediated or both) and
    ``share_challenged`` (per cent of refusals).

    Examples
    --------
    >>> refused = pd.DataFrame({"area": ["886"], "period": ["2024"], "value": [100.0]})
    >>> counts = [refused.assign(value=count) for count in (20.0, 25.0, 5.0)]
    >>> told = refusals_challenged(refused, *counts)
    >>> told["refused_for_each_appeal"].item(), told["challenged"].item()
    (5.0, 40.0)
    """
    key = ["area", "period"]
    shares = proportions(appealed, refused).rename(columns={"part": "appealed", "whole": "refused"})
    also = mediated[[*key, "value"]].merge(
        appealed_after_mediation[[*key, "value"]], on=key, suffixes=("_mediated", "_both")
    )
    return (
        shares.merge(also, on=key, how="left")
        .assign(
            refused_for_each_appeal=lambda rows: (
                rows["refused"] / rows["appealed"].where(rows["appealed"] > 0)
            ),
            # Those with both are in the appeals and in the mediations: they count once.
            challenged=lambda rows: rows["appealed"] + rows["value_mediated"] - rows["value_both"],
            share_challenged=lambda rows: (
                100 * rows["challenged"] / rows["refused"].where(rows["refused"] > 0)
            ),
        )
        .drop(columns=["value_mediated", "value_both"])
    )


def mediations(figures: pd.DataFrame) -> pd.DataFrame:
    """Return how many mediations were held about each kind of decision, and how many appealed.

    Parameters
    ----------
    figures
        Observations of the measures in :data:`MEDIATIONS`, for one area.

    Returns
    -------
    DataFrame with ``series`` (what the mediation was about), ``period``, ``value`` (mediations),
    ``then_appealed`` and ``share`` (per cent followed by an appeal; missing where the appeals
    were not published). Totals to 2021 and later counts by decision are never added or joined.

    Examples
    --------
    >>> figures = pd.DataFrame({
    ...     "measure": ["mediations_held", "mediations_then_appeals"], "period": "2021",
    ...     "value": [40.0, 10.0]})
    >>> mediations(figures)[["series", "share"]].to_numpy().tolist()
    [['Any decision (totals to 2021)', 25.0]]
    """
    columns = ["period", "value"]
    return pd.concat(
        [
            figures.loc[figures["measure"] == held, columns]
            .merge(
                figures.loc[figures["measure"] == followed, columns].rename(
                    columns={"value": "then_appealed"}
                ),
                on="period",
                how="left",
            )
            .assign(
                series=about,
                share=lambda rows: (
                    100 * rows["then_appealed"] / rows["value"].where(rows["value"] > 0)
                ),
            )
            for about, (held, followed) in MEDIATIONS.items()
        ],
        ignore_index=True,
    )


def decided_for_families(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the share of decisions for families, with every publisher where they disagree.

    Of figures that disagree the lowest is used: whichever is right, the share is at least that.

    Parameters
    ----------
    shares
        Observations of ``tribunal_decisions_for_families_share``.

    Returns
    -------
    The rows in order of period, the lowest of a period first, with ``used`` (true for it) and
    ``disputed`` (true where a period has more than one figure).

    Examples
    --------
    >>> shares = pd.DataFrame({
    ...     "period": ["2023/24"] * 2, "breakdown": ["publisher:a", "publisher:b"],
    ...     "value": [99.0, 95.0]})
    >>> decided_for_families(shares)[["value", "used"]].to_numpy().tolist()
    [[95.0, True], [99.0, False]]
    """
    there = shares.dropna(subset="value").sort_values(["period", "value"], ignore_index=True)
    return there.assign(
        used=~there.duplicated("period"), disputed=there.duplicated("period", keep=False)
    )


def appeals_by_council(
    appeals: pd.DataFrame, plans: pd.DataFrame, councils: list[str], period: str
) -> pd.DataFrame:
    """Return each council's appeals for every thousand plans, with an interval for its size.

    A council with few plans has a high or a low rate by chance alone. The exact Poisson interval
    says how far chance could move it.

    Parameters
    ----------
    appeals
        ``area``, ``period`` (calendar years), ``value``.
    plans
        ``area``, ``period`` (January censuses), ``value``.
    councils
        The councils to compare; one whose appeals are a symbol is left out.
    period
        The calendar year.

    Returns
    -------
    DataFrame, lowest rate first, with ``area``, ``appeals``, ``plans``, ``value``, ``low`` and
    ``high`` (appeals for every thousand plans) and ``standing`` beside the rate of these councils
    together: :data:`HIGHER` or :data:`LOWER` where the whole interval is, or
    :data:`NOT_TOLD_APART`.

    References
    ----------
    Garwood (1936), Fiducial limits for the Poisson distribution; as ``exact-c`` in
    ``statsmodels.stats.rates.confint_poisson``.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": ["301", "302"], "period": "2024", "value": [0.0, 40.0]})
    >>> plans = appeals.assign(period="2024-01", value=[100.0, 900.0])
    >>> appeals_by_council(appeals, plans, ["301", "302"], "2024").round(1)["high"].tolist()
    [36.9, 60.5]
    """
    of_all = _with_plans(appeals, plans)
    counts = of_all[(of_all["period"] == period) & of_all["area"].isin(councils)]
    low, high = confint_poisson(counts["appeals"], counts["plans"], method="exact-c", alpha=ALPHA)
    # No council with a figure is no rate, and no division by nought.
    together = 1000 * counts["appeals"].sum() / (counts["plans"].sum() or np.nan)
    return (
        counts.assign(
            value=1000 * counts["appeals"] / counts["plans"],
            low=1000 * low,
            high=1000 * high,
            standing=np.select(
                [1000 * low > together, 1000 * high < together],
                [HIGHER, LOWER],
                default=NOT_TOLD_APART,
            ),
        )
        .sort_values("value", ignore_index=True)
        .drop(columns="period")
    )


def changes_per_thousand_plans(
    appeals: pd.DataFrame, plans: pd.DataFrame, start: str, end: str
) -> pd.DataFrame:
    """Return how much each area's appeals for every thousand plans changed between two years.

    Parameters
    ----------
    appeals
        ``area``, ``period`` (calendar years), ``value``.
    plans
        ``area``, ``period`` (January censuses), ``value``.
    start, end
        Calendar years. An area without a figure at both, or without an appeal at the start, is
        left out.

    Returns
    -------
    DataFrame, smallest change first, with ``area``, ``start`` and ``end`` (appeals for every
    thousand plans), ``change``, ``low`` and ``high`` (per cent). The interval is exact: given all
    appeals of both years, those of the later year are binomial.

    References
    ----------
    Przyborowski and Wilenski (1940), Homogeneity of results in testing samples from Poisson
    series; the binomial interval is Clopper and Pearson's.

    Examples
    --------
    >>> appeals = pd.DataFrame({"area": "301", "period": ["2015", "2025"], "value": [10.0, 60.0]})
    >>> plans = appeals.assign(period=["2015-01", "2025-01"], value=[1000.0, 2000.0])
    >>> changed = changes_per_thousand_plans(appeals, plans, "2015", "2025")
    >>> changed[["start", "end", "change"]].round(6).to_numpy().tolist()
    [[10.0, 30.0, 200.0]]
    """
    counts = _with_plans(appeals, plans)
    first, last = (
        counts.loc[counts["period"] == year].drop(columns="period") for year in (start, end)
    )
    both = first.query("appeals > 0").merge(last, on="area", suffixes=("_start", "_end"))
    total = both["appeals_start"] + both["appeals_end"]
    low, high = proportion_confint(both["appeals_end"], total, alpha=ALPHA, method="beta")
    exposure = both["plans_start"] / both["plans_end"]

    def change(share: pd.Series) -> pd.Series:
        return 100 * (exposure * share / (1 - share) - 1)

    return (
        pd.DataFrame(
            {
                "area": both["area"],
                "start": 1000 * both["appeals_start"] / both["plans_start"],
                "end": 1000 * both["appeals_end"] / both["plans_end"],
                "change": change(both["appeals_end"] / total),
                "low": change(low),
                "high": change(high),
            }
        )
        .sort_values("change", ignore_index=True)
    )  # fmt: skip


def _with_plans(appeals: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Put the appeals of a year beside the plans of its January, where both are known."""
    return (
        appeals[["area", "period", "value"]]
        .rename(columns={"value": "appeals"})
        .merge(
            plans.assign(period=plans["period"].str[:4])[["area", "period", "value"]].rename(
                columns={"value": "plans"}
            ),
            on=["area", "period"],
        )
        .dropna()
        .query("plans > 0")
    )
