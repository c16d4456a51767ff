"""Codes of local governments (JIS X 0401 and 0402) with their check digit."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WEIGHTS = (6, 5, 4, 3, 2)


def check_digit(five_digits: str) -> str:
    """Return the sixth digit that belongs to the first five of a local government code.

    The first five are prefecture (JIS X 0401) and municipality (JIS X 0402); the check digit is
    (11 - weighted sum mod 11) mod 10 with the weights 6, 5, 4, 3, 2. Refused: anything but five
    ASCII digits. The trap: the remainders 0 and 10 both give 1, so the digit catches most slips of
    the pen, not all.

    >>> check_digit("13101")  # Chiyoda: 6 + 15 + 4 + 0 + 2 = 27, 27 mod 11 = 5, 11 - 5 = 6
    '6'
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

    >>> require_codes(["131016", "011002"])
    ['131016', '011002']
    >>> require_codes(["131016", "131017", "13101"])  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ValueError: not a local government code: '131017' (should be 131016);
        '13101' (five digits: 131016 with its check digit)
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
