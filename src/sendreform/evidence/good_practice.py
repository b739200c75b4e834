"""Good practice in spite of the system: who stands out for their size, and whether it lasts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats
from scipy.stats.distributions import rv_frozen
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.multitest import multipletests

from sendreform.errors import ReportError
from sendreform.evidence.joined_up import OFFICERS
from sendreform.evidence.series import of
from sendreform.evidence.systemic import growth_by_council

Numbers = npt.NDArray[np.float64]

#: Control limits by z-score: were councils alike, chance would leave 95 in 100 within the inner
#: ones and 99.8 within the outer.
LIMITS = {"inner": float(stats.norm.ppf(0.975)), "outer": float(stats.norm.ppf(0.999))}
ABOVE = ("Above 95% limit", "Above 99.8% limit")
BELOW = ("Below 95% limit", "Below 99.8% limit")
WITHIN = "Within the limits"
_STANDINGS = [*reversed(BELOW), WITHIN, *ABOVE]

#: Sizes at which the limits are worked out, from the smallest to the largest council.
_GRID = 60

#: The share of z-scores at each end that is drawn in before the spread is measured.
WINSORISED = 0.1

#: How often ranks are simulated, and from which seed, so that a page says the same each time.
DRAWS = 4000
_SEED = 2014

#: What is said under every comparison made here.
ASSOCIATION = (
    "An association between councils, not an effect: places differ in much else, and inspectors "
    "and families may respond to the growth as well as the other way round."
)


def counts(part: pd.DataFrame, whole: pd.DataFrame, councils: list[str]) -> pd.DataFrame:
    """Set each council's events beside the number they are counted out of.

    Parameters
    ----------
    part, whole
        ``area``, ``period``, ``value``: plans on time and plans timed, or appeals and plans. The
        periods must be written alike.
    councils
        The councils to keep.

    Returns
    -------
    DataFrame with ``area``, ``period``, ``part``, ``whole``. A council without both figures, or
    with a whole of nought, is left out.

    Examples
    --------
    >>> on_time = pd.DataFrame({"area": ["886", "420"], "period": "2024", "value": [30.0, 0.0]})
    >>> timed = on_time.assign(value=[40.0, 0.0])
    >>> counts(on_time, timed, ["886", "420"]).values.tolist()
    [['886', '2024', 30.0, 40.0]]
    """
    return (
        part[part["area"].isin(councils)]
        .merge(whole[["area", "period", "value"]], on=["area", "period"])
        .rename(columns={"value_x": "part", "value_y": "whole"})[
            ["area", "period", "part", "whole"]
        ]
        .dropna()
        .query("whole > 0")
        .sort_values(["period", "area"], ignore_index=True)
    )


# ------------------------------------------------------------------ funnels


@dataclass(frozen=True)
class Funnel:
    """Where councils stand against limits that allow for their size.

    Attributes
    ----------
    places
        ``area``, ``size``, ``value``; ``z`` and ``standing`` against limits that allow for the
        spread between councils; ``z_by_chance`` and ``standing_by_chance`` against limits that
        allow for chance alone.
    limits, limits_by_chance
        ``size``, ``band`` (``inner`` or ``outer``, see :data:`LIMITS`), ``low`` and ``high`` in
        the unit of the value, along a grid of sizes: with the spread between councils in them,
        and of chance alone.
    target
        England's figure, about which the limits lie.
    between
        The standard deviation between councils beyond chance, in the angles that shares are
        compared as.
    """

    places: pd.DataFrame
    limits: pd.DataFrame
    limits_by_chance: pd.DataFrame
    target: float
    between: float


def funnel_of_shares(counted: pd.DataFrame, target: float) -> Funnel:
    """Hold each council's share against limits that allow for size and for the usual spread.

    Shares are compared as the arcsine of their root, whose spread by chance depends on size
    alone. The spread between councils beyond chance is added to that of chance (additive random
    effects), so that it bears on large and small councils alike; a multiplied limit would suppose
    that large councils differ less from each other. It is measured on z-scores of which the tenth
    at each end is drawn in (winsorised), so that outliers do not hide themselves. Drawing in takes
    from the spread even where there are none: of councils whose differences are normal, about ten
    in a hundred lie outside the 95% limits. So the limits err on the side of finding outliers.

    Parameters
    ----------
    counted
        What :func:`counts` returns, for one period.
    target
        England's share, per cent.

    Raises
    ------
    ReportError
        If a council's part is larger than its whole.

    References
    ----------
    Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in
    Medicine 24, 1185-1202; Spiegelhalter (2005), Handling over-dispersion of performance
    indicators, Quality and Safety in Health Care 14, 347-351.
    """
    _check_shares(counted)
    size = counted["whole"].to_numpy(dtype="float64")
    share = counted["part"].to_numpy(dtype="float64") / size
    centre = float(np.arcsin(np.sqrt(target / 100)))
    distance = np.arcsin(np.sqrt(share)) - centre
    noise = _noise(size)
    by_chance = distance / noise
    between = _between(by_chance, noise)
    all_told = distance / np.hypot(noise, between)
    places = pd.DataFrame(
        {
            "area": counted["area"].to_numpy(),
            "size": size,
            "value": 100 * share,
            "z": all_told,
            "standing": _standing(all_told),
            "z_by_chance": by_chance,
            "standing_by_chance": _standing(by_chance),
        }
    )
    return Funnel(
        places,
        _limits(size, centre, between),
        _limits(size, centre, 0.0),
        target,
        between,
    )


def _check_shares(counted: pd.DataFrame) -> None:
    """Refuse a part larger than its whole, which has no place on the scale of shares."""
    beyond = counted[counted["part"] > counted["whole"]]
    if len(beyond):
        row = beyond.iloc[0]
        raise ReportError(
            f"{row['part']:g} is more than the {row['whole']:g} it is a part of",
            where=f"area {row['area']}, {row['period']}",
            fix="Check that both figures count the same plans.",
        )


def _limits(size: Numbers, centre: float, between: float) -> pd.DataFrame:
    """Return the limits along a grid of sizes, given the spread between councils."""
    grid = np.geomspace(size.min(), size.max(), _GRID) if len(size) else size
    spread = np.hypot(_noise(grid), between)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "size": grid,
                    "band": band,
                    "low": _as_share(centre - z * spread),
                    "high": _as_share(centre + z * spread),
                }
            )
            for band, z in LIMITS.items()
        ],
        ignore_index=True,
    )


def _as_share(angle: Numbers) -> Numbers:
    """Return the per cent whose root has this arcsine; beyond nought and all there is none."""
    return np.asarray(100 * np.sin(np.clip(angle, 0, np.pi / 2)) ** 2)


def _noise(size: Numbers) -> Numbers:
    """Return the standard deviation by chance of an angle, whatever the share."""
    return 0.5 / np.sqrt(size)


def _between(z: Numbers, noise: Numbers) -> float:
    """Return the spread between councils that chance does not make, as a standard deviation."""
    if len(z) < 2:
        return 0.0
    drawn_in = np.asarray(stats.mstats.winsorize(z, limits=(WINSORISED, WINSORISED)))
    times = float(np.mean(drawn_in**2))
    weights = noise**-2
    room = weights.sum() - (weights**2).sum() / weights.sum()
    return float(np.sqrt(max(0.0, (len(z) * times - (len(z) - 1)) / room)))


def _standing(z: Numbers) -> list[str]:
    """Say between which limits each z-score lies."""
    edges = [-LIMITS["outer"], -LIMITS["inner"], LIMITS["inner"], LIMITS["outer"]]
    return [_STANDINGS[place] for place in np.searchsorted(edges, z)]


def standings(counted: pd.DataFrame, england: pd.DataFrame) -> pd.DataFrame:
    """Return where each council's share stands in the funnel of each period.

    Parameters
    ----------
    counted
        What :func:`counts` returns.
    england
        ``period`` and ``value``: England's share, per cent.

    Returns
    -------
    The ``places`` of each period's funnel, with ``period``. A period without a figure for England
    is left out.
    """
    targets = england.dropna(subset="value").set_index("period")["value"]
    years = [
        funnel_of_shares(of_period, float(targets[period])).places.assign(period=period)
        for period, of_period in counted.groupby("period")
        if period in targets.index
    ]
    return pd.concat(years, ignore_index=True) if years else pd.DataFrame(columns=["area"])


def lasting(
    standing: pd.DataFrame, outside: tuple[str, ...], column: str = "standing"
) -> pd.DataFrame:
    """Say how many of the councils outside the limits in a year were outside them later.

    Each year has its own limits, so a break in the figures moves all councils together and not
    one past another, unless they took the break differently.

    Parameters
    ----------
    standing
        What :func:`standings` returns.
    outside
        :data:`ABOVE` or :data:`BELOW`.
    column
        ``standing`` or ``standing_by_chance``.

    Returns
    -------
    DataFrame with ``period``, ``later`` (each pair of periods), ``councils`` (with a figure in
    both), ``began`` (outside in the first), ``still`` (outside in both), ``by_chance`` (how many
    would be in both had the later ones been drawn at random) and ``p`` (the chance of as many or
    more so, hypergeometric).

    Examples
    --------
    >>> standing = pd.DataFrame({
    ...     "area": ["301", "302", "303", "304"] * 2, "period": ["2023"] * 4 + ["2024"] * 4,
    ...     "standing": (["Above 95% limit"] * 2 + ["Within the limits"] * 2) * 2,
    ... })
    >>> lasting(standing, ABOVE)[["began", "still", "by_chance"]].values.tolist()
    [[2.0, 2.0, 1.0]]
    """
    wide = standing.pivot(index="area", columns="period", values=column)
    rows = [
        (period, later, *_in_both(wide[[period, later]].dropna().isin(outside).to_numpy()))
        for period, later in combinations(wide.columns, 2)
    ]
    names = ["period", "later", "councils", "began", "still", "by_chance", "p"]
    return pd.DataFrame(rows, columns=names)


def _in_both(outside: npt.NDArray[np.bool_]) -> tuple[int, int, int, float, float]:
    """Count councils outside in the first year and in both, beside what chance would give."""
    councils, (began, later) = len(outside), outside.sum(axis=0)
    still = int(outside.all(axis=1).sum())
    by_chance = began * later / councils if councils else float("nan")
    p = float(stats.hypergeom.sf(still - 1, councils, began, later))
    return councils, int(began), still, float(by_chance), p


def lasting_by_years(lasted: pd.DataFrame) -> pd.DataFrame:
    """Pool what lasted over the years it began in, by the number of years since.

    Parameters
    ----------
    lasted
        What :func:`lasting` returns, of yearly periods.

    Returns
    -------
    DataFrame with ``years`` (since), ``began``, ``still`` and ``by_chance`` (councils, summed) and
    ``value`` and ``value_by_chance``: per cent of those that began. The same council may count
    under several years.

    Examples
    --------
    >>> lasted = pd.DataFrame({
    ...     "period": ["2022", "2023"], "later": ["2023", "2024"],
    ...     "began": [4, 6], "still": [2, 3], "by_chance": [0.5, 0.5],
    ... })
    >>> lasting_by_years(lasted)[["years", "value", "value_by_chance"]].values.tolist()
    [[1.0, 50.0, 10.0]]
    """
    years = lasted["later"].str[:4].astype("int64") - lasted["period"].str[:4].astype("int64")
    pooled = lasted.groupby(years.rename("years"))[["began", "still", "by_chance"]].sum()
    began = pooled["began"].where(pooled["began"] > 0)
    return pooled.assign(
        value=100 * pooled["still"] / began, value_by_chance=100 * pooled["by_chance"] / began
    ).reset_index()


def rank_correlations(counted: pd.DataFrame) -> pd.DataFrame:
    """Return how alike councils rank in each pair of periods (Spearman).

    Parameters
    ----------
    counted
        What :func:`counts` returns.

    Returns
    -------
    DataFrame with ``period``, ``later``, ``councils`` (with a figure in both) and ``value``: 1
    for the same order, 0 for none.
    """
    wide = counted.assign(value=counted["part"] / counted["whole"]).pivot(
        index="area", columns="period", values="value"
    )
    alike = wide.corr(method="spearman")
    return pd.DataFrame(
        [
            (period, later, len(wide[[period, later]].dropna()), alike.at[period, later])
            for period, later in combinations(wide.columns, 2)
        ],
        columns=["period", "later", "councils", "value"],
    )


# ------------------------------------------------------------------ ranks that allow for size


def shrunk_shares(counted: pd.DataFrame) -> pd.DataFrame:
    """Estimate each council's share, drawn towards the others the more, the smaller it is.

    Empirical Bayes: shares of councils are taken to follow a beta distribution, fitted to all of
    them by maximum likelihood (beta-binomial); each council's own plans then move it. Intervals
    take plans to be timed one by one and independently; a backlog that delays many at once makes
    them too narrow.

    Parameters
    ----------
    counted
        What :func:`counts` returns, for one period; at least two councils.

    Returns
    -------
    DataFrame with ``area``, ``size``, ``value`` (as it stands), ``estimate``, ``low``, ``high``
    (95% interval), all in per cent; ``rank`` (1 is the highest estimate), ``rank_low`` and
    ``rank_high`` (95% interval of the rank, simulated); in order of rank.

    Raises
    ------
    ReportError
        If a council's part is larger than its whole.

    References
    ----------
    Efron and Morris (1975), Data analysis using Stein's estimator, JASA 70, 311-319; Goldstein
    and Spiegelhalter (1996), League tables and their limitations, JRSS A 159, 385-443.
    """
    _check_shares(counted)
    part, whole = counted["part"].to_numpy(), counted["whole"].to_numpy()
    a, b = _fitted(lambda a, b: float(np.sum(stats.betabinom.logpmf(part, whole, a, b))))
    return _ranked(counted, stats.beta(a + part, b + whole - part), per=100)


def shrunk_rates(counted: pd.DataFrame) -> pd.DataFrame:
    """Estimate each council's rate, drawn towards the others the more, the smaller it is.

    As :func:`shrunk_shares`, with a gamma distribution of rates (gamma-Poisson); per 1,000.
    """
    part, whole = counted["part"].to_numpy(), counted["whole"].to_numpy()
    a, b = _fitted(lambda a, b: float(np.sum(stats.nbinom.logpmf(part, a, b / (b + whole)))))
    return _ranked(counted, stats.gamma(a + part, scale=1 / (b + whole)), per=1000)


def _fitted(log_likelihood: Callable[[float, float], float]) -> tuple[float, float]:
    """Return the two positive parameters under which the figures are likeliest.

    Raises
    ------
    ReportError
        If the search does not settle.
    """

    def unlikely(logs: Numbers) -> float:
        a, b = np.exp(logs)
        return -log_likelihood(a, b)

    found = optimize.minimize(unlikely, x0=np.zeros(2), method="Nelder-Mead")
    if not found.success:
        raise ReportError(
            f"no spread between councils fits these figures ({found.message})",
            where="evidence/good_practice.py",
            fix="Look for figures that are nought or alike in nearly every council.",
        )
    a, b = np.exp(found.x)
    return float(a), float(b)


def _ranked(counted: pd.DataFrame, posterior: rv_frozen, per: float) -> pd.DataFrame:
    drawn = posterior.rvs(size=(DRAWS, len(counted)), random_state=np.random.default_rng(_SEED))
    ranks = stats.rankdata(-drawn, axis=1)
    return (
        pd.DataFrame(
            {
                "area": counted["area"].to_numpy(),
                "size": counted["whole"].to_numpy(),
                "value": per * (counted["part"] / counted["whole"]).to_numpy(),
                "estimate": per * posterior.mean(),
                "low": per * posterior.ppf(0.025),
                "high": per * posterior.ppf(0.975),
                "rank_low": np.quantile(ranks, 0.025, axis=0, method="lower"),
                "rank_high": np.quantile(ranks, 0.975, axis=0, method="higher"),
            }
        )
        .assign(rank=lambda places: places["estimate"].rank(ascending=False, method="first"))
        .sort_values("rank", ignore_index=True)
    )


def pairs_told_apart(estimates: pd.DataFrame) -> float:
    """Return the per cent of pairs of councils whose 95% intervals do not overlap.

    Where it is low, the order in a league table is mostly chance. Intervals that just touch would
    be told apart by a finer test, so the figure errs on the side of caution.

    Parameters
    ----------
    estimates
        ``low`` and ``high``, as :func:`shrunk_shares` returns them.

    Examples
    --------
    >>> pairs_told_apart(pd.DataFrame({"low": [10, 30, 35], "high": [20, 40, 50]}))
    66.66666666666667
    """
    low, high = estimates["low"].to_numpy(), estimates["high"].to_numpy()
    above = low[:, None] > high[None, :]
    pairs = len(estimates) * (len(estimates) - 1) / 2
    return float(100 * above.sum() / pairs) if pairs else float("nan")


def league_table(estimates: pd.DataFrame) -> pd.Series:
    """Say how much of a league table can be trusted.

    Parameters
    ----------
    estimates
        What :func:`shrunk_shares` or :func:`shrunk_rates` returns.

    Returns
    -------
    Series with ``councils``; ``pairs_told_apart`` (per cent); ``places`` (the width, in places,
    of the middle council's 95% interval of its rank); ``surely_top_quarter`` (councils whose
    interval lies wholly in the top quarter of the table).
    """
    quarter = 0.25 * len(estimates)
    return pd.Series(
        {
            "councils": float(len(estimates)),
            "pairs_told_apart": pairs_told_apart(estimates),
            "places": (estimates["rank_high"] - estimates["rank_low"]).median(),
            "surely_top_quarter": float((estimates["rank_high"] <= quarter).sum()),
        }
    )


# ------------------------------------------------------------------ what goes with slower growth

#: The outcomes of inspection since 2023, in words.
GRADES = {1: "Typically positive", 2: "Inconsistent", 3: "Widespread or systemic failings"}

#: The measures that :func:`comparisons` asks for.
MEASURES = (
    "ehc_plans",
    "ehc_plans_in_20_weeks_excluding_exceptions_share",
    "area_send_inspection_grade",
    "area_send_written_statement_required",
    "designated_officer_in_post",
)


def inspection_outcomes(grades: pd.DataFrame) -> pd.DataFrame:
    """Return how many areas had each outcome at their latest inspection since 2023.

    Parameters
    ----------
    grades
        Observations of ``area_send_inspection_grade``.

    Returns
    -------
    DataFrame with ``label``, ``value`` (areas) and ``share`` (per cent of those with a grade).
    """
    areas = _latest(grades).value_counts().reindex(list(GRADES), fill_value=0)
    return pd.DataFrame(
        {
            "label": list(GRADES.values()),
            "value": areas.to_numpy(dtype="float64"),
            "share": (100 * areas / areas.sum()).to_numpy(dtype="float64"),
        }
    )


def inspected_well(grades: pd.DataFrame, worst: int = 1) -> pd.Series:
    """Say of each council inspected whether its grade was ``worst`` or better.

    Parameters
    ----------
    grades
        ``area``, ``period`` and ``value``: 1 typically positive, 2 inconsistent, 3 widespread
        failings. The latest of each council counts.
    worst
        1 sets "typically positive" against the rest; 2 sets all against widespread failings.

    Returns
    -------
    Series of true and false by council; a council whose grade is not known is left out.

    Examples
    --------
    >>> grades = pd.DataFrame(
    ...     {"area": ["301", "302", "303"], "period": "2025-01-09", "value": [1.0, 2.0, None]}
    ... )
    >>> inspected_well(grades).to_dict()
    {'301': True, '302': False}
    """
    return _latest(grades).le(worst)


def without_statement(required: pd.DataFrame) -> pd.Series:
    """Say of each council inspected to 2022 whether no written statement of action was required.

    Parameters
    ----------
    required
        ``area``, ``period`` and ``value``: 1 where one was required.
    """
    return _latest(required).eq(0)


def _latest(inspections: pd.DataFrame) -> pd.Series:
    """Return what each council's latest inspection found."""
    known = inspections.dropna(subset="value").sort_values("period")
    return known.drop_duplicates("area", keep="last").set_index("area")["value"]


def compared(
    better: pd.Series, outcome: pd.Series, size: pd.Series, region: pd.Series
) -> pd.DataFrame:
    """Set councils' practice beside an outcome, and what the comparison allows for.

    Parameters
    ----------
    better
        True and false by council: see :func:`inspected_well`.
    outcome, size, region
        By council: the figure compared, EHC plans at the start, and the region.

    Returns
    -------
    DataFrame with ``better``, ``value``, ``size``, ``region`` by council; a council without all
    four is left out.
    """
    return (
        pd.DataFrame({"better": better, "value": outcome, "size": size, "region": region})
        .dropna()
        .astype({"better": "int64", "value": "float64", "size": "float64"})
    )


@dataclass(frozen=True)
class Difference:
    """How much higher an outcome is where practice is better, with its 95% interval.

    In the unit of the outcome, the mean over councils; ``p`` is that of no difference;
    ``better`` and ``others`` count the councils on either side.
    """

    value: float
    low: float
    high: float
    p: float
    better: int
    others: int


def difference(places: pd.DataFrame, *, adjusted: bool = False) -> Difference:
    """Return the difference between councils with better practice and the others.

    Least squares with errors that hold where the spread differs between councils (HC3) and the
    t distribution. Unadjusted it is the difference of two means.

    Parameters
    ----------
    places
        What :func:`compared` returns.
    adjusted
        Whether to allow for region and for the (log) number of plans at the start.

    Returns
    -------
    The difference; missing where fewer than two councils stand on either side.

    References
    ----------
    MacKinnon and White (1985), Some heteroskedasticity-consistent covariance matrix estimators
    with improved finite sample properties, Journal of Econometrics 29, 305-325.

    Examples
    --------
    >>> places = pd.DataFrame({"better": [1, 1, 0, 0], "value": [10.0, 20.0, 30.0, 50.0]})
    >>> round(difference(places).value, 6)
    -25.0
    """
    better = int(places["better"].sum())
    others = len(places) - better
    if min(better, others) < 2:
        missing = float("nan")
        return Difference(missing, missing, missing, missing, better, others)
    formula = "value ~ better + np.log(size) + C(region)" if adjusted else "value ~ better"
    fitted = OLS.from_formula(formula, places).fit(cov_type="HC3", use_t=True)
    low, high = fitted.conf_int().loc["better"]
    return Difference(
        float(fitted.params["better"]),
        float(low),
        float(high),
        float(fitted.pvalues["better"]),
        better,
        others,
    )


def median_difference(places: pd.DataFrame) -> float:
    """Return the difference between the middle councils of either side.

    Parameters
    ----------
    places
        What :func:`compared` returns.
    """
    middle = places.groupby("better")["value"].median().reindex([0, 1])
    return float(middle[1] - middle[0])


def comparisons(
    observed: Mapping[str, pd.DataFrame], councils: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Set every practice that is published by council beside growth and timeliness.

    Growth is that of EHC plans, in per cent: for inspections over all the Januaries observed,
    for officers since the first January in which the post was asked about, so that the officer
    comes before the growth. Timeliness is the newest year's share of plans issued in 20 weeks.
    Inspections came during or after the growth.

    Parameters
    ----------
    observed
        Observations of each of :data:`MEASURES`.
    councils
        The councils to compare, by code, with ``region``.

    Returns
    -------
    What is compared, in words → what :func:`compared` returns.
    """
    there, timely = (
        of(observed[name])
        .dropna(subset="value")
        .loc[lambda figures: figures["area"].isin(councils.index)]
        for name in MEASURES[:2]
    )
    groups = {
        "Typically positive at inspection since 2023": inspected_well(observed[MEASURES[2]]),
        "No widespread failings at inspection since 2023": inspected_well(
            observed[MEASURES[2]], worst=2
        ),
        "No written statement required to 2022": without_statement(observed[MEASURES[3]]),
    }
    begins = dict.fromkeys(groups, "")
    for code, name in OFFICERS.items():
        posts = of(observed[MEASURES[4]], code).dropna(subset="value")
        asked = str(posts["period"].min())
        words = f"{name} in post in January {asked[:4]}"
        groups[words], begins[words] = _at(posts, asked).eq(1), asked
    first, end = (str(period) for period in (there["period"].min(), there["period"].max()))
    newest = str(timely["period"].max())
    tables = {}
    for words, better in groups.items():
        start = max(first, begins[words])
        growth = growth_by_council(there, list(councils.index), start, end).set_index("area")
        size = _at(there, start)
        outcomes = {
            f"growth in plans, January {start[:4]} to January {end[:4]}": growth["growth"],
            f"share of plans on time in {newest}": _at(timely, newest),
        }
        for what, outcome in outcomes.items():
            tables[f"{words}: {what}"] = compared(better, outcome, size, councils["region"])
    # A post first asked about in the newest January has no growth after it.
    return {words: table for words, table in tables.items() if len(table)}


def _at(figures: pd.DataFrame, period: str) -> pd.Series:
    return figures[figures["period"] == period].set_index("area")["value"]


def associations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every difference with its interval, and p-values corrected for asking many times.

    Holm's correction holds the chance of even one false finding among all rows at 5%. What is
    found is an association (see :data:`ASSOCIATION`).

    Parameters
    ----------
    tables
        What is compared, in words → what :func:`compared` returns.

    Returns
    -------
    DataFrame with ``label``, ``value``, ``low``, ``high`` (the difference of means and its 95%
    interval), ``p``, ``p_corrected``, ``better``, ``others`` (councils), and ``adjusted``,
    ``adjusted_low``, ``adjusted_high`` (allowing for region and plans at the start). A comparison
    with fewer than two councils on a side is left out.

    References
    ----------
    Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 65-70.
    """
    rows = [_both_ways(words, places) for words, places in tables.items()]
    found = pd.DataFrame(rows, columns=_ASSOCIATION_COLUMNS).dropna(subset="p", ignore_index=True)
    if found.empty:
        return found.assign(p_corrected=found["p"])
    return found.assign(p_corrected=multipletests(found["p"], method="holm")[1])


_ASSOCIATION_COLUMNS = [
    "label", "value", "low", "high", "p", "better", "others",
    "adjusted", "adjusted_low", "adjusted_high",
]  # fmt: skip


def _both_ways(words: str, places: pd.DataFrame) -> dict[str, object]:
    """Return a difference as it stands, and allowing for region and size."""
    plain, allowing = difference(places), difference(places, adjusted=True)
    return {
        "label": words,
        **vars(plain),
        "adjusted": allowing.value,
        "adjusted_low": allowing.low,
        "adjusted_high": allowing.high,
    }
