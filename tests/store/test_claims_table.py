"""Everything wrong with the ledger's table is told by row and column, with what to do."""

from pathlib import Path

import pytest

from claims.tiny_data import CLAIM, UNTESTED, tiny_store
from conftest import ROOT
from sendreform.store import open_store
from sendreform.store.claims_table import CLAIM_COLUMNS, claim_problems
from sendreform.store.datapackage import descriptor
from sendreform.store.validation import validate

LEVEL = CLAIM | {"operation": "level", "from": "", "unit": "plans"}
CONFIRMED = UNTESTED | {
    "status": "confirmed", "needs": "", "reason": "So it is (https://example.com/law).",
}  # fmt: skip
SUPERSEDED = CONFIRMED | {"status": "superseded"}


def test_the_committed_ledger_is_well_formed() -> None:
    store = open_store(ROOT / "data")
    assert list(store.claims.columns) == list(CLAIM_COLUMNS)
    assert claim_problems(store.claims) == []
    assert b"\r" not in store.layout.table("claims").read_bytes()


def test_a_good_table_has_no_problem(tmp_path: Path) -> None:
    rows = [
        CLAIM,
        CLAIM | {"figure": "2", "comparison": "at_least", "value": "-4.50", "rounded_to": "0.1"},
        *(CLAIM | {"figure": str(number)} for number in range(3, 12)),  # 10 comes after 9
        UNTESTED | {"claim": "C002", "published": "2024"},
        CONFIRMED | {"claim": "C003", "published": "2024-07-25"},
        SUPERSEDED | {"claim": "C004", "value": "2400", "rounded_to": "100"},
        UNTESTED | {"claim": "C005", "status": "no figure", "value": "", "unit": "",
                    "rounded_to": "", "reason": "", "needs": "", "period": ""},
        UNTESTED | {"claim": "C006", "status": "not yet due", "reason": "It is for 2040."},
        CLAIM | {"claim": "C007", "value": "12.5", "rounded_to": "2.5",
                 "published_as": "one in eight", "reservation": "by one definition"},
        SUPERSEDED | {"claim": "C008", "reason": "By its author (C004)."},
    ]  # fmt: skip
    assert validate(tiny_store(tmp_path, *rows)) == []


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (CLAIM | {"claim": "15"}, "claim", "'15' is not C and three digits"),
        (CLAIM | {"figure": "one"}, "figure", "'one' is not a whole number from 1"),
        (CLAIM | {"finding": "essentail"}, "finding", "unknown finding 'essentail'. Did you mean "
            "essential"),
        (CLAIM | {"stance": ""}, "stance", "empty. It is one of report, study_2018, official"),
        (CLAIM | {"confidence": "sure"}, "confidence", "unknown confidence 'sure'. It is one of "
            "high, med, low."),
        (CLAIM | {"comparison": "atleast"}, "comparison", "unknown comparison 'atleast'. Did you "
            "mean at_least"),
        (CLAIM | {"operation": "per_cent_chang"}, "operation", "unknown operation "
            "'per_cent_chang'. Did you mean per_cent_change"),
        (CLAIM | {"value": "4,8"}, "value", "'4,8' is not a plain number"),
        (CLAIM | {"value": "about 5"}, "value", "'about 5' is not a plain number"),
        (CLAIM | {"rounded_to": "0"}, "rounded_to", "'0' is not a step of rounding"),
        (CLAIM | {"rounded_to": "0.0"}, "rounded_to", "'0.0' is not a step of rounding"),
        (CLAIM | {"value": "4.85", "rounded_to": "0.1"}, "rounded_to", "the value is no multiple"),
        (CLAIM | {"rounded_to": "0.1"}, "rounded_to", "finer than the value is written. Give the"),
        (CLAIM | {"rounded_to": "2.5"}, "rounded_to", "finer than the value is written."),
        (CLAIM | {"rounded_to": "5"}, "published_as", "empty, and rounded_to is no power of ten."),
        (UNTESTED | {"rounded_to": ""}, "rounded_to", "empty, and value is not. Fill in both or"),
        (UNTESTED | {"value": ""}, "value", "empty, and rounded_to is not. Fill in both or none."),
        (UNTESTED | {"reservation": "hm"}, "reservation", "part of a recipe without an operation."),
        (CLAIM | {"url": "example.org"}, "url", "'example.org' is not a web address"),
        (CLAIM | {"url": "javascript:alert(1)"}, "url", "'javascript:alert(1)' is not a web"),
        (CLAIM | {"published": "July 2024"}, "published", "'July 2024' is not a year, a month or"),
        (CLAIM | {"text": ""}, "text", "empty."),
        (CLAIM | {"publisher": " LGA"}, "publisher", "a space at an end, or a line break"),
        (CLAIM | {"note": "One.\nTwo."}, "note", "a space at an end, or a line break"),
        (CLAIM | {"value": ""}, "value", "empty. A row with a recipe has one."),
        (CLAIM | {"rounded_to": ""}, "rounded_to", "empty. A row with a recipe has one."),
        (CLAIM | {"period": ""}, "period", "empty. A row with a recipe has one."),
        (CLAIM | {"to": ""}, "to", "empty. A row with a recipe has one."),
        (CLAIM | {"from": ""}, "from", "empty. This operation begins at one period and ends at"),
        (LEVEL | {"from": "2014-01"}, "from", "this operation looks at one period."),
        (CLAIM | {"operation": "periods_above"}, "per_measure", "empty. Name the measure to"),
        (CLAIM | {"per_breakdown": "all"}, "per_measure", "empty, and per_breakdown is not."),
        (CLAIM | {"measure": "plan"}, "measure", "unknown measure 'plan'. Did you mean plans?"),
        (CLAIM | {"per_measure": "pupil"}, "per_measure", "unknown measure 'pupil'. Did you mean"),
        (CLAIM | {"status": "confirmed"}, "status", "a row with a recipe gets its status by"),
        (CLAIM | {"reason": "Because."}, "reason", "is for rows without a recipe."),
        (CLAIM | {"needs": "More."}, "needs", "is for rows without a recipe."),
        (UNTESTED | {"status": ""}, "status", "empty. Give a recipe, or one of confirmed, "),
        (UNTESTED | {"status": "differs"}, "status", "unknown status 'differs'. It is one of "),
        (UNTESTED | {"measure": "plans"}, "measure", "part of a recipe without an operation."),
        (UNTESTED | {"prices": "2016-17"}, "prices", "part of a recipe without an operation."),
        (UNTESTED | {"reason": ""}, "reason", "empty. Say why it is not recomputed"),
        (UNTESTED | {"needs": ""}, "needs", "empty. Say which data it would take"),
        (UNTESTED | {"status": "not yet due", "needs": ""}, "needs", "empty. Say which data it"),
        (SUPERSEDED | {"reason": ""}, "reason", "empty. Say"),
        (SUPERSEDED | {"reason": "It is old."}, "reason", "names no later fact. Give the address"),
        *(
            (CONFIRMED | {"reason": reason}, "reason", "names no page but the claim's own. Give")
            for reason in ("So says the Department.", "So it says (http://www.example.org/report/).")
        ),
        (UNTESTED | {"status": "no figure"}, "value", "a claim with a figure cannot have the"),
        (UNTESTED | {"unit": ""}, "unit", "empty. A value has a unit."),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(tmp_path: Path, row: dict[str, str], column: str, said: str) -> None:
    problems = validate(tiny_store(tmp_path, row))
    start = f"claims.csv, row 2 ({row['claim']}), column {column}: {said}"
    assert len(problems) == 1
    assert problems[0].startswith(start), problems[0]
    assert "\n" not in problems[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # Other words in the other columns are no further news.
        (
            [
                CLAIM | {"claim": "C012"},
                CLAIM | {"claim": "C012", "finding": "context", "stance": "press"},
            ],
            "row 3 (C012), column figure: the same claim and figure stand "
            "twice. The next free id is C013.",
        ),
        (
            [CLAIM | {"claim": "C002"}, CLAIM],
            "row 3 (C001), column claim: out of order. Sort by claim and figure.",
        ),
        (
            [CLAIM | {"figure": "2"}, CLAIM],
            "row 3 (C001), column claim: out of order. Sort by claim and figure.",
        ),
        (
            [CLAIM, CLAIM | {"figure": "2", "finding": "context"}],
            "row 3 (C001), column finding: not the same as in the claim's first row.",
        ),
        (
            [CLAIM, CLAIM | {"figure": "2", "stance": "press"}],
            "row 3 (C001), column stance: not the same as in the claim's first row.",
        ),
    ],
)
def test_rows_that_do_not_go_together_are_named(
    tmp_path: Path, rows: list[dict[str, str]], said: str
) -> None:
    assert validate(tiny_store(tmp_path, *rows)) == [f"claims.csv, {said}"]


def test_everything_wrong_is_told_in_order_of_row(tmp_path: Path) -> None:
    rows = [
        CLAIM | {"url": "nowhere"},
        CLAIM | {"claim": "C002", "finding": "other", "text": ""},
        CLAIM | {"claim": "C003"},
    ]
    problems = validate(tiny_store(tmp_path, *rows))
    assert [line.split(":")[0] for line in problems] == [
        "claims.csv, row 2 (C001), column url",
        "claims.csv, row 3 (C002), column finding",
        "claims.csv, row 3 (C002), column text",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("stance", "stanse", "unknown column 'stanse'. Did you mean stance?"),
        (",note", "", "no column 'note'. Add it, after 'needs'."),
        ("claim,figure", "figure", "no column 'claim'. Add it, as the first."),
        ("claim,figure", "figure,claim", "column 'figure' stands where 'claim' belongs. Swap"),
    ],
)
def test_a_wrong_header_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    store = tiny_store(tmp_path, CLAIM)
    path = store.layout.table("claims")
    header = path.read_text("utf-8").split("\n")[0]
    path.write_text(header.replace(old, new, 1) + "\n", "utf-8")
    (problem,) = validate(store)
    assert problem.startswith(f"claims.csv, row 1: {said}")


def test_a_row_with_a_cell_too_many_is_one_line(tmp_path: Path) -> None:
    store = tiny_store(tmp_path, CLAIM, CLAIM | {"claim": "C002"})
    path = store.layout.table("claims")
    path.write_text(path.read_text("utf-8") + "," * len(CLAIM_COLUMNS) + "\n", "utf-8")
    (problem,) = validate(store)
    assert problem.startswith("claims.csv: the table cannot be read") and "line 4" in problem


def test_the_data_package_describes_the_ledger_where_there_is_one(tmp_path: Path) -> None:
    without = descriptor(tiny_store(tmp_path / "without"))
    assert "table-claims" not in {item["name"] for item in without["resources"]}
    store = tiny_store(tmp_path / "with", CLAIM)
    (claims,) = [item for item in descriptor(store)["resources"] if item["name"] == "table-claims"]
    assert claims["path"] == "claims.csv"
    fields = claims["schema"]["fields"]
    assert [field["name"] for field in fields] == list(store.claims.columns)
    assert all(field["description"] for field in fields)
    assert {field["name"] for field in fields if field["type"] == "number"} == {
        "value", "rounded_to",
    }  # fmt: skip
    # More rows, the same description: it is stable while people fill the ledger.
    more = tiny_store(tmp_path / "with", CLAIM, CLAIM | {"claim": "C002"})
    assert descriptor(more) == descriptor(store)
