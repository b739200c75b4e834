"""The Vega bundle: the one script that live charts need, made from what vl-convert ships."""

from pathlib import Path

import vl_convert

#: The Vega-Lite that Altair writes; the drawings in the page are made with the same.
VEGA_LITE = "6.4"


def write_bundle(path: Path) -> None:
    """Write Vega, Vega-Lite and Vega-Embed as one script, unless it is there already.

    The bundle declares short names such as ``_`` at its top level, which Sphinx's own scripts use
    too, so it is wrapped in a function. It leaves one global name, ``sendreformVegaEmbed``.
    """
    script = vl_convert.javascript_bundle(
        "window.sendreformVegaEmbed = vegaEmbed;", vl_version=VEGA_LITE
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    wrapped = f"(() => {{\n{script}\n}})();\n"
    if not path.exists() or path.read_text("utf-8") != wrapped:
        path.write_text(wrapped, "utf-8")
