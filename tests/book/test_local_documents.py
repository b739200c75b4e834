"""Documents of places: which are made, under which names, and what becomes of one that fails."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from conftest import ROOT
from sendreform.book.batch import Job, Outcome
from sendreform.book.local_documents import all_places, document_of, local_jobs, make_documents
from sendreform.errors import ReportError
from sendreform.store import Store, open_store


@pytest.fixture(scope="module")
def store() -> Store:
    return open_store(ROOT / "data")


def jobs(store: Store, out: Path, *places: str, **settings: str) -> list[Job]:
    return local_jobs(ROOT, store, places, settings, out)


def test_places_are_known_by_name_and_codes_and_made_once(store: Store, tmp_path: Path) -> None:
    found = jobs(store, tmp_path, "Kent", "886", "kent county council", "E12000007", "Leeds")
    assert [job.parameters["area"] for job in found] == ["Kent", "London", "Leeds"]
    assert [document_of(job, tmp_path).name for job in found] == ["kent", "london", "leeds"]


def test_parameters_are_typed_and_in_the_name(store: Store, tmp_path: Path) -> None:
    (job,) = jobs(store, tmp_path, "Kent", baseline_year="2018")
    assert job.parameters["baseline_year"] == 2018
    assert document_of(job, tmp_path) == tmp_path / "kent-baseline-year-2018"


@pytest.mark.parametrize(
    ("places", "settings", "told"),
    [
        (["Kant"], {}, "Did you mean Kent"),
        (["Kent"], {"baseline_yaer": "2018"}, "Did you mean baseline_year"),
        (["Kent"], {"baseline_year": "soon"}, "not a whole number"),
        (["Kent"], {"area": "Leeds"}, "without --set"),
    ],
)
def test_a_wrong_place_or_parameter_is_told(
    store: Store, tmp_path: Path, places: list[str], settings: dict[str, str], told: str
) -> None:
    with pytest.raises(ReportError, match=told):
        jobs(store, tmp_path, *places, **settings)


def test_all_places_are_the_councils_of_today_and_the_regions(store: Store, tmp_path: Path) -> None:
    every = jobs(store, tmp_path, *all_places(store))
    assert len(every) == 162
    assert len({job.output for job in every}) == 162


def test_a_place_that_fails_hides_no_other(store: Store, tmp_path: Path) -> None:
    kent, leeds, london = jobs(store, tmp_path, "Kent", "Leeds", "London")
    Path(kent.output).parent.mkdir()
    for job, words in ((kent, "# Kent\n\nWords."), (leeds, "no title")):
        nbformat.write(new_notebook(cells=[new_markdown_cell(words)]), job.output)
    told: list[tuple[str, int, int]] = []
    made = make_documents(
        ROOT,
        [Outcome(london, problem="cell 3: broken"), Outcome(leeds), Outcome(kent, kept=True)],
        ["html"],
        tmp_path,
        lambda *step: told.append(step),
    )
    assert [each.job for each in made] == [london, leeds, kent]
    assert made[0].problem == "cell 3: broken"
    assert "areas/leeds: the notebook has no title" in made[1].problem
    assert made[2].documents == (tmp_path / "kent.html",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kent.html", "notebooks"]
    assert told[0] == ("making documents", 0, 2)
    assert {step[0] for step in told[1:]} == {"kent", "leeds"}
