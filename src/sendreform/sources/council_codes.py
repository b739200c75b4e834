"""Turn the codes and names that finance tables use for councils into the three-digit codes.

Councils are known here by the Department for Education's three-digit code. Finance tables often
give a GSS code, which changes with a boundary (Buckinghamshire was E10000002 and is E06000060),
or a name only, which two councils may share: Dorset was council 835 until March 2019 and is
council 838 since.

The list of codes is the Department's own, from its ``dfeR`` package and the Local Authority
Interactive Tool.
"""

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND
from sendreform.sources.reading import SourceFolder, read_csv

REFERENCE = "geography/la_reference_dfeR_lait.csv"
REFERENCE_COLUMNS = [
    "old_la_code", "new_la_code", "la_name", "region_name", "region_code", "first_year",
    "last_year", "lait_name", "lait_region", "lait_type", "la_type_from_gss_prefix",
    "in_may2023_boundaries",
]  # fmt: skip

#: GSS codes that boundary revisions of 2013 ended, still found in tables of later years.
#: https://geoportal.statistics.gov.uk (Code History Database)
ENDED_GSS_CODES = {"E08000020": "390", "E06000048": "929"}

REGIONS = {
    "north east": "E12000001",
    "north west": "E12000002",
    "yorkshire and the humber": "E12000003",
    "east midlands": "E12000004",
    "west midlands": "E12000005",
    "east of england": "E12000006",
    "london": "E12000007",
    "south east": "E12000008",
    "south west": "E12000009",
}


def read_councils(folder: SourceFolder) -> pd.DataFrame:
    """Read the Department's list of councils, one row per council and GSS code.

    Returns
    -------
    DataFrame of text: ``area`` (three-digit code), ``gss``, ``name``, ``other_name`` (as the
    Local Authority Interactive Tool has it, or empty), ``region`` (GSS code); and
    ``first_year``, the first year of the list in which the code is in use (2017 or later).
    """
    listed = read_csv(folder, REFERENCE, REFERENCE_COLUMNS)
    # The GSS codes of 2025 for Barnsley and Sheffield are listed without a three-digit code.
    by_name = listed[listed["old_la_code"] != "z"].groupby("la_name")["old_la_code"].first()
    return pd.DataFrame(
        {
            "area": listed["old_la_code"].where(
                listed["old_la_code"] != "z", listed["la_name"].map(by_name)
            ),
            "gss": listed["new_la_code"],
            "name": listed["la_name"],
            "other_name": listed["lait_name"],
            "region": listed["region_code"],
            "first_year": listed["first_year"].astype("int64"),
        }
    )


def three_digit_from_gss(folder: SourceFolder, codes: pd.Series, *, where: str) -> pd.Series:
    """Return the three-digit code of each council given by its GSS code.

    Raises
    ------
    ReportError
        On a code that is not in the Department's list; names its row.
    """
    councils = read_councils(folder)
    known = dict(zip(councils["gss"], councils["area"], strict=True)) | ENDED_GSS_CODES
    areas = codes.map(known)
    _refuse_unknown(codes, areas, known, "council code", where)
    return areas.astype("str")


def three_digit_from_name(
    folder: SourceFolder, names: pd.Series, years: pd.Series, *, where: str
) -> pd.Series:
    """Return the three-digit code of each council given by its name and a year.

    Parameters
    ----------
    names
        As published; capitals, full stops, "&" and ", City of" do not matter.
    years
        The year (of a financial year, that in which it starts) for each name, which decides
        between two councils of one name.

    Raises
    ------
    ReportError
        On a name that is not in the Department's list; names its row and the nearest names.
    """
    councils = read_councils(folder)
    known = (
        pd.concat(
            [
                councils[["area", "first_year"]].assign(key=_plain(councils[column]))
                for column in ("name", "other_name")
            ]
        )
        .query("key != ''")
        .drop_duplicates(["key", "area"])
    )
    asked = pd.DataFrame({"key": _plain(names), "year": years.astype("int64")}).rename_axis("row")
    # Of the councils with this name, the latest that had begun, else the earliest of all.
    found = (
        asked.reset_index()
        .merge(known, on="key", how="left")
        .assign(
            begun=lambda pairs: pairs["first_year"] <= pairs["year"],
            order=lambda pairs: pairs["first_year"].where(pairs["begun"], -pairs["first_year"]),
        )
        .sort_values(["begun", "order"], ascending=False, kind="stable")
        .drop_duplicates("row")
        .set_index("row")["area"]
        .reindex(names.index)
    )
    _refuse_unknown(names, found, councils["name"], "council", where)
    return found.astype("str")


def check_three_digit(folder: SourceFolder, codes: pd.Series, *, where: str) -> None:
    """Refuse a three-digit council code that is not in the Department's list.

    Raises
    ------
    ReportError
        Names the code and its row.
    """
    known = read_councils(folder)["area"]
    _refuse_unknown(codes, codes.where(codes.isin(known)), known, "council code", where)


def region_from_name(names: pd.Series, *, where: str) -> pd.Series:
    """Return the GSS code of each region, or of England, given by its name.

    Raises
    ------
    ReportError
        On a name that is neither; names its row.
    """
    known = REGIONS | {"england": ENGLAND}
    areas = _plain(names).map(known)
    _refuse_unknown(names, areas, known, "region", where)
    return areas.astype("str")


def _plain(names: pd.Series) -> pd.Series:
    return (
        names.str.casefold()
        .str.replace("&", "and")
        .str.replace(r"\.|, (?:city|county) of$", "", regex=True)
        .str.split()
        .str.join(" ")
    )


def _refuse_unknown(
    given: pd.Series, areas: pd.Series, known: "pd.Series | dict[str, str]", kind: str, where: str
) -> None:
    unknown = areas.isna()
    if unknown.any():
        row = unknown[unknown].index[0]
        # The first row under the header of a CSV has index 0 and is row 2 of the file.
        place = row if isinstance(row, str) else f"row {int(row) + 2}"
        raise ReportError(
            f"{kind} {given.loc[row]!r} has never been seen",
            where=f"{where}, {place}",
            fix=did_you_mean(str(given.loc[row]), known)
            or f"Correct it, or add it to {REFERENCE}.",
        )
