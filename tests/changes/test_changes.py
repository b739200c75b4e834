"""What moved between two editions: small ones checked in the head, and the project's own data."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from as_tested import tested_project
from claims.tiny_data import CLAIM, MEASURES, tiny_store
from conftest import ROOT
from sendreform.changes import comparison, judgements, kept, telling
from sendreform.changes.editions import Edition, opened
from sendreform.changes.figures import COLUMNS, moved_figures
from sendreform.changes.kinds import Kind
from sendreform.changes.known_at import known_at
from sendreform.errors import ReportError
from sendreform.evidence.latest import latest_year
from sendreform.observations import ENGLAND, KEY
from sendreform.store import Store, open_store
from sendreform.store.layout import write_csv

Rows = list[list[str]]


@pytest.fixture
def old(tmp_path: Path) -> Store:
    return tiny_store(tmp_path / "old", CLAIM)


def another(tmp_path: Path, name: str = "new") -> Store:
    return tiny_store(tmp_path / name, CLAIM)


def change(store: Store, measure: str, edit: Callable[[Rows], Rows]) -> None:
    """Rewrite the file of a measure: lines of cells, the header first."""
    path = store.layout.observations("context", measure)
    lines = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    rows = edit(lines)
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", "utf-8")


def set_cell(area: str, period: str, breakdown: str, value: str, source: str = "") -> Callable:
    def edit(rows: Rows) -> Rows:
        return [
            [*row[:3], value, "", source or row[5]] if row[:3] == [area, period, breakdown] else row
            for row in rows
        ]

    return edit


def new_release(store: Store, measure: str) -> None:
    """Make the file of a measure another one: a release of 2019 with a hash of its own."""
    path = store.layout.table("sources")
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    row = table["source"] == f"{measure}_file"
    table.loc[row, ["release", "url"]] = ["2019", "https://example.org/2019"]
    write_csv(table, path)


def moved(old: Store, new: Store) -> pd.DataFrame:
    return moved_figures(old, open_store(new.layout.root)).set_index(KEY)


def compared(old: Store, new: Store) -> comparison.Changes:
    return comparison.compare(Edition("old", "", "", old), Edition("new", "", "", new))


# ---------------------------------------------------------------- figures


def test_the_same_data_have_not_moved(old: Store, tmp_path: Path) -> None:
    table = moved_figures(old, another(tmp_path))
    assert table.empty
    assert list(table.columns) == COLUMNS


def test_a_new_period_is_told_beside_the_year_before(old: Store, tmp_path: Path) -> None:
    new = another(tmp_path)
    new_release(new, "plans")
    change(new, "plans", lambda rows: [*rows, [ENGLAND, "2018-01", "all", "330", "", "plans_file"]])
    (row,) = moved(old, new).reset_index().to_dict("records")
    assert (row["measure"], row["period"], row["new"]) == ("plans", "2018-01", 330)
    assert (row["moved"], row["because"]) == ("new period", "a new release")
    # From 300 in January 2017 to 330.
    assert (row["compared_with"], row["change"], row["per_cent"]) == ("2017-01", 30, 10)


def test_nothing_is_compared_across_a_break_or_a_gap(old: Store, tmp_path: Path) -> None:
    new = another(tmp_path)
    change(
        new, "plans", lambda rows: [*rows, ["886", "2015-01", "all", "9", "", "plans_file"],
                                    [ENGLAND, "2019-01", "all", "400", "", "plans_file"]],
    )  # fmt: skip
    table = moved(old, new)
    assert table["change"].isna().all()
    assert set(table["compared_with"]) == {""}
    # The series breaks in January 2016, so what is new before it moves nothing after it.
    assert set(table["moved"]) == {"new period"}


@pytest.mark.parametrize(
    ("released", "because", "why"),
    [
        (True, "a new release", "revised by the publisher: plans, 2019 in place of plans, 2018"),
        (False, "our own method", "our own method: read otherwise by us from plans, 2018"),
    ],
)
def test_a_revision_is_the_publishers_where_the_file_is_new_and_else_ours(
    old: Store, tmp_path: Path, released: bool, because: str, why: str
) -> None:
    new = another(tmp_path)
    if released:
        new_release(new, "plans")
    change(new, "plans", set_cell(ENGLAND, "2017-01", "all", "315"))
    new = open_store(new.layout.root)
    (row,) = moved_figures(old, new).to_dict("records")
    assert (row["moved"], row["because"]) == ("revised", because)
    assert (row["old"], row["new"], row["change"], row["per_cent"]) == (300, 315, 15, 5)
    assert telling.why_figure(row, (telling.releases(old), telling.releases(new))).startswith(why)


def test_a_symbol_that_takes_the_place_of_a_figure_has_moved_and_is_no_nought(
    old: Store, tmp_path: Path
) -> None:
    new = another(tmp_path)
    change(
        new, "plans", lambda rows: [
            [*row[:3], "", "c", row[5]] if row[:3] == ["886", "2017-01", "all"] else row
            for row in rows
        ],
    )  # fmt: skip
    row = moved(old, new).loc[("plans", "886", "2017-01", "all")]
    assert (row["old"], row["new_status"]) == (20, "c")
    assert pd.isna(row["new"])
    assert pd.isna(row["change"])


def test_what_is_gone_is_withdrawn_by_whoever_left_it_out(old: Store, tmp_path: Path) -> None:
    new = another(tmp_path)
    change(new, "plans", lambda rows: [row for row in rows if row[:2] != ["886", "2017-01"]])
    assert moved(old, new)["because"].to_list() == ["our own method"]
    new_release(new, "plans")
    (row,) = moved(old, new).to_dict("records")
    assert (row["moved"], row["because"]) == ("withdrawn", "a new release")


def test_a_figure_from_a_newer_file_that_is_still_the_same_has_not_moved(
    old: Store, tmp_path: Path
) -> None:
    new = another(tmp_path)
    change(new, "plans", set_cell(ENGLAND, "2017-01", "all", "300", "pupils_file"))
    assert moved(old, new).empty


def test_a_measure_that_comes_or_goes_moves_with_every_figure(old: Store, tmp_path: Path) -> None:
    new = another(tmp_path)
    table = new.measures
    write_csv(table[table["measure"] != "appeals"], new.layout.table("measures"))
    new.layout.observations("context", "appeals").unlink()
    new = open_store(new.layout.root)
    number = len(MEASURES["appeals"][2])
    assert moved_figures(old, new)["moved"].to_list() == ["withdrawn"] * number
    assert moved_figures(new, old)["moved"].to_list() == ["new measure"] * number


CELL = st.one_of(st.integers(0, 500).map(str), st.just(""))
EDITS = st.dictionaries(
    st.tuples(
        st.sampled_from([ENGLAND, "886", "201"]),
        st.sampled_from(["2014-01", "2016-01", "2017-01", "2018-01"]),
        st.sampled_from(["all", "placement:special"]),
    ),
    CELL,
    max_size=6,
)


@settings(deadline=None, max_examples=20)
@given(EDITS)
def test_the_old_figures_with_what_moved_are_the_new_ones(tmp_path_factory, edits) -> None:
    folder = tmp_path_factory.mktemp("editions")
    old, new = tiny_store(folder / "old"), tiny_store(folder / "new")

    def apply(rows: Rows) -> Rows:
        kept = {tuple(row[:3]): row for row in rows[1:]}
        for key, cell in edits.items():
            kept[key] = [*key, cell, "" if cell else "x", "plans_file"]
        return [rows[0], *kept.values()]

    change(new, "plans", apply)
    new = open_store(new.layout.root)
    key = ["area", "period", "breakdown"]
    before, after = (
        store.observations("plans").set_index(key)[["value", "status"]] for store in (old, new)
    )
    table = moved_figures(old, new).set_index(key)
    patched = before.drop(table.index, errors="ignore")
    patched = pd.concat(
        [patched, table[["new", "new_status"]].set_axis(["value", "status"], axis=1)]
    )
    # An empty table of what moved has no texts, and so no type for them.
    pd.testing.assert_frame_equal(patched.sort_index(), after.sort_index(), check_dtype=False)
    back = moved_figures(new, old)
    assert len(back) == len(table)
    assert set(back["old"].dropna()) == set(table["new"].dropna())


# ---------------------------------------------------------------- claims and verdicts


def test_a_claim_moves_with_the_figure_that_it_rests_on(old: Store, tmp_path: Path) -> None:
    """Plans rose from 200 to 300, by 50 per cent; with 306 they rose by 53."""
    new = another(tmp_path)
    change(new, "plans", set_cell(ENGLAND, "2017-01", "all", "306"))
    (claim,) = judgements.moved_claims(old, open_store(new.layout.root))
    assert (claim.name, claim.before, claim.after) == ("C001.1", "reproduced", "differs")
    assert (claim.old, claim.new) == (50, 53)
    assert (claim.measures, claim.because) == (("plans",), "")
    words = telling.why_judgement(claim, {"plans": "Plans: 1 figure revised"})
    assert words == "Plans: 1 figure revised"


def test_a_claim_whose_period_was_not_there_yet_could_not_be_recomputed(
    old: Store, tmp_path: Path
) -> None:
    change(old, "plans", lambda rows: [row for row in rows if row[1] != "2017-01"])
    (claim,) = judgements.moved_claims(open_store(old.layout.root), another(tmp_path))
    assert (claim.before, claim.after) == ("could not be recomputed", "reproduced")
    assert pd.isna(claim.old)


def test_a_changed_recipe_is_told_as_such(old: Store, tmp_path: Path) -> None:
    """From 220 in January 2015 to 300 is 36 per cent."""
    new = tiny_store(tmp_path / "new", CLAIM | {"from": "2015-01"})
    (claim,) = judgements.moved_claims(old, new)
    assert claim.because == "its recipe was changed"
    assert round(claim.new, 1) == 36.4


def test_claims_that_come_and_go_are_told(old: Store, tmp_path: Path) -> None:
    new = tiny_store(tmp_path / "new", CLAIM, CLAIM | {"claim": "C002"})
    (come,) = judgements.moved_claims(old, new)
    (gone,) = judgements.moved_claims(new, old)
    assert (come.name, come.before, come.because) == ("C002.1", "not there", "the claim is new")
    assert (gone.after, gone.because) == ("not there", "the claim was taken out")
    found = compared(old, new)
    assert {kind: count for kind, count in found.counts.items() if count} == {
        "claim that only one edition has": 1
    }


def test_an_edition_without_rules_or_ledger_is_not_compared_and_says_so(tmp_path: Path) -> None:
    bare = tiny_store(tmp_path / "bare")
    first, second = judgements.notes(bare)
    assert "verdicts are not compared" in first
    assert "tests.yml" in first
    assert "claims are not compared" in second
    assert judgements.moved_verdicts(bare, bare) == []


@pytest.fixture(scope="module")
def now() -> Store:
    return open_store(tested_project() / "data")


@pytest.fixture(scope="module")
def then(now: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    return known_at(now, "2022-05-31", tmp_path_factory.mktemp("as") / "data")


@pytest.fixture(scope="module")
def since_2022(
    then: Store, now: Store, tmp_path_factory: pytest.TempPathFactory
) -> comparison.Changes:
    """From May 2022 to June 2026, whatever came after."""
    june_2026 = known_at(now, "2026-06-30", tmp_path_factory.mktemp("june") / "data")
    return comparison.compare(Edition("2022", "", "", then), Edition("2026", "", "", june_2026))


def test_a_changed_rule_turns_a_verdict_without_a_figure_that_moved(
    now: Store, tmp_path: Path
) -> None:
    shutil.copytree(tested_project() / "data", tmp_path / "data")
    path = tmp_path / "data/argument/tests.yml"
    rules = yaml.safe_load(path.read_text("utf-8"))
    (rule,) = [test for test in rules["tests"] if test["id"] == "plans-on-time"]
    rule["not_supported"], rule["supported"] = {"at_least": 40}, {"at_most": 30}
    path.write_text(yaml.safe_dump(rules, sort_keys=False), "utf-8")
    judged = judgements.moved_verdicts(now, open_store(tmp_path / "data"))
    (test,) = [one for one in judged if one.kind == "test"]
    assert (test.name, test.because) == ("plans-on-time", "the rule of the test was changed")
    assert (test.before, test.after) == ("supported", "not supported")
    assert test.old == test.new


def test_what_the_releases_since_2022_moved(since_2022: comparison.Changes) -> None:
    """718,838 plans in January 2026 and 638,745 a year before are published figures."""
    table = since_2022.moved
    england = table[table["area"] == ENGLAND].set_index(["name", "period", "breakdown"])
    row = england.loc[("ehc_plans", "2026-01", "all")]
    assert (row["before"], row["after"]) == ("", "718838")
    assert (row["change"], row["compared_with"]) == (718838 - 638745, "2025-01")
    assert row["why"] == "published in Education, health and care plans, Reporting year 2026"
    assert any(
        line.startswith("EHC plans rose by 12.5% in the year to January 2026, to 718,838")
        # From 473,255 in January 2022: 51.9 per cent.
        and line.endswith(
            "That is 51.9% more than in January 2022 (473,255; counted differently from January "
            "2023)."
        )
        for line in since_2022.headlines
    )
    new = since_2022.releases[
        since_2022.releases["publication"] == "Education, health and care plans"
    ]
    assert set(new["release"]) == {"Reporting year 2025", "Reporting year 2026"}
    assert set(since_2022.releases["edition"]) == {"new"}


def test_the_most_important_comes_first(since_2022: comparison.Changes) -> None:
    table = since_2022.moved
    assert table["importance"].is_monotonic_increasing
    assert list(table["kind"].unique()) == [
        kind for kind, count in since_2022.counts.items() if count
    ]
    assert table["kind"].iloc[0] == "verdict on a finding"
    figures = table[table["kind"].str.startswith("figure for England that")]
    # Most verdicts and claims rest on the number of plans.
    assert figures["name"].iloc[0] == "ehc_plans"
    assert figures["breakdown"].iloc[0] == "all"


def test_every_row_says_why_and_what_it_was(since_2022: comparison.Changes) -> None:
    table = since_2022.moved
    assert table["why"].str.len().min() > 0
    assert (table["before"] != table["after"]).mean() > 0.99
    assert sum(since_2022.counts.values()) == len(table)
    assert (
        since_2022.measures["figures"].sum() == (table["importance"] >= Kind.ENGLAND_JUDGED).sum()
    )


def test_a_finding_moves_by_tests_that_turned(since_2022: comparison.Changes) -> None:
    table = since_2022.moved
    turned = table[table["kind"] == "verdict of a test"].set_index("name")
    for row in table[table["kind"] == "verdict on a finding"].itertuples():
        for clause in row.why.split("; "):
            name, _, verdicts = clause.partition(": ")
            before, after = verdicts.split(" → ")
            assert turned.loc[name, "before"].partition(" (")[0] == before
            assert turned.loc[name, "after"].partition(" (")[0] == after


# ---------------------------------------------------------------- headlines


def yearly(*values: float | None, first: int = 2015) -> pd.DataFrame:
    return pd.DataFrame(
        {"period": [f"{first + place}-01" for place in range(len(values))], "value": values}
    )


def test_the_year_is_set_beside_every_year_that_can_be_compared() -> None:
    """Growth of 10, 30, 10, 20 per cent: the largest since the second year."""
    latest = latest_year(yearly(1000, 1100, 1430, 1573, 1887.6))
    assert latest is not None
    assert (latest.since, latest.compared) == ("2017-01", 3)
    assert round(latest.per_cent, 9) == 20


def test_a_year_into_which_a_break_falls_is_compared_with_none() -> None:
    latest = latest_year(yearly(100, 200, 210, 231), ["2016-01"])
    assert latest is not None
    assert (latest.since, latest.compared) == ("", 1)
    assert latest_year(yearly(100, 200, 210, 231), ["2018-01"]) is None
    assert latest_year(yearly(100, 200, None, 231)) is None


def test_a_fall_is_compared_with_falls() -> None:
    latest = latest_year(yearly(100, 90, 95, 94, 80))
    assert latest is not None
    assert (latest.difference, latest.since) == (-14, "")


def test_a_year_that_is_left_out_on_the_way_is_told() -> None:
    """Falls of 10 in 2016 and 5 in 2019; what 2018 did is not known, as a break falls into it."""
    latest = latest_year(yearly(100, 90, 95, 40, 35), ["2018-01"], relative=False)
    assert latest is not None
    assert (latest.since, latest.compared, latest.skips) == ("2016-01", 2, True)


def test_missing_years_that_must_have_moved_as_far_allow_no_rank() -> None:
    """From 11.4 to 3.6 in four years one of them fell by 1.95 or more; the last fell by 1.9."""
    shares = yearly(13.4, 11.4, None, None, None, 3.6, 1.7)
    latest = latest_year(shares, relative=False)
    assert latest is not None
    assert (latest.since, latest.compared) == ("", 0)
    # 7.6 in four years is 1.9 a year and less than 2: nothing is proved.
    slower = latest_year(yearly(13.4, 11.4, None, None, None, 3.8, 1.8), relative=False)
    assert slower is not None
    assert (slower.since, slower.skips) == ("2016-01", True)


def test_rounded_figures_allow_no_decimal() -> None:
    """14,000 and 21,000 may be 13,500 and 21,500: 50 per cent may be 42 or 59."""
    assert telling.is_rough(14_000, 21_000)
    assert not telling.is_rough(638_745, 718_838)
    record = {"unit": "appeals", "decimals": "0"}
    assert telling.how_far(record, 50.0, rough=True) == "about 50%"


@pytest.fixture(scope="module")
def since_2022_by_2025() -> list[str]:
    """Return the headlines from May 2022 to June 2025, as they are kept."""
    summary, _rows = kept.kept(open_store(ROOT / "data"), "2022-05", "2025-06")
    headlines: list[str] = summary["headlines"]
    return headlines


@pytest.mark.parametrize(
    "sentence",
    [
        # 60 and 61 per cent of pupils in 2023 and 2024, 65 in 2019.
        "Expected standard in reading, writing and maths at age 11: up 1 point in 2023/24, to 61% "
        "of pupils. That is 4 points less than in 2018/19 (65%; counted differently from 2021/22).",
        # -0.03 in all three.
        "Average Progress 8 score: −0.03 in 2023/24, as in the year before. That is as much as in "
        "2018/19 (−0.03; counted differently from 2021/22).",
        # 97,747 and 84,428 new plans; 62,180 in 2021.
        "New EHC plans rose by 15.8% in 2024, to 97,747. That is 57.2% more than in 2021 (62,180; "
        "counted differently from 2022).",
    ],
)
def test_headlines_say_what_a_measure_did(since_2022_by_2025: list[str], sentence: str) -> None:
    assert sentence in since_2022_by_2025


def test_a_series_that_ended_years_ago_is_told_last(since_2022_by_2025: list[str]) -> None:
    """In June 2025 the grant's deficit was known to 2021-22, and requests to 2024."""
    first = [line.partition(":")[0] for line in since_2022_by_2025]
    ended = "Deficit on the Dedicated Schools Grant as a share of the grant"
    assert first.index(ended) > len(first) - 5


def test_a_finding_that_turned_says_what_decided_it(since_2022_by_2025: list[str]) -> None:
    (line,) = [each for each in since_2022_by_2025 if "reform is unavoidable" in each]
    assert line.endswith(
        "the verdict was “not supported” and is “cannot be tested”. Its groups of tests now: "
        "Growth and Money: supported with caveats; Delay: cannot be tested. No group is supported "
        "outright, so the figures do not decide."
    )


# ---------------------------------------------------------------- which editions


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_an_edition_is_a_folder_or_a_revision(tmp_path: Path) -> None:
    store = tiny_store(tmp_path, CLAIM)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "data")
    git(tmp_path, "commit", "--quiet", "--message", "First")
    git(tmp_path, "tag", "v1")
    change(store, "plans", set_cell(ENGLAND, "2017-01", "all", "315"))
    with opened("v1", str(tmp_path / "data"), tmp_path) as (old, new):
        assert moved_figures(old.store, new.store)["change"].to_list() == [15]
        assert old.words.startswith("v1 (20")
        kept = old.store.layout.root
    assert not kept.exists()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("v9", "'v9' is neither a folder nor a git revision"),
        ("--help", "'--help' is neither a folder nor a git revision"),
        ("empty", "there is no catalogue/measures.csv"),
    ],
)
def test_what_is_no_edition_is_one_clear_line(tmp_path: Path, name: str, says: str) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "empty").mkdir()
    asked = str(tmp_path / name) if name == "empty" else name
    with (
        pytest.raises(ReportError) as raised,
        opened(asked, str(ROOT / "data"), tmp_path) as _editions,
    ):
        pass
    assert says in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_a_revision_without_data_and_one_laid_out_otherwise_are_told(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    with (
        pytest.raises(ReportError, match="HEAD: the revision has no data/"),
        opened("HEAD", str(ROOT / "data"), tmp_path),
    ):
        pass
    store = tiny_store(tmp_path)
    write_csv(store.measures.drop(columns="polarity"), store.layout.table("measures"))
    with (
        pytest.raises(ReportError, match="has no column 'polarity'"),
        opened(str(tmp_path / "data"), str(ROOT / "data"), tmp_path),
    ):
        pass
