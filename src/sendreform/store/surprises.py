"""Figures that a new edition may not take silently: revised, withdrawn, or hardly plausible.

No schema and no sum can see that a publisher revised last year, or that a file is in thousands. So
a new edition is held against the one in place. What comes from a file that the old edition knew (by
its SHA-256) is our own doing and no surprise. Of the rest, each of these is one:

``revised``
    A figure that was there is another; or the areas, neighbours or forecasts are (each a table,
    told by the first line that differs).
``withdrawn``
    A figure that was there is gone.
``not yet over``
    A new period that had not ended when its file was published.
``missing``
    A council of today has figures in the year before and not even a symbol in a new year, in
    which other councils have figures. Or the total of England or a region, or a whole kind of
    breakdown for England, is not there that the year before has: its label may be another.
``too far``
    A new figure is further from that of the year before than :data:`LIMITS` allow.
``below nought``
    A new figure is negative, and no figure of the measure and breakdown was so far: spending is
    never printed so.
``not its share``
    A new share does not follow from the counts that are published with it: see
    :mod:`sendreform.store.shares`.
``hidden``
    The total of a council was a hundred or more in the year before, and is a symbol now that
    stands for few or none; or that of England is any symbol.
``hidden for most``
    Half of the councils or more that had a figure when last they were counted have a symbol now.
``swapped``
    Two parts of England's total have the size that the other one had: see :data:`SWAPPED`.
``sign turned``
    Of a measure that can be negative, a council's new figure mirrors that of the year before: see
    :data:`MIRRORED`.

A person who has looked at a surprise, and found that it is so, says so in ``data/accepted.csv``.
"""

import textwrap
from collections.abc import Iterable
from itertools import zip_longest

import numpy as np
import pandas as pd

from sendreform.observations import ENGLAND, yearly_steps
from sendreform.periods import last_day
from sendreform.store import shares
from sendreform.store.layout import ACCEPTED_COLUMNS, CONTEXT
from sendreform.store.tables import Store

COLUMNS = [
    "surprise", "measure", "area", "area_name", "period", "breakdown", "before", "now", "limit",
    "file",
]  # fmt: skip
#: In the order in which they are told: what explains others comes before what it brings about.
SURPRISES = (
    "missing", "hidden", "hidden for most", "swapped", "too far", "below nought", "sign turned",
    "not its share", "withdrawn", "revised", "not yet over",
)  # fmt: skip

#: How far a figure may be from that of the year before. A count may grow or shrink by a factor,
#: where the larger of the two is at least so large; a share may move by so many points. The middle
#: council is the median of at least thirty: a file in other units, or with columns swapped, moves
#: it, and a council alone does not.
LIMITS = {
    ("count", "country", "all"): (2.5, 1000),
    ("count", "country", "part"): (8.0, 1000),
    ("count", "region", "all"): (3.0, 1000),
    ("count", "council", "all"): (4.0, 500),
    ("count", "middle council", "all"): (2.0, 100),
    ("count", "middle council", "part"): (6.0, 100),
    ("share", "country", "all"): (10.0, 0),
    ("share", "country", "part"): (15.0, 0),
    ("share", "middle council", "all"): (20.0, 0),
    ("share", "middle council", "part"): (20.0, 0),
}
LEAST_COUNCILS = 30
#: A council's figure mirrors the one before where its sign is the other, its size within this
#: factor, and the change more than so many times that of the middle council. In the official files
#: 13 of 7,314 steps of measures that can be negative do so.
MIRRORED = (1.5, 4.0)
#: Parts are swapped where each moved by more than the first factor, and both lie nearer to what the
#: other was by more than the second. Of the pairs in the official files none does.
SWAPPED = (1.5, 4.0)
#: Symbols that stand for few or none, and a figure from which on they cannot be right a year later.
FEW, NOT_FEW = ("c", "k", "low", "z"), 100
#: Of councils with a figure of a breakdown, the part that has a symbol in a year after. In 2,132
#: years of breakdowns of the official files it is 0.44 at most, and 0.16 but for one.
MOST_HIDDEN = 0.5
#: What a place has to have in a new year is what it had in the last of so many years.
MOST_YEARS_BACK = 3
#: How many characters of a cell, or of a line of a table, are told.
MOST_TOLD = 80

#: Measures that are published ahead of their periods: money set aside, forecasts, projections.
AHEAD = (
    "dsg_allocation", "gdp_deflator", "high_needs_block", "high_needs_block_after_deductions",
    "high_needs_budget_by_category", "high_needs_funding", "notional_sen_budget",
    "placement_cost_estimate", "population_projection", "safety_valve_agreement",
    "safety_valve_total", "dsg_deficit_published", "high_needs_overspend_published",
    "send_spending_published", "survey_councils_saying", "survey_disagree",
    "survey_disagree_more_than",
)  # fmt: skip

_KEY = ["area", "period", "breakdown"]
#: Columns that are known where a surprise is found.
_TOLD = [name for name in COLUMNS if name not in ("area_name", "file")]


def surprises(old: Store, new: Store) -> pd.DataFrame:
    """Return every figure of a new edition that is a surprise beside the old, and is not accepted.

    Returns
    -------
    DataFrame with ``surprise``, ``measure``, ``area`` and its name, ``period``, ``breakdown``,
    ``before`` and ``now`` (text as ``data/`` has it, a symbol where there is no figure), ``limit``,
    in words, and the ``file`` that it was read from; in the order of :data:`SURPRISES`.
    """
    known = set(old.files)
    is_new = ~new.files.isin(known)
    gone = ~old.files.isin(set(new.files))
    found = [
        surprise
        for measure in new.measures.index
        if measure in old.measures.index and _differ(old, new, measure)
        for surprise in _of_measure(old, new, measure, is_new, gone)
    ]
    if is_new.any():
        found += [_of_table(old, new, name) for name in CONTEXT]
    there = [table for table in found if not table.empty]
    if not there:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(there, ignore_index=True)
    file = _files(table, new, is_new)
    return (
        table.assign(
            area_name=table["area"].map(new.areas["name"]).fillna(""),
            file=file.where(file != "", _files(table, old, gone)),
            order=table["surprise"].map(SURPRISES.index),
        )
        .sort_values("order", kind="stable", ignore_index=True)[COLUMNS]
        .pipe(_without_accepted, new.accepted)
    )


def _files(found: pd.DataFrame, store: Store, differs: pd.Series) -> pd.Series:
    """Return from which file each surprise was read, of those that only one edition has."""
    where = store.file_names[differs]
    by_period = {
        measure: store.observations(measure)
        .assign(file=lambda rows: rows["source"].map(where))
        .dropna(subset="file")
        .groupby("period")["file"]
        .first()
        for measure in found["measure"].unique()
        if measure in store.measures.index
    }
    return pd.Series(
        [
            by_period[measure].get(period, "") if measure in by_period else ""
            for measure, period in zip(found["measure"], found["period"], strict=True)
        ],
        index=found.index,
        dtype="str",
    )


def in_words(surprise: "pd.Series[str]") -> str:
    """Return one surprise as a clause: what, of which figure, and from what to what.

    A line of a table is told as far as its first words.
    """
    before, now = (
        textwrap.shorten(surprise[name], MOST_TOLD, placeholder=" …") or "nothing"
        for name in ("before", "now")
    )
    area, period = surprise["area"], surprise["period"]
    name = f" ({surprise['area_name']})" if surprise["area_name"] else ""
    about = [
        surprise["measure"],
        f"area {area}{name}" if area else "",
        f"period {period}" if period else "",
        surprise["breakdown"],
    ]
    of_figure = ", ".join(part for part in about if part)
    return f"{of_figure}: {surprise['surprise']}, {before} → {now}" + (
        f" ({surprise['limit']})" if surprise["limit"] else ""
    )


def _differ(old: Store, new: Store, measure: str) -> bool:
    before, now = (
        store.layout.observations(store.record(measure)["family"], measure) for store in (old, new)
    )
    return not before.is_file() or before.read_bytes() != now.read_bytes()


def _of_measure(
    old: Store, new: Store, measure: str, is_new: pd.Series, gone: pd.Series
) -> Iterable[pd.DataFrame]:
    record = new.record(measure)
    before, now = (store.observations(measure) for store in (old, new))
    both = before.merge(now, on=["measure", *_KEY], how="outer", suffixes=("_then", "_now"))
    added = both["source_then"].isna()
    from_new = both["source_now"].map(is_new).eq(True)
    same = both["value_then"].eq(both["value_now"]) | (
        both["value_then"].isna() & both["value_now"].isna()
    )
    same &= both["status_then"].eq(both["status_now"])
    yield _told(both[from_new & ~added & ~same], "revised")
    is_gone = both["source_then"].map(gone).eq(True) | _in_groups_of(both, from_new)
    yield _told(both[both["source_now"].isna() & is_gone], "withdrawn")
    fresh = both[from_new & added].rename(columns={"value_now": "value"})
    if measure not in AHEAD:
        yield _not_yet_over(fresh, new, record["period_kind"])
    levels = new.areas["level"]
    breaks = list(new.breaks.loc[new.breaks["measure"] == measure, "period"])
    yield _missing(fresh, before, now, new, measure)
    if measure not in AHEAD:
        yield _lost(fresh, now, new, breaks)
    every_step = yearly_steps(now[[*_KEY, "value"]], breaks)
    steps = every_step[
        pd.MultiIndex.from_frame(every_step[_KEY]).isin(pd.MultiIndex.from_frame(fresh[_KEY]))
    ]
    kind = "share" if record["unit"].startswith("per cent") else "count"
    yield _below_nought(fresh, before)
    yield _hidden_for_most(fresh, now, measure, levels)
    if kind == "count":
        yield _hidden(fresh, now, measure, levels)
        yield _swapped(steps, measure)
    yield _not_its_share(both[from_new & ~same], new, measure)
    yield _sign_turned(every_step, fresh, measure, levels)
    if not steps.empty:
        yield _too_far(steps.assign(measure=measure, level=steps["area"].map(levels)), kind)


def _in_groups_of(rows: pd.DataFrame, those: pd.Series) -> pd.Series:
    """Say which rows are of an area, period and kind of breakdown of which those rows are, too.

    A file that revises one figure of such a group replaces all of it: what it lacks is gone.
    """
    kind = rows["breakdown"].str.replace(r":\S+", "", regex=True)
    return those.groupby([rows["area"], rows["period"], kind]).transform("any")


def _of_table(old: Store, new: Store, name: str) -> pd.DataFrame:
    """Return the first line of a table that is not as it was."""
    before, now = (store.layout.table(name).read_text("utf-8").splitlines() for store in (old, new))
    pairs = [pair for pair in zip_longest(before, now, fillvalue="") if pair[0] != pair[1]]
    return pd.DataFrame(
        [
            {
                **dict.fromkeys(_TOLD, ""),
                "surprise": "revised", "measure": name, "before": then, "now": line,
            }
            for then, line in pairs[:1]
        ],
        columns=_TOLD,
    )  # fmt: skip


def _told(rows: pd.DataFrame, surprise: str) -> pd.DataFrame:
    """Return rows of two editions as surprises."""
    cells = {
        name: rows[f"value_{when}"]
        .map("{:.12g}".format, na_action="ignore")
        .astype("object")
        .fillna(rows[f"status_{when}"])
        .fillna("")
        for name, when in (("before", "then"), ("now", "now"))
    }
    return rows.assign(surprise=surprise, limit="", **cells)[_TOLD]


def _not_yet_over(fresh: pd.DataFrame, new: Store, kind: str) -> pd.DataFrame:
    """Periods with new figures that had not ended when their file was published, each once."""
    dated = new.sources["published"].where(
        new.sources["published"].str.len() >= len("2026-06"), new.sources["accessed"]
    )
    ends = fresh["period"].map({text: last_day(text, kind) for text in fresh["period"].unique()})
    published = fresh["source_now"].map(dated)
    # A month without a day counts to its end.
    early = fresh[ends > published.where(published.str.len() > len("2026-06"), published + "-31")]
    return (
        early.assign(published=published)
        .groupby(["measure", "period"], as_index=False)
        .agg(figures=("area", "size"), published=("published", "min"))
        .pipe(
            lambda rows: rows.assign(
                surprise="not yet over",
                area="",
                breakdown="",
                before="",
                now=rows["figures"].map(lambda count: f"{count:,} figure{'s' * (count > 1)}"),
                limit="its file is of " + rows["published"],
            )
        )[_TOLD]
    )


def _missing(
    fresh: pd.DataFrame, held: pd.DataFrame, now: pd.DataFrame, new: Store, measure: str
) -> pd.DataFrame:
    """Councils of today that have no row in a new year, and have one in the year before.

    Of a year that the edition in place holds by council, those that it lacks are known to lack it.
    """
    areas = new.areas
    today = set(areas.index[(areas["level"] == "council") & (areas["last_period"] == "")])
    rows = []
    for period, some in fresh[fresh["area"].isin(today)].groupby("period"):
        earlier = now.loc[(now["period"] < period) & now["area"].isin(today), "period"]
        if some["area"].nunique() < LEAST_COUNCILS or earlier.empty:
            continue
        there = set(now.loc[now["period"] == period, "area"])
        before = set(now.loc[now["period"] == earlier.max(), "area"]) & today
        known = set(held.loc[held["period"] == period, "area"]) & today
        if len(known) >= LEAST_COUNCILS:
            before &= known
        rows += [
            {"measure": measure, "area": area, "period": period} for area in sorted(before - there)
        ]
    return pd.DataFrame(rows, columns=["measure", "area", "period"]).assign(
        surprise="missing",
        breakdown="all",
        before="figures in the year before",
        now="",
        limit="a council that publishes nothing has a symbol",
    )[_TOLD]


def _lost(
    fresh: pd.DataFrame, now: pd.DataFrame, new: Store, breaks: Iterable[str]
) -> pd.DataFrame:
    """Totals of wider areas, and kinds of breakdown for England, that a new year lacks.

    The same publication has a figure or a symbol for each of years before. Of a year for which
    it has councils, England and the regions are looked for in any case. Where a series begins to be
    counted otherwise, or a table came without the others of its release, only totals are.
    """
    levels, publications = new.areas["level"], new.sources["publication"]
    rows = now.assign(
        kind=now["breakdown"].str.replace(r":\S+", "", regex=True),
        level=now["area"].map(levels),
        publication=now["source"].map(publications),
    )
    breaks, found = set(breaks), []
    for period, some in fresh.groupby("period"):
        own = rows[rows["publication"].isin(set(some["source_now"].map(publications)))]
        own = own[own["period"] < period]
        # Of the year before there may be figures for England alone.
        recent = own[own["period"].isin(sorted(own["period"].unique())[-MOST_YEARS_BACK:])]
        own = recent[recent["period"] == recent.groupby("area")["period"].transform("max")]
        of_england = own["area"].eq(ENGLAND)
        councils = some.loc[some["area"].map(levels).eq("council"), "area"].nunique()
        is_wide = own["level"].ne("council") & (councils >= LEAST_COUNCILS)
        # What came in an archive has all of its tables beside it.
        whole = (new.sources.loc[some["source_now"].unique(), "member"] != "").all()
        looked_for = (own["area"].isin(set(some["area"])) | is_wide) & (
            own["kind"].eq("all") | (of_england & (whole and period not in breaks))
        )
        there = rows.loc[rows["period"] == period, ["area", "kind"]].drop_duplicates()
        found.append(
            own[looked_for]
            .drop_duplicates(["area", "kind"])
            .merge(there, on=["area", "kind"], how="left", indicator="where")
            .query("where == 'left_only'")
            .assign(period=period, breakdown=lambda rows: rows["kind"])
        )
    if not found:
        return pd.DataFrame(columns=_TOLD)
    lost: pd.DataFrame = pd.concat(found)
    return lost.assign(
        surprise="missing",
        before="figures in the year before",
        now="",
        limit="its label may have been reworded",
    )[_TOLD]


def _below_nought(fresh: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """New negative figures of breakdowns that have figures, and none below nought, so far."""
    lowest = fresh["breakdown"].map(before.groupby("breakdown")["value"].min())
    return fresh[(fresh["value"] < 0) & (lowest >= 0)].pipe(
        lambda rows: rows.assign(
            surprise="below nought",
            before="",
            now=rows["value"].map("{:.12g}".format),
            limit="none of this breakdown was negative so far",
        )
    )[_TOLD]


def _hidden(
    fresh: pd.DataFrame, now: pd.DataFrame, measure: str, levels: pd.Series
) -> pd.DataFrame:
    """Totals that are a symbol in a new period, and a figure too large for it in the one before."""
    totals = now[now["breakdown"] == "all"].sort_values(["area", "period"])
    before = totals.groupby("area")["value"].shift()
    few = totals["status"].isin(FEW) & levels.reindex(totals["area"]).eq("council").to_numpy()
    none = totals["status"].ne("") & totals["area"].eq(ENGLAND)
    is_fresh = pd.MultiIndex.from_frame(totals[_KEY]).isin(pd.MultiIndex.from_frame(fresh[_KEY]))
    found = totals.assign(before=before)[
        totals["value"].isna() & (before >= NOT_FEW) & (few | none) & is_fresh
    ]
    return found.assign(
        measure=measure,
        surprise="hidden",
        before=found["before"].map("{:.12g}".format),
        now=found["status"],
        limit="what it stands for is not so many",
    )[_TOLD]


def _hidden_for_most(
    fresh: pd.DataFrame, now: pd.DataFrame, measure: str, levels: pd.Series
) -> pd.DataFrame:
    """Breakdowns for which most councils had a figure when last counted, and have a symbol now."""
    councils = now[now["area"].map(levels) == "council"].sort_values(["area", "period"])
    before = councils.groupby(["area", "breakdown"])["value"].shift()
    is_fresh = pd.MultiIndex.from_frame(councils[_KEY]).isin(pd.MultiIndex.from_frame(fresh[_KEY]))
    counted = (
        councils[before.notna() & is_fresh]
        .assign(is_hidden=lambda rows: rows["value"].isna())
        .groupby(["period", "breakdown"], as_index=False)
        .agg(councils=("is_hidden", "size"), hidden=("is_hidden", "sum"))
    )
    found = counted[
        (counted["councils"] >= LEAST_COUNCILS)
        & (counted["hidden"] >= MOST_HIDDEN * counted["councils"])
    ]
    return found.assign(
        measure=measure,
        surprise="hidden for most",
        area="",
        before=found["councils"].map("figures of {} councils".format),
        now=found["hidden"].map("symbols for {} of them".format),
        limit=f"limit {100 * MOST_HIDDEN:g}% of them",
    )[_TOLD]


def _swapped(steps: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Parts of England's total, of one kind, of which two have each other's size of last year."""
    moved_by, nearer = SWAPPED
    large = steps[["value", "before"]].min(axis=1) >= NOT_FEW
    of_one_kind = steps["breakdown"].str.count(":").eq(1)
    parts = steps[steps["area"].eq(ENGLAND) & of_one_kind & large]
    sized = parts.assign(
        kind=parts["breakdown"].str.replace(r":.*", "", regex=True),
        size=np.log(parts["value"]),
        was=np.log(parts["before"]),
    )
    far = sized[(sized["size"] - sized["was"]).abs() > np.log(moved_by)]
    pairs: pd.DataFrame = far.merge(far, on=["period", "kind"], suffixes=("", "_of_other"))
    own = (pairs["size"] - pairs["was"]).abs() + (
        pairs["size_of_other"] - pairs["was_of_other"]
    ).abs()
    across = (pairs["size"] - pairs["was_of_other"]).abs() + (
        pairs["size_of_other"] - pairs["was"]
    ).abs()
    found: pd.DataFrame = pairs[
        (nearer * across < own) & (pairs["breakdown"] != pairs["breakdown_of_other"])
    ]
    return found.assign(
        measure=measure,
        surprise="swapped",
        before=found["before"].map("{:.12g}".format),
        now=found["value"].map("{:.12g}".format),
        limit="as " + found["breakdown_of_other"] + " had it",
    )[_TOLD]


def _not_its_share(other: pd.DataFrame, new: Store, measure: str) -> pd.DataFrame:
    """New or revised shares that do not follow from their counts."""
    again = shares.worked_out(new, measure)
    is_other = pd.MultiIndex.from_frame(again[_KEY]).isin(pd.MultiIndex.from_frame(other[_KEY]))
    return again[is_other & ~again["follows"]].pipe(
        lambda rows: rows.assign(
            measure=measure,
            surprise="not its share",
            before="",
            now=rows["value"].map("{:.12g}".format),
            limit=rows["ours"].map("its counts make {:.2f}".format),
        )
    )[_TOLD]


def _sign_turned(
    steps: pd.DataFrame, fresh: pd.DataFrame, measure: str, levels: pd.Series
) -> pd.DataFrame:
    """Councils whose new figure is that of the year before with the other sign, or nearly."""
    councils = steps[steps["area"].map(levels) == "council"]
    change = (councils["value"] - councils["before"]).abs()
    middle = change.groupby([councils["period"], councils["breakdown"]]).transform("median")
    sizes = councils[["value", "before"]].abs()
    within, times = MIRRORED
    mirrored = (
        (councils["value"] * councils["before"] < 0)
        & (sizes.max(axis=1) < within * sizes.min(axis=1))
        & (change > times * middle)
    )
    is_fresh = pd.MultiIndex.from_frame(councils[_KEY]).isin(pd.MultiIndex.from_frame(fresh[_KEY]))
    return councils[mirrored & is_fresh].pipe(
        lambda rows: rows.assign(
            measure=measure,
            surprise="sign turned",
            before=rows["before"].map("{:.12g}".format),
            now=rows["value"].map("{:.12g}".format),
            limit=f"within {within:g} times, and {times:g} times the middle council's change",
        )
    )[_TOLD]


def _too_far(steps: pd.DataFrame, kind: str) -> pd.DataFrame:
    """New figures that are further from the year before than the limits allow."""
    larger = steps[["value", "before"]].max(axis=1)
    smaller = steps[["value", "before"]].min(axis=1)
    # One at the least, so that nothing is divided by nought; a balance can be below it.
    factor = (larger / smaller.clip(lower=1)).where(smaller >= 0, 1.0)
    far = (steps["value"] - steps["before"]).abs() if kind == "share" else factor
    measured = steps.assign(
        far=far,
        larger=larger,
        part=np.where(steps["breakdown"] == "all", "all", "part"),
    )
    large = measured[(kind == "share") | (measured["larger"] >= 100)]
    councils = large[large["level"] == "council"].groupby(
        ["measure", "period", "breakdown", "part"]
    )
    middle = councils.agg(
        far=("far", "median"), value=("value", "median"), before=("before", "median"),
        larger=("larger", "median"), councils=("area", "nunique"),
    ).reset_index()  # fmt: skip
    middle = middle[middle["councils"] >= LEAST_COUNCILS].assign(
        area="middle council", level="middle council"
    )
    every = pd.concat([measured, middle], ignore_index=True)
    found = []
    for (of, level, part), (limit, least) in LIMITS.items():
        if of != kind:
            continue
        rows = every[(every["level"] == level) & (every["part"] == part)]
        words = f"limit {limit:g} points" if kind == "share" else f"limit {limit:g} times"
        found.append(rows[(rows["far"] > limit) & (rows["larger"] >= least)].assign(limit=words))
    return pd.concat(found, ignore_index=True).pipe(
        lambda rows: rows.assign(
            surprise="too far",
            before=rows["before"].map("{:.12g}".format),
            now=rows["value"].map("{:.12g}".format),
        )
    )[_TOLD]


def _without_accepted(found: pd.DataFrame, accepted: pd.DataFrame) -> pd.DataFrame:
    """Leave out what people accepted: an empty cell of theirs stands for any."""
    open_still = pd.Series(True, index=found.index)
    for record in accepted[ACCEPTED_COLUMNS[:5]].to_dict("records"):
        same = pd.Series(True, index=found.index)
        for column, cell in record.items():
            same &= found[column].eq(cell) | (cell == "")
        open_still &= ~same
    return found[open_still].reset_index(drop=True)
