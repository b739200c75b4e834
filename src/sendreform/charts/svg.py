"""A chart's drawing, made small enough to put in a page.

vl-convert writes every attribute on every mark. A page with ten charts carries twenty drawings, so
what marks share is moved up to their group and what changes nothing is left out; the picture stays
the same.
"""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import vl_convert

#: How the names of layers begin that only answer the reader: live charts have them, drawings not.
POINTER_LAYER = "pointer"

#: The Vega-Lite that Altair writes, for the drawings in the page and for the live charts.
VEGA_LITE = "6.4"

_SVG = "{http://www.w3.org/2000/svg}"

#: Attributes that a group passes on to what is inside it.
_INHERITED = {
    "fill", "fill-opacity", "font-family", "font-size", "font-weight", "stroke",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width",
    "text-anchor",
}  # fmt: skip
#: Attributes that a drawing inside an image with a text alternative does not need.
_IDLE = {
    "aria-hidden", "aria-label", "aria-roledescription", "class", "pointer-events", "role",
    "stroke-miterlimit",
}  # fmt: skip
#: From so many dots alike on, they are drawn as one path.
_MANY = 20
_LONG_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_CIRCLE = re.compile(r"M([\d.]+),0A\1,\1,0,1,1,-\1,0A\1,\1,0,1,1,\1,0")
_MOVE = re.compile(r"translate\((-?[\d.]+),(-?[\d.]+)\)")


def drawing(specification: dict[str, Any], *, prefix: str) -> str:
    """Draw a Vega-Lite specification as SVG that fills the width it is given.

    Parameters
    ----------
    specification
        The chart; its pointer layer is left out.
    prefix
        What the ids inside the drawing begin with, so that those of two charts never clash.
    """
    spec = without_pointer_layer(specification)
    root = ElementTree.fromstring(_draw(spec))
    _lean(root)
    root.attrib = {"viewBox": root.attrib["viewBox"], "aria-hidden": "true", "focusable": "false"}
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    text = ElementTree.tostring(root, encoding="unicode")
    return re.sub(r'(\bid="|url\(#)', rf"\g<1>{prefix}-", text)


def drawn_here(specification: dict[str, Any]) -> str:
    """Return Vega's own drawing of a specification, made in this process."""
    return str(vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE))


Draw = Callable[[dict[str, Any]], str]
_draw: Draw = drawn_here


def draw_with(draw: Draw) -> None:
    """Let something else than :func:`drawn_here` draw, which must give the same.

    What draws takes half a second to start in a process. Many processes that draw little each leave
    it to one that has started already.
    """
    global _draw
    _draw = draw


def without_pointer_layer(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a specification as it is drawn in the page, where no pointer can be."""
    if "spec" in spec:
        return {**spec, "spec": without_pointer_layer(spec["spec"])}
    layers = [
        layer for layer in spec["layer"] if not layer.get("name", "").startswith(POINTER_LAYER)
    ]
    return {**{key: value for key, value in spec.items() if key != "params"}, "layer": layers}


def _lean(element: ElementTree.Element) -> None:
    """Leave out what draws nothing and lift what children share, from the inside out."""
    for child in list(element):
        _lean(child)
        if _draws_nothing(child):
            element.remove(child)
    for name in list(element.attrib):
        if name in _IDLE or (name == "opacity" and element.get(name) == "1"):
            del element.attrib[name]
        else:
            element.set(name, _LONG_NUMBER.sub(_rounded, element.attrib[name]))
    if element.get("transform") == "translate(0,0)":
        del element.attrib["transform"]
    _as_circle(element)
    if element.tag == f"{_SVG}g":
        _unwrap_only_child(element)
        _lift_shared(element)
        _as_one_path(element)


def _draws_nothing(element: ElementTree.Element) -> bool:
    if element.tag == f"{_SVG}g":
        return len(element) == 0
    if element.tag == f"{_SVG}path":
        return not element.get("d") or not {"fill", "stroke"} & element.attrib.keys()
    return element.tag == f"{_SVG}text" and not element.text and len(element) == 0


def _rounded(number: re.Match[str]) -> str:
    text = f"{float(number[0]):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _as_circle(element: ElementTree.Element) -> None:
    """Write a round dot, which Vega draws as two arcs, as the circle that it is."""
    shape = _CIRCLE.fullmatch(element.get("d", ""))
    place = _MOVE.fullmatch(element.get("transform", ""))
    if shape and place:
        del element.attrib["d"], element.attrib["transform"]
        element.tag = f"{_SVG}circle"
        element.attrib.update(cx=place[1], cy=place[2], r=shape[1])


def _as_one_path(group: ElementTree.Element) -> None:
    """Write many dots alike as one path of round ends, a fifth of the size."""
    dots = list(group)
    sizes = {dot.get("r") for dot in dots}
    if (
        len(dots) < _MANY
        or len(sizes) > 1
        or None in sizes  # something else than dots
        or any(dot.attrib.keys() - {"cx", "cy", "r"} for dot in dots)
    ):
        return
    path = ElementTree.SubElement(group, f"{_SVG}path")
    path.set("d", "".join(f"M{dot.get('cx')} {dot.get('cy')}h0" for dot in dots))
    path.set("stroke", group.attrib.pop("fill"))
    path.set("stroke-width", f"{2 * float(sizes.pop() or 0):g}")
    path.set("stroke-linecap", "round")
    for dot in dots:
        group.remove(dot)


def _unwrap_only_child(group: ElementTree.Element) -> None:
    """Merge a group that holds one plain group and nothing of its own with that group."""
    while len(group) == 1 and group[0].tag == group.tag:
        inner = group[0]
        if group.attrib.keys() & inner.attrib.keys():
            return
        group.attrib.update(inner.attrib)
        group[:] = list(inner)


def _lift_shared(group: ElementTree.Element) -> None:
    """Move inherited attributes that all children have alike up to their group."""
    children = list(group)
    for name in sorted(_INHERITED):
        values = {child.get(name) for child in children}
        if len(values) == 1 and None not in values:
            group.set(name, values.pop() or "")
            for child in children:
                del child.attrib[name]
