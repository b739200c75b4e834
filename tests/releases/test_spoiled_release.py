"""Spoiled tables of a release that nobody has seen: refused, or taken with figures exactly right.

There is no edition to hold new figures against, so sums, limits and the rest of a table have to
tell. ``--spoiled N`` says how many are tried, a quarter of them here.
"""

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest

from as_tested import tested_project
from fuzz.mutations import ANY, TABLES, of_table
from releases.made_release import make_tables, written
from releases.test_taking_in import ARCHIVE, PUBLISHED
from sendreform.errors import ReportError
from sendreform.observations import KEY
from sendreform.sources.reading import SourceFolder
from sendreform.store import Store, open_store
from sendreform.store.taking_in import Download, take_in

pytestmark = pytest.mark.sources

PARTS = 4
TABLE_NAMES = ("data/requests.csv", "data/assessments.csv", "data/ceased_plans.csv")


@pytest.fixture(scope="module")
def sound(source_folder: SourceFolder) -> dict[str, bytes]:
    tables = make_tables(source_folder.file(ARCHIVE))
    return {name: written(tables[name]) for name in TABLE_NAMES}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(
        shutil.copytree(tested_project() / "data", tmp_path_factory.mktemp("project") / "data")
    )


def figures_of(data: Path, path: Path) -> pd.DataFrame:
    """Return every figure of every measure that a file brings, without taking it in."""
    brought: list[pd.DataFrame] = []

    def keep(fresh: Store) -> None:
        new = set(fresh.sources.index) - set(open_store(data).sources.index)
        for measure in fresh.measures.index:
            rows = fresh.observations(measure)
            if rows["source"].isin(new).any():
                brought.append(rows)

    take_in([Download(path, PUBLISHED)], data, dry_run=True, before=keep)
    if not brought:
        return pd.DataFrame(columns=[*KEY, "value", "status"])
    found = pd.concat(brought)[[*KEY, "value", "status"]]
    return found.sort_values(KEY, ignore_index=True)


@pytest.fixture(scope="module")
def right(
    sound: dict[str, bytes], data: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("sound")
    figures = {}
    for name, content in sound.items():
        path = folder / "table"
        path.write_bytes(content)
        figures[name] = figures_of(data, path)
    return figures


@pytest.mark.parametrize("part", range(PARTS))
def test_spoiled_tables_of_a_new_release(
    sound: dict[str, bytes],
    right: dict[str, pd.DataFrame],
    data: Path,
    tmp_path: Path,
    part: int,
    request: pytest.FixtureRequest,
) -> None:
    wrong = []
    for seed in range(part, int(request.config.getoption("--spoiled")) // 4, PARTS):
        chance = random.Random(seed)
        name = chance.choice(TABLE_NAMES)
        kind = chance.choice([*TABLES, *ANY])
        spoil = ANY.get(kind)
        content = spoil(sound[name], chance) if spoil else of_table(sound[name], kind, chance)
        path = tmp_path / "table"
        path.write_bytes(content)
        try:
            found = figures_of(data, path)
        except ReportError as error:
            if len(str(error).splitlines()) > 1 or len(str(error)) > 1000:
                wrong.append((seed, kind, name, str(error)))
            continue
        if not found.equals(right[name]):
            both = found.merge(right[name], on=KEY, how="outer", suffixes=("_now", "_right"))
            other = both[
                both["value_now"].ne(both["value_right"])
                & ~(both["value_now"].isna() & both["value_right"].isna())
                | both["status_now"].ne(both["status_right"])
            ]
            wrong.append((seed, kind, name, len(other), other.head(2).to_dict("records")))
    assert wrong == []
