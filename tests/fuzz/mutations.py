"""Ways in which an official file can be wrong, each a function of its bytes and a seeded chance."""

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

Rows = list[list[str]]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Mutation:
    """A spoiled file.

    Attributes
    ----------
    kind
        Which way it was spoiled.
    content
        Its bytes.
    """

    kind: str
    content: bytes


# ---------------------------------------------------------------- any bytes


def flip_bytes(content: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5, 20])):
        place = chance.randrange(len(spoiled))
        spoiled[place] ^= chance.randrange(1, 256)
    return bytes(spoiled)


def cut_short(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def double(content: bytes, _chance: random.Random) -> bytes:
    return content + content


def empty(_content: bytes, _chance: random.Random) -> bytes:
    return b""


def error_page(_content: bytes, _chance: random.Random) -> bytes:
    return b"<!DOCTYPE html><html><body><h1>503 Service Unavailable</h1></body></html>\n"


def utf_16(content: bytes, _chance: random.Random) -> bytes:
    return content.decode("utf-8-sig", "replace").encode("utf-16")


def windows_1252(content: bytes, _chance: random.Random) -> bytes:
    text = content.decode("utf-8-sig", "replace").replace("England", "Engl\xe4nd", 3)
    return text.encode("cp1252", "replace")


def nul_bytes(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + b"\0" * 50 + content[place:]


ANY = {
    function.__name__: function
    for function in (
        flip_bytes,
        cut_short,
        double,
        empty,
        error_page,
        utf_16,
        windows_1252,
        nul_bytes,
    )
}

# ---------------------------------------------------------------- tables


def _a_number(rows: Rows, chance: random.Random) -> tuple[int, int] | None:
    """Return the place of a cell under the header that holds a number."""
    for _ in range(200):
        row = chance.randrange(1, len(rows))
        if rows[row]:
            column = chance.randrange(len(rows[row]))
            if NUMBER.fullmatch(rows[row][column]):
                return row, column
    return None


def _at_a_number(
    change: Callable[[str, random.Random], str],
) -> Callable[[Rows, random.Random], Rows]:
    def spoil(rows: Rows, chance: random.Random) -> Rows:
        place = _a_number(rows, chance)
        if place:
            row, column = place
            rows[row][column] = change(rows[row][column], chance)
        return rows

    return spoil


def _in_a_column(change: Callable[[str], str]) -> Callable[[Rows, random.Random], Rows]:
    """Change every number of a column whose first number is drawn."""

    def spoil(rows: Rows, chance: random.Random) -> Rows:
        place = _a_number(rows, chance)
        for row in rows[1:] if place else []:
            if place and len(row) > place[1] and NUMBER.fullmatch(row[place[1]]):
                row[place[1]] = change(row[place[1]])
        return rows

    return spoil


def times_1000(cell: str) -> str:
    return f"{float(cell) * 1000:.12g}"


def in_thousands(cell: str) -> str:
    return f"{float(cell) / 1000:.12g}"


def decimal_comma(cell: str) -> str:
    return cell.replace(".", ",") if "." in cell else f"{cell},0"


def stray(cell: str, chance: random.Random) -> str:
    return chance.choice(
        [
            f"{cell}*", f"~{cell}", f"£{cell}", f"{cell}?", f"{cell}%", f"{cell} (r)", "n/k", "N/A",
            "?", "#REF!", "null", "None", f"{cell}\u00a0", f"<b>{cell}</b>", f"{cell}e", "[low]",
        ]
    )  # fmt: skip


def other_spelling(cell: str, chance: random.Random) -> str:
    wide = cell.translate(str.maketrans("0123456789", "".join(chr(0xFF10 + n) for n in range(10))))
    arabic = cell.translate(str.maketrans("0123456789", "".join(chr(0x660 + n) for n in range(10))))
    return chance.choice(
        [
            wide, arabic, f"{cell}e3", f"1_{cell}", f"0x{cell}", "NaN", "inf", "-inf", f"({cell})",
            f"+{cell}", f"{cell}.", f"--{cell}", f"{cell[:1]},{cell[1:]}", f"{cell[:1]} {cell[1:]}",
        ]
    )  # fmt: skip


def formula(cell: str, chance: random.Random) -> str:
    return chance.choice(
        [
            f"={cell}",
            f"={cell}*1000",
            '=HYPERLINK("https://example.org")',
            f"@SUM({cell})",
            f"+{cell}+1",
        ]
    )


def negative(cell: str, _chance: random.Random) -> str:
    return f"-{cell.lstrip('-')}" if float(cell) else "-1"


def another_digit(cell: str, chance: random.Random) -> str:
    places = [place for place, sign in enumerate(cell) if sign.isdigit()]
    place = chance.choice(places)
    digit = chance.choice([sign for sign in "0123456789" if sign != cell[place]])
    return cell[:place] + digit + cell[place + 1 :]


def one_more_digit(cell: str, chance: random.Random) -> str:
    place = chance.randrange(len(cell) + 1)
    return cell[:place] + chance.choice("123456789") + cell[place:]


def blank(_cell: str, _chance: random.Random) -> str:
    return ""


def symbol(_cell: str, chance: random.Random) -> str:
    return chance.choice(["x", "z", "c", "low", "k", "u", "-", ".."])


def drop_row(rows: Rows, chance: random.Random) -> Rows:
    place = chance.randrange(1, len(rows))
    return rows[:place] + rows[place + 1 :]


def drop_many_rows(rows: Rows, chance: random.Random) -> Rows:
    start = chance.randrange(1, len(rows))
    return rows[:start] + rows[start + chance.randrange(2, 2 + len(rows) // 3) :]


def double_row(rows: Rows, chance: random.Random) -> Rows:
    return [*rows, list(rows[chance.randrange(1, len(rows))])]


def double_row_with_another_figure(rows: Rows, chance: random.Random) -> Rows:
    place = _a_number(rows, chance)
    if place:
        twin = list(rows[place[0]])
        twin[place[1]] = times_1000(twin[place[1]])
        rows.insert(chance.randrange(1, len(rows)), twin)
    return rows


def reorder_rows(rows: Rows, chance: random.Random) -> Rows:
    return [rows[0], *chance.sample(rows[1:], len(rows) - 1)]


def move_columns(rows: Rows, chance: random.Random) -> Rows:
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    return [[row[place] for place in order] if len(row) == len(order) else row for row in rows]


def swap_headers(rows: Rows, chance: random.Random) -> Rows:
    one, other = chance.sample(range(len(rows[0])), 2)
    header = rows[0]
    header[one], header[other] = header[other], header[one]
    return rows


def swap_figures_of_two_columns(rows: Rows, chance: random.Random) -> Rows:
    place, other = _a_number(rows, chance), _a_number(rows, chance)
    if place and other:
        for row in rows[1:]:
            if len(row) > max(place[1], other[1]):
                row[place[1]], row[other[1]] = row[other[1]], row[place[1]]
    return rows


def swap_figures_of_two_rows(rows: Rows, chance: random.Random) -> Rows:
    place = _a_number(rows, chance)
    if place:
        row = chance.randrange(1, len(rows))
        if len(rows[row]) > place[1]:
            one, other = rows[place[0]], rows[row]
            one[place[1]], other[place[1]] = other[place[1]], one[place[1]]
    return rows


def rename_column(rows: Rows, chance: random.Random) -> Rows:
    place = chance.randrange(len(rows[0]))
    name = rows[0][place]
    rows[0][place] = chance.choice([f"{name}_new", name[:-1], f"total_{name}", name.swapcase(), ""])
    return rows


def drop_column(rows: Rows, chance: random.Random) -> Rows:
    place = chance.randrange(len(rows[0]))
    return [row[:place] + row[place + 1 :] for row in rows]


def add_column(rows: Rows, chance: random.Random) -> Rows:
    place = chance.randrange(len(rows[0]) + 1)
    return [[*row[:place], "new" if row is rows[0] else "5", *row[place:]] for row in rows]


def double_column(rows: Rows, chance: random.Random) -> Rows:
    place = chance.randrange(len(rows[0]))
    return [[*row, row[place] if len(row) > place else ""] for row in rows]


def shift_years(rows: Rows, chance: random.Random) -> Rows:
    """Move every cell that looks like a year, or years, of one column."""
    by = chance.choice([-10, -1, 1, 10])
    year = re.compile(r"(?:19|20)\d{2}(?:[-/]?(?:\d{2}){1,2})?")
    columns = [
        place
        for place in range(len(rows[0]))
        if sum(len(row) > place and bool(year.fullmatch(row[place])) for row in rows[1:50]) > 5
    ]
    if not columns:
        return rows
    column = columns[0]

    def moved(found: re.Match[str]) -> str:
        return f"{(int(found[0]) + by) % 10 ** len(found[0]):0{len(found[0])}d}"

    for row in rows[1:]:
        if len(row) > column and year.fullmatch(row[column]):
            parts = re.findall(r"\d{4}|\d{2}|[-/]", row[column])
            row[column] = "".join(re.sub(r"\d+", moved, part) for part in parts)
    return rows


def one_year_shifted(rows: Rows, chance: random.Random) -> Rows:
    row = chance.randrange(1, len(rows))
    for column, cell in enumerate(rows[row]):
        if re.fullmatch(r"(?:19|20)\d{2}", cell):
            rows[row][column] = str(int(cell) + chance.choice([-1, 1]))
            break
    return rows


def another_council(rows: Rows, chance: random.Random) -> Rows:
    """Give a row the codes of another."""
    one, other = rows[chance.randrange(1, len(rows))], rows[chance.randrange(1, len(rows))]
    for column, cell in enumerate(one):
        is_code = re.fullmatch(r"E\d{8}|\d{3}", cell)
        if is_code and len(other) > column and len(other[column]) == len(cell):
            one[column] = other[column]
    return rows


def unknown_council(rows: Rows, chance: random.Random) -> Rows:
    row = rows[chance.randrange(1, len(rows))]
    for column, cell in enumerate(row):
        if re.fullmatch(r"E\d{8}|\d{3}", cell):
            row[column] = cell[:-3] + "999"
    return rows


def html_in_a_name(rows: Rows, chance: random.Random) -> Rows:
    row = rows[chance.randrange(1, len(rows))]
    words = [place for place, cell in enumerate(row) if re.search("[A-Za-z]{3}", cell)]
    if words:
        row[chance.choice(words)] = "<script>alert(1)</script>"
    return rows


#: Ways to spoil a table that must be noticed, or leave every figure as it was.
TABLES: Mapping[str, Callable[[Rows, random.Random], Rows]] = {
    **{
        function.__name__: function
        for function in (
            drop_row, drop_many_rows, double_row, double_row_with_another_figure, reorder_rows,
            move_columns, swap_headers, swap_figures_of_two_columns, swap_figures_of_two_rows,
            rename_column, drop_column, add_column, double_column, shift_years, one_year_shifted,
            another_council, unknown_council, html_in_a_name,
        )
    },
    **{
        function.__name__: _at_a_number(function)
        for function in (
            stray, other_spelling, formula, negative, another_digit, one_more_digit, blank, symbol,
        )
    },
    "one_cell_times_1000": _at_a_number(lambda cell, _chance: times_1000(cell)),
    "one_decimal_comma": _at_a_number(lambda cell, _chance: decimal_comma(cell)),
    "column_times_1000": _in_a_column(times_1000),
    "column_in_thousands": _in_a_column(in_thousands),
    "column_with_decimal_commas": _in_a_column(decimal_comma),
}  # fmt: skip


def of_table(content: bytes, kind: str, chance: random.Random) -> bytes:
    """Spoil a CSV file as a table."""
    text = content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    written = io.StringIO()
    csv.writer(written, lineterminator=chance.choice(["\n", "\r\n"])).writerows(
        TABLES[kind](rows, chance)
    )
    mark = chance.choice(["utf-8", "utf-8-sig"])
    return written.getvalue().encode(mark)


# ---------------------------------------------------------------- JSON, parquet


def of_json(content: bytes, kind: str, chance: random.Random) -> bytes:
    """Spoil a number, a name or a stretch of a JSON file."""
    text = content.decode("utf-8")
    numbers = list(re.finditer(r"(?<=[:,\[ ])-?\d+(?:\.\d+)?(?=[,}\]\s])", text))
    keys = list(re.finditer(r'"[^"]+"(?=\s*:)', text))
    if kind == "json_number" and numbers:
        found = chance.choice(numbers)
        change = chance.choice(
            [
                times_1000,
                lambda cell: f'"{cell}"',
                lambda cell: another_digit(cell, chance),
                lambda _cell: "null",
                lambda _cell: "NaN",
                lambda _cell: "1e999",
                lambda _cell: "[]",
            ]
        )
        return (text[: found.start()] + change(found[0]) + text[found.end() :]).encode()
    if kind == "json_key" and keys:
        found = chance.choice(keys)
        return (text[: found.start()] + f'{found[0][:-1]}x"' + text[found.end() :]).encode()
    start = chance.randrange(len(text))
    return (text[:start] + text[start + chance.randrange(1, 200) :]).encode()


JSON = ("json_number", "json_key", "json_stretch_lost")


def of_parquet(content: bytes, kind: str, chance: random.Random) -> bytes:
    """Spoil a parquet file as a table."""
    table = pd.read_parquet(io.BytesIO(content))
    numbers = [name for name in table.columns if "alue" in name] or list(table.columns)
    if kind == "rows_lost":
        table = table.drop(index=table.sample(frac=0.01, random_state=chance.randrange(9999)).index)
    elif kind == "rows_doubled":
        table = pd.concat([table, table.sample(50, random_state=chance.randrange(9999))])
    elif kind == "rows_reordered":
        table = table.sample(frac=1, random_state=chance.randrange(9999))
    elif kind == "column_lost":
        table = table.drop(columns=chance.choice(list(table.columns)))
    elif kind == "column_renamed":
        name = chance.choice(list(table.columns))
        table = table.rename(columns={name: f"{name} (new)"})
    elif kind == "values_times_1000":
        numeric = pd.to_numeric(table[numbers[0]], errors="coerce")
        table = table.assign(
            **{
                numbers[0]: numeric.mul(1000)
                .astype("str")
                .where(numeric.notna(), table[numbers[0]])
            }
        )
    elif kind == "values_spoiled":
        rows = table.sample(frac=0.02, random_state=chance.randrange(9999)).index
        word = chance.choice(["?", "12,5", "=1+1", "1 234", "<b>5</b>"])
        table = table.assign(**{numbers[0]: table[numbers[0]].mask(table.index.isin(rows), word)})
    written = io.BytesIO()
    table.to_parquet(written, index=False)
    return written.getvalue()


PARQUET = (
    "rows_lost", "rows_doubled", "rows_reordered", "column_lost", "column_renamed",
    "values_times_1000", "values_spoiled",
)  # fmt: skip

# ---------------------------------------------------------------- archives and workbooks


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def of_archive(content: bytes, kind: str, member: str, chance: random.Random) -> bytes:
    """Spoil an archive around its members, or one of the members."""
    members = _members(content)
    if kind == "zip_bomb":
        # Half a gigabyte of noughts packs into half a megabyte.
        return _packed({**members, chance.choice([member, "bomb.csv"]): b"0" * 500_000_000})
    if kind == "path_outside":
        outside = chance.choice(["../../outside.csv", "/outside.csv", "..\\outside.csv"])
        return _packed({**members, outside: b"outside"})
    if kind == "member_lost":
        return _packed({name: each for name, each in members.items() if name != member})
    if kind == "member_renamed":
        return _packed(
            {f"{name}.bak" if name == member else name: each for name, each in members.items()}
        )
    if kind == "member_of_another":
        other = chance.choice([name for name in members if name != member])
        return _packed({**members, member: members[other]})
    if kind == "encrypted":
        spoiled = bytearray(content)
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = spoiled.find(mark)
            while place >= 0:
                spoiled[place + offset] |= 1
                place = spoiled.find(mark, place + 4)
        return bytes(spoiled)
    return _packed({**members, member: of_table(members[member], kind, chance)})


ARCHIVES = (
    "zip_bomb", "path_outside", "member_lost", "member_renamed", "member_of_another", "encrypted",
)  # fmt: skip


def of_workbook(content: bytes, kind: str, chance: random.Random) -> bytes:
    """Spoil a cell, or the make of a workbook (ODS and XLSX are archives of XML)."""
    members = _members(content)
    sheets = [
        name
        for name in members
        if name == "content.xml" or re.search(r"sheets?\d*\.xml$|sharedStrings", name)
    ]
    sheet = chance.choice(sheets)
    text = members[sheet].decode("utf-8", "replace")
    if kind == "workbook_bomb":
        return _packed({**members, sheet: members[sheet] + b" " * 500_000_000})
    if kind == "entities":
        declared = "".join(
            f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(9)
        )
        head = f'<?xml version="1.0"?><!DOCTYPE lolz [{declared}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        body = re.sub(r"^<\?xml[^>]*\?>", "", text)
        return _packed({**members, sheet: (head + body.replace(">England<", ">&e8;&x;<")).encode()})
    if kind == "formula_cell":
        spoiled = re.sub(
            r"<v>(\d+)</v>", r"<f>1+\1</f><v>\1</v>", text, count=chance.randrange(1, 50)
        )
        spoiled = re.sub(
            r'office:value="(\d+)"', r'table:formula="of:=1+\1" office:value="\1"', spoiled, count=5
        )
        return _packed({**members, sheet: spoiled.encode()})
    numbers = list(
        re.finditer(r'(?<=<v>)\d+(?:\.\d+)?(?=</v>)|(?<=office:value=")\d+(?:\.\d+)?', text)
    )
    if not numbers:
        return _packed({**members, sheet: text.replace("a", "b", 1).encode()})
    found = chance.choice(numbers)
    changes = {
        "workbook_cell_times_1000": times_1000,
        "workbook_cell_stray": lambda cell: f"{cell}?",
        "workbook_cell_digit": lambda cell: another_digit(cell, chance),
    }
    return _packed(
        {
            **members,
            sheet: (text[: found.start()] + changes[kind](found[0]) + text[found.end() :]).encode(),
        }
    )


WORKBOOKS = (
    "workbook_bomb", "entities", "formula_cell", "workbook_cell_times_1000", "workbook_cell_stray",
    "workbook_cell_digit",
)  # fmt: skip


def spoil(path: str, member: str, content: bytes, seed: int) -> Mutation:
    """Spoil an official file in a way that its seed draws."""
    chance = random.Random(seed)
    ending = path[path.rindex(".") :]
    if chance.random() < 0.2:
        kind = chance.choice(list(ANY))
        return Mutation(kind, ANY[kind](content, chance))
    if ending == ".zip":
        kind = chance.choice([*ARCHIVES, *TABLES, *TABLES])
        return Mutation(kind, of_archive(content, kind, member, chance))
    if ending in (".ods", ".xlsx"):
        kind = chance.choice(WORKBOOKS)
        return Mutation(kind, of_workbook(content, kind, chance))
    if ending in (".json", ".geojson"):
        kind = chance.choice(JSON)
        return Mutation(kind, of_json(content, kind, chance))
    if ending == ".parquet":
        kind = chance.choice(PARQUET)
        return Mutation(kind, of_parquet(content, kind, chance))
    kind = chance.choice(list(TABLES))
    return Mutation(kind, of_table(content, kind, chance))
