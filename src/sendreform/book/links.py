"""Links from one page to another."""

from html import escape

MEASURES_PAGE = "../book/measures.html"


def link_to_measure(measure: str, title: str) -> str:
    """Return a link to what a measure means, under its title.

    Examples
    --------
    >>> link_to_measure("ehc_plans", "EHC plans")
    '<a href="../book/measures.html#measure-ehc_plans">EHC plans</a>'
    """
    return f'<a href="{MEASURES_PAGE}#measure-{escape(measure)}">{escape(title)}</a>'
