"""Running notebooks: only what could have changed, and a failure that says where it is."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from conftest import ROOT
from sendreform.book.execution import (
    KEY,
    NOTEBOOKS,
    check_parameters,
    default_parameters,
    execute,
    is_current,
    notebook_path,
    project_state,
    store_outputs,
)
from sendreform.errors import ReportError

PARAMETERS = 'area = "England"\nbaseline_year = 2015'
READING = """\
from pathlib import Path
from sendreform.store.reads import note
note([Path.cwd().parent / "data" / "plans.csv"])"""
SPEAKING = "import sys\nprint('on the side', file=sys.stderr)\nprint(area, baseline_year)"

Run = Callable[..., list[str]]


def write(root: Path, name: str, *code: str) -> None:
    """Write a notebook: a heading, a cell of parameters, and some more cells."""
    parameters = new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    cells = [new_code_cell(text, id=f"cell-{place}") for place, text in enumerate(code)]
    notebook = new_notebook(
        cells=[new_markdown_cell(f"# {name}", id="heading"), parameters, *cells],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
    )
    nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one small notebook, called "tiny"."""
    for folder in ("notebooks", "data", "src/sendreform"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("_config.yml", "pyproject.toml"):  # by which a project is known
        (tmp_path / name).write_text("", "utf-8")
    (tmp_path / "requirements.lock").write_text("pandas==3\n", "utf-8")
    (tmp_path / "data" / "plans.csv").write_text("value\n1\n", "utf-8")
    (tmp_path / "src" / "sendreform" / "module.py").write_text("ONE = 1\n", "utf-8")
    write(tmp_path, "tiny", SPEAKING)
    return tmp_path


@pytest.fixture
def run(root: Path) -> Run:
    """Return a function that runs what changed and tells which notebooks that was."""

    def running(*notebooks: str, **parameters: str | int) -> list[str]:
        told: list[str] = []
        execute(
            root,
            root / "executed",
            parameters,
            notebooks=notebooks or ("tiny",),
            progress=lambda doing, _done, _of: told.append(doing),
        )
        return [doing.removeprefix("ran ") for doing in told if doing.startswith("ran ")]

    return running


def printed(path: Path) -> str:
    """Return all that an executed notebook printed."""
    cells = nbformat.read(path, as_version=4).cells
    return "".join(
        output.get("text", "") for cell in cells for output in cell.get("outputs", [])
    ).strip()


# ---------------------------------------------------------------- what is run again


def test_the_same_notebook_is_not_run_twice(root: Path, run: Run) -> None:
    assert run() == ["tiny"]
    first = (root / "executed" / "tiny.ipynb").read_bytes()
    assert printed(root / "executed" / "tiny.ipynb") == "England 2015"
    assert run() == []
    # Outputs that are kept in the project, or their times, are no change.
    store_outputs(root, [root / "executed" / "tiny.ipynb"])
    assert run() == []
    assert (root / "executed" / "tiny.ipynb").read_bytes() == first


def test_another_parameter_is_another_run_and_reaches_the_notebook(root: Path, run: Run) -> None:
    assert run() == ["tiny"]
    assert run(area="Kent") == ["tiny"]
    assert printed(root / "executed" / "tiny.ipynb") == "Kent 2015"
    assert run(area="Kent") == []


@pytest.mark.parametrize(
    "changed", ["data/plans.csv", "src/sendreform/module.py", "requirements.lock", "data/new.csv"]
)
def test_a_change_of_data_code_or_dependencies_is_a_change_of_state(
    root: Path, changed: str
) -> None:
    before = project_state(root)
    assert project_state(root) == before
    with (root / changed).open("a", encoding="utf-8") as file:
        file.write("2\n")
    assert project_state(root) != before


def test_what_a_result_cannot_depend_on_is_no_change_of_state(root: Path) -> None:
    before = project_state(root)
    cache = root / "src" / "sendreform" / "__pycache__"
    cache.mkdir()
    (cache / "module.pyc").write_bytes(b"compiled")
    (root / "README.md").write_text("Words.", "utf-8")
    assert project_state(root) == before


def test_a_change_of_a_table_runs_the_notebook_that_read_it_and_no_other(
    root: Path, run: Run
) -> None:
    write(root, "reader", READING)
    assert sorted(run("tiny", "reader")) == ["reader", "tiny"]
    (root / "data" / "other.csv").write_text("value\n2\n", "utf-8")
    assert run("tiny", "reader") == []
    (root / "data" / "plans.csv").write_text("value\n2\n", "utf-8")
    assert run("tiny", "reader") == ["reader"]
    (root / "data" / "plans.csv").unlink()
    assert run("tiny", "reader") == ["reader"]
    assert run("tiny", "reader") == []


def test_a_change_of_code_runs_every_notebook_again_and_one_of_styles_none(
    root: Path, run: Run
) -> None:
    assert run() == ["tiny"]
    (root / "src" / "sendreform" / "report.css").write_text("p {}", "utf-8")
    assert run() == []
    (root / "src" / "sendreform" / "module.py").write_text("ONE = 2\n", "utf-8")
    assert run() == ["tiny"]


def test_the_map_depends_on_the_measures_that_it_shows_and_not_on_those_of_other_pages(
    tmp_path: Path,
) -> None:
    """In a copy of the data: one figure of one measure is changed, and no notebook is run again."""
    for name in ("_config.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    shutil.copy(notebook_path(ROOT, "council_map"), tmp_path / "notebooks")
    shutil.copytree(ROOT / "data", tmp_path / "data")
    [executed] = execute(tmp_path, tmp_path / "executed", notebooks=["council_map"])
    metadata = json.loads(executed.read_text("utf-8"))["metadata"]

    def is_stale_after(change: str) -> bool:
        path = tmp_path / "data" / "observations" / f"{change}.csv"
        before = path.read_text("utf-8")
        path.write_text(before.replace("886,", "886 ,", 1), "utf-8")
        stale = not is_current(tmp_path, metadata, metadata[KEY], {})
        path.write_text(before, "utf-8")
        return stale

    assert is_stale_after("disputes/tribunal_appeals")
    assert is_stale_after("caseload/ehc_plans")
    assert not is_stale_after("process/ehc_plan_requests")
    assert is_current(tmp_path, metadata, metadata[KEY], {})
    assert not is_current(tmp_path, metadata, "another key", {})


def test_only_the_notebook_whose_words_changed_is_run_again(root: Path, run: Run) -> None:
    write(root, "other", "print('other')")
    assert sorted(run("tiny", "other")) == ["other", "tiny"]
    path = root / "notebooks" / "tiny.ipynb"
    path.write_text(path.read_text("utf-8").replace("# tiny", "# Tiny"), "utf-8")
    assert run("tiny", "other") == ["tiny"]


def test_an_executed_notebook_that_was_lost_is_made_again(root: Path, run: Run) -> None:
    run()
    (root / "executed" / "tiny.ipynb").unlink()
    assert run() == ["tiny"]


# ---------------------------------------------------------------- a cell that fails


def test_a_failing_cell_names_its_notebook_and_keeps_the_others(root: Path, run: Run) -> None:
    write(root, "broken", "print('so far')", "raise ValueError('no such column')")
    with pytest.raises(ReportError) as error:
        run("tiny", "broken")
    # The heading is the first cell, the parameters the second.
    assert str(error.value).startswith("notebooks/broken.ipynb, cell 4: ")
    assert "ValueError: no such column" in str(error.value)
    assert not (root / "executed" / "broken.ipynb").exists()
    assert printed(root / "executed" / "tiny.ipynb") == "England 2015"
    # Once mended, only that one is run.
    write(root, "broken", "print('mended')")
    assert run("tiny", "broken") == ["broken"]


def test_bad_input_found_in_a_notebook_is_told_in_its_own_words(root: Path, run: Run) -> None:
    write(
        root,
        "broken",
        "from sendreform.errors import ReportError",
        "raise ReportError('unknown council', where='area', fix='Did you mean Kent?')",
    )
    with pytest.raises(ReportError) as error:
        run("broken")
    assert str(error.value).startswith(
        "notebooks/broken.ipynb, cell 4: area: unknown council. Did you mean Kent?"
    )
    assert len(str(error.value).splitlines()) == 1


# ---------------------------------------------------------------- what is kept


def test_outputs_hold_nothing_of_the_run(root: Path, run: Run) -> None:
    """No times, no process, no machine, and nothing that a kernel says on the side."""
    run()
    text = (root / "executed" / "tiny.ipynb").read_text("utf-8")
    assert str(root) not in text
    assert printed(root / "executed" / "tiny.ipynb") == "England 2015"
    executed = json.loads(text)
    assert "papermill" not in executed["metadata"]
    for cell in executed["cells"]:
        assert set(cell["metadata"]) <= {"tags"}


def test_two_runs_of_one_notebook_give_the_same_bytes(root: Path) -> None:
    paths = [execute(root, root / name, notebooks=["tiny"])[0] for name in ("one", "two")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_kept_outputs_stand_under_the_cells_they_belong_to(root: Path, run: Run) -> None:
    run()
    store_outputs(root, [root / "executed" / "tiny.ipynb"])
    cells = nbformat.read(root / "notebooks" / "tiny.ipynb", as_version=4).cells
    assert [cell.id for cell in cells] == ["heading", "parameters", "cell-0"]
    assert cells[2].source == SPEAKING
    assert printed(root / "notebooks" / "tiny.ipynb") == "England 2015"
    assert not list((root / "notebooks").glob("*.partial"))


# ---------------------------------------------------------------- parameters of the three


def test_the_ledger_has_no_parameters_as_each_claim_names_its_own_place_and_years() -> None:
    assert default_parameters(notebook_path(ROOT, "claim_ledger")) == {}


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "claim_ledger"])
def test_every_other_notebook_of_the_report_has_the_same_four_parameters(name: str) -> None:
    defaults = default_parameters(notebook_path(ROOT, name))
    assert list(defaults) == ["area", "baseline_year", "latest_year", "prices"]
    assert defaults["area"] == "England"
    assert isinstance(defaults["baseline_year"], int)


def test_parameters_get_the_type_of_their_default() -> None:
    typed = check_parameters(ROOT, {"baseline_year": "2018", "area": "886", "prices": "cash"})
    assert typed == {"baseline_year": 2018, "area": "886", "prices": "cash"}
    assert check_parameters(ROOT, {"latest_year": "2024"}) == {"latest_year": 2024}
    assert check_parameters(ROOT, {"latest_year": "newest"}) == {"latest_year": "newest"}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"baseline_yaer": "2018"},
            "--set: unknown parameter 'baseline_yaer'. Did you mean baseline_year?",
        ),
        (
            {"colour": "blue"},
            "--set: unknown parameter 'colour'. "
            "The parameters are area, baseline_year, latest_year, prices.",
        ),
        (
            {"latest_year": "now"},
            "parameter latest_year: 'now' is not a whole number. Write it like 2025, or newest.",
        ),
        ({"baseline_year": "2018.5"}, "parameter baseline_year: '2018.5' is not a whole number."),
    ],
)
def test_a_bad_parameter_is_one_line_before_anything_runs(given: dict[str, str], line: str) -> None:
    with pytest.raises(ReportError) as error:
        check_parameters(ROOT, given)
    assert str(error.value).startswith(line)
