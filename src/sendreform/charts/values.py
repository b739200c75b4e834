"""The rows of a table as the specification of a chart holds them.

A page has ten charts of five layers at two sizes, and Altair's own way to write a table looks at
each cell as if it could be anything. Ours are numbers and words.
"""

import math
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

TRANSFORMER = "sendreform"


def values(data: Any) -> dict[str, Any]:
    """Return the rows of a table under ``values``, as Altair's own ``to_values`` does.

    What is missing or infinite is ``None``. A table with dates, categories or the like is left to
    Altair.

    Examples
    --------
    >>> values(pd.DataFrame({"t": [2024, 2025], "value": [1.5, None], "text": ["a", "b"]}))
    {'values': [{'t': 2024, 'value': 1.5, 'text': 'a'}, {'t': 2025, 'value': None, 'text': 'b'}]}
    """
    names = list(data.columns)
    columns = [_column(data[name]) for name in names]
    if any(column is None for column in columns):
        return dict(alt.to_values(data))
    return {"values": [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]}


def _column(column: "pd.Series[Any]") -> list[Any] | None:
    """Return the cells of a column as JSON has them; None where they are no numbers or words."""
    cells: list[Any] = column.tolist()
    if isinstance(column.dtype, pd.StringDtype):
        return [cell if isinstance(cell, str) else None for cell in cells]
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind == "f":
        return [cell if math.isfinite(cell) else None for cell in cells]
    return cells if kind and kind in "iub" else None


alt.data_transformers.register(TRANSFORMER, values)
