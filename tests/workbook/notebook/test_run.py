"""The run a notebook works in: what it may read, where it looks, and what it leaves."""

import json
import re
import shutil
import stat
from dataclasses import replace
from io import StringIO

import pandas as pd
import pytest
from bakery.chapters.bread import formulas
from bakery.study import STUDY

from tests.workbook.villages import Groups, Villages
from workbook import open_run
from workbook.choices import ParameterFault, load_parameters
from workbook.exhibits.declared import Exhibit
from workbook.notebook import run
from workbook.notebook.run_folder import RunFolder
from workbook.output import MIME
from workbook.tables.contracts import TableFault
from workbook.whole_files import write_whole
from workbook.words.messages import WordsFault

GRAIN = "field,sown_km2,sacks\nhill_field,0.15,150\nmill_field,0.1,100\n"
LOSS = pd.Series({"low": 0.1, "central": 0.2, "high": 0.3})
HARVEST, BREAD, LEDGER = STUDY.steps
NUMBERS = "bread-in-numbers"


@pytest.fixture
def project(toy, monkeypatch):
    """A copy of the toy, with nothing run in it yet; its second step may leave two results, and say
    why one has no value.
    """
    monkeypatch.chdir(toy / "notebooks")
    monkeypatch.delenv("WORKBOOK_RUN", raising=False)
    monkeypatch.setattr(run, "display", lambda bundle, raw: None)
    with_bread(monkeypatch, results=("takings", "loaf"), reasons=("no-target",))
    return toy


def with_bread(monkeypatch, **declared):
    """Have the second step declare something else than the toy's."""
    monkeypatch.setitem(vars(STUDY), "steps", (HARVEST, replace(BREAD, **declared), LEDGER))


@pytest.fixture
def namespace(project):
    return dict(load_parameters(project / "params.yaml").flat("bread"))


def test_a_missing_upstream_table_names_the_notebook_that_writes_it(project, namespace):
    with pytest.raises(TableFault, match="run notebooks/01_harvest.ipynb first"):
        open_run("02_bread", namespace).read("grain")


def test_an_interactive_run_reads_the_baselines_table_and_says_so(project, namespace, capsys):
    write_whole(project / "runs" / "baseline" / "tables" / "grain.csv", GRAIN)
    grain = open_run("02_bread", namespace).read("grain")
    assert grain["sacks"].tolist() == [150, 100]
    assert "read from runs/baseline" in capsys.readouterr().out


@pytest.fixture
def with_grain(project):
    """The project with a table of grain in the baseline that rests on what its notebooks are
    now.
    """
    from workbook.notebook.age import rests_on_now
    from workbook.staleness.keys import Keys

    baseline = project / "runs" / "baseline"
    chosen = load_parameters(project / "params.yaml").flat("harvest")
    parts = rests_on_now(Keys(project), baseline, HARVEST, chosen)
    write_whole(baseline / "keys" / "01_harvest.json", json.dumps({"rests_on": parts, "files": {}}))
    write_whole(baseline / "tables" / "grain.csv", GRAIN)
    return project


def test_a_table_that_is_as_the_project_is_comes_without_a_warning(with_grain, namespace, capsys):
    open_run("02_bread", namespace).read("grain")
    assert "WARNING" not in capsys.readouterr().out


def test_a_table_older_than_the_parameters_or_the_code_comes_with_one_warning_that_says_why(
    with_grain, namespace, capsys
):
    params, notebook = with_grain / "params.yaml", with_grain / "notebooks" / "01_harvest.ipynb"
    params.write_text(
        params.read_text(encoding="utf-8").replace(
            "sacks_per_km2: 1000 ", "sacks_per_km2: 900 ", 1
        ),
        encoding="utf-8",
    )
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("harvest.grain(", "harvest.corn(", 1),
        encoding="utf-8",
    )
    the_run = open_run("02_bread", namespace)
    the_run.read("grain")
    the_run.read("grain")
    said = capsys.readouterr().out
    assert (
        said.count("WARNING") == 1
        and "sacks_per_km2: 1000 -> 900" in said
        and "cell compute changed" in said
    )


def test_a_headless_run_never_reads_another_runs_table(project, namespace, monkeypatch):
    write_whole(project / "runs" / "baseline" / "tables" / "grain.csv", GRAIN)
    monkeypatch.setenv("WORKBOOK_RUN", str(project / "runs" / "heavy_loaves"))
    with pytest.raises(TableFault, match="first"):
        open_run("02_bread", namespace).read("grain")


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda r: r.load("fields"), "inputs"),
        (lambda r: r.read("ledger"), "reads"),
        (lambda r: r.write("grain", pd.DataFrame()), "writes"),
        (lambda r: r.result("grain_sacks", 1.0, "count", "grain-by-field"), "results"),
    ],
)
def test_what_a_step_does_not_declare_is_refused(project, namespace, act, kind):
    with pytest.raises(TableFault, match=kind):
        act(open_run("02_bread", namespace))


def test_a_parameter_that_the_cell_does_not_set_is_named(project, namespace):
    del namespace["price_jpy"]
    with pytest.raises(ParameterFault, match="price_jpy: is not set by the parameters cell"):
        open_run("02_bread", namespace)


@pytest.mark.parametrize(
    "act",
    [
        lambda r: r.load("assumptions"),
        lambda r: r.read("grain"),
        lambda r: r.lack(NUMBERS),
    ],
)
@pytest.mark.parametrize("later", [99, 7, None, pd.Series([5])], ids=str)
def test_a_parameter_set_after_the_run_was_opened_is_refused_until_it_is_opened_again(
    project, namespace, act, later
):
    """Tempting: to hold the value at the opening against its bounds, and let the cells below count
    with another one.
    """
    the_run = open_run("02_bread", namespace)
    namespace["price_jpy"] = later
    with pytest.raises(
        ParameterFault,
        match="price_jpy: .* was set after `open_run`; run the cell that opens the run again",
    ):
        act(the_run)


def test_the_parameters_cell_run_once_more_changes_nothing(project, namespace):
    the_run = open_run("02_bread", namespace)
    namespace |= json.loads(json.dumps(namespace))
    assert len(the_run.load("assumptions"))


@pytest.mark.parametrize(
    "half_saved", ["study:\n  fallow_share: [0.5\n", "", None], ids=["cut", "empty", "gone"]
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
    assert len(open_run("02_bread", namespace).load("assumptions"))


def test_a_half_saved_file_leaves_the_age_of_a_table_unknown_and_stops_no_notebook(
    with_grain, namespace, capsys
):
    (with_grain / "params.yaml").write_text("study:\n  fallow_share: [0.5\n")
    assert len(open_run("02_bread", namespace).read("grain"))
    said = capsys.readouterr().out
    assert said.count("WARNING") == 1 and "is not known: params.yaml" in said


def test_a_number_written_otherwise_makes_no_table_old(with_grain, namespace, capsys):
    """Tempting: to hold the text of the file against what the table rests on."""
    path = with_grain / "params.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(": 1000 ", ": 1000.0 ").replace(": 0.5 ", ": 5e-1 "), "utf-8")
    open_run("02_bread", load_parameters(path).flat("bread")).read("grain")
    assert "WARNING" not in capsys.readouterr().out


def test_a_changed_input_is_refused_until_the_catalogue_is_renewed(project, namespace):
    path = project / "data" / "assumptions.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("0.1,0.2,", "0.1,0.25,"), encoding="utf-8"
    )
    with pytest.raises(TableFault, match="assumptions.csv: its checksum differs"):
        open_run("02_bread", namespace).load("assumptions")


SAID = {
    "ja": (
        "## bread-in-numbers\n\n**{saving:JPY}に届く**\n\n分布\n\n> 曲線\n\n###"
        " otherwise\n\n**{saving:JPY}**\n\n### lack\n\n目標がない。\n\n##"
        " closest\n\n{ratio:share}にとどまる。\n\n### otherwise\n\n{ratio:share}である。\n\n##"
        " no-target\n\n目標がない\n\n## alone\n\n{municipality}が一つである\n\n"
        "## elsewhere\n\nない\n"
    ),
    "en": (
        "## bread-in-numbers\n\n**It reaches {saving:JPY}**\n\nSpread\n\n> Curves\n\n###"
        " otherwise\n\n**{saving:JPY}**\n\n### lack\n\nNo target.\n\n## closest\n\nOnly"
        " {ratio:share}.\n\n### otherwise\n\nIt is {ratio:share}.\n\n## no-target\n\nno"
        " target\n\n## alone\n\nit is one {municipality}\n\n## elsewhere\n\nnone\n"
    ),
}


@pytest.fixture
def shown(project, monkeypatch):
    """What the second notebook displays: its words are made up, its one exhibit is a table."""
    for lang, text in SAID.items():
        (project / "notebooks" / "words" / f"02_bread.{lang}.md").write_text(text, encoding="utf-8")
    monkeypatch.setattr(run, "exhibits_of", lambda stem: {NUMBERS: Exhibit(NUMBERS, ("bread",))})
    displayed = []
    monkeypatch.setattr(run, "display", lambda bundle, raw: displayed.append(bundle))
    return displayed


def target_shown(the_run):
    the_run.write("bread", formulas.bread(250, LOSS, 60, 400))
    the_run.show(NUMBERS, holds=True, saving=2e9)
    return the_run


def test_a_result_takes_its_standing_from_its_exhibit_and_null_needs_a_reason(
    project, namespace, shown
):
    the_run = target_shown(open_run("02_bread", namespace))
    with pytest.raises(ValueError, match="needs a reason"):
        the_run.result("loaf", None, "share", NUMBERS)
    the_run.result("takings", 1 / 3, "JPY", NUMBERS, 0.1, 0.5)
    results = json.loads(
        (project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8")
    )
    assert [(r["id"], r["value"], r["standing"], r["exhibit"]) for r in results] == [
        ("takings", 0.333333333333, "modelled", "2.2")
    ]


def test_an_undefined_result_says_why_in_both_languages_by_a_message_that_its_step_declares(
    project, namespace, shown
):
    the_run = target_shown(open_run("02_bread", namespace))
    with pytest.raises(TableFault, match="does not declare 'elsewhere' among its reasons"):
        the_run.result("loaf", None, "share", NUMBERS, reason="elsewhere")
    the_run.result("loaf", float("nan"), "share", NUMBERS, reason="no-target")
    # defined: nothing to explain
    the_run.result("takings", 2.0, "JPY", NUMBERS, reason="no-target")
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
    target_shown(open_run("02_bread", namespace)).say("closest", holds=False, ratio=float("nan"))
    exhibit, prose = (bundle[MIME] for bundle in shown)
    assert prose == {
        "kind": "prose",
        "slug": "closest",
        "case": "otherwise",
        "values": {"ratio": None},
    }
    assert (exhibit["slug"], exhibit["case"], exhibit["values"], exhibit["form"]) == (
        NUMBERS,
        "",
        {"saving": 2e9},
        "table",
    )
    assert exhibit["standing"]["value"] == "modelled" and exhibit["provenance"]["tables"] == [
        "bread"
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
    target_shown(open_run("02_bread", namespace)).say("closest", holds=False, ratio=0.25)
    folded, exhibit, prose = shown  # the table where it is made, the exhibit, the sentence
    assert "<details>" in folded["text/html"] and MIME not in folded
    assert (
        title in exhibit["text/html"]
        and "<table>" in exhibit["text/html"]
        and prose["text/plain"] == sentence
    )


def test_who_sits_at_the_notebook_sees_the_chart(project, namespace, shown, monkeypatch):
    charted = Exhibit(NUMBERS, ("bread",), "charts.plot_takings", "bread")
    monkeypatch.setattr(run, "exhibits_of", lambda stem: {NUMBERS: charted})
    target_shown(open_run("02_bread", namespace))
    assert (
        'alt="曲線" src="data:image/svg+xml;base64,' in shown[-1]["text/html"]
        and shown[-1][MIME]["form"] == "figure"
    )


def test_what_a_run_lacks_is_said_in_its_place_and_its_results_may_be_null(
    project, namespace, shown
):
    the_run = open_run("02_bread", namespace)
    the_run.lack(NUMBERS)
    assert shown[0]["text/plain"] == "図表2.2はない。目標がない。"
    the_run.result("loaf", None, "share", NUMBERS, reason="no-target")


class OneVillage(Groups):
    """The groups of a study that a run looks at one village of."""

    def of(self, chosen, load):
        return Villages("hills", ("4",))


def test_one_municipality_is_given_the_reason_and_no_number_of_pooling(
    project, namespace, shown, monkeypatch
):
    monkeypatch.setitem(vars(STUDY), "groups", OneVillage())
    with_bread(monkeypatch, of_one=())
    the_run = open_run("02_bread", namespace)
    the_run.say("closest", holds=True, ratio=0.0)  # of pooling: not said
    the_run.show(NUMBERS, holds=True, saving=0.0)
    assert [output["text/plain"] for output in shown] == ["図表2.2はない。村が一つである。"]
    the_run.result("takings", 0.0, "JPY", NUMBERS, -1.0, 1.0)
    (result,) = RunFolder(project / "runs" / "interactive").results()
    assert (result["value"], result["low"], result["high"]) == (None, None, None)
    assert result["reason"] == {"ja": "村が一つである", "en": "it is one village"}


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda r: r.say("nowhere"), "02_bread.ja.md: no message 'nowhere'"),
        (lambda r: r.say("closest", ratio=1), "needs `holds` or `case`"),
        (lambda r: r.say("closest", case={"half": True}, ratio=1), "no text for the case half"),
        (
            lambda r: r.say("closest", holds=True),
            "02_bread.ja.md: closest: no value for ratio",
        ),
    ],
)
def test_words_that_cannot_be_said_are_refused_where_they_are_said(
    project, namespace, shown, act, said
):
    with pytest.raises(WordsFault, match=re.escape(said)):
        act(open_run("02_bread", namespace))
    assert shown == []


def test_a_value_that_no_sentence_can_carry_is_refused(project, namespace, shown):
    with pytest.raises(TypeError, match="a DataFrame is no value of a sentence"):
        open_run("02_bread", namespace).say("closest", holds=True, ratio=pd.DataFrame())


def test_an_exhibit_whose_tables_nobody_declared_is_refused(project, namespace, shown):
    with pytest.raises(
        TableFault, match="no tables are declared for the exhibit 'takings-by-loss'"
    ):
        open_run("02_bread", namespace).show("takings-by-loss")


def test_a_result_before_its_exhibit_is_refused(project, namespace):
    with pytest.raises(ValueError, match="show its exhibit"):
        open_run("02_bread", namespace).result("takings", 1.0, "JPY", NUMBERS)


def test_an_exhibit_is_shown_only_where_it_is_declared(project, namespace):
    with pytest.raises(ValueError, match="does not declare an exhibit 'grain-by-field'"):
        open_run("02_bread", namespace).show("grain-by-field")


def test_a_cell_that_runs_again_replaces_what_it_showed_and_recorded(project, namespace, shown):
    # tempting: refuse the second time, or keep both
    the_run = open_run("02_bread", namespace)
    for value in (1 / 3, 2 / 3):
        target_shown(the_run).result("takings", value, "JPY", NUMBERS)
    results = json.loads(
        (project / "runs" / "interactive" / "results.json").read_text(encoding="utf-8")
    )
    assert [(r["id"], r["value"]) for r in results] == [("takings", 0.666666666667)]


def test_a_local_table_takes_the_place_of_the_published_one_and_changes_its_standing(
    project, namespace
):
    (project / "data" / "local").mkdir()
    text = (
        (project / "data" / "assumptions.csv")
        .read_text(encoding="utf-8")
        .replace("0.1,0.2,", "0.1,0.25,")
    )
    (project / "data" / "local" / "assumptions.csv").write_text(text, encoding="utf-8")
    the_run = open_run("02_bread", namespace)
    assert the_run.load("assumptions")["central"].tolist() == [0.25]
    record = json.loads(
        (project / "runs" / "interactive" / "steps" / "02_bread.json").read_text(encoding="utf-8")
    )
    assert record["local_inputs"] == ["assumptions"]


def test_what_rests_on_own_tables_is_private_and_so_is_what_rests_on_that(project, namespace):
    own = project / "data" / "local" / "fields.csv"
    own.parent.mkdir(exist_ok=True)
    shutil.copy(project / "data" / "fields.csv", own)
    own.chmod(0o600)
    chosen = load_parameters(project / "params.yaml").flat("harvest")
    open_run("01_harvest", chosen).write("grain", pd.read_csv(StringIO(GRAIN)))
    own.unlink()  # the second chapter finds nothing but the first one's table
    open_run("02_bread", namespace)
    files = (project / "runs" / "interactive").rglob("*.*")
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in files} == dict.fromkeys(
        ("grain.csv", "01_harvest.json", "02_bread.json", "results.json"), 0o600
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
    for step in ("02_bread", "01_harvest"):
        folder.write_record(step, {"results": [{"id": step}]})
    assert [result["id"] for result in folder.results()] == ["01_harvest", "02_bread"]
