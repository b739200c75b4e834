"""Children waiting for community health services in England, by service and month.

The four services that children with SEND most often need: audiology, community paediatrics,
occupational therapy, and speech and language therapy. The Department for Education's dashboard
also has a table by organisation; those are NHS providers, not councils, so it is not read.

Publisher of the monthly lists: NHS England, https://www.england.nhs.uk/statistics
"""

import pandas as pd

from sendreform import periods
from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, tidy, value_and_status
from sendreform.sources.reading import SourceFolder, read_csv

WAITS = "send_dashboard/eng_ch_time_series_derived.csv"
SERVICES = {
    "Audiology": "audiology",
    "Community Paediatric Service": "community_paediatrics",
    "Occupational Therapy": "occupational_therapy",
    "Speech And Language": "speech_and_language_therapy",
}
_COLUMNS = [
    "", "Therapy", "Total waiting list", "Waiting >18-52 weeks", "Waiting >52 weeks", "Date",
    "Percentage waiting more than 18 weeks", "formattedDate",
]  # fmt: skip


def observations(folder: SourceFolder) -> pd.DataFrame:
    """Read waiting lists.

    Returns
    -------
    Observations for England by ``health_service`` and ``month``: children waiting, waiting more
    than 18 weeks, waiting more than 52 weeks (people), and the share waiting more than 18 weeks
    (per cent).

    Raises
    ------
    ReportError
        When the file is not as expected, or a published share does not recompute.
    """
    table = read_csv(folder, WAITS, _COLUMNS)
    published = {
        column: value_and_status(table[column], where=f"{WAITS}, column {column}")["value"]
        for column in [*_COLUMNS[2:5], _COLUMNS[6]]
    }
    waiting, middle, long, share = published.values()
    over_18 = middle + long
    _check_share(share, over_18 / waiting * 100)
    keyed = pd.DataFrame(
        {
            "area": ENGLAND,
            "period": [_month(text, row) for row, text in enumerate(table["Date"], start=2)],
            "breakdown": "health_service:" + _services(table["Therapy"]),
            "status": "",
            "source": "community_health_waits_2023",
        }
    )
    return tidy(
        pd.concat(
            keyed.assign(measure=measure, value=value)
            for measure, value in {
                "community_health_waiting": waiting,
                "community_health_waiting_over_18_weeks": over_18,
                "community_health_waiting_over_52_weeks": long,
                "community_health_waiting_over_18_weeks_share": share.round(1),
            }.items()
        )
    )


def _services(published: pd.Series) -> pd.Series:
    strange = published[~published.isin(list(SERVICES))]
    if len(strange):
        raise ReportError(
            f"unknown service {strange.iloc[0]!r}",
            where=f"{WAITS}, column Therapy, row {strange.index[0] + 2}",
            fix=did_you_mean(strange.iloc[0], SERVICES),
        )
    return published.map(SERVICES)


def _month(text: str, row: int) -> str:
    try:
        return periods.parse(text, "month")
    except ReportError as error:
        raise ReportError(error.what, where=f"{WAITS}, column Date, row {row}") from error


def _check_share(published: pd.Series, computed: pd.Series) -> None:
    """Refuse a share that is not the share of its own row, or a row with a number missing."""
    apart = ~((published - computed).abs() < 0.05)
    if apart.any():
        row = apart[apart].index[0]
        raise ReportError(
            f"the share waiting more than 18 weeks is {published[row]:.1f}, where the numbers "
            f"waiting give {computed[row]:.1f}",
            where=f"{WAITS}, row {row + 2}",
            fix="Correct the row, or download the file again.",
        )
