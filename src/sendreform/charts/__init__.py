"""Charts: a table in, a figure out, all in one look.

Each function draws one kind of chart and computes no indicator. Words of the figure (title,
subtitle, text alternative, source) are keyword arguments, the same for all: see
:class:`~sendreform.charts.figure.Caption`.
"""

from sendreform.charts.bars import bars
from sendreform.charts.causal_maps import causal_map
from sendreform.charts.distributions import distribution
from sendreform.charts.diverging import diverging
from sendreform.charts.fans import fan
from sendreform.charts.figure import Caption, Figure
from sendreform.charts.flows import flows
from sendreform.charts.funnels import funnel
from sendreform.charts.gaps import gap_over_time
from sendreform.charts.hexmaps import hexmap
from sendreform.charts.intervals import intervals
from sendreform.charts.lines import line_over_time
from sendreform.charts.multiples import small_multiples
from sendreform.charts.slopes import slope
from sendreform.charts.stacks import stacked_over_time
from sendreform.charts.waterfalls import waterfall

__all__ = [
    "Caption",
    "Figure",
    "bars",
    "causal_map",
    "distribution",
    "diverging",
    "fan",
    "flows",
    "funnel",
    "gap_over_time",
    "hexmap",
    "intervals",
    "line_over_time",
    "slope",
    "small_multiples",
    "stacked_over_time",
    "waterfall",
]
