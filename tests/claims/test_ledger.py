"""The ledger sets ours beside theirs, gives each a status by rule, and tells what is wrong."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from as_tested import tested_project
from claims.tiny_data import CLAIM, UNTESTED, tiny_store
from conftest import ROOT
from sendreform.claims.ledger import (
    COLUMNS,
    DEFINITE,
    RECOMPUTED,
    STATUSES,
    counts,
    figure_counts,
    problems,
    recompute,
    recompute_sound,
    rounded,
    select,
    source_records,
    status_of,
    worst,
)
from sendreform.claims.operations import OPERATIONS
from sendreform.errors import ReportError
from sendreform.store import open_store
from sendreform.store.claims_table import CLAIM_COLUMNS, FINDINGS, GIVEN_STATUSES, STANCES
from sendreform.store.validation import validate


@pytest.mark.parametrize(
    ("ours", "value", "step", "comparison", "status"),
    [
        (140.4, "140", "1", "", "reproduced"),
        (139.5, "140", "1", "equals", "reproduced"),  # a half goes up
        (140.5, "140", "1", "", "close"),
        (2.5, "3", "1", "", "reproduced"),
        (-2.6, "-2.6", "0.1", "", "reproduced"),
        (0.285, "0.29", "0.01", "", "reproduced"),  # 0.285 in binary lies below the half
        (100 * 1.155, "115.5", "0.1", "", "reproduced"),
        (718_838, "700000", "100000", "", "reproduced"),
        # At most 2% of the published figure: 2.8 of 140.
        (142.8, "140", "1", "", "close"),
        (137.2, "140", "1", "", "close"),
        (142.9, "140", "1", "", "differs"),
        (137.1, "140", "1", "", "differs"),
        # Or at most two steps: 2 of 5, where 2% would be 0.1.
        (7.0, "5", "1", "", "close"),
        (3.0, "5", "1", "", "close"),
        (7.1, "5", "1", "", "differs"),
        (0.3, "0", "0.1", "", "differs"),
        (0.2, "0", "0.1", "", "close"),
        # Bounds hold by the figure itself, not by its rounding.
        (700_000, "700000", "100000", "at_least", "reproduced"),
        (900_000, "700000", "100000", "at_least", "reproduced"),
        (699_999, "700000", "1", "at_least", "close"),
        (600_000, "700000", "1", "at_least", "differs"),
        (2.5, "2.5", "0.1", "at_most", "reproduced"),
        (1.0, "2.5", "0.1", "at_most", "reproduced"),
        (2.51, "2.5", "0.1", "at_most", "close"),
        (5.0, "2.5", "0.1", "at_most", "differs"),
    ],
)
def test_the_rule_of_a_status(
    ours: float, value: str, step: str, comparison: str, status: str
) -> None:
    assert status_of(ours, value, step, comparison) == status


steps = st.sampled_from(["0.01", "0.1", "1", "10", "1000", "0.5"])


@given(st.integers(-(10**8), 10**8), steps)
def test_a_rounded_figure_is_reproduced_by_itself(count: int, step: str) -> None:
    value = count * Decimal(step)
    assert status_of(float(value), str(value), step, "") == "reproduced"


@given(st.integers(-(10**9), 10**9), steps)
def test_rounding_moves_by_half_a_step_at_most_and_to_a_multiple(number: int, step: str) -> None:
    exact = Decimal(number) / 1000
    near = rounded(float(exact), step)
    assert abs(near - exact) <= Decimal(step) / 2
    assert near % Decimal(step) == 0
    # The mirror image rounds to the mirror image: a half goes away from nought.
    assert rounded(float(-exact), step) == -near


@given(st.lists(st.sampled_from(STATUSES), min_size=1))
def test_the_order_of_figures_does_not_matter_to_a_claim(statuses: list[str]) -> None:
    assert worst(statuses) == worst(statuses[::-1]) in statuses
    for known in (RECOMPUTED, DEFINITE):
        if {*known} & {*statuses}:
            assert worst(statuses) in known


def test_a_row_gets_ours_the_difference_a_status_and_sources(tmp_path: Path) -> None:
    store = tiny_store(tmp_path, CLAIM | {"value": "48"}, UNTESTED | {"claim": "C002"})
    figures = recompute(store)
    assert list(figures.columns) == COLUMNS
    first, second = figures.to_dict("records")
    # 200 plans became 300: 50%, two more than the 48% published, and within two steps.
    assert (first["ours"], first["difference"], first["status"]) == (50.0, 2.0, "close")
    assert first["recipe"] == "Per cent change in plans, England, January 2014 to January 2017"
    assert first["breaks"] == ("Plans from January 2016: Counted child by child.",)
    assert source_records(store, first["sources"]) == [
        {
            "source": "plans_file", "publisher": "Department", "publication": "plans",
            "release": "2018", "title": "File of plans", "url": "https://example.org/plans",
        }
    ]  # fmt: skip
    assert second["status"] == second["claim_status"] == "cannot be tested"
    assert second["published_value"] == 50.0
    assert figures["ours"].isna().tolist() == [False, True]
    assert second["recipe"] == "" and second["sources"] == ()


def test_a_claim_has_the_worst_status_of_its_figures(tmp_path: Path) -> None:
    rows = [
        CLAIM,
        CLAIM | {"figure": "2", "value": "20", "note": "They count otherwise."},
        UNTESTED | {"figure": "3"},
        UNTESTED | {"claim": "C002"},
        CLAIM | {"claim": "C003"},
    ]
    figures = recompute(tiny_store(tmp_path, *rows))
    assert figures["status"].tolist() == [
        "reproduced", "differs", "cannot be tested", "cannot be tested", "reproduced",
    ]  # fmt: skip
    assert figures["claim_status"].tolist() == [
        "differs", "differs", "differs", "cannot be tested", "reproduced",
    ]  # fmt: skip
    assert {status: number for status, number in counts(figures).items() if number} == {
        "reproduced": 1, "differs": 1, "cannot be tested": 1,
    }  # fmt: skip
    assert list(counts(figures)) == list(STATUSES)


def test_a_claim_says_how_many_of_its_figures_have_its_status(tmp_path: Path) -> None:
    rows = [
        CLAIM,
        UNTESTED | {"figure": "2", "status": "not yet due"},
        UNTESTED | {"figure": "3", "status": "not yet due"},
        UNTESTED | {"claim": "C002"},
    ]
    figures = recompute(tiny_store(tmp_path, *rows))
    assert figures["claim_status"].tolist() == ["reproduced"] * 3 + ["cannot be tested"]
    assert figures["claim_status_told"].tolist() == [
        "reproduced (1 of 3 figures)"] * 3 + ["cannot be tested"]  # fmt: skip
    assert {status: number for status, number in figure_counts(figures).items() if number} == {
        "reproduced": 1, "cannot be tested": 1, "not yet due": 2,
    }  # fmt: skip


def test_a_reservation_takes_a_status_one_step_down(tmp_path: Path) -> None:
    reserved = {"reservation": "by one definition", "note": "One of many."}
    store = tiny_store(
        tmp_path,
        CLAIM | reserved,
        CLAIM | reserved | {"claim": "C002", "value": "49"},
        CLAIM | reserved | {"claim": "C003", "value": "20", "note": ""},
    )
    figures, wrong = recompute_sound(store)
    assert figures["status"].tolist() == ["close", "differs", "differs"]
    assert [line.partition(":")[0] for line in wrong] == ["claims.csv, row 4 (C003), column note"]


def test_rows_that_are_wrong_do_not_hide_the_others(tmp_path: Path) -> None:
    store = tiny_store(
        tmp_path,
        CLAIM,
        CLAIM | {"claim": "C002", "value": "1,000"},
        CLAIM | {"claim": "C003", "to": "2027-01"},
        CLAIM | {"claim": "C004", "value": "20"},
    )
    figures, wrong = recompute_sound(store)
    assert figures["claim"].tolist() == ["C001", "C004"]
    assert [line.split(":")[0] for line in wrong] == [
        "claims.csv, row 3 (C002), column value",
        "claims.csv, row 4 (C003), column to",
        "claims.csv, row 5 (C004), column note",
    ]


def test_without_a_ledger_there_are_no_claims(tmp_path: Path) -> None:
    store = tiny_store(tmp_path)
    assert validate(store) == problems(store) == []
    assert recompute(store).empty
    assert sum(counts(recompute(store)).values()) == 0
    assert select(recompute(store), search="plans", status="differs").empty


def test_every_wrong_recipe_is_told_with_row_and_column(tmp_path: Path) -> None:
    store = tiny_store(
        tmp_path,
        CLAIM | {"to": "2027-01"},
        CLAIM | {"claim": "C002"},
        CLAIM | {"claim": "C003", "area": "Kant"},
        CLAIM | {"claim": "C004", "value": "20"},
        CLAIM | {"claim": "C005", "breakdown": "placement:hospital"},
    )
    assert validate(store) == []
    assert problems(store) == [
        "claims.csv, row 2 (C001), column to: plans has no period '2027-01'; "
        "it has 2014-01, 2015-01, 2016-01, 2017-01.",
        "claims.csv, row 4 (C003), column area: unknown council 'Kant'. Did you mean Kent?",
        "claims.csv, row 5 (C004), column note: ours, 50, differs from 20 per cent, and the note "
        "is empty. Say why it differs.",
        "claims.csv, row 6 (C005), column measure: plans is not published for England, "
        "January 2014, breakdown 'placement:hospital'. Choose other periods or breakdowns, or "
        "give the row a status.",
    ]
    with pytest.raises(ReportError, match="row 2 \\(C001\\), column to"):
        recompute(store)


def test_recipes_of_well_formed_rows_are_told_beside_rows_that_are_not(tmp_path: Path) -> None:
    wrong = CLAIM | {"to": "2027-01"}
    store = tiny_store(
        tmp_path,
        CLAIM | {"value": "1,000", "to": "2027-01"},
        wrong | {"claim": "C002"},
        wrong | {"claim": "C002"},  # twice, and well formed by itself
    )
    assert [line.split(":")[0] for line in problems(store)] == [
        "claims.csv, row 3 (C002), column to",
        "claims.csv, row 4 (C002), column to",
    ]
    path = store.layout.table("claims")
    path.write_text(path.read_text("utf-8").replace("stance", "stanse", 1), "utf-8")
    assert problems(open_store(store.layout.root)) == []


def test_the_table_is_narrowed_by_status_finding_claim_and_words(tmp_path: Path) -> None:
    figures = recompute(
        tiny_store(
            tmp_path,
            CLAIM,
            UNTESTED | {"claim": "C002", "finding": "essential", "text": "Appeals will rise."},
            CLAIM | {"claim": "C003", "value": "20", "note": "Appeals are left out."},
        )
    )

    def kept(**asked: str) -> list[str]:
        return select(figures, **asked)["claim"].tolist()

    assert kept() == ["C001", "C002", "C003"]
    assert kept(status="differs") == ["C003"]
    assert kept(finding="essential") == ["C002"]
    assert kept(claim="c003") == ["C003"]
    assert kept(search="appeals") == ["C002", "C003"]
    assert kept(search="OUT appeals") == ["C003"]
    assert kept(search="appeals", finding="essential") == ["C002"]
    assert kept(search="plans(") == []
    with pytest.raises(ReportError, match=r"unknown status 'differ'\. Did you mean differs"):
        kept(status="differ")
    with pytest.raises(ReportError, match=r"unknown claim 'C03'\. Did you mean C003"):
        kept(claim="C03")


# ---------------------------------------------------------------- what analysts are told

GUIDE = ROOT / "book/for_analysts.md"


def test_the_guide_describes_every_column_operation_and_word() -> None:
    guide = GUIDE.read_text("utf-8")
    table = guide.partition("Every column, in order.")[2].partition("\n\n|")[2].partition("\n\n")[0]
    described = re.findall(r"^\| (\**`.*?) \|", table, re.M)
    columns = [name for cell in described for name in re.findall(r"`([a-z_]+)`", cell)]
    assert columns == [*CLAIM_COLUMNS]
    for word in (*OPERATIONS, *FINDINGS, *STANCES, *GIVEN_STATUSES):
        assert f"`{word}`" in guide, word


def test_the_example_of_the_guide_works_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = re.findall(r"```python\n(import pandas.*?)```", GUIDE.read_text("utf-8"), re.S)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    before = (tmp_path / "data/claims.csv").read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    after = (tmp_path / "data/claims.csv").read_text("utf-8")
    assert after.startswith(before) and after.count("\n") == before.count("\n") + 1
    store = open_store(tmp_path / "data")
    figures, wrong = recompute_sound(store)
    assert wrong == []
    assert figures.iloc[-1]["claim"] == "C149"
    assert figures.iloc[-1]["status"] == "reproduced"


# ---------------------------------------------------------------- the committed ledger


def test_at_least_90_claims_have_something_definite_said_of_them() -> None:
    of = counts(recompute(open_store(ROOT / "data")))
    assert sum(of.values()) == 148
    assert sum(of[status] for status in DEFINITE) >= 90


def test_only_checks_of_a_reading_use_the_document_that_makes_the_claim() -> None:
    """A figure that holds nothing but the number of the claim itself is never its recipe."""
    figures = recompute(open_store(ROOT / "data"))
    assert {*figures.loc[figures["own_document"], "claim"]} == {"C073", "C074", "C146"}


def test_every_committed_recipe_can_be_followed() -> None:
    assert problems(open_store(ROOT / "data")) == []


@pytest.mark.parametrize(
    ("claim", "ours"),
    [
        # 576,474 plans in January 2024 and 240,183 in January 2015, from SEN2's headline totals.
        ("C001", 100 * (576_474 / 240_183 - 1)),
        ("C002", 240_183),
        # 13,658 and 3,147 appeals, from the Ministry of Justice's tables as quoted.
        ("C023", 100 * (13_658 / 3_147 - 1)),
    ],
)
def test_a_committed_figure_is_what_a_calculator_gives(claim: str, ours: float) -> None:
    figures = recompute(open_store(tested_project() / "data")).set_index(["claim", "figure"])
    assert figures.loc[(claim, "1"), "ours"] == pytest.approx(ours)
    assert figures.loc[(claim, "1"), "status"] == "reproduced"
