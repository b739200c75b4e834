"""The set of places that a page holds its own place against."""

from dataclasses import dataclass, replace

from sendreform.book.words import counted
from sendreform.errors import ReportError
from sendreform.report import Report

NEIGHBOURS, REGION = "neighbours", "region"


@dataclass(frozen=True)
class Comparison:
    """Places to compare with.

    ``areas``: their codes. ``words``: how a sentence names them, ``label``: how a chart and a
    table do.
    """

    areas: tuple[str, ...]
    words: str
    label: str


def comparison_of(report: Report, asked: str) -> Comparison:
    """Return the places that are asked for.

    Parameters
    ----------
    asked
        ``neighbours``: the council's ten statistical neighbours; of a region, the other regions.
        ``region``: the other councils of its region. Or names or codes, divided by semicolons.

    Raises
    ------
    ReportError
        On an unknown place (offers the near names), or the place itself.
    """
    if asked == NEIGHBOURS and report.level == "council":
        near = tuple(report.areas.neighbours(report.area)["area"])
        return Comparison(
            near, "the council's ten statistical neighbours", "Statistical neighbours"
        )
    if asked in (NEIGHBOURS, REGION):
        return _region_of_council(report) if report.level == "council" else _regions(report)
    areas = tuple(dict.fromkeys(report.areas.find(name) for name in asked.split(";")))
    if report.area in areas:
        raise ReportError(
            f"{report.name} cannot be compared with itself",
            where="parameter comparison",
            fix="Leave it out of the list.",
        )
    return Comparison(areas, "the places chosen to compare with", "Chosen places")


def _region_of_council(report: Report) -> Comparison:
    region = report.areas.region_of(report.area)
    others = tuple(area for area in report.areas.councils_in(region) if area != report.area)
    return Comparison(
        others, f"the other councils of {replace(report, area=region).place}", "Rest of the region"
    )


def _regions(report: Report) -> Comparison:
    places = report.areas.table
    others = tuple(
        str(area) for area in places.loc[places["level"] == "region", "area"] if area != report.area
    )
    return Comparison(others, f"the other {counted(len(others))} regions", "Other regions")
