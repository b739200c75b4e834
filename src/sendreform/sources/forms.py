"""What makes a kind of table known, whichever release it comes from."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sendreform.sources.published import Published


@dataclass(frozen=True)
class Form:
    """A kind of table that comes again with every release.

    Attributes
    ----------
    name
        With the year of a release it is the id of its source.
    like
        The source of an earlier release, whose publisher, publication and licence it has too.
    title
        What the table holds, without its years.
    kept_as
        Where its file is kept under the folder of official files; ``{year}`` is the release's.
    release
        What the publisher calls the release; ``{year}`` is its year.
    fit
        How sure it is that a table is of this form, from 0 to 1.
    year
        The year of the release that a table is from.
    read
        A table's observations, all of its years; the second argument is the id of their source.
    """

    name: str
    like: str
    title: str
    kept_as: str
    release: str
    fit: Callable[[Published], float]
    year: Callable[[Published], int]
    read: Callable[[Published, str], pd.DataFrame]
