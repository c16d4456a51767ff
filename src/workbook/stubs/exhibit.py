"""The first lines of an exhibit in a chapter that is there: its tables, its words, its cell.

The exhibit is the chapter's first table as it stands; ``chart: charts.plot_…`` behind its tables
makes it a picture.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

from workbook.output import LANGUAGES
from workbook.staleness.syntax import slugs_shown
from workbook.steps import Step
from workbook.stubs import Refused
from workbook.stubs.chapter import filled, require_name
from workbook.study import study
from workbook.whole_files import write_together
from workbook.words.messages import Words


def new_exhibit(root: Path, step: Step, name: str) -> list[Path]:
    """Write what a new exhibit of a step needs and return the files that were changed.

    Raises `Refused` where the name is none, or an exhibit or a message of the chapter has it; then
    nothing is written.
    """
    require_name(name)
    slug = name.replace("_", "-")
    _require_free(root, step, slug)
    if not step.writes:
        raise Refused(f"{step.name} writes no table to show: declare one first")
    title = name.replace("_", " ").capitalize()
    values = {"slug": slug, "title": title, "table": step.writes[0]}
    folder = study().chapters / step.stem
    contents = {
        folder / "chapter.py": with_exhibit(_text(folder / "chapter.py"), slug),
        folder / "exhibits.yaml": _longer(folder / "exhibits.yaml", "exhibits.yaml", values),
        root / "notebooks" / f"{step.name}.ipynb": _with_cell(root, step, slug),
    }
    for lang in LANGUAGES:
        words = root / "notebooks" / "words" / f"{step.name}.{lang}.md"
        contents[words] = _longer(words, f"words.{lang}.md", values)
    write_together(contents)
    return list(contents)


def _require_free(root: Path, step: Step, slug: str) -> None:
    for other in study().steps:
        if slug in other.numbered:
            raise Refused(f"{other.name} has an exhibit {slug} already: choose another name")
    if slug in Words.of(root, step.name).messages[LANGUAGES[0]]:
        raise Refused(f"{step.name} has a message {slug} already: choose another name")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _longer(path: Path, stub: str, values: dict[str, str]) -> str:
    return f"{_text(path).rstrip()}\n{filled(f'exhibit.{stub}', values)}"


def with_exhibit(source: str, slug: str) -> str:
    """Return the source of a ``chapter.py`` with one more exhibit, the last of its ``exhibits``.

    >>> print(with_exhibit("CHAPTER = Step(\\n    exhibits=('a',),\\n)\\n", "b"), end="")
    CHAPTER = Step(
        exhibits=(
            "a",
            "b",
        ),
    )
    """
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.keyword)]
    shown = next((node.value for node in found if node.arg == "exhibits"), None)
    if not isinstance(shown, ast.Tuple):
        raise Refused("chapter.py writes its exhibits out in no tuple: add the exhibit by hand")
    slugs = [*ast.literal_eval(shown), slug]
    written = "".join(f'        "{own}",\n' for own in slugs)
    lines = source.splitlines(keepends=True)
    first, last = shown.lineno - 1, (shown.end_lineno or shown.lineno) - 1
    before = lines[first].encode()[: shown.col_offset].decode()
    behind = lines[last].encode()[shown.end_col_offset :].decode()
    return "".join([*lines[:first], f"{before}(\n{written}    ){behind}", *lines[last + 1 :]])


def _with_cell(root: Path, step: Step, slug: str) -> str:
    """Return the notebook with a cell that shows the exhibit, behind the last that shows one."""
    notebook = json.loads(_text(root / "notebooks" / f"{step.name}.ipynb"))
    cells = notebook["cells"]
    code = [place for place, cell in enumerate(cells) if cell["cell_type"] == "code"]
    showing = [place for place in code if slugs_shown("".join(cells[place]["source"]))]
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "id": f"show-{slug}",
        "metadata": {},
        "outputs": [],
        "source": [f'run.show("{slug}")'],
    }
    cells.insert((showing or code)[-1] + 1, cell)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
