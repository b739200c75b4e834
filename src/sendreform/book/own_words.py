"""How the tests come out in every council and region, in words, for the reader who chooses one.

A place's words are a file of the site (``_static/areas/886.js``). They are made by several
processes and kept under ``_build/areas/`` with the key that they were made under: a hash of the
code and of ``data/``, and the years. Same key, same words, so they are not made again; a run that
is interrupted goes on where it stopped.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from sendreform.book import processes
from sendreform.book.execution import (
    FINDINGS,
    Progress,
    default_parameters,
    notebook_path,
    project_state,
)
from sendreform.book.places import as_script
from sendreform.book.verdict_box import badge, tally_of_place, told_result
from sendreform.claims.by_place import outcomes_of, places
from sendreform.claims.verdicts import Outcome
from sendreform.report import Report, open_report

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


def folder_of(root: Path) -> Path:
    """Return where the words of every place are kept."""
    return root / "_build" / "areas"


def make(root: Path, progress: Progress = lambda _doing, _done, _of: None) -> Path:
    """Make the words of every place that are not kept, and return the folder that holds them.

    Parameters
    ----------
    root
        The project; its notebooks say for which years.
    progress
        Called with what was just done, how many are done, and of how many.
    """
    years = default_parameters(notebook_path(root, FINDINGS[0]))
    folder, key = folder_of(root), _key(root, years)
    kept = folder / "key"
    if not kept.is_file() or kept.read_text("utf-8") != key:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        kept.write_text(key, "utf-8")
    every = places(open_report(**years))  # type: ignore[arg-type]  # each has the type of its default
    lacking = [code for code in every if not (folder / f"{code}.js").is_file()]
    if lacking:
        progress("telling the tests of every place", 0, len(lacking))
        state = project_state(root)
        with ThreadPoolExecutor(processes.usable_cores()) as pool:
            running = [
                pool.submit(
                    processes.run,
                    _script,
                    years | {"area": code},
                    root=root,
                    state=state,
                    places=True,
                )
                for code in lacking
            ]
            for done, future in enumerate(as_completed(running), start=1):
                code, script = future.result()
                partial = folder / f"{code}.partial"
                partial.write_text(script, "utf-8")
                partial.replace(folder / f"{code}.js")
                progress("telling the tests of every place", done, len(lacking))
    return folder


def version_of(folder: Path) -> str:
    """Return a short hash of the words of all places, so that a browser keeps no old ones."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.js")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:10]


def _key(root: Path, years: Mapping[str, str | int]) -> str:
    material = [project_state(root, "*.py"), dict(sorted(years.items()))]
    return hashlib.sha256(json.dumps(material).encode()).hexdigest()


def _script(parameters: dict[str, Any]) -> tuple[str, str]:
    """Return a place's code and its words as a script."""
    report = open_report(**parameters)
    return report.area, as_script("sendreformOwn", words_of(report, outcomes_of(report)))
