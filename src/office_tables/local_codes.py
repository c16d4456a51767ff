"""Codes of local governments (JIS X 0401 and 0402): their check digit, and how a column of them is
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

PREFECTURES = tuple(
    """北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都
    神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府
    大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県
    福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県""".split()  # noqa: SIM905  47 words read better than 47 quoted ones
)
_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five_digits: str) -> str:
    """Return the sixth digit that belongs to the first five of a local government code.

    The first five are prefecture (JIS X 0401) and municipality (JIS X 0402); the check digit is
    (11 - weighted sum mod 11) mod 10 with the weights 6, 5, 4, 3, 2. Refused: anything but five
    ASCII digits. The trap: the remainders 0 and 10 both give 1, so the digit catches most slips of
    the pen, not all.

    >>> check_digit("14100")  # Yokohama: 6 + 20 + 4 + 0 + 0 = 30, 30 mod 11 = 8, 11 - 8 = 3
    '3'
    """
    if not re.fullmatch("[0-9]{5}", five_digits):
        raise ValueError(f"the check digit belongs to five digits, not to {five_digits!r}")
    weighted = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, five_digits, strict=True))
    return str((11 - weighted % 11) % 10)


def require_codes(codes: Iterable[str]) -> list[str]:
    """Return the codes as a list if each is a six-digit text with the right check digit.

    Otherwise a `ValueError` names every culprit and the code that was probably meant. The trap: a
    spreadsheet that reads codes as numbers drops the leading zero of Hokkaido to Tochigi, and a JIS
    code has no check digit at all.

    >>> require_codes(["141003", "011002"])
    ['141003', '011002']
    >>> require_codes(["141003", "141004", "14100"])  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ValueError: not a local government code: '141004' (should be 141003);
        '14100' (five digits: 141003 with its check digit)
    """
    checked = list(codes)
    faults = [f"{code!r} ({fault})" for code in checked if (fault := _fault(code))]
    if faults:
        raise ValueError("not a local government code: " + "; ".join(faults))
    return checked


def _fault(code: object) -> str | None:
    """Say what is wrong with a code and what was probably meant; None if it is right."""
    if not isinstance(code, str):
        return f"a {type(code).__name__}, not text"
    if re.fullmatch("[0-9]{6}", code):
        right = check_digit(code[:5])
        return None if code[5] == right else f"should be {code[:5]}{right}"
    if not re.fullmatch("[0-9]{5}", code):
        return "not six digits"
    meant, padded = [f"{code}{check_digit(code)} with its check digit"], f"0{code}"
    if check_digit(padded[:5]) == padded[5]:
        meant.insert(0, f"{padded} with its leading zero")
    return "five digits: " + " or ".join(meant)


def digits(text: str) -> str:
    """Return a code's digits, or nothing where the text is no code of four to six digits.

    The statistics bureau writes R and five digits; they come back with their check digit, the
    whole nation as zeros.

    >>> digits("14100-3"), digits("141003"), digits("14,100"), digits("横浜市")
    ('141003', '141003', '', '')
    >>> digits("R14100"), digits("R00000"), digits("R1410"), digits("R141003")
    ('141003', '000000', '', '')
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

    ``prefectures`` are the names next to them ('' where none is known). The trap: a spreadsheet
    drops the leading zero, so five digits may be a JIS code or a six-digit code of Hokkaido to
    Tochigi; the column as a whole decides.

    >>> (
    ...     reading_of_codes(["141003", "141305"], ["", ""]),
    ...     reading_of_codes(["14100", "14130"], ["", ""]),
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
            _fits(code.zfill(width), prefecture)
            for code, prefecture in zip(codes, prefectures, strict=True)
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

    >>> full_code("14100", "five"), full_code("11002", "six")
    ('141003', '011002')
    >>> full_code("141004", "six")
    Traceback (most recent call last):
    ValueError: has a wrong check digit; 141003 would be right
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
