"""How the tests come out in a council or region, in words, for the reader who chooses it.

They are made with the place's own page: its executed notebook keeps them beside what it shows. The
site has them as a file for each place (``_static/areas/886.js``), which other pages load.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sendreform.book.execution import project_state
from sendreform.book.places import as_script
from sendreform.book.verdict_box import badge, tally_of_place, told_result
from sendreform.claims.verdicts import Outcome
from sendreform.errors import ReportError
from sendreform.report import Report

#: The type of the output that holds the words in an executed notebook.
TYPE = "application/vnd.sendreform.own-words+json"
#: What is said after a place's own tests, so that they are not taken for the verdict.
ENGLAND_STAYS = "England’s verdict stays: a finding is about the national system."
TOO_FEW = (
    "No test of this finding is asked here, as so few hold a plan that one child could turn it."
)


def words_of(report: Report, made: Mapping[str, Sequence[Outcome]]) -> dict[str, Any]:
    """Return what a page's script tells of the tests in a place.

    Parameters
    ----------
    made
        Finding → its tests, made for the place (:func:`sendreform.claims.by_place.outcomes_of`).

    Returns
    -------
    ``code`` and ``name`` of the place, ``findings`` (finding → how its tests came out, in a
    sentence) and ``tests`` (id → ``badge``, the verdict as HTML, and ``words``, the result or why
    the test is not asked).
    """
    return {
        "code": report.area,
        "name": report.name,
        "findings": {
            finding: f"{TOO_FEW if report.is_small else tally_of_place(outcomes)} {ENGLAND_STAYS}"
            for finding, outcomes in made.items()
        },
        "tests": {
            outcome.test.id: {
                "badge": badge(outcome) if outcome.asked else "",
                "words": told_result(outcome),
            }
            for outcomes in made.values()
            for outcome in outcomes
        },
    }


def read(executed: Path) -> dict[str, Any]:
    """Return the words that the executed notebook of a place keeps.

    Raises
    ------
    ReportError
        If it keeps none.
    """
    for cell in json.loads(executed.read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            if TYPE in output.get("data", ()):
                words: dict[str, Any] = output["data"][TYPE]
                return words
    raise ReportError(
        "no words on the tests of the place",
        where=str(executed),
        fix="Let a cell of its notebook end with local.tests_here(place).",
    )


def write(executed: Iterable[Path], folder: Path) -> None:
    """Write the words of places into a folder of the site, in place of what was there.

    Parameters
    ----------
    executed
        The executed notebook of each place.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for words in map(read, executed):
        script = as_script("sendreformOwn", words)
        (folder / f"{words['code']}.js").write_text(script, "utf-8")


def version_of(root: Path, parameters: Mapping[str, object]) -> str:
    """Return a short hash of all that the words follow from, so that a browser keeps no old ones.

    It is known before they are: pages are written while the places' notebooks are still run.
    """
    material = json.dumps([project_state(root), dict(parameters)])
    return hashlib.sha256(material.encode()).hexdigest()[:10]
