"""What must hold of the repository as a whole, whatever the figures say."""

import ast
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from conftest import OFFICIAL_FILES, ROOT

PROSE = [
    ROOT / "index.md",
    ROOT / "areas" / "index.md",
    ROOT / "README.md",
    *sorted((ROOT / "book").glob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *sorted((ROOT / "src" / "sendreform" / "book").rglob("*.py")),
]

#: Numbers that are not statistics: names of rules, ages, years, key stages, versions, licences.
NOT_A_STATISTIC = [
    r"\b(?:19|20)\d{2}(?:[/-]\d{2,4})*\b",  # a year, a date, a school or a financial year
    r"(?:£|\b)\d+[-‑ ]weeks?(?: rule)?\b",  # the 20-week rule
    r"\byear \d{1,2}\b",  # a year of school
    r"\bage[sd]? (?:of |under )?\d+(?:(?:–|-| to | and )\d+)?\b",
    # an age, or a band of ages
    r"\b(?:[Uu]nder|[Aa]bove|[Aa]t|[Aa]ged?|[Aa]ges) (?:\d|1\d|2[0-5])"
    r"(?:(?: to | and )\d+)?(?: and (?:over|above))?\b(?!\.\d|,\d| per cent|%)",
    r"\b\d+(?:–|-)year(?:-|s )olds?\b|\bat \d{2}\b(?! per cent|%)",
    r"\b(?:Attainment|Progress) 8\b|\b[Kk]ey [Ss]tage \d\b|\bLevel \d\b|\bSection 251\b|\bSEN2\b",
    r"(?m)^\d\. (?=\*\*)",  # a numbered list
    r"(?m)^(?:Under \d+|\d+ to \d+)$",  # the name of a band of ages
    # a version
    r"\b(?:v|[Vv]ersion |Python |BY |Attribution |Licence v)\d+\.\d+(?:\.\d+)?\b",
    r"\b\d+\.\d+\.\d+\b",
    r"\b95% (?:interval|limits?)\b",  # how sure an interval is meant to be
    r'\btabindex="0"|\b[\w.]+(?:\[:4\])? (?:==|>|<|<=|>=) \S+',  # markup, and queries
    r"\bless than 1%|\b[Aa]fter 16\b",
    r"\bCC BY\b|\bSHA-256\b|\bUTF-8\b|\blocalhost:\d+\b|\b127\.0\.0\.1\b",
]


def tracked() -> list[Path]:
    """Every file that git knows, or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def prose_of(path: Path) -> str:
    """The words that a reader reads: without code, links, roles and front matter."""
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text("utf-8"))["cells"]
        text = "\n\n".join(
            "".join(cell["source"])
            if cell["cell_type"] == "markdown"
            else "\n".join(sentences_in("".join(cell["source"])))
            for cell in cells
        )
    elif path.suffix == ".py":
        text = "\n".join(sentences_in(path.read_text("utf-8")))
    else:
        text = path.read_text("utf-8")
    text = re.sub(r"\A---.*?^---$", "", text, flags=re.S | re.M)
    text = re.sub(r"^(```|~~~|:::).*?^\1.*?$", "", text, flags=re.S | re.M)
    return re.sub(r"`[^`]*`|\]\([^)]*\)|https?://\S+|\{[^{}]*\}", " ", text)


def sentences_in(code: str) -> list[str]:
    """The words typed in code: its texts that have a space in them, so no names; no docstrings."""
    tree = ast.parse(code)
    bare = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }  # a text that stands by itself is a docstring
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and " " in node.value
        and node not in bare
    ]


def typed_numbers(text: str) -> list[str]:
    """Numbers in prose that no rule explains."""
    for pattern in NOT_A_STATISTIC:
        text = re.sub(pattern, " ", text)
    return re.findall(r"[^\s]*(?<![\w#.-])\d[\d,.]*%?[^\s]*", text)


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_no_statistic_is_typed_in_prose(path: Path) -> None:
    assert typed_numbers(prose_of(path)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Plans rose by 140%.",
        "There were 638,745 plans.",
        "It cost £9.9bn in 2023-24.",
        "In 2025 only 46.1% of plans were on time.",
        "Plans grew 3.2 times.",
        "The gap was 62 points.",
    ],
)
def test_a_typed_statistic_would_be_found(sentence: str) -> None:
    assert typed_numbers(sentence)


def test_no_official_file_is_in_the_repository() -> None:
    if not OFFICIAL_FILES.is_dir():
        pytest.skip("the official files are not at hand in ../shared/sources")
    official = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path
        for path in OFFICIAL_FILES.rglob("*")
        if path.is_file()
    }
    copies = [
        path for path in tracked() if hashlib.sha256(path.read_bytes()).hexdigest() in official
    ]
    assert copies == []


def test_no_catalogued_file_is_in_the_repository() -> None:
    """The same without the official files at hand: by the hashes of the catalogue."""
    catalogue = (ROOT / "data/catalogue/sources.csv").read_text("utf-8")
    hashes = set(re.findall(r"\b[0-9a-f]{64}\b", catalogue))
    assert hashes
    assert not [
        path for path in tracked() if hashlib.sha256(path.read_bytes()).hexdigest() in hashes
    ]


def test_data_is_small_enough_to_clone() -> None:
    size = sum(path.stat().st_size for path in tracked() if (ROOT / "data") in path.parents)
    assert size < 25_000_000


def test_no_path_of_one_machine_is_in_the_repository() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|home|root|Users|tmp)/")
    found = [
        path.relative_to(ROOT)
        for path in tracked()
        if path.suffix in {".py", ".md", ".yml", ".toml", ".ipynb", ".json", ".csv", ".js", ".css"}
        and path.name != "test_repository.py"
        and machine.search(path.read_text("utf-8"))
    ]
    assert found == []
