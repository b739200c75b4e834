"""Councils, regions and England: find one by name or code, its neighbours, and its past.

:class:`Areas` answers questions about the two tables that :mod:`sendreform.sources.geography`
describes; it reads no file. Everywhere else an area is a code: the Department for Education's
three-digit code for a council (``886``), the GSS code for a region or England.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

import pandas as pd

from sendreform.errors import ReportError, did_you_mean
from sendreform.observations import ENGLAND
from sendreform.periods import label

HISTORY_COLUMNS = [
    "area", "name", "relation", "first_period", "last_period", "carried_back", "note",
]  # fmt: skip

_TEXT_COLUMNS = [
    "area", "name", "other_names", "level", "gss_code", "other_gss_codes", "council_type",
    "region", "first_period", "last_period", "reorganised", "predecessors", "successors",
]  # fmt: skip

Level = Literal["country", "region", "council"]


@dataclass(frozen=True)
class Areas:
    """Every area that the report knows.

    Parameters
    ----------
    table
        The ``areas`` table: a row per area, text columns empty rather than missing.
    neighbours_table
        The ``neighbours`` table: ``area``, ``rank``, ``neighbour``, ``closeness``, ``model``.
    """

    table: pd.DataFrame
    neighbours_table: pd.DataFrame

    def find(self, text: str) -> str:
        """Return the code of the area that a person means.

        Takes an official name or another name in use ("Bristol"), a three-digit code or a GSS
        code, past ones included. Case, punctuation, "&" and a closing "council" do not matter. A
        name that a council of today shares with one it replaced means the council of today.

        Raises
        ------
        ReportError
            When no area has that name or code, with those that come near; when several have it,
            with the choices.
        """
        codes = self._codes.get(_key(text), [])
        current = [code for code in codes if not self._row(code)["last_period"]] or codes
        if len(current) == 1:
            return current[0]
        if current:
            choices = " or ".join(f"{self.name(code)} ({code})" for code in current)
            raise ReportError(
                f"{text!r} could be more than one area",
                where="area",
                fix=f"Did you mean {choices}?",
            )
        raise ReportError(
            f"unknown council {text!r}",
            where="area",
            fix=self._suggestion(text)
            or "Give the name of a council, a region or England, or its code.",
        )

    def name(self, code: str) -> str:
        """Return the name of an area: ``"886"`` gives ``"Kent"``."""
        return self._row(code)["name"]

    def other_names(self, code: str) -> list[str]:
        """Return the other names that an area goes by in the publications."""
        return _listed(self._row(code)["other_names"])

    def level(self, code: str) -> Level:
        """Return ``country``, ``region`` or ``council``."""
        return cast(Level, self._row(code)["level"])

    def region_of(self, code: str) -> str:
        """Return the code of a council's region; a region is its own, and so is England."""
        return self._row(code)["region"] or code

    def councils(self, *, current_only: bool = True) -> pd.DataFrame:
        """Return the rows of the table that are councils, in order of name."""
        # A copy shares its rows until somebody writes to it.
        return self._councils[current_only].copy(deep=False)

    @cached_property
    def _councils(self) -> dict[bool, pd.DataFrame]:
        """The councils of today alone, or with those of the past, in order of name."""
        councils = self.table[self.table["level"] == "council"]
        today = councils[councils["last_period"] == ""]
        return {
            current_only: rows.sort_values("name", ignore_index=True)
            for current_only, rows in ((True, today), (False, councils))
        }

    def councils_in(self, code: str) -> list[str]:
        """Return the councils of today in a region or in England; of a council, itself."""
        if self.level(code) == "council":
            return [code]
        councils = self.councils()
        inside = councils if code == ENGLAND else councils[councils["region"] == code]
        return [str(area) for area in inside["area"]]

    def members_of(self, code: str) -> list[str]:
        """Return every council, of today or the past, in a region or in England; else itself."""
        if self.level(code) == "council":
            return [code]
        councils = self.councils(current_only=False)
        inside = councils if code == ENGLAND else councils[councils["region"] == code]
        return [str(area) for area in inside["area"]]

    def neighbours(self, code: str) -> pd.DataFrame:
        """Return a council's ten statistical neighbours, the nearest first.

        Returns
        -------
        ``rank`` (1 to 10), ``area``, ``name`` and ``closeness`` in the publisher's words. Empty
        for an area that the model leaves out: a region, England, a council since replaced.
        """
        self._row(code)
        return (
            self.neighbours_table.loc[self.neighbours_table["area"] == code]
            .drop(columns="area")
            .rename(columns={"neighbour": "area"})
            .astype({"rank": "int64"})
            .assign(name=lambda t: t["area"].map(self.name))
            .sort_values("rank", ignore_index=True)[["rank", "area", "name", "closeness"]]
        )

    def predecessors(self, code: str) -> list[str]:
        """Return the councils that this one took over from, wholly or in part."""
        return _listed(self._row(code)["predecessors"])

    def successors(self, code: str) -> list[str]:
        """Return the councils that took over from this one."""
        return _listed(self._row(code)["successors"])

    def chain(self, code: str) -> list[str]:
        """Return the codes whose figures, added up, are this area's own past and present.

        Figures can be carried back over a reorganisation only where whole councils merged. None
        of those since 2010 did so and no more:

        * Northamptonshire and Cumbria were each split in two; one county figure cannot be split.
        * Bournemouth and Poole became part of Bournemouth, Christchurch and Poole, but
          Christchurch came out of Dorset; so neither the new council nor the new Dorset is a sum
          of the old ones.
        * The county councils of Buckinghamshire, North Yorkshire and Somerset became unitary
          on the same boundary and kept their code: their series runs on.

        So today the answer is always the code itself. The rule is applied all the same, so that
        a future merger of whole councils is carried back without a change here.
        """
        before = self.predecessors(code)
        whole = all(self.successors(old) == [code] for old in before)
        return [code, *before] if whole else [code]

    def history(self, code: str) -> pd.DataFrame:
        """Say what of an area's past is shown under its name, in sentences for a page.

        Returns
        -------
        A row for the area, then one for each council before and after it. ``relation`` is
        ``itself``, ``predecessor`` or ``successor``; ``first_period`` and ``last_period`` are
        Januaries, empty when open; ``carried_back`` says whether the row's figures are part of
        this area's own series; ``note`` is one or two sentences, empty when nothing changed.
        """
        own = set(self.chain(code))
        relations = [
            (code, "itself"),
            *((old, "predecessor") for old in self.predecessors(code)),
            *((new, "successor") for new in self.successors(code)),
        ]
        return pd.DataFrame(
            [
                {
                    "area": area,
                    "name": self.name(area),
                    "relation": relation,
                    "first_period": self._row(area)["first_period"],
                    "last_period": self._row(area)["last_period"],
                    "carried_back": area in own,
                    "note": self._note(area),
                }
                for area, relation in relations
            ],
            columns=HISTORY_COLUMNS,
        )

    def _note(self, code: str) -> str:
        """Say in words what happened to a council; empty when nothing did."""
        row = self._row(code)
        if not row["reorganised"]:
            return ""
        name, when = self.name(code), _month(row["reorganised"])
        before, after = self.predecessors(code), self.successors(code)
        if after:
            heirs = " and by ".join(self.name(new) for new in after)
            last = label(row["last_period"], "january")
            former = self._former(code)
            return (
                f"{former[0].upper()}{former[1:]} was replaced in {when} by {heirs}. "
                f"Its last January figures are for {last}."
            )
        if not before:
            return (
                f"{name} became a unitary council in {when} on the boundary of the county council "
                "before it, so its figures run on unbroken."
            )
        # Whole councils first: "from Bournemouth, Poole and part of Dorset".
        whole = [self.name(old) for old in before if self.successors(old) == [code]]
        parts = [f"part of {self._former(old)}" for old in before if len(self.successors(old)) > 1]
        as_now = ", as it is today," if name in {_plain(self.name(old)) for old in before} else ""
        formed = f"{name}{as_now} was formed in {when} from {_and([*sorted(whole), *parts])}"
        if not parts:
            return f"{formed}; figures before then are the sum of those councils."
        if not whole and len(parts) == 1:
            return f"{formed}; figures before then are for the whole county and are not shown here."
        return (
            f"{formed}; figures before then cannot be put together for its present area and are "
            "not shown here."
        )

    def _former(self, old: str) -> str:
        """Name a council that was replaced, apart from a successor of the same name."""
        name = _plain(self.name(old))
        heirs = {self.name(new) for new in self.successors(old)}
        return f"the former county of {name}" if name in heirs else name

    def _suggestion(self, text: str) -> str:
        """Offer the names that hold the text as words, or else those that read most like it."""
        words = f" {_key(text)} "
        names = [str(name) for name in self.table.sort_values("last_period")["name"]]
        holding = [name for name in names if words in f" {_key(name)} "]
        return did_you_mean(text, holding) or did_you_mean(text, names)

    def _row(self, code: str) -> dict[str, str]:
        if code not in self._rows:
            raise ReportError(f"unknown area code {code!r}", where="area")
        return self._rows[code]

    @cached_property
    def _rows(self) -> dict[str, dict[str, str]]:
        """The text of the table, by code."""
        text = self.table[_TEXT_COLUMNS].set_index("area", drop=False)
        return cast(dict[str, dict[str, str]], text.to_dict("index"))

    @cached_property
    def _codes(self) -> dict[str, list[str]]:
        """The areas by each name and code they go by."""
        known: dict[str, list[str]] = {}
        for code, row in self._rows.items():
            called = [
                code,
                row["name"],
                row["gss_code"],
                *_listed(row["other_names"]),
                *_listed(row["other_gss_codes"]),
            ]
            for key in {_key(text) for text in called}:
                known.setdefault(key, []).append(code)
        return known


def _key(text: str) -> str:
    """Return a name without case, punctuation, or a closing "council", and "&" as "and"."""
    words = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("&", " and ")).strip()
    return re.sub(r" (?:county |city |borough |metropolitan borough )?council$", "", words)


def _listed(joined: str) -> list[str]:
    return joined.split("|") if joined else []


def _plain(name: str) -> str:
    """Return a name without the note in brackets that tells it from its successor's."""
    return re.sub(r" \(.*\)$", "", name)


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _month(date: str) -> str:
    return label(date[:7], "month")
