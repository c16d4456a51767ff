"""Numbers as offices write them, read exactly or refused; marks for what is missing, kept apart by
what they mean.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

UNITS: dict[str, tuple[str, Decimal]] = {
    "円": ("money", Decimal(1)),
    "千円": ("money", Decimal(10) ** 3),
    "万円": ("money", Decimal(10) ** 4),
    "十万円": ("money", Decimal(10) ** 5),
    "百万円": ("money", Decimal(10) ** 6),
    "千万円": ("money", Decimal(10) ** 7),
    "億円": ("money", Decimal(10) ** 8),
    "十億円": ("money", Decimal(10) ** 9),
    "兆円": ("money", Decimal(10) ** 12),
    "yen": ("money", Decimal(1)),
    "JPY": ("money", Decimal(1)),
    "thousand yen": ("money", Decimal(10) ** 3),
    "million yen": ("money", Decimal(10) ** 6),
    "billion yen": ("money", Decimal(10) ** 9),
    "人": ("person", Decimal(1)),
    "名": ("person", Decimal(1)),
    "千人": ("person", Decimal(10) ** 3),
    "万人": ("person", Decimal(10) ** 4),
    "persons": ("person", Decimal(1)),
    "%": ("share", Decimal("0.01")),
    "パーセント": ("share", Decimal("0.01")),
    "percent": ("share", Decimal("0.01")),
    "世帯": ("household", Decimal(1)),
    "千世帯": ("household", Decimal(10) ** 3),
    "km2": ("area", Decimal(1)),
    "ha": ("area", Decimal("0.01")),
    "件": ("count", Decimal(1)),
    "団体": ("count", Decimal(1)),
    "か月": ("month", Decimal(1)),
    "ヶ月": ("month", Decimal(1)),
    "カ月": ("month", Decimal(1)),
    "ケ月": ("month", Decimal(1)),
    "時間": ("hour", Decimal(1)),
    "日": ("day", Decimal(1)),
    "倍": ("ratio", Decimal(1)),
}
MISSING = {
    "none": {"-", "--", "---", "ー", "該当なし", "皆無", "なし"},
    "unknown": {"...", "..", "・・・", "不詳", "不明", "未集計", "未回答", "NA", "N/A", "n/a"},
    "suppressed": {"x", "X", "×", "χ", "Χ", "***", "**", "*", "秘匿", "非公表", "非公開"},
}
MEANING = {
    "none": "nothing to report",
    "unknown": "not known",
    "suppressed": "withheld by the source",
    "blank": "blank",
}
DASHES = dict.fromkeys(map(ord, "−‐‑‒–—―─━"), "-")
NUMBER = re.compile(
    r"(?P<sign>[-+△▲▽▼]?)\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?"
)
MARK = re.compile(
    r"(?:\s*(?:[(\[〔]?\s*注\s*\d{0,2}\s*[)\]〕]?|※\s*\d{0,2}|\*\s*\d{1,2}|\s\d{1,2}\)))$|^※\s*"
)
ALL_UNITS = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
IN_BRACKETS = re.compile(
    rf"[(\[〔【<](?:単位\s*[:：・]?\s*)?(?P<units>(?:{ALL_UNITS})(?:\s*[,、"
    rf"・]\s*(?:{ALL_UNITS}))*)[)\]〕】>]",
    re.IGNORECASE,
)
NAMED = re.compile(
    rf"(?:単位|unit)\s*[:：・]?\s*(?P<units>(?:{ALL_UNITS})(?:\s*[,、・]\s*(?:{ALL_UNITS}))*)",
    re.IGNORECASE,
)
LONGEST = 40


class Reading(NamedTuple):
    """What a cell says: a number with the unit written behind it, or why it says none; ``mark`` is
    a footnote's.
    """

    value: Decimal | None
    unit: str = ""
    missing: str = ""
    mark: str = ""


def read_number(text: str) -> Reading:
    """Return what a cell of a number column says; a `ValueError` tells why it cannot be read.

    >>> read_number("△1,234")
    Reading(value=Decimal('-1234'), unit='', missing='', mark='')
    >>> read_number("12.5%")
    Reading(value=Decimal('12.5'), unit='%', missing='', mark='')
    >>> (
    ...     read_number("***").missing,
    ...     read_number("-").missing,
    ...     read_number("…".replace("…", "...")).missing,
    ... )
    ('suppressed', 'none', 'unknown')
    >>> read_number("1,23")
    Traceback (most recent call last):
    ValueError: is no number: its commas do not part thousands
    """
    if text == "":
        return Reading(None, missing="blank")
    plain = text.translate(DASHES)
    for kind, marks in MISSING.items():
        if plain in marks:
            return Reading(None, missing=kind)
    if len(plain) > LONGEST:
        raise ValueError("is no number: too long")
    mark = "".join(match.group().strip() for match in MARK.finditer(plain))
    plain = MARK.sub("", plain).strip()
    currency, plain = plain.startswith(("¥", "\\")), plain.lstrip("¥\\")
    match = NUMBER.match(plain)
    if not match:
        raise ValueError(_why_not(plain))
    unit = plain[match.end() :].strip() or ("円" if currency else "")
    if unit and unit not in UNITS:
        raise ValueError(_why_not(plain))
    value = Decimal(match["whole"].replace(",", "") + (match["part"] or ""))
    return Reading(-value if match["sign"] in tuple("-△▲▽▼") else value, unit, mark=mark)


def _why_not(text: str) -> str:
    if text.startswith("#"):
        return "is an error of the spreadsheet, no number"
    if text.lower() in ("nan", "inf", "-inf", "null", "none"):
        return "is no number: leave the cell blank, or write the mark for what is missing (-, x, …)"
    if text.startswith("(") and text.endswith(")"):
        return "may be a negative number or a remark in brackets: write △ for a negative one"
    if re.fullmatch(r"[-△▲]?[\d,]+(\.\d+)?", text):
        return "is no number: its commas do not part thousands"
    if re.search(r"\d", text):
        return "is no number: text or a second number stands in the cell"
    return "is text in a column of numbers"


def units_in(text: str) -> list[str]:
    """Return the units that a heading or a title names, in brackets or behind 単位, without
    repetition.

    >>> (
    ...     units_in("費用（千円）".replace("（", "(").replace("）", ")")),
    ...     units_in("単位:百万円、人"),
    ...     units_in("業務の円滑化"),
    ... )
    (['千円'], ['百万円', '人'], [])
    """
    if text in UNITS:
        return [text]
    found = [
        unit.strip()
        for match in (*IN_BRACKETS.finditer(text), *NAMED.finditer(text))
        for unit in re.split(r"[,、・]", match["units"])
    ]
    known = {unit.lower(): unit for unit in UNITS}
    return list(dict.fromkeys(known[unit.lower()] for unit in found))


def bare_heading(text: str) -> str:
    """Return a heading without its unit, brackets and spaces.

    >>> bare_heading("費 用 (千円)"), bare_heading("Cost (thousand yen)")
    ('費用', 'cost')
    """
    text = NAMED.sub("", IN_BRACKETS.sub("", text))
    return "" if text.strip() in UNITS else re.sub(r"[\s()\[\]_]", "", text).lower()


def scaling_form(form: str) -> str:
    """Return what an Excel number format does to the number shown: ``percent``, ``thousands`` (a
    trailing comma), or nothing.

    >>> scaling_form("0.0%"), scaling_form("#,##0,"), scaling_form("#,##0")
    ('percent', 'thousands', '')
    """
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form.split(";")[0])
    if "%" in bare:
        return "percent"
    return "thousands" if re.search(r"[0#],+(?![0#,])", bare) else ""
