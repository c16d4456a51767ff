"""The run a notebook works in: what it may read, where it looks, and what it leaves."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.notebook import open_run, run
from analysis.notebook.contracts import TableFault
from analysis.notebook.run_folder import RunFolder
from analysis.notebook.whole_files import write_whole
from analysis.params import ParameterFault, load_parameters

ROOT = Path(__file__).resolve().parents[2]
BOTH = {"ja": "高い", "en": "high"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project's parameters and data, with nothing run in it yet."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.delenv("WORKBOOK_RUN", raising=False)
    monkeypatch.setattr(run, "display", lambda bundle, raw: None)
    return tmp_path


@pytest.fixture
def namespace():
    return dict(load_parameters(ROOT / "params.yaml").flat("procurement"))


def test_a_missing_upstream_table_names_the_notebook_that_writes_it(project, namespace):
    with pytest.raises(TableFault, match="run notebooks/02_resident_cost.ipynb first"):
        open_run("04_procurement", namespace).read("baselines")


def test_an_interactive_run_reads_the_baselines_table_and_says_so(project, namespace, capsys):
    table = ROOT / "tests" / "notebook" / "a_pooling_plan.csv"
    write_whole(project / "runs" / "baseline" / "tables" / "pooling_plan.csv", table.read_text(encoding="utf-8"))
    plan = open_run("04_procurement", namespace).read("pooling_plan")
    assert plan["bodies"].tolist() == [23]
    assert "read from runs/baseline" in capsys.readouterr().out


@pytest.fixture
def with_plan(project):
    """The project with its notebooks, and a plan in the baseline that rests on what they are now."""
    from analysis.notebook.age import rests_on_now
    from analysis.notebook.steps import step_named

    shutil.copytree(ROOT / "notebooks", project / "notebooks", dirs_exist_ok=True)
    baseline, step = project / "runs" / "baseline", step_named("consolidation")
    parts = rests_on_now(project, baseline, step, load_parameters(ROOT / "params.yaml").flat("consolidation"))
    write_whole(baseline / "keys" / "03_consolidation.json", json.dumps({"rests_on": parts, "files": {}}))
    write_whole(baseline / "tables" / "pooling_plan.csv", (ROOT / "tests" / "notebook" / "a_pooling_plan.csv").read_text(encoding="utf-8"))
    return project


def test_a_table_that_is_as_the_project_is_comes_without_a_warning(with_plan, namespace, capsys):
    open_run("04_procurement", namespace).read("pooling_plan")
    assert "WARNING" not in capsys.readouterr().out


def test_a_table_older_than_the_parameters_or_the_code_comes_with_one_warning_that_says_why(with_plan, namespace, capsys):
    params, notebook = with_plan / "params.yaml", with_plan / "notebooks" / "03_consolidation.ipynb"
    params.write_text(params.read_text(encoding="utf-8").replace("core_instances: 4 ", "core_instances: 5 ", 1), encoding="utf-8")
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("consolidation.targets(", "consolidation.aims(", 1), encoding="utf-8")
    the_run = open_run("04_procurement", namespace)
    the_run.read("pooling_plan")
    the_run.read("pooling_plan")
    said = capsys.readouterr().out
    assert said.count("WARNING") == 1 and "core_instances: 4 -> 5" in said and "cell compute-plan changed" in said


def test_a_headless_run_never_reads_another_runs_table(project, namespace, monkeypatch):
    table = ROOT / "tests" / "notebook" / "a_pooling_plan.csv"
    write_whole(project / "runs" / "baseline" / "tables" / "pooling_plan.csv", table.read_text(encoding="utf-8"))
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "mayors_2020"))
    with pytest.raises(TableFault, match="first"):
        open_run("04_procurement", namespace).read("pooling_plan")


@pytest.mark.parametrize(("act", "kind"), [
    (lambda r: r.load("workplan"), "inputs"), (lambda r: r.read("ward_costs"), "reads"),
    (lambda r: r.write("baselines", pd.DataFrame()), "writes"), (lambda r: r.result("finish_p50", 1.0, "fiscal_year", "gantt"), "results")])
def test_what_a_step_does_not_declare_is_refused(project, namespace, act, kind):
    with pytest.raises(TableFault, match=kind):
        act(open_run("04_procurement", namespace))


def test_a_parameter_that_the_cell_does_not_set_is_named(project, namespace):
    del namespace["plan_years"]
    with pytest.raises(ParameterFault, match="plan_years: is not set by the parameters cell"):
        open_run("04_procurement", namespace)


@pytest.mark.parametrize("act", [lambda r: r.load("published_figures"), lambda r: r.read("baselines"), lambda r: r.lack("s-curve", [], **BOTH)])
@pytest.mark.parametrize("later", [99, 7, None, pd.Series([5])], ids=str)
def test_a_parameter_set_after_the_run_was_opened_is_refused_until_it_is_opened_again(project, namespace, act, later):
    """Tempting: to hold the value at the opening against its bounds, and let the cells below count with another one."""
    the_run = open_run("04_procurement", namespace)
    namespace["plan_years"] = later
    with pytest.raises(ParameterFault, match="plan_years: .* was set after `open_run`; run the cell that opens the run again"):
        act(the_run)


def test_the_parameters_cell_run_once_more_changes_nothing(project, namespace):
    the_run = open_run("04_procurement", namespace)
    namespace |= json.loads(json.dumps(namespace))
    assert len(the_run.load("published_figures"))


@pytest.mark.parametrize("half_saved", ["study:\n  group: [tokyo23\n", "", None], ids=["cut", "empty", "gone"])
def test_a_run_that_is_under_way_asks_nothing_of_params_yaml(project, namespace, monkeypatch, capsys, half_saved):
    (project / "params.yaml").unlink() if half_saved is None else (project / "params.yaml").write_text(half_saved)
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "baseline"))
    assert len(open_run("04_procurement", namespace).load("published_figures"))


def test_a_half_saved_file_leaves_the_age_of_a_table_unknown_and_stops_no_notebook(with_plan, namespace, capsys):
    (with_plan / "params.yaml").write_text("study:\n  group: [tokyo23\n")
    assert len(open_run("04_procurement", namespace).read("pooling_plan"))
    said = capsys.readouterr().out
    assert said.count("WARNING") == 1 and "is not known: params.yaml" in said


def test_codes_and_dates_written_plainly_make_no_table_old(with_plan, namespace, capsys):
    """In YAML 1.1 they are numbers and a date: once they were held against the texts that the table rests on."""
    from analysis.notebook.age import rests_on_now
    from analysis.notebook.steps import step_named

    path = with_plan / "params.yaml"
    text = path.read_text(encoding="utf-8").replace("group: tokyo23", "group: [132012, 132021, 132039]", 1)
    path.write_text(text.replace('"2020-01-01"', "2020-01-01", 1).replace("core_instances: 4 ", "core_instances: 4.0 ", 1), encoding="utf-8")
    baseline, step = with_plan / "runs" / "baseline", step_named("consolidation")
    parts = rests_on_now(with_plan, baseline, step, load_parameters(path).flat("consolidation"))
    write_whole(baseline / "keys" / "03_consolidation.json", json.dumps({"rests_on": parts, "files": {}}))
    open_run("04_procurement", namespace).read("pooling_plan")
    assert "WARNING" not in capsys.readouterr().out


def test_a_changed_input_is_refused_until_the_catalogue_is_renewed(project, namespace):
    path = project / "data" / "published_figures.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("166000000000", "166000000001"), encoding="utf-8")
    with pytest.raises(TableFault, match="published_figures.csv: its checksum differs"):
        open_run("04_procurement", namespace).load("published_figures")


def target_shown(the_run):
    figures = the_run.load("published_figures")
    rows = figures.loc[figures["figure"] == "saving_5y", ["figure", "value", "low", "high"]]
    the_run.write("published_target", rows)
    the_run.show("s-curve", ["published_target"], title=BOTH, subtitle=BOTH, alt=BOTH, descriptive=True)
    return the_run


def test_a_result_takes_its_standing_from_its_exhibit_and_null_needs_a_reason(project, namespace):
    the_run = target_shown(open_run("04_procurement", namespace))
    with pytest.raises(ValueError, match="needs a reason"):
        the_run.result("switching_phi", None, "share", "s-curve")
    the_run.result("run_rate_saving", 1 / 3, "JPY/year", "s-curve", 0.1, 0.5)
    results = json.loads((project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8"))
    assert [(r["id"], r["value"], r["standing"], r["exhibit"]) for r in results] == [("run_rate_saving", 0.333333333333, "derived", "4.2")]


def test_without_exhibits_nothing_is_drawn_and_results_stay(project, namespace, monkeypatch):
    shown = []
    monkeypatch.setattr(run, "display", lambda bundle, raw: shown.append(bundle))
    monkeypatch.setenv("WORKBOOK_EXHIBITS", "no")
    the_run = target_shown(open_run("04_procurement", namespace))
    the_run.result("run_rate_saving", 1 / 3, "JPY/year", "s-curve")
    results = json.loads((project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8"))
    assert shown == [] and [(r["id"], r["standing"]) for r in results] == [("run_rate_saving", "derived")]


def test_a_result_before_its_exhibit_is_refused(project, namespace):
    with pytest.raises(ValueError, match="show its exhibit"):
        open_run("04_procurement", namespace).result("run_rate_saving", 1.0, "JPY/year", "s-curve")


def test_an_exhibit_is_shown_only_where_it_is_declared(project, namespace):
    with pytest.raises(ValueError, match="does not declare an exhibit 'gantt'"):
        open_run("04_procurement", namespace).show("gantt", ["published_target"], title=BOTH, subtitle=BOTH, alt=BOTH, descriptive=True)


def test_a_cell_that_runs_again_replaces_what_it_showed_and_recorded(project, namespace):
    # tempting: refuse the second time, or keep both
    the_run = open_run("04_procurement", namespace)
    for value in (1 / 3, 2 / 3):
        target_shown(the_run).result("run_rate_saving", value, "JPY/year", "s-curve")
    results = json.loads((project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8"))
    assert [(r["id"], r["value"]) for r in results] == [("run_rate_saving", 0.666666666667)]


def test_a_local_table_takes_the_place_of_the_published_one_and_changes_its_standing(project, namespace):
    (project / "data" / "local").mkdir()
    text = (project / "data" / "published_figures.csv").read_text(encoding="utf-8").replace("166000000000", "150000000000")
    (project / "data" / "local" / "published_figures.csv").write_text(text, encoding="utf-8")
    the_run = open_run("04_procurement", namespace)
    assert 150000000000 in the_run.load("published_figures")["value"].tolist()
    record = json.loads((project / "runs" / "interactive" / "steps" / "04_procurement.json").read_text(encoding="utf-8"))
    assert record["local_inputs"] == ["published_figures"]


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path):
    write_whole(tmp_path / "table.csv", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "table.csv", "new \ud800")
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"] and (tmp_path / "table.csv").read_text() == "old"


def test_results_stand_in_the_order_of_the_chapters(tmp_path):
    folder = RunFolder(tmp_path)
    for step in ("04_procurement", "02_resident_cost"):
        folder.write_record(step, {"results": [{"id": step}]})
    assert [result["id"] for result in folder.results()] == ["02_resident_cost", "04_procurement"]
