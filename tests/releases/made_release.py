"""An archive laid out as the release of June 2026, one year on from what the data hold.

It is made from the official archive of 2025: the rows of its last year come again as those of the
year after next, so that no figure of the data is touched; the columns are spelled as the release of
June 2026 spells them; names of files are shuffled.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from sendreform.sources.ehc_process_layout import CEASED_FIGURES, TIMELINESS_RENAMED_2025
from sendreform.sources.sen2_layout import PLACEMENT_CODES, RENAMED

Rows = list[dict[str, str]]

#: Tables of the archive of 2025, and the name that each has in the made one.
NAMES = {
    "data/caseload.csv": "data/a.csv",
    "data/requests.csv": "data/b.csv",
    "data/assessments.csv": "data/c.csv",
    "data/timeliness_20_week.csv": "data/d.csv",
    "data/newplans.csv": "data/e.csv",
    "data/ceased_plans.csv": "data/f.csv",
    "data/residential_settings.csv": "data/g.csv",
    "data/sen_need_newplans.csv": "data/h.csv",
}
#: What the release of June 2026 calls rows that count everyone, and the age of the child.
RELABELLED = {
    "All requests for EHC needs assessments": "All requests for an EHC needs assessment",
    "All EHC plans issued": "All EHC plans",
    "New EHC plans": "All new EHC plans",
}
AGE_IN_CASELOAD = {"Child or young persons age": "Age at start of academic year"}
DROPPED = {"data/ceased_plans.csv": ["not_rec"]}
ADDED = {"data/timeliness_20_week.csv": ["avg_weeks_issue_plan", "avg_weeks_issue_plan_exc"]}


REASONS = [name for name in CEASED_FIGURES if name != "total_ceased"]
#: The parts of "educated elsewhere".
ELSEWHERE = [
    "elective_home_education", "other_arrangements_la", "other_arrangements_parents",
    "online_provider", "w_settings", "other_schools", "other_placement_settings", "neet",
    "neet_ntci", "neet_other_csa", "neet_other",
]  # fmt: skip


def later(period: str, by: int) -> str:
    """Move a calendar year, or an academic year such as 202425, on."""
    if len(period) == 4:
        return str(int(period) + by)
    return f"{int(period[:4]) + by}{(int(period[4:]) + by) % 100:02d}"


def split_special(row: dict[str, str]) -> dict[str, str]:
    """Give academies and free schools among special schools a column each, as June 2026 does."""
    if "special_academy_free" not in row:
        return row
    made = {}
    for name, cell in row.items():
        if name == "special_academy_free":
            free = str(int(cell) // 4) if cell.isdigit() else cell
            rest = str(int(cell) - int(free)) if cell.isdigit() else cell
            made |= {"special_academy": rest, "special_free_school": free}
        else:
            made[name] = cell
    return made


def as_of_2026(name: str, rows: Rows) -> Rows:
    """Spell a table's columns and labels as the release of June 2026 does."""
    spelled = RENAMED | TIMELINESS_RENAMED_2025
    # That release kept these two spellings in its caseload.
    for kept in ("await_prov_2022", "perm_ex_2022"):
        spelled.pop(kept)
    relabelled = RELABELLED | (AGE_IN_CASELOAD if name == "data/caseload.csv" else {})
    return [
        {
            **{
                spelled.get(column, column): relabelled.get(cell, cell)
                for column, cell in split_special(row).items()
                if column not in DROPPED.get(name, [])
            },
            **dict.fromkeys(ADDED.get(name, []), "x"),
        }
        for row in rows
    ]


def rows_of(archive: zipfile.ZipFile, name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def written(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def put_placements_right(rows: Rows) -> Rows:
    """Give councils that have no placements "not recorded", and wider areas their councils' sums.

    The archive of 2025 does not add up here, which the catalogue explains for its years alone.
    """
    whole = [row for row in rows if row["breakdown"] in ("All EHC plans", "All new EHC plans")]
    total = "ehcplans" if "ehcplans" in rows[0] else "new_ehc_plans"
    counts = [total, *(name for name in PLACEMENT_CODES if name in rows[0])]
    councils = [row for row in whole if row["geographic_level"] == "Local authority"]
    for row in councils:
        if row[total].isdigit() and not row["placement_unknown"].isdigit():
            row |= {name: "0" for name in counts[1:] if row[name] not in ("z", "")}
            row["placement_unknown"] = row[total]
        if row["ed_elsewhere"].isdigit():
            parts = [int(row[name]) for name in ELSEWHERE if row[name].isdigit()]
            row["placement_unknown"] = str(
                int(row["placement_unknown"]) + int(row["ed_elsewhere"]) - sum(parts)
            )
            row["ed_elsewhere"] = str(sum(parts))
    for row in whole:
        place = row["region_code"]
        own = [each for each in councils if place in ("", each["region_code"])]
        if row not in councils:
            row |= {
                name: str(sum(int(each[name]) for each in own if each[name].isdigit()))
                for name in counts
                if any(each[name].isdigit() for each in own)
            }
    return rows


def put_ceased_right(rows: Rows) -> Rows:
    """Make the total that of the reasons: the one that is not recorded has no column any more."""
    for row in rows:
        reasons = [row[name] for name in REASONS]
        if all(cell.isdigit() for cell in reasons):
            row["total_ceased"] = str(sum(map(int, reasons)))
    return rows


PUT_RIGHT = {
    "data/caseload.csv": put_placements_right,
    "data/newplans.csv": put_placements_right,
    "data/ceased_plans.csv": put_ceased_right,
}


def make_tables(official: Path, by: int = 2) -> dict[str, Rows]:
    """Return the tables of a release so many years after the one of 2025, by their names in it.

    Whoever asks may change them.
    """
    return {name: [row.copy() for row in rows] for name, rows in _tables(official, by).items()}


@lru_cache(maxsize=1)
def _tables(official: Path, by: int) -> dict[str, Rows]:
    with zipfile.ZipFile(official) as archive:
        tables = {}
        for name in NAMES:
            rows = rows_of(archive, name)
            last = max(row["time_period"] for row in rows)
            newest = [row for row in rows if row["time_period"] == last]
            moved = [{**row, "time_period": later(last, by)} for row in newest]
            tables[name] = PUT_RIGHT.get(name, list)(as_of_2026(name, moved))
        return tables


def pack(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def make_release(
    path: Path,
    official: Path,
    by: int = 2,
    change: Callable[[dict[str, Rows]], None] = lambda _tables: None,
) -> Path:
    """Write the archive; ``change`` may change its tables before."""
    tables = make_tables(official, by)
    change(tables)
    guidance = {"data-guidance/notes.txt": b"Reporting year, notes\r\n"}
    return pack(path, {NAMES[name]: written(rows) for name, rows in tables.items()} | guidance)
