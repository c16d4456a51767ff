"""The house rules for modules: which room may import which, who touches files, that no import hides
from the keys, and that the workbook does not know the study.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.groups import GROUPS
from analysis.study import STUDY
from workbook.choices import load_parameters
from workbook.exhibits.declared import exhibits_of
from workbook.staleness.keys import LOOKS
from workbook.tables.results import result_contracts

STEPS = STUDY.steps
ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
MODULES = sorted(SOURCE.rglob("*.py"))
# A room imports from those before it; what stands on one line knows nothing of each other.
ROOMS = (
    (
        "workbook.units",
        "workbook.standing",
        "workbook.terms",
        "workbook.output",
        "workbook.sameness",
        "workbook.citation",
    ),
    ("workbook.declarations",),
    (
        "workbook.whole_files",
        "workbook.system_faults",
        "workbook.weights",
        "workbook.colours",
        "workbook.needs",
    ),
    ("workbook.remembered",),
    ("workbook.groups", "workbook.data_rules", "workbook.ranges", "workbook.summary"),
    ("workbook.study",),
    ("workbook.steps",),
    ("workbook.choices", "workbook.tables"),
    ("workbook.words",),
    ("workbook.exhibits",),
    ("workbook.staleness",),
    ("workbook.notebook",),
    ("workbook.running",),
    ("office_tables", "workbook.check", "workbook.stubs"),
    ("workbook.comparing",),
    ("workbook.audit",),
    ("workbook.report",),
    ("workbook.sweeping",),
    ("workbook.cli",),
    ("workbook.__main__",),
)
PLACES = {room: place for place, rooms in enumerate(ROOMS) for room in rooms}
# Modules of the workbook that formulas and charts may use: they know neither a study nor a run.
VOCABULARY = {"workbook.terms", "workbook.units", "workbook.standing", "workbook.words.chart_words"}
DRAWING = {"analysis.colouring", "analysis.theme", "analysis.tile_map"}
# Folders of tests that are no room: whole studies, the results as reviewed, and the toy study.
OF_NO_ROOM = {"end_to_end", "expected", "toy"}
ROOMLESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}
# Who loads modules by a name that no reader of the source can follow: the study, which a step's key
# leaves out on purpose (its groups apart, which every key holds by name), and charts, which the key
# of a picture holds by name.
LOADS_BY_NAME = {"workbook.study", "workbook.exhibits.pictures"}
BUILTINS = {"__import__", "exec", "eval"}
MACHINERY = {"import_module", "spec_from_file_location", "run_module", "run_path"}
# Names of the study that are also plain words of the workbook's own.
PLAIN_WORDS = {"scenarios", "levers", "schedule", "findings", "paths", "parameters"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def run_in_earnest(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node but those that only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from run_in_earnest(node)


def imported(tree: ast.AST, module: str, package: bool) -> set[str]:
    """Return every name of ours that a module imports, `from a import b` as ``a.b``."""
    names: set[str] = set()
    for node in run_in_earnest(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            own = module.split(".")
            base = own[: len(own) - node.level + package] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return {
        name for name in names if name.split(".")[0] in ("analysis", "workbook", "office_tables")
    }


def room_of(name: str) -> str:
    """Return the room that a name of the workbook or the intake stands in."""
    parts = name.split(".")
    return parts[0] if parts[0] == "office_tables" else ".".join(parts[:2])


def import_faults(module: str, names: set[str]) -> Iterator[str]:
    """Yield what a module must not import."""
    rule = _of_study if module.split(".")[0] == "analysis" else _of_workbook
    yield from (
        f"{module} imports {name}: {said}" for name in sorted(names) for said in rule(module, name)
    )


def _of_workbook(module: str, name: str) -> Iterator[str]:
    if name.split(".")[0] == "analysis":
        yield "the workbook does not know the study"
    elif module == "workbook":
        return  # what a notebook imports is handed on when it is asked for
    elif PLACES[room_of(name)] > PLACES[room_of(module)]:
        yield "imports go back to earlier rooms only"


def _of_study(module: str, name: str) -> Iterator[str]:
    rooms = module.split(".")[1:]
    chapter = rooms[1] if rooms[:1] == ["chapters"] and len(rooms) > 2 else ""
    other = name.split(".")[2:3] if name.startswith("analysis.chapters.") else []
    if chapter and other and other != [chapter]:
        yield "a chapter receives another one's table as an argument"
    known = any(f"{name}.".startswith(f"{own}.") for own in VOCABULARY)
    known_to_methods = known or name == "analysis.data_fault.DataFault"
    own = name.startswith("analysis.methods")
    if rooms[:1] == ["methods"] and not own and not known_to_methods:
        yield "a method knows mathematics and units"
    if chapter and rooms[-1].endswith("charts"):
        drawing = any(f"{name}.".startswith(f"{own}.") for own in DRAWING)
        if not drawing and not known:
            yield "a chart knows its words, the theme and the tile map"
    elif chapter and rooms[-1] not in ("chapter", "choices"):
        if name.split(".")[0] == "workbook" and not known:
            yield "a formula knows units and nothing of the workbook"
        if other and name.split(".")[3:4] and name.split(".")[3].endswith("charts"):
            yield "a formula draws nothing"


def reading_faults(tree: ast.AST, module: str) -> Iterator[str]:
    """Yield calls that open, read or write a file."""
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        name = (
            called.id
            if isinstance(called, ast.Name)
            else called.attr
            if isinstance(called, ast.Attribute)
            else ""
        )
        writes = ("write_text", "write_bytes", "savefig", "to_csv", "to_excel", "to_parquet")
        if name == "open" or name.startswith("read_") or name in writes:
            said = "no method, formula or chart touches files"
            yield f"{module}: line {node.lineno}: {name}(): {said}"


def dynamic_import_faults(tree: ast.AST, module: str) -> Iterator[str]:
    """Yield what loads code that no reader of the source can follow; `frame.eval(...)` is pandas
    and loads none.
    """
    for node in ast.walk(tree):
        loads = isinstance(node, ast.Name) and node.id in MACHINERY
        loads |= isinstance(node, ast.Attribute) and node.attr in MACHINERY
        runs = isinstance(node, ast.Name) and node.id in BUILTINS
        if runs or (loads and module not in LOADS_BY_NAME):
            yield f"{module}: line {node.lineno}: {ast.unparse(node)}"


def names_outside(tree: ast.Module, *functions: str) -> set[str]:
    """Return every name that a module reads outside some of its functions or methods."""
    inside = {
        id(node)
        for found in ast.walk(tree)
        if isinstance(found, ast.FunctionDef) and found.name in functions
        for node in ast.walk(found)
    }
    return {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in inside
    }


def pure_modules() -> list[Path]:
    """Return the modules of mathematics, formulas and charts."""
    folders = (SOURCE / "analysis" / "methods", STUDY.chapters)
    return [
        path
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if path.stem not in ("chapter", "choices", "__init__")
    ]


def imports_of_all() -> dict[str, set[str]]:
    return {
        module_name(path): imported(parsed(path), module_name(path), path.name == "__init__.py")
        for path in MODULES
    }


def test_every_module_of_the_workbook_stands_in_a_room():
    rooms = {room_of(name) for name in imports_of_all() if not name.startswith("analysis")}
    assert rooms - {"workbook"} == set(PLACES)


def rooms_with_modules() -> set[str]:
    """Return every folder of `src` that holds more than its own ``__init__``, and the two rooms
    that hold no module.
    """
    modules = (path for path in MODULES if path.name != "__init__.py")
    return {"data", "notebooks", *(path.parent.relative_to(SOURCE).as_posix() for path in modules)}


def mirror_faults(tests: set[str], rooms: set[str]) -> Iterator[str]:
    """Yield the folders of tests that are no room, and the rooms that have no folder of tests."""
    own = {folder for folder in tests if folder.split("/")[0] not in {*OF_NO_ROOM, "."}}
    yield from (f"tests/{folder} is no room" for folder in sorted(own - rooms))
    yield from (f"{room} has no tests" for room in sorted(rooms - own))


def test_tests_have_one_folder_for_each_room():
    tests = ROOT / "tests"
    files = {path for path in tests.rglob("*.py") if "toy" not in path.parts}
    folders = {path.parent.relative_to(tests).as_posix() for path in files}
    assert list(mirror_faults(folders, rooms_with_modules())) == []


def test_the_rule_on_folders_of_tests_bites():
    rooms = {"analysis/methods", "workbook"}
    assert list(mirror_faults({".", "end_to_end", *rooms}, rooms)) == []
    assert list(mirror_faults({".", "workbook/intake", "workbook"}, rooms)) == [
        "tests/workbook/intake is no room",
        "analysis/methods has no tests",
    ]


def test_imports_run_one_way_and_chapters_do_not_know_each_other():
    found = imports_of_all()
    assert [
        fault for module, names in found.items() for fault in import_faults(module, names)
    ] == []


def test_no_method_formula_or_chart_touches_a_file():
    assert len(pure_modules()) > 40
    assert [
        fault
        for path in pure_modules()
        for fault in reading_faults(parsed(path), module_name(path))
    ] == []


def test_no_module_is_a_room_without_a_name():
    assert [
        module_name(path) for path in MODULES if set(module_name(path).split(".")) & ROOMLESS
    ] == []


def test_no_import_is_dynamic():
    """A step's key follows static imports: what is loaded in another way would change without
    making a step stale.
    """
    assert [
        fault
        for path in MODULES
        for fault in dynamic_import_faults(parsed(path), module_name(path))
    ] == []


def texts_of(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string of a module that is no docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def names_of_the_study() -> set[str]:
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    return {
        *(resource["name"] for resource in package["resources"]),
        *result_contracts(),
        *(name for step in STEPS for name in (step.name, step.stem)),
        *GROUPS,
    } - PLAIN_WORDS


def literal_faults(tree: ast.Module, module: str, names: set[str]) -> Iterator[str]:
    """Yield the strings in which a name of the study stands, or its subject; a name that is a plain
    word as well (`environment`) counts where it is the whole string.
    """
    telling = {name for name in names if "_" in name} | {"Tokyo", "ICT"}
    for line, text in texts_of(tree):
        if text in names or set(re.findall(r"\w+", text)) & telling or "特別区" in text:
            yield f"{module}: line {line}: {text[:60]!r}"


OF_ANY_STUDY = [path for path in MODULES if module_name(path).split(".")[0] != "analysis"]
# What other places of Japan are called as well.
ELSEWHERE = {"中央区", "港区", "北区", "府中市"}


def places_of_the_study() -> set[str]:
    """Return the names and codes of those whom the study is about, codes without check digit too,
    and what they are called together.
    """
    with (ROOT / "data" / "municipalities.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["prefecture_ja"] == "東京都"]
    named = {row[column] for row in rows for column in ("code", "name_ja", "name_en")} - ELSEWHERE
    return named | {row["code"][:5] for row in rows} | {"特別", "都心", "[Ss]pecial wards?"}


def place_faults(text: str, module: str, places: set[str]) -> Iterator[str]:
    """Yield the lines that name a place of the study, in code, comments and examples alike."""
    wide = "|".join(sorted(name for name in places if not name.isascii()))
    narrow = "|".join(sorted(name for name in places if name.isascii()))
    named = re.compile(rf"{wide}|(?<![a-z\d])(?:{narrow})(?![a-z\d])")
    for number, line in enumerate(text.splitlines(), start=1):
        if found := named.search(line):
            yield f"{module}: line {number}: {found[0]}"


def test_no_name_of_the_study_stands_in_the_workbook():
    names = names_of_the_study()
    assert len(names) > 100
    assert [
        fault
        for path in OF_ANY_STUDY
        for fault in literal_faults(parsed(path), module_name(path), names)
    ] == []


def test_no_place_of_the_study_stands_in_the_workbook_or_the_intake():
    places = places_of_the_study()
    assert {"千代田区", "131016", "13101", "Chiyoda", "八王子市"} <= places
    assert [
        fault
        for path in OF_ANY_STUDY
        for fault in place_faults(path.read_text(encoding="utf-8"), module_name(path), places)
    ] == []


# "body" was municipality, local government and joint agency at once; a source's own words stay
BODY = re.compile(r"(?<![A-Za-z])bod(?:y|ies)(?![A-Za-z])", re.IGNORECASE)
OF_SOURCES = re.compile(
    r"(?i)public bod(?:y|ies)|research body of|local bodies' representatives|bodies that are not"
    r" taxed|a body without profit|body sets its own pay|(?<=,)(?:task_)?body_\w+(?=\n)"
)


def test_no_municipality_and_no_agency_is_called_a_body():
    texts = [
        *(ROOT / "src" / "analysis").rglob("*.py"),
        *(ROOT / "src" / "analysis").rglob("*.yaml"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        *(ROOT / "notebooks" / "words").glob("*.md"),
        *(ROOT / "data").glob("*.csv"),
        ROOT / "params.yaml",
    ]
    assert len(texts) > 150
    named = {
        path.name: BODY.findall(OF_SOURCES.sub("", path.read_text(encoding="utf-8")))
        for path in texts
    }
    assert {name: found for name, found in named.items() if found} == {}
    assert BODY.search("a body's cost") and BODY.search("own_body") and not BODY.search("nobody")


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ('r"(?:参加|加入|特別|指定)*(?:[区市町村]|都市)"', True),
        ("# 都心3区, 26市", True),
        ('>>> is_subtotal("千代田区")', True),
        ('>>> digits("R13101")', True),
        ("    # the special wards together", True),
        ('FIRST = "131016"', True),
        ('>>> city_of_ward("札幌市中央区", ["札幌市"])', False),
        ('HOMONYMS = {"府中市": "東京都 or 広島県"}', False),
        ("LIMIT = 113101", False),
    ],
)
def test_the_rule_on_places_bites(line, refused):
    assert bool(list(place_faults(line, "m", places_of_the_study()))) is refused


def looks_imported(tree: ast.Module, module: str) -> set[str]:
    return {
        name
        for name in imported(tree, module, package=False)
        if any(f"{name}.".startswith(f"{look}.") for look in LOOKS)
    }


def test_no_number_rests_on_what_draws_and_words_exhibits():
    """The keys of steps leave it out: whatever else reads it would change its results without a
    step being stale.
    """
    notebook = [path for path in MODULES if module_name(path).startswith("workbook.notebook.")]
    readers = {
        module_name(path): looks_imported(parsed(path), module_name(path)) for path in notebook
    }
    assert {module for module, found in readers.items() if found} == {"workbook.notebook.run"}
    shown_at_once = {name.rpartition(".")[2] for name in readers["workbook.notebook.run"]}
    elsewhere = names_outside(
        parsed(SOURCE / "workbook/notebook/run.py"), "_as_read", "_show_table"
    )
    assert shown_at_once == {"bound", "standard", "pictures", "folded_table", "table_payload"}
    assert not shown_at_once & elsewhere


def test_the_rule_on_looks_bites():
    tree = ast.parse(
        "from workbook.words.binding import bound\ndef result(x):\n    return bound(x)\ndef"
        " _as_read(x):\n    return x"
    )
    assert looks_imported(tree, "m") == {"workbook.words.binding.bound"}
    assert "bound" in names_outside(tree, "_as_read")


def test_a_chapter_is_one_folder_one_notebook_and_its_words():
    for step in STEPS:
        for place in (
            f"notebooks/{step.name}.ipynb",
            *(f"notebooks/words/{step.name}.{lang}.md" for lang in ("ja", "en")),
            *(
                f"src/analysis/chapters/{step.stem}/{name}"
                for name in (
                    "formulas.py",
                    "charts.py",
                    "charts.yaml",
                    "tables.yaml",
                    "exhibits.yaml",
                    "choices.py",
                    "chapter.py",
                )
            ),
        ):
            drawn = any(exhibit.chart for exhibit in exhibits_of(step.stem).values())
            assert (ROOT / place).is_file() or ("charts" in place and not drawn), place
        assert load_parameters(ROOT / "params.yaml").section_for(step.stem) is not None


@pytest.mark.parametrize(
    ("module", "source", "refused"),
    [
        ("analysis.methods.pooling", "from analysis.chapters.procurement import formulas", True),
        ("analysis.methods.pooling", "from workbook.tables import catalog", True),
        ("analysis.methods.pooling", "import workbook.units", False),
        (
            "analysis.chapters.procurement.formulas",
            "from analysis.chapters.consolidation import formulas",
            True,
        ),
        ("analysis.chapters.procurement.formulas", "from ..consolidation import formulas", True),
        ("analysis.chapters.procurement.formulas", "from . import charts", True),
        ("analysis.chapters.procurement.formulas", "from . import risk", False),
        (
            "analysis.chapters.procurement.formulas",
            "from analysis.methods.pooling import Pooling",
            False,
        ),
        ("analysis.chapters.procurement.risk", "def f():\n    from workbook import choices", True),
        (
            "analysis.chapters.procurement.charts",
            "from workbook.words.labels import labels_of",
            True,
        ),
        (
            "analysis.chapters.procurement.charts",
            "from analysis.chapters.consolidation import charts",
            True,
        ),
        ("analysis.chapters.procurement.charts", "from . import formulas", True),
        (
            "analysis.chapters.procurement.charts",
            "from workbook.words.chart_words import Words\nfrom analysis.theme import COLOURS",
            False,
        ),
        ("analysis.chapters.procurement.choices", "from workbook.choices import Section", False),
        ("workbook.notebook.run", "from workbook.running.pipeline import run_study", True),
        ("workbook.notebook.run", "from workbook.choices import Parameters", False),
        ("workbook.notebook.run", "from analysis.groups import Group", True),
        ("workbook.tables.catalog", "import office_tables", True),
        ("office_tables.rows", "def f():\n    from analysis import groups", True),
    ],
)
def test_the_rule_on_rooms_bites(module, source, refused):
    names = imported(ast.parse(source), module, package=False)
    assert bool(list(import_faults(module, names))) is refused


@pytest.mark.parametrize(
    ("source", "refused"),
    [
        ("table = 'ict_cost'", True),
        ("say(f'{x} in data/local/ict_cost.csv')", True),
        ("title = 'Pooled ICT'", True),
        ("label = '特別区計'", True),
        ("section = 'procurement'", True),
        ("file = 'environment.yml'", False),
        ("def f():\n    '''Reads ict_cost.'''", False),
        ("table = 'cost'", False),
    ],
)
def test_the_rule_on_names_of_the_study_bites(source, refused):
    assert bool(list(literal_faults(ast.parse(source), "m", names_of_the_study()))) is refused


@pytest.mark.parametrize(
    "source",
    ["open('a')", "pd.read_csv(p)", "path.open()", "Path('a').read_text()", "path.write_bytes(b)"],
)
def test_the_file_rule_bites(source):
    assert list(reading_faults(ast.parse(source), "m"))


@pytest.mark.parametrize(
    "source",
    [
        "importlib.import_module(n)",
        "__import__(n)",
        "from importlib import import_module\nimport_module(n)",
        "exec(code)",
        "runpy.run_path(p)",
        "u.spec_from_file_location(n, p)",
    ],
)
def test_the_dynamic_import_rule_bites(source):
    assert list(dynamic_import_faults(ast.parse(source), "m"))
    assert not list(dynamic_import_faults(ast.parse("frame.eval('a + b')"), "m"))


def test_only_the_study_and_its_charts_are_loaded_by_name():
    load = ast.parse("import_module(name)")
    assert not list(dynamic_import_faults(load, "workbook.study"))
    assert list(dynamic_import_faults(load, "workbook.notebook.run"))
    assert list(dynamic_import_faults(ast.parse("exec(name)"), "workbook.study"))


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_linear_algebra_runs_in_one_thread_so_that_its_sums_are_the_same_on_any_number_of_cores():
    code = (
        "import {}numpy as np, os; np.ones((800, 800)) @ np.ones((800, 800));"
        " print(len(os.listdir('/proc/self/task')))"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")
    }
    of_study, of_workbook, numpys = (
        int(
            subprocess.run(
                [sys.executable, "-c", code.format(first)],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for first in ("analysis, ", "workbook, ", "")
    )
    assert of_study == of_workbook == 1
    assert (numpys > 1) == (len(os.sched_getaffinity(0)) > 1)
