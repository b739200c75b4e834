"""A place as its page tells of it: the report, its newest figures, and what they stand beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sendreform.book.local.comparison import Comparison, comparison_of
from sendreform.book.local.measures import Told, told
from sendreform.book.local.standing_words import Newest, newest_of
from sendreform.book.narrowing import of_england
from sendreform.claims.by_place import outcomes_of
from sendreform.claims.verdicts import Outcome
from sendreform.errors import ReportError
from sendreform.report import Report
from sendreform.store.reads import remembered


@dataclass(frozen=True)
class Place:
    """A council or a region, and the places to compare it with; made by :func:`open_place`."""

    report: Report
    comparison: Comparison

    @cached_property
    def told(self) -> Mapping[str, Told]:
        """The measures of the page by name; none where they would be those of a few children."""
        return {} if self.report.is_small else told(self.report)

    @cached_property
    def newest(self) -> Mapping[str, Newest | None]:
        """The newest figure of each measure, by name; ``None`` where there is none."""
        return {
            name: newest_of(self.report, one, self.comparison) for name, one in self.told.items()
        }

    @cached_property
    def tests(self) -> Mapping[str, Sequence[Outcome]]:
        """The tests of each finding as made for the place."""
        return outcomes_of(self.report)

    @cached_property
    def england(self) -> Mapping[str, Outcome]:
        """The same tests as made for England, by id."""
        return {
            outcome.test.id: outcome
            for made in england_outcomes(of_england(self.report)).values()
            for outcome in made
        }


#: England's tests, which the page of every place shows beside its own: made once a process.
england_outcomes = remembered(None)(outcomes_of)


def open_place(report: Report, comparison: str) -> Place:
    """Return the place of a report for its page.

    Parameters
    ----------
    comparison
        See :func:`~sendreform.book.local.comparison.comparison_of`.

    Raises
    ------
    ReportError
        Where the report is about England, or the comparison is not understood.
    """
    if report.is_england:
        raise ReportError(
            "England has the report itself and no page of a place",
            where="parameter area",
            fix="Name a council or a region.",
        )
    return Place(report, comparison_of(report, comparison))
