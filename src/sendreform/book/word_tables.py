"""Tables of words and figures on a page, to be read on a phone, by keyboard and by ear."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

from IPython.display import HTML

#: Text, or HTML that stands as it is.
Cell = str | HTML


def table_in_frame(
    *,
    id: str,
    title: str,
    subtitle: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    source: Mapping[str, str],
    words: Collection[int] = (),
    note: str = "",
) -> HTML:
    """Return a table in the frame of a figure, with its title, its note and its source.

    Parameters
    ----------
    heads, rows, words
        As for :func:`table_of`.
    source
        What :meth:`sendreform.report.Report.source` returns.
    """
    name = f"{escape(id)}-title"
    written = f'<p class="sr-note">{escape(note)}</p>' if note else ""
    return HTML(
        f'<section class="sr-figure" id="{escape(id)}" aria-label="{escape(title)}">'
        f'<p class="sr-title" id="{name}">{escape(title)}</p>'
        f'<p class="sr-subtitle">{escape(subtitle)}</p>'
        + _in_region(title, f'<table aria-labelledby="{name}">', heads, rows, words)
        + f'{written}<p class="sr-source">{source_line(source)}</p></section>'
    )


def table_of(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    words: Collection[int] = (),
) -> str:
    """Write a table under a caption.

    Parameters
    ----------
    heads
        The names of the columns; the first names the rows.
    rows
        As many cells as there are heads; the first names the row.
    words
        The columns that hold words and not figures.
    """
    opening = f"<table><caption>{escape(caption)}</caption>"
    return _in_region(caption, opening, heads, rows, words)


def source_line(source: Mapping[str, str]) -> str:
    """Write where figures come from.

    Examples
    --------
    >>> source_line({"source": "DfE & MoJ", "source_url": "https://gov.uk"})
    'Source: <a href="https://gov.uk">DfE &amp; MoJ</a>'
    """
    return f'Source: <a href="{escape(source["source_url"])}">{escape(source["source"])}</a>'


def _in_region(
    title: str,
    opening: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    words: Collection[int],
) -> str:
    """Write a table in a region that scrolls by itself, so that a narrow page does not.

    On a phone, a table of words falls apart into a card a row, each cell under the name of its
    column. That takes from it what it is to a screen reader, so each part says it in its role.
    """
    in_cards = len(words) >= _WORDY
    as_a = _ROLES if in_cards else dict.fromkeys(_ROLES, "")
    if in_cards:
        opening = opening.replace("<table", '<table class="sr-cards" role="table"', 1)
    css = [' class="sr-text"' if place in words else "" for place in range(len(heads))]
    names = "".join(
        f'<th scope="col"{as_a["head"]}{of_kind}>{escape(head)}</th>'
        for head, of_kind in zip(heads, css, strict=True)
    )
    body = "".join(
        f'<tr{as_a["row"]}><th scope="row"{as_a["first"]}{css[0]}>{_written(first)}</th>'
        + "".join(
            f"<td{as_a['cell']}{of_kind}{_named(head) if in_cards else ''}>{_written(cell)}</td>"
            for cell, of_kind, head in zip(cells, css[1:], heads[1:], strict=True)
        )
        + "</tr>"
        for first, *cells in rows
    )
    return (
        f'<div class="sr-scroll" role="region" tabindex="0" aria-label="Table: {escape(title)}">'
        f"{opening}<thead{as_a['part']}><tr{as_a['row']}>{names}</tr></thead>"
        f"<tbody{as_a['part']}>{body}</tbody></table></div>"
    )


#: From so many columns of words on, a table is too wide for a phone.
_WORDY = 3
_ROLES = {
    "part": ' role="rowgroup"', "row": ' role="row"', "head": ' role="columnheader"',
    "first": ' role="rowheader"', "cell": ' role="cell"',
}  # fmt: skip


def _named(head: str) -> str:
    return f' data-head="{escape(head)}"'


def _written(cell: Cell) -> str:
    return str(cell.data) if isinstance(cell, HTML) else escape(cell)
