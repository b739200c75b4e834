"""The script that makes charts live."""

from pathlib import Path

import altair as alt

from sendreform.book.vega_bundle import write_bundle
from sendreform.charts.svg import VEGA_LITE


def test_the_bundle_keeps_its_names_to_itself_and_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "assets" / "vega-bundle.js"
    write_bundle(path)
    first = path.stat().st_mtime_ns
    head, opening = path.read_text("utf-8").splitlines()[:2]
    assert head.startswith("/* vl-convert-python")
    assert opening == "(() => {"
    assert path.read_text("utf-8").endswith("})();\n")
    assert "window.sendreformVegaEmbed" in path.read_text("utf-8")
    write_bundle(path)
    assert path.stat().st_mtime_ns == first


def test_drawings_and_live_charts_use_the_vega_lite_that_altair_writes() -> None:
    assert alt.SCHEMA_VERSION.startswith(f"v{VEGA_LITE}.")
