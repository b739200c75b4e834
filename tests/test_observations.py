"""The one shape of every figure: symbols stay symbols, and nothing stray becomes a number."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.errors import ReportError
from sendreform.observations import COLUMNS, STATUSES, breakdown, tidy, value_and_status

#: A busy machine is no reason for a test to fail.
UNHURRIED = settings(deadline=None)

SYMBOLS = sorted(set(STATUSES) - {"blank"})
WHERE = "plans.csv, column 'ehc_plans'"

NUMBERS = st.one_of(
    st.integers(min_value=-(10**9), max_value=10**9),
    st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda value: round(value, 4)),
)
SPACES = st.sampled_from(["", " ", "  "])
KNOWN_CELLS = st.one_of(NUMBERS.map(str), st.sampled_from(SYMBOLS), SPACES)

#: Cells that people and spreadsheets do write, and that no publication of ours uses.
STRAY_CELLS = st.one_of(
    st.sampled_from(
        ["1,234", "12%", "£5", "n/a", "X", "Z", "nan", "NaN", "None", "NULL", "inf", "-inf", "#N/A",
         "1 234", "12x", "x12", "--", "...", "1.2.3", "0x1f", "1e", "+5", "True", "(3)", "5*", "~4",
         "1_000", "blank"]
    ),
    st.text("abcdefghijklmnopqrstuvwxyz?!*&", min_size=1, max_size=6).filter(
        lambda text: text not in STATUSES
    ),
)  # fmt: skip


@UNHURRIED
@given(st.lists(st.tuples(SPACES, NUMBERS, SPACES), min_size=1, max_size=20))
def test_a_number_is_read_as_it_is_written(cells: list[tuple[str, float, str]]) -> None:
    published = pd.Series([f"{before}{number}{after}" for before, number, after in cells])
    read = value_and_status(published, where=WHERE)
    assert read["value"].tolist() == [float(number) for _, number, _ in cells]
    assert set(read["status"]) == {""}


@UNHURRIED
@given(st.lists(KNOWN_CELLS, min_size=1, max_size=20))
def test_a_cell_is_a_number_or_has_a_status_and_never_both(cells: list[str]) -> None:
    read = value_and_status(pd.Series(cells), where=WHERE)
    assert (read["value"].isna() == (read["status"] != "")).all()
    for cell, value, status in zip(cells, read["value"], read["status"], strict=True):
        if cell in SYMBOLS:
            assert math.isnan(value) and status == cell
        elif not cell.strip():
            assert math.isnan(value) and status == "blank"


@UNHURRIED
@given(st.lists(KNOWN_CELLS, max_size=10), STRAY_CELLS, st.lists(KNOWN_CELLS, max_size=10))
def test_a_stray_cell_is_refused_and_its_row_named(
    before: list[str], stray: str, after: list[str]
) -> None:
    published = pd.Series([*before, stray, *after])
    with pytest.raises(ReportError) as error:
        value_and_status(published, where=WHERE)
    # The first row under the header is row 2 of the file.
    assert str(error.value).startswith(f"{WHERE}, row {len(before) + 2}: {stray!r} is neither")
    assert len(str(error.value).splitlines()) == 1


@UNHURRIED
@given(st.lists(KNOWN_CELLS, min_size=1, max_size=10), st.data())
def test_rows_left_out_above_do_not_change_the_row_that_is_named(
    cells: list[str], data: st.DataObject
) -> None:
    published = pd.Series([*cells, "12?"])
    kept = published[data.draw(st.integers(0, len(cells))) :]
    with pytest.raises(ReportError, match=rf"row {len(cells) + 2}: '12\?' is neither"):
        value_and_status(kept, where=WHERE)


def test_a_row_that_has_a_name_is_named_by_it() -> None:
    published = pd.Series(["1", "?"], index=["Kent, 2024", "Leeds, 2024"])
    with pytest.raises(ReportError, match=r"ehc_plans', Leeds, 2024: '\?' is neither"):
        value_and_status(published, where=WHERE)


def test_the_index_is_kept() -> None:
    published = pd.Series(["1", "x"], index=[7, 3])
    assert value_and_status(published, where=WHERE).index.tolist() == [7, 3]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_cell_counts_as_left_empty(missing: object) -> None:
    read = value_and_status(pd.Series([missing], dtype="object"), where=WHERE)
    assert read["status"].tolist() == ["blank"]
    assert read["value"].isna().all()


def test_no_cells_give_no_rows() -> None:
    read = value_and_status(pd.Series([], dtype="str"), where=WHERE)
    assert read.empty
    assert read["value"].dtype == "float64"


# ---------------------------------------------------------------- observations


def row(**changes: object) -> dict[str, object]:
    return {
        "measure": "ehc_plans", "area": "886", "period": "2025-01", "breakdown": "all",
        "value": 20_635, "status": "", "source": "caseload_2025", **changes,
    }  # fmt: skip


@UNHURRIED
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["886", "420", "E92000001"]),
            st.sampled_from(["2024-01", "2025-01"]),
            st.sampled_from(["all", "sex:male"]),
        ),
        min_size=1,
        unique=True,
    ),
    st.randoms(),
)
def test_observations_have_one_order_whatever_order_they_come_in(keys, random) -> None:
    rows = [row(area=area, period=period, breakdown=part) for area, period, part in keys]
    shuffled = random.sample(rows, len(rows))
    ordered = tidy(pd.DataFrame(rows))
    pd.testing.assert_frame_equal(ordered, tidy(pd.DataFrame(shuffled)))
    assert list(ordered.columns) == COLUMNS
    found = ordered[["area", "period", "breakdown"]].itertuples(index=False, name=None)
    assert list(found) == sorted(keys)


def test_a_key_given_twice_is_refused_even_with_another_value_or_source() -> None:
    with pytest.raises(ReportError) as error:
        tidy(pd.DataFrame([row(), row(value=1, source="elsewhere")]))
    assert str(error.value) == (
        "source caseload_2025: measure 'ehc_plans' is given twice for area 886, period 2025-01, "
        "breakdown 'all'. Remove the duplicate row from the file."
    )


def test_columns_that_are_not_there_are_named() -> None:
    table = pd.DataFrame([row()]).drop(columns=["status", "source"])
    with pytest.raises(ReportError, match="observations lack status, source"):
        tidy(table)


def test_columns_of_no_observation_are_left_out() -> None:
    assert list(tidy(pd.DataFrame([row(note="?")])).columns) == COLUMNS


@UNHURRIED
@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True),
        max_size=3,
    )
)
def test_a_breakdown_is_written_one_way(dimensions: dict[str, str]) -> None:
    backwards = dict(reversed(dimensions.items()))
    written = breakdown(**dimensions)
    assert written == breakdown(**backwards)
    if dimensions:
        assert dict(part.split(":") for part in written.split(" ")) == dimensions
    else:
        assert written == "all"
