"""What a test found: one figure, how sure it is, and what it is in other ways or other years."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Result:
    """The figure of one test, in the unit that its rule names.

    Attributes
    ----------
    value
        The figure; missing when it cannot be worked out, and then ``missing_because`` says why.
    period
        What it is about, in words: ``January 2015 to January 2026``.
    measures
        The measures that it is worked out from.
    low, high
        The ends of a 95% interval, where sampling or small numbers matter.
    checks
        The same figure worked out in other ways, or for other years: words → figure, such as
        ``{"without London": 62.0}``. A verdict takes them into account.
    beside
        What the figure is made of, in the same unit, words → figure: shown and not judged.
    missing_because
        A sentence that says why there is no figure.
    """

    value: float
    period: str
    measures: tuple[str, ...]
    low: float = float("nan")
    high: float = float("nan")
    checks: Mapping[str, float] = field(default_factory=dict)
    beside: Mapping[str, float] = field(default_factory=dict)
    missing_because: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether there is no figure."""
        return math.isnan(self.value)

    @property
    def has_interval(self) -> bool:
        """Whether the figure has an interval."""
        return not (math.isnan(self.low) or math.isnan(self.high))


def no_result(because: str, *measures: str) -> Result:
    """Return a result without a figure, with a sentence that says why."""
    return Result(float("nan"), "", measures, missing_because=because)
