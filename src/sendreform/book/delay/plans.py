"""Plans to come on the page "The cost of delay": how many, and in which settings."""

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import making
from sendreform.book.delay.place import Place, counted_by_setting
from sendreform.book.essential.shared import said
from sendreform.book.words import listed, number
from sendreform.charts import Figure, fan
from sendreform.evidence.projection import backtest, projecting, scores, settings
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.scenarios import NO_REFORM
from sendreform.evidence.series import of
from sendreform.periods import january, label
from sendreform.report import Report

PLANS = "ehc_plans"
COUNTED, PROJECTED = "Counted", "Projected, middle future"

#: Settings whose course is drawn, with the id of each figure and the words of its title.
DRAWN = {
    settings.MAINSTREAM: ("projected-mainstream", "in mainstream schools"),
    settings.STATE_SPECIAL: ("projected-state-special", "in state special schools"),
    settings.INMSS: ("projected-inmss", "in independent and non-maintained special schools"),
}

NO_PLACE = (
    "{place} is no council of today, so nothing is projected for it. Look at the council that it "
    "is part of now."
)
TOO_FEW = "Settings are not projected for {place}: too few hold a plan."


def about(value: float) -> str:
    """Write a number of plans to come without digits that nobody can foresee.

    Examples
    --------
    >>> about(1054954.2), about(990382.0), about(8379.0), about(263.0), about(41.0)
    ('1,055,000', '990,000', '8,400', '260', '41')
    >>> about(-1042.0)
    '−1,000'
    """
    return f"{foreseen(value):,}".replace("-", "−")


def foreseen(value: float) -> int:
    """Round a number of plans to come to what can be foreseen of it."""
    size = abs(value)
    step = 1000 if size >= 100_000 else 100 if size >= 1000 else 10 if size >= 100 else 1
    return step * round(value / step)


def none_for(report: Report) -> Markdown:
    """Say that a council of the past has no projection."""
    return Markdown(NO_PLACE.format(place=report.place))


def plans_to_come(report: Report, place: Place | None) -> Figure | Markdown:
    """Draw plans as counted, and as projected with their ranges."""
    if place is None:
        return none_for(report)
    return _fan(
        report,
        place,
        of(report.figures(PLANS))[["period", "value"]],
        place.plans,
        id="plans-projected",
        what=f"EHC plans in {report.place}",
    )


def how_much_that_is(report: Report) -> Markdown:
    """Say what England's plans to come would mean: how many of all children, and how fast."""
    given, england = making.inputs_of(report.store), making.projection_of(report.store, NO_REFORM)
    children = given.history.children.loc[given.origin - 1 :].to_numpy(dtype="float64")
    ages = projecting.SCHOOL_AGES
    held = np.median(england.of_school_age, axis=0)
    now, then = (
        number(100 * float(held[at] / children[at, ages].sum()), "per cent", 1)
        for at in (0, len(held) - 1)
    )
    middle = np.median(england.plans, axis=0)[-len(held) :]
    first, last = (
        number(100 * float(middle[at] / middle[at - 1] - 1), "per cent", 1)
        for at in (1, len(middle) - 1)
    )
    return Markdown(
        f"In the middle future for England, {then} of children aged {ages.start} to "
        f"{ages.stop - 1} would hold a plan in January {projecting.HORIZON}, after {now} in "
        f"January {given.origin}. Plans would grow by {first} in the first year and by {last} in "
        "the last. Whether schools, councils and families would let it come to that is not for a "
        "projection to say: it shows where the present course leads, and no more."
    )


def setting_to_come(report: Report, place: Place | None, setting: str) -> Figure | HTML | Markdown:
    """Draw the plans that name one setting, as counted and as projected."""
    if place is None:
        return none_for(report)
    if report.is_small:
        # Said once for all of them.
        first = setting == next(iter(DRAWN))
        return said(TOO_FEW.format(place=report.place) if first else "")
    counted = counted_by_setting(report)[setting]
    id, words = DRAWN[setting]
    return _fan(
        report,
        place,
        pd.DataFrame(
            {"period": [january(year) for year in counted.index], "value": counted.to_list()}
        ),
        place.by_setting[..., settings.NAMES.index(setting)],
        id=id,
        what=f"Plans {words} in {report.place}",
    )


def _fan(
    report: Report, place: Place, counted: pd.DataFrame, draws: Numbers, *, id: str, what: str
) -> Figure:
    shown = projecting.ranges(draws, place.years)
    last = shown.iloc[-1]
    when = label(january(int(last["year"])), "january")
    ends = [about(last[f"{end}_80"]) for end in ("low", "high")]
    return fan(
        pd.concat(
            [
                _dated(shown, "median").assign(series=PROJECTED),
                counted.dropna(subset="value").assign(series=COUNTED),
            ],
            ignore_index=True,
        ),
        bands(shown),
        kind="january",
        unit="plans",
        decimals=0,
        zero=True,
        breaks=report.record(PLANS)["breaks"],
        id=id,
        title=f"{what}: {ends[0]} to {ends[1]} by {when} if nothing changes",
        subtitle=f"EHC plans, {report.name}, January census; ranges hold that share of "
        "simulated futures",
        alt=f"Fan chart. If nothing changes, {about(last['median'])} by {when}; eight in ten "
        f"simulated futures lie between {ends[0]} and {ends[1]}.",
        note=""
        if report.is_england
        else "Councils are counted to the January before; the first "
        "January projected adds up to England’s count.",
        **report.source(of(report.to_latest(PLANS))),
    )


def bands(shown: pd.DataFrame, kind: str = "january") -> pd.DataFrame:
    """Turn ranges into the bands of a fan chart; ``shown`` has ``period`` where not Januaries."""
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "period": _periods(shown, kind),
                    "band": f"{share}% of futures",
                    "low": shown[f"low_{share}"],
                    "high": shown[f"high_{share}"],
                }
            )
            for share in scores.RANGES
        ],
        ignore_index=True,
    )


def _dated(shown: pd.DataFrame, column: str) -> pd.DataFrame:
    return pd.DataFrame({"period": _periods(shown, "january"), "value": shown[column]})


def _periods(shown: pd.DataFrame, kind: str) -> list[str]:
    return (
        [january(int(year)) for year in shown["year"]]
        if kind == "january"
        else list(shown["period"])
    )


def settings_in_words(report: Report, place: Place | None) -> HTML | Markdown:
    """Say how the make-up of settings shifts to the last January."""
    if place is None or report.is_small:
        return said("")
    middle = place.by_setting.mean(axis=0)
    shares = 100 * middle / middle.sum(axis=1, keepdims=True)
    at = {name: shares[[0, -1], settings.NAMES.index(name)] for name in settings.NAMES}
    first, last = (label(january(year), "january") for year in (place.years[0], place.years[-1]))
    told = {name: [number(share, "per cent", 1) for share in at[name]] for name in settings.NAMES}
    main, state, inmss, further, elsewhere = (
        told[name]
        for name in (
            settings.MAINSTREAM, settings.STATE_SPECIAL, settings.INMSS,
            settings.FURTHER_EDUCATION, settings.ELSE,
        )
    )  # fmt: skip
    counted = "" if report.is_england else ", itself projected"
    return Markdown(
        f"If the shifts of the last years go on, mainstream schools hold {main[1]} of plans in "
        f"{report.place} in {last} ({main[0]} in {first}{counted}), state special schools "
        f"{state[1]} ({state[0]}), independent and non-maintained special schools {inmss[1]} "
        f"({inmss[0]}), further education {further[1]} ({further[0]}), and {elsewhere[1]} of plans "
        f"are for children and young people elsewhere or not in education ({elsewhere[0]}). "
        f"{_least_sure(report)}"
    )


def _least_sure(report: Report) -> str:
    """Say for which two settings England's ranges have held least often."""
    scored = making.track_record_of_settings(report.store)
    ours = scored[scored["method"] == backtest.OURS]
    held = ours.groupby("setting")["within_80"].mean().sort_values(kind="stable")
    return (
        f"For {listed(str(name).lower() for name in held.index[:2])} the ranges have held least "
        "often in the track record of England: read those shares as a direction, not as a size."
    )
