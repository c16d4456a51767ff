import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.municipalities import GROUPS, check_digit, group_of_bodies, require_codes

FIVE_DIGITS = st.text("0123456789", min_size=5, max_size=5)


@pytest.mark.parametrize(("code", "weighted"), [
    ("131016", 6 * 1 + 5 * 3 + 4 * 1 + 3 * 0 + 2 * 1),   # Chiyoda: 27, remainder 5, 11 - 5
    ("131237", 6 * 1 + 5 * 3 + 4 * 1 + 3 * 2 + 2 * 3),   # Edogawa: 37, remainder 4, 11 - 4
    ("011002", 6 * 0 + 5 * 1 + 4 * 1 + 3 * 0 + 2 * 0),   # Sapporo: 9, remainder 9, 11 - 9
])
def test_check_digit_is_eleven_less_the_remainder(code, weighted):
    assert check_digit(code[:5]) == code[5] == str(11 - weighted % 11)


def test_remainder_one_gives_zero_and_remainder_zero_gives_one():
    # tempting: 10 and 11 written out, or "no digit", where the rule keeps the last digit only
    assert check_digit("13113") == "0"   # Shibuya: 6 + 15 + 4 + 3 + 6 = 34, remainder 1
    assert check_digit("41100") == "1"   # 24 + 5 + 4 = 33, remainder 0


@pytest.mark.parametrize("wrong", ["1310", "131016", "1310a", "１３１０１", ""])
def test_check_digit_refuses_all_but_five_digits(wrong):
    with pytest.raises(ValueError, match="five digits"):
        check_digit(wrong)


def test_every_culprit_is_named_with_the_right_code():
    with pytest.raises(ValueError) as refusal:
        require_codes(["131016", "131025", "13103", "11002", 131041, "131 05", "１３１０５９"])
    text = str(refusal.value)
    assert "131016'" not in text
    for part in ("'131025' (should be 131024)", "131032 with its check digit", "011002 with its leading zero",
                 "131041 (a int, not text)", "'131 05' (not six digits)", "'１３１０５９' (not six digits)"):
        assert part in text


def test_a_five_digit_code_that_fits_both_ways_gets_both_readings():
    # tempting: to take every five-digit code for a number that lost its zero
    with pytest.raises(ValueError, match="011002 with its leading zero or 110027 with its check digit"):
        require_codes(["11002"])


@given(FIVE_DIGITS)
def test_exactly_one_of_ten_last_digits_is_right(five):
    right = []
    for last in "0123456789":
        try:
            right += require_codes([five + last])
        except ValueError as refusal:
            assert f"should be {five}{check_digit(five)}" in str(refusal)
    assert right == [five + check_digit(five)]


@given(st.lists(FIVE_DIGITS))
def test_right_codes_come_back_as_they_were(fives):
    codes = [five + check_digit(five) for five in fives]
    assert require_codes(iter(codes)) == codes


def test_a_group_comes_ordered_by_code_whatever_the_order_of_the_rows():
    bodies = pd.DataFrame({"code": ["131237", "132012", "131016"], "group": ["tokyo23", "tama26", "tokyo23"]})
    assert group_of_bodies(bodies, "tokyo23")["code"].tolist() == ["131016", "131237"]
    pd.testing.assert_frame_equal(group_of_bodies(bodies, "tokyo23"), group_of_bodies(bodies[::-1], "tokyo23"))


def test_an_unknown_group_is_refused_with_those_there_are():
    bodies = pd.DataFrame({"code": ["131016"], "group": [GROUPS[0]]})
    with pytest.raises(ValueError, match="'tokyo' *; there are: tokyo23"):
        group_of_bodies(bodies, "tokyo")


def test_a_group_with_a_wrong_code_is_refused():
    bodies = pd.DataFrame({"code": ["131016", "131025"], "group": ["tokyo23", "tokyo23"]})
    with pytest.raises(ValueError, match="131024"):
        group_of_bodies(bodies, "tokyo23")
