"""The closed list of units, and how a number is written in Japanese and in English."""

from __future__ import annotations

import datetime as dt
import math
import re

NUMERIC_UNITS = frozenset(
    {
        "JPY",
        "JPY/year",
        "JPY/month",
        "JPY/resident",
        "JPY/resident/year",
        "JPY/municipality/year",
        "JPY/USD",
        "person",
        "person/1000 residents",
        "resident",
        "residents/km2",
        "share",
        "ratio",
        "log point",
        "level",
        "year",
        "month",
        "day",
        "hour",
        "hour/year",
        "fiscal_year",
        "municipality",
        "local_government",
        "household",
        "system",
        "business",
        "instance",
        "group",
        "task",
        "km2",
        "draw",
        "index",
        "count",
        "m GBP",
        "bn GBP",
        "m AUD",
        "bidder",
        "department",
        "case",
        "mixed",
    }
)
UNITS = NUMERIC_UNITS | {"text", "date", "yes/no"}

# from which amount on, scale, name; 610,423 yen would pretend to digits that no estimate has
_MONEY = {
    "ja": ((1e8, 1e8, "億円"), (1e4, 1e4, "万円"), (0.0, 1.0, "円")),
    "en": ((1e9, 1e9, " billion yen"), (1e5, 1e6, " million yen"), (0.0, 1.0, " yen")),
}
# from, to, step: sums of thousands of 万円 are good to three digits, as the others are
_COARSE = {"ja": (1e7, 1e8, 1e5)}
_PER = {
    "JPY": ("{}", "{}"),
    "JPY/year": ("年{}", "{} a year"),
    "JPY/month": ("月{}", "{} a month"),
    "JPY/resident": ("1人当たり{}", "{} per resident"),
    "JPY/resident/year": ("1人当たり年{}", "{} per resident a year"),
    "JPY/municipality/year": ("1団体当たり年{}", "{} per municipality a year"),
}
_AXIS_PER = {
    "JPY": ("", ""),
    "JPY/year": ("／年", " a year"),
    "JPY/month": ("／月", " a month"),
    "JPY/resident": ("／人", " per resident"),
    "JPY/resident/year": ("／人・年", " per resident a year"),
    "JPY/municipality/year": ("／団体・年", " per municipality a year"),
}
# place in _MONEY; the first for the others
_AXIS_SCALE = {"JPY/resident": 2, "JPY/resident/year": 2, "JPY/municipality/year": 1}
_COUNTED = {
    "person": ("人", ""),
    "resident": ("人", " residents"),
    "person/1000 residents": ("人／千人", " per 1,000 residents"),
    "residents/km2": ("人／km²", " per km²"),
    "month": ("か月", " months"),
    "year": ("年", " years"),
    "day": ("日", " days"),
    "hour": ("時間", " hours"),
    "hour/year": ("時間／年", " hours a year"),
    "municipality": ("団体", " municipalities"),
    "local_government": ("団体", " local governments"),
    "household": ("世帯", " households"),
    "system": ("システム", " systems"),
    "business": ("業務", " administrative functions"),
    "instance": ("基", ""),
    "group": ("群", " groups"),
    "task": ("作業", " tasks"),
    "km2": ("km²", " km²"),
    "ratio": ("倍", " times"),
    "case": ("件", " cases"),
}
# a written value names them
SPOKEN_UNITS = (
    frozenset(_PER) | {"share"} | {unit for unit, (_, english) in _COUNTED.items() if english}
)
_ISO = r"\d{4}-(?:0[1-9]|1[0-2])(?:-[0-3]\d)?"
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def require_unit(unit: str) -> str:
    """Return ``unit`` if it is on the closed list; otherwise a `ValueError` names it.

    >>> require_unit("JPY/year")
    'JPY/year'
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}; one of: {', '.join(sorted(UNITS))}")
    return unit


def written_date(text: str, lang: str) -> str:
    """Return an ISO day, month or year as the reader of ``lang`` writes it; other texts stay.

    >>> written_date("2026-11-29", "ja"), written_date("2026-11", "en"), written_date("2022", "ja")
    ('2026年11月29日', 'November 2026', '2022年')
    >>> written_date("2018-19", "ja")  # a fiscal year of another country
    '2018-19'
    """
    found = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?", text)
    if not found:
        return text
    year, month, day = (int(part) if part else 0 for part in found.groups())
    if lang == "ja":
        return f"{year}年" + (f"{month}月" if month else "") + (f"{day}日" if day else "")
    return " ".join(filter(None, (str(day or ""), _MONTHS[month - 1] if month else "", str(year))))


def with_dates_written(text: str, lang: str) -> str:
    """Return a text whose ISO days and months that close a bracket are written as the reader of
    ``lang`` does.

    >>> with_dates_written("「結果」(2018-03-30)", "ja"), with_dates_written("A (B, 2022-03)", "en")
    ('「結果」（2018年3月30日）', 'A (B, March 2022)')
    """
    if lang == "ja":
        text = re.sub(rf"\(({_ISO})\)", r"（\1）", text)
    return re.sub(rf"(?<![\d-]){_ISO}(?=[)）])", lambda day: written_date(day[0], lang), text)


def decimal_fiscal_year(date: dt.date) -> float:
    """Return a date as a decimal fiscal year, so that 1 April 2022 is 2022.0 and FY2025 ends at
    2026.0.

    Months count as twelfths and days as parts of their month, so that equal months are equal
    lengths.

    >>> decimal_fiscal_year(dt.date(2022, 4, 1)), decimal_fiscal_year(dt.date(2026, 1, 1))
    (2022.0, 2025.75)
    """
    months = (date.month - 4) % 12
    year = date.year if date.month >= 4 else date.year - 1
    following = dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)
    return year + (months + (date.day - 1) / (following - date.replace(day=1)).days) / 12


def month_begins(month: str) -> float:
    """Return the decimal fiscal year in which a month begins; a bare year is its December.

    >>> month_begins("2026-04"), month_begins("2022-10"), round(month_begins("2022"), 4)
    (2026.0, 2022.5, 2022.6667)
    """
    return decimal_fiscal_year(dt.date.fromisoformat(f"{f'{month}-12'[:7]}-01"))


def month_of(fiscal_year: float) -> tuple[int, int]:
    """Return the calendar (year, month) in which a decimal fiscal year falls.

    >>> month_of(2022.0), month_of(2025.75), month_of(2025.999)
    ((2022, 4), (2026, 1), (2026, 3))
    """
    months = math.floor(fiscal_year * 12 + 1e-6) + 3
    return months // 12, months % 12 + 1


def significant(value: float, digits: int) -> str:
    """Return a number rounded to significant digits, without exponent, with thousands separators
    and a true minus.

    Whole parts are never cut (166.4 at two digits is 166, not 170) and whole numbers carry no
    decimals.

    >>> significant(0.01234, 2), significant(166.4, 3), significant(-6938.2, 2), significant(5.0, 3)
    ('0.012', '166', '−6,938', '5')
    """
    if value == 0:
        return "0"
    return fixed(
        value,
        0 if float(value).is_integer() else max(0, digits - 1 - math.floor(math.log10(abs(value)))),
    )


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals, thousands separators and a true minus, which nought
    never has.

    >>> fixed(-1234.5, 1), fixed(-0.04, 1), fixed(7, 0)
    ('−1,234.5', '0.0', '7')
    """
    text = f"{abs(value):,.{decimals}f}"
    return "−" + text if value < 0 and float(text.replace(",", "")) != 0 else text


def money_rules(unit: str, lang: str) -> dict[str, object]:
    """Return how a sum is written in a language, for a page that writes one itself: from which
    amount on it is divided by what and called what, between which amounts it is rounded to which
    step, and what stands around it.

    >>> money_rules("JPY/year", "en")["around"], money_rules("JPY/year", "ja")["scales"][0]
    ('{} a year', (100000000.0, 100000000.0, '億円'))
    """
    around = _PER[unit][lang == "en"]
    return {"scales": _MONEY[lang], "coarse": _COARSE.get(lang), "around": around}


def _money(value: float, unit: str, lang: str, digits: int) -> str:
    scales = _MONEY[lang][-1:] if "resident" in unit else _MONEY[lang]
    low, high, step = _COARSE.get(lang, (math.inf, 0.0, 1.0))
    if low <= abs(value) < high and len(scales) > 1:
        value = round(value / step) * step
    _, scale, name = next(s for s in scales if abs(value) >= s[0])
    return significant(value / scale, digits) + name


def format_value(value: object, unit: str, lang: str, digits: int | None = None) -> str:
    """Return a value as the reader of ``lang`` (``ja`` or ``en``) expects it, with its unit.

    Missing values give a dash. Shares become per cent, money 億円 or billion yen, decimal fiscal
    years a month. Two significant digits unless ``digits`` says otherwise, three for bare ratios
    and indices.

    >>> format_value(166e9, "JPY", "ja"), format_value(166e9, "JPY", "en")
    ('1,660億円', '166 billion yen')
    >>> format_value(36_630_000, "JPY", "ja"), format_value(99_960_000, "JPY", "ja")
    ('3,660万円', '1億円')
    >>> (
    ...     format_value(0.0312, "share", "en"),
    ...     format_value(2026.0, "fiscal_year", "ja"),
    ...     format_value(None, "JPY", "en"),
    ... )
    ('3.1%', '2026年4月', '–')
    >>> (
    ...     format_value(400_000, "resident", "ja"),
    ...     format_value(400_000, "resident", "en"),
    ...     format_value(65_942, "resident", "ja"),
    ... )
    ('40万人', '400,000 residents', '65,942人')
    """
    if unit in ("text", "date", "yes/no") or isinstance(value, str):
        return "–" if value is None or value != value else str(value)
    number = math.nan if value is None else float(value)  # type: ignore[arg-type]  # whatever float takes
    if math.isnan(number):
        return "–"
    digits = digits or (3 if unit in ("ratio", "index", "level") else 2)
    if unit in _PER:
        return _PER[unit][lang == "en"].format(_money(number, unit, lang, digits))
    if unit == "share":
        return _percent(number)
    if unit == "fiscal_year":
        year, month = month_of(number)
        return f"{year}年{month}月" if lang == "ja" else f"{_MONTHS[month - 1]} {year}"
    if unit in ("hour", "hour/year") and abs(number) >= 1e4:
        number = round(number, -3)  # hours are estimates: none is good to the last one
    if lang == "ja" and unit in ("person", "resident") and number and number % 1e4 == 0:
        return f"{significant(number / 1e4, digits)}万人"
    text = significant(number, digits)
    if unit not in _COUNTED:
        return text
    return text + _COUNTED[unit][lang == "en"]


def format_range(low: object, high: object, unit: str, lang: str) -> str:
    """Return an interval as the reader of ``lang`` expects it, what it is counted by said once; a
    dash where it is open.

    >>> (
    ...     format_range(-10.6e9, 5.2e9, "JPY/year", "ja"),
    ...     format_range(-10.6e9, 5.2e9, "JPY/year", "en"),
    ... )
    ('年−106億円～52億円', '−11 billion yen to 5.2 billion yen a year')
    >>> format_range(0.1, 0.2, "share", "en"), format_range(None, 0.2, "share", "en")
    ('10% to 20%', '–')
    """
    before, after = _PER.get(unit, ("{}", "{}"))[lang == "en"].split("{}")
    ends = [
        format_value(end, unit, lang).removeprefix(before).removesuffix(after)
        for end in (low, high)
    ]
    return "–" if "–" in ends else before + ("～" if lang == "ja" else " to ").join(ends) + after


def _percent(share: float) -> str:
    percent = abs(share) * 100
    if 0 < percent < 0.05:
        return "<0.1%"
    text = f"{percent:.1f}" if percent < 9.95 or 99 < percent < 100 else f"{percent:.0f}"
    return ("−" if share < 0 else "") + text.removesuffix(".0") + "%"


def axis(unit: str, lang: str, largest: float | None = None) -> tuple[float, str]:
    """Return (divisor, unit label) for an axis that shows ``unit``; where its ``largest`` amount of
    money is known, in the finest unit in which that has no more than three digits.

    >>> axis("JPY", "ja"), axis("JPY", "en"), axis("share", "ja")
    ((100000000.0, '億円'), (1000000000.0, 'billion yen'), (0.01, '%'))
    >>> axis("JPY", "ja", 9e7), axis("JPY", "ja", 9e6), axis("JPY", "en", 9e7)
    ((100000000.0, '億円'), (10000.0, '万円'), (1000000.0, 'million yen'))
    """
    if unit in _PER:
        scales = _MONEY[lang][_AXIS_SCALE.get(unit, 0) :]
        if largest is not None:
            scales = tuple(s for s in scales if abs(largest) < 1000 * s[1])[-1:] or scales
        _, scale, name = scales[0]
        return scale, name.strip() + _AXIS_PER[unit][lang == "en"]
    if unit == "share":
        return 0.01, "%"
    if unit == "fiscal_year":
        return 1.0, "年度" if lang == "ja" else "fiscal year"
    return 1.0, _COUNTED.get(unit, ("", ""))[lang == "en"].strip()
