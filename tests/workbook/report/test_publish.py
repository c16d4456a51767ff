"""A finished run becomes two files, or none and a message that names every fault."""

from __future__ import annotations

import re
import stat

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from workbook.output import MIME
from workbook.report import ReportFault, build


def test_both_editions_stand_in_the_run_s_report_folder(published):
    assert [path.name for path in published.values()] == ["index.html", "en.html"]
    assert {path.parent.name for path in published.values()} == {"report"}
    assert sorted(path.name for path in published["ja"].parent.iterdir()) == [
        "annex.en.html",
        "annex.ja.html",
        "en.html",
        "index.html",
    ]


def test_chapters_follow_by_number(altered, made_up):
    def add_first_chapter(cells):
        cells["01_harvest"] = made_up.pair("# 1 現状", "# 1 Environment", "question")

    page = build(altered(add_first_chapter))["en"].read_text(encoding="utf-8")
    assert re.findall(r'<section class="chapter" id="([^"]+)"', page) == [
        "chapter-01-harvest",
        "chapter-04-bread",
        "chapter-12-ledger",
    ]


def test_two_builds_of_one_run_are_the_same_bytes(altered):
    folder = altered()
    first = {lang: path.read_bytes() for lang, path in build(folder).items()}
    assert {lang: path.read_bytes() for lang, path in build(folder).items()} == first


def test_the_time_of_the_run_does_not_reach_the_page(altered):
    early = build(altered(written_at="2026-01-01T00:00:00+00:00"))["ja"].read_bytes()
    assert build(altered(written_at="2027-07-07T07:07:07+00:00"))["ja"].read_bytes() == early


def test_papermill_s_random_cell_id_does_not_reach_the_page(altered):
    # the tempting way: to name every code cell by its id makes two runs of one commit differ
    first, annex = build(altered())["en"].read_bytes(), "annex.en.html"
    behind = build(altered())["en"].with_name(annex).read_bytes()
    again = build(altered())["en"]
    assert again.read_bytes() == first and again.with_name(annex).read_bytes() == behind
    assert b'id="code-04-bread-injected-parameters"' in behind


def test_a_cell_that_raised_is_refused_with_notebook_cell_and_error(altered):
    def break_cell(cells):
        cells["04_bread"].append(
            new_code_cell(
                "1 / 0",
                id="leave",
                outputs=[
                    new_output(
                        "error", ename="ZeroDivisionError", evalue="division by zero", traceback=[]
                    )
                ],
            )
        )

    with pytest.raises(
        ReportFault, match=r"04_bread, cell leave: ZeroDivisionError: division by zero"
    ):
        build(altered(break_cell))


def test_a_page_is_as_private_as_the_strictest_step_of_its_run(altered):
    folder = altered()
    open_to_all = stat.S_IMODE((folder / "results.json").stat().st_mode)
    assert {stat.S_IMODE(path.stat().st_mode) for path in build(folder).values()} == {open_to_all}
    (folder / "notebooks" / "04_bread.ipynb").chmod(0o600)
    assert {stat.S_IMODE(path.stat().st_mode) for path in build(folder).values()} == {0o600}


def test_every_exhibit_at_fault_is_named_at_once_and_nothing_is_written(altered, made_up):
    def damage(cells):
        shown = made_up.payloads(cells["04_bread"])
        shown["costs"]["alt"]["en"] = " "
        shown["detail"]["title"]["ja"] = ""
        made_up.payloads(cells["12_ledger"])["answers"]["standing"]["value"] = "guessed"

    folder = altered(damage)
    with pytest.raises(ReportFault) as fault:
        build(folder)
    assert str(fault.value).splitlines() == [
        "exhibit 4.1 costs: no alt text in en",
        "exhibit 4.2 detail: no title in ja",
        "exhibit 9.1 answers: unknown standing 'guessed'",
    ]
    assert not (folder / "report").exists()


def test_a_reference_to_an_exhibit_that_is_not_shown_is_refused_by_its_slug(altered, made_up):
    def refer(cells):
        cells["04_bread"] += made_up.pair(
            "## 注\n\n[[s-curve]]を参照。", "## Note\n\nSee [[costs]].", "note"
        )
        made_up.payloads(cells["12_ledger"])["answers"]["title"]["en"] = "As [[tornado]] shows"

    with pytest.raises(ReportFault) as fault:
        build(altered(refer))
    assert str(fault.value).splitlines() == [
        "04_bread, note-ja: [[s-curve]] names no exhibit of this run",
        "12_ledger, answers: [[tornado]] names no exhibit of this run",
    ]


def test_an_exhibit_of_a_chapter_that_has_not_run_is_named_without_a_link(altered, made_up):
    def refer(cells):
        cells["04_bread"] += made_up.pair(
            "## 注\n\n[[grain-by-field]]を参照。", "## Note\n\nSee [[grain-by-field]].", "note"
        )

    pages = {lang: path.read_text(encoding="utf-8") for lang, path in build(altered(refer)).items()}
    assert (
        "図表 1.1を参照" in pages["ja"]
        and "See exhibit 1.1." in pages["en"]
        and "#exhibit-grain-by-field" not in pages["en"]
    )


def test_two_exhibits_of_one_slug_are_refused(altered, made_up):
    def repeat(cells):
        cells["12_ledger"].append(
            made_up.showing(
                "again",
                "",
                made_up.exhibit(
                    "9.2",
                    "answers",
                    "table",
                    [made_up.answers_table()],
                    {"ja": "再掲", "en": "Again"},
                ),
            )
        )

    with pytest.raises(
        ReportFault,
        match=(
            "two exhibits share the slug 'answers'\ntwo exhibits share the anchor 'exhibit-answers'"
        ),
    ):
        build(altered(repeat))


def test_a_character_the_typeface_lacks_is_refused_and_named(altered, made_up):
    def smile(cells):
        cells["04_bread"] += made_up.pair("## 余談\n\n良い🍡", "## Aside\n\nGood", "aside")

    with pytest.raises(ReportFault, match=r"🍡 \(U\+1F361, DANGO\)"):
        build(altered(smile))


def test_a_missing_record_is_named(altered):
    folder = altered()
    (folder / "results.json").unlink()
    (folder / "manifest.json").unlink()
    with pytest.raises(
        ReportFault, match="manifest.json is missing\nmade-up: results.json is missing"
    ):
        build(folder)


def test_a_heading_that_skips_a_level_is_refused(altered, made_up):
    def skip(cells):
        cells["04_bread"] += made_up.pair("## 注\n\n#### 細目", "## Note\n\n### Detail", "note")

    with pytest.raises(ReportFault, match="細目"):
        build(altered(skip))


def test_local_data_mark_both_editions_as_not_for_publication(altered, published):
    pages = build(altered(local_inputs=["oven_cost"]))
    assert "手元のデータから作った" in pages["ja"].read_text(encoding="utf-8")
    assert "Made with local data, keep confidential." in pages["en"].read_text(encoding="utf-8")
    assert "local data" not in published["en"].read_text(encoding="utf-8")


def as_written(cells):
    """Return a notebook's cells as they stood before they ran."""
    return [
        (
            new_code_cell(cell.source, id=cell.id, metadata=cell.metadata)
            if cell.cell_type == "code"
            else cell
        )
        for cell in cells
        if "injected-parameters" not in cell.metadata.get("tags", [])
    ]


def test_prose_of_the_source_notebooks_replaces_that_of_the_run(altered, made_up, tmp_path):
    folder, sources = altered(), tmp_path / "notebooks"
    sources.mkdir()
    for name, cells in made_up.chapters().items():
        written = as_written(cells)
        written.append(
            new_markdown_cell("A later sentence.", metadata={"tags": ["en"]}, id="later")
        )
        nbformat.write(new_notebook(cells=written), sources / f"{name}.ipynb")
    page = build(folder, sources)["en"].read_text(encoding="utf-8")
    assert page.count("A later sentence.") == 2
    assert "A later sentence." not in build(folder)["en"].read_text(encoding="utf-8")
    behind = build(folder, sources)["en"].with_name("annex.en.html").read_text(encoding="utf-8")
    assert behind.index("code-04-bread-parameters") < behind.index(
        "code-04-bread-injected-parameters"
    )


def test_a_source_notebook_with_another_cell_is_refused(altered, made_up, tmp_path):
    folder, sources = altered(), tmp_path / "notebooks"
    sources.mkdir()
    for name in made_up.chapters():
        nbformat.write(
            new_notebook(cells=[new_code_cell("1", id=f"cell-{i}") for i in range(9)]),
            sources / f"{name}.ipynb",
        )
    with pytest.raises(
        ReportFault, match="12_ledger: the notebook's code cells are not those that ran"
    ):
        build(folder, sources)


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        (lambda cells: cells[-1].update(source=cells[-1].source + "\nx = 1"), "show-detail"),
        (lambda cells: cells.append(new_code_cell("x = 1", id="new")), "new"),
        (lambda cells: cells.reverse(), "their order"),
    ],
)
def test_code_that_did_not_run_is_not_published_around_the_results_of_what_did(
    altered, made_up, tmp_path, edit, named
):
    # tempting: as many cells as ran; then a changed line stands beside results it did not make
    folder, sources = altered(), tmp_path / "notebooks"
    sources.mkdir()
    for name, cells in made_up.chapters().items():
        written = as_written(cells)
        code = [cell for cell in written if cell.cell_type == "code"]
        if name.startswith("04"):
            edit(code)
        nbformat.write(new_notebook(cells=code), sources / f"{name}.ipynb")
    with pytest.raises(
        ReportFault, match=rf"^04_bread: .* not those that ran \({named}\); run it again$"
    ):
        build(folder, sources)


def test_another_value_in_the_parameters_cell_and_a_remark_are_no_other_code(
    altered, made_up, tmp_path
):
    folder, sources = altered(), tmp_path / "notebooks"
    sources.mkdir()
    for name, cells in made_up.chapters().items():
        written = as_written(cells)
        for cell in written:
            if "parameters" in cell.metadata.get("tags", []):
                cell.source = cell.source.replace("implied", "own") + " and a remark"
        nbformat.write(new_notebook(cells=written), sources / f"{name}.ipynb")
    assert set(build(folder, sources)) == {"ja", "en"}


OWN = {
    "a table": (
        {
            "text/html": (
                "<style scoped>b{}</style><table><tr><th>ward</th></tr>"
                "<tr><td>&lt;script&gt;1</td></tr></table>"
            ),
            "text/plain": "x",
        },
        "<td>&lt;script&gt;1</td>",
    ),
    "a picture": (
        {"image/png": 'iVBORw0KGgo=\n"onerror="1', "text/plain": "<Figure>"},
        'src="data:image/png;base64,iVBORw0KGgo=onerror=1"',
    ),
    "a drawing": (
        {"image/svg+xml": '<svg viewBox="0 0 1 1"><rect id="r"/></svg>', "text/plain": "x"},
        "<rect />",
    ),
    "a text": ({"text/plain": "plain <frame>"}, "plain &lt;frame&gt;"),
    "another form": (
        {"text/html": "<b id='leaked-out'>", "application/x": "1", "text/plain": "chart <1>"},
        "its text is all that is shown",
    ),
}


@pytest.mark.parametrize("form", OWN)
def test_what_a_researchers_own_code_shows_is_published_as_their_own(altered, made_up, form):
    # tempting: nothing but the study's exhibits; then a researcher's table is missing and nobody
    # says so
    data, shown = OWN[form]

    def add(cells):
        cells["12_ledger"].append(
            new_code_cell(
                "frame",
                id="frame",
                outputs=[new_output("execute_result", data=data, execution_count=1)],
            )
        )

    page = build(altered(add))["en"].read_text(encoding="utf-8")
    own = page[page.index('id="own-12-ledger-1"') :].partition("</figure>")[0]
    assert (
        shown in own
        and "Output added to this notebook (cell frame)" in own
        and "no source, not checked" in own
    )
    assert (
        "leaked-out" not in page
        and "<script>1" not in page
        and "scoped" not in page
        and MIME not in page
    )


def test_an_own_drawing_that_acts_is_refused(altered):
    def add(cells):
        cells["12_ledger"].append(
            new_code_cell(
                "draw",
                id="draw",
                outputs=[
                    new_output(
                        "display_data",
                        data={"image/svg+xml": '<svg viewBox="0 0 1 1"><script>1</script></svg>'},
                    )
                ],
            )
        )

    with pytest.raises(ReportFault, match="<script>, which the page does not embed"):
        build(altered(add))
