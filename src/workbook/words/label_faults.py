"""What is wrong with the texts that are data: labels of charts, titles and labels of tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from workbook.declarations import entries_of
from workbook.output import LANGUAGES
from workbook.study import study
from workbook.words.labels import labels_of
from workbook.words.nouns import told

PLACEHOLDER = re.compile(r"{(\w+)}")


def label_faults(chapters: Path | None = None) -> Iterator[str]:
    """Yield every label or title that a language lacks, leaves blank or fills otherwise, and every
    label that a chart asks for and no file holds.
    """
    folder = chapters or study().chapters
    for path in chart_modules(folder):
        yield from _chart_faults(path, folder)
    for path in sorted(folder.glob("*/tables.yaml")):
        for entry in entries_of(path.read_text(encoding="utf-8")):
            for name, texts in titles_of(entry):
                yield from (
                    f"chapters/{path.parent.name}/{path.name}: {entry['name']}: {name}: {fault}"
                    for fault in text_faults(texts)
                )


def chart_modules(chapters: Path) -> list[Path]:
    """Return the modules of charts of every chapter: ``charts.py``, ``risk_charts.py``."""
    return sorted(chapters.glob("*/*charts.py"))


def _chart_faults(path: Path, chapters: Path) -> Iterator[str]:
    """Yield the faults of the labels of one chart module, and the labels that it lacks."""
    place, stem = f"chapters/{path.parent.name}", path.parent.name
    labels = (
        labels_of(f"{stem}.{path.stem}", chapters) if path.with_suffix(".yaml").exists() else {}
    )
    for key, texts in labels.items():
        yield from (f"{place}/{path.stem}.yaml: {key}: {fault}" for fault in text_faults(texts))
    yield from (
        f"{place}/{path.name}: line {line}: no label {pattern.pattern!r} in "
        f"{place}/{path.stem}.yaml, nor in the glossary"
        for line, pattern in keys_asked(ast.parse(path.read_text(encoding="utf-8")))
        if not any(map(pattern.fullmatch, {**study().glossary, **labels}))
    )


def titles_of(entry: Mapping) -> Iterator[tuple[str, object]]:
    """Yield every text of a table's declaration by what it names."""
    yield "title", entry["title"]
    for field in entry["fields"]:
        yield f"title of {field['name']}", field["title"]
        for value, label in field.get("labels", {}).items():
            yield f"label of {field['name']} {value}", label


def text_faults(texts: object) -> Iterator[str]:
    """Yield what is wrong with one text in every language."""
    if not isinstance(texts, Mapping) or set(texts) != set(LANGUAGES):
        yield f"write a text in each of {', '.join(LANGUAGES)} and nothing else"
        return
    wrong = [lang for lang, text in texts.items() if not isinstance(text, str) or not text.strip()]
    if wrong:
        yield f"{', '.join(wrong)}: blank, or no text; quote it"
        return
    # a noun of the group may be a pronoun, or be left out, in one language
    first, *others = (
        set(PLACEHOLDER.findall(told(texts[lang], study().groups.whole, lang)))
        for lang in LANGUAGES
    )
    if apart := set().union(*(first ^ other for other in others)):
        yield f"a placeholder in one language only: {', '.join(sorted(apart))}"


def keys_asked(tree: ast.AST) -> Iterator[tuple[int, re.Pattern[str]]]:
    """Yield line and pattern of every key that a chart takes from its ``words``, as far as its code
    spells it out.
    """
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.value, ast.Name)
            and node.value.id == "words"
        ):
            yield from ((node.lineno, re.compile(pattern)) for pattern in _patterns(node.slice))


def _patterns(key: ast.expr) -> Iterator[str]:
    match key:
        case ast.Constant(value=str(text)):
            yield re.escape(text)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_patterns(one), *_patterns(other))
        case ast.JoinedStr(values=parts):
            yield "".join(
                re.escape(part.value) if isinstance(part, ast.Constant) else ".+" for part in parts
            )
