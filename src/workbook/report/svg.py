"""A chart's SVG made fit for the page: text in the page's typeface, ids of its own, nothing that
acts or fetches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from xml.etree import ElementTree as ET

from workbook.report.edition import has_japanese
from workbook.report.faults import ReportFault
from workbook.report.font import FAMILY
from workbook.words.chart_words import MARK

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
_NUMBERS = {"d", "x", "y", "points", "x1", "x2", "y1", "y2", "cx", "cy", "transform"}
_LONG_NUMBER = re.compile(r"-?\d+\.\d+")
_STRETCHED = re.compile(r"scale|matrix|skew")
_SIZE = re.compile(r"(?:^|;)font-size:([\d.]+)px")
_SHARED = ("style", "clip-path")  # what a row of like shapes has in common
FEWEST_SHARING = 3
_NO_TURN = re.compile(r"rotate\(-?0 [^)]*\)")
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
    used = {name: f"{anchor}-{place}" for place, name in enumerate(_ids_used(root), 1)}
    marks = {part for defs in root.iter(f"{{{_SVG}}}defs") for part in defs.iter()}
    for element in root.iter():
        _require_harmless(element, anchor)
        _lean(element, used, 2 if element in marks else 1)
        _owned(element, used, lang)
    _without_empty_groups(root)
    _sharing_once(root)
    size = _size_shared(root)
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
    if size:  # the page may set its texts smaller where the picture is larger
        root.set("style", f"--size:{size}px")
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


def _ids_used(root: ET.Element) -> list[str]:
    """Return the ids that something in the picture refers to, in order; a page needs no other."""
    used: dict[str, None] = {}
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and value.startswith("#"):
                used[value[1:]] = None
            elif "(" in value:
                used.update(dict.fromkeys(_LOCAL_URL.findall(value)))
    return list(used)


def _lean(element: ET.Element, used: Mapping[str, str], digits: int) -> None:
    """Take away what nobody sees: blanks between elements, ids that nothing refers to, turns by
    nothing, and digits beyond a fifth of a pixel where a chart is drawn largest.
    """
    if _name(element) not in _TEXTS:
        element.text = None
    element.tail = None if _name(element) != "tspan" else element.tail
    name = element.get("id", "")
    if name not in used:
        element.attrib.pop("id", None)
    if name.startswith(MARK):
        element.set("data-member", name.removeprefix(MARK))
    if _NO_TURN.fullmatch(element.get("transform", "")):
        del element.attrib["transform"]
    for name in _NUMBERS & set(element.attrib):
        value = " ".join(element.attrib[name].split())
        if name != "transform" or not _STRETCHED.search(value):
            value = _LONG_NUMBER.sub(lambda found: _rounded(found[0], digits), value)
        element.set(name, _joined(value) if name == "d" else value)


def _rounded(number: str, digits: int) -> str:
    """Return a number with no more digits than these.

    >>> _rounded("-0.04", 1), _rounded("12.96", 1), _rounded("0.256", 2)
    ('0', '13', '0.26')
    """
    text = f"{float(number):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _joined(path: str) -> str:
    """Return a path without the letters that it can do without: a line goes on until another
    command.

    >>> _joined("M 1 2 L 3 4 L 5 6 z M 7 8 L 9 9")
    'M1 2 3 4 5 6zM7 8 9 9'
    """
    parts, last = [], ""
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        goes_on = command == "L" and last in ("M", "L")
        parts.append((" " if goes_on else command) + numbers.strip())
        last = command
    return "".join(parts)


def _without_empty_groups(parent: ET.Element) -> None:
    """Put what stands in a group that says nothing in the group's place."""
    kept: list[ET.Element] = []
    for child in list(parent):
        _without_empty_groups(child)
        parent.remove(child)
        if _name(child) == "g" and not child.attrib:
            kept.extend(child)
        elif len(child) or _name(child) not in ("g", "defs"):
            kept.append(child)
    parent.extend(kept)


def _sharing_once(parent: ET.Element) -> None:
    """Say once what neighbours have in common, around them: colours, lines, and where they are
    cut.
    """
    for child in parent:
        _sharing_once(child)
    runs = [(key, list(run)) for key, run in groupby(list(parent), key=_in_common)]
    if parent.tag == f"{{{_SVG}}}defs" or all(len(run) < FEWEST_SHARING for _, run in runs):
        return
    for child in list(parent):
        parent.remove(child)
    for key, run in runs:
        holder = parent
        if any(key) and len(run) >= FEWEST_SHARING:
            shared = {name: value for name, value in zip(_SHARED, key, strict=True) if value}
            holder = ET.SubElement(parent, f"{{{_SVG}}}g", shared)
            for child in run:
                for name in shared:
                    del child.attrib[name]
        holder.extend(run)


def _in_common(element: ET.Element) -> tuple[str, ...]:
    """Return what an element may share with its neighbours; nothing where it is moved, or where a
    group would look otherwise.
    """
    style = element.get("style", "")
    if re.search(r"(?:^|;)opacity:", style) or _name(element) not in ("path", "use", "text"):
        return ("", "")
    clipped = "" if element.get("transform") else element.get("clip-path", "")
    return (style, clipped) if clipped == element.get("clip-path", "") else ("", "")


def _size_shared(root: ET.Element) -> str:
    """Return the size that most texts have, and give it up to the page; other sizes are then parts
    of it.
    """
    styled = [(element, _SIZE.search(element.get("style", ""))) for element in root.iter()]
    sizes = Counter(found[1] for _, found in styled if found)
    if not sizes:
        return ""
    ((most, _),) = sizes.most_common(1)
    for element, found in styled:
        if found:
            part = float(found[1]) / float(most)
            own = "" if part == 1 else f";font-size:{part:.3g}em"
            style = _SIZE.sub(own, element.get("style", "")).strip(";")
            element.set("style", style)
            if not style:
                del element.attrib["style"]
    return most


def _owned(element: ET.Element, used: Mapping[str, str], lang: str) -> None:
    if (reference := element.attrib.pop(f"{{{_XLINK}}}href", None)) is not None:
        element.set("href", reference)
    for name, value in element.attrib.items():
        if "(" in value and name != "transform":
            element.set(name, _LOCAL_URL.sub(lambda found: f"url(#{used[found[1]]})", value))
    if "id" in element.attrib:
        element.set("id", used[element.get("id", "")])
    if (reference := element.get("href", "")).startswith("#"):
        element.set("href", f"#{used[reference[1:]]}")
    elif reference:
        element.set("href", "".join(reference.split()))
    element.attrib.pop("font-family", None)
    if style := _in_page_typeface(element.attrib.pop("style", "")):
        element.set("style", style)
    if lang == "en" and _name(element) in ("text", "tspan") and has_japanese(element.text or ""):
        element.set("lang", "ja")


@cache  # a chart repeats a few styles thousands of times
def _in_page_typeface(value: str) -> str:
    """Return a style without its typeface, which the page gives, and without blanks."""
    parts = (part.strip() for part in value.split(";"))
    kept = (part for part in parts if part and not part.startswith("font-family"))
    plain = ";".join(re.sub(r":\s+", ":", part, count=1) for part in kept)
    return _FONT.sub(rf"\1 '{FAMILY}',sans-serif", plain)
