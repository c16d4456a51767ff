"""Characters as offices type them become plain ones, and no digit joins a number that it does not
belong to.
"""

import pytest

from office_tables.numbers import read_number
from office_tables.sheet import plain_text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("　１，２３４\n", "1,234"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("㈱ｶﾞｽ①", "(株)ガス①"),
        ("千代田\U000e0100区", "千代田区"),
        ("㎡", "m2"),
        ("５㎢", "5km2"),
        ("m²", "m2"),
        ("費用②", "費用②"),
        ("", ""),
    ],
)
def test_plain_characters(text, plain):
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    ("text", "number", "mark"),
    [
        ("1,234²", 1234, "※2"),
        ("１２３①", 123, "※1"),
        ("1,234 ※2", 1234, "※2"),
        ("1,234*", None, None),
    ],
)
def test_a_raised_or_ringed_digit_behind_a_number_is_a_footnotes_mark(text, number, mark):
    """The tempting wrong answer: normalising makes 1232 of 123² and nobody notices."""
    if number is None:
        with pytest.raises(ValueError, match="is no number"):
            read_number(plain_text(text))
    else:
        found = read_number(plain_text(text))
        assert (found.value, found.mark) == (number, mark)


@pytest.mark.parametrize("text", ["²5", "1²3", "5½", "②", "٣٤", "१२३", "12⒈"])
def test_other_digits_are_no_numbers(text):
    with pytest.raises(ValueError):
        read_number(plain_text(text))
