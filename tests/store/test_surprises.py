"""What a new edition may not take silently, tried on data/ with January 2025 as the new release."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from as_tested import tested_project
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.store import Store, open_store
from sendreform.store.checking_editions import check_edition
from sendreform.store.layout import ACCEPTED_COLUMNS, OBSERVATION_COLUMNS, write_csv
from sendreform.store.surprises import COLUMNS, in_words, surprises
from sendreform.store.validation import validate

KENT, PLANS, JANUARY = "886", "ehc_plans", "2025-01"
Change = Callable[[pd.DataFrame], pd.DataFrame]


def edition(folder: Path, change: Change = lambda rows: rows, *, new_file: bool = False) -> Store:
    """Copy data/ with the number of plans changed, from the same file or from a new one."""
    shutil.copytree(tested_project() / "data", folder)
    store = open_store(folder)
    path = store.layout.observations("caseload", PLANS)
    rows = change(store.observations(PLANS))
    write_csv(rows[OBSERVATION_COLUMNS], path)
    if new_file:
        is_plans = store.sources.index.isin(["caseload_2025"])
        sources = store.sources.assign(sha256=store.sources["sha256"].mask(is_plans, "0" * 64))
        write_csv(sources, store.layout.table("sources"))
    return open_store(folder.rename(folder.with_name(f"{folder.name}_read_anew")))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The edition before: no plans of January 2025, and another file with those before it."""
    folder = tmp_path_factory.mktemp("before") / "data"
    return edition(folder, lambda rows: rows[rows["period"] != JANUARY], new_file=True)


def is_cell(rows: pd.DataFrame, area: str = KENT, period: str = JANUARY) -> pd.Series:
    return (rows["area"] == area) & (rows["period"] == period) & (rows["breakdown"] == "all")


def times(factor: float, which: Callable[[pd.DataFrame], pd.Series] = is_cell) -> Change:
    def change(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(value=rows["value"].mask(which(rows), (rows["value"] * factor).round()))

    return change


def found(before: Store, folder: Path, change: Change = lambda rows: rows) -> pd.DataFrame:
    table = surprises(before, edition(folder / "data", change))
    assert list(table.columns) == COLUMNS
    return table


def test_a_release_as_it_was_published_is_no_surprise(before: Store, tmp_path: Path) -> None:
    assert found(before, tmp_path).empty


@pytest.mark.parametrize(("factor", "expected"), [(4.05, [KENT]), (3.95, []), (0.24, [KENT])])
def test_plans_of_a_council_up_or_down_by_a_factor_of_four_are_told(
    before: Store, tmp_path: Path, factor: float, expected: list[str]
) -> None:
    """Up 300% is four times as many as the year before."""
    then = before.observations(PLANS, KENT)
    base = then.loc[is_cell(then, period="2024-01"), "value"].item()
    now = open_store(tested_project() / "data").observations(PLANS, KENT)
    by = base * factor / now.loc[is_cell(now), "value"].item()
    table = found(before, tmp_path, times(by))
    assert table["area"].to_list() == expected
    if expected:
        assert table["surprise"].to_list() == ["too far"]
        assert in_words(table.iloc[0]).startswith(
            f"ehc_plans, area 886 (Kent), period 2025-01, all: too far, {base:g} →"
        )
        assert in_words(table.iloc[0]).endswith("(limit 4 times)")


def test_a_file_in_thousands_moves_england_its_regions_and_the_middle_council(
    before: Store, tmp_path: Path
) -> None:
    table = found(before, tmp_path, times(0.001, lambda rows: rows["period"] == JANUARY))
    assert {ENGLAND, "middle council", KENT} <= set(table["area"])
    assert set(table["surprise"]) == {"too far"}
    levels = table["area"].map(before.areas["level"]).value_counts()
    assert levels["region"] == 9


def test_a_figure_that_a_new_file_gives_otherwise_is_revised(before: Store, tmp_path: Path) -> None:
    change = times(1.01, lambda rows: is_cell(rows, period="2024-01"))
    (row,) = found(before, tmp_path, change).to_dict("records")
    assert (row["surprise"], row["area"], row["period"]) == ("revised", KENT, "2024-01")
    assert float(row["now"]) == round(float(row["before"]) * 1.01)


def test_a_symbol_in_place_of_a_figure_is_a_revision(before: Store, tmp_path: Path) -> None:
    def hide(rows: pd.DataFrame) -> pd.DataFrame:
        cell = is_cell(rows, period="2024-01")
        return rows.assign(value=rows["value"].mask(cell), status=rows["status"].mask(cell, "c"))

    (row,) = found(before, tmp_path, hide).to_dict("records")
    assert (row["surprise"], row["now"]) == ("revised", "c")


def test_what_we_read_otherwise_from_a_known_file_is_no_surprise(tmp_path: Path) -> None:
    now = open_store(tested_project() / "data")
    assert surprises(now, edition(tmp_path / "data", times(1.5))).empty


def test_a_figure_that_is_gone_from_a_new_file_is_withdrawn(before: Store, tmp_path: Path) -> None:
    table = found(before, tmp_path, lambda rows: rows[~is_cell(rows, period="2024-01")])
    assert table[["surprise", "area", "period"]].to_numpy().tolist() == [
        ["withdrawn", KENT, "2024-01"]
    ]


def test_a_council_that_is_not_there_in_a_new_year_is_missed(before: Store, tmp_path: Path) -> None:
    change: Change = lambda rows: rows[(rows["area"] != KENT) | (rows["period"] != JANUARY)]  # noqa: E731
    (row,) = found(before, tmp_path, change).to_dict("records")
    assert (row["surprise"], row["area"], row["period"]) == ("missing", KENT, JANUARY)


def test_england_and_a_kind_of_breakdown_are_missed(before: Store, tmp_path: Path) -> None:
    def without(rows: pd.DataFrame) -> pd.DataFrame:
        is_january = rows["period"] == JANUARY
        total = (rows["area"] == ENGLAND) & (rows["breakdown"] == "all")
        sexes = rows["breakdown"].str.startswith("sex:")
        return rows[~(is_january & (total | sexes))]

    table = found(before, tmp_path, without)
    assert table[["surprise", "area", "breakdown"]].to_numpy().tolist() == [
        ["missing", ENGLAND, "all"], ["missing", ENGLAND, "sex"],
    ]  # fmt: skip
    assert table["area_name"].to_list() == ["England"] * 2


@pytest.mark.parametrize(
    ("area", "status", "expected"),
    [(KENT, "k", 1), (KENT, "low", 1), (KENT, "x", 0), (ENGLAND, "x", 1)],
)
def test_a_symbol_does_not_hide_what_was_large(
    before: Store, tmp_path: Path, area: str, status: str, expected: int
) -> None:
    """Kent had 18,930 plans the year before. A council that returned nothing is another matter."""

    def hide(rows: pd.DataFrame) -> pd.DataFrame:
        cell = is_cell(rows, area)
        return rows.assign(value=rows["value"].mask(cell), status=rows["status"].mask(cell, status))

    table = found(before, tmp_path, hide)
    assert (table["surprise"] == "hidden").sum() == expected


@pytest.mark.parametrize("least_plans", [0, 2_500])
def test_symbols_for_most_councils_are_told(
    before: Store, tmp_path: Path, least_plans: int
) -> None:
    """151 councils told ages and sexes in January 2024. In 2025 66 had 2,500 boys or more with a
    plan: not the half.
    """
    councils = before.areas.index[before.areas["level"] == "council"]

    def hide(rows: pd.DataFrame) -> pd.DataFrame:
        cells = (
            rows["area"].isin(councils)
            & rows["period"].eq(JANUARY)
            & rows["breakdown"].eq("sex:male")
            & rows["value"].ge(least_plans)
        )
        return rows.assign(value=rows["value"].mask(cells), status=rows["status"].mask(cells, "x"))

    table = found(before, tmp_path, hide)
    told = [in_words(row) for _, row in table[table["surprise"] == "hidden for most"].iterrows()]
    assert told == (
        []
        if least_plans
        else [
            "ehc_plans, period 2025-01, sex:male: hidden for most, figures of 151 councils → "
            "symbols for 151 of them (limit 50% of them)"
        ]
    )


def test_two_parts_that_were_swapped_are_told(before: Store, tmp_path: Path) -> None:
    """Boys and girls of January 2025, each under the other's label."""

    def swap(rows: pd.DataFrame) -> pd.DataFrame:
        other = {"sex:male": "sex:female", "sex:female": "sex:male"}
        of_january = rows["breakdown"].where(rows["period"] == JANUARY)
        return rows.assign(breakdown=of_january.map(other).fillna(rows["breakdown"]))

    table = found(before, tmp_path, swap).query("surprise == 'swapped'")
    assert sorted(table["breakdown"]) == ["sex:female", "sex:male"]
    assert set(table["limit"]) == {"as sex:female had it", "as sex:male had it"}


def test_what_a_file_lacks_of_a_group_that_it_revises_is_withdrawn(
    before: Store, tmp_path: Path
) -> None:
    """Of January 2024 in England the number of boys is another, and that of girls is gone."""

    def revise(rows: pd.DataFrame) -> pd.DataFrame:
        group = (rows["area"] == ENGLAND) & (rows["period"] == "2024-01")
        sexes = group & rows["breakdown"].isin(["sex:male", "sex:female"])
        changed = rows.assign(
            value=rows["value"].mask(group & (rows["breakdown"] == "sex:male"), rows["value"] + 1),
            source=rows["source"].mask(sexes, "caseload_2025"),
        )
        return changed[~(group & (rows["breakdown"] == "sex:female"))]

    table = found(before, tmp_path, revise)
    told = table.loc[table["breakdown"].str.startswith("sex:"), ["surprise", "breakdown"]]
    assert told.to_numpy().tolist() == [["withdrawn", "sex:female"], ["revised", "sex:male"]]


def test_a_january_that_had_not_come_when_its_file_was_published_is_told(
    before: Store, tmp_path: Path
) -> None:
    """The file of the year 2025 cannot hold January 2027."""

    def later(rows: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([rows, rows[is_cell(rows)].assign(period="2027-01")])

    (row,) = found(before, tmp_path, later).to_dict("records")
    assert (row["surprise"], row["period"], row["now"]) == ("not yet over", "2027-01", "1 figure")


# ---------------------------------------------------------------- accepted


def accept(store: Store, *rows: list[str]) -> Store:
    table = pd.DataFrame(rows, columns=ACCEPTED_COLUMNS)
    write_csv(table, store.layout.table("accepted"))
    return open_store(store.layout.root)


def test_a_surprise_is_taken_where_the_record_names_it_and_says_why(
    before: Store, tmp_path: Path
) -> None:
    new = edition(tmp_path / "data", times(5))
    with pytest.raises(ReportError) as raised:
        check_edition(new, before, measures=["pupils"])
    said = str(raised.value)
    assert said.startswith("ehc_plans/")
    assert ".csv: ehc_plans, area 886 (Kent), period 2025-01, all: too far" in said
    assert "Nothing was replaced (of such surprises there are 1 × too far;" in said
    assert said.endswith('a line such as "too far,ehc_plans,886,2025-01,,why,date".')
    why = ["The council's notice.", "2026-06-30"]
    other = accept(new, ["too far", PLANS, "887", "", "", *why])
    assert len(surprises(before, other)) == 1
    assert surprises(before, accept(new, ["too far", PLANS, KENT, JANUARY, "", *why])).empty
    # An empty cell stands for any.
    assert surprises(before, accept(new, ["too far", PLANS, "", "", "", *why])).empty


def test_every_surprise_is_written_where_it_is_asked_for(before: Store, tmp_path: Path) -> None:
    new = edition(tmp_path / "data", times(0.001, lambda rows: rows["period"] == JANUARY))
    with pytest.raises(ReportError, match="such surprises"):
        check_edition(new, before, measures=["pupils"], details=tmp_path / "surprises.csv")
    written = pd.read_csv(tmp_path / "surprises.csv", dtype="str")
    assert list(written.columns) == COLUMNS
    assert len(written) == len(surprises(before, new)) > 100


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (["odd", PLANS, "", "", "", "why", "2026-06-30"], "column surprise: 'odd'"),
        (["revised", "plans", "", "", "", "why", "2026-06-30"], "column measure: 'plans'"),
        (["revised", "", "", "", "", "why", "2026-06-30"], "column measure: ''"),
        (["revised", PLANS, "999", "", "", "why", "2026-06-30"], "column area: '999'"),
        (["revised", PLANS, "", "", "", "", "2026-06-30"], "column reason: ''"),
        (["revised", PLANS, "", "", "", "why", "June"], "column date: 'June'"),
    ],
)
def test_a_record_that_names_nothing_or_gives_no_reason_is_told(
    tmp_path: Path, row: list[str], says: str
) -> None:
    store = accept(edition(tmp_path / "data"), row)
    (problem,) = validate(store, measures=[])
    assert problem.startswith("accepted.csv, row 2, ")
    assert says in problem
