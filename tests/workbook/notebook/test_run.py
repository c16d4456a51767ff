"""The run a notebook works in: what it may read, where it looks, and what it leaves."""

import json
import re
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

from workbook import open_run
from workbook.choices import ParameterFault, load_parameters
from workbook.exhibits.declared import Exhibit
from workbook.notebook import run
from workbook.notebook.run_folder import RunFolder
from workbook.output import MIME
from workbook.tables.contracts import TableFault
from workbook.whole_files import write_whole
from workbook.words.messages import WordsFault

ROOT = Path(__file__).resolve().parents[3]
PLAN = Path(__file__).with_name("a_pooling_plan.csv")


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A copy of the project's parameters and data, with nothing run in it yet."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "notebooks" / "words", tmp_path / "notebooks" / "words")
    monkeypatch.chdir(tmp_path / "notebooks")
    monkeypatch.delenv("WORKBOOK_RUN", raising=False)
    monkeypatch.setattr(run, "display", lambda bundle, raw: None)
    return tmp_path


@pytest.fixture
def namespace():
    return dict(load_parameters(ROOT / "params.yaml").flat("procurement"))


def test_a_missing_upstream_table_names_the_notebook_that_writes_it(project, namespace):
    with pytest.raises(TableFault, match="run notebooks/03_consolidation.ipynb first"):
        open_run("04_procurement", namespace).read("spend_reached")


def test_an_interactive_run_reads_the_baselines_table_and_says_so(project, namespace, capsys):
    table = PLAN
    write_whole(
        project / "runs" / "baseline" / "tables" / "pooling_plan.csv",
        table.read_text(encoding="utf-8"),
    )
    plan = open_run("04_procurement", namespace).read("pooling_plan")
    assert plan["municipalities"].tolist() == [23]
    assert "read from runs/baseline" in capsys.readouterr().out


@pytest.fixture
def with_plan(project):
    """The project with its notebooks, and a plan in the baseline that rests on what they are
    now.
    """
    from workbook.notebook.age import rests_on_now
    from workbook.staleness.keys import Keys
    from workbook.steps import step_named

    shutil.copytree(ROOT / "notebooks", project / "notebooks", dirs_exist_ok=True)
    baseline, step = project / "runs" / "baseline", step_named("consolidation")
    chosen = load_parameters(ROOT / "params.yaml").flat("consolidation")
    parts = rests_on_now(Keys(project), baseline, step, chosen)
    write_whole(
        baseline / "keys" / "03_consolidation.json", json.dumps({"rests_on": parts, "files": {}})
    )
    write_whole(
        baseline / "tables" / "pooling_plan.csv",
        (PLAN).read_text(encoding="utf-8"),
    )
    return project


def test_a_table_that_is_as_the_project_is_comes_without_a_warning(with_plan, namespace, capsys):
    open_run("04_procurement", namespace).read("pooling_plan")
    assert "WARNING" not in capsys.readouterr().out


def test_a_table_older_than_the_parameters_or_the_code_comes_with_one_warning_that_says_why(
    with_plan, namespace, capsys
):
    params, notebook = with_plan / "params.yaml", with_plan / "notebooks" / "03_consolidation.ipynb"
    params.write_text(
        params.read_text(encoding="utf-8").replace("core_instances: 4 ", "core_instances: 5 ", 1),
        encoding="utf-8",
    )
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace(
            "consolidation.targets(", "consolidation.aims(", 1
        ),
        encoding="utf-8",
    )
    the_run = open_run("04_procurement", namespace)
    the_run.read("pooling_plan")
    the_run.read("pooling_plan")
    said = capsys.readouterr().out
    assert (
        said.count("WARNING") == 1
        and "core_instances: 4 -> 5" in said
        and "cell compute-targets changed" in said
    )


def test_a_headless_run_never_reads_another_runs_table(project, namespace, monkeypatch):
    table = PLAN
    write_whole(
        project / "runs" / "baseline" / "tables" / "pooling_plan.csv",
        table.read_text(encoding="utf-8"),
    )
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "mayors_2020"))
    with pytest.raises(TableFault, match="first"):
        open_run("04_procurement", namespace).read("pooling_plan")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda r: r.load("workplan"), "inputs"),
        (lambda r: r.read("ward_costs"), "reads"),
        (lambda r: r.write("baselines", pd.DataFrame()), "writes"),
        (lambda r: r.result("finish_p50", 1.0, "fiscal_year", "gantt"), "results"),
    ],
)
def test_what_a_step_does_not_declare_is_refused(project, namespace, act, kind):
    with pytest.raises(TableFault, match=kind):
        act(open_run("04_procurement", namespace))


def test_a_parameter_that_the_cell_does_not_set_is_named(project, namespace):
    del namespace["plan_years"]
    with pytest.raises(ParameterFault, match="plan_years: is not set by the parameters cell"):
        open_run("04_procurement", namespace)


@pytest.mark.parametrize(
    "act",
    [
        lambda r: r.load("published_figures"),
        lambda r: r.read("spend_reached"),
        lambda r: r.lack("s-curve"),
    ],
)
@pytest.mark.parametrize("later", [99, 7, None, pd.Series([5])], ids=str)
def test_a_parameter_set_after_the_run_was_opened_is_refused_until_it_is_opened_again(
    project, namespace, act, later
):
    """Tempting: to hold the value at the opening against its bounds, and let the cells below count
    with another one.
    """
    the_run = open_run("04_procurement", namespace)
    namespace["plan_years"] = later
    with pytest.raises(
        ParameterFault,
        match="plan_years: .* was set after `open_run`; run the cell that opens the run again",
    ):
        act(the_run)


def test_the_parameters_cell_run_once_more_changes_nothing(project, namespace):
    the_run = open_run("04_procurement", namespace)
    namespace |= json.loads(json.dumps(namespace))
    assert len(the_run.load("published_figures"))


@pytest.mark.parametrize(
    "half_saved", ["study:\n  group: [tokyo23\n", "", None], ids=["cut", "empty", "gone"]
)
def test_a_run_that_is_under_way_asks_nothing_of_params_yaml(
    project, namespace, monkeypatch, capsys, half_saved
):
    (
        (project / "params.yaml").unlink()
        if half_saved is None
        else (project / "params.yaml").write_text(half_saved)
    )
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "baseline"))
    assert len(open_run("04_procurement", namespace).load("published_figures"))


def test_a_half_saved_file_leaves_the_age_of_a_table_unknown_and_stops_no_notebook(
    with_plan, namespace, capsys
):
    (with_plan / "params.yaml").write_text("study:\n  group: [tokyo23\n")
    assert len(open_run("04_procurement", namespace).read("pooling_plan"))
    said = capsys.readouterr().out
    assert said.count("WARNING") == 1 and "is not known: params.yaml" in said


def test_codes_and_dates_written_plainly_make_no_table_old(with_plan, namespace, capsys):
    """In YAML 1.1 they are numbers and a date: once they were held against the texts that the table
    rests on.
    """
    from workbook.notebook.age import rests_on_now
    from workbook.staleness.keys import Keys
    from workbook.steps import step_named

    path = with_plan / "params.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "group: tokyo23", "group: [132012, 132021, 132039]", 1
    )
    path.write_text(
        text.replace('"2020-01-01"', "2020-01-01", 1).replace(
            "core_instances: 4 ", "core_instances: 4.0 ", 1
        ),
        encoding="utf-8",
    )
    baseline, step = with_plan / "runs" / "baseline", step_named("consolidation")
    chosen = load_parameters(path).flat("consolidation")
    parts = rests_on_now(Keys(with_plan), baseline, step, chosen)
    write_whole(
        baseline / "keys" / "03_consolidation.json", json.dumps({"rests_on": parts, "files": {}})
    )
    open_run("04_procurement", load_parameters(path).flat("procurement")).read("pooling_plan")
    assert "WARNING" not in capsys.readouterr().out


def test_a_changed_input_is_refused_until_the_catalogue_is_renewed(project, namespace):
    path = project / "data" / "published_figures.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("166000000000", "166000000001"), encoding="utf-8"
    )
    with pytest.raises(TableFault, match="published_figures.csv: its checksum differs"):
        open_run("04_procurement", namespace).load("published_figures")


SAID = {
    "ja": (
        "## s-curve\n\n**{saving:JPY}に届く**\n\n分布\n\n> 曲線\n\n###"
        " otherwise\n\n**{saving:JPY}**\n\n### lack\n\n目標がない。\n\n##"
        " closest\n\n{ratio:share}にとどまる。\n\n### otherwise\n\n{ratio:share}である。\n\n##"
        " no-target\n\n目標がない\n\n## alone\n\n{municipality}が一つである\n\n"
        "## elsewhere\n\nない\n"
    ),
    "en": (
        "## s-curve\n\n**It reaches {saving:JPY}**\n\nSpread\n\n> Curves\n\n###"
        " otherwise\n\n**{saving:JPY}**\n\n### lack\n\nNo target.\n\n## closest\n\nOnly"
        " {ratio:share}.\n\n### otherwise\n\nIt is {ratio:share}.\n\n## no-target\n\nno"
        " target\n\n## alone\n\nit is one {municipality}\n\n## elsewhere\n\nnone\n"
    ),
}


@pytest.fixture
def shown(project, monkeypatch):
    """What the fourth notebook displays: its words are made up, its exhibit is the published target
    as a table.
    """
    for lang, text in SAID.items():
        (project / "notebooks" / "words" / f"04_procurement.{lang}.md").write_text(
            text, encoding="utf-8"
        )
    monkeypatch.setattr(
        run, "exhibits_of", lambda stem: {"s-curve": Exhibit("s-curve", ("published_target",))}
    )
    displayed = []
    monkeypatch.setattr(run, "display", lambda bundle, raw: displayed.append(bundle))
    return displayed


def target_shown(the_run):
    figures = the_run.load("published_figures")
    rows = figures.loc[figures["figure"] == "saving_5y", ["figure", "value", "low", "high"]]
    the_run.write("published_target", rows)
    the_run.show("s-curve", holds=True, saving=2e9)
    return the_run


def test_a_result_takes_its_standing_from_its_exhibit_and_null_needs_a_reason(
    project, namespace, shown
):
    the_run = target_shown(open_run("04_procurement", namespace))
    with pytest.raises(ValueError, match="needs a reason"):
        the_run.result("switching_phi", None, "share", "s-curve")
    the_run.result("run_rate_saving", 1 / 3, "JPY/year", "s-curve", 0.1, 0.5)
    results = json.loads(
        (project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8")
    )
    assert [(r["id"], r["value"], r["standing"], r["exhibit"]) for r in results] == [
        ("run_rate_saving", 0.333333333333, "derived", "4.2")
    ]


def test_an_undefined_result_says_why_in_both_languages_by_a_message_that_its_step_declares(
    project, namespace, shown
):
    the_run = target_shown(open_run("04_procurement", namespace))
    with pytest.raises(TableFault, match="does not declare 'elsewhere' among its reasons"):
        the_run.result("switching_phi", None, "share", "s-curve", reason="elsewhere")
    the_run.result("switching_phi", float("nan"), "share", "s-curve", reason="no-target")
    # defined: nothing to explain
    the_run.result("run_rate_saving", 2.0, "JPY/year", "s-curve", reason="no-target")
    results = json.loads(
        (project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8")
    )
    assert [(r["value"], r["reason"]) for r in results] == [
        (None, {"ja": "目標がない", "en": "no target"}),
        (2.0, None),
    ]


def test_a_headless_run_leaves_slug_case_and_raw_values_and_no_words(
    project, namespace, shown, monkeypatch
):
    """A changed sentence then changes nothing that a run left."""
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "baseline"))
    target_shown(open_run("04_procurement", namespace)).say(
        "closest", holds=False, ratio=float("nan")
    )
    exhibit, prose = (bundle[MIME] for bundle in shown)
    assert prose == {
        "kind": "prose",
        "slug": "closest",
        "case": "otherwise",
        "values": {"ratio": None},
    }
    assert (exhibit["slug"], exhibit["case"], exhibit["values"], exhibit["form"]) == (
        "s-curve",
        "",
        {"saving": 2e9},
        "table",
    )
    assert exhibit["standing"]["value"] == "derived" and exhibit["provenance"]["tables"] == [
        "published_target"
    ]
    assert not {"title", "svg", "tables", "text"} & {*exhibit, *prose} and {*shown[0]} == {
        *shown[1]
    } == {MIME, "text/plain"}


@pytest.mark.parametrize(
    ("lang", "title", "sentence"),
    [("ja", "20億円に届く", "25%である。"), ("en", "It reaches 2 billion yen", "It is 25%.")],
)
def test_who_sits_at_the_notebook_sees_words_and_table_at_once_in_the_language_chosen(
    project, namespace, shown, monkeypatch, lang, title, sentence
):
    monkeypatch.setenv("WORKBOOK_LANG", lang)
    target_shown(open_run("04_procurement", namespace)).say("closest", holds=False, ratio=0.25)
    folded, exhibit, prose = shown  # the table where it is made, the exhibit, the sentence
    assert "<details>" in folded["text/html"] and MIME not in folded
    assert (
        title in exhibit["text/html"]
        and "<table>" in exhibit["text/html"]
        and prose["text/plain"] == sentence
    )


def test_who_sits_at_the_notebook_sees_the_chart(project, namespace, shown, monkeypatch):
    monkeypatch.setattr(
        run,
        "exhibits_of",
        lambda stem: {
            "s-curve": Exhibit(
                "s-curve",
                ("saving_curve", "published_target"),
                "charts.plot_saving_curve",
                "procurement",
            )
        },
    )
    the_run = open_run("04_procurement", namespace)
    curve = [
        {"scale_model": model, "probability": p, "saving_jpy": 1e11 * (1 - p)}
        for model in ("cross_section", "joint_cloud", "source_report")
        for p in (0.0, 0.5, 1.0)
    ]
    the_run.write("saving_curve", pd.DataFrame(curve))
    target_shown(the_run)
    assert (
        'alt="曲線" src="data:image/svg+xml;base64,' in shown[-1]["text/html"]
        and shown[-1][MIME]["form"] == "figure"
    )


def test_what_a_run_lacks_is_said_in_its_place_and_its_results_may_be_null(
    project, namespace, shown
):
    the_run = open_run("04_procurement", namespace)
    the_run.lack("s-curve")
    assert shown[0]["text/plain"] == "図表4.2はない。目標がない。"
    the_run.result("target_probability", None, "share", "s-curve", reason="no-target")


def test_one_municipality_is_given_the_reason_and_no_number_of_pooling(project, namespace, shown):
    the_run = open_run("04_procurement", namespace | {"group": ["131016"]})
    the_run.say("closest", holds=True, ratio=0.0)  # of pooling: not said
    the_run.show("s-curve", holds=True, saving=0.0)
    assert [output["text/plain"] for output in shown] == ["図表4.2はない。区が一つである。"]
    the_run.result("run_rate_saving", 0.0, "JPY/year", "s-curve", -1.0, 1.0)
    (result,) = RunFolder(project / "runs" / "interactive").results()
    assert (result["value"], result["low"], result["high"]) == (None, None, None)
    assert result["reason"] == {"ja": "区が一つである", "en": "it is one ward"}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r: r.say("nowhere"), "04_procurement.ja.md: no message 'nowhere'"),
        (lambda r: r.say("closest", ratio=1), "needs `holds` or `case`"),
        (lambda r: r.say("closest", case={"half": True}, ratio=1), "no text for the case half"),
        (
            lambda r: r.say("closest", holds=True),
            "04_procurement.ja.md: closest: no value for ratio",
        ),
    ],
)
def test_words_that_cannot_be_said_are_refused_where_they_are_said(
    project, namespace, shown, act, said
):
    with pytest.raises(WordsFault, match=re.escape(said)):
        act(open_run("04_procurement", namespace))
    assert shown == []


def test_a_value_that_no_sentence_can_carry_is_refused(project, namespace, shown):
    with pytest.raises(TypeError, match="a DataFrame is no value of a sentence"):
        open_run("04_procurement", namespace).say("closest", holds=True, ratio=pd.DataFrame())


def test_an_exhibit_whose_tables_nobody_declared_is_refused(project, namespace, shown):
    with pytest.raises(TableFault, match="no tables are declared for the exhibit 'levers'"):
        open_run("04_procurement", namespace).show("levers")


def test_a_result_before_its_exhibit_is_refused(project, namespace):
    with pytest.raises(ValueError, match="show its exhibit"):
        open_run("04_procurement", namespace).result("run_rate_saving", 1.0, "JPY/year", "s-curve")


def test_an_exhibit_is_shown_only_where_it_is_declared(project, namespace):
    with pytest.raises(ValueError, match="does not declare an exhibit 'gantt'"):
        open_run("04_procurement", namespace).show("gantt")


def test_a_cell_that_runs_again_replaces_what_it_showed_and_recorded(project, namespace, shown):
    # tempting: refuse the second time, or keep both
    the_run = open_run("04_procurement", namespace)
    for value in (1 / 3, 2 / 3):
        target_shown(the_run).result("run_rate_saving", value, "JPY/year", "s-curve")
    results = json.loads(
        (project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8")
    )
    assert [(r["id"], r["value"]) for r in results] == [("run_rate_saving", 0.666666666667)]


def test_a_local_table_takes_the_place_of_the_published_one_and_changes_its_standing(
    project, namespace
):
    (project / "data" / "local").mkdir()
    text = (
        (project / "data" / "published_figures.csv")
        .read_text(encoding="utf-8")
        .replace("166000000000", "150000000000")
    )
    (project / "data" / "local" / "published_figures.csv").write_text(text, encoding="utf-8")
    the_run = open_run("04_procurement", namespace)
    assert 150000000000 in the_run.load("published_figures")["value"].tolist()
    record = json.loads(
        (project / "runs" / "interactive" / "steps" / "04_procurement.json").read_text(
            encoding="utf-8"
        )
    )
    assert record["local_inputs"] == ["published_figures"]


def test_what_rests_on_own_tables_is_private_and_so_is_what_rests_on_that(project, namespace):
    own = project / "data" / "local" / "cost_shares.csv"
    own.parent.mkdir(exist_ok=True)
    shutil.copy(project / "data" / "cost_shares.csv", own)
    own.chmod(0o600)
    consolidation = open_run(
        "03_consolidation", load_parameters(ROOT / "params.yaml").flat("consolidation")
    )
    plan = pd.read_csv(PLAN)
    consolidation.write("pooling_plan", plan)
    own.unlink()  # the fourth chapter finds nothing but the third one's table
    open_run("04_procurement", namespace)
    files = (project / "runs" / "interactive").rglob("*.*")
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in files} == dict.fromkeys(
        ("pooling_plan.csv", "03_consolidation.json", "04_procurement.json", "results.json"), 0o600
    )


def test_a_failed_write_leaves_the_old_file_and_no_scraps(tmp_path):
    write_whole(tmp_path / "table.csv", "old")
    with pytest.raises(UnicodeEncodeError):
        write_whole(tmp_path / "table.csv", "new \ud800")
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"] and (
        tmp_path / "table.csv"
    ).read_text() == "old"


def test_results_stand_in_the_order_of_the_chapters(tmp_path):
    folder = RunFolder(tmp_path)
    for step in ("04_procurement", "02_resident_cost"):
        folder.write_record(step, {"results": [{"id": step}]})
    assert [result["id"] for result in folder.results()] == ["02_resident_cost", "04_procurement"]
