"""Choices of the toy: read from its file, overlaid, refused by name, written again."""

from __future__ import annotations

import json

import pytest
import yaml
from bakery.study import STUDY
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.toy_project import TOY
from workbook.choices import Choices, ParameterFault, load_parameters, values_in_notebook
from workbook.choices.writing import commented_yaml, json_schema, resolved_yaml
from workbook.sweeping import grid_variants

PARAMS = TOY / "params.yaml"
TEXT = PARAMS.read_text(encoding="utf-8")
quick = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.fixture
def changed(tmp_path):
    """Return a function that writes the toy's file with one text in the place of another."""

    def write(old="", new="", more=""):
        assert old in TEXT
        path = tmp_path / "params.yaml"
        path.write_text(TEXT.replace(old, new, 1) + more, encoding="utf-8")
        return path

    return write


def faults_of(path, scenario="baseline", overrides=()):
    with pytest.raises(ParameterFault) as refused:
        load_parameters(path, scenario, overrides)
    return refused.value.faults


def test_baseline_is_the_file_as_it_stands_and_a_notebook_sees_its_own_choices():
    own = load_parameters(PARAMS)
    assert (own.study.fallow_share, own.bread.price_jpy) == (0.5, 400)
    assert own.flat("harvest") == {"sacks_per_km2": 1000, "fallow_share": 0.5}


def test_a_scenario_changes_what_it_names_and_the_command_line_wins():
    base, heavy = load_parameters(PARAMS).by_key(), load_parameters(PARAMS, "heavy_loaves").by_key()
    assert {key for key in base if base[key] != heavy[key]} == {"bread.loaves_per_sack"}
    asked = ["bread.loaves_per_sack=70"]
    assert load_parameters(PARAMS, "heavy_loaves", asked).bread.loaves_per_sack == 70


def test_a_scenario_may_start_from_another_one(changed):
    path = changed(more="  both:\n    extends: heavy_loaves\n    study.fallow_share: 0\n")
    both = load_parameters(path, "both")
    assert (both.bread.loaves_per_sack, both.study.fallow_share) == (50, 0)


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("fallow_share: 0.5", "fallow_share: 1.5", "study.fallow_share", "is too large; allowed"),
        ("fallow_share: 0.5", "fallow_share: 50%", "study.fallow_share", "is a text, not a number"),
        ("fallow_share: 0.5", "fallow_share: 1e999", "study.fallow_share", "not finite"),
        ("price_jpy: 400", "price_jpy: 400.5", "bread.price_jpy", "not a whole number"),
        ("price_jpy: 400", "price_jpy: true", "bread.price_jpy", "is a yes or no"),
        ("price_jpy: 400", "price_jpy:", "bread.price_jpy", "is no value"),
        ("price_jpy: 400", "price_yen: 400", "bread.price_yen", "did you mean price_jpy?"),
        ("price_jpy: 400", "sacks_per_km2: 4", "bread.sacks_per_km2", "it belongs to harvest"),
        ("harvest:", "harvests:", "harvests", "did you mean harvest?"),
        (
            "bread.loaves_per_sack: 50",
            "bread.loaves_per_sack: 500",
            "bread.loaves_per_sack",
            "is too large; allowed: count, 1 to 200",
        ),
    ],
)
def test_a_bad_value_is_refused_by_key_and_remedy(changed, old, new, key, said):
    faults = faults_of(changed(old, new))
    assert any(key in str(fault) and said in str(fault) for fault in faults), faults


def test_all_faults_come_at_once_each_with_its_line(changed):
    path = changed("price_jpy: 400", "price_jpy: 4", more="  cheap:\n    bread.price_jpy: 3\n")
    text = path.read_text(encoding="utf-8").split("\n")
    lines = {place for place, line in enumerate(text, 1) if "price_jpy: 4" in line}
    lines |= {place for place, line in enumerate(text, 1) if "price_jpy: 3" in line}
    assert {fault.line for fault in faults_of(path)} == lines


DOORS = {
    "set": lambda text: load_parameters(PARAMS, overrides=[f"bread.price_jpy={text}"]).bread,
    "grid": lambda text: grid_variants(PARAMS, [f"bread.price_jpy={text}"])[0].parameters.bread,
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_refuses_the_same_value_in_the_same_words(door):
    names = load_parameters(PARAMS).flat("bread")
    with pytest.raises(ParameterFault, match="is too large; allowed: JPY, 50 to 2000"):
        DOORS[door]("3000")
    with pytest.raises(ParameterFault, match="is too large; allowed: JPY, 50 to 2000"):
        values_in_notebook("a notebook", "bread", names | {"price_jpy": 3000})
    assert DOORS[door]("3e2").price_jpy == 300


def test_a_run_is_named_by_what_really_changes():
    choices = Choices.read(PARAMS)
    assert choices.run_id() == choices.run_id(overrides=["bread.price_jpy=400"]) == "baseline"
    assert choices.run_id("heavy_loaves") == "heavy_loaves"
    one, other = (choices.run_id(overrides=[f"bread.price_jpy={yen}"]) for yen in (300, 301))
    assert one.startswith("baseline-") and one != other


@pytest.mark.parametrize("scenario", ["baseline", "nothing_fallow", "heavy_loaves"])
def test_resolved_choices_read_back_equal(tmp_path, scenario):
    own = load_parameters(PARAMS, scenario)
    (tmp_path / "params.yaml").write_text(resolved_yaml(own), encoding="utf-8")
    assert load_parameters(tmp_path / "params.yaml") == own


def test_comments_are_renewed_and_everything_else_stays():
    assert commented_yaml(TEXT) == TEXT
    assert commented_yaml(TEXT.replace("share, 0 to 1:", "share, 0 to 7:")) == TEXT
    bare = "\n".join(line.split("  # ")[0].rstrip() for line in TEXT.split("\n"))
    assert yaml.safe_load(commented_yaml(bare)) == yaml.safe_load(TEXT)


def test_the_editor_takes_the_file_and_refuses_what_the_reader_refuses():
    assert (TOY / "params.schema.json").read_text(encoding="utf-8") == json_schema()
    editor = Draft202012Validator(json.loads(json_schema()))
    document = yaml.safe_load(TEXT)
    assert not list(editor.iter_errors(document))
    document["bread"]["price_jpy"] = 4
    document["scenarios"]["heavy_loaves"]["bread.loaves_per_sack"] = 0
    document["harvest"]["sack_per_km2"] = document["harvest"].pop("sacks_per_km2")
    assert len(list(editor.iter_errors(document))) == 4  # two bounds, one unknown, one missing


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"study: [", "is not YAML"),
        (b"study: !!python/object/apply:os.getcwd []\n", "is a YAML tag"),
        (b"study: {}\n---\nstudy: {}\n", "starts a second document"),
        (b"study: \x83\x65\n", "is not UTF-8"),  # Shift_JIS
        (b"a: &a [1]\nb: *a\n", "is an anchor"),
    ],
)
def test_a_file_that_is_no_parameter_file_is_refused(tmp_path, content, said):
    path = tmp_path / "params.yaml"
    path.write_bytes(content)
    assert any(said in str(fault) for fault in faults_of(path))


@quick
@given(st.binary(max_size=300))
@example(b"%YAML 99999999999999999999.1\n---\na: 1")
def test_random_bytes_are_refused_by_name_and_never_with_a_traceback(tmp_path, content):
    path = tmp_path / "random.yaml"
    path.write_bytes(content)
    assert faults_of(path)


values = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9))


@quick
@given(st.sampled_from(["study.fallow_share", "bread.price_jpy", "ledger.flour_jpy"]), values)
def test_a_random_value_is_refused_at_its_own_key_or_taken(tmp_path, key, value):
    section, name = key.split(".")
    document = yaml.safe_load(TEXT)
    document[section][name] = value
    path = tmp_path / "random.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    try:
        taken = load_parameters(path).by_key()[key]
    except ParameterFault as refusal:
        assert {fault.key for fault in refusal.faults} == {key}
    else:
        assert taken == value


def test_every_section_of_the_toy_is_declared_once():
    assert list(STUDY.sections) == ["study", "harvest", "bread", "ledger"]
