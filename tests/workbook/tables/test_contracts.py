"""A table keeps its contract, and every fault is named at once."""

import pandas as pd
import pytest

from workbook.tables.contracts import Contract, TableFault

ENTRY = {
    "name": "wards",
    "title": {"ja": "区", "en": "Wards"},
    "description": "One row per ward.",
    "how": "arithmetic",
    "from": ["fields"],
    "key": ["code"],
    "fields": [
        {
            "name": "code",
            "type": "string",
            "unit": "text",
            "title": {"ja": "団体", "en": "Municipality"},
            "pattern": "[0-9]{6}",
        },
        {
            "name": "saving_share",
            "type": "number",
            "unit": "share",
            "title": {"ja": "率", "en": "Share"},
            "minimum": 0,
            "maximum": 1,
        },
        {
            "name": "staff",
            "type": "integer",
            "unit": "person",
            "title": {"ja": "職員", "en": "Staff"},
            "nullable": True,
        },
        {
            "name": "late",
            "type": "boolean",
            "unit": "yes/no",
            "title": {"ja": "遅れ", "en": "Late"},
        },
    ],
}


@pytest.fixture
def contract():
    return Contract.of_result(ENTRY)


def wards(**columns):
    values = dict(
        code=["209031", "209014"], saving_share=[0.25, 1 / 3], staff=[3, None], late=[True, False]
    )
    return pd.DataFrame(values | columns)


def test_rows_are_written_in_the_order_of_the_key_with_twelve_digits(contract):
    assert (
        contract.text(wards())
        == "code,saving_share,staff,late\n209014,0.333333333333,,false\n209031,0.25,3,true\n"
    )


def test_what_was_written_reads_back_the_same_and_writes_the_same_bytes(contract):
    text = contract.text(wards())
    assert contract.text(contract.parse(text)) == text


def test_every_fault_is_named_at_once_with_row_column_and_value(contract):
    text = "code,saving_share,staff,late\n20901,1.5,1,true\n209031,-2,1,true\n"
    with pytest.raises(TableFault) as fault:
        contract.parse(text, "tables/wards.csv")
    for part in (
        "tables/wards.csv",
        "column code row 2: value '20901'",
        "row 2: value 1.5",
        "row 3: value -2",
    ):
        assert part in str(fault.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,saving_share,staff\n", "declared"),
        (
            "code,saving_share,staff,late\n209031,a few,1,true\n",
            "row 2 value 'a few' is not a number",
        ),
        ("code,saving_share,staff,late\n209031,,1,true\n", "blank in row 2"),
        ("code,saving_share,staff,late\n209031,0.1,1,maybe\n", "not true or false"),
        ("code,saving_share,staff,late\n209031,0.1,1,true\n209031,0.2,1,true\n", "code"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused(contract, text, message):
    with pytest.raises(TableFault, match=message):
        contract.parse(text)


def test_missing_and_undeclared_columns_are_both_named(contract):
    with pytest.raises(
        TableFault, match=r"missing columns \['late'\], undeclared columns \['extra'\]"
    ):
        contract.text(wards(extra=1).drop(columns="late"))


def test_an_unknown_unit_is_refused():
    broken = ENTRY | {"fields": [ENTRY["fields"][0] | {"unit": "furlong"}]}
    with pytest.raises(ValueError, match="furlong"):
        Contract.of_result(broken)
