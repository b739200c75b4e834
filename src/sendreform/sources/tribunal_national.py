"""Appeals and decisions of the SEND Tribunal in England by academic year, as quoted in print.

The Ministry of Justice publishes these each December in "Tribunal Statistics Quarterly". What is at
hand is how written answers, the Department for Education and others quoted them, so the figures
stand in ``tribunal_national.yml`` itself, each with its period, value, source and wording. There
is no official file to read. Years without a figure are years for which none was found; where two
reports disagree, each is a breakdown of its own.
"""

from importlib import resources

import pandas as pd
import yaml

from sendreform.errors import ReportError
from sendreform.observations import ENGLAND, tidy
from sendreform.sources.reading import SourceFolder

WORDS = "tribunal_national.yml"
FIELDS = {"measure", "period", "value", "source", "as_published"}


def observations(_folder: SourceFolder) -> pd.DataFrame:
    """Return national figures of the SEND Tribunal by academic year.

    Parameters
    ----------
    _folder
        Not needed: the figures are in this package.

    Returns
    -------
    DataFrame
        Observations for England: appeals registered, disposed of and decided (appeals), and
        decisions for families and for councils (decisions, per cent of decisions).

    Raises
    ------
    ReportError
        If a figure lacks a field, or is given twice.
    """
    text = (resources.files("sendreform.sources") / WORDS).read_text("utf-8")
    return quoted(yaml.safe_load(text)["figures"])


def quoted(figures: list[dict[str, str | float]]) -> pd.DataFrame:
    """Turn quoted figures into observations; ``breakdown`` is "all" unless a figure has one.

    Raises
    ------
    ReportError
        If a figure lacks a field, or is given twice.
    """
    for figure in figures:
        lacking = sorted(FIELDS - figure.keys())
        if lacking:
            raise ReportError(
                f"the figure {figure} has no {lacking[0]}",
                where=WORDS,
                fix="Give each figure " + ", ".join(sorted(FIELDS)) + ".",
            )
    table = pd.DataFrame(figures).reindex(columns=[*sorted(FIELDS), "breakdown"])
    return tidy(table.assign(breakdown=table["breakdown"].fillna("all"), area=ENGLAND, status=""))
