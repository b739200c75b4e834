"""Data sets of the API: which there are, in which version, and what is made of their tables."""

import gzip
import zipfile
from pathlib import Path

import pytest

from as_tested import tested_project
from fetching.loopback import PLANS, Behaviour, archive_of
from fetching.test_update import RELEASE, complaint, release, talking_to
from sendreform.errors import ReportError
from sendreform.fetching import downloading
from sendreform.fetching.data_sets import (
    DataSet,
    download_release,
    needed_tables,
    newest_data_sets,
    pinned,
)
from sendreform.fetching.watching import newest_sources, watched, whats_new
from sendreform.sources.section251 import TRANSPORT_COLUMN
from sendreform.store import Store, open_store
from sendreform.store.layout import Layout

STORE = open_store(tested_project() / "data")
A, B = "0190a0a0-7c5e-7b21-a26d-000000000001", "0190a0a0-7c5e-7b21-a26d-000000000002"
#: A table that the report reads, and one that it does not.
KNOWN = f"financial_year,la_code,la_name,{TRANSPORT_COLUMN}\n2024-25,E10000016,Kent,1\n".encode()
OTHER = b"time_period,pupils\n202627,1\n"


def data_set(
    identity: str, version: str = "1.0", of: str = "2027", status: str = "Published"
) -> dict[str, str]:
    return {
        "id": identity, "title": f"Table {identity[-1]}", "status": status,
        "version": version, "release": of, "published": "2027-06-24",
    }  # fmt: skip


def pin(identity: str, version: str = "1.0") -> DataSet:
    return DataSet(identity, version, "A table", "2027", "2027-06-24")


@pytest.fixture
def behaviour() -> Behaviour:
    """The API has two data sets of the plans."""
    ours = watched(STORE)["publication"]
    return Behaviour(
        releases={slug: release("2013-01-01", "Old") for slug in ours}
        | {PLANS: release("2027-06-24")},
        publications=[
            {"id": "1", "slug": PLANS, "title": PLANS, "lastPublished": "2027-06-24T08:30:00Z"}
        ],
        data_sets={"1": [data_set(A), data_set(B, "2.1")]},
        tables={f"{A} 1.0": KNOWN, f"{B} 2.1": OTHER},
        files={RELEASE: archive_of("area,plans\n886,20635\n")},
    )


# ---------------------------------------------------------------- which there are


def test_the_newest_version_of_each_is_asked_with_a_wildcard(behaviour: Behaviour) -> None:
    with talking_to(behaviour) as opened:
        found = newest_data_sets(opened, "1")
    assert [(each.id, each.version, each.release) for each in found] == [
        (A, "1.0", "2027"),
        (B, "2.1", "2027"),
    ]
    assert [path for path, _ in behaviour.asked if "/versions/" in path] == [
        f"/v1/data-sets/{A}/versions/*",
        f"/v1/data-sets/{B}/versions/*",
    ]


def test_every_page_of_data_sets_is_read(behaviour: Behaviour) -> None:
    """The API lists no more than twenty a page, and refuses to be asked for more."""
    behaviour.data_sets["1"] = [data_set(f"a-{number}") for number in range(45)]
    with talking_to(behaviour) as opened:
        assert len(newest_data_sets(opened, "1")) == 45
    assert sum(path.endswith("/data-sets") for path, _ in behaviour.asked) == 3


def test_a_withdrawn_data_set_and_one_without_a_version_are_left_out(behaviour: Behaviour) -> None:
    behaviour.data_sets["1"] = [data_set(A, status="Withdrawn"), data_set(B, version="")]
    with talking_to(behaviour) as opened:
        assert newest_data_sets(opened, "1") == []


@pytest.mark.parametrize(("identity", "version"), [("../../etc", "1.0"), (A, "../1"), (A, "1")])
def test_what_would_name_a_file_elsewhere_is_refused(
    behaviour: Behaviour, identity: str, version: str
) -> None:
    sneaky = data_set(identity.replace("/", "%2F"), version)
    behaviour.data_sets["1"] = [sneaky]
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        newest_data_sets(opened, "1")
    assert "name of another kind" in complaint(raised)


def test_the_check_counts_the_data_sets_of_the_release(behaviour: Behaviour) -> None:
    behaviour.data_sets["1"][1]["release"] = "2026"
    with talking_to(behaviour) as opened:
        found = whats_new(STORE, opened, PLANS).iloc[0]
    assert [each.id for each in found["data_sets"]] == [A]
    assert bool(found["is_new"])


@pytest.mark.parametrize(("version", "is_new"), [("1.0", False), ("1.1", True)])
def test_a_corrected_version_of_what_we_read_is_new(
    behaviour: Behaviour, tmp_path: Path, version: str, is_new: bool
) -> None:
    """The release is the one that the catalogue has; only the version of a data set may differ."""
    catalogue = tmp_path / "catalogue/sources.csv"
    catalogue.parent.mkdir(parents=True)
    sources = STORE.sources.reset_index(drop=True)
    ours = sources["source"] == "caseload_2026"
    sources.loc[ours, ["member", "published", "release"]] = [
        f"data-sets/{A}/1.0.csv", "2027-06-24", "Reporting year 2027",
    ]  # fmt: skip
    sources.to_csv(catalogue, index=False)
    store = Store(Layout(tmp_path))
    assert pinned(store) == {A: "1.0"}
    behaviour.data_sets["1"] = [data_set(A, version)]
    with talking_to(behaviour) as opened:
        assert whats_new(store, opened, PLANS)["is_new"].to_list() == [is_new]


def test_a_day_that_is_none_names_no_file(behaviour: Behaviour) -> None:
    behaviour.releases[PLANS]["published"] = "../../../x"
    with talking_to(behaviour) as opened:
        (found,) = whats_new(STORE, opened, PLANS).to_dict("records")
    assert not found["is_new"]
    assert "is not a date" in found["problem"]


# ---------------------------------------------------------------- downloading


def test_what_the_last_release_gave_is_needed_of_the_next() -> None:
    """The release of June 2026 was read for England: nine tables; need by council is of 2025."""
    needed = needed_tables(newest_sources(STORE, PLANS))
    assert needed == {
        "caseload", "ehc_requests", "ehc_assessments", "ehc_timeliness", "ehc_new_plans",
        "ehc_ceased", "ehc_annual_reviews", "ehc_residential", "ehc_phase_transfers",
    }  # fmt: skip


def test_known_tables_make_one_archive_whose_members_pin_them(
    behaviour: Behaviour, tmp_path: Path
) -> None:
    made = []
    for folder in ("one", "other"):
        with talking_to(behaviour) as opened:
            target = tmp_path / folder / "plans.zip"
            sets = [pin(A), pin(B, "2.1")]
            made.append(download_release(opened, RELEASE, sets, target, ()))
    assert made[0].sha256 == made[1].sha256  # the same tables, the same bytes
    with zipfile.ZipFile(made[0].path) as archive:
        assert archive.namelist() == [f"data-sets/{A}/1.0.csv"]
        assert archive.read(archive.namelist()[0]) == KNOWN
    assert not any(path.endswith("/files") for path, _ in behaviour.asked)


@pytest.mark.parametrize(
    ("sets", "needed"),
    [([], set()), ([pin(B, "2.1")], set()), ([pin(A)], {"caseload"})],
    ids=["no data set", "none that is read", "a needed one missing"],
)
def test_where_the_api_does_not_do_the_archive_is_taken(
    behaviour: Behaviour, tmp_path: Path, sets: list[DataSet], needed: set[str]
) -> None:
    with talking_to(behaviour) as opened:
        made = download_release(opened, RELEASE, sets, tmp_path / "plans.zip", needed)
    assert made.path == tmp_path / "plans.zip"
    assert made.path.read_bytes() == behaviour.files[RELEASE]


def test_a_packed_body_that_is_cut_off_is_asked_for_again(
    behaviour: Behaviour, tmp_path: Path
) -> None:
    behaviour.tables[f"{A} 1.0"] = KNOWN + b"2024-25,E09000001,City of London,7\n" * 5000
    behaviour.cuts, behaviour.cut_after = 2, 60
    with talking_to(behaviour) as opened:
        url = opened.csv(A, "1.0")
        downloading.download_file(opened, url, tmp_path / "a.csv", pause=0.01)
    assert (tmp_path / "a.csv").read_bytes() == behaviour.tables[f"{A} 1.0"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]


def test_a_packed_body_that_unpacks_without_end_is_given_up(
    behaviour: Behaviour, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloading, "MOST_BYTES", 100_000)
    behaviour.tables[f"{A} 1.0"] = bytes(1_000_000)
    assert len(gzip.compress(behaviour.tables[f"{A} 1.0"])) < 100_000
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        downloading.download_file(opened, opened.csv(A, "1.0"), tmp_path / "a.csv", pause=0.01)
    assert "far larger than any official one" in complaint(raised)
    assert not (tmp_path / "a.csv").exists()


def test_a_version_that_was_withdrawn_meanwhile_is_one_line(
    behaviour: Behaviour, tmp_path: Path
) -> None:
    with talking_to(behaviour) as opened, pytest.raises(ReportError) as raised:
        download_release(opened, RELEASE, [pin(A, "1.9")], tmp_path / "plans.zip", ())
    assert "the service answers 403" in complaint(raised)
