"""Kinds of things that move between two editions, the most important first."""

from enum import IntEnum


class Kind(IntEnum):
    """A kind of thing that moves; its number is its ``importance``, 1 the greatest."""

    FINDING = 1
    TEST = 2
    CLAIM = 3
    FIGURE_OF_TEST = 4
    FIGURE_OF_CLAIM = 5
    OTHER_TEST = 6
    OTHER_CLAIM = 7
    ENGLAND_JUDGED = 8
    ENGLAND = 9
    REGION = 10
    COUNCIL = 11

    @property
    def words(self) -> str:
        """The kind in words."""
        return _WORDS[self]


_WORDS = {
    Kind.FINDING: "verdict on a finding",
    Kind.TEST: "verdict of a test",
    Kind.CLAIM: "status of a claim",
    Kind.FIGURE_OF_TEST: "figure of a test",
    Kind.FIGURE_OF_CLAIM: "figure of a claim",
    Kind.OTHER_TEST: "test that only one edition has",
    Kind.OTHER_CLAIM: "claim that only one edition has",
    Kind.ENGLAND_JUDGED: "figure for England that a verdict or claim rests on",
    Kind.ENGLAND: "figure for England",
    Kind.REGION: "figure for a region",
    Kind.COUNCIL: "figure for a council",
}
