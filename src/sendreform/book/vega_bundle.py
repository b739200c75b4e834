"""The Vega bundle: the one script that live charts need, made from what vl-convert ships."""

from importlib.metadata import version
from pathlib import Path

import vl_convert

from sendreform.charts.svg import VEGA_LITE


def write_bundle(path: Path) -> None:
    """Write Vega, Vega-Lite and Vega-Embed as one script, unless this version is there already.

    The bundle declares short names such as ``_`` at its top level, which Sphinx's own scripts use
    too, so it is wrapped in a function. It leaves one global name, ``sendreformVegaEmbed``.
    """
    made_from = f"/* vl-convert-python {version('vl-convert-python')}, Vega-Lite {VEGA_LITE} */\n"
    if path.exists() and path.read_text("utf-8").startswith(made_from):
        return
    script = vl_convert.javascript_bundle(
        "window.sendreformVegaEmbed = vegaEmbed;", vl_version=VEGA_LITE
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{made_from}(() => {{\n{script}\n}})();\n", "utf-8")
