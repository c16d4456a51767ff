"""A chart's SVG made fit for the page: text in the page's typeface, ids of its own, nothing that
acts or fetches.
"""

from __future__ import annotations

import re
from functools import cache
from xml.etree import ElementTree as ET

from workbook.report.edition import has_japanese
from workbook.report.faults import ReportFault
from workbook.report.font import FAMILY

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_DROPPED = {"metadata", "style", "title", "desc"}
_ALLOWED = {
    "svg",
    "g",
    "defs",
    "path",
    "use",
    "text",
    "tspan",
    "clipPath",
    "rect",
    "line",
    "polyline",
    "polygon",
    "circle",
    "ellipse",
    "image",
    "pattern",
    "marker",
    "symbol",
    "linearGradient",
    "radialGradient",
    "stop",
    "mask",
}
_TEXTS = {"text", "tspan"}
_NUMBERS = {"d", "x", "y", "points", "x1", "x2", "y1", "y2", "cx", "cy"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")
_FONT_FAMILY = re.compile(r"font-family:\s*[^;]+")
_FONT = re.compile(r"(font:\s*[^;'\"]*?\d(?:\.\d+)?(?:px|pt|em|%)(?:/\S+)?)\s+[^;]+")
_FOREIGN_URL = re.compile(r"url\(\s*['\"]?(?!#|['\"])", re.IGNORECASE)
_LOCAL_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)", re.IGNORECASE)

ET.register_namespace("", _SVG)


def embedded_svg(svg: str, anchor: str, alt: str, lang: str) -> str:
    """Return a chart's SVG for embedding in an edition of the page.

    ``anchor`` goes before every id and every reference to one, so that two charts never share a
    clip path; ``alt`` names the picture for those who do not see it. The style sheet inside, which
    would leak over the page, becomes attributes; width and height in points give way to the view
    box. Refused: scripts, foreign content, anything fetched.
    """
    try:
        root = ET.fromstring(svg[svg.index("<svg") :])
    except (ValueError, ET.ParseError) as fault:
        raise ReportFault(f"{anchor}: not an SVG picture ({fault})") from None
    _require_view_box(root, anchor)
    _without_dropped(root)
    used = _ids_used(root)
    for element in root.iter():
        _require_harmless(element, anchor)
        _lean(element, used)
        _owned(element, anchor, lang)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.attrib.update(
        {
            "role": "img",
            "aria-label": alt,
            "focusable": "false",
            "stroke-linejoin": "round",
            "stroke-linecap": "butt",
        }
    )
    return ET.tostring(root, encoding="unicode")


def _require_view_box(root: ET.Element, anchor: str) -> None:
    if not re.fullmatch(r"(-?[\d.]+[ ,]+){3}-?[\d.]+", root.get("viewBox", "").strip()):
        raise ReportFault(f"{anchor}: the picture has no viewBox")


def _without_dropped(parent: ET.Element) -> None:
    for child in list(parent):
        if _name(child) in _DROPPED:
            parent.remove(child)
        else:
            _without_dropped(child)


def _name(element: ET.Element) -> str:
    return str(element.tag).removeprefix(f"{{{_SVG}}}")


def _require_harmless(element: ET.Element, anchor: str) -> None:
    if _name(element) not in _ALLOWED:
        raise ReportFault(
            f"{anchor}: the picture holds <{_name(element)}>, which the page does not embed"
        )
    for name, value in element.attrib.items():
        outside = name in ("href", f"{{{_XLINK}}}href") and not value.startswith(
            ("#", "data:image/png;base64,")
        )
        if (
            name.lower().startswith("on")
            or outside
            or ("(" in value and _FOREIGN_URL.search(value))
        ):
            raise ReportFault(
                f"{anchor}: the picture holds {name.rpartition('}')[2]}={value[:60]!r}, which acts"
                " or fetches"
            )


def _ids_used(root: ET.Element) -> set[str]:
    """Return the ids that something in the picture refers to; a page needs no other."""
    used: set[str] = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and value.startswith("#"):
                used.add(value[1:])
            elif "(" in value:
                used.update(_LOCAL_URL.findall(value))
    return used


def _lean(element: ET.Element, used: set[str]) -> None:
    """Take away what nobody sees: blanks between elements, ids that nothing refers to, turns by
    nothing, and digits below a hundredth of a point.
    """
    if _name(element) not in _TEXTS:
        element.text = None
    element.tail = None if _name(element) != "tspan" else element.tail
    if element.get("id") not in used:
        element.attrib.pop("id", None)
    if _NO_TURN.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]
    for name in _NUMBERS & set(element.attrib):
        rounded = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", element.attrib[name])
        element.set(name, " ".join(rounded.split()))


def _owned(element: ET.Element, anchor: str, lang: str) -> None:
    if (reference := element.attrib.pop(f"{{{_XLINK}}}href", None)) is not None:
        element.set("href", reference)
    for name, value in element.attrib.items():
        if "(" in value:  # which the long paths never hold
            element.set(name, _LOCAL_URL.sub(rf"url(#{anchor}-\1)", value))
    if "id" in element.attrib:
        element.set("id", f"{anchor}-{element.get('id')}")
    if (reference := element.get("href", "")).startswith("#"):
        element.set("href", f"#{anchor}-{reference[1:]}")
    elif reference:
        element.set("href", "".join(reference.split()))
    for name in ("style", "font-family"):
        if name in element.attrib:
            element.set(name, _in_page_typeface(name, element.get(name, "")))
    if lang == "en" and _name(element) in ("text", "tspan") and has_japanese(element.text or ""):
        element.set("lang", "ja")


@cache  # a chart repeats a few styles thousands of times
def _in_page_typeface(name: str, value: str) -> str:
    stack = f"'{FAMILY}', sans-serif"
    if name == "font-family":
        return stack
    return _FONT.sub(rf"\1 {stack}", _FONT_FAMILY.sub(f"font-family: {stack}", value))
