"""What Python source says, without how it is written: a comment, a docstring or an empty line
changes nothing.

Digests and imports of a source are remembered by its bytes, so that an unchanged study is not
parsed again.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from workbook.remembered import Remembered
from workbook.study import study
from workbook.whole_files import checksum, digest_of

SOURCES = Path(__file__).resolve().parents[2]  # the workbook's own
PYTHON = "{}.{}".format(*sys.version_info)  # a syntax tree's text differs between versions
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache  # a cell is asked for as it stands and as it ran, which is mostly the same
def code_digest(source: str) -> str:
    """Return sixteen digits of what source does.

    Source that is not plain Python (a notebook's ``%magic``) counts as it is written.

    >>> code_digest("x = 1  # one") == code_digest("x  =  1")
    True
    >>> code_digest("x = 1") == code_digest("x = 2")
    False
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return digest_of(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and node.body and _is_text(node.body[0]):
            node.body = node.body[1:]
    return digest_of(ast.dump(tree))


def _assigns_only(node: ast.stmt, names: frozenset[str]) -> bool:
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return bool(targets) and all(
        isinstance(target, ast.Name) and target.id in names for target in targets
    )


def sets_only(source: str, names: Iterable[str] | None = None) -> bool:
    """Say whether source does nothing but give values written out to names: to some of these, where
    they are given.

    >>> (
    ...     sets_only("rate = 2\\nyears: int = 5", ["rate", "years"]),
    ...     sets_only("rate = 2\\nx = rate", ["rate"]),
    ... )
    (True, False)
    """
    try:
        body = ast.parse(source).body
        for node in body:
            ast.literal_eval(node.value)
    # not Python, or no value written out
    except (AttributeError, SyntaxError, TypeError, ValueError):
        return False
    known = frozenset(
        target.id for node in body for target in ast.walk(node) if isinstance(target, ast.Name)
    )
    return all(_assigns_only(node, known if names is None else frozenset(names)) for node in body)


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def imports_of(source: str, module: str = "", package: bool = False) -> list[str]:
    """Return every name that source imports anywhere, ``from a import b`` as ``a.b``, in name
    order.

    >>> imports_of(
    ...     "import numpy as np\\ndef f():\\n    from analysis.methods import pooling as by_size"
    ... )
    ['analysis.methods.pooling', 'numpy']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        plain = [
            line for line in source.splitlines() if line.lstrip().startswith(("import ", "from "))
        ]
        return sorted({name for line in plain for name in _imports_of_line(line.strip())})
    return sorted(set(_imported(tree, module, package)))


def names_read(source: str) -> set[str] | None:
    """Return every name that source reads from outside; None where it is not plain Python, so that
    it may read any.

    >>> sorted(names_read("x = [rate * n for n in sizes]")), names_read("%run other")
    (['rate', 'sizes'], None)
    """
    try:
        return {name for name, use in _names(ast.parse(source)) if use == "read"}
    except (SyntaxError, ValueError):
        return None


def names_set(source: str) -> dict[str, str]:
    """Return every name that source sets, or may change in place, for the cells behind it, with
    what an import binds it to.

    >>> names_set("from analysis.chapters.findings import charts\\nx = [n for n in sizes]")
    {'x': '', 'charts': 'analysis.chapters.findings.charts'}
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    bound = {name: "" for name, use in _names(tree) if use == "set"} | dict.fromkeys(
        _changed_in_place(tree), ""
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            bound |= {alias.asname or alias.name.split(".")[0]: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            bound |= {
                alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names
            }
    return bound


def _changed_in_place(tree: ast.AST) -> Iterator[str]:
    """Yield the names whose items or attributes are set, or of which a method is called for its own
    sake (``rows.append(1)``).
    """
    for node in ast.walk(tree):
        stored = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(
            node.ctx, ast.Load
        )
        called = (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
        )
        base = node if stored else node.value.func if called else None
        while isinstance(base, ast.Subscript | ast.Attribute | ast.Call):
            base = base.func if isinstance(base, ast.Call) else base.value
        if isinstance(base, ast.Name):
            yield base.id


_SCOPES = (
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
    ast.Lambda,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
)


def _names(node: ast.AST, hidden: frozenset[str] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield the names that a node reads and sets; those of an inner scope (a comprehension, a
    function) are its own.
    """
    if isinstance(node, ast.Name) and node.id not in hidden:
        yield node.id, "read" if isinstance(node.ctx, ast.Load) else "set"
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, "read"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name, "set"
    if isinstance(node, _SCOPES):
        hidden |= _own_names(node)
    for child in ast.iter_child_nodes(node):
        yield from _names(child, hidden)


def _own_names(scope: ast.AST) -> set[str]:
    stored = {
        node.id
        for node in ast.walk(scope)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }
    return stored | {node.arg for node in ast.walk(scope) if isinstance(node, ast.arg)}


def _imports_of_line(line: str) -> list[str]:
    try:
        return list(_imported(ast.parse(line), "", False))
    except SyntaxError:
        return []


def imports_at_once(source: str, module: str = "", package: bool = False) -> list[str]:
    """Return what importing plain Python imports in turn, in its order, the standard library left
    out, and what functions import.

    ``from a import b`` gives ``a`` and ``a.b``: which of the two is a module shows only when
    they are imported.

    >>> imports_at_once(
    ...     "import numpy as np\\nfrom scipy import stats\\ndef f():\\n    import statsmodels"
    ... )
    ['numpy', 'scipy', 'scipy.stats']
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):  # a module that is being edited
        return []
    found: list[str] = []
    for node in _run_at_once(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _source_of(node, module, package)
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return [
        name for name in dict.fromkeys(found) if name.split(".")[0] not in sys.stdlib_module_names
    ]


def _run_at_once(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a module outside functions and outside what only type checkers read."""
    for node in ast.iter_child_nodes(tree):
        checked_only = isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        if not checked_only and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _run_at_once(node)


def _imported(tree: ast.AST, module: str, package: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{_source_of(node, module, package)}.{alias.name}" for alias in node.names)


def _source_of(node: ast.ImportFrom, module: str, package: bool) -> str:
    """Return what ``from … import`` imports from, a relative one seen from its module."""
    own = module.split(".")
    base = own[: len(own) - node.level + package] if node.level else []
    return ".".join([*base, *([node.module] if node.module else [])])


def slugs_shown(source: str) -> set[str]:
    """Return the slugs of the exhibits that a cell shows, or says that it lacks.

    >>> slugs_shown("if aimed:\\n    run.show('wind', ['wind'])\\nelse:\\n    run.lack('wind', [])")
    {'wind'}
    """
    try:
        calls = [call for node in ast.walk(ast.parse(source)) if (call := asked_of_run(node))]
    except (SyntaxError, ValueError):
        return set()
    return {name for how, name in calls if how in ("show", "lack") and name is not None}


def asked_of_run(node: ast.AST) -> tuple[str, str | None] | None:
    """Return the method of a notebook's ``run`` that a piece of code calls, with the text that it
    gives first, if it is one; none of any other code.

    >>> asked_of_run(ast.parse("run.read('wind')", mode="eval").body)
    ('read', 'wind')
    """
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    if not isinstance(node.func.value, ast.Name) or node.func.value.id != "run":
        return None
    first = node.args[0] if node.args else None
    text = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return node.func.attr, first.value if text else None


def source_folders() -> tuple[Path, ...]:
    """Return the folders whose modules are ours: the study's, and the workbook's where it is
    another one.
    """
    return tuple(dict.fromkeys((study().sources, SOURCES)))


class Sources:
    """The modules below some source folders, or below one: what each does, and what it imports."""

    def __init__(self, folder: Path | None = None, remembered: Remembered | None = None) -> None:
        self.folders = source_folders() if folder is None else (folder,)
        self.remembered = remembered or Remembered(None)
        self._files: dict[str, Path | None] = {}

    def closure(
        self, names: Iterable[str], without: tuple[str, ...] = ()
    ) -> tuple[dict[str, str], set[str]]:
        """Return the digests of all our modules behind some imported names, and the foreign names
        those import.

        Modules below the packages ``without`` are left out, and what only they import.
        """
        waiting, digests, foreign = list(names), {}, set()
        while waiting:
            name = waiting.pop()
            if any(name == package or name.startswith(f"{package}.") for package in without):
                continue
            if not self.is_ours(name):
                foreign.add(name.split(".")[0])
                continue
            for module in self._modules_of(name):
                if module not in digests:
                    digests[module], imported, _ = self._read(module)
                    waiting += imported
        return dict(sorted(digests.items())), foreign - set(sys.stdlib_module_names)

    def libraries(self, modules: Iterable[str]) -> list[str]:
        """Return the foreign modules that some of ours import when they are imported themselves."""
        names = (name for module in modules for name in self._read(module)[2])
        return list(dict.fromkeys(name for name in names if not self.is_ours(name)))

    def imports(self, module: str) -> set[str]:
        """Return which of our modules one of ours imports when it is imported itself, without the
        packages on the way.
        """
        if not self._file(module):
            return set()
        own = [name for name in self._read(module)[2] if self.is_ours(name)]
        return {found[-1] for name in own if (found := self._modules_of(name))} - {module}

    def is_ours(self, name: str) -> bool:
        """Say whether a dotted name is that of a module below a source folder, or of what is in
        one.
        """
        return self._file(name.split(".")[0]) is not None

    def _modules_of(self, name: str) -> tuple[str, ...]:
        """Return the modules that importing a name runs: every package on the way, and the module
        itself.
        """
        parts = name.split(".")
        on_the_way = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
        return tuple(module for module in on_the_way if self._file(module))

    def _file(self, module: str) -> Path | None:
        if module not in self._files:
            places = [folder.joinpath(*module.split(".")) for folder in self.folders]
            self._files[module] = next(
                (
                    path
                    for place in places
                    for path in (place / "__init__.py", place.with_suffix(".py"))
                    if path.is_file()
                ),
                None,
            )
        return self._files[module]

    def _read(self, module: str) -> tuple[str, list[str], list[str]]:
        path = self._file(module)
        package = path.name == "__init__.py"

        def work_out() -> list[Any]:
            source = path.read_text(encoding="utf-8")
            return [
                code_digest(source),
                imports_of(source, module, package),
                imports_at_once(source, module, package),
            ]

        digest, imported, at_once = self.remembered.of(
            f"{module} {PYTHON} {checksum(path)}", work_out
        )
        return digest, imported, at_once
