"""What holds of reading any release, tried on many small ones made up for the purpose.

Two real publications are read: the yes-or-no returns on designated officers, which are one file,
and EHC plans by placement, which come in archives.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from sendreform.errors import ReportError
from sendreform.observations import STATUSES
from sendreform.sources import designated_officers, ehc_caseload
from sendreform.sources.reading import SourceFolder
from sendreform.sources.sen2_layout import AREA_COLUMNS, PLACEMENT_CODES, placement_columns
from sources.test_ehc_caseload import NAMES, SHEETS

Rows = list[list[str]]

SMALL = settings(deadline=None, max_examples=40)
#: Each reading of the archives takes half a second, too long to look for a smallest example.
FEW = settings(deadline=None, max_examples=5, phases=[Phase.explicit, Phase.generate])

OFFICERS = designated_officers.OFFICERS
HEADER = [*AREA_COLUMNS, *OFFICERS]
ANSWERS = [*designated_officers.IN_POST, *designated_officers.SYMBOLS]

#: A return: year, council, and an answer on each officer. A council answers once a year.
RETURNS = st.lists(
    st.tuples(
        st.integers(2019, 2025).map(str),
        st.sampled_from(["202", "390", "420", "886", "936"]),
        st.tuples(*(st.sampled_from(ANSWERS) for _ in OFFICERS)),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda answered: answered[:2],
)


def rows_of(returns: list[tuple[str, str, tuple[str, ...]]]) -> Rows:
    place = ["Calendar year", "Local authority", "E92000001", "England", "E12000001", "Region"]
    return [
        [year, *place, "E08000001", council, "Council", *answers]
        for year, council, answers in returns
    ]


@contextmanager
def written(header: list[str], rows: Rows) -> Iterator[SourceFolder]:
    """Write the file on officers into a folder that goes away again."""
    with tempfile.TemporaryDirectory() as root:
        path = Path(root) / designated_officers.PATH
        path.parent.mkdir()
        with path.open("w", newline="", encoding="utf-8") as opened:
            csv.writer(opened).writerows([header, *rows])
        yield SourceFolder(Path(root))


def read(rows: Rows, header: list[str] = HEADER) -> pd.DataFrame:
    with written(header, rows) as folder:
        return designated_officers.observations(folder)


def refusal(rows: Rows, header: list[str] = HEADER) -> str:
    with pytest.raises(ReportError) as error:
        read(rows, header)
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


# ---------------------------------------------------------------- one file


@SMALL
@given(RETURNS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(returns, random) -> None:
    rows = rows_of(returns)
    pd.testing.assert_frame_equal(read(rows), read(random.sample(rows, len(rows))))


@SMALL
@given(RETURNS, st.permutations(HEADER))
def test_the_order_of_columns_does_not_matter(returns, header: list[str]) -> None:
    rows = rows_of(returns)
    places = [HEADER.index(name) for name in header]
    turned = [[row[place] for place in places] for row in rows]
    pd.testing.assert_frame_equal(read(rows), read(turned, list(header)))


@SMALL
@given(RETURNS)
def test_every_answer_is_kept_and_a_symbol_is_never_a_no(returns) -> None:
    table = read(rows_of(returns)).query("measure == 'designated_officer_in_post'")
    figures = table.set_index(["area", "period", "breakdown"])[["value", "status"]]
    asked = {
        (year, officer)
        for year, _, answers in returns
        for officer, answer in zip(OFFICERS.values(), answers, strict=True)
        if answer != "n/a"
    }
    expected = 0
    for year, council, answers in returns:
        for officer, answer in zip(OFFICERS.values(), answers, strict=True):
            key = (council, f"{year}-01", f"officer:{officer}")
            if (year, officer) not in asked:
                assert key not in figures.index
                continue
            expected += 1
            value, status = figures.loc[key]
            if answer in designated_officers.SYMBOLS:
                assert pd.isna(value)
                assert status == designated_officers.SYMBOLS[answer]
                assert status in STATUSES
            else:
                assert value == (answer == "Yes")
                assert status == ""
    assert len(figures) == expected


@SMALL
@given(RETURNS, st.integers(0, len(HEADER)), st.from_regex(r"[a-z]{3,12}", fullmatch=True))
def test_an_unknown_column_is_refused_wherever_it_stands(returns, place: int, name: str) -> None:
    assume(name not in HEADER)
    wider = [[*row[:place], "5", *row[place:]] for row in rows_of(returns)]
    said = refusal(wider, [*HEADER[:place], name, *HEADER[place:]])
    assert said.startswith(f"{designated_officers.PATH}: unknown column {name!r}.")


@SMALL
@given(RETURNS, st.sampled_from(HEADER))
def test_a_column_that_is_left_out_or_renamed_is_named(returns, column: str) -> None:
    rows, place = rows_of(returns), HEADER.index(column)
    without = [[*row[:place], *row[place + 1 :]] for row in rows]
    gone = refusal(without, [name for name in HEADER if name != column])
    assert f"column {column!r} is missing." in gone
    renamed = refusal(rows, [f"{name}_2026" if name == column else name for name in HEADER])
    assert f"column {column!r} is missing (unknown: '{column}_2026')" in renamed


@SMALL
@given(RETURNS, st.data())
def test_a_row_given_twice_is_refused_whatever_it_says(returns, data: st.DataObject) -> None:
    rows = rows_of(returns)
    again = data.draw(st.sampled_from(rows))
    # Whatever else it says: in a year when the officer was asked about, at least.
    other = [*again[: len(AREA_COLUMNS)], *("Yes" for _ in OFFICERS)]
    place = data.draw(st.integers(0, len(rows)))
    for twin in (other, again) if set(again[len(AREA_COLUMNS) :]) != {"n/a"} else (other,):
        said = refusal([*rows[:place], twin, *rows[place:]])
        assert "is given twice for area" in said
        assert again[AREA_COLUMNS.index("old_la_code")] in said


@SMALL
@given(RETURNS, st.data(), st.sampled_from(["yes", "Y", "1", "", "?", "x", "Recruited"]))
def test_a_stray_answer_names_its_row_and_column(returns, data: st.DataObject, stray: str) -> None:
    rows = rows_of(returns)
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(list(OFFICERS)))
    rows[row][HEADER.index(column)] = stray
    assert refusal(rows).startswith(
        f"{designated_officers.PATH}, row {row + 2}, column {column!r}: {stray!r} is no known"
    )


@SMALL
@given(RETURNS, st.data())
def test_a_row_cut_short_names_its_row(returns, data: st.DataObject) -> None:
    rows = rows_of(returns)
    row = data.draw(st.integers(0, len(rows) - 1))
    rows[row] = rows[row][: data.draw(st.integers(1, len(HEADER) - 1))]
    said = refusal(rows)
    assert said.startswith(f"{designated_officers.PATH}, row {row + 2}: the row has")


# ---------------------------------------------------------------- archives


CASELOAD = SHEETS[NAMES["caseload"]]
PLACEMENTS = placement_columns("2025")
#: Placements stand together, after the number of all plans; the file spells some in its own way.
FIRST_PLACEMENT = CASELOAD[0].index("ehcplans") + 1
KENT = next(place for place, row in enumerate(CASELOAD) if "886" in row)


def read_archives(change: Callable[[Rows], Rows]) -> pd.DataFrame:
    """Read the small releases of EHC plans with the caseload of 2025 changed."""
    members: dict[str, dict[str, str]] = {}
    for key, rows in SHEETS.items():
        text = io.StringIO()
        csv.writer(text).writerows(change(rows) if key == NAMES["caseload"] else rows)
        members.setdefault(key[0], {})[key[1]] = text.getvalue()
    with tempfile.TemporaryDirectory() as root:
        for path, contents in members.items():
            write_file(Path(root) / path, contents)
        return ehc_caseload.observations(SourceFolder(Path(root)))


@cache
def as_published() -> pd.DataFrame:
    return read_archives(list)


def write_file(path: Path, contents: Mapping[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if "" in contents:
        path.write_text(contents[""], "utf-8")
        return
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in contents.items():
            archive.writestr(member, content)


CELLS = st.one_of(
    st.integers(0, 99).map(str), st.sampled_from(sorted(set(STATUSES) - {"blank"})), st.just("")
)


@FEW
@given(st.fixed_dictionaries(dict.fromkeys(PLACEMENTS, CELLS)))
def test_each_cell_of_a_council_comes_out_as_it_was_published(cells: dict[str, str]) -> None:
    def kent(rows: Rows) -> Rows:
        before, after = rows[KENT][:FIRST_PLACEMENT], rows[KENT][FIRST_PLACEMENT + len(cells) :]
        changed = [*before, *(cells[column] for column in PLACEMENTS), *after]
        return [*rows[:KENT], changed, *rows[KENT + 1 :]]

    table = read_archives(kent).query("area == '886' and period == '2025-01'")
    figures = table.set_index("breakdown")[["value", "status"]]
    for column, cell in cells.items():
        value, status = figures.loc[f"placement:{PLACEMENT_CODES[column]}"]
        if cell.isdigit():
            assert (value, status) == (float(cell), "")
        else:
            assert pd.isna(value)
            assert status == (cell or "blank")


@FEW
@given(st.permutations(range(1, len(CASELOAD))))
def test_the_order_of_rows_in_an_archive_does_not_matter(order: list[int]) -> None:
    turned = read_archives(lambda rows: [rows[0], *(rows[place] for place in order)])
    pd.testing.assert_frame_equal(turned, as_published())


@FEW
@given(st.integers(1, len(CASELOAD) - 1), st.integers(1, len(CASELOAD)))
def test_a_row_twice_in_an_archive_is_refused(twin: int, place: int) -> None:
    with pytest.raises(ReportError, match=r"caseload.csv, row \d+: the row repeats an earlier one"):
        read_archives(lambda rows: [*rows[:place], rows[twin], *rows[place:]])
