"""England's history of plans, read once."""

import pytest

from sendreform.evidence.projection.history import History, history
from sendreform.observations import ENGLAND
from sendreform.store import Store


@pytest.fixture(scope="session")
def everywhere(store: Store) -> History:
    return history(store.observations)


@pytest.fixture(scope="session")
def england(everywhere: History) -> History:
    return everywhere.of_area(ENGLAND)
