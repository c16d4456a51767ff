"""The house rules for modules: which layer may import which, who touches files, and that no import
hides from the keys.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.notebook.keys import LOOKS
from analysis.notebook.steps import STEPS
from analysis.params import load_parameters

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
MODULES = sorted((SOURCE / "analysis").rglob("*.py"))
LAYERS = {
    "beside": 0,
    "data_fault": 0,
    "standing": 0,
    "units": 0,
    "municipalities": 0,
    "terms": 0,
    "methods": 1,
    "study": 2,
    "charts": 3,
    "params": 4,
    "notebook": 5,
    "workbook": 6,
}
ROOMLESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}
DRAWING = {"colouring", "palette", "theme", "tile_map"}  # what every chart may use
# By module, how the names begin that it may load without an import that a reader of the source can
# follow. A chart is named in data (`notebook/shown`); no key of a step holds charts, and the key of
# a picture holds the module of its chart by name.
DYNAMIC_IMPORTS_ALLOWED = {"analysis.notebook.exhibits": "analysis.charts."}
BUILTINS = {"__import__", "exec", "eval"}
MACHINERY = {"import_module", "spec_from_file_location", "run_module", "run_path"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.AST, module: str, package: bool) -> set[str]:
    """Return every name a module imports from `analysis`, `from a import b` as ``a.b``."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            own = module.split(".")
            base = own[: len(own) - node.level + package] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            names |= {f"{source}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] == "analysis"}


def import_faults(module: str, names: set[str]) -> Iterator[str]:
    """Yield imports to the right, between chapters of study, and between chapters of charts."""
    parts = module.split(".")
    layer = parts[1] if len(parts) > 1 else None
    for name in sorted(names):
        target = name.split(".")
        if layer is None or len(target) < 2:
            yield f"{module} imports {name}: the package's root imports nothing"
            continue
        if LAYERS[target[1]] > LAYERS[layer]:
            yield f"{module} imports {name}: imports go from right to left only"
        if layer == target[1] == "study":
            yield f"{module} imports {name}: a chapter receives another one's table as an argument"
        if (
            layer == target[1] == "charts"
            and not DRAWING & set(target[2:3])
            and target[2:4] not in (["words"], ["words", "Words"])
        ):
            yield f"{module} imports {name}: a chart knows its words, the theme and the tile map"


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
        if (
            name == "open"
            or name.startswith("read_")
            or name in ("write_text", "write_bytes", "savefig", "to_csv", "to_excel", "to_parquet")
        ):
            yield (
                f"{module}: line {node.lineno}: {name}() — nothing left of `params` touches a file"
            )


def dynamic_import_faults(tree: ast.AST, module: str) -> Iterator[str]:
    """Yield what loads code that no reader of the source can follow; `frame.eval(...)` is pandas
    and loads none.
    """
    allowed = {
        id(call.func)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and module in DYNAMIC_IMPORTS_ALLOWED
        and begins_with(call.args[0] if call.args else call, DYNAMIC_IMPORTS_ALLOWED[module])
    }
    for node in (node for node in ast.walk(tree) if id(node) not in allowed):
        named = isinstance(node, ast.Name) and node.id in BUILTINS | MACHINERY
        if named or (isinstance(node, ast.Attribute) and node.attr in MACHINERY):
            yield f"{module}: line {node.lineno}: {ast.unparse(node)}"


def begins_with(node: ast.AST, text: str) -> bool:
    """Say whether an expression is a text put together whose beginning is written out."""
    first = node.values[0] if isinstance(node, ast.JoinedStr) else None
    return isinstance(first, ast.Constant) and str(first.value).startswith(text)


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


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def left_of_params() -> list[Path]:
    return [
        path
        for path in MODULES
        if LAYERS.get(module_name(path).split(".")[1] if "." in module_name(path) else "", 9)
        < LAYERS["params"]
    ]


def test_every_module_stands_in_a_layer():
    rooms = {module_name(path).split(".")[1] for path in MODULES if "." in module_name(path)}
    assert rooms <= set(LAYERS) and {"study", "charts", "params", "notebook", "workbook"} <= rooms


def test_imports_run_one_way_and_chapters_do_not_know_each_other():
    faults = [
        fault
        for path in MODULES
        for fault in import_faults(
            module_name(path), imported(parsed(path), module_name(path), path.name == "__init__.py")
        )
    ]
    assert faults == []


def test_nothing_left_of_params_touches_a_file():
    assert len(left_of_params()) > 10
    assert [
        fault
        for path in left_of_params()
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
    readers = {
        module_name(path): looks_imported(parsed(path), module_name(path)) for path in MODULES
    }
    others = {
        module
        for module, found in readers.items()
        if found
        and not f"{module}.".startswith((*(f"{look}." for look in LOOKS), "analysis.workbook."))
    }
    assert others == {"analysis.notebook.run"}
    shown_at_once = {name.rpartition(".")[2] for name in readers["analysis.notebook.run"]}
    elsewhere = names_outside(
        parsed(SOURCE / "analysis/notebook/run.py"), "_as_read", "_show_table"
    )
    assert (
        shown_at_once == {"bound", "standard", "exhibits", "folded_table", "table_payload"}
        and not shown_at_once & elsewhere
    )


def test_the_rule_on_looks_bites():
    tree = ast.parse(
        "from analysis.notebook.binding import bound\ndef result(x):\n    return bound(x)\ndef"
        " _as_read(x):\n    return x"
    )
    assert looks_imported(tree, "m") == {
        "analysis.notebook.binding.bound"
    } and "bound" in names_outside(tree, "_as_read")


def test_one_stem_in_five_places():
    for step in STEPS:
        for place in (
            f"notebooks/{step.name}.ipynb",
            f"src/analysis/study/{step.stem}.py",
            f"src/analysis/charts/{step.stem}.py",
            f"tests/study/test_{step.stem}.py",
        ):
            assert (ROOT / place).is_file(), place
        assert load_parameters(ROOT / "params.yaml").section_for(step.stem) is not None


@pytest.mark.parametrize(
    ("module", "source", "refused"),
    [
        ("analysis.methods.pooling", "from analysis.study import procurement", True),
        ("analysis.methods.pooling", "import analysis.units", False),
        ("analysis.study.procurement", "from analysis.study import consolidation", True),
        ("analysis.study.procurement", "from . import consolidation", True),
        ("analysis.study.procurement", "from analysis.methods.pooling import Pooling", False),
        ("analysis.study.procurement", "def f():\n    from analysis import params", True),
        ("analysis.charts.procurement", "from analysis.notebook.labels import labels_of", True),
        ("analysis.charts.procurement", "from analysis.charts import consolidation", True),
        (
            "analysis.charts.procurement",
            "from analysis.charts.words import Words\nfrom analysis.charts.theme import COLOURS",
            False,
        ),
        ("analysis.notebook.run", "from analysis.workbook.pipeline import run_study", True),
        ("analysis.notebook.run", "from analysis.params import Parameters", False),
        ("analysis.charts.procurement", "from analysis.params import Parameters", True),
        ("analysis.params.models", "from analysis.notebook.steps import STEPS", True),
        ("analysis.units", "from analysis.terms import TERMS", False),
    ],
)
def test_the_layer_rule_bites(module, source, refused):
    assert (
        bool(list(import_faults(module, imported(ast.parse(source), module, package=False))))
        is refused
    )


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


@pytest.mark.parametrize(
    ("module", "source", "refused"),
    [
        ("analysis.notebook.exhibits", "import_module(f'analysis.charts.{name}')", False),
        ("analysis.notebook.exhibits", "import_module(f'analysis.study.{name}')", True),
        ("analysis.notebook.exhibits", "import_module(f'{name}')", True),
        ("analysis.notebook.exhibits", "exec(f'analysis.charts.{name}'); import_module", True),
        ("analysis.notebook.run", "import_module(f'analysis.charts.{name}')", True),
    ],
)
def test_only_charts_are_loaded_by_name_and_only_by_what_draws_them(module, source, refused):
    assert bool(list(dynamic_import_faults(ast.parse(source), module))) is refused


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads in /proc")
def test_linear_algebra_runs_in_one_thread_so_that_its_sums_are_the_same_on_any_number_of_cores():
    code = (
        "import {}numpy as np, os; np.ones((800, 800)) @ np.ones((800, 800));"
        " print(len(os.listdir('/proc/self/task')))"
    )
    environment = {
        name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")
    }
    ours, numpys = (
        int(
            subprocess.run(
                [sys.executable, "-c", code.format(first)],
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
        for first in ("analysis, ", "")
    )
    assert ours == 1 and (numpys > 1) == (len(os.sched_getaffinity(0)) > 1)
