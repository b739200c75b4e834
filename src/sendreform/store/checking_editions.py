"""Is a new edition of the data sound? Refuses it otherwise, before it replaces anything."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from sendreform.errors import ReportError
from sendreform.store.layout import write_csv
from sendreform.store.reconciliation import compare_with_published, published_totals, reconcile
from sendreform.store.surprises import in_words, surprises
from sendreform.store.tables import Store
from sendreform.store.validation import validate

Progress = Callable[[str], None]


def check_edition(
    fresh: Store,
    data: Store,
    progress: Progress = lambda _doing: None,
    *,
    measures: Collection[str] | None = None,
    details: Path | None = None,
    called: Mapping[str, str] | None = None,
) -> None:
    """Refuse a new edition that is not sound, or that surprises beside the one in place.

    Parameters
    ----------
    fresh, data
        The new edition, and the one that it would replace, which need not be there.
    progress
        Called with the name of each step as it starts.
    measures
        Only rows and sums of these are looked at, where others are known to be sound.
    details
        Where to write every surprise, as CSV.
    called
        How files are called in what is told, by where the catalogue keeps them.

    Raises
    ------
    ReportError
        If a row fails its schema, parts do not add to their whole for no known reason, a total is
        not as published, or there is a surprise (see :mod:`sendreform.store.surprises`) that
        nobody has accepted.
    """
    progress("validating")
    _refuse_problems(fresh, measures)
    # A council that is missing, or a file in thousands, is told as that, and not by a sum.
    if data.layout.table("measures").is_file():
        progress("comparing with the edition in place")
        _refuse_surprises(data, fresh, details, called or {})
    progress("reconciling")
    _refuse_unexplained_sums(fresh, measures, called or {})
    _refuse_other_totals(fresh, measures)


def _refuse_other_totals(fresh: Store, measures: Collection[str] | None) -> None:
    """Refuse a total that is not the one that its publisher prints elsewhere."""
    totals = published_totals()
    if measures is not None:
        totals = totals[totals["measure"].isin(measures)]
    if totals.empty:
        return
    compared = compare_with_published(fresh, totals)
    wrong = compared[compared["verdict"].isin(["differs", "absent"])]
    if not wrong.empty:
        first = wrong.iloc[0]
        raise ReportError(
            f"{first['measure']} for area {first['area']}, period {first['period']}, "
            f"{first['breakdown']} is {first['ours']:.12g}, and its publisher prints "
            f"{first['published']:.12g}",
            where="import",
            fix=f"Nothing was replaced ({len(wrong)} such totals). Correct the file, or where the "
            "publisher revised the total, src/sendreform/store/published_totals.csv.",
        )


def _refuse_surprises(
    data: Store, fresh: Store, details: Path | None, called: Mapping[str, str]
) -> None:
    """Refuse what nobody has looked at: revisions, withdrawals, hardly plausible figures."""
    found = surprises(data, fresh)
    if details:
        write_csv(found, details)
    if found.empty:
        return
    first = found.iloc[0]
    later = "If the file came out later, give --published DATE. "
    counts = found["surprise"].value_counts(sort=False)
    told = ", ".join(f"{count:,} × {surprise}" for surprise, count in counts.items())
    raise ReportError(
        in_words(first),
        where=_called(first["file"], called) or "import",
        fix=(later if first["surprise"] == "not yet over" else "")
        + f"Nothing was replaced (of such surprises there are {told}; --details FILE writes them "
        "all). Correct the file, or if it is so, say so in data/accepted.csv, a line such as "
        f'"{first["surprise"]},{first["measure"]},{first["area"]},{first["period"]},,why,date".',
    )


def _called(file: str, called: Mapping[str, str]) -> str:
    """Return a file, or a member of one, as whoever gave it calls it."""
    for kept_as, name in called.items():
        if file == kept_as or file.startswith(f"{kept_as}/"):
            return name + file.removeprefix(kept_as)
    return file


def _refuse_problems(fresh: Store, measures: Collection[str] | None) -> None:
    problems = validate(fresh, measures)
    if problems:
        raise ReportError(
            problems[0].replace(str(fresh.layout.root), "data"),
            where="import",
            fix=f"Nothing was replaced ({len(problems)} problem(s) in all).",
        )


def _refuse_unexplained_sums(
    store: Store, measures: Collection[str] | None, called: Mapping[str, str]
) -> None:
    """Refuse figures whose parts do not add to their whole for no known reason.

    This catches what no schema can: a council's rows missing, a figure a digit too long.
    """
    sums = reconcile(store, measures)
    wrong = sums[sums["verdict"] == "differs"]
    if not wrong.empty:
        first = wrong.iloc[0]
        key = ["area", "period", "breakdown"]
        rows = store.observations(str(first["measure"]))
        source = rows.loc[rows[key].eq(first[key]).all(axis=1), "source"].iloc[0]
        place = store.areas["name"][first["area"]]
        raise ReportError(
            f"{first['measure']} does not add up ({first['check']}, area {first['area']} ({place}),"
            f" period {first['period']}, {first['breakdown']}): the whole is {first['whole']:g}, "
            f"its parts {first['parts']:g}",
            where=_called(store.file_names[source], called),
            fix=f"Nothing was replaced ({len(wrong)} such sums). Correct the file, or explain it "
            "under known_residuals.",
        )
