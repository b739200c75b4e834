"""What the tests of charts may ask for."""

from collections.abc import Callable
from typing import Any

import pytest

from charts.samples import CAPTION, KINDS
from sendreform.charts import Figure


@pytest.fixture
def caption() -> dict[str, Any]:
    """The words of a figure."""
    return dict(CAPTION)


@pytest.fixture(params=KINDS)
def draw(request: pytest.FixtureRequest) -> Callable[[], Figure]:
    """A function that draws a figure, once for each kind of chart."""
    return KINDS[request.param]
