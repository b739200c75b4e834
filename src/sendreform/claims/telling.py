"""Tells a recipe in words, with the breaks in a series that it passes."""

from sendreform.areas import Areas
from sendreform.claims.levels import in_words
from sendreform.claims.recipes import Recipe
from sendreform.periods import label, matching
from sendreform.store import Store

#: Titles that begin with a name keep their capital within a sentence.
_NAMES = ("Dedicated", "English", "Tribunal")
#: The periods that others are matched with, in words.
_MATCHES = {"january": "January", "mid_year": "mid-year"}


def told(store: Store, areas: Areas, recipe: Recipe) -> str:
    """Return a recipe in words: "Per cent change in EHC plans, England, January 2015 to …"."""
    kind = store.record(recipe.of.measure)["period_kind"]
    what, by = in_words(store, recipe.of), ""
    if recipe.per:
        by = _within(in_words(store, recipe.per))
        other = store.record(recipe.per.measure)["period_kind"]
        if other != kind:
            by += f" in the matching {_MATCHES[other]}"
        if not recipe.does.compares:
            joiner = {100.0: "as a per cent of", 1000.0: "per thousand"}.get(
                recipe.out_of, "divided by"
            )
            what += f" {joiner} {by}"
    words = recipe.does.told.format(
        what=what,
        of=_within(what),
        by=by,
        place=areas.name(recipe.area),
        first=label(recipe.start, kind) if recipe.start else "",
        last=label(recipe.end, kind),
    )
    return words + (f", in {recipe.prices} prices" if recipe.prices else "")


def breaks_passed(store: Store, recipe: Recipe) -> list[str]:
    """Return in words each break in the series that lies between the ends of a recipe."""
    if not recipe.start:
        return []
    kind = store.record(recipe.of.measure)["period_kind"]
    notes = []
    for each in (recipe.of, recipe.per):
        if each is None:
            continue
        own = store.record(each.measure)["period_kind"]
        first, last = (matching(text, kind, own) for text in (recipe.start, recipe.end))
        title = store.record(each.measure)["title"]
        breaks = store.breaks.query("measure == @each.measure")
        notes += [
            f"{title} from {label(period, own)}: {note}"
            for period, note in zip(breaks["period"], breaks["note"], strict=True)
            if first < period <= last
        ]
    return list(dict.fromkeys(notes))


def _within(title: str) -> str:
    """Write a title as it stands within a sentence.

    Examples
    --------
    >>> _within("Requests for an assessment"), _within("EHC plans"), _within("Tribunal decisions")
    ('requests for an assessment', 'EHC plans', 'Tribunal decisions')
    """
    is_name = title[1:2].isupper() or title.startswith(_NAMES)
    return title if is_name else title[:1].lower() + title[1:]
