"""What surveys about the SEND system found, as published: there is no data file to read.

The results are facts typed into ``survey.yml`` from the pages that it names, each with its
publisher and, where the page is not the publisher's own, who reported it.
"""

from importlib import resources
from typing import Any

import pandas as pd
import yaml

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND, breakdown, tidy
from sendreform.sources.reading import SourceFolder

RESULTS = "survey.yml"
_FIELDS = {"measure", "question", "year", "share", "source"}


def observations(_folder: SourceFolder) -> pd.DataFrame:
    """Return survey results.

    Returns
    -------
    Observations for England by ``question`` and ``calendar_year`` (the year of the survey): the
    share of those who answered, in per cent.

    Raises
    ------
    ReportError
        When a result names a measure, question or source that ``survey.yml`` does not describe.
    """
    text = (resources.files("sendreform.sources") / RESULTS).read_text("utf-8")
    return results(yaml.safe_load(text))


def results(words: dict[str, Any]) -> pd.DataFrame:
    """Turn the results in the words of ``survey.yml`` into observations.

    Raises
    ------
    ReportError
        See :func:`observations`.
    """
    described = {
        "measure": words["measures"],
        "question": words["breakdowns"]["question"]["values"],
        "source": words["files"],
    }
    for place, result in enumerate(words["results"], start=1):
        where = f"{RESULTS}, result {place}"
        if set(result) != _FIELDS:
            raise ReportError(f"a result needs {', '.join(sorted(_FIELDS))}", where=where)
        for field, known in described.items():
            if result[field] not in known:
                raise ReportError(
                    f"{field} {result[field]!r} is not described",
                    where=where,
                    fix=did_you_mean(str(result[field]), known),
                )
        if not 0 <= result["share"] <= 100:
            raise ReportError(f"{result['share']} is not a share in per cent", where=where)
    return tidy(
        pd.DataFrame(
            {
                "measure": result["measure"],
                "area": ENGLAND,
                "period": str(result["year"]),
                "breakdown": breakdown(question=result["question"]),
                "value": result["share"],
                "status": "",
                "source": result["source"],
            }
            for result in words["results"]
        )
    )
