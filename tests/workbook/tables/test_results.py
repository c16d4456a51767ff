"""The declarations of the result tables say what they mean to say."""

import shutil
from types import SimpleNamespace

from analysis.study import STUDY
from workbook.tables import results
from workbook.tables.results import result_contracts


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


def test_a_declaration_that_is_edited_while_a_process_lives_is_read_again(tmp_path, monkeypatch):
    shutil.copytree(STUDY.chapters, tmp_path / "chapters")
    copy = SimpleNamespace(chapters=tmp_path / "chapters")
    monkeypatch.setattr(results, "study", lambda: copy)
    assert results.result_contracts()["levers"].title["en"] != "Another title"
    path = tmp_path / "chapters" / "procurement" / "tables.yaml"
    declared = results.result_contracts()["levers"].title["en"]
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"en: {declared}", "en: Another title"),
        encoding="utf-8",
    )
    results.refresh_declarations()
    assert results.result_contracts()["levers"].title["en"] == "Another title"
