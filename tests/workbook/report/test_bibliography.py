"""One file of works: what is cited stands in it, and what stands in it is whole."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_markdown_cell

from workbook.report import ReportFault, build
from workbook.report.bibliography import works_of


def test_a_key_that_no_file_holds_is_refused_with_its_place(altered, made_up):
    def cite(cells):
        cells["04_bread"] += made_up.pair(
            "## 注\n\n出典[@nobody1999]。", "## Note\n\nSource [@nobody1999].", "note"
        )
        cells["12_ledger"].append(
            new_markdown_cell(
                "See [@shapley1953; @noone2001].", metadata={"tags": ["en"]}, id="more"
            )
        )

    with pytest.raises(ReportFault) as fault:
        build(altered(cite))
    assert str(fault.value).splitlines() == [
        "04_bread, note-en: [@nobody1999] names no work of references.bib",
        "12_ledger, more: [@noone2001] names no work of references.bib",
    ]


def test_citations_without_a_file_are_refused(altered):
    folder = altered()
    (folder.parents[1] / "docs" / "references.bib").unlink()
    with pytest.raises(
        ReportFault,
        match=r"docs/references.bib is missing, and these cite works: 04_bread, method",
    ):
        build(folder)


def test_every_entry_that_is_not_whole_is_named_at_once():
    with pytest.raises(ReportFault) as fault:
        works_of(
            "@article{a2001, author={A, B.}, title={T}, year={2001}}\n@book{Gini, title={T},"
            " publisher={P}, year={1912}}"
        )
    assert str(fault.value).splitlines() == [
        "references.bib: a2001 has no journal",
        "references.bib: Gini has no author",
        "references.bib: the key 'Gini' is not a name and a year in small letters",
    ]


def test_a_key_used_twice_is_refused():
    entry = "@book{a2001, author={A, B.}, title={T}, publisher={P}, year={2001}}\n"
    with pytest.raises(ReportFault, match="a2001"):
        works_of(entry + entry)


def test_the_order_in_the_file_does_not_matter():
    first, second = (
        f"@book{{{key}, author={{{author}}}, title={{T}}, publisher={{P}}, year={{2001}}}}\n"
        for key, author in (("b2001", "B, C."), ("a2001", "{A Ministry}"))
    )
    assert list(works_of(first + second)) == list(works_of(second + first)) == ["a2001", "b2001"]


def test_names_and_titles_are_escaped():
    work = works_of(
        "@book{a2001, author={A<b>, C.}, title={<script>}, publisher={P}, year={2001}}"
    )["a2001"]
    assert "<script>" not in work.entry and "<b>" not in work.entry


def test_an_institution_that_publishes_itself_is_named_once():
    entry = works_of(
        "@techreport{hm2022, author={{HM Treasury}}, title={T}, institution={HM Treasury},"
        " year={2022}}"
    )["hm2022"]
    assert str(entry.entry) == "HM Treasury (2022). <cite>T</cite>."
