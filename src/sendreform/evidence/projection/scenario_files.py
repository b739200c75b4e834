"""Scenarios as people write them: read, and refused with one clear line where they are wrong."""

from collections.abc import Mapping
from reprlib import repr as shortened
from typing import Any

from sendreform.errors import ReportError, did_you_mean
from sendreform.evidence.projection.scenarios import EFFECTS, NO_REFORM, STARTS, Range, Scenario

#: The least and the most that an effect can be: per cent, or points a year.
LIMITS = dict.fromkeys(EFFECTS, (0.0, 100.0)) | {"slower_unit_costs": (0.0, 10.0)}

#: The longest that effects can take to grow to their full size.
LONGEST_PHASE = 10

_FIELDS = ("name", "words", "start", "phase_in", *EFFECTS)


def scenario(record: Any, *, where: str) -> Scenario:
    """Read one scenario.

    Parameters
    ----------
    record
        What a file holds: ``name``, ``start``, and any of ``phase_in`` and the effects.
    where
        The file and the entry, for the line that says what is wrong.

    Raises
    ------
    ReportError
        If something is missing, unknown, no number, or outside its limits.

    Examples
    --------
    >>> scenario({"name": "Sooner", "start": 2027, "fewer_new_plans": [5, 20]}, where="a.yml")
    Scenario(name='Sooner', start=2027, phase_in=1, fewer_new_plans=(5.0, 20.0), \
more_in_mainstream=(0.0, 0.0), fewer_independent=(0.0, 0.0), slower_unit_costs=(0.0, 0.0))
    """
    if not isinstance(record, Mapping):
        raise ReportError("it holds no fields", where=where, fix="Write them as NAME: VALUE.")
    for name in record:
        if name not in _FIELDS:
            raise ReportError(
                f"unknown field {shortened(name)}",
                where=where,
                fix=did_you_mean(str(name), _FIELDS) or f"The fields are {', '.join(_FIELDS)}.",
            )
    for name in ("name", "start"):
        if record.get(name) is None:
            raise ReportError(f"{name} is missing", where=where, fix=f"Write {name}: …")
    return Scenario(
        name=_name(record["name"], where=f"{where}, name"),
        start=_whole(record["start"], STARTS[0], STARTS[-1], where=f"{where}, start"),
        phase_in=_whole(record.get("phase_in", 1), 1, LONGEST_PHASE, where=f"{where}, phase_in"),
        **{
            name: _range(record[name], LIMITS[name], where=f"{where}, {name}")
            for name in EFFECTS
            if name in record
        },
    )


def problems(content: Mapping[str, Any]) -> list[str]:
    """Return a line for each thing that is wrong with the project's own scenarios."""
    found = []
    for name, record in (content.get("scenarios") or {}).items():
        try:
            scenario(record, where=f"scenarios.yml, {name}")
        except ReportError as error:
            found.append(str(error))
    for name in ("funding_growth", "price_growth"):
        try:
            assumption(content, name)
        except ReportError as error:
            found.append(str(error))
    return found


def assumption(content: Mapping[str, Any], name: str) -> Range:
    """Return the low and the high end of an assumption, per cent a year."""
    where = f"scenarios.yml, assumptions, {name}"
    record = (content.get("assumptions") or {}).get(name)
    if not isinstance(record, Mapping) or not {"low", "high", "words", "source"} <= record.keys():
        raise ReportError(
            "low, high, words or source is missing", where=where, fix="Write all four."
        )
    return _range([record["low"], record["high"]], (-10.0, 20.0), where=where)


def _name(value: Any, *, where: str) -> str:
    """Read a name: some text, other than that of no reform, from which none could tell it."""
    told = value.strip() if isinstance(value, str) else ""
    if not told or told.casefold() == NO_REFORM.name.casefold():
        raise ReportError(
            f"{shortened(value)} is no name of a reform", where=where, fix="Write a few words."
        )
    return told


def _whole(value: Any, least: int, most: int, *, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ReportError(
            f"{shortened(value)} is not a whole number from {least} to {most}",
            where=where,
            fix=f"Write it like {least}.",
        )
    return value


def _range(value: Any, limits: Range, *, where: str) -> Range:
    """Read a number, or a low and a high end."""
    ends = value if isinstance(value, list) else [value, value]
    is_number = [isinstance(end, int | float) and not isinstance(end, bool) for end in ends]
    if len(ends) != 2 or not all(is_number):
        raise ReportError(
            f"{shortened(value)} is neither a number nor a low and a high end",
            where=where,
            fix="Write it like 10, or [5, 20].",
        )
    if not limits[0] <= ends[0] <= ends[1] <= limits[1]:  # also refuses what is not a number
        raise ReportError(
            f"{shortened(value)} does not lie between {limits[0]:g} and {limits[1]:g}, the low end "
            "first",
            where=where,
            fix="Choose ends within these limits.",
        )
    return float(ends[0]), float(ends[1])
