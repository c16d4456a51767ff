"""The declarations of the result tables say what they mean to say."""

from analysis.notebook.results import result_contracts


def test_every_title_and_label_is_whole_in_both_languages():
    # an unquoted comma inside a YAML flow mapping cuts a text in two and leaves its end as a third key
    for contract in result_contracts().values():
        texts = [contract.title, *(f.title for f in contract.fields), *(t for f in contract.fields for t in f.labels.values())]
        assert [t for t in texts if set(t) != {"ja", "en"}] == [], contract.name
