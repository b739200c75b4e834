"""The documents of places: the local notebook rendered for each, then made into files.

Rendering is :mod:`.batch`'s: what was rendered before is kept, and a place that fails hides no
other. So it is here with documents: those up to date are kept, and a failure is told at the end.
"""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sendreform.areas import Areas
from sendreform.book.batch import AREA, Job, Outcome, job_of
from sendreform.book.document_article import read_imprint
from sendreform.book.documents import read_and_write
from sendreform.book.execution import (
    Progress,
    Value,
    default_parameters,
    notebook_path,
    refuse_unknown,
    typed,
)
from sendreform.book.local import slug
from sendreform.book.processes import usable_cores
from sendreform.errors import ReportError
from sendreform.store import Store

NOTEBOOK = "local_area"
#: The folder, among the documents, that keeps the rendered notebooks.
RENDERED = "notebooks"


@dataclass(frozen=True)
class Made:
    """The documents of one place, or the problem that there was, in one line."""

    job: Job
    documents: tuple[Path, ...] = ()
    problem: str = ""


def all_places(store: Store) -> list[str]:
    """Return the codes of the councils of today and of the regions, in order of name."""
    areas = Areas(store.areas, store.neighbours)
    regions = areas.table[areas.table["level"] == "region"]
    return sorted(
        (str(code) for code in (*areas.councils()["area"], *regions["area"])), key=areas.name
    )


def local_jobs(
    root: Path, store: Store, places: Sequence[str], settings: Mapping[str, str], out: Path
) -> list[Job]:
    """Return a job for each place, in order, a place that is named twice once.

    Parameters
    ----------
    places
        Names, three-digit codes or GSS codes.
    settings
        Other parameters of the notebook, as text.
    out
        The folder of the documents.

    Raises
    ------
    ReportError
        On a place or parameter that there is not, with what comes near, or a value of another type.
    """
    notebook = notebook_path(root, NOTEBOOK)
    known = default_parameters(notebook)
    given: dict[str, Value] = {}
    for name, text in settings.items():
        if name == AREA:
            raise ReportError(
                "a place is not set", where="--set area", fix="Name it without --set."
            )
        refuse_unknown(known, name, where="--set")
        given[name] = typed(known[name], text, where=f"--set {name}")
    areas = Areas(store.areas, store.neighbours)
    names = dict.fromkeys(areas.name(areas.find(place)) for place in places)
    return [job_of(notebook, {AREA: name, **given}, str(out / RENDERED)) for name in names]


def document_of(job: Job, out: Path) -> Path:
    """Return where the documents of a job are, without their endings: ``out/kent``."""
    return out / Path(job.output).stem.removeprefix(f"{NOTEBOOK}-")


def make_documents(
    root: Path,
    outcomes: Sequence[Outcome],
    formats: Collection[str],
    out: Path,
    progress: Progress = lambda _doing, _done, _of: None,
) -> list[Made]:
    """Make the documents of all places that were rendered, some at a time, in order of the places.

    Parameters
    ----------
    outcomes
        What :func:`.batch.render` returned. A place with a problem keeps it.
    formats
        Some of :data:`.documents.FORMATS`.
    progress
        Called with the place just done, how many are done, and of how many.
    """
    imprint = read_imprint(root)
    made = {
        place: Made(outcome.job, problem=outcome.problem)
        for place, outcome in enumerate(outcomes)
        if outcome.problem
    }
    of = len(outcomes) - len(made)
    progress("making documents", 0, of)
    # Started afresh: a copy of a process in which threads draw or wait could hang.
    workers = max(1, min(of, usable_cores()))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = {
            pool.submit(
                read_and_write,
                Path(outcome.job.output),
                document_of(outcome.job, out),
                formats,
                f"areas/{slug(str(outcome.job.parameters[AREA]))}",
                imprint,
            ): place
            for place, outcome in enumerate(outcomes)
            if place not in made
        }
        for done, future in enumerate(as_completed(running), start=1):
            place = running[future]
            job = outcomes[place].job
            try:
                made[place] = Made(job, tuple(future.result()))
            except Exception as error:  # whatever it is, the others go on
                kind = "" if isinstance(error, ReportError) else f"{type(error).__name__}: "
                made[place] = Made(job, problem=" ".join(f"{kind}{error}".split()))
            progress(document_of(job, out).name, done, of)
    return [each for _, each in sorted(made.items())]
