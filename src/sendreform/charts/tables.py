"""The table behind a chart: the same figures for readers who cannot see it or want to check it."""

import html
from urllib.parse import quote

import pandas as pd

from sendreform import periods
from sendreform.charts.numbers import NumberFormat
from sendreform.observations import STATUSES

#: A missing figure without a symbol, or a combination that was not published.
NO_FIGURE = "no figure"


def in_words(data: pd.DataFrame) -> pd.Series:
    """Return each row's figure, or the meaning of the publisher's symbol where it is missing.

    Parameters
    ----------
    data
        ``value``, and ``status`` (the publisher's symbol) where there are missing values.

    Examples
    --------
    >>> in_words(pd.DataFrame({"value": [4.5, None], "status": ["", "x"]})).to_list()
    [4.5, 'not available']
    """
    status = data["status"].fillna("") if "status" in data else pd.Series("", index=data.index)
    meaning = status.map(lambda symbol: STATUSES.get(symbol, symbol) or NO_FIGURE)
    return data["value"].astype("object").where(data["value"].notna(), meaning)


def missing_notes(data: pd.DataFrame, focus: str = "") -> tuple[str, ...]:
    """Say how many areas have no figure, and why the highlighted one has none."""
    missing = data[data["value"].isna()]
    words = dict(zip(missing["area"], in_words(missing), strict=True))
    notes = []
    if focus in words:
        notes.append(f"{focus} is not shown: {words[focus]}.")
    if len(words):
        notes.append(f"Areas without a figure: {len(words)} of {len(data)}; the table says why.")
    return tuple(notes)


def cross_table(data: pd.DataFrame, *, rows: str, columns: str, row_title: str) -> pd.DataFrame:
    """Turn a long table into one to read: a row per ``rows``, a column per ``columns``.

    Both keep the order in which they first appear. A combination without a row says so.
    """
    return (
        data.assign(words=in_words(data))
        .pivot(index=rows, columns=columns, values="words")
        .reindex(index=data[rows].unique(), columns=data[columns].unique())
        .astype("object")
        .pipe(lambda table: table.where(table.notna(), NO_FIGURE))
        .rename_axis(index=row_title, columns=None)
        .reset_index()
    )


def over_time(data: pd.DataFrame, *, kind: str, names: list[str]) -> pd.DataFrame:
    """Return the table of series over time: a row for each period, a column for each series."""
    return (
        data.sort_values("period", kind="stable")
        .assign(words=lambda rows: [periods.label(period, kind) for period in rows["period"]])
        .drop(columns="period")
        .rename(columns={"words": "period"})
        .pipe(cross_table, rows="period", columns="series", row_title="Period")[["Period", *names]]
    )


def of_figures(data: pd.DataFrame, *, names: str, name_title: str, unit: str) -> pd.DataFrame:
    """Return the table of one figure for each name: the unit heads the figures."""
    return pd.DataFrame({name_title: data[names], unit[:1].upper() + unit[1:]: in_words(data)})


def as_html(table: pd.DataFrame, *, caption: str, numbers: NumberFormat) -> str:
    """Write a table as accessible HTML: the first column names the rows."""
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in table.columns)
    body = "".join(
        f'<tr><th scope="row">{html.escape(str(name))}</th>'
        + "".join(_cell(value, numbers) for value in values)
        + "</tr>"
        for name, *values in table.itertuples(index=False)
    )
    return (
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _cell(value: object, numbers: NumberFormat) -> str:
    if isinstance(value, str):
        return f'<td class="sr-word">{html.escape(value)}</td>'
    return f"<td>{_written(value, numbers)}</td>"


def _written(value: object, numbers: NumberFormat) -> str:
    return NO_FIGURE if pd.isna(value) else numbers.full(float(value))  # type: ignore[call-overload, arg-type]


def as_csv(table: pd.DataFrame, decimals: int) -> str:
    """Write a table as CSV, numbers without thousands separators or signs."""
    plain = table.map(
        lambda value: (
            value
            if isinstance(value, str)
            else NO_FIGURE
            if pd.isna(value)
            else f"{value:.{decimals}f}"
        )
    )
    return plain.to_csv(index=False, lineterminator="\n")


def as_link(csv: str) -> str:
    """Return a link that holds the CSV itself, so that it works without a script or a server.

    It begins with a byte order mark, which spreadsheets need to read "£" and "–" rightly.
    """
    return "data:text/csv;charset=utf-8,%EF%BB%BF" + quote(csv, safe=",;:()/-_.!*")
