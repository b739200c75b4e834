"""Recipes recompute figures that can be checked in the head, and say what they cannot follow."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from as_tested import tested_project
from claims.tiny_data import CLAIM, tiny_store
from conftest import ROOT
from sendreform.areas import Areas
from sendreform.claims.following import Recomputed, follow
from sendreform.claims.levels import alternatives_of, levels, quantity
from sendreform.claims.operations import OPERATIONS
from sendreform.claims.recipes import read_recipe
from sendreform.claims.telling import breaks_passed, told
from sendreform.errors import ReportError
from sendreform.observations import ENGLAND
from sendreform.periods import KIND_TITLES, every_year, matching
from sendreform.store import Store, open_store
from sendreform.store.claims_table import AT_ONE_PERIOD, FROM_TO


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return tiny_store(tmp_path_factory.mktemp("tiny"))


def recipe_in(store: Store, **cells: str):
    areas = Areas(store.areas, store.neighbours)
    blank = dict.fromkeys(("breakdown", "from", "area"), "")
    return read_recipe(store, areas, CLAIM | blank | {"measure": "plans"} | cells)


def recomputed(store: Store, **cells: str) -> Recomputed:
    return follow(store, recipe_in(store, **cells))


def in_words(store: Store, **cells: str) -> str:
    return told(store, Areas(store.areas, store.neighbours), recipe_in(store, **cells))


LEVEL = {"operation": "level", "unit": "plans", "to": "2017-01"}
SPECIAL = {"breakdown": "placement:special"}
APPEALS = {"measure": "appeals", "to": "2017"}


@pytest.mark.parametrize(
    ("cells", "figure"),
    [
        (LEVEL, 300),
        (LEVEL | SPECIAL, 150),
        (LEVEL | {"area": "Kent"}, 20),
        (LEVEL | {"area": "886"}, 20),
        (LEVEL | {"breakdown": "placement:special + placement:mainstream"}, 299),
        (LEVEL | {"breakdown": "all - placement:special - placement:mainstream"}, 1),
        (LEVEL | {"unit": "thousand plans"}, 0.3),
        # A share of a whole: 150 of 300.
        (LEVEL | SPECIAL | {"unit": "per cent of plans", "per_measure": "plans"}, 50),
        (LEVEL | SPECIAL | {"unit": "times", "per_measure": "plans",
                            "per_breakdown": "placement:mainstream"}, 150 / 149),
        # 30 appeals in 2017 for 300 plans in January 2017.
        (LEVEL | {"measure": "appeals", "to": "2017", "unit": "per thousand plans",
                  "per_measure": "plans"}, 100),
        *(
            (LEVEL | APPEALS | {"per_measure": "plans", "unit": unit}, told)
            for unit, told in (
                ("appeals per 1,000 plans", 100), ("appeals per 1000 plans", 100),
                ("appeals per thousand plans", 100), ("per 1,000 plans", 100),
                ("appeals per plan", 0.1), ("appeals for each plan", 0.1),
                ("thousand appeals per thousand plans", 0.1),
            )
        ),
        # January 2017 against the middle of 2016: 300 of 5,000.
        (LEVEL | {"unit": "per cent of children", "per_measure": "pupils"}, 6),
        # 6 billion in 2016-17 for 300 plans in January 2017, in pounds and in millions.
        (LEVEL | {"measure": "funding", "to": "2016-17", "unit": "pounds a plan",
                  "per_measure": "plans"}, 20_000_000),
        (LEVEL | {"measure": "funding", "to": "2016-17", "unit": "million pounds a plan",
                  "per_measure": "plans"}, 20),
        (LEVEL | {"measure": "funding", "to": "2014-15", "unit": "billion pounds"}, 4.78),
        (LEVEL | {"measure": "funding", "to": "2014-15", "unit": "million pounds"}, 4780),
        # 4.78 billion in prices half as high again: 120 / 80.
        (LEVEL | {"measure": "funding", "to": "2014-15", "unit": "billion pounds",
                  "prices": "2016-17"}, 7.17),
        ({"operation": "change", "unit": "plans", "from": "2014-01", "to": "2017-01"}, 100),
        # Special schools: 80 of 200, then 150 of 300: from 40% to 50%.
        ({"operation": "change", "unit": "percentage points", "from": "2014-01", "to": "2017-01",
          "per_measure": "plans"} | SPECIAL, 10),
        # A share of money is no money.
        (LEVEL | {"measure": "funding", "to": "2016-17", "unit": "per cent of funding",
                  "per_measure": "funding"}, 100),
        ({"operation": "change", "measure": "absence", "unit": "percentage points",
          "from": "2014/15", "to": "2016/17"}, 0.5),
        ({"operation": "change", "measure": "funding", "unit": "billion pounds",
          "from": "2014-15", "to": "2016-17"}, 1.22),
        ({"operation": "per_cent_change", "from": "2014-01", "to": "2017-01"}, 50),
        # The share of special schools rose by a quarter, from 40% to 50%.
        ({"operation": "per_cent_change", "from": "2014-01", "to": "2017-01",
          "per_measure": "plans"} | SPECIAL, 25),
        # Real: 5 billion at 100 to 6 billion at 120 is no change.
        ({"operation": "per_cent_change", "measure": "funding", "from": "2015-16",
          "to": "2016-17", "prices": "2015-16"}, 0),
        ({"operation": "times", "unit": "times", "from": "2014-01", "to": "2017-01"}, 1.5),
        # 200 to 220 is 10%, to 231 is 5%, to 300 is 69 of 231.
        ({"operation": "least_yearly_growth", "from": "2014-01", "to": "2017-01"}, 5),
        ({"operation": "least_yearly_growth", "from": "2014-01", "to": "2015-01"}, 10),
        ({"operation": "greatest_yearly_growth", "from": "2014-01", "to": "2017-01"},
         100 * 69 / 231),
        ({"operation": "sum", "unit": "plans", "from": "2014-01", "to": "2017-01"}, 951),
        ({"operation": "sum", "measure": "funding", "unit": "billion pounds", "from": "2014-15",
          "to": "2016-17"}, 15.78),
        # Special schools held more than mainstream in 2016 and 2017; in 2015 as many.
        ({"operation": "periods_above", "unit": "years", "from": "2014-01", "to": "2017-01",
          "per_measure": "plans", "per_breakdown": "placement:mainstream"} | SPECIAL, 2),
        # Kent and Hackney owe money; London and Camden do not; Greenwich gave no figure.
        ({"operation": "councils_above", "measure": "balance", "unit": "councils",
          "to": "2017-03-31"}, 2),
        ({"operation": "share_of_councils_above", "measure": "balance",
          "unit": "per cent of councils", "to": "2017-03-31"}, 50),
        ({"operation": "share_of_councils_above", "measure": "balance", "area": "London",
          "unit": "per cent of councils", "to": "2017-03-31"}, 100 / 3),
    ],
)  # fmt: skip
def test_an_operation_gives_what_the_head_gives(
    store: Store, cells: dict[str, str], figure: float
) -> None:
    assert recomputed(store, **cells).value == pytest.approx(figure, rel=1e-12)


BAND_OR_AGES = {"measure": "ages", "breakdown": "age:3_and_4 or age:3 + age:4"}


@pytest.mark.parametrize(
    ("cells", "figure"),
    [
        (LEVEL | BAND_OR_AGES | {"to": "2015-01"}, 30),
        # Both are published: the first is taken.
        (LEVEL | BAND_OR_AGES | {"to": "2016-01"}, 33),
        (LEVEL | BAND_OR_AGES | {"to": "2016-01", "breakdown": "age:3 + age:4 or age:3_and_4"}, 30),
        (LEVEL | BAND_OR_AGES | {"to": "2017-01"}, 45),
        # From 30 in a band to 15 and 30.
        ({"operation": "per_cent_change", "from": "2015-01", "to": "2017-01"} | BAND_OR_AGES, 50),
        ({"operation": "sum", "unit": "plans", "from": "2015-01", "to": "2017-01"} | BAND_OR_AGES,
         30 + 33 + 45),
        # One part of an alternative does not do, and parts of two are never joined.
        (LEVEL | BAND_OR_AGES | {"to": "2018-01", "breakdown": "age:3 + age:4 or age:3"}, 16),
        # In the divisor too: 45 plans at these ages of 300.
        (LEVEL | BAND_OR_AGES | {"to": "2017-01", "unit": "per cent of plans",
                                 "per_measure": "plans"}, 15),
        (LEVEL | {"unit": "times", "per_measure": "ages",
                  "per_breakdown": "age:3_and_4 or age:3 + age:4"}, 300 / 45),
    ],
)  # fmt: skip
def test_each_period_takes_the_first_alternative_that_is_wholly_published(
    store: Store, cells: dict[str, str], figure: float
) -> None:
    assert recomputed(store, **cells).value == pytest.approx(figure, rel=1e-12)


def test_each_place_takes_its_own_alternative(store: Store) -> None:
    either = quantity(store, "ages", "age:3_and_4 or age:3 + age:4")
    found = levels(store, either, [ENGLAND, "886"], ["2016-01", "2018-01"])
    assert found[["area", "period"]].to_numpy().tolist() == [
        [ENGLAND, "2016-01"], [ENGLAND, "2018-01"], ["886", "2016-01"], ["886", "2018-01"],
    ]  # fmt: skip
    assert found["value"].dropna().to_dict() == {0: 33, 2: 5}
    # What is not taken is no source.
    assert found["sources"].dropna().to_dict() == {0: "ages_file", 2: "ages_file"}


def test_plans_at_ages_5_to_15_grew_by_95_per_cent_from_bands_to_single_ages() -> None:
    """91,045 and 112,340 plans in January 2015; eleven single ages in January 2024."""
    real = open_store(tested_project() / "data")
    single = [24_832, 27_548, 30_267, 31_901, 33_986, 38_631, 43_228, 42_652, 42_113, 41_029,
              39_587]  # fmt: skip
    ages = " + ".join(f"age:{age}" for age in range(5, 16))
    found = recomputed(
        real, operation="per_cent_change", measure="ehc_plans",
        breakdown=f"age:5_to_10 + age:11_to_15 or {ages}", **{"from": "2015-01", "to": "2024-01"},
    )  # fmt: skip
    assert found.value == pytest.approx(100 * (sum(single) / (91_045 + 112_340) - 1))
    assert round(found.value) == 95
    published = real.sources.loc[list(found.sources), "release"]
    assert published.to_list() == ["Reporting year 2022", "Reporting year 2025"]


def test_the_alternatives_that_analysts_are_shown_are_a_breakdown_of_plans() -> None:
    guide = (ROOT / "book/for_analysts.md").read_text("utf-8")
    (example,) = re.findall(r"`(age:[^`|]+ or age:[^`|]+)`", guide)
    band, ages = quantity(open_store(ROOT / "data"), "ehc_plans", example).alternatives
    assert band == (("age:5_to_10", 1),)
    assert ages == tuple((f"age:{age}", 1) for age in range(5, 11))


def test_the_sources_are_those_of_every_level_and_of_the_deflator(store: Store) -> None:
    real = LEVEL | {"measure": "funding", "to": "2016-17", "unit": "pounds a plan",
                    "per_measure": "plans", "prices": "2014-15"}  # fmt: skip
    assert recomputed(store, **real).sources == ("funding_file", "gdp_deflator_file", "plans_file")
    assert recomputed(store, **LEVEL).sources == ("plans_file",)


def test_every_operation_of_the_table_is_there_and_no_other() -> None:
    assert sorted(OPERATIONS) == sorted((*AT_ONE_PERIOD, *FROM_TO))
    ends = {name for name, does in OPERATIONS.items() if does.takes in ("ends", "every")}
    assert ends == set(FROM_TO)
    compares = {name for name, does in OPERATIONS.items() if does.compares}
    assert compares == {"periods_above"}


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        ({"operation": "chnage"}, "operation", "unknown operation 'chnage'. Did you mean change"),
        ({"measure": "plan"}, "measure", "unknown measure 'plan'. Did you mean plans?"),
        ({"area": "Kant"}, "area", "unknown council 'Kant'. Did you mean Kent?"),
        (
            {"breakdown": "placement:specal"},
            "breakdown",
            "plans has no breakdown 'placement:specal'. Did you mean placement:special",
        ),
        (
            {"breakdown": "placement:special+placement:mainstream"},
            "breakdown",
            "plans has no breakdown 'placement:special+placement:mainstream'.",
        ),
        ({"breakdown": "all + all"}, "breakdown", "'all' stands twice"),
        ({"breakdown": "all or all"}, "breakdown", "'all' stands twice"),
        (
            {"breakdown": "placement:special or placement:mainstrem"},
            "breakdown",
            "plans has no breakdown 'placement:mainstrem'. Did you mean placement:mainstream",
        ),
        (
            {"to": "2027-01"},
            "to",
            "plans has no period '2027-01'; it has 2014-01, 2015-01, 2016-01, 2017-01.",
        ),
        (
            {"operation": "change", "from": "2014"},
            "from",
            "'2014' is not how plans writes a period; it has 2014-01, ",
        ),
        ({"area": "Kent", "to": "2014-01"}, "to", "plans has no period '2014-01'; it has 2016-01"),
        ({"area": "Camden"}, "area", "plans has no figure for Camden."),
        ({"operation": "per_cent_change"}, "unit", "per_cent_change gives per cent, and the unit"),
        ({"operation": "times"}, "unit", "times gives times, and the unit is 'plans'."),
        ({"per_measure": "pupil"}, "per_measure", "unknown measure 'pupil'. Did you mean pupils"),
        (
            {"per_measure": "plans", "per_breakdown": "sen:plan"},
            "per_breakdown",
            "plans has no breakdown 'sen:plan'.",
        ),
        *(
            (
                {"operation": operation, "unit": unit, "from": start, "to": "2016-01",
                 "per_measure": per},
                "from",
                f"{operation} goes from an earlier period to a later one, and {start!r} is not "
                "before '2016-01'. Give the earlier period in from and the later in to.",
            )
            for start in ("2017-01", "2016-01")
            for operation, unit, per in (
                ("change", "plans", ""), ("per_cent_change", "per cent", ""),
                ("times", "times", ""), ("least_yearly_growth", "per cent", ""),
                ("greatest_yearly_growth", "per cent", ""), ("sum", "plans", ""),
                ("periods_above", "years", "plans"),
            )
        ),
        # Plans are no pounds and no per cent, pounds no plans, and a per cent neither.
        *(
            (
                cells,
                "unit",
                f"{what} cannot be in {cells['unit']!r}: {cells['measure']} is in {counted!r}. "
                "Give the unit of what the recipe works out, or another measure or per_measure.",
            )
            for cells, what, counted in (
                ({"measure": "plans", "unit": "pounds"}, "plans", "plans"),
                ({"measure": "plans", "unit": "million pounds a year"}, "plans", "plans"),
                ({"measure": "plans", "unit": "per cent of pupils"}, "plans", "plans"),
                ({"measure": "plans", "unit": "percentage points", "operation": "change",
                  "from": "2014-01"}, "plans", "plans"),
                ({"measure": "plans", "unit": "billion pounds", "operation": "sum",
                  "from": "2014-01"}, "plans", "plans"),
                ({"measure": "plans", "unit": "pounds a plan", "per_measure": "plans"},
                 "plans divided by plans", "plans"),
                ({"measure": "funding", "unit": "plans", "to": "2016-17"}, "funding", "pounds"),
                ({"measure": "funding", "unit": "thousand plans", "to": "2016-17"}, "funding",
                 "pounds"),
                ({"measure": "funding", "unit": "per cent", "to": "2016-17",
                  "per_measure": "plans"}, "funding divided by plans", "pounds"),
                ({"measure": "funding", "unit": "pounds", "to": "2016-17",
                  "per_measure": "funding"}, "funding divided by funding", "pounds"),
                ({"measure": "absence", "unit": "pupils", "to": "2016/17"}, "absence",
                 "per cent of sessions"),
                # A count is of what the measure counts.
                ({"measure": "plans", "unit": "appeals"}, "plans", "plans"),
                ({"measure": "plans", "unit": "thousand pupils"}, "plans", "plans"),
                ({"measure": "appeals", "unit": "plans", "to": "2017"}, "appeals", "appeals"),
                ({"measure": "appeals", "unit": "plans per 1,000 appeals", "to": "2017",
                  "per_measure": "plans"}, "appeals divided by plans", "appeals"),
            )
        ),
        *(
            (
                {"measure": measure, "unit": unit, "to": to, "per_measure": "plans"},
                "unit",
                f"{measure} divided by plans cannot be in {unit!r}, which says nothing of the "
                "divisor. Write per cent of …, … per 1,000 …, … per … or times, or leave out",
            )
            for measure, unit, to in (
                ("plans", "plans", "2017-01"), ("appeals", "thousand appeals", "2017"),
                ("funding", "million pounds", "2016-17"),
            )
        ),
        ({"operation": "councils_above", "measure": "balance", "to": "2017-03-31"}, "unit",
         "councils_above gives councils, and the unit is 'plans'."),
        ({"prices": "2016-17"}, "prices", "prices are for money of financial years"),
        (
            {"measure": "funding", "to": "2016-17", "prices": "2040-41"},
            "prices",
            "there is no deflator for '2040-41'. There is one for 2014-15 to 2016-17.",
        ),
        (
            {"measure": "funding", "to": "2016-17", "prices": "2014-15", "per_measure": "funding"},
            "prices",
            "prices are for money of financial years, not divided by other money",
        ),
    ],
)  # fmt: skip
def test_a_recipe_that_cannot_be_read_names_its_column(
    store: Store, cells: dict[str, str], column: str, said: str
) -> None:
    with pytest.raises(ReportError) as raised:
        recipe_in(store, **LEVEL | cells)
    assert raised.value.where == column
    assert str(raised.value).startswith(f"{column}: {said}")


@pytest.mark.parametrize(
    ("cells", "column", "said"),
    [
        (
            {"breakdown": "placement:special + placement:hospital"},
            "measure",
            "plans has the symbol 'c' (suppressed by the publisher to protect confidentiality) "
            "for England, January 2017, breakdown 'placement:hospital'.",
        ),
        (
            {"to": "2015-01", "breakdown": "placement:hospital"},
            "measure",
            "plans is not published for England, January 2015, breakdown 'placement:hospital'.",
        ),
        (
            {"to": "2018-01", **BAND_OR_AGES},
            "measure",
            "ages is not published for England, January 2018, breakdown 'age:3_and_4'; it has the "
            "symbol 'c' (suppressed by the publisher to protect confidentiality), breakdown "
            "'age:4'.",
        ),
        # 2015/16 is not there, and a sum of the others would be no sum of the years.
        (
            {"operation": "sum", "measure": "absence", "from": "2014/15", "to": "2016/17",
             "unit": "per cent"},
            "measure",
            "absence is not published for England, 2015/16, breakdown 'all'.",
        ),
        (
            {"operation": "per_cent_change", "measure": "appeals", "from": "2016", "to": "2017",
             "unit": "per cent"},
            "from",
            "a level to compare with is 0, and growth is told from levels above nought.",
        ),
        (
            {"per_measure": "appeals", "unit": "plans per appeal"},
            "per_measure",
            "a january census has no matching calendar year.",
        ),
        (
            {"to": "2015-01", "per_measure": "pupils", "unit": "plans per 1,000 children"},
            "per_measure",
            "pupils is not published for England, mid-2014, breakdown 'all'.",
        ),
        (
            {"measure": "appeals", "to": "2016", "per_measure": "appeals", "unit": "times"},
            "per_measure",
            "a level to divide by is nought.",
        ),
        (
            {"operation": "councils_above", "measure": "balance", "to": "2018-03-31",
             "unit": "councils"},
            "to",
            "no council has a figure of balance for 2018-03-31.",
        ),
        (
            {"operation": "sum", "measure": "balance", "area": "Kent", "from": "2017-03-31",
             "to": "2018-03-31", "unit": "pounds"},
            "period",
            "the years between 2017-03-31 and 2018-03-31 cannot be told, as a date is not yearly.",
        ),
    ],
)  # fmt: skip
def test_a_recipe_that_cannot_be_followed_says_what_is_missing(
    store: Store, cells: dict[str, str], column: str, said: str
) -> None:
    with pytest.raises(ReportError) as raised:
        recomputed(store, **LEVEL | cells)
    assert raised.value.where == column
    assert said.rstrip(".") in str(raised.value)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (LEVEL, "Plans, England, January 2017"),
        (
            LEVEL | {"breakdown": "placement:special + placement:mainstream - placement:hospital"},
            "Plans (Special + Mainstream − Hospital), England, January 2017",
        ),
        (
            {"operation": "per_cent_change", "from": "2014-01", "to": "2017-01"},
            "Per cent change in plans, England, January 2014 to January 2017",
        ),
        (
            LEVEL | BAND_OR_AGES,
            "Ages (Age 3 to 4, or else Age 3 + Age 4), England, January 2017",
        ),
        (
            LEVEL | {"measure": "appeals", "to": "2017", "unit": "per thousand plans",
                     "per_measure": "plans"},
            "Appeals per thousand plans in the matching January, England, 2017",
        ),
        (
            LEVEL | SPECIAL | {"unit": "per cent of plans", "per_measure": "plans"},
            "Plans (Special) as a per cent of plans, England, January 2017",
        ),
        (
            LEVEL | {"measure": "funding", "to": "2016-17", "unit": "pounds a plan",
                     "per_measure": "plans", "prices": "2014-15"},
            "Funding divided by plans in the matching January, England, 2016-17, in 2014-15 prices",
        ),
        (
            {"operation": "periods_above", "unit": "years", "from": "2014-01", "to": "2017-01",
             "per_measure": "plans", "per_breakdown": "placement:mainstream"} | SPECIAL,
            "Number of years in which plans (Special) exceeded plans (Mainstream), England, "
            "January 2014 to January 2017",
        ),
        (
            {"operation": "councils_above", "measure": "balance", "unit": "councils",
             "to": "2017-03-31"},
            "Number of councils with balance above nought, England, 31 March 2017",
        ),
    ],
)  # fmt: skip
def test_a_recipe_is_told_in_words(store: Store, cells: dict[str, str], words: str) -> None:
    assert in_words(store, **cells) == words


def test_a_break_between_the_ends_is_told(store: Store) -> None:
    ends = {"operation": "change", "unit": "plans"}
    note = "Plans from January 2016: Counted child by child."
    across = recipe_in(store, **ends, **{"from": "2014-01", "to": "2017-01"})
    from_it = recipe_in(store, **ends, **{"from": "2016-01", "to": "2017-01"})
    up_to_it = recipe_in(store, **ends, **{"from": "2014-01", "to": "2015-01"})
    assert breaks_passed(store, across) == [note]
    assert breaks_passed(store, from_it) == breaks_passed(store, up_to_it) == []
    divisor = recipe_in(
        store, operation="change", measure="appeals", unit="per thousand plans",
        per_measure="plans", **{"from": "2015", "to": "2017"},
    )  # fmt: skip
    assert breaks_passed(store, divisor) == [note]


# ---------------------------------------------------------------- properties

names = st.from_regex(r"[a-z]+:[a-z0-9_]+( [a-z]+:[a-z0-9_]+)?", fullmatch=True)


one_way = st.lists(
    st.tuples(names, st.sampled_from([1, -1])), min_size=1, unique_by=lambda part: part[0]
).map(lambda parts: ((parts[0][0], 1), *parts[1:]))


@given(st.lists(one_way, min_size=1, max_size=3, unique=True))
def test_breakdowns_printed_and_parsed_are_the_same(
    ways: list[tuple[tuple[str, int], ...]],
) -> None:
    printed = " or ".join(
        first + "".join(f" {'+' if sign > 0 else '-'} {name}" for name, sign in rest)
        for (first, _plus), *rest in ways
    )
    assert alternatives_of(printed) == tuple(ways)


levels_above_nought = st.lists(st.integers(1, 1000).map(float), min_size=2, max_size=20)


@given(levels_above_nought)
def test_growth_of_the_whole_lies_between_the_least_and_the_greatest(levels: list[float]) -> None:
    least, greatest = (
        OPERATIONS[name].result(levels)
        for name in ("least_yearly_growth", "greatest_yearly_growth")
    )
    whole, years = OPERATIONS["times"].result(levels), len(levels) - 1
    assert (1 + least / 100) ** years <= whole + 1e-6
    assert (1 + greatest / 100) ** years >= whole - 1e-6


@given(levels_above_nought)
def test_change_and_times_agree(levels: list[float]) -> None:
    start, change = levels[0], OPERATIONS["change"].result(levels)
    assert start * OPERATIONS["times"].result(levels) == pytest.approx(start + change)
    assert OPERATIONS["per_cent_change"].result(levels) == pytest.approx(100 * change / start)


@given(st.integers(1990, 2080))
def test_a_year_matches_the_january_within_it(year: int) -> None:
    financial = f"{year - 1}-{year % 100:02d}"
    academic = f"{year - 1}/{year % 100:02d}"
    for period, kind in (
        (financial, "financial_year"), (academic, "academic_year"), (str(year), "calendar_year"),
        (f"{year}-01", "january"),
    ):  # fmt: skip
        assert matching(period, kind, "january") == f"{year}-01"
        assert matching(period, kind, kind) == period
        assert every_year(period, period, kind) == [period]
    assert matching(f"{year}-01", "january", "mid_year") == f"{year - 1}-06-30"


def test_kinds_without_a_rule_are_never_matched() -> None:
    samples = {
        "january": "2024-01", "calendar_year": "2024", "academic_year": "2023/24",
        "financial_year": "2023-24", "mid_year": "2024-06-30", "month": "2024-03",
        "date": "2024-03-31",
    }  # fmt: skip
    assert samples.keys() == KIND_TITLES.keys()
    matched = set()
    for kind, period in samples.items():
        for other in samples.keys() - {kind}:
            try:
                matching(period, kind, other)
            except ReportError as error:
                assert "has no matching" in error.what
            else:
                matched.add((kind, other))
    years = ("financial_year", "calendar_year", "academic_year")
    assert matched == {("january", "mid_year"), *((kind, "january") for kind in years)}
