"""The parameter cells of the notebooks, and the generated parts of ``params.yaml``, written from
the choices.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from workbook.choices import Fault, ParameterFault, Parameters, commented_yaml, json_schema
from workbook.choices.declaring import allowed, declared_sections
from workbook.whole_files import mode_behind, write_whole

NUMBERED = "[0-9][0-9]_*.ipynb"
FIRST_LINE = (
    "# generated from params.yaml by `workbook sync`; a headless run takes its values from there"
    " alone"
)
SET_INPUTS = '{"name": value in its range | "low" | "central" | "high"}: held at it'
WIDEST = 100  # columns of a line; what JupyterLab shows of it next to the prompt


def parameter_cell(parameters: Parameters, stem: str) -> str:
    """Return the source of a notebook's ``parameters`` cell: its own section, then ``study``, one
    name a line.

    Values are Python literals of the parameter's type; the comment behind each says its unit, or
    what it may be, as far as the line is wide: ``params.yaml`` names all of it.
    """
    lines = [FIRST_LINE]
    for section in dict.fromkeys((stem, "study")):
        for name, value in parameters.section_for(section).model_dump().items():
            lines.append(_line(f"{name} = {_literal(value)}  # ", _unit(section, name)))
    for name, value in parameters.set_inputs(stem).items():
        lines.append(_line(f"{name} = {json.dumps(value)}  # ", SET_INPUTS))
    return "\n".join(lines)


def sync(notebooks: Path, parameters: Parameters) -> list[str]:
    """Write the ``parameters`` cell of every numbered notebook that differs; return the names of
    the files written.

    Nothing but the source of that cell changes: the file is written as nbformat writes it, order of
    keys kept. Nothing is written when any notebook is at fault; then a `ParameterFault` names them
    all.
    """
    renewed, faults = _renewed(notebooks, parameters)
    if faults:
        raise ParameterFault(faults)
    for path, text in renewed.items():
        write_whole(path, text, mode_behind([path]))
    return [path.name for path in renewed]


def out_of_date(notebooks: Path, parameters: Parameters) -> list[str]:
    """Return the names of the numbered notebooks whose ``parameters`` cell differs, or that have no
    such cell to read.
    """
    renewed, faults = _renewed(notebooks, parameters)
    return sorted([*(path.name for path in renewed), *(fault.file for fault in faults)])


def sync_choices(path: Path) -> list[str]:
    """Renew the comments behind the values of a sound ``params.yaml`` and the schema next to it;
    return the files written.
    """
    wanted = {
        path: commented_yaml(path.read_text(encoding="utf-8")),
        path.with_name("params.schema.json"): json_schema(),
    }
    stale = [
        file
        for file, text in wanted.items()
        if not file.exists() or file.read_text(encoding="utf-8") != text
    ]
    for file in stale:
        write_whole(file, wanted[file], mode_behind([file]))
    return [file.name for file in stale]


def _renewed(notebooks: Path, parameters: Parameters) -> tuple[dict[Path, str], list[Fault]]:
    """Return the new text of each numbered notebook whose cell differs, and the faults of those
    that cannot have one.
    """
    renewed, faults = {}, []
    for path in sorted(notebooks.glob(NUMBERED)):
        stem = path.stem[3:]
        if stem not in declared_sections():
            faults.append(
                Fault(path.name, "has no section in the parameters", f"add the section {stem}")
            )
            continue
        try:
            text = _with_cell(path.read_text(encoding="utf-8"), parameter_cell(parameters, stem))
        # not JSON, or JSON that is no notebook
        except (LookupError, ValueError, TypeError, AttributeError):
            faults.append(
                Fault(path.name, "holds no parameters cell", "tag one code cell `parameters`")
            )
            continue
        if text is not None:
            renewed[path] = text
    return renewed, faults


def _with_cell(text: str, source: str) -> str | None:
    """Return a notebook's text with this source in its parameters cell, None where it is there
    already.
    """
    notebook = json.loads(text)
    (cell,) = (
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", [])
    )
    if "".join(cell["source"]) == source:
        return None
    cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | list) else repr(value)


def _line(start: str, comment: str) -> str:
    """Return a line with its comment; of a list of choices as many as it has columns for, one at
    least.
    """
    room = WIDEST - len(start)
    if len(comment) <= room or " | " not in comment:
        return start + comment
    shown = comment[: max(room - 1, 0)].rpartition(" | ")[0] or comment.split(" | ")[0]
    return f"{start}{shown} | …"


def _unit(section: str, name: str) -> str:
    declared: Any = declared_sections()[section].model_fields[name].json_schema_extra
    unit = declared["unit"]
    return allowed(f"{section}.{name}") if unit == "text" else unit
