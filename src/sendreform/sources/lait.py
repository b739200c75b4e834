"""Outcomes by SEN status, absence, exclusions and pupils with SEN, from the Department's LAIT.

The Local Authority Interactive Tool (LAIT) gathers, for each council, region and England, figures
that the Department for Education has published elsewhere. A newcomer needs to know four things:

* A row is one figure: ``Short Desc`` names the series, ``Values`` is text, ``-`` stands for
  everything that is not a number, and ``Data item`` is filled in a series' first year only.
* ``Years`` is the year in which an academic year ends ("2016" is 2015/16), whole ("2015/16") or
  with a note ("2025 (prov)"). For the January census it is the year of that January, for
  destinations the year in which pupils finished key stage 4, and for 16 and 17 year olds the
  financial year that ends in it.
* ``LA Number`` is the Department's council code; from 970 up, LAIT's own codes for England and
  the regions, with inner and outer London apart and as one.
* Every council has a row in every year, before it was formed and after it was abolished too.

Method and links to the statistics behind each series are in LAIT's data dictionary
(``lait_data_dictionary.csv``). SEN status is what the school census recorded: a statement or
EHC plan, SEN support (School Action and School Action Plus before 2014/15), or no SEN.

LAIT has no absence, suspensions or exclusions by SEN status, and its census figures run from
January 2016 to January 2025. What else the Department has published on these for England, and
could be found without its file, is in ``lait_quoted.csv`` beside this module, each figure with its
wording and source.

Published by the Department: https://github.com/dfe-analytical-services/local-authority-interactive-tool
"""

from importlib import resources

import pandas as pd

from sendreform import periods
from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources.catalogue import read_words
from sendreform.sources.published import PARQUET
from sendreform.sources.reading import SourceFolder, read_csv, read_parquet

SOURCE = "lait"
PATH = "lait/bds_long_0.parquet"

TEXT_COLUMNS = ["Short Desc", "Years", "LA and Regions", "Values"]
COLUMNS = [*TEXT_COLUMNS, "LA Number", "Data item", "Region"]

#: LAIT's codes for England and the nine regions. Inner and outer London are parts of a region.
WIDER_AREAS = {
    970: ENGLAND,
    980: "E12000001",  # North East
    981: "E12000002",  # North West
    982: "E12000003",  # Yorkshire and the Humber
    983: "E12000004",  # East Midlands
    984: "E12000005",  # West Midlands
    985: "E12000006",  # East of England
    986: "E12000007",  # London
    989: "E12000008",  # South East
    990: "E12000009",  # South West
}
PARTS_OF_LONDON = (987, 988)

#: By measure, LAIT's name of the series for each breakdown.
SERIES = {
    "good_level_of_development": {
        "all": "FSP_NEW_GOODDEV",
        "sen_status:ehc_plan": "FSP_Gooddev_With_SENSTATE",
        "sen_status:sen_support": "FSP_Gooddev_Without_SENSTATE",
    },
    "phonics_in_year_1": {
        "all": "KS1P_all",
        "sen_status:ehc_plan": "KS1P_EHCP",
        "sen_status:sen_support": "KS1P_SEND",
        "sen_status:no_sen": "KS1P_NonSEND",
    },
    "reading_writing_maths_at_11": {
        "all": "KS2RWM_Expected_STD",
        "sen_status:ehc_plan": "NEW_KS2_RWM_Sen_Withsta",
        "sen_status:sen_support": "NEW_KS2_RWM_Sen_W/Osta",
        "sen_status:no_sen": "NoID_SEN_NEW_KS2_RWM",
    },
    "reading_progress_at_11": {
        "all": "KS2R_Prog_VA",
        "sen_status:ehc_plan": "KS2_SEN_Reading_Progress",
        "sen_status:sen_support": "KS2_SENSupport_Reading_Progress",
        "sen_status:no_sen": "KS2_NonSEN_Reading_Progress",
    },
    "writing_progress_at_11": {
        "all": "KS2W_Prog_VA",
        "sen_status:ehc_plan": "KS2_SEN_Writing_Progress",
        "sen_status:sen_support": "KS2_SENSupport_Writing_Progress",
        "sen_status:no_sen": "KS2_NonSEN_Writing_Progress",
    },
    "maths_progress_at_11": {
        "all": "KS2M_Prog_VA",
        "sen_status:ehc_plan": "KS2_SEN_Maths_Progress",
        "sen_status:sen_support": "KS2_SENSupport_Maths_Progress",
        "sen_status:no_sen": "KS2_NonSEN_Maths_Progress",
    },
    "attainment_8": {
        "all": "AVG_Attain8_Score",
        "sen_status:ehc_plan": "SEN_Stat_AVG_Attain8_Score",
        "sen_status:sen_support": "SEN_WoStat_AVG_Attain8_Score",
        "sen_status:no_sen": "SEN_NoID_AVG_Attain8_Score",
    },
    "progress_8": {
        "all": "AVG_Prog8_Score",
        "sen_status:ehc_plan": "SEN_Stat_AVG_Prog8_Score",
        "sen_status:sen_support": "SEN_WoStat_AVG_Prog8_Score",
        "sen_status:no_sen": "SEN_NoID_AVG_Prog8_Score",
    },
    "ebacc_average_point_score": {
        "all": "EngBacAvgPointScore",
        "sen_status:ehc_plan": "EngBacAvgPointScoreSEN",
        "sen_status:sen_support": "EngBacAvgPointScoreSENSupport",
        "sen_status:no_sen": "EngBacAvgPointScoreNonSEN",
    },
    "level_2_at_19": {
        "all": "Level2Age19",
        "sen_status:ehc_plan": "Age19_SEN-S",
        "sen_status:sen_support": "Age19_SENwoS",
        "sen_status:no_sen": "Age19_NoNSEN",
    },
    "level_2_english_maths_at_19": {
        "all": "Level2Age19_E&M",
        "sen_status:ehc_plan": "Age19_SEN-S_L2EM",
        "sen_status:sen_support": "Age19_SENwoS_L2EM",
        "sen_status:no_sen": "Age19_NoNSEN_L2EM",
    },
    "level_3_at_19": {
        "all": "Level3Age19",
        "sen_status:ehc_plan": "Age19_SEN-S_L3",
        "sen_status:sen_support": "Age19_SENwoS_L3",
        "sen_status:no_sen": "Age19_NoNSEN_L3",
    },
    "sustained_destination": {
        "sen_status:all_sen": "KS4_SEN_Des_incSpec",
        "sen_status:ehc_plan": "SusEdOverall_SEN_Stat_incSpec",
        "sen_status:sen_support": "SusEdOverall_SEN_NoStat_incSpec",
        "sen_status:no_sen": "SusEdOverall_NoSEN_incSpec",
    },
    "sustained_destination_mainstream": {"all": "SusEdOverall_All"},
    "participation_at_16_and_17": {"sen_status:all_sen": "16-17YroldSEN_ET"},
    "neet_at_16_and_17": {"all": "16-17 NEET"},
    "neet_or_not_known_at_16_and_17": {"all": "16-17_not known_NEET"},
    "children_in_need_by_sen_status": {
        "sen_status:ehc_plan": "CINStatement",
        "sen_status:sen_support": "CINSEN_SUP",
        "sen_status:no_sen": "CINNoSEN",
    },
    "absence_rate": {
        "all": "TotAbs",
        "school_type:primary": "PriTotAbs",
        "school_type:secondary": "SecTotAbs",
        "school_type:special": "total_absence_special",
    },
    "persistent_absence": {
        "all": "TotPerAbNew",
        "school_type:primary": "SFPriPerAbNew",
        "school_type:secondary": "SFSecPerAbNew",
        "school_type:special": "SpecPerAbNew",
    },
    "severe_absence": {
        "all": "TotSevPerAbNew",
        "school_type:primary": "SFPriSevPerAbNew",
        "school_type:secondary": "SFSecSevPerAbNew",
        "school_type:special": "SpecSevPerAbNew",
    },
    "suspension_rate": {
        "all": "TotFixedEx",
        "school_type:primary": "PriFixedEx",
        "school_type:secondary": "SecFixedEx",
        "school_type:special": "SpecFixedEx",
    },
    "pupils_suspended": {
        "all": "Total_ Pup_FixedEx",
        "school_type:primary": "Pri_ Pup_FixedEx",
        "school_type:secondary": "Sec_ Pup_FixedEx",
        "school_type:special": "Spec_ Pup_FixedEx",
    },
    "permanent_exclusion_rate": {
        "all": "TotPermEx",
        "school_type:primary": "PriPermEx",
        "school_type:secondary": "SecPermEx",
        "school_type:special": "SpecPermEx",
    },
    "pupils_with_ehc_plan_share": {
        "all": "SEN_TotStat",
        "school_type:primary": "PrimStatements",
        "school_type:secondary": "SecStatements",
    },
    "pupils_with_sen_support_share": {
        "all": "SEN_TotSENSuP",
        "school_type:primary": "PrimNoStatements",
        "school_type:secondary": "SecNoStatements",
    },
    "free_school_meals_share": {
        "school_type:primary": "PriFSM",
        "school_type:secondary": "SecFSM",
    },
    "free_school_meals_in_six_years_share": {
        "school_type:primary": "Ever6_FSM_Prim",
        "school_type:secondary": "Ever6_FSM_Sec",
    },
}

#: Where LAIT has 0 for councils that did not exist yet or any more (Bournemouth, Poole, and
#: Bournemouth, Christchurch and Poole), with ``-`` in every other series of the measure.
FALSE_ZEROS = ("level_2_at_19", "sen_status:sen_support")


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read the LAIT series that the report uses.

    Returns
    -------
    Observations of the measures in ``lait.yml``, for England, the regions and councils, and the
    figures for England of ``lait_quoted.csv``. Values and symbols are LAIT's, but for those named
    in ``FALSE_ZEROS``. Left out: a year in which a whole series is ``-`` (nothing was published),
    and a year in which every series of a council is (it did not exist).

    Raises
    ------
    ReportError
        If the file cannot be read, lacks a series, or holds a year, an area code, a symbol or a
        percentage that cannot be right.
    """
    words = read_words("lait").measures.set_index("measure")
    published = (
        _read(folder)
        .pipe(_chosen_series)
        .pipe(_without_parts_of_london)
        .pipe(_without_false_zeros)
        .pipe(_without_empty_years)
        .assign(
            area=lambda table: _area(table["LA Number"]),
            kind=lambda table: table["measure"].map(words["period_kind"]),
            period=lambda table: _period(table["Years"], table["kind"]),
            source=SOURCE,
        )
        .pipe(_with_values)
        .pipe(_sane, unit=words["unit"])
    )
    return tidy(pd.concat([published, _quoted()], ignore_index=True))


def _quoted() -> pd.DataFrame:
    """Read the figures for England that no file at hand holds, as they were published."""
    with (resources.files("sendreform.sources") / "lait_quoted.csv").open("rb") as lines:
        return pd.read_csv(lines).assign(area=ENGLAND, status="")


def _read(folder: SourceFolder) -> pd.DataFrame:
    """Read the table, which the Department offers as a parquet file and as a CSV."""
    is_parquet = folder.read_bytes(PATH).startswith(PARQUET)
    published = (read_parquet if is_parquet else read_csv)(folder, PATH, COLUMNS)
    return published.astype(dict.fromkeys(TEXT_COLUMNS, "str")).assign(
        **{"LA Number": pd.to_numeric(published["LA Number"], errors="coerce")}
    )


def _chosen_series(published: pd.DataFrame) -> pd.DataFrame:
    chosen = pd.DataFrame(
        [
            {"measure": measure, "breakdown": breakdown, "Short Desc": series}
            for measure, breakdowns in SERIES.items()
            for breakdown, series in breakdowns.items()
        ]
    )
    known = published["Short Desc"].unique()
    missing = chosen.loc[~chosen["Short Desc"].isin(known), "Short Desc"]
    if not missing.empty:
        raise ReportError(
            f"series {missing.iloc[0]!r} is missing",
            where=f"{PATH}, column 'Short Desc'",
            fix=did_you_mean(missing.iloc[0], known) or "Name the new series in SERIES.",
        )
    return published.merge(chosen, on="Short Desc", validate="many_to_one")


def _without_parts_of_london(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["LA Number"].isin(PARTS_OF_LONDON)]


def _without_false_zeros(table: pd.DataFrame) -> pd.DataFrame:
    """Put back the ``-`` where LAIT has 0 for a group and ``-`` for all young people."""
    measure, breakdown = FALSE_ZEROS
    key = ["measure", "LA Number", "Years"]
    no_figure = table.loc[(table["breakdown"] == "all") & (table["Values"] == "-"), key]
    is_false = (
        (table["measure"] == measure)
        & (table["breakdown"] == breakdown)
        & (table["Values"] == "0")
        & pd.MultiIndex.from_frame(table[key]).isin(pd.MultiIndex.from_frame(no_figure))
    )
    return table.assign(Values=table["Values"].mask(is_false, "-"))


def _without_empty_years(table: pd.DataFrame) -> pd.DataFrame:
    """Leave out the ``-`` that LAIT writes for years not published and councils not there."""
    end = _end_year(table["Years"])
    there = table["Values"] != "-"
    published = there.groupby([table["Short Desc"], end]).transform("any")
    existing = there.groupby([table["LA Number"], end]).transform("any")
    return table[published & existing]


def _end_year(years: pd.Series) -> pd.Series:
    """Return the year that a LAIT year ends in: 2025 of "2025", "2025 (prov)" and "2024/25"."""
    plain = years.str.extract(r"^(20\d{2})(?: \((?:prov|Rev|Final)\))?$")[0].astype("Float64")
    spanning = years.str.extract(r"^(20\d{2})/\d{2}$")[0].astype("Float64") + 1
    end = plain.fillna(spanning)
    if end.isna().any():
        raise ReportError(
            f"{years[end.isna()].iloc[0]!r} is not a year as LAIT writes them",
            where=f"{PATH}, column 'Years'",
            fix="Say in sources/lait.py which period it stands for.",
        )
    return end.astype("int64")


def _period(years: pd.Series, kind: pd.Series) -> pd.Series:
    written = pd.DataFrame({"end": _end_year(years), "kind": kind})
    names = {
        (end, kind): periods.of_year(end, kind)
        for end, kind in written.drop_duplicates().itertuples(index=False)
    }
    return pd.Series(
        [names[pair] for pair in written.itertuples(index=False, name=None)], index=years.index
    )


def _area(number: pd.Series) -> pd.Series:
    wrong = number[~(number.between(201, 969) | number.isin(list(WIDER_AREAS)))]
    if not wrong.empty:
        raise ReportError(
            f"{wrong.iloc[0]:g} is not a code of a council, a region or England",
            where=f"{PATH}, column 'LA Number'",
            fix="Correct the code, or name it in WIDER_AREAS.",
        )
    codes = number.astype("int64")
    return codes.map(WIDER_AREAS).fillna(codes.astype("str"))


def _with_values(table: pd.DataFrame) -> pd.DataFrame:
    # A parquet file has no row numbers to point at, so a stray cell is named by what it is of.
    names = table["Short Desc"] + ", " + table["LA and Regions"] + ", " + table["Years"]
    named = table.set_index(pd.Index(names, dtype="str"))
    read = value_and_status(named["Values"], where=PATH)
    return named.assign(value=read["value"].array, status=read["status"].array)


def _sane(table: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    is_share = table["measure"].map(unit).str.startswith("per cent")
    wrong = table[is_share & ~(table["value"].isna() | table["value"].between(0, 100))]
    if not wrong.empty:
        raise ReportError(
            f"{wrong['value'].iloc[0]:g} is not a percentage",
            where=f"{PATH}, {wrong.index[0]}",
            fix="Correct the cell, or download the file again.",
        )
    return table
