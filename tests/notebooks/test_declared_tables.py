"""The declarations of the result tables say what they mean to say."""

from analysis.study import STUDY
from workbook.remembered import Remembered
from workbook.steps import Source
from workbook.tables.lineage import DeclaredTables
from workbook.tables.results import inputs_behind, result_contracts


def test_every_title_and_label_is_whole_in_both_languages():
    # an unquoted comma inside a YAML flow mapping cuts a text in two and leaves its end as a third
    # key
    for contract in result_contracts().values():
        texts = [
            contract.title,
            *(f.title for f in contract.fields),
            *(t for f in contract.fields for t in f.labels.values()),
        ]
        assert [t for t in texts if set(t) != {"ja", "en"}] == [], contract.name


def test_the_lean_lineage_leads_to_every_input_that_the_contracts_lead_to():
    """The oracle is the reader that exhibits use; a table it knows and the key does not would go
    stale unseen.
    """
    declared = DeclaredTables(Remembered(None), STUDY.chapters)
    assert len(result_contracts()) > 50
    for table in result_contracts():
        for present in (lambda name: True, lambda name: False):
            assert set(inputs_behind(Source(table), present)) <= declared.inputs_behind(
                [Source(table)]
            )


def test_what_carries_two_columns_of_a_model_rests_on_what_they_were_carried_from():
    # tempting: the whole table, so that a count of residents is "modelled" and rests on the
    # baseline
    residents = Source("ward_costs", ("code", "residents"))
    assert inputs_behind(residents, lambda table: False) == ("municipality_indicators",)
    assert set(inputs_behind(Source("ward_costs"), lambda table: False)) > {
        "municipality_indicators",
        "input_register",
    }
