"""Years and days as offices write them: 令和3年度, R3, FY2021, 2021年度, 令和4年1月1日."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

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
