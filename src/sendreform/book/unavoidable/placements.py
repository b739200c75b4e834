"""Placements on the page "Reform is unavoidable": which settings plans name."""

import pandas as pd
from IPython.display import HTML, Markdown

from sendreform.book import faults
from sendreform.book.unavoidable.shared import (
    NEW,
    PLANS,
    TURN,
    cautioned,
    gives,
    in_dimension,
    only_one,
    went,
)
from sendreform.book.word_tables import table_in_frame
from sendreform.book.words import (
    FEW,
    counted,
    described,
    drawn,
    is_missing,
    listed,
    moved,
    number,
    or_none,
    sentence_case,
    titled,
)
from sendreform.charts import Figure, flows, small_multiples, stacked_over_time
from sendreform.evidence import placements
from sendreform.evidence.series import Span, at, named, of, per, span
from sendreform.periods import january, label
from sendreform.report import Report

#: The ten Januaries that the claim of "seven of the last ten years" looks back on.
TEN_YEARS = tuple(january(year) for year in range(2015, 2025))
SEVEN = 7
#: A rule of three: over fewer years, there is little to count.
FEWEST_YEARS = 3
MOVES, TO_SPECIAL = "placement_moves", ("Mainstream", "Special")
#: Classes of state mainstream schools, without SEN units and resourced provision.
STATE_CLASSES = (
    "placement:mainstream_academy",
    "placement:mainstream_free_school",
    "placement:mainstream_la_maintained",
)
AGAINST_CLASSES = "All special schools against classes of state mainstream schools alone"
NOT_RECORDED = "placement:not_recorded"
INMSS_KINDS = {
    "placement:special_independent": "Independent special schools",
    "placement:special_non_maintained": "Non-maintained special schools",
}


def placed(report: Report, settings: pd.DataFrame) -> Figure | Markdown:
    """Draw the share of plans in each of six settings."""
    too_little = report.is_small or settings["period"].nunique() < 2
    shown = settings.head(0) if too_little else settings
    shares = shown.assign(value=shown["share"], panel=shown["part"], series=report.name)
    record = report.record(PLANS) | {"unit": "per cent of plans", "decimals": 1}
    spans = {str(part): span(table) for part, table in shares.groupby("panel", sort=False)}
    known = {part: told for part, told in spans.items() if not is_missing(told.difference)}
    most = max(known, key=lambda part: abs(known[part].difference), default="")
    told = known.get(most, Span("", "", float("nan"), float("nan")))
    subject = f"{most}: their share of plans in {report.place}"
    return drawn(
        small_multiples,
        shares,
        otherwise=f"Placements are not shown for {report.place}: too few hold a plan, or they are "
        "not published for two Januaries.",
        id="placements",
        title=titled(subject, told, **record),
        subtitle=f"Per cent of all EHC plans, {report.name}, January census",
        alt=described("Six small line charts, one a setting", most, told, **record),
        note="Of January 2018 the publisher's file of placements leaves some plans out; they are "
        "in the last group."
        if TURN in set(shown["period"]) and report.is_england
        else "",
        **record,
        **report.source(in_dimension(report.figures(PLANS), "placement:")),
    )


def placed_at_the_ends(report: Report, settings: pd.DataFrame) -> HTML | Markdown:
    """Return the plans in each setting in the first and the last January, which add to all."""
    if report.is_small or settings["period"].nunique() < 2:
        return Markdown(f"Numbers by setting are not told for {report.place} in these years.")
    first, last = settings["period"].min(), settings["period"].max()
    rows = [
        [
            str(part),
            *(
                str(words)
                for when in (first, last)
                for words in (
                    number(at(table, when)),
                    number(at(table.assign(value=table["share"]), when), "per cent", 1),
                )
            ),
        ]
        for part, table in settings.groupby("part", sort=False)
    ]
    sums = settings.groupby("period")["value"].sum()
    rows.append(
        ["All plans", *(str(words) for when in (first, last) for words in (number(sums[when]),
                                                                           "100%"))]
    )  # fmt: skip
    heads = ["Setting"]
    for when in (first, last):
        heads += [label(when, "january"), "Share"]
    return table_in_frame(
        id="placements-numbers",
        title=f"Where plans are placed in {report.place}",
        subtitle=f"EHC plans, {report.name}, January census",
        heads=heads,
        rows=rows,
        note=sentence_case(cautioned(report, first, last).strip(" ()")) + "."
        if cautioned(report, first, last)
        else "",
        source=report.source(in_dimension(report.figures(PLANS), "placement:")),
    )


def placement_moves(report: Report, moved_on: pd.DataFrame) -> Figure | Markdown:
    """Draw who moved between placements in the last year for which that is published.

    Parameters
    ----------
    moved_on
        What :func:`placements.moves` returns for the place.
    """
    last_of_all = report.store.observations(MOVES)["period"].max()
    ended = f"This collection ended with {last_of_all}: later moves are not published."
    there = moved_on.dropna(subset="value")
    if report.is_small or there["value"].sum() < FEW:
        return Markdown(
            f"Moves between placements are not drawn for {report.place}: too few moved, or none "
            f"are published for these years. {ended}"
        )
    year = str(there["period"].iloc[0])
    out, back, to_home = _moves(there)
    return flows(
        moved_on,
        unit=report.record(MOVES)["unit"],
        decimals=0,
        source_title="From",
        target_title="To",
        focus=[TO_SPECIAL] if out > 0 else [],
        id="placement-moves",
        title=f"{number(out)} moved from mainstream to special settings in {report.place} in "
        f"{year}, and {number(back)} moved back",
        subtitle="Children and young people with an EHC plan who moved between placements, "
        f"{report.name}, calendar year {year}",
        alt=f"Flow chart. Mainstream to special: {number(out)}; special to mainstream: "
        f"{number(back)}; to home education from both: {number(to_home)}.",
        note=f"{ended} Those placed in a special school from the start are not among those who "
        "moved.",
        **report.source(report.figures(MOVES)),
    )


def mainstream_to_special(report: Report, moved_on: pd.DataFrame) -> Markdown:
    """Say how moves to special settings compare with those back, and how many left for home."""
    there = moved_on.dropna(subset="value")
    out, back, to_home = _moves(there)
    if report.is_small or there["value"].sum() < FEW or is_missing(out + back):
        return Markdown(f"For {report.place}, moves to special settings and back are not compared.")
    year = there["period"].iloc[0]
    more, fewer = max(out, back), min(out, back)
    ways = "from mainstream to special settings", "back to mainstream"
    if fewer < FEW:
        compared = f"{number(out)} moved {ways[0]} in {year}, and {number(back)} {ways[1]}"
    elif round(more / fewer, 1) == 1:
        compared = f"about as many moved {ways[0]} in {year} as {ways[1]}"
    else:
        one, other = ways if out > back else ways[::-1]
        compared = f"{number(more / fewer, '', 1)} times as many moved {one} in {year} as {other}"
    left = number(to_home) if to_home else "none"
    home = f"; {left} left either for home education" if not is_missing(to_home) else ""
    return Markdown(f"In {report.place}, {compared}{home}.")


def _moves(there: pd.DataFrame) -> tuple[float, float, float]:
    """Return moves to special settings, moves back, and moves to home education."""
    pairs = there.set_index(["source", "target"])["value"]
    home = there.loc[there["target"] == "Home education", "value"]
    return (
        float(pairs.get(TO_SPECIAL, float("nan"))),
        float(pairs.get(TO_SPECIAL[::-1], float("nan"))),
        float(home.sum(min_count=2)),
    )


def definitions(plans: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Count the ten years in each way of :mod:`placements`, and in the one that gives seven.

    Parameters
    ----------
    plans, new
        Observations of ``ehc_plans`` and ``new_ehc_plans`` for one area.

    Returns
    -------
    What :func:`placements.special_against_mainstream` returns, with a last row for special
    schools against classes of state mainstream schools alone (claim C008, second figure).
    """
    classes = plans[plans["breakdown"].isin(STATE_CLASSES)]
    sums = classes.groupby("period")["value"].sum(min_count=len(STATE_CLASSES)).reset_index()
    in_place = pd.concat(
        [of(plans, "placement:special"), sums.assign(breakdown="placement:mainstream")],
        ignore_index=True,
    )
    alone = placements.special_against_mainstream(in_place, new.head(0), TEN_YEARS).head(1)
    return pd.concat(
        [
            placements.special_against_mainstream(plans, new, TEN_YEARS),
            alone.assign(definition=AGAINST_CLASSES),
        ],
        ignore_index=True,
    )


def special_and_mainstream(report: Report, told: pd.DataFrame) -> HTML | Markdown:
    """Return in how many years special schools took more, under each definition.

    Parameters
    ----------
    told
        What :func:`placements.special_against_mainstream` returns.
    """
    if report.is_small or told["years"].max() < FEWEST_YEARS:
        return Markdown(
            f"For {report.place}, special and mainstream schools are not set side by side: too few "
            "hold a plan, or placements are published for too few of these years."
        )
    passed = cautioned(report, TEN_YEARS[-int(told["years"].max())], TEN_YEARS[-1]).strip(" ()")
    return table_in_frame(
        id="special-and-mainstream",
        title=f"Special schools took more than mainstream in {report.place} {_in_years(told)}",
        subtitle=f"Years in which special schools took more, {report.name}, "
        f"{label(TEN_YEARS[0], 'january')} to {label(TEN_YEARS[-1], 'january')}",
        heads=["What is compared", "Special schools took more", "Those years"],
        words=(1, 2),
        rows=[
            [row["definition"], row["verdict"], row["which"] or "none"]
            for row in told.to_dict("records")
        ],
        note=f"{sentence_case(passed)}." if passed else "",
        source=report.source(
            in_dimension(report.to_latest(PLANS), "placement:"),
            in_dimension(report.to_latest(NEW), "placement:"),
        ),
    )


def _in_years(told: pd.DataFrame) -> str:
    """Write in how many years special schools took more, from the fewest to the most.

    Examples
    --------
    >>> _in_years(pd.DataFrame({"years": [10, 10, 0], "more_special": [0, 6, 0]}))
    'in none to six of ten years, by the definition'
    >>> _in_years(pd.DataFrame({"years": [10, 10], "more_special": [10, 10]}))
    'in ten of ten years under every definition'
    >>> _in_years(pd.DataFrame({"years": [1, 1], "more_special": [0, 0]}))
    'in none of one year under every definition'
    """
    known = told[told["years"] > 0]
    words = [or_none(int(end)) if end < len(TEN_YEARS) else "ten"
             for end in (known["more_special"].min(), known["more_special"].max())]  # fmt: skip
    most = int(known["years"].max())
    of_years = "ten years" if most == len(TEN_YEARS) else counted(most, "year")
    if known["years"].nunique() > 1:
        of_years = f"up to {of_years}"
    if words[0] == words[1]:
        return f"in {words[0]} of {of_years} under every definition"
    return f"in {words[0]} to {words[1]} of {of_years}, by the definition"


def seven_of_ten(report: Report, told: pd.DataFrame) -> Markdown:
    """Say how many definitions give seven years, and how many give more."""
    ten = told[told["years"] == len(TEN_YEARS)]
    if report.is_small or ten.empty:
        return Markdown(f"For {report.place}, the claim cannot be held against ten years.")
    exactly, more = (int(found.sum()) for found in (ten["more_special"] == SEVEN,
                                                    ten["more_special"] > SEVEN))  # fmt: skip
    which = ten.loc[ten["more_special"] == SEVEN, "definition"]
    named_one = f" ({which.iloc[0][0].lower()}{which.iloc[0][1:]})" if exactly == 1 else ""
    return Markdown(
        f"Of {counted(len(ten), 'definition')} that can be followed over these ten years in "
        f"{report.place}, {gives(exactly)} seven years exactly{named_one} and {gives(more)} more "
        "than seven."
    )


def independent(report: Report, everything: pd.DataFrame) -> Figure | Markdown:
    """Draw plans that name independent and non-maintained special schools."""
    shown = everything.head(0) if report.is_small else everything
    kinds = named(shown, INMSS_KINDS)
    together = span(placements.independent_special(everything))
    record = report.record(PLANS)
    complete = kinds.groupby("period")["value"].transform("count") == len(INMSS_KINDS)
    subject = f"Plans in independent and non-maintained special schools in {report.place}"
    alone = only_one(subject, placements.independent_special(shown), record)
    return alone or drawn(
        stacked_over_time,
        kinds[complete].rename(columns={"series": "part"}),
        otherwise="Placements in independent and non-maintained special schools are not shown for "
        f"{report.place}: too few hold a plan, or none are published for these years.",
        id="inmss",
        title=titled(subject, together, **record),
        subtitle=f"EHC plans that name such a school, {report.name}, January census",
        alt=described("Stacked columns", "Plans in both kinds of school", together, **record),
        note=" ".join(
            [
                _without_placement(report, everything),
                faults.note(report, PLANS) if report.level == "council" else "",
            ]
        ).strip(),
        **record,
        **report.source(kinds),
    )


def _without_placement(report: Report, everything: pd.DataFrame) -> str:
    """Say for what share of plans no placement is recorded in the two newest Januaries."""
    missing = per(of(everything, NOT_RECORDED), of(everything), times=100).dropna(subset="value")
    newest = missing.sort_values("period").tail(2).query("value >= 0.05")
    shares = [
        f"{number(row['value'], 'per cent', 1)} in {label(row['period'], 'january')}"
        for row in newest.to_dict("records")
    ]
    return (
        f"Of plans in {report.place}, no placement is recorded for {listed(shares)}; some of them "
        "may be in these schools."
        if shares
        else ""
    )


def independent_beside_all(report: Report, everything: pd.DataFrame) -> Markdown:
    """Say how these schools grew beside plans whose placement is recorded, and beside all."""
    inmss, plans = placements.independent_special(everything).dropna(subset="value"), of(everything)
    recorded, known = placements.recorded(everything), sorted(inmss["period"])
    if report.is_small or len(known) < 2:
        return Markdown(
            f"For {report.place}, these placements cannot be set beside all plans over time."
        )
    first = known[0]

    def course(figures: pd.DataFrame, end: str) -> str:
        return went(Span(first, end, at(figures, first), at(figures, end)))

    told = " ".join(
        f"From {label(first, 'january')} to {label(end, 'january')}"
        f"{cautioned(report, first, end)}, these placements in {report.place} "
        f"{course(inmss, end)}; plans whose placement is recorded {course(recorded, end)}; all "
        f"plans {course(plans, end)}."
        for end in known[-2:]
        if end != first
    )
    shares = per(inmss, recorded, times=100, on=("period",))
    moved_by = moved(span(shares), **(report.record(PLANS) | {"unit": "per cent", "decimals": 1}))
    return Markdown(f"{told} Their share of plans whose placement is recorded {moved_by}.")
