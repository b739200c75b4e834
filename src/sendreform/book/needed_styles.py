"""The part of a style sheet that a page needs: a document carries its styles in itself."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import tinycss2  # type: ignore[import-untyped]
from bs4 import BeautifulSoup

#: Rules about a medium or a container hold rules of their own.
_NESTED = {"media", "container", "supports"}


def needed_styles(styles: str, page: BeautifulSoup) -> str:
    """Return the rules of a style sheet that could bear on a page, without comments.

    A selector is left out when it asks for a class that nothing on the page has, and a rule that
    has no other. What is asked for inside ``:is(…)`` or ``:not(…)`` does not count.

    Examples
    --------
    >>> page = BeautifulSoup('<p class="told">x</p>', "html.parser")
    >>> needed_styles("p{a:b} .told,.gone{c:d} .told .gone{e:f} @media print{.gone{g:h}}", page)
    'p{a:b}\\n.told{c:d}'
    """
    classes = {name for element in page.select("[class]") for name in element["class"]}
    return "\n".join(_kept(tinycss2.parse_stylesheet(styles, True, True), classes))


def _kept(rules: Iterable[Any], classes: set[str]) -> list[str]:
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = _possible(rule.prelude, classes)
            declared = "".join(part.serialize() for part in rule.content if part.type != "comment")
            if selectors:
                kept.append(f"{','.join(selectors)}{{{_short(declared)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in _NESTED:
            inner = _kept(tinycss2.parse_rule_list(rule.content, True, True), classes)
            if inner:
                condition = tinycss2.serialize(rule.prelude).strip()
                kept.append("\n".join([f"@{rule.at_keyword} {condition}{{", *inner, "}"]))
        else:
            kept.append(_short(rule.serialize()))
    return kept


def _possible(prelude: Iterable[Any], classes: set[str]) -> list[str]:
    """Return the selectors of a rule that ask for no class but those of the page."""
    selectors: list[list[Any]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return [
        _short(tinycss2.serialize(selector))
        for selector in selectors
        if all(
            name.value in classes
            for dot, name in pairwise(selector)
            if dot == "." and name.type == "ident"
        )
    ]


def _short(css: str) -> str:
    return " ".join(css.split())
