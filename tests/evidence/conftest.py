"""The committed figures, which evidence is checked against."""

from collections.abc import Callable

import pandas as pd
import pytest

from as_tested import tested_project
from sendreform.observations import ENGLAND
from sendreform.store import Store, open_store

Figures = Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def store() -> Store:
    """The project's own data, as tests name figures of them."""
    return open_store(tested_project() / "data")


@pytest.fixture(scope="session")
def figures(store: Store) -> Figures:
    """Return a function that gives the observations of a measure for one area."""

    def of_area(measure: str, area: str = ENGLAND) -> pd.DataFrame:
        observed = store.observations(measure)
        return observed[observed["area"] == area]

    return of_area


@pytest.fixture(scope="session")
def councils(store: Store) -> list[str]:
    """The codes of the councils of today."""
    today = store.areas.query("level == 'council' and last_period == ''")
    return list(today.index)
