"""The one look of every chart: colours, type and grid, as an Altair theme.

The colours are the Government Analysis Function's, in its order:
https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/
Four at most are used together. Colour never carries a meaning alone: every mark is also labelled.
The number beside each colour is its contrast with white (WCAG 2.2: 3 for marks, 4.5 for text).
"""

import altair as alt

NAVY = "#12436D"  # 10.25
TEAL = "#28A197"  # 3.17
PLUM = "#801650"  # 9.77
ORANGE = "#F46A25"  # 3.03
#: Categories, in the order in which they are used.
PALETTE = (NAVY, TEAL, PLUM, ORANGE)

#: What stands behind the highlighted series; 1.84, so it always has a label of its own.
GREY = "#BFBFBF"

INK = "#0B0C0C"  # 19.59
QUIET_INK = "#505A5F"  # 7.07
GRID = "#E6E6E6"  # 1.25: a guide for the eye, no information of its own
RULE = "#6F777B"  # 4.56
WHITE = "#FFFFFF"

#: Words beside a mark are in the mark's hue, darkened where the hue itself is too pale for text.
TEXT_COLOURS = {
    NAVY: NAVY,  # 10.25
    TEAL: "#1D7A72",  # 5.15
    PLUM: PLUM,  # 9.77
    ORANGE: "#B8450F",  # 5.39
    GREY: QUIET_INK,  # 7.07
}

#: vl-convert ships Liberation Sans, so a chart is drawn alike on every machine; Arial and
#: Helvetica have the same widths, so the live chart in a browser looks the same.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

THEME = "sendreform"


@alt.theme.register(THEME, enable=True)
def sendreform_theme() -> alt.theme.ThemeConfig:
    """Return the configuration that every chart is drawn with.

    ``aria`` is off because the figure around the chart carries the text alternative.
    """
    return alt.theme.ThemeConfig(
        config={
            "aria": False,
            "background": WHITE,
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "domain": False,
                "grid": False,
                "labelColor": QUIET_INK,
                "labelFlush": False,
                # Labels are never cut, and then Vega measures each once instead of thrice.
                "labelLimit": 0,
                "labelOverlap": False,
                "tickColor": RULE,
                "ticks": False,
                "titleColor": QUIET_INK,
                "titleFontWeight": "normal",
            },
            "axisY": {"grid": True, "gridColor": GRID, "labelPadding": 6},
            "axisX": {"domain": True, "domainColor": RULE, "ticks": True, "tickSize": 5},
            "header": {"labelColor": INK, "labelFontWeight": "bold", "title": None},
            "text": {"color": INK},
            "line": {"strokeCap": "round", "strokeJoin": "round", "strokeWidth": 2.5},
        }
    )
