"""The books of a hand-made run: no empty cell that could have been filled, and no proof of what is
not there.
"""

import csv
import io
import json
import shutil
from dataclasses import asdict, replace

import pytest
import yaml
from rich.console import Console

from analysis.study import STUDY
from tests.office_tables.office_files import ROOT
from tests.workbook.tiny_study import write_notebook
from workbook.audit import books, telling
from workbook.audit.checklists import FRAMEWORKS, LINES, PARTS
from workbook.audit.study_files import StudyFiles
from workbook.output import MIME

STEPS = STUDY.steps

RUN = "runs/baseline"


def write_table(folder, name, rows):
    with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def shown(slug, number):
    return {
        "kind": "exhibit",
        "number": number,
        "slug": slug,
        "title": {"ja": "題", "en": "A title"},
        "standing": {"value": "modelled"},
        "provenance": {
            "function": "analysis.chapters.procurement.charts.plot_levers",
            "tables": ["levers"],
            "inputs": [{"name": "lever_scope"}],
        },
    }


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """The study's own files, with a run made by hand: two sensitivity tables, one exhibit, a
    manifest.
    """
    root = tmp_path_factory.mktemp("study")
    # of two workflows one would stand in for the other when it is spoilt
    left_out = shutil.ignore_patterns("local", "__pycache__", "newest.yml")
    for name in ("data", "docs", "src", ".github", ".ci"):
        shutil.copytree(ROOT / name, root / name, ignore=left_out)
    (root / "tests" / "expected").mkdir(parents=True)
    for name in (
        "README.md",
        "README.ja.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "CITATION.cff",
        "LICENSE",
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
        "environment.yml",
        ".gitignore",
        "tests/test_house.py",
    ):
        shutil.copy(ROOT / name, root / name)
    (root / "notebooks").mkdir()
    write_notebook(root / "notebooks" / "04_procurement.ipynb", {"compute": "levers = 1"})
    run = root / RUN
    (run / "tables").mkdir(parents=True)
    (run / "notebooks").mkdir()
    write_table(
        run, "variance_shares", [{"input": "price_effect", "share": 0.2, "split_share": 0.3}]
    )
    write_table(
        run,
        "sensitivity",
        [{"input": "price_effect", "swing": 0.02}, {"input": "uptake_price", "swing": 0.05}],
    )
    cell = {
        "cell_type": "code",
        "id": "show-levers",
        "metadata": {},
        "source": [],
        "execution_count": 1,
        "outputs": [
            {"output_type": "display_data", "metadata": {}, "data": {MIME: shown("levers", "4.3")}}
        ],
    }
    (run / "notebooks" / "04_procurement.ipynb").write_text(
        json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    (run / "params.yaml").write_text(
        yaml.safe_dump({"study": {"evidence_until": None, "scale_model": "joint_cloud"}})
    )
    (run / "results.json").write_text("[]")
    (root / "tests" / "expected" / "headline_results.json").write_text("{}")
    steps = {
        step.name: {"status": "executed", "reasons": ["not run yet"], "seconds": 1.0}
        for step in STEPS
    }
    (run / "manifest.json").write_text(
        json.dumps({"commit": "4f1c2d3", "inputs": {}, "local_inputs": [], "steps": steps})
    )
    return root


@pytest.fixture(scope="module")
def found(study):
    return books.audit(study, study / RUN)


def blank_cells(record, where=""):
    """Yield the place of each text that is empty or says nothing."""
    for name, value in record.items():
        if isinstance(value, dict):
            yield from blank_cells(value, f"{where}{name}.")
        elif isinstance(value, str) and not value.strip():
            yield f"{where}{name}"


def test_no_cell_is_empty_that_could_have_been_filled(found):
    # tables without reasons of their own; a table that nobody supplied
    may_be = {"reasoning": {"legal_forms", "agency_duties"}, "sha256": {"ict_cost", "judgements"}}
    blanks = [
        (place, record.get("table") or record.get("name"))
        for entry in (*found.assumptions, *found.data)
        for record in [asdict(entry)]
        for place in blank_cells(record)
    ]
    assert [(place, table) for place, table in blanks if table not in may_be.get(place, ())] == []
    assert [
        entry.name
        for entry in found.data
        if "not recorded" in entry.retrieved["en"] or "nobody" in entry.owner["en"]
    ] in ([], ["ict_cost"])


def test_every_assumed_row_of_every_table_is_counted_once(study, found):
    rows = 0
    for path in (study / "data").glob("*.csv"):
        with path.open(encoding="utf-8") as stream:
            rows += sum(row.get("standing") == "assumed" for row in csv.DictReader(stream))
    assert sum(entry.rows for entry in found.assumptions) == rows > 200


def test_values_ranges_grades_and_evidence_are_those_of_the_tables(found):
    entry = next(
        entry
        for entry in found.assumptions
        if (entry.table, entry.item) == ("input_ranges", "price_effect")
    )
    assert (entry.value["en"], entry.range["en"], entry.evidence_grade, entry.weight) == (
        "10%",
        "4% to 23%",
        "B",
        "heavy",
    )
    assert (
        entry.measured["en"]
        == "30% of the variance of the net saving; alone it moves 2% of the target"
    )
    assert (
        entry.evidence
        and entry.name["ja"] == "価格の効果"
        and entry.reasoning["en"].startswith("Self-reported benefits")
    )


def test_what_is_heavy_and_weak_stands_first(found):
    orders = [
        ("heavy", "middling", "unmeasured", "light", "idle").index(entry.weight)
        for entry in found.assumptions
    ]
    assert orders == sorted(orders) and found.assumptions[0].weight == "heavy"


def test_the_weight_follows_the_runs_own_table(study, found):
    table = study / RUN / "tables" / "sensitivity.csv"
    before = table.read_text(encoding="utf-8")
    try:
        table.write_text(before.replace("uptake_price,0.05", "uptake_price,0.5"), encoding="utf-8")
        again = {
            entry.item: entry.weight
            for entry in books.audit(study, study / RUN).assumptions
            if entry.table == "input_ranges"
        }
    finally:
        table.write_text(before, encoding="utf-8")
    was = {entry.item: entry.weight for entry in found.assumptions if entry.table == "input_ranges"}
    assert (was["uptake_price"], again["uptake_price"]) == ("middling", "heavy")
    assert {item for item in was if was[item] != again[item]} == {"uptake_price"}


def test_the_data_log_has_source_terms_date_checksum_and_standing(study, found):
    package = json.loads((study / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert [entry.name for entry in found.data] == [
        resource["name"] for resource in package["resources"]
    ]
    for entry in found.data:
        assert (
            entry.sources
            and entry.licence["ja"]
            and ((entry.reviewed and len(entry.sha256) == 64) or entry.local)
        )
    assert {entry.name: entry.retrieved["en"] for entry in found.data}[
        "ict_cost"
    ] == "none supplied"


def test_a_changed_table_is_no_longer_the_reviewed_one(study):
    path = study / "data" / "participants.csv"
    before = path.read_bytes()
    path.write_bytes(before + b"\n")
    try:
        assert [
            entry.name for entry in books.audit(study, study / RUN).data if not entry.reviewed
        ] == ["participants"]
    finally:
        path.write_bytes(before)


def test_an_own_table_is_dated_and_owned_by_its_record(study):
    local = study / "data" / "local"
    local.mkdir()
    (local / "ict_cost.csv").write_text(
        "code,fiscal_year,system_group,cost_jpy\n131016,2021,core,900000000\n", encoding="utf-8"
    )
    try:
        by_hand = next(
            entry for entry in books.audit(study, study / RUN).data if entry.name == "ict_cost"
        )
        (local / "ict_cost.origin.json").write_text(
            json.dumps({"taken_in": "2026-11-25T01:00:00+00:00", "supplied_by": "<総務課>"}),
            encoding="utf-8",
        )
        taken_in = next(
            entry for entry in books.audit(study, study / RUN).data if entry.name == "ict_cost"
        )
    finally:
        shutil.rmtree(local)
    assert (by_hand.retrieved["en"], by_hand.owner["en"], by_hand.rows, by_hand.local) == (
        "put there by hand, no date recorded",
        "nobody named",
        1,
        True,
    )
    assert (taken_in.retrieved["en"], taken_in.owner["ja"]) == ("2026-11-25", "<総務課>")


@pytest.mark.parametrize(
    "content", ["入力,低\n".encode("cp932"), b"", b"input,low\nprice_effect,0.1\n", b'"']
)
def test_an_own_table_that_is_none_is_left_to_the_check_and_no_traceback(study, content):
    local = study / "data" / "local"
    local.mkdir()
    (local / "input_ranges.csv").write_bytes(content)
    try:
        audit = books.audit(study, study / RUN)
    finally:
        shutil.rmtree(local)
    assert not [entry for entry in audit.assumptions if entry.table == "input_ranges"]


def test_each_exhibit_leads_to_notebook_cell_function_and_tables(found):
    (program,) = found.programs
    assert (
        program.number,
        program.notebook,
        program.cell,
        program.function,
        program.source,
        program.tables,
    ) == (
        "4.3",
        "04_procurement",
        "show-levers",
        "analysis.chapters.procurement.charts.plot_levers",
        "analysis.chapters.procurement",
        ("levers",),
    )


# -- the checklists


def verdicts(audit):
    return {check.line.identifier: check.verdict for check in audit.checks}


def test_every_line_has_a_verdict_and_evidence_in_both_languages(found):
    assert len(found.checks) == len(LINES) and {
        check.line.framework for check in found.checks
    } == set(FRAMEWORKS)
    assert all(
        check.verdict in books.VERDICTS
        and check.evidence["ja"].strip()
        and check.evidence["en"].strip()
        for check in found.checks
    )
    assert {line.part for line in LINES} == set(PARTS) and len(
        {(line.framework, line.identifier) for line in LINES}
    ) == len(LINES)


def test_what_no_machine_can_prove_is_left_to_people_and_what_one_can_has_a_proof(found):
    people = {check.line.identifier for check in found.checks if check.verdict == books.PEOPLE}
    assert people == {"peer_review", "published", "rights", "preserved", "verified", "acknowledged"}
    assert all(line.proof in books.PROOFS for line in LINES if line.proof)


def test_the_studys_own_files_prove_what_they_can(found):
    seen = verdicts(found)
    for line in (
        "open_language",
        "version_control",
        "readme",
        "automatic",
        "documented",
        "functions",
        "dependencies",
        "logs",
        "tidy",
        "packaged",
        "ci",
        "triggered",
        "changes",
        "licence",
        "sources",
        "summary",
        "codebook",
        "confidential",
        "stand_in",
        "randomness",
        "paths",
        "code_licence",
        "cited",
        "runtime",
        "storage",
        "memory",
    ):
        assert seen[line] == "proved", (
            line,
            next(check.evidence["en"] for check in found.checks if check.line.identifier == line),
        )
    # the hand-made run shows one exhibit of all that are declared
    assert seen["listed"] == "lacking"


SPOILT = [
    ("readme", "README.ja.md", lambda text: text.replace("make test", "")),
    ("dependencies", "requirements.lock", lambda text: text.replace("--hash=", "--hush=", 2)),
    ("changes", "CHANGELOG.md", lambda text: text.replace("0.1.0", "0.0.9")),
    ("code_licence", "LICENSE", lambda text: ""),
    ("ci", ".ci/run", lambda text: text.replace("make report", "true")),
    (
        "triggered",
        ".github/workflows/study.yml",
        lambda text: text.replace("push:\n    branches: [main]", "").replace("  push", ""),
    ),
    ("title", "CITATION.cff", lambda text: text.replace("title:", "subtitle:")),
    ("summary", "data/README.md", lambda text: text.replace("ward_systems", "")),
    (
        "licence",
        "data/datapackage.json",
        lambda text: text.replace(
            '"title": "Apache License 2.0 (judgements made for this workbook)"', '"title": ""', 1
        ),
    ),
    (
        "codebook",
        "data/datapackage.json",
        lambda text: text.replace(
            '"description": "Identifier of the uncertain input."', '"description": ""', 1
        ),
    ),
    ("confidential", ".gitignore", lambda text: text.replace("/data/local/", "")),
    (
        "randomness",
        "src/analysis/methods/ranking.py",
        lambda text: text + "\n\nRNG = np.random.default_rng()\n",
    ),
    (
        "paths",
        "src/analysis/methods/ranking.py",
        lambda text: text + "\n\nHERE = '/home/me/data'\n",
    ),
    (
        "documented",
        "src/analysis/methods/ranking.py",
        lambda text: text + "\n\ndef bare():\n    return 1\n",
    ),
    (
        "functions",
        "notebooks/04_procurement.ipynb",
        lambda text: text.replace("levers = 1", "def f(): return 1"),
    ),
    ("memory", "README.md", lambda text: text.replace("GB of memory", "much memory")),
    ("storage", "README.md", lambda text: text.replace("GB of disk", "much disk")),
    (
        "version_control",
        f"{RUN}/manifest.json",
        lambda text: text.replace("4f1c2d3", "4f1c2d3+changes"),
    ),
    ("automatic", f"{RUN}/manifest.json", lambda text: text.replace('"executed"', '"failed"', 1)),
    ("logs", f"{RUN}/manifest.json", lambda text: text.replace('"reasons"', '"why"', 1)),
]


@pytest.mark.parametrize(("line", "file", "spoil"), SPOILT, ids=[case[0] for case in SPOILT])
def test_a_proof_fails_where_its_evidence_is_gone(study, line, file, spoil):
    path = study / file
    before = path.read_text(encoding="utf-8")
    spoilt = spoil(before)
    assert spoilt != before
    path.write_text(spoilt, encoding="utf-8")
    try:
        proof = books.PROOFS[next(entry.proof for entry in LINES if entry.identifier == line)](
            StudyFiles(study, study / RUN)
        )
    finally:
        path.write_text(before, encoding="utf-8")
    assert not proof.holds and proof.ja and proof.en


def test_a_bare_folder_proves_nothing_and_raises_nothing(tmp_path):
    (tmp_path / RUN).mkdir(parents=True)
    bare = books.audit(tmp_path, tmp_path / RUN)
    assert (bare.assumptions, bare.data, bare.programs) == ((), (), ())
    # the steps are declared in the package itself
    assert [check.line.identifier for check in bare.checks if check.verdict == "proved"] == [
        "order"
    ]
    assert bare.level_reached() == ""


# -- how it is told


def test_json_holds_everything_and_reads_back(found):
    told = json.loads(telling.as_json(found))
    assert (
        len(told["assumptions"]) == len(found.assumptions) and told["checks"][0]["evidence"]["ja"]
    )


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_terminal_shows_every_table_and_reads_no_markup(found, lang, capsys):
    hostile = replace(
        found,
        data=(
            replace(found.data[0], owner={"ja": "[red]x[/red]", "en": "[red]x[/red]"}),
            *found.data[1:],
        ),
    )
    telling.tell(hostile, lang)
    told = capsys.readouterr().out
    assert "[red]x[/red]" in told
    for part in (
        "04_procurement",
        "input_ranges",
        {"ja": "人が確認", "en": "for people"}[lang],
        {"ja": "重い", "en": "heavy"}[lang],
    ):
        assert part in told
    assert all(line[:40] in told for line in telling.summary(found, lang))


def test_a_terminal_that_lacks_a_letter_is_shown_nothing_rather_than_a_part(found):
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="cp932")  # the letter is in a later table
    with pytest.raises(UnicodeEncodeError):
        telling.tell(found, "en", Console(file=terminal))
    terminal.flush()
    assert terminal.buffer.getvalue() == b""
