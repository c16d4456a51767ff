"""Formulas: TeX in the notebooks becomes MathML when the page is built; no script draws them
later.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from markupsafe import Markup

from workbook.report.faults import ReportFault

_MATHML = "http://www.w3.org/1998/Math/MathML"
# the signs of order as printed in Japan; sum and product as Greek capitals
_IN_OUR_TYPEFACE = str.maketrans("≤≥∑∏", "≦≧ΣΠ")
_LARGE = "ΣΠ"


def mathml(tex: str, display: bool) -> Markup:
    """Return a formula as MathML, within a line or on a line of its own.

    A browser takes a lone letter from the mathematical alphabets, which the embedded typeface
    lacks. So each letter is set upright here and slanted by the style sheet. Refused: a formula
    that cannot be read.

    >>> print(mathml(r"a \\le 1", display=False))
    <math display="inline"><mrow><mi mathvariant="normal">a</mi><mo>≦</mo><mn>1</mn></mrow></math>
    """
    from latex2mathml.converter import convert

    try:
        root = ET.fromstring(convert(tex, display="block" if display else "inline"))
    # the library's errors share no class; whatever it cannot read is the author's to mend
    except Exception as fault:
        raise ReportFault(
            f"the formula {tex!r} cannot be read: {type(fault).__name__} {fault}"
        ) from fault
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_MATHML}}}")
        element.text = (element.text or "").translate(_IN_OUR_TYPEFACE) or None
        if element.tag == "mi" and len(element.text or "") == 1:
            element.set("mathvariant", "normal")
        if element.tag == "mo" and element.text in tuple(_LARGE):
            element.set("mathsize", "150%")
        if "\\" in (element.text or ""):
            raise ReportFault(f"the formula {tex!r} cannot be read: unknown command {element.text}")
    return Markup(ET.tostring(root, encoding="unicode"))
