"""Which publication and release a downloaded file is, by what it holds; and what it brings.

A file's name is not asked. Every table in it is held against the forms that are known
(:data:`FORMS`); what is like none of them is left unread, and told.
"""

import hashlib
from dataclasses import dataclass
from functools import partial

import pandas as pd

from sendreform.errors import ReportError
from sendreform.sources import ehc_releases, single_tables
from sendreform.sources.forms import Form
from sendreform.sources.publications import guarded
from sendreform.sources.published import Published, tables_in
from sendreform.sources.reading import SourceFolder

FORMS = (*ehc_releases.FORMS, *single_tables.FORMS)
#: A table is of a form when at least this share of the columns of both is in both.
LIKE_ENOUGH = 0.5
#: Tables that no archive of the release may lack.
NEEDED = ("caseload", "ehc_requests", "ehc_assessments", "ehc_timeliness", "ehc_new_plans")


@dataclass(frozen=True)
class Brought:
    """What one table of a release brings.

    Attributes
    ----------
    form, member
        Its form, and where it was in the file.
    observations
        Of all its years. Their source is empty: it gets its name where they are taken in.
    places
        Each council's code with the name and the GSS code that stand beside it, as far as the table
        has them.
    """

    form: Form
    member: str
    observations: pd.DataFrame
    places: frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Release:
    """A downloaded file that was recognised.

    Attributes
    ----------
    name
        What its publisher calls it, such as "Reporting year 2026".
    year
        Its year.
    kept_as
        Where it is kept under the folder of official files.
    sha256
        Of the file.
    tables
        What each of its tables brings.
    unread
        Members that are no table that the report reads.
    """

    name: str
    year: int
    kept_as: str
    sha256: str
    tables: tuple[Brought, ...]
    unread: tuple[str, ...]


def read_release(folder: SourceFolder, path: str) -> Release:
    """Recognise a file and read every table in it that is known.

    Raises
    ------
    ReportError
        If no table is known, tables are of different releases or twice of the same form, an
        archive lacks a table that every release has, or a table is not as its form expects.
    """
    found: list[tuple[Published, Form]] = []
    unread = []
    for table in tables_in(folder, path):
        form = _form_of(table)
        if form:
            found.append((table, form))
        else:
            if _may_be_table(table) and table.unlike:
                raise ReportError(
                    f"the table cannot be read: {table.unlike}",
                    where=table.where,
                    fix="Download it again, or save it as a CSV in UTF-8 with commas.",
                )
            unread.append(table.member or path)
    if not found:
        raise ReportError(
            "no table in it is one that the report reads",
            where=path,
            fix="See For analysts: which files can be imported, and how to describe a new one.",
        )
    main = _main_form(found)
    years = {table.where: form.year(table) for table, form in found if form.kept_as == main.kept_as}
    _refuse_mixed(found, years, main)
    year = max(years.values())
    tables = [
        Brought(
            form,
            table.member,
            guarded(partial(form.read, table, ""), table.where),
            frozenset(
                zip(
                    *(table.column(name) for name in ("old_la_code", "la_name", "new_la_code")),
                    strict=False,
                )
            )
            if form in ehc_releases.FORMS
            else frozenset(),
        )
        for table, form in found
    ]
    return Release(
        name=main.release.format(year=year),
        year=year,
        kept_as=_kept_as(main, year, is_archive=bool(found[0][0].member)),
        sha256=hashlib.sha256(folder.read_bytes(path)).hexdigest(),
        tables=tuple(tables),
        unread=tuple(unread),
    )


def _may_be_table(table: Published) -> bool:
    """Say whether a file came alone, or calls itself a table."""
    return not table.member or table.member.lower().endswith(".csv")


def _kept_as(form: Form, year: int, *, is_archive: bool) -> str:
    """Return where a file is kept: a table that came without its archive under its own name."""
    place = form.kept_as.format(year=year)
    if is_archive or not place.endswith(".zip"):
        return place
    return f"{place.rpartition('/')[0]}/{form.name}_{year}.csv"


def form_in(folder: SourceFolder, path: str) -> str:
    """Return the name of the form that a table is of, or nothing where the report reads none.

    Raises
    ------
    ReportError
        If it is as much like one form as another.
    """
    form = _form_of(Published(folder, path))
    return form.name if form else ""


def _form_of(table: Published) -> Form | None:
    """Return the form that a table is most like, if it is like any.

    Raises
    ------
    ReportError
        If it is as much like one form as another.
    """
    fits = sorted(((form.fit(table), form.name, form) for form in FORMS), reverse=True)
    (best, _name, form), (second, other, _form) = fits[:2]
    if best < LIKE_ENOUGH:
        return None
    if best == second:
        raise ReportError(
            f"the table is as much like {form.name} as like {other}",
            where=table.where,
            fix="Compare its columns with those of the release before.",
        )
    return form


def _main_form(found: list[tuple[Published, Form]]) -> Form:
    """Return the form that names the whole file: that of most of its tables."""
    kept = pd.Series([form.kept_as for _table, form in found])
    most = kept.mode().iloc[0]
    return next(form for _table, form in found if form.kept_as == most)


def _refuse_mixed(found: list[tuple[Published, Form]], years: dict[str, int], main: Form) -> None:
    """Refuse an archive that is put together from several releases, or not whole."""
    path = found[0][0].path
    if len({*years.values()}) > 1:
        one, other = min(years, key=years.__getitem__), max(years, key=years.__getitem__)
        raise ReportError(
            f"tables of different releases: {one.removeprefix(path + '/')} is of {years[one]} and "
            f"{other.removeprefix(path + '/')} of {years[other]}",
            where=path,
            fix="Download the archive of one release.",
        )
    names = [form.name for _table, form in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ReportError(
            f"two tables are of the form {twice[0]}", where=path, fix="Remove one of them."
        )
    is_archive = any(table.member for table, _form in found)
    lacking = [name for name in NEEDED if name not in names]
    if is_archive and main in ehc_releases.FORMS and lacking:
        raise ReportError(
            f"the archive has no table of the form {lacking[0]}",
            where=path,
            fix="Every release has one. If its columns were renamed, add the new names to the "
            "layout; if it was left out, download the archive again.",
        )
