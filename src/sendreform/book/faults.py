"""What a page says of published figures that look wrong: ``data/argument/faults.yml``."""

import re
from dataclasses import replace

from sendreform.book.words import number
from sendreform.evidence.series import at, of
from sendreform.periods import year_of
from sendreform.report import Report
from sendreform.store import Store

#: Where the words name a figure: ``{ehc_plans 2025-01}``.
_FIGURE = re.compile(r"\{(\w+) ([^}]+)\}")


def note(report: Report, measure: str, *periods: str) -> str:
    """Say which figures of a measure look wrong in the place; nothing where none does.

    Parameters
    ----------
    periods
        The periods that the page tells; without any, all years of the report.
    """
    kind = report.store.record(measure)["period_kind"]
    years = range(report.baseline_year, report.latest_year + 1)
    found = []
    for fault in report.store.argument("faults")["faults"]:
        told = [
            period
            for period in fault["periods"]
            if (period in periods if periods else year_of(period, kind) in years)
        ]
        if fault["measure"] == measure and fault["area"] in report.members and told:
            found.append(_filled(report.store, fault["words"], fault["area"]))
    if found and report.level != "council":
        it_is = "It is" if len(found) == 1 else "They are"
        found.append(f"{it_is} in the total of {report.place} as published.")
    return " ".join(found)


def among_councils(report: Report, measure: str, *periods: str) -> str:
    """Say which figures of single councils look wrong, for what shows or compares all of them.

    Parameters
    ----------
    periods
        As for :func:`note`.
    """
    areas = dict.fromkeys(
        fault["area"]
        for fault in report.store.argument("faults")["faults"]
        if fault["measure"] == measure and fault["area"] in report.councils
    )
    found = [note(replace(report, area=area), measure, *periods) for area in areas]
    return " ".join(words for words in found if words)


def _filled(store: Store, words: str, area: str) -> str:
    """Put the figures of an area into the words of a fault."""

    def figure(named: re.Match[str]) -> str:
        observed = of(store.observations(named[1]))
        return str(number(at(observed[observed["area"] == area], named[2])))

    return _FIGURE.sub(figure, words)
