"""The command line as a person or a script meets it."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from as_tested import tested_project
from conftest import ROOT
from sendreform import cli

#: Colours and moves, which some CI systems ask for even where there is no terminal.
STYLE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COMMANDS = [
    "backtest", "build", "changes", "check", "claims", "diff", "editions", "import", "measures",
    "project", "show", "update",
]  # fmt: skip


class Said(NamedTuple):
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on the error stream that is not progress."""
        (line,) = re.findall(r"sendreform: .*", self.err)
        return line


Sendreform = Callable[..., Said]


@pytest.fixture
def sendreform(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Sendreform:
    """Return a function that runs a command, in the project unless told otherwise."""

    def run(*arguments: str, within: Path | None = None) -> Said:
        monkeypatch.chdir(within or tested_project())
        monkeypatch.setattr(sys, "argv", ["sendreform", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        printed = capfd.readouterr()
        return Said(code, *(STYLE.sub("", stream) for stream in printed))

    return run


# ---------------------------------------------------------------- figures in three formats


def test_a_figure_is_shown_with_its_status_unit_source_and_release(sendreform: Sendreform) -> None:
    said = sendreform("show", "ehc_plans", "--area", "Kent", "--period", "January 2025")
    assert said.code == 0
    assert said.err == ""
    for words in ("Kent", "January 2025", "20,635", "plans", "Reporting year 2025", "https://"):
        assert words in said.out


def test_table_csv_and_json_tell_the_same(sendreform: Sendreform) -> None:
    asked = ["show", "ehc_plans", "--area", "Kent", "--breakdown", "*", "--period", "2025-01"]
    records = json.loads(sendreform(*asked, "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(sendreform(*asked, "--format", "csv").out)))
    table = sendreform(*asked, "--format", "table").out
    assert len(records) == len(rows) > 30
    for record, row in zip(records, rows, strict=True):
        assert list(record) == list(row)
        for name, value in record.items():
            if name == "value":
                assert float(row[name]) == value
                assert f"{value:,.0f}" in table
            else:
                assert row[name] == value


def test_a_missing_value_is_null_in_json_and_empty_in_csv(sendreform: Sendreform) -> None:
    """Hackney returned totals only in January 2024."""
    asked = ["show", "ehc_plans", "--area", "Hackney", "--period", "2024"]
    asked += ["--breakdown", "placement:mainstream", "--format"]
    (record,) = json.loads(sendreform(*asked, "json").out)
    (row,) = csv.DictReader(io.StringIO(sendreform(*asked, "csv").out))
    assert record["value"] is None
    assert row["value"] == ""
    assert record["status"] == row["status"] == "not available"
    assert "nan" not in sendreform(*asked, "table").out.lower().split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("January 2025", "2025-01"), ("2025-01", "2025-01"), ("2025", "2025-01")],
)
def test_a_period_may_be_typed_in_several_ways(
    sendreform: Sendreform, typed: str, meant: str
) -> None:
    said = sendreform("show", "ehc_plans", "--period", typed, "--format", "json")
    (record,) = json.loads(said.out)
    assert (record["period"], record["value"]) == (meant, 638_745)


def test_measures_are_the_same_in_every_format(sendreform: Sendreform) -> None:
    records = json.loads(sendreform("measures", "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(sendreform("measures", "--format", "csv").out)))
    table = sendreform("measures").out
    names = [record["measure"] for record in records]
    assert len(names) >= 60
    assert names == [row["measure"] for row in rows]
    assert all(name in table for name in names)
    for record, row in zip(records, rows, strict=True):
        assert {name: str(value) for name, value in record.items()} == row
        assert record["definition"] and record["unit"] and record["period_kind"]


# ---------------------------------------------------------------- the ledger of claims


def test_claims_are_the_same_in_every_format(sendreform: Sendreform) -> None:
    records = json.loads(sendreform("claims", "--format", "json").out)
    rows = list(csv.DictReader(io.StringIO(sendreform("claims", "--format", "csv").out)))
    table = sendreform("claims").out
    assert len(records) == len(rows) >= 5
    assert list(records[0]) == list(rows[0])
    for record, row in zip(records, rows, strict=True):
        assert record["claim"] in table
        assert (record["status"], record["text"]) == (row["status"], row["text"])
        assert row["sources"] == "; ".join(each["source"] for each in record["sources"])
        assert (record["ours"] is None) == (row["ours"] == "")
        if record["ours"] is not None:
            # JSON has ten decimals, CSV all that there are.
            assert float(row["ours"]) == pytest.approx(record["ours"], abs=1e-9)
            assert record["recipe"] and all(each["publisher"] for each in record["sources"])


def test_one_claim_is_told_whole(sendreform: Sendreform) -> None:
    said = sendreform("claims", "c001")
    assert said.code == 0
    for words in (
        "C001, figure 1: ",
        "Status: reproduced",
        "Published: 140%",
        "Ours: 140.0%",
        "How ours is worked out: Per cent change in EHC plans, England, January 2015 to ",
        "Counted differently: EHC plans from January 2023: ",
        "Claimed in: ",
        "Our figure is from: Department for Education, Education, health and care plans",
    ):
        assert words in said.out


def test_a_year_is_told_bare(sendreform: Sendreform) -> None:
    lines = sendreform("claims", "C130").out.splitlines()
    assert [line for line in lines if "Published:" in line] == ["  Published: 2026"] * 2
    for claim in ("C031", "C041", "C101", "C120", "C123"):
        assert re.search(r"^  Published: 20\d\d$", sendreform("claims", claim).out, re.M)


def test_claims_are_narrowed_by_status_finding_and_words(sendreform: Sendreform) -> None:
    def kept(*asked: str) -> list[dict[str, str]]:
        return json.loads(sendreform("claims", *asked, "--format", "json").out)

    every = kept()
    assert {row["status"] for row in kept("--status", "reproduced")} == {"reproduced"}
    assert {row["finding"] for row in kept("--finding", "essential")} == {"essential"}
    found = kept("--search", "TRIBUNAL appeals")
    assert 0 < len(found) < len(every)
    for row in found:
        told = f"{row['text']} {row['publisher']} {row['title']} {row['note']}".lower()
        assert "tribunal" in told and "appeals" in told
    assert sendreform("claims", "--search", "no such words").out.startswith("0 figures of 0 claims")
    one = sendreform("claims", "--search", "166 pages").out
    assert one.startswith("1 figure of 1 claim")


# ---------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (
            ["show", "ehc_plan"],
            "measure: unknown measure 'ehc_plan'. Did you mean ehc_plans, ",
        ),
        (["show", "zzz"], "measure: unknown measure 'zzz'. List them with sendreform measures."),
        (
            ["show", "ehc_plans", "--area", "Kingston"],
            "area: unknown council 'Kingston'. "
            "Did you mean Kingston upon Thames or Kingston upon Hull, City of?",
        ),
        (
            ["show", "ehc_plans", "--period", "May 2025"],
            "period: 'May 2025' is not a january census. Write it like 'January 2024'.",
        ),
        (
            ["show", "ehc_plans", "--period", "1999"],
            "period: measure 'ehc_plans' has no figure for 1999-01 here. There are 2010-01, ",
        ),
        (
            ["show", "ehc_plans", "--breakdown", "placement:specal"],
            "breakdown: measure 'ehc_plans' has no breakdown 'placement:specal'. "
            "Did you mean placement:special",
        ),
        (["claims", "C01"], "claim: unknown claim 'C01'. Did you mean C001"),
        (
            ["claims", "--status", "difers"],
            "status: unknown status 'difers'. Did you mean differs?",
        ),
        (
            ["claims", "--finding", "essentail"],
            "finding: unknown finding 'essentail'. Did you mean essential?",
        ),
        (
            ["show", "dsg_balance"],
            "area: measure 'dsg_balance' has no figure for England. It is published for councils.",
        ),
    ],
)
def test_bad_input_is_one_line_with_what_is_near(
    sendreform: Sendreform, arguments: list[str], line: str
) -> None:
    said = sendreform(*arguments)
    assert said.code == 1
    assert said.out == ""
    assert said.err.splitlines() == [said.complaint]
    assert said.complaint.startswith(f"sendreform: {line}")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["build", "--area", "Kingston"], "area: unknown council 'Kingston'. Did you mean"),
        (["build", "--set", "baseline_year"], "--set: 'baseline_year' is not NAME=VALUE. Write it"),
        (["build", "--set", "=2018"], "--set: '=2018' is not NAME=VALUE."),
        (["build", "--set", "base_year=2018"], "--set: unknown parameter 'base_year'. Did you"),
        (
            ["build", "--set", "baseline_year=early"],
            "parameter baseline_year: 'early' is not a whole number. Write it like",
        ),
        (["import", "nowhere"], "nowhere: there is no such file or folder. Give the folder of"),
        (
            ["import", "notebooks", "README.md"],
            "import: a folder is imported by itself, and whole.",
        ),
    ],
)
def test_a_command_that_cannot_start_says_why_and_changes_nothing(
    sendreform: Sendreform, arguments: list[str], line: str
) -> None:
    said = sendreform(*arguments)
    assert said.code == 1
    assert said.complaint.startswith(f"sendreform: {line}")
    assert "Traceback" not in said.err


def test_an_unknown_format_is_refused_with_the_known_ones(sendreform: Sendreform) -> None:
    said = sendreform("measures", "--format", "xml")
    assert said.code == 2
    assert "'table', 'csv', 'json'" in " ".join(said.err.replace("│", " ").split())


def test_outside_a_checkout_the_installed_one_is_read(
    sendreform: Sendreform, tmp_path: Path
) -> None:
    said = sendreform("show", "ehc_plans", "--period", "2025", "--format", "json", within=tmp_path)
    assert json.loads(said.out)[0]["value"] == 638_745


# ---------------------------------------------------------------- help


def test_help_lists_every_command(sendreform: Sendreform) -> None:
    said = sendreform("--help")
    assert said.code == 0
    for command in COMMANDS:
        assert f"│ {command} " in said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_and_each_of_its_options(
    sendreform: Sendreform, command: str
) -> None:
    said = sendreform(command, "--help")
    assert said.code == 0
    assert f"Usage: sendreform {command}" in said.out
    (known,) = [item for item in cli.app.registered_commands if _name(item) == command]
    assert (known.callback.__doc__ or "").splitlines()[0] in " ".join(said.out.split())


def _name(command: object) -> str:
    return getattr(command, "name", None) or command.callback.__name__


def test_without_arguments_the_help_is_shown(sendreform: Sendreform) -> None:
    said = sendreform()
    assert all(command in said.out + said.err for command in COMMANDS)


def test_the_installed_command_works_from_a_shell() -> None:
    """The same through a real process: exit code, and nothing but the table on the output."""
    program = Path(sys.executable).parent / "sendreform"
    finished = subprocess.run(
        [program, "show", "nothing_of_the_kind", "--format", "csv"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 1
    assert finished.stdout == ""
    assert finished.stderr.startswith("sendreform: measure: unknown measure")
    assert finished.stderr.count("\n") == 1


# ---------------------------------------------------------------- check


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's data in a checkout of its own, for a test to spoil."""
    for name in ("_config.yml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


PLANS = "data/observations/caseload/ehc_plans.csv"
ENGLAND_2025 = "E92000001,2025-01,all,638745,"


def test_check_names_a_broken_row(sendreform: Sendreform, project: Path) -> None:
    replace(project / PLANS, ENGLAND_2025, "E92000001,2025-01,all,638745?,")
    said = sendreform("check", within=project)
    assert said.code == 1
    (line,) = said.err.splitlines()
    row = next(
        place
        for place, text in enumerate((project / PLANS).read_text("utf-8").splitlines(), start=1)
        if "638745?" in text
    )
    assert line.startswith(f"observations/caseload/ehc_plans.csv, row {row}, column value: ")


def test_check_tells_a_slip_in_the_argument(sendreform: Sendreform, project: Path) -> None:
    rules = project / "data/argument/tests.yml"
    replace(rules, "result: share_of_plans_on_time", "result: plans_on_time")
    said = sendreform("check", within=project)
    assert said.code == 1
    [line] = said.err.splitlines()
    assert line.startswith("tests.yml, test plans-on-time, result: unknown result 'plans_on_time'.")


def test_check_names_a_total_that_does_not_add_up(sendreform: Sendreform, project: Path) -> None:
    replace(project / PLANS, ENGLAND_2025, "E92000001,2025-01,all,638746,")
    said = sendreform("check", "--details", str(project / "sums.csv"), within=project)
    assert said.code == 1
    assert any(
        line.startswith("ehc_plans, ") and "E92000001" in line and "638746" in line
        for line in said.err.splitlines()
    )
    assert "do not agree" in said.err
    details = list(csv.DictReader((project / "sums.csv").open(encoding="utf-8")))
    assert "differs" in {row["verdict"] for row in details}


def test_check_counts_claims_by_status(sendreform: Sendreform) -> None:
    """The words on the screen against a plain count of the ledger's ids."""
    with (ROOT / "data/claims.csv").open(encoding="utf-8") as file:
        ids = {row["claim"] for row in csv.DictReader(file)}
    said = sendreform("check")
    assert said.code == 0
    (line,) = re.findall(r"^(\d+) claims: (.*)$", said.out, re.M)
    assert re.search(r"^\d+ figures: \d+ reproduced, ", said.out, re.M)
    assert "document that makes the claim: C073.1, " in said.out
    assert int(line[0]) == len(ids)
    assert sum(int(number) for number in re.findall(r"\d+", line[1])) == len(ids)
    assert "reproduced" in line[1]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (",2015-01,2024-01,", ",2015-01,2044-01,", "column to: ehc_plans has no period '2044-01'"),
        ("per_cent_change,ehc_plans,", "chnage,ehc_plans,", "column operation: unknown operation"),
        ("_change,ehc_plans,", "_change,ehc_plan,", "column measure: unknown measure 'ehc_plan'."),
    ],
)
def test_check_refuses_a_wrong_recipe(
    sendreform: Sendreform, project: Path, old: str, new: str, complaint: str
) -> None:
    path = project / "data/claims.csv"
    header, first, *rest = path.read_text("utf-8").split("\n")
    assert first.startswith("C001,1,") and old in first
    path.write_text("\n".join([header, first.replace(old, new), *rest]), "utf-8")
    said = sendreform("check", within=project)
    assert said.code == 1
    (line,) = said.err.splitlines()
    assert line.startswith(f"claims.csv, row 2 (C001), {complaint}")


def spoil(project: Path, **rows: Callable[[str], str]) -> None:
    """Change the first row of each claim in the ledger."""
    path = project / "data/claims.csv"
    text = path.read_text("utf-8").split("\n")
    for claim, change in rows.items():
        (row,) = (place for place, line in enumerate(text) if line.startswith(f"{claim},1,"))
        assert change(text[row]) != text[row]
        text[row] = change(text[row])
    path.write_text("\n".join(text), "utf-8")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        # A comma in a number, and a row that is cut short: five cells of thirty.
        (lambda row: row.replace(",240183,", ',"1,000",'), "column value: '1,000' is not a plain"),
        (lambda row: row.partition(',"There')[0] + ",Short.", "column confidence: empty. It is"),
    ],
)
def test_claims_refuses_a_malformed_row_as_check_does(
    sendreform: Sendreform, project: Path, change: Callable[[str], str], complaint: str
) -> None:
    spoil(project, C002=change)
    checked, listed = (sendreform(command, within=project) for command in ("check", "claims"))
    assert (checked.code, listed.code) == (1, 1)
    assert listed.err == checked.err
    assert "C001" in listed.out and "C002" not in listed.out
    lines = listed.err.splitlines()
    assert lines[0].startswith(f"claims.csv, row 3 (C002), {complaint}")
    assert all(line.startswith("claims.csv, row 3 (C002), column ") for line in lines)


def test_a_wrong_row_hides_no_other_claim(sendreform: Sendreform, project: Path) -> None:
    spoil(
        project,
        C002=lambda row: row.replace(",240183,", ',"1,000",'),
        C023=lambda row: row.replace(",per_cent_change,", ",times,"),
    )
    sound, malformed, unread = (
        sendreform("claims", claim, within=project) for claim in ("C001", "C002", "C023")
    )
    assert (sound.code, sound.err) == (0, "")
    assert sound.out.startswith("C001, figure 1: ")
    for said, place in ((malformed, "(C002), column value: "), (unread, "(C023), column unit: ")):
        assert (said.code, said.out) == (1, "")
        (line,) = said.err.splitlines()
        assert place in line


def test_a_difference_that_no_note_explains_is_told_by_both_commands(
    sendreform: Sendreform, project: Path
) -> None:
    spoil(
        project,
        C002=lambda row: row.replace(",240183,", ",300000,").partition(',"Of these')[0] + ",",
    )
    for command in (("check",), ("claims",), ("claims", "C002")):
        said = sendreform(*command, within=project)
        assert said.code == 1
        (line,) = said.err.splitlines()
        assert "(C002), column note: ours, 240183, differs from 300000 plans" in line


def test_check_tells_wrong_recipes_beside_wrong_cells(
    sendreform: Sendreform, project: Path
) -> None:
    spoil(
        project,
        C001=lambda row: row.replace(",2015-01,2024-01,", ",2024-01,2015-01,"),
        C002=lambda row: row.replace(",240183,plans,", ',"1,000",pounds,'),
        C023=lambda row: row.replace(",per_cent_change,", ",times,"),
    )
    said = sendreform("check", within=project)
    assert said.code == 1
    assert [re.sub(r"row \d+", "row", line).split(":")[0] for line in said.err.splitlines()] == [
        "claims.csv, row (C002), column value",
        "claims.csv, row (C001), column from",
        "claims.csv, row (C023), column unit",
    ]


# ---------------------------------------------------------------- what moved


def test_what_moved_is_told_the_same_in_three_formats(
    sendreform: Sendreform, tmp_path: Path
) -> None:
    """Kent had 20,635 plans in January 2025; in the other edition it had 20,000."""
    old = tmp_path / "data"
    shutil.copytree(tested_project() / "data", old)
    path = old / "observations/caseload/ehc_plans.csv"
    text = path.read_text("utf-8")
    assert "886,2025-01,all,20635," in text
    path.write_text(text.replace("886,2025-01,all,20635,", "886,2025-01,all,20000,"), "utf-8")
    asked = ["diff", str(old), str(tested_project() / "data")]
    rows = list(csv.DictReader(io.StringIO(sendreform(*asked, "--format", "csv").out)))
    whole = json.loads(sendreform(*asked, "--format", "json").out)
    table = sendreform(*asked).out
    assert [list(row) for row in rows] == [list(row) for row in whole["moved"]]
    assert whole["counts"]["figure for a council"] == 1
    (kent,) = [row for row in whole["moved"] if row["kind"] == "figure for a council"]
    assert (kent["area_name"], kent["before"], kent["after"]) == ("Kent", "20000", "20635")
    assert (kent["change"], kent["because"]) == (635, "our own method")
    assert sum(whole["counts"].values()) == len(rows)
    assert "1 × figure for a council" in table
    assert "ehc_plans" in table


def test_editions_that_cannot_be_compared_are_one_clear_line(sendreform: Sendreform) -> None:
    said = sendreform("diff", "no-such-edition")
    assert said.code == 1
    assert "'no-such-edition' is neither a folder nor a git revision" in said.complaint


# ---------------------------------------------------------------- the projection


def test_a_projection_comes_as_csv_and_json_with_the_same_figures(sendreform: Sendreform) -> None:
    as_csv = sendreform("project", "--area", "Leeds", "--format", "csv")
    as_json = sendreform("project", "--area", "Leeds", "--format", "json")
    assert as_csv.code == as_json.code == 0
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    kept = json.loads(as_json.out)
    # Plans and five settings for eleven Januaries, new plans for ten years; spending in cash and
    # real, funding and what is beyond it for twelve financial years; a deficit from March 2024 on.
    assert len(rows) == len(kept) == 6 * 11 + 10 + 4 * 12 + 13
    for row, other in zip(rows, kept, strict=True):
        assert (row["measure"], int(row["year"])) == (other["measure"], other["year"])
        assert float(row["median"]) == other["median"]
        ends = [float(row[f"{end}_{share}"]) for end in ("low", "high") for share in (50, 80, 95)]
        assert (
            ends[2] <= ends[1] <= ends[0] <= float(row["median"]) <= ends[3] <= ends[4] <= ends[5]
        )


def test_why_a_place_has_no_deficit_is_said_beside_its_table(sendreform: Sendreform) -> None:
    said = sendreform("project", "--area", "Cumberland", "--format", "csv")
    assert said.code == 0
    assert "deficit," not in said.out
    assert "no balance of the Dedicated Schools Grant is published for Cumberland" in said.err
    assert not sendreform("project", "--area", "Leeds", "--format", "csv").err


def test_a_reform_in_a_file_lowers_what_it_says(sendreform: Sendreform, tmp_path: Path) -> None:
    (tmp_path / "half.yml").write_text("name: Half\nstart: 2026\nfewer_new_plans: 50\n", "utf-8")
    none, half = (
        {
            (row["measure"], row["year"]): float(row["median"])
            for row in csv.DictReader(io.StringIO(sendreform("project", *given).out))
        }
        for given in (
            ["--format", "csv"],
            ["--format", "csv", "--scenario", str(tmp_path / "half.yml")],
        )
    )
    assert half["plans", "2026"] == none["plans", "2026"] == 718_838
    # Half of some 119,000 new plans of 2026 are missing a year later.
    assert none["plans", "2027"] - half["plans", "2027"] == pytest.approx(59_500, rel=0.02)
    assert half["deficit", "2036"] < none["deficit", "2036"]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (["project", "--area", "Cumbria"], "sendreform: --area: Cumbria is no council of today."),
        (["project", "--scenario", "no.yml"], "sendreform: no.yml: the file cannot be read"),
        (["backtest", "--from", "2009"], "sendreform: --from, --to: Januaries 2009 to 2025 cannot"),
        (["backtest", "--from", "2020", "--until", "2020"], "sendreform: --until: nothing that is"),
        (["backtest", "--until", "2030"], "sendreform: --until: nothing later than January 2026"),
        (["backtest", "--area", "London"], "sendreform: --area: London is a region, and its"),
        (["backtest", "--area", "Kent", "--new-plans"], "sendreform: --new-plans: new plans are"),
        (["backtest", "--area", "Kent", "--spending"], "sendreform: --spending: spending is"),
        (["backtest", "--spending", "--from", "2014"], "sendreform: --from, --to: Januaries 2014"),
        (["backtest", "--spending", "--settings"], "sendreform: --settings, --spending, --new-"),
    ],
)
def test_what_cannot_be_projected_gets_one_line(
    sendreform: Sendreform, given: list[str], line: str
) -> None:
    said = sendreform(*given)
    assert said.code == 1
    assert said.complaint.startswith(line)


def test_a_backtest_moves_its_first_january(sendreform: Sendreform) -> None:
    said = sendreform("backtest", "--area", "councils", "--from", "2019", "--to", "2020", "--each",
                      "--format", "csv")  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert {row["origin"] for row in rows} == {"2019", "2020"}
    assert max(row["year"] for row in rows) == "2025"


def test_spending_is_scored_anew(sendreform: Sendreform) -> None:
    said = sendreform("backtest", "--spending", "--from", "2023", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    ours = [row for row in rows if row["method"] == "This projection"]
    assert [(row["horizon"], row["forecasts"]) for row in ours] == [("1", "2"), ("2", "1")]
