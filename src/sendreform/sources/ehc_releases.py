"""Tables of a release of "Education, health and care plans" that nobody has described yet.

A release is known by what its tables hold: the columns that all of them share, the columns of
figures, and whether they count calendar years or January censuses. Each table is expected to be
laid out as in the edition of which its columns are most like, the newest where several are; columns
that carry a year in their name move on with the years. What then is missing or unknown is refused.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.sources import ehc_caseload, ehc_process
from sendreform.sources import ehc_process_layout as layout
from sendreform.sources.forms import Form
from sendreform.sources.published import Published
from sendreform.sources.sen2_layout import (
    AREA_COLUMNS,
    RENAMED,
    SPECIAL_ACADEMY_COLUMNS,
    TOPIC_COLUMNS,
)

KEPT_AS = "ehc_plans/education-health-and-care-plans_{year}.zip"
RELEASE = "Reporting year {year}"
#: A table has at least so many of the columns that all tables of the release share.
MOST_OF_THE_SHARED = 8
#: Years of a table lie no further apart; one that does is a slip.
MOST_YEARS_APART = 5
#: Every spelling of an edition, to ours.
SPELLINGS = RENAMED | layout.TIMELINESS_RENAMED_2025
#: Where a column has a year at the end of its name, as in review_completed_2025 or due_26.
YEAR_AT_END = re.compile(r"^(?!res_)(.*?)(20)?(2\d)(_again)?$")

TITLES = {
    "requests": "Requests for an EHC needs assessment",
    "assessments": "EHC needs assessments and their outcomes",
    "timeliness": "EHC plans issued within 20 weeks",
    "new_plans": "New EHC plans during the calendar year",
    "ceased": "EHC plans that ceased",
    "annual_reviews": "Annual reviews of EHC plans",
    "residential": "Residential placements",
    "personal_budgets": "EHC plans with a personal budget",
    "phase_transfers": "Phase transfers",
}


@dataclass(frozen=True)
class _Layout:
    """The columns of figures that a table may have.

    Attributes
    ----------
    edition
        The edition that has them.
    columns
        In our spelling.
    renamed
        Published name to ours.
    """

    edition: str
    columns: frozenset[str]
    renamed: Mapping[str, str]


def _fit(table: Published, layouts: Collection[_Layout], *, january_census: bool) -> float:
    """Say how well a table has the columns of the best of some layouts, from 0 to 1."""
    if not _is_of_the_release(table) or _counts_januaries(table) != january_census:
        return 0
    return max(_likeness(table, each) for each in layouts)


def _is_of_the_release(table: Published) -> bool:
    shared = sum(name in table.header for name in AREA_COLUMNS)
    return shared >= MOST_OF_THE_SHARED and bool(table.column("time_period"))


def _counts_januaries(table: Published) -> bool:
    """Whether most of a table's periods are academic years such as ``202526``."""
    periods = table.column("time_period")
    return sum(len(period) == len("202526") for period in periods) > len(periods) / 2


def _likeness(table: Published, known: _Layout) -> float:
    shared = {*AREA_COLUMNS, *TOPIC_COLUMNS}
    found = {known.renamed.get(name, name) for name in table.header} - shared
    return len(found & known.columns) / len(found | known.columns)


def _best(table: Published, layouts: Collection[_Layout]) -> _Layout:
    """Return the layout that a table is most like, the last of those that are equally like it."""
    return max(enumerate(layouts), key=lambda pair: (_likeness(table, pair[1]), pair[0]))[1]


def reporting_year(table: Published) -> int:
    """Return the reporting year of a table: of its latest January, or the year after its latest.

    Raises
    ------
    ReportError
        If no row has a year, or a year is far from all others.
    """
    pattern = r"20\d{4}" if _counts_januaries(table) else r"20\d\d"
    years = {period for period in table.column("time_period") if re.fullmatch(pattern, period)}
    if not years:
        raise ReportError(
            "no row has a year", where=f"{table.where}, column 'time_period'", fix="Look at it."
        )
    starts = sorted({int(year[:4]) for year in years})
    for earlier, later in pairwise(starts):
        if later > earlier + MOST_YEARS_APART:
            raise ReportError(
                f"the year {later} is far from the one before it, {earlier}",
                where=f"{table.where}, column 'time_period'",
                fix="Correct the year.",
            )
    return starts[-1] + 1


def _whole(table: Published, known: Collection[str]) -> str:
    """Return the label of the rows that count everyone, of those that editions have used.

    Raises
    ------
    ReportError
        If the table has none of them; names the nearest.
    """
    labels = set(table.column("breakdown"))
    found = [label for label in known if label in labels]
    if not found and "" not in known:
        raise ReportError(
            f"no row is labelled {' or '.join(map(repr, known))}",
            where=f"{table.where}, column 'breakdown'",
            fix=did_you_mean(next(iter(known)), labels)
            or "If the publisher reworded it, add the label to the layout.",
        )
    return found[0] if found else ""


def _moved_on(columns: Collection[str], by: int) -> dict[str, str]:
    """Return published names whose year has moved on by so many years, to the names that we know.

    Examples
    --------
    >>> _moved_on(["review_completed_2025", "due_26", "res_52", "total_ehc_plans"], 1)
    {'review_completed_2026': 'review_completed_2025', 'due_27': 'due_26'}
    """
    found = {name: YEAR_AT_END.match(name) for name in columns}
    return {
        f"{parts[1]}{parts[2] or ''}{int(parts[3]) + by}{parts[4] or ''}": name
        for name, parts in found.items()
        if parts
    }


def _layouts_of(sheet: layout.Sheet, year: int) -> Iterator[_Layout]:
    """Give the layouts that a table like a known one may have in a later reporting year."""
    columns = frozenset([*sheet.figures, *sheet.unread])
    edition = str(sheet.edition)
    yield _Layout(edition, columns, SPELLINGS)
    by = year - sheet.edition
    moved = _moved_on(columns, by)
    if by and moved:
        yield _Layout(edition, columns, {**SPELLINGS, **moved})


def _process_layouts(
    table: Published, sheets: Collection[layout.Sheet]
) -> list[tuple[layout.Sheet, _Layout]]:
    year = reporting_year(table)
    return [(sheet, each) for sheet in sheets for each in _layouts_of(sheet, year)]


def _process_form(name: str, sheets: Collection[layout.Sheet]) -> Form:
    first, last = next(iter(sheets)), list(sheets)[-1]

    def fit(table: Published) -> float:
        if not _is_of_the_release(table):
            return 0
        layouts = [each for _sheet, each in _process_layouts(table, sheets)]
        return _fit(table, layouts, january_census=first.january_census)

    def read(table: Published, source: str) -> pd.DataFrame:
        pairs = _process_layouts(table, sheets)
        best = _best(table, [each for _sheet, each in pairs])
        sheet = next(sheet for sheet, each in pairs if each is best)
        of_table = replace(
            sheet,
            edition=reporting_year(table),
            source=source,
            path=table.path,
            member=table.member,
            whole=_whole(table, [each.whole for each in sheets]),
            renamed=best.renamed,
        )
        return ehc_process.of_release(table.folder, name, of_table)

    return Form(
        f"ehc_{name}", last.source, TITLES[name], KEPT_AS, RELEASE, fit, reporting_year, read
    )


def _caseload_form(
    name: str,
    like: str,
    title: str,
    columns_of: Callable[[str], list[str]],
    read_by: Callable[..., pd.DataFrame],
) -> Form:
    layouts = [
        _Layout(edition, frozenset(columns_of(edition)), SPELLINGS)
        for edition in SPECIAL_ACADEMY_COLUMNS
    ]

    def fit(table: Published) -> float:
        return _fit(table, layouts, january_census=True)

    def read(table: Published, source: str) -> pd.DataFrame:
        edition = _best(table, layouts).edition
        return read_by(table.folder, edition, table.path, table.member, source)

    return Form(name, like, title, KEPT_AS, RELEASE, fit, reporting_year, read)


#: Every table of a release that the report reads, whichever its name is.
FORMS = (
    _caseload_form(
        "caseload",
        "caseload_2026",
        "EHC plans by placement, age and sex",
        ehc_caseload.caseload_columns,
        ehc_caseload.of_caseload,
    ),
    _caseload_form(
        "needs",
        "needs_2025",
        "EHC plans by primary need",
        ehc_caseload.need_columns,
        ehc_caseload.of_needs,
    ),
    *(_process_form(name, sheets) for name, sheets in layout.SHEETS.items()),
)
