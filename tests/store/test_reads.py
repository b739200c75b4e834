"""What a piece of work read is noted, whoever read it first."""

from pathlib import Path

from conftest import ROOT
from sendreform.report import Report, open_report
from sendreform.store import open_store
from sendreform.store.reads import recording, remembered

PLANS, SHARE = "ehc_plans", "pupils_with_ehc_plan_share"


def names(read: set[Path]) -> set[str]:
    return {path.stem for path in read}


def report() -> Report:
    return open_report("Kent", 2015, 2026, "2024-25")


def test_a_table_is_noted_each_time_and_not_only_the_first() -> None:
    store = open_store(ROOT / "data")
    for _ in range(2):
        with recording() as read:
            store.observations(PLANS)
            assert len(store.breaks)
            store.argument("tests")
        assert names(read) == {"measures", PLANS, "breaks", "tests"}
        assert all(path.is_file() for path in read)


def test_nothing_is_noted_after_the_end_or_of_another_work() -> None:
    store = open_store(ROOT / "data")
    with recording() as outer:
        with recording() as inner:
            store.observations(PLANS)
        store.observations(SHARE)
    store.observations("ehc_plan_requests")
    assert names(inner) == {"measures", PLANS}
    assert names(outer) == {"measures", PLANS, SHARE}


def test_an_answer_that_is_given_again_brings_its_files_with_it() -> None:
    made = []

    @remembered(2)
    def total(measure: str) -> int:
        made.append(measure)
        return len(open_store(ROOT / "data").observations(measure))

    for _ in range(2):
        with recording() as read:
            assert total(PLANS) > 0
        assert names(read) == {"measures", PLANS}
    assert made == [PLANS]


def test_a_report_notes_what_others_have_worked_out_before() -> None:
    report().everywhere(PLANS)
    with recording() as read:
        report().everywhere(PLANS)
    assert PLANS in names(read) and SHARE not in names(read)


def test_a_ledger_that_is_not_there_counts_too(tmp_path: Path) -> None:
    with recording() as read:
        assert open_store(tmp_path).claims.empty
    assert read == {tmp_path / "claims.csv"}
