"""Exhibits as a chapter declares them: read again when they are edited, and what of them a step
rests on.
"""

from __future__ import annotations

from workbook.exhibits.declared import Exhibit, exhibits_of, tables_digest


def declared(folder, text):
    (folder / "x").mkdir(exist_ok=True)
    (folder / "x" / "exhibits.yaml").write_text(text, encoding="utf-8")
    return exhibits_of("x", folder)


def test_a_declaration_is_read_again_when_it_is_edited(tmp_path):
    assert exhibits_of("x", tmp_path) == {}
    assert declared(tmp_path, "one: {tables: [a, b], chart: m.plot}\n") == {
        "one": Exhibit("one", ("a", "b"), "m.plot", "x")
    }
    assert declared(tmp_path, "one: {tables: [b, a]}\n") == {
        "one": Exhibit("one", ("b", "a"), None, "x")
    }


def test_what_a_step_rests_on_are_the_tables_of_its_exhibits_and_not_their_charts(tmp_path):
    def digest(text):
        declared(tmp_path, text)
        return tables_digest("x", tmp_path)

    before = digest("one: {tables: [a], chart: m.plot}\n")
    assert (
        digest("# a remark\none: {tables: [a], chart: m.other}\n")
        == digest("one: {tables: [a]}\n")
        == before
    )
    assert (
        len(
            {
                before,
                digest("one: {tables: [a, b]}\n"),
                digest("one: {tables: [b, a]}\n"),
                digest("two: {tables: [a]}\n"),
            }
        )
        == 4
    )
