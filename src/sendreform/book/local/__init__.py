"""The page of a place: a function for each of its charts, tables and sentences."""

from sendreform.book.local.charts import plans, slug
from sendreform.book.local.head import answer, at_a_glance, heading
from sendreform.book.local.place import Place, open_place
from sendreform.book.local.sections import chart, gaps, how_to_read, section, stands_out, to_come
from sendreform.book.local.tests_here import tests_here

__all__ = [
    "Place",
    "answer",
    "at_a_glance",
    "chart",
    "gaps",
    "heading",
    "how_to_read",
    "open_place",
    "plans",
    "section",
    "slug",
    "stands_out",
    "tests_here",
    "to_come",
]
