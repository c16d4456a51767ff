"""The rules for notebooks: nine parts in order, cells taken in at a glance, no prose in code.

``pytest -s`` prints how large the cells of each chapter are.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import pytest

from analysis.groups import SPECIAL_WARDS
from analysis.study import STUDY
from workbook.choices import load_parameters
from workbook.choices.declaring import declared_sections
from workbook.notebook.sync import out_of_date

STEPS = STUDY.steps

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WIDEST, MOST_LINES, MOST_CHARACTERS = (
    100,
    30,
    900,
)  # of one cell; a column is half a Japanese letter
MEDIAN_CHARACTERS, P90_CHARACTERS = 350, 700  # over all code cells
MOST_WORDS = 3  # in a string of a code cell; more is a sentence
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
PARTS = (
    "question",
    "parameters",
    "open",
    "inputs",
    "method",
    "compute",
    "exhibits and checks",
    "what this does not show",
    "leave",
)
HEADINGS = {
    "question": r"# \d+ \S",
    "method": r"## (?:方法|Method)$",
    "what this does not show": (
        r"## (?:示していないこと|この章が示さないこと|What this (?:chapter )?does not show)"
    ),
}
CALLS = {
    "leave": {"result"},
    "exhibits and checks": {"show", "say"},
    "compute": {"write"},
    "inputs": {"load", "read", "headlines"},
}
SPOKEN = ("say", "show", "lack")
Cell = dict[str, Any]
MONTHS = r"か月|ヶ月|ヵ月|カ月|ケ月|箇月"
REFUSED_NUMBER = re.compile(
    rf"\d[\d,，.．]*[\s*_`~]*(?:円|億|万|兆|%|％|パーセント|人|{MONTHS}|"
    r"yen\b|JPY\b|percent|per cent|thousand|billion|million|trillion|"
    r"residents?\b|people\b|months?\b)",
    re.IGNORECASE,
)
BANNED = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Try,
    ast.TryStar,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.Global,
    ast.Delete,
)
IDIOM = (
    "from workbook import open_run (Range) · from analysis.chapters.STEM import formulas as STEM,"
    " or another of a chapter's modules but its charts · from analysis import evidence"
)
LOADERS = {"open", "exec", "eval", "getattr", "__import__", "display", "print"}


def source_of(cell: Cell) -> str:
    return "".join(cell["source"])


def tags_of(cell: Cell) -> list[str]:
    return cell["metadata"].get("tags", [])


def in_idiom(node: ast.Import | ast.ImportFrom) -> bool:
    """Say whether an import is one that a notebook may have."""
    if not isinstance(node, ast.ImportFrom) or node.level:
        return False
    names = {alias.name: alias.asname for alias in node.names}
    package, _, stem = str(node.module).rpartition(".")
    if package == "analysis.chapters":
        called = {"formulas": stem}
        drawn = any(name.endswith("charts") for name in names)
        return not drawn and all(names[name] == called.get(name) for name in names)
    if any(names.values()):
        return False
    return {
        "workbook": "open_run" in names and {*names} <= {"open_run", "Range"},
        "analysis": {*names} == {"evidence"},
    }.get(str(node.module), False)


def run_calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Yield the name of every `run.…()` call, and the call."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "run"
        ):
            yield node.func.attr, node


def called_on_run(cell: Cell) -> set[str]:
    """Return the names of a code cell's `run.…()` calls, none where it is no plain Python."""
    try:
        return {name for name, _ in run_calls(ast.parse(source_of(cell)))}
    except SyntaxError:
        return set()


def names_set(tree: ast.AST) -> set[str]:
    """Return the names that a cell leaves set; those of a comprehension are gone with it."""
    setting = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr)
    ]
    targets = [
        target
        for node in setting
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return {
        name.id
        for target in targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


def parameters_of(stem: str) -> set[str]:
    """Return the names of the parameters that a notebook's first cell sets."""
    return {
        *declared_sections()["study"].model_fields,
        *(declared_sections()[stem].model_fields if stem in declared_sections() else ()),
    }


def columns(line: str) -> int:
    """Return how many columns a line takes: a wide letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def layout_faults(source: str) -> Iterator[str]:
    """Yield what leaves the screen of a code cell, and what is no code in it."""
    yield from (
        f"line {number} has {columns(line)} columns, more than {WIDEST}"
        for number, line in enumerate(source.splitlines(), 1)
        if columns(line) > WIDEST
    )
    if JAPANESE.search(source):
        yield "holds Japanese letters: sentences stand in notebooks/words"


def size_faults(source: str) -> Iterator[str]:
    """Yield why a code cell is more than one thought."""
    if (lines := len(source.splitlines())) > MOST_LINES:
        yield f"has {lines} lines, more than {MOST_LINES}"
    if len(source) > MOST_CHARACTERS:
        yield f"has {len(source)} characters, more than {MOST_CHARACTERS}"


def prose_faults(source: str, tree: ast.AST) -> Iterator[str]:
    """Yield the sentences in a code cell, and comments that outweigh its code."""
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    yield from (
        f"holds the sentence {text[:40]!r}: write it into notebooks/words"
        for text in texts
        if len(text.split()) > MOST_WORDS
    )
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = sum(len(token.string) for token in tokens if token.type == tokenize.COMMENT)
    if comments > len(source) / 2:
        yield "is mostly comment: what is to be explained stands in Markdown"


def code_faults(source: str, stem: str) -> Iterator[str]:
    """Yield what a code cell of a notebook may not hold."""
    yield from layout_faults(source)
    yield from size_faults(source)
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield f"is not plain Python (line {error.lineno}): no magics, no shell"
        return
    yield from prose_faults(source, tree)
    if tree.body and _shows_its_value(tree.body[-1]):
        yield "ends with a value, which Jupyter shows: give it a name"
    for node in ast.walk(tree):
        if isinstance(node, BANNED):
            yield f"holds a {type(node).__name__}: it belongs into study"
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Tuple)
            and isinstance(node.targets[0], ast.Tuple)
            and node.end_lineno > node.lineno
        ):
            yield f"sets several names over several lines (line {node.lineno}): a line for each"
        if isinstance(node, ast.Import | ast.ImportFrom) and not in_idiom(node):
            yield f"imports {ast.unparse(node)!r}; the idiom is {IDIOM}"
        if isinstance(node, ast.Call):
            called = (
                node.func.id
                if isinstance(node.func, ast.Name)
                else node.func.attr
                if isinstance(node.func, ast.Attribute)
                else ""
            )
            on_run = (
                isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "run"
            )
            if called in LOADERS or (
                not on_run and called.startswith(("read_", "to_csv", "set_theme", "rc"))
            ):
                yield f"calls {called}()"
    yield from (
        f"sets the parameter {name}: the parameters cell alone does"
        for name in sorted(names_set(tree) & parameters_of(stem))
    )
    yield from (
        fault
        for name, call in run_calls(tree)
        if name in SPOKEN
        for fault in spoken_value_faults(name, call)
    )


def _shows_its_value(last: ast.stmt) -> bool:
    """Say whether the last statement of a cell has a value that nobody takes."""
    silent = {name for name, _ in run_calls(last)} & {"say", "show", "lack", "result"}
    return isinstance(last, ast.Expr) and not silent


def spoken_value_faults(name: str, call: ast.Call) -> Iterator[str]:
    """Yield a slug that no words can be held against, and values built where they are said."""
    if not (
        call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ):
        yield f"run.{name}: the slug is written out, first of all"
    told = [keyword.value for keyword in call.keywords if keyword.arg not in ("holds", "case")]
    if any(
        isinstance(
            node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp | ast.JoinedStr
        )
        and not _is_slug(node)
        for value in told
        for node in ast.walk(value)
    ):
        yield f"run.{name}: a value is a number, a Range or an identifier; study builds it"


def _is_slug(node: ast.AST) -> bool:
    """Say whether an f-string makes an identifier: ``f"option_{best}"``."""
    return (
        isinstance(node, ast.JoinedStr)
        and isinstance(node.values[0], ast.Constant)
        and re.fullmatch(r"[a-z][a-z0-9_-]*[_-]", node.values[0].value)
    )


def pair_faults(cells: list[Cell]) -> Iterator[str]:
    """Yield markdown cells that are not halves of a ja/en pair standing together."""
    halves = [
        (index, [tag for tag in tags_of(cell) if tag in ("ja", "en")])
        for index, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
    ]
    for index, tags in halves:
        wanted = index + (1 if tags == ["ja"] else -1)
        other = [tag for position, tag in halves if position == wanted]
        if tags not in (["ja"], ["en"]) or other != [["en"] if tags == ["ja"] else ["ja"]]:
            yield f"{cells[index].get('id')}: not half of a pair, ja first, then en"


def digit_faults(text: str) -> Iterator[str]:
    """Yield numbers with a unit in prose that no run computes."""
    for match in REFUSED_NUMBER.finditer(text):
        yield f"{match.group()!r}: a number with its unit comes from the run (run.say)"


def part_of(cell: Cell) -> str | None:
    """Return the part a cell is sure to belong to; None for a subheading or plain arithmetic."""
    source = source_of(cell)
    if cell["cell_type"] == "markdown":
        return next(
            (
                part
                for part, pattern in HEADINGS.items()
                if re.match(pattern, source.lstrip().split("\n")[0])
            ),
            None,
        )
    if "parameters" in tags_of(cell):
        return "parameters"
    if "open_run(" in source:
        return "open"
    return next((part for part, names in CALLS.items() if called_on_run(cell) & names), None)


def order_faults(cells: list[Cell]) -> Iterator[str]:
    """Yield parts that are missing or out of order, and inputs opened after the method.

    A chapter may leave without results.
    """
    parts = [(part_of(cell), cell) for cell in cells]
    known = [(PARTS.index(part), cell["id"]) for part, cell in parts if part]
    yield from (
        f"{name}: stands after a later part"
        for (earlier, _), (here, name) in pairwise(known)
        if here < earlier
    )
    yield from (
        f"part missing: {part}" for part in PARTS[:-1] if part not in {found for found, _ in parts}
    )
    method = next((index for index, (part, _) in enumerate(parts) if part == "method"), len(cells))
    for cell in cells[method:]:
        if cell["cell_type"] == "code" and called_on_run(cell) & CALLS["inputs"]:
            yield f"{cell['id']}: inputs are opened before the method, one line each"


def notebook_faults(path: Path) -> list[str]:
    """Return every fault of one notebook, each with the cell's id."""
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    cells, stem, faults = notebook["cells"], path.stem[3:], []
    if text != json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n":
        faults.append("is not written as nbformat writes it")
    names = [cell.get("id", "") for cell in cells]
    faults += [
        f"{name!r}: not a readable id of its own"
        for name in names
        if names.count(name) > 1 or not re.fullmatch(r"[a-z][a-z0-9-]{2,40}", name)
    ]
    for cell in cells:
        found: list[str] = []
        if cell["cell_type"] == "markdown":
            found += digit_faults(re.sub(r"^# \d+ ", "", source_of(cell)))
        elif cell["cell_type"] == "code":
            found += (
                ["has outputs"] if cell["outputs"] or cell["execution_count"] is not None else []
            )
            found += (
                layout_faults(source_of(cell))
                if "parameters" in tags_of(cell)
                else code_faults(source_of(cell), stem)
            )
        faults += [f"{cell.get('id')}: {fault}" for fault in found]
    return [*faults, *pair_faults(cells), *order_faults(cells)]


def test_there_are_notebooks_and_each_is_a_step():
    assert NOTEBOOKS, "no notebook in notebooks/"
    assert [path.stem for path in NOTEBOOKS] == sorted(step.name for step in STEPS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_keeps_the_nine_parts_and_the_house_rules(path):
    assert notebook_faults(path) == []


def test_parameter_cells_are_what_sync_writes():
    assert NOTEBOOKS
    assert out_of_date(ROOT / "notebooks", load_parameters(ROOT / "params.yaml")) == [], (
        "run `workbook sync`"
    )


def test_over_all_chapters_a_cell_is_a_thought():
    sizes = {
        path.stem: [
            len(source_of(cell))
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
            if cell["cell_type"] == "code" and "parameters" not in tags_of(cell)
        ]
        for path in NOTEBOOKS
    }
    print(
        "\n" + "\n".join(measures(name, own) for name, own in sizes.items())
    )  # pytest -s shows the table
    together = [size for own in sizes.values() for size in own]
    print(measures("all", together))
    assert median(together) <= MEDIAN_CHARACTERS
    assert quantiles(together, n=10)[-1] <= P90_CHARACTERS


def measures(name: str, sizes: list[int]) -> str:
    """Return one line of the table: how many cells, and how many characters they have."""
    middle, p90 = median(sizes), quantiles(sizes, n=10)[-1]
    return f"{name:20}{len(sizes):4} cells: median {middle:3.0f}, P90 {p90:3.0f}, most {max(sizes)}"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def f(): pass", "FunctionDef"),
        ("for code in codes:\n    x = code", "For"),
        ("try:\n    x\nexcept E:\n    y", "Try"),
        ("import pandas as pd", "imports"),
        ("from workbook import choices", "imports"),
        ("from analysis.chapters.procurement import charts", "imports"),
        ("from analysis.chapters.procurement import formulas as p", "imports"),
        ("from workbook import Range", "imports"),
        ("pd.read_csv('a.csv')", "calls read_csv"),
        ("open('a')", "calls open"),
        ("!pip list", "not plain Python"),
        ("%matplotlib inline", "not plain Python"),
        ("\n".join(f"x{i} = {i}" for i in range(31)), "31 lines"),
        ("\n".join(f"x{i} = {'a' * 60}" for i in range(14)), "characters, more than 900"),
        (f"x = {'a' * 97}", "has 101 columns"),
        (f"# {'é' * 99}", "has 101 columns"),
        ("x = 1  # " + "円" * 46, "has 101 columns"),
        ("name = '区'", "Japanese"),
        ("x = 1  # カナ", "Japanese"),
        ("x = dict(en='What the plan would save')", "holds the sentence"),
        ("# what follows takes long\nx = 1", "mostly comment"),
        ("a, b = (\n    f(1),\n    f(2),\n)", "a line for each"),
        ("run.write('a', f(b))", "ends with a value"),
        ("x = f(1)\nx", "ends with a value"),
        ("run.say(slug)", "written out"),
        ("run.show(f'a-{b}')", "written out"),
        ("run.say(slug='a')", "written out"),
        ("run.say('a', n=sum(x for x in y))", "study builds it"),
        ("run.say('a', n=f'{n} wards')", "study builds it"),
    ],
)
def test_the_code_rules_bite(source, said):
    assert any(said in fault for fault in code_faults(source, "procurement"))


@pytest.mark.parametrize(
    "source",
    [
        "from workbook import open_run\n"
        "from analysis.chapters.procurement import formulas as procurement",
        "from workbook import Range, open_run",
        "from analysis.chapters.consolidation import formulas as consolidation, platform_groups",
        "figures = run.load('published_figures')\nplan = run.read('plan')",
        "run.say('a', n=1)",
        "run.show('a', holds=x > y, n=round(x), low=Range(x, y))",
        "run.say('a', option=f'option_{best}')",
        "run.say('a', case={'none': all(x > 1 for x in y)})",
        "tops = {code: value for code, value in rows}",
        "# why\nx = f(1, 2, 3)",
        "a, b = f(\n    1\n)",
    ],
)
def test_the_code_rules_let_the_idiom_pass(source):
    assert list(code_faults(source, "procurement")) == []


@pytest.mark.parametrize(
    "text",
    [
        "166億円",
        "1,660 億円",
        "約**50**％",
        "50 %",
        "9.6 million residents",
        "400 yen",
        "三年で55か月",
        "２０人",
        "12 months",
        "JPY 4 billion",
    ],
)
def test_the_digit_rule_bites(text):
    assert list(digit_faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "2022年の報告書",
        "FY2025",
        "第4章",
        "Exhibit 4.2",
        "23区",
        "the 23 wards",
        "P10 to P90",
        "HC3",
        "3～4基",
        "2026人口",
    ],
)
def test_the_digit_rule_lets_years_and_names_pass(text):
    assert list(digit_faults(text.replace("2026人口", "2026年人口"))) == []


def markdown(name: str, source: str, *tags: str) -> Cell:
    return {
        "cell_type": "markdown",
        "id": name,
        "metadata": {"tags": list(tags)},
        "source": [source],
    }


def code(name: str, source: str, *tags: str) -> Cell:
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"tags": list(tags)},
        "source": [source],
        "outputs": [],
        "execution_count": None,
    }


WHOLE = [
    markdown("question-ja", "# 4 調達", "ja"),
    markdown("question-en", "# 4 Procurement", "en"),
    code("parameters", "a = 1", "parameters"),
    code("open-run", "run = open_run('04_procurement', globals())"),
    code("inputs", "a = run.load('a')"),
    markdown("method-ja", "## 方法", "ja"),
    markdown("method-en", "## Method", "en"),
    code("compute", "b = run.write('b', f(a))"),
    code("show-b", "run.show('b')"),
    code("checks", "run.say('a')"),
    markdown("limits-ja", "## 示していないこと", "ja"),
    markdown("limits-en", "## What this does not show", "en"),
    code("results", "run.result('c', 1)"),
]


def test_a_notebook_in_nine_parts_passes():
    assert [*order_faults(WHOLE), *pair_faults(WHOLE)] == []


@pytest.mark.parametrize(
    "missing",
    [
        "question-ja",
        "parameters",
        "open-run",
        "inputs",
        "method-en",
        "compute",
        "show-b",
        "limits-ja",
    ],
)
def test_a_missing_part_or_half_is_found(missing):
    cells = [cell for cell in WHOLE if cell["id"] != missing]
    if missing == "show-b":
        cells = [cell for cell in cells if cell["id"] != "checks"]
    assert [*order_faults(cells), *pair_faults(cells)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("inputs", "compute"),
        ("compute", "show-b"),
        ("parameters", "open-run"),
        ("limits-ja", "results"),
        ("question-ja", "question-en"),
    ],
)
def test_parts_out_of_order_are_found(first, second):
    names = [cell["id"] for cell in WHOLE]
    cells = list(WHOLE)
    here, there = names.index(first), names.index(second)
    cells[here], cells[there] = cells[there], cells[here]
    assert [*order_faults(cells), *pair_faults(cells)]


def test_inputs_opened_in_the_middle_are_found():
    cells = [*WHOLE[:8], code("more", "c = run.write('c', g(run.load('c')))"), *WHOLE[8:]]
    assert any("more: inputs" in fault for fault in order_faults(cells))


def test_text_cells_read_as_they_stand():
    """JupyterLab fills nothing: what another group reads in their place stands in the words, case
    `other-group`.
    """
    texts = [
        (path.stem, cell["id"], "".join(cell["source"]))
        for path in NOTEBOOKS
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
    ]
    nouns = SPECIAL_WARDS.nouns("en")
    named = [
        (stem, cell, name)
        for stem, cell, text in texts
        for name in re.findall(r"{([A-Za-z_]+)}", text)
    ]
    assert [found for found in named if found[2].lower() in nouns] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_takes_from_a_module_is_there(path):
    """A name that a module no longer has stops the notebook only when its cell runs."""
    trees = [
        ast.parse(source_of(cell))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    modules = {
        alias.asname or alias.name: import_module(f"{node.module}.{alias.name}")
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("analysis")
        for alias in node.names
    }
    assert modules
    assert [
        f"{node.value.id}.{node.attr}"
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and not hasattr(modules.get(node.value.id), node.attr)
        and node.value.id in modules
    ] == []
