"""A file of a new release is known by what it holds; what it brings is added, all else stays."""

import csv
import errno
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from as_tested import tested_project
from releases.made_release import (
    NAMES,
    Rows,
    make_release,
    make_tables,
    pack,
    rows_of,
    written,
)
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.sources import section251_lines
from sendreform.sources.reading import SourceFolder
from sendreform.store import open_store
from sendreform.store.importing import import_all
from sendreform.store.layout import ACCEPTED_COLUMNS
from sendreform.store.taking_in import Download, Taken, in_words, take_in
from sendreform.store.validation import validate

pytestmark = pytest.mark.sources

ARCHIVE = "ehc_plans/education-health-and-care-plans_2025.zip"
PUBLISHED = "2027-06-24"
KENT = "886"
MEDWAY = "887"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(tested_project() / "data", tmp_path / "project/data"))


@pytest.fixture(scope="module")
def official(source_folder: SourceFolder) -> Path:
    return source_folder.file(ARCHIVE)


@pytest.fixture(scope="module")
def archive(official: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of June 2027, in the columns of June 2026, under a name that says nothing."""
    return make_release(tmp_path_factory.mktemp("made") / "download (3).bin", official)


@pytest.fixture(scope="module")
def tables(official: Path) -> dict[str, Rows]:
    return make_tables(official)


def take(data: Path, *paths: Path, published: str = PUBLISHED) -> list[Taken]:
    return take_in([Download(path, published) for path in paths], data)


def refusal(data: Path, *paths: Path, published: str = PUBLISHED) -> str:
    """Return the line that refuses files, and see that nothing at all was changed."""
    before = contents(data)
    with pytest.raises(ReportError) as raised:
        take(data, *paths, published=published)
    assert contents(data) == before
    said = str(raised.value)
    assert len(said.splitlines()) == 1
    return said


def csv_of(folder: Path, rows: Rows, name: str = "table.txt") -> Path:
    path = folder / name
    path.write_bytes(written(rows))
    return path


def a_table(official: Path, name: str, change: Callable[[dict[str, str]], None]) -> Rows:
    """Return an official table with every row changed."""
    with zipfile.ZipFile(official) as opened:
        rows = rows_of(opened, name)
    for row in rows:
        change(row)
    return rows


# ---------------------------------------------------------------- a whole release


def test_a_release_is_taken_in_and_all_else_stays_to_the_byte(archive: Path, data: Path) -> None:
    before = contents(data)
    (taken,) = take(data, archive)
    assert taken.release
    assert taken.release.name == "Reporting year 2027"
    assert taken.kept_as == "ehc_plans/education-health-and-care-plans_2027.zip"
    assert taken.release.unread == ("data-guidance/notes.txt", NAMES["data/sen_need_newplans.csv"])
    after = contents(data)
    store = open_store(data)
    families = store.measures["family"]
    touched = {f"observations/{families[each]}/{each}.csv" for each in taken.measures}
    of_the_catalogue = {"catalogue/sources.csv", "datapackage.json", "taken_in.csv"}
    assert {name for name in after if after[name] != before.get(name)} == touched | of_the_catalogue
    # The figures of January 2025 that the Department published, two years on.
    plans = store.observations("ehc_plans", ENGLAND).set_index(["period", "breakdown"])
    assert plans.loc[("2027-01", "all"), "value"] == 638_745
    assert plans.loc[("2027-01", "all"), "source"] == "caseload_2027"
    assert plans.loc[("2026-01", "all"), "value"] == 718_838
    requests = store.observations("ehc_plan_requests", ENGLAND).set_index("period")["value"]
    assert requests["2026"] == requests["2024"] == 154_489
    # Every row that was there is there still, as it was.
    for measure in taken.measures:
        old, new = (
            open_store(folder).observations(measure).astype({"source": "str"})
            for folder in (tested_project() / "data", data)
        )
        assert len(old.merge(new, how="inner")) == len(old)


def test_its_record_is_in_the_catalogue(archive: Path, data: Path) -> None:
    (taken,) = take_in([Download(archive, PUBLISHED, "https://example.org/2027")], data)
    assert taken.release
    record = open_store(data).sources.loc["ehc_requests_2027"]
    assert record[["release", "published", "url", "path", "member", "publisher"]].to_list() == [
        "Reporting year 2027", PUBLISHED, "https://example.org/2027", taken.kept_as,
        NAMES["data/requests.csv"], "Department for Education",
    ]  # fmt: skip
    assert record["sha256"] == taken.release.sha256
    assert record["title"] == "Requests for an EHC needs assessment, 2026"
    listed = pd.read_csv(data / "taken_in.csv")
    assert listed["path"].to_list() == [taken.kept_as]
    said = in_words(taken)
    assert taken.kept_as in said[-1]
    # A list that names another file than the catalogue has is told.
    listed.assign(sha256="0" * 64).to_csv(data / "taken_in.csv", index=False)
    (problem,) = validate(open_store(data), measures=[])
    assert problem.startswith("taken_in.csv, row 2, column path")


def test_the_same_release_twice_changes_nothing(archive: Path, data: Path, tmp_path: Path) -> None:
    take(data, archive)
    once = contents(data)
    assert [each.release for each in take(data, archive)] == [None]
    # Packed anew it has another hash, and brings nothing either.
    with zipfile.ZipFile(archive) as opened:
        again = pack(
            tmp_path / "again.zip", {name: opened.read(name) for name in opened.namelist()[::-1]}
        )
    (taken,) = take(data, again)
    assert taken.release and not taken.measures and not taken.kept_as
    assert contents(data) == once


def test_the_official_files_are_known_already(official: Path, data: Path) -> None:
    before = contents(data)
    assert [each.release for each in take(data, official)] == [None]
    assert contents(data) == before


def test_an_import_of_the_folder_takes_it_in_again_to_the_byte(
    archive: Path, data: Path, links: Path, tmp_path: Path
) -> None:
    (taken,) = take(data, archive)
    whole = tmp_path / "whole/data"
    shutil.copytree(data, whole)
    with pytest.raises(ReportError, match=r"plans_2027\.zip: the file is missing"):
        import_all(links, whole)
    assert contents(whole) == contents(data)
    shutil.copyfile(archive, links / taken.kept_as)
    import_all(links, whole)
    assert contents(whole) == contents(data)


def test_a_dry_run_does_all_but_replace(archive: Path, data: Path) -> None:
    before, seen = contents(data), []
    take_in(
        [Download(archive, PUBLISHED)],
        data,
        dry_run=True,
        before=lambda fresh: seen.append(len(fresh.sources)),
    )
    assert seen == [len(open_store(data).sources) + 7]
    assert contents(data) == before


def test_what_fails_before_the_end_leaves_everything_as_it_was(archive: Path, data: Path) -> None:
    def fail(_fresh: object) -> None:
        raise KeyboardInterrupt

    before = contents(data)
    with pytest.raises(KeyboardInterrupt):
        take_in([Download(archive, PUBLISHED)], data, before=fail)
    assert contents(data) == before
    assert sorted(each.name for each in data.parent.iterdir()) == [".data-lock", "data"]


# ---------------------------------------------------------------- archives that are not one release


def spoiled(archive: Path, folder: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(archive) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    return pack(folder / "spoiled.zip", members)


def test_tables_of_two_releases_are_refused(archive: Path, data: Path, tmp_path: Path) -> None:
    def older(members: dict[str, bytes]) -> None:
        name = NAMES["data/requests.csv"]
        members[name] = members[name].replace(b"\n2026,", b"\n2025,")

    said = refusal(data, spoiled(archive, tmp_path, older))
    assert "data/b.csv is of 2026 and" in said and "of 2027" in said


def test_a_release_without_a_table_that_every_one_has_is_refused(
    archive: Path, data: Path, tmp_path: Path
) -> None:
    def lose(members: dict[str, bytes]) -> None:
        del members[NAMES["data/assessments.csv"]]

    assert "no table of the form ehc_assessments" in refusal(data, spoiled(archive, tmp_path, lose))


def test_a_table_that_is_there_twice_is_refused(archive: Path, data: Path, tmp_path: Path) -> None:
    def double(members: dict[str, bytes]) -> None:
        members["data/copy.csv"] = members[NAMES["data/requests.csv"]]

    assert "two tables are of the form ehc_requests" in refusal(
        data, spoiled(archive, tmp_path, double)
    )


@pytest.mark.parametrize(
    "path",
    [
        "ehc_plans/education-health-and-care-plans_2022.zip",
        "ehc_plans/release_2026_national/sen_need_newplans_2025_national.csv",
        "lait/lait_data_dictionary.csv",
        "finance/MANIFEST.md",
        "population/ons_mye_0_17_la_2012_2024.csv",
    ],
)
def test_what_the_report_does_not_read_is_refused(
    data: Path, source_folder: SourceFolder, tmp_path: Path, path: str
) -> None:
    # Not to the byte what the catalogue knows.
    other = tmp_path / "other"
    other.write_bytes(source_folder.file(path).read_bytes().rstrip() + b"\n\n\n")
    assert "no table in it is one that the report reads" in refusal(data, other)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04 and no more", "damaged or cut short"),
        (b"<html><h1>503</h1></html>", "no table in it"),
        (b"PAR1 and no more", "no table in it"),
        (b"\x00\xff\xfe" * 99, "no table in it"),
        (b'{"a": ', "no table in it"),
    ],
)
def test_what_is_no_table_is_refused(data: Path, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "file.zip"
    path.write_bytes(content)
    assert says in refusal(data, path)


def test_a_file_that_is_not_there_is_told(data: Path, tmp_path: Path) -> None:
    assert "there is no such file" in refusal(data, tmp_path / "nothing.zip")


# ---------------------------------------------------------------- one table


def requests(tables: dict[str, Rows]) -> Rows:
    return [dict(row) for row in tables["data/requests.csv"]]


def test_one_table_is_taken_in_by_itself(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    (taken,) = take(data, csv_of(tmp_path, requests(tables)))
    assert taken.kept_as == "ehc_plans/ehc_requests_2027.csv"
    assert "ehc_plan_requests" in taken.measures and "ehc_plans" not in taken.measures


def test_several_files_are_taken_in_together_the_oldest_first(
    tables: dict[str, Rows], official: Path, data: Path, tmp_path: Path
) -> None:
    later = make_tables(official, by=3)["data/requests.csv"]
    taken = take(
        data, csv_of(tmp_path, later, "a"), csv_of(tmp_path, requests(tables), "b"),
        published="2028-06-24",
    )  # fmt: skip
    assert [each.file for each in taken] == ["b", "a"]
    periods = open_store(data).observations("ehc_plan_requests", ENGLAND)["period"]
    assert periods.to_list()[-3:] == ["2025", "2026", "2027"]


@pytest.mark.parametrize(
    ("rename", "says"),
    [
        ({"requests_withdrawn": "request_withdrawn"}, "'requests_withdrawn' is missing"),
        ({"requests_withdrawn": "requests_pulled"}, "unknown: 'requests_pulled'"),
    ],
)
def test_a_column_that_was_renamed_is_refused(
    tables: dict[str, Rows], data: Path, tmp_path: Path, rename: dict[str, str], says: str
) -> None:
    rows = [
        {rename.get(name, name): cell for name, cell in row.items()} for row in requests(tables)
    ]
    assert says in refusal(data, csv_of(tmp_path, rows))


def test_a_new_column_is_refused_with_the_nearest_known_name(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    rows = [{**row, "requests_withdrawn_2": "1"} for row in requests(tables)]
    said = refusal(data, csv_of(tmp_path, rows))
    assert "unknown column 'requests_withdrawn_2'" in said
    assert "Did you mean requests_withdrawn" in said


def test_a_label_that_was_reworded_is_refused_with_the_nearest(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    known = "All requests for an EHC needs assessment"
    rows = [
        {**row, "breakdown": row["breakdown"].replace(known, "All requests for assessments")}
        for row in requests(tables)
    ]
    said = refusal(data, csv_of(tmp_path, rows))
    assert "no row is labelled" in said and "All requests for assessments" in said


def recoded(rows: Rows, codes: dict[str, str]) -> Rows:
    """Give councils other codes: rows with the code of today's for each one of these."""
    return [
        {**row, "old_la_code": codes.get(row["old_la_code"], row["old_la_code"])} for row in rows
    ]


def test_a_council_that_nobody_knows_is_asked_about(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    said = refusal(data, csv_of(tmp_path, recoded(requests(tables), {KENT: "999"})))
    assert "'999' (Kent) has never been seen" in said and "Look up what it is" in said


def test_a_code_beside_the_name_of_another_council_is_refused(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    swapped = {KENT: MEDWAY, MEDWAY: KENT}
    said = refusal(data, csv_of(tmp_path, recoded(requests(tables), swapped)))
    assert "stands beside" in said and "Medway" in said and "Kent" in said


def test_an_older_release_is_refused(official: Path, data: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(official) as opened:
        rows = [row for row in rows_of(opened, "data/requests.csv") if row["time_period"] < "2024"]
    said = refusal(data, csv_of(tmp_path, rows))
    assert "an older release (Reporting year 2024)" in said


def test_columns_that_carry_a_year_move_on_with_it(
    source_folder: SourceFolder, data: Path, tmp_path: Path
) -> None:
    path = "ehc_plans/release_2026_national/annual_reviews_2025_national.csv"
    text = source_folder.file(path).read_text("utf-8-sig")
    later = tmp_path / "later"
    later.write_text(text.replace("2025", "2026").replace("E92000001", "E92000001"), "utf-8")
    (taken,) = take(data, later)
    assert "annual_reviews_held_in_earlier_years" in taken.measures
    rows = open_store(data).observations("annual_reviews_held", ENGLAND)
    by_year = rows[rows["breakdown"] == "all"].set_index("period")["value"]
    assert by_year["2026"] == by_year["2025"] > 0


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_full_disk_is_one_line(
    tables: dict[str, Rows],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    dry_run: bool,
) -> None:
    def full(_from: Path, to: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(to))

    path, before = csv_of(tmp_path, requests(tables)), contents(data)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(ReportError, match=r"the disk is full\. Nothing was replaced"):
        take_in([Download(path, PUBLISHED)], data, dry_run=dry_run)
    assert contents(data) == before
    assert sorted(each.name for each in data.parent.iterdir()) == [".data-lock", "data"]


def test_a_date_that_is_none_is_told(archive: Path, data: Path) -> None:
    assert "'June 2027' is not a date" in refusal(data, archive, published="June 2027")


# ---------------------------------------------------------------- revisions


def revised_requests(official: Path, tables: dict[str, Rows], by: int = 1) -> Rows:
    """The new year, and 2024 again, in which Kent and with it its region and England had more."""
    with zipfile.ZipFile(official) as opened:
        rows = [row for row in rows_of(opened, "data/requests.csv") if row["time_period"] == "2024"]
    whole = "All requests for EHC needs assessments"
    for row in rows:
        row["breakdown"] = row["breakdown"].replace(
            whole, "All requests for an EHC needs assessment"
        )
        of_kent = row["old_la_code"] == KENT or row["geographic_level"] != "Local authority"
        if row["breakdown"].startswith("All requests") and of_kent and row["region_code"] in (
            "", "E12000008",
        ):  # fmt: skip
            row["requests_withdrawn"] = str(int(row["requests_withdrawn"]) + by)
    return rows + requests(tables)


def test_a_revision_is_never_taken_silently(
    official: Path, tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    path = csv_of(tmp_path, revised_requests(official, tables))
    said = refusal(data, path)
    assert "ehc_plan_requests_withdrawn, area 886 (Kent), period 2024, all: revised" in said
    words = "revised,ehc_plan_requests_withdrawn,,2024,,Kent sent its return again,2027-06-25"
    (data / "accepted.csv").write_text(f"{','.join(ACCEPTED_COLUMNS)}\n{words}\n", "utf-8")
    take(data, path)
    before, after = (
        open_store(folder)
        .observations("ehc_plan_requests_withdrawn")
        .set_index(["area", "period"])["value"]
        for folder in (tested_project() / "data", data)
    )
    moved = after.loc[before.index] - before
    assert moved[moved.fillna(0) != 0].to_dict() == {
        (KENT, "2024"): 1, ("E12000008", "2024"): 1, (ENGLAND, "2024"): 1,
    }  # fmt: skip


def test_every_surprise_is_written_where_it_is_asked(
    official: Path, tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    path = csv_of(tmp_path, revised_requests(official, tables))
    with pytest.raises(ReportError):
        take_in([Download(path, PUBLISHED)], data, details=tmp_path / "surprises.csv")
    found = pd.read_csv(tmp_path / "surprises.csv", dtype="str")
    assert found["area"].to_list() == [KENT, "E12000008", ENGLAND]
    assert found["surprise"].to_list() == ["revised"] * 3


@pytest.mark.parametrize("off", [0.1, -0.1, 20])
def test_a_share_that_does_not_follow_from_its_counts_is_refused(
    official: Path, data: Path, tmp_path: Path, off: float
) -> None:
    """Nothing sums to a share: one digit of Kent's is another. 784 of 2,424 plans are 32.34%."""

    def spoil(tables: dict[str, Rows]) -> None:
        (kent,) = [
            row
            for row in tables["data/timeliness_20_week.csv"]
            if row["old_la_code"] == "886" and row["breakdown"] == "All EHC plans"
        ]
        column = "pc_plans_issued_within_20_weeks"
        kent[column] = f"{float(kent[column]) + off:.1f}"

    said = refusal(data, make_release(tmp_path / "made.zip", official, change=spoil))
    assert "ehc_plans_in_20_weeks_share, area 886 (Kent), period 2026, all: not its share" in said
    assert "its counts make 32.34" in said


def test_a_year_that_is_not_over_is_refused(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    path = csv_of(tmp_path, requests(tables))
    said = refusal(data, path, published="2026-06-25")
    assert "not yet over" in said
    assert "give --published DATE" in said


def in_thousands(tables: dict[str, Rows], column: str, folder: Path) -> Path:
    """Write the table of requests with three noughts more in a column."""
    rows = requests(tables)
    for row in rows:
        row[column] += "000"
    return csv_of(folder, rows, "requests.csv")


def test_a_file_in_thousands_is_told_as_that_though_its_date_is_not_given(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    path = in_thousands(tables, "requests_received_in_year", tmp_path)
    said = refusal(data, path, published="2026-06-25")
    assert said.startswith("requests.csv: ehc_plan_requests, area E92000001 (England), period")
    assert "too far, 1" in said
    assert "× not yet over" in said


def test_a_council_that_is_missing_is_named_with_its_table(
    official: Path, data: Path, tmp_path: Path
) -> None:
    """What its region and England then do not add up to is not told first."""

    def without_kent(made: dict[str, Rows]) -> None:
        rows = made["data/requests.csv"]
        rows[:] = [row for row in rows if row["old_la_code"] != KENT]

    said = refusal(data, make_release(tmp_path / "made.zip", official, change=without_kent))
    assert said.startswith(f"made.zip/{NAMES['data/requests.csv']}: ehc_plan_requests")
    assert "area 886 (Kent), period 2026, all: missing" in said


@pytest.mark.parametrize(
    ("table", "label", "says"),
    [
        ("data/caseload.csv", "All EHC plans", "England has no total for "),
        ("data/requests.csv", "All requests", "no row is labelled"),
    ],
)
def test_a_label_that_was_reworded_loses_no_total_silently(
    official: Path, data: Path, tmp_path: Path, table: str, label: str, says: str
) -> None:
    def reword(made: dict[str, Rows]) -> None:
        for row in made[table]:
            row["breakdown"] = row["breakdown"].replace(label, "Everyone")

    said = refusal(data, make_release(tmp_path / "made.zip", official, change=reword))
    assert said.startswith(f"made.zip/{NAMES[table]}")
    assert says in said


def test_a_total_that_a_region_lacks_is_missing(official: Path, data: Path, tmp_path: Path) -> None:
    def reword(made: dict[str, Rows]) -> None:
        for row in made["data/requests.csv"]:
            if row["region_code"] == "E12000008" and row["geographic_level"] == "Regional":
                row["breakdown"] = row["breakdown"].replace("All requests", "Everyone")

    said = refusal(data, make_release(tmp_path / "made.zip", official, change=reword))
    assert "area E12000008 (South East), period 2026, all: missing" in said


@pytest.mark.parametrize(
    ("row_of", "column", "cell", "says"),
    [
        ("Kent", "new_la_code", "E10000099", "council code '886' (Kent) stands beside E10000099"),
        ("Kent", "time_identifier", "Financial year", "said to be a 'Financial year'"),
        ("Kent", "time_period", "2062", "the year 2062 is far from the one before it, 2026"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    tables: dict[str, Rows], data: Path, tmp_path: Path,
    row_of: str, column: str, cell: str, says: str,
) -> None:  # fmt: skip
    rows = requests(tables)
    next(row for row in reversed(rows) if row["la_name"] == row_of)[column] = cell
    assert says in refusal(data, csv_of(tmp_path, rows))


@pytest.mark.parametrize(
    ("written_as", "says"),
    [
        (lambda content: content.decode("utf-8-sig").encode("utf-16"), "it is UTF-16 text"),
        (lambda content: content.replace(b",", b";"), "its cells are parted by semicolons"),
        (lambda content: content.replace(b",Kent,", b",K\xe9nt,"), "is not UTF-8 text"),
    ],
    ids=["UTF-16", "semicolons", "Windows"],
)
def test_a_table_that_cannot_be_read_is_not_left_out_silently(
    official: Path, data: Path, tmp_path: Path, written_as: Callable[[bytes], bytes], says: str
) -> None:
    """One that the report could do without, in an archive, and by itself."""
    tables = make_tables(official)
    spoiled = written_as(written(tables.pop("data/ceased_plans.csv")))
    alone = tmp_path / "alone.csv"
    alone.write_bytes(spoiled)
    assert says in refusal(data, alone)
    made = make_release(tmp_path / "made.zip", official)
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            is_spoiled = name == NAMES["data/ceased_plans.csv"]
            new.writestr(name, spoiled if is_spoiled else old.read(name))
    said = refusal(data, packed)
    assert says in said and NAMES["data/ceased_plans.csv"] in said


def test_tables_that_the_archive_before_had_are_told(archive: Path, data: Path) -> None:
    (taken,) = take(data, archive)
    assert "needs" in taken.lacking and "caseload" not in taken.lacking
    assert any("of which the archive before had one: needs" in line for line in in_words(taken))


def test_an_archive_with_far_too_many_members_is_refused(data: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    with zipfile.ZipFile(made, "w") as opened:
        for number in range(501):
            opened.writestr(f"{number}.csv", "")
    assert "the archive has 501 members" in refusal(data, made)


def test_a_table_with_far_too_many_lines_is_refused(data: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.csv", b"\n" * 2_000_001)
    assert "the table has 2,000,001 lines" in refusal(data, made)


def test_a_name_in_an_archive_moves_no_cursor(data: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.zip"
    with zipfile.ZipFile(made, "w") as opened:
        opened.writestr("re\x1b[2J\nOK.csv", "a;b;c;d;e;f\n")
    assert r"made.zip/re\x1b[2J\nOK.csv: the table cannot be read" in refusal(data, made)


def test_a_share_that_is_none_is_told_with_its_table_and_column(
    tables: dict[str, Rows], data: Path, tmp_path: Path
) -> None:
    said = refusal(data, in_thousands(tables, "request_not_assess_pc", tmp_path))
    assert said.startswith("requests.csv, area ")
    assert ", column 'request_not_assess_pc': ehc_plan_requests_refused_share is " in said


@pytest.mark.parametrize("name", ["../../data/a.csv", "/a.csv", "..\\a.csv", "C:\\a.csv"])
def test_a_member_that_leads_out_of_the_archive_is_refused(
    archive: Path, data: Path, tmp_path: Path, name: str
) -> None:
    made = Path(shutil.copy(archive, tmp_path / "made.zip"))
    with zipfile.ZipFile(made, "a") as opened:
        opened.writestr(name, "a")
    assert "leads out of its folder" in refusal(data, made)


# ---------------------------------------------------------------- other publications


def test_the_tribunal_table_with_a_year_more(
    source_folder: SourceFolder, data: Path, tmp_path: Path
) -> None:
    """2026 and 2027 come after 2025: each is 2024 again."""
    path = source_folder.file("tribunal/SEND Tribunals and appeal rate 2014-2024.csv")
    with path.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.reader(opened))
    made = tmp_path / "tribunal"
    with made.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        for number, line in enumerate(lines):
            last = line[32:35]
            more = [["2025", "", ""], ["2026", "", ""]] if number == 3 else [last, last]
            writer.writerow([*line[:35], *more[0], *more[1], *line[35:]])
    assert "× revised" in refusal(data, made)
    # 2025 is in the later table, on another basis: the appeals of the made table differ from it.
    with pytest.raises(ReportError):
        take_in([Download(made, PUBLISHED)], data, details=tmp_path / "surprises.csv")
    found = pd.read_csv(tmp_path / "surprises.csv", dtype="str")
    revised = found[found["surprise"] == "revised"]
    assert "tribunal_appeals" in set(revised["measure"])
    assert set(revised["period"]) == {"2025"}


def test_a_new_year_of_section_251(source_folder: SourceFolder, data: Path, tmp_path: Path) -> None:
    path = outturn_of_2025(source_folder, tmp_path / "lookup", 1)
    (taken,) = take(data, path)
    assert taken.measures == ("high_needs_spending_outturn",)
    figures = open_store(data).observations("high_needs_spending_outturn", ENGLAND)
    by_year = figures.set_index("period")["value"]
    assert by_year["2025-26"] == by_year["2024-25"]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_the_interactive_tool_with_a_year_more(
    source_folder: SourceFolder, data: Path, tmp_path: Path, kind: str
) -> None:
    published = pd.read_parquet(source_folder.file("lait/bds_long_0.parquet"))
    series = published["Short Desc"] == "TotAbs"
    last = published[
        series & (published["Years"].str[:4] == published.loc[series, "Years"].max()[:4])
    ]
    later = last.assign(
        Years=last["Years"]
        .str.replace(r"^20(\d\d)", lambda found: f"20{int(found[1]) + 1}", regex=True)
        .str.replace(r"/(\d\d)", lambda found: f"/{int(found[1]) + 1}", regex=True)
    )
    path = tmp_path / "bds"
    both = pd.concat([published, later])
    if kind == "parquet":
        both.to_parquet(path)
    else:
        both.to_csv(path, index=False)
    (taken,) = take(data, path)
    assert taken.measures == ("absence_rate",)
    figures = open_store(data).observations("absence_rate", ENGLAND)
    by_year = figures[figures["breakdown"] == "all"].set_index("period")["value"]
    assert by_year.iloc[-1] == by_year.iloc[-2]


def outturn_of_2025(source_folder: SourceFolder, path: Path, kent: float) -> Path:
    """Write the section 251 table of 2024 as that of 2025, Kent's high needs times a factor."""
    content = json.loads(source_folder.file("finance/s251_lookup_2024.json").read_text("utf-8"))
    for record in content.values():
        record["year"] = "2025"
    (line,) = [
        line
        for line in content["E10000016"]["education_breakdown"]
        if line["name"] == "High needs (SEND)"
    ]
    line["value"] = round(line["value"] * kent)
    path.write_text(json.dumps(content), "utf-8")
    return path


def lines_of_2025(
    data: Path, path: Path, change: Callable[[Rows], None] = lambda _rows: None
) -> Path:
    """Write the Department's own file of section 251 with the years of data/, and 2024-25 again."""
    store = open_store(data)
    names = store.areas["name"]
    rows: Rows = []
    for line, measure in (
        ("1.2.1 Top-up funding \u2013 maintained schools", "high_needs_spending_outturn"),
        ("2.1.4 Home to school transport (pre 16): SEN transport expenditure",
         "send_transport_pre16"),
    ):  # fmt: skip
        known = store.observations(measure).query("breakdown == 'all'")
        last = known[known["period"] == "2024-25"].assign(period="2025-26")
        for row in pd.concat([known, last]).dropna(subset="value").itertuples():
            is_council = len(row.area) == 3
            if not is_council and row.area != ENGLAND:
                continue
            spent = f"{row.value:.0f}"
            rows.append(
                dict.fromkeys(section251_lines.COLUMNS, "z")
                | {
                    "time_period": row.period.replace("-", ""),
                    "geographic_level": "Local authority" if is_council else "National",
                    "old_la_code": row.area if is_council else "",
                    "la_name": names[row.area] if is_council else "",
                    "category_of_expenditure": line,
                    "gross_expenditure": spent, "income": "0", "net_expenditure": spent,
                }
            )  # fmt: skip
    change(rows)
    pd.DataFrame(rows).to_csv(path, index=False, encoding="cp1252")
    return path


def test_the_departments_own_file_of_section_251(data: Path, tmp_path: Path) -> None:
    """Every year that data/ has is the same; of the new one both measures are taken."""
    (taken,) = take(data, lines_of_2025(data, tmp_path / "lines"))
    assert set(taken.measures) == {"high_needs_spending_outturn", "send_transport_pre16"}
    for measure in taken.measures:
        figures = open_store(data).observations(measure, ENGLAND).set_index("period")["value"]
        assert figures["2025-26"] == figures["2024-25"]


@pytest.mark.parametrize(
    ("period", "column", "says"),
    [
        ("202526", "net_expenditure", "gross less income is not net"),
        ("202526", "both", "the councils add to"),
        (
            "202223",
            "all",
            "high_needs_spending_outturn, area 886 (Kent), period 2022-23, all: revised",
        ),
    ],
)
def test_a_wrong_amount_in_the_departments_file_is_refused(
    data: Path, tmp_path: Path, period: str, column: str, says: str
) -> None:
    """Kent's high needs with a digit more: against its own row, England's line, and data/."""

    def spoil(rows: Rows) -> None:
        for row in rows:
            is_kent = row["old_la_code"] == "886"
            if row["time_period"] != period or not row["category_of_expenditure"].startswith("1"):
                continue
            if is_kent or (column == "all" and row["geographic_level"] == "National"):
                for name in ("gross_expenditure", "net_expenditure"):
                    if column in (name, "both", "all"):
                        row[name] = str(int(row[name]) + 90_000_000)

    assert says in refusal(data, lines_of_2025(data, tmp_path / "lines", spoil))


@pytest.mark.parametrize("factor", [-1, -0.2])
def test_spending_with_its_sign_flipped_is_refused(
    source_folder: SourceFolder, data: Path, tmp_path: Path, factor: float
) -> None:
    said = refusal(data, outturn_of_2025(source_folder, tmp_path / "lookup", factor))
    assert "high_needs_spending_outturn, area 886 (Kent), period 2025-26, all: below nought" in said


def test_a_balance_that_mirrors_the_year_before_is_refused(
    source_folder: SourceFolder, data: Path, tmp_path: Path
) -> None:
    """Walsall's deficit of 2024, about 7.4 million, comes as a surplus of as much."""
    text = source_folder.file("finance/dsg_balance_202324_by_la.csv").read_text("utf-8")
    later = text.replace("2024-03-31", "2025-03-31")
    path = tmp_path / "balances"
    path.write_text(later.replace("Walsall,7399921.0", "Walsall,-7399921.0"), "utf-8")
    assert "dsg_balance, area 335 (Walsall), period 2025-03-31, all: sign turned" in refusal(
        data, path
    )
    path.write_text(later, "utf-8")
    (taken,) = take(data, path)
    assert taken.measures == ("dsg_balance",)


def test_the_dsg_workbook_with_a_year_more(
    source_folder: SourceFolder, data: Path, tmp_path: Path
) -> None:
    """The sheet of 2023-24 comes again as that of 2024-25."""
    path = source_folder.file("finance/dedicated-schools-grant.ods")
    with zipfile.ZipFile(path) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    sheet = b'table:name="Allocations_2324"'
    assert members["content.xml"].count(sheet) == 1
    members["content.xml"] = members["content.xml"].replace(sheet, b'table:name="Allocations_2425"')
    (taken,) = take(data, pack(tmp_path / "book", members))
    assert set(taken.measures) == {
        "dsg_allocation", "high_needs_block", "high_needs_block_after_deductions",
    }  # fmt: skip
    block = open_store(data).observations("high_needs_block", ENGLAND).set_index("period")["value"]
    assert block["2024-25"] == block["2023-24"]
