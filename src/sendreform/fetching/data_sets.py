"""Data sets of the public statistics API: which a publication has, in which version, and their CSV.

A data set has versions: 1.0, 1.1 where figures were added or corrected, 2.0 where columns changed.
Asking what is new uses the wildcard ``*``, which stands for the newest; whatever is downloaded is
asked for by its number. The tables of a release go into one archive, whose members are named
``data-sets/ID/VERSION.csv``: so the catalogue, which names the member of each source, pins them.

The API sends the file that the publisher uploaded, packed with gzip; its columns and labels are
those of the file in the release's archive.

https://api.education.gov.uk/statistics/docs/reference-v1/endpoints/DownloadDataSetCsv/
"""

import re
import zipfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sendreform.errors import ReportError
from sendreform.fetching.downloading import Download, download_archive, download_file, hashed
from sendreform.fetching.service import Service
from sendreform.sources.ehc_releases import FORMS
from sendreform.sources.reading import SourceFolder
from sendreform.sources.releases import form_in
from sendreform.store import Store

#: Stands for the newest version.
NEWEST = "*"
#: Statuses of data sets that can be read, as the API documents them; others are withdrawn.
READABLE = ("Published", "Deprecated")
MEMBER = "data-sets/{id}/{version}.csv"
_MEMBER = re.compile(r"data-sets/([0-9A-Za-z-]{1,64})/([0-9]+(?:\.[0-9]+){1,2})\.csv", re.ASCII)
#: The same tables make the same archive, to the byte.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class DataSet:
    """One version of a data set.

    Attributes
    ----------
    id, version
        What pins it.
    title
        Its title.
    release
        Of which release of its publication it is, as the release's address has it.
    published
        When this version was published.
    """

    id: str
    version: str
    title: str
    release: str
    published: str


def newest_data_sets(service: Service, publication: str) -> list[DataSet]:
    """Return the newest version of every data set of a publication that can be read.

    Parameters
    ----------
    publication
        Its id in the API.

    Raises
    ------
    ReportError
        If the service cannot be reached, or answers otherwise than is documented.
    """
    found = []
    for record in service.data_sets(publication):
        if record["status"] not in READABLE:
            continue
        version = service.data_set_version(record["id"], NEWEST)
        if version is None:  # not published yet
            continue
        pin = MEMBER.format(id=record["id"], version=version["version"])
        if not _MEMBER.fullmatch(pin):
            raise ReportError(
                f"a data set or its version has a name of another kind ({pin!r})",
                where=record["title"],
                fix="The service may have changed: see its documentation, and change this client.",
            )
        found.append(
            DataSet(
                record["id"],
                version["version"],
                record["title"],
                version["release"]["slug"],
                version["published"],
            )
        )
    return found


def pinned(store: Store) -> dict[str, str]:
    """Return the version of each data set that the catalogue's sources were read from, by its id.

    Of several the last in the catalogue counts.
    """
    found = (_MEMBER.fullmatch(member) for member in store.sources["member"])
    return {match[1]: match[2] for match in found if match}


def needed_tables(sources: Collection[str]) -> set[str]:
    """Return the forms of the tables of EHC plans among some sources of the catalogue.

    What was read from a publication's last release is needed of its next one.
    """
    return {
        form.name
        for form in FORMS
        for source in sources
        if source == form.like or re.fullmatch(rf"{form.name}_\d{{4}}(_\w+)?", source)
    }


def download_release(
    service: Service,
    release: str,
    data_sets: Sequence[DataSet],
    target: Path,
    needed: Collection[str],
) -> Download:
    """Download a release from the API, or as its archive where the API does not have all of it.

    Parameters
    ----------
    release
        Its id in the service behind the pages.
    data_sets
        Those of it that the API has.
    target
        The file to write.
    needed
        Forms of tables without which the API's would not do.

    Raises
    ------
    ReportError
        If the service gives no whole answer, or no sound archive.
    """
    by_table = target.with_name(f"{target.stem}_by_table.zip")
    tables = download_tables(service, data_sets, by_table, needed)
    return tables or download_archive(service, release, target)


def download_tables(
    service: Service,
    data_sets: Sequence[DataSet],
    target: Path,
    needed: Collection[str],
    *,
    pause: float = 1,
) -> Download | None:
    """Download the tables of data sets that the report reads, and put them into one archive.

    Parameters
    ----------
    data_sets
        Those of a release; each is known by what it holds once it is here.
    target
        The archive to write; the tables are kept beside it, in a folder of its name.
    needed
        Forms without which the archive would not do.
    pause
        Seconds before the first repetition; doubled for each after it.

    Returns
    -------
    Nothing where the data sets hold no table that the report reads, or lack a needed one.

    Raises
    ------
    ReportError
        If the service gives no whole answer, or a table is far too large.
    """
    folder = target.with_suffix("")
    tables: dict[str, Path] = {}
    for each in data_sets:
        path = folder / f"{each.id}_{each.version}.csv"
        url = service.csv(each.id, each.version)
        download_file(service, url, path, pause=pause)
        form = form_in(SourceFolder(folder), path.name)
        if form:
            tables[MEMBER.format(id=each.id, version=each.version)] = path
            needed = {name for name in needed if name != form}
    if needed or not tables:
        return None
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for member, path in sorted(tables.items()):
            archive.writestr(zipfile.ZipInfo(member, _EARLIEST), path.read_bytes())
    return hashed(target)
