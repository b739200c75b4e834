"""The explorer on the page "The cost of delay": a reader's own reform, worked out in the browser.

The script follows plans as :mod:`sendreform.evidence.projection` does, without chance: one middle
course with and without the reform. What the reform changes is then laid on the middle of the draws,
so that without a reform the explorer shows what the page shows.
"""

import json
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
from IPython.display import HTML, Markdown

from sendreform.book.delay import accounts, making
from sendreform.book.delay.place import Place, project_place
from sendreform.book.delay.plans import none_for
from sendreform.evidence.projection import scores
from sendreform.evidence.projection.ages import Numbers
from sendreform.evidence.projection.fitting import fit
from sendreform.evidence.projection.scenario_files import LIMITS, LONGEST_PHASE
from sendreform.evidence.projection.scenarios import EFFECTS, STARTS, Scenario
from sendreform.evidence.projection.sensitivity import EIGHT_IN_TEN
from sendreform.observations import ENGLAND
from sendreform.report import Report
from sendreform.store import Store

#: What each effect is called beside its slider, with the unit and the step.
WORDS = {
    "fewer_new_plans": ("Fewer new plans, through earlier support", "%", 0.5),
    "more_in_mainstream": ("New plans for special schools met in mainstream instead", "%", 0.5),
    "fewer_independent": ("Independent special places moved to state special schools", "%", 0.5),
    "slower_unit_costs": ("Slower growth in the cost of a place", " points a year", 0.1),
}

#: The furthest that a slider goes: beyond it nothing has been argued for.
MOST = {"fewer_new_plans": 50, "more_in_mainstream": 60, "fewer_independent": 60,
        "slower_unit_costs": 3}  # fmt: skip


def explorer(report: Report, place: Place | None, scenario: Scenario) -> HTML | Markdown:
    """Return the controls, which the script shows, with all that it needs to work them out.

    Parameters
    ----------
    place
        The projection of the page's place if nothing changes.
    scenario
        What the controls are set to at first: the middle of each of its ranges.
    """
    england = project_place(report.for_england)
    if place is None or england is None or england.bill is None:
        return none_for(report)
    model = {
        "model": _model(report.store, len(england.years) - 1),
        "places": _places(report, place),
        "own": report.area,
        "first": {
            "start": scenario.start,
            "phase": scenario.phase_in,
            **{name: sum(getattr(scenario, name)) / 2 for name in EFFECTS},
        },
    }
    kept = escape(json.dumps(model, separators=(",", ":"), ensure_ascii=False))
    return HTML(
        f'<section class="sr-explorer" id="explorer" aria-label="Explorer" data-model="{kept}">'
        '<p class="sr-title">Your own reform: what changes, and from when?</p>'
        '<p class="sr-explorer-without">The explorer needs scripts. The chart and the tables of '
        "this page hold the example without them.</p>"
        f"<form hidden>{_choices()}{''.join(_slider(name) for name in EFFECTS)}"
        '<p class="sr-explorer-buttons"><button type="reset">Back to the example</button> '
        '<button type="button" data-nothing>No reform</button></p></form>'
        # What the list below says, shortened for small screens; readers of speech have the list.
        '<p class="sr-explorer-now" aria-hidden="true" hidden></p>'
        '<div class="sr-explorer-results" hidden><p data-place></p>'
        '<dl aria-live="polite"></dl><figure></figure>'
        "<p><a data-link>Link to this reform</a></p></div></section>"
    )


def _choices() -> str:
    years = "".join(f'<option value="{year}">{year}</option>' for year in STARTS)
    phases = "".join(
        f'<option value="{length}">{length}</option>' for length in range(1, LONGEST_PHASE + 1)
    )
    return (
        f'<label>It begins to work in <select name="start">{years}</select></label>'
        f'<label>Years until it works in full <select name="phase">{phases}</select></label>'
    )


def _slider(name: str) -> str:
    words, unit, step = WORDS[name]
    most = min(MOST[name], LIMITS[name][1])
    return (
        f'<label>{escape(words)} <output data-unit="{escape(unit)}"></output>'
        f'<input type="range" name="{name}" min="{0}" max="{most:g}" step="{step:g}"></label>'
    )


def _model(store: Store, years: int) -> dict[str, Any]:
    """Return England's assumptions, each in the middle of its range."""
    given, assumed_money = making.inputs_of(store), accounts.prices_of(store)
    assumed = fit(given.history.of_area(ENGLAND), given.origin)
    shift = given.settings
    return {
        "origin": given.origin,
        "held": _short(shift.first, 0),
        "moves": _short(shift.moves.mean(axis=0), 4),
        "mix": _short(shift.mix, 5),
        "profile": _short(assumed.profile, 6),
        "children": _short(assumed.children, 0),
        "leaving": _short(assumed.leaving, 6),
        "began": round(assumed.began),
        "growth": assumed.growth,
        "damping": [
            assumed.damping + part * assumed.damping_spread
            for part in (0.0, -EIGHT_IN_TEN, EIGHT_IN_TEN)
        ],
        "independent": [shift.independent, shift.drift],
        "costs": _short(assumed_money.unit_costs, 0),
        "years": years,
        "unit": _UNIT,
    }


def _places(report: Report, place: Place) -> dict[str, Any]:
    """Return the middle course of each place: of all places on England's page, or of its own."""
    codes = [report.area]
    if report.is_england:
        areas = report.areas.table
        codes += [*areas.loc[areas["level"] == "region", "area"], *report.councils]
    made = {code: place if code == report.area else _of(report, code) for code in codes}
    return {code: _course(one) for code, one in made.items() if one is not None}


def _of(report: Report, code: str) -> Place | None:
    return project_place(replace(report, area=code))


def _course(place: Place) -> dict[str, Any]:
    """Return what the script knows of a place: few numbers, as England's page holds them all."""
    if place.report.is_small:
        # As everywhere else: these would be the figures of single families.
        return {"name": place.report.place, "few": True}
    low, high = scores.bounds(place.plans, 80)
    course: dict[str, Any] = {
        "name": place.report.place,
        "plans": _short(np.median(place.plans, axis=0), 0),
        "low": _short(low[-1:], 0)[0],
        "high": _short(high[-1:], 0)[0],
        "parts": _short(place.by_setting.mean(axis=0)[0], 0),
    }
    if place.bill is not None:
        # What a place costs here: the first year's spending says it.
        spent = place.bill.since(place.origin).cash
        course["spending"] = _with_range(spent)
    deficit = accounts.deficit_of(place.bill, accounts.deficit_base(place.report))
    if deficit is not None:
        draws, years = deficit
        course["deficit"] = _with_range(draws[:, years.index(place.origin) :])
    return course


#: The pounds that money is told in to the script.
_UNIT = 100_000


def _with_range(draws: Numbers) -> list[Any]:
    """Return the middle of draws by year, and both ends of the range of eight in ten."""
    return [_short(one / _UNIT, 0) for one in (np.median(draws, axis=0), *scores.bounds(draws, 80))]


def _short(numbers: Numbers, decimals: int) -> list[Any]:
    rounded = np.round(numbers, decimals)
    made: list[Any] = (rounded.astype("int64") if decimals <= 0 else rounded).tolist()
    return made
