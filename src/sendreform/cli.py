"""The ``sendreform`` command: thin commands over the package."""

import datetime
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from sendreform import periods
from sendreform.areas import Areas
from sendreform.book import batch, documents, local_documents
from sendreform.book.building import build_edition, build_report
from sendreform.book.claim_words import claimed_in, facts, in_short, records, status_words
from sendreform.book.delay import making, tables
from sendreform.book.report_pdf import NO_BROWSER, REPORT_PDF, find_browser
from sendreform.changes import comparison, editions, kept
from sendreform.changes.editions import Edition
from sendreform.claims import checking, ledger
from sendreform.errors import ReportError
from sendreform.evidence import lookup
from sendreform.evidence.projection import scores
from sendreform.evidence.projection.scenarios import NO_REFORM
from sendreform.fetching.data_sets import download_release, needed_tables
from sendreform.fetching.downloading import set_aside
from sendreform.fetching.service import Service, connected
from sendreform.fetching.watching import newest_sources, whats_new
from sendreform.sources.publications import PUBLICATIONS
from sendreform.store import Store, open_store, project_root, taking_in
from sendreform.store.earlier import write_earlier
from sendreform.store.importing import import_all
from sendreform.store.reconciliation import compare_with_published, published_totals, reconcile
from sendreform.store.record import editions as recorded_editions
from sendreform.store.record import record_edition
from sendreform.store.taking_in import Download

app = typer.Typer(
    name="sendreform",
    help="The figures, checks and pages of an open research report on England's SEND system.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)
# Outside a terminal there is no width to fit: lines stay whole for whoever reads them next.
out = Console(width=None if sys.stdout.isatty() else 180)
err = Console(stderr=True)


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[
    Format, typer.Option("--format", help="table to read, csv or json to work with.")
]


@app.command()
def build(
    area: Annotated[
        str,
        typer.Option(help="A council or region, by name or code: its own edition of the findings."),
    ] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A notebook parameter; may be repeated."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="The edition's folder.", show_default=False)
    ] = None,
    store_outputs: Annotated[
        bool,
        typer.Option(
            "--store-outputs", help="Also keep the new outputs in notebooks/, as git has them."
        ),
    ] = False,
) -> None:
    """Build the book, or with --area or --set an edition of the three findings.

    Runs only notebooks whose code, data or parameters changed, and prints where index.html is.
    """
    root = project_root()
    with _progress() as progress:
        task = progress.add_task("starting", total=None)

        def step(doing: str, done: int, of: int) -> None:
            progress.update(task, description=doing, completed=done, total=of)

        if area or settings or out_folder:
            given = _pairs(settings)
            place = area or given.pop("area", "England")
            given.pop("area", None)
            index = build_edition(root, place, given, step, out=out_folder)
        else:
            index = build_report(root, step, keep_outputs=store_outputs)
    out.print(f"The book is at {index}", soft_wrap=True, highlight=False)
    pdf = index.with_name(REPORT_PDF)
    if not find_browser():
        out.print(NO_BROWSER)
    elif pdf.is_file():
        out.print(f"The whole report as a PDF is at {pdf}", soft_wrap=True, highlight=False)


@app.command()
def render(
    notebook: Annotated[
        str,
        typer.Argument(help="One of the report's, such as local_area, or the path of any other."),
    ],
    grid: Annotated[
        Path,
        typer.Option(help="A CSV file: a column for each parameter, a row for each edition."),
    ],
    out_folder: Annotated[
        str,
        typer.Option(
            "--out", help="A folder, or an address that papermill writes to, such as s3://…"
        ),
    ],
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="The same for every row; may be repeated."
        ),
    ] = None,
    scheduler: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Of a Dask cluster to run on, such as tcp://host:8786.",
            show_default="all processors of this machine",
        ),
    ] = "",
) -> None:
    """Run a notebook for every row of a grid of parameters, each in a process of its own.

    The grid is checked before anything runs. What was rendered before, and would come out the
    same, is not run again, so an interrupted run goes on where it stopped. An edition that fails
    is told at the end, with its parameters and the cell, and the command then exits with 1.
    """
    chosen = batch.find_notebook(project_root(), notebook)
    jobs = batch.jobs_of(chosen, grid, out_folder, _pairs(settings))
    where = batch.on_dask(scheduler) if scheduler else batch.on_this_machine()
    with where as executor, _progress() as progress:
        task = progress.add_task("starting", total=None)

        def step(doing: str, done: int, of: int) -> None:
            progress.update(task, description=doing, completed=done, total=of)

        outcomes = batch.render(jobs, executor, step)
    kept = sum(outcome.kept for outcome in outcomes)
    failed = [outcome for outcome in outcomes if outcome.problem]
    out.print(
        f"{len(jobs) - kept - len(failed)} rendered, {kept} there already, {len(failed)} failed: "
        f"{out_folder}",
        soft_wrap=True,
        highlight=False,
    )
    _refuse([f"{outcome.job.words}: {outcome.problem}" for outcome in failed])


@app.command()
def local(
    out_folder: Annotated[Path, typer.Option("--out", help="The folder of the documents.")],
    places: Annotated[
        list[str] | None, typer.Argument(help="Councils or regions, by name or code.")
    ] = None,
    everywhere: Annotated[
        bool, typer.Option("--all", help="Every council of today, and every region.")
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A notebook parameter; may be repeated."),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="html, pdf or docx; may be repeated.", show_default="all"),
    ] = None,
) -> None:
    """Write documents about places: one HTML file, a PDF and a Word document for each.

    What is up to date is kept, so an interrupted run goes on where it stopped. A place that fails
    is told at the end, and the command then exits with 1.
    """
    if everywhere == bool(places):
        raise ReportError("no place, or places and --all", where="local", fix="Give one of them.")
    root, store = project_root(), open_store()
    wanted = formats or documents.FORMATS
    documents.check_formats(wanted)
    named = places or local_documents.all_places(store)
    jobs = local_documents.local_jobs(root, store, named, _pairs(settings), out_folder)
    with _progress() as progress:
        task = progress.add_task("starting", total=None)

        def step(doing: str, done: int, of: int) -> None:
            progress.update(task, description=doing, completed=done, total=of)

        with batch.on_this_machine() as executor:
            outcomes = batch.render(jobs, executor, step)
        made = local_documents.make_documents(root, outcomes, wanted, out_folder, step)
    failed = [each for each in made if each.problem]
    out.print(
        f"{sum(len(each.documents) for each in made)} documents about "
        f"{len(made) - len(failed)} places, {len(failed)} failed: {out_folder}",
        soft_wrap=True,
        highlight=False,
    )
    if "pdf" in wanted and not find_browser():
        out.print(documents.NO_BROWSER)
    _refuse([f"{each.job.parameters[batch.AREA]}: {each.problem}" for each in failed])


@app.command()
def check(
    details: Annotated[
        Path | None, typer.Option(help="Write every single sum, with its residual, to this CSV.")
    ] = None,
) -> None:
    """Validate data/, reconcile it, recompute the ledger of claims, and read the argument.

    Parts are held against wholes, areas against England, totals against published ones. Exits with
    1 when a row is broken, a recipe or a rule wrong, or a sum does not add up for no known reason.
    """
    store = open_store()
    _refuse(checking.problems(store))
    out.print(
        f"{len(store.measures)} measures, {len(store.sources)} official files: all rows valid"
    )
    out.print(checking.statuses_in_words(store))
    sums, totals = reconcile(store), compare_with_published(store, published_totals())
    if details:
        sums.to_csv(details, index=False)
    _print(checking.sums_by_check(sums), Format.TABLE, title="Parts to wholes")
    _print(totals[checking.TOTAL_COLUMNS], Format.TABLE, title="Totals to published totals")
    _refuse(checking.disagreements(sums, totals))
    out.print(f"{len(sums):,} sums and {len(totals)} published totals agree")


def _refuse(problems: list[str]) -> None:
    """End with 1 where there are problems, a line for each."""
    if problems:
        for problem in problems:
            err.print(problem, soft_wrap=True, highlight=False, markup=False)
        raise typer.Exit(1)


DetailsOption = Annotated[
    Path | None, typer.Option(help="Write every surprise beside the data of now to this CSV.")
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Do everything but replace data/.", show_default=False)
]


@app.command("import")
def import_sources(
    sources: Annotated[
        list[Path],
        typer.Argument(help="The folder of official files, or files of a new release."),
    ],
    published: Annotated[
        str, typer.Option(metavar="DATE", help="When the files were published, if you know it.")
    ] = "",
    dry_run: DryRunOption = False,
    details: DetailsOption = None,
) -> None:
    """Rebuild data/ from the folder of official files, or take in files of a new release.

    A file is known by what it holds, whatever its name: the archive with all data of a release of
    EHC plans, any table of it, the Tribunal's table, the data of the interactive tool, tables of
    section 251 and of the DSG. What it brings is added; all else stays as it is.

    Refuses anything unexpected with one line that says what, where and what to do; data/ is
    replaced only when everything has been read and validated. Figures that a new file revises or
    withdraws, or that are hardly plausible, are surprises: those that data/accepted.csv names are
    taken, and others refused.
    """
    data = project_root() / "data"
    if not any(path.is_dir() for path in sources):
        downloads = [Download(path, published) for path in sources]
        _take_in(downloads, data, details=details, dry_run=dry_run)
        return
    if len(sources) > 1 or published or dry_run:
        raise ReportError(
            "a folder is imported by itself, and whole",
            where="import",
            fix="Give one folder and no date, or files.",
        )
    with _progress() as progress:
        task = progress.add_task("starting", total=len(PUBLICATIONS) + 5)

        def step(doing: str) -> None:
            progress.update(task, description=doing)
            progress.advance(task)

        store = import_all(sources[0], data, step, details=details)
    out.print(
        f"data/ now holds {len(store.measures)} measures from {len(store.sources)} official files"
    )


def _take_in(downloads: list[Download], data: Path, *, details: Path | None, dry_run: bool) -> None:
    """Take files into data/, show what moves before anything is replaced, and say what became."""
    with _progress() as progress:
        task = progress.add_task("starting", total=2 * len(downloads) + 5)

        def step(doing: str) -> None:
            progress.update(task, description=doing)
            progress.advance(task)
            # Where no bar is drawn, that nothing happens is told all the same.
            if doing.startswith("waiting") and not err.is_terminal:
                err.print(doing)

        def show(fresh: Store) -> None:
            step("working out what moves")
            found = comparison.compare(
                Edition("the data of now", "", "", open_store(data)),
                Edition("the data with the new files", "", "", fresh),
            )
            progress.stop()
            _print_changes(found)

        taken = taking_in.take_in(
            downloads, data, step, details=details, dry_run=dry_run, before=show
        )
    for line in [line for each in taken for line in taking_in.in_words(each)]:
        out.print(line, soft_wrap=True, highlight=False, markup=False)
    if not any(each.measures for each in taken):
        out.print("No figure of data/ is another: it had all of this.")
    elif dry_run:
        out.print("A dry run: data/ is as it was.")
    else:
        out.print("data/ was replaced. Look at it with sendreform diff HEAD.")


@app.command()
def update(
    publication: Annotated[
        str,
        typer.Argument(
            help="A publication of the Department's, as in its address, or a measure or family of "
            "ours, such as ehc_plans; by default each that the data come from."
        ),
    ] = "",
    check_only: Annotated[
        bool, typer.Option("--check", help="Say what is new, and download nothing.")
    ] = False,
    dry_run: DryRunOption = False,
    into: Annotated[
        Path | None,
        typer.Option(
            help="The folder for the archives of new releases.", show_default="_build/releases"
        ),
    ] = None,
    details: DetailsOption = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Ask Explore Education Statistics which releases are new, download them and take them in.

    Shows what moves before data/ is replaced. A download that was cut off goes on where it
    stopped, and one that was made before is not made again. Each release is taken in by itself: one
    that is refused leaves data/ as it was, and does not keep others out; its file is put aside, to
    be looked at, and the next run downloads it anew.
    """
    root = project_root()
    with connected() as service:
        with _progress() as progress:
            task = progress.add_task("asking", total=None)
            found = whats_new(
                open_store(root / "data"),
                service,
                publication,
                lambda doing: progress.update(task, description=doing),
            )
        asked = found.assign(data_sets=found["data_sets"].map(len)).drop(columns="problem")
        # An id is of use to programs, and has the width of a column of words.
        _print(asked.drop(columns="id") if format is Format.TABLE else asked, format)
        problems = [f"sendreform: {problem}" for problem in found["problem"] if problem]
        if check_only:
            _refuse(problems)
            return
        new = found[found["is_new"]]
        downloads = _download(service, new, into or root / "_build/releases", problems)
    if new.empty and not problems:
        out.print("Nothing is new: data/ is as it was.")
    for download in downloads:
        try:
            _take_in([download], root / "data", details=details, dry_run=dry_run)
        except ReportError as error:
            aside = set_aside(download.path)
            told = f"It is put aside as {aside}."
            err.print(told, soft_wrap=True, highlight=False, markup=False)
            problems.append(f"sendreform: {error}")
    _refuse(problems)


def _download(
    service: Service, releases: pd.DataFrame, into: Path, problems: list[str]
) -> list[Download]:
    """Download each release, table by table or as its archive, and say its SHA-256.

    What cannot be downloaded is added to ``problems`` and keeps no other out.
    """
    store = open_store(project_root() / "data")
    made = []
    with _progress() as progress:
        task = progress.add_task("downloading", total=len(releases))
        for row in releases.to_dict("records"):
            # The date of a release stays where it is published again, and its id does not.
            name = f"{row['publication']}_{row['theirs']}_{row['id']}.zip"
            progress.update(task, description=f"downloading {name}")
            needed = needed_tables(newest_sources(store, row["publication"]))
            try:
                archive = download_release(
                    service, row["id"], row["data_sets"], into / name, needed
                )
            except ReportError as error:
                problems.append(f"sendreform: {error}")
            else:
                err.print(
                    f"{archive.path}: SHA-256 {archive.sha256}", soft_wrap=True, highlight=False
                )
                made.append(Download(archive.path, row["theirs"], row["url"], row["id"]))
            progress.advance(task)
    return made


@app.command()
def diff(
    old: Annotated[
        str,
        typer.Argument(
            help="A folder like data/, a git revision, a version such as 0.3.0, or a month such as "
            "2022-05: what was known by then."
        ),
    ],
    new: Annotated[str, typer.Argument(help="Another; by default the data/ of now.")] = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Show every figure, claim and verdict that moved between two editions of data/, and why.

    The table tells headlines, verdicts and claims, the figures for England that moved most, and
    a count of the rest; csv holds a row for everything that moved, json all of that together. Both
    editions are worked out with this version of the package, each by its own rules and ledger.
    """
    root = project_root()
    with editions.opened(old, new or str(root / "data"), root) as (then, now):
        found = comparison.compare(then, now)
        if format is Format.CSV:
            _print(found.moved, format)
        elif format is Format.JSON:
            sys.stdout.write(json.dumps(comparison.as_json(found), indent=2, ensure_ascii=False))
            sys.stdout.write("\n")
        else:
            _print_changes(found)


@app.command()
def changes() -> None:
    """Work out anew what the page What changed tells, from release to release, into data/editions.

    To be run after every change of data/: a test compares.
    """
    for pair in kept.keep_all(project_root()):
        out.print(pair, highlight=False)


@app.command("editions")
def list_editions(
    record: Annotated[
        bool, typer.Option("--record", help="Add this version and its releases to the record.")
    ] = False,
    earlier: Annotated[
        Path | None,
        typer.Option(
            help="The folder of official files: read what earlier releases published of figures "
            "that are now taken from later ones."
        ),
    ] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """List the editions of the report: version, date, revision, site and number of releases."""
    store = open_store()
    if earlier:
        write_earlier(earlier, store)
    if record:
        record_edition(store, datetime.date.today())
    _print(recorded_editions(open_store()), format)


def _print_changes(found: comparison.Changes) -> None:
    """Print what a reader wants of all that moved, the rest as counts."""
    lines = comparison.in_words(found)
    out.print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)
    for title, table in comparison.tables(found).items():
        if not table.empty:
            _print(table, Format.TABLE, title=f"\n{title}")


@app.command()
def measures(format: FormatOption = Format.TABLE) -> None:
    """List every measure: name, title, unit, kind of period and family."""
    table = open_store().measures.reset_index(drop=True)
    if format is Format.TABLE:
        table = table[["measure", "title", "unit", "period_kind", "family"]]
    _print(table, format)


@app.command()
def show(
    measure: Annotated[str, typer.Argument(help="Its name; list them with sendreform measures.")],
    area: Annotated[
        str, typer.Option(help="A council, region or England, by name or code.")
    ] = "England",
    period: Annotated[
        str, typer.Option(help='Such as "January 2025", 2023/24 or 2024; default: all.')
    ] = "",
    breakdown: Annotated[
        str, typer.Option(help="Such as placement:special; * for every breakdown.")
    ] = "",
    edition: Annotated[
        str,
        typer.Option(
            help="As it was: a month such as 2022-05, a version such as 0.3.0, or a git revision.",
            show_default="the data of now",
        ),
    ] = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """Show the figures of a measure, each with its status, unit, source and release."""
    root = project_root()
    with editions.opened_alone(edition or str(root / "data"), root) as opened:
        if opened.cut:
            err.print(f"{opened.words}: {opened.cut}.", soft_wrap=True, highlight=False)
        _show(opened.store, measure, area, period, breakdown, format)


def _show(
    store: Store, measure: str, area: str, period: str, breakdown: str, format: Format
) -> None:
    """Print the figures of a measure in an edition."""
    record = store.record(measure)
    code = Areas(store.areas, store.neighbours).find(area)
    found = lookup.figures(
        store,
        measure,
        area=code,
        period=periods.parse(period, record["period_kind"]) if period else "",
        breakdown=breakdown,
    )
    if format is Format.TABLE:
        words = found.assign(
            value=[lookup.value_text(value, int(record["decimals"])) for value in found["value"]]
        )[["area_name", "period_label", "breakdown_label", "value", "status", "release"]]
        _print(words, format, title=f"{record['title']} ({found['unit'].iloc[0]})")
        titles = store.sources["title"].to_dict()
        for line in found[["source", "url"]].drop_duplicates().itertuples(index=False):
            out.print(
                f"{line.source}: {titles[line.source]} {line.url}",
                soft_wrap=True,
                highlight=False,
                markup=False,
            )
    else:
        _print(found, format)


@app.command()
def claims(
    claim: Annotated[str, typer.Argument(help="A claim, such as C015: everything about it.")] = "",
    status: Annotated[
        str, typer.Option(help=f"Figures with this status: {', '.join(ledger.STATUSES)}.")
    ] = "",
    finding: Annotated[str, typer.Option(help="Claims about this finding.")] = "",
    search: Annotated[str, typer.Option(help="Claims that hold each of these words.")] = "",
    format: FormatOption = Format.TABLE,
) -> None:
    """List published claims: their figure, ours recomputed, how far they differ, and the status.

    csv and json hold all that is known of each figure. Rows that are wrong are left out and told,
    and the command then exits with 1, unless it was asked for a claim that is sound.
    """
    store = open_store()
    figures, wrong = ledger.recompute_sound(store)
    of_claim = [line for line in wrong if f"({claim.upper()})" in line]
    if figures.empty or (claim and claim.upper() not in {*figures["claim"]}):
        _refuse(of_claim or (wrong if figures.empty else []))
    found = ledger.select(figures, claim=claim, status=status, finding=finding, search=search)
    if format is Format.CSV:
        _print(
            found.assign(
                breaks=found["breaks"].str.join("; "), sources=found["sources"].str.join("; ")
            ),
            format,
        )
    elif format is Format.JSON:
        files = [ledger.source_records(store, sources) for sources in found["sources"]]
        _print(found.assign(sources=pd.Series(files, index=found.index, dtype="object")), format)
    elif claim:
        _print_claim(store, found)
    else:
        number, of = len(found), found["claim"].nunique()
        title = f"{number} figure{'' if number == 1 else 's'} of {of} claim{'' if of == 1 else 's'}"
        _print(in_short(found), format, title=title)
    _refuse(of_claim if claim else wrong)


@app.command()
def project(
    area: Annotated[
        str, typer.Option(help="England, a region or a council, by name or code.")
    ] = "England",
    scenario: Annotated[
        Path | None,
        typer.Option(
            help="A YAML file with the name, start and effects of a reform.",
            show_default="no reform",
        ),
    ] = None,
    format: FormatOption = Format.TABLE,
) -> None:
    """Project plans, settings, spending, funding and deficits to January 2036, with ranges.

    A row for each measure and year: the median of draws, and the ranges that hold 50, 80 and 95 per
    cent of them. Money is in pounds, real in the prices of 2024-25, by the year in which a
    financial year ends; below nought, a deficit is money in hand.
    """
    assumed = tables.read_scenario(scenario) if scenario else NO_REFORM
    for line in tables.small_effects(assumed):
        err.print(line, soft_wrap=True, highlight=False)
    _print(tables.projected(area, assumed), format)
    if told := tables.why_no_deficit(area):
        err.print(told, soft_wrap=True, highlight=False)


@app.command()
def backtest(
    first: Annotated[
        int | None,
        typer.Option(
            "--from",
            help="The first January to project from.",
            show_default="2014; of settings 2018, of spending 2021",
        ),
    ] = None,
    last: Annotated[
        int | None,
        typer.Option(
            "--to",
            help="The last January to project from.",
            show_default="2024; of plans 2025",
        ),
    ] = None,
    until: Annotated[int, typer.Option(help="The last January to score.")] = 2025,
    area: Annotated[
        str, typer.Option(help="England, or a council by name or code; councils for all of them.")
    ] = "England",
    new_plans: Annotated[
        bool, typer.Option("--new-plans", help="Score new plans of a year, not plans held.")
    ] = False,
    settings: Annotated[
        bool,
        typer.Option("--settings", help="Score England's plans by setting, from 2018 to 2024."),
    ] = False,
    spending: Annotated[
        bool,
        typer.Option("--spending", help="Score England's high needs spending, from 2021 to 2024."),
    ] = False,
    each: Annotated[bool, typer.Option("--each", help="Every forecast, not their means.")] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Project from each January with what was known then, and score it beside benchmarks.

    Everything is worked out anew. mape, bias and crps are per cent of what came; within_80 is how
    many per cent of outcomes lay in the 80% range.
    """
    if settings + spending + new_plans > 1:
        raise ReportError(
            "only one thing can be scored at a time",
            where="--settings, --spending, --new-plans",
            fix="Leave all but one of them out.",
        )
    usual = (
        making.ORIGINS_OF_SETTINGS
        if settings
        else making.ORIGINS_OF_SPENDING
        if spending
        else making.ORIGINS
    )
    origins = range(usual[0] if first is None else first, (usual[-1] if last is None else last) + 1)
    if spending:
        scored = making.backtest_of_spending(open_store(), area, origins, until)
    elif settings:
        scored = making.backtest_of_settings(open_store(), area, origins, until)
    else:
        scored = making.backtest_of(open_store(), area, origins, until, new_plans=new_plans)
    by = ["method", *(["setting"] if settings else []), "horizon"]
    _print(scored if each else scores.summary(scored, by).round(2), format)


def _print_claim(store: Store, figures: pd.DataFrame) -> None:
    """Print all that is known of one claim, a line a fact."""
    lines = []
    for figure in records(figures):
        lines += [f"{figure['claim']}, figure {figure['figure']}: {figure['text']}"]
        told = {"Status": status_words(figure), **facts(figure)}
        told["Claimed in"] = f"{figure['title']}, {claimed_in(figure)}: {figure['url']}"
        lines += [f"  {term}: {words}" for term, words in told.items()]
        lines += [
            f"  Our figure is from: {record['publisher']}, {record['publication']} "
            f"({record['release']}): {record['title']} {record['url']}".rstrip()
            for record in ledger.source_records(store, figure["sources"])
        ]
    out.print("\n".join(lines), soft_wrap=True, highlight=False, markup=False)


def _pairs(settings: list[str] | None) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise ReportError(
                f"{setting!r} is not NAME=VALUE",
                where="--set",
                fix="Write it like baseline_year=2018.",
            )
        pairs[name.strip()] = value.strip()
    return pairs


def _print(table: pd.DataFrame, format: Format, *, title: str = "") -> None:
    """Print a table; missing values are empty in CSV, null in JSON."""
    if format is Format.CSV:
        sys.stdout.write(table.to_csv(index=False, lineterminator="\n"))
        return
    if format is Format.JSON:
        records = json.loads(table.to_json(orient="records"))
        sys.stdout.write(json.dumps(records, indent=2, ensure_ascii=False) + "\n")
        return
    printed = Table(title=title or None, title_justify="left", show_edge=False)
    for name in table.columns:
        printed.add_column(
            str(name).replace("_", " "),
            justify="right" if pd.api.types.is_numeric_dtype(table[name]) else "left",
            overflow="fold",
        )
    for row in table.itertuples(index=False):
        cells = zip(table.columns, row, strict=True)
        printed.add_row(*("" if pd.isna(cell) else _cell(cell, name) for name, cell in cells))
    out.print(printed)


def _cell(cell: object, column: str) -> str:
    is_figure = isinstance(cell, int | float) and column not in _YEARS
    return f"{cell:,.10g}" if is_figure else str(cell)


#: Columns of years, which have no comma.
_YEARS = ("year", "origin")


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )


def main() -> None:
    """Run the command line; bad input gets one line and exit code 1."""
    try:
        app(prog_name="sendreform")
    except ReportError as error:
        err.print(f"sendreform: {error}", soft_wrap=True, highlight=False, markup=False)
        sys.exit(1)
