"""Takes single files into ``data/``: what a release brings is added, all else stays to the byte.

What a file brings goes into what is there by groups: the figures of a measure for one area and
period, broken down in the same way.

* A group that is not there is added.
* A group of which every figure that both have is the same stays as it is, with the source that it
  has: an earlier release had published it.
* A group with a figure that is another is replaced whole. That is a revision, and it is refused
  until somebody accepts it (see :mod:`sendreform.store.surprises`).

Which files were taken in stands in ``data/taken_in.csv``. An import of the folder of official files
reads the files that the catalogue's words describe, then those of the list, in its order and by the
same steps, so both ways give the same bytes.
"""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from sendreform.errors import ReportError, printable
from sendreform.observations import KEY
from sendreform.periods import label
from sendreform.sources import ehc_releases
from sendreform.sources.council_codes import REFERENCE, REFERENCE_COLUMNS
from sendreform.sources.published import Placed
from sendreform.sources.reading import SourceFolder
from sendreform.sources.releases import Brought, Release, read_release
from sendreform.store.checking_editions import check_edition
from sendreform.store.datapackage import descriptor
from sendreform.store.layout import OBSERVATION_COLUMNS, Layout, read_csv, write_csv
from sendreform.store.replacing import alone, replaced
from sendreform.store.tables import Store, forget_tables

Progress = Callable[[str], None]

#: ``path`` is where the file is kept under the folder of official files; ``version`` is as in
#: :class:`Download`, of the last that had these figures.
COLUMNS = ["path", "sha256", "published", "accessed", "url", "version"]

#: Of a file, what is known beside what it holds.
KNOWN = ("published", "url", "version")
#: How members of an archive begin that was put together from tables of the statistics API.
API_MEMBERS = "data-sets/"
BY_TABLE = (
    "Our code put the tables of the release, as the statistics API gives them, into one archive; "
    "the name of each says its data set and version."
)


@dataclass(frozen=True)
class Download:
    """A file that somebody downloaded.

    Attributes
    ----------
    path
        Where it is; its name says nothing.
    published, url
        When it was published (a date) and where its page is, as far as that is known.
    version
        The service's id of this version of the release, as far as that is known: a release that is
        published again, under the same date or another, has a new one.
    """

    path: Path
    published: str = ""
    url: str = ""
    version: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one file.

    Attributes
    ----------
    file
        Its name.
    release
        What it is; nothing where ``data/`` knew it already by its SHA-256.
    kept_as
        Where to keep it under the folder of official files; empty where it brought nothing.
    measures
        Measures with figures that ``data/`` did not have.
    lacking
        Tables that the newest archive of the publication had and this one has not, by their forms.
    """

    file: str
    release: Release | None
    kept_as: str
    measures: tuple[str, ...]
    lacking: tuple[str, ...] = ()


def take_in(
    downloads: Sequence[Download],
    data: Path,
    progress: Progress = lambda _doing: None,
    *,
    details: Path | None = None,
    dry_run: bool = False,
    before: Callable[[Store], None] = lambda _fresh: None,
) -> list[Taken]:
    """Take files into ``data/``, the oldest release first, or change nothing.

    Parameters
    ----------
    data
        The ``data/`` folder, which must be there.
    progress
        Called with the name of each step as it starts.
    details
        Where to write every surprise beside the edition in place, as CSV.
    dry_run
        Do everything but replace ``data``.
    before
        Called with the new edition when it has passed every check, before it replaces anything;
        not called where nothing is new.

    Returns
    -------
    What became of each file.

    Raises
    ------
    ReportError
        If a file is not as expected, is an older release than ``data`` holds, knows an area that
        ``data`` does not, or the new edition does not pass
        :func:`sendreform.store.checking_editions.check_edition`. Nothing was changed then.
    """
    data = data.resolve()
    old = Store(Layout(data))
    for download in downloads:
        if not _is_date(download.published):
            raise ReportError(
                f"{download.published!r} is not a date",
                where="published",
                fix="Write it like 2026-06-25, or 2026-06.",
            )
    if not old.layout.table("measures").is_file():
        raise ReportError(
            "there is no data/ to take a file into",
            where=str(data),
            fix="Restore it, or import the folder of official files.",
        )
    accessed = datetime.now(UTC).date().isoformat()
    beside = _tried(data) if dry_run else replaced(data)
    with (
        alone(data, lambda: progress("waiting for another import to end")),
        _councils_of(old) as councils,
    ):
        read = []
        for download in downloads:
            progress(f"reading {download.path.name}")
            read.append((download, _read(download, old, councils)))
        read.sort(key=lambda pair: pair[1].year if pair[1] else 0)
        if not any(release or download.version for download, release in read):
            return [Taken(download.path.name, None, "", ()) for download, _release in read]
        taken = []
        try:
            with beside as new:
                _copy(data, new)
                fresh = Layout(new)
                for download, release in read:
                    progress(f"taking in {download.path.name}")
                    record = {name: getattr(download, name) for name in KNOWN}
                    taken.append(_take(download.path.name, release, fresh, record, accessed))
                changed = {measure for each in taken for measure in each.measures}
                versions = [
                    _note_version(*pair, fresh)
                    for pair, each in zip(read, taken, strict=True)
                    if not each.measures
                ]
                if not changed and not any(versions):
                    raise _NothingNew
                _write_descriptor(fresh)
                forget_tables()
                check_edition(
                    Store(fresh),
                    old,
                    progress,
                    measures=sorted(changed),
                    details=details,
                    called={each.kept_as: each.file for each in taken if each.kept_as},
                )
                if changed:
                    before(Store(fresh))
                progress("nothing is replaced" if dry_run else "replacing data")
        except _NothingNew:
            pass
    forget_tables()
    return taken


def in_words(taken: Taken) -> list[str]:
    """Return lines that say what a file was, what it brought, and where to keep it."""
    release = taken.release
    if not release:
        return [f"{taken.file}: data/ has it already, by its SHA-256."]
    forms = ", ".join(each.form.name for each in release.tables)
    lines = [f"{taken.file}: {release.name}, with {forms}."]
    if taken.lacking:
        lines.append(
            f"  It has no table of these forms, of which the archive before had one: "
            f"{', '.join(taken.lacking)}."
        )
    if release.unread:
        lines.append(f"  Not read: {', '.join(map(printable, release.unread))}.")
    if not taken.measures:
        return [*lines, "  It brings no figure that data/ did not have."]
    return [
        *lines,
        f"  It brings figures of {len(taken.measures)} measure{'s' * (len(taken.measures) > 1)}.",
        f"  Keep it as {taken.kept_as} under the folder of official files: the next import of the "
        "folder reads it again.",
    ]


def files_taken_in(layout: Layout) -> pd.DataFrame:
    """Return the list of files that were taken in one by one, with ``COLUMNS``; it may be empty."""
    listed = read_csv(layout.taken_in) if layout.taken_in.is_file() else pd.DataFrame()
    return listed.reindex(columns=COLUMNS, fill_value="")


def check_taken_in(sources: SourceFolder, data: Path) -> None:
    """Refuse a folder of official files that lacks one which was taken in by itself.

    Raises
    ------
    ReportError
        Names the first that is missing.
    """
    for path in files_taken_in(Layout(data))["path"]:
        sources.file(path)


def take_in_again(sources: SourceFolder, layout: Layout) -> None:
    """Take the files of the list in ``taken_in.csv`` into tables that an import has just written.

    Raises
    ------
    ReportError
        If a file of the list is missing, is another than was taken in, or is not as expected.
    """
    if not layout.taken_in.is_file():
        return
    listed = files_taken_in(layout)
    layout.taken_in.unlink()
    described = set(read_csv(layout.table("sources"))["sha256"])
    for record in listed.to_dict("records"):
        path = record["path"]
        if record["sha256"] in described:
            continue  # the catalogue's words have it by now
        release = read_release(sources, path)
        if release.sha256 != record["sha256"]:
            raise ReportError(
                "the file is not the one that was taken in, by its SHA-256",
                where=path,
                fix=f"Restore it, or take its line out of data/{layout.taken_in.name} and import "
                "the new file by itself.",
            )
        known = {name: str(record[name]) for name in KNOWN}
        _take(path, replace(release, kept_as=path), layout, known, str(record["accessed"]))
    _write_descriptor(layout)
    forget_tables()


def _is_date(text: str) -> bool:
    """Say whether text is a month or a day of this century, or nothing."""
    if not re.fullmatch(r"(?:20\d\d-\d\d(?:-\d\d)?)?", text, flags=re.ASCII):
        return False
    try:
        date.fromisoformat(text if len(text) > len("2026-06") else f"{text or '2026-06'}-01")
    except ValueError:
        return False
    return True


class _NothingNew(Exception):  # noqa: N818 - a way out of the block that replaces, no error
    """No file brought a figure that is not there."""


def _copy(data: Path, new: Path) -> None:
    """Copy a folder file by file, so that the first that cannot be written is told by itself."""
    for path in sorted(data.rglob("*")):
        target = new / path.relative_to(data)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


@contextmanager
def _tried(_data: Path) -> Iterator[Path]:
    """Give an empty folder that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="sendreform-") as folder:
        yield Path(folder) / "data"


@contextmanager
def _councils_of(store: Store) -> Iterator[Path]:
    """Write the Department's list of councils, as readers of codes expect it, from the areas."""
    areas = store.areas[store.areas["level"] == "council"]
    others = areas.assign(gss=areas["other_gss_codes"].str.split("|")).explode("gss")
    codes = pd.concat([areas.assign(gss=areas["gss_code"]), others]).query("gss != ''")
    listed = pd.DataFrame(
        {
            "old_la_code": codes["area"],
            "new_la_code": codes["gss"],
            "la_name": codes["name"],
            "region_code": codes["region"],
            "first_year": codes["first_period"].str[:4].where(codes["first_period"] != "", "2017"),
        }
    ).reindex(columns=REFERENCE_COLUMNS, fill_value="")
    with tempfile.TemporaryDirectory(prefix="sendreform-") as folder:
        path = Path(folder) / "councils.csv"
        write_csv(listed, path)
        yield path


def _read(download: Download, store: Store, councils: Path) -> Release | None:
    """Recognise and read a file; nothing where the edition knows it already."""
    name = download.path.name
    if not download.path.is_file():
        raise ReportError(
            "there is no such file or folder",
            where=str(download.path),
            fix="Give the folder of official files, or files that you downloaded.",
        )
    folder = Placed(download.path.parent, {}, {name: download.path, REFERENCE: councils})
    if _sha256(folder, name) in set(store.sources["sha256"]):
        return None
    release = read_release(folder, name)
    _refuse_unknown_areas(release, store, name)
    _refuse_older(release, store, name)
    return release


def _sha256(folder: SourceFolder, path: str) -> str:
    return hashlib.sha256(folder.read_bytes(path)).hexdigest()


def _refuse_unknown_areas(release: Release, store: Store, file: str) -> None:
    """Ask about a code that nobody knows, or beside another council's name, and never guess."""
    areas = store.areas
    names = areas["name"].to_dict()
    others = areas["other_names"].to_dict()
    for brought in release.tables:
        where = f"{file}/{brought.member}" if brought.member else file
        unknown = ~brought.observations["area"].isin(areas.index)
        if unknown.any():
            code = brought.observations.loc[unknown, "area"].iloc[0]
            name = next((name for each, name, _gss in brought.places if each == code), "")
            raise ReportError(
                f"council code {code!r}{f' ({name})' if name else ''} has never been seen",
                where=where,
                fix="Look up what it is: correct the file if it is wrong; a new council first needs"
                f" its line in {REFERENCE} of the official files, and an import of their folder.",
            )
        gss_codes = {
            code: {areas["gss_code"][code], *areas["other_gss_codes"][code].split("|")}
            for code, _name, _gss in brought.places
            if code in names
        }
        for code, name, gss in sorted(brought.places):
            ours = [names[code], *others[code].split("|")] if code in names else [name]
            if _plain(name) not in map(_plain, ours):
                raise ReportError(
                    f"council code {code!r} stands beside {name!r}, and is that of {ours[0]}",
                    where=where,
                    fix="Look up which of the two is right, and correct the file.",
                )
            if gss and code in names and gss not in gss_codes[code]:
                raise ReportError(
                    f"council code {code!r} ({name}) stands beside {gss}, which is not its own",
                    where=where,
                    fix="Look up which of the two is right, and correct the file; a council's new "
                    f"GSS code first needs its line in {REFERENCE} of the official files.",
                )


def _plain(name: str) -> str:
    """Return a council's name as far as publishers agree on it."""
    bare = re.sub(r"\(.*\)|, (?:city|county) of$", "", name.casefold()).replace("&", "and")
    return " ".join(re.findall(r"\w+", bare))


def _refuse_older(release: Release, store: Store, file: str) -> None:
    """Refuse a release that ends before what is there: its figures were overtaken."""
    ends = [
        (measure, rows["period"].max(), store.observations(str(measure))["period"].max())
        for brought in release.tables
        for measure, rows in brought.observations.groupby("measure")
        if measure in store.measures.index
    ]
    if ends and all(theirs < ours for _measure, theirs, ours in ends):
        measure, theirs, ours = ends[0]
        kind = store.record(str(measure))["period_kind"]
        raise ReportError(
            f"this is an older release ({release.name}): {measure} ends with {label(theirs, kind)} "
            f"in it, and data/ goes to {label(ours, kind)}",
            where=file,
            fix="Give the newest. An older file is replaced in the folder of official files.",
        )


def _take(
    file: str, release: Release | None, layout: Layout, known: dict[str, str], accessed: str
) -> Taken:
    """Merge what a release brings into tables, and add its record to the catalogue."""
    if release is None:
        return Taken(file, None, "", ())
    store = Store(layout)
    kept_as = _free_path(release, store.sources)
    records, measures = [], set()
    for brought in release.tables:
        source = _free_source(f"{brought.form.name}_{release.year}", release, store.sources)
        changed = _merge(brought, source, store)
        if changed:
            measures |= changed
            records.append(_record(brought, source, release, store, kept_as, known, accessed))
    if records:
        sources = store.sources.reset_index(drop=True)
        write_csv(pd.concat([sources, pd.DataFrame(records)]), layout.table("sources"))
        line = {"path": kept_as, "sha256": release.sha256, **known, "accessed": accessed}
        listed = pd.concat([files_taken_in(layout), pd.DataFrame([line])])
        write_csv(listed[COLUMNS], layout.taken_in)
    return Taken(
        file,
        release,
        kept_as if records else "",
        tuple(sorted(measures)),
        _lacking(release, store.sources),
    )


def _note_version(download: Download, release: Release | None, layout: Layout) -> bool:
    """Note in the list of files that a version of a release brings nothing else than another did.

    Returns
    -------
    Whether the list is another now.
    """
    listed = files_taken_in(layout)
    if not download.version or listed.empty:
        return False
    own = listed["sha256"] == _sha256(SourceFolder(download.path.parent), download.path.name)
    if release:
        # Without what :func:`_free_path` adds.
        paths = listed["path"].str.replace(r"_[0-9a-f]{8}(\.\w+)$", r"\1", regex=True)
        own |= paths == release.kept_as
    if listed.loc[own, "version"].eq(download.version).all():
        return False
    write_csv(listed.assign(version=listed["version"].mask(own, download.version)), layout.taken_in)
    return True


def _lacking(release: Release, sources: pd.DataFrame) -> tuple[str, ...]:
    """Return the forms of tables that the newest archive of EHC plans had and a new one has not."""
    forms = {brought.form.name for brought in release.tables}
    of_plans = [each for each in release.tables if each.form in ehc_releases.FORMS and each.member]
    if not of_plans:
        return ()
    publication = sources.loc[of_plans[0].form.like, "publication"]
    archives = sources[sources["path"].str.endswith(".zip") & (sources["member"] != "")]
    own = archives[archives["publication"] == publication].sort_values("published")
    newest = own[own["release"] == own["release"].iloc[-1]] if len(own) else own
    had = {_stem(str(source)) for source in newest.index}
    return tuple(
        form.name
        for form in ehc_releases.FORMS
        if {form.name, _stem(form.like)} & had and form.name not in forms
    )


def _stem(source: str) -> str:
    return re.sub(r"_20\d\d.*", "", source)


def _free_path(release: Release, sources: pd.DataFrame) -> str:
    """Return where a file is kept; one of the same release that is another has its hash in it."""
    if release.kept_as not in set(sources["path"]):
        return release.kept_as
    stem, _dot, ending = release.kept_as.rpartition(".")
    return f"{stem}_{release.sha256[:8]}.{ending}"


def _free_source(name: str, release: Release, sources: pd.DataFrame) -> str:
    return name if name not in sources.index else f"{name}_{release.sha256[:8]}"


def _merge(brought: Brought, source: str, store: Store) -> set[str]:
    """Write every measure of which a table brings something; return their names."""
    changed = set()
    for name, rows in brought.observations.groupby("measure"):
        measure = str(name)
        held = store.observations(measure)
        merged = merge(held, rows.assign(source=source))
        if not (merged["source"] == source).any():
            continue
        write_csv(
            merged.sort_values(KEY, ignore_index=True)[OBSERVATION_COLUMNS],
            store.layout.observations(store.record(measure)["family"], measure),
        )
        changed.add(measure)
    forget_tables()
    return changed


def merge(held: pd.DataFrame, brought: pd.DataFrame) -> pd.DataFrame:
    """Return the observations of a measure with those that a release brings.

    Parameters
    ----------
    held, brought
        Observations of one measure (see :mod:`sendreform.observations`), no key twice in either.

    Returns
    -------
    Observations: groups of ``brought`` that are new or hold a figure that is another than in
    ``held``, and all other groups of ``held``. A group is an area, a period and the dimensions of
    the breakdown.
    """
    groups = ["area", "period", "dimensions"]
    ours, theirs = (
        table.assign(dimensions=table["breakdown"].str.replace(r":\S+", "", regex=True))
        for table in (held, brought)
    )
    both = ours.merge(theirs, on=KEY, suffixes=("", "_theirs"))
    same = both["value"].eq(both["value_theirs"]) | (
        both["value"].isna() & both["value_theirs"].isna()
    )
    same &= both["status"].eq(both["status_theirs"])
    revised = pd.MultiIndex.from_frame(both.loc[~same, groups].drop_duplicates())
    of_ours, of_theirs = (pd.MultiIndex.from_frame(table[groups]) for table in (ours, theirs))
    taken = theirs[of_theirs.isin(revised) | ~of_theirs.isin(of_ours)]
    kept = ours[~of_ours.isin(revised)]
    return pd.concat([kept, taken], ignore_index=True)[held.columns]


def _record(
    brought: Brought, source: str, release: Release, store: Store, kept_as: str,
    known: dict[str, str], accessed: str,
) -> dict[str, str]:  # fmt: skip
    """Return the catalogue's record of one table, with the words of the release before it."""
    like = {str(name): str(cell) for name, cell in store.sources.loc[brought.form.like].items()}
    periods = sorted(brought.observations["period"].unique())
    kind = store.record(str(brought.observations["measure"].iloc[0]))["period_kind"]
    first, last = (label(period, kind) for period in (periods[0], periods[-1]))
    return {
        **like,
        "source": source,
        "title": f"{brought.form.title}, {first if first == last else f'{first} to {last}'}",
        "release": release.name,
        "path": kept_as,
        "member": brought.member,
        "url": known["url"] or like["url"],
        "published": known["published"],
        "accessed": accessed,
        "sha256": release.sha256,
        "altered": BY_TABLE if brought.member.startswith(API_MEMBERS) else "",
    }


def _write_descriptor(layout: Layout) -> None:
    layout.datapackage.write_text(
        json.dumps(descriptor(Store(layout)), indent=2, ensure_ascii=False) + "\n", "utf-8"
    )
