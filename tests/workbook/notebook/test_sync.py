"""The parameters cell of a notebook, and what `workbook sync` writes."""

from __future__ import annotations

import ast
import json
import keyword
from pathlib import Path

import nbformat
import pytest
from bakery.study import STUDY

from tests.toy_project import TOY
from workbook.choices import ParameterFault, Parameters, load_parameters
from workbook.choices.declaring import declared_keys, declared_sections
from workbook.notebook.outputs import without_outputs
from workbook.notebook.sync import out_of_date, parameter_cell, sync, sync_choices
from workbook.units import UNITS

PARAMS = TOY / "params.yaml"
STEMS = [stem for stem in STUDY.sections if stem != "study"]


@pytest.fixture(scope="module")
def baseline(of_the_toy):
    return load_parameters(PARAMS)


def written_by_nbformat(path: Path, parameters_source: str = "correlation = 9") -> bytes:
    """Write a small notebook as Jupyter writes it, with what a careless rewrite would lose; return
    its bytes.
    """
    cells = [
        nbformat.v4.new_markdown_cell(
            "# 2 パン\n\n円 — “quoted” \\u3042", id="question-ja", metadata={"tags": ["ja"]}
        ),
        nbformat.v4.new_code_cell(
            parameters_source,
            id="parameters",
            metadata={"tags": ["parameters"], "zeta": 1, "alpha": 0.1},
        ),
        nbformat.v4.new_code_cell("run = 1\n", id="open-run"),
        nbformat.v4.new_code_cell("", id="empty"),
    ]
    nbformat.write(
        nbformat.v4.new_notebook(
            cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        ),
        path,
    )
    return path.read_bytes()


def refused(folder: Path, baseline: Parameters) -> str:
    with pytest.raises(ParameterFault) as caught:
        sync(folder, baseline)
    return str(caught.value)


# -- the cell


def test_cell_says_that_it_is_generated_and_by_what(baseline):
    assert (
        parameter_cell(baseline, "bread")
        .splitlines()[0]
        .startswith("# generated from params.yaml by `workbook sync`")
    )


@pytest.mark.parametrize("stem", STEMS)
def test_cell_sets_own_section_and_study_and_nothing_else(baseline, stem):
    namespace: dict[str, object] = {}
    exec(parameter_cell(baseline, stem), namespace)  # noqa: S102  our own cell
    del namespace["__builtins__"]
    assert namespace == baseline.flat(stem)


def test_literals_keep_their_type():
    """0.0 written as 0 would make a share an integer."""
    cell = parameter_cell(load_parameters(PARAMS, "nothing_fallow"), "bread")
    assert "fallow_share = 0.0  # share" in cell and "price_jpy = 400  # JPY" in cell


@pytest.mark.parametrize("stem", STEMS)
def test_every_line_carries_its_unit_or_its_choices(baseline, stem):
    lines = parameter_cell(baseline, stem).splitlines()[1:]
    for line in (line for line in lines if not line.startswith("inputs = ")):
        name, comment = line.split(" = ")[0], line.split("  # ")[1]
        key = next(key for key in declared_keys() if key in (f"{stem}.{name}", f"study.{name}"))
        assert comment in UNITS, key


def test_parameter_cell_of_a_scenario_shows_the_scenario():
    heavy = load_parameters(PARAMS, "heavy_loaves")
    assert "loaves_per_sack = 50  #" in parameter_cell(heavy, "bread")


def test_own_names_never_collide_with_study_names_or_with_names_a_notebook_uses():
    """A collision would silently hand a notebook the other section's value, or hide a module behind
    a number.
    """
    study = set(declared_sections()["study"].model_fields)
    used = {"run", "charts", "open_run", *declared_sections()}
    for stem in STEMS:
        own = set(declared_sections()[stem].model_fields)
        assert not own & study, stem
        assert not (own | study) & used, stem
        assert not [
            name for name in own | study if keyword.iskeyword(name) or not name.isidentifier()
        ], stem


# -- writing it into notebooks


def test_only_the_source_of_that_cell_changes_byte_for_byte(tmp_path, baseline):
    before = written_by_nbformat(tmp_path / "02_bread.ipynb")
    assert sync(tmp_path, baseline) == ["02_bread.ipynb"]
    expected = written_by_nbformat(tmp_path / "expected.ipynb", parameter_cell(baseline, "bread"))
    assert (tmp_path / "02_bread.ipynb").read_bytes() == expected != before


def test_a_second_sync_writes_nothing(tmp_path, baseline):
    written_by_nbformat(tmp_path / "02_bread.ipynb")
    sync(tmp_path, baseline)
    assert out_of_date(tmp_path, baseline) == []
    stamp = (tmp_path / "02_bread.ipynb").stat().st_mtime_ns
    assert sync(tmp_path, baseline) == []
    assert (tmp_path / "02_bread.ipynb").stat().st_mtime_ns == stamp


def test_an_edited_cell_is_named_and_another_scenario_counts_as_an_edit(tmp_path, baseline):
    written_by_nbformat(tmp_path / "02_bread.ipynb")
    assert out_of_date(tmp_path, baseline) == ["02_bread.ipynb"]
    sync(tmp_path, baseline)
    assert out_of_date(tmp_path, load_parameters(PARAMS, "heavy_loaves")) == ["02_bread.ipynb"]


def test_a_scratch_notebook_without_a_number_is_left_alone(tmp_path, baseline):
    before = written_by_nbformat(tmp_path / "Untitled.ipynb")
    assert sync(tmp_path, baseline) == [] and (tmp_path / "Untitled.ipynb").read_bytes() == before


def test_notebooks_at_fault_are_all_named_and_nothing_is_written(tmp_path, baseline):
    sound = written_by_nbformat(tmp_path / "02_bread.ipynb")
    written_by_nbformat(tmp_path / "05_weather.ipynb")
    (tmp_path / "01_harvest.ipynb").write_text("{broken", encoding="utf-8")
    (tmp_path / "03_ledger.ipynb").write_text('{"cells": [3]}', encoding="utf-8")
    two = json.loads(sound)
    two["cells"][2]["metadata"]["tags"] = ["parameters"]
    (tmp_path / "06_bread.ipynb").write_text(json.dumps(two), encoding="utf-8")
    said = refused(tmp_path, baseline)
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "01_harvest.ipynb",
        "03_ledger.ipynb",
        "05_weather.ipynb",
        "06_bread.ipynb",
    ]
    assert "add the section weather" in said
    assert (tmp_path / "02_bread.ipynb").read_bytes() == sound
    assert out_of_date(tmp_path, baseline) == sorted(path.name for path in tmp_path.glob("*.ipynb"))


def test_synced_cell_is_python(tmp_path, baseline):
    written_by_nbformat(tmp_path / "03_ledger.ipynb")
    sync(tmp_path, baseline)
    source = nbformat.read(tmp_path / "03_ledger.ipynb", 4).cells[1].source
    assert all(isinstance(statement, ast.Assign) for statement in ast.parse(source).body)


# -- the generated parts of params.yaml, and the filter for git


def test_generated_comments_and_schema_are_renewed_once(tmp_path):
    text = PARAMS.read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(text.replace("0 to 1:", "anything:"), encoding="utf-8")
    assert sync_choices(tmp_path / "params.yaml") == ["params.yaml", "params.schema.json"]
    assert (tmp_path / "params.yaml").read_text(encoding="utf-8") == text
    assert sync_choices(tmp_path / "params.yaml") == []


def test_filter_drops_outputs_and_counts_and_leaves_a_clean_notebook_byte_for_byte(tmp_path):
    clean = written_by_nbformat(tmp_path / "02_bread.ipynb").decode("utf-8")
    assert without_outputs(clean) == clean
    ran = nbformat.reads(clean, 4)
    ran.cells[2].outputs, ran.cells[2].execution_count = (
        [nbformat.v4.new_output("stream", text="1,660億円")],
        7,
    )
    assert without_outputs(nbformat.writes(ran) + "\n") == clean
