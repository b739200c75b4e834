"""Whether each council's area has designated medical, clinical and social care officers in post.

The file comes with the "Education, health and care plans" release of 2025: one row for each
council and January, and in each of three columns "Yes", "No" or "Recruiting". The post of
designated social care officer was first asked about in 2025; before, its column says "n/a"
throughout, which gives no rows.

Publisher: https://explore-education-statistics.service.gov.uk/methodology/education-health-and-care-plans
"""

import pandas as pd

from sendreform.errors import ReportError
from sendreform.observations import tidy
from sendreform.sources.reading import SourceFolder, read_csv
from sendreform.sources.sen2_layout import AREA_COLUMNS, areas, january_periods

PATH = "ehc_plans/sen2_dmo_dco.csv"
SOURCE = "ehc_2025_designated_officers"

#: Published columns, to the codes of the dimension ``officer``.
OFFICERS = {
    "des_med_off": "medical",
    "des_clin_off": "clinical",
    "des_so_care_off": "social_care",
}

IN_POST = {"Yes": 1.0, "No": 0.0, "Recruiting": 0.0}
RECRUITING = {"Yes": 0.0, "No": 0.0, "Recruiting": 1.0}
SYMBOLS = {"n/a": "z", "Not returned": "x"}


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Return, for each council and January, whether each kind of officer is in post.

    Parameters
    ----------
    folder
        The folder of official files.

    Returns
    -------
    DataFrame
        Observations of ``designated_officer_in_post`` and ``designated_officer_recruiting``: 1
        for yes and 0 for no, by ``officer``; status ``z`` for "n/a" and ``x`` for "Not returned".

    Raises
    ------
    ReportError
        If the file is missing, or its columns or answers are not as expected.
    """
    table = read_csv(folder, PATH, [*AREA_COLUMNS, *OFFICERS])
    places = pd.DataFrame(
        {"area": areas(table, where=PATH), "period": january_periods(_years(table["time_period"]))}
    )
    answers = pd.concat(
        [
            places.assign(breakdown=f"officer:{officer}", answer=_answers(table[column]))
            for column, officer in OFFICERS.items()
        ],
        ignore_index=True,
    )
    asked = answers["answer"] != "n/a"
    ever_asked = asked.groupby([answers["breakdown"], answers["period"]]).transform("any")
    figures = pd.concat(
        [
            _figures(answers[ever_asked], "designated_officer_in_post", IN_POST),
            _figures(answers[ever_asked], "designated_officer_recruiting", RECRUITING),
        ],
        ignore_index=True,
    )
    return tidy(figures.assign(source=SOURCE))


def _years(time_periods: pd.Series) -> pd.Series:
    sound = time_periods.str.fullmatch(r"20\d\d")
    if not sound.all():
        row = sound[~sound].index[0]
        raise ReportError(
            f"{time_periods.loc[row]!r} is not a year",
            where=f"{PATH}, row {row + 2}, column 'time_period'",
            fix="Write it like 2025.",
        )
    return time_periods.astype("int64")


def _answers(published: pd.Series) -> pd.Series:
    """Return the answers, trimmed, and refuse one that is not known."""
    answers = published.str.strip()
    stray = ~answers.isin([*IN_POST, *SYMBOLS])
    if stray.any():
        row = stray[stray].index[0]
        raise ReportError(
            f"{published.loc[row]!r} is no known answer",
            where=f"{PATH}, row {row + 2}, column {published.name!r}",
            fix=f"Answers are {', '.join([*IN_POST, *SYMBOLS])}.",
        )
    return answers


def _figures(answers: pd.DataFrame, measure: str, values: dict[str, float]) -> pd.DataFrame:
    return answers.assign(
        measure=measure,
        value=answers["answer"].map(values),
        status=answers["answer"].map(SYMBOLS).fillna(""),
    )
