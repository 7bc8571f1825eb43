"""Renders layers of an Altair chart to SVG that is part of a page and follows its style sheet.

Knows nothing of what is charted.  Colours are variables of the style sheet, so that one
drawing serves light and dark pages.  Invariant: what comes back is well-formed, refers to
nothing outside itself and holds no script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import altair as alt
import vl_convert
from markupsafe import Markup

from workers.core.terminal import plain_text, plain_values

WIDTH = 340  # of every chart; a column of the page is about as wide, on a phone and on a desktop
FONT_SIZE = 11
_DRAWN = ("d", "transform", "x", "y", "x2", "y2", "width", "height")
_DROPPED = ("aria-", "role", "font-family")
_LONG_FRACTION = re.compile(r"(\.\d\d)\d+")


@dataclass(frozen=True)
class Layer:
    """How to draw marks, and the rows that they are drawn from.

    Apart, since Altair copies a chart's rows, and checks each, with every step of its making.
    """

    marks: alt.Chart
    rows: Sequence[Mapping[str, Any]]


def variable(colour: str) -> str:
    """A colour of the page's style sheet, by its name there."""
    return f"var(--{colour})"


def render(layers: Sequence[Layer], height: float, description: str) -> Markup:
    """The layers as one `svg` element, `height` high where it is `WIDTH` wide.

    A mark's `description` is shown when it is pointed at; screen readers get this one.
    """
    spec = _styled(alt.LayerChart(layer=[layer.marks for layer in layers]), height).to_dict()
    for drawn, layer in zip(spec["layer"], layers, strict=True):
        drawn["data"] = {"values": layer.rows}
    # The renderer ends the whole process at a control character, so that no text may hold one.
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(plain_values(spec)))
    for element in list(root.iter()):
        _clean(element)
    label = plain_text(description, 1000)
    root.attrib = {"viewBox": root.attrib["viewBox"], "role": "img", "aria-label": label}
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _styled(chart: alt.LayerChart, height: float) -> alt.LayerChart:
    size = alt.AutoSizeParams(type="fit", contains="padding")
    axis = alt.AxisConfig(
        aria=False,
        labelColor=variable("soft"),
        labelFontSize=FONT_SIZE,
        titleColor=variable("soft"),
        titleFontSize=FONT_SIZE,
        titleFontWeight="normal",
        gridColor=variable("rule"),
        tickColor=variable("soft"),
        domainColor=variable("soft"),
    )
    view = alt.ViewConfig(stroke=None)
    config = alt.Config(background="transparent", font="sans-serif", axis=axis, view=view)
    return chart.properties(width=WIDTH, height=height, autosize=size, padding=2, config=config)


def _clean(element: ElementTree.Element) -> None:
    """Inside HTML an SVG needs no namespaces, and has the page's font.

    Vega writes a mark's description as a label for screen readers; it becomes the tooltip.
    """
    element.tag = element.tag.rpartition("}")[2]
    if text := element.attrib.get("aria-label"):
        ElementTree.SubElement(element, "title").text = text
    for name in [name for name in element.attrib if name.startswith(_DROPPED)]:
        del element.attrib[name]
    for name in _DRAWN:
        if value := element.attrib.get(name):
            element.attrib[name] = _LONG_FRACTION.sub(r"\1", value)
