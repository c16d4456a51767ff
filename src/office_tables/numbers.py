"""Numbers and years as offices write them, read exactly or refused; marks for what is missing, kept
apart by what they mean.
"""

from __future__ import annotations

import datetime as dt
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


BEFORE_FIRST = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "大正": 1911,
    "明治": 1867,
    "R": 2018,
    "H": 1988,
    "S": 1925,
}
_ERA = (
    r"(?P<era>令和|平成|昭和|大正|明治|(?<![A-Za-z])[RHS](?=[.\s]*(?:元|\d)))"
    r"[.\s]*(?P<of_era>元|\d{1,2})"
)
_WEST = r"(?:FY\s*)(?P<fy>(?:19|20)\d\d)|(?<![\d.,])(?P<west>(?:19|20)\d\d)"
_MONTH_DAY = (
    r"(?:\s*[年./-]\s*(?P<month>1[0-2]|0?[1-9])"
    r"\s*[月./-]\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*日?(?!\d))?"
)
EVERY_YEAR = re.compile(r"(?:各|毎|同)年\s*(1[0-2]|[1-9])\s*月\s*(3[01]|[12][0-9]|[1-9])\s*日")
YEAR = re.compile(
    f"(?:{_ERA}|{_WEST}){_MONTH_DAY}(?P<kind>\\s*年度|\\s*年)?(?![\\d,])", re.IGNORECASE | re.ASCII
)


class Period(NamedTuple):
    """A time as written: ``kind`` is ``fiscal`` (年度, FY), ``year`` (年), ``bare`` (a year alone)
    or ``day``.
    """

    kind: str
    year: int
    day: str = ""


def periods_in(text: str) -> list[Period]:
    """Return every period that a text names, without repetition, in order.

    >>> periods_in("令和元年度及びR3年度")
    [Period(kind='fiscal', year=2019, day=''), Period(kind='fiscal', year=2021, day='')]
    >>> periods_in("令和4年1月1日現在")
    [Period(kind='day', year=2022, day='2022-01-01')]
    """
    return list(dict.fromkeys(found for match in YEAR.finditer(text) if (found := _period(match))))


def period_of(text: str) -> Period | None:
    """Return the period if a whole cell is one; None otherwise.

    >>> period_of("H31年度"), period_of("1,234"), period_of("R3.")
    (Period(kind='fiscal', year=2019, day=''), None, None)
    """
    match = YEAR.fullmatch(text.strip()) or YEAR.fullmatch(
        text.strip().removesuffix("決算").removesuffix("予算").removesuffix("現在").strip()
    )
    return _period(match) if match else None


def _period(match: re.Match[str]) -> Period | None:
    part = match.groupdict()
    if part["era"]:
        era = part["era"].upper()
        of_era = 1 if part["of_era"] == "元" else int(part["of_era"])
        if of_era == 0:
            return None
        year = BEFORE_FIRST[era] + of_era
    else:
        year = int(part["fy"] or part["west"])
    if part["month"]:
        try:
            return Period(
                "day", year, dt.date(year, int(part["month"]), int(part["day"])).isoformat()
            )
        except ValueError:
            return None
    kind = (part["kind"] or "").strip()
    return Period(
        "fiscal" if kind == "年度" or part["fy"] else "year" if kind == "年" else "bare", year
    )
