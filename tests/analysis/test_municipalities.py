from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.groups import SPECIAL_WARDS, Group
from office_tables.local_codes import check_digit, require_codes

FIVE_DIGITS = st.text("0123456789", min_size=5, max_size=5)


@pytest.mark.parametrize(
    ("code", "weighted"),
    [
        ("131016", 6 * 1 + 5 * 3 + 4 * 1 + 3 * 0 + 2 * 1),  # Chiyoda: 27, remainder 5, 11 - 5
        ("131237", 6 * 1 + 5 * 3 + 4 * 1 + 3 * 2 + 2 * 3),  # Edogawa: 37, remainder 4, 11 - 4
        ("011002", 6 * 0 + 5 * 1 + 4 * 1 + 3 * 0 + 2 * 0),  # Sapporo: 9, remainder 9, 11 - 9
    ],
)
def test_check_digit_is_eleven_less_the_remainder(code, weighted):
    assert check_digit(code[:5]) == code[5] == str(11 - weighted % 11)


def test_remainder_one_gives_zero_and_remainder_zero_gives_one():
    # tempting: 10 and 11 written out, or "no digit", where the rule keeps the last digit only
    assert check_digit("13113") == "0"  # Shibuya: 6 + 15 + 4 + 3 + 6 = 34, remainder 1
    assert check_digit("41100") == "1"  # 24 + 5 + 4 = 33, remainder 0


@pytest.mark.parametrize("wrong", ["1310", "131016", "1310a", "１３１０１", ""])
def test_check_digit_refuses_all_but_five_digits(wrong):
    with pytest.raises(ValueError, match="five digits"):
        check_digit(wrong)


def test_every_culprit_is_named_with_the_right_code():
    with pytest.raises(ValueError) as refusal:
        require_codes(["131016", "131025", "13103", "11002", 131041, "131 05", "１３１０５９"])
    text = str(refusal.value)
    assert "131016'" not in text
    for part in (
        "'131025' (should be 131024)",
        "131032 with its check digit",
        "011002 with its leading zero",
        "131041 (a int, not text)",
        "'131 05' (not six digits)",
        "'１３１０５９' (not six digits)",
    ):
        assert part in text


def test_a_five_digit_code_that_fits_both_ways_gets_both_readings():
    # tempting: to take every five-digit code for a number that lost its zero
    with pytest.raises(
        ValueError, match="011002 with its leading zero or 110027 with its check digit"
    ):
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


MUNICIPALITIES = pd.DataFrame(
    {
        "code": ["131237", "132012", "131016", "011002"],
        "group": ["tokyo23", "tama26", "tokyo23", "designated20"],
        "name_ja": ["江戸川区", "八王子市", "千代田区", "札幌市"],
    }
)
TAMA = Group("tama26", tuple(map(str, range(26))), "city")
FIVE = Group("chosen", ("011002", "131016", "131237", "132012", "132021"), "municipality")


def test_a_group_comes_ordered_by_code_whatever_the_order_of_the_rows():
    assert Group.of("tokyo23", MUNICIPALITIES).codes == ("131016", "131237")
    assert (
        Group.of("tokyo23", MUNICIPALITIES)
        == Group.of("tokyo23", MUNICIPALITIES[::-1])
        == Group.of(["131237", "131016"], MUNICIPALITIES)
    )


def test_a_list_that_is_a_named_group_is_that_group_and_part_of_one_is_not():
    # tempting: to compare a hand-made group with a named one that holds the very same
    # municipalities
    part = Group.of(["131016", "132012", "011002"], MUNICIPALITIES)
    assert part.key == "chosen" and part.others == ("tokyo23",) and part.split == ("tokyo23",)
    assert Group.of("tama26", MUNICIPALITIES).others == ("tokyo23", "designated20")
    assert not part.published and Group.of("tokyo23", MUNICIPALITIES).published


def test_marking_a_hand_made_group_keeps_what_its_municipalities_are():
    marked = (
        Group.of(["131016", "132012", "011002"], MUNICIPALITIES)
        .marked(MUNICIPALITIES)
        .set_index("code")
    )
    assert marked["group"].to_dict() == {
        "131237": "tokyo23",
        "132012": "chosen",
        "131016": "chosen",
        "011002": "chosen",
    }
    assert marked["named_group"].tolist() == MUNICIPALITIES["group"].tolist()


def test_an_unknown_group_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="'tokyo' *; there are: designated20, tama26, tokyo23"):
        Group.of("tokyo", MUNICIPALITIES)


def test_municipalities_without_a_row_are_all_named_with_the_nearest_and_where_their_rows_belong():
    with pytest.raises(ValueError) as refusal:
        Group.of(["131016", "131024", "012025"], MUNICIPALITIES)
    text = str(refusal.value)
    for part in (
        "131024 (nearest there: 131016 千代田区)",
        "012025 (nearest there: 011002 札幌市)",
        "data/local/municipalities.csv",
    ):
        assert part in text
    assert "for 131016" not in text and ", 131016" not in text


def test_a_group_with_a_wrong_code_is_refused():
    with pytest.raises(ValueError, match="131024"):
        Group.of("tokyo23", MUNICIPALITIES.assign(code=["131016", "132012", "131025", "011002"]))


def test_municipalities_without_a_layout_lie_on_a_grid_by_code_each_on_a_tile_of_its_own():
    grid = FIVE.tiles(pd.DataFrame({"code": ["131016", "132012"], "column": [9, 9], "row": [9, 8]}))
    assert grid.to_numpy().tolist() == [
        ["011002", 1, 1],
        ["131016", 2, 1],
        ["131237", 3, 1],
        ["132012", 1, 2],
        ["132021", 2, 2],
    ]


def test_the_special_wards_are_the_23_of_the_table_of_municipalities():
    municipalities = pd.read_csv(
        Path(__file__).parents[2] / "data" / "municipalities.csv",
        dtype={"code": str},
        encoding="utf-8-sig",
    )
    assert Group.of("tokyo23", municipalities) == SPECIAL_WARDS and len(SPECIAL_WARDS.codes) == 23
