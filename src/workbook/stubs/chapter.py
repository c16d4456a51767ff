"""The first files of a chapter: its folder, its notebook, its words and its section of choices.

They are filled from the ``*.stub`` files next to this module. The chapter counts the rows of an
input table, so that there is something to run, to show and to replace.
"""

from __future__ import annotations

import json
import keyword
import re
from pathlib import Path
from string import Template

from workbook.choices import Parameters, text_of
from workbook.choices.composing import compose
from workbook.choices.declaring import declared_sections
from workbook.notebook.sync import parameter_cell
from workbook.output import LANGUAGES
from workbook.stubs import Refused
from workbook.study import study
from workbook.tables.data_package import DataPackage
from workbook.tables.results import result_contracts
from workbook.whole_files import write_together

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")
MODULES = ("chapter.py", "choices.py", "formulas.py", "charts.py")
DECLARED = ("charts.yaml", "exhibits.yaml", "tables.yaml")
STUBS = Path(__file__).parent


def new_chapter(root: Path, stem: str, parameters: Parameters) -> list[Path]:
    """Write the files of a new chapter, numbered after the last one, and return them.

    Raises `Refused` where the name is none for a module, or is another's already; then nothing is
    written.
    """
    package = DataPackage(root)
    _require_free(stem, package)
    values = _values(stem, _input_of(package))
    contents = _of_folder(study().chapters / stem, values)
    contents |= _of_notebook(root / "notebooks", values, parameters)
    choices = root / "params.yaml"
    contents[choices] = with_section(text_of(choices), filled("params.yaml", values))
    write_together(contents)
    return list(contents)


def filled(stub: str, values: dict[str, str]) -> str:
    """Return the text of a stub with a chapter's names in it."""
    return Template((STUBS / f"{stub}.stub").read_text(encoding="utf-8")).substitute(values)


def require_name(name: str) -> None:
    """Refuse what cannot be the name of a Python module."""
    if not NAME.match(name) or keyword.iskeyword(name):
        raise Refused(
            f"{name!r} is no name: write small letters, digits and _, a letter first, at most 40"
        )


def _require_free(stem: str, package: DataPackage) -> None:
    require_name(stem)
    taken = {
        "a section of params.yaml": {*declared_sections(), "scenarios"},
        "a result table": set(result_contracts()),
        "an input table": set(package.resources),
        "a headline result": {result for step in study().steps for result in step.results},
        "an exhibit": {
            shown.replace("-", "_") for step in study().steps for shown in step.numbered
        },
    }
    if named := [kind for kind, names in taken.items() if stem in names]:
        raise Refused(f"there is {named[0]} {stem} already: choose another name")
    if (study().chapters / stem).exists():
        raise Refused(f"the folder chapters/{stem} is there already: choose another name")


def _input_of(package: DataPackage) -> str:
    found = [name for name, resource in package.resources.items() if not resource.get("local")]
    if not found:
        raise Refused("data/datapackage.json declares no table: a chapter rests on one at least")
    return found[0]


def _values(stem: str, table: str) -> dict[str, str]:
    number = max((step.chapter for step in study().steps), default=0) + 1
    return {
        "package": study().package,
        "number": str(number),
        "two_digits": f"{number:02}",
        "name": f"{number:02}_{stem}",
        "stem": stem,
        "slug": stem.replace("_", "-"),
        "title": stem.replace("_", " ").capitalize(),
        "section": "".join(part.capitalize() for part in stem.split("_")),
        "input": table,
    }


def _of_folder(folder: Path, values: dict[str, str]) -> dict[Path, str]:
    init = {folder / "__init__.py": f'"""Chapter {values["number"]}: {values["title"]}."""\n'}
    return init | {folder / name: filled(name, values) for name in (*MODULES, *DECLARED)}


def _of_notebook(folder: Path, values: dict[str, str], parameters: Parameters) -> dict[Path, str]:
    first, *shared = parameter_cell(parameters, "study").splitlines()
    own = f"{values['stem']}_factor = 1.0  # ratio"
    notebook = json.loads(filled("notebook.ipynb", values | {"parameters": ""}))
    (cell,) = (cell for cell in notebook["cells"] if cell["id"] == "parameters")
    cell["source"] = "\n".join([first, own, *shared]).splitlines(keepends=True)
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    words = {
        folder / "words" / f"{values['name']}.{lang}.md": filled(f"words.{lang}.md", values)
        for lang in LANGUAGES
    }
    return {folder / f"{values['name']}.ipynb": text, **words}


def with_section(text: str, section: str) -> str:
    """Return the text of a parameter file with one more section: ahead of the scenarios, and of the
    comment over them.

    >>> print(
    ...     with_section(
    ...         "study:\\n  a: 1\\n\\n# Overlays.\\nscenarios: {}\\n", "bread:\\n  b: 2\\n"
    ...     )
    ... )
    study:
      a: 1
    <BLANKLINE>
    bread:
      b: 2
    <BLANKLINE>
    # Overlays.
    scenarios: {}
    <BLANKLINE>
    """
    lines = text.splitlines(keepends=True)
    keys = {key.value: key.start_mark.line for key, _ in compose(text, "params.yaml").value}
    place = keys.get("scenarios")
    if place is None:
        return f"{text.rstrip()}\n\n{section}"
    while place and lines[place - 1].startswith("#"):
        place -= 1
    return "".join([*lines[:place], section, "\n", *lines[place:]])
