"""Opening official files: what is not as expected is one clear line with file, row and column."""

import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendreform.errors import ReportError
from sendreform.sources.reading import SourceFolder, check_columns, read_csv

PATH = "ehc_plans/plans.csv"
ARCHIVE = "ehc_plans/plans_2025.zip"
MEMBER = "data/caseload.csv"
COLUMNS = ["time_period", "old_la_code", "ehc_plans"]
HEADER = ",".join(COLUMNS)

Write = Callable[[str | bytes], SourceFolder]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes one official file with this content."""

    def file(content: str | bytes) -> SourceFolder:
        path = tmp_path / PATH
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return SourceFolder(tmp_path)

    return file


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[Mapping[str, str]], SourceFolder]:
    """Return a function that writes one official archive with these members."""

    def file(members: Mapping[str, str]) -> SourceFolder:
        path = tmp_path / ARCHIVE
        path.parent.mkdir(exist_ok=True)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in members.items():
                opened.writestr(name, content)
        return SourceFolder(tmp_path)

    return file


def message(read: Callable[[], object]) -> str:
    """Return the one line by which a file is refused."""
    with pytest.raises(ReportError) as error:
        read()
    assert len(str(error.value).splitlines()) == 1
    return str(error.value)


# ---------------------------------------------------------------- a file as expected


def test_every_cell_is_text_and_an_empty_one_stays_empty(write: Write) -> None:
    table = read_csv(write(f"{HEADER}\n202425,001,\n202425,886,x\n"), PATH, COLUMNS)
    assert table.to_dict("list") == {
        "time_period": ["202425", "202425"],
        "old_la_code": ["001", "886"],
        "ehc_plans": ["", "x"],
    }
    assert table.index.tolist() == [0, 1]


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n202425,886,5\n\n\n",
        f"{HEADER}\r\n202425,886,5\r\n",
        f"\ufeff{HEADER}\n202425,886,5\n",
        'time_period, old_la_code ,"ehc_plans"\n202425,886,5\n',
        f"{HEADER}\n202425,886,5\n,,\n",
    ],
    ids=["empty lines", "Windows", "byte order mark", "spaces", "empty rows"],
)
def test_the_same_table_however_a_programme_saved_it(write: Write, content: str) -> None:
    table = read_csv(write(content), PATH, COLUMNS)
    assert table.to_dict("records") == [
        {"time_period": "202425", "old_la_code": "886", "ehc_plans": "5"}
    ]


def test_a_last_line_that_does_not_end_may_be_cut_short(write: Write) -> None:
    """Of 54 plans, 5 would be left."""
    with pytest.raises(ReportError, match="the last line does not end"):
        read_csv(write(f"{HEADER}\n202425,886,5"), PATH, COLUMNS)


def test_columns_come_in_our_order_and_an_optional_one_may_be_absent(write: Write) -> None:
    folder = write("ehc_plans,note,old_la_code,time_period\n5,new,886,202425\n")
    assert list(read_csv(folder, PATH, COLUMNS, optional=["note"])) == [*COLUMNS, "note"]
    bare = write(f"{HEADER}\n202425,886,5\n")
    assert list(read_csv(bare, PATH, COLUMNS, optional=["note"])) == COLUMNS


def test_a_renaming_that_the_layout_knows_is_followed(write: Write) -> None:
    folder = write("time_period,old_la_code,ehcplans\n202425,886,5\n")
    table = read_csv(folder, PATH, COLUMNS, renamed={"ehcplans": "ehc_plans"})
    assert table["ehc_plans"].tolist() == ["5"]


def test_lines_above_the_header_are_passed_over_and_rows_are_counted_with_them(
    write: Write,
) -> None:
    folder = write(f"Table 1\n\n{HEADER}\n202425,886,5\n202425,886\n")
    said = message(lambda: read_csv(folder, PATH, COLUMNS, skip_rows=2))
    assert f"{PATH}, row 5: the row has 2 cells where the header has 3" in said


@settings(deadline=None)
@given(st.permutations(COLUMNS))
def test_columns_may_stand_in_any_order(header: list[str]) -> None:
    check_columns(header, COLUMNS, where=PATH)


# ---------------------------------------------------------------- columns that are wrong


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("time_period,old_la_code,ehc_plans,sex", f"{PATH}: unknown column 'sex'. Add it to this"),
        (
            "time_period,old_la_code,ehc_plans,ehc_plan",
            f"{PATH}: unknown column 'ehc_plan'. Did you mean ehc_plans?",
        ),
        (
            "time_period,old_la_code,ehcplans",
            f"{PATH}: column 'ehc_plans' is missing (unknown: 'ehcplans'). "
            "If the publisher renamed it, add the new name to this release's layout.",
        ),
        (
            "time_period,old_la_code",
            f"{PATH}: column 'ehc_plans' is missing. If the publisher renamed it",
        ),
        (
            "time_period,old_la_code,ehc_plans,ehc_plans",
            f"{PATH}: column 'ehc_plans' is there twice. Remove one.",
        ),
        ("Time_period,old_la_code,ehc_plans", f"{PATH}: column 'time_period' is missing"),
    ],
    ids=["unknown", "near", "renamed", "missing", "repeated", "other case"],
)
def test_a_wrong_column_is_named_with_what_is_near(write: Write, header: str, said: str) -> None:
    cells = ",".join("5" for _ in header.split(","))
    folder = write(f"{header}\n{cells}\n")
    assert message(lambda: read_csv(folder, PATH, COLUMNS)).startswith(said)


def test_two_published_names_for_one_column_are_a_column_given_twice(write: Write) -> None:
    folder = write("time_period,old_la_code,ehc_plans,ehcplans\n202425,886,5,5\n")
    said = message(lambda: read_csv(folder, PATH, COLUMNS, renamed={"ehcplans": "ehc_plans"}))
    assert "column 'ehc_plans' is there twice" in said


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*COLUMNS, "sex", "note", ""]), max_size=6),
    st.sets(st.sampled_from(["sex", "note"])),
)
def test_only_exactly_the_expected_columns_pass(header: list[str], optional: Iterable[str]) -> None:
    allowed = {*COLUMNS, *optional}
    fits = set(COLUMNS) <= set(header) <= allowed and len(header) == len(set(header))
    try:
        check_columns(header, COLUMNS, optional=optional, where=PATH)
    except ReportError as error:
        assert not fits
        assert error.where == PATH
    else:
        assert fits


# ---------------------------------------------------------------- rows, text and files


@pytest.mark.parametrize(("row", "cells"), [("202425,886", 2), ("202425,886,5,5", 4), ("", 0)])
def test_a_row_too_short_or_too_long_is_named(write: Write, row: str, cells: int) -> None:
    folder = write(f"{HEADER}\n202425,885,1\n{row}\n202425,887,1\n")
    assert message(lambda: read_csv(folder, PATH, COLUMNS)) == (
        f"{PATH}, row 3: the row has {cells} cells where the header has 3. "
        "The file may be cut short: download it again."
    )


def test_text_in_another_encoding_is_refused_with_its_place(write: Write) -> None:
    content = f"{HEADER}\n202425,Tŷ Ddewi,5\n".encode("iso8859-14")
    assert message(lambda: read_csv(write(content), PATH, COLUMNS)) == (
        f"{PATH}: byte {content.index('ŷ'.encode('iso8859-14'))} is not utf-8-sig text. "
        "Save the file as UTF-8, or download it again."
    )


def test_a_release_in_another_encoding_may_say_so(write: Write) -> None:
    folder = write(f"{HEADER}\n202425,£886,5\n".encode("cp1252"))
    table = read_csv(folder, PATH, COLUMNS, encoding="cp1252")
    assert table["old_la_code"].tolist() == ["£886"]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_refused(write: Write, content: str) -> None:
    assert message(lambda: read_csv(write(content), PATH, COLUMNS)) == (
        f"{PATH}: the file is empty. Download it again."
    )


def test_a_missing_file_is_named_with_the_one_that_is_near(write: Write) -> None:
    folder = write(HEADER)
    assert message(lambda: folder.file("ehc_plans/plan.csv")) == (
        "ehc_plans/plan.csv: the file is missing. Did you mean plans.csv?"
    )
    assert "lait/bds.parquet: the file is missing" in message(
        lambda: folder.file("lait/bds.parquet")
    )


def test_a_folder_in_the_place_of_a_file_is_a_missing_file(write: Write) -> None:
    assert "the file is missing" in message(lambda: write(HEADER).file("ehc_plans"))


# ---------------------------------------------------------------- archives


def test_a_member_is_read_and_its_path_is_told_in_errors(archive) -> None:
    folder = archive({MEMBER: f"{HEADER}\n202425,886,5\n"})
    assert len(read_csv(folder, ARCHIVE, COLUMNS, member=MEMBER)) == 1
    said = message(lambda: read_csv(folder, ARCHIVE, [*COLUMNS, "sex"], member=MEMBER))
    assert said.startswith(f"{ARCHIVE}/{MEMBER}: column 'sex' is missing")


def test_a_missing_member_is_named_with_the_one_that_is_near(archive) -> None:
    folder = archive({"data/caseloads.csv": HEADER, "data/requests.csv": HEADER})
    assert message(lambda: folder.read_bytes(ARCHIVE, MEMBER)) == (
        f"{ARCHIVE}: the archive has no file '{MEMBER}'. Did you mean data/caseloads.csv?"
    )


def test_a_missing_member_with_nothing_near_is_still_named(archive) -> None:
    folder = archive({"readme.txt": ""})
    assert message(lambda: folder.read_bytes(ARCHIVE, MEMBER)) == (
        f"{ARCHIVE}: the archive has no file '{MEMBER}'. Download the archive again."
    )


@pytest.mark.parametrize("kept", [0, 10, 0.5, -1])
def test_an_archive_cut_short_is_refused_wherever_it_was_cut(archive, kept: float) -> None:
    folder = archive({MEMBER: HEADER + "\n202425,886,5" * 1000})
    path = folder.file(ARCHIVE)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content)) if isinstance(kept, float) else kept])
    said = message(lambda: folder.read_bytes(ARCHIVE, MEMBER))
    assert said.startswith(f"{ARCHIVE}: the archive is damaged or cut short (")
    assert said.endswith("Download it again.")


def test_a_page_of_a_website_in_the_place_of_an_archive_is_refused(tmp_path: Path) -> None:
    """What a failed download often leaves behind."""
    (tmp_path / "ehc_plans").mkdir()
    (tmp_path / ARCHIVE).write_text("<!doctype html><title>Not found</title>", "utf-8")
    folder = SourceFolder(tmp_path)
    said = message(lambda: folder.read_bytes(ARCHIVE, MEMBER))
    assert "the archive is damaged or cut short" in said
