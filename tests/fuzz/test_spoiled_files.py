"""Spoiled files are refused with a clear line, or accepted with every figure exactly right.

``--spoiled N`` says how many are tried; each has a seed, by which it can be had again. A trial
sets the new edition beside data/ as an import does, so a figure that a spoiled file changes is
noticed by the schemas, the sums, the published totals, or as a revision that nobody has accepted.
"""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from as_tested import tested_project
from fuzz.made_files import PUBLICATIONS, write_files
from fuzz.mutations import spoil
from fuzz.trial import Became, Bench, files
from sendreform.sources.reading import SourceFolder
from sendreform.store import open_store

#: The trials stand in so many tests, for several processes to share.
PARTS = 8
#: How often a file is drawn beside others: those that take seconds to read less often.
SLOW = {".zip": 0.5, ".ods": 0.5, ".parquet": 0.5}
SLOW_FOLDER = "ehc_plans/release_2026_national"


def seeds(request: pytest.FixtureRequest, part: int, share: float = 1) -> range:
    number = int(request.config.getoption("--spoiled") * share)
    return range(part, number, PARTS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(open_store(tested_project() / "data"), tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def made_bench(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tested_project() / "data", made, tmp_path_factory.mktemp("bench"))


@pytest.fixture(scope="module")
def official_bench(
    source_folder: SourceFolder, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    return Bench(tested_project() / "data", source_folder.root, tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("path", PUBLICATIONS)
def test_a_made_file_reads_as_data(made: Path, made_bench: Bench, path: str) -> None:
    trial = made_bench.try_file(path, [PUBLICATIONS[path]], (made / path).read_bytes())
    assert trial.became is Became.RIGHT, trial


@pytest.mark.parametrize("part", range(PARTS))
def test_spoiled_made_files(
    made: Path, made_bench: Bench, part: int, request: pytest.FixtureRequest
) -> None:
    wrong = []
    for seed in seeds(request, part, share=0.5):
        path = random.Random(seed).choice(sorted(PUBLICATIONS))
        mutation = spoil(path, "", (made / path).read_bytes(), seed)
        trial = made_bench.try_file(path, [PUBLICATIONS[path]], mutation.content)
        if trial.became in (Became.WRONG, Became.CRASHED):
            wrong.append((seed, mutation.kind, path, trial))
    assert wrong == []


@pytest.mark.sources
@pytest.mark.parametrize("part", range(PARTS))
def test_spoiled_official_files(
    source_folder: SourceFolder, official_bench: Bench, part: int, request: pytest.FixtureRequest
) -> None:
    official = files()
    names = sorted(official)
    weights = [
        0.4 if name.startswith(SLOW_FOLDER) else SLOW.get(Path(name).suffix, 1) for name in names
    ]
    wrong = []
    for seed in seeds(request, part):
        chance = random.Random(seed)
        path = chance.choices(names, weights)[0]
        members, readers = official[path]
        content = source_folder.file(path).read_bytes()
        mutation = spoil(path, chance.choice(members), content, seed)
        trial = official_bench.try_file(path, readers, mutation.content)
        if trial.became in (Became.WRONG, Became.CRASHED):
            wrong.append((seed, mutation.kind, path, trial))
    assert wrong == []
