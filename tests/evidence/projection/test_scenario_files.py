"""Scenarios that people write: read as meant, refused in one line."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendreform.book.delay.tables import read_scenario, small_effects
from sendreform.claims import checking
from sendreform.errors import ReportError
from sendreform.evidence.projection.scenario_files import problems, scenario
from sendreform.evidence.projection.scenarios import Scenario
from sendreform.store import Store

SOUND: dict[str, Any] = {"name": "Sooner", "start": 2027, "fewer_new_plans": [5, 20]}


def test_a_number_is_a_range_without_width() -> None:
    made = scenario({"name": "One", "start": 2030, "fewer_independent": 15}, where="a.yml")
    assert made == Scenario("One", 2030, 1, fewer_independent=(15.0, 15.0))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"start": 2025}, "a.yml, start: 2025 is not a whole number from 2026 to 2032."),
        ({"start": "soon"}, "a.yml, start: 'soon' is not a whole number from 2026 to 2032."),
        ({"start": True}, "a.yml, start: True is not a whole number from 2026 to 2032."),
        ({"phase_in": 0}, "a.yml, phase_in: 0 is not a whole number from 1 to 10."),
        ({"fewer_plans": 5}, "a.yml: unknown field 'fewer_plans'. Did you mean fewer_new_plans"),
        ({"fewer_new_plans": 101}, "a.yml, fewer_new_plans: 101 does not lie between 0 and 100"),
        ({"fewer_new_plans": [20, 5]}, "a.yml, fewer_new_plans: [20, 5] does not lie between"),
        ({"fewer_new_plans": -1}, "a.yml, fewer_new_plans: -1 does not lie between 0 and 100"),
        ({"fewer_new_plans": [1, 2, 3]}, "a.yml, fewer_new_plans: [1, 2, 3] is neither a number"),
        ({"fewer_new_plans": "many"}, "a.yml, fewer_new_plans: 'many' is neither a number"),
        ({"fewer_new_plans": float("nan")}, "a.yml, fewer_new_plans: nan does not lie between"),
        ({"fewer_new_plans": 10**400}, "a.yml, fewer_new_plans: 10000000"),
        ({"fewer_new_plans": float("inf")}, "a.yml, fewer_new_plans: inf does not lie between"),
        ({"fewer_new_plans": [True, 5]}, "a.yml, fewer_new_plans: [True, 5] is neither a number"),
        ({"start": 2031.5}, "a.yml, start: 2031.5 is not a whole number from 2026 to 2032."),
        ({"phase_in": 10**9}, "a.yml, phase_in: 1000000000 is not a whole number from 1 to 10."),
        ({"name": ["a", "b"]}, "a.yml, name: ['a', 'b'] is no name of a reform."),
        ({"name": "no reform"}, "a.yml, name: 'no reform' is no name of a reform."),
        ({"name": None}, "a.yml: name is missing."),
        ({"slower_unit_costs": 11}, "a.yml, slower_unit_costs: 11 does not lie between 0 and 10"),
    ],
)
def test_a_wrong_field_gets_one_clear_line(change: dict[str, Any], line: str) -> None:
    with pytest.raises(ReportError) as refused:
        scenario(SOUND | change, where="a.yml")
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("missing", ["name", "start"])
def test_what_is_missing_is_named(missing: str) -> None:
    with pytest.raises(ReportError, match=rf"^a.yml: {missing} is missing"):
        scenario({key: SOUND[key] for key in SOUND if key != missing}, where="a.yml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.text() | st.sampled_from([*SOUND]), inner)
        ),
        max_leaves=6,
    )
)
def test_nonsense_is_refused_and_never_crashes(record: Any) -> None:
    try:
        assert scenario(record, where="a.yml").start
    except ReportError as error:
        assert str(error).startswith("a.yml")


def test_the_projects_own_scenarios_are_sound(store: Store) -> None:
    assert problems(store.argument("scenarios")) == []


def test_a_fault_in_the_projects_own_scenarios_is_found(store: Store) -> None:
    content = store.argument("scenarios")
    wrong = content | {
        "scenarios": {"later": SOUND | {"start": 2050}},
        "assumptions": {"funding_growth": {"low": 3, "high": 0, "words": "", "source": ""}},
    }
    assert [line.partition(":")[0] for line in problems(wrong)] == [
        "scenarios.yml, later, start",
        "scenarios.yml, assumptions, funding_growth",
        "scenarios.yml, assumptions, price_growth",
    ]


def test_check_tells_of_a_fault_in_the_projects_own_scenarios(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = store.argument

    def spoilt(_store: Store, name: str) -> dict[str, Any]:
        late = {"scenarios": {"late": SOUND | {"start": 2050}}}
        return {**own(name), **(late if name == "scenarios" else {})}

    monkeypatch.setattr(Store, "argument", spoilt)
    assert [line for line in checking.problems(store) if "scenarios.yml" in line] == [
        "scenarios.yml, late, start: 2050 is not a whole number from 2026 to 2032. "
        "Write it like 2026."
    ]


def test_a_share_where_per_cent_are_meant_is_told() -> None:
    assert small_effects(scenario(SOUND | {"fewer_new_plans": [0.05, 0.1]}, where="mine.yml")) == [
        "fewer_new_plans: 0.1 is read as 0.1 per cent; write 10 for 10 per cent."
    ]
    assert small_effects(scenario(SOUND | {"slower_unit_costs": 0.5}, where="mine.yml")) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: A\nname: B\nstart: 2027\n", "mine.yml: name is there more than once."),
        ("- name\n- start\n", "mine.yml: it holds no fields."),
        ("", "mine.yml: it holds no fields."),
        ("name: A\nstart: 2027\nphase_in: " + "9" * 5000, "mine.yml: the file cannot be read"),
        ("name: [", "mine.yml: the file cannot be read"),
        (
            "name: A\nstart: 2027\nfewer_new_plans: [5, 1:30]\n",
            "mine.yml, row 3: 1:30 would be read as a time. Write the number in digits, without a "
            "colon.",
        ),
    ],
)
def test_a_file_that_is_no_scenario_gets_one_clear_line(
    tmp_path: Path, text: str, line: str
) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(ReportError) as refused:
        read_scenario(path)
    assert line in str(refused.value)
    assert "\n" not in str(refused.value)
