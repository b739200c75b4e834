"""The track record on the page "The cost of delay": ours beside benchmarks."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book.delay import making
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import counted, listed, number, sentence_case
from sendreform.evidence.projection import backtest, scores, settings, settings_backtest
from sendreform.evidence.series import of
from sendreform.observations import ENGLAND
from sendreform.report import Report

#: The first January whose projection does not have to foresee the reform of 2014.
SINCE_REFORM = 2017

#: Horizons for which the target was set.
TARGET = (1, 2, 3)

AHEAD = ("One year", "Two years", "Three years", "Four years", "Five years")

WHAT = {"held": "plans", "began": "new plans"}


def errors(report: Report, target: str = "held") -> HTML:
    """Return the mean error of each method by horizon, ours first."""
    return _errors(
        report,
        making.track_record(report.store, target),
        id=f"errors-{WHAT[target].replace(' ', '-')}",
        title=f"How far off forecasts of {WHAT[target]} would have been",
        whose="England",
    )


def errors_of_councils(report: Report) -> HTML:
    """Return the mean error of each method for councils' plans by horizon, ours first."""
    scored = making.track_record_of_councils(report.store)
    return _errors(
        report,
        scored,
        id="errors-councils",
        title="How far off forecasts of councils’ plans would have been",
        whose=f"{scored['area'].nunique()} councils",
    )


def _errors(report: Report, scored: pd.DataFrame, *, id: str, title: str, whose: str) -> HTML:
    by = ["method", "horizon"]
    return table_in_frame(
        id=id,
        title=title,
        subtitle=f"{whose}; mean absolute error in per cent of what came, by years ahead; in "
        f"brackets from January {SINCE_REFORM} on",
        heads=("Forecast", *AHEAD),
        rows=_by_method(scores.summary(scored, by), scores.summary(_late(scored), by)),
        note=f"From each January, {backtest.ORIGINS[0]} to {backtest.HELD_OUT - 2}, with what was "
        f"known then, to January {backtest.HELD_OUT - 1} at the latest. The figures are today’s, "
        "with later revisions.",
        source=_source(report),
    )


def _by_method(table: pd.DataFrame, late: pd.DataFrame) -> list[list[str]]:
    every, since = (
        scored.pivot(index="method", columns="horizon", values="mape") for scored in (table, late)
    )
    return [
        [str(method), *(
            f"{error:.1f}% ({late_error:.1f}%)"
            for error, late_error in zip(
                every.loc[[method]].to_numpy()[0], since.loc[[method]].to_numpy()[0], strict=True
            )
        )]
        for method in table["method"].unique()
    ]  # fmt: skip


def where_it_loses(report: Report) -> Markdown:
    """Say where ours was below every benchmark, and name each place where it was not."""
    told = []
    for target, what in WHAT.items():
        scored = making.track_record(report.store, target)
        for part, words in (
            (scored, "over all Januaries"),
            (_late(scored), f"from January {SINCE_REFORM} on"),
        ):
            beaten = backtest.beats(scores.summary(part, ["method", "horizon"]), backtest.HORIZONS)
            lost = {horizon: name for horizon, name in beaten.items() if name}
            told.append(
                f"For {what} {words}, the error of this projection "
                + (
                    "is not the lowest "
                    + listed(
                        f"{AHEAD[horizon - 1].lower()} ahead ({_in_a_sentence(name)} is as good "
                        "or better)"
                        for horizon, name in lost.items()
                    )
                    if lost
                    else "is below that of every benchmark at every horizon"
                )
                + "."
            )
    return Markdown("\n".join(f"- {line}" for line in told))


def target_in_words(report: Report) -> Markdown:
    """Say whether the target was met: error below every benchmark, and ranges that hold."""
    scored = making.track_record(report.store, "held")
    beaten = backtest.beats(scores.summary(scored, ["method", "horizon"]), TARGET)
    near = scored[(scored["method"] == backtest.OURS) & scored["horizon"].isin(TARGET)]
    held = 100 * float(near["within_80"].mean())
    each = 100 * near.groupby("horizon")["within_80"].mean()
    lost = [AHEAD[horizon - 1].lower() for horizon, name in beaten.items() if name]
    ahead = counted(len(TARGET), "year")
    outside = [
        AHEAD[horizon - 1].lower()
        for horizon, share in zip(TARGET, each, strict=True)
        if not _LEAST <= share <= _MOST
    ]
    met = not lost and _LEAST <= held <= _MOST
    return Markdown(
        "We set a target before: up to "
        f"{ahead} ahead, an error below every benchmark, and ranges meant to hold eight in ten "
        f"outcomes that hold between seven and nine. The error was "
        f"{'below every benchmark' if not lost else 'not the lowest ' + listed(lost) + ' ahead'}, "
        f"and the ranges held {number(held, 'per cent')} of {len(near)} outcomes, so the target "
        f"is {'met' if met else 'not met'}"
        + (f" on average, but not {listed(outside)} ahead" if met and outside else "")
        + f". {_in_parts(near)} {_law(report)}"
    )


#: Per cent of outcomes that ranges meant for eight in ten may hold.
_LEAST, _MOST = 70, 90


def _in_parts(near: pd.DataFrame) -> str:
    """Say how often the ranges held before the reform was in the figures, and after."""
    early, late = (
        f"{int(part['within_80'].sum())} of {len(part)}"
        for part in (near[near["origin"] < SINCE_REFORM], _late(near))
    )
    return (
        f"The average hides two parts: from Januaries before {SINCE_REFORM} the ranges held "
        f"{early} outcomes, from then on {late}. They are too narrow for a change of the law and "
        "were too wide without one."
    )


def _law(report: Report) -> str:
    """Say what foreseeing the law of 2014 is worth, at the last horizon of the target."""
    last = max(TARGET)
    tried = making.structures_tried(report.store)
    without = tried[tried["method"].eq(backtest.WITHOUT_LAW) & tried["horizon"].eq(last)][
        "mape"
    ].iloc[0]
    table = scores.summary(making.track_record(report.store, "held"), ["method", "horizon"])
    others = table[table["horizon"].eq(last) & table["method"].ne(backtest.OURS)]
    return (
        "It rests on foreseeing the law from its timetable: without that, the error "
        f"{AHEAD[last - 1].lower()} ahead would be {without:.1f}%, and that of the best benchmark "
        f"is {others['mape'].min():.1f}%."
    )


def ranges_held(report: Report) -> HTML:
    """Return how often outcomes lay in our ranges, with bias and CRPS beside the best benchmark."""
    by = ["method", "horizon"]
    england, councils = (
        (scores.summary(scored, by), scores.summary(_late(scored), by))
        for scored in (
            making.track_record(report.store, "held"),
            making.track_record_of_councils(report.store),
        )
    )
    new = making.track_record(report.store, "began")
    begun = scores.summary(new, by), scores.summary(_late(new), by)
    return table_in_frame(
        id="ranges-held",
        title="How often the ranges held",
        subtitle="Per cent of outcomes within ranges of that share of simulated futures, in "
        f"brackets from January {SINCE_REFORM} on; bias and CRPS in per cent of what came",
        heads=(
            "Years ahead", "Forecasts", *(f"{share}% range" for share in scores.RANGES), "Bias",
            "CRPS", "Best benchmark’s CRPS",
        ),
        rows=[
            [f"{name}, {ahead.lower()}", *_held(*scored, horizon)]
            for name, scored in (
                ("England", england), ("Councils", councils), ("New plans", begun),
            )
            for horizon, ahead in enumerate(AHEAD, start=1)
        ],
        note="The CRPS (continuous ranked probability score) weighs error and width together, and "
        "lower is better; of a single figure it is the absolute error. Bias above nought means "
        "too many plans were foreseen. The outcomes of near Januaries go together, so they "
        "count for fewer than their number.",
        source=_source(report),
    )  # fmt: skip


def _held(scored: pd.DataFrame, late: pd.DataFrame, horizon: int) -> list[str]:
    rows, since = (
        table[table["horizon"] == horizon].set_index("method") for table in (scored, late)
    )
    ours, later = (table.loc[backtest.OURS].to_dict() for table in (rows, since))
    return [
        f"{ours['forecasts']:,.0f}",
        *(
            f"{ours[f'within_{share}']:.0f}% ({later[f'within_{share}']:.0f}%)"
            for share in scores.RANGES
        ),
        signed(ours["bias"]),
        f"{ours['crps']:.1f}%",
        f"{rows['crps'].drop(backtest.OURS).min():.1f}%",
    ]


def councils_in_words(report: Report) -> Markdown:
    """Say whether ours was best for councils, and how far off it was for the page's own council."""
    scored = making.track_record_of_councils(report.store)
    table = scores.summary(scored, ["method", "horizon"])
    lost = {ahead: name for ahead, name in backtest.beats(table, backtest.HORIZONS).items() if name}
    told = "Councils are harder to foresee than England. The error of this projection is " + (
        listed(f"not the lowest {AHEAD[ahead - 1].lower()} ahead" for ahead in lost)
        if lost
        else "below that of every benchmark at every horizon"
    )
    own = scored[(scored["area"] == report.area) & (scored["method"] == backtest.OURS)]
    if own.empty:
        return Markdown(f"{told}.")
    mean = scores.summary(own, ["horizon"]).set_index("horizon")["mape"]
    here = [number(float(mean.get(ahead, float("nan"))), "per cent", 1) for ahead in (1, 3)]
    if not all(here):
        return Markdown(f"{told}.")
    return Markdown(
        f"{told}. For {report.place} it is {here[0]} one year ahead, and {here[1]} three years "
        "ahead."
    )


def times(part: int, whole: int) -> str:
    """Say how often something was so.

    Examples
    --------
    >>> times(3, 3), times(2, 3)
    ('each time', '2 of 3 times')
    """
    return "each time" if part == whole else f"{part:,} of {whole:,} times"


#: Settings that a chart of the page tells, in few words.
_DRAWN = {
    settings.MAINSTREAM: "Mainstream",
    settings.STATE_SPECIAL: "State special",
    settings.INMSS: "Independent special",
}


def errors_of_settings(report: Report) -> HTML:
    """Return the mean error of each method for plans in three settings, one and three years on."""
    scored = making.track_record_of_settings(report.store)
    ahead = (1, 3)
    errors_in = scores.summary(scored, ["method", "setting", "horizon"]).pivot(
        index="method", columns=["setting", "horizon"], values="mape"
    )
    first, last = int(scored["origin"].min()), int(scored["origin"].max())
    return table_in_frame(
        id="errors-settings",
        title="How far off forecasts of plans by setting would have been",
        subtitle="England; mean absolute error in per cent of what came, one and three years ahead",
        heads=(
            "Forecast",
            *(
                f"{words}, {AHEAD[horizon - 1].lower()}"
                for words in _DRAWN.values()
                for horizon in ahead
            ),
        ),
        rows=[
            [
                str(method),
                *(
                    f"{error:.1f}%"
                    for error in errors_in.loc[
                        method, [(name, on) for name in _DRAWN for on in ahead]
                    ]
                ),
            ]
            for method in scored["method"].unique()
        ],
        note=f"From each January, {first} to {last}, with what was known then. Settings are told "
        "apart since 2015 and published by age only for the newest Januaries, so moves are read "
        "without ages here.",
        source=_source(report),
    )


def settings_in_the_record(report: Report) -> Markdown:
    """Say where projections of settings were the best, and how often their ranges held."""
    scored = making.track_record_of_settings(report.store)
    ours = scored[scored["method"] == backtest.OURS]
    pairs = len(ours.groupby(["setting", "horizon"]))
    lost = {name: _lost(scored[scored["setting"] == name]) for name in settings.NAMES}
    held = {
        name: number(100 * float(ours.loc[ours["setting"] == name, "within_80"].mean()), "per cent")
        for name in settings.NAMES
    }
    narrow = [
        str(name).lower()
        for name, rows in ours.groupby("setting", sort=False)
        if 100 * rows["within_80"].mean() < _LEAST
    ]
    last = making.final_scores_of_settings(report.store)
    by_age = last[last["method"] == settings_backtest.WITH_AGES].set_index("setting")
    off = 100 * (by_age["forecast"] / by_age["outcome"] - 1).abs()
    return Markdown(
        "Settings are where this projection loses most: in "
        f"{sum(len(horizons) for horizons in lost.values())} of {pairs} pairs of setting and "
        "horizon another forecast was as good or better. Often it is the plainest, our plans with "
        f"every setting’s share as it is. {_half(scored)}The ranges of eight in ten held "
        f"{listed(f'{share} in {name.lower()}' for name, share in held.items())}"
        + (f": too narrow in {listed(narrow)}" if narrow else "")
        + ". By age, as the charts above have it, one January can be scored. "
        f"From January {backtest.HELD_OUT - 1} to {backtest.HELD_OUT} the error is "
        f"{listed(f'{off[name]:.1f}% in {name.lower()}' for name in settings.NAMES)}."
    )


def _half(scored: pd.DataFrame) -> str:
    """Say where carrying on half of the moves would have done better, three years ahead."""
    mean = scores.summary(scored[scored["horizon"] == max(TARGET)], ["setting", "method"]).pivot(
        index="setting", columns="method", values="mape"
    )
    better = mean.index[mean[settings_backtest.HALF] < mean[backtest.OURS]]
    names = [name.lower() for name in settings.NAMES if name in better]
    if not names:
        return ""
    return (
        f"Half of the moves, carried on, would have done better for {listed(names)} three years "
        "ahead. "
    )


def _lost(scored: pd.DataFrame) -> list[int]:
    """Return the horizons at which another forecast was as good as ours or better."""
    beaten = backtest.beats(scores.summary(scored, ["method", "horizon"]), backtest.HORIZONS)
    return [horizon for horizon, name in beaten.items() if name]


def candidates(report: Report) -> HTML:
    """Return each structure that was tried with its error: the choice rests on this table."""
    tried = making.structures_tried(report.store).pivot(
        index="method", columns="horizon", values="mape"
    )
    return table_in_frame(
        id="structures",
        title="What was tried, and how far off it would have been",
        subtitle="England; mean absolute error in per cent of plans, by years ahead",
        heads=("Structure", *AHEAD),
        rows=[
            [name, *(f"{error:.2f}%" for error in tried.loc[[name]].to_numpy()[0])]
            for name in backtest.CANDIDATES
        ],
        note="The first is what we use. How much growth carries on makes little difference over "
        "the years that can be tested and much beyond them, so every draw takes its own value "
        "between the two below it.",
        source=_source(report),
    )


def final_test(report: Report) -> Markdown:
    """Say what January 2026 brought, what is foreseen of it, and what was when first scored."""
    scored = making.final_scores(report.store)
    rows = scored[scored["origin"] == scored["origin"].max()].set_index("method")
    ours = rows.loc[backtest.OURS]
    others = rows.drop(backtest.OURS)
    off = (others["forecast"] / others["outcome"] - 1).abs()
    best = str(off.idxmin())
    error, least = (
        number(100 * abs(float(row["forecast"] / row["outcome"]) - 1), "per cent", 1)
        for row in (ours, others.loc[best])
    )
    inside = [share for share in scores.RANGES if ours[f"within_{share}"]]
    first = making.first_foreseen(report.store)
    first_off = abs(first / float(ours["outcome"]) - 1)
    when = f"January {backtest.HELD_OUT}"
    return Markdown(
        f"{when} was kept out of every choice. When it was first scored, plans left at two rates: "
        f"from a year before, {number(first)} plans were foreseen and {number(ours['outcome'])} "
        f"came, {number(100 * first_off, 'per cent', 1)} away. "
        f"{sentence_case(_in_a_sentence(best))} came nearest of the benchmarks, {least} away"
        + (", which is closer than ours." if off.min() < first_off else ".")
        + " That plans leave by age and reason came after, for the sake of the ages. Scored anew, "
        f"{number(ours['forecast'])} are foreseen, {error} away"
        + (f", inside the {min(inside)}% range" if inside else ", outside all ranges")
        + ": the outcome was known by then, so this second score is no test."
    )


def final_tests(report: Report) -> HTML:
    """Return what was foreseen of January 2026 from each of the five Januaries before it."""
    scored = making.final_scores(report.store)
    rows = []
    for origin, part in scored.groupby("origin"):
        each = part.set_index("method")
        ours, others = each.loc[backtest.OURS].to_dict(), each.drop(backtest.OURS)
        off = (others["forecast"] / others["outcome"] - 1) * 100
        best = str(off.abs().idxmin())
        inside = [f"{share}%" for share in scores.RANGES if ours[f"within_{share}"]]
        rows.append(
            [
                f"January {origin}",
                f"{ours['forecast']:,.0f}",
                signed(100 * (ours["forecast"] / ours["outcome"] - 1)),
                inside[0] if inside else "outside all",
                f"{best.replace(chr(39), '’')}, {signed(float(off[best]))}",
            ]
        )
    return table_in_frame(
        id="final-tests",
        title=f"January {backtest.HELD_OUT}, as foreseen from the five Januaries before",
        subtitle=f"England; {scored['outcome'].iloc[0]:,.0f} plans came",
        heads=("From", "This projection", "Off by", "Smallest range that held it", "Nearest other"),
        words=(0, 3, 4),
        rows=rows,
        note="The nearest other is the best of the benchmarks with hindsight.",
        source=_source(report),
    )


def signed(per_cent: float) -> str:
    return f"{per_cent:+.1f}%".replace("-", "−")


def _in_a_sentence(method: str) -> str:
    """Name a benchmark inside a sentence.

    Examples
    --------
    >>> _in_a_sentence("Linear drift"), _in_a_sentence("ETS")
    ('linear drift', 'ETS')
    """
    name = method if method.isupper() or method == "Theta" else method[:1].lower() + method[1:]
    return name.replace("'", "’")


def _late(scored: pd.DataFrame) -> pd.DataFrame:
    return scored[scored["origin"] >= SINCE_REFORM]


def _source(report: Report) -> dict[str, str]:
    return report.source(of(report.store.observations("ehc_plans", ENGLAND)))
