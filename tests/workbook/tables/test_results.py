"""The declarations of result tables follow their files."""

import shutil
from types import SimpleNamespace

from bakery.study import STUDY

from workbook.tables import results


def test_a_declaration_that_is_edited_while_a_process_lives_is_read_again(tmp_path, monkeypatch):
    shutil.copytree(STUDY.chapters, tmp_path / "chapters")
    copy = SimpleNamespace(chapters=tmp_path / "chapters")
    monkeypatch.setattr(results, "study", lambda: copy)
    assert results.result_contracts()["ledger"].title["en"] != "Another title"
    path = tmp_path / "chapters" / "ledger" / "tables.yaml"
    declared = results.result_contracts()["ledger"].title["en"]
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"en: {declared}", "en: Another title"),
        encoding="utf-8",
    )
    results.refresh_declarations()
    assert results.result_contracts()["ledger"].title["en"] == "Another title"
