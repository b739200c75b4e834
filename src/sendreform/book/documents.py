"""Make documents of an executed notebook: one HTML file, a PDF, a Word file.

Each keeps in itself what it was made from, so that a run makes only those again that changed.
"""

import hashlib
import json
import re
import zipfile
from collections.abc import Collection
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from sendreform.book import document_docx, document_html, document_pdf, report_pdf
from sendreform.book.document_article import Imprint, read_article
from sendreform.errors import ReportError, did_you_mean

FORMATS = ("html", "pdf", "docx")
#: What a run says where there is no Chromium.
NO_BROWSER = "No Chromium here: no PDF is made."
#: How far into a page its stamp may stand: after the policy and the description.
_HEAD = 4_000


def write_documents(
    executed: NotebookNode,
    out: Path,
    formats: Collection[str],
    *,
    page: str,
    imprint: Imprint,
) -> list[Path]:
    """Write an executed notebook in some formats, but for those that are up to date.

    Parameters
    ----------
    executed
        As :mod:`.execution` keeps it: outputs included, times and process left out.
    out
        Where, without the ending that a format adds: ``out/kent`` for ``out/kent.pdf``.
    formats
        Some of :data:`FORMATS`.
    page
        The page of the site that it would be, such as ``areas/kent``.
    imprint
        What :func:`.document_article.read_imprint` returns.

    Returns
    -------
    The documents, in the order of :data:`FORMATS`, those of before included. Where there is no
    Chromium, a PDF is not among them, and one that is there stays.

    Raises
    ------
    ReportError
        On an unknown format, before anything is written; if the notebook has no title or a cell
        that failed; if Chromium or pandoc fails.
    """
    check_formats(formats)
    browser = report_pdf.find_browser()
    wanted = {
        kind: out.with_name(f"{out.name}.{kind}")
        for kind in FORMATS
        if kind in formats and (kind != "pdf" or browser)
    }
    stamp = _made_from(executed, page, imprint)
    stale = {kind: path for kind, path in wanted.items() if kept_stamp(path) != stamp}
    if stale:
        out.parent.mkdir(parents=True, exist_ok=True)
        article = read_article(executed, page, imprint)
        if "html" in stale:
            partial = stale["html"].with_name(f"{stale['html'].name}.partial")
            partial.write_text(document_html.html_document(article, stamp), "utf-8")
            partial.replace(stale["html"])
        if "pdf" in stale and browser:
            document_pdf.write_pdf(article, stale["pdf"], stamp, browser)
        if "docx" in stale:
            document_docx.write_docx(article, stale["docx"], stamp)
    return list(wanted.values())


def read_and_write(
    executed: Path, out: Path, formats: Collection[str], page: str, imprint: Imprint
) -> list[Path]:
    """Write the documents of a notebook that lies in a file; see :func:`write_documents`."""
    notebook = nbformat.read(executed, as_version=4)
    return write_documents(notebook, out, formats, page=page, imprint=imprint)


def check_formats(formats: Collection[str]) -> None:
    """Raise a :class:`ReportError` on a format that there is not."""
    for unknown in sorted(set(formats) - set(FORMATS)):
        raise ReportError(
            f"unknown format {unknown!r}",
            where="--format",
            fix=did_you_mean(unknown, FORMATS) or f"The formats are {', '.join(FORMATS)}.",
        )


def kept_stamp(document: Path) -> str:
    """Return what a document says that it was made from; nothing where it is missing or broken."""
    try:
        if document.suffix == ".pdf":
            return report_pdf.kept_stamp(document)
        if document.suffix == ".docx":
            with zipfile.ZipFile(document) as parts:
                facts = parts.read("docProps/custom.xml").decode()
            found = re.search(rf'name="{document_docx.STAMP}">\s*<vt:lpwstr>(\w*)<', facts)
        else:
            with document.open(encoding="utf-8") as lines:
                head = lines.read(_HEAD)
            found = re.search(rf'name="{document_html.STAMP}" content="(\w*)"', head)
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return ""
    return found[1] if found else ""


def _made_from(executed: NotebookNode, page: str, imprint: Imprint) -> str:
    """Return a hash of all that a document depends on: the cells, the imprint, our code.

    What else a notebook keeps says how it was run, and may change where no cell did.
    """
    cells = json.dumps(executed.cells, sort_keys=True)
    material = [cells, page, repr(imprint), _our_code()]
    return hashlib.sha256("\0".join(material).encode()).hexdigest()


@cache
def _our_code() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in Path(__file__).parent.rglob("*.*") if path.is_file()):
        if path.suffix in (".py", ".css"):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
