"""From what stands in a row to one municipality: its code, by code or by name, each checked against
the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from office_tables.local_codes import check_digit
from office_tables.names import PREFECTURES, bare_name, without_prefix

# local parts of designated cities; other numbers below 200 are their wards
CITY_CODES = {"100", "130", "140", "150"}
# cities of the same name in two prefectures
HOMONYMS = {"府中市": "東京都 or 広島県", "伊達市": "北海道 or 福島県"}
TOKYO = "13"
# what is no body
PLACES = {
    "prefecture": "a prefecture",
    "wards": "the special wards together",
    "city_ward": "a ward of a designated city",
}


@dataclass(frozen=True)
class Register:
    """The bodies whose names are known here: code by bare name, and bare name by code."""

    code_of: dict[str, str]
    name_of: dict[str, str]
    prefecture_of: dict[str, str]

    @classmethod
    def of(cls, municipalities: pd.DataFrame) -> Register:
        """Return the register of the table ``municipalities`` (code, name_ja, prefecture_ja)."""
        names = {
            code: bare_name(name)
            for code, name in municipalities[["code", "name_ja"]].itertuples(index=False)
        }
        return cls(
            {name: code for code, name in names.items()},
            names,
            dict(municipalities[["code", "prefecture_ja"]].itertuples(index=False)),
        )


def digits(text: str) -> str:
    """Return a code's digits, or nothing where the text is no code of four to six digits.

    The statistics bureau writes R and five digits; they come back with their check digit, the
    whole nation as zeros.

    >>> digits("13101-6"), digits("131016"), digits("13,101"), digits("千代田区")
    ('131016', '131016', '', '')
    >>> digits("R13101"), digits("R00000"), digits("R1310"), digits("R131016")
    ('131016', '000000', '', '')
    """
    if not 4 <= len(text) <= 8:
        return ""
    if bureau := re.fullmatch(r"[Rr]([0-9]{5})", text):
        five = bureau[1]
        return five + (check_digit(five) if five.strip("0") else "0")
    plain = (
        text.removesuffix(".0").replace("-", "", 1)
        if re.fullmatch(r"[0-9]{5}-[0-9]", text)
        else text
    )
    # \d would take the digits of every script
    return plain if re.fullmatch(r"[0-9]{4,6}", plain) else ""


def has_check_digit(code: str) -> bool:
    """Say whether six digits end with the check digit of the first five and begin with a
    prefecture.
    """
    return len(code) == 6 and check_digit(code[:5]) == code[5] and 1 <= int(code[:2]) <= 47


def is_possible(five: str) -> bool:
    """Say whether five digits may be a JIS code: a prefecture, then 000 or a local number from
    100.
    """
    return 1 <= int(five[:2]) <= 47 and (five[2:] == "000" or int(five[2:]) >= 100)


def reading_of_codes(codes: Sequence[str], prefectures: Sequence[str]) -> str:
    """Return how a column's codes are to be read: ``six`` digits, or ``five`` without the check
    digit; '' if both fit.

    ``prefectures`` are the names beside them ('' where none is known). The trap: a spreadsheet
    drops the leading zero, so five digits may be a JIS code or a six-digit code of Hokkaido to
    Tochigi; the column as a whole decides.

    >>> (
    ...     reading_of_codes(["131016", "131024"], ["", ""]),
    ...     reading_of_codes(["13101", "13102"], ["", ""]),
    ... )
    ('six', 'five')
    >>> reading_of_codes(["11002", "12025"], ["北海道", "北海道"])
    'six'
    """
    if any(len(code) == 6 for code in codes):
        return "six"
    fits = [
        name
        for name, width in (("six", 6), ("five", 5))
        if all(
            _fits(code.zfill(width), beside)
            for code, beside in zip(codes, prefectures, strict=True)
        )
    ]
    return fits[0] if len(fits) == 1 else "" if fits else "five"


def _fits(code: str, prefecture: str) -> bool:
    if prefecture and PREFECTURES[int(code[:2]) - 1 : int(code[:2])] != (prefecture,):
        return False
    return has_check_digit(code) if len(code) == 6 else is_possible(code)


def full_code(text: str, reading: str) -> str:
    """Return the six-digit code of a cell; a `ValueError` says why it is none and what was probably
    meant.

    >>> full_code("13101", "five"), full_code("11002", "six")
    ('131016', '011002')
    >>> full_code("131017", "six")
    Traceback (most recent call last):
    ValueError: has a wrong check digit; 131016 would be right
    """
    code = digits(text)
    if not code:
        raise ValueError("is no code of five or six digits")
    if reading == "five":
        five = code.zfill(5)
        if len(five) != 5 or not is_possible(five):
            raise ValueError("is no code of a municipality")
        return five + check_digit(five)
    code = code.zfill(6)
    if not 1 <= int(code[:2]) <= 47:
        raise ValueError("names no prefecture: the first two digits are 01 to 47")
    if not has_check_digit(code):
        raise ValueError(
            f"has a wrong check digit; {code[:5]}{check_digit(code[:5])} would be right"
        )
    return code


def kind_of_code(code: str) -> str:
    """Return what a six-digit code names: ``prefecture``, ``wards`` (the special wards together),
    ``city_ward`` or ``body``.

    >>> [kind_of_code(code) for code in ("130001", "131008", "131016", "011011", "011002")]
    ['prefecture', 'wards', 'body', 'city_ward', 'body']
    """
    local = code[2:5]
    if local == "000":
        return "prefecture"
    if code[:2] == TOKYO and local == "100":
        return "wards"
    return (
        "city_ward" if code[:2] != TOKYO and local[0] == "1" and local not in CITY_CODES else "body"
    )


def city_of_ward(name: str, known: Iterable[str]) -> str:
    """Return the designated city whose ward a bare name is, '' if it is none of ``known``.

    >>> city_of_ward("札幌市中央区", ["札幌市"]), city_of_ward("中央区", ["札幌市"])
    ('札幌市', '')
    """
    return next(
        (city for city in known if name.startswith(city) and name != city and name.endswith("区")),
        "",
    )


def code_by_name(
    text: str, prefecture: str, register: Register, tokyo_alone: bool
) -> tuple[str, str]:
    """Return (code, remark) of a body named without a code; a `ValueError` says why the name
    settles nothing.

    ``prefecture`` is what the row names; ``tokyo_alone`` says that every other name of the file
    lies in Tokyo.
    """
    inside, name = without_prefix(bare_name(text))
    beside = inside or bare_name(prefecture)
    code, remark = register.code_of.get(name, ""), ""
    if not code:
        stems = [known for known in register.code_of if known[:-1] == name]
        if len(stems) != 1:
            raise ValueError("is no municipality known here by its name")
        code, remark = register.code_of[stems[0]], f"{text} is read as {stems[0]}"
    if beside in PREFECTURES and beside != register.prefecture_of[code]:
        raise ValueError(f"lies in {beside}, the one known here in {register.prefecture_of[code]}")
    if beside not in PREFECTURES and name in HOMONYMS and not tokyo_alone:
        raise ValueError(f"is the name of two cities: {HOMONYMS[name]}")
    return code, remark


def no_bodies(codes: pd.Series) -> Iterator[str]:
    """Yield what is wrong with codes that name no single municipality, with the row of a file under
    one header.

    >>> print(*no_bodies(pd.Series(["131016", "131017", "130001"])), sep="\\n")
    row 3: code 131017 has a wrong check digit; 131016 would be right
    row 4: code 130001 is that of a prefecture; take the row out
    """
    for place, code in codes.items():
        try:
            kind = kind_of_code(full_code(code, "six"))
        except ValueError as fault:
            yield f"row {place + 2}: code {code} {fault}"
            continue
        if kind in PLACES:
            yield f"row {place + 2}: code {code} is that of {PLACES[kind]}; take the row out"
