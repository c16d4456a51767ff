"""Parameters as text: the resolved choices of a run, the editor's schema, the unit comments of the
file.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from workbook.choices.composing import compose
from workbook.choices.declaring import (
    Parameters,
    allowed,
    declared_keys,
    declared_sections,
    parameters_model,
)
from workbook.choices.reading import SCENARIO_NAME
from workbook.ranges import SECTION
from workbook.study import study

LINE_BREAK = re.compile("[\r\n\x85\u2028\u2029]")  # what YAML counts as a line


def resolved_yaml(parameters: Parameters) -> str:
    """Return all choices of a run as the text of its ``params.yaml``; reading it gives equal
    parameters. A study without ranges has no inputs that could be set.
    """
    chosen = parameters.model_dump(exclude=None if study().ranges.table else {SECTION})
    return yaml.safe_dump(chosen, sort_keys=False, allow_unicode=True)


def json_schema() -> str:
    """Return the text of ``params.schema.json``: what an editor offers and refuses while the file
    is typed.
    """
    schema = _without_titles(parameters_model().model_json_schema())
    for section in schema["$defs"].values():
        for field in section.get("properties", {}).values():
            field["description"] = f"{field['description']} ({field['unit']}). {field['evidence']}"
    overlay = _overlay_schema()
    if study().ranges.table:
        held = schema["properties"][SECTION]["additionalProperties"]
        overlay["patternProperties"] = {f"^{SECTION}[.]": held}
    else:
        del schema["properties"][SECTION]
    schema["properties"]["scenarios"] = {
        "type": "object",
        "description": "overlays over the values above",
        "additionalProperties": False,
        "patternProperties": {"^" + SCENARIO_NAME.pattern.replace(r"\Z", "$"): overlay},
    }
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The choices of a run",
        **schema,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _overlay_schema() -> dict[str, Any]:
    """Return the schema of a scenario: any declared key, and what the scenario starts from."""
    definition = {
        key: f"#/$defs/{declared_sections()[section].__name__}/properties/{name}"
        for key in declared_keys()
        for section, name in [key.split(".")]
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "extends": {"type": "string", "description": "the scenario this one starts from"},
            **{key: {"$ref": reference} for key, reference in definition.items()},
        },
    }


def _without_titles(schema: Any) -> Any:
    """Drop the titles pydantic makes of the names: they say nothing new."""
    if isinstance(schema, list):
        return [_without_titles(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: _without_titles(part)
        for key, part in schema.items()
        if not (key == "title" and isinstance(part, str))
    }


def commented_yaml(text: str) -> str:
    """Return the text of a valid parameter file with the comment behind every value renewed; all
    else stays as it is.

    Behind a value of the baseline stand unit, range and sentence; behind one of a scenario unit and
    range. A value that shares its line with something else, as in ``{a: 1}``, is left alone.
    """
    for block in reversed(_blocks(text)):
        comments = [
            (end, comment)
            for end, comment in block
            if not _rest_of_line(text, end).split("#")[0].strip()
        ]
        column = max((end.column for end, _ in comments), default=0)
        for end, comment in reversed(comments):  # from the end, so that earlier places stay true
            behind = end.pointer + len(_rest_of_line(text, end))
            text = f"{text[: end.pointer]}{' ' * (column - end.column)}  # {comment}{text[behind:]}"
    return text


def _rest_of_line(text: str, mark: yaml.Mark) -> str:
    return LINE_BREAK.split(text[mark.pointer :], maxsplit=1)[0]


def _blocks(text: str) -> list[list[tuple[yaml.Mark, str]]]:
    """Return end and comment of every known value on one line, by the block whose comments are
    aligned, in order.
    """
    root = compose(text, "params.yaml")
    sections = {key.value: node for key, node in root.value}
    blocks = [
        [(node, _said_of(section, name.value)) for name, node in sections[section].value]
        for section in sections
        if section in declared_sections()
    ]
    overlays = [node for _, node in sections["scenarios"].value] if "scenarios" in sections else []
    known = [
        (node, allowed(key.value))
        for overlay in overlays
        for key, node in overlay.value
        if key.value in declared_keys()
    ]
    blocks.append(known)
    blocks.sort(key=lambda block: block[0][0].end_mark.pointer if block else 0)
    return [
        [
            (node.end_mark, comment)
            for node, comment in block
            if node.start_mark.line == node.end_mark.line
        ]
        for block in blocks
    ]


def _said_of(section: str, name: str) -> str:
    """Return the comment behind a value of the baseline: unit and range, and its sentence."""
    described = declared_sections()[section].model_fields[name].description
    return f"{allowed(f'{section}.{name}')}: {described}"
