"""The Department's own file of section 251 outturn: every line of every council's return.

The file is ``s251_alleducation_la_regional_national.csv`` in the archive of *LA and school
expenditure*. Nobody here has held it: its columns and the names of its lines are known from public
code that reads it (the Department's inclusion dashboard and its benchmarking service, and those
who made the files that :mod:`sendreform.sources.section251` reads). So only what ``data/`` has
figures of already is read, in the years from which it has them: whatever the file says otherwise
about those is a revision, and refused until somebody has looked at it.

* Spending on high needs is the net expenditure of lines 1.2.1 and on; transport of pupils with
  SEND the gross expenditure of line 2.1.4.
* Top-ups by line are not read: whether those in ``data/`` are gross or net cannot be confirmed.
  Nor are balances (line 1.9.3), whose sign differs from reader to reader.
* A council with nothing but noughts and symbols in a year sent no return, and has no row.

https://explore-education-statistics.service.gov.uk/find-statistics/la-and-school-expenditure
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import value_and_status
from sendreform.periods import financial_year
from sendreform.sources import council_codes, section251
from sendreform.sources.reading import SourceFolder, read_csv

PATH = "finance/s251_alleducation_la_regional_national.csv"
COLUMNS = [
    "time_period", "time_identifier", "geographic_level", "country_name", "country_code",
    "region_name", "region_code", "la_name", "old_la_code", "new_la_code", "main_category",
    "category_of_expenditure", "early_years_establishments", "primary_schools",
    "secondary_schools", "sen_and_special_schools", "pupil_referral_units_and_alt_provision",
    "post_16", "gross_expenditure", "income", "net_expenditure",
]  # fmt: skip
OPTIONAL = ["net_per_capita_expenditure"]
#: The benchmarking service's copy spells one column so.
RENAMED = {"country": "country_name"}
#: Each measure's lines, the column it is in, and the first year of which ``data/`` has figures.
MEASURES = {
    "high_needs_spending_outturn": (r"1\.2\.\d+", "net_expenditure", "2017-18"),
    "send_transport_pre16": (r"2\.1\.4", "gross_expenditure", "2018-19"),
}
COUNCILS, NATIONAL = "Local authority", "National"
AMOUNTS = ["gross_expenditure", "income", "net_expenditure"]
#: Amounts are printed in whole pounds.
ROUNDED = 2.0
#: As far from England's own line as the councils' sum may be.
OF_ENGLAND = 0.001


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read spending on high needs and on transport from the lines of councils' returns.

    Returns
    -------
    Observations in pounds by financial year, for councils, regions and England: sums of councils.
    A region in which a council of the file has no figure has none either. Their source is empty.

    Raises
    ------
    ReportError
        If the file is not laid out as expected; a line is there twice; gross less income is not
        net; the councils do not add to England's line; or a year lacks the lines of a measure.
    """
    lines = _lines(folder)
    figures = [_of_measure(folder, lines, measure) for measure in MEASURES]
    return pd.concat(figures, ignore_index=True)


def periods(folder: SourceFolder) -> list[str]:
    """Return the financial years in the file, in order."""
    return sorted(_read(folder)["period"].unique())


def _read(folder: SourceFolder) -> pd.DataFrame:
    table = read_csv(
        folder, PATH, COLUMNS, optional=OPTIONAL, renamed=RENAMED, encoding=_encoding(folder)
    )
    return table.assign(period=_period(table["time_period"]))


def _encoding(folder: SourceFolder) -> str:
    """Return how the file is written: its readers say Latin, its dashes need Windows'."""
    try:
        folder.read_bytes(PATH).decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _period(published: pd.Series) -> pd.Series:
    """Turn 202425 into 2024-25."""
    start, end = published.str[:4], published.str[4:]
    plain = published.str.fullmatch(r"20\d{4}")
    follows = (start.where(plain, "0").astype("int64") + 1) % 100 == end.where(plain, "0").astype(
        "int64"
    )
    wrong = published[~(plain & follows)]
    if not wrong.empty:
        raise ReportError(
            f"{wrong.iloc[0]!r} is not a financial year such as 202425",
            where=f"{PATH}, column 'time_period', row {wrong.index[0] + 2}",
            fix="Correct the cell, or download the file again.",
        )
    names = {text: financial_year(int(text[:4])) for text in published.unique()}
    return published.map(names)


def _lines(folder: SourceFolder) -> pd.DataFrame:
    """Return the lines that any measure is made of, with their amounts, and those of England."""
    published = _read(folder)
    line = published["category_of_expenditure"].str.extract(r"^\s*(\d+\.\d+\.\d+)\b")[0]
    wanted = "|".join(f"(?:{pattern})" for pattern, _column, _first in MEASURES.values())
    chosen = published["geographic_level"].isin([COUNCILS, NATIONAL]) & (
        line.str.fullmatch(wanted).eq(True)
        & ~published["category_of_expenditure"].str.contains("total", case=False)
    )
    lines = published[chosen].assign(line=line[chosen])
    for column in AMOUNTS:
        read = value_and_status(lines[column], where=f"{PATH}, column {column}")
        lines = lines.assign(**{column: read["value"], f"{column}_status": read["status"]})
    _check_twice(lines)
    _check_net(lines)
    return lines


def _check_twice(lines: pd.DataFrame) -> None:
    key = ["geographic_level", "old_la_code", "period", "line"]
    twice = lines[lines.duplicated(key)]
    if not twice.empty:
        row = twice.iloc[0]
        raise ReportError(
            f"line {row['line']} of {row['la_name'] or 'England'} is there twice in "
            f"{row['period']}",
            where=f"{PATH}, row {twice.index[0] + 2}",
            fix="Download the file again.",
        )


def _check_net(lines: pd.DataFrame) -> None:
    """Refuse a row of which gross less income is not net; income is printed with either sign."""
    net = lines["gross_expenditure"] - lines["income"].abs()
    wrong = lines[(net - lines["net_expenditure"]).abs() > ROUNDED]
    if not wrong.empty:
        row = wrong.iloc[0]
        raise ReportError(
            f"line {row['line']} of {row['la_name'] or 'England'} in {row['period']}: gross less "
            "income is not net",
            where=f"{PATH}, row {wrong.index[0] + 2}",
            fix="Correct the amount, or download the file again.",
        )


def _of_measure(folder: SourceFolder, every: pd.DataFrame, measure: str) -> pd.DataFrame:
    pattern, column, first = MEASURES[measure]
    of_years = every[every["period"] >= first]
    lines = of_years[of_years["line"].str.fullmatch(pattern)]
    lacking = sorted(set(of_years["period"]) - set(lines["period"]))
    if lines.empty or lacking:
        raise ReportError(
            f"no line of {measure} is there" + (f" in {lacking[0]}" if lacking else ""),
            where=f"{PATH}, column 'category_of_expenditure'",
            fix="If the lines were renumbered, say so in sources/section251_lines.py.",
        )
    _check_england(lines, column)
    councils = lines[lines["geographic_level"] == COUNCILS]
    council_codes.check_three_digit(folder, councils["old_la_code"], where=PATH)
    # A line that does not apply (z) adds nothing; any other symbol leaves the sum unknown.
    unknown = councils[f"{column}_status"].where(councils[f"{column}_status"] != "z", "")
    key = [councils["old_la_code"], councils["period"]]
    sums = pd.DataFrame(
        {
            "value": councils[column].groupby(key).sum(),
            "status": unknown.groupby(key).max(),
        }
    )
    sums.index.names = ["area", "period"]
    figures = sums.assign(value=sums["value"].where(sums["status"] == "")).reset_index()
    sent = figures[figures["value"] != 0].assign(
        measure=measure, breakdown="all", source="", value=lambda rows: rows["value"].round()
    )
    return _without_incomplete(folder, figures, section251.with_sums(folder, sent))


def _check_england(lines: pd.DataFrame, column: str) -> None:
    """Refuse councils that do not add to England's own line, where all of them have a figure."""
    key = ["period", "line"]
    councils = lines[lines["geographic_level"] == COUNCILS].groupby(key)[column]
    whole = councils.count() == councils.size()
    england = lines[lines["geographic_level"] == NATIONAL].set_index(key)[column]
    both = pd.DataFrame({"ours": councils.sum()[whole], "england": england}).dropna()
    far = (both["ours"] - both["england"]).abs()
    wrong = both[far > OF_ENGLAND * both["england"].abs() + ROUNDED * councils.size().max()]
    if not wrong.empty:
        period, line = wrong.index[0]
        raise ReportError(
            f"line {line} in {period}: the councils add to {wrong['ours'].iloc[0]:,.0f}, England's "
            f"own is {wrong['england'].iloc[0]:,.0f}",
            where=PATH,
            fix="Compare both with the release's page, or download the file again.",
        )


def _without_incomplete(
    folder: SourceFolder, figures: pd.DataFrame, with_sums: pd.DataFrame
) -> pd.DataFrame:
    """Leave out regions in which a council of the file has no figure in a year."""
    regions = council_codes.read_councils(folder).drop_duplicates("area").set_index("area")
    without = figures[figures["value"].isna() | (figures["value"] == 0)]
    incomplete = pd.MultiIndex.from_arrays(
        [without["area"].map(regions["region"]), without["period"]]
    )
    return with_sums[~pd.MultiIndex.from_frame(with_sums[["area", "period"]]).isin(incomplete)]
